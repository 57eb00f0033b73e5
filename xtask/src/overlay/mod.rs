//! Corrections: an OpenAPI Overlay. Every action must match and must change something, and must not overwrite a value of upstream
//! unless `x-expect` names it.
//!
//! The overlay is applied to the canonical document, under its published names. An action names its
//! target by JSONPath (RFC 9535). With `update`, an object is merged into every target; with `remove`,
//! every target is taken out of the object or list it stands in, which covers an element of `required`
//! or `enum` by a filter such as `$.….required[?@=='price']`. An update only adds: a member that upstream already has is not
//! overwritten or merged, and a list only grows. To overwrite a value, an action must give the upstream value in `x-expect`, an
//! extension of ours. If upstream later changes that value, the run stops.
//!
//! An action that does not fit is reported with the remedy: upstream has fixed it, its place is gone, its place has another name,
//! or upstream says something else there now.

mod jsonpath;
mod update;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::renames::Renames;
use jsonpath::pointer;
pub(crate) use jsonpath::{segments, split_unions};
use update::{excerpt, remove_all, updated};

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
    Fixed,
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
                        format!("refers to {target:?}, which the document does not have; correct or delete the action"),
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
        crate::document::walk(self.update.as_ref()?, &mut |value| {
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
        let mut unfit: Vec<(String, Cause)> = Vec::new();
        // Whether a target has one place alone, which then can be taken out of the action.
        let mut single = true;
        for target in &targets {
            let path = match JsonPath::parse(target) {
                Ok(path) => path,
                Err(error) => {
                    let reason = format!("is not a JSONPath: {error}");
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
        let lacking = unfit.into_iter().filter(|(_, why)| why.lack() != Lack::Fixed);
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
    fn reason(&self, unfit: &[(String, Cause)], applied: bool, one: bool) -> String {
        if !applied && unfit.iter().all(|(_, why)| matches!(why, Cause::Fixed(_))) {
            let whys: BTreeSet<String> = unfit.iter().map(|(_, why)| why.to_string()).collect();
            let whys = whys.into_iter().collect::<Vec<_>>().join("; ");
            return format!("upstream has fixed it ({whys}): delete the action");
        }
        if !applied
            && unfit.iter().all(|(_, why)| matches!(why, Cause::Gone(_)))
            && let Some((_, why)) = unfit.first()
        {
            return format!("{why}: delete the action");
        }
        let targets = split_unions(&self.target);
        let whys: Vec<String> = unfit
            .iter()
            .map(|(place, why)| {
                let remedy = match why {
                    Cause::Fixed(_) | Cause::Gone(_) if !targets.contains(place) => {
                        "narrow the target, so that this place is left out"
                    }
                    Cause::Fixed(_) | Cause::Gone(_) => "take this target out of the action",
                    Cause::Moved(_) => "update the target",
                    Cause::Partly(_) => "take that part out of the update",
                    Cause::Changed(_) => {
                        "look at both: if upstream is right, delete the action; if not, write it again, with what it \
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
    fn changed(&self, old: &Value) -> Result<Value, Cause> {
        let new = match &self.update {
            None => Ok(Value::Null),
            Some(update) => updated(old, update, self.expect.is_some()),
        };
        match (new, &self.expect) {
            (Err(fixed @ Cause::Fixed(_)), _) => Err(fixed),
            (_, Some(expected)) if old != expected => Err(Cause::Changed(format!(
                "upstream now has {}, and the correction was written for {}",
                excerpt(old),
                excerpt(expected)
            ))),
            (new, _) => new,
        }
    }

    /// Why a target matches nothing: what is to be removed is gone already, or its place is.
    fn missing(&self, target: &str, document: &Value, renames: &Renames) -> Cause {
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
            return Cause::Fixed(format!("`{parent}` has no `{step}` any more"));
        }
        let name = step.trim_start_matches(['.', '[']).trim_end_matches(']');
        match renames.new_name(name.trim_matches(['\'', '"'])) {
            Some(new) => Cause::Moved(format!("`{name}` was renamed to `{new}`")),
            None => Cause::Gone(format!("the place is gone, `{parent}` has no `{step}`")),
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
enum Cause {
    /// Upstream says now what the action says.
    Fixed(String),
    /// Upstream says now a part of what the action says.
    Partly(String),
    /// There is nothing left to correct.
    Gone(String),
    /// What it was written for has another name.
    Moved(String),
    /// Upstream says something else where the action would write.
    Changed(String),
}

impl Cause {
    fn lack(&self) -> Lack {
        match self {
            Cause::Fixed(_) => Lack::Fixed,
            Cause::Gone(_) => Lack::Gone,
            Cause::Partly(_) | Cause::Moved(_) | Cause::Changed(_) => Lack::Uncorrected,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Cause::Fixed(text)
        | Cause::Partly(text)
        | Cause::Gone(text)
        | Cause::Moved(text)
        | Cause::Changed(text)) = self;
        f.write_str(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Overlay;
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
    fn update_merges_and_a_second_one_changes_nothing() {
        let mut document = json!({"a.b": {"type": "string", "enum": ["X"]}});
        let action = "  target: $['a.b']\n  update: {format: decimal}";
        assert!(apply(&mut document, action).is_empty());
        assert_eq!(
            document["a.b"],
            json!({"type": "string", "enum": ["X"], "format": "decimal"})
        );
        let again = apply(&mut document, action);
        assert!(
            again[0].contains("upstream has fixed it") && again[0].contains("delete the action"),
            "{again:?}"
        );
    }

    #[test]
    fn scalar_in_a_list_can_be_removed() {
        let mut document = json!({"required": ["price", "side", "price"], "enum": ["", "A"]});
        assert!(apply(&mut document, "  target: $.required[?@=='price']\n  remove: true").is_empty());
        assert!(apply(&mut document, "  target: $.enum[?@=='']\n  remove: true").is_empty());
        assert_eq!(document, json!({"required": ["side"], "enum": ["A"]}));
    }

    #[test]
    fn action_applies_to_targets_that_fit_and_reports_the_others() {
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
    fn upstream_change_under_a_correction_is_not_overwritten() {
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
    fn upstream_changes_are_distinguished() {
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
                "upstream has fixed it (it says all of `enum` itself): delete the action",
            ),
            ("target: $.S\n  update: {type: string}", "fixed it"),
            (
                "target: $.L\n  update: x",
                "upstream has fixed it (it lists \"x\" itself)",
            ),
            (
                "target: $.L[?@=='y']\n  remove: true",
                "upstream has fixed it (`$.L` has no `[?@=='y']` any more): delete the action",
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
                "`'Old'` was renamed to `New`: update the target",
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
    fn overwriting_needs_the_expected_value() {
        let mut document = json!({"s": {"type": "integer", "format": "x"}});
        let action = "  target: $.s\n  update: {type: string}\n  x-expect: {type: integer, format: x}";
        assert_eq!(apply(&mut document, action), Vec::<String>::new());
        assert_eq!(document, json!({"s": {"type": "string", "format": "x"}}));
        // If upstream has made the same change, the message says so, and does not report a changed `x-expect` value.
        assert!(apply(&mut document, action)[0].contains("upstream has fixed it"));
    }

    #[test]
    fn action_with_a_dangling_reference_is_skipped() {
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
    fn action_without_a_reason_or_with_two_effects_is_refused() {
        let parse = |action: &str| {
            Overlay::parse(&format!("overlay: 1.0.0\ninfo: {{}}\nactions:\n- {action}")).is_err()
        };
        assert!(parse("{target: $.a, description: '', remove: true}"));
        assert!(parse("{target: $.a, description: why}"));
        assert!(parse("{target: $.a, description: why, remove: true, update: {}}"));
        assert!(parse("{target: $.a, description: why, remove: true, because: x}"));
    }
}
