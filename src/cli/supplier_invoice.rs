//! `grenselos supplier-invoice`: the supplier's invoice that a claim carries.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::{Failure, Session, procurement};
use crate::archive;
use crate::domain::calendar::Period;
use crate::domain::cost::CostCommand;
use crate::domain::identity::ProcurementId;
use crate::domain::licence::LicenceCommand;
use crate::domain::money::Ore;
use crate::domain::supplier_invoice::{FILE_BYTES_MAX, SupplierInvoice};
use crate::handle::Wish;
use crate::import::supplier_file::supplier_file;
use crate::unreadable;
use crate::view::book::Book;

/// Suppliers' invoices.
#[derive(Debug, Args)]
pub struct SupplierInvoiceArguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Record what the supplier invoiced, and keep the file: it goes with every claim that passes it on.
    Attach(AttachArguments),
}

#[derive(Debug, Args)]
struct AttachArguments {
    /// The file: PDF, PNG, JPEG, or an e-invoice (XML) with the PDF in it.
    file: PathBuf,
    /// The one-time cost that it is for: its name.
    #[arg(long, value_name = "NAME", required_unless_present = "licence", conflicts_with = "licence")]
    cost: Option<String>,
    /// The licence that it is for: its name. Then say for which days.
    #[arg(long, value_name = "NAME", requires = "first", requires = "last")]
    licence: Option<String>,
    /// The supplier's number of it. One recorded later under the same number takes its place.
    #[arg(long)]
    number: String,
    /// Its date.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    date: NaiveDate,
    /// Its sum excluding VAT.
    #[arg(long, value_name = "KRONER", value_parser = Ore::parse_kroner, allow_negative_numbers = true)]
    net: Ore,
    /// Its VAT.
    #[arg(long, value_name = "KRONER", value_parser = Ore::parse_kroner, allow_negative_numbers = true)]
    vat: Ore,
    /// The first day that a licence is invoiced for.
    #[arg(long, value_name = "DATE", requires = "licence", value_parser = unreadable::day)]
    first: Option<NaiveDate>,
    /// The last day that a licence is invoiced for.
    #[arg(long, value_name = "DATE", requires = "licence", value_parser = unreadable::day)]
    last: Option<NaiveDate>,
    /// The procurement, where there are several.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
}

pub fn run(session: &Session, arguments: &SupplierInvoiceArguments) -> Result<(), Failure> {
    match &arguments.step {
        Step::Attach(arguments) => attach(session, arguments),
    }
}

fn attach(session: &Session, arguments: &AttachArguments) -> Result<(), Failure> {
    let shown = arguments.file.display();
    let asked = |why: &dyn std::fmt::Display| Failure::Asked(format!("{shown}: {why}"));
    let bytes = read(&arguments.file).map_err(|error| asked(&error))?;
    let file = supplier_file(bytes).map_err(|error| asked(&crate::ledger::with_sources(&error)))?;
    let named = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let app = session.write()?;
    let supplier_invoice = SupplierInvoice {
        number: arguments.number.clone(),
        date: arguments.date,
        period: arguments.first.zip(arguments.last).map(|(first, last)| Period { first, last }),
        net_ore: arguments.net,
        vat_ore: arguments.vat,
        sha256: crate::exchange::sha256(&file.bytes),
        file_name: file.file_name.unwrap_or(named),
        media_type: file.media_type.to_owned(),
        size_bytes: file.bytes.len() as u64,
    };
    let wish = {
        let followed = app.ledger.now();
        let of = procurement(&followed.book, arguments.procurement.as_deref())?;
        let wish = wish(&followed.book, of, arguments, &supplier_invoice)?;
        // Decided before the file is kept: what is refused leaves nothing behind.
        wish.decide_in(&followed.book).map_err(|rejected| Failure::asked(&rejected))?;
        wish
    };
    archive::keep(&app.archive(), &file.bytes, file.media_type)
        .map_err(|(path, error)| Failure::Fault(format!("{} could not be written: {error}", path.display())))?;
    app.ledger.carry_out(&wish, &app.envelope(app.ids.new_id(), "command line"), None)?;
    let SupplierInvoice { number, net_ore, vat_ore, file_name, sha256, .. } = supplier_invoice;
    writeln!(
        io::stdout().lock(),
        "supplier's invoice {number}: {net_ore} excluding VAT, VAT {vat_ore}; {file_name} is kept, SHA-256 {sha256}"
    )?;
    Ok(())
}

/// No more of it than is taken is read.
fn read(path: &PathBuf) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn wish(
    book: &Book,
    of: ProcurementId,
    arguments: &AttachArguments,
    supplier_invoice: &SupplierInvoice,
) -> Result<Wish, Failure> {
    let supplier_invoice = supplier_invoice.clone();
    if let Some(name) = &arguments.licence {
        let licences = book.licences_of(of).into_iter();
        let named = licences.filter_map(|(id, licence)| Some((id, &*licence.recorded.as_ref()?.name)));
        let licence = called("--licence", name, &named.collect::<Vec<_>>())?;
        return Ok(Wish::Licence(licence, LicenceCommand::RecordSupplierInvoice { supplier_invoice }));
    }
    let costs = book.costs_of(of).into_iter();
    let named = costs.filter_map(|(id, cost)| Some((id, &*cost.recorded.as_ref()?.name)));
    let cost = called("--cost", arguments.cost.as_deref().unwrap_or_default(), &named.collect::<Vec<_>>())?;
    Ok(Wish::Cost(cost, CostCommand::RecordSupplierInvoice { supplier_invoice }))
}

/// The one of this name.
fn called<Id: Copy>(flag: &str, name: &str, all: &[(Id, &str)]) -> Result<Id, Failure> {
    let found: Vec<Id> = all.iter().filter(|(_, known)| *known == name.trim()).map(|(id, _)| *id).collect();
    match found.as_slice() {
        [id] => Ok(*id),
        [] => {
            let known: Vec<&str> = all.iter().map(|(_, name)| *name).collect();
            let known = if known.is_empty() {
                "none is recorded yet".to_owned()
            } else {
                format!("known: {}", known.join(", "))
            };
            Err(Failure::Asked(format!("{flag} {name}: nothing is called so; {known}")))
        }
        several => Err(Failure::Asked(format!(
            "{flag} {name}: {} are called so; record it with its id: record_supplier_invoice, by the API",
            several.len()
        ))),
    }
}
