//! Signing in and out: pages, and what passkeys say to the service.

mod pages;
mod passkeys;

use actix_web::http::{Method, header};
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, Resource, Route, guard, web};

use super::answer::blocking;
use super::door::{self, Limits};
use super::method_not_allowed;
use super::problem::{CANNOT_SIGN_IN, Problem, TOO_MANY_REQUESTS};
use crate::app::App;
use crate::render::{SIGN_IN_SCRIPT, SIGN_IN_STYLE};
use crate::sign_in::{SignInError, Signed};

/// A page runs its own script and style, talks to its own service, and is framed by nobody.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'";
/// Where one comes who says nothing better.
const HOME: &str = "/account";

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    let reading = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    let resource = |path: &str, routes: Vec<(Method, Route)>| {
        let allowed: Vec<String> = routes.iter().map(|(method, _)| method.to_string()).collect();
        let resource: Resource =
            routes.into_iter().fold(web::resource(path), |resource, (_, route)| resource.route(route));
        resource.default_service(method_not_allowed(allowed.join(", ")))
    };
    config
        .service(resource(
            "/sign-in",
            vec![(Method::GET, reading().to(pages::sign_in)), (Method::POST, web::post().to(pages::by_password))],
        ))
        .service(resource("/sign-in/confirm", vec![(Method::GET, reading().to(pages::confirm))]))
        .service(resource(
            "/sign-in/invitation",
            vec![(Method::GET, reading().to(pages::invitation)), (Method::POST, web::post().to(pages::take_up))],
        ))
        .service(resource("/account", vec![(Method::GET, reading().to(pages::account))]))
        .service(resource("/sign-out", vec![(Method::POST, web::post().to(pages::sign_out))]))
        .service(resource("/sign-in/passkey/begin", vec![(Method::POST, web::post().to(passkeys::begin_showing))]))
        .service(resource("/sign-in/passkey/finish", vec![(Method::POST, web::post().to(passkeys::finish_showing))]))
        .service(resource("/account/passkeys/begin", vec![(Method::POST, web::post().to(passkeys::begin_adding))]))
        .service(resource("/account/passkeys/finish", vec![(Method::POST, web::post().to(passkeys::finish_adding))]))
        .service(resource("/sign-in/style.css", vec![(Method::GET, reading().to(style))]))
        .service(resource("/sign-in/passkey.js", vec![(Method::GET, reading().to(script))]));
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(SIGN_IN_STYLE)
}

async fn script() -> HttpResponse {
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(SIGN_IN_SCRIPT)
}

/// Whether one more attempt to sign in from this address is looked at.
fn admit_attempt(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let admitted = request
        .app_data::<web::Data<Limits>>()
        .is_none_or(|limits| limits.admits_attempt(&door::address(&app.settings, request).to_string()));
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
