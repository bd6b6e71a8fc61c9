//! Whether settlements kept to the difference: once it is known what something came to, nobody is asked for more than its
//! share, and nobody gets back so much that less is left.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::book::Book;
use super::whole_book::Finding;
use crate::domain::apportionment::{Apportionment, Grants};
use crate::domain::assessment::{Certainty, Statement};
use crate::domain::calendar::day_after;
use crate::domain::credit_note::{CreditNoteIssued, credited_by_line};
use crate::domain::identity::{AgreementId, PartyId, ProcurementId};
use crate::domain::invoice_run::InvoiceLine;
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::domain::vat::Subject;

/// A line that was issued.
struct Line<'book> {
    issued: &'book Issued,
    line: &'book InvoiceLine,
    /// What is left of it, excluding VAT, once all that was credited is taken off.
    left: Ore,
    /// What was credited of it, excluding VAT, by date.
    credited: Vec<(NaiveDate, Ore)>,
}

/// What a cost or licence of a year came to.
struct CameTo<'book> {
    procurement: ProcurementId,
    name: &'book str,
    /// The day from which what is settled is settled by it. Where it took the place of another on that day, nobody knows by which of
    /// them something was settled on the same day.
    since: NaiveDate,
    shared: Apportionment,
}

/// What was invoiced of somebody's share, excluding VAT.
#[derive(Default)]
struct Invoiced {
    agreements: BTreeSet<Option<AgreementId>>,
    /// All lines, less what was credited of them.
    left: Ore,
    /// Whether a line settled what was invoiced before, since it is known what it came to.
    is_charged: bool,
    /// What was credited since then of lines of which something is left: one that is wholly credited is invoiced again.
    given_back: Ore,
}

/// Settlements that charged or gave back more than the difference between what was invoiced on account and what it came to.
/// Who pays by several agreements is settled by each of them, and not looked at here.
pub(super) fn over_settled(book: &Book) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((subject, year), lines) in lines_by_subject(book) {
        let Some(came_to) = came_to(book, subject, year) else { continue };
        let participants = book.apportioner(came_to.procurement).participants;
        let day = lines.iter().map(|line| line.issued.invoice_date).fold(came_to.since, NaiveDate::max);
        let mut shares: BTreeMap<PartyId, Ore> = BTreeMap::new();
        for bearer in came_to.shared.bearers() {
            let share = came_to.shared.share_of(bearer).flatten().map(|share| share.likely_ore);
            *shares.entry(participants.bearer_after(bearer, day)).or_default() += share.unwrap_or_default();
        }
        let mut invoiced: BTreeMap<PartyId, Invoiced> = BTreeMap::new();
        for line in &lines {
            let payer = participants.bearer_after(line.issued.invoice.recipient.party, day);
            invoiced.entry(payer).or_default().add(line, came_to.since);
        }
        let alone = invoiced.into_iter().filter(|(_, invoiced)| invoiced.agreements.len() == 1);
        findings.extend(alone.filter_map(|(payer, invoiced)| {
            let what = invoiced.beyond(shares.get(&payer).copied().unwrap_or_default())?;
            let of = book.parties.get(&payer).map_or_else(|| payer.to_string(), |known| known.full_name_on(day));
            Some(Finding { about: format!("{} {year}, the share of {of}", came_to.name), what })
        }));
    }
    findings
}

impl Invoiced {
    fn add(&mut self, line: &Line<'_>, stated: NaiveDate) {
        self.agreements.insert(line.issued.invoice.agreement);
        self.left += line.left;
        self.is_charged |= line.line.invoiced_before.is_some() && line.issued.invoice_date >= stated;
        if line.left != Ore::ZERO {
            let since = line.credited.iter().filter(|(date, _)| *date >= stated);
            self.given_back += since.map(|(_, credited)| *credited).sum();
        }
    }

    /// What of it is beyond the difference, where something was settled.
    fn beyond(&self, share: Ore) -> Option<String> {
        let &Self { left, given_back, .. } = self;
        if self.is_charged && left > share {
            let too_much = left - share;
            return Some(format!(
                "it was settled by an invoice, and {left} is invoiced of the {share} it came to: {too_much} too much; settle it again"
            ));
        }
        let gave_back = left < share && left + given_back > share;
        gave_back.then(|| {
            let too_much = share - left;
            format!(
                "it was settled by a credit note, and {left} is left invoiced of the {share} it came to: {too_much} too much was \
                 given back; plan a run, which asks for it"
            )
        })
    }
}

/// All lines of costs and licences, by year.
fn lines_by_subject(book: &Book) -> BTreeMap<(Subject, i32), Vec<Line<'_>>> {
    let mut by_subject: BTreeMap<(Subject, i32), Vec<Line<'_>>> = BTreeMap::new();
    for (id, issued) in &book.invoices {
        let notes = book.credit_notes_of(*id);
        let credited = credited_by_line(issued, notes);
        for (number, (line, (net, _))) in (1..).zip(issued.invoice.lines.iter().zip(credited)) {
            let year = match line.subject {
                Subject::Cost { cost } => book.costs.get(&cost).map(|cost| cost.year),
                Subject::Licence { .. } => line.period.map(|period| period.first.year()),
            };
            if let Some(year) = year {
                let line = Line { issued, line, left: line.net_ore - net, credited: credits_of(number, notes) };
                by_subject.entry((line.line.subject, year)).or_default().push(line);
            }
        }
    }
    by_subject
}

fn credits_of(number: usize, notes: &[CreditNoteIssued]) -> Vec<(NaiveDate, Ore)> {
    let of_note = |note: &CreditNoteIssued| {
        let lines = note.lines.iter().filter(|line| line.line == number);
        (note.date, lines.map(|line| line.net_ore).sum())
    };
    notes.iter().map(of_note).collect()
}

/// What a cost or licence came to in a year; none as long as that is not known, or it cannot be shared.
fn came_to(book: &Book, subject: Subject, year: i32) -> Option<CameTo<'_>> {
    let (procurement, name, certainty, stated, shared) = match subject {
        Subject::Cost { cost } => {
            let cost = book.costs.get(&cost)?;
            let recorded = cost.recorded.as_ref()?;
            let shared = book.apportioner(recorded.procurement).cost(cost, Grants::TakenOff)?;
            let stated = since(cost.statements.iter())?;
            (recorded.procurement, &recorded.name, cost.amount().certainty(), stated, shared)
        }
        Subject::Licence { licence } => {
            let licence = book.licences.get(&licence)?;
            let recorded = licence.recorded.as_ref()?;
            let shared = book.apportioner(recorded.procurement).licence(licence, year)?;
            let stated = since(licence.statements_for(year))?;
            (recorded.procurement, &recorded.name, licence.certainty_for(year), stated, shared)
        }
    };
    let is_known = certainty == Certainty::Actual && shared.fault().is_none();
    is_known.then_some(CameTo { procurement, name, since: stated, shared })
}

/// The day of the last statement, or the day after it where it took the place of another actual amount: one that is among the
/// statements, or is kept no longer, as what a licence came to in a year.
fn since<'book>(statements: impl Iterator<Item = &'book Statement>) -> Option<NaiveDate> {
    let statements: Vec<&Statement> = statements.collect();
    let (last, before) = statements.split_last()?;
    let replaced = before.iter().find(|statement| Some(statement.assessment) == last.replaces);
    let is_restated = match replaced {
        Some(replaced) => replaced.amount.certainty() == Certainty::Actual,
        None => last.replaces.is_some(),
    };
    Some(if is_restated { day_after(last.on) } else { last.on })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assessment::Assessment;
    use crate::domain::credit_note::{CreditExtent, CreditWish, LineCredit, credit_note};
    use crate::domain::event::Event;
    use crate::domain::identity::{AssessmentId, InvoiceId, InvoiceRunId};
    use crate::domain::invoice_run::InvoicePer;
    use crate::domain::series::SeriesEvent;
    use crate::domain::testing::facts::{
        BY_KEY, Fact, HALVES, PROCUREMENT, adopted, assessed, committed, contracted, cost, county, municipality,
        opened, party, proposed, resold,
    };
    use crate::domain::testing::{day, nth};
    use crate::ids::derived;
    use crate::process::invoice_plan::{Wanted, plan};
    use crate::render::NorwegianWording;
    use crate::view::whole_book::check_book;

    /// Two municipalities that were asked for 375.00 and 625.00 on account.
    fn on_account() -> Vec<Fact> {
        let mut facts = [
            county(),
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![
                opened(false),
                resold(),
                committed(1),
                committed(2),
                proposed(HALVES),
                adopted(HALVES, "2022-01-01"),
                cost(1, 2023, BY_KEY),
                assessed(1, contracted(100_000)),
            ],
        ]
        .concat();
        invoice(&mut facts, 1);
        facts
    }

    /// Issues all that is left to invoice.
    fn invoice(facts: &mut Vec<Fact>, run: u128) {
        let wanted = Wanted {
            procurement: PROCUREMENT,
            issuer: party(54),
            covers: crate::domain::calendar::Period::year(2023),
            one_per: InvoicePer::Payer,
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
        };
        let book = Book::of(facts.clone());
        let planned = plan(&book, nth(run), &wanted, &NorwegianWording, &|_| true, &derived).unwrap();
        for invoice in planned.invoices {
            let issued = Issued {
                number: 542_300_001 + book.invoices.len() as u64 + u64::from(invoice.recipient.party == party(2)),
                kid: None,
                run: InvoiceRunId(nth(run)),
                issuer: planned.issuer.clone(),
                account_number: planned.account_number.clone(),
                invoice_date: planned.invoice_date,
                due_date: planned.due_date,
                invoice,
            };
            facts.push((nth(8_000), Event::Series(SeriesEvent::Issued(Box::new(issued)))));
        }
    }

    fn came_to(facts: &mut Vec<Fact>, amount_ore: i64) {
        let mut actual = assessed(1, Assessment::Actual { amount_ore: Ore(amount_ore) });
        if let Event::Cost(crate::domain::cost::CostEvent::Assessed(statement)) = &mut actual.1 {
            statement.assessment = AssessmentId(nth(50));
            statement.on = day("2023-11-15");
        }
        facts.push(actual);
    }

    /// Gives so much of the first invoice back.
    fn given_back(facts: &mut Vec<Fact>, net_ore: i64) {
        let book = Book::of(facts.clone());
        let (_, issued) = book.invoices.first().unwrap();
        let credit = LineCredit { line: 1, net_ore: Some(Ore(net_ore)), passed_on_vat_ore: None };
        let wish = CreditWish {
            credit_note: InvoiceId(nth(9_000)),
            issuer: issued.issuer.clone(),
            date: day("2023-12-20"),
            reason: "Avregning".to_owned(),
            extent: CreditExtent::Lines { lines: vec![credit] },
            invoice: issued.clone(),
            before: vec![],
        };
        let note = SeriesEvent::CreditNoteIssued(Box::new(credit_note(&wish, 542_300_009).unwrap()));
        facts.push((nth(8_000), Event::Series(note)));
    }

    fn findings(book: &Book) -> Vec<String> {
        let about_shares = |finding: &Finding| finding.about.contains("the share of");
        let findings = check_book(book).findings.into_iter().filter(about_shares);
        findings.map(|finding| format!("{}: {}", finding.about, finding.what)).collect()
    }

    #[test]
    fn what_is_on_account_still_or_settled_to_the_difference_is_not_found() {
        let mut facts = on_account();
        came_to(&mut facts, 104_000);
        assert_eq!(findings(&Book::of(facts.clone())), Vec::<String>::new());
        invoice(&mut facts, 2);
        assert_eq!(findings(&Book::of(facts)), Vec::<String>::new());

        let mut facts = on_account();
        came_to(&mut facts, 96_000);
        assert_eq!(findings(&Book::of(facts.clone())), Vec::<String>::new());
        given_back(&mut facts, 1_500);
        assert_eq!(findings(&Book::of(facts)), Vec::<String>::new());
    }

    #[test]
    fn a_settlement_that_charges_more_than_the_difference_is_found() {
        let mut facts = on_account();
        came_to(&mut facts, 104_000);
        invoice(&mut facts, 2);
        let mut book = Book::of(facts);
        let settles = book.invoices.values_mut().find(|issued| issued.invoice.lines[0].invoiced_before.is_some());
        settles.unwrap().invoice.lines[0].net_ore += Ore(7);
        assert_eq!(
            findings(&book),
            [
                "Kostnad 1 2023, the share of Kommune 1: it was settled by an invoice, and 390.07 is invoiced of the 390.00 it \
                 came to: 0.07 too much; settle it again"
            ]
        );
    }

    #[test]
    fn a_settlement_that_gives_back_more_than_the_difference_is_found() {
        let mut facts = on_account();
        came_to(&mut facts, 96_000);
        given_back(&mut facts, 1_501);
        assert_eq!(
            findings(&Book::of(facts)),
            [
                "Kostnad 1 2023, the share of Kommune 1: it was settled by a credit note, and 359.99 is left invoiced of the \
                 360.00 it came to: 0.01 too much was given back; plan a run, which asks for it"
            ]
        );
    }

    #[test]
    fn what_was_settled_by_an_amount_that_was_stated_anew_on_the_same_day_is_not_found() {
        let mut facts = on_account();
        came_to(&mut facts, 96_000);
        given_back(&mut facts, 1_500);
        let before = assessed(1, Assessment::Actual { amount_ore: Ore(96_100) });
        let Event::Cost(crate::domain::cost::CostEvent::Assessed(mut anew)) = before.1 else { panic!() };
        let book = Book::of(facts.clone());
        let last = book.costs.values().next().unwrap().statements.last().unwrap();
        anew.replaces = Some(last.assessment);
        anew.on = day("2023-12-20");
        facts.push((before.0, Event::Cost(crate::domain::cost::CostEvent::Assessed(anew))));
        assert_eq!(findings(&Book::of(facts)), Vec::<String>::new());
    }

    #[test]
    fn what_was_credited_for_another_reason_before_it_came_to_less_is_not_found() {
        let mut facts = on_account();
        given_back(&mut facts, 5_000);
        came_to(&mut facts, 100_000);
        let mut book = Book::of(facts);
        book.credit_notes.values_mut().flatten().next().unwrap().date = day("2023-11-14");
        assert_eq!(findings(&book), Vec::<String>::new());
    }
}
