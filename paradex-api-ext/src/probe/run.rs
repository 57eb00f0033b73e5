//! A probe under way: its calls, its journal, and what it has found so far.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::{Operation, Secret, operations};
use serde_json::Value;
use zeroize::Zeroizing;

use super::Wait;
use super::ask;
use super::error::{ProbeError, Trouble};
use super::journal::{Entry, Journal, PREFIX};
use super::plan::{PlannedTopic, ProbePlan};
use super::reply::Reply;
use super::report::ProbeOutcome;
use super::stop::ProbeStop;
use crate::assumptions::{Answer, Asking, Question, Words, question};
use crate::auth::SessionKind;
use crate::client::options::CallOptions;
use crate::signing::{PublicKey, StarknetPrivateKey};
use crate::{Client, Credentials, Error, RetryPolicy};

/// The parameters of a call.
pub(super) type Parameters<'a> = &'a [(&'a str, &'a str)];

/// How often a call is repeated after a 429.
const MOST_RETRIES: usize = 2;
/// The longest wait after a 429.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

pub(super) struct Run {
    /// The client of the account. It repeats nothing.
    pub(super) client: Client,
    /// The account, if the client can sign in.
    pub(super) account: Option<String>,
    pub(super) journal: Journal,
    pub(super) outcomes: BTreeMap<&'static str, ProbeOutcome>,
    pub(super) calls: usize,
    stop: ProbeStop,
    wait: Wait,
    started: Instant,
    /// How long a closure was called instead of waiting.
    skipped: Duration,
    /// The question that is being asked, and how many calls it may still make.
    asked: Option<(&'static Question, u16)>,
    /// What must not be in a report.
    pub(super) secrets: Vec<Secret>,
    /// 16 random digits in all names of this probe.
    id: String,
    named: usize,
    /// Whether stopping waits: for the first calls, and for the clean-up.
    pub(super) ignores_stop: bool,
    pub(super) scratch: ask::Scratch,
}

/// A key that this probe has made.
pub(super) struct ProbeKey {
    pub(super) key: StarknetPrivateKey,
    pub(super) public: PublicKey,
}

impl Run {
    pub(super) fn new(
        client: Client,
        stop: ProbeStop,
        wait: Wait,
        journal: Journal,
    ) -> Result<Self, ProbeError> {
        let mut bytes = [0; 8];
        random(&mut bytes).map_err(|error| ProbeError::Client(Box::new(error)))?;
        let id = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self {
            client: client.with_options(CallOptions::new().retry(RetryPolicy::none())),
            account: None,
            journal,
            outcomes: BTreeMap::new(),
            calls: 0,
            stop,
            wait,
            started: Instant::now(),
            skipped: Duration::ZERO,
            asked: None,
            secrets: Vec::new(),
            id,
            named: 0,
            ignores_stop: false,
            scratch: ask::Scratch::default(),
        })
    }

    /// Checks that the exchange responds, reads the account, and compares it with the journal.
    pub(super) async fn check_exchange(&mut self) -> Result<(), ProbeError> {
        self.ignores_stop = true;
        let checked = self.check_exchange_once().await;
        self.ignores_stop = false;
        checked
    }

    async fn check_exchange_once(&mut self) -> Result<(), ProbeError> {
        let no_exchange = |why: String| ProbeError::NoExchange { why };
        let client = self.client.clone();
        let time = self.call(&client, &operations::GET_SYSTEM_TIME, &[], None).await;
        let time = time.map_err(|trouble| no_exchange(trouble.text()))?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        if !time.is_done() || !time.text("server_time").is_some_and(is_number) {
            return Err(no_exchange(format!("the response was {}", time.evidence())));
        }
        if client.session_kind() == Some(SessionKind::MainAccount) {
            let account = self.client.api().get_account().send().await.map_err(Error::from);
            let account = account.map_err(|error| ProbeError::Client(Box::new(error)))?;
            let account = account.into_inner().account.filter(|account| !account.is_empty());
            self.account = Some(account.ok_or(ProbeError::NoAccount)?);
        }
        let base_url = client.environment().base_url();
        if let Some((account, at)) = self.journal.account()
            && (self.account.as_deref() != Some(account) || base_url.as_str() != at)
        {
            return Err(ProbeError::OtherAccount {
                path: self.journal.path().to_owned(),
                found: paradex_api::visible(account, 100),
                at: paradex_api::visible(at, 100),
            });
        }
        Ok(())
    }

    /// Asks the topics of a plan. A topic that an earlier probe has completed is not asked again.
    pub(super) async fn ask(
        &mut self,
        plan: &ProbePlan,
        consent: &mut (impl FnMut(&PlannedTopic) -> bool + Send),
    ) -> Option<Trouble> {
        self.take_answers_of_journal();
        let mut first = None;
        for planned in &plan.topics {
            let is_complete = |question: &&'static Question| self.outcomes.contains_key(question.name);
            if planned.questions.iter().all(is_complete) {
                continue;
            }
            if self.stop.is_stopped() {
                return Some(Trouble::Stopped);
            }
            if !consent(planned) {
                self.topic_is_unclear(planned, "the topic was declined");
                continue;
            }
            let asked = caught(ask::topic(self, planned.topic)).await;
            self.asked = None;
            match asked {
                Ok(()) => self.record_answers(planned),
                Err(trouble) if trouble.ends_topic_only() => {
                    self.topic_is_unclear(planned, &trouble.text());
                    first = first.or(Some(trouble));
                }
                Err(trouble) => return Some(trouble),
            }
        }
        first
    }

    fn topic_is_unclear(&mut self, planned: &PlannedTopic, because: &str) {
        let names: Vec<&'static str> = planned.questions.iter().map(|question| question.name).collect();
        self.rest_is_unclear(&names, because);
    }

    /// Takes over the answers of topics that an earlier probe has completed.
    fn take_answers_of_journal(&mut self) {
        for entry in &self.journal.entries {
            match entry {
                Entry::Answer {
                    question: name,
                    answer,
                    evidence,
                    at,
                } => {
                    let Some(question) = question(name) else { continue };
                    if let Ok(answer) = Answer::parse(question, answer) {
                        let evidence = paradex_api::visible(evidence, 300);
                        let at = SystemTime::UNIX_EPOCH + Duration::from_secs((*at).min(1 << 40));
                        let outcome = ProbeOutcome::Answered { answer, evidence, at };
                        self.outcomes.insert(question.name, outcome);
                    }
                }
                Entry::NoAnswer {
                    question: name,
                    because,
                } => {
                    if let Some(question) = question(name) {
                        let because = paradex_api::visible(because, 300);
                        self.outcomes
                            .insert(question.name, ProbeOutcome::Unanswered { because });
                    }
                }
                _ => {}
            }
        }
    }

    /// Records the answers of a complete topic, if there is a journal. Without one there is nothing to go on with.
    fn record_answers(&mut self, planned: &PlannedTopic) {
        if self.journal.entries.is_empty() {
            return;
        }
        for question in &planned.questions {
            let entry = match self.outcomes.get(question.name) {
                Some(ProbeOutcome::Answered { answer, evidence, at }) => Entry::Answer {
                    question: question.name.to_owned(),
                    answer: answer.to_string(),
                    evidence: evidence.clone(),
                    at: crate::time::unix_seconds(*at),
                },
                Some(ProbeOutcome::Unanswered { because }) => Entry::NoAnswer {
                    question: question.name.to_owned(),
                    because: because.clone(),
                },
                None => continue,
            };
            // If it is lost, the topic is asked again.
            if self.journal.record(entry).is_err() {
                return;
            }
        }
    }

    /// Begins a question.
    pub(super) fn begin(&mut self, name: &str) {
        self.asked = question(name).map(|question| match question.asking {
            Asking::Calls { calls, .. } => (question, calls),
            Asking::Impossible { .. } => (question, 0),
        });
    }

    /// Notes the answer of a question whose answers are words.
    pub(super) fn found<T: Words>(&mut self, answer: T, evidence: impl Into<String>) {
        self.found_answer(T::QUESTION, Answer::Word(answer.word()), evidence);
    }

    /// Notes the answer of a question.
    pub(super) fn found_answer(&mut self, name: &'static str, answer: Answer, evidence: impl Into<String>) {
        let outcome = ProbeOutcome::Answered {
            answer,
            evidence: evidence.into(),
            at: SystemTime::now(),
        };
        self.outcomes.insert(name, outcome);
    }

    /// Notes that a question has no answer.
    pub(super) fn unclear(&mut self, name: &'static str, because: impl Into<String>) {
        let because = because.into();
        self.outcomes.insert(name, ProbeOutcome::Unanswered { because });
    }

    /// Notes that the questions of a topic that have no outcome yet cannot be asked.
    pub(super) fn rest_is_unclear(&mut self, names: &[&'static str], because: &str) {
        for name in names {
            if !self.outcomes.contains_key(name) {
                self.unclear(name, because);
            }
        }
    }

    /// Makes a call, and repeats it after a wait if it gets 429.
    pub(super) async fn call(
        &mut self,
        client: &Client,
        operation: &'static Operation,
        parameters: Parameters<'_>,
        body: Option<&Value>,
    ) -> Result<Reply, Trouble> {
        let mut attempt = 0;
        loop {
            self.spend(1)?;
            let reply = self.send(client, operation, parameters, body).await?;
            if reply.status != 429 || attempt == MOST_RETRIES {
                return Ok(reply);
            }
            // A call that is refused for its rate was not carried out, so it does not count.
            if let Some((_, left)) = &mut self.asked {
                *left = left.saturating_add(1);
            }
            attempt += 1;
            let asked = reply
                .headers
                .get("retry-after")
                .and_then(|wait| wait.to_str().ok()?.parse().ok());
            let wait = asked.map_or(Duration::from_secs(5), Duration::from_secs);
            self.wait(wait.min(LONGEST_WAIT)).await?;
        }
    }

    async fn send(
        &mut self,
        client: &Client,
        operation: &'static Operation,
        parameters: Parameters<'_>,
        body: Option<&Value>,
    ) -> Result<Reply, Trouble> {
        let invalid = |error| Trouble::from(Error::from(paradex_api::Error::InvalidRequest(error)));
        let mut call = client.api().call(operation);
        for (name, value) in parameters {
            call = call.parameter(name, *value).map_err(invalid)?;
        }
        if let Some(body) = body {
            call = call.body(body.to_string()).map_err(invalid)?;
        }
        let response = match call.send().await {
            Ok(response) => response.into_parts().1,
            Err(paradex_api::Error::Response(error)) => return Ok(Reply::new(error.raw(), &self.secrets)),
            Err(error) => return Err(Error::from(error).into()),
        };
        Ok(Reply::new(&response, &self.secrets))
    }

    /// Counts calls of the question that is being asked.
    pub(super) fn spend(&mut self, calls: u16) -> Result<(), Trouble> {
        if self.stop.is_stopped() && !self.ignores_stop {
            return Err(Trouble::Stopped);
        }
        self.calls += usize::from(calls);
        if let Some((question, left)) = &mut self.asked {
            *left = left
                .checked_sub(calls)
                .ok_or(Trouble::TooManyCalls(question.name))?;
        }
        Ok(())
    }

    /// Waits.
    pub(super) async fn wait(&mut self, time: Duration) -> Result<(), Trouble> {
        match &self.wait.0 {
            Some(wait) => {
                wait(time);
                self.skipped += time;
            }
            None if self.ignores_stop => tokio::time::sleep(time).await,
            None => self.stop.sleep(time).await,
        }
        match self.stop.is_stopped() && !self.ignores_stop {
            true => Err(Trouble::Stopped),
            false => Ok(()),
        }
    }

    /// Returns how long the probe has run. If a closure is called instead of waiting, only these times count.
    pub(super) fn elapsed(&self) -> Duration {
        match &self.wait.0 {
            Some(_) => self.skipped,
            None => self.started.elapsed(),
        }
    }

    /// Returns a client with this token.
    pub(super) fn with_token(&self, token: &Secret) -> Result<Client, Trouble> {
        let credentials =
            Credentials::bearer(self.client.environment().clone(), token.clone()).map_err(Error::from)?;
        let client = self.client.group().client(credentials)?;
        Ok(client.with_options(CallOptions::new().retry(RetryPolicy::none())))
    }

    /// Returns a new name for something that this probe makes.
    pub(super) fn new_name(&mut self) -> String {
        self.named += 1;
        format!("{PREFIX}{}-{}", self.id, self.named)
    }

    /// Writes to the journal what is about to be requested.
    pub(super) fn record(&mut self, entry: Entry) -> Result<(), Trouble> {
        let failed = |error: std::io::Error| Trouble::Journal(error.to_string());
        if self.journal.entries.is_empty() {
            let start = Entry::Start {
                base_url: self.client.environment().base_url().as_str().to_owned(),
                account: self.account.clone().unwrap_or_default(),
            };
            self.journal.record(start).map_err(failed)?;
        }
        self.journal.record(entry).map_err(failed)
    }

    /// Generates a key.
    pub(super) fn new_key(&mut self) -> Result<ProbeKey, Trouble> {
        let mut bytes = Zeroizing::new([0; 32]);
        random(bytes.as_mut())?;
        // 251 bits are below the order of the curve. `from_bytes` refuses 0.
        let [first, ..] = &mut *bytes;
        *first &= 7;
        let key =
            StarknetPrivateKey::from_bytes(&bytes).map_err(|error| Trouble::Unexpected(error.to_string()))?;
        Ok(ProbeKey {
            public: key.public_key(),
            key,
        })
    }

    /// Measures the exchange's clock, so that signatures have its time.
    pub(super) async fn measure_clock(&mut self) -> Result<(), Trouble> {
        self.calls += 3;
        let measured = self.client.group().measure_clock().await;
        Ok(measured.map(drop)?)
    }
}

pub(super) fn random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|_| {
        crate::error::ConfigurationError::new("the system has no random numbers for the names of the probe")
            .into()
    })
}

/// Turns a panic of the questions into an error, so that everything is cleaned up after it.
async fn caught(asking: impl Future<Output = Result<(), Trouble>>) -> Result<(), Trouble> {
    let mut asking = Box::pin(asking);
    std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| asking.as_mut().poll(context)));
        polled.unwrap_or(Poll::Ready(Err(Trouble::Panicked)))
    })
    .await
}
