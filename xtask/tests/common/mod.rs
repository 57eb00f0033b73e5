//! What several test programs need.
#![allow(dead_code, unused_imports, reason = "not every test program needs everything")]

mod small;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use xtask::autofix::PLACEHOLDER;
use xtask::tasks::{Gen, Outcome, run_gen};

pub use small::small;

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The outcome of a command, and what it printed.
pub fn run(workspace: &Path, task: &Gen) -> (Result<Outcome, String>, String) {
    let mut printed = Vec::new();
    let outcome = run_gen(workspace, task, &mut printed).map_err(|error| format!("{error:#}"));
    (outcome, String::from_utf8(printed).unwrap())
}

/// A copy of what the commands read and write.
pub fn copy() -> tempfile::TempDir {
    let folder = bare();
    copy_all(&workspace().join("openapi"), &folder.path().join("openapi"));
    let generated = "paradex-api/src/generated";
    copy_all(&workspace().join(generated), &folder.path().join(generated));
    describe(folder.path());
    folder
}

/// A copy without a document, and without what is generated from it.
pub fn bare() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["Cargo.toml", "Cargo.lock", "paradex-api/Cargo.toml"] {
        place(
            folder.path(),
            file,
            &fs::read_to_string(workspace().join(file)).unwrap(),
        );
    }
    for part in ["paradex-api/src", "paradex-api/tests", "paradex-api/benches"] {
        copy_all(&workspace().join(part), &folder.path().join(part));
    }
    fs::remove_dir_all(folder.path().join("paradex-api/src/generated")).unwrap();
    folder
}

/// Fills in the placeholders of a revision that is being taken in, so that what is tested does not depend on them.
pub fn describe(folder: &Path) {
    let name = "openapi/descriptions.yaml";
    let words = fs::read_to_string(folder.join(name)).unwrap();
    if words.contains(PLACEHOLDER) {
        place(folder, name, &words.replace(PLACEHOLDER, "Described."));
        let (outcome, printed) = run(folder, &Gen::default());
        assert_eq!(outcome, Ok(Outcome::Done), "{printed}");
    }
}

pub fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_all(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

pub fn place(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Lets one test at a time write a crate and compile it. Crates of one name in one target folder are one to cargo, and it
/// takes what was written before another's build ended for compiled.
pub fn alone_with_the_compiler() -> MutexGuard<'static, ()> {
    static COMPILER: Mutex<()> = Mutex::new(());
    COMPILER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Every file below a folder with its content.
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                all.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    all.sort();
    all
}

/// The vendored document of a folder, to be changed.
pub fn vendored(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("openapi/paradex.json")).unwrap()).unwrap()
}

/// Every place of a document, as a pointer.
pub fn places(value: &Value, place: String, to: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(value, format!("{place}/{name}"), to);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, format!("{place}/{index}"), to);
            }
        }
        _ => {}
    }
    to.push(place);
}

/// Takes in a document; with `out`, elsewhere.
pub fn take_in(
    workspace: &Path,
    document: &Value,
    accept: bool,
    out: Option<&Path>,
) -> (Result<Outcome, String>, String) {
    let folder = tempfile::tempdir().unwrap();
    place(folder.path(), "2026-09-01.json", &document.to_string());
    let task = Gen {
        from: vec![folder.path().join("2026-09-01.json").to_str().unwrap().to_owned()],
        accept,
        out: out.map(Path::to_path_buf),
        ..Gen::default()
    };
    run(workspace, &task)
}

/// A repository with these files in it, committed.
pub fn repository(folder: &Path) {
    let git = |arguments: &[&str]| xtask::git::git(folder, arguments).unwrap();
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["config", "user.name", "Somebody"]);
    git(&["config", "user.email", "somebody@example.com"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Begin"]);
}
