//! Questions about the WebSocket with public data. The probe subscribes for seconds, without a credential.

use super::super::question::{AnswerKind, Asking, Claim, Needs, Question, Topic};
use super::super::words::words;
use super::{impossible, reads};

/// The highest version of the SBE schema that is served.
pub(crate) const SCHEMA_VERSION: &str = "schema-version";

words! {
    /// Which layout of schema version 2 is sent. Fields were added to version 2 in place, so the version does not tell.
    pub VersionTwoLayout in "version-two-layout", assumes Long {
        /// With the fields that were added: a trade has its whole id.
        Long = "long": "a trade has its whole id",
        /// Without them.
        Short = "short": "it has not",
    }
}

words! {
    /// What a connection without SBE gets on public channels.
    ///
    /// The exchange has not served JSON there since 2026-09-21. What such a connection gets instead is not published.
    pub PlainConnections in "plain-connection", assumes Refused {
        /// An error in response to `subscribe`.
        Refused = "refused": "an error in response to `subscribe`",
        /// An acknowledgement, and no data.
        Silent = "silent": "an acknowledgement, and no data",
        /// Data in JSON, as before.
        Json = "json": "data in JSON",
        /// Status 400 at the handshake.
        HandshakeRefused = "handshake-refused": "status 400 at the handshake",
    }
}

words! {
    /// What the first message of `bbo`, `markets_summary` and `funding_data` is. It is not published.
    pub FirstMessage in "first-message", assumes Current {
        /// The current state, at once.
        Current = "current": "the current state, at once",
        /// The next change.
        NextChange = "next-change": "the next change",
    }
}

words! {
    /// Whether `bbo.M` and `bbo.M.interactive` can share an SBE connection. Their frames are indistinguishable; nobody has tried.
    pub SharedBbo in "shared-bbo", assumes Refused {
        /// The second one is refused, as with order books.
        Refused = "refused": "the second one is refused",
        /// Both are served.
        Served = "served": "both are acknowledged",
    }
}

words! {
    /// What a subscription to an order book gets whose price tick does not fit the market.
    pub UnmatchedTick in "unmatched-tick", assumes Silent {
        /// An acknowledgement, and no data, as users of the exchange report.
        Silent = "silent": "an acknowledgement, and no data",
        /// An error.
        Refused = "refused": "an error",
    }
}

words! { DeltaNumbers in "delta-numbers", assumes Consecutive {
    Consecutive = "consecutive": "each message has the next number",
    Gaps = "gaps": "numbers are skipped",
} }

words! { WithoutSubscription in "connection-without-subscription", assumes WithinTenSeconds {
    WithinTenSeconds = "within-10-s": "it is closed after 10 s or earlier",
    WithinThirtySeconds = "within-30-s": "it is closed after 10 to 30 s",
    Open = "open": "it is open after 30 s",
} }

words! { StreamCompression in "stream-compression", assumes None {
    None = "none": "an offer of permessage-deflate is not accepted",
    Deflate = "permessage-deflate": "it is accepted",
} }

words! { RequestWithoutId in "request-without-id", assumes Responded {
    Responded = "responded": "it gets a response without an id",
    NotResponded = "not-responded": "it gets no response",
} }

/// Why some questions are not asked.
const NO_PRIVATE_CHANNEL: Asking =
    impossible("of the channels of an account, the probe subscribes to `orders` alone");

pub(super) const ROWS: &[Question] = &[
    Question {
        name: SCHEMA_VERSION,
        topic: Topic::Streams,
        text: "What is the highest version of the SBE schema that a connection can have?",
        answers: AnswerKind::Number {
            unit: "the version",
            least: 0,
            most: 2,
            assumed: 2,
        },
        claims: &[
            Claim {
                source: "the exchange's documentation of SBE",
                says: "0 or 1",
            },
            Claim {
                source: "paradex-py",
                says: "2 is served everywhere",
            },
        ],
        matters: "Lower versions lack fields. This crate asks for the newest that it knows, then for lower ones.",
        asking: reads(
            Needs::Nothing,
            4,
            "opens a connection with version 3, and with lower ones until it is accepted",
        ),
        is_listed: false,
    },
    Question {
        name: "version-two-layout",
        topic: Topic::Streams,
        text: "Which layout has version 2 of the SBE schema?",
        answers: VersionTwoLayout::ANSWERS,
        claims: &[Claim {
            source: "the SBE schema of paradex-py 0.8.2",
            says: "fields were added to version 2 in place on 2026-09-25",
        }],
        matters: "The short layout has no whole ids of trades.",
        asking: reads(
            Needs::Nothing,
            9,
            "opens a connection, and subscribes to all trades until one arrives, for up to a minute",
        )
        .lasting(60),
        is_listed: false,
    },
    Question {
        name: "plain-connection",
        topic: Topic::Streams,
        text: "What does a connection without SBE get on public channels?",
        answers: PlainConnections::ANSWERS,
        claims: &[Claim {
            source: "the exchange's documentation of the WebSocket",
            says: "public channels are not served in JSON since 2026-09-21",
        }],
        matters: "A client that reads JSON may be refused, or wait forever.",
        asking: reads(
            Needs::Nothing,
            3,
            "opens a connection without SBE, and subscribes to an order book for 2 s",
        )
        .lasting(2),
        is_listed: true,
    },
    Question {
        name: "first-message",
        topic: Topic::Streams,
        text: "Do the channels of quotes, summaries and funding begin with the current state?",
        answers: FirstMessage::ANSWERS,
        claims: &[],
        matters: "If they do not, a quiet market has no quote for a long time after a reconnect.",
        asking: reads(
            Needs::Nothing,
            5,
            "opens a connection, and subscribes twice to funding data, which changes every few seconds",
        )
        .lasting(1),
        is_listed: false,
    },
    Question {
        name: "shared-bbo",
        topic: Topic::Streams,
        text: "Can both kinds of quotes of one market share a connection?",
        answers: SharedBbo::ANSWERS,
        claims: &[Claim {
            source: "users of the exchange",
            says: "two order books of one market cannot",
        }],
        matters: "Their frames are indistinguishable. This crate does not let them share one.",
        asking: reads(Needs::Nothing, 3, "opens a connection, and subscribes to both"),
        is_listed: false,
    },
    Question {
        name: "unmatched-tick",
        topic: Topic::Streams,
        text: "What does a subscription to an order book get whose price tick does not fit the market?",
        answers: UnmatchedTick::ANSWERS,
        claims: &[Claim {
            source: "an issue of paradex-py",
            says: "an acknowledgement, and no data",
        }],
        matters: "A client that waits for the acknowledgement alone waits forever for the book.",
        asking: reads(
            Needs::Nothing,
            3,
            "opens a connection, and subscribes to an order book with such a tick for 2 s",
        )
        .lasting(2),
        is_listed: false,
    },
    Question {
        name: "delta-numbers",
        topic: Topic::Streams,
        text: "Has each change of an order book the next sequence number?",
        answers: DeltaNumbers::ANSWERS,
        claims: &[Claim {
            source: "captures by users of the exchange",
            says: "each has the next number; no document says it",
        }],
        matters: "The client notices lost changes by their numbers. If numbers are skipped, it begins anew all the time.",
        asking: reads(
            Needs::Nothing,
            3,
            "opens a connection, and subscribes to the changes of an order book for 4 s",
        )
        .lasting(4),
        is_listed: false,
    },
    Question {
        name: "connection-without-subscription",
        topic: Topic::Streams,
        text: "When is a connection without a subscription closed?",
        answers: WithoutSubscription::ANSWERS,
        claims: &[Claim {
            source: "a user of the exchange",
            says: "it is closed with code 4031",
        }],
        matters: "A connection must subscribe in time.",
        asking: reads(Needs::Nothing, 4, "opens a connection, and waits for 31 s").lasting(31),
        is_listed: false,
    },
    Question {
        name: "stream-compression",
        topic: Topic::Streams,
        text: "Is an offer to compress messages (permessage-deflate) accepted?",
        answers: StreamCompression::ANSWERS,
        claims: &[Claim {
            source: "paradex-py",
            says: "offers it",
        }],
        matters: "It would save traffic, and cost time. This crate does not offer it.",
        asking: reads(
            Needs::Nothing,
            1,
            "opens a connection, and offers permessage-deflate",
        ),
        is_listed: false,
    },
    Question {
        name: "request-without-id",
        topic: Topic::Streams,
        text: "Does a request without an id get a response?",
        answers: RequestWithoutId::ANSWERS,
        claims: &[Claim {
            source: "ccxt",
            says: "subscribes without an id",
        }],
        matters: "A response without an id can be taken for that to another request.",
        asking: reads(
            Needs::Nothing,
            3,
            "opens a connection, and subscribes to an order book without an id",
        ),
        is_listed: false,
    },
    Question {
        name: "trade-numbers",
        topic: Topic::Streams,
        text: "Can trades share a sequence number?",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "the SBE schema of paradex-py",
            says: "the number is that of the book after the trade, and 0 for block trades and transfers",
        }],
        matters: "If they can, a trade that the exchange itself never sends cannot be noticed.",
        asking: impossible("no number of trades shows that none is missing"),
        is_listed: false,
    },
    Question {
        name: "interval-of-summaries",
        topic: Topic::Streams,
        text: "How often do summaries and funding come, and how long are quotes of a quiet market silent?",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A client that takes silence for a dead connection must know how long silence can be.",
        asking: impossible("it depends on the market, and takes hours"),
        is_listed: false,
    },
    Question {
        name: "limit-of-subscriptions",
        topic: Topic::Streams,
        text: "How many subscriptions may a connection have?",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A client of many markets must spread them over connections.",
        asking: impossible("it takes thousands of subscriptions"),
        is_listed: false,
    },
    Question {
        name: "life-of-a-connection",
        topic: Topic::Streams,
        text: "How long may a connection live, and does a release of the exchange end it?",
        answers: AnswerKind::None,
        claims: &[],
        matters: "It decides how often data is missing for a moment.",
        asking: impossible("it takes days"),
        is_listed: false,
    },
    Question {
        name: "missing-pong",
        topic: Topic::Streams,
        text: "How does a connection end whose pong is missing, or whose client is too slow?",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "the exchange's documentation of the WebSocket",
            says: "a pong is due in 5 s, and 2,000 messages may wait",
        }],
        matters: "A close frame with a code would name the cause.",
        asking: impossible("it takes a client that misbehaves"),
        is_listed: false,
    },
    Question {
        name: "token-in-handshake",
        topic: Topic::Streams,
        text: "Does a token in the header `authorization` of the handshake authenticate a connection? (Here it is ignored.)",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "paradex-py",
            says: "sends it, and authenticates with `auth` as well",
        }],
        matters: "If it does, the allowlist of the token could apply to the handshake.",
        asking: impossible("this program sends no credential in a handshake"),
        is_listed: false,
    },
    Question {
        name: "disconnect-in-address",
        topic: Topic::Streams,
        text: "What does the parameter `cancel-on-disconnect` in the address of a connection do? (Here it is ignored.)",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "programs that connect as the exchange's web page does",
            says: "send `cancel-on-disconnect=false`",
        }],
        matters: "If it switches cancel on disconnect on, a connection is protected from its start.",
        asking: impossible("no source says which values it has, and which channels and orders it concerns"),
        is_listed: false,
    },
    Question {
        name: "order-methods-of-an-address",
        topic: Topic::Streams,
        text: "Do order methods count for the limit of requests of an address? (Here they do not, unless it is told so.)",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "the exchange's document of the methods",
            says: "they share the limits of the account with HTTP",
        }],
        matters: "A client that trades over a WebSocket could use up what its other requests need.",
        asking: impossible(
            "no response to a method tells what is left, and reaching the limit would block the address",
        ),
        is_listed: false,
    },
    Question {
        name: "first-private-message",
        topic: Topic::Streams,
        text: "Do `account` and `positions` begin with the current state? (Here they do; `StreamOptions::first_private_message` sets it.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A client that waits for a first message may wait for ever.",
        asking: NO_PRIVATE_CHANNEL,
        is_listed: false,
    },
    Question {
        name: "order-of-private-events",
        topic: Topic::Streams,
        text: "In which order do the channels of an account send what one request leads to? (Here as it happened; \
               `StreamOptions::event_order` sets it.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A fill can come before its order, or after the order is closed.",
        asking: impossible("one order of events does not show that there is no other"),
        is_listed: false,
    },
    Question {
        name: "repeated-request-info",
        topic: Topic::Streams,
        text: "Do later events of an order repeat the `request_info` of its last modification? (Here they do not; \
               `StreamOptions::repeat_request_info` sets it.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A client that takes a repeated one for a new modification reports a wrong outcome.",
        asking: NO_PRIVATE_CHANNEL,
        is_listed: false,
    },
    Question {
        name: "private-channel-without-auth",
        topic: Topic::Streams,
        text: "Which error does the subscription of a private channel get before `auth`? (Here 40111.)",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "the exchange's document of the methods",
            says: "lists 40111 for `subscribe`, and 40300 for order methods only",
        }],
        matters: "A client must tell a missing `auth` from a credential that is refused.",
        asking: NO_PRIVATE_CHANNEL,
        is_listed: false,
    },
    Question {
        name: "positions-at-price-moves",
        topic: Topic::Streams,
        text: "Is a position sent when only prices move? (Here it is not.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A profit that is shown may be old.",
        asking: impossible("it takes a position, so orders would have to be filled"),
        is_listed: false,
    },
];
