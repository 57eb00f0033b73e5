//! `paradex probe`.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use paradex_api_ext::assumptions::{AnswerKind, Asking, QUESTIONS, Question};
use paradex_api_ext::paradex_api::UPSTREAM_DATE;
use paradex_api_ext::probe::{
    PlannedTopic, Probe, ProbeError, ProbeOutcome, ProbePlan, ProbeReport, ProbeStop,
};
use paradex_api_ext::suggestion::did_you_mean;
use paradex_api_ext::{Client, private_file};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::args;
use crate::client_source::{ClientSource, single_account};
use crate::console::{Console, Exit, Failure, line};
use crate::signals;

/// A question for people and programs.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    topic: &'static str,
    question: &'static str,
    answers: Vec<String>,
    assumed: Option<String>,
    claims: Vec<ClaimJson>,
    matters: &'static str,
    does: Option<&'static str>,
    needs: Option<String>,
    changes: Option<bool>,
    cannot_be_asked: Option<&'static str>,
}

#[derive(Serialize)]
struct ClaimJson {
    source: &'static str,
    says: &'static str,
}

#[derive(Serialize)]
struct Questions {
    questions: Vec<Row>,
}

#[derive(Serialize)]
struct Planned {
    environment: String,
    calls: usize,
    topics: Vec<PlannedJson>,
    skipped: Map<String, Value>,
    dry_run: bool,
}

#[derive(Serialize)]
struct PlannedJson {
    topic: &'static str,
    changes: bool,
    questions: Vec<&'static str>,
}

#[derive(Serialize)]
struct CleanedUp {
    tokens: usize,
    subkeys: usize,
    orders: usize,
}

#[derive(Serialize)]
struct ReportJson<'a> {
    environment: &'a str,
    calls: usize,
    /// Why not all questions were asked, if so.
    incomplete: Option<&'a str>,
    answers: Map<String, Value>,
    evidence: Map<String, Value>,
    unanswered: Map<String, Value>,
}

/// Prints the questions, or one of them. No exchange is needed.
pub(crate) fn describe(probe: &args::Probe, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let Some(name) = &probe.explain {
        let known = || QUESTIONS.iter().map(|question| question.name);
        let Some(question) = QUESTIONS.iter().find(|question| question.name == name) else {
            return Err(Failure::usage(format!(
                "there is no question `{}`{}: `paradex probe --list` lists them",
                line(name),
                did_you_mean(name, known())
            )));
        };
        console.result(&Row::new(question), explained(question))?;
        return Ok(Exit::Done);
    }
    let questions = Questions {
        questions: QUESTIONS.iter().copied().map(Row::new).collect(),
    };
    console.result(&questions, listed())?;
    Ok(Exit::Done)
}

pub(crate) async fn run(
    options: &args::Probe,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = match source.is_without_account() && named.is_empty() {
        true => ("none", source.anonymous()?),
        false => {
            let (account, client) = single_account(named, source)?;
            (account, Some(client))
        }
    };
    let client = client.ok_or_else(|| Failure::usage("there is no environment to ask"))?;
    check_environment(options, &client)?;
    let journal = match &options.journal {
        Some(path) => path.clone(),
        None => default_journal(&client, account)?,
    };
    let mut probe = Probe::new(client.clone(), &journal);
    if options.with_orders {
        probe = probe.with_orders();
    }
    let plan = probe.plan();
    if options.dry_run.dry_run {
        console.result(&Planned::new(&plan, &client), planned(&plan, &client))?;
        return Ok(Exit::Done);
    }
    if options.clean_up {
        return clean_up(probe, console).await;
    }
    let output = options.output.as_deref().map(ReportFile::create).transpose()?;
    if console.input.is_none() && !console.yes {
        return Err(Failure::usage(
            "the probe asks before each topic, and there is no terminal to ask: pass `--yes` to confirm all of them, or \
             `--dry-run` to see what it would do",
        ));
    }
    if probe.has_journal() {
        console.note(format_args!(
            "an earlier probe left its journal {}; its tokens, subkeys and orders are cleaned up first",
            line(&journal.display().to_string())
        ))?;
    }
    console.note(format_args!(
        "asking {} with at most {} calls",
        line(&client.environment().to_string()),
        plan.calls()
    ))?;
    let _stopping = Stopping::start(probe.stop_handle())?;
    let mut unprinted = None;
    let outcome = probe
        .run(|topic| {
            let agreed = consent(topic, console);
            agreed.unwrap_or_else(|failure| {
                unprinted = Some(failure);
                false
            })
        })
        .await;
    let (report, failure) = match outcome {
        Ok(report) => (report, unprinted),
        Err(error) => {
            let failure = failure(&error);
            match error.into_report() {
                Some(report) => (report, Some(failure)),
                None => return Err(failure),
            }
        }
    };
    let written = write_report(&report, output, console);
    match failure {
        Some(failure) => Err(failure),
        None => written.map(|()| match report.incomplete {
            Some(_) => Exit::Partial,
            None => Exit::Done,
        }),
    }
}

/// Ends the probe at the first signal, and the process at the second.
struct Stopping(tokio::task::JoinHandle<()>);

impl Stopping {
    fn start(stop: ProbeStop) -> Result<Self, Failure> {
        let mut signals = signals::Signals::new()?;
        Ok(Self(tokio::spawn(async move {
            signals.next().await;
            stop.stop();
            // Nobody reads it if the standard error is closed.
            let _ = writeln!(
                anstream::stderr(),
                "\nstopping: what was made is revoked and cancelled. At a question, press Enter. A second signal ends the \
                 program at once; then the next probe cleans up"
            );
            signals.next().await;
            std::process::exit(130);
        })))
    }
}

impl Drop for Stopping {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn clean_up(probe: Probe, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let had_journal = probe.has_journal();
    let leftovers = match had_journal {
        true => probe.clean_up().await.map_err(|error| failure(&error))?,
        false => Default::default(),
    };
    let cleaned = CleanedUp {
        tokens: leftovers.tokens,
        subkeys: leftovers.subkeys,
        orders: leftovers.orders,
    };
    let text = match had_journal {
        true => format!(
            "revoked {} tokens and {} subkeys, and cancelled {} orders",
            cleaned.tokens, cleaned.subkeys, cleaned.orders
        ),
        false => "there is no journal, so nothing to clean up".to_owned(),
    };
    console.report_change("everything was cleaned up", &cleaned, text)?;
    Ok(Exit::Done)
}

/// Says what a topic does, and asks for confirmation.
fn consent(topic: &PlannedTopic, console: &mut Console<'_>) -> Result<bool, Failure> {
    let mut text = format!(
        "\n{} ({} calls and {} s of waiting at most)\n",
        topic.topic, topic.calls, topic.seconds
    );
    for question in &topic.questions {
        text.push_str(&does(question));
    }
    console.note(text.trim_end())?;
    let question = match topic.changes {
        true => "this changes the account for a while",
        false => "this changes nothing",
    };
    console.agrees(question)
}

/// Says what a question does, and how long it can take.
fn does(question: &Question) -> String {
    match question.asking {
        Asking::Calls { does, seconds: 0, .. } => format!("  {}: {does}\n", question.name),
        Asking::Calls { does, seconds, .. } => {
            format!("  {}: {does} (up to {seconds} s)\n", question.name)
        }
        _ => String::new(),
    }
}

fn failure(error: &ProbeError) -> Failure {
    let exit = match error {
        ProbeError::NotCleanedUp { .. } => Exit::Partial,
        ProbeError::OtherAccount { .. } | ProbeError::NoChangesAllowed { .. } => Exit::Usage,
        _ => Exit::Failed,
    };
    Failure::from_error(exit, error)
}

/// Checks that the account is in the environment that was asked for.
fn check_environment(options: &args::Probe, client: &Client) -> Result<(), Failure> {
    let Some(wanted) = &options.environment else {
        return Ok(());
    };
    let found = client.environment();
    if wanted == found {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "the account is at {found}, and `--environment` is {wanted}: name another account, or leave the option out"
    )))
}

/// The journal of an account, in the folder for the state of programs.
fn default_journal(client: &Client, account: &str) -> Result<PathBuf, Failure> {
    let environment = client.environment();
    let plain = |text: &str| -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        text.chars().map(plain).collect()
    };
    let base_url = environment.base_url();
    let host = base_url.as_str().split("//").last().unwrap_or_default();
    let name = format!("paradex-probe-{}-{}.journal", plain(host), plain(account));
    if base_url.is_loopback() {
        // A simulator is gone sooner than its journal would be missed.
        return Ok(std::env::temp_dir().join(name));
    }
    let folder = state_folder()
        .ok_or_else(|| Failure::usage("the home folder of the user is not known: pass `--journal FILE`"))?;
    let folder = private_file::folder(&folder).map_err(|error| Failure::file("used", &folder, &error))?;
    Ok(folder.join(name))
}

/// Where programs keep their state: by the XDG specification, or on Windows.
fn state_folder() -> Option<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let folder = match cfg!(windows) {
        true => absolute("LOCALAPPDATA"),
        false => absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state"))),
    };
    Some(folder?.join("paradex"))
}

/// The file of the report. It is created before anything is asked, so that the report is not lost, and removed if there is none.
struct ReportFile<'a> {
    path: &'a Path,
    file: Option<File>,
}

impl<'a> ReportFile<'a> {
    fn create(path: &'a Path) -> Result<Self, Failure> {
        let file = File::create_new(path).map_err(|error| Failure::file("created", path, &error))?;
        Ok(Self {
            path,
            file: Some(file),
        })
    }

    fn write(mut self, text: &str) -> Result<(), Failure> {
        let written = match &mut self.file {
            Some(file) => file.write_all(text.as_bytes()).and_then(|()| file.sync_all()),
            None => Ok(()),
        };
        written.map_err(|error| Failure::file("written", self.path, &error))?;
        self.file = None;
        Ok(())
    }
}

impl Drop for ReportFile<'_> {
    fn drop(&mut self) {
        // On Windows, an open file cannot be removed.
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(self.path);
        }
    }
}

fn write_report(
    report: &ProbeReport,
    output: Option<ReportFile<'_>>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let text = report.to_toml();
    let summary = format!(
        "{} of {} questions have an answer",
        report.answered(),
        report.outcomes.len()
    );
    let mut failed = None;
    if let Some(output) = output {
        let shown = format!("{summary}: {}", line(&output.path.display().to_string()));
        match output.write(&text) {
            Ok(()) => return console.report_change("the probe is done", &ReportJson::new(report), shown),
            // The answers would be lost.
            Err(failure) => failed = Some(failure),
        }
    }
    console.note(&summary)?;
    console.report_change("the probe is done", &ReportJson::new(report), text)?;
    failed.map_or(Ok(()), Err)
}

impl<'a> ReportJson<'a> {
    fn new(report: &'a ProbeReport) -> Self {
        let mut json = Self {
            environment: &report.environment,
            calls: report.calls,
            incomplete: report.incomplete.as_deref(),
            answers: Map::new(),
            evidence: Map::new(),
            unanswered: Map::new(),
        };
        for (question, outcome) in &report.outcomes {
            let name = question.name.to_owned();
            match outcome {
                ProbeOutcome::Answered { answer, evidence, .. } => {
                    json.answers.insert(name.clone(), answer.to_string().into());
                    json.evidence.insert(name, evidence.clone().into());
                }
                ProbeOutcome::Unanswered { because, .. } => {
                    json.unanswered.insert(name, because.clone().into());
                }
                _ => {}
            }
        }
        json
    }
}

impl Planned {
    fn new(plan: &ProbePlan, client: &Client) -> Self {
        let topics = plan.topics.iter().map(|planned| PlannedJson {
            topic: planned.topic.as_str(),
            changes: planned.changes,
            questions: planned.questions.iter().map(|question| question.name).collect(),
        });
        let skipped = plan.skipped.iter();
        Self {
            environment: client.environment().to_string(),
            calls: plan.calls(),
            topics: topics.collect(),
            skipped: skipped
                .map(|skipped| (skipped.question.name.to_owned(), skipped.because.clone().into()))
                .collect(),
            dry_run: true,
        }
    }
}

fn planned(plan: &ProbePlan, client: &Client) -> String {
    let mut text = format!(
        "would ask {} with at most {} calls\n",
        line(&client.environment().to_string()),
        plan.calls()
    );
    for planned in &plan.topics {
        let changes = match planned.changes {
            true => "changes the account for a while",
            false => "changes nothing",
        };
        let _ = writeln!(text, "\n{}: {changes}", planned.topic);
        for question in &planned.questions {
            text.push_str(&does(question));
        }
    }
    text.push_str("\nwould not ask\n");
    for skipped in &plan.skipped {
        let _ = writeln!(text, "  {}: {}", skipped.question.name, skipped.because);
    }
    text.push_str("dry run: nothing was sent\n");
    text
}

impl Row {
    fn new(question: &'static Question) -> Self {
        let (does, needs, changes, cannot_be_asked) = match question.asking {
            Asking::Calls {
                does, needs, changes, ..
            } => (Some(does), Some(needs.to_string()), Some(changes), None),
            Asking::Impossible { because, .. } => (None, None, None, Some(because)),
            _ => (None, None, None, None),
        };
        let claims = question.claims.iter().map(|claim| ClaimJson {
            source: claim.source,
            says: claim.says,
        });
        Self {
            name: question.name,
            topic: question.topic.as_str(),
            question: question.text,
            answers: answers(question),
            assumed: assumed(question),
            claims: claims.collect(),
            matters: question.matters,
            does,
            needs,
            changes,
            cannot_be_asked,
        }
    }
}

fn assumed(question: &Question) -> Option<String> {
    let can_be_asked = question.answers != AnswerKind::None;
    can_be_asked.then(|| question.assumed().to_string())
}

/// The possible answers.
fn answers(question: &Question) -> Vec<String> {
    match question.answers {
        AnswerKind::Words { choices, .. } => choices.iter().map(|choice| choice.word.to_owned()).collect(),
        AnswerKind::Number {
            unit, least, most, ..
        } => vec![format!("{least} to {most} {unit}")],
        AnswerKind::Refusal { .. } => vec!["a status and an error code".to_owned()],
        _ => Vec::new(),
    }
}

fn listed() -> String {
    let mut text = String::new();
    let mut topic = None;
    for question in QUESTIONS {
        if topic != Some(question.topic) {
            topic = Some(question.topic);
            let start = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{start}{}", question.topic);
        }
        let known = match assumed(question) {
            Some(assumed) => format!("the simulator assumes {assumed}"),
            None => "it cannot be asked".to_owned(),
        };
        let _ = writeln!(
            text,
            "  {}\n      {}\n      {known}",
            question.name, question.text
        );
        for claim in question.claims {
            let _ = writeln!(text, "      {}: {}", claim.source, claim.says);
        }
    }
    let _ = write!(text, "\nThe API document is that of {UPSTREAM_DATE}.\n");
    text
}

fn explained(question: &Question) -> String {
    let mut text = format!(
        "{}\n  {}\n\nWhy it matters\n  {}\n",
        question.name, question.text, question.matters
    );
    if let AnswerKind::Words { choices, assumed, .. } = question.answers {
        text.push_str("\nAnswers\n");
        for choice in choices {
            let mark = if choice.word == assumed {
                " (the simulator assumes this)"
            } else {
                ""
            };
            let _ = writeln!(text, "  {}: {}{mark}", choice.word, choice.means);
        }
    } else if let Some(assumed) = assumed(question) {
        let _ = write!(
            text,
            "\nAnswers\n  {}\n  the simulator assumes {assumed}\n",
            answers(question).join(", ")
        );
    }
    text.push_str("\nWhat is known\n");
    if question.claims.is_empty() {
        text.push_str("  no source says anything about it\n");
    }
    for claim in question.claims {
        let _ = writeln!(text, "  {}: {}", claim.source, claim.says);
    }
    match question.asking {
        Asking::Calls {
            does,
            needs,
            changes,
            calls,
            seconds,
            ..
        } => {
            let waits = match seconds {
                0 => String::new(),
                seconds => format!(" It waits for up to {seconds} s."),
            };
            let effect = match changes {
                true => "It changes something, so it is asked on testnet and of simulators only.",
                false => "It changes nothing.",
            };
            let _ = write!(
                text,
                "\nHow the probe asks\n  {does}\n  It needs {needs}, and makes {calls} calls at most.{waits} {effect}\n"
            );
        }
        Asking::Impossible { because, .. } => {
            let _ = write!(text, "\nWhy it cannot be asked\n  {because}\n");
        }
        _ => {}
    }
    text
}
