//! Prebills: a document for all participants of a run that read the same language, and a letter to each.

use super::documents::rendered;
use std::collections::BTreeMap;

use super::letters::Letter;
use super::{PDF, Tools, WorkError};
use crate::clock;
use crate::domain::delivery::{DeliveryCommand, Rendered};
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, PersonId};
use crate::domain::invoice_run::{InvoiceLanguage, InvoicePlan, InvoiceRun, PlannedRun, Prebilled};
use crate::domain::party::ContactRole;
use crate::handle::{Envelope, Wish};
use crate::process::approval::{letter_about, prebilled};
use crate::process::open_tasks::Task;
use crate::render::mail::{Attached, Posting, Signature};
use crate::render::{self, PrebillDocument, RenderError};
use crate::side_by_side::on_processors;
use crate::view::book::Book;
use crate::view::calculation::calculation;

/// What a letter with a prebill is made of.
pub(super) struct PrebillMaterial {
    document: PrebillDocument,
    party: PartyId,
    recipient: String,
    rendered: Rendered,
    finance: Option<PersonId>,
}

impl Tools<'_> {
    /// Draws up the calculations of the runs that are due, each once in every language of its letters; how many.
    pub(super) fn draw_up_prebills(&self, tasks: &[Task]) -> Result<usize, WorkError> {
        let due: Vec<(PrebillDocument, Vec<InvoiceId>)> = {
            let followed = self.ledger.now();
            let book = &followed.book;
            let is_due = |run: &InvoiceRunId| tasks.contains(&Task::DrawUpPrebill(*run));
            let is_drawn_up =
                |letter: &InvoiceId| book.deliveries.get(letter).is_some_and(|delivery| delivery.rendered.is_some());
            let runs = prebilled(book).filter(|(run, ..)| is_due(run));
            let due = runs.flat_map(|(_, planned, prebilled)| {
                let mut by_language: BTreeMap<InvoiceLanguage, Vec<InvoiceId>> = BTreeMap::new();
                for letter in prebilled.letters.iter().filter(|letter| !is_drawn_up(&letter.letter)) {
                    by_language.entry(language_of(planned, letter.party)).or_default().push(letter.letter);
                }
                by_language.into_iter().map(move |(language, letters)| {
                    (document(book, planned, prebilled, Reader::All(language)), letters)
                })
            });
            due.collect()
        };
        let documents =
            on_processors(&due, |(document, _)| render::prebill_pdf(document).map(|bytes| self.keep(&bytes, PDF)));
        let mut wishes: Vec<(Wish, Envelope)> = Vec::new();
        let mut drawn_up_count = 0;
        for ((_, letters), document) in due.into_iter().zip(documents) {
            let kept = match document {
                Ok(archived) => archived?,
                // One that cannot be drawn up does not stop the others.
                Err(fault) => {
                    let reason = format!("the document could not be drawn up: {fault}");
                    wishes.extend(letters.into_iter().map(|letter| self.parking(letter, reason.clone())));
                    continue;
                }
            };
            drawn_up_count += 1;
            wishes.extend(letters.into_iter().map(|letter| {
                let rendered = rendered(letter, kept.clone(), vec![]);
                let wish = Wish::Delivery(letter, DeliveryCommand::RecordRendered(rendered));
                (wish, self.envelope("render", letter.0))
            }));
        }
        self.ledger.carry_out_all(&wishes)?;
        Ok(drawn_up_count)
    }

    /// What the letter is made of; none where it is none with a prebill that is still to be sent.
    pub(super) fn prebill_material(&self, letter: InvoiceId) -> Option<PrebillMaterial> {
        let followed = self.ledger.now();
        let book = &followed.book;
        let (run, party) = letter_about(book, letter)?;
        let InvoiceRun::Planned(planned) = book.runs.get(&run)? else { return None };
        let known = book.parties.get(&party);
        Some(PrebillMaterial {
            document: document(book, planned, planned.prebilled.as_ref()?, Reader::One(party)),
            party,
            recipient: planned.recipient_name(party).unwrap_or_default().to_owned(),
            rendered: book.deliveries.get(&letter)?.rendered.clone()?,
            finance: known.and_then(|known| known.contacts.get(&ContactRole::Finance).copied()),
        })
    }

    /// The letter, or what it lacks.
    pub(super) fn prebill_letter(
        &self,
        letter: InvoiceId,
        material: &PrebillMaterial,
        signature: Option<&Signature>,
    ) -> Result<Result<Letter, String>, WorkError> {
        let PrebillMaterial { document, party, recipient, rendered, finance } = material;
        let (person, to) = match self.addressee(recipient, *finance)? {
            Ok(addressee) => addressee,
            Err(lacks) => return Ok(Err(lacks)),
        };
        let pdf = match self.document(rendered) {
            Ok(pdf) => pdf,
            Err(lacks) => return Ok(Err(lacks)),
        };
        let (from, domain) = self.sender();
        let attachments = [Attached { file_name: "forhandsvarsel.pdf", media_type: PDF, bytes: &pdf }];
        let posting = Posting {
            attachments: &attachments,
            from: &from,
            to: &to,
            name: &format!("forhandsvarsel-{letter}"),
            message_id: &format!("<{letter}@{domain}>"),
            date: clock::noon(document.on),
            signature,
        };
        match render::prebill_mail(document, *party, &posting) {
            Ok(message) => Ok(Ok(Letter { person, message })),
            Err(RenderError::Message(_)) => Ok(Err(super::letters::unfit_addressee(recipient))),
            Err(source) => Err(WorkError::RenderLetter { recipient: recipient.clone(), source }),
        }
    }
}

/// Who reads what the documents say.
#[derive(Clone, Copy)]
enum Reader {
    /// All participants with a language: the whole calculation.
    All(InvoiceLanguage),
    /// One: as much of it as the letter to it needs.
    One(PartyId),
}

/// The language of the invoices to a participant.
fn language_of(planned: &PlannedRun, party: PartyId) -> InvoiceLanguage {
    let own = planned.plan.invoices.iter().find(|invoice| invoice.recipient.party == party);
    own.map_or(InvoiceLanguage::Bokmal, |invoice| invoice.language)
}

fn document(book: &Book, planned: &PlannedRun, prebilled: &Prebilled, reader: Reader) -> PrebillDocument {
    let plan = &planned.plan;
    let (language, of) = match reader {
        Reader::All(language) => (language, None),
        Reader::One(party) => (language_of(planned, party), Some(party)),
    };
    let opened = book.procurements.get(&plan.procurement).and_then(|procurement| procurement.opened.as_ref());
    let name = |party: PartyId| {
        book.parties.get(&party).map(|known| known.full_name_on(plan.invoice_date)).unwrap_or_default()
    };
    let invoices = plan.invoices.iter().filter(|invoice| of.is_none_or(|party| invoice.recipient.party == party));
    let set_aside = plan.set_aside.iter().filter(|_| of.is_none());
    PrebillDocument {
        run: planned.run,
        language,
        shared_by_keys: if of.is_none() { calculation(book, plan) } else { vec![] },
        left_out_names: set_aside.clone().map(|aside| (aside.party, name(aside.party))).collect(),
        plan: InvoicePlan {
            procurement: plan.procurement,
            issuer: plan.issuer.clone(),
            account_number: plan.account_number.clone(),
            invoice_date: plan.invoice_date,
            due_date: plan.due_date,
            covers: plan.covers,
            one_per: plan.one_per,
            grounds: plan.grounds.clone(),
            invoices: invoices.cloned().collect(),
            set_aside: set_aside.cloned().collect(),
        },
        objections_until: prebilled.objections_until,
        on: prebilled.on,
        procurement_name: opened.map(|opened| opened.name.clone()).unwrap_or_default(),
        illustrative: opened.is_some_and(|opened| opened.illustrative),
    }
}
