//! `cargo xtask licenses`: the packages that the program `paradex` is built from, with the texts of their licences.
//!
//! Most licences ask for their text to be passed on with a program. The list has the packages of all systems, so it may name more than
//! is linked into one program.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
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
    manifest_path: PathBuf,
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

/// The C library of the programs for Linux.
const MUSL: &str = "musl: MIT, Copyright (C) 2005-2020 Rich Felker, et al., https://musl.libc.org";

/// Prints the packages and their licences, and those of the standard library and of musl.
///
/// # Errors
///
/// cargo or rustc fails, a package names no licence, or a file cannot be read.
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
    let text = text(&output.stdout)? + &library(&rust_documents(workspace)?)?;
    to.write_all(text.as_bytes())?;
    Ok(Outcome::Done)
}

/// The folder in which the toolchain has the licences of its library.
fn rust_documents(workspace: &Path) -> anyhow::Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .current_dir(workspace)
        .output()
        .context("cannot run rustc")?;
    if !output.status.success() {
        bail!("rustc failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let sysroot = String::from_utf8(output.stdout).context("the path of the toolchain is not UTF-8")?;
    Ok(Path::new(sysroot.trim_end()).join("share/doc/rust"))
}

/// The texts for the standard library and for musl, from the documents of the toolchain.
fn library(documents: &Path) -> anyhow::Result<String> {
    let read = |name: &str| -> anyhow::Result<String> {
        let path = documents.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok("(no text in the toolchain)".to_owned())
            }
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    };
    let standard = plain_text(&read("COPYRIGHT-library.html")?);
    let musl = read("licenses/MIT.txt")?;
    Ok(section("the Rust standard library", &standard) + &section(MUSL, &musl))
}

fn section(title: &str, content: &str) -> String {
    format!("\n{}\n{title}\n\n{}\n", "=".repeat(80), content.trim())
}

/// HTML without its tags, and with one empty line where it has several.
fn plain_text(html: &str) -> String {
    let mut text = String::new();
    for (number, part) in html.split('<').enumerate() {
        // The first part is before any tag.
        let content = if number == 0 {
            Some(part)
        } else {
            part.split_once('>').map(|(_, content)| content)
        };
        text.push_str(content.unwrap_or_default());
    }
    for (entity, character) in [
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&gt;", ">"),
        ("&#62;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, character);
    }
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|next, line| next.is_empty() && line.is_empty());
    lines.join("\n")
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
                    these packages.\nThe list is for all systems, and may name more than a program has linked. The texts of the \
                    licences follow.\n\n"
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
        let mut files = files(folder)?;
        if files.is_empty() {
            files.push("(no text in the package)".to_owned());
        }
        for content in files {
            // Many packages have the same text with other line breaks.
            let words = content.split_whitespace().collect::<Vec<_>>().join(" ");
            let entry = texts.entry(words).or_insert_with(|| (content, BTreeSet::new()));
            entry.1.insert(format!("{name} {version}"));
        }
    }
    for (content, packages) in texts.values() {
        let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
        text.push_str(&section(&packages.join(", "), content));
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
    let read = |path: &PathBuf| -> anyhow::Result<String> {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    paths.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{library, text};

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
        assert!(
            list.contains("three 1.0.0\n\n(no text in the package)\n"),
            "{list}"
        );
        assert_eq!(list.matches(&"=".repeat(80)).count(), 3);
        for other in ["ours", "tool", "no licence"] {
            assert!(!list.contains(other), "{other}: {list}");
        }
        assert_eq!(metadata(None).unwrap_err(), "three 1.0.0 names no licence");
    }

    #[test]
    fn licences_of_the_library_are_those_of_the_toolchain() {
        let folder = tempfile::tempdir().unwrap();
        let missing = library(folder.path()).unwrap();
        assert_eq!(missing.matches("\n\n(no text in the toolchain)\n").count(), 2);

        let html = "<!DOCTYPE html>\n<h1>Notices</h1>\n\n \n<p>one &#60;a@b&#62; &amp;lt;</p>\n";
        std::fs::write(folder.path().join("COPYRIGHT-library.html"), html).unwrap();
        std::fs::create_dir(folder.path().join("licenses")).unwrap();
        std::fs::write(folder.path().join("licenses/MIT.txt"), "Permission\n").unwrap();
        let found = library(folder.path()).unwrap();
        assert!(
            found.contains("the Rust standard library\n\nNotices\n\none <a@b> &lt;\n"),
            "{found}"
        );
        let (_, musl) = found.split_once("\nmusl: MIT").unwrap();
        assert!(musl.ends_with("\n\nPermission\n"), "{found}");
    }
}
