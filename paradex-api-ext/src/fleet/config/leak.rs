//! Recognizes secrets by their form, so that a configuration that contains one can be refused.

use std::ops::Range;

/// Hex digits of a run that counts as a key. An Ethereum address has 40; nearly all keys have more than 60.
const KEY_DIGITS: usize = 48;
/// The most characters of a token that are counted.
const LONGEST_TOKEN: usize = 256;
/// Characters of a run that starts like a JWT and counts as one.
const TOKEN_LENGTH: usize = 20;

/// Returns where a text has what looks like a private key or a token.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = keys(text);
    found.extend(tokens(text));
    found.extend(
        text.match_indices("PRIVATE KEY-----")
            .map(|(start, header)| start..start + header.len()),
    );
    found.sort_by_key(|range| range.start);
    found
}

/// Runs of hex digits, with the underscores that numbers may have in TOML.
fn keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut digits) = (0, 0);
    for (index, byte) in text.bytes().chain([b' ']).enumerate() {
        match byte {
            b'_' => {}
            _ if byte.is_ascii_hexdigit() => digits += 1,
            _ => {
                if digits >= KEY_DIGITS {
                    found.push(start..index);
                }
                (start, digits) = (index + 1, 0);
            }
        }
    }
    found
}

/// JWTs: `eyJ` is how `{"` begins in Base64.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("eyJ").filter_map(|(start, _)| {
        let before = text.get(..start)?.chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let rest = text.get(start..)?;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.=".contains(byte);
        // Cut off, so that a hostile text takes no quadratic time.
        let length = rest.bytes().take(LONGEST_TOKEN).take_while(is_part).count();
        (length >= TOKEN_LENGTH).then_some(start..start + length)
    })
}

/// Whether a text may be a token in the place of a name: a long run of digits and of letters of both cases.
pub(super) fn may_be_token(text: &str) -> bool {
    /// The most characters of a run in a name.
    const LONGEST_RUN: usize = 24;
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    runs.filter(|run| run.len() > LONGEST_RUN).any(|run| {
        let has = |is_kind: fn(&u8) -> bool| run.as_bytes().iter().any(is_kind);
        has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
    })
}

/// Whether a field of this name is meant for a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 12] = [
        "token",
        "private",
        "passw",
        "passphrase",
        "secret",
        "mnemonic",
        "seed",
        "jwt",
        "bearer",
        "apikey",
        "credential",
        "subkey",
    ];
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    matches!(name.as_str(), "key" | "pwd") || PARTS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{find, is_secret_name, may_be_token};

    #[test]
    fn key_and_token_are_found_in_any_surroundings() {
        let key = "3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc";
        let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIweDEifQ.c2ln";
        for secret in [
            format!("0x{key}"),
            key.to_owned(),
            key.to_uppercase(),
            format!("0x{}", &key[..60]),
            format!("0x{}_{}", &key[..30], &key[30..]),
            token.to_owned(),
            "7".repeat(76),
        ] {
            for (before, after) in [
                ("", ""),
                ("a = \"", "\""),
                ("# ", "\n"),
                ("--token=", ","),
                ("é", "é"),
            ] {
                let text = format!("{before}{secret}{after}");
                let found = find(&text);
                let last = found.last().expect(&text);
                assert!(
                    text[last.clone()].ends_with(&secret[secret.len() - 1..]),
                    "{text}"
                );
                assert!(secret.contains(&text[found[0].clone()][2..]), "{text}");
            }
        }
        assert_eq!(find("-----BEGIN EC PRIVATE KEY-----").len(), 1);
    }

    #[test]
    fn harmless_text_is_not_taken_for_a_secret() {
        for text in [
            "",
            "[accounts.desk]",
            "0x49d36570d4e46f48e99674bd3fcc84644ddd6b96",
            "file = \"/run/secrets/desk\"",
            "keyJohn eyJ short",
            "https://api.testnet.paradex.trade",
            "550e8400-e29b-41d4-a716-446655440000 550e8400-e29b-41d4-a716-446655440000",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn token_in_the_place_of_a_name_is_recognized() {
        for (text, expected) in [
            ("a8Kd93jfK20dkfLq93kfmQ02x", true),
            ("desk-a8Kd93jfK20dkfLq93kfmQ02x.key", true),
            ("a8Kd93jfK20dkfLq93kfmQ02", false),
            ("a8Kd93jfK20d-kfLq93kfmQ02x", false),
            ("paradexdeskproductionprivatekey1", false),
            ("", false),
        ] {
            assert_eq!(may_be_token(text), expected, "{text}");
        }
    }

    #[test]
    fn field_for_a_secret_is_known_by_its_name() {
        for name in [
            "token",
            "private_key",
            "private-key",
            "PrivateKey",
            "subkey",
            "jwt",
            "key",
            "api_key",
            "secrets",
            "password",
            "TOKEN_FILE",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "acount",
            "enviroment",
            "kind",
            "keyring",
            "file",
            "systemd",
            "acc",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
