//! Files that are written whole or not at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use similar::TextDiff;

/// Files by their path below a folder.
#[derive(Debug, Default)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    /// Compares with the files of the folder. Returns the differences as text, empty if there are none.
    ///
    /// `owned` names folders of which every file must be one of these.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn differences(&self, folder: &Path, owned: &[&str]) -> anyhow::Result<String> {
        let mut text = String::new();
        for (name, new) in &self.0 {
            let path = folder.join(name);
            let old = match std::fs::read_to_string(&path) {
                Ok(old) => old,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
                Err(error) => return Err(error).context(path.display().to_string()),
            };
            if old != *new {
                let diff = TextDiff::from_lines(&old, new);
                let diff = diff
                    .unified_diff()
                    .context_radius(2)
                    .header(&format!("{name} (as it is)"), &format!("{name} (as generated)"))
                    .to_string();
                text.push_str(&shortened(&diff));
            }
        }
        for stale in self.stale(folder, owned)? {
            let _ = writeln!(text, "{} is no longer generated", stale.display());
        }
        Ok(text)
    }

    /// Writes every file that differs, and removes what is no longer generated. All new contents are
    /// on the disk before the first file is replaced.
    ///
    /// # Errors
    ///
    /// A file cannot be written; then no file was replaced, unless a rename itself failed.
    pub fn write(&self, folder: &Path, owned: &[&str]) -> anyhow::Result<usize> {
        let stale = self.stale(folder, owned)?;
        let mut ready = Vec::new();
        for (name, new) in &self.0 {
            let path = folder.join(name);
            if std::fs::read(&path).is_ok_and(|old| old == new.as_bytes()) {
                continue;
            }
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
            let mut file = tempfile::NamedTempFile::new_in(parent)
                .with_context(|| format!("cannot write to {}", parent.display()))?;
            file.write_all(new.as_bytes())?;
            ready.push((file, path));
        }
        let changed = ready.len() + stale.len();
        for (file, path) in ready {
            readable(file.path())?;
            file.persist(&path).with_context(|| path.display().to_string())?;
        }
        for path in stale {
            std::fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
        Ok(changed)
    }

    fn stale(&self, folder: &Path, owned: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
        let mut stale = Vec::new();
        for own in owned {
            let own = folder.join(own);
            if !own.is_dir() {
                continue;
            }
            for entry in std::fs::read_dir(&own).with_context(|| own.display().to_string())? {
                let path = entry?.path();
                let ours = self.0.keys().any(|name| folder.join(name) == path);
                if path.is_file() && !ours {
                    stale.push(path);
                }
            }
        }
        stale.sort();
        Ok(stale)
    }
}

/// A temporary file is private to its owner; a source file is not.
#[cfg(unix)]
fn readable(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))?;
    Ok(())
}

#[cfg(not(unix))]
fn readable(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// The beginning of a long diff: enough to see what it is about.
fn shortened(diff: &str) -> String {
    const MOST: usize = 60;
    let mut lines = diff.lines();
    let mut text: String = lines.by_ref().take(MOST).fold(String::new(), |mut text, line| {
        text.push_str(line);
        text.push('\n');
        text
    });
    let rest = lines.count();
    if rest > 0 {
        let _ = writeln!(text, "… and {rest} more lines");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Files;

    fn files(entries: &[(&str, &str)]) -> Files {
        Files(
            entries
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn second_write_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let new = files(&[("a/x.rs", "1\n"), ("b.json", "2\n")]);
        assert!(new.differences(folder.path(), &["a"]).unwrap().contains("+1"));
        assert_eq!(new.write(folder.path(), &["a"]).unwrap(), 2);
        assert_eq!(new.differences(folder.path(), &["a"]).unwrap(), "");
        assert_eq!(new.write(folder.path(), &["a"]).unwrap(), 0);
    }

    #[test]
    fn stale_generated_file_is_removed_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        files(&[("a/x.rs", "1"), ("a/y.rs", "1"), ("c/z.rs", "1")])
            .write(folder.path(), &[])
            .unwrap();
        let new = files(&[("a/x.rs", "1")]);
        assert!(
            new.differences(folder.path(), &["a"])
                .unwrap()
                .contains("y.rs is no longer")
        );
        assert_eq!(new.write(folder.path(), &["a"]).unwrap(), 1);
        assert!(!folder.path().join("a/y.rs").exists());
        assert!(folder.path().join("c/z.rs").exists());
    }
}
