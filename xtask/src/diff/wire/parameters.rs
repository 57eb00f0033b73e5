//! What changed in the parameters of an operation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::operations::{Pair, deprecated};
use crate::diff::Row;
use crate::diff::rules::Rule;
use crate::diff::schema::Direction;
use crate::document::{entries, parameters, text};
use crate::report::quoted;

impl<'a> Pair<'a> {
    pub(super) fn parameters(&self, renamed: &BTreeMap<String, &str>, rows: &mut Vec<Row>) {
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
                        "is sent in the {} now (was sent in the {})",
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
    // `explode` only matters for a list.
    let kind = parameter.get("schema").and_then(|schema| text(schema, "type"));
    match kind {
        Some("array" | "object") if explode => format!("{style}, exploded"),
        _ => style.to_owned(),
    }
}
