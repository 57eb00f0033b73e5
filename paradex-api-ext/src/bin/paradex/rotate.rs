//! `paradex tokens rotate` and `paradex subkeys rotate`.
//!
//! A rotation takes several commands over hours or days, so its state is kept in a folder, beside the new secret.

use std::path::PathBuf;
use std::sync::Arc;

use paradex_api_ext::Client;
use paradex_api_ext::allowlist::{Force, Target};
use paradex_api_ext::fleet::{
    Cleanup, FolderSink, RotationError, RotationProblem, RotationSpec, RotationState, RotationStep, Rotator,
};
use paradex_api_ext::net::{CidrSet, IpAllowlist, StoredAllowlist};
use serde::Serialize;

use crate::args::{Rotate, RotationFolder, Start};
use crate::client_source::{ClientSource, single_account};
use crate::console::{Console, Exit, Failure, chain, line};
use crate::credentials::find_credential;
use crate::names::resolve;

/// What is rotated: `tokens rotate` only takes tokens, and `subkeys rotate` only subkeys.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum CredentialKind {
    Token,
    Subkey,
}

impl CredentialKind {
    fn target(self, id: &str) -> Target {
        match self {
            Self::Token => Target::Token(id.to_owned()),
            Self::Subkey => Target::Subkey(id.to_owned()),
        }
    }

    fn from_target(target: &Target) -> Self {
        match target {
            Target::Subkey(_) => Self::Subkey,
            _ => Self::Token,
        }
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    account: &'a str,
    rotation: Option<&'a RotationState>,
    secret_file: Option<PathBuf>,
    dry_run: bool,
}

pub(crate) async fn run(
    command: &Rotate,
    kind: CredentialKind,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let args = match command {
        Rotate::List(folder) => return list(folder, kind, console),
        Rotate::Start(start) => return begin(start, kind, named, source, console).await,
        Rotate::Resume(args)
        | Rotate::MarkProven(args)
        | Rotate::Abandon(args)
        | Rotate::Finish { rotation: args, .. } => args,
    };
    let (account, client) = single_account(named, source)?;
    let sink = FolderSink::open(&args.folder.folder)?;
    let mut old = kind.target(&args.id);
    let mut found = in_progress(&sink, &old)?;
    if found.is_empty() {
        old = resolve(old, &client).await?;
        found = in_progress(&sink, &old)?;
    }
    let state = only(found, &old)?;
    let what = match command {
        Rotate::MarkProven(_) => "mark the new credential as proven in the rotation of",
        Rotate::Finish { .. } => "revoke the old credential and finish the rotation of",
        Rotate::Abandon(_) => "revoke the new credential and abandon the rotation of",
        _ => "resume the rotation of",
    };
    let mut what = format!("{what} {state}");
    let may_create = !matches!(
        state.step(),
        RotationStep::Proven { .. } | RotationStep::Finishing { .. }
    );
    if matches!(command, Rotate::Resume(_)) && may_create {
        let old = find_credential(state.old(), &client).await?;
        what.push_str(&opening(state.requested_allowlist(), &old.allowlist));
    }
    if args.dry_run.dry_run {
        let text = format!("would {what}\ndry run: nothing was changed");
        show(console, account, &sink, &state, true, &text)?;
        return Ok(Exit::Done);
    }
    console.confirm(&what, &[(account, &client)])?;
    let rotator = rotator(client, &sink);
    let outcome = match command {
        Rotate::MarkProven(_) => rotator.mark_proven(state).await,
        Rotate::Abandon(_) => rotator.abandon(state).await,
        Rotate::Finish { grace, force, .. } => {
            let force = match force.force {
                true => Force::none().despite_own_credential(),
                false => Force::none(),
            };
            rotator.finish_with(state, *grace, force).await
        }
        _ => rotator.resume(state).await,
    };
    report(outcome, account, &sink, console)
}

async fn begin(
    start: &Start,
    kind: CredentialKind,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = single_account(named, source)?;
    let target = resolve(kind.target(&start.id), &client).await?;
    let old = find_credential(&target, &client).await?;
    let requested = match (start.unrestricted, start.from.is_empty()) {
        (true, _) => Some(IpAllowlist::Unrestricted),
        (false, true) => None,
        (false, false) => Some(IpAllowlist::from(CidrSet::new(start.from.iter().copied())?)),
    };
    let opening = opening(requested.as_ref(), &old.allowlist);
    let mut spec = RotationSpec::new();
    if let Some(list) = requested {
        spec = spec.allowlist(list);
    }
    if let Some(lifetime) = start.lifetime {
        spec = spec.lifetime(lifetime);
    }
    if let Some(token_type) = &start.token_type {
        spec = spec.token_type(token_type);
    }
    let what = format!("create a successor of {target} `{}`{opening}", line(&old.name));
    if start.dry_run.dry_run {
        let shown = Shown {
            account,
            rotation: None,
            secret_file: None,
            dry_run: true,
        };
        console.result(&shown, format!("would {what}\ndry run: nothing was changed"))?;
        return Ok(Exit::Done);
    }
    let sink = FolderSink::open(&start.folder.folder)?;
    if let Some(state) = in_progress(&sink, &target)?.first() {
        let text = format!("a rotation is already in progress ({state}): resume or abandon it");
        return Err(Failure::new(Exit::Failed, text));
    }
    console.confirm(&what, &[(account, &client)])?;
    let outcome = rotator(client, &sink).rotate(target, spec).await;
    report(outcome, account, &sink, console)
}

/// The warning in the confirmation question if the new list restricts nothing: the requested list, or else the old one's.
fn opening(requested: Option<&IpAllowlist>, old: &StoredAllowlist) -> String {
    let list = requested.or_else(|| old.known());
    match list.and_then(IpAllowlist::open_to) {
        Some(open_to) => format!("; the new credential will be {open_to}"),
        None => String::new(),
    }
}

fn rotator(client: Client, sink: &FolderSink) -> Rotator {
    Rotator::new(client, Arc::new(sink.clone()))
}

/// The unfinished rotations of a token or a subkey.
fn in_progress(sink: &FolderSink, old: &Target) -> Result<Vec<RotationState>, Failure> {
    let mut rotations = sink.rotations()?;
    rotations.retain(|state| state.old() == old && !state.is_over());
    Ok(rotations)
}

fn only(mut found: Vec<RotationState>, old: &Target) -> Result<RotationState, Failure> {
    match (found.pop(), found.len()) {
        (Some(state), 0) => Ok(state),
        (None, _) => Err(Failure::new(
            Exit::Failed,
            format!(
                "the folder has no rotation of {old} in progress: pass the id of the old credential, as in `start`"
            ),
        )),
        (Some(_), more) => Err(Failure::new(
            Exit::Failed,
            format!(
                "the folder has {} rotations of {old} in progress: abandon all but one",
                more + 1
            ),
        )),
    }
}

/// Lists the rotations of this kind, oldest first.
fn list(folder: &RotationFolder, kind: CredentialKind, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut rotations = FolderSink::open(&folder.folder)?.rotations()?;
    rotations.retain(|state| CredentialKind::from_target(state.old()) == kind);
    rotations.sort_by_key(RotationState::started_at);
    let text: String = rotations.iter().map(|state| format!("{state}\n")).collect();
    console.result(&rotations, if text.is_empty() { "none\n" } else { &text })?;
    Ok(Exit::Done)
}

fn show(
    console: &mut Console<'_>,
    account: &str,
    sink: &FolderSink,
    state: &RotationState,
    dry_run: bool,
    text: &str,
) -> Result<(), Failure> {
    let secret_file = state.new_target().map(|new| sink.secret_file(&new));
    let mut text = text.to_owned();
    if let Some(path) = &secret_file {
        text.push_str(&format!("\n  secret  {}", line(&path.display().to_string())));
    }
    let shown = Shown {
        account,
        rotation: Some(state),
        secret_file,
        dry_run,
    };
    match dry_run {
        true => console.result(&shown, text),
        false => console.report_change("the change was made", &shown, text),
    }
}

fn report(
    outcome: Result<RotationState, RotationError>,
    account: &str,
    sink: &FolderSink,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let error = match outcome {
        Ok(state) => {
            show(console, account, sink, &state, false, &state.to_string())?;
            return Ok(Exit::Done);
        }
        Err(error) => error,
    };
    let exit = match (error.problem(), error.cleanup()) {
        // A refusal changes nothing.
        (
            RotationProblem::TooEarly { .. }
            | RotationProblem::OwnCredential(_)
            | RotationProblem::Invalid(_),
            _,
        )
        | (_, Cleanup::Nothing | Cleanup::Revoked(_)) => Exit::Failed,
        _ => Exit::Partial,
    };
    let text = format!(
        "{}; the state of the rotation is {}",
        chain(&error),
        error.state()
    );
    Err(Failure::new(exit, text))
}
