//! Who asks, and whether they may: what every handler takes and asks the policy by.

mod wish;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::problem::{
    ACCESS_DENIED, FORM_OF_ANOTHER_SESSION, OTHER_PERSON_NEEDED, PERSON_NOT_ONESELF, PROOF_NEEDED, Problem,
    SIGN_IN_NEEDED,
};
use crate::app::App;
use crate::clock;
use crate::domain::access::Held;
use crate::domain::access::policy::{self, About, Asker, Decision, Nature, Operation, When};
use crate::domain::identity::PersonId;
use crate::handle::Wish;
use crate::sign_in::Secret;
use crate::view::book::Book;

pub use wish::savers;

/// Who is at this machine itself, where sign-in is switched off.
const OPERATOR: &str = "api";

/// What decides what somebody sees on a day: the roles, and how it is known who asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Whether it is asked at this machine itself, where nobody has to sign in.
    pub is_operator: bool,
    /// The roles.
    pub held: Vec<Held>,
    /// Whether something may be changed, if a role reaches it.
    pub writes: bool,
    /// The same for what binds somebody.
    pub binds: bool,
}

/// Who asks, and when.
#[derive(Debug, Clone)]
pub struct Asking {
    asker: Asker,
    session: Option<Secret>,
    when: When,
}

impl FromRequest for Asking {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let unknown = || Problem::new(SIGN_IN_NEEDED, "it is not known who asks; sign in");
        ready(request.extensions().get::<Self>().cloned().ok_or_else(unknown))
    }
}

impl Asking {
    /// Somebody asks, now.
    pub fn now(app: &App, asker: Asker, session: Option<Secret>) -> Self {
        let at = app.clock.now();
        Self { asker, session, when: When { at, day: clock::norwegian_day(at) } }
    }

    /// Who.
    pub fn asker(&self) -> &Asker {
        &self.asker
    }

    /// The secret of the session that it is asked in.
    pub fn session(&self) -> Option<&Secret> {
        self.session.as_ref()
    }

    /// What each form of the session carries, so that no page of another site can have made it; nothing where there is no
    /// session.
    pub fn form_token(&self) -> String {
        self.session.as_ref().map(Secret::form_token).unwrap_or_default()
    }

    /// Whether a form is one of the session's own.
    ///
    /// # Errors
    /// It is not.
    pub fn check_form(&self, token: &str) -> Result<(), Problem> {
        if token == self.form_token() {
            return Ok(());
        }
        Err(Problem::new(
            FORM_OF_ANOTHER_SESSION,
            "the form is of another session; load the page again and send it once more",
        ))
    }

    /// What decides what is seen.
    pub fn scope(&self) -> Scope {
        let (is_operator, held, proof) = match &self.asker {
            Asker::Stranger => (false, Vec::new(), None),
            Asker::Operator => (true, Vec::new(), None),
            Asker::Person(signed_in) => (false, signed_in.held.clone(), Some(signed_in.proof)),
        };
        let suffices = |nature| proof.is_some_and(|proof| policy::proof_suffices(proof, nature, self.when.at));
        Scope { is_operator, held, writes: suffices(Nature::Write), binds: suffices(Nature::Grave) }
    }

    /// What is written into the log as the one who did it.
    pub fn actor(&self) -> String {
        match &self.asker {
            Asker::Stranger | Asker::Operator => OPERATOR.to_owned(),
            Asker::Person(signed_in) => actor_of(signed_in.person),
        }
    }

    /// Whether it may be done with something.
    ///
    /// # Errors
    /// It may not, and why.
    pub fn may(&self, operation: Operation, about: &About) -> Result<(), Problem> {
        Self::said(operation, policy::allows(&self.asker, operation, about, self.when))
    }

    /// Whether it may be done with something, or could be after another proof of who one is.
    pub fn reaches(&self, operation: Operation, about: &About) -> bool {
        match policy::allows(&self.asker, operation, about, self.when) {
            Decision::Allowed | Decision::ProofNeeded => true,
            Decision::SignInNeeded | Decision::OutOfReach | Decision::OtherPersonNeeded => false,
        }
    }

    /// Whether there may be anything with which it may be done.
    ///
    /// # Errors
    /// There cannot be, and why.
    pub fn may_at_all(&self, operation: Operation) -> Result<(), Problem> {
        self.may_any(&[operation])
    }

    /// Whether people are shown by name: to who keeps accounts alone.
    pub fn sees_names(&self) -> bool {
        self.may_at_all(Operation::KeepAccounts).is_ok()
    }

    /// Whether there may be anything with which one of these may be done.
    ///
    /// # Errors
    /// There cannot be, and why.
    pub fn may_any(&self, operations: &[Operation]) -> Result<(), Problem> {
        let mut refused = None;
        for operation in operations {
            match policy::may_allow(&self.asker, *operation, self.when) {
                Decision::Allowed => return Ok(()),
                // What is within reach and lacks only a proof is the better answer.
                Decision::OutOfReach => refused = refused.or(Some((*operation, Decision::OutOfReach))),
                decision @ (Decision::SignInNeeded | Decision::ProofNeeded | Decision::OtherPersonNeeded) => {
                    refused = Some((*operation, decision));
                }
            }
        }
        match refused {
            Some((operation, decision)) => Self::said(operation, decision),
            None => Err(Problem::new(ACCESS_DENIED, "nobody may do this")),
        }
    }

    /// Whether something could be changed after another proof of who one is, and nothing can be as it is.
    pub fn lacks_proof(&self) -> bool {
        let writes = Operation::ALL.iter().filter(|operation| operation.nature() == Nature::Write);
        writes
            .map(|operation| policy::may_allow(&self.asker, *operation, self.when))
            .any(|decision| decision == Decision::ProofNeeded)
    }

    /// Whether one thing of many is shown. Whose it is, is only found out where not everything is.
    pub fn sees(&self, operation: Operation, whose: impl FnOnce() -> About) -> bool {
        let allowed = |about: &About| policy::allows(&self.asker, operation, about, self.when) == Decision::Allowed;
        allowed(&About::default()) || allowed(&whose())
    }

    /// Whether a wish may be carried out.
    ///
    /// # Errors
    /// It may not, and why.
    pub fn may_wish(&self, app: &App, book: &Book, wish: &Wish) -> Result<(), Problem> {
        let operation = wish::operation(wish);
        let mut about = wish::about(book, wish);
        if app.settings.sign_in.two_people.contains(&operation.name().to_owned()) {
            about.made_by = wish::made_by(app, book, wish, self.asker.person())?;
        }
        self.may(operation, &about)
    }

    /// The person who is named as having done it, who is the one that is signed in.
    ///
    /// # Errors
    /// Somebody else is named.
    pub fn oneself(&self, named: PersonId) -> Result<PersonId, Problem> {
        match self.asker.person() {
            Some(person) if person != named => Err(Problem::new(
                PERSON_NOT_ONESELF,
                format!("person names another than you; leave that to them, or give your own id, {person}"),
            )
            .with("field", "person")),
            Some(_) | None => Ok(named),
        }
    }

    fn said(operation: Operation, decision: Decision) -> Result<(), Problem> {
        let problem = match decision {
            Decision::Allowed => return Ok(()),
            Decision::SignInNeeded => Problem::new(SIGN_IN_NEEDED, "sign in, or send a token, to do this"),
            Decision::OutOfReach => Problem::new(
                ACCESS_DENIED,
                "none of your roles reaches this; ask who administers the accounts if you need it",
            ),
            Decision::ProofNeeded => Problem::new(
                PROOF_NEEDED,
                "this takes a sign-in with a passkey or with the second factor of your provider, and where it binds \
                 somebody one that is fresh; confirm who you are, and do it again",
            ),
            Decision::OtherPersonNeeded => Problem::new(
                OTHER_PERSON_NEEDED,
                "two people are required, and this rests on what you made yourself; another one has to do it",
            ),
        };
        Err(problem.with("operation", operation.name()))
    }
}

/// What people in the log are called by before their id.
pub const PERSON: &str = "person ";

/// How a person stands in the log as the one who did something.
pub fn actor_of(person: PersonId) -> String {
    format!("{PERSON}{person}")
}
