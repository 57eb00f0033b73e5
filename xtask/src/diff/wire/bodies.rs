//! What changed in the body and in the responses of an operation.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::operations::Pair;
use crate::diff::Row;
use crate::diff::rules::Rule;
use crate::diff::schema::Direction;
use crate::document::entries;
use crate::report::quoted;

impl<'a> Pair<'a> {
    pub(super) fn body(&self, rows: &mut Vec<Row>) {
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
                let reported = required(old) != required(new);
                let accounted = if reported {
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
    pub(super) fn content(
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
                "accepted",
            ),
            Direction::Response => (
                Rule::ResponseMediaTypeRemoved,
                Rule::ResponseMediaTypeAdded,
                "returned",
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
                    let says = format!("is no longer {verb} as {}", quoted(name));
                    rows.push(self.row(removed, place, &[name], says));
                }
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            rows.push(self.row(
                added,
                place,
                &[name],
                format!("is {verb} as {} too", quoted(name)),
            ));
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

    pub(super) fn responses(&self, rows: &mut Vec<Row>) {
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
            // One success for another: the bodies can still be compared.
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
