//! Tokens of programs.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::answer::{blocking, cut, page, page_limit, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{NOT_FOUND, Problem, TOKEN_NOT_ISSUED};
use super::request::{Asked, Posted, id_in_path};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::access::policy::{About, Asker, Operation};
use crate::domain::identity::PersonId;
use crate::sign_in::{Token, TokenError, WantedToken};

const ACCOUNTS: &str = "Accounts";

/// A token, without its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TokenEntry {
    /// What it is known by.
    id: Uuid,
    /// On whose behalf it acts.
    person: PersonId,
    /// What it is for.
    name: String,
    /// The roles it acts in, as far as the person still holds them.
    roles: Vec<Role>,
    /// Its last day.
    until: NaiveDate,
}

/// Which of the tokens.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct TokensQuery {
    /// How many at most: 1 to 1000, 100 where nothing is said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The id of the last one of the page before: the page begins after it.
    after: Option<Uuid>,
}

/// What token is wanted.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    /// What it is for.
    name: String,
    /// The roles it is to act in: some of one's own.
    roles: Vec<Role>,
    /// Its last day, at most 366 days away.
    until: NaiveDate,
}

/// A token as it is handed out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct IssuedAnswer {
    /// The token.
    token: TokenEntry,
    /// What the program sends as `Authorization: Bearer ...`. It is shown here and never again.
    secret: String,
}

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/tokens", "listTokens", list)
            .about(ACCOUNTS, "The tokens that act on one's own behalf; all of them for who keeps accounts")
            .asks(&[Operation::KeepOwnAccount])
            .query::<TokensQuery>()
            .answers_page::<TokenEntry>(),
        Endpoint::post("/api/v1/tokens", "issueToken", issue)
            .about(ACCOUNTS, "Issue a token that acts on one's own behalf")
            .described("It cannot do what is grave. The same key again issues another token.")
            .asks(&[Operation::KeepOwnTokens])
            .takes::<TokenRequest>()
            .answers::<IssuedAnswer>("The token."),
        Endpoint::post("/api/v1/tokens/{id}/revocation", "revokeToken", revoke)
            .about(ACCOUNTS, "Revoke a token")
            .asks(&[Operation::KeepOwnTokens, Operation::KeepAccounts])
            .may_answer(&[404])
            .answers::<TokenEntry>("It is revoked."),
    ]
}

fn entry(token: Token) -> TokenEntry {
    let Token { id, person, name, roles, until } = token;
    TokenEntry { id, person, name, roles, until }
}

/// The tokens that somebody may see.
fn shown(app: &App, asking: &Asking) -> Result<Vec<Token>, Problem> {
    let sees_all = asking.may(Operation::SeeAccounts, &About::default()).is_ok();
    let person = asking.asker().person();
    let tokens = app.sign_ins.tokens().map_err(|error| Problem::internal(&error))?;
    Ok(tokens.into_iter().filter(|token| sees_all || Some(token.person) == person).collect())
}

async fn list(
    app: web::Data<App>,
    asking: Asking,
    request: HttpRequest,
    Asked(query): Asked<TokensQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = page_limit(query.limit)?;
    let (tokens, next) = blocking(move || cut(shown(&app, &asking)?, limit, query.after, |token| token.id)).await?;
    let items: Vec<TokenEntry> = tokens.into_iter().map(entry).collect();
    Ok(page(&request, items, next.map(|token| token.to_string())))
}

async fn issue(app: web::Data<App>, posted: Posted) -> Result<HttpResponse, Problem> {
    let TokenRequest { name, roles, until } = posted.read()?;
    posted.asking.may(Operation::KeepOwnTokens, &About::default())?;
    let Asker::Person(signed_in) = posted.asking.asker().clone() else {
        let sentence = "nobody is signed in; where nobody has to, no token is needed";
        return Err(Problem::new(TOKEN_NOT_ISSUED, sentence));
    };
    let answer = blocking(move || {
        let today = app.clock.today();
        let held: Vec<Role> = signed_in.held.iter().filter(|held| held.holds_on(today)).map(|held| held.role).collect();
        let wanted = WantedToken { person: signed_in.person, name, roles, until };
        let issued = app.sign_ins.issue_token(wanted, &held).map_err(|error| match error {
            TokenError::SignIn(error) => Problem::internal(&error),
            TokenError::Written(_) => Problem::internal(&error),
            TokenError::Name | TokenError::NoRole | TokenError::RoleNotHeld | TokenError::Until { .. } => {
                Problem::new(TOKEN_NOT_ISSUED, error.to_string())
            }
        })?;
        Ok(IssuedAnswer { token: entry(issued.token), secret: issued.secret.reveal().to_owned() })
    })
    .await?;
    Ok(single(&answer, None))
}

async fn revoke(app: web::Data<App>, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, Problem> {
    let id = id_in_path(&path)?;
    let answer = blocking(move || {
        let keeps_all = posted.asking.may(Operation::KeepAccounts, &About::default()).is_ok();
        let own = posted.asking.asker().person();
        let found = shown(&app, &posted.asking)?.into_iter().find(|token| token.id == id);
        let token = found.ok_or_else(|| Problem::new(NOT_FOUND, format!("no token of yours has the id {id}")))?;
        if !keeps_all {
            posted.asking.may(Operation::KeepOwnTokens, &About::default())?;
            if own != Some(token.person) {
                return Err(Problem::new(NOT_FOUND, format!("no token of yours has the id {id}")));
            }
        }
        app.sign_ins.revoke_token(id).map_err(|error| Problem::internal(&error))?;
        Ok(entry(token))
    })
    .await?;
    Ok(single(&answer, None))
}
