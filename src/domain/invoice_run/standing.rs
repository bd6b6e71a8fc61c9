//! What a plan would be made of now, and what of it is otherwise than when it was planned.

use std::collections::BTreeSet;

use serde::Serialize;

use super::plan::by_subject_and_party;
use super::{Ground, InvoicePlan, InvoiceRunRejection, Issuer, PlannedInvoice, Share};
use crate::domain::identity::{AgreementId, PartyId};
use crate::domain::money::Ore;
use crate::domain::supplier_invoice::Attachment;
use crate::domain::vat::VatTreatment;

/// The most changes that a sentence names.
const NAMED_MAX: usize = 10;

/// What the plan would be made of now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Who issues, with what the registers say of it; none where others have come after it.
    pub issuer: Option<Issuer>,
    /// The account to pay to.
    pub account_number: String,
    /// What is shared; what can no longer be shared is not among it.
    pub grounds: Vec<Ground>,
    /// Everybody's share, invoiced or set aside.
    pub shares: Vec<Share>,
    /// The documents. Their ids are not compared.
    pub invoices: Vec<PlannedInvoice>,
}

/// What of a plan is otherwise now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// A cost or licence can no longer be shared, or not for these days.
    Ground,
    /// Its amount was stated anew.
    Statement,
    /// What is shared of it.
    Amount,
    /// What is shared of the supplier's VAT.
    SupplierVat,
    /// How VAT is treated.
    Treatment,
    /// The decision that says so.
    Decision,
    /// A participant's share.
    Share,
    /// What is invoiced of the share.
    Invoiced,
    /// The share is set aside: what its participant lacks, or who invoices it.
    SetAside,
    /// The name on the document.
    Name,
    /// The organisation number.
    OrganisationNumber,
    /// The municipality or county number.
    Number,
    /// The language of the document.
    Language,
    /// The buyer's reference.
    BuyerReference,
    /// The number of the buyer's order.
    OrderReference,
    /// The account the buyer books to.
    AccountingCost,
    /// Who issues: it is gone.
    Issuer,
    /// The account to pay to.
    AccountNumber,
    /// The rates of VAT.
    VatRates,
    /// What goes with the document.
    Attachments,
    /// Whether the issuer stands in Foretaksregisteret.
    Foretaksregisteret,
    /// Whether the issuer is registered for VAT.
    VatRegistered,
}

/// One thing that is otherwise now: as it was planned, and as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Change {
    /// What.
    pub changed: Changed,
    /// Whose: the name of a cost, of a participant, or of the issuer.
    pub of: String,
    /// The cost or licence that a share is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of: Option<String>,
    /// As it was and as it is, in words; none where it is an amount.
    #[serde(flatten)]
    pub words: Option<Words>,
    /// As it was and as it is, as an amount; none where it is said in words.
    #[serde(flatten)]
    pub amounts: Option<Amounts>,
}

/// As it was planned and as it is, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Words {
    /// As planned.
    pub planned: String,
    /// As it is.
    pub now: String,
}

/// As it was planned and as it is, as an amount; zero where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Amounts {
    /// As planned.
    pub planned_ore: Ore,
    /// As it is.
    pub now_ore: Ore,
}

/// What stands where there is nothing.
const NOTHING: &str = "–";

/// Collects what is otherwise of one thing.
struct Compared<'a> {
    of: &'a str,
    share_of: Option<&'a str>,
    changes: &'a mut Vec<Change>,
}

impl Compared<'_> {
    fn push(&mut self, changed: Changed, words: Option<Words>, amounts: Option<Amounts>) {
        let (of, share_of) = (self.of.to_owned(), self.share_of.map(str::to_owned));
        self.changes.push(Change { changed, of, share_of, words, amounts });
    }

    fn amount(&mut self, changed: Changed, planned: Option<Ore>, now: Option<Ore>) {
        let amounts = Amounts { planned_ore: planned.unwrap_or_default(), now_ore: now.unwrap_or_default() };
        if amounts.planned_ore != amounts.now_ore {
            self.push(changed, None, Some(amounts));
        }
    }

    fn words(&mut self, changed: Changed, planned: Option<&str>, now: Option<&str>) {
        if planned != now {
            let said = |text: Option<&str>| text.unwrap_or(NOTHING).to_owned();
            self.push(changed, Some(Words { planned: said(planned), now: said(now) }), None);
        }
    }

    /// What is said by naming it alone.
    fn fact(&mut self, changed: Changed, is_otherwise: bool) {
        if is_otherwise {
            self.push(changed, None, None);
        }
    }
}

impl InvoicePlan {
    /// Whether all that the plan rests on is as it was, down to what will stand on each document.
    ///
    /// # Errors
    /// What is otherwise now.
    pub fn check_still_holds(&self, now: &Standing) -> Result<(), InvoiceRunRejection> {
        let (changes, more_count) = self.first_changes(now);
        if changes.is_empty() { Ok(()) } else { Err(InvoiceRunRejection::GroundsChanged { changes, more_count }) }
    }

    /// The first things that are otherwise now, as many as are named, and how many more are.
    #[must_use]
    pub fn first_changes(&self, now: &Standing) -> (Vec<Change>, usize) {
        let mut changes = self.changes(now);
        let more_count = changes.len().saturating_sub(NAMED_MAX);
        changes.truncate(NAMED_MAX);
        (changes, more_count)
    }

    /// What is otherwise now: amounts and decisions, every participant's share, and what stands on the documents.
    #[must_use]
    pub fn changes(&self, now: &Standing) -> Vec<Change> {
        let mut changes = Vec::new();
        self.compare_issuer(now, &mut changes);
        for ground in &self.grounds {
            compare_ground(ground, now.grounds.iter().find(|other| other.subject == ground.subject), &mut changes);
        }
        self.compare_shares(&now.shares, &mut changes);
        for planned in &self.invoices {
            // One that would not be issued now has lost its shares, which is said above.
            if let Some(now) = now.invoices.iter().find(|other| key(other) == key(planned)) {
                compare_invoice(planned, now, &mut changes);
            }
        }
        changes
    }

    /// What it would be made of where nothing has changed.
    #[cfg(test)]
    pub(crate) fn standing(&self) -> Standing {
        let Self { issuer, account_number, grounds, invoices, .. } = self.clone();
        Standing { issuer: Some(issuer), account_number, grounds, shares: self.shares(), invoices }
    }

    fn compare_issuer(&self, now: &Standing, changes: &mut Vec<Change>) {
        let planned = &self.issuer;
        let mut compared = Compared { of: &planned.name, share_of: None, changes };
        compared.words(Changed::AccountNumber, Some(&self.account_number), Some(&now.account_number));
        let Some(now) = &now.issuer else {
            return compared.fact(Changed::Issuer, true);
        };
        compared.words(Changed::Name, Some(&planned.name), Some(&now.name));
        let numbers = [planned, now].map(|issuer| Some(issuer.organisation_number.as_str()));
        compared.words(Changed::OrganisationNumber, numbers[0], numbers[1]);
        compared.words(Changed::Number, planned.number.as_deref(), now.number.as_deref());
        compared.fact(Changed::Foretaksregisteret, planned.in_foretaksregisteret != now.in_foretaksregisteret);
        compared.fact(Changed::VatRegistered, planned.vat_registered != now.vat_registered);
    }

    fn compare_shares(&self, now: &[Share], changes: &mut Vec<Change>) {
        let planned = self.shares();
        let (planned, now) = (by_subject_and_party(&planned), by_subject_and_party(now));
        let keys: BTreeSet<_> = planned.keys().chain(now.keys()).collect();
        for key in keys {
            let (planned, now) = (planned.get(key), now.get(key));
            let Some(some) = now.or(planned) else { continue };
            let named = planned.into_iter().chain(now).map(|share| share.name.as_str()).max_by_key(|name| name.len());
            let ground = self.grounds.iter().find(|ground| ground.subject == some.subject);
            let mut compared =
                Compared { of: named.unwrap_or_default(), share_of: ground.map(|ground| &*ground.name), changes };
            let net = |share: Option<&Share>| share.map(|share| share.net_ore);
            compared.amount(Changed::Share, net(planned), net(now));
            let vat = |share: Option<&Share>| share.and_then(|share| share.passed_on_vat_ore);
            compared.amount(Changed::SupplierVat, vat(planned), vat(now));
            // Who was set aside may get an invoice in a later run.
            let was_set_aside = planned.is_none_or(|share| share.invoiced_ore.is_none());
            if (net(planned), vat(planned)) == (net(now), vat(now)) && !was_set_aside {
                let invoiced = |share: Option<&Share>| share.and_then(|share| share.invoiced_ore);
                match now.and_then(|now| now.set_aside.as_deref()) {
                    Some(why) => compared.words(Changed::SetAside, None, Some(why)),
                    None => compared.amount(Changed::Invoiced, invoiced(planned), invoiced(now)),
                }
            }
        }
    }
}

/// What one document is about: its id would be another for the same in another run.
fn key(invoice: &PlannedInvoice) -> (PartyId, VatTreatment, Option<AgreementId>) {
    (invoice.recipient.party, invoice.treatment, invoice.agreement)
}

fn compare_ground(planned: &Ground, now: Option<&Ground>, changes: &mut Vec<Change>) {
    let mut compared = Compared { of: &planned.name, share_of: None, changes };
    let Some(now) = now.filter(|now| now.period == planned.period) else {
        return compared.fact(Changed::Ground, true);
    };
    compared.amount(Changed::Amount, Some(planned.net_ore), Some(now.net_ore));
    compared.amount(Changed::SupplierVat, planned.passed_on_vat_ore, now.passed_on_vat_ore);
    compared.fact(Changed::Statement, planned.assessment != now.assessment && planned.net_ore == now.net_ore);
    compared.words(Changed::Treatment, Some(planned.treatment.word()), Some(now.treatment.word()));
    compared.words(Changed::Decision, planned.decision.as_deref(), now.decision.as_deref());
}

fn compare_invoice(planned: &PlannedInvoice, now: &PlannedInvoice, changes: &mut Vec<Change>) {
    let mut compared = Compared { of: &planned.recipient.name, share_of: None, changes };
    let [recipient, recipient_now] = [&planned.recipient, &now.recipient];
    compared.words(Changed::Name, Some(&recipient.name), Some(&recipient_now.name));
    let numbers = [recipient, recipient_now].map(|recipient| Some(recipient.organisation_number.as_str()));
    compared.words(Changed::OrganisationNumber, numbers[0], numbers[1]);
    compared.words(Changed::Number, recipient.number.as_deref(), recipient_now.number.as_deref());
    compared.fact(Changed::Language, planned.language != now.language);
    compared.words(Changed::BuyerReference, planned.buyer_reference.as_deref(), now.buyer_reference.as_deref());
    compared.words(Changed::OrderReference, planned.order_reference.as_deref(), now.order_reference.as_deref());
    compared.words(Changed::AccountingCost, planned.accounting_cost.as_deref(), now.accounting_cost.as_deref());
    let [rates, rates_now] = [planned, now].map(rates);
    compared.words(Changed::VatRates, Some(&rates), Some(&rates_now));
    let [files, files_now] = [planned, now].map(|invoice| files(&invoice.attachments));
    compared.words(Changed::Attachments, files.as_deref(), files_now.as_deref());
}

fn rates(invoice: &PlannedInvoice) -> String {
    let mut rates: Vec<String> =
        invoice.lines.iter().map(|line| format!("{} %", line.vat_percent.normalize())).collect();
    rates.sort();
    rates.dedup();
    rates.join(", ")
}

/// The files by name, and by the beginning of their hash, since another file may have the same name.
fn files(attachments: &[Attachment]) -> Option<String> {
    let names =
        attachments.iter().map(|file| format!("{} ({})", file.file_name, file.sha256.get(..8).unwrap_or_default()));
    Some(names.collect::<Vec<_>>().join(", ")).filter(|names| !names.is_empty())
}
