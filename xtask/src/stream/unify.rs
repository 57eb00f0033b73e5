//! Makes one schema of those that the REST API and the WebSocket API both have.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use serde_json::Value;

use super::differences::{Difference, differences};
use super::{MEMBER, PREFIX};
use crate::autofix::Edit;
use crate::config::Names;
use crate::document::{self, component, entries, reference, referred};
use crate::report::{Report, quoted};

/// Replaces the components of the WebSocket API by those of the REST API, where that has one, and gives the others names without
/// [`PREFIX`]. A difference between two that should be one is a problem; the REST API's is used.
///
/// A schema is the REST API's if it is called the same, or if `names.yaml` says so under `stream`.
pub fn unify(document: &mut Value, names: &Names, report: &mut Report) {
    if document.get(MEMBER).is_none() {
        return;
    }
    copies(document, report);
    let streams: BTreeSet<String> = document::schemas(document)
        .filter_map(|(name, _)| name.strip_prefix(PREFIX).map(str::to_owned))
        .collect();
    for place in names.stream.keys().filter(|place| !streams.contains(*place)) {
        report.fixable(
            format_args!("names.yaml: the WebSocket API has no schema `{place}`; delete the entry"),
            Edit::delete("names.yaml", &["stream", place]),
        );
    }
    let mut finals: BTreeMap<String, String> = BTreeMap::new();
    let mut made: BTreeMap<String, Value> = BTreeMap::new();
    let mut open: Vec<String> = Vec::new();
    if let Some(member) = document.get(MEMBER) {
        open.extend(streams_in(member));
    }
    while let Some(place) = open.pop() {
        if finals.contains_key(&place) {
            continue;
        }
        let Some(schema) = component(document, &format!("{PREFIX}{place}")) else {
            continue;
        };
        let target = match names.stream.get(&place) {
            Some(chosen) => chosen.clone(),
            None => default_name(&place, &streams),
        };
        if let Some(rest) = component(document, &target) {
            for difference in differences(document, schema, rest) {
                report.problem(words(
                    &place,
                    &target,
                    "the WebSocket API",
                    "the REST API",
                    &difference,
                ));
            }
        } else {
            // Two schemas of the WebSocket API can be one, too.
            if let Some(other) = made.get(&target) {
                for difference in differences(document, schema, other) {
                    report.problem(words(&place, &target, "it", "another one", &difference));
                }
            } else {
                made.insert(target.clone(), open_object(schema));
            }
            open.extend(streams_in(schema));
        }
        finals.insert(place, target);
    }
    if let Some(schemas) = document::schemas_mut(document) {
        schemas.retain(|name, _| !name.starts_with(PREFIX));
        schemas.extend(made);
    }
    document::walk_mut(document, "", &mut |_, value| {
        let target = referred(value).and_then(|name| finals.get(name.strip_prefix(PREFIX)?));
        if let Some(target) = target {
            *value = reference(target);
        }
    });
}

fn words(place: &str, target: &str, one: &str, other: &str, difference: &Difference) -> String {
    let says = difference.says.replace("{one}", one).replace("{other}", other);
    format!(
        "{PREFIX}{place}{}: should be {} and differs: {says}; correct one of them in corrections.yaml, or choose another \
         name in names.yaml, under `stream`",
        difference.place,
        quoted(target)
    )
}

/// The AsyncAPI document repeats the methods of the OpenRPC document, and must say the same. A correction can remove a difference.
fn copies(document: &mut Value, report: &mut Report) {
    let found = document
        .get_mut(MEMBER)
        .and_then(|member| member.as_object_mut()?.remove("differences"));
    for (place, says) in entries(found.as_ref()) {
        for says in says.as_array().into_iter().flatten().filter_map(Value::as_str) {
            report.problem(format_args!(
                "{place}: {says}; the type is made from OpenRPC: if that is right, remove `$['x-stream'].differences['{place}']` in \
                 corrections.yaml"
            ));
        }
    }
}

/// The components of the WebSocket API that a value refers to.
fn streams_in(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    document::walk(value, &mut |value| {
        if let Some(name) = referred(value).and_then(|name| name.strip_prefix(PREFIX)) {
            found.push(name.to_owned());
        }
    });
    found
}

/// A schema that ignores unknown fields, as all others do.
fn open_object(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut()
        && members.get("additionalProperties") == Some(&Value::Bool(false))
    {
        members.remove("additionalProperties");
    }
    schema
}

/// The rule for names: a schema keeps its own; an object in it is called after it and its field; the parts of a method are called
/// after the method: `methods.OrderCreateParams`.
fn default_name(place: &str, streams: &BTreeSet<String>) -> String {
    if let Some((owner, field)) = place.rsplit_once('.')
        && streams.contains(owner)
    {
        let owner = default_name(owner, streams);
        let (package, name) = owner.rsplit_once('.').unwrap_or(("responses", &owner));
        let short = ["Response", "Resp", "Result", "Params"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .filter(|short| !short.is_empty())
            .unwrap_or(name);
        return format!("{package}.{short}{}", field.to_upper_camel_case());
    }
    if place.starts_with("responses.") || place.starts_with("requests.") {
        return place.to_owned();
    }
    format!("methods.{}", place.to_upper_camel_case())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::unify;
    use crate::config::Names;
    use crate::report::Report;

    fn unified(rest: Value, stream: Value, member: Value, names: &str) -> (Value, Vec<String>) {
        let mut schemas = rest;
        schemas
            .as_object_mut()
            .unwrap()
            .extend(stream.as_object().unwrap().clone());
        let mut document = json!({"components": {"schemas": schemas}, "x-stream": member});
        let names: Names = crate::yaml::read(names).unwrap();
        let mut report = Report::default();
        unify(&mut document, &names, &mut report);
        (document, report.problems)
    }

    fn to(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    const NONE: &str = "{operations: {}, schemas: {}}";

    #[test]
    fn schema_that_both_have_is_one_and_others_lose_their_prefix() {
        let fill = json!({"type": "object", "properties": {"fee": {"type": "string"}}});
        let (document, problems) = unified(
            json!({"responses.Fill": fill}),
            json!({"stream.responses.Fill": fill,
                   "stream.responses.RfqResp": {"type": "object", "additionalProperties": false,
                                                "properties": {"quote": to("stream.responses.RfqResp.quote")}},
                   "stream.responses.RfqResp.quote": {"type": "object", "properties": {"fill": to("stream.responses.Fill")}},
                   "stream.auth.params": {"type": "object"},
                   "stream.unused": {}}),
            json!({"channels": {"fills": {"payload": to("stream.responses.Fill")}, "rfq": {"payload": to("stream.responses.RfqResp")}},
                   "methods": {"auth": {"params": to("stream.auth.params")}}}),
            NONE,
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            document["components"]["schemas"],
            json!({"responses.Fill": fill,
                   "responses.RfqResp": {"type": "object", "properties": {"quote": to("responses.RfqQuote")}},
                   "responses.RfqQuote": {"type": "object", "properties": {"fill": to("responses.Fill")}},
                   "methods.AuthParams": {"type": "object"}})
        );
        assert_eq!(
            document["x-stream"]["channels"]["fills"]["payload"],
            to("responses.Fill")
        );
        assert_eq!(
            document["x-stream"]["methods"]["auth"]["params"],
            to("methods.AuthParams")
        );
    }

    #[test]
    fn difference_names_field_and_both_schemas() {
        let schema = |kind: &str| json!({"type": "object", "properties": {"fee": {"type": kind}}});
        let (document, problems) = unified(
            json!({"requests.Order": schema("string")}),
            json!({"stream.order.create.params": schema("integer")}),
            json!({"methods": {"order.create": {"params": to("stream.order.create.params")}}}),
            "{operations: {}, schemas: {}, stream: {order.create.params: requests.Order, gone: x}}",
        );
        assert_eq!(
            problems,
            [
                "names.yaml: the WebSocket API has no schema `gone`; delete the entry",
                "stream.order.create.params.fee: should be `requests.Order` and differs: the WebSocket API says integer and \
                 the REST API string; correct one of them in corrections.yaml, or choose another name in names.yaml, under \
                 `stream`",
            ]
        );
        assert_eq!(
            document["x-stream"]["methods"]["order.create"]["params"],
            to("requests.Order")
        );
    }

    #[test]
    fn difference_between_copies_is_a_problem_until_a_correction_removes_it() {
        let (document, problems) = unified(
            json!({}),
            json!({}),
            json!({"methods": {}, "differences": {"METHOD a params.x": ["OpenRPC has it"]}}),
            NONE,
        );
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].starts_with("METHOD a params.x: OpenRPC has it; "),
            "{problems:?}"
        );
        assert_eq!(document["x-stream"], json!({"methods": {}}));
    }
}
