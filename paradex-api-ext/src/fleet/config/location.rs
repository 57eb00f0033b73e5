//! Where the configuration is by default.

use std::ffi::OsString;
use std::path::PathBuf;

/// The variable that names another file.
pub(super) const VARIABLE: &str = "PARADEX_CONFIG";

/// The path of the configuration if no variable names another one.
pub(super) fn standard(windows: bool, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = match windows {
        true => absolute(variable("APPDATA"))?,
        // A relative path is invalid there by the XDG specification.
        false => match absolute(variable("XDG_CONFIG_HOME")) {
            Some(folder) => folder,
            None => absolute(variable("HOME"))?.join(".config"),
        },
    };
    Some(folder.join("paradex").join("paradex.toml"))
}

/// The home folder of the user.
pub(super) fn home() -> Option<PathBuf> {
    absolute(std::env::var_os(if cfg!(windows) {
        "USERPROFILE"
    } else {
        "HOME"
    }))
}

fn absolute(text: Option<OsString>) -> Option<PathBuf> {
    text.map(PathBuf::from).filter(|path| path.is_absolute())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::PathBuf;

    use super::standard;

    #[test]
    fn standard_path_follows_the_xdg_specification() {
        let path = |variables: &[(&str, &str)]| {
            standard(false, &|name| {
                let found = variables.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| OsString::from(value))
            })
        };
        let home = ("HOME", "/home/me");
        let default = Some(PathBuf::from("/home/me/.config/paradex/paradex.toml"));
        assert_eq!(path(&[home]), default);
        assert_eq!(path(&[home, ("XDG_CONFIG_HOME", "")]), default);
        assert_eq!(path(&[home, ("XDG_CONFIG_HOME", "relative")]), default);
        assert_eq!(
            path(&[home, ("XDG_CONFIG_HOME", "/etc/me")]),
            Some(PathBuf::from("/etc/me/paradex/paradex.toml"))
        );
        assert_eq!(path(&[]), None);
        assert_eq!(path(&[("HOME", "relative")]), None);
    }

    #[test]
    fn standard_path_on_windows_is_below_appdata() {
        // A full path of this system stands for one of Windows.
        let path = |value: &str| standard(true, &|name| (name == "APPDATA").then(|| OsString::from(value)));
        assert_eq!(path("/me"), Some(PathBuf::from("/me/paradex/paradex.toml")));
        assert_eq!(path("me"), None);
        assert_eq!(
            standard(true, &|name| (name != "APPDATA").then(|| "/me".into())),
            None
        );
    }
}
