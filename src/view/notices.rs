//! Letters that bring no document: what a proposal would lead to, with a day to answer by, answers to objections, word that what
//! a prebill brought is withdrawn, and nudges to those who are behind.

use chrono::NaiveDate;

use super::book::{Book, Paper};
use crate::domain::identity::{InvoiceId, PartyId, PersonId, ProcurementId, SharingKeyId};
use crate::domain::invoice_run::{InvoiceRun, ObjectionAnswered, ObjectionRecorded, PlannedRun, Prebilled};
use crate::domain::key_adoption::{HearingOpened, Proposal};
use crate::domain::party::{ContactRole, WrittenForm};
use crate::domain::procurement::{LateStep, Nudged};

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoticeAbout<'book> {
    /// It asks what the party thinks of a proposal.
    Hearing {
        /// The key.
        key: SharingKeyId,
        /// The proposal.
        proposal: &'book Proposal,
        /// How it was sent.
        opened: &'book HearingOpened,
    },
    /// It answers an objection.
    Answer {
        /// The plan that was objected to.
        planned: &'book PlannedRun,
        /// The objection.
        objected: &'book ObjectionRecorded,
        /// The answer.
        answered: &'book ObjectionAnswered,
        /// Whether the plan was given up since.
        is_discarded: bool,
    },
    /// It says that a calculation is withdrawn.
    Withdrawal {
        /// The plan that was given up.
        planned: &'book PlannedRun,
        /// How it was sent.
        prebilled: &'book Prebilled,
    },
    /// It says what the party is behind with.
    Nudge {
        /// What everybody was written.
        nudged: &'book Nudged,
        /// What the party is behind with.
        late: &'book [LateStep],
    },
}

/// A letter without a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Notice<'book> {
    /// Its id.
    pub letter: InvoiceId,
    /// Who it is for.
    pub party: PartyId,
    /// The procurement.
    pub procurement: ProcurementId,
    /// The day it was asked for.
    pub on: NaiveDate,
    /// What it is about.
    pub about: NoticeAbout<'book>,
}

/// The letter of an id; none where it is none, or brings a document.
#[must_use]
pub fn notice(book: &Book, letter: InvoiceId) -> Option<Notice<'_>> {
    match *book.papers.get(&letter)? {
        Paper::CreditNote { .. } | Paper::Reminder { .. } => None,
        Paper::Hearing { key, proposal } => {
            let known = book.keys.get(&key)?;
            let procurement = known.proposed.as_ref()?.procurement;
            let proposal = known.proposal(proposal)?;
            let opened = &proposal.hearing.as_ref()?.opened;
            let party = opened.letters.iter().find(|known| known.letter == letter)?.party;
            let about = NoticeAbout::Hearing { key, proposal, opened };
            Some(Notice { letter, party, procurement, on: opened.on, about })
        }
        Paper::Answer { run, objection } => {
            let known = book.runs.get(&run)?;
            let (planned, is_discarded) = (known.planned()?, matches!(known, InvoiceRun::Discarded(..)));
            let known = planned.objections.iter().find(|known| known.recorded.objection == objection)?;
            let (objected, answered) = (&known.recorded, known.answered.as_ref()?);
            let about = NoticeAbout::Answer { planned, objected, answered, is_discarded };
            Some(Notice {
                letter,
                party: objected.party,
                procurement: planned.plan.procurement,
                on: answered.on,
                about,
            })
        }
        Paper::Withdrawal { run } => {
            let InvoiceRun::Discarded(planned, discarded) = book.runs.get(&run)? else { return None };
            let party = discarded.letters.iter().find(|known| known.letter == letter)?.party;
            let about = NoticeAbout::Withdrawal { planned, prebilled: planned.prebilled.as_ref()? };
            Some(Notice { letter, party, procurement: planned.plan.procurement, on: discarded.on, about })
        }
        Paper::Nudge { procurement } => {
            let mut nudges = book.procurements.get(&procurement)?.nudges.iter().rev();
            nudges.find_map(|nudged| {
                let known = nudged.letters.iter().find(|known| known.letter == letter)?;
                let about = NoticeAbout::Nudge { nudged, late: &known.late };
                Some(Notice { letter, party: known.party, procurement, on: nudged.on, about })
            })
        }
    }
}

/// All of them.
pub fn notices(book: &Book) -> impl Iterator<Item = Notice<'_>> {
    let is_notice = |paper: &Paper| match paper {
        Paper::Hearing { .. } | Paper::Answer { .. } | Paper::Withdrawal { .. } | Paper::Nudge { .. } => true,
        Paper::CreditNote { .. } | Paper::Reminder { .. } => false,
    };
    book.papers.iter().filter(move |(_, paper)| is_notice(paper)).filter_map(|(letter, _)| notice(book, *letter))
}

/// The one of a party's contacts that a letter is for.
#[must_use]
pub fn addressee(book: &Book, party: PartyId, about: NoticeAbout<'_>) -> Option<PersonId> {
    book.parties.get(&party)?.contacts.get(&addressed_role(book, party, about)).copied()
}

/// Whom at a party a letter is for: who leads the municipality, else who leads the library, else who receives invoices. What
/// is about invoices is first for who receives them. Where the party has named none of them, the first.
#[must_use]
pub fn addressed_role(book: &Book, party: PartyId, about: NoticeAbout<'_>) -> ContactRole {
    let roles = match about {
        NoticeAbout::Hearing { .. } | NoticeAbout::Nudge { .. } => {
            [ContactRole::Leader, ContactRole::LibraryLeader, ContactRole::Finance]
        }
        NoticeAbout::Answer { .. } | NoticeAbout::Withdrawal { .. } => {
            [ContactRole::Finance, ContactRole::Leader, ContactRole::LibraryLeader]
        }
    };
    let named = book.parties.get(&party).map(|party| &party.contacts);
    let is_named = |role: &ContactRole| named.is_some_and(|contacts| contacts.contains_key(role));
    roles.into_iter().find(is_named).unwrap_or(roles[0])
}

/// What a letter says of who writes to whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The names of who it is for.
    pub recipient: String,
    /// Its number in addresses.
    pub number: String,
    /// The written form of Norwegian that it reads.
    pub written_form: WrittenForm,
    /// The county authority that writes.
    pub sender: String,
    /// What the procurement is called.
    pub procurement: String,
    /// Whether its amounts are invented for illustration.
    pub illustrative: bool,
}

/// What a letter to a party says of both on a day.
#[must_use]
pub fn around(book: &Book, procurement: ProcurementId, party: PartyId, on: NaiveDate) -> Around {
    let name = |party: PartyId| book.parties.get(&party).map(|known| known.full_name_on(on)).unwrap_or_default();
    let (known, opened) =
        book.procurements.get(&procurement).map_or((None, None), |known| (Some(known), known.opened.as_ref()));
    let recipient = book.parties.get(&party);
    // Where several lead it, the one on the other side of the party's agreement writes.
    let agreements = book.agreements_of(procurement, party);
    let of_agreement = agreements.iter().find_map(|(_, agreement)| agreement.county_on(on));
    let sender = of_agreement.or_else(|| known?.counties_on(on).first().copied());
    Around {
        recipient: name(party),
        number: recipient.and_then(|known| known.number_on(on)).unwrap_or_default().to_owned(),
        written_form: recipient.map(|known| known.written_form_on(on)).unwrap_or_default(),
        sender: sender.map(name).unwrap_or_default(),
        procurement: opened.map(|opened| opened.name.clone()).unwrap_or_default(),
        illustrative: opened.is_some_and(|opened| opened.illustrative),
    }
}
