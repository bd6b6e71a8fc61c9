//! The `OpenAPI` 3.1 document, made from the operations as they are served.

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::door::AT_LEAST;
use super::endpoint::{Content, Endpoint};
use super::problem::{KINDS, PROBLEM_JSON, TYPE_BASE};
use crate::domain::sharing_key::KeyDefinition;
use crate::handle;

const ABOUT: &str = "Shares the cost of joint public procurements: agreements, budgets and invoices from one event log.\n\n\
    Amounts are whole øre (`..._ore`), days are ISO 8601, ids are UUIDs made by the caller. What happens is asked for by \
    commands: `POST /api/v1/{kind}/{id}/commands` with the command's name and fields. The first command of a stream makes \
    it; a command whose wish is fulfilled already is answered with no events.\n\n\
    Every read takes `as_of`. Lists are paged by `limit` and `after`. Every POST needs an `Idempotency-Key`. Commands take \
    `If-Match`. Where several instances serve one log, the answer to a POST says in `Log-Position` how far into it the instance had \
    come; a request with that number in `Log-Position-At-Least` is answered by any instance from what was known then or later, \
    which is waited for some seconds. `x-access` names what of the policy an operation asks. Errors are `application/problem+json` (RFC 9457); a path that is not there is answered by 404, another \
    method by 405 with `Allow`. Every answer carries `X-Content-Type-Options`, `Content-Security-Policy`, \
    `Referrer-Policy`, `Cross-Origin-Resource-Policy` and `Cache-Control`.";

const TOKENS: &str = "A token of a program (see `issueToken`). Needed where the settings say that one must sign in.";

/// What the parameter is called in the document that every operation takes.
const POSITION_PARAMETER: &str = "LogPositionAtLeast";
/// Where the schemas are.
const SCHEMAS: &str = "#/components/schemas/";

/// The schemas that operations refer to, by name.
#[derive(Default)]
pub struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// Adds that of a type, and of all that it is made of.
    pub fn add<T: ToSchema>(&mut self) {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        self.add_found(found);
    }

    fn add_found(&mut self, found: Vec<(String, RefOr<Schema>)>) {
        self.0.extend(found.into_iter().map(|(name, schema)| (name, json!(schema))));
    }

    /// Adds one that is written out.
    pub fn add_written(&mut self, name: String, schema: Value) {
        self.0.insert(name, schema);
    }
}

/// An event as a command answers it: one of those in `events/`.
pub struct Event;

impl PartialSchema for Event {
    fn schema() -> RefOr<Schema> {
        utoipa::openapi::Ref::from_schema_name("Event").into()
    }
}

impl ToSchema for Event {}

/// Refers to a schema.
pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// The document.
pub fn document(endpoints: &[Endpoint]) -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut statuses: Vec<u16> = Vec::new();
    let mut schemas = event_schemas();
    for endpoint in endpoints {
        let method = endpoint.method.as_str().to_lowercase();
        paths.entry(endpoint.path).or_default().insert(method, operation(endpoint));
        statuses.extend(&endpoint.problems);
        for (name, schema) in &endpoint.schemas.0 {
            // What is written by hand stands.
            schemas.entry(name.clone()).or_insert_with(|| schema.clone());
        }
    }
    schemas.extend(key_schemas());
    schemas.insert("Problem".to_owned(), problem_schema());
    statuses.sort_unstable();
    statuses.dedup();
    let mut used = BTreeSet::from(["Problem".to_owned()]);
    paths.values().flat_map(Map::values).for_each(|operation| follow(operation, &schemas, &mut used));
    schemas.retain(|name, _| used.contains(name));
    let responses: Map<String, Value> = statuses.into_iter().map(|status| (name_of(status), problem(status))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Grenseløs",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": env!("CARGO_PKG_DESCRIPTION"),
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": { POSITION_PARAMETER: position_parameter() },
            "responses": responses,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": TOKENS } },
        },
        "security": [{}, { "token": [] }],
    })
}

/// Adds the schemas that a value refers to, and those that they refer to.
fn follow(value: &Value, schemas: &BTreeMap<String, Value>, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = value.as_str().filter(|_| field == "$ref").and_then(|text| text.strip_prefix(SCHEMAS));
                match name {
                    Some(name) if used.insert(name.to_owned()) => {
                        if let Some(schema) = schemas.get(name) {
                            follow(schema, schemas, used);
                        }
                    }
                    Some(_) => {}
                    None => follow(value, schemas, used),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| follow(value, schemas, used)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn operation(endpoint: &Endpoint) -> Value {
    let mut parameters = endpoint.parameters.clone();
    parameters.push(json!({ "$ref": format!("#/components/parameters/{POSITION_PARAMETER}") }));
    let content: Map<String, Value> = endpoint
        .contents
        .iter()
        .map(|Content { media_type, schema }| ((*media_type).to_owned(), json!({ "schema": schema })))
        .collect();
    let headers: Map<String, Value> = endpoint
        .headers
        .iter()
        .map(|(name, text)| ((*name).to_owned(), json!({ "description": text, "schema": { "type": "string" } })))
        .collect();
    let mut responses: Map<String, Value> = endpoint
        .problems
        .iter()
        .map(|status| (status.to_string(), json!({ "$ref": format!("#/components/responses/{}", name_of(*status)) })))
        .collect();
    responses
        .insert("200".to_owned(), json!({ "description": endpoint.answer, "headers": headers, "content": content }));
    let mut operation = json!({
        "operationId": endpoint.operation_id,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": responses,
        "x-access": endpoint.asks.iter().map(|operation| operation.name()).collect::<Vec<_>>(),
    });
    if !endpoint.description.is_empty() {
        operation["description"] = json!(endpoint.description);
    }
    if let Some(body) = &endpoint.body {
        operation["requestBody"] = body.clone();
    }
    operation
}

/// What any request may ask for where there are several instances.
fn position_parameter() -> Value {
    json!({
        "name": AT_LEAST,
        "in": "header",
        "required": false,
        "description": "Answer from no earlier state than this: what an answer said in Log-Position. It is waited for some \
            seconds; then the problem is `position-not-reached`.",
        "schema": { "type": "integer", "minimum": 0, "examples": [4711] },
    })
}

fn name_of(status: u16) -> String {
    format!("Problem{status}")
}

fn problem(status: u16) -> Value {
    let kinds = KINDS.iter().filter(|kind| kind.status == status);
    let mut texts: Vec<String> = kinds.map(|kind| format!("`{}`: {}.", kind.code, kind.title)).collect();
    if status == 422 {
        texts.push("Or the name of the rule that says no, such as `agreement-already-signed`.".to_owned());
    }
    json!({
        "description": texts.join(" "),
        "content": { PROBLEM_JSON: { "schema": reference("Problem") } },
    })
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "An error (RFC 9457). Beside these fields it has those that its sentence speaks of.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "format": "uri", "description": "Which error it is: stable.",
                "examples": [format!("{TYPE_BASE}agreement-already-signed")] },
            "title": { "type": "string", "description": "The type in a few words." },
            "status": { "type": "integer", "description": "The HTTP status." },
            "detail": { "type": "string", "description": "What is wrong, why, and what to do." },
        },
        "additionalProperties": true,
    })
}

/// One schema for each event and version, and the one that is any of them.
fn event_schemas() -> BTreeMap<String, Value> {
    let mut schemas = BTreeMap::new();
    let mut any = Vec::new();
    for (name, version, mut data) in handle::event_schemas() {
        let description = data["description"].clone();
        let component = format!("event.{name}.{version}");
        if let Some(fields) = data.as_object_mut() {
            fields.retain(|key, _| !matches!(key.as_str(), "$schema" | "title" | "description"));
            if let Some(Value::Object(parts)) = fields.remove("$defs") {
                for (part, mut schema) in parts {
                    refer_to_parts(&mut schema, &component);
                    schemas.insert(format!("{component}.{part}"), schema);
                }
                refer_to_parts(&mut data, &component);
            }
        }
        any.push(reference(&component));
        let schema = json!({
            "type": "object",
            "description": description,
            "required": ["type", "schema_version", "data"],
            "properties": {
                "type": { "const": name },
                "schema_version": { "const": version },
                "data": data,
            },
        });
        schemas.insert(component, schema);
    }
    schemas.insert("Event".to_owned(), json!({ "description": "What happened.", "oneOf": any }));
    schemas
}

/// Lets what refers to a part within an event's schema refer to where the part is in the document.
fn refer_to_parts(schema: &mut Value, component: &str) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("$ref", Value::String(reference)) => {
                        if let Some(part) = reference.strip_prefix("#/$defs/") {
                            *reference = format!("{SCHEMAS}{component}.{part}");
                        }
                    }
                    (_, value) => refer_to_parts(value, component),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| refer_to_parts(value, component)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The schemas of a sharing key as events have them: a key's kind stands among its fields, and no other field may.
fn key_schemas() -> Map<String, Value> {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    generator.subschema_for::<KeyDefinition>();
    generator.take_definitions(true)
}
