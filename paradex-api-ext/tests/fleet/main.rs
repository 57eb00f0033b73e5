//! Policies, plans and audits against the simulator, over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod applying;
mod auditing;
mod confirm;
mod planning;
mod policies;
mod rotation;
#[path = "../support/mod.rs"]
mod support;
mod whole;

use paradex_api_ext::fleet::{AllowlistPolicy, Fleet, FleetPlan, PlanState};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::subkeys::NewSubkey;
use paradex_api_ext::tokens::NewToken;
use paradex_api_ext::{Client, ClientGroup, RetryPolicy};
use serde_json::Value;

use support::{HOUR, bearer, count, environment, list, main_key};

const OFFICE: &str = "203.0.113.0/24";
const COLO: &str = "198.51.100.0/24";

/// A local exchange and a fleet of its accounts, under these names.
struct World {
    exchange: Simulator,
    fleet: Fleet,
}

impl World {
    async fn new(accounts: &[&str]) -> Self {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let addresses: Vec<String> = accounts
            .iter()
            .enumerate()
            .map(|(index, _)| match index {
                0 => exchange.main_account(),
                _ => exchange.add_account(),
            })
            .collect();
        let group = group(&exchange);
        let mut fleet = Fleet::new();
        for (name, address) in accounts.iter().zip(addresses) {
            let session = exchange.account_session(&address).unwrap();
            fleet = fleet
                .with(*name, group.client(bearer(&exchange, &session)).unwrap())
                .unwrap();
        }
        Self { exchange, fleet }
    }

    fn client(&self, account: &str) -> &Client {
        self.fleet.client(account).unwrap()
    }

    /// Creates a token and returns its id.
    async fn token(&self, account: &str, name: &str, list: IpAllowlist) -> String {
        let token = NewToken::new(name, "api_key", HOUR, list).unwrap();
        let created = self.client(account).tokens().create(token).await.unwrap();
        created.lookup_id().to_owned()
    }

    async fn subkey(&self, account: &str, name: &str, key: &str, list: IpAllowlist) {
        let subkey = NewSubkey::new(name, key, list).unwrap();
        self.client(account).subkeys().register(subkey).await.unwrap();
    }

    async fn plan(&self, policy: &AllowlistPolicy) -> FleetPlan {
        policy.plan(&self.fleet.read().await).unwrap()
    }

    fn stored(&self, token: &str) -> Vec<String> {
        self.exchange.token(token).unwrap().allowed_cidrs.unwrap()
    }

    /// How many changes of allowlists have arrived.
    fn changes(&self) -> usize {
        let requests = self.exchange.requests();
        let ids = ["update_token_allowed_cidrs", "update_subkey_allowed_cidrs"];
        let operations = requests.iter().filter_map(|request| request.operation());
        operations.filter(|operation| ids.contains(&operation.id)).count()
    }
}

/// What several clients of the exchange have in common. One attempt, so that a test sees what it injected.
fn group(exchange: &Simulator) -> ClientGroup {
    let builder = Client::builder(environment(exchange)).retry(RetryPolicy::none());
    builder.build_group().unwrap()
}

fn toml(text: &str) -> AllowlistPolicy {
    AllowlistPolicy::from_toml(text).unwrap()
}

/// One rule for each pair of a selector and a list of ranges, all of the account `desk`.
fn policy(rules: &[(&str, &str)]) -> AllowlistPolicy {
    let mut text = format!("[ranges]\noffice = [\"{OFFICE}\"]\ncolo = [\"{COLO}\"]\n");
    for (selector, allow) in rules {
        text.push_str(&format!(
            "[[rules]]\naccount = 'desk'\n{selector}\nallow = {allow}\n"
        ));
    }
    if rules.is_empty() {
        text.insert_str(0, "rules = []\n");
    }
    toml(&text)
}

fn states(plan: &FleetPlan) -> Vec<(&str, PlanState)> {
    plan.rows().iter().map(|row| (row.name(), row.state())).collect()
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
