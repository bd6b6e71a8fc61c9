//! Signing in and out: pages, what passkeys say to the service, the way to providers and back, and one's own account.

mod account;
mod pages;
mod passkeys;
mod provider;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::blocking;
use super::door::{self, Limits};
use super::pages::PageRoute;
use super::problem::{CANNOT_SIGN_IN, Problem, TOO_MANY_REQUESTS};
use crate::app::App;
use crate::clock;
use crate::domain::access::policy::Operation;
use crate::render::page::{ProviderChoice, SignInFault};
use crate::sign_in::{IdentityError, PasskeyError, ProviderError, SignInError, Signed};

/// Where one comes who says nothing better.
const HOME: &str = "/account";

/// The ways in and out, and to one's own account. Whose session it is, each finds out by itself: who has no role yet has an
/// account too.
pub fn routes() -> Vec<PageRoute> {
    const OPEN: &[Operation] = &[Operation::UseTheDoor];
    const TOKENS: &[Operation] = &[Operation::KeepOwnTokens];
    vec![
        PageRoute::get("/sign-in", OPEN, pages::sign_in),
        PageRoute::post("/sign-in", OPEN, pages::by_password),
        PageRoute::get("/sign-in/confirm", OPEN, pages::confirm),
        PageRoute::get("/sign-in/invitation", OPEN, pages::invitation),
        PageRoute::post("/sign-in/invitation", OPEN, pages::take_up),
        PageRoute::post("/sign-in/with/{provider}", OPEN, provider::depart),
        PageRoute::get("/sign-in/with/{provider}/callback", OPEN, provider::arrive),
        PageRoute::get("/sign-in/with/{provider}/sign-out", OPEN, provider::signed_out),
        PageRoute::get("/sign-in/with/{provider}/signed-out", OPEN, pages::signed_out),
        PageRoute::post("/sign-in/passkey/begin", OPEN, passkeys::begin_showing),
        PageRoute::post("/sign-in/passkey/finish", OPEN, passkeys::finish_showing),
        PageRoute::post("/sign-out", OPEN, pages::sign_out),
        PageRoute::get("/account", OPEN, account::show),
        PageRoute::post("/account/passkeys/begin", OPEN, passkeys::begin_adding),
        PageRoute::post("/account/passkeys/finish", OPEN, passkeys::finish_adding),
        PageRoute::post("/account/end-session", OPEN, account::end_session),
        PageRoute::post("/account/remove-passkey", OPEN, account::remove_passkey),
        PageRoute::post("/account/remove-link", OPEN, account::remove_link),
        PageRoute::post("/account/tokens", TOKENS, account::issue_token),
        PageRoute::post("/account/revoke-token", TOKENS, account::revoke_token),
    ]
}

/// Whether one more attempt to sign in from this address is looked at.
fn admit_attempt(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let admitted = request
        .app_data::<web::Data<Limits>>()
        .is_none_or(|limits| limits.admits_attempt(&door::network(&app.settings, request)));
    if admitted {
        return Ok(());
    }
    Err(Problem::new(TOO_MANY_REQUESTS, "there were too many attempts to sign in from here; wait a minute"))
}

/// Does something with sign-ins where it holds up nobody. What failed inside is said to the operator alone.
async fn done<T: Send + 'static>(
    app: web::Data<App>,
    work: impl FnOnce(&App) -> Result<T, SignInError> + Send + 'static,
) -> Result<Result<T, SignInError>, Problem> {
    blocking(move || match work(&app) {
        Err(error @ (SignInError::Store(_) | SignInError::People(_))) => Err(Problem::internal(&error)),
        other => Ok(other),
    })
    .await
}

fn cannot(error: &SignInError) -> Problem {
    Problem::new(CANNOT_SIGN_IN, error.to_string())
}

/// What is said of an error to who tries.
fn fault(error: &SignInError) -> SignInFault {
    match error {
        SignInError::Locked { until } => {
            SignInFault::Locked(clock::norwegian_day(*until), clock::norwegian_time(*until))
        }
        SignInError::Busy => SignInFault::Busy,
        SignInError::InvitationInvalid => SignInFault::InvitationOver,
        SignInError::Passkey(PasskeyError::MayNotAdd) => SignInFault::ProofNeeded,
        SignInError::Provider(error) => fault_of_provider(error),
        SignInError::Refused
        | SignInError::Password(_)
        | SignInError::Passkey(_)
        | SignInError::Store(_)
        | SignInError::People(_) => SignInFault::Refused,
    }
}

fn fault_of_provider(error: &ProviderError) -> SignInFault {
    match error {
        ProviderError::Unknown | ProviderError::Over => SignInFault::ProviderOver,
        ProviderError::Unreachable { .. } => SignInFault::ProviderUnreachable,
        ProviderError::Nobody { why: IdentityError::Organisation, .. } => SignInFault::Organisation,
        ProviderError::Settings { .. } | ProviderError::Untrusted { .. } | ProviderError::Nobody { .. } => {
            SignInFault::ProviderRefused
        }
        ProviderError::Declined => SignInFault::ProviderDeclined,
        ProviderError::NotLinked => SignInFault::NotLinked,
        ProviderError::LinkedElsewhere => SignInFault::LinkedElsewhere,
        ProviderError::OtherPerson => SignInFault::OtherPerson,
        ProviderError::NotProven => SignInFault::NotProven,
    }
}

/// The providers of the settings.
fn providers(app: &App) -> Vec<ProviderChoice> {
    let known = app.settings.sign_in.providers.iter();
    known.map(|provider| ProviderChoice { id: provider.id.clone(), name: provider.name.clone() }).collect()
}

/// Where forms may lead to that go to a provider.
async fn form_origins(app: web::Data<App>) -> Result<Vec<String>, Problem> {
    if app.settings.sign_in.providers.is_empty() {
        return Ok(Vec::new());
    }
    blocking(move || Ok(app.sign_ins.provider_origins())).await
}

/// Goes on to a page of this service, with the session in the cookie.
fn onward(app: &App, signed: &Signed, to: &str) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    door::with_session(&mut response, &signed.secret, app.settings.sign_in.is_secure());
    response.insert_header((header::LOCATION, own_path(to))).finish()
}

/// A path of this service; home where it is anything else, so that nobody is led to another site.
fn own_path(to: &str) -> &str {
    let is_own = to.starts_with('/')
        && !to.starts_with("//")
        && to.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '\\' | '"' | '<' | '>'));
    if is_own { to } else { HOME }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_led_to_another_site() {
        assert_eq!(own_path("/kommune/5403?year=2027#line"), "/kommune/5403?year=2027#line");
        for elsewhere in ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "", "/a\nb"]
        {
            assert_eq!(own_path(elsewhere), "/account", "{elsewhere}");
        }
    }
}
