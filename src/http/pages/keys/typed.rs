//! What is typed in the key laboratory, as it is understood.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::money::Ore;
use crate::domain::sharing_key::{Base, Blend, Divide, KeyDefinition, Part};
use crate::http::pages::filled::{kroner, number};
use crate::http::pages::form::day;

/// What a key can share by here.
pub const MEASURES: [&str; 4] = ["equal", "inhabitants", "pupils", "records"];

/// What is typed, by the names of the fields.
pub type Typed = BTreeMap<String, String>;

/// What is typed, as it is understood; what is not, is named by its field.
#[derive(Debug, Default)]
pub struct Understood {
    pub base: Vec<Base>,
    pub floor: Option<Ore>,
    pub cap: Option<Ore>,
    pub phase_percent: Option<Decimal>,
    pub applies_from: Option<NaiveDate>,
    pub first_year: Option<i32>,
    pub refused: Vec<&'static str>,
}

impl Understood {
    pub fn of(typed: &Typed) -> Self {
        let mut understood = Self::default();
        let field = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let percent = |text: &str| number(text).filter(|value| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(value));
        let mut bases_are_sound = true;
        for measure in MEASURES {
            let Some(text) = field(&format!("percent-{measure}")) else { continue };
            match percent(text) {
                Some(percent) if percent.is_zero() => {}
                Some(percent) => understood.base.push(Base { measure: measure.to_owned(), percent }),
                None => bases_are_sound = false,
            }
        }
        let sum: Decimal = understood.base.iter().map(|base| base.percent).sum();
        if !bases_are_sound || !(understood.base.is_empty() || sum == Decimal::ONE_HUNDRED) {
            understood.refused.push("base");
        }
        understood.floor = understood.taken("floor", field("floor"), kroner);
        understood.cap = understood.taken("cap", field("cap"), kroner);
        understood.phase_percent = understood.taken("phase", field("phase"), percent);
        understood.applies_from = understood.taken("applies_from", field("applies_from"), day);
        let year = |text: &str| text.parse().ok().filter(|year| YEARS_TAKEN.contains(year));
        understood.first_year = understood.taken("from", field("from"), year);
        understood
    }

    fn taken<T>(&mut self, name: &'static str, typed: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = typed.and_then(read);
        if typed.is_some() && value.is_none() {
            self.refused.push(name);
        }
        value
    }

    /// The key that is typed, called as it is to be called, in the place of `old`; the old one where nothing is typed of it.
    pub fn definition(&self, name: &str, old: Option<KeyDefinition>) -> Option<KeyDefinition> {
        if self.base.is_empty() {
            return old;
        }
        let new = KeyDefinition::Divide(Divide {
            name: name.to_owned(),
            base: self.base.clone(),
            floor: self.floor,
            cap: self.cap,
            ..Divide::default()
        });
        Some(phased_in(name, new, old, self.phase_percent))
    }
}

/// The new key for a part of the amount only, and the old one for the rest.
fn phased_in(name: &str, new: KeyDefinition, old: Option<KeyDefinition>, percent: Option<Decimal>) -> KeyDefinition {
    let part = percent.filter(|percent| *percent < Decimal::ONE_HUNDRED);
    match (part, old) {
        (Some(percent), Some(old)) if percent.is_zero() => old,
        (Some(percent), Some(old)) => KeyDefinition::Blend(Blend {
            name: name.to_owned(),
            part: vec![Part { percent: Decimal::ONE_HUNDRED - percent, key: old }, Part { percent, key: new }],
        }),
        (Some(_), None) | (None, _) => new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(fields: &[(&str, &str)]) -> Understood {
        Understood::of(&fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn percentages_must_come_to_a_hundred() {
        assert_eq!(understood(&[("percent-equal", "30"), ("percent-inhabitants", "70")]).refused, [""; 0]);
        assert_eq!(understood(&[("percent-equal", "30"), ("percent-inhabitants", "60")]).refused, ["base"]);
        assert_eq!(understood(&[("percent-equal", "a lot")]).refused, ["base"]);
    }

    #[test]
    fn each_field_that_cannot_be_read_is_named() {
        let typed = [("floor", "1 000,50"), ("cap", "much"), ("phase", "120"), ("applies_from", "x"), ("from", "1")];
        let understood = understood(&typed);
        assert_eq!(understood.floor, Some(Ore(100_050)));
        assert_eq!(understood.refused, ["cap", "phase", "applies_from", "from"]);
    }

    #[test]
    fn a_phase_in_shares_the_rest_by_the_old_key() {
        let key = |name: &str| KeyDefinition::Divide(Divide { name: name.to_owned(), ..Divide::default() });
        let KeyDefinition::Blend(blend) = phased_in("tried", key("new"), Some(key("old")), Some(Decimal::from(25)))
        else {
            panic!("a blend was expected")
        };
        let parts: Vec<(String, &str)> =
            blend.part.iter().map(|part| (part.percent.to_string(), part.key.name())).collect();
        assert_eq!(parts, [("75".to_owned(), "old"), ("25".to_owned(), "new")]);
        assert_eq!(phased_in("tried", key("new"), Some(key("old")), Some(Decimal::ONE_HUNDRED)), key("new"));
    }
}
