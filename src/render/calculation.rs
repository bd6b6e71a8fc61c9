//! How what a plan shares was shared, in finished words and figures: the key, the amounts, and the figures of everybody.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::budget::measure_name;
use super::fixed_words::{said, sentence};
use super::key_in_words::definition_in_words;
use super::words::Say;
use super::{norwegian, written_to_in};
use crate::domain::calendar::Period;
use crate::domain::invoice_run::InvoiceLanguage;
use crate::domain::sharing_key::{EQUAL, KeyDefinition, Unit};
use crate::view::calculation::{MemberFigures, SharedAmount, SharedByKey};

/// What is shared by one key among the same.
#[derive(Serialize)]
pub(super) struct SharedInWords<'a> {
    key: String,
    /// What the key says, what is shared by it, and who counted.
    lines: Vec<String>,
    /// What the columns of figures are called.
    heads: Vec<String>,
    members: Vec<MemberInWords<'a>>,
    /// The sums of the columns.
    sums: Vec<String>,
}

#[derive(Serialize)]
struct MemberInWords<'a> {
    number: &'a str,
    name: &'a str,
    figures: Vec<String>,
}

/// The same in words.
pub(super) fn in_words(shared: &SharedByKey, language: InvoiceLanguage) -> SharedInWords<'_> {
    let say = Say::of(written_to_in(language.written_form()));
    let SharedByKey { definition, population_date, amounts, members, sources } = shared;
    let columns = columns(definition);
    let count = members.len().to_string();
    let mut lines = definition_in_words(say, definition);
    lines.extend(amounts.iter().map(|amount| amount_in_words(amount, &count, language)));
    lines.extend(rounding(definition).map(|name| said(language, name).text));
    lines.extend(sources.iter().map(|(measure, sources)| {
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        let with = [("measure", &*measure_name(say, measure)), ("sources", &*sources.join(", "))];
        sentence(language, "prebill-source", with)
    }));
    let of_member = |member: &MemberFigures| columns.iter().map(|column| column.value(member)).collect::<Vec<_>>();
    let values: Vec<_> = members.iter().map(of_member).collect();
    let sum = |column: usize| values.iter().filter_map(|row| row.get(column).copied().flatten()).sum();
    let key = [("key", definition.name()), ("date", &*norwegian::long_date(*population_date))];
    SharedInWords {
        key: sentence(language, "prebill-key", key),
        lines,
        heads: columns.iter().map(|column| column.head(say, language)).collect(),
        members: members
            .iter()
            .zip(&values)
            .map(|(MemberFigures { number, name, .. }, values)| MemberInWords {
                number,
                name,
                figures: values.iter().map(|value| value.map(|value| say.number(value)).unwrap_or_default()).collect(),
            })
            .collect(),
        sums: (0..columns.len()).map(|column| say.number(sum(column))).collect(),
    }
}

fn amount_in_words(shared: &SharedAmount, members: &str, language: InvoiceLanguage) -> String {
    let amount = norwegian::kroner(shared.amount_ore);
    let with = [("name", &*shared.name), ("amount", &*amount), ("members", members)];
    match shared.period {
        None => sentence(language, "prebill-amount", with),
        Some(Period { first, last }) => {
            let [name, amount, members] = with;
            let (first, last) = (norwegian::date(first), norwegian::date(last));
            let with = [name, amount, members, ("first", &*first), ("last", &*last)];
            sentence(language, "prebill-amount-of-days", with)
        }
    }
}

/// How shares are made whole, where that is by largest remainder.
fn rounding(definition: &KeyDefinition) -> Option<&'static str> {
    let name = match definition.unit() {
        Unit::Ore => "prebill-rounding",
        Unit::Krone => "prebill-rounding-kroner",
    };
    (!definition.rounds_each()).then_some(name)
}

/// A column of figures by which something is shared.
#[derive(Clone, Copy)]
enum Column<'a> {
    Measure(&'a str),
    /// What the agreed table of the key gives to each.
    Agreed(&'a BTreeMap<String, Decimal>),
}

impl Column<'_> {
    fn head(self, say: Say, language: InvoiceLanguage) -> String {
        match self {
            Self::Measure(measure) => measure_name(say, measure),
            Self::Agreed(_) => said(language, "prebill-agreed").text,
        }
    }

    fn value(self, member: &MemberFigures) -> Option<Decimal> {
        match self {
            Self::Measure(measure) => member.figures.get(measure).copied(),
            Self::Agreed(percentages) => percentages.get(&member.number).copied(),
        }
    }
}

fn columns(definition: &KeyDefinition) -> Vec<Column<'_>> {
    let measures = definition.measures().into_iter().filter(|measure| *measure != EQUAL).map(Column::Measure);
    let agreed = match definition {
        KeyDefinition::Divide(divide) => divide.percentages.as_ref().map(Column::Agreed),
        KeyDefinition::Tariff(_) | KeyDefinition::Blend(_) => None,
    };
    measures.chain(agreed).collect()
}
