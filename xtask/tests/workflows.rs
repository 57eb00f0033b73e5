//! Tests of the workflows: their rights, and their scripts, which run here with stand-ins.
//!
//! The scripts run on Linux, and so do these tests.
#![cfg(target_os = "linux")]

mod common;
#[path = "workflows/release.rs"]
mod release;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use xtask::git::git;

use common::{place, repository};

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every workflow by its name, with its text.
fn workflows() -> BTreeMap<String, (String, Value)> {
    let folder = root().join(".github/workflows");
    let all: BTreeMap<_, _> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let value = xtask::yaml::read(&text).unwrap();
            (
                path.file_stem().unwrap().to_str().unwrap().to_owned(),
                (text, value),
            )
        })
        .collect();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["ci", "release", "watch"]);
    all
}

/// Every job as `workflow/job`.
fn jobs() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, (_, workflow)) in workflows() {
        for (job, value) in workflow["jobs"].as_object().unwrap() {
            all.push((format!("{name}/{job}"), value.clone()));
        }
    }
    all
}

fn steps(job: &Value) -> &Vec<Value> {
    job["steps"].as_array().unwrap()
}

fn runs(job: &Value) -> String {
    steps(job)
        .iter()
        .filter_map(|step| step["run"].as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The names of the jobs that have ended before this one starts.
fn needs_all(workflow: &str, job: &Value) -> BTreeSet<String> {
    let named = match &job["needs"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(several) => several
            .iter()
            .map(|one| one.as_str().unwrap().to_owned())
            .collect(),
        _ => vec![],
    };
    let mut all = BTreeSet::new();
    for name in named {
        all.extend(needs_all(workflow, &self::job(&format!("{workflow}/{name}"))));
        all.insert(name);
    }
    all
}

/// One job, by `workflow/job`.
fn job(name: &str) -> Value {
    let found = jobs().into_iter().find(|(other, _)| other == name);
    found.unwrap_or_else(|| panic!("there is no job {name}")).1
}

/// Writes a script that can be run as a program.
///
/// A shell writes the file: a program that this process has open for writing can be open in a child of another test as
/// well, and running it fails with `ETXTBSY`.
fn program(folder: &Path, name: &str, script: &str) {
    place(folder, &format!("{name}.text"), script);
    let path = folder.join(name);
    let copied = Command::new("sh")
        .args([
            "-c",
            "cat \"$1.text\" > \"$1\" && chmod 755 \"$1\" && rm \"$1.text\"",
            "sh",
        ])
        .arg(&path)
        .status()
        .unwrap();
    assert!(copied.success(), "{}", path.display());
}

/// The rights of a job beyond reading the repository.
fn rights(job: &Value) -> Vec<String> {
    let rights = job["permissions"].as_object().into_iter().flatten();
    rights
        .map(|(right, level)| format!("{right}: {}", level.as_str().unwrap()))
        .filter(|right| right != "contents: read")
        .collect()
}

#[test]
fn jobs_have_only_the_rights_that_they_need() {
    for (name, (_, workflow)) in workflows() {
        let default = workflow["permissions"].as_object().unwrap();
        assert_eq!(default.len(), 1, "{name}");
        assert_eq!(default["contents"], "read", "{name}");
    }
    let with_rights: Vec<(String, Vec<String>)> = jobs()
        .iter()
        .map(|(name, job)| (name.clone(), rights(job)))
        .filter(|(_, rights)| !rights.is_empty())
        .collect();
    let owned = |name: &str, rights: &[&str]| {
        (
            name.to_owned(),
            rights.iter().map(|right| (*right).to_owned()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        with_rights,
        [
            owned("release/attest", &["attestations: write", "id-token: write"]),
            owned(
                "release/container",
                &["attestations: write", "id-token: write", "packages: write"],
            ),
            owned("release/page", &["attestations: read", "contents: write"]),
            owned("release/publish", &["id-token: write"]),
            owned("watch/propose", &["contents: write", "pull-requests: write"]),
        ]
    );
}

/// What a job with rights may run: commands of the shell, and programs that read, compare, sign and upload files.
const PERMITTED: [&str; 27] = [
    "[",
    "[[",
    "basename",
    "cargo info",
    "cat",
    "cd",
    "cmp",
    "docker buildx imagetools create",
    "docker buildx imagetools inspect",
    "docker load",
    "docker login",
    "docker push",
    "docker tag",
    "echo",
    "exit",
    "gh attestation verify",
    "gh pr create",
    "gh release create",
    "git diff",
    "git fetch",
    "git ls-remote",
    "git push",
    "git rev-parse",
    "read",
    "rustup toolchain install",
    "set",
    "sha256sum",
];

fn starts_with_words(command: &str, words: &str) -> bool {
    let rest = command.strip_prefix(words);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The commands of a script, also those in pipes, conditions and substitutions, without keywords and assignments.
///
/// It knows as much of the shell as our scripts use; what it does not know counts as a command.
fn commands(script: &str) -> Vec<String> {
    assert!(!script.contains('`'), "write $(…):\n{script}");
    let script = script.replace("\\\n", " ");
    let mut commands = Vec::new();
    for line in script.lines().filter(|line| !line.trim().starts_with('#')) {
        let mut parts = vec![line];
        for separator in ["; ", " && ", " || ", " | ", "$("] {
            parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
        }
        for part in parts {
            let mut part = part.trim();
            while let Some(rest) = ["if ", "while ", "! ", "do ", "then ", "IFS= "]
                .iter()
                .find_map(|keyword| part.strip_prefix(keyword))
            {
                part = rest;
            }
            let is_keyword = ["", "do", "then", "else", "fi", "done"].contains(&part);
            let is_head_of_loop = part.starts_with("for ") || part.starts_with("done < ");
            if !is_keyword && !is_head_of_loop && !is_assignment(part) {
                commands.push(part.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    commands
}

/// Whether a part of a script is an assignment alone: `a=1 program` is none.
fn is_assignment(part: &str) -> bool {
    let Some((name, value)) = part.split_once('=') else {
        return false;
    };
    let name = name.strip_suffix('+').unwrap_or(name);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let is_quoted = ["'", "$'"].iter().any(|quote| value.starts_with(quote)) && value.ends_with('\'');
    let is_list = value.starts_with('(') && value.ends_with(')');
    is_name && (is_quoted || is_list || !value.contains(' '))
}

#[test]
fn command_of_a_script_is_found_wherever_it_is() {
    let script = "if ! one --flag; then\n  a=$(two 'x y')\nfi\n# three\nb=1 four\nlist+=(--five \"$c\")\n\
                  for x in *; do\n  six \\\n    seven | eight\ndone < file\n";
    assert_eq!(
        commands(script),
        ["one --flag", "two 'x y')", "b=1 four", "six seven", "eight"]
    );
    assert!(starts_with_words("cat file", "cat") && !starts_with_words("catch", "cat"));
}

#[test]
fn jobs_with_rights_run_no_code_of_ours_or_of_a_dependency() {
    for (name, job) in jobs() {
        if rights(&job).is_empty() {
            continue;
        }
        for command in commands(&runs(&job)) {
            let permitted = PERMITTED.iter().any(|start| starts_with_words(&command, start));
            // These two pack and upload crates. `--no-verify` keeps them from building any.
            let publishes = name == "release/publish"
                && ["cargo package", "cargo publish"]
                    .iter()
                    .any(|start| starts_with_words(&command, start))
                && command.ends_with(" --no-verify");
            assert!(permitted || publishes, "{name}: {command}");
        }
        // It runs only after a job without rights has looked.
        let (workflow, _) = name.split_once('/').unwrap();
        let looks = match workflow {
            "watch" => "look",
            _ => "check",
        };
        assert!(needs_all(workflow, &job).contains(looks), "{name}");
    }
    assert_eq!(
        job("release/publish")["environment"],
        "crates-io",
        "a maintainer approves"
    );
}

#[test]
fn actions_are_pinned_to_a_commit_and_name_their_version() {
    for (name, (text, _)) in workflows() {
        for line in text.lines().filter(|line| line.contains("uses:")) {
            let (_, action) = line.split_once("uses:").unwrap();
            let (action, version) = action
                .trim()
                .split_once(" # v")
                .unwrap_or_else(|| panic!("{name}: {line}"));
            let (_, commit) = action.split_once('@').unwrap();
            let hexadecimal = commit
                .chars()
                .all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase());
            assert!(commit.len() == 40 && hexadecimal, "{name}: {line}");
            assert_eq!(version.split('.').count(), 3, "{name}: {line}");
        }
    }
}

#[test]
fn commands_contain_no_text_from_outside() {
    for (name, job) in jobs() {
        let commands = runs(&job);
        assert!(
            !commands.contains("${{"),
            "{name}: pass it in the environment\n{commands}"
        );
        let places = std::iter::once(&job).chain(steps(&job));
        for (_, value) in places.flat_map(|place| place["env"].as_object().into_iter().flatten()) {
            let value = value.as_str().unwrap();
            let known = [
                "${{ github.token }}",
                "${{ github.repository }}",
                "${{ matrix.part }}",
                "${{ matrix.program }}",
                "${{ matrix.target }}",
                "${{ steps.auth.outputs.token }}",
            ];
            assert!(
                known.contains(&value) || !value.contains("${{"),
                "{name}: {value}"
            );
        }
        // What a step tells others is a constant, or was checked by its form.
        for line in commands
            .lines()
            .filter(|line| line.contains("GITHUB_OUTPUT") || line.contains("GITHUB_ENV"))
        {
            let expected = match name.as_str() {
                "release/container" => "echo \"digest=$digest\" >> \"$GITHUB_OUTPUT\"",
                _ => "echo changed=true >> \"$GITHUB_OUTPUT\"",
            };
            assert_eq!(line.trim(), expected, "{name}");
        }
        for word in ["eval", "pr merge", "--auto", "xargs", "bash -c"] {
            assert!(!commands.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn jobs_have_a_timeout_and_only_the_one_that_pushes_a_credential() {
    for (name, job) in jobs() {
        assert!(job["timeout-minutes"].is_u64(), "{name} has no timeout");
        for step in steps(&job) {
            if step["uses"]
                .as_str()
                .is_some_and(|uses| uses.starts_with("actions/checkout@"))
            {
                let dropped = step["with"]["persist-credentials"] == false;
                assert!(dropped || name == "watch/propose", "{name}");
            }
        }
    }
}

#[test]
fn jobs_with_rights_cannot_be_started_from_outside() {
    for (name, (_, workflow)) in workflows() {
        let triggers: Vec<&String> = workflow["on"].as_object().unwrap().keys().collect();
        let expected: &[&str] = match name.as_str() {
            "ci" => &["pull_request", "push", "schedule"],
            "watch" => &["schedule", "workflow_dispatch"],
            _ => &["push", "workflow_dispatch"],
        };
        assert_eq!(triggers, expected, "{name}");
    }
    // A release that is started by hand is a rehearsal: its jobs with rights are skipped with the one that they need.
    assert_eq!(job("release/attest")["if"], "github.event_name == 'push'");
    for (name, job) in jobs() {
        if name.starts_with("release/") && !rights(&job).is_empty() && name != "release/attest" {
            assert!(needs_all("release", &job).contains("attest"), "{name}");
            assert!(job["if"].is_null(), "{name} would run after a skipped job");
        }
    }
}

#[test]
fn promised_compiler_version_is_checked() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let msrv = manifest["workspace"]["package"]["rust-version"].as_str().unwrap();
    let commands = runs(&job("ci/msrv"));
    assert!(
        commands.contains(&format!("toolchain install {msrv} ")),
        "{commands}"
    );
    assert!(commands.contains(&format!("cargo +{msrv} check")), "{commands}");
    for (name, job) in jobs() {
        for line in runs(&job).lines().filter(|line| line.contains("cargo install")) {
            assert!(
                line.contains("--locked") && line.contains("--version"),
                "{name}: {line}"
            );
        }
    }
}

const BRANCH: &str = "upstream-0123456789ab";

/// What the job `watch/propose` did with an update.
#[derive(Debug, PartialEq, Eq)]
enum Proposal {
    /// It pushed the branch and opened a pull request.
    Opened,
    /// It failed before it pushed anything.
    Refused,
    /// It succeeded and did nothing.
    Nothing,
}

/// Runs the script of `watch/propose`, as the runner does, on an update that `change` commits. `git` commands that
/// begin with `broken` fail.
fn propose(change: impl FnOnce(&Path), broken: Option<&str>) -> (Proposal, String) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = |name: &str| at(name).to_str().unwrap().to_owned();
    for (name, content) in [
        ("README.md", "read me\n"),
        ("build.rs", "fn main() {}\n"),
        ("openapi/paradex.json", "{}\n"),
        ("paradex-api/src/generated/types.rs", "pub struct A;\n"),
    ] {
        place(&at("look"), name, content);
    }
    repository(&at("look"));
    git(
        folder.path(),
        &["clone", "--quiet", "--bare", &text("look"), &text("origin")],
    )
    .unwrap();
    git(
        folder.path(),
        &["clone", "--quiet", &text("origin"), &text("propose")],
    )
    .unwrap();

    git(&at("look"), &["switch", "--quiet", "--create", BRANCH]).unwrap();
    change(&at("look"));
    place(&at("update"), "branch", &format!("{BRANCH}\n"));
    place(&at("update"), "body.md", "body\n");
    let range = format!("main..{BRANCH}");
    git(
        &at("look"),
        &[
            "bundle",
            "create",
            "--quiet",
            &text("update/update.bundle"),
            &range,
        ],
    )
    .unwrap();

    let at_origin = || git(&at("origin"), &["for-each-ref"]).unwrap();
    let before = at_origin();

    // `gh` only notes that it was called; `git` is the real one, unless a command has to fail.
    let real = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|folder| folder.join("git"))
        .find(|path| path.is_file())
        .unwrap();
    let failing = broken.unwrap_or("none of them");
    let wrapper = format!(
        "#!/bin/sh\ncase \"$*\" in \"{failing}\"*) exit 128 ;; esac\nexec {} \"$@\"\n",
        real.display()
    );
    program(folder.path(), "bin/git", &wrapper);
    let opens = format!("#!/bin/sh\necho \"$@\" > {}\n", text("opened"));
    program(folder.path(), "bin/gh", &opens);

    place(folder.path(), "script", &runs(&job("watch/propose")));
    let path = format!("{}:{}", text("bin"), std::env::var("PATH").unwrap());
    // Without `shell:`, the runner starts a script in this way.
    let output = Command::new("bash")
        .args(["-e", &text("script")])
        .current_dir(at("propose"))
        .env("PATH", path)
        .env("RUNNER_TEMP", folder.path())
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .concat();
    let pushed = at_origin() != before;
    let proposal = match (output.status.success(), pushed, at("opened").exists()) {
        (true, true, true) => Proposal::Opened,
        (false, false, false) => Proposal::Refused,
        (true, false, false) => Proposal::Nothing,
        other => panic!("half done: {other:?}\n{printed}"),
    };
    (proposal, printed)
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]).unwrap();
    git(folder, &["commit", "--quiet", "--message", "Update"]).unwrap();
}

/// An update as the watch makes it.
fn regenerate(folder: &Path) {
    place(folder, "openapi/paradex.json", "{\"new\": 1}\n");
    place(folder, "openapi/retired.yaml", "new\n");
    place(folder, "paradex-api/src/generated/types.rs", "pub struct B;\n");
    place(folder, "paradex-api/src/generated/openapi.json", "{}\n");
    place(folder, "paradex-api/benches/plain/mod.rs", "pub struct B;\n");
    place(folder, "paradex-api/tests/wire/calls.rs", "fn calls() {}\n");
    commit(folder);
}

#[test]
fn update_of_generated_files_is_proposed() {
    let (proposal, printed) = propose(regenerate, None);
    assert_eq!(proposal, Proposal::Opened, "{printed}");
}

#[test]
fn update_that_changes_anything_else_is_refused() {
    type Change = fn(&Path);
    let changes: [(&str, Change); 9] = [
        ("another file", |folder| place(folder, "README.md", "changed\n")),
        ("a new file elsewhere", |folder| {
            place(folder, ".cargo/config.toml", "[build]\n")
        }),
        ("a new script beside the documents", |folder| {
            place(folder, "openapi/run.sh", "exit\n")
        }),
        ("a file with a line break in its name", |folder| {
            place(folder, "openapi/a.json\nb", "x\n");
        }),
        ("the source of a rename", |folder| {
            fs::rename(folder.join("README.md"), folder.join("openapi/read.json")).unwrap();
        }),
        ("a file that became a program", |folder| {
            let path = folder.join("openapi/paradex.json");
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("a symbolic link", |folder| {
            symlink("../build.rs", folder.join("openapi/link.json")).unwrap();
        }),
        ("a file that became a symbolic link", |folder| {
            fs::remove_file(folder.join("openapi/paradex.json")).unwrap();
            symlink("../build.rs", folder.join("openapi/paradex.json")).unwrap();
        }),
        ("a submodule", |folder| {
            let head = git(folder, &["rev-parse", "HEAD"]).unwrap();
            let entry = format!("160000,{head},openapi/module.json");
            git(folder, &["update-index", "--add", "--cacheinfo", &entry]).unwrap();
            git(folder, &["commit", "--quiet", "--message", "Update"]).unwrap();
        }),
    ];
    for (says, change) in changes {
        let update = |folder: &Path| {
            change(folder);
            if says != "a submodule" {
                commit(folder);
            }
        };
        let (proposal, printed) = propose(update, None);
        assert_eq!(proposal, Proposal::Refused, "{says}\n{printed}");
    }
}

#[test]
fn update_that_hides_a_commit_is_refused() {
    let hidden = |folder: &Path| {
        place(folder, "README.md", "for a moment\n");
        commit(folder);
        place(folder, "README.md", "read me\n");
        regenerate(folder);
    };
    let (proposal, printed) = propose(hidden, None);
    assert_eq!(proposal, Proposal::Refused, "{printed}");
}

#[test]
fn update_is_refused_when_a_check_cannot_be_made() {
    for broken in ["diff", "ls-remote", "fetch", "rev-parse"] {
        let (proposal, printed) = propose(regenerate, Some(broken));
        assert_eq!(proposal, Proposal::Refused, "git {broken} fails\n{printed}");
    }
}

#[test]
fn revision_whose_branch_exists_is_not_proposed_again() {
    let update = |folder: &Path| {
        regenerate(folder);
        let origin = folder.join("../origin");
        git(folder, &["push", "--quiet", origin.to_str().unwrap(), BRANCH]).unwrap();
    };
    let (proposal, printed) = propose(update, None);
    assert_eq!(proposal, Proposal::Nothing, "{printed}");
}

#[test]
fn script_with_a_pipe_stops_when_one_of_its_ends_fails() {
    for (name, job) in jobs() {
        for step in steps(&job) {
            let script = step["run"].as_str().unwrap_or_default();
            if script.trim_end().contains('|') {
                assert!(script.starts_with("set -euo pipefail\n"), "{name}:\n{script}");
            }
        }
    }
}
