//! Pages for signing in, and one's own account.

use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::accounts::RoleShown;
use super::field::{Field, Filled, Kind, Refusal, named};
use super::frame::Frame;

/// A provider that one can go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderChoice {
    /// As it stands in addresses.
    pub id: String,
    /// As it stands on the button.
    pub name: String,
}

/// Why somebody is not signed in, as far as it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInFault {
    /// Something of what was typed is not right.
    Refused,
    /// It was tried too often, until a day and a time in Norway.
    Locked(NaiveDate, NaiveTime),
    /// There are too many attempts from there.
    TooOften,
    /// Too many people sign in at this moment.
    Busy,
    /// The invitation no longer holds.
    InvitationOver,
    /// The provider does not answer.
    ProviderUnreachable,
    /// The provider's answer is not taken.
    ProviderRefused,
    /// Nobody signed in at the provider.
    ProviderDeclined,
    /// It took too long, or was begun elsewhere.
    ProviderOver,
    /// Nobody is known here by the provider.
    NotLinked,
    /// Somebody else is known here by the provider.
    LinkedElsewhere,
    /// Another person signed in at the provider.
    OtherPerson,
    /// The provider does not say on behalf of which organisation somebody comes.
    Organisation,
    /// The provider does not say that a second factor was shown just now.
    NotProven,
    /// It takes a sign-in that is proven.
    ProofNeeded,
}

impl SignInFault {
    fn key(&self) -> &'static str {
        match self {
            Self::Refused => "sign-in-refused",
            Self::Locked(..) => "sign-in-locked",
            Self::TooOften => "sign-in-too-often",
            Self::Busy => "sign-in-busy",
            Self::InvitationOver => "sign-in-invitation-over",
            Self::ProviderUnreachable => "sign-in-provider-unreachable",
            Self::ProviderRefused => "sign-in-provider-refused",
            Self::ProviderDeclined => "sign-in-provider-declined",
            Self::ProviderOver => "sign-in-provider-over",
            Self::NotLinked => "sign-in-provider-not-linked",
            Self::LinkedElsewhere => "sign-in-provider-linked-elsewhere",
            Self::OtherPerson => "sign-in-provider-other",
            Self::Organisation => "sign-in-provider-organisation",
            Self::NotProven => "sign-in-provider-not-proven",
            Self::ProofNeeded => "sign-in-account-confirm",
        }
    }
}

/// The page where one signs in.
#[derive(Debug, Clone, Copy)]
pub struct SignInShown<'a> {
    /// Where one wanted to go.
    pub to: &'a str,
    /// The address, as it was typed.
    pub email: &'a str,
    /// Why one is not signed in.
    pub fault: Option<&'a SignInFault>,
    /// The provider at which one was signed out as well, just now.
    pub signed_out_at: Option<&'a str>,
    /// Where else one can sign in.
    pub providers: &'a [ProviderChoice],
}

#[derive(Serialize)]
struct SignIn<'a> {
    signed_out_at: Option<&'a str>,
    to: &'a str,
    email: &'a str,
    fault: Option<&'static str>,
    time: String,
    is_refused: bool,
    providers: &'a [ProviderChoice],
}

/// The page where one signs in.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn sign_in_page(frame: &Frame<'_>, shown: &SignInShown<'_>) -> Result<String, RenderError> {
    let time = match shown.fault {
        Some(SignInFault::Locked(day, time)) => Say::of(frame.language).moment(*day, *time),
        Some(_) | None => String::new(),
    };
    let content = SignIn {
        signed_out_at: shown.signed_out_at,
        to: shown.to,
        email: shown.email,
        fault: shown.fault.map(SignInFault::key),
        time,
        is_refused: matches!(shown.fault, Some(SignInFault::Refused)),
        providers: shown.providers,
    };
    super::fill("sign_in", frame, &Say::of(frame.language).word("sign-in-title"), &content)
}

/// The page where one proves once more who one is.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmShown<'a> {
    /// Where one wanted to go.
    pub to: &'a str,
    /// Why it was not taken.
    pub fault: Option<&'a SignInFault>,
    /// Whether there is a passkey to do it by.
    pub has_passkey: bool,
    /// The providers to do it by.
    pub providers: &'a [ProviderChoice],
}

#[derive(Serialize)]
struct Confirm<'a> {
    to: &'a str,
    fault: Option<&'static str>,
    has_passkey: bool,
    has_nothing: bool,
    providers: &'a [ProviderChoice],
}

/// The page where one proves once more who one is.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn confirm_page(frame: &Frame<'_>, shown: &ConfirmShown<'_>) -> Result<String, RenderError> {
    let ConfirmShown { to, fault, has_passkey, providers } = *shown;
    let has_nothing = !has_passkey && providers.is_empty();
    let content = Confirm { to, fault: fault.map(SignInFault::key), has_passkey, has_nothing, providers };
    super::fill("confirm", frame, &Say::of(frame.language).word("sign-in-confirm-title"), &content)
}

/// The page where an invitation is taken up.
#[derive(Debug, Clone, Copy)]
pub struct InvitationShown<'a> {
    /// The secret of the invitation.
    pub token: &'a str,
    /// The e-mail address of who is invited.
    pub email: Option<&'a str>,
    /// Where one goes then.
    pub to: &'a str,
    /// The fewest characters of a password.
    pub characters_min: usize,
    /// Whether the password was too short or too long.
    pub is_password_refused: bool,
    /// Why it was not taken up.
    pub fault: Option<&'a SignInFault>,
    /// Where else one can sign in from now on.
    pub providers: &'a [ProviderChoice],
}

#[derive(Serialize)]
struct Invitation<'a> {
    token: &'a str,
    email: Option<&'a str>,
    to: &'a str,
    characters_min: usize,
    is_password_refused: bool,
    fault: Option<&'static str>,
    providers: &'a [ProviderChoice],
}

/// The page where an invitation is taken up.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn invitation_page(frame: &Frame<'_>, shown: &InvitationShown<'_>) -> Result<String, RenderError> {
    let InvitationShown { token, email, to, characters_min, is_password_refused, fault, providers } = *shown;
    let fault = fault.map(SignInFault::key);
    let content = Invitation { token, email, to, characters_min, is_password_refused, fault, providers };
    super::fill("invitation", frame, &Say::of(frame.language).word("sign-in-invitation-title"), &content)
}

/// By what a sign-in began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedInBy {
    /// An invitation.
    Invitation,
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// A provider.
    Provider,
}

impl SignedInBy {
    fn key(self) -> &'static str {
        match self {
            Self::Invitation => "sign-in-by-an-invitation",
            Self::Password => "sign-in-by-a-password",
            Self::Passkey => "sign-in-by-a-passkey",
            Self::Provider => "sign-in-by-a-provider",
        }
    }
}

/// A sign-in of one's own.
#[derive(Debug, Clone)]
pub struct SessionShown {
    /// What it is known by.
    pub id: String,
    /// By what it began.
    pub by: SignedInBy,
    /// When it began, as day and time in Norway.
    pub began: (NaiveDate, String),
    /// When it was last used.
    pub seen: (NaiveDate, String),
    /// Whether it is this one.
    pub is_this: bool,
}

/// A passkey, a link to a provider or a token, by its name.
#[derive(Debug, Clone)]
pub struct MeansShown {
    /// What it is known by: of a link the provider and the subject.
    pub id: (String, String),
    /// What it is called.
    pub name: String,
    /// The day it was added; of a token its last day.
    pub day: NaiveDate,
}

/// One's own account.
#[derive(Debug, Clone, Copy)]
pub struct OwnAccountShown<'a> {
    /// The name.
    pub name: &'a str,
    /// The e-mail address.
    pub email: Option<&'a str>,
    /// What was not done.
    pub fault: Option<&'a SignInFault>,
    /// Whether means to sign in may be added and taken away.
    pub may_add: bool,
    /// Whether tokens may be issued.
    pub may_issue: bool,
    /// The roles.
    pub roles: &'a [RoleShown],
    /// The sign-ins.
    pub sessions: &'a [SessionShown],
    /// The passkeys.
    pub passkeys: &'a [MeansShown],
    /// The providers that know the person.
    pub links: &'a [MeansShown],
    /// The providers that do not.
    pub providers: &'a [ProviderChoice],
    /// The tokens.
    pub tokens: &'a [MeansShown],
    /// The secret of a token that was issued just now.
    pub secret: Option<&'a str>,
    /// The form by which a token is wanted.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct OwnRole<'a> {
    index: usize,
    key: &'static str,
    scope: Option<&'a str>,
    until: Option<String>,
    chosen: bool,
}

#[derive(Serialize)]
struct OwnSession<'a> {
    id: &'a str,
    key: &'static str,
    began: String,
    seen: String,
    is_this: bool,
}

#[derive(Serialize)]
struct OwnPasskey<'a> {
    id: &'a str,
    name: &'a str,
    added: String,
}

#[derive(Serialize)]
struct OwnLink<'a> {
    issuer: &'a str,
    subject: &'a str,
    name: &'a str,
    added: String,
}

#[derive(Serialize)]
struct OwnToken<'a> {
    id: &'a str,
    name: &'a str,
    until: String,
}

#[derive(Serialize)]
struct WantedToken<'a> {
    refusal: Refusal,
    name: Field<'a>,
    roles_refused: Option<&'static str>,
    until: Field<'a>,
}

#[derive(Serialize)]
struct OwnAccount<'a> {
    name: &'a str,
    email: Option<&'a str>,
    fault: Option<&'static str>,
    to: &'static str,
    may_add: bool,
    may_issue: bool,
    secret: Option<&'a str>,
    roles: Vec<OwnRole<'a>>,
    sessions: Vec<OwnSession<'a>>,
    passkeys: Vec<OwnPasskey<'a>>,
    links: Vec<OwnLink<'a>>,
    providers: &'a [ProviderChoice],
    tokens: Vec<OwnToken<'a>>,
    token: WantedToken<'a>,
}

/// One's own account.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn own_account_page(frame: &Frame<'_>, shown: &OwnAccountShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let moment = |(day, time): &(NaiveDate, String)| format!("{} {time}", say.date(*day));
    let roles = shown.roles.iter().enumerate().map(|(index, role)| OwnRole {
        index,
        key: role.key(),
        scope: role.scope.as_deref(),
        until: role.until.map(|until| say.date(until)),
        chosen: shown.filled.typed.contains_key(&format!("role-{index}")),
    });
    let sessions = shown.sessions.iter().map(|session| OwnSession {
        id: &session.id,
        key: session.by.key(),
        began: moment(&session.began),
        seen: moment(&session.seen),
        is_this: session.is_this,
    });
    let passkeys = shown.passkeys.iter().map(|known| OwnPasskey {
        id: &known.id.0,
        name: &known.name,
        added: say.date(known.day),
    });
    let links = shown.links.iter().map(|known| OwnLink {
        issuer: &known.id.0,
        subject: &known.id.1,
        name: &known.name,
        added: say.date(known.day),
    });
    let tokens =
        shown.tokens.iter().map(|known| OwnToken { id: &known.id.0, name: &known.name, until: say.date(known.day) });
    let content = OwnAccount {
        name: shown.name,
        email: shown.email,
        fault: shown.fault.map(SignInFault::key),
        to: "/account",
        may_add: shown.may_add,
        may_issue: shown.may_issue,
        secret: shown.secret,
        roles: roles.collect(),
        sessions: sessions.collect(),
        passkeys: passkeys.collect(),
        links: links.collect(),
        providers: shown.providers,
        tokens: tokens.collect(),
        token: WantedToken {
            refusal: shown.filled.refusal(say),
            name: shown.filled.field("token", named("token_name", "sign-in-token-name"), Kind::Text, ""),
            roles_refused: shown.filled.refused.get("roles").copied(),
            until: shown.filled.field("token", named("token_until", "sign-in-token-until"), Kind::Day, ""),
        },
    };
    super::fill("own_account", frame, &say.word("page-account"), &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn frame() -> Frame<'static> {
        Frame {
            language: Language::Bokmal,
            address: "/sign-in",
            places: &[],
            place: None,
            command: "",
            form_token: "x",
            seen: "",
            lacks_proof: false,
            is_signed_in: false,
            is_live: false,
        }
    }

    #[test]
    fn what_was_typed_is_shown_as_text_and_never_as_markup() {
        let shown = SignInShown {
            to: "/",
            email: "\"><script>",
            fault: Some(&SignInFault::Refused),
            signed_out_at: None,
            providers: &[],
        };
        let html = sign_in_page(&frame(), &shown).unwrap();
        assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{html}");
        assert!(html.contains("aria-describedby=\"fault\""), "{html}");
    }

    #[test]
    fn a_provider_is_a_button_that_knows_what_it_is_for() {
        let providers = [ProviderChoice { id: "feide".to_owned(), name: "Feide".to_owned() }];
        let invitation = InvitationShown {
            token: "secret",
            email: Some("leder@alta.example"),
            to: "/account",
            characters_min: 12,
            is_password_refused: false,
            fault: None,
            providers: &providers,
        };
        let html = invitation_page(&frame(), &invitation).unwrap();
        for part in [
            "action=\"/sign-in/with/feide\"",
            "name=\"purpose\" value=\"take-up\"",
            "name=\"token\" value=\"secret\"",
            "name=\"to\" value=\"/account\"",
            ">Feide</button>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
