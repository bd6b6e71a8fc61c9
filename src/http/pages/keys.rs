//! The key laboratory: what is typed becomes a hypothesis, and `view::what_if` says what it would lead to.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::PageRoute;
use super::around::{Around, Page};
use super::board::procurement_seen;
use super::form::day;
use super::kept::Rests;
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::calendar::YEARS_TAKEN;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::sharing_key::{Base, Blend, Divide, KeyDefinition, Part};
use crate::http::answer::{Known, read};
use crate::http::asking::Asking;
use crate::http::problem::{PARAMETER_INVALID, Problem};
use crate::render::page::{KeysShown, MemberChoice, Place, keys_page};
use crate::view::board::board;
use crate::view::budget::{Wanted, usual_years};
use crate::view::what_if::{Comparison, Hypothesis, OtherKey, OtherMember, compare, suppose};
use crate::view::whose;

/// What a key can share by here.
const MEASURES: [&str; 4] = ["equal", "inhabitants", "pupils", "records"];
/// The fields that are typed into, besides percentages and members.
const FIELDS: [&str; 6] = ["key", "floor", "cap", "phase", "applies_from", "from"];
/// The most fields of an address.
const FIELDS_MAX: usize = 1_000;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get("/keys", &[Operation::TryHypothesis], laboratory)]
}

/// What is typed, by the names of the fields.
type Typed = BTreeMap<String, String>;

/// What is typed, as it is understood; what is not, is named by its field.
#[derive(Debug, Default)]
struct Understood {
    base: Vec<Base>,
    floor: Option<Ore>,
    cap: Option<Ore>,
    phase_percent: Option<Decimal>,
    applies_from: Option<NaiveDate>,
    first_year: Option<i32>,
    refused: Vec<&'static str>,
}

impl Understood {
    fn of(typed: &Typed) -> Self {
        let mut understood = Self::default();
        let field = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let number = |text: &str| text.replace(',', ".").parse::<Decimal>().ok();
        let percent = |text: &str| number(text).filter(|value| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(value));
        let mut bases_are_sound = true;
        for measure in MEASURES {
            let Some(text) = field(&format!("percent-{measure}")) else { continue };
            match percent(text) {
                Some(percent) if percent.is_zero() => {}
                Some(percent) => understood.base.push(Base { measure: measure.to_owned(), percent }),
                None => bases_are_sound = false,
            }
        }
        let sum: Decimal = understood.base.iter().map(|base| base.percent).sum();
        if !bases_are_sound || !(understood.base.is_empty() || sum == Decimal::ONE_HUNDRED) {
            understood.refused.push("base");
        }
        let kroner = |text: &str| Ore::parse_kroner(&text.replace([' ', '\u{a0}'], "").replace(',', ".")).ok();
        understood.floor = understood.taken("floor", field("floor"), kroner);
        understood.cap = understood.taken("cap", field("cap"), kroner);
        understood.phase_percent = understood.taken("phase", field("phase"), percent);
        understood.applies_from = understood.taken("applies_from", field("applies_from"), day);
        let year = |text: &str| text.parse().ok().filter(|year| YEARS_TAKEN.contains(year));
        understood.first_year = understood.taken("from", field("from"), year);
        understood
    }

    fn taken<T>(&mut self, name: &'static str, typed: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = typed.and_then(read);
        if typed.is_some() && value.is_none() {
            self.refused.push(name);
        }
        value
    }
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
    let mut typed: Typed = query.into_iter().collect();
    let whole = around.clone();
    let made = read(app.clone(), asking.clone(), None, move |known| {
        let called = typed.get("procurement").cloned().unwrap_or_default();
        let procurement = procurement_seen(known, Operation::TryHypothesis, &called)?;
        known.asking.may(Operation::TryHypothesis, &whose::procurement(known.book, procurement))?;
        let keys = keys_of(known, procurement);
        let is_tried = typed.contains_key("tried");
        if !is_tried {
            typed.extend(as_it_is(known, procurement, keys.first()));
        }
        let understood = Understood::of(&typed);
        let members = members(known, procurement, is_tried.then_some(&typed));
        let mut fault = None;
        let mut comparison = None;
        if is_tried && understood.refused.is_empty() {
            match tried(known, procurement, &understood, &members, typed.get("key")) {
                Ok(found) => comparison = found,
                Err(why) => fault = Some(why),
            }
        }
        let choices: Vec<MemberChoice> = members.into_iter().map(|(_, choice)| choice).collect();
        let measures: Vec<(&str, String)> = MEASURES
            .into_iter()
            .map(|measure| (measure, typed.get(&format!("percent-{measure}")).cloned().unwrap_or_default()))
            .collect();
        let fields: BTreeMap<&'static str, String> =
            FIELDS.into_iter().filter_map(|name| Some((name, typed.get(name)?.clone()))).collect();
        let opened = known.book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
        let page = KeysShown {
            procurement: opened.map_or("", |opened| opened.name.as_str()),
            keys: &keys,
            measures: &measures,
            typed: &fields,
            refused: &understood.refused,
            fault: fault.as_deref(),
            members: &choices,
            comparison: comparison.as_ref(),
            day: known.day,
        };
        let refused = !understood.refused.is_empty() || fault.is_some();
        if refused {
            let (status, command) = (StatusCode::UNPROCESSABLE_ENTITY, known.app.ids.new_id());
            return around.answer_as(status, command, Some(Place::Keys), |frame| keys_page(frame, &page));
        }
        around.answer(known.app, Some(Place::Keys), |frame| keys_page(frame, &page))
    });
    whole.kept(&app, &asking, (Rests::OnTerms, ""), made).await
}

fn keys_of(known: &Known<'_>, procurement: ProcurementId) -> Vec<String> {
    let proposed = known.book.keys.values().filter_map(|key| key.proposed.as_ref());
    proposed.filter(|proposed| proposed.procurement == procurement).map(|proposed| proposed.name.clone()).collect()
}

/// What the fields hold before anything is typed: the key as it is.
fn as_it_is(known: &Known<'_>, procurement: ProcurementId, key: Option<&String>) -> Typed {
    let mut typed = Typed::new();
    let definition = key.and_then(|name| definition_of(known, procurement, name));
    if let Some(KeyDefinition::Divide(divide)) = definition {
        for base in &divide.base {
            typed.insert(format!("percent-{}", base.measure), base.percent.normalize().to_string());
        }
    }
    let (next_year, _) = usual_years(known.day);
    typed.insert("from".to_owned(), next_year.to_string());
    typed.insert("phase".to_owned(), "100".to_owned());
    typed
}

fn definition_of(known: &Known<'_>, procurement: ProcurementId, name: &str) -> Option<KeyDefinition> {
    let key = known.book.keys.values().find(|key| {
        let of = |proposed: &crate::domain::key_adoption::Proposed| {
            proposed.procurement == procurement && proposed.name == name
        };
        key.proposed.as_ref().is_some_and(of)
    })?;
    key.proposed.as_ref().map(|proposed| proposed.definition.clone())
}

/// Everybody with an agreement, and whether they take part in what is tried: as it is, while nothing is typed.
fn members(known: &Known<'_>, procurement: ProcurementId, typed: Option<&Typed>) -> Vec<(PartyId, MemberChoice)> {
    let rows = board(known.book, procurement, known.day).into_iter();
    let choice = |row: crate::view::board::BoardRow| {
        let member = typed.map_or(!row.option, |typed| typed.contains_key(&format!("member-{}", row.number)));
        (row.party, MemberChoice { number: row.number, name: row.name, member })
    };
    rows.map(choice).collect()
}

/// What the hypothesis would lead to; none where nothing would be otherwise.
fn tried(
    known: &Known<'_>,
    procurement: ProcurementId,
    understood: &Understood,
    members: &[(PartyId, MemberChoice)],
    key: Option<&String>,
) -> Result<Option<Comparison>, String> {
    let (next_year, years_count) = usual_years(known.day);
    let first_year = understood.first_year.unwrap_or(next_year);
    let begins =
        || NaiveDate::from_ymd_opt(first_year, 1, 1).ok_or_else(|| "the year is outside the calendar".to_owned());
    let applies_from = understood.applies_from.map_or_else(begins, Ok)?;
    let mut hypothesis = Hypothesis::default();
    if !understood.base.is_empty() {
        let new = KeyDefinition::Divide(Divide {
            name: "what-if".to_owned(),
            base: understood.base.clone(),
            floor: understood.floor,
            cap: understood.cap,
            ..Divide::default()
        });
        let old = key.and_then(|name| definition_of(known, procurement, name));
        hypothesis.key.push(OtherKey {
            in_place_of: key.cloned().filter(|name| !name.is_empty()),
            definition: phased_in(new, old, understood.phase_percent),
            applies_from: Some(applies_from),
            population_date: None,
        });
    }
    for (now, choice) in members_now(known, procurement).iter().zip(members.iter().map(|(_, choice)| choice)) {
        match (*now, choice.member) {
            (true, false) => hypothesis.member.push(OtherMember {
                party: choice.number.clone(),
                joins: None,
                leaves: applies_from.pred_opt(),
            }),
            (false, true) => hypothesis.member.push(OtherMember {
                party: choice.number.clone(),
                joins: Some(applies_from),
                leaves: None,
            }),
            (true, true) | (false, false) => {}
        }
    }
    if hypothesis == Hypothesis::default() {
        return Ok(None);
    }
    let supposed = suppose(known.book, procurement, &hypothesis, known.day).map_err(|error| error.to_string())?;
    let wanted = Wanted { procurement, party: PartyId::default(), first_year, years_count, as_of: known.day };
    Ok(Some(compare(known.book, &supposed, wanted)))
}

fn members_now(known: &Known<'_>, procurement: ProcurementId) -> Vec<bool> {
    members(known, procurement, None).into_iter().map(|(_, choice)| choice.member).collect()
}

/// The new key for a part of the amount only, and the old one for the rest.
fn phased_in(new: KeyDefinition, old: Option<KeyDefinition>, percent: Option<Decimal>) -> KeyDefinition {
    let part = percent.filter(|percent| *percent < Decimal::ONE_HUNDRED);
    match (part, old) {
        (Some(percent), Some(old)) if percent.is_zero() => old,
        (Some(percent), Some(old)) => KeyDefinition::Blend(Blend {
            name: "what-if".to_owned(),
            part: vec![Part { percent: Decimal::ONE_HUNDRED - percent, key: old }, Part { percent, key: new }],
        }),
        (Some(_), None) | (None, _) => new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(fields: &[(&str, &str)]) -> Understood {
        Understood::of(&fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn percentages_must_come_to_a_hundred() {
        assert_eq!(understood(&[("percent-equal", "30"), ("percent-inhabitants", "70")]).refused, [""; 0]);
        assert_eq!(understood(&[("percent-equal", "30"), ("percent-inhabitants", "60")]).refused, ["base"]);
        assert_eq!(understood(&[("percent-equal", "a lot")]).refused, ["base"]);
    }

    #[test]
    fn each_field_that_cannot_be_read_is_named() {
        let typed = [("floor", "1 000,50"), ("cap", "much"), ("phase", "120"), ("applies_from", "x"), ("from", "1")];
        let understood = understood(&typed);
        assert_eq!(understood.floor, Some(Ore(100_050)));
        assert_eq!(understood.refused, ["cap", "phase", "applies_from", "from"]);
    }

    #[test]
    fn a_phase_in_shares_the_rest_by_the_old_key() {
        let key = |name: &str| KeyDefinition::Divide(Divide { name: name.to_owned(), ..Divide::default() });
        let KeyDefinition::Blend(blend) = phased_in(key("new"), Some(key("old")), Some(Decimal::from(25))) else {
            panic!("a blend was expected")
        };
        let parts: Vec<(String, &str)> =
            blend.part.iter().map(|part| (part.percent.to_string(), part.key.name())).collect();
        assert_eq!(parts, [("75".to_owned(), "old"), ("25".to_owned(), "new")]);
        assert_eq!(phased_in(key("new"), Some(key("old")), Some(Decimal::ONE_HUNDRED)), key("new"));
    }
}
