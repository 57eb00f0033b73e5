//! The probe finds every switch of the simulator.

use std::collections::HashSet;

use paradex_api_ext::assumptions::{AnswerKind, Asking, Assumptions, QUESTIONS, Question};
use paradex_api_ext::probe::{ProbeOutcome, ProbeReport};

use super::random::Random;
use super::{Folder, assert_nothing_left, main_client, probe, simulator};

impl Random {
    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn answer(&mut self, question: &Question) -> Option<String> {
        Some(match question.answers {
            AnswerKind::Words { choices, .. } => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
                self.one_of(&words).to_owned()
            }
            AnswerKind::Number { least, most, .. } => (least + self.below(most - least + 1)).to_string(),
            AnswerKind::Refusal { .. } => {
                let of_content = [
                    "400 VALIDATION_ERROR",
                    "400",
                    "409 NOT_UNIQUE",
                    "422 INVALID_REQUEST_PARAMETER",
                ];
                let any = [
                    "400",
                    "401",
                    "401 INVALID_TOKEN",
                    "403 IP_NOT_ALLOWED",
                    "404 NOT_FOUND",
                    "451 SOME_NEW_CODE_7",
                ];
                match question.name {
                    // A 401 or 403 would say something about the credential.
                    "network-refusal" => self.one_of(&of_content),
                    // A 401 or 403 of an ordinary token would not show whether another token may write.
                    "unknown-order-refusal" => self.one_of(&of_content),
                    // After a 401 the client would sign in again, in the same second with the same signature.
                    "other-account-refusal" => self.one_of(&of_content),
                    _ => self.one_of(&any),
                }
                .to_owned()
            }
            _ => return None,
        })
    }
}

fn random_assumptions(seed: u64) -> Assumptions {
    let mut random = Random(seed);
    let mut assumptions = Assumptions::new();
    for question in QUESTIONS {
        if let Some(answer) = random.answer(question) {
            assumptions.set(question.name, &answer).unwrap();
        }
    }
    if !has_version_two(&assumptions) {
        let layout = question("version-two-layout").assumed().to_string();
        assumptions.set("version-two-layout", &layout).unwrap();
    }
    assumptions
}

fn question(name: &str) -> &'static Question {
    QUESTIONS.iter().find(|question| question.name == name).unwrap()
}

/// Whether version 2 of the SBE schema is served. Its layout cannot be found out otherwise.
fn has_version_two(assumptions: &Assumptions) -> bool {
    assumptions.answer("schema-version").unwrap().to_string() == "2"
}

/// The questions that were asked and have no answer, or another one than the simulator was set to.
fn missed(report: &ProbeReport, assumptions: &Assumptions) -> Vec<String> {
    let mut missed = Vec::new();
    for (question, outcome) in &report.outcomes {
        let Ok(expected) = assumptions.answer(question.name) else {
            continue;
        };
        match outcome {
            ProbeOutcome::Answered { answer, .. } if *answer == expected => {}
            ProbeOutcome::Unanswered { because, .. }
                if question.name == "version-two-layout" && !has_version_two(assumptions) =>
            {
                assert_eq!(because, "version 2 is not served");
            }
            outcome => missed.push(format!("{} is {expected}: {outcome:?}", question.name)),
        }
    }
    missed
}

/// Probes a simulator that was set like this. Returns how many calls it took.
async fn find(assumptions: &Assumptions) -> usize {
    let (simulator, folder) = (simulator(assumptions).await, Folder::new());
    let client = main_client(&simulator);
    let probe = probe(&simulator, client.clone(), &folder);
    let most = probe.plan().calls();
    let report = probe.run(|_| true).await.unwrap();
    assert_eq!(missed(&report, assumptions), Vec::<String>::new());
    assert!(report.calls <= most, "{} of {most}", report.calls);
    assert!(
        simulator.requests().len() <= most,
        "{} of {most}",
        simulator.requests().len()
    );
    assert_eq!(&report.assumptions(), assumptions);
    assert_eq!(&Assumptions::from_toml(&report.to_toml()).unwrap(), assumptions);
    assert_nothing_left(&simulator, &client, &folder).await;
    report.calls
}

#[tokio::test]
async fn probe_finds_the_default_settings() {
    find(&Assumptions::new()).await;
}

/// Each run has a simulator of its own, and no run waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn probe_finds_a_hundred_random_settings() {
    let settings: Vec<Assumptions> = (0..100).map(random_assumptions).collect();
    for question in QUESTIONS
        .iter()
        .filter(|question| question.answers != AnswerKind::None)
    {
        let answers = settings
            .iter()
            .map(|assumptions| assumptions.answer(question.name).unwrap().to_string());
        let answers: HashSet<String> = answers.collect();
        if let AnswerKind::Words { choices, .. } = question.answers {
            assert_eq!(answers.len(), choices.len(), "{}: {answers:?}", question.name);
        }
        assert!(answers.len() > 1, "{}", question.name);
    }
    for batch in settings.chunks(8) {
        let running: Vec<_> = batch
            .iter()
            .cloned()
            .map(|assumptions| tokio::spawn(async move { find(&assumptions).await }))
            .collect();
        for run in running {
            run.await.unwrap();
        }
    }
}

#[tokio::test]
async fn declined_topics_are_not_asked() {
    let (simulator, folder) = (simulator(&Assumptions::new()).await, Folder::new());
    let client = main_client(&simulator);
    let mut asked = Vec::new();
    let run = probe(&simulator, client.clone(), &folder).run(|planned| {
        asked.push(planned.topic.to_string());
        planned.topic.as_str() == "requests"
    });
    let report = run.await.unwrap();
    assert_eq!(
        asked,
        ["requests", "streams", "tokens", "allowlists", "subkeys", "orders"]
    );
    for (question, outcome) in &report.outcomes {
        let is_answered = matches!(outcome, ProbeOutcome::Answered { .. });
        let can_be_asked = matches!(question.asking, Asking::Calls { .. });
        assert_eq!(
            is_answered,
            question.topic.as_str() == "requests" && can_be_asked,
            "{}",
            question.name
        );
    }
    let changes = simulator.requests().into_iter().filter(|request| {
        request.operation().is_some_and(|operation| !operation.is_read())
            && !request.path().starts_with("/v1/auth")
    });
    assert_eq!(changes.count(), 0);
    assert_nothing_left(&simulator, &client, &folder).await;
}
