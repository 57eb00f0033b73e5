//! The first question: what changes on the wire, operation by operation and schema by schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Row;
use super::pairs::{alike, overlap, pairs};
use super::print::listed;
use super::rules::Rule;
use super::schema::{Direction, Schemas, Site, component, facts, row};
use crate::document::{self, entries, parameters, referred, text};
use crate::report::{Report, quoted};
use crate::reshape::normalize;

/// A document in the form that is compared: operations hold their parameters, bodies and responses themselves, say
/// what credentials they ask for instead of what those are called, and a component that is referred to in a
/// roundabout way is referred to plainly.
pub fn plain(document: &Value) -> Value {
    let mut document = document.clone();
    // What is out of form is told when the document is taken in.
    normalize::normalize(&mut document, &mut Report::default());
    let shared = document.clone();
    for (_, operation) in document::operations_mut(&mut document) {
        operation["security"] = json!(security(&shared, operation));
        if let Some(body) = operation.get_mut("requestBody") {
            *body = resolved(&shared, body).cloned().unwrap_or_default();
        }
        for (_, response) in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            let headers = response.get_mut("headers").and_then(Value::as_object_mut);
            for (_, header) in headers.into_iter().flatten() {
                *header = resolved(&shared, header).cloned().unwrap_or_default();
            }
        }
    }
    document::walk_mut(&mut document, "", &mut |_, value| {
        // Beside a part that refers to a component, `type: object` is written out of habit.
        let members = value
            .as_object()
            .filter(|members| members.keys().all(|key| key == "allOf" || key == "type"));
        let only = members.and_then(|members| match members.get("allOf")?.as_array()?.as_slice() {
            [only] => referred(only),
            _ => None,
        });
        if let Some(name) = only {
            *value = document::reference(name);
        }
    });
    let servers = document
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let servers: Vec<&str> = servers
        .filter_map(|server| text(server, "url"))
        .map(|url| url.trim_end_matches('/'))
        .collect();
    let schemas = document
        .pointer("/components/schemas")
        .cloned()
        .unwrap_or_default();
    json!({"servers": servers, "paths": document["paths"], "components": {"schemas": schemas}})
}

/// Every change on the wire, between two documents in plain form. Every place where they differ is told by a rule
/// or, if none accounts for it, as [`Rule::OtherChange`].
pub fn compare(old: &Value, new: &Value) -> Vec<Row> {
    let mut rows = Vec::new();
    servers(old, new, &mut rows);
    let (mut old_uses, new_uses) = (Uses::of(old), Uses::of(new));
    let renamed = renamed_schemas(old, new, &old_uses, &new_uses);
    let with_new_names;
    let old = if renamed.is_empty() {
        old
    } else {
        with_new_names = with_names(old, &renamed);
        old_uses = Uses::of(&with_new_names);
        &with_new_names
    };
    for (was, is) in &renamed {
        let says = format!("is the new name of {}", quoted(was));
        rows.push(row(Rule::SchemaRenamed, is, is, &[was], &new_uses.all(is), says));
    }
    let matched = Matched::of(old, new);
    let schemas = Schemas { old, new };
    for (key, _) in &matched.removed {
        rows.push(row(Rule::OperationRemoved, key, key, &[], &one(key), "is gone"));
    }
    for (key, _) in &matched.added {
        rows.push(row(Rule::OperationAdded, key, key, &[], &one(key), "is new"));
    }
    for (was, is) in &matched.both {
        Pair {
            schemas: &schemas,
            key: &is.0,
            old: was.1,
            new: is.1,
        }
        .compare(&was.0, &mut rows);
    }
    components(&schemas, &old_uses, &new_uses, &mut rows);
    empty_paths(old, new, &mut rows);
    rows
}

/// The document with schemas renamed, and all references to them.
fn with_names(document: &Value, renamed: &BTreeMap<String, String>) -> Value {
    let mut document = document.clone();
    if let Some(schemas) = document::schemas_mut(&mut document) {
        for (was, is) in renamed {
            if let Some(schema) = schemas.remove(was) {
                schemas.insert(is.clone(), schema);
            }
        }
    }
    document::walk_mut(&mut document, "", &mut |_, value| {
        let name = referred(value).and_then(|name| renamed.get(name));
        if let Some(name) = name {
            value["$ref"] = json!(document::reference(name)["$ref"]);
        }
    });
    document
}

/// Paths without operations, which mean nothing. Where operations came or went, they have rows of their own.
fn empty_paths(old: &Value, new: &Value, rows: &mut Vec<Row>) {
    let empty = |document: &Value, other: &Value| -> Vec<String> {
        let paths = entries(document.get("paths")).filter(|(path, item)| {
            let here = entries(Some(*item)).next().is_some();
            let there = other.get("paths").and_then(|paths| paths.get(path.as_str()));
            !here && there.is_none()
        });
        paths.map(|(path, _)| path.clone()).collect()
    };
    for (paths, says) in [
        (empty(old, new), "is gone, a path without operations"),
        (empty(new, old), "is a new path without operations"),
    ] {
        for path in paths {
            rows.push(row(Rule::OtherChange, &path, &path, &[], &BTreeSet::new(), says));
        }
    }
}

/// The members of two values that differ.
fn differing<'a>(old: &'a Value, new: &'a Value) -> BTreeSet<&'a str> {
    let keys = entries(Some(old)).chain(entries(Some(new)));
    keys.map(|(key, _)| key.as_str())
        .filter(|key| old.get(key) != new.get(key))
        .collect()
}

/// The schemas and operations (`METHOD /path`) that are called otherwise now, by their old names; of two documents
/// in plain form.
pub fn renamed(old: &Value, new: &Value) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let schemas = renamed_schemas(old, new, &Uses::of(old), &Uses::of(new));
    let operations = Matched::of(old, new).both.into_iter();
    let operations = operations.filter(|(was, is)| was.0 != is.0);
    let operations = operations.map(|(was, is)| (was.0, is.0));
    (schemas, operations.collect())
}

/// The texts of a list.
fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn one(key: &str) -> BTreeSet<String> {
    BTreeSet::from([key.to_owned()])
}

fn servers(old: &Value, new: &Value, rows: &mut Vec<Row>) {
    let urls = |document: &Value| texts(document.get("servers"));
    let (was, is) = (urls(old), urls(new));
    if was != is {
        let values = [&was, &is].map(|urls| json!(urls).to_string());
        let says = format!("are {} now (were {})", listed(&is), listed(&was));
        rows.push(row(
            Rule::ServerChanged,
            "servers",
            "servers",
            &values.each_ref().map(String::as_str),
            &BTreeSet::new(),
            says,
        ));
    }
}

type Keyed<'a> = (String, &'a Value);

/// Which operation of the old document is which of the new one.
struct Matched<'a> {
    both: Vec<(Keyed<'a>, Keyed<'a>)>,
    removed: Vec<Keyed<'a>>,
    added: Vec<Keyed<'a>>,
}

impl<'a> Matched<'a> {
    /// By address; what is left, by operationId.
    fn of(old: &'a Value, new: &'a Value) -> Self {
        let mut matched = Matched {
            both: Vec::new(),
            removed: document::operations(old).collect(),
            added: document::operations(new).collect(),
        };
        matched.by(|(key, _)| Some(address(key)));
        matched.by(|(_, operation)| Some(text(operation, "operationId")?.to_owned()));
        matched
    }

    /// Takes what has the same identity on both sides out of the removed and the added.
    fn by(&mut self, identity: impl Fn(&Keyed<'a>) -> Option<String>) {
        let named = |new: &Keyed<'a>| Some((identity(new)?, new.clone()));
        let mut new: BTreeMap<String, Keyed<'a>> = self.added.iter().filter_map(named).collect();
        for was in std::mem::take(&mut self.removed) {
            match identity(&was).and_then(|identity| new.remove(&identity)) {
                Some(is) => {
                    self.added.retain(|(key, _)| *key != is.0);
                    self.both.push((was, is));
                }
                None => self.removed.push(was),
            }
        }
    }
}

/// `GET /orders/{id}` without the names of what stands for something.
fn address(key: &str) -> String {
    let segments = key
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// One operation in both documents.
struct Pair<'a> {
    schemas: &'a Schemas<'a>,
    /// Its key in the new document.
    key: &'a str,
    old: &'a Value,
    new: &'a Value,
}

impl<'a> Pair<'a> {
    fn row(&self, rule: Rule, place: &str, values: &[&str], says: impl std::fmt::Display) -> Row {
        row(rule, self.key, place, values, &one(self.key), says)
    }

    fn site(&self, place: String, direction: Direction) -> Site {
        Site {
            subject: self.key.to_owned(),
            place,
            direction,
            operations: one(self.key),
        }
    }

    /// Tells the members that differ and that nothing accounts for.
    fn rest(&self, place: &str, old: &Value, new: &Value, accounted: &[&str], rows: &mut Vec<Row>) {
        let site = self.site(place.to_owned(), Direction::Request);
        for key in differing(old, new) {
            if !accounted.contains(&key) {
                rows.push(site.other(key, old.get(key), new.get(key)));
            }
        }
    }

    fn compare(&self, old_key: &str, rows: &mut Vec<Row>) {
        let mut renamed = BTreeMap::new();
        if address(old_key) != address(self.key) {
            let says = format!("has another address; it was {}", quoted(old_key));
            rows.push(self.row(Rule::OperationMoved, self.key, &[old_key], says));
        } else {
            for (was, is) in old_key
                .split('/')
                .zip(self.key.split('/'))
                .filter(|(was, is)| was != is)
            {
                let says = format!(
                    "has {} where it had {}; the address is the same",
                    quoted(is),
                    quoted(was)
                );
                rows.push(self.row(Rule::PathParameterRenamed, self.key, &[was, is], says));
                fn bare(segment: &str) -> &str {
                    segment.trim_matches(['{', '}'])
                }
                renamed.insert(bare(was).to_owned(), bare(is));
            }
        }
        let ids = [self.old, self.new].map(|operation| text(operation, "operationId").unwrap_or_default());
        if ids[0] != ids[1] {
            let words = ids.map(|id| {
                if id.is_empty() {
                    "none".to_owned()
                } else {
                    quoted(id)
                }
            });
            let says = format!("has {} for operationId now (was {})", words[1], words[0]);
            rows.push(self.row(Rule::OperationIdChanged, self.key, &ids, says));
        }
        let mut accounted = vec!["parameters", "requestBody", "responses"];
        if ids[0] != ids[1] {
            accounted.push("operationId");
        }
        if let Some(says) = deprecated(self.old, self.new) {
            rows.push(self.row(Rule::OperationDeprecated, self.key, &[], says));
            accounted.push("deprecated");
        }
        if self.security(rows) {
            accounted.push("security");
        }
        self.parameters(&renamed, rows);
        self.body(rows);
        self.responses(rows);
        self.rest(self.key, self.old, self.new, &accounted, rows);
    }

    /// Returns whether there is a row.
    fn security(&self, rows: &mut Vec<Row>) -> bool {
        let ways = |operation: &Value| -> BTreeSet<String> {
            texts(operation.get("security")).into_iter().collect()
        };
        let (was, is) = (ways(self.old), ways(self.new));
        if was == is {
            return false;
        }
        // One way in that asks for nothing is as good as none.
        let open = |ways: &BTreeSet<String>| ways.is_empty() || ways.contains("nothing");
        let rule = match (open(&was), open(&is)) {
            (true, true) => return false,
            (true, false) => Rule::SecurityRequired,
            (false, true) => Rule::SecurityDropped,
            (false, false) => Rule::SecurityChanged,
        };
        let words = |ways: &BTreeSet<String>| {
            if open(ways) {
                "nothing".to_owned()
            } else {
                listed(&ways.iter().collect::<Vec<_>>())
            }
        };
        let values = [&was, &is].map(|ways| json!(ways).to_string());
        let says = format!("asks for {} now (asked for {})", words(&is), words(&was));
        rows.push(self.row(rule, self.key, &values.each_ref().map(String::as_str), says));
        true
    }

    fn parameters(&self, renamed: &BTreeMap<String, &str>, rows: &mut Vec<Row>) {
        let all = |operation: &'a Value,
                   renamed: &BTreeMap<String, &str>|
         -> BTreeMap<(String, String), &'a Value> {
            let named = |parameter: &'a Value| {
                let (mut name, place) = (text(parameter, "name")?.to_owned(), text(parameter, "in")?);
                match place {
                    "path" => name = renamed.get(&name).map_or(name.clone(), |new| (*new).to_owned()),
                    "header" => name = name.to_lowercase(),
                    _ => {}
                }
                Some(((name, place.to_owned()), parameter))
            };
            parameters(operation).filter_map(named).collect()
        };
        let (old, new) = (all(self.old, renamed), all(self.new, &BTreeMap::new()));
        let went = |name: &str| old.keys().find(|key| key.0 == name && !new.contains_key(*key));
        for (key, parameter) in &new {
            let name = text(parameter, "name").unwrap_or_default();
            let place = format!("{} {name}", self.key);
            let required = |parameter: &Value| parameter.get("required") == Some(&Value::Bool(true));
            let row = |rule, values: &[&str], says: String| self.row(rule, &place, values, says);
            let mut accounted = vec!["schema"];
            let before = match (old.get(key), went(&key.0)) {
                (Some(before), _) => before,
                (None, Some(from)) => {
                    let says = format!(
                        "goes into the {} now (went into the {})",
                        quoted(&key.1),
                        quoted(&from.1)
                    );
                    rows.push(row(Rule::ParameterMoved, &[&from.1, &key.1], says));
                    // It is written as its new place wants it.
                    accounted.extend(["in", "style", "explode"]);
                    match old.get(from) {
                        Some(before) => before,
                        None => continue,
                    }
                }
                (None, None) if required(parameter) => {
                    rows.push(row(
                        Rule::ParameterAddedRequired,
                        &[],
                        "is new, and required".to_owned(),
                    ));
                    continue;
                }
                (None, None) => {
                    rows.push(row(
                        Rule::ParameterAdded,
                        &[],
                        "is new, and can be left out".to_owned(),
                    ));
                    continue;
                }
            };
            if text(before, "in") == Some("path") && text(parameter, "in") == Some("path") {
                // A path parameter is called as its part of the path is.
                accounted.push("name");
            }
            if required(before) != required(parameter) {
                let (rule, says) = match required(parameter) {
                    true => (Rule::ParameterRequired, "is required now"),
                    false => (Rule::ParameterOptional, "can be left out now"),
                };
                rows.push(row(rule, &[], says.to_owned()));
                accounted.push("required");
            }
            if let Some(says) = deprecated(before, parameter) {
                rows.push(row(Rule::ParameterDeprecated, &[], says.to_owned()));
                accounted.push("deprecated");
            }
            let (was, is) = (style(before), style(parameter));
            if was != is && !accounted.contains(&"style") {
                let says = format!("is written as {} now (was {})", quoted(&is), quoted(&was));
                rows.push(row(Rule::ParameterStyleChanged, &[&was, &is], says));
                accounted.extend(["style", "explode"]);
            }
            let described = |parameter: &Value| parameter.get("schema").is_some();
            if described(before) || described(parameter) {
                let content = |parameter: &'a Value| {
                    let content =
                        entries(parameter.get("content")).find_map(|(_, media)| media.get("schema"));
                    parameter.get("schema").or(content)
                };
                let site = self.site(place.clone(), Direction::Request);
                self.schemas
                    .compare(&site, content(before), content(parameter), rows);
            } else {
                self.content(&place, Direction::Request, Some(before), Some(parameter), rows);
                accounted.push("content");
            }
            self.rest(&place, before, parameter, &accounted, rows);
        }
        self.repeated(rows);
        for (name, place) in old.keys().filter(|key| !new.contains_key(*key)) {
            if !new.keys().any(|key| key.0 == *name && !old.contains_key(key)) {
                let at = format!("{} {name}", self.key);
                rows.push(self.row(Rule::ParameterRemoved, &at, &[place], "is gone"));
            }
        }
    }

    /// Parameters that are declared more than once, of which one is compared.
    fn repeated(&self, rows: &mut Vec<Row>) {
        let all = |operation: &'a Value| {
            let mut all: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
            for parameter in parameters(operation) {
                let name = text(parameter, "name").unwrap_or_default();
                let same = all.entry(name).or_default();
                same.push(parameter);
            }
            all.retain(|_, same| {
                let places: BTreeSet<Option<&str>> =
                    same.iter().map(|parameter| text(parameter, "in")).collect();
                places.len() < same.len()
            });
            all
        };
        let (old, new) = (all(self.old), all(self.new));
        let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for name in names {
            let (was, is) = (old.get(name), new.get(name));
            if was != is {
                let site = self.site(format!("{} {name}", self.key), Direction::Request);
                let [was, is] = [was, is].map(|same| same.map(|same| json!(same)));
                rows.push(site.other("parameters", was.as_ref(), is.as_ref()));
            }
        }
    }

    fn body(&self, rows: &mut Vec<Row>) {
        let before = rows.len();
        let place = format!("{} body", self.key);
        let (old, new) = (self.old.get("requestBody"), self.new.get("requestBody"));
        let required =
            |body: Option<&Value>| body.is_some_and(|body| body.get("required") == Some(&json!(true)));
        match (required(old), required(new)) {
            (false, true) => rows.push(self.row(Rule::BodyRequired, &place, &[], "is required now")),
            (true, false) if new.is_some() => {
                rows.push(self.row(Rule::BodyOptional, &place, &[], "can be left out now"));
            }
            _ => {}
        }
        self.content(&place, Direction::Request, old, new, rows);
        match (old, new) {
            (Some(was), Some(is)) => {
                let told = required(old) != required(new);
                let accounted = if told {
                    &["content", "required"][..]
                } else {
                    &["content"]
                };
                self.rest(&place, was, is, accounted, rows);
            }
            _ if old != new && rows.len() == before => {
                let site = self.site(place, Direction::Request);
                rows.push(site.other("requestBody", old, new));
            }
            _ => {}
        }
    }

    /// What comes or goes in which kinds of body.
    fn content(
        &self,
        place: &str,
        direction: Direction,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
        rows: &mut Vec<Row>,
    ) {
        let (removed, added, verb) = match direction {
            Direction::Request => (
                Rule::RequestMediaTypeRemoved,
                Rule::RequestMediaTypeAdded,
                "is taken",
            ),
            Direction::Response => (
                Rule::ResponseMediaTypeRemoved,
                Rule::ResponseMediaTypeAdded,
                "comes",
            ),
        };
        let media = |body: Option<&'a Value>| -> BTreeMap<&'a String, &'a Value> {
            entries(body.and_then(|body| body.get("content"))).collect()
        };
        if let (Some(was), Some(is)) = (old, new) {
            self.empty(place, "content", was, is, rows);
        }
        let (old, new) = (media(old), media(new));
        for (name, was) in &old {
            match new.get(name) {
                Some(is) => {
                    let site = self.site(place.to_owned(), direction);
                    self.schemas
                        .compare(&site, was.get("schema"), is.get("schema"), rows);
                    self.rest(place, was, is, &["schema"], rows);
                }
                None => {
                    let says = format!("no longer {verb} as {}", quoted(name));
                    rows.push(self.row(removed, place, &[name], says));
                }
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            rows.push(self.row(added, place, &[name], format!("{verb} as {} too", quoted(name))));
        }
    }

    /// Tells of a member that holds nothing on one side and is not there on the other.
    fn empty(&self, place: &str, key: &str, old: &Value, new: &Value, rows: &mut Vec<Row>) {
        let (was, is) = (old.get(key), new.get(key));
        if was != is && entries(was).chain(entries(is)).next().is_none() {
            let site = self.site(place.to_owned(), Direction::Request);
            rows.push(site.other(key, was, is));
        }
    }

    fn responses(&self, rows: &mut Vec<Row>) {
        self.empty(self.key, "responses", self.old, self.new, rows);
        let all = |operation: &'a Value| -> BTreeMap<&'a str, &'a Value> {
            entries(operation.get("responses"))
                .map(|(status, response)| (status.as_str(), response))
                .collect()
        };
        let (old, new) = (all(self.old), all(self.new));
        let success = |status: &str| status.starts_with('2');
        let mut came: Vec<&str> = new
            .keys()
            .copied()
            .filter(|status| !old.contains_key(status))
            .collect();
        for (status, was) in &old {
            let place = format!("{} {status}", self.key);
            if let Some(is) = new.get(status) {
                self.response(&place, was, is, rows);
                continue;
            }
            if !success(status) {
                rows.push(self.row(Rule::ErrorStatusRemoved, &place, &[], "is no longer declared"));
                continue;
            }
            // One success for another: the body can still be held against the new one.
            match came.iter().position(|status| success(status)) {
                Some(at) => {
                    let other = came.remove(at);
                    let says = format!("is gone; success is {} now", quoted(other));
                    rows.push(self.row(Rule::SuccessStatusRemoved, &place, &[other], says));
                    if let Some(is) = new.get(other) {
                        self.response(&format!("{} {other}", self.key), was, is, rows);
                    }
                }
                None => rows.push(self.row(Rule::SuccessStatusRemoved, &place, &[], "is gone")),
            }
        }
        for status in came {
            let place = format!("{} {status}", self.key);
            rows.push(if success(status) {
                self.row(
                    Rule::SuccessStatusAdded,
                    &place,
                    &[],
                    "is a new status of success",
                )
            } else {
                self.row(Rule::ErrorStatusAdded, &place, &[], "is declared now")
            });
        }
    }

    fn response(&self, place: &str, old: &'a Value, new: &'a Value, rows: &mut Vec<Row>) {
        self.content(place, Direction::Response, Some(old), Some(new), rows);
        self.empty(place, "headers", old, new, rows);
        self.rest(place, old, new, &["content", "headers"], rows);
        let headers = |response: &'a Value| -> BTreeMap<String, (&'a String, &'a Value)> {
            entries(response.get("headers"))
                .map(|(name, header)| (name.to_lowercase(), (name, header)))
                .collect()
        };
        let (old, new) = (headers(old), headers(new));
        for (name, (written, was)) in &old {
            let place = format!("{place} {name}");
            match new.get(name) {
                Some((now, is)) => {
                    let site = self.site(place.clone(), Direction::Response);
                    self.schemas
                        .compare(&site, was.get("schema"), is.get("schema"), rows);
                    self.rest(&place, was, is, &["schema"], rows);
                    if written != now {
                        rows.push(site.other("name", Some(&json!(written)), Some(&json!(now))));
                    }
                }
                None => rows.push(self.row(Rule::ResponseHeaderRemoved, &place, &[], "is gone")),
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            rows.push(self.row(
                Rule::ResponseHeaderAdded,
                &format!("{place} {name}"),
                &[],
                "is new",
            ));
        }
    }
}

fn deprecated(old: &Value, new: &Value) -> Option<&'static str> {
    let is = |value: &Value| value.get("deprecated") == Some(&Value::Bool(true));
    match (is(old), is(new)) {
        (false, true) => Some("is deprecated"),
        (true, false) => Some("is no longer deprecated"),
        _ => None,
    }
}

/// How a parameter is written, with what OpenAPI takes for granted spelt out.
fn style(parameter: &Value) -> String {
    let usual = match text(parameter, "in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = text(parameter, "style").unwrap_or(usual);
    let explode = parameter
        .get("explode")
        .and_then(Value::as_bool)
        .unwrap_or(style == "form");
    // A list is the only thing that the second makes a difference for.
    let kind = parameter.get("schema").and_then(|schema| text(schema, "type"));
    match kind {
        Some("array" | "object") if explode => format!("{style}, exploded"),
        _ => style.to_owned(),
    }
}

/// A value, or what it refers to.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    let mut found = value;
    // A reference to a reference is rare, and one to itself would never end.
    for _ in 0..8 {
        match text(found, "$ref") {
            Some(target) => found = document.pointer(target.strip_prefix('#')?)?,
            None => break,
        }
    }
    Some(found)
}

/// The ways to get in, each as what it asks for; the name of a scheme says nothing, its definition does.
fn security(document: &Value, operation: &Value) -> BTreeSet<String> {
    let scheme = |name: &String, scopes: &Value| {
        let defined = document
            .pointer("/components/securitySchemes")
            .and_then(|all| all.get(name));
        let words = defined.map_or_else(
            || name.clone(),
            |scheme| {
                let parts = ["type", "scheme", "in", "name", "openIdConnectUrl"]
                    .iter()
                    .filter_map(|key| text(scheme, key).map(str::to_owned));
                // What a scope means is prose; which ones are asked for stands in the operation.
                let flows = entries(scheme.get("flows")).flat_map(|(flow, of)| {
                    let urls = ["authorizationUrl", "tokenUrl", "refreshUrl"].into_iter();
                    urls.filter_map(move |key| Some(format!("{flow} {key} {}", text(of, key)?)))
                });
                parts.chain(flows).collect::<Vec<_>>().join(" ")
            },
        );
        match scopes.as_array() {
            Some(scopes) if !scopes.is_empty() => format!("{words} {}", json!(scopes)),
            _ => words,
        }
    };
    let ways = operation.get("security").or_else(|| document.get("security"));
    ways.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|way| {
            let parts: BTreeSet<String> = entries(Some(way))
                .map(|(name, scopes)| scheme(name, scopes))
                .collect();
            if parts.is_empty() {
                "nothing".to_owned()
            } else {
                parts.into_iter().collect::<Vec<_>>().join(" and ")
            }
        })
        .collect()
}

/// Where each component is used.
struct Uses {
    /// By direction and component, the operations that reach it.
    operations: BTreeMap<(Direction, String), BTreeSet<String>>,
    /// By component, the places that name it.
    places: BTreeMap<String, BTreeSet<Place>>,
}

/// A place that names a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// An operation and what of it.
    Operation(String),
    /// Another component and its field.
    Component(String, String),
}

impl Uses {
    fn of(document: &Value) -> Self {
        let mut places: BTreeMap<String, BTreeSet<Place>> = BTreeMap::new();
        let mut parts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, schema) in document::schemas(document) {
            let found = parts.entry(name).or_default();
            references(schema, "", &mut |field, target| {
                found.insert(target);
                let place = Place::Component(name.clone(), field.to_owned());
                places.entry(target.to_owned()).or_default().insert(place);
            });
        }
        let mut operations: BTreeMap<(Direction, String), BTreeSet<String>> = BTreeMap::new();
        for (key, operation) in document::operations(document) {
            let body = operation.get("requestBody");
            let sent = parameters(operation)
                .map(|parameter| (text(parameter, "name").unwrap_or_default(), parameter));
            let sent: Vec<(&str, &Value)> = sent.chain(body.map(|body| ("body", body))).collect();
            let received: Vec<(&str, &Value)> = entries(operation.get("responses"))
                .map(|(status, response)| (status.as_str(), response))
                .collect();
            for (direction, roots) in [(Direction::Request, sent), (Direction::Response, received)] {
                let mut open: Vec<&str> = Vec::new();
                for (what, root) in roots {
                    references(root, "", &mut |_, target| {
                        open.push(target);
                        let place = Place::Operation(format!("{key} {what}"));
                        places.entry(target.to_owned()).or_default().insert(place);
                    });
                }
                while let Some(name) = open.pop() {
                    let found = operations.entry((direction, name.to_owned())).or_default();
                    if found.insert(key.clone()) {
                        open.extend(parts.get(name).into_iter().flatten());
                    }
                }
            }
        }
        Uses { operations, places }
    }

    fn operations(&self, direction: Direction, component: &str) -> BTreeSet<String> {
        self.operations
            .get(&(direction, component.to_owned()))
            .cloned()
            .unwrap_or_default()
    }

    /// The operations that use a component, whichever way.
    fn all(&self, component: &str) -> BTreeSet<String> {
        let mut all = self.operations(Direction::Request, component);
        all.extend(self.operations(Direction::Response, component));
        all
    }
}

/// Every component that a value names, with the field that it stands in.
fn references<'a>(value: &'a Value, field: &'a str, found: &mut impl FnMut(&'a str, &'a str)) {
    if let Some(name) = referred(value) {
        found(field, name);
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("properties", Value::Object(fields)) => {
                        fields
                            .iter()
                            .for_each(|(field, value)| references(value, field, found));
                    }
                    _ => references(value, field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, field, found)),
        _ => {}
    }
}

/// The components that are called otherwise now: made of the same, used in the same places, or called nearly
/// the same.
fn renamed_schemas(old: &Value, new: &Value, old_uses: &Uses, new_uses: &Uses) -> BTreeMap<String, String> {
    let names = |from: &Value, other: &Value| -> Vec<String> {
        let names = document::schemas(from).map(|(name, _)| name.clone());
        names.filter(|name| component(other, name).is_none()).collect()
    };
    let (mut went, mut came) = (names(old, new), names(new, old));
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    // What is made of renamed schemas is recognised when those are, a few steps deep.
    for _ in 0..5 {
        let name = |old: &str| renamed.get(old).cloned().unwrap_or_else(|| old.to_owned());
        let old_facts: Vec<_> = went
            .iter()
            .map(|went| {
                facts(component(old, went).unwrap_or(&Value::Null), |old| {
                    renamed.get(old).map_or(old, String::as_str)
                })
            })
            .collect();
        let new_facts: Vec<_> = came
            .iter()
            .map(|came| facts(component(new, came).unwrap_or(&Value::Null), |new| new))
            .collect();
        let places = |uses: &Uses, name: &dyn Fn(&str) -> String, component: &str| -> BTreeSet<Place> {
            let places = uses.places.get(component).into_iter().flatten();
            places
                .map(|place| match place {
                    Place::Component(component, field) => Place::Component(name(component), field.clone()),
                    Place::Operation(_) => place.clone(),
                })
                .collect()
        };
        let old_places: Vec<_> = went.iter().map(|went| places(old_uses, &name, went)).collect();
        let new_places: Vec<_> = came
            .iter()
            .map(|came| places(new_uses, &str::to_owned, came))
            .collect();
        let score = |old: usize, new: usize| -> Option<f32> {
            let shape = overlap(old_facts.get(old)?, new_facts.get(new)?);
            let used = overlap(old_places.get(old)?, new_places.get(new)?);
            let bare = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
            let called = alike(&bare(went.get(old)?), &bare(came.get(new)?));
            (shape >= 0.5).then_some(shape + used + called)
        };
        let found = pairs(went.len(), came.len(), 1.8, |old, new| {
            score(old, new).unwrap_or(0.0)
        });
        let found: Vec<(String, String)> = found
            .iter()
            .filter_map(|(old, new)| Some((went.get(*old)?.clone(), came.get(*new)?.clone())))
            .collect();
        if found.is_empty() {
            break;
        }
        went.retain(|name| !found.iter().any(|(old, _)| old == name));
        came.retain(|name| !found.iter().any(|(_, new)| new == name));
        renamed.extend(found);
    }
    renamed
}

fn components(schemas: &Schemas<'_>, old_uses: &Uses, new_uses: &Uses, rows: &mut Vec<Row>) {
    for (name, was) in document::schemas(schemas.old) {
        let Some(is) = component(schemas.new, name) else {
            rows.push(row(
                Rule::SchemaRemoved,
                name,
                name,
                &[],
                &old_uses.all(name),
                "is gone",
            ));
            continue;
        };
        let mut compared = false;
        for direction in [Direction::Request, Direction::Response] {
            let operations = new_uses.operations(direction, name);
            if !operations.is_empty() && !old_uses.operations(direction, name).is_empty() {
                let subject = name.to_owned();
                let site = Site {
                    place: subject.clone(),
                    subject,
                    direction,
                    operations,
                };
                schemas.components(&site, was, is, rows);
                compared = true;
            }
        }
        if was == is || compared {
            continue;
        }
        let operations: BTreeSet<String> = old_uses.all(name).into_iter().chain(new_uses.all(name)).collect();
        let (rule, says) = if operations.is_empty() {
            (Rule::UnusedSchemaChanged, "changed, and no operation uses it")
        } else {
            (
                Rule::OtherChange,
                "changed, and is no longer used where it was used before",
            )
        };
        rows.push(row(rule, name, name, &[], &operations, says));
    }
    for (name, _) in document::schemas(schemas.new) {
        if component(schemas.old, name).is_none() {
            rows.push(row(
                Rule::SchemaAdded,
                name,
                name,
                &[],
                &new_uses.all(name),
                "is new",
            ));
        }
    }
}
