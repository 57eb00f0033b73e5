//! A response, reduced to what answers need. No text of the exchange is kept as it is.

use paradex_api::reqwest::header::HeaderMap;
use paradex_api::{RawResponse, Secret};
use serde_json::Value;

use crate::assumptions::Refusal;

/// A response. Its body may have a token, so it cannot be printed.
pub(super) struct Reply {
    pub(super) status: u16,
    /// The error code, if it has the form of one and is no secret.
    pub(super) code: Option<String>,
    /// The body, if it is JSON.
    pub(super) body: Value,
    pub(super) headers: HeaderMap,
}

/// What a response says about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Done,
    Refused(Refusal),
    /// It says nothing about the request.
    Failed,
}

impl Reply {
    pub(super) fn new(response: &RawResponse, secrets: &[Secret]) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let code = body.get("error").and_then(Value::as_str);
        let is_safe = |code: &&str| {
            Refusal::is_code(code)
                && response.request_secrets.redact(code) == *code
                && !secrets.iter().any(|secret| secret.expose().contains(code))
        };
        Self {
            status: response.status.as_u16(),
            code: code.filter(is_safe).map(str::to_owned),
            headers: response.headers.clone(),
            body,
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        match self.status {
            200..300 => Verdict::Done,
            408 | 429 => Verdict::Failed,
            400..500 => Verdict::Refused(Refusal::new(
                self.status,
                self.code.as_deref().unwrap_or_default(),
            )),
            _ => Verdict::Failed,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.verdict() == Verdict::Done
    }

    /// Returns status and code.
    pub(super) fn evidence(&self) -> String {
        match &self.code {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }

    /// Returns a text of the body.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }
}

/// Shows a list of networks. What is not written like a network is only counted.
pub(super) fn shown_networks(networks: &[String], secrets: &[Secret]) -> String {
    const LONGEST: usize = 50;
    const MOST: usize = 4;
    let is_network = |text: &str| {
        let is_part = |c: char| c.is_ascii_hexdigit() || ".:/ ".contains(c);
        // A token may consist of hexadecimal digits.
        let has_mark = text.is_empty() || text.contains(['.', ':']);
        has_mark
            && text.len() <= LONGEST
            && text.chars().all(is_part)
            && !secrets
                .iter()
                .any(|secret| !text.trim().is_empty() && secret.expose().contains(text.trim()))
    };
    let shown = networks.iter().take(MOST).map(|text| match is_network(text) {
        true => format!("`{text}`"),
        false => format!("a text of {} characters", text.chars().count()),
    });
    let mut shown: Vec<String> = shown.collect();
    if networks.len() > MOST {
        shown.push(format!("and {} more", networks.len() - MOST));
    }
    match shown.is_empty() {
        true => "an empty list".to_owned(),
        false => shown.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::{RawResponse, Secret, reqwest::StatusCode};

    use super::{Reply, Verdict, shown_networks};
    use crate::assumptions::Refusal;

    #[test]
    fn code_that_is_a_secret_or_malformed_is_left_out() {
        let secrets = [Secret::new("TOKEN_SECRET_TEXT")];
        for (code, kept) in [
            ("IP_NOT_ALLOWED", Some("IP_NOT_ALLOWED")),
            ("TOKEN_SECRET_TEXT", None),
            ("SECRET_TEXT", None),
            ("not a code", None),
            ("", None),
        ] {
            let body = serde_json::json!({ "error": code, "message": "TOKEN_SECRET_TEXT" }).to_string();
            let raw = RawResponse::new(StatusCode::FORBIDDEN, Default::default(), body);
            let reply = Reply::new(&raw, &secrets);
            assert_eq!(reply.code.as_deref(), kept);
            assert_eq!(
                reply.verdict(),
                Verdict::Refused(Refusal::new(403, kept.unwrap_or_default()))
            );
        }
        let gateway = RawResponse::new(StatusCode::BAD_GATEWAY, Default::default(), "<html>");
        assert_eq!(Reply::new(&gateway, &[]).verdict(), Verdict::Failed);
    }

    #[test]
    fn only_networks_are_shown() {
        let secrets = [Secret::new("abc.def")];
        for (networks, shown) in [
            (&["192.0.2.7/24", ""][..], "`192.0.2.7/24`, ``"),
            (&["c0ffee"], "a text of 6 characters"),
            (&["abc.def"], "a text of 7 characters"),
            (&["everybody"], "a text of 9 characters"),
            (&[], "an empty list"),
        ] {
            let networks: Vec<String> = networks.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(shown_networks(&networks, &secrets), shown);
        }
    }
}
