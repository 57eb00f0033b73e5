//! A request that may have to be sent more than once.

use paradex_api::reqwest::header::{AUTHORIZATION, HeaderValue};
use paradex_api::{RequestSecrets, reqwest};

use crate::pipeline::phase::{Late, Phase};

/// A request, of which each attempt sends a copy. A request that cannot be copied is sent itself, and once.
pub(crate) struct Outgoing {
    request: Option<reqwest::Request>,
    /// The token of the last attempt.
    token: Option<HeaderValue>,
    /// The secrets of all attempts so far. A server can repeat the token of one attempt in its response to a later one.
    carried: Option<RequestSecrets>,
}

impl Outgoing {
    pub(crate) fn new(request: reqwest::Request) -> Self {
        Self {
            request: Some(request),
            token: None,
            carried: None,
        }
    }

    /// The request of the next attempt, and the secrets of all attempts so far.
    pub(crate) fn next(
        &mut self,
        authorization: Option<HeaderValue>,
    ) -> Result<(reqwest::Request, RequestSecrets), Late> {
        let copy = self.request.as_ref().and_then(copy);
        // Callers look at `can_send` before another attempt.
        let next = copy.or_else(|| self.request.take());
        let mut next = next.ok_or(Late::new(Phase::Connect))?;
        let carried = self
            .carried
            .get_or_insert_with(|| RequestSecrets::from_request(&next));
        if let Some(authorization) = authorization {
            if self.token.as_ref() != Some(&authorization) {
                carried.add(authorization.clone());
                self.token = Some(authorization.clone());
            }
            next.headers_mut().insert(AUTHORIZATION, authorization);
        }
        Ok((next, carried.clone()))
    }

    /// The secrets of all attempts so far, for an outcome without a response.
    pub(crate) fn carried(&self) -> RequestSecrets {
        match (&self.carried, &self.request) {
            (Some(carried), _) => carried.clone(),
            (None, Some(request)) => RequestSecrets::from_request(request),
            (None, None) => RequestSecrets::default(),
        }
    }

    /// Whether there is a request to send, also after an attempt.
    pub(crate) fn can_send(&self) -> bool {
        self.request.is_some()
    }

    pub(crate) fn get(&self) -> Option<&reqwest::Request> {
        self.request.as_ref()
    }
}

fn copy(request: &reqwest::Request) -> Option<reqwest::Request> {
    if request.body().is_some() || request.timeout().is_some() {
        return request.try_clone();
    }
    // `try_clone` allocates a map for the time-out, which is not set here.
    let mut copy = reqwest::Request::new(request.method().clone(), request.url().clone());
    copy.headers_mut().clone_from(request.headers());
    *copy.version_mut() = request.version();
    Some(copy)
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::header::HeaderValue;
    use paradex_api::reqwest::{Method, Request, Url};

    use super::Outgoing;

    #[test]
    fn secrets_of_earlier_attempts_are_masked_in_later_ones() {
        let url = Url::parse("http://127.0.0.1/").unwrap();
        let mut request = Request::new(Method::POST, url);
        *request.body_mut() = Some(r#"{"signature":"signature-of-the-body"}"#.into());
        let mut outgoing = Outgoing::new(request);
        let secrets = ["signature-of-the-body", "alpha-credential", "second-bearer-token"];
        let shown =
            |carried: &paradex_api::RequestSecrets| secrets.map(|secret| carried.redact(secret) == secret);
        assert_eq!(shown(&outgoing.carried()), [false, true, true]);
        for (token, expected) in [
            ("Bearer alpha-credential", [false, false, true]),
            ("Bearer alpha-credential", [false, false, true]),
            ("Bearer second-bearer-token", [false, false, false]),
        ] {
            let token = HeaderValue::from_static(token);
            let (next, carried) = outgoing.next(Some(token.clone())).unwrap();
            assert_eq!(next.headers()["authorization"], token);
            assert_eq!(shown(&carried), expected);
            assert_eq!(shown(&outgoing.carried()), expected);
            assert!(outgoing.can_send());
        }
    }
}
