//! Forms that are read field by field: what cannot be read is named beside its field, what a rule refuses is said beside the one
//! that it speaks of or else above the form, and the page comes again with everything that was typed.

use actix_web::http::StatusCode;
use actix_web::{Either, HttpResponse, web};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::around::{Around, Page};
use super::at_field::field_of;
use super::form::{Sent, see};
use crate::app::App;
use crate::domain::identity::PersonId;
use crate::domain::money::Ore;
use crate::domain::sharing_key::KeyError;
use crate::domain::{TEXT_BYTES_MAX, text_is_sound};
use crate::handle::Wish;
use crate::http::answer::{Known, blocking, read};
use crate::http::problem::Problem;
use crate::render::page::{Fault, Filled, typed_day};

/// Either where one goes on, or the page again.
pub type Answered = Result<Either<HttpResponse, Page>, Problem>;

/// What a form wishes, and where one goes on when it is fulfilled.
pub struct Wished {
    /// None where it is fulfilled already.
    pub wish: Option<Wish>,
    pub then: String,
}

/// A form while it is read.
pub struct Reading<'a> {
    pub sent: &'a Sent,
    filled: Filled,
}

impl<'a> Reading<'a> {
    pub fn of(sent: &'a Sent, form: &'static str) -> Self {
        let filled = Filled { form, typed: sent.fields().clone(), ..Filled::default() };
        Self { sent, filled }
    }

    /// Says that a field is not taken, by the key of what is wrong with it.
    pub fn refuse(&mut self, name: &str, key: &'static str) {
        self.filled.refused.entry(name.to_owned()).or_insert(key);
    }

    /// Says why the whole is not taken: the name of the reason, and its sentence in English.
    pub fn fault(&mut self, code: &str, sentence: String) {
        self.fault_of(code, Map::new(), sentence);
    }

    /// The same with what the sentence speaks of, for languages that say it by themselves.
    pub fn fault_of(&mut self, code: &str, details: Map<String, Value>, sentence: String) {
        self.filled.fault.get_or_insert(Fault { code: code.to_owned(), details, sentence });
    }

    /// Says that the key that is typed is at fault, and why.
    pub fn refuse_key(&mut self, fault: KeyError) {
        self.filled.faulty_key.get_or_insert(fault);
    }

    /// Says of a problem that can be mended why the whole is not taken; gives back any other.
    fn problem(&mut self, problem: Problem) -> Result<(), Problem> {
        if problem.needs_proof() {
            self.filled.needs_proof = true;
        } else if problem.can_be_mended() {
            let (code, details) = (problem.code().to_owned(), problem.fields().clone());
            let field = field_of(&code, &details, &self.filled.typed);
            let fault = Fault { code, details, sentence: problem.to_string() };
            match field {
                Some(field) => _ = self.filled.ruled_out.entry(field).or_insert(fault),
                None => _ = self.filled.fault.get_or_insert(fault),
            }
        } else {
            return Err(problem);
        }
        Ok(())
    }

    /// Says of a rule's problem what is wrong with the field that it is about: each code with the field and the key of what
    /// is wrong with it. Gives back any other problem.
    pub fn at_field(&mut self, problem: Problem, fields: &[(&str, &str, &'static str)]) -> Result<(), Problem> {
        match fields.iter().find(|(code, ..)| *code == problem.code()) {
            Some((_, field, key)) => {
                self.refuse(field, key);
                Ok(())
            }
            None => Err(problem),
        }
    }

    pub fn is_refused(&self) -> bool {
        self.filled.is_refused()
    }

    /// What is typed, whatever it is.
    pub fn typed(&self, name: &str) -> &'a str {
        self.sent.field(name)
    }

    /// A line of text that must be there.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let typed = self.typed(name);
        if text_is_sound(typed) {
            return Some(typed.to_owned());
        }
        self.refuse(name, if typed.len() > TEXT_BYTES_MAX { "page-text-too-long" } else { "page-text-missing" });
        None
    }

    /// A line of text that may be left out.
    pub fn text_or_nothing(&mut self, name: &str) -> Option<String> {
        if self.typed(name).is_empty() { None } else { self.text(name) }
    }

    /// A day that must be there.
    pub fn day(&mut self, name: &str) -> Option<NaiveDate> {
        let day = typed_day(self.typed(name));
        if day.is_none() {
            self.refuse(name, "page-date-refused");
        }
        day
    }

    /// A day that may be left out.
    pub fn day_or_nothing(&mut self, name: &str) -> Option<NaiveDate> {
        if self.typed(name).is_empty() { None } else { self.day(name) }
    }

    /// An amount in kroner above zero.
    pub fn kroner(&mut self, name: &str) -> Option<Ore> {
        let amount = kroner(self.typed(name)).filter(|amount| *amount > Ore::ZERO);
        if amount.is_none() {
            self.refuse(name, "page-amount-refused");
        }
        amount
    }

    /// An amount that may be left out.
    pub fn kroner_or_nothing(&mut self, name: &str) -> Option<Ore> {
        if self.typed(name).is_empty() { None } else { self.kroner(name) }
    }

    /// A choice that is one of those offered.
    pub fn choice<T: Copy>(&mut self, name: &str, of: &[(&str, T)]) -> Option<T> {
        let chosen = of.iter().find(|(value, _)| *value == self.typed(name)).map(|(_, choice)| *choice);
        if chosen.is_none() {
            self.refuse(name, "page-choice-refused");
        }
        chosen
    }

    /// The id of what was chosen.
    pub fn id<T>(&mut self, name: &str, of: fn(Uuid) -> T) -> Option<T> {
        let chosen = self.typed(name).parse().ok();
        if chosen.is_none() {
            self.refuse(name, "page-choice-refused");
        }
        chosen.map(of)
    }

    /// The one who is signed in; where nobody has to sign in, whom the field names.
    pub fn person(&mut self) -> Option<PersonId> {
        if let Some(person) = self.sent.asking.asker().person() {
            return Some(person);
        }
        let named = self.typed("person").parse().ok();
        if named.is_none() {
            self.refuse("person", "page-id-refused");
        }
        named.map(PersonId)
    }

    pub fn finish(self) -> Filled {
        self.filled
    }
}

/// An amount as people type it: `1 500,50`, `1500.5`.
pub fn kroner(text: &str) -> Option<Ore> {
    Ore::parse_kroner(&text.replace([' ', '\u{a0}'], "").replace(',', ".")).ok()
}

/// A number as people type it.
pub fn number(text: &str) -> Option<Decimal> {
    text.replace(',', ".").parse().ok()
}

/// Carries out what a form wishes. Where a field or a rule says no, the page that it was sent from comes again with what was
/// typed.
pub async fn answered(
    app: web::Data<App>,
    around: Around,
    sent: Sent,
    form: &'static str,
    wished: impl FnOnce(&App, &mut Reading<'_>) -> Result<Option<Wished>, Problem> + Send + 'static,
    again: impl FnOnce(&Known<'_>, &Around, &Filled, (StatusCode, Uuid)) -> Result<Page, Problem> + Send + 'static,
) -> Answered {
    let carried_out = move |app: &App, reading: &mut Reading<'_>| {
        let Some(Wished { wish, then }) = wished(app, reading)?.filter(|_| !reading.is_refused()) else {
            return Ok(None);
        };
        if let Some(wish) = wish {
            reading.sent.carry_out(app, wish)?;
        }
        Ok(Some(then))
    };
    done(app, around, sent, form, carried_out, again).await
}

/// The same, where a form asks for more than a wish: `does` what it asks for and says where one goes on.
pub async fn done(
    app: web::Data<App>,
    around: Around,
    sent: Sent,
    form: &'static str,
    does: impl FnOnce(&App, &mut Reading<'_>) -> Result<Option<String>, Problem> + Send + 'static,
    again: impl FnOnce(&Known<'_>, &Around, &Filled, (StatusCode, Uuid)) -> Result<Page, Problem> + Send + 'static,
) -> Answered {
    let around = around.of_form(&sent);
    let (asking, page) = (sent.asking.clone(), sent.of_page()?);
    match tried(app.clone(), sent, form, does).await? {
        Ok(then) => Ok(Either::Left(see(&then))),
        Err((filled, status)) => {
            // What was asked for before by the same id and has become something else since, is asked for by another.
            let command = if filled.is_used_up() { app.ids.new_id() } else { page };
            let page = read(app, asking, None, move |known| again(known, &around, &filled, (status, command))).await?;
            Ok(Either::Right(page))
        }
    }
}

/// What a form led to; or what was typed, and how the page that shows it again is answered.
pub type Tried<T> = Result<T, (Filled, StatusCode)>;

/// Does what a form asks for, where what it leads to is no address: the caller answers.
pub async fn tried<T: Send + 'static>(
    app: web::Data<App>,
    sent: Sent,
    form: &'static str,
    does: impl FnOnce(&App, &mut Reading<'_>) -> Result<Option<T>, Problem> + Send + 'static,
) -> Result<Tried<T>, Problem> {
    blocking(move || {
        let mut reading = Reading::of(&sent, form);
        match does(&app, &mut reading) {
            Ok(Some(done)) if !reading.is_refused() => return Ok(Ok(done)),
            Ok(Some(_) | None) => {}
            Err(problem) => reading.problem(problem)?,
        }
        let filled = reading.finish();
        let status = if filled.needs_proof { StatusCode::FORBIDDEN } else { StatusCode::UNPROCESSABLE_ENTITY };
        Ok(Err((filled, status)))
    })
    .await
}
