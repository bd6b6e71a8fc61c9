//! Affiliation agreements (tilknytningsavtale): between a party and the county authority.

mod rule;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::Period;
use crate::domain::identity::{AgreementId, PartyId, PersonId, ProcurementId};

pub use rule::AgreementRejection;

/// Whether the party is bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Commitment {
    /// Bound, and shares the cost (forpliktet).
    #[default]
    Committed,
    /// A right without duty or cost until it is exercised (opsjon).
    Option,
}

/// It was drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drafted {
    /// Its id.
    pub agreement: AgreementId,
    /// The procurement it is for.
    pub procurement: ProcurementId,
    /// The party that joins.
    pub party: PartyId,
    /// The county authority on the other side.
    pub county: PartyId,
    /// Whether the party will be bound.
    pub commitment: Commitment,
    /// The first day from which it shares the yearly costs; none where from the beginning.
    pub member_from: Option<NaiveDate>,
    /// The day of the draft.
    pub on: NaiveDate,
}

/// It was sent to the party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// The day.
    pub on: NaiveDate,
    /// The day by which it should be signed.
    pub answer_by: Option<NaiveDate>,
}

/// It was signed for the party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The day.
    pub on: NaiveDate,
    /// The role of who signed, such as "kommunedirektør".
    pub role: String,
    /// What gives that role authority to sign, such as a delegation decision.
    pub authority: String,
    /// Who signed, by id alone.
    pub person: PersonId,
}

/// It is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activated {
    /// The first day in force.
    pub from: NaiveDate,
}

/// The option was exercised: the party is bound from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionExercised {
    /// The day.
    pub on: NaiveDate,
    /// The first day from which it shares the yearly costs.
    pub member_from: NaiveDate,
}

/// Notice was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeGiven {
    /// The day.
    pub on: NaiveDate,
    /// The last day in force.
    pub last_day: NaiveDate,
}

/// The notice was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeWithdrawn {
    /// The day.
    pub on: NaiveDate,
}

/// It ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// The last day in force.
    pub last_day: NaiveDate,
}

/// Something in it was changed by a further document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amended {
    /// The day from which the change applies.
    pub from: NaiveDate,
    /// What was changed, in a few words that name no person.
    pub subject: String,
    /// The document.
    pub reference: String,
}

/// It passed to another county authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Passed {
    /// The county authority on the other side now.
    pub county: PartyId,
    /// Its first day.
    pub on: NaiveDate,
    /// The decision.
    pub reference: String,
}

/// A signed copy is kept in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyKept {
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// The day.
    pub on: NaiveDate,
}

/// What has happened to an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgreementEvent {
    /// Drafted.
    Drafted(Drafted),
    /// Sent.
    Sent(Sent),
    /// Signed.
    Signed(Signed),
    /// In force.
    Activated(Activated),
    /// The option was exercised.
    OptionExercised(OptionExercised),
    /// Notice was given.
    NoticeGiven(NoticeGiven),
    /// The notice was withdrawn.
    NoticeWithdrawn(NoticeWithdrawn),
    /// Ended.
    Ended(Ended),
    /// Changed by a further document.
    Amended(Amended),
    /// Passed to another county authority.
    Passed(Passed),
    /// A signed copy is kept.
    CopyKept(CopyKept),
}

/// What can be wished of an agreement. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum AgreementCommand {
    /// Draft it.
    Draft {
        agreement: AgreementId,
        procurement: ProcurementId,
        party: PartyId,
        county: PartyId,
        commitment: Commitment,
        member_from: Option<NaiveDate>,
        on: NaiveDate,
    },
    /// Send it.
    Send { on: NaiveDate, answer_by: Option<NaiveDate> },
    /// Record the signature.
    Sign { on: NaiveDate, role: String, authority: String, person: PersonId },
    /// Put it in force.
    Activate { from: NaiveDate },
    /// Exercise the option.
    ExerciseOption { on: NaiveDate, member_from: NaiveDate },
    /// Give notice.
    GiveNotice { on: NaiveDate, last_day: NaiveDate },
    /// Withdraw the notice.
    WithdrawNotice { on: NaiveDate },
    /// End it.
    End { last_day: NaiveDate },
    /// Record a change by a further document.
    Amend { from: NaiveDate, subject: String, reference: String },
    /// Let it pass to another county authority.
    Pass { county: PartyId, on: NaiveDate, reference: String },
    /// Keep a signed copy, which is in the archive already.
    KeepCopy { sha256: String, media_type: String, size_bytes: u64, on: NaiveDate },
}

/// Where an agreement stands in its life.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not drafted yet.
    #[default]
    Absent,
    /// Drafted.
    Drafted,
    /// Sent.
    Sent,
    /// Signed.
    Signed,
    /// In force.
    Active,
    /// In force until a day.
    UnderNotice,
    /// No longer in force.
    Ended,
}

/// An agreement as its events have made it. The default is one that is not drafted yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Where it stands.
    pub phase: Phase,
    /// What was drafted; none before.
    pub drafted: Option<Drafted>,
    /// When it was sent.
    pub sent: Option<Sent>,
    /// How it was signed.
    pub signed: Option<Signed>,
    /// The first day in force.
    pub active_from: Option<NaiveDate>,
    /// How its option was exercised; none while it was not, or where there is no option.
    pub option_exercised: Option<OptionExercised>,
    /// Whether the party is bound now.
    pub commitment: Commitment,
    /// The first day from which it shares the yearly costs.
    pub member_from: Option<NaiveDate>,
    /// The phase that a withdrawn notice leads back to, and the notice.
    pub notice: Option<(Phase, NoticeGiven)>,
    /// The day a notice was withdrawn last.
    pub notice_withdrawn_on: Option<NaiveDate>,
    /// The last day in force: known from the notice, or from the end.
    pub last_day: Option<NaiveDate>,
    /// Changes by further documents.
    pub amendments: Vec<Amended>,
    /// The county authorities on the other side, each with its first day; the first from the draft.
    pub counties: Vec<(Option<NaiveDate>, PartyId)>,
    /// The signed copies that are kept, the latest last.
    pub copies: Vec<CopyKept>,
}

impl Agreement {
    /// Whether the party is expected to share costs on any day of `period`: drafted or further, bound, begun, not ended.
    #[must_use]
    pub fn shares_costs_during(&self, period: Period) -> bool {
        self.phase != Phase::Absent
            && self.commitment == Commitment::Committed
            && self.member_from.is_none_or(|from| from <= period.last)
            && self.last_day.is_none_or(|last| period.first <= last)
    }

    /// The county authority on the other side on `day`.
    #[must_use]
    pub fn county_on(&self, day: NaiveDate) -> Option<PartyId> {
        self.counties.iter().rev().find(|(from, _)| from.is_none_or(|from| from <= day)).map(|(_, county)| *county)
    }
}
