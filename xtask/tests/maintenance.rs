//! What runs without anybody looking: the watch on the published document, and the gate before a release.

mod common;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use serde_json::{Value, json};
use xtask::git::git;
use xtask::release::{run_check, run_notes, run_prepare, run_semver};
use xtask::tasks::Outcome;
use xtask::watch::{Watch, run_watch};

use common::{
    alone_with_the_compiler, contents, copy_all, place, repository, small, take_in, vendored, workspace,
};

/// Publishes a document on this machine.
fn publish(document: &Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/openapi.json", listener.local_addr().unwrap());
    let body = document.to_string();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4096]);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            connection.write_all(head.as_bytes()).unwrap();
            connection.write_all(body.as_bytes()).unwrap();
        }
    });
    address
}

fn watch(folder: &Path, out: &Path, from: String) -> (Result<Outcome, String>, String) {
    let mut printed = Vec::new();
    let task = Watch {
        from: vec![from],
        out: out.to_path_buf(),
    };
    let outcome = run_watch(folder, &task, &mut printed).map_err(|error| format!("{error:#}"));
    (outcome, String::from_utf8(printed).unwrap())
}

/// Lets cargo keep what the dependencies of a copy compile to from run to run.
fn warm(folder: &Path) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiles");
    let config = format!("[build]\ntarget-dir = {:?}\n", target.to_str().unwrap());
    place(folder, ".cargo/config.toml", &config);
}

#[test]
fn code_that_does_not_compile_is_not_proposed() {
    let (folder, out) = (small(), tempfile::tempdir().unwrap());
    let _alone = alone_with_the_compiler();
    warm(folder.path());
    let lib = fs::read_to_string(folder.path().join("paradex-api/src/lib.rs")).unwrap();
    let broken = format!("{lib}\nimpl types::ApiToken {{ fn f(&self) -> &str {{ self.colour.len() }} }}\n");
    place(folder.path(), "paradex-api/src/lib.rs", &broken);
    repository(folder.path());
    let mut document = vendored(folder.path());
    document["components"]["schemas"]["responses.ApiToken"]["properties"]["colour"] =
        json!({"type": "string"});
    let (outcome, printed) = watch(folder.path(), out.path(), publish(&document));
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    let body = fs::read_to_string(out.path().join("body.md")).unwrap();
    for said in [
        "To be fixed; until then nothing is generated: ",
        "what was generated does not compile: error[",
        ", at src/lib.rs:",
    ] {
        assert!(body.contains(said), "{said}\nis not in\n{body}");
    }
    let changed = git(folder.path(), &["diff", "--name-only", "main"]).unwrap();
    assert!(!changed.contains("paradex-api/"), "{changed}");
}

#[test]
fn watch_does_nothing_while_the_interface_is_unchanged() {
    let (folder, out) = (small(), tempfile::tempdir().unwrap());
    repository(folder.path());
    let mut document = vendored(folder.path());
    // Words are no interface.
    document["info"]["description"] = json!("New words.");
    let before = contents(folder.path());
    let (outcome, printed) = watch(folder.path(), out.path(), publish(&document));
    assert_eq!(outcome, Ok(Outcome::Done));
    assert!(printed.starts_with("nothing has changed"), "{printed}");
    // Neither is a number.
    document["info"]["version"] = json!("9.9");
    let (outcome, printed) = watch(folder.path(), out.path(), publish(&document));
    assert_eq!(outcome, Ok(Outcome::Done));
    assert!(printed.starts_with("the interface has not changed"), "{printed}");
    assert_eq!(contents(folder.path()), before);
    assert!(contents(out.path()).is_empty());
}

#[test]
fn new_revision_becomes_a_branch_and_a_harmless_text() {
    let (folder, out) = (small(), tempfile::tempdir().unwrap());
    let _alone = alone_with_the_compiler();
    warm(folder.path());
    repository(folder.path());
    let mut document = vendored(folder.path());
    document["info"]["version"] = json!("```\n@everyone $(touch x) ${{ github.token }}");
    document["components"]["schemas"]["responses.ApiToken"]["properties"]["co_lour.x"] =
        json!({"type": "string"});
    let (outcome, printed) = watch(folder.path(), out.path(), publish(&document));
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");

    let read = |name: &str| fs::read_to_string(out.path().join(name)).unwrap();
    let branch = read("branch");
    let branch = branch.trim();
    let hash = branch.strip_prefix("upstream-").unwrap();
    assert!(
        hash.len() == 12 && hash.chars().all(|c| c.is_ascii_hexdigit()),
        "{branch}"
    );
    let body = read("body.md");
    // The report comes first, and then what is left to do.
    assert!(body.starts_with("From `openapi/paradex.json` (`1."), "{body}");
    for said in [
        "**Verdict:** minor. paradex-api and paradex-api-ext go from `",
        "### What is new?",
        "`rust-field-added`: `types::ApiToken.co_lour_x` is new",
        "```markdown\nFollows the exchange's document `",
        "* Fields: `types::ApiToken.co_lour_x`.",
    ] {
        assert!(body.contains(said), "{said}\nis not in\n{body}");
    }
    assert!(
        body.contains("@everyone") && body.contains("field `responses.ApiToken.co_lour.x`"),
        "{body}"
    );
    assert!(body.contains("To be described before a release: 1"), "{body}");
    // Outside of its blocks and spans of code the text is ours alone.
    let (mut outside, mut fence) = (String::new(), None);
    for line in body.lines() {
        match &fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => {
                fence = Some(line.trim_end_matches(char::is_alphabetic).to_owned())
            }
            None => outside.extend(line.split('`').step_by(2)),
        }
    }
    assert!(outside.contains("CONTRIBUTING"), "{outside}");
    assert!(
        !outside.contains('@') && !outside.contains("co_lour"),
        "{outside}"
    );

    // The bundle brings the branch into another clone, with one commit that touches what it may touch.
    let clone = tempfile::tempdir().unwrap();
    let at = |arguments: &[&str]| git(clone.path(), arguments).unwrap();
    at(&[
        "clone",
        "--quiet",
        "--branch",
        "main",
        folder.path().to_str().unwrap(),
        ".",
    ]);
    let bundle = out.path().join("update.bundle");
    at(&[
        "fetch",
        "--quiet",
        bundle.to_str().unwrap(),
        &format!("{branch}:{branch}"),
    ]);
    assert_eq!(at(&["rev-list", "--count", &format!("main..{branch}")]), "1");
    let changed = at(&["diff", "--name-only", "main", branch]);
    for file in [
        "openapi/descriptions.yaml",
        "openapi/paradex.json",
        "openapi/source.toml",
        "paradex-api/src/generated/types.rs",
    ] {
        assert!(changed.contains(file), "{file}: {changed}");
    }
    assert!(
        changed
            .lines()
            .all(|file| file.starts_with("openapi/") || file.starts_with("paradex-api/"))
    );
    assert!(!at(&["log", "-1", "--format=%B", branch]).contains('@'));
}

#[test]
fn revision_that_needs_a_decision_comes_without_generated_code() {
    let (folder, out) = (small(), tempfile::tempdir().unwrap());
    repository(folder.path());
    let mut document = vendored(folder.path());
    document["components"]["schemas"]["responses.ApiToken"]["properties"]["new_token"] =
        json!({"type": "string"});
    let (outcome, printed) = watch(folder.path(), out.path(), publish(&document));
    assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    let body = fs::read_to_string(out.path().join("body.md")).unwrap();
    assert!(
        body.contains("To be fixed; until then nothing is generated: 1"),
        "{body}"
    );
    assert!(
        body.contains("`responses.ApiToken.new_token` sounds like a secret"),
        "{body}"
    );
    let changed = git(folder.path(), &["diff", "--name-only", "main"]).unwrap();
    assert_eq!(
        changed,
        "openapi/descriptions.yaml\nopenapi/paradex.json\nopenapi/source.toml"
    );
}

#[test]
fn watch_refuses_a_working_tree_with_changes() {
    let (folder, out) = (small(), tempfile::tempdir().unwrap());
    repository(folder.path());
    place(folder.path(), "openapi/note.txt", "mine");
    let mut document = vendored(folder.path());
    document["info"]["version"] = json!("2");
    let before = contents(folder.path());
    let (outcome, _) = watch(folder.path(), out.path(), publish(&document));
    assert!(outcome.unwrap_err().contains("changes of its own"));
    assert_eq!(contents(folder.path()).len(), before.len());
    let plain = watch(folder.path(), out.path(), "http://203.0.113.1/x".to_owned());
    assert!(plain.0.unwrap_err().contains("not https"));
}

/// What a command printed, or why it failed.
fn said(run: impl FnOnce(&mut dyn std::io::Write) -> anyhow::Result<Outcome>) -> Result<String, String> {
    let mut printed = Vec::new();
    match run(&mut printed) {
        Ok(_) => Ok(String::from_utf8(printed).unwrap()),
        Err(error) => Err(format!("{error:#}")),
    }
}

/// A copy with everything that a release reads and cargo looks at.
fn whole_copy() -> tempfile::TempDir {
    let folder = small();
    for part in ["paradex-api-ext", "xtask"] {
        copy_all(&workspace().join(part), &folder.path().join(part));
    }
    for name in ["README.md", "CHANGELOG.md", "paradex-api/README.md"] {
        let text = fs::read_to_string(workspace().join(name)).unwrap();
        place(folder.path(), name, &text);
    }
    folder
}

#[test]
fn release_is_prepared_and_refused_while_unfinished() {
    let folder = whole_copy();
    let at = folder.path();
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();
    // The changelog of this workspace has the form that all this needs.
    assert!(read("CHANGELOG.md").contains("\n## Unreleased\n"));
    place(at, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n* A line.\n");
    place(
        at,
        "openapi/retired.yaml",
        "- {enum: ErrorCode, value: OLD, variant: Old, gone: '1', keep_until: 2020-01}\n",
    );
    xtask::tasks::run_gen(at, &xtask::tasks::Gen::default(), &mut Vec::new()).unwrap();
    repository(at);
    let check = |tag: Option<&str>| said(|to| run_check(at, tag, to));

    // Nothing was prepared yet, and without a release nothing follows from what changed.
    let unnamed = said(|to| run_prepare(at, None, to)).unwrap_err();
    assert!(unnamed.contains("name the version"), "{unnamed}");
    let refused = check(None).unwrap_err();
    assert!(
        refused.contains("no section for") && refused.contains("entries without `since`"),
        "{refused}"
    );
    for (version, why) in [
        ("1.0", "no version"),
        ("1.0.0-rc1", "no version"),
        ("v1.0.0", "no version"),
    ] {
        assert!(
            said(|to| run_prepare(at, Some(version), to))
                .unwrap_err()
                .contains(why),
            "{version}"
        );
    }

    let printed = said(|to| run_prepare(at, Some("9.8.7"), to)).unwrap();
    assert!(
        printed.contains("ErrorCode OLD was to be kept until 2020-01"),
        "{printed}"
    );
    let upstream = vendored(at)["info"]["version"].as_str().unwrap().to_owned();
    let manifest = read("Cargo.toml");
    assert!(
        manifest.contains(&format!("version = \"9.8.7+api.{upstream}\"\n")),
        "{manifest}"
    );
    assert!(
        manifest.contains("path = \"paradex-api\", version = \"9.8.7\""),
        "{manifest}"
    );
    assert!(read("Cargo.lock").contains(&format!("version = \"9.8.7+api.{upstream}\"")));
    // Where the program is installed from.
    let client = read("paradex-api-ext/Cargo.toml");
    assert!(
        client.contains("/releases/download/v9.8.7/paradex-{ target }"),
        "{client}"
    );
    for page in ["README.md", "paradex-api-ext/src/fleet/operators.md"] {
        let text = read(page);
        let images = text.matches("ghcr.io/paradex-rs/paradex:").count();
        assert!(
            images > 0 && text.matches("ghcr.io/paradex-rs/paradex:9.8.7").count() == images,
            "{page}"
        );
    }
    assert!(read("paradex-api/src/generated/types.rs").contains("#[deprecated(since = \"9.8.7\","));
    assert_eq!(
        check(Some("v9.8.7")).unwrap(),
        format!("9.8.7+api.{upstream} can be published\n")
    );
    assert_eq!(said(|to| run_notes(at, to)).unwrap(), "* A line.\n");
    assert!(
        check(Some("v9.8.8"))
            .unwrap_err()
            .contains("the tag is \"v9.8.8\"")
    );
    place(
        at,
        "paradex-api-ext/Cargo.toml",
        &client.replace("v9.8.7/", "v9.8.6/"),
    );
    assert!(
        check(None)
            .unwrap_err()
            .contains("paradex-api-ext/Cargo.toml does not name \"/releases/download/v9.8.7/\"")
    );
    place(at, "paradex-api-ext/Cargo.toml", &client);

    // The next must be greater, and have something to say.
    assert!(
        said(|to| run_semver(at, to))
            .unwrap()
            .contains("no release to compare")
    );
    git(at, &["commit", "--all", "--quiet", "--message", "Release"]).unwrap();
    git(at, &["tag", "v9.8.7"]).unwrap();
    assert!(
        said(|to| run_semver(at, to))
            .unwrap()
            .contains("still that of v9.8.7")
    );
    assert!(
        said(|to| run_prepare(at, Some("9.8.7"), to))
            .unwrap_err()
            .contains("not greater than v9.8.7")
    );
    assert!(
        said(|to| run_prepare(at, Some("9.9.0"), to))
            .unwrap_err()
            .contains("says nothing")
    );

    // A placeholder compiles and is not released.
    let words = read("openapi/descriptions.yaml");
    let line = words
        .lines()
        .find(|line| line.trim_start().starts_with("summary: "))
        .unwrap();
    place(
        at,
        "openapi/descriptions.yaml",
        &words.replacen(line, "    summary: TODO(describe)", 1),
    );
    xtask::tasks::run_gen(at, &xtask::tasks::Gen::default(), &mut Vec::new()).unwrap();
    let refused = check(Some("v9.8.7")).unwrap_err();
    assert!(
        refused.contains("has a placeholder for a description"),
        "{refused}"
    );
}

#[test]
fn version_after_a_break_is_proposed_and_a_smaller_one_refused() {
    let folder = whole_copy();
    let at = folder.path();
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();
    let check = |tag: Option<&str>| said(|to| run_check(at, tag, to));
    let manifest = read("Cargo.toml");
    let own = xtask::version::released(&manifest).unwrap();
    let plain = own.split('+').next().unwrap();
    let manifest = manifest.replace(&format!("\"{own}\""), "\"9.8.7\"");
    let manifest = manifest.replace(&format!("\"{plain}\""), "\"9.8.7\"");
    place(at, "Cargo.toml", &manifest);
    for name in [
        "paradex-api-ext/Cargo.toml",
        "README.md",
        "paradex-api-ext/src/fleet/operators.md",
    ] {
        let text = read(name);
        let (place_of_archives, image) = ("/releases/download/v", "ghcr.io/paradex-rs/paradex:");
        let text = text.replace(
            &format!("{place_of_archives}{plain}"),
            &format!("{place_of_archives}9.8.7"),
        );
        place(
            at,
            name,
            &text.replace(&format!("{image}{plain}"), &format!("{image}9.8.7")),
        );
    }
    place(at, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n* A line.\n");
    repository(at);
    git(at, &["tag", "v9.8.7"]).unwrap();
    // No release, whatever it is sorted before.
    git(at, &["tag", "v99-try"]).unwrap();
    let unnamed = said(|to| run_prepare(at, None, to)).unwrap_err();
    assert!(
        unnamed.contains("nothing in paradex-api has changed since v9.8.7"),
        "{unnamed}"
    );

    let mut document = vendored(at);
    document["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/system/time")
        .unwrap();
    assert_eq!(take_in(at, &document, true, None).0, Ok(Outcome::Done));
    let refused = said(|to| run_prepare(at, Some("9.9.0"), to)).unwrap_err();
    assert!(
        refused.contains("9.9.0 is too small: what changed since v9.8.7 is major, so it is 10.0.0 at least")
            && refused.contains("rust-call-removed `Client::get_system_time()` is gone."),
        "{refused}"
    );
    let printed = said(|to| run_prepare(at, None, to)).unwrap();
    assert!(
        printed.starts_with("Verdict: major.")
            && printed.contains("10.0.0+api.")
            && printed.contains(" is ready"),
        "{printed}"
    );
    assert!(read("CHANGELOG.md").contains("\n## 10.0.0, "));
    assert!(check(Some("v10.0.0")).is_ok());
    let manifest = read("Cargo.toml");
    place(at, "Cargo.toml", &manifest.replace("10.0.0", "9.9.0"));
    assert!(check(None).unwrap_err().contains("9.9.0 is too small"));
}
