//! Invoice runs and invoices in the register.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{At, Entry};
use crate::domain::calendar::Period;
use crate::domain::delivery::{Delivery, Rendered};
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, PersonId, ProcurementId};
use crate::domain::invoice_run::{
    InvoicePlan, InvoiceRun, Objection, ObjectionAnswered, ObjectionOutcome, ObjectionRecorded,
};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::view::book::Book;
use crate::view::documents::Document;
use crate::view::outbox::{Letter, letter};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunPhase {
    /// Waiting for a person.
    Planned,
    /// To be carried out.
    Approved,
    /// Not to be carried out.
    Discarded,
    /// Carried out.
    Completed,
}

impl RunPhase {
    /// Where a run stands; none where there is none.
    #[must_use]
    pub fn of(run: &InvoiceRun) -> Option<Self> {
        match run {
            InvoiceRun::Absent => None,
            InvoiceRun::Planned(_) => Some(Self::Planned),
            InvoiceRun::Approved(..) | InvoiceRun::Numbering(..) => Some(Self::Approved),
            InvoiceRun::Discarded(..) => Some(Self::Discarded),
            InvoiceRun::Completed(..) => Some(Self::Completed),
        }
    }

    /// The same in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Discarded => "discarded",
            Self::Completed => "completed",
        }
    }
}

/// How a plan was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ApprovalEntry {
    /// The role of who approved.
    pub role: String,
    /// Who approved, by id alone.
    pub person: PersonId,
    /// The day.
    pub on: NaiveDate,
}

/// Who planned a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PlannerEntry {
    /// The role.
    pub role: String,
    /// The person, by id alone.
    pub person: PersonId,
}

/// An objection to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ObjectionEntry {
    /// Its number in the run.
    pub objection: u32,
    /// Who objected.
    pub party: PartyId,
    /// What it is about.
    pub text: String,
    /// Where the letter is filed.
    pub reference: Option<String>,
    /// The day.
    pub on: NaiveDate,
    /// How it was answered; none while it is open.
    pub answered: Option<AnswerEntry>,
}

/// An answer to an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AnswerEntry {
    /// What was decided.
    pub outcome: ObjectionOutcome,
    /// Why.
    pub answer: String,
    /// The role of who answered.
    pub role: String,
    /// Who answered, by id alone.
    pub person: PersonId,
    /// The day.
    pub on: NaiveDate,
}

impl ObjectionEntry {
    /// As it is shown.
    #[must_use]
    pub fn of(objection: &Objection) -> Self {
        let ObjectionRecorded { objection: number, party, text, reference, on } = objection.recorded.clone();
        let answered = objection.answered.clone();
        Self {
            objection: number,
            party,
            text,
            reference,
            on,
            answered: answered.map(|ObjectionAnswered { outcome, answer, role, person, on, .. }| AnswerEntry {
                outcome,
                answer,
                role,
                person,
                on,
            }),
        }
    }
}

/// A run of invoices as it stands in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RunSummary {
    /// Its id.
    pub run: InvoiceRunId,
    /// Where it stands.
    pub phase: RunPhase,
    /// The days that it is for.
    pub covers: Period,
    /// The day of the plan.
    pub planned_on: NaiveDate,
    /// The date on its invoices.
    pub invoice_date: NaiveDate,
    /// How many invoices it has.
    pub invoices_count: usize,
    /// What they come to.
    pub total_ore: Ore,
}

impl RunSummary {
    /// Of a run; none where it is not planned.
    #[must_use]
    pub fn of(run: InvoiceRunId, known: &InvoiceRun) -> Option<Self> {
        let planned = known.planned()?;
        Some(Self {
            run,
            phase: RunPhase::of(known)?,
            covers: planned.plan.covers,
            planned_on: planned.on,
            invoice_date: planned.plan.invoice_date,
            invoices_count: planned.plan.invoices.len(),
            total_ore: planned.plan.total(),
        })
    }
}

/// The runs, the latest first; those of one day as they were planned.
#[must_use]
pub fn runs_latest_first(book: &Book) -> Vec<(InvoiceRunId, &InvoiceRun)> {
    let planned = book.runs.iter().filter_map(|(id, run)| Some(((run.planned()?.on, book.planned_as(*id)), *id, run)));
    let mut runs: Vec<_> = planned.collect();
    runs.sort_by_key(|(planned, ..)| std::cmp::Reverse(*planned));
    runs.into_iter().map(|(_, id, run)| (id, run)).collect()
}

/// A run of invoices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InvoiceRunEntry {
    /// Its id.
    pub run: InvoiceRunId,
    /// Where it stands.
    pub phase: RunPhase,
    /// The day of the plan.
    pub planned_on: NaiveDate,
    /// Who planned it, where that was said.
    pub planned_by: Option<PlannerEntry>,
    /// The last day for objections; none where there was no prebill.
    pub objections_until: Option<NaiveDate>,
    /// The objections, in the order of their numbers.
    pub objections: Vec<ObjectionEntry>,
    /// How it was approved.
    pub approved: Option<ApprovalEntry>,
    /// The day it was discarded.
    pub discarded_on: Option<NaiveDate>,
    /// The day all its invoices were issued.
    pub completed_on: Option<NaiveDate>,
    /// The plan.
    pub plan: InvoicePlan,
}

impl InvoiceRunEntry {
    /// As it stands in a list.
    #[must_use]
    pub fn summary(&self) -> RunSummary {
        RunSummary {
            run: self.run,
            phase: self.phase,
            covers: self.plan.covers,
            planned_on: self.planned_on,
            invoice_date: self.plan.invoice_date,
            invoices_count: self.plan.invoices.len(),
            total_ore: self.plan.total(),
        }
    }

    fn of(run: InvoiceRunId, known: &InvoiceRun) -> Option<Self> {
        let (phase, planned, approved, discarded_on, completed_on) = match known {
            InvoiceRun::Absent => return None,
            InvoiceRun::Planned(planned) => (RunPhase::Planned, planned, None, None, None),
            InvoiceRun::Approved(planned, approved) | InvoiceRun::Numbering(planned, approved) => {
                (RunPhase::Approved, planned, Some(approved), None, None)
            }
            InvoiceRun::Discarded(planned, discarded) => (RunPhase::Discarded, planned, None, Some(discarded.on), None),
            InvoiceRun::Completed(planned, approved, completed) => {
                (RunPhase::Completed, planned, Some(approved), None, Some(completed.on))
            }
        };
        let approved = approved.map(|approved| ApprovalEntry {
            role: approved.role.clone(),
            person: approved.person,
            on: approved.on,
        });
        Some(Self {
            run,
            phase,
            planned_on: planned.on,
            planned_by: planned.planned_by.as_ref().map(|by| PlannerEntry { role: by.role.clone(), person: by.person }),
            objections_until: planned.prebilled.as_ref().map(|prebilled| prebilled.objections_until),
            objections: planned.objections.iter().map(ObjectionEntry::of).collect(),
            approved,
            discarded_on,
            completed_on,
            plan: planned.plan.as_ref().clone(),
        })
    }
}

impl Entry for InvoiceRunEntry {
    fn all(book: &Book, _at: At) -> Vec<Self> {
        let mut runs: Vec<Self> = book.runs.iter().filter_map(|(id, known)| Self::of(*id, known)).collect();
        runs.sort_by_key(|run| (run.planned_on, run.run));
        runs
    }

    fn one(book: &Book, id: Uuid, _at: At) -> Option<Self> {
        Self::of(InvoiceRunId(id), book.runs.get(&InvoiceRunId(id))?)
    }

    fn id(&self) -> Uuid {
        self.run.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.plan.procurement == procurement
    }

    fn is_of_party(&self, _book: &Book, party: PartyId) -> bool {
        self.plan.issuer.party == party || self.plan.invoices.iter().any(|invoice| invoice.recipient.party == party)
    }
}

/// The document of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DocumentEntry {
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
}

impl DocumentEntry {
    /// The document and the e-invoice of a delivery.
    pub(super) fn both(delivery: Option<&Delivery>) -> [Option<Self>; 2] {
        let document = delivery.and_then(|delivery| delivery.rendered.as_ref());
        let e_invoice = delivery.and_then(|delivery| delivery.e_invoicing.rendered());
        [document, e_invoice].map(|rendered| rendered.map(Self::of))
    }

    fn of(rendered: &Rendered) -> Self {
        Self {
            sha256: rendered.sha256.clone(),
            media_type: rendered.media_type.clone(),
            size_bytes: rendered.size_bytes,
        }
    }
}

/// An issued invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InvoiceEntry {
    /// Its id.
    pub invoice: InvoiceId,
    /// The procurement it belongs to.
    pub procurement: Option<ProcurementId>,
    /// Number, recipient, lines and amounts as issued.
    pub issued: Issued,
    /// The credit notes that credit it.
    pub credit_notes: Vec<InvoiceId>,
    /// Its document; none while it is not drawn up.
    pub document: Option<DocumentEntry>,
    /// Its e-invoice, with the document inside; none while it is not drawn up, or where it cannot be.
    pub e_invoice: Option<DocumentEntry>,
    /// The letter it goes out with.
    pub letter: Letter,
}

impl InvoiceEntry {
    fn of(book: &Book, invoice: InvoiceId, issued: &Issued, at: At) -> Self {
        let delivery = book.deliveries.get(&invoice);
        let [document, e_invoice] = DocumentEntry::both(delivery);
        let planned = book.runs.get(&issued.run).and_then(InvoiceRun::planned);
        Self {
            invoice,
            procurement: planned.map(|planned| planned.plan.procurement),
            issued: issued.clone(),
            credit_notes: book.credit_notes_of(invoice).iter().map(|note| note.credit_note).collect(),
            document,
            e_invoice,
            letter: letter(invoice, Document::Invoice(issued), delivery, at.instant),
        }
    }
}

impl Entry for InvoiceEntry {
    fn all(book: &Book, at: At) -> Vec<Self> {
        let mut invoices: Vec<Self> =
            book.invoices.iter().map(|(invoice, issued)| Self::of(book, *invoice, issued, at)).collect();
        invoices.sort_by_key(|invoice| (invoice.issued.invoice_date, invoice.issued.number, invoice.invoice));
        invoices
    }

    fn one(book: &Book, id: Uuid, at: At) -> Option<Self> {
        book.invoices.get(&InvoiceId(id)).map(|issued| Self::of(book, InvoiceId(id), issued, at))
    }

    fn id(&self) -> Uuid {
        self.invoice.0
    }

    fn is_of_procurement(&self, _book: &Book, procurement: ProcurementId) -> bool {
        self.procurement == Some(procurement)
    }

    fn is_of_party(&self, _book: &Book, party: PartyId) -> bool {
        self.issued.issuer.party == party || self.issued.invoice.recipient.party == party
    }
}
