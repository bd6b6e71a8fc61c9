//! E-invoices: drawn up after the document that they hold, and laid where the access point picks them up.

use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::documents::rendered;
use super::{Done, Tools, WorkError, procurement_of};
use crate::archive;
use crate::domain::delivery::{
    DeliveryCommand, E_INVOICE_MEDIA_TYPE, EInvoiceLayingStarted, EInvoiceOmitted, EInvoiceOutcomeUnknown,
    EInvoicePlaced, EInvoicing, Rendered, StartLaying,
};
use crate::domain::identity::InvoiceId;
use crate::domain::supplier_invoice::Attachment;
use crate::handle::{Envelope, Wish};
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

    /// Lays out all e-invoices that are due. Each is made ready beside, claimed in the log, put in place and recorded.
    pub(super) fn place_e_invoices(&self, tasks: &[Task], done: &mut Done) -> Result<(), WorkError> {
        let due: Vec<ToLay> = {
            let book = &self.ledger.now().book;
            let e_invoice = |task: &Task| {
                let Task::Place(invoice) = task else { return None };
                let (rendered, left) = match &book.deliveries.get(invoice)?.e_invoicing {
                    EInvoicing::DrawnUp(rendered) => (rendered, None),
                    EInvoicing::Laying(rendered, started) => (rendered, Some(started.claim)),
                    EInvoicing::Pending
                    | EInvoicing::Omitted(_)
                    | EInvoicing::Placed(..)
                    | EInvoicing::OutcomeUnknown(..)
                    | EInvoicing::Arrived(..) => return None,
                };
                let number = document(book, *invoice)?.number();
                Some(ToLay { invoice: *invoice, number, rendered: rendered.clone(), left })
            };
            tasks.iter().filter_map(e_invoice).collect()
        };
        self.finds_the_folder(&due)?;
        let mut outcome = Ok(());
        for due in due.chunks(AT_A_TIME) {
            self.keep_turn()?;
            let found = on_processors(due, |to_lay| self.look_for(to_lay));
            let (mut wishes, mut ready) = (Vec::new(), Vec::new());
            for (to_lay, found) in due.iter().zip(found) {
                match found {
                    Ok(Found::Nothing(xml)) => ready.push(self.ready(to_lay, xml)),
                    Ok(Found::InPlace) => wishes.push(self.placed(to_lay)),
                    Ok(Found::Gone(claim)) => wishes.push(self.unknown(to_lay, claim)),
                    Err(fault) => outcome = outcome.and(Err(fault)),
                }
            }
            let (in_place, laid) = match self.remove_left_behind(due) {
                Ok(()) => self.lay_out(&ready),
                Err(fault) => (vec![], Err(fault)),
            };
            outcome = outcome.and(laid);
            wishes.extend(in_place.into_iter().map(|to_lay| self.placed(to_lay)));
            self.ledger.carry_out_all(&wishes)?;
            let placed_count = wishes.iter().filter(|(wish, _)| is_placed(wish)).count();
            done.placed_count += placed_count;
            done.unknown_count += wishes.len() - placed_count;
        }
        outcome
    }

    /// Sees that the folder is there where something was begun in it: one that is not, as a share that is not mounted, says nothing
    /// about what became of that.
    fn finds_the_folder(&self, due: &[ToLay]) -> Result<(), WorkError> {
        let folder = &self.settings.ehf.outgoing;
        if folder.exists() || due.iter().all(|to_lay| to_lay.left.is_none()) {
            return Ok(());
        }
        let what =
            "the folder is not there, and e-invoices were begun in it; mount it, or make it again where it is gone";
        let source = io::Error::new(io::ErrorKind::NotFound, what);
        Err(WorkError::File { path: folder.clone(), source })
    }

    /// What is there of an e-invoice that is to be laid out. A file that a worker who was stopped had ready is taken away first:
    /// whoever finds it has the certainty that it was never put in place, and never will be. It stays beside under another name
    /// until a later claim is in the log, so that this is as certain to who looks next.
    fn look_for(&self, to_lay: &ToLay) -> Result<Found, WorkError> {
        let ToLay { number, rendered, left, .. } = to_lay;
        let path = self.path_of(*number);
        let Some(xml) = self.archived(rendered) else {
            return Err(WorkError::Lost { number: *number, what: lost(&rendered.sha256, &rendered.media_type) });
        };
        let was_ready = match left {
            None => true,
            Some(claim) => is_taken_away(&self.beside(*number, *claim, READY), &self.beside(*number, *claim, TAKEN))?,
        };
        match std::fs::read(&path) {
            Ok(there) if there == xml => Ok(Found::InPlace),
            Ok(_another) => {
                let source = io::Error::new(io::ErrorKind::AlreadyExists, "another e-invoice stands there");
                Err(WorkError::File { path, source })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(match left {
                Some(claim) if !was_ready => Found::Gone(*claim),
                Some(_) | None => Found::Nothing(xml),
            }),
            Err(source) => Err(WorkError::File { path, source }),
        }
    }

    /// Makes the files ready, claims them and puts them in place; those that are in place, and what went wrong.
    fn lay_out<'due>(&self, ready: &[Ready<'due>]) -> (Vec<&'due ToLay>, Result<(), WorkError>) {
        if ready.is_empty() {
            return (vec![], Ok(()));
        }
        let started: Vec<(Wish, Envelope)> = ready.iter().map(|ready| self.started(ready)).collect();
        let claimed = make_ready(ready).and_then(|()| Ok(self.ledger.carry_out_all(&started)?));
        match claimed {
            Ok(_) => {
                self.remove_taken(ready);
                self.put_in_place(ready)
            }
            // What is claimed nevertheless is found by its file when it is looked for again.
            Err(fault) => (vec![], Err(fault)),
        }
    }

    fn ready<'due>(&self, to_lay: &'due ToLay, xml: Vec<u8>) -> Ready<'due> {
        let claim = self.ids.new_id();
        Ready { to_lay, claim, beside: self.beside(to_lay.number, claim, READY), xml }
    }

    /// Removes what was made ready of these e-invoices and has no claim in the log, or an earlier one than the last.
    fn remove_left_behind(&self, due: &[ToLay]) -> Result<(), WorkError> {
        let folder = &self.settings.ehf.outgoing;
        left_behind(folder, due)
            .and_then(|files| files.iter().try_for_each(std::fs::remove_file))
            .map_err(|source| WorkError::File { path: folder.clone(), source })
    }

    /// Removes what was taken away of those whose next claim is in the log now.
    fn remove_taken(&self, ready: &[Ready<'_>]) {
        for ToLay { number, left, .. } in ready.iter().map(|ready| ready.to_lay) {
            let Some(claim) = left else { continue };
            // One that cannot be removed is left behind, and removed by who looks next.
            let _ = std::fs::remove_file(self.beside(*number, *claim, TAKEN));
        }
    }

    /// Puts the files in place whose claims are in the log; those that are, and what went wrong with the others. A file that
    /// another worker has taken away meanwhile is left to it.
    fn put_in_place<'due>(&self, ready: &[Ready<'due>]) -> (Vec<&'due ToLay>, Result<(), WorkError>) {
        let (mut in_place, mut outcome) = (Vec::new(), Ok(()));
        for Ready { to_lay, beside, .. } in ready {
            let path = self.path_of(to_lay.number);
            match std::fs::rename(beside, &path) {
                Ok(()) => in_place.push(*to_lay),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    outcome = outcome.and(Err(WorkError::TakenAway { path: beside.clone() }));
                }
                Err(source) => outcome = outcome.and(Err(WorkError::File { path, source })),
            }
        }
        let folder = &self.settings.ehf.outgoing;
        let kept = if in_place.is_empty() { Ok(()) } else { whole_file::keep_names(folder) };
        let kept = kept.map_err(|source| WorkError::File { path: folder.clone(), source });
        (in_place, outcome.and(kept))
    }

    fn started(&self, ready: &Ready<'_>) -> (Wish, Envelope) {
        let Ready { to_lay, claim, .. } = ready;
        let started = EInvoiceLayingStarted { claim: *claim, file_name: file_name(to_lay.number) };
        let wished = StartLaying { started, instead_of: to_lay.left };
        (Wish::Delivery(to_lay.invoice, DeliveryCommand::StartLaying(wished)), self.envelope("lay out", *claim))
    }

    fn placed(&self, to_lay: &ToLay) -> (Wish, Envelope) {
        let placed = EInvoicePlaced { file_name: file_name(to_lay.number), on: self.clock.today() };
        let wish = Wish::Delivery(to_lay.invoice, DeliveryCommand::RecordEInvoicePlaced(placed));
        (wish, self.envelope("place", to_lay.invoice.0))
    }

    fn unknown(&self, to_lay: &ToLay, claim: Uuid) -> (Wish, Envelope) {
        let said =
            "whoever laid it out was stopped before that was recorded, and the file is there no longer".to_owned();
        let unknown = EInvoiceOutcomeUnknown { claim, said, on: self.clock.today() };
        let wish = Wish::Delivery(to_lay.invoice, DeliveryCommand::RecordEInvoiceUnknown(unknown));
        (wish, self.envelope("unknown", claim))
    }

    fn path_of(&self, number: u64) -> PathBuf {
        self.settings.ehf.outgoing.join(file_name(number))
    }

    /// Where an e-invoice is ready, or was before it was taken away. It bears its claim, so that it is put in place by who holds
    /// that, once, or taken away.
    fn beside(&self, number: u64, claim: Uuid, ending: &str) -> PathBuf {
        self.settings.ehf.outgoing.join(beside_name(number, claim, ending))
    }
}

/// Writes the files beside where they will be. Where one cannot be written, none of them stays.
fn make_ready(ready: &[Ready<'_>]) -> Result<(), WorkError> {
    let files: Vec<(&PathBuf, &[u8])> = ready.iter().map(|ready| (&ready.beside, &ready.xml[..])).collect();
    whole_file::write_all(&files).map_err(|(path, source)| {
        for ready in ready {
            // That one cannot be removed either is no other news.
            let _ = std::fs::remove_file(&ready.beside);
        }
        WorkError::File { path, source }
    })
}

/// An e-invoice that is to be laid out.
struct ToLay {
    invoice: InvoiceId,
    number: u64,
    rendered: Rendered,
    /// Who has begun to and was stopped.
    left: Option<Uuid>,
}

/// What is there of it.
enum Found {
    /// Nothing, and nobody can put it there; what is to be laid out.
    Nothing(Vec<u8>),
    /// It is in place.
    InPlace,
    /// It was put in place by who held this claim, and is there no longer.
    Gone(Uuid),
}

/// An e-invoice that is ready beside its place.
struct Ready<'due> {
    to_lay: &'due ToLay,
    claim: Uuid,
    beside: PathBuf,
    xml: Vec<u8>,
}

/// How the name of a file ends that is ready.
const READY: &str = ".part";

/// How the name of a file ends that was ready and was taken away.
const TAKEN: &str = ".taken";

fn beside_prefix(number: u64) -> String {
    format!(".{}.", file_name(number))
}

fn beside_name(number: u64, claim: Uuid, ending: &str) -> String {
    format!("{}{claim}{ending}", beside_prefix(number))
}

fn is_placed(wish: &Wish) -> bool {
    matches!(wish, Wish::Delivery(_, DeliveryCommand::RecordEInvoicePlaced(_)))
}

/// Takes away a file that is ready; whether it was there, now or when somebody took it away before.
fn is_taken_away(ready: &Path, taken: &Path) -> Result<bool, WorkError> {
    let failed = |source| WorkError::File { path: ready.to_owned(), source };
    match std::fs::rename(ready, taken) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => taken.try_exists().map_err(failed),
        Err(source) => Err(failed(source)),
    }
}

/// What lies beside these e-invoices of other claims than their last.
fn left_behind(folder: &Path, due: &[ToLay]) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries?,
    };
    let is_of_last = |name: &str, to_lay: &ToLay| {
        let of_last = |claim| [READY, TAKEN].map(|ending| beside_name(to_lay.number, claim, ending));
        to_lay.left.map(of_last).is_some_and(|of_last| of_last.iter().any(|last| last == name))
    };
    // Few of what may lie there by the thousand have such a name.
    let is_left_behind = |name: &str| {
        let lies_beside = name.starts_with('.') && (name.ends_with(READY) || name.ends_with(TAKEN));
        let begun = || due.iter().find(|to_lay| name.starts_with(&beside_prefix(to_lay.number)));
        lies_beside && begun().is_some_and(|to_lay| !is_of_last(name, to_lay))
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        if is_left_behind(&entry.file_name().to_string_lossy()) {
            files.push(entry.path());
        }
    }
    Ok(files)
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
