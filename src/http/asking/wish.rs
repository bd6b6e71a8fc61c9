//! What a wish does and whose it is, for the policy.

use std::collections::BTreeMap;

use super::actor_of;
use crate::app::App;
use crate::domain::access::AccessCommand;
use crate::domain::access::policy::{About, Operation};
use crate::domain::agreement::AgreementCommand;
use crate::domain::cost::CostCommand;
use crate::domain::event::StreamKind;
use crate::domain::identity::{InvoiceId, PersonId, ProposalId};
use crate::domain::invoice_run::InvoiceRunCommand;
use crate::domain::key_adoption::{KeyCommand, ProposalSaved};
use crate::domain::legacy::LegacyCommand;
use crate::domain::licence::LicenceCommand;
use crate::domain::party::PartyCommand;
use crate::domain::payment::PaymentsCommand;
use crate::domain::procurement::ProcurementCommand;
use crate::domain::series::SeriesCommand;
use crate::domain::signup::SignupCommand;
use crate::handle::{Metadata, Wish};
use crate::http::problem::Problem;
use crate::store::Recorded;
use crate::view::book::Book;
use crate::view::whose;

/// What it does.
pub fn operation(wish: &Wish) -> Operation {
    match wish {
        Wish::Party(_, command) => of_party(command),
        Wish::Procurement(_, command) => match command {
            ProcurementCommand::DecideVatTreatment { .. } => Operation::DecideVat,
            ProcurementCommand::Nudge { .. } => Operation::Nudge,
            ProcurementCommand::Open { .. }
            | ProcurementCommand::SetMilestone { .. }
            | ProcurementCommand::ChooseAgreementLabel { .. }
            | ProcurementCommand::Pass { .. } => Operation::LeadProcurement,
        },
        Wish::Agreement(_, command) => match command {
            AgreementCommand::Sign { .. }
            | AgreementCommand::ExerciseOption { .. }
            | AgreementCommand::GiveNotice { .. }
            | AgreementCommand::WithdrawNotice { .. } => Operation::BindParty,
            AgreementCommand::Draft { .. }
            | AgreementCommand::Send { .. }
            | AgreementCommand::Activate { .. }
            | AgreementCommand::End { .. }
            | AgreementCommand::Amend { .. }
            | AgreementCommand::Pass { .. }
            | AgreementCommand::KeepCopy { .. } => Operation::KeepAgreement,
        },
        Wish::Signup(_, command) => match command {
            SignupCommand::TickReadiness { .. } | SignupCommand::ReopenReadiness { .. } => Operation::TickReadiness,
            SignupCommand::GoLive { .. }
            | SignupCommand::CorrectGoLive { .. }
            | SignupCommand::SetReadinessDue { .. } => Operation::LeadSignup,
            SignupCommand::SignUp { .. }
            | SignupCommand::ExerciseOption { .. }
            | SignupCommand::ChooseSharedBase { .. }
            | SignupCommand::ChooseSharedCatalogue { .. }
            | SignupCommand::WishGoLive { .. }
            | SignupCommand::Withdraw { .. } => Operation::KeepSignup,
        },
        Wish::Legacy(..) => Operation::KeepLegacy,
        Wish::Cost(..) | Wish::Licence(..) => Operation::KeepAmounts,
        Wish::SharingKey(_, command) => match command {
            KeyCommand::Propose { .. } | KeyCommand::SaveProposal { .. } => Operation::ProposeKey,
            KeyCommand::OpenHearing { .. } => Operation::SendHearing,
            KeyCommand::AnswerHearing { .. } => Operation::AnswerHearing,
            KeyCommand::Adopt { .. } => Operation::AdoptKey,
        },
        Wish::InvoiceRun(_, command) => match command {
            InvoiceRunCommand::Approve { .. } => Operation::ApproveRun,
            InvoiceRunCommand::RecordObjection { .. } => Operation::Object,
            InvoiceRunCommand::Plan { .. }
            | InvoiceRunCommand::Prebill(_)
            | InvoiceRunCommand::AnswerObjection { .. }
            | InvoiceRunCommand::Discard { .. } => Operation::PlanRun,
            InvoiceRunCommand::BeginNumbering { .. } | InvoiceRunCommand::Complete { .. } => Operation::IssueInvoices,
        },
        Wish::Series(_, command) => match command {
            SeriesCommand::Credit { .. } => Operation::CreditInvoice,
            SeriesCommand::Open(_) | SeriesCommand::Issue { .. } => Operation::IssueInvoices,
        },
        Wish::Delivery(..) => Operation::MendLetter,
        Wish::Work(..) => Operation::IssueInvoices,
        Wish::Payments(_, command) => match command {
            PaymentsCommand::Remind { .. } | PaymentsCommand::WaiveCharges { .. } => Operation::Remind,
            PaymentsCommand::TakeFile { .. }
            | PaymentsCommand::RecordByHand { .. }
            | PaymentsCommand::Match { .. }
            | PaymentsCommand::Unmatch { .. }
            | PaymentsCommand::Return { .. }
            | PaymentsCommand::Reverse { .. } => Operation::KeepPayments,
        },
        Wish::Access(_, command) => match command {
            // Whoever gets the invitation has what the person has.
            AccessCommand::Grant { .. } | AccessCommand::RenewInvitation { .. } => Operation::GrantAccess,
            AccessCommand::Invite(_)
            | AccessCommand::Request(_)
            | AccessCommand::Revoke(_)
            | AccessCommand::Close(_) => Operation::KeepAccounts,
        },
    }
}

fn of_party(command: &PartyCommand) -> Operation {
    match command {
        PartyCommand::NameContact { .. }
        | PartyCommand::SetBuyerReference { .. }
        | PartyCommand::SetInvoiceReferences { .. } => Operation::KeepInvoiceAddress,
        PartyCommand::Register { .. }
        | PartyCommand::Number { .. }
        | PartyCommand::CorrectNumber { .. }
        | PartyCommand::Name { .. }
        | PartyCommand::Measure { .. }
        | PartyCommand::Merge { .. }
        | PartyCommand::Split { .. }
        | PartyCommand::Succeed { .. }
        | PartyCommand::ChooseWrittenForm { .. }
        | PartyCommand::SetSamiLanguageArea { .. }
        | PartyCommand::SetVatCompensation { .. }
        | PartyCommand::StateRegisterEntry { .. } => Operation::KeepParty,
    }
}

/// Whose it is: of the stream as it stands; where nothing has happened in it yet, by what the wish says.
pub fn about(book: &Book, wish: &Wish) -> About {
    let (kind, id) = wish.stream();
    if let Wish::InvoiceRun(run, InvoiceRunCommand::RecordObjection { party, .. }) = wish {
        return whose::part_of_run(book, *run, *party);
    }
    if let Wish::SharingKey(key, KeyCommand::AnswerHearing { party, .. }) = wish {
        return whose::part_of_hearing(book, *key, *party);
    }
    if let Wish::Series(_, SeriesCommand::Credit { wish: credited, .. }) = wish {
        return whose::document(book, credited.invoice.invoice.invoice);
    }
    if book.knows(kind, id) {
        return whose::stream(book, kind, id);
    }
    match wish {
        Wish::Party(party, _) => whose::party(book, *party),
        Wish::Agreement(_, AgreementCommand::Draft { procurement, party, .. })
        | Wish::Signup(_, SignupCommand::SignUp { procurement, party, .. })
        | Wish::Legacy(_, LegacyCommand::Record { procurement, party, .. }) => whose::part(book, *procurement, *party),
        Wish::Procurement(procurement, _)
        | Wish::Cost(_, CostCommand::Record { procurement, .. })
        | Wish::Licence(_, LicenceCommand::Record { procurement, .. })
        | Wish::SharingKey(_, KeyCommand::Propose { procurement, .. }) => whose::procurement(book, *procurement),
        Wish::InvoiceRun(_, InvoiceRunCommand::Plan { plan, .. }) => {
            About { counties: vec![plan.issuer.party], ..whose::procurement(book, plan.procurement) }
        }
        Wish::Payments(
            _,
            PaymentsCommand::TakeFile { account_number, .. } | PaymentsCommand::RecordByHand { account_number, .. },
        ) => whose::account_number(book, account_number),
        Wish::Payments(_, PaymentsCommand::Remind { claim, .. } | PaymentsCommand::WaiveCharges { claim, .. }) => {
            whose::document(book, claim.invoice)
        }
        Wish::Delivery(letter, _) => whose::document(book, *letter),
        Wish::Agreement(..)
        | Wish::Signup(..)
        | Wish::Legacy(..)
        | Wish::Cost(..)
        | Wish::Licence(..)
        | Wish::SharingKey(..)
        | Wish::InvoiceRun(..)
        | Wish::Series(..)
        | Wish::Payments(..)
        | Wish::Access(..)
        | Wish::Work(..) => About::default(),
    }
}

/// Who made what a wish rests on, where two people are required: who proposed a key or saved the proposal of it, who approved
/// the run that an invoice came from. Who adopts another key than was proposed makes it themselves.
pub fn made_by(app: &App, book: &Book, wish: &Wish, asks: Option<PersonId>) -> Result<Option<PersonId>, Problem> {
    if let Wish::Series(_, SeriesCommand::Credit { wish: credited, .. }) = wish {
        return Ok(approver(book, credited.invoice.invoice.invoice));
    }
    let Wish::SharingKey(key, KeyCommand::Adopt { definition, .. }) = wish else { return Ok(None) };
    let Some(known) = book.keys.get(key) else { return Ok(None) };
    let is_proposed = known.proposed.as_ref().is_none_or(|proposed| proposed.definition == *definition);
    let mut is_saved = known.proposals.iter().filter(|proposal| proposal.saved.definition == *definition).peekable();
    if !is_proposed && is_saved.peek().is_none() {
        return Ok(asks);
    }
    let history = app.ledger.history(StreamKind::SharingKey, key.0)?;
    let proposed = history.iter().rev().find(|event| is_proposed && &*event.event_type == "sharing-key.proposed");
    let metadata: Option<Metadata> = proposed.and_then(|event| serde_json::from_slice(&event.metadata).ok());
    let savers = savers(&history);
    let makers: Vec<String> = metadata
        .map(|metadata| metadata.actor)
        .into_iter()
        .chain(is_saved.filter_map(|proposal| savers.get(&proposal.saved.proposal).cloned()))
        .collect();
    Ok(asks.filter(|asks| makers.contains(&actor_of(*asks))))
}

/// Who saved each proposal of a key, by its history.
pub fn savers(history: &[Recorded]) -> BTreeMap<ProposalId, String> {
    let saved = history.iter().filter(|event| &*event.event_type == "sharing-key.proposal-saved");
    let by = saved.filter_map(|event| {
        let saved: ProposalSaved = serde_json::from_slice(event.data.as_deref()?).ok()?;
        let metadata: Metadata = serde_json::from_slice(&event.metadata).ok()?;
        Some((saved.proposal, metadata.actor))
    });
    by.collect()
}

fn approver(book: &Book, invoice: InvoiceId) -> Option<PersonId> {
    let issued = book.invoices.get(&invoice)?;
    Some(book.runs.get(&issued.run)?.approved()?.person)
}
