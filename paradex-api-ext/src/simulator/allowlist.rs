//! IP allowlists: validated, stored and enforced.

use std::net::IpAddr;

use serde_json::Value;

use super::response::SimulatedResponse;
use crate::net::Cidr;

/// The most entries of a list.
const MAX_ENTRIES: usize = 50;

/// Reads the `allowed_cidrs` of a request as a list of canonical texts. An absent list is empty.
pub(super) fn read(sent: Option<&Value>) -> Result<Value, SimulatedResponse> {
    let entries = sent.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if entries.len() > MAX_ENTRIES {
        let message = format!(
            "allowed_cidrs: has {} entries, and may have {MAX_ENTRIES}",
            entries.len()
        );
        return Err(SimulatedResponse::invalid(&message));
    }
    entries
        .iter()
        .map(|entry| {
            let text = entry.as_str().unwrap_or_default();
            text.parse::<Cidr>()
                .map(|cidr| Value::from(cidr.to_string()))
                .map_err(|_| {
                    SimulatedResponse::invalid(&format!(
                        "allowed_cidrs: {text:?} is not a network in CIDR notation"
                    ))
                })
        })
        .collect()
}

/// Returns whether a list admits an address. `null` and an empty list admit every address; an invalid entry and JSON that is not
/// a list admit none.
pub(super) fn admits(list: &Value, address: IpAddr) -> bool {
    match list {
        Value::Null => true,
        Value::Array(entries) => {
            entries.is_empty()
                || entries
                    .iter()
                    .filter_map(|entry| entry.as_str()?.parse::<Cidr>().ok())
                    .any(|cidr| cidr.contains(address))
        }
        _ => false,
    }
}

/// Returns the entries, if it is a list of texts.
pub(super) fn texts(list: &Value) -> Option<Vec<String>> {
    let texts = list
        .as_array()?
        .iter()
        .map(|entry| entry.as_str().map(str::to_owned));
    texts.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{admits, read, texts};

    #[test]
    fn only_a_valid_entry_admits() {
        let address = "10.0.0.7".parse().unwrap();
        for (list, admitted) in [
            (Value::Null, true),
            (json!([]), true),
            (json!(["10.0.0.0/8"]), true),
            (json!(["192.0.2.0/24", "10.0.0.7/32"]), true),
            (json!(["192.0.2.0/24"]), false),
            (json!(["everybody", 7]), false),
            (json!("10.0.0.0/8"), false),
        ] {
            assert_eq!(admits(&list, address), admitted, "{list}");
        }
    }

    #[test]
    fn sent_list_is_validated() {
        assert_eq!(read(None).unwrap(), json!([]));
        assert_eq!(
            texts(&read(Some(&json!(["2001:DB8::/32"]))).unwrap()).unwrap(),
            ["2001:db8::/32"]
        );
        let refused = read(Some(&json!(["10.0.0.0/8", "10.0.0.0/33"]))).unwrap_err();
        assert!(String::from_utf8_lossy(&refused.body).contains("10.0.0.0/33"));
        assert!(read(Some(&json!(vec!["10.0.0.0/8"; 51]))).is_err());
    }
}
