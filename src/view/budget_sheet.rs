//! A budget sheet (budsjettark): a party's four-year table, complete in itself, so that every rendering prints the same.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::domain::apportionment::PartFault;
use crate::domain::assessment::{Certainty, Range};
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::party::{Figure, PartyKind};
use crate::domain::sharing_key::KeyError;

/// What a line is about, in the order lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A one-time cost, grants not taken off.
    OneTime,
    /// What grants take off one-time costs: negative.
    Grant,
    /// A yearly licence.
    Licence,
    /// The contract that is being replaced, on days when it alone is paid for.
    OldContract,
    /// The contract that is being replaced, on days when the new system is paid for too.
    DoubleCost,
}

/// The codes under which an amount is booked (KOSTRA), as they hold in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct KostraCodes {
    /// The function, such as 370 Bibliotek.
    pub function: String,
    /// The kind (art), such as 195.
    pub kind: String,
    /// The kind for VAT that is compensated, such as 429; none where VAT is not compensated.
    pub vat_kind: Option<String>,
}

/// A line in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BudgetCell {
    /// The year.
    pub year: i32,
    /// How sure the amount is; none where the line has nothing in the year.
    pub certainty: Option<Certainty>,
    /// The amount excluding VAT; none where it is unknown. Zero where the line has nothing in the year.
    pub net: Option<Range>,
    /// The VAT; none where the amount is unknown.
    pub vat: Option<Range>,
    /// The year the amount was carried over from.
    pub carried_from: Option<i32>,
    /// The year the amount was carried over to: nothing is left in this one.
    pub carried_to: Option<i32>,
    /// The codes it is booked under.
    pub kostra: KostraCodes,
}

/// A line over all years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BudgetLine {
    /// What it is known by: the kind and the id of what it is about.
    pub id: String,
    /// What it is about.
    pub kind: LineKind,
    /// What people call it.
    pub text: String,
    /// VAT in percent.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// One for each year of the sheet, in order.
    pub cells: Vec<BudgetCell>,
}

/// The sums of one year over all lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct YearTotal {
    /// The year.
    pub year: i32,
    /// Whether this is the budget year; the others are the plan.
    pub is_budget_year: bool,
    /// Whether a line is unknown, so that the sums below are not complete.
    pub contains_unknown: bool,
    /// The least certainty of all lines with something in the year; none where there is nothing.
    pub certainty: Option<Certainty>,
    /// The sum excluding VAT of what is known; none, like the sums below, where there is something and nothing of it is known.
    pub net: Option<Range>,
    /// VAT on it.
    pub vat: Option<Range>,
    /// Net and VAT.
    pub gross: Option<Range>,
    /// Whether the party's VAT is compensated: as it is on the first day of the year.
    pub vat_compensated: bool,
    /// VAT that is compensated; zero where the party is not compensated.
    pub vat_compensation: Option<Range>,
    /// What is left to bear after VAT compensation.
    pub after_compensation: Option<Range>,
    /// What is left to bear for each inhabitant, the nearest øre, half away from zero; none without a figure, or where nothing is
    /// known.
    pub per_inhabitant: Option<Range>,
    /// Likely amount to bear less that of the year before; none where either year contains an unknown, or where the year
    /// before the first one has nothing.
    pub change_from_year_before_ore: Option<Ore>,
    /// Likely amount to bear less a full year of the old system; none where either is unknown, where there is no old system,
    /// or where the party pays other old contracts than in the budget year.
    pub change_from_old_system_ore: Option<Ore>,
}

/// How complete a year's sums are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// There is nothing in the year.
    Nothing,
    /// There is something, and nobody knows how much.
    NothingKnown,
    /// Something is known and something is not.
    Partly,
    /// All is known.
    Complete,
}

impl YearTotal {
    /// How complete its sums are.
    #[must_use]
    pub fn completeness(&self) -> Completeness {
        match (self.certainty, self.contains_unknown, self.net) {
            (None, _, _) => Completeness::Nothing,
            (Some(_), false, _) => Completeness::Complete,
            (Some(_), true, None) => Completeness::NothingKnown,
            (Some(_), true, Some(_)) => Completeness::Partly,
        }
    }

    /// What is likely to bear, where all of it is known.
    #[must_use]
    pub fn likely_known(&self) -> Option<Ore> {
        self.after_compensation.filter(|_| !self.contains_unknown).map(|borne| borne.likely_ore)
    }
}

/// What the year before the first of a sheet came to, so that the first one too is seen beside the year before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum YearBefore {
    /// There is nothing in it.
    #[default]
    Nothing,
    /// It contains an unknown.
    Unknown,
    /// What was to bear.
    Borne {
        /// The likely amount.
        likely_ore: Ore,
    },
}

impl YearBefore {
    /// The likely amount to bear; none where it is unknown or nothing.
    #[must_use]
    pub fn borne(self) -> Option<Ore> {
        match self {
            Self::Nothing | Self::Unknown => None,
            Self::Borne { likely_ore } => Some(likely_ore),
        }
    }
}

/// An amount that was moved between years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CarryOver {
    /// What it is for.
    pub text: String,
    /// The year it stood in.
    pub from_year: i32,
    /// The year it stands in now.
    pub to_year: i32,
    /// The decision or letter.
    pub reference: String,
    /// The day.
    pub on: NaiveDate,
    /// The party's share excluding VAT, likely; none while unknown.
    pub net_ore: Option<Ore>,
}

/// Why an amount cannot be shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum CannotShare {
    /// Nobody takes part on the days it is for.
    NobodyTakesPart,
    /// No sharing key is proposed or adopted.
    NoKey,
    /// A party lacks a figure that the key shares by.
    FigureMissing {
        /// The party's number.
        party: String,
        /// What was to be counted.
        measure: String,
    },
    /// The key cannot be met.
    Key {
        /// Why, in English.
        fault: String,
        /// Why, for who says it in another language.
        #[serde(skip)]
        error: KeyError,
    },
}

impl From<&PartFault> for CannotShare {
    fn from(fault: &PartFault) -> Self {
        match fault {
            PartFault::NoMembers => Self::NobodyTakesPart,
            PartFault::NoKey => Self::NoKey,
            PartFault::Key(error) => key_reason(error),
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other fault of a key is told in its own words")]
fn key_reason(error: &KeyError) -> CannotShare {
    match error {
        KeyError::MissingMeasure { party, measure } => {
            CannotShare::FigureMissing { party: party.clone(), measure: measure.clone() }
        }
        other => CannotShare::Key { fault: other.to_string(), error: other.clone() },
    }
}

impl fmt::Display for CannotShare {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyTakesPart => formatter.write_str("nobody takes part"),
            Self::NoKey => formatter.write_str("no sharing key is proposed or adopted"),
            Self::FigureMissing { party, measure } => write!(formatter, "party {party} has no figure for {measure}"),
            Self::Key { fault, .. } => formatter.write_str(fault),
        }
    }
}

/// What a key cannot share, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotShared {
    /// What it was to share.
    pub text: String,
    /// Why not.
    pub reason: CannotShare,
}

impl fmt::Display for NotShared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.text, self.reason)
    }
}

impl Serialize for NotShared {
    /// Programs are told it as a sentence.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A notice for the reader that belongs to the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum SheetNote {
    /// The shares rest on a key that is proposed, not adopted.
    KeyNotAdopted {
        /// The key.
        key: String,
    },
    /// The key cannot share the amount among those that take part.
    KeyCannotShare {
        /// What it was to share.
        text: String,
        /// Why not.
        reason: CannotShare,
    },
    /// The price follows an index that is not published: the amounts of the year and of those after it are estimates.
    IndexNotPublished {
        /// The licence.
        text: String,
        /// The first such year.
        year: i32,
    },
    /// The old contract must be given notice by this day, or both systems are paid.
    GiveNoticeBy {
        /// The old system.
        system: String,
        /// The last day to give notice.
        last_day: NaiveDate,
    },
    /// Both systems are paid for some days.
    DoubleCost {
        /// The old system.
        system: String,
        /// The year.
        year: i32,
        /// How many days.
        days: i64,
    },
    /// The party holds an option and bears nothing until it exercises it.
    OptionNotExercised,
}

impl SheetNote {
    /// What a key cannot share and why, where that is what the note says.
    #[must_use]
    pub fn key_fault(&self) -> Option<NotShared> {
        match self {
            Self::KeyCannotShare { text, reason } => Some(NotShared { text: text.clone(), reason: reason.clone() }),
            Self::KeyNotAdopted { .. }
            | Self::IndexNotPublished { .. }
            | Self::GiveNoticeBy { .. }
            | Self::DoubleCost { .. }
            | Self::OptionNotExercised => None,
        }
    }
}

/// A party's four-year table: year one is the budget, the rest the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BudgetSheet {
    /// The procurement.
    pub procurement: ProcurementId,
    /// What people call it.
    pub procurement_name: String,
    /// Whether its amounts are invented for illustration: every rendering says so.
    pub illustrative: bool,
    /// The party.
    pub party: PartyId,
    /// What it is.
    pub party_kind: PartyKind,
    /// Its names in their official order: "Kárášjohka - Karasjok".
    pub party_name: String,
    /// Its municipality or county number.
    pub party_number: Option<String>,
    /// Its organisation number, where it has one.
    pub organisation_number: Option<String>,
    /// Whether its VAT is compensated in the budget year.
    pub vat_compensated: bool,
    /// What was known on this day.
    pub as_of: NaiveDate,
    /// The years, the budget year first.
    pub years: Vec<i32>,
    /// The inhabitants that amounts per inhabitant rest on.
    pub inhabitants: Option<Figure>,
    /// What the year before the first came to.
    pub year_before: YearBefore,
    /// A full year of the old system as it is in the budget year, excluding VAT; none where unknown or there is none.
    pub old_system_yearly_ore: Option<Ore>,
    /// Whether there is an old system and nobody knows what a year of it costs.
    pub old_system_is_unknown: bool,
    /// The lines by kind and name.
    pub lines: Vec<BudgetLine>,
    /// One for each year, in order.
    pub totals: Vec<YearTotal>,
    /// Amounts moved between years, oldest first.
    pub carried_over: Vec<CarryOver>,
    /// What the reader must know.
    pub notes: Vec<SheetNote>,
}
