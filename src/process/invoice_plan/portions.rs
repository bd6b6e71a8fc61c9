//! What is certain enough to be invoiced, and each participant's portion of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::before::{Before, Invoiced};
use super::{LineNamed, PlanFault, Reason, ShareExplained, Wanted, Wording, invoice_party, name_on};
use crate::domain::allocation::allocate;
use crate::domain::apportionment::{Apportioner, Apportionment, Grants};
use crate::domain::assessment::Certainty;
use crate::domain::calendar::{Period, day_before, first_day};
use crate::domain::identity::{AgreementId, AssessmentId, InvoiceRunId, PartyId};
use crate::domain::invoice_run::{Ground, InvoiceLine, InvoicedBefore};
use crate::domain::money::Ore;
use crate::domain::party::ContactRole;
use crate::domain::supplier_invoice::{Attachment, SupplierInvoice};
use crate::domain::vat::{Subject, VatTreatmentDecided};
use crate::view::book::Book;

/// A participant's portion of what is shared.
pub(super) struct Portion {
    pub(super) party: PartyId,
    /// The share excluding VAT.
    pub(super) net: Ore,
    /// The share of the supplier's VAT; none where none is passed on.
    pub(super) vat: Option<Ore>,
    /// What was invoiced of it before.
    before: Option<InvoicedBefore>,
    /// Why it is left out; none where it is invoiced.
    pub(super) reason: Option<Reason>,
    /// The days of the party's share; none for a one-time cost.
    period: Option<Period>,
}

impl Portion {
    /// What there is to invoice, output VAT left out.
    pub(super) fn to_invoice(&self) -> Ore {
        let before = self.before.unwrap_or_default();
        self.net + self.vat.unwrap_or_default() - before.net_ore - before.passed_on_vat_ore.unwrap_or_default()
    }

    /// Whether it gives a line.
    pub(super) fn is_invoiced(&self) -> bool {
        self.reason.is_none() && self.to_invoice() != Ore::ZERO
    }
}

/// A cost or licence with all its portions.
pub(super) struct Charge {
    pub(super) ground: Ground,
    pub(super) portions: Vec<Portion>,
    /// The supplier's invoices that go with a claim.
    pub(super) attachments: Vec<Attachment>,
    year: i32,
    granted: Ore,
    output_vat_percent: Decimal,
    shared: Apportionment,
}

impl Charge {
    /// Whether something of it is to be invoiced.
    pub(super) fn is_open(&self) -> bool {
        self.portions.iter().any(Portion::is_invoiced)
    }

    /// A portion as a line in the words that will be printed.
    pub(super) fn line(&self, portion: &Portion, wording: &dyn Wording) -> InvoiceLine {
        let before = portion.before.unwrap_or_default();
        let part = self.shared.parts.iter().find(|part| part.share_of(portion.party).is_some());
        let key = part.and_then(|part| part.key.as_ref());
        let name = &self.ground.name;
        InvoiceLine {
            subject: self.ground.subject,
            text: wording.line(&LineNamed { name, year: self.year, period: portion.period }),
            explanation: wording.explanation(&ShareExplained {
                net: portion.net,
                amount: self.ground.net_ore,
                granted: self.granted,
                key: key.map(|key| key.definition.name()),
                population_date: key.map(|key| key.population_date),
                members_count: part.map_or(1, |part| part.members.len().max(1)),
                parts_count: self.shared.parts.len(),
                invoiced_before: portion.before.map(|before| before.net_ore),
            }),
            period: portion.period,
            net_ore: portion.net - before.net_ore,
            vat_percent: self.output_vat_percent,
            passed_on_vat_ore: portion.vat.map(|vat| vat - before.passed_on_vat_ore.unwrap_or_default()),
            invoiced_before: portion.before,
        }
    }
}

/// What is shared of a cost or licence, before anybody is asked for it.
struct Certain<'book> {
    subject: Subject,
    name: &'book str,
    period: Option<Period>,
    assessment: AssessmentId,
    actual: bool,
    granted: Ore,
    shared: Apportionment,
    /// The shares of the days of the year before those that are invoiced; none for a one-time cost.
    shared_before: Option<Apportionment>,
    supplier_invoices: Vec<&'book SupplierInvoice>,
}

/// Everything a plan is made from.
pub(super) struct Planner<'book> {
    book: &'book Book,
    wanted: &'book Wanted,
    apportioner: Apportioner<'book>,
    before: Before,
    agreements: BTreeMap<PartyId, AgreementId>,
}

impl<'book> Planner<'book> {
    pub(super) fn new(book: &'book Book, run: InvoiceRunId, wanted: &'book Wanted) -> Self {
        let apportioner = book.apportioner(wanted.procurement);
        let mut agreements = BTreeMap::new();
        for (id, agreement) in &book.agreements {
            let Some(drafted) = agreement.drafted.as_ref() else { continue };
            if drafted.procurement == wanted.procurement {
                for party in apportioner.participants.those_after(drafted.party, wanted.invoice_date) {
                    agreements.entry(party).or_insert(*id);
                }
            }
        }
        Self { book, wanted, apportioner, before: Before::of(book, run), agreements }
    }

    pub(super) fn invoice_date(&self) -> NaiveDate {
        self.wanted.invoice_date
    }

    /// The agreement that a party pays by.
    pub(super) fn agreement_of(&self, party: PartyId) -> Option<AgreementId> {
        self.agreements.get(&party).copied()
    }

    /// What may be invoiced, if it is certain enough: one-time costs, by name.
    fn subjects(&self) -> impl Iterator<Item = Subject> {
        self.book.costs_of(self.wanted.procurement).into_iter().map(|(cost, _)| Subject::Cost { cost })
    }

    /// Why nothing is to be invoiced: nothing is certain enough, all that are left lack something, or all is done.
    pub(super) fn nothing_open(&self) -> PlanFault {
        let year = self.wanted.covers.first.year();
        if !self.subjects().any(|subject| self.certain(subject).is_some()) {
            return PlanFault::NothingContracted { year };
        }
        let charges = self.subjects().filter_map(|subject| self.charge(subject).ok().flatten());
        let lacks = charges.flat_map(|charge| {
            let lack = |portion: &Portion| {
                Some((name_on(self.book, portion.party, self.invoice_date()), portion.reason.as_ref()?.lack()?))
            };
            charge.portions.iter().filter_map(lack).collect::<Vec<_>>()
        });
        let lacking: BTreeSet<(String, &'static str)> = lacks.collect();
        if lacking.is_empty() {
            PlanFault::AllInvoiced { year }
        } else {
            PlanFault::EverybodyLacks { year, lacking: lacking.into_iter().collect() }
        }
    }

    /// Everything of which something is to be invoiced.
    pub(super) fn open_charges(&self) -> Result<Vec<Charge>, PlanFault> {
        let charges = self.subjects().filter_map(|subject| self.charge(subject).transpose());
        charges.filter(|charge| charge.as_ref().map_or(true, Charge::is_open)).collect()
    }

    /// One cost or licence with all its portions; none where it is not certain enough, or is not for these days. Where VAT
    /// is not settled that matters only if something is to be invoiced.
    pub(super) fn charge(&self, subject: Subject) -> Result<Option<Charge>, PlanFault> {
        let Some(certain) = self.certain(subject) else { return Ok(None) };
        let nets = net_shares(&certain)?;
        let settled =
            self.decided(&certain).and_then(|decided| Ok((decided, supplier_vat_shares(&certain, decided, &nets)?)));
        let vats = settled.as_ref().map_or(None, |(_, vats)| vats.as_ref());
        let portion = |(party, net): (&PartyId, &Ore)| {
            self.portion(&certain, *party, *net, vats.and_then(|vats| vats.get(party)).copied())
        };
        let portions: Vec<Portion> = nets.iter().map(portion).collect();
        let (decided, vats) = match settled {
            Ok(settled) => settled,
            Err(_) if !portions.iter().any(Portion::is_invoiced) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let ground = Ground {
            subject,
            name: certain.name.to_owned(),
            period: certain.period,
            assessment: certain.assessment,
            net_ore: nets.values().copied().sum(),
            passed_on_vat_ore: vats.map(|vats| vats.values().copied().sum()),
            treatment: decided.treatment,
            decision: Some(decided.decision.clone()),
        };
        let passed_on = certain.supplier_invoices.iter().filter(|_| decided.treatment.passes_on_supplier_vat());
        Ok(Some(Charge {
            ground,
            portions,
            attachments: passed_on.map(|invoice| invoice.attachment()).collect(),
            year: self.wanted.covers.first.year(),
            granted: certain.granted,
            output_vat_percent: decided.output_vat_percent(),
            shared: certain.shared,
        }))
    }

    fn decided(&self, certain: &Certain<'_>) -> Result<&'book VatTreatmentDecided, PlanFault> {
        let day = self.wanted.invoice_date;
        let procurement = self.book.procurements.get(&self.wanted.procurement);
        procurement
            .and_then(|procurement| procurement.vat_treatment_on(certain.subject, day))
            .ok_or_else(|| PlanFault::VatUndecided { name: certain.name.to_owned(), day })
    }

    fn certain(&self, subject: Subject) -> Option<Certain<'book>> {
        match subject {
            Subject::Cost { cost } => {
                let cost = self.book.costs.get(&cost)?;
                let certainty = cost.amount().certainty();
                if certainty < Certainty::Contracted || cost.year != self.wanted.covers.first.year() {
                    return None;
                }
                Some(Certain {
                    subject,
                    name: &cost.recorded.as_ref()?.name,
                    period: None,
                    assessment: cost.statements.last()?.assessment,
                    actual: certainty == Certainty::Actual,
                    granted: cost.granted(),
                    shared: self.apportioner.cost(cost, Grants::TakenOff)?,
                    shared_before: None,
                    supplier_invoices: cost.supplier_invoices.iter().collect(),
                })
            }
            Subject::Licence { licence } => {
                let licence = self.book.licences.get(&licence)?;
                let Period { first, last } = self.wanted.covers;
                let certainty = licence.base_price().certainty();
                let period = licence.paid_days(first.year())?.intersection(self.wanted.covers)?;
                if certainty < Certainty::Contracted {
                    return None;
                }
                let within = |invoice: &&SupplierInvoice| invoice.period.is_some_and(|of| period.encloses(of));
                Some(Certain {
                    subject,
                    name: &licence.recorded.as_ref()?.name,
                    period: Some(period),
                    assessment: licence.statements.last()?.assessment,
                    actual: certainty == Certainty::Actual,
                    granted: Ore::ZERO,
                    shared: self.apportioner.licence_until(licence, last)?,
                    shared_before: (first > first_day(first.year()))
                        .then(|| self.apportioner.licence_until(licence, day_before(first)))
                        .flatten(),
                    supplier_invoices: licence.supplier_invoices.iter().filter(within).collect(),
                })
            }
        }
    }

    fn portion(&self, certain: &Certain<'_>, party: PartyId, net: Ore, vat: Option<Ore>) -> Portion {
        let invoiced = self.before.invoiced(certain.subject, party, certain.period);
        let mut portion = Portion { party, net, vat, before: None, reason: None, period: days_of(certain, party) };
        let settled = match invoiced {
            Invoiced::Nothing => None,
            Invoiced::Otherwise => Some(Reason::InvoicedBefore),
            Invoiced::Some(before) => {
                portion.before = Some(before);
                // What was invoiced on account is settled against what it came to, and nothing else.
                let settled = certain.actual && portion.to_invoice() != Ore::ZERO;
                if settled { None } else { portion.before.take().map(|_| Reason::InvoicedBefore) }
            }
        };
        portion.reason = self.never_invoiced(party).or(settled).or_else(|| self.lack(party));
        portion
    }

    /// Why this issuer does not invoice a party, whatever it is for.
    fn never_invoiced(&self, party: PartyId) -> Option<Reason> {
        if self.leads(party) { Some(Reason::OwnShare) } else { self.other_issuer(party).map(Reason::OtherIssuer) }
    }

    /// What a party lacks to be sent an invoice.
    fn lack(&self, party: PartyId) -> Option<Reason> {
        let known = self.book.parties.get(&party)?;
        let orders = known.invoice_references.as_ref().and_then(|references| references.order_reference.as_ref());
        if invoice_party(self.book, party, self.wanted.invoice_date).is_none() {
            Some(Reason::NoOrganisationNumber)
        } else if known.buyer_reference.is_none() && orders.is_none() {
            Some(Reason::NoReference)
        } else if !known.contacts.contains_key(&ContactRole::Finance) {
            Some(Reason::NoFinanceContact)
        } else {
            None
        }
    }

    /// A county authority that leads the procurement pays its own share to the supplier.
    fn leads(&self, party: PartyId) -> bool {
        party == self.wanted.issuer
            || self
                .book
                .procurements
                .get(&self.wanted.procurement)
                .is_some_and(|procurement| procurement.counties_on(self.wanted.invoice_date).contains(&party))
    }

    /// The name of the county authority on the other side of the party's agreement, where it is not the issuer.
    fn other_issuer(&self, party: PartyId) -> Option<String> {
        let agreement = self.book.agreements.get(&self.agreement_of(party)?)?;
        let county = agreement.county_on(self.wanted.invoice_date).filter(|county| *county != self.wanted.issuer)?;
        self.book.parties.contains_key(&county).then(|| name_on(self.book, county, self.wanted.invoice_date))
    }
}

/// The shares excluding VAT: of the days up to the last, less those of the days of the year before the first. So the shares
/// of the parts of a year come to that of the year.
fn net_shares(certain: &Certain<'_>) -> Result<BTreeMap<PartyId, Ore>, PlanFault> {
    let mut shares = shares_of(&certain.shared, certain.name)?;
    if let Some(before) = &certain.shared_before {
        for (party, share) in shares_of(before, certain.name)? {
            *shares.entry(party).or_default() -= share;
        }
    }
    Ok(shares)
}

fn shares_of(shared: &Apportionment, name: &str) -> Result<BTreeMap<PartyId, Ore>, PlanFault> {
    let cannot = |fault: String| PlanFault::CannotShare { name: name.to_owned(), fault };
    if let Some(fault) = shared.fault() {
        return Err(cannot(fault.to_string()));
    }
    if shared.certainty < Certainty::Contracted {
        return Err(cannot("its sharing key is only proposed; adopt it first".to_owned()));
    }
    let share_of = |party: PartyId| {
        let share = shared.share_of(party).flatten();
        share.map(|share| (party, share.likely_ore)).ok_or_else(|| cannot("an amount is unknown".to_owned()))
    };
    shared.bearers().into_iter().map(share_of).collect()
}

/// The supplier's VAT, shared in proportion to the shares excluding VAT, by largest remainder: so both tie to the supplier's
/// invoice to the øre, also where a key holds amounts in kroner, which the VAT itself could not be shared by. None where it
/// is not passed on.
fn supplier_vat_shares(
    certain: &Certain<'_>,
    decided: &VatTreatmentDecided,
    nets: &BTreeMap<PartyId, Ore>,
) -> Result<Option<BTreeMap<PartyId, Ore>>, PlanFault> {
    if !decided.treatment.passes_on_supplier_vat() {
        return Ok(None);
    }
    let name = || certain.name.to_owned();
    if certain.supplier_invoices.is_empty() {
        return Err(PlanFault::SupplierInvoiceMissing { name: name(), treatment: decided.treatment });
    }
    let invoiced: Ore = certain.supplier_invoices.iter().map(|invoice| invoice.net_ore).sum();
    let amount = nets.values().copied().sum::<Ore>() + certain.granted;
    if invoiced != amount {
        return Err(PlanFault::SupplierInvoiceDiffers { name: name(), amount, invoiced });
    }
    let vat: Ore = certain.supplier_invoices.iter().map(|invoice| invoice.vat_ore).sum();
    let keys: Vec<String> = nets.keys().map(|party| tie_key(certain, *party)).collect();
    let weights: Vec<_> = keys.iter().map(String::as_str).zip(nets.values().map(|net| net.decimal())).collect();
    let shares = allocate(vat, &weights)
        .map_err(|fault| PlanFault::CannotShare { name: name(), fault: format!("its VAT: {fault}") })?;
    Ok(Some(nets.keys().copied().zip(shares).collect()))
}

/// What ties go by, as in the sharing of the net: the number of the member, else its id.
fn tie_key(certain: &Certain<'_>, party: PartyId) -> String {
    let mut members = certain.shared.parts.iter().flat_map(|part| &part.members);
    members.find(|member| member.party == party).map_or_else(|| party.to_string(), |member| member.number.clone())
}

/// The days of a party's share among those that are invoiced; none for a one-time cost.
fn days_of(certain: &Certain<'_>, party: PartyId) -> Option<Period> {
    let period = certain.period?;
    let mut days = certain
        .shared
        .parts
        .iter()
        .filter(|part| part.share_of(party).is_some())
        .filter_map(|part| part.period.intersection(period));
    let first = days.next()?;
    Some(days.fold(first, |span, next| Period { first: span.first.min(next.first), last: span.last.max(next.last) }))
}
