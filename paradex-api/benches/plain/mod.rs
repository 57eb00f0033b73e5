// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!What progenitor alone makes of one response: closed enumerations, decimals as texts.
#![allow(
    dead_code,
    missing_docs,
    clippy::all,
    reason = "it is here to be measured, not used"
)]
///`AssetKind`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum AssetKind {
    #[serde(rename = "FUTURE")]
    Future,
    #[serde(rename = "OPTION")]
    Option,
    #[serde(rename = "PERP")]
    Perp,
    #[serde(rename = "PERP_OPTION")]
    PerpOption,
    #[serde(rename = "SPOT")]
    Spot,
}

///`Delta1CrossMarginParams`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct Delta1CrossMarginParams {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub imf_base: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub imf_factor: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub imf_shift: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub mmf_factor: ::std::option::Option<::std::string::String>,
}

///`FeeWithCap`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct FeeWithCap {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub fee: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub fee_cap: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub fee_floor: ::std::option::Option<::std::string::String>,
}

///`MakerTakerFee`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct MakerTakerFee {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub maker_fee: ::std::option::Option<FeeWithCap>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub taker_fee: ::std::option::Option<FeeWithCap>,
}

///`Market`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct Market {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub asset_kind: ::std::option::Option<AssetKind>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub base_currency: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub clamp_rate: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub delta1_cross_margin_params: ::std::option::Option<Delta1CrossMarginParams>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub expiry_at: ::std::option::Option<i64>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub fee_config: ::std::option::Option<MarketFeeConfig>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub funding_multiplier: ::std::option::Option<f64>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub funding_period_hours: ::std::option::Option<f64>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub interest_rate: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub iv_bands_width: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub market_kind: ::std::option::Option<MarketKind>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_funding_rate: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_funding_rate_change: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_open_orders: ::std::option::Option<i64>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_order_size: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_slippage: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub max_tob_spread: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub min_notional: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub open_at: ::std::option::Option<i64>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub option_cross_margin_params: ::std::option::Option<OptionCrossMarginParams>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub option_type: ::std::option::Option<OptionType>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub oracle_ewma_factor: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub order_size_increment: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub position_limit: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub price_bands_width: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub price_feed_id: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub price_tick_size: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub quote_currency: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub settlement_currency: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub strike_price: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub symbol: ::std::option::Option<::std::string::String>,
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub tags: ::std::vec::Vec<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub trading_mode: ::std::option::Option<TradingMode>,
}

///`MarketFeeConfig`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct MarketFeeConfig {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub api_fee: ::std::option::Option<MakerTakerFee>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub interactive_fee: ::std::option::Option<MakerTakerFee>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub rpi_fee: ::std::option::Option<MakerTakerFee>,
}

///`MarketKind`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum MarketKind {
    #[serde(rename = "cross")]
    Cross,
    #[serde(rename = "isolated")]
    Isolated,
    #[serde(rename = "isolated_margin")]
    IsolatedMargin,
}

///`MarketList`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct MarketList {
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub results: ::std::vec::Vec<Market>,
}

///`OptionCrossMarginParams`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct OptionCrossMarginParams {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub imf: ::std::option::Option<OptionMarginParams>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub mmf: ::std::option::Option<OptionMarginParams>,
}

///`OptionMarginParams`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
pub struct OptionMarginParams {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub long_itm: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub premium_multiplier: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub short_itm: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub short_otm: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub short_put_cap: ::std::option::Option<::std::string::String>,
}

///`OptionType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum OptionType {
    #[serde(rename = "CALL")]
    Call,
    #[serde(rename = "PUT")]
    Put,
}

///`TradingMode`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum TradingMode {
    #[serde(rename = "RFQ_ONLY")]
    RfqOnly,
    #[serde(rename = "STANDARD")]
    Standard,
}
