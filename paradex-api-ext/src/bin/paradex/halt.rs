//! `paradex halt`.

use paradex_api_ext::Client;
use serde::Serialize;

use crate::args;
use crate::console::{Console, Exit, Failure, chain, line};
use crate::world::{ClientSource, fleet};

#[derive(Serialize)]
struct Halted {
    name: String,
    clear: bool,
    open_orders: Option<usize>,
    open_algo_orders: Option<usize>,
    detail: String,
}

#[derive(Serialize)]
struct Outcome {
    dry_run: bool,
    accounts: Vec<Halted>,
}

/// Cancels everything. A program that trades goes on trading: this process cannot stop another.
pub(crate) async fn run(
    halt: &args::Halt,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let fleet = fleet(named.iter().map(String::as_str), world)?;
    let accounts: Vec<_> = fleet
        .accounts()
        .filter_map(|name| Some((name, fleet.client(name)?)))
        .collect();
    let dry_run = halt.dry.dry_run;
    if !dry_run {
        console.confirm("cancel every open order", &accounts)?;
    }
    // All at once: an account whose sign-in is stuck must not leave the orders of the others open.
    let tasks: Vec<_> = accounts
        .iter()
        .map(|(name, client)| tokio::spawn(halt_account((*name).to_owned(), (*client).clone(), dry_run)))
        .collect();
    let mut ended = Vec::new();
    for ((name, _), task) in accounts.iter().zip(tasks) {
        ended.push(task.await.unwrap_or_else(|_| {
            Ok(Halted {
                name: (*name).to_owned(),
                clear: false,
                open_orders: None,
                open_algo_orders: None,
                detail: "what is open is not known, because the work on it ended early: halt again"
                    .to_owned(),
            })
        }));
    }
    let outcome = Outcome {
        dry_run,
        accounts: ended.into_iter().collect::<Result<_, _>>()?,
    };
    let lines = outcome.accounts.iter();
    let text: String = lines
        .map(|halted| format!("{}: {}\n", line(&halted.name), line(&halted.detail)))
        .collect();
    console.result(&outcome, text)?;
    let is_well = |halted: &Halted| halted.clear || (dry_run && halted.open_orders.is_some());
    let clear = outcome.accounts.iter().all(is_well);
    Ok(if clear { Exit::Done } else { Exit::Partly })
}

/// Cancels what is open in one account, or counts what would be cancelled.
async fn halt_account(name: String, client: Client, dry_run: bool) -> Result<Halted, Failure> {
    if dry_run {
        let open = match client.orders().open().await {
            Ok(open) => open,
            Err(error) => {
                return Err(Failure::new(
                    Exit::Failed,
                    format!(
                        "account `{}`: what is open is not known: {}",
                        line(&name),
                        chain(&error)
                    ),
                ));
            }
        };
        let (orders, algos) = (open.orders.len(), open.algo_orders.len());
        return Ok(Halted {
            name,
            clear: open.is_empty(),
            open_orders: Some(orders),
            open_algo_orders: Some(algos),
            detail: format!("{orders} orders and {algos} algo orders would be cancelled"),
        });
    }
    let report = client.halt().await;
    let first = report.accounts().first();
    let open = first.and_then(|account| account.open.as_ref().ok());
    Ok(Halted {
        name,
        clear: report.is_clear(),
        open_orders: open.map(|open| open.orders.len()),
        open_algo_orders: open.map(|open| open.algo_orders.len()),
        detail: report.to_string(),
    })
}
