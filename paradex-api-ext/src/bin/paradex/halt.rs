//! `paradex halt`.

use paradex_api_ext::paradex_api::Operation;
use paradex_api_ext::paradex_api::operations::{LIST_OPEN_ALGO_ORDERS, LIST_OPEN_ORDERS};
use paradex_api_ext::paradex_api::wire::Undecoded;
use paradex_api_ext::{Client, Error};
use serde::Serialize;
use serde_json::Value;

use crate::args;
use crate::client_source::{ClientSource, open_fleet};
use crate::console::{Console, Exit, Failure, line};

#[derive(Serialize)]
struct AccountResult {
    name: String,
    clear: bool,
    open_orders: Option<usize>,
    open_algo_orders: Option<usize>,
    detail: String,
}

#[derive(Serialize)]
struct Outcome {
    dry_run: bool,
    accounts: Vec<AccountResult>,
}

/// Cancels all open orders. Other programs that trade are not stopped.
pub(crate) async fn run(
    halt: &args::Halt,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let fleet = open_fleet(named.iter().map(String::as_str), source)?;
    let accounts: Vec<_> = fleet
        .accounts()
        .filter_map(|name| Some((name, fleet.client(name)?)))
        .collect();
    let dry_run = halt.dry_run.dry_run;
    if !dry_run {
        console.confirm("cancel all open orders", &accounts)?;
    }
    // Concurrently: if one account is stuck, the others must still be halted.
    let tasks: Vec<_> = accounts
        .iter()
        .map(|(name, client)| tokio::spawn(halt_account((*name).to_owned(), (*client).clone(), dry_run)))
        .collect();
    let mut results = Vec::new();
    for ((name, _), task) in accounts.iter().zip(tasks) {
        results.push(task.await.unwrap_or_else(|_| {
            Ok(AccountResult {
                name: (*name).to_owned(),
                clear: false,
                open_orders: None,
                open_algo_orders: None,
                detail: "the open orders are not known, because the task ended early: run halt again"
                    .to_owned(),
            })
        }));
    }
    let outcome = Outcome {
        dry_run,
        accounts: results.into_iter().collect::<Result<_, _>>()?,
    };
    let lines = outcome.accounts.iter();
    let text: String = lines
        .map(|result| format!("{}: {}\n", line(&result.name), line(&result.detail)))
        .collect();
    console.result(&outcome, text)?;
    let is_well = |halted: &AccountResult| halted.clear || (dry_run && halted.open_orders.is_some());
    let clear = outcome.accounts.iter().all(is_well);
    Ok(if clear { Exit::Done } else { Exit::Partial })
}

/// Cancels the open orders of one account, or counts them for a dry run.
async fn halt_account(name: String, client: Client, dry_run: bool) -> Result<AccountResult, Failure> {
    if dry_run {
        let (orders, algos) = match would_cancel(&client).await {
            Ok(counts) => counts,
            Err(failure) => {
                return Err(Failure::new(
                    failure.exit,
                    format!("account `{}`: {failure}", line(&name)),
                ));
            }
        };
        return Ok(AccountResult {
            name,
            clear: orders + algos == 0,
            open_orders: Some(orders),
            open_algo_orders: Some(algos),
            detail: format!("{orders} orders and {algos} algo orders would be cancelled"),
        });
    }
    let report = client.halt().await;
    let first = report.accounts().first();
    let open = first.and_then(|account| account.open.as_ref().ok());
    Ok(AccountResult {
        name,
        clear: report.is_clear(),
        open_orders: open.map(|open| open.orders.len()),
        open_algo_orders: open.map(|open| open.algo_orders.len()),
        detail: report.to_string(),
    })
}

/// The number of open orders and algo orders.
async fn would_cancel(client: &Client) -> Result<(usize, usize), Failure> {
    let api = client.api();
    let orders = api.list_open_orders().send().await.map_err(Error::from)?;
    let algos = api.list_open_algo_orders().send().await.map_err(Error::from)?;
    Ok((
        count(&LIST_OPEN_ORDERS, orders.results.len(), orders.undecoded())?,
        count(&LIST_OPEN_ALGO_ORDERS, algos.results.len(), algos.undecoded())?,
    ))
}

/// The length of a list. A list with an element that cannot be decoded is in the undecoded fields, and counts in full.
fn count(operation: &Operation, read: usize, undecoded: &Undecoded) -> Result<usize, Failure> {
    match undecoded.get("results") {
        Some(Value::Array(elements)) => Ok(elements.len()),
        None if read > 0 => Ok(read),
        _ => Err(Failure::new(
            Exit::Failed,
            format!(
                "the response to `{}` contains no list, so the open orders are not known: check by hand",
                operation.id
            ),
        )),
    }
}
