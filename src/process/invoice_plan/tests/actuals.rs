//! What was invoiced on account, settled against what it came to: of a licence for that year alone.

use super::*;
use crate::domain::assessment::{Assessment, Statement};
use crate::domain::event::Event;
use crate::domain::identity::AssessmentId;
use crate::domain::licence::{CameTo, LicenceEvent};
use crate::domain::testing::facts::{ended, licence, licence_id, moved, priced};

fn came_to(year: i32, amount_ore: i64) -> Fact {
    let statement = Statement {
        assessment: AssessmentId(nth(90)),
        replaces: Some(AssessmentId(nth(1))),
        amount: Assessment::Actual { amount_ore: Ore(amount_ore) },
        on: day("2024-02-01"),
        source: "Leverandørens faktura".to_owned(),
    };
    (licence_id(1).0, Event::Licence(LicenceEvent::CameTo(CameTo { year, statement })))
}

fn of_year(year: i32) -> Wanted {
    Wanted { covers: Period::year(year), ..wanted() }
}

#[test]
fn what_one_year_came_to_changes_no_other_year() {
    let shared = case().into_iter().filter(|(stream, _)| *stream != cost_id(1).0);
    let mut facts: Vec<Fact> =
        shared.chain([licence(1, "2022-01-01", None, BY_KEY), priced(1, contracted(100_000))]).collect();
    let planned = |facts: &[Fact], run: u128, year: i32| {
        plan(&Book::of(facts.to_vec()), nth(run), &of_year(year), &NorwegianWording, &|_| true, &derived)
    };
    for (run, year) in [(RUN, 2023), (RUN + 1, 2024)] {
        let out = planned(&facts, run, year).unwrap();
        assert_eq!(out.net(), Ore(100_000));
        facts.extend([issued(&out, 0), issued(&out, 1)]);
    }
    facts.push(came_to(2024, 105_000));
    let subject = Subject::Licence { licence: licence_id(1) };
    let book = Book::of(facts.clone());
    let of_2023 = settlement(&book, PROCUREMENT, subject, 2023, day("2024-03-01")).unwrap();
    assert!(of_2023.parts.iter().all(|part| part.way == SettlementWay::Settled), "{of_2023:?}");
    assert_eq!(planned(&facts, RUN + 2, 2023), Err(PlanFault::AllInvoiced { year: 2023 }));
    assert!(settlement(&book, PROCUREMENT, subject, 2024, day("2024-03-01")).is_ok());
    let rest = planned(&facts, RUN + 2, 2024).unwrap();
    let nets: Vec<i64> = rest.invoices.iter().map(|invoice| invoice.net_ore.0).collect();
    assert_eq!(nets, [1_875, 3_125]);
}

/// Three municipalities; the first of them takes no part after 2023.
fn three() -> Vec<Fact> {
    let third = [municipality(3, 2_000), vec![committed(3)]].concat();
    case().into_iter().filter(|(_, event)| !matches!(event, Event::Cost(CostEvent::Granted(_)))).chain(third).collect()
}

fn all_issued(plan: &InvoicePlan) -> impl Iterator<Item = Fact> + '_ {
    (0..plan.invoices.len()).map(|index| issued(plan, index))
}

#[test]
fn who_was_invoiced_and_bears_nothing_of_it_any_longer_gets_it_back_before_others_are_asked_for_it() {
    let mut facts = three();
    let on_account = plan_of(&Book::of(facts.clone())).unwrap();
    facts.extend(all_issued(&on_account));
    let actual = assessed(1, Assessment::Actual { amount_ore: Ore(100_003) });
    facts.extend([ended(1, "2023-12-31"), moved(1, 2023, 2024), actual]);
    let book = Book::of(facts.clone());
    let settlement = settlement(&book, PROCUREMENT, COST, 2024, day("2024-02-01")).unwrap();
    let first = &settlement.parts[0];
    let invoiced = on_account.invoices[0].net_ore;
    assert_eq!((first.party, first.share_ore, first.invoiced_ore), (party(1), Ore::ZERO, invoiced));
    assert!(matches!(first.way, SettlementWay::Credit(_)), "{first:?}");
    assert_eq!(settlement.to_credit(), invoiced);
    assert_eq!(settlement.to_invoice(), invoiced, "the others bear what the first no longer does");
    let of_2024 = |book: &Book| plan(book, nth(RUN), &of_year(2024), &NorwegianWording, &|_| true, &derived).unwrap();
    let too_much = format!(
        "Det er fakturert {} kroner for mye, utgående mva ikke medregnet: det krediteres ved avregning",
        crate::render::norwegian::kroner(invoiced)
    );
    assert_eq!(set_aside(&of_2024(&book)), [(party(1), &*too_much)], "it is credited, and not invoiced");
    let alone = Distribution::Party { party: party(1) };
    let book = Book::of(facts.into_iter().chain([cost(2, 2024, alone), assessed(2, contracted(100_000))]));
    let of_first = &of_2024(&book).invoices[0];
    assert_eq!((of_first.recipient.party, of_first.net_ore), (party(1), Ore(100_000) - invoiced));
    assert_eq!(
        of_first.lines[0].explanation,
        format!(
            "Mottakeren bærer ingen andel lenger. Fakturert a konto før: {} kroner, som er trukket fra",
            crate::render::norwegian::kroner(invoiced)
        )
    );
}

#[test]
fn who_left_before_the_days_that_it_was_invoiced_for_is_settled_for_them() {
    let mut facts: Vec<Fact> = three().into_iter().filter(|(stream, _)| *stream != cost_id(1).0).collect();
    facts.extend([licence(1, "2022-01-01", None, BY_KEY), priced(1, contracted(120_000))]);
    let half = |book: &Book, run: u128, first: &str, last: &str| {
        let covers = Period { first: day(first), last: day(last) };
        plan(book, nth(run), &Wanted { covers, ..wanted() }, &NorwegianWording, &|_| true, &derived).unwrap()
    };
    let spring = half(&Book::of(facts.clone()), RUN, "2023-01-01", "2023-06-30");
    facts.extend(all_issued(&spring));
    facts.push(ended(1, "2022-12-31"));
    let autumn = half(&Book::of(facts.clone()), RUN + 1, "2023-07-01", "2023-12-31");
    let paid_by_others: Ore = autumn.net() + spring.invoices[1..].iter().map(|invoice| invoice.net_ore).sum();
    assert_eq!(paid_by_others, Ore(120_000), "the two that are left bear the whole year");
    let first = spring.invoices[0].net_ore;
    let too_much = format!(
        "Det er fakturert {} kroner for mye, utgående mva ikke medregnet: det krediteres ved avregning",
        crate::render::norwegian::kroner(first)
    );
    assert_eq!(set_aside(&autumn), [(party(1), &*too_much)]);
    let subject = Subject::Licence { licence: licence_id(1) };
    let by_contract = settlement(&Book::of(facts.clone()), PROCUREMENT, subject, 2023, day("2023-08-01")).unwrap();
    assert_eq!(by_contract.to_credit(), first, "it is owed back before it is known what the year came to");
    is_sound(&Book::of(facts.clone()), &autumn);
    facts.extend(all_issued(&autumn));
    facts.push(came_to(2023, 120_000));
    let settled = settlement(&Book::of(facts), PROCUREMENT, subject, 2023, day("2024-03-01")).unwrap();
    assert_eq!((settled.to_credit(), settled.to_invoice()), (spring.invoices[0].net_ore, Ore::ZERO));
}

#[test]
fn who_was_asked_for_too_much_of_the_first_half_is_asked_for_less_of_the_second() {
    let without_third = case().into_iter().filter(|(_, event)| !matches!(event, Event::Cost(_)));
    let priced = [licence(1, "2022-01-01", None, BY_KEY), priced(1, contracted(120_000))];
    let mut facts: Vec<Fact> = without_third.chain(priced).collect();
    let half = |facts: &[Fact], run: u128, first: &str, last: &str| {
        let wanted = Wanted { covers: Period { first: day(first), last: day(last) }, ..wanted() };
        plan(&Book::of(facts.to_vec()), nth(run), &wanted, &NorwegianWording, &|_| true, &derived).unwrap()
    };
    let spring = half(&facts, RUN, "2023-01-01", "2023-06-30");
    facts.extend(all_issued(&spring));
    facts.extend([municipality(3, 2_000), vec![committed(3)]].concat());
    let of_third = half(&facts, RUN + 1, "2023-01-01", "2023-06-30");
    let before = "Andelen er fakturert før";
    assert_eq!(set_aside(&of_third), [(party(1), before), (party(2), before)], "it is taken off the autumn");
    facts.extend(all_issued(&of_third));
    let autumn = half(&facts, RUN + 2, "2023-07-01", "2023-12-31");
    assert_eq!(set_aside(&autumn), []);
    assert_eq!(spring.net() + of_third.net() + autumn.net(), Ore(120_000));
}

#[test]
fn more_of_a_contract_waits_for_what_it_comes_to_whoever_invoices_it() {
    let on_account = plan_of(&with([])).unwrap();
    let passed = Passed { county: party(55), on: day("2023-12-01"), reference: "Vedtak".to_owned() };
    let book = with([
        issued(&on_account, 0),
        issued(&on_account, 1),
        registered(55, PartyKind::CountyAuthority, Some(organisation_number(55))),
        named(55, "Troms fylkeskommune"),
        (nth(101), Event::Agreement(AgreementEvent::Passed(passed))),
        assessed(1, contracted(200_003)),
    ]);
    let settlement = settlement(&book, PROCUREMENT, COST, 2023, day("2023-12-20")).unwrap();
    assert!(settlement.parts.iter().all(|part| part.way == SettlementWay::Waits), "{settlement:?}");
    assert_eq!(settlement.to_invoice(), Ore::ZERO);
}

#[test]
fn who_was_asked_for_more_of_a_quarter_than_the_days_until_the_next_come_to_is_owed_it_back() {
    let without_cost = case().into_iter().filter(|(_, event)| !matches!(event, Event::Cost(_)));
    let facts: Vec<Fact> = without_cost.chain([licence(1, "2022-01-01", None, BY_KEY)]).collect();
    let quarter = |facts: &[Fact], run: u128, first: &str, last: &str| {
        let wanted = Wanted { covers: Period { first: day(first), last: day(last) }, ..wanted() };
        plan(&Book::of(facts.to_vec()), nth(run), &wanted, &NorwegianWording, &|_| true, &derived)
    };
    let dear = [facts.clone(), vec![priced(1, contracted(120_000))]].concat();
    let first = quarter(&dear, RUN, "2023-01-01", "2023-03-31").unwrap();
    let cheap = [facts, vec![priced(1, contracted(40_000))], all_issued(&first).collect()].concat();
    assert_eq!(quarter(&cheap, RUN + 1, "2023-04-01", "2023-06-30"), Err(PlanFault::AllInvoiced { year: 2023 }));
    let subject = Subject::Licence { licence: licence_id(1) };
    let (book, wanted) =
        (Book::of(cheap), Wanted { covers: Period { first: day("2023-04-01"), last: day("2023-06-30") }, ..wanted() });
    let planner = Planner::new(&book, InvoiceRunId(nth(RUN + 1)), &wanted, &|_| true);
    let portions = planner.portioned(subject).unwrap().unwrap().portions;
    assert!(portions.iter().all(|portion| matches!(portion.reason, Some(Reason::InvoicedTooMuch(_)))));
}
