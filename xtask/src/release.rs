//! `cargo xtask release`: from a workspace that is ready to one that can be published.
//!
//! `release` compares the workspace with the last release and determines the version, or takes a greater one from the command line.
//! It writes the version, closes the section of the changelog, and records in which version each retired value was deprecated.
//! `release --check` runs in the release workflow. Only the job `publish` may publish: it packs the crates again, compares them with the
//! attested ones, and runs `cargo publish`.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::config::Config;
use crate::diff::{self, Comparison};
use crate::documents::Kind;
use crate::git;
use crate::report::Report;
use crate::source;
use crate::tasks::{self, Gen, OWNED, Outcome, Purpose, read, run_gen};
use crate::version::{self, numbers};

const UNRELEASED: &str = "## Unreleased";

/// Files that name the version of the last release beside the manifest of the workspace, and where: `{}` stands for `X.Y.Z`.
const NAMED: [(&str, &str); 3] = [
    ("paradex-api-ext/Cargo.toml", "/releases/download/v{}/"),
    ("README.md", "ghcr.io/paradex-rs/paradex:{}"),
    (
        "paradex-api-ext/src/fleet/operators.md",
        "ghcr.io/paradex-rs/paradex:{}",
    ),
];

/// Prepares a version: the one that follows from what changed since the last release, or a greater one, `X.Y.Z`.
/// The version of the document is added as build metadata.
///
/// # Errors
///
/// The version is none, is not greater than the one before or too small for what changed, or something
/// unfinished prevents a release.
pub fn run_prepare(workspace: &Path, version: Option<&str>, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let since = since_release(workspace, None)?;
    let version = &match version {
        Some(version) => version.to_owned(),
        None => proposed(since.as_ref(), to)?,
    };
    let wanted = numbers(version).with_context(|| format!("{version:?} is no version; write X.Y.Z"))?;
    let manifest = read(workspace, "Cargo.toml")?;
    let changelog = read(workspace, "CHANGELOG.md")?;
    let old = version::released(&manifest)?;
    if let Some(since) = &since
        && wanted <= since.version
    {
        bail!("{version} is not greater than {}, which is released", since.tag);
    }
    let mut problems = standing_in_the_way(workspace)?;
    if section(&changelog, UNRELEASED).is_none_or(|text| text.trim().is_empty()) {
        problems.push("CHANGELOG.md says nothing under \"Unreleased\"".to_owned());
    }
    problems.extend(since.and_then(|since| since.too_small(version)));
    refuse(&problems)?;

    let sources = tasks::known_sources(workspace)?;
    let source = sources
        .get(Kind::OpenApi)
        .context("openapi/source.toml has no [openapi]")?;
    let full = version::with_metadata(version, &source.upstream_version);
    let plain = old.split('+').next().unwrap_or_default();
    let manifest = replaced_once(
        &manifest,
        &format!("version = \"{old}\"\n"),
        &format!("version = \"{full}\"\n"),
    )?;
    let manifest = replaced_once(
        &manifest,
        &format!("paradex-api = {{ path = \"paradex-api\", version = \"{plain}\""),
        &format!("paradex-api = {{ path = \"paradex-api\", version = \"{version}\""),
    )?;
    let mut named = Vec::new();
    for (name, place) in NAMED {
        let [old, new] = [plain, version].map(|version| place.replace("{}", version));
        let text = read(workspace, name)?;
        if !text.contains(&old) {
            bail!("{name} does not name {old:?}, which the release changes to {new:?}");
        }
        named.push((name, text.replace(&old, &new)));
    }
    let today = source::today();
    let changelog = replaced_once(
        &changelog,
        &format!("{UNRELEASED}\n"),
        &format!("{UNRELEASED}\n\n## {version}, {today}\n"),
    )?;
    let mut retired = Config::read(&workspace.join("openapi"))?.retired;
    for entry in retired.0.iter_mut().filter(|entry| entry.since.is_none()) {
        entry.since = Some(version.to_owned());
    }
    let month = today.get(..7).unwrap_or_default();
    for entry in retired.0.iter().filter(|entry| entry.keep_until.as_str() < month) {
        writeln!(
            to,
            "{} was to be kept until {}; it can go from openapi/retired.yaml with a release that breaks something",
            entry.what, entry.keep_until
        )?;
    }
    std::fs::write(workspace.join("Cargo.toml"), manifest)?;
    for (name, text) in named {
        std::fs::write(workspace.join(name), text)?;
    }
    std::fs::write(workspace.join("CHANGELOG.md"), changelog)?;
    std::fs::write(workspace.join("openapi/retired.yaml"), retired.to_text()?)?;
    run_gen(workspace, &Gen::default(), &mut std::io::sink())?;
    cargo(workspace, &["update", "--workspace", "--offline", "--quiet"])?;
    writeln!(
        to,
        "{full} is ready; commit it, and tag the merged commit v{version}"
    )?;
    Ok(Outcome::Done)
}

/// Says whether what is checked out can be published; under this tag, if one is given.
///
/// # Errors
///
/// It cannot.
pub fn run_check(workspace: &Path, tag: Option<&str>, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let full = version::released(&read(workspace, "Cargo.toml")?)?;
    let version = full.split('+').next().unwrap_or_default();
    let mut problems = standing_in_the_way(workspace)?;
    let since = since_release(workspace, Some(&format!("v{version}")))?;
    problems.extend(since.and_then(|since| since.too_small(version)));
    if let Some(tag) = tag
        && tag != format!("v{version}")
    {
        problems.push(format!(
            "the tag is {tag:?}, and the version in Cargo.toml is {version}"
        ));
    }
    if notes(workspace, version)?.is_none() {
        problems.push(format!(
            "CHANGELOG.md has no section for {version}; `cargo xtask release {version}` makes it"
        ));
    }
    for (name, place) in NAMED {
        let text = read(workspace, name)?;
        if !names_only(&text, place, version) {
            let place = place.replace("{}", version);
            problems.push(format!(
                "{name} does not name {place:?} everywhere; `cargo xtask release {version}` writes it"
            ));
        }
    }
    let retired = Config::read(&workspace.join("openapi"))?.retired;
    if retired.0.iter().any(|entry| entry.since.is_none()) {
        problems.push(format!(
            "openapi/retired.yaml has entries without `since`; `cargo xtask release {version}` writes it"
        ));
    }
    refuse(&problems)?;
    writeln!(to, "{full} can be published")?;
    Ok(Outcome::Done)
}

/// Prints what the changelog says of the version.
///
/// # Errors
///
/// It says nothing.
pub fn run_notes(workspace: &Path, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let full = version::released(&read(workspace, "Cargo.toml")?)?;
    let version = full.split('+').next().unwrap_or_default();
    let notes =
        notes(workspace, version)?.with_context(|| format!("CHANGELOG.md has no section for {version}"))?;
    writeln!(to, "{notes}")?;
    Ok(Outcome::Done)
}

/// Compares the interface of the hand-written crate with that of the last release, once the version is another.
///
/// # Errors
///
/// It breaks something that the version does not announce, or cargo-semver-checks is not installed.
pub fn run_semver(workspace: &Path, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let Some(tag) = git::last_release(workspace, None)? else {
        writeln!(to, "there is no release to compare with")?;
        return Ok(Outcome::Done);
    };
    let full = version::released(&read(workspace, "Cargo.toml")?)?;
    if full.split('+').next() == tag.strip_prefix('v') {
        writeln!(
            to,
            "the version is still that of {tag}; what changed is compared when the next is prepared"
        )?;
        return Ok(Outcome::Done);
    }
    cargo(
        workspace,
        &[
            "semver-checks",
            "--package",
            "paradex-api-ext",
            "--baseline-rev",
            &tag,
        ],
    )?;
    Ok(Outcome::Done)
}

/// What changed in the raw crate since a release.
struct Since {
    /// The tag of the release.
    tag: String,
    version: [u64; 3],
    comparison: Comparison,
}

/// What changed between the last release, except one, and the workspace; `None` before the first release.
fn since_release(workspace: &Path, but_for: Option<&str>) -> anyhow::Result<Option<Since>> {
    let Some(tag) = git::last_release(workspace, but_for)? else {
        return Ok(None);
    };
    let (old, released) = tasks::revision(workspace, &tag)?;
    let new = tasks::current_side(workspace).context("openapi/paradex.json cannot be read")?;
    let version = tag.strip_prefix('v').and_then(numbers);
    Ok(Some(Since {
        version: version.context("the tag is no version")?,
        comparison: diff::compare(&old, &new, &released)?,
        tag,
    }))
}

/// The version that follows from what changed.
fn proposed(since: Option<&Since>, to: &mut dyn Write) -> anyhow::Result<String> {
    let Some(since) = since else {
        bail!("there is no release to compare with (no tag vX.Y.Z), so name the version");
    };
    let Some(proposed) = &since.comparison.verdict.proposed else {
        bail!(
            "nothing in paradex-api has changed since {}, so name the version that the rest asks for",
            since.tag
        );
    };
    writeln!(to, "Verdict: {}", since.comparison.verdict_words())?;
    let plain = proposed.split('+').next().unwrap_or_default();
    Ok(plain.to_owned())
}

impl Since {
    /// Why a version is too small for what changed, if it is.
    fn too_small(&self, version: &str) -> Option<String> {
        const MOST: usize = 20;
        let demanded = self.comparison.verdict.proposed.as_deref()?.split('+').next()?;
        if numbers(version) >= numbers(demanded) {
            return None;
        }
        let tag = &self.tag;
        let mut text = format!(
            "{version} is too small: what changed since {tag} is {}, so it is {demanded} at least",
            self.comparison.verdict.bump.as_str()
        );
        let rows: Vec<_> = self.comparison.deciding().collect();
        for row in rows.iter().take(MOST) {
            let _ = write!(text, "\n  {} {}", row.rule, row.sentence);
        }
        if rows.len() > MOST {
            let more = rows.len() - MOST;
            let _ = write!(
                text,
                "\n  and {more} more; `cargo xtask diff {tag} HEAD` shows all"
            );
        }
        Some(text)
    }
}

/// The problems that prevent any release.
fn standing_in_the_way(workspace: &Path) -> anyhow::Result<Vec<String>> {
    let mut update = tasks::update(workspace, Vec::new(), Purpose::Check, Report::default())?;
    let mut problems = std::mem::take(&mut update.report.problems);
    let placeholders = update.report.placeholders.iter();
    problems.extend(placeholders.map(|place| format!("{place} has a placeholder for a description")));
    if problems.is_empty() && !update.files()?.differences(workspace, OWNED)?.is_empty() {
        problems.push("paradex-api is stale; run `cargo xtask gen`".to_owned());
    }
    Ok(problems)
}

fn refuse(problems: &[String]) -> anyhow::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    bail!("this cannot be released:\n{}", problems.join("\n"))
}

/// Whether a text has a place of [`NAMED`], and the version follows wherever the place begins.
fn names_only(text: &str, place: &str, version: &str) -> bool {
    let (before, after) = place.split_once("{}").unwrap_or((place, ""));
    let wanted = format!("{version}{after}");
    let mut rests = text.split(before).skip(1).peekable();
    // `0.1.0` does not name the version of `0.1.01`.
    let names = |rest: &str| {
        rest.strip_prefix(&wanted)
            .is_some_and(|rest| after.ends_with('/') || !rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    rests.peek().is_some() && rests.all(names)
}

fn replaced_once(text: &str, old: &str, new: &str) -> anyhow::Result<String> {
    match text.matches(old).count() {
        1 => Ok(text.replacen(old, new, 1)),
        count => bail!("{:?} occurs {count} times, and must occur once", old.trim_end()),
    }
}

/// The text below a heading, up to the next of its kind.
fn section<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(&format!("\n{heading}"))?;
    let (_, below) = after.split_once('\n')?;
    Some(below.split("\n## ").next().unwrap_or(below))
}

fn notes(workspace: &Path, version: &str) -> anyhow::Result<Option<String>> {
    let changelog = read(workspace, "CHANGELOG.md")?;
    Ok(section(&changelog, &format!("## {version},")).map(|text| text.trim().to_owned()))
}

fn cargo(workspace: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(arguments)
        .current_dir(workspace)
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("cargo {} failed", arguments.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{names_only, section};

    #[test]
    fn version_follows_every_occurrence_of_its_place() {
        let image = |text| names_only(text, "paradex:{}", "0.2.0");
        assert!(image("run paradex:0.2.0, then paradex:0.2.0\n"));
        for text in [
            "",
            "run paradex:0.1.0",
            "run paradex:0.2.0, then paradex:0.1.0",
            "run paradex:0.2.01",
        ] {
            assert!(!image(text), "{text}");
        }
        let page = |text| names_only(text, "/v{}/", "0.2.0");
        assert!(page("/v0.2.0/a") && !page("/v0.2.0-rc/a"));
    }

    #[test]
    fn section_ends_where_the_next_begins() {
        let text = "# C\n\n## Unreleased\n\n## 0.2.0, 2026-08-20\n\n* two\n\n### part\n\n## 0.1.0, 2026-01-01\n* one\n";
        assert_eq!(section(text, "## Unreleased").map(str::trim), Some(""));
        assert_eq!(
            section(text, "## 0.2.0,").map(str::trim),
            Some("* two\n\n### part")
        );
        assert_eq!(section(text, "## 0.1.0,").map(str::trim), Some("* one"));
        assert_eq!(section(text, "## 0.3.0,"), None);
    }
}
