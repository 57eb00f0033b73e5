//! Colours. They are only added to texts for people, and removed where they are not wanted.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// The choice of arguments that may not be valid, because help and errors have colours too.
    pub(crate) fn from_arguments(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Self {
        let mut choice = Self::Auto;
        let mut is_value = false;
        for argument in arguments {
            let argument = argument.to_string_lossy();
            let value = match argument.strip_prefix("--color=") {
                Some(value) => Some(value),
                None => is_value.then_some(&*argument),
            };
            if let Some(found) = value.and_then(|value| clap::ValueEnum::from_str(value, false).ok()) {
                choice = found;
            }
            is_value = argument == "--color";
        }
        choice
    }

    /// Makes this the choice for everything that the process prints.
    pub(crate) fn apply(self) {
        let choice = match self {
            // This respects NO_COLOR, CLICOLOR and CLICOLOR_FORCE.
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const ATTENTION: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const ALARM: Style = BAD.bold();

/// Starts the message of a failed command.
pub(crate) fn error_prefix() -> String {
    format!("{ALARM}error:{ALARM:#}")
}

/// Colours a result or a message: headings, warnings, differences, and the states in tables.
pub(crate) fn paint(text: &str) -> String {
    let mut painted = String::with_capacity(text.len());
    let mut in_table = false;
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        let is_heading = line.starts_with("ACCOUNT ") || line.starts_with("MARKET ");
        in_table = is_heading || (in_table && !line.is_empty());
        let start = line.trim_start();
        let style = match () {
            () if is_heading => Some(BOLD),
            () if start.starts_with("warning") || start.starts_with("dry run:") => Some(ATTENTION),
            () if start.contains("OPEN TO ANY ") || start.contains("LOCKED OUT") => Some(ALARM),
            () if start.starts_with("NOT ROLLED BACK") => Some(ALARM),
            () if start.starts_with("+ ") => Some(GOOD),
            () if start.starts_with("- ") => Some(BAD),
            () => None,
        };
        match style {
            Some(style) => push(&mut painted, line, style),
            None if in_table => push_row(&mut painted, line),
            None => painted.push_str(line),
        }
        painted.push_str(end);
    }
    painted
}

fn push(to: &mut String, text: &str, style: Style) {
    // Writing to a String does not fail.
    let _ = write!(to, "{style}{text}{style:#}");
}

/// Colours the cells of a row that are states. Cells are separated by at least two spaces.
fn push_row(to: &mut String, line: &str) {
    for (index, cell) in line.split("  ").enumerate() {
        if index > 0 {
            to.push_str("  ");
        }
        let state = cell.trim();
        let style = match state.split([',', ';']).next().unwrap_or_default() {
            "live" | "in_sync" | "applied" => Some(GOOD),
            "drifted" | "expiring" | "revoked" | "expired" | "pending" => Some(ATTENTION),
            "missing" | "unreadable" | "failed" | "unknown" | "unrestricted" | "lost" => Some(BAD),
            _ => None,
        };
        match style {
            Some(style) => {
                // An odd number of spaces leaves one before the state.
                to.extend(cell.chars().take_while(|c| *c == ' '));
                push(to, state, style);
                to.extend(cell.chars().rev().take_while(|c| *c == ' '));
            }
            None => to.push_str(cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, paint};

    #[test]
    fn colors_change_nothing_but_escapes() {
        let text = "ACCOUNT  NAME  STATE\ndesk     a     drifted\ndesk     b     live\n\n  + 10.0.0.0/8\n  - ::/0\n  warning: wide\nOPEN TO ANY ADDRESS";
        let painted = paint(text);
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text);
        for part in [
            "\u{1b}[1mACCOUNT  NAME  STATE\u{1b}[0m\n",
            "\u{1b}[33mdrifted\u{1b}[0m",
            "\u{1b}[32mlive\u{1b}[0m",
            "\u{1b}[32m  + 10.0.0.0/8",
            "\u{1b}[31m  - ::/0",
            "\u{1b}[33m  warning: wide",
        ] {
            assert!(painted.contains(part), "{painted:?} lacks {part:?}");
        }
        assert_eq!(paint("live  drifted"), "live  drifted", "not in a table");
    }

    #[test]
    fn color_is_read_from_arguments_that_are_not_valid() {
        let read = |line: &str| Color::from_arguments(line.split(' ').map(Into::into));
        assert_eq!(read("paradex --nonsense --color never"), Color::Never);
        assert_eq!(read("paradex --color=always x"), Color::Always);
        assert_eq!(read("paradex always"), Color::Auto);
        assert_eq!(read("paradex --color nonsense"), Color::Auto);
        assert_eq!(read("paradex --color"), Color::Auto);
    }
}
