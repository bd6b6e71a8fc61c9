//! `licences`: yearly licences. Each row states what was known on a day, or a factor; the first also records the licence.

use chrono::NaiveDate;

use super::amounts::{self, AMOUNT, CERTAINTY, HIGH, LIKELY, LOW, PAID_BY, SHARED_BY};
use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PROCUREMENT, optional, required};
use crate::domain::assessment::Assessment;
use crate::domain::identity::{AssessmentId, LicenceId};
use crate::domain::licence::{IndexCertainty, IndexClause, Indexed, Licence, LicenceCommand};
use crate::handle::Wish;
use crate::ids::derived;

pub(super) const COLUMNS: &[Column] = &[
    PROCUREMENT,
    required("name", &["navn"], "what people call the licence"),
    required("starts", &["start"], "first day that is paid for"),
    optional("ends", &["slutt"], "last day that is paid for; empty while it goes on"),
    SHARED_BY,
    PAID_BY,
    required("vat_percent", &["mva_prosent"], "VAT in percent"),
    optional("index", &["indeks"], "the index that the price follows"),
    optional("index_first_year", &["indeks_første_år"], "first year whose price is indexed"),
    required("on", &["date", "dato"], "day of the statement"),
    CERTAINTY,
    optional("year", &["år"], "the year that came to it, where the certainty is actual; else empty"),
    LOW,
    LIKELY,
    HIGH,
    AMOUNT,
    optional("factor_year", &["faktor_år"], "first year a factor applies to"),
    optional("factor", &["faktor"], "the factor, such as 1.031"),
    optional("vintage", &["utgave"], "which edition of the index, such as NB24"),
    optional(
        "factor_certainty",
        &["faktor_sikkerhet"],
        "forecast (prognose) or published (publisert); a forecast where empty",
    ),
    required("source", &["kilde"], "who or what says so"),
    NOTE,
];

const CERTAINTIES: &[(&str, IndexCertainty)] = &[
    ("forecast", IndexCertainty::Forecast),
    ("prognose", IndexCertainty::Forecast),
    ("published", IndexCertainty::Published),
    ("publisert", IndexCertainty::Published),
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let procurement = draft.procurement(line)?;
    let name = line.text("name")?.to_owned();
    let licence = LicenceId(derived(procurement.0, &format!("licence/{name}")));
    let Some(on) = line.done_for_sure("on")? else { return Ok(Taken::default()) };
    let known = draft.book().licences.get(&licence);
    let recorded_on = known.and_then(|known| known.recorded.as_ref()).map_or(on, |recorded| recorded.on);
    let mut commands = vec![LicenceCommand::Record {
        licence,
        procurement,
        name,
        starts: line.date("starts")?,
        ends: line.optional_date("ends")?,
        distribution: amounts::distribution(line, draft, procurement)?,
        vat_percent: line.decimal("vat_percent")?,
        index_clause: index_clause(line)?,
        on: recorded_on,
    }];
    let source = line.text("source")?.to_owned();
    if let Some(price) = amounts::assessment(line)? {
        commands.extend(stated(line, (licence, known), price, on, &source)?);
    }
    if line.optional("factor_year").is_some() || line.optional("factor").is_some() {
        let (year, factor) = (line.whole("factor_year")?, line.decimal("factor")?);
        let certainty = line.choice("factor_certainty", CERTAINTIES)?.unwrap_or_default();
        // What was said before the factor that stands is history, whether or not it came in by this file; so is what was expected of
        // one that was published the same day.
        let is_history = |stands: &Indexed| {
            let is_published = stands.certainty == IndexCertainty::Published && certainty == IndexCertainty::Forecast;
            on < stands.on || (on == stands.on && is_published)
        };
        if !known.and_then(|known| known.factors.get(&year)).is_some_and(is_history) {
            let vintage = line.text("vintage")?.to_owned();
            commands.push(LicenceCommand::Index { year, factor, source, vintage, certainty, on });
        }
    }
    Ok(commands.into_iter().map(|command| Wish::Licence(licence, command)).collect::<Vec<_>>().into())
}

/// What a row says of the price: what one year came to, or the price of any year. Nothing where another statement of that year was made
/// later: then it is history, whether or not it came in by this file.
fn stated(
    line: &Line<'_>,
    (licence, known): (LicenceId, Option<&Licence>),
    price: Assessment,
    on: NaiveDate,
    source: &str,
) -> Result<Option<LicenceCommand>, Fault> {
    let source = source.to_owned();
    let year = line.optional("year").map(|_| line.whole::<i32>("year")).transpose()?;
    match price {
        Assessment::Actual { amount_ore } => {
            let year = year.ok_or_else(|| {
                let sentence =
                    "what a licence came to belongs to one year, which is not said; write the year in this column";
                line.fault("year", sentence.to_owned())
            })?;
            let assessment = AssessmentId(derived(licence.0, &format!("actual/{year}/{on}/{amount_ore}/{source}")));
            let is_history = known.and_then(|known| known.actuals.get(&year)).is_some_and(|stands| on < stands.on);
            Ok((!is_history).then_some(LicenceCommand::StateActual { year, assessment, amount_ore, on, source }))
        }
        Assessment::Unknown
        | Assessment::Estimated { .. }
        | Assessment::Quoted { .. }
        | Assessment::Contracted { .. } => {
            if year.is_some() {
                let sentence = "only what a licence came to is of one year; leave the cell empty, or write actual as the certainty";
                return Err(line.fault("year", sentence.to_owned()));
            }
            let assessment = amounts::assessment_id(licence.0, price, on, &source);
            Ok(Some(LicenceCommand::Price { assessment, price, on, source }))
        }
    }
}

fn index_clause(line: &Line<'_>) -> Result<Option<IndexClause>, Fault> {
    line.optional("index")
        .map(|index| Ok(IndexClause { index: index.to_owned(), first_year: line.whole("index_first_year")? }))
        .transpose()
}
