//! Orders that cannot be signed wrongly.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use paradex_api::types::{self, AlgoOrderRequest, ErrorCode, ModifyOrderRequest, OrderRequest};
use paradex_api::{Decimal, Operation, operations, runtime};

pub use paradex_api::types::{OrderFlag, OrderInstruction, OrderSide, OrderType, StpMode};

use crate::auth::{Purpose, SignInError, SignerError, Signing};
use crate::client::Client;
use crate::error::{
    AuthenticationError, ConfigurationError, Error, InvalidInput, PlaceOrderError, Withheld, WithheldReason,
};
use crate::signing::{self, Felt, Scaled, Side, SigningError};
use crate::time::{integer, unix_milliseconds};
use crate::trading::resolve::OrderWindow;

/// How long an order is good for after it was signed.
const GOOD_FOR: Duration = Duration::from_secs(5);
/// The shortest window that the exchange takes.
const SHORTEST: Duration = Duration::from_millis(10);
/// The exchange's own window where an order names none.
const LONGEST: Duration = Duration::from_secs(300);

/// Placing and changing orders of an account.
///
/// An order is signed directly before it is sent, after every wait, and is not sent once it has become too old. An
/// order that may have been placed is never sent a second time.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::orders::{NewOrder, OrderSide};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?)
///     .client_id("desk-1");
/// let placed = client.orders().place(order).await?;
/// println!("{:?} {:?}", placed.id, placed.status);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Orders {
    client: Client,
}

impl Orders {
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }
}

impl Client {
    /// Placing and changing orders.
    pub fn orders(&self) -> Orders {
        Orders { client: self.clone() }
    }
}

impl Orders {
    /// The most orders in a batch. The exchange's document says 10 and its documentation 50; a batch that is too large
    /// is refused whole, so the larger figure does no harm.
    pub const LARGEST_BATCH: usize = 50;

    /// Signs an order and places it.
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`].
    pub async fn place(&self, order: NewOrder) -> Result<types::Order, PlaceOrderError> {
        order.check()?;
        let mut attempt = Attempt::new(&self.client, &operations::CREATE_ORDER, order.good_for);
        loop {
            let signing = attempt.ready().await?;
            let stamp = attempt.stamp(&signing)?;
            let request = attempt.in_time(order.signed(&signing, stamp)).await??;
            match attempt.api(&signing).create_order().body(request).send().await {
                Ok(placed) => return Ok(placed.into_inner()),
                Err(error) => attempt.refused(error).await?,
            }
        }
    }

    /// Signs orders and places them in one call, which counts once against the limits. All of them are good for the shortest
    /// time that one of them is good for.
    ///
    /// The exchange refuses the whole batch if one order fails its basic checks; after that each order has its own
    /// outcome. The response has both lists, and together they have an entry for each order.
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`]: [`NotUnderstood`](PlaceOrderError::NotUnderstood) also if the response does not account for
    /// every order, or if an order in it has no id; none or more than [`LARGEST_BATCH`](Self::LARGEST_BATCH) orders.
    pub async fn place_batch(&self, orders: Vec<NewOrder>) -> Result<types::Batch, PlaceOrderError> {
        let Some(good_for) = orders.iter().map(|order| order.good_for).min() else {
            return Err(InvalidInput::new("orders", 0, "a batch has at least one order", "add one").into());
        };
        if orders.len() > Self::LARGEST_BATCH {
            return Err(InvalidInput::new(
                "orders",
                orders.len(),
                "a batch has at most 50 orders",
                "split it",
            )
            .into());
        }
        orders.iter().try_for_each(NewOrder::check)?;
        let mut attempt = Attempt::new(&self.client, &operations::CREATE_ORDERS_BATCH, good_for);
        loop {
            let signing = attempt.ready().await?;
            let mut requests = Vec::with_capacity(orders.len());
            for order in &orders {
                let stamp = attempt.stamp(&signing)?;
                requests.push(attempt.in_time(order.signed(&signing, stamp)).await??);
            }
            let api = attempt.api(&signing);
            match api.create_orders_batch().body(requests).send().await {
                Ok(batch) => return Ok(batch.into_inner()),
                Err(error) => attempt.refused(error).await?,
            }
        }
    }

    /// Signs the changed order and puts it in the place of one that is open: another size, price or trigger price. Market,
    /// side and type are those of the order. The API takes nothing else with a change.
    ///
    /// The API takes no window with a change either. [`good_for`](NewOrder::good_for) says how long sending may begin. A change
    /// that is held up on the way can be made until the exchange's own window of five minutes is over; the documentation
    /// names that window for orders, and that it holds for changes is an assumption. [`resolve_change`](Self::resolve_change)
    /// finds out what became of a change without a response.
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`]; a client id, an instruction, flags or a self-trade rule, which a change cannot carry.
    pub async fn modify(&self, order_id: &str, order: NewOrder) -> Result<types::Order, PlaceOrderError> {
        order.check()?;
        order.check_change()?;
        if order_id.is_empty() {
            return Err(InvalidInput::new(
                "order_id",
                order_id,
                "it is empty",
                "give the exchange's id of the order",
            )
            .into());
        }
        let id = Felt::from_text(order_id).map_err(|error| signed_field("order_id", order_id, error))?;
        let mut attempt = Attempt::new(&self.client, &operations::MODIFY_ORDER, order.good_for);
        loop {
            let signing = attempt.ready().await?;
            let stamp = attempt.stamp(&signing)?;
            let request = attempt
                .in_time(order.signed_change(order_id, id, &signing, stamp))
                .await??;
            let api = attempt.api(&signing);
            match api.modify_order().order_id(order_id).body(request).send().await {
                Ok(changed) => return Ok(changed.into_inner()),
                Err(error) => attempt.refused(error).await?,
            }
        }
    }

    /// Signs an order that an algorithm carries out, and places it.
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`].
    pub async fn place_algo(&self, order: NewAlgoOrder) -> Result<types::AlgoOrder, PlaceOrderError> {
        order.check()?;
        let mut attempt = Attempt::new(&self.client, &operations::CREATE_ALGO_ORDER, order.good_for);
        loop {
            let signing = attempt.ready().await?;
            let stamp = attempt.stamp(&signing)?;
            let request = attempt.in_time(order.signed(&signing, stamp)).await??;
            let api = attempt.api(&signing);
            match api.create_algo_order().body(request).send().await {
                Ok(placed) => return Ok(placed.into_inner()),
                Err(error) => attempt.refused(error).await?,
            }
        }
    }

    /// Cancels an open order.
    ///
    /// # Errors
    ///
    /// The exchange refused, or no answer came.
    pub async fn cancel(&self, order_id: &str) -> Result<(), Error> {
        self.client.api().cancel_order().order_id(order_id).send().await?;
        Ok(())
    }

    /// Cancels every open order within a scope. It is sent once: repeated, it could end orders that were placed in
    /// between.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::CancelScope;
    ///
    /// # async fn example(client: Client) -> Result<(), paradex_api_ext::Error> {
    /// client.orders().cancel_all(CancelScope::Market("BTC-USD-PERP".to_owned())).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A market without a name (nothing is sent), a refusal, or no answer.
    pub async fn cancel_all(&self, scope: CancelScope) -> Result<(), Error> {
        let call = self.client.api().cancel_all_orders();
        let call = match scope {
            CancelScope::AllMarkets => call,
            CancelScope::Market(market) => {
                short_string("market", &market)?;
                call.market(market)
            }
        };
        call.send().await?;
        Ok(())
    }

    /// Cancels orders by their ids, in one call. The response has an entry for each of them.
    ///
    /// # Errors
    ///
    /// No id or more than [`LARGEST_BATCH`](Self::LARGEST_BATCH) (nothing is sent), a refusal, no response, or one with fewer
    /// entries than orders.
    pub async fn cancel_batch(
        &self,
        order_ids: Vec<String>,
    ) -> Result<types::CancelOrderBatchResponse, Error> {
        if order_ids.is_empty() || order_ids.len() > Self::LARGEST_BATCH {
            let rule = "a batch has between 1 and 50 orders";
            return Err(InvalidInput::new(
                "order_ids",
                order_ids.len(),
                rule,
                "name the orders, or split the batch",
            )
            .into());
        }
        let request = types::CancelOrderBatchRequest::new().order_ids(order_ids);
        let answer = self
            .client
            .api()
            .cancel_orders_batch()
            .body(request)
            .send()
            .await?;
        Ok(answer.into_inner())
    }

    /// Cancels an open order by the id that the client gave it.
    ///
    /// # Errors
    ///
    /// The exchange refused, or no answer came.
    pub async fn cancel_by_client_id(&self, client_id: &str) -> Result<(), Error> {
        let call = self.client.api().cancel_order_by_client_id().client_id(client_id);
        call.send().await?;
        Ok(())
    }
}

/// What a mass cancel ends. There is no default, because leaving out the market means all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CancelScope {
    /// The open orders of one market.
    Market(String),
    /// Every open order of the account.
    AllMarkets,
}

/// One order on its way: signed and sent, and once more, signed anew, if the exchange says that the time is wrong,
/// which proves that nothing was placed. All signatures share one window, which begins with the first: a later one is good
/// for what is left of it.
struct Attempt<'a> {
    client: &'a Client,
    operation: &'static Operation,
    good_for: Duration,
    /// The end of the call's time.
    deadline: Instant,
    /// When the first signature was begun.
    opened: Option<Instant>,
    /// What the exchange takes of what was signed last.
    window: Option<OrderWindow>,
    asked: Instant,
    corrected: bool,
}

/// The time of a signature, and for how long the exchange is to take it.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    signed: SystemTime,
    good_for: Duration,
}

impl Stamp {
    fn expires(self) -> Option<SystemTime> {
        self.signed.checked_add(self.good_for)
    }

    /// The window as the API takes it.
    fn recv_window(self) -> i64 {
        integer(self.good_for.as_millis())
    }
}

impl<'a> Attempt<'a> {
    fn new(client: &'a Client, operation: &'static Operation, good_for: Duration) -> Self {
        let now = Instant::now();
        Self {
            client,
            operation,
            good_for,
            deadline: now.checked_add(client.total()).unwrap_or(now + LONGEST),
            opened: None,
            window: None,
            asked: now,
            corrected: false,
        }
    }

    /// Waits for everything that can be waited for before signing.
    async fn ready(&mut self) -> Result<Signing, PlaceOrderError> {
        let signing = self.in_time(self.client.signing(self.deadline)).await?;
        let signing = signing.map_err(PlaceOrderError::before_sending)?;
        self.asked = Instant::now();
        self.window = None;
        Ok(signing)
    }

    /// The time for the next signature, and what is left of the window.
    fn stamp(&mut self, signing: &Signing) -> Result<Stamp, PlaceOrderError> {
        let (now, signed) = (Instant::now(), signing.now());
        let opened = *self.opened.get_or_insert(now);
        let left = self
            .good_for
            .saturating_sub(now.saturating_duration_since(opened));
        // The API counts milliseconds; a part of one would outlive the window.
        let good_for = Duration::from_millis(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
        if good_for < SHORTEST {
            return Err(PlaceOrderError::NotPlaced(stale(self.good_for)));
        }
        // A change carries no window, so the exchange's own holds.
        let taken_for = match std::ptr::eq(self.operation, &operations::MODIFY_ORDER) {
            true => LONGEST,
            false => good_for,
        };
        let window = OrderWindow::new(signed, taken_for);
        self.window = Some(self.window.map_or(window, |earlier| earlier.join(window)));
        Ok(Stamp { signed, good_for })
    }

    /// The client for what was signed. It sends nothing once the window has passed.
    fn api(&self, signing: &Signing) -> paradex_api::Client {
        let now = Instant::now();
        let until = self.opened.unwrap_or(now) + self.good_for;
        let left = self.deadline.saturating_duration_since(now);
        self.client.signed_by(signing.session(), until, left)
    }

    /// Some work within the time of the call, before anything is sent.
    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, PlaceOrderError> {
        let late = |_| {
            let error = AuthenticationError::SignIn(Arc::new(SignInError::TimedOut));
            PlaceOrderError::NotPlaced(error.into())
        };
        let client = self.client;
        let work = pin!(async {
            let work = pin!(tokio::time::timeout_at(self.deadline.into(), work));
            client.source().unless_halted(client.group(), work).await
        });
        let outcome = runtime::within(work)
            .await
            .map_err(|error| PlaceOrderError::NotPlaced(ConfigurationError::from(error).into()))?;
        match outcome {
            Some(outcome) => outcome.map_err(late),
            None => Err(PlaceOrderError::NotPlaced(
                Withheld::new(self.operation, WithheldReason::Halted).into(),
            )),
        }
    }

    /// What to make of an error: `Ok` if another attempt is right.
    async fn refused(&mut self, error: paradex_api::Error) -> Result<(), PlaceOrderError> {
        let error = Error::from(error);
        let wrong_time = error.code() == Some(&ErrorCode::InvalidTimestamp)
            && !error.is_outcome_unknown()
            && !std::mem::replace(&mut self.corrected, true);
        if wrong_time
            && self
                .in_time(self.client.group().correct_clock(self.asked))
                .await?
                .is_ok()
        {
            return Ok(());
        }
        let window = self
            .window
            .unwrap_or_else(|| OrderWindow::new(self.client.group().now(), self.good_for));
        Err(PlaceOrderError::of(error, window))
    }
}

fn stale(good_for: Duration) -> Error {
    let rule = "it became too old before it could be placed; nothing was placed";
    InvalidInput::new(
        "good_for",
        format_args!("{good_for:?}"),
        rule,
        "place it again if it is still wanted",
    )
    .into()
}

/// An order to place.
///
/// What is signed and what is sent come from the same fields, so they agree. Not signed are the trigger price, the client
/// id, the instruction, flags and the window.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewOrder {
    market: String,
    side: OrderSide,
    order_type: OrderType,
    /// Whether a type without a name here was meant.
    unlisted: bool,
    size: Decimal,
    price: Option<Decimal>,
    trigger_price: Option<Decimal>,
    instruction: OrderInstruction,
    client_id: Option<String>,
    flags: Vec<OrderFlag>,
    stp: Option<StpMode>,
    on_behalf_of: Option<String>,
    good_for: Duration,
}

impl NewOrder {
    fn new(market: impl Into<String>, side: OrderSide, order_type: OrderType, size: Decimal) -> Self {
        Self {
            market: market.into(),
            side,
            order_type,
            unlisted: false,
            size,
            price: None,
            trigger_price: None,
            instruction: OrderInstruction::Gtc,
            client_id: None,
            flags: Vec::new(),
            stp: None,
            on_behalf_of: None,
            good_for: GOOD_FOR,
        }
    }

    /// At the best price there is.
    pub fn market(market: impl Into<String>, side: OrderSide, size: Decimal) -> Self {
        Self::new(market, side, OrderType::Market, size)
    }

    /// At this price or better.
    pub fn limit(market: impl Into<String>, side: OrderSide, size: Decimal, price: Decimal) -> Self {
        Self::new(market, side, OrderType::Limit, size).price(price)
    }

    /// Of one of the types that wait for a trigger price: the `STOP_`, `STOP_LOSS_` and `TAKE_PROFIT_` ones. Those that end
    /// in `_LIMIT` need a [`price`](Self::price) as well, and those that end in `_MARKET` have none.
    ///
    /// For the `STOP_LOSS_` and `TAKE_PROFIT_` types, size 0 means the whole position. Other clients of the exchange send it
    /// so; the published document does not mention it.
    ///
    /// ```
    /// use paradex_api_ext::orders::{NewOrder, OrderSide, OrderType};
    ///
    /// let price = "25000".parse()?;
    /// NewOrder::triggered("BTC-USD-PERP", OrderSide::Sell, OrderType::StopLossMarket, 0.into(), price).check()?;
    /// let stop = NewOrder::triggered("BTC-USD-PERP", OrderSide::Sell, OrderType::StopMarket, 0.into(), price);
    /// assert_eq!(stop.check().unwrap_err().field(), "size");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn triggered(
        market: impl Into<String>,
        side: OrderSide,
        order_type: OrderType,
        size: Decimal,
        trigger_price: Decimal,
    ) -> Self {
        Self::new(market, side, order_type, size).trigger_price(trigger_price)
    }

    /// Of a type that this version of the crate does not know. What it needs is not checked, and its name is signed as it
    /// is given.
    pub fn unlisted_type(
        market: impl Into<String>,
        side: OrderSide,
        order_type: &str,
        size: Decimal,
    ) -> Self {
        Self {
            unlisted: true,
            ..Self::new(market, side, OrderType::from(order_type), size)
        }
    }

    /// The price, in the quote currency.
    pub fn price(mut self, price: Decimal) -> Self {
        self.price = Some(price);
        self
    }

    /// The price at which it is triggered. It is not signed.
    pub fn trigger_price(mut self, price: Decimal) -> Self {
        self.trigger_price = Some(price);
        self
    }

    /// How it may execute; good till cancelled if nothing is said.
    pub fn instruction(mut self, instruction: OrderInstruction) -> Self {
        self.instruction = instruction;
        self
    }

    /// An id of the caller's own, of at most 64 characters. With it, an order whose outcome is unknown can be looked up.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = Some(id.into());
        self
    }

    /// Adds a flag.
    pub fn flag(mut self, flag: OrderFlag) -> Self {
        self.flags.push(flag);
        self
    }

    /// Which order gives way when the account would trade with itself; the taker if nothing is said.
    pub fn self_trade_prevention(mut self, mode: StpMode) -> Self {
        self.stp = Some(mode);
        self
    }

    /// The isolated margin account to trade for.
    pub fn on_behalf_of(mut self, account: impl Into<String>) -> Self {
        self.on_behalf_of = Some(account.into());
        self
    }

    /// How long after it was first signed the order may still be placed, 5 s by default: sending is not begun later, and the
    /// exchange does not take it later (`recv_window`). If it has to be signed again, the second signature has what is left
    /// of this time. Between 10 ms and 5 min.
    pub fn good_for(mut self, window: Duration) -> Self {
        self.good_for = window;
        self
    }

    /// Whether it can be placed.
    ///
    /// ```
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    ///
    /// let order = NewOrder::market("BTC-USD-PERP", OrderSide::Sell, "0.1".parse()?).price("1".parse()?);
    /// let error = order.check().unwrap_err();
    /// assert_eq!(error.field(), "price");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A field breaks a rule: the first one, with its value.
    pub fn check(&self) -> Result<(), InvalidInput> {
        short_string("market", &self.market)?;
        side(&self.side)?;
        short_string("order_type", self.order_type.as_str())?;
        if !(self.size.is_zero() && self.closes_position()) {
            positive("size", self.size)?;
        }
        for (field, price) in [("price", self.price), ("trigger_price", self.trigger_price)] {
            price.map_or(Ok(()), |price| positive(field, price))?;
        }
        if !self.unlisted || self.order_type.is_known() {
            self.check_type()?;
        }
        if let Some(mode) = self.stp.as_ref().filter(|mode| !mode.is_known()) {
            return Err(InvalidInput::new(
                "self_trade_prevention",
                mode,
                "it is none that is known",
                "use a listed one",
            ));
        }
        if let Some(flag) = self.flags.iter().find(|flag| !flag.is_known()) {
            return Err(InvalidInput::new(
                "flags",
                flag,
                "it is none that is known",
                "use a listed one",
            ));
        }
        if !self.instruction.is_known() {
            return Err(InvalidInput::new(
                "instruction",
                &self.instruction,
                "it is none that is known",
                "use a listed one",
            ));
        }
        if let Some(id) = &self.client_id
            && (matches!(id.as_str(), "" | "." | "..") || id.chars().count() > 64)
        {
            return Err(InvalidInput::new(
                "client_id",
                id,
                "it has between 1 and 64 characters, and is not `.` or `..`, which cannot be looked up",
                "choose another",
            ));
        }
        window(self.good_for)
    }

    /// Whether size 0 means the whole position: it does for stop-loss and take-profit orders, which only close one.
    fn closes_position(&self) -> bool {
        use OrderType as T;
        matches!(
            self.order_type,
            T::StopLossMarket | T::StopLossLimit | T::TakeProfitMarket | T::TakeProfitLimit
        )
    }

    /// The market.
    pub(crate) fn market_name(&self) -> &str {
        &self.market
    }

    /// Whether an order has the values that this carries as a change; nothing if that cannot be told, because the order does
    /// not show one of them and differs in none. Size 0 stands for a size that only the exchange knows.
    pub(crate) fn is_shown_by(&self, order: &types::Order) -> Option<bool> {
        let values = [
            (Some(self.size).filter(|size| !size.is_zero()), order.size),
            (self.price, order.price),
            (self.trigger_price, order.trigger_price),
        ];
        let mut all_shown = true;
        for (wanted, shown) in values {
            match (wanted, shown) {
                (Some(wanted), Some(shown)) if wanted != shown => return Some(false),
                (Some(_), None) => all_shown = false,
                _ => {}
            }
        }
        all_shown.then_some(true)
    }

    /// Whether it has nothing that a change cannot carry.
    fn check_change(&self) -> Result<(), InvalidInput> {
        let set = [
            ("client_id", self.client_id.is_some()),
            ("instruction", self.instruction != OrderInstruction::Gtc),
            ("flags", !self.flags.is_empty()),
            ("self_trade_prevention", self.stp.is_some()),
        ];
        match set.iter().find(|(_, set)| *set) {
            Some((field, _)) => {
                let remedy = "leave it out, or cancel the order and place another";
                Err(InvalidInput::new(
                    field,
                    "set",
                    "a change cannot carry it",
                    remedy,
                ))
            }
            None => Ok(()),
        }
    }

    fn check_type(&self) -> Result<(), InvalidInput> {
        use OrderType as T;
        let (needs_price, needs_trigger) = match &self.order_type {
            T::Market => (false, false),
            T::Limit => (true, false),
            T::StopMarket | T::StopLossMarket | T::TakeProfitMarket => (false, true),
            T::StopLimit | T::StopLossLimit | T::TakeProfitLimit => (true, true),
            other => {
                return Err(InvalidInput::new(
                    "order_type",
                    other,
                    "it is none that is known, and so nobody knows what must be signed for it",
                    "use `NewOrder::unlisted_type` if that is meant",
                ));
            }
        };
        let kind = self.order_type.as_str();
        match (needs_price, self.price) {
            (true, None) => {
                return Err(InvalidInput::new(
                    "price",
                    "none",
                    format!("a {kind} order has one"),
                    "give it with `price`",
                ));
            }
            (false, Some(price)) => {
                return Err(InvalidInput::new(
                    "price",
                    price,
                    format!("a {kind} order has none"),
                    "leave it out",
                ));
            }
            _ => {}
        }
        match (needs_trigger, self.trigger_price) {
            (true, None) => Err(InvalidInput::new(
                "trigger_price",
                "none",
                format!("a {kind} order has one"),
                "give it with `trigger_price`",
            )),
            (false, Some(price)) => Err(InvalidInput::new(
                "trigger_price",
                price,
                format!("a {kind} order has none"),
                "leave it out",
            )),
            _ => Ok(()),
        }
    }

    /// The part that is signed.
    fn message(&self, timestamp_ms: u64) -> Result<signing::Order, SigningError> {
        Ok(signing::Order {
            timestamp_ms,
            market: Felt::from_short_string(&self.market)?,
            side: signed_side(&self.side),
            order_type: Felt::from_short_string(self.order_type.as_str())?,
            size: Scaled::from_decimal(self.size)?,
            price: self.price.map_or(Ok(Scaled::ZERO), Scaled::from_decimal)?,
        })
    }

    fn fields(&self, timestamp_ms: u64) -> Vec<(&'static str, String)> {
        vec![
            ("timestamp", timestamp_ms.to_string()),
            ("market", self.market.clone()),
            ("side", self.side.to_string()),
            ("orderType", self.order_type.to_string()),
            ("size", self.size.normalize().to_string()),
            ("price", self.price.unwrap_or_default().normalize().to_string()),
        ]
    }

    async fn signed(&self, signing: &Signing, stamp: Stamp) -> Result<OrderRequest, SignerError> {
        let timestamp = unix_milliseconds(stamp.signed);
        let hash = signing.prefix().order(&self.message(timestamp)?);
        let signature = signing
            .sign(Purpose::Order, stamp.expires(), self.fields(timestamp), hash)
            .await?;
        let mut request = OrderRequest::new(
            self.instruction.clone(),
            &self.market,
            self.side.clone(),
            signature.to_wire(),
            integer(timestamp),
            self.size.normalize(),
            self.order_type.clone(),
        )
        .recv_window(stamp.recv_window());
        if let Some(price) = self.price {
            request = request.price(price.normalize());
        }
        if let Some(price) = self.trigger_price {
            request = request.trigger_price(price.normalize());
        }
        if let Some(id) = &self.client_id {
            request = request.client_id(id);
        }
        if !self.flags.is_empty() {
            request = request.flags(self.flags.clone());
        }
        if let Some(mode) = &self.stp {
            request = request.stp(mode.as_str());
        }
        if let Some(account) = &self.on_behalf_of {
            request = request.on_behalf_of_account(account);
        }
        Ok(request)
    }

    async fn signed_change(
        &self,
        id: &str,
        felt: Felt,
        signing: &Signing,
        stamp: Stamp,
    ) -> Result<ModifyOrderRequest, SignerError> {
        let timestamp = unix_milliseconds(stamp.signed);
        let hash = signing.prefix().modify_order(&signing::ModifyOrder {
            order: self.message(timestamp)?,
            id: felt,
        });
        let mut fields = self.fields(timestamp);
        fields.push(("id", id.to_owned()));
        let signature = signing
            .sign(Purpose::ModifyOrder, stamp.expires(), fields, hash)
            .await?;
        let mut request = ModifyOrderRequest::new(
            id,
            &self.market,
            self.side.clone(),
            signature.to_wire(),
            integer(timestamp),
            self.size.normalize(),
            self.order_type.as_str(),
        );
        if let Some(price) = self.price {
            request = request.price(price.normalize());
        }
        if let Some(price) = self.trigger_price {
            request = request.trigger_price(price.normalize());
        }
        if let Some(account) = &self.on_behalf_of {
            request = request.on_behalf_of_account(account);
        }
        Ok(request)
    }
}

/// An order that an algorithm carries out over a time. It counts as a market order.
#[derive(Debug, Clone)]
#[must_use]
pub struct NewAlgoOrder {
    market: String,
    side: OrderSide,
    size: Decimal,
    duration: Duration,
    frequency: Option<Duration>,
    good_for: Duration,
}

impl NewAlgoOrder {
    /// A TWAP: the size in equal parts over this time, which is a multiple of 30 s, from 30 s to a day.
    pub fn twap(market: impl Into<String>, side: OrderSide, size: Decimal, duration: Duration) -> Self {
        Self {
            market: market.into(),
            side,
            size,
            duration,
            frequency: None,
            good_for: GOOD_FOR,
        }
    }

    /// The time between two parts; 30 s if nothing is said.
    pub fn every(mut self, frequency: Duration) -> Self {
        self.frequency = Some(frequency);
        self
    }

    /// As [`NewOrder::good_for`].
    pub fn good_for(mut self, window: Duration) -> Self {
        self.good_for = window;
        self
    }

    /// Whether it can be placed.
    ///
    /// # Errors
    ///
    /// A field breaks a rule: the first one, with its value.
    pub fn check(&self) -> Result<(), InvalidInput> {
        short_string("market", &self.market)?;
        side(&self.side)?;
        positive("size", self.size)?;
        let seconds = self.duration.as_secs();
        if self.duration.subsec_nanos() != 0
            || !seconds.is_multiple_of(30)
            || !(30..=86_400).contains(&seconds)
        {
            return Err(InvalidInput::new(
                "duration",
                format_args!("{:?}", self.duration),
                "it is a multiple of 30 s between 30 s and a day",
                "choose another",
            ));
        }
        if let Some(frequency) = self.frequency
            && (frequency.as_secs() == 0 || frequency.subsec_nanos() != 0)
        {
            return Err(InvalidInput::new(
                "frequency",
                format_args!("{frequency:?}"),
                "it is in whole seconds",
                "choose another",
            ));
        }
        window(self.good_for)
    }

    async fn signed(&self, signing: &Signing, stamp: Stamp) -> Result<AlgoOrderRequest, SignerError> {
        let timestamp = unix_milliseconds(stamp.signed);
        let hash = signing.prefix().algo_order(&signing::AlgoOrder {
            timestamp_ms: timestamp,
            market: Felt::from_short_string(&self.market)?,
            side: signed_side(&self.side),
            size: Scaled::from_decimal(self.size)?,
        });
        let fields = vec![
            ("timestamp", timestamp.to_string()),
            ("market", self.market.clone()),
            ("side", self.side.to_string()),
            ("orderType", "MARKET".to_owned()),
            ("size", self.size.normalize().to_string()),
            ("price", "0".to_owned()),
        ];
        let signature = signing
            .sign(Purpose::AlgoOrder, stamp.expires(), fields, hash)
            .await?;
        let mut request = AlgoOrderRequest::new(
            types::AlgoType::Twap.as_str(),
            integer(self.duration.as_secs()),
            &self.market,
            self.side.clone(),
            signature.to_wire(),
            integer(timestamp),
            self.size.normalize(),
            OrderType::Market,
        )
        .recv_window(stamp.recv_window());
        if let Some(frequency) = self.frequency {
            request = request.frequency(integer(frequency.as_secs()));
        }
        Ok(request)
    }
}

/// A field that cannot be signed.
fn signed_field(field: &'static str, value: impl std::fmt::Display, error: SigningError) -> InvalidInput {
    InvalidInput::new(
        field,
        value,
        error.to_string(),
        "only what can be signed exactly is taken",
    )
}

fn short_string(field: &'static str, text: &str) -> Result<(), InvalidInput> {
    if text.is_empty() {
        return Err(InvalidInput::new(field, text, "it is empty", "give it a text"));
    }
    Felt::from_short_string(text)
        .map(drop)
        .map_err(|error| signed_field(field, text, error))
}

fn positive(field: &'static str, number: Decimal) -> Result<(), InvalidInput> {
    if number <= Decimal::ZERO {
        return Err(InvalidInput::new(
            field,
            number,
            "it is above 0",
            "check the number",
        ));
    }
    Scaled::from_decimal(number)
        .map(drop)
        .map_err(|error| signed_field(field, number, error))
}

fn side(side: &OrderSide) -> Result<(), InvalidInput> {
    if side.is_known() {
        Ok(())
    } else {
        Err(InvalidInput::new(
            "side",
            side,
            "it is neither BUY nor SELL",
            "choose one of them",
        ))
    }
}

fn window(good_for: Duration) -> Result<(), InvalidInput> {
    if (SHORTEST..=LONGEST).contains(&good_for) {
        Ok(())
    } else {
        Err(InvalidInput::new(
            "good_for",
            format_args!("{good_for:?}"),
            "the window is between 10 ms and 5 min",
            "choose another",
        ))
    }
}

/// Checked before: a side is one of the two.
fn signed_side(side: &OrderSide) -> Side {
    match side {
        OrderSide::Sell => Side::Sell,
        _ => Side::Buy,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{NewAlgoOrder, NewOrder, OrderSide, OrderType};
    use crate::signing::Scaled;
    use paradex_api::Decimal;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn limit() -> NewOrder {
        NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, number("0.1"), number("29500.12"))
    }

    fn refused(order: NewOrder) -> String {
        order.check().unwrap_err().field().to_owned()
    }

    #[test]
    fn each_type_has_what_it_needs_and_nothing_else() {
        use OrderType as T;
        let new = |order_type: T| NewOrder::new("BTC-USD-PERP", OrderSide::Sell, order_type, number("1"));
        for (order_type, price, trigger) in [
            (T::Market, false, false),
            (T::Limit, true, false),
            (T::StopMarket, false, true),
            (T::StopLossMarket, false, true),
            (T::TakeProfitMarket, false, true),
            (T::StopLimit, true, true),
            (T::StopLossLimit, true, true),
            (T::TakeProfitLimit, true, true),
        ] {
            for (has_price, has_trigger) in [(false, false), (true, false), (false, true), (true, true)] {
                let mut order = new(order_type.clone());
                if has_price {
                    order = order.price(number("2"));
                }
                if has_trigger {
                    order = order.trigger_price(number("3"));
                }
                let fits = (has_price, has_trigger) == (price, trigger);
                assert_eq!(
                    order.check().is_ok(),
                    fits,
                    "{order_type} {has_price} {has_trigger}"
                );
            }
        }
        assert_eq!(T::KNOWN.len(), 8, "a new type has to be decided above");
    }

    #[test]
    fn what_cannot_be_signed_exactly_is_refused_by_name() {
        limit().check().unwrap();
        assert_eq!(refused(limit().price(number("1.123456789"))), "price");
        assert_eq!(refused(limit().price(number("0"))), "price");
        assert_eq!(refused(limit().price(number("-1"))), "price");
        // Zeros at the end are no digits.
        limit().price(number("1.12345678000")).check().unwrap();
        let sized = |size: &str| NewOrder::market("BTC-USD-PERP", OrderSide::Buy, number(size));
        for size in ["0", "-1", "0.000000001"] {
            assert_eq!(refused(sized(size)), "size", "{size}");
        }
        for market in ["", "a market whose name has more than 31 characters", "BTC–USD"] {
            assert_eq!(
                refused(NewOrder::market(market, OrderSide::Buy, number("1"))),
                "market"
            );
        }
        assert_eq!(
            refused(NewOrder::market("M", OrderSide::from("HOLD"), number("1"))),
            "side"
        );
        assert_eq!(refused(limit().client_id("")), "client_id");
        assert_eq!(refused(limit().client_id("x".repeat(65))), "client_id");
        limit().client_id("x".repeat(64)).check().unwrap();
        assert_eq!(refused(limit().good_for(Duration::from_millis(9))), "good_for");
        assert_eq!(refused(limit().good_for(Duration::from_secs(301))), "good_for");
        assert_eq!(refused(limit().instruction("SOON".into())), "instruction");
    }

    #[test]
    fn size_zero_is_for_types_that_close_a_position() {
        for order_type in OrderType::KNOWN {
            let name = order_type.as_str().to_owned();
            let sized = |size| {
                let mut order = NewOrder::new("M", OrderSide::Sell, order_type.clone(), number(size));
                if name.ends_with("LIMIT") {
                    order = order.price(number("2"));
                }
                if !["LIMIT", "MARKET"].contains(&name.as_str()) {
                    order = order.trigger_price(number("3"));
                }
                order
            };
            let closes = name.starts_with("STOP_LOSS_") || name.starts_with("TAKE_PROFIT_");
            for zero in ["0", "0.000"] {
                assert_eq!(sized(zero).check().is_ok(), closes, "{name}");
            }
            assert_eq!(refused(sized("-1")), "size", "{name}");
            assert_eq!(refused(sized("0.000000001")), "size", "{name}");
        }
        let unlisted = NewOrder::unlisted_type("M", OrderSide::Buy, "BRAND_NEW", number("0"));
        assert_eq!(refused(unlisted), "size");
    }

    #[test]
    fn an_unknown_type_must_be_meant() {
        let order = |order_type| NewOrder::new("M", OrderSide::Buy, order_type, number("1"));
        assert_eq!(refused(order(OrderType::from("BRAND_NEW"))), "order_type");
        NewOrder::unlisted_type("M", OrderSide::Buy, "BRAND_NEW", number("1"))
            .check()
            .unwrap();
        assert_eq!(
            refused(NewOrder::unlisted_type("M", OrderSide::Buy, "", number("1"))),
            "order_type"
        );
    }

    #[test]
    fn what_is_signed_is_what_is_sent() {
        let message = limit().message(1).unwrap();
        assert_eq!(message.size, Scaled::from_integer(10_000_000));
        assert_eq!(message.price, Scaled::from_integer(2_950_012_000_000));
        let market = NewOrder::market("M", OrderSide::Sell, number("1"))
            .message(1)
            .unwrap();
        assert_eq!(market.price, Scaled::ZERO);
    }

    #[test]
    fn a_twap_runs_for_half_minutes() {
        let twap = |seconds| {
            NewAlgoOrder::twap("M", OrderSide::Buy, number("1"), Duration::from_secs(seconds))
                .check()
                .is_ok()
        };
        assert!(twap(30) && twap(86_400));
        assert!(!twap(0) && !twap(29) && !twap(31) && !twap(86_430));
        let order = NewAlgoOrder::twap("M", OrderSide::Buy, number("1"), Duration::from_secs(60));
        assert!(order.clone().every(Duration::from_millis(1_500)).check().is_err());
        assert!(order.every(Duration::from_secs(15)).check().is_ok());
    }
}
