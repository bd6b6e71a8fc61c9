//! `legacy`: contracts for the system that is being replaced.

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PARTY, PROCUREMENT, optional, required};
use crate::domain::identity::LegacyId;
use crate::domain::legacy::LegacyCommand;
use crate::handle::Wish;
use crate::ids::derived;

pub(super) const COLUMNS: &[Column] = &[
    PARTY,
    PROCUREMENT,
    required("system", &["biblioteksystem"], "the old system, such as Mikromarc"),
    required("paid_until", &["betalt_til"], "last day that is paid for, should notice be given in time"),
    required("notice_months", &["oppsigelsesmåneder", "oppsigelsestid"], "months of notice before that day"),
    required("vat_percent", &["mva_prosent"], "VAT in percent"),
    required("recorded_on", &["registrert_dato"], "day the row was written"),
    optional("yearly_cost", &["årlig_kostnad"], "kroner a year excluding VAT; empty while it is unknown"),
    optional("source", &["kilde"], "where the cost is from; needed with a cost"),
    NOTE,
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let party = draft.party(line, "party")?;
    let procurement = draft.procurement(line)?;
    let system = line.text("system")?.to_owned();
    let legacy = LegacyId(derived(procurement.0, &format!("legacy/{party}/{system}")));
    let Some(on) = line.done_for_sure("recorded_on")? else { return Ok(Taken::default()) };
    let mut commands = vec![LegacyCommand::Record {
        legacy,
        procurement,
        party,
        system,
        yearly_cost_ore: None,
        vat_percent: line.decimal("vat_percent")?,
        paid_until: line.date("paid_until")?,
        notice_months: line.whole("notice_months")?,
    }];
    let stated = draft.book().legacies.get(&legacy).and_then(|known| known.cost_stated.as_ref());
    // What was said before the statement that stands is history, whether or not it came in by this file.
    if line.optional("yearly_cost").is_some() && stated.is_none_or(|stated| stated.on <= on) {
        let yearly_cost_ore = line.ore("yearly_cost")?;
        commands.push(LegacyCommand::StateYearlyCost { yearly_cost_ore, source: line.text("source")?.to_owned(), on });
    }
    Ok(commands.into_iter().map(|command| Wish::Legacy(legacy, command)).collect::<Vec<_>>().into())
}
