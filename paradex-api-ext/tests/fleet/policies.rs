//! What a policy may say, and what is said of one that says something else.

use paradex_api_ext::fleet::AllowlistPolicy;
use proptest::prelude::*;

const TOML: &str = r#"
[ranges]
office = ["203.0.113.0/24"]
colo = ["198.51.100.16/28", "2001:db8:7::/48"]

[[rules]]
account = "desk"
name = "quoter"
allow = ["colo", "office"]

[[rules]]
account = "research"
kind = "token"
allow = "unrestricted"
"#;

const YAML: &str = "
ranges:
  office: [203.0.113.0/24]
  colo: [198.51.100.16/28, '2001:db8:7::/48']
rules:
  - account: desk
    name: quoter
    allow: [colo, office]
  - {account: research, kind: token, allow: unrestricted}
";

#[test]
fn toml_and_yaml_are_equivalent_and_round_trip_through_serde() {
    let toml = AllowlistPolicy::from_toml(TOML).unwrap();
    let yaml = AllowlistPolicy::from_yaml(YAML).unwrap();
    assert_eq!(toml.accounts(), ["desk", "research"]);
    let written = serde_json::to_string(&toml).unwrap();
    assert_eq!(
        serde_json::to_value(&toml).unwrap(),
        serde_json::to_value(&yaml).unwrap()
    );
    let read: AllowlistPolicy = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
    // JSON is YAML.
    assert_eq!(
        serde_json::to_string(&AllowlistPolicy::from_yaml(&written).unwrap()).unwrap(),
        written
    );
}

#[track_caller]
fn refused(text: &str, line: Option<usize>, said: &str) {
    let error = AllowlistPolicy::from_toml(text).unwrap_err();
    let shown = error.to_string();
    assert_eq!(error.line(), line, "{shown}");
    assert!(shown.contains(said), "{shown}\nlacks {said}");
    assert!(!shown.contains('\n') && shown.len() < 600, "{shown}");
}

/// A policy with one range and one rule that has these lines.
fn rule(lines: &str) -> String {
    format!("[ranges]\noffice = ['203.0.113.0/24']\n[[rules]]\n{lines}\n")
}

#[test]
fn error_has_line_field_value_rule_and_remedy() {
    refused(
        &rule("account = 'desk'\nname = 'a'\nallow = ['offcie']"),
        Some(6),
        "line 6: rules[0].allow: `offcie` is refused: no range has this name; the ranges are `office`",
    );
    refused(
        "[ranges]\noffice = ['203.0.113.0/24']\n[[rules]]\n",
        Some(3),
        "missing field `account`",
    );
    refused(
        "rules = []\n[ranges]\noffice = [\n  '203.0.113.0/24',\n  '203.0.113.7/24',\n]\n",
        Some(5),
        "ranges.office: `203.0.113.7/24` is refused: ",
    );
    refused(
        "rules = []\n[ranges]\noffice = []\n",
        Some(3),
        "ranges.office: `office` is refused: the range has no networks; add a network",
    );
    refused(
        &rule("account = 'desk'\nname = 'a'\nallow = []"),
        Some(5),
        "`allow` is empty, which the exchange would treat as unrestricted; add ranges, or write \"unrestricted\"",
    );
    refused(
        &rule("account = 'desk'\nallow = ['office']"),
        Some(4),
        "rules[0]: `desk` is refused: the rule for this account selects nothing; add one of `id`, `name` and `kind`",
    );
    refused(
        &rule("account = 'desk'\nid = 'a'\nkind = 'token'\nallow = ['office']"),
        Some(6),
        "rules[0].kind: `token` is refused: the rule also has `id`; keep one of the two",
    );
    refused(
        &rule("account = ' '\nid = 'a'\nallow = ['office']"),
        Some(4),
        "rules[0].account: ` ` is refused: it is empty; give it a value",
    );
    refused(
        &rule("account = 'desk'\nid = ''\nallow = ['office']"),
        Some(5),
        "rules[0].id: `` is refused: it is empty",
    );
    // Errors of the TOML parser.
    refused(
        &rule("account = 'desk'\nid = 'a'\nallow = 'unrestrictd'"),
        Some(6),
        "\"unrestricted\" or a list of range names",
    );
    refused(
        &rule("account = 'desk'\nid = 'a'\nallow = ['office']\nnaem = 'x'"),
        Some(7),
        "unknown field `naem`",
    );
    refused(
        "ranges = 7\nrules = []",
        Some(1),
        "a map from range names to lists of networks",
    );
    refused("rule = []", Some(1), "unknown field `rule`");
    refused(
        "[ranges]\na = ['1.2.3.4/32']\na = ['1.2.3.4/32']",
        Some(3),
        "duplicate",
    );
    refused("rules = [", Some(1), "");
    let many: Vec<String> = (0..51).map(|n| format!("'10.0.{n}.0/24'")).collect();
    refused(
        &format!(
            "[ranges]\nwide = [{}]\n[[rules]]\naccount = 'desk'\nid = 'a'\nallow = ['wide']",
            many.join(",")
        ),
        Some(5),
        "51 entries",
    );
}

#[test]
fn yaml_errors_have_lines_and_duplicate_keys_are_refused() {
    for (text, line, said) in [
        (
            "ranges: {a: [1.2.3.4/32]}\nrules:\n- account: d\n  id: x\n  allow: [b]",
            Some(5),
            "rules[0].allow: `b` is refused",
        ),
        (
            "ranges:\n  a: [1.2.3.4/32]\n  a: [1.2.3.4/32]\nrules: []",
            Some(3),
            "duplicate",
        ),
        ("rules:\n- account: d\n  idd: x", Some(3), "unknown field `idd`"),
        (
            "rules:\n- account: d\n  id: x\n  allow: yes",
            Some(4),
            "unrestricted",
        ),
        ("", Some(1), ""),
        ("rules: []\n---\nrules: []", Some(3), "multiple"),
    ] {
        let error = AllowlistPolicy::from_yaml(text).unwrap_err();
        let shown = error.to_string();
        assert_eq!(error.line(), line, "{text:?}: {shown}");
        assert!(shown.contains(said) && !shown.contains('\n'), "{shown}");
    }
    // An id of digits is a string.
    AllowlistPolicy::from_yaml("ranges: {a: [1.2.3.4/32]}\nrules: [{account: d, id: 0123, allow: [a]}]")
        .unwrap();
}

#[test]
fn hostile_text_stays_on_one_short_line() {
    let name = format!("\\u001b[31m\\n{}", "x".repeat(100_000));
    for text in [
        rule(&format!("account = \"{name}\"\nid = 'a'\nallow = [\"{name}\"]")),
        rule(&format!(
            "account = 'desk'\nid = 'a'\nallow = ['office']\n\"{name}\" = 7"
        )),
        format!("rules = []\n[ranges]\n\"{name}\" = []"),
        format!(
            "rules = [{{account = 'a', id = 'b', allow = ['x']}}]\n[ranges]\n\"{name}\" = ['10.0.0.0/8']"
        ),
    ] {
        let shown = AllowlistPolicy::from_toml(&text).unwrap_err().to_string();
        assert!(shown.len() < 700 && !shown.contains(char::is_control), "{shown}");
    }
}

proptest! {
    #[test]
    fn any_text_is_parsed_without_a_panic(
        pieces in prop::collection::vec(
            prop_oneof![
                Just("ranges:"), Just("[ranges]\n"), Just("[[rules]]\n"), Just("rules:"), Just("\n  - "), Just("account"),
                Just(" = "), Just(": "), Just("'desk'"), Just("allow"), Just("['office']"), Just("\n"), Just("&a "),
                Just("*a"), Just("203.0.113.0/24"), Just("{"), Just("}"), Just("["), Just("]"), Just("unrestricted"),
                Just("<<"), Just("\u{0}"), Just("é"), Just("!!"), Just("|"),
            ],
            0..24,
        )
    ) {
        let text = pieces.concat();
        for outcome in [AllowlistPolicy::from_toml(&text), AllowlistPolicy::from_yaml(&text)] {
            if let Err(error) = outcome {
                prop_assert!(!error.to_string().contains('\n'));
            }
        }
    }

    #[test]
    fn policy_round_trips(
        ranges in prop::collection::btree_map("[a-z]{1,6}", prop::collection::vec(any::<[u8; 4]>(), 1..4), 1..5),
        picks in prop::collection::vec((0usize..3, "[a-z0-9]{1,8}", any::<prop::sample::Index>()), 0..6),
    ) {
        let names: Vec<&String> = ranges.keys().collect();
        let networks = |all: &Vec<[u8; 4]>| {
            let texts = all.iter().map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}/32"));
            serde_json::json!(texts.collect::<Vec<_>>())
        };
        let rules: Vec<_> = picks
            .iter()
            .map(|(selector, value, range)| {
                let field = ["id", "name", "kind"][*selector];
                serde_json::json!({"account": "desk", field: value, "allow": [names[range.index(names.len())]]})
            })
            .collect();
        let ranges: serde_json::Map<_, _> = ranges.iter().map(|(name, all)| (name.clone(), networks(all))).collect();
        let text = serde_json::json!({"ranges": ranges, "rules": rules});
        let policy = AllowlistPolicy::from_yaml(&text.to_string()).unwrap();
        prop_assert_eq!(serde_json::to_value(&policy).unwrap(), text);
    }
}
