//! Whether the whole book adds up: what must hold for every cost, licence, run and series.

use chrono::Datelike;
use rust_decimal::Decimal;
use serde::Serialize;

use super::book::Book;
use crate::domain::apportionment::{Apportionment, Grants};
use crate::domain::calendar::Period;
use crate::domain::invoice_run::InvoiceRun;
use crate::domain::money::Ore;

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
    /// What does not add up.
    pub findings: Vec<Finding>,
}

/// Checks the whole book: shares sum to their amounts, invoices to their plans, numbers follow without gaps.
#[must_use]
pub fn check_book(book: &Book) -> BookCheck {
    let mut check = BookCheck::default();
    for procurement in book.procurements.keys() {
        let apportioner = book.apportioner(*procurement);
        for (_, cost) in book.costs_of(*procurement) {
            let Some(recorded) = &cost.recorded else { continue };
            if let Some(shared) = apportioner.cost(cost, Grants::TakenOff) {
                let left = cost.amount().range().map(|range| (range.likely_ore - cost.granted()).max(Ore::ZERO));
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
                let price = licence.price_for(year).map(|price| price.likely_ore);
                let days = licence.paid_days(year).map_or(0, Period::days);
                let paid = price.map(|price| {
                    Ore::rounded(price.decimal() * Decimal::from(days) / Decimal::from(Period::year(year).days()))
                });
                check.shares(&format!("{} {year}", recorded.name), &shared, paid);
            }
        }
    }
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
            InvoiceRun::Absent | InvoiceRun::Planned(_) | InvoiceRun::Approved(..) | InvoiceRun::Discarded(..) => {}
        }
    }
    for issued in book.invoices.values() {
        let about = format!("invoice {}", issued.number);
        let invoice = &issued.invoice;
        let lines: Ore = invoice.lines.iter().map(|line| line.net_ore).sum();
        let vat: Ore = invoice.vat.iter().map(|subtotal| subtotal.net_ore.percent(subtotal.vat_percent)).sum();
        check.equal(&about, "its lines", lines, "its sum excluding VAT", invoice.net_ore);
        check.equal(&about, "VAT by its rates", vat, "its VAT", invoice.vat_ore);
        check.equal(&about, "net and VAT", invoice.net_ore + invoice.vat_ore, "its total", invoice.total_ore);
        check.invoices_count += 1;
    }
    for series in book.series.values() {
        let Some(opened) = &series.opened else { continue };
        check.series_count += 1;
        for (expected, invoice) in (opened.last_number + 1..).zip(&series.issued) {
            let number = book.invoices.get(invoice).map(|issued| issued.number);
            if number != Some(expected) {
                check.findings.push(Finding {
                    about: format!("series of {}", opened.year),
                    what: format!("number {expected} is missing or out of order"),
                });
            }
        }
    }
    check
}

impl BookCheck {
    fn equal(&mut self, about: &str, one: &str, one_ore: Ore, other: &str, other_ore: Ore) {
        if one_ore != other_ore {
            let what = format!("{one} come to {one_ore}, and {other} to {other_ore}");
            self.findings.push(Finding { about: about.to_owned(), what });
        }
    }

    /// The shares of all against the amount, where both are known and the key does not set its own total.
    fn shares(&mut self, about: &str, shared: &Apportionment, amount: Option<Ore>) {
        self.amounts_count += 1;
        if let (Some(total), Some(amount), true) = (shared.total(), amount, shared.keeps_the_total()) {
            self.equal(about, "its shares", total.likely_ore, "the amount shared", amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::{InvoiceRunId, SeriesId};
    use crate::domain::testing::facts::{
        BY_KEY, Fact, HALVES, PROCUREMENT, adopted, assessed, committed, contracted, cost, county, granted, licence,
        municipality, opened, party, priced, proposed,
    };
    use crate::domain::testing::{day, nth};
    use crate::handle::tests::carried_out;
    use crate::process::invoice_plan::{Wanted, plan};
    use crate::render::NorwegianWording;

    use crate::domain::identity::PersonId;
    use crate::domain::invoice_run::InvoiceRunCommand;
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
            year: 2023,
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
        };
        let plan = plan(&book, RUN.0, &wanted, &NorwegianWording, &crate::ids::derived).unwrap();
        let on = day("2023-11-15");
        let approve = InvoiceRunCommand::Approve {
            role: "økonomisjef".to_owned(),
            person: PersonId(nth(1)),
            grounds: plan.grounds.clone(),
            on,
        };
        let opened = Opened { series: SERIES, issuer: party(54), year: 2023, last_number: 542_300_000 };
        let mut wishes = vec![
            Wish::InvoiceRun(RUN, InvoiceRunCommand::Plan { run: RUN, plan: plan.clone(), on }),
            Wish::InvoiceRun(RUN, approve),
            Wish::Series(SERIES, SeriesCommand::Open(opened)),
        ];
        wishes.extend(plan.invoices.iter().map(|invoice| {
            Wish::Series(
                SERIES,
                SeriesCommand::Issue {
                    run: RUN,
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
        assert_eq!(check, BookCheck { amounts_count: 4, invoices_count: 2, series_count: 1, findings: vec![] });
    }

    #[test]
    fn an_invoice_that_was_altered_is_found_in_itself_and_against_its_plan() {
        let mut book = book();
        let issued = book.invoices.values_mut().find(|issued| issued.number == 542_300_001).unwrap();
        issued.invoice.total_ore += Ore(1);
        assert_eq!(
            findings(&book),
            [
                format!("invoice run {RUN}: its invoices come to 1000.05, and its plan to 1000.04"),
                "invoice 542300001: net and VAT come to 375.01, and its total to 375.02".to_owned(),
            ]
        );
    }

    #[test]
    fn lines_and_vat_that_do_not_come_to_the_sums_are_found() {
        let mut book = book();
        let issued = book.invoices.values_mut().find(|issued| issued.number == 542_300_002).unwrap();
        issued.invoice.lines[0].net_ore += Ore(100);
        issued.invoice.vat[0].net_ore += Ore(4);
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
        check.shares("Kostnad 1", &shared, Some(Ore(80_003)));
        assert!(check.findings.is_empty());
        check.shares("Kostnad 1", &shared, Some(Ore(80_004)));
        assert_eq!(check.findings[0].what, "its shares come to 800.03, and the amount shared to 800.04");
    }
}
