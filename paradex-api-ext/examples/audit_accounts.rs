//! Compares the allowlists of 40 accounts with a policy, as a CI job does. It exits with 4 if one of them differs.
//!
//! It runs against a simulator in this process, without an account and without a network.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use paradex_api_ext::Credentials;
use paradex_api_ext::fleet::{AllowlistPolicy, Fleet, PlanState};
use paradex_api_ext::net::IpAllowlist;
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::tokens::NewToken;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let exchange = Simulator::start().await?;
    let fleet = sample_fleet(&exchange).await?;

    // A CI job reads the policy from a file: `AllowlistPolicy::from_toml(&std::fs::read_to_string("policy.toml")?)?`.
    let mut policy = "[ranges]\noffice = [\"203.0.113.0/24\"]\n".to_owned();
    for account in fleet.accounts() {
        policy += &format!("[[rules]]\naccount = \"{account}\"\nkind = \"token\"\nallow = [\"office\"]\n");
    }
    let policy = AllowlistPolicy::from_toml(&policy)?;

    // An account that cannot be read has a row as well, so it never looks as if it were in sync.
    let plan = policy.plan(&fleet.read().await)?;
    for row in plan.rows().iter().filter(|row| row.state() != PlanState::InSync) {
        let stored = row
            .observed()
            .map_or("unknown".to_owned(), |observed| observed.allowlist().to_string());
        println!(
            "{} {} is {}: {stored}",
            row.account(),
            row.name(),
            row.state().as_str()
        );
    }
    println!(
        "{} of {} tokens are as the policy says",
        plan.count(PlanState::InSync),
        plan.rows().len()
    );
    Ok(if plan.is_in_sync() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(4)
    })
}

/// Forty accounts with one token each. Two of the tokens differ from the policy.
async fn sample_fleet(exchange: &Simulator) -> Result<Fleet, Box<dyn Error>> {
    let group = exchange.client()?.group().clone();
    let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
    let home = IpAllowlist::parse_entries(["203.0.113.0/24", "198.51.100.7/32"])?;
    let mut fleet = Fleet::new();
    for number in 1..=40 {
        let allowlist = match number {
            17 => IpAllowlist::Unrestricted,
            23 => home.clone(),
            _ => office.clone(),
        };
        let key = exchange.account_key(&exchange.add_account())?;
        let client = group.client(Credentials::starknet_derived(group.environment().clone(), key))?;
        let month = Duration::from_secs(30 * 24 * 60 * 60);
        client
            .tokens()
            .create(NewToken::new("quoter", "api_key", month, allowlist)?)
            .await?;
        fleet = fleet.with(format!("desk-{number}"), client)?;
    }
    Ok(fleet)
}
