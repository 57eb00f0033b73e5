//! `paradex halt`.

use std::time::Duration;

use paradex_api_ext::Client;
use serde::Serialize;

use crate::accounts::open_available;
use crate::args;
use crate::client_source::ClientSource;
use crate::console::{Console, Exit, Failure, chain, line};

/// How long the accounts that are open wait for the secrets of others.
const PATIENCE: Duration = Duration::from_secs(10);

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
    run_within(PATIENCE, halt, named, source, console).await
}

/// Halts the accounts whose secrets are read in time; see [`open_available`].
pub(crate) async fn run_within(
    patience: Duration,
    halt: &args::Halt,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (clients, unavailable) = open_available(named, source, patience).await?;
    for (name, failure) in &unavailable {
        // Halt the others even if the standard error cannot be written to.
        let _ = console.note(format_args!(
            "warning: the account `{}` cannot be halted: {failure}",
            line(name)
        ));
    }
    let accounts: Vec<_> = clients
        .iter()
        .map(|(name, client)| (name.as_str(), client))
        .collect();
    let dry_run = halt.dry_run.dry_run;
    if !dry_run {
        // All questions come before anything is cancelled.
        console.confirm("cancel all open orders", &accounts)?;
    }
    // Concurrently: if one account is stuck, the others must still be halted.
    let tasks: Vec<_> = accounts
        .iter()
        .map(|(name, client)| tokio::spawn(halt_account((*name).to_owned(), (*client).clone(), dry_run)))
        .collect();
    let progress = console.progress("halting accounts", accounts.len());
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
        progress.step();
    }
    drop(progress);
    for (name, failure) in unavailable {
        results.push(Ok(AccountResult {
            name,
            clear: false,
            open_orders: None,
            open_algo_orders: None,
            detail: format!("not halted: {failure}"),
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
    match dry_run {
        true => console.result(&outcome, text)?,
        false => console.report_change("the halt was carried out", &outcome, text)?,
    }
    let is_well = |halted: &AccountResult| halted.clear || (dry_run && halted.open_orders.is_some());
    let clear = outcome.accounts.iter().all(is_well);
    Ok(if clear { Exit::Done } else { Exit::Partial })
}

/// Cancels the open orders of one account, or counts them for a dry run.
async fn halt_account(name: String, client: Client, dry_run: bool) -> Result<AccountResult, Failure> {
    if dry_run {
        let open = match client.orders().open().await {
            Ok(open) => open,
            Err(error) => {
                return Err(Failure::new(
                    Exit::Failed,
                    format!(
                        "account `{}`: the open orders are not known: {}",
                        line(&name),
                        chain(&error)
                    ),
                ));
            }
        };
        let (orders, algos) = (open.orders.len(), open.algo_orders.len());
        return Ok(AccountResult {
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
    Ok(AccountResult {
        name,
        clear: report.is_clear(),
        open_orders: open.map(|open| open.orders.len()),
        open_algo_orders: open.map(|open| open.algo_orders.len()),
        detail: report.to_string(),
    })
}
