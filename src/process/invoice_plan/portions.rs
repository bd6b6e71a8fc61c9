//! What is certain enough to be invoiced, and each participant's portion of it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::before::{Before, Invoiced};
use super::drafts::draft;
use super::other_days::SharedLater;
use super::portion::Portion;
use super::shares::{days_of, net_shares, part_explained, share_of_all, shares_of};
use super::supplier_vat::Supplied;
use super::{
    DaysAfter, DaysBefore, LineNamed, PlanFault, Reached, Reason, ShareExplained, Wanted, Wording, invoice_party,
    name_on,
};
use crate::domain::apportionment::{Apportioner, Apportionment, Grants};
use crate::domain::assessment::Certainty;
use crate::domain::calendar::{Period, day_before, first_day};
use crate::domain::cost::Distribution;
use crate::domain::identity::{AgreementId, AssessmentId, InvoiceRunId, PartyId};
use crate::domain::invoice_run::{Ground, InvoiceLanguage, InvoiceLine, InvoicePer, Issuer, PlannedInvoice};
use crate::domain::licence::Licence;
use crate::domain::money::Ore;
use crate::domain::party::ContactRole;
use crate::domain::series::Issued;
use crate::domain::supplier_invoice::{Attachment, SupplierInvoice};
use crate::domain::vat::{Subject, VatTreatmentDecided};
use crate::view::book::Book;

/// What numbers on Svalbard begin with (SSB: 2100 Svalbard, 2111 Longyearbyen).
const SVALBARD: &str = "21";

/// A cost or licence with all its portions.
pub(super) struct Charge {
    pub(super) ground: Ground,
    pub(super) portions: Vec<Portion>,
    /// The supplier's invoices that go with a claim.
    pub(super) attachments: Vec<Attachment>,
    supplier_days: Option<Period>,
    year: i32,
    granted: Ore,
    output_vat_percent: Decimal,
    shared: Apportionment,
    shared_before: Option<Apportionment>,
    shared_later: SharedLater,
}

impl Charge {
    /// Whether something of it is to be invoiced.
    pub(super) fn is_open(&self) -> bool {
        self.portions.iter().any(Portion::is_invoiced)
    }

    /// Whether it stands in a plan: something of it is to be invoiced, or nothing of it can be before what is lacking is there. Who is
    /// left over of what others were invoiced for before is listed beside the plan (`beside`), which would else hold everybody's share of
    /// it again for as long as one lacks something.
    pub(super) fn is_planned(&self) -> bool {
        let was_invoiced =
            |portion: &Portion| matches!(portion.reason, Some(Reason::InvoicedBefore | Reason::InvoicedTooMuch(_)));
        let is_begun = self.portions.iter().any(was_invoiced);
        self.is_open() || (!is_begun && self.portions.iter().any(Portion::is_left_over))
    }

    /// What is shared of the days up to the last of those that a portion is of, and of those that were invoiced of it.
    fn shared_of(&self, portion: &Portion) -> &Apportionment {
        let later = portion.issued_later.as_ref().and_then(|later| self.shared_later.get(&later.last));
        later.unwrap_or(&self.shared)
    }

    /// A portion as a line in the words that will be printed. Every line says the days it is for, since a sales document says
    /// when what it is for is delivered (bokføringsforskriften § 5-1-1 no. 4). Of a one-time cost that is its budget year:
    /// a cost stands in the budget and the accounts of the year it is delivered in, whenever it is paid (kommuneloven § 14-6,
    /// anordningsprinsippet), and where it comes in another year it is moved there.
    pub(super) fn line(&self, portion: &Portion, language: InvoiceLanguage, wording: &dyn Wording) -> InvoiceLine {
        let before = portion.before.unwrap_or_default();
        let name = &self.ground.name;
        let days_before = self.shared_before.as_ref().zip(self.ground.period).map(|(before, period)| DaysBefore {
            first: period.first,
            net: portion.issued_earlier.unwrap_or_else(|| share_of_all(before, &portion.bearers)),
            is_issued: portion.issued_earlier.is_some(),
        });
        let later = portion.issued_later.as_ref().zip(self.ground.period);
        let days_after = later.map(|(later, period)| DaysAfter { last: period.last, net: later.net });
        let parts = &self.shared_of(portion).parts;
        InvoiceLine {
            subject: self.ground.subject,
            text: wording.line(language, &LineNamed { name, year: self.year, period: portion.period }),
            explanation: wording.explanation(
                language,
                &ShareExplained {
                    net: portion.net,
                    amount: self.ground.net_ore,
                    granted: self.granted,
                    period: self.ground.period,
                    parts: parts.iter().filter_map(|part| part_explained(part, &portion.bearers)).collect(),
                    days_before: days_before.filter(|before| before.net != Ore::ZERO),
                    days_after: days_after.filter(|after| after.net != Ore::ZERO),
                    supplier_days: self.supplier_days,
                    invoiced_before: portion.before.map(|before| before.net_ore),
                },
            ),
            period: Some(portion.period.unwrap_or(Period::year(self.year))),
            net_ore: portion.net - before.net_ore,
            vat_percent: self.output_vat_percent,
            passed_on_vat_ore: portion.vat.map(|vat| vat - before.passed_on_vat_ore.unwrap_or_default()),
            invoiced_before: portion.before,
        }
    }
}

/// What is shared of a cost or licence, before anybody is asked for it.
pub(super) struct Certain<'book> {
    pub(super) subject: Subject,
    pub(super) name: &'book str,
    pub(super) period: Option<Period>,
    assessment: AssessmentId,
    actual: bool,
    granted: Ore,
    pub(super) shared: Apportionment,
    /// The shares of the days of the year before those that are invoiced; none for a one-time cost.
    pub(super) shared_before: Option<Apportionment>,
    /// The shares of the days of the year up to each day after them until which somebody was invoiced.
    pub(super) shared_later: SharedLater,
    /// The days of the year that are paid for: all of them for a one-time cost.
    paid: Period,
    /// The licence; none for a one-time cost.
    licence: Option<&'book Licence>,
    supplier_invoices: &'book [SupplierInvoice],
}

impl Certain<'_> {
    /// Whether days of the year come after those that are asked for.
    fn goes_on(&self) -> bool {
        self.period.is_some_and(|period| period.last < self.paid.last)
    }
}

/// What is certain with everybody's portion of it, and how VAT on it is settled.
pub(super) struct Portioned<'book> {
    pub(super) certain: Certain<'book>,
    pub(super) settled: Result<(&'book VatTreatmentDecided, Option<PassedOn>), PlanFault>,
    pub(super) portions: Vec<Portion>,
}

/// What is passed on of the supplier's VAT.
pub(super) struct PassedOn {
    shares: BTreeMap<PartyId, Ore>,
    /// The same of all the days of the year up to the last.
    pub(super) shares_until: BTreeMap<PartyId, Ore>,
    /// The same up to each later day until which somebody was invoiced.
    pub(super) shares_later: BTreeMap<NaiveDate, BTreeMap<PartyId, Ore>>,
    /// What goes with a claim.
    attachments: Vec<Attachment>,
    /// The days that the supplier invoiced at once, where they are more than those that are claimed.
    supplier_days: Option<Period>,
}

/// Everything a plan is made from.
pub(super) struct Planner<'book> {
    pub(super) book: &'book Book,
    pub(super) wanted: &'book Wanted,
    run: InvoiceRunId,
    reached: Reached<'book>,
    pub(super) apportioner: Apportioner<'book>,
    pub(super) before: Before,
    /// The first agreement of each party, and of those that stand in the place of one that has none of its own.
    agreements: BTreeMap<PartyId, AgreementId>,
}

impl<'book> Planner<'book> {
    pub(super) fn new(book: &'book Book, run: InvoiceRunId, wanted: &'book Wanted, reached: Reached<'book>) -> Self {
        let apportioner = book.apportioner(wanted.procurement);
        let drafted = book.agreements.iter().filter_map(|(id, agreement)| Some((*id, agreement.drafted.as_ref()?)));
        let drafted: Vec<_> = drafted.filter(|(_, drafted)| drafted.procurement == wanted.procurement).collect();
        let mut agreements = BTreeMap::new();
        for (id, drafted) in &drafted {
            agreements.entry(drafted.party).or_insert(*id);
        }
        for (id, drafted) in &drafted {
            for party in apportioner.participants.those_after(drafted.party, wanted.invoice_date) {
                agreements.entry(party).or_insert(*id);
            }
        }
        let payer_of = |bearer| apportioner.participants.bearer_after(bearer, wanted.invoice_date);
        let before = Before::of(book, run, &payer_of);
        Self { book, wanted, run, reached, apportioner, before, agreements }
    }

    pub(super) fn invoice_date(&self) -> NaiveDate {
        self.wanted.invoice_date
    }

    /// The agreement that a document is of its own for; none where one is for all of a payer.
    pub(super) fn by(&self, agreement: Option<AgreementId>) -> Option<AgreementId> {
        match self.wanted.one_per {
            InvoicePer::Payer => None,
            InvoicePer::Agreement => agreement,
        }
    }

    /// The agreement by which the share of a party is paid. What one party alone bears goes by the agreement of that
    /// party, also where it has become part of another since.
    pub(super) fn agreement_of(&self, subject: Subject, bearer: PartyId) -> Option<AgreementId> {
        let alone = match self.distribution(subject)? {
            Distribution::Party { party } => self.agreements.get(&party),
            Distribution::Key { .. } => None,
        };
        alone.or_else(|| self.agreements.get(&bearer)).copied()
    }

    /// Who bears it.
    pub(super) fn distribution(&self, subject: Subject) -> Option<Distribution> {
        match subject {
            Subject::Cost { cost } => Some(self.book.costs.get(&cost)?.recorded.as_ref()?.distribution),
            Subject::Licence { licence } => Some(self.book.licences.get(&licence)?.recorded.as_ref()?.distribution),
        }
    }

    /// What may be invoiced, if it is certain enough: one-time costs and then licences, by name.
    pub(super) fn subjects(&self) -> impl Iterator<Item = Subject> {
        let costs = self.book.costs_of(self.wanted.procurement).into_iter().map(|(cost, _)| Subject::Cost { cost });
        let licences = self.book.licences_of(self.wanted.procurement).into_iter();
        costs.chain(licences.map(|(licence, _)| Subject::Licence { licence }))
    }

    /// What people call the procurement.
    pub(super) fn procurement_name(&self) -> &'book str {
        let procurement = self.book.procurements.get(&self.wanted.procurement);
        procurement.and_then(|known| known.opened.as_ref()).map_or("", |opened| &opened.name)
    }

    /// A document as it would be issued.
    pub(super) fn draft(&self, issuer: &Issuer, invoice: &PlannedInvoice) -> Issued {
        draft(invoice, self.run, issuer, &self.wanted.account_number, [self.wanted.invoice_date, self.wanted.due_date])
    }

    /// Everything of which something is left to invoice, and why more is not: what cannot be planned keeps nothing else back, and
    /// stands beside the plan (`beside`).
    pub(super) fn charges_left(&self) -> (Vec<Charge>, Vec<PlanFault>) {
        let (mut charges, mut faults) = (Vec::new(), Vec::new());
        for charge in self.subjects().filter_map(|subject| self.charge(subject).transpose()) {
            match charge {
                Ok(charge) if charge.is_planned() => charges.push(charge),
                Ok(_) => {}
                Err(fault) => faults.push(fault),
            }
        }
        (charges, faults)
    }

    /// One cost or licence with all its portions; none where it is not certain enough, or is not for these days. Where VAT
    /// is not settled that matters only if something is to be invoiced.
    pub(super) fn charge(&self, subject: Subject) -> Result<Option<Charge>, PlanFault> {
        let Some(Portioned { certain, settled, portions }) = self.portioned(subject)? else { return Ok(None) };
        let (decided, passed_on) = match settled {
            Ok(settled) => settled,
            Err(_) if !portions.iter().any(Portion::is_invoiced) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let ground = Ground {
            subject,
            name: certain.name.to_owned(),
            period: certain.period,
            assessment: certain.assessment,
            net_ore: portions.iter().map(|portion| portion.net).sum(),
            passed_on_vat_ore: passed_on.as_ref().map(|_| portions.iter().filter_map(|portion| portion.vat).sum()),
            treatment: decided.treatment,
            decision: Some(decided.decision.clone()),
        };
        Ok(Some(Charge {
            ground,
            portions,
            supplier_days: passed_on.as_ref().and_then(|passed_on| passed_on.supplier_days),
            attachments: passed_on.map(|passed_on| passed_on.attachments).unwrap_or_default(),
            year: self.wanted.covers.first.year(),
            granted: certain.granted,
            output_vat_percent: decided.output_vat_percent(),
            shared: certain.shared,
            shared_before: certain.shared_before,
            shared_later: certain.shared_later,
        }))
    }

    /// The portions of a cost or licence, whether or not VAT on it is settled; none where it is not certain enough, or is not
    /// for these days.
    pub(super) fn portioned(&self, subject: Subject) -> Result<Option<Portioned<'book>>, PlanFault> {
        let Some(certain) = self.certain(subject) else { return Ok(None) };
        let nets = net_shares(&certain.shared, certain.shared_before.as_ref(), &certain.shared_later, certain.name)?;
        let settled =
            self.decided(&certain).and_then(|decided| Ok((decided, self.passed_on(&certain, decided, &nets)?)));
        let passed_on = settled.as_ref().map_or(None, |(_, passed_on)| passed_on.as_ref());
        let portions = self.portions(&certain, &nets, passed_on);
        Ok(Some(Portioned { certain, settled, portions }))
    }

    fn decided(&self, certain: &Certain<'_>) -> Result<&'book VatTreatmentDecided, PlanFault> {
        let day = self.wanted.invoice_date;
        let procurement = self.book.procurements.get(&self.wanted.procurement);
        procurement
            .and_then(|procurement| procurement.vat_treatment_on(certain.subject, day))
            .ok_or_else(|| PlanFault::VatUndecided { name: certain.name.to_owned(), day })
    }

    pub(super) fn certain(&self, subject: Subject) -> Option<Certain<'book>> {
        match subject {
            Subject::Cost { cost } => {
                let cost = self.book.costs.get(&cost)?;
                let certainty = cost.amount().certainty();
                if certainty < Certainty::Contracted || cost.year != self.wanted.covers.first.year() {
                    return None;
                }
                let shared = self.apportioner.cost(cost, Grants::TakenOff)?;
                Some(Certain {
                    subject,
                    name: &cost.recorded.as_ref()?.name,
                    period: None,
                    assessment: cost.statements.last()?.assessment,
                    actual: certainty == Certainty::Actual,
                    granted: cost.granted() + shared.granted_by_keys(),
                    shared,
                    shared_before: None,
                    shared_later: SharedLater::new(),
                    paid: Period::year(cost.year),
                    licence: None,
                    supplier_invoices: &cost.supplier_invoices,
                })
            }
            Subject::Licence { licence } => {
                let licence = self.book.licences.get(&licence)?;
                let Period { first, last } = self.wanted.covers;
                let certainty = licence.certainty_for(first.year());
                let paid = licence.paid_days(first.year())?;
                let period = paid.intersection(self.wanted.covers)?;
                if certainty < Certainty::Contracted {
                    return None;
                }
                let shared = self.apportioner.licence_until(licence, last)?;
                let shared_before = (first > first_day(first.year()))
                    .then(|| self.apportioner.licence_until(licence, day_before(first)))
                    .flatten();
                let granted_before = shared_before.as_ref().map_or(Ore::ZERO, Apportionment::granted_by_keys);
                Some(Certain {
                    subject,
                    name: &licence.recorded.as_ref()?.name,
                    period: Some(period),
                    assessment: licence.statements_for(first.year()).last()?.assessment,
                    actual: certainty == Certainty::Actual,
                    granted: shared.granted_by_keys() - granted_before,
                    shared,
                    shared_before,
                    shared_later: self.shared_later(subject, licence, last),
                    paid,
                    licence: Some(licence),
                    supplier_invoices: &licence.supplier_invoices,
                })
            }
        }
    }

    /// What is passed on of the supplier's VAT; none where none is.
    fn passed_on(
        &self,
        certain: &Certain<'_>,
        decided: &VatTreatmentDecided,
        nets: &BTreeMap<PartyId, Ore>,
    ) -> Result<Option<PassedOn>, PlanFault> {
        if !decided.treatment.passes_on_supplier_vat() {
            return Ok(None);
        }
        let whole = nets.values().copied().sum::<Ore>() + certain.granted;
        let shared_until = |day: NaiveDate| match certain.licence {
            None => Ok(whole),
            Some(licence) => self.apportioner.licence_until(licence, day).map_or(Ok(Ore::ZERO), |shared| {
                Ok(shares_of(&shared, certain.name)?.values().copied().sum::<Ore>() + shared.granted_by_keys())
            }),
        };
        let supplied = Supplied {
            name: certain.name,
            treatment: decided.treatment,
            paid: certain.paid,
            asked: certain.period.unwrap_or(certain.paid),
            tied_until: certain.shared_later.keys().next_back().copied(),
            by_day: certain.licence.is_some(),
            invoices: certain.supplier_invoices.iter().collect(),
            shared_until: &shared_until,
        };
        let vat = supplied.vat()?;
        let shares_until = vat.shares(&certain.shared)?;
        let mut shares = shares_until.clone();
        if let Some(before) = &certain.shared_before {
            for (party, share) in vat.shares(before)? {
                *shares.entry(party).or_default() -= share;
            }
        }
        let shares_later = certain.shared_later.iter().map(|(day, shared)| Ok((*day, vat.shares(shared)?)));
        let shares_later = shares_later.collect::<Result<_, PlanFault>>()?;
        let attachments = vat.invoices().map(SupplierInvoice::attachment).collect();
        Ok(Some(PassedOn { shares, shares_until, shares_later, attachments, supplier_days: vat.days_beyond() }))
    }

    /// The shares by who pays them, and where that is wanted by agreement.
    fn portions(
        &self,
        certain: &Certain<'_>,
        nets: &BTreeMap<PartyId, Ore>,
        passed_on: Option<&PassedOn>,
    ) -> Vec<Portion> {
        let mut portions: BTreeMap<(PartyId, Option<AgreementId>), Portion> = BTreeMap::new();
        for (bearer, net) in nets {
            let payer = self.apportioner.participants.bearer_after(*bearer, self.invoice_date());
            let agreement = self.agreement_of(certain.subject, *bearer);
            let portion = portions.entry((payer, self.by(agreement))).or_insert_with(|| Portion::of(payer));
            portion.agreements.insert(agreement);
            portion.bearers.push(*bearer);
            portion.net += *net;
            portion.vat = portion
                .vat
                .into_iter()
                .chain(passed_on.and_then(|passed_on| passed_on.shares.get(bearer)).copied())
                .reduce(|one, other| one + other);
        }
        for (party, agreement) in self.invoiced_without_a_share(certain, &portions) {
            let portion = portions.entry((party, self.by(agreement))).or_insert_with(|| Portion::of(party));
            portion.agreements.insert(agreement);
            portion.vat = passed_on.map(|_| Ore::ZERO);
        }
        let settled = portions.into_iter().map(|((_, by), mut portion)| {
            let days = days_of(&certain.shared, &portion.bearers);
            portion.days = days.iter().filter_map(|days| days.intersection(certain.period?)).collect();
            portion.period = certain
                .period
                .and(Period::span(portion.days.iter().copied()).or_else(|| Period::span(days.iter().copied())));
            self.take_off_what_was_issued(certain, by, passed_on, &mut portion);
            self.settle(certain, by, portion)
        });
        settled.collect()
    }

    /// Who was invoiced for days of the year and bears nothing of them now, as where a cost was moved to a year in which it takes
    /// no part: its share is nothing, and what it was asked for is settled like that of all others.
    fn invoiced_without_a_share(
        &self,
        certain: &Certain<'_>,
        portions: &BTreeMap<(PartyId, Option<AgreementId>), Portion>,
    ) -> Vec<(PartyId, Option<AgreementId>)> {
        let until = certain.period.map(|period| Period { first: first_day(period.first.year()), last: period.last });
        let invoiced = self.before.who_was_invoiced(certain.subject, until).into_iter();
        // What was invoiced by all agreements at once is taken into account for each of them.
        let has_share = |party, by| match by {
            Some(_) => portions.contains_key(&(party, by)),
            None => portions.keys().any(|(known, _)| *known == party),
        };
        invoiced.filter(|(party, agreement)| !has_share(*party, self.by(*agreement))).collect()
    }

    /// A portion with what was invoiced of it before, and why it is left out.
    fn settle(&self, certain: &Certain<'_>, by: Option<AgreementId>, mut portion: Portion) -> Portion {
        let settled = match self.before.invoiced(certain.subject, portion.party, by, certain.period) {
            Invoiced::Nothing => {
                // More was invoiced for other days than the share has become.
                let issued = portion.issued_earlier.is_some() || portion.issued_later.is_some();
                let left = portion.to_invoice();
                (issued && left.is_negative() && !certain.actual).then_some(Reason::InvoicedTooMuch(-left))
            }
            Invoiced::Otherwise => Some(Reason::InvoicedBefore),
            Invoiced::Some(invoiced) => {
                portion.before = Some(invoiced.amount);
                let left = portion.to_invoice();
                let has_all_days = invoiced.covers(&portion.days);
                let lacks_days = left > Ore::ZERO && !has_all_days;
                // The next days are asked for with what these days were asked for taken off, where that was all of them.
                let is_taken_off = certain.goes_on() && has_all_days && portion.issued_later.is_none();
                // What was invoiced of all the days on account is settled against what it came to. Where a share has become
                // less before that is known, as when somebody joins, it is credited when somebody settles.
                if lacks_days || certain.actual && left != Ore::ZERO {
                    None
                } else if left.is_negative() && !is_taken_off {
                    Some(Reason::InvoicedTooMuch(-left))
                } else {
                    portion.before.take().map(|_| Reason::InvoicedBefore)
                }
            }
        };
        let never = self.never_invoiced(&portion);
        let lack = || self.lack(portion.party).or_else(|| self.outside_vat_area(certain, portion.party));
        portion.reason = never.or(settled).or_else(lack);
        portion
    }

    /// Who pays the share of a party on the invoice date: itself, or the one that it has become part of. None where
    /// several have come after it, and nobody has decided which of them pays.
    pub(super) fn payer_of(&self, bearer: PartyId) -> Option<PartyId> {
        self.payer_on(bearer, self.wanted.invoice_date)
    }

    /// Whether nobody has come after a party by a day.
    pub(super) fn exists_on(&self, party: PartyId, day: NaiveDate) -> bool {
        self.payer_on(party, day) == Some(party)
    }

    fn payer_on(&self, bearer: PartyId, day: NaiveDate) -> Option<PartyId> {
        match self.apportioner.participants.those_after(bearer, day)[..] {
            [payer] => Some(payer),
            [] | [_, _, ..] => None,
        }
    }

    /// Why this issuer does not invoice a party, whatever it is for.
    pub(super) fn never_invoiced(&self, portion: &Portion) -> Option<Reason> {
        if self.leads(portion.party) {
            Some(Reason::OwnShare)
        } else if self.payer_of(portion.party).is_none() {
            Some(Reason::PayerUndecided)
        } else {
            self.other_issuer(portion.agreement()?).map(Reason::OtherIssuer)
        }
    }

    /// What a party lacks to be sent an invoice.
    fn lack(&self, party: PartyId) -> Option<Reason> {
        let known = self.book.parties.get(&party)?;
        let orders = known.invoice_references.as_ref().and_then(|references| references.order_reference.as_ref());
        if invoice_party(self.book, party, self.wanted.invoice_date).is_none() {
            Some(Reason::NoOrganisationNumber)
        } else if known.buyer_reference.is_none() && orders.is_none() {
            Some(Reason::NoReference)
        } else if !known.contacts.get(&ContactRole::Finance).is_some_and(|person| (self.reached)(*person)) {
            Some(Reason::NoFinanceContact)
        } else {
            None
        }
    }

    /// Whether a party would be charged VAT that it does not owe: who is on Svalbard is outside the area of the law on VAT
    /// (merverdiavgiftsloven § 1-2), and a decision holds for all participants alike. What it is to pay is invoiced by hand.
    fn outside_vat_area(&self, certain: &Certain<'_>, party: PartyId) -> Option<Reason> {
        let number = self.book.parties.get(&party)?.number_on(self.wanted.invoice_date)?;
        if !number.starts_with(SVALBARD) {
            return None;
        }
        let charges_vat = !self.decided(certain).ok()?.output_vat_percent().is_zero();
        charges_vat.then_some(Reason::OutsideVatArea)
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

    /// The name of the county authority on the other side of an agreement, where it is not the issuer.
    fn other_issuer(&self, agreement: AgreementId) -> Option<String> {
        let agreement = self.book.agreements.get(&agreement)?;
        let county = agreement.county_on(self.wanted.invoice_date).filter(|county| *county != self.wanted.issuer)?;
        self.book.parties.contains_key(&county).then(|| name_on(self.book, county, self.wanted.invoice_date))
    }
}
