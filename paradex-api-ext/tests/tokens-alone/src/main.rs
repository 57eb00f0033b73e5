//! Lets all tokens of an account be used from one network only, unless that would lock out this machine's address.
//!
//! `PARADEX_ENVIRONMENT=testnet PARADEX_TOKEN_FILE=token tokens-alone 203.0.113.0/24 203.0.113.7`

use std::error::Error;

use paradex_api_ext::Client;
use paradex_api_ext::net::IpAllowlist;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let mut arguments = std::env::args().skip(1);
    let (Some(network), Some(own)) = (arguments.next(), arguments.next()) else {
        return Err("pass a network, and the public address of this machine".into());
    };
    let (network, own) = (IpAllowlist::parse_entries([network])?, own.parse()?);
    for token in client.tokens().list().send().await? {
        let allowlist = client.tokens().allowlist(token.lookup_id());
        let plan = allowlist.plan(network.clone()).keep([own]).await?;
        println!("{plan}");
        allowlist.apply(&plan).await?;
    }
    Ok(())
}
