//! The commands, writing to any output so that tests can read it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::autofix::PLACEHOLDER;
use crate::code::Code;
use crate::config::{self, Config};
use crate::diff::print::Format;
use crate::diff::provisional::Provisional;
use crate::diff::surface::Surface;
use crate::diff::{self, Comparison, Side};
use crate::documents::{Documents, Kind};
use crate::git::git;
use crate::output::Files;
use crate::renames::Renames;
use crate::report::{Report, counted, quoted};
use crate::reshape::enums::{self, Shared, Sharing};
use crate::source::{self, Loaded, Source, Sources};
use crate::{canonical, generate, reshape, standalone, version};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done; or, for a check, fresh; or, for a comparison, the same.
    Done,
    /// A check or a comparison found differences.
    Stale,
}

/// The folders that hold generated files only.
pub(crate) const OWNED: &[&str] = &["paradex-api/src/generated"];

/// What `cargo xtask gen` is to do.
#[derive(Debug, Default, clap::Args)]
pub struct Gen {
    /// Write nothing; say what would change.
    #[arg(long)]
    pub check: bool,
    /// First take in another published document, and report what it changes, as `diff` does: a file or an https
    /// address of an OpenAPI 3.0, AsyncAPI 2 or OpenRPC 1 document as JSON or YAML, or of an SBE schema. Which it is, is seen
    /// from its content. Can be given once for each kind.
    #[arg(long, value_name = "SOURCE")]
    pub from: Vec<String>,
    /// Write placeholders for missing descriptions, and delete entries for what is gone.
    #[arg(long)]
    pub accept: bool,
    /// Write a crate of its own to this folder instead; report what does not fit, and work around it.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// What `cargo xtask diff` is to do.
#[derive(Debug, Default, clap::Args)]
pub struct Diff {
    /// The old document: a file, an address, or a git revision of the vendored documents.
    pub old: String,
    /// The new document, given in the same way.
    pub new: String,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The purpose of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It is written into the workspace. With `accept`, our files are edited where that needs no decision.
    Write { accept: bool },
    /// It is compared with the files of the workspace.
    Check,
    /// It is written elsewhere, with a workaround for each problem.
    Try,
}

/// The files and the report that follow from a document.
pub(crate) struct Update {
    /// The files under `openapi/` that it changes, by their path in the workspace.
    pub(crate) openapi: BTreeMap<String, String>,
    /// The files of the crate, by their path in it. An error if there are problems, unless it is only tried out.
    pub(crate) generated: anyhow::Result<BTreeMap<String, String>>,
    /// What it changes; `None` if no document is taken in, or if it is the first.
    pub(crate) comparison: Option<Comparison>,
    pub(crate) report: Report,
    /// Where the documents that are taken in came from.
    pub(crate) sources: Vec<Source>,
}

/// Regenerates the raw crate.
///
/// # Errors
///
/// Something failed, or, without `--out`, the document and the files beside it do not fit together.
pub fn run_gen(workspace: &Path, task: &Gen, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    if task.check && (!task.from.is_empty() || task.accept || task.out.is_some()) {
        bail!("--check compares what is vendored with what is generated; it takes no other option");
    }
    if task.accept && task.out.is_some() {
        bail!("--accept changes the files under openapi/, and --out leaves them alone; choose one");
    }
    let report = Report::default();
    let known = known_sources(workspace).unwrap_or_default();
    let mut loaded = Vec::new();
    for from in &task.from {
        let mut document = source::load(from)?;
        // A file is a way to carry the document; where it is published does not change by that.
        if !from.contains("://") {
            document.source.address = known.address(document.kind).to_owned();
        }
        loaded.push(document);
    }
    if let Some(out) = &task.out {
        return write_out(workspace, out, loaded, report, to);
    }
    let purpose = match task.check {
        true => Purpose::Check,
        false => Purpose::Write { accept: task.accept },
    };
    let update = update(workspace, loaded, purpose, report)?;
    update.print(to)?;
    let report = &update.report;
    if !report.problems.is_empty() {
        let count = counted(report.problems.len(), "problem");
        let remedy = match (task.accept, report.fixable.len()) {
            (_, 0) => "each needs a decision".to_owned(),
            (true, _) => {
                "fix the corrections first: while one does not fit, `--accept` writes nothing".to_owned()
            }
            (false, fixable) => {
                format!("`--accept` fixes {fixable} of them, with a placeholder or by editing an entry")
            }
        };
        bail!("{count}; nothing was written. {remedy}; `--out DIR` generates all the same, elsewhere");
    }
    let placeholders = report.placeholders.len();
    let files = update.files()?;
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
    if placeholders > 0 {
        writeln!(
            to,
            "{placeholders} placeholders ({PLACEHOLDER} in openapi/descriptions.yaml) have to be filled in before a release"
        )?;
    }
    Ok(Outcome::Done)
}

impl Update {
    /// Prints what changed, and then the problems.
    fn print(&self, to: &mut dyn Write) -> anyhow::Result<()> {
        if let Some(comparison) = &self.comparison {
            writeln!(to, "{}", comparison.page(Format::Text))?;
        }
        write!(to, "{}", self.report)?;
        Ok(())
    }

    /// The files of the workspace that it writes. While there are problems, the crate is not among them.
    pub(crate) fn files(self) -> anyhow::Result<Files> {
        let mut files = self.openapi;
        if self.report.problems.is_empty() {
            let generated = self.generated?.into_iter();
            files.extend(generated.map(|(name, text)| (format!("paradex-api/{name}"), text)));
        }
        Ok(Files(files))
    }
}

/// Works out the update to other documents, or to the vendored ones. Writes nothing.
pub(crate) fn update(
    workspace: &Path,
    loaded: Vec<Loaded>,
    purpose: Purpose,
    mut report: Report,
) -> anyhow::Result<Update> {
    let folder = workspace.join("openapi");
    let mut openapi: BTreeMap<&str, String> = BTreeMap::new();
    let mut config = Config::read(&folder)?;
    let mut before = match purpose {
        Purpose::Check => None,
        Purpose::Write { .. } | Purpose::Try => current_side(workspace),
    };
    let (mut documents, mut sources) = vendored(workspace, &loaded, &mut report)?;
    let names = |names: Vec<String>| (!names.is_empty()).then(|| names.join(", "));
    let name = names(loaded.iter().map(|loaded| loaded.name.clone()).collect());
    let files = loaded
        .iter()
        .map(|loaded| format!("openapi/{}", loaded.kind.file()));
    if let (Some(before), Some(files)) = (&mut before, names(files.collect())) {
        before.name = files;
    }
    let kind = loaded.first().map(|loaded| loaded.kind);
    let mut taken_in = Vec::new();
    for loaded in loaded {
        openapi.insert(loaded.kind.file(), canonical::to_text(&loaded.document));
        documents.set(loaded.kind, loaded.document);
        sources.set(loaded.kind, loaded.source.clone());
        taken_in.push(loaded.source);
    }
    if name.is_some() {
        openapi.insert("source.toml", sources.to_text()?);
    }
    let document = documents.merged(&mut report);
    if let (Some(before), Some(_)) = (&before, &name) {
        config.renames = Renames::between(&before.document, &document);
        config.shared = shared(&before.document, &config);
    }
    let rest = sources
        .get(Kind::OpenApi)
        .context("openapi/source.toml has no [openapi]")?;
    let source = taken_in.first().unwrap_or(rest).clone();
    let accept = purpose == (Purpose::Write { accept: true });
    if accept || !config.renames.is_empty() {
        let mut texts = config::texts(&folder)?;
        if accept {
            accept_all(&mut texts, &document, &config)?;
        } else {
            // What is said under an old name holds for the new one, so that a rename alone breaks nothing.
            rename_all(&mut texts, &config.renames);
        }
        config = Config {
            retired: config.retired,
            renames: config.renames,
            shared: config.shared,
            fields: config.fields,
            ..Config::parse(&texts)?
        };
        if accept {
            openapi.extend(texts);
        }
    }
    for (old, new) in config.renames.all() {
        let text =
            format!("`{old}` was renamed to `{new}`; `--accept` renames it in the files under openapi/");
        match accept {
            true => report.note(text),
            false => report.renamed(text),
        }
    }
    let mut corrected = reshape::correct(&document, &config, &mut report);
    if purpose == Purpose::Try {
        reshape::errors::ensure(&mut corrected.document, &mut report);
    } else if !report.problems.is_empty() {
        reshape::errors::ensure(&mut corrected.document, &mut Report::default());
    }
    let known = match before.as_ref().map(|before| &before.surface) {
        Some(Err(reason)) => {
            report.note(format_args!(
                "the current generated code cannot be read, so no removed value is kept: {reason}"
            ));
            None
        }
        Some(Ok(surface)) => Some(surface),
        None => None,
    };
    config.date = Some(rest.date.clone());
    let code = Code::generate(&corrected, &mut config, known, &source);
    if let Ok(code) = &code {
        code.problems.iter().for_each(|problem| report.problem(problem));
    }
    let comparison = match (&before, name) {
        (Some(before), Some(name)) => {
            let released = version::released(&read(workspace, "Cargo.toml")?)?;
            let surface = match &code {
                Ok(code) => code.surface().clone().map_err(anyhow::Error::msg),
                Err(error) => Err(anyhow::anyhow!("{error:#}")),
            };
            let errors = &corrected.overlay_errors;
            let new = Side {
                provisional: Provisional::new(&document, &config, errors, &report.decisions, false),
                kind,
                ..Side::with_merged(name, documents, document, surface)
            };
            Some(diff::compare(before, &new, &released)?)
        }
        _ => None,
    };
    let generated = code.and_then(|code| {
        anyhow::ensure!(
            purpose == Purpose::Try || report.problems.is_empty(),
            "no code is written while there are problems"
        );
        let mut files = code.texts();
        files.extend(generate::beside(&corrected)?);
        Ok(files)
    });
    if report.problems.is_empty() {
        openapi.insert("retired.yaml", config.retired.to_text()?);
    }
    let openapi = openapi.into_iter();
    Ok(Update {
        openapi: openapi
            .map(|(name, text)| (format!("openapi/{name}"), text))
            .collect(),
        generated,
        comparison,
        report,
        sources: taken_in,
    })
}

/// The enumerations that were one type in the vendored document, by their current names.
fn shared(old: &Value, config: &Config) -> Shared {
    let shared = reshape::shared(old, config).into_iter();
    let renewed = shared.map(|(place, sharing)| {
        let with = config.renames.renew(&sharing.with);
        (config.renames.renew(&place), Sharing { with, ..sharing })
    });
    renewed.collect()
}

/// Writes new names and placeholders, and deletes entries for what is gone.
///
/// While a correction does not fit, only names are changed: a description can be missing because of that correction.
fn accept_all(
    texts: &mut BTreeMap<&'static str, String>,
    document: &Value,
    known: &Config,
) -> anyhow::Result<()> {
    rename_all(texts, &known.renames);
    // An edit can reveal further problems.
    loop {
        let config = Config {
            renames: known.renames.clone(),
            shared: known.shared.clone(),
            ..Config::parse(texts)?
        };
        if !config
            .corrections
            .apply(&mut document.clone(), &config.renames)
            .is_empty()
        {
            return Ok(());
        }
        let mut report = Report::default();
        reshape::correct(document, &config, &mut report);
        let mut changed = false;
        for edit in &report.edits {
            if let Some(text) = texts.get_mut(edit.file)
                && let Some(edited) = edit.apply(text)
            {
                changed |= *text != edited;
                *text = edited;
            }
        }
        if !changed {
            return Ok(());
        }
    }
}

fn rename_all(texts: &mut BTreeMap<&'static str, String>, renames: &Renames) {
    for text in texts.values_mut() {
        *text = renames.renew(text);
    }
}

fn write_out(
    workspace: &Path,
    out: &Path,
    loaded: Vec<Loaded>,
    report: Report,
    to: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    may_write(workspace, out)?;
    let update = update(workspace, loaded, Purpose::Try, report)?;
    update.print(to)?;
    let mut files = standalone::crate_files(workspace, &update.generated?)?;
    files.insert(MARK.to_owned(), MARK_TEXT.to_owned());
    let files = Files(files);
    files.write(out, &["src/generated"])?;
    standalone::settle_lock(out);
    writeln!(
        to,
        "{} files written to {}; {} would keep this document out of the workspace",
        files.0.len(),
        out.display(),
        counted(update.report.problems.len(), "problem")
    )?;
    Ok(Outcome::Done)
}

/// Compares two published documents and the code that is generated from them.
///
/// A revision has its own code and its own version, so what changed in names and passes since counts too. Code
/// for a file is generated here, as if it were taken in: what does not fit is worked around, and values that
/// the old side has and the new document does not are retired.
///
/// # Errors
///
/// One of the two cannot be read.
pub fn run_diff(workspace: &Path, task: &Diff, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (old, new) = (
        Place::find(workspace, &task.old)?,
        Place::find(workspace, &task.new)?,
    );
    if let (Place::File(old), Place::File(new)) = (&old, &new)
        && old.kind != new.kind
    {
        bail!(
            "{} is an {} document and {} an {} document; choose two of one kind",
            quoted(&old.name),
            old.kind.title(),
            quoted(&new.name),
            new.kind.title()
        );
    }
    // What stands beside a file are the documents of the other side, or else those of the workspace.
    let beside = match &new {
        Place::Revision { documents, .. } => documents.clone(),
        Place::File(_) => current_documents(workspace).unwrap_or_default(),
    };
    let (old, released) = old.side(workspace, None, beside)?;
    let beside = old.documents.clone();
    let (new, _) = new.side(workspace, Some(&old), beside)?;
    let comparison = diff::compare(&old, &new, &released)?;
    write!(to, "{}", comparison.page(task.format))?;
    Ok(if comparison.rows.is_empty() {
        Outcome::Done
    } else {
        Outcome::Stale
    })
}

/// Where a side of a comparison comes from.
enum Place {
    /// A file or an address.
    File(Loaded),
    /// A git revision of the workspace.
    Revision {
        name: String,
        hash: String,
        documents: Documents,
    },
}

impl Place {
    fn find(workspace: &Path, from: &str) -> anyhow::Result<Self> {
        if from.contains("://") || Path::new(from).is_file() {
            return Ok(Place::File(source::load(from)?));
        }
        let hash = git(
            workspace,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{from}^{{commit}}"),
            ],
        )
        .with_context(|| format!("{} is neither a file nor a git revision", quoted(from)))?;
        let documents = Documents::read(|file| show(workspace, &hash, &format!("openapi/{file}")).ok())
            .with_context(|| format!("the documents of {} cannot be read", quoted(from)))?;
        Ok(Place::Revision {
            name: from.to_owned(),
            hash,
            documents,
        })
    }

    /// The side, and the version that the crates have there. `beside` are the documents that go with a file.
    fn side(
        self,
        workspace: &Path,
        before: Option<&Side>,
        beside: Documents,
    ) -> anyhow::Result<(Side, String)> {
        match self {
            Place::File(loaded) => {
                let mut config = Config::read(&workspace.join("openapi"))?;
                let mut documents = beside;
                documents.set(loaded.kind, loaded.document);
                if let Some(before) = before {
                    config.shared = shared(&before.document, &config);
                    let document = documents.merged(&mut Report::default());
                    // To find what moved takes as long as all the rest.
                    if enums::has_moved(&config.shared, &document) {
                        config.renames = Renames::between(&before.document, &document);
                        config.shared = shared(&before.document, &config);
                    }
                }
                let known = before.and_then(|before| before.surface.as_ref().ok());
                let side = Side {
                    kind: Some(loaded.kind),
                    ..Side::generated(loaded.name, documents, &loaded.source, &mut config, known)
                };
                Ok((side, version::released(&read(workspace, "Cargo.toml")?)?))
            }
            Place::Revision {
                name,
                hash,
                documents,
            } => {
                let surface =
                    Surface::from_files(|file| show(workspace, &hash, &format!("paradex-api/{file}")));
                let side = Side::new(name, documents, surface);
                Ok((side, version::released(&show(workspace, &hash, "Cargo.toml")?)?))
            }
        }
    }
}

/// A file of a git revision.
fn show(workspace: &Path, hash: &str, path: &str) -> anyhow::Result<String> {
    git(workspace, &["show", &format!("{hash}:{path}")])
}

/// A git revision as a side of a comparison, and the version that the crates have there.
pub(crate) fn revision(workspace: &Path, name: &str) -> anyhow::Result<(Side, String)> {
    Place::find(workspace, name)?.side(workspace, None, Documents::default())
}

/// The vendored documents and the current code; `None` before the first document.
pub(crate) fn current_side(workspace: &Path) -> Option<Side> {
    let name = format!("openapi/{}", Kind::OpenApi.file());
    let surface = Surface::from_files(|file| read(workspace, &format!("paradex-api/{file}")));
    Some(Side::new(name, current_documents(workspace).ok()?, surface))
}

fn current_documents(workspace: &Path) -> anyhow::Result<Documents> {
    Documents::read(|file| read(workspace, &format!("openapi/{file}")).ok())
}

pub(crate) fn read(workspace: &Path, name: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(workspace.join(name)).with_context(|| name.to_owned())
}

/// The file that marks a folder as written by `gen --out` or `plain`.
const MARK: &str = ".written-by-xtask";
const MARK_TEXT: &str =
    "Written by `cargo xtask gen --out` or `cargo xtask plain`, which may overwrite it.\n";

/// Refuses a folder in which files could be lost: one inside this workspace, or one that is not empty and that these
/// commands did not write.
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
    let (documents, _) = vendored(workspace, &[], &mut report)?;
    let document = documents.merged(&mut report);
    let corrected = reshape::correct(&document, &config, &mut report);
    let mut files = generate::plain_crate(&corrected, style)?;
    files.insert(MARK.to_owned(), MARK_TEXT.to_owned());
    let files = Files(files);
    let lines = files.0.get("src/lib.rs").map_or(0, |text| text.lines().count());
    files.write(out, &[])?;
    writeln!(to, "{lines} lines written to {}", out.display())?;
    Ok(Outcome::Done)
}

pub(crate) fn known_sources(workspace: &Path) -> anyhow::Result<Sources> {
    let text = read(workspace, "openapi/source.toml")?;
    Sources::parse(&text).context("openapi/source.toml")
}

/// The vendored documents, but for those that `loaded` replaces. Reports if one was edited by hand.
pub(crate) fn vendored(
    workspace: &Path,
    loaded: &[Loaded],
    report: &mut Report,
) -> anyhow::Result<(Documents, Sources)> {
    for (index, other) in loaded.iter().enumerate() {
        if loaded.iter().take(index).any(|one| one.kind == other.kind) {
            bail!("two {} documents were given; choose one", other.kind.title());
        }
    }
    let is_replaced = |kind| loaded.iter().any(|loaded| loaded.kind == kind);
    if is_replaced(Kind::OpenApi) && !workspace.join("openapi").join(Kind::OpenApi.file()).exists() {
        return Ok(<_>::default());
    }
    let documents = current_documents(workspace)?;
    let sources = known_sources(workspace)?;
    for (kind, document) in documents.iter().filter(|(kind, _)| !is_replaced(*kind)) {
        let text = read(workspace, &format!("openapi/{}", kind.file()))?;
        let known = sources.get(kind).map(|source| source.canonical_sha256.as_str());
        if canonical::to_text(&kind.canonical(document)) != text
            || known != Some(&source::sha256(text.as_bytes()))
        {
            report.problem(format_args!(
                "openapi/{} was edited by hand; take the published document in again with `--from`, and put what it gets \
                 wrong into openapi/corrections.yaml",
                kind.file()
            ));
        }
    }
    Ok((documents, sources))
}
