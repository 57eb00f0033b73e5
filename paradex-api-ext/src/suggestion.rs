//! Suggestions for mistyped words.

/// Returns ` (did you mean …)` with the known word that is nearest to a mistyped one, or an empty text.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let plain = |text: &str| text.to_ascii_lowercase().replace('_', "-");
    // No known word is longer, and the distance takes quadratic time.
    if word.len() > 64 {
        return String::new();
    }
    let nearest = known
        .into_iter()
        .map(|other| (distance(&plain(word), &plain(other)), other))
        .min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((distance, other)) if distance <= (word.chars().count() / 3).max(1) => {
            format!(" (did you mean `{other}`?)")
        }
        _ => String::new(),
    }
}

/// Returns how many characters to insert, delete, replace or swap with their neighbour make one text of the other.
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (index, a) in one.chars().enumerate() {
        let mut next = vec![index + 1];
        for (place, b) in other.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX - 1);
            let mut least = (at(&row, place + 1) + 1)
                .min(at(&next, place) + 1)
                .min(at(&row, place) + usize::from(a != *b));
            if let Some(left) = place.checked_sub(1)
                && previous == Some(*b)
                && other.get(left) == Some(&a)
            {
                least = least.min(at(&before, left) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(a);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, distance};

    #[test]
    fn distance_counts_edits_and_swaps() {
        for (one, other, expected) in [
            ("", "", 0),
            ("desk", "desk", 0),
            ("desk", "dsek", 1),
            ("desk", "des", 1),
            ("", "abc", 3),
            ("account", "acount", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        let known = ["environment", "account", "private-key"];
        assert_eq!(did_you_mean("acount", known), " (did you mean `account`?)");
        assert_eq!(
            did_you_mean("Private_Key", known),
            " (did you mean `private-key`?)"
        );
        for word in ["", "x", "colour", &"a".repeat(1_000)] {
            assert_eq!(did_you_mean(word, known), "", "{word}");
        }
    }
}
