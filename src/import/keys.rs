//! `keys`: sharing keys, one row for each step: proposed, or adopted from a day. The key itself is a file of its own.

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PROCUREMENT, optional, required};
use crate::domain::identity::SharingKeyId;
use crate::domain::key_adoption::KeyCommand;
use crate::handle::Wish;
use crate::ids::derived;
use crate::key_file;

pub(super) const COLUMNS: &[Column] = &[
    PROCUREMENT,
    required(
        "key",
        &["nøkkel", "fil"],
        "the key's file (TOML), named as seen from this file; it says what the key is called",
    ),
    required("on", &["date", "dato"], "day it was proposed, or of the decision to adopt it"),
    required("population_date", &["folketall_dato"], "the day whose figures it shares by"),
    optional("applies_from", &["gjelder_fra"], "first day it applies to, where it was adopted; empty: it is proposed"),
    optional("reference", &["vedtak", "referanse"], "the decision; needed where it was adopted"),
    NOTE,
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let procurement = draft.procurement(line)?;
    let Some(on) = line.done_for_sure("on")? else { return Ok(Taken::default()) };
    let population_date = line.date("population_date")?;
    let definition =
        key_file::read(&line.beside("key")?).map_err(|error| line.fault("key", crate::ledger::with_sources(&error)))?;
    let name = definition.name().to_owned();
    let found = draft.sharing_key_called(procurement, &name);
    let sharing_key = found.unwrap_or_else(|| SharingKeyId(derived(procurement.0, &format!("key/{name}"))));
    let known = draft.book().keys.get(&sharing_key).and_then(|known| known.proposed.as_ref());
    let applies_from = line.optional_date("applies_from")?;
    let mut commands = Vec::new();
    // What was proposed before the proposal that stands is history; an adoption of what was never proposed proposes it.
    if known.is_none_or(|known| applies_from.is_none() && known.on <= on) {
        let definition = definition.clone();
        commands.push(KeyCommand::Propose { sharing_key, procurement, name, definition, population_date, on });
    }
    if let Some(applies_from) = applies_from {
        let reference = line.text("reference")?.to_owned();
        commands.push(KeyCommand::Adopt { definition, applies_from, population_date, reference, on });
    }
    Ok(commands.into_iter().map(|command| Wish::SharingKey(sharing_key, command)).collect::<Vec<_>>().into())
}
