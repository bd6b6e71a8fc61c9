//! SAF-T Financial, Norwegian version 1.30 (Skatteetaten/saf-t): the part of the books that is kept here.
//!
//! Transactions are written one by one as they come, so that a large log needs no memory of its size; the vouchers are
//! gone through once for the balances and once for each journal.

use std::io::{BufWriter, Write};

use chrono::Datelike;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesStart, Event};

use super::balances::{Balance, Balances, Customer, balances};
use super::chart::{LedgerAccount, VatCode};
use super::{AccountingError, Books, Selection, Vouchers, voucher_text, voucher_type};
use crate::domain::calendar::Period;
use crate::domain::money::Ore;
use crate::render::element::Element;
use crate::render::words::word;
use crate::view::postings::{Account, Entry, Voucher, VoucherKind};

const NAMESPACE: &str = "urn:StandardAuditFile-Taxation-Financial:NO";
const VERSION: &str = "1.30";
const COUNTRY: &str = "NO";
const CURRENCY: &str = "NOK";
const SOFTWARE: &str = "Grenseløs";
const VAT: &str = "MVA";
/// Before the name of an office or of a person that is not parted into first and last.
const NAME_NOT_PARTED: &str = "NotUsed";
/// Journals of what payers owe (accounts receivable).
const JOURNAL_TYPE: &str = "AR";
const INDENT_WIDTH: usize = 2;

/// The most characters of the schema's short, middle and long texts.
const SHORT: usize = 18;
const MIDDLE: usize = 35;
const MIDDLE_2: usize = 70;
const LONG: usize = 256;

/// The vouchers by what they are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Journal {
    Documents,
    Payments,
}

impl Journal {
    fn of(kind: VoucherKind) -> Self {
        match kind {
            VoucherKind::Invoice
            | VoucherKind::Claim
            | VoucherKind::CreditNote { .. }
            | VoucherKind::Reminder
            | VoucherKind::ChargesWaived
            | VoucherKind::PassedOn => Self::Documents,
            VoucherKind::Received
            | VoucherKind::Matched
            | VoucherKind::Unmatched
            | VoucherKind::Returned
            | VoucherKind::HandedOn => Self::Payments,
        }
    }

    fn id_and_description(self) -> (&'static str, String) {
        match self {
            Self::Documents => ("1", word("saft-journal-documents")),
            Self::Payments => ("2", word("saft-journal-payments")),
        }
    }
}

/// Writes the file.
///
/// # Errors
/// The selection is no period within a calendar year, the chart lacks an account, a voucher does not come to nothing, or
/// it cannot be written.
pub fn write(books: &Books<'_>, vouchers: &dyn Vouchers, out: &mut dyn Write) -> Result<(), AccountingError> {
    let period = match books.selection {
        Selection::Run(_) => return Err(AccountingError::RunInSafT),
        Selection::Days(period) if period.first.year() != period.last.year() => {
            return Err(AccountingError::SeveralYears);
        }
        Selection::Days(period) => period,
    };
    let balances = balances(books, period, vouchers)?;
    let mut writer = Writer::new_with_indent(BufWriter::new(out), b' ', INDENT_WIDTH);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    within(&mut writer, BytesStart::new("AuditFile").with_attributes([("xmlns", NAMESPACE)]), |writer| {
        header(books, period).write(writer)?;
        master_files(books, &balances).write(writer)?;
        within(writer, BytesStart::new("GeneralLedgerEntries"), |writer| {
            Element::text("NumberOfEntries", balances.vouchers_count.to_string()).write(writer)?;
            money("TotalDebit", balances.turnover_ore).write(writer)?;
            money("TotalCredit", balances.turnover_ore).write(writer)?;
            [Journal::Documents, Journal::Payments]
                .into_iter()
                .try_for_each(|journal| write_journal(books, journal, vouchers, writer))
        })
    })?;
    let mut out = writer.into_inner();
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Writes an element around what `content` writes.
fn within<W: Write>(
    writer: &mut Writer<W>,
    start: BytesStart<'_>,
    content: impl FnOnce(&mut Writer<W>) -> Result<(), AccountingError>,
) -> Result<(), AccountingError> {
    let end = start.to_end().into_owned();
    writer.write_event(Event::Start(start))?;
    content(writer)?;
    Ok(writer.write_event(Event::End(end))?)
}

fn write_journal<W: Write>(
    books: &Books<'_>,
    journal: Journal,
    vouchers: &dyn Vouchers,
    writer: &mut Writer<W>,
) -> Result<(), AccountingError> {
    within(writer, BytesStart::new("Journal"), |writer| {
        let (id, description) = journal.id_and_description();
        Element::text("JournalID", id).write(writer)?;
        Element::text("Description", description).write(writer)?;
        Element::text("Type", JOURNAL_TYPE).write(writer)?;
        vouchers.each(&mut |voucher| {
            if Journal::of(voucher.kind) == journal && books.selects(voucher)? {
                transaction(books, voucher)?.write(writer)?;
            }
            Ok(())
        })
    })
}

fn header(books: &Books<'_>, period: Period) -> Element {
    let company = books.company;
    let contact = [("FirstName", NAME_NOT_PARTED), ("LastName", &*books.chart.contact)]
        .map(|(name, text)| Some(text_of(name, text, MIDDLE_2)));
    let vat_number = company.vat_registered.then(|| {
        let number = format!("{}{VAT}", company.organisation_number);
        Element::group("TaxRegistration", [Some(text_of("TaxRegistrationNumber", &number, MIDDLE))])
    });
    let bank_account = |number: &String| {
        let children = [
            text_of("BankAccountNumber", number, MIDDLE),
            text_of("GeneralLedgerAccountID", &books.chart.bank.number, MIDDLE_2),
        ];
        Some(Element::group("BankAccount", children.map(Some)))
    };
    let who = [
        Some(text_of("RegistrationNumber", &company.organisation_number, MIDDLE)),
        Some(text_of("Name", &company.name, LONG)),
        Some(Element::group("Contact", [Some(Element::group("ContactPerson", contact))])),
        vat_number,
    ];
    let selected = [("SelectionStartDate", period.first), ("SelectionEndDate", period.last)]
        .map(|(name, day)| Some(Element::text(name, day.to_string())));
    Element::group(
        "Header",
        [
            Some(Element::text("AuditFileVersion", VERSION)),
            Some(Element::text("AuditFileCountry", COUNTRY)),
            Some(Element::text("AuditFileDateCreated", books.written_on.to_string())),
            Some(Element::text("SoftwareCompanyName", SOFTWARE)),
            Some(Element::text("SoftwareID", SOFTWARE)),
            Some(text_of("SoftwareVersion", env!("CARGO_PKG_VERSION"), SHORT)),
            Some(Element::group("Company", who.into_iter().chain(company.account_numbers.iter().map(bank_account)))),
            Some(Element::text("DefaultCurrencyCode", CURRENCY)),
            Some(Element::group("SelectionCriteria", selected)),
            Some(text_of("HeaderComment", &word("saft-comment"), LONG)),
            // By accruals, as bookkeeping asks: the only basis there is.
            Some(Element::text("TaxAccountingBasis", "A")),
        ],
    )
}

fn master_files(books: &Books<'_>, balances: &Balances<'_>) -> Element {
    let known = books.chart.accounts();
    let accounts = balances.accounts.iter().filter_map(|(number, balance)| {
        known.get(number).map(|account| Some(ledger_account(books, account, *balance)))
    });
    let customers = balances.customers.iter().map(|(number, customer)| Some(customer_of(books, number, customer)));
    let codes = books.chart.vat_codes();
    let tax_table = [Some(Element::text("TaxType", VAT)), Some(Element::text("Description", "Merverdiavgift"))]
        .into_iter()
        .chain(codes.values().map(|code| Some(tax_code(*code))));
    let customers = (!balances.customers.is_empty()).then(|| Element::group("Customers", customers));
    Element::group(
        "MasterFiles",
        [
            Some(Element::group("GeneralLedgerAccounts", accounts)),
            customers,
            Some(Element::group("TaxTable", [Some(Element::group("TaxTableEntry", tax_table))])),
        ],
    )
}

fn ledger_account(books: &Books<'_>, account: &LedgerAccount, balance: Balance) -> Element {
    let [opening, closing] = standing(balance);
    let children = [
        text_of("AccountID", &account.number, MIDDLE_2),
        text_of("AccountDescription", &account.name, LONG),
        text_of("GroupingCategory", &books.chart.grouping_category, LONG),
        text_of("GroupingCode", &account.grouping_code, MIDDLE),
        Element::text("AccountType", "GL"),
        opening,
        closing,
    ];
    Element::group("Account", children.map(Some))
}

fn customer_of(books: &Books<'_>, number: &str, customer: &Customer) -> Element {
    let [opening, closing] = standing(customer.balance);
    let account = [text_of("AccountID", &books.chart.receivables.number, MIDDLE_2), opening, closing];
    let children = [
        text_of("RegistrationNumber", number, MIDDLE),
        text_of("Name", &customer.name, LONG),
        text_of("CustomerID", number, MIDDLE),
        Element::group("BalanceAccount", account.map(Some)),
    ];
    Element::group("Customer", children.map(Some))
}

fn standing(balance: Balance) -> [Element; 2] {
    let side =
        |amount: Ore, debit, credit| if amount.is_negative() { money(credit, -amount) } else { money(debit, amount) };
    [
        side(balance.opening_ore, "OpeningDebitBalance", "OpeningCreditBalance"),
        side(balance.closing_ore, "ClosingDebitBalance", "ClosingCreditBalance"),
    ]
}

fn tax_code(code: VatCode<'_>) -> Element {
    Element::group(
        "TaxCodeDetails",
        [
            Some(text_of("TaxCode", code.code, MIDDLE_2)),
            code.percent.map(|percent| Element::text("TaxPercentage", percent.normalize().to_string())),
            Some(Element::text("Country", COUNTRY)),
            Some(Element::text("StandardTaxCode", code.standard_code)),
            Some(Element::text("BaseRate", "100")),
        ],
    )
}

fn transaction(books: &Books<'_>, voucher: &Voucher) -> Result<Element, AccountingError> {
    let description = voucher_text(voucher);
    let head = [
        text_of("TransactionID", &voucher.id, MIDDLE_2),
        Element::text("Period", voucher.date.month().to_string()),
        Element::text("PeriodYear", voucher.date.year().to_string()),
        Element::text("TransactionDate", voucher.date.to_string()),
        text_of("VoucherType", &voucher_type(voucher.kind), MIDDLE_2),
        text_of("Description", &description, LONG),
        Element::text("SystemEntryDate", voucher.recorded_on.to_string()),
        Element::text("GLPostingDate", voucher.recorded_on.to_string()),
    ];
    let mut children: Vec<Option<Element>> = head.map(Some).into();
    for (number, entry) in (1..).zip(&voucher.entries) {
        children.push(Some(line(books, voucher, number, *entry, &description)?));
    }
    Ok(Element::group("Transaction", children))
}

fn line(
    books: &Books<'_>,
    voucher: &Voucher,
    number: usize,
    entry: Entry,
    description: &str,
) -> Result<Element, AccountingError> {
    let document = voucher.document.as_ref();
    let payer = document.filter(|_| entry.account == Account::Receivables).map(|document| &document.payer);
    let children = [
        Some(Element::text("RecordID", number.to_string())),
        Some(text_of("AccountID", &books.chart.account(entry.account)?.number, MIDDLE_2)),
        payer.map(|payer| text_of("CustomerID", &payer.organisation_number, MIDDLE)),
        Some(text_of("Description", description, LONG)),
        Some(amount(entry.amount_ore, entry.amount_ore, "DebitAmount", "CreditAmount")),
        books.chart.vat_code(entry.account).map(|code| tax_information(code, entry)),
        document.map(|document| Element::text("ReferenceNumber", document.number.to_string())),
        document.and_then(|document| document.kid.as_deref()).map(|kid| text_of("CID", kid, MIDDLE)),
        document.and_then(|document| document.due_date).map(|day| Element::text("DueDate", day.to_string())),
    ];
    Ok(Element::group("Line", children))
}

fn tax_information(code: VatCode<'_>, entry: Entry) -> Element {
    Element::group(
        "TaxInformation",
        [
            Some(Element::text("TaxType", VAT)),
            Some(text_of("TaxCode", code.code, MIDDLE_2)),
            code.percent.map(|percent| Element::text("TaxPercentage", percent.normalize().to_string())),
            Some(Element::text("Country", COUNTRY)),
            Some(money("TaxBase", absolute(entry.amount_ore))),
            Some(amount(entry.vat_ore, entry.amount_ore, "DebitTaxAmount", "CreditTaxAmount")),
        ],
    )
}

/// An amount on the side that `sided` has.
fn amount(amount_ore: Ore, sided: Ore, debit: &'static str, credit: &'static str) -> Element {
    let side = if sided.is_negative() { credit } else { debit };
    let amount_ore = if sided.is_negative() { -amount_ore } else { amount_ore };
    Element::group(side, [Some(money("Amount", amount_ore))])
}

fn absolute(amount: Ore) -> Ore {
    if amount.is_negative() { -amount } else { amount }
}

fn money(name: &'static str, amount: Ore) -> Element {
    Element::text(name, amount.to_string())
}

/// A text cut to what the schema takes, without what XML cannot hold.
fn text_of(name: &'static str, text: &str, characters_max: usize) -> Element {
    Element::text(name, text.chars().filter(|c| !c.is_control()).take(characters_max).collect::<String>())
}
