//! The versions of the crates.

use anyhow::Context;

/// `X.Y.Z`, as numbers.
pub fn numbers(version: &str) -> Option<[u64; 3]> {
    let number = |part: &str| {
        let plain = part == "0" || !part.starts_with('0') && part.chars().all(|c| c.is_ascii_digit());
        plain.then(|| part.parse().ok()).flatten()
    };
    let parts: Vec<u64> = version.split('.').map(number).collect::<Option<_>>()?;
    parts.try_into().ok()
}

/// A version with that of the document behind it.
pub fn with_metadata(version: &str, upstream: &str) -> String {
    format!("{version}+api.{}", metadata(upstream))
}

/// The version of the document in the letters that build metadata can have.
fn metadata(upstream: &str) -> String {
    let clean: String = upstream
        .chars()
        .take(40)
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let parts: Vec<&str> = clean.split('.').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        "unknown".to_owned()
    } else {
        parts.join(".")
    }
}

/// The version that both crates have, from the manifest of the workspace.
///
/// # Errors
///
/// The manifest cannot be read.
pub fn released(manifest: &str) -> anyhow::Result<String> {
    let manifest: toml::Table = toml::from_str(manifest).context("Cargo.toml cannot be read")?;
    let version = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str());
    Ok(version
        .context("Cargo.toml has no workspace.package.version")?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::{numbers, released};

    #[test]
    fn versions_are_numbers() {
        assert_eq!(numbers("0.2.10"), Some([0, 2, 10]));
        assert!(numbers("0.2.10") > numbers("0.2.9"));
        for none in [
            "", "1", "1.2", "1.2.3.4", "1.2.x", "01.2.3", "1.2.3-rc", "1.2.3+x", "+1.2.3", "1..3",
        ] {
            assert_eq!(numbers(none), None, "{none}");
        }
    }

    #[test]
    fn released_version_is_that_of_the_workspace() {
        assert_eq!(
            released("[workspace.package]\nversion = '0.3.1'\n").unwrap(),
            "0.3.1"
        );
        assert!(released("[package]\nversion = '0.3.1'\n").is_err());
    }
}
