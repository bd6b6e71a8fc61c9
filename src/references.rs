//! What a wish names of other streams. A stream's own rules cannot see them, so they are looked up before, at the edge.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use crate::domain::access::{AccessCommand, Granted, Requested, Role};
use crate::domain::agreement::AgreementCommand;
use crate::domain::calendar::Period;
use crate::domain::cost::{CostCommand, Distribution};
use crate::domain::identity::{AgreementId, CostId, LicenceId, PartyId, ProcurementId, SharingKeyId};
use crate::domain::invoice_run::InvoiceRunCommand;
use crate::domain::key_adoption::KeyCommand;
use crate::domain::legacy::LegacyCommand;
use crate::domain::licence::LicenceCommand;
use crate::domain::party::{PartyCommand, PartyKind};
use crate::domain::procurement::ProcurementCommand;
use crate::domain::series::SeriesCommand;
use crate::domain::signup::SignupCommand;
use crate::domain::vat::AppliesTo;
use crate::handle::Wish;
use crate::ids;
use crate::view::book::Book;
use crate::view::{board, proposals};

/// What is named, and what must be true of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    /// A party.
    Party(PartyId),
    /// A party that must be a county authority.
    CountyAuthority(PartyId),
    /// A county authority that must exist on a day, since it comes after another then.
    CountyAuthorityOn(PartyId, NaiveDate),
    /// A party that must exist on a day and be no county authority, since a municipality becomes part of it then.
    HeirOn(PartyId, NaiveDate),
    /// A number that no other party may have, from a day on.
    NumberFrom(String, NaiveDate),
    /// A procurement.
    Procurement(ProcurementId),
    /// A sharing key of a procurement.
    SharingKey(SharingKeyId, ProcurementId),
    /// A one-time cost of a procurement.
    Cost(CostId, ProcurementId),
    /// A licence of a procurement.
    Licence(LicenceId, ProcurementId),
    /// The agreement of a party in a procurement that is signed alone: the one drafted so, or else the stream's own.
    SignedAlone(Option<(ProcurementId, PartyId)>),
    /// What a sharing key shares by, of which somebody that takes part must have a figure.
    Measure {
        /// The key.
        sharing_key: SharingKeyId,
        /// What is counted.
        measure: String,
        /// The day from which the key applies.
        applies_from: NaiveDate,
        /// The day that figures are taken from.
        population_date: NaiveDate,
    },
    /// The very stream that the wish is for.
    Itself(Uuid),
}

/// A field of a wish that does not fit what is known of other streams.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {what}")]
pub struct Misfit {
    /// The field, as it is written in a command.
    pub field: &'static str,
    /// Why it will not do, said after the field.
    pub what: String,
}

/// The first thing that a wish names and that is not in the book, or is not as it must be.
#[must_use]
pub fn misfit(book: &Book, wish: &Wish) -> Option<Misfit> {
    let (_, stream) = wish.stream();
    references(wish)
        .into_iter()
        .find_map(|(field, named)| fault(book, stream, &named).map(|what| Misfit { field, what }))
}

/// Why what is named will not do, said after the field.
fn fault(book: &Book, stream: Uuid, named: &Named) -> Option<String> {
    match named {
        Named::Party(party) => unknown(book, *party),
        Named::HeirOn(party, on) => {
            unknown(book, *party).or_else(|| county_authority(book, *party)).or_else(|| ended_before(book, *party, *on))
        }
        Named::CountyAuthority(party) => no_county_authority(book, *party),
        Named::CountyAuthorityOn(party, on) => {
            no_county_authority(book, *party).or_else(|| ended_before(book, *party, *on))
        }
        Named::NumberFrom(number, from) => number_of_another(book, PartyId(stream), number, *from),
        Named::Procurement(procurement) => {
            let opened = book.procurements.get(procurement).and_then(|known| known.opened.as_ref());
            opened.is_none().then(|| format!("names the procurement {procurement}, which is not known; open it first"))
        }
        Named::SharingKey(key, procurement) => {
            let proposed = book.keys.get(key).and_then(|known| known.proposed.as_ref());
            (proposed.map(|proposed| proposed.procurement) != Some(*procurement)).then(|| {
                format!(
                    "names the sharing key {key}, which is not known in the procurement {procurement}; propose it first"
                )
            })
        }
        Named::Cost(cost, procurement) => {
            let recorded = book.costs.get(cost).and_then(|known| known.recorded.as_ref());
            (recorded.map(|recorded| recorded.procurement) != Some(*procurement)).then(|| {
                format!("names the cost {cost}, which is not known in the procurement {procurement}; record it first")
            })
        }
        Named::Licence(licence, procurement) => {
            let recorded = book.licences.get(licence).and_then(|known| known.recorded.as_ref());
            (recorded.map(|recorded| recorded.procurement) != Some(*procurement)).then(|| {
                format!(
                    "names the licence {licence}, which is not known in the procurement {procurement}; record it first"
                )
            })
        }
        Named::Measure { sharing_key, measure, applies_from, population_date } => (!somebody_has(
            book,
            *sharing_key,
            measure,
            *applies_from,
            *population_date,
        ))
        .then(|| {
            format!(
                "shares by \"{measure}\", of which nobody that takes part has a figure of {population_date} or before; \
                     import the figures first, or share by something else"
            )
        }),
        Named::SignedAlone(of) => signed_besides(book, AgreementId(stream), *of),
        Named::Itself(id) => (*id != stream)
            .then(|| format!("is {id}, which is not the id that the command is addressed to; give the same twice")),
    }
}

fn unknown(book: &Book, party: PartyId) -> Option<String> {
    let said = || format!("names the party {party}, which is not known; register it first");
    kind_of(book, party).is_none().then(said)
}

fn no_county_authority(book: &Book, party: PartyId) -> Option<String> {
    (kind_of(book, party) != Some(PartyKind::CountyAuthority)).then(|| {
        let called = book.called(party);
        format!("names the party {called}, which is no known county authority; register it as one first")
    })
}

fn county_authority(book: &Book, party: PartyId) -> Option<String> {
    (kind_of(book, party) == Some(PartyKind::CountyAuthority)).then(|| {
        let called = book.called(party);
        format!(
            "names {called}, which is a county authority, and no municipality becomes part of one; name another party"
        )
    })
}

/// Another agreement of the same party in the same procurement that binds it and of which no end is known.
fn signed_besides(book: &Book, agreement: AgreementId, of: Option<(ProcurementId, PartyId)>) -> Option<String> {
    let drafted = || book.agreements.get(&agreement)?.drafted.as_ref();
    let (procurement, party) = of.or_else(|| drafted().map(|drafted| (drafted.procurement, drafted.party)))?;
    let others = book.agreements_of(procurement, party).into_iter().filter(|(other, _)| *other != agreement);
    let mut signed =
        others.filter(|(_, other)| other.last_day.is_none()).filter_map(|(_, other)| other.signed.as_ref());
    let on = signed.next()?.on;
    Some(format!(
        "{} has an agreement in this procurement, signed on {on}, of which no end is known; amend that one, or give notice \
         of it first",
        book.called(party)
    ))
}

fn ended_before(book: &Book, party: PartyId, on: NaiveDate) -> Option<String> {
    let ended_on = book.parties.get(&party)?.ending.as_ref()?.on();
    (ended_on <= on).then(|| {
        format!("names {}, which no longer exists from {ended_on}; name what came after it", book.called(party))
    })
}

/// Another party that has the number on a day on which this one would have it.
fn number_of_another(book: &Book, party: PartyId, number: &str, from: NaiveDate) -> Option<String> {
    let until = book.parties.get(&party).map_or(NaiveDate::MAX, |known| known.number_is_until(from));
    let mut others = book.parties.iter().filter(|(other, _)| **other != party);
    others.find_map(|(other, known)| {
        let had = known.numbers.iter().filter(|(_, had)| *had == number).map(|(first, _)| *first);
        let first = had.filter(|first| *first < until && from < known.number_is_until(*first)).min()?;
        let called = book.called(*other);
        Some(format!(
            "{number} is the number of {called} from {first}; correct the number, or record first what became of {called}"
        ))
    })
}

/// The same wish with what it needs to know of other streams looked up.
#[must_use]
pub fn looked_up(book: &Book, wish: Wish) -> Wish {
    if let Wish::Signup(
        id,
        SignupCommand::SignUp { signup, procurement, party, library, kind, commitment, wished_go_live, on, .. },
    ) = wish
    {
        let party_kind = kind_of(book, party).unwrap_or_default();
        let signed_up = SignupCommand::SignUp {
            signup,
            procurement,
            party,
            library,
            kind,
            party_kind,
            commitment,
            wished_go_live,
            on,
        };
        return Wish::Signup(id, signed_up);
    }
    if let Wish::SharingKey(key, KeyCommand::OpenHearing { proposal, answer_by, on, .. }) = wish {
        let letters = proposals::hearing_letters(book, key, proposal, on, &ids::derived);
        return Wish::SharingKey(key, KeyCommand::OpenHearing { proposal, answer_by, on, letters });
    }
    if let Wish::Procurement(procurement, ProcurementCommand::Nudge { parties, note, on, .. }) = wish {
        let letters = board::nudge_letters(book, procurement, &parties, on, &ids::derived);
        return Wish::Procurement(procurement, ProcurementCommand::Nudge { parties, note, on, letters });
    }
    wish
}

fn kind_of(book: &Book, party: PartyId) -> Option<PartyKind> {
    book.parties.get(&party)?.registered.as_ref().map(|registered| registered.kind)
}

/// Whether somebody that takes part has a figure to share by; also where nobody takes part yet, so that nobody can tell.
fn somebody_has(
    book: &Book,
    sharing_key: SharingKeyId,
    measure: &str,
    applies_from: NaiveDate,
    population_date: NaiveDate,
) -> bool {
    let proposed = book.keys.get(&sharing_key).and_then(|known| known.proposed.as_ref());
    proposed.is_none_or(|proposed| {
        let participants = book.apportioner(proposed.procurement).participants;
        let year = Period::year(applies_from.year());
        let members = participants.during(year, population_date, &BTreeSet::from([measure]));
        members.is_empty() || members.iter().any(|member| member.figures.contains_key(measure))
    })
}

type References = Vec<(&'static str, Named)>;

fn references(wish: &Wish) -> References {
    match wish {
        Wish::Party(_, command) => of_party(command),
        Wish::Procurement(procurement, command) => of_procurement(*procurement, command),
        Wish::Agreement(_, command) => of_agreement(command),
        Wish::Signup(_, command) => match command {
            SignupCommand::SignUp { signup, procurement, party, .. } => vec![
                ("signup", Named::Itself(signup.0)),
                ("procurement", Named::Procurement(*procurement)),
                ("party", Named::Party(*party)),
            ],
            SignupCommand::ExerciseOption { .. }
            | SignupCommand::ChooseSharedBase { .. }
            | SignupCommand::ChooseSharedCatalogue { .. }
            | SignupCommand::WishGoLive { .. }
            | SignupCommand::GoLive { .. }
            | SignupCommand::CorrectGoLive { .. }
            | SignupCommand::Withdraw { .. }
            | SignupCommand::SetReadinessDue { .. }
            | SignupCommand::TickReadiness { .. }
            | SignupCommand::ReopenReadiness { .. } => vec![],
        },
        Wish::Legacy(_, command) => match command {
            LegacyCommand::Record { legacy, procurement, party, .. } => vec![
                ("legacy", Named::Itself(legacy.0)),
                ("procurement", Named::Procurement(*procurement)),
                ("party", Named::Party(*party)),
            ],
            LegacyCommand::StateYearlyCost { .. }
            | LegacyCommand::GiveNotice { .. }
            | LegacyCommand::WithdrawNotice { .. }
            | LegacyCommand::Extend { .. }
            | LegacyCommand::CorrectEnd { .. } => vec![],
        },
        Wish::Cost(_, command) => match command {
            CostCommand::Record { cost, procurement, distribution, .. } => vec![
                ("cost", Named::Itself(cost.0)),
                ("procurement", Named::Procurement(*procurement)),
                of_distribution(distribution, *procurement),
            ],
            CostCommand::Assess { .. }
            | CostCommand::Grant { .. }
            | CostCommand::WithdrawGrant { .. }
            | CostCommand::RecordSupplierInvoice { .. }
            | CostCommand::Move { .. }
            | CostCommand::Cancel { .. } => vec![],
        },
        Wish::Licence(_, command) => match command {
            LicenceCommand::Record { licence, procurement, distribution, .. } => vec![
                ("licence", Named::Itself(licence.0)),
                ("procurement", Named::Procurement(*procurement)),
                of_distribution(distribution, *procurement),
            ],
            LicenceCommand::Price { .. }
            | LicenceCommand::StateActual { .. }
            | LicenceCommand::Index { .. }
            | LicenceCommand::RecordSupplierInvoice { .. }
            | LicenceCommand::Reschedule { .. } => vec![],
        },
        Wish::SharingKey(key, command) => of_key(*key, command),
        Wish::InvoiceRun(_, command) => match command {
            InvoiceRunCommand::Plan { run, plan, .. } => vec![
                ("run", Named::Itself(run.0)),
                ("procurement", Named::Procurement(plan.procurement)),
                ("issuer", Named::Party(plan.issuer.party)),
            ],
            InvoiceRunCommand::RecordObjection { party, .. } => vec![("party", Named::Party(*party))],
            InvoiceRunCommand::Prebill(_)
            | InvoiceRunCommand::AnswerObjection { .. }
            | InvoiceRunCommand::Approve { .. }
            | InvoiceRunCommand::Discard { .. }
            | InvoiceRunCommand::BeginNumbering { .. }
            | InvoiceRunCommand::Complete { .. } => vec![],
        },
        Wish::Series(_, command) => match command {
            SeriesCommand::Open(opened) => vec![("issuer", Named::Party(opened.issuer))],
            SeriesCommand::Issue { .. } | SeriesCommand::Credit { .. } => vec![],
        },
        Wish::Access(_, command) => match command {
            AccessCommand::Request(Requested { role, .. })
            | AccessCommand::Grant { granted: Granted { role, .. }, .. } => of_role(*role),
            AccessCommand::Invite(_)
            | AccessCommand::RenewInvitation { .. }
            | AccessCommand::Revoke(_)
            | AccessCommand::Close(_) => vec![],
        },
        Wish::Delivery(..) | Wish::Payments(..) | Wish::Work(..) => vec![],
    }
}

fn of_key(key: SharingKeyId, command: &KeyCommand) -> References {
    match command {
        KeyCommand::Adopt { definition, applies_from, population_date, .. } => {
            let measure = |measure: &str| Named::Measure {
                sharing_key: key,
                measure: measure.to_owned(),
                applies_from: *applies_from,
                population_date: *population_date,
            };
            definition.measures().into_iter().map(|counted| ("definition", measure(counted))).collect()
        }
        KeyCommand::Propose { sharing_key, procurement, .. } => {
            vec![("sharing_key", Named::Itself(sharing_key.0)), ("procurement", Named::Procurement(*procurement))]
        }
        KeyCommand::SaveProposal { members, .. } => {
            members.iter().map(|member| ("members", Named::Party(member.party))).collect()
        }
        KeyCommand::AnswerHearing { party, .. } => vec![("party", Named::Party(*party))],
        KeyCommand::OpenHearing { .. } => vec![],
    }
}

fn of_party(command: &PartyCommand) -> References {
    match command {
        PartyCommand::Register { party, .. } => vec![("party", Named::Itself(party.0))],
        PartyCommand::Merge { into, on, .. } => vec![("into", Named::HeirOn(*into, *on))],
        PartyCommand::Split { shares, on, .. } => {
            shares.iter().map(|share| ("shares", Named::HeirOn(share.party, *on))).collect()
        }
        PartyCommand::Succeed { successors, on, .. } => {
            successors.iter().map(|successor| ("successors", Named::CountyAuthorityOn(*successor, *on))).collect()
        }
        PartyCommand::Number { number, from } | PartyCommand::CorrectNumber { number, from } => {
            vec![("number", Named::NumberFrom(number.clone(), *from))]
        }
        PartyCommand::Name { .. }
        | PartyCommand::Measure { .. }
        | PartyCommand::ChooseWrittenForm { .. }
        | PartyCommand::SetSamiLanguageArea { .. }
        | PartyCommand::SetVatCompensation { .. }
        | PartyCommand::NameContact { .. }
        | PartyCommand::SetBuyerReference { .. }
        | PartyCommand::StateRegisterEntry { .. }
        | PartyCommand::SetInvoiceReferences { .. } => vec![],
    }
}

fn of_procurement(procurement: ProcurementId, command: &ProcurementCommand) -> References {
    match command {
        ProcurementCommand::Open { procurement, county, .. } => {
            vec![("procurement", Named::Itself(procurement.0)), ("county", Named::CountyAuthority(*county))]
        }
        ProcurementCommand::Pass { counties, .. } => {
            counties.iter().map(|county| ("counties", Named::CountyAuthority(*county))).collect()
        }
        ProcurementCommand::DecideVatTreatment { applies_to, .. } => match *applies_to {
            AppliesTo::Procurement => vec![],
            AppliesTo::Cost { cost } => vec![("applies_to", Named::Cost(cost, procurement))],
            AppliesTo::Licence { licence } => vec![("applies_to", Named::Licence(licence, procurement))],
        },
        ProcurementCommand::Nudge { parties, .. } => {
            parties.iter().map(|party| ("parties", Named::Party(*party))).collect()
        }
        ProcurementCommand::SetMilestone { .. } | ProcurementCommand::ChooseAgreementLabel { .. } => vec![],
    }
}

fn of_agreement(command: &AgreementCommand) -> References {
    match command {
        AgreementCommand::Draft { agreement, procurement, party, county, .. } => vec![
            ("agreement", Named::Itself(agreement.0)),
            ("procurement", Named::Procurement(*procurement)),
            ("party", Named::Party(*party)),
            ("county", Named::CountyAuthority(*county)),
            ("party", Named::SignedAlone(Some((*procurement, *party)))),
        ],
        AgreementCommand::Sign { .. } => vec![("agreement", Named::SignedAlone(None))],
        AgreementCommand::Pass { county, .. } => vec![("county", Named::CountyAuthority(*county))],
        AgreementCommand::Send { .. }
        | AgreementCommand::Activate { .. }
        | AgreementCommand::ExerciseOption { .. }
        | AgreementCommand::GiveNotice { .. }
        | AgreementCommand::WithdrawNotice { .. }
        | AgreementCommand::End { .. }
        | AgreementCommand::Amend { .. }
        | AgreementCommand::KeepCopy { .. } => vec![],
    }
}

/// A county library may be given access to a procurement before it opens it.
fn of_role(role: Role) -> References {
    match role {
        Role::MunicipalLeader { party } | Role::LibraryLeader { party } | Role::Finance { party } => {
            vec![("party", Named::Party(party))]
        }
        Role::CountyFinance { county } => vec![("county", Named::CountyAuthority(county))],
        Role::CountyLibrary { .. } | Role::Auditor | Role::Administrator => vec![],
    }
}

fn of_distribution(distribution: &Distribution, procurement: ProcurementId) -> (&'static str, Named) {
    let named = match distribution {
        Distribution::Key { sharing_key } => Named::SharingKey(*sharing_key, procurement),
        Distribution::Party { party } => Named::Party(*party),
    };
    ("distribution", named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::CostKind;
    use crate::domain::identity::CostId;
    use crate::domain::testing::facts::{
        HALVES, KEY, committed, counted, definition, merged, municipality, numbered, opened, organisation_number,
        party, proposed, registered,
    };
    use crate::domain::testing::{day, nth};

    fn cost(addressed: u128, named: u128) -> Wish {
        Wish::Cost(
            CostId(nth(addressed)),
            CostCommand::Record {
                cost: CostId(nth(named)),
                procurement: ProcurementId(nth(2)),
                name: "Konvertering".to_owned(),
                kind: CostKind::Conversion,
                year: 2023,
                distribution: Distribution::Party { party: PartyId(nth(3)) },
                vat_percent: 25.into(),
                on: "2022-11-01".parse().unwrap(),
            },
        )
    }

    #[test]
    fn the_field_that_names_what_is_not_there_is_named() {
        let missing = misfit(&Book::default(), &cost(1, 1)).unwrap();
        assert_eq!(
            missing.to_string(),
            "procurement names the procurement 00000000-0000-0000-0000-000000000002, which is not known; open it first"
        );
    }

    #[test]
    fn an_id_in_a_command_is_the_id_it_is_addressed_to() {
        let missing = misfit(&Book::default(), &cost(1, 9)).unwrap();
        assert_eq!(missing.field, "cost");
        assert!(missing.to_string().contains("is not the id that the command is addressed to"), "{missing}");
    }

    fn parties() -> Book {
        let county = registered(54, PartyKind::CountyAuthority, Some(organisation_number(54)));
        let facts = [municipality(1, 1_000), municipality(2, 2_000), municipality(3, 3_000)].concat();
        Book::of(facts.into_iter().chain([
            county,
            numbered(1, "5401", "2020-01-01"),
            numbered(1, "5501", "2024-01-01"),
            merged(3, 2, "2022-01-01"),
        ]))
    }

    fn merge(of: u128, into: u128, on: &str) -> Option<String> {
        let command = PartyCommand::Merge { into: party(into), on: day(on), reference: "Vedtak".to_owned() };
        misfit(&parties(), &Wish::Party(party(of), command)).map(|misfit| misfit.to_string())
    }

    #[test]
    fn a_municipality_becomes_part_of_one_that_exists_and_of_no_county_authority() {
        assert_eq!(merge(1, 2, "2026-01-01"), None);
        assert!(merge(1, 54, "2026-01-01").is_some_and(|said| said.contains("which is a county authority")));
        assert!(merge(1, 3, "2026-01-01").is_some_and(|said| said.contains("no longer exists from 2022-01-01")));
        assert_eq!(merge(1, 3, "2021-01-01"), None);
        assert!(merge(1, 99, "2026-01-01").is_some_and(|said| said.contains("which is not known")));
    }

    #[test]
    fn a_number_is_that_of_one_party_on_each_day() {
        let number = |of: u128, number: &str, from: &str| {
            let command = PartyCommand::Number { number: number.to_owned(), from: day(from) };
            misfit(&parties(), &Wish::Party(party(of), command)).map(|misfit| misfit.to_string())
        };
        assert!(number(2, "5501", "2024-01-01").is_some_and(|said| said.contains("is the number of")));
        assert!(number(2, "5501", "2020-01-01").is_some(), "it would have it when the other one gets it");
        assert!(number(2, "5401", "2023-12-31").is_some());
        assert_eq!(number(2, "5401", "2024-01-01"), None, "nobody has it any more");
        assert_eq!(number(1, "5501", "2024-01-01"), None, "it is its own");
        assert_eq!(number(2, "5502", "2024-01-01"), None);
    }

    #[test]
    fn a_key_is_adopted_where_somebody_has_what_it_shares_by() {
        let facts = [
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![opened(false), committed(1), committed(2), proposed(HALVES)],
        ]
        .concat();
        let adopt = |measure: &str| {
            let adopted = KeyCommand::Adopt {
                definition: definition(&HALVES.replace("inhabitants", measure)),
                applies_from: day("2024-01-01"),
                population_date: day("2023-01-01"),
                reference: "Vedtak".to_owned(),
                on: day("2023-06-01"),
            };
            Wish::SharingKey(KEY, adopted)
        };
        let book = Book::of(facts.clone());
        assert_eq!(misfit(&book, &adopt("inhabitants")), None);
        assert_eq!(
            misfit(&book, &adopt("pupils")).unwrap().to_string(),
            "definition shares by \"pupils\", of which nobody that takes part has a figure of 2023-01-01 or before; import \
             the figures first, or share by something else"
        );
        let one_has = Book::of([facts, vec![counted(2, "pupils", "2023-01-01", 9)]].concat());
        assert_eq!(misfit(&one_has, &adopt("pupils")), None);
        let nobody_takes_part = Book::of([opened(false), proposed(HALVES)]);
        assert_eq!(misfit(&nobody_takes_part, &adopt("pupils")), None);
    }
}
