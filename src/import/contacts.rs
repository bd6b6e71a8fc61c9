//! `contacts`: who answers for what. Names and addresses go to the table of people; the log gets an id alone.

use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PARTY, optional, required};
use crate::domain::party::{ContactRole, PartyCommand};
use crate::handle::Wish;
use crate::store::people::Person;

pub(super) const COLUMNS: &[Column] = &[
    PARTY,
    required("role", &["rolle"], "leader (kommunedirektør), library_leader (biblioteksjef) or finance (økonomi)"),
    required("name", &["navn"], "the person's name"),
    required("email", &["e-post", "epost"], "e-mail address"),
    optional("phone", &["telefon"], "telephone number"),
    optional("address", &["adresse"], "postal address"),
    NOTE,
];

const ROLES: &[(&str, ContactRole)] = &[
    ("leader", ContactRole::Leader),
    ("kommunedirektør", ContactRole::Leader),
    ("library_leader", ContactRole::LibraryLeader),
    ("biblioteksjef", ContactRole::LibraryLeader),
    ("finance", ContactRole::Finance),
    ("økonomi", ContactRole::Finance),
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    let party = draft.party(line, "party")?;
    let role = line.chosen("role", ROLES)?;
    let person = Person {
        name: line.text("name")?.to_owned(),
        email: Some(address(line)?),
        phone: line.optional("phone").map(str::to_owned),
        address: line.optional("address").map(str::to_owned),
    };
    let current = draft.book().parties.get(&party).and_then(|party| party.contacts.get(&role)).copied();
    match current {
        Some(id) if draft.person(id).as_ref() == Some(&person) => Ok(Taken::default()),
        Some(id) if draft.person_of_this_import(id) => {
            Err(line.fault("role", "an earlier row names another person for this; keep one of them".to_owned()))
        }
        Some(_) | None => {
            let id = draft.new_person();
            let wish = Wish::Party(party, PartyCommand::NameContact { role, person: id });
            Ok(Taken { wishes: vec![wish], people: vec![(id, person)] })
        }
    }
}

/// Something before the sign and a name with a dot after it: whether anybody is there, the mail server says.
fn address(line: &Line<'_>) -> Result<String, Fault> {
    let text = line.text("email")?;
    let sound = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains('@')
            && !text.chars().any(|character| character.is_whitespace() || character.is_control())
    });
    if sound {
        Ok(text.to_owned())
    } else {
        Err(line.fault("email", format!("\"{text}\" is no e-mail address; write it as name@municipality.no")))
    }
}
