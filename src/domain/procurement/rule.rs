//! The rules of a procurement. A milestone is moved, and a label or a decision on VAT corrected, by saying it anew.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    AgreementLabelChosen, MilestoneSet, Nudged, Opened, Passed, Procurement, ProcurementCommand, ProcurementEvent,
};
use crate::decider::Decider;
use crate::domain::identity::PartyId;
use crate::domain::money::vat_percent_is_possible;
use crate::domain::vat::{VatTreatment, VatTreatmentDecided};
use crate::domain::{calendar, text_is_sound};

/// The most county authorities that lead one procurement together.
const COUNTIES_MAX: usize = 20;

/// Why a wish about a procurement is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum ProcurementRejection {
    /// It is not opened.
    NotOpened,
    /// It is opened with other content.
    AlreadyOpened {
        /// The name it has.
        name: String,
    },
    /// The name of it or of a milestone is empty or too long.
    NameMissing,
    /// What its agreements are to be called is empty or too long.
    LabelMissing,
    /// The reference is empty or too long.
    ReferenceMissing,
    /// No county authority is named.
    CountiesMissing,
    /// Too many county authorities are named.
    TooManyCounties {
        /// How many there are.
        count: usize,
        /// How many are taken.
        most: usize,
    },
    /// A county authority is named twice.
    CountyTwice {
        /// The county authority.
        county: PartyId,
    },
    /// It would pass on before it was opened.
    PassedBeforeOpened {
        /// The day it was opened.
        opened_on: NaiveDate,
        /// The day it would pass on.
        on: NaiveDate,
    },
    /// It has passed on, on that day or later.
    AlreadyPassed {
        /// The day.
        passed_on: NaiveDate,
    },
    /// A resale has no rate.
    VatPercentMissing,
    /// A claim has a rate.
    VatPercentMisplaced {
        /// How VAT is treated.
        treatment: VatTreatment,
    },
    /// VAT is below 0 or above 100 percent.
    VatPercentImpossible {
        /// The percentage.
        #[serde(with = "rust_decimal::serde::str")]
        vat_percent: Decimal,
    },
    /// The reference of the decision is empty or too long.
    DecisionMissing,
    /// The role of who decided is empty or too long.
    RoleMissing,
    /// A day is before 1800 or after 2100.
    DayNotTaken {
        /// The day.
        day: NaiveDate,
    },
    /// None of those named is behind.
    NobodyToNudge,
    /// Too many would be nudged at once.
    TooManyToNudge {
        /// How many there are.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// A party is not behind with anything.
    NotBehind {
        /// The party.
        party: PartyId,
    },
    /// A party was nudged on that day already.
    NudgedToday {
        /// The party.
        party: PartyId,
        /// The day.
        on: NaiveDate,
    },
    /// What is added is too long, or has what may not stand in the log.
    NoteUnfit,
}

type Decision = Result<Vec<ProcurementEvent>, ProcurementRejection>;

impl Decider for Procurement {
    type Command = ProcurementCommand;
    type Event = ProcurementEvent;
    type Rejection = ProcurementRejection;

    fn decide(&self, command: &ProcurementCommand) -> Decision {
        match command {
            ProcurementCommand::Open { procurement, name, county, agreement_label, illustrative, on } => {
                self.open(Opened {
                    procurement: *procurement,
                    name: name.clone(),
                    county: *county,
                    agreement_label: agreement_label.clone(),
                    illustrative: *illustrative,
                    on: *on,
                })
            }
            ProcurementCommand::SetMilestone { name, on } => {
                self.set_milestone(MilestoneSet { name: name.clone(), on: *on })
            }
            ProcurementCommand::ChooseAgreementLabel { label, from } => {
                self.choose_agreement_label(AgreementLabelChosen { label: label.clone(), from: *from })
            }
            ProcurementCommand::Pass { counties, on, reference } => {
                self.pass(Passed { counties: counties.clone(), on: *on, reference: reference.clone() })
            }
            ProcurementCommand::DecideVatTreatment {
                treatment,
                vat_percent,
                applies_to,
                from,
                decision,
                role,
                person,
                on,
            } => self.decide_vat_treatment(VatTreatmentDecided {
                treatment: *treatment,
                vat_percent: *vat_percent,
                applies_to: *applies_to,
                from: *from,
                decision: decision.clone(),
                role: role.clone(),
                person: *person,
                on: *on,
            }),
            ProcurementCommand::Nudge { parties: _, note, on, letters } => {
                self.nudge(Nudged { letters: letters.clone(), note: note.clone(), on: *on })
            }
        }
    }

    fn evolve(mut self, event: &ProcurementEvent) -> Self {
        match event {
            ProcurementEvent::Opened(opened) => self.opened = Some(opened.clone()),
            ProcurementEvent::MilestoneSet(set) => {
                self.milestones.insert(set.name.clone(), set.on);
            }
            ProcurementEvent::AgreementLabelChosen(chosen) => {
                self.agreement_labels.insert(chosen.from, chosen.label.clone());
            }
            ProcurementEvent::Passed(passed) => {
                self.counties.insert(passed.on, passed.counties.clone());
            }
            ProcurementEvent::VatTreatmentDecided(decided) => {
                self.vat_treatments.insert((decided.applies_to, decided.from), decided.clone());
            }
            ProcurementEvent::Nudged(nudged) => self.nudges.push(nudged.clone()),
        }
        self
    }
}

impl Procurement {
    fn open(&self, wish: Opened) -> Decision {
        match &self.opened {
            Some(known) if *known == wish => return Ok(vec![]),
            Some(known) => return Err(ProcurementRejection::AlreadyOpened { name: known.name.clone() }),
            None => {}
        }
        if !text_is_sound(&wish.name) {
            return Err(ProcurementRejection::NameMissing);
        }
        if !text_is_sound(&wish.agreement_label) {
            return Err(ProcurementRejection::LabelMissing);
        }
        is_taken(wish.on)?;
        Ok(vec![ProcurementEvent::Opened(wish)])
    }

    fn set_milestone(&self, wish: MilestoneSet) -> Decision {
        self.known()?;
        if self.milestones.get(&wish.name) == Some(&wish.on) {
            return Ok(vec![]);
        }
        if !text_is_sound(&wish.name) {
            return Err(ProcurementRejection::NameMissing);
        }
        is_taken(wish.on)?;
        Ok(vec![ProcurementEvent::MilestoneSet(wish)])
    }

    fn choose_agreement_label(&self, wish: AgreementLabelChosen) -> Decision {
        self.known()?;
        if self.agreement_labels.get(&wish.from) == Some(&wish.label) {
            return Ok(vec![]);
        }
        if !text_is_sound(&wish.label) {
            return Err(ProcurementRejection::LabelMissing);
        }
        is_taken(wish.from)?;
        Ok(vec![ProcurementEvent::AgreementLabelChosen(wish)])
    }

    fn pass(&self, wish: Passed) -> Decision {
        let opened_on = self.known()?.on;
        if self.counties_on(wish.on) == wish.counties {
            return Ok(vec![]);
        }
        if let Some((passed_on, _)) = self.counties.range(wish.on..).next_back() {
            return Err(ProcurementRejection::AlreadyPassed { passed_on: *passed_on });
        }
        if wish.on < opened_on {
            return Err(ProcurementRejection::PassedBeforeOpened { opened_on, on: wish.on });
        }
        counties_are_sound(&wish.counties)?;
        if !text_is_sound(&wish.reference) {
            return Err(ProcurementRejection::ReferenceMissing);
        }
        is_taken(wish.on)?;
        Ok(vec![ProcurementEvent::Passed(wish)])
    }

    fn decide_vat_treatment(&self, wish: VatTreatmentDecided) -> Decision {
        self.known()?;
        if self.vat_treatments.get(&(wish.applies_to, wish.from)) == Some(&wish) {
            return Ok(vec![]);
        }
        match (wish.treatment, wish.vat_percent) {
            (VatTreatment::Resale, None) => return Err(ProcurementRejection::VatPercentMissing),
            (VatTreatment::Resale, Some(vat_percent)) if !vat_percent_is_possible(vat_percent) => {
                return Err(ProcurementRejection::VatPercentImpossible { vat_percent });
            }
            (VatTreatment::Resale, Some(_))
            | (VatTreatment::CostSharing | VatTreatment::Disbursement | VatTreatment::OutsideScope, None) => {}
            (treatment, Some(_)) => return Err(ProcurementRejection::VatPercentMisplaced { treatment }),
        }
        if !text_is_sound(&wish.decision) {
            return Err(ProcurementRejection::DecisionMissing);
        }
        if !text_is_sound(&wish.role) {
            return Err(ProcurementRejection::RoleMissing);
        }
        is_taken(wish.from)?;
        is_taken(wish.on)?;
        Ok(vec![ProcurementEvent::VatTreatmentDecided(wish)])
    }

    pub(super) fn known(&self) -> Result<&Opened, ProcurementRejection> {
        self.opened.as_ref().ok_or(ProcurementRejection::NotOpened)
    }
}

fn counties_are_sound(counties: &[PartyId]) -> Result<(), ProcurementRejection> {
    if counties.is_empty() {
        return Err(ProcurementRejection::CountiesMissing);
    }
    if counties.len() > COUNTIES_MAX {
        return Err(ProcurementRejection::TooManyCounties { count: counties.len(), most: COUNTIES_MAX });
    }
    let mut seen = BTreeSet::new();
    match counties.iter().find(|county| !seen.insert(**county)) {
        Some(county) => Err(ProcurementRejection::CountyTwice { county: *county }),
        None => Ok(()),
    }
}

pub(super) fn is_taken(day: NaiveDate) -> Result<(), ProcurementRejection> {
    if calendar::day_is_taken(day) { Ok(()) } else { Err(ProcurementRejection::DayNotTaken { day }) }
}
