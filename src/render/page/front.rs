//! The front page, and what is said of accessibility.

use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::frame::Frame;
use crate::view::register::PartyEntry;

/// What the front page shows.
#[derive(Debug, Clone, Copy)]
pub struct FrontShown<'a> {
    /// The parties whose pages may be seen, by number.
    pub parties: &'a [PartyEntry],
    /// Whether others take part.
    pub others: bool,
}

#[derive(Serialize)]
struct PartyShown<'a> {
    number: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    parties: Vec<PartyShown<'a>>,
    others: bool,
}

#[derive(Serialize)]
struct Nothing {}

/// The front page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn front_page(frame: &Frame<'_>, shown: &FrontShown<'_>) -> Result<String, RenderError> {
    let parties = shown
        .parties
        .iter()
        .filter_map(|party| Some(PartyShown { number: party.number.as_deref()?, name: &party.name }));
    let title = Say::of(frame.language).word("page-front");
    super::fill("front", frame, &title, &Shown { parties: parties.collect(), others: shown.others })
}

/// The accessibility statement.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn accessibility_page(frame: &Frame<'_>) -> Result<String, RenderError> {
    let title = Say::of(frame.language).word("page-accessibility");
    super::fill("accessibility", frame, &title, &Nothing {})
}
