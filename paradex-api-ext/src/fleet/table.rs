//! Tables for people.

use std::fmt;

use paradex_api::visible;

/// Rows under a heading, in columns as wide as what stands in them.
pub(super) fn write<const N: usize>(
    f: &mut fmt::Formatter<'_>,
    heading: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> fmt::Result {
    let mut lines = vec![heading.map(str::to_owned)];
    lines.extend(rows.into_iter().map(|row| row.map(|cell| one_line(&cell))));
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    for line in &lines {
        let padded = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        writeln!(f, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// A text that may come from outside, on one line and whole.
pub(super) fn one_line(text: &str) -> String {
    visible(text, usize::MAX)
}

/// A name that somebody gave, as far as it fits into a column.
pub(super) fn short(text: &str) -> String {
    visible(text, 40)
}
