//! Text tables.

use std::fmt;

use paradex_api::visible;

/// The maximum width of a column in characters; enough for every id.
const COLUMN: usize = 128;
/// The maximum width of the last column; enough for two allowlists of the maximum length.
const LAST: usize = 4_096;

/// Writes rows under a heading, in columns as wide as their content.
///
/// Cells come from outside, so they are escaped and cut at [`COLUMN`] or [`LAST`].
pub(super) fn write<const N: usize>(
    f: &mut fmt::Formatter<'_>,
    heading: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> fmt::Result {
    let limit = |column: usize| if column + 1 < N { COLUMN } else { LAST };
    let mut lines = vec![heading.map(str::to_owned)];
    for mut row in rows {
        for (column, cell) in row.iter_mut().enumerate() {
            *cell = visible(cell, limit(column));
        }
        lines.push(row);
    }
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    for line in &lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(widths) {
            // A width in `format!` panics beyond 65,535.
            let padding = width.saturating_sub(cell.chars().count());
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', padding + 2));
        }
        writeln!(f, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Writes a line for each reason for which accounts could not be read, with the accounts that it concerns.
pub(super) fn write_failures<'a>(
    f: &mut fmt::Formatter<'_>,
    failures: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> fmt::Result {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (account, reason) in failures {
        let account = format!("`{}`", one_line(account));
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, accounts)) => accounts.push(account),
            None => reasons.push((reason, vec![account])),
        }
    }
    for (reason, accounts) in reasons {
        let noun = if accounts.len() == 1 {
            "account"
        } else {
            "accounts"
        };
        writeln!(
            f,
            "{noun} {} could not be read: {}",
            accounts.join(", "),
            one_line(reason)
        )?;
    }
    Ok(())
}

/// Escapes a text from outside, without cutting it.
pub(super) fn one_line(text: &str) -> String {
    visible(text, usize::MAX)
}

/// Escapes a name and cuts it to 40 characters.
pub(super) fn short(text: &str) -> String {
    visible(text, 40)
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use proptest::prelude::*;

    use super::{COLUMN, LAST, write, write_failures};

    struct Table(Vec<[String; 3]>);

    impl fmt::Display for Table {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write(f, ["A", "B", "C"], self.0.clone())
        }
    }

    struct Failures(Vec<(&'static str, &'static str)>);

    impl fmt::Display for Failures {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write_failures(f, self.0.iter().copied())
        }
    }

    #[test]
    fn accounts_with_one_reason_share_a_line() {
        let failures = Failures(vec![("a", "refused"), ("b", "late\n"), ("c", "refused")]);
        assert_eq!(
            failures.to_string(),
            "accounts `a`, `c` could not be read: refused\naccount `b` could not be read: late\\n\n"
        );
        assert_eq!(Failures(Vec::new()).to_string(), "");
    }

    /// Any text, and some texts longer than the maximum width in `format!`.
    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => any::<String>(),
            1 => (any::<char>(), 60_000_usize..75_000).prop_map(|(c, count)| c.to_string().repeat(count)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_cells_make_one_bounded_line_for_each_row(
            rows in proptest::collection::vec([cell(), cell(), cell()], 0..4),
        ) {
            let count = rows.len();
            let text = Table(rows).to_string();
            let lines: Vec<&str> = text.split('\n').collect();
            prop_assert_eq!(lines.len(), count + 2, "heading, rows, and the end");
            for line in lines {
                prop_assert!(line.chars().count() <= 2 * (COLUMN + 2) + LAST);
                prop_assert!(!line.contains(char::is_control));
            }
        }
    }
}
