//! `paradex halt`.

use serde::Serialize;

use crate::args;
use crate::console::{Console, Exit, Failure, line};
use crate::world::{World, fleet};

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
    world: &dyn World,
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
    let mut outcome = Outcome {
        dry_run,
        accounts: Vec::new(),
    };
    for (name, client) in accounts {
        let halted = if dry_run {
            let api = client.api();
            let orders = api
                .list_open_orders()
                .send()
                .await
                .map_err(paradex_api_ext::Error::from)?;
            let algos = api
                .list_open_algo_orders()
                .send()
                .await
                .map_err(paradex_api_ext::Error::from)?;
            let (orders, algos) = (orders.results.len(), algos.results.len());
            Halted {
                name: name.to_owned(),
                clear: orders + algos == 0,
                open_orders: Some(orders),
                open_algo_orders: Some(algos),
                detail: format!("{orders} orders and {algos} algo orders would be cancelled"),
            }
        } else {
            let report = client.halt().await;
            let open = report
                .accounts()
                .first()
                .and_then(|account| account.open.as_ref().ok());
            Halted {
                name: name.to_owned(),
                clear: report.is_clear(),
                open_orders: open.map(|open| open.orders.len()),
                open_algo_orders: open.map(|open| open.algo_orders.len()),
                detail: report.to_string(),
            }
        };
        outcome.accounts.push(halted);
    }
    let lines = outcome.accounts.iter();
    let text: String = lines
        .map(|halted| format!("{}: {}\n", line(&halted.name), line(&halted.detail)))
        .collect();
    console.result(&outcome, text)?;
    let clear = dry_run || outcome.accounts.iter().all(|halted| halted.clear);
    Ok(if clear { Exit::Done } else { Exit::Partly })
}
