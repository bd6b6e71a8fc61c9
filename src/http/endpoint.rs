//! An operation: how it is reached, what answers it, and how it is described, in one place, so that nothing is answered
//! that the document does not show.

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Route, guard, web};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::path::ParameterIn;
use utoipa::{IntoParams, ToSchema};

use super::document::{Schemas, reference};
use super::door::POSITION;
use super::request::{IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_CHARACTERS_MAX};
use crate::domain::access::policy::{Nature, Operation};

/// What is said of how far into the log an answer goes.
const POSITION_TOLD: &str = "How far into the log the instance that answers had come with this: give it as \
    Log-Position-At-Least, and any instance answers from what was known then or later.";

/// A form that an answer can have.
#[derive(Debug, Clone)]
pub struct Content {
    pub media_type: &'static str,
    pub schema: Value,
}

/// An operation.
pub struct Endpoint {
    pub path: &'static str,
    pub method: Method,
    pub route: Route,
    pub operation_id: String,
    pub tag: &'static str,
    pub summary: String,
    pub description: String,
    pub parameters: Vec<Value>,
    pub body: Option<Value>,
    pub answer: &'static str,
    pub contents: Vec<Content>,
    pub headers: Vec<(&'static str, &'static str)>,
    pub problems: Vec<u16>,
    pub schemas: Schemas,
    /// What of the policy is asked. Nobody may what asks for nothing.
    pub asks: &'static [Operation],
}

impl Endpoint {
    /// A reading operation.
    pub fn get<F, Arguments>(path: &'static str, operation_id: impl Into<String>, handler: F) -> Self
    where
        F: Handler<Arguments>,
        Arguments: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler);
        Self::new(path, Method::GET, operation_id.into(), route)
    }

    /// An operation that asks for something to be done, under a key.
    pub fn post<F, Arguments>(path: &'static str, operation_id: impl Into<String>, handler: F) -> Self
    where
        F: Handler<Arguments>,
        Arguments: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self::new(path, Method::POST, operation_id.into(), web::post().to(handler)).under_a_key()
    }

    fn under_a_key(mut self) -> Self {
        self.parameters.push(json!({
            "name": IDEMPOTENCY_KEY,
            "in": "header",
            "required": true,
            "description": "Names the request for ever: the same key with the same content again does nothing twice, and \
                what led to events is answered as it was then, also after a restart. With other content it is refused. A \
                request that was refused, or found nothing to do, is not remembered: it is decided anew.",
            "schema": {
                "type": "string",
                "pattern": format!("^[!-~]{{1,{IDEMPOTENCY_KEY_CHARACTERS_MAX}}}$"),
                "examples": ["5f0c1d3e-7a52-4a0e-9a63-0b6d2c1f4e88"],
            },
        }));
        self.may_answer(&[408, 413, 415, 422]).header(POSITION, POSITION_TOLD)
    }

    fn new(path: &'static str, method: Method, operation_id: String, route: Route) -> Self {
        let parameters = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        Self {
            path,
            method,
            route,
            operation_id,
            tag: "",
            summary: String::new(),
            description: String::new(),
            parameters,
            body: None,
            answer: "Done.",
            contents: Vec::new(),
            headers: Vec::new(),
            problems: vec![400, 421, 500, 503],
            schemas: Schemas::default(),
            asks: &[],
        }
    }

    /// What it is about: the group it stands in, and a sentence.
    #[must_use]
    pub fn about(mut self, tag: &'static str, summary: impl Into<String>) -> Self {
        self.tag = tag;
        self.summary = summary.into();
        self
    }

    /// What of the policy is asked: one of these at least must be possible, and the handler asks further.
    #[must_use]
    pub fn asks(mut self, operations: &'static [Operation]) -> Self {
        self.asks = operations;
        if operations.iter().any(|operation| operation.nature() != Nature::Open) {
            return self.may_answer(&[401, 403, 429]);
        }
        self
    }

    /// What else there is to know.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// What the parameter in the path is, where it is more than an id.
    #[must_use]
    pub fn path_parameter(mut self, name: &str, description: &str) -> Self {
        for parameter in self.parameters.iter_mut().filter(|parameter| parameter["name"] == name) {
            parameter["description"] = json!(description);
        }
        self
    }

    /// The parameters after the question mark.
    #[must_use]
    pub fn query<Q: IntoParams>(mut self) -> Self {
        let parameters = Q::into_params(|| Some(ParameterIn::Query));
        self.parameters.extend(parameters.iter().filter_map(|parameter| serde_json::to_value(parameter).ok()));
        self.may_answer(&[400])
    }

    /// The body.
    #[must_use]
    pub fn takes<B: ToSchema>(mut self) -> Self {
        self.schemas.add::<B>();
        self.takes_named(&B::name())
    }

    fn takes_named(mut self, name: &str) -> Self {
        self.body = Some(json!({
            "required": true,
            "content": { "application/json": { "schema": reference(name) } },
        }));
        self
    }

    /// A file as the body, in one of these media types.
    #[must_use]
    pub fn takes_file(mut self, media_types: &[&str]) -> Self {
        let content: Map<String, Value> = media_types
            .iter()
            .map(|media_type| ((*media_type).to_owned(), json!({ "schema": { "type": "string", "format": "binary" } })))
            .collect();
        self.body = Some(json!({ "required": true, "content": content }));
        self
    }

    /// The answer in JSON.
    #[must_use]
    pub fn answers<A: ToSchema + Serialize>(mut self, answer: &'static str) -> Self {
        self.schemas.add::<A>();
        self.answer = answer;
        self.contents.push(Content { media_type: "application/json", schema: reference(&A::name()) });
        self
    }

    /// The answer in JSON, several in a row.
    #[must_use]
    pub fn answers_all<A: ToSchema + Serialize>(mut self, answer: &'static str) -> Self {
        self.schemas.add::<A>();
        self.answers_as("application/json", answer, json!({ "type": "array", "items": reference(&A::name()) }))
    }

    /// The answer in JSON, a page at a time.
    #[must_use]
    pub fn answers_page<A: ToSchema + Serialize>(mut self) -> Self {
        self.schemas.add::<A>();
        self.answers_page_of(&A::name())
    }

    fn answers_page_of(mut self, item: &str) -> Self {
        let name = format!("{item}Page");
        self.schemas.add_written(
            name.clone(),
            json!({
                "type": "object",
                "description": "A page of a list.",
                "required": ["items", "next"],
                "properties": {
                    "items": { "type": "array", "items": reference(item) },
                    "next": { "type": ["string", "null"], "description": "Where the next page is; none on the last one." },
                },
            }),
        );
        self.header("Link", "Where the next page is (`rel=\"next\"`); not there on the last page.").answers_as(
            "application/json",
            "A page.",
            reference(&name),
        )
    }

    /// The answer in another form.
    #[must_use]
    pub fn answers_as(mut self, media_type: &'static str, answer: &'static str, schema: Value) -> Self {
        self.answer = answer;
        self.contents.push(Content { media_type, schema });
        self
    }

    /// A header of the answer.
    #[must_use]
    pub fn header(mut self, name: &'static str, description: &'static str) -> Self {
        self.headers.push((name, description));
        self
    }

    /// A single thing, known by its id, with its version.
    #[must_use]
    pub fn versioned(self) -> Self {
        self.header("ETag", "The version of the stream, such as \"v12\": give it as If-Match with a command.")
    }

    /// A command to a stream: it can be refused where the stream has changed.
    #[must_use]
    pub fn commands(mut self) -> Self {
        self.parameters.push(json!({
            "name": "If-Match",
            "in": "header",
            "required": false,
            "description": "The ETag of the stream as it was read. The command is refused where it has changed since.",
            "schema": { "type": "string", "pattern": "^\"v[0-9]+\"$", "examples": ["\"v12\""] },
        }));
        self.versioned().may_answer(&[409, 412, 503])
    }

    /// The statuses of problems that it may answer.
    #[must_use]
    pub fn may_answer(mut self, problems: &[u16]) -> Self {
        self.problems.extend(problems);
        self.problems.sort_unstable();
        self.problems.dedup();
        self
    }
}
