//! What is shown where something cannot be shown.

use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::field::Fault;
use super::frame::{Frame, as_parameter};

/// What went wrong.
#[derive(Debug, Clone, Copy)]
pub struct Failed<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Why.
    pub fault: &'a Fault,
    /// What can be done about it.
    pub way_on: WayOn<'a>,
    /// Whether what was typed is kept until then.
    pub is_typed_kept: bool,
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
    let (heading, advice) = match failed.status {
        404 => ("page-not-found", "page-not-found-advice"),
        400..=499 => ("page-refused", "page-refused-advice"),
        _ => ("page-broken", "page-broken-advice"),
    };
    let heading = say.word(heading);
    let said = failed.fault.said(say);
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
