//! Letters by SMTP, over TLS and with a password.
//!
//! The steps of a conversation are taken one by one, so that what went wrong is known by where it went wrong: before the
//! letter was handed over it was certainly not taken; after it, without an answer, nobody knows. Each connection runs its
//! own small runtime behind the synchronous port, and each step has an end, also the wait after the letter.

use std::cell::Cell;
use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::{Connection, MailError, MailTransport, Outcome, Reply};
use crate::config::{self, Security, Smtp};
use crate::render::mail::{Message, Signature};

/// The environment variable with the password, where no file is named.
pub const PASSWORD_VARIABLE: &str = "GRENSELOS_SMTP_PASSWORD";
/// Leaving politely takes no longer.
const FAREWELL: Duration = Duration::from_secs(5);
/// A larger file is no key, certificate or password.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Hands letters to a mail server.
#[derive(Debug, Clone)]
pub struct SmtpTransport {
    settings: Smtp,
    sender_address: String,
}

/// What it takes to be let in, read from files each time, so that a new password needs no restart.
struct Admission {
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

impl SmtpTransport {
    /// By the settings. Nothing is opened or read yet.
    #[must_use]
    pub fn new(mail: &config::Mail) -> Self {
        Self { settings: mail.smtp.clone(), sender_address: mail.sender_address.clone() }
    }

    fn server(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.settings.timeout_seconds)
    }

    fn open(&self) -> Result<SmtpConnection, MailError> {
        let admission = Admission { tls: self.tls()?, credentials: self.credentials()? };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(MailError::Machine)?;
        let established = runtime.block_on(async { timeout(self.timeout(), self.establish(admission)).await });
        match established {
            Ok(link) => Ok(SmtpConnection { runtime, link: Some(link?), timeout: self.timeout() }),
            Err(_elapsed) => {
                // A look-up of the name may still be going on; it is not waited for.
                runtime.shutdown_background();
                Err(MailError::Silent { server: self.server(), seconds: self.settings.timeout_seconds })
            }
        }
    }

    async fn establish(&self, admission: Admission) -> Result<AsyncSmtpConnection, MailError> {
        let server = (&*self.settings.host, self.settings.port);
        let hello = ClientId::default();
        let mut link = match (self.settings.tls, admission.tls) {
            (Security::Tls, Some(tls)) => AsyncSmtpConnection::connect_tokio1(server, None, &hello, Some(tls), None)
                .await
                .map_err(|error| self.not_open(&error))?,
            (Security::Tls | Security::Starttls | Security::None, tls) => {
                let unreachable =
                    |source: io::Error| MailError::Unreachable { server: self.server(), source: source.into() };
                let stream = TcpStream::connect(server).await.map_err(unreachable)?;
                // The end of a letter is a small packet of its own, which must not wait for the answer to the last one.
                stream.set_nodelay(true).map_err(unreachable)?;
                let mut link = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello)
                    .await
                    .map_err(|error| self.not_open(&error))?;
                if let Some(tls) = tls {
                    if !link.can_starttls() {
                        return Err(MailError::NoStarttls { server: self.server() });
                    }
                    link.starttls(tls, &hello).await.map_err(|error| self.not_secure(&error))?;
                }
                link
            }
        };
        if let Some(credentials) = admission.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            link.auth(&mechanisms, &credentials).await.map_err(|error| self.not_signed_in(&error))?;
        }
        Ok(link)
    }

    fn not_open(&self, error: &SmtpError) -> MailError {
        match answer(error) {
            Some(reply) => MailError::TurnedAway { server: self.server(), reply },
            None if is_of_tls(error) => self.not_secure(error),
            None => MailError::Unreachable { server: self.server(), source: innermost(error).into() },
        }
    }

    fn not_secure(&self, error: &SmtpError) -> MailError {
        match answer(error) {
            Some(reply) => MailError::TurnedAway { server: self.server(), reply },
            None => MailError::NotSecure { server: self.server(), source: innermost(error).into() },
        }
    }

    fn not_signed_in(&self, error: &SmtpError) -> MailError {
        let (server, user) = (self.server(), self.settings.user.clone());
        match answer(error) {
            Some(reply) if error.is_permanent() => MailError::SignInRefused { server, user, reply },
            Some(reply) => MailError::TurnedAway { server, reply },
            None if error.is_client() => MailError::NoSignIn { server },
            None => MailError::Unreachable { server, source: innermost(error).into() },
        }
    }

    fn tls(&self) -> Result<Option<TlsParameters>, MailError> {
        match self.settings.tls {
            Security::None => return Ok(None),
            Security::Starttls | Security::Tls => {}
        }
        let mut tls = TlsParameters::builder(self.settings.host.clone());
        let path = &self.settings.ca_file;
        if !path.as_os_str().is_empty() {
            const ADVICE: &str = "it must hold certificates in PEM form";
            let text = read("ca_file", path, ADVICE)?;
            let unfit = |source| MailError::File { setting: "ca_file", path: path.clone(), advice: ADVICE, source };
            if !text.contains("BEGIN CERTIFICATE") {
                return Err(unfit(None));
            }
            let certificate =
                Certificate::from_pem(text.as_bytes()).map_err(|error| unfit(Some(innermost(&error).into())))?;
            tls = tls.certificate_store(CertificateStore::None).add_root_certificate(certificate);
        }
        tls.build().map(Some).map_err(|error| self.not_secure(&error))
    }

    fn credentials(&self) -> Result<Option<Credentials>, MailError> {
        let Smtp { user, password_file, .. } = &self.settings;
        if user.is_empty() {
            return Ok(None);
        }
        let password = if password_file.as_os_str().is_empty() {
            std::env::var(PASSWORD_VARIABLE).unwrap_or_default()
        } else {
            let text = read("password_file", password_file, "it must hold the password on its first line")?;
            text.lines().next().unwrap_or_default().to_owned()
        };
        if password.is_empty() {
            return Err(MailError::NoPassword { user: user.clone() });
        }
        Ok(Some(Credentials::new(user.clone(), password)))
    }
}

/// By what letters are signed (DKIM); none where they are not.
///
/// # Errors
/// The key cannot be read, or is none.
pub fn signature(settings: &Smtp) -> Result<Option<Signature>, MailError> {
    const ADVICE: &str = "it must hold an RSA key in PEM form (PKCS #1), as `openssl genrsa -traditional` makes it";
    if !settings.signs() {
        return Ok(None);
    }
    let (setting, path) = ("dkim_key_file", &settings.dkim_key_file);
    let key = read(setting, path, ADVICE)?;
    let unfit = |_| MailError::File { setting, path: path.clone(), advice: ADVICE, source: None };
    Signature::new(&key, &settings.dkim_selector, &settings.dkim_domain).map(Some).map_err(unfit)
}

/// A small text file that a setting names.
///
/// # Errors
/// It cannot be read.
pub fn read(setting: &'static str, path: &Path, advice: &'static str) -> Result<String, MailError> {
    let failed = |source: Option<io::Error>| MailError::File {
        setting,
        path: path.to_owned(),
        advice,
        source: source.map(Into::into),
    };
    if std::fs::metadata(path).map_err(|error| failed(Some(error)))?.len() > FILE_BYTES_MAX {
        return Err(failed(None));
    }
    std::fs::read_to_string(path).map_err(|error| failed(Some(error)))
}

impl MailTransport for SmtpTransport {
    fn connect(&self) -> Result<Box<dyn Connection + '_>, MailError> {
        Ok(Box::new(self.open()?))
    }

    fn connections(&self) -> usize {
        self.settings.connections
    }

    fn answers_within(&self) -> Duration {
        self.timeout() * 2
    }

    fn repeats_are_harmless(&self) -> bool {
        false
    }

    /// Reads the key that letters are signed by, connects, signs in and names the sender, and leaves again.
    fn check(&self) -> Result<String, MailError> {
        signature(&self.settings)?;
        let (mut connection, server) = (self.open()?, self.server());
        if let Some(reply) = connection.refusal_of_sender(&self.sender_address) {
            return Err(MailError::SenderRefused { server, sender: self.sender_address.clone(), reply });
        }
        let secured = match self.settings.tls {
            Security::Tls => "over TLS",
            Security::Starttls => "over STARTTLS",
            Security::None => "unencrypted, on this machine",
        };
        let user = &self.settings.user;
        let signed_in = if user.is_empty() { "without sign-in".to_owned() } else { format!("signed in as {user}") };
        Ok(format!("the mail server {server} takes letters from {}: {secured}, {signed_in}", self.sender_address))
    }
}

/// A conversation with a mail server.
struct SmtpConnection {
    runtime: Runtime,
    /// None where it has broken off.
    link: Option<AsyncSmtpConnection>,
    timeout: Duration,
}

/// How far the conversation about a letter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Sender,
    Recipient,
    Opening,
    Letter,
}

impl SmtpConnection {
    /// What the server says to a letter from `address`, where it would not take it.
    fn refusal_of_sender(&mut self, address: &str) -> Option<String> {
        let (link, address) = (self.link.as_mut()?, address.parse().ok()?);
        let mail = Mail::new(Some(address), vec![]);
        let said = self.runtime.block_on(async { timeout(self.timeout, link.command(mail)).await });
        said.ok()?.err().filter(SmtpError::is_permanent).as_ref().and_then(answer)
    }

    /// Forgets the letter that was refused, so that the next one can follow; whether the server agrees.
    fn begin_anew(&mut self) -> bool {
        let Some(link) = &mut self.link else { return false };
        let said = self.runtime.block_on(async { timeout(self.timeout, link.command(Rset)).await });
        matches!(said, Ok(Ok(_)))
    }
}

impl Connection for SmtpConnection {
    fn send(&mut self, message: &Message) -> Outcome {
        let Some(link) = &mut self.link else {
            return Outcome::NotHandedOver("the connection had broken off".to_owned());
        };
        let step = Cell::new(Step::Sender);
        let said = self.runtime.block_on(async { timeout(self.timeout, hand_over(link, message, &step)).await });
        let outcome = match said {
            Ok(Ok(response)) => Outcome::Accepted(reply(&response)),
            Ok(Err(error)) => outcome_of(step.get(), &error),
            Err(_elapsed) => broken_off(step.get(), &format!("no answer within {} s", self.timeout.as_secs())),
        };
        let goes_on = match outcome {
            Outcome::Accepted(_) => true,
            Outcome::Deferred(_) | Outcome::Refused(_) => self.begin_anew(),
            Outcome::NotHandedOver(_) | Outcome::Unknown(_) => false,
        };
        if !goes_on {
            self.link = None;
        }
        outcome
    }
}

impl Drop for SmtpConnection {
    fn drop(&mut self) {
        if let Some(mut link) = self.link.take() {
            // Whether the server says farewell as well does not matter: it has answered for all letters.
            let _ = self.runtime.block_on(async { timeout(FAREWELL, link.quit()).await });
        }
    }
}

async fn hand_over(
    link: &mut AsyncSmtpConnection,
    message: &Message,
    step: &Cell<Step>,
) -> Result<Response, SmtpError> {
    link.command(Mail::new(message.envelope.from().cloned(), vec![])).await?;
    step.set(Step::Recipient);
    for recipient in message.envelope.to() {
        link.command(Rcpt::new(recipient.clone(), vec![])).await?;
    }
    step.set(Step::Opening);
    link.command(Data).await?;
    step.set(Step::Letter);
    // What ends the letter begins with a line break of its own.
    link.message(message.bytes.strip_suffix(b"\r\n").unwrap_or(&message.bytes)).await
}

/// The reply codes that speak of the service or the sign-in and not of the letter (RFC 5321, RFC 4954).
const NOT_ABOUT_THE_LETTER: [u16; 5] = [421, 530, 534, 535, 538];

fn outcome_of(step: Step, error: &SmtpError) -> Outcome {
    let (Some(code), Some(text)) = (error.status().map(u16::from), answer(error)) else {
        return broken_off(step, &how_it_broke_off(error));
    };
    if NOT_ABOUT_THE_LETTER.contains(&code) || (step == Step::Sender && error.is_permanent()) {
        Outcome::NotHandedOver(text)
    } else if error.is_transient() {
        Outcome::Deferred(Reply { text })
    } else {
        Outcome::Refused(Reply { text })
    }
}

/// Without an answer: only once the letter itself was under way, it may have been taken.
fn broken_off(step: Step, how: &str) -> Outcome {
    match step {
        Step::Sender | Step::Recipient | Step::Opening => {
            Outcome::NotHandedOver(format!("broken off before the letter was handed over: {how}"))
        }
        Step::Letter => Outcome::Unknown(format!("broken off after the letter was handed over: {how}")),
    }
}

fn reply(response: &Response) -> Reply {
    let mut text = response.code().to_string();
    for line in response.message() {
        text.push(' ');
        text.push_str(line);
    }
    Reply { text }
}

/// What the server said, where it said no.
fn answer(error: &SmtpError) -> Option<String> {
    let code = error.status()?;
    Some(match error.source() {
        Some(words) => format!("{code} {words}"),
        None => code.to_string(),
    })
}

/// Whether securing the connection failed and not the connection itself.
fn is_of_tls(error: &SmtpError) -> bool {
    error.is_tls() || io_fault(error) == Some(io::ErrorKind::InvalidData)
}

/// What the machine says of the connection.
fn io_fault(error: &SmtpError) -> Option<io::ErrorKind> {
    let mut reason: &dyn Error = error;
    while let Some(behind) = reason.source() {
        if let Some(error) = behind.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        reason = behind;
    }
    None
}

/// How a conversation broke off, in words that do not differ from one machine to the next.
fn how_it_broke_off(error: &SmtpError) -> String {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match io_fault(error) {
        Some(BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof) => "the connection ended".to_owned(),
        Some(_) | None => innermost(error),
    }
}

/// The innermost reason, which says most.
fn innermost(error: &SmtpError) -> String {
    let mut reason: &dyn Error = error;
    while let Some(behind) = reason.source() {
        reason = behind;
    }
    reason.to_string()
}
