//! The commands, writing to any output so that tests can read it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::config::Config;
use crate::diff::print::Format;
use crate::diff::surface::Surface;
use crate::diff::{self, Side, verdict};
use crate::output::Files;
use crate::report::Report;
use crate::source::{self, Source};
use crate::{canonical, generate, reshape, standalone};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done; or, for a check, fresh; or, for a comparison, the same.
    Done,
    /// A check or a comparison found differences.
    Stale,
}

/// Where generated files are the only ones.
const OWNED: &[&str] = &["paradex-api/src/generated"];

/// What `cargo xtask gen` is to do.
#[derive(Debug, Default)]
pub struct Gen {
    /// Only compare.
    pub check: bool,
    /// Take in this document first.
    pub from: Option<String>,
    /// Write a crate of its own here, and leave the workspace alone.
    pub out: Option<PathBuf>,
}

/// What `cargo xtask diff` is to do.
#[derive(Debug, Default)]
pub struct Diff {
    /// A file, an address, or a git revision of the vendored document.
    pub old: String,
    /// The same.
    pub new: String,
    /// How the page is written.
    pub format: Format,
}

/// Regenerates the raw crate.
///
/// # Errors
///
/// Something failed, or, without `--out`, the document and the files beside it do not fit together.
pub fn run_gen(workspace: &Path, task: &Gen, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    if task.check && (task.from.is_some() || task.out.is_some()) {
        bail!("--check compares what is vendored with what is generated; it takes neither --from nor --out");
    }
    let config = Config::read(&workspace.join("openapi"))?;
    let mut report = Report::default();
    let (document, source) = match &task.from {
        Some(from) => {
            let mut loaded = source::load(from, &mut report)?;
            // A file is a way to carry the document; where it is published does not change by that.
            if let (false, Some(known)) = (from.contains("://"), known_source(workspace)) {
                loaded.source.address = known.address;
            }
            (loaded.document, Some(loaded.source))
        }
        None => (vendored(workspace, &mut report)?, None),
    };
    let corrected = reshape::correct(&document, &config, &mut report);
    if let Some(from) = &task.from
        && let Some(before) = before(workspace)
    {
        let name = source::public_address(from);
        let new = Side::generated(name, document.clone(), &corrected, &config.names);
        let released = verdict::released(&std::fs::read_to_string(workspace.join("Cargo.toml"))?)?;
        writeln!(
            to,
            "{}",
            diff::compare(&before, &new, &released)?.page(Format::Text)
        )?;
    }
    if let Some(out) = &task.out {
        return write_out(workspace, out, corrected, &config, report, to);
    }
    let crate_files = if report.faults.is_empty() {
        generate::generate(&corrected, &config.names)?
    } else {
        BTreeMap::new()
    };
    write!(to, "{report}")?;
    if !report.faults.is_empty() {
        let count = report.faults.len();
        bail!("{count} faults; nothing was written. `--out DIR` generates all the same, elsewhere");
    }
    let mut files: BTreeMap<String, String> = crate_files
        .into_iter()
        .map(|(name, text)| (format!("paradex-api/{name}"), text))
        .collect();
    if let Some(source) = source {
        files.insert("openapi/paradex.json".to_owned(), canonical::to_text(&document));
        files.insert("openapi/source.toml".to_owned(), source_text(&source)?);
    }
    let files = Files(files);
    if task.check {
        let differences = files.differences(workspace, OWNED)?;
        if differences.is_empty() {
            writeln!(to, "paradex-api is fresh")?;
            return Ok(Outcome::Done);
        }
        write!(to, "{differences}")?;
        writeln!(
            to,
            "paradex-api is stale; run `cargo xtask gen` and commit what it writes"
        )?;
        return Ok(Outcome::Stale);
    }
    let changed = files.write(workspace, OWNED)?;
    writeln!(to, "{} files generated, {changed} of them changed", files.0.len())?;
    Ok(Outcome::Done)
}

fn write_out(
    workspace: &Path,
    out: &Path,
    corrected: reshape::Corrected,
    config: &Config,
    mut report: Report,
    to: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    may_write(workspace, out)?;
    let mut corrected = corrected;
    reshape::errors::ensure(&mut corrected.document, &mut report);
    let generated = generate::generate(&corrected, &config.names)?;
    let mut files = standalone::crate_files(workspace, &generated)?;
    files.insert(MARK.to_owned(), MARK_TEXT.to_owned());
    let files = Files(files);
    files.write(out, &["src/generated"])?;
    standalone::settle_lock(out);
    write!(to, "{report}")?;
    writeln!(
        to,
        "{} files written to {}; {} faults would keep this document out of the workspace",
        files.0.len(),
        out.display(),
        report.faults.len()
    )?;
    Ok(Outcome::Done)
}

/// Compares two published documents and the code that is generated from them.
///
/// A revision has its own code and its own version, so what changed in names and passes since counts too. Code
/// for a file is generated here, as with `gen --out`: what does not fit is worked around.
///
/// # Errors
///
/// One of the two cannot be had.
pub fn run_diff(workspace: &Path, task: &Diff, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (old, released) = side(workspace, &task.old)?;
    let (new, _) = side(workspace, &task.new)?;
    let comparison = diff::compare(&old, &new, &released)?;
    write!(to, "{}", comparison.page(task.format))?;
    Ok(if comparison.rows.is_empty() {
        Outcome::Done
    } else {
        Outcome::Stale
    })
}

/// One side of a comparison, and the version that the crates have there.
fn side(workspace: &Path, from: &str) -> anyhow::Result<(Side, String)> {
    if from.contains("://") || Path::new(from).is_file() {
        let mut report = Report::default();
        let config = Config::read(&workspace.join("openapi"))?;
        let document = source::load(from, &mut report)?.document;
        let corrected = reshape::correct(&document, &config, &mut report);
        let side = Side::generated(source::public_address(from), document, &corrected, &config.names);
        let manifest = std::fs::read_to_string(workspace.join("Cargo.toml"))?;
        return Ok((side, verdict::released(&manifest)?));
    }
    let revision = git(
        workspace,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{from}^{{commit}}"),
        ],
    )
    .with_context(|| {
        format!(
            "{} is neither a file nor a git revision",
            diff::print::quoted(from)
        )
    })?;
    let show = |path: &str| git(workspace, &["show", &format!("{}:{path}", revision.trim())]);
    let document = serde_json::from_str(&show("openapi/paradex.json")?)
        .context("the paradex.json of that revision is no JSON")?;
    let surface = Surface::of(|file| show(&format!("paradex-api/{file}")));
    let side = Side::new(from.to_owned(), document, surface);
    Ok((side, verdict::released(&show("Cargo.toml")?)?))
}

/// What is vendored and generated now; nothing before the first document.
fn before(workspace: &Path) -> Option<Side> {
    let read = |path: &str| std::fs::read_to_string(workspace.join(path)).with_context(|| path.to_owned());
    let document = serde_json::from_str(&read("openapi/paradex.json").ok()?).ok()?;
    let surface = Surface::of(|file| read(&format!("paradex-api/{file}")));
    Some(Side::new("openapi/paradex.json".to_owned(), document, surface))
}

/// What a git command answers. No argument comes from a document.
fn git(workspace: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = std::process::Command::new("git")
        .args(arguments)
        .current_dir(workspace)
        .output()
        .context("git cannot be run")?;
    if !output.status.success() {
        bail!(
            "git {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).context("git answered no text")
}

/// The file that marks a folder as written by `gen --out` or `plain`.
const MARK: &str = ".written-by-xtask";
const MARK_TEXT: &str =
    "Written by `cargo xtask gen --out` or `cargo xtask plain`, which may overwrite it.\n";

/// Refuses a folder that can hold what nobody wants to lose: one of this workspace, or one that is not empty
/// and was not written by these commands.
fn may_write(workspace: &Path, out: &Path) -> anyhow::Result<()> {
    let place = absolute(out)?;
    if place.starts_with(absolute(workspace)?) {
        bail!(
            "{} is inside this workspace, whose files must not be overwritten; choose a folder outside",
            out.display()
        );
    }
    if !place.exists() || place.join(MARK).is_file() {
        return Ok(());
    }
    let empty = place.is_dir() && std::fs::read_dir(&place)?.next().is_none();
    if !empty {
        bail!(
            "{} is not empty, and this command did not write it (it has no {MARK}); choose another folder",
            out.display()
        );
    }
    Ok(())
}

/// The path without links and dots, as far as it exists.
fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    let path = std::path::absolute(path).with_context(|| path.display().to_string())?;
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    loop {
        match (existing.canonicalize(), existing.parent(), existing.file_name()) {
            (Ok(found), _, _) => {
                return Ok(missing.iter().rev().fold(found, |path, name| path.join(name)));
            }
            (Err(_), Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                existing = parent;
            }
            (Err(error), _, _) => {
                return Err(error).with_context(|| {
                    format!("{} cannot be resolved; write it without `..`", path.display())
                });
            }
        }
    }
}

/// Writes a crate of what progenitor alone makes of the vendored document, to compare with ours.
///
/// # Errors
///
/// progenitor refuses the document, or the folder cannot be written.
pub fn run_plain(
    workspace: &Path,
    style: progenitor::InterfaceStyle,
    out: &Path,
    to: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    may_write(workspace, out)?;
    let config = Config::read(&workspace.join("openapi"))?;
    let mut report = Report::default();
    let document = vendored(workspace, &mut report)?;
    let corrected = reshape::correct(&document, &config, &mut report);
    let mut files = generate::plain_crate(&corrected, style)?;
    files.insert(MARK.to_owned(), MARK_TEXT.to_owned());
    let files = Files(files);
    let lines = files.0.get("src/lib.rs").map_or(0, |text| text.lines().count());
    files.write(out, &[])?;
    writeln!(to, "{lines} lines written to {}", out.display())?;
    Ok(Outcome::Done)
}

fn source_text(source: &Source) -> anyhow::Result<String> {
    Ok(format!(
        "# Where openapi/paradex.json came from. Written by `cargo xtask gen --from`.\n{}",
        toml::to_string(source)?
    ))
}

fn known_source(workspace: &Path) -> Option<Source> {
    let text = std::fs::read_to_string(workspace.join("openapi/source.toml")).ok()?;
    toml::from_str(&text).ok()
}

/// The vendored document, after a look at whether somebody edited it.
fn vendored(workspace: &Path, report: &mut Report) -> anyhow::Result<Value> {
    let path = workspace.join("openapi/paradex.json");
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "cannot read {}; `cargo xtask gen --from SOURCE` writes it",
            path.display()
        )
    })?;
    let document: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    let source = workspace.join("openapi/source.toml");
    let source: Source =
        toml::from_str(&std::fs::read_to_string(&source).with_context(|| source.display().to_string())?)?;
    if canonical::to_text(&canonical::canonical(&document)) != text
        || source::sha256(text.as_bytes()) != source.canonical_sha256
    {
        report.fault(
            "openapi/paradex.json was edited by hand; take the published document in again with `--from`, \
             and put what it gets wrong into openapi/corrections.yaml",
        );
    }
    Ok(document)
}
