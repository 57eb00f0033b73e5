//! What changed in a single schema: what is said beside its kind, its values, its fields.

use std::collections::BTreeSet;

use serde_json::Value;

use super::flat::Flat;
use super::{Direction, Site, shown};
use crate::diff::Row;
use crate::diff::pairs::{RENAMED, pairs, same_value};
use crate::diff::print::listed;
use crate::diff::rules::Rule;
use crate::report::quoted;

/// How a keyword limits the accepted values.
enum Bound {
    /// More is looser.
    Upper,
    /// Less is looser.
    Lower,
    /// A rule such as a pattern: a different rule is treated as stricter, because the two cannot be compared.
    Rule,
}

const BOUNDS: &[(&str, Bound)] = &[
    ("maximum", Bound::Upper),
    ("maxLength", Bound::Upper),
    ("maxItems", Bound::Upper),
    ("maxProperties", Bound::Upper),
    ("minimum", Bound::Lower),
    ("minLength", Bound::Lower),
    ("minItems", Bound::Lower),
    ("minProperties", Bound::Lower),
    ("exclusiveMaximum", Bound::Rule),
    ("exclusiveMinimum", Bound::Rule),
    ("multipleOf", Bound::Rule),
    ("pattern", Bound::Rule),
    ("uniqueItems", Bound::Rule),
];

/// What is said of a type beside its kind. Returns the keys that have a row.
pub(super) fn keywords(
    site: &Site,
    old: &Flat<'_>,
    new: &Flat<'_>,
    rows: &mut Vec<Row>,
) -> BTreeSet<&'static str> {
    let mut reported = BTreeSet::new();
    let direction = site.direction;
    let of = |flat: &Flat<'_>, key: &str| {
        // Some values are what is meant without them.
        flat.keys.get(key).map(|value| (*value).clone()).filter(|value| {
            *value != Value::Bool(false) && !(key.starts_with("min") && key != "minimum" && *value == 0)
        })
    };
    let words = |value: &Option<Value>| {
        value
            .as_ref()
            .map_or_else(|| "none".to_owned(), |value| quoted(&shown(value)))
    };
    if old.is("nullable") != new.is("nullable") {
        let (rule, says) = if new.is("nullable") {
            (
                direction.rule(Rule::RequestNullAllowed, Rule::ResponseNullAllowed),
                "can be `null` now",
            )
        } else {
            (
                direction.rule(Rule::RequestNullForbidden, Rule::ResponseNullForbidden),
                "is never `null` now",
            )
        };
        rows.push(site.row(rule, &[], says));
        reported.insert("nullable");
    }
    if old.is("deprecated") != new.is("deprecated") {
        let says = if new.is("deprecated") {
            "is deprecated"
        } else {
            "is no longer deprecated"
        };
        rows.push(site.row(Rule::FieldDeprecated, &[], says));
        reported.insert("deprecated");
    }
    let mut changed = |key: &'static str, rule: Rule| {
        reported.insert(key);
        let (was, is) = (of(old, key), of(new, key));
        let texts = [&was, &is].map(|value| value.as_ref().map(Value::to_string).unwrap_or_default());
        let says = match key {
            "default" => format!("is {} where it is left out (was {})", words(&is), words(&was)),
            _ => format!("has {} {} now (was {})", quoted(key), words(&is), words(&was)),
        };
        rows.push(site.row(rule, &[key, &texts[0], &texts[1]], says));
    };
    if of(old, "format") != of(new, "format") {
        changed("format", Rule::FormatChanged);
    }
    match (of(old, "default"), of(new, "default")) {
        (was, is) if was == is => {}
        (None, _) if direction == Direction::Request => changed("default", Rule::DefaultDeclared),
        _ => changed(
            "default",
            direction.rule(Rule::DefaultChanged, Rule::ResponseDefaultChanged),
        ),
    }
    for (key, bound) in BOUNDS {
        let (was, is) = (of(old, key), of(new, key));
        if was == is {
            continue;
        }
        let number = |value: &Option<Value>| value.as_ref().and_then(Value::as_f64);
        let looser = match (bound, number(&was), number(&is)) {
            (_, _, None) if is.is_none() => true,
            (Bound::Upper, Some(was), Some(is)) => is > was,
            (Bound::Lower, Some(was), Some(is)) => is < was,
            _ => false,
        };
        let request = if looser {
            Rule::RequestLimitLoosened
        } else {
            Rule::RequestLimitTightened
        };
        changed(key, direction.rule(request, Rule::ResponseLimitChanged));
    }
    for key in ["readOnly", "writeOnly", "discriminator", "not"] {
        if of(old, key) != of(new, key) {
            changed(key, Rule::KeywordChanged);
        }
    }
    reported
}

pub(super) fn keyword(site: &Site, key: &str, old: &Value, new: &Value) -> Row {
    let (was, is) = (old.to_string(), new.to_string());
    let says = format!(
        "has another {} now: {} (was {})",
        quoted(key),
        quoted(&is),
        quoted(&was)
    );
    site.row(Rule::KeywordChanged, &[key, &was, &is], says)
}

/// The values of an enumeration. Returns whether they differ.
pub(super) fn values(site: &Site, old: &Flat<'_>, new: &Flat<'_>, rows: &mut Vec<Row>) -> bool {
    let direction = site.direction;
    let (was, is) = match (old.values(), new.values()) {
        (None, None) => return false,
        (Some(was), Some(is)) if was == is => return false,
        (Some(was), Some(is)) => (was, is),
        (None, Some(is)) => {
            let texts: Vec<&str> = is.iter().map(String::as_str).collect();
            let rule = direction.rule(Rule::RequestLimitTightened, Rule::ResponseTypeNarrowed);
            let says = format!("is one of {} now (was any text)", listed(&texts));
            rows.push(site.row(rule, &texts, says));
            return true;
        }
        (Some(was), None) => {
            let texts: Vec<&str> = was.iter().map(String::as_str).collect();
            let rule = direction.rule(Rule::RequestTypeWidened, Rule::ResponseValuesOpen);
            let says = format!("is any text now (was one of {})", listed(&texts));
            rows.push(site.row(rule, &texts, says));
            return true;
        }
    };
    let mut went: Vec<&String> = was.difference(&is).collect();
    let mut came: Vec<&String> = is.difference(&was).collect();
    let score = |old: usize, new: usize| match (went.get(old), came.get(new)) {
        (Some(old), Some(new)) => same_value(old, new),
        _ => 0.0,
    };
    let renamed: Vec<(&String, &String)> = pairs(went.len(), came.len(), RENAMED, score)
        .into_iter()
        .filter_map(|(old, new)| Some((*went.get(old)?, *came.get(new)?)))
        .collect();
    for (old, new) in renamed {
        went.retain(|value| *value != old);
        came.retain(|value| *value != new);
        let rule = direction.rule(Rule::RequestValueRenamed, Rule::ResponseValueRenamed);
        let says = format!("has {} now where it had {}", quoted(new), quoted(old));
        rows.push(site.row(rule, &[old, new], says));
    }
    let several = |values: &[&String]| if values.len() == 1 { "value" } else { "values" };
    let texts = |values: &[&'_ String]| values.iter().map(|value| value.to_string()).collect::<Vec<_>>();
    if !went.is_empty() {
        let rule = direction.rule(Rule::RequestValueRemoved, Rule::ResponseValueRemoved);
        let says = format!("no longer has the {} {}", several(&went), listed(&went));
        let texts = texts(&went);
        rows.push(site.row(rule, &texts.iter().map(String::as_str).collect::<Vec<_>>(), says));
    }
    if !came.is_empty() {
        let rule = direction.rule(Rule::RequestValueAdded, Rule::ResponseValueAdded);
        let says = format!("has the new {} {}", several(&came), listed(&came));
        let texts = texts(&came);
        rows.push(site.row(rule, &texts.iter().map(String::as_str).collect::<Vec<_>>(), says));
    }
    true
}

/// Which fields there are, and which of them must be there.
pub(super) fn fields(site: &Site, old: &Flat<'_>, new: &Flat<'_>, rows: &mut Vec<Row>) {
    let direction = site.direction;
    for name in old
        .properties
        .keys()
        .filter(|name| !new.properties.contains_key(*name))
    {
        let rule = direction.rule(Rule::RequestFieldRemoved, Rule::ResponseFieldRemoved);
        rows.push(site.below(&format!(".{name}")).row(rule, &[], "is gone"));
    }
    for name in new.properties.keys() {
        let field = site.below(&format!(".{name}"));
        let (rule, says) = match (
            old.properties.contains_key(name),
            old.required.contains(name),
            new.required.contains(name),
        ) {
            (false, _, true) => (
                direction.rule(Rule::RequestFieldAddedRequired, Rule::ResponseFieldAdded),
                direction.says("is new, and required", "is new, and always there"),
            ),
            (false, _, false) => (
                direction.rule(Rule::RequestFieldAdded, Rule::ResponseFieldAdded),
                direction.says("is new, and can be left out", "is new"),
            ),
            (true, false, true) => (
                direction.rule(Rule::RequestFieldRequired, Rule::ResponseFieldRequired),
                direction.says("is required now", "is always there now"),
            ),
            (true, true, false) => (
                direction.rule(Rule::RequestFieldOptional, Rule::ResponseFieldOptional),
                direction.says("can be left out now", "can be missing now"),
            ),
            _ => continue,
        };
        rows.push(field.row(rule, &[], says));
    }
}
