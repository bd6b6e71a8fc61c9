//! A proposal of a sharing key: what it says, what it leads to, who was asked and what they answered; and several beside one
//! another.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::RenderError;
use super::super::key_in_words::definition_in_words;
use super::super::words::Say;
use super::compared::{ResultShown, result, row};
use super::field::{Field, Filled, Kind, Named, Refusal, SaidShown, named};
use super::frame::Frame;
use crate::domain::identity::{PartyId, ProposalId};
use crate::domain::key_adoption::{HearingAnswered, Proposal, Stance};
use crate::text::Said;
use crate::view::outbox::LetterState;
use crate::view::what_if::{ComparedParty, Comparison};

/// Where a proposal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposalState {
    /// It is kept, and nothing more.
    Saved,
    /// It was sent for hearing.
    InHearing {
        /// The last day for answers.
        answer_by: NaiveDate,
        /// How many have answered.
        answered_count: usize,
        /// How many were asked.
        asked_count: usize,
        /// Whether answers may still come.
        is_open: bool,
    },
    /// It is adopted.
    Adopted {
        /// The first day it applies to.
        from: NaiveDate,
        /// The decision.
        reference: String,
    },
}

/// A proposal in a list.
#[derive(Debug, Clone)]
pub struct ProposalLine {
    /// Its id.
    pub proposal: ProposalId,
    /// What it is called.
    pub name: String,
    /// The key in whose place it would stand.
    pub key: String,
    /// The day it was saved.
    pub saved_on: NaiveDate,
    /// Who saved it, where that is known.
    pub by: Option<String>,
    /// Where it stands.
    pub state: ProposalState,
}

/// A party that was asked.
#[derive(Debug, Clone)]
pub struct AskedParty {
    /// The party.
    pub party: PartyId,
    /// Its names.
    pub name: String,
    /// What it answered last.
    pub answer: Option<HearingAnswered>,
    /// Whether the reader may answer for it.
    pub may_answer: bool,
    /// Where its letter stands, where the reader may see that.
    pub letter: Option<LetterState>,
}

/// What the page of a proposal shows.
#[derive(Debug, Clone)]
pub struct ProposalShown<'a> {
    /// The proposal.
    pub proposal: &'a Proposal,
    /// The key in whose place it would stand.
    pub key: &'a str,
    /// Who saved it, where that is known.
    pub by: Option<&'a str>,
    /// Where it stands.
    pub state: ProposalState,
    /// Who would join, from when, and who would leave.
    pub members: &'a [(String, Option<NaiveDate>)],
    /// How many it concerns.
    pub concerned_count: usize,
    /// What it would lead to.
    pub comparison: Option<&'a Comparison>,
    /// Why that cannot be worked out, in English.
    pub fault: Option<&'a Said>,
    /// Who was asked.
    pub asked: &'a [AskedParty],
    /// Whether the reader may send it for hearing.
    pub may_send: bool,
    /// Whether the reader may adopt it.
    pub may_adopt: bool,
    /// The form that was sent, as it was filled in.
    pub filled: &'a Filled,
}

/// A proposal among several.
#[derive(Debug, Clone, Copy)]
pub struct ComparedProposal<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its id.
    pub proposal: ProposalId,
    /// What it would lead to.
    pub comparison: &'a Comparison,
}

/// What the page of several proposals shows.
#[derive(Debug, Clone, Copy)]
pub struct ComparisonShown<'a> {
    /// The proposals.
    pub proposals: &'a [ComparedProposal<'a>],
    /// What could not be worked out: of which proposal, and why.
    pub faults: &'a [(String, Said)],
}

/// What a stance is called in forms.
#[must_use]
pub fn stance_called(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports => "supports",
        Stance::Opposes => "opposes",
        Stance::NoRemarks => "no_remarks",
    }
}

fn stance_word(say: Say, stance: Stance) -> String {
    say.word(match stance {
        Stance::Supports => "page-stance-supports",
        Stance::Opposes => "page-stance-opposes",
        Stance::NoRemarks => "page-stance-no-remarks",
    })
}

fn stance_look(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports => "success",
        Stance::Opposes => "danger",
        Stance::NoRemarks => "neutral",
    }
}

#[derive(Serialize)]
pub(super) struct LineShown<'a> {
    id: ProposalId,
    name: &'a str,
    key: &'a str,
    look: &'static str,
    state: String,
    saved_on: String,
    by: &'a str,
}

pub(super) fn line_shown(say: Say, line: &ProposalLine) -> LineShown<'_> {
    let (look, state) = state_shown(say, &line.state);
    LineShown {
        id: line.proposal,
        name: &line.name,
        key: &line.key,
        look,
        state,
        saved_on: say.date(line.saved_on),
        by: line.by.as_deref().unwrap_or_default(),
    }
}

fn state_shown(say: Say, state: &ProposalState) -> (&'static str, String) {
    match state {
        ProposalState::Saved => ("neutral", say.word("page-proposal-saved")),
        ProposalState::InHearing { answer_by, answered_count, asked_count, is_open } => {
            let (look, key) = if *is_open { ("info", "page-in-hearing") } else { ("warning", "page-hearing-over") };
            let (answered, asked) = (answered_count.to_string(), asked_count.to_string());
            let put = [("answered", answered.as_str()), ("asked", &asked), ("day", &say.date(*answer_by))];
            (look, say.sentence(key, put))
        }
        ProposalState::Adopted { from, reference } => {
            let put = [("day", say.date(*from)), ("reference", reference.clone())];
            ("success", say.sentence("page-adopted", put.each_ref().map(|(name, text)| (*name, text.as_str()))))
        }
    }
}

#[derive(Serialize)]
struct AskedShown<'a> {
    name: &'a str,
    look: &'static str,
    stance: String,
    text: &'a str,
    day: String,
    is_late: bool,
    letter: String,
}

#[derive(Serialize)]
struct HearingForm<'a> {
    refusal: Refusal,
    answer_by: Field<'a>,
    asks: String,
}

#[derive(Serialize)]
struct AnswerForm<'a> {
    refusal: Refusal,
    party: Field<'a>,
    stance: Field<'a>,
    text: Field<'a>,
}

#[derive(Serialize)]
struct AdoptForm<'a> {
    refusal: Refusal,
    applies_from: Field<'a>,
    reference: Field<'a>,
}

#[derive(Serialize)]
struct Shown<'a> {
    id: ProposalId,
    name: &'a str,
    note: Option<&'a str>,
    saved: String,
    look: &'static str,
    state: String,
    says: Vec<String>,
    members: Vec<String>,
    fault: Option<SaidShown>,
    result: Option<ResultShown<'a>>,
    asked: Vec<AskedShown<'a>>,
    shows_letters: bool,
    stances: Vec<String>,
    hearing: Option<HearingForm<'a>>,
    answer: Option<AnswerForm<'a>>,
    adopt: Option<AdoptForm<'a>>,
}

/// The page of a proposal.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn proposal_page(frame: &Frame<'_>, shown: &ProposalShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let empty = Filled::default();
    let saved = &shown.proposal.saved;
    let (look, state) = state_shown(say, &shown.state);
    let is_adopted = matches!(shown.state, ProposalState::Adopted { .. });
    let (ids, suggested) = (answering_ids(shown), saved.applies_from.to_string());
    let page = Shown {
        id: saved.proposal,
        name: &saved.name,
        note: saved.note.as_deref(),
        saved: saved_in_words(say, shown),
        look,
        state,
        says: says(say, shown),
        members: shown
            .members
            .iter()
            .map(|(name, joins)| {
                let key = if joins.is_some() { "page-would-join" } else { "page-would-leave" };
                say.sentence(key, [("name", name.as_str())])
            })
            .collect(),
        fault: shown.fault.map(SaidShown::said),
        result: shown.comparison.map(|comparison| result(say.in_kroner(), comparison)),
        asked: shown.asked.iter().map(|asked| asked_shown(say, shown, asked)).collect(),
        shows_letters: shown.asked.iter().any(|asked| asked.letter.is_some()),
        stances: stances(say, shown.asked),
        hearing: (shown.may_send && matches!(shown.state, ProposalState::Saved)).then(|| {
            let filled = shown.filled.of("hearing", &empty);
            let count = i64::try_from(shown.concerned_count).unwrap_or(i64::MAX);
            HearingForm {
                refusal: filled.refusal(say),
                answer_by: filled.field("hearing", named("answer_by", "page-answer-by"), Kind::Day, ""),
                asks: say.counting("page-hearing-asks", ("count", count), []),
            }
        }),
        answer: (!ids.is_empty()).then(|| answer_form(say, shown.filled.of("answer", &empty), &ids)),
        adopt: (shown.may_adopt && !is_adopted).then(|| {
            let filled = shown.filled.of("adopt", &empty);
            let reference = Named { hint: Some("page-decision-hint"), ..named("reference", "page-decision") };
            AdoptForm {
                refusal: filled.refusal(say),
                applies_from: filled.field("adopt", named("applies_from", "page-applies-from"), Kind::Day, &suggested),
                reference: filled.field("adopt", reference, Kind::Text, ""),
            }
        }),
    };
    super::fill("proposal", frame, &saved.name, &page)
}

/// Those for whom the reader may answer: their ids as text, and their names.
fn answering_ids(shown: &ProposalShown<'_>) -> Vec<(String, String)> {
    let may = shown.asked.iter().filter(|asked| asked.may_answer);
    may.map(|asked| (asked.party.to_string(), asked.name.clone())).collect()
}

fn answer_form<'a>(say: Say, filled: &'a Filled, ids: &'a [(String, String)]) -> AnswerForm<'a> {
    let parties = ids.iter().map(|(id, name)| (id.as_str(), name.clone())).collect();
    let stances = Stance::ALL.map(|stance| (stance_called(stance), stance_word(say, stance))).into();
    let text = Named { hint: Some("page-proposal-note-hint"), ..named("text", "page-answer-text") };
    AnswerForm {
        refusal: filled.refusal(say),
        party: filled.field("answer", named("party", "page-answer-of"), Kind::Choice(parties), ""),
        stance: filled.field("answer", named("stance", "page-stance"), Kind::Choice(stances), ""),
        text: filled.field("answer", text, Kind::Text, ""),
    }
}

fn saved_in_words(say: Say, shown: &ProposalShown<'_>) -> String {
    let (day, key) = (say.long_date(shown.proposal.saved.on), shown.key);
    match shown.by {
        Some(by) => say.sentence("page-proposal-saved-by", [("day", day.as_str()), ("by", by), ("key", key)]),
        None => say.sentence("page-proposal-saved-on", [("day", day.as_str()), ("key", key)]),
    }
}

fn asked_shown<'a>(say: Say, shown: &ProposalShown<'_>, asked: &'a AskedParty) -> AskedShown<'a> {
    let hearing = shown.proposal.hearing.as_ref();
    let answer = asked.answer.as_ref();
    let is_late = |answer: &HearingAnswered| hearing.is_some_and(|hearing| answer.on > hearing.opened.answer_by);
    AskedShown {
        name: &asked.name,
        look: answer.map_or("warning", |answer| stance_look(answer.stance)),
        stance: answer.map_or_else(|| say.word("page-no-answer"), |answer| stance_word(say, answer.stance)),
        text: answer.and_then(|answer| answer.text.as_deref()).unwrap_or_default(),
        day: answer.map(|answer| say.date(answer.on)).unwrap_or_default(),
        is_late: answer.is_some_and(is_late),
        letter: asked.letter.map(|state| say.word(super::letter_state_key(state))).unwrap_or_default(),
    }
}

/// How many think what.
fn stances(say: Say, asked: &[AskedParty]) -> Vec<String> {
    let counted = Stance::ALL.into_iter().filter_map(|stance| {
        let count =
            asked.iter().filter(|asked| asked.answer.as_ref().is_some_and(|answer| answer.stance == stance)).count();
        (count > 0).then(|| format!("{}: {count}", stance_word(say, stance)))
    });
    counted.collect()
}

/// What the key says, line by line.
fn says(say: Say, shown: &ProposalShown<'_>) -> Vec<String> {
    let saved = &shown.proposal.saved;
    let mut lines = definition_in_words(say, &saved.definition);
    lines.push(say.sentence("page-would-apply-from", [("day", say.long_date(saved.applies_from).as_str())]));
    lines.push(say.sentence("page-figures-from", [("day", say.long_date(saved.population_date).as_str())]));
    lines
}

/// Why a proposal could not be worked out.
#[derive(Serialize)]
struct NamedFault<'a> {
    name: &'a str,
    why: SaidShown,
}

#[derive(Default, Serialize)]
struct Cell {
    after: String,
    certainty: String,
    change: String,
    percent: String,
    per_inhabitant: String,
}

#[derive(Serialize)]
struct BesideRow<'a> {
    name: &'a str,
    number: &'a str,
    before: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Bar {
    x: String,
    width: String,
    y: usize,
    text_y: usize,
    class: &'static str,
    figure: String,
    wins: bool,
}

#[derive(Serialize)]
struct BarGroup<'a> {
    name: &'a str,
    label_y: usize,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct HeadShown<'a> {
    id: ProposalId,
    name: &'a str,
    class: &'static str,
    letter: &'static str,
    years: String,
    counts: Vec<String>,
    sum: String,
}

#[derive(Serialize)]
struct Beside<'a> {
    shared_alone: bool,
    heads: Vec<HeadShown<'a>>,
    rows: Vec<BesideRow<'a>>,
    groups: Vec<BarGroup<'a>>,
    height: usize,
    faults: Vec<NamedFault<'a>>,
}

/// How the proposals are told apart in the chart, also without colours.
const LETTERS: [(&str, &str); 4] = [("A", "first"), ("B", "second"), ("C", "third"), ("D", "fourth")];
/// How high a bar of the chart with its margin is, and the name above the bars, in pixels.
const BAR_PIXELS: usize = 24;
const NAME_PIXELS: usize = 28;

/// The page of several proposals beside one another.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn comparison_page(frame: &Frame<'_>, shown: &ComparisonShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language).in_kroner();
    let parties = parties(shown);
    let widest = shown.proposals.iter().flat_map(|proposal| &proposal.comparison.parties);
    let widest = widest.map(|party| party.change_ore.0.abs()).max().unwrap_or(0).max(1);
    let heads = shown.proposals.iter().zip(LETTERS).map(|(proposal, (letter, class))| {
        let whole = result(say, proposal.comparison);
        let (years, counts, sum) = whole.in_words();
        HeadShown { id: proposal.proposal, name: proposal.name, class, letter, years, counts, sum }
    });
    let of = |party: PartyId| {
        shown
            .proposals
            .iter()
            .map(move |proposal| proposal.comparison.parties.iter().find(|known| known.party == party))
    };
    let rows = parties.iter().map(|party| BesideRow {
        name: &party.name,
        number: party.number.as_deref().unwrap_or_default(),
        before: row(say, 0, party, widest).before,
        cells: of(party.party).map(|found| cell(say, found, widest)).collect(),
    });
    let group_pixels = NAME_PIXELS + shown.proposals.len() * BAR_PIXELS;
    let groups = parties.iter().enumerate().map(|(index, party)| {
        let top = index * group_pixels;
        let bars = of(party.party).zip(LETTERS).enumerate().filter_map(|(nth, (found, (letter, class)))| {
            let words = row(say, 0, found?, widest);
            let y = top + NAME_PIXELS + nth * BAR_PIXELS;
            let figure = format!("{letter} {}", words.change);
            Some(Bar { x: words.x, width: words.width, y, text_y: y + 14, class, figure, wins: words.wins })
        });
        BarGroup { name: &party.name, label_y: top + 20, bars: bars.collect() }
    });
    let page = Beside {
        shared_alone: shown.proposals.iter().any(|proposal| proposal.comparison.shared_alone),
        heads: heads.collect(),
        rows: rows.collect(),
        groups: groups.collect(),
        height: parties.len() * group_pixels,
        faults: shown.faults.iter().map(|(name, why)| NamedFault { name, why: SaidShown::said(why) }).collect(),
    };
    super::fill("comparison", frame, &say.word("page-comparison"), &page)
}

/// Everybody in any of the proposals, by number.
fn parties<'a>(shown: &ComparisonShown<'a>) -> Vec<&'a ComparedParty> {
    let mut parties: Vec<&ComparedParty> =
        shown.proposals.iter().flat_map(|proposal| &proposal.comparison.parties).collect();
    parties.sort_by(|one, other| (&one.number, one.party).cmp(&(&other.number, other.party)));
    parties.dedup_by_key(|party| party.party);
    parties
}

fn cell(say: Say, party: Option<&ComparedParty>, widest: i64) -> Cell {
    let Some(words) = party.map(|party| row(say, 0, party, widest)) else { return Cell::default() };
    Cell {
        after: words.after,
        certainty: words.certainty,
        change: words.change,
        percent: words.percent,
        per_inhabitant: words.per_inhabitant,
    }
}
