//! What changed in a schema, for those who send it and for those who read it.

mod flat;
mod keywords;
mod rest;

use std::collections::BTreeSet;

use serde_json::Value;

use super::Row;
use super::rules::Rule;
pub use crate::document::component;
use crate::document::{entries, parts, referred, text};
use crate::report::quoted;
use flat::Flat;
use keywords::{fields, keyword, keywords, values};

/// Which way a value goes, which decides what a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From us to the exchange.
    Request,
    /// From the exchange to us.
    Response,
}

impl Direction {
    fn rule(self, request: Rule, response: Rule) -> Rule {
        match self {
            Direction::Request => request,
            Direction::Response => response,
        }
    }

    fn says(self, request: &'static str, response: &'static str) -> &'static str {
        match self {
            Direction::Request => request,
            Direction::Response => response,
        }
    }
}

/// Two documents whose schemas are compared. Schemas that were renamed have their new names in both.
pub struct Schemas<'a> {
    /// The old document.
    pub old: &'a Value,
    /// The new one.
    pub new: &'a Value,
}

/// Where two schemas stand, and whom that concerns.
#[derive(Debug, Clone)]
pub struct Site {
    /// The operation or component.
    pub subject: String,
    /// By published names.
    pub place: String,
    /// Which way.
    pub direction: Direction,
    /// The operations that have it.
    pub operations: BTreeSet<String>,
}

impl Site {
    /// A row about this place.
    pub fn row(&self, rule: Rule, values: &[&str], says: impl std::fmt::Display) -> Row {
        row(rule, &self.subject, &self.place, values, &self.operations, says)
    }

    /// A row for a member of this place that differs and that no other rule accounts for.
    pub fn other(&self, key: &str, old: Option<&Value>, new: Option<&Value>) -> Row {
        let texts = [old, new].map(|value| value.map(Value::to_string).unwrap_or_default());
        let [was, is] = texts.each_ref().map(|text| match text.as_str() {
            "" => "none".to_owned(),
            text => quoted(text),
        });
        let says = format!("differs in {}: {is} now (was {was})", quoted(key));
        self.row(Rule::OtherChange, &[key, &texts[0], &texts[1]], says)
    }

    /// The place of a part of this one.
    pub(super) fn below(&self, more: &str) -> Site {
        Site {
            place: format!("{}{more}", self.place),
            ..self.clone()
        }
    }
}

/// A row whose sentence begins with its place.
pub fn row(
    rule: Rule,
    subject: &str,
    place: &str,
    values: &[&str],
    operations: &BTreeSet<String>,
    says: impl std::fmt::Display,
) -> Row {
    Row {
        rule,
        subject: subject.to_owned(),
        place: place.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        sentence: format!("{} {says}.", quoted(place)),
        operations: operations.clone(),
        provisional: false,
    }
}

/// The schemas on the path to a place, and how many more may be visited. If many schemas refer to each other, the number of places
/// grows without bound.
struct Walk<'a> {
    /// The pairs of components that the way leads through.
    path: Vec<(&'a str, &'a str)>,
    depth: usize,
    left: usize,
}

impl Walk<'_> {
    fn new() -> Self {
        Walk {
            path: Vec::new(),
            depth: 128,
            left: 2_000,
        }
    }
}

/// What says nothing: any JSON.
static ANY: Value = Value::Null;

/// What holds other schemas without a name, and how it shows in a place.
pub(super) const INNER: [(&str, &str); 2] = [("items", "[]"), ("additionalProperties", "{}")];

impl<'a> Schemas<'a> {
    /// Compares the schemas of two components, to all depths but that of other components.
    pub fn components(&self, site: &Site, old: &'a Value, new: &'a Value, rows: &mut Vec<Row>) {
        self.structure(site, old, new, &mut Walk::new(), rows);
    }

    /// Compares two schemas that stand at a place.
    pub fn compare(&self, site: &Site, old: Option<&'a Value>, new: Option<&'a Value>, rows: &mut Vec<Row>) {
        let before = rows.len();
        let schemas = [old, new].map(|schema| schema.unwrap_or(&ANY));
        self.at(site, schemas[0], schemas[1], &mut Walk::new(), rows);
        if rows.len() == before && old.is_some() != new.is_some() {
            rows.push(site.other("schema", old, new));
        }
    }

    fn at(&self, site: &Site, old: &'a Value, new: &'a Value, walk: &mut Walk<'a>, rows: &mut Vec<Row>) {
        if old == new && old == &ANY {
            return;
        }
        let (Some(was), Some(is)) = (referred(old), referred(new)) else {
            return self.deeper(site, old, new, walk, rows);
        };
        // A component is compared once, by itself, and not everywhere it is used.
        if was == is {
            let flat = Flat::default();
            self.rest(
                site,
                (old, &flat),
                (new, &flat),
                &BTreeSet::new(),
                rows.len(),
                rows,
            );
            return;
        }
        // A recursive schema is compared once; its nested occurrence has the same differences.
        if walk.path.contains(&(was, is)) {
            return;
        }
        walk.path.push((was, is));
        self.deeper(site, old, new, walk, rows);
        walk.path.pop();
    }

    fn deeper(&self, site: &Site, old: &'a Value, new: &'a Value, walk: &mut Walk<'a>, rows: &mut Vec<Row>) {
        let (Some(depth), Some(left)) = (walk.depth.checked_sub(1), walk.left.checked_sub(1)) else {
            let rule = site
                .direction
                .rule(Rule::RequestTypeChanged, Rule::ResponseTypeChanged);
            let texts = [old, new].map(Value::to_string);
            let says = format!(
                "is {} now (was {}); there are too many places like this one to compare them all",
                quoted(&texts[1]),
                quoted(&texts[0])
            );
            if old != new {
                rows.push(site.row(rule, &[&texts[0], &texts[1]], says));
            }
            return;
        };
        // Only where a reference is followed, here or in a part, can places multiply.
        let follows = |schema: &Value| referred(schema).is_some() || schema.get("allOf").is_some();
        if follows(old) || follows(new) {
            walk.left = left;
        }
        walk.depth = depth;
        self.structure(site, old, new, walk, rows);
        walk.depth += 1;
    }

    fn structure(
        &self,
        site: &Site,
        was: &'a Value,
        is: &'a Value,
        walk: &mut Walk<'a>,
        rows: &mut Vec<Row>,
    ) {
        let before = rows.len();
        let (old, new) = (Flat::new(self.old, was), Flat::new(self.new, is));
        if !self.kinds(site, &old, &new, rows) {
            return;
        }
        let mut reported = keywords(site, &old, &new, rows);
        if values(site, &old, &new, rows) {
            reported.insert("enum");
        }
        fields(site, &old, &new, rows);
        for (name, field) in &old.properties {
            if let Some(other) = new.properties.get(name) {
                self.at(&site.below(&format!(".{name}")), field, other, walk, rows);
            }
        }
        for (key, suffix) in INNER {
            // That anything may stand there need not be said.
            let inner = |flat: &Flat<'a>| match flat.keys.get(key) {
                None | Some(Value::Bool(true)) => &ANY,
                Some(inner) => *inner,
            };
            let (inner, other) = (inner(&old), inner(&new));
            if inner.is_boolean() != other.is_boolean() {
                rows.push(keyword(site, key, inner, other));
                reported.insert(key);
            } else {
                self.at(&site.below(suffix), inner, other, walk, rows);
            }
        }
        self.rest(site, (was, &old), (is, &new), &reported, before, rows);
    }

    /// Whether the two are of one kind, so that there is more to compare.
    fn kinds(&self, site: &Site, old: &Flat<'a>, new: &Flat<'a>, rows: &mut Vec<Row>) -> bool {
        let (was, is) = (old.kind(), new.kind());
        if was == is {
            let choices = |flat: &Flat<'a>| ["oneOf", "anyOf"].map(|key| flat.keys.get(key).copied());
            let same = choices(old) == choices(new);
            if !same {
                let rule = site
                    .direction
                    .rule(Rule::RequestTypeChanged, Rule::ResponseTypeChanged);
                rows.push(site.row(rule, &[], "is a choice between other types now"));
            }
            return same;
        }
        let wider = |from: &str, to: &str| to == "any" || (from, to) == ("integer", "number");
        let rule = match site.direction {
            Direction::Request if wider(was, is) => Rule::RequestTypeWidened,
            Direction::Request => Rule::RequestTypeChanged,
            Direction::Response if wider(is, was) => Rule::ResponseTypeNarrowed,
            Direction::Response => Rule::ResponseTypeChanged,
        };
        let says = format!("is {} now (was {})", kind_words(is), kind_words(was));
        rows.push(site.row(rule, &[was, is], says));
        false
    }
}

fn kind_words(kind: &str) -> String {
    match kind {
        "any" => "any JSON".to_owned(),
        "choice" => "a choice between types".to_owned(),
        other => quoted(other),
    }
}

/// A value as a text without the quotation marks of JSON.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The content of a schema as a set of facts, for comparison with another schema. `name` gives the new name of a
/// component.
pub fn facts<'a>(schema: &'a Value, name: impl Fn(&'a str) -> &'a str + Copy) -> BTreeSet<String> {
    let kind = |schema: &'a Value| match referred(schema) {
        Some(component) => name(component).to_owned(),
        None => text(schema, "type").unwrap_or_default().to_owned(),
    };
    let mut facts = BTreeSet::from([format!("is {}", kind(schema))]);
    for (field, property) in entries(schema.get("properties")) {
        let items = property.get("items").map(kind).unwrap_or_default();
        facts.insert(format!("{field}: {}{items}", kind(property)));
    }
    for value in schema.get("enum").and_then(Value::as_array).into_iter().flatten() {
        facts.insert(format!("= {value}"));
    }
    for part in parts(schema) {
        facts.extend(self::facts(part, name));
    }
    if let Some(items) = schema.get("items") {
        facts.insert(format!("of {}", kind(items)));
    }
    facts
}
