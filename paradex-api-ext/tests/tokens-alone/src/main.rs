//! Lets all tokens of an account be used from one network only.
//!
//! `PARADEX_ENVIRONMENT=testnet PARADEX_TOKEN_FILE=token tokens-alone 203.0.113.0/24`

use std::error::Error;

use paradex_api_ext::Client;
use paradex_api_ext::net::IpAllowlist;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let networks = IpAllowlist::parse_entries(std::env::args().skip(1))?;
    for token in client.tokens().list().send().await? {
        let allowlist = client.tokens().allowlist(token.lookup_id());
        let plan = allowlist.plan(networks.clone()).await?;
        println!("{plan}");
        allowlist.apply(&plan).await?;
    }
    Ok(())
}
