//! What a probe has found out.

use std::fmt::Write as _;
use std::time::SystemTime;

use super::error::Trouble;
use super::plan::ProbePlan;
use super::run::Run;
use crate::assumptions::{Answer, Assumptions, QUESTIONS, Question, quoted};
use crate::time::rfc3339;

/// What a probe has found out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProbeReport {
    /// The exchange that was asked.
    pub environment: String,
    /// When it began.
    pub started_at: SystemTime,
    /// How many calls it made.
    pub calls: usize,
    /// Why not all topics were asked to the end, if so.
    pub incomplete: Option<String>,
    /// The outcome of each question, in the order of the table.
    pub outcomes: Vec<(&'static Question, ProbeOutcome)>,
}

/// The outcome of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeOutcome {
    /// The answer was found.
    #[non_exhaustive]
    Answered {
        /// The answer.
        answer: Answer,
        /// What the exchange did: status, error code, or stored networks. It has no secret.
        evidence: String,
        /// When it was found.
        at: SystemTime,
    },
    /// There is no answer.
    #[non_exhaustive]
    Unanswered {
        /// Why not.
        because: String,
    },
}

impl ProbeReport {
    pub(super) fn new(
        run: &Run,
        plan: &ProbePlan,
        started_at: SystemTime,
        trouble: Option<&Trouble>,
    ) -> Self {
        let unanswered = |because: String| ProbeOutcome::Unanswered { because };
        let outcome = |question: &'static Question| {
            if let Some(outcome) = run.outcomes.get(question.name) {
                return outcome.clone();
            }
            let skipped = plan.skipped.iter().find(|skipped| skipped.question == question);
            match (skipped, trouble) {
                (Some(skipped), _) => unanswered(skipped.because.clone()),
                (None, Some(trouble)) => unanswered(trouble.text()),
                (None, None) => unanswered("the topic was declined".to_owned()),
            }
        };
        let environment = run.client.environment();
        Self {
            environment: environment.to_string(),
            started_at,
            calls: run.calls,
            incomplete: trouble.map(Trouble::text),
            outcomes: QUESTIONS
                .iter()
                .map(|question| (*question, outcome(question)))
                .collect(),
        }
    }

    /// Returns the answers, for a simulator. Questions without an answer are as in the table.
    pub fn assumptions(&self) -> Assumptions {
        let mut assumptions = Assumptions::new();
        for (question, outcome) in &self.outcomes {
            if let ProbeOutcome::Answered { answer, .. } = outcome {
                assumptions.set_answer(question, answer.clone());
            }
        }
        assumptions
    }

    /// Returns how many questions were answered.
    pub fn answered(&self) -> usize {
        let is_answered =
            |(_, outcome): &&(_, ProbeOutcome)| matches!(outcome, ProbeOutcome::Answered { .. });
        self.outcomes.iter().filter(is_answered).count()
    }

    /// Returns the report as TOML. It is a file of assumptions: [`Assumptions::from_toml`] reads its answers.
    pub fn to_toml(&self) -> String {
        let time = |time: SystemTime| quoted(&rfc3339(time).unwrap_or_default());
        let mut text = format!(
            "[probe]\nenvironment = {}\nstarted_at = {}\ncalls = {}\n\n[answers]\n",
            quoted(&self.environment),
            time(self.started_at),
            self.calls
        );
        for (question, outcome) in &self.outcomes {
            if let ProbeOutcome::Answered { answer, .. } = outcome {
                let _ = writeln!(text, "# {}\n{} = {}", question.text, question.name, answer.toml());
            }
        }
        text.push_str("\n[unanswered]\n");
        for (question, outcome) in &self.outcomes {
            if let ProbeOutcome::Unanswered { because } = outcome {
                let _ = writeln!(text, "{} = {}", question.name, quoted(because));
            }
        }
        for (question, outcome) in &self.outcomes {
            if let ProbeOutcome::Answered { evidence, at, .. } = outcome {
                let _ = write!(
                    text,
                    "\n[evidence.{}]\nseen = {}\nat = {}\n",
                    question.name,
                    quoted(evidence),
                    time(*at)
                );
            }
        }
        text
    }
}
