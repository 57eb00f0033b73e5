//! `cargo xtask release`: from a workspace that is ready to one that can be published.
//!
//! `release VERSION` writes the version where it stands, closes the section of the changelog, and says in the code
//! since when retired values are deprecated. `release --check` is what stands between a tag and crates.io.
//! Publishing itself is `cargo publish`, in a job that may and does nothing else.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::config::Config;
use crate::git;
use crate::report::Report;
use crate::source;
use crate::tasks::{self, Gen, Outcome, Purpose, run_gen};

const UNRELEASED: &str = "## Unreleased";

/// Prepares a version: `X.Y.Z`, to which the version of the document is added as build metadata.
///
/// # Errors
///
/// The version is none or not greater than the one before, or something stands in the way of a release.
pub fn run_prepare(workspace: &Path, version: &str, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let wanted = parsed(version).with_context(|| format!("{version:?} is no version; write X.Y.Z"))?;
    let manifest = read(workspace, "Cargo.toml")?;
    let changelog = read(workspace, "CHANGELOG.md")?;
    let old = manifest_version(&manifest)?;
    let released = git::last_release(workspace)?;
    let before = released
        .as_deref()
        .and_then(|tag| parsed(tag.trim_start_matches('v')));
    if before.is_some_and(|before| wanted <= before) {
        bail!(
            "{version} is not greater than {}, which is released",
            released.unwrap_or_default()
        );
    }
    let mut faults = standing_in_the_way(workspace)?;
    if section(&changelog, UNRELEASED).is_none_or(|text| text.trim().is_empty()) {
        faults.push("CHANGELOG.md says nothing under \"Unreleased\"".to_owned());
    }
    refuse(&faults)?;

    let source = tasks::known_source(workspace).context("openapi/source.toml cannot be read")?;
    let metadata = &source.upstream_version;
    let fits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !metadata.split('.').all(fits) {
        bail!("the version of the document, {metadata:?}, can be no build metadata");
    }
    let plain = old.split('+').next().unwrap_or_default();
    let manifest = replaced_once(
        &manifest,
        &format!("version = \"{old}\"\n"),
        &format!("version = \"{version}+api.{metadata}\"\n"),
    )?;
    let manifest = replaced_once(
        &manifest,
        &format!("paradex-api = {{ path = \"paradex-api\", version = \"{plain}\""),
        &format!("paradex-api = {{ path = \"paradex-api\", version = \"{version}\""),
    )?;
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
            "{} {} was to be kept until {}; it can go from openapi/retired.yaml with a release that breaks something",
            entry.of, entry.value, entry.keep_until
        )?;
    }
    std::fs::write(workspace.join("Cargo.toml"), manifest)?;
    std::fs::write(workspace.join("CHANGELOG.md"), changelog)?;
    std::fs::write(workspace.join("openapi/retired.yaml"), retired.to_text()?)?;
    run_gen(workspace, &Gen::default(), &mut std::io::sink())?;
    cargo(workspace, &["update", "--workspace", "--offline", "--quiet"])?;
    writeln!(
        to,
        "{version}+api.{metadata} is ready; commit it, and tag the merged commit v{version}"
    )?;
    Ok(Outcome::Done)
}

/// Says whether what is checked out can be published; under this tag, if one is given.
///
/// # Errors
///
/// It cannot.
pub fn run_check(workspace: &Path, tag: Option<&str>, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let full = manifest_version(&read(workspace, "Cargo.toml")?)?;
    let version = full.split('+').next().unwrap_or_default();
    let mut faults = standing_in_the_way(workspace)?;
    if let Some(tag) = tag
        && tag != format!("v{version}")
    {
        faults.push(format!(
            "the tag is {tag:?}, and the version in Cargo.toml is {version}"
        ));
    }
    if notes(workspace, version)?.is_none() {
        faults.push(format!(
            "CHANGELOG.md has no section for {version}; `cargo xtask release {version}` makes it"
        ));
    }
    let retired = Config::read(&workspace.join("openapi"))?.retired;
    if retired.0.iter().any(|entry| entry.since.is_none()) {
        faults.push(format!(
            "openapi/retired.yaml has entries without `since`; `cargo xtask release {version}` writes it"
        ));
    }
    refuse(&faults)?;
    writeln!(to, "{full} can be published")?;
    Ok(Outcome::Done)
}

/// Prints what the changelog says of the version.
///
/// # Errors
///
/// It says nothing.
pub fn run_notes(workspace: &Path, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let full = manifest_version(&read(workspace, "Cargo.toml")?)?;
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
    let Some(tag) = git::last_release(workspace)? else {
        writeln!(to, "there is no release to compare with")?;
        return Ok(Outcome::Done);
    };
    let full = manifest_version(&read(workspace, "Cargo.toml")?)?;
    if full
        .split('+')
        .next()
        .map(|version| format!("v{version}"))
        .as_ref()
        == Some(&tag)
    {
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

/// What must be mended first, in any case.
fn standing_in_the_way(workspace: &Path) -> anyhow::Result<Vec<String>> {
    let update = tasks::update(workspace, None, Purpose::Check, Report::default())?;
    let mut faults = update.report.faults;
    let placeholders = update.report.placeholders.into_iter();
    faults.extend(placeholders.map(|place| format!("{place} has a placeholder for a description")));
    if faults.is_empty() {
        let check = Gen {
            check: true,
            ..Gen::default()
        };
        let mut said = Vec::new();
        if run_gen(workspace, &check, &mut said)? == Outcome::Stale {
            faults.push("paradex-api is stale; run `cargo xtask gen`".to_owned());
        }
    }
    Ok(faults)
}

fn refuse(faults: &[String]) -> anyhow::Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    bail!("this cannot be released:\n{}", faults.join("\n"))
}

fn read(workspace: &Path, name: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(workspace.join(name)).with_context(|| name.to_owned())
}

fn manifest_version(manifest: &str) -> anyhow::Result<String> {
    let manifest: toml::Table = toml::from_str(manifest).context("Cargo.toml")?;
    let version = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str());
    version
        .map(str::to_owned)
        .context("Cargo.toml has no workspace.package.version")
}

/// `X.Y.Z`, as numbers.
fn parsed(version: &str) -> Option<[u64; 3]> {
    let parts: Vec<u64> = version
        .split('.')
        .map(|part| {
            let plain = part == "0" || !part.starts_with('0') && part.chars().all(|c| c.is_ascii_digit());
            plain.then(|| part.parse().ok()).flatten()
        })
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}

fn replaced_once(text: &str, old: &str, new: &str) -> anyhow::Result<String> {
    match text.matches(old).count() {
        1 => Ok(text.replacen(old, new, 1)),
        count => bail!(
            "{:?} stands {count} times where it should stand once",
            old.trim_end()
        ),
    }
}

/// What stands below a heading, up to the next of its kind.
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
    use super::{parsed, section};

    #[test]
    fn versions_are_numbers() {
        assert_eq!(parsed("0.2.10"), Some([0, 2, 10]));
        assert!(parsed("0.2.10") > parsed("0.2.9"));
        for none in [
            "", "1", "1.2", "1.2.3.4", "1.2.x", "01.2.3", "1.2.3-rc", "1.2.3+x", "+1.2.3", "1..3",
        ] {
            assert_eq!(parsed(none), None, "{none}");
        }
    }

    #[test]
    fn a_section_ends_where_the_next_begins() {
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
