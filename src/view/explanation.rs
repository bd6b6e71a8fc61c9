//! Where a figure of a budget sheet comes from: the apportionment itself, printed, not a second computation.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::book::Book;
use super::budget::{Wanted, budget_sheet};
use super::budget_sheet::{BudgetLine, LineKind};
use super::new_system::{LicencePaid, new_system_in};
use super::shares::Amount;
use crate::domain::agreement::{Agreement, AgreementEvent};
use crate::domain::apportionment::{Apportionment, Grants, Part, Shared};
use crate::domain::assessment::{Certainty, Range, Statement};
use crate::domain::calendar::{Period, day_after};
use crate::domain::cost::{Granted, Moved, WithdrawnGrant};
use crate::domain::double_cost::old_system_during;
use crate::domain::event::{Event, StreamKind};
use crate::domain::identity::{CostId, LegacyId, LicenceId, PartyId, SharingKeyId};
use crate::domain::key_adoption::KeyEvent;
use crate::domain::licence::Indexed;
use crate::domain::money::Ore;
use crate::domain::participants::Origin;
use crate::domain::party::{Figure, PartyEvent};
use crate::domain::sharing_key::{Division, Step};
use crate::domain::signup::SignupEvent;

/// The key that an amount was shared by.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct KeyExplained {
    /// The key.
    pub sharing_key: SharingKeyId,
    /// What people call it.
    pub name: String,
    /// The day its figures are taken from.
    pub population_date: NaiveDate,
    /// Whether it is adopted, or only proposed.
    pub adopted: bool,
}

/// A figure of the party that the key used.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FigureExplained {
    /// What was counted.
    pub measure: String,
    /// How many, when, by whom.
    pub figure: Figure,
    /// The sum over all that share.
    #[schema(value_type = String)]
    pub sum: Decimal,
    /// Of whom it was counted, where that was others than the party alone: those that became it, whole or in part.
    pub origins: Vec<OriginExplained>,
}

/// What was counted of one that became the party, or of the party itself before it took others in.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OriginExplained {
    /// Of whom it was counted.
    pub party: PartyId,
    /// Its names.
    pub party_name: String,
    /// How many, when, by whom.
    pub figure: Figure,
    /// How much of it counts.
    #[schema(value_type = String)]
    pub percent: Decimal,
    /// What that comes to.
    #[schema(value_type = String)]
    pub counts: Decimal,
    /// Who became others on which days, so that it counts.
    pub became: Vec<BecameOther>,
}

/// A party that was followed by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BecameOther {
    /// The party.
    pub party: PartyId,
    /// The day.
    pub on: NaiveDate,
}

/// The party's share of the low, likely or high amount, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ShareSteps {
    /// The amount shared among all.
    pub amount_ore: Ore,
    /// The steps.
    pub steps: Vec<Step>,
    /// What they come to; of a tariff, whose steps are a year's prices, by the days of the part.
    pub share_ore: Ore,
}

/// The days between two changes of members or key.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PartExplained {
    /// The days.
    pub period: Period,
    /// How many days.
    pub days: i64,
    /// How many days the year has.
    pub days_of_year: i64,
    /// Their part of the amount; none while it is unknown.
    pub amount: Option<Range>,
    /// The key; none where the party bears all.
    pub key: Option<KeyExplained>,
    /// How many share it.
    pub members_count: usize,
    /// The party's figures that the key used.
    pub figures: Vec<FigureExplained>,
    /// The shares of low, likely and high, in this order; one where they are equal; none where unknown or direct.
    pub shares: Vec<ShareSteps>,
    /// The party's share; none while it is unknown.
    pub share: Option<Range>,
}

/// What a figure rests on.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Reasons {
    /// A one-time cost, or what grants take off it.
    Cost {
        /// What was said of the amount, oldest first; the last is in force.
        statements: Vec<Statement>,
        /// What grants take off before it is shared.
        grants: Vec<Granted>,
        /// The grants that take nothing off any more.
        withdrawn_grants: Vec<WithdrawnGrant>,
        /// The moves between years.
        moves: Vec<Moved>,
        /// How the whole cost was shared.
        whole: Vec<PartExplained>,
        /// How the rest after grants was shared: what the party pays.
        after_grants: Vec<PartExplained>,
    },
    /// A yearly licence.
    Licence {
        /// What was said of the price of a year, oldest first; the last is in force.
        statements: Vec<Statement>,
        /// The factors of the year, oldest first: the price is the unrounded base times all of them.
        factors: Vec<Indexed>,
        /// The price of a whole year; none while it is unknown.
        price: Option<Range>,
        /// How the days paid for were shared.
        parts: Vec<PartExplained>,
    },
    /// The contract being replaced.
    Legacy {
        /// The cost of a year excluding VAT; none while it is unknown.
        yearly_cost_ore: Option<Ore>,
        /// The licences of the new system that the party shares in the year, with the days of each.
        licences: Vec<LicencePaid>,
        /// The first day on the new system, as known or wished, where no licence says from when that is paid for.
        go_live: Option<NaiveDate>,
        /// Days of the year that are paid for.
        paid_days: i64,
        /// Those of them on which the new system is paid for too.
        double_days: i64,
        /// How many days the year has.
        days_of_year: i64,
    },
}

/// An event that a figure rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EventReference {
    /// Its place in the log.
    pub position: u64,
    /// Its stable name.
    pub event_type: String,
    /// The stream it belongs to.
    pub stream: String,
    /// The day it was recorded, in Norway.
    pub recorded_on: NaiveDate,
}

/// A figure explained.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// The party's names.
    pub party_name: String,
    /// The year.
    pub year: i32,
    /// The line's id in the sheet.
    pub line: String,
    /// What the line is about.
    pub kind: LineKind,
    /// What people call it.
    pub text: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// The figure excluding VAT; none while it is unknown.
    pub net: Option<Range>,
    /// What it rests on.
    pub reasons: Reasons,
    /// The events it rests on, oldest first. Filled in from the log by the caller.
    pub events: Vec<EventReference>,
}

impl Explanation {
    /// The streams whose events the figure rests on.
    #[must_use]
    pub fn streams(&self, book: &Book, wanted: Wanted) -> Vec<(StreamKind, Uuid)> {
        let mut streams = match &self.reasons {
            Reasons::Cost { .. } | Reasons::Licence { .. } => self.agreements(book, wanted),
            Reasons::Legacy { licences, go_live: None, .. } if licences.is_empty() => Vec::new(),
            // What says from when both are paid.
            Reasons::Legacy { licences, go_live: None, .. } => {
                let licences = licences.iter().map(|paid| (StreamKind::Licence, paid.licence.0));
                self.agreements(book, wanted).into_iter().chain(licences).collect()
            }
            Reasons::Legacy { go_live: Some(_), .. } => {
                let parties = book.with_those_before(wanted.party).into_iter();
                let signups = parties.flat_map(|party| book.signups_by(wanted.procurement, party));
                signups.map(|(id, _)| (StreamKind::Signup, id.0)).collect()
            }
        };
        if let Some((kind, id)) = stream_of(&self.line) {
            streams.push((kind, id));
        }
        for key in self.parts().iter().filter_map(|part| part.key.as_ref()) {
            streams.push((StreamKind::SharingKey, key.sharing_key.0));
        }
        streams.push((StreamKind::Party, wanted.party.0));
        let origins = self.figures().flat_map(|figure| &figure.origins);
        let parties = origins.flat_map(|origin| origin.became.iter().map(|became| became.party).chain([origin.party]));
        streams.extend(parties.map(|party| (StreamKind::Party, party.0)));
        streams.sort_unstable();
        streams.dedup();
        streams
    }
}

impl Explanation {
    /// The party's own agreements, and those by which somebody came or went within the year, so that it is cut there. Not
    /// those of all others that share it: hundreds of streams for each line, which say no more than how many share.
    fn agreements(&self, book: &Book, wanted: Wanted) -> Vec<(StreamKind, Uuid)> {
        let own = book.agreements_of(wanted.procurement, wanted.party).into_iter().map(|(id, _)| id);
        let cuts: Vec<NaiveDate> = self.parts().iter().skip(1).map(|part| part.period.first).collect();
        let is_cut = |agreement: &Agreement| {
            let changes = [agreement.member_from, agreement.last_day.map(day_after)];
            agreement.drafted.as_ref().is_some_and(|drafted| drafted.procurement == wanted.procurement)
                && changes.into_iter().flatten().any(|day| cuts.contains(&day))
        };
        let of_others = book.agreements.iter().filter(|(_, agreement)| !cuts.is_empty() && is_cut(agreement));
        own.chain(of_others.map(|(id, _)| *id)).map(|id| (StreamKind::Agreement, id.0)).collect()
    }
}

impl Explanation {
    /// Whether the figure rests on an event of one of its streams: of what was counted of the party, only on what the key used.
    #[must_use]
    pub fn rests_on(&self, event: &Event) -> bool {
        let event = match event {
            Event::Party(event) => event,
            Event::Signup(event) => return says_when_it_goes_live(event),
            Event::Agreement(event) => return says_who_takes_part(event),
            Event::SharingKey(event) => return says_how_it_is_shared(event),
            Event::Procurement(_)
            | Event::Legacy(_)
            | Event::Cost(_)
            | Event::Licence(_)
            | Event::InvoiceRun(_)
            | Event::Series(_)
            | Event::Delivery(_)
            | Event::Payments(_)
            | Event::Access(_)
            | Event::Work(_) => return true,
        };
        self.rests_on_party(event)
    }

    fn rests_on_party(&self, event: &PartyEvent) -> bool {
        let became = |on: NaiveDate| {
            let origins = self.figures().flat_map(|figure| &figure.origins);
            origins.flat_map(|origin| &origin.became).any(|became| became.on == on)
        };
        match event {
            PartyEvent::Measured(measured) => self.figures().any(|used| {
                let is_measured = |figure: &Figure| figure.on == measured.on && figure.source == measured.source;
                let of_origins = used.origins.iter().any(|origin| is_measured(&origin.figure));
                used.measure == measured.measure && (is_measured(&used.figure) || of_origins)
            }),
            PartyEvent::Merged(merged) => became(merged.on),
            PartyEvent::Split(split) => became(split.on),
            PartyEvent::Registered(_)
            | PartyEvent::Numbered(_)
            | PartyEvent::Named(_)
            | PartyEvent::Succeeded(_)
            | PartyEvent::WrittenFormChosen(_)
            | PartyEvent::SamiLanguageAreaSet(_)
            | PartyEvent::ContactNamed(_)
            | PartyEvent::BuyerReferenceSet(_)
            | PartyEvent::RegisterEntryStated(_)
            | PartyEvent::InvoiceReferencesSet(_)
            | PartyEvent::VatCompensationSet(_) => false,
        }
    }

    fn figures(&self) -> impl Iterator<Item = &FigureExplained> {
        self.parts().iter().flat_map(|part| &part.figures)
    }

    fn parts(&self) -> &[PartExplained] {
        match &self.reasons {
            Reasons::Cost { after_grants, .. } => after_grants,
            Reasons::Licence { parts, .. } => parts,
            Reasons::Legacy { .. } => &[],
        }
    }
}

/// Whether a figure of the old system rests on what happened to a library.
fn says_when_it_goes_live(event: &SignupEvent) -> bool {
    match event {
        SignupEvent::SignedUp(_)
        | SignupEvent::OptionExercised(_)
        | SignupEvent::GoLiveWished(_)
        | SignupEvent::WentLive(_)
        | SignupEvent::GoLiveCorrected(_)
        | SignupEvent::Withdrawn(_) => true,
        SignupEvent::SharedBaseChosen(_)
        | SignupEvent::SharedCatalogueChosen(_)
        | SignupEvent::ReadinessDueSet(_)
        | SignupEvent::ReadinessTicked(_)
        | SignupEvent::ReadinessReopened(_) => false,
    }
}

/// Whether a shared figure rests on what happened to an agreement.
fn says_who_takes_part(event: &AgreementEvent) -> bool {
    match event {
        AgreementEvent::Drafted(_)
        | AgreementEvent::Signed(_)
        | AgreementEvent::Activated(_)
        | AgreementEvent::OptionExercised(_)
        | AgreementEvent::NoticeGiven(_)
        | AgreementEvent::NoticeWithdrawn(_)
        | AgreementEvent::Ended(_)
        | AgreementEvent::Amended(_) => true,
        AgreementEvent::Sent(_) | AgreementEvent::Passed(_) | AgreementEvent::CopyKept(_) => false,
    }
}

/// Whether a shared figure rests on what happened to a key. No figure rests on what is only tried in its place, and not everybody
/// may know of that.
fn says_how_it_is_shared(event: &KeyEvent) -> bool {
    match event {
        KeyEvent::Proposed(_) | KeyEvent::Adopted(_) => true,
        KeyEvent::ProposalSaved(_) | KeyEvent::HearingOpened(_) | KeyEvent::HearingAnswered(_) => false,
    }
}

fn stream_of(line: &str) -> Option<(StreamKind, Uuid)> {
    let (prefix, id) = line.split_once('-')?;
    let kind = match prefix {
        "cost" | "grant" => StreamKind::Cost,
        "licence" => StreamKind::Licence,
        "legacy" | "double" => StreamKind::Legacy,
        _ => return None,
    };
    id.parse().ok().map(|id| (kind, id))
}

/// The explanations of all figures of a party's sheet in `year`, or of one line. Lines with nothing in the year have none.
#[must_use]
pub fn explanations(book: &Book, wanted: Wanted, year: i32, line: Option<&str>) -> Vec<Explanation> {
    let of_year = Wanted { first_year: year, years_count: 1, ..wanted };
    let Some(sheet) = budget_sheet(book, of_year) else { return Vec::new() };
    sheet
        .lines
        .iter()
        .filter(|known| line.is_none_or(|line| known.id == line))
        .filter_map(|line| explanation(book, of_year, &sheet.party_name, line))
        .collect()
}

fn explanation(book: &Book, wanted: Wanted, party_name: &str, line: &BudgetLine) -> Option<Explanation> {
    let cell = line.cells.first()?;
    let certainty = cell.certainty?;
    let (kind, id) = stream_of(&line.id)?;
    let reasons = match kind {
        StreamKind::Cost => cost_reasons(book, wanted, CostId(id))?,
        StreamKind::Licence => licence_reasons(book, wanted, LicenceId(id))?,
        StreamKind::Legacy => legacy_reasons(book, wanted, LegacyId(id))?,
        StreamKind::Party
        | StreamKind::Procurement
        | StreamKind::Agreement
        | StreamKind::Signup
        | StreamKind::SharingKey
        | StreamKind::InvoiceRun
        | StreamKind::Series
        | StreamKind::Delivery
        | StreamKind::Payments
        | StreamKind::Access
        | StreamKind::Work => return None,
    };
    Some(Explanation {
        party_name: party_name.to_owned(),
        year: cell.year,
        line: line.id.clone(),
        kind: line.kind,
        text: line.text.clone(),
        certainty,
        net: cell.net,
        reasons,
        events: Vec::new(),
    })
}

fn cost_reasons(book: &Book, wanted: Wanted, id: CostId) -> Option<Reasons> {
    let cost = book.costs.get(&id)?;
    let apportioner = book.apportioner(wanted.procurement);
    let parts = |grants| {
        let shared = book.shares.whole(Amount::Cost(id, grants), || apportioner.cost(cost, grants));
        shared.map(|shared| parts_explained(book, &shared, wanted)).unwrap_or_default()
    };
    Some(Reasons::Cost {
        statements: cost.statements.clone(),
        grants: cost.grants.clone(),
        withdrawn_grants: cost.withdrawn_grants.clone(),
        moves: cost.moves.clone(),
        whole: parts(Grants::LeftOn),
        after_grants: parts(Grants::TakenOff),
    })
}

fn licence_reasons(book: &Book, wanted: Wanted, id: LicenceId) -> Option<Reasons> {
    let licence = book.licences.get(&id)?;
    let year = wanted.first_year;
    let amount = Amount::Licence(id, year);
    let shared = book.shares.whole(amount, || book.apportioner(wanted.procurement).licence(licence, year))?;
    Some(Reasons::Licence {
        statements: licence.statements_for(year).cloned().collect(),
        factors: licence.factors_for(year).cloned().collect(),
        price: licence.price_for(year),
        parts: parts_explained(book, &shared, wanted),
    })
}

fn legacy_reasons(book: &Book, wanted: Wanted, id: LegacyId) -> Option<Reasons> {
    let legacy = book.legacies.get(&id)?;
    let year = Period::year(wanted.first_year);
    let borne = book.legacies_during(wanted.procurement, wanted.party, year).into_iter();
    let (_, _, borne) = borne.into_iter().find(|(known, _, _)| *known == id)?;
    let new_system = new_system_in(book, wanted, legacy, wanted.first_year);
    let of_year = old_system_during(legacy, borne, &new_system.days);
    Some(Reasons::Legacy {
        yearly_cost_ore: legacy.yearly_cost_ore,
        licences: new_system.licences,
        go_live: new_system.go_live.map(|go_live| go_live.on),
        paid_days: of_year.paid_days,
        double_days: of_year.double_days,
        days_of_year: Period::year(wanted.first_year).days(),
    })
}

fn parts_explained(book: &Book, shared: &Apportionment, wanted: Wanted) -> Vec<PartExplained> {
    shared
        .parts
        .iter()
        .filter_map(|part| {
            let share = part.share_of(wanted.party)?;
            Some(part_explained(book, part, share, wanted))
        })
        .collect()
}

fn origin_explained(book: &Book, origin: &Origin, wanted: Wanted) -> OriginExplained {
    let known = book.parties.get(&origin.party);
    OriginExplained {
        party: origin.party,
        party_name: known.map(|party| party.full_name_on(wanted.as_of)).unwrap_or_default(),
        figure: origin.figure.clone(),
        percent: origin.percent,
        counts: origin.counts(),
        became: origin.became.iter().map(|(party, on)| BecameOther { party: *party, on: *on }).collect(),
    }
}

fn part_explained(book: &Book, part: &Part, share: Option<Range>, wanted: Wanted) -> PartExplained {
    let member = part.members.iter().position(|member| member.party == wanted.party);
    let figures = member.and_then(|index| part.members.get(index)).map(|member| {
        member
            .figures
            .iter()
            .map(|(measure, figure)| FigureExplained {
                measure: measure.clone(),
                figure: figure.clone(),
                sum: part
                    .members
                    .iter()
                    .filter_map(|other| other.figures.get(measure))
                    .map(|figure| figure.value)
                    .sum(),
                origins: member
                    .origins
                    .get(measure)
                    .into_iter()
                    .flatten()
                    .map(|origin| origin_explained(book, origin, wanted))
                    .collect(),
            })
            .collect()
    });
    let steps = |division: &Division| {
        let share = division.shares.get(member?)?;
        Some(ShareSteps { amount_ore: division.total, steps: share.steps.clone(), share_ore: share.amount })
    };
    let shares = match &part.shared {
        Shared::ByKey { low, likely, high } if low == likely && likely == high => steps(likely).into_iter().collect(),
        Shared::ByKey { low, likely, high } => [low, likely, high].into_iter().filter_map(steps).collect(),
        Shared::Direct(_) | Shared::Unknown | Shared::Not(_) => Vec::new(),
    };
    PartExplained {
        period: part.period,
        days: part.period.days(),
        days_of_year: Period::year(wanted.first_year).days(),
        amount: part.amount,
        key: part.key.as_ref().map(|key| KeyExplained {
            sharing_key: key.sharing_key,
            name: key.definition.name().to_owned(),
            population_date: key.population_date,
            adopted: key.adopted,
        }),
        members_count: part.members.len().max(1),
        figures: figures.unwrap_or_default(),
        shares,
        share,
    }
}
