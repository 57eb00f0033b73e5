//! Runs a built example.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Starts an example. `cargo test` builds the examples of a package before it runs the tests, and puts them beside the folder
/// with the tests.
pub fn start(name: &str) -> Child {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
    let program = folder.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    let started = Command::new(&program)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    started.unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `cargo test --examples` builds it",
            program.display()
        )
    })
}

/// Waits for an example to end, and compares its exit status and its last line.
#[track_caller]
pub fn check(name: &str, example: Child, status: i32, last_line: &str) {
    let output = example.wait_with_output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let shown = format!("{name} printed:\n{stdout}{stderr}");
    assert_eq!(output.status.code(), Some(status), "{shown}");
    assert_eq!(stdout.lines().last(), Some(last_line), "{shown}");
}
