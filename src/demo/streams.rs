//! Which streams are a party's alone, in the story.

use super::tests::{book_on, day, told};
use crate::domain::event::StreamKind;
use crate::domain::identity::PartyId;
use crate::view::whose;

#[test]
fn the_streams_of_a_party_are_those_that_are_its_alone() {
    let book = book_on(&told(), "2026-12-31");
    let all: Vec<_> =
        StreamKind::ALL.iter().flat_map(|kind| book.streams_of_kind(*kind).into_iter().map(|id| (*kind, id))).collect();
    for party in book.parties.keys().copied().collect::<Vec<PartyId>>() {
        let mut found: Vec<_> = whose::streams_of(&book, party);
        // What nothing has happened to yet has no events to look for.
        found.retain(|stream| all.contains(stream));
        found.sort_unstable();
        let mut expected = all.clone();
        expected.retain(|(kind, id)| whose::stream(&book, *kind, *id).parties.contains(&party));
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", book.parties[&party].full_name_on(day("2024-06-01")));
    }
}
