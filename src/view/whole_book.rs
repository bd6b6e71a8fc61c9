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
