//! Paths from the root of the host.
//!
//! The published server ends in `/v1`, and two operations stand under `/v2` all the same. Here every
//! path begins with its version and the server has none, so that each resolves where it really is.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::report::Report;

/// The version that paths are taken to have where the document does not say one: the exchange's.
const USUAL: &str = "/v1";

/// Renames the version from the servers into the paths.
pub fn prefix(document: &mut Value, report: &mut Report) {
    let mut bases: Vec<String> = Vec::new();
    if let Some(servers) = document.get_mut("servers").and_then(Value::as_array_mut) {
        for server in servers {
            let Some(Value::String(url)) = server.get_mut("url") else {
                continue;
            };
            let kept = url.trim_end_matches('/').to_owned();
            *url = match kept.rsplit_once('/') {
                Some((host, last)) if is_version(last) => {
                    bases.push(format!("/{last}"));
                    host.to_owned()
                }
                _ => {
                    report.problem(format_args!(
                        "the server {kept} does not end in a version; its paths are taken to be below {USUAL} \
                         (correct `servers` in corrections.yaml)"
                    ));
                    kept
                }
            };
        }
    }
    if document
        .get("servers")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty)
    {
        report.problem(format_args!(
            "the document names no server; its paths are taken to be below {USUAL} (add `servers` in \
             corrections.yaml)"
        ));
    }
    let base = bases.first().cloned().unwrap_or_else(|| USUAL.to_owned());
    if let Some(other) = bases.iter().find(|other| **other != base) {
        report.problem(format_args!(
            "the servers end in {base} and in {other}; paths are taken to be below {base} (leave one in \
             corrections.yaml)"
        ));
    }
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        *paths = std::mem::take(paths)
            .into_iter()
            .filter_map(|(published, item)| {
                let path = &published;
                let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
                let path = if is_version(first) {
                    path.clone()
                } else {
                    format!("{base}{path}")
                };
                if let Some(other) = taken.get(&path) {
                    report.problem(format_args!(
                        "the paths {other} and {published} are both {path}; only the first is kept"
                    ));
                    return None;
                }
                taken.insert(path.clone(), published);
                Some((path, item))
            })
            .collect::<Map<String, Value>>();
    }
}

fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::prefix;
    use crate::report::Report;

    #[test]
    fn paths_begin_with_their_version() {
        let mut document = json!({"servers": [{"url": "https://host/v1"}],
                                  "paths": {"/orders": {}, "/v2/auth": {}, "/vaults": {}, "/v": {}}});
        let mut report = Report::default();
        prefix(&mut document, &mut report);
        assert!(report.problems.is_empty(), "{report}");
        assert_eq!(
            document,
            json!({"servers": [{"url": "https://host"}],
                   "paths": {"/v1/orders": {}, "/v2/auth": {}, "/v1/vaults": {}, "/v1/v": {}}})
        );
    }

    #[test]
    fn doubtful_server_address_is_a_problem() {
        for (servers, paths, said) in [
            (
                json!([{"url": "https://host/v1"}]),
                json!({"/a": {}, "/v1/a": {}}),
                "/a and /v1/a",
            ),
            (json!([]), json!({"/a": {}}), "names no server"),
            (
                json!([{"url": "https://host/api"}]),
                json!({"/a": {}}),
                "https://host/api does not end",
            ),
            (
                json!([{"url": "https://host/v1"}, {"url": "https://host/v2"}]),
                json!({"/a": {}}),
                "end in /v1 and in /v2",
            ),
        ] {
            let mut document = json!({"servers": servers, "paths": paths});
            let mut report = Report::default();
            prefix(&mut document, &mut report);
            assert_eq!(report.problems.len(), 1, "{report}");
            assert!(report.problems[0].contains(said), "{report}");
            let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
            assert_eq!(paths, ["/v1/a"]);
        }
    }
}
