//! Whether the whole book adds up: what must hold for every cost, licence, run, series and payment.

use std::collections::BTreeMap;

use chrono::Datelike;
use rust_decimal::Decimal;
use serde::Serialize;

use super::book::Book;
use super::left_behind::borne_alone_from;
use super::receivables::{charged, credited, paid};
use crate::domain::agreement::Phase;
use crate::domain::apportionment::{Apportionment, Grants, PartFault};
use crate::domain::assessment::Range;
use crate::domain::calendar::{Period, day_before};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::identity::{InvoiceId, PartyId};
use crate::domain::invoice_run::InvoiceRun;
use crate::domain::money::Ore;
use crate::domain::series::Issued;

/// How many years after its first a licence that goes on is looked at.
const ENDLESS_YEARS: i32 = 9;

/// Something that does not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// What it is about.
    pub about: String,
    /// What is wrong.
    pub what: String,
}

/// How much was looked at, and what does not add up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BookCheck {
    /// Amounts whose shares were added up.
    pub amounts_count: usize,
    /// Invoices whose sums were done again.
    pub invoices_count: usize,
    /// Series looked through for gaps.
    pub series_count: usize,
    /// Payments held against what they pay.
    pub payments_count: usize,
    /// What does not add up.
    pub findings: Vec<Finding>,
}

/// Checks the whole book: shares sum to their amounts, invoices to their plans, numbers follow without gaps, and what a
/// party was invoiced is what it has paid and owes.
#[must_use]
pub fn check_book(book: &Book) -> BookCheck {
    let mut check = BookCheck::default();
    for procurement in book.procurements.keys() {
        let apportioner = book.apportioner(*procurement);
        for (_, cost) in book.costs_of(*procurement) {
            let Some(recorded) = &cost.recorded else { continue };
            if let Some(shared) = apportioner.cost(cost, Grants::TakenOff) {
                let left = cost.amount().range();
                let left = left.map(|range| range.map(|amount| (amount - cost.granted()).max(Ore::ZERO)));
                check.shares(&recorded.name, &shared, left);
            }
        }
        for (_, licence) in book.licences_of(*procurement) {
            let Some(recorded) = &licence.recorded else { continue };
            let Some((starts, ends)) = licence.days else { continue };
            let first_year = starts.year();
            let last_year = ends.map_or(first_year + ENDLESS_YEARS, |ends| ends.year());
            for year in first_year..=last_year {
                let Some(shared) = apportioner.licence(licence, year) else { continue };
                let days = licence.paid_days(year).map_or(0, Period::days);
                let part = Decimal::from(days);
                let of_year = Decimal::from(Period::year(year).days());
                let paid = licence.price_for(year);
                let paid = paid.map(|price| price.map(|price| Ore::rounded(price.decimal() * part / of_year)));
                check.shares(&format!("{} {year}", recorded.name), &shared, paid);
            }
        }
    }
    check.agreements(book);
    check.left_behind(book);
    for (id, run) in &book.runs {
        match run {
            InvoiceRun::Completed(planned, ..) => {
                let about = format!("invoice run {id}");
                let issued: Ore = book
                    .invoices
                    .values()
                    .filter(|issued| issued.run == *id)
                    .map(|issued| issued.invoice.total_ore)
                    .sum();
                check.equal(&about, "its invoices", issued, "its plan", planned.plan.total());
            }
            InvoiceRun::Absent
            | InvoiceRun::Planned(_)
            | InvoiceRun::Approved(..)
            | InvoiceRun::Numbering(..)
            | InvoiceRun::Discarded(..) => {}
        }
    }
    for issued in book.invoices.values() {
        let about = format!("invoice {}", issued.number);
        let invoice = &issued.invoice;
        let lines: Ore = invoice.lines.iter().map(|line| line.net_ore).sum();
        let passed_on: Ore = invoice.lines.iter().filter_map(|line| line.passed_on_vat_ore).sum();
        let vat: Ore = invoice.vat.iter().map(|subtotal| subtotal.net_ore.percent(subtotal.vat_percent)).sum();
        check.equal(&about, "its lines", lines, "its sum excluding VAT", invoice.net_ore);
        check.equal(&about, "VAT by its rates", vat, "its VAT", invoice.vat_ore);
        check.equal(&about, "VAT passed on", passed_on, "its sum of that", invoice.passed_on_vat_ore);
        let together = invoice.net_ore + invoice.passed_on_vat_ore + invoice.vat_ore;
        check.equal(&about, "net and VAT", together, "its total", invoice.total_ore);
        check.credits(issued, book.credit_notes_of(invoice.invoice), credited(book, invoice.invoice));
        check.invoices_count += 1;
    }
    let notes = book.credit_notes.values().flatten().map(|note| (note.credit_note, note.number));
    let issued = book.invoices.iter().map(|(invoice, issued)| (*invoice, issued.number));
    let numbers: BTreeMap<InvoiceId, u64> = issued.chain(notes).collect();
    for series in book.series.values() {
        let Some(opened) = &series.opened else { continue };
        check.series_count += 1;
        let mut by_number: Vec<(u64, InvoiceId)> =
            series.issued.iter().map(|(invoice, number)| (*number, *invoice)).collect();
        by_number.sort_unstable();
        for (expected, (_, invoice)) in (opened.last_number + 1..).zip(by_number) {
            if numbers.get(&invoice) != Some(&expected) {
                check.findings.push(Finding {
                    about: format!("series of {}", opened.year),
                    what: format!("number {expected} is missing or out of order"),
                });
            }
        }
    }
    check.payments(book);
    check
}

impl BookCheck {
    /// No agreement that has not ended is with a county authority that no longer exists.
    fn agreements(&mut self, book: &Book) {
        for agreement in book.agreements.values().filter(|agreement| agreement.phase != Phase::Ended) {
            let Some(drafted) = &agreement.drafted else { continue };
            let Some((_, county)) = agreement.counties.last() else { continue };
            let Some(ended) = book.parties.get(county).and_then(|known| known.ending.as_ref()) else { continue };
            let (on, name) = (ended.on(), |party: &PartyId, day| {
                book.parties.get(party).map_or_else(|| party.to_string(), |known| known.full_name_on(day))
            });
            if agreement.last_day.is_none_or(|last_day| last_day >= on) {
                let about = format!("the agreement of {}", name(&drafted.party, on));
                let county = name(county, day_before(on));
                let what = format!("it is with {county}, which no longer exists from {on}; let it pass on");
                self.findings.push(Finding { about, what });
            }
        }
    }

    /// Nothing is a party's alone that no longer exists, where it is not one that came after it.
    fn left_behind(&mut self, book: &Book) {
        for (party, known) in &book.parties {
            let Some(ended) = &known.ending else { continue };
            let on = ended.on();
            if book.bearer_on(*party, on) != *party {
                continue;
            }
            let name = known.full_name_on(day_before(on));
            for about in borne_alone_from(book, *party, on) {
                let what = format!("it stays with {name}, which no longer exists from {on}, and several came after it");
                self.findings.push(Finding { about, what: format!("{what}; end it, and record it for one of them") });
            }
        }
    }

    /// No more is credited of an invoice than it came to, and each credit note adds up.
    fn credits(&mut self, issued: &Issued, notes: &[CreditNoteIssued], credited: Ore) {
        for note in notes {
            let about = format!("credit note {}", note.number);
            let lines: Ore = note.lines.iter().map(|line| line.net_ore).sum();
            self.equal(&about, "its lines", lines, "its sum excluding VAT", note.net_ore);
            let together = note.net_ore + note.passed_on_vat_ore + note.vat_ore;
            self.equal(&about, "net and VAT", together, "its total", note.total_ore);
        }
        if credited > issued.invoice.total_ore {
            let what = format!("{credited} is credited, more than the {} it came to", issued.invoice.total_ore);
            self.findings.push(Finding { about: format!("invoice {}", issued.number), what });
        }
    }

    /// No payment pays more than it is, no invoice gets more than it came to, and for every party issued less credited is
    /// paid, as the payments say, and outstanding, as the invoices say.
    fn payments(&mut self, book: &Book) {
        let mut by_payments: BTreeMap<InvoiceId, Ore> = BTreeMap::new();
        for payment in book.payments.values().flat_map(|account| account.payments.values()) {
            self.payments_count += 1;
            let open_ore = payment.open_ore();
            let too_much = if payment.is_reversal() { open_ore > Ore::ZERO } else { open_ore.is_negative() };
            let about = || format!("payment {}", payment.received.payment);
            if too_much {
                let what = format!("{} came in, and {} more is used", payment.received.amount_ore, -open_ore);
                self.findings.push(Finding { about: about(), what });
            }
            for (invoice, amount_ore) in &payment.matched {
                *by_payments.entry(*invoice).or_default() += *amount_ore;
                if !book.invoices.contains_key(invoice) {
                    let what = format!("it pays {amount_ore} of invoice {invoice}, which is not in the book");
                    self.findings.push(Finding { about: about(), what });
                }
            }
        }
        let mut parties: BTreeMap<PartyId, (&str, Ore, Ore)> = BTreeMap::new();
        for (id, issued) in &book.invoices {
            let credited_ore = credited(book, *id);
            let owed_ore = issued.invoice.total_ore - credited_ore + charged(book, *id);
            let outstanding_ore = owed_ore - paid(book, *id);
            // What was credited after it was paid is to be paid back, and a person sees to that.
            let too_much_ore = -(outstanding_ore + credited_ore);
            if too_much_ore > Ore::ZERO && owed_ore >= Ore::ZERO {
                let what = format!("{too_much_ore} more is paid than is owed");
                self.findings.push(Finding { about: format!("invoice {}", issued.number), what });
            }
            let recipient = &issued.invoice.recipient;
            let paid_ore = by_payments.get(id).copied().unwrap_or_default();
            let party = parties.entry(recipient.party).or_insert((&recipient.name, Ore::ZERO, Ore::ZERO));
            party.1 += owed_ore;
            party.2 += paid_ore + outstanding_ore;
        }
        for (name, owed_ore, settled_ore) in parties.into_values() {
            self.equal(name, "issued and charged less credited", owed_ore, "paid and outstanding", settled_ore);
        }
    }

    fn equal(&mut self, about: &str, one: &str, one_ore: Ore, other: &str, other_ore: Ore) {
        if one_ore != other_ore {
            let what = format!("{one} come to {one_ore}, and {other} to {other_ore}");
            self.findings.push(Finding { about: about.to_owned(), what });
        }
    }

    /// The shares of all against the amount less what grants of the key take off, low, likely and high, where both are known
    /// and the key does not set its own total. What is known and cannot be shared is borne by nobody.
    fn shares(&mut self, about: &str, shared: &Apportionment, amount: Option<Range>) {
        if let Some(fault) = shared.fault().filter(|fault| amount.is_some() || **fault != PartFault::NoMembers) {
            self.findings.push(Finding { about: about.to_owned(), what: format!("it cannot be shared: {fault}") });
        }
        if let (Some(total), Some(amount), true) = (shared.total(), amount, shared.keeps_the_total()) {
            let left = amount.minus(shared.grants_of_keys());
            self.amounts_count += 1;
            self.equal(about, "its shares", total.likely_ore, "the amount shared", left.likely_ore);
            if amount != Range::exactly(amount.likely_ore) {
                self.equal(about, "its low shares", total.low_ore, "the low amount shared", left.low_ore);
                self.equal(about, "its high shares", total.high_ore, "the high amount shared", left.high_ore);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::identity::{InvoiceRunId, SeriesId};
    use crate::domain::testing::facts::{
        BY_KEY, Fact, HALVES, PROCUREMENT, adopted, agreed, assessed, committed, contracted, cost, county, estimated,
        granted, licence, municipality, numbered, opened, party, priced, proposed, registered, resold,
    };
    use crate::domain::testing::{day, nth};
    use crate::handle::tests::carried_out;
    use crate::process::invoice_plan::{Wanted, plan};
    use crate::render::NorwegianWording;

    use crate::domain::agreement::Commitment;
    use crate::domain::check_digit::KidMethod;
    use crate::domain::identity::PersonId;
    use crate::domain::invoice_run::{InvoicePer, InvoiceRunCommand, Terms};
    use crate::domain::kid::KidScheme;
    use crate::domain::party::PartyKind;
    use crate::domain::series::{Opened, SeriesCommand};
    use crate::handle::Wish;

    const RUN: InvoiceRunId = InvoiceRunId(uuid::Uuid::from_u128(7_000));
    const SERIES: SeriesId = SeriesId(uuid::Uuid::from_u128(8_000));

    fn case() -> Vec<Fact> {
        [
            county(),
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![
                opened(false),
                resold(),
                committed(1),
                committed(2),
                proposed(HALVES),
                adopted(HALVES, "2022-01-01"),
                cost(1, 2023, BY_KEY),
                assessed(1, contracted(100_003)),
                granted(1, 20_000),
                licence(1, "2023-10-16", Some("2025-12-31"), BY_KEY),
                priced(1, contracted(77_777)),
            ],
        ]
        .concat()
    }

    /// Two invoices planned, approved and issued.
    fn book() -> Book {
        let mut book = Book::of(case());
        let wanted = Wanted {
            procurement: PROCUREMENT,
            issuer: party(54),
            covers: Period::year(2023),
            one_per: InvoicePer::Payer,
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
        };
        let plan = plan(&book, RUN.0, &wanted, &NorwegianWording, &|_| true, &crate::ids::derived).unwrap();
        let on = day("2023-11-15");
        let approve = InvoiceRunCommand::Approve {
            role: "økonomisjef".to_owned(),
            person: PersonId(nth(1)),
            standing: plan.standing(),
            terms: Terms::default(),
            on,
        };
        let opened = Opened { series: SERIES, issuer: party(54), year: 2023, last_number: 542_300_000 };
        let mut wishes = vec![
            Wish::InvoiceRun(RUN, InvoiceRunCommand::Plan { run: RUN, plan: plan.clone(), planned_by: None, on }),
            Wish::InvoiceRun(RUN, approve),
            Wish::Series(SERIES, SeriesCommand::Open(opened)),
        ];
        wishes.extend(plan.invoices.iter().map(|invoice| {
            Wish::Series(
                SERIES,
                SeriesCommand::Issue {
                    run: RUN,
                    kid: KidScheme { method: KidMethod::Mod11, customer_digits: 0, number_digits: 9 },
                    issuer: plan.issuer.clone(),
                    account_number: plan.account_number.clone(),
                    invoice_date: plan.invoice_date,
                    due_date: plan.due_date,
                    invoice: Box::new(invoice.clone()),
                },
            )
        }));
        let issued = plan.invoices.iter().map(|invoice| invoice.invoice).collect();
        wishes.push(Wish::InvoiceRun(RUN, InvoiceRunCommand::Complete { issued, on }));
        carried_out(&mut book, &wishes);
        book
    }

    fn findings(book: &Book) -> Vec<String> {
        check_book(book).findings.into_iter().map(|finding| format!("{}: {}", finding.about, finding.what)).collect()
    }

    #[test]
    fn a_book_that_adds_up_has_no_findings_and_says_how_much_was_looked_at() {
        let check = check_book(&book());
        assert_eq!(
            check,
            BookCheck { amounts_count: 4, invoices_count: 2, series_count: 1, payments_count: 0, findings: vec![] }
        );
    }

    #[test]
    fn a_grant_of_the_key_is_taken_off_once_a_year_also_where_the_year_is_cut() {
        let key = "floor = \"50\"\n[[grant]]\nfrom = \"Nasjonalbiblioteket\"\namount = \"100\"\n[[base]]\nmeasure = \"equal\"";
        let key = HALVES.replace("[[base]]\nmeasure = \"equal\"", key);
        let joins = agreed(3, Commitment::Committed, Some("2024-07-01"));
        let facts = [case(), municipality(3, 500), vec![joins, adopted(&key, "2024-01-01")]].concat();
        assert_eq!(findings(&Book::of(facts)), Vec::<String>::new());
    }

    #[test]
    fn an_invoice_that_was_altered_is_found_in_itself_and_against_its_plan() {
        let mut book = book();
        let issued = book.invoices.values_mut().find(|issued| issued.number == 542_300_001).unwrap();
        Arc::make_mut(issued).invoice.total_ore += Ore(1);
        assert_eq!(
            findings(&book),
            [
                format!("invoice run {RUN}: its invoices come to 1205.15, and its plan to 1205.14"),
                "invoice 542300001: net and VAT come to 451.93, and its total to 451.94".to_owned(),
            ]
        );
    }

    #[test]
    fn lines_and_vat_that_do_not_come_to_the_sums_are_found() {
        let mut book = book();
        let issued = book.invoices.values_mut().find(|issued| issued.number == 542_300_002).unwrap();
        let invoice = &mut Arc::make_mut(issued).invoice;
        invoice.lines[0].net_ore += Ore(100);
        invoice.vat[0].net_ore += Ore(4);
        let found = findings(&book);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("its lines come to") && found[1].contains("VAT by its rates"), "{found:?}");
    }

    #[test]
    fn a_lost_invoice_leaves_a_gap_in_its_series() {
        let mut book = book();
        let (lost, _) = book.invoices.iter().find(|(_, issued)| issued.number == 542_300_002).unwrap();
        let lost = *lost;
        book.invoices.shift_remove(&lost);
        let found = findings(&book);
        assert_eq!(found.last().unwrap(), "series of 2023: number 542300002 is missing or out of order");
        assert_eq!(found.len(), 2, "the run misses it too: {found:?}");
    }

    #[test]
    fn shares_that_do_not_come_to_the_amount_are_found() {
        let book = book();
        let shared = book.apportioner(PROCUREMENT).cost(book.costs.values().next().unwrap(), Grants::TakenOff).unwrap();
        let mut check = BookCheck::default();
        check.shares("Kostnad 1", &shared, Some(Range::exactly(Ore(80_003))));
        assert!(check.findings.is_empty());
        check.shares("Kostnad 1", &shared, Some(Range::exactly(Ore(80_004))));
        assert_eq!(check.findings[0].what, "its shares come to 800.03, and the amount shared to 800.04");
        let bounds = Range { low_ore: Ore(80_002), likely_ore: Ore(80_003), high_ore: Ore(80_009) };
        let mut check = BookCheck::default();
        check.shares("Kostnad 1", &shared, Some(bounds));
        let found: Vec<&str> = check.findings.iter().map(|finding| &*finding.what).collect();
        let low = "its low shares come to 800.03, and the low amount shared to 800.02";
        assert_eq!(found, [low, "its high shares come to 800.03, and the high amount shared to 800.09"]);
    }

    #[test]
    fn what_is_known_and_cannot_be_shared_is_found_and_what_is_unknown_is_not_counted() {
        let lacks_a_figure = vec![
            registered(3, PartyKind::Municipality, None),
            numbered(3, "0003", "2020-01-01"),
            agreed(3, Commitment::Committed, Some("2025-01-01")),
        ];
        let unknown = vec![cost(2, 2023, BY_KEY)];
        let check = check_book(&Book::of([case(), unknown, lacks_a_figure].concat()));
        assert_eq!(check.amounts_count, 3, "the cost, and the licence of 2023 and 2024");
        let [finding] = &check.findings[..] else { panic!("{:?}", check.findings) };
        assert_eq!(finding.about, "Lisens 1 2025");
        assert!(finding.what.starts_with("it cannot be shared: party \"0003\" lacks"), "{}", finding.what);
    }

    #[test]
    fn low_and_high_come_to_their_amounts_too() {
        let estimates = vec![cost(2, 2024, BY_KEY), assessed(2, estimated(10_001, 20_002, 40_003)), granted(2, 12_000)];
        let check = check_book(&Book::of([case(), estimates].concat()));
        assert_eq!((check.amounts_count, check.findings), (5, vec![]));
    }

    /// The book of two parties and three invoices with payments of 600.00, 250.00 too much and 1.00 without a name.
    fn paid_book() -> Book {
        use crate::view::receivables::tests as receivables;
        let mut book = receivables::book();
        let payments = [(60_000, Some("5423000016")), (50_000, Some("5423000024")), (100, None)];
        receivables::paid_in(&mut book, &payments);
        book
    }

    #[test]
    fn payments_that_add_up_have_no_findings_also_where_something_is_open() {
        let check = check_book(&paid_book());
        assert_eq!((check.payments_count, check.findings), (3, vec![]));
    }

    #[test]
    fn a_payment_that_pays_more_than_it_is_is_found_with_the_party_that_it_makes_wrong() {
        let mut book = paid_book();
        let account = book.payments.values_mut().next().unwrap();
        let payment = account.payments.values_mut().find(|payment| payment.received.amount_ore == Ore(60_000)).unwrap();
        *payment.matched.values_mut().next().unwrap() += Ore(1);
        assert_eq!(
            findings(&book),
            [
                format!("payment {}: 600.00 came in, and 0.01 more is used", nth(1)),
                "Kommune 1: issued and charged less credited come to 850.00, and paid and outstanding to 850.01"
                    .to_owned(),
            ]
        );
    }

    #[test]
    fn an_invoice_that_gets_more_than_is_owed_and_one_that_is_not_there_are_found() {
        let mut book = paid_book();
        let lost = InvoiceId(nth(542_300_002));
        book.invoices.shift_remove(&lost);
        let account = book.payments.values_mut().next().unwrap();
        *account.paid.get_mut(&InvoiceId(nth(542_300_001))).unwrap() += Ore(7);
        let found = findings(&book);
        assert!(found.contains(&"invoice 542300001: 0.07 more is paid than is owed".to_owned()), "{found:?}");
        let missing = format!("payment {}: it pays 250.00 of invoice {lost}, which is not in the book", nth(2));
        assert!(found.contains(&missing), "{found:?}");
    }
}
