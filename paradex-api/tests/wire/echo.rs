//! If a server or proxy repeats a request, no text of this crate shows a secret of it.

use std::sync::{Arc, Mutex};

use paradex_api::{
    BaseUrl, Client, HttpTransport, Operation, RawResponse, Secret, Security, Transport, TransportFuture,
    reqwest,
};

use crate::calls::call;
use crate::echoing::{ANSWERS, SPELLINGS, TOKEN, arguments, cases, leak, start, texts_of};
use crate::server::{Server, respond};

/// A transport of the caller, which makes its own response and does not attach the secrets of the request.
struct Forgetting(HttpTransport);

impl Transport for Forgetting {
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
        Box::pin(async move {
            let response = self.0.send(request, operation).await?;
            Ok(RawResponse::new(response.status, response.headers, response.body))
        })
    }
}

/// Looking for secrets in all of it would take seconds, on a thread that others wait for.
#[tokio::test]
async fn huge_error_is_not_searched_beyond_its_start() {
    let server = Server::start(|_| async {
        let long = format!("{TOKEN} {}", "x%41".repeat(3 << 18));
        let body = serde_json::json!({"error": long, "message": long});
        respond(400, Some("application/json"), body.to_string())
    })
    .await;
    let transport = HttpTransport::new().unwrap().bearer(&Secret::new(TOKEN)).unwrap();
    let client = Client::with_transport(BaseUrl::parse(&server.url).unwrap(), Arc::new(transport));
    let error = client.list_open_orders().send().await.unwrap_err();
    let paradex_api::Error::Response(response) = &error else {
        panic!("{error:?}")
    };
    assert!(response.api_error().is_none() && response.raw().body.len() > 4 << 20);
    assert!(
        response.excerpt().unwrap().starts_with("{\"error\":\""),
        "{error:?}"
    );
    for text in texts_of(&error) {
        assert_eq!(leak(&text, &[TOKEN.to_owned()]), None);
    }
}

#[tokio::test]
async fn repeated_request_shows_no_secret_in_any_text() {
    let mut echoed = 0;
    for (turn, response) in ANSWERS.iter().copied().enumerate() {
        let spelled = Arc::new(Mutex::new(SPELLINGS[0]));
        let server = start(response, &spelled).await;
        let base = BaseUrl::parse(&server.url).unwrap();
        let transport = HttpTransport::new().unwrap().bearer(&Secret::new(TOKEN)).unwrap();
        let plain = Client::with_transport(base.clone(), Arc::new(transport));
        let forgetting = Client::with_transport(base, Arc::new(Forgetting(HttpTransport::new().unwrap())));
        for (operation, spelling) in cases(turn) {
            *spelled.lock().unwrap() = spelling;
            for client in [&plain, &forgetting] {
                let (arguments, mut secrets) = arguments(operation);
                if std::ptr::eq(client, &plain) && operation.security != Security::Public {
                    secrets.push(TOKEN.to_owned());
                }
                let (texts, body) = match call(client, operation.id, &arguments).await.unwrap() {
                    Ok(response) => (vec![response.shown], response.body),
                    Err(error) => {
                        let body = error.response().map(|raw| raw.body.clone());
                        (texts_of(&error), body.unwrap_or_default())
                    }
                };
                echoed += usize::from(leak(&String::from_utf8_lossy(&body), &secrets).is_some());
                for text in texts {
                    let leak = leak(&text, &secrets);
                    assert!(
                        leak.is_none(),
                        "{operation}, response {turn}: {leak:?} is in {text}"
                    );
                }
            }
        }
    }
    // Otherwise nothing was repeated, and the test shows nothing.
    assert!(echoed > 500, "{echoed}");
}
