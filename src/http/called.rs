//! What people are called for whoever asks, in the language of a page: by name for who keeps accounts alone; for everybody else by
//! the roles they hold and the beginning of their id, which tells those of one role apart.

use chrono::NaiveDate;

use super::accounts::role_shown;
use super::answer::Known;
use super::asking::{Asking, PERSON};
use crate::app::App;
use crate::domain::identity::PersonId;
use crate::render::page::{actor_called, person_called};
use crate::text::Language;
use crate::view::book::Book;

/// Who asks what people are called, and by what is known of their roles.
#[derive(Clone, Copy)]
pub struct Calling<'a> {
    pub app: &'a App,
    pub asking: &'a Asking,
    pub book: &'a Book,
    pub day: NaiveDate,
    pub language: Language,
}

impl<'a> Calling<'a> {
    pub fn of(known: &Known<'a>, language: Language) -> Self {
        let Known { app, asking, book, day, .. } = *known;
        Self { app, asking, book, day, language }
    }

    /// Who stands in the log as having done something.
    pub fn actor(self, written: &str) -> String {
        let person = written.strip_prefix(PERSON).and_then(|id| id.parse().ok());
        person.map_or_else(|| actor_called(self.language, written), |person| self.person(person))
    }

    pub fn person(self, person: PersonId) -> String {
        let sees = Some(person).filter(|_| self.asking.sees_names());
        let kept = sees.and_then(|person| self.app.people.get(person).ok().flatten());
        kept.map(|kept| kept.name).filter(|name| !name.is_empty()).unwrap_or_else(|| self.in_role(person))
    }

    /// A person by role, whoever asks.
    pub fn in_role(self, person: PersonId) -> String {
        let held = self.book.access.get(&person).map(|access| access.held.as_slice()).unwrap_or_default();
        let roles: Vec<_> = held.iter().map(|held| role_shown(self.book, held.role, held.until, self.day)).collect();
        person_called(self.language, &roles, &person.to_string())
    }
}
