//! A sharing key's life: proposed, tried, adopted from a day, replaced by a later adoption.
//!
//! A council may adopt something else than what was proposed: the adopted key need not equal the latest proposal.

mod proposal;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::YEARS_TAKEN;
use super::identity::{PartyId, ProcurementId, ProposalId, SharingKeyId};
use super::sharing_key::KeyDefinition;
use super::text_is_sound;
use crate::decider::Decider;

pub use proposal::{
    Hearing, HearingAnswered, HearingLetter, HearingOpened, MemberChange, Proposal, ProposalSaved, Stance,
};

/// A key was proposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposed {
    /// Its id; the same for all versions that replace one another.
    pub sharing_key: SharingKeyId,
    /// The procurement it is for.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// The key.
    pub definition: KeyDefinition,
    /// The day measures are taken from.
    pub population_date: NaiveDate,
    /// The day of the proposal.
    pub on: NaiveDate,
}

/// A key was adopted: it applies from a day, until a later adoption does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adopted {
    /// The key.
    pub definition: KeyDefinition,
    /// The first day it applies to.
    pub applies_from: NaiveDate,
    /// The day measures are frozen at.
    pub population_date: NaiveDate,
    /// The decision.
    pub reference: String,
    /// The day of the decision.
    pub on: NaiveDate,
}

/// What has happened to a sharing key.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyEvent {
    /// It was proposed.
    Proposed(Box<Proposed>),
    /// It was adopted.
    Adopted(Box<Adopted>),
    /// Something that was tried in its place got a name.
    ProposalSaved(Box<ProposalSaved>),
    /// A proposal was sent to everybody whom it concerns.
    HearingOpened(HearingOpened),
    /// A party answered.
    HearingAnswered(HearingAnswered),
}

/// What can be wished of a sharing key. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum KeyCommand {
    /// Propose it, or propose another in its place.
    Propose {
        sharing_key: SharingKeyId,
        procurement: ProcurementId,
        name: String,
        definition: KeyDefinition,
        population_date: NaiveDate,
        on: NaiveDate,
    },
    /// Adopt it.
    Adopt {
        definition: KeyDefinition,
        applies_from: NaiveDate,
        population_date: NaiveDate,
        reference: String,
        on: NaiveDate,
    },
    /// Keep something that was tried in its place, under a name.
    SaveProposal {
        proposal: ProposalId,
        name: String,
        note: Option<String>,
        definition: KeyDefinition,
        applies_from: NaiveDate,
        population_date: NaiveDate,
        members: Vec<MemberChange>,
        on: NaiveDate,
    },
    /// Send a proposal to everybody whom it concerns.
    OpenHearing {
        proposal: ProposalId,
        answer_by: NaiveDate,
        on: NaiveDate,
        /// Looked up: a letter to each.
        #[serde(skip)]
        letters: Vec<HearingLetter>,
    },
    /// Record what a party answers.
    AnswerHearing { proposal: ProposalId, party: PartyId, stance: Stance, text: Option<String>, on: NaiveDate },
}

/// A sharing key as its events have made it. The default is one that is not proposed yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SharingKey {
    /// The latest proposal; none before.
    pub proposed: Option<Proposed>,
    /// Adoptions by the first day they apply to.
    pub adoptions: BTreeMap<NaiveDate, Adopted>,
    /// What was tried in its place and given a name, in the order it was saved.
    pub proposals: Vec<Proposal>,
}

/// The version of a key that counts on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InForce<'key> {
    /// The key.
    pub definition: &'key KeyDefinition,
    /// The day measures are taken from.
    pub population_date: NaiveDate,
    /// Whether it is adopted; else it is a proposal, and amounts shared by it are estimates.
    pub adopted: bool,
}

impl SharingKey {
    /// The adoption that applies on `day`; before all adoptions the first one; without any, the latest proposal.
    #[must_use]
    pub fn in_force_on(&self, day: NaiveDate) -> Option<InForce<'_>> {
        let adoption =
            self.adoptions.range(..=day).next_back().or_else(|| self.adoptions.iter().next()).map(|(_, adopted)| {
                InForce { definition: &adopted.definition, population_date: adopted.population_date, adopted: true }
            });
        adoption.or_else(|| {
            self.proposed.as_ref().map(|proposed| InForce {
                definition: &proposed.definition,
                population_date: proposed.population_date,
                adopted: false,
            })
        })
    }

    /// Whether a key with the content of a proposal was adopted after it was saved.
    #[must_use]
    pub fn has_adopted(&self, saved: &ProposalSaved) -> bool {
        self.adoptions.values().any(|adopted| adopted.definition == saved.definition && adopted.on >= saved.on)
    }

    /// Whether a proposal is a draft still: nobody was asked about it, and nobody has adopted it.
    #[must_use]
    pub fn is_draft(&self, proposal: &Proposal) -> bool {
        proposal.hearing.is_none() && !self.has_adopted(&proposal.saved)
    }

    /// Whether a proposal of an id is for those alone who work on it: it is a draft, or is not known.
    #[must_use]
    pub fn keeps_to_itself(&self, proposal: ProposalId) -> bool {
        self.proposal(proposal).is_none_or(|proposal| self.is_draft(proposal))
    }

    fn propose(&self, wished: Proposed) -> Result<Vec<KeyEvent>, KeyRejection> {
        match &self.proposed {
            Some(proposed) if *proposed == wished => return Ok(vec![]),
            Some(proposed) if proposed.procurement != wished.procurement => {
                return Err(KeyRejection::OtherProcurement { procurement: proposed.procurement });
            }
            Some(_) | None => {}
        }
        if !text_is_sound(&wished.name) {
            return Err(KeyRejection::NameMissing);
        }
        check_year(wished.population_date)?;
        check_definition(&wished.definition)?;
        Ok(vec![KeyEvent::Proposed(Box::new(wished))])
    }

    fn adopt(&self, wished: Adopted) -> Result<Vec<KeyEvent>, KeyRejection> {
        if self.proposed.is_none() {
            return Err(KeyRejection::NotProposed);
        }
        match self.adoptions.get(&wished.applies_from) {
            Some(adopted) if *adopted == wished => return Ok(vec![]),
            Some(adopted) => {
                return Err(KeyRejection::AlreadyAdoptedFrom {
                    applies_from: adopted.applies_from,
                    reference: adopted.reference.clone(),
                });
            }
            None => {}
        }
        if !text_is_sound(&wished.reference) {
            return Err(KeyRejection::ReferenceMissing);
        }
        check_year(wished.applies_from)?;
        check_year(wished.population_date)?;
        check_definition(&wished.definition)?;
        self.check_rules_nothing_adopted_later(wished.applies_from, wished.on)?;
        self.check_not_before_proposed(&wished.definition, wished.applies_from)?;
        self.check_hearing_is_over(&wished.definition, wished.on)?;
        Ok(vec![KeyEvent::Adopted(Box::new(wished))])
    }

    /// Days that a later adoption rules, or that have been shared by the first one, keep the key that they have. One that is to come
    /// rules nothing yet: its day may have been mistyped.
    fn check_rules_nothing_adopted_later(&self, applies_from: NaiveDate, on: NaiveDate) -> Result<(), KeyRejection> {
        let mut later = self.adoptions.range(applies_from..).filter(|(from, _)| **from <= on);
        later.next_back().map_or(Ok(()), |(_, latest)| {
            Err(KeyRejection::LaterAdopted { applies_from: latest.applies_from, reference: latest.reference.clone() })
        })
    }
}

fn check_definition(definition: &KeyDefinition) -> Result<(), KeyRejection> {
    definition.validate().map_err(|fault| KeyRejection::KeyFaulty { fault: fault.to_string() })
}

fn check_year(day: NaiveDate) -> Result<(), KeyRejection> {
    let year = day.year();
    if YEARS_TAKEN.contains(&year) { Ok(()) } else { Err(KeyRejection::YearNotTaken { year }) }
}

impl Decider for SharingKey {
    type Command = KeyCommand;
    type Event = KeyEvent;
    type Rejection = KeyRejection;

    fn decide(&self, command: &KeyCommand) -> Result<Vec<KeyEvent>, KeyRejection> {
        match command.clone() {
            KeyCommand::Propose { sharing_key, procurement, name, definition, population_date, on } => {
                self.propose(Proposed { sharing_key, procurement, name, definition, population_date, on })
            }
            KeyCommand::Adopt { definition, applies_from, population_date, reference, on } => {
                self.adopt(Adopted { definition, applies_from, population_date, reference, on })
            }
            KeyCommand::SaveProposal {
                proposal,
                name,
                note,
                definition,
                applies_from,
                population_date,
                members,
                on,
            } => self.save_proposal(ProposalSaved {
                proposal,
                name,
                note,
                definition,
                applies_from,
                population_date,
                members,
                on,
            }),
            KeyCommand::OpenHearing { proposal, answer_by, on, letters } => {
                self.open_hearing(HearingOpened { proposal, answer_by, letters, on })
            }
            KeyCommand::AnswerHearing { proposal, party, stance, text, on } => {
                self.answer_hearing(HearingAnswered { proposal, party, stance, text, on })
            }
        }
    }

    fn evolve(mut self, event: &KeyEvent) -> Self {
        match event {
            KeyEvent::Proposed(proposed) => self.proposed = Some(proposed.as_ref().clone()),
            KeyEvent::Adopted(adopted) => {
                self.adoptions.insert(adopted.applies_from, adopted.as_ref().clone());
            }
            KeyEvent::ProposalSaved(_) | KeyEvent::HearingOpened(_) | KeyEvent::HearingAnswered(_) => {
                self.evolve_proposals(event);
            }
        }
        self
    }
}

/// Why a wish about a sharing key is refused.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum KeyRejection {
    /// It is not proposed.
    NotProposed,
    /// It belongs to another procurement.
    OtherProcurement {
        /// The procurement it belongs to.
        procurement: ProcurementId,
    },
    /// The name is empty or too long.
    NameMissing,
    /// The reference is empty or too long.
    ReferenceMissing,
    /// The year of a day is outside what is taken.
    YearNotTaken {
        /// The year.
        year: i32,
    },
    /// Another key is adopted from the same day.
    AlreadyAdoptedFrom {
        /// The day.
        applies_from: NaiveDate,
        /// The decision.
        reference: String,
    },
    /// Another key is adopted from a later day.
    LaterAdopted {
        /// The latest such day.
        applies_from: NaiveDate,
        /// The decision.
        reference: String,
    },
    /// It would apply before the day from which it was proposed.
    BeforeProposed {
        /// What the proposal is called.
        name: String,
        /// The first day it was to apply to.
        applies_from: NaiveDate,
    },
    /// The key itself is at fault.
    KeyFaulty {
        /// What is wrong with it.
        fault: String,
    },
    /// A proposal of this id is kept with other content.
    ProposalIsKept,
    /// Another proposal has the name.
    ProposalNameTaken {
        /// The name.
        name: String,
        /// The day it was saved.
        saved_on: NaiveDate,
    },
    /// There are too many proposals.
    TooManyProposals {
        /// How many are kept.
        most: usize,
    },
    /// Too many parties would join or leave.
    TooManyMembers {
        /// How many may.
        most: usize,
    },
    /// A party is named twice, or would neither join nor leave, or both.
    MemberUnclear {
        /// The party.
        party: PartyId,
    },
    /// A text is empty, too long, or has what may not stand in the log.
    TextUnfit,
    /// There is no such proposal.
    ProposalUnknown,
    /// It is sent already, with another day to answer by.
    AlreadyInHearing {
        /// The day.
        answer_by: NaiveDate,
    },
    /// The last day for answers is not after the day it is sent.
    AnswerByTooEarly {
        /// The last day for answers.
        answer_by: NaiveDate,
        /// The day it is sent.
        on: NaiveDate,
    },
    /// There is nobody to ask.
    NobodyConcerned,
    /// It was not sent.
    NotInHearing,
    /// The party was not asked.
    NotAsked,
    /// It would be answered before it was sent.
    AnsweredBeforeAsked {
        /// The day it was sent.
        asked_on: NaiveDate,
        /// The day of the answer.
        on: NaiveDate,
    },
    /// A proposal with this key is out for hearing.
    HearingNotOver {
        /// What it is called.
        name: String,
        /// The last day for answers.
        answer_by: NaiveDate,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decider::testing::given;
    use uuid::Uuid;

    pub(super) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub(super) fn definition(name: &str) -> KeyDefinition {
        KeyDefinition::Divide(crate::domain::sharing_key::Divide {
            name: name.to_owned(),
            base: vec![crate::domain::sharing_key::Base {
                measure: crate::domain::sharing_key::EQUAL.to_owned(),
                percent: rust_decimal::Decimal::ONE_HUNDRED,
            }],
            ..Default::default()
        })
    }

    pub(super) fn proposed() -> Proposed {
        Proposed {
            sharing_key: SharingKeyId(Uuid::from_u128(1)),
            procurement: ProcurementId(Uuid::from_u128(2)),
            name: "Innbyggertall".to_owned(),
            definition: definition("30/70"),
            population_date: day("2023-01-01"),
            on: day("2023-02-01"),
        }
    }

    fn propose(proposed: Proposed) -> KeyCommand {
        let Proposed { sharing_key, procurement, name, definition, population_date, on } = proposed;
        KeyCommand::Propose { sharing_key, procurement, name, definition, population_date, on }
    }

    fn adopted(applies_from: &str, reference: &str) -> Adopted {
        Adopted {
            definition: definition("20/80"),
            applies_from: day(applies_from),
            population_date: day("2023-01-01"),
            reference: reference.to_owned(),
            on: day("2023-06-01"),
        }
    }

    fn adopt(adopted: Adopted) -> KeyCommand {
        let Adopted { definition, applies_from, population_date, reference, on } = adopted;
        KeyCommand::Adopt { definition, applies_from, population_date, reference, on }
    }

    #[test]
    fn a_proposal_can_be_replaced_by_another_for_the_same_procurement() {
        given::<SharingKey>([]).when(propose(proposed())).then([KeyEvent::Proposed(Box::new(proposed()))]);
        let other = Proposed { definition: definition("equal"), ..proposed() };
        given::<SharingKey>([KeyEvent::Proposed(Box::new(proposed()))])
            .when(propose(other.clone()))
            .then([KeyEvent::Proposed(Box::new(other))]);
        let elsewhere = Proposed { procurement: ProcurementId(Uuid::from_u128(3)), ..proposed() };
        given::<SharingKey>([KeyEvent::Proposed(Box::new(proposed()))])
            .when(propose(elsewhere))
            .then_rejected(KeyRejection::OtherProcurement { procurement: ProcurementId(Uuid::from_u128(2)) });
    }

    #[test]
    fn a_proposal_has_a_name_and_a_day_for_its_measures() {
        let nameless = Proposed { name: String::new(), ..proposed() };
        given::<SharingKey>([]).when(propose(nameless)).then_rejected(KeyRejection::NameMissing);
        let ancient = Proposed { population_date: day("1801-02-01"), ..proposed() };
        given::<SharingKey>([]).when(propose(ancient)).then_rejected(KeyRejection::YearNotTaken { year: 1801 });
    }

    #[test]
    fn what_is_adopted_may_differ_from_what_was_proposed() {
        let adopted = adopted("2024-01-01", "Vedtak 12/23");
        given::<SharingKey>([KeyEvent::Proposed(Box::new(proposed()))])
            .when(adopt(adopted.clone()))
            .then([KeyEvent::Adopted(Box::new(adopted))]);
    }

    #[test]
    fn nothing_is_adopted_before_it_is_proposed_or_without_a_decision() {
        given::<SharingKey>([])
            .when(adopt(adopted("2024-01-01", "Vedtak 12/23")))
            .then_rejected(KeyRejection::NotProposed);
        given::<SharingKey>([KeyEvent::Proposed(Box::new(proposed()))])
            .when(adopt(adopted("2024-01-01", "")))
            .then_rejected(KeyRejection::ReferenceMissing);
    }

    #[test]
    fn two_keys_cannot_apply_from_one_day() {
        given::<SharingKey>([
            KeyEvent::Proposed(Box::new(proposed())),
            KeyEvent::Adopted(Box::new(adopted("2024-01-01", "Vedtak 12/23"))),
        ])
        .when(adopt(adopted("2024-01-01", "Vedtak 15/23")))
        .then_rejected(KeyRejection::AlreadyAdoptedFrom {
            applies_from: day("2024-01-01"),
            reference: "Vedtak 12/23".to_owned(),
        });
    }

    #[test]
    fn no_key_is_adopted_from_before_another_that_is_adopted() {
        let known = || {
            given::<SharingKey>([
                KeyEvent::Proposed(Box::new(proposed())),
                KeyEvent::Adopted(Box::new(adopted("2024-01-01", "Vedtak 12/23"))),
                KeyEvent::Adopted(Box::new(adopted("2026-01-01", "Vedtak 9/25"))),
            ])
        };
        for earlier in ["2020-01-01", "2025-12-31"] {
            let wished = Adopted { on: day("2026-02-01"), ..adopted(earlier, "Vedtak 15/25") };
            known().when(adopt(wished)).then_rejected(KeyRejection::LaterAdopted {
                applies_from: day("2026-01-01"),
                reference: "Vedtak 9/25".to_owned(),
            });
        }
        known().when(adopt(adopted("2024-01-01", "Vedtak 12/23"))).then_nothing();
        // What is to come rules nothing yet, and its day may have been mistyped.
        let wished = Adopted { on: day("2025-11-01"), ..adopted("2025-12-31", "Vedtak 15/25") };
        known().when(adopt(wished.clone())).then([KeyEvent::Adopted(Box::new(wished))]);
    }

    #[test]
    fn the_adoption_in_force_is_the_latest_that_applies() {
        let key: SharingKey = crate::decider::fold(&[
            KeyEvent::Proposed(Box::new(proposed())),
            KeyEvent::Adopted(Box::new(adopted("2024-01-01", "Vedtak 12/23"))),
            KeyEvent::Adopted(Box::new(Adopted {
                definition: definition("equal"),
                ..adopted("2026-01-01", "Vedtak 9/25")
            })),
        ]);
        let name = |on: &str| key.in_force_on(day(on)).map(|version| version.definition.clone());
        assert_eq!(name("2025-12-31"), Some(definition("20/80")));
        assert_eq!(name("2026-01-01"), Some(definition("equal")));
    }
}
