//! What is shown where something cannot be shown.

use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::address::as_parameter;
use super::field::Fault;
use super::frame::Frame;

/// What went wrong.
#[derive(Debug, Clone, Copy)]
pub struct Failed<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Why.
    pub fault: &'a Fault,
    /// What was asked for, where it is not there or not for the one who asks: which of both it is, is not said.
    pub thing: Option<Thing>,
    /// What can be done about it.
    pub way_on: WayOn<'a>,
    /// Whether what was typed is kept until then.
    pub is_typed_kept: bool,
}

/// What an address is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A municipality.
    Municipality,
    /// An invoice.
    Invoice,
    /// A run of invoices.
    Run,
    /// A payment.
    Payment,
    /// A letter.
    Letter,
    /// An agreement.
    Agreement,
    /// A proposal of a key.
    Proposal,
    /// A procurement.
    Procurement,
    /// An account.
    Account,
}

impl Thing {
    /// What a page's path is of; none where it is of no one thing.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next()?, parts.next(), parts.next()) {
            ("municipalities", Some(_), _) => Some(Self::Municipality),
            ("invoices", Some("issued"), Some(_)) => Some(Self::Invoice),
            ("invoices", Some("runs"), Some(_)) => Some(Self::Run),
            ("invoices", Some("payments"), Some(_)) => Some(Self::Payment),
            ("invoices", Some("letters"), Some(_)) => Some(Self::Letter),
            ("agreements", Some(_), _) => Some(Self::Agreement),
            ("keys", Some("proposals"), Some(_)) => Some(Self::Proposal),
            ("accounts", Some(_), _) => Some(Self::Account),
            ("board", ..) | ("keys", None, None) => Some(Self::Procurement),
            _ => None,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Municipality => "page-no-municipality",
            Self::Invoice => "page-no-invoice",
            Self::Run => "page-no-run",
            Self::Payment => "page-no-payment",
            Self::Letter => "page-no-letter",
            Self::Agreement => "page-no-agreement",
            Self::Proposal => "page-no-proposal",
            Self::Procurement => "page-no-procurement",
            Self::Account => "page-no-account",
        }
    }
}

/// How one comes on from an error, and where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOn<'a> {
    /// Home.
    Home,
    /// By signing in.
    SignIn(&'a str),
    /// By proving once more who one is.
    Confirm(&'a str),
    /// To what was typed.
    Again(&'a str),
}

#[derive(Serialize)]
struct FailureShown {
    status: u16,
    heading: String,
    advice: String,
    sentence: Said,
    sign_in: Option<String>,
    confirm: Option<String>,
    again: Option<String>,
    is_typed_kept: bool,
}

#[derive(Serialize)]
struct Said {
    text: String,
    language: &'static str,
}

/// The page of an error.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn failure_page(frame: &Frame<'_>, failed: &Failed<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let (heading, advice) = match (failed.status, failed.thing) {
        _ if failed.fault.is_of_a_part() => ("page-done-in-part", "page-done-in-part-advice"),
        (404, _) => ("page-not-found", "page-not-found-advice"),
        (403, Some(_)) => ("page-refused", "page-denied-advice"),
        (400..=499, _) => ("page-refused", "page-refused-advice"),
        _ => ("page-broken", "page-broken-advice"),
    };
    let heading = say.word(heading);
    let said = failed.thing.map_or_else(|| failed.fault.said(say), |thing| say.said(thing.key()));
    let (mut sign_in, mut confirm, mut again) = (None, None, None);
    match failed.way_on {
        WayOn::Home => {}
        WayOn::SignIn(to) => sign_in = Some(as_parameter(to)),
        WayOn::Confirm(to) => confirm = Some(as_parameter(to)),
        WayOn::Again(to) => again = Some(to.to_owned()),
    }
    let shown = FailureShown {
        status: failed.status,
        advice: say.word(advice),
        sentence: Said { text: said.text, language: said.language.code() },
        sign_in,
        confirm,
        again,
        is_typed_kept: failed.is_typed_kept,
        heading,
    };
    super::fill("failure", frame, &shown.heading, &shown)
}
