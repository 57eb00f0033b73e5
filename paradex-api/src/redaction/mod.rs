//! Redaction: keeps the secrets of a request out of every text that is made from its response.

mod redactor;
mod spelling;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use reqwest::Body;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, PROXY_AUTHORIZATION};
use secrecy::zeroize::Zeroizing;
use serde_json::Value;

pub(crate) use redactor::Redactor;
use redactor::Secrets;

/// Replaces a secret.
pub(crate) const PLACEHOLDER: &str = "(hidden)";

/// The secrets of a request, which are redacted from texts that are made from its response.
///
/// A server, or a debugging proxy in front of it, may repeat a request in its response. A transport therefore attaches the
/// secrets of the request to the response that it makes ([`RawResponse::with_request_secrets`]), and [`redact`](Self::redact)
/// removes them from a text.
///
/// ```
/// use paradex_api::{RequestSecrets, reqwest};
///
/// let mut request = reqwest::Request::new(reqwest::Method::GET, "https://api.prod.paradex.trade/v1/orders".parse()?);
/// request.headers_mut().insert("authorization", "Bearer eyJhbGciOiJFUzI1NiJ9".parse()?);
/// let secrets = RequestSecrets::from_request(&request);
/// assert_eq!(secrets.redact("no session for eyJhbGciOiJFUzI1NiJ9"), "no session for (hidden)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Header values share their memory with the request. The copy of a body is overwritten on drop. `Debug` shows nothing.
///
/// [`RawResponse::with_request_secrets`]: crate::RawResponse::with_request_secrets
#[derive(Clone, Default)]
#[doc(alias = "mask")]
#[doc(alias = "sanitize")]
#[doc(alias = "scrub")]
pub struct RequestSecrets {
    token: Option<HeaderValue>,
    rare: Option<Box<RareSecrets>>,
    /// Whether it was made from a complete request, so that [`Call`](crate::call::Call) has nothing to add.
    is_complete: bool,
}

/// Secrets that few requests carry.
#[derive(Clone, Default)]
struct RareSecrets {
    headers: Vec<HeaderValue>,
    body: Option<Arc<Zeroizing<Vec<u8>>>>,
}

impl RequestSecrets {
    /// Collects the secrets of a request.
    ///
    /// These are the authorization and cookie headers, every header that is marked as sensitive, and the fields of the body
    /// that hold secrets. A body that is a stream cannot be searched.
    pub fn from_request(request: &reqwest::Request) -> Self {
        let mut secrets = Self {
            is_complete: true,
            ..Self::default()
        };
        for (name, value) in request.headers() {
            let is_credential = *name == AUTHORIZATION || *name == PROXY_AUTHORIZATION || *name == COOKIE;
            if value.is_sensitive() || is_credential {
                secrets.add(value.clone());
            }
        }
        // This crate never sends a stream.
        if let Some(body) = request.body().and_then(Body::as_bytes) {
            secrets.add_body(body);
        }
        secrets
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    pub(crate) fn add_body(&mut self, body: &[u8]) {
        self.rare.get_or_insert_default().body = Some(Arc::new(Zeroizing::new(body.to_vec())));
    }

    /// Adds the value of a header, for example the token of an earlier attempt of the same call.
    pub fn add(&mut self, value: HeaderValue) {
        match &self.token {
            None => self.token = Some(value),
            Some(_) => self.rare.get_or_insert_default().headers.push(value),
        }
    }

    /// Returns whether there is nothing to redact.
    pub fn is_empty(&self) -> bool {
        self.token.is_none() && self.rare.is_none()
    }

    /// Returns the text with `(hidden)` in place of each secret.
    ///
    /// Every run of at least 12 characters of a secret is redacted. Percent-encoding, escapes of JSON and HTML, upper and lower
    /// case, invisible characters and base64 make no difference. A secret of 8 to 11 characters is redacted where it occurs
    /// whole; a shorter text is not a secret.
    #[doc(alias = "mask")]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.redactor().redact(text)
    }

    /// Redacts every text of a JSON value, field names included.
    pub fn redact_value(&self, value: &mut Value) {
        self.redactor().redact_value(value);
    }

    /// Returns a redactor for several texts, because preparing one takes time.
    pub(crate) fn redactor(&self) -> Redactor {
        let mut secrets = Secrets::default();
        let headers = self.rare.iter().flat_map(|rare| &rare.headers);
        for value in self.token.iter().chain(headers) {
            let text = String::from_utf8_lossy(value.as_bytes());
            match text.split_once(' ') {
                // The scheme, such as `Bearer`, is not a secret.
                Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                    secrets.add(rest)
                }
                _ => secrets.add(&text),
            }
        }
        let body = self.rare.as_ref().and_then(|rare| rare.body.as_ref());
        if let Some(body) = body
            && let Ok(value) = serde_json::from_slice(body)
        {
            secrets.collect(&value, false);
        }
        secrets.into_redactor()
    }

    /// Marks headers that repeat a secret as sensitive, so that `Debug` hides their values.
    pub(crate) fn mark_sensitive(&self, headers: &mut HeaderMap) {
        if self.is_empty() || headers.is_empty() {
            return;
        }
        let redactor = self.redactor();
        for value in headers.values_mut() {
            let text = String::from_utf8_lossy(value.as_bytes());
            if matches!(redactor.redact(&text), Cow::Owned(_)) {
                value.set_sensitive(true);
            }
        }
    }
}

impl fmt::Debug for RequestSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestSecrets(..)")
    }
}
