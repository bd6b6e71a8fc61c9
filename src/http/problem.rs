//! Errors as `application/problem+json` (RFC 9457): a stable type, one clear sentence, and the fields it speaks of.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::app::PlanError;
use crate::handle::HandleError;
use crate::http::pages::Overtaken;
use crate::ledger::{LedgerError, with_sources};
use crate::process::invoice_plan::PlanFault;
use crate::references::Misfit;
use crate::store::people::PeopleError;
use crate::store::{AppendError, Position, ReadError};
use crate::worker::WorkError;

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// What the types of problems begin with.
pub const TYPE_BASE: &str = "https://grenselos.example/problems/";

/// A type of problem that does not come from a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub status: u16,
    pub code: &'static str,
    pub title: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $status:literal, $code:literal, $title:literal;)*) => {
        $(pub const $name: Kind = Kind { status: $status, code: $code, title: $title };)*

        /// All of them, for the document.
        pub const KINDS: &[Kind] = &[$($name,)*];
    };
}

kinds! {
    PARAMETER_INVALID = 400, "parameter-invalid", "A parameter cannot be read";
    JSON_MALFORMED = 400, "json-malformed", "The body is not JSON";
    IDEMPOTENCY_KEY_MISSING = 400, "idempotency-key-missing", "The header Idempotency-Key is missing";
    IDEMPOTENCY_KEY_INVALID = 400, "idempotency-key-invalid", "The header Idempotency-Key cannot be used";
    IF_MATCH_INVALID = 400, "if-match-invalid", "The header If-Match cannot be read";
    SIGN_IN_NEEDED = 401, "sign-in-needed", "It is not known who asks";
    ACCESS_DENIED = 403, "access-denied", "It is not yours";
    PROOF_NEEDED = 403, "proof-needed", "It takes a stronger or fresher proof of who you are";
    OTHER_PERSON_NEEDED = 403, "other-person-needed", "Another person has to do it";
    NOT_BY_PROXY = 403, "not-by-proxy", "The request does not come through the proxy";
    FORM_OF_ANOTHER_SESSION = 403, "form-of-another-session", "The form is of another session";
    CROSS_SITE = 403, "cross-site", "The request comes from another site";
    NOT_FOUND = 404, "not-found", "There is no such thing";
    METHOD_NOT_ALLOWED = 405, "method-not-allowed", "The method cannot be used here";
    NOT_ACCEPTABLE = 406, "not-acceptable", "The answer has no such form";
    BODY_TOO_SLOW = 408, "body-too-slow", "The body did not arrive in time";
    CONTENDED = 409, "contended", "Others changed it at the same time";
    DONE_IN_PART = 409, "done-in-part", "Not all of it was done";
    INVITED_ALREADY = 409, "invited-already", "This invitation was made already";
    CHANGED = 412, "changed", "It has changed since it was read";
    BODY_TOO_LARGE = 413, "body-too-large", "The body is too large";
    MEDIA_TYPE_NOT_TAKEN = 415, "media-type-not-taken", "The body has another form than JSON";
    HOST_NOT_LOCAL = 421, "host-not-local", "The request is meant for another host";
    NOT_SERVED_HERE = 421, "not-served-here", "Another instance serves it";
    BODY_INVALID = 422, "body-invalid", "The body does not say what is needed";
    CANNOT_SIGN_IN = 422, "cannot-sign-in", "Nobody is signed in by this";
    TOKEN_NOT_ISSUED = 422, "token-not-issued", "No such token can be issued";
    PERSON_NOT_ONESELF = 422, "person-not-oneself", "Somebody else is named as having done it";
    REFERENCE_UNKNOWN = 422, "reference-unknown", "Something named is not known";
    IDEMPOTENCY_KEY_REUSED = 422, "idempotency-key-reused", "The Idempotency-Key was used for another request";
    FILE_NOT_TAKEN = 422, "file-not-taken", "The file is of no kind that is taken";
    CANNOT_BE_PLANNED = 422, "cannot-be-planned", "No invoices can be planned";
    CANNOT_BE_ISSUED = 422, "cannot-be-issued", "It cannot be issued";
    CANNOT_BE_CREDITED = 422, "cannot-be-credited", "It cannot be credited";
    CANNOT_BE_REMINDED = 422, "cannot-be-reminded", "No reminder can be made";
    BANK_FILE_NOT_TAKEN = 422, "bank-file-not-taken", "The bank file cannot be taken in";
    CANNOT_BE_BOOKED = 422, "cannot-be-booked", "What was asked of the books cannot be written";
    CANNOT_BE_SHARED = 422, "cannot-be-shared", "The amount cannot be shared";
    CANNOT_BE_SUPPOSED = 422, "cannot-be-supposed", "The hypothesis cannot be tried";
    TOO_MANY_REQUESTS = 429, "too-many-requests", "Too many requests in a short time";
    INTERNAL = 500, "internal", "Something failed inside";
    NOT_READY = 503, "not-ready", "The service is not ready";
    POSITION_NOT_REACHED = 503, "position-not-reached", "This instance has not read the log that far yet";
    LOG_UNREACHABLE = 503, "log-unreachable", "The log cannot be reached now";
    LOG_DAMAGED = 503, "log-damaged", "An event of the log cannot be read";
    STORE_UNAVAILABLE = 503, "store-unavailable", "The log takes no writes now";
}

/// The title of every problem that a rule gives.
const RULE_TITLE: &str = "A rule says no";

/// An error as it is answered.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: String,
    title: &'static str,
    detail: String,
    fields: Map<String, Value>,
    allow: Option<Box<str>>,
    overtaken: Option<Box<Overtaken>>,
    is_of_path: bool,
}

impl Problem {
    /// A problem of a kind, with its sentence.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: kind.code.to_owned(),
            title: kind.title,
            detail: detail.into(),
            fields: Map::new(),
            allow: None,
            overtaken: None,
            is_of_path: false,
        }
    }

    /// A form came too late: others were faster.
    pub fn too_late(overtaken: Overtaken) -> Self {
        let sentence = "others have changed it since the page was made; look at both versions, and decide anew";
        Self { overtaken: Some(Box::new(overtaken)), ..Self::new(CHANGED, sentence) }
    }

    /// What others did, where a form came too late.
    pub fn overtaken(&self) -> Option<&Overtaken> {
        self.overtaken.as_deref()
    }

    /// With a field that its sentence speaks of.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// The same, which is about what the path of a page names, and about nothing else that was asked for.
    #[must_use]
    pub fn of_path(self) -> Self {
        Self { is_of_path: true, ..self }
    }

    /// Whether what the path of a page names is not there, or not for the one who asked.
    #[must_use]
    pub fn is_out_of_sight(&self) -> bool {
        self.code == ACCESS_DENIED.code || self.is_of_path && self.code == NOT_FOUND.code
    }

    /// With the fields that its sentence speaks of.
    #[must_use]
    pub fn speaking_of(self, fields: Map<String, Value>) -> Self {
        Self { fields, ..self }
    }

    /// With the methods that can be used in place of the one that cannot.
    #[must_use]
    pub fn allowing(mut self, methods: String) -> Self {
        self.allow = Some(methods.into());
        self
    }

    /// What kind of problem it is, such as `access-own-role`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The fields that its sentence speaks of.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Whether a rule, or what is missing for one, says no: then what was asked for can be asked for otherwise.
    #[must_use]
    pub fn is_said_by_a_rule(&self) -> bool {
        self.title == RULE_TITLE
    }

    /// Whether what was asked for can be asked for otherwise: a rule says no, or what was sent does not say what is needed.
    #[must_use]
    pub fn can_be_mended(&self) -> bool {
        self.overtaken.is_none() && (self.is_said_by_a_rule() || self.status == StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Whether it could be done after one has proven who one is.
    #[must_use]
    pub fn needs_proof(&self) -> bool {
        self.code == PROOF_NEEDED.code
    }

    /// Whether a form carries the token of another session.
    #[must_use]
    pub fn is_of_another_session(&self) -> bool {
        self.code == FORM_OF_ANOTHER_SESSION.code
    }

    /// Whether it is not for the one who asked.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.status == StatusCode::FORBIDDEN
    }

    /// A failure that is not the caller's: what lies behind goes to the operator, not into the answer.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        eprintln!("grenselos: {}", with_sources(error));
        Self::new(INTERNAL, format!("{error}; the operator finds what lies behind on the service's standard error"))
    }

    fn body(&self) -> Value {
        let mut body = self.fields.clone();
        body.insert("type".to_owned(), json!(format!("{TYPE_BASE}{}", self.code)));
        body.insert("title".to_owned(), json!(self.title));
        body.insert("status".to_owned(), json!(self.status.as_u16()));
        body.insert("detail".to_owned(), json!(self.detail));
        Value::Object(body)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type(PROBLEM_JSON);
        if let Some(allow) = self.allow.as_ref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            response.insert_header((header::ALLOW, allow));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, "5"));
        }
        response.body(self.body().to_string())
    }
}

impl From<Misfit> for Problem {
    fn from(misfit: Misfit) -> Self {
        Self::new(REFERENCE_UNKNOWN, misfit.to_string()).with("field", misfit.field)
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Handle(error) => error.into(),
            LedgerError::Damaged(position) => damaged(position, &error),
            LedgerError::Read(error) => of_read(&error),
            LedgerError::AboutAll => Self::new(NOT_SERVED_HERE, error.to_string()),
            LedgerError::UnknownProcurement { .. } => Self::internal(&error),
        }
    }
}

/// The log does not heal by itself: who operates the service is told which event to restore.
pub fn damaged(position: Position, error: &dyn std::error::Error) -> Problem {
    eprintln!("grenselos: {}", with_sources(error));
    Problem::new(LOG_DAMAGED, error.to_string()).with("reason", "event").with("position", position.0)
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        Self::internal(&error)
    }
}

impl From<PlanFault> for Problem {
    fn from(fault: PlanFault) -> Self {
        Self { fields: details(&fault), ..Self::new(CANNOT_BE_PLANNED, fault.to_string()) }
    }
}

/// What a fault speaks of, by name.
pub fn details(fault: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(fault) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => Map::new(),
    }
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Fault(fault) => fault.into(),
            PlanError::People(error) => error.into(),
        }
    }
}

impl From<HandleError> for Problem {
    fn from(error: HandleError) -> Self {
        match error {
            HandleError::Rejected(rejected) => Self {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                code: rejected.code(),
                title: RULE_TITLE,
                detail: rejected.to_string(),
                fields: rejected.details,
                allow: None,
                overtaken: None,
                is_of_path: false,
            },
            HandleError::Changed { seen, ref actual } => {
                let actual = actual.parse::<u64>().ok();
                Self::new(CHANGED, error.to_string()).with("seen_version", seen).with("version", actual)
            }
            HandleError::CommandIdReused => Self::new(IDEMPOTENCY_KEY_REUSED, error.to_string()),
            HandleError::Contended => Self::new(CONTENDED, error.to_string()),
            HandleError::Append(error) => of_append(&error),
            HandleError::Read(error) => of_read(&error),
            HandleError::Encode(_) | HandleError::Decode { .. } => Self::internal(&error),
        }
    }
}

fn of_append(error: &AppendError) -> Problem {
    match error {
        AppendError::TooLarge { .. } => Problem::new(BODY_TOO_LARGE, error.to_string()),
        AppendError::IdReusedWithOtherContent { .. } => Problem::new(IDEMPOTENCY_KEY_REUSED, error.to_string()),
        AppendError::WrongExpectedVersion { .. } => Problem::new(CONTENDED, error.to_string()),
        AppendError::Busy { .. }
        | AppendError::DiskFull
        | AppendError::Poisoned { .. }
        | AppendError::ReadOnly
        | AppendError::MovedAway { .. }
        | AppendError::HalfMoved { .. }
        | AppendError::NoRoom { .. }
        | AppendError::Denied
        | AppendError::Refused { .. }
        | AppendError::Incomplete { .. }
        | AppendError::Intruded { .. }
        | AppendError::NotLed { .. }
        | AppendError::Unasked { .. }
        | AppendError::Unanswered { .. }
        | AppendError::Storage { .. } => {
            eprintln!("grenselos: {}", with_sources(error));
            Problem::new(STORE_UNAVAILABLE, error.to_string())
        }
        AppendError::NotServed { procurement } => {
            Problem::new(NOT_SERVED_HERE, error.to_string()).with("procurement", procurement.clone())
        }
        AppendError::AboutAll => Problem::new(NOT_SERVED_HERE, error.to_string()),
        AppendError::Empty { .. } => Problem::internal(error),
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        of_read(&error)
    }
}

fn of_read(error: &ReadError) -> Problem {
    match error {
        ReadError::Unanswered { .. } | ReadError::Denied { .. } | ReadError::Mismatched { .. } => {
            eprintln!("grenselos: {}", with_sources(error));
            Problem::new(LOG_UNREACHABLE, error.to_string())
        }
        ReadError::Corrupt { position, .. } => damaged(*position, error),
        ReadError::Visit { .. } | ReadError::Mark { .. } | ReadError::Storage { .. } => Problem::internal(error),
    }
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Ledger(error) => error.into(),
            WorkError::TurnLost | WorkError::TakenAway { .. } => Self::new(CONTENDED, error.to_string()),
            WorkError::Render { .. }
            | WorkError::RenderLetter { .. }
            | WorkError::File { .. }
            | WorkError::Lost { .. }
            | WorkError::People(_)
            | WorkError::Mail(_) => Self::internal(&error),
            WorkError::Unnumbered(_) | WorkError::NoWayOut(_) => Self::new(CANNOT_BE_ISSUED, with_sources(&error)),
        }
    }
}
