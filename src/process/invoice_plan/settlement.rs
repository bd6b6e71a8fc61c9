//! Settlement (avregning): what was invoiced on account of a cost or licence against what it came to.
//!
//! The shares of the amount come to that amount, to the øre, and each difference is what a share is above or below
//! what was invoiced of it. Above, it is a line of the next invoice, which a plan makes by itself; below, it is credited, the
//! latest invoice first. As long as an amount is contracted and not actual, shares move only as participants come and go or the
//! contract is changed: what was too much is credited then too, so that no more is invoiced than it costs.

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use super::before::Invoiced;
use super::portions::Planner;
use super::{PlanFault, Reason, Wanted, name_on};
use crate::domain::assessment::Certainty;
use crate::domain::calendar::Period;
use crate::domain::credit_note::{LineCredit, credited_by_line};
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, ProcurementId};
use crate::domain::invoice_run::{InvoicePer, InvoicedBefore};
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::Subject;
use crate::view::book::Book;

/// A settlement, complete and not yet carried out. Amounts are without output VAT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Settlement {
    /// What is settled.
    pub subject: Subject,
    /// What people call it.
    pub name: String,
    /// The days: of a licence those that are settled, of a one-time cost its budget year.
    pub covers: Period,
    /// What it came to or, before that is known, what it is contracted at; grants taken off, excluding VAT.
    pub net_ore: Ore,
    /// Whether that is what it came to.
    pub is_actual: bool,
    /// The supplier's VAT that is shared; none where none is passed on.
    pub passed_on_vat_ore: Option<Ore>,
    /// Everybody's part.
    pub parts: Vec<SettlementPart>,
}

/// A participant's part of a settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SettlementPart {
    /// Who.
    pub party: PartyId,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Its share of what it came to, excluding VAT.
    pub share_ore: Ore,
    /// Its share of the supplier's VAT.
    pub share_vat_ore: Option<Ore>,
    /// What was invoiced of it on account, less what was credited, excluding VAT.
    pub invoiced_ore: Ore,
    /// The same of the supplier's VAT.
    pub invoiced_vat_ore: Option<Ore>,
    /// How the difference is settled.
    pub way: SettlementWay,
}

/// How a difference is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "way", content = "lines", rename_all = "snake_case")]
pub enum SettlementWay {
    /// There is none.
    Settled,
    /// It is a line of the next invoice.
    NextInvoice,
    /// It is credited.
    Credit(Vec<SettlementLine>),
    /// The county authority that leads the procurement pays its own share itself.
    OwnShare,
    /// Another approved run is about to invoice the share, an invoice reaches beyond the days, or more is asked for only once it is
    /// known what it came to: it waits.
    Waits,
}

/// A line of an invoice of which something is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SettlementLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: u64,
    /// How much is credited of which line.
    pub credit: LineCredit,
}

impl SettlementPart {
    /// Its share with the supplier's VAT.
    #[must_use]
    pub fn share(&self) -> Ore {
        self.share_ore + self.share_vat_ore.unwrap_or_default()
    }

    /// What was invoiced on account with the supplier's VAT.
    #[must_use]
    pub fn invoiced(&self) -> Ore {
        self.invoiced_ore + self.invoiced_vat_ore.unwrap_or_default()
    }

    /// What is to be paid beside what was invoiced; below zero where that was too much.
    #[must_use]
    pub fn difference(&self) -> Ore {
        self.share() - self.invoiced()
    }

    pub(super) fn to_credit(&self) -> Ore {
        let SettlementWay::Credit(lines) = &self.way else { return Ore::ZERO };
        let credits = lines.iter().flat_map(|line| [line.credit.net_ore, line.credit.passed_on_vat_ore]);
        credits.flatten().sum()
    }
}

impl Settlement {
    /// What is credited in all, as an amount above zero.
    #[must_use]
    pub fn to_credit(&self) -> Ore {
        self.parts.iter().map(SettlementPart::to_credit).sum()
    }

    /// What the next invoices are to ask for.
    #[must_use]
    pub fn to_invoice(&self) -> Ore {
        let of_part = |part: &SettlementPart| match part.way {
            SettlementWay::NextInvoice => part.difference(),
            // Where net and VAT differ in opposite ways, something is left to ask for once the other is credited.
            SettlementWay::Credit(_) if self.is_actual => (part.difference() + part.to_credit()).max(Ore::ZERO),
            SettlementWay::Credit(_) | SettlementWay::Settled | SettlementWay::OwnShare | SettlementWay::Waits => {
                Ore::ZERO
            }
        };
        self.parts.iter().map(of_part).sum()
    }
}

/// The settlement of a cost or licence of a year, as it stands on a day.
///
/// # Errors
/// What it came to is not known, or it cannot be shared.
pub fn settlement(
    book: &Book,
    procurement: ProcurementId,
    subject: Subject,
    year: i32,
    on: NaiveDate,
) -> Result<Settlement, PlanFault> {
    let wanted = wanted(book, procurement, year, on);
    settled_by(&planner(book, &wanted), subject)
}

pub(super) fn wanted(book: &Book, procurement: ProcurementId, year: i32, on: NaiveDate) -> Wanted {
    let counties = book.procurements.get(&procurement).map(|known| known.counties_on(on)).unwrap_or_default();
    Wanted {
        procurement,
        issuer: counties.first().copied().unwrap_or_default(),
        covers: Period::year(year),
        one_per: InvoicePer::Payer,
        account_number: String::new(),
        invoice_date: on,
        due_date: on,
    }
}

/// What is settled is settled whoever can be written to.
pub(super) fn planner<'book>(book: &'book Book, wanted: &'book Wanted) -> Planner<'book> {
    Planner::new(book, InvoiceRunId::default(), wanted, &|_| true)
}

pub(super) fn settled_by(planner: &Planner<'_>, subject: Subject) -> Result<Settlement, PlanFault> {
    let (book, covers, on) = (planner.book, planner.wanted.covers, planner.invoice_date());
    let year = covers.first.year();
    let Some(charge) = planner.charge(subject)? else {
        // Where nobody is asked for more, a plan has no need of VAT that does not tie. A settlement has.
        let fault = planner.portioned(subject)?.and_then(|portioned| portioned.settled.err());
        return Err(fault.unwrap_or(PlanFault::NotContracted { year }));
    };
    let is_actual = certainty(book, subject, year) == Some(Certainty::Actual);
    let period = charge.ground.period;
    let parts = charge.portions.iter().map(|portion| {
        let party = portion.party;
        let before = planner.before.invoiced(subject, party, None, period);
        let (invoiced, waits, all_days) = match before {
            Invoiced::Nothing => (InvoicedBefore::default(), false, false),
            Invoiced::Some(invoiced) => (invoiced.amount, false, invoiced.covers(&portion.days)),
            Invoiced::Otherwise => (InvoicedBefore::default(), true, false),
        };
        let mut part = SettlementPart {
            party,
            number: book.parties.get(&party).and_then(|known| known.number_on(on)).unwrap_or_default().to_owned(),
            name: name_on(book, party, on),
            share_ore: portion.net,
            share_vat_ore: portion.vat,
            invoiced_ore: invoiced.net_ore,
            invoiced_vat_ore: invoiced.passed_on_vat_ore,
            way: SettlementWay::Settled,
        };
        part.way = if waits {
            SettlementWay::Waits
        } else if portion.reason == Some(Reason::OwnShare) {
            SettlementWay::OwnShare
        } else {
            match way(book, planner, subject, period, &part) {
                // No plan asks for more of days that it has asked for, before it is known what they came to.
                SettlementWay::NextInvoice if all_days && !is_actual => SettlementWay::Waits,
                way @ (SettlementWay::Settled
                | SettlementWay::NextInvoice
                | SettlementWay::Credit(_)
                | SettlementWay::OwnShare
                | SettlementWay::Waits) => way,
            }
        };
        part
    });
    let mut parts: Vec<SettlementPart> = parts.collect();
    parts.sort_by(|one, other| (&one.number, one.party).cmp(&(&other.number, other.party)));
    Ok(Settlement {
        subject,
        name: charge.ground.name.clone(),
        covers: period.unwrap_or(covers),
        net_ore: charge.ground.net_ore,
        is_actual,
        passed_on_vat_ore: charge.ground.passed_on_vat_ore,
        parts,
    })
}

/// How sure the amount of a cost or licence is.
fn certainty(book: &Book, subject: Subject, year: i32) -> Option<Certainty> {
    match subject {
        Subject::Cost { cost } => book.costs.get(&cost).map(|cost| cost.amount().certainty()),
        Subject::Licence { licence } => book.licences.get(&licence).map(|licence| licence.certainty_for(year)),
    }
}

fn way(
    book: &Book,
    planner: &Planner<'_>,
    subject: Subject,
    period: Option<Period>,
    part: &SettlementPart,
) -> SettlementWay {
    let net = part.share_ore - part.invoiced_ore;
    let vat = part.share_vat_ore.unwrap_or_default() - part.invoiced_vat_ore.unwrap_or_default();
    if net == Ore::ZERO && vat == Ore::ZERO {
        return SettlementWay::Settled;
    }
    // An invoice asks for something. Of two that come to nothing or less, what was too much is credited first.
    if net + vat > Ore::ZERO {
        return SettlementWay::NextInvoice;
    }
    let (mut net, mut vat) = (-net, -vat);
    let mut lines = Vec::new();
    for (line, [net_left, vat_left]) in lines_of(book, planner, subject, part.party, period) {
        let (net_here, vat_here) = (net.min(net_left).max(Ore::ZERO), vat.min(vat_left).max(Ore::ZERO));
        if net_here > Ore::ZERO || vat_here > Ore::ZERO {
            net -= net_here;
            vat -= vat_here;
            let passed_on_vat_ore = part.invoiced_vat_ore.map(|_| vat_here);
            let credit = LineCredit { net_ore: Some(net_here), passed_on_vat_ore, ..line.credit };
            lines.push(SettlementLine { credit, ..line });
        }
    }
    SettlementWay::Credit(lines)
}

/// Whether a party pays what an invoice asks for: it received the invoice, or who did has become part of it.
fn pays_for(planner: &Planner<'_>, party: PartyId, issued: &Issued) -> bool {
    let recipient = issued.invoice.recipient.party;
    recipient == party || planner.payer_of(recipient) == Some(party)
}

/// What is left to credit of the lines that ask a party for its share, the latest first.
fn lines_of(
    book: &Book,
    planner: &Planner<'_>,
    subject: Subject,
    party: PartyId,
    period: Option<Period>,
) -> Vec<(SettlementLine, [Ore; 2])> {
    let mut found = Vec::new();
    for (invoice, issued) in book.invoices.iter().filter(|(_, issued)| pays_for(planner, party, issued)) {
        let credited = credited_by_line(issued, book.credit_notes_of(*invoice));
        let lines = issued.invoice.lines.iter().zip(credited);
        let lines: Vec<_> = lines
            .map(|(line, (net, vat))| (line, line.net_ore - net, line.passed_on_vat_ore.unwrap_or_default() - vat))
            .collect();
        // Lines below zero took something off: no more of a line is credited than is left of the whole invoice.
        let net_left_of_all: Ore = lines.iter().map(|(_, net, _)| *net).sum();
        let vat_left_of_all: Ore = lines.iter().map(|(.., vat)| *vat).sum();
        for (number, (line, net_left, vat_left)) in (1..).zip(lines) {
            let within = line.subject == subject
                && line.days_shared().is_none_or(|of| period.is_some_and(|period| period.encloses(of)));
            if within {
                let credit = LineCredit { line: number, net_ore: None, passed_on_vat_ore: None };
                let left = [net_left.min(net_left_of_all), vat_left.min(vat_left_of_all)];
                let place = (issued.invoice_date, issued.number);
                found.push((place, SettlementLine { invoice: *invoice, number: issued.number, credit }, left));
            }
        }
    }
    found.sort_by_key(|(place, ..)| std::cmp::Reverse(*place));
    found.into_iter().map(|(_, line, left)| (line, left)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::assessment::Assessment;
    use crate::domain::cost::CostEvent;
    use crate::domain::credit_note::{CreditExtent, CreditWish, credit_note};
    use crate::domain::event::Event;
    use crate::domain::invoice_run::PlannedInvoice;
    use crate::domain::series::SeriesEvent;
    use crate::domain::supplier_invoice::tests::invoice as supplier_invoice;
    use crate::domain::testing::facts::{
        BY_KEY, Fact, HALVES, PROCUREMENT, adopted, assessed, committed, contracted, cost, cost_id, county,
        municipality, opened, party, proposed, vat_decided,
    };
    use crate::domain::testing::{day, nth};
    use crate::domain::vat::{AppliesTo, VatTreatment};
    use crate::ids::derived;
    use crate::process::invoice_plan::{owed_back, plan};
    use crate::render::NorwegianWording;
    use crate::view::whole_book::check_book;

    const COST: Subject = Subject::Cost { cost: cost_id(1) };

    fn supplier_invoiced(net_ore: i64, vat_ore: i64) -> Fact {
        (cost_id(1).0, Event::Cost(CostEvent::SupplierInvoiced(supplier_invoice("L-1", net_ore, vat_ore))))
    }

    /// Two municipalities that were asked for their shares of 1 000.03 and its VAT, on account.
    fn on_account() -> Vec<Fact> {
        let of_cost = AppliesTo::Cost { cost: cost_id(1) };
        let mut facts = [
            county(),
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![
                opened(false),
                vat_decided(VatTreatment::CostSharing, of_cost, "2023-01-01"),
                committed(1),
                committed(2),
                proposed(HALVES),
                adopted(HALVES, "2022-01-01"),
                cost(1, 2023, BY_KEY),
                assessed(1, contracted(100_003)),
                supplier_invoiced(100_003, 25_001),
            ],
        ]
        .concat();
        let wanted = Wanted {
            procurement: PROCUREMENT,
            issuer: party(54),
            covers: Period::year(2023),
            one_per: InvoicePer::Payer,
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
        };
        let planned =
            plan(&Book::of(facts.clone()), nth(7_000), &wanted, &NorwegianWording, &|_| true, &derived).unwrap();
        for (number, invoice) in (542_300_001..).zip(planned.invoices) {
            let issued = Issued {
                number,
                kid: None,
                run: InvoiceRunId(nth(6_999)),
                issuer: planned.issuer.clone(),
                account_number: planned.account_number.clone(),
                invoice_date: planned.invoice_date,
                due_date: planned.due_date,
                invoice,
            };
            facts.push((nth(8_000), Event::Series(SeriesEvent::Issued(Arc::new(issued)))));
        }
        facts
    }

    fn came_to(facts: Vec<Fact>, net_ore: i64, vat_ore: i64) -> Book {
        let actual = assessed(1, Assessment::Actual { amount_ore: Ore(net_ore) });
        Book::of(facts.into_iter().chain([actual, supplier_invoiced(net_ore, vat_ore)]))
    }

    fn settled(book: &Book) -> Settlement {
        settlement(book, PROCUREMENT, COST, 2023, day("2023-12-20")).unwrap()
    }

    /// Credits what a part is to be credited; how much.
    fn credit(book: &mut Book, part: &SettlementPart) -> Ore {
        let SettlementWay::Credit(lines) = &part.way else { panic!("{part:?}") };
        let [line] = lines[..] else { panic!("{lines:?}") };
        let wish = CreditWish {
            credit_note: InvoiceId(derived(line.invoice.0, "note")),
            issuer: book.invoices[&line.invoice].issuer.clone(),
            date: day("2023-12-20"),
            reason: "Avregning".to_owned(),
            extent: CreditExtent::Lines { lines: vec![line.credit] },
            invoice: book.invoices[&line.invoice].as_ref().clone(),
            before: vec![],
        };
        let note = credit_note(&wish, 542_300_003).unwrap();
        let credited = note.total_ore;
        book.apply(nth(8_000), &Event::Series(SeriesEvent::CreditNoteIssued(Box::new(note))));
        credited
    }

    #[test]
    fn where_net_was_too_much_and_vat_too_little_or_the_reverse_both_are_settled() {
        for (net_ore, vat_ore) in [(98_003, 25_501), (99_503, 25_501), (101_003, 20_001)] {
            let mut book = came_to(on_account(), net_ore, vat_ore);
            let before = settled(&book);
            assert_eq!(before.to_invoice() - before.to_credit(), Ore(net_ore + vat_ore - 100_003 - 25_001));
            for part in before.parts.iter().filter(|part| matches!(part.way, SettlementWay::Credit(_))) {
                credit(&mut book, part);
            }
            let left = settled(&book);
            assert!(left.parts.iter().all(|part| part.way == SettlementWay::NextInvoice), "{left:?}");
            assert_eq!((left.to_credit(), left.to_invoice()), (Ore::ZERO, before.to_invoice()));
        }
    }

    #[test]
    fn what_is_no_more_than_estimated_is_not_settled() {
        let estimated = assessed(1, Assessment::Estimated { low_ore: Ore(1), likely_ore: Ore(2), high_ore: Ore(3) });
        let book = Book::of(on_account().into_iter().chain([estimated]));
        let refused = settlement(&book, PROCUREMENT, COST, 2023, day("2023-12-20"));
        assert_eq!(refused, Err(PlanFault::NotContracted { year: 2023 }));
    }

    #[test]
    fn who_was_asked_for_more_than_its_share_of_a_contract_gets_it_back_before_it_is_known_what_that_came_to() {
        // A third joins when both were asked for everything.
        let third = [municipality(3, 2_000), vec![committed(3)]].concat();
        let mut book = Book::of(on_account().into_iter().chain(third));
        let before = settled(&book);
        assert!(!before.is_actual);
        let (to_credit, to_invoice) = (before.to_credit(), before.to_invoice());
        assert_eq!((before.parts.len(), to_credit), (3, to_invoice));
        let owed: Ore = owed_back(&book, day("2023-12-20")).iter().map(|owed| owed.amount_ore).sum();
        assert_eq!(owed, to_credit);
        for part in &before.parts[..2] {
            assert_eq!(credit(&mut book, part), -part.difference());
        }
        let after = settled(&book);
        assert_eq!((after.to_credit(), after.to_invoice()), (Ore::ZERO, to_invoice));
        assert_eq!(owed_back(&book, day("2023-12-20")), []);
    }

    #[test]
    fn more_of_a_contract_than_was_asked_for_all_the_days_waits_until_it_is_known_what_it_came_to() {
        let more = [assessed(1, contracted(120_003)), supplier_invoiced(120_003, 30_001)];
        let settlement = settled(&Book::of(on_account().into_iter().chain(more)));
        assert!(settlement.parts.iter().all(|part| part.way == SettlementWay::Waits), "{settlement:?}");
        let same = settled(&Book::of(on_account()));
        assert!(same.parts.iter().all(|part| part.way == SettlementWay::Settled), "{same:?}");
    }

    #[test]
    fn no_more_of_a_line_is_credited_than_is_left_of_an_invoice_that_another_line_took_something_off() {
        let mut book = came_to(on_account(), 10_003, 2_501);
        let (id, issued) = book.invoices.iter().next().map(|(id, issued)| (*id, issued.as_ref().clone())).unwrap();
        let mut deduction = issued.invoice.lines[0].clone();
        deduction.subject = Subject::Cost { cost: cost_id(2) };
        let taken_off = Ore(20_000);
        (deduction.net_ore, deduction.passed_on_vat_ore) = (-taken_off, Some(Ore::ZERO));
        let lines = issued.invoice.lines.iter().cloned().chain([deduction]).collect();
        let invoice = PlannedInvoice { lines, ..issued.invoice.clone() }.summed();
        book.invoices.insert(id, Arc::new(Issued { invoice, ..issued.clone() }));
        let settlement = settled(&book);
        let part = settlement.parts.iter().find(|part| part.party == issued.invoice.recipient.party).unwrap();
        assert!(credit(&mut book, part) < -part.difference());
        assert_eq!(check_book(&book).findings, []);
    }

    #[test]
    fn what_was_too_much_is_credited_so_that_net_and_vat_tie_to_the_suppliers_final_invoice() {
        let mut book = came_to(on_account(), 98_765, 24_691);
        let before = settled(&book);
        assert_eq!((before.to_credit(), before.to_invoice()), (Ore(100_003 + 25_001 - 98_765 - 24_691), Ore::ZERO));
        let owed = owed_back(&book, day("2023-12-20"));
        let owed: Vec<_> = owed.iter().map(|owed| (&*owed.name, owed.year, owed.party, owed.amount_ore)).collect();
        let differences: Vec<_> =
            before.parts.iter().map(|part| ("Kostnad 1", 2023, part.party, -part.difference())).collect();
        assert_eq!(owed, differences);
        for part in &before.parts {
            assert_eq!(credit(&mut book, part), -part.difference());
        }
        let after = settled(&book);
        assert!(after.parts.iter().all(|part| part.way == SettlementWay::Settled), "{after:?}");
        assert_eq!(owed_back(&book, day("2023-12-20")), []);
        let sum = |of: fn(&SettlementPart) -> Ore| after.parts.iter().map(of).sum::<Ore>();
        assert_eq!(sum(|part| part.invoiced_ore), Ore(98_765));
        assert_eq!(sum(|part| part.invoiced_vat_ore.unwrap()), Ore(24_691));
    }

    #[test]
    fn an_amount_that_is_stated_anew_is_owed_back_or_asked_for_and_nothing_of_it_is_a_fault() {
        let mut book = came_to(on_account(), 98_765, 24_691);
        for part in &settled(&book).parts {
            credit(&mut book, part);
        }
        // It comes to more after all: what was credited is asked for by the next invoice, and nobody is owed anything.
        let [anew, invoiced] =
            [assessed(1, Assessment::Actual { amount_ore: Ore(99_000) }), supplier_invoiced(99_000, 24_750)];
        book.apply(anew.0, &anew.1);
        book.apply(invoiced.0, &invoiced.1);
        assert!(settled(&book).parts.iter().all(|part| part.way == SettlementWay::NextInvoice));
        assert_eq!(owed_back(&book, day("2023-12-20")), []);
        assert_eq!(check_book(&book).findings, []);
    }

    #[test]
    fn a_contract_that_the_suppliers_invoices_do_not_come_to_is_not_settled_and_it_is_said_why() {
        let more = assessed(1, contracted(120_003));
        let refused =
            settlement(&Book::of(on_account().into_iter().chain([more])), PROCUREMENT, COST, 2023, day("2023-12-20"));
        assert!(matches!(refused, Err(PlanFault::SupplierInvoiceDiffers { .. })), "{refused:?}");
    }

    #[test]
    fn what_was_too_little_comes_with_the_next_invoice() {
        let settlement = settled(&came_to(on_account(), 100_403, 25_101));
        assert!(settlement.parts.iter().all(|part| part.way == SettlementWay::NextInvoice), "{settlement:?}");
        assert_eq!((settlement.to_credit(), settlement.to_invoice()), (Ore::ZERO, Ore(500)));
    }

    #[test]
    fn where_it_came_to_what_was_invoiced_there_is_nothing_to_settle() {
        let settlement = settled(&came_to(on_account(), 100_003, 25_001));
        assert!(settlement.parts.iter().all(|part| part.way == SettlementWay::Settled));
        assert_eq!((settlement.to_credit(), settlement.to_invoice()), (Ore::ZERO, Ore::ZERO));
    }
}
