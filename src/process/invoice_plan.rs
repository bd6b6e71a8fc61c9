//! The plan of an invoice run: pure and complete, so that no choice is left when it is carried out.

mod before;
mod beside;
mod drafts;
mod fault;
mod nothing;
mod other_days;
mod owed_back;
mod portion;
mod portions;
mod settlement;
mod shares;
mod supplier_vat;
#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, PersonId, ProcurementId};
use crate::domain::invoice_run::{
    InvoiceLanguage, InvoiceParty, InvoicePer, InvoicePlan, InvoiceRun, Issuer, SetAside, Share, Standing,
};
use crate::domain::money::Ore;
use crate::domain::party::PartyKind;
use crate::view::book::Book;
use crate::view::documents::Document;

use drafts::Drafts;
use fault::all_set_aside;
use portions::{Charge, Planner};

pub use beside::{Beside, LeftOver, NotPlanned, beside};
pub use fault::{Lack, Lacking, PlanFault};
pub use owed_back::{OwedBack, owed_back};
pub use settlement::{Settlement, SettlementLine, SettlementPart, SettlementWay, settlement};

/// What is to be invoiced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The procurement.
    pub procurement: ProcurementId,
    /// The county authority that issues.
    pub issuer: PartyId,
    /// The days that are invoiced, within one year: licences for these days, one-time costs of that budget year.
    pub covers: Period,
    /// What one document is for.
    pub one_per: InvoicePer,
    /// The account to pay to.
    pub account_number: String,
    /// The date on the invoices.
    pub invoice_date: NaiveDate,
    /// The day by which they are to be paid.
    pub due_date: NaiveDate,
}

impl Wanted {
    /// What a plan was made for.
    fn of(plan: &InvoicePlan) -> Self {
        Self {
            procurement: plan.procurement,
            issuer: plan.issuer.party,
            covers: plan.covers,
            one_per: plan.one_per,
            account_number: plan.account_number.clone(),
            invoice_date: plan.invoice_date,
            due_date: plan.due_date,
        }
    }
}

/// Whether a person can be written to. Names and addresses are no part of the log, and may be erased at any time: the caller
/// looks them up.
pub type Reached<'a> = &'a dyn Fn(PersonId) -> bool;

/// The account to pay an issuer to, by its organisation number: a setting, looked up by the caller.
pub type AccountOf<'a> = &'a dyn Fn(&str) -> String;

/// What is written on an invoice in the language of who pays, and whether it can be: made by the caller, who knows how documents are drawn up.
pub trait Wording {
    /// What a line is for.
    fn line(&self, language: InvoiceLanguage, line: &LineNamed<'_>) -> String;
    /// How the share came about.
    fn explanation(&self, language: InvoiceLanguage, share: &ShareExplained<'_>) -> String;
    /// Why a share is left out.
    fn set_aside(&self, language: InvoiceLanguage, reason: &Reason) -> String;
    /// Why the document could not leave the house as an e-invoice; none where it could, or where the run as a whole will be
    /// refused for it. It is asked before there is a number: the one of the draft is only there to be written. It is said in
    /// English where no language is given.
    fn fault(&self, language: Option<InvoiceLanguage>, draft: Document<'_>, procurement_name: &str) -> Option<String>;
}

/// What the text of a line needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineNamed<'plan> {
    /// The name of the cost or licence.
    pub name: &'plan str,
    /// The budget year.
    pub year: i32,
    /// The days it is for; none for a one-time cost.
    pub period: Option<Period>,
}

/// What an explanation of a share needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareExplained<'plan> {
    /// The payer's share.
    pub net: Ore,
    /// The amount shared.
    pub amount: Ore,
    /// What grants took off before.
    pub granted: Ore,
    /// The days that are invoiced; none for a one-time cost.
    pub period: Option<Period>,
    /// The parts of the days in which it was shared, since members or key changed, of which the payer has a share: of the
    /// year until the last day that is invoiced. One for a one-time cost.
    pub parts: Vec<PartExplained<'plan>>,
    /// What of the shares of these parts is taken off for days of the year before; none where that is nothing.
    pub days_before: Option<DaysBefore>,
    /// What of them was invoiced for days after those that are invoiced; none where that is nothing.
    pub days_after: Option<DaysAfter>,
    /// The days that the supplier invoiced at once, where they are more than those that are claimed.
    pub supplier_days: Option<Period>,
    /// What was invoiced of the share before.
    pub invoiced_before: Option<Ore>,
}

/// What is taken off for the days of the year before the first that is invoiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysBefore {
    /// The first day that is invoiced.
    pub first: NaiveDate,
    /// How much, excluding VAT.
    pub net: Ore,
    /// Whether that is what was invoiced for them; else it is what the share of these days is now.
    pub is_issued: bool,
}

/// What was invoiced for the days of the year after the last that is invoiced here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysAfter {
    /// The last day that is invoiced here.
    pub last: NaiveDate,
    /// How much, excluding VAT.
    pub net: Ore,
}

/// How a part of the days was shared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartExplained<'plan> {
    /// The days.
    pub period: Period,
    /// The payer's share.
    pub share: Ore,
    /// What was shared.
    pub amount: Ore,
    /// The key's name; none where the party bears it alone.
    pub key: Option<&'plan str>,
    /// The day the key's figures are taken from.
    pub population_date: Option<NaiveDate>,
    /// How many share it.
    pub members_count: usize,
}

/// Why a share is left out of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It leads the procurement and pays the supplier itself.
    OwnShare,
    /// It was invoiced before.
    InvoicedBefore,
    /// Another county authority is on the other side of its agreement: its name.
    OtherIssuer(String),
    /// It is dissolved, several have come after it, and nobody has decided which of them pays.
    PayerUndecided,
    /// It has no organisation number to be invoiced under.
    NoOrganisationNumber,
    /// It has named no reference: an e-invoice carries the buyer's reference or the number of its order.
    NoReference,
    /// Nobody answers for its finances whom the invoice could be sent to: none is named, or the one that is was erased or
    /// has no address.
    NoFinanceContact,
    /// It is on Svalbard, outside the area of the law on VAT, and output VAT is decided for all participants alike.
    OutsideVatArea,
    /// More was invoiced than its shares have come to, and it is credited when somebody settles: how much, output VAT left out.
    InvoicedTooMuch(Ore),
    /// The invoice could not be an e-invoice: why.
    NoEInvoice(String),
}

impl Reason {
    /// What it lacks, where it lacks something that can be recorded.
    fn lack(&self) -> Option<Lack> {
        match self {
            Self::OwnShare
            | Self::InvoicedBefore
            | Self::OtherIssuer(_)
            | Self::PayerUndecided
            | Self::OutsideVatArea
            | Self::InvoicedTooMuch(_) => None,
            Self::NoOrganisationNumber => Some(Lack::OrganisationNumber),
            Self::NoReference => Some(Lack::BuyerReference),
            Self::NoFinanceContact => Some(Lack::FinanceContact),
            Self::NoEInvoice(fault) => Some(Lack::EInvoice { why: fault.clone() }),
        }
    }
}

/// The plan. Each invoice's id derives from the run's, so that planning again gives the same ids.
///
/// # Errors
/// There is nothing to invoice, or something that must be known or decided is not.
pub fn plan(
    book: &Book,
    run: Uuid,
    wanted: &Wanted,
    wording: &dyn Wording,
    reached: Reached<'_>,
    derive: &dyn Fn(Uuid, &str) -> Uuid,
) -> Result<InvoicePlan, PlanFault> {
    let Period { first, last } = wanted.covers;
    if first > last || first.year() != last.year() {
        return Err(PlanFault::NotOneYear { first, last });
    }
    let issuer = issuer_on(book, wanted.issuer, wanted.invoice_date)?;
    let planner = Planner::new(book, InvoiceRunId(run), wanted, reached);
    let (left, faults) = planner.charges_left();
    if !left.iter().any(Charge::is_open) {
        return Err(faults.into_iter().next().unwrap_or_else(|| planner.nothing_open()));
    }
    let Drafts { charges: left, invoices } =
        Drafts::of(&planner, &issuer, left, wording, &|name| InvoiceId(derive(run, name)));
    if invoices.is_empty() {
        let lacking = planner.lacking(left.into_iter().flat_map(|charge| charge.portions));
        return Err(all_set_aside(first.year(), lacking));
    }
    Ok(InvoicePlan {
        procurement: wanted.procurement,
        issuer,
        account_number: wanted.account_number.clone(),
        invoice_date: wanted.invoice_date,
        due_date: wanted.due_date,
        covers: wanted.covers,
        one_per: wanted.one_per,
        invoices,
        set_aside: set_aside(&planner, &left, wording),
        grounds: left.into_iter().map(|charge| charge.ground).collect(),
    })
}

/// What the plan of a run rests on, as it is on the day it is looked at: a cost that can no longer be shared, or of which another run has taken a
/// share since, is not among it as it was. Nothing where there is no plan.
#[must_use]
pub fn standing(
    book: &Book,
    run: InvoiceRunId,
    on: NaiveDate,
    wording: &dyn Wording,
    reached: Reached<'_>,
    account_of: AccountOf<'_>,
) -> Standing {
    let plan = match book.runs.get(&run) {
        Some(InvoiceRun::Planned(planned) | InvoiceRun::Approved(planned, _) | InvoiceRun::Numbering(planned, _)) => {
            &planned.plan
        }
        Some(InvoiceRun::Absent | InvoiceRun::Discarded(..) | InvoiceRun::Completed(..)) | None => {
            return Standing::default();
        }
    };
    let wanted = Wanted::of(plan);
    let planner = Planner::new(book, run, &wanted, reached);
    let charges = plan.grounds.iter().filter_map(|ground| planner.charge(ground.subject).ok().flatten());
    let Drafts { charges, invoices } =
        Drafts::of(&planner, &plan.issuer, charges.collect(), wording, &|_| InvoiceId(run.0));
    let (mut grounds, mut shares) = (Vec::new(), Vec::new());
    for charge in charges {
        shares.extend(charge.portions.iter().map(|portion| Share {
            subject: charge.ground.subject,
            party: portion.party,
            name: name_on(book, portion.party, wanted.invoice_date),
            net_ore: portion.net,
            passed_on_vat_ore: portion.vat,
            invoiced_ore: portion.is_invoiced().then(|| portion.to_invoice()),
            set_aside: portion.reason.as_ref().map(|reason| wording.set_aside(planner.language(portion.party), reason)),
        }));
        grounds.push(charge.ground);
    }
    // Nobody issues under the number of a county authority that is gone, whatever the invoices are dated.
    let issues = planner.exists_on(wanted.issuer, on);
    let issuer = issuer_on(book, wanted.issuer, wanted.invoice_date).ok().filter(|_| issues);
    let account_number = account_of(&plan.issuer.organisation_number);
    Standing { issuer, account_number, grounds, shares, invoices }
}

/// The same where it has no say whether somebody can be written to, as when an approved run would be numbered: the invoice is issued,
/// and its letter waits for an address.
#[must_use]
pub fn standing_whoever_is_reached(
    book: &Book,
    run: InvoiceRunId,
    on: NaiveDate,
    wording: &dyn Wording,
    account_of: AccountOf<'_>,
) -> Standing {
    standing(book, run, on, wording, &|_| true, account_of)
}

fn set_aside(planner: &Planner<'_>, charges: &[Charge], wording: &dyn Wording) -> Vec<SetAside> {
    let of_charge = |charge: &Charge| -> Vec<SetAside> {
        let aside = charge.portions.iter().filter_map(|portion| {
            Some(SetAside {
                party: portion.party,
                subject: charge.ground.subject,
                reason: wording.set_aside(planner.language(portion.party), portion.reason.as_ref()?),
                net_ore: portion.net,
                passed_on_vat_ore: portion.vat,
            })
        });
        aside.collect()
    };
    charges.iter().flat_map(of_charge).collect()
}

fn name_on(book: &Book, party: PartyId, day: NaiveDate) -> String {
    book.parties.get(&party).map(|known| known.full_name_on(day)).unwrap_or_default()
}

/// A party as it is printed on a day.
#[must_use]
pub fn invoice_party(book: &Book, party: PartyId, day: NaiveDate) -> Option<InvoiceParty> {
    let known = book.parties.get(&party)?;
    Some(InvoiceParty {
        party,
        name: known.full_name_on(day),
        organisation_number: known.registered.as_ref()?.organisation_number.clone()?,
        number: known.number_on(day).map(str::to_owned),
    })
}

/// The issuer as it is printed on a day.
///
/// # Errors
/// It is not known, or nobody has stated what the registers say of it.
pub fn issuer_on(book: &Book, party: PartyId, day: NaiveDate) -> Result<Issuer, PlanFault> {
    let InvoiceParty { party, name, organisation_number, number } =
        invoice_party(book, party, day).ok_or(PlanFault::UnknownIssuer)?;
    let known = book.parties.get(&party);
    let kind = known.and_then(|known| known.registered.as_ref()).map(|registered| registered.kind);
    if kind != Some(PartyKind::CountyAuthority) {
        return Err(PlanFault::NoCountyAuthority { issuer: name });
    }
    let stated = known.and_then(|known| known.register_entry_on(day));
    let Some(stated) = stated else { return Err(PlanFault::RegisterEntryMissing { issuer: name, day }) };
    let (in_foretaksregisteret, vat_registered) = (stated.in_foretaksregisteret, stated.vat_registered);
    Ok(Issuer { party, name, organisation_number, number, in_foretaksregisteret, vat_registered })
}
