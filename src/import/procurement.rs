//! `procurement`: what a procurement is called and who leads it, its milestones, and how VAT on it is treated, as TOML.

use std::ops::Range;
use std::path::Path;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use super::draft::{Draft, Taken};
use super::line::Fault;
use super::{Plan, RowFault};
use crate::domain::identity::{CostId, LicenceId, PartyId, PersonId, ProcurementId};
use crate::domain::party::PartyKind;
use crate::domain::procurement::ProcurementCommand;
use crate::domain::vat::{AppliesTo, VatTreatment};
use crate::handle::Wish;
use crate::ids::{NAMESPACE, derived};
use crate::store::people::Person;
use crate::toml_file::{TomlFile, TomlFileError};

/// The most bytes of such a file.
const BYTES_MAX: usize = 1024 * 1024;

/// What such a file may hold, to copy.
pub(super) const FORM: &str = r#"name            = "Felles biblioteksystem"   # what people call it
county          = "54"                       # who leads it: number, organisation number or name
opened_on       = "2024-01-15"
agreement_label = "tilknytningsavtale"       # what its agreements are called
illustrative    = false                      # true: the amounts are invented, and every document says so; may be left out

[renamed_label]                              # may be left out, as all below
label = "tilslutningsavtale"
from  = "2024-11-01"

[[milestone]]                                # one for each; with another day it is moved
name = "kontrakt"
on   = "2024-10-15"

[[vat]]                                      # one for each decision of county finance; with cost = "Konvertering" or
                                             # licence = "Lisens" for that alone, else for all that has none of its own
treatment   = "viderefakturering"            # or kostnadsdeling, utlegg, utenfor
vat_percent = "25"                           # for viderefakturering alone
from        = "2024-01-01"                   # the first invoice date it holds for
decision    = "sak 24/101"
role        = "økonomisjef"                  # of who decided
decided_by  = "Økonomisjefen"                # may be left out: kept outside the log, where it can be erased
decided_on  = "2024-02-01"
"#;

/// A file of a procurement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcurementFile {
    name: Spanned<String>,
    county: Spanned<String>,
    opened_on: NaiveDate,
    agreement_label: String,
    #[serde(default)]
    illustrative: bool,
    renamed_label: Option<Spanned<RenamedLabel>>,
    #[serde(default)]
    milestone: Vec<Spanned<Milestone>>,
    #[serde(default)]
    vat: Vec<Spanned<VatDecision>>,
}

/// Another name for the agreements.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenamedLabel {
    /// The name.
    pub label: String,
    /// The first day it is used.
    pub from: NaiveDate,
}

/// A day that people refer to by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Milestone {
    name: String,
    on: NaiveDate,
}

/// The treatment of VAT on a cost or a licence, or on all of the procurement that has none of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VatDecision {
    /// The name of the cost.
    pub cost: Option<String>,
    /// The name of the licence.
    pub licence: Option<String>,
    /// How it is passed on.
    pub treatment: VatTreatment,
    /// VAT in percent.
    pub vat_percent: Option<Decimal>,
    /// The first invoice date it holds for.
    pub from: NaiveDate,
    /// The reference.
    pub decision: String,
    /// The role of who decided.
    pub role: String,
    /// The name of who decided.
    pub decided_by: Option<String>,
    /// The day.
    pub decided_on: NaiveDate,
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<(TomlFile, ProcurementFile), TomlFileError> {
    let source = TomlFile::read(path, BYTES_MAX)?;
    let file = source.read_as(source.table()?)?;
    Ok((source, file))
}

/// Plans a whole file against what `draft` knows.
pub(super) fn plan(source: &TomlFile, file: &ProcurementFile, mut draft: Draft<'_>) -> Result<Plan, Vec<RowFault>> {
    let at = |span: Range<usize>, fault: Fault| RowFault {
        row: source.row(&span) as u64,
        column: fault.column,
        sentence: fault.sentence,
    };
    let procurement = open(file, &mut draft).map_err(|(span, fault)| vec![at(span, fault)])?;
    let mut faults = Vec::new();
    for (span, taken) in entries(file, procurement, &draft) {
        faults.extend(taken.and_then(|taken| draft.take_in(taken, |_| None)).err().map(|fault| at(span, fault)));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let (wishes, people) = draft.take_out();
    Ok(Plan { wishes, people })
}

type AtRow<T> = Result<T, (Range<usize>, Fault)>;

/// Opens the procurement of this name in the draft, unless it is open.
fn open(file: &ProcurementFile, draft: &mut Draft<'_>) -> AtRow<ProcurementId> {
    let name = file.name.get_ref();
    let procurement = match draft.book().procurements_called(Some(name)).as_slice() {
        [] => ProcurementId(derived(NAMESPACE, &format!("procurement/{name}"))),
        [known] => *known,
        several => {
            let sentence = format!("{} procurements are called \"{name}\"; use `grenselos record`", several.len());
            return Err((file.name.span(), Fault { column: Some("name".to_owned()), sentence }));
        }
    };
    let county = county(file.county.get_ref(), draft)
        .map_err(|sentence| (file.county.span(), Fault { column: Some("county".to_owned()), sentence }))?;
    let command = ProcurementCommand::Open {
        procurement,
        name: name.clone(),
        county,
        agreement_label: file.agreement_label.clone(),
        illustrative: file.illustrative,
        on: file.opened_on,
    };
    let taken = draft.take_in(vec![Wish::Procurement(procurement, command)].into(), |_| None);
    taken.map(|()| procurement).map_err(|fault| (file.name.span(), fault))
}

/// The county authority that leads it.
fn county(called: &str, draft: &Draft<'_>) -> Result<PartyId, String> {
    let county = draft.one_called(called)?;
    let registered = draft.book().parties.get(&county).and_then(|known| known.registered.as_ref());
    if registered.is_some_and(|registered| registered.kind == PartyKind::CountyAuthority) {
        Ok(county)
    } else {
        Err(format!("\"{called}\" is no county authority; name the one that leads the procurement"))
    }
}

/// What the file says of an open procurement, each with its place.
fn entries(
    file: &ProcurementFile,
    procurement: ProcurementId,
    draft: &Draft<'_>,
) -> Vec<(Range<usize>, Result<Taken, Fault>)> {
    let of = |command| Taken::from(vec![Wish::Procurement(procurement, command)]);
    let labels = file.renamed_label.iter().map(|renamed| {
        let RenamedLabel { label, from } = renamed.get_ref().clone();
        (renamed.span(), Ok(of(ProcurementCommand::ChooseAgreementLabel { label, from })))
    });
    let milestones = file.milestone.iter().map(|milestone| {
        let Milestone { name, on } = milestone.get_ref().clone();
        (milestone.span(), Ok(of(ProcurementCommand::SetMilestone { name, on })))
    });
    let decisions = file.vat.iter().map(|vat| (vat.span(), decided(vat.get_ref(), procurement, draft)));
    labels.chain(milestones).chain(decisions).collect()
}

fn decided(vat: &VatDecision, procurement: ProcurementId, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let person = PersonId(derived(procurement.0, &format!("vat/{}/{}", vat.role, vat.decision)));
    let command = ProcurementCommand::DecideVatTreatment {
        treatment: vat.treatment,
        vat_percent: vat.vat_percent,
        applies_to: applies_to(vat, procurement, draft)?,
        from: vat.from,
        decision: vat.decision.clone(),
        role: vat.role.clone(),
        person,
        on: vat.decided_on,
    };
    let named = vat.decided_by.as_ref().map(|name| Person { name: name.clone(), ..Person::default() });
    let people = named.filter(|named| draft.person(person).as_ref() != Some(named)).map(|named| (person, named));
    Ok(Taken { wishes: vec![Wish::Procurement(procurement, command)], people: people.into_iter().collect() })
}

fn applies_to(vat: &VatDecision, procurement: ProcurementId, draft: &Draft<'_>) -> Result<AppliesTo, Fault> {
    let unknown = |column: &str, name: &str| Fault {
        column: Some(column.to_owned()),
        sentence: format!(
            "the procurement has no {column} called \"{name}\"; leave this decision out, import the {column} with \
             `grenselos import {column}s FILE.csv`, and then this file once more with it"
        ),
    };
    match (&vat.cost, &vat.licence) {
        (None, None) => Ok(AppliesTo::Procurement),
        (Some(name), None) => {
            let cost = cost_called(draft, procurement, name);
            cost.map(|cost| AppliesTo::Cost { cost }).ok_or_else(|| unknown("cost", name))
        }
        (None, Some(name)) => {
            let licence = licence_called(draft, procurement, name);
            licence.map(|licence| AppliesTo::Licence { licence }).ok_or_else(|| unknown("licence", name))
        }
        (Some(_), Some(_)) => Err(Fault {
            column: Some("licence".to_owned()),
            sentence: "the decision is for a cost and for a licence; write one for each".to_owned(),
        }),
    }
}

fn cost_called(draft: &Draft<'_>, procurement: ProcurementId, name: &str) -> Option<CostId> {
    let costs = draft.book().costs_of(procurement).into_iter();
    let mut called = costs.filter(|(_, cost)| cost.recorded.as_ref().is_some_and(|recorded| recorded.name == name));
    called.next().map(|(id, _)| id)
}

fn licence_called(draft: &Draft<'_>, procurement: ProcurementId, name: &str) -> Option<LicenceId> {
    let licences = draft.book().licences_of(procurement).into_iter();
    let mut called =
        licences.filter(|(_, licence)| licence.recorded.as_ref().is_some_and(|recorded| recorded.name == name));
    called.next().map(|(id, _)| id)
}
