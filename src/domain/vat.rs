//! VAT on what is passed on, as county finance decided it: dated, with a reference to the decision, never inferred.
//!
//! The Norwegian words are those of the tax authority (Skattedirektoratet, 16 March 2015 and 4 November 2024): whether a
//! county resells, shares a cost, advances it, or stands outside the law decides which document it may write.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::identity::{CostId, LicenceId, PersonId};

/// What is shared and passed on: a one-time cost or a yearly licence.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Subject {
    /// A one-time cost.
    Cost {
        /// The cost.
        cost: CostId,
    },
    /// A yearly licence.
    Licence {
        /// The licence.
        licence: LicenceId,
    },
}

/// What a decision on VAT applies to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum AppliesTo {
    /// All costs and licences of the procurement that have no decision of their own.
    Procurement,
    /// One one-time cost.
    Cost {
        /// The cost.
        cost: CostId,
    },
    /// One licence.
    Licence {
        /// The licence.
        licence: LicenceId,
    },
}

impl From<Subject> for AppliesTo {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Cost { cost } => Self::Cost { cost },
            Subject::Licence { licence } => Self::Licence { licence },
        }
    }
}

/// How a county passes on what it bought for several.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
pub enum VatTreatment {
    /// It resells: an ordinary invoice with VAT (viderefakturering).
    #[serde(rename = "viderefakturering")]
    Resale,
    /// The participants share a cost: a claim without output VAT that carries the supplier's invoice (kostnadsdeling).
    #[serde(rename = "kostnadsdeling")]
    CostSharing,
    /// It advances what the participant itself bought: a claim without output VAT that carries the supplier's invoice
    /// (utlegg).
    #[serde(rename = "utlegg")]
    Disbursement,
    /// It is no supply within the VAT law: a claim without VAT (utenfor).
    #[serde(rename = "utenfor")]
    OutsideScope,
}

/// What kind of document a treatment gives.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// An invoice with output VAT (faktura).
    Invoice,
    /// A claim without output VAT (krav).
    Claim,
}

impl VatTreatment {
    /// What kind of document it gives.
    #[must_use]
    pub fn document_kind(self) -> DocumentKind {
        match self {
            Self::Resale => DocumentKind::Invoice,
            Self::CostSharing | Self::Disbursement | Self::OutsideScope => DocumentKind::Claim,
        }
    }

    /// Whether the VAT of the supplier's invoice is passed on, share by share, and the invoice with it.
    #[must_use]
    pub fn passes_on_supplier_vat(self) -> bool {
        match self {
            Self::CostSharing | Self::Disbursement => true,
            Self::Resale | Self::OutsideScope => false,
        }
    }

    /// Its word in Norwegian.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Resale => "viderefakturering",
            Self::CostSharing => "kostnadsdeling",
            Self::Disbursement => "utlegg",
            Self::OutsideScope => "utenfor",
        }
    }
}

/// County finance decided how VAT is treated on what is passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VatTreatmentDecided {
    /// How it is passed on.
    pub treatment: VatTreatment,
    /// VAT in percent; given for a resale, and for nothing else.
    #[schema(value_type = Option<String>)]
    pub vat_percent: Option<Decimal>,
    /// What it applies to.
    pub applies_to: AppliesTo,
    /// The first invoice date it holds for.
    pub from: NaiveDate,
    /// The reference of the decision, such as an archive case number.
    pub decision: String,
    /// The role of who decided.
    pub role: String,
    /// Who decided, by id alone.
    pub person: PersonId,
    /// The day of the decision.
    pub on: NaiveDate,
}

impl VatTreatmentDecided {
    /// The rate of the output VAT: zero where there is none.
    #[must_use]
    pub fn output_vat_percent(&self) -> Decimal {
        self.vat_percent.unwrap_or_default()
    }
}
