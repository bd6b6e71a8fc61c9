//! Nudges: letters to those who are behind, about the steps that they have not taken.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Procurement, ProcurementEvent, ProcurementRejection};
use crate::domain::identity::{InvoiceId, PartyId};
use crate::domain::text_is_sound;

/// The most parties that are nudged at once.
pub const LETTERS_MAX: usize = 2_000;

/// A step that every municipality takes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The affiliation agreement is signed.
    Agreement,
    /// A library has signed up.
    Signup,
    /// Notice of the old contract is given.
    Notice,
    /// The purchase is reported into the budget.
    Budget,
}

impl Step {
    /// All of them, in the order they are taken.
    pub const ALL: [Self; 4] = [Self::Agreement, Self::Signup, Self::Notice, Self::Budget];
}

/// A step that is not taken, and the day by which it should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LateStep {
    /// The step.
    pub step: Step,
    /// The day by which it should have been taken.
    pub due: NaiveDate,
}

/// A letter to one that is behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NudgeLetter {
    /// The id of the letter: its delivery has the same.
    pub letter: InvoiceId,
    /// The party.
    pub party: PartyId,
    /// What it is behind with.
    pub late: Vec<LateStep>,
}

/// Those who are behind were nudged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nudged {
    /// A letter to each.
    pub letters: Vec<NudgeLetter>,
    /// What is added to each letter, in words that name no person; none where nothing is.
    pub note: Option<String>,
    /// The day.
    pub on: NaiveDate,
}

impl Procurement {
    /// The day on which a party was nudged last; none where it never was.
    #[must_use]
    pub fn last_nudged_on(&self, party: PartyId) -> Option<NaiveDate> {
        let of_party = |nudged: &&Nudged| nudged.letters.iter().any(|letter| letter.party == party);
        self.nudges.iter().filter(of_party).map(|nudged| nudged.on).max()
    }

    /// Nobody is nudged twice on one day, however many press the button.
    pub(super) fn nudge(&self, wished: Nudged) -> Result<Vec<ProcurementEvent>, ProcurementRejection> {
        self.known()?;
        if self.nudges.contains(&wished) {
            return Ok(vec![]);
        }
        super::rule::is_taken(wished.on)?;
        if wished.letters.is_empty() {
            return Err(ProcurementRejection::NobodyToNudge);
        }
        if wished.letters.len() > LETTERS_MAX {
            return Err(ProcurementRejection::TooManyToNudge { count: wished.letters.len(), most: LETTERS_MAX });
        }
        let mut seen = BTreeSet::new();
        for letter in &wished.letters {
            if letter.late.is_empty() {
                return Err(ProcurementRejection::NotBehind { party: letter.party });
            }
            if !seen.insert(letter.party) || self.last_nudged_on(letter.party) == Some(wished.on) {
                return Err(ProcurementRejection::NudgedToday { party: letter.party, on: wished.on });
            }
        }
        if !wished.note.as_deref().is_none_or(|note| text_is_sound(note) && !note.contains('@')) {
            return Err(ProcurementRejection::NoteUnfit);
        }
        Ok(vec![ProcurementEvent::Nudged(wished)])
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{given, opened};
    use super::*;
    use crate::domain::procurement::ProcurementCommand;
    use crate::domain::testing::{day, nth};

    const ALTA: PartyId = PartyId(uuid::Uuid::from_u128(5403));

    fn nudged(on: &str) -> Nudged {
        let late = LateStep { step: Step::Agreement, due: day("2022-12-30") };
        Nudged {
            letters: vec![NudgeLetter { letter: InvoiceId(nth(1)), party: ALTA, late: vec![late] }],
            note: None,
            on: day(on),
        }
    }

    fn nudge(nudged: Nudged) -> ProcurementCommand {
        let Nudged { letters, note, on } = nudged;
        ProcurementCommand::Nudge { parties: vec![], note, on, letters }
    }

    #[test]
    fn those_who_are_behind_are_nudged_once_a_day() {
        let before = || [opened(), ProcurementEvent::Nudged(nudged("2023-01-10"))];
        given([opened()]).when(nudge(nudged("2023-01-10"))).then([ProcurementEvent::Nudged(nudged("2023-01-10"))]);
        given(before()).when(nudge(nudged("2023-01-10"))).then_nothing();
        let another = Nudged { note: Some("Vi trenger svaret.".to_owned()), ..nudged("2023-01-10") };
        given(before())
            .when(nudge(another))
            .then_rejected(ProcurementRejection::NudgedToday { party: ALTA, on: day("2023-01-10") });
        given(before()).when(nudge(nudged("2023-01-11"))).then([ProcurementEvent::Nudged(nudged("2023-01-11"))]);
    }

    #[test]
    fn nobody_is_nudged_who_is_not_behind() {
        given([opened()])
            .when(nudge(Nudged { letters: vec![], ..nudged("2023-01-10") }))
            .then_rejected(ProcurementRejection::NobodyToNudge);
        let mut of_one = nudged("2023-01-10");
        of_one.letters[0].late = vec![];
        given([opened()]).when(nudge(of_one)).then_rejected(ProcurementRejection::NotBehind { party: ALTA });
    }

    #[test]
    fn what_is_added_names_no_address() {
        given([opened()])
            .when(nudge(Nudged { note: Some("Skriv til post@alta.example".to_owned()), ..nudged("2023-01-10") }))
            .then_rejected(ProcurementRejection::NoteUnfit);
    }
}
