//! Tokens of programs: on behalf of a person, in some of that person's roles, for a time.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Secret, SignInError, SignIns};
use crate::domain::access::Role;
use crate::domain::identity::PersonId;
use crate::store::sign_in::TokenRow;

/// What a token begins with, so that one that was left lying somewhere is found.
const PREFIX: &str = "grenselos_";
/// A token holds for so many days at most.
const DAYS_MAX: i64 = 366;
/// A token's name has so many characters at most.
const NAME_CHARACTERS_MAX: usize = 100;

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is known by.
    pub id: Uuid,
    /// On whose behalf it acts.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// The roles it acts in, as far as the person still holds them.
    pub roles: Vec<Role>,
    /// Its last day.
    pub until: NaiveDate,
}

/// A token as it is handed out.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// The token.
    pub token: Token,
    /// Its secret, shown once.
    pub secret: Secret,
}

/// What token is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// On whose behalf.
    pub person: PersonId,
    /// What it is for.
    pub name: String,
    /// The roles it is to act in.
    pub roles: Vec<Role>,
    /// Its last day.
    pub until: NaiveDate,
}

/// Why a token is not issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It has no name.
    #[error("name is empty or longer than {NAME_CHARACTERS_MAX} characters; say what the token is for")]
    Name,
    /// It has no role.
    #[error("roles is empty; name the roles that the token acts in")]
    NoRole,
    /// It would act in a role that its person does not hold.
    #[error("roles names one that its person does not hold; a token never reaches further than its person")]
    RoleNotHeld,
    /// Its last day is past or too far away.
    #[error("until {until} is past or more than {DAYS_MAX} days away; give a nearer day and issue another then")]
    Until {
        /// The day.
        until: NaiveDate,
    },
    /// The storage failed.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The roles cannot be written down.
    #[error("the token cannot be written down")]
    Written(#[source] serde_json::Error),
}

impl SignIns {
    /// Issues a token to somebody who holds `held`.
    ///
    /// # Errors
    /// It is not issued, and why.
    pub fn issue_token(&self, wanted: Wanted, held: &[Role]) -> Result<IssuedToken, TokenError> {
        let Wanted { person, name, roles, until } = wanted;
        if name.trim().is_empty() || name.chars().count() > NAME_CHARACTERS_MAX || name.chars().any(char::is_control) {
            return Err(TokenError::Name);
        }
        if roles.is_empty() {
            return Err(TokenError::NoRole);
        }
        if roles.iter().any(|role| !held.contains(role)) {
            return Err(TokenError::RoleNotHeld);
        }
        if !(0..=DAYS_MAX).contains(&(until - self.clock.today()).num_days()) {
            return Err(TokenError::Until { until });
        }
        let secret = Secret::shown(&format!("{PREFIX}{}", Secret::new(self.ids.as_ref()).reveal()));
        let token = Token { id: self.ids.new_id(), person, name, roles, until };
        let row = TokenRow {
            id: token.id,
            person,
            name: token.name.clone(),
            roles: serde_json::to_string(&token.roles).map_err(TokenError::Written)?,
            until,
            issued: self.clock.now(),
        };
        self.file.issue_token(&secret.hash(), &row).map_err(SignInError::from)?;
        Ok(IssuedToken { token, secret })
    }

    /// The token of a secret, where it holds today.
    ///
    /// # Errors
    /// The storage fails.
    pub fn token(&self, secret: &Secret) -> Result<Option<Token>, SignInError> {
        let today = self.clock.today();
        Ok(self.file.token(&secret.hash())?.map(token).filter(|token| today <= token.until))
    }

    /// All tokens.
    ///
    /// # Errors
    /// The storage fails.
    pub fn tokens(&self) -> Result<Vec<Token>, SignInError> {
        Ok(self.file.tokens()?.into_iter().map(token).collect())
    }

    /// Revokes a token; whether there was one.
    ///
    /// # Errors
    /// The storage fails.
    pub fn revoke_token(&self, id: Uuid) -> Result<bool, SignInError> {
        Ok(self.file.revoke_token(id)?)
    }
}

fn token(row: TokenRow) -> Token {
    let TokenRow { id, person, name, roles, until, .. } = row;
    Token { id, person, name, roles: serde_json::from_str(&roles).unwrap_or_default(), until }
}
