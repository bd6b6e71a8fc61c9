//! What things are known by. An id is made by the caller, kept across retries, and says nothing.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! identities {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

identities! {
    /// One joint purchase.
    ProcurementId
    /// A municipality, a county authority or another payer.
    PartyId
    /// An affiliation agreement between a party and the county authority.
    AgreementId
    /// A library in a procurement.
    SignupId
    /// A contract for the system that is being replaced.
    LegacyId
    /// A one-time cost.
    CostId
    /// A yearly licence.
    LicenceId
    /// One statement of an amount: an estimate, a quote, a contract, what it came to.
    AssessmentId
    /// A grant that reduces a cost.
    GrantId
    /// A sharing key with its versions.
    SharingKeyId
    /// A proposal of another key that was given a name.
    ProposalId
    /// A run of invoices.
    InvoiceRunId
    /// An invoice.
    InvoiceId
    /// An issuer's series of invoice numbers for a year.
    SeriesId
    /// The turn to work, of which there is one.
    WorkId
    /// A bank account that payments come in to.
    ReceivingAccountId
    /// A payment that came in, or a reversal of one.
    PaymentId
    /// A natural person. Names and addresses live outside the log, where they can be deleted.
    PersonId
    /// An invitation of a person to sign in.
    InvitationId
}
