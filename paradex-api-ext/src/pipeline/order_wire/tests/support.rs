//! A link that does what a test says, beside a simulator that HTTP reaches.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use paradex_api::Operation;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

use crate::auth::Session;
use crate::orders::{NewOrder, OrderSide};
use crate::pipeline::order_wire::{OrderLink, OrderMessage, OrderWire, ReadyLink};
use crate::simulator::Simulator;
use crate::stream::LossCause;
use crate::stream::private::{NotSentReason, RequestOutcome, RpcError, Wanted};
use crate::{Client, ClientBuilder, Credentials, Environment};

pub(super) type Response = Box<dyn Fn(&str, &Value) -> Reply + Send + Sync>;

/// What becomes of a request.
pub(super) enum Reply {
    Result(Value),
    Error(i64, &'static str),
    NotSent(NotSentReason),
    /// It is carried out by HTTP by another client, and the response is lost.
    CarriedOut,
    /// It waits in the queue until it is released.
    Queued,
}

pub(super) struct FakeLink {
    pub(super) ready: Mutex<Option<ReadyLink>>,
    pub(super) serves: Mutex<bool>,
    pub(super) reply: Mutex<Response>,
    /// The requests that were written, with their connection.
    pub(super) written: Mutex<Vec<(u64, &'static str, Value)>>,
    pub(super) queued: Semaphore,
    /// Notified for each request that waits in the queue.
    pub(super) arrived: Notify,
    pub(super) renewed: Mutex<Vec<(u64, LossCause)>>,
    pub(super) has_ended: AtomicBool,
    /// Notified when the connection is given up, which ends requests that wait.
    pub(super) given_up: Notify,
    other: Client,
}

/// A client whose orders go over a link, and what they reach.
pub(super) struct Desk {
    pub(super) exchange: Simulator,
    /// A client of the same account without the link.
    pub(super) http: Client,
    pub(super) client: Client,
    pub(super) link: Arc<FakeLink>,
    /// What was reported about orders by HTTP.
    pub(super) unprotected: Arc<Mutex<Vec<Option<Vec<String>>>>>,
    pub(super) wire: Arc<OrderWire>,
}

/// The link as the wire holds it.
struct Held(Arc<FakeLink>);

impl OrderLink for Held {
    fn ready(&self, session: Option<&Session>) -> Option<ReadyLink> {
        let serves = session.is_none() || *self.0.serves.lock().unwrap();
        self.0.ready.lock().unwrap().filter(|_| serves)
    }

    fn has_ended(&self) -> bool {
        self.0.has_ended.load(Ordering::SeqCst)
    }

    fn request<'a>(
        &'a self,
        connection: u64,
        message: OrderMessage,
        _: Instant,
        wanted: Wanted,
    ) -> Pin<Box<dyn Future<Output = RequestOutcome> + Send + 'a>> {
        Box::pin(async move {
            let link = &self.0;
            let params: Value = serde_json::from_slice(&message.params).unwrap();
            let reply = (link.reply.lock().unwrap())(message.name, &params);
            if let Reply::Queued = reply {
                link.arrived.notify_one();
                tokio::select! {
                    permit = link.queued.acquire() => permit.unwrap().forget(),
                    () = link.given_up.notified() => return RequestOutcome::NotSent(NotSentReason::OtherConnection),
                }
            }
            if let Reply::NotSent(reason) = reply {
                return RequestOutcome::NotSent(reason);
            }
            if !wanted() {
                return RequestOutcome::NotSent(NotSentReason::NotWanted);
            }
            link.written
                .lock()
                .unwrap()
                .push((connection, message.name, params.clone()));
            match reply {
                Reply::Result(result) => RequestOutcome::Response(Ok(to_raw_value(&result).unwrap())),
                Reply::Error(code, text) => RequestOutcome::Response(Err(RpcError {
                    code,
                    message: text.to_owned(),
                    data: None,
                })),
                Reply::CarriedOut => {
                    let call = link.other.api().call(&paradex_api::operations::CREATE_ORDER);
                    call.body(params.to_string()).unwrap().send().await.unwrap();
                    RequestOutcome::Unanswered
                }
                Reply::NotSent(_) | Reply::Queued => RequestOutcome::Unanswered,
            }
        })
    }

    fn renew(&self, connection: u64, cause: LossCause) {
        self.0.renewed.lock().unwrap().push((connection, cause));
        self.0.given_up.notify_waiters();
    }

    fn close(&self) {}
}

impl FakeLink {
    pub(super) fn replies(&self, reply: impl Fn(&str, &Value) -> Reply + Send + Sync + 'static) {
        *self.reply.lock().unwrap() = Box::new(reply);
    }

    pub(super) fn set_ready(&self, ready: Option<ReadyLink>) {
        *self.ready.lock().unwrap() = ready;
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.written
            .lock()
            .unwrap()
            .iter()
            .map(|(_, name, _)| *name)
            .collect()
    }
}

pub(super) fn environment(exchange: &Simulator) -> Environment {
    Environment::custom(exchange.url()).unwrap()
}

pub(super) const ARMED: ReadyLink = ReadyLink {
    connection: 1,
    is_armed: true,
};

/// A desk whose link is ready and carries out everything.
pub(super) async fn desk(needs_arming: bool, falls_back: bool) -> Desk {
    desk_with(needs_arming, falls_back, |builder| builder).await
}

/// The same, for a client with other settings.
pub(super) async fn desk_with(
    needs_arming: bool,
    falls_back: bool,
    build: impl Fn(ClientBuilder) -> ClientBuilder,
) -> Desk {
    let exchange = Simulator::builder().strict().start().await.unwrap();
    let account = exchange.main_account().parse().unwrap();
    let credentials = || Credentials::starknet(environment(&exchange), exchange.main_key(), account);
    let http = build(Client::builder(environment(&exchange)).credentials(credentials()));
    let http = http.build().unwrap();
    let other = Client::builder(environment(&exchange))
        .credentials(credentials())
        .build()
        .unwrap();
    http.sign_in().await.unwrap();
    let link = Arc::new(FakeLink {
        ready: Mutex::new(Some(ARMED)),
        serves: Mutex::new(true),
        reply: Mutex::new(Box::new(|name, params| Reply::Result(result(name, params)))),
        written: Mutex::default(),
        queued: Semaphore::new(0),
        arrived: Notify::new(),
        renewed: Mutex::default(),
        has_ended: AtomicBool::new(false),
        given_up: Notify::new(),
        other,
    });
    let unprotected: Arc<Mutex<Vec<Option<Vec<String>>>>> = Arc::default();
    let noted = Arc::clone(&unprotected);
    let wire = Arc::new(OrderWire::new(
        Box::new(Held(Arc::clone(&link))),
        Arc::clone(http.halt_gate()),
        needs_arming,
        falls_back,
        Box::new(move |ids| noted.lock().unwrap().push(ids)),
    ));
    http.group().add_order_wire(&wire);
    Desk {
        client: http.with_order_wire(Arc::clone(&wire)),
        exchange,
        http,
        link,
        unprotected,
        wire,
    }
}

/// The result of a method that was carried out.
pub(super) fn result(name: &str, params: &Value) -> Value {
    let order = |params: &Value| {
        let mut order = params.clone();
        order["id"] = "over-the-socket".into();
        order["status"] = "NEW".into();
        order
    };
    match name {
        "order.create" | "order.modify" => json!({"order": order(params), "created_at": 1}),
        "order.create_batch" => {
            let orders = params["orders"].as_array().unwrap();
            let results: Vec<Value> = orders.iter().map(|sent| json!({"order": order(sent)})).collect();
            json!({ "results": results })
        }
        "order.cancel" => json!({"order_id": params["id"], "status": "QUEUED_FOR_CANCELLATION"}),
        "order.cancel_batch" => {
            let ids = params["order_ids"].as_array().unwrap();
            let results: Vec<Value> = ids
                .iter()
                .map(|id| json!({"id": id, "status": "QUEUED_FOR_CANCELLATION"}))
                .collect();
            json!({ "results": results })
        }
        "order.cancel_all" => json!({"status": "ok"}),
        _ => panic!("{name}"),
    }
}

pub(super) fn order() -> NewOrder {
    NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into())
}

impl Desk {
    /// How many requests of an operation arrived by HTTP.
    pub(super) fn by_http(&self, operation: &'static Operation) -> usize {
        let requests = self.exchange.requests();
        requests
            .iter()
            .filter(|request| request.operation() == Some(operation))
            .count()
    }

    pub(super) fn open_orders(&self) -> usize {
        let orders = self.exchange.orders(&self.exchange.main_account());
        orders
            .iter()
            .filter(|order| order.status.as_str() != "CLOSED")
            .count()
    }
}
