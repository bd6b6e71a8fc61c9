//! Who was asked for more than its share, of all that was invoiced.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use super::portions::Planner;
use super::settlement::{Settlement, planner, settled_by, wanted};
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::vat::Subject;
use crate::view::book::Book;

/// What somebody was invoiced of a cost or licence of a year above its share of it, and was not credited yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OwedBack {
    /// What it was invoiced for.
    pub subject: Subject,
    /// What people call it.
    pub name: String,
    /// The year.
    pub year: i32,
    /// Who.
    pub party: PartyId,
    /// Its name.
    pub party_name: String,
    /// How much, output VAT left out.
    pub amount_ore: Ore,
    /// Whether the supplier's VAT is passed on, and is part of that.
    pub with_supplier_vat: bool,
}

/// What everybody is owed back by settlement on a day, of all that was invoiced. It is no fault: the difference is credited when
/// somebody settles.
#[must_use]
pub fn owed_back(book: &Book, on: NaiveDate) -> Vec<OwedBack> {
    let lines = book.invoices.values().flat_map(|issued| &issued.invoice.lines);
    let invoiced: BTreeSet<(Subject, i32)> = lines
        .filter_map(|line| match line.subject {
            Subject::Cost { cost } => Some((line.subject, book.costs.get(&cost)?.year)),
            Subject::Licence { .. } => Some((line.subject, line.period?.first.year())),
        })
        .collect();
    // A planner looks through all invoices: there is one for each procurement and year of which something was invoiced.
    let mut together: BTreeMap<(ProcurementId, i32), Vec<Subject>> = BTreeMap::new();
    for (subject, year) in invoiced {
        let Some(procurement) = procurement_of(book, subject) else { continue };
        together.entry((procurement, year)).or_default().push(subject);
    }
    let mut owed_back: Vec<OwedBack> = Vec::new();
    for ((procurement, year), subjects) in together {
        let wanted = wanted(book, procurement, year, on);
        let planner = planner(book, &wanted);
        owed_back.extend(subjects.into_iter().flat_map(|subject| owed_back_of(&planner, subject, year)));
    }
    owed_back.sort_by_key(|owed| (owed.subject, owed.year));
    owed_back
}

fn owed_back_of(planner: &Planner<'_>, subject: Subject, year: i32) -> Vec<OwedBack> {
    let Ok(Settlement { name, parts, passed_on_vat_ore, .. }) = settled_by(planner, subject) else { return Vec::new() };
    let too_much = parts.into_iter().filter(|part| part.to_credit() > Ore::ZERO);
    let owed_back = too_much.map(|part| OwedBack {
        subject,
        name: name.clone(),
        year,
        party: part.party,
        amount_ore: part.to_credit(),
        with_supplier_vat: passed_on_vat_ore.is_some(),
        party_name: part.name,
    });
    owed_back.collect()
}

fn procurement_of(book: &Book, subject: Subject) -> Option<ProcurementId> {
    match subject {
        Subject::Cost { cost } => Some(book.costs.get(&cost)?.recorded.as_ref()?.procurement),
        Subject::Licence { licence } => Some(book.licences.get(&licence)?.recorded.as_ref()?.procurement),
    }
}
