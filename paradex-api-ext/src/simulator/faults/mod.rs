//! Faults that a test injects.

mod edits;
mod injection;
mod socket;
mod stream;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderValue};
use paradex_api::Bytes;
use serde_json::Value;

pub(super) use injection::ActiveFaults;
pub use injection::{Injection, InjectionHits, InjectionTarget};
pub(super) use socket::{SocketFault, keeps_orders};
pub(super) use stream::{Moment, StreamFault, take as take_stream_faults};

use super::Simulator;
use super::response::SimulatedResponse;
use super::server::Ending;

/// A fault: something that goes wrong with a request, or happens beside it.
///
/// It has no effect until it is passed to [`Simulator::inject`], alone or in an [`Injection`] that selects requests.
///
/// "Handling" a request means that its changes take effect in the simulator. Faults named `…_before` act before that, and those
/// named `…_after` act after it.
///
/// A closure that owns a handle of the simulator keeps the simulator running until the fault is used up.
#[derive(Clone)]
#[doc(alias = "fault injection")]
#[doc(alias = "chaos")]
#[doc(alias = "failure")]
pub struct Fault(Kind);

#[derive(Clone)]
enum Kind {
    DelayAfter(Duration),
    DelayBefore(Duration),
    /// Responds with this and does not handle the request.
    RespondBefore(SimulatedResponse),
    /// Handles the request and responds with this.
    RespondAfter(SimulatedResponse),
    Echo(StatusCode),
    ResetBefore,
    /// Handles the request, and ends the connection in this way without a response.
    End(Ending),
    Truncated,
    Drip(Duration),
    UnknownEnumValues,
    Nulls(usize),
    Edit(Arc<dyn Fn(&mut Value) + Send + Sync>),
    RunBefore(Arc<dyn Fn(&Simulator) + Send + Sync>),
    /// Of an event or a subscription of a WebSocket.
    Stream(StreamFault),
    /// Of a request over a WebSocket, or of its end.
    Socket(SocketFault),
}

impl Fault {
    /// Handles the request at once, and delays the response. A client that gives up has changed what the request changes.
    ///
    /// The delay is real time; [`Simulator::advance`] does not shorten it.
    #[doc(alias = "latency")]
    #[doc(alias = "timeout")]
    pub fn delay_after(delay: Duration) -> Self {
        Self(Kind::DelayAfter(delay))
    }

    /// Delays the handling of the request, and then responds.
    ///
    /// A client that gives up earlier does not prevent the change, as with an order that waits in a queue of the exchange. The
    /// delay is real time; [`Simulator::advance`] does not shorten it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use paradex_api_ext::paradex_api::operations;
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let queued = Injection::new(Fault::delay_before(Duration::from_secs(2))).on(&operations::CREATE_ORDER);
    /// ```
    #[doc(alias = "latency")]
    #[doc(alias = "queue")]
    pub fn delay_before(delay: Duration) -> Self {
        Self(Kind::DelayBefore(delay))
    }

    /// Refuses the request with 429. `Retry-After` is set if a wait is given, in whole seconds rounded up.
    #[doc(alias = "429")]
    #[doc(alias = "throttle")]
    pub fn rate_limited(retry_after: impl Into<Option<Duration>>) -> Self {
        let response = SimulatedResponse::message(StatusCode::TOO_MANY_REQUESTS, "rate limit exceeded");
        let response = match retry_after.into() {
            Some(wait) => {
                let started = u64::from(wait.subsec_nanos() > 0);
                response.with("retry-after", wait.as_secs().saturating_add(started))
            }
            None => response,
        };
        Self(Kind::RespondBefore(response))
    }

    /// Responds with a page of HTML, as a gateway does whose server is down. The request is not handled.
    #[doc(alias = "502")]
    #[doc(alias = "bad gateway")]
    pub fn html(status: StatusCode) -> Self {
        let page = format!(
            "<html>\n<head><title>{status}</title></head>\n<body><h1>{status}</h1></body>\n</html>\n"
        );
        let content_type = HeaderValue::from_static("text/html");
        Self(Kind::RespondBefore(SimulatedResponse::new(
            status,
            Some(content_type),
            page,
        )))
    }

    /// Responds with exactly this. The request is not handled.
    pub fn raw(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self(Kind::RespondBefore(SimulatedResponse {
            status,
            headers: Box::new(headers),
            body: body.into(),
        }))
    }

    /// Handles the request, and responds with exactly this.
    ///
    /// This is a redirect, a login page or an error of a proxy that has passed the request on.
    ///
    /// ```
    /// use paradex_api_ext::paradex_api::operations;
    /// use paradex_api_ext::paradex_api::reqwest::{StatusCode, header::HeaderMap};
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let redirect = Fault::raw_after(StatusCode::FOUND, HeaderMap::new(), "");
    /// let injection = Injection::new(redirect).on(&operations::CREATE_ORDER);
    /// ```
    pub fn raw_after(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self(Kind::RespondAfter(SimulatedResponse {
            status,
            headers: Box::new(headers),
            body: body.into(),
        }))
    }

    /// Responds with the request itself, as a debugging proxy does. The request is not handled.
    ///
    /// Method, path, headers and body are in `message`, and the credential is in the header `x-request-id`. A client must redact
    /// its secrets in everything that it shows of this response.
    #[doc(alias = "redact")]
    pub fn echo(status: StatusCode) -> Self {
        Self(Kind::Echo(status))
    }

    /// Resets the connection before the request is handled.
    ///
    /// The client sees that the connection broke before a response, and cannot know whether the request was handled.
    #[doc(alias = "connection reset")]
    pub fn reset_before() -> Self {
        Self(Kind::ResetBefore)
    }

    /// Handles the request, and resets the connection instead of responding.
    ///
    /// The client sees the same as with [`reset_before`](Self::reset_before), but the changes have taken effect.
    #[doc(alias = "connection reset")]
    pub fn reset_after() -> Self {
        Self(Kind::End(Ending::Reset))
    }

    /// Handles the request, closes the sending direction instead of responding, and reads until the client closes the other.
    ///
    /// A client that waits for the simulator to close the connection keeps it forever.
    pub fn half_closed() -> Self {
        Self(Kind::End(Ending::HalfClose))
    }

    /// Handles the request, and responds with a success whose second header is malformed.
    pub fn garbage_header() -> Self {
        Self(Kind::End(Ending::Garbage))
    }

    /// Handles the request, sends status, headers and the first half of the body, and breaks the connection.
    pub fn truncated() -> Self {
        Self(Kind::Truncated)
    }

    /// Handles the request, and sends the body of the response byte by byte, with a pause after each.
    ///
    /// A timeout between reads never ends such a response; a timeout of the whole call does. A response without a body is sent
    /// at once.
    #[doc(alias = "slow")]
    #[doc(alias = "slowloris")]
    #[doc(alias = "trickle")]
    pub fn drip(pause: Duration) -> Self {
        Self(Kind::Drip(pause))
    }

    /// Replaces every enum value of a success response with a value that no program knows.
    pub fn unknown_enum_values() -> Self {
        Self(Kind::UnknownEnumValues)
    }

    /// Sets fields of a success response to `null`.
    ///
    /// A `depth` of 0 means its own fields, 1 means those of nested objects, and so on. Lists do not count.
    pub fn nulls(depth: usize) -> Self {
        Self(Kind::Nulls(depth))
    }

    /// Edits the JSON of the response, whatever its status.
    pub fn edit_response(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self(Kind::Edit(Arc::new(edit)))
    }

    /// Runs a closure right before the request is handled, for example to simulate a concurrent change.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api_ext::paradex_api::{Client, operations};
    /// use paradex_api_ext::simulator::{Fault, Injection, Simulator};
    ///
    /// let simulator = Simulator::start().await?;
    /// let hour_later = Fault::run_before(|simulator| simulator.advance(Duration::from_secs(3_600)));
    /// simulator.inject(Injection::new(hour_later).on(&operations::GET_SYSTEM_TIME));
    /// # Client::new(simulator.base_url())?.get_system_time().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "hook")]
    #[doc(alias = "race")]
    pub fn run_before(action: impl Fn(&Simulator) + Send + Sync + 'static) -> Self {
        Self(Kind::RunBefore(Arc::new(action)))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::DelayAfter(delay) => write!(f, "DelayAfter({delay:?})"),
            Kind::DelayBefore(delay) => write!(f, "DelayBefore({delay:?})"),
            Kind::RespondBefore(response) => write!(f, "RespondBefore({})", response.status),
            Kind::RespondAfter(response) => write!(f, "RespondAfter({})", response.status),
            Kind::Echo(status) => write!(f, "Echo({status})"),
            Kind::ResetBefore => f.write_str("ResetBefore"),
            Kind::End(ending) => write!(f, "End({ending:?})"),
            Kind::Truncated => f.write_str("Truncated"),
            Kind::Drip(pause) => write!(f, "Drip({pause:?})"),
            Kind::UnknownEnumValues => f.write_str("UnknownEnumValues"),
            Kind::Nulls(depth) => write!(f, "Nulls({depth})"),
            Kind::Edit(_) => f.write_str("Edit(..)"),
            Kind::RunBefore(_) => f.write_str("RunBefore(..)"),
            Kind::Stream(fault) => fault.fmt(f),
            Kind::Socket(fault) => fault.fmt(f),
        }
    }
}
