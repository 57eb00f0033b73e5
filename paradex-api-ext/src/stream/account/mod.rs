//! The account of a client by WebSocket, reconciled with the REST API: orders, fills, positions, balances, busts, funding, transfers
//! and requests for quote.
//!
//! ```no_run
//! use paradex_api_ext::Client;
//! use paradex_api_ext::stream::AccountUpdate;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), paradex_api_ext::Error> {
//!     // The credential comes from environment variables.
//!     let client = Client::from_env()?;
//!     let mut account = client.account_stream().start();
//!     while let Some(update) = account.next().await {
//!         match update {
//!             AccountUpdate::Reconciled(found) => println!("complete from here on: {found}"),
//!             AccountUpdate::Order(order) => println!("{:?} is {:?}", order.id, order.status),
//!             AccountUpdate::Fill(fill) => println!("{:?} {:?} at {:?}", fill.market, fill.size, fill.price),
//!             AccountUpdate::Lost(lost) => println!("lost: {lost}"),
//!             _ => {}
//!         }
//!     }
//!     // It reconnects by itself, and ends only if that cannot help.
//!     match account.error() {
//!         Some(error) => Err(error.clone().into()),
//!         None => Ok(()),
//!     }
//! }
//! ```
//!
//! # REST decides
//!
//! Events of an account are not numbered, so nothing in them shows a gap. After every connection the stream therefore reads open
//! orders, fills, positions and the margin summary from the REST API, merges them with the events that arrived meanwhile, and says
//! [`Reconciled`](AccountUpdate::Reconciled). Between [`Lost`](AccountUpdate::Lost) and `Reconciled` it yields nothing and
//! [`AccountStream::orders`] is `None`. It stays so for as long as the REST API cannot be read; [`AccountStream::outage`] says why.
//!
//! * An order that the REST API does not list is looked up in the history and by its id. If the exchange shows no end of it, it is
//!   [unresolved](Unresolved::orders), and not closed.
//! * A closed order stays closed, and the remaining size of an order grows only with its size, whichever source is behind the other.
//! * A fill is yielded once for each id, as [`Fill`](AccountUpdate::Fill) or in [`Reconciliation::fills_found`].
//! * The outcome of a modification is yielded once for each request, as [`Modification`](AccountUpdate::Modification). Later events of
//!   an order may repeat an old one.
//!
//! What the REST API does not list, such as balance events, is not found again after a loss. Nor are transfers, funding payments and
//! busts; read their lists if you need each of them.
//!
//! # Comparison
//!
//! An acknowledged channel can be silent. So open orders, fills and positions are compared with the REST API 5 s after each
//! reconciliation, then every 60 s or as [`AccountStreamBuilder::compare_every`] says, and at once if the event of an own order does
//! not come within 5 s. An order is an own
//! one if a client of the same [`ClientGroup`](crate::ClientGroup) and account placed, modified or cancelled it. A difference that is
//! still there 2 s later, without an event that explains it, is a loss with the cause
//! [`Differs`](super::LossCause::Differs): the stream connects again, because a channel can be silent for good, and reconciles.
//!
//! # Restart
//!
//! Without more, the stream claims nothing about the time before it was created, by the clock of the exchange. It measures that clock
//! before it first reads the account. Fills of the second before can be among the first that it reports. [`AccountStreamBuilder::cursor`] takes what
//! [`AccountStream::cursor`] returned before a restart, and [`AccountStreamBuilder::since`] a time.
//!
//! ```no_run
//! # use paradex_api_ext::paradex_api::serde_json;
//! # async fn example(client: paradex_api_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let mut builder = client.account_stream();
//! if let Ok(stored) = std::fs::read("account.json") {
//!     builder = builder.cursor(serde_json::from_slice(&stored)?);
//! }
//! let mut account = builder.start();
//! while let Some(update) = account.next().await {
//!     // Handle the update, and then store how far you are.
//!     println!("{update:?}");
//!     if let Some(cursor) = account.cursor() {
//!         std::fs::write("account.json", serde_json::to_vec(&cursor)?)?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Connections and limits
//!
//! Each stream has a connection of its own, so share one among the parts of a program. A reconciliation makes three calls, one for
//! every 2,000 fills, and some for orders that are not open any more; a comparison makes three. They count against the limit of private
//! reads, which is 120 a second and 600 a minute for an account.
//!
//! A stream lives in the runtime in which it was created or first read. When that runtime ends, the stream says
//! [`Lost`](AccountUpdate::Lost) and connects again in the runtime in which it is read next. Synchronous programs iterate over it with
//! `Blocking::updates` of the feature `blocking`.
//!
//! # What is not known
//!
//! We have not tried this against the exchange. No published source says:
//!
//! * Do the REST API and the channels show the same `last_updated_at` for the same state of an order?
//! * How long after its creation is an order in the list of open ones? An order that was placed before the subscription and is listed
//!   after the reconciliation is found by the next comparison.
//! * How long after its creation is a fill in the list of the REST API? A fill that is listed more than 10 s later and was made while
//!   there was no connection can be missed.
//! * By which of an order's times does the history select?
//! * Does the list of positions have all open ones? It is taken as complete, as its document says.
//! * Do later events of an order repeat the outcome of an earlier modification?

mod builder;
mod cursor;
mod driver;
mod engine;
mod fills;
mod modifications;
mod orders;
mod own_orders;
mod positions;
mod queue;
mod recent;
mod rest;
mod state;
mod stream;
#[cfg(test)]
mod tests;
mod update;

pub use builder::AccountStreamBuilder;
pub use cursor::AccountCursor;
pub(crate) use own_orders::OwnOrders;
pub use stream::AccountStream;
pub use update::{AccountUpdate, Modification, ModificationOutcome, Reconciliation, Unresolved};
