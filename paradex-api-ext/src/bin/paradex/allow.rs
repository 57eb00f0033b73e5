//! `paradex allow`.

use std::io::Write as _;
use std::path::Path;

use paradex_api_ext::allowlist::{Allowlist, AllowlistPlan, AllowlistSnapshot, Target};
use paradex_api_ext::error::AllowlistError;
use paradex_api_ext::fleet::{AllowlistPolicy, ApplyOutcome, Fleet, FleetPlan, PlanRow, PlanState};
use paradex_api_ext::net::{CidrSet, EditError, IpAllowlist, OpenTo};
use paradex_api_ext::private_file;
use paradex_api_ext::{Client, visible_json};
use serde::Serialize;

use crate::args::{Allow, ByPolicy, Change, Whose};
use crate::console::{Console, Exit, Failure, line};
use crate::world::{ClientSource, fleet, one};

pub(crate) async fn run(
    command: &Allow,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match command {
        Allow::Show(whose) => show(whose, named, world, console).await,
        Allow::Set { networks, change } => {
            let list = IpAllowlist::from(CidrSet::new(networks.iter().copied())?);
            replace(change, list, named, world, console).await
        }
        Allow::Clear { change, .. } => {
            replace(change, IpAllowlist::Unrestricted, named, world, console).await
        }
        Allow::Add { networks, change } => {
            let adding = |list: &IpAllowlist| list.with_added(networks.iter().copied());
            edit(change, adding, named, world, console).await
        }
        Allow::Remove { networks, change } => {
            let removing = |list: &IpAllowlist| list.with_removed(networks.iter().copied());
            edit(change, removing, named, world, console).await
        }
        Allow::Plan { by, out } => {
            let (plan, _) = plan_of(&by.policy, by.widen, named, world).await?;
            if let Some(path) = out {
                write_plan(path, &plan)?;
            }
            console.result(&plan, &plan)?;
            Ok(Exit::Done)
        }
        Allow::Check(ByPolicy { policy, widen }) => {
            let (plan, _) = plan_of(policy, *widen, named, world).await?;
            console.result(&plan, &plan)?;
            Ok(if plan.is_in_sync() {
                Exit::Done
            } else {
                Exit::Drift
            })
        }
        Allow::Apply {
            plan,
            widen,
            keep,
            dry,
        } => {
            let (plan, fleet) = match (&plan.policy, &plan.plan) {
                (Some(policy), _) => plan_of(policy, *widen, named, world).await?,
                (None, Some(path)) => stored(path, world)?,
                (None, None) => return Err(Failure::usage("name a policy or a plan")),
            };
            plan.check_fleet(&fleet)?;
            if dry.dry_run {
                console.result(&plan, format!("{plan}dry run: nothing was changed\n"))?;
                return Ok(Exit::Done);
            }
            apply(&plan, &fleet, keep, console).await
        }
    }
}

/// The largest policy that is read, in MiB.
const LARGEST_POLICY: u16 = 16;
/// The largest plan that is read, in MiB.
const LARGEST_PLAN: u16 = 64;

/// Reads a policy, in the format that the name of its file says.
pub(crate) fn read_policy(path: &Path) -> Result<AllowlistPolicy, Failure> {
    let read = match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => AllowlistPolicy::from_toml,
        // JSON is YAML.
        Some("yaml" | "yml" | "json") => AllowlistPolicy::from_yaml,
        _ => {
            return Err(Failure::usage(format!(
                "{}: a policy ends in .toml, .yaml, .yml or .json",
                path.display()
            )));
        }
    };
    let text = private_file::shared_text(path, LARGEST_POLICY);
    let text = text.map_err(|error| Failure::file("read", path, &error))?;
    read(&text).map_err(|error| Failure::new(Exit::Failed, format!("{}: {error}", path.display())))
}

async fn plan_of(
    path: &Path,
    widen: bool,
    named: &[String],
    world: &dyn ClientSource,
) -> Result<(FleetPlan, Fleet), Failure> {
    let policy = read_policy(path)?;
    let names = policy
        .accounts()
        .into_iter()
        .chain(named.iter().map(String::as_str));
    let fleet = fleet(names, world)?;
    let failed = |error| Failure::new(Exit::Failed, format!("{}: {error}", path.display()));
    let plan = policy.plan(&fleet.read().await).map_err(failed)?;
    let plan = if widen {
        plan.widening().map_err(failed)?
    } else {
        plan
    };
    Ok((plan, fleet))
}

/// A plan from a file, and the accounts that it is about.
fn stored(path: &Path, world: &dyn ClientSource) -> Result<(FleetPlan, Fleet), Failure> {
    let text = private_file::text(path, LARGEST_PLAN);
    let text = text.map_err(|error| Failure::file("read", path, &error))?;
    let failed = |error| Failure::new(Exit::Failed, format!("{}: {error}", path.display()));
    let plan: FleetPlan = serde_json::from_str(&text).map_err(failed)?;
    let managed = plan
        .rows()
        .iter()
        .filter(|row| row.state() != PlanState::Unmanaged);
    let fleet = fleet(managed.map(|row| row.account()), world)?;
    Ok((plan, fleet))
}

/// Writes a plan to a file that was not there before.
fn write_plan(path: &Path, plan: &FleetPlan) -> Result<(), Failure> {
    let rows = plan.rows().len();
    if rows > FleetPlan::MOST_ROWS {
        let most = FleetPlan::MOST_ROWS;
        let text = format!(
            "{} is not written: the plan has {rows} rows, and a plan that is read from a file may have {most}; \
             divide the policy by accounts",
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
    let progress = &mut *console.err;
    let report = plan
        .apply(fleet)
        .keep(keep.iter().copied())
        .observe(|row| {
            done += 1;
            // Progress that cannot be shown is no reason to stop in the middle.
            let _ = writeln!(progress, "[{done}/{managed}] {row}");
        })
        .await?;
    console.result(&report, &report)?;
    let unknown = report.count(|outcome| outcome == ApplyOutcome::Unknown);
    let reached = report.rows().iter().filter(|row| row.is_as_planned()).count();
    Ok(match () {
        () if report.is_complete() => Exit::Done,
        () if unknown > 0 || reached > 0 => Exit::Partly,
        () => Exit::Failed,
    })
}

/// What is asked before these rows are written. It names each list that will restrict nothing, because the question may
/// be all that is read.
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

fn allowlist(whose: &Whose, client: &Client) -> Result<Allowlist, Failure> {
    match (&whose.token, &whose.subkey) {
        (Some(id), _) => Ok(client.tokens().allowlist(id)),
        (None, Some(key)) => Ok(client.subkeys().allowlist(key)),
        (None, None) => Err(Failure::usage("name a token or a subkey")),
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    account: &'a str,
    target: &'a Target,
    allowlist: Option<&'a IpAllowlist>,
    unknown: Option<String>,
    warnings: Vec<String>,
}

async fn show(
    whose: &Whose,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    let snapshot = allowlist(whose, &client)?.read().await?;
    let known = snapshot.stored().known();
    let warnings = known.map(IpAllowlist::warnings).unwrap_or_default();
    let shown = Shown {
        account,
        target: snapshot.target(),
        allowlist: known,
        unknown: known.is_none().then(|| snapshot.stored().to_string()),
        warnings: warnings.iter().map(ToString::to_string).collect(),
    };
    let mut text = format!("{}: {}\n", snapshot.target(), snapshot.stored());
    for warning in &shown.warnings {
        text.push_str(&format!("  warning: {warning}\n"));
    }
    console.result(&shown, text)?;
    Ok(Exit::Done)
}

/// What a change of one list came to.
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

/// Changes the list that stands, and refuses if it is not known.
async fn edit(
    change: &Change,
    edit: impl FnOnce(&IpAllowlist) -> Result<IpAllowlist, EditError>,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    let allowlist = allowlist(&change.whose, &client)?;
    let before = allowlist.read().await?;
    let after = edit(before.stored().require_known()?).map_err(|error| match error {
        EditError::WouldBeEmpty => Failure::new(
            Exit::Failed,
            "nothing was changed: this is the last entry, and an empty list opens it to every address; write \
             `allow clear --unrestricted` if that is meant",
        ),
        error => error.into(),
    })?;
    guarded(change, account, &client, &allowlist, &before, after, console).await
}

/// Puts a list in the place of whatever stands.
async fn replace(
    change: &Change,
    after: IpAllowlist,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (account, client) = one(named, world)?;
    let allowlist = allowlist(&change.whose, &client)?;
    let before = allowlist.read().await?;
    guarded(change, account, &client, &allowlist, &before, after, console).await
}

async fn guarded(
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
        // There is nothing to compare with; a whole list is the way out.
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
        dry_run: change.dry.dry_run,
    };
    let shut_out: Vec<_> = change
        .keep
        .iter()
        .filter(|address| !after.allows(**address))
        .collect();
    if !shut_out.is_empty() {
        console.note(shown.trim_end())?;
        let shut_out: Vec<String> = shut_out.iter().map(ToString::to_string).collect();
        return Err(Failure::new(
            Exit::Failed,
            format!("nothing was changed: {} would be outside", shut_out.join(", ")),
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
            console.result(&changed, shown)?;
            Ok(Exit::Done)
        }
        Err(error @ (AllowlistError::OutcomeUnknown(_) | AllowlistError::AllowlistMismatch(_))) => {
            Err(Failure::of(Exit::Partly, &error))
        }
        Err(error) => Err(error.into()),
    }
}

/// A plan from the list that was looked at, or a refusal if it has changed since.
async fn planned(
    change: &Change,
    allowlist: &Allowlist,
    before: &AllowlistSnapshot,
    after: IpAllowlist,
) -> Result<AllowlistPlan, Failure> {
    let plan = allowlist.plan(after).keep(change.keep.iter().copied()).await?;
    if plan.before() != before {
        return Err(Failure::new(
            Exit::Failed,
            "nothing was changed: somebody else changed the list at this moment; look at it and try again",
        ));
    }
    Ok(plan)
}
