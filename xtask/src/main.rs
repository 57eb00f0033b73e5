//! `cargo xtask`: the maintainer's commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use xtask::licenses::run_licenses;
use xtask::release;
use xtask::report::printable;
use xtask::tasks::{Diff, Gen, Outcome, run_diff, run_gen, run_plain};
use xtask::watch::{Watch, run_watch};

/// The maintainer's commands.
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask",
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done, fresh or the same; 4 stale or different; 1 failed; 2 wrong usage."
)]
struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Regenerate paradex-api from openapi/.
    Gen(Gen),
    /// Report what changed on the wire and in Rust, and which version to release.
    Diff(Diff),
    /// Look at the published document, and prepare a pull request if its interface has changed.
    Watch(Watch),
    /// Prepare a release: write the version and close the section of the changelog.
    ///
    /// Refuses what is unfinished, and a version that is too small for what changed.
    Release {
        /// The version [default: the one that follows from what changed].
        version: Option<String>,
        /// Only check whether what is checked out can be published, under this tag.
        #[arg(long, value_name = "TAG", num_args = 0..=1, conflicts_with = "version")]
        check: Option<Option<String>>,
        /// Only print what the changelog says of the version.
        #[arg(long, conflicts_with_all = ["version", "check"])]
        notes: bool,
    },
    /// Compare paradex-api-ext with its last release, by cargo-semver-checks.
    Semver,
    /// Print the packages that the program `paradex` is built from, with the texts of their licences.
    Licenses,
    /// Write what progenitor alone makes of the document, to compare with ours.
    Plain {
        /// The style of the generated client.
        style: Style,
        /// The folder of the new crate.
        #[arg(value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Style {
    Positional,
    Builder,
}

impl From<Style> for progenitor::InterfaceStyle {
    fn from(style: Style) -> Self {
        match style {
            Style::Positional => Self::Positional,
            Style::Builder => Self::Builder,
        }
    }
}

fn main() -> ExitCode {
    let Some(task) = Arguments::parse().task else {
        println!("{}", Arguments::command().render_help());
        return ExitCode::SUCCESS;
    };
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let to = &mut std::io::stdout();
    let outcome = match task {
        Task::Gen(task) => run_gen(&workspace, &task, to),
        Task::Diff(task) => run_diff(&workspace, &task, to),
        Task::Plain { style, out } => run_plain(&workspace, style.into(), &out, to),
        Task::Watch(task) => run_watch(&workspace, &task, to),
        Task::Release { notes: true, .. } => release::run_notes(&workspace, to),
        Task::Release { check: Some(tag), .. } => release::run_check(&workspace, tag.as_deref(), to),
        Task::Release { version, .. } => release::run_prepare(&workspace, version.as_deref(), to),
        Task::Semver => release::run_semver(&workspace, to),
        Task::Licenses => run_licenses(&workspace, to),
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

#[cfg(test)]
mod tests {
    use clap::error::ErrorKind;

    use super::*;

    fn parse(arguments: &str) -> Result<Task, clap::Error> {
        let arguments = std::iter::once("xtask").chain(arguments.split_whitespace());
        Arguments::try_parse_from(arguments).map(|arguments| arguments.task.unwrap())
    }

    #[test]
    fn command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn release_takes_version_tag_or_nothing() {
        for (arguments, version, check, notes) in [
            ("release", None, None, false),
            ("release 0.2.0", Some("0.2.0"), None, false),
            ("release --check", None, Some(None), false),
            ("release --check v0.2.0", None, Some(Some("v0.2.0")), false),
            ("release --check=v0.2.0", None, Some(Some("v0.2.0")), false),
            ("release --notes", None, None, true),
        ] {
            let Task::Release {
                version: v,
                check: c,
                notes: n,
            } = parse(arguments).unwrap()
            else {
                panic!("{arguments}");
            };
            let c = c.as_ref().map(Option::as_deref);
            assert_eq!((v.as_deref(), c, n), (version, check, notes), "{arguments}");
        }
    }

    #[test]
    fn options_of_gen_and_watch_are_read() {
        let Task::Gen(task) = parse("gen --from a.json --out dir").unwrap() else {
            panic!();
        };
        assert_eq!(
            (task.from, task.out),
            (vec!["a.json".to_owned()], Some(PathBuf::from("dir")))
        );
        assert!(
            matches!(parse("gen --from a --from b").unwrap(), Task::Gen(task) if task.from == ["a", "b"])
        );
        assert!(
            matches!(parse("gen --from a --accept").unwrap(), Task::Gen(task) if task.accept && !task.check)
        );
        assert!(matches!(parse("gen --check").unwrap(), Task::Gen(task) if task.check));
        assert!(matches!(parse("watch --out dir").unwrap(), Task::Watch(task) if task.from.is_empty()));
        assert!(
            matches!(parse("diff a b --format json").unwrap(), Task::Diff(task) if task.old == "a" && task.new == "b")
        );
        assert!(matches!(
            parse("plain builder dir").unwrap(),
            Task::Plain {
                style: Style::Builder,
                ..
            }
        ));
    }

    #[test]
    fn wrong_usage_ends_with_2_and_help_with_0() {
        for arguments in [
            "generate",
            "gen more",
            "gen --out",
            "diff one",
            "diff a b c",
            "diff a b --format yaml",
            "watch",
            "release 1 2",
            "release 1 --notes",
            "release 1 --check",
            "semver more",
            "plain other dir",
            "plain builder",
        ] {
            assert_eq!(parse(arguments).unwrap_err().exit_code(), 2, "{arguments}");
        }
        for arguments in ["--help", "-h", "gen --help", "release -h"] {
            let help = parse(arguments).unwrap_err();
            assert_eq!(
                (help.kind(), help.exit_code()),
                (ErrorKind::DisplayHelp, 0),
                "{arguments}"
            );
        }
    }
}
