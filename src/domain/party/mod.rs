//! Parties: municipalities, county authorities and other payers.
//!
//! Identity is apart from the municipality number, which is a dated attribute: on 2024-01-01 all 39 numbers of Troms og
//! Finnmark changed and no organisation number of a municipality did.

mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::identity::{PartyId, PersonId};

pub use rule::{COUNTS, PartyRejection};

/// What a party is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A municipality (kommune).
    #[default]
    Municipality,
    /// A county authority (fylkeskommune).
    CountyAuthority,
    /// Another payer, such as Longyearbyen lokalstyre, which is no municipality.
    Other,
}

/// A language in which a party has a name, by its ISO 639 code.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NameLanguage {
    /// Norwegian.
    Nb,
    /// Northern Sámi.
    Se,
    /// Kven.
    Fkv,
}

/// A name in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// The language.
    pub language: NameLanguage,
    /// The name.
    pub text: String,
}

/// The written form of Norwegian that a party has chosen to be written to in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenForm {
    /// Bokmål.
    #[default]
    Bokmal,
    /// Nynorsk.
    Nynorsk,
}

/// What a contact person answers for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ContactRole {
    /// Leads the municipality (kommunedirektør).
    Leader,
    /// Leads the library (biblioteksjef).
    LibraryLeader,
    /// Receives invoices.
    Finance,
}

/// A part of what a party was, at the percentage that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitShare {
    /// The party that takes over the part.
    pub party: PartyId,
    /// The decided percentage.
    pub percent: Decimal,
}

/// The party became known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// Its id here.
    pub party: PartyId,
    /// What it is.
    pub kind: PartyKind,
    /// Nine digits, the last a MOD11 check digit (Enhetsregisteret). Only a party that is neither municipality nor county
    /// authority may be without.
    pub organisation_number: Option<String>,
    /// Whether it is compensated for VAT (merverdiavgiftskompensasjonsloven).
    pub vat_compensated: bool,
}

/// It has this municipality or county number from a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbered {
    /// The number: four digits for a municipality, two for a county.
    pub number: String,
    /// The first day it holds.
    pub from: NaiveDate,
}

/// It has these names, in their official order, from a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The names in their official order.
    pub names: Vec<Name>,
    /// The first day they hold.
    pub from: NaiveDate,
}

/// Something about it was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// What was counted: `inhabitants`, `pupils`, `records`, `libraries`, `loans` or another word a sharing key uses.
    pub measure: String,
    /// The day it holds for.
    pub on: NaiveDate,
    /// How many.
    pub value: Decimal,
    /// Where the figure is from.
    pub source: String,
}

/// It became part of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merged {
    /// The party it became part of.
    pub into: PartyId,
    /// The first day it no longer exists.
    pub on: NaiveDate,
    /// The decision.
    pub reference: String,
}

/// It was parted between others, by a decided key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Who takes over how much; 100 percent together.
    pub shares: Vec<SplitShare>,
    /// The first day it no longer exists.
    pub on: NaiveDate,
    /// The decision that holds the key: a statistician's guess is none.
    pub reference: String,
}

/// A county authority was dissolved and others came after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Succeeded {
    /// Those that came after it.
    pub successors: Vec<PartyId>,
    /// Their first day.
    pub on: NaiveDate,
    /// The decision.
    pub reference: String,
}

/// It chose a written form of Norwegian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFormChosen {
    /// The form.
    pub written_form: WrittenForm,
    /// The first day it holds.
    pub from: NaiveDate,
}

/// It is part of the Sámi language area, or no longer (sameloven ch. 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamiLanguageAreaSet {
    /// Whether it belongs to the area.
    pub belongs: bool,
    /// The first day it holds.
    pub from: NaiveDate,
}

/// Whether it is compensated for VAT from a day, in place of what was registered or set before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VatCompensationSet {
    /// Whether it is compensated (merverdiavgiftskompensasjonsloven).
    pub compensated: bool,
    /// The first day it holds.
    pub from: NaiveDate,
}

/// A person answers for something. The person's name and address are not here: they can be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactNamed {
    /// What the person answers for.
    pub role: ContactRole,
    /// The person.
    pub person: PersonId,
}

/// What the public registers say of it from a day: an invoice says it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterEntryStated {
    /// Whether it stands in Foretaksregisteret: companies do, a county authority does not.
    pub in_foretaksregisteret: bool,
    /// Whether it is registered for VAT (Merverdiavgiftsregisteret): "MVA" stands after its organisation number.
    pub vat_registered: bool,
    /// The first day it holds.
    pub from: NaiveDate,
    /// Where it was looked up.
    pub source: String,
}

/// It wants these references on its invoices, in the place of those before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceReferencesSet {
    /// The number of its own order, where it has one.
    pub order_reference: Option<String>,
    /// The account it books to (EN 16931 BT-19), where it wants it said.
    pub accounting_cost: Option<String>,
}

/// It wants this reference on what it is sent (bestillerreferanse, "Deres ref.").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyerReferenceSet {
    /// The reference.
    pub reference: String,
}

/// What has happened to a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartyEvent {
    /// It became known.
    Registered(Registered),
    /// It has a number from a day.
    Numbered(Numbered),
    /// It has names from a day.
    Named(Named),
    /// Something about it was counted.
    Measured(Measured),
    /// It became part of another.
    Merged(Merged),
    /// It was parted between others.
    Split(Split),
    /// Others came after it.
    Succeeded(Succeeded),
    /// It chose a written form.
    WrittenFormChosen(WrittenFormChosen),
    /// It entered or left the Sámi language area.
    SamiLanguageAreaSet(SamiLanguageAreaSet),
    /// It is compensated for VAT from a day, or no longer.
    VatCompensationSet(VatCompensationSet),
    /// A person answers for something.
    ContactNamed(ContactNamed),
    /// It wants a reference.
    BuyerReferenceSet(BuyerReferenceSet),
    /// The public registers say something of it from a day.
    RegisterEntryStated(RegisterEntryStated),
    /// It wants further references on its invoices.
    InvoiceReferencesSet(InvoiceReferencesSet),
}

/// What can be wished of a party. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum PartyCommand {
    /// Make it known.
    Register { party: PartyId, kind: PartyKind, organisation_number: Option<String>, vat_compensated: bool },
    /// Give it a number from a day.
    Number { number: String, from: NaiveDate },
    /// Put the right number in the place of one that was wrong from its day.
    CorrectNumber { number: String, from: NaiveDate },
    /// Give it names from a day, in their official order.
    Name { names: Vec<Name>, from: NaiveDate },
    /// Record what was counted.
    Measure {
        measure: String,
        on: NaiveDate,
        #[schema(value_type = String)]
        value: Decimal,
        source: String,
    },
    /// Let it become part of another.
    Merge { into: PartyId, on: NaiveDate, reference: String },
    /// Part it between others.
    Split { shares: Vec<SplitShare>, on: NaiveDate, reference: String },
    /// Let others come after it.
    Succeed { successors: Vec<PartyId>, on: NaiveDate, reference: String },
    /// Choose its written form.
    ChooseWrittenForm { written_form: WrittenForm, from: NaiveDate },
    /// Say whether it belongs to the Sámi language area.
    SetSamiLanguageArea { belongs: bool, from: NaiveDate },
    /// Say whether it is compensated for VAT from a day on.
    SetVatCompensation { compensated: bool, from: NaiveDate },
    /// Name who answers for something.
    NameContact { role: ContactRole, person: PersonId },
    /// Set the reference it wants.
    SetBuyerReference { reference: String },
    /// State what the public registers say of it from a day.
    StateRegisterEntry { in_foretaksregisteret: bool, vat_registered: bool, from: NaiveDate, source: String },
    /// Set the further references it wants on its invoices.
    SetInvoiceReferences { order_reference: Option<String>, accounting_cost: Option<String> },
}

/// A counted figure with its day and source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, utoipa::ToSchema)]
pub struct Figure {
    /// How many.
    #[schema(value_type = String)]
    pub value: Decimal,
    /// The day it holds for.
    pub on: NaiveDate,
    /// Where it is from.
    pub source: String,
}

/// Why a party no longer exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It became part of another.
    Merged(Merged),
    /// It was parted between others.
    Split(Split),
    /// Others came after it.
    Succeeded(Succeeded),
}

impl Ending {
    /// The first day the party no longer exists.
    #[must_use]
    pub fn on(&self) -> NaiveDate {
        match self {
            Self::Merged(merged) => merged.on,
            Self::Split(split) => split.on,
            Self::Succeeded(succeeded) => succeeded.on,
        }
    }

    /// Those that came after it.
    #[must_use]
    pub fn successors(&self) -> Vec<PartyId> {
        match self {
            Self::Merged(merged) => vec![merged.into],
            Self::Split(split) => split.shares.iter().map(|share| share.party).collect(),
            Self::Succeeded(succeeded) => succeeded.successors.clone(),
        }
    }
}

/// A party as its events have made it. The default is one that is not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Id, kind, organisation number: none before it is registered.
    pub registered: Option<Registered>,
    /// Numbers by their first day.
    pub numbers: BTreeMap<NaiveDate, String>,
    /// Names by their first day.
    pub names: BTreeMap<NaiveDate, Vec<Name>>,
    /// Figures by measure and day.
    pub figures: BTreeMap<String, BTreeMap<NaiveDate, Figure>>,
    /// Why it no longer exists.
    pub ending: Option<Ending>,
    /// Written forms by their first day.
    pub written_forms: BTreeMap<NaiveDate, WrittenForm>,
    /// Membership of the Sámi language area by its first day.
    pub sami_language_area: BTreeMap<NaiveDate, bool>,
    /// Whether it is compensated for VAT where that was set after it was registered, by the first day.
    pub vat_compensation: BTreeMap<NaiveDate, bool>,
    /// Who answers for what.
    pub contacts: BTreeMap<ContactRole, PersonId>,
    /// The reference it wants.
    pub buyer_reference: Option<String>,
    /// What the public registers say of it, by the first day.
    pub register_entries: BTreeMap<NaiveDate, RegisterEntryStated>,
    /// The further references it wants on its invoices.
    pub invoice_references: Option<InvoiceReferencesSet>,
}

/// The value that holds on `day`: the latest that began on or before it.
fn in_force<T>(dated: &BTreeMap<NaiveDate, T>, day: NaiveDate) -> Option<&T> {
    dated.range(..=day).next_back().map(|(_, value)| value)
}

impl Party {
    /// The number that holds on `day`, or the first one where `day` is before all.
    #[must_use]
    pub fn number_on(&self, day: NaiveDate) -> Option<&str> {
        in_force(&self.numbers, day).or_else(|| self.numbers.values().next()).map(String::as_str)
    }

    /// The first day on which a number that holds from `from` no longer does: another does, or it no longer exists.
    #[must_use]
    pub fn number_is_until(&self, from: NaiveDate) -> NaiveDate {
        let later = self.numbers.range(from..).map(|(first, _)| *first).find(|first| *first > from);
        let ended = self.ending.as_ref().map(Ending::on);
        later.into_iter().chain(ended).min().unwrap_or(NaiveDate::MAX)
    }

    /// The names that hold on `day` in their official order, or the first ones where `day` is before all.
    #[must_use]
    pub fn names_on(&self, day: NaiveDate) -> &[Name] {
        in_force(&self.names, day).or_else(|| self.names.values().next()).map_or(&[], Vec::as_slice)
    }

    /// The names that hold on `day`, joined as the authorities write them: "Kárášjohka - Karasjok".
    #[must_use]
    pub fn full_name_on(&self, day: NaiveDate) -> String {
        self.names_on(day).iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" - ")
    }

    /// The name in a language that holds on `day`.
    #[must_use]
    pub fn name_in(&self, language: NameLanguage, day: NaiveDate) -> Option<&str> {
        self.names_on(day).iter().find(|name| name.language == language).map(|name| name.text.as_str())
    }

    /// The latest figure of a measure counted on or before `day`.
    #[must_use]
    pub fn figure_on(&self, measure: &str, day: NaiveDate) -> Option<&Figure> {
        self.figures.get(measure).and_then(|figures| in_force(figures, day))
    }

    /// Whether people mean it by a number of any time, its organisation number, or a name of any time in any language.
    #[must_use]
    pub fn is_called(&self, called: &str) -> bool {
        let lower = called.to_lowercase();
        self.registered.as_ref().is_some_and(|registered| registered.organisation_number.as_deref() == Some(called))
            || self.numbers.values().any(|number| number == called)
            || self.names.iter().any(|(day, names)| {
                names.iter().any(|name| name.text.to_lowercase() == lower)
                    || self.full_name_on(*day).to_lowercase() == lower
            })
    }

    /// Whether it exists on `day`.
    #[must_use]
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.registered.is_some() && self.ending.as_ref().is_none_or(|ending| day < ending.on())
    }

    /// What the public registers say of it on `day`; none where nobody has stated it.
    #[must_use]
    pub fn register_entry_on(&self, day: NaiveDate) -> Option<&RegisterEntryStated> {
        in_force(&self.register_entries, day)
    }

    /// Whether it is compensated for VAT on `day`.
    #[must_use]
    pub fn is_vat_compensated_on(&self, day: NaiveDate) -> bool {
        let registered = || self.registered.as_ref().is_some_and(|registered| registered.vat_compensated);
        in_force(&self.vat_compensation, day).copied().unwrap_or_else(registered)
    }

    /// The written form that holds on `day`; bokmål where none was chosen.
    #[must_use]
    pub fn written_form_on(&self, day: NaiveDate) -> WrittenForm {
        in_force(&self.written_forms, day).copied().unwrap_or_default()
    }

    /// Whether it belongs to the Sámi language area on `day`.
    #[must_use]
    pub fn in_sami_language_area_on(&self, day: NaiveDate) -> bool {
        in_force(&self.sami_language_area, day).copied().unwrap_or_default()
    }
}
