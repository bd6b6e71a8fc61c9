//! The mail port: how a finished letter leaves the house, and what is known of it afterwards.

pub mod folder;
pub mod memory;
pub mod smtp;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::render::mail::Message;

pub use folder::FolderTransport;
pub use memory::MemoryTransport;
pub use smtp::SmtpTransport;

/// A way out for letters.
pub trait MailTransport: Send + Sync {
    /// Opens the way, before any letter is claimed: where it is shut, that says nothing about a recipient.
    ///
    /// # Errors
    /// It is shut. The letters wait.
    fn connect(&self) -> Result<Box<dyn Connection + '_>, MailError>;

    /// How many connections it bears at the same time, at least 1.
    fn connections(&self) -> usize;

    /// How long opening the way and sending one letter take at most.
    fn answers_within(&self) -> Duration;

    /// Whether the same letter sent twice reaches nobody twice.
    fn repeats_are_harmless(&self) -> bool;

    /// Whether letters would be taken, said in a sentence, without sending any.
    ///
    /// # Errors
    /// They would not.
    fn check(&self) -> Result<String, MailError>;
}

/// An open way out. It carries one letter after the other.
pub trait Connection {
    /// Hands a letter over, and says what became of it.
    fn send(&mut self, message: &Message) -> Outcome;
}

/// What the other side answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its words.
    pub text: String,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it and answers for it.
    Accepted(Reply),
    /// The other side does not take it now, but perhaps later.
    Deferred(Reply),
    /// The other side will never take it as it is: something about the recipient or the letter.
    Refused(Reply),
    /// It was certainly not taken, and that says nothing about the recipient: why.
    NotHandedOver(String),
    /// It may have been taken or not: how that came about.
    Unknown(String),
}

/// Why the way out is shut.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The folder for letters cannot be used.
    #[error("letters cannot be written to {}; see that the folder is there, can be written to and has room", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file that a setting names cannot be used.
    #[error("{} in mail.smtp.{setting} cannot be used; {advice}", path.display())]
    File {
        /// The setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What to do.
        advice: &'static str,
        /// Why, where the reason is not the advice.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// There is no password for the user.
    #[error(
        "mail.smtp.user is {user}, but there is no password: name a file with mail.smtp.password_file, or set {}",
        smtp::PASSWORD_VARIABLE
    )]
    NoPassword {
        /// The user.
        user: String,
    },
    /// The server does not answer.
    #[error("the mail server {server} cannot be reached: see mail.smtp.host and mail.smtp.port, or whether it is down")]
    Unreachable {
        /// The server.
        server: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server does not go on.
    #[error(
        "the mail server {server} did not answer within {seconds} s: see mail.smtp.tls, or mail.smtp.timeout_seconds"
    )]
    Silent {
        /// The server.
        server: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The server does not talk to us.
    #[error("the mail server {server} takes no letters now ({reply})")]
    TurnedAway {
        /// The server.
        server: String,
        /// What it said.
        reply: String,
    },
    /// The connection cannot be secured as the settings ask.
    #[error("the connection to the mail server {server} cannot be secured: see mail.smtp.tls and mail.smtp.ca_file")]
    NotSecure {
        /// The server.
        server: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server offers no STARTTLS.
    #[error(
        "the mail server {server} offers no STARTTLS: set mail.smtp.tls to \"tls\", which mostly goes with port 465"
    )]
    NoStarttls {
        /// The server.
        server: String,
    },
    /// The server offers no sign-in.
    #[error("the mail server {server} offers no sign-in by password: leave out mail.smtp.user, or use another port")]
    NoSignIn {
        /// The server.
        server: String,
    },
    /// The server does not take the password.
    #[error(
        "the mail server {server} does not take the password of {user} ({reply}): see mail.smtp.user and the password"
    )]
    SignInRefused {
        /// The server.
        server: String,
        /// The user.
        user: String,
        /// What it said.
        reply: String,
    },
    /// The server does not take letters from us.
    #[error("the mail server {server} takes no letters from {sender} ({reply}): see mail.sender_address")]
    SenderRefused {
        /// The server.
        server: String,
        /// The sender's address.
        sender: String,
        /// What it said.
        reply: String,
    },
    /// The machine has no means left to connect.
    #[error("no connection can be prepared on this machine")]
    Machine(#[source] io::Error),
}

impl MailError {
    /// Whether waiting will not help: a person must mend the settings.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Folder { .. }
            | Self::File { .. }
            | Self::NoPassword { .. }
            | Self::NotSecure { .. }
            | Self::NoStarttls { .. }
            | Self::NoSignIn { .. }
            | Self::SignInRefused { .. }
            | Self::SenderRefused { .. } => true,
            Self::Unreachable { .. } | Self::Silent { .. } | Self::TurnedAway { .. } | Self::Machine(_) => false,
        }
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use lettre::address::Envelope;

    use super::*;

    /// A letter to nobody in particular.
    pub(crate) fn message(name: &str, message_id: &str, words: &str) -> Message {
        Message {
            name: name.to_owned(),
            message_id: message_id.to_owned(),
            envelope: Envelope::new(None, vec!["faktura@karasjok.example".parse().unwrap()]).unwrap(),
            bytes: format!("Message-ID: {message_id}\r\n\r\n{words}\r\n").into_bytes(),
        }
    }
}
