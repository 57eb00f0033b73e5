//! `--confirm`: a change of an allowlist that undoes itself if the credential no longer works after it.

use std::path::Path;
use std::time::Duration;

use paradex_api_ext::allowlist::{AllowlistSnapshot, Target};
use paradex_api_ext::error::AllowlistError;
use paradex_api_ext::fleet::{ChangeError, ChangeOutcome, ChangeReport, ConfirmedChange};
use paradex_api_ext::net::{IpAllowlist, OpenTo, StoredAllowlist};
use paradex_api_ext::private_file;
use paradex_api_ext::signing::StarknetPrivateKey;
use paradex_api_ext::{Client, Credentials};
use serde::Serialize;

use crate::allow::check_same;
use crate::args::Change;
use crate::console::{Console, Exit, Failure, line};

#[derive(Serialize)]
struct Confirmed<'a> {
    account: &'a str,
    target: &'a Target,
    before: &'a IpAllowlist,
    after: &'a IpAllowlist,
    open_to: Option<OpenTo>,
    /// Whether the new list is in force; `null` if that is not known.
    applied: Option<bool>,
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
    read: &AllowlistSnapshot,
    after: IpAllowlist,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let Some(file) = &change.confirmation.probe_file else {
        return Err(Failure::usage("pass `--probe-file` with `--confirm`"));
    };
    let target = read.target();
    let probe = read_probe(file, target, client).await?;
    let prepared = ConfirmedChange::new(client, target.clone(), after.clone(), probe)
        .keep(change.keep.iter().copied())
        .settle_time(wait)
        .prepare()
        .await?;
    check_same(read, prepared.plan().before())?;
    let before = prepared.before().clone();
    let mut shown = prepared.to_string();
    let mut result = Confirmed {
        account,
        target,
        before: &before,
        after: &after,
        open_to: after.open_to(),
        applied: Some(false),
        dry_run: change.dry_run.dry_run,
        confirmation: None,
        detail: None,
    };
    if after.same_networks(&before) {
        result.confirmation = Some("unchanged");
        console.result(&result, shown)?;
        return Ok(Exit::Done);
    }
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
        restoring(target, &before, account, console.config)
    ))?;
    let report = match prepared.commit().await {
        Ok(report) => report,
        Err(error) => return Err(Failure::from_error(exit_of(&error), &error)),
    };
    let (word, exit) = ended(&report);
    result.applied = is_applied(&report);
    result.confirmation = Some(word);
    result.detail = Some(report.to_string());
    console.report_change(
        &format!("the change ended with `{word}`"),
        &result,
        line(&report.to_string()),
    )?;
    Ok(exit)
}

/// The command that restores a list.
pub(crate) fn restoring(
    target: &Target,
    before: &IpAllowlist,
    account: &str,
    config: Option<&Path>,
) -> String {
    let (option, id) = match target {
        Target::Subkey(key) => ("--subkey", key.clone()),
        Target::Token(id) => ("--token", id.clone()),
        other => ("--token", other.to_string()),
    };
    let mut command = match before {
        IpAllowlist::Unrestricted => format!("paradex allow clear --unrestricted {option} {}", quoted(&id)),
        IpAllowlist::Only(set) => {
            let networks: Vec<String> = set.iter().map(|network| network.to_string()).collect();
            format!(
                "paradex allow set {option} {} {}",
                quoted(&id),
                networks.join(" ")
            )
        }
    };
    command.push_str(&format!(" --account {}", quoted(account)));
    if let Some(path) = config {
        command.push_str(&format!(" --config {}", quoted(&path.display().to_string())));
    }
    command
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", line(word).replace('\'', "'\\''")),
    }
}

/// Whether the new list is in force, if that is known.
fn is_applied(report: &ChangeReport) -> Option<bool> {
    match report.outcome() {
        ChangeOutcome::Confirmed => Some(true),
        ChangeOutcome::Unchanged | ChangeOutcome::RolledBack(_) => Some(false),
        ChangeOutcome::NotRolledBack { current, .. } => {
            let current = current.as_ref().and_then(StoredAllowlist::known);
            current.map(|list| list.same_networks(report.after()))
        }
        _ => None,
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
    let text = private_file::secret(path).map_err(|error| Failure::file("read", path, &error))?;
    let secret = text.expose().trim();
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
