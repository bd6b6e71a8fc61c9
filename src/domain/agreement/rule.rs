//! The rules of an agreement.
//!
//! It is drafted, sent, signed and put in force, in that order. Notice can be given once it is signed. It ends on the last
//! day of the notice; a draft that is never signed ends without notice. After its end nothing more happens to it.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Activated, Agreement, AgreementCommand, AgreementEvent, Amended, Commitment, CopyKept, Drafted, Ended, NoticeGiven,
    NoticeWithdrawn, OptionExercised, Passed, Phase, Sent, Signed,
};
use crate::decider::Decider;
use crate::domain::{calendar, text_is_sound};

/// The media type of a signed copy.
const COPY_MEDIA_TYPE: &str = "application/pdf";

/// Why a wish about an agreement is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum AgreementRejection {
    /// It is not drafted.
    NotDrafted,
    /// It is drafted with other content.
    AlreadyDrafted {
        /// The day of the draft.
        drafted_on: NaiveDate,
    },
    /// The party and the county authority are the same.
    CountyIsParty,
    /// The party would share costs from a day before the draft, or before the option is exercised.
    MemberFromTooEarly {
        /// The first day it would share costs.
        member_from: NaiveDate,
        /// The day of the draft, or on which the option is exercised.
        on: NaiveDate,
    },
    /// It is not sent.
    NotSent,
    /// It was sent on another day or with another day to answer by.
    AlreadySent {
        /// The day.
        sent_on: NaiveDate,
    },
    /// It would be sent before it was drafted.
    SentBeforeDrafted {
        /// The day of the draft.
        drafted_on: NaiveDate,
        /// The day it would be sent.
        on: NaiveDate,
    },
    /// The answer would be due before it is sent.
    AnswerBeforeSent {
        /// The day it is sent.
        on: NaiveDate,
        /// The day to answer by.
        answer_by: NaiveDate,
    },
    /// It is not signed.
    NotSigned,
    /// It is signed already.
    AlreadySigned {
        /// The day.
        signed_on: NaiveDate,
        /// The role of who signed.
        role: String,
    },
    /// It would be signed before it was sent.
    SignedBeforeSent {
        /// The day it was sent.
        sent_on: NaiveDate,
        /// The day of the signature.
        on: NaiveDate,
    },
    /// The role of who signs is empty or too long.
    RoleMissing,
    /// What gives the role authority to sign is empty or too long.
    AuthorityMissing,
    /// It is in force from another day.
    AlreadyActive {
        /// The first day in force.
        active_from: NaiveDate,
    },
    /// It would happen before it was signed.
    BeforeSigned {
        /// The day of the signature.
        signed_on: NaiveDate,
        /// The day it would happen.
        on: NaiveDate,
    },
    /// The party is bound by the agreement: there is no option to exercise.
    NoOption,
    /// The option was exercised on another day or from another day.
    OptionAlreadyExercised {
        /// The day.
        exercised_on: NaiveDate,
    },
    /// Another notice is in force.
    AlreadyUnderNotice {
        /// The day of the notice.
        notice_on: NaiveDate,
        /// The last day in force.
        last_day: NaiveDate,
    },
    /// The last day would come before the day of the notice, or of the draft.
    LastDayTooEarly {
        /// The day of the notice, or of the draft.
        on: NaiveDate,
        /// The last day in force.
        last_day: NaiveDate,
    },
    /// There is no notice.
    NoNotice,
    /// The notice would be withdrawn before it was given.
    WithdrawnBeforeNotice {
        /// The day of the notice.
        notice_on: NaiveDate,
        /// The day it would be withdrawn.
        on: NaiveDate,
    },
    /// The notice has run out.
    NoticeRunOut {
        /// The last day in force.
        last_day: NaiveDate,
    },
    /// It would end on another day than the notice says.
    EndsByNotice {
        /// The last day by the notice.
        last_day: NaiveDate,
    },
    /// It has ended.
    AlreadyEnded {
        /// The last day it was in force.
        last_day: NaiveDate,
    },
    /// What was changed is empty or too long.
    SubjectMissing,
    /// The reference is empty or too long.
    ReferenceMissing,
    /// It would pass on before it was drafted.
    PassedBeforeDrafted {
        /// The day of the draft.
        drafted_on: NaiveDate,
        /// The day it would pass on.
        on: NaiveDate,
    },
    /// It has passed on, on that day or later.
    AlreadyPassed {
        /// The day.
        passed_on: NaiveDate,
    },
    /// A day is before 1800 or after 2100.
    DayNotTaken {
        /// The day.
        day: NaiveDate,
    },
    /// The copy is no PDF, or its hash is none.
    CopyUnfit {
        /// What it is said to be.
        media_type: String,
    },
}

type Decision = Result<Vec<AgreementEvent>, AgreementRejection>;

impl Decider for Agreement {
    type Command = AgreementCommand;
    type Event = AgreementEvent;
    type Rejection = AgreementRejection;

    fn decide(&self, command: &AgreementCommand) -> Decision {
        if let Some(day) = days(command).into_iter().flatten().find(|day| !calendar::day_is_taken(*day)) {
            return Err(AgreementRejection::DayNotTaken { day });
        }
        match command {
            AgreementCommand::Draft { agreement, procurement, party, county, commitment, member_from, on } => self
                .draft(Drafted {
                    agreement: *agreement,
                    procurement: *procurement,
                    party: *party,
                    county: *county,
                    commitment: *commitment,
                    member_from: *member_from,
                    on: *on,
                }),
            AgreementCommand::Send { on, answer_by } => self.send(Sent { on: *on, answer_by: *answer_by }),
            AgreementCommand::Sign { on, role, authority, person } => {
                self.sign(Signed { on: *on, role: role.clone(), authority: authority.clone(), person: *person })
            }
            AgreementCommand::Activate { from } => self.activate(Activated { from: *from }),
            AgreementCommand::ExerciseOption { on, member_from } => {
                self.exercise_option(OptionExercised { on: *on, member_from: *member_from })
            }
            AgreementCommand::GiveNotice { on, last_day } => {
                self.give_notice(NoticeGiven { on: *on, last_day: *last_day })
            }
            AgreementCommand::WithdrawNotice { on } => self.withdraw_notice(NoticeWithdrawn { on: *on }),
            AgreementCommand::End { last_day } => self.end(Ended { last_day: *last_day }),
            AgreementCommand::Amend { from, subject, reference } => {
                self.amend(Amended { from: *from, subject: subject.clone(), reference: reference.clone() })
            }
            AgreementCommand::Pass { county, on, reference } => {
                self.pass(Passed { county: *county, on: *on, reference: reference.clone() })
            }
            AgreementCommand::KeepCopy { sha256, media_type, size_bytes, on } => self.keep_copy(CopyKept {
                sha256: sha256.clone(),
                media_type: media_type.clone(),
                size_bytes: *size_bytes,
                on: *on,
            }),
        }
    }

    fn evolve(mut self, event: &AgreementEvent) -> Self {
        match event {
            AgreementEvent::Drafted(drafted) => {
                self.phase = Phase::Drafted;
                self.commitment = drafted.commitment;
                self.member_from = drafted.member_from;
                self.counties = vec![(None, drafted.county)];
                self.drafted = Some(drafted.clone());
            }
            AgreementEvent::Sent(sent) => {
                self.phase = Phase::Sent;
                self.sent = Some(sent.clone());
            }
            AgreementEvent::Signed(signed) => {
                self.phase = Phase::Signed;
                self.signed = Some(signed.clone());
            }
            AgreementEvent::Activated(activated) => {
                self.phase = Phase::Active;
                self.active_from = Some(activated.from);
            }
            AgreementEvent::OptionExercised(exercised) => {
                self.commitment = Commitment::Committed;
                self.member_from = Some(exercised.member_from);
                self.option_exercised = Some(exercised.clone());
            }
            AgreementEvent::NoticeGiven(notice) => {
                let before = self.notice.map_or(self.phase, |(before, _)| before);
                self.phase = Phase::UnderNotice;
                self.last_day = Some(notice.last_day);
                self.notice = Some((before, notice.clone()));
            }
            AgreementEvent::NoticeWithdrawn(withdrawn) => {
                if let Some((before, _)) = self.notice.take() {
                    self.phase = before;
                }
                self.last_day = None;
                self.notice_withdrawn_on = Some(withdrawn.on);
            }
            AgreementEvent::Ended(ended) => {
                self.phase = Phase::Ended;
                self.last_day = Some(ended.last_day);
            }
            AgreementEvent::Amended(amended) => self.amendments.push(amended.clone()),
            AgreementEvent::Passed(passed) => self.counties.push((Some(passed.on), passed.county)),
            AgreementEvent::CopyKept(kept) => self.copies.push(kept.clone()),
        }
        self
    }
}

impl Agreement {
    fn draft(&self, wish: Drafted) -> Decision {
        match &self.drafted {
            Some(known) if *known == wish => return Ok(vec![]),
            Some(known) => return Err(AgreementRejection::AlreadyDrafted { drafted_on: known.on }),
            None => {}
        }
        if wish.county == wish.party {
            return Err(AgreementRejection::CountyIsParty);
        }
        if let Some(member_from) = wish.member_from.filter(|from| *from < wish.on) {
            return Err(AgreementRejection::MemberFromTooEarly { member_from, on: wish.on });
        }
        Ok(vec![AgreementEvent::Drafted(wish)])
    }

    fn send(&self, wish: Sent) -> Decision {
        let drafted_on = self.known()?.on;
        match &self.sent {
            Some(known) if *known == wish => return Ok(vec![]),
            Some(known) => return Err(AgreementRejection::AlreadySent { sent_on: known.on }),
            None => self.has_not_ended()?,
        }
        if wish.on < drafted_on {
            return Err(AgreementRejection::SentBeforeDrafted { drafted_on, on: wish.on });
        }
        if let Some(answer_by) = wish.answer_by.filter(|answer_by| *answer_by < wish.on) {
            return Err(AgreementRejection::AnswerBeforeSent { on: wish.on, answer_by });
        }
        Ok(vec![AgreementEvent::Sent(wish)])
    }

    fn sign(&self, wish: Signed) -> Decision {
        self.known()?;
        match &self.signed {
            Some(known) if *known == wish => return Ok(vec![]),
            Some(known) => {
                return Err(AgreementRejection::AlreadySigned { signed_on: known.on, role: known.role.clone() });
            }
            None => self.has_not_ended()?,
        }
        let sent_on = self.sent.as_ref().ok_or(AgreementRejection::NotSent)?.on;
        if wish.on < sent_on {
            return Err(AgreementRejection::SignedBeforeSent { sent_on, on: wish.on });
        }
        if !text_is_sound(&wish.role) {
            return Err(AgreementRejection::RoleMissing);
        }
        if !text_is_sound(&wish.authority) {
            return Err(AgreementRejection::AuthorityMissing);
        }
        Ok(vec![AgreementEvent::Signed(wish)])
    }

    fn activate(&self, wish: Activated) -> Decision {
        self.known()?;
        match self.active_from {
            Some(active_from) if active_from == wish.from => return Ok(vec![]),
            Some(active_from) => return Err(AgreementRejection::AlreadyActive { active_from }),
            None => self.goes_on()?,
        }
        self.is_signed_by(wish.from)?;
        Ok(vec![AgreementEvent::Activated(wish)])
    }

    fn exercise_option(&self, wish: OptionExercised) -> Decision {
        let known = self.known()?;
        match &self.option_exercised {
            Some(exercised) if *exercised == wish => return Ok(vec![]),
            Some(exercised) => {
                return Err(AgreementRejection::OptionAlreadyExercised { exercised_on: exercised.on });
            }
            None if known.commitment == Commitment::Committed => return Err(AgreementRejection::NoOption),
            None => self.goes_on()?,
        }
        self.is_signed_by(wish.on)?;
        if wish.member_from < wish.on {
            return Err(AgreementRejection::MemberFromTooEarly { member_from: wish.member_from, on: wish.on });
        }
        Ok(vec![AgreementEvent::OptionExercised(wish)])
    }

    fn give_notice(&self, wish: NoticeGiven) -> Decision {
        self.known()?;
        if self.notice.as_ref().is_some_and(|(_, notice)| *notice == wish) {
            return Ok(vec![]);
        }
        self.goes_on()?;
        self.is_signed_by(wish.on)?;
        if wish.last_day < wish.on {
            return Err(AgreementRejection::LastDayTooEarly { on: wish.on, last_day: wish.last_day });
        }
        Ok(vec![AgreementEvent::NoticeGiven(wish)])
    }

    fn withdraw_notice(&self, wish: NoticeWithdrawn) -> Decision {
        self.known()?;
        if self.notice.is_none() && self.notice_withdrawn_on == Some(wish.on) {
            return Ok(vec![]);
        }
        self.has_not_ended()?;
        let (_, notice) = self.notice.as_ref().ok_or(AgreementRejection::NoNotice)?;
        if wish.on < notice.on {
            return Err(AgreementRejection::WithdrawnBeforeNotice { notice_on: notice.on, on: wish.on });
        }
        if wish.on >= notice.last_day {
            return Err(AgreementRejection::NoticeRunOut { last_day: notice.last_day });
        }
        Ok(vec![AgreementEvent::NoticeWithdrawn(wish)])
    }

    fn end(&self, wish: Ended) -> Decision {
        let drafted_on = self.known()?.on;
        match (self.phase, self.last_day) {
            (Phase::Ended, Some(last_day)) if last_day == wish.last_day => return Ok(vec![]),
            (Phase::Ended, _) => self.has_not_ended()?,
            (Phase::UnderNotice, Some(last_day)) if last_day != wish.last_day => {
                return Err(AgreementRejection::EndsByNotice { last_day });
            }
            (Phase::Signed | Phase::Active, _) => return Err(AgreementRejection::NoNotice),
            (Phase::Absent | Phase::Drafted | Phase::Sent | Phase::UnderNotice, _) => {}
        }
        if wish.last_day < drafted_on {
            return Err(AgreementRejection::LastDayTooEarly { on: drafted_on, last_day: wish.last_day });
        }
        Ok(vec![AgreementEvent::Ended(wish)])
    }

    fn amend(&self, wish: Amended) -> Decision {
        self.known()?;
        if self.amendments.contains(&wish) {
            return Ok(vec![]);
        }
        self.has_not_ended()?;
        self.is_signed_by(wish.from)?;
        if !text_is_sound(&wish.subject) {
            return Err(AgreementRejection::SubjectMissing);
        }
        if !text_is_sound(&wish.reference) {
            return Err(AgreementRejection::ReferenceMissing);
        }
        Ok(vec![AgreementEvent::Amended(wish)])
    }

    fn pass(&self, wish: Passed) -> Decision {
        let known = self.known()?;
        if self.county_on(wish.on) == Some(wish.county) {
            return Ok(vec![]);
        }
        self.has_not_ended()?;
        if wish.county == known.party {
            return Err(AgreementRejection::CountyIsParty);
        }
        if wish.on < known.on {
            return Err(AgreementRejection::PassedBeforeDrafted { drafted_on: known.on, on: wish.on });
        }
        if let Some(passed_on) = self.counties.iter().filter_map(|(from, _)| *from).find(|from| *from >= wish.on) {
            return Err(AgreementRejection::AlreadyPassed { passed_on });
        }
        if !text_is_sound(&wish.reference) {
            return Err(AgreementRejection::ReferenceMissing);
        }
        Ok(vec![AgreementEvent::Passed(wish)])
    }

    /// A copy is of what is signed, also after its end; another copy stands beside the one before.
    fn keep_copy(&self, wish: CopyKept) -> Decision {
        self.known()?;
        if self.copies.iter().any(|kept| kept.sha256 == wish.sha256) {
            return Ok(vec![]);
        }
        self.is_signed_by(wish.on)?;
        let is_hash = wish.sha256.len() == 64 && wish.sha256.bytes().all(|letter| letter.is_ascii_hexdigit());
        if !is_hash || wish.media_type != COPY_MEDIA_TYPE || wish.size_bytes == 0 {
            return Err(AgreementRejection::CopyUnfit { media_type: wish.media_type });
        }
        Ok(vec![AgreementEvent::CopyKept(wish)])
    }

    fn known(&self) -> Result<&Drafted, AgreementRejection> {
        self.drafted.as_ref().ok_or(AgreementRejection::NotDrafted)
    }

    fn has_not_ended(&self) -> Result<(), AgreementRejection> {
        match self.last_day {
            Some(last_day) if self.phase == Phase::Ended => Err(AgreementRejection::AlreadyEnded { last_day }),
            Some(_) | None => Ok(()),
        }
    }

    /// Neither ended nor about to.
    fn goes_on(&self) -> Result<(), AgreementRejection> {
        self.has_not_ended()?;
        match &self.notice {
            Some((_, notice)) => {
                Err(AgreementRejection::AlreadyUnderNotice { notice_on: notice.on, last_day: notice.last_day })
            }
            None => Ok(()),
        }
    }

    fn is_signed_by(&self, day: NaiveDate) -> Result<(), AgreementRejection> {
        let signed_on = self.signed.as_ref().ok_or(AgreementRejection::NotSigned)?.on;
        if day < signed_on { Err(AgreementRejection::BeforeSigned { signed_on, on: day }) } else { Ok(()) }
    }
}

fn days(command: &AgreementCommand) -> [Option<NaiveDate>; 2] {
    match command {
        AgreementCommand::Draft { on, member_from, .. } => [Some(*on), *member_from],
        AgreementCommand::Send { on, answer_by } => [Some(*on), *answer_by],
        AgreementCommand::ExerciseOption { on, member_from } => [Some(*on), Some(*member_from)],
        AgreementCommand::GiveNotice { on, last_day } => [Some(*on), Some(*last_day)],
        AgreementCommand::Sign { on: day, .. }
        | AgreementCommand::Activate { from: day }
        | AgreementCommand::WithdrawNotice { on: day }
        | AgreementCommand::End { last_day: day }
        | AgreementCommand::Amend { from: day, .. }
        | AgreementCommand::Pass { on: day, .. }
        | AgreementCommand::KeepCopy { on: day, .. } => [Some(*day), None],
    }
}
