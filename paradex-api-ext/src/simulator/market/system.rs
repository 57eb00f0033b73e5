//! Public data about the exchange itself.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::Markets;
use super::endpoints::page;
use super::model::{DAY, OPEN_AT};
use super::parameters::{Range, cursor, next_cursor, page_size};
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Call, mixed, seed_of};

/// Returns the configuration that does not depend on the settings of the simulator.
///
/// The addresses are invented, and the hosts cannot exist (RFC 2606).
pub(in crate::simulator) fn config() -> Value {
    json!({
        "assets_limit_per_account": 100,
        "block_explorer_url": "https://explorer.simulator.invalid/",
        "bridged_tokens": [{
            "decimals": 6,
            "l1_bridge_address": address("l1 bridge", 40),
            "l1_token_address": address("l1 usdc", 40),
            "l2_bridge_address": address("l2 bridge", 63),
            "l2_token_address": address("l2 usdc", 63),
            "name": "USDC",
            "symbol": "USDC",
        }],
        "dime_staking_contract_address": address("staking", 63),
        "environment": "simulator",
        "l1_core_contract_address": address("l1 core", 40),
        "l1_operator_address": address("l1 operator", 40),
        "l1_relayer_address": address("l1 relayer", 40),
        "l2_relayer_address": address("l2 relayer", 63),
        "liquidation_fee": "0.2",
        "oracle_address": address("oracle", 63),
        "paraclear_address": address("paraclear", 63),
        "paraclear_decimals": 8,
        "partial_liquidation_buffer": "0.2",
        "partial_liquidation_share_increment": "0.05",
        "starknet_fullnode_rpc_base_url": "https://rpc.simulator.invalid",
        "starknet_fullnode_rpc_url": "https://rpc.simulator.invalid/rpc/v0_10",
        "starknet_gateway_url": "",
        "universal_deployer_address": address("deployer", 63),
    })
}

/// Returns an invented address with this many hexadecimal digits; of a Starknet one, the first is 0.
fn address(name: &str, digits: usize) -> String {
    let words = (1..=4_u64).map(|word| mixed(seed_of(word, name)));
    let hex: String = words.map(|word| format!("{word:016x}")).collect();
    let digits = hex.get(..digits).unwrap_or(&hex);
    match digits.len() {
        63 => format!("0x0{}", digits.get(1..).unwrap_or(digits)),
        _ => format!("0x{digits}"),
    }
}

/// Returns an announcement for each market, in the order of the list of markets.
pub(super) fn announcements(
    markets: &Markets,
    call: &Call<'_>,
    now: i64,
) -> Result<Value, SimulatedResponse> {
    let Range { from, to } = Range::read(call, now)?;
    let size = page_size(call, 5_000)?;
    let skipped = cursor(call)?.and_then(|cursor| usize::try_from(cursor).ok());
    let skipped = skipped.unwrap_or_default();
    let visible = markets.0.iter().filter(|_| (from..=to).contains(&OPEN_AT));
    let mut rest = visible.skip(skipped).peekable();
    let results: Vec<Value> = rest
        .by_ref()
        .take(size)
        .map(|market| {
            let symbol = &market.spec.symbol;
            json!({
                "content": format!("{symbol} is open for trading."),
                "expiry_at": OPEN_AT + 365 * DAY,
                "kind": "LISTING",
                "notification_expiry_at": OPEN_AT + 7 * DAY,
                "title": format!("{symbol} is listed"),
                "visible_at": OPEN_AT,
            })
        })
        .collect();
    let next = rest.peek().map(|_| next_cursor((skipped + results.len()) as u64));
    Ok(page(next, results))
}

pub(super) fn insurance_fund(now: i64) -> Value {
    json!({
        "account": address("insurance fund", 63),
        "account_value": "1000000",
        "settlement_asset": "USDC",
        "updated_at": now,
    })
}

pub(super) fn volume_tiers() -> Value {
    let tiers = [
        ("retail", "Base", "0", "0"),
        ("retail", "VIP 1", "100000", "50000"),
        ("pro", "Base", "0", "0"),
        ("pro", "VIP 1", "5000000", "2500000"),
    ];
    let results: Vec<Value> = (1..)
        .zip(tiers)
        .map(|(sort_order, (kind, name, volume, nft_volume))| {
            let taker = if name == "Base" { "0.0003" } else { "0.00025" };
            json!({
                "fee_rates": {"perp_maker": "-0.00005", "perp_taker": taker},
                "kind": kind,
                "min_volume": volume,
                "min_volume_duration": "14d",
                "nft_min_volume": nft_volume,
                "sort_order": sort_order,
                "tier_name": name,
            })
        })
        .collect();
    json!({ "results": results })
}

/// Returns the portfolio margin of each base currency that has options.
pub(super) fn portfolio_margin(markets: &Markets, call: &Call<'_>) -> Result<Value, SimulatedResponse> {
    let options = markets.0.iter().filter(|market| market.spec.is_option());
    let mut assets: Vec<&str> = options.map(|market| market.spec.base_currency.as_str()).collect();
    assets.sort_unstable();
    assets.dedup();
    if let Some(asset) = call.query("base_asset") {
        assets.retain(|other| *other == asset);
        if assets.is_empty() {
            let message = format!("base asset {asset:?} has no portfolio margin configuration");
            let code = "PORTFOLIO_MARGIN_CONFIG_NOT_FOUND";
            return Err(SimulatedResponse::error(StatusCode::NOT_FOUND, code, &message));
        }
    }
    let scenario = |spot: f64, vol: f64| json!({"spot_shock": spot, "vol_shock": vol, "weight": 1});
    let results: Vec<Value> = assets
        .into_iter()
        .map(|asset| {
            json!({
                "base_asset": asset,
                "funding_provision_hour": 8,
                "hedged_margin_factor": 0.01,
                "mmf_factor": 0.5,
                "scenarios": [scenario(0.16, 0.4), scenario(0.16, -0.4), scenario(-0.16, 0.4), scenario(-0.16, -0.4)],
                "unhedged_margin_factor": 0.02,
                "vol_shock_params": {
                    "dte_floor_days": 1, "min_vol_shock_up": 0.4, "vega_power_long_dte": 0.13,
                    "vega_power_short_dte": 0.3,
                },
            })
        })
        .collect();
    Ok(json!({ "results": results }))
}
