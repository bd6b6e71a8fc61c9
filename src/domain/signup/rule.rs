//! The rules of a signup.
//!
//! What a library chooses, wishes and ticks off can change; what it did cannot. After it has left nothing more happens.
//! Checklist items may be done before the signup: leaders are often told first.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Choice, GoLiveCorrected, GoLiveWished, LibraryKind, OptionExercised, ReadinessDueSet, ReadinessItem,
    ReadinessReopened, ReadinessTicked, SharedBaseChosen, SharedCatalogueChosen, SignedUp, Signup, SignupCommand,
    SignupEvent, WentLive, Withdrawn,
};
use crate::decider::Decider;
use crate::domain::agreement::Commitment;
use crate::domain::party::PartyKind;
use crate::domain::{calendar, text_is_sound};

/// Why a wish about a signup is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum SignupRejection {
    /// It is not on the new system, so that no first day can be wrong.
    NotLive,
    /// It is not said what was wrong.
    ReasonMissing,
    /// There is no signup.
    NotSignedUp,
    /// It is signed up with other content.
    AlreadySignedUp {
        /// The library that is signed up.
        library: String,
        /// The day.
        signed_up_on: NaiveDate,
    },
    /// The library's name is empty or too long.
    LibraryMissing,
    /// A party of this kind does not pay for a library of this kind.
    WrongPayer {
        /// What kind of library.
        library_kind: LibraryKind,
        /// What the party is.
        party_kind: PartyKind,
    },
    /// The wished first day on the new system is before the day of the wish.
    GoLiveBeforeWish {
        /// The wished first day.
        go_live: NaiveDate,
        /// The day of the wish.
        on: NaiveDate,
    },
    /// It would happen before the library signed up.
    BeforeSignup {
        /// The day of the signup.
        signed_up_on: NaiveDate,
        /// The day it would happen.
        on: NaiveDate,
    },
    /// The library is bound by its signup: there is no option to exercise.
    NoOption,
    /// The option was exercised on another day.
    OptionAlreadyExercised {
        /// The day.
        exercised_on: NaiveDate,
    },
    /// The library holds an option that is not exercised.
    OptionNotExercised,
    /// A later choice stands.
    OlderThanChoice {
        /// The day of the choice that stands.
        chosen_on: NaiveDate,
        /// The day of the new one.
        on: NaiveDate,
    },
    /// The library is on the new system.
    AlreadyLive {
        /// Its first day on it.
        went_live_on: NaiveDate,
    },
    /// It would leave before its first day on the new system.
    WithdrawnBeforeLive {
        /// Its first day on the new system.
        went_live_on: NaiveDate,
        /// The day it would leave.
        on: NaiveDate,
    },
    /// It has left.
    AlreadyWithdrawn {
        /// The day.
        withdrawn_on: NaiveDate,
    },
    /// An item would be reopened before it was done.
    ReopenedBeforeDone {
        /// The item.
        item: ReadinessItem,
        /// The day it was done.
        done_on: NaiveDate,
        /// The day it would be reopened.
        on: NaiveDate,
    },
    /// A day is before 1800 or after 2100.
    DayNotTaken {
        /// The day.
        day: NaiveDate,
    },
}

type Decision = Result<Vec<SignupEvent>, SignupRejection>;

impl Decider for Signup {
    type Command = SignupCommand;
    type Event = SignupEvent;
    type Rejection = SignupRejection;

    fn decide(&self, command: &SignupCommand) -> Decision {
        if let Some(day) = days(command).into_iter().flatten().find(|day| !calendar::day_is_taken(*day)) {
            return Err(SignupRejection::DayNotTaken { day });
        }
        match command {
            SignupCommand::SignUp {
                signup,
                procurement,
                party,
                library,
                kind,
                party_kind,
                commitment,
                wished_go_live,
                on,
            } => {
                let wish = SignedUp {
                    signup: *signup,
                    procurement: *procurement,
                    party: *party,
                    library: library.clone(),
                    kind: *kind,
                    commitment: *commitment,
                    wished_go_live: *wished_go_live,
                    on: *on,
                };
                self.sign_up(wish, *party_kind)
            }
            SignupCommand::ExerciseOption { on } => self.exercise_option(OptionExercised { on: *on }),
            SignupCommand::ChooseSharedBase { joins, on } => {
                let choice = SharedBaseChosen { joins: *joins, on: *on };
                self.choose(self.shared_base, *joins, *on, SignupEvent::SharedBaseChosen(choice))
            }
            SignupCommand::ChooseSharedCatalogue { joins, on } => {
                let choice = SharedCatalogueChosen { joins: *joins, on: *on };
                self.choose(self.shared_catalogue, *joins, *on, SignupEvent::SharedCatalogueChosen(choice))
            }
            SignupCommand::WishGoLive { go_live, on } => self.wish_go_live(GoLiveWished { go_live: *go_live, on: *on }),
            SignupCommand::GoLive { on } => self.went_live(WentLive { on: *on }),
            SignupCommand::CorrectGoLive { went_live, reason } => {
                self.correct_go_live(GoLiveCorrected { went_live: *went_live, reason: reason.clone() })
            }
            SignupCommand::Withdraw { on } => self.withdraw(Withdrawn { on: *on }),
            SignupCommand::SetReadinessDue { item, due } => {
                self.set_readiness_due(ReadinessDueSet { item: *item, due: *due })
            }
            SignupCommand::TickReadiness { item, on } => self.tick_readiness(ReadinessTicked { item: *item, on: *on }),
            SignupCommand::ReopenReadiness { item, on } => {
                self.reopen_readiness(ReadinessReopened { item: *item, on: *on })
            }
        }
    }

    fn evolve(mut self, event: &SignupEvent) -> Self {
        match event {
            SignupEvent::SignedUp(signed_up) => {
                self.commitment = signed_up.commitment;
                self.wished_go_live = signed_up.wished_go_live;
                self.signed_up = Some(signed_up.clone());
            }
            SignupEvent::OptionExercised(exercised) => {
                self.commitment = Commitment::Committed;
                self.option_exercised_on = Some(exercised.on);
            }
            SignupEvent::SharedBaseChosen(chosen) => {
                self.shared_base = Some(Choice { joins: chosen.joins, on: chosen.on });
            }
            SignupEvent::SharedCatalogueChosen(chosen) => {
                self.shared_catalogue = Some(Choice { joins: chosen.joins, on: chosen.on });
            }
            SignupEvent::GoLiveWished(wished) => {
                self.wished_go_live = Some(wished.go_live);
                self.wishes.push(wished.clone());
            }
            SignupEvent::WentLive(live) => self.went_live = Some(live.on),
            SignupEvent::GoLiveCorrected(corrected) => self.went_live = Some(corrected.went_live),
            SignupEvent::Withdrawn(withdrawn) => self.withdrawn_on = Some(withdrawn.on),
            SignupEvent::ReadinessDueSet(set) => self.readiness.entry(set.item).or_default().due = Some(set.due),
            SignupEvent::ReadinessTicked(ticked) => {
                self.readiness.entry(ticked.item).or_default().done_on = Some(ticked.on);
            }
            SignupEvent::ReadinessReopened(reopened) => {
                self.readiness.entry(reopened.item).or_default().done_on = None;
            }
        }
        self
    }
}

impl Signup {
    fn sign_up(&self, wish: SignedUp, party_kind: PartyKind) -> Decision {
        match &self.signed_up {
            Some(known) if *known == wish => return Ok(vec![]),
            Some(known) => {
                let library = known.library.clone();
                return Err(SignupRejection::AlreadySignedUp { library, signed_up_on: known.on });
            }
            None => {}
        }
        if !text_is_sound(&wish.library) {
            return Err(SignupRejection::LibraryMissing);
        }
        if !pays_for(party_kind, wish.kind) {
            return Err(SignupRejection::WrongPayer { library_kind: wish.kind, party_kind });
        }
        if let Some(go_live) = wish.wished_go_live.filter(|go_live| *go_live < wish.on) {
            return Err(SignupRejection::GoLiveBeforeWish { go_live, on: wish.on });
        }
        Ok(vec![SignupEvent::SignedUp(wish)])
    }

    fn exercise_option(&self, wish: OptionExercised) -> Decision {
        let known = self.known()?;
        match self.option_exercised_on {
            Some(exercised_on) if exercised_on == wish.on => return Ok(vec![]),
            Some(exercised_on) => return Err(SignupRejection::OptionAlreadyExercised { exercised_on }),
            None if known.commitment == Commitment::Committed => return Err(SignupRejection::NoOption),
            None => self.takes_part_on(wish.on)?,
        }
        Ok(vec![SignupEvent::OptionExercised(wish)])
    }

    /// The shared base and the shared catalogue are chosen apart, under the same rule.
    fn choose(&self, standing: Option<Choice>, joins: bool, on: NaiveDate, chosen: SignupEvent) -> Decision {
        self.known()?;
        if standing.is_some_and(|standing| standing.joins == joins) {
            return Ok(vec![]);
        }
        self.takes_part_on(on)?;
        if let Some(Choice { on: chosen_on, .. }) = standing.filter(|standing| on < standing.on) {
            return Err(SignupRejection::OlderThanChoice { chosen_on, on });
        }
        Ok(vec![chosen])
    }

    fn wish_go_live(&self, wish: GoLiveWished) -> Decision {
        self.known()?;
        if self.wished_go_live == Some(wish.go_live) {
            return Ok(vec![]);
        }
        self.takes_part_on(wish.on)?;
        if let Some(went_live_on) = self.went_live {
            return Err(SignupRejection::AlreadyLive { went_live_on });
        }
        if wish.go_live < wish.on {
            return Err(SignupRejection::GoLiveBeforeWish { go_live: wish.go_live, on: wish.on });
        }
        Ok(vec![SignupEvent::GoLiveWished(wish)])
    }

    fn went_live(&self, wish: WentLive) -> Decision {
        self.known()?;
        match self.went_live {
            Some(went_live_on) if went_live_on == wish.on => return Ok(vec![]),
            Some(went_live_on) => return Err(SignupRejection::AlreadyLive { went_live_on }),
            None => self.takes_part_on(wish.on)?,
        }
        match self.commitment {
            Commitment::Option => Err(SignupRejection::OptionNotExercised),
            Commitment::Committed => Ok(vec![SignupEvent::WentLive(wish)]),
        }
    }

    fn correct_go_live(&self, wish: GoLiveCorrected) -> Decision {
        self.known()?;
        match self.went_live {
            None => return Err(SignupRejection::NotLive),
            Some(went_live) if went_live == wish.went_live => return Ok(vec![]),
            Some(_) => self.takes_part_on(wish.went_live)?,
        }
        if !text_is_sound(&wish.reason) {
            return Err(SignupRejection::ReasonMissing);
        }
        Ok(vec![SignupEvent::GoLiveCorrected(wish)])
    }

    fn withdraw(&self, wish: Withdrawn) -> Decision {
        self.known()?;
        if self.withdrawn_on == Some(wish.on) {
            return Ok(vec![]);
        }
        self.takes_part_on(wish.on)?;
        if let Some(went_live_on) = self.went_live.filter(|went_live_on| wish.on < *went_live_on) {
            return Err(SignupRejection::WithdrawnBeforeLive { went_live_on, on: wish.on });
        }
        Ok(vec![SignupEvent::Withdrawn(wish)])
    }

    fn set_readiness_due(&self, wish: ReadinessDueSet) -> Decision {
        self.known()?;
        if self.readiness.get(&wish.item).and_then(|readiness| readiness.due) == Some(wish.due) {
            return Ok(vec![]);
        }
        self.has_not_left()?;
        Ok(vec![SignupEvent::ReadinessDueSet(wish)])
    }

    fn tick_readiness(&self, wish: ReadinessTicked) -> Decision {
        self.known()?;
        match self.done_on(wish.item) {
            Some(_) => Ok(vec![]),
            None => self.has_not_left().map(|()| vec![SignupEvent::ReadinessTicked(wish)]),
        }
    }

    fn reopen_readiness(&self, wish: ReadinessReopened) -> Decision {
        self.known()?;
        let Some(done_on) = self.done_on(wish.item) else { return Ok(vec![]) };
        self.has_not_left()?;
        if wish.on < done_on {
            return Err(SignupRejection::ReopenedBeforeDone { item: wish.item, done_on, on: wish.on });
        }
        Ok(vec![SignupEvent::ReadinessReopened(wish)])
    }

    fn done_on(&self, item: ReadinessItem) -> Option<NaiveDate> {
        self.readiness.get(&item).and_then(|readiness| readiness.done_on)
    }

    fn known(&self) -> Result<&SignedUp, SignupRejection> {
        self.signed_up.as_ref().ok_or(SignupRejection::NotSignedUp)
    }

    fn has_not_left(&self) -> Result<(), SignupRejection> {
        match self.withdrawn_on {
            Some(withdrawn_on) => Err(SignupRejection::AlreadyWithdrawn { withdrawn_on }),
            None => Ok(()),
        }
    }

    fn takes_part_on(&self, on: NaiveDate) -> Result<(), SignupRejection> {
        let signed_up_on = self.known()?.on;
        self.has_not_left()?;
        if on < signed_up_on { Err(SignupRejection::BeforeSignup { signed_up_on, on }) } else { Ok(()) }
    }
}

/// Public and primary-school libraries are paid for by the municipality, or by one that has no municipality over it;
/// upper-secondary school libraries by the county authority.
fn pays_for(party: PartyKind, library: LibraryKind) -> bool {
    match library {
        LibraryKind::Public | LibraryKind::PrimarySchool => party != PartyKind::CountyAuthority,
        LibraryKind::UpperSecondary => party == PartyKind::CountyAuthority,
    }
}

fn days(command: &SignupCommand) -> [Option<NaiveDate>; 2] {
    match command {
        SignupCommand::SignUp { on, wished_go_live, .. } => [Some(*on), *wished_go_live],
        SignupCommand::WishGoLive { go_live, on } => [Some(*on), Some(*go_live)],
        SignupCommand::ExerciseOption { on: day }
        | SignupCommand::ChooseSharedBase { on: day, .. }
        | SignupCommand::ChooseSharedCatalogue { on: day, .. }
        | SignupCommand::GoLive { on: day }
        | SignupCommand::CorrectGoLive { went_live: day, .. }
        | SignupCommand::Withdraw { on: day }
        | SignupCommand::SetReadinessDue { due: day, .. }
        | SignupCommand::TickReadiness { on: day, .. }
        | SignupCommand::ReopenReadiness { on: day, .. } => [Some(*day), None],
    }
}
