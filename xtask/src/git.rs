//! Runs git: without a shell, without hooks, without signing, and without changing line ends.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::version::numbers;

/// Runs git in a folder; what it printed, without the last line break.
///
/// # Errors
///
/// There is no git, or it failed.
pub fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git")
        .args([
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "commit.gpgsign=false",
            "-c",
            "core.autocrlf=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git {} failed: {}", arguments.join(" "), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// The last release that the checked-out commit contains, as its tag `vX.Y.Z`; but for one.
///
/// # Errors
///
/// There is no git, or this is no repository.
pub fn last_release(folder: &Path, but_for: Option<&str>) -> anyhow::Result<Option<String>> {
    let tags = git(folder, &["tag", "--merged", "HEAD", "--list", "v*"])?;
    let tags = tags.lines().filter(|tag| Some(*tag) != but_for);
    let versions = tags.filter_map(|tag| Some((numbers(tag.strip_prefix('v')?)?, tag)));
    Ok(versions.max().map(|(_, tag)| tag.to_owned()))
}
