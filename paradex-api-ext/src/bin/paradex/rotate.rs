//! `paradex tokens rotate` and `paradex subkeys rotate`.
//!
//! A rotation takes days and several commands, so what it has come to is kept in a file, the journal: nothing of it is
//! secret. The secret of the new one goes to another file.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use paradex_api_ext::fleet::{
    Cleanup, RotationError, RotationProblem, RotationSink, RotationSpec, RotationState, Rotator, SinkFuture,
};
use paradex_api_ext::net::{CidrSet, IpAllowlist};
use paradex_api_ext::paradex_api::Secret;
use paradex_api_ext::{Client, Force, Target};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::args::{Rotate, Start};
use crate::console::{Console, Exit, Failure, chain, line};
use crate::members::name_of;
use crate::secret::private_file;
use crate::world::{World, one};

/// What the journal holds: all that the later commands need.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journal {
    account: String,
    secret_file: PathBuf,
    rotation: RotationState,
}

/// Keeps a rotation in files.
struct Files {
    account: String,
    journal: PathBuf,
    secret: PathBuf,
}

impl Files {
    fn write_journal(&self, rotation: &RotationState) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(&Journal {
            account: self.account.clone(),
            secret_file: self.secret.clone(),
            rotation: rotation.clone(),
        })?;
        put(&self.journal, &text)
    }

    fn write_secret(&self, secret: &Secret) -> io::Result<()> {
        if self.secret.try_exists()? {
            let text = format!("{} exists, and is not overwritten", self.secret.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        let text = Zeroizing::new(format!("{}\n", secret.expose()));
        put(&self.secret, text.as_bytes())
    }

    fn read_secret(&self) -> io::Result<Option<Secret>> {
        match fs::read_to_string(&self.secret).map(Zeroizing::new) {
            Ok(text) => Ok(Some(Secret::new(text.trim()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Puts a file in its place as a whole, so that a crash leaves the former one or the new one.
fn put(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // One that a crash has left.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private_file(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)?;
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

impl RotationSink for Files {
    fn record<'a>(&'a self, state: &'a RotationState) -> SinkFuture<'a, ()> {
        Box::pin(async move { Ok(self.write_journal(state)?) })
    }

    fn store<'a>(&'a self, _: &'a RotationState, secret: &'a Secret) -> SinkFuture<'a, ()> {
        Box::pin(async move { Ok(self.write_secret(secret)?) })
    }

    fn load<'a>(&'a self, _: &'a RotationState) -> SinkFuture<'a, Option<Secret>> {
        Box::pin(async move { Ok(self.read_secret()?) })
    }
}

/// What is rotated: the commands of tokens take no subkeys, and the other way round.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Sort {
    Token,
    Subkey,
}

impl Sort {
    fn target(self, id: &str) -> Target {
        match self {
            Self::Token => Target::Token(id.to_owned()),
            Self::Subkey => Target::Subkey(id.to_owned()),
        }
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    account: &'a str,
    secret_file: &'a Path,
    rotation: Option<&'a RotationState>,
    dry_run: bool,
}

pub(crate) async fn run(
    command: &Rotate,
    sort: Sort,
    named: &[String],
    world: &dyn World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if let Rotate::Start(start) = command {
        return begin(start, sort, named, world, console).await;
    }
    let path = command.journal();
    let journal = read(path)?;
    if !named.is_empty() && named != [journal.account.clone()] {
        let text = format!(
            "{}: this rotation is one of `{}`",
            path.display(),
            line(&journal.account)
        );
        return Err(Failure::usage(text));
    }
    if *journal.rotation.old() != sort.target(id_of(journal.rotation.old())) {
        let text = format!(
            "{}: this is a rotation of {}",
            path.display(),
            journal.rotation.old()
        );
        return Err(Failure::usage(text));
    }
    let client = world.client(&journal.account)?;
    let state = journal.rotation.clone();
    let what = match command {
        Rotate::Start(_) | Rotate::Resume(_) => "go on with the rotation of",
        Rotate::Proven(_) => "take the word that the new one works, of",
        Rotate::Finish { .. } => "revoke the old one and end the rotation of",
        Rotate::Abandon(_) => "revoke the new one and give up the rotation of",
    };
    let what = format!("{what} {state}");
    if command.is_dry() {
        let text = format!("would {what}\ndry run: nothing was changed");
        show(console, &journal, true, &text)?;
        return Ok(Exit::Done);
    }
    console.confirm(&what, &[(&journal.account, &client)])?;
    let rotator = rotator(&journal.account, path, &journal.secret_file, client);
    let outcome = match command {
        Rotate::Start(_) | Rotate::Resume(_) => rotator.resume(state).await,
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
    };
    ended(outcome, journal, console)
}

async fn begin(
    start: &Start,
    sort: Sort,
    named: &[String],
    world: &dyn World,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    let target = sort.target(&start.id);
    let name = name_of(&target, &client).await?;
    for path in [&start.journal, &start.secret_file] {
        if path
            .try_exists()
            .map_err(|error| Failure::file("looked at", path, &error))?
        {
            let text = format!("{} exists: a rotation has files of its own", path.display());
            return Err(Failure::new(Exit::Failed, text));
        }
    }
    let mut spec = RotationSpec::new();
    if start.unrestricted {
        spec = spec.allowlist(IpAllowlist::Unrestricted);
    } else if !start.from.is_empty() {
        spec = spec.allowlist(IpAllowlist::from(CidrSet::new(start.from.iter().copied())?));
    }
    if let Some(lifetime) = start.lifetime {
        spec = spec.lifetime(lifetime);
    }
    if let Some(token_type) = &start.token_type {
        spec = spec.token_type(token_type);
    }
    let what = format!("make a successor of {target} `{}`", line(&name));
    if start.dry.dry_run {
        let shown = Shown {
            account,
            secret_file: &start.secret_file,
            rotation: None,
            dry_run: true,
        };
        let text = format!(
            "would {what}\n  secret     {}\n  journal    {}\ndry run: nothing was changed",
            start.secret_file.display(),
            start.journal.display()
        );
        console.result(&shown, text)?;
        return Ok(Exit::Done);
    }
    console.confirm(&what, &[(account, &client)])?;
    let rotator = rotator(account, &start.journal, &start.secret_file, client);
    let outcome = rotator.rotate(target, spec).await;
    let state = match &outcome {
        Ok(state) => state.clone(),
        Err(error) => error.state().clone(),
    };
    let journal = Journal {
        account: account.to_owned(),
        secret_file: start.secret_file.clone(),
        rotation: state,
    };
    ended(outcome, journal, console)
}

fn rotator(account: &str, journal: &Path, secret: &Path, client: Client) -> Rotator {
    let files = Files {
        account: account.to_owned(),
        journal: journal.to_owned(),
        secret: secret.to_owned(),
    };
    Rotator::new(client, Arc::new(files))
}

fn read(path: &Path) -> Result<Journal, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
    let odd = |error| Failure::new(Exit::Failed, format!("{}: {error}", path.display()));
    serde_json::from_str(&text).map_err(odd)
}

fn id_of(target: &Target) -> &str {
    match target {
        Target::Token(id) | Target::Subkey(id) => id,
        _ => "",
    }
}

fn show(console: &mut Console<'_>, journal: &Journal, dry_run: bool, text: &str) -> Result<(), Failure> {
    let shown = Shown {
        account: &journal.account,
        secret_file: &journal.secret_file,
        rotation: Some(&journal.rotation),
        dry_run,
    };
    console.result(&shown, text)
}

fn ended(
    outcome: Result<RotationState, RotationError>,
    mut journal: Journal,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match outcome {
        Ok(state) => {
            journal.rotation = state;
            let text = journal.rotation.to_string();
            show(console, &journal, false, &text)?;
            Ok(Exit::Done)
        }
        Err(error) => {
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
    }
}
