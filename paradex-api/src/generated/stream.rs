// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!The channels and methods of the WebSocket API as static values.
/// Every channel, by name.
pub static CHANNELS: &[&crate::stream::Channel] = &[
    &channels::ACCOUNT,
    &channels::BALANCE_EVENTS,
    &channels::BBO,
    &channels::BBO_INTERACTIVE,
    &channels::BLOCK_TRADES,
    &channels::FILLS,
    &channels::FUNDING_DATA,
    &channels::FUNDING_PAYMENTS,
    &channels::FUNDING_RATE_COMPARISON_ALL,
    &channels::MARKETS,
    &channels::MARKETS_SUMMARY,
    &channels::MMP,
    &channels::ORDER_BOOK_DELTAS,
    &channels::ORDER_BOOK_INTERACTIVE,
    &channels::ORDER_BOOK_INTERACTIVE_DELTAS,
    &channels::ORDER_BOOK_SNAPSHOT,
    &channels::ORDERS,
    &channels::POSITIONS,
    &channels::RFQ,
    &channels::TRADEBUSTS,
    &channels::TRADES,
    &channels::TRANSACTION,
    &channels::TRANSFERS,
];
/// Every method, by name.
pub static METHODS: &[&crate::stream::Method] = &[
    &methods::AUTH,
    &methods::MODIFY_SUBSCRIPTION,
    &methods::ORDER_CANCEL,
    &methods::ORDER_CANCEL_ALL,
    &methods::ORDER_CANCEL_BATCH,
    &methods::ORDER_CANCEL_ON_DISCONNECT,
    &methods::ORDER_CREATE,
    &methods::ORDER_CREATE_BATCH,
    &methods::ORDER_MODIFY,
    &methods::SUBSCRIBE,
    &methods::UNSUBSCRIBE,
];
/// One static for each channel.
pub mod channels {
    #![allow(unused_imports, reason = "not every document has channels")]
    use crate::stream::{Channel, Parameter, Sequence};
    /// Channel `account`.
    ///
    /// TODO(describe)
    pub static ACCOUNT: Channel = Channel {
        pattern: "account",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: Some("AccountSummary"),
        sequence: Sequence::Increasing {
            field: "seq_no",
        },
        sbe: Some("AccountEvent"),
    };

    /// Channel `balance_events`.
    ///
    /// TODO(describe)
    pub static BALANCE_EVENTS: Channel = Channel {
        pattern: "balance_events",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: Some("BalanceEvent"),
        sequence: Sequence::None,
        sbe: None,
    };

    /// Channel `bbo.{market_symbol}`.
    ///
    /// TODO(describe)
    pub static BBO: Channel = Channel {
        pattern: "bbo.{market_symbol}",
        parameters: &[Parameter::new("market_symbol", &[], true, true)],
        private: false,
        by_base_asset: true,
        payload: Some("Bbo"),
        sequence: Sequence::Increasing {
            field: "seq_no",
        },
        sbe: Some("BboEvent"),
    };

    /// Channel `bbo.{market_symbol}.interactive`.
    ///
    /// TODO(describe)
    pub static BBO_INTERACTIVE: Channel = Channel {
        pattern: "bbo.{market_symbol}.interactive",
        parameters: &[Parameter::new("market_symbol", &[], true, false)],
        private: false,
        by_base_asset: false,
        payload: Some("Bbo"),
        sequence: Sequence::Increasing {
            field: "seq_no",
        },
        sbe: Some("BboEvent"),
    };

    /// Channel `block_trades`.
    ///
    /// TODO(describe)
    pub static BLOCK_TRADES: Channel = Channel {
        pattern: "block_trades",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: None,
        sequence: Sequence::None,
        sbe: None,
    };

    /// Channel `fills.{market_symbol}`.
    ///
    /// TODO(describe)
    pub static FILLS: Channel = Channel {
        pattern: "fills.{market_symbol}",
        parameters: &[Parameter::new("market_symbol", &[], true, true)],
        private: true,
        by_base_asset: false,
        payload: Some("Fill"),
        sequence: Sequence::None,
        sbe: Some("FillEvent"),
    };

    /// Channel `funding_data.{market_symbol}`.
    ///
    /// TODO(describe)
    pub static FUNDING_DATA: Channel = Channel {
        pattern: "funding_data.{market_symbol}",
        parameters: &[Parameter::new("market_symbol", &[], true, true)],
        private: false,
        by_base_asset: false,
        payload: Some("FundingData"),
        sequence: Sequence::None,
        sbe: Some("FundingDataEvent"),
    };

    /// Channel `funding_payments.{market_symbol}`.
    ///
    /// TODO(describe)
    pub static FUNDING_PAYMENTS: Channel = Channel {
        pattern: "funding_payments.{market_symbol}",
        parameters: &[Parameter::new("market_symbol", &[], true, true)],
        private: true,
        by_base_asset: false,
        payload: Some("FundingPayment"),
        sequence: Sequence::None,
        sbe: None,
    };

    /// Channel `funding_rate_comparison.ALL@{refresh_rate}`.
    ///
    /// TODO(describe)
    pub static FUNDING_RATE_COMPARISON_ALL: Channel = Channel {
        pattern: "funding_rate_comparison.ALL@{refresh_rate}",
        parameters: &[Parameter::new("refresh_rate", &["1000ms", "500ms"], true, false)],
        private: false,
        by_base_asset: false,
        payload: None,
        sequence: Sequence::None,
        sbe: Some("FundingRateComparisonEvent"),
    };

    /// Channel `markets[.{market_symbol}]`.
    ///
    /// TODO(describe)
    pub static MARKETS: Channel = Channel {
        pattern: "markets[.{market_symbol}]",
        parameters: &[Parameter::new("market_symbol", &[], false, false)],
        private: false,
        by_base_asset: false,
        payload: Some("MarketEvent"),
        sequence: Sequence::None,
        sbe: None,
    };

    /// Channel `markets_summary[.{market_symbol}]`.
    ///
    /// TODO(describe)
    pub static MARKETS_SUMMARY: Channel = Channel {
        pattern: "markets_summary[.{market_symbol}]",
        parameters: &[Parameter::new("market_symbol", &[], false, true)],
        private: false,
        by_base_asset: false,
        payload: Some("MarketSummary"),
        sequence: Sequence::None,
        sbe: Some("MarketSummaryEvent"),
    };

    /// Channel `mmp`.
    ///
    /// TODO(describe)
    pub static MMP: Channel = Channel {
        pattern: "mmp",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: None,
        sequence: Sequence::None,
        sbe: None,
    };

    /// Channel `order_book.{market_symbol}.deltas`.
    ///
    /// TODO(describe)
    pub static ORDER_BOOK_DELTAS: Channel = Channel {
        pattern: "order_book.{market_symbol}.deltas",
        parameters: &[Parameter::new("market_symbol", &[], true, false)],
        private: false,
        by_base_asset: false,
        payload: Some("PriceBookUpdate"),
        sequence: Sequence::Consecutive {
            field: "seq_no",
        },
        sbe: Some("BookEvent"),
    };

    /// Channel `order_book.{market_symbol}.interactive@15@{refresh_rate}[@{price_tick}]`.
    ///
    /// TODO(describe)
    pub static ORDER_BOOK_INTERACTIVE: Channel = Channel {
        pattern: "order_book.{market_symbol}.interactive@15@{refresh_rate}[@{price_tick}]",
        parameters: &[
            Parameter::new("market_symbol", &[], true, false),
            Parameter::new("refresh_rate", &["100ms", "200ms", "400ms"], true, false),
            Parameter::new(
                "price_tick",
                &[
                    "0_0000001",
                    "0_0000005",
                    "0_000001",
                    "0_00001",
                    "0_0001",
                    "0_001",
                    "0_01",
                    "0_1",
                    "1",
                    "10",
                    "100",
                ],
                false,
                false,
            ),
        ],
        private: false,
        by_base_asset: false,
        payload: Some("PriceBookUpdate"),
        sequence: Sequence::Increasing {
            field: "seq_no",
        },
        sbe: Some("BookEvent"),
    };

    /// Channel `order_book.{market_symbol}.interactive_deltas`.
    ///
    /// TODO(describe)
    pub static ORDER_BOOK_INTERACTIVE_DELTAS: Channel = Channel {
        pattern: "order_book.{market_symbol}.interactive_deltas",
        parameters: &[Parameter::new("market_symbol", &[], true, false)],
        private: false,
        by_base_asset: false,
        payload: Some("PriceBookUpdate"),
        sequence: Sequence::Consecutive {
            field: "seq_no",
        },
        sbe: Some("BookEvent"),
    };

    /// Channel `order_book.{market_symbol}.snapshot@15@{refresh_rate}[@{price_tick}]`.
    ///
    /// TODO(describe)
    pub static ORDER_BOOK_SNAPSHOT: Channel = Channel {
        pattern: "order_book.{market_symbol}.snapshot@15@{refresh_rate}[@{price_tick}]",
        parameters: &[
            Parameter::new("market_symbol", &[], true, false),
            Parameter::new("refresh_rate", &["100ms", "50ms"], true, false),
            Parameter::new(
                "price_tick",
                &[
                    "0_0000001",
                    "0_0000005",
                    "0_000001",
                    "0_00001",
                    "0_0001",
                    "0_001",
                    "0_01",
                    "0_1",
                    "1",
                    "10",
                    "100",
                ],
                false,
                false,
            ),
        ],
        private: false,
        by_base_asset: false,
        payload: Some("PriceBookUpdate"),
        sequence: Sequence::Increasing {
            field: "seq_no",
        },
        sbe: Some("BookEvent"),
    };

    /// Channel `orders.{market_symbol}`.
    ///
    /// TODO(describe)
    pub static ORDERS: Channel = Channel {
        pattern: "orders.{market_symbol}",
        parameters: &[Parameter::new("market_symbol", &[], true, true)],
        private: true,
        by_base_asset: false,
        payload: Some("Order"),
        sequence: Sequence::Increasing {
            field: "seq_no",
        },
        sbe: Some("OrderEvent"),
    };

    /// Channel `positions`.
    ///
    /// TODO(describe)
    pub static POSITIONS: Channel = Channel {
        pattern: "positions",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: Some("Position"),
        sequence: Sequence::Increasing {
            field: "seq_no",
        },
        sbe: Some("PositionEvent"),
    };

    /// Channel `rfq[.{rfq_id}]`.
    ///
    /// TODO(describe)
    pub static RFQ: Channel = Channel {
        pattern: "rfq[.{rfq_id}]",
        parameters: &[Parameter::new("rfq_id", &[], false, false)],
        private: true,
        by_base_asset: false,
        payload: Some("RfqEvent"),
        sequence: Sequence::Increasing {
            field: "seq",
        },
        sbe: None,
    };

    /// Channel `tradebusts`.
    ///
    /// TODO(describe)
    pub static TRADEBUSTS: Channel = Channel {
        pattern: "tradebusts",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: Some("Tradebust"),
        sequence: Sequence::None,
        sbe: None,
    };

    /// Channel `trades.{market_symbol}`.
    ///
    /// TODO(describe)
    pub static TRADES: Channel = Channel {
        pattern: "trades.{market_symbol}",
        parameters: &[Parameter::new("market_symbol", &[], true, true)],
        private: false,
        by_base_asset: true,
        payload: Some("Trade"),
        sequence: Sequence::None,
        sbe: Some("TradeEvent"),
    };

    /// Channel `transaction`.
    ///
    /// TODO(describe)
    pub static TRANSACTION: Channel = Channel {
        pattern: "transaction",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: Some("Transaction"),
        sequence: Sequence::None,
        sbe: None,
    };

    /// Channel `transfers`.
    ///
    /// TODO(describe)
    pub static TRANSFERS: Channel = Channel {
        pattern: "transfers",
        parameters: &[],
        private: true,
        by_base_asset: false,
        payload: Some("Transfer"),
        sequence: Sequence::None,
        sbe: None,
    };
}

/// One static for each method.
pub mod methods {
    #![allow(unused_imports, reason = "not every document has methods")]
    use crate::operations;
    use crate::stream::Method;
    /// Method `auth`.
    ///
    /// TODO(describe)
    pub static AUTH: Method = Method {
        name: "auth",
        operation: None,
        params: "AuthParams",
        result: "AuthResult",
        needs_auth: false,
        errors: &[-32700, -32603, -32602, -32601, -32600, 40110, 40111, 40112],
    };

    /// Method `modify_subscription`.
    ///
    /// TODO(describe)
    pub static MODIFY_SUBSCRIPTION: Method = Method {
        name: "modify_subscription",
        operation: None,
        params: "ModifySubscriptionParams",
        result: "ModifySubscriptionParams",
        needs_auth: false,
        errors: &[-32700, -32603, -32602, -32601, -32600, 40110, 40111, 40112],
    };

    /// Method `order.cancel`.
    ///
    /// TODO(describe)
    pub static ORDER_CANCEL: Method = Method {
        name: "order.cancel",
        operation: Some(&operations::CANCEL_ORDER),
        params: "OrderCancelParams",
        result: "OrderCancelResult",
        needs_auth: true,
        errors: &[
            -32700,
            -32603,
            -32602,
            -32601,
            -32600,
            40110,
            40111,
            40112,
            40300,
            42901,
        ],
    };

    /// Method `order.cancel_all`.
    ///
    /// TODO(describe)
    pub static ORDER_CANCEL_ALL: Method = Method {
        name: "order.cancel_all",
        operation: Some(&operations::CANCEL_ALL_ORDERS),
        params: "OrderCancelAllParams",
        result: "OrderCancelAllResult",
        needs_auth: true,
        errors: &[
            -32700,
            -32603,
            -32602,
            -32601,
            -32600,
            40110,
            40111,
            40112,
            40300,
            42901,
        ],
    };

    /// Method `order.cancel_batch`.
    ///
    /// TODO(describe)
    pub static ORDER_CANCEL_BATCH: Method = Method {
        name: "order.cancel_batch",
        operation: Some(&operations::CANCEL_ORDERS_BATCH),
        params: "OrderCancelBatchParams",
        result: "OrderCancelBatchResult",
        needs_auth: true,
        errors: &[
            -32700,
            -32603,
            -32602,
            -32601,
            -32600,
            40110,
            40111,
            40112,
            40300,
            42901,
        ],
    };

    /// Method `order.cancel_on_disconnect`.
    ///
    /// TODO(describe)
    pub static ORDER_CANCEL_ON_DISCONNECT: Method = Method {
        name: "order.cancel_on_disconnect",
        operation: None,
        params: "OrderCancelOnDisconnectParams",
        result: "OrderCancelOnDisconnectResult",
        needs_auth: true,
        errors: &[
            -32700,
            -32603,
            -32602,
            -32601,
            -32600,
            40110,
            40111,
            40112,
            40300,
            42901,
        ],
    };

    /// Method `order.create`.
    ///
    /// TODO(describe)
    pub static ORDER_CREATE: Method = Method {
        name: "order.create",
        operation: Some(&operations::CREATE_ORDER),
        params: "OrderRequest",
        result: "OrderCreateResult",
        needs_auth: true,
        errors: &[
            -32700,
            -32603,
            -32602,
            -32601,
            -32600,
            40110,
            40111,
            40112,
            40300,
            42901,
        ],
    };

    /// Method `order.create_batch`.
    ///
    /// TODO(describe)
    pub static ORDER_CREATE_BATCH: Method = Method {
        name: "order.create_batch",
        operation: Some(&operations::CREATE_ORDERS_BATCH),
        params: "OrderCreateBatchParams",
        result: "OrderCreateBatchResult",
        needs_auth: true,
        errors: &[
            -32700,
            -32603,
            -32602,
            -32601,
            -32600,
            40110,
            40111,
            40112,
            40300,
            42901,
        ],
    };

    /// Method `order.modify`.
    ///
    /// TODO(describe)
    pub static ORDER_MODIFY: Method = Method {
        name: "order.modify",
        operation: Some(&operations::MODIFY_ORDER),
        params: "ModifyOrderRequest",
        result: "OrderModifyResult",
        needs_auth: true,
        errors: &[
            -32700,
            -32603,
            -32602,
            -32601,
            -32600,
            40110,
            40111,
            40112,
            40300,
            42901,
        ],
    };

    /// Method `subscribe`.
    ///
    /// TODO(describe)
    pub static SUBSCRIBE: Method = Method {
        name: "subscribe",
        operation: None,
        params: "SubscribeParams",
        result: "ChannelName",
        needs_auth: false,
        errors: &[-32700, -32603, -32602, -32601, -32600, 40110, 40111, 40112],
    };

    /// Method `unsubscribe`.
    ///
    /// TODO(describe)
    pub static UNSUBSCRIBE: Method = Method {
        name: "unsubscribe",
        operation: None,
        params: "ChannelName",
        result: "ChannelName",
        needs_auth: false,
        errors: &[-32700, -32603, -32602, -32601, -32600, 40110, 40111, 40112],
    };
}
