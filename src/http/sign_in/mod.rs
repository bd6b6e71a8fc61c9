//! Signing in and out: pages, what passkeys say to the service, the way to providers and back, and one's own account.

mod account;
mod pages;
mod passkeys;
mod provider;

use std::collections::BTreeMap;

use actix_web::http::{Method, header};
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, Route, guard, web};

use super::answer::blocking;
use super::door::{self, Limits};
use super::method_not_allowed;
use super::problem::{CANNOT_SIGN_IN, Problem, TOO_MANY_REQUESTS};
use crate::app::App;
use crate::clock;
use crate::domain::access::policy::Operation;
use crate::render::page::{ProviderChoice, SignInFault};
use crate::sign_in::{IdentityError, PasskeyError, ProviderError, SignInError, Signed};

/// Where one comes who says nothing better.
const HOME: &str = "/account";

/// A way in or out, or to one's own account: how it is reached, what answers it, and what of the policy it asks. Whose session
/// it is, each finds out by itself: who has no role yet has an account too.
struct Way {
    method: Method,
    path: &'static str,
    route: Route,
    asks: &'static [Operation],
}

fn ways() -> Vec<Way> {
    const OPEN: &[Operation] = &[Operation::UseTheDoor];
    const TOKENS: &[Operation] = &[Operation::KeepOwnTokens];
    let reading = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    let get = |path, route| Way { method: Method::GET, path, route, asks: OPEN };
    let post = |path, route, asks| Way { method: Method::POST, path, route, asks };
    vec![
        get("/sign-in", reading().to(pages::sign_in)),
        post("/sign-in", web::post().to(pages::by_password), OPEN),
        get("/sign-in/confirm", reading().to(pages::confirm)),
        get("/sign-in/invitation", reading().to(pages::invitation)),
        post("/sign-in/invitation", web::post().to(pages::take_up), OPEN),
        post("/sign-in/with/{provider}", web::post().to(provider::depart), OPEN),
        get("/sign-in/with/{provider}/callback", reading().to(provider::arrive)),
        get("/sign-in/with/{provider}/sign-out", reading().to(provider::signed_out)),
        get("/sign-in/with/{provider}/signed-out", reading().to(pages::signed_out)),
        post("/sign-in/passkey/begin", web::post().to(passkeys::begin_showing), OPEN),
        post("/sign-in/passkey/finish", web::post().to(passkeys::finish_showing), OPEN),
        post("/sign-out", web::post().to(pages::sign_out), OPEN),
        get("/account", reading().to(account::show)),
        post("/account/passkeys/begin", web::post().to(passkeys::begin_adding), OPEN),
        post("/account/passkeys/finish", web::post().to(passkeys::finish_adding), OPEN),
        post("/account/end-session", web::post().to(account::end_session), OPEN),
        post("/account/remove-passkey", web::post().to(account::remove_passkey), OPEN),
        post("/account/remove-link", web::post().to(account::remove_link), OPEN),
        post("/account/tokens", web::post().to(account::issue_token), TOKENS),
        post("/account/revoke-token", web::post().to(account::revoke_token), TOKENS),
    ]
}

/// Each of them with what of the policy it asks.
pub fn asked_of_the_policy() -> Vec<(String, &'static [Operation])> {
    ways().into_iter().map(|way| (format!("{} {}", way.method, way.path), way.asks)).collect()
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    let mut resources: BTreeMap<&str, Vec<Way>> = BTreeMap::new();
    for way in ways() {
        resources.entry(way.path).or_default().push(way);
    }
    for (path, ways) in resources {
        let allowed: Vec<String> = ways.iter().map(|way| way.method.to_string()).collect();
        let resource = ways.into_iter().fold(web::resource(path), |resource, way| resource.route(way.route));
        config.service(resource.default_service(method_not_allowed(allowed.join(", "))));
    }
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
