//! `grenselos invoice`, between plan and approval: the plan beside last year's, the prebill, objections.

use std::io::{self, Write};

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

use super::answer::{Table, write_json};
use super::invoice::{carry_out, not_planned, say_held_up, show_beside, show_set_aside};
use super::outbox::{letters_of, warn_of_unnumbered};
use super::{Failure, Format, Session, party};
use crate::domain::event::StreamKind;
use crate::domain::identity::{InvoiceRunId, PersonId};
use crate::domain::invoice_run::{InRole, InvoiceRun, InvoiceRunCommand, Objection, ObjectionOutcome, PlannedRun};
use crate::handle::{Rejected, Wish};
use crate::ids;
use crate::process::approval::{self, Answer};
use crate::unreadable;
use crate::view::book::Book;
use crate::view::register::{At, Entry, InvoiceRunEntry};
use crate::view::run_comparison::{RunComparison, beside_last_year};

#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The run's id, as `invoice plan` printed it.
    run: InvoiceRunId,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Args)]
pub struct PrebillArguments {
    /// The run's id, as `invoice plan` printed it.
    run: InvoiceRunId,
    /// The last day for objections: the run can be approved after it.
    #[arg(long, value_name = "DATE", value_parser = unreadable::day)]
    objections_until: NaiveDate,
}

#[derive(Debug, Args)]
pub struct ObjectArguments {
    /// The run's id.
    run: InvoiceRunId,
    /// Who objects: a number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    party: String,
    /// What it is about, in one line. It goes into the log: no name or address of a person.
    #[arg(long, value_name = "TEXT")]
    text: String,
    /// Where the letter is filed, such as a case number.
    #[arg(long, value_name = "CASE")]
    reference: Option<String>,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("outcome").required(true).args(["upheld", "rejected"]))]
pub struct AnswerArguments {
    /// The run's id.
    run: InvoiceRunId,
    /// The number of the objection in the run.
    objection: u32,
    /// The participant is right: the run must be planned anew.
    #[arg(long)]
    upheld: bool,
    /// The plan stands.
    #[arg(long)]
    rejected: bool,
    /// Why, in one line. It goes into the log: no name or address of a person.
    #[arg(long, value_name = "TEXT")]
    answer: String,
    /// The role of who answers, such as "økonomisjef".
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// The id of the person who answers.
    #[arg(long, value_name = "ID")]
    person: PersonId,
}

#[derive(Debug, Args)]
pub struct DiscardArguments {
    /// The run's id.
    run: InvoiceRunId,
}

fn unknown(run: InvoiceRunId) -> Failure {
    Failure::Asked(format!("no run has the id {run}; `grenselos invoice plan` prints the id of what it plans"))
}

pub fn show(session: &Session, arguments: &ShowArguments) -> Result<(), Failure> {
    let run = arguments.run;
    let app = session.read()?;
    let followed = app.ledger.now();
    let book = &followed.book;
    let known = book.runs.get(&run).ok_or_else(|| unknown(run))?;
    let (Some(planned), Some(comparison)) = (known.planned(), beside_last_year(book, run)) else {
        return Err(unknown(run));
    };
    let beside = app.beside(book, run).map_err(|error| Failure::fault(&error))?;
    let changed = app.changed(book, run, app.clock.today()).map_err(|error| Failure::fault(&error))?;
    let mut out = io::stdout().lock();
    let mut table = compared(&comparison);
    match arguments.format {
        Format::Json => {
            let entry = InvoiceRunEntry::one(book, run.0, At { day: app.clock.today(), instant: app.clock.now() });
            let (left_over, not_planned) = (&beside.left_over, not_planned(&beside));
            let answer = serde_json::json!({
                "run": entry, "comparison": comparison, "left_over": left_over, "not_planned": not_planned,
                "changed": changed.map(|changed| Rejected::new(StreamKind::InvoiceRun, &changed).to_string()),
            });
            write_json(&mut out, &answer)?;
        }
        Format::Csv => table.write_csv(&mut out)?,
        Format::Text => {
            table.total([
                "",
                "total",
                &comparison.planned_ore.to_string(),
                &comparison.invoiced_ore.to_string(),
                &comparison.last_year_ore.to_string(),
                &comparison.difference_ore.to_string(),
            ]);
            table.write_text(&mut out)?;
            show_set_aside(&mut out, book, &planned.plan)?;
            show_beside(&mut out, &beside)?;
            write!(out, "\nrun {run}: planned {}", planned.on)?;
            if let Some(by) = &planned.planned_by {
                write!(out, " ({})", by.role)?;
            }
            writeln!(out, ", {}", phase(known))?;
            if let Some(changed) = &changed {
                writeln!(out, "it cannot be approved. {}", Rejected::new(StreamKind::InvoiceRun, changed))?;
            }
            say_held_up(&app, Some(run), &mut out)?;
            show_prebill(&mut out, book, planned)?;
        }
    }
    Ok(())
}

/// What participants pay, beside the year before.
fn compared(comparison: &RunComparison) -> Table<6> {
    let mut table = Table::new(["number", "recipient", "to pay", "invoiced before", "year before", "difference"]);
    for participant in &comparison.participants {
        table.row([
            participant.number.clone().unwrap_or_default(),
            participant.name.clone(),
            participant.planned_ore.to_string(),
            participant.invoiced_ore.to_string(),
            participant.last_year_ore.to_string(),
            participant.difference_ore.to_string(),
        ]);
    }
    table
}

fn phase(run: &InvoiceRun) -> String {
    match run {
        InvoiceRun::Absent => "not planned".to_owned(),
        InvoiceRun::Planned(_) => "not approved yet".to_owned(),
        InvoiceRun::Approved(_, approved) | InvoiceRun::Numbering(_, approved) => {
            format!("approved {} ({})", approved.on, approved.role)
        }
        InvoiceRun::Discarded(_, discarded) => format!("discarded {}", discarded.on),
        InvoiceRun::Completed(_, approved, completed) => {
            format!("approved {} ({}), issued {}", approved.on, approved.role, completed.on)
        }
    }
}

fn show_prebill(out: &mut dyn Write, book: &Book, planned: &PlannedRun) -> Result<(), Failure> {
    let Some(prebilled) = &planned.prebilled else { return Ok(writeln!(out, "no prebill")?) };
    writeln!(out, "prebill {}: objections until {}", prebilled.on, prebilled.objections_until)?;
    for Objection { recorded, answered } in &planned.objections {
        let known = book.parties.get(&recorded.party);
        let name = known.map(|known| known.full_name_on(recorded.on)).unwrap_or_default();
        let filed = recorded.reference.as_ref().map(|reference| format!(" ({reference})")).unwrap_or_default();
        writeln!(out, "objection {}, {name}, {}: {}{filed}", recorded.objection, recorded.on, recorded.text)?;
        match answered {
            None => writeln!(out, "  not answered yet")?,
            Some(answered) => {
                let outcome = outcome_word(answered.outcome);
                writeln!(out, "  {outcome} {} ({}): {}", answered.on, answered.role, answered.answer)?;
            }
        }
    }
    Ok(())
}

fn outcome_word(outcome: ObjectionOutcome) -> &'static str {
    match outcome {
        ObjectionOutcome::Upheld => "upheld",
        ObjectionOutcome::Rejected => "rejected",
    }
}

pub fn prebill(session: &Session, arguments: &PrebillArguments) -> Result<(), Failure> {
    let run = arguments.run;
    let app = session.write()?;
    let on = app.clock.today();
    let command = approval::prebill(&app.ledger.now().book, run, arguments.objections_until, on, &ids::derived);
    carry_out(&app, &Wish::InvoiceRun(run, command), ids::derived(run.0, "prebill"))?;
    let done = app.tools().work(&mut |_, _| {})?;
    let dated =
        app.ledger.now().book.runs.get(&run).and_then(InvoiceRun::planned).map(|planned| planned.plan.invoice_date);
    if let Some(invoice_date) = dated.filter(|invoice_date| *invoice_date <= arguments.objections_until) {
        writeln!(
            io::stdout().lock(),
            "note: the invoices are dated {invoice_date}, before the time for objections is over, and go out after it"
        )?;
    }
    writeln!(
        io::stdout().lock(),
        "prebill: {}; objections may come until {}\nnext: grenselos invoice show {run}",
        letters_of(&done),
        arguments.objections_until
    )?;
    warn_of_unnumbered(&done);
    Ok(())
}

pub fn object(session: &Session, arguments: &ObjectArguments) -> Result<(), Failure> {
    let run = arguments.run;
    let app = session.write()?;
    let objecting = party(&app.ledger.now().book, "--party", &arguments.party)?;
    let ObjectArguments { text, reference, .. } = arguments;
    let on = app.clock.today();
    let command =
        InvoiceRunCommand::RecordObjection { party: objecting, text: text.clone(), reference: reference.clone(), on };
    let id = ids::derived(run.0, &format!("objection {objecting} {on} {text}"));
    carry_out(&app, &Wish::InvoiceRun(run, command), id)?;
    let followed = app.ledger.now();
    let planned = followed.book.runs.get(&run).and_then(InvoiceRun::planned);
    let number = planned.and_then(|planned| planned.objections.last()).map_or(0, |last| last.recorded.objection);
    writeln!(
        io::stdout().lock(),
        "objection {number} recorded; next: grenselos invoice answer {run} {number} --upheld or --rejected"
    )?;
    Ok(())
}

pub fn answer(session: &Session, arguments: &AnswerArguments) -> Result<(), Failure> {
    let AnswerArguments { run, objection, upheld, answer, role, person, .. } = arguments;
    let app = session.write()?;
    let outcome = if *upheld { ObjectionOutcome::Upheld } else { ObjectionOutcome::Rejected };
    let (by, on) = (InRole { role: role.clone(), person: *person }, app.clock.today());
    let said = Answer { objection: *objection, outcome, text: answer.clone(), by, on };
    let command = app.answer_of(*run, said);
    carry_out(&app, &Wish::InvoiceRun(*run, command), ids::derived(run.0, &format!("answer {objection}")))?;
    let mut out = io::stdout().lock();
    writeln!(out, "objection {objection} {}", outcome_word(outcome))?;
    writeln!(out, "next: grenselos invoice issue, which sends the answer")?;
    if *upheld {
        writeln!(out, "then: mend what it is about, grenselos invoice discard {run}, and plan it anew")?;
    }
    Ok(())
}

pub fn discard(session: &Session, arguments: &DiscardArguments) -> Result<(), Failure> {
    let app = session.write()?;
    let command = app.discarding_of(arguments.run);
    carry_out(&app, &Wish::InvoiceRun(arguments.run, command), ids::derived(arguments.run.0, "discard"))?;
    writeln!(io::stdout().lock(), "discarded")?;
    Ok(())
}
