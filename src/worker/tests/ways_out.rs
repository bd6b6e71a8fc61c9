//! Ways out that are shut, narrow, or cannot work.

use super::*;

/// A way out that is shut, and why.
pub(super) struct Shut(pub(super) fn() -> MailError);

impl MailTransport for Shut {
    fn connect(&self) -> Result<Box<dyn Connection + '_>, MailError> {
        Err((self.0)())
    }

    fn connections(&self) -> usize {
        4
    }

    fn answers_within(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn repeats_are_harmless(&self) -> bool {
        false
    }

    fn check(&self) -> Result<String, MailError> {
        Err((self.0)())
    }
}

/// A server that bears one connection at a time, of which the workers would open several.
#[derive(Default)]
struct Narrow {
    mail: MemoryTransport,
    is_taken: AtomicBool,
    refused_count: AtomicUsize,
}

struct Only<'narrow>(&'narrow Narrow);

impl MailTransport for Narrow {
    fn connect(&self) -> Result<Box<dyn Connection + '_>, MailError> {
        if self.is_taken.swap(true, Ordering::SeqCst) {
            self.refused_count.fetch_add(1, Ordering::SeqCst);
            let (server, reply) = ("mail.fylke.example:587".to_owned(), "421 too many connections".to_owned());
            return Err(MailError::TurnedAway { server, reply });
        }
        Ok(Box::new(Only(self)))
    }

    fn connections(&self) -> usize {
        2
    }

    fn answers_within(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn repeats_are_harmless(&self) -> bool {
        false
    }

    fn check(&self) -> Result<String, MailError> {
        Ok(String::new())
    }
}

impl Connection for Only<'_> {
    fn send(&mut self, message: &Message) -> Outcome {
        // The other worker has been turned away before a letter leaves.
        #[expect(clippy::disallowed_methods, reason = "a test that fails comes to an end")]
        let begun = std::time::Instant::now();
        while self.0.refused_count.load(Ordering::SeqCst) == 0 && begun.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
        self.0.mail.connect().unwrap().send(message)
    }
}

#[test]
fn a_server_that_bears_fewer_connections_gets_all_letters_on_those_that_it_bears() {
    let house = House::with_contacts();
    let narrow = Narrow::default();
    assert_eq!(house.work(&narrow).unwrap().mailed_count, 2);
    assert_eq!(narrow.refused_count.load(Ordering::SeqCst), 1);
}

fn sign_in_refused() -> MailError {
    let (server, user) = ("mail.fylke.example:587".to_owned(), "fylket".to_owned());
    MailError::SignInRefused { server, user, reply: "535 5.7.8".to_owned() }
}

pub(super) fn silent() -> MailError {
    MailError::Silent { server: "mail.fylke.example:587".to_owned(), seconds: 120 }
}

#[test]
fn nothing_is_numbered_as_long_as_the_settings_of_the_mail_server_cannot_work() {
    let house = House::with_contacts();
    assert!(matches!(house.work(&Shut(sign_in_refused)), Err(WorkError::NoWayOut(MailError::SignInRefused { .. }))));
    assert!(house.ledger.now().book.invoices.is_empty());
}

#[test]
fn a_way_out_that_is_shut_says_nothing_about_a_letter() {
    let house = House::with_contacts();
    assert!(matches!(house.work(&Shut(silent)), Err(WorkError::Mail(MailError::Silent { .. }))));
    assert_eq!(house.states(), [(FIRST, LetterState::Queued), (SECOND, LetterState::Queued)]);
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Completed(..)), "the rest is done all the same");
    assert!(letters(&house.ledger.now().book, house.clock.now()).iter().all(|letter| letter.attempts_count == 0));
}
