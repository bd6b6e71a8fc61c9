//! Pages for signing in.

use std::sync::LazyLock;

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason};
use serde::Serialize;

use crate::text;

/// How the pages look.
pub const STYLE: &str = include_str!("../../reports/sign_in/sign_in.css");
/// What passkeys need in the browser.
pub const SCRIPT: &str = include_str!("../../reports/sign_in/passkey.js");

const LAYOUT: &str = include_str!("../../reports/sign_in/layout.hbs");
const TEMPLATES: [(&str, &str); 4] = [
    ("sign_in", include_str!("../../reports/sign_in/sign_in.hbs")),
    ("confirm", include_str!("../../reports/sign_in/confirm.hbs")),
    ("invitation", include_str!("../../reports/sign_in/invitation.hbs")),
    ("account", include_str!("../../reports/sign_in/account.hbs")),
];

/// A page for signing in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInPage {
    /// By password or passkey.
    SignIn {
        /// Where one wanted to go.
        to: String,
        /// What was typed.
        email: String,
    },
    /// Once more by passkey.
    Confirm {
        /// Where one wanted to go.
        to: String,
    },
    /// A new password.
    Invitation {
        /// The secret of the invitation.
        token: String,
        /// The fewest characters of a password.
        characters_min: usize,
    },
    /// One's own account.
    Account {
        /// The roles.
        roles: Vec<RoleLine>,
        /// What the passkeys are called.
        passkeys: Vec<String>,
        /// What the session's own forms carry.
        form_token: String,
    },
}

/// A role as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleLine {
    /// What it is called.
    pub name: String,
    /// What it reaches.
    pub scope: Option<String>,
    /// Its last day.
    pub until: Option<String>,
}

#[derive(Serialize)]
struct Shown<'page> {
    language: &'static str,
    title: &'static str,
    fault: Option<&'page str>,
    to: Option<&'page str>,
    email: Option<&'page str>,
    token: Option<&'page str>,
    characters_min: Option<usize>,
    roles: &'page [RoleLine],
    passkeys: &'page [String],
    form_token: Option<&'page str>,
}

static PAGES: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut pages = Handlebars::new();
    pages.set_strict_mode(true);
    pages.register_helper("word", Box::new(word));
    let templates = TEMPLATES.into_iter().chain([("layout", LAYOUT)]);
    for (name, template) in templates {
        #[expect(clippy::expect_used, reason = "the templates are part of the program, and a test renders each")]
        pages.register_template_string(name, template).expect("a template");
    }
    pages
});

fn word(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let key = helper.param(0).and_then(|key| key.value().as_str()).unwrap_or_default();
    let said = handlebars::html_escape(&text::bokmal(key, &[]));
    out.write(&said).map_err(|error| RenderErrorReason::from(error).into())
}

/// A page as HTML, with what is wrong, where something is.
///
/// # Errors
/// The template and what is put in do not fit together.
pub fn sign_in_page(page: &SignInPage, fault: Option<&str>) -> Result<String, handlebars::RenderError> {
    let nothing = Shown {
        language: "nb",
        title: "",
        fault,
        to: None,
        email: None,
        token: None,
        characters_min: None,
        roles: &[],
        passkeys: &[],
        form_token: None,
    };
    let (name, shown) = match page {
        SignInPage::SignIn { to, email } => {
            ("sign_in", Shown { title: "sign-in-title", to: Some(to), email: Some(email), ..nothing })
        }
        SignInPage::Confirm { to } => ("confirm", Shown { title: "sign-in-confirm-title", to: Some(to), ..nothing }),
        SignInPage::Invitation { token, characters_min } => {
            let characters_min = Some(*characters_min);
            ("invitation", Shown { title: "sign-in-invitation-title", token: Some(token), characters_min, ..nothing })
        }
        SignInPage::Account { roles, passkeys, form_token } => {
            let form_token = Some(form_token.as_str());
            ("account", Shown { title: "sign-in-account-title", roles, passkeys, form_token, ..nothing })
        }
    };
    PAGES.render(name, &shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_as_text_and_never_as_markup() {
        let page = SignInPage::SignIn { to: "/".to_owned(), email: "\"><script>".to_owned() };
        let html = sign_in_page(&page, Some("<b>")).unwrap();
        assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{html}");
        assert!(html.contains("id=\"fault\">&lt;b&gt;</p>"), "{html}");
    }

    #[test]
    fn every_page_can_be_shown() {
        let roles = vec![RoleLine { name: "Revisor".to_owned(), scope: None, until: Some("2026-12-31".to_owned()) }];
        let (passkeys, form_token) = (vec!["mobil".to_owned()], "x".to_owned());
        for (page, holds) in [
            (SignInPage::Confirm { to: "/x".to_owned() }, "data-ceremony=\"prove\""),
            (SignInPage::Invitation { token: "t".to_owned(), characters_min: 12 }, "minlength=\"12\""),
            (SignInPage::Account { roles, passkeys, form_token }, "Revisor (til og med 2026-12-31)"),
            (SignInPage::Account { roles: vec![], passkeys: vec![], form_token: "x".to_owned() }, "ingen roller"),
        ] {
            let html = sign_in_page(&page, None).unwrap();
            assert!(html.contains(holds), "{html}");
            assert!(!html.contains("sign-in-"), "a word is missing: {html}");
        }
    }
}
