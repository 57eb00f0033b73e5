//! Reads the account from the REST API.
//!
//! A reading is one call for open orders, positions and the margin summary each, and one for every 2,000 fills. They count against
//! the limit of private reads, which is 120 a second and 600 a minute for an account.

use std::collections::HashSet;

use paradex_api::reqwest::StatusCode;
use paradex_api::types::{Fill, Order, OrderStatus, Position};

use super::engine::{Listing, Reading};
use crate::client::Client;
use crate::error::Error;
use crate::pagination::{Paged, listing};

/// Fills and orders in a page, so that a page has a quarter of the largest body that a client reads by default.
const PAGE: u32 = 2_000;
/// Closed orders that are read to find out what became of those that are not open any more.
const MOST_CLOSED: usize = 10_000;
/// Orders that are asked for one by one in a reading. The rest stays unresolved until the next comparison.
const MOST_SINGLE: usize = 50;
/// How far the exchange's times of one order may be apart, in milliseconds.
const TOLERANCE: i64 = 60_000;

/// Reads everything that a reconciliation needs, but for orders that the list of open ones lacks.
pub(super) async fn read(client: &Client, reading: Reading) -> Result<Listing, Error> {
    let api = client.api();
    let summary = async { Ok::<_, Error>(Box::new(api.get_account().send().await?.into_inner())) };
    let (orders, fills, positions, summary) = tokio::try_join!(
        open_orders(client),
        fills(client, reading.fills_since),
        positions(client),
        summary
    )?;
    Ok(Listing {
        orders,
        fills,
        positions,
        summary: Some(summary),
    })
}

/// Reads the open orders.
pub(super) async fn open_orders(client: &Client) -> Result<Vec<Order>, Error> {
    listing::elements(client.api().list_open_orders().send().await?)
}

/// Reads the open positions.
pub(super) async fn positions(client: &Client) -> Result<Vec<Position>, Error> {
    Ok(client.api().list_positions().send().await?.into_inner().results)
}

/// Reads all fills since a time, in milliseconds.
pub(super) async fn fills(client: &Client, since: i64) -> Result<Vec<Fill>, Error> {
    let pages = client
        .api()
        .list_fills()
        .start_at(since)
        .pages()
        .page_size(PAGE)?;
    Ok(pages.all(usize::MAX).await?.into_items())
}

/// Asks for orders that the list of open orders lacks, first in the history and then by id. Returns each with its state, or with
/// none if the exchange said nothing about it. An open state in the history is no proof, because it can be an old one.
pub(super) async fn look_up(
    client: &Client,
    missing: Vec<Order>,
) -> Result<Vec<(String, Option<Order>)>, Error> {
    let mut wanted: HashSet<String> = missing.iter().filter_map(|order| order.id.clone()).collect();
    let mut found = Vec::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    for order in closed_since(client, &missing).await? {
        if let Some(id) = order.id.clone()
            && wanted.remove(&id)
        {
            found.push((id, Some(order)));
        }
    }
    let mut asked = 0;
    for order in missing {
        let Some(id) = order.id.as_deref().filter(|id| wanted.contains(*id)) else {
            continue;
        };
        let mut state = None;
        if asked < MOST_SINGLE {
            asked += 1;
            state = by_id(client, id).await?;
            if state.is_none() {
                state = by_client_id(client, id, &order).await?;
            }
        }
        found.push((id.to_owned(), state));
    }
    Ok(found)
}

/// The closed orders that were created when these were.
async fn closed_since(client: &Client, orders: &[Order]) -> Result<Vec<Order>, Error> {
    let times = || orders.iter().filter_map(|order| order.created_at);
    let (Some(first), Some(last)) = (times().min(), times().max()) else {
        return Ok(Vec::new());
    };
    let history = client
        .api()
        .list_orders_history()
        .status(OrderStatus::Closed)
        .start_at(first.saturating_sub(TOLERANCE).max(0))
        .end_at(last.saturating_add(TOLERANCE));
    let orders = history
        .pages()
        .page_size(PAGE)?
        .all(MOST_CLOSED)
        .await?
        .into_items();
    Ok(orders.into_iter().filter(is_closed).collect())
}

/// The order, if the exchange shows it. Its document says that it shows only open ones.
async fn by_id(client: &Client, id: &str) -> Result<Option<Order>, Error> {
    match client.api().get_order().order_id(id).send().await {
        Ok(response) => Ok(Some(response.into_inner()).filter(|order| order.id.as_deref() == Some(id))),
        // Without a code, it is not the exchange that says so.
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) && error.code().is_some() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The closed order, looked up by the client's own id in the history.
async fn by_client_id(client: &Client, id: &str, order: &Order) -> Result<Option<Order>, Error> {
    let Some(client_id) = order
        .client_id
        .as_deref()
        .filter(|client_id| !client_id.is_empty())
    else {
        return Ok(None);
    };
    let history = client.api().list_orders_history().client_id(client_id);
    let found = history
        .pages()
        .page_size(PAGE)?
        .all(PAGE as usize)
        .await?
        .into_items();
    Ok(found
        .into_iter()
        .find(|order| order.id.as_deref() == Some(id) && is_closed(order)))
}

fn is_closed(order: &Order) -> bool {
    order.status == Some(OrderStatus::Closed)
}
