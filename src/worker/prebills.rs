//! Prebills: one document for all participants of a run, and a letter to each.

use super::letters::Letter;
use super::{PDF, Tools, WorkError};
use crate::clock;
use crate::domain::delivery::{DeliveryCommand, Rendered};
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, PersonId};
use crate::domain::invoice_run::{InvoiceRun, PlannedRun, Prebilled};
use crate::domain::party::ContactRole;
use crate::handle::{Envelope, Wish};
use crate::process::approval::{letter_about, prebilled};
use crate::render::mail::{Attached, Posting, Signature};
use crate::render::{self, PrebillDocument, RenderError};
use crate::view::book::Book;

/// What a letter with a prebill is made of.
pub(super) struct PrebillMaterial {
    document: PrebillDocument,
    party: PartyId,
    recipient: String,
    rendered: Rendered,
    finance: Option<PersonId>,
}

impl Tools<'_> {
    /// Draws the calculation of a run up, once for all, and records it with every letter; how many documents.
    pub(super) fn draw_up_prebill(&self, run: InvoiceRunId) -> Result<usize, WorkError> {
        let (document, letters) = {
            let followed = self.ledger.now();
            let known = prebilled(&followed.book).find(|(known, ..)| *known == run);
            let Some((_, planned, prebilled)) = known else { return Ok(0) };
            let is_drawn_up = |letter: &InvoiceId| {
                followed.book.deliveries.get(letter).is_some_and(|delivery| delivery.rendered.is_some())
            };
            let letters = prebilled.letters.iter().map(|letter| letter.letter);
            let letters: Vec<InvoiceId> = letters.filter(|letter| !is_drawn_up(letter)).collect();
            (document(&followed.book, planned, prebilled), letters)
        };
        let (wishes, documents_count): (Vec<(Wish, Envelope)>, usize) = match render::prebill_pdf(&document) {
            Ok(bytes) => {
                let (sha256, size_bytes) = self.archive(&bytes)?;
                let drawn_up = |letter: InvoiceId| {
                    let rendered =
                        Rendered { invoice: letter, sha256: sha256.clone(), media_type: PDF.to_owned(), size_bytes };
                    let wish = Wish::Delivery(letter, DeliveryCommand::RecordRendered(rendered));
                    (wish, self.envelope("render", letter.0))
                };
                (letters.into_iter().map(drawn_up).collect(), 1)
            }
            Err(fault) => {
                let reason = format!("the document could not be drawn up: {fault}");
                (letters.into_iter().map(|letter| self.parking(letter, reason.clone())).collect(), 0)
            }
        };
        self.ledger.carry_out_all(&wishes)?;
        Ok(documents_count)
    }

    /// What the letter is made of; none where it is none with a prebill that is still to be sent.
    pub(super) fn prebill_material(&self, letter: InvoiceId) -> Option<PrebillMaterial> {
        let followed = self.ledger.now();
        let book = &followed.book;
        let (run, party) = letter_about(book, letter)?;
        let InvoiceRun::Planned(planned) = book.runs.get(&run)? else { return None };
        let known = book.parties.get(&party);
        Some(PrebillMaterial {
            document: document(book, planned, planned.prebilled.as_ref()?),
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
            Err(source) => Err(WorkError::RenderPrebill { recipient: recipient.clone(), source }),
        }
    }
}

fn document(book: &Book, planned: &PlannedRun, prebilled: &Prebilled) -> PrebillDocument {
    let plan = &planned.plan;
    let opened = book.procurements.get(&plan.procurement).and_then(|procurement| procurement.opened.as_ref());
    let name = |party: PartyId| {
        book.parties.get(&party).map(|known| known.full_name_on(plan.invoice_date)).unwrap_or_default()
    };
    PrebillDocument {
        run: planned.run,
        plan: plan.clone(),
        set_aside_names: plan.set_aside.iter().map(|aside| name(aside.party)).collect(),
        objections_until: prebilled.objections_until,
        on: prebilled.on,
        procurement_name: opened.map(|opened| opened.name.clone()).unwrap_or_default(),
        illustrative: opened.is_some_and(|opened| opened.illustrative),
    }
}
