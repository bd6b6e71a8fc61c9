//! By what a provider knows a person, and how well it has been proven.
//!
//! Names, e-mail addresses and national identity numbers may be in what a provider says; they are not read.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::{Provider, ProviderKind};
use crate::domain::access::policy::GRAVE_MINUTES_MAX;
use crate::domain::check_digit::is_organisation_number;

/// A subject has so many characters at most (`OpenID` Connect Core, section 2).
const SUBJECT_CHARACTERS_MAX: usize = 255;
/// How organisation numbers are marked (ISO 6523).
const ORGANISATION: &str = "0192:";
/// So deep do authorization details go.
const DEPTH_MAX: usize = 8;

/// What is read beside the standard claims, and nothing else.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct ReadClaims {
    /// The tenant (Entra ID).
    tid: Option<String>,
    /// The object that the person is in the tenant (Entra ID).
    oid: Option<String>,
    /// The session at the provider.
    pub(super) sid: Option<String>,
    /// On whose behalf somebody comes (Ansattporten).
    authorization_details: Option<Value>,
}

impl AdditionalClaims for ReadClaims {}

/// By what somebody is known: the provider, and a name that it gives to nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person there.
    pub subject: String,
}

/// Why a provider's word does not say who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// What it is known by is missing, or too long.
    #[error("the claims by which a person is known are missing or too long")]
    Missing,
    /// It may be a fødselsnummer, which is never kept.
    #[error(
        "the subject has eleven digits and may be a fødselsnummer, which is never kept; ask for a pairwise subject"
    )]
    NationalNumber,
    /// It does not say on behalf of which organisation, or names several.
    #[error("authorization_details does not name one organisation")]
    Organisation,
}

/// By what a provider of this kind knows the person.
pub(super) fn identity(provider: &Provider, subject: &str, claims: &ReadClaims) -> Result<Identity, IdentityError> {
    let known = match provider.kind {
        ProviderKind::EntraId => {
            let part =
                |claim: &Option<String>| claim.clone().filter(|text| is_name(text)).ok_or(IdentityError::Missing);
            format!("{} {}", part(&claims.tid)?, part(&claims.oid)?)
        }
        ProviderKind::Ansattporten => {
            let mut found = BTreeSet::new();
            organisations(claims.authorization_details.as_ref().unwrap_or(&Value::Null), DEPTH_MAX, &mut found);
            let (Some(organisation), None) = (found.pop_first(), found.pop_first()) else {
                return Err(IdentityError::Organisation);
            };
            format!("{} {organisation}", pairwise(subject)?)
        }
        ProviderKind::Feide | ProviderKind::IdPorten | ProviderKind::OpenidConnect => pairwise(subject)?.to_owned(),
    };
    if known.chars().count() > SUBJECT_CHARACTERS_MAX {
        return Err(IdentityError::Missing);
    }
    Ok(Identity { issuer: provider.issuer.clone(), subject: known })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic())
}

fn pairwise(subject: &str) -> Result<&str, IdentityError> {
    if subject.len() == 11 && subject.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(IdentityError::NationalNumber);
    }
    if is_name(subject) { Ok(subject) } else { Err(IdentityError::Missing) }
}

/// The organisation numbers in authorization details, wherever they stand: each type has its own form.
fn organisations(details: &Value, depth: usize, found: &mut BTreeSet<String>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match details {
        Value::String(text) => {
            found.extend(
                text.strip_prefix(ORGANISATION).filter(|number| is_organisation_number(number)).map(str::to_owned),
            );
        }
        Value::Array(values) => values.iter().for_each(|value| organisations(value, depth, found)),
        Value::Object(fields) => fields.values().for_each(|value| organisations(value, depth, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// When a second factor was last shown to the provider; none where none was. Who does not say when is taken to have
/// asked for it too long ago for what is grave.
pub(super) fn strong_at(
    provider: &Provider,
    acr: Option<&str>,
    amr: &[&str],
    auth_time: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let is_strong = acr.is_some_and(|acr| provider.strong_acr.iter().any(|strong| strong == acr))
        || amr.iter().any(|means| provider.strong_amr.iter().any(|strong| strong == means));
    let long_ago = now - TimeDelta::minutes(GRAVE_MINUTES_MAX + 1);
    is_strong.then(|| auth_time.map_or(long_ago, |at| at.min(now)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn provider(kind: ProviderKind) -> Provider {
        Provider {
            id: "it".to_owned(),
            name: "It".to_owned(),
            kind,
            issuer: "https://provider.example".to_owned(),
            client_id: "grenselos".to_owned(),
            client_secret_file: "secret".into(),
            key_file: "".into(),
            key_id: String::new(),
            algorithms: vec!["RS256".to_owned()],
            scopes: vec![],
            acr_values: vec![],
            strong_acr: vec!["high".to_owned()],
            strong_amr: vec!["mfa".to_owned()],
            authorization_details: String::new(),
        }
    }

    fn subject(kind: ProviderKind, subject: &str, claims: Value) -> Result<String, IdentityError> {
        let claims: ReadClaims = serde_json::from_value(claims).unwrap();
        identity(&provider(kind), subject, &claims).map(|identity| identity.subject)
    }

    #[test]
    fn entra_id_knows_people_by_tenant_and_object_and_never_by_an_address() {
        let known = json!({ "tid": "t1", "oid": "o1", "email": "leder@alta.example", "upn": "leder@alta.example" });
        assert_eq!(subject(ProviderKind::EntraId, "pairwise", known), Ok("t1 o1".to_owned()));
        for lacking in [json!({ "tid": "t1" }), json!({ "oid": "o1" }), json!({ "tid": "", "oid": "o1" })] {
            assert_eq!(subject(ProviderKind::EntraId, "pairwise", lacking), Err(IdentityError::Missing));
        }
    }

    #[test]
    fn ansattporten_knows_people_by_the_organisation_they_come_for() {
        let of = |organisations: &[&str]| {
            let reportees: Vec<Value> = organisations
                .iter()
                .map(|number| json!({ "Authority": "iso6523-actorid-upis", "ID": format!("0192:{number}"), "Name": "X" }))
                .collect();
            json!({ "authorization_details": [{ "type": "ansattporten:altinn:service", "reportees": reportees }] })
        };
        let known = |claims| subject(ProviderKind::Ansattporten, "pairwise", claims);
        assert_eq!(known(of(&["944588132"])), Ok("pairwise 944588132".to_owned()));
        let parties =
            json!({ "authorization_details": [{ "authorized_parties": [{ "orgno": { "ID": "0192:944588132" } }] }] });
        assert_eq!(known(parties), Ok("pairwise 944588132".to_owned()), "the other form");
        for unclear in [of(&[]), of(&["944588132", "940778182"]), of(&["123456789"]), json!({})] {
            assert_eq!(known(unclear), Err(IdentityError::Organisation));
        }
    }

    #[test]
    fn a_national_identity_number_is_neither_read_nor_taken_for_a_subject() {
        let claims = json!({ "pid": "01010112345", "sid": "s" });
        let read: ReadClaims = serde_json::from_value(claims.clone()).unwrap();
        assert!(!format!("{read:?}").contains("01010112345"));
        assert_eq!(subject(ProviderKind::IdPorten, "a1B2", claims.clone()), Ok("a1B2".to_owned()));
        assert_eq!(subject(ProviderKind::IdPorten, "01010112345", claims), Err(IdentityError::NationalNumber));
        for nobody in ["", "two words", &"x".repeat(256)] {
            assert_eq!(subject(ProviderKind::Feide, nobody, json!({})), Err(IdentityError::Missing));
        }
    }

    #[test]
    fn a_second_factor_counts_from_when_it_was_shown() {
        let now: DateTime<Utc> = "2026-05-04T12:00:00Z".parse().unwrap();
        let earlier = now - TimeDelta::minutes(5);
        let strong = |acr, amr: &[&str], at| strong_at(&provider(ProviderKind::Feide), acr, amr, at, now);
        assert_eq!(strong(Some("high"), &[], Some(earlier)), Some(earlier));
        assert_eq!(strong(None, &["pwd", "mfa"], Some(earlier)), Some(earlier));
        assert_eq!(strong(Some("low"), &["pwd"], Some(earlier)), None);
        assert_eq!(strong(Some("high"), &[], Some(now + TimeDelta::hours(1))), Some(now), "never in the future");
        assert_eq!(
            strong(Some("high"), &[], None),
            Some(now - TimeDelta::minutes(16)),
            "too long ago for what is grave"
        );
    }
}
