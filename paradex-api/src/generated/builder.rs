// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

//!One builder for each operation: set the parameters, then call `send`.
#![allow(unused_imports, reason = "not every document has every kind of argument")]
use std::collections::BTreeMap;
use rust_decimal::Decimal;
use crate::call::Call;
use crate::{Bytes, Client, Error, Response, Secret, operations, types};
/// Builds a call of [`get_account`](Client::get_account).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetAccount<'a>(Call<'a>);
impl<'a> GetAccount<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ACCOUNT))
    }

    /// Starknet address of the subaccount to report on; the signed-in account by default.
    pub fn subaccount_address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountSummary>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_compliance_actions`](Client::list_compliance_actions).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListComplianceActions<'a>(Call<'a>);
impl<'a> ListComplianceActions<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_COMPLIANCE_ACTIONS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::ComplianceActionList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`record_compliance_action`](Client::record_compliance_action).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct RecordComplianceAction<'a>(Call<'a>);
impl<'a> RecordComplianceAction<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::RECORD_COMPLIANCE_ACTION))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::RecordComplianceActionRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_account_history`](Client::get_account_history).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetAccountHistory<'a>(Call<'a>);
impl<'a> GetAccountHistory<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ACCOUNT_HISTORY))
    }

    /// Which series to return: `pnl` (profit and loss), `value` (account value), `volume` (traded volume) or `fee_savings` (fees saved).
    pub fn type_(self, value: types::AccountHistoryKind) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountHistoricalData>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_account_infos`](Client::list_account_infos).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListAccountInfos<'a>(Call<'a>);
impl<'a> ListAccountInfos<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_ACCOUNT_INFOS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountInfoList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_subkeys`](Client::list_subkeys).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListSubkeys<'a>(Call<'a>);
impl<'a> ListSubkeys<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_SUBKEYS))
    }

    /// Set to true to list revoked subkeys too.
    pub fn with_revoked(self, value: bool) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::SubkeyList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`register_subkey`](Client::register_subkey).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct RegisterSubkey<'a>(Call<'a>);
impl<'a> RegisterSubkey<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::REGISTER_SUBKEY))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::CreateSubkeyRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`activate_subkey`](Client::activate_subkey).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ActivateSubkey<'a>(Call<'a>);
impl<'a> ActivateSubkey<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::ACTIVATE_SUBKEY))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::ActivateSubkeyRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::ActivateSubkeyResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_subkey`](Client::get_subkey).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetSubkey<'a>(Call<'a>);
impl<'a> GetSubkey<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_SUBKEY))
    }

    /// Public key of the subkey, as `0x` hex.
    pub fn public_key(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Subkey>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_subkey`](Client::update_subkey).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateSubkey<'a>(Call<'a>);
impl<'a> UpdateSubkey<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_SUBKEY))
    }

    /// Public key of the subkey to change, as `0x` hex.
    pub fn public_key(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateSubkeyRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Subkey>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`revoke_subkey`](Client::revoke_subkey).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct RevokeSubkey<'a>(Call<'a>);
impl<'a> RevokeSubkey<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::REVOKE_SUBKEY))
    }

    /// Public key of the subkey to revoke, as `0x` hex.
    pub fn public_key(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RevokeSubkeyResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_subkey_allowed_cidrs`](Client::update_subkey_allowed_cidrs).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateSubkeyAllowedCidrs<'a>(Call<'a>);
impl<'a> UpdateSubkeyAllowedCidrs<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_SUBKEY_ALLOWED_CIDRS))
    }

    /// Public key of the subkey whose list is replaced, as `0x` hex.
    pub fn public_key(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateAllowedCidrsRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Subkey>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_account_margin`](Client::get_account_margin).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetAccountMargin<'a>(Call<'a>);
impl<'a> GetAccountMargin<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ACCOUNT_MARGIN))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountMarginConfigs>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`set_account_margin`](Client::set_account_margin).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct SetAccountMargin<'a>(Call<'a>);
impl<'a> SetAccountMargin<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::SET_ACCOUNT_MARGIN))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::AccountMarginRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountMarginUpdated>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`enable_rfq`](Client::enable_rfq).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct EnableRfq<'a>(Call<'a>);
impl<'a> EnableRfq<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::ENABLE_RFQ))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::ParadigmEnable>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_account_profile`](Client::get_account_profile).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetAccountProfile<'a>(Call<'a>);
impl<'a> GetAccountProfile<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ACCOUNT_PROFILE))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_profile`](Client::update_account_profile).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountProfile<'a>(Call<'a>);
impl<'a> UpdateAccountProfile<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_PROFILE))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateAccountProfileRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_market_max_slippage`](Client::update_account_market_max_slippage).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountMarketMaxSlippage<'a>(Call<'a>);
impl<'a> UpdateAccountMarketMaxSlippage<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_MARKET_MAX_SLIPPAGE))
    }

    /// The market symbol, made of base currency, quote currency and kind, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateAccountMaxSlippageRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_notification_preferences`](Client::update_account_notification_preferences).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountNotificationPreferences<'a>(Call<'a>);
impl<'a> UpdateAccountNotificationPreferences<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_NOTIFICATION_PREFERENCES))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateNotificationPreferencesRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`mark_notifications_seen`](Client::mark_notifications_seen).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct MarkNotificationsSeen<'a>(Call<'a>);
impl<'a> MarkNotificationsSeen<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::MARK_NOTIFICATIONS_SEEN))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_profile_referral_code`](Client::update_account_profile_referral_code).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountProfileReferralCode<'a>(Call<'a>);
impl<'a> UpdateAccountProfileReferralCode<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_PROFILE_REFERRAL_CODE))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateAccountProfileRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`refresh_account_inventory`](Client::refresh_account_inventory).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct RefreshAccountInventory<'a>(Call<'a>);
impl<'a> RefreshAccountInventory<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::REFRESH_ACCOUNT_INVENTORY))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RefreshInventoryResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_size_currency_display`](Client::update_account_size_currency_display).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountSizeCurrencyDisplay<'a>(Call<'a>);
impl<'a> UpdateAccountSizeCurrencyDisplay<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_SIZE_CURRENCY_DISPLAY))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateSizeCurrencyDisplayRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_profile_username`](Client::update_account_profile_username).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountProfileUsername<'a>(Call<'a>);
impl<'a> UpdateAccountProfileUsername<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_PROFILE_USERNAME))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateAccountProfileRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_referrer`](Client::update_account_referrer).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountReferrer<'a>(Call<'a>);
impl<'a> UpdateAccountReferrer<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_REFERRER))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateAccountProfileRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_account_settings`](Client::get_account_settings).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetAccountSettings<'a>(Call<'a>);
impl<'a> GetAccountSettings<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ACCOUNT_SETTINGS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountSettings>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_account_trading_value_display`](Client::update_account_trading_value_display).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateAccountTradingValueDisplay<'a>(Call<'a>);
impl<'a> UpdateAccountTradingValueDisplay<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_ACCOUNT_TRADING_VALUE_DISPLAY))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateTradingValueDisplayRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountProfile>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_subaccounts`](Client::list_subaccounts).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListSubaccounts<'a>(Call<'a>);
impl<'a> ListSubaccounts<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_SUBACCOUNTS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::SubaccountList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_account_summaries`](Client::list_account_summaries).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListAccountSummaries<'a>(Call<'a>);
impl<'a> ListAccountSummaries<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_ACCOUNT_SUMMARIES))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountSummaryList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_terminal_token`](Client::create_terminal_token).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateTerminalToken<'a>(Call<'a>);
impl<'a> CreateTerminalToken<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_TERMINAL_TOKEN))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Auth>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_tokens`](Client::list_tokens).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListTokens<'a>(Call<'a>);
impl<'a> ListTokens<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_TOKENS))
    }

    /// Only tokens of this kind; all by default.
    pub fn kind(self, value: types::TokenKind) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// `true` also lists revoked and expired tokens; by default only valid ones are listed.
    pub fn with_invalid(self, value: bool) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::ApiTokenList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_token`](Client::create_token).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateToken<'a>(Call<'a>);
impl<'a> CreateToken<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_TOKEN))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::CreateTokenRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::CreateTokenResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`revoke_token`](Client::revoke_token).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct RevokeToken<'a>(Call<'a>);
impl<'a> RevokeToken<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::REVOKE_TOKEN))
    }

    /// The token's `lookup_id`, as the list of tokens gives it.
    pub fn lookup_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RevokeTokenResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`update_token_allowed_cidrs`](Client::update_token_allowed_cidrs).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct UpdateTokenAllowedCidrs<'a>(Call<'a>);
impl<'a> UpdateTokenAllowedCidrs<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::UPDATE_TOKEN_ALLOWED_CIDRS))
    }

    /// The token's `lookup_id`, as the list of tokens gives it.
    pub fn lookup_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::UpdateAllowedCidrsRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::ApiToken>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_open_algo_orders`](Client::list_open_algo_orders).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListOpenAlgoOrders<'a>(Call<'a>);
impl<'a> ListOpenAlgoOrders<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_OPEN_ALGO_ORDERS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AlgoOrderList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_algo_order`](Client::create_algo_order).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateAlgoOrder<'a>(Call<'a>);
impl<'a> CreateAlgoOrder<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_ALGO_ORDER))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::AlgoOrderRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AlgoOrder>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_algo_orders_history`](Client::list_algo_orders_history).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListAlgoOrdersHistory<'a>(Call<'a>);
impl<'a> ListAlgoOrdersHistory<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_ALGO_ORDERS_HISTORY))
    }

    /// Only algo orders with this id of the client's own.
    pub fn client_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Only what was created up to this time, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Only this market, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// Number of items in a page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Only this side.
    pub fn side(self, value: types::OrderSide) -> Self {
        Self(self.0.set(5usize, value.to_string()))
    }

    /// Only what was created from this time on, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(6usize, value.to_string()))
    }

    /// Only this status.
    pub fn status(self, value: types::OrderStatus) -> Self {
        Self(self.0.set(7usize, value.to_string()))
    }

    /// Only this order type.
    pub fn type_(self, value: types::OrderType) -> Self {
        Self(self.0.set(8usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AlgoOrderPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_algo_order`](Client::get_algo_order).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetAlgoOrder<'a>(Call<'a>);
impl<'a> GetAlgoOrder<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ALGO_ORDER))
    }

    /// The algo order's id.
    pub fn algo_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AlgoOrder>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_algo_order`](Client::cancel_algo_order).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelAlgoOrder<'a>(Call<'a>);
impl<'a> CancelAlgoOrder<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_ALGO_ORDER))
    }

    /// The algo order's id.
    pub fn algo_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`auth`](Client::auth).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct Auth<'a>(Call<'a>);
impl<'a> Auth<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::AUTH))
    }

    /// `interactive` asks for a retail token, which is slowed down and limited; by default the token is an ordinary one.
    pub fn token_usage(self, value: types::TokenUsage) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// The text `true` lets the token act for the isolated accounts as well; by default it does not.
    pub fn paradex_authorize_isolated_markets(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Expiry of the signature, in seconds since the Unix epoch; by default 30 minutes after the timestamp, and at most a week.
    pub fn paradex_signature_expiration(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// The account's Starknet address, lowercase hex without padding.
    pub fn paradex_starknet_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// The signature, as a JSON list of two decimal texts without a space.
    pub fn paradex_starknet_signature(self, value: Secret) -> Self {
        Self(self.0.set_secret(4usize, value))
    }

    /// When the signature was made, in seconds since the Unix epoch.
    pub fn paradex_timestamp(self, value: impl Into<String>) -> Self {
        Self(self.0.set(5usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Auth>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`auth_with_public_key`](Client::auth_with_public_key).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct AuthWithPublicKey<'a>(Call<'a>);
impl<'a> AuthWithPublicKey<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::AUTH_WITH_PUBLIC_KEY))
    }

    /// The public key of the key that signs, in hex.
    pub fn public_key(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// `interactive` asks for a retail token, which is slowed down and limited; by default the token is an ordinary one.
    pub fn token_usage(self, value: types::TokenUsage) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// The text `true` lets the token act for the isolated accounts as well; by default it does not.
    pub fn paradex_authorize_isolated_markets(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// Expiry of the signature, in seconds since the Unix epoch; by default 30 minutes after the timestamp, and at most a week.
    pub fn paradex_signature_expiration(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// The address of the main account, also where a subkey signs; lowercase hex without padding.
    pub fn paradex_starknet_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(4usize, value.into()))
    }

    /// The signature, as a JSON list of two decimal texts without a space.
    pub fn paradex_starknet_signature(self, value: Secret) -> Self {
        Self(self.0.set_secret(5usize, value))
    }

    /// When the signature was made, in seconds since the Unix epoch.
    pub fn paradex_timestamp(self, value: impl Into<String>) -> Self {
        Self(self.0.set(6usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Auth>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_balances`](Client::list_balances).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListBalances<'a>(Call<'a>);
impl<'a> ListBalances<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_BALANCES))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BalanceList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_bbo`](Client::get_bbo).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetBbo<'a>(Call<'a>);
impl<'a> GetBbo<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_BBO))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Bbo>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_bbo_interactive`](Client::get_bbo_interactive).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetBboInteractive<'a>(Call<'a>);
impl<'a> GetBboInteractive<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_BBO_INTERACTIVE))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Bbo>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_block_trades`](Client::list_block_trades).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListBlockTrades<'a>(Call<'a>);
impl<'a> ListBlockTrades<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_BLOCK_TRADES))
    }

    /// Only trades in this market, for example `BTC-USD-PERP`; all by default.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only trades with this status; all by default. `PENDING_SETTLEMENT` and `FAILED` occur in responses but are not declared for this filter.
    pub fn status(self, value: types::BlockTradeStatus) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFullPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_block_trade`](Client::create_block_trade).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateBlockTrade<'a>(Call<'a>);
impl<'a> CreateBlockTrade<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_BLOCK_TRADE))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::BlockTradeRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFull>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_block_trade`](Client::get_block_trade).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetBlockTrade<'a>(Call<'a>);
impl<'a> GetBlockTrade<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_BLOCK_TRADE))
    }

    /// Identifier of the block trade.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFull>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_block_trade`](Client::cancel_block_trade).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelBlockTrade<'a>(Call<'a>);
impl<'a> CancelBlockTrade<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_BLOCK_TRADE))
    }

    /// Identifier of the block trade to cancel.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<BTreeMap<String, String>>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`execute_block_trade`](Client::execute_block_trade).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ExecuteBlockTrade<'a>(Call<'a>);
impl<'a> ExecuteBlockTrade<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::EXECUTE_BLOCK_TRADE))
    }

    /// Identifier of the block trade to execute.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::BlockExecuteRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFull>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_block_offers`](Client::list_block_offers).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListBlockOffers<'a>(Call<'a>);
impl<'a> ListBlockOffers<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_BLOCK_OFFERS))
    }

    /// Identifier of the parent block trade.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFullList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_block_offer`](Client::create_block_offer).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateBlockOffer<'a>(Call<'a>);
impl<'a> CreateBlockOffer<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_BLOCK_OFFER))
    }

    /// Identifier of the parent block trade.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::BlockOfferRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFull>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_block_offer`](Client::get_block_offer).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetBlockOffer<'a>(Call<'a>);
impl<'a> GetBlockOffer<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_BLOCK_OFFER))
    }

    /// Identifier of the parent block trade.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Identifier of the offer.
    pub fn offer_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFull>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_block_offer`](Client::cancel_block_offer).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelBlockOffer<'a>(Call<'a>);
impl<'a> CancelBlockOffer<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_BLOCK_OFFER))
    }

    /// Identifier of the parent block trade.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Identifier of the offer to cancel.
    pub fn offer_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<BTreeMap<String, String>>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`execute_block_offer`](Client::execute_block_offer).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ExecuteBlockOffer<'a>(Call<'a>);
impl<'a> ExecuteBlockOffer<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::EXECUTE_BLOCK_OFFER))
    }

    /// Identifier of the parent block trade.
    pub fn block_trade_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Identifier of the offer to execute.
    pub fn offer_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::BlockExecuteRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BlockTradeDetailFull>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_fills`](Client::list_fills).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListFills<'a>(Call<'a>);
impl<'a> ListFills<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_FILLS))
    }

    /// Only fills in markets of this kind; all by default. `FUTURE` is not declared for this filter.
    pub fn asset_kind(self, value: types::AssetKind) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// Cursor of the page to return, from a previous response; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// End of the time range, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Only fills in this market, for example `BTC-USD-PERP`; all by default.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// Number of entries per page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Start of the time range, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(5usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::FillPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_funding_data`](Client::list_funding_data).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListFundingData<'a>(Call<'a>);
impl<'a> ListFundingData<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_FUNDING_DATA))
    }

    /// Cursor of the page to return, from a previous response; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// End of the time range, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Symbol of the market whose funding data is wanted, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// Number of entries per page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Start of the time range, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::FundingDataPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_funding_payments`](Client::list_funding_payments).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListFundingPayments<'a>(Call<'a>);
impl<'a> ListFundingPayments<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_FUNDING_PAYMENTS))
    }

    /// Cursor of the page to return, from a previous response; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// End of the time range, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Symbol of the market whose payments are wanted, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// Number of entries per page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Start of the time range, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::FundingPaymentPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_insurance_fund`](Client::get_insurance_fund).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetInsuranceFund<'a>(Call<'a>);
impl<'a> GetInsuranceFund<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_INSURANCE_FUND))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::InsuranceAccount>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_jwks`](Client::get_jwks).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetJwks<'a>(Call<'a>);
impl<'a> GetJwks<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_JWKS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Jwks>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_liquidations`](Client::list_liquidations).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListLiquidations<'a>(Call<'a>);
impl<'a> ListLiquidations<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_LIQUIDATIONS))
    }

    /// Start of the time range, in milliseconds since the Unix epoch.
    pub fn from(self, value: i64) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// End of the time range, in milliseconds since the Unix epoch.
    pub fn to(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::LiquidationList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_markets`](Client::list_markets).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListMarkets<'a>(Call<'a>);
impl<'a> ListMarkets<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_MARKETS))
    }

    /// The one market to return, for example `BTC-USD-PERP`; all by default.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::MarketList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_market_events`](Client::list_market_events).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListMarketEvents<'a>(Call<'a>);
impl<'a> ListMarketEvents<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_MARKET_EVENTS))
    }

    /// Symbol of the market, for example `BTC-USD-PERP`; every market by default and with `ALL`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::MarketEventList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_klines`](Client::list_klines).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListKlines<'a>(Call<'a>);
impl<'a> ListKlines<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_KLINES))
    }

    /// End of the time range, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// Price from which the candles are made: `last` (last traded), `mark` or `underlying` (the underlying asset).
    pub fn price_kind(self, value: types::PriceKind) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Length of one candle in minutes, as text: `1`, `3`, `5`, `15`, `30` or `60`.
    pub fn resolution(self, value: types::KlineResolution) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Start of the time range, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn symbol(self, value: impl Into<String>) -> Self {
        Self(self.0.set(4usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::KlineList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_market_settlement_price`](Client::get_market_settlement_price).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetMarketSettlementPrice<'a>(Call<'a>);
impl<'a> GetMarketSettlementPrice<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_MARKET_SETTLEMENT_PRICE))
    }

    /// The market symbol, for example `BTC-USD-15SEP25-55000-C`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::MarketSettlement>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_market_summaries`](Client::list_market_summaries).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListMarketSummaries<'a>(Call<'a>);
impl<'a> ListMarketSummaries<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_MARKET_SUMMARIES))
    }

    /// End of the time range, in milliseconds since the Unix epoch.
    pub fn end(self, value: i64) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// The market symbol, for example `BTC-USD-PERP`; `ALL` selects every market.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Start of the time range, in milliseconds since the Unix epoch.
    pub fn start(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::MarketSummaryList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_onboarding`](Client::get_onboarding).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetOnboarding<'a>(Call<'a>);
impl<'a> GetOnboarding<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ONBOARDING))
    }

    /// Kind of signer, `starknet` or `eip191`.
    pub fn account_signer_type(self, value: types::SignerType) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// Ethereum address; needed when `account_signer_type` is `eip191`.
    pub fn eth_address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Starknet public key; needed when `account_signer_type` is `starknet`.
    pub fn public_key(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// Index of an EVM vault operator, for `eip191` only; it works only where the exchange has switched EVM vault operators on.
    pub fn vault_operator_index(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::OnboardingStatus>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`onboard`](Client::onboard).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct Onboard<'a>(Call<'a>);
impl<'a> Onboard<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::ONBOARD))
    }

    /// Ethereum address with which the account is onboarded.
    pub fn paradex_ethereum_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Starknet address of the account, as `0x` hex.
    pub fn paradex_starknet_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Signature of the onboarding message, written as a JSON array of two decimal strings, `["r","s"]`, without spaces.
    pub fn paradex_starknet_signature(self, value: Secret) -> Self {
        Self(self.0.set_secret(2usize, value))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::OnboardingRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_orderbook`](Client::get_orderbook).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetOrderbook<'a>(Call<'a>);
impl<'a> GetOrderbook<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ORDERBOOK))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Depth of the snapshot; 20 by default. A value above 100 has been seen to be refused.
    pub fn depth(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Price step by which levels are grouped.
    pub fn price_tick(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AskBidArray>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_impact_price`](Client::get_impact_price).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetImpactPrice<'a>(Call<'a>);
impl<'a> GetImpactPrice<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_IMPACT_PRICE))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Order size for which the price is computed. The published type is an integer, although sizes are decimal elsewhere.
    pub fn size(self, value: Decimal) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::ImpactPrice>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_orderbook_interactive`](Client::get_orderbook_interactive).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetOrderbookInteractive<'a>(Call<'a>);
impl<'a> GetOrderbookInteractive<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ORDERBOOK_INTERACTIVE))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Depth of the snapshot; 20 by default. A value above 100 has been seen to be refused.
    pub fn depth(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Price step by which levels are grouped.
    pub fn price_tick(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AskBidArray>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_open_orders`](Client::list_open_orders).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListOpenOrders<'a>(Call<'a>);
impl<'a> ListOpenOrders<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_OPEN_ORDERS))
    }

    /// The market symbol, for example `BTC-USD-PERP`; by default the orders of all markets are listed.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::OrderList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_order`](Client::create_order).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateOrder<'a>(Call<'a>);
impl<'a> CreateOrder<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_ORDER))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::OrderRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Order>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_all_orders`](Client::cancel_all_orders).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelAllOrders<'a>(Call<'a>);
impl<'a> CancelAllOrders<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_ALL_ORDERS))
    }

    /// The market symbol, for example `BTC-USD-PERP`; by default the orders of all markets are cancelled.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_orders_history`](Client::list_orders_history).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListOrdersHistory<'a>(Call<'a>);
impl<'a> ListOrdersHistory<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_ORDERS_HISTORY))
    }

    /// Selects orders that carry this client order id.
    pub fn client_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Cursor of the page to return, from a previous response; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// End of the time range, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// The market symbol, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// Number of entries per page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Selects orders to buy or orders to sell.
    pub fn side(self, value: types::OrderSide) -> Self {
        Self(self.0.set(5usize, value.to_string()))
    }

    /// Start of the time range, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(6usize, value.to_string()))
    }

    /// Selects orders with this status; `UNTRIGGERED` is not among the published values.
    pub fn status(self, value: types::OrderStatus) -> Self {
        Self(self.0.set(7usize, value.to_string()))
    }

    /// Selects orders of this type.
    pub fn type_(self, value: types::OrderType) -> Self {
        Self(self.0.set(8usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::OrderPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_orders_batch`](Client::create_orders_batch).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateOrdersBatch<'a>(Call<'a>);
impl<'a> CreateOrdersBatch<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_ORDERS_BATCH))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: Vec<types::OrderRequest>) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Batch>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_orders_batch`](Client::cancel_orders_batch).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelOrdersBatch<'a>(Call<'a>);
impl<'a> CancelOrdersBatch<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_ORDERS_BATCH))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::CancelOrderBatchRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::CancelOrderBatchResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_order_by_client_id`](Client::get_order_by_client_id).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetOrderByClientId<'a>(Call<'a>);
impl<'a> GetOrderByClientId<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ORDER_BY_CLIENT_ID))
    }

    /// The id that the client gave the order.
    pub fn client_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Order>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_order_by_client_id`](Client::cancel_order_by_client_id).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelOrderByClientId<'a>(Call<'a>);
impl<'a> CancelOrderByClientId<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_ORDER_BY_CLIENT_ID))
    }

    /// The id that the client gave the order.
    pub fn client_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Symbol of the market in which to cancel, for example `BTC-USD-PERP`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_order`](Client::get_order).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetOrder<'a>(Call<'a>);
impl<'a> GetOrder<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_ORDER))
    }

    /// The id that the exchange gave the order.
    pub fn order_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Order>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`modify_order`](Client::modify_order).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ModifyOrder<'a>(Call<'a>);
impl<'a> ModifyOrder<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::MODIFY_ORDER))
    }

    /// The id that the exchange gave the order.
    pub fn order_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::ModifyOrderRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Order>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_order`](Client::cancel_order).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelOrder<'a>(Call<'a>);
impl<'a> CancelOrder<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_ORDER))
    }

    /// The id that the exchange gave the order.
    pub fn order_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_positions`](Client::list_positions).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListPositions<'a>(Call<'a>);
impl<'a> ListPositions<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_POSITIONS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::PositionList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_referral_qr_code`](Client::get_referral_qr_code).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetReferralQrCode<'a>(Call<'a>);
impl<'a> GetReferralQrCode<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_REFERRAL_QR_CODE))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<Bytes>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_referrals`](Client::list_referrals).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListReferrals<'a>(Call<'a>);
impl<'a> ListReferrals<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_REFERRALS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::ReferralsList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_rfqs`](Client::list_rfqs).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListRfqs<'a>(Call<'a>);
impl<'a> ListRfqs<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_RFQS))
    }

    /// The `next` of the previous page; the newest page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Number of items in a page, 1 to 1000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Only requests in this state; all by default.
    pub fn state(self, value: types::RfqState) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RfqPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_rfq`](Client::create_rfq).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateRfq<'a>(Call<'a>);
impl<'a> CreateRfq<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_RFQ))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::RfqCreateRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RfqAccepted>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_rfq_drafts`](Client::list_rfq_drafts).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListRfqDrafts<'a>(Call<'a>);
impl<'a> ListRfqDrafts<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_RFQ_DRAFTS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RfqDraftList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_rfq_draft`](Client::create_rfq_draft).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateRfqDraft<'a>(Call<'a>);
impl<'a> CreateRfqDraft<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_RFQ_DRAFT))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::RfqCreateRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RfqDraft>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`delete_rfq_draft`](Client::delete_rfq_draft).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct DeleteRfqDraft<'a>(Call<'a>);
impl<'a> DeleteRfqDraft<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::DELETE_RFQ_DRAFT))
    }

    /// The draft's id.
    pub fn draft_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`cancel_rfq`](Client::cancel_rfq).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CancelRfq<'a>(Call<'a>);
impl<'a> CancelRfq<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CANCEL_RFQ))
    }

    /// The id that the venue gave the request.
    pub fn rfq_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RfqAccepted>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_rfq_bbo`](Client::get_rfq_bbo).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetRfqBbo<'a>(Call<'a>);
impl<'a> GetRfqBbo<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_RFQ_BBO))
    }

    /// The id that the venue gave the request.
    pub fn rfq_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RfqBbo>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`execute_rfq`](Client::execute_rfq).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ExecuteRfq<'a>(Call<'a>);
impl<'a> ExecuteRfq<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::EXECUTE_RFQ))
    }

    /// The id that the venue gave the request.
    pub fn rfq_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::RfqExecuteRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::RfqAccepted>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_staking_balance_history`](Client::get_staking_balance_history).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetStakingBalanceHistory<'a>(Call<'a>);
impl<'a> GetStakingBalanceHistory<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_STAKING_BALANCE_HISTORY))
    }

    /// The distance between two points.
    pub fn resolution(self, value: types::HistoryResolution) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountHistoricalData>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_global_staking_balance_history`](Client::get_global_staking_balance_history).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetGlobalStakingBalanceHistory<'a>(Call<'a>);
impl<'a> GetGlobalStakingBalanceHistory<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_GLOBAL_STAKING_BALANCE_HISTORY))
    }

    /// The distance between two points.
    pub fn resolution(self, value: types::HistoryResolution) -> Self {
        Self(self.0.set(0usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AccountHistoricalData>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_staking_config`](Client::get_staking_config).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetStakingConfig<'a>(Call<'a>);
impl<'a> GetStakingConfig<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_STAKING_CONFIG))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::StakingConfig>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_stakes`](Client::list_stakes).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListStakes<'a>(Call<'a>);
impl<'a> ListStakes<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_STAKES))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::StakingStakeList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_staking_summary`](Client::get_staking_summary).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetStakingSummary<'a>(Call<'a>);
impl<'a> GetStakingSummary<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_STAKING_SUMMARY))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::StakingSummary>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_announcements`](Client::list_announcements).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListAnnouncements<'a>(Call<'a>);
impl<'a> ListAnnouncements<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_ANNOUNCEMENTS))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only what appeared up to this time, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Number of items in a page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Only what appeared from this time on, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::AnnouncementPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_system_config`](Client::get_system_config).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetSystemConfig<'a>(Call<'a>);
impl<'a> GetSystemConfig<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_SYSTEM_CONFIG))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::SystemConfig>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_portfolio_margin_configs`](Client::list_portfolio_margin_configs).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListPortfolioMarginConfigs<'a>(Call<'a>);
impl<'a> ListPortfolioMarginConfigs<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_PORTFOLIO_MARGIN_CONFIGS))
    }

    /// Only this asset, for example `BTC`; all by default.
    pub fn base_asset(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(
        self,
    ) -> Result<Response<types::PortfolioMarginParamsList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_system_state`](Client::get_system_state).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetSystemState<'a>(Call<'a>);
impl<'a> GetSystemState<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_SYSTEM_STATE))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::SystemState>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_system_time`](Client::get_system_time).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetSystemTime<'a>(Call<'a>);
impl<'a> GetSystemTime<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_SYSTEM_TIME))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::SystemTime>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_volume_tiers`](Client::list_volume_tiers).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVolumeTiers<'a>(Call<'a>);
impl<'a> ListVolumeTiers<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VOLUME_TIERS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VolumeTierList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_tradebusts`](Client::list_tradebusts).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListTradebusts<'a>(Call<'a>);
impl<'a> ListTradebusts<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_TRADEBUSTS))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only what was busted up to this time, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Number of items in a page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Only what was busted from this time on, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::TradebustPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_trades`](Client::list_trades).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListTrades<'a>(Call<'a>);
impl<'a> ListTrades<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_TRADES))
    }

    /// Trades of every active option on this asset; not together with `market`. The name is in camel case here alone.
    pub fn base_asset(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Only trades up to this time, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Trades of this market, for example `BTC-USD-PERP`; not together with `baseAsset`.
    pub fn market(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// Number of items in a page, 1 to 1000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Only trades from this time on, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(5usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::TradePage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_transactions`](Client::list_transactions).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListTransactions<'a>(Call<'a>);
impl<'a> ListTransactions<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_TRANSACTIONS))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only what was created up to this time, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Number of items in a page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Only what was created from this time on, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::TransactionPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_transfers`](Client::list_transfers).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListTransfers<'a>(Call<'a>);
impl<'a> ListTransfers<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_TRANSFERS))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only what was created up to this time, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Number of items in a page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// Only what was created from this time on, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Only transfers with this status; all by default.
    pub fn status(self, value: types::TransferStatus) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::TransferPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_vaults`](Client::list_vaults).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVaults<'a>(Call<'a>);
impl<'a> ListVaults<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VAULTS))
    }

    /// Only this vault; all by default.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VaultList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_vault`](Client::create_vault).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateVault<'a>(Call<'a>);
impl<'a> CreateVault<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_VAULT))
    }

    /// The main account, as `prdx:` and its address.
    pub fn paradex_parent_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// The Starknet address of the subaccount that will run the vault.
    pub fn paradex_starknet_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// The path along which the subaccount's key is derived, for example `m/44'/9004'/0'/0/1`.
    pub fn paradex_starknet_account_derivation_path(
        self,
        value: impl Into<String>,
    ) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// The signature, as a JSON list of two decimal texts without a space.
    pub fn paradex_starknet_signature(self, value: Secret) -> Self {
        Self(self.0.set_secret(3usize, value))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::CreateVaultRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Vault>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_vault_account_summaries`](Client::list_vault_account_summaries).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVaultAccountSummaries<'a>(Call<'a>);
impl<'a> ListVaultAccountSummaries<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VAULT_ACCOUNT_SUMMARIES))
    }

    /// Only this vault; by default every vault in which the account has a deposit.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VaultAccountSummaryList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_vault_analytics`](Client::get_vault_analytics).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetVaultAnalytics<'a>(Call<'a>);
impl<'a> GetVaultAnalytics<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_VAULT_ANALYTICS))
    }

    /// The vault.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VaultAnalyticsResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_vault_balances`](Client::list_vault_balances).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVaultBalances<'a>(Call<'a>);
impl<'a> ListVaultBalances<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VAULT_BALANCES))
    }

    /// The vault.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only this strategy of the vault; the whole vault by default.
    pub fn strategy(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::BalanceList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_vaults_config`](Client::get_vaults_config).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetVaultsConfig<'a>(Call<'a>);
impl<'a> GetVaultsConfig<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_VAULTS_CONFIG))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VaultsConfig>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_vault_history`](Client::list_vault_history).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVaultHistory<'a>(Call<'a>);
impl<'a> ListVaultHistory<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VAULT_HISTORY))
    }

    /// The vault.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// The distance between two points.
    pub fn resolution(self, value: types::HistoryResolution) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Only this strategy of the vault; the whole vault by default.
    pub fn strategy(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// The figure.
    pub fn type_(self, value: types::VaultHistoryKind) -> Self {
        Self(self.0.set(3usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VaultHistoricalDataList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_my_vaults`](Client::list_my_vaults).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListMyVaults<'a>(Call<'a>);
impl<'a> ListMyVaults<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_MY_VAULTS))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VaultList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_vault_positions`](Client::list_vault_positions).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVaultPositions<'a>(Call<'a>);
impl<'a> ListVaultPositions<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VAULT_POSITIONS))
    }

    /// The vault.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only this strategy of the vault; the whole vault by default.
    pub fn strategy(self, value: impl Into<String>) -> Self {
        Self(self.0.set(1usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::PositionList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_vault_summaries`](Client::list_vault_summaries).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVaultSummaries<'a>(Call<'a>);
impl<'a> ListVaultSummaries<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VAULT_SUMMARIES))
    }

    /// Only this vault; all by default.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::VaultSummaryList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_vault_transfers`](Client::list_vault_transfers).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListVaultTransfers<'a>(Call<'a>);
impl<'a> ListVaultTransfers<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_VAULT_TRANSFERS))
    }

    /// The vault.
    pub fn address(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::TransferList>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_xp_balance`](Client::get_xp_balance).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetXpBalance<'a>(Call<'a>);
impl<'a> GetXpBalance<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_XP_BALANCE))
    }

    /// The season, for example `season3` or `preseason`; the exchange chooses by default.
    pub fn season(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::XpBalance>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_xp_transfer_fee_config`](Client::get_xp_transfer_fee_config).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetXpTransferFeeConfig<'a>(Call<'a>);
impl<'a> GetXpTransferFeeConfig<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_XP_TRANSFER_FEE_CONFIG))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::TransferFeeConfig>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_public_xp_transfers`](Client::list_public_xp_transfers).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListPublicXpTransfers<'a>(Call<'a>);
impl<'a> ListPublicXpTransfers<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_PUBLIC_XP_TRANSFERS))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Only transfers up to this time, in milliseconds since the Unix epoch.
    pub fn end_at(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Number of items in a page, 1 to 50; 50 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// The season, for example `season3` or `preseason`; the exchange chooses by default.
    pub fn season(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// Only transfers from this time on, in milliseconds since the Unix epoch.
    pub fn start_at(self, value: i64) -> Self {
        Self(self.0.set(4usize, value.to_string()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::XpTransferPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`create_xp_transfer`](Client::create_xp_transfer).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct CreateXpTransfer<'a>(Call<'a>);
impl<'a> CreateXpTransfer<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::CREATE_XP_TRANSFER))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::CreateXpTransferRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::CreateTransferResponse>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`get_xp_transfer`](Client::get_xp_transfer).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct GetXpTransfer<'a>(Call<'a>);
impl<'a> GetXpTransfer<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::GET_XP_TRANSFER))
    }

    /// The transfer's id.
    pub fn transfer_id(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::XpTransfer>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`list_xp_transfers`](Client::list_xp_transfers).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct ListXpTransfers<'a>(Call<'a>);
impl<'a> ListXpTransfers<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::LIST_XP_TRANSFERS))
    }

    /// The `next` of the previous page; the first page by default.
    pub fn cursor(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// Number of items in a page, 1 to 5000; 100 by default.
    pub fn page_size(self, value: i64) -> Self {
        Self(self.0.set(1usize, value.to_string()))
    }

    /// Only transfers that the account sent, or only those that it received; both by default.
    pub fn role(self, value: types::TransferRole) -> Self {
        Self(self.0.set(2usize, value.to_string()))
    }

    /// The season, for example `season3` or `preseason`; the exchange chooses by default.
    pub fn season(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::XpTransferPage>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`auth_evm`](Client::auth_evm).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct AuthEvm<'a>(Call<'a>);
impl<'a> AuthEvm<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::AUTH_EVM))
    }

    /// The text `true` lets the token act for the isolated accounts as well; by default it does not.
    pub fn paradex_authorize_isolated_markets(self, value: impl Into<String>) -> Self {
        Self(self.0.set(0usize, value.into()))
    }

    /// The signature of the message by `personal_sign`, as `0x` and 130 hex digits.
    pub fn paradex_evm_signature(self, value: Secret) -> Self {
        Self(self.0.set_secret(1usize, value))
    }

    /// The signed ERC-4361 text, in standard base64.
    pub fn paradex_siwe_message(self, value: Secret) -> Self {
        Self(self.0.set_secret(2usize, value))
    }

    /// The account's Starknet address, lowercase hex without padding.
    pub fn paradex_starknet_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(3usize, value.into()))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<types::Auth>, Error> {
        self.0.send().await
    }
}

/// Builds a call of [`onboard_evm`](Client::onboard_evm).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send`"]
pub struct OnboardEvm<'a>(Call<'a>);
impl<'a> OnboardEvm<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(Call::new(client, &operations::ONBOARD_EVM))
    }

    /// The signature of the message by `personal_sign`, as `0x` and 130 hex digits.
    pub fn paradex_evm_signature(self, value: Secret) -> Self {
        Self(self.0.set_secret(0usize, value))
    }

    /// The signed ERC-4361 text, in standard base64.
    pub fn paradex_siwe_message(self, value: Secret) -> Self {
        Self(self.0.set_secret(1usize, value))
    }

    /// The account's Starknet address, lowercase hex without padding.
    pub fn paradex_starknet_account(self, value: impl Into<String>) -> Self {
        Self(self.0.set(2usize, value.into()))
    }

    /// Sets the JSON body. If the value cannot be serialised, `send` fails.
    pub fn body(self, value: types::OnboardingRequest) -> Self {
        Self(self.0.json(&value))
    }

    /// Sends the call and decodes the response.
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.0.send().await
    }
}
