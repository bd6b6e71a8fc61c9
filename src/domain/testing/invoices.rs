//! Issued invoices, for tests of what becomes of them.

use rust_decimal::Decimal;

use super::{day, nth};
use crate::domain::identity::{CostId, InvoiceId, InvoiceRunId, PartyId};
use crate::domain::invoice_run::{InvoiceLanguage, InvoiceLine, InvoiceParty, Issuer, PlannedInvoice};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::{DocumentKind, Subject, VatTreatment};

/// A county authority that is registered for VAT.
pub(crate) fn issuer(number: u128) -> Issuer {
    Issuer {
        party: PartyId(nth(number)),
        name: format!("Fylke {number}"),
        organisation_number: "922420866".to_owned(),
        number: Some(number.to_string()),
        in_foretaksregisteret: false,
        vat_registered: true,
    }
}

/// A municipality that pays.
pub(crate) fn recipient(number: u128) -> InvoiceParty {
    InvoiceParty {
        party: PartyId(nth(number)),
        name: format!("Kommune {number}"),
        organisation_number: "963376030".to_owned(),
        number: Some(format!("{number:04}")),
    }
}

/// A share at 25 percent VAT.
pub(crate) fn line(cost: u128, net_ore: i64) -> InvoiceLine {
    InvoiceLine {
        subject: Subject::Cost { cost: CostId(nth(2_000 + cost)) },
        text: format!("Kostnad {cost}, budsjettår 2023"),
        explanation: "Halvt likt, halvt etter innbyggere".to_owned(),
        period: None,
        net_ore: Ore(net_ore),
        vat_percent: Decimal::from(25),
        passed_on_vat_ore: None,
        invoiced_before: None,
    }
}

/// An ordinary invoice to a municipality.
pub(crate) fn planned(invoice: u128, lines: Vec<InvoiceLine>) -> PlannedInvoice {
    PlannedInvoice {
        invoice: InvoiceId(nth(invoice)),
        agreement: None,
        recipient: recipient(1),
        kind: DocumentKind::Invoice,
        treatment: VatTreatment::Resale,
        decisions: vec!["Sak 23/101".to_owned()],
        language: InvoiceLanguage::Bokmal,
        buyer_reference: Some("BIB-1".to_owned()),
        order_reference: None,
        accounting_cost: None,
        lines,
        vat: vec![],
        net_ore: Ore::ZERO,
        passed_on_vat_ore: Ore::ZERO,
        vat_ore: Ore::ZERO,
        total_ore: Ore::ZERO,
        attachments: vec![],
    }
    .summed()
}

/// The same, issued by a county authority in November 2023.
pub(crate) fn issued(county: u128, lines: Vec<InvoiceLine>) -> Issued {
    Issued {
        number: 542_300_001,
        kid: Some("54230000107".to_owned()),
        run: InvoiceRunId(nth(7_000)),
        issuer: issuer(county),
        account_number: "12345678903".to_owned(),
        invoice_date: day("2023-11-15"),
        due_date: day("2023-12-15"),
        invoice: planned(400, lines),
    }
}
