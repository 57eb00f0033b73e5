//! Signs in with a key that only another service has. The service signs sign-ins and refuses everything else.
//!
//! It runs against a simulator in this process, without an account and without a network.

mod service;

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use paradex_api_ext::auth::{SignFuture, SignRequest, SignerError, StarknetSigner};
use paradex_api_ext::orders::{NewOrder, OrderSide};
use paradex_api_ext::paradex_api::{reqwest, serde_json::json, tls};
use paradex_api_ext::signing::{PublicKey, Signature};
use paradex_api_ext::simulator::Simulator;
use paradex_api_ext::{Client, Credentials, Environment};

struct RemoteSigner {
    http: reqwest::Client,
    url: String,
    public_key: PublicKey,
}

impl StarknetSigner for RemoteSigner {
    fn public_key(&self) -> PublicKey {
        self.public_key
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> SignFuture<'a, Signature> {
        Box::pin(async move {
            // The service gets the fields and not the hash, so it knows what it signs.
            let fields: HashMap<_, _> = request.fields.iter().cloned().collect();
            let (purpose, chain_id) = (request.purpose.to_string(), &request.chain_id);
            let body = json!({"purpose": purpose, "chain_id": chain_id, "fields": fields});
            let unavailable = |error| SignerError::unavailable("the signing service does not respond", error);
            let call = self.http.post(&self.url).body(body.to_string());
            let response = call.send().await.map_err(unavailable)?;
            let is_signed = response.status().is_success();
            let text = response.text().await.map_err(unavailable)?;
            if !is_signed {
                return Err(SignerError::refused(text));
            }
            Ok(Signature::from_wire(&text)?)
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let exchange = Simulator::start().await?;
    // A client of reqwest panics without a cryptography provider.
    tls::install_default_provider()?;
    let http = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(5))
        .build()?;
    let account = exchange.main_account().parse()?;
    let signer = RemoteSigner {
        public_key: exchange.main_key().public_key(),
        url: service::start(exchange.main_key(), account).await?,
        http,
    };
    let environment = Environment::custom(exchange.url())?;
    let client = Client::builder(environment.clone())
        .credentials(Credentials::starknet(environment, signer, account))
        .build()?;

    println!("1. List the tokens. The first call signs in, and the service signs that.");
    println!("   tokens: {}", client.tokens().list().send().await?.len());

    println!("2. Place an order. The service refuses to sign it, and nothing is sent.");
    let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
    match client.orders().place(order).await {
        Ok(order) => return Err(format!("the order was placed: {order:?}").into()),
        Err(error) => println!(
            "   {}",
            error.source().map_or(error.to_string(), ToString::to_string)
        ),
    }
    Ok(())
}
