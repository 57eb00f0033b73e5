//! What changed in a schema, for those who send it and for those who read it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Row;
use super::pairs::{RENAMED, pairs, same_value};
use super::print::listed;
use super::rules::Rule;
use crate::document::{entries, parts, referred, text};
use crate::report::quoted;

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

/// The schemas on the way to a place, and how many more may be entered. A document whose schemas refer to each other
/// all over has more places than anybody could list.
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

/// A bound of what is taken.
enum Bound {
    /// More is looser.
    Upper,
    /// Less is looser.
    Lower,
    /// It is there or not; another one is tighter, for all that can be known.
    Rule,
}

/// What holds other schemas without a name, and how it shows in a place.
pub(super) const INNER: [(&str, &str); 2] = [("items", "[]"), ("additionalProperties", "{}")];

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

/// A schema with its references followed and its parts (`allOf`) put together.
#[derive(Default, PartialEq)]
pub(super) struct Flat<'a> {
    pub(super) keys: BTreeMap<&'a str, &'a Value>,
    pub(super) properties: BTreeMap<&'a str, &'a Value>,
    pub(super) required: BTreeSet<&'a str>,
}

impl<'a> Flat<'a> {
    fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut flat = Flat::default();
        flat.add(document, schema, 16, &mut 1_000);
        flat
    }

    /// Several schemas put together.
    pub(super) fn of_all(document: &'a Value, schemas: &[&'a Value]) -> Self {
        let mut flat = Flat::default();
        for schema in schemas {
            flat.add(document, schema, 16, &mut 1_000);
        }
        flat
    }

    /// Adds a schema. Parts that go on for ever are cut off, and so are parts that multiply.
    fn add(&mut self, document: &'a Value, schema: &'a Value, depth: usize, left: &mut usize) {
        let (Some(depth), Some(fewer)) = (depth.checked_sub(1), left.checked_sub(1)) else {
            return;
        };
        *left = fewer;
        if let Some(name) = referred(schema) {
            if let Some(target) = component(document, name) {
                self.add(document, target, depth, left);
            }
            return;
        }
        for part in parts(schema) {
            self.add(document, part, depth, left);
        }
        for (key, value) in entries(Some(schema)) {
            match key.as_str() {
                "allOf" | "$ref" => {}
                "properties" => {
                    self.properties
                        .extend(entries(Some(value)).map(|(name, value)| (name.as_str(), value)));
                }
                "required" => {
                    self.required
                        .extend(value.as_array().into_iter().flatten().filter_map(Value::as_str));
                }
                // Beside parts, `type: object` is written out of habit: what the parts are counts.
                "type" if self.keys.contains_key("type") => {}
                key => {
                    self.keys.insert(key, value);
                }
            }
        }
    }

    fn kind(&self) -> &'a str {
        let has = |key| self.keys.contains_key(key);
        if has("oneOf") || has("anyOf") {
            return "choice";
        }
        match self.keys.get("type").and_then(|value| value.as_str()) {
            Some(kind) => kind,
            None if !self.properties.is_empty() || has("additionalProperties") => "object",
            None if has("items") => "array",
            None if has("enum") => "string",
            None => "any",
        }
    }

    fn is(&self, key: &str) -> bool {
        self.keys.get(key) == Some(&&Value::Bool(true))
    }

    /// The values of an enumeration, as texts.
    fn values(&self) -> Option<BTreeSet<String>> {
        let values = self.keys.get("enum")?.as_array()?;
        Some(values.iter().map(shown).collect())
    }
}

/// The schema of this name.
pub fn component<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document.pointer("/components/schemas")?.get(name)
}

/// A value as a text without the quotation marks of JSON.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

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
        // What contains itself differs inside as it does outside.
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
        let (old, new) = (Flat::of(self.old, was), Flat::of(self.new, is));
        if !self.kinds(site, &old, &new, rows) {
            return;
        }
        let mut told = keywords(site, &old, &new, rows);
        if values(site, &old, &new, rows) {
            told.insert("enum");
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
                told.insert(key);
            } else {
                self.at(&site.below(suffix), inner, other, walk, rows);
            }
        }
        self.rest(site, (was, &old), (is, &new), &told, before, rows);
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

fn keyword(site: &Site, key: &str, old: &Value, new: &Value) -> Row {
    let (was, is) = (old.to_string(), new.to_string());
    let says = format!(
        "has another {} now: {} (was {})",
        quoted(key),
        quoted(&is),
        quoted(&was)
    );
    site.row(Rule::KeywordChanged, &[key, &was, &is], says)
}

/// What is said of a type beside its kind. Returns the keys that have a row.
fn keywords(site: &Site, old: &Flat<'_>, new: &Flat<'_>, rows: &mut Vec<Row>) -> BTreeSet<&'static str> {
    let mut told = BTreeSet::new();
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
        told.insert("nullable");
    }
    if old.is("deprecated") != new.is("deprecated") {
        let says = if new.is("deprecated") {
            "is deprecated"
        } else {
            "is no longer deprecated"
        };
        rows.push(site.row(Rule::FieldDeprecated, &[], says));
        told.insert("deprecated");
    }
    let mut changed = |key: &'static str, rule: Rule| {
        told.insert(key);
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
    told
}

/// The values of an enumeration. Returns whether they differ.
fn values(site: &Site, old: &Flat<'_>, new: &Flat<'_>, rows: &mut Vec<Row>) -> bool {
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
fn fields(site: &Site, old: &Flat<'_>, new: &Flat<'_>, rows: &mut Vec<Row>) {
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

impl Direction {
    fn says(self, request: &'static str, response: &'static str) -> &'static str {
        match self {
            Direction::Request => request,
            Direction::Response => response,
        }
    }
}

/// What a schema is made of, as a set of facts to hold against another's. `name` gives the new name of a
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
