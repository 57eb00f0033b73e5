//! Questions about orders. The probe asks them only with `--with-orders`, on testnet: post-only orders of the smallest size, far
//! from the market.

use super::super::question::{AnswerKind, Claim, Needs, Question, Topic};
use super::super::words::words;
use super::changes;

/// What cancelling an unknown order returns.
pub(crate) const UNKNOWN_ORDER_REFUSAL: &str = "unknown-order-refusal";

/// What cancelling a closed order returns.
pub(crate) const CLOSED_ORDER_REFUSAL: &str = "closed-order-refusal";

/// What placing an order of size 0 returns.
pub(crate) const ZERO_SIZE_REFUSAL: &str = "zero-size-refusal";

words! { PlacedStatus in "placed-order-status", assumes New {
    New = "new": "the response to a new order says NEW, also if it rests in the book",
    Open = "open": "it says OPEN",
} }

words! { ClosedOrderById in "closed-order-by-id", assumes NotFound {
    NotFound = "not-found": "404 `ORDER_ID_NOT_FOUND`; the history has it",
    Returned = "returned": "the order, with status CLOSED",
} }

words! { UsedClientId in "used-client-id", assumes Accepted {
    Accepted = "accepted": "the client id of a closed order can be used again",
    Refused = "refused": "it cannot",
} }

words! { SameOrderTwice in "same-order-twice", assumes Accepted {
    Accepted = "accepted": "the same signed order can be placed twice, if it has no client id",
    Refused = "refused": "the second is refused",
} }

words! {
    /// The code of an order method that is refused for what it asks for, such as cancelling an unknown order.
    pub OrderRefusalCode in "order-method-refusal", assumes InvalidParameters {
        /// -32602, which is in the list of the method.
        InvalidParameters = "invalid-parameters": "error -32602",
        /// -32600, as for subscriptions.
        InvalidRequest = "invalid-request": "error -32600",
        /// 100, which only the page about errors has.
        MethodError = "method-error": "error 100",
    }
}

words! {
    /// Which parameters `order.create_batch` takes.
    pub BatchParameters in "batch-parameters", assumes Both {
        /// An object with the list `orders`, and the list itself.
        Both = "both": "an object with `orders`, and a list",
        /// An object with the list `orders`, as the document says.
        Object = "object": "an object with `orders`",
        /// The list itself, as paradex-py sends it.
        List = "list": "a list",
    }
}

words! {
    /// How private channels of an SBE connection are encoded. Published sources say both.
    ///
    /// A connection without SBE always gets JSON, and so do channels without a template in the schema.
    pub PrivateEncoding in "encoding-of-private-channels", assumes Sbe {
        /// In SBE: orders, fills, positions and the account.
        Sbe = "sbe": "orders, fills, positions and the account are in SBE",
        /// In JSON, all of them.
        Json = "json": "all of them are in JSON",
    }
}

words! {
    /// Which orders cancel on disconnect cancels.
    #[doc(alias = "cancel on disconnect")]
    pub DisconnectScope in "disconnect-scope", assumes Connection {
        /// Those that were placed over the connection.
        Connection = "connection": "those that were placed over the connection",
        /// All that rest when the connection ends.
        Account = "account": "all of the account",
    }
}

words! {
    /// Whether cancel on disconnect acts when the client closes the connection with a close frame.
    #[doc(alias = "cancel on disconnect")]
    pub CleanClose in "disconnect-by-close", assumes Cancels {
        /// It does, as a test of paradex-py expects.
        Cancels = "cancels": "orders are cancelled",
        /// It does not, because the connection did not end unexpectedly.
        Keeps = "keeps": "they stay",
    }
}

words! { DisconnectDelay in "disconnect-delay", assumes WithinTenSeconds {
    AtOnce = "at-once": "orders are cancelled within 2 s",
    WithinTenSeconds = "within-10-s": "they are cancelled within 10 s",
    WithinAMinute = "within-a-minute": "they are cancelled within a minute",
} }

pub(super) const ROWS: &[Question] = &[
    Question {
        name: ZERO_SIZE_REFUSAL,
        topic: Topic::Orders,
        text: "What does placing an order of size 0 return?",
        answers: AnswerKind::Refusal {
            status: 400,
            code: "INVALID_ORDER_SIZE",
        },
        claims: &[],
        matters: "No source says which values of an order get which error code.",
        asking: changes(
            Needs::Orders,
            5,
            "registers a subkey, reads markets and prices, and tries to place a post-only order of size 0",
        ),
        is_listed: false,
    },
    Question {
        name: UNKNOWN_ORDER_REFUSAL,
        topic: Topic::Orders,
        text: "What does cancelling an unknown order return?",
        answers: AnswerKind::Refusal {
            status: 404,
            code: "ORDER_ID_NOT_FOUND",
        },
        claims: &[],
        matters: "A client that cancels after a lost response must know whether the order was ever placed.",
        asking: changes(Needs::Orders, 1, "tries to cancel an order with an invented id"),
        is_listed: false,
    },
    Question {
        name: "placed-order-status",
        topic: Topic::Orders,
        text: "Which status does the response to a resting order have?",
        answers: PlacedStatus::ANSWERS,
        claims: &[],
        matters: "A client that takes NEW for OPEN believes that an order rests which is cancelled a moment later.",
        asking: changes(
            Needs::Orders,
            1,
            "places a post-only order with a client id, far from the market",
        ),
        is_listed: false,
    },
    Question {
        name: "closed-order-by-id",
        topic: Topic::Orders,
        text: "What does reading a closed order by its id return?",
        answers: ClosedOrderById::ANSWERS,
        claims: &[Claim {
            source: "API document",
            says: "only orders with status OPEN or NEW are found",
        }],
        matters: "A client that takes 404 for an order that was never placed places it again.",
        asking: changes(
            Needs::Orders,
            5,
            "cancels the order, and reads it and the history until it is closed",
        )
        .lasting(2),
        is_listed: false,
    },
    Question {
        name: CLOSED_ORDER_REFUSAL,
        topic: Topic::Orders,
        text: "What does cancelling a closed order return?",
        answers: AnswerKind::Refusal {
            status: 400,
            code: "ORDER_IS_CLOSED",
        },
        claims: &[],
        matters: "A cancel that is sent twice must not look like an order that is still open.",
        asking: changes(Needs::Orders, 1, "cancels the closed order again"),
        is_listed: false,
    },
    Question {
        name: "used-client-id",
        topic: Topic::Orders,
        text: "Can the client id of a closed order be used again?",
        answers: UsedClientId::ANSWERS,
        claims: &[Claim {
            source: "API document",
            says: "has an error code for a client id that is in use, and does not say when it is free again",
        }],
        matters: "Looking an order up by its client id is unambiguous only if it cannot.",
        asking: changes(
            Needs::Orders,
            2,
            "places an order with the client id of the closed one, and cancels it",
        ),
        is_listed: true,
    },
    Question {
        name: "same-order-twice",
        topic: Topic::Orders,
        text: "Does the same signed order without a client id make two orders?",
        answers: SameOrderTwice::ANSWERS,
        claims: &[],
        matters: "If it does, a client that repeats a request trades twice.",
        asking: changes(
            Needs::Orders,
            4,
            "sends an order without a client id twice, and cancels what was placed",
        ),
        is_listed: true,
    },
    Question {
        name: "order-method-refusal",
        topic: Topic::Orders,
        text: "Which error does an order method over the WebSocket get that is refused for what it asks for?",
        answers: OrderRefusalCode::ANSWERS,
        claims: &[
            Claim {
                source: "the exchange's document of the methods",
                says: "lists -32602 and -32600, and not 100",
            },
            Claim {
                source: "the exchange's documentation of the WebSocket",
                says: "100 is an error of a method",
            },
        ],
        matters: "A client must know which errors say that nothing was done.",
        asking: changes(
            Needs::Orders,
            5,
            "authenticates a WebSocket, and tries to cancel an order with an invented id",
        ),
        is_listed: false,
    },
    Question {
        name: "batch-parameters",
        topic: Topic::Orders,
        text: "Which parameters does `order.create_batch` take?",
        answers: BatchParameters::ANSWERS,
        claims: &[
            Claim {
                source: "the exchange's document of the methods",
                says: "an object with the list `orders`",
            },
            Claim {
                source: "paradex-py",
                says: "sends the list itself",
            },
        ],
        matters: "This crate sends an object. If only the list is taken, no batch is placed over the WebSocket.",
        asking: changes(
            Needs::Orders,
            8,
            "places a batch of one order in either form over a WebSocket, and cancels what was placed",
        ),
        is_listed: false,
    },
    Question {
        name: "encoding-of-private-channels",
        topic: Topic::Orders,
        text: "Are private channels of an SBE connection in SBE or in JSON?",
        answers: PrivateEncoding::ANSWERS,
        claims: &[
            Claim {
                source: "the exchange's documentation of SBE",
                says: "both",
            },
            Claim {
                source: "paradex-py",
                says: "its tests expect SBE",
            },
        ],
        matters: "A client must read what comes. This crate reads both.",
        asking: changes(
            Needs::Orders,
            8,
            "subscribes to the orders of the account, places one over a WebSocket, and cancels it",
        )
        .lasting(1),
        is_listed: false,
    },
    Question {
        name: "disconnect-delay",
        topic: Topic::Orders,
        text: "How soon does cancel on disconnect act?",
        answers: DisconnectDelay::ANSWERS,
        claims: &[Claim {
            source: "a test of paradex-py",
            says: "waits for up to 30 s",
        }],
        matters: "Until then the orders of a program that has crashed can be filled.",
        asking: changes(
            Needs::Orders,
            20,
            "if the account has no other open orders, which might be cancelled: places an order over HTTP and one over a WebSocket \
             with cancel on disconnect, breaks the connection without a close frame, and looks at the orders for a minute at most",
        )
        .lasting(60),
        is_listed: true,
    },
    Question {
        name: "disconnect-scope",
        topic: Topic::Orders,
        text: "Which orders does cancel on disconnect cancel?",
        answers: DisconnectScope::ANSWERS,
        claims: &[
            Claim {
                source: "the exchange's document of the methods",
                says: "orders placed, or already tracked, in the connection",
            },
            Claim {
                source: "paradex-py",
                says: "orders that were submitted in the session",
            },
        ],
        matters: "Orders from before a reconnect may be unprotected, or be cancelled by surprise.",
        asking: changes(
            Needs::Orders,
            6,
            "looks at the order that was placed over HTTP for twice the time that was found, and cancels it",
        )
        .lasting(60),
        is_listed: true,
    },
    Question {
        name: "disconnect-by-close",
        topic: Topic::Orders,
        text: "Does cancel on disconnect act when the client closes the connection with a close frame?",
        answers: CleanClose::ANSWERS,
        claims: &[
            Claim {
                source: "the exchange's document of the methods",
                says: "it acts when a connection ends unexpectedly",
            },
            Claim {
                source: "a test of paradex-py",
                says: "closes the connection, and expects that orders are cancelled",
            },
        ],
        matters: "A program that ends in an orderly way may leave its orders, or lose them.",
        asking: changes(
            Needs::Orders,
            15,
            "if the account has no other open orders: places an order over a WebSocket with cancel on disconnect, closes the \
             connection, and looks at the order for twice the time that was found",
        )
        .lasting(120),
        is_listed: true,
    },
];
