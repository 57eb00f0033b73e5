//! `paradex tokens rotate` and `paradex subkeys rotate`.
//!
//! A rotation takes days and several commands, so what it has come to is kept in a folder, beside the new secret.

use std::path::PathBuf;
use std::sync::Arc;

use paradex_api_ext::Client;
use paradex_api_ext::allowlist::{Force, Target};
use paradex_api_ext::fleet::{
    Cleanup, FolderSink, RotationError, RotationProblem, RotationSpec, RotationState, RotationStep, Rotator,
};
use paradex_api_ext::net::{CidrSet, IpAllowlist, StoredAllowlist};
use serde::Serialize;

use crate::args::{Folder, Rotate, Start};
use crate::console::{Console, Exit, Failure, chain, line};
use crate::members::find as find_member;
use crate::world::{ClientSource, one};

/// What is rotated: the commands of tokens take no subkeys, and the other way round.
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

    fn of(target: &Target) -> Self {
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
    sort: CredentialKind,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let of = match command {
        Rotate::List(folder) => return list(folder, sort, console),
        Rotate::Start(start) => return begin(start, sort, named, world, console).await,
        Rotate::Resume(of) | Rotate::Proven(of) | Rotate::Abandon(of) | Rotate::Finish { of, .. } => of,
    };
    let (account, client) = one(named, world)?;
    let sink = FolderSink::open(&of.folder.folder)?;
    let state = find(&sink, &sort.target(&of.id))?;
    let what = match command {
        Rotate::Proven(_) => "take the word that the new one works, of",
        Rotate::Finish { .. } => "revoke the old one and end the rotation of",
        Rotate::Abandon(_) => "revoke the new one and give up the rotation of",
        _ => "go on with the rotation of",
    };
    let mut what = format!("{what} {state}");
    let may_make_another = !matches!(
        state.step(),
        RotationStep::Proven { .. } | RotationStep::Finishing { .. }
    );
    if matches!(command, Rotate::Resume(_)) && may_make_another {
        let (_, stored) = find_member(state.old(), &client).await?;
        what.push_str(&opening(state.asked_allowlist(), &stored));
    }
    if of.dry.dry_run {
        let text = format!("would {what}\ndry run: nothing was changed");
        show(console, account, &sink, &state, true, &text)?;
        return Ok(Exit::Done);
    }
    console.confirm(&what, &[(account, &client)])?;
    let rotator = rotator(client, &sink);
    let outcome = match command {
        Rotate::Proven(_) => rotator.proven_elsewhere(state).await,
        Rotate::Abandon(_) => rotator.abandon(state).await,
        Rotate::Finish {
            grace,
            despite_own_credential,
            ..
        } => {
            let force = match despite_own_credential {
                true => Force::none().despite_own_credential(),
                false => Force::none(),
            };
            rotator.finish_with(state, *grace, force).await
        }
        _ => rotator.resume(state).await,
    };
    ended(outcome, account, &sink, console)
}

async fn begin(
    start: &Start,
    sort: CredentialKind,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    let target = sort.target(&start.id);
    let (name, stored) = find_member(&target, &client).await?;
    let asked = match (start.unrestricted, start.from.is_empty()) {
        (true, _) => Some(IpAllowlist::Unrestricted),
        (false, true) => None,
        (false, false) => Some(IpAllowlist::from(CidrSet::new(start.from.iter().copied())?)),
    };
    let opening = opening(asked.as_ref(), &stored);
    let mut spec = RotationSpec::new();
    if let Some(list) = asked {
        spec = spec.allowlist(list);
    }
    if let Some(lifetime) = start.lifetime {
        spec = spec.lifetime(lifetime);
    }
    if let Some(token_type) = &start.token_type {
        spec = spec.token_type(token_type);
    }
    let what = format!("make a successor of {target} `{}`{opening}", line(&name));
    if start.dry.dry_run {
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
    if let Some(under_way) = under_way(&sink, &target)?.first() {
        let text = format!("{under_way} is under way: go on with it, or give it up");
        return Err(Failure::new(Exit::Failed, text));
    }
    console.confirm(&what, &[(account, &client)])?;
    let outcome = rotator(client, &sink).rotate(target, spec).await;
    ended(outcome, account, &sink, console)
}

/// What the question adds if the new one can be used from anywhere: by the list that was asked for, or that of the old one.
fn opening(asked: Option<&IpAllowlist>, old: &StoredAllowlist) -> String {
    let list = asked.or_else(|| old.known());
    match list.and_then(IpAllowlist::open_to) {
        Some(open_to) => format!("; the new one will be {open_to}"),
        None => String::new(),
    }
}

fn rotator(client: Client, sink: &FolderSink) -> Rotator {
    Rotator::new(client, Arc::new(sink.clone()))
}

/// The rotations of a token or a subkey that are not over.
fn under_way(sink: &FolderSink, old: &Target) -> Result<Vec<RotationState>, Failure> {
    let mut rotations = sink.rotations()?;
    rotations.retain(|state| state.old() == old && !state.is_over());
    Ok(rotations)
}

fn find(sink: &FolderSink, old: &Target) -> Result<RotationState, Failure> {
    let mut found = under_way(sink, old)?;
    match (found.pop(), found.len()) {
        (Some(state), 0) => Ok(state),
        (None, _) => Err(Failure::new(
            Exit::Failed,
            format!("the folder has no rotation of {old} under way: name the old one, as for `start`"),
        )),
        (Some(_), more) => Err(Failure::new(
            Exit::Failed,
            format!(
                "the folder has {} rotations of {old} under way: give up all but one",
                more + 1
            ),
        )),
    }
}

/// Lists what the folder has of this sort, the oldest first.
fn list(folder: &Folder, sort: CredentialKind, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut rotations = FolderSink::open(&folder.folder)?.rotations()?;
    rotations.retain(|state| CredentialKind::of(state.old()) == sort);
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
    console.result(&shown, text)
}

fn ended(
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
        // A refusal leaves everything as it was.
        (
            RotationProblem::TooEarly { .. }
            | RotationProblem::OwnCredential(_)
            | RotationProblem::Invalid(_),
            _,
        )
        | (_, Cleanup::Nothing | Cleanup::Revoked(_)) => Exit::Failed,
        _ => Exit::Partly,
    };
    let text = format!("{}; the rotation is at: {}", chain(&error), error.state());
    Err(Failure::new(exit, text))
}
