//! Faults on demand.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use paradex_api::testing::{Document, Operation as Described};
use paradex_api::{Bytes, Operation};
use serde_json::Value;

use super::Simulator;
use super::answer::Answer;
use super::log::LoggedRequest;
use super::samples::edit;
use super::server::Ending;
use super::state::mixed;

/// The value that stands in for one that a program cannot know yet.
const UNKNOWN: &str = "SIMULATED_UNKNOWN_VALUE";

/// Something that goes wrong with a request, or happens beside it.
///
/// It does nothing until it is given to [`Simulator::inject`], alone or in an [`Injection`] that says when.
///
/// A closure that owns a handle of the simulator keeps it from stopping until the fault is used up.
#[derive(Clone)]
pub struct Fault(Kind);

#[derive(Clone)]
enum Kind {
    Latency(Duration),
    /// Handles the request only after this time, also if the client has gone by then.
    Late(Duration),
    /// Answers this and does not handle the request.
    Instead(Answer),
    /// Handles the request, and answers this all the same.
    Afterwards(Answer),
    /// Repeats the request and does not handle it.
    Echo(StatusCode),
    ResetBefore,
    /// Handles the request, and does this to the connection in the answer's place.
    After(Ending),
    Truncated,
    Drip(Duration),
    UnknownEnumValues,
    Nulls(usize),
    Edit(Arc<dyn Fn(&mut Value) + Send + Sync>),
    Meanwhile(Arc<dyn Fn(&Simulator) + Send + Sync>),
}

impl Fault {
    /// Holds the answer back for so long. The request is handled at once, so a caller who gives up has changed
    /// what it changes.
    ///
    /// It waits in real time; [`Simulator::advance`] does not shorten it.
    pub fn latency(duration: Duration) -> Self {
        Self(Kind::Latency(duration))
    }

    /// Handles the request only after this time, and answers then. A client that gives up earlier changes nothing about it, as
    /// with an order that waits in a queue of the exchange.
    ///
    /// It waits in real time; [`Simulator::advance`] does not shorten it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use paradex_api::operations;
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let accepted_later = Injection::new(Fault::late(Duration::from_secs(2))).on(&operations::CREATE_ORDER);
    /// ```
    pub fn late(duration: Duration) -> Self {
        Self(Kind::Late(duration))
    }

    /// Refuses the request with a 429 that says how long to wait, in whole seconds, or says nothing of it.
    pub fn rate_limited(retry_after: impl Into<Option<Duration>>) -> Self {
        let answer = Answer::message(StatusCode::TOO_MANY_REQUESTS, "rate limit exceeded");
        let answer = match retry_after.into() {
            Some(wait) => {
                let started = u64::from(wait.subsec_nanos() > 0);
                answer.with("retry-after", wait.as_secs().saturating_add(started))
            }
            None => answer,
        };
        Self(Kind::Instead(answer))
    }

    /// Answers with a page of HTML, as a gateway does whose server is away. The request is not handled.
    pub fn html(status: StatusCode) -> Self {
        let page = format!(
            "<html>\n<head><title>{status}</title></head>\n<body><h1>{status}</h1></body>\n</html>\n"
        );
        let content_type = HeaderValue::from_static("text/html");
        Self(Kind::Instead(Answer::new(status, Some(content_type), page)))
    }

    /// Answers exactly this. The request is not handled.
    pub fn raw(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self(Kind::Instead(Answer {
            status,
            headers: Box::new(headers),
            body: body.into(),
        }))
    }

    /// Handles the request, and responds with exactly this instead of the exchange's own response: a redirect, a login page or
    /// an error of something in between that has passed the request on.
    ///
    /// ```
    /// use paradex_api::operations;
    /// use paradex_api::reqwest::{StatusCode, header::HeaderMap};
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let redirect = Fault::raw_after(StatusCode::FOUND, HeaderMap::new(), "");
    /// let injection = Injection::new(redirect).on(&operations::CREATE_ORDER);
    /// ```
    pub fn raw_after(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self(Kind::Afterwards(Answer {
            status,
            headers: Box::new(headers),
            body: body.into(),
        }))
    }

    /// Repeats the whole request, as a debugging proxy does: method, path, headers and body in `message`, and the credential in
    /// `x-request-id`. The request is not handled.
    ///
    /// Nothing of it may reach a log; a client must mask its own secrets in what it shows of a response.
    pub fn echo(status: StatusCode) -> Self {
        Self(Kind::Echo(status))
    }

    /// Resets the connection before the request is handled.
    ///
    /// The client sees that the connection broke before an answer came, and cannot know whether the request
    /// was handled; here it was not.
    pub fn reset_before() -> Self {
        Self(Kind::ResetBefore)
    }

    /// Handles the request, and resets the connection in the answer's place.
    ///
    /// The client sees the same as with [`reset_before`](Self::reset_before), but what the request changes is changed.
    pub fn reset_after() -> Self {
        Self(Kind::After(Ending::Reset))
    }

    /// Handles the request, closes its own direction of the connection in the answer's place, and goes on reading until
    /// the client closes the other.
    ///
    /// A client that waits for the other side to go away keeps the connection for ever.
    pub fn half_closed() -> Self {
        Self(Kind::After(Ending::HalfClose))
    }

    /// Handles the request, and answers a success whose second header is none.
    pub fn garbage_header() -> Self {
        Self(Kind::After(Ending::Garbage))
    }

    /// Handles the request, sends status, headers and the first half of the body, and breaks the connection.
    pub fn truncated() -> Self {
        Self(Kind::Truncated)
    }

    /// Handles the request, and sends the body of the answer byte by byte, with such a pause between two. An answer without
    /// a body is sent as usual.
    ///
    /// Something arrives all the time, so only what bounds the whole of a call ends it.
    pub fn drip(pause: Duration) -> Self {
        Self(Kind::Drip(pause))
    }

    /// Puts a value that no program knows into every enumeration of a success answer.
    pub fn unknown_enum_values() -> Self {
        Self(Kind::UnknownEnumValues)
    }

    /// Puts `null` into the fields of a success answer that lie `depth` objects deep: 0 means its own fields, 1 those
    /// of the objects within, and so on. Lists do not count.
    pub fn nulls(depth: usize) -> Self {
        Self(Kind::Nulls(depth))
    }

    /// Edits the JSON of the answer, whatever its status.
    pub fn edit_answer(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self(Kind::Edit(Arc::new(edit)))
    }

    /// Does something right before the request is handled, so that a test can change what somebody else would have
    /// changed in between.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use paradex_api::{Client, operations};
    /// use paradex_api_ext::simulator::{Fault, Injection, Simulator};
    ///
    /// let exchange = Simulator::start().await?;
    /// let late = Fault::meanwhile(|exchange| exchange.advance(Duration::from_secs(3_600)));
    /// exchange.inject(Injection::new(late).on(&operations::GET_SYSTEM_TIME));
    /// # Client::new(exchange.base_url())?.get_system_time().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn meanwhile(act: impl Fn(&Simulator) + Send + Sync + 'static) -> Self {
        Self(Kind::Meanwhile(Arc::new(act)))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Latency(duration) => write!(f, "Latency({duration:?})"),
            Kind::Late(duration) => write!(f, "Late({duration:?})"),
            Kind::Instead(answer) => write!(f, "Answer({})", answer.status),
            Kind::Afterwards(answer) => write!(f, "AnswerAfter({})", answer.status),
            Kind::Echo(status) => write!(f, "Echo({status})"),
            Kind::ResetBefore => f.write_str("ResetBefore"),
            Kind::After(ending) => write!(f, "{ending:?}After"),
            Kind::Truncated => f.write_str("Truncated"),
            Kind::Drip(pause) => write!(f, "Drip({pause:?})"),
            Kind::UnknownEnumValues => f.write_str("UnknownEnumValues"),
            Kind::Nulls(depth) => write!(f, "Nulls({depth})"),
            Kind::Edit(_) => f.write_str("EditAnswer(..)"),
            Kind::Meanwhile(_) => f.write_str("Meanwhile(..)"),
        }
    }
}

/// A fault, and which requests it hits: if nothing else is said, the next one, whatever it calls.
///
/// ```
/// use paradex_api::operations;
/// use paradex_api_ext::simulator::{Fault, Injection};
///
/// // Lets the first listing of tokens through and breaks the second and the third.
/// let injection = Injection::new(Fault::reset_before())
///     .on(&operations::LIST_TOKENS)
///     .after(1)
///     .times(2);
/// ```
#[derive(Debug, Clone)]
pub struct Injection {
    fault: Fault,
    operation: Option<&'static Operation>,
    times: usize,
    after: usize,
    chance: Option<Chance>,
}

/// Hits some requests and not others, the same ones each time if the requests are the same.
#[derive(Debug, Clone, Copy)]
struct Chance {
    percent: u8,
    state: u64,
}

impl Chance {
    /// SplitMix64.
    fn hits(&mut self) -> bool {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.state) % 100 < u64::from(self.percent)
    }
}

impl Injection {
    /// Hits the next request.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            operation: None,
            times: 1,
            after: 0,
            chance: None,
        }
    }

    /// Hits only calls of this operation.
    pub fn on(mut self, operation: &'static Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Hits so many requests instead of one.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Lets so many requests through first.
    pub fn after(mut self, requests: usize) -> Self {
        self.after = requests;
        self
    }

    /// Hits each request with this chance of a hundred only, and until the end unless [`times`](Self::times) is said
    /// afterwards. The seed decides which: the same requests in the same order are hit again.
    ///
    /// ```
    /// use paradex_api_ext::simulator::{Fault, Injection};
    ///
    /// let one_in_twenty = Injection::new(Fault::truncated()).by_chance(5, 42);
    /// ```
    pub fn by_chance(mut self, percent: u8, seed: u64) -> Self {
        self.times = usize::MAX;
        self.chance = Some(Chance {
            percent,
            state: mixed(seed),
        });
        self
    }
}

impl From<Fault> for Injection {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

/// The faults that hit one request, in the order in which they were injected.
#[derive(Debug, Clone)]
pub(super) struct Due(Vec<Fault>);

impl Due {
    /// Counts a request against every injection that it matches, and drops those that are used up.
    pub(super) fn take(injections: &mut Vec<Injection>, operation: Option<&Operation>) -> Self {
        let mut due = Vec::new();
        injections.retain_mut(|injection| {
            if injection.operation.is_some() && injection.operation != operation {
                return true;
            }
            if injection.after > 0 {
                injection.after -= 1;
                return true;
            }
            if !injection.chance.as_mut().is_none_or(Chance::hits) {
                return true;
            }
            if injection.times > 0 {
                injection.times -= 1;
                due.push(injection.fault.clone());
            }
            injection.times > 0
        });
        Self(due)
    }

    fn has(&self, wanted: fn(&Kind) -> bool) -> bool {
        self.0.iter().any(|fault| wanted(&fault.0))
    }

    pub(super) fn reset_before(&self) -> bool {
        self.has(|kind| matches!(kind, Kind::ResetBefore))
    }

    /// What is done to the connection in the answer's place.
    pub(super) fn after(&self) -> Option<Ending> {
        self.0.iter().find_map(|fault| match fault.0 {
            Kind::After(ending) => Some(ending),
            _ => None,
        })
    }

    pub(super) fn truncated(&self) -> bool {
        self.has(|kind| matches!(kind, Kind::Truncated))
    }

    /// The pause after each byte of the answer.
    pub(super) fn drip(&self) -> Option<Duration> {
        self.0.iter().find_map(|fault| match fault.0 {
            Kind::Drip(pause) => Some(pause),
            _ => None,
        })
    }

    /// How long the answer is held back.
    pub(super) fn latency(&self) -> Duration {
        self.0.iter().fold(Duration::ZERO, |sum, fault| match &fault.0 {
            Kind::Latency(duration) => sum.saturating_add(*duration),
            _ => sum,
        })
    }

    /// How long the handling itself is held back, if it is.
    pub(super) fn late(&self) -> Option<Duration> {
        self.0.iter().find_map(|fault| match fault.0 {
            Kind::Late(duration) => Some(duration),
            _ => None,
        })
    }

    /// What is to happen before the request is handled.
    pub(super) fn meanwhile(&self) -> impl Iterator<Item = &(dyn Fn(&Simulator) + Send + Sync)> {
        self.0.iter().filter_map(|fault| match &fault.0 {
            Kind::Meanwhile(act) => Some(&**act),
            _ => None,
        })
    }

    /// The answer that is given without handling the request.
    pub(super) fn instead(&self, request: &LoggedRequest) -> Option<Answer> {
        self.0.iter().find_map(|fault| match &fault.0 {
            Kind::Instead(answer) => Some(answer.clone()),
            Kind::Echo(status) => Some(echo(*status, request)),
            _ => None,
        })
    }

    /// Edits the answer of a handled request.
    pub(super) fn edit(&self, answer: &mut Answer, document: &Document, operation: Option<&Described>) {
        let success = answer.status.is_success();
        for fault in &self.0 {
            match &fault.0 {
                Kind::UnknownEnumValues if success => {
                    if let Some(schema) = operation.and_then(schema) {
                        edit(answer, |body| unknown(document, schema, body, 0));
                    }
                }
                Kind::Nulls(depth) if success => edit(answer, |body| nulls(body, *depth)),
                Kind::Edit(by) => edit(answer, |body| by(body)),
                Kind::Afterwards(instead) => *answer = instead.clone(),
                _ => {}
            }
        }
    }
}

/// The request as the text of a response.
fn echo(status: StatusCode, request: &LoggedRequest) -> Answer {
    let mut text = format!("{} {}?{}", request.method, request.path, request.query);
    for (name, value) in &request.headers {
        text.push_str(&format!("\n{name}: {value}"));
    }
    text.push_str("\n\n");
    text.push_str(&String::from_utf8_lossy(&request.body));
    let credential = request.header(AUTHORIZATION.as_str()).unwrap_or_default();
    Answer::message(status, &text).with("x-request-id", credential)
}

/// The schema of an operation's success answer.
fn schema(operation: &Described) -> Option<&Value> {
    let responses = operation.value().get("responses")?.as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    response.pointer("/content/application~1json/schema")
}

fn unknown(document: &Document, schema: &Value, value: &mut Value, depth: usize) {
    // Deeper than any answer; a schema that refers to itself for ever ends here.
    if depth > 64 {
        return;
    }
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(found) = reference
        .and_then(|reference| reference.strip_prefix("#/components/schemas/"))
        .and_then(|name| document.schema(name))
    {
        return unknown(document, found, value, depth + 1);
    }
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        unknown(document, part, value, depth + 1);
    }
    match value {
        Value::String(text) if schema.get("enum").is_some() => UNKNOWN.clone_into(text),
        Value::Array(items) => {
            if let Some(of) = schema.get("items") {
                for item in items {
                    unknown(document, of, item, depth + 1);
                }
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let of = schema
                    .get("properties")
                    .and_then(|properties| properties.get(name))
                    .or_else(|| schema.get("additionalProperties"));
                if let Some(of) = of {
                    unknown(document, of, field, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn nulls(value: &mut Value, depth: usize) {
    match value {
        Value::Object(fields) => {
            for field in fields.values_mut() {
                match depth.checked_sub(1) {
                    None => *field = Value::Null,
                    Some(depth) => nulls(field, depth),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| nulls(item, depth)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use paradex_api::operations;
    use serde_json::json;

    use super::{Due, Fault, Injection, nulls};

    #[test]
    fn an_injection_skips_counts_and_is_used_up() {
        let list = &operations::LIST_TOKENS;
        let fault = Fault::latency(Duration::ZERO);
        let mut injections = vec![
            Injection::new(fault.clone()).on(list).after(1).times(2),
            Injection::new(fault).times(0),
        ];
        let mut hit = |operation| Due::take(&mut injections, operation).0.len();
        assert_eq!(hit(Some(&operations::LIST_MARKETS)), 0);
        assert_eq!(hit(None), 0);
        assert_eq!([(); 4].map(|()| hit(Some(list))), [0, 1, 1, 0]);
        assert!(injections.is_empty());
    }

    #[test]
    fn chance_hits_its_part_and_the_same_ones_again() {
        let hits = |seed| {
            let mut injections = vec![Injection::new(Fault::truncated()).by_chance(5, seed)];
            let hit = std::iter::repeat_with(|| Due::take(&mut injections, None).truncated());
            hit.take(10_000).collect::<Vec<bool>>()
        };
        let number = hits(1).into_iter().filter(|hit| *hit).count();
        assert!((400..600).contains(&number), "{number}");
        assert_eq!(hits(1), hits(1));
        assert_ne!(hits(1), hits(2));
    }

    #[test]
    fn nulls_go_where_they_are_sent() {
        let value = json!({"results": [{"a": 1, "b": {"c": 2}}], "next": "x"});
        let at = |depth| {
            let mut value = value.clone();
            nulls(&mut value, depth);
            value
        };
        assert_eq!(at(0), json!({"results": null, "next": null}));
        assert_eq!(at(1), json!({"results": [{"a": null, "b": null}], "next": "x"}));
        assert_eq!(
            at(2),
            json!({"results": [{"a": 1, "b": {"c": null}}], "next": "x"})
        );
    }
}
