//! Turns a document of Swagger 2.0 into one of OpenAPI 3.0 that describes the same interface.
//!
//! The published document was Swagger 2.0 until December 2025, and the generator reads OpenAPI 3.0 only.
//! The way through the document is by position, never by name alone: an example that holds a `$ref`, or
//! a property that is called `discriminator`, is left as it is.
//!
//! What Swagger 2.0 can say and OpenAPI 3.0 cannot is dropped, and a note says so. One loss has no note,
//! because no request shows it: the name of a body parameter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value, json};

/// The version that a converted document declares.
const OPENAPI: &str = "3.0.3";

/// How deep a document may be nested. `serde_json` itself reads 127 levels, and conversion adds a few.
const MAX_DEPTH: usize = 100;

/// The methods of a path item.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

/// What Swagger 2.0 writes beside `name` and `in`, and OpenAPI 3.0 inside `schema`.
const VALUE_KEYS: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
];

/// The types that a parameter or a header can have.
const VALUE_TYPES: &[&str] = &["string", "number", "integer", "boolean", "array"];

/// The types that a field of a form can have.
const FIELD_TYPES: &[&str] = &["string", "number", "integer", "boolean", "array", "file"];

/// The members of a schema that mean the same in both versions and hold no schema.
const SAME_KEYS: &[&str] = &[
    "format",
    "title",
    "description",
    "default",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "enum",
    "readOnly",
    "xml",
    "externalDocs",
    "example",
];

const JSON: &str = "application/json";
const OCTETS: &str = "application/octet-stream";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

const NO_COUNTERPART: &str = "has no counterpart in OpenAPI 3.0; dropped";
const UNKNOWN: &str = "is not known to Swagger 2.0; dropped";

type Object = Map<String, Value>;
type Result<T> = std::result::Result<T, Swagger2Error>;

/// A converted document, and what was lost on the way.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Converted {
    /// The document, in OpenAPI 3.0.3.
    pub document: Value,
    /// One line for each thing that was dropped, renamed or mended, with its place in the original.
    pub notes: Vec<String>,
}

/// Why a document cannot be converted.
///
/// Each error names the place in the original as a JSON Pointer (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Swagger2Error {
    /// The document does not declare version 2.0.
    #[error("/swagger: expected \"2.0\", found {found}; only Swagger 2.0 can be converted")]
    NotSwagger2 {
        /// The version that was found, as JSON, or `nothing`.
        found: String,
    },
    /// The document is nested too deeply to be walked safely.
    #[error("{place}: nested deeper than {limit} levels; flatten the document")]
    TooDeep {
        /// The first place that is too deep.
        place: String,
        /// The greatest depth that is accepted.
        limit: usize,
    },
    /// A member has the wrong JSON type.
    #[error("{place}: expected {expected}, found {found}")]
    WrongType {
        /// Where the value stands.
        place: String,
        /// What Swagger 2.0 asks for.
        expected: &'static str,
        /// The JSON type that was found.
        found: &'static str,
    },
    /// A required member is absent.
    #[error("{place}: `{field}` is required here; add it")]
    Missing {
        /// Where the member should stand.
        place: String,
        /// The name of the member.
        field: &'static str,
    },
    /// A text is none of those that are allowed.
    #[error("{place}: {found} is not allowed; {rule}")]
    BadValue {
        /// Where the text stands.
        place: String,
        /// The text, quoted, and shortened when it is long.
        found: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// A reference cannot be followed or rewritten.
    #[error("{place}: the reference {reference} cannot be used; {rule}")]
    BadReference {
        /// Where the reference stands.
        place: String,
        /// The reference, quoted, and shortened when it is long.
        reference: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// An operation describes its body twice.
    #[error("{place}: more than one body; use one `body` parameter, or `formData` parameters, but not both")]
    TwoBodies {
        /// The operation.
        place: String,
    },
    /// A list holds two parameters of the same name and location.
    #[error("{place}: the parameter {name} in `{location}` is declared twice; remove one")]
    DuplicateParameter {
        /// The second of the two.
        place: String,
        /// The name, quoted.
        name: String,
        /// The value of `in`.
        location: &'static str,
    },
    /// Two names become equal when the characters that OpenAPI 3.0 forbids in them are replaced.
    #[error("{place}: this name and {other} both become {name}; rename one")]
    NameClash {
        /// The second of the two.
        place: String,
        /// The first of the two, quoted.
        other: String,
        /// The name that both would have, quoted.
        name: String,
    },
}

/// Converts a document of Swagger 2.0 to OpenAPI 3.0.3.
///
/// Extensions and prose are kept. A response with a schema, or a body, for which no media type is
/// declared gets `application/json`; a response of `type: file` gets `application/octet-stream`.
///
/// ```
/// use serde_json::json;
/// use xtask::swagger2;
///
/// let converted = swagger2::convert(&json!({
///     "swagger": "2.0",
///     "info": { "title": "Clock", "version": "1" },
///     "host": "api.example.com",
///     "basePath": "/v1",
///     "schemes": ["https"],
///     "paths": {
///         "/time": {
///             "get": {
///                 "responses": {
///                     "200": { "description": "OK", "schema": { "$ref": "#/definitions/Time" } }
///                 }
///             }
///         }
///     },
///     "definitions": { "Time": { "type": "integer" } }
/// }))?;
/// assert_eq!(converted.document["servers"][0]["url"], "https://api.example.com/v1");
/// assert_eq!(converted.document["components"]["schemas"]["Time"]["type"], "integer");
/// assert!(converted.notes.is_empty());
/// # Ok::<(), swagger2::Swagger2Error>(())
/// ```
///
/// # Errors
///
/// When the document is no Swagger 2.0, is nested too deeply, or breaks a rule of Swagger 2.0 so that
/// its meaning is unclear: a member of the wrong type, a shared parameter or answer that is missing, two bodies.
/// Values that are only copied, such as `minimum` or `example`, are not checked.
pub fn convert(document: &Value) -> std::result::Result<Converted, Swagger2Error> {
    let place = Place::root();
    check_depth(document, &place, MAX_DEPTH)?;
    let root = object(document, &place)?;
    check_version(root)?;
    let mut converter = Converter::new(root, &place)?;
    let document = Value::Object(converter.root(&place)?);
    // What several operations share is converted for each of them, and its notes with it.
    let mut seen = BTreeSet::new();
    let mut notes = converter.notes;
    notes.retain(|note| seen.insert(note.clone()));
    Ok(Converted { document, notes })
}

fn check_version(root: &Object) -> Result<()> {
    let found = match root.get("swagger") {
        Some(Value::String(version)) if version == "2.0" => return Ok(()),
        // In YAML, a version without quotes is read as a number.
        Some(Value::Number(version)) if version.to_string() == "2.0" => return Ok(()),
        Some(Value::String(version)) => shown(version),
        Some(Value::Number(version)) => version.to_string(),
        Some(other) => kind(other).to_owned(),
        None => "nothing".to_owned(),
    };
    Err(Swagger2Error::NotSwagger2 { found })
}

/// The recursion below stops at the limit, so that no document can exhaust the stack here or later.
fn check_depth(value: &Value, place: &Place, left: usize) -> Result<()> {
    let Some(left) = left.checked_sub(1) else {
        return Err(Swagger2Error::TooDeep {
            place: place.to_string(),
            limit: MAX_DEPTH,
        });
    };
    match value {
        Value::Object(members) => members
            .iter()
            .try_for_each(|(key, value)| check_depth(value, &place.key(key), left)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check_depth(value, &place.index(index), left)),
        _ => Ok(()),
    }
}

/// A place in the original document, as a JSON Pointer that is safe to print on one line.
#[derive(Debug, Clone)]
struct Place(String);

impl Place {
    fn root() -> Self {
        Place(String::new())
    }

    fn key(&self, key: &str) -> Self {
        let mut pointer = self.0.clone();
        pointer.push('/');
        for character in key.chars() {
            match character {
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                control if control.is_control() => pointer.extend(control.escape_default()),
                other => pointer.push(other),
            }
        }
        Place(pointer)
    }

    fn index(&self, index: usize) -> Self {
        Place(format!("{}/{index}", self.0))
    }

    fn missing(&self, field: &'static str) -> Swagger2Error {
        Swagger2Error::Missing {
            place: self.to_string(),
            field,
        }
    }

    fn bad_value(&self, found: &str, rule: &'static str) -> Swagger2Error {
        Swagger2Error::BadValue {
            place: self.to_string(),
            found: shown(found),
            rule,
        }
    }

    fn bad_reference(&self, reference: &str, rule: &'static str) -> Swagger2Error {
        Swagger2Error::BadReference {
            place: self.to_string(),
            reference: shown(reference),
            rule,
        }
    }

    fn wrong_type(&self, expected: &'static str, found: &Value) -> Swagger2Error {
        Swagger2Error::WrongType {
            place: self.to_string(),
            expected,
            found: kind(found),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The empty pointer, which is the whole document, would not show in a message.
        f.write_str(if self.0.is_empty() {
            "the document"
        } else {
            &self.0
        })
    }
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Location {
    Query,
    Header,
    Path,
    Form,
    Body,
}

impl Location {
    const ALL: [Location; 5] = [
        Location::Query,
        Location::Header,
        Location::Path,
        Location::Form,
        Location::Body,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Location::Query => "query",
            Location::Header => "header",
            Location::Path => "path",
            Location::Form => "formData",
            Location::Body => "body",
        }
    }

    fn read(source: &Object, place: &Place) -> Result<Self> {
        let found = required(source, "in", place, text)?;
        Location::ALL
            .into_iter()
            .find(|location| location.as_str() == found)
            .ok_or_else(|| {
                place
                    .key("in")
                    .bad_value(found, "use query, header, path, formData or body")
            })
    }
}

/// A parameter of an operation or a path item, with its reference followed.
#[derive(Debug, Clone)]
struct Parameter<'d> {
    source: &'d Object,
    place: Place,
    location: Location,
    name: &'d str,
    /// The converted name in the global `parameters`, when it was referred to.
    shared: Option<String>,
}

impl Parameter<'_> {
    fn identity(&self) -> (Location, &str) {
        (self.location, self.name)
    }
}

/// The parts of server addresses that the document declares once.
#[derive(Debug)]
struct Address<'d> {
    host: Option<&'d str>,
    base: &'d str,
}

impl<'d> Address<'d> {
    fn read(root: &'d Object, place: &Place) -> Result<Self> {
        let host = optional(root, "host", place, text)?;
        if let Some(host) = host
            && (host.is_empty() || host.contains(['/', '{', '}', '?', '#']) || blank_inside(host))
        {
            return Err(place
                .key("host")
                .bad_value(host, "a host is a name or address with an optional port"));
        }
        let base = optional(root, "basePath", place, text)?.unwrap_or_default();
        if !(base.is_empty() || base.starts_with('/'))
            || base.contains(['{', '}', '?', '#'])
            || blank_inside(base)
        {
            return Err(place
                .key("basePath")
                .bad_value(base, "a base path starts with `/` and has no template"));
        }
        Ok(Address {
            host,
            base: base.trim_end_matches('/'),
        })
    }

    fn servers(&self, schemes: &[&str]) -> Vec<Value> {
        let server = |url: String| json!({ "url": url });
        match self.host {
            Some(host) if schemes.is_empty() => vec![server(format!("//{host}{}", self.base))],
            Some(host) => schemes
                .iter()
                .map(|scheme| server(format!("{scheme}://{host}{}", self.base)))
                .collect(),
            // Without a server OpenAPI 3.0 assumes `/`, as Swagger 2.0 does.
            None if self.base.is_empty() => Vec::new(),
            None => vec![server(self.base.to_owned())],
        }
    }
}

/// The sections of a Swagger 2.0 document whose members are referred to by name.
#[derive(Debug, Clone, Copy)]
enum Section {
    Definitions,
    Parameters,
    Responses,
}

impl Section {
    const fn key(self) -> &'static str {
        match self {
            Section::Definitions => "definitions",
            Section::Parameters => "parameters",
            Section::Responses => "responses",
        }
    }

    const fn rule(self) -> &'static str {
        match self {
            Section::Definitions => "it must name a member of `#/definitions`",
            Section::Parameters => "it must name a member of `#/parameters`",
            Section::Responses => "it must name a member of `#/responses`",
        }
    }
}

/// Original names to the names that OpenAPI 3.0 allows.
type Names = BTreeMap<String, String>;

#[derive(Debug)]
struct Converter<'d> {
    root: &'d Object,
    address: Address<'d>,
    schemes: Vec<&'d str>,
    consumes: Vec<&'d str>,
    produces: Vec<&'d str>,
    definitions: Names,
    parameters: Names,
    responses: Names,
    security: Names,
    notes: Vec<String>,
}

impl<'d> Converter<'d> {
    fn new(root: &'d Object, place: &Place) -> Result<Self> {
        let mut notes = Vec::new();
        let mut names = |section| names(root, section, place, &mut notes);
        let definitions = names("definitions")?;
        let parameters = names("parameters")?;
        let responses = names("responses")?;
        let security = names("securityDefinitions")?;
        Ok(Converter {
            root,
            address: Address::read(root, place)?,
            schemes: optional(root, "schemes", place, schemes)?.unwrap_or_default(),
            consumes: optional(root, "consumes", place, media_types)?.unwrap_or_default(),
            produces: optional(root, "produces", place, media_types)?.unwrap_or_default(),
            definitions,
            parameters,
            responses,
            security,
            notes,
        })
    }

    fn note(&mut self, place: &Place, sentence: &str) {
        self.notes.push(format!("{place}: {sentence}"));
    }

    /// For a member that this step does not know: extensions stay, anything else goes.
    fn keep_extension(&mut self, out: &mut Object, key: &str, value: &Value, place: &Place) {
        if is_extension(key) {
            out.insert(key.to_owned(), value.clone());
        } else {
            self.note(&place.key(key), UNKNOWN);
        }
    }

    fn root(&mut self, place: &Place) -> Result<Object> {
        let root = self.root;
        let mut out = Object::new();
        out.insert("openapi".to_owned(), json!(OPENAPI));
        required(root, "info", place, object)?;
        required(root, "paths", place, object)?;
        for (key, value) in root {
            let here = place.key(key);
            match key.as_str() {
                "swagger"
                | "host"
                | "basePath"
                | "schemes"
                | "consumes"
                | "produces"
                | "definitions"
                | "parameters"
                | "responses"
                | "securityDefinitions" => {}
                "info" | "tags" | "externalDocs" => {
                    out.insert(key.clone(), value.clone());
                }
                "security" => {
                    out.insert(key.clone(), self.requirements(value, &here)?);
                }
                "paths" => {
                    out.insert(key.clone(), self.paths(value, &here)?);
                }
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        if self.address.host.is_none() && !self.schemes.is_empty() {
            self.note(&place.key("schemes"), "means nothing without a host; dropped");
        }
        let servers = self.address.servers(&self.schemes);
        insert_filled(&mut out, "servers", Value::Array(servers));
        let components = self.components(place)?;
        insert_filled(&mut out, "components", Value::Object(components));
        Ok(out)
    }

    fn components(&mut self, place: &Place) -> Result<Object> {
        let mut out = Object::new();
        let schemas = self.section("definitions", place, |this, name, value, here| {
            Ok(Some((
                this.definitions.get(name).cloned(),
                this.schema(value, here)?,
            )))
        })?;
        insert_filled(&mut out, "schemas", Value::Object(schemas));

        let mut bodies = Object::new();
        let parameters = self.section("parameters", place, |this, name, value, here| {
            let parameter = this.direct_parameter(object(value, here)?, here.clone(), None)?;
            let new = this.parameters.get(name).cloned();
            match parameter.location {
                Location::Form => {
                    // A form has one body, so there is nowhere to keep a single field of it.
                    this.note(here, "a shared form field is written into each form instead");
                    Ok(None)
                }
                Location::Body => {
                    let types = this.consumes.clone();
                    let body = this.body(&parameter, &types)?;
                    bodies.extend(new.map(|new| (new, body)));
                    Ok(None)
                }
                _ => Ok(Some((new, this.plain_parameter(&parameter)?))),
            }
        })?;
        insert_filled(&mut out, "parameters", Value::Object(parameters));
        insert_filled(&mut out, "requestBodies", Value::Object(bodies));

        let responses = self.section("responses", place, |this, name, value, here| {
            let types = this.produces.clone();
            let response = this.response(object(value, here)?, here, &types)?;
            Ok(Some((this.responses.get(name).cloned(), response)))
        })?;
        insert_filled(&mut out, "responses", Value::Object(responses));

        let schemes = self.section("securityDefinitions", place, |this, name, value, here| {
            Ok(Some((
                this.security.get(name).cloned(),
                this.security_scheme(value, here)?,
            )))
        })?;
        insert_filled(&mut out, "securitySchemes", Value::Object(schemes));
        Ok(out)
    }

    /// Converts the members of a global section; `each` gives the new name and the new value.
    fn section(
        &mut self,
        key: &'static str,
        place: &Place,
        mut each: impl FnMut(&mut Self, &str, &'d Value, &Place) -> Result<Option<(Option<String>, Value)>>,
    ) -> Result<Object> {
        let here = place.key(key);
        let mut out = Object::new();
        for (name, value) in optional(self.root, key, place, object)?.into_iter().flatten() {
            if let Some((new, value)) = each(self, name, value, &here.key(name))? {
                out.insert(new.unwrap_or_else(|| name.clone()), value);
            }
        }
        Ok(out)
    }

    // Paths and operations.

    fn paths(&mut self, value: &'d Value, place: &Place) -> Result<Value> {
        let mut out = Object::new();
        for (path, item) in object(value, place)? {
            let here = place.key(path);
            if path.starts_with('/') {
                out.insert(path.clone(), self.path_item(object(item, &here)?, &here)?);
            } else if is_extension(path) {
                out.insert(path.clone(), item.clone());
            } else {
                return Err(here.bad_value(path, "a path starts with `/`"));
            }
        }
        Ok(Value::Object(out))
    }

    fn path_item(&mut self, source: &'d Object, place: &Place) -> Result<Value> {
        if let Some(reference) = optional(source, "$ref", place, text)? {
            return Err(place
                .key("$ref")
                .bad_reference(reference, "write the path item out"));
        }
        let shared = self.parameter_list(source, place)?;
        let mut out = Object::new();
        for (key, value) in source {
            let here = place.key(key);
            match key.as_str() {
                "parameters" => {
                    let plain = self.plain_parameters(&shared)?;
                    insert_filled(&mut out, key, plain);
                }
                method if METHODS.contains(&method) => {
                    let operation = self.operation(object(value, &here)?, &shared, &here)?;
                    out.insert(key.clone(), operation);
                }
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        Ok(Value::Object(out))
    }

    fn operation(&mut self, source: &'d Object, inherited: &[Parameter<'d>], place: &Place) -> Result<Value> {
        let own = self.parameter_list(source, place)?;
        let consumes = optional(source, "consumes", place, media_types)?;
        let produces =
            optional(source, "produces", place, media_types)?.unwrap_or_else(|| self.produces.clone());
        required(source, "responses", place, object)?;
        let mut out = Object::new();
        for (key, value) in source {
            let here = place.key(key);
            match key.as_str() {
                "consumes" | "produces" => {}
                "tags" | "summary" | "description" | "externalDocs" | "operationId" | "deprecated" => {
                    out.insert(key.clone(), value.clone());
                }
                "parameters" => {
                    let plain = self.plain_parameters(&own)?;
                    insert_filled(&mut out, key, plain);
                }
                "responses" => {
                    out.insert(key.clone(), self.response_map(value, &produces, &here)?);
                }
                "schemes" => {
                    let servers = self.operation_servers(value, &here)?;
                    insert_filled(&mut out, "servers", Value::Array(servers));
                }
                "security" => {
                    out.insert(key.clone(), self.requirements(value, &here)?);
                }
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        let overridden: BTreeSet<_> = own.iter().map(Parameter::identity).collect();
        let in_body: Vec<&Parameter<'d>> = inherited
            .iter()
            .filter(|parameter| !overridden.contains(&parameter.identity()))
            .chain(&own)
            .filter(|parameter| matches!(parameter.location, Location::Body | Location::Form))
            .collect();
        if let Some(body) = self.request_body(&in_body, consumes.as_deref(), place)? {
            out.insert("requestBody".to_owned(), body);
        }
        Ok(Value::Object(out))
    }

    fn operation_servers(&mut self, value: &'d Value, place: &Place) -> Result<Vec<Value>> {
        let own = schemes(value, place)?;
        if self.address.host.is_none() {
            self.note(place, "means nothing without a host; dropped");
            return Ok(Vec::new());
        }
        Ok(if own == self.schemes {
            Vec::new()
        } else {
            self.address.servers(&own)
        })
    }

    fn requirements(&mut self, value: &Value, place: &Place) -> Result<Value> {
        let mut out = Vec::new();
        for (index, requirement) in array(value, place)?.iter().enumerate() {
            let here = place.index(index);
            let mut renamed = Object::new();
            for (name, scopes) in object(requirement, &here)? {
                let scheme = self.security.get(name).ok_or_else(|| {
                    here.key(name)
                        .bad_value(name, "it must name a member of `securityDefinitions`")
                })?;
                renamed.insert(scheme.clone(), json!(texts(scopes, &here.key(name))?));
            }
            out.push(Value::Object(renamed));
        }
        Ok(Value::Array(out))
    }

    // Parameters.

    fn parameter_list(&mut self, source: &'d Object, place: &Place) -> Result<Vec<Parameter<'d>>> {
        let place = place.key("parameters");
        let mut out: Vec<Parameter<'d>> = Vec::new();
        let Some(list) = source.get("parameters") else {
            return Ok(out);
        };
        for (index, item) in array(list, &place)?.iter().enumerate() {
            let here = place.index(index);
            let parameter = self.parameter(object(item, &here)?, &here)?;
            if out.iter().any(|other| other.identity() == parameter.identity()) {
                return Err(Swagger2Error::DuplicateParameter {
                    place: here.to_string(),
                    name: shown(parameter.name),
                    location: parameter.location.as_str(),
                });
            }
            out.push(parameter);
        }
        Ok(out)
    }

    fn parameter(&mut self, source: &'d Object, place: &Place) -> Result<Parameter<'d>> {
        if !source.contains_key("$ref") {
            return self.direct_parameter(source, place.clone(), None);
        }
        let (name, target, target_place) = self.follow(source, place, Section::Parameters)?;
        let shared = self.parameters.get(&name).cloned();
        self.direct_parameter(target, target_place, shared)
    }

    fn direct_parameter(
        &self,
        source: &'d Object,
        place: Place,
        shared: Option<String>,
    ) -> Result<Parameter<'d>> {
        not_a_reference(source, &place)?;
        Ok(Parameter {
            location: Location::read(source, &place)?,
            name: required(source, "name", &place, text)?,
            source,
            place,
            shared,
        })
    }

    /// Follows a reference to a global parameter or response, which holds no further reference.
    fn follow(
        &mut self,
        source: &Object,
        place: &Place,
        section: Section,
    ) -> Result<(String, &'d Object, Place)> {
        let here = place.key("$ref");
        let reference = required(source, "$ref", place, text)?;
        let (name, tail) = local(reference, section, &here)?;
        let target = self
            .root
            .get(section.key())
            .and_then(|members| members.get(&name))
            .filter(|_| tail.is_empty())
            .ok_or_else(|| here.bad_reference(reference, section.rule()))?;
        for key in source.keys().filter(|key| *key != "$ref") {
            self.note(&place.key(key), "is ignored beside `$ref`; dropped");
        }
        let target_place = Place::root().key(section.key()).key(&name);
        let target = object(target, &target_place)?;
        Ok((name, target, target_place))
    }

    /// The parameters that stay parameters; the others become the body.
    fn plain_parameters(&mut self, all: &[Parameter<'d>]) -> Result<Value> {
        let mut out = Vec::new();
        for parameter in all {
            if matches!(parameter.location, Location::Body | Location::Form) {
                continue;
            }
            out.push(match &parameter.shared {
                Some(name) => json!({ "$ref": format!("#/components/parameters/{name}") }),
                None => self.plain_parameter(parameter)?,
            });
        }
        Ok(Value::Array(out))
    }

    fn plain_parameter(&mut self, parameter: &Parameter<'d>) -> Result<Value> {
        let Parameter {
            source,
            place,
            location,
            name,
            ..
        } = parameter;
        let mut out = Object::new();
        let (schema, rest) = self.value_schema(source, VALUE_TYPES, place)?;
        for (key, value) in rest {
            match key {
                "name" | "in" | "description" | "example" => {
                    out.insert(key.to_owned(), value.clone());
                }
                "required" => {
                    out.insert(key.to_owned(), json!(boolean(value, &place.key(key))?));
                }
                "allowEmptyValue" if *location == Location::Query => {
                    out.insert(key.to_owned(), json!(boolean(value, &place.key(key))?));
                }
                "allowEmptyValue" => self.note(&place.key(key), NO_COUNTERPART),
                "collectionFormat" => {}
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        if *location == Location::Path && out.get("required") != Some(&Value::Bool(true)) {
            self.note(place, "a path parameter is always required; `required` set");
            out.insert("required".to_owned(), json!(true));
        }
        if *location == Location::Header
            && ["accept", "authorization", "content-type"].contains(&name.to_ascii_lowercase().as_str())
        {
            self.note(place, "OpenAPI 3.0 ignores a header parameter of this name; kept");
        }
        if let Some((style, explode)) = self.style(source, *location, is_array(&schema), place)? {
            out.insert("style".to_owned(), json!(style));
            out.insert("explode".to_owned(), json!(explode));
        }
        out.insert("schema".to_owned(), Value::Object(schema));
        Ok(Value::Object(out))
    }

    /// How a list is written, when that is not what OpenAPI 3.0 assumes at this location.
    fn style(
        &mut self,
        source: &Object,
        location: Location,
        is_array: bool,
        place: &Place,
    ) -> Result<Option<(&'static str, bool)>> {
        let here = place.key("collectionFormat");
        let format = optional(source, "collectionFormat", place, text)?;
        if !is_array {
            if format.is_some() {
                self.note(&here, "means nothing without `type: array`; dropped");
            }
            return Ok(None);
        }
        let separated = matches!(location, Location::Path | Location::Header | Location::Body);
        Ok(match format.unwrap_or("csv") {
            "csv" if separated => None,
            "csv" => Some(("form", false)),
            "ssv" if !separated => Some(("spaceDelimited", false)),
            "pipes" if !separated => Some(("pipeDelimited", false)),
            "multi" if !separated => Some(("form", true)),
            "ssv" | "tsv" | "pipes" | "multi" => {
                self.note(
                    &here,
                    "has no counterpart in OpenAPI 3.0; written with commas instead",
                );
                (!separated).then_some(("form", false))
            }
            other => return Err(here.bad_value(other, "use csv, ssv, tsv, pipes or multi")),
        })
    }

    /// The schema of a parameter, form field or header, and the members that are not part of it.
    fn value_schema<'s>(
        &mut self,
        source: &'s Object,
        types: &[&str],
        place: &Place,
    ) -> Result<(Object, Vec<(&'s str, &'s Value)>)> {
        let found = required(source, "type", place, text)?;
        if !types.contains(&found) {
            return Err(place.key("type").bad_value(
                found,
                "use string, number, integer, boolean, array or, in a form, file",
            ));
        }
        // `x-enum-varnames` and its like describe the values and so belong to the schema.
        let (inner, rest): (Vec<_>, Vec<_>) = source
            .iter()
            .partition(|(key, _)| VALUE_KEYS.contains(&key.as_str()) || key.starts_with("x-enum-"));
        let inner: Object = inner
            .into_iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let schema = self.schema_object(&inner, place)?;
        let rest = rest.into_iter().map(|(key, value)| (key.as_str(), value));
        Ok((schema, rest.collect()))
    }

    // Bodies.

    fn request_body(
        &mut self,
        parameters: &[&Parameter<'d>],
        consumes: Option<&[&'d str]>,
        place: &Place,
    ) -> Result<Option<Value>> {
        let global = self.consumes.clone();
        let types = consumes.unwrap_or(&global);
        Ok(match parameters {
            [] => None,
            [body] if body.location == Location::Body => Some(match &body.shared {
                Some(name) if types == global => {
                    json!({ "$ref": format!("#/components/requestBodies/{name}") })
                }
                _ => self.body(body, types)?,
            }),
            fields if fields.iter().all(|field| field.location == Location::Form) => {
                Some(self.form(fields, types, consumes.is_some(), place)?)
            }
            _ => {
                return Err(Swagger2Error::TwoBodies {
                    place: place.to_string(),
                });
            }
        })
    }

    fn body(&mut self, parameter: &Parameter<'d>, types: &[&str]) -> Result<Value> {
        let Parameter { source, place, .. } = parameter;
        let schema = source
            .get("schema")
            .ok_or_else(|| place.missing("schema"))
            .and_then(|schema| self.schema(schema, &place.key("schema")))?;
        let mut out = Object::new();
        for (key, value) in *source {
            match key.as_str() {
                "name" | "in" | "schema" => {}
                "description" => {
                    out.insert(key.clone(), value.clone());
                }
                "required" => {
                    out.insert(key.clone(), json!(boolean(value, &place.key(key))?));
                }
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        let types = if types.is_empty() { &[JSON] } else { types };
        out.insert("content".to_owned(), content(types, &schema));
        Ok(Value::Object(out))
    }

    fn form(
        &mut self,
        fields: &[&Parameter<'d>],
        types: &[&str],
        own_types: bool,
        place: &Place,
    ) -> Result<Value> {
        let is_file =
            |field: &&Parameter<'_>| field.source.get("type").and_then(Value::as_str) == Some("file");
        let types = self.form_types(types, own_types, fields.iter().any(is_file), place);
        let multipart = types.iter().any(|media| is_media(media, MULTIPART));
        let mut properties = Object::new();
        let mut required_names = Vec::new();
        let mut encoding = Object::new();
        for field in fields {
            let (schema, is_required) = self.form_field(field)?;
            if is_required {
                required_names.push(field.name);
            }
            let style = self.style(field.source, Location::Form, is_array(&schema), &field.place)?;
            if let Some((style, explode)) = style {
                if multipart && !explode {
                    self.note(&field.place, "in a multipart body each item is its own part");
                }
                let rule = json!({ "style": style, "explode": explode });
                encoding.insert(field.name.to_owned(), rule);
            }
            properties.insert(field.name.to_owned(), Value::Object(schema));
        }
        let mut out = Object::new();
        if !required_names.is_empty() {
            out.insert("required".to_owned(), json!(true));
        }
        let mut schema = Object::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        insert_filled(&mut schema, "required", json!(required_names));
        let mut content = Object::new();
        for media in types {
            let mut body = Object::new();
            body.insert("schema".to_owned(), Value::Object(schema.clone()));
            if !is_media(media, MULTIPART) {
                insert_filled(&mut body, "encoding", Value::Object(encoding.clone()));
            }
            content.insert(media.to_owned(), Value::Object(body));
        }
        out.insert("content".to_owned(), Value::Object(content));
        Ok(Value::Object(out))
    }

    /// The schema of a form field, and whether the field is required.
    fn form_field(&mut self, field: &Parameter<'d>) -> Result<(Object, bool)> {
        let (mut schema, rest) = self.value_schema(field.source, FIELD_TYPES, &field.place)?;
        let mut is_required = false;
        for (key, value) in rest {
            let here = field.place.key(key);
            match key {
                "name" | "in" | "collectionFormat" => {}
                "required" => is_required = boolean(value, &here)?,
                "description" | "example" => {
                    schema.insert(key.to_owned(), value.clone());
                }
                "allowEmptyValue" => self.note(&here, NO_COUNTERPART),
                _ => self.keep_extension(&mut schema, key, value, &field.place),
            }
        }
        Ok((schema, is_required))
    }

    /// The media types in which a form can be sent.
    fn form_types<'t>(
        &mut self,
        types: &[&'t str],
        own_types: bool,
        has_file: bool,
        place: &Place,
    ) -> Vec<&'t str> {
        let mut out = Vec::new();
        for &media in types {
            if is_media(media, MULTIPART) || (is_media(media, URLENCODED) && !has_file) {
                out.push(media);
            } else if own_types {
                let sentence = format!("{} cannot carry this form; dropped", shown(media));
                self.note(&place.key("consumes"), &sentence);
            }
        }
        if out.is_empty() {
            out.push(if has_file { MULTIPART } else { URLENCODED });
        }
        out
    }

    // Responses.

    fn response_map(&mut self, value: &'d Value, produces: &[&'d str], place: &Place) -> Result<Value> {
        let mut out = Object::new();
        for (status, response) in object(value, place)? {
            let here = place.key(status);
            if is_extension(status) {
                out.insert(status.clone(), response.clone());
                continue;
            }
            if status != "default" && !is_status(status) {
                return Err(here.bad_value(status, "use a status of three digits, or `default`"));
            }
            let source = object(response, &here)?;
            let converted = if source.contains_key("$ref") {
                self.response_reference(source, produces, &here)?
            } else {
                self.response(source, &here, produces)?
            };
            out.insert(status.clone(), converted);
        }
        Ok(Value::Object(out))
    }

    fn response_reference(&mut self, source: &Object, produces: &[&'d str], place: &Place) -> Result<Value> {
        let (name, target, target_place) = self.follow(source, place, Section::Responses)?;
        // A shared response has the global media types. Where an operation has others, only a copy
        // can say so.
        match self.responses.get(&name) {
            Some(new) if produces == self.produces || !target.contains_key("schema") => {
                Ok(json!({ "$ref": format!("#/components/responses/{new}") }))
            }
            _ => self.response(target, &target_place, produces),
        }
    }

    fn response(&mut self, source: &Object, place: &Place, produces: &[&str]) -> Result<Value> {
        not_a_reference(source, place)?;
        let mut out = Object::new();
        if !source.contains_key("description") {
            self.note(place, "a response needs a description; an empty one set");
            out.insert("description".to_owned(), json!(""));
        }
        for (key, value) in source {
            let here = place.key(key);
            match key.as_str() {
                "examples" => {}
                "description" => {
                    out.insert(key.clone(), json!(text(value, &here)?));
                }
                "schema" => {
                    let schema = self.schema(value, &here)?;
                    let is_file = value.get("type").and_then(Value::as_str) == Some("file");
                    let types: &[&str] = match produces {
                        [] if is_file => &[OCTETS],
                        [] => &[JSON],
                        types => types,
                    };
                    out.insert("content".to_owned(), content(types, &schema));
                }
                "headers" => {
                    let mut headers = Object::new();
                    for (name, header) in object(value, &here)? {
                        headers.insert(name.clone(), self.header(header, &here.key(name))?);
                    }
                    insert_filled(&mut out, "headers", Value::Object(headers));
                }
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        let here = place.key("examples");
        for (media, example) in optional(source, "examples", place, object)?.into_iter().flatten() {
            let target = out
                .get_mut("content")
                .and_then(|content| content.get_mut(media))
                .and_then(Value::as_object_mut);
            match target {
                Some(target) => {
                    target.insert("example".to_owned(), example.clone());
                }
                None => self.note(&here.key(media), "the response has no such media type; dropped"),
            }
        }
        Ok(Value::Object(out))
    }

    fn header(&mut self, value: &Value, place: &Place) -> Result<Value> {
        let source = object(value, place)?;
        let (schema, rest) = self.value_schema(source, VALUE_TYPES, place)?;
        let mut out = Object::new();
        for (key, value) in rest {
            match key {
                "collectionFormat" => {}
                "description" | "example" => {
                    out.insert(key.to_owned(), value.clone());
                }
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        // The only style that a header can have is the one that is assumed.
        self.style(source, Location::Header, is_array(&schema), place)?;
        out.insert("schema".to_owned(), Value::Object(schema));
        Ok(Value::Object(out))
    }

    // Schemas.

    fn schema(&mut self, value: &Value, place: &Place) -> Result<Value> {
        let source = object(value, place)?;
        Ok(Value::Object(if source.contains_key("$ref") {
            self.schema_reference(source, place)?
        } else {
            self.schema_object(source, place)?
        }))
    }

    fn schema_object(&mut self, source: &Object, place: &Place) -> Result<Object> {
        let mut out = Object::new();
        for (key, value) in source {
            let here = place.key(key);
            let value = match key.as_str() {
                // These two depend on other members and come last.
                "type" | "x-nullable" => continue,
                "properties" => self.schemas(value, &here)?,
                "items" => self.items(value, &here)?,
                "additionalProperties" if value.is_boolean() => value.clone(),
                "additionalProperties" => self.schema(value, &here)?,
                "allOf" => self.alternatives(value, &here)?,
                "required" => json!(texts(value, &here)?),
                "discriminator" => {
                    if self.definitions.iter().any(|(old, new)| old != new) {
                        self.note(&here, "no longer matches the schemas that were renamed");
                    }
                    json!({ "propertyName": text(value, &here)? })
                }
                "anyOf" | "oneOf" => {
                    self.foreign(&here);
                    self.alternatives(value, &here)?
                }
                "not" => {
                    self.foreign(&here);
                    self.schema(value, &here)?
                }
                "nullable" | "writeOnly" | "deprecated" => {
                    self.foreign(&here);
                    json!(boolean(value, &here)?)
                }
                "collectionFormat" => {
                    self.note(&here, NO_COUNTERPART);
                    continue;
                }
                same if SAME_KEYS.contains(&same) => value.clone(),
                _ => {
                    self.keep_extension(&mut out, key, value, place);
                    continue;
                }
            };
            out.insert(key.clone(), value);
        }
        if let Some(value) = source.get("type") {
            self.schema_type(value, &mut out, &place.key("type"))?;
        }
        match source.get("x-nullable") {
            Some(Value::Bool(true)) => {
                out.insert("nullable".to_owned(), json!(true));
            }
            Some(Value::Bool(false)) | None => {}
            Some(_) => self.note(&place.key("x-nullable"), "is neither true nor false; dropped"),
        }
        if is_array(&out) && !out.contains_key("items") {
            self.note(place, "an array needs `items`; any value allowed");
            out.insert("items".to_owned(), json!({}));
        }
        Ok(out)
    }

    /// Words of OpenAPI 3.0 in a Swagger 2.0 document are meant, though the version does not have them.
    fn foreign(&mut self, place: &Place) {
        self.note(place, "is not known to Swagger 2.0 but to OpenAPI 3.0; kept");
    }

    fn schemas(&mut self, value: &Value, place: &Place) -> Result<Value> {
        let mut out = Object::new();
        for (name, schema) in object(value, place)? {
            out.insert(name.clone(), self.schema(schema, &place.key(name))?);
        }
        Ok(Value::Object(out))
    }

    fn alternatives(&mut self, value: &Value, place: &Place) -> Result<Value> {
        let mut out = Vec::new();
        for (index, schema) in array(value, place)?.iter().enumerate() {
            out.push(self.schema(schema, &place.index(index))?);
        }
        Ok(Value::Array(out))
    }

    fn items(&mut self, value: &Value, place: &Place) -> Result<Value> {
        if !value.is_array() {
            return self.schema(value, place);
        }
        self.note(place, "one schema per item has no counterpart; any value allowed");
        Ok(json!({}))
    }

    fn schema_type(&mut self, value: &Value, out: &mut Object, place: &Place) -> Result<()> {
        let names = match value {
            Value::String(name) => vec![name.as_str()],
            _ => texts(value, place)?,
        };
        for (index, name) in names.iter().enumerate() {
            const KNOWN: [&str; 8] = [
                "string", "number", "integer", "boolean", "array", "object", "file", "null",
            ];
            if !KNOWN.contains(name) {
                let here = if value.is_array() {
                    place.index(index)
                } else {
                    place.clone()
                };
                return Err(here.bad_value(name, "it must be a type of JSON Schema, or file"));
            }
        }
        if names.contains(&"null") {
            out.insert("nullable".to_owned(), json!(true));
        }
        let others: Vec<&str> = names.into_iter().filter(|name| *name != "null").collect();
        match others.as_slice() {
            ["file"] => {
                out.insert("type".to_owned(), json!("string"));
                out.insert("format".to_owned(), json!("binary"));
            }
            [one] => {
                out.insert("type".to_owned(), json!(one));
            }
            _ => self.note(place, "has no counterpart in OpenAPI 3.0; any type allowed"),
        }
        Ok(())
    }

    fn schema_reference(&mut self, source: &Object, place: &Place) -> Result<Object> {
        let here = place.key("$ref");
        let reference = required(source, "$ref", place, text)?;
        // One that leads nowhere is left as it is: a later step names it, for both versions of OpenAPI.
        let target = match local(reference, Section::Definitions, &here) {
            Ok((name, tail)) => match self.definitions.get(&name) {
                Some(new) => json!(format!("#/components/schemas/{new}{tail}")),
                None => json!(reference),
            },
            Err(_) => json!(reference),
        };
        let mut out = Object::new();
        if source.get("x-nullable") == Some(&Value::Bool(true)) {
            // Beside a reference, `nullable` would be ignored.
            out.insert("allOf".to_owned(), json!([{ "$ref": target }]));
            out.insert("nullable".to_owned(), json!(true));
        } else {
            out.insert("$ref".to_owned(), target);
        }
        for (key, value) in source {
            match key.as_str() {
                "$ref" | "x-nullable" => {}
                prose if prose == "title" || prose == "description" || is_extension(prose) => {
                    out.insert(key.clone(), value.clone());
                }
                _ => self.note(&place.key(key), "is ignored beside `$ref`; dropped"),
            }
        }
        Ok(out)
    }

    // Security.

    fn security_scheme(&mut self, value: &Value, place: &Place) -> Result<Value> {
        let source = object(value, place)?;
        let mut out = Object::new();
        let (scheme, used): (Value, &[&str]) = match required(source, "type", place, text)? {
            "basic" => (json!({ "type": "http", "scheme": "basic" }), &["type"]),
            "apiKey" => {
                let location = required(source, "in", place, text)?;
                if !["query", "header"].contains(&location) {
                    return Err(place.key("in").bad_value(location, "use query or header"));
                }
                let name = required(source, "name", place, text)?;
                (
                    json!({ "type": "apiKey", "name": name, "in": location }),
                    &["type", "name", "in"],
                )
            }
            "oauth2" => (
                json!({ "type": "oauth2", "flows": oauth_flows(source, place)? }),
                &["type", "flow", "authorizationUrl", "tokenUrl", "scopes"],
            ),
            other => {
                return Err(place.key("type").bad_value(other, "use basic, apiKey or oauth2"));
            }
        };
        if let Value::Object(scheme) = scheme {
            out.extend(scheme);
        }
        for (key, value) in source {
            match key.as_str() {
                key if used.contains(&key) => {}
                "description" => {
                    out.insert(key.clone(), value.clone());
                }
                _ => self.keep_extension(&mut out, key, value, place),
            }
        }
        Ok(Value::Object(out))
    }
}

fn oauth_flows(source: &Object, place: &Place) -> Result<Value> {
    let (name, fields): (&str, &[&'static str]) = match required(source, "flow", place, text)? {
        "implicit" => ("implicit", &["authorizationUrl"]),
        "password" => ("password", &["tokenUrl"]),
        "application" => ("clientCredentials", &["tokenUrl"]),
        "accessCode" => ("authorizationCode", &["authorizationUrl", "tokenUrl"]),
        other => {
            return Err(place
                .key("flow")
                .bad_value(other, "use implicit, password, application or accessCode"));
        }
    };
    let mut flow = Object::new();
    for field in fields {
        let url = required(source, field, place, text)?;
        flow.insert((*field).to_owned(), json!(url));
    }
    let scopes = required(source, "scopes", place, object)?;
    flow.insert("scopes".to_owned(), Value::Object(scopes.clone()));
    Ok(json!({ name: flow }))
}

/// The names of a section, with the characters replaced that OpenAPI 3.0 does not allow.
fn names(root: &Object, section: &'static str, place: &Place, notes: &mut Vec<String>) -> Result<Names> {
    let here = place.key(section);
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut out = Names::new();
    for name in optional(root, section, place, object)?
        .into_iter()
        .flat_map(Map::keys)
    {
        let place = here.key(name);
        if name.is_empty() {
            return Err(place.bad_value(name, "a name has at least one character"));
        }
        let new: String = name
            .chars()
            .map(|character| match character {
                '.' | '-' | '_' => character,
                other if other.is_ascii_alphanumeric() => other,
                _ => '_',
            })
            .collect();
        if let Some(other) = taken.insert(new.clone(), name) {
            return Err(Swagger2Error::NameClash {
                place: place.to_string(),
                other: shown(other),
                name: shown(&new),
            });
        }
        if new != *name {
            notes.push(format!("{place}: the name is not allowed; {new} instead"));
        }
        out.insert(name.clone(), new);
    }
    Ok(out)
}

/// Splits a reference into the name of a member of `section` and what follows it, undecoded.
fn local<'r>(reference: &'r str, section: Section, place: &Place) -> Result<(String, &'r str)> {
    let inside = reference
        .strip_prefix("#/")
        .ok_or_else(|| place.bad_reference(reference, "it must point into this document, with `#/`"))?;
    let path = inside
        .strip_prefix(section.key())
        .and_then(|path| path.strip_prefix('/'))
        .ok_or_else(|| place.bad_reference(reference, section.rule()))?;
    let end = path.find('/').unwrap_or(path.len());
    let (name, tail) = path.split_at_checked(end).unwrap_or((path, ""));
    let name = percent_decoded(name).replace("~1", "/").replace("~0", "~");
    Ok((name, tail))
}

/// Decodes the escapes of a URI fragment; what is no escape stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        match after {
            [high, low, after @ ..] if first == b'%' => {
                if let (Some(high), Some(low)) = (digit(*high), digit(*low)) {
                    bytes.push(high << 4 | low);
                    rest = after;
                    continue;
                }
                bytes.push(first);
            }
            _ => bytes.push(first),
        }
        rest = after;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn content(types: &[&str], schema: &Value) -> Value {
    let media = |media: &&str| ((*media).to_owned(), json!({ "schema": schema }));
    Value::Object(types.iter().map(media).collect())
}

fn insert_filled(out: &mut Object, key: &str, value: Value) {
    let is_empty = match &value {
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    if !is_empty {
        out.insert(key.to_owned(), value);
    }
}

fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

fn is_array(schema: &Object) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("array")
}

fn is_status(status: &str) -> bool {
    matches!(status.as_bytes(), [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}

/// Whether `media` is `expected`, whatever its parameters.
fn is_media(media: &str, expected: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(expected)
}

fn blank_inside(text: &str) -> bool {
    text.contains(|character: char| character.is_whitespace() || character.is_control())
}

fn not_a_reference(source: &Object, place: &Place) -> Result<()> {
    match source.get("$ref") {
        None => Ok(()),
        Some(value) => Err(place.key("$ref").bad_reference(
            value.as_str().unwrap_or_default(),
            "a shared parameter or response cannot itself be a reference",
        )),
    }
}

// Reading with a place.

fn optional<'v, T>(
    source: &'v Object,
    key: &str,
    place: &Place,
    read: impl Fn(&'v Value, &Place) -> Result<T>,
) -> Result<Option<T>> {
    source
        .get(key)
        .map(|value| read(value, &place.key(key)))
        .transpose()
}

fn required<'v, T>(
    source: &'v Object,
    key: &'static str,
    place: &Place,
    read: impl Fn(&'v Value, &Place) -> Result<T>,
) -> Result<T> {
    optional(source, key, place, read)?.ok_or_else(|| place.missing(key))
}

fn object<'v>(value: &'v Value, place: &Place) -> Result<&'v Object> {
    value
        .as_object()
        .ok_or_else(|| place.wrong_type("an object", value))
}

fn array<'v>(value: &'v Value, place: &Place) -> Result<&'v Vec<Value>> {
    value
        .as_array()
        .ok_or_else(|| place.wrong_type("an array", value))
}

fn text<'v>(value: &'v Value, place: &Place) -> Result<&'v str> {
    value.as_str().ok_or_else(|| place.wrong_type("a string", value))
}

fn boolean(value: &Value, place: &Place) -> Result<bool> {
    value
        .as_bool()
        .ok_or_else(|| place.wrong_type("a boolean", value))
}

fn texts<'v>(value: &'v Value, place: &Place) -> Result<Vec<&'v str>> {
    array(value, place)?
        .iter()
        .enumerate()
        .map(|(index, item)| text(item, &place.index(index)))
        .collect()
}

fn schemes<'v>(value: &'v Value, place: &Place) -> Result<Vec<&'v str>> {
    let all = texts(value, place)?;
    for (index, scheme) in all.iter().enumerate() {
        if !["http", "https", "ws", "wss"].contains(scheme) {
            return Err(place.index(index).bad_value(scheme, "use http, https, ws or wss"));
        }
    }
    Ok(all)
}

fn media_types<'v>(value: &'v Value, place: &Place) -> Result<Vec<&'v str>> {
    let all = texts(value, place)?;
    for (index, media) in all.iter().enumerate() {
        if !media.contains('/') {
            return Err(place
                .index(index)
                .bad_value(media, "a media type has the form type/subtype"));
        }
    }
    Ok(all)
}

/// The name of a JSON type, for messages.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A text as it is shown in a message: quoted, on one line, of bearable length.
fn shown(text: &str) -> String {
    const LENGTH: usize = 80;
    let short: String = text.chars().take(LENGTH).collect();
    if short.len() < text.len() {
        format!("{short:?}…")
    } else {
        format!("{short:?}")
    }
}
