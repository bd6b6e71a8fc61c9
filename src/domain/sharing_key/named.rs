//! The parties that a key names: in agreed percentages and in first amounts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Blend, Divide, First, KeyDefinition, KeyError, Part};

impl KeyDefinition {
    /// Whether it says something of a party by its name.
    #[must_use]
    pub fn names_parties(&self) -> bool {
        match self {
            Self::Divide(divide) => {
                divide.percentages.is_some() || divide.first.iter().any(|first| matches!(first, First::Party { .. }))
            }
            Self::Tariff(_) => false,
            Self::Blend(blend) => blend.part.iter().any(|part| part.key.names_parties()),
        }
    }

    /// The same key with its parties called as `called` says. The percentages of those that come to be called alike are
    /// added.
    ///
    /// # Errors
    /// What `called` says of a name.
    pub fn calling(&self, called: &dyn Fn(&str) -> Result<String, KeyError>) -> Result<Self, KeyError> {
        Ok(match self {
            Self::Divide(divide) => Self::Divide(divide.calling(called)?),
            Self::Tariff(tariff) => Self::Tariff(tariff.clone()),
            Self::Blend(blend) => {
                let part = |part: &Part| Ok(Part { percent: part.percent, key: part.key.calling(called)? });
                Self::Blend(Blend {
                    name: blend.name.clone(),
                    part: blend.part.iter().map(part).collect::<Result<_, KeyError>>()?,
                })
            }
        })
    }
}

impl Divide {
    fn calling(&self, called: &dyn Fn(&str) -> Result<String, KeyError>) -> Result<Self, KeyError> {
        let mut renamed = self.clone();
        if let Some(table) = &self.percentages {
            let mut percentages: BTreeMap<String, Decimal> = BTreeMap::new();
            for (party, percent) in table {
                *percentages.entry(called(party)?).or_default() += *percent;
            }
            renamed.percentages = Some(percentages);
        }
        for first in &mut renamed.first {
            match first {
                First::Party { party, .. } => *party = called(party)?,
                First::PerParty { .. } | First::Rate { .. } => {}
            }
        }
        Ok(renamed)
    }
}
