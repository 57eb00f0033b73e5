//! Edits of our files under `openapi/` that need no thought: a placeholder where a description is missing, and
//! the end of an entry for something that is gone. They are edits of lines, so that comments stay.

use std::cmp::Ordering;
use std::ops::Range;

use serde_json::Value;

use crate::yaml;

/// What a placeholder begins with. `cargo xtask release` refuses it.
pub const PLACEHOLDER: &str = "TODO(describe)";

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The file below `openapi/`.
    pub file: &'static str,
    /// The keys that lead to the place; the last can be an element of a list.
    pub place: Vec<String>,
    /// What happens there.
    pub change: Change,
}

/// What an edit does with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Writes a text there.
    Say(String),
    /// Adds an element to the list there, which is made if it is missing.
    Add(String),
    /// Deletes it.
    Delete,
}

impl Edit {
    /// A placeholder for a description.
    pub fn describe(place: &[&str]) -> Self {
        Self {
            file: "descriptions.yaml",
            place: place.iter().map(|key| (*key).to_owned()).collect(),
            change: Change::Say(PLACEHOLDER.to_owned()),
        }
    }

    /// Adds an element to a list.
    pub fn add(file: &'static str, place: &[&str], element: &str) -> Self {
        Self {
            file,
            place: place.iter().map(|key| (*key).to_owned()).collect(),
            change: Change::Add(element.to_owned()),
        }
    }

    /// Deletes an entry.
    pub fn delete(file: &'static str, place: &[&str]) -> Self {
        Self {
            file,
            place: place.iter().map(|key| (*key).to_owned()).collect(),
            change: Change::Delete,
        }
    }

    /// The text of the file after the edit; `None` if it has no such place.
    pub fn apply(&self, text: &str) -> Option<String> {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        match &self.change {
            Change::Say(words) => insert(&mut lines, &self.place, &scalar(words))?,
            Change::Add(element) => match lengthen(&mut lines, &self.place, element) {
                Some(()) => {}
                None => insert(&mut lines, &self.place, &format!("[{}]", in_flow(element)))?,
            },
            Change::Delete => delete(&mut lines, &self.place)?,
        }
        let mut text = lines.join("\n");
        text.push('\n');
        Some(text)
    }
}

/// A key and the lines that belong to it.
struct Entry {
    key: String,
    lines: Range<usize>,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn says_nothing(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// The entries on the outermost level of some lines.
fn entries(lines: &[String], within: Range<usize>) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut level = None;
    for at in within {
        let Some(line) = lines.get(at).filter(|line| !says_nothing(line)) else {
            continue;
        };
        let level = *level.get_or_insert(indent(line));
        if indent(line) > level {
            if let Some(last) = found.last_mut() {
                last.lines.end = at + 1;
            }
            continue;
        }
        if let Some((key, _)) = parts(line) {
            found.push(Entry {
                key,
                lines: at..at + 1,
            });
        }
    }
    found
}

/// The key of a line `key: value`, and the text of the value.
fn parts(line: &str) -> Option<(String, &str)> {
    let line = line.trim();
    if line.starts_with(['\'', '"']) {
        let quote = line.get(..1)?;
        let mut end = 1;
        loop {
            end += line.get(end..)?.find(quote)? + 1;
            let escaped = quote == "\"" && line.get(..end)?.ends_with("\\\"");
            if let Some(value) = line.get(end..)?.trim_start().strip_prefix(':')
                && !escaped
            {
                return Some((yaml::read(line.get(..end)?).ok()?, value.trim_start()));
            }
        }
    }
    let (key, value) = line
        .split_once(": ")
        .or_else(|| Some((line.strip_suffix(':')?, "")))?;
    Some((key.to_owned(), value.trim_start()))
}

/// The text after the key in its own line.
fn value<'a>(lines: &'a [String], entry: &Entry) -> &'a str {
    let line = lines.get(entry.lines.start);
    line.and_then(|line| parts(line)).map_or("", |(_, value)| value)
}

fn find(lines: &[String], within: Range<usize>, key: &str) -> Option<Entry> {
    entries(lines, within).into_iter().find(|entry| entry.key == key)
}

fn below(entry: &Entry) -> Range<usize> {
    entry.lines.start + 1..entry.lines.end
}

/// Writes a value, which is YAML already, to a place that has none.
fn insert(lines: &mut Vec<String>, place: &[String], words: &str) -> Option<()> {
    let mut within = 0..lines.len();
    let mut level = 0;
    for (depth, wanted) in place.iter().enumerate() {
        if let Some(entry) = find(lines, within.clone(), wanted) {
            if value(lines, &entry) == "{}" {
                lines[entry.lines.start] = format!("{}{}:", " ".repeat(level), scalar(wanted));
            } else if !value(lines, &entry).is_empty() {
                return None;
            }
            within = below(&entry);
            level += 2;
            continue;
        }
        let siblings = entries(lines, within.clone());
        // Names stand in order, and words for them as they were written.
        let next = siblings
            .iter()
            .find(|sibling| depth % 2 == 1 && order(&sibling.key, wanted) == Ordering::Greater);
        let mut at = match next {
            Some(next) => next.lines.start,
            None => siblings.last().map_or(within.start, |last| last.lines.end),
        };
        // A comment belongs to the entry below it.
        while next.is_some() && at > within.start && lines[at - 1].trim_start().starts_with('#') {
            at -= 1;
        }
        let missing = &place[depth..];
        for (deeper, key) in missing.iter().enumerate() {
            let indent = " ".repeat(level + 2 * deeper);
            let value = if deeper + 1 == missing.len() {
                format!(" {words}")
            } else {
                String::new()
            };
            lines.insert(at + deeper, format!("{indent}{}:{value}", scalar(key)));
        }
        return Some(());
    }
    None
}

/// `GET /a` by its path first, like the file.
fn order(one: &str, other: &str) -> Ordering {
    let parts = |key: &str| match key.split_once(" /") {
        Some((method, path)) => (format!("/{path}"), method.to_owned()),
        None => (key.to_owned(), String::new()),
    };
    parts(one).cmp(&parts(other))
}

fn delete(lines: &mut Vec<String>, place: &[String]) -> Option<()> {
    let (last, parents) = place.split_last()?;
    let mut within = 0..lines.len();
    let mut parent = None;
    for key in parents {
        let entry = find(lines, within, key)?;
        within = below(&entry);
        parent = Some(entry);
    }
    if let Some(entry) = find(lines, within.clone(), last) {
        let alone = entries(lines, within).len() == 1;
        lines.drain(entry.lines);
        // A heading with nothing below it goes too, unless it is one of the file's own.
        return if alone && parents.len() > 1 {
            delete(lines, parents)
        } else {
            Some(())
        };
    }
    shorten(lines, &parent?, last, parents)
}

/// Takes an element out of a list, or out of a map that is written in one line.
fn shorten(lines: &mut Vec<String>, parent: &Entry, item: &str, place: &[String]) -> Option<()> {
    let text = lines.get(parent.lines.clone())?.join("\n");
    let whole: Value = yaml::read(&text).ok()?;
    let (_, mut held) = whole.as_object()?.clone().into_iter().next()?;
    let flow: Vec<String> = match &mut held {
        Value::Array(items) => {
            let before = items.len();
            items.retain(|have| have.as_str() != Some(item));
            if items.len() == before {
                return None;
            }
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            if items.is_empty() && place.len() > 1 {
                return delete(lines, place);
            }
            return relist(lines, parent, &items);
        }
        Value::Object(members) => {
            members.remove(item)?;
            let pair = |(key, value): (&String, &Value)| {
                Some(format!("{}: {}", in_flow(key), in_flow(value.as_str()?)))
            };
            members.iter().filter_map(pair).collect()
        }
        _ => return None,
    };
    if flow.is_empty() && place.len() > 1 {
        return delete(lines, place);
    }
    let start = " ".repeat(indent(lines.get(parent.lines.start)?));
    let key = scalar(&parent.key);
    let line = format!("{start}{key}: {{{}}}", flow.join(", "));
    lines.splice(parent.lines.clone(), [line]);
    Some(())
}

/// Adds an element to a list that is there.
fn lengthen(lines: &mut Vec<String>, place: &[String], element: &str) -> Option<()> {
    let mut within = 0..lines.len();
    let mut found = None;
    for key in place {
        let entry = find(lines, within, key)?;
        within = below(&entry);
        found = Some(entry);
    }
    let entry = found?;
    let text = lines.get(entry.lines.clone())?.join("\n");
    let whole: Value = yaml::read(&text).ok()?;
    let (_, held) = whole.as_object()?.iter().next()?;
    let mut items: Vec<&str> = held.as_array()?.iter().filter_map(Value::as_str).collect();
    if !items.contains(&element) {
        items.push(element);
        relist(lines, &entry, &items)?;
    }
    Some(())
}

/// Writes a list anew, in one line if it fits.
fn relist(lines: &mut Vec<String>, entry: &Entry, items: &[&str]) -> Option<()> {
    let start = " ".repeat(indent(lines.get(entry.lines.start)?));
    let key = scalar(&entry.key);
    let flow: Vec<String> = items.iter().map(|item| in_flow(item)).collect();
    let line = format!("{start}{key}: [{}]", flow.join(", "));
    let new = if line.len() <= 110 {
        vec![line]
    } else {
        std::iter::once(format!("{start}{key}:"))
            .chain(items.iter().map(|item| format!("{start}  - {}", scalar(item))))
            .collect()
    };
    lines.splice(entry.lines.clone(), new);
    Some(())
}

/// A text as a key or value of its own line, whatever is in it.
fn scalar(text: &str) -> String {
    let plain = yaml::write(&text).unwrap_or_default();
    let plain = plain.trim_end();
    if plain.contains('\n') || text.chars().any(char::is_control) {
        return serde_json::Value::from(text).to_string();
    }
    plain.to_owned()
}

/// A text inside of `[…]` or `{…}`.
fn in_flow(text: &str) -> String {
    let plain = scalar(text);
    if plain == text && text.contains(['{', '}', '[', ']', ',']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Edit;

    const FILE: &str = "\
# Our words.
operations:
  GET /a:
    summary: Reads a.
    parameters:
      market: The market,
        over two lines.
  # About b.
  POST /b:
    summary: Makes b.
schemas:
  r.Thing:
    description: A thing.
    fields:
      size: How big.
";

    #[track_caller]
    fn edited(text: &str, edit: &Edit) -> String {
        let edited = edit.apply(text).unwrap();
        assert!(
            crate::yaml::read::<serde_json::Value>(&edited).is_ok(),
            "{edited}"
        );
        edited
    }

    #[test]
    fn placeholder_goes_where_a_person_would_write_it() {
        let mut text = FILE.to_owned();
        for place in [
            &["operations", "GET /b", "summary"][..],
            &["operations", "GET /b", "parameters", "x"],
            &["operations", "GET /a", "parameters", "kind"],
            &["operations", "GET /z: {odd} #", "summary"],
            &["schemas", "r.Thing", "fields", "kind"],
            &["schemas", "r.Thing", "fields", "yes no: 1"],
            &["schemas", "r.Thing", "values", "line\nbreak"],
            &["schemas", "r.Other", "description"],
        ] {
            text = edited(&text, &Edit::describe(place));
        }
        assert_eq!(
            text,
            "\
# Our words.
operations:
  GET /a:
    summary: Reads a.
    parameters:
      kind: TODO(describe)
      market: The market,
        over two lines.
  GET /b:
    summary: TODO(describe)
    parameters:
      x: TODO(describe)
  # About b.
  POST /b:
    summary: Makes b.
  \"GET /z: {odd} #\":
    summary: TODO(describe)
schemas:
  r.Other:
    description: TODO(describe)
  r.Thing:
    description: A thing.
    fields:
      kind: TODO(describe)
      size: How big.
      \"yes no: 1\": TODO(describe)
    values:
      \"line\\nbreak\": TODO(describe)
"
        );
        // A second time there is nothing to do.
        assert_eq!(
            Edit::describe(&["schemas", "r.Other", "description"]).apply(&text),
            None
        );
        let empty = edited(
            "operations: {}\n",
            &Edit::describe(&["operations", "GET /a", "summary"]),
        );
        assert_eq!(empty, "operations:\n  GET /a:\n    summary: TODO(describe)\n");
    }

    #[test]
    fn element_is_added_to_its_list_or_to_a_new_one_and_only_once() {
        let mut text =
            "# Ours.\nenums:\n  A: [one]\n  # About C.\n  C:\n    - GET /a x\nvalues: {}\n".to_owned();
        for (key, element) in [
            ("A", "GET /{b} y"),
            ("B", "r.B.f"),
            ("C", "GET /{c} z"),
            ("A", "one"),
        ] {
            text = edited(&text, &Edit::add("x", &["enums", key], element));
        }
        assert_eq!(
            text,
            "# Ours.\nenums:\n  A: [one, 'GET /{b} y']\n  B: [r.B.f]\n  # About C.\n  C: [GET /a x, 'GET /{c} z']\nvalues: {}\n"
        );
        let text = edited("enums: {}\n", &Edit::add("x", &["enums", "A"], &"x".repeat(60)));
        let text = edited(&text, &Edit::add("x", &["enums", "A"], &"y".repeat(60)));
        assert!(text.starts_with("enums:\n  A:\n    - x"), "{text}");
    }

    #[test]
    fn deleted_entry_takes_its_heading_and_nothing_else() {
        let delete = |text: &str, place: &[&str]| edited(text, &Edit::delete("x", place));
        let text = delete(FILE, &["operations", "GET /a", "parameters", "market"]);
        assert!(
            text.contains("Reads a.") && !text.contains("parameters") && !text.contains("two lines"),
            "{text}"
        );
        let text = delete(FILE, &["operations", "POST /b"]);
        assert!(
            text.contains("# About b.") && text.contains("two lines") && !text.contains("Makes b"),
            "{text}"
        );
        let lists = "\
fields:
  r.A: [x, size]
  r.B: [x]
  r.C:
    - x
    - 'POST /auth/{key} y'
rows:
  r.A: {asks: Level, bids: Level}
headers:
  - H-ONE
";
        for (place, left) in [
            (&["fields", "r.A", "x"][..], "  r.A: [size]\n"),
            (&["fields", "r.C", "x"], "  r.C: ['POST /auth/{key} y']\n"),
            (&["rows", "r.A", "bids"], "  r.A: {asks: Level}\n"),
            (&["headers", "H-ONE"], "headers: []\n"),
        ] {
            assert!(delete(lists, place).contains(left), "{place:?}");
        }
        assert!(!delete(lists, &["fields", "r.B", "x"]).contains("r.B"));
        assert_eq!(Edit::delete("x", &["fields", "r.A", "z"]).apply(lists), None);
        assert_eq!(Edit::delete("x", &["nothing", "r.A"]).apply(lists), None);
    }
}
