//! Classifies operations by tables, which tests compare with the document.

use paradex_api::{Operation, operations};

/// Whether a table has an operation. Each operation is one static, so its address identifies it.
pub(crate) fn holds(table: &[&'static Operation], operation: &'static Operation) -> bool {
    table.iter().any(|known| std::ptr::eq(*known, operation))
}

/// Operations that the documentation reserves for the session of the main account.
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

/// Operations that open a session and change nothing else.
pub(crate) fn opens_session(operation: &'static Operation) -> bool {
    signs_in(operation) && operation.path.contains("/auth")
}

/// Operations that open a session or create an account. The exchange limits them by IP address, separately from other calls.
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

/// Operations that create or change an order. The exchange refuses all of them while it accepts cancels only.
pub(crate) fn places_orders(operation: &'static Operation) -> bool {
    const PLACES: &[&Operation] = &[
        &operations::CREATE_ORDER,
        &operations::CREATE_ORDERS_BATCH,
        &operations::MODIFY_ORDER,
        &operations::CREATE_ALGO_ORDER,
    ];
    holds(PLACES, operation)
}

/// Operations that cancel orders. They are never withheld.
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

/// Operations that can lead to a trade: orders, requests for quotes, block trades, and offers of block trades.
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
    fn order_writes_are_the_writes_under_orders_in_the_document() {
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
    fn operations_that_can_trade_can_be_halted() {
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
    fn sign_ins_are_the_operations_under_auth_and_onboarding_in_the_document() {
        for operation in operations::ALL {
            let path = operation.path;
            let expected = !operation.is_read() && (path.contains("/auth") || path.ends_with("/onboarding"));
            assert_eq!(signs_in(operation), expected, "{operation}");
        }
    }
}
