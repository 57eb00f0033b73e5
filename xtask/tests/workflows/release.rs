//! The release: its archives, its image, and that what is published is what was attested.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::common::{contents, place};
use crate::{job, jobs, program, root, runs, steps};

fn toml(path: &str) -> toml::Table {
    fs::read_to_string(root().join(path)).unwrap().parse().unwrap()
}

/// Runs a script as the runner does. The programs of the folder `bin` come before those of the system.
fn run(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Output {
    place(folder, "script", script);
    let path = format!("{}/bin:{}", folder.display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["-e", folder.join("script").to_str().unwrap()])
        .current_dir(folder)
        .env("PATH", path)
        .env("RUNNER_TEMP", folder)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[track_caller]
fn succeeds(output: &Output) {
    assert!(output.status.success(), "{output:?}");
}

/// The one script of a job that contains a text.
fn script(name: &str, contains: &str) -> String {
    let job = job(name);
    let mut scripts = steps(&job).iter().filter_map(|step| step["run"].as_str());
    let found = scripts.find(|script| script.contains(contains));
    found
        .unwrap_or_else(|| panic!("{name} runs no {contains}"))
        .to_owned()
}

/// The targets for which programs are built, each with the name of its program.
fn targets() -> Vec<(String, String)> {
    let build = job("release/build");
    let included = build["strategy"]["matrix"]["include"].as_array().unwrap();
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    included
        .iter()
        .map(|entry| (text(entry, "target"), text(entry, "program")))
        .collect()
}

/// Programs as the jobs of `build` upload them. Uploaded files cannot be executed.
fn built(folder: &Path) {
    let stub = "#!/bin/sh\ncase \"$1\" in\nman) echo page > \"$2/paradex.1\" ;;\ncompletions) echo \"for $2\" ;;\nesac\n";
    for (target, program) in targets() {
        place(folder, &format!("programs/program-{target}/{program}"), stub);
    }
    place(folder, "licenses/THIRD-PARTY.txt", "licences\n");
}

/// Packs the programs into `page`.
fn pack(folder: &Path) {
    built(folder);
    place(folder, "page/paradex-api.cdx.json", "{}\n");
    let script = root().join(".ci/archive").canonicalize().unwrap();
    let output = Command::new(script)
        .args(["programs", "licenses", "page"])
        .current_dir(folder)
        .output()
        .unwrap();
    succeeds(&output);
}

#[test]
fn archives_are_where_binstall_looks_for_them() {
    let folder = tempfile::tempdir().unwrap();
    pack(folder.path());
    let binstall = &toml("paradex-api-ext/Cargo.toml")["package"]["metadata"]["binstall"];
    let package = &toml("Cargo.toml")["workspace"]["package"];
    let repository = package["repository"].as_str().unwrap();
    let version = package["version"].as_str().unwrap().split('+').next().unwrap();
    assert_eq!(binstall["pkg-fmt"].as_str(), Some("tgz"));
    let targets = targets();
    assert_eq!(targets.len(), 5);
    for (target, program) in targets {
        let suffix = program.strip_prefix("paradex").unwrap();
        let expand = |key: &str| {
            let expanded = binstall[key]
                .as_str()
                .unwrap()
                .replace("{ repo }", repository)
                .replace("{ target }", &target)
                .replace("{ bin }", "paradex")
                .replace("{ binary-ext }", suffix);
            assert!(!expanded.contains(['{', '}']), "{expanded}");
            expanded
        };
        let page = format!("{repository}/releases/download/v{version}/");
        let address = expand("pkg-url");
        let archive = address.strip_prefix(&page).unwrap_or_else(|| panic!("{address}"));
        let unpacked = folder.path().join("unpacked").join(&target);
        fs::create_dir_all(&unpacked).unwrap();
        let output = Command::new("tar")
            .args(["-xzf", folder.path().join("page").join(archive).to_str().unwrap()])
            .current_dir(&unpacked)
            .output()
            .unwrap();
        succeeds(&output);
        let program = unpacked.join(expand("bin-dir"));
        let mode = program.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755, "{}", program.display());
        for beside in [
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "THIRD-PARTY.txt",
            "man/paradex.1",
            "completions/paradex.bash",
            "completions/paradex.elv",
            "completions/paradex.fish",
            "completions/_paradex.ps1",
            "completions/_paradex",
        ] {
            let text = fs::read_to_string(program.with_file_name(beside)).unwrap();
            assert!(!text.is_empty(), "{beside}");
        }
    }
}

#[test]
fn checksums_name_all_files_of_the_page_and_same_programs_make_the_same_archives() {
    let folder = tempfile::tempdir().unwrap();
    pack(folder.path());
    let page = folder.path().join("page");
    let sums = fs::read_to_string(page.join("SHA256SUMS")).unwrap();
    let mut listed: Vec<&str> = sums
        .lines()
        .map(|line| line.split_once("  ").unwrap().1)
        .collect();
    listed.push("SHA256SUMS");
    listed.sort_unstable();
    let mut files: Vec<String> = fs::read_dir(&page)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(listed, files);
    assert_eq!(files.len(), targets().len() + 2);
    let output = Command::new("sha256sum")
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(&page)
        .output()
        .unwrap();
    succeeds(&output);

    let first = contents(&page);
    pack(folder.path());
    assert_eq!(contents(&page), first);
}

#[test]
fn program_that_was_not_built_stops_the_release() {
    for (target, program) in targets() {
        let folder = tempfile::tempdir().unwrap();
        built(folder.path());
        fs::create_dir(folder.path().join("page")).unwrap();
        fs::remove_file(folder.path().join(format!("programs/program-{target}/{program}"))).unwrap();
        let output = Command::new(root().join(".ci/archive").canonicalize().unwrap())
            .args(["programs", "licenses", "page"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(!output.status.success(), "{target}: {output:?}");
        assert!(!folder.path().join("page/SHA256SUMS").exists(), "{target}");
    }
}

/// The names of the artifacts that a job passes on or takes, with their folders.
fn artifacts(job: &Value, action: &str) -> Vec<(String, String)> {
    let passes = steps(job).iter().filter(|step| {
        step["uses"]
            .as_str()
            .is_some_and(|uses| uses.starts_with(&format!("actions/{action}-artifact@")))
    });
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    passes
        .map(|step| {
            let with = &step["with"];
            let name = [&with["name"], &with["pattern"]].map(text).concat();
            (name, text(&with["path"]))
        })
        .collect()
}

#[test]
fn published_files_are_the_attested_ones() {
    // Each artifact is written once. A later job could only add others.
    let mut uploaded: Vec<String> = jobs()
        .iter()
        .filter(|(name, _)| name.starts_with("release/"))
        .flat_map(|(_, job)| artifacts(job, "upload"))
        .map(|(name, _)| name)
        .collect();
    uploaded.sort();
    assert_eq!(
        uploaded,
        [
            "crates",
            "image",
            "licenses",
            "notes",
            "page",
            "program-${{ matrix.target }}",
            "sbom"
        ]
    );

    let folder = |name: &str| (name.to_owned(), format!("${{{{ runner.temp }}}}/{name}"));
    let attest = job("release/attest");
    assert_eq!(
        artifacts(&attest, "download"),
        [folder("page"), folder("crates"), folder("image")]
    );
    assert_eq!(runs(&attest), "", "it only attests");
    let subjects = steps(&attest).last().unwrap()["with"]["subject-path"]
        .as_str()
        .unwrap();
    assert_eq!(
        subjects.lines().collect::<Vec<_>>(),
        [
            "${{ runner.temp }}/page/*",
            "${{ runner.temp }}/crates/*",
            "${{ runner.temp }}/image/*"
        ]
    );
    assert_eq!(
        artifacts(&job("release/page"), "download"),
        [folder("page"), folder("notes")]
    );
    assert_eq!(artifacts(&job("release/publish"), "download"), [folder("crates")]);
    let container = job("release/container");
    assert_eq!(artifacts(&container, "download"), [folder("image")]);
    let attested = &steps(&container).last().unwrap()["with"];
    assert_eq!(attested["subject-digest"], "${{ steps.push.outputs.digest }}");
    assert_eq!(attested["subject-name"], "ghcr.io/paradex-rs/paradex");
}

/// A `gh` that notes its calls, and fails those that begin with a text.
fn note_calls(folder: &Path, program_name: &str, failing: &str, more: &str) {
    let text = format!(
        "#!/bin/sh\ncase \"$*\" in \"{failing}\"*) exit 1 ;; esac\necho \"$@\" >> \"$RUNNER_TEMP/calls\"\n{more}"
    );
    program(folder, &format!("bin/{program_name}"), &text);
}

fn calls(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("calls")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn release_page_gets_every_attested_file_and_no_other() {
    let script = script("release/page", "gh release create");
    let publish = |change: &dyn Fn(&Path), failing: &str| {
        let folder = tempfile::tempdir().unwrap();
        pack(folder.path());
        change(folder.path());
        note_calls(folder.path(), "gh", failing, "");
        let variables = [("GITHUB_REF_NAME", "v0.2.0"), ("GH_REPO", "o/r")];
        let output = run(&script, folder.path(), &variables);
        (output.status.success(), calls(folder.path()))
    };
    let (done, called) = publish(&|_| {}, "nothing");
    assert!(done);
    let (create, verified) = called.split_last().unwrap();
    let files = create.split_once(" -- ").unwrap().1;
    assert!(
        create.starts_with("release create v0.2.0 --verify-tag "),
        "{create}"
    );
    let checked: Vec<String> = files
        .split(' ')
        .map(|file| {
            format!(
                "attestation verify {file} --repo o/r --signer-workflow o/r/.github/workflows/release.yml"
            )
        })
        .collect();
    assert_eq!(verified, checked);
    assert_eq!(checked.len(), targets().len() + 2);

    let (done, called) = publish(
        &|folder| place(folder, "page/paradex-x86_64-unknown-linux-musl.tar.gz", "other"),
        "nothing",
    );
    assert_eq!((done, called), (false, vec![]), "the checksum does not match");
    let (done, called) = publish(&|_| {}, "attestation verify paradex-x86");
    assert!(
        !done && called.iter().all(|call| !call.starts_with("release")),
        "{called:?}"
    );
}

#[test]
fn crate_without_an_attested_equal_is_not_published() {
    let script = script("release/publish", "cargo package");
    let [raw, client] = ["paradex-api", "paradex-api-ext"].map(|name| format!("{name}-0.2.0+api.1.crate"));
    let attested = [(&raw, "same"), (&client, "also")];
    let accepts = |attested: &[(&String, &str)], packed: &[(&String, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("crates")).unwrap();
        for (name, content) in attested {
            place(folder.path(), &format!("crates/{name}"), content);
        }
        let mut package = "mkdir -p target/package\n".to_owned();
        for (name, content) in packed {
            package.push_str(&format!("printf {content} > 'target/package/{name}'\n"));
        }
        note_calls(folder.path(), "cargo", "nothing", &package);
        run(&script, folder.path(), &[]).status.success()
    };
    assert!(accepts(&attested, &attested));
    assert!(
        !accepts(&attested, &[(&raw, "same"), (&client, "other")]),
        "one differs"
    );
    assert!(!accepts(&attested[..1], &attested), "one was not attested");
    assert!(!accepts(&attested, &[]), "none was packed");
}

#[test]
fn version_that_crates_io_has_is_not_published_again() {
    let publish = job("release/publish");
    let script = steps(&publish).last().unwrap()["run"].as_str().unwrap();
    for (has, published) in [
        (
            "nothing",
            vec!["publish --package paradex-api --package paradex-api-ext --locked --no-verify"],
        ),
        (
            "paradex-api@0.2.0",
            vec!["publish --package paradex-api-ext --locked --no-verify"],
        ),
        ("paradex-api*", vec![]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let has = format!("case \"$*\" in *'info '*\" \"{has}) ;; *'info '*) exit 101 ;; esac\n");
        note_calls(folder.path(), "cargo", "nothing", &has);
        let output = run(script, folder.path(), &[("GITHUB_REF_NAME", "v0.2.0")]);
        succeeds(&output);
        let mut called = calls(folder.path());
        called.retain(|call| !call.starts_with("info "));
        assert_eq!(called, published, "{has}");
    }
}

/// The instructions of the Containerfile, with continued lines as one.
fn instructions() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("paradex-api-ext/Containerfile")).unwrap();
    let lines = text.replace("\\\n", "");
    let lines = lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').unwrap())
        .map(|(name, rest)| (name.to_owned(), rest.trim().to_owned()))
        .collect()
}

#[test]
fn image_has_what_the_program_needs_and_copies_only_what_exists() {
    let instructions = instructions();
    let names: Vec<&str> = instructions.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "FROM",
            "ARG",
            "LABEL",
            "COPY",
            "COPY",
            "COPY",
            "USER",
            "ENTRYPOINT"
        ],
        "nothing runs while it is built"
    );
    let of = |name: &'static str| instructions.iter().filter(move |(other, _)| other == name);
    assert_eq!(of("FROM").next().unwrap().1, "scratch");
    let user = &of("USER").next().unwrap().1;
    assert!(
        user.chars().all(|c| c.is_ascii_digit() || c == ':') && !user.starts_with('0'),
        "{user}"
    );

    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    let bundle = "/etc/ssl/certs/ca-certificates.crt";
    place(folder.path(), "bundle", "certificates\n");
    let context = script("release/image", "install -D");
    assert!(context.contains(bundle));
    let own = folder.path().join("bundle");
    let workspace = root().canonicalize().unwrap();
    let output = run(
        &context.replace(bundle, own.to_str().unwrap()),
        folder.path(),
        &[("GITHUB_WORKSPACE", workspace.to_str().unwrap())],
    );
    succeeds(&output);
    for licence in ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY.txt"] {
        let path = folder.path().join("context/licenses").join(licence);
        assert!(path.is_file(), "{licence}");
    }
    let mut files = Vec::new();
    for architecture in ["amd64", "arm64"] {
        for (_, copy) in of("COPY") {
            let (from, to) = copy.split_once(' ').unwrap();
            let from = from.replace("${TARGETARCH}", architecture);
            let metadata = folder.path().join("context").join(&from).metadata();
            let mode = metadata
                .unwrap_or_else(|error| panic!("{from}: {error}"))
                .permissions()
                .mode();
            // Any user may run the program and read the rest.
            let expected = if from.ends_with(".crt") { 0o644 } else { 0o755 };
            assert_eq!(mode & 0o777, expected, "{from}");
            files.push((from, to.to_owned()));
        }
    }
    assert!(files.contains(&("ca-certificates.crt".to_owned(), bundle.to_owned())));
    let entry = &of("ENTRYPOINT").next().unwrap().1;
    let program = files.iter().find(|(from, _)| from == "arm64/paradex").unwrap();
    assert_eq!(entry, &format!("[\"{}\"]", program.1));
}

#[test]
fn image_is_pushed_under_its_version_and_attested_by_its_digest() {
    let script = script("release/container", "docker push");
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    let push_unless = |failing: &str, tag: &str, digest: &str| {
        let folder = tempfile::tempdir().unwrap();
        note_calls(folder.path(), "gh", failing, "");
        let response = format!("case \"$*\" in *inspect*) echo '{digest}' ;; esac\n");
        note_calls(folder.path(), "docker", "nothing", &response);
        let outputs = folder.path().join("outputs");
        let variables = [
            ("GITHUB_REF_NAME", tag),
            ("GITHUB_ACTOR", "actor"),
            ("GH_TOKEN", "canary"),
            ("GH_REPO", "o/r"),
            ("GITHUB_OUTPUT", outputs.to_str().unwrap()),
        ];
        let output = run(&script, folder.path(), &variables);
        let outputs = fs::read_to_string(&outputs).unwrap_or_default();
        (output.status.success(), calls(folder.path()), outputs)
    };
    let push = |tag: &str, digest: &str| push_unless("nothing", tag, digest);
    let (done, called, outputs) = push("v0.2.0", &digest);
    assert!(done);
    assert_eq!(outputs, format!("digest={digest}\n"));
    let image = "ghcr.io/paradex-rs/paradex:0.2.0";
    assert!(called.contains(&format!(
        "buildx imagetools create --tag {image} {image}-amd64 {image}-arm64"
    )));
    // A secret among the arguments can be read by other processes.
    assert!(!called.iter().any(|call| call.contains("canary")), "{called:?}");

    let (done, called, _) = push_unless("attestation verify", "v0.2.0", &digest);
    assert!(!done);
    assert!(
        !called
            .iter()
            .any(|call| call.starts_with("load") || call.starts_with("push")),
        "the image was not attested: {called:?}"
    );

    for tag in ["v0.2", "vlatest", "v0.2.0-rc1", "v0.2.0 x"] {
        let (done, called, outputs) = push(tag, &digest);
        assert_eq!((done, called, outputs), (false, vec![], String::new()), "{tag}");
    }
    for digest in ["", "sha256:0", "x\ny"] {
        let (done, _, outputs) = push("v0.2.0", digest);
        assert_eq!((done, outputs), (false, String::new()), "{digest}");
    }
}

#[test]
fn program_is_built_with_the_profile_of_a_release_and_tried() {
    let build = script("release/build", "cargo build");
    for option in [
        "--profile dist",
        "--locked",
        "--features cli",
        "--bin paradex",
        "--target \"$TARGET\"",
    ] {
        assert!(build.contains(option), "{build}");
    }
    let profile = &toml("Cargo.toml")["profile"]["dist"];
    assert_eq!(profile["inherits"].as_str(), Some("release"));
    assert_eq!(
        profile.get("panic"),
        None,
        "a panic of one task must stay one error"
    );
    let tries = script("release/build", "--version");
    // It makes a client, which reads the certificates of the system.
    assert!(tries.contains("--simulator whoami"), "{tries}");
}
