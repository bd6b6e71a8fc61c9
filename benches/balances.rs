//! What each municipality was invoiced in all, from a log of 200,000 issued invoices over 357 municipalities: the work
//! that `benches/run` has plain-text ledgers do on the same transactions.
//!
//! `balances fill DIRECTORY` writes the log, and the same transactions as journals beside it.
//! `balances read DIRECTORY` opens the log, decodes every event in full and prints all balances.

mod log;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use grenselos::domain::event::Event;
use grenselos::domain::identity::{InvoiceRunId, PartyId, SeriesId};
use grenselos::domain::money::Ore;
use grenselos::domain::series::{Issued, SeriesEvent};
use grenselos::ledger::read_through;
use grenselos::store::sqlite::SqliteStore;
use log::{id, issued, issuer, planned_invoice};

const TRANSACTIONS: u64 = 200_000;
const MUNICIPALITIES: u64 = 357;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["fill", directory] => fill(Path::new(directory)),
        ["read", directory] => read(Path::new(directory)),
        _ => {
            println!("balances: started by benches/run");
            Ok(())
        }
    }
}

fn invoice(number: u64) -> Issued {
    // A stride prime to the number of municipalities, so that the recipients change from line to line.
    let recipient = number * 101 % MUNICIPALITIES;
    let issuer = issuer(PartyId(id("party", MUNICIPALITIES)), MUNICIPALITIES);
    let planned = planned_invoice(number, PartyId(id("party", recipient)), recipient);
    issued(number, InvoiceRunId(id("run", number / MUNICIPALITIES)), issuer, planned)
}

fn fill(directory: &Path) -> anyhow::Result<()> {
    let series = SeriesId(id("series", 0));
    let events = (1..=TRANSACTIONS).map(|number| (series.0, SeriesEvent::Issued(Arc::new(invoice(number))).into()));
    drop(log::fill(directory, events)?);
    let mut classic = BufWriter::new(File::create(directory.join("journal.ledger"))?);
    let mut tackler = BufWriter::new(File::create(directory.join("journal.txn"))?);
    let mut journal: Vec<Issued> = (1..=TRANSACTIONS).map(invoice).collect();
    journal.sort_by_key(|issued| issued.invoice_date);
    for issued in journal {
        let Issued { number, invoice_date, invoice, .. } = issued;
        let account = invoice.recipient.name.replace(' ', "_");
        let amount = invoice.total_ore.decimal();
        writeln!(classic, "{invoice_date} invoice {number}\n  Municipality:{account}  {amount:.2}\n  Invoiced\n")?;
        writeln!(tackler, "{invoice_date} 'invoice {number}\n  Municipality:{account}  {amount:.2}\n  Invoiced\n")?;
    }
    Ok(())
}

fn read(directory: &Path) -> anyhow::Result<()> {
    let store = SqliteStore::open_read_only(directory)?;
    let mut balances: BTreeMap<PartyId, (String, Ore)> = BTreeMap::new();
    let mut damage = None;
    read_through(&store, &|_| true, &mut |shown| match shown.says {
        Ok(Some((_, Event::Series(SeriesEvent::Issued(issued))))) => {
            let issued = Arc::unwrap_or_clone(issued);
            let recipient = issued.invoice.recipient;
            let (_, balance) = balances.entry(recipient.party).or_insert((recipient.name, Ore::ZERO));
            *balance += issued.invoice.total_ore;
        }
        Ok(_) => {}
        Err(what) => damage = Some(what),
    })?;
    anyhow::ensure!(damage.is_none(), "an event could not be read: {damage:?}");
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (name, balance) in balances.values() {
        writeln!(out, "{:>18.2}  {name}", balance.decimal())?;
    }
    Ok(())
}
