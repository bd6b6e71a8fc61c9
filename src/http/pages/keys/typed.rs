//! What is typed in the key laboratory, as it is understood.
//!
//! What is tried is the key that it stands in for, with what was typed changed: what the form does not ask for stays as it is.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::money::Ore;
use crate::domain::sharing_key::{Base, Blend, Divide, First, Grant, KeyDefinition, Part};
use crate::http::pages::filled::{kroner, number};
use crate::render::page::{FLOOR_ABOVE_CAP, typed_day};

/// What a key can always share by here; what the key that is tried shares by besides, is asked for too.
pub const MEASURES: [&str; 6] = ["equal", "inhabitants", "pupils", "records", "libraries", "loans"];
/// What the fields begin with that ask how much is shared by a measure.
pub const PERCENT: &str = "percent-";

/// What is typed, by the names of the fields.
pub type Typed = BTreeMap<String, String>;

/// A floor or a cap: in kroner, in percent of what is shared, or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bound {
    amount: Option<Ore>,
    percent: Option<Decimal>,
}

impl Bound {
    /// `1500`, `2,5 %`, or both with a semicolon between them.
    fn read(text: &str) -> Option<Self> {
        let mut bound = Self::default();
        for part in text.split(';').map(str::trim) {
            let is_new = match part.strip_suffix('%') {
                Some(percent) => bound.percent.replace(self::percent(percent.trim())?).is_none(),
                None => bound.amount.replace(kroner(part)?).is_none(),
            };
            if !is_new {
                return None;
            }
        }
        Some(bound)
    }

    /// Whether no share could keep to it and to a cap.
    fn is_above(self, cap: Self) -> bool {
        let amount_is = self.amount.zip(cap.amount).is_some_and(|(floor, cap)| floor > cap);
        amount_is || self.percent.zip(cap.percent).is_some_and(|(floor, cap)| floor > cap)
    }

    fn written(amount: Option<Ore>, percent: Option<Decimal>) -> String {
        let amount = amount.map(written);
        let percent = percent.map(|percent| format!("{} %", comma(percent)));
        amount.into_iter().chain(percent).collect::<Vec<_>>().join("; ")
    }
}

/// What is typed, as it is understood; what is not, is named by its field. What no field holds, says nothing.
#[derive(Debug, Default)]
pub struct Understood {
    pub base: Vec<Base>,
    floor: Option<Bound>,
    cap: Option<Bound>,
    /// What each pays first: nothing, or one amount.
    first: Option<Vec<Ore>>,
    grant: Option<Vec<Grant>>,
    pub phase_percent: Option<Decimal>,
    pub applies_from: Option<NaiveDate>,
    pub first_year: Option<i32>,
    pub refused: Vec<&'static str>,
}

impl Understood {
    pub fn of(typed: &Typed) -> Self {
        let mut understood = Self::default();
        let mut bases_are_sound = true;
        for (name, text) in typed {
            let Some(measure) = name.strip_prefix(PERCENT) else { continue };
            match percent(text.trim()) {
                Some(percent) if percent.is_zero() => {}
                Some(percent) => understood.base.push(Base { measure: measure.to_owned(), percent }),
                None => bases_are_sound &= text.trim().is_empty(),
            }
        }
        let sum: Decimal = understood.base.iter().map(|base| base.percent).sum();
        if !bases_are_sound || !(understood.base.is_empty() || sum == Decimal::ONE_HUNDRED) {
            understood.refused.push("base");
        }
        understood.floor = understood.whole(typed, "floor", Bound::read);
        understood.cap = understood.whole(typed, "cap", Bound::read);
        if understood.floor.zip(understood.cap).is_some_and(|(floor, cap)| floor.is_above(cap)) {
            understood.refused.push(FLOOR_ABOVE_CAP);
        }
        understood.first = understood.whole(typed, "first", |text| kroner(text).map(|amount| vec![amount]));
        understood.grant = understood.whole(typed, "grant", grants);
        let field = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        understood.phase_percent = understood.taken("phase", field("phase"), percent);
        understood.applies_from = understood.taken("applies_from", field("applies_from"), typed_day);
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

    /// What a field says that is there; one that is empty takes away what was.
    fn whole<T: Default>(&mut self, typed: &Typed, name: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        match typed.get(name)?.trim() {
            "" => Some(T::default()),
            text => self.taken(name, Some(text), read),
        }
    }

    /// Whether something is typed that only a key that divides has.
    fn asks_for_more_than_shares(&self) -> bool {
        self.floor.is_some_and(|floor| floor != Bound::default())
            || self.cap.is_some_and(|cap| cap != Bound::default())
            || self.first.as_ref().is_some_and(|first| !first.is_empty())
            || self.grant.as_ref().is_some_and(|grants| !grants.is_empty())
    }

    /// Refuses what would change a key that does not divide, while it is not said what to share by in its place.
    pub fn check_against(&mut self, old: Option<&KeyDefinition>) {
        let divides = matches!(old, Some(KeyDefinition::Divide(_)));
        if !divides && self.base.is_empty() && self.asks_for_more_than_shares() && !self.refused.contains(&"base") {
            self.refused.push("base");
        }
    }

    /// The key that is typed, called as it is to be called, in the place of `old`, with what of that nothing is typed of.
    pub fn definition(&self, name: &str, old: Option<KeyDefinition>) -> Option<KeyDefinition> {
        let before = match &old {
            Some(KeyDefinition::Divide(divide)) => divide.clone(),
            Some(_) | None if self.base.is_empty() => return old,
            Some(_) | None => Divide::default(),
        };
        let new = KeyDefinition::Divide(Divide { name: name.to_owned(), ..self.changed(before) });
        Some(phased_in(name, new, old, self.phase_percent))
    }

    fn changed(&self, mut divide: Divide) -> Divide {
        if !self.base.is_empty() {
            let place = |base: &Base| divide.base.iter().position(|known| known.measure == base.measure);
            let mut base = self.base.clone();
            // In the order that they had, and what is new after them.
            base.sort_by_key(|base| place(base).unwrap_or(usize::MAX));
            (divide.base, divide.percentages) = (base, None);
        }
        if let Some(Bound { amount, percent }) = self.floor {
            (divide.floor, divide.floor_percent) = (amount, percent);
        }
        if let Some(Bound { amount, percent }) = self.cap {
            (divide.cap, divide.cap_percent) = (amount, percent);
        }
        if let Some(first) = &self.first
            && first.first().copied() != per_party(&divide)
        {
            divide.first.retain(|first| !matches!(first, First::PerParty { .. }));
            divide.first.extend(first.iter().map(|amount| First::PerParty { per_party: *amount }));
        }
        if let Some(grant) = &self.grant {
            divide.grant.clone_from(grant);
        }
        divide
    }
}

/// The fields as they hold a key before anything is typed.
pub fn as_typed(definition: &KeyDefinition) -> Typed {
    let mut typed = Typed::new();
    let KeyDefinition::Divide(divide) = definition else { return typed };
    for base in &divide.base {
        typed.insert(format!("{PERCENT}{}", base.measure), comma(base.percent));
    }
    let grants = divide.grant.iter().map(|grant| format!("{}: {}", grant.from, written(grant.amount)));
    typed.insert("floor".to_owned(), Bound::written(divide.floor, divide.floor_percent));
    typed.insert("cap".to_owned(), Bound::written(divide.cap, divide.cap_percent));
    typed.insert("first".to_owned(), per_party(divide).map(written).unwrap_or_default());
    typed.insert("grant".to_owned(), grants.collect::<Vec<_>>().join("; "));
    typed
}

/// What each party pays first; none where the key says nothing of it, or says it twice.
fn per_party(divide: &Divide) -> Option<Ore> {
    let mut found = divide.first.iter().filter_map(|first| match first {
        First::PerParty { per_party } => Some(*per_party),
        First::Rate { .. } | First::Party { .. } => None,
    });
    found.next().filter(|_| found.next().is_none())
}

/// `30`, `2,5 %`.
fn percent(text: &str) -> Option<Decimal> {
    number(text.strip_suffix('%').unwrap_or(text).trim())
        .filter(|value| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(value))
}

/// Who gives how much: `Staten: 100000; Fylket: 5000,50`.
fn grants(text: &str) -> Option<Vec<Grant>> {
    let grant = |part: &str| {
        let (from, amount) = part.rsplit_once(':')?;
        let from = from.trim();
        Some(Grant { from: from.to_owned(), amount: kroner(amount.trim())? }).filter(|_| !from.is_empty())
    };
    text.split(';').map(grant).collect()
}

fn written(amount: Ore) -> String {
    comma(amount.kroner())
}

fn comma(number: Decimal) -> String {
    number.normalize().to_string().replace('.', ",")
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
    use crate::domain::sharing_key::{Rounding, Unit};

    fn understood(fields: &[(&str, &str)]) -> Understood {
        Understood::of(&fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn percentages_must_come_to_a_hundred() {
        assert_eq!(understood(&[("percent-equal", "30"), ("percent-inhabitants", "70")]).refused, [""; 0]);
        assert_eq!(understood(&[("percent-equal", "30"), ("percent-inhabitants", "60")]).refused, ["base"]);
        assert_eq!(understood(&[("percent-equal", "30 %"), ("percent-inhabitants", "70%")]).refused, [""; 0]);
        assert_eq!(understood(&[("percent-equal", "a lot")]).refused, ["base"]);
    }

    #[test]
    fn each_field_that_cannot_be_read_is_named() {
        let typed = [("floor", "1 000,50"), ("cap", "much"), ("phase", "120"), ("applies_from", "x"), ("from", "1")];
        let understood = understood(&typed);
        assert_eq!(understood.floor, Some(Bound { amount: Some(Ore(100_050)), percent: None }));
        assert_eq!(understood.refused, ["cap", "phase", "applies_from", "from"]);
    }

    #[test]
    fn a_floor_above_the_cap_is_said_of_the_floor() {
        let refused = |floor, cap| understood(&[("floor", floor), ("cap", cap)]).refused;
        assert_eq!([refused("1500", "1000"), refused("3 %", "2,5 %")], [[FLOOR_ABOVE_CAP]; 2]);
        assert_eq!([refused("1000", "1000"), refused("1500", "2 %"), refused("", "5")], [const { [""; 0] }; 3]);
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

    /// A key that holds all there is.
    fn full() -> Divide {
        Divide {
            name: "full".to_owned(),
            unit: Unit::Krone,
            round: Rounding::Each,
            grant: vec![Grant { from: "Staten: kultur".to_owned(), amount: Ore(10_000_050) }],
            first: vec![
                First::PerParty { per_party: Ore(100_000) },
                First::Rate { measure: "libraries".to_owned(), rate: Decimal::from(50) },
            ],
            base: vec![base("records", 25), base("equal", 75)],
            share_decimals: Some(2),
            floor: Some(Ore(500_000)),
            floor_percent: Some(Decimal::ONE),
            cap_percent: Some(Decimal::new(125, 1)),
            ..Divide::default()
        }
    }

    fn base(measure: &str, percent: i64) -> Base {
        Base { measure: measure.to_owned(), percent: Decimal::from(percent) }
    }

    fn changed(key: &KeyDefinition, fields: &[(&str, &str)]) -> KeyDefinition {
        let mut typed = as_typed(key);
        typed.extend(fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        let understood = Understood::of(&typed);
        assert_eq!(understood.refused, [""; 0]);
        understood.definition("full", Some(key.clone())).unwrap()
    }

    #[test]
    fn a_key_in_whose_fields_nothing_is_changed_stays_as_it_is() {
        let key = KeyDefinition::Divide(full());
        assert_eq!(changed(&key, &[]), key);
        let table = KeyDefinition::Divide(Divide {
            percentages: Some(BTreeMap::from([("5401".to_owned(), Decimal::ONE_HUNDRED)])),
            base: Vec::new(),
            ..full()
        });
        assert_eq!(changed(&table, &[]), table);
        let blend = phased_in("full", key.clone(), Some(table), Some(Decimal::from(25)));
        assert_eq!(changed(&blend, &[]), blend);
        // Another form than the page's, which holds none of the fields.
        assert_eq!(Understood::default().definition("full", Some(key.clone())), Some(key));
    }

    #[test]
    fn what_is_typed_is_changed_and_nothing_else() {
        let key = KeyDefinition::Divide(full());
        let floor = changed(&key, &[("floor", "2 %")]);
        let expected = Divide { floor: None, floor_percent: Some(Decimal::from(2)), ..full() };
        assert_eq!(floor, KeyDefinition::Divide(expected));
        let without = changed(&key, &[("floor", ""), ("cap", ""), ("grant", "")]);
        let expected = Divide { floor: None, floor_percent: None, cap_percent: None, grant: Vec::new(), ..full() };
        assert_eq!(without, KeyDefinition::Divide(expected));
        let shared = changed(&key, &[("percent-libraries", "25"), ("percent-records", "")]);
        let expected = Divide { base: vec![base("equal", 75), base("libraries", 25)], ..full() };
        assert_eq!(shared, KeyDefinition::Divide(expected));
        let first = changed(&key, &[("first", "5"), ("grant", "Fylket: 1 000")]);
        let KeyDefinition::Divide(first) = first else { panic!("a division was expected") };
        assert_eq!((first.first.len(), per_party(&first)), (2, Some(Ore(500))));
        assert_eq!(first.grant, [Grant { from: "Fylket".to_owned(), amount: Ore(100_000) }]);
    }

    #[test]
    fn a_key_that_does_not_divide_gets_no_floor_alone() {
        let mut understood = understood(&[("floor", "100")]);
        understood.check_against(Some(&KeyDefinition::Blend(Blend { name: String::new(), part: Vec::new() })));
        assert_eq!(understood.refused, ["base"]);
    }
}
