//! `cargo xtask licenses`: the packages that the program `paradex` is built from, with the texts of their licences.
//!
//! Most licences ask for their text to be passed on with a program. The list has the packages of all systems.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::tasks::Outcome;

/// What files with a licence or a notice are called, up to an ending.
const NAMES: [&str; 6] = [
    "COPYING",
    "COPYRIGHT",
    "LICENCE",
    "LICENSE",
    "NOTICE",
    "UNLICENSE",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    manifest_path: std::path::PathBuf,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `None` is a dependency that is linked; the others are for builds and tests.
    kind: Option<String>,
}

/// Prints the packages and their licences.
///
/// # Errors
///
/// cargo fails, a package names no licence, or a file cannot be read.
pub fn run_licenses(workspace: &Path, to: &mut dyn Write) -> anyhow::Result<Outcome> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--features",
            "cli",
        ])
        .args(["--manifest-path", "paradex-api-ext/Cargo.toml"])
        .current_dir(workspace)
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    to.write_all(text(&output.stdout)?.as_bytes())?;
    Ok(Outcome::Done)
}

/// The list, from what `cargo metadata` printed.
fn text(metadata: &[u8]) -> anyhow::Result<String> {
    let metadata: Metadata = serde_json::from_slice(metadata).context("cargo metadata cannot be read")?;
    let linked = linked(&metadata, "paradex-api-ext")?;
    let mut packages: Vec<&Package> = metadata
        .packages
        .iter()
        .filter(|package| package.source.is_some() && linked.contains(package.id.as_str()))
        .collect();
    packages.sort_by_key(|package| (&package.name, &package.version));

    let mut text = "The program `paradex` contains the Rust standard library (MIT OR Apache-2.0), on Linux musl (MIT), and code of \
                    these packages.\nThe texts of their licences follow.\n\n"
        .to_owned();
    let mut texts: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for package in packages {
        let Package { name, version, .. } = package;
        let license = package.license.as_deref();
        let license = license.with_context(|| format!("{name} {version} names no licence"))?;
        let repository = package.repository.as_deref().unwrap_or("no repository");
        text.push_str(&format!("{name} {version}: {license}, {repository}\n"));
        let folder = package
            .manifest_path
            .parent()
            .context("a manifest has no folder")?;
        for content in files(folder)? {
            // Many packages have the same text with other line breaks.
            let words = content.split_whitespace().collect::<Vec<_>>().join(" ");
            let entry = texts.entry(words).or_insert_with(|| (content, BTreeSet::new()));
            entry.1.insert(format!("{name} {version}"));
        }
    }
    for (content, packages) in texts.values() {
        let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
        text.push_str(&format!(
            "\n{}\n{}\n\n{}\n",
            "=".repeat(80),
            packages.join(", "),
            content.trim_end()
        ));
    }
    Ok(text)
}

/// The packages that are linked into one of them, and that one itself.
fn linked<'a>(metadata: &'a Metadata, root: &str) -> anyhow::Result<BTreeSet<&'a str>> {
    let root = metadata.packages.iter().find(|package| package.name == root);
    let root = root.context("cargo metadata does not list the package of the program")?;
    let nodes: BTreeMap<&str, &Node> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let (mut found, mut open) = (BTreeSet::new(), vec![root.id.as_str()]);
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        let node = nodes
            .get(id)
            .with_context(|| format!("cargo metadata lacks {id}"))?;
        let linked = node
            .deps
            .iter()
            .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none()));
        open.extend(linked.map(|dependency| dependency.pkg.as_str()));
    }
    Ok(found)
}

/// The licences and notices in the folder of a package.
fn files(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_uppercase();
        if path.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: &std::path::PathBuf| -> anyhow::Result<String> {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    paths.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::text;

    fn package(folder: &std::path::Path, name: &str, license: Option<&str>) -> Value {
        let source = (name != "paradex-api-ext").then_some("registry");
        json!({"id": name, "name": name, "version": "1.0.0", "license": license, "repository": null,
               "manifest_path": folder.join(name).join("Cargo.toml"), "source": source})
    }

    #[test]
    fn list_has_every_linked_package_and_each_licence_once() {
        let folder = tempfile::tempdir().unwrap();
        for (file, content) in [
            ("paradex-api-ext/LICENSE", "ours"),
            ("one/LICENSE-MIT", "the same\nwords"),
            ("two/license.txt", "the  same words\n"),
            ("two/NOTICE", "a notice"),
            ("two/build.rs", "no licence"),
            ("tool/LICENSE", "of a build tool"),
        ] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        std::fs::create_dir(folder.path().join("three")).unwrap();
        let needs = |pkg: &str, kind: Option<&str>| json!({"pkg": pkg, "dep_kinds": [{"kind": kind}]});
        let metadata = |license: Option<&str>| {
            let packages: Vec<Value> = ["paradex-api-ext", "two", "one", "tool"]
                .map(|name| package(folder.path(), name, Some("MIT")))
                .into_iter()
                .chain([package(folder.path(), "three", license)])
                .collect();
            let metadata = json!({"packages": packages, "resolve": {"nodes": [
                {"id": "paradex-api-ext", "deps": [needs("one", None), needs("tool", Some("build")), needs("tool", Some("dev"))]},
                {"id": "one", "deps": [needs("two", None), needs("three", None)]},
                {"id": "two", "deps": [needs("one", None)]},
                {"id": "three", "deps": []},
                {"id": "tool", "deps": []},
            ]}});
            text(metadata.to_string().as_bytes()).map_err(|error| error.to_string())
        };
        let list = metadata(Some("ISC")).unwrap();
        assert!(
            list.contains(
                "one 1.0.0: MIT, no repository\nthree 1.0.0: ISC, no repository\ntwo 1.0.0: MIT, no repository\n"
            ),
            "{list}"
        );
        assert!(
            list.contains("one 1.0.0, two 1.0.0\n\nthe same\nwords\n"),
            "{list}"
        );
        assert!(list.contains("two 1.0.0\n\na notice\n"), "{list}");
        assert_eq!(list.matches(&"=".repeat(80)).count(), 2);
        for other in ["ours", "tool", "no licence"] {
            assert!(!list.contains(other), "{other}: {list}");
        }
        assert_eq!(metadata(None).unwrap_err(), "three 1.0.0 names no licence");
    }
}
