//! A simulator of the exchange, which runs in the process of a test or example, or as the program `paradex simulate`.
//!
//! [`Simulator::client`] is a client that is ready to use:
//!
//! ```
//! use paradex_api_ext::orders::{NewOrder, OrderSide};
//! use paradex_api_ext::simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::start().await?;
//! let client = simulator.client()?;
//!
//! let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
//! client.orders().place(order).await?;
//!
//! let orders = simulator.orders(&simulator.main_account());
//! assert_eq!(orders.len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! The simulator speaks HTTP on a free port of 127.0.0.1, so any other client can call it as well. It verifies signatures, and
//! keeps accounts, tokens, subkeys, allowlists and orders in memory and enforces them. Its public endpoints show one consistent
//! market. All other operations return sample values that the OpenAPI document allows.
//!
//! # Which requests it accepts
//!
//! It checks every request against the OpenAPI document. Clients in use send more than the document describes, and trade on the
//! exchange, so these deviations are accepted:
//!
//! | deviation | sent by |
//! |---|---|
//! | `null` for an optional field counts as absent | paradex-py: `"recv_window":null` |
//! | a field of a new or modified order that the operation does not have is ignored | paradex-py: `client_id` in a modified order |
//! | a query parameter that the operation does not have is ignored | ccxt: `clientOrderId` |
//! | a decimal number may have an exponent | Python: `1E-8` |
//! | the JSON text `""` counts as no body | the crate `paradex`, when it signs in |
//! | a signature may be written in hexadecimal digits, and with spaces | the crate `paradex` |
//!
//! All other operations refuse unknown fields: ignoring a misspelt `allowed_cidrs` would create an unrestricted token.
//!
//! [`SimulatorBuilder::strict`] refuses all of them, which is better for the tests of a client of your own. What is wrong
//! otherwise is refused with all violations, for example 400 `VALIDATION_ERROR`, `body/side must be given`.
//!
//! # Other clients
//!
//! `paradex simulate` serves until it is stopped. It prints sample accounts with their keys, and how paradex-py and ccxt connect.
//! paradex-py accepts only chain ids that it knows, so the program uses one of these that is neither production's nor testnet's:
//! `PRIVATE_SN_POTC_MOCK_SEPOLIA`. In a test, set it with [`SimulatorBuilder::chain_id`]. A signature for another chain is refused
//! with a message that names both.
//!
//! # Accounts and sessions
//!
//! The main account exists from the start, and [`Simulator::add_account`] adds others. A test can sign in with the key of an
//! account ([`Simulator::main_key`]), or create a session directly ([`Simulator::main_session`]):
//!
//! ```
//! use paradex_api_ext::simulator::Simulator;
//! use paradex_api_ext::{Client, Credentials, Environment};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::start().await?;
//! let environment = Environment::custom(simulator.url())?;
//! let credentials = Credentials::bearer(environment.clone(), simulator.main_session())?;
//!
//! // Requests of this client come from another address, as far as the simulator can tell.
//! let client = Client::builder(environment)
//!     .credentials(credentials)
//!     .http_client_builder(simulator.http_from([192, 0, 2, 7]))
//!     .build()?;
//! client.api().list_positions().send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Faults
//!
//! [`Simulator::inject`] makes requests fail: with a [`Fault`], and an [`Injection`] that selects the requests.
//!
//! ```
//! use paradex_api_ext::paradex_api::operations;
//! use paradex_api_ext::simulator::{Fault, Injection, Simulator};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::start().await?;
//! let client = simulator.client()?;
//! simulator.inject(Injection::new(Fault::reset_before()).on(&operations::LIST_TOKENS));
//!
//! // The client retries, because listing tokens changes nothing.
//! client.tokens().list().send().await?;
//! let attempts = simulator.requests();
//! let attempts = attempts.iter().filter(|request| request.path() == "/v1/account/tokens");
//! assert_eq!(attempts.count(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Time
//!
//! [`Simulator::advance`] moves the simulator's clock, so that sessions and tokens expire without waiting:
//!
//! ```
//! use std::time::Duration;
//! use paradex_api_ext::paradex_api::{Client, HttpTransport};
//! use paradex_api_ext::simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::start().await?;
//! let transport = HttpTransport::new()?.bearer(&simulator.main_session())?;
//! let client = Client::with_transport(simulator.base_url(), std::sync::Arc::new(transport));
//! client.list_positions().send().await?;
//!
//! simulator.advance(Duration::from_secs(3_600));
//! let error = client.list_positions().send().await.err().ok_or("the session is still valid")?;
//! assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
//! # Ok(())
//! # }
//! ```
//!
//! # Markets
//!
//! The public endpoints show one market each: order book, best bid and ask, trades, candles, summary and funding agree with each
//! other at every time. Prices move around the level of their [`MarketSpec`], as a function of the seed and the simulator's
//! clock, so the past is always the same. [`SimulatorBuilder::markets`] and [`SimulatorBuilder::market_file`] replace the markets,
//! and [`SimulatorBuilder::speed`] makes prices move faster.
//!
//! ```
//! use paradex_api_ext::simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::builder().seed(7).start().await?;
//! let client = simulator.client()?;
//! let book = client.api().get_orderbook().market("BTC-USD-PERP").depth(5).send().await?;
//! assert!(book.bids[0].price < book.asks[0].price);
//! let trades = client.api().list_trades().market("BTC-USD-PERP").page_size(10).send().await?;
//! assert_eq!(trades.results.len(), 10);
//! # Ok(())
//! # }
//! ```
//!
//! # Trading
//!
//! Orders are matched by price and time. By default only orders of the simulator's accounts fill each other, and every market
//! accepts every price and size: a limit order that meets no other rests, and market and IOC orders are cancelled. Two ways add
//! liquidity:
//!
//! * [`SimulatorBuilder::liquidity`] with [`Liquidity::Simulated`] lets orders trade with the order book of the public endpoints, and
//!   enforces the rules of the market.
//! * [`Simulator::set_quotes`] and [`Simulator::set_mark_price`] give a test full control:
//!
//! ```
//! use paradex_api_ext::orders::{NewOrder, OrderSide};
//! use paradex_api_ext::simulator::Simulator;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::start().await?;
//! let client = simulator.client()?;
//! let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
//! client.orders().place(order).await?;
//!
//! // The price falls through the order.
//! simulator.set_quotes("BTC-USD-PERP", &[], &[("29400".parse()?, "1".parse()?)])?;
//! let fills = client.api().list_fills().send().await?.into_inner().results;
//! assert_eq!(fills[0].price, Some("29500".parse()?));
//! # Ok(())
//! # }
//! ```
//!
//! [`SimulatorBuilder::price_script`] moves the mark price, with liquidity and without.
//!
//! Each account begins with 1,000,000 USDC. Its fills, positions, balances, liquidations and funding payments are sample values until
//! its first order. With [`Liquidity::Simulated`], they are real from the start. [`SimulatorBuilder::trading_log`] records trading, so
//! that a later simulator continues.
//!
//! As the exchange's documents say:
//!
//! * At one price, orders of interactive sessions come first, then ordinary orders, then RPI orders, which meet interactive orders
//!   only. An ordinary order passes RPI orders, so the interactive book can be crossed. Post-only and RPI orders that would cross are cancelled (`POST_ONLY_WOULD_CROSS`).
//! * Stop, stop-loss and take-profit orders trigger by the mark price; size 0 closes the whole position. Market orders end at the price
//!   band and at their worst average price (`vwap_price`, or the market's largest slippage from the best price).
//! * An account may have 100 open orders in a market, orders that wait for a trigger included.
//! * Self-trade prevention has three modes. A reduce-only order is cancelled as soon as it, with the more aggressive orders of its
//!   side, exceeds the position.
//! * The initial margin is the larger side of position and orders, times mark price and margin fraction, and a provision for fees. An
//!   order is accepted if the account value is enough, or if the order adds nothing to the requirement.
//! * Funding accrues in an index, and is realized when the position changes. A TWAP order places a market order at each interval.
//!
//! Simplified:
//!
//! * An account whose value is below its maintenance margin when prices are set is liquidated at once: its orders are cancelled, and
//!   the simulator's own account takes over its positions at the mark prices (fill type `LIQUIDATION`, without a fee). The exchange
//!   does it step by step. There is no insurance fund, deleveraging or socialized loss, and no trade is busted. An account value can
//!   become negative.
//! * Without [`Liquidity::Simulated`], orders need no margin, and there is no band of prices and no limit of positions and open
//!   orders. Fees are the same.
//! * Everything is settled in USDC. Deposits, withdrawals and transfers change no balance; their lists are sample values.
//! * `leverage` and `liquidation_price` of a position are empty, and `status` of an account is always `ACTIVE`.
//! * An account keeps its newest 100,000 closed orders, algo orders and fills, and 10,000 funding payments.
//! * Margin is cross margin. Orders that wait for a trigger need none, and aggressive orders have no provision for an immediate loss.
//! * Options and spot markets are traded and margined like perpetual futures.
//! * Fees have no volume tiers, discounts or caps.
//! * With [`Liquidity::Simulated`], the public order book, the best prices and the list of trades include the orders of clients.
//!   All other public endpoints show the simulated market alone.
//! * With `Liquidity::Simulated`, the book has 20 levels of a side, no simulated RPI orders, and differs from the summary by the
//!   orders of clients.
//! * The simulated market is followed only when a request arrives, or while a WebSocket shows it or an account; after 100 s without either, states are skipped, so a stop or limit
//!   order can miss a short move.
//!
//! No published source answers these questions:
//!
//! <!-- trading of the table -->
//!
//! * Which reasons of cancellation does the exchange use? (The names are from a document of 2023, and `MAX_OPEN_ORDERS_EXCEEDED` and `CANCEL_ON_DISCONNECT` are invented. The orders of a liquidated account get `NOT_ENOUGH_MARGIN`.)
//! * Which condition does a stop order without one get? (Here it triggers when the mark price crosses the trigger price.)
//! * When does a modified order keep its place in the queue? (Here if it only becomes smaller.)
//! * Whose mode of self-trade prevention counts? (Here that of the new order.)
//! * When do the stop-loss and take-profit orders of a position end? (Here when the position is closed or flipped.)
//! * Does an order that a price triggers come before the liquidation that the same price causes? (Here it does.)
//! * How many TWAP orders can an account have active? (Here 100, then 400 `INVALID_REQUEST_PARAMETER`.)
//! * What happens to the unfilled part of a TWAP order? (Here the later parts share it.)
//! * Does cancelling all orders end TWAP orders? (Here it does not.)
//! * Which values of an order get which error code? (Only the code for the size is documented.)
//! * How long after its response is a cancellation in force? (Here at once; `SimulatorBuilder::cancel_delay` sets it.)
//! * How far can the lists of orders and fills be behind? (Here not at all; `SimulatorBuilder::list_delay` sets it.)
//! * Does the list of positions have closed ones? (Here it does; `SimulatorBuilder::list_closed_positions` sets it.)
//!
//! <!-- end -->
//!
//! # WebSocket
//!
//! [`Simulator::stream_url`] is the address of a WebSocket, at the port of the HTTP half. Both halves show the
//! same world: at the same sequence number, they have the same order book, best prices and trades.
//!
//! ```
//! use paradex_api_ext::simulator::{Fault, Injection, Simulator, StreamOptions};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let simulator = Simulator::builder().stream(StreamOptions::default().schema_versions([0, 1])).start().await?;
//!
//! // From here on, only the test moves the book.
//! simulator.set_quotes("BTC-USD-PERP", &[("100".parse()?, "1".parse()?)], &[])?;
//! // One event of a book in twenty is lost.
//! simulator.inject(Injection::new(Fault::skip_event()).on_channel("order_book").with_probability(5, 42));
//!
//! // Connect a client to `simulator.stream_url()` here.
//!
//! for socket in simulator.sockets() {
//!     println!("{:?}: {:?}", socket.channels, socket.events);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! * A connection asks for SBE in the query (`?sbeSchemaId=1&sbeSchemaVersion=2`). Without it, public channels are refused as at the
//!   exchange since 2026-09-21; [`PlainConnections::Json`] serves them in JSON, as before.
//! * Public channels: `trades`, `bbo`, `order_book`, `markets_summary`, `funding_data`, `funding_rate_comparison` and `markets`.
//! * Channels of accounts: `orders`, `fills`, `positions`, `account`, `balance_events` and `funding_payments` send what happens to the
//!   account that authenticated. `transaction`, `transfers`, `tradebusts`, `rfq`, `block_trades` and `mmp` are acknowledged, and
//!   silent until [`Simulator::announce_to_account`] or [`Simulator::bust_fill`] sends an event. Before `auth`, all of them get the
//!   error 40111. `auth` accepts sessions and tokens of the simulator.
//! * Prices move with the clock. `order_book.M.deltas` sends each change of the book, with sequence numbers without a gap. With
//!   [`Liquidity::None`], it is the simulated market, which changes twice a second and takes no orders. After
//!   [`Simulator::set_quotes`], it is the book of quotes and orders alone. With [`Liquidity::Simulated`], it is both.
//! * Events of accounts have the values that REST shows at that moment, and sequence numbers of their own: these grow, and skip some.
//!   They are in SBE on an SBE connection, or in JSON ([`StreamOptions::private_encoding`]); a connection without SBE gets JSON. Their
//!   order is a switch ([`StreamOptions::event_order`]). The account is sent once for a request, if a price, an order or a
//!   fill has changed it; positions are sent when they are filled, not when prices move. A modification is `PENDING`, then
//!   `SUCCESS` or `REJECTED`.
//! * When the source of a book changes, or when the clock jumps by more than 100 s, a channel of deltas sends a new snapshot. Trades
//!   older than 100 s are then skipped.
//! * [`Simulator::announce_market`] sends an event of `markets`. The other data of this half comes at intervals: summaries each
//!   second, funding data each 5 s. The rates of other venues are invented.
//! * Limits are those that the exchange publishes, by the simulator's clock: a ping each 55 s whose pong is due in 5 s, a heartbeat
//!   after 20 s of silence, the end of a client that leaves 2,000 messages, 20 connections a second and 600 a minute for an address.
//!   A connection without a subscription is closed with code 4031.
//! * Order methods are carried out by the HTTP operations that do the same, with their checks, rights and limits, and are in
//!   [`Simulator::requests`] with a [`stream_method`](LoggedRequest::stream_method). The data of an error has code and message of
//!   the HTTP response. An error of the parameters is -32602, of a missing right 40300, of a rate limit 42901, and of the exchange
//!   itself -32603.
//! * Requests for orders have no limit unless [`SimulatorBuilder::orders_per_minute`] sets one. The exchange publishes 800 a second and
//!   17,250 a minute for an account, over HTTP and WebSockets together.
//! * `order.cancel_on_disconnect` covers the orders that were placed over the connection, also those from before it. They get the
//!   cancel reason `CANCEL_ON_DISCONNECT`, which is invented.
//! * A connection goes on when its session expires. When a token or subkey is revoked, or an allowlist narrowed,
//!   [`StreamOptions`] decides.
//! * [`Fault`] has faults of the WebSocket, [`Injection::on_channel`] selects the channels, [`Injection::on`] the methods, and
//!   [`Simulator::sockets`] tells the fate of every event, with the payload of those of accounts.
//!
//! Most of what nobody outside the exchange knows is a question in the table of the next section; [`StreamOptions`] sets several
//! of them too. These cannot be found out:
//!
//! <!-- other streams of the table -->
//!
//! * Can trades share a sequence number?
//! * How often do summaries and funding come, and how long are quotes of a quiet market silent?
//! * How many subscriptions may a connection have?
//! * How long may a connection live, and does a release of the exchange end it?
//! * How does a connection end whose pong is missing, or whose client is too slow?
//! * Does a token in the header `authorization` of the handshake authenticate a connection? (Here it is ignored.)
//! * What does the parameter `cancel-on-disconnect` in the address of a connection do? (Here it is ignored.)
//! * Do order methods count for the limit of requests of an address? (Here they do not, unless it is told so.)
//! * Do `account` and `positions` begin with the current state? (Here they do; `StreamOptions::first_private_message` sets it.)
//! * In which order do the channels of an account send what one request leads to? (Here as it happened; `StreamOptions::event_order` sets it.)
//! * Do later events of an order repeat the `request_info` of its last modification? (Here they do not; `StreamOptions::repeat_request_info` sets it.)
//! * Which error does the subscription of a private channel get before `auth`? (Here 40111.)
//! * Is a position sent when only prices move? (Here it is not.)
//!
//! <!-- end -->
//!
//! Here, a connection may have any number of subscriptions and live forever, and breaks without a close frame if its pong is
//! missing or its client is too slow. If numbers of changes are skipped (`delta-numbers`), those of the channels of changes are twice
//! those of the other channels and of the HTTP half. An offer of compression can be accepted (`stream-compression`), but the
//! simulator compresses nothing, and reads no compressed messages.
//!
//! # Differences from the exchange
//!
//! The behaviour of the exchange is only partly documented. Where its documents are silent, the simulator makes these assumptions,
//! which [`SimulatorBuilder::assumptions`] changes; `paradex probe` asks an exchange how it is there:
//!
//! <!-- assumed of the table -->
//!
//! | name | question | the simulator assumes |
//! |---|---|---|
//! | `response-compression` | Does the exchange compress responses? | `none` |
//! | `rate-limit-headers` | Do public responses have the headers X-RateLimit-*? | `not-sent` |
//! | `version-header` | Does the header `api-version` of a request matter? | `ignored` |
//! | `unknown-parameter` | Does the exchange ignore unknown query parameters? | `ignored` |
//! | `unknown-token-refusal` | What does an unknown bearer token get? | `401` |
//! | `other-account-refusal` | What does reading another account return? | `400 INVALID_REQUEST_PARAMETER` |
//! | `schema-version` | What is the highest version of the SBE schema that a connection can have? | `2` |
//! | `version-two-layout` | Which layout has version 2 of the SBE schema? | `long` |
//! | `plain-connection` | What does a connection without SBE get on public channels? | `refused` |
//! | `first-message` | Do the channels of quotes, summaries and funding begin with the current state? | `current` |
//! | `shared-bbo` | Can both kinds of quotes of one market share a connection? | `refused` |
//! | `unmatched-tick` | What does a subscription to an order book get whose price tick does not fit the market? | `silent` |
//! | `delta-numbers` | Has each change of an order book the next sequence number? | `consecutive` |
//! | `connection-without-subscription` | When is a connection without a subscription closed? | `within-10-s` |
//! | `stream-compression` | Is an offer to compress messages (permessage-deflate) accepted? | `none` |
//! | `request-without-id` | Does a request without an id get a response? | `responded` |
//! | `token-times` | In which unit are the times of tokens and subkeys? | `nanoseconds` |
//! | `rights-refusal` | What does a token get that tries to change an allowlist? | `403 REQUEST_NOT_ALLOWED` |
//! | `read-only-type` | What does the token type `read_only` create? | `read-only` |
//! | `same-token-name` | May two live tokens have the same name? | `accepted` |
//! | `lifetime-below-a-minute` | Is a token with a lifetime of 59 s accepted? | `refused` |
//! | `unknown-field` | Does the exchange ignore unknown fields of a body? | `refused` |
//! | `revoked-token-in-list` | Does the list of tokens include revoked tokens by default? | `hidden` |
//! | `revoking-twice` | Does revoking a revoked token succeed? | `succeeds` |
//! | `revoked-token-refusal` | What does a revoked token get? | `401` |
//! | `second-auth` | Can a WebSocket be authenticated a second time? | `refused` |
//! | `socket-of-revoked-token` | What happens to an open WebSocket when its token is revoked? | `goes-on` |
//! | `ipv6-networks` | Does an allowlist accept IPv6 networks? | `accepted` |
//! | `host-bits` | What happens to a network with bits set beyond its prefix? | `refused` |
//! | `bare-address` | What happens to an address without a prefix? | `refused` |
//! | `blank-network` | What happens to an empty text in an allowlist? | `refused` |
//! | `spaces-around-network` | What happens to spaces around a network? | `refused` |
//! | `any-network` | How is 0.0.0.0/0 stored? | `kept` |
//! | `duplicate-networks` | What happens to a network that a list has twice? | `kept` |
//! | `order-of-networks` | Does an allowlist keep the order of its networks? | `kept` |
//! | `network-limit` | How many networks may an allowlist have? | `50` |
//! | `network-refusal` | What does a list with a malformed network get? | `400 VALIDATION_ERROR` |
//! | `allowlist-delay` | How soon does a changed allowlist take effect? | `at-once` |
//! | `address-refusal` | What does a request from an address outside of the allowlist get? | `403 IP_NOT_ALLOWED` |
//! | `empty-allowlist` | What does an empty list do? | `unrestricted` |
//! | `socket-of-narrowed-token` | What happens to an open WebSocket when the allowlist of its token is narrowed? | `goes-on` |
//! | `auth-of-narrowed-token` | Does the allowlist of a token apply to authenticating a WebSocket? | `refused` |
//! | `subkey-signature` | Must the main key sign the registration of a subkey? | `optional` |
//! | `sign-in-signature-again` | Can a signature be used for two sign-ins? | `accepted` |
//! | `session-of-narrowed-subkey` | What happens to an open session when the allowlist of its subkey is narrowed? | `refused` |
//! | `sign-in-of-narrowed-subkey` | Does the allowlist of a subkey apply to signing in? | `accepted` |
//! | `session-of-revoked-subkey` | What happens to an open session when its subkey is revoked? | `ends` |
//! | `socket-of-revoked-subkey` | What happens to an open WebSocket when its subkey is revoked? | `goes-on` |
//! | `revoked-subkey-again` | Can a revoked public key be registered again? | `refused` |
//! | `zero-size-refusal` | What does placing an order of size 0 return? | `400 INVALID_ORDER_SIZE` |
//! | `unknown-order-refusal` | What does cancelling an unknown order return? | `404 ORDER_ID_NOT_FOUND` |
//! | `placed-order-status` | Which status does the response to a resting order have? | `new` |
//! | `closed-order-by-id` | What does reading a closed order by its id return? | `not-found` |
//! | `closed-order-refusal` | What does cancelling a closed order return? | `400 ORDER_IS_CLOSED` |
//! | `used-client-id` | Can the client id of a closed order be used again? | `accepted` |
//! | `same-order-twice` | Does the same signed order without a client id make two orders? | `accepted` |
//! | `order-method-refusal` | Which error does an order method over the WebSocket get that is refused for what it asks for? | `invalid-parameters` |
//! | `batch-parameters` | Which parameters does `order.create_batch` take? | `both` |
//! | `encoding-of-private-channels` | Are private channels of an SBE connection in SBE or in JSON? | `sbe` |
//! | `disconnect-delay` | How soon does cancel on disconnect act? | `within-10-s` |
//! | `disconnect-scope` | Which orders does cancel on disconnect cancel? | `connection` |
//! | `disconnect-by-close` | Does cancel on disconnect act when the client closes the connection with a close frame? | `cancels` |
//!
//! <!-- end -->
//!
//! It also behaves as follows; do not rely on these points:
//!
//! * `token_type`: no source lists the types. `main` creates a token with the rights of the account's own session, and `jwt` an
//!   ordinary one. Their kinds, and that of `read_only`, have the same names. Any other text creates an ordinary token of the kind
//!   `api_key`.
//! * Rights: subkeys and API tokens may do everything except change tokens and subkeys. An account without IP allowlists gets 403
//!   `REQUEST_NOT_ALLOWED`.
//! * The allowlist of a token is checked before the rights of the request, and the form of a request before its token.
//! * Changing the allowlist of a dead token or a revoked subkey returns 404. A public key can be registered once.
//! * The rate limit is one bucket for each client address and counts every request. Sign-ins and onboardings have a second
//!   bucket, which also counts those that fail. `X-Ratelimit-Window` is in seconds.
//! * Signing in: an unknown account gets 404 `NOT_ONBOARDED`. Malformed values get 400 `INVALID_STARKNET_ADDRESS`,
//!   `INVALID_STARKNET_SIGNATURE` or `PUBLIC_KEY_INVALID`. A time too far from the clock
//!   ([`SimulatorBuilder::clock_tolerance`]), an expiration in the past or more than a week after it, and a header that is not a
//!   time get 400 `INVALID_TIMESTAMP`; without an expiration, half an hour must be signed. Everything else gets 401
//!   `STARKNET_SIGNATURE_VERIFICATION_FAILED`, also a subkey that is pending, revoked or unknown.
//! * The options of a session are recorded ([`SessionSnapshot`]; the claims `usage` and `isolated` of a JWT). Isolated markets have
//!   no effect. Interactive usage decides how orders trade; they have no speed bump and no rate limits of their own.
//! * Onboarding: an existing account gets 400 `ETHEREUM_ADDRESS_ALREADY_ONBOARDED`, with an Ethereum signature
//!   `EVM_ADDRESS_ALREADY_ONBOARDED`. The Ethereum address that a Starknet key names is not stored, and vault operators are
//!   accounts like others. The class hashes from which addresses are derived are invented.
//! * Ethereum accounts: the signed text must have the domain of the test exchange, and exactly the lines of
//!   [`SiweMessage`](crate::signing::SiweMessage). A malformed text gets 400 `INVALID_EVM_SIGNATURE`, an outdated one 400
//!   `INVALID_TIMESTAMP`, and one with other content or another signer 401 `EVM_SIGNATURE_VERIFICATION_FAILED`. A nonce can be
//!   used twice.
//! * Registering a subkey: a signature is verified if it is given. An unsigned key may be any number, also one that is not a point of the
//!   curve; no signature matches such a key. The message that activates a subkey follows our reading of the exchange's document,
//!   which nobody has confirmed.
//! * Orders are signed by any active key of the session's account; other signatures get 400 `INVALID_ORDER_SIGNATURE`
//!   ([`SimulatorBuilder::unchecked_signatures`] skips this check).
//!   `signature_timestamp` may be `recv_window` old (400 `INVALID_TIMESTAMP`).
//! * `GET /v1/account` shows the account of the session only.
//! * The outcome of an order is known at once. `on_behalf_of_account` gets 501.
//! * A batch is refused as a whole if one order is malformed, too old or wrongly signed. A `client_id` that is in use refuses
//!   only its own order. A cancelled order is closed before the response is sent, with the reason `USER_CANCELED`. Modifying an
//!   order changes its size, price and trigger price only; one that fails a check stays as it was, and the response says so in
//!   `request_info`. A new trigger price that is met already triggers the order, which is cancelled if it then fails a check.
//! * Orders that [`Simulator::set_status`] forbids get 400 with the exchange's code (`SYSTEM_STATUS_CANCEL_ONLY`), and 503 during
//!   maintenance.
//! * An operation that the document does not have is 404, for example market maker protection (`/v1/account/mmp`).
//! * A paged list of sample values has two pages.
//! * Markets: trades and funding data are listed newest first, and trades without `market` are those of all markets. A trade meets
//!   the best price of the book and leaves the book as it is. RPI orders are in the interactive book, and no trade meets them.
//! * Index and mark price change every 5 seconds, the book twice a second, and funding data has an entry for every 5 minutes. The
//!   mark price of a perpetual future is the index price plus the funding premium. Options have a simple formula, and their
//!   funding is a small part of the future's.
//! * Candles: those of mark and index price have no volume. A response has at most 1,024, the newest of the range.
//! * `end` of the markets' summary moves it to an earlier time, and `start` has no effect. The impact price is that of a buy order.
//! * All markets opened on 1 January 2024 and never expire. An unknown market gets `MARKET_NOT_FOUND`, with 404 where the document
//!   declares it and 400 elsewhere; other wrong parameters get 400 `INVALID_REQUEST_PARAMETER`.
//!
//! # Safety
//!
//! The simulator cannot be mistaken for the exchange. It refuses the chain ids of production and testnet, so a signature for
//! the simulator is not valid there. Its own chain id is `SIMULATED_SN_PARADEX`; `paradex simulate` uses one of the exchange's mock
//! ids, so that paradex-py works. (Two kinds of message name no chain: the registration and the activation of a subkey.)
//! Its sessions are JWTs with the issuer `paradex-simulator` or begin with `simulated-session-`, its API tokens begin with
//! `simulated-token-`, and it accepts no other tokens.

mod accounts;
mod allowlist;
mod auth;
mod builder;
mod chain;
mod clock;
mod cursor;
mod engine;
mod evm;
mod faults;
mod gzip;
mod handle;
mod leniency;
mod limit;
mod log;
mod market;
mod orders;
mod pending;
mod response;
mod routes;
mod sample_responses;
mod server;
mod session;
mod state;
mod stream;
mod subkeys;
mod switches;
mod tokens;
mod trading;

pub use builder::{SimulatorBuilder, StartError};
pub use clock::TimeUnit;
pub use faults::{Fault, Injection, InjectionHits, InjectionTarget};
pub use handle::{NotFound, OrderBookSnapshot, Refused, Simulator};
pub use log::LoggedRequest;
pub use market::{InvalidMarkets, InvalidPriceScript, MarketSpec};
pub use orders::OrderSnapshot;
pub use session::SessionSnapshot;
pub use stream::{
    AuthOfNarrowedToken, BatchParameters, CleanClose, DisconnectScope, EventFate, EventKind, EventOrder,
    FirstMessage, OrderRefusalCode, PlainConnections, PrivateEncoding, SecondAuth, SharedBbo, SocketEnd,
    SocketEvent, SocketOfNarrowedToken, SocketOfRevokedSubkey, SocketOfRevokedToken, SocketSnapshot,
    StreamOptions, UnmatchedTick, VersionTwoLayout,
};
pub use subkeys::{SubkeySnapshot, SubkeyStatus};
pub use tokens::TokenSnapshot;
pub use trading::{InvalidLog, Liquidity};

/// The header in which a request names the IP address that it appears to come from.
const ADDRESS_HEADER: &str = "x-simulated-address";
