//! `names`: the names of parties from a day, in their official order.

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PARTY, optional, required};
use crate::domain::party::{Name, NameLanguage, PartyCommand};
use crate::handle::Wish;

pub(super) const NAME_NB: Column = optional("name_nb", &["name", "navn", "navn_nb"], "name in Norwegian");
pub(super) const NAME_SE: Column = optional("name_se", &["navn_se"], "name in Northern Sámi");
pub(super) const NAME_FKV: Column = optional("name_fkv", &["navn_fkv"], "name in Kven");
pub(super) const NAME_ORDER: Column =
    optional("name_order", &["navnerekkefølge"], "official order, such as se|nb; left out: nb, se, fkv");
pub(super) const FROM: Column = required("from", &["fra"], "the first day on which the row holds");

pub(super) const COLUMNS: &[Column] = &[
    PARTY,
    FROM,
    NAME_NB,
    NAME_SE,
    NAME_FKV,
    NAME_ORDER,
    optional("source", &["kilde"], "where it is from; not taken in"),
    NOTE,
];

const LANGUAGES: [(&str, NameLanguage, &str); 3] =
    [("nb", NameLanguage::Nb, "name_nb"), ("se", NameLanguage::Se, "name_se"), ("fkv", NameLanguage::Fkv, "name_fkv")];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let party = draft.party(line, "party")?;
    let Some(from) = line.done_for_sure("from")? else { return Ok(Taken::default()) };
    let names = names(line)?;
    if names.is_empty() {
        return Err(line.fault("name_nb", "the row has no name; give at least one".to_owned()));
    }
    Ok(vec![Wish::Party(party, PartyCommand::Name { names, from })].into())
}

/// The names of a row in their official order.
pub(super) fn names(line: &Line<'_>) -> Result<Vec<Name>, Fault> {
    let given = LANGUAGES.iter().filter(|(_, _, column)| line.optional(column).is_some()).count();
    let order: Vec<&str> = match line.optional("name_order") {
        Some(order) => order.split('|').map(str::trim).collect(),
        None => LANGUAGES.iter().map(|(code, ..)| *code).filter(|code| has_name(line, code)).collect(),
    };
    if given == 0 {
        return Ok(Vec::new());
    }
    let names: Option<Vec<Name>> = order.iter().map(|code| name(line, code)).collect();
    names.filter(|names| names.len() == given).ok_or_else(|| {
        line.fault("name_order", "the order must name each language that has a name once, such as se|nb".to_owned())
    })
}

fn has_name(line: &Line<'_>, code: &str) -> bool {
    name(line, code).is_some()
}

fn name(line: &Line<'_>, code: &str) -> Option<Name> {
    let (_, language, column) = LANGUAGES.iter().find(|(known, ..)| *known == code)?;
    Some(Name { language: *language, text: line.optional(column)?.to_owned() })
}
