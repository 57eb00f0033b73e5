//! The log of requests.

use std::collections::VecDeque;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use hyper::header::AUTHORIZATION;
use paradex_api::stream::Method;
use paradex_api::{Bytes, Operation};

/// The most requests that are kept.
const MAX_REQUESTS: usize = 10_000;
/// The most bytes of bodies that are kept.
const MAX_BYTES: usize = 64 << 20;

/// A request that the simulator received.
///
/// `Debug` shows neither the body nor the values of headers that can hold a secret.
#[derive(Clone)]
pub struct LoggedRequest {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) address: IpAddr,
    pub(super) operation: Option<&'static Operation>,
    pub(super) stream_method: Option<&'static Method>,
    pub(super) status: Option<u16>,
    pub(super) refusal: Option<String>,
}

impl LoggedRequest {
    /// Returns the method in capitals: that of HTTP, or `WEBSOCKET`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path of the request line, still encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query without its question mark, still encoded, or an empty text.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Returns names in lower case and values of all headers, `authorization` included.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the value of a header by its name, in upper or lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// Returns the body. It is empty if there was none or if it exceeded 1 MiB.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the client address, or the one that the request named; see [`Simulator::http_from`](super::Simulator::http_from).
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Returns the method of the WebSocket, if the request came over one. Only methods of orders are kept.
    ///
    /// The body has its parameters, and the status is that of the HTTP operation that does the same.
    #[doc(alias = "websocket")]
    pub fn stream_method(&self) -> Option<&'static Method> {
        self.stream_method
    }

    /// Returns the operation that method and path address, if there is one. For a method of the WebSocket, it is the operation that
    /// does the same.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// Returns the status of the response. It is `None` before the response, and if the connection broke instead.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns code and message of the response, if it is an error of the simulator or the exchange.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }
}

impl fmt::Debug for LoggedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<(&str, &str)> = self
            .headers()
            .map(|(name, value)| (name, if is_secret(name) { ".." } else { value }))
            .collect();
        f.debug_struct("LoggedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("address", &self.address)
            .field("operation", &self.operation.map(|operation| operation.id))
            .field("stream_method", &self.stream_method.map(|method| method.name))
            .field("status", &self.status)
            .field("refusal", &self.refusal)
            .finish()
    }
}

/// A closure that is called with each request, after its response.
#[derive(Clone)]
pub(super) struct Observer(pub(super) Arc<dyn Fn(&LoggedRequest) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer(..)")
    }
}

/// Returns whether a header may hold a secret.
fn is_secret(name: &str) -> bool {
    name == AUTHORIZATION.as_str()
        || ["signature", "siwe", "cookie", "token"]
            .iter()
            .any(|word| name.contains(word))
}

/// The newest requests, oldest first.
#[derive(Default)]
pub(super) struct Log {
    requests: VecDeque<LoggedRequest>,
    /// How many older requests were dropped.
    dropped: usize,
    bytes: usize,
}

impl Log {
    /// Adds a request, and returns its number for [`responded`](Self::responded).
    pub(super) fn arrived(&mut self, request: LoggedRequest) -> usize {
        self.bytes += request.body.len();
        self.requests.push_back(request);
        while self.requests.len() > MAX_REQUESTS || (self.bytes > MAX_BYTES && self.requests.len() > 1) {
            if let Some(oldest) = self.requests.pop_front() {
                self.bytes -= oldest.body.len();
                self.dropped += 1;
            }
        }
        self.dropped + self.requests.len() - 1
    }

    /// Records the response to a request, and returns the request unless it was dropped.
    pub(super) fn responded(
        &mut self,
        number: usize,
        status: u16,
        refusal: Option<String>,
    ) -> Option<&LoggedRequest> {
        let index = number.checked_sub(self.dropped)?;
        let request = self.requests.get_mut(index)?;
        (request.status, request.refusal) = (Some(status), refusal);
        Some(request)
    }

    pub(super) fn requests(&self) -> Vec<LoggedRequest> {
        self.requests.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::{Log, LoggedRequest, MAX_REQUESTS};

    fn request(body: &'static str) -> LoggedRequest {
        LoggedRequest {
            method: "GET".to_owned(),
            path: "/v1/markets".to_owned(),
            query: String::new(),
            headers: [
                ("authorization", "Bearer canary"),
                ("paradex-starknet-signature", "canary"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            body: body.into(),
            address: Ipv4Addr::LOCALHOST.into(),
            operation: None,
            stream_method: None,
            status: None,
            refusal: None,
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", request("canary"));
        assert!(!shown.contains("canary") && shown.contains("6 bytes"), "{shown}");
    }

    #[test]
    fn oldest_requests_are_dropped() {
        let mut log = Log::default();
        for _ in 0..MAX_REQUESTS {
            log.arrived(request(""));
        }
        let last = log.arrived(request(""));
        assert!(log.responded(0, 500, None).is_none());
        assert_eq!(log.responded(last, 200, None).unwrap().status(), Some(200));
        let kept = log.requests();
        assert_eq!((kept.len(), kept[0].status()), (MAX_REQUESTS, None));
    }
}
