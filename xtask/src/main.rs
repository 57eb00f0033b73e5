//! `cargo xtask`: the maintainer's commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::prelude::*;
use xtask::tasks::{Gen, Outcome, run_gen, run_plain};

const HELP: &str = "\
cargo xtask gen [--check] [--from SOURCE] [--accept] [--out DIR]

  gen               regenerate paradex-api from openapi/
    --check         write nothing; say what would change
    --from SOURCE   first take in another published document: a file or an http(s) address,
                    JSON or YAML, OpenAPI 3.0 or Swagger 2.0
    --accept        write placeholders for what has no description, and delete entries for what is gone
    --out DIR       write a crate of its own to DIR instead; what does not fit is told and worked around

cargo xtask plain positional|builder DIR

  plain             write what progenitor alone makes of the document, to compare with ours

Ends with 0: done or fresh, 4: stale, 1: failed, 2: wrong usage.";

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
        Task::Plain(style, out) => run_plain(&workspace, style, &out, to),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Stale) => ExitCode::from(4),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

enum Task {
    Gen(Gen),
    Plain(progenitor::InterfaceStyle, PathBuf),
}

fn arguments() -> Result<Option<Task>, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let mut task = Gen::default();
    match parser.next()? {
        Some(Value(command)) if command == "gen" => {}
        Some(Value(command)) if command == "plain" => return plain(&mut parser).map(Some),
        Some(Long("help") | Short('h')) | None => return Ok(None),
        Some(other) => return Err(other.unexpected()),
    }
    while let Some(argument) = parser.next()? {
        match argument {
            Long("check") => task.check = true,
            Long("from") => task.from = Some(parser.value()?.string()?),
            Long("accept") => task.accept = true,
            Long("out") => task.out = Some(PathBuf::from(parser.value()?)),
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(Task::Gen(task)))
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
