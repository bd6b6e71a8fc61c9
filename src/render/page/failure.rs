//! What is shown where something cannot be shown.

use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::frame::Frame;

/// What went wrong.
#[derive(Debug, Clone, Copy)]
pub struct Failed<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The sentence, in English.
    pub sentence: &'a str,
    /// Whether it could be done after one has proven who one is.
    pub needs_proof: bool,
}

#[derive(Serialize)]
struct FailureShown<'a> {
    status: u16,
    heading: String,
    advice: String,
    sentence: &'a str,
    needs_proof: bool,
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
    let Failed { status, sentence, needs_proof } = *failed;
    let shown = FailureShown { status, advice: say.word(advice), sentence, needs_proof, heading };
    super::fill("failure", frame, &shown.heading, &shown)
}
