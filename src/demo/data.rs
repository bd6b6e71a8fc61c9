//! The real case of Troms og Finnmark, compiled in: see the README beside the files.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::money::Ore;
use crate::domain::sharing_key::KeyDefinition;
use crate::import::{RenamedLabel, VatDecision};
use crate::table::{Limits, Table, TableError};

/// The files of the case.
#[derive(Debug, Clone)]
pub struct Data {
    /// What is no table.
    pub procurement: ProcurementFile,
    /// The sharing key.
    pub key: KeyDefinition,
    /// The named days.
    pub milestones: Table,
    /// The parties of 2020.
    pub parties_2020: Table,
    /// The county authorities of 2024.
    pub counties_2024: Table,
    /// The numbers of 2024, and the succession of the county authority.
    pub numbers_2024: Table,
    /// The name of 2026.
    pub names_2026: Table,
    /// Inhabitants by year.
    pub inhabitants: Table,
    /// The affiliation agreements.
    pub agreements: Table,
    /// The libraries.
    pub signups: Table,
    /// The old contracts.
    pub legacy: Table,
    /// The one-time costs.
    pub costs: Table,
    /// The licences.
    pub licences: Table,
    /// The contacts.
    pub contacts: Table,
}

/// `procurement.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcurementFile {
    /// What people call it.
    pub name: String,
    /// The organisation number of the county authority that leads it.
    pub county: String,
    /// The day it was opened.
    pub opened_on: NaiveDate,
    /// What its agreements are called at first.
    pub agreement_label: String,
    /// Whether its amounts are invented.
    pub illustrative: bool,
    /// What its agreements are called later.
    pub renamed_label: RenamedLabel,
    /// The life of the sharing key.
    pub key: Vec<KeyStep>,
    /// What became of the old contracts.
    pub old_contracts: OldContracts,
    /// Who came after the county authority.
    pub succession: Succession,
    /// The due dates of the checklist.
    pub readiness: ReadinessDue,
    /// When libraries wished to go live after the contract was late.
    pub go_live: GoLiveMoved,
    /// Who joined later.
    pub option_exercised: OptionExercised,
    /// How county finance decided that VAT is treated.
    pub vat: Vec<VatDecision>,
    /// What the supplier invoiced.
    pub supplier_invoice: Vec<SupplierInvoiceEntry>,
    /// What the registers say of the county authorities.
    pub register_entry: Vec<RegisterEntry>,
}

/// An invoice of the supplier.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplierInvoiceEntry {
    /// The name of the cost.
    pub cost: String,
    /// The supplier's number of it.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// Its sum excluding VAT.
    pub net_ore: Ore,
    /// Its VAT.
    pub vat_ore: Ore,
    /// Its file.
    pub file: String,
}

impl SupplierInvoiceEntry {
    /// What is in its file; nothing where there is none of this name.
    #[must_use]
    pub fn bytes(&self) -> &'static [u8] {
        SUPPLIER_FILES.iter().find(|(file, _)| *file == self.file).map_or(&[], |(_, bytes)| bytes)
    }
}

/// What the registers say of a county authority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterEntry {
    /// Its organisation number.
    pub party: String,
    /// Whether it stands in Foretaksregisteret.
    pub in_foretaksregisteret: bool,
    /// Whether it is registered for VAT.
    pub vat_registered: bool,
    /// The first day it holds.
    pub from: NaiveDate,
    /// Where it was looked up.
    pub source: String,
}

/// A step in the life of the key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum KeyStep {
    /// It was proposed.
    Propose {
        /// The day.
        on: NaiveDate,
        /// The day measures are taken from.
        population_date: NaiveDate,
    },
    /// It was adopted.
    Adopt {
        /// The day of the decision.
        on: NaiveDate,
        /// The first day it applies to.
        applies_from: NaiveDate,
        /// The day measures are frozen at.
        population_date: NaiveDate,
        /// The decision.
        reference: String,
    },
}

impl KeyStep {
    /// The day of the step.
    #[must_use]
    pub fn on(&self) -> NaiveDate {
        match self {
            Self::Propose { on, .. } | Self::Adopt { on, .. } => *on,
        }
    }
}

/// What became of the old contracts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OldContracts {
    /// Who gave no notice.
    pub kept_by: Vec<String>,
    /// The day the others gave notice.
    pub notice_given_on: NaiveDate,
    /// The last day by that notice.
    pub notice_last_day: NaiveDate,
    /// The day it was withdrawn.
    pub notice_withdrawn_on: NaiveDate,
    /// The day of the extension.
    pub extended_on: NaiveDate,
    /// The last day by the extension.
    pub extended_to: NaiveDate,
    /// The day of the second extension.
    pub second_extension_on: NaiveDate,
    /// The last day by the second extension.
    pub second_extension_to: NaiveDate,
}

/// Who came after the county authority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    /// Their first day.
    pub on: NaiveDate,
    /// The county authority that was dissolved.
    pub county: String,
    /// Their organisation numbers, by how the numbers of their municipalities begin.
    pub by_number: BTreeMap<String, String>,
    /// The same for parties whose numbers do not tell.
    pub by_party: BTreeMap<String, String>,
    /// The decision.
    pub reference: String,
}

/// The due dates of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadinessDue {
    /// The day they were set.
    pub set_on: NaiveDate,
    /// Leaders informed.
    pub leaders_informed: NaiveDate,
    /// Reported into the budget.
    pub reported_into_budget: NaiveDate,
    /// Old contract ended.
    pub old_contract_ended: NaiveDate,
    /// Catalogue cleaned.
    pub catalogue_cleaned: NaiveDate,
    /// School libraries informed.
    pub school_libraries_informed: NaiveDate,
}

/// When libraries wished to go live after the contract was late.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoLiveMoved {
    /// The day of the wish.
    pub moved_on: NaiveDate,
    /// The day wished.
    pub moved_to: NaiveDate,
}

/// One that held an option joined.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionExercised {
    /// Who.
    pub party: String,
    /// The day.
    pub on: NaiveDate,
    /// The first day from which it shares yearly costs.
    pub member_from: NaiveDate,
    /// Its library.
    pub library: String,
    /// The last day of its old contract, by notice of the same day.
    pub old_contract_last_day: NaiveDate,
}

/// Why the files could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A table is at fault.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A file of settings is at fault.
    #[error("{file} cannot be read")]
    Toml {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        #[source]
        source: Box<toml::de::Error>,
    },
}

macro_rules! pdf {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../config/procurements/troms-og-finnmark/", $name)))
    };
}

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../config/procurements/troms-og-finnmark/", $name)))
    };
}

/// The files of the suppliers' invoices.
const SUPPLIER_FILES: [(&str, &[u8]); 4] = [
    pdf!("supplier-invoice-conversion.pdf"),
    pdf!("supplier-invoice-training.pdf"),
    pdf!("supplier-invoice-sorting-plant.pdf"),
    pdf!("supplier-credit-sorting-plant.pdf"),
];

impl Data {
    /// The files as they were when the program was built.
    ///
    /// # Errors
    /// A file is at fault; a test sees to it that none is.
    pub fn embedded() -> Result<Self, DataError> {
        Ok(Self {
            procurement: settings(file!("procurement.toml"))?,
            key: settings(file!("key.toml"))?,
            milestones: table(file!("milestones.csv"))?,
            parties_2020: table(file!("parties-2020.csv"))?,
            counties_2024: table(file!("counties-2024.csv"))?,
            numbers_2024: table(file!("numbers-2024.csv"))?,
            names_2026: table(file!("names-2026.csv"))?,
            inhabitants: table(file!("inhabitants.csv"))?,
            agreements: table(file!("agreements.csv"))?,
            signups: table(file!("signups.csv"))?,
            legacy: table(file!("legacy.csv"))?,
            costs: table(file!("costs.csv"))?,
            licences: table(file!("licences.csv"))?,
            contacts: table(file!("contacts.csv"))?,
        })
    }
}

fn table((file, text): (&'static str, &'static str)) -> Result<Table, DataError> {
    Ok(Table::parse(file, text.as_bytes(), Limits::default())?)
}

fn settings<T: serde::de::DeserializeOwned>((file, text): (&'static str, &'static str)) -> Result<T, DataError> {
    toml::from_str(text).map_err(|source| DataError::Toml { file, source: Box::new(source) })
}
