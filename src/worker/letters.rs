//! Sending. Each attempt is claimed in the log before the letter leaves, and its outcome is recorded afterwards, so that of
//! two workers one sends, and a worker that is killed in between leaves behind that nobody knows, and not a second letter.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::e_invoices::lost;
use super::{Tools, WorkError, procurement_of};
use crate::clock;
use crate::domain::delivery::{
    AttemptEnded, DeliveryCommand, DeliveryEvent, MailAccepted, MailParked, MailRetryRequested, Rendered, StartAttempt,
};
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, PersonId};
use crate::domain::party::ContactRole;
use crate::handle::{Envelope, HandleError, Handled, Wish};
use crate::ids;
use crate::ledger::LedgerError;
use crate::mail::{Connection, Outcome, smtp};
use crate::render::mail::{Attached, Correspondent, DocumentMail, Message, Signature, document_mail};
use crate::render::{Enclosed, Enclosure, IssuedDocument, RenderError};
use crate::view::documents::{Document, KeptDocument, document};

/// How much longer than it can take an outcome is waited for: a busy machine, a full disk, a clock that is a little off.
const PATIENCE: Duration = Duration::from_mins(1);

/// A way out, opened when the first letter is ready.
type Way<'mail> = Option<Box<dyn Connection + 'mail>>;

/// What came of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// The other side took it.
    Accepted,
    /// It is tried again later.
    Deferred,
    /// It waits for a person.
    Parked,
    /// Another worker has it.
    LeftToAnother,
}

/// A letter ready to be sent.
pub(super) struct Letter {
    pub(super) person: PersonId,
    pub(super) message: Message,
}

/// What a letter is made of.
struct Material {
    kept: KeptDocument,
    rendered: Rendered,
    /// The document of the invoice, where the letter reminds of it.
    of_invoice: Option<Rendered>,
    procurement_name: String,
    illustrative: bool,
    finance: Option<PersonId>,
    e_invoice: Option<Rendered>,
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An attempt that this worker holds.
struct Attempt {
    number: u32,
    claim: Uuid,
}

impl Tools<'_> {
    /// Sends letters on several connections at once. One that is refused stops no other, and a server that bears fewer
    /// connections gets the letters on those that it bears; a way out that is shut says nothing about any.
    pub(super) fn send_all(&self, invoices: &[InvoiceId], tell: &mut dyn FnMut(Sent)) -> Result<(), WorkError> {
        if invoices.is_empty() {
            return Ok(());
        }
        let signature = smtp::signature(&self.settings.mail.smtp).map_err(WorkError::Mail)?;
        let (left, stopped) = (Mutex::new(VecDeque::from(invoices.to_vec())), AtomicBool::new(false));
        let shut = Mutex::new(None);
        let (say, said) = mpsc::channel();
        let one_after_the_other = |say: mpsc::Sender<Result<Sent, WorkError>>| {
            let mut way = None;
            while !stopped.load(Ordering::Relaxed) {
                let Some(invoice) = held(&left).pop_front() else { return };
                let sent = match self.send(invoice, &mut way, signature.as_ref()) {
                    // Whoever has a connection sends it.
                    Err(WorkError::Mail(error)) => {
                        held(&left).push_front(invoice);
                        held(&shut).get_or_insert(error);
                        return;
                    }
                    sent => sent,
                };
                stopped.fetch_or(sent.is_err(), Ordering::Relaxed);
                if say.send(sent).is_err() {
                    return;
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..self.mail.connections().clamp(1, invoices.len()) {
                let say = say.clone();
                scope.spawn(|| one_after_the_other(say));
            }
            drop(say);
            let mut outcome = Ok(());
            for sent in said {
                match sent {
                    Ok(sent) => tell(sent),
                    Err(fault) if outcome.is_ok() => outcome = Err(fault),
                    Err(_one_of_several) => {}
                }
            }
            outcome
        })?;
        match held(&shut).take() {
            Some(error) if !held(&left).is_empty() => Err(WorkError::Mail(error)),
            Some(_) | None => Ok(()),
        }
    }

    fn send<'tools>(
        &'tools self,
        invoice: InvoiceId,
        way: &mut Way<'tools>,
        signature: Option<&Signature>,
    ) -> Result<Sent, WorkError> {
        let letter = if let Some(material) = self.material(invoice) {
            self.letter(invoice, &material, signature)?
        } else if let Some(material) = self.prebill_material(invoice) {
            self.prebill_letter(invoice, &material, signature)?
        } else if let Some(material) = self.notice_material(invoice) {
            self.notice_letter(invoice, &material, signature)?
        } else {
            return Ok(Sent::LeftToAnother);
        };
        let letter = match letter {
            Ok(letter) => letter,
            Err(lacks) => return self.park(invoice, lacks),
        };
        let mut connection = self.open(way)?;
        self.keep_turn()?;
        let Some(attempt) = self.claim(invoice, &letter)? else {
            *way = Some(connection);
            return Ok(Sent::LeftToAnother);
        };
        // Whoever was stopped for long in between, sends nothing.
        if let Err(lost) = self.keep_turn() {
            self.record_outcome(
                invoice,
                &attempt,
                &letter.message.message_id,
                Outcome::NotHandedOver(lost.to_string()),
            )?;
            return Err(lost);
        }
        let mut outcome = connection.send(&letter.message);
        if matches!(outcome, Outcome::NotHandedOver(_))
            && let Ok(anew) = self.mail.connect()
        {
            // A server may end a conversation between two letters whenever it likes.
            connection = anew;
            outcome = connection.send(&letter.message);
        }
        if !matches!(outcome, Outcome::NotHandedOver(_) | Outcome::Unknown(_)) {
            *way = Some(connection);
        }
        self.record_outcome(invoice, &attempt, &letter.message.message_id, outcome)
    }

    fn open<'tools>(&'tools self, way: &mut Way<'tools>) -> Result<Box<dyn Connection + 'tools>, WorkError> {
        match way.take() {
            Some(connection) => Ok(connection),
            None => self.mail.connect().map_err(WorkError::Mail),
        }
    }

    /// Claims the attempt; none where another worker was faster.
    fn claim(&self, invoice: InvoiceId, letter: &Letter) -> Result<Option<Attempt>, WorkError> {
        let (claim, at) = (self.ids.new_id(), self.clock.now());
        let started = StartAttempt {
            claim,
            person: letter.person,
            message_id: letter.message.message_id.clone(),
            at,
            outcome_due_at: at + self.mail.answers_within() * 2 + PATIENCE,
        };
        match self.carry_out(invoice, claim, DeliveryCommand::StartAttempt(started)) {
            Ok(handled) => Ok(handled.events.iter().find_map(|event| {
                if let Event::Delivery(DeliveryEvent::MailAttemptStarted(started)) = event {
                    Some(Attempt { number: started.attempt, claim })
                } else {
                    None
                }
            })),
            Err(LedgerError::Handle(HandleError::Rejected(_) | HandleError::Contended)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn record_outcome(
        &self,
        invoice: InvoiceId,
        attempt: &Attempt,
        message_id: &str,
        outcome: Outcome,
    ) -> Result<Sent, WorkError> {
        let ended = |said: String| self.ended(attempt.number, said);
        let command = match outcome {
            Outcome::Accepted(reply) => DeliveryCommand::RecordAccepted(MailAccepted {
                message_id: message_id.to_owned(),
                reply: reply.text,
                on: self.clock.today(),
            }),
            Outcome::Deferred(reply) => DeliveryCommand::RecordDeferred(ended(reply.text)),
            Outcome::Refused(reply) => DeliveryCommand::RecordRefused(ended(reply.text)),
            Outcome::NotHandedOver(why) => DeliveryCommand::RecordDeferred(ended(why)),
            Outcome::Unknown(why) => DeliveryCommand::RecordOutcomeUnknown(ended(why)),
        };
        let handled = self.carry_out(invoice, ids::derived(attempt.claim, "outcome"), command)?;
        Ok(sent(&handled))
    }

    fn ended(&self, attempt: u32, said: String) -> AttemptEnded {
        AttemptEnded { attempt, said, at: self.clock.now(), on: self.clock.today() }
    }

    /// Ceases to wait for the outcome of an attempt. Where a repeat reaches nobody twice, it is repeated; else a person is
    /// asked.
    pub(super) fn cease_to_wait(&self, invoice: InvoiceId, attempt: u32) -> Result<Sent, WorkError> {
        let said = "whoever sent it was stopped before the outcome was recorded".to_owned();
        let unknown = DeliveryCommand::RecordOutcomeUnknown(self.ended(attempt, said));
        let sent = sent(&self.carry_out(invoice, self.ids.new_id(), unknown)?);
        if sent == Sent::LeftToAnother || !self.mail.repeats_are_harmless() {
            return Ok(sent);
        }
        let again = DeliveryCommand::RequestRetry {
            requested: MailRetryRequested { on: self.clock.today() },
            at: self.clock.now(),
        };
        match self.carry_out(invoice, self.ids.new_id(), again) {
            Ok(_) | Err(LedgerError::Handle(HandleError::Rejected(_))) => Ok(Sent::LeftToAnother),
            Err(error) => Err(error.into()),
        }
    }

    fn carry_out(&self, invoice: InvoiceId, id: Uuid, command: DeliveryCommand) -> Result<Handled, LedgerError> {
        let envelope = Envelope { command_id: id, ..self.envelope("mail", invoice.0) };
        self.ledger.carry_out(&Wish::Delivery(invoice, command), &envelope, None)
    }

    /// The wish that a letter waits for a person. The reason names no person: it goes into the log.
    pub(super) fn parking(&self, invoice: InvoiceId, reason: String) -> (Wish, Envelope) {
        let attempt = self.ledger.now().version(invoice.0).map_or(0, |version| version + 1);
        let parked = MailParked { reason, on: self.clock.today() };
        let wish = Wish::Delivery(invoice, DeliveryCommand::Park(parked));
        (wish, self.envelope(&format!("park {attempt}"), invoice.0))
    }

    fn park(&self, invoice: InvoiceId, reason: String) -> Result<Sent, WorkError> {
        let (wish, envelope) = self.parking(invoice, reason);
        match self.ledger.carry_out(&wish, &envelope, None) {
            Ok(_) => Ok(Sent::Parked),
            Err(LedgerError::Handle(HandleError::Rejected(_))) => Ok(Sent::LeftToAnother),
            Err(error) => Err(error.into()),
        }
    }

    /// The letter, or what it lacks.
    fn letter(
        &self,
        invoice: InvoiceId,
        material: &Material,
        signature: Option<&Signature>,
    ) -> Result<Result<Letter, String>, WorkError> {
        let Material { kept, rendered, of_invoice, procurement_name, illustrative, finance, e_invoice } = material;
        let document = kept.document();
        let issued = IssuedDocument { document, procurement_name, illustrative: *illustrative };
        let recipient = &document.recipient().name;
        let (id, to) = match self.addressee(recipient, *finance)? {
            Ok(addressee) => addressee,
            Err(lacks) => return Ok(Err(lacks)),
        };
        let files = match self.files(&issued, rendered, e_invoice.as_ref(), of_invoice.as_ref()) {
            Ok(files) => files,
            Err(lacks) => return Ok(Err(lacks)),
        };
        let attachments: Vec<Attached<'_>> = files.iter().map(Enclosure::attached).collect();
        let (from, domain) = self.sender();
        let message = document_mail(&DocumentMail {
            document: issued,
            attachments: &attachments,
            from: &from,
            to: &to,
            name: &document.name(),
            // The same for every attempt, so that a repeat is recognised.
            message_id: &format!("<{invoice}@{domain}>"),
            date: clock::noon(document.date()),
            signature,
        });
        match message {
            Ok(message) => Ok(Ok(Letter { person: id, message })),
            Err(RenderError::Message(_)) => Ok(Err(unfit_addressee(recipient))),
            Err(source) => Err(WorkError::Render { name: document.name(), source }),
        }
    }

    /// Whom a letter goes to, or what is lacking.
    pub(super) fn addressee(
        &self,
        recipient: &str,
        finance: Option<PersonId>,
    ) -> Result<Result<(PersonId, Correspondent), String>, WorkError> {
        let known = match finance {
            Some(id) => self.people.get(id)?.map(|person| (id, person)),
            None => None,
        };
        let Some((id, person)) = known else {
            return Ok(Err(format!(
                "{recipient} has no finance contact with an address: import one as contact, then ask for another attempt"
            )));
        };
        let Some(address) = person.email else {
            return Ok(Err(format!("the finance contact of {recipient} has no e-mail address")));
        };
        Ok(Ok((id, Correspondent { name: person.name, address })))
    }

    /// The document as it was drawn up, or what to do where it is not in the archive.
    pub(super) fn document(&self, rendered: &Rendered) -> Result<Vec<u8>, String> {
        self.archived(rendered).ok_or_else(|| lost(&rendered.sha256, &rendered.media_type))
    }

    /// Who sends, and the domain of its address.
    pub(super) fn sender(&self) -> (Correspondent, &str) {
        let mail = &self.settings.mail;
        let domain = mail.sender_address.rsplit_once('@').map_or("grenselos.example", |(_, domain)| domain);
        (Correspondent { name: mail.sender_name.clone(), address: mail.sender_address.clone() }, domain)
    }

    /// What a letter carries: the document, the e-invoice and what goes with both. Or what of it is not there.
    fn files(
        &self,
        issued: &IssuedDocument<'_>,
        document: &Rendered,
        e_invoice: Option<&Rendered>,
        of_invoice: Option<&Rendered>,
    ) -> Result<Vec<Enclosure>, String> {
        let number = issued.document.number();
        let names = [
            (Some(document), issued.file_name()),
            (e_invoice, format!("{number}.xml")),
            (of_invoice, issued.of_invoice().file_name()),
        ];
        let mut files = Vec::new();
        for (rendered, file_name) in names.into_iter().filter_map(|(rendered, name)| Some((rendered?, name))) {
            let bytes = self.document(rendered)?;
            let (enclosed, media_type) = (Enclosed::Issued, rendered.media_type.clone());
            files.push(Enclosure { enclosed, file_name, media_type, bytes });
        }
        files.extend(self.enclosures(issued.document, document)?);
        Ok(files)
    }

    fn material(&self, invoice: InvoiceId) -> Option<Material> {
        let followed = self.ledger.now();
        let document = document(&followed.book, invoice)?;
        let delivery = followed.book.deliveries.get(&invoice)?;
        let of_invoice = match document {
            Document::Invoice(_) | Document::CreditNote(..) => None,
            Document::Reminder(_, _, issued) => {
                followed.book.deliveries.get(&issued.invoice.invoice).and_then(|delivery| delivery.rendered.clone())
            }
        };
        let (rendered, e_invoice) = (delivery.rendered.clone()?, delivery.e_invoicing.rendered().cloned());
        let (procurement_name, illustrative) = procurement_of(&followed.book, document);
        let recipient = followed.book.parties.get(&document.recipient().party);
        let finance = recipient.and_then(|party| party.contacts.get(&ContactRole::Finance).copied());
        Some(Material {
            kept: document.kept(),
            rendered,
            of_invoice,
            procurement_name,
            illustrative,
            finance,
            e_invoice,
        })
    }
}

/// What a renderer says of the fault would repeat the name or the address, which must not stand in the log.
pub(super) fn unfit_addressee(recipient: &str) -> String {
    format!(
        "the name or e-mail address of the finance contact of {recipient} cannot stand on a letter: correct it, then ask for \
         another attempt"
    )
}

/// What was recorded of a letter.
fn sent(handled: &Handled) -> Sent {
    match handled.events.last() {
        Some(Event::Delivery(DeliveryEvent::MailAccepted(_))) => Sent::Accepted,
        Some(Event::Delivery(DeliveryEvent::MailDeferred(_))) => Sent::Deferred,
        Some(Event::Delivery(DeliveryEvent::MailParked(_) | DeliveryEvent::MailOutcomeUnknown(_))) => Sent::Parked,
        Some(_) | None => Sent::LeftToAnother,
    }
}
