//! Responses, raw and decoded.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::body_limits::BodyLimits;
use crate::decoding::DecodeRunner;
use crate::redaction::RequestSecrets;
use crate::text::visible;
use crate::types::ApiError;
use crate::wire::{Found, Wire};

/// A complete response that is not decoded: status, headers and body.
///
/// `Debug` shows the size of the body and not its text, because a body can hold a token.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The complete body.
    pub body: Bytes,
    /// The id of the credential that the request was sent with, if the transport sets one. It is not a secret. Errors show it,
    /// because an error of the exchange does not say which credential it refused.
    pub credential: Option<Box<str>>,
    /// The secrets of the request, which are redacted from texts that are made from this response. A transport that makes a
    /// response sets it with [`with_request_secrets`](Self::with_request_secrets); a layer that changes a response keeps it.
    pub request_secrets: RequestSecrets,
    pub(crate) limits: BodyLimits,
    pub(crate) runner: Option<Arc<dyn DecodeRunner>>,
}

impl RawResponse {
    /// Creates a response, for a [`Transport`](crate::Transport) that makes its own.
    #[doc(alias = "mock")]
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
            credential: None,
            request_secrets: RequestSecrets::default(),
            limits: BodyLimits::new(),
            runner: None,
        }
    }

    /// Attaches the secrets of the request.
    ///
    /// Headers of an error response that repeat a secret are marked as sensitive, so that their `Debug` hides them. Headers of a
    /// success are marked only if it becomes an error, because searching them would slow down every call.
    #[must_use]
    pub fn with_request_secrets(mut self, secrets: RequestSecrets) -> Self {
        if !self.status.is_success() {
            secrets.mark_sensitive(&mut self.headers);
        }
        self.request_secrets = secrets;
        self
    }

    /// Returns a text of this response in a form that is safe to show.
    ///
    /// It is without the secrets of the request, on one line, and has at most `max_chars` characters; see [`visible`].
    ///
    /// ```
    /// use paradex_api::{RawResponse, reqwest};
    ///
    /// let response = RawResponse::new(reqwest::StatusCode::BAD_GATEWAY, Default::default(), "<p>\nbusy</p>");
    /// let text = String::from_utf8_lossy(&response.body);
    /// assert_eq!(response.redacted(&text, 10), "<p>\\nbusy…");
    /// ```
    pub fn redacted(&self, text: &str, max_chars: usize) -> String {
        // Redacted before it is cut, because a cut secret may not be recognised. The search is limited to the part that can be
        // shown, so that a body of megabytes does not block a worker thread.
        const SEARCHED: usize = 16 << 10;
        let start = crate::text::start(text, max_chars.saturating_add(SEARCHED));
        visible(&self.request_secrets.redact(start), max_chars)
    }

    /// Returns the start of the body, redacted and at most 200 characters long, or `None` if the body is empty.
    ///
    /// If the operation returns secrets ([`Operation::secret_response`](crate::Operation::secret_response)), the text may show
    /// them: only secrets of the request are redacted.
    pub fn excerpt(&self) -> Option<String> {
        const START: usize = 16 << 10;
        let start = self.body.get(..START).unwrap_or(&self.body);
        let text = String::from_utf8_lossy(start);
        (!text.is_empty()).then(|| self.redacted(&text, 200))
    }

    /// Sets how much memory the decoded value may take. The default is [`BodyLimits::new`].
    #[must_use]
    pub fn limits(mut self, limits: BodyLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Makes this runner decode the body, instead of the task of the caller.
    #[must_use]
    pub fn decode_with(mut self, runner: Arc<dyn DecodeRunner>) -> Self {
        self.runner = Some(runner);
        self
    }

    /// Decodes the body as an error of the exchange, if it is one; see [`decode_small`](Self::decode_small).
    pub fn api_error(&self) -> Option<ApiError> {
        self.decode_small()
    }

    /// Decodes a body of at most 64 KiB, for a transport that inspects responses.
    ///
    /// It returns `None` if the body is larger, cannot be decoded as `T`, or would take more than 1 MiB of memory.
    pub fn decode_small<T: FromResponse>(&self) -> Option<T> {
        crate::decoding::decode_small(self)
    }

    /// Decodes a list that [`Undecoded`](crate::wire::Undecoded) kept because one of its elements did not fit the type. Such an
    /// element becomes a blank value. The values may take half the memory of the first decoding.
    #[doc(hidden)]
    pub fn decode_elements<T: Wire>(
        &self,
        elements: &[serde_json::Value],
    ) -> Result<Vec<T>, serde_json::Error> {
        crate::decoding::decode_elements(self, elements)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A decoded response, with status, headers and body.
///
/// It dereferences to the value, and [`into_inner`](Self::into_inner) returns the value.
///
/// `Debug` shows the value without the secrets of the request. The fields themselves hold what the server sent, also where it
/// repeats a secret.
pub struct Response<T> {
    value: T,
    raw: RawResponse,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, raw: RawResponse) -> Self {
        Self { value, raw }
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// Returns the body as it arrived. It may hold secrets.
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }

    /// Returns the value and the response that it was decoded from.
    pub fn into_parts(self) -> (T, RawResponse) {
        (self.value, self.raw)
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The value and the raw response, before redaction.
        struct Whole<'a, T>(&'a Response<T>);
        impl<T: fmt::Debug> fmt::Debug for Whole<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("Response")
                    .field("value", &self.0.value)
                    .field("raw", &self.0.raw)
                    .finish()
            }
        }
        let whole = match f.alternate() {
            true => format!("{:#?}", Whole(self)),
            false => format!("{:?}", Whole(self)),
        };
        f.write_str(&self.raw.request_secrets.redact(&whole))
    }
}

/// A type that a successful response can be decoded into: any [`Wire`] type, `()` or [`Bytes`].
#[doc(hidden)]
pub trait FromResponse: Sized + Send + 'static {
    fn decode(body: &Bytes) -> Result<Self, serde_json::Error>;
}

/// A JSON value. A record keeps what its fields cannot hold. Lists, maps and scalars cannot, so a body that does not fit them
/// is an error, which keeps the body.
impl<T: Wire + Send + 'static> FromResponse for T {
    fn decode(body: &Bytes) -> Result<Self, serde_json::Error> {
        let mut from = serde_json::Deserializer::from_str(utf8(body)?);
        let mut value = T::blank();
        let found = value.read(&mut from)?;
        from.end()?;
        match found {
            Found::Value => Ok(value),
            Found::Null if T::HOLDS_NULL => Ok(value),
            Found::Null | Found::Mismatch(_) => Err(serde::de::Error::custom(
                "the body is JSON, but not of the type that the OpenAPI document declares",
            )),
        }
    }
}

/// A response that is declared without a body. If one arrives, [`Response::body`] has it.
impl FromResponse for () {
    fn decode(_: &Bytes) -> Result<Self, serde_json::Error> {
        Ok(())
    }
}

/// A response that is not JSON, for example a picture.
impl FromResponse for Bytes {
    fn decode(body: &Bytes) -> Result<Self, serde_json::Error> {
        Ok(body.clone())
    }
}

fn utf8(body: &[u8]) -> Result<&str, serde_json::Error> {
    std::str::from_utf8(body).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;
    use rust_decimal::Decimal;
    use serde_json::{Map, Value, json};

    use super::FromResponse;
    use crate::types::{Market, OrderSide};
    use crate::wire::PriceLevel;

    fn decode<T: FromResponse>(body: &str) -> Option<T> {
        T::decode(&Bytes::copy_from_slice(body.as_bytes())).ok()
    }

    #[test]
    fn response_of_each_type_of_the_document_is_decoded() {
        assert_eq!(decode::<Vec<String>>(r#"["a", "b"]"#).unwrap(), ["a", "b"]);
        assert_eq!(decode::<Vec<Market>>(r#"[{"symbol": "A"}]"#).unwrap().len(), 1);
        assert_eq!(decode::<Vec<PriceLevel>>(r#"[["1", "2"]]"#).unwrap().len(), 1);
        assert_eq!(decode::<Vec<Vec<i64>>>("[[1], []]").unwrap(), [vec![1], vec![]]);
        assert_eq!(decode::<String>(r#""text""#).unwrap(), "text");
        assert_eq!(decode::<i64>("7").unwrap(), 7);
        assert_eq!(decode::<f64>("0.5").unwrap(), 0.5);
        assert_eq!(decode::<bool>("true"), Some(true));
        assert_eq!(decode::<Decimal>(r#""1.50""#).unwrap().to_string(), "1.50");
        assert_eq!(decode::<OrderSide>(r#""BUY""#), Some(OrderSide::Buy));
        assert_eq!(decode::<Value>("null"), Some(Value::Null));
        assert_eq!(decode::<Value>(r#"[1]"#), Some(json!([1])));
        assert_eq!(decode::<Map<String, Value>>(r#"{"a": 1}"#).unwrap().len(), 1);
        assert_eq!(decode::<BTreeMap<String, i64>>(r#"{"a": 1}"#).unwrap()["a"], 1);
        assert!(decode::<Box<Market>>("{}").is_some());
        assert_eq!(decode::<Option<i64>>("null"), Some(None));
        assert_eq!(decode::<()>("anything"), Some(()));
        assert_eq!(decode::<Bytes>("anything").unwrap(), "anything");
    }

    #[test]
    fn list_or_map_that_does_not_fit_is_an_error() {
        for body in [
            "null",
            "{}",
            "[null]",
            r#"["a", {}]"#,
            r#""a""#,
            "",
            r#"["a"] ["b"]"#,
            "[",
        ] {
            assert!(decode::<Vec<String>>(body).is_none(), "{body}");
        }
        for body in ["null", "[]", r#"{"a": null}"#, r#"{"a": "x"}"#] {
            assert!(decode::<BTreeMap<String, i64>>(body).is_none(), "{body}");
        }
        assert!(decode::<i64>("null").is_none());
        assert!(decode::<Market>("[]").is_none());
    }
}
