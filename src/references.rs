//! What a wish names of other streams. A stream's own rules cannot see them, so they are looked up before, at the edge.

use std::fmt;

use uuid::Uuid;

use crate::domain::access::{AccessCommand, Granted, Requested, Role};
use crate::domain::agreement::AgreementCommand;
use crate::domain::cost::{CostCommand, Distribution};
use crate::domain::identity::{CostId, LicenceId, PartyId, ProcurementId, SharingKeyId};
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

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A party.
    Party(PartyId),
    /// A party that must be a county authority.
    CountyAuthority(PartyId),
    /// A procurement.
    Procurement(ProcurementId),
    /// A sharing key of a procurement.
    SharingKey(SharingKeyId, ProcurementId),
    /// A one-time cost of a procurement.
    Cost(CostId, ProcurementId),
    /// A licence of a procurement.
    Licence(LicenceId, ProcurementId),
    /// The very stream that the wish is for.
    Itself(Uuid),
}

/// A field of a wish that names something which is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingReference {
    /// The field, as it is written in a command.
    pub field: &'static str,
    /// What it names.
    pub named: Named,
}

impl fmt::Display for MissingReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field;
        match self.named {
            Named::Party(party) => {
                write!(formatter, "{field} names the party {party}, which is not known; register it first")
            }
            Named::CountyAuthority(party) => {
                write!(
                    formatter,
                    "{field} names the party {party}, which is no known county authority; register it as one first"
                )
            }
            Named::Procurement(procurement) => {
                write!(formatter, "{field} names the procurement {procurement}, which is not known; open it first")
            }
            Named::SharingKey(key, procurement) => write!(
                formatter,
                "{field} names the sharing key {key}, which is not known in the procurement {procurement}; propose it first"
            ),
            Named::Cost(cost, procurement) => write!(
                formatter,
                "{field} names the cost {cost}, which is not known in the procurement {procurement}; record it first"
            ),
            Named::Licence(licence, procurement) => write!(
                formatter,
                "{field} names the licence {licence}, which is not known in the procurement {procurement}; record it first"
            ),
            Named::Itself(id) => {
                write!(
                    formatter,
                    "{field} is {id}, which is not the id that the command is addressed to; give the same twice"
                )
            }
        }
    }
}

impl std::error::Error for MissingReference {}

/// The first thing that a wish names and that is not in the book.
#[must_use]
pub fn missing_reference(book: &Book, wish: &Wish) -> Option<MissingReference> {
    let (_, stream) = wish.stream();
    references(wish)
        .into_iter()
        .find(|(_, named)| !is_known(book, stream, *named))
        .map(|(field, named)| MissingReference { field, named })
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

fn is_known(book: &Book, stream: Uuid, named: Named) -> bool {
    match named {
        Named::Party(party) => kind_of(book, party).is_some(),
        Named::CountyAuthority(party) => kind_of(book, party) == Some(PartyKind::CountyAuthority),
        Named::Procurement(procurement) => {
            book.procurements.get(&procurement).is_some_and(|known| known.opened.is_some())
        }
        Named::SharingKey(key, procurement) => book
            .keys
            .get(&key)
            .and_then(|known| known.proposed.as_ref())
            .is_some_and(|proposed| proposed.procurement == procurement),
        Named::Cost(cost, procurement) => {
            let recorded = book.costs.get(&cost).and_then(|known| known.recorded.as_ref());
            recorded.is_some_and(|recorded| recorded.procurement == procurement)
        }
        Named::Licence(licence, procurement) => {
            let recorded = book.licences.get(&licence).and_then(|known| known.recorded.as_ref());
            recorded.is_some_and(|recorded| recorded.procurement == procurement)
        }
        Named::Itself(id) => id == stream,
    }
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
            | LegacyCommand::Extend { .. } => vec![],
        },
        Wish::Cost(_, command) => match command {
            CostCommand::Record { cost, procurement, distribution, .. } => vec![
                ("cost", Named::Itself(cost.0)),
                ("procurement", Named::Procurement(*procurement)),
                of_distribution(distribution, *procurement),
            ],
            CostCommand::Assess { .. }
            | CostCommand::Grant { .. }
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
        Wish::SharingKey(_, command) => match command {
            KeyCommand::Propose { sharing_key, procurement, .. } => {
                vec![("sharing_key", Named::Itself(sharing_key.0)), ("procurement", Named::Procurement(*procurement))]
            }
            KeyCommand::SaveProposal { members, .. } => {
                members.iter().map(|member| ("members", Named::Party(member.party))).collect()
            }
            KeyCommand::AnswerHearing { party, .. } => vec![("party", Named::Party(*party))],
            KeyCommand::Adopt { .. } | KeyCommand::OpenHearing { .. } => vec![],
        },
        Wish::InvoiceRun(_, command) => match command {
            InvoiceRunCommand::Plan { run, plan, .. } => vec![
                ("run", Named::Itself(run.0)),
                ("procurement", Named::Procurement(plan.procurement)),
                ("issuer", Named::Party(plan.issuer.party)),
            ],
            InvoiceRunCommand::RecordObjection { party, .. } => vec![("party", Named::Party(*party))],
            InvoiceRunCommand::Prebill(_)
            | InvoiceRunCommand::AnswerObjection(_)
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

fn of_party(command: &PartyCommand) -> References {
    match command {
        PartyCommand::Register { party, .. } => vec![("party", Named::Itself(party.0))],
        PartyCommand::Merge { into, .. } => vec![("into", Named::Party(*into))],
        PartyCommand::Split { shares, .. } => {
            shares.iter().map(|share| ("shares", Named::Party(share.party))).collect()
        }
        PartyCommand::Succeed { successors, .. } => {
            successors.iter().map(|successor| ("successors", Named::CountyAuthority(*successor))).collect()
        }
        PartyCommand::Number { .. }
        | PartyCommand::CorrectNumber { .. }
        | PartyCommand::Name { .. }
        | PartyCommand::Measure { .. }
        | PartyCommand::ChooseWrittenForm { .. }
        | PartyCommand::SetSamiLanguageArea { .. }
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
        ],
        AgreementCommand::Pass { county, .. } => vec![("county", Named::CountyAuthority(*county))],
        AgreementCommand::Send { .. }
        | AgreementCommand::Sign { .. }
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

    fn nth(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

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
        let missing = missing_reference(&Book::default(), &cost(1, 1)).unwrap();
        assert_eq!(
            missing.to_string(),
            "procurement names the procurement 00000000-0000-0000-0000-000000000002, which is not known; open it first"
        );
    }

    #[test]
    fn an_id_in_a_command_is_the_id_it_is_addressed_to() {
        let missing = missing_reference(&Book::default(), &cost(1, 9)).unwrap();
        assert_eq!((missing.field, missing.named), ("cost", Named::Itself(nth(9))));
    }
}
