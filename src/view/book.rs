//! The book: every stream as its events have made it. All answers are read from it.
//!
//! As-of is the same fold over the events recorded until then; what-if is the same fold over the log plus hypothetical
//! events. Neither has code of its own.

mod called;
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::Arc;

use uuid::Uuid;

pub use self::called::DayNotMeant;
use crate::decider::{Streams, grow};
use crate::domain::access::Access;
use crate::domain::agreement::{Agreement, AgreementEvent};
use crate::domain::apportionment::Apportioner;
use crate::domain::cost::Cost;
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::delivery::Delivery;
use crate::domain::event::{Event, StreamKind};
use crate::domain::identity::{
    AgreementId, CostId, InvoiceId, InvoiceRunId, LegacyId, LicenceId, PartyId, PaymentId, PersonId, ProcurementId,
    ProposalId, ReceivingAccountId, SeriesId, SharingKeyId, SignupId, WorkId,
};
use crate::domain::invoice_run::{InvoiceRun, InvoiceRunEvent};
use crate::domain::key_adoption::{KeyEvent, SharingKey};
use crate::domain::legacy::{Legacy, LegacyEvent};
use crate::domain::licence::Licence;
use crate::domain::number::ungrouped;
use crate::domain::participants::Participants;
use crate::domain::party::{Party, PartyEvent};
use crate::domain::payment::{Match, Payments, PaymentsEvent};
use crate::domain::procurement::{Procurement, ProcurementEvent};
use crate::domain::series::{Issued, Series, SeriesEvent};
use crate::domain::signup::{Signup, SignupEvent};
use crate::domain::work::Work;
use crate::lookup::Lookup;
use crate::view::shares::SharesOfBook;
use crate::view::unfinished::{Moved, Unfinished};

/// What is sent beside invoices, and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A credit note.
    CreditNote {
        /// The invoice that it credits.
        of: InvoiceId,
    },
    /// A reminder.
    Reminder {
        /// The invoice that it is of.
        of: InvoiceId,
        /// The account that the invoice is paid to.
        account: ReceivingAccountId,
    },
    /// A letter that asks what a party thinks of a proposal.
    Hearing {
        /// The key that it is about.
        key: SharingKeyId,
        /// The proposal.
        proposal: ProposalId,
    },
    /// A letter with the answer to an objection.
    Answer {
        /// The run that was objected to.
        run: InvoiceRunId,
        /// The number of the objection.
        objection: u32,
    },
    /// A letter to one that was sent a prebill, whose run was given up.
    Withdrawal {
        /// The run.
        run: InvoiceRunId,
    },
    /// A letter to one that is behind.
    Nudge {
        /// The procurement that it is about.
        procurement: ProcurementId,
    },
}

impl Paper {
    /// What an event of the stream `id` sends beside invoices and prebills, by the ids of the letters.
    #[must_use]
    pub fn all_of(id: Uuid, event: &Event) -> Vec<(InvoiceId, Self)> {
        if let Event::Series(SeriesEvent::CreditNoteIssued(note)) = event {
            vec![(note.credit_note, Self::CreditNote { of: note.credited.invoice })]
        } else if let Event::Payments(PaymentsEvent::Reminded(reminded)) = event {
            vec![(reminded.letter(), Self::Reminder { of: reminded.invoice, account: ReceivingAccountId(id) })]
        } else if let Event::SharingKey(KeyEvent::HearingOpened(opened)) = event {
            let paper = Self::Hearing { key: SharingKeyId(id), proposal: opened.proposal };
            opened.letters.iter().map(|letter| (letter.letter, paper)).collect()
        } else if let Event::InvoiceRun(InvoiceRunEvent::ObjectionAnswered(answered)) = event {
            let paper = Self::Answer { run: InvoiceRunId(id), objection: answered.objection };
            answered.letter.into_iter().map(|letter| (letter, paper)).collect()
        } else if let Event::InvoiceRun(InvoiceRunEvent::Discarded(discarded)) = event {
            let paper = Self::Withdrawal { run: InvoiceRunId(id) };
            discarded.letters.iter().map(|letter| (letter.letter, paper)).collect()
        } else if let Event::Procurement(ProcurementEvent::Nudged(nudged)) = event {
            let paper = Self::Nudge { procurement: ProcurementId(id) };
            nudged.letters.iter().map(|letter| (letter.letter, paper)).collect()
        } else {
            vec![]
        }
    }
}

/// Everything that is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book {
    /// The parties.
    pub parties: Streams<PartyId, Party>,
    /// The procurements.
    pub procurements: Streams<ProcurementId, Procurement>,
    /// The affiliation agreements.
    pub agreements: Streams<AgreementId, Agreement>,
    /// The libraries' signups.
    pub signups: Streams<SignupId, Signup>,
    /// The old contracts.
    pub legacies: Streams<LegacyId, Legacy>,
    /// The one-time costs.
    pub costs: Streams<CostId, Cost>,
    /// The yearly licences.
    pub licences: Streams<LicenceId, Licence>,
    /// The sharing keys.
    pub keys: Streams<SharingKeyId, SharingKey>,
    /// The invoice runs.
    pub runs: Streams<InvoiceRunId, InvoiceRun>,
    /// The number series.
    pub series: Streams<SeriesId, Series>,
    /// The issued invoices.
    pub invoices: Streams<InvoiceId, Arc<Issued>>,
    /// The issued credit notes, by the invoice that they credit.
    pub credit_notes: Streams<InvoiceId, Vec<CreditNoteIssued>>,
    /// What became of the invoices.
    pub deliveries: Streams<InvoiceId, Delivery>,
    /// What came in, by the account it came in to.
    pub payments: Streams<ReceivingAccountId, Payments>,
    /// What people may do.
    pub access: Streams<PersonId, Access>,
    /// Whose turn it is to work.
    pub work: Streams<WorkId, Work>,
    /// What the ids of credit notes, reminders, and letters without a document stand for.
    pub papers: Streams<InvoiceId, Paper>,
    /// What everybody bears of each amount.
    pub shares: SharesOfBook,
    /// What is not finished.
    pub unfinished: Unfinished,
    by_party: ByParty,
    planned: Lookup<InvoiceRunId, usize>,
    paid_to: PaidTo,
    paid_with: Lookup<InvoiceId, Vec<(ReceivingAccountId, PaymentId)>>,
    accounts_of: Lookup<InvoiceId, Vec<ReceivingAccountId>>,
}

/// The issuers and runs of the invoices that are paid to each account, so that nobody has to look through all invoices.
type PaidTo = BTreeMap<String, BTreeSet<(PartyId, InvoiceRunId)>>;

/// The streams of each party, so that nobody has to look through everybody's.
#[derive(Debug, Clone, Default, PartialEq)]
struct ByParty {
    agreements: Lookup<PartyId, Vec<AgreementId>>,
    signups: Lookup<PartyId, Vec<SignupId>>,
    legacies: Lookup<PartyId, Vec<LegacyId>>,
    invoices: Lookup<PartyId, Vec<InvoiceId>>,
    /// Those that a party came after.
    before: Lookup<PartyId, Vec<PartyId>>,
}

impl ByParty {
    fn apply(&mut self, id: Uuid, event: &Event) {
        match event {
            Event::Party(PartyEvent::Merged(merged)) => self.came_after(PartyId(id), [merged.into]),
            Event::Party(PartyEvent::Split(split)) => {
                self.came_after(PartyId(id), split.shares.iter().map(|share| share.party));
            }
            Event::Party(PartyEvent::Succeeded(succeeded)) => {
                self.came_after(PartyId(id), succeeded.successors.iter().copied());
            }
            Event::Agreement(AgreementEvent::Drafted(drafted)) => {
                self.agreements.entry(drafted.party).or_default().push(AgreementId(id));
            }
            Event::Signup(SignupEvent::SignedUp(signed_up)) => {
                self.signups.entry(signed_up.party).or_default().push(SignupId(id));
            }
            Event::Legacy(LegacyEvent::Recorded(recorded)) => {
                self.legacies.entry(recorded.party).or_default().push(LegacyId(id));
            }
            Event::Series(SeriesEvent::Issued(issued)) => {
                let invoice = &issued.invoice;
                self.invoices.entry(invoice.recipient.party).or_default().push(invoice.invoice);
            }
            Event::Party(_)
            | Event::Procurement(_)
            | Event::Agreement(_)
            | Event::Signup(_)
            | Event::Legacy(_)
            | Event::Cost(_)
            | Event::Licence(_)
            | Event::SharingKey(_)
            | Event::InvoiceRun(_)
            | Event::Series(_)
            | Event::Delivery(_)
            | Event::Payments(_)
            | Event::Access(_)
            | Event::Work(_) => {}
        }
    }
}

impl ByParty {
    fn came_after(&mut self, before: PartyId, successors: impl IntoIterator<Item = PartyId>) {
        for successor in successors {
            self.before.entry(successor).or_default().push(before);
        }
    }
}

/// The streams of a party out of all of a kind.
fn of_party<'book, Id: Copy + Eq + Hash, D>(
    streams: &'book Streams<Id, D>,
    of_party: Option<&'book Vec<Id>>,
) -> impl Iterator<Item = (Id, &'book D)> {
    of_party.into_iter().flatten().filter_map(|id| Some((*id, streams.get(id)?)))
}

impl Book {
    /// The book after one more event of the stream `id`, and what that has moved of what is outstanding.
    pub fn apply(&mut self, id: Uuid, event: &Event) -> Vec<Moved> {
        if event.kind().is_of_terms() {
            self.shares.forget();
        }
        self.by_party.apply(id, event);
        let papers = Paper::all_of(id, event);
        self.papers.extend(papers.iter().copied());
        match event {
            Event::Party(event) => grow(&mut self.parties, PartyId(id), event),
            Event::Procurement(event) => grow(&mut self.procurements, ProcurementId(id), event),
            Event::Agreement(event) => grow(&mut self.agreements, AgreementId(id), event),
            Event::Signup(event) => grow(&mut self.signups, SignupId(id), event),
            Event::Legacy(event) => grow(&mut self.legacies, LegacyId(id), event),
            Event::Cost(event) => grow(&mut self.costs, CostId(id), event),
            Event::Licence(event) => grow(&mut self.licences, LicenceId(id), event),
            Event::SharingKey(event) => grow(&mut self.keys, SharingKeyId(id), event),
            Event::InvoiceRun(event) => {
                let place = self.planned.len();
                self.planned.entry(InvoiceRunId(id)).or_insert(place);
                grow(&mut self.runs, InvoiceRunId(id), event);
            }
            Event::Series(event) => {
                match event {
                    SeriesEvent::Opened(_) => {}
                    SeriesEvent::Issued(issued) => {
                        let from = (issued.issuer.party, issued.run);
                        match self.paid_to.get_mut(&issued.account_number) {
                            Some(known) => _ = known.insert(from),
                            None => _ = self.paid_to.insert(issued.account_number.clone(), BTreeSet::from([from])),
                        }
                        self.invoices.insert(issued.invoice.invoice, Arc::clone(issued));
                    }
                    SeriesEvent::CreditNoteIssued(note) => {
                        self.credit_notes.entry(note.credited.invoice).or_default().push(note.as_ref().clone());
                    }
                }
                grow(&mut self.series, SeriesId(id), event);
            }
            Event::Delivery(event) => grow(&mut self.deliveries, InvoiceId(id), event),
            Event::Payments(event) => {
                if let PaymentsEvent::Matched(matched) = event {
                    for Match { payment, invoice, .. } in &matched.matches {
                        let known = self.paid_with.entry(*invoice).or_default();
                        let paid_with = (ReceivingAccountId(id), *payment);
                        if !known.contains(&paid_with) {
                            known.push(paid_with);
                        }
                    }
                }
                let account = ReceivingAccountId(id);
                for invoice in event.invoices() {
                    let known = self.accounts_of.entry(invoice).or_insert_with(|| Vec::with_capacity(1));
                    if !known.contains(&account) {
                        known.push(account);
                    }
                }
                grow(&mut self.payments, account, event);
            }
            Event::Access(event) => grow(&mut self.access, PersonId(id), event),
            Event::Work(event) => grow(&mut self.work, WorkId(id), event),
        }
        self.look_after(id, event, &papers)
    }

    /// The book of a few facts.
    #[cfg(test)]
    pub(crate) fn of(facts: impl IntoIterator<Item = (Uuid, Event)>) -> Self {
        let mut book = Self::default();
        for (id, event) in facts {
            book.apply(id, &event);
        }
        book
    }

    /// Whether something is known of a stream.
    #[must_use]
    pub fn knows(&self, kind: StreamKind, id: Uuid) -> bool {
        match kind {
            StreamKind::Party => self.parties.contains_key(&PartyId(id)),
            StreamKind::Procurement => self.procurements.contains_key(&ProcurementId(id)),
            StreamKind::Agreement => self.agreements.contains_key(&AgreementId(id)),
            StreamKind::Signup => self.signups.contains_key(&SignupId(id)),
            StreamKind::Legacy => self.legacies.contains_key(&LegacyId(id)),
            StreamKind::Cost => self.costs.contains_key(&CostId(id)),
            StreamKind::Licence => self.licences.contains_key(&LicenceId(id)),
            StreamKind::SharingKey => self.keys.contains_key(&SharingKeyId(id)),
            StreamKind::InvoiceRun => self.runs.contains_key(&InvoiceRunId(id)),
            StreamKind::Series => self.series.contains_key(&SeriesId(id)),
            StreamKind::Delivery => self.deliveries.contains_key(&InvoiceId(id)),
            StreamKind::Payments => self.payments.contains_key(&ReceivingAccountId(id)),
            StreamKind::Access => self.access.contains_key(&PersonId(id)),
            StreamKind::Work => self.work.contains_key(&WorkId(id)),
        }
    }

    /// The streams of a kind.
    #[must_use]
    pub fn streams_of_kind(&self, kind: StreamKind) -> Vec<Uuid> {
        match kind {
            StreamKind::Party => self.parties.keys().map(|id| id.0).collect(),
            StreamKind::Procurement => self.procurements.keys().map(|id| id.0).collect(),
            StreamKind::Agreement => self.agreements.keys().map(|id| id.0).collect(),
            StreamKind::Signup => self.signups.keys().map(|id| id.0).collect(),
            StreamKind::Legacy => self.legacies.keys().map(|id| id.0).collect(),
            StreamKind::Cost => self.costs.keys().map(|id| id.0).collect(),
            StreamKind::Licence => self.licences.keys().map(|id| id.0).collect(),
            StreamKind::SharingKey => self.keys.keys().map(|id| id.0).collect(),
            StreamKind::InvoiceRun => self.runs.keys().map(|id| id.0).collect(),
            StreamKind::Series => self.series.keys().map(|id| id.0).collect(),
            StreamKind::Delivery => self.deliveries.keys().map(|id| id.0).collect(),
            StreamKind::Payments => self.payments.keys().map(|id| id.0).collect(),
            StreamKind::Access => self.access.keys().map(|id| id.0).collect(),
            StreamKind::Work => self.work.keys().map(|id| id.0).collect(),
        }
    }

    /// The payments that were matched with an invoice, with the accounts they came in to.
    pub fn paid_with(&self, invoice: InvoiceId) -> impl Iterator<Item = (ReceivingAccountId, PaymentId)> {
        self.paid_with.get(&invoice).into_iter().flatten().copied()
    }

    /// What came in to each account in which something was ever booked on an invoice: a payment, a reminder. Where many procurements
    /// share a book there are many accounts, and nobody has to look through all of them.
    pub fn payments_of(&self, invoice: InvoiceId) -> impl Iterator<Item = (ReceivingAccountId, &Payments)> {
        let accounts = self.accounts_of.get(&invoice).into_iter().flatten();
        accounts.filter_map(|account| Some((*account, self.payments.get(account)?)))
    }

    /// The place of a run among all that were planned, from the first: a day may have several.
    #[must_use]
    pub fn planned_as(&self, run: InvoiceRunId) -> Option<usize> {
        self.planned.get(&run).copied()
    }

    /// The issuers and runs of the invoices that are paid to an account.
    pub fn paid_to(&self, account_number: &str) -> impl Iterator<Item = (PartyId, InvoiceRunId)> {
        self.paid_to.get(account_number).into_iter().flatten().copied()
    }

    /// The issuers and runs of all invoices.
    pub fn issuing(&self) -> impl Iterator<Item = (PartyId, InvoiceRunId)> {
        self.paid_to.values().flatten().copied()
    }

    /// Those that share the costs of a procurement, and the keys they share by.
    #[must_use]
    pub fn apportioner(&self, procurement: ProcurementId) -> Apportioner<'_> {
        let agreements = self
            .agreements
            .values()
            .filter(|agreement| agreement.drafted.as_ref().is_some_and(|drafted| drafted.procurement == procurement))
            .collect();
        Apportioner { participants: Participants { parties: &self.parties, agreements }, keys: &self.keys }
    }

    /// The costs of a procurement by name.
    #[must_use]
    pub fn costs_of(&self, procurement: ProcurementId) -> Vec<(CostId, &Cost)> {
        let mut costs: Vec<_> = self
            .costs
            .iter()
            .filter(|(_, cost)| cost.recorded.as_ref().is_some_and(|recorded| recorded.procurement == procurement))
            .map(|(id, cost)| (*id, cost))
            .collect();
        costs.sort_by_cached_key(|(id, cost)| (cost.recorded.as_ref().map(|recorded| recorded.name.clone()), *id));
        costs
    }

    /// The licences of a procurement by name.
    #[must_use]
    pub fn licences_of(&self, procurement: ProcurementId) -> Vec<(LicenceId, &Licence)> {
        let mut licences: Vec<_> = self
            .licences
            .iter()
            .filter(|(_, licence)| {
                licence.recorded.as_ref().is_some_and(|recorded| recorded.procurement == procurement)
            })
            .map(|(id, licence)| (*id, licence))
            .collect();
        licences
            .sort_by_cached_key(|(id, licence)| (licence.recorded.as_ref().map(|recorded| recorded.name.clone()), *id));
        licences
    }

    /// The credit notes of an invoice, in the order in which they were issued.
    #[must_use]
    pub fn credit_notes_of(&self, invoice: InvoiceId) -> &[CreditNoteIssued] {
        self.credit_notes.get(&invoice).map_or(&[], Vec::as_slice)
    }

    /// A credit note by its own id.
    #[must_use]
    pub fn credit_note(&self, credit_note: InvoiceId) -> Option<&CreditNoteIssued> {
        match self.papers.get(&credit_note)? {
            Paper::CreditNote { of } => self.credit_notes_of(*of).iter().find(|note| note.credit_note == credit_note),
            Paper::Reminder { .. }
            | Paper::Hearing { .. }
            | Paper::Answer { .. }
            | Paper::Withdrawal { .. }
            | Paper::Nudge { .. } => None,
        }
    }

    /// The agreements of a party in a procurement.
    #[must_use]
    pub fn agreements_of(&self, procurement: ProcurementId, party: PartyId) -> Vec<(AgreementId, &Agreement)> {
        self.agreements_of_party(party)
            .filter(|(_, agreement)| {
                agreement.drafted.as_ref().is_some_and(|drafted| drafted.procurement == procurement)
            })
            .collect()
    }

    /// All libraries that a party has signed up.
    pub fn signups_of_party(&self, party: PartyId) -> impl Iterator<Item = (SignupId, &Signup)> {
        of_party(&self.signups, self.by_party.signups.get(&party))
    }

    /// All old contracts of a party.
    pub fn legacies_of_party(&self, party: PartyId) -> impl Iterator<Item = (LegacyId, &Legacy)> {
        of_party(&self.legacies, self.by_party.legacies.get(&party))
    }

    /// All agreements of a party.
    pub fn agreements_of_party(&self, party: PartyId) -> impl Iterator<Item = (AgreementId, &Agreement)> {
        of_party(&self.agreements, self.by_party.agreements.get(&party))
    }

    /// The invoices that a party received, in the order in which they were issued.
    pub fn invoices_of_party(&self, party: PartyId) -> impl Iterator<Item = (InvoiceId, &Issued)> {
        of_party(&self.invoices, self.by_party.invoices.get(&party)).map(|(id, issued)| (id, issued.as_ref()))
    }

    /// The book as far as it says who takes part on which terms: without invoices, letters and payments.
    #[must_use]
    pub fn terms(&self) -> Self {
        Self {
            parties: self.parties.clone(),
            procurements: self.procurements.clone(),
            agreements: self.agreements.clone(),
            signups: self.signups.clone(),
            legacies: self.legacies.clone(),
            costs: self.costs.clone(),
            licences: self.licences.clone(),
            keys: self.keys.clone(),
            by_party: self.by_party.clone(),
            ..Self::default()
        }
    }

    /// The same without what one party bears alone: old contracts, and amounts that are not shared by a key.
    #[must_use]
    pub fn shared_terms(&self) -> Self {
        let mut terms = self.terms();
        terms.legacies.clear();
        terms.by_party.legacies.clear();
        terms.costs.retain(|_, cost| cost.recorded.iter().any(|known| known.distribution.is_shared()));
        terms.licences.retain(|_, licence| licence.recorded.iter().any(|known| known.distribution.is_shared()));
        terms
    }

    /// The organisation number of a party; none where it has none, or is not known.
    #[must_use]
    pub fn organisation_number_of(&self, party: PartyId) -> Option<&str> {
        self.parties.get(&party)?.registered.as_ref()?.organisation_number.as_deref()
    }

    /// The parties that people mean by a municipality or county number of any time, an organisation number, a name of
    /// any time in any language, or an id.
    #[must_use]
    pub fn parties_called(&self, called: &str) -> Vec<PartyId> {
        let called = &*ungrouped(called.trim());
        let id: Option<PartyId> = called.parse().ok();
        self.parties
            .iter()
            .filter(|(party, known)| Some(**party) == id || known.is_called(called))
            .map(|(party, _)| *party)
            .collect()
    }

    /// The procurements that people mean by a name or an id; all of them where nothing is said.
    #[must_use]
    pub fn procurements_called(&self, called: Option<&str>) -> Vec<ProcurementId> {
        let Some(called) = called.map(str::trim) else { return self.procurements.keys().copied().collect() };
        let id: Option<ProcurementId> = called.parse().ok();
        self.procurements
            .iter()
            .filter(|(procurement, known)| {
                Some(**procurement) == id
                    || known.opened.as_ref().is_some_and(|opened| opened.name.to_lowercase() == called.to_lowercase())
            })
            .map(|(procurement, _)| *procurement)
            .collect()
    }
}
