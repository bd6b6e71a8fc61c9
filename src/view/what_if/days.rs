//! Days in a file: as TOML writes them, 2024-01-01, or as a text, "2024-01-01".

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de};

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a day such as 2024-01-01")]
enum Written {
    Text(NaiveDate),
    Toml(toml::value::Datetime),
}

fn day<E: de::Error>(written: &Written) -> Result<NaiveDate, E> {
    match written {
        Written::Text(day) => Ok(*day),
        Written::Toml(moment) => {
            moment.to_string().parse().map_err(|_| E::custom(format!("{moment} is no day such as 2024-01-01")))
        }
    }
}

/// A day.
///
/// # Errors
/// It is none.
pub fn one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    day(&Written::deserialize(deserializer)?)
}

/// A day, or none.
///
/// # Errors
/// It is something else.
pub fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    Option::<Written>::deserialize(deserializer)?.as_ref().map(day).transpose()
}
