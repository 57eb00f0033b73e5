//! `--confirm`: a change of an allowlist that undoes itself if the credential no longer works after it.

use std::path::Path;
use std::time::Duration;

use paradex_api_ext::allowlist::Target;
use paradex_api_ext::error::AllowlistError;
use paradex_api_ext::fleet::{ChangeError, ChangeOutcome, ChangeReport, ConfirmedChange};
use paradex_api_ext::net::{IpAllowlist, OpenTo};
use paradex_api_ext::private_file;
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::{Client, Credentials};
use serde::Serialize;

use crate::args::Change;
use crate::console::{Console, Exit, Failure, line};

/// The maximum size of a file with a secret, in MiB.
const MAX_SECRET_MIB: u16 = 1;

#[derive(Serialize)]
struct Confirmed<'a> {
    account: &'a str,
    target: &'a Target,
    before: &'a IpAllowlist,
    after: &'a IpAllowlist,
    open_to: Option<OpenTo>,
    applied: bool,
    dry_run: bool,
    /// How a confirmed change ended; `null` for a dry run.
    confirmation: Option<&'static str>,
    detail: Option<String>,
}

/// Changes a list, and restores the earlier one unless the credential in `probe_file` still works after `wait`.
pub(crate) async fn change(
    change: &Change,
    wait: Duration,
    account: &str,
    client: &Client,
    target: &Target,
    after: IpAllowlist,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let Some(file) = &change.confirmation.probe_file else {
        return Err(Failure::usage("pass `--probe-file` with `--confirm`"));
    };
    let probe = read_probe(file, target, client).await?;
    let prepared = ConfirmedChange::new(client, target.clone(), after.clone(), probe)
        .keep(change.keep.iter().copied())
        .settle_time(wait)
        .prepare()
        .await?;
    let before = prepared.before().clone();
    let mut shown = prepared.to_string();
    let mut result = Confirmed {
        account,
        target,
        before: &before,
        after: &after,
        open_to: after.open_to(),
        applied: false,
        dry_run: change.dry_run.dry_run,
        confirmation: None,
        detail: None,
    };
    if result.dry_run {
        shown.push_str("dry run: nothing was changed\n");
        console.result(&result, shown)?;
        return Ok(Exit::Done);
    }
    if !console.json {
        console.note(shown.trim_end())?;
    }
    let opening = result
        .open_to
        .map(|open_to| format!(", which will be {open_to},"));
    let question = format!(
        "change the allowlist of {target}{} and restore it unless the credential still works after {} s",
        opening.unwrap_or_default(),
        wait.as_secs()
    );
    console.confirm(&question, &[(account, client)])?;
    // Nobody restores the list if this process is stopped.
    console.note(format_args!(
        "if this command is stopped before it reports, restore the list yourself: {}",
        restoring(target, &before)
    ))?;
    let report = match prepared.commit().await {
        Ok(report) => report,
        Err(error) => return Err(Failure::from_error(exit_of(&error), &error)),
    };
    let (word, exit) = ended(&report);
    result.applied = word == "confirmed";
    result.confirmation = Some(word);
    result.detail = Some(report.to_string());
    console.result(&result, line(&report.to_string()))?;
    Ok(exit)
}

/// The command that restores a list.
fn restoring(target: &Target, before: &IpAllowlist) -> String {
    let target = match target {
        Target::Subkey(key) => format!("--subkey {}", line(key)),
        Target::Token(id) => format!("--token {}", line(id)),
        other => line(&other.to_string()),
    };
    match before {
        IpAllowlist::Unrestricted => format!("paradex allow clear --unrestricted {target}"),
        IpAllowlist::Only(set) => {
            let networks: Vec<String> = set.iter().map(|network| network.to_string()).collect();
            format!("paradex allow set {target} {}", networks.join(" "))
        }
    }
}

fn ended(report: &ChangeReport) -> (&'static str, Exit) {
    match report.outcome() {
        ChangeOutcome::Unchanged => ("unchanged", Exit::Done),
        ChangeOutcome::Confirmed => ("confirmed", Exit::Done),
        ChangeOutcome::RolledBack(_) => ("rolled_back", Exit::Failed),
        _ => ("not_rolled_back", Exit::Partial),
    }
}

fn exit_of(error: &ChangeError) -> Exit {
    match error {
        ChangeError::Allowlist(AllowlistError::OutcomeUnknown(_) | AllowlistError::AllowlistMismatch(_))
        | ChangeError::Interrupted => Exit::Partial,
        _ => Exit::Failed,
    }
}

/// Reads the secret of the token or subkey whose list is changed.
async fn read_probe(path: &Path, target: &Target, client: &Client) -> Result<Credentials, Failure> {
    let text = private_file::text(path, MAX_SECRET_MIB);
    let text = zeroize::Zeroizing::new(text.map_err(|error| Failure::file("read", path, &error))?);
    let secret = text.trim();
    let environment = client.environment().clone();
    let invalid = |error: &dyn std::error::Error| {
        let shown = path.display();
        Failure::new(
            Exit::Failed,
            format!("{shown}: this is not the secret of {target}: {error}"),
        )
    };
    match target {
        Target::Subkey(_) => {
            let key = StarknetPrivateKey::from_hex(secret).map_err(|error| invalid(&error))?;
            let account = client.api().get_account().send().await?.into_inner().account;
            let account = account.unwrap_or_default().parse()?;
            Ok(Credentials::subkey(environment, key, account))
        }
        _ => Credentials::bearer(environment, secret).map_err(|error| invalid(&error)),
    }
}
