//! Orders: place, change and cancel them, resolve unknown outcomes, halt trading. Block trades.

mod algo_order;
#[cfg(feature = "signing")]
mod block_trades;
mod cancel;
pub(crate) mod halt;
mod new_order;
mod open_orders;
mod order_rules;
#[cfg(feature = "stream")]
pub(crate) mod order_socket;
mod order_window;
mod orders;
#[cfg(feature = "signing")]
mod place;
#[cfg(feature = "signing")]
mod placement;
mod resolve;
mod resolve_change;
#[cfg(feature = "signing")]
mod sign_order;

pub use algo_order::NewAlgoOrder;
pub use cancel::CancelScope;
pub use new_order::NewOrder;
pub use open_orders::OpenOrders;
pub use order_window::OrderWindow;
pub use orders::Orders;
pub use resolve::Resolution;
pub use resolve_change::ChangeResolution;
