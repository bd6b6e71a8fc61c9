//! `costs`: one-time costs. Each row states what was known on a day; the first also records the cost.

use chrono::NaiveDate;

use super::amounts::{self, AMOUNT, CERTAINTY, HIGH, LIKELY, LOW, PAID_BY, SHARED_BY};
use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PROCUREMENT, optional, required};
use crate::domain::cost::{Cost, CostCommand, CostKind, Granted};
use crate::domain::identity::{CostId, GrantId};
use crate::domain::money::Ore;
use crate::handle::Wish;
use crate::ids::derived;

pub(super) const COLUMNS: &[Column] = &[
    PROCUREMENT,
    required("name", &["navn"], "what people call the cost"),
    required(
        "kind",
        &["type"],
        "conversion (konvertering), training (opplæring), integration (integrasjon) or project (prosjekt)",
    ),
    required("year", &["år", "budsjettår"], "budget year it was first recorded for"),
    SHARED_BY,
    PAID_BY,
    required("vat_percent", &["mva_prosent"], "VAT in percent"),
    required("on", &["date", "dato"], "day of the statement"),
    CERTAINTY,
    LOW,
    LIKELY,
    HIGH,
    AMOUNT,
    optional("grant_from", &["tilskudd_fra"], "who gives a grant that is taken off"),
    optional("grant_amount", &["tilskudd_beløp"], "how much, in kroner excluding VAT"),
    optional("grant_reference", &["tilskudd_referanse"], "the letter that says so"),
    optional(
        "grant_withdrawn",
        &["tilskudd_trukket"],
        "yes where the grant, named as it was recorded, is taken off no more; the reason stands in source",
    ),
    optional("moved_to_year", &["flyttet_til_år"], "budget year it was moved to; the reason stands in source"),
    optional("cancelled", &["avlyst"], "yes where it will not come; the reason stands in source"),
    required("source", &["kilde"], "who or what says so"),
    NOTE,
];

const KINDS: &[(&str, CostKind)] = &[
    ("conversion", CostKind::Conversion),
    ("konvertering", CostKind::Conversion),
    ("training", CostKind::Training),
    ("opplæring", CostKind::Training),
    ("integration", CostKind::Integration),
    ("integrasjon", CostKind::Integration),
    ("project", CostKind::Project),
    ("prosjekt", CostKind::Project),
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let procurement = draft.procurement(line)?;
    let name = line.text("name")?.to_owned();
    let cost = CostId(derived(procurement.0, &format!("cost/{name}")));
    let Some(on) = line.done_for_sure("on")? else { return Ok(Taken::default()) };
    let known = draft.book().costs.get(&cost);
    let recorded_on = known.and_then(|known| known.recorded.as_ref()).map_or(on, |recorded| recorded.on);
    let mut commands = vec![CostCommand::Record {
        cost,
        procurement,
        name,
        kind: line.chosen("kind", KINDS)?,
        year: line.whole("year")?,
        distribution: amounts::distribution(line, draft, procurement)?,
        vat_percent: line.decimal("vat_percent")?,
        on: recorded_on,
    }];
    let source = line.text("source")?.to_owned();
    let taken_back = TakenBack::of(line)?;
    if let Some(meant) = &taken_back {
        // Before the amount, which may be less than the grant.
        let grant = recorded_grant(line, known, meant)?;
        commands.push(CostCommand::WithdrawGrant { grant, reason: source.clone(), on });
    }
    if let Some(amount) = amounts::assessment(line)? {
        let assessment = amounts::assessment_id(cost.0, amount, on, &source);
        commands.push(CostCommand::Assess { assessment, amount, on, source: source.clone() });
    }
    if taken_back.is_some() {
        // The grant is named, and not given.
    } else if let Some(from) = line.optional("grant_from") {
        let (amount_ore, reference) = (line.ore("grant_amount")?, line.text("grant_reference")?.to_owned());
        let grant = GrantId(derived(cost.0, &format!("grant/{on}/{from}/{amount_ore}/{reference}")));
        commands.push(CostCommand::Grant { grant, from: from.to_owned(), amount_ore, reference, on });
    }
    if line.optional("moved_to_year").is_some() {
        commands.push(CostCommand::Move { to_year: line.whole("moved_to_year")?, reference: source.clone(), on });
    }
    if line.yes_or_no("cancelled")? == Some(true) {
        commands.push(CostCommand::Cancel { on, reference: source });
    }
    commands.retain(|command| !known.is_some_and(|known| happened(known, command)));
    Ok(commands.into_iter().map(|command| Wish::Cost(cost, command)).collect::<Vec<_>>().into())
}

/// A grant that a row takes back, as it names it, and why and when.
#[derive(Debug, PartialEq)]
struct TakenBack<'t> {
    procurement: Option<&'t str>,
    name: &'t str,
    from: &'t str,
    amount_ore: Ore,
    reference: &'t str,
    reason: &'t str,
    on: NaiveDate,
}

impl<'t> TakenBack<'t> {
    /// What a row takes back; none where it takes back nothing.
    fn of(line: &Line<'t>) -> Result<Option<Self>, Fault> {
        if line.yes_or_no("grant_withdrawn")? != Some(true) {
            return Ok(None);
        }
        Ok(Some(Self {
            procurement: line.optional("procurement"),
            name: line.text("name")?,
            from: line.text("grant_from")?,
            amount_ore: line.ore("grant_amount")?,
            reference: line.text("grant_reference")?,
            reason: line.text("source")?,
            on: line.date("on")?,
        }))
    }

    fn names(&self, granted: &Granted) -> bool {
        granted.from == self.from && granted.amount_ore == self.amount_ore && granted.reference == self.reference
    }
}

/// The grant that a row names by who gave it, how much and in which letter: the one that was withdrawn for the same reason on the
/// same day, else one that is taken off, or else one that was. Where rows before it say the same, each takes back one.
fn recorded_grant(line: &Line<'_>, known: Option<&Cost>, meant: &TakenBack<'_>) -> Result<GrantId, Fault> {
    let said_before =
        line.before().filter(|before| TakenBack::of(before).is_ok_and(|said| said.as_ref() == Some(meant))).count();
    let all_withdrawn = || known.into_iter().flat_map(|known| &known.withdrawn_grants);
    let by_such_rows = all_withdrawn()
        .filter(|grant| grant.withdrawn.reason == meant.reason && grant.withdrawn.on == meant.on)
        .map(|grant| &grant.granted);
    let in_force = known.into_iter().flat_map(|known| &known.grants);
    let is_meant = |granted: &&Granted| meant.names(granted);
    if let Some(granted) = by_such_rows.chain(in_force).filter(is_meant).nth(said_before) {
        return Ok(granted.grant);
    }
    let withdrawn = all_withdrawn().map(|grant| &grant.granted).find(is_meant);
    withdrawn.filter(|_| said_before == 0).map(|granted| granted.grant).ok_or_else(|| {
        let TakenBack { from, amount_ore, reference, .. } = meant;
        let sentence = if said_before == 0 {
            format!(
                "no grant of {amount_ore} kroner from \"{from}\" by \"{reference}\" is recorded; name it as it was recorded"
            )
        } else {
            format!(
                "there is nothing left to withdraw: rows before it withdraw every grant of {amount_ore} kroner from \"{from}\" by \
                 \"{reference}\"; remove the row, or record the further grant first"
            )
        };
        line.fault("grant_from", sentence)
    })
}

/// Whether the step is part of the cost's history, though later steps may have gone beyond it.
fn happened(known: &Cost, command: &CostCommand) -> bool {
    match command {
        CostCommand::Record { .. } => false,
        CostCommand::Assess { assessment, .. } => {
            known.statements.iter().any(|statement| statement.assessment == *assessment)
        }
        CostCommand::Grant { grant, .. } => {
            let withdrawn = known.withdrawn_grants.iter().map(|known| &known.granted);
            known.grants.iter().chain(withdrawn).any(|granted| granted.grant == *grant)
        }
        CostCommand::WithdrawGrant { grant, reason, on } => known.withdrawn_grants.iter().any(|known| {
            let withdrawn = &known.withdrawn;
            withdrawn.grant == *grant && withdrawn.reason == *reason && withdrawn.on == *on
        }),
        CostCommand::Move { to_year, reference, on } => known
            .moves
            .iter()
            .any(|moved| moved.to_year == *to_year && moved.reference == *reference && moved.on == *on),
        CostCommand::RecordSupplierInvoice { supplier_invoice } => known.supplier_invoices.contains(supplier_invoice),
        CostCommand::Cancel { on, .. } => known.cancelled_on == Some(*on),
    }
}
