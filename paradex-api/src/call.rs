//! One call: its arguments, the request that they make, and the path that every call takes.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;

use crate::client::Client;
use crate::decoding::{decode, decode_elsewhere};
use crate::error::{Error, ErrorResponse, InvalidRequest};
use crate::operation::{Body, Location, Operation};
use crate::response::{FromResponse, RawResponse, Response};
use crate::secret::Secret;

/// The value of a parameter.
pub(crate) enum ParameterValue {
    Plain(String),
    Secret(Secret),
}

impl ParameterValue {
    fn text(&self) -> &str {
        match self {
            ParameterValue::Plain(text) => text,
            ParameterValue::Secret(secret) => secret.expose(),
        }
    }
}

/// One call that is not sent yet. The generated builders wrap it.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    client: &'a Client,
    operation: &'static Operation,
    /// Index in the operation's parameters, and value. An index occurs once at most.
    values: Vec<(usize, Arc<ParameterValue>)>,
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

    /// Sets the parameter at `index` of the operation's table, replacing an earlier value.
    pub(crate) fn set(self, index: usize, value: String) -> Self {
        self.put(index, ParameterValue::Plain(value))
    }

    pub(crate) fn set_secret(self, index: usize, value: Secret) -> Self {
        self.put(index, ParameterValue::Secret(value))
    }

    fn put(mut self, index: usize, value: ParameterValue) -> Self {
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

    /// Sets the body as it is.
    pub(crate) fn bytes(mut self, body: Bytes) -> Self {
        self.body = Some(Ok(body));
        self
    }

    /// Sends the call and decodes the response. Every call ends here.
    pub(crate) async fn send<T: FromResponse>(self) -> Result<Response<T>, Error> {
        let operation = self.operation;
        let raw = self.round_trip().await?;
        match raw.runner.clone() {
            None => decode(operation, raw),
            // Boxed, because every call would be larger for the few that need it.
            Some(runner) => Box::pin(decode_elsewhere(runner, operation, raw)).await,
        }
    }

    /// Sends the request and returns a response of success. It is not generic, so that it is compiled once.
    async fn round_trip(self) -> Result<RawResponse, Error> {
        let request = self.request()?;
        let operation = self.operation;
        let result = self.client.transport.send(request, operation).await;
        match result.map(|raw| self.attach_request_secrets(raw)) {
            Ok(raw) if raw.status.is_success() => Ok(raw),
            Ok(raw) => Err(Error::Response(Box::new(ErrorResponse::new(operation, raw)))),
            Err(source) => Err(match source.downcast() {
                Ok(rejected) => Error::Decode(rejected),
                Err(source) => Error::Transport { operation, source },
            }),
        }
    }

    /// Attaches the secrets of the arguments to a response whose transport has not attached those of the request. A token that
    /// the transport added is known to it alone.
    fn attach_request_secrets(&self, raw: RawResponse) -> RawResponse {
        if raw.request_secrets.is_complete() {
            return raw;
        }
        let mut secrets = raw.request_secrets.clone();
        for (_, value) in &self.values {
            if let ParameterValue::Secret(secret) = &**value
                && let Ok(mut value) = HeaderValue::from_str(secret.expose())
            {
                value.set_sensitive(true);
                secrets.add(value);
            }
        }
        if let Some(Ok(body)) = &self.body {
            secrets.add_body(body);
        }
        raw.with_request_secrets(secrets)
    }

    fn request(&self) -> Result<reqwest::Request, InvalidRequest> {
        let operation = self.operation;
        let url = self.url()?;
        let mut request = reqwest::Request::new(operation.method.into(), url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (parameter, value) in self.parameters_in(Location::Header) {
            let header = |_| InvalidRequest::Header {
                operation,
                name: parameter.name,
            };
            let name = HeaderName::from_bytes(parameter.name.as_bytes())
                .map_err(|error| header(error.to_string()))?;
            let mut text = HeaderValue::from_str(value.text()).map_err(|error| header(error.to_string()))?;
            text.set_sensitive(matches!(value, ParameterValue::Secret(_)));
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

    /// Returns the parameters that are set for a location, in the order of the table. [`url`](Self::url) has refused a call
    /// without its required ones.
    fn parameters_in(
        &self,
        location: Location,
    ) -> impl Iterator<Item = (&'static crate::Parameter, &ParameterValue)> {
        let parameters = self.operation.parameters;
        parameters
            .iter()
            .enumerate()
            .filter(move |(_, parameter)| parameter.location == location)
            .filter_map(|(index, parameter)| Some((parameter, self.value(index)?)))
    }

    fn value(&self, index: usize) -> Option<&ParameterValue> {
        self.values
            .iter()
            .find(|(at, _)| *at == index)
            .map(|(_, value)| &**value)
    }

    pub(crate) fn url(&self) -> Result<Url, InvalidRequest> {
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
        for (parameter, value) in self.parameters_in(Location::Query) {
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
        // Most paths have no parameter.
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
                .parameters_in(Location::Path)
                .find(|(parameter, _)| parameter.name == name);
            let Some((parameter, value)) = found else {
                return Err(InvalidRequest::Url {
                    operation,
                    reason: format!("path parameter `{{{name}}}` has no value"),
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
    /// Names the parameters that are set. Their values can be signatures, so they are not shown.
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

/// Appends a text as one path segment or query value: everything except the unreserved characters of RFC 3986 is
/// percent-encoded.
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
