//! `cargo xtask watch`: what the scheduled job does. It looks at the published document and, if its interface has
//! changed, makes a branch with the update and the text of a pull request.
//!
//! What would be written is compiled before, as a crate of its own under `target/`. Code that does not compile is not
//! proposed; the pull request says why instead.
//!
//! The published document is untrusted. It is fetched over https, within limits, and is never part of a command. In the pull
//! request it appears only inside code blocks, so that it cannot mention users or contain links. Pushing the branch needs
//! permissions; a separate job has them, and runs none of this code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::diff::Comparison;
use crate::diff::print::Format;
use crate::documents::Kind;
use crate::git::git;
use crate::output::Files;
use crate::report::{Report, printable};
use crate::source::{self, Loaded, Source, Sources};
use crate::standalone;
use crate::tasks::{self, OWNED, Outcome, Purpose};

/// What `cargo xtask watch` is to do.
#[derive(Debug, clap::Args)]
pub struct Watch {
    /// Look here instead of where the vendored documents came from. Can be given once for each kind of document.
    #[arg(long, value_name = "SOURCE")]
    pub from: Vec<String>,
    /// The folder for `branch`, `body.md` and `update.bundle`. Nothing is written if nothing changed.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Looks at the published document, and prepares the update if there is one.
///
/// # Errors
///
/// The document cannot be had or read, the working tree has changes of its own, or git failed.
pub fn run_watch(workspace: &Path, task: &Watch, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let known = tasks::known_sources(workspace)?;
    let (found, failed) = look(&known, &task.from);
    let is_new = |loaded: &Loaded| {
        let known = known
            .get(loaded.kind)
            .map(|known| known.canonical_sha256.as_str());
        known != Some(&loaded.source.canonical_sha256)
    };
    let (mut changed, same): (Vec<Loaded>, Vec<Loaded>) = found.into_iter().partition(is_new);
    if changed.is_empty() {
        // Only now: a document that cannot be had must not hide that another one has changed.
        if let Some(error) = failed.into_iter().next() {
            return Err(error);
        }
        let since = dates(&known, same.iter().map(|loaded| loaded.kind));
        writeln!(to, "nothing has changed since {since}")?;
        return Ok(Outcome::Done);
    }
    if !git(workspace, &["status", "--porcelain"])?.is_empty() {
        bail!("the working tree has changes of its own; commit them, or try again in a fresh clone");
    }
    for loaded in &mut changed {
        loaded.source.address = known.address(loaded.kind).to_owned();
    }
    let since = dates(&known, changed.iter().map(|loaded| loaded.kind));
    let mut report = Report::default();
    for error in &failed {
        report.note(format_args!("not looked at: {error:#}"));
    }
    let purpose = Purpose::Write { accept: true };
    let mut update = tasks::update(workspace, changed, purpose, report)?;
    let comparison = update
        .comparison
        .as_ref()
        .context("openapi/paradex.json cannot be read")?;
    if comparison.rows.is_empty() {
        if let Some(error) = failed.into_iter().next() {
            return Err(error);
        }
        writeln!(to, "the interface has not changed since {since}")?;
        return Ok(Outcome::Done);
    }
    if update.report.problems.is_empty()
        && let Ok(generated) = &update.generated
    {
        for problem in compiled(workspace, generated)? {
            update.report.problem(problem);
        }
    }
    let hash = revision(&update.sources);
    let branch = format!("upstream-{hash}");
    let base = git(workspace, &["rev-parse", "HEAD"])?;
    git(workspace, &["switch", "--quiet", "--create", &branch])?;
    let body = body(comparison, &update.report);
    // Without generated files the crate stays as it is, until the problems are fixed.
    let owned = if update.report.problems.is_empty() {
        OWNED
    } else {
        &[]
    };
    update.files()?.write(workspace, owned)?;
    git(workspace, &["add", "--", "openapi", "paradex-api"])?;
    let message = format!("Take in the document published as {hash}");
    git(
        workspace,
        &[
            "-c",
            "user.name=paradex-rs watch",
            "-c",
            "user.email=watch@users.noreply.github.com",
            "commit",
            "--quiet",
            "--message",
            &message,
        ],
    )?;
    std::fs::create_dir_all(&task.out).with_context(|| task.out.display().to_string())?;
    let bundle = std::path::absolute(task.out.join("update.bundle"))?;
    let range = format!("{base}..{branch}");
    git(
        workspace,
        &["bundle", "create", "--quiet", &bundle.to_string_lossy(), &range],
    )?;
    std::fs::write(task.out.join("branch"), format!("{branch}\n"))?;
    std::fs::write(task.out.join("body.md"), body)?;
    writeln!(to, "the published document has changed; {branch} has the update")?;
    Ok(Outcome::Done)
}

/// Reads the documents at these places, or at the known ones. Returns those that can be had, and why the others cannot.
fn look(known: &Sources, from: &[String]) -> (Vec<Loaded>, Vec<anyhow::Error>) {
    let places = match from {
        [] => known.iter().map(|(_, source)| source.address.clone()).collect(),
        from => from.to_vec(),
    };
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for place in places {
        match source::load(&place) {
            Ok(loaded) => found.push(loaded),
            Err(error) => failed.push(error),
        }
    }
    (found, failed)
}

/// The days on which documents were taken in.
fn dates(known: &Sources, kinds: impl Iterator<Item = Kind>) -> String {
    let dates: BTreeSet<&str> = kinds
        .filter_map(|kind| known.get(kind))
        .map(|source| source.date.as_str())
        .collect();
    dates.into_iter().collect::<Vec<_>>().join(" and ")
}

/// What a revision is called: the beginning of the hash of its document or, if there are several, of their hashes.
fn revision(sources: &[Source]) -> String {
    let hashes: Vec<&str> = sources
        .iter()
        .map(|source| source.canonical_sha256.as_str())
        .collect();
    let hash = match hashes.as_slice() {
        [only] => (*only).to_owned(),
        all => source::sha256(all.concat().as_bytes()),
    };
    hash.chars().take(12).collect()
}

/// Compiles the raw crate with these generated files. Returns what the compiler says against it.
fn compiled(workspace: &Path, generated: &BTreeMap<String, String>) -> anyhow::Result<Vec<String>> {
    // TLS makes no difference to the code, and compiles long. Without `stream`, types of the REST API must compile too.
    const FEATURES: [&str; 2] = ["document,schemars", "document,schemars,stream,testing"];
    let folder = workspace.join("target/watch");
    let files = standalone::crate_files(workspace, generated)?;
    Files(files).write(&folder, &["src"])?;
    standalone::settle_lock(&folder);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for features in FEATURES {
        let check = std::process::Command::new(&cargo)
            .args([
                "check",
                "--quiet",
                "--no-default-features",
                "--features",
                features,
            ])
            .current_dir(&folder)
            .output()
            .context("cannot run cargo to compile what was generated")?;
        if !check.status.success() {
            return Ok(compiler_errors(&String::from_utf8_lossy(&check.stderr)));
        }
    }
    Ok(Vec::new())
}

/// The errors in what the compiler printed.
fn compiler_errors(said: &str) -> Vec<String> {
    const MOST: usize = 10;
    let mut errors: Vec<String> = Vec::new();
    for line in said.lines() {
        match line.trim_start().strip_prefix("--> ") {
            Some(place) if errors.last().is_some_and(|last| !last.contains(", at ")) => {
                if let Some(last) = errors.last_mut() {
                    last.push_str(&format!(", at {place}"));
                }
            }
            _ if line.starts_with("error") => {
                errors.push(format!("what was generated does not compile: {line}"))
            }
            _ => {}
        }
    }
    errors.truncate(MOST);
    if errors.is_empty() {
        errors.push("what was generated does not compile, and the compiler does not say why".to_owned());
    }
    errors
}

/// The text of the pull request: what changed and what to release, and then what is left to do.
fn body(comparison: &Comparison, report: &Report) -> String {
    let mut text = comparison.page(Format::Markdown);
    let mut section = |title: &str, lines: &[String]| {
        if !lines.is_empty() {
            let _ = write!(
                text,
                "\n### {title}: {}\n\n{}",
                lines.len(),
                block(&lines.join("\n"))
            );
        }
    };
    section("To be fixed; until then nothing is generated", &report.problems);
    section("To be described before a release", &report.placeholders);
    section("Worth knowing", &report.notes);
    text.push_str(
        "\nCONTRIBUTING has the way from here to a release, under \"Taking in a revision\". CI does not run on what a \
         workflow opens: push a commit, or close and open this again.\n",
    );
    text
}

/// A block of code, whatever is in the text; its beginning, if it is long. GitHub takes 65,536 characters for the
/// whole, of which the report can take two thirds.
fn block(text: &str) -> String {
    const MOST: usize = 6_000;
    let mut shown = String::new();
    for line in text.lines() {
        if shown.len() + line.len() > MOST {
            shown.push_str("…\n");
            break;
        }
        shown.push_str(&printable(line));
        shown.push('\n');
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{shown}{fence}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{block, body};
    use crate::diff::surface::Surface;
    use crate::diff::{Side, compare};
    use crate::report::Report;

    #[test]
    fn pull_request_text_fits_and_ends_with_what_to_do() {
        let side = |operations: usize| {
            let mut paths = serde_json::Map::new();
            for index in 0..operations {
                let name = format!("/{}{index}", "\u{202e}`x".repeat(80));
                paths.insert(
                    name.clone(),
                    json!({"get": {"operationId": name, "responses": {}}}),
                );
            }
            let document =
                json!({"info": {"version": "\u{202e}".repeat(9_999)}, "paths": Value::Object(paths)});
            Side::new("\u{202e}".repeat(9_999), document, Ok(Surface::default()))
        };
        let lines: Vec<String> = (0..9_999)
            .map(|index| format!("{index} {}", "y".repeat(200)))
            .collect();
        let report = Report {
            problems: lines.clone(),
            placeholders: lines.clone(),
            notes: lines,
            ..Report::default()
        };
        for (old, new) in [(3_000, 1), (1, 3_000)] {
            let text = body(&compare(&side(old), &side(new), "0.1.0").unwrap(), &report);
            assert!(text.len() > 20_000 && text.len() < 65_536, "{}", text.len());
            assert!(text.ends_with("close and open this again.\n"));
        }
    }

    #[test]
    fn text_does_not_leave_its_block() {
        assert_eq!(block("a"), "```text\na\n```\n");
        let hostile = "````\n@everyone [x](https://example.com) <img src=x>\n\u{1b}[2J";
        assert_eq!(
            block(hostile),
            "`````text\n````\n@everyone [x](https://example.com) <img src=x>\n\\u{1b}[2J\n`````\n"
        );
        let long = "x".repeat(100);
        let long = vec![long.as_str(); 1000].join("\n");
        assert!(block(&long).len() < 7_000 && block(&long).ends_with("…\n```\n"));
        assert!(block(&"y".repeat(1 << 20)).len() < 100);
    }
}
