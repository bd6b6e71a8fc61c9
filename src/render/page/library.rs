//! A library of a municipality: its checklist, and when it wishes to be on the new system.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::words::Say;
use super::field::{Field, Filled, Kind, Refusal, named};
use crate::domain::identity::SignupId;
use crate::domain::signup::ReadinessItem;
use crate::view::readiness::{ItemReadiness, LibraryReadiness, Standing};

/// A library of the municipality.
#[derive(Debug, Clone)]
pub struct LibraryOf {
    /// Its checklist.
    pub readiness: LibraryReadiness,
    /// The day from which it wishes to be on the new system.
    pub wished: Option<NaiveDate>,
    /// The day from which it is.
    pub went_live: Option<NaiveDate>,
}

/// The form by which a library says when it wishes to be on the new system, and its field.
pub const GO_LIVE: &str = "go_live";

static NOTHING: Filled = Filled::nothing();

#[derive(Serialize)]
struct ItemShown {
    key: &'static str,
    text: String,
    done: bool,
    late: bool,
    state: String,
}

#[derive(Serialize)]
pub(super) struct LibraryShown<'a> {
    signup: SignupId,
    library: &'a str,
    behind: Option<String>,
    items: Vec<ItemShown>,
    go_live: String,
    refusal: Refusal,
    /// The field of the form, where there is one.
    day: Option<Field<'a>>,
}

/// Whether the form that was sent is of a library.
fn is_sent(filled: &Filled, library: &LibraryOf) -> bool {
    filled.typed.get("signup").is_some_and(|sent| *sent == library.readiness.signup.to_string())
}

/// Why a form was not taken whose library is listed no longer, so that none of those that are can say it.
pub(super) fn refusal_of_unlisted(say: Say, filled: &Filled, listed: &[LibraryOf]) -> Refusal {
    let is_listed = listed.iter().any(|library| is_sent(filled, library));
    let filled = if is_listed { &NOTHING } else { filled.of(GO_LIVE, &NOTHING) };
    filled.refusal(say)
}

/// A library as a template shows it, with the day that is wished as a field holds it, and the form as it was filled in.
pub(super) fn library_shown<'a>(
    say: Say,
    (filled, may_wish): (&'a Filled, bool),
    (library, day): (&'a LibraryOf, &'a str),
) -> LibraryShown<'a> {
    let LibraryOf { readiness, wished, went_live } = library;
    // Only the form that was sent shows what was typed into it.
    let filled = if is_sent(filled, library) { filled.of(GO_LIVE, &NOTHING) } else { &NOTHING };
    let days = |key: &str, day: NaiveDate| say.sentence(key, [("day", say.long_date(day).as_str())]);
    LibraryShown {
        signup: readiness.signup,
        library: &readiness.library,
        behind: (readiness.days_behind > 0).then(|| say.of_days("page-days-behind", readiness.days_behind, [])),
        items: readiness.items.iter().map(|item| item_shown(say, item)).collect(),
        go_live: match (went_live, wished) {
            (Some(day), _) => days("page-went-live", *day),
            (None, Some(day)) => days("page-go-live-wished", *day),
            (None, None) => say.word("page-go-live-none"),
        },
        refusal: filled.refusal(say),
        day: (may_wish && went_live.is_none()).then(|| field(filled, readiness.signup, day)),
    }
}

/// The field of a library's form with the wished day.
fn field<'a>(filled: &'a Filled, signup: SignupId, day: &'a str) -> Field<'a> {
    filled.field(&format!("{GO_LIVE}-{signup}"), named(GO_LIVE, "page-go-live-day"), Kind::Day, day)
}

/// The key of what an item of the checklist is called, by its name in forms.
pub(super) fn item_called(name: &str) -> Option<&'static str> {
    ReadinessItem::ALL.into_iter().map(item_keys).find(|(known, _)| *known == name).map(|(_, key)| key)
}

/// What an item of the checklist is called in forms, and the key of its words.
fn item_keys(item: ReadinessItem) -> (&'static str, &'static str) {
    match item {
        ReadinessItem::LeadersInformed => ("leaders_informed", "page-ready-leaders-informed"),
        ReadinessItem::ReportedIntoBudget => ("reported_into_budget", "page-ready-reported-into-budget"),
        ReadinessItem::OldContractEnded => ("old_contract_ended", "page-ready-old-contract-ended"),
        ReadinessItem::CatalogueCleaned => ("catalogue_cleaned", "page-ready-catalogue-cleaned"),
        ReadinessItem::SchoolLibrariesInformed => ("school_libraries_informed", "page-ready-school-libraries-informed"),
    }
}

fn item_shown(say: Say, item: &ItemReadiness) -> ItemShown {
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| say.date(day));
    let (key, words) = item_keys(item.item);
    let state = match item.standing {
        Standing::Done => say.sentence("page-ready-done", [("day", day(item.done_on).as_str())]),
        Standing::Due => say.sentence("page-ready-due", [("day", day(item.due).as_str())]),
        Standing::Late => say.of_days("page-ready-late", item.days_late, [("day", day(item.due).as_str())]),
        Standing::NoDueDate => say.word("page-ready-no-date"),
    };
    ItemShown {
        key,
        text: say.word(words),
        done: item.standing == Standing::Done,
        late: item.standing == Standing::Late,
        state,
    }
}
