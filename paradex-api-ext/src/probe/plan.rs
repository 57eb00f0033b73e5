//! What a probe can ask, and why it cannot ask the rest.

use crate::assumptions::{Asking, Needs, QUESTIONS, Question, Topic};
use crate::auth::SessionKind;
use crate::{Client, Environment};

/// How many calls there are besides the questions: signing in, reading clocks, and cleaning up twice.
const OVERHEAD: usize = 60;

/// What a probe would ask.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProbePlan {
    /// The topics with questions that it would ask, in this order.
    pub topics: Vec<PlannedTopic>,
    /// The questions that it would not ask.
    pub skipped: Vec<SkippedQuestion>,
}

/// A topic of a plan.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PlannedTopic {
    /// The topic.
    pub topic: Topic,
    /// The questions.
    pub questions: Vec<&'static Question>,
    /// Whether a question changes something.
    pub changes: bool,
    /// How many calls the questions make at most.
    pub calls: usize,
    /// How long the questions wait at most beside their calls, in seconds.
    pub seconds: usize,
}

/// A question that a probe does not ask.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SkippedQuestion {
    /// The question.
    pub question: &'static Question,
    /// Why not.
    pub because: String,
}

impl ProbePlan {
    pub(super) fn new(client: &Client, orders: bool) -> Self {
        let permissions = Permissions::new(client, orders);
        let mut plan = Self {
            topics: Vec::new(),
            skipped: Vec::new(),
        };
        for question in QUESTIONS.iter().copied() {
            match question.asking {
                Asking::Impossible { because } => {
                    plan.skip(question, format!("it cannot be asked: {because}"))
                }
                Asking::Calls {
                    needs,
                    changes,
                    calls,
                    seconds,
                    ..
                } => match permissions.obstacle(needs, changes) {
                    Some(because) => plan.skip(question, because),
                    None => plan.add(question, changes, (calls.into(), seconds.into())),
                },
            }
        }
        plan
    }

    fn skip(&mut self, question: &'static Question, because: String) {
        self.skipped.push(SkippedQuestion { question, because });
    }

    fn add(&mut self, question: &'static Question, changes: bool, (calls, seconds): (usize, usize)) {
        let last = self
            .topics
            .last_mut()
            .filter(|planned| planned.topic == question.topic);
        match last {
            Some(planned) => {
                planned.questions.push(question);
                planned.changes |= changes;
                planned.calls += calls;
                planned.seconds += seconds;
            }
            None => self.topics.push(PlannedTopic {
                topic: question.topic,
                questions: vec![question],
                changes,
                calls,
                seconds,
            }),
        }
    }

    /// Returns how many calls the probe makes at most: those of the questions, and up to 60 to sign in and to clean up.
    /// Repeats after 429, retries of the clean-up and renewed sign-ins are not counted.
    pub fn calls(&self) -> usize {
        self.topics.iter().map(|planned| planned.calls).sum::<usize>() + OVERHEAD
    }
}

/// What the client may do.
struct Permissions {
    /// Why nothing may be changed.
    unchangeable: Option<String>,
    kind: Option<SessionKind>,
    orders: bool,
}

impl Permissions {
    fn new(client: &Client, orders: bool) -> Self {
        let environment = client.environment();
        let unchangeable = match environment {
            Environment::Testnet => None,
            _ if environment.is_production() => {
                Some("it changes something, which is never done in production".to_owned())
            }
            _ if environment.base_url().is_loopback() => None,
            _ => Some(format!(
                "it changes something, which is done on testnet and on this machine only, and not at {environment}"
            )),
        };
        Self {
            unchangeable,
            kind: client.session_kind(),
            orders,
        }
    }

    /// Returns why a question cannot be asked.
    fn obstacle(&self, needs: Needs, changes: bool) -> Option<String> {
        if changes && let Some(why) = &self.unchangeable {
            return Some(why.clone());
        }
        let is_main = self.kind == Some(SessionKind::MainAccount);
        match needs {
            Needs::Nothing => None,
            Needs::Token if self.kind.is_some() => None,
            Needs::Token => Some("it needs a credential".to_owned()),
            Needs::MainKey | Needs::Orders if !is_main => {
                Some("it needs the account's own key, which signs in as the main account".to_owned())
            }
            Needs::Orders if !self.orders => Some("it places orders, which was not allowed".to_owned()),
            Needs::MainKey | Needs::Orders => None,
        }
    }
}
