//! A municipality's own invoices and credit notes, and what it is told that it is to be invoiced.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::address::as_parameter;
use super::field::{Field, Filled, Kind, Named, Refusal, named};
use super::frame::Frame;
use super::invoices::taken_off;
use super::pager::{Listed, Pager, address_of_page};
use super::run::outcome_key;
use crate::domain::calendar::Period;
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::identity::{InvoiceId, InvoiceRunId};
use crate::domain::money::Ore;
use crate::view::receivables::Receivable;
use crate::view::register::{InvoiceEntry, ObjectionEntry};

/// An invoice of a municipality.
#[derive(Debug, Clone)]
pub struct OwnInvoice<'a> {
    /// The invoice.
    pub entry: InvoiceEntry,
    /// What is owed.
    pub owed: Receivable,
    /// How it was credited.
    pub notes: Vec<OwnNote<'a>>,
}

/// A credit note, and what is drawn up of it.
#[derive(Debug, Clone, Copy)]
pub struct OwnNote<'a> {
    /// The credit note.
    pub note: &'a CreditNoteIssued,
    /// Whether there is a document.
    pub has_document: bool,
    /// Whether there is an e-invoice.
    pub has_e_invoice: bool,
}

/// What a municipality was told that it is to be invoiced.
#[derive(Debug, Clone)]
pub struct Prebilled {
    /// The run.
    pub run: InvoiceRunId,
    /// The days that it is for.
    pub covers: Period,
    /// What is to be paid in all.
    pub total_ore: Ore,
    /// What for, and how much without VAT.
    pub lines: Vec<(String, Ore)>,
    /// The letter whose document has the whole calculation, where it is drawn up.
    pub document: Option<InvoiceId>,
    /// The last day for objections.
    pub until: NaiveDate,
    /// The municipality's own objections.
    pub objections: Vec<ObjectionEntry>,
    /// Whether the reader may object.
    pub may_object: bool,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct OwnInvoicesShown<'a> {
    /// The municipality's names.
    pub party_name: &'a str,
    /// Its number.
    pub number: &'a str,
    /// The invoices, the latest first.
    pub invoices: Listed<'a, OwnInvoice<'a>>,
    /// What is outstanding of all of them.
    pub outstanding_ore: Ore,
    /// What it is to be invoiced.
    pub prebills: &'a [Prebilled],
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct NoteShown {
    id: InvoiceId,
    number: u64,
    date: String,
    total: String,
    document: bool,
    e_invoice: bool,
}

#[derive(Serialize)]
struct InvoiceShown {
    id: InvoiceId,
    number: u64,
    date: String,
    due: String,
    total: String,
    look: &'static str,
    state: String,
    document: bool,
    e_invoice: bool,
    credit_notes: Vec<NoteShown>,
}

#[derive(Serialize)]
struct ObjectionShown<'a> {
    day: String,
    text: &'a str,
    outcome: Option<String>,
    answer: Option<&'a str>,
}

#[derive(Serialize)]
struct ObjectForm<'a> {
    text: Field<'a>,
    reference: Field<'a>,
}

#[derive(Serialize)]
struct PrebillLine<'a> {
    text: &'a str,
    net: String,
}

#[derive(Serialize)]
struct PrebillShown<'a> {
    run: InvoiceRunId,
    covers: String,
    total: String,
    lines: Vec<PrebillLine<'a>>,
    document: Option<InvoiceId>,
    until: String,
    objections: Vec<ObjectionShown<'a>>,
    form: Option<ObjectForm<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    outstanding: String,
    party: &'a str,
    number: &'a str,
    invoices: Vec<InvoiceShown>,
    pager: Option<Pager>,
    prebills: Vec<PrebillShown<'a>>,
    refusal: Refusal,
}

/// The page of a municipality's own invoices.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn own_invoices_page(frame: &Frame<'_>, shown: &OwnInvoicesShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let empty = Filled::default();
    let page = Shown {
        outstanding: say.kroner(shown.outstanding_ore),
        party: shown.party_name,
        number: shown.number,
        invoices: shown.invoices.shown.iter().map(|own| invoice_shown(say, own)).collect(),
        pager: Pager::of(say, shown.invoices.window, shown.invoices.count, |page| {
            address_of_page(&format!("/municipalities/{}/invoices", as_parameter(shown.number)), &[], page)
        }),
        prebills: shown.prebills.iter().map(|prebilled| prebill_shown(say, prebilled, shown.filled, &empty)).collect(),
        refusal: shown.filled.refusal(say),
    };
    super::fill("own_invoices", frame, &say.word("page-own-invoices"), &page)
}

fn invoice_shown(say: Say, OwnInvoice { entry, owed, notes }: &OwnInvoice<'_>) -> InvoiceShown {
    let (look, state) = if owed.outstanding_ore <= Ore::ZERO {
        ("success", say.word("page-paid"))
    } else if owed.days_overdue > 0 {
        ("danger", say.sentence("page-overdue", [("amount", say.kroner(owed.outstanding_ore).as_str())]))
    } else {
        ("neutral", say.sentence("page-to-pay", [("amount", say.kroner(owed.outstanding_ore).as_str())]))
    };
    InvoiceShown {
        id: entry.invoice,
        number: entry.issued.number,
        date: say.date(owed.invoice_date),
        due: say.date(owed.due_date),
        total: say.kroner(owed.issued_ore),
        look,
        state,
        document: entry.document.is_some(),
        e_invoice: entry.e_invoice.is_some(),
        credit_notes: notes.iter().map(|note| note_shown(say, *note)).collect(),
    }
}

fn note_shown(say: Say, OwnNote { note, has_document, has_e_invoice }: OwnNote<'_>) -> NoteShown {
    NoteShown {
        id: note.credit_note,
        number: note.number,
        date: say.date(note.date),
        total: taken_off(say, note),
        document: has_document,
        e_invoice: has_e_invoice,
    }
}

fn prebill_shown<'a>(say: Say, prebilled: &'a Prebilled, filled: &'a Filled, empty: &'a Filled) -> PrebillShown<'a> {
    let run = prebilled.run.to_string();
    // Only the one that was sent shows what was typed into it.
    let filled = if filled.typed.get("run") == Some(&run) { filled.of("objection", empty) } else { empty };
    let form = format!("objection-{run}");
    let text = Named { hint: Some("page-objection-hint"), ..named("text", "page-objection-text") };
    PrebillShown {
        run: prebilled.run,
        covers: say.days(prebilled.covers),
        total: say.kroner(prebilled.total_ore),
        lines: prebilled.lines.iter().map(|(text, net)| PrebillLine { text, net: say.in_ore().kroner(*net) }).collect(),
        document: prebilled.document,
        until: say.sentence("page-objections-until", [("day", say.long_date(prebilled.until).as_str())]),
        objections: prebilled.objections.iter().map(|objection| objection_shown(say, objection)).collect(),
        form: prebilled.may_object.then(|| ObjectForm {
            text: filled.field(&form, text, Kind::Text, ""),
            reference: filled.field(&form, named("reference", "page-filed-as"), Kind::Text, ""),
        }),
    }
}

fn objection_shown(say: Say, objection: &ObjectionEntry) -> ObjectionShown<'_> {
    ObjectionShown {
        day: say.date(objection.on),
        text: &objection.text,
        outcome: objection.answered.as_ref().map(|answered| say.word(outcome_key(answered.outcome))),
        answer: objection.answered.as_ref().map(|answered| answered.answer.as_str()),
    }
}
