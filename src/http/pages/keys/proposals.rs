//! Proposals: what was tried is given a name, set beside others, sent out for hearing, answered, and adopted.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use chrono::NaiveDate;
use uuid::Uuid;

use super::super::PageRoute;
use super::super::around::{Around, Page};
use super::super::board::procurement_seen;
use super::super::filled::{Answered, Reading, Wished, answered};
use super::super::form::Sent;
use super::super::kept::Rests;
use super::typed::{Typed, Understood};
use super::{beginning, chosen_key, definition_of, keys_of, member_changes, members, name_of, shown};
use crate::app::App;
use crate::domain::access::policy::Operation;
use crate::domain::event::StreamKind;
use crate::domain::identity::{PartyId, ProcurementId, ProposalId, SharingKeyId};
use crate::domain::key_adoption::{KeyCommand, Proposal, SharingKey, Stance};
use crate::handle::Wish;
use crate::http::answer::Known;
use crate::http::asking::{Asking, savers};
use crate::http::called::Calling;
use crate::http::problem::{NOT_FOUND, PARAMETER_INVALID, Problem};
use crate::http::proposals::{comparable, is_shown};
use crate::ids;
use crate::render::page::{
    AskedParty, ComparedProposal, ComparisonShown, Filled, Place, ProposalLine, ProposalShown, ProposalState,
    comparison_page, hypothesis_said, proposal_page, stance_called,
};
use crate::text::Language;
use crate::view::outbox::{Letter, letter_of};
use crate::view::proposals::{compared, concerned, proposal, proposals};
use crate::view::what_if::Comparison;
use crate::view::whose;

/// The most proposals that are set beside one another.
const BESIDE_MAX: usize = 4;

pub fn routes() -> Vec<PageRoute> {
    vec![
        PageRoute::post("/keys/proposals", &[Operation::ProposeKey], save),
        PageRoute::get("/keys/comparison", &[Operation::TryHypothesis], beside),
        PageRoute::get("/keys/proposals/{proposal}", &[Operation::TryHypothesis], one),
        PageRoute::post("/keys/proposals/{proposal}/hearing", &[Operation::SendHearing], send),
        PageRoute::post("/keys/proposals/{proposal}/answers", &[Operation::AnswerHearing], answer),
        PageRoute::post("/keys/proposals/{proposal}/adoption", &[Operation::AdoptKey], adopt),
    ]
}

fn procurement_of(key: &SharingKey) -> ProcurementId {
    key.proposed.as_ref().map(|proposed| proposed.procurement).unwrap_or_default()
}

fn path_of(proposal: ProposalId) -> String {
    format!("/keys/proposals/{proposal}")
}

/// Keeps what is typed under a name.
async fn save(app: web::Data<App>, around: Around, sent: Sent) -> Answered {
    let wished = |app: &App, reading: &mut Reading<'_>| -> Result<Option<Wished>, Problem> {
        let (name, note) = (reading.text("name"), reading.text_or_nothing("note"));
        let typed: Typed = reading.sent.fields().clone();
        let mut understood = Understood::of(&typed);
        let followed = app.ledger.now();
        let known = Known::of(app, &reading.sent.asking, &followed, app.clock.today());
        let called = typed.get("procurement").cloned().unwrap_or_default();
        let procurement = procurement_seen(&known, Operation::TryHypothesis, &called)?;
        let keys = keys_of(&known, procurement);
        let Some((key, sharing_key)) = chosen_key(&keys, typed.get("key")) else {
            reading.refuse("name", "page-proposal-key-missing");
            return Ok(None);
        };
        let (_, applies_from) = beginning(&understood, known.day);
        let old = definition_of(sharing_key, applies_from);
        understood.check_against(old.as_ref());
        if !understood.refused.is_empty() {
            reading.refuse("name", "page-proposal-not-sound");
        }
        let Some(name) = name else { return Ok(None) };
        let Some(definition) = understood.definition(&name, old) else { return Ok(None) };
        if let Err(fault) = definition.validate() {
            reading.refuse_key(fault);
            return Ok(None);
        }
        let members = members(&known, procurement, Some(&typed));
        let proposal = ProposalId(ids::derived(reading.sent.command()?, "proposal"));
        let command = KeyCommand::SaveProposal {
            proposal,
            name,
            note,
            definition,
            applies_from,
            population_date: population_date(sharing_key).unwrap_or(applies_from),
            members: member_changes(&known, procurement, &members, applies_from),
            on: known.day,
        };
        Ok(Some(Wished { wish: Some(Wish::SharingKey(key, command)), then: path_of(proposal) }))
    };
    answered(app, around, sent, "save", wished, move |known, around, filled, (_, command)| {
        shown(known, around, filled.typed.clone(), filled, command)
    })
    .await
}

/// The day that figures are taken from as it is.
fn population_date(key: &SharingKey) -> Option<NaiveDate> {
    let adopted = key.adoptions.values().next_back().map(|adopted| adopted.population_date);
    adopted.or_else(|| Some(key.proposed.as_ref()?.population_date))
}

/// Where a proposal stands on a day.
fn state(key: &SharingKey, proposal: &Proposal, day: NaiveDate) -> ProposalState {
    let is_it = |adopted: &&crate::domain::key_adoption::Adopted| adopted.definition == proposal.saved.definition;
    if let Some(adopted) = key.adoptions.values().rev().find(is_it) {
        return ProposalState::Adopted { from: adopted.applies_from, reference: adopted.reference.clone() };
    }
    match &proposal.hearing {
        None => ProposalState::Saved,
        Some(hearing) => ProposalState::InHearing {
            answer_by: hearing.opened.answer_by,
            answered_count: hearing.answers.len(),
            asked_count: hearing.opened.letters.len(),
            is_open: hearing.is_open_on(day),
        },
    }
}

/// What those are called who saved the proposals of a key.
fn saved_by(known: &Known<'_>, key: SharingKeyId, language: Language) -> Result<BTreeMap<ProposalId, String>, Problem> {
    let history = known.app.ledger.history(StreamKind::SharingKey, key.0)?;
    let calling = Calling::of(known, language);
    Ok(savers(&history).into_iter().map(|(proposal, actor)| (proposal, calling.actor(&actor))).collect())
}

/// The proposals of a procurement, for a list.
pub fn lines(known: &Known<'_>, procurement: ProcurementId, language: Language) -> Result<Vec<ProposalLine>, Problem> {
    let mut lines = Vec::new();
    let mut by_key: BTreeMap<SharingKeyId, BTreeMap<ProposalId, String>> = BTreeMap::new();
    for (id, key, proposal) in proposals(known.book, procurement) {
        if !is_shown(known, id, proposal.saved.proposal) {
            continue;
        }
        let names = match by_key.entry(id) {
            Entry::Occupied(names) => names.into_mut(),
            Entry::Vacant(place) => place.insert(saved_by(known, id, language)?),
        };
        let by = names.get(&proposal.saved.proposal).cloned();
        lines.push(ProposalLine {
            proposal: proposal.saved.proposal,
            name: proposal.saved.name.clone(),
            key: name_of(key),
            saved_on: proposal.saved.on,
            by,
            state: state(key, proposal, known.day),
        });
    }
    Ok(lines)
}

/// A proposal that the one who asks may see.
fn seen<'book>(
    known: &Known<'book>,
    text: &str,
) -> Result<(SharingKeyId, &'book SharingKey, &'book Proposal), Problem> {
    let unknown = || Problem::new(NOT_FOUND, format!("there is no proposal {text}")).of_path();
    let (id, key, found) = text.parse().ok().and_then(|id| proposal(known.book, id)).ok_or_else(unknown)?;
    known.asking.may(Operation::TryHypothesis, &whose::sharing_key(known.present, id))?;
    if !is_shown(known, id, found.saved.proposal) {
        // Nobody learns from a refusal that it is there.
        return Err(unknown());
    }
    Ok((id, key, found))
}

async fn one(app: web::Data<App>, asking: Asking, around: Around, path: web::Path<String>) -> Result<Page, Problem> {
    around
        .kept_of_now(app, asking, Rests::Everything, move |known, around| {
            let anew = (StatusCode::OK, known.app.ids.new_id());
            proposal_shown(known, around, &path, &Filled::default(), anew)
        })
        .await
}

fn proposal_shown(
    known: &Known<'_>,
    around: &Around,
    text: &str,
    filled: &Filled,
    (status, command): (StatusCode, Uuid),
) -> Result<Page, Problem> {
    let (id, key, proposal) = seen(known, text)?;
    let of_key = whose::sharing_key(known.present, id);
    let by = comparable(known, procurement_of(key));
    let (comparison, fault) = match compared(&by.book, key, &proposal.saved, known.day) {
        Ok(comparison) => (Some(by.said(comparison)), None),
        Err(error) => (None, Some(hypothesis_said(around.language, &error))),
    };
    let may_answer = |party: PartyId| {
        known.asking.sees(Operation::AnswerHearing, || whose::part_of_hearing(known.present, id, party))
    };
    let name = |party: PartyId| {
        known.book.parties.get(&party).map(|known_party| known_party.full_name_on(known.day)).unwrap_or_default()
    };
    let sees_letters = known.asking.may(Operation::SeeOutbox, &of_key).is_ok();
    let sent = proposal.hearing.iter().flat_map(|hearing| &hearing.opened.letters);
    let letters: Vec<(PartyId, Option<Letter>)> = sent
        .map(|asked| {
            let letter = letter_of(known.book, asked.letter, known.instant);
            (asked.party, letter.filter(|_| sees_letters))
        })
        .collect();
    let until = letters.iter().filter_map(|(_, letter)| letter.as_ref()?.outcome_due_at).min();
    let asked: Vec<AskedParty> = letters
        .into_iter()
        .map(|(party, letter)| AskedParty {
            party,
            name: name(party),
            answer: proposal.hearing.as_ref().and_then(|hearing| hearing.answers.get(&party).cloned()),
            may_answer: may_answer(party),
            letter: letter.map(|letter| letter.state),
        })
        .collect();
    let members: Vec<(String, Option<NaiveDate>)> =
        proposal.saved.members.iter().map(|change| (name(change.party), change.joins)).collect();
    let by = saved_by(known, id, around.language)?.remove(&proposal.saved.proposal);
    let page = ProposalShown {
        proposal,
        key: &name_of(key),
        by: by.as_deref(),
        state: state(key, proposal, known.day),
        members: &members,
        concerned_count: comparison.as_ref().map_or(0, |comparison| concerned(comparison).len()),
        comparison: comparison.as_ref(),
        fault: fault.as_ref(),
        asked: &asked,
        may_send: known.asking.may(Operation::SendHearing, &of_key).is_ok(),
        // Who may not yet, since it takes a fresh proof, is sent to give it.
        may_adopt: known.asking.reaches(Operation::AdoptKey, &of_key),
        filled,
    };
    let page = around.answer_as(status, command, Some(Place::Keys), |frame| proposal_page(frame, &page))?;
    // An attempt to send a letter whose outcome is overdue is one of which nobody knows.
    Ok(page.until(until))
}

/// The key of a proposal, for a wish.
fn key_of(app: &App, text: &str) -> Result<(SharingKeyId, ProposalId), Problem> {
    let unknown = || Problem::new(NOT_FOUND, format!("there is no proposal {text}"));
    let id: ProposalId = text.parse().map_err(|_| unknown())?;
    let followed = app.ledger.now();
    proposal(&followed.book, id).map(|(key, ..)| (key, id)).ok_or_else(unknown)
}

async fn send(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let text = path.into_inner();
    let of = text.clone();
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let (key, proposal) = key_of(app, &of)?;
        let Some(answer_by) = reading.day("answer_by") else { return Ok(None) };
        let command = KeyCommand::OpenHearing { proposal, answer_by, on: app.clock.today(), letters: vec![] };
        Ok(Some(Wished {
            wish: Some(Wish::SharingKey(key, command)),
            then: format!("{}#hearing-heading", path_of(proposal)),
        }))
    };
    answered(app, around, sent, "hearing", wished, move |known, around, filled, anew| {
        proposal_shown(known, around, &text, filled, anew)
    })
    .await
}

async fn answer(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let text = path.into_inner();
    let of = text.clone();
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let (key, proposal) = key_of(app, &of)?;
        let party = reading.id("party", PartyId);
        let stance = reading.choice("stance", &Stance::ALL.map(|stance| (stance_called(stance), stance)));
        let said = reading.text_or_nothing("text");
        let (Some(party), Some(stance)) = (party, stance) else { return Ok(None) };
        let command = KeyCommand::AnswerHearing { proposal, party, stance, text: said, on: app.clock.today() };
        Ok(Some(Wished {
            wish: Some(Wish::SharingKey(key, command)),
            then: format!("{}#hearing-heading", path_of(proposal)),
        }))
    };
    answered(app, around, sent, "answer", wished, move |known, around, filled, anew| {
        proposal_shown(known, around, &text, filled, anew)
    })
    .await
}

async fn adopt(app: web::Data<App>, around: Around, path: web::Path<String>, sent: Sent) -> Answered {
    let text = path.into_inner();
    let of = text.clone();
    let wished = move |app: &App, reading: &mut Reading<'_>| {
        let (key, id) = key_of(app, &of)?;
        let (applies_from, reference) = (reading.day("applies_from"), reading.text("reference"));
        let (Some(applies_from), Some(reference)) = (applies_from, reference) else { return Ok(None) };
        let followed = app.ledger.now();
        let Some((.., proposal)) = proposal(&followed.book, id) else { return Ok(None) };
        let command = KeyCommand::Adopt {
            definition: proposal.saved.definition.clone(),
            applies_from,
            population_date: proposal.saved.population_date,
            reference,
            on: app.clock.today(),
        };
        Ok(Some(Wished { wish: Some(Wish::SharingKey(key, command)), then: path_of(id) }))
    };
    answered(app, around, sent, "adopt", wished, move |known, around, filled, anew| {
        proposal_shown(known, around, &text, filled, anew)
    })
    .await
}

/// Some proposals beside one another.
async fn beside(app: web::Data<App>, asking: Asking, around: Around, request: HttpRequest) -> Result<Page, Problem> {
    let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map_err(|error| Problem::new(PARAMETER_INVALID, error.to_string()))?
        .into_inner();
    let mut chosen: Vec<String> = query.into_iter().filter(|(name, _)| name == "proposal").map(|(_, id)| id).collect();
    chosen.dedup();
    if chosen.len() > BESIDE_MAX {
        let sentence = format!("at most {BESIDE_MAX} proposals are set beside one another; choose fewer");
        return Err(Problem::new(PARAMETER_INVALID, sentence));
    }
    around
        .kept_of_now(app, asking, Rests::Terms, move |known, around| {
            let mut found: Vec<(String, ProposalId, Comparison)> = Vec::new();
            let mut faults = Vec::new();
            for text in &chosen {
                let (_, key, proposal) = seen(known, text)?;
                let name = proposal.saved.name.clone();
                let by = comparable(known, procurement_of(key));
                match compared(&by.book, key, &proposal.saved, known.day) {
                    Ok(comparison) => found.push((name, proposal.saved.proposal, by.said(comparison))),
                    Err(error) => faults.push((name, hypothesis_said(around.language, &error))),
                }
            }
            let beside: Vec<ComparedProposal<'_>> = found
                .iter()
                .map(|(name, proposal, comparison)| ComparedProposal { name, proposal: *proposal, comparison })
                .collect();
            let page = ComparisonShown { proposals: &beside, faults: &faults };
            around.answer(known.app, Some(Place::Keys), |frame| comparison_page(frame, &page))
        })
        .await
}
