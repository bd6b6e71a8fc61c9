//! Why no plan can be made, and why it leaves something out that is to be paid.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::money::Ore;
use crate::domain::vat::VatTreatment;

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum PlanFault {
    /// The issuer is not known.
    #[error("the issuer is not a known party; name a county authority of the procurement")]
    UnknownIssuer,
    /// The issuer is no county authority.
    #[error(
        "{issuer} is no county authority, and nobody else issues invoices; name a county authority of the procurement"
    )]
    NoCountyAuthority {
        /// The issuer's name.
        issuer: String,
    },
    /// Nobody has stated what the registers say of the issuer.
    #[error(
        "nobody has stated whether {issuer} stands in Foretaksregisteret and is registered for VAT on {day}, which an invoice \
         says; look it up and record it first: `grenselos import parties`, or state_register_entry by the API"
    )]
    RegisterEntryMissing {
        /// The issuer's name.
        issuer: String,
        /// The invoice date.
        day: NaiveDate,
    },
    /// The days are not within one year.
    #[error("{first} to {last} are not days of one budget year, one after the other; plan a run for each year")]
    NotOneYear {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// Nothing is certain enough.
    #[error(
        "the procurement has no contracted or actual cost or licence in {year}: estimates and quotes are never invoiced; \
         record the contract first"
    )]
    NothingContracted {
        /// The year.
        year: i32,
    },
    /// What is contracted follows an index that is not published, or not recorded as such.
    #[error(
        "the price of \"{name}\" in {year} follows an index, and until the factor of each year is recorded as published it is an \
         estimate, which is never invoiced; record the published factor first: the licence's index, by the API or \
         `grenselos import licences`"
    )]
    IndexAwaited {
        /// The name of the licence.
        name: String,
        /// The year.
        year: i32,
    },
    /// Nobody has said what it comes to.
    #[error(
        "what \"{name}\" of {year} comes to is not known; record the contract, or the actual amount, before it is invoiced: \
         `grenselos import costs` or `import licences`, or the API"
    )]
    AmountUnknown {
        /// The name of the cost or licence.
        name: String,
        /// The year.
        year: i32,
    },
    /// What it comes to is somebody's judgement.
    #[error(
        "\"{name}\" of {year} is only estimated, and estimates are never invoiced; record the contract, or the actual amount: \
         `grenselos import costs` or `import licences`, or the API"
    )]
    AmountEstimated {
        /// The name of the cost or licence.
        name: String,
        /// The year.
        year: i32,
    },
    /// What it comes to is a price that is not agreed.
    #[error(
        "\"{name}\" of {year} is only quoted, and quotes are never invoiced; record the contract, or the actual amount: \
         `grenselos import costs` or `import licences`, or the API"
    )]
    AmountQuoted {
        /// The name of the cost or licence.
        name: String,
        /// The year.
        year: i32,
    },
    /// County finance has not decided how VAT is treated.
    #[error(
        "how VAT on \"{name}\" is treated on invoices of {day} is not decided, and it is never inferred; record the decision \
         of county finance first: `grenselos import procurement`, or decide_vat_treatment by the API"
    )]
    VatUndecided {
        /// The name of the cost or licence.
        name: String,
        /// The invoice date.
        day: NaiveDate,
    },
    /// A claim has no supplier's invoice to pass on.
    #[error(
        "\"{name}\" is passed on as {}, and such a claim carries the supplier's invoice, which is not recorded; record it \
         first, with its file: `grenselos supplier-invoice attach`, or the API", treatment.word()
    )]
    SupplierInvoiceMissing {
        /// The name of the cost or licence.
        name: String,
        /// How VAT is treated.
        treatment: VatTreatment,
    },
    /// What would be claimed is not what the supplier invoiced.
    #[error(
        "\"{name}\" would be claimed with {amount_ore} kroner excluding VAT, grants not taken off, but the supplier's invoices \
         come to {invoiced_ore}; state the actual amount, or record the invoice that lacks"
    )]
    SupplierInvoiceDiffers {
        /// The name of the cost.
        name: String,
        /// What is shared, grants not taken off.
        amount_ore: Ore,
        /// What the supplier invoiced.
        invoiced_ore: Ore,
    },
    /// The same of a licence, up to a day on which both should come to the same.
    #[error(
        "\"{name}\" would be claimed with {amount_ore} kroner excluding VAT for {first} to {last}, grants not taken off, but \
         the supplier's invoices come to {invoiced_ore}; state the actual amount, or record the invoice that lacks"
    )]
    SupplierInvoiceOfDaysDiffers {
        /// The name of the licence.
        name: String,
        /// The first of the days.
        first: NaiveDate,
        /// The last of the days.
        last: NaiveDate,
        /// What is shared, grants not taken off.
        amount_ore: Ore,
        /// What the supplier invoiced.
        invoiced_ore: Ore,
    },
    /// The same up to a day within the year: the price of a year is shared by the day, and the supplier may part it otherwise.
    #[error(
        "\"{name}\" would be claimed with {amount_ore} kroner excluding VAT for {first} to {last}, grants not taken off, but \
         the supplier's invoices come to {invoiced_ore}: a licence is shared by the day, and the supplier parts the year \
         otherwise; record its invoices of the rest of the year too, since the halves tie to all of them, or plan the whole year"
    )]
    SupplierInvoiceNotByDay {
        /// The name of the licence.
        name: String,
        /// The first of the days.
        first: NaiveDate,
        /// The last of the days.
        last: NaiveDate,
        /// What is shared, grants not taken off.
        amount_ore: Ore,
        /// What the supplier invoiced.
        invoiced_ore: Ore,
    },
    /// The supplier invoiced days of this year and others at once, and what is shared is tied to its invoices year by year.
    #[error(
        "the supplier's invoice {number} of \"{name}\" is for {first} to {last}, of which {paid_first} to {paid_last} are paid \
         for in this year; record what it says of each year by itself, each under a number that names the year"
    )]
    SupplierInvoiceReachesBeyond {
        /// The name of the licence.
        name: String,
        /// The supplier's number.
        number: String,
        /// The first day it is for.
        first: NaiveDate,
        /// The last.
        last: NaiveDate,
        /// The first day of the year that is paid for.
        paid_first: NaiveDate,
        /// The last.
        paid_last: NaiveDate,
    },
    /// Its key is only proposed.
    #[error("\"{name}\" cannot be shared: its sharing key is only proposed; adopt it first")]
    KeyNotAdopted {
        /// The name of the cost or licence.
        name: String,
    },
    /// The shares cannot be made.
    #[error("\"{name}\" cannot be shared: {fault}")]
    CannotShare {
        /// The name of the cost or licence.
        name: String,
        /// Why.
        fault: String,
    },
    /// There is nothing to settle against.
    #[error(
        "it has no contracted or actual amount in {year}, or it is no cost or licence of that year, and nothing else is settled; \
         state the amount first"
    )]
    NotContracted {
        /// The year.
        year: i32,
    },
    /// Every share is zero or set aside, and nobody lacks anything.
    #[error(
        "nothing of what is contracted in {year} is left for this issuer to invoice: every share is invoiced already, is \
         the issuer's own, or is another issuer's"
    )]
    AllInvoiced {
        /// The year.
        year: i32,
    },
    /// Everybody that is left to invoice lacks something.
    #[error(
        "all that are left to invoice in {year} lack something: {}; record it first, by the API or `grenselos import parties` \
         and `grenselos import contacts`",
        named(lacking, *more_count)
    )]
    EverybodyLacks {
        /// The year.
        year: i32,
        /// Who, and what; the first of them.
        lacking: Vec<Lacking>,
        /// How many more.
        more_count: usize,
    },
}

/// Who lacks something to be invoiced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Lacking {
    /// Its name.
    pub of: String,
    /// What it lacks.
    #[serde(flatten)]
    pub lack: Lack,
}

/// What somebody lacks that can be recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, Serialize)]
#[serde(tag = "lacks", rename_all = "kebab-case")]
pub enum Lack {
    /// An organisation number.
    #[error("organisation_number")]
    OrganisationNumber,
    /// A reference of the buyer, or the number of an order.
    #[error("buyer_reference")]
    BuyerReference,
    /// Somebody who answers for the finances and can be written to.
    #[error("a contact with role finance and an e-mail address")]
    FinanceContact,
    /// What an e-invoice needs.
    #[error("{why}")]
    EInvoice {
        /// What is wrong.
        why: String,
    },
}

/// The most participants that a sentence names.
const NAMED_MAX: usize = 10;

/// Why nobody is invoiced where all that are left are set aside.
pub(super) fn all_set_aside(year: i32, lacking: Vec<Lacking>) -> PlanFault {
    if lacking.is_empty() { PlanFault::AllInvoiced { year } } else { everybody_lacks(year, lacking) }
}

pub(super) fn everybody_lacks(year: i32, mut lacking: Vec<Lacking>) -> PlanFault {
    let more_count = lacking.len().saturating_sub(NAMED_MAX);
    lacking.truncate(NAMED_MAX);
    PlanFault::EverybodyLacks { year, lacking, more_count }
}

fn named(lacking: &[Lacking], more_count: usize) -> String {
    let mut said: Vec<String> = lacking.iter().map(|Lacking { of, lack }| format!("{of} ({lack})")).collect();
    said.extend((more_count > 0).then(|| format!("{more_count} more")));
    said.join(", ")
}
