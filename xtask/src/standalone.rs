//! A crate that compiles by itself, anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use toml::{Table, Value};

/// Puts the hand-written part of the raw crate, a manifest without inheritance and a lock file beside
/// the generated files.
///
/// # Errors
///
/// The workspace cannot be read.
pub fn crate_files(
    workspace: &Path,
    generated: &BTreeMap<String, String>,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let own = workspace.join("paradex-api");
    collect(&own, &own.join("src"), &mut files)?;
    files.retain(|name, _| !name.starts_with("src/generated/"));
    files.extend(
        generated
            .iter()
            .filter(|(name, _)| name.starts_with("src/"))
            .map(|(name, text)| (name.clone(), text.clone())),
    );
    let manifest = manifest(
        &table(&workspace.join("Cargo.toml"))?,
        &table(&own.join("Cargo.toml"))?,
    )?;
    files.insert("Cargo.toml".to_owned(), toml::to_string(&manifest)?);
    let lock = lock(&table(&workspace.join("Cargo.lock"))?, &manifest)?;
    files.insert("Cargo.lock".to_owned(), lock);
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            files.insert(name, text);
        }
    }
    Ok(())
}

fn table(path: &Path) -> anyhow::Result<Table> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

/// The manifest with everything that it inherits written out.
fn manifest(workspace: &Table, own: &Table) -> anyhow::Result<Table> {
    let shared = workspace
        .get("workspace")
        .and_then(Value::as_table)
        .context("Cargo.toml has no [workspace]")?;
    let mut manifest = own.clone();
    for key in ["dev-dependencies", "lints", "bench", "example", "test"] {
        manifest.remove(key);
    }
    let package = manifest
        .get_mut("package")
        .and_then(Value::as_table_mut)
        .context("paradex-api has no [package]")?;
    package.remove("include");
    package.remove("readme");
    package.insert("publish".to_owned(), Value::Boolean(false));
    let from = shared.get("package").and_then(Value::as_table);
    inherit(package, from);
    let from = shared.get("dependencies").and_then(Value::as_table);
    if let Some(dependencies) = manifest.get_mut("dependencies").and_then(Value::as_table_mut) {
        inherit(dependencies, from);
    }
    manifest.insert("workspace".to_owned(), Value::Table(Table::new()));
    Ok(manifest)
}

/// Replaces `key.workspace = true` by what the workspace says of `key`.
fn inherit(own: &mut Table, shared: Option<&Table>) {
    for (key, value) in own.iter_mut() {
        let Some(asks) = value.as_table().filter(|asks| asks.contains_key("workspace")) else {
            continue;
        };
        let mut asks = asks.clone();
        asks.remove("workspace");
        let Some(said) = shared.and_then(|shared| shared.get(key)) else {
            continue;
        };
        *value = if asks.is_empty() {
            said.clone()
        } else {
            let mut said = match said {
                Value::Table(said) => said.clone(),
                version => Table::from_iter([("version".to_owned(), version.clone())]),
            };
            for (key, value) in asks {
                match (said.get_mut(&key).and_then(Value::as_array_mut), value) {
                    (Some(old), Value::Array(more)) => old.extend(more),
                    (_, value) => {
                        said.insert(key, value);
                    }
                }
            }
            Value::Table(said)
        };
    }
}

/// Lets cargo drop from the lock file what no feature of the crate needs, so that `--locked` holds too.
/// Without cargo, or without its index, the file stays as it is, which pins the same versions.
pub fn settle_lock(folder: &Path) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let settled = std::process::Command::new(cargo)
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(folder)
        .stderr(std::process::Stdio::null())
        .status();
    drop(settled);
}

/// The part of the workspace's lock file that the crate needs, so that it builds with the same versions.
fn lock(workspace: &Table, manifest: &Table) -> anyhow::Result<String> {
    let packages = workspace
        .get("package")
        .and_then(Value::as_array)
        .context("Cargo.lock has no packages")?;
    let name = |package: &Value| package.get("name").and_then(Value::as_str).map(str::to_owned);
    let version = |package: &Value| package.get("version").and_then(Value::as_str).map(str::to_owned);
    let wanted: BTreeSet<String> = manifest
        .get("dependencies")
        .and_then(Value::as_table)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    let root = packages
        .iter()
        .find(|package| name(package).as_deref() == Some("paradex-api"))
        .context("Cargo.lock does not know paradex-api; run `cargo generate-lockfile`")?;
    let mut root = root.clone();
    if let Some(dependencies) = root.get_mut("dependencies").and_then(Value::as_array_mut) {
        dependencies.retain(|dependency| {
            let first = dependency.as_str().and_then(|text| text.split(' ').next());
            first.is_some_and(|name| wanted.contains(name))
        });
    }
    let mut kept: Vec<Value> = Vec::new();
    let mut open = vec![root];
    while let Some(package) = open.pop() {
        if kept.contains(&package) {
            continue;
        }
        for dependency in package
            .get("dependencies")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let mut words = dependency.as_str().unwrap_or_default().split(' ');
            let (wanted, at) = (words.next().map(str::to_owned), words.next().map(str::to_owned));
            let found = packages
                .iter()
                .find(|package| name(package) == wanted && (at.is_none() || version(package) == at));
            open.extend(found.cloned());
        }
        kept.push(package);
    }
    kept.sort_by_key(|package| (name(package), version(package)));
    let mut lock = Table::new();
    if let Some(version) = workspace.get("version") {
        lock.insert("version".to_owned(), version.clone());
    }
    lock.insert("package".to_owned(), Value::Array(kept));
    Ok(toml::to_string(&lock)?)
}

#[cfg(test)]
mod tests {
    use super::{lock, manifest};

    #[test]
    fn manifest_inherits_nothing() {
        let workspace = toml::from_str(
            "[workspace.package]\nedition = '2024'\n[workspace.dependencies]\na = '1'\nb = { version = '2', features = ['x'] }\nc = '3'\n",
        )
        .unwrap();
        let own = toml::from_str(
            "[package]\nname = 'paradex-api'\nedition.workspace = true\n[dependencies]\na.workspace = true\n\
             b = { workspace = true, features = ['y'], optional = true }\n[dev-dependencies]\nc.workspace = true\n",
        )
        .unwrap();
        let found = manifest(&workspace, &own).unwrap();
        assert!(!toml::to_string(&found).unwrap().contains("workspace = true"));
        assert_eq!(found["package"]["edition"].as_str(), Some("2024"));
        assert_eq!(
            found["dependencies"]["b"]["features"].as_array().unwrap().len(),
            2
        );
        assert!(found.contains_key("workspace") && !found.contains_key("dev-dependencies"));
    }

    #[test]
    fn lock_file_holds_what_is_needed_and_no_more() {
        let workspace = toml::from_str(
            "version = 4\n\
             [[package]]\nname = 'paradex-api'\nversion = '0.1.0'\ndependencies = ['a', 'dev']\n\
             [[package]]\nname = 'a'\nversion = '1.0.0'\ndependencies = ['b 2.0.0']\n\
             [[package]]\nname = 'b'\nversion = '1.0.0'\n\
             [[package]]\nname = 'b'\nversion = '2.0.0'\n\
             [[package]]\nname = 'dev'\nversion = '1.0.0'\n",
        )
        .unwrap();
        let manifest = toml::from_str("[dependencies]\na = '1'\n").unwrap();
        let found: toml::Table = toml::from_str(&lock(&workspace, &manifest).unwrap()).unwrap();
        let names: Vec<String> = found["package"]
            .as_array()
            .unwrap()
            .iter()
            .map(|package| format!("{} {}", package["name"], package["version"]))
            .collect();
        assert_eq!(
            names,
            ["\"a\" \"1.0.0\"", "\"b\" \"2.0.0\"", "\"paradex-api\" \"0.1.0\""]
        );
    }
}
