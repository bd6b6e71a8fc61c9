//! A log for the benchmarks: events of the product's own kinds, written as the product writes them.

use std::path::Path;

use chrono::{DateTime, Days, NaiveDate, Utc};
use grenselos::domain::event::Event;
use grenselos::domain::identity::{AgreementId, CostId, InvoiceId, InvoiceRunId, PartyId};
use grenselos::domain::invoice_run::{InvoiceLanguage, InvoiceLine, InvoiceParty, Issuer, PlannedInvoice};
use grenselos::domain::money::Ore;
use grenselos::domain::series::Issued;
use grenselos::domain::vat::{DocumentKind, Subject, VatTreatment};
use grenselos::handle::{Metadata, stream_name};
use grenselos::schema::{self, Encoded};
use grenselos::store::sqlite::SqliteStore;
use grenselos::store::{Append, EventStore as _, Expected, NewEvent};
use rust_decimal::Decimal;
use uuid::Uuid;

/// How many events are on their way into the store at once.
const WAITING: usize = 10_000;

/// An id that looks random and is the same in every run.
pub fn id(what: &str, number: u64) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{what} {number}").as_bytes())
}

/// A day some days after the first of January 2023.
pub fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 1, 1).unwrap_or_default() + Days::new(number)
}

/// Makes a new store in `directory` and writes the events into it in the order given.
pub fn fill(directory: &Path, events: impl Iterator<Item = (Uuid, Event)>) -> anyhow::Result<SqliteStore> {
    let store = SqliteStore::open(directory)?;
    let mut waiting = Vec::with_capacity(WAITING);
    for (number, (stream, event)) in (0..).zip(events) {
        waiting.push(append(number, stream, &event)?);
        if waiting.len() == WAITING {
            store.append_all(std::mem::take(&mut waiting)).into_iter().collect::<Result<Vec<_>, _>>()?;
        }
    }
    store.append_all(waiting).into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(store)
}

fn append(number: u64, stream: Uuid, event: &Event) -> anyhow::Result<Append> {
    let at = DateTime::from_timestamp(1_672_531_200 + i64::try_from(number)?, 0).unwrap_or_default();
    append_at(number, at, stream, event)
}

/// What appends an event that is recorded at an instant.
pub fn append_at(number: u64, recorded_at: DateTime<Utc>, stream: Uuid, event: &Event) -> anyhow::Result<Append> {
    let Encoded { event_type, version, data } = schema::encode(event)?;
    let metadata = Metadata {
        actor: "bench".to_owned(),
        correlation_id: id("request", number / 50),
        causation_id: None,
        request_digest: None,
    };
    let event = NewEvent {
        id: id("event", number),
        event_type: event_type.into(),
        schema_version: version,
        recorded_at,
        data,
        metadata: serde_json::to_vec(&metadata)?,
    };
    Ok(Append { stream: stream_name(kind(event_type)?, stream), expected: Expected::Any, events: vec![event] })
}

fn kind(event_type: &str) -> anyhow::Result<grenselos::domain::event::StreamKind> {
    let prefix = event_type.split('.').next();
    let kinds = grenselos::domain::event::StreamKind::ALL;
    kinds.iter().copied().find(|kind| Some(kind.prefix()) == prefix).ok_or_else(|| anyhow::anyhow!("no such stream"))
}

/// A party as it is printed on an invoice.
pub fn invoice_party(party: PartyId, number: u64) -> InvoiceParty {
    InvoiceParty {
        party,
        name: format!("Kommune {number}"),
        organisation_number: format!("{:09}", 900_000_000 + number),
        number: Some(format!("{:04}", number % 10_000)),
    }
}

/// An invoice with one line, the amount of which is different each time.
pub fn planned_invoice(number: u64, party: PartyId, party_number: u64) -> PlannedInvoice {
    let net = Ore(i64::try_from(10_000 + number * 7_919 % 5_000_000).unwrap_or_default());
    PlannedInvoice {
        invoice: InvoiceId(id("invoice", number)),
        agreement: Some(AgreementId(id("agreement", party_number))),
        recipient: invoice_party(party, party_number),
        kind: DocumentKind::Invoice,
        treatment: VatTreatment::Resale,
        decisions: vec!["Sak 23/101".to_owned()],
        language: InvoiceLanguage::Bokmal,
        buyer_reference: Some("BIB".to_owned()),
        order_reference: None,
        accounting_cost: None,
        lines: vec![InvoiceLine {
            subject: Subject::Cost { cost: CostId(id("cost", number % 97)) },
            text: "Engangskostnad: konvertering".to_owned(),
            explanation: format!("Andel etter innbyggere: {} av 241 736", 1_000 + number % 70_000),
            period: None,
            net_ore: net,
            vat_percent: Decimal::from(25),
            passed_on_vat_ore: None,
            invoiced_before: None,
        }],
        vat: vec![],
        net_ore: Ore::ZERO,
        passed_on_vat_ore: Ore::ZERO,
        vat_ore: Ore::ZERO,
        total_ore: Ore::ZERO,
        attachments: vec![],
    }
    .summed()
}

/// A county authority that issues.
pub fn issuer(party: PartyId, number: u64) -> Issuer {
    let InvoiceParty { party, name, organisation_number, number } = invoice_party(party, number);
    Issuer { party, name, organisation_number, number, in_foretaksregisteret: false, vat_registered: true }
}

/// That invoice, issued.
pub fn issued(number: u64, run: InvoiceRunId, issuer: Issuer, invoice: PlannedInvoice) -> Issued {
    let invoice_date = day(number % 1_000);
    Issued {
        number,
        kid: None,
        run,
        issuer,
        account_number: "12345678903".to_owned(),
        invoice_date,
        due_date: invoice_date + Days::new(30),
        invoice,
    }
}
