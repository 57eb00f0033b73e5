//! What the exchange answered.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::body_limits::BodyLimits;
use crate::carried::Carried;
use crate::decoding::DecodeRunner;
use crate::text::visible;
use crate::types::ApiError;
use crate::wire::{Found, Wire};

/// A complete answer before it is decoded: status, headers and body.
///
/// `Debug` shows the size of the body and never its text, because a body can hold a token.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// A name of the credential that it was asked for with, where the transport gives one: an id, and no secret. Refusals
    /// show it, because the exchange's answer does not say whose address is not allowed.
    pub credential: Option<Box<str>>,
    /// The secrets that its request carried, which texts made from this response do not show. A transport that makes a
    /// response sets it with [`carrying`](Self::carrying); a layer that changes one leaves it in place.
    pub carried: Carried,
    pub(crate) limits: BodyLimits,
    pub(crate) runner: Option<Arc<dyn DecodeRunner>>,
}

impl RawResponse {
    /// Puts an answer together, for a [`Transport`](crate::Transport) that makes its own.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
            credential: None,
            carried: Carried::default(),
            limits: BodyLimits::new(),
            runner: None,
        }
    }

    /// Keeps what the request carried. Headers of a refusal that repeat a secret are marked as sensitive, so that their `Debug`
    /// hides them; those of a success are marked once it turns out to be an error, because looking at them would cost every
    /// call.
    #[must_use]
    pub fn carrying(mut self, carried: Carried) -> Self {
        if !self.status.is_success() {
            carried.mark(&mut self.headers);
        }
        self.carried = carried;
        self
    }

    /// A text of this response as it may be shown: without the secrets of the request, on one line, and at most `most`
    /// characters.
    ///
    /// ```
    /// use paradex_api::{RawResponse, reqwest};
    ///
    /// let response = RawResponse::new(reqwest::StatusCode::BAD_GATEWAY, Default::default(), "<p>\nbusy</p>");
    /// let text = String::from_utf8_lossy(&response.body);
    /// assert_eq!(response.shown(&text, 10), "<p>\\nbusy…");
    /// ```
    pub fn shown(&self, text: &str, most: usize) -> String {
        // Masked before it is cut, because a part of a token is most of a token. What is beyond this is not shown anyway,
        // and looking at megabytes would hold a worker up.
        const LOOKED_AT: usize = 16 << 10;
        let start = crate::text::start(text, most.saturating_add(LOOKED_AT));
        visible(&self.carried.mask(start), most)
    }

    /// The start of the body as it may be shown, at most 200 characters; nothing if it is empty. After an operation that
    /// answers secrets ([`Operation::secret_answer`](crate::Operation::secret_answer)) it may hold one of the response.
    pub fn excerpt(&self) -> Option<String> {
        const START: usize = 16 << 10;
        let start = self.body.get(..START).unwrap_or(&self.body);
        let text = String::from_utf8_lossy(start);
        (!text.is_empty()).then(|| self.shown(&text, 200))
    }

    /// Limits the memory that the value may take; by default as for a body of [`BodyLimits::new`].
    #[must_use]
    pub fn limits(mut self, limits: BodyLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Has the body decoded by this runner, and not in the task of the caller.
    #[must_use]
    pub fn decode_with(mut self, runner: Arc<dyn DecodeRunner>) -> Self {
        self.runner = Some(runner);
        self
    }

    /// What the exchange says in a refusal, if the body is one of its errors; see [`read_small`](Self::read_small).
    pub fn refusal(&self) -> Option<ApiError> {
        self.read_small()
    }

    /// Reads a body of at most 64 KiB within a small budget of memory, for a transport that looks into responses. It
    /// gives `None` for a larger body, and for one that does not have this form.
    pub fn read_small<T: FromResponse>(&self) -> Option<T> {
        crate::decoding::read_small(self)
    }

    /// Reads a list of which [`Undecoded`](crate::wire::Undecoded) kept the elements, because one of them is odd. One that is
    /// odd becomes a blank value. The values may take half the memory of the first decoding.
    #[doc(hidden)]
    pub fn read_elements<T: Wire>(
        &self,
        elements: &[serde_json::Value],
    ) -> Result<Vec<T>, serde_json::Error> {
        crate::decoding::read_elements(self, elements)
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

/// A decoded answer, together with everything it was decoded from.
///
/// `Debug` shows the value without the secrets of the request. The value itself is what the server sent: if that repeats
/// a secret in a field, the field holds it.
///
/// It dereferences to the value; [`into_inner`](Self::into_inner) takes the value out.
pub struct Response<T> {
    value: T,
    raw: RawResponse,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, raw: RawResponse) -> Self {
        Self { value, raw }
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The body as it arrived. It may hold secrets.
    pub fn body(&self) -> &Bytes {
        &self.raw.body
    }

    /// The value and what it was decoded from.
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
        /// The value and the raw response, before secrets are taken out.
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
        f.write_str(&self.raw.carried.mask(&whole))
    }
}

/// What a successful answer can be decoded into: any type of the wire, nothing, or bytes.
#[doc(hidden)]
pub trait FromResponse: Sized + Send + 'static {
    fn decode(body: &Bytes) -> Result<Self, serde_json::Error>;
}

/// An answer that is one value of the wire. A record keeps what its fields cannot hold; a list, a map or a
/// scalar has no place for that, so one that the type cannot hold whole is an error, which has the body.
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
                "the body is JSON, and not of the type that the document declares",
            )),
        }
    }
}

/// An answer that is declared without a body. What arrived all the same stays in
/// [`Response::body`].
impl FromResponse for () {
    fn decode(_: &Bytes) -> Result<Self, serde_json::Error> {
        Ok(())
    }
}

/// An answer that is no JSON, for example a picture.
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
    fn every_type_that_a_document_can_declare_is_an_answer() {
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
    fn what_an_answer_cannot_hold_whole_is_an_error_and_not_a_part_of_it() {
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
