//! The key laboratory: what is typed becomes a hypothesis, and `view::what_if` says what it would lead to.

mod proposals;
mod typed;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use chrono::NaiveDate;
use uuid::Uuid;

use super::PageRoute;
use super::around::{Around, Page};
use super::board::{procurement_seen, procurements};
use super::kept::Rests;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::calendar::first_day;
use crate::domain::identity::{PartyId, ProcurementId, SharingKeyId};
use crate::domain::key_adoption::{MemberChange, SharingKey};
use crate::domain::sharing_key::KeyDefinition;
use crate::http::answer::Known;
use crate::http::asking::Asking;
use crate::http::problem::{PARAMETER_INVALID, Problem};
use crate::http::proposals::comparable;
use crate::render::page::{Filled, KeysShown, MemberChoice, Place, hypothesis_said, keys_page};
use crate::text::{Language, Said};
use crate::view::board::{BoardRow, board};
use crate::view::budget::{Wanted, usual_years};
use crate::view::what_if::{Comparison, Hypothesis, OtherKey, OtherMember, compare, suppose};
use crate::view::whose;

use typed::{MEASURES, PERCENT, Typed, Understood, as_typed};

/// The fields that are typed into, besides percentages and members.
const FIELDS: [&str; 8] = ["key", "floor", "cap", "first", "grant", "phase", "applies_from", "from"];
/// The most fields of an address.
const FIELDS_MAX: usize = 1_000;

pub fn routes() -> Vec<PageRoute> {
    let mut routes = vec![PageRoute::get("/keys", &[Operation::TryHypothesis], laboratory)];
    routes.extend(proposals::routes());
    routes
}

async fn laboratory(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    request: HttpRequest,
) -> Result<Page, Problem> {
    let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map_err(|error| Problem::new(PARAMETER_INVALID, error.to_string()))?
        .into_inner();
    if query.len() > FIELDS_MAX {
        return Err(Problem::new(PARAMETER_INVALID, "there are too many fields in the address"));
    }
    let typed: Typed = query.into_iter().collect();
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            shown(known, around, typed, &Filled::default(), known.app.ids.new_id())
        })
        .await
}

/// The page with what is typed; `save` is the form that gives it a name.
fn shown(known: &Known<'_>, around: &Around, mut typed: Typed, save: &Filled, command: Uuid) -> Result<Page, Problem> {
    let called = typed.get("procurement").cloned().unwrap_or_default();
    let procurement = procurement_seen(known, Operation::TryHypothesis, &called)?;
    known.asking.may(Operation::TryHypothesis, &whose::procurement(known.present, procurement))?;
    let keys = keys_of(known, procurement);
    let is_tried = typed.contains_key("tried");
    let key = match chosen_key(&keys, typed.get("key")) {
        None if !is_tried => keys.first().copied(),
        chosen => chosen,
    };
    let (_, applies_from) = beginning(&Understood::of(&typed), known.day);
    let in_force = key.and_then(|(_, key)| definition_of(key, applies_from));
    if !is_tried {
        typed.extend(as_it_is(known, key.map(|(_, key)| key), in_force.as_ref()));
    }
    let mut understood = Understood::of(&typed);
    understood.check_against(in_force.as_ref());
    if key.is_none() && keys.len() > 1 {
        understood.refused.push("key");
    }
    let members = members(known, procurement, is_tried.then_some(&typed));
    let mut fault = None;
    let mut comparison = None;
    if is_tried && understood.refused.is_empty() {
        match tried(known, around.language, procurement, &understood, &members, key) {
            Ok(found) => comparison = Some(found),
            Err(why) => fault = Some(why),
        }
    }
    let choices: Vec<MemberChoice> = members.into_iter().map(|(_, choice)| choice).collect();
    let names: Vec<String> = keys.iter().map(|(_, key)| name_of(key)).collect();
    let others = typed.keys().filter_map(|name| name.strip_prefix(PERCENT)).filter(|name| !MEASURES.contains(name));
    let measures: Vec<(&str, String)> = MEASURES
        .into_iter()
        .chain(others)
        .map(|measure| (measure, typed.get(&format!("{PERCENT}{measure}")).cloned().unwrap_or_default()))
        .collect();
    let fields: BTreeMap<&'static str, String> =
        FIELDS.into_iter().filter_map(|name| Some((name, typed.get(name)?.clone()))).collect();
    let opened = known.book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
    let carried: Vec<(String, String)> = typed
        .iter()
        .filter(|(name, _)| is_of_what_is_tried(name))
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect();
    let saved = proposals::lines(known, procurement, around.language)?;
    let may_save = key.is_some()
        && known.asking.may(Operation::ProposeKey, &whose::procurement(known.present, procurement)).is_ok();
    let page = KeysShown {
        procurement: opened.map_or("", |opened| opened.name.as_str()),
        procurements: &procurements(known, procurement, |of| {
            known.asking.sees(Operation::TryHypothesis, || whose::procurement(known.present, of))
        }),
        keys: &names,
        in_force: in_force.as_ref(),
        measures: &measures,
        typed: &fields,
        refused: &understood.refused,
        fault: fault.as_ref(),
        members: &choices,
        comparison: comparison.as_ref(),
        day: known.day,
        saved: &saved,
        carried: &carried,
        save,
        may_save,
    };
    let refused = !understood.refused.is_empty() || fault.is_some() || save.is_refused();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    around.answer_as(status, command, Some(Place::Keys), |frame| keys_page(frame, &page))
}

/// Whether a field says something of what is tried, and not of the form that gives it a name.
fn is_of_what_is_tried(name: &str) -> bool {
    FIELDS.contains(&name)
        || ["tried", "procurement"].contains(&name)
        || [PERCENT, "member-"].iter().any(|begin| name.starts_with(begin))
}

/// The keys of a procurement, in the order they were proposed.
fn keys_of<'book>(known: &Known<'book>, procurement: ProcurementId) -> Vec<(SharingKeyId, &'book SharingKey)> {
    let of_procurement =
        |key: &SharingKey| key.proposed.as_ref().is_some_and(|proposed| proposed.procurement == procurement);
    known.book.keys.iter().filter(|(_, key)| of_procurement(key)).map(|(id, key)| (*id, key)).collect()
}

fn name_of(key: &SharingKey) -> String {
    key.proposed.as_ref().map(|proposed| proposed.name.clone()).unwrap_or_default()
}

/// The key of a name, or the only one.
fn chosen_key<'book>(
    keys: &[(SharingKeyId, &'book SharingKey)],
    called: Option<&String>,
) -> Option<(SharingKeyId, &'book SharingKey)> {
    match (called.filter(|called| !called.is_empty()), keys) {
        (None, [only]) => Some(*only),
        (None, _) => None,
        (Some(called), keys) => keys.iter().find(|(_, key)| name_of(key) == *called).copied(),
    }
}

/// What the fields hold before anything is typed: the key as it is.
fn as_it_is(known: &Known<'_>, key: Option<&SharingKey>, in_force: Option<&KeyDefinition>) -> Typed {
    let mut typed = in_force.map(as_typed).unwrap_or_default();
    typed.extend(key.map(|key| ("key".to_owned(), name_of(key))));
    let (next_year, _) = usual_years(known.day);
    typed.insert("from".to_owned(), next_year.to_string());
    typed.insert("phase".to_owned(), "100".to_owned());
    typed
}

fn definition_of(key: &SharingKey, day: NaiveDate) -> Option<KeyDefinition> {
    key.in_force_on(day).map(|in_force| in_force.definition.clone())
}

/// Everybody with an agreement, and whether they take part in what is tried: as it is, while nothing is typed.
fn members(known: &Known<'_>, procurement: ProcurementId, typed: Option<&Typed>) -> Vec<(PartyId, MemberChoice)> {
    let rows = board(known.book, procurement, known.day).into_iter();
    let choice = |row: BoardRow| {
        let member = typed.map_or(!row.option, |typed| typed.contains_key(&format!("member-{}", row.number)));
        (row.party, MemberChoice { number: row.number, name: row.name, member })
    };
    rows.map(choice).collect()
}

/// Who would join or leave from a day.
fn member_changes(
    known: &Known<'_>,
    procurement: ProcurementId,
    members: &[(PartyId, MemberChoice)],
    from: NaiveDate,
) -> Vec<MemberChange> {
    let now: Vec<bool> = self::members(known, procurement, None).into_iter().map(|(_, choice)| choice.member).collect();
    let change = |(now, (party, choice)): (bool, &(PartyId, MemberChoice))| match (now, choice.member) {
        (true, false) => Some(MemberChange { party: *party, joins: None, leaves: from.pred_opt() }),
        (false, true) => Some(MemberChange { party: *party, joins: Some(from), leaves: None }),
        (true, true) | (false, false) => None,
    };
    now.into_iter().zip(members).filter_map(change).collect()
}

/// The first year that is shown, and the day from which what is tried applies.
fn beginning(understood: &Understood, day: NaiveDate) -> (i32, NaiveDate) {
    let (next_year, _) = usual_years(day);
    let first_year = understood.first_year.unwrap_or(next_year);
    (first_year, understood.applies_from.unwrap_or_else(|| first_day(first_year)))
}

/// What the hypothesis would lead to, also where nothing would be otherwise.
fn tried(
    known: &Known<'_>,
    language: Language,
    procurement: ProcurementId,
    understood: &Understood,
    members: &[(PartyId, MemberChoice)],
    key: Option<(SharingKeyId, &SharingKey)>,
) -> Result<Comparison, Said> {
    let (_, years_count) = usual_years(known.day);
    let (first_year, applies_from) = beginning(understood, known.day);
    let mut hypothesis = Hypothesis::default();
    let old = key.and_then(|(_, key)| definition_of(key, applies_from));
    let called = old.as_ref().map_or("what-if", KeyDefinition::name).to_owned();
    if let Some(definition) = understood.definition(&called, old.clone()).filter(|new| Some(new) != old.as_ref()) {
        hypothesis.key.push(OtherKey {
            in_place_of: key.map(|(_, key)| name_of(key)),
            definition,
            applies_from: Some(applies_from),
            population_date: None,
        });
    }
    let changes = member_changes(known, procurement, members, applies_from);
    hypothesis.member.extend(changes.into_iter().map(|change| OtherMember {
        party: change.party.to_string(),
        joins: change.joins,
        leaves: change.leaves,
    }));
    let wanted = Wanted { procurement, party: PartyId::default(), first_year, years_count, as_of: known.day };
    let by = comparable(known, procurement);
    if hypothesis == Hypothesis::default() {
        return Ok(by.said(compare(&by.book, &by.book, wanted)));
    }
    let supposed =
        suppose(&by.book, procurement, &hypothesis, known.day).map_err(|error| hypothesis_said(language, &error))?;
    Ok(by.said(compare(&by.book, &supposed, wanted)))
}
