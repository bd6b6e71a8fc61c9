//! Proposals that were tried in the key laboratory and given a name, and their hearings: one is sent to everybody whom it
//! concerns, each answers, and then it is decided. A proposal is never changed: a better one is another one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{KeyEvent, KeyRejection, SharingKey, check_definition, check_year};
use crate::domain::identity::{InvoiceId, PartyId, ProposalId};
use crate::domain::sharing_key::KeyDefinition;
use crate::domain::text_is_sound;

/// The most proposals that are kept of one key.
pub const PROPOSALS_MAX: usize = 200;
/// The most parties whose membership one proposal changes.
pub const MEMBERS_MAX: usize = 2_000;

/// A party that would join or leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// The party.
    pub party: PartyId,
    /// The first day it would share costs; none where it leaves.
    pub joins: Option<NaiveDate>,
    /// The last day it would share costs; none where it joins.
    pub leaves: Option<NaiveDate>,
}

/// Something that was tried got a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalSaved {
    /// Its id.
    pub proposal: ProposalId,
    /// What people call it.
    pub name: String,
    /// What is to be said of it, in words that name no person; none where nothing is.
    pub note: Option<String>,
    /// The key as it would be.
    pub definition: KeyDefinition,
    /// The first day it would apply to.
    pub applies_from: NaiveDate,
    /// The day measures would be taken from.
    pub population_date: NaiveDate,
    /// Who would join or leave.
    pub members: Vec<MemberChange>,
    /// The day.
    pub on: NaiveDate,
}

/// A letter that asks a party what it thinks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HearingLetter {
    /// The id of the letter: its delivery has the same.
    pub letter: InvoiceId,
    /// The party that is asked.
    pub party: PartyId,
}

/// A proposal was sent to everybody whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HearingOpened {
    /// The proposal.
    pub proposal: ProposalId,
    /// The last day for answers.
    pub answer_by: NaiveDate,
    /// A letter to each.
    pub letters: Vec<HearingLetter>,
    /// The day.
    pub on: NaiveDate,
}

/// What a party thinks of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// It is for it.
    Supports,
    /// It is against it.
    Opposes,
    /// It has nothing to say to it.
    NoRemarks,
}

impl Stance {
    /// All of them, as they are offered.
    pub const ALL: [Self; 3] = [Self::Supports, Self::Opposes, Self::NoRemarks];
}

/// A party answered a hearing; a later answer takes the place of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HearingAnswered {
    /// The proposal.
    pub proposal: ProposalId,
    /// The party that answers.
    pub party: PartyId,
    /// What it thinks.
    pub stance: Stance,
    /// Why, in words that name no person; none where it says no more.
    pub text: Option<String>,
    /// The day.
    pub on: NaiveDate,
}

/// A hearing, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// How it was sent.
    pub opened: HearingOpened,
    /// The latest answer of each.
    pub answers: BTreeMap<PartyId, HearingAnswered>,
}

impl Hearing {
    /// Whether answers may still come on `day`: it has not passed the last one, and not everybody has answered.
    #[must_use]
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        day <= self.opened.answer_by && self.answers.len() < self.opened.letters.len()
    }
}

/// A proposal, and its hearing where it had one.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What was saved.
    pub saved: ProposalSaved,
    /// Its hearing.
    pub hearing: Option<Hearing>,
}

/// Whether it may stand in the log: one line of a sound length, without an e-mail address, which is a person's. Nothing may
/// always stand there.
fn may_be_kept(text: Option<&String>) -> bool {
    text.is_none_or(|text| text_is_sound(text) && !text.contains('@'))
}

type Decision = Result<Vec<KeyEvent>, KeyRejection>;

impl SharingKey {
    /// The proposal of an id.
    #[must_use]
    pub fn proposal(&self, id: ProposalId) -> Option<&Proposal> {
        self.proposals.iter().find(|proposal| proposal.saved.proposal == id)
    }

    pub(super) fn save_proposal(&self, wished: ProposalSaved) -> Decision {
        if self.proposed.is_none() {
            return Err(KeyRejection::NotProposed);
        }
        if let Some(known) = self.proposal(wished.proposal) {
            return if known.saved == wished { Ok(vec![]) } else { Err(KeyRejection::ProposalIsKept) };
        }
        if !text_is_sound(&wished.name) {
            return Err(KeyRejection::NameMissing);
        }
        let is_of_this_name =
            |known: &&Proposal| known.saved.name.trim().to_lowercase() == wished.name.trim().to_lowercase();
        if let Some(known) = self.proposals.iter().find(is_of_this_name) {
            return Err(KeyRejection::ProposalNameTaken { name: known.saved.name.clone(), saved_on: known.saved.on });
        }
        if self.proposals.len() >= PROPOSALS_MAX {
            return Err(KeyRejection::TooManyProposals { most: PROPOSALS_MAX });
        }
        if !may_be_kept(wished.note.as_ref()) {
            return Err(KeyRejection::TextUnfit);
        }
        check_year(wished.applies_from)?;
        check_year(wished.population_date)?;
        check_definition(&wished.definition)?;
        check_members(&wished.members)?;
        Ok(vec![KeyEvent::ProposalSaved(Box::new(wished))])
    }

    pub(super) fn open_hearing(&self, wished: HearingOpened) -> Decision {
        let known = self.proposal(wished.proposal).ok_or(KeyRejection::ProposalUnknown)?;
        match &known.hearing {
            Some(hearing) if hearing.opened.answer_by == wished.answer_by => return Ok(vec![]),
            Some(hearing) => {
                return Err(KeyRejection::AlreadyInHearing { answer_by: hearing.opened.answer_by });
            }
            None => {}
        }
        check_year(wished.answer_by)?;
        if wished.answer_by <= wished.on {
            return Err(KeyRejection::AnswerByTooEarly { answer_by: wished.answer_by, on: wished.on });
        }
        if wished.letters.is_empty() {
            return Err(KeyRejection::NobodyConcerned);
        }
        Ok(vec![KeyEvent::HearingOpened(wished)])
    }

    pub(super) fn answer_hearing(&self, wished: HearingAnswered) -> Decision {
        let known = self.proposal(wished.proposal).ok_or(KeyRejection::ProposalUnknown)?;
        let hearing = known.hearing.as_ref().ok_or(KeyRejection::NotInHearing)?;
        if !hearing.opened.letters.iter().any(|letter| letter.party == wished.party) {
            return Err(KeyRejection::NotAsked);
        }
        if hearing.answers.get(&wished.party) == Some(&wished) {
            return Ok(vec![]);
        }
        if !may_be_kept(wished.text.as_ref()) {
            return Err(KeyRejection::TextUnfit);
        }
        if wished.on < hearing.opened.on {
            return Err(KeyRejection::AnsweredBeforeAsked { asked_on: hearing.opened.on, on: wished.on });
        }
        Ok(vec![KeyEvent::HearingAnswered(wished)])
    }

    /// A key that is out for hearing is not adopted before everybody has answered, or the time for it has passed.
    pub(super) fn check_hearing_is_over(&self, definition: &KeyDefinition, on: NaiveDate) -> Result<(), KeyRejection> {
        let open = self.proposals.iter().find_map(|proposal| {
            let hearing = proposal.hearing.as_ref().filter(|hearing| hearing.is_open_on(on))?;
            (proposal.saved.definition == *definition).then_some((proposal, hearing))
        });
        open.map_or(Ok(()), |(proposal, hearing)| {
            Err(KeyRejection::HearingNotOver { name: proposal.saved.name.clone(), answer_by: hearing.opened.answer_by })
        })
    }

    /// A key that was proposed from a day is not adopted from an earlier one: nobody was asked about those days.
    pub(super) fn check_not_before_proposed(
        &self,
        definition: &KeyDefinition,
        applies_from: NaiveDate,
    ) -> Result<(), KeyRejection> {
        let of_this_key = self.proposals.iter().map(|proposal| &proposal.saved);
        let earliest =
            of_this_key.filter(|saved| saved.definition == *definition).min_by_key(|saved| saved.applies_from);
        earliest.filter(|saved| applies_from < saved.applies_from).map_or(Ok(()), |saved| {
            Err(KeyRejection::BeforeProposed { name: saved.name.clone(), applies_from: saved.applies_from })
        })
    }

    pub(super) fn evolve_proposals(&mut self, event: &KeyEvent) {
        match event {
            KeyEvent::Proposed(_) | KeyEvent::Adopted(_) => {}
            KeyEvent::ProposalSaved(saved) => {
                self.proposals.push(Proposal { saved: saved.as_ref().clone(), hearing: None });
            }
            KeyEvent::HearingOpened(opened) => {
                if let Some(proposal) = self.proposal_mut(opened.proposal) {
                    proposal.hearing = Some(Hearing { opened: opened.clone(), answers: BTreeMap::new() });
                }
            }
            KeyEvent::HearingAnswered(answered) => {
                let hearing = self.proposal_mut(answered.proposal).and_then(|proposal| proposal.hearing.as_mut());
                if let Some(hearing) = hearing {
                    hearing.answers.insert(answered.party, answered.clone());
                }
            }
        }
    }

    fn proposal_mut(&mut self, id: ProposalId) -> Option<&mut Proposal> {
        self.proposals.iter_mut().find(|proposal| proposal.saved.proposal == id)
    }
}

fn check_members(members: &[MemberChange]) -> Result<(), KeyRejection> {
    if members.len() > MEMBERS_MAX {
        return Err(KeyRejection::TooManyMembers { most: MEMBERS_MAX });
    }
    let mut seen = BTreeSet::new();
    for member in members {
        if !seen.insert(member.party) || member.joins.is_some() == member.leaves.is_some() {
            return Err(KeyRejection::MemberUnclear { party: member.party });
        }
        member.joins.into_iter().chain(member.leaves).try_for_each(check_year)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, definition, proposed};
    use super::*;
    use crate::decider::testing::given;
    use crate::domain::key_adoption::{Adopted, KeyCommand};
    use crate::domain::testing::nth;

    const FIRST: ProposalId = ProposalId(uuid::Uuid::from_u128(11));
    const ALTA: PartyId = PartyId(uuid::Uuid::from_u128(21));
    const VARDO: PartyId = PartyId(uuid::Uuid::from_u128(22));

    fn saved(name: &str) -> ProposalSaved {
        ProposalSaved {
            proposal: FIRST,
            name: name.to_owned(),
            note: Some("Mindre kommuner betaler mindre.".to_owned()),
            definition: definition("20/80"),
            applies_from: day("2025-01-01"),
            population_date: day("2024-01-01"),
            members: vec![],
            on: day("2024-03-01"),
        }
    }

    fn save(saved: ProposalSaved) -> KeyCommand {
        let ProposalSaved { proposal, name, note, definition, applies_from, population_date, members, on } = saved;
        KeyCommand::SaveProposal { proposal, name, note, definition, applies_from, population_date, members, on }
    }

    fn opened(answer_by: &str) -> HearingOpened {
        let letter = |letter: u128, party| HearingLetter { letter: InvoiceId(nth(letter)), party };
        HearingOpened {
            proposal: FIRST,
            answer_by: day(answer_by),
            letters: vec![letter(31, ALTA), letter(32, VARDO)],
            on: day("2024-04-01"),
        }
    }

    fn open(opened: HearingOpened) -> KeyCommand {
        let HearingOpened { proposal, answer_by, letters, on } = opened;
        KeyCommand::OpenHearing { proposal, answer_by, on, letters }
    }

    fn answered(party: PartyId, stance: Stance) -> HearingAnswered {
        HearingAnswered { proposal: FIRST, party, stance, text: None, on: day("2024-04-10") }
    }

    fn answer(answered: HearingAnswered) -> KeyCommand {
        let HearingAnswered { proposal, party, stance, text, on } = answered;
        KeyCommand::AnswerHearing { proposal, party, stance, text, on }
    }

    fn adopt(on: &str) -> KeyCommand {
        adopt_from("2025-01-01", on)
    }

    fn adopt_from(applies_from: &str, on: &str) -> KeyCommand {
        KeyCommand::Adopt {
            definition: definition("20/80"),
            applies_from: day(applies_from),
            population_date: day("2024-01-01"),
            reference: "Vedtak 7/24".to_owned(),
            on: day(on),
        }
    }

    fn in_hearing() -> Vec<KeyEvent> {
        vec![
            KeyEvent::Proposed(Box::new(proposed())),
            KeyEvent::ProposalSaved(Box::new(saved("Flere like deler"))),
            KeyEvent::HearingOpened(opened("2024-05-01")),
        ]
    }

    #[test]
    fn what_was_tried_is_kept_under_a_name_of_its_own() {
        given::<SharingKey>([]).when(save(saved("Flere like deler"))).then_rejected(KeyRejection::NotProposed);
        let known =
            [KeyEvent::Proposed(Box::new(proposed())), KeyEvent::ProposalSaved(Box::new(saved("Flere like deler")))];
        given::<SharingKey>([known[0].clone()]).when(save(saved("Flere like deler"))).then([known[1].clone()]);
        given::<SharingKey>(known.clone()).when(save(saved("Flere like deler"))).then_nothing();
        given::<SharingKey>(known.clone()).when(save(saved("Annet"))).then_rejected(KeyRejection::ProposalIsKept);
        let other = ProposalSaved { proposal: ProposalId(nth(12)), ..saved("FLERE like deler ") };
        given::<SharingKey>(known).when(save(other)).then_rejected(KeyRejection::ProposalNameTaken {
            name: "Flere like deler".to_owned(),
            saved_on: day("2024-03-01"),
        });
    }

    #[test]
    fn a_proposal_says_of_each_party_whether_it_joins_or_leaves() {
        let change = |joins: Option<&str>, leaves: Option<&str>| MemberChange {
            party: ALTA,
            joins: joins.map(day),
            leaves: leaves.map(day),
        };
        let tried = |members: Vec<MemberChange>| save(ProposalSaved { members, ..saved("Uten Alta") });
        let unclear = || KeyRejection::MemberUnclear { party: ALTA };
        let known = || given::<SharingKey>([KeyEvent::Proposed(Box::new(proposed()))]);
        known().when(tried(vec![change(None, None)])).then_rejected(unclear());
        known().when(tried(vec![change(None, Some("2024-12-31")); 2])).then_rejected(unclear());
        let members = vec![change(None, Some("2024-12-31"))];
        let expected =
            KeyEvent::ProposalSaved(Box::new(ProposalSaved { members: members.clone(), ..saved("Uten Alta") }));
        known().when(tried(members)).then([expected]);
    }

    #[test]
    fn words_that_would_stand_in_the_log_for_ever_hold_no_address() {
        let note = Some("Spør leder@alta.example".to_owned());
        given::<SharingKey>([KeyEvent::Proposed(Box::new(proposed()))])
            .when(save(ProposalSaved { note, ..saved("Flere like deler") }))
            .then_rejected(KeyRejection::TextUnfit);
    }

    #[test]
    fn a_proposal_is_sent_out_once_with_time_to_answer() {
        let known =
            [KeyEvent::Proposed(Box::new(proposed())), KeyEvent::ProposalSaved(Box::new(saved("Flere like deler")))];
        given::<SharingKey>(known.clone())
            .when(open(opened("2024-05-01")))
            .then([KeyEvent::HearingOpened(opened("2024-05-01"))]);
        given::<SharingKey>(known.clone())
            .when(open(opened("2024-04-01")))
            .then_rejected(KeyRejection::AnswerByTooEarly { answer_by: day("2024-04-01"), on: day("2024-04-01") });
        given::<SharingKey>(known)
            .when(open(HearingOpened { letters: vec![], ..opened("2024-05-01") }))
            .then_rejected(KeyRejection::NobodyConcerned);
        given::<SharingKey>(in_hearing()).when(open(opened("2024-05-01"))).then_nothing();
        given::<SharingKey>(in_hearing())
            .when(open(opened("2024-06-01")))
            .then_rejected(KeyRejection::AlreadyInHearing { answer_by: day("2024-05-01") });
    }

    #[test]
    fn those_that_were_asked_answer_and_may_think_again() {
        let supports = answered(ALTA, Stance::Supports);
        given::<SharingKey>(in_hearing())
            .when(answer(supports.clone()))
            .then([KeyEvent::HearingAnswered(supports.clone())]);
        let again = HearingAnswered { text: Some("Vi vil ha et tak.".to_owned()), ..answered(ALTA, Stance::Opposes) };
        let said = || in_hearing().into_iter().chain([KeyEvent::HearingAnswered(supports.clone())]);
        given::<SharingKey>(said()).when(answer(supports.clone())).then_nothing();
        given::<SharingKey>(said()).when(answer(again.clone())).then([KeyEvent::HearingAnswered(again)]);
        given::<SharingKey>(in_hearing())
            .when(answer(answered(PartyId(nth(99)), Stance::Supports)))
            .then_rejected(KeyRejection::NotAsked);
    }

    #[test]
    fn a_key_is_not_adopted_from_before_the_day_it_was_proposed_from() {
        let earlier_too = ProposalSaved {
            proposal: ProposalId(nth(12)),
            applies_from: day("2024-07-01"),
            ..saved("Alt fra sommeren")
        };
        let known = || vec![KeyEvent::Proposed(Box::new(proposed())), KeyEvent::ProposalSaved(Box::new(saved("Delt")))];
        given::<SharingKey>(known())
            .when(adopt_from("2024-12-31", "2024-05-02"))
            .then_rejected(KeyRejection::BeforeProposed { name: "Delt".to_owned(), applies_from: day("2025-01-01") });
        let both = known().into_iter().chain([KeyEvent::ProposalSaved(Box::new(earlier_too))]);
        given::<SharingKey>(both).when(adopt_from("2024-06-30", "2024-05-02")).then_rejected(
            KeyRejection::BeforeProposed { name: "Alt fra sommeren".to_owned(), applies_from: day("2024-07-01") },
        );
    }

    #[test]
    fn a_key_in_hearing_is_adopted_when_all_have_answered_or_the_time_has_passed() {
        given::<SharingKey>(in_hearing()).when(adopt("2024-05-01")).then_rejected(KeyRejection::HearingNotOver {
            name: "Flere like deler".to_owned(),
            answer_by: day("2024-05-01"),
        });
        let adopted = |on: &str| {
            KeyEvent::Adopted(Box::new(Adopted {
                definition: definition("20/80"),
                applies_from: day("2025-01-01"),
                population_date: day("2024-01-01"),
                reference: "Vedtak 7/24".to_owned(),
                on: day(on),
            }))
        };
        given::<SharingKey>(in_hearing()).when(adopt("2024-05-02")).then([adopted("2024-05-02")]);
        let all = [answered(ALTA, Stance::Supports), answered(VARDO, Stance::NoRemarks)];
        given::<SharingKey>(in_hearing().into_iter().chain(all.map(KeyEvent::HearingAnswered)))
            .when(adopt("2024-04-11"))
            .then([adopted("2024-04-11")]);
    }
}
