//! Signups (påmelding): a library joins a procurement under the party that pays for it.

mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::agreement::Commitment;
use crate::domain::identity::{PartyId, ProcurementId, SignupId};
use crate::domain::party::PartyKind;

pub use rule::SignupRejection;

/// What kind of library; it decides who pays.
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
pub enum LibraryKind {
    /// Public library (folkebibliotek): the municipality pays.
    #[default]
    Public,
    /// Upper-secondary school library (videregående): the county authority pays.
    UpperSecondary,
    /// Primary-school library (grunnskole): the municipality pays.
    PrimarySchool,
}

/// What a library leader ticks off before the new system can be taken into use.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessItem {
    /// The municipality's leaders are informed.
    LeadersInformed,
    /// The purchase is reported into the budget.
    ReportedIntoBudget,
    /// The contract for the old system is ended.
    OldContractEnded,
    /// The catalogue is cleaned.
    CatalogueCleaned,
    /// The school libraries are informed.
    SchoolLibrariesInformed,
}

impl ReadinessItem {
    /// All of them, in the order they are usually done.
    pub const ALL: [Self; 5] = [
        Self::LeadersInformed,
        Self::ReportedIntoBudget,
        Self::OldContractEnded,
        Self::CatalogueCleaned,
        Self::SchoolLibrariesInformed,
    ];
}

/// The library joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedUp {
    /// The signup's id.
    pub signup: SignupId,
    /// The procurement it joins.
    pub procurement: ProcurementId,
    /// The party that pays.
    pub party: PartyId,
    /// The library's name.
    pub library: String,
    /// What kind of library.
    pub kind: LibraryKind,
    /// Whether it is bound or holds an option.
    pub commitment: Commitment,
    /// The day it wishes to go live.
    pub wished_go_live: Option<NaiveDate>,
    /// The day of the signup.
    pub on: NaiveDate,
}

/// The library's option was exercised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionExercised {
    /// The day.
    pub on: NaiveDate,
}

/// It chose whether to share the base of patrons and items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedBaseChosen {
    /// Whether it joins.
    pub joins: bool,
    /// The day.
    pub on: NaiveDate,
}

/// It chose whether to share the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedCatalogueChosen {
    /// Whether it joins.
    pub joins: bool,
    /// The day.
    pub on: NaiveDate,
}

/// It wishes to go live on another day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoLiveWished {
    /// The wished first day on the new system.
    pub go_live: NaiveDate,
    /// The day of the wish.
    pub on: NaiveDate,
}

/// It took the new system into use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WentLive {
    /// The first day on the new system.
    pub on: NaiveDate,
}

/// Its first day on the new system was recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoLiveCorrected {
    /// The first day on the new system, in place of the one recorded before.
    pub went_live: NaiveDate,
    /// What was wrong.
    pub reason: String,
}

/// It left again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// The day.
    pub on: NaiveDate,
}

/// An item of the checklist got a due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadinessDueSet {
    /// The item.
    pub item: ReadinessItem,
    /// The day by which it should be done.
    pub due: NaiveDate,
}

/// An item of the checklist was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadinessTicked {
    /// The item.
    pub item: ReadinessItem,
    /// The day.
    pub on: NaiveDate,
}

/// An item of the checklist turned out not to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadinessReopened {
    /// The item.
    pub item: ReadinessItem,
    /// The day.
    pub on: NaiveDate,
}

/// What has happened to a signup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignupEvent {
    /// The library joined.
    SignedUp(SignedUp),
    /// Its option was exercised.
    OptionExercised(OptionExercised),
    /// It chose about the shared base.
    SharedBaseChosen(SharedBaseChosen),
    /// It chose about the shared catalogue.
    SharedCatalogueChosen(SharedCatalogueChosen),
    /// It wishes another day.
    GoLiveWished(GoLiveWished),
    /// It is on the new system.
    WentLive(WentLive),
    /// Its first day on the new system was recorded wrongly.
    GoLiveCorrected(GoLiveCorrected),
    /// It left again.
    Withdrawn(Withdrawn),
    /// A due date was set.
    ReadinessDueSet(ReadinessDueSet),
    /// An item was done.
    ReadinessTicked(ReadinessTicked),
    /// An item was not done after all.
    ReadinessReopened(ReadinessReopened),
}

/// What can be wished of a signup. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum SignupCommand {
    /// Sign a library up.
    SignUp {
        signup: SignupId,
        procurement: ProcurementId,
        party: PartyId,
        library: String,
        kind: LibraryKind,
        /// What the party is, looked up at the edge: it decides whether the party can be the one that pays.
        #[serde(skip_deserializing)]
        #[schema(ignore)]
        party_kind: PartyKind,
        commitment: Commitment,
        wished_go_live: Option<NaiveDate>,
        on: NaiveDate,
    },
    /// Exercise its option.
    ExerciseOption { on: NaiveDate },
    /// Choose about the shared base.
    ChooseSharedBase { joins: bool, on: NaiveDate },
    /// Choose about the shared catalogue.
    ChooseSharedCatalogue { joins: bool, on: NaiveDate },
    /// Wish another first day.
    WishGoLive { go_live: NaiveDate, on: NaiveDate },
    /// Record its first day on the new system.
    GoLive { on: NaiveDate },
    /// Put the right first day on the new system in the place of one that was recorded wrongly.
    CorrectGoLive { went_live: NaiveDate, reason: String },
    /// Withdraw it.
    Withdraw { on: NaiveDate },
    /// Set a due date.
    SetReadinessDue { item: ReadinessItem, due: NaiveDate },
    /// Tick an item off.
    TickReadiness { item: ReadinessItem, on: NaiveDate },
    /// Reopen an item.
    ReopenReadiness { item: ReadinessItem, on: NaiveDate },
}

/// An item of the checklist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Readiness {
    /// The day by which it should be done.
    pub due: Option<NaiveDate>,
    /// The day it was done.
    pub done_on: Option<NaiveDate>,
}

/// What a library chose, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Choice {
    /// Whether it joins.
    pub joins: bool,
    /// The day of the choice.
    pub on: NaiveDate,
}

/// A signup as its events have made it. The default is one that has not happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signup {
    /// Who joined what; none before.
    pub signed_up: Option<SignedUp>,
    /// The day its option was exercised.
    pub option_exercised_on: Option<NaiveDate>,
    /// Whether the library is bound now.
    pub commitment: Commitment,
    /// Whether it shares the base; none while it has not chosen.
    pub shared_base: Option<Choice>,
    /// Whether it shares the catalogue; none while it has not chosen.
    pub shared_catalogue: Option<Choice>,
    /// The wished first day on the new system.
    pub wished_go_live: Option<NaiveDate>,
    /// All that was wished after the signup, in order.
    pub wishes: Vec<GoLiveWished>,
    /// The actual first day on the new system.
    pub went_live: Option<NaiveDate>,
    /// The day it left again.
    pub withdrawn_on: Option<NaiveDate>,
    /// The checklist.
    pub readiness: BTreeMap<ReadinessItem, Readiness>,
}

impl Signup {
    /// The first day on the new system: the actual one, or else the wished one.
    #[must_use]
    pub fn go_live(&self) -> Option<NaiveDate> {
        self.went_live.or(self.wished_go_live)
    }

    /// Whether the library takes part.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        self.signed_up.is_some() && self.withdrawn_on.is_none()
    }
}
