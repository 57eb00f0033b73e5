use proptest::prelude::*;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::json;

use super::redactor::CHUNK;
use super::{PLACEHOLDER, RequestSecrets};

const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.Qm9yc2NodA-x_Y.zX81vQkRtYw";

fn secrets(header: &str) -> RequestSecrets {
    let mut secrets = RequestSecrets::default();
    secrets.add(HeaderValue::from_str(header).unwrap());
    secrets
}

#[test]
fn secret_is_hidden_in_every_spelling() {
    let secrets = secrets(&format!("Bearer {TOKEN}"));
    let spell = |each: fn(u8) -> String| TOKEN.bytes().map(each).collect::<String>();
    for spelled in [
        TOKEN.to_owned(),
        TOKEN.to_uppercase(),
        TOKEN[..12].to_owned(),
        TOKEN[7..].to_owned(),
        spell(|byte| format!("%{byte:02x}")),
        spell(|byte| format!("%25{byte:02X}")),
        spell(|byte| format!("\\u{byte:04x}")),
        spell(|byte| format!("\\\\u{byte:04x}")),
        spell(|byte| format!("\\u{{{byte:x}}}")),
        spell(|byte| format!("&#{byte};")),
        spell(|byte| format!("&amp;#x{byte:x};")),
        spell(|byte| format!("{}\u{200b}", char::from(byte))),
        spell(|byte| format!("{}\\n", char::from(byte))),
    ] {
        let text = format!("<before> {spelled} <after>");
        let shown = secrets.redact(&text);
        let inner = shown
            .strip_prefix("<before> ")
            .and_then(|rest| rest.strip_suffix(" <after>"));
        assert!(
            inner.is_some_and(|inner| inner.starts_with(PLACEHOLDER) && inner.len() < 14),
            "{text}: {shown}"
        );
    }
}

#[test]
fn base64_that_holds_a_secret_is_hidden() {
    let secrets = secrets("Bearer hunter2-hunter2-hunter2");
    // Of `:`, `u:` and `us:` and the token.
    for coded in [
        "Omh1bnRlcjItaHVudGVyMi1odW50ZXIy",
        "dTpodW50ZXIyLWh1bnRlcjItaHVudGVyMg==",
        "dXM6aHVudGVyMi1odW50ZXIyLWh1bnRlcjI",
    ] {
        assert_eq!(
            secrets
                .redact(&format!("Basic {coded} "))
                .trim_end_matches(['=', ' ']),
            "Basic (hidden)"
        );
    }
}

#[test]
fn text_that_travels_as_base64_is_hidden_as_itself() {
    // `app.paradex.trade wants you`
    let secrets = secrets("YXBwLnBhcmFkZXgudHJhZGUgd2FudHMgeW91");
    assert_eq!(
        secrets.redact("it says: app.paradex.trade wants you"),
        "it says: (hidden)"
    );
}

#[test]
fn other_text_stays_as_it_is() {
    let secrets = secrets(&format!("Bearer {TOKEN}"));
    for text in [
        "",
        "the token is expired",
        "eyJhbGciOiJ",
        "100% \\u12 &#; &amp &nothing; %zz \\",
        "Bearer authentication is needed; \u{202e} and so on",
    ] {
        assert_eq!(secrets.redact(text), text);
    }
    assert_eq!(RequestSecrets::default().redact(TOKEN), TOKEN);
    assert_eq!(self::secrets("Bearer short12").redact("short12"), "short12");
    assert_eq!(
        self::secrets("Bearer short123").redact("a SHORT123 b"),
        "a (hidden) b"
    );
}

#[test]
fn secret_is_found_wherever_a_long_text_has_it() {
    let secrets = secrets(TOKEN);
    for before in [CHUNK - 60, CHUNK - 20, CHUNK, 3 * CHUNK - 5_000, 4 * CHUNK] {
        let text = format!("{}ü {TOKEN}", "x".repeat(before));
        assert!(secrets.redact(&text).ends_with("ü (hidden)"), "{before}");
    }
}

#[test]
fn only_the_secret_fields_of_a_body_are_hidden() {
    let body =
        json!({"market": "BTC-USD-PERPETUAL", "signature": ["0x0123456789abcdef", "0xfedcba9876543210"]});
    let mut request = reqwest::Request::new(reqwest::Method::POST, "http://localhost".parse().unwrap());
    *request.body_mut() = Some(body.to_string().into());
    let secrets = RequestSecrets::from_request(&request);
    assert_eq!(secrets.redact("0X0123456789ABCDEF"), "(hidden)");
    assert_eq!(
        secrets.redact("BTC-USD-PERPETUAL fedcba9876543210"),
        "BTC-USD-PERPETUAL (hidden)"
    );
    assert_eq!(format!("{secrets:?}"), "RequestSecrets(..)");
}

#[test]
fn header_that_repeats_a_secret_is_marked() {
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", TOKEN.parse().unwrap());
    headers.insert("date", "Sun, 06 Nov 1994 08:49:47 GMT".parse().unwrap());
    secrets(TOKEN).mark_sensitive(&mut headers);
    assert!(headers["x-request-id"].is_sensitive() && !headers["date"].is_sensitive());
    assert!(!format!("{headers:?}").contains("Qm9yc2"));
}

proptest! {
    #[test]
    fn no_run_of_a_secret_is_left(
        before in "(?s).{0,30}", after in "(?s).{0,30}", start in 0_usize..20, length in 12_usize..27,
    ) {
        let run = &TOKEN[start..start + length];
        let text = format!("{before}{run}{after}");
        let secrets = secrets(TOKEN);
        let shown = secrets.redact(&text).into_owned();
        prop_assert!(shown.contains(PLACEHOLDER));
        for part in TOKEN.as_bytes().windows(12) {
            prop_assert!(!shown.contains(std::str::from_utf8(part).unwrap()), "{shown}");
        }
        let again = secrets.redact(&shown).into_owned();
        prop_assert_eq!(again, shown);
    }
}
