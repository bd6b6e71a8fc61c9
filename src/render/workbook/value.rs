//! What stands in a cell, and which of the three amounts of a year it is.

use crate::domain::assessment::{Certainty, Range};
use crate::domain::money::Ore;
use crate::view::budget_sheet::BudgetCell;

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Amount(Ore),
    Unknown,
    Nothing,
}

impl Value {
    pub(super) fn map(self, step: impl FnOnce(Ore) -> Ore) -> Self {
        match self {
            Self::Amount(amount) => Self::Amount(step(amount)),
            Self::Unknown | Self::Nothing => self,
        }
    }

    /// Both, where both are amounts; else the first.
    pub(super) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Amount(one), Self::Amount(another)) => Self::Amount(one + another),
            (Self::Amount(_) | Self::Unknown | Self::Nothing, _) => self,
        }
    }

    /// The sum of what is known; unknown where nothing is but something should be.
    pub(super) fn sum(values: &[Self]) -> Self {
        let amounts: Vec<Ore> = values
            .iter()
            .filter_map(|value| match value {
                Self::Amount(amount) => Some(*amount),
                Self::Unknown | Self::Nothing => None,
            })
            .collect();
        if !amounts.is_empty() {
            Self::Amount(amounts.into_iter().sum())
        } else if values.contains(&Self::Unknown) {
            Self::Unknown
        } else {
            Self::Nothing
        }
    }
}

/// Which of the three amounts of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Low,
    Likely,
    High,
}

impl Bound {
    pub(super) const ALL: [Self; 3] = [Self::Low, Self::Likely, Self::High];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Likely => "likely",
            Self::High => "high",
        }
    }

    pub(super) fn of(self, range: Range) -> Ore {
        match self {
            Self::Low => range.low_ore,
            Self::Likely => range.likely_ore,
            Self::High => range.high_ore,
        }
    }

    pub(super) fn in_cell(self, cell: &BudgetCell, amount: Option<Range>) -> Value {
        match (cell.certainty, amount) {
            (None, _) => Value::Nothing,
            (Some(Certainty::Unknown), _) | (Some(_), None) => Value::Unknown,
            (Some(_), Some(range)) => Value::Amount(self.of(range)),
        }
    }
}
