//! What of `grenselos invoice` comes after issue: credit, settle, remind, waive.

use std::io::{self, Write};

use chrono::{Datelike, NaiveDate};
use clap::Args;

use super::answer::{Table, write_json};
use super::payment::{carry_out, invoice};
use super::{Failure, Format, Session, party, year};
use crate::after_issue::{crediting, reminder, settling};
use crate::domain::credit_note::{CreditExtent, CreditNoteIssued, LineCredit};
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::payment::{ChargesWaived, PaymentsEvent, Reminded};
use crate::domain::vat::Subject;
use crate::ids;
use crate::process::invoice_plan::{self, Settlement, SettlementWay};
use crate::unreadable;
use crate::view::book::Book;
use crate::view::receivables;

/// A credit note.
#[derive(Debug, Args)]
pub struct CreditArguments {
    /// The number of the invoice.
    number: u64,
    /// A line, counted from 1, and how much of it excluding VAT; all that is left of it where no amount is said. Several
    /// times for several lines; the whole invoice where no line is named.
    #[arg(long = "line", value_name = "N[=KRONER]", value_parser = line_credit)]
    lines: Vec<LineCredit>,
    /// Why, as it will stand on the credit note: no names.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The date on the credit note; today where nothing is said, and at most 14 days back.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    date: Option<NaiveDate>,
    /// Who credits, where it is not who issued and no agreement says who came after.
    #[arg(long, value_name = "NR")]
    issuer: Option<String>,
}

fn line_credit(text: &str) -> Result<LineCredit, String> {
    let (line, amount) = text.split_once('=').map_or((text, None), |(line, amount)| (line, Some(amount)));
    let line = line.trim().parse().map_err(|_| format!("\"{line}\" is no line; write 2 or 2=1500.00"))?;
    let net_ore = amount.map(Ore::parse_kroner).transpose().map_err(|error| error.to_string())?;
    Ok(LineCredit { line, net_ore, passed_on_vat_ore: None })
}

/// A settlement.
#[derive(Debug, Args)]
pub struct SettleArguments {
    /// The name of the cost or licence, or its id.
    name: String,
    /// The budget year; that of the cost, or this year, where nothing is said.
    #[arg(long, value_name = "YEAR")]
    year: Option<i32>,
    /// Credit what was invoiced too much: the sum in all, as the settlement showed it.
    #[arg(long, value_name = "KRONER", value_parser = Ore::parse_kroner)]
    credit: Option<Ore>,
    /// The date on the credit notes; today where nothing is said, and at most 14 days back.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    date: Option<NaiveDate>,
    /// How the settlement is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A reminder.
#[derive(Debug, Args)]
pub struct RemindArguments {
    /// The invoice number.
    number: u64,
}

/// A waiver.
#[derive(Debug, Args)]
pub struct WaiveArguments {
    /// The invoice number.
    number: u64,
    /// Why, in a few words and without names.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub fn credit(session: &Session, arguments: &CreditArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let on = app.clock.today();
    let date = arguments.date.unwrap_or(on);
    let lines = arguments.lines.clone();
    let extent = if lines.is_empty() { CreditExtent::Whole } else { CreditExtent::Lines { lines } };
    let (credit_note, wish) = {
        let known = app.ledger.now();
        let invoice = invoice(&known.book, arguments.number)?;
        // The same credit note typed twice is the same credit note.
        let identity = format!("{date} {extent:?} {}", arguments.reason);
        let credit_note = InvoiceId(ids::derived(invoice.0, &identity));
        let issuer = arguments.issuer.as_deref().map(|called| party(&known.book, "--issuer", called)).transpose()?;
        let reason = arguments.reason.clone();
        let order = crediting::Order { credit_note, invoice, extent, reason, date, issuer, on };
        (credit_note, crediting::wish(&known.book, &order).map_err(|error| Failure::asked(&error))?)
    };
    let handled = carry_out(&app, &wish)?;
    let mut out = io::stdout().lock();
    let known = app.ledger.now();
    let Some(note) = crediting::issued_note(&handled.events) else {
        let number = known.book.credit_note(credit_note).map(|note| note.number);
        return Ok(writeln!(
            out,
            "invoice {}: it was credited so before, by credit note {}; for more of the same give another reason",
            arguments.number,
            number.unwrap_or_default()
        )?);
    };
    show_note(&known.book, note, &mut out)?;
    Ok(writeln!(out, "next: grenselos invoice issue")?)
}

fn show_note(book: &Book, note: &CreditNoteIssued, out: &mut dyn Write) -> Result<(), Failure> {
    let credited = &note.credited;
    writeln!(
        out,
        "credit note {} of {}, {}, credits invoice {} of {}, {}",
        note.number, note.date, note.issuer.name, credited.number, credited.invoice_date, credited.issuer.name
    )?;
    let mut table = Table::new(["line", "text", "vat %", "net"]);
    for line in &note.lines {
        let (number, text) = (line.line.to_string(), line.text.clone());
        table.row([number, text, line.vat_percent.to_string(), line.net_ore.to_string()]);
    }
    table.write_text(out)?;
    let vat = note.vat_ore + note.passed_on_vat_ore;
    writeln!(out, "{} excluding VAT, {vat} VAT, {} in all", note.net_ore, note.total_ore)?;
    let Some(issued) = book.invoices.get(&credited.invoice) else { return Ok(()) };
    let left = receivables::receivable(book, credited.invoice, issued, note.date).outstanding_ore;
    if left < Ore::ZERO {
        let number = credited.number;
        writeln!(out, "invoice {number}: {} is paid too much now, and is to be paid back or set off", -left)?;
    } else {
        writeln!(out, "invoice {}: {left} is left to be paid", credited.number)?;
    }
    Ok(())
}

pub fn settle(session: &Session, arguments: &SettleArguments) -> Result<(), Failure> {
    let app = if arguments.credit.is_some() { session.write()? } else { session.read()? };
    let date = arguments.date.unwrap_or(app.clock.today());
    let settlement = {
        let known = app.ledger.now();
        let (procurement, subject, own_year) = subject_called(&known.book, &arguments.name)?;
        let year = year("--year", arguments.year.or(own_year).unwrap_or(date.year()))?;
        invoice_plan::settlement(&known.book, procurement, subject, year, date)
            .map_err(|error| Failure::asked(&error))?
    };
    let Some(seen) = arguments.credit else {
        return show_settlement(&app.ledger.now().book, &settlement, arguments.format);
    };
    let wishes =
        settling::wishes(&app.ledger.now().book, &settlement, seen, (date, app.clock.today()), |_| app.ids.new_id())
            .map_err(|error| Failure::asked(&error))?;
    let enveloped: Vec<_> = wishes
        .iter()
        .map(|(note, wish)| (wish.clone(), app.envelope(ids::derived(note.0, "settle"), "command line")))
        .collect();
    app.ledger.carry_out_all(&enveloped)?;
    let mut out = io::stdout().lock();
    let known = app.ledger.now();
    let mut table = Table::new(["credit note", "of invoice", "recipient", "net", "vat", "total"]);
    for note in wishes.iter().filter_map(|(id, _)| known.book.credit_note(*id)) {
        table.row([
            note.number.to_string(),
            note.credited.number.to_string(),
            note.recipient.name.clone(),
            note.net_ore.to_string(),
            (note.vat_ore + note.passed_on_vat_ore).to_string(),
            note.total_ore.to_string(),
        ]);
    }
    table.write_text(&mut out)?;
    Ok(writeln!(out, "next: grenselos invoice issue")?)
}

/// The cost or licence that people mean, with its procurement and, of a cost, its year.
fn subject_called(book: &Book, called: &str) -> Result<(ProcurementId, Subject, Option<i32>), Failure> {
    let called = called.trim();
    let is_meant = |id: String, name: &str| id == called || name.to_lowercase() == called.to_lowercase();
    let costs = book.costs.iter().filter_map(|(id, cost)| {
        let recorded = cost.recorded.as_ref()?;
        let subject = Subject::Cost { cost: *id };
        is_meant(id.to_string(), &recorded.name).then_some((recorded.procurement, subject, Some(cost.year)))
    });
    let licences = book.licences.iter().filter_map(|(id, licence)| {
        let recorded = licence.recorded.as_ref()?;
        let subject = Subject::Licence { licence: *id };
        is_meant(id.to_string(), &recorded.name).then_some((recorded.procurement, subject, None))
    });
    let found: Vec<_> = costs.chain(licences).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::Asked(format!(
            "no cost or licence is called {called}; `grenselos list costs` and `grenselos list licences` show them"
        ))),
        several => {
            let count = several.len();
            Err(Failure::Asked(format!("{count} costs or licences are called {called}; give the id, as JSON shows it")))
        }
    }
}

/// What is typed for a cost or licence: what people call it, or its id where another is called the same.
pub fn as_typed(book: &Book, subject: Subject, name: &str) -> String {
    match subject_called(book, name) {
        Ok((_, called, _)) if called == subject => format!("\"{name}\""),
        Ok(_) | Err(_) => match subject {
            Subject::Cost { cost } => cost.to_string(),
            Subject::Licence { licence } => licence.to_string(),
        },
    }
}

/// Which VAT is in the amounts of a settlement. Output VAT is in none of them.
pub fn vat_in_words(with_supplier_vat: bool) -> &'static str {
    if with_supplier_vat { "with the supplier's VAT" } else { "excluding VAT" }
}

fn show_settlement(book: &Book, settlement: &Settlement, format: Format) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if format == Format::Json {
        return Ok(write_json(&mut out, settlement)?);
    }
    let with_supplier_vat = settlement.passed_on_vat_ore.is_some();
    let which_vat = vat_in_words(with_supplier_vat);
    // A program finds its columns by their names, whatever VAT is in them.
    let [share, invoiced, difference] = match format {
        Format::Csv | Format::Json => ["share", "on account", "difference"],
        Format::Text if with_supplier_vat => ["share with VAT", "on account with VAT", "difference with VAT"],
        Format::Text => ["share excluding VAT", "on account excluding VAT", "difference excluding VAT"],
    };
    let mut table = Table::new(["number", "participant", share, invoiced, difference, "settled by"]);
    for part in &settlement.parts {
        let settled_by = match &part.way {
            SettlementWay::Settled => "nothing".to_owned(),
            SettlementWay::NextInvoice => "the next invoice".to_owned(),
            SettlementWay::Credit(lines) => {
                let mut numbers: Vec<String> = lines.iter().map(|line| line.number.to_string()).collect();
                numbers.dedup();
                format!("a credit note of {}", numbers.join(", "))
            }
            SettlementWay::OwnShare => "itself: it leads the procurement".to_owned(),
            SettlementWay::Waits => "later: once an approved run is issued, or the amount is actual".to_owned(),
        };
        table.row([
            part.number.clone(),
            part.name.clone(),
            part.share().to_string(),
            part.invoiced().to_string(),
            part.difference().to_string(),
            settled_by,
        ]);
    }
    let sum = |of: fn(&invoice_plan::SettlementPart) -> Ore| settlement.parts.iter().map(of).sum::<Ore>().to_string();
    let (share, invoiced) = (sum(invoice_plan::SettlementPart::share), sum(invoice_plan::SettlementPart::invoiced));
    table.total(["", "total", &share, &invoiced, &sum(invoice_plan::SettlementPart::difference), ""]);
    if format == Format::Csv {
        return Ok(table.write_csv(&mut out)?);
    }
    table.write_text(&mut out)?;
    let Settlement { subject, name, covers, net_ore, is_actual, passed_on_vat_ore, .. } = settlement;
    let came_to = if *is_actual { "came to" } else { "is contracted at" };
    let vat = passed_on_vat_ore.map(|vat| format!(" and {vat} of the supplier's VAT")).unwrap_or_default();
    writeln!(out, "\n{name}, {} to {}: it {came_to} {net_ore} excluding VAT{vat}", covers.first, covers.last)?;
    let (credit, invoice) = (settlement.to_credit(), settlement.to_invoice());
    if credit != Ore::ZERO {
        let typed = as_typed(book, *subject, name);
        writeln!(out, "to be credited: {credit} ({which_vat})")?;
        writeln!(out, "next: grenselos invoice settle {typed} --year {} --credit {credit}", covers.first.year())?;
    }
    if invoice != Ore::ZERO {
        writeln!(
            out,
            "{invoice} ({which_vat}) comes with the next invoices: grenselos invoice plan --year {}",
            covers.first.year()
        )?;
    }
    Ok(())
}

pub fn remind(session: &Session, arguments: &RemindArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let number = arguments.number;
    let wish = {
        let known = app.ledger.now();
        let invoice = invoice(&known.book, number)?;
        let on = app.clock.today();
        reminder::wish(&known.book, &app.settings.late_payment, invoice, on, &|issuer| app.account_of(issuer))
            .map_err(|error| Failure::asked(&error))?
    };
    let handled = carry_out(&app, &wish)?;
    let mut out = io::stdout().lock();
    let Some(Event::Payments(PaymentsEvent::Reminded(reminded))) = handled.events.first() else {
        return Ok(writeln!(out, "invoice {number}: it was reminded of on that day already")?);
    };
    let Reminded { outstanding_ore, fee_ore, interest_ore, interest, pay_by, .. } = reminded;
    let total_ore = *outstanding_ore + receivables::charged(&app.ledger.now().book, reminded.invoice);
    writeln!(
        out,
        "invoice {number}: {outstanding_ore} outstanding, fee {fee_ore}, interest {interest_ore}: {total_ore} to be paid by \
         {pay_by}"
    )?;
    for step in interest {
        let (first, last) = (step.days.first, step.days.last);
        writeln!(
            out,
            "  {first} to {last}: {} at {} %, {} days a year",
            step.principal_ore, step.percent, step.year_days
        )?;
    }
    Ok(writeln!(out, "next: grenselos invoice issue")?)
}

pub fn waive(session: &Session, arguments: &WaiveArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let number = arguments.number;
    let wish = {
        let known = app.ledger.now();
        let invoice = invoice(&known.book, number)?;
        reminder::waiver(&known.book, invoice, arguments.reason.clone(), app.clock.today())
            .map_err(|error| Failure::asked(&error))?
    };
    let handled = carry_out(&app, &wish)?;
    let mut out = io::stdout().lock();
    let Some(Event::Payments(PaymentsEvent::ChargesWaived(waived))) = handled.events.first() else {
        return Ok(writeln!(out, "invoice {number}: it was waived before")?);
    };
    let ChargesWaived { amount_ore, .. } = waived;
    Ok(writeln!(out, "invoice {number}: {amount_ore} of fees and interest is no longer asked for")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::CostEvent;
    use crate::domain::testing::facts::{BY_KEY, Fact, PROCUREMENT, cost, cost_id};

    fn called(number: u128, year: i32, name: &str) -> Fact {
        let (stream, event) = cost(number, year, BY_KEY);
        let Event::Cost(CostEvent::Recorded(mut recorded)) = event else { panic!("{event:?}") };
        name.clone_into(&mut recorded.name);
        (stream, Event::Cost(CostEvent::Recorded(recorded)))
    }

    #[test]
    fn what_is_proposed_to_be_typed_names_one_cost_also_where_two_are_called_the_same() {
        let book = Book::of([called(1, 2023, "Kurs"), called(2, 2024, "kurs"), called(3, 2023, "Konvertering")]);
        let proposed = |number, name| as_typed(&book, Subject::Cost { cost: cost_id(number) }, name);
        assert_eq!(proposed(3, "Konvertering"), "\"Konvertering\"");
        for (number, name) in [(1, "Kurs"), (2, "kurs"), (3, "Konvertering")] {
            let found = subject_called(&book, proposed(number, name).trim_matches('"')).ok().unwrap();
            assert_eq!((found.0, found.1), (PROCUREMENT, Subject::Cost { cost: cost_id(number) }));
        }
    }
}
