//! Corrections: an OpenAPI Overlay whose every action must hit and must change something.
//!
//! The overlay is applied to the canonical document, under its published names. An action names its
//! target by JSONPath (RFC 9535). With `update`, an object is merged into every target; with `remove`,
//! every target is taken out of the object or list it stands in, which covers an element of `required`
//! or `enum` by a filter such as `$.….required[?@=='price']`. `x-expect`, an extension of ours, records
//! what the target was when the correction was written: an upstream change there stops the run instead
//! of being overwritten.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath, PathElement};

/// An Overlay document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// The version of the Overlay specification.
    pub overlay: String,
    /// What this overlay is.
    pub info: Value,
    /// What to change, in this order.
    pub actions: Vec<Action>,
}

/// One correction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// JSONPath of the places to change.
    pub target: String,
    /// Why, and when the correction can go.
    pub description: String,
    /// What is merged into each target.
    pub update: Option<Value>,
    /// Whether each target is removed.
    #[serde(default)]
    pub remove: bool,
    /// What every target must be before the action.
    #[serde(rename = "x-expect")]
    pub expect: Option<Value>,
}

/// A correction that does not fit the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The target of the action.
    pub target: String,
    /// What is wrong and what to do.
    pub reason: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "correction `{}`: {}", self.target, self.reason)
    }
}

impl Overlay {
    /// Reads an overlay from YAML (or JSON).
    ///
    /// # Errors
    ///
    /// The text is no overlay of version 1.x, or an action neither updates nor removes.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let overlay: Overlay = serde_yaml::from_str(text)?;
        anyhow::ensure!(
            overlay.overlay.starts_with("1."),
            "overlay version {} is not supported; use 1.0.0",
            overlay.overlay
        );
        for action in &overlay.actions {
            anyhow::ensure!(
                action.remove != action.update.is_some(),
                "action `{}` must have exactly one of `update` and `remove: true`",
                action.target
            );
            anyhow::ensure!(
                !action.description.trim().is_empty(),
                "action `{}` does not say why it is there; give it a `description`",
                action.target
            );
        }
        Ok(overlay)
    }

    /// Applies every action; the ones that do not fit are skipped and returned.
    ///
    /// An action may refer to what a later one adds, so references are looked at when all are applied. An
    /// action whose reference then leads nowhere does not fit either, and the others are applied without it.
    pub fn apply(&self, document: &mut Value) -> Vec<Misfit> {
        let mut dangling: BTreeMap<usize, String> = BTreeMap::new();
        loop {
            let mut corrected = document.clone();
            let mut misfits = Vec::new();
            let before = dangling.len();
            let mut applied = Vec::new();
            for (index, action) in self.actions.iter().enumerate() {
                let outcome = match dangling.get(&index) {
                    Some(reason) => Err(reason.clone()),
                    None => action.apply(&mut corrected),
                };
                match outcome {
                    Ok(()) => applied.push((index, action)),
                    Err(reason) => misfits.push(Misfit {
                        target: action.target.clone(),
                        reason,
                    }),
                }
            }
            for (index, action) in applied {
                if let Some(target) = action.dangling(&corrected) {
                    dangling.insert(
                        index,
                        format!("refers to {target:?}, which the document does not have; renew or delete the action"),
                    );
                }
            }
            if dangling.len() == before {
                *document = corrected;
                return misfits;
            }
        }
    }
}

impl Action {
    /// A reference of the update that leads nowhere.
    fn dangling(&self, document: &Value) -> Option<String> {
        let mut found = None;
        crate::document::walk_mut(&mut self.update.clone()?, "", &mut |_, value| {
            let target = value.get("$ref").and_then(Value::as_str);
            if let Some(target) = target
                && target
                    .strip_prefix('#')
                    .and_then(|place| document.pointer(place))
                    .is_none()
            {
                found = Some(target.to_owned());
            }
        });
        found
    }

    /// Applies the action whole, or leaves the document as it was.
    fn apply(&self, document: &mut Value) -> Result<(), String> {
        let mut places = Vec::new();
        for target in split_unions(&self.target) {
            let path = JsonPath::parse(&target).map_err(|error| format!("is no JSONPath: {error}"))?;
            let found = path.query_located(document);
            if found.is_empty() {
                return Err(format!(
                    "`{target}` matches nothing; if upstream removed or mended it, delete the action"
                ));
            }
            for node in found.iter() {
                if let Some(expected) = &self.expect
                    && node.node() != expected
                {
                    return Err(format!(
                        "at {} upstream now has {}, and the correction was written for {expected}; look \
                         at both and renew or delete the action",
                        node.location(),
                        node.node()
                    ));
                }
                places.push(pointer(node.location()));
            }
        }
        match &self.update {
            Some(update) => update_all(document, &places, update),
            None => {
                remove_all(document, places);
                Ok(())
            }
        }
    }
}

fn update_all(document: &mut Value, places: &[String], update: &Value) -> Result<(), String> {
    let mut merged = Vec::with_capacity(places.len());
    for place in places {
        let old = document.pointer(place).unwrap_or(&Value::Null);
        let mut new = old.clone();
        match &mut new {
            Value::Object(_) => merge(&mut new, update),
            Value::Array(items) if items.contains(update) => {}
            Value::Array(items) => items.push(update.clone()),
            _ => {
                return Err(format!(
                    "{place} is neither an object nor a list; update its parent"
                ));
            }
        }
        if new == *old {
            return Err(format!(
                "changes nothing at {place}; upstream has mended it, so delete the action"
            ));
        }
        merged.push(new);
    }
    for (place, new) in places.iter().zip(merged) {
        if let Some(slot) = document.pointer_mut(place) {
            *slot = new;
        }
    }
    Ok(())
}

/// Merges as the Overlay specification says: objects key by key, lists appended, all else replaced.
fn merge(old: &mut Value, update: &Value) {
    match (old, update) {
        (Value::Object(old), Value::Object(update)) => {
            for (key, value) in update {
                match old.get_mut(key) {
                    Some(slot) => merge(slot, value),
                    None => {
                        old.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(old), Value::Array(update)) => old.extend(update.iter().cloned()),
        (old, update) => *old = update.clone(),
    }
}

fn remove_all(document: &mut Value, mut places: Vec<String>) {
    // Later elements of a list first, so that the indices of the earlier ones stay true.
    places.sort_by_key(|place| std::cmp::Reverse(list_order(place)));
    for place in places {
        let Some((parent, last)) = place.rsplit_once('/') else {
            continue;
        };
        let last = last.replace("~1", "/").replace("~0", "~");
        match document.pointer_mut(parent) {
            Some(Value::Object(entries)) => {
                entries.remove(&last);
            }
            Some(Value::Array(items)) => {
                if let Ok(index) = last.parse::<usize>()
                    && index < items.len()
                {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }
}

fn list_order(place: &str) -> (String, usize) {
    let (parent, last) = place.rsplit_once('/').unwrap_or(("", place));
    (parent.to_owned(), last.parse().unwrap_or(0))
}

fn pointer(path: &NormalizedPath<'_>) -> String {
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
fn split_unions(target: &str) -> Vec<String> {
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
    use serde_json::{Value, json};

    use super::{Overlay, split_unions};

    fn apply(document: &mut Value, action: &str) -> Vec<String> {
        let overlay = format!("overlay: 1.0.0\ninfo: {{}}\nactions:\n- description: why\n{action}");
        Overlay::parse(&overlay)
            .unwrap()
            .apply(document)
            .into_iter()
            .map(|misfit| misfit.reason)
            .collect()
    }

    #[test]
    fn an_update_merges_and_a_second_one_changes_nothing() {
        let mut document = json!({"a.b": {"type": "string", "enum": ["X"]}});
        let action = "  target: $['a.b']\n  update: {format: decimal}";
        assert!(apply(&mut document, action).is_empty());
        assert_eq!(
            document["a.b"],
            json!({"type": "string", "enum": ["X"], "format": "decimal"})
        );
        let again = apply(&mut document, action);
        assert!(again[0].contains("changes nothing"), "{again:?}");
    }

    #[test]
    fn a_scalar_in_a_list_can_be_removed() {
        let mut document = json!({"required": ["price", "side", "price"], "enum": ["", "A"]});
        assert!(apply(&mut document, "  target: $.required[?@=='price']\n  remove: true").is_empty());
        assert!(apply(&mut document, "  target: $.enum[?@=='']\n  remove: true").is_empty());
        assert_eq!(document, json!({"required": ["side"], "enum": ["A"]}));
    }

    #[test]
    fn what_matches_nothing_says_so_and_changes_nothing() {
        let mut document = json!({"a": {"x": 1}});
        let before = document.clone();
        let found = apply(&mut document, "  target: $['a','b']\n  update: {y: 2}");
        assert!(
            found[0].contains("$['b']") && found[0].contains("matches nothing"),
            "{found:?}"
        );
        assert_eq!(document, before);
    }

    #[test]
    fn an_update_does_not_invent_a_vanished_place() {
        let mut document = json!({"properties": {}});
        let found = apply(
            &mut document,
            "  target: $.properties.gone\n  update: {format: decimal}",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(document, json!({"properties": {}}));
    }

    #[test]
    fn an_upstream_change_under_a_correction_is_not_overwritten() {
        let mut document = json!({"s": {"default": "season4"}});
        let action = "  target: $.s.default\n  remove: true\n  x-expect: season3";
        let found = apply(&mut document, action);
        assert!(
            found[0].contains("season4") && found[0].contains("season3"),
            "{found:?}"
        );
        assert_eq!(document["s"]["default"], "season4");
    }

    #[test]
    fn an_action_whose_reference_leads_nowhere_is_skipped_and_one_that_a_later_action_serves_is_not() {
        let overlay = Overlay::parse(
            "overlay: 1.0.0\ninfo: {}\nactions:\n\
             - {description: why, target: $.paths, update: {/a: {$ref: '#/components/A'}}}\n\
             - {description: why, target: $.paths, update: {/b: {$ref: '#/components/B'}}}\n\
             - {description: why, target: $.components, update: {A: {}}}\n",
        )
        .unwrap();
        let mut document = json!({"paths": {}, "components": {}});
        let misfits = overlay.apply(&mut document);
        assert_eq!(misfits.len(), 1, "{misfits:?}");
        assert!(misfits[0].reason.contains("#/components/B"), "{misfits:?}");
        assert_eq!(
            document,
            json!({"paths": {"/a": {"$ref": "#/components/A"}}, "components": {"A": {}}})
        );
    }

    #[test]
    fn an_action_without_a_reason_or_with_two_effects_is_refused() {
        let parse = |action: &str| {
            Overlay::parse(&format!("overlay: 1.0.0\ninfo: {{}}\nactions:\n- {action}")).is_err()
        };
        assert!(parse("{target: $.a, description: '', remove: true}"));
        assert!(parse("{target: $.a, description: why}"));
        assert!(parse("{target: $.a, description: why, remove: true, update: {}}"));
        assert!(parse("{target: $.a, description: why, remove: true, because: x}"));
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
