//! `parties`: what a party is and what holds of it from a day: number, names, and what became of it.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, optional};
use super::names::{self, FROM, NAME_FKV, NAME_NB, NAME_ORDER, NAME_SE};
use crate::domain::identity::PartyId;
use crate::domain::number::ungrouped;
use crate::domain::party::{PartyCommand, PartyKind, SplitShare, WrittenForm};
use crate::handle::Wish;
use crate::ids::{NAMESPACE, derived};

pub(super) const COLUMNS: &[Column] = &[
    optional(
        "organisation_number",
        &["organisasjonsnummer", "orgnr"],
        "nine digits; only a party of another kind may be without",
    ),
    optional("kind", &["type"], "municipality, county_authority or other; needed the first time"),
    FROM,
    optional("number", &["kommunenummer", "fylkesnummer", "nummer"], "municipality or county number from that day"),
    NAME_NB,
    NAME_SE,
    NAME_FKV,
    NAME_ORDER,
    optional(
        "vat_compensated",
        &["momskompensasjon"],
        "yes or no from that day; left out: as it is known, or yes, unless it is of another kind",
    ),
    optional("sami_language_area", &["samisk_språkområde"], "yes or no: whether it belongs to the area from that day"),
    optional("written_form", &["målform"], "bokmål or nynorsk from that day"),
    optional("buyer_reference", &["bestillerreferanse"], "the reference it wants on invoices"),
    optional("order_reference", &["ordrereferanse"], "the number of its own order, which it wants on invoices"),
    optional("accounting_cost", &["kontering"], "the account it books to, which it wants on invoices"),
    optional(
        "in_foretaksregisteret",
        &["i_foretaksregisteret"],
        "yes or no from that day, with vat_registered and source: companies stand there, a county authority does not",
    ),
    optional("vat_registered", &["mva_registrert"], "yes or no from that day, with in_foretaksregisteret and source"),
    optional("merged_into", &["slått_sammen_til"], "the party it became part of on that day"),
    optional("split_into", &["delt_i"], "who took over how many percent on that day, such as 1508=86|1580=14"),
    optional("succeeded_by", &["etterfulgt_av"], "who came after a county authority on that day, such as 55|56"),
    optional("reference", &["referanse", "vedtak"], "the decision to merge, split or succeed"),
    optional("source", &["kilde"], "where it is from; taken in with what the registers say of it alone"),
    NOTE,
];

const KINDS: &[(&str, PartyKind)] = &[
    ("municipality", PartyKind::Municipality),
    ("kommune", PartyKind::Municipality),
    ("county_authority", PartyKind::CountyAuthority),
    ("fylkeskommune", PartyKind::CountyAuthority),
    ("other", PartyKind::Other),
    ("annen", PartyKind::Other),
];

const WRITTEN_FORMS: &[(&str, WrittenForm)] =
    &[("bokmål", WrittenForm::Bokmal), ("bokmal", WrittenForm::Bokmal), ("nynorsk", WrittenForm::Nynorsk)];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let Some(from) = line.done_for_sure("from")? else { return Ok(Taken::default()) };
    let party = identified(line, draft)?;
    let mut wishes = vec![register(line, draft, party)?];
    if let Some(compensated) = line.yes_or_no("vat_compensated")? {
        wishes.push(PartyCommand::SetVatCompensation { compensated, from });
    }
    if let Some(number) = line.optional("number") {
        wishes.push(PartyCommand::Number { number: number.to_owned(), from });
    }
    let names = names::names(line)?;
    if !names.is_empty() {
        wishes.push(PartyCommand::Name { names, from });
    }
    if let Some(belongs) = line.yes_or_no("sami_language_area")? {
        wishes.push(PartyCommand::SetSamiLanguageArea { belongs, from });
    }
    if let Some(written_form) = line.choice("written_form", WRITTEN_FORMS)? {
        wishes.push(PartyCommand::ChooseWrittenForm { written_form, from });
    }
    if let Some(reference) = line.optional("buyer_reference") {
        wishes.push(PartyCommand::SetBuyerReference { reference: reference.to_owned() });
    }
    wishes.extend(invoice_references(line, draft, party));
    if ["in_foretaksregisteret", "vat_registered"].into_iter().any(|column| line.optional(column).is_some()) {
        wishes.push(PartyCommand::StateRegisterEntry {
            in_foretaksregisteret: line.surely_yes_or_no("in_foretaksregisteret")?,
            vat_registered: line.surely_yes_or_no("vat_registered")?,
            from,
            source: line.text("source")?.to_owned(),
        });
    }
    if line.optional("merged_into").is_some() {
        let into = draft.party(line, "merged_into")?;
        wishes.push(PartyCommand::Merge { into, on: from, reference: line.text("reference")?.to_owned() });
    }
    if let Some(shares) = line.optional("split_into") {
        let shares = shares.split('|').map(|share| split_share(line, draft, share)).collect::<Result<_, _>>()?;
        wishes.push(PartyCommand::Split { shares, on: from, reference: line.text("reference")?.to_owned() });
    }
    if let Some(successors) = line.optional("succeeded_by") {
        let successors = successors
            .split('|')
            .map(|successor| draft.party_called(line, "succeeded_by", successor.trim()))
            .collect::<Result<_, _>>()?;
        wishes.push(PartyCommand::Succeed { successors, on: from, reference: line.text("reference")?.to_owned() });
    }
    Ok(wishes.into_iter().map(|command| Wish::Party(party, command)).collect::<Vec<_>>().into())
}

/// The party of the row: known by its organisation number, or else by its number or name, or new.
fn identified(line: &Line<'_>, draft: &Draft<'_>) -> Result<PartyId, Fault> {
    let column =
        ["organisation_number", "number", "name_nb"].into_iter().find(|column| line.optional(column).is_some());
    let Some(column) = column else {
        return Err(line.fault(
            "organisation_number",
            "the row says of no party; give an organisation number, or a number where it has none".to_owned(),
        ));
    };
    let called = &*ungrouped(line.text(column)?);
    match draft.parties_called(called).as_slice() {
        [party] => Ok(*party),
        [] => Ok(PartyId(party_id(column, called))),
        several => Err(line
            .fault(column, format!("{} parties are called \"{called}\"; give the organisation number", several.len()))),
    }
}

/// The id of a party that is not known yet: the same each time the same file is read.
fn party_id(column: &str, called: &str) -> Uuid {
    derived(NAMESPACE, &format!("party/{column}/{called}"))
}

fn register(line: &Line<'_>, draft: &Draft<'_>, party: PartyId) -> Result<PartyCommand, Fault> {
    let known = draft.book().parties.get(&party).and_then(|known| known.registered.as_ref());
    let kind = match (line.choice("kind", KINDS)?, known) {
        (Some(kind), _) => kind,
        (None, Some(known)) => known.kind,
        (None, None) => line.chosen("kind", KINDS)?,
    };
    let vat_compensated = match (known, line.yes_or_no("vat_compensated")?) {
        (Some(known), _) => known.vat_compensated,
        (None, Some(compensated)) => compensated,
        (None, None) => kind != PartyKind::Other,
    };
    let organisation_number = match line.optional("organisation_number") {
        Some(number) => Some(ungrouped(number)),
        None => known.and_then(|known| known.organisation_number.clone()),
    };
    Ok(PartyCommand::Register { party, kind, organisation_number, vat_compensated })
}

/// What a row says of the further references; a cell that is empty leaves what is known.
fn invoice_references(line: &Line<'_>, draft: &Draft<'_>, party: PartyId) -> Option<PartyCommand> {
    let (order, cost) = (line.optional("order_reference"), line.optional("accounting_cost"));
    let known = draft.book().parties.get(&party).and_then(|known| known.invoice_references.clone());
    let (known_order, known_cost) = known.map_or((None, None), |known| (known.order_reference, known.accounting_cost));
    (order.is_some() || cost.is_some()).then(|| PartyCommand::SetInvoiceReferences {
        order_reference: order.map(str::to_owned).or(known_order),
        accounting_cost: cost.map(str::to_owned).or(known_cost),
    })
}

fn split_share(line: &Line<'_>, draft: &Draft<'_>, share: &str) -> Result<SplitShare, Fault> {
    let parted = share.split_once('=').and_then(|(party, percent)| {
        percent.trim().replace(',', ".").parse::<Decimal>().ok().map(|percent| (party.trim(), percent))
    });
    let Some((party, percent)) = parted else {
        return Err(line.fault(
            "split_into",
            format!("\"{share}\" is no share; write the party, = and its percentage, such as 1508=86|1580=14"),
        ));
    };
    Ok(SplitShare { party: draft.party_called(line, "split_into", party)?, percent })
}
