//! What went and what came, and which of it is the same under another name.

use std::collections::BTreeSet;

use similar::TextDiff;

/// Limit of comparisons, so that a hostile document cannot take hours. With more candidates a match would mean little.
const MOST: usize = 40_000;

/// Pairs removed items with the most similar added items, one to one, best match first. A pair needs a `score` of at least `least`.
/// Returns the indices.
pub fn pairs(
    went: usize,
    came: usize,
    least: f32,
    score: impl Fn(usize, usize) -> f32,
) -> Vec<(usize, usize)> {
    if went.saturating_mul(came) > MOST {
        return Vec::new();
    }
    let mut candidates: Vec<(f32, usize, usize)> = (0..went)
        .flat_map(|old| (0..came).map(move |new| (old, new)))
        .map(|(old, new)| (score(old, new), old, new))
        .filter(|(score, ..)| *score >= least)
        .collect();
    candidates.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then((one.1, one.2).cmp(&(other.1, other.2)))
    });
    let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (_, old, new) in candidates {
        if !olds.contains(&old) && !news.contains(&new) {
            olds.insert(old);
            news.insert(new);
            found.push((old, new));
        }
    }
    found
}

/// How much two names have in common, from 0 to 1.
pub fn alike(old: &str, new: &str) -> f32 {
    // Comparing takes time by the square of the length, and no real name is so long.
    if old.len().max(new.len()) > 100 {
        return if old == new { 1.0 } else { 0.0 };
    }
    TextDiff::from_chars(old, new).ratio()
}

/// How much two sets have in common, from 0 to 1; two empty sets are the same.
pub fn overlap<T: Ord>(old: &BTreeSet<T>, new: &BTreeSet<T>) -> f32 {
    let all = old.union(new).count();
    if all == 0 {
        return 1.0;
    }
    #[allow(
        clippy::cast_precision_loss,
        reason = "a share needs no more than seven digits"
    )]
    let share = old.intersection(new).count() as f32 / all as f32;
    share
}

/// How likely it is that a value of an enumeration was renamed: a word or a letter was added or removed.
pub fn same_value(old: &str, new: &str) -> f32 {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let letters = alike(old, new);
    let (old, new) = (words(old), words(new));
    match !old.is_empty() && !new.is_empty() && (old.is_subset(&new) || new.is_subset(&old)) {
        true => letters.max(RENAMED),
        false => letters,
    }
}

/// From here on [`same_value`] means that it is.
pub const RENAMED: f32 = 0.85;

#[cfg(test)]
mod tests {
    use super::{RENAMED, alike, pairs, same_value};

    #[test]
    fn best_pairs_are_taken_first_and_nothing_twice() {
        let scores = [[0.9, 0.8], [0.95, 0.1], [0.7, 0.7]];
        assert_eq!(pairs(3, 2, 0.6, |old, new| scores[old][new]), [(1, 0), (0, 1)]);
        assert_eq!(pairs(1, 1, 0.6, |_, _| 0.5), []);
        assert_eq!(pairs(1_000_000, 1_000_000, 0.0, |_, _| unreachable!()), []);
    }

    #[test]
    fn values_that_won_a_word_or_a_letter_are_the_same_and_others_are_not() {
        for (old, new) in [
            ("TRANSFER", "UNWIND_TRANSFER"),
            ("ORDER_NOT_FOUND", "NOT_FOUND"),
            ("CANCELED", "CANCELLED"),
            ("open", "OPEN"),
        ] {
            assert!(same_value(old, new) >= RENAMED, "{old} {new}");
        }
        for (old, new) in [
            ("SPOT", "OPTION"),
            ("TRANSACTION_NOT_FOUND", "BLOCK_TRADE_NOT_FOUND"),
            ("", "X"),
            ("1h", "8h"),
        ] {
            assert!(same_value(old, new) < RENAMED, "{old} {new}");
        }
        assert!(alike(&"x".repeat(1_000_000), &"y".repeat(1_000_000)) < 0.6);
    }
}
