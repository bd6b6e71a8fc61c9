//! A procurement: one joint purchase, led by a county authority.

mod nudge;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::identity::{PartyId, PersonId, ProcurementId};
use crate::domain::vat::{AppliesTo, Subject, VatTreatment, VatTreatmentDecided};

pub use nudge::{LateStep, NudgeLetter, Nudged, Step};
pub use rule::ProcurementRejection;

/// The procurement was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its id.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// The county authority that leads it.
    pub county: PartyId,
    /// What its affiliation agreements are called: the county itself renamed them in 2022.
    pub agreement_label: String,
    /// Whether its amounts are invented for illustration: every document then says so.
    pub illustrative: bool,
    /// The day it was opened.
    pub on: NaiveDate,
}

/// A day that people refer to by name was set or moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneSet {
    /// What it is called, such as "budget submission 2024".
    pub name: String,
    /// The day.
    pub on: NaiveDate,
}

/// The affiliation agreements have this name from a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementLabelChosen {
    /// The name.
    pub label: String,
    /// The first day it is used.
    pub from: NaiveDate,
}

/// The county authority was dissolved and others lead the procurement after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Passed {
    /// Who lead it now.
    pub counties: Vec<PartyId>,
    /// Their first day.
    pub on: NaiveDate,
    /// The decision.
    pub reference: String,
}

/// What has happened to a procurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProcurementEvent {
    /// It was opened.
    Opened(Opened),
    /// A named day was set.
    MilestoneSet(MilestoneSet),
    /// Its agreements got a name.
    AgreementLabelChosen(AgreementLabelChosen),
    /// It passed to other county authorities.
    Passed(Passed),
    /// County finance decided how VAT is treated.
    VatTreatmentDecided(VatTreatmentDecided),
    /// Those who are behind were nudged.
    Nudged(Nudged),
}

/// What can be wished of a procurement. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum ProcurementCommand {
    /// Open it.
    Open {
        procurement: ProcurementId,
        name: String,
        county: PartyId,
        agreement_label: String,
        illustrative: bool,
        on: NaiveDate,
    },
    /// Set or move a named day.
    SetMilestone { name: String, on: NaiveDate },
    /// Choose what the agreements are called.
    ChooseAgreementLabel { label: String, from: NaiveDate },
    /// Let it pass to other county authorities.
    Pass { counties: Vec<PartyId>, on: NaiveDate, reference: String },
    /// Record how county finance decided that VAT is treated; one that is wrong is said anew for the same day.
    DecideVatTreatment {
        treatment: VatTreatment,
        #[schema(value_type = Option<String>)]
        vat_percent: Option<Decimal>,
        applies_to: AppliesTo,
        from: NaiveDate,
        decision: String,
        role: String,
        person: PersonId,
        on: NaiveDate,
    },
    /// Write to those of these parties who are behind, each about what it is behind with.
    Nudge {
        parties: Vec<PartyId>,
        note: Option<String>,
        on: NaiveDate,
        /// Looked up: a letter to each that is behind.
        #[serde(skip)]
        letters: Vec<NudgeLetter>,
    },
}

/// A procurement as its events have made it. The default is one that is not opened yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Procurement {
    /// Id, name, county: none before it is opened.
    pub opened: Option<Opened>,
    /// Named days.
    pub milestones: BTreeMap<String, NaiveDate>,
    /// Names of its agreements by their first day.
    pub agreement_labels: BTreeMap<NaiveDate, String>,
    /// The county authorities that lead it, by their first day.
    pub counties: BTreeMap<NaiveDate, Vec<PartyId>>,
    /// How VAT is treated, by what it applies to and the first invoice date it holds for.
    pub vat_treatments: BTreeMap<(AppliesTo, NaiveDate), VatTreatmentDecided>,
    /// The letters to those who were behind.
    pub nudges: Vec<Nudged>,
}

impl Procurement {
    /// What its agreements are called on `day`.
    #[must_use]
    pub fn agreement_label_on(&self, day: NaiveDate) -> &str {
        self.agreement_labels
            .range(..=day)
            .next_back()
            .map(|(_, label)| label.as_str())
            .or_else(|| self.opened.as_ref().map(|opened| opened.agreement_label.as_str()))
            .unwrap_or_default()
    }

    /// How VAT on a cost or a licence is treated on invoices of `day`: the decision on it alone, else the one on the whole
    /// procurement; of each the latest that holds. None where nothing is decided.
    #[must_use]
    pub fn vat_treatment_on(&self, subject: Subject, day: NaiveDate) -> Option<&VatTreatmentDecided> {
        let in_force = |applies_to: AppliesTo| {
            let until_day = (applies_to, NaiveDate::MIN)..=(applies_to, day);
            self.vat_treatments.range(until_day).next_back().map(|(_, decided)| decided)
        };
        in_force(subject.into()).or_else(|| in_force(AppliesTo::Procurement))
    }

    /// The county authorities that lead it on `day`.
    #[must_use]
    pub fn counties_on(&self, day: NaiveDate) -> &[PartyId] {
        self.counties
            .range(..=day)
            .next_back()
            .map(|(_, counties)| counties.as_slice())
            .or_else(|| self.opened.as_ref().map(|opened| std::slice::from_ref(&opened.county)))
            .unwrap_or_default()
    }
}
