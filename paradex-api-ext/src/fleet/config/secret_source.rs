//! Where the secret of a profile is.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use paradex_api::{Secret, visible};

use super::command;
use crate::auth::secret_file::{TIME_LIMIT, from_path, systemd_folder};

/// Where the secret of a [`Profile`](super::Profile) is. It never contains the secret itself.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSource {
    /// A file that is closed to others; its group may read it, but not write to it: `{ file = "…" }`.
    File(PathBuf),
    /// An open file descriptor, 3 or higher: `{ fd = 3 }`. Not on Windows.
    Descriptor(u32),
    /// A credential that systemd passes to the service: `{ systemd = "…" }`.
    Systemd(String),
    /// A program and its arguments: `{ command = ["…"] }`. Its standard output is the secret.
    Command(Vec<String>),
    /// An environment variable: `{ env = "…" }`. Other programs of the same user can read it.
    Variable(String),
}

impl SecretSource {
    /// Reads the secret. The error says what went wrong, and never contains the secret.
    pub(super) fn read(&self) -> Result<Secret, String> {
        self.read_with(&|name| std::env::var_os(name))
    }

    fn read_with(&self, variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Secret, String> {
        let secret = match self {
            Self::File(path) => file(self, path)?,
            Self::Descriptor(number) => match cfg!(unix) {
                true => file(self, Path::new(&format!("/dev/fd/{number}")))?,
                false => return Err("this system has no file descriptors: use `file`".to_owned()),
            },
            Self::Systemd(name) => match systemd_folder(variable).map_err(|error| error.to_string())? {
                Some(folder) => file(self, &folder.join(name))?,
                None => {
                    return Err(format!(
                        "{self} is not available, because CREDENTIALS_DIRECTORY is not set: start the program by systemd \
                         with LoadCredential={name}:PATH"
                    ));
                }
            },
            Self::Command(arguments) => command::run(arguments, TIME_LIMIT)?,
            Self::Variable(name) => match variable(name).map(OsString::into_string) {
                Some(Ok(text)) => Secret::new(text),
                None => return Err(format!("{self} is not set")),
                Some(Err(_)) => return Err(format!("{self} is not UTF-8 text")),
            },
        };
        let is_command = matches!(self, Self::Command(_));
        match (secret.expose().trim().lines().count(), is_command) {
            (1, _) => Ok(secret),
            (0, true) => Err(format!("{self} printed nothing: it must print the secret")),
            (0, false) => Err(format!("{self} is empty: it must contain the secret")),
            (count, true) => Err(format!(
                "{self} printed {count} lines: it must print the secret alone, on one line"
            )),
            (count, false) => Err(format!(
                "{self} has {count} lines: it must contain the secret alone, on one line"
            )),
        }
    }
}

fn file(source: &SecretSource, path: &Path) -> Result<Secret, String> {
    from_path(path, TIME_LIMIT).map_err(|problem| format!("{source} {problem}"))
}

/// Shows the place; of a command only the program, because arguments may contain a password.
impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "the file {}", visible(&path.display().to_string(), 200)),
            Self::Descriptor(number) => write!(f, "file descriptor {number}"),
            Self::Systemd(name) => write!(f, "the systemd credential {}", visible(name, 80)),
            Self::Command(arguments) => {
                let program = arguments.first().map(String::as_str).unwrap_or_default();
                write!(f, "the command `{}`", visible(program, 80))
            }
            Self::Variable(name) => write!(f, "the variable {}", visible(name, 80)),
        }
    }
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretSource({self})")
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::SecretSource;

    const SECRET: &str = "canary-secret";

    #[track_caller]
    fn refused(source: &SecretSource, reason: &str) {
        let error = source.read().unwrap_err();
        assert!(error.contains(reason) && !error.contains("canary"), "{error}");
    }

    fn command(words: &[&str]) -> SecretSource {
        SecretSource::Command(words.iter().copied().map(str::to_owned).collect())
    }

    #[test]
    fn secret_is_read_from_each_place() {
        let folder = std::env::temp_dir().join(format!("paradex-source-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("secret");
        let write = |text: &str, mode: u32| {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let source = SecretSource::File(path.clone());
        write(&format!("\n{SECRET}\n"), 0o600);
        assert_eq!(source.read().unwrap().expose().trim(), SECRET);
        let open = std::fs::File::open(&path).unwrap();
        let descriptor = SecretSource::Descriptor(u32::try_from(open.as_raw_fd()).unwrap());
        assert_eq!(descriptor.read().unwrap().expose().trim(), SECRET);
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(SECRET.as_bytes()).unwrap();
        drop(writer);
        let pipe = SecretSource::Descriptor(u32::try_from(reader.as_raw_fd()).unwrap());
        assert_eq!(pipe.read().unwrap().expose(), SECRET);
        let systemd = SecretSource::Systemd("secret".to_owned());
        let passed = |name: &str| (name == "CREDENTIALS_DIRECTORY").then(|| folder.clone().into_os_string());
        assert_eq!(systemd.read_with(&passed).unwrap().expose().trim(), SECRET);
        write(SECRET, 0o644);
        refused(&source, "chmod 600");
        refused(&descriptor, "chmod 600");
        write("canary\ncanary\n", 0o600);
        refused(&source, "2 lines");
        write(" \n", 0o600);
        refused(&source, "is empty");
        std::fs::remove_dir_all(&folder).unwrap();
        refused(&source, "No such file");

        assert_eq!(command(&["echo", SECRET]).read().unwrap().expose().trim(), SECRET);
        refused(&command(&["true"]), "printed nothing");
        refused(&command(&["printf", "canary\\ncanary\\n"]), "2 lines");
        refused(&command(&["false"]), "exit status: 1");
        // Every process has this variable.
        SecretSource::Variable("PATH".to_owned()).read().unwrap();
        refused(
            &SecretSource::Variable("PARADEX_UNSET_HERE".to_owned()),
            "is not set",
        );
        for (folder, reason) in [
            (None, "LoadCredential=secret"),
            (Some(""), "LoadCredential=secret"),
            (Some("relative"), "must be a full path"),
            (Some("/nowhere"), "cannot be read"),
        ] {
            let error = systemd.read_with(&|_| folder.map(OsString::from)).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
