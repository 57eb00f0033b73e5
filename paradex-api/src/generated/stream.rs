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
    &channels::FUNDING_RATE_COMPARISON,
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
    /// The margin summary of the account, on every change.
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
    /// Every change of a balance of the account.
    ///
    /// Messages are not numbered and not repeated: what happened while a connection was down must be read elsewhere.
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
    /// The best bid and offer of a market, whenever one of them changes.
    ///
    /// Numbers are those of the book, so they order messages of this channel, of the book and of trades, and jump.
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
    /// The best bid and offer of a market, with the orders of retail users.
    ///
    /// No document has this channel. Binary messages do not name their channel, so it cannot share a binary connection with the other channel of best prices of the same market.
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
    /// Block trades of the account.
    ///
    /// The exchange's Python client subscribes to it. No document describes its messages.
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
    /// Every fill of the account.
    ///
    /// No document says that fills are repeated after a reconnect; `GET /fills` has those that were missed.
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
    /// The funding of a market as it develops, about every five seconds.
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
    /// Every funding payment of the account.
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
    /// Funding rates of this exchange beside those of others.
    ///
    /// Only its binary messages are described.
    pub static FUNDING_RATE_COMPARISON: Channel = Channel {
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
    /// Changes of the specification of markets: listed, updated, settled, deleted.
    ///
    /// Messages have the fields that changed, as those of `GET /markets/history` do.
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
    /// Prices, volumes and funding of a market.
    ///
    /// With `markets` in the params of `subscribe`, the subscription is for that set, which `modify_subscription` changes.
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
    /// Market maker protection of the account: triggered, unfrozen, reset, configured.
    ///
    /// No document that this crate is made from describes its messages.
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
    /// The whole book of a market: first a snapshot, then every change.
    ///
    /// A change applies to the book with the number before it, even if it has no levels. After any other number, subscribe again for a new snapshot. A binary connection takes one book channel of a market.
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
    /// The best 15 levels of each side, with the orders of retail users, whole in every message.
    ///
    /// Such a book can be crossed.
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
    /// The whole book of a market with the orders of retail users: first a snapshot, then every change.
    ///
    /// Such a book can be crossed. Numbers are read as for `order_book.{market_symbol}.deltas`.
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
    /// The best 15 levels of each side, whole in every message.
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
    /// Every change of an order of the account.
    ///
    /// Numbers grow and have gaps, and are not those of the REST API, so a loss cannot be noticed. A refused order is `CLOSED` with a reason.
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
    /// Every change of a position of the account, in all markets.
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
    /// Events of requests for quote of the account.
    ///
    /// An event of the kind `RESULT` repeats the id that the REST API returned for the command.
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
    /// Fills that the chain has undone.
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
    /// Every trade in a market.
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
    /// The state of the account's fills on the chain.
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
    /// Deposits, withdrawals and transfers of the account, on every change of their status.
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
    /// Authenticates the connection.
    ///
    /// Once for each connection, before private channels and methods that trade. What becomes of the connection when the token ends is not documented.
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
    /// Adds markets to a subscription of `markets_summary`, or removes some.
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
    /// Asks to cancel one order, by its id or by its client id and market.
    ///
    /// The cancel is queued: the order can still be filled before.
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
    /// Asks to cancel every open order of the account, or those of one market.
    ///
    /// The cancel is queued: orders can still be filled before.
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
    /// Asks to cancel several orders by their ids.
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
    /// Decides whether orders of this connection are cancelled when it ends.
    ///
    /// Off on every new connection. It concerns orders that were placed on this connection; how soon they are cancelled is not documented, and there is no timer for a process that hangs.
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
    /// Places an order.
    ///
    /// A result says that the order was queued for the risk check; a refusal comes as an order that is `CLOSED`. The document of the method lists four of the eight types of orders, and has neither `vwap_price` nor `dime_discount`.
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
    /// Places several orders.
    ///
    /// Each order succeeds or fails by itself; results are in the order of the request. How many a batch can have is not agreed: documents say 10, 50, or a configured maximum.
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
    /// Changes the price or size of an open order.
    ///
    /// It is done when the channel of orders has the order with a `request_info` that says so.
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
    /// Subscribes to a channel.
    ///
    /// That it is acknowledged does not mean that messages come: a channel with a wrong parameter can stay silent.
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
    /// Ends a subscription.
    pub static UNSUBSCRIBE: Method = Method {
        name: "unsubscribe",
        operation: None,
        params: "ChannelName",
        result: "ChannelName",
        needs_auth: false,
        errors: &[-32700, -32603, -32602, -32601, -32600, 40110, 40111, 40112],
    };
}
