//! Corrections: an OpenAPI Overlay whose every action must hit, must change something, and may not cover what
//! upstream says.
//!
//! The overlay is applied to the canonical document, under its published names. An action names its
//! target by JSONPath (RFC 9535). With `update`, an object is merged into every target; with `remove`,
//! every target is taken out of the object or list it stands in, which covers an element of `required`
//! or `enum` by a filter such as `$.….required[?@=='price']`. An update adds: a member that upstream has
//! already is never overwritten or mixed with ours, and a list only grows. To overwrite, an action says in
//! `x-expect`, an extension of ours, what the target was when the correction was written: an upstream change
//! there stops the run.
//!
//! What does not fit is told with what to do: upstream has mended it, its place is gone, its place moved,
//! or upstream says something else there now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath, PathElement};

use crate::renames::Renames;

/// An Overlay document.
#[derive(Debug, Default, Deserialize)]
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
pub struct OverlayError {
    /// The target of the action.
    pub target: String,
    /// What is wrong and what to do.
    pub reason: String,
    /// The places that lack the correction, as JSONPaths.
    pub places: Vec<String>,
    /// Why the places lack it.
    pub lack: Lack,
    /// Whether other places of the same action are corrected.
    pub applied: bool,
}

/// What it means for the document that a correction does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// Upstream says what the correction says: nothing is missing.
    Mended,
    /// The document has no such place.
    Gone,
    /// The place is there and is not corrected.
    Uncorrected,
}

impl fmt::Display for OverlayError {
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
        let overlay: Overlay = crate::yaml::read(text)?;
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

    /// Applies every action wherever it fits, and returns where it does not. An overlay error changes nothing at its places;
    /// other places of the same action are corrected.
    ///
    /// An action may refer to what a later one adds, so references are looked at when all are applied. An
    /// action whose reference then leads nowhere does not fit either, and the others are applied without it.
    pub fn apply(&self, document: &mut Value, renames: &Renames) -> Vec<OverlayError> {
        let mut dangling: BTreeMap<usize, String> = BTreeMap::new();
        loop {
            let mut corrected = document.clone();
            let mut overlay_errors = Vec::new();
            let before = dangling.len();
            let mut applied = Vec::new();
            for (index, action) in self.actions.iter().enumerate() {
                let outcome = match dangling.get(&index) {
                    Some(reason) => Outcome::none(action.overlay_error(
                        reason.clone(),
                        split_unions(&action.target),
                        Lack::Uncorrected,
                    )),
                    None => action.apply(&mut corrected, renames),
                };
                if outcome.applied {
                    applied.push((index, action));
                }
                overlay_errors.extend(outcome.overlay_error);
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
                return overlay_errors;
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

    fn overlay_error(&self, reason: String, places: Vec<String>, lack: Lack) -> OverlayError {
        // An update of a whole section is about the entries that it adds.
        let sections = ["$.components.schemas", "$.paths"];
        let entries = self.update.as_ref().and_then(Value::as_object);
        let places = match entries.filter(|_| sections.contains(&self.target.as_str())) {
            Some(entries) => {
                let names = entries.keys().map(|name| Value::from(name.as_str()).to_string());
                names.map(|name| format!("{}[{name}]", self.target)).collect()
            }
            None => places,
        };
        OverlayError {
            target: self.target.clone(),
            reason,
            places,
            lack,
            applied: false,
        }
    }

    /// Applies the action to the places that it fits, and says what to do about the others.
    fn apply(&self, document: &mut Value, renames: &Renames) -> Outcome {
        let targets = split_unions(&self.target);
        let mut fit = Vec::new();
        let mut unfit: Vec<(String, Unfit)> = Vec::new();
        // Whether a target has one place alone, which then can be taken out of the action.
        let mut single = true;
        for target in &targets {
            let path = match JsonPath::parse(target) {
                Ok(path) => path,
                Err(error) => {
                    let reason = format!("is no JSONPath: {error}");
                    return Outcome::none(self.overlay_error(reason, targets.clone(), Lack::Uncorrected));
                }
            };
            let found = path.query_located(document);
            if found.is_empty() {
                unfit.push((target.clone(), self.missing(target, document, renames)));
            }
            let several = found.len() > 1;
            for node in found.iter() {
                match self.changed(node.node()) {
                    Ok(new) => fit.push((pointer(node.location()), new)),
                    Err(why) if several => {
                        single = false;
                        unfit.push((node.location().to_string(), why));
                    }
                    Err(why) => unfit.push((target.clone(), why)),
                }
            }
        }
        let applied = !fit.is_empty();
        match self.update {
            Some(_) => {
                for (place, new) in fit {
                    if let Some(slot) = document.pointer_mut(&place) {
                        *slot = new;
                    }
                }
            }
            None => remove_all(document, fit.into_iter().map(|(place, _)| place).collect()),
        }
        let Some(lack) = unfit.iter().map(|(_, why)| why.lack()).max() else {
            return Outcome {
                applied,
                overlay_error: None,
            };
        };
        let reason = self.reason(&unfit, applied, single && targets.len() == 1);
        let lacking = unfit.into_iter().filter(|(_, why)| why.lack() != Lack::Mended);
        let places = lacking.map(|(place, _)| place).collect();
        Outcome {
            applied,
            overlay_error: Some(OverlayError {
                applied,
                ..self.overlay_error(reason, places, lack)
            }),
        }
    }

    /// What is wrong and what to do. `one` is whether the action has a single place.
    fn reason(&self, unfit: &[(String, Unfit)], applied: bool, one: bool) -> String {
        if !applied && unfit.iter().all(|(_, why)| matches!(why, Unfit::Mended(_))) {
            let whys: BTreeSet<String> = unfit.iter().map(|(_, why)| why.to_string()).collect();
            let whys = whys.into_iter().collect::<Vec<_>>().join("; ");
            return format!("upstream has mended it ({whys}): delete the action");
        }
        if !applied
            && unfit.iter().all(|(_, why)| matches!(why, Unfit::Gone(_)))
            && let Some((_, why)) = unfit.first()
        {
            return format!("{why}: delete the action");
        }
        let targets = split_unions(&self.target);
        let whys: Vec<String> = unfit
            .iter()
            .map(|(place, why)| {
                let remedy = match why {
                    Unfit::Mended(_) | Unfit::Gone(_) if !targets.contains(place) => {
                        "narrow the target, so that this place is left out"
                    }
                    Unfit::Mended(_) | Unfit::Gone(_) => "take this target out of the action",
                    Unfit::Moved(_) => "renew the target",
                    Unfit::Partly(_) => "take that part out of the update",
                    Unfit::Changed(_) => {
                        "look at both: if upstream is right delete the action, if not renew it, with what it \
                         overwrites in `x-expect`"
                    }
                };
                let place = if one {
                    String::new()
                } else {
                    format!("at `{place}` ")
                };
                format!("{place}{why}: {remedy}")
            })
            .collect();
        whys.join("; ")
    }

    /// What the action makes of the value at a place; `null` if it removes it.
    fn changed(&self, old: &Value) -> Result<Value, Unfit> {
        let new = match &self.update {
            None => Ok(Value::Null),
            Some(update) => updated(old, update, self.expect.is_some()),
        };
        match (new, &self.expect) {
            (Err(mended @ Unfit::Mended(_)), _) => Err(mended),
            (_, Some(expected)) if old != expected => Err(Unfit::Changed(format!(
                "upstream now has {}, and the correction was written for {}",
                excerpt(old),
                excerpt(expected)
            ))),
            (new, _) => new,
        }
    }

    /// Why a target matches nothing: what is to be removed is gone already, or its place is.
    fn missing(&self, target: &str, document: &Value, renames: &Renames) -> Unfit {
        let segments = segments(target);
        // The longest part of the target that matches, and the step that leads nowhere.
        let reached = (0..segments.len())
            .rev()
            .find(|count| {
                let part = segments.get(..*count).unwrap_or_default().concat();
                JsonPath::parse(&part).is_ok_and(|path| !path.query(document).is_empty())
            })
            .unwrap_or(0);
        let step = segments.get(reached).map_or("", String::as_str);
        let parent = segments.get(..reached).unwrap_or_default().concat();
        if self.remove && reached + 1 == segments.len() {
            return Unfit::Mended(format!("`{parent}` has no `{step}` any more"));
        }
        let name = step.trim_start_matches(['.', '[']).trim_end_matches(']');
        match renames.of(name.trim_matches(['\'', '"'])) {
            Some(new) => Unfit::Moved(format!("`{name}` is called `{new}` now")),
            None => Unfit::Gone(format!("the place is gone, `{parent}` has no `{step}`")),
        }
    }
}

/// What became of an action.
struct Outcome {
    /// Whether it fits somewhere.
    applied: bool,
    overlay_error: Option<OverlayError>,
}

impl Outcome {
    fn none(overlay_error: OverlayError) -> Self {
        Self {
            applied: false,
            overlay_error: Some(overlay_error),
        }
    }
}

/// Why an action does not fit.
enum Unfit {
    /// Upstream says now what the action says.
    Mended(String),
    /// Upstream says now a part of what the action says.
    Partly(String),
    /// There is nothing left to correct.
    Gone(String),
    /// What it was written for has another name.
    Moved(String),
    /// Upstream says something else where the action would write.
    Changed(String),
}

impl Unfit {
    fn lack(&self) -> Lack {
        match self {
            Unfit::Mended(_) => Lack::Mended,
            Unfit::Gone(_) => Lack::Gone,
            Unfit::Partly(_) | Unfit::Moved(_) | Unfit::Changed(_) => Lack::Uncorrected,
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Unfit::Mended(text)
        | Unfit::Partly(text)
        | Unfit::Gone(text)
        | Unfit::Moved(text)
        | Unfit::Changed(text)) = self;
        f.write_str(text)
    }
}

/// What an update makes of a value. Without leave to `overwrite` it only adds: members that are not there, and
/// elements that a list does not have.
fn updated(old: &Value, update: &Value, overwrite: bool) -> Result<Value, Unfit> {
    let mut new = old.clone();
    match (&mut new, update) {
        (Value::Array(items), update) => {
            if items.contains(update) {
                return Err(Unfit::Mended(format!("it lists {} itself", excerpt(update))));
            }
            items.push(update.clone());
        }
        (Value::Object(members), Value::Object(update)) => {
            let mut had = Vec::new();
            for (key, value) in update {
                match (members.get(key), value) {
                    (None, _) => {}
                    (Some(old), value) if old == value => had.push(format!("`{key}`")),
                    (Some(Value::Array(old)), Value::Array(more)) => {
                        let again = more.iter().filter(|item| old.contains(item));
                        match again.count() {
                            0 => {}
                            count if count == more.len() => had.push(format!("all of `{key}`")),
                            _ => return Err(Unfit::Partly(format!("upstream has a part of `{key}` itself"))),
                        }
                    }
                    (Some(_), _) if overwrite => {}
                    (Some(old), value) => {
                        return Err(Unfit::Changed(format!(
                            "upstream now has a `{key}` of its own, {}, where the correction writes {}",
                            excerpt(old),
                            excerpt(value)
                        )));
                    }
                }
            }
            match had.len() {
                0 => {}
                count if count == update.len() => {
                    return Err(Unfit::Mended(format!("it says {} itself", had.join(" and "))));
                }
                _ => {
                    return Err(Unfit::Partly(format!(
                        "upstream says {} itself",
                        had.join(" and ")
                    )));
                }
            }
            merge(&mut new, &Value::Object(update.clone()));
        }
        _ => {
            return Err(Unfit::Changed(format!(
                "upstream has {} there, which is no object or list to add to",
                excerpt(old)
            )));
        }
    }
    Ok(new)
}

/// The beginning of a value, for a message.
fn excerpt(value: &Value) -> String {
    const MOST: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
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
    use serde_json::{Value, json};

    use super::{Overlay, segments, split_unions};
    use crate::renames::Renames;

    fn apply(document: &mut Value, action: &str) -> Vec<String> {
        let overlay = format!("overlay: 1.0.0\ninfo: {{}}\nactions:\n- description: why\n{action}");
        Overlay::parse(&overlay)
            .unwrap()
            .apply(document, &Renames::default())
            .into_iter()
            .map(|overlay_error| overlay_error.reason)
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
        assert!(
            again[0].contains("upstream has mended it") && again[0].contains("delete the action"),
            "{again:?}"
        );
    }

    #[test]
    fn a_scalar_in_a_list_can_be_removed() {
        let mut document = json!({"required": ["price", "side", "price"], "enum": ["", "A"]});
        assert!(apply(&mut document, "  target: $.required[?@=='price']\n  remove: true").is_empty());
        assert!(apply(&mut document, "  target: $.enum[?@=='']\n  remove: true").is_empty());
        assert_eq!(document, json!({"required": ["side"], "enum": ["A"]}));
    }

    #[test]
    fn action_applies_to_targets_that_fit_and_tells_of_the_others() {
        let mut document = json!({"a": {"x": 1}, "c": {"y": 3}});
        let found = apply(&mut document, "  target: $['a','b','c']\n  update: {y: 2}");
        assert_eq!(found.len(), 1, "{found:?}");
        for said in [
            "at `$['b']` the place is gone, `$` has no `['b']`: take this target out",
            "at `$['c']` upstream now has a `y` of its own, 3",
        ] {
            assert!(found[0].contains(said), "{said}\nis not in\n{}", found[0]);
        }
        assert!(!found[0].contains("$['a']"), "{found:?}");
        assert_eq!(document, json!({"a": {"x": 1, "y": 2}, "c": {"y": 3}}));

        let mut document = json!({"T": {"kind": {"enum": ["A"]}, "side": {}}});
        let found = apply(&mut document, "  target: $.T['kind','side'].enum\n  remove: true");
        assert!(
            found[0].contains(
                "at `$.T['side'].enum` `$.T['side']` has no `.enum` any more: take this target out"
            ),
            "{found:?}"
        );
        assert_eq!(document, json!({"T": {"kind": {}, "side": {}}}));
    }

    #[test]
    fn action_applies_to_places_of_one_target_that_fit() {
        let mut document = json!({"a": {"x": 1}, "b": {"x": 2}, "c": {"x": 3, "y": 2}});
        let found = apply(&mut document, "  target: $.*\n  update: {y: 2}");
        assert!(
            found[0].contains("at `$['c']` it says `y` itself: narrow the target"),
            "{found:?}"
        );
        assert_eq!(
            document,
            json!({"a": {"x": 1, "y": 2}, "b": {"x": 2, "y": 2}, "c": {"x": 3, "y": 2}})
        );
    }

    #[test]
    fn target_that_matches_nothing_changes_nothing() {
        let mut document = json!({"a": {"x": 1}});
        let before = document.clone();
        assert_eq!(
            apply(&mut document, "  target: $['b','c']\n  update: {y: 2}").len(),
            1
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
    fn what_upstream_did_is_told_apart() {
        let document = json!({"S": {"type": "string", "enum": ["A", "B"]}, "L": ["x"],
                              "T": {"properties": {"kind": {"enum": ["A"]}, "side": {}}},
                              "New": {"properties": {}}});
        let renames = Renames {
            schemas: [("Old".to_owned(), "New".to_owned())].into(),
            ..Renames::default()
        };
        for (action, said) in [
            // Mended: by every target, or by one of them.
            (
                "target: $.S\n  update: {enum: [B, A]}",
                "upstream has mended it (it says all of `enum` itself): delete the action",
            ),
            ("target: $.S\n  update: {type: string}", "mended it"),
            (
                "target: $.L\n  update: x",
                "upstream has mended it (it lists \"x\" itself)",
            ),
            (
                "target: $.L[?@=='y']\n  remove: true",
                "upstream has mended it (`$.L` has no `[?@=='y']` any more): delete the action",
            ),
            // A part of it.
            (
                "target: $.S\n  update: {type: string, format: x}",
                "upstream says `type` itself: take that part out",
            ),
            ("target: $.S\n  update: {enum: [B, C]}", "a part of `enum` itself"),
            // Gone, or moved.
            (
                "target: $.T.properties.gone\n  update: {type: string}",
                "the place is gone, `$.T.properties` has no `.gone`: delete the action",
            ),
            (
                "target: $.T.properties.gone.enum\n  remove: true",
                "the place is gone, `$.T.properties` has no `.gone`",
            ),
            (
                "target: $['Old'].properties.a\n  update: {type: string}",
                "`'Old'` is called `New` now: renew the target",
            ),
            // Mended in another way than ours, which must not be covered.
            (
                "target: $.S\n  update: {type: integer}",
                "upstream now has a `type` of its own, \"string\", where the correction writes \"integer\"",
            ),
            (
                "target: $\n  update: {T: {properties: {kind: {enum: [Z]}}}}",
                "upstream now has a `T` of its own",
            ),
            ("target: $.L[0]\n  update: {a: 1}", "no object or list"),
        ] {
            let overlay = format!("overlay: 1.0.0\ninfo: {{}}\nactions:\n- description: why\n  {action}");
            let mut corrected = document.clone();
            let found = Overlay::parse(&overlay).unwrap().apply(&mut corrected, &renames);
            assert_eq!(found.len(), 1, "{action}");
            assert!(
                found[0].reason.contains(said),
                "{said}\nis not in\n{}",
                found[0].reason
            );
            assert_eq!(corrected, document, "{action}");
        }
    }

    #[test]
    fn to_overwrite_an_action_says_what() {
        let mut document = json!({"s": {"type": "integer", "format": "x"}});
        let action = "  target: $.s\n  update: {type: string}\n  x-expect: {type: integer, format: x}";
        assert_eq!(apply(&mut document, action), Vec::<String>::new());
        assert_eq!(document, json!({"s": {"type": "string", "format": "x"}}));
        // When upstream has done the same, that is said, and not that the ground moved.
        assert!(apply(&mut document, action)[0].contains("upstream has mended it"));
    }

    #[test]
    fn a_path_is_taken_apart_into_its_steps() {
        assert_eq!(
            segments("$.a['b.c'][?@.d=='e]'].f[0]"),
            ["$", ".a", "['b.c']", "[?@.d=='e]']", ".f", "[0]"]
        );
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
        let overlay_errors = overlay.apply(&mut document, &Renames::default());
        assert_eq!(overlay_errors.len(), 1, "{overlay_errors:?}");
        assert!(
            overlay_errors[0].reason.contains("#/components/B"),
            "{overlay_errors:?}"
        );
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
