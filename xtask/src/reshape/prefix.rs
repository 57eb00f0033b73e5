//! Paths from the root of the host.
//!
//! The published server ends in `/v1`, and two operations stand under `/v2` all the same. Here every
//! path begins with its version and the server has none, so that each resolves where it really is.

use serde_json::{Map, Value};

/// Moves the version from the servers into the paths.
pub fn prefix(document: &mut Value) {
    let mut base = "/v1".to_owned();
    if let Some(servers) = document.get_mut("servers").and_then(Value::as_array_mut) {
        for server in servers {
            let Some(Value::String(url)) = server.get_mut("url") else {
                continue;
            };
            let kept = url.trim_end_matches('/').to_owned();
            *url = match kept.rsplit_once('/') {
                Some((host, last)) if is_version(last) => {
                    base = format!("/{last}");
                    host.to_owned()
                }
                _ => kept,
            };
        }
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        *paths = std::mem::take(paths)
            .into_iter()
            .map(|(path, item)| {
                let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
                let path = if is_version(first) {
                    path
                } else {
                    format!("{base}{path}")
                };
                (path, item)
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

    #[test]
    fn every_path_begins_with_its_version() {
        let mut document = json!({"servers": [{"url": "https://host/v1"}],
                                  "paths": {"/orders": {}, "/v2/auth": {}, "/vaults": {}, "/v": {}}});
        prefix(&mut document);
        assert_eq!(
            document,
            json!({"servers": [{"url": "https://host"}],
                   "paths": {"/v1/orders": {}, "/v2/auth": {}, "/v1/vaults": {}, "/v1/v": {}}})
        );
    }
}
