//! JSONPath targets, taken apart.

use serde_json_path::{NormalizedPath, PathElement};

pub(super) fn pointer(path: &NormalizedPath<'_>) -> String {
    let mut text = String::new();
    for element in path.iter() {
        text.push('/');
        match element {
            PathElement::Name(name) => text.push_str(&name.replace('~', "~0").replace('/', "~1")),
            PathElement::Index(index) => text.push_str(&index.to_string()),
        }
    }
    text
}

/// Writes `$['a','b'].c` as `$['a'].c` and `$['b'].c`, so that a name that matches nothing is found even
/// beside one that matches.
pub(crate) fn split_unions(target: &str) -> Vec<String> {
    let mut whole = vec![String::new()];
    let mut rest = target;
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        let end = closing(from);
        let (bracket, after) = from.split_at(end);
        let inner = bracket
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
            .unwrap_or("");
        let names = names(inner);
        let choices: Vec<String> = match names {
            Some(names) if names.len() > 1 => names.into_iter().map(|name| format!("[{name}]")).collect(),
            _ => vec![bracket.to_owned()],
        };
        whole = whole
            .iter()
            .flat_map(|start| {
                choices
                    .iter()
                    .map(move |choice| format!("{start}{before}{choice}"))
            })
            .collect();
        rest = after;
    }
    whole.iter_mut().for_each(|start| start.push_str(rest));
    whole
}

/// The steps of a JSONPath: `$`, `.a`, `['b']`, `[?@.c=='d']`.
pub(crate) fn segments(target: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut rest = target;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '[' => closing(rest),
            first => {
                let start = first.len_utf8();
                let more = rest.get(start..).and_then(|more| more.find(['.', '[']));
                more.map_or(rest.len(), |more| start + more)
            }
        };
        let (step, after) = rest.split_at(end);
        steps.push(step.to_owned());
        rest = after;
    }
    steps
}

/// The index after the bracket that closes the one at the start.
fn closing(text: &str) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The quoted names of a selector that consists of nothing else.
fn names(inner: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = inner.trim();
    loop {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let end = rest.get(1..)?.find(quote)? + 2;
        names.push(rest.get(..end)?.to_owned());
        rest = rest.get(end..)?.trim_start();
        if rest.is_empty() {
            return Some(names);
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::{segments, split_unions};

    #[test]
    fn path_is_split_into_its_steps() {
        assert_eq!(
            segments("$.a['b.c'][?@.d=='e]'].f[0]"),
            ["$", ".a", "['b.c']", "[?@.d=='e]']", ".f", "[0]"]
        );
    }

    #[test]
    fn unions_of_names_are_taken_apart_and_filters_are_not() {
        assert_eq!(
            split_unions("$.paths['/a','/b'].get.x[?@.name=='s,t']['p', \"q\"]"),
            [
                "$.paths['/a'].get.x[?@.name=='s,t']['p']",
                "$.paths['/a'].get.x[?@.name=='s,t'][\"q\"]",
                "$.paths['/b'].get.x[?@.name=='s,t']['p']",
                "$.paths['/b'].get.x[?@.name=='s,t'][\"q\"]",
            ]
        );
        assert_eq!(split_unions("$.a.b"), ["$.a.b"]);
    }
}
