//! The page of a run: beside last year, the prebill, objections and their answers, approval, issuing.

use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::field::{Fault, Field, Filled, Kind, Named, Refusal, SaidShown, named};
use super::frame::Frame;
use super::invoices::{RunShown, run_shown};
use super::pager::{Listed, Pager, address_of_page};
use crate::domain::identity::{AgreementId, InvoiceId};
use crate::domain::invoice_run::{InvoiceLine, ObjectionOutcome, PlannedInvoice};
use crate::domain::money::Ore;
use crate::process::invoice_plan::LeftOver;
use crate::text::Language;
use crate::view::register::{InvoiceRunEntry, RunPhase};
use crate::view::run_comparison::RunComparison;

/// Why an approved run is not issued on a day, or one that waits for approval cannot be approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyHeldUp {
    /// The date of its invoices is still to come.
    Waits,
    /// Its dates have passed.
    DatesPassed,
    /// What it rests on has changed.
    Changed(Fault),
}

/// A run with what is beside it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what the reader may do is asked of each operation")]
pub struct RunPageShown<'a> {
    /// The run.
    pub run: &'a InvoiceRunEntry,
    /// Beside last year.
    pub comparison: &'a RunComparison,
    /// The invoices that are planned, of which a part is shown.
    pub invoices: Listed<'a, PlannedInvoice>,
    /// The numbers of those, where they are issued and the reader may see them.
    pub numbers: &'a [Option<u64>],
    /// The names of those that object, in the order of the objections.
    pub objectors: &'a [String],
    /// The names of those that are left out and the language of the reasons, in the order of the plan.
    pub left_out: &'a [(String, Language)],
    /// What is left over beside the plan, and the language of the reasons.
    pub left_over: &'a [(LeftOver, Language)],
    /// What no plan can hold as things stand: why, and how much there is to invoice of it.
    pub not_planned: &'a [(Fault, Option<Ore>)],
    /// Those for whom the reader may record an objection: ids and names.
    pub may_object: &'a [(String, String)],
    /// Whether the reader may send the prebill, answer objections, and discard the plan.
    pub may_plan: bool,
    /// Whether the reader may approve it.
    pub may_approve: bool,
    /// Whether the reader may carry out what is approved.
    pub may_issue: bool,
    /// Why it is approved and not issued on this day, or cannot be approved since what it rests on has changed; none where it is or can be.
    pub held_up: Option<WhyHeldUp>,
    /// Whether its invoices are being numbered: then it cannot be discarded any longer.
    pub is_begun: bool,
    /// Whether it must be typed who approves, since nobody is signed in.
    pub asks_person: bool,
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct ComparedShown<'a> {
    name: &'a str,
    planned: String,
    invoiced: String,
    last_year: String,
    difference: String,
}

#[derive(Serialize)]
struct PlannedShown<'a> {
    recipient: &'a str,
    issued: Option<IssuedAs>,
    agreement: Option<AgreementId>,
    lines: Vec<PlannedLine<'a>>,
    net: String,
    vat: String,
    total: String,
}

/// What a planned invoice was issued as.
#[derive(Serialize)]
struct IssuedAs {
    id: InvoiceId,
    number: u64,
}

#[derive(Serialize)]
struct PlannedLine<'a> {
    text: &'a str,
    explanation: &'a str,
    net: String,
    vat: String,
}

#[derive(Serialize)]
struct ObjectionShown<'a> {
    number: u32,
    party: &'a str,
    day: String,
    text: &'a str,
    outcome: Option<String>,
    answer: Option<&'a str>,
    form: Option<AnswerForm<'a>>,
}

#[derive(Serialize)]
struct AnswerForm<'a> {
    outcome: Field<'a>,
    answer: Field<'a>,
    role: Field<'a>,
    person: Option<Field<'a>>,
}

#[derive(Serialize)]
struct ObjectionForm<'a> {
    party: Field<'a>,
    text: Field<'a>,
    reference: Field<'a>,
}

#[derive(Serialize)]
struct ApprovalForm<'a> {
    role: Field<'a>,
    person: Option<Field<'a>>,
}

/// What is not invoiced, and why.
#[derive(Serialize)]
struct NotInvoiced<'a> {
    of: String,
    reason: &'a str,
    /// The language of the reason.
    language: &'static str,
    net: String,
    vat_undecided: bool,
}

/// What is not planned, and why.
#[derive(Serialize)]
struct NotPlannedShown {
    fault: SaidShown,
    net: Option<String>,
}

#[derive(Serialize)]
struct RunPage<'a> {
    run: RunShown,
    is_planned: bool,
    invoice_date: String,
    due_date: String,
    participants: Vec<ComparedShown<'a>>,
    planned: String,
    invoiced: String,
    last_year: String,
    difference: String,
    invoices: Vec<PlannedShown<'a>>,
    pager: Option<Pager>,
    set_aside: Vec<NotInvoiced<'a>>,
    left_over: Vec<NotInvoiced<'a>>,
    not_planned: Vec<NotPlannedShown>,
    objections_until: Option<String>,
    objections: Vec<ObjectionShown<'a>>,
    approved: Option<String>,
    held_up: Option<String>,
    refusal: Refusal,
    prebill: Option<Field<'a>>,
    objection: Option<ObjectionForm<'a>>,
    approval: Option<ApprovalForm<'a>>,
    may_discard: bool,
    may_issue: bool,
}

fn left_over(say: Say, left: &LeftOver, language: Language) -> NotInvoiced<'_> {
    NotInvoiced {
        of: format!("{}, {}", left.party_name, left.names.join(", ")),
        reason: &left.reason,
        language: language.code(),
        net: say.kroner(left.net_ore),
        vat_undecided: left.vat_undecided,
    }
}

fn not_planned(say: Say, fault: &Fault, net: Option<Ore>) -> NotPlannedShown {
    NotPlannedShown { fault: SaidShown::of(fault, say), net: net.map(|net| say.kroner(net)) }
}

/// The page of a run.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn run_page(frame: &Frame<'_>, shown: &RunPageShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let &RunPageShown { run, comparison, .. } = shown;
    let empty = Filled::default();
    let is_planned = run.phase == RunPhase::Planned;
    let is_prebilled = run.objections_until.is_some();
    let may_object = is_planned && is_prebilled && !shown.may_object.is_empty();
    let page = RunPage {
        run: run_shown(say, &run.summary()),
        is_planned,
        invoice_date: say.date(run.plan.invoice_date),
        due_date: say.date(run.plan.due_date),
        participants: comparison
            .participants
            .iter()
            .map(|compared| ComparedShown {
                name: &compared.name,
                planned: say.kroner(compared.planned_ore),
                invoiced: say.kroner(compared.invoiced_ore),
                last_year: say.kroner(compared.last_year_ore),
                difference: say.signed_kroner(compared.difference_ore),
            })
            .collect(),
        planned: say.kroner(comparison.planned_ore),
        invoiced: say.kroner(comparison.invoiced_ore),
        last_year: say.kroner(comparison.last_year_ore),
        difference: say.signed_kroner(comparison.difference_ore),
        invoices: all_planned(say.in_ore(), shown),
        pager: Pager::of(say, shown.invoices.window, shown.invoices.count, |page| {
            address_of_page(&format!("/invoices/runs/{}", run.run), &[], page)
        }),
        set_aside: run
            .plan
            .left_out()
            .iter()
            .zip(shown.left_out)
            .map(|(left, (name, language))| NotInvoiced {
                of: name.clone(),
                reason: left.reason,
                language: language.code(),
                net: say.kroner(left.net),
                vat_undecided: false,
            })
            .collect(),
        left_over: shown.left_over.iter().map(|(left, language)| left_over(say, left, *language)).collect(),
        not_planned: shown.not_planned.iter().map(|(fault, net)| not_planned(say, fault, *net)).collect(),
        objections_until: run.objections_until.map(|day| say.long_date(day)),
        objections: run
            .objections
            .iter()
            .zip(shown.objectors)
            .map(|(objection, party)| ObjectionShown {
                number: objection.objection,
                party,
                day: say.date(objection.on),
                text: &objection.text,
                outcome: objection.answered.as_ref().map(|answered| say.word(outcome_key(answered.outcome))),
                answer: objection.answered.as_ref().map(|answered| answered.answer.as_str()),
                form: (is_planned && shown.may_plan && objection.answered.is_none())
                    .then(|| answer_form(say, shown, objection.objection, &empty)),
            })
            .collect(),
        approved: run.approved.as_ref().map(|approved| {
            say.sentence("page-approved-by", [("role", approved.role.as_str()), ("day", &say.long_date(approved.on))])
        }),
        held_up: shown.held_up.as_ref().map(|why| {
            let of_date = |named| say.sentence(named, [("day", say.long_date(run.plan.invoice_date).as_str())]);
            match why {
                WhyHeldUp::Waits => of_date("page-run-waits"),
                WhyHeldUp::DatesPassed => of_date("page-run-dates-passed"),
                WhyHeldUp::Changed(fault) => fault.said(say).text,
            }
        }),
        refusal: shown.filled.refusal(say),
        prebill: (is_planned && !is_prebilled && shown.may_plan).then(|| {
            let filled = shown.filled.of("prebill", &empty);
            filled.field("prebill", named("objections_until", "page-objections-by"), Kind::Day, "")
        }),
        objection: may_object.then(|| objection_form(shown.filled.of("objection", &empty), shown.may_object)),
        approval: (is_planned && shown.may_approve).then(|| {
            let filled = shown.filled.of("approve", &empty);
            ApprovalForm {
                role: filled.field("approve", named("role", "page-your-role"), Kind::Text, ""),
                person: person_field(shown, filled, "approve"),
            }
        }),
        may_discard: (is_planned || run.phase == RunPhase::Approved && !shown.is_begun) && shown.may_plan,
        may_issue: run.phase == RunPhase::Approved && shown.held_up.is_none() && shown.may_issue,
    };
    let title = format!("{} {}", say.word("page-run"), page.run.year());
    super::fill("run", frame, &title, &page)
}

/// The key of how an objection was answered.
pub(super) fn outcome_key(outcome: ObjectionOutcome) -> &'static str {
    match outcome {
        ObjectionOutcome::Upheld => "page-objection-upheld",
        ObjectionOutcome::Rejected => "page-objection-rejected",
    }
}

fn all_planned<'a>(say: Say, shown: &RunPageShown<'a>) -> Vec<PlannedShown<'a>> {
    let planned = shown.invoices.shown.iter().zip(shown.numbers);
    planned.map(|(invoice, number)| planned_shown(say, invoice, *number)).collect()
}

/// What an invoice will say, line by line. Output VAT is computed once on the sum of a rate, and a line shows what its own
/// amount comes to.
fn planned_shown(say: Say, invoice: &PlannedInvoice, number: Option<u64>) -> PlannedShown<'_> {
    let line = |line: &'_ InvoiceLine| line.passed_on_vat_ore.unwrap_or_else(|| line.net_ore.percent(line.vat_percent));
    PlannedShown {
        recipient: &invoice.recipient.name,
        issued: number.map(|number| IssuedAs { id: invoice.invoice, number }),
        agreement: invoice.agreement,
        lines: invoice
            .lines
            .iter()
            .map(|of| PlannedLine {
                text: &of.text,
                explanation: &of.explanation,
                net: say.kroner(of.net_ore),
                vat: say.kroner(line(of)),
            })
            .collect(),
        net: say.kroner(invoice.net_ore),
        vat: say.kroner(invoice.passed_on_vat_ore + invoice.vat_ore),
        total: say.kroner(invoice.total_ore),
    }
}

/// Who does it, where nobody is signed in.
fn person_field<'a>(shown: &RunPageShown<'_>, filled: &'a Filled, form: &str) -> Option<Field<'a>> {
    shown.asks_person.then(|| filled.field(form, named("person", "page-your-id"), Kind::Text, ""))
}

fn objection_form<'a>(filled: &'a Filled, parties: &'a [(String, String)]) -> ObjectionForm<'a> {
    let parties = parties.iter().map(|(id, name)| (id.as_str(), name.clone())).collect();
    let text = Named { hint: Some("page-objection-hint"), ..named("text", "page-objection-text") };
    ObjectionForm {
        party: filled.field("objection", named("party", "page-objection-of"), Kind::Choice(parties), ""),
        text: filled.field("objection", text, Kind::Text, ""),
        reference: filled.field("objection", named("reference", "page-filed-as"), Kind::Text, ""),
    }
}

fn answer_form<'a>(say: Say, shown: &RunPageShown<'a>, objection: u32, empty: &'a Filled) -> AnswerForm<'a> {
    // Only the one that was sent shows what was typed into it.
    let is_sent = shown.filled.typed.get("objection").is_some_and(|typed| *typed == objection.to_string());
    let filled = if is_sent { shown.filled.of("objection-answer", empty) } else { empty };
    let outcomes =
        vec![("rejected", say.word("page-objection-rejected")), ("upheld", say.word("page-objection-upheld"))];
    let form = format!("answer-{objection}");
    AnswerForm {
        outcome: filled.field(&form, named("outcome", "page-objection-outcome"), Kind::Choice(outcomes), ""),
        answer: filled.field(&form, named("answer", "page-objection-answer"), Kind::Text, ""),
        role: filled.field(&form, named("role", "page-your-role"), Kind::Text, ""),
        person: person_field(shown, filled, &form),
    }
}
