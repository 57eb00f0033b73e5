//! `paradex allow`.

use std::io::Write as _;
use std::path::Path;

use paradex_api_ext::allowlist::{Allowlist, AllowlistPlan, AllowlistSnapshot, Target};
use paradex_api_ext::error::AllowlistError;
use paradex_api_ext::fleet::{AllowlistPolicy, ApplyOutcome, Fleet, FleetPlan, PlanRow, PlanState};
use paradex_api_ext::net::{AllowlistWarning, CidrSet, EditError, IpAllowlist, OpenTo};
use paradex_api_ext::private_file;
use paradex_api_ext::{Client, visible_json};
use serde::Serialize;

use crate::args::{Allow, Change, PolicyArgs, TargetArgs};
use crate::client_source::{ClientSource, open_fleet, single_account};
use crate::confirm;
use crate::console::{Console, Exit, Failure, line};
use crate::names::resolve;

pub(crate) async fn run(
    command: &Allow,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match command {
        Allow::Show(target) => show(target, named, source, console).await,
        Allow::Set { networks, change } => {
            let list = IpAllowlist::from(CidrSet::new(networks.iter().copied())?);
            replace(change, list, named, source, console).await
        }
        Allow::Clear { change, .. } => {
            replace(change, IpAllowlist::Unrestricted, named, source, console).await
        }
        Allow::Add { networks, change } => {
            let adding = |list: &IpAllowlist| list.with_added(networks.iter().copied());
            edit(change, adding, named, source, console).await
        }
        Allow::Remove { networks, change } => {
            let removing = |list: &IpAllowlist| list.with_removed(networks.iter().copied());
            edit(change, removing, named, source, console).await
        }
        Allow::Plan { policy, out } => {
            let (plan, _) = make_plan(&policy.policy, policy.widen, named, source, console).await?;
            if let Some(path) = out {
                write_plan(path, &plan)?;
            }
            console.result(&plan, &plan)?;
            Ok(Exit::Done)
        }
        Allow::Check(PolicyArgs { policy, widen }) => {
            let (plan, _) = make_plan(policy, *widen, named, source, console).await?;
            console.result(&plan, &plan)?;
            Ok(if plan.is_in_sync() {
                Exit::Done
            } else {
                Exit::Findings
            })
        }
        Allow::Apply {
            plan,
            widen,
            keep,
            dry_run,
        } => {
            if plan.plan.is_some() && !named.is_empty() {
                return Err(Failure::usage(
                    "a plan names its accounts, and `--account` and `--all` do not narrow it: leave them out, or plan again \
                     with a policy for these accounts alone",
                ));
            }
            let (plan, fleet) = match (&plan.policy, &plan.plan) {
                (Some(policy), _) => make_plan(policy, *widen, named, source, console).await?,
                (None, Some(path)) => read_plan(path, source)?,
                (None, None) => return Err(Failure::usage("pass `--policy` or `--plan`")),
            };
            plan.check_fleet(&fleet)?;
            if dry_run.dry_run {
                console.result(&plan, format!("{plan}dry run: nothing was changed\n"))?;
                return Ok(Exit::Done);
            }
            apply(&plan, &fleet, keep, console).await
        }
    }
}

/// The maximum size of a policy file, in MiB.
const MAX_POLICY_MIB: u16 = 16;
/// The maximum size of a plan file, in MiB.
const MAX_PLAN_MIB: u16 = 64;

/// Reads a policy in the format of its file extension.
pub(crate) fn read_policy(path: &Path) -> Result<AllowlistPolicy, Failure> {
    let read = match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => AllowlistPolicy::from_toml,
        // JSON is YAML.
        Some("yaml" | "yml" | "json") => AllowlistPolicy::from_yaml,
        _ => {
            return Err(Failure::usage(format!(
                "{}: the name of a policy file must end in .toml, .yaml, .yml or .json",
                path.display()
            )));
        }
    };
    let text = private_file::shared_text(path, MAX_POLICY_MIB);
    let text = text.map_err(|error| Failure::file("read", path, &error))?;
    read(&text).map_err(|error| Failure::new(Exit::Failed, format!("{}: {error}", path.display())))
}

async fn make_plan(
    path: &Path,
    widen: bool,
    named: &[String],
    source: &dyn ClientSource,
    console: &Console<'_>,
) -> Result<(FleetPlan, Fleet), Failure> {
    let policy = read_policy(path)?;
    let names = policy
        .accounts()
        .into_iter()
        .chain(named.iter().map(String::as_str));
    let fleet = open_fleet(names, source)?;
    let failed = |error| Failure::new(Exit::Failed, format!("{}: {error}", path.display()));
    let plan = policy.plan(&console.read(&fleet).await).map_err(failed)?;
    let plan = if widen {
        plan.widening().map_err(failed)?
    } else {
        plan
    };
    Ok((plan, fleet))
}

/// Reads a plan from a file, and opens its accounts.
fn read_plan(path: &Path, source: &dyn ClientSource) -> Result<(FleetPlan, Fleet), Failure> {
    let text = private_file::text(path, MAX_PLAN_MIB);
    let text = text.map_err(|error| Failure::file("read", path, &error))?;
    let failed = |error| Failure::new(Exit::Failed, format!("{}: {error}", path.display()));
    let plan: FleetPlan = serde_json::from_str(&text).map_err(failed)?;
    let managed = plan
        .rows()
        .iter()
        .filter(|row| row.state() != PlanState::Unmanaged);
    let fleet = open_fleet(managed.map(|row| row.account()), source)?;
    Ok((plan, fleet))
}

/// Writes a plan to a new file.
fn write_plan(path: &Path, plan: &FleetPlan) -> Result<(), Failure> {
    let rows = plan.rows().len();
    if rows > FleetPlan::MOST_ROWS {
        let most = FleetPlan::MOST_ROWS;
        let text = format!(
            "{} was not written: the plan has {rows} rows, and a plan file may have {most}; split the policy by \
             account",
            path.display()
        );
        return Err(Failure::new(Exit::Failed, text));
    }
    let text = visible_json(&serde_json::to_string_pretty(plan)?);
    let written = private_file::create(path).and_then(|mut file| {
        writeln!(file, "{text}")?;
        file.sync_all()
    });
    written.map_err(|error| Failure::file("written", path, &error))
}

async fn apply(
    plan: &FleetPlan,
    fleet: &Fleet,
    keep: &[std::net::IpAddr],
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let drifted = plan.rows().iter().filter(|row| row.state() == PlanState::Drifted);
    let drifted: Vec<&PlanRow> = drifted.collect();
    if !drifted.is_empty() {
        if !console.json {
            console.note(format_args!("{plan}"))?;
        }
        let accounts: Vec<(&str, &Client)> = fleet
            .accounts()
            .filter_map(|name| Some((name, fleet.client(name)?)))
            .collect();
        console.confirm(&question(&drifted), &accounts)?;
    }
    let managed = plan.rows().len() - plan.count(PlanState::Unmanaged);
    let mut done = 0;
    let progress = console.progress("applying", managed);
    let err = &mut *console.err;
    let report = plan
        .apply(fleet)
        .keep(keep.iter().copied())
        .on_row(|row| {
            done += 1;
            progress.step();
            // Do not stop halfway because progress cannot be printed.
            let _ = progress.pause(|| writeln!(err, "[{done}/{managed}] {row}"));
        })
        .await?;
    drop(progress);
    console.report_change("the plan was carried out", &report, &report)?;
    let unknown = report.count(|outcome| outcome == ApplyOutcome::Unknown);
    let as_planned = report.rows().iter().filter(|row| row.is_as_planned()).count();
    Ok(match () {
        () if report.is_complete() => Exit::Done,
        () if unknown > 0 || as_planned > 0 => Exit::Partial,
        () => Exit::Failed,
    })
}

/// The confirmation question. It names each list that will restrict nothing, because a person may read nothing else.
fn question(drifted: &[&PlanRow]) -> String {
    let count = drifted.len();
    let mut text = format!("change {count} allowlist{}", if count == 1 { "" } else { "s" });
    for row in drifted {
        if let (Some(open_to), Some(target)) = (row.open_to(), row.target()) {
            let (account, name) = (line(row.account()), line(row.name()));
            text.push_str(&format!("; {account} {target} `{name}` will be {open_to}"));
        }
    }
    text
}

async fn allowlist(target: &TargetArgs, client: &Client) -> Result<Allowlist, Failure> {
    let target = match (&target.token, &target.subkey) {
        (Some(id), _) => Target::Token(id.clone()),
        (None, Some(key)) => Target::Subkey(key.clone()),
        (None, None) => return Err(Failure::usage("pass `--token` or `--subkey`")),
    };
    match resolve(target, client).await? {
        Target::Token(id) => Ok(client.tokens().allowlist(id)),
        Target::Subkey(key) => Ok(client.subkeys().allowlist(key)),
        _ => Err(Failure::usage("the target is neither a token nor a subkey")),
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    account: &'a str,
    target: &'a Target,
    allowlist: Option<&'a IpAllowlist>,
    unknown_reason: Option<String>,
    warnings: Vec<String>,
}

async fn show(
    target: &TargetArgs,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = single_account(named, source)?;
    let snapshot = allowlist(target, &client).await?.read().await?;
    let known = snapshot.stored().known();
    let warnings = known.map(IpAllowlist::warnings).unwrap_or_default();
    let shown = Shown {
        account,
        target: snapshot.target(),
        allowlist: known,
        unknown_reason: known.is_none().then(|| snapshot.stored().to_string()),
        warnings: warnings.iter().map(ToString::to_string).collect(),
    };
    let mut text = format!("{}: {}\n", snapshot.target(), snapshot.stored());
    for warning in AllowlistWarning::summarize(&warnings) {
        text.push_str(&format!("  warning: {warning}\n"));
    }
    console.result(&shown, text)?;
    Ok(Exit::Done)
}

/// The result of a change of one list.
#[derive(Serialize)]
struct Changed<'a> {
    account: &'a str,
    target: &'a Target,
    before: Option<&'a IpAllowlist>,
    after: &'a IpAllowlist,
    open_to: Option<OpenTo>,
    applied: bool,
    dry_run: bool,
}

/// Edits the current list. Fails if it is not known.
async fn edit(
    change: &Change,
    edit: impl FnOnce(&IpAllowlist) -> Result<IpAllowlist, EditError>,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = single_account(named, source)?;
    let allowlist = allowlist(&change.target, &client).await?;
    let before = allowlist.read().await?;
    let after = edit(before.stored().require_known()?).map_err(|error| match error {
        EditError::WouldBeEmpty => Failure::new(
            Exit::Failed,
            "nothing was changed: this is the last entry, and an empty list would allow any address; use `allow clear \
             --unrestricted` for that",
        ),
        error => error.into(),
    })?;
    make_change(change, account, &client, &allowlist, &before, after, console).await
}

/// Replaces the current list, even if it is not known.
async fn replace(
    change: &Change,
    after: IpAllowlist,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = single_account(named, source)?;
    let allowlist = allowlist(&change.target, &client).await?;
    let before = allowlist.read().await?;
    make_change(change, account, &client, &allowlist, &before, after, console).await
}

/// Changes one list, with `--confirm` so that the change undoes itself.
async fn make_change(
    change: &Change,
    account: &str,
    client: &Client,
    allowlist: &Allowlist,
    before: &AllowlistSnapshot,
    after: IpAllowlist,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match change.confirmation.confirm {
        Some(wait) => confirm::change(change, wait, account, client, before, after, console).await,
        None => apply_change(change, account, client, allowlist, before, after, console).await,
    }
}

/// Checks, confirms and applies a change of one list.
async fn apply_change(
    change: &Change,
    account: &str,
    client: &Client,
    allowlist: &Allowlist,
    before: &AllowlistSnapshot,
    after: IpAllowlist,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    after.check_limit()?;
    let open_to = after.open_to();
    let plan = match before.stored().known() {
        Some(_) => Some(planned(change, allowlist, before, after.clone()).await?),
        // The current list is not known, so it cannot be compared; it can only be replaced.
        None => None,
    };
    let mut shown = match &plan {
        Some(plan) => plan.to_string(),
        None => {
            let lists = format!("{}: {} -> {after}\n", before.target(), before.stored());
            match open_to {
                Some(open_to) => format!("{lists}  {open_to}\n"),
                None => lists,
            }
        }
    };
    let mut changed = Changed {
        account,
        target: before.target(),
        before: before.stored().known(),
        after: &after,
        open_to,
        applied: false,
        dry_run: change.dry_run.dry_run,
    };
    let excluded: Vec<_> = change
        .keep
        .iter()
        .filter(|address| !after.allows(**address))
        .collect();
    if !excluded.is_empty() {
        console.note(shown.trim_end())?;
        let excluded: Vec<String> = excluded.iter().map(ToString::to_string).collect();
        return Err(Failure::new(
            Exit::Failed,
            format!(
                "nothing was changed: the new list would exclude {}",
                excluded.join(", ")
            ),
        ));
    }
    if plan.as_ref().is_some_and(|plan| plan.diff().is_empty()) {
        console.result(&changed, shown)?;
        return Ok(Exit::Done);
    }
    if changed.dry_run {
        shown.push_str("dry run: nothing was changed\n");
        console.result(&changed, shown)?;
        return Ok(Exit::Done);
    }
    if client.environment().is_production() && !console.json {
        console.note(shown.trim_end())?;
    }
    let what = match open_to {
        Some(open_to) => format!(
            "change the allowlist of {}, which will be {open_to}",
            before.target()
        ),
        None => format!("change the allowlist of {}", before.target()),
    };
    console.confirm(&what, &[(account, client)])?;
    let outcome = match &plan {
        Some(plan) => allowlist.apply(plan).await,
        None => allowlist.set(after.clone()).await,
    };
    match outcome {
        Ok(_) => {
            changed.applied = true;
            shown.push_str("applied\n");
            console.report_change("the change was made", &changed, shown)?;
            Ok(Exit::Done)
        }
        Err(error @ (AllowlistError::OutcomeUnknown(_) | AllowlistError::AllowlistMismatch(_))) => {
            Err(Failure::from_error(Exit::Partial, &error))
        }
        Err(error) => Err(error.into()),
    }
}

/// Plans the change. Fails if the list has changed since it was read.
async fn planned(
    change: &Change,
    allowlist: &Allowlist,
    before: &AllowlistSnapshot,
    after: IpAllowlist,
) -> Result<AllowlistPlan, Failure> {
    let plan = allowlist.plan(after).keep(change.keep.iter().copied()).await?;
    check_same(before, plan.before())?;
    Ok(plan)
}

/// Fails if the list has changed since it was first read: the new list may have been made from the earlier one.
pub(crate) fn check_same(before: &AllowlistSnapshot, now: &AllowlistSnapshot) -> Result<(), Failure> {
    match before == now {
        true => Ok(()),
        false => Err(Failure::new(
            Exit::Failed,
            "nothing was changed: the list was changed concurrently; check it and try again",
        )),
    }
}
