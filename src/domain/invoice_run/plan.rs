//! What a plan holds: who gets which document, for what, by which decision, and what all of it rests on.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::calendar::Period;
use crate::domain::identity::{AgreementId, AssessmentId, InvoiceId, PartyId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::party::WrittenForm;
use crate::domain::supplier_invoice::Attachment;
use crate::domain::vat::{DocumentKind, Subject, VatTreatment};

/// The most participants of a run, invoiced or set aside.
pub const PARTICIPANTS_MAX: usize = 5_000;
/// The most lines of an invoice.
pub const LINES_MAX: usize = 100;
/// The most costs and licences shared by a run: each may give a line.
pub const GROUNDS_MAX: usize = LINES_MAX;
/// The most documents that go with an invoice.
pub const ATTACHMENTS_MAX: usize = 20;

/// The language of a document.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
pub enum InvoiceLanguage {
    /// Bokmål.
    #[serde(rename = "nb")]
    Bokmal,
    /// Nynorsk.
    #[serde(rename = "nn")]
    Nynorsk,
    /// Bokmål and Northern Sámi, for recipients in the Sámi language area (sameloven § 3-3).
    #[serde(rename = "nb+se")]
    BokmalAndNorthernSami,
}

impl InvoiceLanguage {
    /// The written form of the Norwegian in a document.
    #[must_use]
    pub fn written_form(self) -> WrittenForm {
        match self {
            Self::Bokmal | Self::BokmalAndNorthernSami => WrittenForm::Bokmal,
            Self::Nynorsk => WrittenForm::Nynorsk,
        }
    }
}

/// What one document is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoicePer {
    /// All that a party pays.
    #[default]
    Payer,
    /// All that a party pays by one agreement.
    Agreement,
}

/// What was invoiced of the same share before, on account, less what was credited of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoicedBefore {
    /// Excluding VAT.
    pub net_ore: Ore,
    /// Of the supplier's VAT; none where none is passed on.
    pub passed_on_vat_ore: Option<Ore>,
}

/// One line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceLine {
    /// What it is a share of.
    pub subject: Subject,
    /// What it is for, in the words that will be printed.
    pub text: String,
    /// How the share came about, in the words that will be printed.
    pub explanation: String,
    /// The days it is for: of a licence those that are invoiced, of a one-time cost its budget year; none where nobody said.
    pub period: Option<Period>,
    /// What is invoiced excluding VAT: the share less what was invoiced of it before. Below zero where that was too much.
    pub net_ore: Ore,
    /// Output VAT in percent; zero on a claim.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// The share of the supplier's VAT, less what was claimed of it before; none where none is passed on.
    pub passed_on_vat_ore: Option<Ore>,
    /// What was invoiced of the same share before; none where nothing was.
    pub invoiced_before: Option<InvoicedBefore>,
}

impl InvoiceLine {
    /// What it adds to what is to be paid, output VAT left out.
    #[must_use]
    pub fn amount(&self) -> Ore {
        self.net_ore + self.passed_on_vat_ore.unwrap_or_default()
    }

    /// The days by which it is shared; none for a one-time cost, which is shared as a whole and may be moved to another year.
    #[must_use]
    pub fn days_shared(&self) -> Option<Period> {
        match self.subject {
            Subject::Cost { .. } => None,
            Subject::Licence { .. } => self.period,
        }
    }

    /// The whole share: with what was invoiced of it before.
    #[must_use]
    pub fn share(&self) -> Ore {
        self.net_ore + self.invoiced_before.map(|before| before.net_ore).unwrap_or_default()
    }

    /// The whole share of the supplier's VAT; none where none is passed on.
    #[must_use]
    pub fn supplier_vat_share(&self) -> Option<Ore> {
        let before = self.invoiced_before.and_then(|before| before.passed_on_vat_ore).unwrap_or_default();
        self.passed_on_vat_ore.map(|vat| vat + before)
    }
}

/// VAT of all lines with one rate: computed once on their sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VatSubtotal {
    /// VAT in percent.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// The sum of the lines excluding VAT.
    pub net_ore: Ore,
    /// VAT on that sum, the nearest øre, half away from zero.
    pub vat_ore: Ore,
}

/// VAT once for each rate, on the sum of its amounts, the nearest øre, half away from zero.
#[must_use]
pub fn vat_subtotals(amounts: impl IntoIterator<Item = (Decimal, Ore)>) -> Vec<VatSubtotal> {
    let mut rates: BTreeMap<Decimal, Ore> = BTreeMap::new();
    for (vat_percent, net_ore) in amounts {
        *rates.entry(vat_percent).or_default() += net_ore;
    }
    rates
        .into_iter()
        .map(|(vat_percent, net_ore)| VatSubtotal { vat_percent, net_ore, vat_ore: net_ore.percent(vat_percent) })
        .collect()
}

/// One party of an invoice as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceParty {
    /// Who.
    pub party: PartyId,
    /// The name on the day of the plan.
    pub name: String,
    /// The organisation number.
    pub organisation_number: String,
    /// The municipality or county number on the day of the plan, where there is one.
    pub number: Option<String>,
}

/// Who issues, with what the public registers said of it on the invoice date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Who.
    pub party: PartyId,
    /// The name on the invoice date.
    pub name: String,
    /// The organisation number.
    pub organisation_number: String,
    /// The county number on the invoice date, where there is one.
    pub number: Option<String>,
    /// Whether it stands in Foretaksregisteret: the word then stands on the document (foretaksregisterloven § 10-2).
    pub in_foretaksregisteret: bool,
    /// Whether it is registered for VAT: "MVA" then stands after the organisation number.
    pub vat_registered: bool,
}

impl Issuer {
    /// The same as any party is printed.
    #[must_use]
    pub fn as_party(&self) -> InvoiceParty {
        InvoiceParty {
            party: self.party,
            name: self.name.clone(),
            organisation_number: self.organisation_number.clone(),
            number: self.number.clone(),
        }
    }
}

/// A list that takes no more room than it needs: what is read of an invoice is kept for good.
fn without_spare_room<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let mut list = Vec::deserialize(from)?;
    list.shrink_to_fit();
    Ok(list)
}

/// An invoice, or a claim without output VAT, as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedInvoice {
    /// Its id.
    pub invoice: InvoiceId,
    /// The agreement it rests on, where there is one.
    pub agreement: Option<AgreementId>,
    /// Who pays.
    pub recipient: InvoiceParty,
    /// Which kind of document it is.
    pub kind: DocumentKind,
    /// How VAT is treated.
    pub treatment: VatTreatment,
    /// The decisions that say so, each once; none where none was recorded, as before there were decisions.
    pub decisions: Vec<String>,
    /// The language of the document.
    pub language: InvoiceLanguage,
    /// The reference the recipient wants.
    pub buyer_reference: Option<String>,
    /// The number of the recipient's own order, where it has one.
    pub order_reference: Option<String>,
    /// The account the recipient books to, where it wants it said.
    pub accounting_cost: Option<String>,
    /// The lines.
    #[serde(deserialize_with = "without_spare_room")]
    pub lines: Vec<InvoiceLine>,
    /// Output VAT by rate; none on a claim.
    #[serde(deserialize_with = "without_spare_room")]
    pub vat: Vec<VatSubtotal>,
    /// The sum excluding VAT.
    pub net_ore: Ore,
    /// The supplier's VAT that is passed on.
    pub passed_on_vat_ore: Ore,
    /// The output VAT.
    pub vat_ore: Ore,
    /// What is to be paid.
    pub total_ore: Ore,
    /// What goes with it: the supplier's invoices with a claim that passes them on.
    pub attachments: Vec<Attachment>,
}

impl PlannedInvoice {
    /// The same with the sums that its lines give.
    #[must_use]
    pub fn summed(mut self) -> Self {
        self.vat = match self.kind {
            DocumentKind::Invoice => vat_subtotals(self.lines.iter().map(|line| (line.vat_percent, line.net_ore))),
            DocumentKind::Claim => Vec::new(),
        };
        self.net_ore = self.lines.iter().map(|line| line.net_ore).sum();
        self.passed_on_vat_ore = self.lines.iter().filter_map(|line| line.passed_on_vat_ore).sum();
        self.vat_ore = self.vat.iter().map(|subtotal| subtotal.vat_ore).sum();
        self.total_ore = self.net_ore + self.passed_on_vat_ore + self.vat_ore;
        self
    }
}

/// A participant that gets no invoice for its share in this run, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// The party.
    pub party: PartyId,
    /// The cost or licence whose share is left out.
    pub subject: Subject,
    /// What it lacks, or who invoices it instead.
    pub reason: String,
    /// Its share excluding VAT: with the shares on all invoices it comes to what is shared.
    pub net_ore: Ore,
    /// Its share of the supplier's VAT; none where none is passed on.
    pub passed_on_vat_ore: Option<Ore>,
}

/// A participant that is left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut<'plan> {
    /// The party.
    pub party: PartyId,
    /// What it lacks, or who invoices it instead.
    pub reason: &'plan str,
    /// The costs and licences whose shares are left out.
    pub names: Vec<&'plan str>,
    /// Its shares excluding VAT.
    pub net: Ore,
}

/// What the plan rests on: a changed ground makes the plan stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The cost or licence.
    pub subject: Subject,
    /// What people call it.
    pub name: String,
    /// The days it is invoiced for; none for a one-time cost.
    pub period: Option<Period>,
    /// The statement of its amount that was in force.
    pub assessment: AssessmentId,
    /// What is shared, grants taken off, excluding VAT.
    pub net_ore: Ore,
    /// The supplier's VAT that is shared; none where none is passed on.
    pub passed_on_vat_ore: Option<Ore>,
    /// How VAT is treated.
    pub treatment: VatTreatment,
    /// The decision that says so; none where none was recorded, as before there were decisions.
    pub decision: Option<String>,
}

/// A participant's share of a cost or licence: what approval compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The cost or licence.
    pub subject: Subject,
    /// Whose share it is.
    pub party: PartyId,
    /// What people call the party.
    pub name: String,
    /// The share excluding VAT.
    pub net_ore: Ore,
    /// The share of the supplier's VAT; none where none is passed on.
    pub passed_on_vat_ore: Option<Ore>,
    /// What is invoiced of it, VAT left out; none where it is set aside.
    pub invoiced_ore: Option<Ore>,
    /// Why it is set aside; none where it is invoiced.
    pub set_aside: Option<String>,
}

/// The shares by whose they are and of what: those on several documents added up.
pub(super) fn by_subject_and_party(shares: &[Share]) -> BTreeMap<(Subject, PartyId), Share> {
    let mut sums: BTreeMap<(Subject, PartyId), Share> = BTreeMap::new();
    for share in shares {
        match sums.entry((share.subject, share.party)) {
            Entry::Vacant(vacant) => {
                vacant.insert(share.clone());
            }
            Entry::Occupied(mut sum) => {
                let sum = sum.get_mut();
                sum.net_ore += share.net_ore;
                sum.passed_on_vat_ore = added(sum.passed_on_vat_ore, share.passed_on_vat_ore);
                sum.invoiced_ore = added(sum.invoiced_ore, share.invoiced_ore);
                sum.set_aside = sum.set_aside.take().or_else(|| share.set_aside.clone());
            }
        }
    }
    sums
}

/// The sum; none only where there are none.
fn added(one: Option<Ore>, other: Option<Ore>) -> Option<Ore> {
    one.into_iter().chain(other).reduce(|one, other| one + other)
}

/// A whole run, planned so completely that no choice is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoicePlan {
    /// The procurement.
    pub procurement: ProcurementId,
    /// Who issues.
    pub issuer: Issuer,
    /// The account to pay to (eleven digits, MOD11).
    pub account_number: String,
    /// The date on the invoices.
    pub invoice_date: NaiveDate,
    /// The day by which they are to be paid.
    pub due_date: NaiveDate,
    /// The days that are invoiced: licences for these days, one-time costs of the budget year they lie in.
    pub covers: Period,
    /// What one document is for.
    pub one_per: InvoicePer,
    /// What is shared.
    pub grounds: Vec<Ground>,
    /// The invoices, by recipient number.
    #[serde(deserialize_with = "without_spare_room")]
    pub invoices: Vec<PlannedInvoice>,
    /// Who is left out, and why.
    pub set_aside: Vec<SetAside>,
}

impl InvoicePlan {
    /// The sum of all invoices excluding VAT.
    #[must_use]
    pub fn net(&self) -> Ore {
        self.invoices.iter().map(|invoice| invoice.net_ore).sum()
    }

    /// The sum of all invoices.
    #[must_use]
    pub fn total(&self) -> Ore {
        self.invoices.iter().map(|invoice| invoice.total_ore).sum()
    }

    /// Who is left out, each once for a reason: the names of what its shares are of, and their sum excluding VAT.
    #[must_use]
    pub fn left_out(&self) -> Vec<LeftOut<'_>> {
        let mut left_out: Vec<LeftOut<'_>> = Vec::new();
        for SetAside { party, subject, reason, net_ore, .. } in &self.set_aside {
            let ground = self.grounds.iter().find(|ground| ground.subject == *subject);
            let name = ground.map(|ground| &*ground.name).unwrap_or_default();
            match left_out.iter_mut().find(|known| known.party == *party && known.reason == reason) {
                Some(known) => {
                    known.names.push(name);
                    known.net += *net_ore;
                }
                None => left_out.push(LeftOut { party: *party, reason, names: vec![name], net: *net_ore }),
            }
        }
        left_out
    }

    /// All shares: those on invoices and those set aside. A party that is set aside has no name here.
    #[must_use]
    pub fn shares(&self) -> Vec<Share> {
        let invoiced = self.invoices.iter().flat_map(|invoice| {
            invoice.lines.iter().map(|line| Share {
                subject: line.subject,
                party: invoice.recipient.party,
                name: invoice.recipient.name.clone(),
                net_ore: line.share(),
                passed_on_vat_ore: line.supplier_vat_share(),
                invoiced_ore: Some(line.amount()),
                set_aside: None,
            })
        });
        let set_aside = self.set_aside.iter().map(|aside| Share {
            subject: aside.subject,
            party: aside.party,
            name: String::new(),
            net_ore: aside.net_ore,
            passed_on_vat_ore: aside.passed_on_vat_ore,
            invoiced_ore: None,
            set_aside: Some(aside.reason.clone()),
        });
        invoiced.chain(set_aside).collect()
    }
}
