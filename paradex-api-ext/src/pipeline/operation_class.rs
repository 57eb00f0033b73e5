//! What kind of call an operation is. The tables, each held against the document by a test.

use paradex_api::{Operation, operations};

/// Whether a table has an operation. There is one static of each, so its place tells it apart.
pub(crate) fn holds(table: &[&'static Operation], operation: &'static Operation) -> bool {
    table.iter().any(|known| std::ptr::eq(*known, operation))
}

/// What the documentation reserves for the session of the main account.
pub(crate) fn for_main_account(operation: &'static Operation) -> bool {
    const RESERVED: &[&Operation] = &[
        &operations::CREATE_TOKEN,
        &operations::UPDATE_TOKEN_ALLOWED_CIDRS,
        &operations::REGISTER_SUBKEY,
        &operations::UPDATE_SUBKEY_ALLOWED_CIDRS,
        &operations::REVOKE_TOKEN,
        &operations::UPDATE_SUBKEY,
        &operations::REVOKE_SUBKEY,
    ];
    holds(RESERVED, operation)
}

/// What opens a session, and changes nothing else.
pub(crate) fn opens_session(operation: &'static Operation) -> bool {
    signs_in(operation) && operation.path.contains("/auth")
}

/// What makes a session or an account; the exchange counts these by address, apart from the rest.
pub(crate) fn signs_in(operation: &'static Operation) -> bool {
    const SIGN_IN: &[&Operation] = &[
        &operations::AUTH,
        &operations::AUTH_EVM,
        &operations::AUTH_WITH_PUBLIC_KEY,
        &operations::ONBOARD,
        &operations::ONBOARD_EVM,
    ];
    holds(SIGN_IN, operation)
}

/// What creates or changes an order. The exchange takes none of these while it only takes cancels.
pub(crate) fn places_orders(operation: &'static Operation) -> bool {
    const PLACES: &[&Operation] = &[
        &operations::CREATE_ORDER,
        &operations::CREATE_ORDERS_BATCH,
        &operations::MODIFY_ORDER,
        &operations::CREATE_ALGO_ORDER,
    ];
    holds(PLACES, operation)
}

/// What ends orders. It is never held back.
pub(crate) fn cancels_orders(operation: &'static Operation) -> bool {
    const CANCELS: &[&Operation] = &[
        &operations::CANCEL_ORDER,
        &operations::CANCEL_ORDER_BY_CLIENT_ID,
        &operations::CANCEL_ORDERS_BATCH,
        &operations::CANCEL_ALL_ORDERS,
        &operations::CANCEL_ALGO_ORDER,
    ];
    holds(CANCELS, operation)
}

/// What can lead to a trade: orders, and all that offers, asks for or carries out one at a price agreed on.
pub(crate) fn trades(operation: &'static Operation) -> bool {
    const AGREED: &[&Operation] = &[
        &operations::CREATE_BLOCK_TRADE,
        &operations::EXECUTE_BLOCK_TRADE,
        &operations::CREATE_BLOCK_OFFER,
        &operations::EXECUTE_BLOCK_OFFER,
        &operations::CREATE_RFQ,
        &operations::EXECUTE_RFQ,
    ];
    places_orders(operation) || holds(AGREED, operation)
}

#[cfg(test)]
mod tests {
    use paradex_api::{Method, Security, operations};

    use super::{cancels_orders, places_orders, signs_in, trades};

    #[test]
    fn order_writes_are_what_the_document_has_under_orders() {
        for operation in operations::ALL {
            let path = operation.path;
            let orders = path.starts_with("/v1/orders") || path.starts_with("/v1/algo/orders");
            let writes = orders && !operation.is_read();
            let ends = operation.method == Method::Delete;
            assert_eq!(places_orders(operation), writes && !ends, "{operation}");
            assert_eq!(cancels_orders(operation), writes && ends, "{operation}");
        }
    }

    #[test]
    fn whatever_can_trade_can_be_halted() {
        for operation in operations::ALL {
            let places = ["/orders", "/algo", "/block-trades", "/rfqs"];
            let about_trades = places
                .iter()
                .any(|place| operation.path.starts_with(&format!("/v1{place}")));
            let ends = operation.method == Method::Delete;
            let keeps_a_draft = operation.id == "create_rfq_draft";
            let expected = about_trades && !operation.is_read() && !ends && !keeps_a_draft;
            assert_eq!(
                trades(operation),
                expected,
                "{operation} is new: can it lead to a trade?"
            );
        }
    }

    #[test]
    fn call_that_trades_has_a_session_whose_account_it_is_counted_for() {
        for operation in operations::ALL.iter().filter(|operation| trades(operation)) {
            assert_eq!(operation.security, Security::Bearer, "{operation}");
        }
    }

    #[test]
    fn sign_ins_are_what_the_document_has_under_auth_and_onboarding() {
        for operation in operations::ALL {
            let path = operation.path;
            let expected = !operation.is_read() && (path.contains("/auth") || path.ends_with("/onboarding"));
            assert_eq!(signs_in(operation), expected, "{operation}");
        }
    }
}
