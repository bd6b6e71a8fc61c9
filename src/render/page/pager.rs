//! Long lists a part at a time: how many there are in all, and the way to the others.

use serde::Serialize;

use super::super::words::Say;
use super::address::address_of;

/// Which part of a list is shown: a page from 1, and how much is on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    page: usize,
    size: usize,
}

impl Window {
    /// The page that is asked for as it is typed, the first where it is none; of a list so long, its last where it is beyond.
    #[must_use]
    pub fn asked(typed: &str, size: usize, count: usize) -> Self {
        let last = count.div_ceil(size.max(1)).max(1);
        Self { page: typed.trim().parse().unwrap_or(1).clamp(1, last), size }
    }

    /// What of a list is on it.
    pub fn of<T>(self, all: &[T]) -> &[T] {
        let first = (self.page - 1) * self.size;
        all.get(first..all.len().min(first + self.size)).unwrap_or_default()
    }
}

/// A list of which a part is shown.
#[derive(Debug)]
pub struct Listed<'a, T> {
    /// What is shown.
    pub shown: &'a [T],
    /// Which part of all that is.
    pub window: Window,
    /// How many there are.
    pub count: usize,
}

impl<'a, T> Listed<'a, T> {
    /// The part of all that is asked for by the number of a page.
    #[must_use]
    pub fn asked(all: &'a [T], typed_page: &str, size: usize) -> Self {
        let window = Window::asked(typed_page, size, all.len());
        Self { shown: window.of(all), window, count: all.len() }
    }
}

impl<T> Clone for Listed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

/// Also where what is listed is not.
impl<T> Copy for Listed<'_, T> {}

/// The address of a page of a list, with what is looked for.
pub(super) fn address_of_page(path: &str, fields: &[(&str, &str)], page: usize) -> String {
    let number = page.to_string();
    let number = [("page", if page > 1 { number.as_str() } else { "" })];
    address_of(path, fields.iter().chain(&number).copied())
}

/// The way to the rest of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Pager {
    sentence: String,
    before: Option<String>,
    after: Option<String>,
}

impl Pager {
    /// The way from a page to those beside it; none where everything is on one. `address` leads to a page.
    pub(super) fn of(say: Say, window: Window, count: usize, address: impl Fn(usize) -> String) -> Option<Self> {
        if count <= window.size {
            return None;
        }
        let first = (window.page - 1) * window.size;
        let last = count.min(first + window.size);
        let [first_shown, last_shown, of] = [first + 1, last, count].map(|number| number.to_string());
        let with = [("first", first_shown.as_str()), ("last", &last_shown), ("count", &of)];
        Some(Self {
            sentence: say.sentence("page-part-of", with),
            before: (window.page > 1).then(|| address(window.page - 1)),
            after: (last < count).then(|| address(window.page + 1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn a_page_that_is_no_number_is_the_first_and_one_beyond_the_end_the_last() {
        let all: Vec<usize> = (1..=25).collect();
        let shown = |typed: &str| Window::asked(typed, 10, all.len()).of(&all).first().copied();
        assert_eq!(
            ["", "x", "0", "1", "2", "3", "4", "99999999999999999999"].map(shown),
            [1, 1, 1, 1, 11, 21, 21, 1].map(Some)
        );
        assert!(Window::asked("2", 10, 0).of(&all[..0]).is_empty());
    }

    #[test]
    fn an_address_has_what_is_looked_for_and_no_more() {
        assert_eq!(address_of_page("/board", &[("q", ""), ("sort", "")], 1), "/board");
        assert_eq!(
            address_of_page("/board", &[("q", "å&b"), ("sort", "name")], 3),
            "/board?q=%C3%A5%26b&sort=name&page=3"
        );
    }

    #[test]
    fn the_way_leads_to_the_pages_beside_and_there_is_none_where_one_page_is_enough() {
        let say = Say::of(Language::Bokmal);
        let of =
            |typed: &str, count| Pager::of(say, Window::asked(typed, 10, count), count, |page| format!("?page={page}"));
        assert_eq!(of("1", 10), None);
        let middle = of("2", 25).unwrap();
        assert_eq!(middle.sentence, "Viser 11–20 av 25.");
        assert_eq!((middle.before.as_deref(), middle.after.as_deref()), (Some("?page=1"), Some("?page=3")));
        let last = of("3", 25).unwrap();
        assert_eq!((last.before.as_deref(), last.after), (Some("?page=2"), None));
    }
}
