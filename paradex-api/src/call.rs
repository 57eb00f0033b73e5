//! One call in the making, and the one way in which every call is sent.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;

use crate::base_url::BaseUrl;
use crate::decoding::{decode, decode_elsewhere};
use crate::error::{BuildError, Error, ErrorResponse, InvalidRequest};
use crate::operation::{Body, Location, Operation};
use crate::response::{FromResponse, RawResponse, Response};
use crate::secret::Secret;
use crate::transport::{HttpTransport, Transport};

/// The raw client: a method for every operation of the API.
///
/// It is cheap to clone, and clones share the transport.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use paradex_api::{BaseUrl, Client};
///
/// let client = Client::new(BaseUrl::production())?;
/// let markets = client.list_markets().market("BTC-USD-PERP").send().await?;
/// for market in &markets.results {
///     println!("{:?} {:?}", market.symbol, market.price_tick_size);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    base: Arc<BaseUrl>,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// Makes a client over the plain [`HttpTransport`], without a token.
    ///
    /// # Errors
    ///
    /// The TLS library could not be set up.
    pub fn new(base: BaseUrl) -> Result<Self, BuildError> {
        Ok(Self::with_transport(base, Arc::new(HttpTransport::new()?)))
    }

    /// Makes a client whose every call goes through this transport.
    pub fn with_transport(base: BaseUrl, transport: Arc<dyn Transport>) -> Self {
        Self {
            base: Arc::new(base),
            transport,
        }
    }

    /// Where the calls go.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

/// The value of a parameter on its way into a request.
pub(crate) enum Value {
    Plain(String),
    Secret(Secret),
}

impl Value {
    fn text(&self) -> &str {
        match self {
            Value::Plain(text) => text,
            Value::Secret(secret) => secret.expose(),
        }
    }
}

/// One call in the making. The generated builders are thin shells around it.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    client: &'a Client,
    operation: &'static Operation,
    /// Index in the operation's parameters, and value; at most one entry an index.
    values: Vec<(usize, Arc<Value>)>,
    body: Option<Result<Bytes, String>>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(client: &'a Client, operation: &'static Operation) -> Self {
        Self {
            client,
            operation,
            values: Vec::new(),
            body: None,
        }
    }

    /// Sets the parameter at `index` of the operation's table; setting it again replaces it.
    pub(crate) fn set(self, index: usize, value: String) -> Self {
        self.put(index, Value::Plain(value))
    }

    pub(crate) fn set_secret(self, index: usize, value: Secret) -> Self {
        self.put(index, Value::Secret(value))
    }

    fn put(mut self, index: usize, value: Value) -> Self {
        let value = Arc::new(value);
        match self.values.iter_mut().find(|(at, _)| *at == index) {
            Some((_, old)) => *old = value,
            None => self.values.push((index, value)),
        }
        self
    }

    pub(crate) fn json<T: Serialize>(mut self, body: &T) -> Self {
        self.body = Some(
            serde_json::to_vec(body)
                .map(Bytes::from)
                .map_err(|error| error.to_string()),
        );
        self
    }

    /// Sends it and decodes the answer. This is the tail of every generated call.
    pub(crate) async fn send<T: FromResponse>(self) -> Result<Response<T>, Error> {
        let operation = self.operation;
        let raw = self.exchange().await?;
        match raw.runner.clone() {
            None => decode(operation, raw),
            // On the heap, because few calls wait for it, and all would carry it.
            Some(runner) => Box::pin(decode_elsewhere(runner, operation, raw)).await,
        }
    }

    /// The part of [`send`](Self::send) that is the same for every answer.
    async fn exchange(self) -> Result<RawResponse, Error> {
        let request = self.request()?;
        let operation = self.operation;
        let answered = self.client.transport.send(request, operation).await;
        match answered.map(|raw| self.remember(raw)) {
            Ok(raw) if raw.status.is_success() => Ok(raw),
            Ok(raw) => Err(Error::Response(Box::new(ErrorResponse::new(operation, raw)))),
            Err(source) => Err(match source.downcast() {
                Ok(unusable) => Error::Decode(unusable),
                Err(source) => Error::Transport { operation, source },
            }),
        }
    }

    /// Sees to it that the response knows what the request carried, also where a transport of the caller's does not tell. What such
    /// a transport adds, as a token, only it knows.
    fn remember(&self, raw: RawResponse) -> RawResponse {
        if raw.carried.is_whole() {
            return raw;
        }
        let mut carried = raw.carried.clone();
        for (_, value) in &self.values {
            if let Value::Secret(secret) = &**value
                && let Ok(mut value) = HeaderValue::from_str(secret.expose())
            {
                value.set_sensitive(true);
                carried.add(value);
            }
        }
        if let Some(Ok(body)) = &self.body {
            carried.add_body(body);
        }
        raw.carrying(carried)
    }

    fn request(&self) -> Result<reqwest::Request, InvalidRequest> {
        let operation = self.operation;
        let url = self.url()?;
        let mut request = reqwest::Request::new(operation.method.into(), url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (parameter, value) in self.given(Location::Header) {
            let header = |_| InvalidRequest::Header {
                operation,
                name: parameter.name,
            };
            let name = HeaderName::from_bytes(parameter.name.as_bytes())
                .map_err(|error| header(error.to_string()))?;
            let mut text = HeaderValue::from_str(value.text()).map_err(|error| header(error.to_string()))?;
            text.set_sensitive(matches!(value, Value::Secret(_)));
            headers.insert(name, text);
        }
        match &self.body {
            Some(Ok(bytes)) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                *request.body_mut() = Some(bytes.clone().into());
            }
            Some(Err(reason)) => {
                return Err(InvalidRequest::Body {
                    operation,
                    reason: reason.clone(),
                });
            }
            None if operation.body == Body::Json => {
                return Err(InvalidRequest::Missing {
                    operation,
                    name: "body",
                });
            }
            None => {}
        }
        Ok(request)
    }

    /// The parameters given for one place, in the order of the table. A required one that is not
    /// given was found before.
    fn given(&self, place: Location) -> impl Iterator<Item = (&'static crate::Parameter, &Value)> {
        let parameters = self.operation.parameters;
        parameters
            .iter()
            .enumerate()
            .filter(move |(_, parameter)| parameter.location == place)
            .filter_map(|(index, parameter)| Some((parameter, self.value(index)?)))
    }

    fn value(&self, index: usize) -> Option<&Value> {
        self.values
            .iter()
            .find(|(at, _)| *at == index)
            .map(|(_, value)| &**value)
    }

    fn url(&self) -> Result<Url, InvalidRequest> {
        let operation = self.operation;
        for (index, parameter) in operation.parameters.iter().enumerate() {
            if parameter.required && self.value(index).is_none() {
                return Err(InvalidRequest::Missing {
                    operation,
                    name: parameter.name,
                });
            }
        }
        let mut text = String::with_capacity(160);
        text.push_str(self.client.base.as_str());
        self.push_path(&mut text)?;
        let mut separator = '?';
        for (parameter, value) in self.given(Location::Query) {
            text.push(separator);
            separator = '&';
            push_encoded(&mut text, parameter.name);
            text.push('=');
            push_encoded(&mut text, value.text());
        }
        Url::parse(&text).map_err(|error| InvalidRequest::Url {
            operation,
            reason: error.to_string(),
        })
    }

    fn push_path(&self, text: &mut String) -> Result<(), InvalidRequest> {
        let operation = self.operation;
        // Most have no parameter in their path.
        if !operation.path.contains('{') {
            text.push_str(operation.path);
            return Ok(());
        }
        for segment in operation.path.split('/').skip(1) {
            text.push('/');
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let Some(name) = name else {
                text.push_str(segment);
                continue;
            };
            let found = self
                .given(Location::Path)
                .find(|(parameter, _)| parameter.name == name);
            let Some((parameter, value)) = found else {
                return Err(InvalidRequest::Url {
                    operation,
                    reason: format!("nothing fills `{{{name}}}`"),
                });
            };
            let value = value.text();
            if matches!(value, "" | "." | "..") {
                return Err(InvalidRequest::PathSegment {
                    operation,
                    name: parameter.name,
                    value: value.to_owned(),
                });
            }
            push_encoded(text, value);
        }
        Ok(())
    }
}

impl fmt::Debug for Call<'_> {
    /// Names what was set. Values stay out, because headers and bodies carry signatures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: Vec<_> = self
            .values
            .iter()
            .filter_map(|(index, _)| self.operation.parameters.get(*index))
            .map(|parameter| parameter.name)
            .collect();
        f.debug_struct("Call")
            .field("operation", &self.operation.id)
            .field("set", &set)
            .field("body", &self.body.is_some())
            .finish()
    }
}

/// Appends a text so that it stays inside one path segment or one query value: everything but the
/// unreserved characters of RFC 3986 is percent-encoded.
fn push_encoded(to: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            to.push(char::from(byte));
        } else {
            to.push('%');
            for nibble in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(nibble), 16);
                to.extend(digit.map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
}
