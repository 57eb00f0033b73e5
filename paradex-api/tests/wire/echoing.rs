//! A server that repeats its requests with their secrets, and a search for these in texts.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use hyper::header::{HeaderName, HeaderValue};
use paradex_api::{Error, Operation, operations};
use serde_json::{Value, json};

use super::arguments::{Arguments, document};
use super::server::{Answer, Received, Server, respond};

pub const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.Qm9yc2NodHNjaHdlaW5lYmFja2U.zX81vQkRtYw_Ln4-PsE7hG2";
/// The length of a run of a secret that must not be visible.
const RUN: usize = 12;

/// How a server spells what it repeats.
pub type Spelling = fn(&str) -> String;

/// Spellings that people or programs can decode.
pub const SPELLINGS: &[Spelling] = &[
    str::to_owned,
    |text| {
        text.bytes().fold(String::new(), |mut to, byte| {
            let _ = write!(to, "%{byte:02X}");
            to
        })
    },
    |text| {
        text.bytes().fold(String::new(), |mut to, byte| {
            let _ = write!(to, "\\u{byte:04x}");
            to
        })
    },
    |text| {
        text.bytes().fold(String::new(), |mut to, byte| {
            let _ = write!(to, "&#x{byte:x};");
            to
        })
    },
    |text| text.to_uppercase(),
    |text| text.chars().flat_map(|c| [c, '\u{200b}']).collect(),
    |text| {
        text.split_whitespace()
            .map(|word| base64(format!("user:{word}").as_bytes()))
            .collect::<Vec<_>>()
            .join(" ")
    },
    |text| {
        text.split_whitespace()
            .map(|word| &word[word.len() / 3..])
            .collect::<Vec<_>>()
            .join(" ")
    },
];

/// The responses that the server makes from a request.
pub const ANSWERS: &[fn(&str, &str) -> Answer] = &[
    |text, _| json(400, json!({"error": "INVALID_TOKEN", "message": text})),
    |_, secret| {
        json(
            400,
            json!({"error": secret, "message": "m", "data": {secret: [secret]}}),
        )
    },
    |text, _| json(403, json!({"message": {"nested": text}, "error": [text]})),
    |text, _| respond(502, Some("text/html"), format!("<html><pre>{text}</pre></html>")),
    |_, secret| with_headers(json(500, json!({"message": "m"})), secret),
    |_, secret| with_headers(respond(302, None, ""), secret),
    |_, secret| with_headers(respond(200, None, "{}"), secret),
    |text, _| respond(200, Some("text/html"), format!("<html>{text}</html>")),
    |text, _| json(200, json!(text)),
    |text, secret| {
        json(
            200,
            json!({"results": [{"symbol": text, "id": secret, "name": secret}], "id": secret, "results_": text}),
        )
    },
];

fn json(status: u16, body: Value) -> Answer {
    respond(status, Some("application/json"), body.to_string())
}

fn with_headers(mut response: Answer, secret: &str) -> Answer {
    let shown: String = secret.chars().filter(char::is_ascii_graphic).collect();
    for name in ["x-request-id", "cf-ray", "location"] {
        let value = HeaderValue::from_str(&shown).unwrap();
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
    response
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

/// A text that looks like a secret and differs for each number.
pub fn canary(number: usize) -> String {
    let mut state = number as u64 ^ 0x9e37_79b9_7f4a_7c15;
    (0..60)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(
                b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"[(state >> 33) as usize % 56],
            )
        })
        .collect()
}

/// Puts canaries into every place that `openapi/secrets.yaml` lists.
pub fn plant(value: &mut Value, planted: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| plant(value, planted)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if operations::SECRET_NAMES.contains(&name.as_str()) && value.is_string() {
                    planted.push(canary(planted.len()));
                    *value = planted.last().unwrap().as_str().into();
                } else {
                    plant(value, planted);
                }
            }
        }
        _ => {}
    }
}

pub fn texts_of(error: &Error) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        texts.push(format!("{error} {error:?} {error:#?}"));
        next = error.source();
    }
    let debug = |value: &dyn Debug| format!("{value:?} {value:#?}");
    texts.push(debug(&error.response()));
    if let Some(raw) = error.response() {
        texts.push(debug(&raw.headers));
    }
    match error {
        Error::Response(error) => texts.extend([
            debug(&error.message()),
            debug(&error.code()),
            debug(&error.api_error()),
            debug(
                &error
                    .api_error()
                    .map(|body| body.undecoded().iter().collect::<Vec<_>>()),
            ),
            debug(&error.excerpt()),
            debug(error.headers()),
        ]),
        Error::Decode(error) => texts.push(debug(&error.excerpt())),
        _ => {}
    }
    texts
}

/// Returns a run of a secret that a text shows.
pub fn leak(text: &str, secrets: &[String]) -> Option<String> {
    let text = text.replace('\u{200b}', "").replace("\\u{200b}", "");
    let coded = secrets
        .iter()
        .map(|secret| base64(format!("user:{secret}").as_bytes())[8..24].to_owned());
    let coded = coded.into_iter().find(|coded| text.contains(coded));
    let text = text.to_ascii_lowercase();
    let mut secrets = secrets.iter().map(|secret| secret.to_ascii_lowercase());
    let plain = secrets.find_map(|secret| {
        let mut runs = (0..=secret.len() - RUN).map(|start| secret[start..start + RUN].to_owned());
        // The other spellings are longer than a run, so a few of them are enough.
        let mut spelled = (0..=secret.len() - RUN).step_by(RUN).flat_map(|start| {
            let run = &secret[start..start + RUN];
            SPELLINGS[1..4]
                .iter()
                .map(|spell| spell(run).to_ascii_lowercase())
        });
        // Each run contains one of these parts whole. There are fewer parts than runs, and mostly none is found.
        let mut parts = (0..=secret.len() - RUN / 2).step_by(RUN / 2);
        let has_part = parts.any(|start| text.contains(&secret[start..start + RUN / 2]));
        let plain = has_part.then(|| runs.find(|run| text.contains(run))).flatten();
        plain.or_else(|| spelled.find(|run| text.contains(run)))
    });
    coded.or(plain)
}

pub fn repeat(request: &Received, response: fn(&str, &str) -> Answer, spelling: Spelling) -> Answer {
    let mut text = String::new();
    let mut secret = String::new();
    for (name, value) in &request.headers {
        let _ = write!(text, "{value} ");
        if matches!(name.as_str(), "authorization")
            || name.contains("signature") && !name.contains("expiration")
        {
            secret.clone_from(value);
        }
    }
    let body = String::from_utf8_lossy(&request.body);
    let _ = write!(text, "{} {} {body}", request.path, request.query);
    if secret.is_empty() {
        secret = body.chars().take(4_000).collect();
    }
    // What is cut or spelled begins with the secrets, so that texts of a bounded length show them.
    response(&spelling(&text), &spelling(secret.trim_start_matches("Bearer ")))
}

/// Starts a server that makes this response from every request, in the current spelling.
pub async fn start(response: fn(&str, &str) -> Answer, spelling: &Arc<Mutex<Spelling>>) -> Server {
    let spelling = Arc::clone(spelling);
    Server::start(move |request| {
        let response = repeat(&request, response, *spelling.lock().unwrap());
        async move { response }
    })
    .await
}

/// Arguments of a call, with a canary wherever a secret goes, and the canaries.
pub fn arguments(operation: &Operation) -> (Arguments, Vec<String>) {
    let mut arguments = Arguments::sample(document(), operation, 6);
    let mut secrets = Vec::new();
    for (name, value) in &mut arguments.values {
        if operations::SECRET_NAMES.contains(&name.as_str()) {
            secrets.push(canary(100 + secrets.len()));
            *value = secrets.last().unwrap().clone();
        }
    }
    if let Some(body) = &mut arguments.body {
        plant(body, &mut secrets);
    }
    (arguments, secrets)
}

/// Returns every operation with its spellings: all for the most important operations, and one in turn for the others.
pub fn cases(turn: usize) -> impl Iterator<Item = (&'static Operation, Spelling)> {
    let operations = operations::ALL.iter().copied().enumerate();
    operations.flat_map(move |(index, operation)| {
        let every = operation.secret_response || index % 16 == 0;
        let spellings = SPELLINGS.iter().copied().enumerate();
        let spellings = spellings.filter(move |(at, _)| every || *at == (index + turn) % SPELLINGS.len());
        spellings.map(move |(_, spelling)| (operation, spelling))
    })
}
