//! The same by a mail server that is in use everywhere: Postfix, where it is installed and the tests run as root.

use std::fs;
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use expect_test::expect;
use grenselos::config::{Security, Settings, Smtp};
use grenselos::mail::{MailTransport, Outcome, SmtpTransport};
use grenselos::render::mail::Message;
use lettre::address::Envelope;

use super::{read, started};
use crate::place::Place;

/// How long a letter may take from Postfix's queue to the mailbox.
const DELIVERY_MAX: Duration = Duration::from_secs(30);

/// A Postfix that is gone with the test.
struct Postfix {
    process: Child,
    directory: PathBuf,
    port: u16,
}

impl Postfix {
    /// None where there is none to be had: why is said.
    fn start() -> Option<Self> {
        let (mut process, directory, said) = started("postfix.py", "postfix");
        if let Some(why) = said["absent"].as_str() {
            assert!(std::env::var_os("GRENSELOS_TESTS_NEED_POSTFIX").is_none(), "it is to be tried here: {why}");
            eprintln!("not tried: {why}");
            process.wait().unwrap();
            return None;
        }
        Some(Self { process, directory, port: u16::try_from(said["starttls"].as_u64().unwrap()).unwrap() })
    }

    fn transport(&self) -> SmtpTransport {
        let mut settings = Settings::load(None).unwrap();
        settings.mail.smtp = Smtp {
            host: "localhost".to_owned(),
            port: self.port,
            tls: Security::Starttls,
            ca_file: self.directory.join("ca.pem"),
            ..settings.mail.smtp
        };
        SmtpTransport::new(&settings.checked().unwrap().mail)
    }

    /// The letters in the mailbox, when there are so many.
    #[expect(clippy::disallowed_methods, reason = "it waits no longer than that")]
    fn delivered(&self, count: usize) -> Vec<PathBuf> {
        let began = Instant::now();
        loop {
            let entries = fs::read_dir(self.directory.join("mailboxes/faktura/new")).into_iter().flatten();
            let letters: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
            if letters.len() >= count {
                return letters;
            }
            assert!(began.elapsed() < DELIVERY_MAX, "{}", fs::read_to_string(self.directory.join("log")).unwrap());
            thread::yield_now();
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // It stops when nobody speaks to it any longer.
        drop(self.process.stdin.take());
        self.process.wait().ok();
    }
}

/// A letter of the demonstration with its document and e-invoice, to another address.
fn letter(bytes: &[u8], to: &str) -> Message {
    let from = "fylkesbiblioteket@fylke.example".parse().unwrap();
    Message {
        name: "faktura".to_owned(),
        message_id: "<faktura@fylke.example>".to_owned(),
        envelope: Envelope::new(Some(from), vec![to.parse().unwrap()]).unwrap(),
        bytes: bytes.to_vec(),
    }
}

/// What came of it, without what is another each time.
fn words(outcome: &Outcome) -> String {
    let said = match outcome {
        Outcome::Accepted(reply) => format!("accepted: {}", reply.text),
        Outcome::Deferred(reply) => format!("deferred: {}", reply.text),
        Outcome::Refused(reply) => format!("refused: {}", reply.text),
        Outcome::NotHandedOver(why) | Outcome::Unknown(why) => panic!("{why}"),
    };
    said.split_once(" queued as ").map_or(said.clone(), |(before, _)| before.to_owned())
}

#[test]
fn postfix_takes_what_it_can_deliver_and_says_why_it_does_not_take_the_rest() {
    let Some(postfix) = Postfix::start() else { return };
    let invoice = Place::with_demo("letters to postfix").path("demo/out/mail/552400032.eml");
    let bytes = fs::read(&invoice).unwrap();
    let transport = postfix.transport();
    let mut connection = transport.connect().unwrap();
    let mut said = vec![];
    for to in ["faktura", "later", "ukjent", "faktura"] {
        said.push(words(&connection.send(&letter(&bytes, &format!("{to}@kommune.example")))));
    }
    let too_large = bytes.repeat(1_000_000 / bytes.len() + 1);
    said.push(words(&connection.send(&letter(&too_large, "faktura@kommune.example"))));
    expect![[r#"
        accepted: 250 2.0.0 Ok:
        deferred: 450 4.7.1 <later@kommune.example>: Recipient address rejected: come again later
        refused: 550 5.1.1 <ukjent@kommune.example>: Recipient address rejected: User unknown in virtual mailbox table
        accepted: 250 2.0.0 Ok:
        refused: 552 5.3.4 Error: message file too big"#]]
    .assert_eq(&said.join("\n"));
    for delivered in postfix.delivered(2) {
        // In a mailbox lines end as they do on this system.
        let sent = read(&invoice, None).to_string().replace(r"\r\n", r"\n");
        assert_eq!(read(&delivered, None).to_string(), sent);
    }
}
