//! What was typed into a form before one was signed in, or signed in surely enough, to be sent again.

use serde::Serialize;
use uuid::Uuid;

use super::super::RenderError;
use super::super::words::Say;
use super::frame::Frame;
use super::overtaken::label;

/// A field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumedField {
    /// Its name.
    pub name: String,
    /// What was typed.
    pub typed: String,
}

/// A form that was not taken since it was not known surely enough who sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumedShown {
    /// Where it is sent to.
    pub path: String,
    /// The page that it stood on.
    pub page: String,
    /// The id of its command.
    pub command: String,
    /// How far the log had come when its page was made.
    pub seen: String,
    /// Its other fields.
    pub fields: Vec<ResumedField>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    typed: &'a str,
    label: String,
    is_labelled: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    path: &'a str,
    page: &'a str,
    command: &'a str,
    seen: &'a str,
    read: Vec<Row<'a>>,
    unread: Vec<Row<'a>>,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn resumed_page(frame: &Frame<'_>, shown: &ResumedShown) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let rows = |wanted: bool| {
        let fields = shown.fields.iter().filter(move |field| is_read(&field.typed) == wanted);
        fields
            .map(|field| {
                let (label, is_labelled) = label(say, &field.name);
                Row { name: &field.name, typed: &field.typed, label, is_labelled }
            })
            .collect::<Vec<_>>()
    };
    let page = Shown {
        path: &shown.path,
        page: &shown.page,
        command: &shown.command,
        seen: &shown.seen,
        read: rows(true),
        unread: rows(false),
    };
    super::fill("resumed", frame, &say.word("page-resumed"), &page)
}

/// Whether people read it; ids, and what is ticked, are sent along unseen.
fn is_read(typed: &str) -> bool {
    typed != "yes" && typed.parse::<Uuid>().is_err()
}
