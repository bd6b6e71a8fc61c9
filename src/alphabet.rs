//! The order of names, as Norwegian lists have it: æ, ø and å at the end, and letters of other languages, the Sámi ones among
//! them, beside those they are written with.

use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

static NORWEGIAN: LazyLock<Option<CollatorBorrowed<'static>>> =
    LazyLock::new(|| Collator::try_new(locale!("nb").into(), CollatorOptions::default()).ok());

/// How two names stand to one another; only the same name is equal.
#[must_use]
pub fn order(one: &str, other: &str) -> Ordering {
    let by_alphabet = NORWEGIAN.as_ref().map_or(Ordering::Equal, |norwegian| norwegian.compare(one, other));
    by_alphabet.then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_as_in_norwegian_lists() {
        let mut names = [
            "Åfjord",
            "Ørsta",
            "Ås",
            "Ærø",
            "Aurskog",
            "Žu",
            "Øygarden",
            "Zz",
            "Čáhput",
            "Cc",
            "Árdni",
            "alta",
            "Alta",
        ];
        names.sort_by(|one, other| order(one, other));
        assert_eq!(
            names,
            [
                "alta",
                "Alta",
                "Árdni",
                "Aurskog",
                "Čáhput",
                "Cc",
                "Žu",
                "Zz",
                "Ærø",
                "Ørsta",
                "Øygarden",
                "Åfjord",
                "Ås"
            ]
        );
    }
}
