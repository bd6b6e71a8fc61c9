//! `notices`: what became of old contracts, one row for each step: notice given, withdrawn, extended.

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PARTY, PROCUREMENT, optional, required};
use crate::domain::identity::{LegacyId, ProcurementId};
use crate::domain::legacy::{EndCorrected, Extended, LegacyCommand, NoticeGiven, NoticeWithdrawn, Step};
use crate::handle::Wish;

pub(super) const COLUMNS: &[Column] = &[
    PARTY,
    PROCUREMENT,
    optional("system", &["biblioteksystem"], "the old system; may be left out where the party has one old contract"),
    required(
        "step",
        &["steg"],
        "given (gitt), withdrawn (trukket), extended (forlenget), or corrected (rettet), where the last day was recorded wrongly",
    ),
    required("on", &["date", "dato"], "day of the step"),
    optional("last_day", &["siste_dag"], "last day that is paid for; left out where notice is withdrawn"),
    optional("reason", &["grunn"], "what was wrong; needed where the last day is corrected"),
    NOTE,
];

#[derive(Debug, Clone, Copy)]
enum Taking {
    Given,
    Withdrawn,
    Extended,
    Corrected,
}

const STEPS: &[(&str, Taking)] = &[
    ("given", Taking::Given),
    ("gitt", Taking::Given),
    ("withdrawn", Taking::Withdrawn),
    ("trukket", Taking::Withdrawn),
    ("extended", Taking::Extended),
    ("forlenget", Taking::Extended),
    ("corrected", Taking::Corrected),
    ("rettet", Taking::Corrected),
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let procurement = draft.procurement(line)?;
    let legacy = contract(line, draft, procurement)?;
    let Some(on) = line.done_for_sure("on")? else { return Ok(Taken::default()) };
    let (step, command) = match line.chosen("step", STEPS)? {
        Taking::Given => {
            let last_day = line.date("last_day")?;
            (Step::NoticeGiven(NoticeGiven { on, last_day }), LegacyCommand::GiveNotice { on, last_day })
        }
        Taking::Withdrawn => (Step::NoticeWithdrawn(NoticeWithdrawn { on }), LegacyCommand::WithdrawNotice { on }),
        Taking::Extended => {
            let last_day = line.date("last_day")?;
            (Step::Extended(Extended { on, last_day }), LegacyCommand::Extend { on, last_day })
        }
        Taking::Corrected => {
            let (last_day, reason) = (line.date("last_day")?, line.text("reason")?.to_owned());
            let step = Step::EndCorrected(EndCorrected { last_day, reason: reason.clone(), on });
            (step, LegacyCommand::CorrectEnd { last_day, reason, on })
        }
    };
    // A step that was taken is history, though later ones may have gone beyond it.
    let happened = draft.book().legacies.get(&legacy).is_some_and(|known| known.steps.contains(&step));
    let wishes: Vec<Wish> = (!happened).then_some(Wish::Legacy(legacy, command)).into_iter().collect();
    Ok(wishes.into())
}

/// The old contract that a row means.
fn contract(line: &Line<'_>, draft: &Draft<'_>, procurement: ProcurementId) -> Result<LegacyId, Fault> {
    let party = draft.party(line, "party")?;
    let system = line.optional("system");
    let of_party = draft.book().legacies_of_party(party).filter_map(|(id, legacy)| {
        let recorded = legacy.recorded.as_ref().filter(|recorded| recorded.procurement == procurement)?;
        system.is_none_or(|system| recorded.system.to_lowercase() == system.to_lowercase()).then_some(id)
    });
    match of_party.collect::<Vec<_>>()[..] {
        [legacy] => Ok(legacy),
        [] => Err(line.fault(
            if system.is_some() { "system" } else { "party" },
            "the party has no such old contract in this procurement; import it first with `grenselos import legacy FILE.csv`"
                .to_owned(),
        )),
        [_, _, ..] => {
            Err(line.fault("system", "the party has several old contracts; name the system in this column".to_owned()))
        }
    }
}
