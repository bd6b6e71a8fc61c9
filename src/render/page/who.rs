//! What those are called who have done something, where no name is said.

use super::super::words::Say;
use super::accounts::RoleShown;
use crate::text::Language;

/// So much of an id tells people of one role apart.
const ID_CHARACTERS: usize = 8;

/// Those in the log that are no persons, each with what it is called.
const CALLED: [(&str, &str); 8] = [
    ("api", "page-actor-machine"),
    ("command line", "page-actor-command-line"),
    ("worker", "page-actor-worker"),
    ("statistics", "page-actor-statistics"),
    ("county-library", "page-actor-county-library"),
    ("county-finance", "page-actor-county-finance"),
    ("county-council", "page-actor-county-council"),
    ("libraries", "page-actor-libraries"),
];

/// What stands in the log as having done something and is no person; as it stands there where it is none that is known.
#[must_use]
pub fn actor_called(language: Language, written: &str) -> String {
    let key = CALLED.iter().find(|(known, _)| *known == written).map(|(_, key)| *key);
    key.map_or_else(|| written.to_owned(), |key| Say::of(language).word(key))
}

/// A person by the roles that they hold and the beginning of their id; by that alone where they hold none.
#[must_use]
pub fn person_called(language: Language, roles: &[RoleShown], id: &str) -> String {
    let say = Say::of(language);
    let short = id.get(..ID_CHARACTERS).unwrap_or(id);
    if roles.is_empty() {
        return say.sentence("page-actor-person", [("id", short)]);
    }
    let roles: Vec<String> = roles.iter().map(|role| role_said(say, role)).collect();
    format!("{} ({short})", roles.join(", "))
}

/// A role with what it reaches.
pub(super) fn role_said(say: Say, role: &RoleShown) -> String {
    match &role.scope {
        Some(scope) => format!("{}: {scope}", say.word(role.key())),
        None => say.word(role.key()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Role;

    #[test]
    fn who_did_something_is_called_by_role_and_the_beginning_of_an_id() {
        let id = "00000007-0000-0000-0000-000000000000";
        let auditor = RoleShown { role: Role::Auditor, scope: None, until: None };
        let leader = RoleShown { scope: Some("Alta".to_owned()), ..auditor.clone() };
        assert_eq!(person_called(Language::Bokmal, &[auditor, leader], id), "Revisor, Revisor: Alta (00000007)");
        assert_eq!(person_called(Language::Bokmal, &[], id), "person 00000007");
        assert_eq!(actor_called(Language::Nynorsk, "command line"), "kommandolinja");
        assert_eq!(actor_called(Language::English, "import"), "import");
    }
}
