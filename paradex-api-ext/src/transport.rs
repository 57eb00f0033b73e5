//! The one path that every call takes.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use paradex_api::reqwest::header::AUTHORIZATION;
use paradex_api::{
    BoxError, Operation, RawResponse, Security, Transport, TransportFuture, operations, reqwest,
};

use crate::client::Inner;
use crate::credentials::Credentials;
use crate::error::{AuthenticationError, Waited};

/// A token that says it ended is refused here only beyond this; a clock may be wrong by less.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

/// Authorises, waits for its turn, sends, and reads the whole answer.
pub(crate) struct Path {
    pub(crate) shared: Arc<Inner>,
    pub(crate) credentials: Option<Credentials>,
}

impl Path {
    fn authorize(
        &self,
        request: &mut reqwest::Request,
        operation: &'static Operation,
    ) -> Result<(), AuthenticationError> {
        let Some(credentials) = &self.credentials else {
            return match operation.security {
                Security::Bearer => Err(AuthenticationError::NoCredentials { operation }),
                _ => Ok(()),
            };
        };
        if operation.security == Security::Public {
            return Ok(());
        }
        let end = credentials.token_info().expires_at;
        if let Some(ago) = end.and_then(|end| SystemTime::now().duration_since(end).ok())
            && ago > CLOCK_TOLERANCE
        {
            return Err(AuthenticationError::Expired { operation, ago });
        }
        request
            .headers_mut()
            .insert(AUTHORIZATION, credentials.header().clone());
        Ok(())
    }

    async fn run(
        &self,
        mut request: reqwest::Request,
        operation: &'static Operation,
    ) -> Result<RawResponse, BoxError> {
        self.authorize(&mut request, operation)?;
        let limit = self.shared.timeout;
        let mut left = limit;
        if !writes_orders(operation) {
            let wait = self.shared.turn(limit).map_err(|wait| Waited { wait, limit })?;
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
                left = limit.saturating_sub(wait);
            }
        }
        *request.timeout_mut() = Some(left);
        let mut response = self.shared.http.execute(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = response.bytes().await?;
        Ok(RawResponse::new(status, headers, body))
    }
}

impl Transport for Path {
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a> {
        Box::pin(self.run(request, operation))
    }
}

/// Whether the published limit per address is left aside: the exchange counts order writes by account,
/// with a figure of their own, and a cancel must not wait behind a list of markets.
fn writes_orders(operation: &'static Operation) -> bool {
    const WRITES: &[&Operation] = &[
        &operations::CREATE_ORDER,
        &operations::CREATE_ORDERS_BATCH,
        &operations::MODIFY_ORDER,
        &operations::CANCEL_ORDER,
        &operations::CANCEL_ORDER_BY_CLIENT_ID,
        &operations::CANCEL_ORDERS_BATCH,
        &operations::CANCEL_ALL_ORDERS,
    ];
    WRITES.contains(&operation)
}

#[cfg(test)]
mod tests {
    use paradex_api::operations;

    use super::writes_orders;

    #[test]
    fn order_writes_are_what_the_document_has_under_orders() {
        for operation in operations::ALL {
            let expected = operation.path.starts_with("/v1/orders")
                && !operation.is_read()
                && !operation.path.starts_with("/v1/orders-history");
            assert_eq!(writes_orders(operation), expected, "{operation}");
        }
    }
}
