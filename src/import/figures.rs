//! `figures`: what was counted of parties, with its day and source.

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PARTY, optional, required};
use crate::domain::party::{COUNTS, PartyCommand};
use crate::handle::Wish;

pub(super) const COLUMNS: &[Column] = &[
    PARTY,
    required("on", &["date", "dato"], "the day the figures hold for"),
    optional("inhabitants", &["innbyggere", "folketall"], "how many inhabitants"),
    optional("pupils", &["elever"], "how many pupils"),
    optional("records", &["poster"], "how many catalogue records"),
    optional("libraries", &["biblioteker", "bibliotek"], "how many libraries"),
    optional("loans", &["utlån"], "how many loans"),
    optional("measure", &["mål"], "another thing that was counted, as a sharing key calls it"),
    optional("value", &["verdi"], "how many of that"),
    required("source", &["kilde"], "where the figures are from"),
    NOTE,
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let party = draft.party(line, "party")?;
    let Some(on) = line.done_for_sure("on")? else { return Ok(Taken::default()) };
    let source = line.text("source")?;
    let mut counted = Vec::new();
    for measure in COUNTS.into_iter().filter(|measure| line.optional(measure).is_some()) {
        counted.push((measure, line.decimal(measure)?));
    }
    if line.optional("measure").is_some() || line.optional("value").is_some() {
        counted.push((line.text("measure")?, line.decimal("value")?));
    }
    if counted.is_empty() {
        return Err(Fault {
            column: None,
            sentence: "the row has no figure; give one, such as inhabitants".to_owned(),
        });
    }
    let measured = counted.into_iter().map(|(measure, value)| {
        let command = PartyCommand::Measure { measure: measure.to_owned(), on, value, source: source.to_owned() };
        Wish::Party(party, command)
    });
    Ok(measured.collect::<Vec<_>>().into())
}
