//! Documents: drawn up, kept by their hash, recorded. The tables of everybody's share are drawn up once for all claims of a
//! run that are for the same, in one language.

use std::collections::BTreeMap;

use super::{PDF, Tools, WorkError, procurement_of};
use crate::archive::Kept;
use crate::domain::delivery::{DeliveryCommand, Rendered};
use crate::domain::identity::{InvoiceId, InvoiceRunId};
use crate::domain::invoice_run::{InvoiceLanguage, InvoiceRun};
use crate::domain::supplier_invoice::Attachment;
use crate::domain::vat::Subject;
use crate::handle::Wish;
use crate::process::open_tasks::Task;
use crate::render::{self, DistributionDocument, IssuedDocument};
use crate::side_by_side::{begin_and_finish, on_processors};
use crate::view::book::Book;
use crate::view::distribution::{Distribution, claimed, distributions};
use crate::view::documents::{Document, KeptDocument, document};

/// Which tables go with a claim.
type Tables = (InvoiceRunId, InvoiceLanguage, Vec<Subject>);

/// Where they are; or why they could not be drawn up.
type TablesInArchive = BTreeMap<Tables, Result<Attachment, String>>;

/// The document and what goes with it; or why it could not be drawn up.
type DrawnUp = Result<(Vec<u8>, Vec<Attachment>), String>;

/// How many documents are held at a time until they are safe in the archive.
const AT_A_TIME: usize = 32;

/// A document that is to be drawn up.
struct Due {
    invoice: InvoiceId,
    kept: KeptDocument,
    procurement_name: String,
    illustrative: bool,
    tables: Option<Tables>,
}

impl Tools<'_> {
    /// Draws up all documents that are due, as many at a time as the machine has processors; how many.
    pub(super) fn draw_up(&self, tasks: &[Task]) -> Result<usize, WorkError> {
        let (due, tables) = {
            let book = &self.ledger.now().book;
            let due: Vec<Due> = tasks.iter().filter_map(|task| due(book, *task)).collect();
            let tables = tables(book, &due);
            (due, tables)
        };
        let tables = self.draw_up_tables(tables)?;
        let counts = begin_and_finish(
            due.chunks(AT_A_TIME),
            |due| self.draw_up_some(due, &tables),
            |(due, documents)| self.keep_drawn_up(due, documents),
        )?;
        Ok(counts.into_iter().sum())
    }

    fn draw_up_some(&self, due: &[Due], tables: &TablesInArchive) -> Vec<DrawnUp> {
        on_processors(due, |Due { kept, procurement_name, illustrative, tables: wanted, .. }| {
            let document = IssuedDocument { document: kept.document(), procurement_name, illustrative: *illustrative };
            let beside = match wanted.as_ref().and_then(|wanted| tables.get(wanted)) {
                Some(Ok(table)) => vec![table.clone()],
                Some(Err(fault)) => return Err(fault.clone()),
                None => vec![],
            };
            let bytes =
                render::document_pdf(&document, &beside, self.conformance).map_err(|fault| fault.to_string())?;
            Ok((bytes, beside))
        })
    }

    fn keep_drawn_up(&self, due: &[Due], documents: Vec<DrawnUp>) -> Result<usize, WorkError> {
        let mut wishes = Vec::new();
        let mut drawn_up = Vec::new();
        let mut files = Vec::new();
        for (Due { invoice, .. }, document) in due.iter().zip(documents) {
            match document {
                Ok((bytes, beside)) => {
                    files.push(bytes);
                    drawn_up.push((*invoice, beside));
                }
                // One that cannot be drawn up does not stop the others.
                Err(fault) => {
                    wishes.push(self.parking(*invoice, format!("the document could not be drawn up: {fault}")));
                }
            }
        }
        let count = drawn_up.len();
        for ((invoice, beside), kept) in drawn_up.into_iter().zip(self.keep_all(&files, PDF)?) {
            let wish = Wish::Delivery(invoice, DeliveryCommand::RecordRendered(rendered(invoice, kept, beside)));
            wishes.push((wish, self.envelope("render", invoice.0)));
        }
        self.ledger.carry_out_all(&wishes)?;
        Ok(count)
    }

    /// The tables in the archive; or why they could not be drawn up, and the claims with them.
    fn draw_up_tables(&self, tables: BTreeMap<Tables, DistributionDocument>) -> Result<TablesInArchive, WorkError> {
        let tables: Vec<(Tables, DistributionDocument)> = tables.into_iter().collect();
        let drawn_up = on_processors(&tables, |(_, document)| match render::distribution_pdf(document) {
            Ok(bytes) => self.keep(&bytes, PDF).map(|Kept { sha256, media_type, .. }| {
                Ok(Attachment { sha256, file_name: document.file_name(), media_type })
            }),
            Err(fault) => Ok(Err(fault.to_string())),
        });
        tables.into_iter().zip(drawn_up).map(|((tables, _), drawn_up)| Ok((tables, drawn_up?))).collect()
    }
}

/// What is recorded of a document in the archive.
pub(super) fn rendered(invoice: InvoiceId, kept: Kept, enclosures: Vec<Attachment>) -> Rendered {
    let Kept { sha256, media_type, size_bytes } = kept;
    Rendered { invoice, sha256, media_type, size_bytes, enclosures }
}

fn due(book: &Book, task: Task) -> Option<Due> {
    let Task::Render(invoice) = task else { return None };
    let document = document(book, invoice)?;
    let (procurement_name, illustrative) = procurement_of(book, document);
    let tables = match document {
        Document::Invoice(issued) => Some((issued.run, issued.invoice.language, claimed(issued))),
        Document::CreditNote(..) | Document::Reminder(..) => None,
    };
    Some(Due { invoice, kept: document.kept(), procurement_name, illustrative, tables })
}

/// The tables that go with what is due. Of what one pays alone there is none.
fn tables(book: &Book, due: &[Due]) -> BTreeMap<Tables, DistributionDocument> {
    let mut shared: BTreeMap<InvoiceRunId, BTreeMap<Subject, Distribution>> = BTreeMap::new();
    let mut documents = BTreeMap::new();
    for Due { tables, procurement_name, illustrative, .. } in due {
        let Some(tables @ (run, language, subjects)) = tables else { continue };
        if subjects.is_empty() || documents.contains_key(tables) {
            continue;
        }
        let Some(planned) = book.runs.get(run).and_then(InvoiceRun::planned) else { continue };
        let all = shared.entry(*run).or_insert_with(|| distributions(book, &planned.plan));
        let distributions: Vec<Distribution> =
            subjects.iter().filter_map(|subject| all.get(subject).cloned()).collect();
        if distributions.is_empty() {
            continue;
        }
        let document = DistributionDocument {
            run: *run,
            issuer: planned.plan.issuer.clone(),
            date: planned.plan.invoice_date,
            language: *language,
            procurement_name: procurement_name.clone(),
            illustrative: *illustrative,
            distributions,
        };
        documents.insert(tables.clone(), document);
    }
    documents
}
