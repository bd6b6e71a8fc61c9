//! Facts of a small procurement, by number, for tests that ask who pays how much of what.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::{day, nth};
use crate::decider::{Streams, grow};
use crate::domain::agreement::{Agreement, AgreementEvent, Commitment, Drafted, Ended, OptionExercised};
use crate::domain::apportionment::Apportioner;
use crate::domain::assessment::{Assessment, Statement};
use crate::domain::cost::{Cost, CostEvent, CostKind, Distribution, Granted, Moved};
use crate::domain::event::Event;
use crate::domain::identity::{
    AgreementId, AssessmentId, CostId, GrantId, LegacyId, LicenceId, PartyId, PersonId, ProcurementId, SharingKeyId,
    SignupId,
};
use crate::domain::key_adoption::{Adopted, KeyEvent, Proposed, SharingKey};
use crate::domain::legacy::{Extended, LegacyEvent};
use crate::domain::licence::{Licence, LicenceEvent};
use crate::domain::money::Ore;
use crate::domain::participants::Participants;
use crate::domain::party::{
    BuyerReferenceSet, ContactNamed, ContactRole, Measured, Merged, Name, NameLanguage, Named, Numbered, Party,
    PartyEvent, PartyKind, RegisterEntryStated, Registered, Split, SplitShare, Succeeded,
};
use crate::domain::procurement::ProcurementEvent;
use crate::domain::sharing_key::KeyDefinition;
use crate::domain::signup::{LibraryKind, SignedUp, SignupEvent, WentLive};
use crate::domain::vat::{AppliesTo, VatTreatment, VatTreatmentDecided};
use crate::domain::{cost, legacy, licence, procurement, signup};

/// An event with the id of its stream.
pub(crate) type Fact = (Uuid, Event);

pub(crate) const PROCUREMENT: ProcurementId = ProcurementId(Uuid::from_u128(1_000));
pub(crate) const KEY: SharingKeyId = SharingKeyId(Uuid::from_u128(900));

/// Half equally, half by inhabitants.
pub(crate) const HALVES: &str = r#"
kind = "divide"
name = "halvt likt, halvt etter innbyggere"
[[base]]
measure = "equal"
percent = "50"
[[base]]
measure = "inhabitants"
percent = "50"
"#;

/// The measure of nearly every key.
pub(crate) const INHABITANTS: &str = "inhabitants";

pub(crate) fn party(number: u128) -> PartyId {
    PartyId(nth(number))
}

/// Eight digits and their MOD11 check digit, made up from a number.
pub(crate) fn organisation_number(number: u128) -> String {
    use crate::domain::check_digit::{KidMethod, check_digit};
    (0..10)
        .map(|last| format!("9{number:06}{last}"))
        .find_map(|eight| {
            check_digit(&eight, KidMethod::Mod11).filter(|digit| *digit != '-').map(|digit| format!("{eight}{digit}"))
        })
        .unwrap()
}

fn of_party(number: u128, event: PartyEvent) -> Fact {
    (nth(number), Event::Party(event))
}

pub(crate) fn registered(number: u128, kind: PartyKind, organisation_number: Option<String>) -> Fact {
    let vat_compensated = kind != PartyKind::Other;
    of_party(
        number,
        PartyEvent::Registered(Registered { party: party(number), kind, organisation_number, vat_compensated }),
    )
}

pub(crate) fn numbered(number: u128, municipality_number: &str, from: &str) -> Fact {
    of_party(number, PartyEvent::Numbered(Numbered { number: municipality_number.to_owned(), from: day(from) }))
}

pub(crate) fn named(number: u128, name: &str) -> Fact {
    let name = Name { language: NameLanguage::Nb, text: name.to_owned() };
    of_party(number, PartyEvent::Named(Named { names: vec![name], from: day("1838-01-01") }))
}

pub(crate) fn counted(number: u128, measure: &str, on: &str, value: i64) -> Fact {
    of_party(
        number,
        PartyEvent::Measured(Measured {
            measure: measure.to_owned(),
            on: day(on),
            value: Decimal::from(value),
            source: "SSB 07459".to_owned(),
        }),
    )
}

/// A municipality of old with its number, its inhabitants at the start of 2023, and what an invoice to it needs.
pub(crate) fn municipality(number: u128, inhabitants: i64) -> Vec<Fact> {
    vec![
        registered(number, PartyKind::Municipality, Some(organisation_number(number))),
        numbered(number, &format!("{number:04}"), "1838-01-01"),
        named(number, &format!("Kommune {number}")),
        counted(number, INHABITANTS, "2023-01-01", inhabitants),
        referred_to(number),
        finance_named(number),
    ]
}

/// A party named the reference it wants on invoices.
pub(crate) fn referred_to(number: u128) -> Fact {
    of_party(number, PartyEvent::BuyerReferenceSet(BuyerReferenceSet { reference: format!("BIB-{number}") }))
}

/// Somebody answers for a party's finances.
pub(crate) fn finance_named(number: u128) -> Fact {
    let named = ContactNamed { role: ContactRole::Finance, person: finance_of(number) };
    of_party(number, PartyEvent::ContactNamed(named))
}

/// Who answers for a party's finances.
pub(crate) fn finance_of(number: u128) -> PersonId {
    PersonId(nth(6_000 + number))
}

pub(crate) fn merged(number: u128, into: u128, on: &str) -> Fact {
    let merged = Merged { into: party(into), on: day(on), reference: "Vedtak".to_owned() };
    of_party(number, PartyEvent::Merged(merged))
}

pub(crate) fn split(number: u128, shares: &[(u128, i64)], on: &str) -> Fact {
    let share =
        |(number, percent): &(u128, i64)| SplitShare { party: party(*number), percent: Decimal::from(*percent) };
    let shares = shares.iter().map(share).collect();
    of_party(number, PartyEvent::Split(Split { shares, on: day(on), reference: "Vedtak".to_owned() }))
}

pub(crate) fn succeeded(number: u128, successors: &[u128], on: &str) -> Fact {
    let successors = successors.iter().map(|number| party(*number)).collect();
    of_party(number, PartyEvent::Succeeded(Succeeded { successors, on: day(on), reference: "Vedtak".to_owned() }))
}

/// The agreement of a party; its own number is the party's and a hundred.
pub(crate) fn agreed(number: u128, commitment: Commitment, member_from: Option<&str>) -> Fact {
    let agreement = nth(100 + number);
    let drafted = Drafted {
        agreement: AgreementId(agreement),
        procurement: PROCUREMENT,
        party: party(number),
        county: party(54),
        commitment,
        member_from: member_from.map(day),
        on: day("2022-11-01"),
    };
    (agreement, Event::Agreement(AgreementEvent::Drafted(drafted)))
}

pub(crate) fn committed(number: u128) -> Fact {
    agreed(number, Commitment::Committed, None)
}

pub(crate) fn ended(number: u128, last_day: &str) -> Fact {
    (nth(100 + number), Event::Agreement(AgreementEvent::Ended(Ended { last_day: day(last_day) })))
}

pub(crate) fn exercised(number: u128, member_from: &str) -> Fact {
    let exercised = OptionExercised { on: day(member_from), member_from: day(member_from) };
    (nth(100 + number), Event::Agreement(AgreementEvent::OptionExercised(exercised)))
}

#[track_caller]
pub(crate) fn definition(text: &str) -> KeyDefinition {
    toml::from_str(text).unwrap()
}

pub(crate) fn proposed(text: &str) -> Fact {
    let proposed = Proposed {
        sharing_key: KEY,
        procurement: PROCUREMENT,
        name: "nøkkelen".to_owned(),
        definition: definition(text),
        population_date: day("2023-01-01"),
        on: day("2022-11-01"),
    };
    (KEY.0, Event::SharingKey(KeyEvent::Proposed(Box::new(proposed))))
}

pub(crate) fn adopted(text: &str, applies_from: &str) -> Fact {
    let adopted = Adopted {
        definition: definition(text),
        applies_from: day(applies_from),
        population_date: day("2023-01-01"),
        reference: "Vedtak".to_owned(),
        on: day("2022-12-01"),
    };
    (KEY.0, Event::SharingKey(KeyEvent::Adopted(Box::new(adopted))))
}

/// By the key of the procurement.
pub(crate) const BY_KEY: Distribution = Distribution::Key { sharing_key: KEY };

pub(crate) const fn cost_id(number: u128) -> CostId {
    CostId(Uuid::from_u128(2_000 + number))
}

pub(crate) fn cost(number: u128, year: i32, distribution: Distribution) -> Fact {
    let recorded = cost::Recorded {
        cost: cost_id(number),
        procurement: PROCUREMENT,
        name: format!("Kostnad {number}"),
        kind: CostKind::Conversion,
        year,
        distribution,
        vat_percent: Decimal::from(25),
        on: day("2022-11-01"),
    };
    (cost_id(number).0, Event::Cost(CostEvent::Recorded(recorded)))
}

fn statement(number: u128, amount: Assessment) -> Statement {
    Statement {
        assessment: AssessmentId(nth(number)),
        replaces: None,
        amount,
        on: day("2022-12-01"),
        source: "Tilbud".to_owned(),
    }
}

pub(crate) fn assessed(number: u128, amount: Assessment) -> Fact {
    (cost_id(number).0, Event::Cost(CostEvent::Assessed(statement(number, amount))))
}

pub(crate) fn granted(number: u128, amount_ore: i64) -> Fact {
    let granted = Granted {
        grant: GrantId(nth(number)),
        from: "Nasjonalbiblioteket".to_owned(),
        amount_ore: Ore(amount_ore),
        reference: "Tilskuddsbrev".to_owned(),
        on: day("2022-12-01"),
    };
    (cost_id(number).0, Event::Cost(CostEvent::Granted(granted)))
}

pub(crate) fn licence_id(number: u128) -> LicenceId {
    LicenceId(nth(3_000 + number))
}

pub(crate) fn licence(number: u128, starts: &str, ends: Option<&str>, distribution: Distribution) -> Fact {
    let recorded = licence::Recorded {
        licence: licence_id(number),
        procurement: PROCUREMENT,
        name: format!("Lisens {number}"),
        starts: day(starts),
        ends: ends.map(day),
        distribution,
        vat_percent: Decimal::from(25),
        index_clause: None,
        on: day("2022-11-01"),
    };
    (licence_id(number).0, Event::Licence(LicenceEvent::Recorded(recorded)))
}

pub(crate) fn priced(number: u128, price: Assessment) -> Fact {
    (licence_id(number).0, Event::Licence(LicenceEvent::Priced(statement(number, price))))
}

pub(crate) fn contracted(amount_ore: i64) -> Assessment {
    Assessment::Contracted { amount_ore: Ore(amount_ore) }
}

pub(crate) fn estimated(low_ore: i64, likely_ore: i64, high_ore: i64) -> Assessment {
    Assessment::Estimated { low_ore: Ore(low_ore), likely_ore: Ore(likely_ore), high_ore: Ore(high_ore) }
}

pub(crate) fn opened(illustrative: bool) -> Fact {
    let opened = procurement::Opened {
        procurement: PROCUREMENT,
        name: "Felles biblioteksystem".to_owned(),
        county: party(54),
        agreement_label: "tilknytningsavtale".to_owned(),
        illustrative,
        on: day("2022-11-01"),
    };
    (PROCUREMENT.0, Event::Procurement(ProcurementEvent::Opened(opened)))
}

/// The county authority 54, which opens the procurement and takes no part.
pub(crate) fn county() -> Vec<Fact> {
    let number = Some(organisation_number(54));
    vec![
        registered(54, PartyKind::CountyAuthority, number),
        numbered(54, "54", "2020-01-01"),
        named(54, "Fylket"),
        in_registers(54),
    ]
}

/// It is registered for VAT and, as a county authority, not in Foretaksregisteret.
pub(crate) fn in_registers(number: u128) -> Fact {
    let stated = RegisterEntryStated {
        in_foretaksregisteret: false,
        vat_registered: true,
        from: day("2020-01-01"),
        source: "Enhetsregisteret".to_owned(),
    };
    of_party(number, PartyEvent::RegisterEntryStated(stated))
}

/// County finance decided how VAT is treated; a resale is at 25 percent.
pub(crate) fn vat_decided(treatment: VatTreatment, applies_to: AppliesTo, from: &str) -> Fact {
    let decided = VatTreatmentDecided {
        treatment,
        vat_percent: (treatment == VatTreatment::Resale).then_some(Decimal::from(25)),
        applies_to,
        from: day(from),
        decision: "Sak 23/101".to_owned(),
        role: "økonomisjef".to_owned(),
        person: PersonId(nth(5)),
        on: day("2022-11-01"),
    };
    (PROCUREMENT.0, Event::Procurement(ProcurementEvent::VatTreatmentDecided(decided)))
}

/// All of the procurement is resold at 25 percent VAT.
pub(crate) fn resold() -> Fact {
    vat_decided(VatTreatment::Resale, AppliesTo::Procurement, "2022-01-01")
}

pub(crate) fn moved(number: u128, from_year: i32, to_year: i32) -> Fact {
    let moved = Moved { from_year, to_year, reference: "Brev".to_owned(), on: day("2023-12-15") };
    (cost_id(number).0, Event::Cost(CostEvent::Moved(moved)))
}

/// The old contract of a party.
pub(crate) fn old_contract(number: u128, yearly_cost_ore: Option<i64>) -> Fact {
    let legacy = LegacyId(nth(4_000 + number));
    let recorded = legacy::Recorded {
        legacy,
        procurement: PROCUREMENT,
        party: party(number),
        system: "Mikromarc".to_owned(),
        yearly_cost_ore: yearly_cost_ore.map(Ore),
        vat_percent: Decimal::from(25),
        paid_until: day("2023-12-31"),
        notice_months: 3,
    };
    (legacy.0, Event::Legacy(LegacyEvent::Recorded(recorded)))
}

pub(crate) fn extended(number: u128, last_day: &str) -> Fact {
    let extended = Extended { on: day("2023-04-01"), last_day: day(last_day) };
    (nth(4_000 + number), Event::Legacy(LegacyEvent::Extended(extended)))
}

/// The public library of a party.
pub(crate) fn signed_up(number: u128, wished_go_live: &str) -> Fact {
    library(number, Commitment::Committed, wished_go_live)
}

/// The same by an option.
pub(crate) fn optional(number: u128, wished_go_live: &str) -> Fact {
    library(number, Commitment::Option, wished_go_live)
}

pub(crate) fn library_exercised(number: u128) -> Fact {
    let exercised = signup::OptionExercised { on: day("2023-01-15") };
    (nth(5_000 + number), Event::Signup(SignupEvent::OptionExercised(exercised)))
}

pub(crate) fn went_live(number: u128, on: &str) -> Fact {
    let went_live = WentLive { on: day(on) };
    (nth(5_000 + number), Event::Signup(SignupEvent::WentLive(went_live)))
}

fn library(number: u128, commitment: Commitment, wished_go_live: &str) -> Fact {
    let signup = SignupId(nth(5_000 + number));
    let signed_up = SignedUp {
        signup,
        procurement: PROCUREMENT,
        party: party(number),
        library: "Folkebiblioteket".to_owned(),
        kind: LibraryKind::Public,
        commitment,
        wished_go_live: Some(day(wished_go_live)),
        on: day("2022-12-01"),
    };
    (signup.0, Event::Signup(SignupEvent::SignedUp(signed_up)))
}

/// What the rules of sharing see.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) parties: Streams<PartyId, Party>,
    pub(crate) agreements: Streams<Uuid, Agreement>,
    pub(crate) keys: Streams<SharingKeyId, SharingKey>,
    pub(crate) costs: Streams<CostId, Cost>,
    pub(crate) licences: Streams<LicenceId, Licence>,
}

impl World {
    #[expect(clippy::wildcard_enum_match_arm, reason = "facts of other kinds are not written here")]
    pub(crate) fn of(facts: impl IntoIterator<Item = Fact>) -> Self {
        let mut world = Self::default();
        for (id, event) in facts {
            match event {
                Event::Party(event) => grow(&mut world.parties, PartyId(id), &event),
                Event::Agreement(event) => grow(&mut world.agreements, id, &event),
                Event::SharingKey(event) => grow(&mut world.keys, SharingKeyId(id), &event),
                Event::Cost(event) => grow(&mut world.costs, CostId(id), &event),
                Event::Licence(event) => grow(&mut world.licences, LicenceId(id), &event),
                other => panic!("{other:?} has no say in who shares"),
            }
        }
        world
    }

    pub(crate) fn participants(&self) -> Participants<'_> {
        Participants { parties: &self.parties, agreements: self.agreements.values().collect() }
    }

    pub(crate) fn apportioner(&self) -> Apportioner<'_> {
        Apportioner { participants: self.participants(), keys: &self.keys }
    }
}
