//! How the numbers of a sharing key are written in files and events: as text, or as whole numbers, never as floating point.

use std::fmt;

use rust_decimal::Decimal;
use serde::de::{self, Deserialize, Deserializer, Visitor};

use crate::domain::money::Ore;
use crate::domain::number::parse_number;

/// A number as text or as a whole number.
struct Written(Decimal);

/// An amount in kroner, with at most two decimals.
struct Kroner(Ore);

struct WrittenVisitor;

impl Visitor<'_> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number in quotation marks such as \"30.5\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
        parse_number(text).map(Written).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Written, E> {
        Ok(Written(Decimal::from(number)))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Written, E> {
        Ok(Written(Decimal::from(number)))
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WrittenVisitor)
    }
}

impl<'de> Deserialize<'de> for Kroner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written(kroner) = Written::deserialize(deserializer)?;
        Ore::parse_kroner(&kroner.to_string()).map(Self).map_err(de::Error::custom)
    }
}

/// A number.
pub(crate) mod number {
    use super::{Decimal, Deserialize, Deserializer, Written};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        Written::deserialize(deserializer).map(|written| written.0)
    }
}

/// A number that may be left out.
pub(super) mod optional_number {
    use super::{Decimal, Deserialize, Deserializer, Written};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
        Ok(Option::<Written>::deserialize(deserializer)?.map(|written| written.0))
    }
}

/// Numbers by party.
pub(super) mod numbers_by_party {
    use std::collections::BTreeMap;

    use super::{Decimal, Deserialize, Deserializer, Written};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<BTreeMap<String, Decimal>>, D::Error> {
        let written = Option::<BTreeMap<String, Written>>::deserialize(deserializer)?;
        Ok(written.map(|table| table.into_iter().map(|(party, written)| (party, written.0)).collect()))
    }
}

/// An amount in kroner.
pub(super) mod kroner {
    use serde::Serializer;

    use super::{Deserialize, Deserializer, Kroner, Ore};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ore, D::Error> {
        Kroner::deserialize(deserializer).map(|kroner| kroner.0)
    }

    pub(crate) fn serialize<S: Serializer>(amount: &Ore, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(amount)
    }
}

/// An amount in kroner that may be left out.
pub(super) mod optional_kroner {
    use serde::{Serialize, Serializer};

    use super::{Deserialize, Deserializer, Kroner, Ore};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Ore>, D::Error> {
        Ok(Option::<Kroner>::deserialize(deserializer)?.map(|kroner| kroner.0))
    }

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(amount: &Option<Ore>, serializer: S) -> Result<S::Ok, S::Error> {
        amount.map(|amount| amount.to_string()).serialize(serializer)
    }
}
