//! The workflows: what runs on somebody else's machine, with rights, and cannot be run here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

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

/// The rights of a job beyond reading the repository.
fn rights(job: &Value) -> Vec<String> {
    let rights = job["permissions"].as_object().into_iter().flatten();
    rights
        .map(|(right, level)| format!("{right}: {}", level.as_str().unwrap()))
        .filter(|right| right != "contents: read")
        .collect()
}

#[test]
fn a_job_has_no_right_that_it_does_not_need() {
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
            owned("release/page", &["contents: write"]),
            owned("release/publish", &["id-token: write"]),
            owned("watch/propose", &["contents: write", "pull-requests: write"]),
        ]
    );
}

#[test]
fn a_job_with_rights_runs_no_code_of_ours_or_of_a_dependency() {
    for (name, job) in jobs() {
        if rights(&job).is_empty() {
            continue;
        }
        for line in runs(&job).lines().map(str::trim) {
            let builds = ["cargo", "./", ".ci", "make", "curl", "sh "]
                .iter()
                .any(|word| line.starts_with(word));
            let publishes = name == "release/publish"
                && line.starts_with("cargo publish")
                && line.contains("--no-verify");
            assert!(!builds || publishes, "{name}: {line}");
        }
        // It runs only after a job without rights has looked.
        assert!(job["needs"].is_string(), "{name}");
    }
    let publish = jobs()
        .into_iter()
        .find(|(name, _)| name == "release/publish")
        .unwrap()
        .1;
    assert_eq!(publish["environment"], "crates-io", "a maintainer approves");
}

#[test]
fn every_action_is_pinned_to_a_commit_and_names_its_version() {
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
fn nothing_from_outside_is_put_into_a_command() {
    for (name, job) in jobs() {
        let commands = runs(&job);
        assert!(
            !commands.contains("${{"),
            "{name}: pass it in the environment\n{commands}"
        );
        for step in steps(&job) {
            for (_, value) in step["env"].as_object().into_iter().flatten() {
                let value = value.as_str().unwrap();
                let known = [
                    "${{ github.token }}",
                    "${{ github.repository }}",
                    "${{ steps.auth.outputs.token }}",
                ];
                assert!(known.contains(&value), "{name}: {value}");
            }
        }
        // The only thing that a job tells another is a constant.
        for line in commands
            .lines()
            .filter(|line| line.contains("GITHUB_OUTPUT") || line.contains("GITHUB_ENV"))
        {
            assert_eq!(line.trim(), "echo changed=true >> \"$GITHUB_OUTPUT\"", "{name}");
        }
        for word in ["eval", "pr merge", "--auto", "xargs", "bash -c"] {
            assert!(!commands.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn only_the_job_that_pushes_keeps_a_credential_and_every_job_ends() {
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
fn nobody_outside_can_start_a_job_with_rights() {
    for (name, (_, workflow)) in workflows() {
        let triggers: Vec<&String> = workflow["on"].as_object().unwrap().keys().collect();
        let expected: &[&str] = match name.as_str() {
            "ci" => &["pull_request", "push", "schedule"],
            "watch" => &["schedule", "workflow_dispatch"],
            _ => &["push"],
        };
        assert_eq!(triggers, expected, "{name}");
    }
}

#[test]
fn what_is_promised_and_what_is_checked_are_the_same() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let msrv = manifest["workspace"]["package"]["rust-version"].as_str().unwrap();
    let (_, job) = jobs().into_iter().find(|(name, _)| name == "ci/msrv").unwrap();
    let commands = runs(&job);
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
