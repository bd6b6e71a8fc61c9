//! `agreements`: affiliation agreements, one row each, with the days on which they went from step to step.

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PARTY, PROCUREMENT, optional, required};
use crate::domain::agreement::{AgreementCommand, Commitment};
use crate::domain::identity::{AgreementId, PersonId};
use crate::handle::Wish;
use crate::ids::derived;
use crate::store::people::Person;

pub(super) const COLUMNS: &[Column] = &[
    PARTY,
    PROCUREMENT,
    optional("county", &["fylkeskommune"], "the county authority on the other side; left out: the one that leads"),
    required("commitment", &["forpliktelse"], "committed (forpliktet) or option (opsjon)"),
    optional(
        "member_from",
        &["deltaker_fra"],
        "first day from which it shares yearly costs; left out: from the beginning",
    ),
    required("drafted_on", &["utkast_dato"], "day of the draft"),
    optional("sent_on", &["sendt_dato"], "day it was sent"),
    optional("answer_by", &["svarfrist"], "day by which it should be signed"),
    optional("signed_on", &["signert_dato"], "day it was signed"),
    optional("signed_role", &["signert_rolle"], "role of who signed, such as kommunedirektør"),
    optional("signed_authority", &["signeringsmyndighet"], "what gives that role authority to sign"),
    optional("signed_name", &["signert_navn"], "who signed: kept outside the log, where it can be erased"),
    optional("active_from", &["i_kraft_fra"], "first day in force"),
    optional("option_exercised_on", &["opsjon_utløst_dato"], "day an option was exercised; then member_from is needed"),
    optional("passed_to", &["overført_til"], "county authority it passed to"),
    optional("passed_on", &["overført_dato"], "day it passed"),
    optional("passed_reference", &["overført_vedtak"], "decision by which it passed"),
    NOTE,
];

pub(super) const COMMITMENTS: &[(&str, Commitment)] = &[
    ("committed", Commitment::Committed),
    ("forpliktet", Commitment::Committed),
    ("option", Commitment::Option),
    ("opsjon", Commitment::Option),
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    if line.is_to_come("drafted_on")? {
        return Ok(Taken::default());
    }
    let party = draft.party(line, "party")?;
    let procurement = draft.procurement(line)?;
    let agreement = AgreementId(derived(procurement.0, &format!("agreement/{party}")));
    let commitment = line.chosen("commitment", COMMITMENTS)?;
    let member_from = line.optional_date("member_from")?;
    let mut commands = Vec::new();
    let mut people = Vec::new();
    if let Some(on) = line.done_for_sure("drafted_on")? {
        let county = draft.county(line, procurement, on)?;
        let member_from = member_from.filter(|_| commitment == Commitment::Committed);
        commands.push(AgreementCommand::Draft { agreement, procurement, party, county, commitment, member_from, on });
    }
    if let Some(on) = line.done("sent_on")? {
        commands.push(AgreementCommand::Send { on, answer_by: line.optional_date("answer_by")? });
    }
    if let Some(on) = line.done("signed_on")? {
        let person = PersonId(derived(agreement.0, "signer"));
        let role = line.text("signed_role")?.to_owned();
        commands.push(AgreementCommand::Sign {
            on,
            role,
            authority: line.text("signed_authority")?.to_owned(),
            person,
        });
        people.extend(line.optional("signed_name").map(|name| (person, named(name))));
    }
    if let Some(from) = line.done("active_from")? {
        commands.push(AgreementCommand::Activate { from });
    }
    if let Some(on) = line.done("option_exercised_on")? {
        commands.push(AgreementCommand::ExerciseOption { on, member_from: line.date("member_from")? });
    }
    if let Some(on) = line.done("passed_on")? {
        let county = draft.party(line, "passed_to")?;
        commands.push(AgreementCommand::Pass { county, on, reference: line.text("passed_reference")?.to_owned() });
    }
    people.retain(|(id, person)| draft.person(*id).as_ref() != Some(person));
    Ok(Taken { wishes: commands.into_iter().map(|command| Wish::Agreement(agreement, command)).collect(), people })
}

fn named(name: &str) -> Person {
    Person { name: name.to_owned(), ..Person::default() }
}
