//! The rules of a party.
//!
//! A party that has ended keeps its past: figures, names and numbers for days before its end are still taken, and so
//! are contacts and its reference, since open matters stay with it. Nothing is taken for the day it ended and after.
//! Numbers are never set twice for one day. A spelling, a figure or a choice is corrected by adding: the later event for
//! the same day replaces the one before.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    BuyerReferenceSet, ContactNamed, Ending, Figure, InvoiceReferencesSet, Measured, Merged, Name, NameLanguage, Named,
    Numbered, Party, PartyCommand, PartyEvent, PartyKind, RegisterEntryStated, Registered, SamiLanguageAreaSet, Split,
    Succeeded, VatCompensationSet, WrittenFormChosen,
};
use crate::decider::Decider;
use crate::domain::identity::PartyId;
use crate::domain::sharing_key::EQUAL;
use crate::domain::{calendar, check_digit, text_is_sound};

/// What is counted one by one, so that a figure of it is whole. Other measures, such as an area, may have decimals.
pub const COUNTS: [&str; 5] = ["inhabitants", "pupils", "records", "libraries", "loans"];
/// The most characters in a name or in the word for a measure.
const NAME_CHARACTERS_MAX: usize = 100;
/// The most parties that one is split between or succeeded by.
const HEIRS_MAX: usize = 100;
/// The largest figure taken: a thousand billion.
const FIGURE_MAX: i64 = 1_000_000_000_000;
/// The most decimals in a figure.
const FIGURE_DECIMALS_MAX: u32 = 4;

/// Why a wish about a party is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum PartyRejection {
    /// It is not registered.
    NotRegistered,
    /// It is registered with other content.
    AlreadyRegistered {
        /// The organisation number it has.
        organisation_number: Option<String>,
    },
    /// A municipality or county authority has an organisation number.
    OrganisationNumberMissing,
    /// The organisation number is not nine digits with the right check digit.
    OrganisationNumberInvalid {
        /// The number.
        organisation_number: String,
    },
    /// The municipality or county number does not have the digits that its kind has.
    NumberMalformed {
        /// The number.
        number: String,
        /// How many digits it should have.
        digits: usize,
    },
    /// Another number holds from the same day.
    OtherNumberFromThatDay {
        /// The number that holds.
        number: String,
        /// The day.
        from: NaiveDate,
    },
    /// No number was given from the day, so that there is none to correct.
    NoNumberFromThatDay {
        /// The day.
        from: NaiveDate,
    },
    /// There is no name.
    NamesMissing,
    /// Two names are in one language.
    LanguageTwice {
        /// The language.
        language: NameLanguage,
    },
    /// A name is empty, too long, or holds what is no text.
    NameMalformed {
        /// The language of the name.
        language: NameLanguage,
    },
    /// The word for what was counted is empty, too long, or holds what is no text.
    MeasureMalformed,
    /// The measure has a meaning of its own in sharing keys.
    MeasureReserved {
        /// The measure.
        measure: String,
    },
    /// A figure is negative.
    FigureNegative {
        /// What was counted.
        measure: String,
        /// The figure.
        #[serde(with = "rust_decimal::serde::str")]
        value: Decimal,
    },
    /// A figure of what is counted one by one has decimals.
    CountNotWhole {
        /// What was counted.
        measure: String,
        /// The figure.
        #[serde(with = "rust_decimal::serde::str")]
        value: Decimal,
    },
    /// A figure is above what is taken.
    FigureTooLarge {
        /// What was counted.
        measure: String,
        /// The figure.
        #[serde(with = "rust_decimal::serde::str")]
        value: Decimal,
    },
    /// A figure has more than four decimals.
    FigureTooPrecise {
        /// What was counted.
        measure: String,
        /// The figure.
        #[serde(with = "rust_decimal::serde::str")]
        value: Decimal,
    },
    /// The source of a figure is empty or too long.
    SourceMissing,
    /// The reference is empty or too long.
    ReferenceMissing,
    /// It has ended, and what was wished concerns a time after that.
    AlreadyEnded {
        /// The first day it no longer exists.
        ended_on: NaiveDate,
    },
    /// Only municipalities and others are merged or split; a county authority is succeeded.
    CountyAuthorityIsSucceeded,
    /// Only a county authority is succeeded.
    OnlyCountyAuthorityIsSucceeded,
    /// It cannot become part of itself or come after itself.
    OwnHeir,
    /// There is no party that takes over.
    HeirsMissing,
    /// Too many parties take over.
    TooManyHeirs {
        /// How many there are.
        count: usize,
        /// How many are taken.
        most: usize,
    },
    /// A party takes over twice.
    HeirTwice {
        /// The party.
        party: PartyId,
    },
    /// A share is not above 0, or is above 100 percent.
    ShareImpossible {
        /// The share.
        #[serde(with = "rust_decimal::serde::str")]
        percent: Decimal,
    },
    /// The shares of a split are not 100 percent together.
    SharesNotWhole {
        /// What they are together.
        #[serde(with = "rust_decimal::serde::str")]
        percent: Decimal,
    },
    /// A day is before 1800 or after 2100.
    DayNotTaken {
        /// The day.
        day: NaiveDate,
    },
}

type Decision = Result<Vec<PartyEvent>, PartyRejection>;

impl Decider for Party {
    type Command = PartyCommand;
    type Event = PartyEvent;
    type Rejection = PartyRejection;

    fn decide(&self, command: &PartyCommand) -> Decision {
        match command {
            PartyCommand::Register { party, kind, organisation_number, vat_compensated } => self.register(Registered {
                party: *party,
                kind: *kind,
                organisation_number: organisation_number.clone(),
                vat_compensated: *vat_compensated,
            }),
            PartyCommand::Number { number, from } => self.number(Numbered { number: number.clone(), from: *from }),
            PartyCommand::CorrectNumber { number, from } => {
                self.correct_number(Numbered { number: number.clone(), from: *from })
            }
            PartyCommand::Name { names, from } => self.name(Named { names: names.clone(), from: *from }),
            PartyCommand::Measure { measure, on, value, source } => {
                self.measure(Measured { measure: measure.clone(), on: *on, value: *value, source: source.clone() })
            }
            PartyCommand::Merge { into, on, reference } => {
                self.merge(Merged { into: *into, on: *on, reference: reference.clone() })
            }
            PartyCommand::Split { shares, on, reference } => {
                self.split(Split { shares: shares.clone(), on: *on, reference: reference.clone() })
            }
            PartyCommand::Succeed { successors, on, reference } => {
                self.succeed(Succeeded { successors: successors.clone(), on: *on, reference: reference.clone() })
            }
            PartyCommand::ChooseWrittenForm { written_form, from } => {
                self.choose_written_form(WrittenFormChosen { written_form: *written_form, from: *from })
            }
            PartyCommand::SetSamiLanguageArea { belongs, from } => {
                self.set_sami_language_area(SamiLanguageAreaSet { belongs: *belongs, from: *from })
            }
            PartyCommand::SetVatCompensation { compensated, from } => {
                self.set_vat_compensation(VatCompensationSet { compensated: *compensated, from: *from })
            }
            PartyCommand::NameContact { role, person } => {
                self.name_contact(ContactNamed { role: *role, person: *person })
            }
            PartyCommand::SetBuyerReference { reference } => {
                self.set_buyer_reference(BuyerReferenceSet { reference: reference.clone() })
            }
            PartyCommand::StateRegisterEntry { in_foretaksregisteret, vat_registered, from, source } => self
                .state_register_entry(RegisterEntryStated {
                    in_foretaksregisteret: *in_foretaksregisteret,
                    vat_registered: *vat_registered,
                    from: *from,
                    source: source.clone(),
                }),
            PartyCommand::SetInvoiceReferences { order_reference, accounting_cost } => {
                self.set_invoice_references(InvoiceReferencesSet {
                    order_reference: order_reference.clone(),
                    accounting_cost: accounting_cost.clone(),
                })
            }
        }
    }

    fn evolve(mut self, event: &PartyEvent) -> Self {
        match event {
            PartyEvent::Registered(registered) => self.registered = Some(registered.clone()),
            PartyEvent::Numbered(numbered) => {
                self.numbers.insert(numbered.from, numbered.number.clone());
            }
            PartyEvent::Named(named) => {
                self.names.insert(named.from, named.names.clone());
            }
            PartyEvent::Measured(measured) => {
                self.figures.entry(measured.measure.clone()).or_default().insert(measured.on, figure(measured));
            }
            PartyEvent::Merged(merged) => self.ending = Some(Ending::Merged(merged.clone())),
            PartyEvent::Split(split) => self.ending = Some(Ending::Split(split.clone())),
            PartyEvent::Succeeded(succeeded) => self.ending = Some(Ending::Succeeded(succeeded.clone())),
            PartyEvent::WrittenFormChosen(chosen) => {
                self.written_forms.insert(chosen.from, chosen.written_form);
            }
            PartyEvent::SamiLanguageAreaSet(set) => {
                self.sami_language_area.insert(set.from, set.belongs);
            }
            PartyEvent::VatCompensationSet(set) => {
                self.vat_compensation.insert(set.from, set.compensated);
            }
            PartyEvent::ContactNamed(named) => {
                self.contacts.insert(named.role, named.person);
            }
            PartyEvent::BuyerReferenceSet(set) => self.buyer_reference = Some(set.reference.clone()),
            PartyEvent::RegisterEntryStated(stated) => {
                self.register_entries.insert(stated.from, stated.clone());
            }
            PartyEvent::InvoiceReferencesSet(set) => self.invoice_references = Some(set.clone()),
        }
        self
    }
}

impl Party {
    fn register(&self, wish: Registered) -> Decision {
        match &self.registered {
            Some(known) if *known == wish => Ok(vec![]),
            Some(known) => {
                Err(PartyRejection::AlreadyRegistered { organisation_number: known.organisation_number.clone() })
            }
            None => match &wish.organisation_number {
                Some(number) if !check_digit::is_organisation_number(number) => {
                    Err(PartyRejection::OrganisationNumberInvalid { organisation_number: number.clone() })
                }
                None if wish.kind != PartyKind::Other => Err(PartyRejection::OrganisationNumberMissing),
                Some(_) | None => Ok(vec![PartyEvent::Registered(wish)]),
            },
        }
    }

    fn number(&self, wish: Numbered) -> Decision {
        self.known()?;
        match self.numbers.get(&wish.from) {
            Some(number) if *number == wish.number => return Ok(vec![]),
            Some(number) => {
                return Err(PartyRejection::OtherNumberFromThatDay { number: number.clone(), from: wish.from });
            }
            None => self.exists_for(wish.from)?,
        }
        self.numbered(wish)
    }

    fn correct_number(&self, wish: Numbered) -> Decision {
        self.known()?;
        match self.numbers.get(&wish.from) {
            None => Err(PartyRejection::NoNumberFromThatDay { from: wish.from }),
            Some(number) if *number == wish.number => Ok(vec![]),
            Some(_) => self.numbered(wish),
        }
    }

    fn numbered(&self, wish: Numbered) -> Decision {
        let digits = match self.known()?.kind {
            PartyKind::Municipality | PartyKind::Other => 4,
            PartyKind::CountyAuthority => 2,
        };
        if wish.number.len() != digits || !wish.number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PartyRejection::NumberMalformed { number: wish.number, digits });
        }
        Ok(vec![PartyEvent::Numbered(wish)])
    }

    fn name(&self, wish: Named) -> Decision {
        self.known()?;
        if self.names.get(&wish.from) == Some(&wish.names) {
            return Ok(vec![]);
        }
        self.exists_for(wish.from)?;
        names_are_sound(&wish.names)?;
        Ok(vec![PartyEvent::Named(wish)])
    }

    fn measure(&self, wish: Measured) -> Decision {
        self.known()?;
        let Measured { measure, on, value, source } = &wish;
        if self.figures.get(measure).and_then(|figures| figures.get(on)) == Some(&figure(&wish)) {
            return Ok(vec![]);
        }
        self.exists_for(*on)?;
        if !is_a_name(measure) {
            return Err(PartyRejection::MeasureMalformed);
        }
        if measure == EQUAL {
            return Err(PartyRejection::MeasureReserved { measure: measure.clone() });
        }
        let (measure, value) = (measure.clone(), *value);
        if value.is_sign_negative() && !value.is_zero() {
            return Err(PartyRejection::FigureNegative { measure, value });
        }
        if value > Decimal::from(FIGURE_MAX) {
            return Err(PartyRejection::FigureTooLarge { measure, value });
        }
        if COUNTS.contains(&measure.as_str()) && !value.is_integer() {
            return Err(PartyRejection::CountNotWhole { measure, value });
        }
        if value.normalize().scale() > FIGURE_DECIMALS_MAX {
            return Err(PartyRejection::FigureTooPrecise { measure, value });
        }
        if !text_is_sound(source) {
            return Err(PartyRejection::SourceMissing);
        }
        Ok(vec![PartyEvent::Measured(wish)])
    }

    fn merge(&self, wish: Merged) -> Decision {
        let known = self.known()?;
        if self.ending == Some(Ending::Merged(wish.clone())) {
            return Ok(vec![]);
        }
        self.has_not_ended()?;
        if known.kind == PartyKind::CountyAuthority {
            return Err(PartyRejection::CountyAuthorityIsSucceeded);
        }
        heirs_are_sound(known.party, [wish.into])?;
        is_decided(wish.on, &wish.reference)?;
        Ok(vec![PartyEvent::Merged(wish)])
    }

    fn split(&self, wish: Split) -> Decision {
        let known = self.known()?;
        if self.ending == Some(Ending::Split(wish.clone())) {
            return Ok(vec![]);
        }
        self.has_not_ended()?;
        if known.kind == PartyKind::CountyAuthority {
            return Err(PartyRejection::CountyAuthorityIsSucceeded);
        }
        heirs_are_sound(known.party, wish.shares.iter().map(|share| share.party))?;
        let shares = || wish.shares.iter().map(|share| share.percent);
        if let Some(percent) = shares().find(|percent| *percent <= Decimal::ZERO || *percent > Decimal::ONE_HUNDRED) {
            return Err(PartyRejection::ShareImpossible { percent });
        }
        let percent: Decimal = shares().sum();
        if percent != Decimal::ONE_HUNDRED {
            return Err(PartyRejection::SharesNotWhole { percent });
        }
        is_decided(wish.on, &wish.reference)?;
        Ok(vec![PartyEvent::Split(wish)])
    }

    fn succeed(&self, wish: Succeeded) -> Decision {
        let known = self.known()?;
        if self.ending == Some(Ending::Succeeded(wish.clone())) {
            return Ok(vec![]);
        }
        self.has_not_ended()?;
        if known.kind != PartyKind::CountyAuthority {
            return Err(PartyRejection::OnlyCountyAuthorityIsSucceeded);
        }
        heirs_are_sound(known.party, wish.successors.iter().copied())?;
        is_decided(wish.on, &wish.reference)?;
        Ok(vec![PartyEvent::Succeeded(wish)])
    }

    fn choose_written_form(&self, wish: WrittenFormChosen) -> Decision {
        self.known()?;
        if self.written_forms.get(&wish.from) == Some(&wish.written_form) {
            return Ok(vec![]);
        }
        self.exists_for(wish.from)?;
        Ok(vec![PartyEvent::WrittenFormChosen(wish)])
    }

    fn set_sami_language_area(&self, wish: SamiLanguageAreaSet) -> Decision {
        self.known()?;
        if self.sami_language_area.get(&wish.from) == Some(&wish.belongs) {
            return Ok(vec![]);
        }
        self.exists_for(wish.from)?;
        Ok(vec![PartyEvent::SamiLanguageAreaSet(wish)])
    }

    fn set_vat_compensation(&self, wish: VatCompensationSet) -> Decision {
        self.known()?;
        if self.is_vat_compensated_on(wish.from) == wish.compensated {
            return Ok(vec![]);
        }
        self.exists_for(wish.from)?;
        Ok(vec![PartyEvent::VatCompensationSet(wish)])
    }

    fn name_contact(&self, wish: ContactNamed) -> Decision {
        self.known()?;
        if self.contacts.get(&wish.role) == Some(&wish.person) {
            return Ok(vec![]);
        }
        Ok(vec![PartyEvent::ContactNamed(wish)])
    }

    fn set_buyer_reference(&self, wish: BuyerReferenceSet) -> Decision {
        self.known()?;
        if self.buyer_reference.as_ref() == Some(&wish.reference) {
            return Ok(vec![]);
        }
        if !text_is_sound(&wish.reference) {
            return Err(PartyRejection::ReferenceMissing);
        }
        Ok(vec![PartyEvent::BuyerReferenceSet(wish)])
    }

    fn state_register_entry(&self, wish: RegisterEntryStated) -> Decision {
        self.known()?;
        if self.register_entries.get(&wish.from) == Some(&wish) {
            return Ok(vec![]);
        }
        self.exists_for(wish.from)?;
        if !text_is_sound(&wish.source) {
            return Err(PartyRejection::SourceMissing);
        }
        Ok(vec![PartyEvent::RegisterEntryStated(wish)])
    }

    fn set_invoice_references(&self, wish: InvoiceReferencesSet) -> Decision {
        self.known()?;
        if self.invoice_references.as_ref() == Some(&wish) {
            return Ok(vec![]);
        }
        if [&wish.order_reference, &wish.accounting_cost].into_iter().flatten().any(|text| !text_is_sound(text)) {
            return Err(PartyRejection::ReferenceMissing);
        }
        Ok(vec![PartyEvent::InvoiceReferencesSet(wish)])
    }

    fn known(&self) -> Result<&Registered, PartyRejection> {
        self.registered.as_ref().ok_or(PartyRejection::NotRegistered)
    }

    fn has_not_ended(&self) -> Result<(), PartyRejection> {
        match &self.ending {
            Some(ending) => Err(PartyRejection::AlreadyEnded { ended_on: ending.on() }),
            None => Ok(()),
        }
    }

    /// Whether something may be said of it that holds on `day`.
    fn exists_for(&self, day: NaiveDate) -> Result<(), PartyRejection> {
        if !calendar::day_is_taken(day) {
            return Err(PartyRejection::DayNotTaken { day });
        }
        if self.exists_on(day) { Ok(()) } else { self.has_not_ended() }
    }
}

fn figure(measured: &Measured) -> Figure {
    Figure { value: measured.value, on: measured.on, source: measured.source.clone() }
}

fn is_a_name(text: &str) -> bool {
    text_is_sound(text) && text.chars().count() <= NAME_CHARACTERS_MAX
}

fn names_are_sound(names: &[Name]) -> Result<(), PartyRejection> {
    if names.is_empty() {
        return Err(PartyRejection::NamesMissing);
    }
    let mut languages = BTreeSet::new();
    for Name { language, text } in names {
        if !languages.insert(language) {
            return Err(PartyRejection::LanguageTwice { language: *language });
        }
        if !is_a_name(text) {
            return Err(PartyRejection::NameMalformed { language: *language });
        }
    }
    Ok(())
}

fn heirs_are_sound(party: PartyId, heirs: impl IntoIterator<Item = PartyId>) -> Result<(), PartyRejection> {
    let heirs: Vec<PartyId> = heirs.into_iter().collect();
    if heirs.is_empty() {
        return Err(PartyRejection::HeirsMissing);
    }
    if heirs.len() > HEIRS_MAX {
        return Err(PartyRejection::TooManyHeirs { count: heirs.len(), most: HEIRS_MAX });
    }
    if heirs.contains(&party) {
        return Err(PartyRejection::OwnHeir);
    }
    let mut seen = BTreeSet::new();
    match heirs.into_iter().find(|heir| !seen.insert(*heir)) {
        Some(party) => Err(PartyRejection::HeirTwice { party }),
        None => Ok(()),
    }
}

/// An ending needs a day and the decision that says so.
fn is_decided(day: NaiveDate, reference: &str) -> Result<(), PartyRejection> {
    if !calendar::day_is_taken(day) {
        return Err(PartyRejection::DayNotTaken { day });
    }
    if text_is_sound(reference) { Ok(()) } else { Err(PartyRejection::ReferenceMissing) }
}
