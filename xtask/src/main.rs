//! `cargo xtask`: the maintainer's commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::prelude::*;
use xtask::release;
use xtask::report::printable;
use xtask::tasks::{Diff, Gen, Outcome, run_diff, run_gen, run_plain};
use xtask::watch::{Watch, run_watch};

const HELP: &str = "\
cargo xtask gen [--check] [--from SOURCE] [--accept] [--out DIR]

  gen               regenerate paradex-api from openapi/
    --check         write nothing; say what would change
    --from SOURCE   first take in another published document, and tell what changes by it, as `diff` does;
                    a file or an https address, JSON or YAML, OpenAPI 3.0
    --accept        write placeholders for what has no description, and delete entries for what is gone
    --out DIR       write a crate of its own to DIR instead; what does not fit is told and worked around

cargo xtask diff OLD NEW [--format text|json|markdown]

  diff              tell what changed on the wire and in Rust, and what to release; OLD and NEW are
                    published documents, or git revisions of the vendored one

cargo xtask watch --out DIR [--from SOURCE]

  watch             look at the published document; if its interface has changed, make a branch with the
                    update, and write its name, a bundle of it and the text of a pull request to DIR

cargo xtask release [VERSION] | --check [TAG] | --notes

  release           write the version, or the one that follows from what changed; close the section of the
                    changelog; refuse what is unfinished, and a version that is too small for what changed
    --check         say whether what is checked out can be published, under this tag
    --notes         print what the changelog says of the version

cargo xtask semver

  semver            compare paradex-api-ext with its last release, by cargo-semver-checks

cargo xtask plain positional|builder DIR

  plain             write what progenitor alone makes of the document, to compare with ours

Ends with 0: done, fresh or the same, 4: stale or different, 1: failed, 2: wrong usage.";

fn main() -> ExitCode {
    let task = match arguments() {
        Ok(Some(task)) => task,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let to = &mut std::io::stdout();
    let outcome = match task {
        Task::Gen(task) => run_gen(&workspace, &task, to),
        Task::Diff(task) => run_diff(&workspace, &task, to),
        Task::Plain(style, out) => run_plain(&workspace, style, &out, to),
        Task::Watch(task) => run_watch(&workspace, &task, to),
        Task::Prepare(version) => release::run_prepare(&workspace, version.as_deref(), to),
        Task::Check(tag) => release::run_check(&workspace, tag.as_deref(), to),
        Task::Notes => release::run_notes(&workspace, to),
        Task::Semver => release::run_semver(&workspace, to),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Stale) => ExitCode::from(4),
        Err(error) => {
            // What a document says can be part of it, and must not look like anything else on a terminal or to a
            // program that reads this.
            for (index, line) in format!("{error:#}").lines().enumerate() {
                let start = if index == 0 { "error:" } else { "  |" };
                eprintln!("{start} {}", printable(line));
            }
            ExitCode::FAILURE
        }
    }
}

enum Task {
    Gen(Gen),
    Diff(Diff),
    Plain(progenitor::InterfaceStyle, PathBuf),
    Watch(Watch),
    Prepare(Option<String>),
    Check(Option<String>),
    Notes,
    Semver,
}

/// What is asked for; nothing if it is help.
fn arguments() -> Result<Option<Task>, lexopt::Error> {
    if std::env::args_os().any(|argument| argument == "--help" || argument == "-h") {
        return Ok(None);
    }
    let mut parser = lexopt::Parser::from_env();
    let mut task = Gen::default();
    match parser.next()? {
        Some(Value(command)) if command == "gen" => {}
        Some(Value(command)) if command == "diff" => return diff(&mut parser).map(Some),
        Some(Value(command)) if command == "plain" => return plain(&mut parser).map(Some),
        Some(Value(command)) if command == "watch" => return watch(&mut parser).map(Some),
        Some(Value(command)) if command == "release" => return release(&mut parser).map(Some),
        Some(Value(command)) if command == "semver" => {
            return match parser.next()? {
                None => Ok(Some(Task::Semver)),
                Some(more) => Err(more.unexpected()),
            };
        }
        None => return Ok(None),
        Some(other) => return Err(other.unexpected()),
    }
    while let Some(argument) = parser.next()? {
        match argument {
            Long("check") => task.check = true,
            Long("from") => task.from = Some(parser.value()?.string()?),
            Long("accept") => task.accept = true,
            Long("out") => task.out = Some(PathBuf::from(parser.value()?)),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(Task::Gen(task)))
}

fn diff(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let mut task = Diff::default();
    let mut sides = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(side) if sides.len() < 2 => sides.push(side.string()?),
            Long("format") => task.format = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    let Ok([old, new]) = <[String; 2]>::try_from(sides) else {
        return Err("diff compares two documents; name the old one and the new one".into());
    };
    Ok(Task::Diff(Diff { old, new, ..task }))
}

fn watch(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let (mut from, mut out) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("from") => from = Some(parser.value()?.string()?),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            other => return Err(other.unexpected()),
        }
    }
    let out = out.ok_or("`watch` needs `--out DIR`")?;
    Ok(Task::Watch(Watch { from, out }))
}

fn release(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let task = match parser.next()? {
        Some(Long("check")) => Task::Check(
            parser
                .optional_value()
                .or_else(|| parser.value().ok())
                .map(|tag| tag.string())
                .transpose()?,
        ),
        Some(Long("notes")) => Task::Notes,
        Some(Value(version)) => Task::Prepare(Some(version.string()?)),
        Some(other) => return Err(other.unexpected()),
        None => Task::Prepare(None),
    };
    match parser.next()? {
        None => Ok(task),
        Some(more) => Err(more.unexpected()),
    }
}

fn plain(parser: &mut lexopt::Parser) -> Result<Task, lexopt::Error> {
    let style = match parser.value()?.string()?.as_str() {
        "positional" => progenitor::InterfaceStyle::Positional,
        "builder" => progenitor::InterfaceStyle::Builder,
        other => return Err(format!("{other:?} is neither `positional` nor `builder`").into()),
    };
    let out = PathBuf::from(parser.value()?);
    match parser.next()? {
        None => Ok(Task::Plain(style, out)),
        Some(more) => Err(more.unexpected()),
    }
}
