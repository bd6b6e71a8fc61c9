//! A plan beside what was invoiced for the same days of the year before.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;

use super::book::Book;
use crate::domain::calendar::Period;
use crate::domain::credit_note::{CreditNoteIssued, credited_by_line};
use crate::domain::identity::{InvoiceRunId, PartyId};
use crate::domain::money::Ore;
use crate::domain::series::Issued;

/// A participant's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ComparedParticipant {
    /// Who pays.
    pub party: PartyId,
    /// Its number on the invoice date, where there is one.
    pub number: Option<String>,
    /// Its name on the invoice date.
    pub name: String,
    /// What the plan asks for, with VAT.
    pub planned_ore: Ore,
    /// What other runs invoiced for these days, with VAT, credit notes taken off.
    pub invoiced_ore: Ore,
    /// What was invoiced for the same days of the year before, with VAT, credit notes taken off. Of a run for more days that
    /// is a licence's part by days, and one-time costs where its first day is among them.
    pub last_year_ore: Ore,
    /// This year more than the year before.
    pub difference_ore: Ore,
}

/// A plan beside the year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RunComparison {
    /// The run.
    pub run: InvoiceRunId,
    /// The days that it is for.
    pub covers: Period,
    /// The same days of the year before.
    pub last_year: Period,
    /// Everybody that is invoiced by it, or was by the same issuer the year before; by number.
    pub participants: Vec<ComparedParticipant>,
    /// All that the plan asks for.
    pub planned_ore: Ore,
    /// All that other runs invoiced for these days.
    pub invoiced_ore: Ore,
    /// All that was invoiced the year before.
    pub last_year_ore: Ore,
    /// This year more than the year before.
    pub difference_ore: Ore,
}

#[derive(Default)]
struct Amounts {
    planned: Ore,
    invoiced: Ore,
    last_year: Ore,
    is_shown: bool,
}

/// The plan of a run beside the year before; none where the run is not planned. Who has become part of another counts with
/// it.
#[must_use]
pub fn beside_last_year(book: &Book, run: InvoiceRunId) -> Option<RunComparison> {
    let plan = &book.runs.get(&run)?.planned()?.plan;
    let last_year = year_before(plan.covers)?;
    let payer_of = |party: PartyId| book.bearer_on(party, plan.invoice_date);
    let mut amounts: BTreeMap<PartyId, Amounts> = BTreeMap::new();
    for invoice in &plan.invoices {
        let amounts = amounts.entry(payer_of(invoice.recipient.party)).or_default();
        amounts.planned += invoice.total_ore;
        amounts.is_shown = true;
    }
    for (_, of_run) in book.runs.iter().filter(|(id, _)| **id != run) {
        let Some(of_run) = of_run.planned().filter(|of_run| of_run.plan.procurement == plan.procurement) else {
            continue;
        };
        let of_days = of_run.plan.covers;
        let (is_now, was_last_year) = (plan.covers.encloses(of_days), last_year.intersection(of_days).is_some());
        if !is_now && !was_last_year {
            continue;
        }
        let of_plan = of_run.plan.invoices.iter();
        let issued = of_plan.filter_map(|planned| Some((planned.invoice, book.invoices.get(&planned.invoice)?)));
        for (id, issued) in issued {
            let notes = book.credit_notes_of(id);
            let left = issued.invoice.total_ore - notes.iter().map(|note| note.total_ore).sum();
            let amounts = amounts.entry(payer_of(issued.invoice.recipient.party)).or_default();
            if is_now {
                amounts.invoiced += left;
            } else {
                let is_within = last_year.encloses(of_days);
                amounts.last_year += if is_within { left } else { part_of(issued, notes, of_days, last_year) };
                amounts.is_shown |= issued.issuer.party == plan.issuer.party;
            }
        }
    }
    let mut participants: Vec<ComparedParticipant> = amounts
        .into_iter()
        .filter(|(_, amounts)| amounts.is_shown)
        .map(|(party, Amounts { planned, invoiced, last_year, .. })| {
            let known = book.parties.get(&party);
            ComparedParticipant {
                party,
                number: known.and_then(|known| known.number_on(plan.invoice_date)).map(str::to_owned),
                name: known.map(|known| known.full_name_on(plan.invoice_date)).unwrap_or_default(),
                planned_ore: planned,
                invoiced_ore: invoiced,
                last_year_ore: last_year,
                difference_ore: planned + invoiced - last_year,
            }
        })
        .collect();
    participants
        .sort_by(|one, other| (&one.number, &one.name, one.party).cmp(&(&other.number, &other.name, other.party)));
    let sum = |of: fn(&ComparedParticipant) -> Ore| participants.iter().map(of).sum();
    Some(RunComparison {
        run,
        covers: plan.covers,
        last_year,
        planned_ore: sum(|participant| participant.planned_ore),
        invoiced_ore: sum(|participant| participant.invoiced_ore),
        last_year_ore: sum(|participant| participant.last_year_ore),
        difference_ore: sum(|participant| participant.difference_ore),
        participants,
    })
}

/// The part of an invoice of a run for more days than those looked at, with VAT: of a licence by days, and of a one-time cost
/// all where the run began in them, since it comes with the first invoice of its year.
fn part_of(issued: &Issued, notes: &[CreditNoteIssued], of_run: Period, looked_at: Period) -> Ore {
    let lines = issued.invoice.lines.iter().zip(credited_by_line(issued, notes));
    let parts = lines.map(|(line, (net_credited, vat_credited))| {
        let net = line.net_ore - net_credited;
        let left = net + net.percent(line.vat_percent) + line.passed_on_vat_ore.unwrap_or_default() - vat_credited;
        match line.days_shared() {
            Some(days) => {
                let days_looked_at = days.intersection(looked_at).map_or(0, Period::days);
                Ore::rounded(left.decimal() * Decimal::from(days_looked_at) / Decimal::from(days.days()))
            }
            None if looked_at.contains(of_run.first) => left,
            None => Ore::ZERO,
        }
    });
    parts.sum()
}

/// The same days of the year before; the last day of February where there is no 29th.
fn year_before(period: Period) -> Option<Period> {
    let before = |day: NaiveDate| {
        let year = day.year().checked_sub(1)?;
        day.with_year(year).or_else(|| day.pred_opt()?.with_year(year))
    };
    Period::between(before(period.first)?, before(period.last)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::PartOfYear;
    use crate::domain::identity::LicenceId;
    use crate::domain::invoice_run::InvoiceLine;
    use crate::domain::testing::invoices::{issued, line};
    use crate::domain::testing::{day, nth};
    use crate::domain::vat::Subject;

    #[test]
    fn of_a_run_for_the_year_a_half_has_its_days_of_licences_and_the_first_has_the_one_time_costs() {
        let year = Period::year(2023);
        let licence = Subject::Licence { licence: LicenceId(nth(3_001)) };
        let of_licence = InvoiceLine { subject: licence, period: Some(year), ..line(1, 36_500) };
        let invoice = issued(54, vec![of_licence, line(2, 1_000)]);
        let part = |half: PartOfYear| part_of(&invoice, &[], year, half.of(2023));
        assert_eq!(part(PartOfYear::FirstHalf), Ore(22_625 + 1_250)); // 181 of 365 days
        assert_eq!(part(PartOfYear::SecondHalf), Ore(23_000));
    }

    #[test]
    fn the_year_before_has_the_same_days() {
        let period = |first: &str, last: &str| Period { first: day(first), last: day(last) };
        assert_eq!(year_before(Period::year(2024)), Some(Period::year(2023)));
        assert_eq!(year_before(period("2024-02-01", "2024-02-29")), Some(period("2023-02-01", "2023-02-28")));
    }
}
