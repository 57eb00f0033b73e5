//! Lines of cells as aligned columns.

use std::fmt;

/// Writes lines of cells, the first of which is the heading. Numbers are aligned at their decimal points.
///
/// A line of one or two cells is no row, and may be longer than its column.
pub(super) fn write_grid(
    f: &mut fmt::Formatter<'_>,
    mut lines: Vec<Vec<String>>,
    is_number: impl Fn(usize) -> bool,
) -> fmt::Result {
    let count = lines.iter().map(Vec::len).max().unwrap_or_default();
    for column in (0..count).filter(|column| is_number(*column)) {
        align_points(&mut lines, column);
    }
    let mut widths: Vec<usize> = vec![0; count];
    for line in lines.iter().filter(|line| line.len() > 2) {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    for line in lines {
        let mut text = String::new();
        for (column, cell) in line.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or_default();
            let padding = width.saturating_sub(cell.chars().count());
            let (before, after) = match is_number(column) {
                true => (padding, 0),
                false => (0, padding),
            };
            text.extend(std::iter::repeat_n(' ', before));
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', after + 2));
        }
        writeln!(f, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Puts the decimal points of a column below each other.
fn align_points(lines: &mut [Vec<String>], column: usize) {
    let decimals = |cell: &String| cell.split_once('.').map_or(0, |(_, decimals)| decimals.len() + 1);
    let cells = || {
        lines
            .iter()
            .skip(1)
            .filter(|line| line.len() > 2)
            .filter_map(|line| line.get(column))
    };
    let most = cells().map(decimals).max().unwrap_or_default();
    for cell in lines.iter_mut().skip(1).filter_map(|line| line.get_mut(column)) {
        let missing = most - decimals(cell).min(most);
        cell.extend(std::iter::repeat_n(' ', missing));
    }
}

#[cfg(test)]
mod tests {
    use super::align_points;

    #[test]
    fn decimal_points_of_a_column_are_below_each_other() {
        let mut lines = ["PRICE", "30422", "30422.1", "-", "0.25"]
            .map(|cell| vec![String::new(), cell.to_owned(), String::new()]);
        align_points(&mut lines, 1);
        assert_eq!(
            lines.map(|line| line[1].clone()),
            ["PRICE", "30422   ", "30422.1 ", "-   ", "0.25"]
        );
    }
}
