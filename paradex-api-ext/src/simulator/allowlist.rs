//! IP allowlists: validated, stored and enforced.

use std::net::IpAddr;

use serde_json::Value;

use super::clock::nanoseconds;
use super::response::SimulatedResponse;
use super::state::Call;
use super::switches::{NetworkSwitches, Switches};
use crate::assumptions::{
    AnyNetwork, BareAddress, BlankNetwork, DuplicateNetworks, EmptyAllowlist, HostBits, Ipv6Networks,
    OrderOfNetworks, SpacesAround,
};
use crate::net::Cidr;

/// Reads the `allowed_cidrs` of a request as the list of texts that is stored. An absent list is empty.
pub(super) fn read(switches: &NetworkSwitches, sent: Option<&Value>) -> Result<Value, SimulatedResponse> {
    let entries = sent.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if entries.len() > switches.limit {
        let message = format!(
            "allowed_cidrs: has {} entries, and may have {}",
            entries.len(),
            switches.limit
        );
        return Err(SimulatedResponse::invalid(&message));
    }
    let mut stored: Vec<String> = Vec::new();
    for entry in entries {
        let text = entry.as_str().unwrap_or_default();
        let read = read_entry(switches, text).map_err(|rule| {
            let message = format!("allowed_cidrs: {text:?} {rule}");
            SimulatedResponse::refused_as(&switches.refusal, &message)
        })?;
        let Some(network) = read else { continue };
        if stored.contains(&network) {
            match switches.duplicates {
                DuplicateNetworks::Kept => {}
                DuplicateNetworks::Merged => continue,
                DuplicateNetworks::Refused => {
                    let message = format!("allowed_cidrs: {network:?} is duplicated");
                    return Err(SimulatedResponse::refused_as(&switches.refusal, &message));
                }
            }
        }
        stored.push(network);
    }
    if switches.any == AnyNetwork::EmptyList && stored.iter().any(|network| network == ANY) {
        stored.clear();
    }
    if switches.order == OrderOfNetworks::Sorted {
        stored.sort();
    }
    Ok(Value::from(stored))
}

/// Every IPv4 address.
const ANY: &str = "0.0.0.0/0";

/// Reads one network. Returns what is stored, which is nothing for one that is dropped, or the rule that it breaks.
fn read_entry(switches: &NetworkSwitches, sent: &str) -> Result<Option<String>, &'static str> {
    let text = sent.trim();
    if text.is_empty() {
        return match switches.blank {
            BlankNetwork::Refused => Err("is empty"),
            BlankNetwork::Dropped => Ok(None),
            BlankNetwork::Kept => Ok(Some(sent.to_owned())),
        };
    }
    let malformed = "is not a network in CIDR notation";
    let has_spaces = text.len() != sent.len();
    if has_spaces && switches.spaces == SpacesAround::Refused {
        return Err(malformed);
    }
    let network = Cidr::parse_lenient(text).map_err(|_| malformed)?;
    if network.is_ipv6() && switches.ipv6 == Ipv6Networks::Refused {
        return Err("is an IPv6 network, which is not supported");
    }
    let mut stored = network.to_string();
    if stored == ANY && switches.any == AnyNetwork::Refused {
        return Err("is every address");
    }
    if !text.contains('/') {
        match switches.bare_address {
            BareAddress::Refused => return Err(malformed),
            BareAddress::Completed => {}
            BareAddress::Kept => text.clone_into(&mut stored),
        }
    } else if text.parse::<Cidr>().is_err() {
        match switches.host_bits {
            HostBits::Refused => return Err(malformed),
            HostBits::Masked => {}
            HostBits::Kept => text.clone_into(&mut stored),
        }
    }
    if has_spaces && switches.spaces == SpacesAround::Kept {
        sent.clone_into(&mut stored);
    }
    Ok(Some(stored))
}

/// Reads the list of a request that replaces one.
pub(super) fn replacement(switches: &Switches, call: &Call<'_>) -> Result<Value, SimulatedResponse> {
    let sent = call.field("allowed_cidrs");
    let is_empty = sent.and_then(Value::as_array).is_none_or(Vec::is_empty);
    if is_empty && switches.empty_allowlist == EmptyAllowlist::Refused {
        return Err(SimulatedResponse::invalid("allowed_cidrs: must not be empty"));
    }
    read(&switches.networks, sent)
}

/// Refuses a request from an address that a list does not admit.
pub(super) fn check(switches: &Switches, list: &Value, address: IpAddr) -> Result<(), SimulatedResponse> {
    if admits(list, address) {
        return Ok(());
    }
    let message = format!("the address {address} is not on the allowlist");
    Err(SimulatedResponse::refused_as(&switches.address, &message))
}

/// A list that was replaced, and is in force for a while longer.
#[derive(Debug, Clone)]
pub(super) struct EarlierList {
    list: Value,
    until: i64,
}

impl EarlierList {
    /// Keeps the list that is in force, if a change takes effect with a delay.
    pub(super) fn new(switches: &Switches, in_force: &Value, now: i64) -> Option<Self> {
        let delay = nanoseconds(switches.allowlist_delay);
        (delay > 0).then(|| Self {
            list: in_force.clone(),
            until: now.saturating_add(delay),
        })
    }

    /// Returns the list that is in force: the earlier one until its end, then the stored one.
    pub(super) fn enforced<'a>(earlier: Option<&'a Self>, stored: &'a Value, now: i64) -> &'a Value {
        match earlier {
            Some(earlier) if now < earlier.until => &earlier.list,
            _ => stored,
        }
    }
}

/// Returns whether a list admits an address. `null` and an empty list admit every address; an invalid entry and JSON that is not
/// a list admit none.
fn admits(list: &Value, address: IpAddr) -> bool {
    match list {
        Value::Null => true,
        Value::Array(entries) => {
            entries.is_empty()
                || entries
                    .iter()
                    .filter_map(|entry| Cidr::parse_lenient(entry.as_str()?).ok())
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
    use crate::simulator::builder::default_settings;

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
        let switches = default_settings().switches.networks;
        let read = |sent: Option<&Value>| read(&switches, sent);
        assert_eq!(read(None).unwrap(), json!([]));
        assert_eq!(
            texts(&read(Some(&json!(["2001:DB8::/32"]))).unwrap()).unwrap(),
            ["2001:db8::/32"]
        );
        for refused in ["10.0.0.0/33", "10.0.0.7/8", "10.0.0.7", "", " 10.0.0.0/8"] {
            let error = read(Some(&json!(["10.0.0.0/8", refused]))).unwrap_err();
            assert!(
                String::from_utf8_lossy(&error.body).contains(refused),
                "{refused}"
            );
        }
        assert!(read(Some(&json!(vec!["10.0.0.0/8"; 51]))).is_err());
    }
}
