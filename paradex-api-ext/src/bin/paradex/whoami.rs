//! `paradex whoami`.

use paradex_api_ext::auth::SessionKind;
use serde::Serialize;

use crate::client_source::{ClientSource, open_fleet};
use crate::console::{Console, Exit, Failure, chain, line};

#[derive(Serialize)]
struct Account {
    name: String,
    credential: Option<String>,
    session: &'static str,
    address: Option<String>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Whoami {
    environment: String,
    base_url: String,
    accounts: Vec<Account>,
}

pub(crate) async fn run(
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let fleet = open_fleet(named.iter().map(String::as_str), source)?;
    let mut who = Whoami {
        environment: String::new(),
        base_url: String::new(),
        accounts: Vec::new(),
    };
    let progress = console.progress("checking accounts", fleet.accounts().count());
    for name in fleet.accounts() {
        let Some(client) = fleet.client(name) else {
            continue;
        };
        who.environment = client.environment().to_string();
        who.base_url = client.environment().base_url().as_str().to_owned();
        let response = client
            .api()
            .get_account()
            .send()
            .await
            .map_err(paradex_api_ext::Error::from);
        let (address, error) = match response {
            Ok(account) => (account.into_inner().account, None),
            Err(error) => (None, Some(chain(&error))),
        };
        who.accounts.push(Account {
            name: name.to_owned(),
            credential: client.credentials().map(|credentials| credentials.id()),
            session: match client.session_kind() {
                Some(SessionKind::MainAccount) => "main_account",
                Some(SessionKind::Subkey) => "subkey",
                Some(SessionKind::Token) => "token",
                _ => "none",
            },
            address,
            error,
        });
        progress.step();
    }
    drop(progress);
    let mut text = format!(
        "environment  {}\nbase URL     {}\n",
        who.environment, who.base_url
    );
    for account in &who.accounts {
        let address = match (&account.address, &account.error) {
            (Some(address), _) => line(address),
            (None, Some(error)) => format!("not known: {error}"),
            (None, None) => "not reported".to_owned(),
        };
        text.push_str(&format!(
            "\n{}\n  address     {address}\n  session     {}\n  credential  {}\n",
            line(&account.name),
            account.session,
            line(account.credential.as_deref().unwrap_or("none")),
        ));
    }
    console.result(&who, text)?;
    let failed = who.accounts.iter().any(|account| account.error.is_some());
    Ok(if failed { Exit::Failed } else { Exit::Done })
}
