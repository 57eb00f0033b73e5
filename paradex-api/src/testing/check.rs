//! Checks a request against the OpenAPI document.

use std::fmt;

use serde_json::Value;

use super::deviation::{self, Deviation};
use super::document::{Document, Operation, percent_decoded, text};
use crate::wire::decimal::exact_decimal;

/// A request, as a server received it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method in capitals.
    pub method: &'a str,
    /// The path of the request line, still encoded.
    pub path: &'a str,
    /// The query without its question mark, still encoded.
    pub query: &'a str,
    /// The headers; names in any case.
    pub headers: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
}

/// A request that the OpenAPI document allows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Matched<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The decoded path parameters.
    pub path: Vec<(String, String)>,
    /// The decoded query parameters.
    pub query: Vec<(String, String)>,
    /// The body; `null` if there is none.
    pub body: Value,
}

/// One violation of the OpenAPI document. It names place and rule, and does not show the value, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The place, such as `path`, `query/limit`, `header/x` or `body/orders/0/price`. In a name of the body, `~0` stands for `~` and
    /// `~1` for `/`, as in a JSON pointer.
    pub place: String,
    /// The rule, such as `must be a list`.
    pub rule: String,
    /// The deviation, if the exchange accepts it.
    pub deviation: Option<Deviation>,
}

impl Violation {
    fn new(place: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            rule: rule.into(),
            deviation: None,
        }
    }

    fn deviating(mut self, deviation: Deviation) -> Self {
        self.deviation = Some(deviation);
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.rule)
    }
}

impl std::error::Error for Violation {}

impl Document {
    /// Finds the operation of a request, and checks path, query, headers and body.
    ///
    /// # Errors
    ///
    /// Returns all violations.
    pub fn check_request(&self, request: &Request<'_>) -> Result<Matched<'_>, Vec<Violation>> {
        self.check_request_allowing(&[], request)
    }

    /// Checks a request as [`check_request`](Self::check_request) does, and accepts these deviations. The parts of the result
    /// are without them.
    ///
    /// ```
    /// use paradex_api::testing::{Deviation, Document, Request};
    ///
    /// let document = Document::parse(paradex_api::DOCUMENT)?;
    /// let request = Request {
    ///     method: "PUT",
    ///     path: "/v1/account/tokens/abc/allowed-cidrs",
    ///     query: "",
    ///     headers: &[],
    ///     body: br#"{"allowed_cidrs": [], "comment": "none"}"#,
    /// };
    /// assert!(document.check_request(&request).is_err());
    /// let matched = document.check_request_allowing(&[Deviation::UnknownField], &request).unwrap();
    /// assert_eq!(matched.body.to_string(), r#"{"allowed_cidrs":[]}"#);
    /// # Ok::<(), paradex_api::testing::DocumentError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns all other violations.
    pub fn check_request_allowing(
        &self,
        allowed: &[Deviation],
        request: &Request<'_>,
    ) -> Result<Matched<'_>, Vec<Violation>> {
        let Some((operation, path)) = self.match_path(request.method, request.path) else {
            let rule = format!("must be a path of the OpenAPI document for {}", request.method);
            return Err(vec![Violation::new("path", rule)]);
        };
        let mut violations = Vec::new();
        let query = pairs(request.query, &mut violations);
        for (name, _) in &query {
            let known = operation
                .parameters()
                .any(|parameter| parameter.place == "query" && parameter.name == name);
            if !known {
                violations.push(
                    Violation::new(format!("query/{name}"), "must be a parameter of the operation")
                        .deviating(Deviation::UnknownParameter),
                );
            } else if query.iter().filter(|(other, _)| other == name).count() > 1 {
                violations.push(Violation::new(format!("query/{name}"), "must be given once"));
            }
        }
        for parameter in operation.parameters() {
            let place = format!("{}/{}", parameter.place, parameter.name);
            let found = match parameter.place {
                "path" => path.iter().find(|(name, _)| name == parameter.name),
                "query" => query.iter().find(|(name, _)| name == parameter.name),
                _ => request
                    .headers
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(parameter.name)),
            };
            match found {
                Some((_, value)) => {
                    let value = self.typed(parameter.schema, value);
                    self.check(parameter.schema, &value, &place, &mut violations, 0);
                }
                None if parameter.required => violations.push(Violation::new(place, "must be given")),
                None => {}
            }
        }
        let body = self.check_body(operation, request, &mut violations);
        let mut matched = Matched {
            operation,
            path,
            query,
            body,
        };
        violations.retain(|violation| match violation.deviation {
            Some(deviation) if allowed.contains(&deviation) => {
                deviation.correct(violation, &mut matched);
                false
            }
            _ => true,
        });
        if violations.is_empty() {
            Ok(matched)
        } else {
            Err(violations)
        }
    }

    fn check_body(
        &self,
        operation: &Operation,
        request: &Request<'_>,
        violations: &mut Vec<Violation>,
    ) -> Value {
        let empty_text = request.body.trim_ascii() == b"\"\"";
        if empty_text {
            violations.push(Violation::new("body", "must be absent").deviating(Deviation::EmptyTextBody));
        }
        let absent = empty_text || request.body.is_empty();
        let Some((schema, required)) = operation.body() else {
            if !absent {
                violations.push(Violation::new("body", "must be absent"));
            }
            return Value::Null;
        };
        if absent {
            if required {
                violations.push(Violation::new("body", "must be given"));
            }
            return Value::Null;
        }
        let json = request.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type") && value.starts_with("application/json")
        });
        // A caller that passes no headers checks the body alone.
        if !json && !request.headers.is_empty() {
            violations.push(Violation::new("header/content-type", "must be application/json"));
        }
        match serde_json::from_slice(request.body) {
            Ok(body) => {
                self.check(schema, &body, "body", violations, 0);
                body
            }
            Err(_) => {
                violations.push(Violation::new("body", "must be JSON"));
                Value::Null
            }
        }
    }

    /// Checks a value against a schema.
    pub fn check_value(&self, schema: &Value, value: &Value) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.check(schema, value, "value", &mut violations, 0);
        violations
    }

    /// Converts the text of a parameter to JSON of the type that its schema declares.
    fn typed(&self, schema: &Value, value: &str) -> Value {
        match text(self.resolve(schema), "type") {
            Some("integer") => value
                .parse::<i64>()
                .map_or_else(|_| Value::from(value), Value::from),
            Some("number") => value
                .parse::<f64>()
                .map_or_else(|_| Value::from(value), Value::from),
            Some("boolean") => value
                .parse::<bool>()
                .map_or_else(|_| Value::from(value), Value::from),
            _ => Value::from(value),
        }
    }

    fn check(
        &self,
        schema: &Value,
        value: &Value,
        place: &str,
        violations: &mut Vec<Violation>,
        depth: usize,
    ) {
        if depth > 64 {
            violations.push(Violation::new(place, "must not be nested so deeply"));
            return;
        }
        let schema = self.resolve(schema);
        if let Some(all) = schema.get("allOf").and_then(Value::as_array) {
            for part in all {
                self.check(part, value, place, violations, depth + 1);
            }
        }
        if value.is_null() {
            let free = schema.as_object().is_none_or(serde_json::Map::is_empty);
            if schema.get("nullable") != Some(&Value::Bool(true)) && !free {
                violations.push(Violation::new(place, "must not be null"));
            }
            return;
        }
        let mut must = |holds: bool, rule: &str| {
            if !holds {
                violations.push(Violation::new(place, rule));
            }
            holds
        };
        match text(schema, "type") {
            Some("string") if must(value.is_string(), "must be a text") => {
                let value = value.as_str().unwrap_or_default();
                check_text(schema, value, &mut must);
                if text(schema, "format") == Some("decimal") && exact_decimal(value).is_none() {
                    let mut violation =
                        Violation::new(place, "must be a decimal number of at most 28 digits");
                    violation.deviation = deviation::scientific(value).map(|_| Deviation::Exponent);
                    violations.push(violation);
                }
            }
            Some("integer") if must(value.is_i64() || value.is_u64(), "must be an integer") => {
                check_limits(schema, value, &mut must);
            }
            Some("number") if must(value.is_number(), "must be a number") => {
                check_limits(schema, value, &mut must);
            }
            Some("boolean") => {
                must(value.is_boolean(), "must be true or false");
            }
            Some("array") => {
                let Some(items) = value.as_array() else {
                    must(false, "must be a list");
                    return;
                };
                let count = items.len() as u64;
                must(
                    number(schema, "minItems").is_none_or(|least| count >= least)
                        && number(schema, "maxItems").is_none_or(|most| count <= most),
                    "must have the right number of elements",
                );
                if let Some(of) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.check(of, item, &format!("{place}/{index}"), violations, depth + 1);
                    }
                }
            }
            Some("object") => self.check_object(schema, value, place, violations, depth),
            _ if schema.get("properties").is_some() => {
                self.check_object(schema, value, place, violations, depth);
            }
            _ => {}
        }
    }

    fn check_object(
        &self,
        schema: &Value,
        value: &Value,
        place: &str,
        violations: &mut Vec<Violation>,
        depth: usize,
    ) {
        let Some(entries) = value.as_object() else {
            violations.push(Violation::new(place, "must be an object"));
            return;
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array);
        let required = || required.into_iter().flatten().filter_map(Value::as_str);
        for name in required() {
            if !entries.contains_key(name) {
                let place = deviation::joined(place, name);
                violations.push(Violation::new(place, "must be given"));
            }
        }
        let others = schema.get("additionalProperties");
        for (name, value) in entries {
            let place = deviation::joined(place, name);
            match (properties.and_then(|all| all.get(name)), others) {
                (Some(schema), _) => {
                    let before = violations.len();
                    self.check(schema, value, &place, violations, depth + 1);
                    if value.is_null() && !required().any(|required| required == name) {
                        for violation in violations.iter_mut().skip(before) {
                            violation.deviation = Some(Deviation::NullField);
                        }
                    }
                }
                (None, Some(Value::Bool(true))) => {}
                (None, Some(schema @ Value::Object(_))) => {
                    self.check(schema, value, &place, violations, depth + 1)
                }
                (None, _) if properties.is_none() => {}
                (None, _) => violations.push(
                    Violation::new(place, "must be a field that the schema has")
                        .deviating(Deviation::UnknownField),
                ),
            }
        }
    }
}

fn check_text(schema: &Value, value: &str, must: &mut impl FnMut(bool, &str) -> bool) {
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
        must(
            allowed.iter().any(|allowed| allowed.as_str() == Some(value)),
            "must be one of the listed values",
        );
    }
    let length = value.chars().count() as u64;
    must(
        number(schema, "minLength").is_none_or(|least| length >= least)
            && number(schema, "maxLength").is_none_or(|most| length <= most),
        "must have the right length",
    );
}

fn check_limits(schema: &Value, value: &Value, must: &mut impl FnMut(bool, &str) -> bool) {
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    let value = value.as_f64().unwrap_or_default();
    must(
        limit("minimum").is_none_or(|least| value >= least),
        "must not be below its minimum",
    );
    must(
        limit("maximum").is_none_or(|most| value <= most),
        "must not be above its maximum",
    );
}

fn number(schema: &Value, key: &str) -> Option<u64> {
    schema.get(key)?.as_u64()
}

/// Splits a query string into decoded pairs.
fn pairs(query: &str, violations: &mut Vec<Violation>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (percent_decoded(name, true), percent_decoded(value, true)) {
            (Some(name), Some(value)) => pairs.push((name, value)),
            _ => violations.push(Violation::new("query", "must be percent-encoded text")),
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Deviation, Document, Request};

    fn document() -> Document {
        let document = json!({"paths": {
            "/v1/orders/batch": {"post": {"operationId": "batch",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Batch"}}}},
                "responses": {"201": {}}}},
            "/v1/orders/{id}": {"post": {"operationId": "one", "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "n", "in": "query", "schema": {"type": "integer", "maximum": 5}},
                {"name": "X-Key", "in": "header", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {}}}}},
            "components": {"schemas": {"Batch": {"type": "object", "required": ["price"], "properties": {
                "price": {"type": "string", "format": "decimal"},
                "side": {"allOf": [{"$ref": "#/components/schemas/Side"}], "description": "d"},
                "next": {"$ref": "#/components/schemas/Batch"},
                "list": {"type": "array", "maxItems": 2, "items": {"type": "boolean"}}}},
                "Side": {"type": "string", "enum": ["BUY"]}}}});
        Document::parse(&document.to_string()).unwrap()
    }

    fn violations(path: &str, query: &str, headers: &[(&str, &str)], body: &str) -> Vec<String> {
        checked(&[], path, query, headers, body).err().unwrap_or_default()
    }

    /// Query and body.
    type Parts = (Vec<(String, String)>, Value);

    /// Returns the parts of a request, or its violations.
    fn checked(
        allowed: &[Deviation],
        path: &str,
        query: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Parts, Vec<String>> {
        let headers: Vec<_> = headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let request = Request {
            method: "POST",
            path,
            query,
            headers: &headers,
            body: body.as_bytes(),
        };
        match document().check_request_allowing(allowed, &request) {
            Ok(matched) => Ok((matched.query, matched.body)),
            Err(all) => Err(all.iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn literal_segment_wins_and_empty_segment_matches_nothing() {
        let document = document();
        assert_eq!(
            document.match_path("POST", "/v1/orders/batch").unwrap().0.id(),
            "batch"
        );
        let (operation, values) = document.match_path("POST", "/v1/orders/a%2Fb").unwrap();
        assert_eq!((operation.id(), values[0].1.as_str()), ("one", "a/b"));
        for path in ["/v1/orders/", "/v1/orders", "/v1/orders/a/b", "/v1/orders/%f"] {
            assert!(document.match_path("POST", path).is_none(), "{path}");
        }
        assert!(document.match_path("GET", "/v1/orders/x").is_none());
    }

    #[test]
    fn parameters_are_checked() {
        let key = [("x-key", "1")];
        assert_eq!(violations("/v1/orders/x", "n=5", &key, ""), Vec::<String>::new());
        assert_eq!(
            violations("/v1/orders/x", "n=6", &key, ""),
            ["query/n must not be above its maximum"]
        );
        assert_eq!(
            violations("/v1/orders/x", "n=x", &key, ""),
            ["query/n must be an integer"]
        );
        assert_eq!(
            violations("/v1/orders/x", "m=1", &key, ""),
            ["query/m must be a parameter of the operation"]
        );
        assert_eq!(violations("/v1/orders/x", "n=1&n=2", &key, "").len(), 2);
        assert_eq!(
            violations("/v1/orders/x", "", &[], ""),
            ["header/X-Key must be given"]
        );
        assert_eq!(
            violations("/v1/orders/x", "", &key, "{}"),
            ["body must be absent"]
        );
    }

    #[test]
    fn bodies_are_checked() {
        let check = |body: Value| {
            violations(
                "/v1/orders/batch",
                "",
                &[("content-type", "application/json")],
                &body.to_string(),
            )
        };
        assert_eq!(
            check(json!({"price": "1.5", "side": "BUY", "list": [true]})),
            Vec::<String>::new()
        );
        for (body, said) in [
            (json!({}), "body/price must be given"),
            (
                json!({"price": "1e5"}),
                "body/price must be a decimal number of at most 28 digits",
            ),
            (json!({"price": 1}), "body/price must be a text"),
            (json!({"price": null}), "body/price must not be null"),
            (
                json!({"price": "1", "side": "buy"}),
                "body/side must be one of the listed values",
            ),
            (
                json!({"price": "1", "list": [1]}),
                "body/list/0 must be true or false",
            ),
            (
                json!({"price": "1", "list": [true, true, true]}),
                "body/list must have the right number of elements",
            ),
            (
                json!({"price": "1", "next": {"price": "x"}}),
                "body/next/price must be a decimal number of at most 28 digits",
            ),
            (
                json!({"price": "1", "other": 1}),
                "body/other must be a field that the schema has",
            ),
            (json!([]), "body must be an object"),
        ] {
            assert_eq!(check(body), [said]);
        }
        let json = [("content-type", "application/json")];
        assert_eq!(
            violations("/v1/orders/batch", "", &json, "{"),
            ["body must be JSON"]
        );
        assert_eq!(
            violations("/v1/orders/batch", "", &json, ""),
            ["body must be given"]
        );
        assert_eq!(
            violations(
                "/v1/orders/batch",
                "",
                &[("content-type", "text/plain")],
                "{\"price\":\"1\"}"
            ),
            ["header/content-type must be application/json"]
        );
    }

    #[test]
    fn deviations_are_accepted_where_they_are_allowed() {
        let json = [("content-type", "application/json"), ("x-key", "1")];
        let batch = "/v1/orders/batch";
        for (deviation, path, query, sent, corrected) in [
            (
                Deviation::NullField,
                batch,
                "",
                r#"{"price": "1", "side": null, "list": null}"#,
                json!({"price": "1"}),
            ),
            (
                Deviation::NullField,
                batch,
                "",
                r#"{"price": "1", "next": {"price": "2", "next": null}}"#,
                json!({"price": "1", "next": {"price": "2"}}),
            ),
            (
                Deviation::UnknownField,
                batch,
                "",
                r#"{"price": "1", "other": null, "next": {"price": "2", "more": [1]}}"#,
                json!({"price": "1", "next": {"price": "2"}}),
            ),
            (
                Deviation::UnknownField,
                batch,
                "",
                r#"{"price": "1", "a/b": 1, "a~1b": 2, "a~0b": 3, "x~/y": {"next": 4}, "/": 5, "": 6}"#,
                json!({"price": "1"}),
            ),
            (
                Deviation::Exponent,
                batch,
                "",
                r#"{"price": "1E-8"}"#,
                json!({"price": "0.00000001"}),
            ),
            (
                Deviation::UnknownParameter,
                "/v1/orders/x",
                "other=1&other=2",
                "",
                Value::Null,
            ),
            (Deviation::EmptyTextBody, "/v1/orders/x", "", "\"\"", Value::Null),
        ] {
            let accepted = Ok((Vec::new(), corrected));
            assert_eq!(
                checked(&[deviation], path, query, &json, sent),
                accepted,
                "{sent}"
            );
            assert_eq!(
                checked(&Deviation::ALL, path, query, &json, sent),
                accepted,
                "{sent}"
            );
            let others: Vec<_> = Deviation::ALL
                .into_iter()
                .filter(|other| *other != deviation)
                .collect();
            for allowed in [&[][..], &others] {
                assert!(checked(allowed, path, query, &json, sent).is_err(), "{sent}");
            }
        }
    }

    #[test]
    fn other_violations_are_refused_beside_deviations() {
        let json = [("content-type", "application/json")];
        for (body, said) in [
            ("\"\"", "body must be given"),
            (r#"{"price": null}"#, "body/price must not be null"),
            (r#"{"other": 1}"#, "body/price must be given"),
            (r#"{"price": 1, "side": null}"#, "body/price must be a text"),
            (
                r#"{"price": "1E-29"}"#,
                "body/price must be a decimal number of at most 28 digits",
            ),
            (
                r#"{"price": "1", "list": [null]}"#,
                "body/list/0 must not be null",
            ),
            (
                r#"{"price": "1", "side": "", "other": 1}"#,
                "body/side must be one of the listed values",
            ),
        ] {
            let refused = checked(&Deviation::ALL, "/v1/orders/batch", "", &json, body);
            assert_eq!(refused, Err(vec![said.to_owned()]), "{body}");
        }
        let unknown_and_wrong = checked(&Deviation::ALL, "/v1/orders/x", "n=x&m=1", &[("x-key", "1")], "");
        assert_eq!(
            unknown_and_wrong,
            Err(vec!["query/n must be an integer".to_owned()])
        );
    }
}
