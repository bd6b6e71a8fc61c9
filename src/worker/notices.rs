//! Letters that bring no document: written once, kept by the hash of their text, and sent as they were kept.

use std::collections::HashMap;

use super::documents::rendered;
use super::letters::{Letter, unfit_addressee};
use super::{Tools, WorkError};
use crate::archive::Kept;
use crate::clock;
use crate::domain::delivery::{DeliveryCommand, Rendered};
use crate::domain::identity::{InvoiceId, PersonId, ProposalId};
use crate::handle::{Envelope, Wish};
use crate::process::open_tasks::Task;
use crate::render::mail::{Correspondent, Posting, Signature};
use crate::render::{self, NOTICE_MEDIA_TYPE, NoticeText, RenderError, written_to_in};
use crate::text::Language;
use crate::view::book::Book;
use crate::view::notices::{Around, Notice, NoticeAbout, addressee, around, notice};
use crate::view::proposals::compared;
use crate::view::what_if::Comparison;

/// What a letter is made of.
pub(super) struct NoticeMaterial {
    rendered: Rendered,
    recipient: String,
    person: Option<PersonId>,
    language: Language,
    on: chrono::NaiveDate,
    name: &'static str,
}

/// What each proposal that is asked about would lead to; none where that cannot be worked out.
type Comparisons = HashMap<ProposalId, Option<Comparison>>;

impl Tools<'_> {
    /// Writes the letters that are due; how many.
    pub(super) fn write_notices(&self, tasks: &[Task]) -> Result<usize, WorkError> {
        let written: Vec<(InvoiceId, Vec<u8>)> = {
            let followed = self.ledger.now();
            let book = &followed.book;
            let mut comparisons = Comparisons::new();
            let due = tasks.iter().filter_map(|task| {
                let Task::Write(letter) = task else { return None };
                let notice = notice(book, *letter)?;
                let text = self.notice_text(book, &notice, &mut comparisons);
                Some((*letter, text.into_bytes()))
            });
            due.collect()
        };
        let (letters, texts): (Vec<InvoiceId>, Vec<Vec<u8>>) = written.into_iter().unzip();
        let kept = self.keep_all(&texts, NOTICE_MEDIA_TYPE)?;
        let record = |(letter, kept): (InvoiceId, Kept)| -> (Wish, Envelope) {
            let rendered = rendered(letter, kept, vec![]);
            (Wish::Delivery(letter, DeliveryCommand::RecordRendered(rendered)), self.envelope("render", letter.0))
        };
        let wishes: Vec<(Wish, Envelope)> = letters.into_iter().zip(kept).map(record).collect();
        self.ledger.carry_out_all(&wishes)?;
        Ok(wishes.len())
    }

    fn notice_text(&self, book: &Book, notice: &Notice<'_>, comparisons: &mut Comparisons) -> String {
        let comparison = match notice.about {
            NoticeAbout::Hearing { key, proposal, .. } => comparisons
                .entry(proposal.saved.proposal)
                .or_insert_with(|| compared(book, book.keys.get(&key)?, &proposal.saved, notice.on).ok())
                .as_ref(),
            NoticeAbout::Answer { .. } | NoticeAbout::Withdrawal { .. } | NoticeAbout::Nudge { .. } => None,
        };
        let own = comparison.and_then(|comparison| {
            let own = comparison.parties.iter().find(|party| party.party == notice.party)?;
            Some((comparison.years.as_slice(), own))
        });
        let around = around(book, notice.procurement, notice.party, notice.on);
        render::notice_text(&NoticeText {
            about: notice.about,
            language: written_to_in(around.written_form),
            around: &around,
            compared: own,
            origin: self.settings.sign_in.address_for_letters(),
        })
    }

    /// What the letter is made of; none where it is none without a document.
    pub(super) fn notice_material(&self, letter: InvoiceId) -> Option<NoticeMaterial> {
        let followed = self.ledger.now();
        let book = &followed.book;
        let notice = notice(book, letter)?;
        let Around { recipient, written_form, .. } = around(book, notice.procurement, notice.party, notice.on);
        Some(NoticeMaterial {
            rendered: book.deliveries.get(&letter)?.rendered.clone()?,
            recipient,
            person: addressee(book, notice.party, notice.about),
            language: written_to_in(written_form),
            on: notice.on,
            name: match notice.about {
                NoticeAbout::Hearing { .. } => "horing",
                NoticeAbout::Answer { .. } => "svar",
                NoticeAbout::Withdrawal { .. } => "trukket-tilbake",
                NoticeAbout::Nudge { .. } => "paminnelse",
            },
        })
    }

    /// The letter, or what it lacks.
    pub(super) fn notice_letter(
        &self,
        letter: InvoiceId,
        material: &NoticeMaterial,
        signature: Option<&Signature>,
    ) -> Result<Result<Letter, String>, WorkError> {
        let NoticeMaterial { rendered, recipient, person, language, on, name } = material;
        let known = match person {
            Some(id) => self.people.get(*id)?.and_then(|known| Some((*id, known.name, known.email?))),
            None => None,
        };
        let Some((person, to_name, address)) = known else {
            return Ok(Err(format!(
                "{recipient} has no contact with an e-mail address: import one as contact, then ask for another attempt"
            )));
        };
        let text = match self.document(rendered).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(_)) => return Ok(Err("the text of the letter in the archive is no text".to_owned())),
            Err(lacks) => return Ok(Err(lacks)),
        };
        let (from, domain) = self.sender();
        let posting = Posting {
            attachments: &[],
            from: &from,
            to: &Correspondent { name: to_name, address },
            name: &format!("{name}-{letter}"),
            message_id: &format!("<{letter}@{domain}>"),
            date: clock::noon(*on),
            signature,
        };
        match render::notice_mail(&text, *language, &posting) {
            Ok(message) => Ok(Ok(Letter { person, message })),
            Err(RenderError::Message(_)) => Ok(Err(unfit_addressee(recipient))),
            Err(source) => Err(WorkError::RenderLetter { recipient: recipient.clone(), source }),
        }
    }
}
