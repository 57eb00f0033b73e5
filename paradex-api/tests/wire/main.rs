//! Every operation over real HTTP, checked against the OpenAPI document of the crate.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod arguments;
#[rustfmt::skip]
mod calls;
mod echo;
mod echoing;
mod failures;
mod server;

use std::sync::{Arc, Mutex};

use paradex_api::testing::Request;
use paradex_api::{
    BaseUrl, Client, Error, HttpTransport, InvalidRequest, Location, Operation, RawResponse, Response,
    Secret, Transport, TransportFuture, operations, reqwest,
};
use serde_json::{Value, json};

use arguments::{Arguments, document, kebab};
use calls::call;
use server::{Server, respond};

impl Arguments {
    fn set(&mut self, name: &str, value: &str) {
        self.values.retain(|(other, _)| other != name);
        self.values.push((name.to_owned(), value.to_owned()));
    }
}

/// The response of a call, written as JSON again.
#[derive(Debug)]
struct Answered {
    /// The JSON of the value; `None` if it holds a secret.
    written: Option<Value>,
    /// The value as `Debug` shows it.
    shown: String,
    body: paradex_api::Bytes,
}

impl Answered {
    #[allow(clippy::new_ret_no_self, reason = "a call has a response or an error")]
    fn new<T: serde::Serialize + std::fmt::Debug>(
        response: Result<Response<T>, Error>,
    ) -> Result<Self, Error> {
        response.map(|response| Self {
            written: serde_json::to_value(&*response).ok(),
            shown: format!("{response:?}"),
            body: response.body().clone(),
        })
    }
}

/// A server that checks every request against the document and returns a value made from it.
async fn exchange(seed: u64) -> Server {
    Server::start(move |request| async move {
        let checked = document().check_request(&Request {
            method: &request.method,
            path: &request.path,
            query: &request.query,
            headers: &request.headers,
            body: &request.body,
        });
        match checked {
            Ok(matched) => {
                let response = document().sample_response(matched.operation, seed);
                respond(response.status, response.content_type.as_deref(), response.body)
            }
            Err(violations) => {
                let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
                respond(499, None, json!({"message": all.join("; ")}).to_string())
            }
        }
    })
    .await
}

fn client(url: &str) -> Client {
    let transport = HttpTransport::new()
        .unwrap()
        .bearer(&Secret::new("canary-bearer"))
        .unwrap();
    Client::with_transport(BaseUrl::parse(url).unwrap(), Arc::new(transport))
}

/// JSON that means the same: `1` and `1.0` are one number.
fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one.as_f64() == two.as_f64(),
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .all(|(key, value)| two.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == two,
    }
}

#[tokio::test]
async fn response_of_every_operation_is_written_back_unchanged() {
    assert_eq!(operations::ALL.len(), document().operations().count());
    for seed in 0..4 {
        let server = exchange(seed).await;
        let client = client(&server.url);
        for operation in operations::ALL {
            let arguments = Arguments::sample(document(), operation, seed);
            let response = call(&client, operation.id, &arguments)
                .await
                .unwrap_or_else(|| panic!("{operation} has no call"))
                .unwrap_or_else(|error| panic!("{operation}: {error}"));
            let Ok(sent) = serde_json::from_slice::<Value>(&response.body) else {
                // A picture or nothing at all.
                continue;
            };
            match response.written {
                None => assert!(
                    operation.secret_response,
                    "{operation}: the response cannot be written"
                ),
                Some(written) => {
                    assert!(
                        !operation.secret_response,
                        "{operation}: a secret was written: {written}"
                    );
                    assert!(
                        same(&sent, &written),
                        "{operation}\nsent    {sent}\nwritten {written}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn operation_works_without_its_optional_arguments() {
    let server = exchange(9).await;
    let client = client(&server.url);
    for operation in operations::ALL {
        let mut arguments = Arguments::sample(document(), operation, 9);
        arguments.values.retain(|(name, _)| {
            operation
                .parameters
                .iter()
                .any(|parameter| parameter.name == name && parameter.required)
        });
        let response = call(&client, operation.id, &arguments).await.unwrap();
        response.unwrap_or_else(|error| panic!("{operation}: {error}"));
    }
}

/// Keeps the request and returns nothing.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Option<reqwest::Request>>>);

impl Transport for Kept {
    fn send<'a>(&'a self, request: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
        *self.0.lock().unwrap() = Some(request);
        Box::pin(async {
            Ok(RawResponse::new(
                reqwest::StatusCode::NO_CONTENT,
                Default::default(),
                "",
            ))
        })
    }
}

impl Kept {
    fn client(&self) -> Client {
        Client::with_transport(
            BaseUrl::parse("https://host/prefix/v1").unwrap(),
            Arc::new(self.clone()),
        )
    }

    fn take(&self) -> Option<reqwest::Request> {
        self.0.lock().unwrap().take()
    }
}

#[tokio::test]
async fn path_parameter_cannot_address_another_operation() {
    let kept = Kept::default();
    let client = kept.client();
    for operation in operations::ALL {
        for parameter in operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Path)
        {
            let mut arguments = Arguments::sample(document(), operation, 1);
            for hostile in ["", ".", ".."] {
                arguments.set(parameter.name, hostile);
                let error = call(&client, operation.id, &arguments)
                    .await
                    .unwrap()
                    .unwrap_err();
                assert!(
                    matches!(&error, Error::InvalidRequest(InvalidRequest::PathSegment { name, .. }) if *name == parameter.name),
                    "{operation}: {error:?}"
                );
                assert!(kept.take().is_none(), "{operation} was sent");
            }
            for hostile in [
                "a/b",
                "../orders",
                "a?b=c",
                "a#b",
                "%2e%2e",
                "..;",
                "a\\b",
                " ",
                "\n",
                "ü",
                "..%2f",
                "a&b",
                "%",
            ] {
                arguments.set(parameter.name, hostile);
                // The response is empty and does not decode everywhere; what counts is what was sent.
                let _ = call(&client, operation.id, &arguments).await.unwrap();
                let request = kept.take().unwrap_or_else(|| panic!("{operation} was not sent"));
                let path = request.url().path();
                let template: Vec<&str> = format!("/prefix{}", operation.path).leak().split('/').collect();
                let sent: Vec<&str> = path.split('/').collect();
                assert_eq!(template.len(), sent.len(), "{operation}: {path}");
                for (template, sent) in template.iter().zip(&sent) {
                    if !template.starts_with('{') {
                        assert_eq!(template, sent, "{operation}: {path}");
                    }
                }
                let matched =
                    document().match_path(operation.method.as_str(), path.strip_prefix("/prefix").unwrap());
                let (found, values) = matched.unwrap_or_else(|| panic!("{operation}: {path}"));
                assert_eq!(found.id(), kebab(operation), "{path}");
                assert!(
                    values
                        .iter()
                        .any(|(name, value)| name == parameter.name && value == hostile),
                    "{path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn missing_required_argument_is_named_and_nothing_is_sent() {
    let kept = Kept::default();
    let client = kept.client();
    for operation in operations::ALL {
        let complete = Arguments::sample(document(), operation, 2);
        for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
            let mut arguments = complete.clone();
            arguments.values.retain(|(name, _)| name != parameter.name);
            let error = call(&client, operation.id, &arguments)
                .await
                .unwrap()
                .unwrap_err();
            assert!(
                matches!(&error, Error::InvalidRequest(InvalidRequest::Missing { name, .. }) if *name == parameter.name),
                "{operation}: {error:?}"
            );
        }
        if operation.body == paradex_api::Body::Json {
            let mut arguments = complete.clone();
            arguments.body = None;
            let error = call(&client, operation.id, &arguments)
                .await
                .unwrap()
                .unwrap_err();
            assert!(error.to_string().contains("`body`"), "{operation}: {error}");
        }
        assert!(kept.take().is_none(), "{operation} was sent");
    }
}

#[tokio::test]
async fn addresses_resolve_from_the_root_of_the_host() {
    let kept = Kept::default();
    let client = kept.client();
    for operation in operations::ALL {
        let _ = call(
            &client,
            operation.id,
            &Arguments::sample(document(), operation, 3),
        )
        .await
        .unwrap();
        let request = kept.take().unwrap();
        let path = request.url().path();
        assert!(
            path.starts_with("/prefix/v1/") || path.starts_with("/prefix/v2/"),
            "{operation}: {path}"
        );
        assert_eq!(request.method().as_str(), operation.method.as_str());
        assert!(request.headers().get("api-version").is_none());
    }
    assert_eq!(operations::AUTH_EVM.path, "/v2/auth");
}

#[tokio::test]
async fn token_is_sent_only_with_operations_that_accept_one() {
    let seen: Arc<Mutex<Vec<(String, bool)>>> = Arc::default();
    let log = Arc::clone(&seen);
    let server = Server::start(move |request| {
        let with = request
            .headers
            .iter()
            .any(|(name, value)| name == "authorization" && value == "Bearer canary-bearer");
        log.lock()
            .unwrap()
            .push((format!("{} {}", request.method, request.path), with));
        async { respond(200, None, "{}") }
    })
    .await;
    let client = client(&server.url);
    for operation in operations::ALL {
        let arguments = Arguments::sample(document(), operation, 4);
        let _ = call(&client, operation.id, &arguments).await.unwrap();
        let (_, with) = seen.lock().unwrap().pop().unwrap();
        assert_eq!(
            with,
            operation.security != paradex_api::Security::Public,
            "{operation}"
        );
    }
}

#[tokio::test]
async fn no_secret_is_in_any_text() {
    let server = exchange(5).await;
    let client = client(&server.url);
    assert!(!format!("{client:?}").contains("canary"));
    let transport = HttpTransport::new()
        .unwrap()
        .bearer(&Secret::new("canary-bearer"))
        .unwrap();
    assert!(!format!("{transport:?}").contains("canary"));

    let builder = client
        .auth()
        .paradex_starknet_account("0x1")
        .paradex_starknet_signature(Secret::new("canary-signature"))
        .paradex_timestamp("1");
    assert!(!format!("{builder:?}").contains("canary"), "{builder:?}");

    // Every secret text of every response, hidden in the sample, is looked for in what `Debug` shows.
    for operation in operations::ALL
        .iter()
        .filter(|operation| operation.secret_response)
    {
        let arguments = Arguments::sample(document(), operation, 5);
        let response = call(&client, operation.id, &arguments).await.unwrap().unwrap();
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        let mut secrets = Vec::new();
        collect_secrets(&body, &mut secrets);
        assert!(!secrets.is_empty(), "{operation}: {body}");
        for secret in secrets {
            assert!(
                !response.shown.contains(&format!("{secret:?}")),
                "{operation}: {}",
                response.shown
            );
        }
    }
}

/// The texts of the fields that `openapi/secrets.yaml` lists for responses.
fn collect_secrets(value: &Value, to: &mut Vec<String>) {
    const FIELDS: [&str; 5] = [
        "jwt_token",
        "token",
        "signature_data",
        "encrypted_key",
        "signature",
    ];
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                if let (true, Value::String(text)) = (FIELDS.contains(&name.as_str()), value) {
                    to.push(text.clone());
                }
                collect_secrets(value, to);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_secrets(item, to)),
        _ => {}
    }
}
