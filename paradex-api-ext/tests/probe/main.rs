//! The probe against the simulator: it finds out how a simulator was set, and leaves nothing behind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod crashes;
mod documentation;
#[path = "../support/random.rs"]
mod random;
mod refusals;
#[path = "../support/mod.rs"]
mod support;
mod switches;

use std::path::PathBuf;
use std::time::Duration;

use paradex_api_ext::Client;
use paradex_api_ext::assumptions::Assumptions;
use paradex_api_ext::orders::OpenOrders;
use paradex_api_ext::probe::Probe;
use paradex_api_ext::simulator::{Simulator, SimulatorBuilder};

use support::{Folder, trader};

impl Folder {
    /// Where the probe keeps its journal.
    fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }
}

/// A simulator that was set like this.
async fn simulator(assumptions: &Assumptions) -> Simulator {
    builder(assumptions).start().await.unwrap()
}

fn builder(assumptions: &Assumptions) -> SimulatorBuilder {
    // Moving the clock must not end a session at a moment that depends on how fast the test runs.
    Simulator::builder()
        .session_lifetime(Duration::from_secs(86_400))
        .assumptions(assumptions)
}

/// A client of the main account.
fn main_client(simulator: &Simulator) -> Client {
    trader(simulator).build().unwrap()
}

/// A probe with all questions. It moves the simulator's clock instead of waiting.
fn probe(simulator: &Simulator, client: Client, folder: &Folder) -> Probe {
    let clock = simulator.clone();
    Probe::new(client, folder.journal())
        .with_orders()
        .wait_with(move |time| clock.advance(time))
}

/// Checks that nothing is left of a probe: no live token, subkey or order, and no journal.
async fn assert_nothing_left(simulator: &Simulator, client: &Client, folder: &Folder) {
    let tokens = client.tokens().list().send().await.unwrap();
    let live: Vec<_> = tokens
        .iter()
        .filter(|token| token.revoked_at().is_none())
        .collect();
    assert!(live.is_empty(), "{live:?}");
    let subkeys = client.subkeys().list().send().await.unwrap();
    assert!(
        subkeys.iter().all(|subkey| subkey.revoked_at().is_some()),
        "{subkeys:?}"
    );
    let open = client.orders().open().await.unwrap();
    assert!(OpenOrders::is_empty(&open), "{open:?}");
    assert!(!folder.journal().exists(), "the journal is left of {simulator:?}");
}
