use super::*;
use crate::domain::party::PartyKind;
use crate::domain::testing::day;
use crate::domain::testing::facts::{
    BY_KEY, Fact, HALVES, INHABITANTS, PROCUREMENT, adopted, committed, contracted, counted, licence, merged,
    municipality, numbered, opened, party, priced, proposed, registered, split,
};

fn explained(facts: &[Fact], number: u128, year: i32) -> (Book, Wanted, Explanation) {
    let book = Book::of(facts.iter().cloned());
    let wanted = Wanted {
        procurement: PROCUREMENT,
        party: party(number),
        first_year: year,
        years_count: 1,
        as_of: day("2024-06-01"),
    };
    let explanation = explanations(&book, wanted, year, None).remove(0);
    (book, wanted, explanation)
}

/// What the explanation names of parties: the stream's number, and what happened in it.
fn grounds(facts: &[Fact], (book, wanted, explanation): &(Book, Wanted, Explanation)) -> Vec<(u128, String)> {
    let streams = explanation.streams(book, *wanted);
    let rests_on = facts.iter().filter(|(id, event)| {
        matches!(event, Event::Party(_)) && streams.contains(&(StreamKind::Party, *id)) && explanation.rests_on(event)
    });
    let said = |event: &Event| if matches!(event, Event::Party(PartyEvent::Measured(_))) { "counted" } else { "ended" };
    rests_on.map(|(id, event)| (id.as_u128(), said(event).to_owned())).collect()
}

fn case() -> Vec<Fact> {
    [
        municipality(1, 1_000),
        municipality(2, 3_000),
        municipality(3, 6_000),
        vec![opened(false), committed(1), committed(2), committed(3), proposed(HALVES), adopted(HALVES, "2022-01-01")],
        vec![licence(1, "2023-01-01", None, BY_KEY), priced(1, contracted(100_000))],
    ]
    .concat()
}

fn origins(explanation: &Explanation) -> Vec<(&str, i64)> {
    let origins = explanation.figures().flat_map(|figure| &figure.origins);
    origins.map(|origin| (origin.party_name.as_str(), i64::try_from(origin.counts).unwrap())).collect()
}

#[test]
fn a_figure_after_a_merger_names_what_was_counted_of_each_and_rests_on_the_merger() {
    let facts = [case(), vec![merged(1, 2, "2024-01-01")]].concat();
    let before = explained(&facts, 2, 2023);
    assert!(origins(&before.2).is_empty());
    assert_eq!(grounds(&facts, &before), [(2, "counted".to_owned())]);
    let after = explained(&facts, 2, 2024);
    assert_eq!(origins(&after.2), [("Kommune 2", 3_000), ("Kommune 1", 1_000)]);
    let expected = [(1, "counted"), (2, "counted"), (1, "ended")].map(|(number, said)| (number, said.to_owned()));
    assert_eq!(grounds(&facts, &after), expected);
}

#[test]
fn a_figure_after_a_split_names_the_part_of_what_was_counted_and_rests_on_the_split() {
    let newcomers = [4, 5].map(|number| {
        vec![registered(number, PartyKind::Municipality, None), numbered(number, &format!("000{number}"), "2024-01-01")]
    });
    let split = vec![split(1, &[(4, 70), (5, 30)], "2024-01-01"), counted(5, "pupils", "2024-01-01", 9)];
    let facts = [case(), newcomers.concat(), split].concat();
    let after = explained(&facts, 5, 2024);
    assert_eq!(origins(&after.2), [("Kommune 1", 300)]);
    assert_eq!(after.2.figures().map(|figure| figure.measure.as_str()).collect::<Vec<_>>(), [INHABITANTS]);
    assert_eq!(grounds(&facts, &after), [(1, "counted".to_owned()), (1, "ended".to_owned())]);
}
