//! Licences: for a year or half of it, shared among those who were members when, and by whom they are paid.

use super::*;
use crate::domain::licence::{IndexCertainty, IndexClause, Indexed, LicenceEvent};
use crate::domain::testing::facts::{ended, licence, licence_id, merged, priced};

const FIRST_HALF: [&str; 2] = ["2023-01-01", "2023-06-30"];
const SECOND_HALF: [&str; 2] = ["2023-07-01", "2023-12-31"];
const YEAR: [&str; 2] = ["2023-01-01", "2023-12-31"];

/// Two municipalities that share a licence of 1000 kroner a year, and no one-time cost.
fn licensed(more: impl IntoIterator<Item = Fact>) -> Vec<Fact> {
    let shared = case().into_iter().filter(|(stream, _)| *stream != cost_id(1).0);
    let of_licence = [licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_000))];
    shared.chain(of_licence).chain(more).collect()
}

fn wanted_for([first, last]: [&str; 2]) -> Wanted {
    Wanted { covers: Period { first: day(first), last: day(last) }, ..wanted() }
}

fn planned(book: &Book, wanted: &Wanted) -> InvoicePlan {
    plan(book, nth(RUN), wanted, &NorwegianWording, &|_| true, &derived).unwrap()
}

fn nets(plan: &InvoicePlan) -> Vec<(PartyId, i64)> {
    plan.invoices.iter().map(|invoice| (invoice.recipient.party, invoice.net_ore.0)).collect()
}

fn explanation(plan: &InvoicePlan, index: usize) -> &str {
    &plan.invoices[index].lines[0].explanation
}

#[test]
fn a_licence_is_invoiced_for_the_year_or_for_each_half_and_the_halves_come_to_the_year() {
    let whole = planned(&Book::of(licensed([])), &wanted_for(YEAR));
    assert_eq!(nets(&whole), [(party(1), 37_500), (party(2), 62_500)]);
    assert_eq!(whole.grounds[0].subject, Subject::Licence { licence: licence_id(1) });
    assert_eq!(whole.invoices[0].lines[0].text, "Lisens 1, 01.01.2023 til 31.12.2023");

    let first = planned(&Book::of(licensed([])), &wanted_for(FIRST_HALF));
    assert_eq!(nets(&first), [(party(1), 18_596), (party(2), 30_993)]); // 181 of 365 days
    assert_eq!(
        explanation(&first, 0),
        "Andel 185,96 av 495,89 kroner for 01.01.2023 til 30.06.2023, fordelt på 2 etter nøkkelen «halvt likt, halvt etter \
         innbyggere» med tall per 01.01.2023"
    );
    let book = Book::of(licensed([issued(&first, 0), issued(&first, 1)]));
    let second = planned(&book, &wanted_for(SECOND_HALF));
    assert_eq!(nets(&second), [(party(1), 18_904), (party(2), 31_507)]);
    assert_eq!(
        explanation(&second, 0),
        "Andel 375,00 av 1\u{a0}000,00 kroner for 01.01.2023 til 31.12.2023, fordelt på 2 etter nøkkelen «halvt likt, halvt etter \
         innbyggere» med tall per 01.01.2023. Av dette er 185,96 kroner fakturert før, for dagene før 01.07.2023; 189,04 kroner \
         faktureres her"
    );
    is_sound(&book, &second);
}

/// Once the first half is invoiced at 1000 kroner a year.
fn after_the_first_half(more: impl IntoIterator<Item = Fact>) -> Book {
    let first = planned(&Book::of(licensed([])), &wanted_for(FIRST_HALF));
    Book::of(licensed([issued(&first, 0), issued(&first, 1)].into_iter().chain(more)))
}

#[test]
fn where_the_price_rises_after_the_first_half_is_invoiced_the_second_makes_up_for_it() {
    let book = after_the_first_half([priced(1, contracted(120_000))]);
    let second = planned(&book, &wanted_for(SECOND_HALF));
    assert_eq!(nets(&second), [(party(1), 45_000 - 18_596), (party(2), 75_000 - 30_993)]);
    assert!(
        explanation(&second, 0).ends_with(
            ". Av dette er 185,96 kroner fakturert før, for dagene før 01.07.2023; 264,04 kroner faktureres her"
        ),
        "{}",
        explanation(&second, 0)
    );
    is_sound(&book, &second);
}

#[test]
fn who_left_in_the_first_half_makes_up_for_a_higher_price_of_its_own_days() {
    let left = || ended(1, "2023-05-17");
    let first = planned(&Book::of(licensed([left()])), &wanted_for(FIRST_HALF));
    let dearer = || licensed([left(), priced(1, contracted(120_000))]);
    let book = Book::of(dearer().into_iter().chain([issued(&first, 0), issued(&first, 1)]));
    let second = planned(&book, &wanted_for(SECOND_HALF));
    let year = planned(&Book::of(dearer()), &wanted_for(YEAR));
    let both: Vec<_> =
        nets(&first).into_iter().zip(nets(&second)).map(|((party, one), (_, other))| (party, one + other)).collect();
    assert_eq!(both, nets(&year));
    assert_eq!(second.invoices[0].lines[0].period, first.invoices[0].lines[0].period);
    is_sound(&book, &second);
}

#[test]
fn where_the_first_half_came_to_more_than_the_year_has_become_the_second_asks_for_nothing() {
    let book = after_the_first_half([priced(1, contracted(40_000))]);
    assert_eq!(
        plan(&book, nth(RUN), &wanted_for(SECOND_HALF), &NorwegianWording, &|_| true, &derived),
        Err(PlanFault::AllInvoiced { year: 2023 })
    );
}

#[test]
fn a_second_half_without_a_first_is_its_own_days_and_leaves_the_others_to_be_invoiced() {
    let book = Book::of(licensed([priced(1, contracted(120_000))]));
    let second = planned(&book, &wanted_for(SECOND_HALF));
    assert_eq!(second.net(), Ore(60_493)); // 184 of 365 days
    assert!(explanation(&second, 0).contains(". Av dette gjelder 223,15 kroner dagene før 01.07.2023; "));
    is_sound(&book, &second);
}

#[test]
fn a_year_after_its_first_half_is_what_is_left_of_it() {
    let book = after_the_first_half([]);
    let rest = planned(&book, &wanted_for(YEAR));
    assert_eq!(nets(&rest), [(party(1), 18_904), (party(2), 31_507)]);
    assert!(explanation(&rest, 0).ends_with(". Fakturert a konto før: 185,96 kroner, som er trukket fra"));
    is_sound(&book, &rest);
}

#[test]
fn once_both_halves_are_invoiced_nothing_is_left_of_the_year() {
    let with_first = after_the_first_half([]);
    let run = nth(RUN + 1);
    let second = plan(&with_first, run, &wanted_for(SECOND_HALF), &NorwegianWording, &|_| true, &derived).unwrap();
    let book = after_the_first_half([issued(&second, 0), issued(&second, 1)]);
    assert_eq!(
        plan(&book, nth(RUN), &wanted_for(YEAR), &NorwegianWording, &|_| true, &derived),
        Err(PlanFault::AllInvoiced { year: 2023 })
    );
}

#[test]
fn who_joins_in_the_second_half_reads_nothing_of_days_before() {
    let joined = [municipality(3, 2_000), vec![agreed(3, Commitment::Committed, Some("2023-10-01"))]].concat();
    let second = planned(&Book::of(licensed(joined)), &wanted_for(SECOND_HALF));
    assert!(!explanation(&second, 2).contains("Av dette"), "{}", explanation(&second, 2));
}

#[test]
fn who_joins_during_the_year_pays_for_its_own_days() {
    let joined = [municipality(3, 2_000), vec![agreed(3, Commitment::Committed, Some("2023-10-01"))]].concat();
    let book = Book::of(licensed(joined));
    let plan = planned(&book, &wanted_for(YEAR));
    let [one, _, three] = &plan.invoices[..] else { panic!() };
    assert_eq!(three.lines[0].period, Some(Period { first: day("2023-10-01"), last: day("2023-12-31") }));
    assert_eq!(
        three.lines[0].explanation,
        "Andel 84,02 av 252,05 kroner for 01.10.2023 til 31.12.2023, fordelt på 3 etter nøkkelen «halvt likt, halvt etter \
         innbyggere» med tall per 01.01.2023"
    );
    assert!(
        one.lines[0].explanation.starts_with("Andel 343,49 kroner, periode for periode på dem som var med: 280,48 av")
    );
    assert!(one.lines[0].explanation.contains("; 63,01 av 252,05 kroner for 01.10.2023 til 31.12.2023, fordelt på 3 "));
    assert_eq!(plan.net(), Ore(100_000));
    is_sound(&book, &plan);
}

#[test]
fn an_estimated_licence_is_never_invoiced() {
    let book = Book::of(licensed([priced(1, estimated(1, 2, 3))]));
    assert_eq!(
        plan(&book, nth(RUN), &wanted_for(YEAR), &NorwegianWording, &|_| true, &derived),
        Err(PlanFault::NothingContracted { year: 2023 })
    );
}

/// The first municipality becomes part of the second in the middle of the year, and had a cost of its own.
fn merged_in_summer() -> Vec<Fact> {
    let own = Distribution::Party { party: party(1) };
    licensed([merged(1, 2, "2023-07-01"), cost(2, 2023, own), assessed(2, contracted(10_000))])
}

#[test]
fn who_became_part_of_another_is_paid_for_by_it_on_one_document_or_one_for_each_agreement() {
    let book = Book::of(merged_in_summer());
    let by_payer = planned(&book, &wanted_for(YEAR));
    assert_eq!(nets(&by_payer), [(party(2), 110_000)]);
    assert_eq!((by_payer.invoices[0].lines.len(), by_payer.invoices[0].agreement), (2, None));
    is_sound(&book, &by_payer);

    let by_agreement = planned(&book, &Wanted { one_per: InvoicePer::Agreement, ..wanted_for(YEAR) });
    let documents: Vec<_> = by_agreement
        .invoices
        .iter()
        .map(|invoice| (invoice.recipient.party, invoice.agreement.unwrap().0, invoice.net_ore.0, invoice.lines.len()))
        .collect();
    // The licence until the merger, and the own cost, by the agreement of the first; the rest by that of the second.
    assert_eq!(documents, [(party(2), nth(101), 28_596, 2), (party(2), nth(102), 81_404, 1)]);
    is_sound(&book, &by_agreement);
}

#[test]
fn what_was_invoiced_by_one_agreement_is_settled_by_it() {
    let by_agreement = Wanted { one_per: InvoicePer::Agreement, ..wanted_for(YEAR) };
    let first = planned(&Book::of(merged_in_summer()), &by_agreement);
    let on_account = [issued(&first, 0), issued(&first, 1)];
    let actual = crate::domain::assessment::Assessment::Actual { amount_ore: Ore(12_000) };
    let book = Book::of(merged_in_summer().into_iter().chain(on_account).chain([assessed(2, actual)]));
    let settled = planned(&book, &by_agreement);
    assert_eq!(nets(&settled), [(party(2), 2_000)]);
    is_sound(&book, &settled);
    let all = planned(&book, &wanted_for(YEAR));
    assert_eq!(nets(&all), [(party(2), 2_000)]);
}

#[test]
fn a_price_that_follows_an_index_is_not_invoiced_by_a_forecast() {
    let clause = IndexClause { index: "KPI (SSB 14700)".to_owned(), first_year: 2023 };
    let mut follows = licence(1, "2022-01-01", None, BY_KEY);
    if let Event::Licence(LicenceEvent::Recorded(recorded)) = &mut follows.1 {
        recorded.index_clause = Some(clause);
    }
    let indexed = |certainty| {
        let factor = Decimal::new(104, 2);
        let (source, vintage) = ("KS".to_owned(), "RNB23".to_owned());
        let indexed = Indexed { year: 2023, factor, source, vintage, certainty, on: day("2023-05-15") };
        (licence_id(1).0, Event::Licence(LicenceEvent::Indexed(indexed)))
    };
    let shared = || case().into_iter().filter(|(stream, _)| *stream != cost_id(1).0);
    let planned = |factors: Vec<Fact>| {
        plan_of(&Book::of(shared().chain([follows.clone(), priced(1, contracted(100_000))]).chain(factors)))
    };
    let awaited = Err(PlanFault::IndexAwaited { name: "Lisens 1".to_owned(), year: 2023 });
    assert_eq!(planned(vec![]), awaited);
    assert_eq!(planned(vec![indexed(IndexCertainty::Forecast)]), awaited);
    let plan = planned(vec![indexed(IndexCertainty::Forecast), indexed(IndexCertainty::Published)]).unwrap();
    assert_eq!(plan.net(), Ore(104_000));
}

fn credited(issued: &Fact, number: u64) -> Fact {
    let (stream, Event::Series(SeriesEvent::Issued(issued))) = issued else { panic!("{issued:?}") };
    let wish = CreditWish {
        credit_note: InvoiceId(derived(issued.invoice.invoice.0, "note")),
        issuer: issued.issuer.clone(),
        date: day("2023-12-01"),
        reason: "Feil periode".to_owned(),
        extent: CreditExtent::Whole,
        invoice: (**issued).clone(),
        before: vec![],
    };
    let note = credit_note(&wish, number).unwrap();
    (*stream, Event::Series(SeriesEvent::CreditNoteIssued(Box::new(note))))
}

/// The first half was invoiced at 1000 kroner a year and the second at another price, which makes up for the first; then the
/// first was wholly credited.
fn second_without_its_first(price: i64) -> Vec<Fact> {
    let first = planned(&Book::of(licensed([])), &wanted_for(FIRST_HALF));
    let of_first = [issued(&first, 0), issued(&first, 1)];
    let mut facts = licensed(of_first.clone().into_iter().chain([priced(1, contracted(price))]));
    let run = nth(RUN + 1);
    let second =
        plan(&Book::of(facts.clone()), run, &wanted_for(SECOND_HALF), &NorwegianWording, &|_| true, &derived).unwrap();
    facts.extend([issued(&second, 0), issued(&second, 1)]);
    facts.extend((542_300_010..).zip(&of_first).map(|(number, issued)| credited(issued, number)));
    facts
}

#[test]
fn a_first_half_that_was_credited_is_invoiced_again_so_that_both_come_to_the_year() {
    let book = Book::of(second_without_its_first(120_000));
    let again = planned(&book, &wanted_for(FIRST_HALF));
    assert_eq!(nets(&again), [(party(1), 18_596), (party(2), 30_993)]);
    assert_eq!(
        explanation(&again, 0),
        "Andel 450,00 av 1\u{a0}200,00 kroner for 01.01.2023 til 31.12.2023, fordelt på 2 etter nøkkelen «halvt likt, halvt etter \
         innbyggere» med tall per 01.01.2023. Av dette er 264,04 kroner fakturert før, for dagene etter 30.06.2023; 185,96 \
         kroner faktureres her"
    );
    is_sound(&book, &again);
}

#[test]
fn a_first_half_after_its_second_asks_for_nothing_where_that_came_to_more_than_the_year_has_become() {
    let second = planned(&Book::of(licensed([])), &wanted_for(SECOND_HALF));
    let book = Book::of(licensed([issued(&second, 0), issued(&second, 1), priced(1, contracted(40_000))]));
    assert_eq!(
        plan(&book, nth(RUN + 1), &wanted_for(FIRST_HALF), &NorwegianWording, &|_| true, &derived),
        Err(PlanFault::AllInvoiced { year: 2023 })
    );
}

#[test]
fn a_half_between_what_was_issued_before_and_after_it_is_what_is_left_of_all_of_them() {
    const SPRING: [&str; 2] = ["2023-01-01", "2023-03-31"];
    const SUMMER: [&str; 2] = ["2023-04-01", "2023-09-30"];
    const AUTUMN: [&str; 2] = ["2023-10-01", "2023-12-31"];
    let mut facts = licensed([]);
    for (run, of, dearer) in [(RUN + 1, SPRING, 120_000), (RUN + 2, AUTUMN, 130_000)] {
        let out =
            plan(&Book::of(facts.clone()), nth(run), &wanted_for(of), &NorwegianWording, &|_| true, &derived).unwrap();
        facts.extend([issued(&out, 0), issued(&out, 1)]);
        facts.push(priced(1, contracted(dearer)));
    }
    let issued_before: Ore = Book::of(facts.clone()).invoices.values().map(|issued| issued.invoice.net_ore).sum();
    let book = Book::of(facts);
    let between = planned(&book, &wanted_for(SUMMER));
    assert_eq!(between.net() + issued_before, Ore(130_000));
    assert!(
        explanation(&between, 0).contains("fakturert før, for dagene etter 30.09.2023. Av dette er "),
        "{}",
        explanation(&between, 0)
    );
    is_sound(&book, &between);
}

#[test]
fn a_first_half_is_not_made_up_for_by_what_it_came_to_where_the_second_was() {
    let mut facts = second_without_its_first(120_000);
    facts.retain(|(_, event)| !matches!(event, Event::Series(SeriesEvent::CreditNoteIssued(_))));
    facts.push(priced(1, crate::domain::assessment::Assessment::Actual { amount_ore: Ore(120_000) }));
    assert_eq!(
        plan(&Book::of(facts), nth(RUN), &wanted_for(FIRST_HALF), &NorwegianWording, &|_| true, &derived),
        Err(PlanFault::AllInvoiced { year: 2023 })
    );
}

#[test]
fn who_became_part_of_another_in_the_second_half_is_not_taken_off_the_first_half_of_that_one() {
    let joined = [municipality(3, 2_000), vec![agreed(3, Commitment::Committed, Some("2023-08-01"))]].concat();
    let facts = || licensed(joined.clone().into_iter().chain([merged(3, 1, "2023-11-01")]));
    let year = planned(&Book::of(facts()), &wanted_for(YEAR));
    let book = Book::of(facts());
    let second = plan(&book, nth(RUN + 1), &wanted_for(SECOND_HALF), &NorwegianWording, &|_| true, &derived).unwrap();
    let book = Book::of(facts().into_iter().chain([issued(&second, 0), issued(&second, 1)]));
    let first = planned(&book, &wanted_for(FIRST_HALF));
    let both: Vec<_> =
        nets(&first).into_iter().zip(nets(&second)).map(|((party, one), (_, other))| (party, one + other)).collect();
    assert_eq!(both, nets(&year));
    is_sound(&book, &first);
}
