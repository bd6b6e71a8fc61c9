//! E-invoices: drawn up after the document that they hold, and laid where the access point picks them up.

use std::io;
use std::path::PathBuf;

use super::documents::rendered;
use super::{Tools, WorkError, procurement_of};
use crate::archive;
use crate::domain::delivery::{
    DeliveryCommand, E_INVOICE_MEDIA_TYPE, EInvoiceOmitted, EInvoicePlaced, EInvoicing, Rendered,
};
use crate::domain::identity::InvoiceId;
use crate::domain::supplier_invoice::Attachment;
use crate::handle::Wish;
use crate::process::open_tasks::Task;
use crate::render::{self, Enclosed, Enclosure, IssuedDocument};
use crate::side_by_side::{begin_and_finish, on_processors};
use crate::view::documents::{Document, KeptDocument, document};
use crate::whole_file;

/// How many e-invoices are held at a time until they are safe: each holds its document and the suppliers' files.
const AT_A_TIME: usize = 32;

/// What came of drawing up.
enum DrawnUp {
    /// The e-invoice.
    Whole(Vec<u8>),
    /// It cannot be, whatever is done: why.
    Impossible(String),
    /// Something is to be mended first: what.
    Lacks(String),
}

/// What an e-invoice is drawn up from.
struct Material {
    invoice: InvoiceId,
    kept: KeptDocument,
    document: Rendered,
    procurement_name: String,
    illustrative: bool,
}

impl Tools<'_> {
    /// Draws up all e-invoices that are due, as many at a time as the machine has processors; how many.
    pub(super) fn draw_up_e_invoices(&self, tasks: &[Task]) -> Result<usize, WorkError> {
        let due: Vec<Material> = {
            let book = &self.ledger.now().book;
            let material = |task: &Task| {
                let Task::EInvoice(invoice) = task else { return None };
                let of = document(book, *invoice)?;
                let document = book.deliveries.get(invoice)?.rendered.clone()?;
                let (procurement_name, illustrative) = procurement_of(book, of);
                Some(Material { invoice: *invoice, kept: of.kept(), document, procurement_name, illustrative })
            };
            tasks.iter().filter_map(material).collect()
        };
        let counts = begin_and_finish(
            due.chunks(AT_A_TIME),
            |due| on_processors(due, |material| self.draw_up_e_invoice(material)),
            |(due, e_invoices)| self.keep_e_invoices(due, e_invoices),
        )?;
        Ok(counts.into_iter().sum())
    }

    fn keep_e_invoices(&self, due: &[Material], e_invoices: Vec<DrawnUp>) -> Result<usize, WorkError> {
        let mut wishes = Vec::new();
        let mut drawn_up = Vec::new();
        let mut files = Vec::new();
        for (Material { invoice, .. }, e_invoice) in due.iter().zip(e_invoices) {
            match e_invoice {
                DrawnUp::Whole(xml) => {
                    files.push(xml);
                    drawn_up.push(*invoice);
                }
                DrawnUp::Impossible(reason) => {
                    let omitted = DeliveryCommand::OmitEInvoice(EInvoiceOmitted { reason, on: self.clock.today() });
                    wishes.push((Wish::Delivery(*invoice, omitted), self.envelope("e-invoice", invoice.0)));
                }
                // One that lacks something does not stop the others.
                DrawnUp::Lacks(reason) => wishes.push(self.parking(*invoice, reason)),
            }
        }
        for (invoice, kept) in drawn_up.iter().zip(self.keep_all(&files, E_INVOICE_MEDIA_TYPE)?) {
            let wish = Wish::Delivery(*invoice, DeliveryCommand::RecordRendered(rendered(*invoice, kept, vec![])));
            wishes.push((wish, self.envelope("e-invoice", invoice.0)));
        }
        self.ledger.carry_out_all(&wishes)?;
        Ok(drawn_up.len())
    }

    fn draw_up_e_invoice(&self, material: &Material) -> DrawnUp {
        let Material { kept, document, procurement_name, illustrative, .. } = material;
        let Some(pdf) = self.archived(document) else {
            return DrawnUp::Lacks(lost(&document.sha256, &document.media_type));
        };
        let enclosures = match self.enclosures(kept.document(), document) {
            Ok(enclosures) => enclosures,
            Err(lacks) => return DrawnUp::Lacks(lacks),
        };
        let document = IssuedDocument { document: kept.document(), procurement_name, illustrative: *illustrative };
        match render::e_invoice(&document, pdf, enclosures) {
            Ok(xml) => DrawnUp::Whole(xml),
            Err(fault) => DrawnUp::Impossible(fault.to_string()),
        }
    }

    /// What goes with a claim, the table of everybody's share and the suppliers' invoices; or which of it is not there.
    pub(super) fn enclosures(&self, document: Document<'_>, rendered: &Rendered) -> Result<Vec<Enclosure>, String> {
        let attachments = match document {
            Document::Invoice(issued) => &issued.invoice.attachments[..],
            Document::CreditNote(..) | Document::Reminder(..) => &[],
        };
        let drawn_up = rendered.enclosures.iter().map(|file| (Enclosed::Distribution, file));
        let attached = attachments.iter().map(|file| (Enclosed::SupplierInvoice, file));
        drawn_up.chain(attached).map(|(enclosed, file)| self.enclosure(enclosed, file)).collect()
    }

    fn enclosure(&self, enclosed: Enclosed, file: &Attachment) -> Result<Enclosure, String> {
        let Attachment { sha256, file_name, media_type } = file;
        let bytes = archive::kept(&self.archive, sha256, media_type).ok_or_else(|| match enclosed {
            Enclosed::Issued | Enclosed::Distribution => lost(sha256, media_type),
            Enclosed::SupplierInvoice => format!(
                "the supplier's invoice {file_name} is not in the archive: attach it again (its SHA-256 is {sha256}), then ask \
                 for another attempt"
            ),
        })?;
        Ok(Enclosure { enclosed, file_name: file_name.clone(), media_type: media_type.clone(), bytes })
    }

    /// Lays out all e-invoices that are due; how many.
    pub(super) fn place_e_invoices(&self, tasks: &[Task]) -> Result<usize, WorkError> {
        let due: Vec<(InvoiceId, u64, Rendered)> = {
            let book = &self.ledger.now().book;
            let e_invoice = |task: &Task| {
                let Task::Place(invoice) = task else { return None };
                let EInvoicing::DrawnUp(rendered) = &book.deliveries.get(invoice)?.e_invoicing else { return None };
                Some((*invoice, document(book, *invoice)?.number(), rendered.clone()))
            };
            tasks.iter().filter_map(e_invoice).collect()
        };
        let mut placed_count = 0;
        let mut outcome = Ok(());
        for due in due.chunks(AT_A_TIME) {
            let found = on_processors(due, |(_, number, rendered)| self.to_place(*number, rendered));
            let mut wishes = Vec::new();
            let mut files = Vec::new();
            for ((invoice, number, _), found) in due.iter().zip(found) {
                match found {
                    Ok(file) => {
                        files.extend(file);
                        let placed = EInvoicePlaced { file_name: file_name(*number), on: self.clock.today() };
                        let wish = Wish::Delivery(*invoice, DeliveryCommand::RecordEInvoicePlaced(placed));
                        wishes.push((wish, self.envelope("place", invoice.0)));
                    }
                    Err(fault) => outcome = outcome.and(Err(fault)),
                }
            }
            self.keep_turn()?;
            whole_file::write_all(&files).map_err(|(path, source)| WorkError::File { path, source })?;
            placed_count += wishes.len();
            self.ledger.carry_out_all(&wishes)?;
        }
        outcome.map(|()| placed_count)
    }

    /// What is to be written and where; nothing where it stands there already. Never in the place of another.
    pub(super) fn to_place(&self, number: u64, rendered: &Rendered) -> Result<Option<(PathBuf, Vec<u8>)>, WorkError> {
        let path = self.settings.ehf.outgoing.join(file_name(number));
        let Some(xml) = self.archived(rendered) else {
            return Err(WorkError::Lost { number, what: lost(&rendered.sha256, &rendered.media_type) });
        };
        match std::fs::read(&path) {
            Ok(there) if there == xml => Ok(None),
            Ok(_another) => {
                let source = io::Error::new(io::ErrorKind::AlreadyExists, "another e-invoice stands there");
                Err(WorkError::File { path, source })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Some((path, xml))),
            Err(source) => Err(WorkError::File { path, source }),
        }
    }
}

/// What an e-invoice is called that is laid out.
fn file_name(number: u64) -> String {
    format!("{number}.xml")
}

/// What to do about a document that is not in the archive.
pub(super) fn lost(sha256: &str, media_type: &str) -> String {
    format!(
        "the document is not in the archive as it was drawn up: restore {} from a backup, then ask for another attempt",
        archive::file_name(sha256, media_type)
    )
}
