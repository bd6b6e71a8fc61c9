//! Whose something is: what the policy of access is asked about.
//!
//! What is not known is nobody's, so that nobody learns from a refusal whether it is there.

use chrono::NaiveDate;
use uuid::Uuid;

use super::book::{Book, Paper};
use super::documents::{self, Document};
use super::notices::notice;
use super::receivables::account_of;
use crate::domain::access::policy::About;
use crate::domain::cost::Distribution;
use crate::domain::event::StreamKind;
use crate::domain::identity::{
    AgreementId, CostId, InvoiceId, InvoiceRunId, LegacyId, LicenceId, PartyId, PaymentId, ProcurementId,
    ReceivingAccountId, SeriesId, SharingKeyId, SignupId,
};
use crate::domain::invoice_run::PlannedRun;
use crate::domain::series::Issued;

/// Of a party: also of the county authorities on the other side of its agreements. One that takes part nowhere yet can be kept
/// by the county library of any procurement.
#[must_use]
pub fn party(book: &Book, party: PartyId) -> About {
    let mut procurements: Vec<ProcurementId> = book
        .agreements_of_party(party)
        .filter_map(|(_, agreement)| agreement.drafted.as_ref())
        .map(|drafted| drafted.procurement)
        .chain(book.procurements.keys().copied().filter(|known| counties(book, *known).contains(&party)))
        .collect();
    procurements.sort_unstable();
    procurements.dedup();
    if procurements.is_empty() {
        procurements = book.procurements.keys().copied().collect();
    }
    let agreements = book
        .agreements
        .values()
        .filter(|agreement| agreement.drafted.as_ref().is_some_and(|drafted| drafted.party == party));
    let mut counties = vec![party];
    counties.extend(agreements.flat_map(|agreement| agreement.counties.iter().map(|(_, county)| *county)));
    counties.sort_unstable();
    counties.dedup();
    About { procurements, counties, parties: vec![party], ..About::default() }
}

/// Of a procurement: shared by those that have an agreement in it.
#[must_use]
pub fn procurement(book: &Book, procurement: ProcurementId) -> About {
    About {
        procurements: vec![procurement],
        counties: counties(book, procurement),
        sharers: participants(book, procurement),
        ..About::default()
    }
}

/// Of a party's part in a procurement.
#[must_use]
pub fn part(book: &Book, procurement: ProcurementId, party: PartyId) -> About {
    About {
        procurements: vec![procurement],
        counties: counties(book, procurement),
        parties: vec![party],
        ..About::default()
    }
}

/// A party, and the one that it became part of.
fn with_the_one_after(book: &Book, party: PartyId) -> impl Iterator<Item = PartyId> {
    let after = Some(book.bearer_on(party, NaiveDate::MAX)).filter(|after| *after != party);
    std::iter::once(party).chain(after)
}

/// The same of what is a party's alone: of the one that it became part of too.
fn alone(book: &Book, procurement: ProcurementId, party: PartyId) -> About {
    let mut about = part(book, procurement, party);
    about.parties = with_the_one_after(book, party).collect();
    about
}

/// Of an agreement.
#[must_use]
pub fn agreement(book: &Book, agreement: AgreementId) -> About {
    let known = book.agreements.get(&agreement).and_then(|known| Some((known, known.drafted.as_ref()?)));
    known.map_or_else(About::default, |(known, drafted)| {
        let mut about = alone(book, drafted.procurement, drafted.party);
        about.counties.extend(known.counties.iter().map(|(_, county)| *county));
        about
    })
}

/// Of a library's signup.
#[must_use]
pub fn signup(book: &Book, signup: SignupId) -> About {
    let signed_up = book.signups.get(&signup).and_then(|known| known.signed_up.as_ref());
    signed_up.map_or_else(About::default, |signed_up| alone(book, signed_up.procurement, signed_up.party))
}

/// Of a contract that is being replaced.
#[must_use]
pub fn legacy(book: &Book, legacy: LegacyId) -> About {
    let recorded = book.legacies.get(&legacy).and_then(|known| known.recorded.as_ref());
    recorded.map_or_else(About::default, |recorded| alone(book, recorded.procurement, recorded.party))
}

/// Of a cost.
#[must_use]
pub fn cost(book: &Book, cost: CostId) -> About {
    let recorded = book.costs.get(&cost).and_then(|known| known.recorded.as_ref());
    recorded.map_or_else(About::default, |recorded| distributed(book, recorded.procurement, &recorded.distribution))
}

/// Of a licence.
#[must_use]
pub fn licence(book: &Book, licence: LicenceId) -> About {
    let recorded = book.licences.get(&licence).and_then(|known| known.recorded.as_ref());
    recorded.map_or_else(About::default, |recorded| distributed(book, recorded.procurement, &recorded.distribution))
}

/// Of what is distributed in a procurement: shared by all that share it, or of the one party that bears it.
#[must_use]
pub fn distributed(book: &Book, of: ProcurementId, distribution: &Distribution) -> About {
    match distribution {
        Distribution::Key { .. } => procurement(book, of),
        Distribution::Party { party } => alone(book, of, *party),
    }
}

/// Of a sharing key.
#[must_use]
pub fn sharing_key(book: &Book, key: SharingKeyId) -> About {
    let proposed = book.keys.get(&key).and_then(|known| known.proposed.as_ref());
    proposed.map_or_else(About::default, |proposed| procurement(book, proposed.procurement))
}

/// Of a run of invoices.
#[must_use]
pub fn run(book: &Book, run: InvoiceRunId) -> About {
    let planned = book.runs.get(&run).and_then(|known| known.planned());
    planned.map_or_else(About::default, |planned| About {
        procurements: vec![planned.plan.procurement],
        counties: vec![planned.plan.issuer.party],
        ..About::default()
    })
}

/// Of one recipient's part in a run of invoices.
#[must_use]
pub fn part_of_run(book: &Book, of: InvoiceRunId, party: PartyId) -> About {
    let is_recipient =
        |planned: &PlannedRun| planned.plan.invoices.iter().any(|invoice| invoice.recipient.party == party);
    let mut about = run(book, of);
    if book.runs.get(&of).and_then(|known| known.planned()).is_some_and(is_recipient) {
        about.parties.push(party);
    }
    about
}

/// Of one party's answer to a hearing.
#[must_use]
pub fn part_of_hearing(book: &Book, key: SharingKeyId, party: PartyId) -> About {
    let proposed = book.keys.get(&key).and_then(|known| known.proposed.as_ref());
    proposed.map_or_else(About::default, |proposed| part(book, proposed.procurement, party))
}

/// Whose a document or a letter is: those with the same are seen by the same people, so that many can be asked about at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An invoice, or what is about one.
    Invoice {
        /// The procurement of its run.
        procurement: Option<ProcurementId>,
        /// The county authority whose run it is.
        planner: Option<PartyId>,
        /// Who issued it.
        issuer: PartyId,
        /// The agreement by which somebody else may stand in the issuer's place.
        agreement: Option<AgreementId>,
        /// Who pays.
        recipient: PartyId,
        /// Who credits it, in a credit note.
        creditor: Option<PartyId>,
    },
    /// A letter without a document.
    Notice {
        /// The procurement.
        procurement: ProcurementId,
        /// Who it is for.
        recipient: PartyId,
    },
}

impl Owner {
    /// Whose an invoice is.
    #[must_use]
    pub fn of_invoice(book: &Book, issued: &Issued) -> Self {
        let plan = book.runs.get(&issued.run).and_then(|run| Some(&run.planned()?.plan));
        Self::Invoice {
            procurement: plan.map(|plan| plan.procurement),
            planner: plan.map(|plan| plan.issuer.party),
            issuer: issued.issuer.party,
            agreement: issued.invoice.agreement,
            recipient: issued.invoice.recipient.party,
            creditor: None,
        }
    }

    /// Whose a document or a letter is; none where it is neither, or brings a prebill.
    #[must_use]
    pub fn of(book: &Book, document: InvoiceId) -> Option<Self> {
        if let Some(found) = documents::document(book, document) {
            let mut owner = Self::of_invoice(book, found.invoice());
            if let (Self::Invoice { creditor, .. }, Document::CreditNote(note, _)) = (&mut owner, found) {
                *creditor = Some(note.issuer.party);
            }
            return Some(owner);
        }
        let notice = notice(book, document)?;
        Some(Self::Notice { procurement: notice.procurement, recipient: notice.party })
    }

    /// Who receives it.
    #[must_use]
    pub fn recipient(self) -> PartyId {
        match self {
            Self::Invoice { recipient, .. } | Self::Notice { recipient, .. } => recipient,
        }
    }

    /// What the policy is asked about. Of an invoice: also of the county authority that stands in the issuer's place by the
    /// agreement.
    #[must_use]
    pub fn about(self, book: &Book) -> About {
        match self {
            Self::Notice { procurement, recipient } => part(book, procurement, recipient),
            Self::Invoice { procurement, planner, issuer, agreement, recipient, creditor } => {
                let mut counties: Vec<PartyId> = planner.into_iter().chain([issuer]).collect();
                if let Some(agreement) = agreement.and_then(|id| book.agreements.get(&id)) {
                    counties.extend(agreement.counties.iter().map(|(_, county)| *county));
                }
                counties.extend(creditor);
                About {
                    procurements: procurement.into_iter().collect(),
                    counties,
                    parties: vec![recipient],
                    ..About::default()
                }
            }
        }
    }
}

/// Of a document, or of a letter: invoice, credit note and reminder, prebill, hearing and nudge alike.
#[must_use]
pub fn document(book: &Book, document: InvoiceId) -> About {
    if let Some(owner) = Owner::of(book, document) {
        return owner.about(book);
    }
    let prebilled = book.runs.iter().find_map(|(id, known)| {
        let letters = &known.planned()?.prebilled.as_ref()?.letters;
        letters.iter().find(|letter| letter.letter == document).map(|letter| part_of_run(book, *id, letter.party))
    });
    prebilled.unwrap_or_default()
}

/// Of a bank account: of those whose invoices are paid to it.
#[must_use]
pub fn account(book: &Book, account: ReceivingAccountId) -> About {
    let opened = book.payments.get(&account).and_then(|known| known.opened.as_ref());
    opened.map_or_else(About::default, |opened| account_number(book, &opened.account_number))
}

/// Of a bank account by its number. One that nothing is paid to yet is of all county authorities that issue invoices.
#[must_use]
pub fn account_number(book: &Book, number: &str) -> About {
    let about = of_issuers(book, book.paid_to(number));
    if about.counties.is_empty() { of_issuers(book, book.issuing()) } else { about }
}

/// Of those who have issued invoices in runs.
fn of_issuers(book: &Book, issuing: impl Iterator<Item = (PartyId, InvoiceRunId)>) -> About {
    let mut about = About::default();
    for (issuer, run) in issuing {
        if !about.counties.contains(&issuer) {
            about.counties.push(issuer);
        }
        let procurement = book.runs.get(&run).and_then(|run| Some(run.planned()?.plan.procurement));
        if let Some(procurement) = procurement.filter(|procurement| !about.procurements.contains(procurement)) {
            about.procurements.push(procurement);
        }
    }
    about
}

/// Of a payment: of the account that it came in to.
#[must_use]
pub fn payment(book: &Book, payment: PaymentId) -> About {
    account_of(book, payment).map_or_else(About::default, |id| account(book, id))
}

/// Of a county authority's books.
#[must_use]
pub fn books_of(issuer: PartyId) -> About {
    About { counties: vec![issuer], ..About::default() }
}

/// Of any stream.
#[must_use]
pub fn stream(book: &Book, kind: StreamKind, id: Uuid) -> About {
    match kind {
        StreamKind::Party => party(book, PartyId(id)),
        StreamKind::Procurement => procurement(book, ProcurementId(id)),
        StreamKind::Agreement => agreement(book, AgreementId(id)),
        StreamKind::Signup => signup(book, SignupId(id)),
        StreamKind::Legacy => legacy(book, LegacyId(id)),
        StreamKind::Cost => cost(book, CostId(id)),
        StreamKind::Licence => licence(book, LicenceId(id)),
        StreamKind::SharingKey => sharing_key(book, SharingKeyId(id)),
        StreamKind::InvoiceRun => run(book, InvoiceRunId(id)),
        StreamKind::Series => series(book, SeriesId(id)),
        StreamKind::Delivery => document(book, InvoiceId(id)),
        StreamKind::Payments => account(book, ReceivingAccountId(id)),
        StreamKind::Access | StreamKind::Work => About::default(),
    }
}

/// Of a series of numbers: of its issuer, and of the procurements that it has numbered invoices of.
fn series(book: &Book, series: SeriesId) -> About {
    let Some(known) = book.series.get(&series) else { return About::default() };
    let numbered = known.issued.keys().filter_map(|id| match book.papers.get(id) {
        Some(Paper::CreditNote { of } | Paper::Reminder { of, .. }) => book.invoices.get(of),
        Some(Paper::Hearing { .. } | Paper::Answer { .. } | Paper::Withdrawal { .. } | Paper::Nudge { .. }) => None,
        None => book.invoices.get(id),
    });
    let mut about = of_issuers(book, numbered.map(|issued| (issued.issuer.party, issued.run)));
    about.counties = known.opened.iter().map(|opened| opened.issuer).collect();
    about
}

/// The streams that are a party's alone: those of which [`stream`] names it.
#[must_use]
pub fn streams_of(book: &Book, of: PartyId) -> Vec<(StreamKind, Uuid)> {
    let mut places = book.with_those_before(of);
    places.retain(|place| *place == of || book.bearer_on(*place, NaiveDate::MAX) == of);
    let is_borne =
        |distribution: &Distribution| matches!(distribution, Distribution::Party { party } if places.contains(party));
    let mut streams = vec![(StreamKind::Party, of.0)];
    for place in &places {
        streams.extend(book.agreements_of_party(*place).map(|(id, _)| (StreamKind::Agreement, id.0)));
        streams.extend(book.signups_of_party(*place).map(|(id, _)| (StreamKind::Signup, id.0)));
        streams.extend(book.legacies_of_party(*place).map(|(id, _)| (StreamKind::Legacy, id.0)));
    }
    let costs = book.costs.iter().filter(|(_, cost)| cost.recorded.iter().any(|known| is_borne(&known.distribution)));
    streams.extend(costs.map(|(id, _)| (StreamKind::Cost, id.0)));
    let licences = book.licences.iter();
    let licences = licences.filter(|(_, licence)| licence.recorded.iter().any(|known| is_borne(&known.distribution)));
    streams.extend(licences.map(|(id, _)| (StreamKind::Licence, id.0)));
    streams.extend(book.invoices_of_party(of).map(|(id, _)| (StreamKind::Delivery, id.0)));
    let papers = book.papers.keys().filter(|id| Owner::of(book, **id).is_some_and(|owner| owner.recipient() == of));
    streams.extend(papers.map(|id| (StreamKind::Delivery, id.0)));
    let prebilled = book.runs.values().filter_map(|run| run.planned()?.prebilled.as_ref());
    let letters = prebilled.flat_map(|prebilled| &prebilled.letters).filter(|letter| letter.party == of);
    streams.extend(letters.map(|letter| (StreamKind::Delivery, letter.letter.0)));
    streams
}

fn counties(book: &Book, procurement: ProcurementId) -> Vec<PartyId> {
    book.procurements.get(&procurement).map_or_else(Vec::new, |known| {
        let first = known.opened.iter().map(|opened| opened.county);
        first.chain(known.counties.values().flatten().copied()).collect()
    })
}

fn participants(book: &Book, procurement: ProcurementId) -> Vec<PartyId> {
    let drafted = book.agreements.values().filter_map(|agreement| agreement.drafted.as_ref());
    let drafted = drafted.filter(|drafted| drafted.procurement == procurement);
    drafted.flat_map(|drafted| with_the_one_after(book, drafted.party)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::facts::{
        PROCUREMENT, committed, merged, municipality, old_contract, opened, party, signed_up,
    };

    #[test]
    fn what_was_a_merged_municipalitys_is_its_successors_too() {
        let own = vec![opened(false), committed(1), signed_up(1, "2024-05-01"), old_contract(1, None)];
        let facts = [municipality(1, 10), municipality(2, 20), own].concat();
        let before = Book::of(facts.clone());
        let book = Book::of([facts, vec![merged(1, 2, "2024-01-01")]].concat());
        for stream in streams_of(&before, party(1)).into_iter().filter(|(kind, _)| *kind != StreamKind::Party) {
            assert_eq!(super::stream(&before, stream.0, stream.1).parties, [party(1)], "{stream:?}");
            assert_eq!(super::stream(&book, stream.0, stream.1).parties, [party(1), party(2)], "{stream:?}");
            assert!(streams_of(&book, party(2)).contains(&stream), "{stream:?}");
        }
        assert_eq!(participants(&book, PROCUREMENT), [party(1), party(2)]);
    }
}
