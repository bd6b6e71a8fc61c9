//! The rules of an old contract.
//!
//! Notice counts in months from the day it is given. An extension agrees on a day on which the contract then ends, and
//! takes the place of a notice. A notice that is withdrawn leads back to the extension, or to a contract that goes on.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    EndCorrected, Extended, Legacy, LegacyCommand, LegacyEvent, NoticeGiven, NoticeWithdrawn, Recorded, Step,
    YearlyCostStated,
};
use crate::decider::Decider;
use crate::domain::money::{AMOUNT_ORE_MAX, Ore};
use crate::domain::{calendar, text_is_sound};

/// The longest period of notice taken: ten years.
const NOTICE_MONTHS_MAX: u32 = 120;

/// Why a wish about an old contract is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum LegacyRejection {
    /// It is not recorded.
    NotRecorded,
    /// It is recorded with other content.
    AlreadyRecorded {
        /// The system it is for.
        system: String,
    },
    /// The name of the old system is empty or too long.
    SystemMissing,
    /// The cost of a year is negative.
    AmountNegative {
        /// The cost.
        amount_ore: Ore,
    },
    /// The cost of a year is above what is taken.
    AmountTooLarge {
        /// The cost.
        amount_ore: Ore,
    },
    /// VAT is below 0 or above 100 percent.
    VatPercentImpossible {
        /// The percentage.
        #[serde(with = "rust_decimal::serde::str")]
        vat_percent: Decimal,
    },
    /// The period of notice is longer than what is taken.
    NoticeMonthsTooMany {
        /// The months.
        notice_months: u32,
        /// The most months taken.
        most: u32,
    },
    /// The source is empty or too long.
    SourceMissing,
    /// The cost was stated anew on a later day.
    OlderThanStated {
        /// The day of the statement in force.
        stated_on: NaiveDate,
        /// The day of the new one.
        on: NaiveDate,
    },
    /// Another notice is in force.
    AlreadyUnderNotice {
        /// The day of the notice.
        notice_on: NaiveDate,
        /// The last day that is paid for.
        last_day: NaiveDate,
    },
    /// The last day comes before the period of notice is over.
    NoticeTooLate {
        /// The day of the notice.
        on: NaiveDate,
        /// The months of notice.
        notice_months: u32,
        /// The first day on which the contract can end by it.
        last_day_possible: NaiveDate,
    },
    /// The contract ends by an extension on that day or before: there is nothing to give notice of.
    EndsAlready {
        /// The last day that is paid for.
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
        /// The last day that is paid for.
        last_day: NaiveDate,
    },
    /// The new last day does not come after the one that is known.
    ExtensionTooShort {
        /// The last day that is known.
        known_last_day: NaiveDate,
        /// The new last day.
        last_day: NaiveDate,
    },
    /// The new last day comes before the day of the extension.
    ExtensionPast {
        /// The day of the extension.
        on: NaiveDate,
        /// The new last day.
        last_day: NaiveDate,
    },
    /// No last day is known that could be wrong.
    NoKnownEnd,
    /// The right last day would come before the day of the notice or extension that it follows from.
    EndBeforeStep {
        /// The day of the notice or extension.
        on: NaiveDate,
        /// The last day.
        last_day: NaiveDate,
    },
    /// It is not said what was wrong.
    ReasonMissing,
    /// A day is before 1800 or after 2100.
    DayNotTaken {
        /// The day.
        day: NaiveDate,
    },
}

type Decision = Result<Vec<LegacyEvent>, LegacyRejection>;

impl Decider for Legacy {
    type Command = LegacyCommand;
    type Event = LegacyEvent;
    type Rejection = LegacyRejection;

    fn decide(&self, command: &LegacyCommand) -> Decision {
        if let Some(day) = days(command).into_iter().flatten().find(|day| !calendar::day_is_taken(*day)) {
            return Err(LegacyRejection::DayNotTaken { day });
        }
        match command {
            LegacyCommand::Record {
                legacy,
                procurement,
                party,
                system,
                yearly_cost_ore,
                vat_percent,
                paid_until,
                notice_months,
            } => self.record(Recorded {
                legacy: *legacy,
                procurement: *procurement,
                party: *party,
                system: system.clone(),
                yearly_cost_ore: *yearly_cost_ore,
                vat_percent: *vat_percent,
                paid_until: *paid_until,
                notice_months: *notice_months,
            }),
            LegacyCommand::StateYearlyCost { yearly_cost_ore, source, on } => {
                self.state_yearly_cost(YearlyCostStated {
                    yearly_cost_ore: *yearly_cost_ore,
                    source: source.clone(),
                    on: *on,
                })
            }
            LegacyCommand::GiveNotice { on, last_day } => {
                self.give_notice(NoticeGiven { on: *on, last_day: *last_day })
            }
            LegacyCommand::WithdrawNotice { on } => self.withdraw_notice(NoticeWithdrawn { on: *on }),
            LegacyCommand::Extend { on, last_day } => self.extend(Extended { on: *on, last_day: *last_day }),
            LegacyCommand::CorrectEnd { last_day, reason, on } => {
                self.correct_end(EndCorrected { last_day: *last_day, reason: reason.clone(), on: *on })
            }
        }
    }

    fn evolve(mut self, event: &LegacyEvent) -> Self {
        match event {
            LegacyEvent::Recorded(recorded) => {
                self.yearly_cost_ore = recorded.yearly_cost_ore;
                self.recorded = Some(recorded.clone());
            }
            LegacyEvent::YearlyCostStated(stated) => {
                self.yearly_cost_ore = Some(stated.yearly_cost_ore);
                self.cost_stated = Some(stated.clone());
            }
            LegacyEvent::NoticeGiven(notice) => {
                self.last_day = Some(notice.last_day);
                self.notice = Some(notice.clone());
                self.steps.push(Step::NoticeGiven(notice.clone()));
            }
            LegacyEvent::NoticeWithdrawn(withdrawn) => {
                self.last_day = self.extension.as_ref().map(|extension| extension.last_day);
                self.notice = None;
                self.notice_withdrawn_on = Some(withdrawn.on);
                self.steps.push(Step::NoticeWithdrawn(withdrawn.clone()));
            }
            LegacyEvent::Extended(extended) => {
                self.last_day = Some(extended.last_day);
                self.notice = None;
                self.extension = Some(extended.clone());
                self.steps.push(Step::Extended(extended.clone()));
            }
            LegacyEvent::EndCorrected(corrected) => {
                let last_day = corrected.last_day;
                self.last_day = Some(last_day);
                // What is in force has the right day from now on: the notice, or else the extension.
                match (self.notice.as_mut(), self.extension.as_mut()) {
                    (Some(notice), _) => notice.last_day = last_day,
                    (None, Some(extension)) => extension.last_day = last_day,
                    (None, None) => {}
                }
                self.steps.push(Step::EndCorrected(corrected.clone()));
            }
        }
        self
    }
}

impl Legacy {
    fn record(&self, wish: Recorded) -> Decision {
        match &self.recorded {
            Some(known) if *known == wish => return Ok(vec![]),
            Some(known) => return Err(LegacyRejection::AlreadyRecorded { system: known.system.clone() }),
            None => {}
        }
        if !text_is_sound(&wish.system) {
            return Err(LegacyRejection::SystemMissing);
        }
        wish.yearly_cost_ore.map_or(Ok(()), is_taken)?;
        if wish.vat_percent < Decimal::ZERO || wish.vat_percent > Decimal::ONE_HUNDRED {
            return Err(LegacyRejection::VatPercentImpossible { vat_percent: wish.vat_percent });
        }
        let (notice_months, most) = (wish.notice_months, NOTICE_MONTHS_MAX);
        if notice_months > most {
            return Err(LegacyRejection::NoticeMonthsTooMany { notice_months, most });
        }
        Ok(vec![LegacyEvent::Recorded(wish)])
    }

    fn state_yearly_cost(&self, wish: YearlyCostStated) -> Decision {
        self.known()?;
        if self.cost_stated.as_ref() == Some(&wish) {
            return Ok(vec![]);
        }
        is_taken(wish.yearly_cost_ore)?;
        if !text_is_sound(&wish.source) {
            return Err(LegacyRejection::SourceMissing);
        }
        if let Some(stated) = self.cost_stated.as_ref().filter(|stated| wish.on < stated.on) {
            return Err(LegacyRejection::OlderThanStated { stated_on: stated.on, on: wish.on });
        }
        Ok(vec![LegacyEvent::YearlyCostStated(wish)])
    }

    fn give_notice(&self, wish: NoticeGiven) -> Decision {
        let notice_months = self.known()?.notice_months;
        match &self.notice {
            Some(notice) if *notice == wish => return Ok(vec![]),
            Some(NoticeGiven { on, last_day }) => {
                return Err(LegacyRejection::AlreadyUnderNotice { notice_on: *on, last_day: *last_day });
            }
            None => {}
        }
        if let Some(last_day) = self.last_day.filter(|last_day| *last_day <= wish.last_day) {
            return Err(LegacyRejection::EndsAlready { last_day });
        }
        let last_day_possible = calendar::months_after(wish.on, notice_months);
        if last_day_possible > wish.last_day {
            return Err(LegacyRejection::NoticeTooLate { on: wish.on, notice_months, last_day_possible });
        }
        Ok(vec![LegacyEvent::NoticeGiven(wish)])
    }

    fn withdraw_notice(&self, wish: NoticeWithdrawn) -> Decision {
        self.known()?;
        let Some(notice) = &self.notice else {
            let withdrawn = self.notice_withdrawn_on == Some(wish.on);
            return if withdrawn { Ok(vec![]) } else { Err(LegacyRejection::NoNotice) };
        };
        if wish.on < notice.on {
            return Err(LegacyRejection::WithdrawnBeforeNotice { notice_on: notice.on, on: wish.on });
        }
        if wish.on >= notice.last_day {
            return Err(LegacyRejection::NoticeRunOut { last_day: notice.last_day });
        }
        Ok(vec![LegacyEvent::NoticeWithdrawn(wish)])
    }

    fn extend(&self, wish: Extended) -> Decision {
        let known_last_day = self.last_day.unwrap_or(self.known()?.paid_until);
        if self.notice.is_none() && self.extension.as_ref() == Some(&wish) {
            return Ok(vec![]);
        }
        if wish.last_day <= known_last_day {
            return Err(LegacyRejection::ExtensionTooShort { known_last_day, last_day: wish.last_day });
        }
        if wish.last_day < wish.on {
            return Err(LegacyRejection::ExtensionPast { on: wish.on, last_day: wish.last_day });
        }
        Ok(vec![LegacyEvent::Extended(wish)])
    }

    fn correct_end(&self, wish: EndCorrected) -> Decision {
        self.known()?;
        match self.last_day {
            None => return Err(LegacyRejection::NoKnownEnd),
            Some(last_day) if last_day == wish.last_day => return Ok(vec![]),
            Some(_) => {}
        }
        let noticed_on = self.notice.as_ref().map(|notice| notice.on);
        let led_here_on = noticed_on.or_else(|| self.extension.as_ref().map(|extension| extension.on));
        if let Some(on) = led_here_on.filter(|on| wish.last_day < *on) {
            return Err(LegacyRejection::EndBeforeStep { on, last_day: wish.last_day });
        }
        if !text_is_sound(&wish.reason) {
            return Err(LegacyRejection::ReasonMissing);
        }
        Ok(vec![LegacyEvent::EndCorrected(wish)])
    }

    fn known(&self) -> Result<&Recorded, LegacyRejection> {
        self.recorded.as_ref().ok_or(LegacyRejection::NotRecorded)
    }
}

fn is_taken(amount_ore: Ore) -> Result<(), LegacyRejection> {
    if amount_ore.is_negative() {
        return Err(LegacyRejection::AmountNegative { amount_ore });
    }
    if amount_ore.0 > AMOUNT_ORE_MAX {
        return Err(LegacyRejection::AmountTooLarge { amount_ore });
    }
    Ok(())
}

fn days(command: &LegacyCommand) -> [Option<NaiveDate>; 2] {
    match command {
        LegacyCommand::GiveNotice { on, last_day }
        | LegacyCommand::Extend { on, last_day }
        | LegacyCommand::CorrectEnd { last_day, on, .. } => [Some(*on), Some(*last_day)],
        LegacyCommand::Record { paid_until: day, .. }
        | LegacyCommand::StateYearlyCost { on: day, .. }
        | LegacyCommand::WithdrawNotice { on: day } => [Some(*day), None],
    }
}
