//! Old contracts (gammel avtale): the system being replaced, and the double cost while both are paid.

mod rule;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::{self, Period};
use crate::domain::identity::{LegacyId, PartyId, ProcurementId};
use crate::domain::money::Ore;

pub use rule::LegacyRejection;

/// How many years a contract is followed: more than the days taken span.
const RENEWALS_MAX: u32 = 400;

/// The contract became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Its id.
    pub legacy: LegacyId,
    /// The procurement that replaces it.
    pub procurement: ProcurementId,
    /// The party that pays.
    pub party: PartyId,
    /// The old system, such as Mikromarc.
    pub system: String,
    /// The cost of a year excluding VAT; none while it is unknown.
    pub yearly_cost_ore: Option<Ore>,
    /// VAT in percent.
    pub vat_percent: Decimal,
    /// The last day that is paid for. It goes on by a year at a time unless notice is given.
    pub paid_until: NaiveDate,
    /// Notice must be given this many months before `paid_until`.
    pub notice_months: u32,
}

/// The cost of a year was stated anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct YearlyCostStated {
    /// The cost of a year excluding VAT.
    pub yearly_cost_ore: Ore,
    /// Where it is from.
    pub source: String,
    /// The day.
    pub on: NaiveDate,
}

/// Notice was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeGiven {
    /// The day.
    pub on: NaiveDate,
    /// The last day that is paid for.
    pub last_day: NaiveDate,
}

/// The notice was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeWithdrawn {
    /// The day.
    pub on: NaiveDate,
}

/// The contract was extended to a day on which it then ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extended {
    /// The day of the extension.
    pub on: NaiveDate,
    /// The last day that is paid for.
    pub last_day: NaiveDate,
}

/// The last day was recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndCorrected {
    /// The last day that is paid for, in place of the one by the notice or the extension that is in force.
    pub last_day: NaiveDate,
    /// What was wrong.
    pub reason: String,
    /// The day of the correction.
    pub on: NaiveDate,
}

/// A step towards its end, or away from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Notice was given.
    NoticeGiven(NoticeGiven),
    /// The notice was withdrawn.
    NoticeWithdrawn(NoticeWithdrawn),
    /// It was extended.
    Extended(Extended),
    /// Its last day was recorded wrongly.
    EndCorrected(EndCorrected),
}

/// What has happened to an old contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegacyEvent {
    /// It became known.
    Recorded(Recorded),
    /// Its cost was stated anew.
    YearlyCostStated(YearlyCostStated),
    /// Notice was given.
    NoticeGiven(NoticeGiven),
    /// The notice was withdrawn.
    NoticeWithdrawn(NoticeWithdrawn),
    /// It was extended.
    Extended(Extended),
    /// Its last day was recorded wrongly.
    EndCorrected(EndCorrected),
}

/// What can be wished of an old contract. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum LegacyCommand {
    /// Make it known.
    Record {
        legacy: LegacyId,
        procurement: ProcurementId,
        party: PartyId,
        system: String,
        yearly_cost_ore: Option<Ore>,
        #[schema(value_type = String)]
        vat_percent: Decimal,
        paid_until: NaiveDate,
        notice_months: u32,
    },
    /// State its cost anew.
    StateYearlyCost { yearly_cost_ore: Ore, source: String, on: NaiveDate },
    /// Give notice.
    GiveNotice { on: NaiveDate, last_day: NaiveDate },
    /// Withdraw the notice.
    WithdrawNotice { on: NaiveDate },
    /// Extend it to a day on which it then ends.
    Extend { on: NaiveDate, last_day: NaiveDate },
    /// Put the right last day in the place of one that was recorded wrongly.
    CorrectEnd { last_day: NaiveDate, reason: String, on: NaiveDate },
}

/// An old contract as its events have made it. The default is one that is not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Legacy {
    /// Party, system, terms: none before it is recorded.
    pub recorded: Option<Recorded>,
    /// The cost of a year excluding VAT.
    pub yearly_cost_ore: Option<Ore>,
    /// How the cost was stated last, after it was recorded.
    pub cost_stated: Option<YearlyCostStated>,
    /// The notice in force.
    pub notice: Option<NoticeGiven>,
    /// The day a notice was withdrawn last.
    pub notice_withdrawn_on: Option<NaiveDate>,
    /// The extension in force, or that a withdrawn notice leads back to.
    pub extension: Option<Extended>,
    /// The last day that is paid for, once its end is known: by notice or by an extension.
    pub last_day: Option<NaiveDate>,
    /// All steps towards its end and away from it, in order.
    pub steps: Vec<Step>,
}

impl Legacy {
    /// The next last day, on `day` or after, to give notice so that it ends on a day it is paid until: the one recorded,
    /// or the same day of a later year. None once its end is known. Where months differ in length it is the earlier day,
    /// to be safe.
    #[must_use]
    pub fn last_day_to_give_notice(&self, day: NaiveDate) -> Option<NaiveDate> {
        let recorded = self.recorded.as_ref().filter(|_| self.last_day.is_none())?;
        (0..RENEWALS_MAX)
            .map(|years| calendar::months_after(recorded.paid_until, 12 * years))
            .map(|paid_until| calendar::months_before(paid_until, recorded.notice_months))
            .find(|last_day| *last_day >= day)
    }

    /// The days of `year` that are paid for. Without a known end it goes on.
    #[must_use]
    pub fn paid_days(&self, year: i32) -> Option<Period> {
        self.recorded.as_ref()?;
        let year = Period::year(year);
        Period::between(year.first, self.last_day.map_or(year.last, |last| last.min(year.last)))
    }
}
