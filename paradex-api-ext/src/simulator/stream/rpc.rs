//! JSON-RPC: requests of clients, and the responses to them.

use std::fmt;

use paradex_api::stream::methods;
use serde_json::{Map, Value, json};

use crate::simulator::clock::MILLISECOND;

/// The codes of errors.
pub(super) mod code {
    pub(in crate::simulator::stream) const PARSE_ERROR: i64 = -32_700;
    pub(in crate::simulator::stream) const INVALID_REQUEST: i64 = -32_600;
    pub(in crate::simulator::stream) const METHOD_NOT_FOUND: i64 = -32_601;
    pub(in crate::simulator::stream) const INVALID_PARAMETERS: i64 = -32_602;
    pub(in crate::simulator::stream) const INTERNAL_ERROR: i64 = -32_603;
    pub(in crate::simulator::stream) const METHOD_ERROR: i64 = 100;
    pub(in crate::simulator::stream) const MALFORMED_BEARER: i64 = 40_110;
    pub(in crate::simulator::stream) const INVALID_BEARER: i64 = 40_111;
    pub(in crate::simulator::stream) const FORBIDDEN: i64 = 40_300;
    pub(in crate::simulator::stream) const RATE_LIMIT: i64 = 42_901;
}

/// An error of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RpcError {
    code: i64,
    message: &'static str,
    data: String,
}

impl RpcError {
    pub(super) fn new(code: i64, data: impl Into<String>) -> Self {
        let message = match code {
            code::PARSE_ERROR => "the text is not JSON",
            code::INVALID_REQUEST => "the request is invalid",
            code::METHOD_NOT_FOUND => "there is no such method",
            code::INVALID_PARAMETERS => "the parameters are invalid",
            code::MALFORMED_BEARER => "the bearer token is malformed",
            code::INVALID_BEARER => "the bearer token is invalid",
            code::INTERNAL_ERROR => "the exchange has failed",
            code::FORBIDDEN => "the connection may not do this",
            code::RATE_LIMIT => "there are too many requests",
            _ => "the request failed",
        };
        let data = data.into();
        Self { code, message, data }
    }

    /// Refuses a subscription.
    pub(super) fn subscription(data: impl Into<String>) -> Self {
        Self {
            message: "the subscription is refused",
            ..Self::new(code::INVALID_REQUEST, data)
        }
    }

    pub(super) fn parameters(data: impl Into<String>) -> Self {
        Self::new(code::INVALID_PARAMETERS, data)
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.data)
    }
}

/// A request.
#[derive(Clone, PartialEq)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) params: Map<String, Value>,
    /// The parameters of a batch that is a list.
    pub(super) list: Option<Vec<Value>>,
    /// Its id, or `None` if it has none.
    pub(super) id: Option<Value>,
}

impl fmt::Debug for Request {
    /// The parameters can hold a bearer token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Reads a text frame. An error comes with the id, if that much is readable.
    pub(super) fn parse(text: &str) -> Result<Self, (Option<Value>, RpcError)> {
        let invalid = |id: Option<Value>, what: &str| Err((id, RpcError::new(code::INVALID_REQUEST, what)));
        let value: Value = serde_json::from_str(text)
            .map_err(|error| (None, RpcError::new(code::PARSE_ERROR, error.to_string())))?;
        let Value::Object(mut fields) = value else {
            return invalid(None, "a request must be an object");
        };
        let id = match fields.remove("id") {
            None | Some(Value::Null) => None,
            Some(id @ (Value::Number(_) | Value::String(_))) => Some(id),
            Some(_) => return invalid(None, "id: must be an integer or a text"),
        };
        if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return invalid(id, "jsonrpc: must be \"2.0\"");
        }
        let Some(Value::String(method)) = fields.remove("method") else {
            return invalid(id, "method: must be a text");
        };
        let mut list = None;
        let params = match fields.remove("params") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(params)) => params,
            Some(Value::Array(items)) if method == methods::ORDER_CREATE_BATCH.name => {
                list = Some(items);
                Map::new()
            }
            Some(_) => return Err((id, RpcError::parameters("params: must be an object"))),
        };
        Ok(Self {
            method,
            params,
            list,
            id,
        })
    }

    /// Returns a parameter that is a text.
    pub(super) fn text(&self, name: &str) -> Result<&str, RpcError> {
        self.params
            .get(name)
            .and_then(Value::as_str)
            .ok_or_else(|| RpcError::parameters(format!("{name}: must be a text")))
    }

    /// Returns a parameter that is a list of texts, if it is given.
    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<String>>, RpcError> {
        let Some(value) = self.params.get(name).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let texts = value.as_array().and_then(|items| {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<String>>>()
        });
        match texts {
            Some(texts) => Ok(Some(texts)),
            None => Err(RpcError::parameters(format!("{name}: must be a list of texts"))),
        }
    }
}

/// Returns a response. `now` is the simulator's time, in nanoseconds.
pub(super) fn response(id: Option<Value>, result: Result<Value, RpcError>, now: i64) -> Value {
    let micros = now / (MILLISECOND / 1_000);
    let mut response = json!({"jsonrpc": "2.0", "usIn": micros, "usOut": micros, "usDiff": 0});
    if let Value::Object(fields) = &mut response {
        match result {
            Ok(result) => fields.insert("result".to_owned(), result),
            Err(RpcError { code, message, data }) => {
                let error = json!({"code": code, "message": message, "data": data});
                fields.insert("error".to_owned(), error)
            }
        };
        if let Some(id) = id {
            fields.insert("id".to_owned(), id);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Request, RpcError, code, response};

    #[test]
    fn id_may_be_an_integer_a_text_or_absent() {
        for (id, expected) in [
            (r#","id":7"#, Some(json!(7))),
            (r#","id":"seven""#, Some(json!("seven"))),
            (r#","id":null"#, None),
            ("", None),
        ] {
            let text = format!(r#"{{"jsonrpc":"2.0","method":"auth"{id}}}"#);
            assert_eq!(Request::parse(&text).unwrap().id, expected, "{text}");
        }
    }

    #[test]
    fn malformed_requests_get_the_codes_of_json_rpc() {
        for (text, id, expected) in [
            ("{", None, code::PARSE_ERROR),
            ("[]", None, code::INVALID_REQUEST),
            (r#"{"id":1}"#, Some(json!(1)), code::INVALID_REQUEST),
            (
                r#"{"jsonrpc":"2.0","id":1}"#,
                Some(json!(1)),
                code::INVALID_REQUEST,
            ),
            (
                r#"{"jsonrpc":"2.0","id":[],"method":"auth"}"#,
                None,
                code::INVALID_REQUEST,
            ),
            (
                r#"{"jsonrpc":"2.0","id":1,"method":"auth","params":[]}"#,
                Some(json!(1)),
                code::INVALID_PARAMETERS,
            ),
        ] {
            let (found, error) = Request::parse(text).unwrap_err();
            assert_eq!((found, error.code), (id, expected), "{text}");
        }
    }

    #[test]
    fn response_has_the_id_of_the_request_and_times() {
        let good = response(Some(json!("a")), Ok(json!({"channel": "account"})), 5_000);
        assert_eq!(
            good,
            json!({"jsonrpc": "2.0", "id": "a", "result": {"channel": "account"}, "usIn": 5, "usOut": 5, "usDiff": 0})
        );
        let bad = response(None, Err(RpcError::parameters("x")), 0);
        assert_eq!(bad["error"]["code"], code::INVALID_PARAMETERS);
        assert!(bad.get("id").is_none());
    }
}
