//! Whether the whole book adds up: what must hold for every cost, licence, run and series.

use serde::Serialize;

use super::book::Book;
use crate::domain::apportionment::{Apportionment, Grants};
use crate::domain::invoice_run::InvoiceRun;
use crate::domain::money::Ore;

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
                check.shares(&recorded.name, &shared);
            }
        }
        for (_, licence) in book.licences_of(*procurement) {
            let Some(recorded) = &licence.recorded else { continue };
            let Some((starts, _)) = licence.days else { continue };
            let first_year = chrono::Datelike::year(&starts);
            for shared in (first_year..first_year + 4).filter_map(|year| apportioner.licence(licence, year)) {
                check.shares(&format!("{} {}", recorded.name, shared.year), &shared);
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

    /// The shares of each part against the part's amount, and no share against a party without weight.
    fn shares(&mut self, about: &str, shared: &Apportionment) {
        self.amounts_count += 1;
        for part in &shared.parts {
            let Some((shares, amount)) = part.likely_sums() else { continue };
            self.equal(about, "its shares", shares, "the amount shared", amount);
        }
    }
}
