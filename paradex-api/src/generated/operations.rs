// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!Every operation as a static value, for layers that decide by operation.
#![allow(unused_imports, reason = "not every document has parameters")]
use crate::operation::{Body, Location, Method, Operation, Paging, Parameter, Security};
/// `GET /v1/account`
pub static GET_ACCOUNT: Operation = Operation {
    id: "get_account",
    upstream_id: Some("get-account"),
    method: Method::Get,
    path: "/v1/account",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("subaccount_address", Location::Query, false)],
};

/// `GET /v1/account/compliance`
pub static LIST_COMPLIANCE_ACTIONS: Operation = Operation {
    id: "list_compliance_actions",
    upstream_id: Some("get-compliance-actions"),
    method: Method::Get,
    path: "/v1/account/compliance",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/compliance`
pub static RECORD_COMPLIANCE_ACTION: Operation = Operation {
    id: "record_compliance_action",
    upstream_id: Some("record-compliance-action"),
    method: Method::Post,
    path: "/v1/account/compliance",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/account/history`
pub static GET_ACCOUNT_HISTORY: Operation = Operation {
    id: "get_account_history",
    upstream_id: Some("get-account-history"),
    method: Method::Get,
    path: "/v1/account/history",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("type", Location::Query, true)],
};

/// `GET /v1/account/info`
pub static LIST_ACCOUNT_INFOS: Operation = Operation {
    id: "list_account_infos",
    upstream_id: Some("get-accounts-info"),
    method: Method::Get,
    path: "/v1/account/info",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/account/keys/subkeys`
pub static LIST_SUBKEYS: Operation = Operation {
    id: "list_subkeys",
    upstream_id: Some("list-subkeys"),
    method: Method::Get,
    path: "/v1/account/keys/subkeys",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("with_revoked", Location::Query, false)],
};

/// `POST /v1/account/keys/subkeys`
pub static REGISTER_SUBKEY: Operation = Operation {
    id: "register_subkey",
    upstream_id: Some("register-subkey"),
    method: Method::Post,
    path: "/v1/account/keys/subkeys",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/keys/subkeys/activate`
pub static ACTIVATE_SUBKEY: Operation = Operation {
    id: "activate_subkey",
    upstream_id: Some("activate-subkey"),
    method: Method::Post,
    path: "/v1/account/keys/subkeys/activate",
    security: Security::Optional,
    body: Body::Json,
    paging: Paging::None,
    secret_response: true,
    parameters: &[],
};

/// `GET /v1/account/keys/subkeys/{public_key}`
pub static GET_SUBKEY: Operation = Operation {
    id: "get_subkey",
    upstream_id: Some("get-subkey"),
    method: Method::Get,
    path: "/v1/account/keys/subkeys/{public_key}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("public_key", Location::Path, true)],
};

/// `PUT /v1/account/keys/subkeys/{public_key}`
pub static UPDATE_SUBKEY: Operation = Operation {
    id: "update_subkey",
    upstream_id: Some("update-subkey"),
    method: Method::Put,
    path: "/v1/account/keys/subkeys/{public_key}",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("public_key", Location::Path, true)],
};

/// `DELETE /v1/account/keys/subkeys/{public_key}`
pub static REVOKE_SUBKEY: Operation = Operation {
    id: "revoke_subkey",
    upstream_id: Some("revoke-subkey"),
    method: Method::Delete,
    path: "/v1/account/keys/subkeys/{public_key}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("public_key", Location::Path, true)],
};

/// `PUT /v1/account/keys/subkeys/{public_key}/allowed-cidrs`
pub static UPDATE_SUBKEY_ALLOWED_CIDRS: Operation = Operation {
    id: "update_subkey_allowed_cidrs",
    upstream_id: Some("update-subkey-allowed-cidrs"),
    method: Method::Put,
    path: "/v1/account/keys/subkeys/{public_key}/allowed-cidrs",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("public_key", Location::Path, true)],
};

/// `GET /v1/account/margin`
pub static GET_ACCOUNT_MARGIN: Operation = Operation {
    id: "get_account_margin",
    upstream_id: Some("get-account-margin"),
    method: Method::Get,
    path: "/v1/account/margin",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Query, true)],
};

/// `POST /v1/account/margin/{market}`
pub static SET_ACCOUNT_MARGIN: Operation = Operation {
    id: "set_account_margin",
    upstream_id: Some("upsert-account-margin"),
    method: Method::Post,
    path: "/v1/account/margin/{market}",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Path, true)],
};

/// `POST /v1/account/paradigm/enable`
pub static ENABLE_RFQ: Operation = Operation {
    id: "enable_rfq",
    upstream_id: Some("rfq-enable"),
    method: Method::Post,
    path: "/v1/account/paradigm/enable",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/account/profile`
pub static GET_ACCOUNT_PROFILE: Operation = Operation {
    id: "get_account_profile",
    upstream_id: Some("get-account-profile"),
    method: Method::Get,
    path: "/v1/account/profile",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `PUT /v1/account/profile`
pub static UPDATE_ACCOUNT_PROFILE: Operation = Operation {
    id: "update_account_profile",
    upstream_id: Some("update-account-profile"),
    method: Method::Put,
    path: "/v1/account/profile",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/profile/market_max_slippage/{market}`
pub static UPDATE_ACCOUNT_MARKET_MAX_SLIPPAGE: Operation = Operation {
    id: "update_account_market_max_slippage",
    upstream_id: Some("update-account-market-max-slippage"),
    method: Method::Post,
    path: "/v1/account/profile/market_max_slippage/{market}",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Path, true)],
};

/// `POST /v1/account/profile/notifications`
pub static UPDATE_ACCOUNT_NOTIFICATION_PREFERENCES: Operation = Operation {
    id: "update_account_notification_preferences",
    upstream_id: Some("update-account-notification-preferences"),
    method: Method::Post,
    path: "/v1/account/profile/notifications",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/profile/notifications/last_seen`
pub static MARK_NOTIFICATIONS_SEEN: Operation = Operation {
    id: "mark_notifications_seen",
    upstream_id: Some("update-last-seen"),
    method: Method::Post,
    path: "/v1/account/profile/notifications/last_seen",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/profile/referral_code`
pub static UPDATE_ACCOUNT_PROFILE_REFERRAL_CODE: Operation = Operation {
    id: "update_account_profile_referral_code",
    upstream_id: Some("update-account-profile-referral-code"),
    method: Method::Post,
    path: "/v1/account/profile/referral_code",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/profile/refresh_inventory`
pub static REFRESH_ACCOUNT_INVENTORY: Operation = Operation {
    id: "refresh_account_inventory",
    upstream_id: Some("refresh-account-inventory"),
    method: Method::Post,
    path: "/v1/account/profile/refresh_inventory",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/profile/size_currency_display`
pub static UPDATE_ACCOUNT_SIZE_CURRENCY_DISPLAY: Operation = Operation {
    id: "update_account_size_currency_display",
    upstream_id: Some("update-account-size-currency-display"),
    method: Method::Post,
    path: "/v1/account/profile/size_currency_display",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/profile/username`
pub static UPDATE_ACCOUNT_PROFILE_USERNAME: Operation = Operation {
    id: "update_account_profile_username",
    upstream_id: Some("update-account-profile-username"),
    method: Method::Post,
    path: "/v1/account/profile/username",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/referrer`
pub static UPDATE_ACCOUNT_REFERRER: Operation = Operation {
    id: "update_account_referrer",
    upstream_id: Some("update-account-referrer"),
    method: Method::Post,
    path: "/v1/account/referrer",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/account/settings`
pub static GET_ACCOUNT_SETTINGS: Operation = Operation {
    id: "get_account_settings",
    upstream_id: Some("get-account-settings"),
    method: Method::Get,
    path: "/v1/account/settings",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/settings/trading_value_display`
pub static UPDATE_ACCOUNT_TRADING_VALUE_DISPLAY: Operation = Operation {
    id: "update_account_trading_value_display",
    upstream_id: Some("update-account-trading-value-display"),
    method: Method::Post,
    path: "/v1/account/settings/trading_value_display",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/account/subaccounts`
pub static LIST_SUBACCOUNTS: Operation = Operation {
    id: "list_subaccounts",
    upstream_id: Some("get-sub-accounts"),
    method: Method::Get,
    path: "/v1/account/subaccounts",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/account/summary`
pub static LIST_ACCOUNT_SUMMARIES: Operation = Operation {
    id: "list_account_summaries",
    upstream_id: Some("get-accounts"),
    method: Method::Get,
    path: "/v1/account/summary",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/account/terminal-token`
pub static CREATE_TERMINAL_TOKEN: Operation = Operation {
    id: "create_terminal_token",
    upstream_id: None,
    method: Method::Post,
    path: "/v1/account/terminal-token",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[],
};

/// `GET /v1/account/tokens`
pub static LIST_TOKENS: Operation = Operation {
    id: "list_tokens",
    upstream_id: Some("list-tokens"),
    method: Method::Get,
    path: "/v1/account/tokens",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("kind", Location::Query, false),
        Parameter::new("with_invalid", Location::Query, false),
    ],
};

/// `POST /v1/account/tokens`
pub static CREATE_TOKEN: Operation = Operation {
    id: "create_token",
    upstream_id: Some("create-token"),
    method: Method::Post,
    path: "/v1/account/tokens",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: true,
    parameters: &[],
};

/// `DELETE /v1/account/tokens/{lookup_id}`
pub static REVOKE_TOKEN: Operation = Operation {
    id: "revoke_token",
    upstream_id: Some("revoke-token"),
    method: Method::Delete,
    path: "/v1/account/tokens/{lookup_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("lookup_id", Location::Path, true)],
};

/// `PUT /v1/account/tokens/{lookup_id}/allowed-cidrs`
pub static UPDATE_TOKEN_ALLOWED_CIDRS: Operation = Operation {
    id: "update_token_allowed_cidrs",
    upstream_id: Some("update-token-allowed-cidrs"),
    method: Method::Put,
    path: "/v1/account/tokens/{lookup_id}/allowed-cidrs",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("lookup_id", Location::Path, true)],
};

/// `GET /v1/algo/orders`
pub static LIST_OPEN_ALGO_ORDERS: Operation = Operation {
    id: "list_open_algo_orders",
    upstream_id: Some("get-open-algo-orders"),
    method: Method::Get,
    path: "/v1/algo/orders",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/algo/orders`
pub static CREATE_ALGO_ORDER: Operation = Operation {
    id: "create_algo_order",
    upstream_id: Some("create-algo-order"),
    method: Method::Post,
    path: "/v1/algo/orders",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/algo/orders-history`
pub static LIST_ALGO_ORDERS_HISTORY: Operation = Operation {
    id: "list_algo_orders_history",
    upstream_id: Some("get-algo-orders-history"),
    method: Method::Get,
    path: "/v1/algo/orders-history",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("client_id", Location::Query, false),
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("market", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("side", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
        Parameter::new("status", Location::Query, false),
        Parameter::new("type", Location::Query, false),
    ],
};

/// `GET /v1/algo/orders/{algo_id}`
pub static GET_ALGO_ORDER: Operation = Operation {
    id: "get_algo_order",
    upstream_id: Some("get-algo-order-by-id"),
    method: Method::Get,
    path: "/v1/algo/orders/{algo_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("algo_id", Location::Path, true)],
};

/// `DELETE /v1/algo/orders/{algo_id}`
pub static CANCEL_ALGO_ORDER: Operation = Operation {
    id: "cancel_algo_order",
    upstream_id: Some("cancel-algo-order"),
    method: Method::Delete,
    path: "/v1/algo/orders/{algo_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("algo_id", Location::Path, true)],
};

/// `POST /v1/auth`
pub static AUTH: Operation = Operation {
    id: "auth",
    upstream_id: Some("auth"),
    method: Method::Post,
    path: "/v1/auth",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[
        Parameter::new("token_usage", Location::Query, false),
        Parameter::new("PARADEX-AUTHORIZE-ISOLATED-MARKETS", Location::Header, false),
        Parameter::new("PARADEX-SIGNATURE-EXPIRATION", Location::Header, false),
        Parameter::new("PARADEX-STARKNET-ACCOUNT", Location::Header, true),
        Parameter::new("PARADEX-STARKNET-SIGNATURE", Location::Header, true),
        Parameter::new("PARADEX-TIMESTAMP", Location::Header, true),
    ],
};

/// `POST /v1/auth/{public_key}`
pub static AUTH_WITH_PUBLIC_KEY: Operation = Operation {
    id: "auth_with_public_key",
    upstream_id: Some("auth-with-public-key"),
    method: Method::Post,
    path: "/v1/auth/{public_key}",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[
        Parameter::new("public_key", Location::Path, true),
        Parameter::new("token_usage", Location::Query, false),
        Parameter::new("PARADEX-AUTHORIZE-ISOLATED-MARKETS", Location::Header, false),
        Parameter::new("PARADEX-SIGNATURE-EXPIRATION", Location::Header, false),
        Parameter::new("PARADEX-STARKNET-ACCOUNT", Location::Header, true),
        Parameter::new("PARADEX-STARKNET-SIGNATURE", Location::Header, true),
        Parameter::new("PARADEX-TIMESTAMP", Location::Header, true),
    ],
};

/// `GET /v1/balance`
pub static LIST_BALANCES: Operation = Operation {
    id: "list_balances",
    upstream_id: Some("get-balance"),
    method: Method::Get,
    path: "/v1/balance",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/bbo/{market}`
pub static GET_BBO: Operation = Operation {
    id: "get_bbo",
    upstream_id: Some("get-bbo"),
    method: Method::Get,
    path: "/v1/bbo/{market}",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Path, true)],
};

/// `GET /v1/bbo/{market}/interactive`
pub static GET_BBO_INTERACTIVE: Operation = Operation {
    id: "get_bbo_interactive",
    upstream_id: Some("get-bbo-interactive"),
    method: Method::Get,
    path: "/v1/bbo/{market}/interactive",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Path, true)],
};

/// `GET /v1/block-trades`
pub static LIST_BLOCK_TRADES: Operation = Operation {
    id: "list_block_trades",
    upstream_id: Some("block-trades-list"),
    method: Method::Get,
    path: "/v1/block-trades",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[
        Parameter::new("market", Location::Query, false),
        Parameter::new("status", Location::Query, false),
    ],
};

/// `POST /v1/block-trades`
pub static CREATE_BLOCK_TRADE: Operation = Operation {
    id: "create_block_trade",
    upstream_id: Some("block-trades-create"),
    method: Method::Post,
    path: "/v1/block-trades",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: true,
    parameters: &[],
};

/// `GET /v1/block-trades/{block_trade_id}`
pub static GET_BLOCK_TRADE: Operation = Operation {
    id: "get_block_trade",
    upstream_id: Some("block-trades-get"),
    method: Method::Get,
    path: "/v1/block-trades/{block_trade_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[Parameter::new("block_trade_id", Location::Path, true)],
};

/// `DELETE /v1/block-trades/{block_trade_id}`
pub static CANCEL_BLOCK_TRADE: Operation = Operation {
    id: "cancel_block_trade",
    upstream_id: Some("block-trades-cancel"),
    method: Method::Delete,
    path: "/v1/block-trades/{block_trade_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("block_trade_id", Location::Path, true)],
};

/// `POST /v1/block-trades/{block_trade_id}/execute`
pub static EXECUTE_BLOCK_TRADE: Operation = Operation {
    id: "execute_block_trade",
    upstream_id: Some("block-trades-execute"),
    method: Method::Post,
    path: "/v1/block-trades/{block_trade_id}/execute",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: true,
    parameters: &[Parameter::new("block_trade_id", Location::Path, true)],
};

/// `GET /v1/block-trades/{block_trade_id}/offers`
pub static LIST_BLOCK_OFFERS: Operation = Operation {
    id: "list_block_offers",
    upstream_id: Some("block-offers-list"),
    method: Method::Get,
    path: "/v1/block-trades/{block_trade_id}/offers",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[Parameter::new("block_trade_id", Location::Path, true)],
};

/// `POST /v1/block-trades/{block_trade_id}/offers`
pub static CREATE_BLOCK_OFFER: Operation = Operation {
    id: "create_block_offer",
    upstream_id: Some("block-offers-create"),
    method: Method::Post,
    path: "/v1/block-trades/{block_trade_id}/offers",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: true,
    parameters: &[Parameter::new("block_trade_id", Location::Path, true)],
};

/// `GET /v1/block-trades/{block_trade_id}/offers/{offer_id}`
pub static GET_BLOCK_OFFER: Operation = Operation {
    id: "get_block_offer",
    upstream_id: Some("block-offers-get"),
    method: Method::Get,
    path: "/v1/block-trades/{block_trade_id}/offers/{offer_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[
        Parameter::new("block_trade_id", Location::Path, true),
        Parameter::new("offer_id", Location::Path, true),
    ],
};

/// `DELETE /v1/block-trades/{block_trade_id}/offers/{offer_id}`
pub static CANCEL_BLOCK_OFFER: Operation = Operation {
    id: "cancel_block_offer",
    upstream_id: Some("block-offers-cancel"),
    method: Method::Delete,
    path: "/v1/block-trades/{block_trade_id}/offers/{offer_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("block_trade_id", Location::Path, true),
        Parameter::new("offer_id", Location::Path, true),
    ],
};

/// `POST /v1/block-trades/{block_trade_id}/offers/{offer_id}/execute`
pub static EXECUTE_BLOCK_OFFER: Operation = Operation {
    id: "execute_block_offer",
    upstream_id: Some("block-offers-execute"),
    method: Method::Post,
    path: "/v1/block-trades/{block_trade_id}/offers/{offer_id}/execute",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: true,
    parameters: &[
        Parameter::new("block_trade_id", Location::Path, true),
        Parameter::new("offer_id", Location::Path, true),
    ],
};

/// `GET /v1/fills`
pub static LIST_FILLS: Operation = Operation {
    id: "list_fills",
    upstream_id: None,
    method: Method::Get,
    path: "/v1/fills",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("asset_kind", Location::Query, false),
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("market", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `GET /v1/funding/data`
pub static LIST_FUNDING_DATA: Operation = Operation {
    id: "list_funding_data",
    upstream_id: Some("get-funding-data"),
    method: Method::Get,
    path: "/v1/funding/data",
    security: Security::Public,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("market", Location::Query, true),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `GET /v1/funding/payments`
pub static LIST_FUNDING_PAYMENTS: Operation = Operation {
    id: "list_funding_payments",
    upstream_id: Some("get-funding"),
    method: Method::Get,
    path: "/v1/funding/payments",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("market", Location::Query, true),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `GET /v1/insurance`
pub static GET_INSURANCE_FUND: Operation = Operation {
    id: "get_insurance_fund",
    upstream_id: Some("get-insurance-fund"),
    method: Method::Get,
    path: "/v1/insurance",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/jwks.json`
pub static GET_JWKS: Operation = Operation {
    id: "get_jwks",
    upstream_id: Some("jwks"),
    method: Method::Get,
    path: "/v1/jwks.json",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/liquidations`
pub static LIST_LIQUIDATIONS: Operation = Operation {
    id: "list_liquidations",
    upstream_id: Some("get-liquidations"),
    method: Method::Get,
    path: "/v1/liquidations",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("from", Location::Query, false),
        Parameter::new("to", Location::Query, false),
    ],
};

/// `GET /v1/markets`
pub static LIST_MARKETS: Operation = Operation {
    id: "list_markets",
    upstream_id: Some("get-markets"),
    method: Method::Get,
    path: "/v1/markets",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Query, false)],
};

/// `GET /v1/markets/history`
pub static LIST_MARKET_EVENTS: Operation = Operation {
    id: "list_market_events",
    upstream_id: Some("get-markets-history"),
    method: Method::Get,
    path: "/v1/markets/history",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Query, false)],
};

/// `GET /v1/markets/klines`
pub static LIST_KLINES: Operation = Operation {
    id: "list_klines",
    upstream_id: Some("markets-klines"),
    method: Method::Get,
    path: "/v1/markets/klines",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("end_at", Location::Query, true),
        Parameter::new("price_kind", Location::Query, false),
        Parameter::new("resolution", Location::Query, true),
        Parameter::new("start_at", Location::Query, true),
        Parameter::new("symbol", Location::Query, true),
    ],
};

/// `GET /v1/markets/settlement-price`
pub static GET_MARKET_SETTLEMENT_PRICE: Operation = Operation {
    id: "get_market_settlement_price",
    upstream_id: Some("get-market-settlement-price"),
    method: Method::Get,
    path: "/v1/markets/settlement-price",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Query, true)],
};

/// `GET /v1/markets/summary`
pub static LIST_MARKET_SUMMARIES: Operation = Operation {
    id: "list_market_summaries",
    upstream_id: Some("get-markets-summary"),
    method: Method::Get,
    path: "/v1/markets/summary",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("end", Location::Query, false),
        Parameter::new("market", Location::Query, true),
        Parameter::new("start", Location::Query, false),
    ],
};

/// `GET /v1/onboarding`
pub static GET_ONBOARDING: Operation = Operation {
    id: "get_onboarding",
    upstream_id: Some("getOnboarding"),
    method: Method::Get,
    path: "/v1/onboarding",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("account_signer_type", Location::Query, true),
        Parameter::new("eth_address", Location::Query, false),
        Parameter::new("public_key", Location::Query, false),
        Parameter::new("vault_operator_index", Location::Query, false),
    ],
};

/// `POST /v1/onboarding`
pub static ONBOARD: Operation = Operation {
    id: "onboard",
    upstream_id: Some("onboarding"),
    method: Method::Post,
    path: "/v1/onboarding",
    security: Security::Public,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("PARADEX-ETHEREUM-ACCOUNT", Location::Header, true),
        Parameter::new("PARADEX-STARKNET-ACCOUNT", Location::Header, true),
        Parameter::new("PARADEX-STARKNET-SIGNATURE", Location::Header, true),
    ],
};

/// `GET /v1/orderbook/{market}`
pub static GET_ORDERBOOK: Operation = Operation {
    id: "get_orderbook",
    upstream_id: Some("get-orderbook"),
    method: Method::Get,
    path: "/v1/orderbook/{market}",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("market", Location::Path, true),
        Parameter::new("depth", Location::Query, false),
        Parameter::new("price_tick", Location::Query, false),
    ],
};

/// `GET /v1/orderbook/{market}/impact-price`
pub static GET_IMPACT_PRICE: Operation = Operation {
    id: "get_impact_price",
    upstream_id: Some("get-impact-price"),
    method: Method::Get,
    path: "/v1/orderbook/{market}/impact-price",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("market", Location::Path, true),
        Parameter::new("size", Location::Query, true),
    ],
};

/// `GET /v1/orderbook/{market}/interactive`
pub static GET_ORDERBOOK_INTERACTIVE: Operation = Operation {
    id: "get_orderbook_interactive",
    upstream_id: Some("get-orderbook-interactive"),
    method: Method::Get,
    path: "/v1/orderbook/{market}/interactive",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("market", Location::Path, true),
        Parameter::new("depth", Location::Query, false),
        Parameter::new("price_tick", Location::Query, false),
    ],
};

/// `GET /v1/orders`
pub static LIST_OPEN_ORDERS: Operation = Operation {
    id: "list_open_orders",
    upstream_id: Some("get-open-orders"),
    method: Method::Get,
    path: "/v1/orders",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Query, false)],
};

/// `POST /v1/orders`
pub static CREATE_ORDER: Operation = Operation {
    id: "create_order",
    upstream_id: Some("orders-new"),
    method: Method::Post,
    path: "/v1/orders",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `DELETE /v1/orders`
pub static CANCEL_ALL_ORDERS: Operation = Operation {
    id: "cancel_all_orders",
    upstream_id: Some("orders-cancel-all"),
    method: Method::Delete,
    path: "/v1/orders",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("market", Location::Query, false)],
};

/// `GET /v1/orders-history`
pub static LIST_ORDERS_HISTORY: Operation = Operation {
    id: "list_orders_history",
    upstream_id: Some("get-orders"),
    method: Method::Get,
    path: "/v1/orders-history",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("client_id", Location::Query, false),
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("market", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("side", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
        Parameter::new("status", Location::Query, false),
        Parameter::new("type", Location::Query, false),
    ],
};

/// `POST /v1/orders/batch`
pub static CREATE_ORDERS_BATCH: Operation = Operation {
    id: "create_orders_batch",
    upstream_id: Some("orders-new-batch"),
    method: Method::Post,
    path: "/v1/orders/batch",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `DELETE /v1/orders/batch`
pub static CANCEL_ORDERS_BATCH: Operation = Operation {
    id: "cancel_orders_batch",
    upstream_id: Some("orders-cancel-batch"),
    method: Method::Delete,
    path: "/v1/orders/batch",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/orders/by_client_id/{client_id}`
pub static GET_ORDER_BY_CLIENT_ID: Operation = Operation {
    id: "get_order_by_client_id",
    upstream_id: Some("orders-get-by-client-id"),
    method: Method::Get,
    path: "/v1/orders/by_client_id/{client_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("client_id", Location::Path, true)],
};

/// `DELETE /v1/orders/by_client_id/{client_id}`
pub static CANCEL_ORDER_BY_CLIENT_ID: Operation = Operation {
    id: "cancel_order_by_client_id",
    upstream_id: Some("orders-cancel-by-client-id"),
    method: Method::Delete,
    path: "/v1/orders/by_client_id/{client_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("client_id", Location::Path, true),
        Parameter::new("market", Location::Query, false),
    ],
};

/// `GET /v1/orders/{order_id}`
pub static GET_ORDER: Operation = Operation {
    id: "get_order",
    upstream_id: Some("orders-get"),
    method: Method::Get,
    path: "/v1/orders/{order_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("order_id", Location::Path, true)],
};

/// `PUT /v1/orders/{order_id}`
pub static MODIFY_ORDER: Operation = Operation {
    id: "modify_order",
    upstream_id: Some("orders-modify"),
    method: Method::Put,
    path: "/v1/orders/{order_id}",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("order_id", Location::Path, true)],
};

/// `DELETE /v1/orders/{order_id}`
pub static CANCEL_ORDER: Operation = Operation {
    id: "cancel_order",
    upstream_id: Some("orders-cancel"),
    method: Method::Delete,
    path: "/v1/orders/{order_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("order_id", Location::Path, true)],
};

/// `GET /v1/positions`
pub static LIST_POSITIONS: Operation = Operation {
    id: "list_positions",
    upstream_id: Some("get-positions"),
    method: Method::Get,
    path: "/v1/positions",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/referrals/qr-code`
pub static GET_REFERRAL_QR_CODE: Operation = Operation {
    id: "get_referral_qr_code",
    upstream_id: Some("get-referral-qr-code"),
    method: Method::Get,
    path: "/v1/referrals/qr-code",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/referrals/summary`
pub static LIST_REFERRALS: Operation = Operation {
    id: "list_referrals",
    upstream_id: Some("get-referrals-summary"),
    method: Method::Get,
    path: "/v1/referrals/summary",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/rfqs`
pub static LIST_RFQS: Operation = Operation {
    id: "list_rfqs",
    upstream_id: Some("rfq-list"),
    method: Method::Get,
    path: "/v1/rfqs",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: None,
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("state", Location::Query, false),
    ],
};

/// `POST /v1/rfqs`
pub static CREATE_RFQ: Operation = Operation {
    id: "create_rfq",
    upstream_id: Some("rfq-create"),
    method: Method::Post,
    path: "/v1/rfqs",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/rfqs/drafts`
pub static LIST_RFQ_DRAFTS: Operation = Operation {
    id: "list_rfq_drafts",
    upstream_id: Some("rfq-draft-list"),
    method: Method::Get,
    path: "/v1/rfqs/drafts",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `POST /v1/rfqs/drafts`
pub static CREATE_RFQ_DRAFT: Operation = Operation {
    id: "create_rfq_draft",
    upstream_id: Some("rfq-draft-create"),
    method: Method::Post,
    path: "/v1/rfqs/drafts",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `DELETE /v1/rfqs/drafts/{draft_id}`
pub static DELETE_RFQ_DRAFT: Operation = Operation {
    id: "delete_rfq_draft",
    upstream_id: Some("rfq-draft-delete"),
    method: Method::Delete,
    path: "/v1/rfqs/drafts/{draft_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("draft_id", Location::Path, true)],
};

/// `DELETE /v1/rfqs/{rfq_id}`
pub static CANCEL_RFQ: Operation = Operation {
    id: "cancel_rfq",
    upstream_id: Some("rfq-delete"),
    method: Method::Delete,
    path: "/v1/rfqs/{rfq_id}",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("rfq_id", Location::Path, true)],
};

/// `GET /v1/rfqs/{rfq_id}/bbo`
pub static GET_RFQ_BBO: Operation = Operation {
    id: "get_rfq_bbo",
    upstream_id: Some("rfq-bbo"),
    method: Method::Get,
    path: "/v1/rfqs/{rfq_id}/bbo",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("rfq_id", Location::Path, true)],
};

/// `POST /v1/rfqs/{rfq_id}/execute`
pub static EXECUTE_RFQ: Operation = Operation {
    id: "execute_rfq",
    upstream_id: Some("rfq-execute"),
    method: Method::Post,
    path: "/v1/rfqs/{rfq_id}/execute",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("rfq_id", Location::Path, true)],
};

/// `GET /v1/staking/balance/history`
pub static GET_STAKING_BALANCE_HISTORY: Operation = Operation {
    id: "get_staking_balance_history",
    upstream_id: Some("get-staking-balance-history"),
    method: Method::Get,
    path: "/v1/staking/balance/history",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("resolution", Location::Query, true)],
};

/// `GET /v1/staking/balance/history/global`
pub static GET_GLOBAL_STAKING_BALANCE_HISTORY: Operation = Operation {
    id: "get_global_staking_balance_history",
    upstream_id: Some("get-global-staking-balance-history"),
    method: Method::Get,
    path: "/v1/staking/balance/history/global",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("resolution", Location::Query, true)],
};

/// `GET /v1/staking/config`
pub static GET_STAKING_CONFIG: Operation = Operation {
    id: "get_staking_config",
    upstream_id: Some("get-staking-config"),
    method: Method::Get,
    path: "/v1/staking/config",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/staking/history`
pub static LIST_STAKES: Operation = Operation {
    id: "list_stakes",
    upstream_id: Some("get-staking-history"),
    method: Method::Get,
    path: "/v1/staking/history",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/staking/summary`
pub static GET_STAKING_SUMMARY: Operation = Operation {
    id: "get_staking_summary",
    upstream_id: Some("get-staking-summary"),
    method: Method::Get,
    path: "/v1/staking/summary",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/system/announcements`
pub static LIST_ANNOUNCEMENTS: Operation = Operation {
    id: "list_announcements",
    upstream_id: Some("get-announcements"),
    method: Method::Get,
    path: "/v1/system/announcements",
    security: Security::Public,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `GET /v1/system/config`
pub static GET_SYSTEM_CONFIG: Operation = Operation {
    id: "get_system_config",
    upstream_id: None,
    method: Method::Get,
    path: "/v1/system/config",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/system/portfolio-margin-config`
pub static LIST_PORTFOLIO_MARGIN_CONFIGS: Operation = Operation {
    id: "list_portfolio_margin_configs",
    upstream_id: Some("get-portfolio-margin-config"),
    method: Method::Get,
    path: "/v1/system/portfolio-margin-config",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("base_asset", Location::Query, false)],
};

/// `GET /v1/system/state`
pub static GET_SYSTEM_STATE: Operation = Operation {
    id: "get_system_state",
    upstream_id: None,
    method: Method::Get,
    path: "/v1/system/state",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/system/time`
pub static GET_SYSTEM_TIME: Operation = Operation {
    id: "get_system_time",
    upstream_id: None,
    method: Method::Get,
    path: "/v1/system/time",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/system/volume-tiers`
pub static LIST_VOLUME_TIERS: Operation = Operation {
    id: "list_volume_tiers",
    upstream_id: Some("get-volume-tiers"),
    method: Method::Get,
    path: "/v1/system/volume-tiers",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/tradebusts`
pub static LIST_TRADEBUSTS: Operation = Operation {
    id: "list_tradebusts",
    upstream_id: Some("tradebusts"),
    method: Method::Get,
    path: "/v1/tradebusts",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `GET /v1/trades`
pub static LIST_TRADES: Operation = Operation {
    id: "list_trades",
    upstream_id: Some("trades"),
    method: Method::Get,
    path: "/v1/trades",
    security: Security::Public,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(1000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("baseAsset", Location::Query, false),
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("market", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `GET /v1/transactions`
pub static LIST_TRANSACTIONS: Operation = Operation {
    id: "list_transactions",
    upstream_id: Some("transactions"),
    method: Method::Get,
    path: "/v1/transactions",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `GET /v1/transfers`
pub static LIST_TRANSFERS: Operation = Operation {
    id: "list_transfers",
    upstream_id: Some("get-transfers"),
    method: Method::Get,
    path: "/v1/transfers",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
        Parameter::new("status", Location::Query, false),
    ],
};

/// `GET /v1/vaults`
pub static LIST_VAULTS: Operation = Operation {
    id: "list_vaults",
    upstream_id: Some("vaults-get"),
    method: Method::Get,
    path: "/v1/vaults",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("address", Location::Query, false)],
};

/// `POST /v1/vaults`
pub static CREATE_VAULT: Operation = Operation {
    id: "create_vault",
    upstream_id: Some("vaults-create"),
    method: Method::Post,
    path: "/v1/vaults",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("PARADEX-PARENT-ACCOUNT", Location::Header, true),
        Parameter::new("PARADEX-STARKNET-ACCOUNT", Location::Header, true),
        Parameter::new(
            "PARADEX-STARKNET-ACCOUNT-DERIVATION-PATH",
            Location::Header,
            true,
        ),
        Parameter::new("PARADEX-STARKNET-SIGNATURE", Location::Header, true),
    ],
};

/// `GET /v1/vaults/account-summary`
pub static LIST_VAULT_ACCOUNT_SUMMARIES: Operation = Operation {
    id: "list_vault_account_summaries",
    upstream_id: Some("vaults-get-account-summary"),
    method: Method::Get,
    path: "/v1/vaults/account-summary",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("address", Location::Query, false)],
};

/// `GET /v1/vaults/analytics`
pub static GET_VAULT_ANALYTICS: Operation = Operation {
    id: "get_vault_analytics",
    upstream_id: Some("vaults-get-analytics"),
    method: Method::Get,
    path: "/v1/vaults/analytics",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("address", Location::Query, true)],
};

/// `GET /v1/vaults/balance`
pub static LIST_VAULT_BALANCES: Operation = Operation {
    id: "list_vault_balances",
    upstream_id: Some("vaults-get-balance"),
    method: Method::Get,
    path: "/v1/vaults/balance",
    security: Security::Optional,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("address", Location::Query, true),
        Parameter::new("strategy", Location::Query, false),
    ],
};

/// `GET /v1/vaults/config`
pub static GET_VAULTS_CONFIG: Operation = Operation {
    id: "get_vaults_config",
    upstream_id: Some("vaults-get-config"),
    method: Method::Get,
    path: "/v1/vaults/config",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/vaults/history`
pub static LIST_VAULT_HISTORY: Operation = Operation {
    id: "list_vault_history",
    upstream_id: Some("vaults-get-historical-data"),
    method: Method::Get,
    path: "/v1/vaults/history",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("address", Location::Query, true),
        Parameter::new("resolution", Location::Query, true),
        Parameter::new("strategy", Location::Query, false),
        Parameter::new("type", Location::Query, true),
    ],
};

/// `GET /v1/vaults/mine`
pub static LIST_MY_VAULTS: Operation = Operation {
    id: "list_my_vaults",
    upstream_id: Some("vaults-get-mine"),
    method: Method::Get,
    path: "/v1/vaults/mine",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/vaults/positions`
pub static LIST_VAULT_POSITIONS: Operation = Operation {
    id: "list_vault_positions",
    upstream_id: Some("vaults-get-positions"),
    method: Method::Get,
    path: "/v1/vaults/positions",
    security: Security::Optional,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("address", Location::Query, true),
        Parameter::new("strategy", Location::Query, false),
    ],
};

/// `GET /v1/vaults/summary`
pub static LIST_VAULT_SUMMARIES: Operation = Operation {
    id: "list_vault_summaries",
    upstream_id: Some("vaults-get-summary"),
    method: Method::Get,
    path: "/v1/vaults/summary",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("address", Location::Query, false)],
};

/// `GET /v1/vaults/transfers`
pub static LIST_VAULT_TRANSFERS: Operation = Operation {
    id: "list_vault_transfers",
    upstream_id: Some("vaults-get-transfers"),
    method: Method::Get,
    path: "/v1/vaults/transfers",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("address", Location::Query, true)],
};

/// `GET /v1/xp/account-balance`
pub static GET_XP_BALANCE: Operation = Operation {
    id: "get_xp_balance",
    upstream_id: Some("get-xp-balance-v2"),
    method: Method::Get,
    path: "/v1/xp/account-balance",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("season", Location::Query, false)],
};

/// `GET /v1/xp/fee-config`
pub static GET_XP_TRANSFER_FEE_CONFIG: Operation = Operation {
    id: "get_xp_transfer_fee_config",
    upstream_id: Some("get-transfer-fee-config-v2"),
    method: Method::Get,
    path: "/v1/xp/fee-config",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/xp/public-transfers`
pub static LIST_PUBLIC_XP_TRANSFERS: Operation = Operation {
    id: "list_public_xp_transfers",
    upstream_id: Some("get-public-xp-transfers-v2"),
    method: Method::Get,
    path: "/v1/xp/public-transfers",
    security: Security::Public,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(50u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("end_at", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("season", Location::Query, false),
        Parameter::new("start_at", Location::Query, false),
    ],
};

/// `POST /v1/xp/transfer`
pub static CREATE_XP_TRANSFER: Operation = Operation {
    id: "create_xp_transfer",
    upstream_id: Some("create-xp-transfer-v2"),
    method: Method::Post,
    path: "/v1/xp/transfer",
    security: Security::Bearer,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[],
};

/// `GET /v1/xp/transfer/{transfer_id}`
pub static GET_XP_TRANSFER: Operation = Operation {
    id: "get_xp_transfer",
    upstream_id: Some("get-xp-transfer-by-id-v2"),
    method: Method::Get,
    path: "/v1/xp/transfer/{transfer_id}",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: false,
    parameters: &[Parameter::new("transfer_id", Location::Path, true)],
};

/// `GET /v1/xp/transfers`
pub static LIST_XP_TRANSFERS: Operation = Operation {
    id: "list_xp_transfers",
    upstream_id: Some("get-xp-transfers-v2"),
    method: Method::Get,
    path: "/v1/xp/transfers",
    security: Security::Bearer,
    body: Body::None,
    paging: Paging::Cursor {
        max_page_size: Some(5000u32),
    },
    secret_response: false,
    parameters: &[
        Parameter::new("cursor", Location::Query, false),
        Parameter::new("page_size", Location::Query, false),
        Parameter::new("role", Location::Query, false),
        Parameter::new("season", Location::Query, false),
    ],
};

/// `POST /v2/auth`
pub static AUTH_EVM: Operation = Operation {
    id: "auth_evm",
    upstream_id: Some("evmAuth"),
    method: Method::Post,
    path: "/v2/auth",
    security: Security::Public,
    body: Body::None,
    paging: Paging::None,
    secret_response: true,
    parameters: &[
        Parameter::new("PARADEX-AUTHORIZE-ISOLATED-MARKETS", Location::Header, false),
        Parameter::new("PARADEX-EVM-SIGNATURE", Location::Header, true),
        Parameter::new("PARADEX-SIWE-MESSAGE", Location::Header, true),
        Parameter::new("PARADEX-STARKNET-ACCOUNT", Location::Header, true),
    ],
};

/// `POST /v2/onboarding`
pub static ONBOARD_EVM: Operation = Operation {
    id: "onboard_evm",
    upstream_id: Some("evmOnboarding"),
    method: Method::Post,
    path: "/v2/onboarding",
    security: Security::Public,
    body: Body::Json,
    paging: Paging::None,
    secret_response: false,
    parameters: &[
        Parameter::new("PARADEX-EVM-SIGNATURE", Location::Header, true),
        Parameter::new("PARADEX-SIWE-MESSAGE", Location::Header, true),
        Parameter::new("PARADEX-STARKNET-ACCOUNT", Location::Header, true),
    ],
};

/// Every operation, by path and method.
pub static ALL: &[&Operation] = &[
    &GET_ACCOUNT,
    &LIST_COMPLIANCE_ACTIONS,
    &RECORD_COMPLIANCE_ACTION,
    &GET_ACCOUNT_HISTORY,
    &LIST_ACCOUNT_INFOS,
    &LIST_SUBKEYS,
    &REGISTER_SUBKEY,
    &ACTIVATE_SUBKEY,
    &GET_SUBKEY,
    &UPDATE_SUBKEY,
    &REVOKE_SUBKEY,
    &UPDATE_SUBKEY_ALLOWED_CIDRS,
    &GET_ACCOUNT_MARGIN,
    &SET_ACCOUNT_MARGIN,
    &ENABLE_RFQ,
    &GET_ACCOUNT_PROFILE,
    &UPDATE_ACCOUNT_PROFILE,
    &UPDATE_ACCOUNT_MARKET_MAX_SLIPPAGE,
    &UPDATE_ACCOUNT_NOTIFICATION_PREFERENCES,
    &MARK_NOTIFICATIONS_SEEN,
    &UPDATE_ACCOUNT_PROFILE_REFERRAL_CODE,
    &REFRESH_ACCOUNT_INVENTORY,
    &UPDATE_ACCOUNT_SIZE_CURRENCY_DISPLAY,
    &UPDATE_ACCOUNT_PROFILE_USERNAME,
    &UPDATE_ACCOUNT_REFERRER,
    &GET_ACCOUNT_SETTINGS,
    &UPDATE_ACCOUNT_TRADING_VALUE_DISPLAY,
    &LIST_SUBACCOUNTS,
    &LIST_ACCOUNT_SUMMARIES,
    &CREATE_TERMINAL_TOKEN,
    &LIST_TOKENS,
    &CREATE_TOKEN,
    &REVOKE_TOKEN,
    &UPDATE_TOKEN_ALLOWED_CIDRS,
    &LIST_OPEN_ALGO_ORDERS,
    &CREATE_ALGO_ORDER,
    &LIST_ALGO_ORDERS_HISTORY,
    &GET_ALGO_ORDER,
    &CANCEL_ALGO_ORDER,
    &AUTH,
    &AUTH_WITH_PUBLIC_KEY,
    &LIST_BALANCES,
    &GET_BBO,
    &GET_BBO_INTERACTIVE,
    &LIST_BLOCK_TRADES,
    &CREATE_BLOCK_TRADE,
    &GET_BLOCK_TRADE,
    &CANCEL_BLOCK_TRADE,
    &EXECUTE_BLOCK_TRADE,
    &LIST_BLOCK_OFFERS,
    &CREATE_BLOCK_OFFER,
    &GET_BLOCK_OFFER,
    &CANCEL_BLOCK_OFFER,
    &EXECUTE_BLOCK_OFFER,
    &LIST_FILLS,
    &LIST_FUNDING_DATA,
    &LIST_FUNDING_PAYMENTS,
    &GET_INSURANCE_FUND,
    &GET_JWKS,
    &LIST_LIQUIDATIONS,
    &LIST_MARKETS,
    &LIST_MARKET_EVENTS,
    &LIST_KLINES,
    &GET_MARKET_SETTLEMENT_PRICE,
    &LIST_MARKET_SUMMARIES,
    &GET_ONBOARDING,
    &ONBOARD,
    &GET_ORDERBOOK,
    &GET_IMPACT_PRICE,
    &GET_ORDERBOOK_INTERACTIVE,
    &LIST_OPEN_ORDERS,
    &CREATE_ORDER,
    &CANCEL_ALL_ORDERS,
    &LIST_ORDERS_HISTORY,
    &CREATE_ORDERS_BATCH,
    &CANCEL_ORDERS_BATCH,
    &GET_ORDER_BY_CLIENT_ID,
    &CANCEL_ORDER_BY_CLIENT_ID,
    &GET_ORDER,
    &MODIFY_ORDER,
    &CANCEL_ORDER,
    &LIST_POSITIONS,
    &GET_REFERRAL_QR_CODE,
    &LIST_REFERRALS,
    &LIST_RFQS,
    &CREATE_RFQ,
    &LIST_RFQ_DRAFTS,
    &CREATE_RFQ_DRAFT,
    &DELETE_RFQ_DRAFT,
    &CANCEL_RFQ,
    &GET_RFQ_BBO,
    &EXECUTE_RFQ,
    &GET_STAKING_BALANCE_HISTORY,
    &GET_GLOBAL_STAKING_BALANCE_HISTORY,
    &GET_STAKING_CONFIG,
    &LIST_STAKES,
    &GET_STAKING_SUMMARY,
    &LIST_ANNOUNCEMENTS,
    &GET_SYSTEM_CONFIG,
    &LIST_PORTFOLIO_MARGIN_CONFIGS,
    &GET_SYSTEM_STATE,
    &GET_SYSTEM_TIME,
    &LIST_VOLUME_TIERS,
    &LIST_TRADEBUSTS,
    &LIST_TRADES,
    &LIST_TRANSACTIONS,
    &LIST_TRANSFERS,
    &LIST_VAULTS,
    &CREATE_VAULT,
    &LIST_VAULT_ACCOUNT_SUMMARIES,
    &GET_VAULT_ANALYTICS,
    &LIST_VAULT_BALANCES,
    &GET_VAULTS_CONFIG,
    &LIST_VAULT_HISTORY,
    &LIST_MY_VAULTS,
    &LIST_VAULT_POSITIONS,
    &LIST_VAULT_SUMMARIES,
    &LIST_VAULT_TRANSFERS,
    &GET_XP_BALANCE,
    &GET_XP_TRANSFER_FEE_CONFIG,
    &LIST_PUBLIC_XP_TRANSFERS,
    &CREATE_XP_TRANSFER,
    &GET_XP_TRANSFER,
    &LIST_XP_TRANSFERS,
    &AUTH_EVM,
    &ONBOARD_EVM,
];
/// The names of all fields and headers that can hold a secret. Code that shows bodies must not show the value of a field
/// with such a name, even where the name is also used for something harmless.
pub static SECRET_NAMES: &[&str] = &[
    "PARADEX-EVM-SIGNATURE",
    "PARADEX-SIWE-MESSAGE",
    "PARADEX-STARKNET-SIGNATURE",
    "bearer",
    "deposit_tx_signature",
    "encrypted_key",
    "evm_signature",
    "jwt_token",
    "signature",
    "signature_data",
    "siwe_message",
    "token",
];
/// The operation with this [`id`](Operation::id) or this id in the published document.
pub fn find(id: &str) -> Option<&'static Operation> {
    let named = |operation: &&&'static Operation| {
        operation.id == id || operation.upstream_id == Some(id)
    };

    ALL.iter().find(named).copied()
}
