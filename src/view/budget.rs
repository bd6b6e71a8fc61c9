//! The budget sheet of a party, read from the book.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::book::Book;
use super::budget_sheet::{
    BudgetCell, BudgetLine, BudgetSheet, CarryOver, KostraCodes, LineKind, SheetNote, YearBefore, YearTotal,
};
use super::new_system::new_system_in;
use super::shares::{Amount, Shares};
use crate::domain::agreement::{Commitment, Phase};
use crate::domain::apportionment::{Apportioner, Grants};
use crate::domain::assessment::{Certainty, Range};
use crate::domain::calendar::{self, Period};
use crate::domain::cost::{Cost, Distribution};
use crate::domain::double_cost::old_system_during;
use crate::domain::identity::{CostId, LegacyId, LicenceId, PartyId, ProcurementId};
use crate::domain::kostra;
use crate::domain::legacy::Legacy;
use crate::domain::licence::Licence;
use crate::domain::money::Ore;
use crate::domain::party::{Figure, Party, PartyKind};

/// How many years a plan has (kommuneloven § 14-1: at least four).
const YEARS_USUAL: usize = 4;
/// The most years in one sheet.
pub const YEARS_MAX: usize = 10;

/// Which sheet is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The procurement.
    pub procurement: ProcurementId,
    /// The party.
    pub party: PartyId,
    /// The budget year: the first of the sheet.
    pub first_year: i32,
    /// How many years, at most [`YEARS_MAX`].
    pub years_count: usize,
    /// The day as of which the book was read.
    pub as_of: NaiveDate,
}

/// What a sheet is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Borne {
    /// All that the party bears.
    Whole,
    /// What is shared by a key alone.
    Shared,
}

/// Everything a line needs besides its amounts.
struct Context<'book> {
    book: &'book Book,
    wanted: Wanted,
    borne: Borne,
    years: Vec<i32>,
    party: &'book Party,
    kind: PartyKind,
}

/// What the reader must know beside the lines of a sheet.
#[derive(Default)]
struct Beside {
    carried_over: Vec<CarryOver>,
    notes: Vec<SheetNote>,
}

/// The sheet; none where the party or the procurement is not in the book.
#[must_use]
pub fn budget_sheet(book: &Book, wanted: Wanted) -> Option<BudgetSheet> {
    sheet(book, wanted, Borne::Whole)
}

/// The same without what the party bears alone: old contracts, and amounts that are not shared by a key.
#[must_use]
pub fn shared_sheet(book: &Book, wanted: Wanted) -> Option<BudgetSheet> {
    sheet(book, wanted, Borne::Shared)
}

fn sheet(book: &Book, wanted: Wanted, borne: Borne) -> Option<BudgetSheet> {
    let party = book.parties.get(&wanted.party)?;
    let registered = party.registered.as_ref()?;
    let opened = book.procurements.get(&wanted.procurement)?.opened.as_ref()?;
    let years: Vec<i32> = (wanted.first_year..).take(wanted.years_count.min(YEARS_MAX)).collect();
    let over = |years: Vec<i32>| Context { book, wanted, borne, years, party, kind: registered.kind };
    let context = over(years.clone());
    let mut beside = Beside::default();
    let lines = context.lines(&mut beside);
    let Beside { carried_over, mut notes } = beside;
    let year_before = over(vec![wanted.first_year.saturating_sub(1)]).whole_year_before();
    if context.holds_only_options() {
        notes.push(SheetNote::OptionNotExercised);
    }
    let inhabitants = party.figure_on("inhabitants", wanted.as_of).cloned();
    let contracts = context.contracts(wanted.first_year);
    let old_system_yearly_ore = old_system_yearly(&contracts);
    let totals = context.totals(&lines, inhabitants.as_ref(), year_before);
    Some(BudgetSheet {
        procurement: wanted.procurement,
        procurement_name: opened.name.clone(),
        illustrative: opened.illustrative,
        party: wanted.party,
        party_kind: registered.kind,
        party_name: party.full_name_on(wanted.as_of),
        party_number: party.number_on(wanted.as_of).map(str::to_owned),
        organisation_number: registered.organisation_number.clone(),
        vat_compensated: context.is_vat_compensated(wanted.first_year),
        as_of: wanted.as_of,
        years,
        inhabitants,
        year_before,
        old_system_yearly_ore,
        old_system_is_unknown: old_system_yearly_ore.is_none() && !contracts.is_empty(),
        lines,
        totals,
        carried_over,
        notes: without_repeats(notes),
    })
}

fn without_repeats(notes: Vec<SheetNote>) -> Vec<SheetNote> {
    let mut kept: Vec<SheetNote> = Vec::new();
    for note in notes {
        if !kept.contains(&note) {
            kept.push(note);
        }
    }
    kept
}

fn vat_of(net: Option<Range>, vat_percent: Decimal) -> Option<Range> {
    net.map(|net| net.map(|amount| amount.percent(vat_percent)))
}

/// The reader must know when shares rest on a proposal, or cannot be made at all.
fn note_key(shared: &Shares, text: &str, notes: &mut Vec<SheetNote>) {
    if let Some(fault) = &shared.fault {
        notes.push(SheetNote::KeyCannotShare { text: text.to_owned(), reason: fault.into() });
    }
    notes.extend(shared.proposed_keys.iter().map(|key| SheetNote::KeyNotAdopted { key: key.clone() }));
}

/// A full year of old contracts; none where the cost of one is unknown or there is none.
fn old_system_yearly(contracts: &[(LegacyId, &Legacy)]) -> Option<Ore> {
    if contracts.is_empty() {
        return None;
    }
    contracts.iter().try_fold(Ore::ZERO, |sum, (_, legacy)| legacy.yearly_cost_ore.map(|yearly| sum + yearly))
}

impl Context<'_> {
    /// The lines with something in one of the years, by kind and name.
    fn lines(&self, beside: &mut Beside) -> Vec<BudgetLine> {
        let procurement = self.wanted.procurement;
        let mut lines = Vec::new();
        for (id, cost) in self.book.costs_of(procurement) {
            self.add_cost(id, cost, &mut lines, beside);
        }
        for (id, licence) in self.book.licences_of(procurement) {
            lines.extend(self.licence_line(id, licence, &mut beside.notes));
        }
        for (id, legacy, days) in self.legacies() {
            self.add_legacy(&id.to_string(), legacy, days, &mut lines, &mut beside.notes);
        }
        lines.retain(|line| line.cells.iter().any(|cell| cell.certainty.is_some() || cell.carried_to.is_some()));
        lines.sort_by(|one, other| {
            one.kind.cmp(&other.kind).then_with(|| one.text.cmp(&other.text)).then_with(|| one.id.cmp(&other.id))
        });
        lines
    }

    /// The days of all its years.
    fn period(&self) -> Period {
        let last = self.years.last().copied().unwrap_or(self.wanted.first_year);
        let first = self.years.first().copied().unwrap_or(last);
        Period { first: calendar::first_day(first), last: calendar::last_day(last) }
    }

    /// What the one year of this context came to, as the year before a sheet's first.
    fn whole_year_before(&self) -> YearBefore {
        let lines = self.lines(&mut Beside::default());
        match self.totals(&lines, None, YearBefore::Nothing).first() {
            Some(total) if total.certainty.is_some() => {
                total.likely_known().map_or(YearBefore::Unknown, |likely_ore| YearBefore::Borne { likely_ore })
            }
            Some(_) | None => YearBefore::Nothing,
        }
    }

    /// The old contracts that the sheet is of, each with the days on which the party pays it.
    fn legacies(&self) -> Vec<(LegacyId, &Legacy, Period)> {
        match self.borne {
            Borne::Whole => self.book.legacies_during(self.wanted.procurement, self.wanted.party, self.period()),
            Borne::Shared => Vec::new(),
        }
    }

    /// Whether the sheet is of what is so distributed.
    fn counts(&self, distribution: &Distribution) -> bool {
        self.borne == Borne::Whole || distribution.is_shared()
    }

    /// Whether the VAT of a year's budget is compensated: as it is on the first day of the year.
    fn is_vat_compensated(&self, year: i32) -> bool {
        self.party.is_vat_compensated_on(Period::year(year).first)
    }

    fn kostra(&self, kind: LineKind, year: i32) -> KostraCodes {
        let code = match kind {
            LineKind::OneTime | LineKind::Grant => kostra::service_kind(year),
            LineKind::Licence | LineKind::OldContract | LineKind::DoubleCost => kostra::LICENCE_KIND,
        };
        KostraCodes {
            function: kostra::library_function(self.kind).to_owned(),
            kind: code.to_owned(),
            vat_kind: self.is_vat_compensated(year).then(|| kostra::COMPENSATED_VAT_KIND.to_owned()),
        }
    }

    /// A cell with something in it: an amount, or none while it is unknown.
    fn cell(&self, kind: LineKind, year: i32, net: Option<Range>, certainty: Certainty, vat: Decimal) -> BudgetCell {
        BudgetCell {
            year,
            certainty: Some(if net.is_none() { Certainty::Unknown } else { certainty }),
            net,
            vat: vat_of(net, vat),
            carried_from: None,
            carried_to: None,
            kostra: self.kostra(kind, year),
        }
    }

    fn empty_cell(&self, kind: LineKind, year: i32) -> BudgetCell {
        BudgetCell {
            year,
            certainty: None,
            net: Some(Range::default()),
            vat: Some(Range::default()),
            carried_from: None,
            carried_to: None,
            kostra: self.kostra(kind, year),
        }
    }

    /// Asked where a share is not worked out yet.
    fn apportioner(&self) -> Apportioner<'_> {
        self.book.apportioner(self.wanted.procurement)
    }

    /// What everybody bears of a cost.
    fn shares_of_cost(&self, id: CostId, cost: &Cost, grants: Grants) -> Option<Arc<Shares>> {
        self.book.shares.of(Amount::Cost(id, grants), || self.apportioner().cost(cost, grants))
    }

    fn add_cost(&self, id: CostId, cost: &Cost, lines: &mut Vec<BudgetLine>, beside: &mut Beside) {
        let Some(recorded) = cost.recorded.as_ref().filter(|known| self.counts(&known.distribution)) else { return };
        let Some(whole) = self.shares_of_cost(id, cost, Grants::LeftOn) else { return };
        let Some(share) = whole.share_of(self.wanted.party) else { return };
        note_key(&whole, &recorded.name, &mut beside.notes);
        let line = |kind: LineKind, net: Option<Range>| BudgetLine {
            id: format!("{}-{id}", if kind == LineKind::Grant { "grant" } else { "cost" }),
            kind,
            text: recorded.name.clone(),
            vat_percent: recorded.vat_percent,
            cells: self
                .years
                .iter()
                .map(|year| {
                    let mut cell = if *year == cost.year {
                        self.cell(kind, *year, net, whole.certainty, recorded.vat_percent)
                    } else {
                        self.empty_cell(kind, *year)
                    };
                    for moved in &cost.moves {
                        if moved.to_year == *year && *year == cost.year {
                            cell.carried_from = Some(moved.from_year);
                        }
                        if moved.from_year == *year && *year != cost.year {
                            cell.carried_to = Some(moved.to_year);
                        }
                    }
                    cell
                })
                .collect(),
        };
        // What is of other years has no line.
        let is_of = |year: &i32| *year == cost.year || cost.moves.iter().any(|moved| moved.from_year == *year);
        let is_shown = self.years.iter().any(is_of);
        if is_shown {
            lines.push(line(LineKind::OneTime, share));
        }
        let paid = self.shares_of_cost(id, cost, Grants::TakenOff).and_then(|rest| rest.share_of(self.wanted.party));
        if is_shown && cost.granted() != Ore::ZERO {
            let taken_off = paid.flatten().zip(share).map(|(rest, whole)| Range {
                low_ore: rest.low_ore - whole.low_ore,
                likely_ore: rest.likely_ore - whole.likely_ore,
                high_ore: rest.high_ore - whole.high_ore,
            });
            lines.push(line(LineKind::Grant, taken_off));
        }
        beside.carried_over.extend(cost.moves.iter().map(|moved| CarryOver {
            text: recorded.name.clone(),
            from_year: moved.from_year,
            to_year: moved.to_year,
            reference: moved.reference.clone(),
            on: moved.on,
            net_ore: paid.flatten().map(|range| range.likely_ore),
        }));
    }

    fn licence_line(&self, id: LicenceId, licence: &Licence, notes: &mut Vec<SheetNote>) -> Option<BudgetLine> {
        let recorded = licence.recorded.as_ref().filter(|known| self.counts(&known.distribution))?;
        let share = |year: &i32| {
            let amount = Amount::Licence(id, *year);
            let shared = self.book.shares.of(amount, || self.apportioner().licence(licence, *year))?;
            note_key(&shared, &recorded.name, notes);
            shared.share_of(self.wanted.party).map(|net| (net, shared.certainty))
        };
        let shares: Vec<Option<(Option<Range>, Certainty)>> = self.years.iter().map(share).collect();
        let borne = self.years.iter().zip(&shares).filter(|(_, share)| share.is_some_and(|(net, _)| net.is_some()));
        let awaiting = borne.map(|(year, _)| *year).find(|year| licence.awaits_index(*year));
        notes.extend(awaiting.map(|year| SheetNote::IndexNotPublished { text: recorded.name.clone(), year }));
        // What is of other years has no line.
        if shares.iter().all(Option::is_none) {
            return None;
        }
        let cell = |(year, share): (&i32, Option<(Option<Range>, Certainty)>)| match share {
            Some((net, certainty)) => self.cell(LineKind::Licence, *year, net, certainty, recorded.vat_percent),
            None => self.empty_cell(LineKind::Licence, *year),
        };
        let cells = self.years.iter().zip(shares).map(cell).collect();
        Some(BudgetLine {
            id: format!("licence-{id}"),
            kind: LineKind::Licence,
            text: recorded.name.clone(),
            vat_percent: recorded.vat_percent,
            cells,
        })
    }

    fn add_legacy(
        &self,
        id: &str,
        legacy: &Legacy,
        days_borne: Period,
        lines: &mut Vec<BudgetLine>,
        notes: &mut Vec<SheetNote>,
    ) {
        let Some(recorded) = &legacy.recorded else { return };
        let of_year = |year: &i32| {
            let borne = Period::year(*year).intersection(days_borne)?;
            let new_system = new_system_in(self.book, self.wanted, legacy, *year);
            Some((old_system_during(legacy, borne, &new_system.days), new_system.is_agreed))
        };
        let of_years: Vec<_> = self.years.iter().map(|year| (*year, of_year(year))).collect();
        let line = |kind: LineKind| BudgetLine {
            id: format!("{}-{id}", if kind == LineKind::OldContract { "legacy" } else { "double" }),
            kind,
            text: recorded.system.clone(),
            vat_percent: recorded.vat_percent,
            cells: of_years
                .iter()
                .map(|(year, of_year)| {
                    let Some((of_year, is_agreed)) = of_year else { return self.empty_cell(kind, *year) };
                    let double = kind == LineKind::DoubleCost;
                    let days = if double { of_year.double_days } else { of_year.paid_days - of_year.double_days };
                    if days == 0 {
                        return self.empty_cell(kind, *year);
                    }
                    let amount =
                        of_year.amounts.map(|amounts| if double { amounts.double_ore } else { amounts.alone_ore });
                    let is_parted_by_a_plan = of_year.double_days > 0 && !is_agreed;
                    let certainty = if is_parted_by_a_plan { Certainty::Estimated } else { Certainty::Contracted };
                    self.cell(kind, *year, amount.map(Range::exactly), certainty, recorded.vat_percent)
                })
                .collect(),
        };
        lines.push(line(LineKind::OldContract));
        lines.push(line(LineKind::DoubleCost));
        for (year, of_year) in &of_years {
            let days = of_year.as_ref().map_or(0, |(of_year, _)| of_year.double_days);
            if days > 0 {
                notes.push(SheetNote::DoubleCost { system: recorded.system.clone(), year: *year, days });
            }
        }
        if legacy.last_day.is_none()
            && self.book.bearer_on(recorded.party, self.wanted.as_of) == self.wanted.party
            && let Some(last_day) = legacy.last_day_to_give_notice(self.wanted.as_of)
        {
            notes.push(SheetNote::GiveNoticeBy { system: recorded.system.clone(), last_day });
        }
    }

    /// Those that the party pays at the end of a year.
    fn contracts(&self, year: i32) -> Vec<(LegacyId, &Legacy)> {
        match self.borne {
            Borne::Whole => self.book.legacies_of(self.wanted.procurement, self.wanted.party, calendar::last_day(year)),
            Borne::Shared => Vec::new(),
        }
    }

    /// A full year of the old system as it is borne: with VAT where that is not compensated.
    fn old_system_borne(&self, contracts: &[(LegacyId, &Legacy)]) -> Option<Ore> {
        let net = old_system_yearly(contracts)?;
        let vat: Ore = contracts
            .iter()
            .filter_map(|(_, legacy)| Some(legacy.yearly_cost_ore?.percent(legacy.recorded.as_ref()?.vat_percent)))
            .sum();
        Some(if self.is_vat_compensated(self.wanted.first_year) { net } else { net + vat })
    }

    fn totals(
        &self,
        lines: &[BudgetLine],
        inhabitants: Option<&Figure>,
        mut year_before: YearBefore,
    ) -> Vec<YearTotal> {
        let of_budget_year = self.contracts(self.wanted.first_year);
        let old_system = self.old_system_borne(&of_budget_year);
        let mut totals: Vec<YearTotal> = Vec::new();
        for (index, year) in self.years.iter().enumerate() {
            let cells: Vec<&BudgetCell> = lines.iter().filter_map(|line| line.cells.get(index)).collect();
            let sum = |amount: fn(&BudgetCell) -> Option<Range>| {
                cells.iter().filter_map(|cell| amount(cell)).fold(Range::default(), Range::plus)
            };
            let net = sum(|cell| cell.net);
            let vat = sum(|cell| cell.vat);
            let gross = net.plus(vat);
            let contains_unknown = cells.iter().any(|cell| cell.net.is_none());
            let vat_compensated = self.is_vat_compensated(*year);
            let vat_compensation = if vat_compensated { vat } else { Range::default() };
            let after_compensation = if vat_compensated { net } else { gross };
            let per_inhabitant = inhabitants
                .filter(|figure| !figure.value.is_zero())
                .map(|figure| after_compensation.map(|amount| Ore::rounded(amount.decimal() / figure.value)));
            let something_known =
                !contains_unknown || cells.iter().any(|cell| cell.certainty.is_some() && cell.net.is_some());
            let as_known = |sum: Range| something_known.then_some(sum);
            let likely_ore = after_compensation.likely_ore;
            let change_from_year_before_ore =
                year_before.borne().filter(|_| !contains_unknown).map(|before| likely_ore - before);
            year_before = if contains_unknown { YearBefore::Unknown } else { YearBefore::Borne { likely_ore } };
            let change_from_old_system_ore = old_system
                .filter(|_| !contains_unknown && self.contracts(*year) == of_budget_year)
                .map(|old| likely_ore - old);
            totals.push(YearTotal {
                year: *year,
                is_budget_year: index == 0,
                contains_unknown,
                certainty: cells.iter().filter_map(|cell| cell.certainty).min(),
                net: as_known(net),
                vat: as_known(vat),
                gross: as_known(gross),
                vat_compensated,
                vat_compensation: as_known(vat_compensation),
                after_compensation: as_known(after_compensation),
                per_inhabitant: per_inhabitant.and_then(as_known),
                change_from_year_before_ore,
                change_from_old_system_ore,
            });
        }
        totals
    }

    /// Whether the party takes part by options alone.
    fn holds_only_options(&self) -> bool {
        let Wanted { procurement, party, as_of, .. } = self.wanted;
        let agreements = self.book.agreements_binding(procurement, party, as_of);
        let phases: BTreeSet<Phase> = agreements.iter().map(|(_, agreement)| agreement.phase).collect();
        self.party.exists_on(self.wanted.as_of)
            && !agreements.is_empty()
            && phases.iter().any(|phase| *phase != Phase::Ended)
            && agreements.iter().all(|(_, agreement)| agreement.commitment == Commitment::Option)
    }
}

/// The budget year that is being planned on a day, and the sheet's usual length.
#[must_use]
pub fn usual_years(as_of: NaiveDate) -> (i32, usize) {
    (calendar::budget_year_on(as_of), YEARS_USUAL)
}
