//! Sharing keys.
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::money::Ore;

/// A key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
pub struct KeyDefinition {
    /// Name.
    pub name: String,
}
/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct PartyMeasures {
    /// Stable key.
    pub party: String,
    /// Figures.
    pub measures: BTreeMap<String, Decimal>,
}
/// A fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("faulty")]
pub struct KeyError;
/// Result.
#[derive(Debug, Clone, PartialEq)]
pub struct Division {
    /// Shares in input order.
    pub shares: Vec<Share>,
    /// Total.
    pub total: Ore,
    /// Off by.
    pub off_by: Ore,
}
/// A step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step;
/// One share.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Who.
    pub party: String,
    /// How much.
    pub amount: Ore,
    /// Why.
    pub steps: Vec<Step>,
}
impl KeyDefinition {
    /// Name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Columns needed.
    pub fn measures(&self) -> BTreeSet<&str> {
        BTreeSet::new()
    }
    /// Faults visible without parties.
    pub fn validate(&self) -> Result<(), KeyError> {
        Ok(())
    }
    /// Shares.
    pub fn share(&self, _amount: Option<Ore>, _parties: &[PartyMeasures]) -> Result<Division, KeyError> {
        Err(KeyError)
    }
}
