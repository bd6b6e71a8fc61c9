//! Everything that can happen: the sum of the events of every kind of stream.

use super::access::AccessEvent;
use super::agreement::AgreementEvent;
use super::cost::CostEvent;
use super::delivery::DeliveryEvent;
use super::invoice_run::InvoiceRunEvent;
use super::key_adoption::KeyEvent;
use super::legacy::LegacyEvent;
use super::licence::LicenceEvent;
use super::party::PartyEvent;
use super::payment::PaymentsEvent;
use super::procurement::ProcurementEvent;
use super::series::SeriesEvent;
use super::signup::SignupEvent;
use super::work::WorkEvent;

macro_rules! kinds_of_streams {
    ($($(#[$doc:meta])* $kind:ident($event:ty) = $prefix:literal,)*) => {
        /// An event of any kind of stream.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $($(#[$doc])* $kind($event),)*
        }

        /// A kind of stream: what its events are about, and how its streams are named.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StreamKind {
            $($(#[$doc])* $kind,)*
        }

        impl StreamKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// What the names of its streams begin with. A stream is named `PREFIX-ID`, for ever.
            #[must_use]
            pub fn prefix(self) -> &'static str {
                match self {
                    $(Self::$kind => $prefix,)*
                }
            }
        }

        impl Event {
            /// The kind of stream it belongs to.
            #[must_use]
            pub fn kind(&self) -> StreamKind {
                match self {
                    $(Self::$kind(_) => StreamKind::$kind,)*
                }
            }
        }

        $(impl From<$event> for Event {
            fn from(event: $event) -> Self {
                Self::$kind(event)
            }
        })*
    };
}

impl StreamKind {
    /// Whether it says who takes part on which terms, which is what budgets rest on; the others are about invoicing,
    /// access and work.
    #[must_use]
    pub fn is_of_terms(self) -> bool {
        match self {
            Self::Party
            | Self::Procurement
            | Self::Agreement
            | Self::Signup
            | Self::Legacy
            | Self::Cost
            | Self::Licence
            | Self::SharingKey => true,
            Self::InvoiceRun | Self::Series | Self::Delivery | Self::Payments | Self::Access | Self::Work => false,
        }
    }
}

kinds_of_streams! {
    /// A municipality, a county authority or another payer.
    Party(PartyEvent) = "party",
    /// A joint purchase.
    Procurement(ProcurementEvent) = "procurement",
    /// An affiliation agreement.
    Agreement(AgreementEvent) = "agreement",
    /// A library that joins.
    Signup(SignupEvent) = "signup",
    /// A contract that is being replaced.
    Legacy(LegacyEvent) = "legacy",
    /// A one-time cost.
    Cost(CostEvent) = "cost",
    /// A yearly licence.
    Licence(LicenceEvent) = "licence",
    /// A sharing key.
    SharingKey(KeyEvent) = "sharing-key",
    /// A run of invoices.
    InvoiceRun(InvoiceRunEvent) = "invoice-run",
    /// An issuer's series of invoice numbers.
    Series(SeriesEvent) = "series",
    /// What became of an issued invoice; its id is the invoice's.
    Delivery(DeliveryEvent) = "delivery",
    /// What came in to a bank account, and which invoices it pays.
    Payments(PaymentsEvent) = "payments",
    /// What a person may do; its id is the person's.
    Access(AccessEvent) = "access",
    /// Whose turn it is to work, where several instances share the log.
    Work(WorkEvent) = "work",
}
