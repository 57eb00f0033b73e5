//! Calls of an operation that is chosen at run time.

use bytes::Bytes;
use reqwest::Url;

use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, InvalidRequest};
use crate::generated::operations::SECRET_NAMES;
use crate::operation::{Body, Operation};
use crate::response::Response;
use crate::secret::Secret;

impl Client {
    /// Creates a call of an operation that is chosen at run time. Its response is the body as it arrives.
    ///
    /// It is for tools that take the operation as data. Other programs should use the method of the operation, which has its types.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api::{BaseUrl, Client, operations};
    ///
    /// let client = Client::new(BaseUrl::production())?;
    /// let operation = operations::find("get_bbo").ok_or("no such operation")?;
    /// let response = client.call(operation).parameter("market", "BTC-USD-PERP")?.send().await?;
    /// println!("{} bytes", response.body().len());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "dynamic")]
    #[doc(alias = "raw request")]
    pub fn call(&self, operation: &'static Operation) -> RawCall<'_> {
        RawCall {
            call: Call::new(self, operation),
            operation,
        }
    }
}

/// A call of an operation that is chosen at run time; made by [`Client::call`].
///
/// `Debug` names the parameters that are set and shows no values.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct RawCall<'a> {
    call: Call<'a>,
    operation: &'static Operation,
}

impl RawCall<'_> {
    /// Sets a path, query or header parameter by its name on the wire, replacing an earlier value.
    ///
    /// # Errors
    ///
    /// Fails if the operation has no such parameter.
    pub fn parameter(mut self, name: &str, value: impl Into<String>) -> Result<Self, InvalidRequest> {
        let operation = self.operation;
        let mut parameters = operation.parameters.iter();
        let Some(index) = parameters.position(|parameter| parameter.name == name) else {
            return Err(InvalidRequest::UnknownParameter {
                operation,
                name: name.to_owned(),
            });
        };
        self.call = match SECRET_NAMES.contains(&name) {
            true => self.call.set_secret(index, Secret::new(value.into())),
            false => self.call.set(index, value.into()),
        };
        Ok(self)
    }

    /// Sets the JSON body. It is sent as it is.
    ///
    /// # Errors
    ///
    /// Fails if the operation takes no body.
    pub fn body(mut self, json: impl Into<Bytes>) -> Result<Self, InvalidRequest> {
        if self.operation.body == Body::None {
            return Err(InvalidRequest::UnexpectedBody {
                operation: self.operation,
            });
        }
        self.call = self.call.bytes(json.into());
        Ok(self)
    }

    /// Returns the address that the call would be sent to.
    ///
    /// # Errors
    ///
    /// Fails if a required parameter is missing, or if a path parameter would address another resource.
    pub fn url(&self) -> Result<Url, InvalidRequest> {
        self.call.url()
    }

    /// Sends the call. The body of the response is not decoded, and may hold secrets.
    ///
    /// # Errors
    ///
    /// As every call: the request cannot be made or sent, or the status is not a success.
    pub async fn send(self) -> Result<Response<Bytes>, Error> {
        self.call.send().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use reqwest::StatusCode;

    use crate::{
        BaseUrl, Client, InvalidRequest, Operation, RawResponse, Transport, TransportFuture, operations,
    };

    /// Keeps the requests, and returns `[1]`.
    #[derive(Default)]
    struct Log(Mutex<Vec<reqwest::Request>>);

    impl Transport for Log {
        fn send<'a>(&'a self, request: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
            self.0.lock().unwrap().push(request);
            Box::pin(async { Ok(RawResponse::new(StatusCode::OK, Default::default(), "[1]")) })
        }
    }

    #[tokio::test]
    async fn raw_call_sends_parameters_and_body() {
        let log = Arc::new(Log::default());
        let client = Client::with_transport(BaseUrl::testnet(), log.clone());
        let call = client.call(&operations::MODIFY_ORDER);
        let call = call.parameter("order_id", "a/b").unwrap().body("{}").unwrap();
        assert_eq!(call.url().unwrap().path(), "/v1/orders/a%2Fb");
        assert_eq!(call.send().await.unwrap().body(), "[1]");
        let request = log.0.lock().unwrap().pop().unwrap();
        assert_eq!(
            (request.method().as_str(), request.url().path()),
            ("PUT", "/v1/orders/a%2Fb")
        );
        assert_eq!(request.headers()["content-type"], "application/json");
        assert_eq!(request.body().unwrap().as_bytes(), Some(&b"{}"[..]));
    }

    #[test]
    fn raw_call_refuses_a_body_that_the_operation_does_not_take() {
        let client = Client::with_transport(BaseUrl::testnet(), Arc::new(Log::default()));
        for operation in [&operations::GET_BBO, &operations::CANCEL_ORDER, &operations::AUTH] {
            let error = client.call(operation).body("{}").unwrap_err();
            assert!(matches!(error, InvalidRequest::UnexpectedBody { .. }), "{error}");
        }
    }

    #[tokio::test]
    async fn raw_call_refuses_unknown_and_missing_parameters() {
        let log = Arc::new(Log::default());
        let client = Client::with_transport(BaseUrl::testnet(), log.clone());
        let error = client
            .call(&operations::GET_BBO)
            .parameter("Market", "x")
            .unwrap_err();
        assert!(
            matches!(error, InvalidRequest::UnknownParameter { .. }),
            "{error}"
        );
        assert!(client.call(&operations::GET_BBO).url().is_err());
        assert!(client.call(&operations::GET_BBO).send().await.is_err());
        assert!(log.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn raw_call_marks_secret_headers_as_sensitive() {
        let log = Arc::new(Log::default());
        let client = Client::with_transport(BaseUrl::testnet(), log.clone());
        let mut call = client.call(&operations::AUTH);
        for parameter in operations::AUTH
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
        {
            call = call.parameter(parameter.name, "canary").unwrap();
        }
        assert!(!format!("{call:?}").contains("canary"));
        call.send().await.unwrap();
        let request = log.0.lock().unwrap().pop().unwrap();
        assert!(request.headers()["PARADEX-STARKNET-SIGNATURE"].is_sensitive());
    }
}
