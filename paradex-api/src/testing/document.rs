//! The parsed OpenAPI document.

use serde_json::Value;

/// A parsed OpenAPI 3.0 document.
#[derive(Debug, Clone)]
pub struct Document {
    root: Value,
    operations: Vec<Operation>,
}

/// A text that is not an OpenAPI document.
#[derive(Debug, thiserror::Error)]
#[error("the text is not an OpenAPI document: {0}")]
pub struct DocumentError(String);

/// An operation of the OpenAPI document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) value: Value,
}

impl Operation {
    /// Returns the `operationId`, for example `update-token-allowed-cidrs`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the method in capitals.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path with its parameters in braces.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the operation object of the document.
    pub fn value(&self) -> &Value {
        &self.value
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = Parameter<'_>> {
        let all = self.value.get("parameters").and_then(Value::as_array);
        all.into_iter().flatten().map(|value| Parameter {
            name: text(value, "name").unwrap_or_default(),
            place: text(value, "in").unwrap_or_default(),
            required: value.get("required") == Some(&Value::Bool(true)),
            schema: value.get("schema").unwrap_or(&Value::Null),
        })
    }

    pub(super) fn body(&self) -> Option<(&Value, bool)> {
        let body = self.value.get("requestBody")?;
        let schema = body.pointer("/content/application~1json/schema")?;
        Some((schema, body.get("required") == Some(&Value::Bool(true))))
    }

    /// Returns status and response object of the first success response.
    pub(super) fn success(&self) -> Option<(&str, &Value)> {
        self.value
            .get("responses")?
            .as_object()?
            .iter()
            .find(|(status, _)| status.starts_with('2'))
            .map(|(status, value)| (status.as_str(), value))
    }
}

pub(super) struct Parameter<'a> {
    pub name: &'a str,
    pub place: &'a str,
    pub required: bool,
    pub schema: &'a Value,
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

impl Document {
    /// Parses a document.
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON or has no `paths`.
    pub fn parse(json: &str) -> Result<Self, DocumentError> {
        let root: Value = serde_json::from_str(json).map_err(|error| DocumentError(error.to_string()))?;
        let paths = root
            .get("paths")
            .and_then(Value::as_object)
            .ok_or_else(|| DocumentError("it has no `paths`".to_owned()))?;
        let mut operations = Vec::new();
        for (path, item) in paths {
            for (method, value) in item.as_object().into_iter().flatten() {
                if let Some(id) = text(value, "operationId") {
                    let mut value = value.clone();
                    // References to bodies and parameters are replaced once, here.
                    inline(&mut value, &root);
                    operations.push(Operation {
                        id: id.to_owned(),
                        method: method.to_uppercase(),
                        path: path.clone(),
                        value,
                    });
                }
            }
        }
        Ok(Self { root, operations })
    }

    /// Returns all operations, in the order of path and method.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter()
    }

    /// Returns the operation with this `operationId`.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Returns the schema of a component.
    pub fn schema(&self, name: &str) -> Option<&Value> {
        self.root.pointer("/components/schemas")?.get(name)
    }

    /// Follows `$ref`, and an `allOf` with one element, to the schema itself.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        // A longer chain of references is a cycle.
        for _ in 0..16 {
            if let Some(target) = text(schema, "$ref") {
                match target
                    .strip_prefix('#')
                    .and_then(|pointer| self.root.pointer(pointer))
                {
                    Some(found) => schema = found,
                    None => return schema,
                }
            } else if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
                schema = only;
            } else {
                return schema;
            }
        }
        schema
    }

    /// Returns the operation that a request addresses, with the decoded path parameters.
    ///
    /// A literal segment wins over a parameter, and an empty segment matches no parameter.
    pub fn match_path(&self, method: &str, path: &str) -> Option<(&Operation, Vec<(String, String)>)> {
        let mut best: Option<(&Operation, Vec<(String, String)>)> = None;
        for operation in self
            .operations
            .iter()
            .filter(|operation| operation.method == method)
        {
            let template: Vec<&str> = operation.path.split('/').collect();
            let segments: Vec<&str> = path.split('/').collect();
            if template.len() != segments.len() {
                continue;
            }
            let mut values = Vec::new();
            let fits = template.iter().zip(&segments).all(|(template, segment)| {
                match template.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                    Some(name) => {
                        let decoded = percent_decoded(segment, false);
                        let fits = decoded.as_deref().is_some_and(|value| !value.is_empty());
                        values.push((name.to_owned(), decoded.unwrap_or_default()));
                        fits
                    }
                    None => template == segment,
                }
            });
            if fits
                && best
                    .as_ref()
                    .is_none_or(|(_, fewest)| values.len() < fewest.len())
            {
                best = Some((operation, values));
            }
        }
        best
    }
}

/// Replaces references to parameters and bodies with their targets.
fn inline(operation: &mut Value, root: &Value) {
    let referred = |value: &Value| {
        let target = text(value, "$ref")?.strip_prefix('#')?;
        root.pointer(target).cloned()
    };
    if let Some(body) = operation.get_mut("requestBody")
        && let Some(found) = referred(body)
    {
        *body = found;
    }
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        if let Some(found) = referred(parameter) {
            *parameter = found;
        }
    }
}

/// Decodes percent-encoding. Returns `None` if it is malformed.
pub(super) fn percent_decoded(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            b'+' if plus_is_space => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}
