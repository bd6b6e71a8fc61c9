//! Shapes that were superseded, and the way from each to the newest. Released: neither a field nor a description changes.
//!
//! Version 1 of plans and invoices knew one treatment of VAT, an ordinary invoice with VAT (25 % resale), and no decision
//! that said so; one-time costs and no licences. It keeps meaning that. Version 2 of a plan did not say who planned it.
//! Answers to objections were sent by hand under version 1.
//!
//! Version 1 of a factor of an index did not say whether the index was published. It is a forecast: what was billed by a forecast as
//! if it were contracted is not noticed by anybody, and a factor that is published is stated again. Version 1 of a reminder was always
//! made in the name of who issued the invoice.
//!
//! Version 3 of a plan, 2 of an invoice and 1 of a credit note have the form of today: but lines of one-time costs said no
//! days, and their documents show none.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use crate::domain::calendar::Period;
use crate::domain::credit_note;
use crate::domain::delivery;
use crate::domain::identity::{
    AgreementId, AssessmentId, CostId, InvoiceId, InvoiceRunId, PartyId, PersonId, ProcurementId,
};
use crate::domain::invoice_run::{
    self, InvoiceLanguage, InvoiceParty, InvoicePer, Issuer, ObjectionOutcome, VatSubtotal,
};
use crate::domain::late_payment::InterestStep;
use crate::domain::licence::{self, IndexCertainty};
use crate::domain::money::Ore;
use crate::domain::payment;
use crate::domain::series;
use crate::domain::vat::{DocumentKind, Subject, VatTreatment};

/// One line of an invoice.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvoiceLine {
    /// The cost it is a share of.
    cost: CostId,
    /// What it is for, in the words that will be printed.
    text: String,
    /// How the share came about, in the words that will be printed.
    explanation: String,
    /// The share excluding VAT.
    net_ore: Ore,
    /// VAT in percent.
    vat_percent: Decimal,
}

/// An invoice as planned.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlannedInvoice {
    /// Its id.
    invoice: InvoiceId,
    /// The agreement it rests on, where there is one.
    agreement: Option<AgreementId>,
    /// Who pays.
    recipient: InvoiceParty,
    /// The reference the recipient wants.
    buyer_reference: Option<String>,
    /// The lines.
    lines: Vec<InvoiceLine>,
    /// VAT by rate.
    vat: Vec<VatSubtotal>,
    /// The sum excluding VAT.
    net_ore: Ore,
    /// The VAT.
    vat_ore: Ore,
    /// What is to be paid.
    total_ore: Ore,
}

/// A participant that gets no invoice in this run, and why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetAside {
    /// The party.
    party: PartyId,
    /// The cost whose share is left out.
    cost: CostId,
    /// What it lacks, or who invoices it instead.
    reason: String,
    /// Its share of the cost excluding VAT: with the lines of all invoices it comes to what is shared.
    net_ore: Ore,
}

/// What the plan rests on: a changed ground makes the plan stale.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ground {
    /// The cost.
    cost: CostId,
    /// The statement of its amount that was in force.
    assessment: AssessmentId,
    /// The amount to share, grants taken off, excluding VAT.
    amount_ore: Ore,
}

/// A whole run, planned so completely that no choice is left.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvoicePlan {
    /// The procurement.
    procurement: ProcurementId,
    /// Who issues.
    issuer: InvoiceParty,
    /// The account to pay to (eleven digits, MOD11).
    account_number: String,
    /// The date on the invoices.
    invoice_date: NaiveDate,
    /// The day by which they are to be paid.
    due_date: NaiveDate,
    /// What is shared.
    grounds: Vec<Ground>,
    /// The invoices, by recipient number.
    invoices: Vec<PlannedInvoice>,
    /// Who is left out, and why.
    set_aside: Vec<SetAside>,
}

/// The run was planned.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Planned {
    /// Its id.
    run: InvoiceRunId,
    /// The plan.
    plan: InvoicePlan,
    /// The day.
    on: NaiveDate,
}

/// What a line said of its days, and what it says now.
const DAYS_OF_LICENCES: &str = "The days it is for; none for a one-time cost.";
const DAYS_OF_ALL: &str = "The days it is for: of a licence those that are invoiced, of a one-time cost its budget year; none where nobody said.";

/// The schema of what has the form of today and said no days of one-time costs.
fn without_days_of_costs(schema: &mut Schema) {
    let before = |schema: &mut Schema| {
        if schema.get("description").is_some_and(|said| said == DAYS_OF_ALL) {
            schema.insert("description".to_owned(), DAYS_OF_LICENCES.into());
        }
    };
    RecursiveTransform(before).transform(schema);
}

/// A plan whose lines said no days of one-time costs.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transform = without_days_of_costs)]
pub(super) struct PlannedWithoutDays(invoice_run::Planned);

/// Such a plan that goes on.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transform = without_days_of_costs)]
pub(super) struct PlanContinuedWithoutDays(invoice_run::PlanContinued);

/// An invoice whose lines said no days of one-time costs.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transform = without_days_of_costs)]
pub(super) struct IssuedWithoutDays(series::Issued);

/// A credit note of such an invoice.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transform = without_days_of_costs)]
pub(super) struct CreditNoteWithoutDays(credit_note::CreditNoteIssued);

/// The run was planned.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = without_days_of_costs)]
pub(super) struct PlannedByNobody {
    /// Its id.
    run: InvoiceRunId,
    /// The plan.
    plan: invoice_run::InvoicePlan,
    /// The day.
    on: NaiveDate,
}

/// An invoice was issued: it holds its amounts and wording, not a formula to be run again.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Issued {
    /// Its number.
    number: u64,
    /// The run it belongs to.
    run: InvoiceRunId,
    /// Who issues.
    issuer: InvoiceParty,
    /// The account to pay to.
    account_number: String,
    /// The date on it.
    invoice_date: NaiveDate,
    /// The day by which it is to be paid.
    due_date: NaiveDate,
    /// Recipient, lines and amounts as planned.
    invoice: PlannedInvoice,
}

/// The document was drawn up. The hash ties the log to the bytes, so that the invoice can never come out different.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rendered {
    /// The invoice.
    invoice: InvoiceId,
    /// The SHA-256 of the document, in hexadecimal.
    sha256: String,
    /// Its media type.
    media_type: String,
    /// Its size.
    size_bytes: u64,
}

impl From<InvoiceLine> for invoice_run::InvoiceLine {
    fn from(line: InvoiceLine) -> Self {
        Self {
            subject: Subject::Cost { cost: line.cost },
            text: line.text,
            explanation: line.explanation,
            period: None,
            net_ore: line.net_ore,
            vat_percent: line.vat_percent,
            passed_on_vat_ore: None,
            invoiced_before: None,
        }
    }
}

/// Documents were in bokmål, with one reference and nothing that went with them.
impl From<PlannedInvoice> for invoice_run::PlannedInvoice {
    fn from(invoice: PlannedInvoice) -> Self {
        Self {
            invoice: invoice.invoice,
            agreement: invoice.agreement,
            recipient: invoice.recipient,
            kind: DocumentKind::Invoice,
            treatment: VatTreatment::Resale,
            decisions: Vec::new(),
            language: InvoiceLanguage::Bokmal,
            buyer_reference: invoice.buyer_reference,
            order_reference: None,
            accounting_cost: None,
            lines: invoice.lines.into_iter().map(Into::into).collect(),
            vat: invoice.vat,
            net_ore: invoice.net_ore,
            passed_on_vat_ore: Ore::ZERO,
            vat_ore: invoice.vat_ore,
            total_ore: invoice.total_ore,
            attachments: Vec::new(),
        }
    }
}

impl From<SetAside> for invoice_run::SetAside {
    fn from(aside: SetAside) -> Self {
        Self {
            party: aside.party,
            subject: Subject::Cost { cost: aside.cost },
            reason: aside.reason,
            net_ore: aside.net_ore,
            passed_on_vat_ore: None,
        }
    }
}

/// Nothing was said of the registers. A county authority does not stand in Foretaksregisteret, and one that charged VAT was
/// registered for it: so its documents said.
fn issuer(issuer: InvoiceParty, vat_registered: bool) -> Issuer {
    let InvoiceParty { party, name, organisation_number, number } = issuer;
    Issuer { party, name, organisation_number, number, in_foretaksregisteret: false, vat_registered }
}

fn charges_vat(invoice: &PlannedInvoice) -> bool {
    invoice.vat.iter().any(|subtotal| subtotal.vat_percent > Decimal::ZERO)
}

/// The year of the costs was not said: that of the invoice date stands for it. A ground had no name: the text of its lines
/// stands for it.
impl From<InvoicePlan> for invoice_run::InvoicePlan {
    fn from(plan: InvoicePlan) -> Self {
        let vat_registered = plan.invoices.iter().any(charges_vat);
        let text_of = |cost: CostId| {
            let mut lines = plan.invoices.iter().flat_map(|invoice| &invoice.lines);
            lines.find(|line| line.cost == cost).map_or_else(|| cost.to_string(), |line| line.text.clone())
        };
        let ground = |ground: &Ground| invoice_run::Ground {
            subject: Subject::Cost { cost: ground.cost },
            name: text_of(ground.cost),
            period: None,
            assessment: ground.assessment,
            net_ore: ground.amount_ore,
            passed_on_vat_ore: None,
            treatment: VatTreatment::Resale,
            decision: None,
        };
        let grounds = plan.grounds.iter().map(ground).collect();
        Self {
            procurement: plan.procurement,
            issuer: issuer(plan.issuer, vat_registered),
            account_number: plan.account_number,
            invoice_date: plan.invoice_date,
            due_date: plan.due_date,
            covers: Period::year(plan.invoice_date.year()),
            one_per: InvoicePer::Payer,
            grounds,
            invoices: plan.invoices.into_iter().map(Into::into).collect(),
            set_aside: plan.set_aside.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Planned> for Box<invoice_run::Planned> {
    fn from(planned: Planned) -> Self {
        let Planned { run, plan, on } = planned;
        Self::new(invoice_run::Planned { run, plan: Arc::new(plan.into()), planned_by: None, on })
    }
}

/// What was not said stays so: the documents were issued like that.
impl From<PlannedWithoutDays> for Box<invoice_run::Planned> {
    fn from(PlannedWithoutDays(planned): PlannedWithoutDays) -> Self {
        Self::new(planned)
    }
}

impl From<PlanContinuedWithoutDays> for invoice_run::PlanContinued {
    fn from(PlanContinuedWithoutDays(more): PlanContinuedWithoutDays) -> Self {
        more
    }
}

impl From<IssuedWithoutDays> for Arc<series::Issued> {
    fn from(IssuedWithoutDays(issued): IssuedWithoutDays) -> Self {
        Self::new(issued)
    }
}

impl From<CreditNoteWithoutDays> for Box<credit_note::CreditNoteIssued> {
    fn from(CreditNoteWithoutDays(note): CreditNoteWithoutDays) -> Self {
        Self::new(note)
    }
}

/// Who planned was not said.
impl From<PlannedByNobody> for Box<invoice_run::Planned> {
    fn from(planned: PlannedByNobody) -> Self {
        let PlannedByNobody { run, plan, on } = planned;
        Self::new(invoice_run::Planned { run, plan: Arc::new(plan), planned_by: None, on })
    }
}

/// Payments were marked with the number of the invoice: there was no KID.
impl From<Issued> for Arc<series::Issued> {
    fn from(issued: Issued) -> Self {
        let vat_registered = charges_vat(&issued.invoice);
        Self::new(series::Issued {
            number: issued.number,
            kid: None,
            run: issued.run,
            issuer: issuer(issued.issuer, vat_registered),
            account_number: issued.account_number,
            invoice_date: issued.invoice_date,
            due_date: issued.due_date,
            invoice: issued.invoice.into(),
        })
    }
}

/// The price of a year is multiplied by a factor from a year on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Indexed {
    /// The first year it applies to; later years keep it.
    year: i32,
    /// The factor, such as 1.031.
    factor: Decimal,
    /// Where it is from.
    source: String,
    /// Which edition of the source, such as "NB24": forecasts change.
    vintage: String,
    /// The day it was recorded.
    on: NaiveDate,
}

impl From<Indexed> for licence::Indexed {
    fn from(indexed: Indexed) -> Self {
        let Indexed { year, factor, source, vintage, on } = indexed;
        Self { year, factor, source, vintage, certainty: IndexCertainty::Forecast, on }
    }
}

/// A reminder of an invoice was made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reminded {
    /// The invoice.
    invoice: InvoiceId,
    /// What of it was not paid.
    outstanding_ore: Ore,
    /// What the reminder costs; zero where nothing is charged.
    fee_ore: Ore,
    /// Interest since the due date until the day of the reminder; zero where none is charged.
    interest_ore: Ore,
    /// How the interest came about.
    interest: Vec<InterestStep>,
    /// The day by which it is to be paid now.
    pay_by: NaiveDate,
    /// The day.
    on: NaiveDate,
}

impl From<Reminded> for payment::Reminded {
    fn from(reminded: Reminded) -> Self {
        let Reminded { invoice, outstanding_ore, fee_ore, interest_ore, interest, pay_by, on } = reminded;
        Self { invoice, outstanding_ore, fee_ore, interest_ore, interest, pay_by, successor: None, on }
    }
}

/// An objection was answered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ObjectionAnswered {
    /// The number of the objection.
    objection: u32,
    /// What was decided.
    outcome: ObjectionOutcome,
    /// Why: no name or address of a person.
    answer: String,
    /// The role of who answered.
    role: String,
    /// Who answered, by id alone.
    person: PersonId,
    /// The day.
    on: NaiveDate,
}

impl From<ObjectionAnswered> for invoice_run::ObjectionAnswered {
    fn from(answered: ObjectionAnswered) -> Self {
        let ObjectionAnswered { objection, outcome, answer, role, person, on } = answered;
        Self { objection, outcome, answer, role, person, on, letter: None }
    }
}

/// The plan will not be carried out.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Discarded {
    /// The day.
    on: NaiveDate,
}

impl From<Discarded> for invoice_run::Discarded {
    fn from(discarded: Discarded) -> Self {
        Self { letters: Vec::new(), on: discarded.on }
    }
}

impl From<Rendered> for delivery::Rendered {
    fn from(rendered: Rendered) -> Self {
        let Rendered { invoice, sha256, media_type, size_bytes } = rendered;
        Self { invoice, sha256, media_type, size_bytes, enclosures: Vec::new() }
    }
}
