// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!The types of the API, in alphabetical order.
#![allow(unused_imports, reason = "not every document has every kind of field")]
#![allow(
    clippy::should_implement_trait,
    reason = "setters are called as the fields are, and one field is called `add`"
)]
use std::collections::BTreeMap;
use rust_decimal::Decimal;
use serde::de::MapAccess;
use serde::ser::SerializeMap;
use crate::Secret;
use crate::wire::{
    Entries, Fields, Kline, PriceLevel, Record, UnknownValue, Undecoded, Wire, open_enum,
    record,
};

/// Performance figures of one account, reported for each substrategy of a vault. Names ending in `_itd` count from the beginning; whether rates are fractions or percentages is not documented.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountAnalytics {
    /// Address of the account, as `0x` hex.
    pub account_address: Option<String>,
    /// Annualised volatility for each time window.
    pub annualized_volatility: Option<WindowedMetrics>,
    /// Annual percentage rate for each time window.
    pub apr: Option<WindowedMetrics>,
    /// Annual rate without compounding, since inception.
    pub apr_simple_itd: Option<Decimal>,
    /// Cumulative return.
    pub cum_return: Option<Decimal>,
    /// Cumulative profit and loss, one point a day.
    pub cumulative_pnl_series: Vec<AccountDailyPnlPoint>,
    /// Cumulative profit and loss in USD.
    pub cumulative_pnl_usd: Option<Decimal>,
    /// Value at the end of the period.
    pub end_value: Option<Decimal>,
    /// Cumulative profit and loss, one point an hour.
    pub hourly_cumulative_pnl_series: Vec<AccountHourlyPnlPoint>,
    /// Greatest drawdown for each time window.
    pub max_dd: Option<WindowedMetrics>,
    /// Greatest drawdown up to now.
    pub max_drawdown_to_date: Option<Decimal>,
    /// Profit and loss month by month for the last 12 months.
    pub monthly_pnl_last_12m: Vec<AccountMonthlyPnlEntry>,
    /// Profit and loss for each time window.
    pub pnl: Option<WindowedMetrics>,
    /// Return for each time window.
    pub return_: Option<WindowedMetrics>,
    /// Sharpe ratio for each time window.
    pub sharpe: Option<WindowedMetrics>,
    /// Annualised Sharpe ratio since inception.
    pub sharpe_annualized_itd: Option<Decimal>,
    /// Name of the strategy, for example `Spot LP`.
    pub strategy_name: Option<String>,
    /// Annualised volatility since inception.
    pub vol_annualized_itd: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountAnalytics {
    const NAME: &'static str = "AccountAnalytics";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account_address: None,
            annualized_volatility: None,
            apr: None,
            apr_simple_itd: None,
            cum_return: None,
            cumulative_pnl_series: Wire::blank(),
            cumulative_pnl_usd: None,
            end_value: None,
            hourly_cumulative_pnl_series: Wire::blank(),
            max_dd: None,
            max_drawdown_to_date: None,
            monthly_pnl_last_12m: Wire::blank(),
            pnl: None,
            return_: None,
            sharpe: None,
            sharpe_annualized_itd: None,
            strategy_name: None,
            vol_annualized_itd: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account_address" => {
                fields.field("account_address", &mut self.account_address)
            }
            "annualized_volatility" => {
                fields.field("annualized_volatility", &mut self.annualized_volatility)
            }
            "apr" => fields.field("apr", &mut self.apr),
            "apr_simple_itd" => fields.field("apr_simple_itd", &mut self.apr_simple_itd),
            "cum_return" => fields.field("cum_return", &mut self.cum_return),
            "cumulative_pnl_series" => {
                fields.field("cumulative_pnl_series", &mut self.cumulative_pnl_series)
            }
            "cumulative_pnl_usd" => {
                fields.field("cumulative_pnl_usd", &mut self.cumulative_pnl_usd)
            }
            "end_value" => fields.field("end_value", &mut self.end_value),
            "hourly_cumulative_pnl_series" => {
                fields
                    .field(
                        "hourly_cumulative_pnl_series",
                        &mut self.hourly_cumulative_pnl_series,
                    )
            }
            "max_dd" => fields.field("max_dd", &mut self.max_dd),
            "max_drawdown_to_date" => {
                fields.field("max_drawdown_to_date", &mut self.max_drawdown_to_date)
            }
            "monthly_pnl_last_12m" => {
                fields.field("monthly_pnl_last_12m", &mut self.monthly_pnl_last_12m)
            }
            "pnl" => fields.field("pnl", &mut self.pnl),
            "return" => fields.field("return", &mut self.return_),
            "sharpe" => fields.field("sharpe", &mut self.sharpe),
            "sharpe_annualized_itd" => {
                fields.field("sharpe_annualized_itd", &mut self.sharpe_annualized_itd)
            }
            "strategy_name" => fields.field("strategy_name", &mut self.strategy_name),
            "vol_annualized_itd" => {
                fields.field("vol_annualized_itd", &mut self.vol_annualized_itd)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account_address", &self.account_address)?;
        entries.field("annualized_volatility", &self.annualized_volatility)?;
        entries.field("apr", &self.apr)?;
        entries.field("apr_simple_itd", &self.apr_simple_itd)?;
        entries.field("cum_return", &self.cum_return)?;
        entries.field("cumulative_pnl_series", &self.cumulative_pnl_series)?;
        entries.field("cumulative_pnl_usd", &self.cumulative_pnl_usd)?;
        entries.field("end_value", &self.end_value)?;
        entries
            .field("hourly_cumulative_pnl_series", &self.hourly_cumulative_pnl_series)?;
        entries.field("max_dd", &self.max_dd)?;
        entries.field("max_drawdown_to_date", &self.max_drawdown_to_date)?;
        entries.field("monthly_pnl_last_12m", &self.monthly_pnl_last_12m)?;
        entries.field("pnl", &self.pnl)?;
        entries.field("return", &self.return_)?;
        entries.field("sharpe", &self.sharpe)?;
        entries.field("sharpe_annualized_itd", &self.sharpe_annualized_itd)?;
        entries.field("strategy_name", &self.strategy_name)?;
        entries.field("vol_annualized_itd", &self.vol_annualized_itd)?;
        Ok(())
    }
}

/// The profit or loss of one day.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountDailyPnlPoint {
    /// The day, as `YYYY-MM-DD`.
    pub day: Option<String>,
    /// Profit or loss, in USD.
    pub value: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountDailyPnlPoint {
    const NAME: &'static str = "AccountDailyPnlPoint";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            day: None,
            value: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "day" => fields.field("day", &mut self.day),
            "value" => fields.field("value", &mut self.value),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("day", &self.day)?;
        entries.field("value", &self.value)?;
        Ok(())
    }
}

/// A series over time, as two lists of the same length.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountHistoricalData {
    /// The values, oldest first.
    pub data: Vec<f64>,
    /// The times that belong to the values; the unit is not documented.
    pub timestamps: Vec<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountHistoricalData {
    const NAME: &'static str = "AccountHistoricalData";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            data: Wire::blank(),
            timestamps: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "data" => fields.field("data", &mut self.data),
            "timestamps" => fields.field("timestamps", &mut self.timestamps),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("data", &self.data)?;
        entries.field("timestamps", &self.timestamps)?;
        Ok(())
    }
}

/// Values of `GET /account/history type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountHistoryKind {
    /// `fee_savings`
    FeeSavings,
    /// `pnl`
    Pnl,
    /// `value`
    Value,
    /// `volume`
    Volume,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    AccountHistoryKind { FeeSavings = "fee_savings", Pnl = "pnl", Value = "value", Volume
    = "volume" }
);
/// The profit or loss of one hour.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountHourlyPnlPoint {
    /// When the hour begins, as a date and time of day.
    pub at: Option<String>,
    /// Profit or loss, in USD.
    pub value: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountHourlyPnlPoint {
    const NAME: &'static str = "AccountHourlyPnlPoint";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            at: None,
            value: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "at" => fields.field("at", &mut self.at),
            "value" => fields.field("value", &mut self.value),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("at", &self.at)?;
        entries.field("value", &self.value)?;
        Ok(())
    }
}

/// An account and its relation to other accounts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountInfo {
    /// The account's Starknet address.
    pub account: Option<String>,
    /// When the account was made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// The path along which the keys of a subaccount are derived; empty for a main account.
    pub derivation_path: Option<String>,
    /// The fees that the account pays.
    pub fees: Option<Fees>,
    /// Whether the account holds an NFT of a partner collection, which lowers the volume it needs for a retail tier.
    pub has_ecosystem_nft: Option<bool>,
    /// The market of an account for isolated margin; empty for any other.
    pub isolated_market: Option<String>,
    /// Whether it is a main account, a subaccount or a vault's operator.
    pub kind: Option<AccountKind>,
    /// The Starknet address of the account it belongs to; empty for a main account.
    pub parent_account: Option<String>,
    /// The Starknet public key, in hex.
    pub public_key: Option<String>,
    /// The user name; empty if none was chosen.
    pub username: Option<String>,
    /// The volume tiers by kind.
    pub volume_tiers: BTreeMap<String, VolumeTierKindInfo>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountInfo {
    const NAME: &'static str = "AccountInfo";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            created_at: None,
            derivation_path: None,
            fees: None,
            has_ecosystem_nft: None,
            isolated_market: None,
            kind: None,
            parent_account: None,
            public_key: None,
            username: None,
            volume_tiers: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "derivation_path" => {
                fields.field("derivation_path", &mut self.derivation_path)
            }
            "fees" => fields.field("fees", &mut self.fees),
            "has_ecosystem_nft" => {
                fields.field("has_ecosystem_nft", &mut self.has_ecosystem_nft)
            }
            "isolated_market" => {
                fields.field("isolated_market", &mut self.isolated_market)
            }
            "kind" => fields.field("kind", &mut self.kind),
            "parent_account" => fields.field("parent_account", &mut self.parent_account),
            "public_key" => fields.field("public_key", &mut self.public_key),
            "username" => fields.field("username", &mut self.username),
            "volume_tiers" => fields.field("volume_tiers", &mut self.volume_tiers),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("derivation_path", &self.derivation_path)?;
        entries.field("fees", &self.fees)?;
        entries.field("has_ecosystem_nft", &self.has_ecosystem_nft)?;
        entries.field("isolated_market", &self.isolated_market)?;
        entries.field("kind", &self.kind)?;
        entries.field("parent_account", &self.parent_account)?;
        entries.field("public_key", &self.public_key)?;
        entries.field("username", &self.username)?;
        entries.field("volume_tiers", &self.volume_tiers)?;
        Ok(())
    }
}

/// A list of account information.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountInfoList {
    /// The accounts.
    pub results: Vec<AccountInfo>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountInfoList {
    const NAME: &'static str = "AccountInfoList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Kind of an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountKind {
    /// `main`: The account that signs in and owns the others.
    Main,
    /// `subaccount`: An account below a main account, with a balance of its own.
    Subaccount,
    /// `vault_operator`: The account through which a vault is run.
    VaultOperator,
    /// `vault_sub_operator`: An account that may act for a vault's operator.
    VaultSubOperator,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    AccountKind { Main = "main", Subaccount = "subaccount", VaultOperator =
    "vault_operator", VaultSubOperator = "vault_sub_operator" }
);
/// Margin settings of an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountMarginConfigs {
    /// Address of the account.
    pub account: Option<String>,
    /// Margin settings, one entry per market.
    pub configs: Vec<AccountMarginEntry>,
    /// Way in which margin is computed, `cross_margin` or `portfolio_margin`.
    pub margin_methodology: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountMarginConfigs {
    const NAME: &'static str = "AccountMarginConfigs";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            configs: Wire::blank(),
            margin_methodology: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "configs" => fields.field("configs", &mut self.configs),
            "margin_methodology" => {
                fields.field("margin_methodology", &mut self.margin_methodology)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("configs", &self.configs)?;
        entries.field("margin_methodology", &self.margin_methodology)?;
        Ok(())
    }
}

/// The margin settings of an account for one market.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountMarginEntry {
    /// The leverage when margin is isolated.
    pub isolated_margin_leverage: Option<i64>,
    /// The leverage.
    pub leverage: Option<i64>,
    /// Whether margin is shared across markets or isolated.
    pub margin_type: Option<MarginType>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountMarginEntry {
    const NAME: &'static str = "AccountMarginEntry";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            isolated_margin_leverage: None,
            leverage: None,
            margin_type: None,
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "isolated_margin_leverage" => {
                fields
                    .field(
                        "isolated_margin_leverage",
                        &mut self.isolated_margin_leverage,
                    )
            }
            "leverage" => fields.field("leverage", &mut self.leverage),
            "margin_type" => fields.field("margin_type", &mut self.margin_type),
            "market" => fields.field("market", &mut self.market),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("isolated_margin_leverage", &self.isolated_margin_leverage)?;
        entries.field("leverage", &self.leverage)?;
        entries.field("margin_type", &self.margin_type)?;
        entries.field("market", &self.market)?;
        Ok(())
    }
}

/// The margin settings to apply in one market.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountMarginRequest {
    /// Leverage as a whole number, from 1 to the most the market allows.
    pub leverage: i64,
    /// Either `CROSS` or `ISOLATED`.
    pub margin_type: MarginType,
    /// Subaccount to change; the main account by default.
    pub on_behalf_of_account: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl AccountMarginRequest {
    /// Creates a value with the required fields: `leverage`, `margin_type`.
    pub fn new(leverage: i64, margin_type: MarginType) -> Self {
        Self {
            leverage,
            margin_type,
            on_behalf_of_account: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Subaccount to change; the main account by default.
    pub fn on_behalf_of_account(mut self, value: impl Into<String>) -> Self {
        self.on_behalf_of_account = Some(value.into());
        self
    }
}

impl Record for AccountMarginRequest {
    const NAME: &'static str = "AccountMarginRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["leverage", "margin_type"];
    fn blank() -> Self {
        Self {
            leverage: Wire::blank(),
            margin_type: Wire::blank(),
            on_behalf_of_account: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "leverage" => fields.required(0u32, "leverage", &mut self.leverage),
            "margin_type" => fields.required(1u32, "margin_type", &mut self.margin_type),
            "on_behalf_of_account" => {
                fields.field("on_behalf_of_account", &mut self.on_behalf_of_account)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("leverage", &self.leverage)?;
        entries.required("margin_type", &self.margin_type)?;
        entries.field("on_behalf_of_account", &self.on_behalf_of_account)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.margin_type.mark_outgoing();
    }
}

/// The margin settings of a market after a change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountMarginUpdated {
    /// The account.
    pub account: Option<String>,
    /// The leverage.
    pub leverage: Option<i64>,
    /// Whether margin is shared across markets or isolated.
    pub margin_type: Option<MarginType>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountMarginUpdated {
    const NAME: &'static str = "AccountMarginUpdated";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            leverage: None,
            margin_type: None,
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "leverage" => fields.field("leverage", &mut self.leverage),
            "margin_type" => fields.field("margin_type", &mut self.margin_type),
            "market" => fields.field("market", &mut self.market),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("leverage", &self.leverage)?;
        entries.field("margin_type", &self.margin_type)?;
        entries.field("market", &self.market)?;
        Ok(())
    }
}

/// The return of one month.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountMonthlyPnlEntry {
    /// The first day of the month, as `YYYY-MM-DD`.
    pub month: Option<String>,
    /// The return as a fraction, `0.01` being one percent.
    pub month_return_canonical: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountMonthlyPnlEntry {
    const NAME: &'static str = "AccountMonthlyPnlEntry";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            month: None,
            month_return_canonical: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "month" => fields.field("month", &mut self.month),
            "month_return_canonical" => {
                fields.field("month_return_canonical", &mut self.month_return_canonical)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("month", &self.month)?;
        entries.field("month_return_canonical", &self.month_return_canonical)?;
        Ok(())
    }
}

/// Settings and linked accounts of a user on the exchange's web site.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountProfile {
    /// The WebSocket address of the user's AI agent.
    pub ai_agent_url: Option<String>,
    /// The connected Discord account.
    pub discord: Option<DiscordProfile>,
    /// Whether the user name is hidden from others.
    pub is_username_private: Option<bool>,
    /// The time of the newest notification that the user has seen, in milliseconds since the Unix epoch.
    pub last_seen_notification: Option<i64>,
    /// The largest slippage that the user accepts, by market, as fractions.
    pub market_max_slippage: BTreeMap<String, String>,
    /// The code of the marketing partner that brought the user.
    pub marketed_by: Option<String>,
    /// The NFTs found at the user's Ethereum address.
    pub nfts: Vec<Nft>,
    /// Notification preferences.
    pub notifications: Option<NotificationPreferences>,
    /// The terms under which the user refers others.
    pub referral: Option<ReferralConfig>,
    /// The code under which the user invites others.
    pub referral_code: Option<String>,
    /// The code through which the user came.
    pub referred_by: Option<String>,
    /// The currency in which the web interface shows sizes.
    pub size_currency_display: Option<SizeCurrencyDisplay>,
    /// Share of the affiliate rewards that is passed on.
    pub tap_share_rate: Option<ShareRate>,
    /// Status in the affiliate programme: `NONE`, `ACTIVE` or `INACTIVE`.
    pub tap_status: Option<String>,
    /// The connected Twitter account.
    pub twitter: Option<TwitterProfile>,
    /// For each account of interest, whether the user follows it.
    pub twitter_following: BTreeMap<String, bool>,
    /// The user name.
    pub username: Option<String>,
    /// Share of the experience points that is passed on.
    pub xp_share_rate: Option<ShareRate>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountProfile {
    const NAME: &'static str = "AccountProfile";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            ai_agent_url: None,
            discord: None,
            is_username_private: None,
            last_seen_notification: None,
            market_max_slippage: Wire::blank(),
            marketed_by: None,
            nfts: Wire::blank(),
            notifications: None,
            referral: None,
            referral_code: None,
            referred_by: None,
            size_currency_display: None,
            tap_share_rate: None,
            tap_status: None,
            twitter: None,
            twitter_following: Wire::blank(),
            username: None,
            xp_share_rate: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "ai_agent_url" => fields.field("ai_agent_url", &mut self.ai_agent_url),
            "discord" => fields.field("discord", &mut self.discord),
            "is_username_private" => {
                fields.field("is_username_private", &mut self.is_username_private)
            }
            "last_seen_notification" => {
                fields.field("last_seen_notification", &mut self.last_seen_notification)
            }
            "market_max_slippage" => {
                fields.field("market_max_slippage", &mut self.market_max_slippage)
            }
            "marketed_by" => fields.field("marketed_by", &mut self.marketed_by),
            "nfts" => fields.field("nfts", &mut self.nfts),
            "notifications" => fields.field("notifications", &mut self.notifications),
            "referral" => fields.field("referral", &mut self.referral),
            "referral_code" => fields.field("referral_code", &mut self.referral_code),
            "referred_by" => fields.field("referred_by", &mut self.referred_by),
            "size_currency_display" => {
                fields.field("size_currency_display", &mut self.size_currency_display)
            }
            "tap_share_rate" => fields.field("tap_share_rate", &mut self.tap_share_rate),
            "tap_status" => fields.field("tap_status", &mut self.tap_status),
            "twitter" => fields.field("twitter", &mut self.twitter),
            "twitter_following" => {
                fields.field("twitter_following", &mut self.twitter_following)
            }
            "username" => fields.field("username", &mut self.username),
            "xp_share_rate" => fields.field("xp_share_rate", &mut self.xp_share_rate),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("ai_agent_url", &self.ai_agent_url)?;
        entries.field("discord", &self.discord)?;
        entries.field("is_username_private", &self.is_username_private)?;
        entries.field("last_seen_notification", &self.last_seen_notification)?;
        entries.field("market_max_slippage", &self.market_max_slippage)?;
        entries.field("marketed_by", &self.marketed_by)?;
        entries.field("nfts", &self.nfts)?;
        entries.field("notifications", &self.notifications)?;
        entries.field("referral", &self.referral)?;
        entries.field("referral_code", &self.referral_code)?;
        entries.field("referred_by", &self.referred_by)?;
        entries.field("size_currency_display", &self.size_currency_display)?;
        entries.field("tap_share_rate", &self.tap_share_rate)?;
        entries.field("tap_status", &self.tap_status)?;
        entries.field("twitter", &self.twitter)?;
        entries.field("twitter_following", &self.twitter_following)?;
        entries.field("username", &self.username)?;
        entries.field("xp_share_rate", &self.xp_share_rate)?;
        Ok(())
    }
}

/// How the account wants values displayed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountSettings {
    /// How holdings are valued on the web, for example `SPOT_NOTIONAL`.
    pub trading_value_display: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountSettings {
    const NAME: &'static str = "AccountSettings";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            trading_value_display: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "trading_value_display" => {
                fields.field("trading_value_display", &mut self.trading_value_display)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("trading_value_display", &self.trading_value_display)?;
        Ok(())
    }
}

/// An account's value and margin at one moment. Amounts are in the settlement asset.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountSummary {
    /// The account's Starknet address.
    pub account: Option<String>,
    /// Value of the account, including unrealized profit and loss.
    pub account_value: Option<Decimal>,
    /// Collateral above the initial margin; new positions can use it.
    pub free_collateral: Option<Decimal>,
    /// The margin that opening the present positions takes.
    pub initial_margin_requirement: Option<Decimal>,
    /// The time of the newest notification that the user has seen on any device, in milliseconds since the Unix epoch.
    pub last_seen_notification: Option<i64>,
    /// The margin below which positions are liquidated.
    pub maintenance_margin_requirement: Option<Decimal>,
    /// Collateral above the maintenance margin.
    pub margin_cushion: Option<Decimal>,
    /// Grows with each update, in steps of any size; tells repeated updates apart.
    pub seq_no: Option<i64>,
    /// The asset in which amounts are given, for example `USDC`.
    pub settlement_asset: Option<String>,
    /// The state of the account, for example `ACTIVE` or `LIQUIDATION`.
    pub status: Option<String>,
    /// The collateral in all.
    pub total_collateral: Option<Decimal>,
    /// When the values last changed, in milliseconds since the Unix epoch.
    pub updated_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountSummary {
    const NAME: &'static str = "AccountSummary";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            account_value: None,
            free_collateral: None,
            initial_margin_requirement: None,
            last_seen_notification: None,
            maintenance_margin_requirement: None,
            margin_cushion: None,
            seq_no: None,
            settlement_asset: None,
            status: None,
            total_collateral: None,
            updated_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "account_value" => fields.field("account_value", &mut self.account_value),
            "free_collateral" => {
                fields.field("free_collateral", &mut self.free_collateral)
            }
            "initial_margin_requirement" => {
                fields
                    .field(
                        "initial_margin_requirement",
                        &mut self.initial_margin_requirement,
                    )
            }
            "last_seen_notification" => {
                fields.field("last_seen_notification", &mut self.last_seen_notification)
            }
            "maintenance_margin_requirement" => {
                fields
                    .field(
                        "maintenance_margin_requirement",
                        &mut self.maintenance_margin_requirement,
                    )
            }
            "margin_cushion" => fields.field("margin_cushion", &mut self.margin_cushion),
            "seq_no" => fields.field("seq_no", &mut self.seq_no),
            "settlement_asset" => {
                fields.field("settlement_asset", &mut self.settlement_asset)
            }
            "status" => fields.field("status", &mut self.status),
            "total_collateral" => {
                fields.field("total_collateral", &mut self.total_collateral)
            }
            "updated_at" => fields.field("updated_at", &mut self.updated_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("account_value", &self.account_value)?;
        entries.field("free_collateral", &self.free_collateral)?;
        entries.field("initial_margin_requirement", &self.initial_margin_requirement)?;
        entries.field("last_seen_notification", &self.last_seen_notification)?;
        entries
            .field(
                "maintenance_margin_requirement",
                &self.maintenance_margin_requirement,
            )?;
        entries.field("margin_cushion", &self.margin_cushion)?;
        entries.field("seq_no", &self.seq_no)?;
        entries.field("settlement_asset", &self.settlement_asset)?;
        entries.field("status", &self.status)?;
        entries.field("total_collateral", &self.total_collateral)?;
        entries.field("updated_at", &self.updated_at)?;
        Ok(())
    }
}

/// A list of `AccountSummary` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountSummaryList {
    /// The items of the list.
    pub results: Vec<AccountSummary>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AccountSummaryList {
    const NAME: &'static str = "AccountSummaryList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// The request that activates a pending subkey, signed with its ephemeral key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ActivateSubkeyRequest {
    /// Account that owns the pending subkey.
    pub account_id: String,
    /// A new name for the subkey; by default the name stays.
    pub name: Option<String>,
    /// Public key of the subkey that waits for activation, as `0x` hex.
    pub public_key: String,
    /// Starknet signature `[r, s]` of `pedersen(timestamp, eph_public_key)`, made with the ephemeral key.
    pub signature: Vec<Secret>,
    /// The time that was signed, in seconds since the Unix epoch.
    pub timestamp: i64,
    pub(crate) undecoded_: Undecoded,
}

impl ActivateSubkeyRequest {
    /// Creates a value with the required fields: `account_id`, `public_key`, `signature`, `timestamp`.
    pub fn new(
        account_id: impl Into<String>,
        public_key: impl Into<String>,
        signature: Vec<Secret>,
        timestamp: i64,
    ) -> Self {
        Self {
            account_id: account_id.into(),
            name: None,
            public_key: public_key.into(),
            signature,
            timestamp,
            undecoded_: Undecoded::NONE,
        }
    }

    /// A new name for the subkey; by default the name stays.
    pub fn name(mut self, value: impl Into<String>) -> Self {
        self.name = Some(value.into());
        self
    }
}

impl Record for ActivateSubkeyRequest {
    const NAME: &'static str = "ActivateSubkeyRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[
        "account_id",
        "public_key",
        "signature",
        "timestamp",
    ];
    fn blank() -> Self {
        Self {
            account_id: Wire::blank(),
            name: None,
            public_key: Wire::blank(),
            signature: Wire::blank(),
            timestamp: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account_id" => fields.required(0u32, "account_id", &mut self.account_id),
            "name" => fields.field("name", &mut self.name),
            "public_key" => fields.required(1u32, "public_key", &mut self.public_key),
            "signature" => fields.required(2u32, "signature", &mut self.signature),
            "timestamp" => fields.required(3u32, "timestamp", &mut self.timestamp),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("account_id", &self.account_id)?;
        entries.field("name", &self.name)?;
        entries.required("public_key", &self.public_key)?;
        entries.required("signature", &self.signature)?;
        entries.required("timestamp", &self.timestamp)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.signature.mark_outgoing();
    }
}

/// The response to the activation of a subkey.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ActivateSubkeyResponse {
    /// The subkey's private key in encrypted form.
    pub encrypted_key: Option<Secret>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ActivateSubkeyResponse {
    const NAME: &'static str = "ActivateSubkeyResponse";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            encrypted_key: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "encrypted_key" => fields.field("encrypted_key", &mut self.encrypted_key),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("encrypted_key", &self.encrypted_key)?;
        Ok(())
    }
}

/// An algo order and how far it has come.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AlgoOrder {
    /// The Starknet address of its owner.
    pub account: Option<String>,
    /// Settings that only this kind of algo order has, as texts by name.
    pub algo_params: BTreeMap<String, String>,
    /// The kind of algo order.
    pub algo_type: Option<AlgoType>,
    /// The mean price of its fills, in the quote currency; empty before the first.
    pub avg_fill_price: Option<Decimal>,
    /// Reason of the cancellation, for example `NOT_ENOUGH_MARGIN`; empty unless the order was cancelled.
    pub cancel_reason: Option<String>,
    /// Time at which the algo order was created, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Time at which the algo order ends, in milliseconds since the Unix epoch.
    pub end_at: Option<i64>,
    /// The id that the exchange gave it.
    pub id: Option<String>,
    /// Time of the last change, in milliseconds since the Unix epoch; a closed order does not change.
    pub last_updated_at: Option<i64>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// Size that has not been filled, in the base currency.
    pub remaining_size: Option<Decimal>,
    /// Whether the order buys or sells.
    pub side: Option<OrderSide>,
    /// The whole size, in the base currency.
    pub size: Option<Decimal>,
    /// Status of the algo order.
    pub status: Option<OrderStatus>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AlgoOrder {
    const NAME: &'static str = "AlgoOrder";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            algo_params: Wire::blank(),
            algo_type: None,
            avg_fill_price: None,
            cancel_reason: None,
            created_at: None,
            end_at: None,
            id: None,
            last_updated_at: None,
            market: None,
            remaining_size: None,
            side: None,
            size: None,
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "algo_params" => fields.field("algo_params", &mut self.algo_params),
            "algo_type" => fields.field("algo_type", &mut self.algo_type),
            "avg_fill_price" => fields.field("avg_fill_price", &mut self.avg_fill_price),
            "cancel_reason" => fields.field("cancel_reason", &mut self.cancel_reason),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "end_at" => fields.field("end_at", &mut self.end_at),
            "id" => fields.field("id", &mut self.id),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "market" => fields.field("market", &mut self.market),
            "remaining_size" => fields.field("remaining_size", &mut self.remaining_size),
            "side" => fields.field("side", &mut self.side),
            "size" => fields.field("size", &mut self.size),
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("algo_params", &self.algo_params)?;
        entries.field("algo_type", &self.algo_type)?;
        entries.field("avg_fill_price", &self.avg_fill_price)?;
        entries.field("cancel_reason", &self.cancel_reason)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("end_at", &self.end_at)?;
        entries.field("id", &self.id)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("market", &self.market)?;
        entries.field("remaining_size", &self.remaining_size)?;
        entries.field("side", &self.side)?;
        entries.field("size", &self.size)?;
        entries.field("status", &self.status)?;
        Ok(())
    }
}

/// A list of `AlgoOrder` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AlgoOrderList {
    /// The items of the list.
    pub results: Vec<AlgoOrder>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AlgoOrderList {
    const NAME: &'static str = "AlgoOrderList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// One page of `AlgoOrder` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AlgoOrderPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<AlgoOrder>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AlgoOrderPage {
    const NAME: &'static str = "AlgoOrderPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// A new algorithmic order, which the exchange works off as a series of smaller market orders. The signature is that of a plain `MARKET` order with price 0; duration and frequency are not signed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AlgoOrderRequest {
    /// The algorithm, for example `TWAP`.
    pub algo_type: String,
    /// True to pay the fees of the child orders in DIME at a discount; USDC is charged if the DIME balance is too small.
    pub dime_discount: Option<bool>,
    /// Duration of the order, in seconds; for TWAP a multiple of 30 from 30 to 86,400.
    pub duration_seconds: i64,
    /// Seconds between two child orders; 30 by default.
    pub frequency: Option<i64>,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: String,
    /// The isolated margin account to trade for; leave out for any other order.
    pub on_behalf_of_account: Option<String>,
    /// Milliseconds after `signature_timestamp` within which the order must arrive or be refused; at least 10; 300,000 by default.
    pub recv_window: Option<i64>,
    /// Whether to buy or to sell.
    pub side: OrderSide,
    /// Starknet signature as the JSON text `["r","s"]` with decimal numbers.
    pub signature: Secret,
    /// The time that was signed, in milliseconds since the Unix epoch.
    pub signature_timestamp: i64,
    /// Total size of the order in base currency.
    pub size: Decimal,
    /// Type of the child orders; only `MARKET` is accepted.
    pub type_: OrderType,
    pub(crate) undecoded_: Undecoded,
}

impl AlgoOrderRequest {
    /// Creates a value with the required fields: `algo_type`, `duration_seconds`, `market`, `side`, `signature`, `signature_timestamp`, `size`, `type`.
    #[allow(
        clippy::too_many_arguments,
        reason = "these are the fields that the exchange requires"
    )]
    pub fn new(
        algo_type: impl Into<String>,
        duration_seconds: i64,
        market: impl Into<String>,
        side: OrderSide,
        signature: Secret,
        signature_timestamp: i64,
        size: Decimal,
        type_: OrderType,
    ) -> Self {
        Self {
            algo_type: algo_type.into(),
            dime_discount: None,
            duration_seconds,
            frequency: None,
            market: market.into(),
            on_behalf_of_account: None,
            recv_window: None,
            side,
            signature,
            signature_timestamp,
            size,
            type_,
            undecoded_: Undecoded::NONE,
        }
    }

    /// True to pay the fees of the child orders in DIME at a discount; USDC is charged if the DIME balance is too small.
    pub fn dime_discount(mut self, value: bool) -> Self {
        self.dime_discount = Some(value);
        self
    }

    /// Seconds between two child orders; 30 by default.
    pub fn frequency(mut self, value: i64) -> Self {
        self.frequency = Some(value);
        self
    }

    /// The isolated margin account to trade for; leave out for any other order.
    pub fn on_behalf_of_account(mut self, value: impl Into<String>) -> Self {
        self.on_behalf_of_account = Some(value.into());
        self
    }

    /// Milliseconds after `signature_timestamp` within which the order must arrive or be refused; at least 10; 300,000 by default.
    pub fn recv_window(mut self, value: i64) -> Self {
        self.recv_window = Some(value);
        self
    }
}

impl Record for AlgoOrderRequest {
    const NAME: &'static str = "AlgoOrderRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[
        "algo_type",
        "duration_seconds",
        "market",
        "side",
        "signature",
        "signature_timestamp",
        "size",
        "type",
    ];
    fn blank() -> Self {
        Self {
            algo_type: Wire::blank(),
            dime_discount: None,
            duration_seconds: Wire::blank(),
            frequency: None,
            market: Wire::blank(),
            on_behalf_of_account: None,
            recv_window: None,
            side: Wire::blank(),
            signature: Wire::blank(),
            signature_timestamp: Wire::blank(),
            size: Wire::blank(),
            type_: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "algo_type" => fields.required(0u32, "algo_type", &mut self.algo_type),
            "dime_discount" => fields.field("dime_discount", &mut self.dime_discount),
            "duration_seconds" => {
                fields.required(1u32, "duration_seconds", &mut self.duration_seconds)
            }
            "frequency" => fields.field("frequency", &mut self.frequency),
            "market" => fields.required(2u32, "market", &mut self.market),
            "on_behalf_of_account" => {
                fields.field("on_behalf_of_account", &mut self.on_behalf_of_account)
            }
            "recv_window" => fields.field("recv_window", &mut self.recv_window),
            "side" => fields.required(3u32, "side", &mut self.side),
            "signature" => fields.required(4u32, "signature", &mut self.signature),
            "signature_timestamp" => {
                fields
                    .required(5u32, "signature_timestamp", &mut self.signature_timestamp)
            }
            "size" => fields.required(6u32, "size", &mut self.size),
            "type" => fields.required(7u32, "type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("algo_type", &self.algo_type)?;
        entries.field("dime_discount", &self.dime_discount)?;
        entries.required("duration_seconds", &self.duration_seconds)?;
        entries.field("frequency", &self.frequency)?;
        entries.required("market", &self.market)?;
        entries.field("on_behalf_of_account", &self.on_behalf_of_account)?;
        entries.field("recv_window", &self.recv_window)?;
        entries.required("side", &self.side)?;
        entries.required("signature", &self.signature)?;
        entries.required("signature_timestamp", &self.signature_timestamp)?;
        entries.required("size", &self.size)?;
        entries.required("type", &self.type_)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.side.mark_outgoing();
        self.signature.mark_outgoing();
        self.type_.mark_outgoing();
    }
}

/// A kind of algo order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AlgoType {
    /// `TWAP`: Equal parts at equal intervals, for a price near the average over time.
    Twap,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(AlgoType { Twap = "TWAP" });
/// A notice of the exchange to its users.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Announcement {
    /// The text, in Markdown.
    pub content: Option<String>,
    /// Time at which the announcement leaves the list of announcements, in milliseconds since the Unix epoch.
    pub expiry_at: Option<i64>,
    /// Subject of the announcement.
    pub kind: Option<AnnouncementKind>,
    /// Time at which the announcement stops being shown as a notification, in milliseconds since the Unix epoch.
    pub notification_expiry_at: Option<i64>,
    /// The headline.
    pub title: Option<String>,
    /// Time at which the announcement appears, in milliseconds since the Unix epoch.
    pub visible_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Announcement {
    const NAME: &'static str = "Announcement";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            content: None,
            expiry_at: None,
            kind: None,
            notification_expiry_at: None,
            title: None,
            visible_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "content" => fields.field("content", &mut self.content),
            "expiry_at" => fields.field("expiry_at", &mut self.expiry_at),
            "kind" => fields.field("kind", &mut self.kind),
            "notification_expiry_at" => {
                fields.field("notification_expiry_at", &mut self.notification_expiry_at)
            }
            "title" => fields.field("title", &mut self.title),
            "visible_at" => fields.field("visible_at", &mut self.visible_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("content", &self.content)?;
        entries.field("expiry_at", &self.expiry_at)?;
        entries.field("kind", &self.kind)?;
        entries.field("notification_expiry_at", &self.notification_expiry_at)?;
        entries.field("title", &self.title)?;
        entries.field("visible_at", &self.visible_at)?;
        Ok(())
    }
}

/// Subject of an announcement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnnouncementKind {
    /// `DELISTING`: A market goes.
    Delisting,
    /// `LISTING`: A market comes.
    Listing,
    /// `UPDATE`: Something else changes.
    Update,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    AnnouncementKind { Delisting = "DELISTING", Listing = "LISTING", Update = "UPDATE" }
);
/// One page of `Announcement` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AnnouncementPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<Announcement>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AnnouncementPage {
    const NAME: &'static str = "AnnouncementPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// The body of an error response. Some errors have no code, and those of a gateway have another body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError {
    /// More about the error, in a form that depends on it; often `null`.
    pub data: Option<::serde_json::Value>,
    /// The code of the error; absent from some responses.
    pub error: Option<ErrorCode>,
    /// The error in words, for people.
    pub message: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ApiError {
    const NAME: &'static str = "ApiError";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            data: None,
            error: None,
            message: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "data" => fields.field("data", &mut self.data),
            "error" => fields.field("error", &mut self.error),
            "message" => fields.field("message", &mut self.message),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("data", &self.data)?;
        entries.field("error", &self.error)?;
        entries.field("message", &self.message)?;
        Ok(())
    }
}

/// An API token as it is listed, without its text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiToken {
    /// The networks from which it may be used. Empty means anywhere; absent or `null` says nothing.
    pub allowed_cidrs: Option<Vec<String>>,
    /// Time at which the token was created. Published as nanoseconds since the Unix epoch, with examples in seconds.
    pub created_at: Option<i64>,
    /// Expiry of the token. Published as nanoseconds since the Unix epoch, with examples in seconds; 0 means never.
    pub expiry_at: Option<i64>,
    /// Kind of the token.
    pub kind: Option<TokenKind>,
    /// Time at which the token was last changed. Published as nanoseconds since the Unix epoch, with examples in seconds.
    pub last_updated_at: Option<i64>,
    /// The id by which the other calls address it.
    pub lookup_id: Option<String>,
    /// The name that its maker gave it.
    pub name: Option<String>,
    /// Time at which the token was revoked. Published as nanoseconds since the Unix epoch, with examples in seconds; 0 means never.
    pub revoked_at: Option<i64>,
    /// Id of the token at the exchange; it is not a secret.
    pub token_id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ApiToken {
    const NAME: &'static str = "ApiToken";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            allowed_cidrs: None,
            created_at: None,
            expiry_at: None,
            kind: None,
            last_updated_at: None,
            lookup_id: None,
            name: None,
            revoked_at: None,
            token_id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "allowed_cidrs" => fields.field("allowed_cidrs", &mut self.allowed_cidrs),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "expiry_at" => fields.field("expiry_at", &mut self.expiry_at),
            "kind" => fields.field("kind", &mut self.kind),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "lookup_id" => fields.field("lookup_id", &mut self.lookup_id),
            "name" => fields.field("name", &mut self.name),
            "revoked_at" => fields.field("revoked_at", &mut self.revoked_at),
            "token_id" => fields.field("token_id", &mut self.token_id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("allowed_cidrs", &self.allowed_cidrs)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("expiry_at", &self.expiry_at)?;
        entries.field("kind", &self.kind)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("lookup_id", &self.lookup_id)?;
        entries.field("name", &self.name)?;
        entries.field("revoked_at", &self.revoked_at)?;
        entries.field("token_id", &self.token_id)?;
        Ok(())
    }
}

/// A list of `ApiToken` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiTokenList {
    /// The items of the list.
    pub results: Vec<ApiToken>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ApiTokenList {
    const NAME: &'static str = "ApiTokenList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// An order book, level by level.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AskBidArray {
    /// The offers, each a price and a size.
    pub asks: Vec<PriceLevel>,
    /// Best ask that an API order can match, without retail price improvement; the meaning of its elements is unverified.
    pub best_ask_api: Vec<Decimal>,
    /// The best offer that an order of the web interface can meet; the meaning of its elements is unverified.
    pub best_ask_interactive: Vec<Decimal>,
    /// Best bid that an API order can match, without retail price improvement; the meaning of its elements is unverified.
    pub best_bid_api: Vec<Decimal>,
    /// The best bid that an order of the web interface can meet; the meaning of its elements is unverified.
    pub best_bid_interactive: Vec<Decimal>,
    /// The bids, each a price and a size.
    pub bids: Vec<PriceLevel>,
    /// When the book last changed, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// The market, for example `ETH-USD-PERP`.
    pub market: Option<String>,
    /// The number of the book's state; a higher one is newer.
    pub seq_no: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for AskBidArray {
    const NAME: &'static str = "AskBidArray";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            asks: Wire::blank(),
            best_ask_api: Wire::blank(),
            best_ask_interactive: Wire::blank(),
            best_bid_api: Wire::blank(),
            best_bid_interactive: Wire::blank(),
            bids: Wire::blank(),
            last_updated_at: None,
            market: None,
            seq_no: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "asks" => fields.field("asks", &mut self.asks),
            "best_ask_api" => fields.field("best_ask_api", &mut self.best_ask_api),
            "best_ask_interactive" => {
                fields.field("best_ask_interactive", &mut self.best_ask_interactive)
            }
            "best_bid_api" => fields.field("best_bid_api", &mut self.best_bid_api),
            "best_bid_interactive" => {
                fields.field("best_bid_interactive", &mut self.best_bid_interactive)
            }
            "bids" => fields.field("bids", &mut self.bids),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "market" => fields.field("market", &mut self.market),
            "seq_no" => fields.field("seq_no", &mut self.seq_no),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("asks", &self.asks)?;
        entries.field("best_ask_api", &self.best_ask_api)?;
        entries.field("best_ask_interactive", &self.best_ask_interactive)?;
        entries.field("best_bid_api", &self.best_bid_api)?;
        entries.field("best_bid_interactive", &self.best_bid_interactive)?;
        entries.field("bids", &self.bids)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("market", &self.market)?;
        entries.field("seq_no", &self.seq_no)?;
        Ok(())
    }
}

/// Kind of the instrument that is traded on a market.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AssetKind {
    /// `FUTURE`: A future with an expiry.
    Future,
    /// `OPTION`: An option with an expiry.
    Option,
    /// `PERP`: A perpetual future.
    Perp,
    /// `PERP_OPTION`: A perpetual option.
    PerpOption,
    /// `SPOT`: The asset itself.
    Spot,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    AssetKind { Future = "FUTURE", Option = "OPTION", Perp = "PERP", PerpOption =
    "PERP_OPTION", Spot = "SPOT" }
);
/// The response to a sign-in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Auth {
    /// The bearer token. It may be opaque, so nothing should depend on reading it.
    pub jwt_token: Option<Secret>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Auth {
    const NAME: &'static str = "Auth";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            jwt_token: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "jwt_token" => fields.field("jwt_token", &mut self.jwt_token),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("jwt_token", &self.jwt_token)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// The credential of a connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthParams {
    /// The token that `POST /auth` returned.
    pub bearer: Secret,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl AuthParams {
    /// Creates a value with the required fields: `bearer`.
    pub fn new(bearer: Secret) -> Self {
        Self {
            bearer,
            undecoded_: Undecoded::NONE,
        }
    }
}

#[cfg(feature = "stream")]
impl Record for AuthParams {
    const NAME: &'static str = "AuthParams";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &["bearer"];
    fn blank() -> Self {
        Self {
            bearer: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "bearer" => fields.required(0u32, "bearer", &mut self.bearer),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("bearer", &self.bearer)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.bearer.mark_outgoing();
    }
}

#[cfg(feature = "stream")]
/// Confirmation that a connection is authenticated.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthResult {
    /// The server that holds the connection; an opaque text.
    pub node_id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for AuthResult {
    const NAME: &'static str = "AuthResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            node_id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "node_id" => fields.field("node_id", &mut self.node_id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("node_id", &self.node_id)?;
        Ok(())
    }
}

/// An account's balance of one asset.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Balance {
    /// The mean price at which it came in.
    pub average_entry_price: Option<Decimal>,
    /// The mean price at which it came in, in USD.
    pub average_entry_price_usd: Option<Decimal>,
    /// Total cost.
    pub cost: Option<Decimal>,
    /// Total cost, in USD.
    pub cost_usd: Option<Decimal>,
    /// Time of the last change, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// Amount of the asset, including transfers, realized results and fees.
    pub size: Option<Decimal>,
    /// The asset, for example `USDC`.
    pub token: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Balance {
    const NAME: &'static str = "Balance";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            average_entry_price: None,
            average_entry_price_usd: None,
            cost: None,
            cost_usd: None,
            last_updated_at: None,
            size: None,
            token: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "average_entry_price" => {
                fields.field("average_entry_price", &mut self.average_entry_price)
            }
            "average_entry_price_usd" => {
                fields
                    .field("average_entry_price_usd", &mut self.average_entry_price_usd)
            }
            "cost" => fields.field("cost", &mut self.cost),
            "cost_usd" => fields.field("cost_usd", &mut self.cost_usd),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "size" => fields.field("size", &mut self.size),
            "token" => fields.field("token", &mut self.token),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("average_entry_price", &self.average_entry_price)?;
        entries.field("average_entry_price_usd", &self.average_entry_price_usd)?;
        entries.field("cost", &self.cost)?;
        entries.field("cost_usd", &self.cost_usd)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("size", &self.size)?;
        entries.field("token", &self.token)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// A change of a balance.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BalanceEvent {
    /// When it happened, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Fees of a fill, in USDC.
    pub fees: Option<Decimal>,
    /// Id of the fill, if it was one.
    pub fill_id: Option<String>,
    /// Funding index that was used for a fill.
    pub funding_index: Option<Decimal>,
    /// Market of a fill.
    pub market: Option<String>,
    /// Realized funding of a fill, in USDC.
    pub realized_funding: Option<Decimal>,
    /// Realized profit or loss of a fill without funding, in USDC.
    pub realized_pnl: Option<Decimal>,
    /// Address of the settlement asset on the chain.
    pub settlement_asset_address: Option<String>,
    /// Balance of the settlement asset afterwards.
    pub settlement_asset_balance_after: Option<Decimal>,
    /// Balance of the settlement asset before.
    pub settlement_asset_balance_before: Option<Decimal>,
    /// The settlement asset, such as `USDC`.
    pub settlement_asset_name: Option<String>,
    /// Price of the settlement asset at that moment.
    pub settlement_asset_price: Option<Decimal>,
    /// State on the chain, such as `ON_BLOCKCHAIN`.
    pub status: Option<String>,
    /// What happened, such as `TRANSACTION_FILL`.
    pub type_: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for BalanceEvent {
    const NAME: &'static str = "BalanceEvent";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            created_at: None,
            fees: None,
            fill_id: None,
            funding_index: None,
            market: None,
            realized_funding: None,
            realized_pnl: None,
            settlement_asset_address: None,
            settlement_asset_balance_after: None,
            settlement_asset_balance_before: None,
            settlement_asset_name: None,
            settlement_asset_price: None,
            status: None,
            type_: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "created_at" => fields.field("created_at", &mut self.created_at),
            "fees" => fields.field("fees", &mut self.fees),
            "fill_id" => fields.field("fill_id", &mut self.fill_id),
            "funding_index" => fields.field("funding_index", &mut self.funding_index),
            "market" => fields.field("market", &mut self.market),
            "realized_funding" => {
                fields.field("realized_funding", &mut self.realized_funding)
            }
            "realized_pnl" => fields.field("realized_pnl", &mut self.realized_pnl),
            "settlement_asset_address" => {
                fields
                    .field(
                        "settlement_asset_address",
                        &mut self.settlement_asset_address,
                    )
            }
            "settlement_asset_balance_after" => {
                fields
                    .field(
                        "settlement_asset_balance_after",
                        &mut self.settlement_asset_balance_after,
                    )
            }
            "settlement_asset_balance_before" => {
                fields
                    .field(
                        "settlement_asset_balance_before",
                        &mut self.settlement_asset_balance_before,
                    )
            }
            "settlement_asset_name" => {
                fields.field("settlement_asset_name", &mut self.settlement_asset_name)
            }
            "settlement_asset_price" => {
                fields.field("settlement_asset_price", &mut self.settlement_asset_price)
            }
            "status" => fields.field("status", &mut self.status),
            "type" => fields.field("type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("created_at", &self.created_at)?;
        entries.field("fees", &self.fees)?;
        entries.field("fill_id", &self.fill_id)?;
        entries.field("funding_index", &self.funding_index)?;
        entries.field("market", &self.market)?;
        entries.field("realized_funding", &self.realized_funding)?;
        entries.field("realized_pnl", &self.realized_pnl)?;
        entries.field("settlement_asset_address", &self.settlement_asset_address)?;
        entries
            .field(
                "settlement_asset_balance_after",
                &self.settlement_asset_balance_after,
            )?;
        entries
            .field(
                "settlement_asset_balance_before",
                &self.settlement_asset_balance_before,
            )?;
        entries.field("settlement_asset_name", &self.settlement_asset_name)?;
        entries.field("settlement_asset_price", &self.settlement_asset_price)?;
        entries.field("status", &self.status)?;
        entries.field("type", &self.type_)?;
        Ok(())
    }
}

/// A list of `Balance` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BalanceList {
    /// The items of the list.
    pub results: Vec<Balance>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for BalanceList {
    const NAME: &'static str = "BalanceList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Results of the orders of a batch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Batch {
    /// The errors of the orders that were refused.
    pub errors: Vec<Error>,
    /// The accepted orders.
    pub orders: Vec<Order>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Batch {
    const NAME: &'static str = "Batch";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            errors: Wire::blank(),
            orders: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "errors" => fields.field("errors", &mut self.errors),
            "orders" => fields.field("orders", &mut self.orders),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("errors", &self.errors)?;
        entries.field("orders", &self.orders)?;
        Ok(())
    }
}

/// The best bid and offer of a market.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Bbo {
    /// The lowest offer, in the quote currency.
    pub ask: Option<Decimal>,
    /// Size at the best ask, in the base currency.
    pub ask_size: Option<Decimal>,
    /// The highest bid, in the quote currency.
    pub bid: Option<Decimal>,
    /// Size at the best bid, in the base currency.
    pub bid_size: Option<Decimal>,
    /// When the book last changed, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// The number of the book's state; a higher one is newer.
    pub seq_no: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Bbo {
    const NAME: &'static str = "Bbo";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            ask: None,
            ask_size: None,
            bid: None,
            bid_size: None,
            last_updated_at: None,
            market: None,
            seq_no: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "ask" => fields.field("ask", &mut self.ask),
            "ask_size" => fields.field("ask_size", &mut self.ask_size),
            "bid" => fields.field("bid", &mut self.bid),
            "bid_size" => fields.field("bid_size", &mut self.bid_size),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "market" => fields.field("market", &mut self.market),
            "seq_no" => fields.field("seq_no", &mut self.seq_no),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("ask", &self.ask)?;
        entries.field("ask_size", &self.ask_size)?;
        entries.field("bid", &self.bid)?;
        entries.field("bid_size", &self.bid_size)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("market", &self.market)?;
        entries.field("seq_no", &self.seq_no)?;
        Ok(())
    }
}

/// The initiator's request to execute a block trade, with the offers it accepts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockExecuteRequest {
    /// A value not used before that identifies this execution.
    pub execution_nonce: String,
    /// Ids of the offers to execute; each is executed completely or not at all.
    pub selected_offers: Vec<String>,
    /// The initiator's signatures by offer id; for a direct block trade the key is the block's own id.
    pub signatures: BTreeMap<String, BlockTradeSignature>,
    pub(crate) undecoded_: Undecoded,
}

impl BlockExecuteRequest {
    /// Creates a value with the required fields: `execution_nonce`, `signatures`.
    pub fn new(
        execution_nonce: impl Into<String>,
        signatures: BTreeMap<String, BlockTradeSignature>,
    ) -> Self {
        Self {
            execution_nonce: execution_nonce.into(),
            selected_offers: Wire::blank(),
            signatures,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Ids of the offers to execute; each is executed completely or not at all.
    pub fn selected_offers(mut self, value: Vec<String>) -> Self {
        self.selected_offers = value;
        self
    }
}

impl Record for BlockExecuteRequest {
    const NAME: &'static str = "BlockExecuteRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &["execution_nonce", "signatures"];
    fn blank() -> Self {
        Self {
            execution_nonce: Wire::blank(),
            selected_offers: Wire::blank(),
            signatures: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "execution_nonce" => {
                fields.required(0u32, "execution_nonce", &mut self.execution_nonce)
            }
            "selected_offers" => {
                fields.field("selected_offers", &mut self.selected_offers)
            }
            "signatures" => fields.required(1u32, "signatures", &mut self.signatures),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("execution_nonce", &self.execution_nonce)?;
        entries.field("selected_offers", &self.selected_offers)?;
        entries.required("signatures", &self.signatures)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.signatures.mark_outgoing();
    }
}

/// Terms of an offer in one market of a block trade.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockOfferInfo {
    /// The order of the account that makes the offer.
    pub offerer_order: BlockTradeOrder,
    /// Price offered, in quote currency.
    pub price: Decimal,
    /// Size offered, in base currency.
    pub size: Decimal,
    pub(crate) undecoded_: Undecoded,
}

impl BlockOfferInfo {
    /// Creates a value with the required fields: `offerer_order`, `price`, `size`.
    pub fn new(offerer_order: BlockTradeOrder, price: Decimal, size: Decimal) -> Self {
        Self {
            offerer_order,
            price,
            size,
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for BlockOfferInfo {
    const NAME: &'static str = "BlockOfferInfo";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &["offerer_order", "price", "size"];
    fn blank() -> Self {
        Self {
            offerer_order: Wire::blank(),
            price: Wire::blank(),
            size: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "offerer_order" => {
                fields.required(0u32, "offerer_order", &mut self.offerer_order)
            }
            "price" => fields.required(1u32, "price", &mut self.price),
            "size" => fields.required(2u32, "size", &mut self.size),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("offerer_order", &self.offerer_order)?;
        entries.required("price", &self.price)?;
        entries.required("size", &self.size)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.offerer_order.mark_outgoing();
    }
}

/// An offer of a required signer for an existing block trade.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockOfferRequest {
    /// A value not used before that identifies this offer.
    pub nonce: String,
    /// Starknet address of the offering account.
    pub offering_account: String,
    /// The offering account's signature of the offer.
    pub signature: BlockTradeSignature,
    /// The offered terms by market symbol.
    pub trades: BTreeMap<String, BlockOfferInfo>,
    pub(crate) undecoded_: Undecoded,
}

impl BlockOfferRequest {
    /// Creates a value with the required fields: `nonce`, `offering_account`, `signature`, `trades`.
    pub fn new(
        nonce: impl Into<String>,
        offering_account: impl Into<String>,
        signature: BlockTradeSignature,
        trades: BTreeMap<String, BlockOfferInfo>,
    ) -> Self {
        Self {
            nonce: nonce.into(),
            offering_account: offering_account.into(),
            signature,
            trades,
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for BlockOfferRequest {
    const NAME: &'static str = "BlockOfferRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[
        "nonce",
        "offering_account",
        "signature",
        "trades",
    ];
    fn blank() -> Self {
        Self {
            nonce: Wire::blank(),
            offering_account: Wire::blank(),
            signature: Wire::blank(),
            trades: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "nonce" => fields.required(0u32, "nonce", &mut self.nonce),
            "offering_account" => {
                fields.required(1u32, "offering_account", &mut self.offering_account)
            }
            "signature" => fields.required(2u32, "signature", &mut self.signature),
            "trades" => fields.required(3u32, "trades", &mut self.trades),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("nonce", &self.nonce)?;
        entries.required("offering_account", &self.offering_account)?;
        entries.required("signature", &self.signature)?;
        entries.required("trades", &self.trades)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.signature.mark_outgoing();
        self.trades.mark_outgoing();
    }
}

/// The bounds within which offers for a block trade must lie.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeConstraints {
    /// The highest price, in the quote currency.
    pub max_price: Option<Decimal>,
    /// The largest size, in the base currency.
    pub max_size: Option<Decimal>,
    /// The lowest price, in the quote currency.
    pub min_price: Option<Decimal>,
    /// The smallest size, in the base currency.
    pub min_size: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl BlockTradeConstraints {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            max_price: None,
            max_size: None,
            min_price: None,
            min_size: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// The highest price, in the quote currency.
    pub fn max_price(mut self, value: Decimal) -> Self {
        self.max_price = Some(value);
        self
    }

    /// The largest size, in the base currency.
    pub fn max_size(mut self, value: Decimal) -> Self {
        self.max_size = Some(value);
        self
    }

    /// The lowest price, in the quote currency.
    pub fn min_price(mut self, value: Decimal) -> Self {
        self.min_price = Some(value);
        self
    }

    /// The smallest size, in the base currency.
    pub fn min_size(mut self, value: Decimal) -> Self {
        self.min_size = Some(value);
        self
    }
}

impl Default for BlockTradeConstraints {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for BlockTradeConstraints {
    const NAME: &'static str = "BlockTradeConstraints";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            max_price: None,
            max_size: None,
            min_price: None,
            min_size: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "max_price" => fields.field("max_price", &mut self.max_price),
            "max_size" => fields.field("max_size", &mut self.max_size),
            "min_price" => fields.field("min_price", &mut self.min_price),
            "min_size" => fields.field("min_size", &mut self.min_size),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("max_price", &self.max_price)?;
        entries.field("max_size", &self.max_size)?;
        entries.field("min_price", &self.min_price)?;
        entries.field("min_size", &self.min_size)?;
        Ok(())
    }
}

/// One trade of a block trade.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeDetail {
    /// Time at which the trade was executed, in milliseconds since the Unix epoch; absent before.
    pub executed_at: Option<i64>,
    /// Reason of the failure; empty unless the trade failed. Participants are named by their role, never by an address.
    pub failure_reason: Option<String>,
    /// The maker's account, once both sides are known.
    pub maker_account: Option<String>,
    /// The maker's fill, once executed.
    pub maker_fill: Option<Fill>,
    /// The maker's order, as it is signed.
    pub maker_order: Option<BlockTradeOrder>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// The agreed price, in the quote currency, once both sides are known.
    pub price: Option<Decimal>,
    /// The agreed size, in the base currency, once both sides are known.
    pub size: Option<Decimal>,
    /// The taker's account, once both sides are known.
    pub taker_account: Option<String>,
    /// The taker's fill, once executed.
    pub taker_fill: Option<Fill>,
    /// The taker's order, as it is signed.
    pub taker_order: Option<BlockTradeOrder>,
    /// The bounds for offers, where offers are collected.
    pub trade_constraints: Option<BlockTradeConstraints>,
    /// The id that the exchange gave it.
    pub trade_id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for BlockTradeDetail {
    const NAME: &'static str = "BlockTradeDetail";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            executed_at: None,
            failure_reason: None,
            maker_account: None,
            maker_fill: None,
            maker_order: None,
            market: None,
            price: None,
            size: None,
            taker_account: None,
            taker_fill: None,
            taker_order: None,
            trade_constraints: None,
            trade_id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "executed_at" => fields.field("executed_at", &mut self.executed_at),
            "failure_reason" => fields.field("failure_reason", &mut self.failure_reason),
            "maker_account" => fields.field("maker_account", &mut self.maker_account),
            "maker_fill" => fields.field("maker_fill", &mut self.maker_fill),
            "maker_order" => fields.field("maker_order", &mut self.maker_order),
            "market" => fields.field("market", &mut self.market),
            "price" => fields.field("price", &mut self.price),
            "size" => fields.field("size", &mut self.size),
            "taker_account" => fields.field("taker_account", &mut self.taker_account),
            "taker_fill" => fields.field("taker_fill", &mut self.taker_fill),
            "taker_order" => fields.field("taker_order", &mut self.taker_order),
            "trade_constraints" => {
                fields.field("trade_constraints", &mut self.trade_constraints)
            }
            "trade_id" => fields.field("trade_id", &mut self.trade_id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("executed_at", &self.executed_at)?;
        entries.field("failure_reason", &self.failure_reason)?;
        entries.field("maker_account", &self.maker_account)?;
        entries.field("maker_fill", &self.maker_fill)?;
        entries.field("maker_order", &self.maker_order)?;
        entries.field("market", &self.market)?;
        entries.field("price", &self.price)?;
        entries.field("size", &self.size)?;
        entries.field("taker_account", &self.taker_account)?;
        entries.field("taker_fill", &self.taker_fill)?;
        entries.field("taker_order", &self.taker_order)?;
        entries.field("trade_constraints", &self.trade_constraints)?;
        entries.field("trade_id", &self.trade_id)?;
        Ok(())
    }
}

/// A block trade or an offer for one, with its trades and signatures.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeDetailFull {
    /// Expiry of the block trade, in milliseconds since the Unix epoch.
    pub block_expiration: Option<i64>,
    /// The id that the exchange gave it.
    pub block_id: Option<String>,
    /// How the block trade was agreed.
    pub block_type: Option<BlockTradeType>,
    /// Time at which the block trade was created, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Reason of the failure; empty unless the block trade failed. Participants are named by their role, never by an address.
    pub failure_reason: Option<String>,
    /// The account that started it.
    pub initiator: Option<String>,
    /// Time of the last change, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// The nonce that its creator signed.
    pub nonce: Option<String>,
    /// For an offer, the block trade to which it belongs; otherwise empty.
    pub parent_block_id: Option<String>,
    /// The accounts that may take part.
    pub required_signers: Vec<String>,
    /// The signatures given so far, by account.
    pub signatures: BTreeMap<String, BlockTradeSignature>,
    /// Status of the block trade.
    pub status: Option<BlockTradeStatus>,
    /// The trades, by market.
    pub trades: BTreeMap<String, BlockTradeDetail>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for BlockTradeDetailFull {
    const NAME: &'static str = "BlockTradeDetailFull";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            block_expiration: None,
            block_id: None,
            block_type: None,
            created_at: None,
            failure_reason: None,
            initiator: None,
            last_updated_at: None,
            nonce: None,
            parent_block_id: None,
            required_signers: Wire::blank(),
            signatures: Wire::blank(),
            status: None,
            trades: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "block_expiration" => {
                fields.field("block_expiration", &mut self.block_expiration)
            }
            "block_id" => fields.field("block_id", &mut self.block_id),
            "block_type" => fields.field("block_type", &mut self.block_type),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "failure_reason" => fields.field("failure_reason", &mut self.failure_reason),
            "initiator" => fields.field("initiator", &mut self.initiator),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "nonce" => fields.field("nonce", &mut self.nonce),
            "parent_block_id" => {
                fields.field("parent_block_id", &mut self.parent_block_id)
            }
            "required_signers" => {
                fields.field("required_signers", &mut self.required_signers)
            }
            "signatures" => fields.field("signatures", &mut self.signatures),
            "status" => fields.field("status", &mut self.status),
            "trades" => fields.field("trades", &mut self.trades),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("block_expiration", &self.block_expiration)?;
        entries.field("block_id", &self.block_id)?;
        entries.field("block_type", &self.block_type)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("failure_reason", &self.failure_reason)?;
        entries.field("initiator", &self.initiator)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("nonce", &self.nonce)?;
        entries.field("parent_block_id", &self.parent_block_id)?;
        entries.field("required_signers", &self.required_signers)?;
        entries.field("signatures", &self.signatures)?;
        entries.field("status", &self.status)?;
        entries.field("trades", &self.trades)?;
        Ok(())
    }
}

/// A list of `BlockTradeDetailFull` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeDetailFullList {
    /// The items of the list.
    pub results: Vec<BlockTradeDetailFull>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for BlockTradeDetailFullList {
    const NAME: &'static str = "BlockTradeDetailFullList";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// One page of `BlockTradeDetailFull` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeDetailFullPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<BlockTradeDetailFull>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for BlockTradeDetailFullPage {
    const NAME: &'static str = "BlockTradeDetailFullPage";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// The terms of a block trade in one market, either agreed already or left open for offers within constraints.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeInfo {
    /// The maker's order; empty where offers are asked for.
    pub maker_order: Option<BlockTradeOrder>,
    /// Agreed price in quote currency; empty where offers are asked for.
    pub price: Option<Decimal>,
    /// Agreed size in base currency; empty where offers are asked for.
    pub size: Option<Decimal>,
    /// The taker's order; empty where offers are asked for.
    pub taker_order: Option<BlockTradeOrder>,
    /// Bounds that offers must keep, where offers are asked for.
    pub trade_constraints: Option<BlockTradeConstraints>,
    pub(crate) undecoded_: Undecoded,
}

impl BlockTradeInfo {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            maker_order: None,
            price: None,
            size: None,
            taker_order: None,
            trade_constraints: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// The maker's order; empty where offers are asked for.
    pub fn maker_order(mut self, value: BlockTradeOrder) -> Self {
        self.maker_order = Some(value);
        self
    }

    /// Agreed price in quote currency; empty where offers are asked for.
    pub fn price(mut self, value: Decimal) -> Self {
        self.price = Some(value);
        self
    }

    /// Agreed size in base currency; empty where offers are asked for.
    pub fn size(mut self, value: Decimal) -> Self {
        self.size = Some(value);
        self
    }

    /// The taker's order; empty where offers are asked for.
    pub fn taker_order(mut self, value: BlockTradeOrder) -> Self {
        self.taker_order = Some(value);
        self
    }

    /// Bounds that offers must keep, where offers are asked for.
    pub fn trade_constraints(mut self, value: BlockTradeConstraints) -> Self {
        self.trade_constraints = Some(value);
        self
    }
}

impl Default for BlockTradeInfo {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for BlockTradeInfo {
    const NAME: &'static str = "BlockTradeInfo";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            maker_order: None,
            price: None,
            size: None,
            taker_order: None,
            trade_constraints: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "maker_order" => fields.field("maker_order", &mut self.maker_order),
            "price" => fields.field("price", &mut self.price),
            "size" => fields.field("size", &mut self.size),
            "taker_order" => fields.field("taker_order", &mut self.taker_order),
            "trade_constraints" => {
                fields.field("trade_constraints", &mut self.trade_constraints)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("maker_order", &self.maker_order)?;
        entries.field("price", &self.price)?;
        entries.field("size", &self.size)?;
        entries.field("taker_order", &self.taker_order)?;
        entries.field("trade_constraints", &self.trade_constraints)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.maker_order.mark_outgoing();
        self.taker_order.mark_outgoing();
        self.trade_constraints.mark_outgoing();
    }
}

/// One side's order within a block trade.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeOrder {
    /// The Starknet address of the order's owner.
    pub account: Option<String>,
    /// The owner's own id for the order.
    pub client_id: Option<String>,
    /// Flags of the order; `REDUCE_ONLY` is the one that is allowed.
    pub flags: Vec<OrderFlag>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// The price, in the quote currency; absent for a market order.
    pub price: Option<Decimal>,
    /// Whether the order buys or sells.
    pub side: Option<OrderSide>,
    /// The owner's signature.
    pub signature: Option<Secret>,
    /// Time at which the order was signed, in milliseconds since the Unix epoch.
    pub signature_timestamp: Option<i64>,
    /// The size, in the base currency.
    pub size: Option<Decimal>,
    /// The order type.
    pub type_: Option<OrderType>,
    pub(crate) undecoded_: Undecoded,
}

impl BlockTradeOrder {
    /// Creates a value with the required fields: `side`, `type`.
    pub fn new(side: OrderSide, type_: OrderType) -> Self {
        Self {
            account: None,
            client_id: None,
            flags: Wire::blank(),
            market: None,
            price: None,
            side: Some(side),
            signature: None,
            signature_timestamp: None,
            size: None,
            type_: Some(type_),
            undecoded_: Undecoded::NONE,
        }
    }

    /// The Starknet address of the order's owner.
    pub fn account(mut self, value: impl Into<String>) -> Self {
        self.account = Some(value.into());
        self
    }

    /// The owner's own id for the order.
    pub fn client_id(mut self, value: impl Into<String>) -> Self {
        self.client_id = Some(value.into());
        self
    }

    /// Flags of the order; `REDUCE_ONLY` is the one that is allowed.
    pub fn flags(mut self, value: Vec<OrderFlag>) -> Self {
        self.flags = value;
        self
    }

    /// The market, for example `BTC-USD-PERP`.
    pub fn market(mut self, value: impl Into<String>) -> Self {
        self.market = Some(value.into());
        self
    }

    /// The price, in the quote currency; absent for a market order.
    pub fn price(mut self, value: Decimal) -> Self {
        self.price = Some(value);
        self
    }

    /// The owner's signature.
    pub fn signature(mut self, value: Secret) -> Self {
        self.signature = Some(value);
        self
    }

    /// Time at which the order was signed, in milliseconds since the Unix epoch.
    pub fn signature_timestamp(mut self, value: i64) -> Self {
        self.signature_timestamp = Some(value);
        self
    }

    /// The size, in the base currency.
    pub fn size(mut self, value: Decimal) -> Self {
        self.size = Some(value);
        self
    }
}

impl Record for BlockTradeOrder {
    const NAME: &'static str = "BlockTradeOrder";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            client_id: None,
            flags: Wire::blank(),
            market: None,
            price: None,
            side: None,
            signature: None,
            signature_timestamp: None,
            size: None,
            type_: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "client_id" => fields.field("client_id", &mut self.client_id),
            "flags" => fields.field("flags", &mut self.flags),
            "market" => fields.field("market", &mut self.market),
            "price" => fields.field("price", &mut self.price),
            "side" => fields.field("side", &mut self.side),
            "signature" => fields.field("signature", &mut self.signature),
            "signature_timestamp" => {
                fields.field("signature_timestamp", &mut self.signature_timestamp)
            }
            "size" => fields.field("size", &mut self.size),
            "type" => fields.field("type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("client_id", &self.client_id)?;
        entries.field("flags", &self.flags)?;
        entries.field("market", &self.market)?;
        entries.field("price", &self.price)?;
        entries.field("side", &self.side)?;
        entries.field("signature", &self.signature)?;
        entries.field("signature_timestamp", &self.signature_timestamp)?;
        entries.field("size", &self.size)?;
        entries.field("type", &self.type_)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.flags.mark_outgoing();
        self.side.mark_outgoing();
        self.signature.mark_outgoing();
        self.type_.mark_outgoing();
    }
}

/// A new block trade between several accounts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeRequest {
    /// When the block trade lapses, in milliseconds since the Unix epoch.
    pub block_expiration: i64,
    /// A value not used before that identifies this block trade.
    pub nonce: String,
    /// Addresses of the accounts that may take part.
    pub required_signers: Vec<String>,
    /// Signatures by account address; may be incomplete or empty.
    pub signatures: BTreeMap<String, BlockTradeSignature>,
    /// The terms by market symbol, one entry for each market.
    pub trades: BTreeMap<String, BlockTradeInfo>,
    pub(crate) undecoded_: Undecoded,
}

impl BlockTradeRequest {
    /// Creates a value with the required fields: `block_expiration`, `nonce`, `required_signers`, `signatures`, `trades`.
    pub fn new(
        block_expiration: i64,
        nonce: impl Into<String>,
        required_signers: Vec<String>,
        signatures: BTreeMap<String, BlockTradeSignature>,
        trades: BTreeMap<String, BlockTradeInfo>,
    ) -> Self {
        Self {
            block_expiration,
            nonce: nonce.into(),
            required_signers,
            signatures,
            trades,
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for BlockTradeRequest {
    const NAME: &'static str = "BlockTradeRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[
        "block_expiration",
        "nonce",
        "required_signers",
        "signatures",
        "trades",
    ];
    fn blank() -> Self {
        Self {
            block_expiration: Wire::blank(),
            nonce: Wire::blank(),
            required_signers: Wire::blank(),
            signatures: Wire::blank(),
            trades: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "block_expiration" => {
                fields.required(0u32, "block_expiration", &mut self.block_expiration)
            }
            "nonce" => fields.required(1u32, "nonce", &mut self.nonce),
            "required_signers" => {
                fields.required(2u32, "required_signers", &mut self.required_signers)
            }
            "signatures" => fields.required(3u32, "signatures", &mut self.signatures),
            "trades" => fields.required(4u32, "trades", &mut self.trades),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("block_expiration", &self.block_expiration)?;
        entries.required("nonce", &self.nonce)?;
        entries.required("required_signers", &self.required_signers)?;
        entries.required("signatures", &self.signatures)?;
        entries.required("trades", &self.trades)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.signatures.mark_outgoing();
        self.trades.mark_outgoing();
    }
}

/// A participant's signature under a block trade or offer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockTradeSignature {
    /// A number that is used once, so that the signature cannot be replayed.
    pub nonce: Option<String>,
    /// The two parts of the signature, as a JSON list of texts.
    pub signature_data: Option<Secret>,
    /// When the signature ends, in milliseconds since the Unix epoch.
    pub signature_expiration: Option<i64>,
    /// Time at which the signature was made, in milliseconds since the Unix epoch.
    pub signature_timestamp: Option<i64>,
    /// The scheme.
    pub signature_type: Option<BlockTradeSignatureType>,
    /// The signer's Starknet address.
    pub signer_account: Option<String>,
    /// Public key that signed, in hex; empty means the account's main key.
    pub signer_public_key: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl BlockTradeSignature {
    /// Creates a value with the required fields: `nonce`, `signature_data`, `signature_expiration`, `signature_timestamp`, `signature_type`, `signer_account`.
    pub fn new(
        nonce: impl Into<String>,
        signature_data: Secret,
        signature_expiration: i64,
        signature_timestamp: i64,
        signature_type: BlockTradeSignatureType,
        signer_account: impl Into<String>,
    ) -> Self {
        Self {
            nonce: Some(nonce.into()),
            signature_data: Some(signature_data),
            signature_expiration: Some(signature_expiration),
            signature_timestamp: Some(signature_timestamp),
            signature_type: Some(signature_type),
            signer_account: Some(signer_account.into()),
            signer_public_key: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Public key that signed, in hex; empty means the account's main key.
    pub fn signer_public_key(mut self, value: impl Into<String>) -> Self {
        self.signer_public_key = Some(value.into());
        self
    }
}

impl Record for BlockTradeSignature {
    const NAME: &'static str = "BlockTradeSignature";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            nonce: None,
            signature_data: None,
            signature_expiration: None,
            signature_timestamp: None,
            signature_type: None,
            signer_account: None,
            signer_public_key: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "nonce" => fields.field("nonce", &mut self.nonce),
            "signature_data" => fields.field("signature_data", &mut self.signature_data),
            "signature_expiration" => {
                fields.field("signature_expiration", &mut self.signature_expiration)
            }
            "signature_timestamp" => {
                fields.field("signature_timestamp", &mut self.signature_timestamp)
            }
            "signature_type" => fields.field("signature_type", &mut self.signature_type),
            "signer_account" => fields.field("signer_account", &mut self.signer_account),
            "signer_public_key" => {
                fields.field("signer_public_key", &mut self.signer_public_key)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("nonce", &self.nonce)?;
        entries.field("signature_data", &self.signature_data)?;
        entries.field("signature_expiration", &self.signature_expiration)?;
        entries.field("signature_timestamp", &self.signature_timestamp)?;
        entries.field("signature_type", &self.signature_type)?;
        entries.field("signer_account", &self.signer_account)?;
        entries.field("signer_public_key", &self.signer_public_key)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.signature_data.mark_outgoing();
        self.signature_type.mark_outgoing();
    }
}

/// Values of `responses.BlockTradeSignature.signature_type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockTradeSignatureType {
    /// `STARKNET`
    Starknet,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(BlockTradeSignatureType { Starknet = "STARKNET" });
/// Stage that a block trade or an offer has reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockTradeStatus {
    /// `CANCELLED`: Withdrawn before execution.
    Cancelled,
    /// `COMPLETED`: Executed successfully.
    Completed,
    /// `CREATED`: Set up, and nothing more.
    Created,
    /// `EXECUTING`: Execution is under way.
    Executing,
    /// `FAILED`: Execution failed; `failure_reason` of the block trade says why.
    Failed,
    /// `OFFER_COLLECTION`: Offers from the required signers are being collected.
    OfferCollection,
    /// `PENDING_SETTLEMENT`: Settlement has not finished.
    PendingSettlement,
    /// `READY_TO_EXECUTE`: The initiator may execute the trade.
    ReadyToExecute,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    BlockTradeStatus { Cancelled = "CANCELLED", Completed = "COMPLETED", Created =
    "CREATED", Executing = "EXECUTING", Failed = "FAILED", OfferCollection =
    "OFFER_COLLECTION", PendingSettlement = "PENDING_SETTLEMENT", ReadyToExecute =
    "READY_TO_EXECUTE" }
);
/// Whether a block trade is executed directly or through offers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockTradeType {
    /// `DIRECT`: A trade that is executed by itself, without offers.
    Direct,
    /// `OFFER_BASED`: A trade to which the required signers submit offers.
    OfferBased,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(BlockTradeType { Direct = "DIRECT", OfferBased = "OFFER_BASED" });
/// A token that can be bridged between layer 1 (Ethereum) and layer 2, with its contract addresses.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BridgedToken {
    /// Number of decimal places of the token's base unit.
    pub decimals: Option<i64>,
    /// Address of the bridge contract on layer 1.
    pub l1_bridge_address: Option<String>,
    /// Address of the token contract on layer 1.
    pub l1_token_address: Option<String>,
    /// Address of the bridge contract on layer 2.
    pub l2_bridge_address: Option<String>,
    /// Address of the token contract on layer 2.
    pub l2_token_address: Option<String>,
    /// Full name of the token.
    pub name: Option<String>,
    /// Ticker of the token.
    pub symbol: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for BridgedToken {
    const NAME: &'static str = "BridgedToken";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            decimals: None,
            l1_bridge_address: None,
            l1_token_address: None,
            l2_bridge_address: None,
            l2_token_address: None,
            name: None,
            symbol: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "decimals" => fields.field("decimals", &mut self.decimals),
            "l1_bridge_address" => {
                fields.field("l1_bridge_address", &mut self.l1_bridge_address)
            }
            "l1_token_address" => {
                fields.field("l1_token_address", &mut self.l1_token_address)
            }
            "l2_bridge_address" => {
                fields.field("l2_bridge_address", &mut self.l2_bridge_address)
            }
            "l2_token_address" => {
                fields.field("l2_token_address", &mut self.l2_token_address)
            }
            "name" => fields.field("name", &mut self.name),
            "symbol" => fields.field("symbol", &mut self.symbol),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("decimals", &self.decimals)?;
        entries.field("l1_bridge_address", &self.l1_bridge_address)?;
        entries.field("l1_token_address", &self.l1_token_address)?;
        entries.field("l2_bridge_address", &self.l2_bridge_address)?;
        entries.field("l2_token_address", &self.l2_token_address)?;
        entries.field("name", &self.name)?;
        entries.field("symbol", &self.symbol)?;
        Ok(())
    }
}

/// The orders to cancel, by either kind of id or both; a batch holds 1 to 50 and counts once against the rate limit.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CancelOrderBatchRequest {
    /// Ids that the client gave to the orders.
    pub client_order_ids: Vec<String>,
    /// Ids that the exchange gave to the orders.
    pub order_ids: Vec<String>,
    pub(crate) undecoded_: Undecoded,
}

impl CancelOrderBatchRequest {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            client_order_ids: Wire::blank(),
            order_ids: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    /// Ids that the client gave to the orders.
    pub fn client_order_ids(mut self, value: Vec<String>) -> Self {
        self.client_order_ids = value;
        self
    }

    /// Ids that the exchange gave to the orders.
    pub fn order_ids(mut self, value: Vec<String>) -> Self {
        self.order_ids = value;
        self
    }
}

impl Default for CancelOrderBatchRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for CancelOrderBatchRequest {
    const NAME: &'static str = "CancelOrderBatchRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            client_order_ids: Wire::blank(),
            order_ids: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "client_order_ids" => {
                fields.field("client_order_ids", &mut self.client_order_ids)
            }
            "order_ids" => fields.field("order_ids", &mut self.order_ids),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("client_order_ids", &self.client_order_ids)?;
        entries.field("order_ids", &self.order_ids)?;
        Ok(())
    }
}

/// Outcome of a batch cancellation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CancelOrderBatchResponse {
    /// Outcome for each order of the batch.
    pub results: Vec<CancelOrderResponse>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for CancelOrderBatchResponse {
    const NAME: &'static str = "CancelOrderBatchResponse";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Result of the cancellation of one order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CancelOrderResponse {
    /// Account to which the order belongs.
    pub account: Option<String>,
    /// Identifier that the client gave the order.
    pub client_id: Option<String>,
    /// Identifier that the exchange gave the order.
    pub id: Option<String>,
    /// Symbol of the order's market.
    pub market: Option<String>,
    /// Outcome: `QUEUED_FOR_CANCELLATION`, `ALREADY_CLOSED` or `NOT_FOUND`.
    pub status: Option<CancelStatus>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for CancelOrderResponse {
    const NAME: &'static str = "CancelOrderResponse";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            client_id: None,
            id: None,
            market: None,
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "client_id" => fields.field("client_id", &mut self.client_id),
            "id" => fields.field("id", &mut self.id),
            "market" => fields.field("market", &mut self.market),
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("client_id", &self.client_id)?;
        entries.field("id", &self.id)?;
        entries.field("market", &self.market)?;
        entries.field("status", &self.status)?;
        Ok(())
    }
}

/// Values of `responses.CancelOrderResult.status`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CancelStatus {
    /// `ALREADY_CLOSED`
    AlreadyClosed,
    /// `NOT_FOUND`
    NotFound,
    /// `QUEUED_FOR_CANCELLATION`
    QueuedForCancellation,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    CancelStatus { AlreadyClosed = "ALREADY_CLOSED", NotFound = "NOT_FOUND",
    QueuedForCancellation = "QUEUED_FOR_CANCELLATION" }
);
#[cfg(feature = "stream")]
/// A channel that is subscribed or no longer so.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChannelName {
    /// The name of the channel.
    pub channel: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl ChannelName {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            channel: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// The name of the channel.
    pub fn channel(mut self, value: impl Into<String>) -> Self {
        self.channel = Some(value.into());
        self
    }
}

#[cfg(feature = "stream")]
impl Default for ChannelName {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "stream")]
impl Record for ChannelName {
    const NAME: &'static str = "ChannelName";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            channel: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "channel" => fields.field("channel", &mut self.channel),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("channel", &self.channel)?;
        Ok(())
    }
}

/// A compliance action that an account took, such as accepting the terms of service.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ComplianceAction {
    /// Kind of action, for example `ACCEPT_TOS`.
    pub action_type: Option<String>,
    /// Version of the text or rule acted on, for example the date `2026-02-15`.
    pub action_version: Option<String>,
    /// When the action was recorded, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ComplianceAction {
    const NAME: &'static str = "ComplianceAction";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            action_type: None,
            action_version: None,
            created_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "action_type" => fields.field("action_type", &mut self.action_type),
            "action_version" => fields.field("action_version", &mut self.action_version),
            "created_at" => fields.field("created_at", &mut self.created_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("action_type", &self.action_type)?;
        entries.field("action_version", &self.action_version)?;
        entries.field("created_at", &self.created_at)?;
        Ok(())
    }
}

/// A list of `ComplianceAction` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ComplianceActionList {
    /// The items of the list.
    pub results: Vec<ComplianceAction>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ComplianceActionList {
    const NAME: &'static str = "ComplianceActionList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// A subkey to register. The main key authorises it either by `signature` with its two times (Starknet) or by `siwe_message` with `evm_signature` (EVM).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateSubkeyRequest {
    /// IP ranges in CIDR notation from which the subkey may be used, at most 50, in force from the start. Empty or left out means no restriction. The registration signature does not cover the list.
    pub allowed_cidrs: Vec<String>,
    /// The subkey's private key in encrypted form; needed when `state` is `pending`.
    pub encrypted_key: Option<Secret>,
    /// Public key of the ephemeral pair that later signs the activation; needed when `state` is `pending`.
    pub eph_public_key: Option<String>,
    /// EIP-191 signature of `siwe_message`, for accounts whose main key is an EVM key; replaces `signature`, `signature_timestamp` and `signature_expiry`.
    pub evm_signature: Option<Secret>,
    /// A name for people to recognise the subkey by.
    pub name: String,
    /// Public key of the new subkey, as `0x` hex.
    pub public_key: String,
    /// Signature `[r, s]`, as hex strings, by the main Starknet key over the Pedersen array of account, `public_key`, `signature_timestamp` and `signature_expiry`; needed where the exchange enforces it.
    pub signature: Vec<Secret>,
    /// End of the signature's validity, in seconds since the Unix epoch; part of the signed message and at most 10 minutes after `signature_timestamp`.
    pub signature_expiry: Option<i64>,
    /// The time that was signed, in seconds since the Unix epoch.
    pub signature_timestamp: Option<i64>,
    /// The signed ERC-4361 message, verbatim. Its statement is `Paradex Subkey Registration: 0x...` with the new public key in lower case.
    pub siwe_message: Option<Secret>,
    /// Initial state, `active` or `pending`; `active` by default.
    pub state: Option<SubkeyState>,
    pub(crate) undecoded_: Undecoded,
}

impl CreateSubkeyRequest {
    /// Creates a value with the required fields: `name`, `public_key`.
    pub fn new(name: impl Into<String>, public_key: impl Into<String>) -> Self {
        Self {
            allowed_cidrs: Wire::blank(),
            encrypted_key: None,
            eph_public_key: None,
            evm_signature: None,
            name: name.into(),
            public_key: public_key.into(),
            signature: Wire::blank(),
            signature_expiry: None,
            signature_timestamp: None,
            siwe_message: None,
            state: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// IP ranges in CIDR notation from which the subkey may be used, at most 50, in force from the start. Empty or left out means no restriction. The registration signature does not cover the list.
    pub fn allowed_cidrs(mut self, value: Vec<String>) -> Self {
        self.allowed_cidrs = value;
        self
    }

    /// The subkey's private key in encrypted form; needed when `state` is `pending`.
    pub fn encrypted_key(mut self, value: Secret) -> Self {
        self.encrypted_key = Some(value);
        self
    }

    /// Public key of the ephemeral pair that later signs the activation; needed when `state` is `pending`.
    pub fn eph_public_key(mut self, value: impl Into<String>) -> Self {
        self.eph_public_key = Some(value.into());
        self
    }

    /// EIP-191 signature of `siwe_message`, for accounts whose main key is an EVM key; replaces `signature`, `signature_timestamp` and `signature_expiry`.
    pub fn evm_signature(mut self, value: Secret) -> Self {
        self.evm_signature = Some(value);
        self
    }

    /// Signature `[r, s]`, as hex strings, by the main Starknet key over the Pedersen array of account, `public_key`, `signature_timestamp` and `signature_expiry`; needed where the exchange enforces it.
    pub fn signature(mut self, value: Vec<Secret>) -> Self {
        self.signature = value;
        self
    }

    /// End of the signature's validity, in seconds since the Unix epoch; part of the signed message and at most 10 minutes after `signature_timestamp`.
    pub fn signature_expiry(mut self, value: i64) -> Self {
        self.signature_expiry = Some(value);
        self
    }

    /// The time that was signed, in seconds since the Unix epoch.
    pub fn signature_timestamp(mut self, value: i64) -> Self {
        self.signature_timestamp = Some(value);
        self
    }

    /// The signed ERC-4361 message, verbatim. Its statement is `Paradex Subkey Registration: 0x...` with the new public key in lower case.
    pub fn siwe_message(mut self, value: Secret) -> Self {
        self.siwe_message = Some(value);
        self
    }

    /// Initial state, `active` or `pending`; `active` by default.
    pub fn state(mut self, value: SubkeyState) -> Self {
        self.state = Some(value);
        self
    }
}

impl Record for CreateSubkeyRequest {
    const NAME: &'static str = "CreateSubkeyRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &["name", "public_key"];
    fn blank() -> Self {
        Self {
            allowed_cidrs: Wire::blank(),
            encrypted_key: None,
            eph_public_key: None,
            evm_signature: None,
            name: Wire::blank(),
            public_key: Wire::blank(),
            signature: Wire::blank(),
            signature_expiry: None,
            signature_timestamp: None,
            siwe_message: None,
            state: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "allowed_cidrs" => fields.field("allowed_cidrs", &mut self.allowed_cidrs),
            "encrypted_key" => fields.field("encrypted_key", &mut self.encrypted_key),
            "eph_public_key" => fields.field("eph_public_key", &mut self.eph_public_key),
            "evm_signature" => fields.field("evm_signature", &mut self.evm_signature),
            "name" => fields.required(0u32, "name", &mut self.name),
            "public_key" => fields.required(1u32, "public_key", &mut self.public_key),
            "signature" => fields.field("signature", &mut self.signature),
            "signature_expiry" => {
                fields.field("signature_expiry", &mut self.signature_expiry)
            }
            "signature_timestamp" => {
                fields.field("signature_timestamp", &mut self.signature_timestamp)
            }
            "siwe_message" => fields.field("siwe_message", &mut self.siwe_message),
            "state" => fields.field("state", &mut self.state),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("allowed_cidrs", &self.allowed_cidrs)?;
        entries.field("encrypted_key", &self.encrypted_key)?;
        entries.field("eph_public_key", &self.eph_public_key)?;
        entries.field("evm_signature", &self.evm_signature)?;
        entries.required("name", &self.name)?;
        entries.required("public_key", &self.public_key)?;
        entries.field("signature", &self.signature)?;
        entries.field("signature_expiry", &self.signature_expiry)?;
        entries.field("signature_timestamp", &self.signature_timestamp)?;
        entries.field("siwe_message", &self.siwe_message)?;
        entries.field("state", &self.state)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.encrypted_key.mark_outgoing();
        self.evm_signature.mark_outgoing();
        self.signature.mark_outgoing();
        self.siwe_message.mark_outgoing();
        self.state.mark_outgoing();
    }
}

/// A long-lived API token to create.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateTokenRequest {
    /// IP ranges in CIDR notation from which the token may be used, at most 50, in force from the start. Empty or left out means no restriction.
    pub allowed_cidrs: Vec<String>,
    /// Lifetime in seconds from now, from 60 to one year.
    pub expiry_duration: i64,
    /// A name for people to recognise the token by.
    pub name: String,
    /// The type of token; the accepted values are not documented.
    pub token_type: String,
    pub(crate) undecoded_: Undecoded,
}

impl CreateTokenRequest {
    /// Creates a value with the required fields: `expiry_duration`, `name`, `token_type`.
    pub fn new(
        expiry_duration: i64,
        name: impl Into<String>,
        token_type: impl Into<String>,
    ) -> Self {
        Self {
            allowed_cidrs: Wire::blank(),
            expiry_duration,
            name: name.into(),
            token_type: token_type.into(),
            undecoded_: Undecoded::NONE,
        }
    }

    /// IP ranges in CIDR notation from which the token may be used, at most 50, in force from the start. Empty or left out means no restriction.
    pub fn allowed_cidrs(mut self, value: Vec<String>) -> Self {
        self.allowed_cidrs = value;
        self
    }
}

impl Record for CreateTokenRequest {
    const NAME: &'static str = "CreateTokenRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["expiry_duration", "name", "token_type"];
    fn blank() -> Self {
        Self {
            allowed_cidrs: Wire::blank(),
            expiry_duration: Wire::blank(),
            name: Wire::blank(),
            token_type: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "allowed_cidrs" => fields.field("allowed_cidrs", &mut self.allowed_cidrs),
            "expiry_duration" => {
                fields.required(0u32, "expiry_duration", &mut self.expiry_duration)
            }
            "name" => fields.required(1u32, "name", &mut self.name),
            "token_type" => fields.required(2u32, "token_type", &mut self.token_type),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("allowed_cidrs", &self.allowed_cidrs)?;
        entries.required("expiry_duration", &self.expiry_duration)?;
        entries.required("name", &self.name)?;
        entries.required("token_type", &self.token_type)?;
        Ok(())
    }
}

/// A newly created API token. The token text is shown once only, so store it safely.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateTokenResponse {
    /// Metadata of the token.
    pub api_token: Option<ApiToken>,
    /// The token itself, to be sent as a bearer token; a secret.
    pub token: Secret,
    pub(crate) undecoded_: Undecoded,
}

impl Record for CreateTokenResponse {
    const NAME: &'static str = "CreateTokenResponse";
    const STRICT: bool = false;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &["token"];
    fn blank() -> Self {
        Self {
            api_token: None,
            token: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "api_token" => fields.field("api_token", &mut self.api_token),
            "token" => fields.required(0u32, "token", &mut self.token),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("api_token", &self.api_token)?;
        entries.required("token", &self.token)?;
        Ok(())
    }
}

/// Response to the creation of an XP transfer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateTransferResponse {
    /// The XP transfer as it was created.
    pub transfer: Option<XpTransfer>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for CreateTransferResponse {
    const NAME: &'static str = "CreateTransferResponse";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            transfer: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "transfer" => fields.field("transfer", &mut self.transfer),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("transfer", &self.transfer)?;
        Ok(())
    }
}

/// A vault to create, with its terms and its operator.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateVaultRequest {
    /// Name of the vault's curator; optional.
    pub curator_name: Option<String>,
    /// Signature of the owner's first deposit transfer; its exact form is not documented.
    pub deposit_tx_signature: Option<Secret>,
    /// Description of the vault.
    pub description: Option<String>,
    /// Days for which a deposit stays locked.
    pub lockup_period: Option<i64>,
    /// Maximum value of the vault, in USDC; 0 sets no limit.
    pub max_tvl: Option<i64>,
    /// Name of the vault; no two vaults share one.
    pub name: Option<String>,
    /// EVM address of the operator; empty for a legacy Starknet operator.
    pub operator_eth_address: Option<String>,
    /// Number of the operator subaccount; 0 for a legacy Starknet operator.
    pub operator_index: Option<i64>,
    /// Kind of key the operator signs with, `starknet` or `eip191`; empty means `starknet`.
    pub operator_signer_type: Option<SignerType>,
    /// Share of the profit that goes to the owner, in percent.
    pub profit_share: Option<i64>,
    /// Public key of the operator, as `0x` hex.
    pub public_key: Option<String>,
    /// True to let everyone see the balances; true by default.
    pub show_balances: Option<bool>,
    /// True to let everyone see the positions; true by default.
    pub show_positions: Option<bool>,
    /// Description of the strategy; optional.
    pub strategy_description: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl CreateVaultRequest {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            curator_name: None,
            deposit_tx_signature: None,
            description: None,
            lockup_period: None,
            max_tvl: None,
            name: None,
            operator_eth_address: None,
            operator_index: None,
            operator_signer_type: None,
            profit_share: None,
            public_key: None,
            show_balances: None,
            show_positions: None,
            strategy_description: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Name of the vault's curator; optional.
    pub fn curator_name(mut self, value: impl Into<String>) -> Self {
        self.curator_name = Some(value.into());
        self
    }

    /// Signature of the owner's first deposit transfer; its exact form is not documented.
    pub fn deposit_tx_signature(mut self, value: Secret) -> Self {
        self.deposit_tx_signature = Some(value);
        self
    }

    /// Description of the vault.
    pub fn description(mut self, value: impl Into<String>) -> Self {
        self.description = Some(value.into());
        self
    }

    /// Days for which a deposit stays locked.
    pub fn lockup_period(mut self, value: i64) -> Self {
        self.lockup_period = Some(value);
        self
    }

    /// Maximum value of the vault, in USDC; 0 sets no limit.
    pub fn max_tvl(mut self, value: i64) -> Self {
        self.max_tvl = Some(value);
        self
    }

    /// Name of the vault; no two vaults share one.
    pub fn name(mut self, value: impl Into<String>) -> Self {
        self.name = Some(value.into());
        self
    }

    /// EVM address of the operator; empty for a legacy Starknet operator.
    pub fn operator_eth_address(mut self, value: impl Into<String>) -> Self {
        self.operator_eth_address = Some(value.into());
        self
    }

    /// Number of the operator subaccount; 0 for a legacy Starknet operator.
    pub fn operator_index(mut self, value: i64) -> Self {
        self.operator_index = Some(value);
        self
    }

    /// Kind of key the operator signs with, `starknet` or `eip191`; empty means `starknet`.
    pub fn operator_signer_type(mut self, value: SignerType) -> Self {
        self.operator_signer_type = Some(value);
        self
    }

    /// Share of the profit that goes to the owner, in percent.
    pub fn profit_share(mut self, value: i64) -> Self {
        self.profit_share = Some(value);
        self
    }

    /// Public key of the operator, as `0x` hex.
    pub fn public_key(mut self, value: impl Into<String>) -> Self {
        self.public_key = Some(value.into());
        self
    }

    /// True to let everyone see the balances; true by default.
    pub fn show_balances(mut self, value: bool) -> Self {
        self.show_balances = Some(value);
        self
    }

    /// True to let everyone see the positions; true by default.
    pub fn show_positions(mut self, value: bool) -> Self {
        self.show_positions = Some(value);
        self
    }

    /// Description of the strategy; optional.
    pub fn strategy_description(mut self, value: impl Into<String>) -> Self {
        self.strategy_description = Some(value.into());
        self
    }
}

impl Default for CreateVaultRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for CreateVaultRequest {
    const NAME: &'static str = "CreateVaultRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            curator_name: None,
            deposit_tx_signature: None,
            description: None,
            lockup_period: None,
            max_tvl: None,
            name: None,
            operator_eth_address: None,
            operator_index: None,
            operator_signer_type: None,
            profit_share: None,
            public_key: None,
            show_balances: None,
            show_positions: None,
            strategy_description: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "curator_name" => fields.field("curator_name", &mut self.curator_name),
            "deposit_tx_signature" => {
                fields.field("deposit_tx_signature", &mut self.deposit_tx_signature)
            }
            "description" => fields.field("description", &mut self.description),
            "lockup_period" => fields.field("lockup_period", &mut self.lockup_period),
            "max_tvl" => fields.field("max_tvl", &mut self.max_tvl),
            "name" => fields.field("name", &mut self.name),
            "operator_eth_address" => {
                fields.field("operator_eth_address", &mut self.operator_eth_address)
            }
            "operator_index" => fields.field("operator_index", &mut self.operator_index),
            "operator_signer_type" => {
                fields.field("operator_signer_type", &mut self.operator_signer_type)
            }
            "profit_share" => fields.field("profit_share", &mut self.profit_share),
            "public_key" => fields.field("public_key", &mut self.public_key),
            "show_balances" => fields.field("show_balances", &mut self.show_balances),
            "show_positions" => fields.field("show_positions", &mut self.show_positions),
            "strategy_description" => {
                fields.field("strategy_description", &mut self.strategy_description)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("curator_name", &self.curator_name)?;
        entries.field("deposit_tx_signature", &self.deposit_tx_signature)?;
        entries.field("description", &self.description)?;
        entries.field("lockup_period", &self.lockup_period)?;
        entries.field("max_tvl", &self.max_tvl)?;
        entries.field("name", &self.name)?;
        entries.field("operator_eth_address", &self.operator_eth_address)?;
        entries.field("operator_index", &self.operator_index)?;
        entries.field("operator_signer_type", &self.operator_signer_type)?;
        entries.field("profit_share", &self.profit_share)?;
        entries.field("public_key", &self.public_key)?;
        entries.field("show_balances", &self.show_balances)?;
        entries.field("show_positions", &self.show_positions)?;
        entries.field("strategy_description", &self.strategy_description)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.deposit_tx_signature.mark_outgoing();
        self.operator_signer_type.mark_outgoing();
    }
}

/// A transfer of XP to another account. It carries no message signature.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateXpTransferRequest {
    /// Whole number of XP, from 1 to 1,000,000,000,000.
    pub amount: i64,
    /// True to keep the transfer off the public feeds; false by default.
    pub is_private: Option<bool>,
    /// Starknet address of the receiver, as `0x` hex.
    pub recipient: String,
    /// The XP season; by default the exchange uses its own (`season3` in the published document).
    pub season: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl CreateXpTransferRequest {
    /// Creates a value with the required fields: `amount`, `recipient`.
    pub fn new(amount: i64, recipient: impl Into<String>) -> Self {
        Self {
            amount,
            is_private: None,
            recipient: recipient.into(),
            season: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// True to keep the transfer off the public feeds; false by default.
    pub fn is_private(mut self, value: bool) -> Self {
        self.is_private = Some(value);
        self
    }

    /// The XP season; by default the exchange uses its own (`season3` in the published document).
    pub fn season(mut self, value: impl Into<String>) -> Self {
        self.season = Some(value.into());
        self
    }
}

impl Record for CreateXpTransferRequest {
    const NAME: &'static str = "CreateXpTransferRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["amount", "recipient"];
    fn blank() -> Self {
        Self {
            amount: Wire::blank(),
            is_private: None,
            recipient: Wire::blank(),
            season: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "amount" => fields.required(0u32, "amount", &mut self.amount),
            "is_private" => fields.field("is_private", &mut self.is_private),
            "recipient" => fields.required(1u32, "recipient", &mut self.recipient),
            "season" => fields.field("season", &mut self.season),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("amount", &self.amount)?;
        entries.field("is_private", &self.is_private)?;
        entries.required("recipient", &self.recipient)?;
        entries.field("season", &self.season)?;
        Ok(())
    }
}

/// Cross margin parameters of a market whose price moves one to one with its underlying, such as a perpetual.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delta1CrossMarginParams {
    /// Base of the initial margin, a fraction.
    pub imf_base: Option<Decimal>,
    /// Factor of the initial margin; always 0.
    pub imf_factor: Option<Decimal>,
    /// Shift of the initial margin; not in use, always 0.
    pub imf_shift: Option<Decimal>,
    /// Factor of the maintenance margin.
    pub mmf_factor: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Delta1CrossMarginParams {
    const NAME: &'static str = "Delta1CrossMarginParams";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            imf_base: None,
            imf_factor: None,
            imf_shift: None,
            mmf_factor: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "imf_base" => fields.field("imf_base", &mut self.imf_base),
            "imf_factor" => fields.field("imf_factor", &mut self.imf_factor),
            "imf_shift" => fields.field("imf_shift", &mut self.imf_shift),
            "mmf_factor" => fields.field("mmf_factor", &mut self.mmf_factor),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("imf_base", &self.imf_base)?;
        entries.field("imf_factor", &self.imf_factor)?;
        entries.field("imf_shift", &self.imf_shift)?;
        entries.field("mmf_factor", &self.mmf_factor)?;
        Ok(())
    }
}

/// A Discord profile linked to an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DiscordProfile {
    /// Discord's identifier of the user.
    pub id: Option<String>,
    /// Address of the profile picture.
    pub image_url: Option<String>,
    /// Name on Discord.
    pub username: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for DiscordProfile {
    const NAME: &'static str = "DiscordProfile";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            id: None,
            image_url: None,
            username: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "id" => fields.field("id", &mut self.id),
            "image_url" => fields.field("image_url", &mut self.image_url),
            "username" => fields.field("username", &mut self.username),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("id", &self.id)?;
        entries.field("image_url", &self.image_url)?;
        entries.field("username", &self.username)?;
        Ok(())
    }
}

/// An error with its code and a text for people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Error {
    /// Machine-readable code of the error.
    pub error: Option<ErrorCode>,
    /// Text that explains the error.
    pub message: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Error {
    const NAME: &'static str = "Error";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            error: None,
            message: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "error" => fields.field("error", &mut self.error),
            "message" => fields.field("message", &mut self.message),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("error", &self.error)?;
        entries.field("message", &self.message)?;
        Ok(())
    }
}

/// Machine-readable reason of a refused request. The list grows often, and codes outside it have been seen, for example `MMP_NOT_ENABLED`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// `ACCOUNT_ALREADY_REFERRED`: The account already has a referrer.
    AccountAlreadyReferred,
    /// `ACCOUNT_NOT_FOUND`: No such account.
    AccountNotFound,
    /// `ALGO_ID_NOT_FOUND`: No algo order has this identifier.
    AlgoIdNotFound,
    /// `ALLOWLIST_ENTRY_NOT_FOUND`: No such entry in the allowlist.
    AllowlistEntryNotFound,
    /// `BATCH_SIZE_OUT_OF_RANGE`: The batch holds too few or too many entries.
    BatchSizeOutOfRange,
    /// `BINDING_ERROR`: The request could not be read into the expected form.
    BindingError,
    /// `BLOCK_TRADE_ACCOUNT_MISMATCH`: An account does not match the block trade.
    BlockTradeAccountMismatch,
    /// `BLOCK_TRADE_ALREADY_CANCELLED`: The block trade was cancelled before.
    BlockTradeAlreadyCancelled,
    /// `BLOCK_TRADE_EXPIRED`: The block trade has expired.
    BlockTradeExpired,
    /// `BLOCK_TRADE_INVALID_SIGNATURE`: A signature of the block trade is not valid.
    BlockTradeInvalidSignature,
    /// `BLOCK_TRADE_INVALID_STATUS`: The status of the block trade does not permit the action.
    BlockTradeInvalidStatus,
    /// `BLOCK_TRADE_MISSING_SIGNATURE`: A signature is missing.
    BlockTradeMissingSignature,
    /// `BLOCK_TRADE_MISSING_SIGNERS`: Required signers are missing.
    BlockTradeMissingSigners,
    /// `BLOCK_TRADE_MISSING_TRADES`: The block trade holds no trades.
    BlockTradeMissingTrades,
    /// `BLOCK_TRADE_NOT_ENABLED`: Block trades are not enabled.
    BlockTradeNotEnabled,
    /// `BLOCK_TRADE_NOT_FOUND`: No such block trade.
    BlockTradeNotFound,
    /// `BLOCK_TRADE_REPLAYED_SIGNATURE`: The signature was used before.
    BlockTradeReplayedSignature,
    /// `BLOCK_TRADE_SIGNER_KEY_UNAUTHORIZED`: The signing key is not authorised for its account.
    BlockTradeSignerKeyUnauthorized,
    /// `BLOCK_TRADE_UNAUTHORIZED`: The account may not do this to the block trade.
    BlockTradeUnauthorized,
    /// `CLIENT_ORDER_ID_NOT_FOUND`: No order has this client identifier.
    ClientOrderIdNotFound,
    /// `DUPLICATED_CLIENT_ID`: The client identifier is already in use.
    DuplicatedClientId,
    /// `ETHEREUM_ADDRESS_ALREADY_ONBOARDED`: The Ethereum address is onboarded already.
    EthereumAddressAlreadyOnboarded,
    /// `ETHEREUM_ADDRESS_BLOCKED`: The Ethereum address is blocked.
    EthereumAddressBlocked,
    /// `ETHEREUM_HASH_MISMATCH`: The signed Ethereum hash is not the expected one.
    EthereumHashMismatch,
    /// `ETHEREUM_SIGNER_MISMATCH`: The Ethereum signature comes from another signer.
    EthereumSignerMismatch,
    /// `EVM_ADDRESS_ALREADY_ONBOARDED`: The EVM address is onboarded already.
    EvmAddressAlreadyOnboarded,
    /// `EVM_SIGNATURE_VERIFICATION_FAILED`: The EVM signature does not verify.
    EvmSignatureVerificationFailed,
    /// `EVM_VAULT_OPERATORS_DISABLED`: EVM accounts currently cannot operate vaults.
    EvmVaultOperatorsDisabled,
    /// `GEO_IP_BLOCK`: Requests from this location are blocked.
    GeoIpBlock,
    /// `INSUFFICIENT_EVM_BALANCE`: The EVM balance is too low.
    InsufficientEvmBalance,
    /// `INSUFFICIENT_MIN_CHAIN_BALANCE`: The balance on chain is below the minimum.
    InsufficientMinChainBalance,
    /// `INSUFFICIENT_TRANSFERRABLE_XP`: The account has too little transferable XP.
    InsufficientTransferrableXp,
    /// `INTERNAL_ERROR`: The server failed.
    InternalError,
    /// `INVALID_BLOCK_EXPIRATION`: The expiration time is not acceptable.
    InvalidBlockExpiration,
    /// `INVALID_CHAIN`: The chain is not valid.
    InvalidChain,
    /// `INVALID_DASHBOARD`: The dashboard is not valid.
    InvalidDashboard,
    /// `INVALID_DERIVATION_PATH`: The derivation path is not valid.
    InvalidDerivationPath,
    /// `INVALID_ETHEREUM_ADDRESS`: The Ethereum address is malformed.
    InvalidEthereumAddress,
    /// `INVALID_ETHEREUM_SIGNATURE`: The Ethereum signature is malformed.
    InvalidEthereumSignature,
    /// `INVALID_EVM_SIGNATURE`: The EVM signature is malformed.
    InvalidEvmSignature,
    /// `INVALID_LAYERSWAP_SWAP`: The Layerswap swap is not valid.
    InvalidLayerswapSwap,
    /// `INVALID_MARKETING_CODE`: The marketing code is not valid.
    InvalidMarketingCode,
    /// `INVALID_OAUTH_REQUEST`: The OAuth request is not valid.
    InvalidOauthRequest,
    /// `INVALID_ORDER_SIGNATURE`: The signature of the order is not valid.
    InvalidOrderSignature,
    /// `INVALID_ORDER_SIZE`: The size given to modify an order is not valid.
    InvalidOrderSize,
    /// `INVALID_PARENT_ACCOUNT`: The parent account is not valid.
    InvalidParentAccount,
    /// `INVALID_REFERRAL_CODE`: The referral code is not valid.
    InvalidReferralCode,
    /// `INVALID_REQUEST_PARAMETER`: A parameter breaks a rule; the message names it.
    InvalidRequestParameter,
    /// `INVALID_STARKNET_ADDRESS`: The Starknet address is malformed.
    InvalidStarknetAddress,
    /// `INVALID_STARKNET_SIGNATURE`: The Starknet signature is malformed.
    InvalidStarknetSignature,
    /// `INVALID_SUBKEY`: The subkey is not valid.
    InvalidSubkey,
    /// `INVALID_SYMBOL`: The symbol is not valid.
    InvalidSymbol,
    /// `INVALID_TIMESTAMP`: The timestamp is not acceptable; check the clock.
    InvalidTimestamp,
    /// `INVALID_TOKEN`: The token is not valid.
    InvalidToken,
    /// `INVALID_TOKEN_SCOPE`: The scope of the token is not valid.
    InvalidTokenScope,
    /// `INVALID_VAULT_OPERATOR_CHAIN`: The vault operator is on an unsuitable chain.
    InvalidVaultOperatorChain,
    /// `IP_NOT_ALLOWED`: The key or token may not be used from this IP address.
    IpNotAllowed,
    /// `ISOLATED_MARKET_ACCOUNT_MISMATCH`: The isolated account belongs to another market.
    IsolatedMarketAccountMismatch,
    /// `MARKET_MARGIN_RESTRICTED`: Margin in this market is restricted.
    MarketMarginRestricted,
    /// `MARKET_NOT_FOUND`: No such market.
    MarketNotFound,
    /// `MARKET_NOT_OPEN`: The market is not open.
    MarketNotOpen,
    /// `MARKET_NOT_SETTLED`: The market has not been settled.
    MarketNotSettled,
    /// `MEDIA_NOT_FOUND`: No such media.
    MediaNotFound,
    /// `NOT_FOUND`: The thing asked for does not exist.
    NotFound,
    /// `NOT_ONBOARDED`: The account has never been onboarded.
    NotOnboarded,
    /// `NOT_UNIQUE`: A value that must be unique is already in use.
    NotUnique,
    /// `NO_ACCESS_TO_MARKET`: The account has no access to the market.
    NoAccessToMarket,
    /// `OFFER_ALREADY_CANCELLED`: The offer was cancelled before.
    OfferAlreadyCancelled,
    /// `OFFER_INVALID_STATUS`: The status of the offer does not permit the action.
    OfferInvalidStatus,
    /// `OFFER_NOT_FOUND`: No such block trade offer.
    OfferNotFound,
    /// `OFFER_PARENT_MISMATCH`: The offer belongs to another block trade.
    OfferParentMismatch,
    /// `OFFER_PARENT_NOT_ACCEPTING`: The parent block trade accepts no offers.
    OfferParentNotAccepting,
    /// `OFFER_UNAUTHORIZED`: The account may not do this to the offer.
    OfferUnauthorized,
    /// `ONBOARDING_PERIOD_EXPIRED`: The onboarding period is over.
    OnboardingPeriodExpired,
    /// `ONBOARDING_RATE_LIMITED`: Too many onboarding requests.
    OnboardingRateLimited,
    /// `ORDER_ID_NOT_FOUND`: No order has this identifier.
    OrderIdNotFound,
    /// `ORDER_IS_CLOSED`: The order is already closed.
    OrderIsClosed,
    /// `ORDER_IS_NOT_OPEN`: The order is not in the open state.
    OrderIsNotOpen,
    /// `PARENT_ADDRESS_ALREADY_ONBOARDED`: The parent address is onboarded already.
    ParentAddressAlreadyOnboarded,
    /// `POINTS_SUMMARY_NOT_FOUND`: No points summary exists.
    PointsSummaryNotFound,
    /// `PORTFOLIO_MARGIN_CONFIG_NOT_FOUND`: No portfolio margin configuration exists.
    PortfolioMarginConfigNotFound,
    /// `PORTFOLIO_MARGIN_INVALID_ACCOUNT_KIND`: Accounts of this kind cannot use portfolio margin.
    PortfolioMarginInvalidAccountKind,
    /// `PORTFOLIO_MARGIN_ONBOARDING_DISABLED`: Portfolio margin currently accepts no new accounts.
    PortfolioMarginOnboardingDisabled,
    /// `PROFILE_STATS_NOT_FOUND`: No profile statistics exist.
    ProfileStatsNotFound,
    /// `PROGRAM_NOT_FOUND`: No such programme.
    ProgramNotFound,
    /// `PROGRAM_NOT_SUPPORTED`: The programme is not supported.
    ProgramNotSupported,
    /// `PUBLIC_KEY_INVALID`: The public key is not valid.
    PublicKeyInvalid,
    /// `REQUEST_NOT_ALLOWED`: The caller may not make this request.
    RequestNotAllowed,
    /// `RPI_ACCOUNT_NOT_WHITELISTED`: The account is not admitted to RPI (retail price improvement) orders.
    RpiAccountNotWhitelisted,
    /// `SERVICE_UNAVAILABLE`: The service is currently unavailable.
    ServiceUnavailable,
    /// `SOCIAL_USERNAME_IN_USE`: The social media username is already in use.
    SocialUsernameInUse,
    /// `STARKNET_SIGNATURE_VERIFICATION_FAILED`: The Starknet signature does not verify.
    StarknetSignatureVerificationFailed,
    /// `SUBACCOUNTS_LIMIT_EXCEEDED`: The account has too many subaccounts.
    SubaccountsLimitExceeded,
    /// `SUBKEY_NOT_ACTIVATABLE`: The subkey cannot be activated.
    SubkeyNotActivatable,
    /// `SYSTEM_STATUS_CANCEL_ONLY`: The system is in cancel-only mode.
    SystemStatusCancelOnly,
    /// `SYSTEM_STATUS_POST_ONLY`: The system is in post-only mode.
    SystemStatusPostOnly,
    /// `TOKEN_LIMIT_REACHED`: No more API tokens may be created.
    TokenLimitReached,
    /// `TRANSFER_LIMIT_REACHED`: No more transfers may be made.
    TransferLimitReached,
    /// `UNAUTHORIZED_ERROR`: The caller is not authorised.
    UnauthorizedError,
    /// `UNAUTHORIZED_ETHEREUM_ADDRESS`: The Ethereum address lacks permission.
    UnauthorizedEthereumAddress,
    /// `USERNAME_IN_USE`: The username is already in use.
    UsernameInUse,
    /// `VALIDATION_ERROR`: The request failed validation.
    ValidationError,
    /// `VAULT_DATA_PRIVATE`: The data of the vault is not public.
    VaultDataPrivate,
    /// `VAULT_LIMIT_REACHED`: No more vaults may be created.
    VaultLimitReached,
    /// `VAULT_NAME_IN_USE`: The vault name is already in use.
    VaultNameInUse,
    /// `VAULT_NOT_FOUND`: No such vault.
    VaultNotFound,
    /// `VAULT_OPERATOR_ALREADY_ONBOARDED`: The vault operator is onboarded already.
    VaultOperatorAlreadyOnboarded,
    /// `VAULT_STRATEGY_NOT_FOUND`: No such vault strategy.
    VaultStrategyNotFound,
    /// `XP_TRANSFERS_DISABLED`: XP transfers are switched off.
    XpTransfersDisabled,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    ErrorCode { AccountAlreadyReferred = "ACCOUNT_ALREADY_REFERRED", AccountNotFound =
    "ACCOUNT_NOT_FOUND", AlgoIdNotFound = "ALGO_ID_NOT_FOUND", AllowlistEntryNotFound =
    "ALLOWLIST_ENTRY_NOT_FOUND", BatchSizeOutOfRange = "BATCH_SIZE_OUT_OF_RANGE",
    BindingError = "BINDING_ERROR", BlockTradeAccountMismatch =
    "BLOCK_TRADE_ACCOUNT_MISMATCH", BlockTradeAlreadyCancelled =
    "BLOCK_TRADE_ALREADY_CANCELLED", BlockTradeExpired = "BLOCK_TRADE_EXPIRED",
    BlockTradeInvalidSignature = "BLOCK_TRADE_INVALID_SIGNATURE", BlockTradeInvalidStatus
    = "BLOCK_TRADE_INVALID_STATUS", BlockTradeMissingSignature =
    "BLOCK_TRADE_MISSING_SIGNATURE", BlockTradeMissingSigners =
    "BLOCK_TRADE_MISSING_SIGNERS", BlockTradeMissingTrades =
    "BLOCK_TRADE_MISSING_TRADES", BlockTradeNotEnabled = "BLOCK_TRADE_NOT_ENABLED",
    BlockTradeNotFound = "BLOCK_TRADE_NOT_FOUND", BlockTradeReplayedSignature =
    "BLOCK_TRADE_REPLAYED_SIGNATURE", BlockTradeSignerKeyUnauthorized =
    "BLOCK_TRADE_SIGNER_KEY_UNAUTHORIZED", BlockTradeUnauthorized =
    "BLOCK_TRADE_UNAUTHORIZED", ClientOrderIdNotFound = "CLIENT_ORDER_ID_NOT_FOUND",
    DuplicatedClientId = "DUPLICATED_CLIENT_ID", EthereumAddressAlreadyOnboarded =
    "ETHEREUM_ADDRESS_ALREADY_ONBOARDED", EthereumAddressBlocked =
    "ETHEREUM_ADDRESS_BLOCKED", EthereumHashMismatch = "ETHEREUM_HASH_MISMATCH",
    EthereumSignerMismatch = "ETHEREUM_SIGNER_MISMATCH", EvmAddressAlreadyOnboarded =
    "EVM_ADDRESS_ALREADY_ONBOARDED", EvmSignatureVerificationFailed =
    "EVM_SIGNATURE_VERIFICATION_FAILED", EvmVaultOperatorsDisabled =
    "EVM_VAULT_OPERATORS_DISABLED", GeoIpBlock = "GEO_IP_BLOCK", InsufficientEvmBalance =
    "INSUFFICIENT_EVM_BALANCE", InsufficientMinChainBalance =
    "INSUFFICIENT_MIN_CHAIN_BALANCE", InsufficientTransferrableXp =
    "INSUFFICIENT_TRANSFERRABLE_XP", InternalError = "INTERNAL_ERROR",
    InvalidBlockExpiration = "INVALID_BLOCK_EXPIRATION", InvalidChain = "INVALID_CHAIN",
    InvalidDashboard = "INVALID_DASHBOARD", InvalidDerivationPath =
    "INVALID_DERIVATION_PATH", InvalidEthereumAddress = "INVALID_ETHEREUM_ADDRESS",
    InvalidEthereumSignature = "INVALID_ETHEREUM_SIGNATURE", InvalidEvmSignature =
    "INVALID_EVM_SIGNATURE", InvalidLayerswapSwap = "INVALID_LAYERSWAP_SWAP",
    InvalidMarketingCode = "INVALID_MARKETING_CODE", InvalidOauthRequest =
    "INVALID_OAUTH_REQUEST", InvalidOrderSignature = "INVALID_ORDER_SIGNATURE",
    InvalidOrderSize = "INVALID_ORDER_SIZE", InvalidParentAccount =
    "INVALID_PARENT_ACCOUNT", InvalidReferralCode = "INVALID_REFERRAL_CODE",
    InvalidRequestParameter = "INVALID_REQUEST_PARAMETER", InvalidStarknetAddress =
    "INVALID_STARKNET_ADDRESS", InvalidStarknetSignature = "INVALID_STARKNET_SIGNATURE",
    InvalidSubkey = "INVALID_SUBKEY", InvalidSymbol = "INVALID_SYMBOL", InvalidTimestamp
    = "INVALID_TIMESTAMP", InvalidToken = "INVALID_TOKEN", InvalidTokenScope =
    "INVALID_TOKEN_SCOPE", InvalidVaultOperatorChain = "INVALID_VAULT_OPERATOR_CHAIN",
    IpNotAllowed = "IP_NOT_ALLOWED", IsolatedMarketAccountMismatch =
    "ISOLATED_MARKET_ACCOUNT_MISMATCH", MarketMarginRestricted =
    "MARKET_MARGIN_RESTRICTED", MarketNotFound = "MARKET_NOT_FOUND", MarketNotOpen =
    "MARKET_NOT_OPEN", MarketNotSettled = "MARKET_NOT_SETTLED", MediaNotFound =
    "MEDIA_NOT_FOUND", NotFound = "NOT_FOUND", NotOnboarded = "NOT_ONBOARDED", NotUnique
    = "NOT_UNIQUE", NoAccessToMarket = "NO_ACCESS_TO_MARKET", OfferAlreadyCancelled =
    "OFFER_ALREADY_CANCELLED", OfferInvalidStatus = "OFFER_INVALID_STATUS", OfferNotFound
    = "OFFER_NOT_FOUND", OfferParentMismatch = "OFFER_PARENT_MISMATCH",
    OfferParentNotAccepting = "OFFER_PARENT_NOT_ACCEPTING", OfferUnauthorized =
    "OFFER_UNAUTHORIZED", OnboardingPeriodExpired = "ONBOARDING_PERIOD_EXPIRED",
    OnboardingRateLimited = "ONBOARDING_RATE_LIMITED", OrderIdNotFound =
    "ORDER_ID_NOT_FOUND", OrderIsClosed = "ORDER_IS_CLOSED", OrderIsNotOpen =
    "ORDER_IS_NOT_OPEN", ParentAddressAlreadyOnboarded =
    "PARENT_ADDRESS_ALREADY_ONBOARDED", PointsSummaryNotFound =
    "POINTS_SUMMARY_NOT_FOUND", PortfolioMarginConfigNotFound =
    "PORTFOLIO_MARGIN_CONFIG_NOT_FOUND", PortfolioMarginInvalidAccountKind =
    "PORTFOLIO_MARGIN_INVALID_ACCOUNT_KIND", PortfolioMarginOnboardingDisabled =
    "PORTFOLIO_MARGIN_ONBOARDING_DISABLED", ProfileStatsNotFound =
    "PROFILE_STATS_NOT_FOUND", ProgramNotFound = "PROGRAM_NOT_FOUND", ProgramNotSupported
    = "PROGRAM_NOT_SUPPORTED", PublicKeyInvalid = "PUBLIC_KEY_INVALID", RequestNotAllowed
    = "REQUEST_NOT_ALLOWED", RpiAccountNotWhitelisted = "RPI_ACCOUNT_NOT_WHITELISTED",
    ServiceUnavailable = "SERVICE_UNAVAILABLE", SocialUsernameInUse =
    "SOCIAL_USERNAME_IN_USE", StarknetSignatureVerificationFailed =
    "STARKNET_SIGNATURE_VERIFICATION_FAILED", SubaccountsLimitExceeded =
    "SUBACCOUNTS_LIMIT_EXCEEDED", SubkeyNotActivatable = "SUBKEY_NOT_ACTIVATABLE",
    SystemStatusCancelOnly = "SYSTEM_STATUS_CANCEL_ONLY", SystemStatusPostOnly =
    "SYSTEM_STATUS_POST_ONLY", TokenLimitReached = "TOKEN_LIMIT_REACHED",
    TransferLimitReached = "TRANSFER_LIMIT_REACHED", UnauthorizedError =
    "UNAUTHORIZED_ERROR", UnauthorizedEthereumAddress = "UNAUTHORIZED_ETHEREUM_ADDRESS",
    UsernameInUse = "USERNAME_IN_USE", ValidationError = "VALIDATION_ERROR",
    VaultDataPrivate = "VAULT_DATA_PRIVATE", VaultLimitReached = "VAULT_LIMIT_REACHED",
    VaultNameInUse = "VAULT_NAME_IN_USE", VaultNotFound = "VAULT_NOT_FOUND",
    VaultOperatorAlreadyOnboarded = "VAULT_OPERATOR_ALREADY_ONBOARDED",
    VaultStrategyNotFound = "VAULT_STRATEGY_NOT_FOUND", XpTransfersDisabled =
    "XP_TRANSFERS_DISABLED" }
);
/// A fee rate with the bounds that apply to options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FeeWithCap {
    /// Fee rate as a fraction, for example `0.0003`.
    pub fee: Option<Decimal>,
    /// Upper bound of the fee, for options.
    pub fee_cap: Option<Decimal>,
    /// Lower bound of the fee, for options; can be negative.
    pub fee_floor: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for FeeWithCap {
    const NAME: &'static str = "FeeWithCap";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            fee: None,
            fee_cap: None,
            fee_floor: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "fee" => fields.field("fee", &mut self.fee),
            "fee_cap" => fields.field("fee_cap", &mut self.fee_cap),
            "fee_floor" => fields.field("fee_floor", &mut self.fee_floor),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("fee", &self.fee)?;
        entries.field("fee_cap", &self.fee_cap)?;
        entries.field("fee_floor", &self.fee_floor)?;
        Ok(())
    }
}

/// Fee rates of an account by kind of market. Every rate is a fraction, for example `0.0001`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fees {
    /// Deprecated; always zero.
    pub commission_rate: Option<Decimal>,
    /// Maker rate for dated options.
    pub dated_option_maker_rate: Option<Decimal>,
    /// Taker rate for dated options.
    pub dated_option_taker_rate: Option<Decimal>,
    /// Deprecated; always zero.
    pub discount_rate: Option<Decimal>,
    /// General maker rate, beside the rates for options and spot.
    pub maker_rate: Option<Decimal>,
    /// Maker rate for perpetual options.
    pub perp_option_maker_rate: Option<Decimal>,
    /// Taker rate for perpetual options.
    pub perp_option_taker_rate: Option<Decimal>,
    /// Maker rate for spot markets.
    pub spot_maker_rate: Option<Decimal>,
    /// Taker rate for spot markets.
    pub spot_taker_rate: Option<Decimal>,
    /// General taker rate, beside the rates for options and spot.
    pub taker_rate: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Fees {
    const NAME: &'static str = "Fees";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            commission_rate: None,
            dated_option_maker_rate: None,
            dated_option_taker_rate: None,
            discount_rate: None,
            maker_rate: None,
            perp_option_maker_rate: None,
            perp_option_taker_rate: None,
            spot_maker_rate: None,
            spot_taker_rate: None,
            taker_rate: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "commission_rate" => {
                fields.field("commission_rate", &mut self.commission_rate)
            }
            "dated_option_maker_rate" => {
                fields
                    .field("dated_option_maker_rate", &mut self.dated_option_maker_rate)
            }
            "dated_option_taker_rate" => {
                fields
                    .field("dated_option_taker_rate", &mut self.dated_option_taker_rate)
            }
            "discount_rate" => fields.field("discount_rate", &mut self.discount_rate),
            "maker_rate" => fields.field("maker_rate", &mut self.maker_rate),
            "perp_option_maker_rate" => {
                fields.field("perp_option_maker_rate", &mut self.perp_option_maker_rate)
            }
            "perp_option_taker_rate" => {
                fields.field("perp_option_taker_rate", &mut self.perp_option_taker_rate)
            }
            "spot_maker_rate" => {
                fields.field("spot_maker_rate", &mut self.spot_maker_rate)
            }
            "spot_taker_rate" => {
                fields.field("spot_taker_rate", &mut self.spot_taker_rate)
            }
            "taker_rate" => fields.field("taker_rate", &mut self.taker_rate),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("commission_rate", &self.commission_rate)?;
        entries.field("dated_option_maker_rate", &self.dated_option_maker_rate)?;
        entries.field("dated_option_taker_rate", &self.dated_option_taker_rate)?;
        entries.field("discount_rate", &self.discount_rate)?;
        entries.field("maker_rate", &self.maker_rate)?;
        entries.field("perp_option_maker_rate", &self.perp_option_maker_rate)?;
        entries.field("perp_option_taker_rate", &self.perp_option_taker_rate)?;
        entries.field("spot_maker_rate", &self.spot_maker_rate)?;
        entries.field("spot_taker_rate", &self.spot_taker_rate)?;
        entries.field("taker_rate", &self.taker_rate)?;
        Ok(())
    }
}

/// A fill, that is, one match of an order, as seen by one account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fill {
    /// Account whose order was filled.
    pub account: Option<String>,
    /// Identifier that the client gave the order; can be empty.
    pub client_id: Option<String>,
    /// When the fill happened, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Fee charged to the account, in `fee_currency`.
    pub fee: Option<Decimal>,
    /// Asset of the fee, for example `USDC`.
    pub fee_currency: Option<String>,
    /// Kind of fill, such as an ordinary match, a liquidation or a transfer to unwind a position.
    pub fill_type: Option<FillType>,
    /// Special properties of the fill.
    pub flags: Vec<FillFlag>,
    /// Identifier of the fill, unique among fills of one `fill_type`.
    pub id: Option<String>,
    /// Whether the account was the maker or the taker.
    pub liquidity: Option<TraderRole>,
    /// Symbol of the market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// Identifier of the filled order.
    pub order_id: Option<String>,
    /// Sequence number of the order book right after the trade; subtract one for the state before it. It is 0 for position transfers, that is, liquidations and settlements.
    pub orderbook_seq_no: Option<i64>,
    /// Price of the fill.
    pub price: Option<Decimal>,
    /// Funding realized by the fill.
    pub realized_funding: Option<Decimal>,
    /// Profit or loss realized by the fill.
    pub realized_pnl: Option<Decimal>,
    /// Size of the order still unfilled.
    pub remaining_size: Option<Decimal>,
    /// Side of the trade; the published text calls it the taker's side.
    pub side: Option<OrderSide>,
    /// Filled size.
    pub size: Option<Decimal>,
    /// Spot price of the underlying asset at the fill.
    pub underlying_price: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Fill {
    const NAME: &'static str = "Fill";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            client_id: None,
            created_at: None,
            fee: None,
            fee_currency: None,
            fill_type: None,
            flags: Wire::blank(),
            id: None,
            liquidity: None,
            market: None,
            order_id: None,
            orderbook_seq_no: None,
            price: None,
            realized_funding: None,
            realized_pnl: None,
            remaining_size: None,
            side: None,
            size: None,
            underlying_price: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "client_id" => fields.field("client_id", &mut self.client_id),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "fee" => fields.field("fee", &mut self.fee),
            "fee_currency" => fields.field("fee_currency", &mut self.fee_currency),
            "fill_type" => fields.field("fill_type", &mut self.fill_type),
            "flags" => fields.field("flags", &mut self.flags),
            "id" => fields.field("id", &mut self.id),
            "liquidity" => fields.field("liquidity", &mut self.liquidity),
            "market" => fields.field("market", &mut self.market),
            "order_id" => fields.field("order_id", &mut self.order_id),
            "orderbook_seq_no" => {
                fields.field("orderbook_seq_no", &mut self.orderbook_seq_no)
            }
            "price" => fields.field("price", &mut self.price),
            "realized_funding" => {
                fields.field("realized_funding", &mut self.realized_funding)
            }
            "realized_pnl" => fields.field("realized_pnl", &mut self.realized_pnl),
            "remaining_size" => fields.field("remaining_size", &mut self.remaining_size),
            "side" => fields.field("side", &mut self.side),
            "size" => fields.field("size", &mut self.size),
            "underlying_price" => {
                fields.field("underlying_price", &mut self.underlying_price)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("client_id", &self.client_id)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("fee", &self.fee)?;
        entries.field("fee_currency", &self.fee_currency)?;
        entries.field("fill_type", &self.fill_type)?;
        entries.field("flags", &self.flags)?;
        entries.field("id", &self.id)?;
        entries.field("liquidity", &self.liquidity)?;
        entries.field("market", &self.market)?;
        entries.field("order_id", &self.order_id)?;
        entries.field("orderbook_seq_no", &self.orderbook_seq_no)?;
        entries.field("price", &self.price)?;
        entries.field("realized_funding", &self.realized_funding)?;
        entries.field("realized_pnl", &self.realized_pnl)?;
        entries.field("remaining_size", &self.remaining_size)?;
        entries.field("side", &self.side)?;
        entries.field("size", &self.size)?;
        entries.field("underlying_price", &self.underlying_price)?;
        Ok(())
    }
}

/// Special property of a fill.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FillFlag {
    /// `fastfill`: A retail order was filled on the fast path.
    Fastfill,
    /// `interactive`: The fill came from an interactive order, one that a user started by hand.
    Interactive,
    /// `rpi`: The fill counts as RPI (retail price improvement).
    Rpi,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(FillFlag { Fastfill = "fastfill", Interactive = "interactive", Rpi = "rpi" });
/// One page of `Fill` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FillPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<Fill>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for FillPage {
    const NAME: &'static str = "FillPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Cause of a fill. Old records can also carry `TRANSFER`, a name since replaced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FillType {
    /// `BLOCK_TRADE`: Part of a block trade.
    BlockTrade,
    /// `FILL`: An ordinary match of orders.
    Fill,
    /// `LIQUIDATION`: Part of a liquidation.
    Liquidation,
    /// `RPI`: A match under RPI (retail price improvement).
    Rpi,
    /// `SETTLE_MARKET`: Settlement of the market.
    SettleMarket,
    /// `UNWIND_TRANSFER`: A transfer that unwinds a position.
    UnwindTransfer,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    FillType { BlockTrade = "BLOCK_TRADE", Fill = "FILL", Liquidation = "LIQUIDATION",
    Rpi = "RPI", SettleMarket = "SETTLE_MARKET", UnwindTransfer = "UNWIND_TRANSFER" }
);
/// The funding figures of one market at one moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FundingData {
    /// When the entry was made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Value of the funding index.
    pub funding_index: Option<Decimal>,
    /// Length of the market's own funding period, in hours.
    pub funding_period_hours: Option<f64>,
    /// Value of the funding premium.
    pub funding_premium: Option<Decimal>,
    /// Funding rate over the market's own period, not normalized.
    pub funding_rate: Option<Decimal>,
    /// Funding rate normalized to eight hours; can be an empty string.
    pub funding_rate_8h: Option<Decimal>,
    /// Impact premium across venues before clamping: the weighted median of the premiums divided by the spot price. Absent when the aggregation gave no rate.
    pub impact_premium_rate: Option<Decimal>,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for FundingData {
    const NAME: &'static str = "FundingData";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            created_at: None,
            funding_index: None,
            funding_period_hours: None,
            funding_premium: None,
            funding_rate: None,
            funding_rate_8h: None,
            impact_premium_rate: None,
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "created_at" => fields.field("created_at", &mut self.created_at),
            "funding_index" => fields.field("funding_index", &mut self.funding_index),
            "funding_period_hours" => {
                fields.field("funding_period_hours", &mut self.funding_period_hours)
            }
            "funding_premium" => {
                fields.field("funding_premium", &mut self.funding_premium)
            }
            "funding_rate" => fields.field("funding_rate", &mut self.funding_rate),
            "funding_rate_8h" => {
                fields.field("funding_rate_8h", &mut self.funding_rate_8h)
            }
            "impact_premium_rate" => {
                fields.field("impact_premium_rate", &mut self.impact_premium_rate)
            }
            "market" => fields.field("market", &mut self.market),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("created_at", &self.created_at)?;
        entries.field("funding_index", &self.funding_index)?;
        entries.field("funding_period_hours", &self.funding_period_hours)?;
        entries.field("funding_premium", &self.funding_premium)?;
        entries.field("funding_rate", &self.funding_rate)?;
        entries.field("funding_rate_8h", &self.funding_rate_8h)?;
        entries.field("impact_premium_rate", &self.impact_premium_rate)?;
        entries.field("market", &self.market)?;
        Ok(())
    }
}

/// One page of `FundingData` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FundingDataPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<FundingData>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for FundingDataPage {
    const NAME: &'static str = "FundingDataPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// A funding payment that one account made or received.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FundingPayment {
    /// Account that the payment concerns.
    pub account: Option<String>,
    /// When the payment was made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Identifier of the fill that caused the payment, if there is one.
    pub fill_id: Option<String>,
    /// Unique identifier of the payment.
    pub id: Option<String>,
    /// Funding index at the time of the payment; can be negative.
    pub index: Option<Decimal>,
    /// Symbol of the market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// Amount of the payment, in the settlement asset.
    pub payment: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for FundingPayment {
    const NAME: &'static str = "FundingPayment";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            created_at: None,
            fill_id: None,
            id: None,
            index: None,
            market: None,
            payment: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "fill_id" => fields.field("fill_id", &mut self.fill_id),
            "id" => fields.field("id", &mut self.id),
            "index" => fields.field("index", &mut self.index),
            "market" => fields.field("market", &mut self.market),
            "payment" => fields.field("payment", &mut self.payment),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("fill_id", &self.fill_id)?;
        entries.field("id", &self.id)?;
        entries.field("index", &self.index)?;
        entries.field("market", &self.market)?;
        entries.field("payment", &self.payment)?;
        Ok(())
    }
}

/// One page of `FundingPayment` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FundingPaymentPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<FundingPayment>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for FundingPaymentPage {
    const NAME: &'static str = "FundingPaymentPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Sensitivities of a market's price (the Greeks).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Greeks {
    /// Sensitivity to the price of the underlying asset.
    pub delta: Option<Decimal>,
    /// Sensitivity of delta to the price of the underlying asset.
    pub gamma: Option<Decimal>,
    /// Sensitivity to the interest rate.
    pub rho: Option<Decimal>,
    /// Sensitivity to the passing of time.
    pub theta: Option<Decimal>,
    /// Sensitivity of delta to the volatility.
    pub vanna: Option<Decimal>,
    /// Sensitivity to the volatility.
    pub vega: Option<Decimal>,
    /// Sensitivity of vega to the volatility.
    pub volga: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Greeks {
    const NAME: &'static str = "Greeks";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            delta: None,
            gamma: None,
            rho: None,
            theta: None,
            vanna: None,
            vega: None,
            volga: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "delta" => fields.field("delta", &mut self.delta),
            "gamma" => fields.field("gamma", &mut self.gamma),
            "rho" => fields.field("rho", &mut self.rho),
            "theta" => fields.field("theta", &mut self.theta),
            "vanna" => fields.field("vanna", &mut self.vanna),
            "vega" => fields.field("vega", &mut self.vega),
            "volga" => fields.field("volga", &mut self.volga),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("delta", &self.delta)?;
        entries.field("gamma", &self.gamma)?;
        entries.field("rho", &self.rho)?;
        entries.field("theta", &self.theta)?;
        entries.field("vanna", &self.vanna)?;
        entries.field("vega", &self.vega)?;
        entries.field("volga", &self.volga)?;
        Ok(())
    }
}

/// Values of `GET /staking/balance/history resolution`, `GET /staking/balance/history/global resolution` and `GET /vaults/history resolution`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HistoryResolution {
    /// `1h`
    OneHour,
    /// `8h`
    EightHours,
    /// `alltime`
    AllTime,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(HistoryResolution { OneHour = "1h", EightHours = "8h", AllTime = "alltime" });
/// Impact price of one market for a given side and size.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ImpactPrice {
    /// The impact price computed.
    pub impact_price: Option<Decimal>,
    /// Symbol of the market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// Side for which the price was computed, `BUY` or `SELL`.
    pub side: Option<OrderSide>,
    /// Order size for which the price was computed.
    pub size: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ImpactPrice {
    const NAME: &'static str = "ImpactPrice";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            impact_price: None,
            market: None,
            side: None,
            size: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "impact_price" => fields.field("impact_price", &mut self.impact_price),
            "market" => fields.field("market", &mut self.market),
            "side" => fields.field("side", &mut self.side),
            "size" => fields.field("size", &mut self.size),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("impact_price", &self.impact_price)?;
        entries.field("market", &self.market)?;
        entries.field("side", &self.side)?;
        entries.field("size", &self.size)?;
        Ok(())
    }
}

/// State of the insurance fund's account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InsuranceAccount {
    /// Starknet address of the fund.
    pub account: Option<String>,
    /// Total value of the fund's account.
    pub account_value: Option<Decimal>,
    /// Settlement asset of the account, for example `USDC`.
    pub settlement_asset: Option<String>,
    /// When the account last changed, in milliseconds since the Unix epoch.
    pub updated_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for InsuranceAccount {
    const NAME: &'static str = "InsuranceAccount";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            account_value: None,
            settlement_asset: None,
            updated_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "account_value" => fields.field("account_value", &mut self.account_value),
            "settlement_asset" => {
                fields.field("settlement_asset", &mut self.settlement_asset)
            }
            "updated_at" => fields.field("updated_at", &mut self.updated_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("account_value", &self.account_value)?;
        entries.field("settlement_asset", &self.settlement_asset)?;
        entries.field("updated_at", &self.updated_at)?;
        Ok(())
    }
}

/// A public key as a JSON Web Key (RFC 7517).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JwkKey {
    /// Signature algorithm; the published example is `ES256`, while tokens have been described as `ES384`.
    pub alg: Option<String>,
    /// Elliptic curve of the key, for example `P-256`.
    pub crv: Option<String>,
    /// Identifier of the key, its thumbprint.
    pub kid: Option<String>,
    /// Type of key, for example `EC`.
    pub kty: Option<String>,
    /// Purpose of the key, for example `sig` for signatures.
    pub use_: Option<String>,
    /// The x coordinate of the curve point, in base64url.
    pub x: Option<String>,
    /// The y coordinate of the curve point, in base64url.
    pub y: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for JwkKey {
    const NAME: &'static str = "JwkKey";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            alg: None,
            crv: None,
            kid: None,
            kty: None,
            use_: None,
            x: None,
            y: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "alg" => fields.field("alg", &mut self.alg),
            "crv" => fields.field("crv", &mut self.crv),
            "kid" => fields.field("kid", &mut self.kid),
            "kty" => fields.field("kty", &mut self.kty),
            "use" => fields.field("use", &mut self.use_),
            "x" => fields.field("x", &mut self.x),
            "y" => fields.field("y", &mut self.y),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("alg", &self.alg)?;
        entries.field("crv", &self.crv)?;
        entries.field("kid", &self.kid)?;
        entries.field("kty", &self.kty)?;
        entries.field("use", &self.use_)?;
        entries.field("x", &self.x)?;
        entries.field("y", &self.y)?;
        Ok(())
    }
}

/// A set of public keys as JSON Web Keys (RFC 7517).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<JwkKey>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Jwks {
    const NAME: &'static str = "Jwks";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            keys: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "keys" => fields.field("keys", &mut self.keys),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("keys", &self.keys)?;
        Ok(())
    }
}

/// Candles in ascending order of time, as far as has been observed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KlineList {
    /// One row a candle.
    pub results: Vec<Kline>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for KlineList {
    const NAME: &'static str = "KlineList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `GET /markets/klines resolution`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KlineResolution {
    /// `1`
    OneMinute,
    /// `15`
    FifteenMinutes,
    /// `3`
    ThreeMinutes,
    /// `30`
    ThirtyMinutes,
    /// `5`
    FiveMinutes,
    /// `60`
    OneHour,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    KlineResolution { OneMinute = "1", FifteenMinutes = "15", ThreeMinutes = "3",
    ThirtyMinutes = "30", FiveMinutes = "5", OneHour = "60" }
);
/// One liquidation of an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Liquidation {
    /// When the liquidation took place, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Hash of the liquidation's transaction.
    pub id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Liquidation {
    const NAME: &'static str = "Liquidation";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            created_at: None,
            id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "created_at" => fields.field("created_at", &mut self.created_at),
            "id" => fields.field("id", &mut self.id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("created_at", &self.created_at)?;
        entries.field("id", &self.id)?;
        Ok(())
    }
}

/// A list of `Liquidation` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LiquidationList {
    /// The items of the list.
    pub results: Vec<Liquidation>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for LiquidationList {
    const NAME: &'static str = "LiquidationList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Fees for the two sides of a trade.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MakerTakerFee {
    /// Fee of the maker.
    pub maker_fee: Option<FeeWithCap>,
    /// Fee of the taker.
    pub taker_fee: Option<FeeWithCap>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MakerTakerFee {
    const NAME: &'static str = "MakerTakerFee";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            maker_fee: None,
            taker_fee: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "maker_fee" => fields.field("maker_fee", &mut self.maker_fee),
            "taker_fee" => fields.field("taker_fee", &mut self.taker_fee),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("maker_fee", &self.maker_fee)?;
        entries.field("taker_fee", &self.taker_fee)?;
        Ok(())
    }
}

/// Values of `requests.AccountMarginRequest.margin_type`, `responses.AccountMarginEntry.margin_type` and `responses.UpdateAccountMarginConfigResp.margin_type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarginType {
    /// `CROSS`
    Cross,
    /// `ISOLATED`
    Isolated,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(MarginType { Cross = "CROSS", Isolated = "ISOLATED" });
/// The settings of a market that trading does not change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Market {
    /// Kind of market; `OPTION` and `FUTURE` are possible too, although only three kinds are published here.
    pub asset_kind: Option<AssetKind>,
    /// Base currency, for example `ETH`.
    pub base_currency: Option<String>,
    /// Clamp rate, for example 0.05.
    pub clamp_rate: Option<Decimal>,
    /// Cross margin parameters of delta-one markets.
    pub delta1_cross_margin_params: Option<Delta1CrossMarginParams>,
    /// When the market expires, in milliseconds since the Unix epoch; 0 means no expiry.
    pub expiry_at: Option<i64>,
    /// Fees that replace the exchange's global ones; absent when the global fees apply.
    pub fee_config: Option<MarketFeeConfig>,
    /// Multiplier of the funding.
    pub funding_multiplier: Option<f64>,
    /// Funding period, in hours.
    pub funding_period_hours: Option<f64>,
    /// Interest rate, for example 0.01.
    pub interest_rate: Option<Decimal>,
    /// Width of the implied volatility bands, for example 0.05.
    pub iv_bands_width: Option<Decimal>,
    /// Margin mode of the market, for example `cross`.
    pub market_kind: Option<MarketKind>,
    /// Largest funding rate, for example 0.05.
    pub max_funding_rate: Option<Decimal>,
    /// Largest change of the funding rate, for example 0.0005.
    pub max_funding_rate_change: Option<Decimal>,
    /// Largest number of open orders; seen both as a number and as a string.
    pub max_open_orders: Option<i64>,
    /// Largest order size, in base currency.
    pub max_order_size: Option<Decimal>,
    /// Largest slippage allowed by default, for example 0.05.
    pub max_slippage: Option<Decimal>,
    /// Top-of-book spread above which funding rate changes are not applied.
    pub max_tob_spread: Option<Decimal>,
    /// Smallest order notional, in USD: size times mark price for futures, size times spot price for options.
    pub min_notional: Option<Decimal>,
    /// When the market opens, in milliseconds since the Unix epoch; 0 means not set. Seen both as a number and as a string.
    pub open_at: Option<i64>,
    /// Cross margin parameters of options.
    pub option_cross_margin_params: Option<OptionCrossMarginParams>,
    /// Whether an option is a put or a call.
    pub option_type: Option<OptionType>,
    /// Factor of the oracle's exponentially weighted moving average.
    pub oracle_ewma_factor: Option<Decimal>,
    /// Step of order sizes, in base currency.
    pub order_size_increment: Option<Decimal>,
    /// Largest position, in base currency.
    pub position_limit: Option<Decimal>,
    /// Allowed deviation from the mark price, as a fraction; `0.05` is 5%.
    pub price_bands_width: Option<Decimal>,
    /// Pyth price account that prices the underlying asset.
    pub price_feed_id: Option<String>,
    /// Step of prices, in USD.
    pub price_tick_size: Option<Decimal>,
    /// Quote currency, for example `USD`.
    pub quote_currency: Option<String>,
    /// Settlement currency, for example `USDC`.
    pub settlement_currency: Option<String>,
    /// Strike price of an option.
    pub strike_price: Option<Decimal>,
    /// The market symbol, for example `ETH-USD-PERP`.
    pub symbol: Option<String>,
    /// Labels of the market, for example `DEFI`.
    pub tags: Vec<String>,
    /// How orders enter: `STANDARD` takes orders on the book; `RFQ_ONLY` refuses them and takes nothing but the block trade legs that settle a request for quote.
    pub trading_mode: Option<TradingMode>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Market {
    const NAME: &'static str = "Market";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            asset_kind: None,
            base_currency: None,
            clamp_rate: None,
            delta1_cross_margin_params: None,
            expiry_at: None,
            fee_config: None,
            funding_multiplier: None,
            funding_period_hours: None,
            interest_rate: None,
            iv_bands_width: None,
            market_kind: None,
            max_funding_rate: None,
            max_funding_rate_change: None,
            max_open_orders: None,
            max_order_size: None,
            max_slippage: None,
            max_tob_spread: None,
            min_notional: None,
            open_at: None,
            option_cross_margin_params: None,
            option_type: None,
            oracle_ewma_factor: None,
            order_size_increment: None,
            position_limit: None,
            price_bands_width: None,
            price_feed_id: None,
            price_tick_size: None,
            quote_currency: None,
            settlement_currency: None,
            strike_price: None,
            symbol: None,
            tags: Wire::blank(),
            trading_mode: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "asset_kind" => fields.field("asset_kind", &mut self.asset_kind),
            "base_currency" => fields.field("base_currency", &mut self.base_currency),
            "clamp_rate" => fields.field("clamp_rate", &mut self.clamp_rate),
            "delta1_cross_margin_params" => {
                fields
                    .field(
                        "delta1_cross_margin_params",
                        &mut self.delta1_cross_margin_params,
                    )
            }
            "expiry_at" => fields.field("expiry_at", &mut self.expiry_at),
            "fee_config" => fields.field("fee_config", &mut self.fee_config),
            "funding_multiplier" => {
                fields.field("funding_multiplier", &mut self.funding_multiplier)
            }
            "funding_period_hours" => {
                fields.field("funding_period_hours", &mut self.funding_period_hours)
            }
            "interest_rate" => fields.field("interest_rate", &mut self.interest_rate),
            "iv_bands_width" => fields.field("iv_bands_width", &mut self.iv_bands_width),
            "market_kind" => fields.field("market_kind", &mut self.market_kind),
            "max_funding_rate" => {
                fields.field("max_funding_rate", &mut self.max_funding_rate)
            }
            "max_funding_rate_change" => {
                fields
                    .field("max_funding_rate_change", &mut self.max_funding_rate_change)
            }
            "max_open_orders" => {
                fields.field("max_open_orders", &mut self.max_open_orders)
            }
            "max_order_size" => fields.field("max_order_size", &mut self.max_order_size),
            "max_slippage" => fields.field("max_slippage", &mut self.max_slippage),
            "max_tob_spread" => fields.field("max_tob_spread", &mut self.max_tob_spread),
            "min_notional" => fields.field("min_notional", &mut self.min_notional),
            "open_at" => fields.field("open_at", &mut self.open_at),
            "option_cross_margin_params" => {
                fields
                    .field(
                        "option_cross_margin_params",
                        &mut self.option_cross_margin_params,
                    )
            }
            "option_type" => fields.field("option_type", &mut self.option_type),
            "oracle_ewma_factor" => {
                fields.field("oracle_ewma_factor", &mut self.oracle_ewma_factor)
            }
            "order_size_increment" => {
                fields.field("order_size_increment", &mut self.order_size_increment)
            }
            "position_limit" => fields.field("position_limit", &mut self.position_limit),
            "price_bands_width" => {
                fields.field("price_bands_width", &mut self.price_bands_width)
            }
            "price_feed_id" => fields.field("price_feed_id", &mut self.price_feed_id),
            "price_tick_size" => {
                fields.field("price_tick_size", &mut self.price_tick_size)
            }
            "quote_currency" => fields.field("quote_currency", &mut self.quote_currency),
            "settlement_currency" => {
                fields.field("settlement_currency", &mut self.settlement_currency)
            }
            "strike_price" => fields.field("strike_price", &mut self.strike_price),
            "symbol" => fields.field("symbol", &mut self.symbol),
            "tags" => fields.field("tags", &mut self.tags),
            "trading_mode" => fields.field("trading_mode", &mut self.trading_mode),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("asset_kind", &self.asset_kind)?;
        entries.field("base_currency", &self.base_currency)?;
        entries.field("clamp_rate", &self.clamp_rate)?;
        entries.field("delta1_cross_margin_params", &self.delta1_cross_margin_params)?;
        entries.field("expiry_at", &self.expiry_at)?;
        entries.field("fee_config", &self.fee_config)?;
        entries.field("funding_multiplier", &self.funding_multiplier)?;
        entries.field("funding_period_hours", &self.funding_period_hours)?;
        entries.field("interest_rate", &self.interest_rate)?;
        entries.field("iv_bands_width", &self.iv_bands_width)?;
        entries.field("market_kind", &self.market_kind)?;
        entries.field("max_funding_rate", &self.max_funding_rate)?;
        entries.field("max_funding_rate_change", &self.max_funding_rate_change)?;
        entries.field("max_open_orders", &self.max_open_orders)?;
        entries.field("max_order_size", &self.max_order_size)?;
        entries.field("max_slippage", &self.max_slippage)?;
        entries.field("max_tob_spread", &self.max_tob_spread)?;
        entries.field("min_notional", &self.min_notional)?;
        entries.field("open_at", &self.open_at)?;
        entries.field("option_cross_margin_params", &self.option_cross_margin_params)?;
        entries.field("option_type", &self.option_type)?;
        entries.field("oracle_ewma_factor", &self.oracle_ewma_factor)?;
        entries.field("order_size_increment", &self.order_size_increment)?;
        entries.field("position_limit", &self.position_limit)?;
        entries.field("price_bands_width", &self.price_bands_width)?;
        entries.field("price_feed_id", &self.price_feed_id)?;
        entries.field("price_tick_size", &self.price_tick_size)?;
        entries.field("quote_currency", &self.quote_currency)?;
        entries.field("settlement_currency", &self.settlement_currency)?;
        entries.field("strike_price", &self.strike_price)?;
        entries.field("symbol", &self.symbol)?;
        entries.field("tags", &self.tags)?;
        entries.field("trading_mode", &self.trading_mode)?;
        Ok(())
    }
}

/// One change in the settings of a market.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketEvent {
    /// The settings that changed.
    pub changed_fields: Option<MarketHistoryFields>,
    /// Kind of change, for example `UPDATED`.
    pub event_type: Option<MarketEventType>,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub symbol: Option<String>,
    /// When the change happened, in milliseconds since the Unix epoch.
    pub updated_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketEvent {
    const NAME: &'static str = "MarketEvent";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            changed_fields: None,
            event_type: None,
            symbol: None,
            updated_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "changed_fields" => fields.field("changed_fields", &mut self.changed_fields),
            "event_type" => fields.field("event_type", &mut self.event_type),
            "symbol" => fields.field("symbol", &mut self.symbol),
            "updated_at" => fields.field("updated_at", &mut self.updated_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("changed_fields", &self.changed_fields)?;
        entries.field("event_type", &self.event_type)?;
        entries.field("symbol", &self.symbol)?;
        entries.field("updated_at", &self.updated_at)?;
        Ok(())
    }
}

/// History of the settings of markets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketEventList {
    /// The changes.
    pub results: Vec<MarketEvent>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketEventList {
    const NAME: &'static str = "MarketEventList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// What happened to a market.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarketEventType {
    /// `CREATED`: The market was added.
    Created,
    /// `DELETED`: The market was removed.
    Deleted,
    /// `SETTLED`: The market was settled.
    Settled,
    /// `UPDATED`: Settings of the market were changed.
    Updated,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    MarketEventType { Created = "CREATED", Deleted = "DELETED", Settled = "SETTLED",
    Updated = "UPDATED" }
);
/// Fees of a market, by the way in which an order reaches the exchange.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketFeeConfig {
    /// Fees of orders sent through the API.
    pub api_fee: Option<MakerTakerFee>,
    /// Fees of orders entered in the user interface.
    pub interactive_fee: Option<MakerTakerFee>,
    /// Fees of API orders with the `RPI` instruction.
    pub rpi_fee: Option<MakerTakerFee>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketFeeConfig {
    const NAME: &'static str = "MarketFeeConfig";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            api_fee: None,
            interactive_fee: None,
            rpi_fee: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "api_fee" => fields.field("api_fee", &mut self.api_fee),
            "interactive_fee" => {
                fields.field("interactive_fee", &mut self.interactive_fee)
            }
            "rpi_fee" => fields.field("rpi_fee", &mut self.rpi_fee),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("api_fee", &self.api_fee)?;
        entries.field("interactive_fee", &self.interactive_fee)?;
        entries.field("rpi_fee", &self.rpi_fee)?;
        Ok(())
    }
}

/// Market settings as an entry of the market's history reports them. Several are JSON numbers here and decimal strings in the market itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketHistoryFields {
    /// Kind of market, for example `PERP`.
    pub asset_kind: Option<String>,
    /// Base currency, for example `BTC`.
    pub base_currency: Option<String>,
    /// Clamp rate, for example 0.05.
    pub clamp_rate: Option<f64>,
    /// Cross margin parameters of delta-one markets; the published document leaves the form open.
    pub delta1_cross_margin_params: Option<::serde_json::Value>,
    /// When the market expires, in milliseconds since the Unix epoch; 0 means no expiry.
    pub expiry_at: Option<i64>,
    /// Fees of the market; the published document leaves the form open.
    pub fee_config: Option<::serde_json::Value>,
    /// Multiplier of the funding.
    pub funding_multiplier: Option<f64>,
    /// Funding period, in hours.
    pub funding_period_hours: Option<f64>,
    /// Interest rate, for example 0.01.
    pub interest_rate: Option<f64>,
    /// Margin mode of the market, for example `cross`.
    pub market_kind: Option<String>,
    /// Largest funding rate, for example 0.05.
    pub max_funding_rate: Option<f64>,
    /// Largest change of the funding rate, for example 0.0005.
    pub max_funding_rate_change: Option<f64>,
    /// Largest number of open orders.
    pub max_open_orders: Option<i64>,
    /// Largest order size, in base currency.
    pub max_order_size: Option<Decimal>,
    /// Largest slippage allowed by default, for example 0.05.
    pub max_slippage: Option<f64>,
    /// Top-of-book spread above which funding rate changes are not applied.
    pub max_tob_spread: Option<f64>,
    /// Smallest order notional, in USD.
    pub min_notional: Option<Decimal>,
    /// When the market opens, in milliseconds since the Unix epoch; 0 means not set.
    pub open_at: Option<i64>,
    /// Cross margin parameters of options; the published document leaves the form open.
    pub option_cross_margin_params: Option<::serde_json::Value>,
    /// Type of the option, for example `CALL`.
    pub option_type: Option<String>,
    /// Factor of the oracle's exponentially weighted moving average.
    pub oracle_ewma_factor: Option<f64>,
    /// Step of order sizes, in base currency.
    pub order_size_increment: Option<Decimal>,
    /// Largest position, in base currency.
    pub position_limit: Option<Decimal>,
    /// Allowed deviation from the mark price, as a fraction.
    pub price_bands_width: Option<f64>,
    /// Step of prices, in USD.
    pub price_tick_size: Option<Decimal>,
    /// Quote currency, for example `USD`.
    pub quote_currency: Option<String>,
    /// Settlement currency, for example `USDC`.
    pub settlement_currency: Option<String>,
    /// Price at which the market settled.
    pub settlement_price: Option<f64>,
    /// Strike price of an option.
    pub strike_price: Option<Decimal>,
    /// Time-weighted average spot price of the underlying asset at settlement.
    pub underlying_twap_price: Option<f64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketHistoryFields {
    const NAME: &'static str = "MarketHistoryFields";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            asset_kind: None,
            base_currency: None,
            clamp_rate: None,
            delta1_cross_margin_params: None,
            expiry_at: None,
            fee_config: None,
            funding_multiplier: None,
            funding_period_hours: None,
            interest_rate: None,
            market_kind: None,
            max_funding_rate: None,
            max_funding_rate_change: None,
            max_open_orders: None,
            max_order_size: None,
            max_slippage: None,
            max_tob_spread: None,
            min_notional: None,
            open_at: None,
            option_cross_margin_params: None,
            option_type: None,
            oracle_ewma_factor: None,
            order_size_increment: None,
            position_limit: None,
            price_bands_width: None,
            price_tick_size: None,
            quote_currency: None,
            settlement_currency: None,
            settlement_price: None,
            strike_price: None,
            underlying_twap_price: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "asset_kind" => fields.field("asset_kind", &mut self.asset_kind),
            "base_currency" => fields.field("base_currency", &mut self.base_currency),
            "clamp_rate" => fields.field("clamp_rate", &mut self.clamp_rate),
            "delta1_cross_margin_params" => {
                fields
                    .field(
                        "delta1_cross_margin_params",
                        &mut self.delta1_cross_margin_params,
                    )
            }
            "expiry_at" => fields.field("expiry_at", &mut self.expiry_at),
            "fee_config" => fields.field("fee_config", &mut self.fee_config),
            "funding_multiplier" => {
                fields.field("funding_multiplier", &mut self.funding_multiplier)
            }
            "funding_period_hours" => {
                fields.field("funding_period_hours", &mut self.funding_period_hours)
            }
            "interest_rate" => fields.field("interest_rate", &mut self.interest_rate),
            "market_kind" => fields.field("market_kind", &mut self.market_kind),
            "max_funding_rate" => {
                fields.field("max_funding_rate", &mut self.max_funding_rate)
            }
            "max_funding_rate_change" => {
                fields
                    .field("max_funding_rate_change", &mut self.max_funding_rate_change)
            }
            "max_open_orders" => {
                fields.field("max_open_orders", &mut self.max_open_orders)
            }
            "max_order_size" => fields.field("max_order_size", &mut self.max_order_size),
            "max_slippage" => fields.field("max_slippage", &mut self.max_slippage),
            "max_tob_spread" => fields.field("max_tob_spread", &mut self.max_tob_spread),
            "min_notional" => fields.field("min_notional", &mut self.min_notional),
            "open_at" => fields.field("open_at", &mut self.open_at),
            "option_cross_margin_params" => {
                fields
                    .field(
                        "option_cross_margin_params",
                        &mut self.option_cross_margin_params,
                    )
            }
            "option_type" => fields.field("option_type", &mut self.option_type),
            "oracle_ewma_factor" => {
                fields.field("oracle_ewma_factor", &mut self.oracle_ewma_factor)
            }
            "order_size_increment" => {
                fields.field("order_size_increment", &mut self.order_size_increment)
            }
            "position_limit" => fields.field("position_limit", &mut self.position_limit),
            "price_bands_width" => {
                fields.field("price_bands_width", &mut self.price_bands_width)
            }
            "price_tick_size" => {
                fields.field("price_tick_size", &mut self.price_tick_size)
            }
            "quote_currency" => fields.field("quote_currency", &mut self.quote_currency),
            "settlement_currency" => {
                fields.field("settlement_currency", &mut self.settlement_currency)
            }
            "settlement_price" => {
                fields.field("settlement_price", &mut self.settlement_price)
            }
            "strike_price" => fields.field("strike_price", &mut self.strike_price),
            "underlying_twap_price" => {
                fields.field("underlying_twap_price", &mut self.underlying_twap_price)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("asset_kind", &self.asset_kind)?;
        entries.field("base_currency", &self.base_currency)?;
        entries.field("clamp_rate", &self.clamp_rate)?;
        entries.field("delta1_cross_margin_params", &self.delta1_cross_margin_params)?;
        entries.field("expiry_at", &self.expiry_at)?;
        entries.field("fee_config", &self.fee_config)?;
        entries.field("funding_multiplier", &self.funding_multiplier)?;
        entries.field("funding_period_hours", &self.funding_period_hours)?;
        entries.field("interest_rate", &self.interest_rate)?;
        entries.field("market_kind", &self.market_kind)?;
        entries.field("max_funding_rate", &self.max_funding_rate)?;
        entries.field("max_funding_rate_change", &self.max_funding_rate_change)?;
        entries.field("max_open_orders", &self.max_open_orders)?;
        entries.field("max_order_size", &self.max_order_size)?;
        entries.field("max_slippage", &self.max_slippage)?;
        entries.field("max_tob_spread", &self.max_tob_spread)?;
        entries.field("min_notional", &self.min_notional)?;
        entries.field("open_at", &self.open_at)?;
        entries.field("option_cross_margin_params", &self.option_cross_margin_params)?;
        entries.field("option_type", &self.option_type)?;
        entries.field("oracle_ewma_factor", &self.oracle_ewma_factor)?;
        entries.field("order_size_increment", &self.order_size_increment)?;
        entries.field("position_limit", &self.position_limit)?;
        entries.field("price_bands_width", &self.price_bands_width)?;
        entries.field("price_tick_size", &self.price_tick_size)?;
        entries.field("quote_currency", &self.quote_currency)?;
        entries.field("settlement_currency", &self.settlement_currency)?;
        entries.field("settlement_price", &self.settlement_price)?;
        entries.field("strike_price", &self.strike_price)?;
        entries.field("underlying_twap_price", &self.underlying_twap_price)?;
        Ok(())
    }
}

/// Margin mode of a market.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarketKind {
    /// `cross`: The market is margined together with the rest of the account.
    Cross,
    /// `isolated`: The market is margined on its own.
    Isolated,
    /// `isolated_margin`: A further value for isolated margin; how it differs from `isolated` is not published.
    IsolatedMargin,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    MarketKind { Cross = "cross", Isolated = "isolated", IsolatedMargin =
    "isolated_margin" }
);
/// A list of `Market` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketList {
    /// The items of the list.
    pub results: Vec<Market>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketList {
    const NAME: &'static str = "MarketList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Settlement price of a market, and the spot average behind it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketSettlement {
    /// Planned expiry, in milliseconds since the Unix epoch; the settlement price is fixed then or soon afterwards.
    pub expiry_at: Option<i64>,
    /// Payoff of an option, or the spot average for a perpetual or a future.
    pub settlement_price: Option<Decimal>,
    /// The market symbol, for example `BTC-USD-15SEP25-55000-C`.
    pub symbol: Option<String>,
    /// Time-weighted average spot price of the underlying asset over 30 minutes at expiry.
    pub underlying_twap_price: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketSettlement {
    const NAME: &'static str = "MarketSettlement";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            expiry_at: None,
            settlement_price: None,
            symbol: None,
            underlying_twap_price: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "expiry_at" => fields.field("expiry_at", &mut self.expiry_at),
            "settlement_price" => {
                fields.field("settlement_price", &mut self.settlement_price)
            }
            "symbol" => fields.field("symbol", &mut self.symbol),
            "underlying_twap_price" => {
                fields.field("underlying_twap_price", &mut self.underlying_twap_price)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("expiry_at", &self.expiry_at)?;
        entries.field("settlement_price", &self.settlement_price)?;
        entries.field("symbol", &self.symbol)?;
        entries.field("underlying_twap_price", &self.underlying_twap_price)?;
        Ok(())
    }
}

/// The figures of a market that change with trading.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketSummary {
    /// Best ask price.
    pub ask: Option<Decimal>,
    /// Implied volatility of the best ask, for options.
    pub ask_iv: Option<Decimal>,
    /// Size at the best ask.
    pub ask_size: Option<Decimal>,
    /// Best bid price.
    pub bid: Option<Decimal>,
    /// Implied volatility of the best bid, for options.
    pub bid_iv: Option<Decimal>,
    /// Size at the best bid.
    pub bid_size: Option<Decimal>,
    /// When the summary was made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Deprecated in favour of `greeks.delta`.
    pub delta: Option<Decimal>,
    /// Fair price from outside: the spot price raised by the median basis rate of other exchanges.
    pub external_fair_price: Option<Decimal>,
    /// Annualised forward rate of dated options, smoothed by an exponentially weighted average.
    pub forward_rate: Option<Decimal>,
    /// Funding rate for the market's own funding period, not converted to 8 hours; may be an empty string.
    pub funding_rate: Option<Decimal>,
    /// For options, a smoothed funding rate of the future.
    pub future_funding_rate: Option<Decimal>,
    /// The Greeks; perpetual futures carry only some of them.
    pub greeks: Option<Greeks>,
    /// Implied volatility of the last trade, for options.
    pub last_iv: Option<Decimal>,
    /// Price of the last trade.
    pub last_traded_price: Option<Decimal>,
    /// Implied volatility at the mark price, for options.
    pub mark_iv: Option<Decimal>,
    /// Mark price.
    pub mark_price: Option<Decimal>,
    /// Open interest, in base currency.
    pub open_interest: Option<Decimal>,
    /// Rate of price change over the last 24 hours, for example 0.05.
    pub price_change_rate_24h: Option<Decimal>,
    /// Risk-free rate that option pricing discounts with, for example 0.05.
    pub risk_free_rate: Option<Decimal>,
    /// Details of rolling futures; absent for every other market.
    pub rolling_details: Option<RollingDetails>,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub symbol: Option<String>,
    /// Volume traded since the market began, in USD.
    pub total_volume: Option<Decimal>,
    /// Spot price of the underlying asset.
    pub underlying_price: Option<Decimal>,
    /// Volume traded over 24 hours, in USD.
    pub volume_24h: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketSummary {
    const NAME: &'static str = "MarketSummary";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            ask: None,
            ask_iv: None,
            ask_size: None,
            bid: None,
            bid_iv: None,
            bid_size: None,
            created_at: None,
            delta: None,
            external_fair_price: None,
            forward_rate: None,
            funding_rate: None,
            future_funding_rate: None,
            greeks: None,
            last_iv: None,
            last_traded_price: None,
            mark_iv: None,
            mark_price: None,
            open_interest: None,
            price_change_rate_24h: None,
            risk_free_rate: None,
            rolling_details: None,
            symbol: None,
            total_volume: None,
            underlying_price: None,
            volume_24h: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "ask" => fields.field("ask", &mut self.ask),
            "ask_iv" => fields.field("ask_iv", &mut self.ask_iv),
            "ask_size" => fields.field("ask_size", &mut self.ask_size),
            "bid" => fields.field("bid", &mut self.bid),
            "bid_iv" => fields.field("bid_iv", &mut self.bid_iv),
            "bid_size" => fields.field("bid_size", &mut self.bid_size),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "delta" => fields.field("delta", &mut self.delta),
            "external_fair_price" => {
                fields.field("external_fair_price", &mut self.external_fair_price)
            }
            "forward_rate" => fields.field("forward_rate", &mut self.forward_rate),
            "funding_rate" => fields.field("funding_rate", &mut self.funding_rate),
            "future_funding_rate" => {
                fields.field("future_funding_rate", &mut self.future_funding_rate)
            }
            "greeks" => fields.field("greeks", &mut self.greeks),
            "last_iv" => fields.field("last_iv", &mut self.last_iv),
            "last_traded_price" => {
                fields.field("last_traded_price", &mut self.last_traded_price)
            }
            "mark_iv" => fields.field("mark_iv", &mut self.mark_iv),
            "mark_price" => fields.field("mark_price", &mut self.mark_price),
            "open_interest" => fields.field("open_interest", &mut self.open_interest),
            "price_change_rate_24h" => {
                fields.field("price_change_rate_24h", &mut self.price_change_rate_24h)
            }
            "risk_free_rate" => fields.field("risk_free_rate", &mut self.risk_free_rate),
            "rolling_details" => {
                fields.field("rolling_details", &mut self.rolling_details)
            }
            "symbol" => fields.field("symbol", &mut self.symbol),
            "total_volume" => fields.field("total_volume", &mut self.total_volume),
            "underlying_price" => {
                fields.field("underlying_price", &mut self.underlying_price)
            }
            "volume_24h" => fields.field("volume_24h", &mut self.volume_24h),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("ask", &self.ask)?;
        entries.field("ask_iv", &self.ask_iv)?;
        entries.field("ask_size", &self.ask_size)?;
        entries.field("bid", &self.bid)?;
        entries.field("bid_iv", &self.bid_iv)?;
        entries.field("bid_size", &self.bid_size)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("delta", &self.delta)?;
        entries.field("external_fair_price", &self.external_fair_price)?;
        entries.field("forward_rate", &self.forward_rate)?;
        entries.field("funding_rate", &self.funding_rate)?;
        entries.field("future_funding_rate", &self.future_funding_rate)?;
        entries.field("greeks", &self.greeks)?;
        entries.field("last_iv", &self.last_iv)?;
        entries.field("last_traded_price", &self.last_traded_price)?;
        entries.field("mark_iv", &self.mark_iv)?;
        entries.field("mark_price", &self.mark_price)?;
        entries.field("open_interest", &self.open_interest)?;
        entries.field("price_change_rate_24h", &self.price_change_rate_24h)?;
        entries.field("risk_free_rate", &self.risk_free_rate)?;
        entries.field("rolling_details", &self.rolling_details)?;
        entries.field("symbol", &self.symbol)?;
        entries.field("total_volume", &self.total_volume)?;
        entries.field("underlying_price", &self.underlying_price)?;
        entries.field("volume_24h", &self.volume_24h)?;
        Ok(())
    }
}

/// A list of `MarketSummary` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MarketSummaryList {
    /// The items of the list.
    pub results: Vec<MarketSummary>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for MarketSummaryList {
    const NAME: &'static str = "MarketSummaryList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// The new terms of an open order. Price, size and trigger price may change; market, side and type repeat what the order has. The whole is signed anew together with the order id.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ModifyOrderRequest {
    /// Id that the exchange gave to the order.
    pub id: String,
    /// Market symbol of the order, for example `BTC-USD-PERP`.
    pub market: String,
    /// The isolated margin account to act for; leave out for any other order.
    pub on_behalf_of_account: Option<String>,
    /// Price in quote currency, new or unchanged; leave out for `MARKET` and `STOP_MARKET` orders.
    pub price: Option<Decimal>,
    /// Side the order has, `BUY` or `SELL`.
    pub side: OrderSide,
    /// Starknet signature as the JSON text `["r","s"]` with decimal numbers.
    pub signature: Secret,
    /// The time that was signed, in milliseconds since the Unix epoch.
    pub signature_timestamp: i64,
    /// Size in base currency, new or unchanged.
    pub size: Decimal,
    /// Trigger price of a take-profit or stop-loss order, new or unchanged; not signed.
    pub trigger_price: Option<Decimal>,
    /// Type the order has, for example `LIMIT`.
    pub type_: String,
    pub(crate) undecoded_: Undecoded,
}

impl ModifyOrderRequest {
    /// Creates a value with the required fields: `id`, `market`, `side`, `signature`, `signature_timestamp`, `size`, `type`.
    pub fn new(
        id: impl Into<String>,
        market: impl Into<String>,
        side: OrderSide,
        signature: Secret,
        signature_timestamp: i64,
        size: Decimal,
        type_: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            market: market.into(),
            on_behalf_of_account: None,
            price: None,
            side,
            signature,
            signature_timestamp,
            size,
            trigger_price: None,
            type_: type_.into(),
            undecoded_: Undecoded::NONE,
        }
    }

    /// The isolated margin account to act for; leave out for any other order.
    pub fn on_behalf_of_account(mut self, value: impl Into<String>) -> Self {
        self.on_behalf_of_account = Some(value.into());
        self
    }

    /// Price in quote currency, new or unchanged; leave out for `MARKET` and `STOP_MARKET` orders.
    pub fn price(mut self, value: Decimal) -> Self {
        self.price = Some(value);
        self
    }

    /// Trigger price of a take-profit or stop-loss order, new or unchanged; not signed.
    pub fn trigger_price(mut self, value: Decimal) -> Self {
        self.trigger_price = Some(value);
        self
    }
}

impl Record for ModifyOrderRequest {
    const NAME: &'static str = "ModifyOrderRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[
        "id",
        "market",
        "side",
        "signature",
        "signature_timestamp",
        "size",
        "type",
    ];
    fn blank() -> Self {
        Self {
            id: Wire::blank(),
            market: Wire::blank(),
            on_behalf_of_account: None,
            price: None,
            side: Wire::blank(),
            signature: Wire::blank(),
            signature_timestamp: Wire::blank(),
            size: Wire::blank(),
            trigger_price: None,
            type_: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "id" => fields.required(0u32, "id", &mut self.id),
            "market" => fields.required(1u32, "market", &mut self.market),
            "on_behalf_of_account" => {
                fields.field("on_behalf_of_account", &mut self.on_behalf_of_account)
            }
            "price" => fields.field("price", &mut self.price),
            "side" => fields.required(2u32, "side", &mut self.side),
            "signature" => fields.required(3u32, "signature", &mut self.signature),
            "signature_timestamp" => {
                fields
                    .required(4u32, "signature_timestamp", &mut self.signature_timestamp)
            }
            "size" => fields.required(5u32, "size", &mut self.size),
            "trigger_price" => fields.field("trigger_price", &mut self.trigger_price),
            "type" => fields.required(6u32, "type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("id", &self.id)?;
        entries.required("market", &self.market)?;
        entries.field("on_behalf_of_account", &self.on_behalf_of_account)?;
        entries.field("price", &self.price)?;
        entries.required("side", &self.side)?;
        entries.required("signature", &self.signature)?;
        entries.required("signature_timestamp", &self.signature_timestamp)?;
        entries.required("size", &self.size)?;
        entries.field("trigger_price", &self.trigger_price)?;
        entries.required("type", &self.type_)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.side.mark_outgoing();
        self.signature.mark_outgoing();
    }
}

#[cfg(feature = "stream")]
/// A change of the markets of a subscription, and its confirmation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ModifySubscriptionParams {
    /// Markets to add.
    pub add: Vec<String>,
    /// The channel of the subscription, `markets_summary`.
    pub channel: Option<String>,
    /// Markets to remove.
    pub remove: Vec<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl ModifySubscriptionParams {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            add: Wire::blank(),
            channel: None,
            remove: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    /// Markets to add.
    pub fn add(mut self, value: Vec<String>) -> Self {
        self.add = value;
        self
    }

    /// The channel of the subscription, `markets_summary`.
    pub fn channel(mut self, value: impl Into<String>) -> Self {
        self.channel = Some(value.into());
        self
    }

    /// Markets to remove.
    pub fn remove(mut self, value: Vec<String>) -> Self {
        self.remove = value;
        self
    }
}

#[cfg(feature = "stream")]
impl Default for ModifySubscriptionParams {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "stream")]
impl Record for ModifySubscriptionParams {
    const NAME: &'static str = "ModifySubscriptionParams";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            add: Wire::blank(),
            channel: None,
            remove: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "add" => fields.field("add", &mut self.add),
            "channel" => fields.field("channel", &mut self.channel),
            "remove" => fields.field("remove", &mut self.remove),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("add", &self.add)?;
        entries.field("channel", &self.channel)?;
        entries.field("remove", &self.remove)?;
        Ok(())
    }
}

/// A non-fungible token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Nft {
    /// Address of the collection's contract.
    pub collection_address: Option<String>,
    /// Name of the collection.
    pub collection_name: Option<String>,
    /// Identifier of the token.
    pub id: Option<String>,
    /// Address of the token's picture.
    pub image_url: Option<String>,
    /// Name of the token.
    pub name: Option<String>,
    /// Price of the token.
    pub price: Option<NftPrice>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Nft {
    const NAME: &'static str = "Nft";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            collection_address: None,
            collection_name: None,
            id: None,
            image_url: None,
            name: None,
            price: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "collection_address" => {
                fields.field("collection_address", &mut self.collection_address)
            }
            "collection_name" => {
                fields.field("collection_name", &mut self.collection_name)
            }
            "id" => fields.field("id", &mut self.id),
            "image_url" => fields.field("image_url", &mut self.image_url),
            "name" => fields.field("name", &mut self.name),
            "price" => fields.field("price", &mut self.price),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("collection_address", &self.collection_address)?;
        entries.field("collection_name", &self.collection_name)?;
        entries.field("id", &self.id)?;
        entries.field("image_url", &self.image_url)?;
        entries.field("name", &self.name)?;
        entries.field("price", &self.price)?;
        Ok(())
    }
}

/// The price of an NFT as an amount with its scale.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NftPrice {
    /// Currency of the price.
    pub currency: Option<String>,
    /// Number of decimal places that belong to `value`.
    pub decimals: Option<i64>,
    /// The amount; how it is scaled by `decimals` is not documented.
    pub value: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for NftPrice {
    const NAME: &'static str = "NftPrice";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            currency: None,
            decimals: None,
            value: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "currency" => fields.field("currency", &mut self.currency),
            "decimals" => fields.field("decimals", &mut self.decimals),
            "value" => fields.field("value", &mut self.value),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("currency", &self.currency)?;
        entries.field("decimals", &self.decimals)?;
        entries.field("value", &self.value)?;
        Ok(())
    }
}

/// Which notifications an account receives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NotificationPreferences {
    /// True when announcements are notified.
    pub announcements: Option<bool>,
    /// True when a fill plays a sound.
    pub fill_sound: Option<bool>,
    /// True when fills are notified.
    pub fills: Option<bool>,
    /// True when orders are notified.
    pub orders: Option<bool>,
    /// True when transfers are notified.
    pub transfers: Option<bool>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for NotificationPreferences {
    const NAME: &'static str = "NotificationPreferences";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            announcements: None,
            fill_sound: None,
            fills: None,
            orders: None,
            transfers: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "announcements" => fields.field("announcements", &mut self.announcements),
            "fill_sound" => fields.field("fill_sound", &mut self.fill_sound),
            "fills" => fields.field("fills", &mut self.fills),
            "orders" => fields.field("orders", &mut self.orders),
            "transfers" => fields.field("transfers", &mut self.transfers),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("announcements", &self.announcements)?;
        entries.field("fill_sound", &self.fill_sound)?;
        entries.field("fills", &self.fills)?;
        entries.field("orders", &self.orders)?;
        entries.field("transfers", &self.transfers)?;
        Ok(())
    }
}

/// Class hashes from which the Starknet address of an account is derived.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OnboardingDerivationInfo {
    /// Hash of the account's contract class.
    pub class_hash: Option<String>,
    /// Hash of the proxy's contract class.
    pub proxy_class_hash: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for OnboardingDerivationInfo {
    const NAME: &'static str = "OnboardingDerivationInfo";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            class_hash: None,
            proxy_class_hash: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "class_hash" => fields.field("class_hash", &mut self.class_hash),
            "proxy_class_hash" => {
                fields.field("proxy_class_hash", &mut self.proxy_class_hash)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("class_hash", &self.class_hash)?;
        entries.field("proxy_class_hash", &self.proxy_class_hash)?;
        Ok(())
    }
}

/// Data of a new account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OnboardingRequest {
    /// Code of the marketing campaign that brought the user.
    pub marketing_code: Option<String>,
    /// True to start the account in portfolio margin mode; for main accounts and subaccounts only.
    pub portfolio_margin: Option<bool>,
    /// Public key of the new account, as `0x` hex; an EVM account gives `0x04` and 128 hex digits.
    pub public_key: Option<String>,
    /// Code of the user who made the referral.
    pub referral_code: Option<String>,
    /// Tracking parameters of the link that brought the user; optional.
    pub utm: Option<Utm>,
    pub(crate) undecoded_: Undecoded,
}

impl OnboardingRequest {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            marketing_code: None,
            portfolio_margin: None,
            public_key: None,
            referral_code: None,
            utm: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Code of the marketing campaign that brought the user.
    pub fn marketing_code(mut self, value: impl Into<String>) -> Self {
        self.marketing_code = Some(value.into());
        self
    }

    /// True to start the account in portfolio margin mode; for main accounts and subaccounts only.
    pub fn portfolio_margin(mut self, value: bool) -> Self {
        self.portfolio_margin = Some(value);
        self
    }

    /// Public key of the new account, as `0x` hex; an EVM account gives `0x04` and 128 hex digits.
    pub fn public_key(mut self, value: impl Into<String>) -> Self {
        self.public_key = Some(value.into());
        self
    }

    /// Code of the user who made the referral.
    pub fn referral_code(mut self, value: impl Into<String>) -> Self {
        self.referral_code = Some(value.into());
        self
    }

    /// Tracking parameters of the link that brought the user; optional.
    pub fn utm(mut self, value: Utm) -> Self {
        self.utm = Some(value);
        self
    }
}

impl Default for OnboardingRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for OnboardingRequest {
    const NAME: &'static str = "OnboardingRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            marketing_code: None,
            portfolio_margin: None,
            public_key: None,
            referral_code: None,
            utm: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "marketing_code" => fields.field("marketing_code", &mut self.marketing_code),
            "portfolio_margin" => {
                fields.field("portfolio_margin", &mut self.portfolio_margin)
            }
            "public_key" => fields.field("public_key", &mut self.public_key),
            "referral_code" => fields.field("referral_code", &mut self.referral_code),
            "utm" => fields.field("utm", &mut self.utm),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("marketing_code", &self.marketing_code)?;
        entries.field("portfolio_margin", &self.portfolio_margin)?;
        entries.field("public_key", &self.public_key)?;
        entries.field("referral_code", &self.referral_code)?;
        entries.field("utm", &self.utm)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.utm.mark_outgoing();
    }
}

/// Whether an account is onboarded, its Starknet address, and how that address is derived.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OnboardingStatus {
    /// Kind of signer, `starknet` or `eip191`.
    pub account_signer_type: Option<SignerType>,
    /// Starknet address of the account on Paradex.
    pub address: Option<String>,
    /// Class hashes from which the address is derived.
    pub derivation_info: Option<OnboardingDerivationInfo>,
    /// True when the account has been onboarded already.
    pub exists: Option<bool>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for OnboardingStatus {
    const NAME: &'static str = "OnboardingStatus";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account_signer_type: None,
            address: None,
            derivation_info: None,
            exists: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account_signer_type" => {
                fields.field("account_signer_type", &mut self.account_signer_type)
            }
            "address" => fields.field("address", &mut self.address),
            "derivation_info" => {
                fields.field("derivation_info", &mut self.derivation_info)
            }
            "exists" => fields.field("exists", &mut self.exists),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account_signer_type", &self.account_signer_type)?;
        entries.field("address", &self.address)?;
        entries.field("derivation_info", &self.derivation_info)?;
        entries.field("exists", &self.exists)?;
        Ok(())
    }
}

/// Cross margin parameters of options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OptionCrossMarginParams {
    /// Parameters of the initial margin fraction.
    pub imf: Option<OptionMarginParams>,
    /// Parameters of the maintenance margin fraction.
    pub mmf: Option<OptionMarginParams>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for OptionCrossMarginParams {
    const NAME: &'static str = "OptionCrossMarginParams";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            imf: None,
            mmf: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "imf" => fields.field("imf", &mut self.imf),
            "mmf" => fields.field("mmf", &mut self.mmf),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("imf", &self.imf)?;
        entries.field("mmf", &self.mmf)?;
        Ok(())
    }
}

/// Parameters of a margin fraction for options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OptionMarginParams {
    /// Margin fraction of long options in the money.
    pub long_itm: Option<Decimal>,
    /// Multiplier of the margin fraction for the premium.
    pub premium_multiplier: Option<Decimal>,
    /// Margin fraction of short options in the money.
    pub short_itm: Option<Decimal>,
    /// Margin fraction of short options out of the money.
    pub short_otm: Option<Decimal>,
    /// Upper limit of the margin fraction of short puts.
    pub short_put_cap: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for OptionMarginParams {
    const NAME: &'static str = "OptionMarginParams";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            long_itm: None,
            premium_multiplier: None,
            short_itm: None,
            short_otm: None,
            short_put_cap: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "long_itm" => fields.field("long_itm", &mut self.long_itm),
            "premium_multiplier" => {
                fields.field("premium_multiplier", &mut self.premium_multiplier)
            }
            "short_itm" => fields.field("short_itm", &mut self.short_itm),
            "short_otm" => fields.field("short_otm", &mut self.short_otm),
            "short_put_cap" => fields.field("short_put_cap", &mut self.short_put_cap),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("long_itm", &self.long_itm)?;
        entries.field("premium_multiplier", &self.premium_multiplier)?;
        entries.field("short_itm", &self.short_itm)?;
        entries.field("short_otm", &self.short_otm)?;
        entries.field("short_put_cap", &self.short_put_cap)?;
        Ok(())
    }
}

/// Values of `responses.MarketResp.option_type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OptionType {
    /// `CALL`
    Call,
    /// `PUT`
    Put,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(OptionType { Call = "CALL", Put = "PUT" });
/// An order and its state.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Order {
    /// Starknet address of the account that owns the order.
    pub account: Option<String>,
    /// Average price of the fills; may be an empty string.
    pub avg_fill_price: Option<Decimal>,
    /// Why the order was cancelled, for example `NOT_ENOUGH_MARGIN`.
    pub cancel_reason: Option<String>,
    /// Id that the client gave the order; may be an empty string.
    pub client_id: Option<String>,
    /// When the order was created, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Modifiers of the order, for example `REDUCE_ONLY`.
    pub flags: Vec<OrderFlag>,
    /// Id that the exchange gave the order.
    pub id: Option<String>,
    /// Execution instruction, for example `GTC`; may be an empty string.
    pub instruction: Option<OrderInstruction>,
    /// When the order last changed, in milliseconds since the Unix epoch; a closed order changes no more.
    pub last_updated_at: Option<i64>,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// Price of the order; 0 for market orders.
    pub price: Option<Decimal>,
    /// When the order was sent to the client, in milliseconds since the Unix epoch.
    pub published_at: Option<i64>,
    /// When the exchange took the order in, in milliseconds since the Unix epoch.
    pub received_at: Option<i64>,
    /// Size that has not been filled.
    pub remaining_size: Option<Decimal>,
    /// Further information on a request that concerns the order.
    pub request_info: Option<RequestInfo>,
    /// Number that grows with each change of the order, with gaps; it serves to drop duplicates. WebSocket and REST number their events separately.
    pub seq_no: Option<i64>,
    /// Whether the order buys or sells.
    pub side: Option<OrderSide>,
    /// Size of the order.
    pub size: Option<Decimal>,
    /// State of the order.
    pub status: Option<OrderStatus>,
    /// How the order avoids trades with the owner's own orders (self-trade prevention).
    pub stp: Option<StpMode>,
    /// Timestamp that was signed with the order, in milliseconds since the Unix epoch.
    pub timestamp: Option<i64>,
    /// Price at which a stop order triggers.
    pub trigger_price: Option<Decimal>,
    /// Type of the order.
    pub type_: Option<OrderType>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Order {
    const NAME: &'static str = "Order";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            avg_fill_price: None,
            cancel_reason: None,
            client_id: None,
            created_at: None,
            flags: Wire::blank(),
            id: None,
            instruction: None,
            last_updated_at: None,
            market: None,
            price: None,
            published_at: None,
            received_at: None,
            remaining_size: None,
            request_info: None,
            seq_no: None,
            side: None,
            size: None,
            status: None,
            stp: None,
            timestamp: None,
            trigger_price: None,
            type_: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "avg_fill_price" => fields.field("avg_fill_price", &mut self.avg_fill_price),
            "cancel_reason" => fields.field("cancel_reason", &mut self.cancel_reason),
            "client_id" => fields.field("client_id", &mut self.client_id),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "flags" => fields.field("flags", &mut self.flags),
            "id" => fields.field("id", &mut self.id),
            "instruction" => fields.field("instruction", &mut self.instruction),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "market" => fields.field("market", &mut self.market),
            "price" => fields.field("price", &mut self.price),
            "published_at" => fields.field("published_at", &mut self.published_at),
            "received_at" => fields.field("received_at", &mut self.received_at),
            "remaining_size" => fields.field("remaining_size", &mut self.remaining_size),
            "request_info" => fields.field("request_info", &mut self.request_info),
            "seq_no" => fields.field("seq_no", &mut self.seq_no),
            "side" => fields.field("side", &mut self.side),
            "size" => fields.field("size", &mut self.size),
            "status" => fields.field("status", &mut self.status),
            "stp" => fields.field("stp", &mut self.stp),
            "timestamp" => fields.field("timestamp", &mut self.timestamp),
            "trigger_price" => fields.field("trigger_price", &mut self.trigger_price),
            "type" => fields.field("type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("avg_fill_price", &self.avg_fill_price)?;
        entries.field("cancel_reason", &self.cancel_reason)?;
        entries.field("client_id", &self.client_id)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("flags", &self.flags)?;
        entries.field("id", &self.id)?;
        entries.field("instruction", &self.instruction)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("market", &self.market)?;
        entries.field("price", &self.price)?;
        entries.field("published_at", &self.published_at)?;
        entries.field("received_at", &self.received_at)?;
        entries.field("remaining_size", &self.remaining_size)?;
        entries.field("request_info", &self.request_info)?;
        entries.field("seq_no", &self.seq_no)?;
        entries.field("side", &self.side)?;
        entries.field("size", &self.size)?;
        entries.field("status", &self.status)?;
        entries.field("stp", &self.stp)?;
        entries.field("timestamp", &self.timestamp)?;
        entries.field("trigger_price", &self.trigger_price)?;
        entries.field("type", &self.type_)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Which orders to cancel.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelAllParams {
    /// The market. Without it, orders in every market.
    pub market: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl OrderCancelAllParams {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// The market. Without it, orders in every market.
    pub fn market(mut self, value: impl Into<String>) -> Self {
        self.market = Some(value.into());
        self
    }
}

#[cfg(feature = "stream")]
impl Default for OrderCancelAllParams {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "stream")]
impl Record for OrderCancelAllParams {
    const NAME: &'static str = "OrderCancelAllParams";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "market" => fields.field("market", &mut self.market),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("market", &self.market)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Confirmation that cancels were queued.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelAllResult {
    /// Always `ok`.
    pub status: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCancelAllResult {
    const NAME: &'static str = "OrderCancelAllResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("status", &self.status)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// What became of the cancel of one order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelBatchOutcome {
    /// Id of the order.
    pub id: Option<String>,
    /// Market of the order; missing if the order was not found.
    pub market: Option<String>,
    /// Whether the cancel was queued, the order was closed before, or it was not found.
    pub status: Option<CancelStatus>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCancelBatchOutcome {
    const NAME: &'static str = "OrderCancelBatchOutcome";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            id: None,
            market: None,
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "id" => fields.field("id", &mut self.id),
            "market" => fields.field("market", &mut self.market),
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("id", &self.id)?;
        entries.field("market", &self.market)?;
        entries.field("status", &self.status)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// The orders to cancel.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelBatchParams {
    /// Ids of the orders.
    pub order_ids: Vec<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl OrderCancelBatchParams {
    /// Creates a value with the required fields: `order_ids`.
    pub fn new(order_ids: Vec<String>) -> Self {
        Self {
            order_ids,
            undecoded_: Undecoded::NONE,
        }
    }
}

#[cfg(feature = "stream")]
impl Record for OrderCancelBatchParams {
    const NAME: &'static str = "OrderCancelBatchParams";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["order_ids"];
    fn blank() -> Self {
        Self {
            order_ids: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "order_ids" => fields.required(0u32, "order_ids", &mut self.order_ids),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("order_ids", &self.order_ids)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// What became of the cancel of each order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelBatchResult {
    /// One for each order, in the order of the request.
    pub results: Vec<OrderCancelBatchOutcome>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCancelBatchResult {
    const NAME: &'static str = "OrderCancelBatchResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Whether orders are cancelled when the connection ends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelOnDisconnectParams {
    /// Whether they are.
    pub enabled: bool,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl OrderCancelOnDisconnectParams {
    /// Creates a value with the required fields: `enabled`.
    pub fn new(enabled: bool) -> Self {
        Self {
            enabled,
            undecoded_: Undecoded::NONE,
        }
    }
}

#[cfg(feature = "stream")]
impl Record for OrderCancelOnDisconnectParams {
    const NAME: &'static str = "OrderCancelOnDisconnectParams";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["enabled"];
    fn blank() -> Self {
        Self {
            enabled: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "enabled" => fields.required(0u32, "enabled", &mut self.enabled),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("enabled", &self.enabled)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Whether orders are cancelled when the connection ends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelOnDisconnectResult {
    /// Whether they are, from now on.
    pub enabled: Option<bool>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCancelOnDisconnectResult {
    const NAME: &'static str = "OrderCancelOnDisconnectResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            enabled: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "enabled" => fields.field("enabled", &mut self.enabled),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("enabled", &self.enabled)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// The order to cancel, by `id`, or by `client_id` and `market`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelParams {
    /// Id that the client gave the order.
    pub client_id: Option<String>,
    /// Id of the order.
    pub id: Option<String>,
    /// Market of the order; needed with `client_id`.
    pub market: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl OrderCancelParams {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            client_id: None,
            id: None,
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Id that the client gave the order.
    pub fn client_id(mut self, value: impl Into<String>) -> Self {
        self.client_id = Some(value.into());
        self
    }

    /// Id of the order.
    pub fn id(mut self, value: impl Into<String>) -> Self {
        self.id = Some(value.into());
        self
    }

    /// Market of the order; needed with `client_id`.
    pub fn market(mut self, value: impl Into<String>) -> Self {
        self.market = Some(value.into());
        self
    }
}

#[cfg(feature = "stream")]
impl Default for OrderCancelParams {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(feature = "stream")]
impl Record for OrderCancelParams {
    const NAME: &'static str = "OrderCancelParams";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            client_id: None,
            id: None,
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "client_id" => fields.field("client_id", &mut self.client_id),
            "id" => fields.field("id", &mut self.id),
            "market" => fields.field("market", &mut self.market),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("client_id", &self.client_id)?;
        entries.field("id", &self.id)?;
        entries.field("market", &self.market)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Confirmation that a cancel was queued.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCancelResult {
    /// Id of the order.
    pub order_id: Option<String>,
    /// That the cancel was queued.
    pub status: Option<OrderCancelResultStatus>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCancelResult {
    const NAME: &'static str = "OrderCancelResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            order_id: None,
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "order_id" => fields.field("order_id", &mut self.order_id),
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("order_id", &self.order_id)?;
        entries.field("status", &self.status)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Values of `methods.OrderCancelResult.status`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderCancelResultStatus {
    /// `QUEUED_FOR_CANCELLATION`
    QueuedForCancellation,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(
    OrderCancelResultStatus { QueuedForCancellation = "QUEUED_FOR_CANCELLATION" }
);
#[cfg(feature = "stream")]
/// What became of one order: the order, or an error.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCreateBatchOutcome {
    /// When the matching engine got the order, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Why the order was refused, as a text; there is no code.
    pub error: Option<String>,
    /// The order.
    pub order: Option<Order>,
    /// When the exchange got the request, in nanoseconds since the Unix epoch.
    pub received_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCreateBatchOutcome {
    const NAME: &'static str = "OrderCreateBatchOutcome";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            created_at: None,
            error: None,
            order: None,
            received_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "created_at" => fields.field("created_at", &mut self.created_at),
            "error" => fields.field("error", &mut self.error),
            "order" => fields.field("order", &mut self.order),
            "received_at" => fields.field("received_at", &mut self.received_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("created_at", &self.created_at)?;
        entries.field("error", &self.error)?;
        entries.field("order", &self.order)?;
        entries.field("received_at", &self.received_at)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// The orders to place.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCreateBatchParams {
    /// The orders, each with a signature of its own.
    pub orders: Vec<OrderRequest>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl OrderCreateBatchParams {
    /// Creates a value with the required fields: `orders`.
    pub fn new(orders: Vec<OrderRequest>) -> Self {
        Self {
            orders,
            undecoded_: Undecoded::NONE,
        }
    }
}

#[cfg(feature = "stream")]
impl Record for OrderCreateBatchParams {
    const NAME: &'static str = "OrderCreateBatchParams";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &["orders"];
    fn blank() -> Self {
        Self {
            orders: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "orders" => fields.required(0u32, "orders", &mut self.orders),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("orders", &self.orders)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.orders.mark_outgoing();
    }
}

#[cfg(feature = "stream")]
/// What became of each order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCreateBatchResult {
    /// One for each order, in the order of the request.
    pub results: Vec<OrderCreateBatchOutcome>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCreateBatchResult {
    const NAME: &'static str = "OrderCreateBatchResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// An order that was queued for the risk check.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderCreateResult {
    /// When the matching engine got the order, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// The order.
    pub order: Option<Order>,
    /// When the exchange got the request, before any delay for retail orders, in nanoseconds since the Unix epoch.
    pub received_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderCreateResult {
    const NAME: &'static str = "OrderCreateResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            created_at: None,
            order: None,
            received_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "created_at" => fields.field("created_at", &mut self.created_at),
            "order" => fields.field("order", &mut self.order),
            "received_at" => fields.field("received_at", &mut self.received_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("created_at", &self.created_at)?;
        entries.field("order", &self.order)?;
        entries.field("received_at", &self.received_at)?;
        Ok(())
    }
}

/// A modifier of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderFlag {
    /// `INTERACTIVE`: The order is marked as interactive.
    Interactive,
    /// `REDUCE_ONLY`: The order may only reduce a position.
    ReduceOnly,
    /// `STOP_CONDITION_ABOVE_TRIGGER`: The stop condition is met above the trigger price.
    StopConditionAboveTrigger,
    /// `STOP_CONDITION_BELOW_TRIGGER`: The stop condition is met below the trigger price.
    StopConditionBelowTrigger,
    /// `TARGET_STRATEGY_VWAP`: The order aims at a VWAP (volume-weighted average price).
    TargetStrategyVwap,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    OrderFlag { Interactive = "INTERACTIVE", ReduceOnly = "REDUCE_ONLY",
    StopConditionAboveTrigger = "STOP_CONDITION_ABOVE_TRIGGER", StopConditionBelowTrigger
    = "STOP_CONDITION_BELOW_TRIGGER", TargetStrategyVwap = "TARGET_STRATEGY_VWAP" }
);
/// How an order is to be executed when it is matched.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderInstruction {
    /// `GTC`: Good till cancelled.
    Gtc,
    /// `IOC`: Immediate or cancel.
    Ioc,
    /// `POST_ONLY`: The order may only add liquidity to the book, never take it.
    PostOnly,
    /// `RPI`: Retail price improvement.
    Rpi,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    OrderInstruction { Gtc = "GTC", Ioc = "IOC", PostOnly = "POST_ONLY", Rpi = "RPI" }
);
/// A list of `Order` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderList {
    /// The items of the list.
    pub results: Vec<Order>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for OrderList {
    const NAME: &'static str = "OrderList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// An order whose change was queued.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderModifyResult {
    /// The order.
    pub order: Option<Order>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for OrderModifyResult {
    const NAME: &'static str = "OrderModifyResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            order: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "order" => fields.field("order", &mut self.order),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("order", &self.order)?;
        Ok(())
    }
}

/// One page of `Order` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<Order>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for OrderPage {
    const NAME: &'static str = "OrderPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// A new order. Market, side, type, size, price and time are signed; trigger price, client id, instruction, flags, self-trade prevention and receive window are not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderRequest {
    /// The client's own unique id for the order, at most 64 characters.
    pub client_id: Option<String>,
    /// True to pay fees in DIME at a discount; USDC is charged if the DIME balance is too small.
    pub dime_discount: Option<bool>,
    /// Order flags; `REDUCE_ONLY` is the one named as accepted.
    pub flags: Vec<OrderFlag>,
    /// How the order may execute, `GTC`, `IOC`, `RPI` or `POST_ONLY`; empty means `GTC`.
    pub instruction: OrderInstruction,
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: String,
    /// The isolated margin account to trade for; leave out for any other order.
    pub on_behalf_of_account: Option<String>,
    /// Limit price in quote currency. Must be left out for `MARKET` and `STOP_MARKET` orders, although the published document calls it required.
    pub price: Option<Decimal>,
    /// Milliseconds after `signature_timestamp` within which the order must arrive or be refused; at least 10; 300,000 by default.
    pub recv_window: Option<i64>,
    /// Whether to buy or to sell.
    pub side: OrderSide,
    /// Starknet signature as the JSON text `["r","s"]` with decimal numbers.
    pub signature: Secret,
    /// The time that was signed, in milliseconds since the Unix epoch.
    pub signature_timestamp: i64,
    /// Order size in base currency.
    pub size: Decimal,
    /// Which order expires when an account would trade with itself, `EXPIRE_MAKER`, `EXPIRE_TAKER` or `EXPIRE_BOTH`; empty means `EXPIRE_TAKER`.
    pub stp: Option<String>,
    /// Price at which a stop order is triggered, in quote currency.
    pub trigger_price: Option<Decimal>,
    /// The order type.
    pub type_: OrderType,
    /// Volume-weighted average price for a market order with the VWAP instruction, kept within the price band; optional.
    pub vwap_price: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl OrderRequest {
    /// Creates a value with the required fields: `instruction`, `market`, `side`, `signature`, `signature_timestamp`, `size`, `type`.
    pub fn new(
        instruction: OrderInstruction,
        market: impl Into<String>,
        side: OrderSide,
        signature: Secret,
        signature_timestamp: i64,
        size: Decimal,
        type_: OrderType,
    ) -> Self {
        Self {
            client_id: None,
            dime_discount: None,
            flags: Wire::blank(),
            instruction,
            market: market.into(),
            on_behalf_of_account: None,
            price: None,
            recv_window: None,
            side,
            signature,
            signature_timestamp,
            size,
            stp: None,
            trigger_price: None,
            type_,
            vwap_price: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// The client's own unique id for the order, at most 64 characters.
    pub fn client_id(mut self, value: impl Into<String>) -> Self {
        self.client_id = Some(value.into());
        self
    }

    /// True to pay fees in DIME at a discount; USDC is charged if the DIME balance is too small.
    pub fn dime_discount(mut self, value: bool) -> Self {
        self.dime_discount = Some(value);
        self
    }

    /// Order flags; `REDUCE_ONLY` is the one named as accepted.
    pub fn flags(mut self, value: Vec<OrderFlag>) -> Self {
        self.flags = value;
        self
    }

    /// The isolated margin account to trade for; leave out for any other order.
    pub fn on_behalf_of_account(mut self, value: impl Into<String>) -> Self {
        self.on_behalf_of_account = Some(value.into());
        self
    }

    /// Limit price in quote currency. Must be left out for `MARKET` and `STOP_MARKET` orders, although the published document calls it required.
    pub fn price(mut self, value: Decimal) -> Self {
        self.price = Some(value);
        self
    }

    /// Milliseconds after `signature_timestamp` within which the order must arrive or be refused; at least 10; 300,000 by default.
    pub fn recv_window(mut self, value: i64) -> Self {
        self.recv_window = Some(value);
        self
    }

    /// Which order expires when an account would trade with itself, `EXPIRE_MAKER`, `EXPIRE_TAKER` or `EXPIRE_BOTH`; empty means `EXPIRE_TAKER`.
    pub fn stp(mut self, value: impl Into<String>) -> Self {
        self.stp = Some(value.into());
        self
    }

    /// Price at which a stop order is triggered, in quote currency.
    pub fn trigger_price(mut self, value: Decimal) -> Self {
        self.trigger_price = Some(value);
        self
    }

    /// Volume-weighted average price for a market order with the VWAP instruction, kept within the price band; optional.
    pub fn vwap_price(mut self, value: Decimal) -> Self {
        self.vwap_price = Some(value);
        self
    }
}

impl Record for OrderRequest {
    const NAME: &'static str = "OrderRequest";
    const STRICT: bool = true;
    const SECRET: bool = true;
    const REQUIRED: &'static [&'static str] = &[
        "instruction",
        "market",
        "side",
        "signature",
        "signature_timestamp",
        "size",
        "type",
    ];
    fn blank() -> Self {
        Self {
            client_id: None,
            dime_discount: None,
            flags: Wire::blank(),
            instruction: Wire::blank(),
            market: Wire::blank(),
            on_behalf_of_account: None,
            price: None,
            recv_window: None,
            side: Wire::blank(),
            signature: Wire::blank(),
            signature_timestamp: Wire::blank(),
            size: Wire::blank(),
            stp: None,
            trigger_price: None,
            type_: Wire::blank(),
            vwap_price: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "client_id" => fields.field("client_id", &mut self.client_id),
            "dime_discount" => fields.field("dime_discount", &mut self.dime_discount),
            "flags" => fields.field("flags", &mut self.flags),
            "instruction" => fields.required(0u32, "instruction", &mut self.instruction),
            "market" => fields.required(1u32, "market", &mut self.market),
            "on_behalf_of_account" => {
                fields.field("on_behalf_of_account", &mut self.on_behalf_of_account)
            }
            "price" => fields.field("price", &mut self.price),
            "recv_window" => fields.field("recv_window", &mut self.recv_window),
            "side" => fields.required(2u32, "side", &mut self.side),
            "signature" => fields.required(3u32, "signature", &mut self.signature),
            "signature_timestamp" => {
                fields
                    .required(4u32, "signature_timestamp", &mut self.signature_timestamp)
            }
            "size" => fields.required(5u32, "size", &mut self.size),
            "stp" => fields.field("stp", &mut self.stp),
            "trigger_price" => fields.field("trigger_price", &mut self.trigger_price),
            "type" => fields.required(6u32, "type", &mut self.type_),
            "vwap_price" => fields.field("vwap_price", &mut self.vwap_price),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("client_id", &self.client_id)?;
        entries.field("dime_discount", &self.dime_discount)?;
        entries.field("flags", &self.flags)?;
        entries.required("instruction", &self.instruction)?;
        entries.required("market", &self.market)?;
        entries.field("on_behalf_of_account", &self.on_behalf_of_account)?;
        entries.field("price", &self.price)?;
        entries.field("recv_window", &self.recv_window)?;
        entries.required("side", &self.side)?;
        entries.required("signature", &self.signature)?;
        entries.required("signature_timestamp", &self.signature_timestamp)?;
        entries.required("size", &self.size)?;
        entries.field("stp", &self.stp)?;
        entries.field("trigger_price", &self.trigger_price)?;
        entries.required("type", &self.type_)?;
        entries.field("vwap_price", &self.vwap_price)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.flags.mark_outgoing();
        self.instruction.mark_outgoing();
        self.side.mark_outgoing();
        self.signature.mark_outgoing();
        self.type_.mark_outgoing();
    }
}

/// Whether an order buys or sells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderSide {
    /// `BUY`: An order to buy.
    Buy,
    /// `SELL`: An order to sell.
    Sell,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(OrderSide { Buy = "BUY", Sell = "SELL" });
/// State of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderStatus {
    /// `CLOSED`: Filled, cancelled or refused; the reason is in `cancel_reason`.
    Closed,
    /// `NEW`: Accepted after basic checks, and queued for the risk checks.
    New,
    /// `OPEN`: Resting in the order book.
    Open,
    /// `UNTRIGGERED`: Waiting for its trigger price.
    Untriggered,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    OrderStatus { Closed = "CLOSED", New = "NEW", Open = "OPEN", Untriggered =
    "UNTRIGGERED" }
);
/// Type of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderType {
    /// `LIMIT`: Executes at its price or better.
    Limit,
    /// `MARKET`: Executes at once against the book, without a price.
    Market,
    /// `STOP_LIMIT`: Becomes a limit order at the trigger price.
    StopLimit,
    /// `STOP_LOSS_LIMIT`: Limits a loss with a limit order at the trigger price.
    StopLossLimit,
    /// `STOP_LOSS_MARKET`: Limits a loss with a market order at the trigger price.
    StopLossMarket,
    /// `STOP_MARKET`: Becomes a market order at the trigger price.
    StopMarket,
    /// `TAKE_PROFIT_LIMIT`: Realizes a profit with a limit order at the trigger price.
    TakeProfitLimit,
    /// `TAKE_PROFIT_MARKET`: Realizes a profit with a market order at the trigger price.
    TakeProfitMarket,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    OrderType { Limit = "LIMIT", Market = "MARKET", StopLimit = "STOP_LIMIT",
    StopLossLimit = "STOP_LOSS_LIMIT", StopLossMarket = "STOP_LOSS_MARKET", StopMarket =
    "STOP_MARKET", TakeProfitLimit = "TAKE_PROFIT_LIMIT", TakeProfitMarket =
    "TAKE_PROFIT_MARKET" }
);
/// Response to the request to enable an account for RFQ (request for quote) trading.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ParadigmEnable {
    /// Address of the enabled account.
    pub account: Option<String>,
    /// State of the access, `ENABLED`.
    pub status: Option<RfqEnablement>,
    /// Public key that trades RFQs on the account's behalf; absent when there is none.
    pub subkey_public_key: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ParadigmEnable {
    const NAME: &'static str = "ParadigmEnable";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            status: None,
            subkey_public_key: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "status" => fields.field("status", &mut self.status),
            "subkey_public_key" => {
                fields.field("subkey_public_key", &mut self.subkey_public_key)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("status", &self.status)?;
        entries.field("subkey_public_key", &self.subkey_public_key)?;
        Ok(())
    }
}

/// Portfolio margin parameters of one base asset.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PortfolioMarginParams {
    /// Base asset, for example `BTC`.
    pub base_asset: Option<String>,
    /// Hours of funding for which a provision is made.
    pub funding_provision_hour: Option<f64>,
    /// Margin factor of hedged positions.
    pub hedged_margin_factor: Option<f64>,
    /// Factor for the maintenance margin.
    pub mmf_factor: Option<f64>,
    /// Price and volatility scenarios that are tested.
    pub scenarios: Vec<PortfolioMarginScenario>,
    /// Margin factor of unhedged positions.
    pub unhedged_margin_factor: Option<f64>,
    /// Parameters of the volatility shock.
    pub vol_shock_params: Option<VolShockParams>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for PortfolioMarginParams {
    const NAME: &'static str = "PortfolioMarginParams";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            base_asset: None,
            funding_provision_hour: None,
            hedged_margin_factor: None,
            mmf_factor: None,
            scenarios: Wire::blank(),
            unhedged_margin_factor: None,
            vol_shock_params: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "base_asset" => fields.field("base_asset", &mut self.base_asset),
            "funding_provision_hour" => {
                fields.field("funding_provision_hour", &mut self.funding_provision_hour)
            }
            "hedged_margin_factor" => {
                fields.field("hedged_margin_factor", &mut self.hedged_margin_factor)
            }
            "mmf_factor" => fields.field("mmf_factor", &mut self.mmf_factor),
            "scenarios" => fields.field("scenarios", &mut self.scenarios),
            "unhedged_margin_factor" => {
                fields.field("unhedged_margin_factor", &mut self.unhedged_margin_factor)
            }
            "vol_shock_params" => {
                fields.field("vol_shock_params", &mut self.vol_shock_params)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("base_asset", &self.base_asset)?;
        entries.field("funding_provision_hour", &self.funding_provision_hour)?;
        entries.field("hedged_margin_factor", &self.hedged_margin_factor)?;
        entries.field("mmf_factor", &self.mmf_factor)?;
        entries.field("scenarios", &self.scenarios)?;
        entries.field("unhedged_margin_factor", &self.unhedged_margin_factor)?;
        entries.field("vol_shock_params", &self.vol_shock_params)?;
        Ok(())
    }
}

/// A list of `PortfolioMarginParams` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PortfolioMarginParamsList {
    /// The items of the list.
    pub results: Vec<PortfolioMarginParams>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for PortfolioMarginParamsList {
    const NAME: &'static str = "PortfolioMarginParamsList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// One scenario in which portfolio margin values the positions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PortfolioMarginScenario {
    /// The move of the spot price, as a fraction.
    pub spot_shock: Option<f64>,
    /// The move of the implied volatility, as a fraction.
    pub vol_shock: Option<f64>,
    /// Weight of the scenario.
    pub weight: Option<f64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for PortfolioMarginScenario {
    const NAME: &'static str = "PortfolioMarginScenario";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            spot_shock: None,
            vol_shock: None,
            weight: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "spot_shock" => fields.field("spot_shock", &mut self.spot_shock),
            "vol_shock" => fields.field("vol_shock", &mut self.vol_shock),
            "weight" => fields.field("weight", &mut self.weight),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("spot_shock", &self.spot_shock)?;
        entries.field("vol_shock", &self.vol_shock)?;
        entries.field("weight", &self.weight)?;
        Ok(())
    }
}

/// A position and its results.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Position {
    /// The account that holds it.
    pub account: Option<String>,
    /// Average entry price, in the quote currency.
    pub average_entry_price: Option<Decimal>,
    /// Average entry price, in USD.
    pub average_entry_price_usd: Option<Decimal>,
    /// Average exit price, in the quote currency.
    pub average_exit_price: Option<Decimal>,
    /// Funding index up to which funding is settled.
    pub cached_funding_index: Option<Decimal>,
    /// Time at which the position was closed, in milliseconds since the Unix epoch; 0 while it is open.
    pub closed_at: Option<i64>,
    /// Cost of the position; negative for a short position.
    pub cost: Option<Decimal>,
    /// Cost of the position, in USD; negative for a short position.
    pub cost_usd: Option<Decimal>,
    /// Time at which the position was opened, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Id of the position.
    pub id: Option<String>,
    /// Fill that last changed the position.
    pub last_fill_id: Option<String>,
    /// Time of the last change, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// Leverage of the position.
    pub leverage: Option<Decimal>,
    /// Liquidation price, in the quote currency; empty if there is none.
    pub liquidation_price: Option<Decimal>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// Funding realized since the position was opened; reset when it is closed or reversed.
    pub realized_positional_funding_pnl: Option<Decimal>,
    /// Result realized since the position was opened, funding included; reset when it is closed or reversed.
    pub realized_positional_pnl: Option<Decimal>,
    /// Sequence number that grows with each update, with gaps; it serves to drop duplicates.
    pub seq_no: Option<i64>,
    /// Long or short.
    pub side: Option<PositionSide>,
    /// Size in the base currency; negative for a short position.
    pub size: Option<Decimal>,
    /// Open or closed.
    pub status: Option<PositionStatus>,
    /// Accrued funding that is not yet realized.
    pub unrealized_funding_pnl: Option<Decimal>,
    /// Result that is not yet realized, accrued funding included.
    pub unrealized_pnl: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Position {
    const NAME: &'static str = "Position";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            average_entry_price: None,
            average_entry_price_usd: None,
            average_exit_price: None,
            cached_funding_index: None,
            closed_at: None,
            cost: None,
            cost_usd: None,
            created_at: None,
            id: None,
            last_fill_id: None,
            last_updated_at: None,
            leverage: None,
            liquidation_price: None,
            market: None,
            realized_positional_funding_pnl: None,
            realized_positional_pnl: None,
            seq_no: None,
            side: None,
            size: None,
            status: None,
            unrealized_funding_pnl: None,
            unrealized_pnl: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "average_entry_price" => {
                fields.field("average_entry_price", &mut self.average_entry_price)
            }
            "average_entry_price_usd" => {
                fields
                    .field("average_entry_price_usd", &mut self.average_entry_price_usd)
            }
            "average_exit_price" => {
                fields.field("average_exit_price", &mut self.average_exit_price)
            }
            "cached_funding_index" => {
                fields.field("cached_funding_index", &mut self.cached_funding_index)
            }
            "closed_at" => fields.field("closed_at", &mut self.closed_at),
            "cost" => fields.field("cost", &mut self.cost),
            "cost_usd" => fields.field("cost_usd", &mut self.cost_usd),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "id" => fields.field("id", &mut self.id),
            "last_fill_id" => fields.field("last_fill_id", &mut self.last_fill_id),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "leverage" => fields.field("leverage", &mut self.leverage),
            "liquidation_price" => {
                fields.field("liquidation_price", &mut self.liquidation_price)
            }
            "market" => fields.field("market", &mut self.market),
            "realized_positional_funding_pnl" => {
                fields
                    .field(
                        "realized_positional_funding_pnl",
                        &mut self.realized_positional_funding_pnl,
                    )
            }
            "realized_positional_pnl" => {
                fields
                    .field("realized_positional_pnl", &mut self.realized_positional_pnl)
            }
            "seq_no" => fields.field("seq_no", &mut self.seq_no),
            "side" => fields.field("side", &mut self.side),
            "size" => fields.field("size", &mut self.size),
            "status" => fields.field("status", &mut self.status),
            "unrealized_funding_pnl" => {
                fields.field("unrealized_funding_pnl", &mut self.unrealized_funding_pnl)
            }
            "unrealized_pnl" => fields.field("unrealized_pnl", &mut self.unrealized_pnl),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("average_entry_price", &self.average_entry_price)?;
        entries.field("average_entry_price_usd", &self.average_entry_price_usd)?;
        entries.field("average_exit_price", &self.average_exit_price)?;
        entries.field("cached_funding_index", &self.cached_funding_index)?;
        entries.field("closed_at", &self.closed_at)?;
        entries.field("cost", &self.cost)?;
        entries.field("cost_usd", &self.cost_usd)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("id", &self.id)?;
        entries.field("last_fill_id", &self.last_fill_id)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("leverage", &self.leverage)?;
        entries.field("liquidation_price", &self.liquidation_price)?;
        entries.field("market", &self.market)?;
        entries
            .field(
                "realized_positional_funding_pnl",
                &self.realized_positional_funding_pnl,
            )?;
        entries.field("realized_positional_pnl", &self.realized_positional_pnl)?;
        entries.field("seq_no", &self.seq_no)?;
        entries.field("side", &self.side)?;
        entries.field("size", &self.size)?;
        entries.field("status", &self.status)?;
        entries.field("unrealized_funding_pnl", &self.unrealized_funding_pnl)?;
        entries.field("unrealized_pnl", &self.unrealized_pnl)?;
        Ok(())
    }
}

/// A list of `Position` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PositionList {
    /// The items of the list.
    pub results: Vec<Position>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for PositionList {
    const NAME: &'static str = "PositionList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `responses.PositionResp.side`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PositionSide {
    /// `LONG`
    Long,
    /// `SHORT`
    Short,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(PositionSide { Long = "LONG", Short = "SHORT" });
/// Values of `responses.PositionResp.status`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PositionStatus {
    /// `CLOSED`
    Closed,
    /// `OPEN`
    Open,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(PositionStatus { Closed = "CLOSED", Open = "OPEN" });
#[cfg(feature = "stream")]
/// One price of a book.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PriceBookLevel {
    /// The price.
    pub price: Option<Decimal>,
    /// Bids are `BUY`, offers `SELL`.
    pub side: Option<OrderSide>,
    /// The size at this price from now on, in the base currency.
    pub size: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for PriceBookLevel {
    const NAME: &'static str = "PriceBookLevel";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            price: None,
            side: None,
            size: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "price" => fields.field("price", &mut self.price),
            "side" => fields.field("side", &mut self.side),
            "size" => fields.field("size", &mut self.size),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("price", &self.price)?;
        entries.field("side", &self.side)?;
        entries.field("size", &self.size)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// A snapshot of a book, or its changes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PriceBookUpdate {
    /// The best offer without orders of retail users.
    pub best_ask_api: Option<PriceBookLevel>,
    /// The best offer with orders of retail users.
    pub best_ask_interactive: Option<PriceBookLevel>,
    /// The best bid without orders of retail users.
    pub best_bid_api: Option<PriceBookLevel>,
    /// The best bid with orders of retail users.
    pub best_bid_interactive: Option<PriceBookLevel>,
    /// Prices that are gone.
    pub deletes: Vec<PriceBookLevel>,
    /// Prices that are new. Of a snapshot, all prices.
    pub inserts: Vec<PriceBookLevel>,
    /// When the book last changed, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// The market.
    pub market: Option<String>,
    /// The spread divided by the middle of bid and offer; interactive books only.
    pub relative_spread: Option<Decimal>,
    /// The number of the book's state.
    pub seq_no: Option<i64>,
    /// `s` for a snapshot, which replaces the book, `d` for changes.
    pub update_type: Option<PriceBookUpdateUpdateType>,
    /// Prices whose size changed.
    pub updates: Vec<PriceBookLevel>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for PriceBookUpdate {
    const NAME: &'static str = "PriceBookUpdate";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            best_ask_api: None,
            best_ask_interactive: None,
            best_bid_api: None,
            best_bid_interactive: None,
            deletes: Wire::blank(),
            inserts: Wire::blank(),
            last_updated_at: None,
            market: None,
            relative_spread: None,
            seq_no: None,
            update_type: None,
            updates: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "best_ask_api" => fields.field("best_ask_api", &mut self.best_ask_api),
            "best_ask_interactive" => {
                fields.field("best_ask_interactive", &mut self.best_ask_interactive)
            }
            "best_bid_api" => fields.field("best_bid_api", &mut self.best_bid_api),
            "best_bid_interactive" => {
                fields.field("best_bid_interactive", &mut self.best_bid_interactive)
            }
            "deletes" => fields.field("deletes", &mut self.deletes),
            "inserts" => fields.field("inserts", &mut self.inserts),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "market" => fields.field("market", &mut self.market),
            "relative_spread" => {
                fields.field("relative_spread", &mut self.relative_spread)
            }
            "seq_no" => fields.field("seq_no", &mut self.seq_no),
            "update_type" => fields.field("update_type", &mut self.update_type),
            "updates" => fields.field("updates", &mut self.updates),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("best_ask_api", &self.best_ask_api)?;
        entries.field("best_ask_interactive", &self.best_ask_interactive)?;
        entries.field("best_bid_api", &self.best_bid_api)?;
        entries.field("best_bid_interactive", &self.best_bid_interactive)?;
        entries.required("deletes", &self.deletes)?;
        entries.required("inserts", &self.inserts)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("market", &self.market)?;
        entries.field("relative_spread", &self.relative_spread)?;
        entries.field("seq_no", &self.seq_no)?;
        entries.field("update_type", &self.update_type)?;
        entries.required("updates", &self.updates)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Values of `responses.PriceBookUpdate.update_type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PriceBookUpdateUpdateType {
    /// `d`
    D,
    /// `s`
    S,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(PriceBookUpdateUpdateType { D = "d", S = "s" });
/// Which price a series of candles is made from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PriceKind {
    /// `last`: Price of the last trade.
    Last,
    /// `mark`: Mark price.
    Mark,
    /// `underlying`: Price of the underlying asset.
    Underlying,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(PriceKind { Last = "last", Mark = "mark", Underlying = "underlying" });
/// A compliance action to record for the account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordComplianceActionRequest {
    /// Kind of action, for example `ACCEPT_TOS`.
    pub action_type: String,
    /// Version of the text the action refers to, for example `2026-02-15`.
    pub action_version: String,
    pub(crate) undecoded_: Undecoded,
}

impl RecordComplianceActionRequest {
    /// Creates a value with the required fields: `action_type`, `action_version`.
    pub fn new(
        action_type: impl Into<String>,
        action_version: impl Into<String>,
    ) -> Self {
        Self {
            action_type: action_type.into(),
            action_version: action_version.into(),
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for RecordComplianceActionRequest {
    const NAME: &'static str = "RecordComplianceActionRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["action_type", "action_version"];
    fn blank() -> Self {
        Self {
            action_type: Wire::blank(),
            action_version: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "action_type" => fields.required(0u32, "action_type", &mut self.action_type),
            "action_version" => {
                fields.required(1u32, "action_version", &mut self.action_version)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("action_type", &self.action_type)?;
        entries.required("action_version", &self.action_version)?;
        Ok(())
    }
}

/// The terms of a referral programme. Rates are fractions, volumes are in USD.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReferralConfig {
    /// Share of the fees that the referrer earns.
    pub commission_rate: Option<Decimal>,
    /// The volume up to which commission is paid.
    pub commission_volume_cap: Option<Decimal>,
    /// Share of the fees that the invited trader saves.
    pub discount_rate: Option<Decimal>,
    /// The volume up to which the discount is given.
    pub discount_volume_cap: Option<Decimal>,
    /// Minimum traded volume to take part.
    pub minimum_volume: Option<Decimal>,
    /// The name of the programme.
    pub name: Option<String>,
    /// The bonus in points for the invited trader.
    pub points_bonus_rate: Option<Decimal>,
    /// The volume up to which the bonus is given.
    pub points_bonus_volume_cap: Option<Decimal>,
    /// The kind of programme.
    pub referral_type: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ReferralConfig {
    const NAME: &'static str = "ReferralConfig";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            commission_rate: None,
            commission_volume_cap: None,
            discount_rate: None,
            discount_volume_cap: None,
            minimum_volume: None,
            name: None,
            points_bonus_rate: None,
            points_bonus_volume_cap: None,
            referral_type: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "commission_rate" => {
                fields.field("commission_rate", &mut self.commission_rate)
            }
            "commission_volume_cap" => {
                fields.field("commission_volume_cap", &mut self.commission_volume_cap)
            }
            "discount_rate" => fields.field("discount_rate", &mut self.discount_rate),
            "discount_volume_cap" => {
                fields.field("discount_volume_cap", &mut self.discount_volume_cap)
            }
            "minimum_volume" => fields.field("minimum_volume", &mut self.minimum_volume),
            "name" => fields.field("name", &mut self.name),
            "points_bonus_rate" => {
                fields.field("points_bonus_rate", &mut self.points_bonus_rate)
            }
            "points_bonus_volume_cap" => {
                fields
                    .field("points_bonus_volume_cap", &mut self.points_bonus_volume_cap)
            }
            "referral_type" => fields.field("referral_type", &mut self.referral_type),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("commission_rate", &self.commission_rate)?;
        entries.field("commission_volume_cap", &self.commission_volume_cap)?;
        entries.field("discount_rate", &self.discount_rate)?;
        entries.field("discount_volume_cap", &self.discount_volume_cap)?;
        entries.field("minimum_volume", &self.minimum_volume)?;
        entries.field("name", &self.name)?;
        entries.field("points_bonus_rate", &self.points_bonus_rate)?;
        entries.field("points_bonus_volume_cap", &self.points_bonus_volume_cap)?;
        entries.field("referral_type", &self.referral_type)?;
        Ok(())
    }
}

/// One trader whom the account has invited.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Referrals {
    /// The invited trader's address.
    pub address: Option<String>,
    /// When the trader joined, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// The code that the trader used.
    pub referral_code: Option<String>,
    /// The commission earned from the trader's fees.
    pub referral_rewards: Option<Decimal>,
    /// The trader's volume.
    pub volume_traded: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Referrals {
    const NAME: &'static str = "Referrals";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            created_at: None,
            referral_code: None,
            referral_rewards: None,
            volume_traded: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "referral_code" => fields.field("referral_code", &mut self.referral_code),
            "referral_rewards" => {
                fields.field("referral_rewards", &mut self.referral_rewards)
            }
            "volume_traded" => fields.field("volume_traded", &mut self.volume_traded),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("referral_code", &self.referral_code)?;
        entries.field("referral_rewards", &self.referral_rewards)?;
        entries.field("volume_traded", &self.volume_traded)?;
        Ok(())
    }
}

/// A list of `Referrals` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReferralsList {
    /// The items of the list.
    pub results: Vec<Referrals>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ReferralsList {
    const NAME: &'static str = "ReferralsList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// NFTs that were found at the account's Ethereum address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RefreshInventoryResponse {
    /// The NFTs found.
    pub nfts: Vec<Nft>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RefreshInventoryResponse {
    const NAME: &'static str = "RefreshInventoryResponse";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            nfts: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "nfts" => fields.field("nfts", &mut self.nfts),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("nfts", &self.nfts)?;
        Ok(())
    }
}

/// The state of a request to change an order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestInfo {
    /// The id of the request.
    pub id: Option<String>,
    /// Reason of the failure; empty unless the request failed.
    pub message: Option<String>,
    /// Type of the request; `MODIFY_ORDER` is the only known one.
    pub request_type: Option<String>,
    /// Status of the request.
    pub status: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RequestInfo {
    const NAME: &'static str = "RequestInfo";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            id: None,
            message: None,
            request_type: None,
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "id" => fields.field("id", &mut self.id),
            "message" => fields.field("message", &mut self.message),
            "request_type" => fields.field("request_type", &mut self.request_type),
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("id", &self.id)?;
        entries.field("message", &self.message)?;
        entries.field("request_type", &self.request_type)?;
        entries.field("status", &self.status)?;
        Ok(())
    }
}

/// The revoked subkey.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RevokeSubkeyResponse {
    /// The subkey's public half, in hex.
    pub public_key: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RevokeSubkeyResponse {
    const NAME: &'static str = "RevokeSubkeyResponse";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            public_key: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "public_key" => fields.field("public_key", &mut self.public_key),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("public_key", &self.public_key)?;
        Ok(())
    }
}

/// The revoked token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RevokeTokenResponse {
    /// The token's `lookup_id`.
    pub lookup_id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RevokeTokenResponse {
    const NAME: &'static str = "RevokeTokenResponse";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            lookup_id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "lookup_id" => fields.field("lookup_id", &mut self.lookup_id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("lookup_id", &self.lookup_id)?;
        Ok(())
    }
}

/// A request for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rfq {
    /// Reason of the closing, for example `EXPIRED`; empty while the request is open.
    pub closed_reason: Option<String>,
    /// Makers that were asked for a quote, by their short names.
    pub counterparties: Vec<String>,
    /// Time at which the request was made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Expiry of the request, in milliseconds since the Unix epoch.
    pub expires_at: Option<i64>,
    /// The id that the venue gave it.
    pub id: Option<String>,
    /// The user's label.
    pub label: Option<String>,
    /// The legs.
    pub legs: Vec<RfqLegResult>,
    /// Quantity of the strategy.
    pub quantity: Option<Decimal>,
    /// Open or closed.
    pub state: Option<RfqState>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Rfq {
    const NAME: &'static str = "Rfq";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            closed_reason: None,
            counterparties: Wire::blank(),
            created_at: None,
            expires_at: None,
            id: None,
            label: None,
            legs: Wire::blank(),
            quantity: None,
            state: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "closed_reason" => fields.field("closed_reason", &mut self.closed_reason),
            "counterparties" => fields.field("counterparties", &mut self.counterparties),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "expires_at" => fields.field("expires_at", &mut self.expires_at),
            "id" => fields.field("id", &mut self.id),
            "label" => fields.field("label", &mut self.label),
            "legs" => fields.field("legs", &mut self.legs),
            "quantity" => fields.field("quantity", &mut self.quantity),
            "state" => fields.field("state", &mut self.state),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("closed_reason", &self.closed_reason)?;
        entries.field("counterparties", &self.counterparties)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("expires_at", &self.expires_at)?;
        entries.field("id", &self.id)?;
        entries.field("label", &self.label)?;
        entries.field("legs", &self.legs)?;
        entries.field("quantity", &self.quantity)?;
        entries.field("state", &self.state)?;
        Ok(())
    }
}

/// Confirmation that a command for the RFQ venue was queued.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqAccepted {
    /// Time at which the command was queued, in milliseconds since the Unix epoch.
    pub accepted_at: Option<i64>,
    /// Id of the command, which the event with its result repeats. A new request for quote has no other id until the venue has responded.
    pub request_id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RfqAccepted {
    const NAME: &'static str = "RfqAccepted";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            accepted_at: None,
            request_id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "accepted_at" => fields.field("accepted_at", &mut self.accepted_at),
            "request_id" => fields.field("request_id", &mut self.request_id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("accepted_at", &self.accepted_at)?;
        entries.field("request_id", &self.request_id)?;
        Ok(())
    }
}

/// The best quotes for a request for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqBbo {
    /// The price of the best offer for the whole.
    pub best_ask_price: Option<Decimal>,
    /// The quantity of the best offer.
    pub best_ask_quantity: Option<Decimal>,
    /// The price of the best bid for the whole.
    pub best_bid_price: Option<Decimal>,
    /// The quantity of the best bid.
    pub best_bid_quantity: Option<Decimal>,
    /// When the quotes were made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// The quotes leg by leg.
    pub legs: Vec<RfqBboLeg>,
    /// The mark price of the whole.
    pub mark_price: Option<Decimal>,
    /// The highest price that is accepted.
    pub max_price: Option<Decimal>,
    /// The lowest price that is accepted.
    pub min_price: Option<Decimal>,
    /// The id that the venue gave the request.
    pub rfq_id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RfqBbo {
    const NAME: &'static str = "RfqBbo";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            best_ask_price: None,
            best_ask_quantity: None,
            best_bid_price: None,
            best_bid_quantity: None,
            created_at: None,
            legs: Wire::blank(),
            mark_price: None,
            max_price: None,
            min_price: None,
            rfq_id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "best_ask_price" => fields.field("best_ask_price", &mut self.best_ask_price),
            "best_ask_quantity" => {
                fields.field("best_ask_quantity", &mut self.best_ask_quantity)
            }
            "best_bid_price" => fields.field("best_bid_price", &mut self.best_bid_price),
            "best_bid_quantity" => {
                fields.field("best_bid_quantity", &mut self.best_bid_quantity)
            }
            "created_at" => fields.field("created_at", &mut self.created_at),
            "legs" => fields.field("legs", &mut self.legs),
            "mark_price" => fields.field("mark_price", &mut self.mark_price),
            "max_price" => fields.field("max_price", &mut self.max_price),
            "min_price" => fields.field("min_price", &mut self.min_price),
            "rfq_id" => fields.field("rfq_id", &mut self.rfq_id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("best_ask_price", &self.best_ask_price)?;
        entries.field("best_ask_quantity", &self.best_ask_quantity)?;
        entries.field("best_bid_price", &self.best_bid_price)?;
        entries.field("best_bid_quantity", &self.best_bid_quantity)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("legs", &self.legs)?;
        entries.field("mark_price", &self.mark_price)?;
        entries.field("max_price", &self.max_price)?;
        entries.field("min_price", &self.min_price)?;
        entries.field("rfq_id", &self.rfq_id)?;
        Ok(())
    }
}

/// The best quotes for one leg.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqBboLeg {
    /// The implied volatility of the best offer; options alone.
    pub best_ask_iv: Option<Decimal>,
    /// The price of the best offer.
    pub best_ask_price: Option<Decimal>,
    /// The quantity of the best offer.
    pub best_ask_quantity: Option<Decimal>,
    /// The implied volatility of the best bid; options alone.
    pub best_bid_iv: Option<Decimal>,
    /// The price of the best bid.
    pub best_bid_price: Option<Decimal>,
    /// The quantity of the best bid.
    pub best_bid_quantity: Option<Decimal>,
    /// The mark price of the leg.
    pub mark_price: Option<Decimal>,
    /// The implied volatility of the mark price; options alone.
    pub mark_price_iv: Option<Decimal>,
    /// The market of the leg, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RfqBboLeg {
    const NAME: &'static str = "RfqBboLeg";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            best_ask_iv: None,
            best_ask_price: None,
            best_ask_quantity: None,
            best_bid_iv: None,
            best_bid_price: None,
            best_bid_quantity: None,
            mark_price: None,
            mark_price_iv: None,
            market: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "best_ask_iv" => fields.field("best_ask_iv", &mut self.best_ask_iv),
            "best_ask_price" => fields.field("best_ask_price", &mut self.best_ask_price),
            "best_ask_quantity" => {
                fields.field("best_ask_quantity", &mut self.best_ask_quantity)
            }
            "best_bid_iv" => fields.field("best_bid_iv", &mut self.best_bid_iv),
            "best_bid_price" => fields.field("best_bid_price", &mut self.best_bid_price),
            "best_bid_quantity" => {
                fields.field("best_bid_quantity", &mut self.best_bid_quantity)
            }
            "mark_price" => fields.field("mark_price", &mut self.mark_price),
            "mark_price_iv" => fields.field("mark_price_iv", &mut self.mark_price_iv),
            "market" => fields.field("market", &mut self.market),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("best_ask_iv", &self.best_ask_iv)?;
        entries.field("best_ask_price", &self.best_ask_price)?;
        entries.field("best_ask_quantity", &self.best_ask_quantity)?;
        entries.field("best_bid_iv", &self.best_bid_iv)?;
        entries.field("best_bid_price", &self.best_bid_price)?;
        entries.field("best_bid_quantity", &self.best_bid_quantity)?;
        entries.field("mark_price", &self.mark_price)?;
        entries.field("mark_price_iv", &self.mark_price_iv)?;
        entries.field("market", &self.market)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// What became of a command that the REST API queued for the venue of requests for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqCommandOutcome {
    /// The directions that the risk check allows, after the creation of a request for quote.
    pub allowed_side: Option<RfqCommandOutcomeAllowedSide>,
    /// HTTP status of the venue; 0 if it did not respond.
    pub http_status: Option<i64>,
    /// Label of the request.
    pub label: Option<String>,
    /// What went wrong, for people; empty after a success.
    pub message: Option<String>,
    /// The command.
    pub operation: Option<RfqCommandOutcomeOperation>,
    /// Id of the order, after a successful execution.
    pub order_id: Option<String>,
    /// Id that the REST API returned for the command.
    pub request_id: Option<String>,
    /// Whether the venue accepted the command.
    pub status: Option<RfqCommandOutcomeStatus>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for RfqCommandOutcome {
    const NAME: &'static str = "RfqCommandOutcome";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            allowed_side: None,
            http_status: None,
            label: None,
            message: None,
            operation: None,
            order_id: None,
            request_id: None,
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "allowed_side" => fields.field("allowed_side", &mut self.allowed_side),
            "http_status" => fields.field("http_status", &mut self.http_status),
            "label" => fields.field("label", &mut self.label),
            "message" => fields.field("message", &mut self.message),
            "operation" => fields.field("operation", &mut self.operation),
            "order_id" => fields.field("order_id", &mut self.order_id),
            "request_id" => fields.field("request_id", &mut self.request_id),
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("allowed_side", &self.allowed_side)?;
        entries.field("http_status", &self.http_status)?;
        entries.field("label", &self.label)?;
        entries.field("message", &self.message)?;
        entries.field("operation", &self.operation)?;
        entries.field("order_id", &self.order_id)?;
        entries.field("request_id", &self.request_id)?;
        entries.field("status", &self.status)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Values of `responses.RfqCommandOutcome.allowed_side`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqCommandOutcomeAllowedSide {
    /// `BUY`
    Buy,
    /// `SELL`
    Sell,
    /// `TWO_WAY`
    TwoWay,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(
    RfqCommandOutcomeAllowedSide { Buy = "BUY", Sell = "SELL", TwoWay = "TWO_WAY" }
);
#[cfg(feature = "stream")]
/// Values of `responses.RfqCommandOutcome.operation`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqCommandOutcomeOperation {
    /// `RFQ_CREATE`
    RfqCreate,
    /// `RFQ_DELETE`
    RfqDelete,
    /// `RFQ_EXECUTE`
    RfqExecute,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(
    RfqCommandOutcomeOperation { RfqCreate = "RFQ_CREATE", RfqDelete = "RFQ_DELETE",
    RfqExecute = "RFQ_EXECUTE" }
);
#[cfg(feature = "stream")]
/// Values of `responses.RfqCommandOutcome.status`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqCommandOutcomeStatus {
    /// `FAILED`
    Failed,
    /// `SUCCESS`
    Success,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(RfqCommandOutcomeStatus { Failed = "FAILED", Success = "SUCCESS" });
/// A request for quote, or a draft of one. A draft keeps only `quantity`, `strategy` and `legs`; a real request ignores `strategy`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqCreateRequest {
    /// Has no effect so far; the exchange picks the counterparties itself.
    pub counterparties: Vec<String>,
    /// True to hide the taker's desk name from the counterparties; has no effect on drafts.
    pub is_anonymous: Option<bool>,
    /// The client's own label; has no effect on drafts.
    pub label: Option<String>,
    /// From 1 to 25 legs. A real request needs a strategy leg (one without a price), at least one of these with side `BUY` and at least one with ratio 1.
    pub legs: Vec<RfqLeg>,
    /// Maximum distance of the execution price from mark: a fraction of the spot price, above 0 and at most 1. Replaces the configured limit for this request; empty keeps that limit. Has no effect on drafts.
    pub max_slippage: Option<Decimal>,
    /// Total size of the strategy, above 0.
    pub quantity: Decimal,
    /// Label of a draft, at most 64 bytes; `custom` by default.
    pub strategy: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl RfqCreateRequest {
    /// Creates a value with the required fields: `legs`, `quantity`.
    pub fn new(legs: Vec<RfqLeg>, quantity: Decimal) -> Self {
        Self {
            counterparties: Wire::blank(),
            is_anonymous: None,
            label: None,
            legs,
            max_slippage: None,
            quantity,
            strategy: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Has no effect so far; the exchange picks the counterparties itself.
    pub fn counterparties(mut self, value: Vec<String>) -> Self {
        self.counterparties = value;
        self
    }

    /// True to hide the taker's desk name from the counterparties; has no effect on drafts.
    pub fn is_anonymous(mut self, value: bool) -> Self {
        self.is_anonymous = Some(value);
        self
    }

    /// The client's own label; has no effect on drafts.
    pub fn label(mut self, value: impl Into<String>) -> Self {
        self.label = Some(value.into());
        self
    }

    /// Maximum distance of the execution price from mark: a fraction of the spot price, above 0 and at most 1. Replaces the configured limit for this request; empty keeps that limit. Has no effect on drafts.
    pub fn max_slippage(mut self, value: Decimal) -> Self {
        self.max_slippage = Some(value);
        self
    }

    /// Label of a draft, at most 64 bytes; `custom` by default.
    pub fn strategy(mut self, value: impl Into<String>) -> Self {
        self.strategy = Some(value.into());
        self
    }
}

impl Record for RfqCreateRequest {
    const NAME: &'static str = "RfqCreateRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["legs", "quantity"];
    fn blank() -> Self {
        Self {
            counterparties: Wire::blank(),
            is_anonymous: None,
            label: None,
            legs: Wire::blank(),
            max_slippage: None,
            quantity: Wire::blank(),
            strategy: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "counterparties" => fields.field("counterparties", &mut self.counterparties),
            "is_anonymous" => fields.field("is_anonymous", &mut self.is_anonymous),
            "label" => fields.field("label", &mut self.label),
            "legs" => fields.required(0u32, "legs", &mut self.legs),
            "max_slippage" => fields.field("max_slippage", &mut self.max_slippage),
            "quantity" => fields.required(1u32, "quantity", &mut self.quantity),
            "strategy" => fields.field("strategy", &mut self.strategy),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("counterparties", &self.counterparties)?;
        entries.field("is_anonymous", &self.is_anonymous)?;
        entries.field("label", &self.label)?;
        entries.required("legs", &self.legs)?;
        entries.field("max_slippage", &self.max_slippage)?;
        entries.required("quantity", &self.quantity)?;
        entries.field("strategy", &self.strategy)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.legs.mark_outgoing();
    }
}

/// A draft of a request for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqDraft {
    /// Time at which the draft was made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Id of the draft; an opaque text.
    pub id: Option<String>,
    /// The legs.
    pub legs: Vec<RfqLegResult>,
    /// Quantity of the strategy.
    pub quantity: Option<Decimal>,
    /// The user's name for the strategy, for example `straddle`.
    pub strategy: Option<String>,
    /// Time of the last change, in milliseconds since the Unix epoch.
    pub updated_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RfqDraft {
    const NAME: &'static str = "RfqDraft";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            created_at: None,
            id: None,
            legs: Wire::blank(),
            quantity: None,
            strategy: None,
            updated_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "created_at" => fields.field("created_at", &mut self.created_at),
            "id" => fields.field("id", &mut self.id),
            "legs" => fields.field("legs", &mut self.legs),
            "quantity" => fields.field("quantity", &mut self.quantity),
            "strategy" => fields.field("strategy", &mut self.strategy),
            "updated_at" => fields.field("updated_at", &mut self.updated_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("created_at", &self.created_at)?;
        entries.field("id", &self.id)?;
        entries.field("legs", &self.legs)?;
        entries.field("quantity", &self.quantity)?;
        entries.field("strategy", &self.strategy)?;
        entries.field("updated_at", &self.updated_at)?;
        Ok(())
    }
}

/// A list of `RfqDraft` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqDraftList {
    /// The items of the list.
    pub results: Vec<RfqDraft>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RfqDraftList {
    const NAME: &'static str = "RfqDraftList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `responses.ParadigmEnableResponse.status`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqEnablement {
    /// `ENABLED`
    Enabled,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(RfqEnablement { Enabled = "ENABLED" });
#[cfg(feature = "stream")]
/// An event of a request for quote. One of `rfq`, `quote`, `trade` and `result` is set, as `type` says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqEvent {
    /// The account that made the request for quote.
    pub account: Option<String>,
    /// When it happened, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// The quote, of an event `QUOTE`.
    pub quote: Option<RfqEventQuote>,
    /// The outcome of a command, of an event `RESULT`.
    pub result: Option<RfqCommandOutcome>,
    /// The request for quote, of an event `RFQ`.
    pub rfq: Option<RfqEventRfq>,
    /// Id of the request for quote; empty if it could not be created.
    pub rfq_id: Option<String>,
    /// The number of the event. It grows, within a partition of accounts.
    pub seq: Option<i64>,
    /// The trade, of an event `TRADE`.
    pub trade: Option<RfqEventTrade>,
    /// The kind of event.
    pub type_: Option<RfqEventType>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for RfqEvent {
    const NAME: &'static str = "RfqEvent";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            created_at: None,
            quote: None,
            result: None,
            rfq: None,
            rfq_id: None,
            seq: None,
            trade: None,
            type_: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "quote" => fields.field("quote", &mut self.quote),
            "result" => fields.field("result", &mut self.result),
            "rfq" => fields.field("rfq", &mut self.rfq),
            "rfq_id" => fields.field("rfq_id", &mut self.rfq_id),
            "seq" => fields.field("seq", &mut self.seq),
            "trade" => fields.field("trade", &mut self.trade),
            "type" => fields.field("type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("quote", &self.quote)?;
        entries.field("result", &self.result)?;
        entries.field("rfq", &self.rfq)?;
        entries.field("rfq_id", &self.rfq_id)?;
        entries.field("seq", &self.seq)?;
        entries.field("trade", &self.trade)?;
        entries.field("type", &self.type_)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// A quote, or the own order, for a request for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqEventQuote {
    /// Why it was closed; empty otherwise.
    pub close_reason: Option<String>,
    /// The other side.
    pub counterparty: Option<String>,
    /// Label of the own order.
    pub label: Option<String>,
    /// Id of the order at the venue.
    pub order_id: Option<String>,
    /// The price.
    pub price: Option<Decimal>,
    /// The quantity.
    pub quantity: Option<Decimal>,
    /// `TAKER` for the own order, `MAKER` for a quote of the other side.
    pub role: Option<TraderRole>,
    /// The side.
    pub side: Option<OrderSide>,
    /// The state.
    pub state: Option<RfqEventQuoteState>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for RfqEventQuote {
    const NAME: &'static str = "RfqEventQuote";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            close_reason: None,
            counterparty: None,
            label: None,
            order_id: None,
            price: None,
            quantity: None,
            role: None,
            side: None,
            state: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "close_reason" => fields.field("close_reason", &mut self.close_reason),
            "counterparty" => fields.field("counterparty", &mut self.counterparty),
            "label" => fields.field("label", &mut self.label),
            "order_id" => fields.field("order_id", &mut self.order_id),
            "price" => fields.field("price", &mut self.price),
            "quantity" => fields.field("quantity", &mut self.quantity),
            "role" => fields.field("role", &mut self.role),
            "side" => fields.field("side", &mut self.side),
            "state" => fields.field("state", &mut self.state),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("close_reason", &self.close_reason)?;
        entries.field("counterparty", &self.counterparty)?;
        entries.field("label", &self.label)?;
        entries.field("order_id", &self.order_id)?;
        entries.field("price", &self.price)?;
        entries.field("quantity", &self.quantity)?;
        entries.field("role", &self.role)?;
        entries.field("side", &self.side)?;
        entries.field("state", &self.state)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Values of `responses.RfqEventQuote.state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqEventQuoteState {
    /// `CLOSED`
    Closed,
    /// `OPENED`
    Opened,
    /// `PENDING`
    Pending,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(
    RfqEventQuoteState { Closed = "CLOSED", Opened = "OPENED", Pending = "PENDING" }
);
#[cfg(feature = "stream")]
/// The state of a request for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqEventRfq {
    /// Why it was closed.
    pub close_reason: Option<RfqEventRfqCloseReason>,
    /// When it ends; the unit is not published.
    pub expires_at: Option<i64>,
    /// Quantity of the strategy.
    pub quantity: Option<Decimal>,
    /// The state.
    pub state: Option<RfqEventRfqState>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for RfqEventRfq {
    const NAME: &'static str = "RfqEventRfq";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            close_reason: None,
            expires_at: None,
            quantity: None,
            state: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "close_reason" => fields.field("close_reason", &mut self.close_reason),
            "expires_at" => fields.field("expires_at", &mut self.expires_at),
            "quantity" => fields.field("quantity", &mut self.quantity),
            "state" => fields.field("state", &mut self.state),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("close_reason", &self.close_reason)?;
        entries.field("expires_at", &self.expires_at)?;
        entries.field("quantity", &self.quantity)?;
        entries.field("state", &self.state)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Values of `responses.RfqEventRfq.close_reason`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqEventRfqCloseReason {
    /// `CANCELLED`
    Cancelled,
    /// `EXPIRED`
    Expired,
    /// `FILLED`
    Filled,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(
    RfqEventRfqCloseReason { Cancelled = "CANCELLED", Expired = "EXPIRED", Filled =
    "FILLED" }
);
#[cfg(feature = "stream")]
/// Values of `responses.RfqEventRfq.state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqEventRfqState {
    /// `CLOSED`
    Closed,
    /// `OPENED`
    Opened,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(RfqEventRfqState { Closed = "CLOSED", Opened = "OPENED" });
#[cfg(feature = "stream")]
/// The trade that a request for quote led to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqEventTrade {
    /// The other side.
    pub counterparty: Option<String>,
    /// The price.
    pub price: Option<Decimal>,
    /// The quantity.
    pub quantity: Option<Decimal>,
    /// Why it was rejected; empty otherwise.
    pub reason: Option<String>,
    /// The side.
    pub side: Option<OrderSide>,
    /// The state.
    pub state: Option<RfqEventTradeState>,
    /// Id of the trade.
    pub trade_id: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl Record for RfqEventTrade {
    const NAME: &'static str = "RfqEventTrade";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            counterparty: None,
            price: None,
            quantity: None,
            reason: None,
            side: None,
            state: None,
            trade_id: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "counterparty" => fields.field("counterparty", &mut self.counterparty),
            "price" => fields.field("price", &mut self.price),
            "quantity" => fields.field("quantity", &mut self.quantity),
            "reason" => fields.field("reason", &mut self.reason),
            "side" => fields.field("side", &mut self.side),
            "state" => fields.field("state", &mut self.state),
            "trade_id" => fields.field("trade_id", &mut self.trade_id),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("counterparty", &self.counterparty)?;
        entries.field("price", &self.price)?;
        entries.field("quantity", &self.quantity)?;
        entries.field("reason", &self.reason)?;
        entries.field("side", &self.side)?;
        entries.field("state", &self.state)?;
        entries.field("trade_id", &self.trade_id)?;
        Ok(())
    }
}

#[cfg(feature = "stream")]
/// Values of `responses.RfqEventTrade.state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqEventTradeState {
    /// `EXECUTED`
    Executed,
    /// `PROGRESS`
    Progress,
    /// `REJECTED`
    Rejected,
    /// `STARTED`
    Started,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(
    RfqEventTradeState { Executed = "EXECUTED", Progress = "PROGRESS", Rejected =
    "REJECTED", Started = "STARTED" }
);
#[cfg(feature = "stream")]
/// Values of `responses.RfqEventResp.type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqEventType {
    /// `QUOTE`
    Quote,
    /// `RESULT`
    Result,
    /// `RFQ`
    Rfq,
    /// `TRADE`
    Trade,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

#[cfg(feature = "stream")]
open_enum!(
    RfqEventType { Quote = "QUOTE", Result = "RESULT", Rfq = "RFQ", Trade = "TRADE" }
);
/// A taker's limit order, filled whole or not at all, against a request for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqExecuteRequest {
    /// The client's own label for the order.
    pub label: Option<String>,
    /// Net price of the strategy; may be zero or negative.
    pub price: Decimal,
    /// Quantity of the strategy, above 0.
    pub quantity: Decimal,
    /// Side of the taker.
    pub side: OrderSide,
    pub(crate) undecoded_: Undecoded,
}

impl RfqExecuteRequest {
    /// Creates a value with the required fields: `price`, `quantity`, `side`.
    pub fn new(price: Decimal, quantity: Decimal, side: OrderSide) -> Self {
        Self {
            label: None,
            price,
            quantity,
            side,
            undecoded_: Undecoded::NONE,
        }
    }

    /// The client's own label for the order.
    pub fn label(mut self, value: impl Into<String>) -> Self {
        self.label = Some(value.into());
        self
    }
}

impl Record for RfqExecuteRequest {
    const NAME: &'static str = "RfqExecuteRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["price", "quantity", "side"];
    fn blank() -> Self {
        Self {
            label: None,
            price: Wire::blank(),
            quantity: Wire::blank(),
            side: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "label" => fields.field("label", &mut self.label),
            "price" => fields.required(0u32, "price", &mut self.price),
            "quantity" => fields.required(1u32, "quantity", &mut self.quantity),
            "side" => fields.required(2u32, "side", &mut self.side),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("label", &self.label)?;
        entries.required("price", &self.price)?;
        entries.required("quantity", &self.quantity)?;
        entries.required("side", &self.side)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.side.mark_outgoing();
    }
}

/// One leg of a request for quote, either part of the strategy or a hedge at a fixed price.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqLeg {
    /// The market symbol, for example `BTC-USD-PERP`.
    pub market: String,
    /// Fixed price of a hedge leg, in quote currency, above 0; in a real request a multiple of the market's price increment. Leave out for a strategy leg.
    pub price: Option<Decimal>,
    /// Quantity of the leg for one unit of the strategy, above 0.
    pub ratio: Decimal,
    /// Whether the leg buys or sells.
    pub side: OrderSide,
    pub(crate) undecoded_: Undecoded,
}

impl RfqLeg {
    /// Creates a value with the required fields: `market`, `ratio`, `side`.
    pub fn new(market: impl Into<String>, ratio: Decimal, side: OrderSide) -> Self {
        Self {
            market: market.into(),
            price: None,
            ratio,
            side,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Fixed price of a hedge leg, in quote currency, above 0; in a real request a multiple of the market's price increment. Leave out for a strategy leg.
    pub fn price(mut self, value: Decimal) -> Self {
        self.price = Some(value);
        self
    }
}

impl Record for RfqLeg {
    const NAME: &'static str = "RfqLeg";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["market", "ratio", "side"];
    fn blank() -> Self {
        Self {
            market: Wire::blank(),
            price: None,
            ratio: Wire::blank(),
            side: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "market" => fields.required(0u32, "market", &mut self.market),
            "price" => fields.field("price", &mut self.price),
            "ratio" => fields.required(1u32, "ratio", &mut self.ratio),
            "side" => fields.required(2u32, "side", &mut self.side),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("market", &self.market)?;
        entries.field("price", &self.price)?;
        entries.required("ratio", &self.ratio)?;
        entries.required("side", &self.side)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.side.mark_outgoing();
    }
}

/// One leg of a request for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqLegResult {
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// The price of a leg that serves as a hedge; absent for any other.
    pub price: Option<Decimal>,
    /// Quantity of the leg for one unit of the strategy.
    pub ratio: Option<Decimal>,
    /// Whether the leg buys or sells.
    pub side: Option<OrderSide>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RfqLegResult {
    const NAME: &'static str = "RfqLegResult";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            market: None,
            price: None,
            ratio: None,
            side: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "market" => fields.field("market", &mut self.market),
            "price" => fields.field("price", &mut self.price),
            "ratio" => fields.field("ratio", &mut self.ratio),
            "side" => fields.field("side", &mut self.side),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("market", &self.market)?;
        entries.field("price", &self.price)?;
        entries.field("ratio", &self.ratio)?;
        entries.field("side", &self.side)?;
        Ok(())
    }
}

/// One page of requests for quote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RfqPage {
    /// The cursor of the next page. A page can be empty and still have one; `null` alone is the end.
    pub next: Option<String>,
    /// The requests of this page.
    pub results: Vec<Rfq>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RfqPage {
    const NAME: &'static str = "RfqPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `GET /rfqs state` and `responses.RfqResult.state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RfqState {
    /// `CLOSED`
    Closed,
    /// `OPEN`
    Open,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(RfqState { Closed = "CLOSED", Open = "OPEN" });
/// How a rolling future's price moves from one contract to the next.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RollingDetails {
    /// The current contract.
    pub current_active_contract_symbol: Option<String>,
    /// Weight of the current contract, from `0` to `1`.
    pub current_active_contract_weight: Option<Decimal>,
    /// The next contract.
    pub next_active_contract_symbol: Option<String>,
    /// End of the roll, in milliseconds since the Unix epoch.
    pub period_end: Option<i64>,
    /// Start of the roll, in milliseconds since the Unix epoch.
    pub period_start: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for RollingDetails {
    const NAME: &'static str = "RollingDetails";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            current_active_contract_symbol: None,
            current_active_contract_weight: None,
            next_active_contract_symbol: None,
            period_end: None,
            period_start: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "current_active_contract_symbol" => {
                fields
                    .field(
                        "current_active_contract_symbol",
                        &mut self.current_active_contract_symbol,
                    )
            }
            "current_active_contract_weight" => {
                fields
                    .field(
                        "current_active_contract_weight",
                        &mut self.current_active_contract_weight,
                    )
            }
            "next_active_contract_symbol" => {
                fields
                    .field(
                        "next_active_contract_symbol",
                        &mut self.next_active_contract_symbol,
                    )
            }
            "period_end" => fields.field("period_end", &mut self.period_end),
            "period_start" => fields.field("period_start", &mut self.period_start),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries
            .field(
                "current_active_contract_symbol",
                &self.current_active_contract_symbol,
            )?;
        entries
            .field(
                "current_active_contract_weight",
                &self.current_active_contract_weight,
            )?;
        entries.field("next_active_contract_symbol", &self.next_active_contract_symbol)?;
        entries.field("period_end", &self.period_end)?;
        entries.field("period_start", &self.period_start)?;
        Ok(())
    }
}

/// A rate of rewards that a user passes on to others.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ShareRate {
    /// Time at which the rate was last set, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// The rate, as a fraction.
    pub share_rate: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for ShareRate {
    const NAME: &'static str = "ShareRate";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            last_updated_at: None,
            share_rate: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "share_rate" => fields.field("share_rate", &mut self.share_rate),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("share_rate", &self.share_rate)?;
        Ok(())
    }
}

/// Values of `GET /onboarding account_signer_type`, `requests.CreateVault.operator_signer_type` and `responses.GetOnboardingResp.account_signer_type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignerType {
    /// `eip191`
    Eip191,
    /// `starknet`
    Starknet,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(SignerType { Eip191 = "eip191", Starknet = "starknet" });
/// Values of `requests.UpdateAccountProfileRequest.size_currency_display`, `requests.UpdateSizeCurrencyDisplayRequest.size_currency_display` and `responses.AccountProfileResp.size_currency_display`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SizeCurrencyDisplay {
    /// `BASE`
    Base,
    /// `QUOTE`
    Quote,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(SizeCurrencyDisplay { Base = "BASE", Quote = "QUOTE" });
/// Staking tiers and discounts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StakingConfig {
    /// The discount for fees that are paid in DIME, in percent.
    pub dime_fee_discount_pct: Option<Decimal>,
    /// The tiers, from the lowest stake to the highest.
    pub tiers: Vec<StakingTier>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for StakingConfig {
    const NAME: &'static str = "StakingConfig";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            dime_fee_discount_pct: None,
            tiers: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "dime_fee_discount_pct" => {
                fields.field("dime_fee_discount_pct", &mut self.dime_fee_discount_pct)
            }
            "tiers" => fields.field("tiers", &mut self.tiers),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("dime_fee_discount_pct", &self.dime_fee_discount_pct)?;
        entries.field("tiers", &self.tiers)?;
        Ok(())
    }
}

/// One stake and its history.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StakingStake {
    /// The owner's address.
    pub account: Option<String>,
    /// Staked amount of DIME.
    pub amount: Option<Decimal>,
    /// When the exchange recorded it, in nanoseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// When the record last changed, in nanoseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// Lock duration in seconds, as chosen when the stake was created.
    pub lock_duration: Option<i64>,
    /// Id of the stake on chain.
    pub stake_id: Option<String>,
    /// Hash of the staking transaction.
    pub stake_txn_hash: Option<String>,
    /// Time of the staking block, in nanoseconds since the Unix epoch.
    pub staked_at: Option<i64>,
    /// Hash of the transaction that requested unstaking; empty if there is none.
    pub unstake_req_txn_hash: Option<String>,
    /// Time of the block that requested unstaking, in nanoseconds since the Unix epoch; 0 if there is none.
    pub unstake_requested_at: Option<i64>,
    /// Hash of the unstaking transaction; empty if there is none.
    pub unstake_txn_hash: Option<String>,
    /// Time of the unstaking block, in nanoseconds since the Unix epoch; 0 while the stake is active.
    pub unstaked_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for StakingStake {
    const NAME: &'static str = "StakingStake";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            amount: None,
            created_at: None,
            last_updated_at: None,
            lock_duration: None,
            stake_id: None,
            stake_txn_hash: None,
            staked_at: None,
            unstake_req_txn_hash: None,
            unstake_requested_at: None,
            unstake_txn_hash: None,
            unstaked_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "amount" => fields.field("amount", &mut self.amount),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "lock_duration" => fields.field("lock_duration", &mut self.lock_duration),
            "stake_id" => fields.field("stake_id", &mut self.stake_id),
            "stake_txn_hash" => fields.field("stake_txn_hash", &mut self.stake_txn_hash),
            "staked_at" => fields.field("staked_at", &mut self.staked_at),
            "unstake_req_txn_hash" => {
                fields.field("unstake_req_txn_hash", &mut self.unstake_req_txn_hash)
            }
            "unstake_requested_at" => {
                fields.field("unstake_requested_at", &mut self.unstake_requested_at)
            }
            "unstake_txn_hash" => {
                fields.field("unstake_txn_hash", &mut self.unstake_txn_hash)
            }
            "unstaked_at" => fields.field("unstaked_at", &mut self.unstaked_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("amount", &self.amount)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("lock_duration", &self.lock_duration)?;
        entries.field("stake_id", &self.stake_id)?;
        entries.field("stake_txn_hash", &self.stake_txn_hash)?;
        entries.field("staked_at", &self.staked_at)?;
        entries.field("unstake_req_txn_hash", &self.unstake_req_txn_hash)?;
        entries.field("unstake_requested_at", &self.unstake_requested_at)?;
        entries.field("unstake_txn_hash", &self.unstake_txn_hash)?;
        entries.field("unstaked_at", &self.unstaked_at)?;
        Ok(())
    }
}

/// A list of `StakingStake` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StakingStakeList {
    /// The items of the list.
    pub results: Vec<StakingStake>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for StakingStakeList {
    const NAME: &'static str = "StakingStakeList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Summary of an account's stakes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StakingSummary {
    /// The account's address.
    pub account: Option<String>,
    /// Number of active stakes.
    pub active_stakes: Option<i64>,
    /// Name of the account's tier.
    pub staking_tier: Option<String>,
    /// Total staked amount of DIME.
    pub total_staked: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for StakingSummary {
    const NAME: &'static str = "StakingSummary";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            active_stakes: None,
            staking_tier: None,
            total_staked: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "active_stakes" => fields.field("active_stakes", &mut self.active_stakes),
            "staking_tier" => fields.field("staking_tier", &mut self.staking_tier),
            "total_staked" => fields.field("total_staked", &mut self.total_staked),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("active_stakes", &self.active_stakes)?;
        entries.field("staking_tier", &self.staking_tier)?;
        entries.field("total_staked", &self.total_staked)?;
        Ok(())
    }
}

/// A tier of staking.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StakingTier {
    /// The fees by kind of asset and of order, as fractions.
    pub fee_rates: BTreeMap<String, String>,
    /// Minimum staked amount of DIME for the tier.
    pub min_staked: Option<Decimal>,
    /// Name of the tier.
    pub tier_name: Option<String>,
    /// Multiplier of earned experience points.
    pub xp_multiplier: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for StakingTier {
    const NAME: &'static str = "StakingTier";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            fee_rates: Wire::blank(),
            min_staked: None,
            tier_name: None,
            xp_multiplier: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "fee_rates" => fields.field("fee_rates", &mut self.fee_rates),
            "min_staked" => fields.field("min_staked", &mut self.min_staked),
            "tier_name" => fields.field("tier_name", &mut self.tier_name),
            "xp_multiplier" => fields.field("xp_multiplier", &mut self.xp_multiplier),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("fee_rates", &self.fee_rates)?;
        entries.field("min_staked", &self.min_staked)?;
        entries.field("tier_name", &self.tier_name)?;
        entries.field("xp_multiplier", &self.xp_multiplier)?;
        Ok(())
    }
}

/// What happens when two orders of the same owner would trade with each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StpMode {
    /// `EXPIRE_BOTH`: Both are cancelled.
    ExpireBoth,
    /// `EXPIRE_MAKER`: The order in the book is cancelled.
    ExpireMaker,
    /// `EXPIRE_TAKER`: The incoming order is cancelled.
    ExpireTaker,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    StpMode { ExpireBoth = "EXPIRE_BOTH", ExpireMaker = "EXPIRE_MAKER", ExpireTaker =
    "EXPIRE_TAKER" }
);
/// A strategy that a vault runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Strategy {
    /// Contract of the account that runs the strategy.
    pub address: Option<String>,
    /// Name of the strategy.
    pub name: Option<String>,
    /// What the owner shows to others.
    pub visibility: Option<Visibility>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Strategy {
    const NAME: &'static str = "Strategy";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            name: None,
            visibility: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "name" => fields.field("name", &mut self.name),
            "visibility" => fields.field("visibility", &mut self.visibility),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("name", &self.name)?;
        entries.field("visibility", &self.visibility)?;
        Ok(())
    }
}

/// A list of subaccounts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubaccountList {
    /// The subaccounts.
    pub results: Vec<AccountInfo>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for SubaccountList {
    const NAME: &'static str = "SubaccountList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// A key that may sign for an account within limits.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Subkey {
    /// Account for which the subkey signs.
    pub account_id: Option<String>,
    /// IP ranges from which the subkey may be used. An empty list means any address; absent or `null` says nothing.
    pub allowed_cidrs: Option<Vec<String>>,
    /// Time at which the subkey was registered. Published as nanoseconds since the Unix epoch, with examples in seconds.
    pub created_at: Option<i64>,
    /// Numeric id of the subkey at the exchange.
    pub id: Option<i64>,
    /// The name that its owner gave it.
    pub name: Option<String>,
    /// The public key, in hex.
    pub public_key: Option<String>,
    /// Time at which the subkey was revoked. Published as nanoseconds since the Unix epoch, with examples in seconds; 0 means never.
    pub revoked_at: Option<i64>,
    /// Whether the subkey is active or waits for activation.
    pub state: Option<SubkeyState>,
    /// Time at which the subkey was last changed. Published as nanoseconds since the Unix epoch, with examples in seconds.
    pub updated_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Subkey {
    const NAME: &'static str = "Subkey";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account_id: None,
            allowed_cidrs: None,
            created_at: None,
            id: None,
            name: None,
            public_key: None,
            revoked_at: None,
            state: None,
            updated_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account_id" => fields.field("account_id", &mut self.account_id),
            "allowed_cidrs" => fields.field("allowed_cidrs", &mut self.allowed_cidrs),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "id" => fields.field("id", &mut self.id),
            "name" => fields.field("name", &mut self.name),
            "public_key" => fields.field("public_key", &mut self.public_key),
            "revoked_at" => fields.field("revoked_at", &mut self.revoked_at),
            "state" => fields.field("state", &mut self.state),
            "updated_at" => fields.field("updated_at", &mut self.updated_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account_id", &self.account_id)?;
        entries.field("allowed_cidrs", &self.allowed_cidrs)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("id", &self.id)?;
        entries.field("name", &self.name)?;
        entries.field("public_key", &self.public_key)?;
        entries.field("revoked_at", &self.revoked_at)?;
        entries.field("state", &self.state)?;
        entries.field("updated_at", &self.updated_at)?;
        Ok(())
    }
}

/// A list of `Subkey` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubkeyList {
    /// The items of the list.
    pub results: Vec<Subkey>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for SubkeyList {
    const NAME: &'static str = "SubkeyList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `requests.CreateSubkey.state` and `responses.Subkey.state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubkeyState {
    /// `active`
    Active,
    /// `pending`
    Pending,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(SubkeyState { Active = "active", Pending = "pending" });
#[cfg(feature = "stream")]
/// The channel to subscribe to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SubscribeParams {
    /// With the channels `bbo` and `trades`: every active options market of this asset.
    pub base_asset: Option<String>,
    /// The name of the channel.
    pub channel: String,
    /// With the channel `markets_summary`: the markets at first, which can be none.
    pub markets: Vec<String>,
    pub(crate) undecoded_: Undecoded,
}

#[cfg(feature = "stream")]
impl SubscribeParams {
    /// Creates a value with the required fields: `channel`.
    pub fn new(channel: impl Into<String>) -> Self {
        Self {
            base_asset: None,
            channel: channel.into(),
            markets: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    /// With the channels `bbo` and `trades`: every active options market of this asset.
    pub fn base_asset(mut self, value: impl Into<String>) -> Self {
        self.base_asset = Some(value.into());
        self
    }

    /// With the channel `markets_summary`: the markets at first, which can be none.
    pub fn markets(mut self, value: Vec<String>) -> Self {
        self.markets = value;
        self
    }
}

#[cfg(feature = "stream")]
impl Record for SubscribeParams {
    const NAME: &'static str = "SubscribeParams";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["channel"];
    fn blank() -> Self {
        Self {
            base_asset: None,
            channel: Wire::blank(),
            markets: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "base_asset" => fields.field("base_asset", &mut self.base_asset),
            "channel" => fields.required(0u32, "channel", &mut self.channel),
            "markets" => fields.field("markets", &mut self.markets),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("base_asset", &self.base_asset)?;
        entries.required("channel", &self.channel)?;
        entries.field("markets", &self.markets)?;
        Ok(())
    }
}

/// The settings of the exchange and its chain that signing and settlement need.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SystemConfig {
    /// Maximum number of assets and positions of an account.
    pub assets_limit_per_account: Option<i64>,
    /// The address of the chain's block explorer.
    pub block_explorer_url: Option<String>,
    /// The assets that can cross from and to Ethereum.
    pub bridged_tokens: Vec<BridgedToken>,
    /// The contract of DIME staking.
    pub dime_staking_contract_address: Option<String>,
    /// The name of the environment.
    pub environment: Option<String>,
    /// The Ethereum chain that settlement ends on, 1 in production.
    pub l1_chain_id: Option<String>,
    /// The core contract of the chain on Ethereum.
    pub l1_core_contract_address: Option<String>,
    /// The operator's address on Ethereum.
    pub l1_operator_address: Option<String>,
    /// The relayer's address on Ethereum.
    pub l1_relayer_address: Option<String>,
    /// The relayer's address on the chain.
    pub l2_relayer_address: Option<String>,
    /// The fee on a liquidation, as a fraction.
    pub liquidation_fee: Option<Decimal>,
    /// The oracle's contract.
    pub oracle_address: Option<String>,
    /// The class hash of account contracts; the address of an account follows from it.
    pub paraclear_account_hash: Option<String>,
    /// The class hash of the proxy before an account contract; the address of an account follows from it.
    pub paraclear_account_proxy_hash: Option<String>,
    /// The contract that clears trades.
    pub paraclear_address: Option<String>,
    /// The number of decimals that the clearing contract uses.
    pub paraclear_decimals: Option<i64>,
    /// The class hash of account contracts for Ethereum keys; the address of such an account follows from it.
    pub paraclear_evm_account_hash: Option<String>,
    /// Margin above the maintenance margin that an account must have after a partial liquidation.
    pub partial_liquidation_buffer: Option<Decimal>,
    /// The step to which the liquidated share is rounded up.
    pub partial_liquidation_share_increment: Option<Decimal>,
    /// Chain id that every signature includes, as text. It has been renamed before, so clients read it and do not hard-code it.
    pub starknet_chain_id: Option<String>,
    /// The base address of the chain's RPC proxy.
    pub starknet_fullnode_rpc_base_url: Option<String>,
    /// The address of the chain's RPC proxy, version included.
    pub starknet_fullnode_rpc_url: Option<String>,
    /// No longer used.
    pub starknet_gateway_url: Option<String>,
    /// The contract that deploys others.
    pub universal_deployer_address: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for SystemConfig {
    const NAME: &'static str = "SystemConfig";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            assets_limit_per_account: None,
            block_explorer_url: None,
            bridged_tokens: Wire::blank(),
            dime_staking_contract_address: None,
            environment: None,
            l1_chain_id: None,
            l1_core_contract_address: None,
            l1_operator_address: None,
            l1_relayer_address: None,
            l2_relayer_address: None,
            liquidation_fee: None,
            oracle_address: None,
            paraclear_account_hash: None,
            paraclear_account_proxy_hash: None,
            paraclear_address: None,
            paraclear_decimals: None,
            paraclear_evm_account_hash: None,
            partial_liquidation_buffer: None,
            partial_liquidation_share_increment: None,
            starknet_chain_id: None,
            starknet_fullnode_rpc_base_url: None,
            starknet_fullnode_rpc_url: None,
            starknet_gateway_url: None,
            universal_deployer_address: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "assets_limit_per_account" => {
                fields
                    .field(
                        "assets_limit_per_account",
                        &mut self.assets_limit_per_account,
                    )
            }
            "block_explorer_url" => {
                fields.field("block_explorer_url", &mut self.block_explorer_url)
            }
            "bridged_tokens" => fields.field("bridged_tokens", &mut self.bridged_tokens),
            "dime_staking_contract_address" => {
                fields
                    .field(
                        "dime_staking_contract_address",
                        &mut self.dime_staking_contract_address,
                    )
            }
            "environment" => fields.field("environment", &mut self.environment),
            "l1_chain_id" => fields.field("l1_chain_id", &mut self.l1_chain_id),
            "l1_core_contract_address" => {
                fields
                    .field(
                        "l1_core_contract_address",
                        &mut self.l1_core_contract_address,
                    )
            }
            "l1_operator_address" => {
                fields.field("l1_operator_address", &mut self.l1_operator_address)
            }
            "l1_relayer_address" => {
                fields.field("l1_relayer_address", &mut self.l1_relayer_address)
            }
            "l2_relayer_address" => {
                fields.field("l2_relayer_address", &mut self.l2_relayer_address)
            }
            "liquidation_fee" => {
                fields.field("liquidation_fee", &mut self.liquidation_fee)
            }
            "oracle_address" => fields.field("oracle_address", &mut self.oracle_address),
            "paraclear_account_hash" => {
                fields.field("paraclear_account_hash", &mut self.paraclear_account_hash)
            }
            "paraclear_account_proxy_hash" => {
                fields
                    .field(
                        "paraclear_account_proxy_hash",
                        &mut self.paraclear_account_proxy_hash,
                    )
            }
            "paraclear_address" => {
                fields.field("paraclear_address", &mut self.paraclear_address)
            }
            "paraclear_decimals" => {
                fields.field("paraclear_decimals", &mut self.paraclear_decimals)
            }
            "paraclear_evm_account_hash" => {
                fields
                    .field(
                        "paraclear_evm_account_hash",
                        &mut self.paraclear_evm_account_hash,
                    )
            }
            "partial_liquidation_buffer" => {
                fields
                    .field(
                        "partial_liquidation_buffer",
                        &mut self.partial_liquidation_buffer,
                    )
            }
            "partial_liquidation_share_increment" => {
                fields
                    .field(
                        "partial_liquidation_share_increment",
                        &mut self.partial_liquidation_share_increment,
                    )
            }
            "starknet_chain_id" => {
                fields.field("starknet_chain_id", &mut self.starknet_chain_id)
            }
            "starknet_fullnode_rpc_base_url" => {
                fields
                    .field(
                        "starknet_fullnode_rpc_base_url",
                        &mut self.starknet_fullnode_rpc_base_url,
                    )
            }
            "starknet_fullnode_rpc_url" => {
                fields
                    .field(
                        "starknet_fullnode_rpc_url",
                        &mut self.starknet_fullnode_rpc_url,
                    )
            }
            "starknet_gateway_url" => {
                fields.field("starknet_gateway_url", &mut self.starknet_gateway_url)
            }
            "universal_deployer_address" => {
                fields
                    .field(
                        "universal_deployer_address",
                        &mut self.universal_deployer_address,
                    )
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("assets_limit_per_account", &self.assets_limit_per_account)?;
        entries.field("block_explorer_url", &self.block_explorer_url)?;
        entries.field("bridged_tokens", &self.bridged_tokens)?;
        entries
            .field(
                "dime_staking_contract_address",
                &self.dime_staking_contract_address,
            )?;
        entries.field("environment", &self.environment)?;
        entries.field("l1_chain_id", &self.l1_chain_id)?;
        entries.field("l1_core_contract_address", &self.l1_core_contract_address)?;
        entries.field("l1_operator_address", &self.l1_operator_address)?;
        entries.field("l1_relayer_address", &self.l1_relayer_address)?;
        entries.field("l2_relayer_address", &self.l2_relayer_address)?;
        entries.field("liquidation_fee", &self.liquidation_fee)?;
        entries.field("oracle_address", &self.oracle_address)?;
        entries.field("paraclear_account_hash", &self.paraclear_account_hash)?;
        entries
            .field("paraclear_account_proxy_hash", &self.paraclear_account_proxy_hash)?;
        entries.field("paraclear_address", &self.paraclear_address)?;
        entries.field("paraclear_decimals", &self.paraclear_decimals)?;
        entries.field("paraclear_evm_account_hash", &self.paraclear_evm_account_hash)?;
        entries.field("partial_liquidation_buffer", &self.partial_liquidation_buffer)?;
        entries
            .field(
                "partial_liquidation_share_increment",
                &self.partial_liquidation_share_increment,
            )?;
        entries.field("starknet_chain_id", &self.starknet_chain_id)?;
        entries
            .field(
                "starknet_fullnode_rpc_base_url",
                &self.starknet_fullnode_rpc_base_url,
            )?;
        entries.field("starknet_fullnode_rpc_url", &self.starknet_fullnode_rpc_url)?;
        entries.field("starknet_gateway_url", &self.starknet_gateway_url)?;
        entries.field("universal_deployer_address", &self.universal_deployer_address)?;
        Ok(())
    }
}

/// The state of the exchange.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SystemState {
    /// Which calls the exchange accepts.
    pub status: Option<SystemStatus>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for SystemState {
    const NAME: &'static str = "SystemState";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            status: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "status" => fields.field("status", &mut self.status),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("status", &self.status)?;
        Ok(())
    }
}

/// Which calls the exchange accepts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SystemStatus {
    /// `cancel_only`: Orders can be cancelled but not placed.
    CancelOnly,
    /// `maintenance`: Trading is off.
    Maintenance,
    /// `ok`: Everything works.
    Ok,
    /// `post_only`: Only orders that add liquidity to the book are accepted.
    PostOnly,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    SystemStatus { CancelOnly = "cancel_only", Maintenance = "maintenance", Ok = "ok",
    PostOnly = "post_only" }
);
/// The exchange's clock.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SystemTime {
    /// The time in milliseconds since the Unix epoch, as text.
    pub server_time: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for SystemTime {
    const NAME: &'static str = "SystemTime";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            server_time: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "server_time" => fields.field("server_time", &mut self.server_time),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("server_time", &self.server_time)?;
        Ok(())
    }
}

/// Values of `GET /account/tokens kind` and `responses.ApiToken.kind`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// `api_key`
    ApiKey,
    /// `jwt`
    Jwt,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(TokenKind { ApiKey = "api_key", Jwt = "jwt" });
/// Values of `POST /auth token_usage` and `POST /auth/{public_key} token_usage`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenUsage {
    /// `interactive`
    Interactive,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(TokenUsage { Interactive = "interactive" });
/// A trade on the public tape.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Trade {
    /// Time of the trade, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Id of the trade, unique among trades of the same type.
    pub id: Option<String>,
    /// The market, for example `BTC-USD-PERP`.
    pub market: Option<String>,
    /// The price, in the quote currency.
    pub price: Option<Decimal>,
    /// The taker's side.
    pub side: Option<OrderSide>,
    /// The size, in the base currency.
    pub size: Option<Decimal>,
    /// Cause of the trade.
    pub trade_type: Option<FillType>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Trade {
    const NAME: &'static str = "Trade";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            created_at: None,
            id: None,
            market: None,
            price: None,
            side: None,
            size: None,
            trade_type: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "created_at" => fields.field("created_at", &mut self.created_at),
            "id" => fields.field("id", &mut self.id),
            "market" => fields.field("market", &mut self.market),
            "price" => fields.field("price", &mut self.price),
            "side" => fields.field("side", &mut self.side),
            "size" => fields.field("size", &mut self.size),
            "trade_type" => fields.field("trade_type", &mut self.trade_type),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("created_at", &self.created_at)?;
        entries.field("id", &self.id)?;
        entries.field("market", &self.market)?;
        entries.field("price", &self.price)?;
        entries.field("side", &self.side)?;
        entries.field("size", &self.size)?;
        entries.field("trade_type", &self.trade_type)?;
        Ok(())
    }
}

/// One page of `Trade` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TradePage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<Trade>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for TradePage {
    const NAME: &'static str = "TradePage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// A busted trade.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Tradebust {
    /// The account concerned.
    pub account: Option<String>,
    /// The fill that counts as not having happened.
    pub busted_fill_id: Option<String>,
    /// Time at which the trade was busted, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Tradebust {
    const NAME: &'static str = "Tradebust";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            busted_fill_id: None,
            created_at: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "busted_fill_id" => fields.field("busted_fill_id", &mut self.busted_fill_id),
            "created_at" => fields.field("created_at", &mut self.created_at),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("busted_fill_id", &self.busted_fill_id)?;
        entries.field("created_at", &self.created_at)?;
        Ok(())
    }
}

/// One page of `Tradebust` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TradebustPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<Tradebust>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for TradebustPage {
    const NAME: &'static str = "TradebustPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Whether an order was in the book first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TraderRole {
    /// `MAKER`: The order was in the book.
    Maker,
    /// `TAKER`: The order matched one in the book.
    Taker,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(TraderRole { Maker = "MAKER", Taker = "TAKER" });
/// How a market is traded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TradingMode {
    /// `RFQ_ONLY`: By requests for quote alone.
    RfqOnly,
    /// `STANDARD`: Through the order book.
    Standard,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(TradingMode { RfqOnly = "RFQ_ONLY", Standard = "STANDARD" });
/// A transaction on the chain.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Transaction {
    /// Time at which the transaction was completed, in milliseconds since the Unix epoch.
    pub completed_at: Option<i64>,
    /// Time at which it was sent to the chain, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Hash of the transaction.
    pub hash: Option<String>,
    /// Id of the cause, for example of a fill or a liquidation.
    pub id: Option<String>,
    /// State of the transaction.
    pub state: Option<TransactionState>,
    /// Cause of the transaction.
    pub type_: Option<TransactionType>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Transaction {
    const NAME: &'static str = "Transaction";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            completed_at: None,
            created_at: None,
            hash: None,
            id: None,
            state: None,
            type_: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "completed_at" => fields.field("completed_at", &mut self.completed_at),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "hash" => fields.field("hash", &mut self.hash),
            "id" => fields.field("id", &mut self.id),
            "state" => fields.field("state", &mut self.state),
            "type" => fields.field("type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("completed_at", &self.completed_at)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("hash", &self.hash)?;
        entries.field("id", &self.id)?;
        entries.field("state", &self.state)?;
        entries.field("type", &self.type_)?;
        Ok(())
    }
}

/// One page of `Transaction` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransactionPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<Transaction>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for TransactionPage {
    const NAME: &'static str = "TransactionPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `responses.TransactionResponse.state`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransactionState {
    /// `ACCEPTED_ON_L1`
    AcceptedOnL1,
    /// `ACCEPTED_ON_L2`
    AcceptedOnL2,
    /// `NOT_RECEIVED`
    NotReceived,
    /// `RECEIVED`
    Received,
    /// `REJECTED`
    Rejected,
    /// `REVERTED`
    Reverted,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    TransactionState { AcceptedOnL1 = "ACCEPTED_ON_L1", AcceptedOnL2 = "ACCEPTED_ON_L2",
    NotReceived = "NOT_RECEIVED", Received = "RECEIVED", Rejected = "REJECTED", Reverted
    = "REVERTED" }
);
/// Values of `responses.TransactionResponse.type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransactionType {
    /// `TRANSACTION_FILL`
    TransactionFill,
    /// `TRANSACTION_LIQUIDATE`
    TransactionLiquidate,
    /// `TRANSACTION_SETTLE_MARKET`
    TransactionSettleMarket,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    TransactionType { TransactionFill = "TRANSACTION_FILL", TransactionLiquidate =
    "TRANSACTION_LIQUIDATE", TransactionSettleMarket = "TRANSACTION_SETTLE_MARKET" }
);
/// A transfer to or from an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Transfer {
    /// The account's Starknet address.
    pub account: Option<String>,
    /// Amount of the asset.
    pub amount: Option<Decimal>,
    /// Fee for an automatic withdrawal, in USDC.
    pub auto_withdrawal_fee: Option<Decimal>,
    /// Bridge of the transfer; empty if there is none.
    pub bridge: Option<TransferBridge>,
    /// The address on the other side.
    pub counterparty: Option<String>,
    /// Time at which the transfer was created, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Direction of the transfer.
    pub direction: Option<TransferDirection>,
    /// The address on the external chain.
    pub external_account: Option<String>,
    /// The external chain, for example `ETHEREUM`.
    pub external_chain: Option<String>,
    /// Transaction hash on the external chain.
    pub external_txn_hash: Option<String>,
    /// Reason of the failure; empty unless the transfer failed.
    pub failure_reason: Option<String>,
    /// Id of the transfer.
    pub id: Option<String>,
    /// Reason of the transfer.
    pub kind: Option<TransferKind>,
    /// Time of the last change, in milliseconds since the Unix epoch.
    pub last_updated_at: Option<i64>,
    /// Fraction of a withdrawal that is retained for shared losses; can be empty.
    pub socialized_loss_factor: Option<Decimal>,
    /// Status of the transfer.
    pub status: Option<TransferStatus>,
    /// The asset, for example `USDC`.
    pub token: Option<String>,
    /// Transaction hash on the exchange's chain.
    pub txn_hash: Option<String>,
    /// Vault of the transfer; empty if there is none.
    pub vault_address: Option<String>,
    /// Progress of the vault's unwinding; the example suggests a fraction.
    pub vault_unwind_completion_percentage: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Transfer {
    const NAME: &'static str = "Transfer";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            account: None,
            amount: None,
            auto_withdrawal_fee: None,
            bridge: None,
            counterparty: None,
            created_at: None,
            direction: None,
            external_account: None,
            external_chain: None,
            external_txn_hash: None,
            failure_reason: None,
            id: None,
            kind: None,
            last_updated_at: None,
            socialized_loss_factor: None,
            status: None,
            token: None,
            txn_hash: None,
            vault_address: None,
            vault_unwind_completion_percentage: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "account" => fields.field("account", &mut self.account),
            "amount" => fields.field("amount", &mut self.amount),
            "auto_withdrawal_fee" => {
                fields.field("auto_withdrawal_fee", &mut self.auto_withdrawal_fee)
            }
            "bridge" => fields.field("bridge", &mut self.bridge),
            "counterparty" => fields.field("counterparty", &mut self.counterparty),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "direction" => fields.field("direction", &mut self.direction),
            "external_account" => {
                fields.field("external_account", &mut self.external_account)
            }
            "external_chain" => fields.field("external_chain", &mut self.external_chain),
            "external_txn_hash" => {
                fields.field("external_txn_hash", &mut self.external_txn_hash)
            }
            "failure_reason" => fields.field("failure_reason", &mut self.failure_reason),
            "id" => fields.field("id", &mut self.id),
            "kind" => fields.field("kind", &mut self.kind),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "socialized_loss_factor" => {
                fields.field("socialized_loss_factor", &mut self.socialized_loss_factor)
            }
            "status" => fields.field("status", &mut self.status),
            "token" => fields.field("token", &mut self.token),
            "txn_hash" => fields.field("txn_hash", &mut self.txn_hash),
            "vault_address" => fields.field("vault_address", &mut self.vault_address),
            "vault_unwind_completion_percentage" => {
                fields
                    .field(
                        "vault_unwind_completion_percentage",
                        &mut self.vault_unwind_completion_percentage,
                    )
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("account", &self.account)?;
        entries.field("amount", &self.amount)?;
        entries.field("auto_withdrawal_fee", &self.auto_withdrawal_fee)?;
        entries.field("bridge", &self.bridge)?;
        entries.field("counterparty", &self.counterparty)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("direction", &self.direction)?;
        entries.field("external_account", &self.external_account)?;
        entries.field("external_chain", &self.external_chain)?;
        entries.field("external_txn_hash", &self.external_txn_hash)?;
        entries.field("failure_reason", &self.failure_reason)?;
        entries.field("id", &self.id)?;
        entries.field("kind", &self.kind)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("socialized_loss_factor", &self.socialized_loss_factor)?;
        entries.field("status", &self.status)?;
        entries.field("token", &self.token)?;
        entries.field("txn_hash", &self.txn_hash)?;
        entries.field("vault_address", &self.vault_address)?;
        entries
            .field(
                "vault_unwind_completion_percentage",
                &self.vault_unwind_completion_percentage,
            )?;
        Ok(())
    }
}

/// The bridge that a transfer crosses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferBridge {
    /// `HYPERLANE`: The bridge of that name.
    Hyperlane,
    /// `LAYERSWAP`: The bridge of that name.
    Layerswap,
    /// `RHINOFI`: The bridge of that name.
    Rhinofi,
    /// `STARKGATE`: The bridge of that name.
    Starkgate,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    TransferBridge { Hyperlane = "HYPERLANE", Layerswap = "LAYERSWAP", Rhinofi =
    "RHINOFI", Starkgate = "STARKGATE" }
);
/// Direction of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferDirection {
    /// `IN`: To the account.
    In,
    /// `OUT`: From the account.
    Out,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(TransferDirection { In = "IN", Out = "OUT" });
/// The fee on transfers of experience points.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransferFeeConfig {
    /// Fee as a fraction (`0.01` is one percent).
    pub fee_percentage: Option<f64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for TransferFeeConfig {
    const NAME: &'static str = "TransferFeeConfig";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            fee_percentage: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "fee_percentage" => fields.field("fee_percentage", &mut self.fee_percentage),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("fee_percentage", &self.fee_percentage)?;
        Ok(())
    }
}

/// Reason of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferKind {
    /// `AIRDROP`: A gift of the exchange.
    Airdrop,
    /// `AUTO_WITHDRAWAL`: A withdrawal that continues to the external chain automatically.
    AutoWithdrawal,
    /// `DEPOSIT`: A deposit to the exchange.
    Deposit,
    /// `UNWINDING`: A transfer of positions out of a vault that is winding down.
    Unwinding,
    /// `VAULT_DEPOSIT`: A deposit into a vault.
    VaultDeposit,
    /// `VAULT_WITHDRAWAL`: A withdrawal from a vault.
    VaultWithdrawal,
    /// `WITHDRAWAL`: A withdrawal from the exchange.
    Withdrawal,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    TransferKind { Airdrop = "AIRDROP", AutoWithdrawal = "AUTO_WITHDRAWAL", Deposit =
    "DEPOSIT", Unwinding = "UNWINDING", VaultDeposit = "VAULT_DEPOSIT", VaultWithdrawal =
    "VAULT_WITHDRAWAL", Withdrawal = "WITHDRAWAL" }
);
/// A list of `Transfer` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransferList {
    /// The items of the list.
    pub results: Vec<Transfer>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for TransferList {
    const NAME: &'static str = "TransferList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// One page of `Transfer` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransferPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<Transfer>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for TransferPage {
    const NAME: &'static str = "TransferPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `GET /xp/transfers role`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferRole {
    /// `recipient`
    Recipient,
    /// `sender`
    Sender,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(TransferRole { Recipient = "recipient", Sender = "sender" });
/// Status of a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferStatus {
    /// `AVAILABLE`: The withdrawal can be collected on the external chain.
    Available,
    /// `COMPLETED`: The transfer is complete.
    Completed,
    /// `FAILED`: The transfer failed permanently.
    Failed,
    /// `PENDING`: The transfer is in progress.
    Pending,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    TransferStatus { Available = "AVAILABLE", Completed = "COMPLETED", Failed = "FAILED",
    Pending = "PENDING" }
);
/// A connected Twitter account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TwitterProfile {
    /// Id of the account.
    pub id: Option<String>,
    /// The address of the account's picture.
    pub image_url: Option<String>,
    /// User name of the account.
    pub username: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for TwitterProfile {
    const NAME: &'static str = "TwitterProfile";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            id: None,
            image_url: None,
            username: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "id" => fields.field("id", &mut self.id),
            "image_url" => fields.field("image_url", &mut self.image_url),
            "username" => fields.field("username", &mut self.username),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("id", &self.id)?;
        entries.field("image_url", &self.image_url)?;
        entries.field("username", &self.username)?;
        Ok(())
    }
}

/// The greatest slippage to accept in a market.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateAccountMaxSlippageRequest {
    /// Maximum accepted slippage; the published document gives no unit, while market data shows such limits as fractions, for example `0.05`.
    pub max_slippage: Decimal,
    pub(crate) undecoded_: Undecoded,
}

impl UpdateAccountMaxSlippageRequest {
    /// Creates a value with the required fields: `max_slippage`.
    pub fn new(max_slippage: Decimal) -> Self {
        Self {
            max_slippage,
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for UpdateAccountMaxSlippageRequest {
    const NAME: &'static str = "UpdateAccountMaxSlippageRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["max_slippage"];
    fn blank() -> Self {
        Self {
            max_slippage: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "max_slippage" => {
                fields.required(0u32, "max_slippage", &mut self.max_slippage)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("max_slippage", &self.max_slippage)?;
        Ok(())
    }
}

/// Changes to an account's profile; every member is optional.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateAccountProfileRequest {
    /// WebSocket address of the user's AI agent, for example `wss://agent.example.com:18789`.
    pub ai_agent_url: Option<String>,
    /// Whether to be notified of announcements.
    pub announcements: Option<bool>,
    /// Whether a sound is played on a fill.
    pub fill_sound: Option<bool>,
    /// Whether to be notified of fills.
    pub fills: Option<bool>,
    /// True to hide the username from others.
    pub is_username_private: Option<bool>,
    /// Greatest accepted slippage; the unit is not documented.
    pub max_slippage: Option<Decimal>,
    /// Whether to be notified of orders.
    pub orders: Option<bool>,
    /// The account's own referral code.
    pub referral_code: Option<String>,
    /// Referral code of the user who made the referral.
    pub referred_by: Option<String>,
    /// Currency in which the web interface shows sizes, `BASE` or `QUOTE`.
    pub size_currency_display: Option<SizeCurrencyDisplay>,
    /// Share rate in the TAP affiliate programme, for example `0.2`.
    pub tap_share_rate: Option<Decimal>,
    /// Which value of a trade the web interface shows, for example `SPOT_NOTIONAL`.
    pub trading_value_display: Option<String>,
    /// Whether to be notified of transfers.
    pub transfers: Option<bool>,
    /// The name to show for the account.
    pub username: Option<String>,
    /// Share rate for XP, for example `0.2`.
    pub xp_share_rate: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl UpdateAccountProfileRequest {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            ai_agent_url: None,
            announcements: None,
            fill_sound: None,
            fills: None,
            is_username_private: None,
            max_slippage: None,
            orders: None,
            referral_code: None,
            referred_by: None,
            size_currency_display: None,
            tap_share_rate: None,
            trading_value_display: None,
            transfers: None,
            username: None,
            xp_share_rate: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// WebSocket address of the user's AI agent, for example `wss://agent.example.com:18789`.
    pub fn ai_agent_url(mut self, value: impl Into<String>) -> Self {
        self.ai_agent_url = Some(value.into());
        self
    }

    /// Whether to be notified of announcements.
    pub fn announcements(mut self, value: bool) -> Self {
        self.announcements = Some(value);
        self
    }

    /// Whether a sound is played on a fill.
    pub fn fill_sound(mut self, value: bool) -> Self {
        self.fill_sound = Some(value);
        self
    }

    /// Whether to be notified of fills.
    pub fn fills(mut self, value: bool) -> Self {
        self.fills = Some(value);
        self
    }

    /// True to hide the username from others.
    pub fn is_username_private(mut self, value: bool) -> Self {
        self.is_username_private = Some(value);
        self
    }

    /// Greatest accepted slippage; the unit is not documented.
    pub fn max_slippage(mut self, value: Decimal) -> Self {
        self.max_slippage = Some(value);
        self
    }

    /// Whether to be notified of orders.
    pub fn orders(mut self, value: bool) -> Self {
        self.orders = Some(value);
        self
    }

    /// The account's own referral code.
    pub fn referral_code(mut self, value: impl Into<String>) -> Self {
        self.referral_code = Some(value.into());
        self
    }

    /// Referral code of the user who made the referral.
    pub fn referred_by(mut self, value: impl Into<String>) -> Self {
        self.referred_by = Some(value.into());
        self
    }

    /// Currency in which the web interface shows sizes, `BASE` or `QUOTE`.
    pub fn size_currency_display(mut self, value: SizeCurrencyDisplay) -> Self {
        self.size_currency_display = Some(value);
        self
    }

    /// Share rate in the TAP affiliate programme, for example `0.2`.
    pub fn tap_share_rate(mut self, value: Decimal) -> Self {
        self.tap_share_rate = Some(value);
        self
    }

    /// Which value of a trade the web interface shows, for example `SPOT_NOTIONAL`.
    pub fn trading_value_display(mut self, value: impl Into<String>) -> Self {
        self.trading_value_display = Some(value.into());
        self
    }

    /// Whether to be notified of transfers.
    pub fn transfers(mut self, value: bool) -> Self {
        self.transfers = Some(value);
        self
    }

    /// The name to show for the account.
    pub fn username(mut self, value: impl Into<String>) -> Self {
        self.username = Some(value.into());
        self
    }

    /// Share rate for XP, for example `0.2`.
    pub fn xp_share_rate(mut self, value: Decimal) -> Self {
        self.xp_share_rate = Some(value);
        self
    }
}

impl Default for UpdateAccountProfileRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for UpdateAccountProfileRequest {
    const NAME: &'static str = "UpdateAccountProfileRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            ai_agent_url: None,
            announcements: None,
            fill_sound: None,
            fills: None,
            is_username_private: None,
            max_slippage: None,
            orders: None,
            referral_code: None,
            referred_by: None,
            size_currency_display: None,
            tap_share_rate: None,
            trading_value_display: None,
            transfers: None,
            username: None,
            xp_share_rate: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "ai_agent_url" => fields.field("ai_agent_url", &mut self.ai_agent_url),
            "announcements" => fields.field("announcements", &mut self.announcements),
            "fill_sound" => fields.field("fill_sound", &mut self.fill_sound),
            "fills" => fields.field("fills", &mut self.fills),
            "is_username_private" => {
                fields.field("is_username_private", &mut self.is_username_private)
            }
            "max_slippage" => fields.field("max_slippage", &mut self.max_slippage),
            "orders" => fields.field("orders", &mut self.orders),
            "referral_code" => fields.field("referral_code", &mut self.referral_code),
            "referred_by" => fields.field("referred_by", &mut self.referred_by),
            "size_currency_display" => {
                fields.field("size_currency_display", &mut self.size_currency_display)
            }
            "tap_share_rate" => fields.field("tap_share_rate", &mut self.tap_share_rate),
            "trading_value_display" => {
                fields.field("trading_value_display", &mut self.trading_value_display)
            }
            "transfers" => fields.field("transfers", &mut self.transfers),
            "username" => fields.field("username", &mut self.username),
            "xp_share_rate" => fields.field("xp_share_rate", &mut self.xp_share_rate),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("ai_agent_url", &self.ai_agent_url)?;
        entries.field("announcements", &self.announcements)?;
        entries.field("fill_sound", &self.fill_sound)?;
        entries.field("fills", &self.fills)?;
        entries.field("is_username_private", &self.is_username_private)?;
        entries.field("max_slippage", &self.max_slippage)?;
        entries.field("orders", &self.orders)?;
        entries.field("referral_code", &self.referral_code)?;
        entries.field("referred_by", &self.referred_by)?;
        entries.field("size_currency_display", &self.size_currency_display)?;
        entries.field("tap_share_rate", &self.tap_share_rate)?;
        entries.field("trading_value_display", &self.trading_value_display)?;
        entries.field("transfers", &self.transfers)?;
        entries.field("username", &self.username)?;
        entries.field("xp_share_rate", &self.xp_share_rate)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.size_currency_display.mark_outgoing();
    }
}

/// The IP ranges that replace a key's or token's present list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateAllowedCidrsRequest {
    /// The complete new list in CIDR notation, for example `203.0.113.0/24`; an empty list lifts every restriction. Always send the list, even when it is empty.
    pub allowed_cidrs: Vec<String>,
    pub(crate) undecoded_: Undecoded,
}

impl UpdateAllowedCidrsRequest {
    /// Creates a value with the required fields: `allowed_cidrs`.
    pub fn new(allowed_cidrs: Vec<String>) -> Self {
        Self {
            allowed_cidrs,
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for UpdateAllowedCidrsRequest {
    const NAME: &'static str = "UpdateAllowedCidrsRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["allowed_cidrs"];
    fn blank() -> Self {
        Self {
            allowed_cidrs: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "allowed_cidrs" => {
                fields.required(0u32, "allowed_cidrs", &mut self.allowed_cidrs)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("allowed_cidrs", &self.allowed_cidrs)?;
        Ok(())
    }
}

/// Changes to the notification preferences; a preference left out stays as it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateNotificationPreferencesRequest {
    /// Whether to be notified of announcements.
    pub announcements: Option<bool>,
    /// Whether a sound is played on a fill.
    pub fill_sound: Option<bool>,
    /// Whether to be notified of fills.
    pub fills: Option<bool>,
    /// Whether to be notified of orders.
    pub orders: Option<bool>,
    /// Whether to be notified of transfers.
    pub transfers: Option<bool>,
    pub(crate) undecoded_: Undecoded,
}

impl UpdateNotificationPreferencesRequest {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            announcements: None,
            fill_sound: None,
            fills: None,
            orders: None,
            transfers: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Whether to be notified of announcements.
    pub fn announcements(mut self, value: bool) -> Self {
        self.announcements = Some(value);
        self
    }

    /// Whether a sound is played on a fill.
    pub fn fill_sound(mut self, value: bool) -> Self {
        self.fill_sound = Some(value);
        self
    }

    /// Whether to be notified of fills.
    pub fn fills(mut self, value: bool) -> Self {
        self.fills = Some(value);
        self
    }

    /// Whether to be notified of orders.
    pub fn orders(mut self, value: bool) -> Self {
        self.orders = Some(value);
        self
    }

    /// Whether to be notified of transfers.
    pub fn transfers(mut self, value: bool) -> Self {
        self.transfers = Some(value);
        self
    }
}

impl Default for UpdateNotificationPreferencesRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for UpdateNotificationPreferencesRequest {
    const NAME: &'static str = "UpdateNotificationPreferencesRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            announcements: None,
            fill_sound: None,
            fills: None,
            orders: None,
            transfers: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "announcements" => fields.field("announcements", &mut self.announcements),
            "fill_sound" => fields.field("fill_sound", &mut self.fill_sound),
            "fills" => fields.field("fills", &mut self.fills),
            "orders" => fields.field("orders", &mut self.orders),
            "transfers" => fields.field("transfers", &mut self.transfers),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("announcements", &self.announcements)?;
        entries.field("fill_sound", &self.fill_sound)?;
        entries.field("fills", &self.fills)?;
        entries.field("orders", &self.orders)?;
        entries.field("transfers", &self.transfers)?;
        Ok(())
    }
}

/// The currency in which the web interface shows sizes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateSizeCurrencyDisplayRequest {
    /// Either `BASE` (base currency) or `QUOTE` (quote currency).
    pub size_currency_display: SizeCurrencyDisplay,
    pub(crate) undecoded_: Undecoded,
}

impl UpdateSizeCurrencyDisplayRequest {
    /// Creates a value with the required fields: `size_currency_display`.
    pub fn new(size_currency_display: SizeCurrencyDisplay) -> Self {
        Self {
            size_currency_display,
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for UpdateSizeCurrencyDisplayRequest {
    const NAME: &'static str = "UpdateSizeCurrencyDisplayRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["size_currency_display"];
    fn blank() -> Self {
        Self {
            size_currency_display: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "size_currency_display" => {
                fields
                    .required(
                        0u32,
                        "size_currency_display",
                        &mut self.size_currency_display,
                    )
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("size_currency_display", &self.size_currency_display)?;
        Ok(())
    }

    fn mark_outgoing_fields(&mut self) {
        self.size_currency_display.mark_outgoing();
    }
}

/// The changeable properties of a subkey.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateSubkeyRequest {
    /// The subkey's new name.
    pub name: String,
    pub(crate) undecoded_: Undecoded,
}

impl UpdateSubkeyRequest {
    /// Creates a value with the required fields: `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for UpdateSubkeyRequest {
    const NAME: &'static str = "UpdateSubkeyRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["name"];
    fn blank() -> Self {
        Self {
            name: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "name" => fields.required(0u32, "name", &mut self.name),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("name", &self.name)?;
        Ok(())
    }
}

/// How the web interface values trades.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateTradingValueDisplayRequest {
    /// Either spot notional (`SPOT_NOTIONAL`, at the spot price) or market value (at the market price); the second value's spelling is not documented here.
    pub trading_value_display: String,
    pub(crate) undecoded_: Undecoded,
}

impl UpdateTradingValueDisplayRequest {
    /// Creates a value with the required fields: `trading_value_display`.
    pub fn new(trading_value_display: impl Into<String>) -> Self {
        Self {
            trading_value_display: trading_value_display.into(),
            undecoded_: Undecoded::NONE,
        }
    }
}

impl Record for UpdateTradingValueDisplayRequest {
    const NAME: &'static str = "UpdateTradingValueDisplayRequest";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &["trading_value_display"];
    fn blank() -> Self {
        Self {
            trading_value_display: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "trading_value_display" => {
                fields
                    .required(
                        0u32,
                        "trading_value_display",
                        &mut self.trading_value_display,
                    )
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.required("trading_value_display", &self.trading_value_display)?;
        Ok(())
    }
}

/// Tracking parameters of the link that brought a new user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Utm {
    /// Name of the campaign, for example `summer2024`.
    pub campaign: Option<String>,
    /// Where the user came from, for example `google`.
    pub source: Option<String>,
    /// How the user came, for example `clickthrough`.
    pub type_: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Utm {
    /// Creates a value with no field set.
    pub fn new() -> Self {
        Self {
            campaign: None,
            source: None,
            type_: None,
            undecoded_: Undecoded::NONE,
        }
    }

    /// Name of the campaign, for example `summer2024`.
    pub fn campaign(mut self, value: impl Into<String>) -> Self {
        self.campaign = Some(value.into());
        self
    }

    /// Where the user came from, for example `google`.
    pub fn source(mut self, value: impl Into<String>) -> Self {
        self.source = Some(value.into());
        self
    }

    /// How the user came, for example `clickthrough`.
    pub fn type_(mut self, value: impl Into<String>) -> Self {
        self.type_ = Some(value.into());
        self
    }
}

impl Default for Utm {
    fn default() -> Self {
        Self::new()
    }
}

impl Record for Utm {
    const NAME: &'static str = "Utm";
    const STRICT: bool = true;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            campaign: None,
            source: None,
            type_: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "campaign" => fields.field("campaign", &mut self.campaign),
            "source" => fields.field("source", &mut self.source),
            "type" => fields.field("type", &mut self.type_),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("campaign", &self.campaign)?;
        entries.field("source", &self.source)?;
        entries.field("type", &self.type_)?;
        Ok(())
    }
}

/// A vault. Its times are published as milliseconds since the Unix epoch, with examples in seconds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Vault {
    /// The vault's contract.
    pub address: Option<String>,
    /// Time at which the vault was created; see the type for the unit.
    pub created_at: Option<i64>,
    /// The name of the vault's curator; empty if none is set.
    pub curator_name: Option<String>,
    /// Description of the vault by its owner.
    pub description: Option<String>,
    /// Who controls the vault.
    pub kind: Option<VaultKind>,
    /// Time of the last change; see the type for the unit.
    pub last_updated_at: Option<i64>,
    /// Number of days for which a deposit is locked.
    pub lockup_period: Option<i64>,
    /// Maximum value of the vault, in USDC.
    pub max_tvl: Option<i64>,
    /// Name of the vault.
    pub name: Option<String>,
    /// The account that runs the vault.
    pub operator_account: Option<String>,
    /// The account that owns the vault.
    pub owner_account: Option<String>,
    /// Owner's share of the profit, in percent (`10` is ten percent).
    pub profit_share: Option<i64>,
    /// Status of the vault.
    pub status: Option<VaultStatus>,
    /// Strategies of the vault.
    pub strategies: Vec<Strategy>,
    /// Description of the strategy by the owner; empty if not set.
    pub strategy_description: Option<String>,
    /// The contract of the vault's shares.
    pub token_address: Option<String>,
    /// What the owner shows to others.
    pub visibility: Option<Visibility>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Vault {
    const NAME: &'static str = "Vault";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            created_at: None,
            curator_name: None,
            description: None,
            kind: None,
            last_updated_at: None,
            lockup_period: None,
            max_tvl: None,
            name: None,
            operator_account: None,
            owner_account: None,
            profit_share: None,
            status: None,
            strategies: Wire::blank(),
            strategy_description: None,
            token_address: None,
            visibility: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "curator_name" => fields.field("curator_name", &mut self.curator_name),
            "description" => fields.field("description", &mut self.description),
            "kind" => fields.field("kind", &mut self.kind),
            "last_updated_at" => {
                fields.field("last_updated_at", &mut self.last_updated_at)
            }
            "lockup_period" => fields.field("lockup_period", &mut self.lockup_period),
            "max_tvl" => fields.field("max_tvl", &mut self.max_tvl),
            "name" => fields.field("name", &mut self.name),
            "operator_account" => {
                fields.field("operator_account", &mut self.operator_account)
            }
            "owner_account" => fields.field("owner_account", &mut self.owner_account),
            "profit_share" => fields.field("profit_share", &mut self.profit_share),
            "status" => fields.field("status", &mut self.status),
            "strategies" => fields.field("strategies", &mut self.strategies),
            "strategy_description" => {
                fields.field("strategy_description", &mut self.strategy_description)
            }
            "token_address" => fields.field("token_address", &mut self.token_address),
            "visibility" => fields.field("visibility", &mut self.visibility),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("curator_name", &self.curator_name)?;
        entries.field("description", &self.description)?;
        entries.field("kind", &self.kind)?;
        entries.field("last_updated_at", &self.last_updated_at)?;
        entries.field("lockup_period", &self.lockup_period)?;
        entries.field("max_tvl", &self.max_tvl)?;
        entries.field("name", &self.name)?;
        entries.field("operator_account", &self.operator_account)?;
        entries.field("owner_account", &self.owner_account)?;
        entries.field("profit_share", &self.profit_share)?;
        entries.field("status", &self.status)?;
        entries.field("strategies", &self.strategies)?;
        entries.field("strategy_description", &self.strategy_description)?;
        entries.field("token_address", &self.token_address)?;
        entries.field("visibility", &self.visibility)?;
        Ok(())
    }
}

/// The fee that a depositor owes for one strategy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultAccountStrategyAccrual {
    /// The fee so far, estimated, in USDC.
    pub estimated_accrued_fee: Option<Decimal>,
    /// The strategy's address.
    pub strategy: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultAccountStrategyAccrual {
    const NAME: &'static str = "VaultAccountStrategyAccrual";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            estimated_accrued_fee: None,
            strategy: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "estimated_accrued_fee" => {
                fields.field("estimated_accrued_fee", &mut self.estimated_accrued_fee)
            }
            "strategy" => fields.field("strategy", &mut self.strategy),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("estimated_accrued_fee", &self.estimated_accrued_fee)?;
        entries.field("strategy", &self.strategy)?;
        Ok(())
    }
}

/// An account's share of a vault and its results.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultAccountSummary {
    /// The vault.
    pub address: Option<String>,
    /// Time at which the account joined. Published as milliseconds since the Unix epoch, with an example in seconds.
    pub created_at: Option<i64>,
    /// Deposited amount, in USDC.
    pub deposited_amount: Option<Decimal>,
    /// Estimate of the accrued fee that is not settled yet, in USDC. Fees of strategies are not included, so the total can be higher.
    pub estimated_accrued_fee: Option<Decimal>,
    /// The fee by strategy; empty so far.
    pub estimated_fee_breakdown: Vec<VaultAccountStrategyAccrual>,
    /// The price of a share above which gains are charged, for this depositor.
    pub hwm_price: Option<Decimal>,
    /// Whether the account owns the vault; the owner pays no share of the profit.
    pub is_vault_owner: Option<bool>,
    /// The result so far, in USD.
    pub total_pnl: Option<Decimal>,
    /// The return so far, as a fraction, `0.1` is ten percent.
    pub total_roi: Option<Decimal>,
    /// Number of vault shares that the account holds.
    pub vtoken_amount: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultAccountSummary {
    const NAME: &'static str = "VaultAccountSummary";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            created_at: None,
            deposited_amount: None,
            estimated_accrued_fee: None,
            estimated_fee_breakdown: Wire::blank(),
            hwm_price: None,
            is_vault_owner: None,
            total_pnl: None,
            total_roi: None,
            vtoken_amount: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "deposited_amount" => {
                fields.field("deposited_amount", &mut self.deposited_amount)
            }
            "estimated_accrued_fee" => {
                fields.field("estimated_accrued_fee", &mut self.estimated_accrued_fee)
            }
            "estimated_fee_breakdown" => {
                fields
                    .field("estimated_fee_breakdown", &mut self.estimated_fee_breakdown)
            }
            "hwm_price" => fields.field("hwm_price", &mut self.hwm_price),
            "is_vault_owner" => fields.field("is_vault_owner", &mut self.is_vault_owner),
            "total_pnl" => fields.field("total_pnl", &mut self.total_pnl),
            "total_roi" => fields.field("total_roi", &mut self.total_roi),
            "vtoken_amount" => fields.field("vtoken_amount", &mut self.vtoken_amount),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("deposited_amount", &self.deposited_amount)?;
        entries.field("estimated_accrued_fee", &self.estimated_accrued_fee)?;
        entries.field("estimated_fee_breakdown", &self.estimated_fee_breakdown)?;
        entries.field("hwm_price", &self.hwm_price)?;
        entries.field("is_vault_owner", &self.is_vault_owner)?;
        entries.field("total_pnl", &self.total_pnl)?;
        entries.field("total_roi", &self.total_roi)?;
        entries.field("vtoken_amount", &self.vtoken_amount)?;
        Ok(())
    }
}

/// A list of `VaultAccountSummary` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultAccountSummaryList {
    /// The items of the list.
    pub results: Vec<VaultAccountSummary>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultAccountSummaryList {
    const NAME: &'static str = "VaultAccountSummaryList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Performance figures over several windows of time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultAnalytics {
    /// The vault or strategy.
    pub address: Option<String>,
    /// Annualized volatility of returns.
    pub annualized_volatility: Option<WindowedMetrics>,
    /// Annualized return.
    pub apr: Option<WindowedMetrics>,
    /// When the figures were made, as a date and time of day.
    pub as_of: Option<String>,
    /// The best return of a period.
    pub best_period_return: Option<WindowedMetrics>,
    /// Maximum drawdown.
    pub max_drawdown: Option<WindowedMetrics>,
    /// The returns of the last twelve months.
    pub monthly_pnl_last_12m: Vec<VaultMonthlyPnlEntry>,
    /// Fraction of periods with a gain.
    pub pct_positive: Option<WindowedMetrics>,
    /// The result.
    pub pnl: Option<WindowedMetrics>,
    /// Hours to recover from the maximum drawdown.
    pub recovery_hours: Option<WindowedMetrics>,
    /// Sharpe ratio.
    pub sharpe_ratio: Option<WindowedMetrics>,
    /// The largest holders of shares.
    pub top_holders: Vec<VaultTopHolder>,
    /// The worst return of a period.
    pub worst_period_return: Option<WindowedMetrics>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultAnalytics {
    const NAME: &'static str = "VaultAnalytics";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            annualized_volatility: None,
            apr: None,
            as_of: None,
            best_period_return: None,
            max_drawdown: None,
            monthly_pnl_last_12m: Wire::blank(),
            pct_positive: None,
            pnl: None,
            recovery_hours: None,
            sharpe_ratio: None,
            top_holders: Wire::blank(),
            worst_period_return: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "annualized_volatility" => {
                fields.field("annualized_volatility", &mut self.annualized_volatility)
            }
            "apr" => fields.field("apr", &mut self.apr),
            "as_of" => fields.field("as_of", &mut self.as_of),
            "best_period_return" => {
                fields.field("best_period_return", &mut self.best_period_return)
            }
            "max_drawdown" => fields.field("max_drawdown", &mut self.max_drawdown),
            "monthly_pnl_last_12m" => {
                fields.field("monthly_pnl_last_12m", &mut self.monthly_pnl_last_12m)
            }
            "pct_positive" => fields.field("pct_positive", &mut self.pct_positive),
            "pnl" => fields.field("pnl", &mut self.pnl),
            "recovery_hours" => fields.field("recovery_hours", &mut self.recovery_hours),
            "sharpe_ratio" => fields.field("sharpe_ratio", &mut self.sharpe_ratio),
            "top_holders" => fields.field("top_holders", &mut self.top_holders),
            "worst_period_return" => {
                fields.field("worst_period_return", &mut self.worst_period_return)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("annualized_volatility", &self.annualized_volatility)?;
        entries.field("apr", &self.apr)?;
        entries.field("as_of", &self.as_of)?;
        entries.field("best_period_return", &self.best_period_return)?;
        entries.field("max_drawdown", &self.max_drawdown)?;
        entries.field("monthly_pnl_last_12m", &self.monthly_pnl_last_12m)?;
        entries.field("pct_positive", &self.pct_positive)?;
        entries.field("pnl", &self.pnl)?;
        entries.field("recovery_hours", &self.recovery_hours)?;
        entries.field("sharpe_ratio", &self.sharpe_ratio)?;
        entries.field("top_holders", &self.top_holders)?;
        entries.field("worst_period_return", &self.worst_period_return)?;
        Ok(())
    }
}

/// The performance figures of a vault and its strategies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultAnalyticsResponse {
    /// The vault.
    pub address: Option<String>,
    /// When the figures were made, as a date and time of day.
    pub as_of: Option<String>,
    /// Figures of each strategy that has any.
    pub substrategies: Vec<AccountAnalytics>,
    /// Figures of the whole vault; absent or `null` if there are none yet.
    pub vault_level: Option<VaultAnalytics>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultAnalyticsResponse {
    const NAME: &'static str = "VaultAnalyticsResponse";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            as_of: None,
            substrategies: Wire::blank(),
            vault_level: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "as_of" => fields.field("as_of", &mut self.as_of),
            "substrategies" => fields.field("substrategies", &mut self.substrategies),
            "vault_level" => fields.field("vault_level", &mut self.vault_level),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("as_of", &self.as_of)?;
        entries.field("substrategies", &self.substrategies)?;
        entries.field("vault_level", &self.vault_level)?;
        Ok(())
    }
}

/// A figure of a vault over time, as two lists of the same length.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultHistoricalData {
    /// The vault.
    pub address: Option<String>,
    /// The values, oldest first.
    pub data: Vec<f64>,
    /// The times that belong to the values; the unit is not documented.
    pub timestamps: Vec<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultHistoricalData {
    const NAME: &'static str = "VaultHistoricalData";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            data: Wire::blank(),
            timestamps: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "data" => fields.field("data", &mut self.data),
            "timestamps" => fields.field("timestamps", &mut self.timestamps),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("data", &self.data)?;
        entries.field("timestamps", &self.timestamps)?;
        Ok(())
    }
}

/// A list of `VaultHistoricalData` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultHistoricalDataList {
    /// The items of the list.
    pub results: Vec<VaultHistoricalData>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultHistoricalDataList {
    const NAME: &'static str = "VaultHistoricalDataList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Values of `GET /vaults/history type`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VaultHistoryKind {
    /// `pnl`
    Pnl,
    /// `price`
    Price,
    /// `value`
    Value,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(VaultHistoryKind { Pnl = "pnl", Price = "price", Value = "value" });
/// Who controls a vault.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VaultKind {
    /// `protocol`: The exchange.
    Protocol,
    /// `user`: A user.
    User,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(VaultKind { Protocol = "protocol", User = "user" });
/// A list of `Vault` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultList {
    /// The items of the list.
    pub results: Vec<Vault>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultList {
    const NAME: &'static str = "VaultList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// The return of a vault in one month.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultMonthlyPnlEntry {
    /// The first day of the month, as `YYYY-MM-DD`.
    pub month: Option<String>,
    /// The return; the example suggests a fraction.
    pub month_return_pct: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultMonthlyPnlEntry {
    const NAME: &'static str = "VaultMonthlyPnlEntry";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            month: None,
            month_return_pct: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "month" => fields.field("month", &mut self.month),
            "month_return_pct" => {
                fields.field("month_return_pct", &mut self.month_return_pct)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("month", &self.month)?;
        entries.field("month_return_pct", &self.month_return_pct)?;
        Ok(())
    }
}

/// Status of a vault.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VaultStatus {
    /// `ACTIVE`: The vault trades.
    Active,
    /// `CLOSED`: The vault is closed.
    Closed,
    /// `FAILED`: The vault could not be set up.
    Failed,
    /// `INITIALIZING`: The vault is being set up.
    Initializing,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(
    VaultStatus { Active = "ACTIVE", Closed = "CLOSED", Failed = "FAILED", Initializing =
    "INITIALIZING" }
);
/// Key figures of a vault. Returns and drawdowns are fractions (`0.1` is ten percent).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultSummary {
    /// The vault.
    pub address: Option<String>,
    /// Annualized return of the last 30 days.
    pub last_month_return: Option<Decimal>,
    /// Maximum drawdown since the vault began, as a positive number.
    pub max_drawdown: Option<Decimal>,
    /// Maximum drawdown in 24 hours, as a positive number.
    pub max_drawdown_24h: Option<Decimal>,
    /// Maximum drawdown in 30 days, as a positive number.
    pub max_drawdown_30d: Option<Decimal>,
    /// Maximum drawdown in 7 days, as a positive number.
    pub max_drawdown_7d: Option<Decimal>,
    /// Deposits less withdrawals, in USDC.
    pub net_deposits: Option<Decimal>,
    /// Expected time of the next fee settlement, in milliseconds since the Unix epoch; `null` while unknown.
    pub next_fee_settlement_at: Option<i64>,
    /// Number of accounts with a deposit.
    pub num_depositors: Option<i64>,
    /// Owner's share of the vault.
    pub owner_equity: Option<Decimal>,
    /// The result of 24 hours, in USDC.
    pub pnl_24h: Option<Decimal>,
    /// The result of 30 days, in USDC.
    pub pnl_30d: Option<Decimal>,
    /// The result of 7 days, in USDC.
    pub pnl_7d: Option<Decimal>,
    /// The return of 24 hours.
    pub roi_24h: Option<Decimal>,
    /// The return of 30 days.
    pub roi_30d: Option<Decimal>,
    /// The return of 7 days.
    pub roi_7d: Option<Decimal>,
    /// The terms and the index of each strategy.
    pub strategies: Vec<VaultSummaryStrategy>,
    /// Result since the vault began, in USDC.
    pub total_pnl: Option<Decimal>,
    /// Return since the vault began.
    pub total_roi: Option<Decimal>,
    /// Total value locked: deposits and unrealized results, in USDC.
    pub tvl: Option<Decimal>,
    /// Traded volume since the vault began, in USD.
    pub volume: Option<Decimal>,
    /// The volume of 24 hours, in USD.
    pub volume_24h: Option<Decimal>,
    /// The volume of 30 days, in USD.
    pub volume_30d: Option<Decimal>,
    /// The volume of 7 days, in USD.
    pub volume_7d: Option<Decimal>,
    /// The price of a share, in USD.
    pub vtoken_price: Option<Decimal>,
    /// Number of vault shares.
    pub vtoken_supply: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultSummary {
    const NAME: &'static str = "VaultSummary";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            address: None,
            last_month_return: None,
            max_drawdown: None,
            max_drawdown_24h: None,
            max_drawdown_30d: None,
            max_drawdown_7d: None,
            net_deposits: None,
            next_fee_settlement_at: None,
            num_depositors: None,
            owner_equity: None,
            pnl_24h: None,
            pnl_30d: None,
            pnl_7d: None,
            roi_24h: None,
            roi_30d: None,
            roi_7d: None,
            strategies: Wire::blank(),
            total_pnl: None,
            total_roi: None,
            tvl: None,
            volume: None,
            volume_24h: None,
            volume_30d: None,
            volume_7d: None,
            vtoken_price: None,
            vtoken_supply: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "address" => fields.field("address", &mut self.address),
            "last_month_return" => {
                fields.field("last_month_return", &mut self.last_month_return)
            }
            "max_drawdown" => fields.field("max_drawdown", &mut self.max_drawdown),
            "max_drawdown_24h" => {
                fields.field("max_drawdown_24h", &mut self.max_drawdown_24h)
            }
            "max_drawdown_30d" => {
                fields.field("max_drawdown_30d", &mut self.max_drawdown_30d)
            }
            "max_drawdown_7d" => {
                fields.field("max_drawdown_7d", &mut self.max_drawdown_7d)
            }
            "net_deposits" => fields.field("net_deposits", &mut self.net_deposits),
            "next_fee_settlement_at" => {
                fields.field("next_fee_settlement_at", &mut self.next_fee_settlement_at)
            }
            "num_depositors" => fields.field("num_depositors", &mut self.num_depositors),
            "owner_equity" => fields.field("owner_equity", &mut self.owner_equity),
            "pnl_24h" => fields.field("pnl_24h", &mut self.pnl_24h),
            "pnl_30d" => fields.field("pnl_30d", &mut self.pnl_30d),
            "pnl_7d" => fields.field("pnl_7d", &mut self.pnl_7d),
            "roi_24h" => fields.field("roi_24h", &mut self.roi_24h),
            "roi_30d" => fields.field("roi_30d", &mut self.roi_30d),
            "roi_7d" => fields.field("roi_7d", &mut self.roi_7d),
            "strategies" => fields.field("strategies", &mut self.strategies),
            "total_pnl" => fields.field("total_pnl", &mut self.total_pnl),
            "total_roi" => fields.field("total_roi", &mut self.total_roi),
            "tvl" => fields.field("tvl", &mut self.tvl),
            "volume" => fields.field("volume", &mut self.volume),
            "volume_24h" => fields.field("volume_24h", &mut self.volume_24h),
            "volume_30d" => fields.field("volume_30d", &mut self.volume_30d),
            "volume_7d" => fields.field("volume_7d", &mut self.volume_7d),
            "vtoken_price" => fields.field("vtoken_price", &mut self.vtoken_price),
            "vtoken_supply" => fields.field("vtoken_supply", &mut self.vtoken_supply),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("address", &self.address)?;
        entries.field("last_month_return", &self.last_month_return)?;
        entries.field("max_drawdown", &self.max_drawdown)?;
        entries.field("max_drawdown_24h", &self.max_drawdown_24h)?;
        entries.field("max_drawdown_30d", &self.max_drawdown_30d)?;
        entries.field("max_drawdown_7d", &self.max_drawdown_7d)?;
        entries.field("net_deposits", &self.net_deposits)?;
        entries.field("next_fee_settlement_at", &self.next_fee_settlement_at)?;
        entries.field("num_depositors", &self.num_depositors)?;
        entries.field("owner_equity", &self.owner_equity)?;
        entries.field("pnl_24h", &self.pnl_24h)?;
        entries.field("pnl_30d", &self.pnl_30d)?;
        entries.field("pnl_7d", &self.pnl_7d)?;
        entries.field("roi_24h", &self.roi_24h)?;
        entries.field("roi_30d", &self.roi_30d)?;
        entries.field("roi_7d", &self.roi_7d)?;
        entries.field("strategies", &self.strategies)?;
        entries.field("total_pnl", &self.total_pnl)?;
        entries.field("total_roi", &self.total_roi)?;
        entries.field("tvl", &self.tvl)?;
        entries.field("volume", &self.volume)?;
        entries.field("volume_24h", &self.volume_24h)?;
        entries.field("volume_30d", &self.volume_30d)?;
        entries.field("volume_7d", &self.volume_7d)?;
        entries.field("vtoken_price", &self.vtoken_price)?;
        entries.field("vtoken_supply", &self.vtoken_supply)?;
        Ok(())
    }
}

/// A list of `VaultSummary` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultSummaryList {
    /// The items of the list.
    pub results: Vec<VaultSummary>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultSummaryList {
    const NAME: &'static str = "VaultSummaryList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// Terms and performance of a strategy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultSummaryStrategy {
    /// Address that receives the fees, which can differ from the strategy's; empty before terms are set.
    pub fee_recipient: Option<String>,
    /// Latest performance index of the strategy.
    pub pnl_index: Option<Decimal>,
    /// Strategy's share of the profit, in percent; empty before terms are set.
    pub profit_share_percentage: Option<Decimal>,
    /// The strategy's address.
    pub strategy: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultSummaryStrategy {
    const NAME: &'static str = "VaultSummaryStrategy";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            fee_recipient: None,
            pnl_index: None,
            profit_share_percentage: None,
            strategy: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "fee_recipient" => fields.field("fee_recipient", &mut self.fee_recipient),
            "pnl_index" => fields.field("pnl_index", &mut self.pnl_index),
            "profit_share_percentage" => {
                fields
                    .field("profit_share_percentage", &mut self.profit_share_percentage)
            }
            "strategy" => fields.field("strategy", &mut self.strategy),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("fee_recipient", &self.fee_recipient)?;
        entries.field("pnl_index", &self.pnl_index)?;
        entries.field("profit_share_percentage", &self.profit_share_percentage)?;
        entries.field("strategy", &self.strategy)?;
        Ok(())
    }
}

/// One of the largest holders of vault shares, anonymously.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultTopHolder {
    /// Share of the vault, in percent.
    pub percentage: Option<Decimal>,
    /// Rank; 1 is the largest holder.
    pub rank: Option<i64>,
    /// Value of the share, in USDC.
    pub value_usdc: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultTopHolder {
    const NAME: &'static str = "VaultTopHolder";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            percentage: None,
            rank: None,
            value_usdc: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "percentage" => fields.field("percentage", &mut self.percentage),
            "rank" => fields.field("rank", &mut self.rank),
            "value_usdc" => fields.field("value_usdc", &mut self.value_usdc),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("percentage", &self.percentage)?;
        entries.field("rank", &self.rank)?;
        entries.field("value_usdc", &self.value_usdc)?;
        Ok(())
    }
}

/// Limits of all vaults.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VaultsConfig {
    /// Longest lockup of deposits, in days.
    pub max_lockup_period_days: Option<String>,
    /// Largest profit share of an owner, in percent.
    pub max_profit_share_percentage: Option<Decimal>,
    /// Minimum first deposit of an owner.
    pub min_initial_deposit: Option<Decimal>,
    /// Shortest lockup of deposits, in days.
    pub min_lockup_period_days: Option<String>,
    /// Minimum share of a vault that its owner must hold, in percent.
    pub min_owner_share_percentage: Option<Decimal>,
    /// Period after which fees are settled, in seconds; 0 if not set.
    pub profit_share_period: Option<String>,
    /// Contract that creates vaults.
    pub vault_factory_address: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VaultsConfig {
    const NAME: &'static str = "VaultsConfig";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            max_lockup_period_days: None,
            max_profit_share_percentage: None,
            min_initial_deposit: None,
            min_lockup_period_days: None,
            min_owner_share_percentage: None,
            profit_share_period: None,
            vault_factory_address: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "max_lockup_period_days" => {
                fields.field("max_lockup_period_days", &mut self.max_lockup_period_days)
            }
            "max_profit_share_percentage" => {
                fields
                    .field(
                        "max_profit_share_percentage",
                        &mut self.max_profit_share_percentage,
                    )
            }
            "min_initial_deposit" => {
                fields.field("min_initial_deposit", &mut self.min_initial_deposit)
            }
            "min_lockup_period_days" => {
                fields.field("min_lockup_period_days", &mut self.min_lockup_period_days)
            }
            "min_owner_share_percentage" => {
                fields
                    .field(
                        "min_owner_share_percentage",
                        &mut self.min_owner_share_percentage,
                    )
            }
            "profit_share_period" => {
                fields.field("profit_share_period", &mut self.profit_share_period)
            }
            "vault_factory_address" => {
                fields.field("vault_factory_address", &mut self.vault_factory_address)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("max_lockup_period_days", &self.max_lockup_period_days)?;
        entries.field("max_profit_share_percentage", &self.max_profit_share_percentage)?;
        entries.field("min_initial_deposit", &self.min_initial_deposit)?;
        entries.field("min_lockup_period_days", &self.min_lockup_period_days)?;
        entries.field("min_owner_share_percentage", &self.min_owner_share_percentage)?;
        entries.field("profit_share_period", &self.profit_share_period)?;
        entries.field("vault_factory_address", &self.vault_factory_address)?;
        Ok(())
    }
}

/// What the owner of a vault shows to others.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Visibility {
    /// Whether balances are visible to others.
    pub balances: Option<bool>,
    /// Whether positions are visible to others.
    pub positions: Option<bool>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for Visibility {
    const NAME: &'static str = "Visibility";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            balances: None,
            positions: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "balances" => fields.field("balances", &mut self.balances),
            "positions" => fields.field("positions", &mut self.positions),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("balances", &self.balances)?;
        entries.field("positions", &self.positions)?;
        Ok(())
    }
}

/// Shocks of implied volatility in portfolio margin scenarios.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VolShockParams {
    /// Minimum time to expiry in the calculation, in days.
    pub dte_floor_days: Option<f64>,
    /// Minimum upward shock.
    pub min_vol_shock_up: Option<f64>,
    /// Exponent for options with a late expiry.
    pub vega_power_long_dte: Option<f64>,
    /// Exponent for options with an early expiry.
    pub vega_power_short_dte: Option<f64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VolShockParams {
    const NAME: &'static str = "VolShockParams";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            dte_floor_days: None,
            min_vol_shock_up: None,
            vega_power_long_dte: None,
            vega_power_short_dte: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "dte_floor_days" => fields.field("dte_floor_days", &mut self.dte_floor_days),
            "min_vol_shock_up" => {
                fields.field("min_vol_shock_up", &mut self.min_vol_shock_up)
            }
            "vega_power_long_dte" => {
                fields.field("vega_power_long_dte", &mut self.vega_power_long_dte)
            }
            "vega_power_short_dte" => {
                fields.field("vega_power_short_dte", &mut self.vega_power_short_dte)
            }
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("dte_floor_days", &self.dte_floor_days)?;
        entries.field("min_vol_shock_up", &self.min_vol_shock_up)?;
        entries.field("vega_power_long_dte", &self.vega_power_long_dte)?;
        entries.field("vega_power_short_dte", &self.vega_power_short_dte)?;
        Ok(())
    }
}

/// A fee tier by trading volume.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VolumeTier {
    /// The fees by kind of asset and of order, as fractions.
    pub fee_rates: BTreeMap<String, String>,
    /// Kind of account to which the tier applies.
    pub kind: Option<VolumeTierKind>,
    /// Minimum volume.
    pub min_volume: Option<Decimal>,
    /// Period over which volume counts, for example `14d`.
    pub min_volume_duration: Option<String>,
    /// Lower minimum volume for holders of a partner's NFT.
    pub nft_min_volume: Option<Decimal>,
    /// Position in the list of tiers.
    pub sort_order: Option<i64>,
    /// Name of the tier.
    pub tier_name: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VolumeTier {
    const NAME: &'static str = "VolumeTier";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            fee_rates: Wire::blank(),
            kind: None,
            min_volume: None,
            min_volume_duration: None,
            nft_min_volume: None,
            sort_order: None,
            tier_name: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "fee_rates" => fields.field("fee_rates", &mut self.fee_rates),
            "kind" => fields.field("kind", &mut self.kind),
            "min_volume" => fields.field("min_volume", &mut self.min_volume),
            "min_volume_duration" => {
                fields.field("min_volume_duration", &mut self.min_volume_duration)
            }
            "nft_min_volume" => fields.field("nft_min_volume", &mut self.nft_min_volume),
            "sort_order" => fields.field("sort_order", &mut self.sort_order),
            "tier_name" => fields.field("tier_name", &mut self.tier_name),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("fee_rates", &self.fee_rates)?;
        entries.field("kind", &self.kind)?;
        entries.field("min_volume", &self.min_volume)?;
        entries.field("min_volume_duration", &self.min_volume_duration)?;
        entries.field("nft_min_volume", &self.nft_min_volume)?;
        entries.field("sort_order", &self.sort_order)?;
        entries.field("tier_name", &self.tier_name)?;
        Ok(())
    }
}

/// Values of `responses.VolumeTierResp.kind`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VolumeTierKind {
    /// `pro`
    Pro,
    /// `retail`
    Retail,
    /// A value that this version of the crate does not know; it is written back unchanged.
    Unknown(UnknownValue),
}

open_enum!(VolumeTierKind { Pro = "pro", Retail = "retail" });
/// The tier that an account has reached.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VolumeTierKindInfo {
    /// The name of the tier, for example `VIP 1`.
    pub tier: Option<String>,
    /// Volume that counts for the tier.
    pub volume: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VolumeTierKindInfo {
    const NAME: &'static str = "VolumeTierKindInfo";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            tier: None,
            volume: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "tier" => fields.field("tier", &mut self.tier),
            "volume" => fields.field("volume", &mut self.volume),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("tier", &self.tier)?;
        entries.field("volume", &self.volume)?;
        Ok(())
    }
}

/// A list of `VolumeTier` values, all in one response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VolumeTierList {
    /// The items of the list.
    pub results: Vec<VolumeTier>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for VolumeTierList {
    const NAME: &'static str = "VolumeTierList";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("results", &self.results)?;
        Ok(())
    }
}

/// One figure over several windows of time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WindowedMetrics {
    /// Over the last year.
    pub window_1y: Option<Decimal>,
    /// Over the last 24 hours.
    pub window_24h: Option<Decimal>,
    /// Over the last 30 days.
    pub window_30d: Option<Decimal>,
    /// Over the last 7 days.
    pub window_7d: Option<Decimal>,
    /// Over the last 90 days.
    pub window_90d: Option<Decimal>,
    /// Since the beginning.
    pub window_all: Option<Decimal>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for WindowedMetrics {
    const NAME: &'static str = "WindowedMetrics";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            window_1y: None,
            window_24h: None,
            window_30d: None,
            window_7d: None,
            window_90d: None,
            window_all: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "window_1y" => fields.field("window_1y", &mut self.window_1y),
            "window_24h" => fields.field("window_24h", &mut self.window_24h),
            "window_30d" => fields.field("window_30d", &mut self.window_30d),
            "window_7d" => fields.field("window_7d", &mut self.window_7d),
            "window_90d" => fields.field("window_90d", &mut self.window_90d),
            "window_all" => fields.field("window_all", &mut self.window_all),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("window_1y", &self.window_1y)?;
        entries.field("window_24h", &self.window_24h)?;
        entries.field("window_30d", &self.window_30d)?;
        entries.field("window_7d", &self.window_7d)?;
        entries.field("window_90d", &self.window_90d)?;
        entries.field("window_all", &self.window_all)?;
        Ok(())
    }
}

/// XP balance of an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct XpBalance {
    /// XP earned by trading, from the leaderboard; transfers never change it.
    pub earned_xp: Option<i64>,
    /// Largest amount of XP that can be transferred.
    pub transferrable_xp: Option<i64>,
    /// Balance of XP transfers.
    pub xp_delta: Option<i64>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for XpBalance {
    const NAME: &'static str = "XpBalance";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            earned_xp: None,
            transferrable_xp: None,
            xp_delta: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "earned_xp" => fields.field("earned_xp", &mut self.earned_xp),
            "transferrable_xp" => {
                fields.field("transferrable_xp", &mut self.transferrable_xp)
            }
            "xp_delta" => fields.field("xp_delta", &mut self.xp_delta),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("earned_xp", &self.earned_xp)?;
        entries.field("transferrable_xp", &self.transferrable_xp)?;
        entries.field("xp_delta", &self.xp_delta)?;
        Ok(())
    }
}

/// A transfer of experience points.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct XpTransfer {
    /// Number of points.
    pub amount: Option<i64>,
    /// Time at which the transfer was made, in milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Fee in points, paid by the sender in addition.
    pub fee: Option<i64>,
    /// Id of the transfer.
    pub id: Option<String>,
    /// Whether the transfer is left out of the public list.
    pub is_private: Option<bool>,
    /// Address of the recipient.
    pub recipient: Option<String>,
    /// The season of the points, for example `season2`.
    pub season: Option<String>,
    /// Address of the sender.
    pub sender: Option<String>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for XpTransfer {
    const NAME: &'static str = "XpTransfer";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            amount: None,
            created_at: None,
            fee: None,
            id: None,
            is_private: None,
            recipient: None,
            season: None,
            sender: None,
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "amount" => fields.field("amount", &mut self.amount),
            "created_at" => fields.field("created_at", &mut self.created_at),
            "fee" => fields.field("fee", &mut self.fee),
            "id" => fields.field("id", &mut self.id),
            "is_private" => fields.field("is_private", &mut self.is_private),
            "recipient" => fields.field("recipient", &mut self.recipient),
            "season" => fields.field("season", &mut self.season),
            "sender" => fields.field("sender", &mut self.sender),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("amount", &self.amount)?;
        entries.field("created_at", &self.created_at)?;
        entries.field("fee", &self.fee)?;
        entries.field("id", &self.id)?;
        entries.field("is_private", &self.is_private)?;
        entries.field("recipient", &self.recipient)?;
        entries.field("season", &self.season)?;
        entries.field("sender", &self.sender)?;
        Ok(())
    }
}

/// One page of `XpTransfer` values; `next` is the cursor of the page after it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct XpTransferPage {
    /// Cursor of the following page; null on the last one.
    pub next: Option<String>,
    /// Cursor of the page before; null on the first one.
    pub prev: Option<String>,
    /// The entries of the page.
    pub results: Vec<XpTransfer>,
    pub(crate) undecoded_: Undecoded,
}

impl Record for XpTransferPage {
    const NAME: &'static str = "XpTransferPage";
    const STRICT: bool = false;
    const REQUIRED: &'static [&'static str] = &[];
    fn blank() -> Self {
        Self {
            next: None,
            prev: None,
            results: Wire::blank(),
            undecoded_: Undecoded::NONE,
        }
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        fields: &mut Fields<A>,
    ) -> Result<(), A::Error> {
        match name {
            "next" => fields.field("next", &mut self.next),
            "prev" => fields.field("prev", &mut self.prev),
            "results" => fields.field("results", &mut self.results),
            _ => fields.skip(),
        }
    }

    fn write_fields<S: SerializeMap>(
        &self,
        entries: &mut Entries<'_, S>,
    ) -> Result<(), S::Error> {
        entries.field("next", &self.next)?;
        entries.field("prev", &self.prev)?;
        entries.field("results", &self.results)?;
        Ok(())
    }
}

record!(
    AccountAnalytics AccountDailyPnlPoint AccountHistoricalData AccountHourlyPnlPoint
    AccountInfo AccountInfoList AccountMarginConfigs AccountMarginEntry
    AccountMarginRequest AccountMarginUpdated AccountMonthlyPnlEntry AccountProfile
    AccountSettings AccountSummary AccountSummaryList ActivateSubkeyRequest
    ActivateSubkeyResponse AlgoOrder AlgoOrderList AlgoOrderPage AlgoOrderRequest
    Announcement AnnouncementPage ApiError ApiToken ApiTokenList AskBidArray Auth Balance
    BalanceList Batch Bbo BlockExecuteRequest BlockOfferInfo BlockOfferRequest
    BlockTradeConstraints BlockTradeDetail BlockTradeDetailFull BlockTradeDetailFullList
    BlockTradeDetailFullPage BlockTradeInfo BlockTradeOrder BlockTradeRequest
    BlockTradeSignature BridgedToken CancelOrderBatchRequest CancelOrderBatchResponse
    CancelOrderResponse ComplianceAction ComplianceActionList CreateSubkeyRequest
    CreateTokenRequest CreateTokenResponse CreateTransferResponse CreateVaultRequest
    CreateXpTransferRequest Delta1CrossMarginParams DiscordProfile Error FeeWithCap Fees
    Fill FillPage FundingData FundingDataPage FundingPayment FundingPaymentPage Greeks
    ImpactPrice InsuranceAccount JwkKey Jwks KlineList Liquidation LiquidationList
    MakerTakerFee Market MarketEvent MarketEventList MarketFeeConfig MarketHistoryFields
    MarketList MarketSettlement MarketSummary MarketSummaryList ModifyOrderRequest Nft
    NftPrice NotificationPreferences OnboardingDerivationInfo OnboardingRequest
    OnboardingStatus OptionCrossMarginParams OptionMarginParams Order OrderList OrderPage
    OrderRequest ParadigmEnable PortfolioMarginParams PortfolioMarginParamsList
    PortfolioMarginScenario Position PositionList RecordComplianceActionRequest
    ReferralConfig Referrals ReferralsList RefreshInventoryResponse RequestInfo
    RevokeSubkeyResponse RevokeTokenResponse Rfq RfqAccepted RfqBbo RfqBboLeg
    RfqCreateRequest RfqDraft RfqDraftList RfqExecuteRequest RfqLeg RfqLegResult RfqPage
    RollingDetails ShareRate StakingConfig StakingStake StakingStakeList StakingSummary
    StakingTier Strategy SubaccountList Subkey SubkeyList SystemConfig SystemState
    SystemTime Trade TradePage Tradebust TradebustPage Transaction TransactionPage
    Transfer TransferFeeConfig TransferList TransferPage TwitterProfile
    UpdateAccountMaxSlippageRequest UpdateAccountProfileRequest UpdateAllowedCidrsRequest
    UpdateNotificationPreferencesRequest UpdateSizeCurrencyDisplayRequest
    UpdateSubkeyRequest UpdateTradingValueDisplayRequest Utm Vault
    VaultAccountStrategyAccrual VaultAccountSummary VaultAccountSummaryList
    VaultAnalytics VaultAnalyticsResponse VaultHistoricalData VaultHistoricalDataList
    VaultList VaultMonthlyPnlEntry VaultSummary VaultSummaryList VaultSummaryStrategy
    VaultTopHolder VaultsConfig Visibility VolShockParams VolumeTier VolumeTierKindInfo
    VolumeTierList WindowedMetrics XpBalance XpTransfer XpTransferPage
);
#[cfg(feature = "stream")]
record!(
    AuthParams AuthResult BalanceEvent ChannelName ModifySubscriptionParams
    OrderCancelAllParams OrderCancelAllResult OrderCancelBatchOutcome
    OrderCancelBatchParams OrderCancelBatchResult OrderCancelOnDisconnectParams
    OrderCancelOnDisconnectResult OrderCancelParams OrderCancelResult
    OrderCreateBatchOutcome OrderCreateBatchParams OrderCreateBatchResult
    OrderCreateResult OrderModifyResult PriceBookLevel PriceBookUpdate RfqCommandOutcome
    RfqEvent RfqEventQuote RfqEventRfq RfqEventTrade SubscribeParams
);
#[cfg(feature = "schemars")]
crate::wire::json_schema!(
    AccountAnalytics = "AccountAnalytics", AccountDailyPnlPoint = "AccountDailyPnlPoint",
    AccountHistoricalData = "AccountHistoricalData", AccountHistoryKind =
    "AccountHistoryKind", AccountHourlyPnlPoint = "AccountHourlyPnlPoint", AccountInfo =
    "AccountInfo", AccountInfoList = "AccountInfoList", AccountKind = "AccountKind",
    AccountMarginConfigs = "AccountMarginConfigs", AccountMarginEntry =
    "AccountMarginEntry", AccountMarginRequest = "AccountMarginRequest",
    AccountMarginUpdated = "AccountMarginUpdated", AccountMonthlyPnlEntry =
    "AccountMonthlyPnlEntry", AccountProfile = "AccountProfile", AccountSettings =
    "AccountSettings", AccountSummary = "AccountSummary", AccountSummaryList =
    "AccountSummaryList", ActivateSubkeyRequest = "ActivateSubkeyRequest",
    ActivateSubkeyResponse = "ActivateSubkeyResponse", AlgoOrder = "AlgoOrder",
    AlgoOrderList = "AlgoOrderList", AlgoOrderPage = "AlgoOrderPage", AlgoOrderRequest =
    "AlgoOrderRequest", AlgoType = "AlgoType", Announcement = "Announcement",
    AnnouncementKind = "AnnouncementKind", AnnouncementPage = "AnnouncementPage",
    ApiError = "ApiError", ApiToken = "ApiToken", ApiTokenList = "ApiTokenList",
    AskBidArray = "AskBidArray", AssetKind = "AssetKind", Auth = "Auth", #[cfg(feature =
    "stream")] AuthParams = "AuthParams", #[cfg(feature = "stream")] AuthResult =
    "AuthResult", Balance = "Balance", #[cfg(feature = "stream")] BalanceEvent =
    "BalanceEvent", BalanceList = "BalanceList", Batch = "Batch", Bbo = "Bbo",
    BlockExecuteRequest = "BlockExecuteRequest", BlockOfferInfo = "BlockOfferInfo",
    BlockOfferRequest = "BlockOfferRequest", BlockTradeConstraints =
    "BlockTradeConstraints", BlockTradeDetail = "BlockTradeDetail", BlockTradeDetailFull
    = "BlockTradeDetailFull", BlockTradeDetailFullList = "BlockTradeDetailFullList",
    BlockTradeDetailFullPage = "BlockTradeDetailFullPage", BlockTradeInfo =
    "BlockTradeInfo", BlockTradeOrder = "BlockTradeOrder", BlockTradeRequest =
    "BlockTradeRequest", BlockTradeSignature = "BlockTradeSignature",
    BlockTradeSignatureType = "BlockTradeSignatureType", BlockTradeStatus =
    "BlockTradeStatus", BlockTradeType = "BlockTradeType", BridgedToken = "BridgedToken",
    CancelOrderBatchRequest = "CancelOrderBatchRequest", CancelOrderBatchResponse =
    "CancelOrderBatchResponse", CancelOrderResponse = "CancelOrderResponse", CancelStatus
    = "CancelStatus", #[cfg(feature = "stream")] ChannelName = "ChannelName",
    ComplianceAction = "ComplianceAction", ComplianceActionList = "ComplianceActionList",
    CreateSubkeyRequest = "CreateSubkeyRequest", CreateTokenRequest =
    "CreateTokenRequest", CreateTokenResponse = "CreateTokenResponse",
    CreateTransferResponse = "CreateTransferResponse", CreateVaultRequest =
    "CreateVaultRequest", CreateXpTransferRequest = "CreateXpTransferRequest",
    Delta1CrossMarginParams = "Delta1CrossMarginParams", DiscordProfile =
    "DiscordProfile", Error = "Error", ErrorCode = "ErrorCode", Fees = "Fees", FeeWithCap
    = "FeeWithCap", Fill = "Fill", FillFlag = "FillFlag", FillPage = "FillPage", FillType
    = "FillType", FundingData = "FundingData", FundingDataPage = "FundingDataPage",
    FundingPayment = "FundingPayment", FundingPaymentPage = "FundingPaymentPage", Greeks
    = "Greeks", HistoryResolution = "HistoryResolution", ImpactPrice = "ImpactPrice",
    InsuranceAccount = "InsuranceAccount", JwkKey = "JwkKey", Jwks = "Jwks", KlineList =
    "KlineList", KlineResolution = "KlineResolution", Liquidation = "Liquidation",
    LiquidationList = "LiquidationList", MakerTakerFee = "MakerTakerFee", MarginType =
    "MarginType", Market = "Market", MarketEvent = "MarketEvent", MarketEventList =
    "MarketEventList", MarketEventType = "MarketEventType", MarketFeeConfig =
    "MarketFeeConfig", MarketHistoryFields = "MarketHistoryFields", MarketKind =
    "MarketKind", MarketList = "MarketList", MarketSettlement = "MarketSettlement",
    MarketSummary = "MarketSummary", MarketSummaryList = "MarketSummaryList",
    ModifyOrderRequest = "ModifyOrderRequest", #[cfg(feature = "stream")]
    ModifySubscriptionParams = "ModifySubscriptionParams", Nft = "Nft", NftPrice =
    "NftPrice", NotificationPreferences = "NotificationPreferences",
    OnboardingDerivationInfo = "OnboardingDerivationInfo", OnboardingRequest =
    "OnboardingRequest", OnboardingStatus = "OnboardingStatus", OptionCrossMarginParams =
    "OptionCrossMarginParams", OptionMarginParams = "OptionMarginParams", OptionType =
    "OptionType", Order = "Order", #[cfg(feature = "stream")] OrderCancelAllParams =
    "OrderCancelAllParams", #[cfg(feature = "stream")] OrderCancelAllResult =
    "OrderCancelAllResult", #[cfg(feature = "stream")] OrderCancelBatchOutcome =
    "OrderCancelBatchOutcome", #[cfg(feature = "stream")] OrderCancelBatchParams =
    "OrderCancelBatchParams", #[cfg(feature = "stream")] OrderCancelBatchResult =
    "OrderCancelBatchResult", #[cfg(feature = "stream")] OrderCancelOnDisconnectParams =
    "OrderCancelOnDisconnectParams", #[cfg(feature = "stream")]
    OrderCancelOnDisconnectResult = "OrderCancelOnDisconnectResult", #[cfg(feature =
    "stream")] OrderCancelParams = "OrderCancelParams", #[cfg(feature = "stream")]
    OrderCancelResult = "OrderCancelResult", #[cfg(feature = "stream")]
    OrderCancelResultStatus = "OrderCancelResultStatus", #[cfg(feature = "stream")]
    OrderCreateBatchOutcome = "OrderCreateBatchOutcome", #[cfg(feature = "stream")]
    OrderCreateBatchParams = "OrderCreateBatchParams", #[cfg(feature = "stream")]
    OrderCreateBatchResult = "OrderCreateBatchResult", #[cfg(feature = "stream")]
    OrderCreateResult = "OrderCreateResult", OrderFlag = "OrderFlag", OrderInstruction =
    "OrderInstruction", OrderList = "OrderList", #[cfg(feature = "stream")]
    OrderModifyResult = "OrderModifyResult", OrderPage = "OrderPage", OrderRequest =
    "OrderRequest", OrderSide = "OrderSide", OrderStatus = "OrderStatus", OrderType =
    "OrderType", ParadigmEnable = "ParadigmEnable", PortfolioMarginParams =
    "PortfolioMarginParams", PortfolioMarginParamsList = "PortfolioMarginParamsList",
    PortfolioMarginScenario = "PortfolioMarginScenario", Position = "Position",
    PositionList = "PositionList", PositionSide = "PositionSide", PositionStatus =
    "PositionStatus", #[cfg(feature = "stream")] PriceBookLevel = "PriceBookLevel",
    #[cfg(feature = "stream")] PriceBookUpdate = "PriceBookUpdate", #[cfg(feature =
    "stream")] PriceBookUpdateUpdateType = "PriceBookUpdateUpdateType", PriceKind =
    "PriceKind", RecordComplianceActionRequest = "RecordComplianceActionRequest",
    ReferralConfig = "ReferralConfig", Referrals = "Referrals", ReferralsList =
    "ReferralsList", RefreshInventoryResponse = "RefreshInventoryResponse", RequestInfo =
    "RequestInfo", RevokeSubkeyResponse = "RevokeSubkeyResponse", RevokeTokenResponse =
    "RevokeTokenResponse", Rfq = "Rfq", RfqAccepted = "RfqAccepted", RfqBbo = "RfqBbo",
    RfqBboLeg = "RfqBboLeg", #[cfg(feature = "stream")] RfqCommandOutcome =
    "RfqCommandOutcome", #[cfg(feature = "stream")] RfqCommandOutcomeAllowedSide =
    "RfqCommandOutcomeAllowedSide", #[cfg(feature = "stream")] RfqCommandOutcomeOperation
    = "RfqCommandOutcomeOperation", #[cfg(feature = "stream")] RfqCommandOutcomeStatus =
    "RfqCommandOutcomeStatus", RfqCreateRequest = "RfqCreateRequest", RfqDraft =
    "RfqDraft", RfqDraftList = "RfqDraftList", RfqEnablement = "RfqEnablement",
    #[cfg(feature = "stream")] RfqEvent = "RfqEvent", #[cfg(feature = "stream")]
    RfqEventQuote = "RfqEventQuote", #[cfg(feature = "stream")] RfqEventQuoteState =
    "RfqEventQuoteState", #[cfg(feature = "stream")] RfqEventRfq = "RfqEventRfq",
    #[cfg(feature = "stream")] RfqEventRfqCloseReason = "RfqEventRfqCloseReason",
    #[cfg(feature = "stream")] RfqEventRfqState = "RfqEventRfqState", #[cfg(feature =
    "stream")] RfqEventTrade = "RfqEventTrade", #[cfg(feature = "stream")]
    RfqEventTradeState = "RfqEventTradeState", #[cfg(feature = "stream")] RfqEventType =
    "RfqEventType", RfqExecuteRequest = "RfqExecuteRequest", RfqLeg = "RfqLeg",
    RfqLegResult = "RfqLegResult", RfqPage = "RfqPage", RfqState = "RfqState",
    RollingDetails = "RollingDetails", ShareRate = "ShareRate", SignerType =
    "SignerType", SizeCurrencyDisplay = "SizeCurrencyDisplay", StakingConfig =
    "StakingConfig", StakingStake = "StakingStake", StakingStakeList =
    "StakingStakeList", StakingSummary = "StakingSummary", StakingTier = "StakingTier",
    StpMode = "StpMode", Strategy = "Strategy", SubaccountList = "SubaccountList", Subkey
    = "Subkey", SubkeyList = "SubkeyList", SubkeyState = "SubkeyState", #[cfg(feature =
    "stream")] SubscribeParams = "SubscribeParams", SystemConfig = "SystemConfig",
    SystemState = "SystemState", SystemStatus = "SystemStatus", SystemTime =
    "SystemTime", TokenKind = "TokenKind", TokenUsage = "TokenUsage", Trade = "Trade",
    Tradebust = "Tradebust", TradebustPage = "TradebustPage", TradePage = "TradePage",
    TraderRole = "TraderRole", TradingMode = "TradingMode", Transaction = "Transaction",
    TransactionPage = "TransactionPage", TransactionState = "TransactionState",
    TransactionType = "TransactionType", Transfer = "Transfer", TransferBridge =
    "TransferBridge", TransferDirection = "TransferDirection", TransferFeeConfig =
    "TransferFeeConfig", TransferKind = "TransferKind", TransferList = "TransferList",
    TransferPage = "TransferPage", TransferRole = "TransferRole", TransferStatus =
    "TransferStatus", TwitterProfile = "TwitterProfile", UpdateAccountMaxSlippageRequest
    = "UpdateAccountMaxSlippageRequest", UpdateAccountProfileRequest =
    "UpdateAccountProfileRequest", UpdateAllowedCidrsRequest =
    "UpdateAllowedCidrsRequest", UpdateNotificationPreferencesRequest =
    "UpdateNotificationPreferencesRequest", UpdateSizeCurrencyDisplayRequest =
    "UpdateSizeCurrencyDisplayRequest", UpdateSubkeyRequest = "UpdateSubkeyRequest",
    UpdateTradingValueDisplayRequest = "UpdateTradingValueDisplayRequest", Utm = "Utm",
    Vault = "Vault", VaultAccountStrategyAccrual = "VaultAccountStrategyAccrual",
    VaultAccountSummary = "VaultAccountSummary", VaultAccountSummaryList =
    "VaultAccountSummaryList", VaultAnalytics = "VaultAnalytics", VaultAnalyticsResponse
    = "VaultAnalyticsResponse", VaultHistoricalData = "VaultHistoricalData",
    VaultHistoricalDataList = "VaultHistoricalDataList", VaultHistoryKind =
    "VaultHistoryKind", VaultKind = "VaultKind", VaultList = "VaultList",
    VaultMonthlyPnlEntry = "VaultMonthlyPnlEntry", VaultsConfig = "VaultsConfig",
    VaultStatus = "VaultStatus", VaultSummary = "VaultSummary", VaultSummaryList =
    "VaultSummaryList", VaultSummaryStrategy = "VaultSummaryStrategy", VaultTopHolder =
    "VaultTopHolder", Visibility = "Visibility", VolShockParams = "VolShockParams",
    VolumeTier = "VolumeTier", VolumeTierKind = "VolumeTierKind", VolumeTierKindInfo =
    "VolumeTierKindInfo", VolumeTierList = "VolumeTierList", WindowedMetrics =
    "WindowedMetrics", XpBalance = "XpBalance", XpTransfer = "XpTransfer", XpTransferPage
    = "XpTransferPage",
);
