//! An agreement with its documents and its history, and what may be asked of it.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::super::RenderError;
use super::super::words::Say;
use super::field::{Field, Filled, Kind, Named, Refusal, named};
use super::frame::Frame;
use crate::domain::agreement::{Commitment, Phase};
use crate::domain::identity::AgreementId;
use crate::view::register::AgreementEntry;

/// What can be asked of an agreement by a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementForm {
    /// Send it.
    Send,
    /// Record that it is signed.
    Sign,
    /// Put it in force.
    Activate,
    /// Exercise its option.
    Exercise,
    /// Give notice.
    Notice,
    /// Withdraw the notice.
    Withdraw,
    /// End it.
    End,
}

impl AgreementForm {
    /// All of them, in the order of an agreement's life.
    pub const ALL: [Self; 7] =
        [Self::Send, Self::Sign, Self::Activate, Self::Exercise, Self::Notice, Self::Withdraw, Self::End];

    /// What it is called in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Sign => "sign",
            Self::Activate => "activate",
            Self::Exercise => "exercise",
            Self::Notice => "notice",
            Self::Withdraw => "withdraw",
            Self::End => "end",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn called(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The key of its heading, and of its button.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Send => ("page-agreement-send", "page-agreement-send-it"),
            Self::Sign => ("page-agreement-sign", "page-agreement-sign-it"),
            Self::Activate => ("page-agreement-activate", "page-agreement-activate-it"),
            Self::Exercise => ("page-agreement-exercise", "page-agreement-exercise-it"),
            Self::Notice => ("page-agreement-notice", "page-agreement-notice-it"),
            Self::Withdraw => ("page-agreement-withdraw", "page-agreement-withdraw-it"),
            Self::End => ("page-agreement-end", "page-agreement-end-it"),
        }
    }

    /// Those that make sense as the agreement stands, of those that the reader may ask for.
    #[must_use]
    pub fn offered(entry: &AgreementEntry, may_keep: bool, may_bind: bool) -> Vec<Self> {
        let is_option = entry.commitment == Commitment::Option;
        let offered = |form: &Self| match form {
            Self::Send => may_keep && entry.phase == Phase::Drafted,
            Self::Sign => may_bind && entry.phase == Phase::Sent,
            Self::Activate => may_keep && entry.phase == Phase::Signed,
            Self::Exercise => may_bind && is_option && matches!(entry.phase, Phase::Signed | Phase::Active),
            Self::Notice => may_bind && matches!(entry.phase, Phase::Signed | Phase::Active),
            Self::Withdraw => may_bind && entry.phase == Phase::UnderNotice,
            Self::End => may_keep && matches!(entry.phase, Phase::Drafted | Phase::Sent | Phase::UnderNotice),
        };
        Self::ALL.into_iter().filter(offered).collect()
    }
}

/// Something that happened to an agreement.
#[derive(Debug, Clone)]
pub struct HappenedShown {
    /// The name of the event.
    pub event: String,
    /// The day on which it was recorded.
    pub recorded_on: NaiveDate,
    /// The facts.
    pub data: Value,
}

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct AgreementShown<'a> {
    /// The agreement.
    pub entry: &'a AgreementEntry,
    /// What such agreements are called.
    pub label: &'a str,
    /// The procurement.
    pub procurement: &'a str,
    /// The party that joins.
    pub party: &'a str,
    /// Its number in addresses.
    pub number: &'a str,
    /// The county authority on the other side.
    pub county: &'a str,
    /// What happened to it, the latest first.
    pub happened: &'a [HappenedShown],
    /// What may be asked of it.
    pub forms: &'a [AgreementForm],
    /// Whether the reader may keep signed copies.
    pub may_keep: bool,
    /// The day.
    pub day: NaiveDate,
    /// Whether somebody is signed in, who may have signed.
    pub is_signed_in: bool,
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct Fact {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Happened {
    day: String,
    what: String,
    said: String,
}

#[derive(Serialize)]
struct FormShown<'a> {
    name: &'static str,
    heading: &'static str,
    button: &'static str,
    refusal: Refusal,
    fields: Vec<Field<'a>>,
    open: bool,
}

#[derive(Serialize)]
struct CopyShown<'a> {
    sha256: &'a str,
    day: String,
    size: String,
}

#[derive(Serialize)]
struct CopyForm<'a> {
    refusal: Refusal,
    file_refused: Option<&'a str>,
}

#[derive(Serialize)]
struct Shown<'a> {
    id: AgreementId,
    label: &'a str,
    procurement: &'a str,
    party: &'a str,
    number: &'a str,
    look: &'static str,
    phase: String,
    facts: Vec<Fact>,
    forms: Vec<FormShown<'a>>,
    copies: Vec<CopyShown<'a>>,
    copy: Option<CopyForm<'a>>,
    happened: Vec<Happened>,
}

/// The key of what a phase is called.
pub(super) fn phase_shown(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::Absent => ("neutral", "page-phase-absent"),
        Phase::Drafted => ("warning", "page-phase-drafted"),
        Phase::Sent => ("info", "page-phase-sent"),
        Phase::Signed => ("success", "page-phase-signed"),
        Phase::Active => ("success", "page-phase-active"),
        Phase::UnderNotice => ("warning", "page-phase-under-notice"),
        Phase::Ended => ("neutral", "page-phase-ended"),
    }
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn agreement_page(frame: &Frame<'_>, shown: &AgreementShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let empty = Filled::default();
    let today = shown.day.to_string();
    let (look, phase) = phase_shown(shown.entry.phase);
    let copy = shown.filled.of("copy", &empty);
    let page = Shown {
        id: shown.entry.agreement,
        label: shown.label,
        procurement: shown.procurement,
        party: shown.party,
        number: shown.number,
        look,
        phase: say.word(phase),
        facts: facts(say, shown),
        forms: shown
            .forms
            .iter()
            .map(|form| {
                let filled = shown.filled.of(form.name(), &empty);
                let (heading, button) = form.keys();
                FormShown {
                    name: form.name(),
                    heading,
                    button,
                    refusal: filled.refusal(say),
                    fields: fields(*form, filled, &today, shown.is_signed_in),
                    open: filled.is_refused(),
                }
            })
            .collect(),
        copies: shown
            .entry
            .copies
            .iter()
            .rev()
            .map(|kept| CopyShown {
                sha256: &kept.sha256,
                day: say.long_date(kept.on),
                size: say.sentence("page-kilobytes", [("count", kept.size_bytes.div_ceil(1024).to_string().as_str())]),
            })
            .collect(),
        copy: (shown.may_keep && (shown.entry.signed.is_some() || copy.is_refused()))
            .then(|| CopyForm { refusal: copy.refusal(say), file_refused: copy.refused.get("file").copied() }),
        happened: shown.happened.iter().map(|event| happened(say, event)).collect(),
    };
    let title = format!("{}: {}", shown.label, shown.party);
    super::fill("agreement", frame, &title, &page)
}

fn facts(say: Say, shown: &AgreementShown<'_>) -> Vec<Fact> {
    let entry = shown.entry;
    let day = |day: Option<NaiveDate>| day.map(|day| say.long_date(day));
    let commitment = match entry.commitment {
        Commitment::Committed => say.word("page-committed"),
        Commitment::Option => say.word("page-option"),
    };
    let rows = [
        ("page-county-authority", Some(shown.county.to_owned())),
        ("page-commitment", Some(commitment)),
        ("page-drafted-on", Some(say.long_date(entry.drafted_on))),
        ("page-sent-on", day(entry.sent.as_ref().map(|sent| sent.on))),
        ("page-answer-by", day(entry.sent.as_ref().and_then(|sent| sent.answer_by))),
        (
            "page-signed-on",
            entry.signed.as_ref().map(|signed| format!("{} ({})", say.long_date(signed.on), signed.role)),
        ),
        ("page-active-from", day(entry.active_from)),
        ("page-shares-from", day(entry.member_from)),
        ("page-notice-on", day(entry.notice.as_ref().map(|notice| notice.on))),
        ("page-last-day", day(entry.last_day)),
    ];
    rows.into_iter().filter_map(|(key, value)| Some(Fact { name: say.word(key), value: value? })).collect()
}

fn fields<'a>(form: AgreementForm, filled: &'a Filled, today: &'a str, is_signed_in: bool) -> Vec<Field<'a>> {
    let name = form.name();
    let on = |key: &'static str| filled.field(name, named("on", key), Kind::Day, today);
    let day = |field: &'static str, key: &'static str| filled.field(name, named(field, key), Kind::Day, "");
    match form {
        AgreementForm::Send => vec![on("page-sent-on"), day("answer_by", "page-answer-by")],
        AgreementForm::Sign => {
            let hint = if is_signed_in { Some("page-signer-hint") } else { None };
            let signer = Named { hint, ..named("signer", "page-signer") };
            let authority = Named { hint: Some("page-authority-hint"), ..named("authority", "page-authority") };
            vec![
                on("page-signed-on"),
                filled.field(name, named("role", "page-signer-role"), Kind::Text, ""),
                filled.field(name, authority, Kind::Text, ""),
                filled.field(name, signer, Kind::Text, ""),
            ]
        }
        AgreementForm::Activate => vec![day("from", "page-active-from")],
        AgreementForm::Exercise => vec![on("page-exercised-on"), day("member_from", "page-shares-from")],
        AgreementForm::Notice => vec![on("page-notice-on"), day("last_day", "page-last-day")],
        AgreementForm::Withdraw => vec![on("page-withdrawn-on")],
        AgreementForm::End => vec![day("last_day", "page-last-day")],
    }
}

/// What happened, and the day that it says.
fn happened(say: Say, event: &HappenedShown) -> Happened {
    let text = |name: &str| event.data.get(name).and_then(Value::as_str);
    let day = |name: &str| text(name).and_then(|text| text.parse().ok()).map(|day| say.long_date(day));
    let said = ["answer_by", "last_day", "member_from"].into_iter().filter_map(|name| {
        let key = match name {
            "answer_by" => "page-answer-by",
            "last_day" => "page-last-day",
            _ => "page-shares-from",
        };
        Some(format!("{}: {}", say.word(key), day(name)?))
    });
    let words = ["role", "subject", "reference"].into_iter().filter_map(|name| text(name).map(str::to_owned));
    Happened {
        day: day("on").or_else(|| day("from")).unwrap_or_else(|| say.long_date(event.recorded_on)),
        what: say.word(&format!("event-{}", event.event.replace('.', "-"))),
        said: said.chain(words).collect::<Vec<_>>().join(". "),
    }
}
