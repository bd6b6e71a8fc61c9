//! What the transport makes of what a server does.

use std::fmt::Write as _;
use std::fs;

use expect_test::{expect, expect_file};
use grenselos::config::{Security, Settings, Smtp};
use grenselos::mail::{MailError, MailTransport, Outcome, Reply, SmtpTransport};
use grenselos::render::mail::Message;
use lettre::address::Envelope;

use super::Server;
use crate::files;

fn transport(smtp: Smtp) -> SmtpTransport {
    let mut settings = Settings::load(None).unwrap();
    settings.mail.smtp = smtp;
    SmtpTransport::new(&settings.checked().unwrap().mail)
}

fn letter(to: &str) -> Message {
    let from = "fylkesbiblioteket@fylke.example".parse().unwrap();
    Message {
        name: "faktura".to_owned(),
        message_id: format!("<{to}>"),
        envelope: Envelope::new(Some(from), vec![to.parse().unwrap()]).unwrap(),
        bytes: format!("Message-ID: <{to}>\r\nSubject: Faktura\r\n\r\n.Hei\r\n.\r\nslutt\r\n").into_bytes(),
    }
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted(Reply { text }) => format!("accepted: {text}"),
        Outcome::Deferred(Reply { text }) => format!("deferred: {text}"),
        Outcome::Refused(Reply { text }) => format!("refused: {text}"),
        Outcome::NotHandedOver(why) => format!("not handed over: {why}"),
        Outcome::Unknown(why) => format!("unknown: {why}"),
    }
}

#[test]
fn what_became_of_a_letter_is_known_by_where_the_conversation_ended() {
    let server = Server::start("fates");
    let transport = transport(Smtp { timeout_seconds: 2, ..server.smtp() });
    let mut told = String::new();
    let mut connection = transport.connect().unwrap();
    for to in ["ok@a", "later@b", "nobody@c", "spam@d", "ok@e", "busy@f", "ok@g"] {
        let outcome = connection.send(&letter(&format!("{to}.example")));
        writeln!(told, "{to}: {}", words(&outcome)).unwrap();
    }
    drop(connection);
    for to in ["drop@h", "taken-drop@i", "taken-hang@j", "die@k"] {
        let outcome = transport.connect().unwrap().send(&letter(&format!("{to}.example")));
        writeln!(told, "{to}: {}", words(&outcome)).unwrap();
    }
    expect![[r#"
        ok@a: accepted: 250 2.0.0 OK: queued as 1
        later@b: deferred: 451 4.7.1 <later@b.example>: greylisted, come again later
        nobody@c: refused: 550 5.1.1 <nobody@c.example>: no such user here
        spam@d: refused: 554 5.7.1 this looks like spam
        ok@e: accepted: 250 2.0.0 OK: queued as 1
        busy@f: not handed over: 421 4.3.2 closing down
        ok@g: not handed over: the connection had broken off
        drop@h: unknown: broken off after the letter was handed over: the connection ended
        taken-drop@i: unknown: broken off after the letter was handed over: the connection ended
        taken-hang@j: unknown: broken off after the letter was handed over: no answer within 2 s
        die@k: unknown: broken off after the letter was handed over: the connection ended
    "#]]
    .assert_eq(&told);
    expect_file![files::root().join("tests/golden/mail/conversation.txt")].assert_eq(&server.transcript());
    let taken = ["ok@a", "ok@e", "taken-drop@i", "taken-hang@j"].map(|to| (format!("{to}.example"), 1));
    assert_eq!(server.counts(), taken);
    let bytes = fs::read(&server.mailbox("ok@a.example")[0]).unwrap();
    assert_eq!(bytes, letter("ok@a.example").bytes, "as it was drawn up, dots and all");
    let gone = transport.connect().err().unwrap();
    assert!(matches!(gone, MailError::Unreachable { .. }) && !gone.needs_a_person(), "{gone}");
}

#[test]
fn settings_that_cannot_work_are_said_in_a_sentence() {
    let server = Server::start("settings");
    let works = || server.smtp();
    let mut told = String::new();
    let mut try_out = |what: &str, smtp: Smtp| {
        let port = smtp.port.to_string();
        let found = match transport(smtp).check() {
            Ok(sentence) => sentence,
            Err(error) => {
                let mark = if error.needs_a_person() { "!" } else { "?" };
                format!("{mark} {}", grenselos::ledger::with_sources(&error))
            }
        };
        let found = found.replace(&port, "PORT").replace(&*server.directory.to_string_lossy(), "DIR");
        writeln!(told, "{what}: {found}").unwrap();
    };
    try_out("as they should be", works());
    try_out("over TLS", Smtp { tls: Security::Tls, port: server.port("tls"), ..works() });
    let plain = Smtp { tls: Security::None, port: server.port("plain"), user: String::new(), ..works() };
    try_out("within the machine", Smtp { password_file: "".into(), ..plain.clone() });
    try_out("wrong password", Smtp { password_file: server.path("wrong"), ..works() });
    try_out("no password file", Smtp { password_file: server.path("nowhere"), ..works() });
    try_out("no password", Smtp { password_file: "".into(), ..works() });
    try_out("strange certificate", Smtp { ca_file: "".into(), ..works() });
    try_out(
        "strange certificate over TLS",
        Smtp { tls: Security::Tls, port: server.port("tls"), ca_file: "".into(), ..works() },
    );
    try_out("no certificate", Smtp { ca_file: server.path("password"), ..works() });
    try_out("no STARTTLS", Smtp { port: server.port("plain"), ..works() });
    try_out("no sign-in there", Smtp { password_file: server.path("password"), user: "fylket".to_owned(), ..plain });
    try_out("another name", Smtp { host: "127.0.0.2".to_owned(), ..works() });
    try_out("TLS where STARTTLS is spoken", Smtp { tls: Security::Tls, timeout_seconds: 2, ..works() });
    try_out("STARTTLS where TLS is spoken", Smtp { port: server.port("tls"), timeout_seconds: 1, ..works() });
    expect![[r#"
        as they should be: the mail server localhost:PORT takes letters from fylkesbiblioteket@fylke.example: over STARTTLS, signed in as fylket
        over TLS: the mail server localhost:PORT takes letters from fylkesbiblioteket@fylke.example: over TLS, signed in as fylket
        within the machine: the mail server localhost:PORT takes letters from fylkesbiblioteket@fylke.example: unencrypted, on this machine, without sign-in
        wrong password: ! the mail server localhost:PORT does not take the password of fylket (535 5.7.8 Authentication credentials invalid): see mail.smtp.user and the password
        no password file: ! DIR/nowhere in mail.smtp.password_file cannot be used; it must hold the password on its first line: No such file or directory (os error 2)
        no password: ! mail.smtp.user is fylket, but there is no password: name a file with mail.smtp.password_file, or set GRENSELOS_SMTP_PASSWORD
        strange certificate: ! the connection to the mail server localhost:PORT cannot be secured: see mail.smtp.tls and mail.smtp.ca_file: invalid peer certificate: UnknownIssuer
        strange certificate over TLS: ! the connection to the mail server localhost:PORT cannot be secured: see mail.smtp.tls and mail.smtp.ca_file: invalid peer certificate: UnknownIssuer
        no certificate: ! DIR/password in mail.smtp.ca_file cannot be used; it must hold certificates in PEM form
        no STARTTLS: ! the mail server localhost:PORT offers no STARTTLS: set mail.smtp.tls to "tls", which mostly goes with port 465
        no sign-in there: ! the mail server localhost:PORT offers no sign-in by password: leave out mail.smtp.user, or use another port
        another name: ? the mail server 127.0.0.2:PORT cannot be reached: see mail.smtp.host and mail.smtp.port, or whether it is down: Connection refused (os error 111)
        TLS where STARTTLS is spoken: ! the connection to the mail server localhost:PORT cannot be secured: see mail.smtp.tls and mail.smtp.ca_file: received corrupt message of type InvalidContentType
        STARTTLS where TLS is spoken: ? the mail server localhost:PORT did not answer within 1 s: see mail.smtp.tls, or mail.smtp.timeout_seconds
    "#]].assert_eq(&told);
}
