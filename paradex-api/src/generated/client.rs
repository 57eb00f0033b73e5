// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

use crate::{Client, builder};
impl Client {
    /// Returns the summary of the signed-in account or of one of its subaccounts.
    ///
    /// Needs a bearer token.
    ///
    /// `GET /v1/account`, published as `get-account`.
    pub fn get_account(&self) -> builder::GetAccount<'_> {
        builder::GetAccount::new(self)
    }

    /// Lists the compliance actions recorded for the signed-in account.
    ///
    /// Needs a bearer token. The list is not paginated.
    ///
    /// `GET /v1/account/compliance`, published as `get-compliance-actions`.
    pub fn list_compliance_actions(&self) -> builder::ListComplianceActions<'_> {
        builder::ListComplianceActions::new(self)
    }

    /// Records that the signed-in account took a compliance action, such as accepting the terms of service.
    ///
    /// Needs a bearer token. No body is declared for the success response.
    ///
    /// `POST /v1/account/compliance`, published as `record-compliance-action`.
    pub fn record_compliance_action(&self) -> builder::RecordComplianceAction<'_> {
        builder::RecordComplianceAction::new(self)
    }

    /// Returns a time series of one figure of the signed-in account.
    ///
    /// Needs a bearer token. The response holds two ordered lists, one of timestamps and one of values.
    ///
    /// `GET /v1/account/history`, published as `get-account-history`.
    pub fn get_account_history(&self) -> builder::GetAccountHistory<'_> {
        builder::GetAccountHistory::new(self)
    }

    /// Lists the account information that belongs to the signed-in account.
    ///
    /// Needs a bearer token. The published document declares no error response for this call.
    ///
    /// `GET /v1/account/info`, published as `get-accounts-info`.
    pub fn list_account_infos(&self) -> builder::ListAccountInfos<'_> {
        builder::ListAccountInfos::new(self)
    }

    /// Lists the subkeys of the signed-in account.
    ///
    /// Needs a bearer token. The list is not paginated.
    ///
    /// `GET /v1/account/keys/subkeys`, published as `list-subkeys`.
    pub fn list_subkeys(&self) -> builder::ListSubkeys<'_> {
        builder::ListSubkeys::new(self)
    }

    /// Registers a subkey for the signed-in account.
    ///
    /// Needs a bearer token. Where the exchange enforces it, the registration must also be signed with the main key: `signature`, `signature_timestamp` and `signature_expiry` for a Starknet key, or `siwe_message` and `evm_signature` for an EVM key. The success response has no body; the published status is 201, but the official Python client speaks of 204. A 403 says that the account is not enabled for IP restrictions.
    ///
    /// `POST /v1/account/keys/subkeys`, published as `register-subkey`.
    pub fn register_subkey(&self) -> builder::RegisterSubkey<'_> {
        builder::RegisterSubkey::new(self)
    }

    /// Activates a pending subkey and returns its encrypted private key.
    ///
    /// The message is `pedersen(timestamp, eph_public_key)`, so only the holder of the ephemeral key can sign it; this is known from the published document alone. That document declares no bearer token here, and whether one is needed is unclear.
    ///
    /// `POST /v1/account/keys/subkeys/activate`, published as `activate-subkey`.
    pub fn activate_subkey(&self) -> builder::ActivateSubkey<'_> {
        builder::ActivateSubkey::new(self)
    }

    /// Returns one subkey of the signed-in account.
    ///
    /// Needs a bearer token. An unknown key returns 404.
    ///
    /// `GET /v1/account/keys/subkeys/{public_key}`, published as `get-subkey`.
    pub fn get_subkey(&self) -> builder::GetSubkey<'_> {
        builder::GetSubkey::new(self)
    }

    /// Renames a subkey of the signed-in account.
    ///
    /// Needs a bearer token. The name is the only property that can be changed here; the response is the changed subkey.
    ///
    /// `PUT /v1/account/keys/subkeys/{public_key}`, published as `update-subkey`.
    pub fn update_subkey(&self) -> builder::UpdateSubkey<'_> {
        builder::UpdateSubkey::new(self)
    }

    /// Revokes a subkey of the signed-in account.
    ///
    /// Needs a bearer token. The response repeats the public key; revoked subkeys are listed on request only.
    ///
    /// `DELETE /v1/account/keys/subkeys/{public_key}`, published as `revoke-subkey`.
    pub fn revoke_subkey(&self) -> builder::RevokeSubkey<'_> {
        builder::RevokeSubkey::new(self)
    }

    /// Replaces the IP allowlist of a subkey.
    ///
    /// For the main account only, so that a subkey cannot loosen its own restriction. The whole list is replaced. **An empty list allows every address.** 403 says that IP restrictions are not enabled for the account.
    ///
    /// `PUT /v1/account/keys/subkeys/{public_key}/allowed-cidrs`, published as `update-subkey-allowed-cidrs`.
    pub fn update_subkey_allowed_cidrs(&self) -> builder::UpdateSubkeyAllowedCidrs<'_> {
        builder::UpdateSubkeyAllowedCidrs::new(self)
    }

    /// Returns the margin settings of the signed-in account for one market.
    ///
    /// Needs a bearer token.
    ///
    /// `GET /v1/account/margin`, published as `get-account-margin`.
    pub fn get_account_margin(&self) -> builder::GetAccountMargin<'_> {
        builder::GetAccountMargin::new(self)
    }

    /// Sets leverage and margin type of the account for one market.
    ///
    /// Needs a bearer token. It acts on the main account unless the body names a subaccount in `on_behalf_of_account`.
    ///
    /// `POST /v1/account/margin/{market}`, published as `upsert-account-margin`.
    pub fn set_account_margin(&self) -> builder::SetAccountMargin<'_> {
        builder::SetAccountMargin::new(self)
    }

    /// Enables the signed-in account for requests for quote (RFQ).
    ///
    /// Needs a bearer token and takes no body. One call before the first RFQ is enough; a repeated call returns the current state. The response has status `ENABLED`, the account, and the public key of the delegated RFQ trading subkey.
    ///
    /// `POST /v1/account/paradigm/enable`, published as `rfq-enable`.
    pub fn enable_rfq(&self) -> builder::EnableRfq<'_> {
        builder::EnableRfq::new(self)
    }

    /// Returns the profile of the signed-in account.
    ///
    /// Needs a bearer token.
    ///
    /// `GET /v1/account/profile`, published as `get-account-profile`.
    pub fn get_account_profile(&self) -> builder::GetAccountProfile<'_> {
        builder::GetAccountProfile::new(self)
    }

    /// Changes the profile of the signed-in account.
    ///
    /// Needs a bearer token. Every member of the body is optional; the response is the changed profile.
    ///
    /// `PUT /v1/account/profile`, published as `update-account-profile`.
    pub fn update_account_profile(&self) -> builder::UpdateAccountProfile<'_> {
        builder::UpdateAccountProfile::new(self)
    }

    /// Sets the greatest slippage the signed-in account accepts in one market.
    ///
    /// Needs a bearer token. The response is the whole profile.
    ///
    /// `POST /v1/account/profile/market_max_slippage/{market}`, published as `update-account-market-max-slippage`.
    pub fn update_account_market_max_slippage(
        &self,
    ) -> builder::UpdateAccountMarketMaxSlippage<'_> {
        builder::UpdateAccountMarketMaxSlippage::new(self)
    }

    /// Changes which notifications the signed-in account receives.
    ///
    /// Needs a bearer token. Preferences left out stay as they are. The response is the whole profile.
    ///
    /// `POST /v1/account/profile/notifications`, published as `update-account-notification-preferences`.
    pub fn update_account_notification_preferences(
        &self,
    ) -> builder::UpdateAccountNotificationPreferences<'_> {
        builder::UpdateAccountNotificationPreferences::new(self)
    }

    /// Marks the notifications of the signed-in account as seen up to now.
    ///
    /// Needs a bearer token and takes no body. The exchange stores its own clock's time, so that several devices do not show the same notification twice. The response is the whole profile.
    ///
    /// `POST /v1/account/profile/notifications/last_seen`, published as `update-last-seen`.
    pub fn mark_notifications_seen(&self) -> builder::MarkNotificationsSeen<'_> {
        builder::MarkNotificationsSeen::new(self)
    }

    /// Sets the referral code under which the account invites others.
    ///
    /// The published document forgets the body; that it is the profile request with `referral_code` is an inference.
    ///
    /// `POST /v1/account/profile/referral_code`, published as `update-account-profile-referral-code`.
    pub fn update_account_profile_referral_code(
        &self,
    ) -> builder::UpdateAccountProfileReferralCode<'_> {
        builder::UpdateAccountProfileReferralCode::new(self)
    }

    /// Returns the NFTs of the account's Ethereum address again and returns what was found.
    ///
    /// `POST /v1/account/profile/refresh_inventory`, published as `refresh-account-inventory`.
    pub fn refresh_account_inventory(&self) -> builder::RefreshAccountInventory<'_> {
        builder::RefreshAccountInventory::new(self)
    }

    /// Chooses whether the web interface shows sizes in the base or in the quote currency.
    ///
    /// `POST /v1/account/profile/size_currency_display`, published as `update-account-size-currency-display`.
    pub fn update_account_size_currency_display(
        &self,
    ) -> builder::UpdateAccountSizeCurrencyDisplay<'_> {
        builder::UpdateAccountSizeCurrencyDisplay::new(self)
    }

    /// Sets the account's user name.
    ///
    /// The published document forgets the body; that it is the profile request with `username` is an inference.
    ///
    /// `POST /v1/account/profile/username`, published as `update-account-profile-username`.
    pub fn update_account_profile_username(
        &self,
    ) -> builder::UpdateAccountProfileUsername<'_> {
        builder::UpdateAccountProfileUsername::new(self)
    }

    /// Sets the account's referrer after the account was created.
    ///
    /// The exchange accepts this only for a limited time after the account was made. The published document forgets the body; that it is the profile request with `referred_by` is an inference.
    ///
    /// `POST /v1/account/referrer`, published as `update-account-referrer`.
    pub fn update_account_referrer(&self) -> builder::UpdateAccountReferrer<'_> {
        builder::UpdateAccountReferrer::new(self)
    }

    /// Returns how the account wants values displayed.
    ///
    /// `GET /v1/account/settings`, published as `get-account-settings`.
    pub fn get_account_settings(&self) -> builder::GetAccountSettings<'_> {
        builder::GetAccountSettings::new(self)
    }

    /// Chooses whether the web interface values holdings at the spot or at the market price.
    ///
    /// `POST /v1/account/settings/trading_value_display`, published as `update-account-trading-value-display`.
    pub fn update_account_trading_value_display(
        &self,
    ) -> builder::UpdateAccountTradingValueDisplay<'_> {
        builder::UpdateAccountTradingValueDisplay::new(self)
    }

    /// Lists the subaccounts of the signed-in account.
    ///
    /// `GET /v1/account/subaccounts`, published as `get-sub-accounts`.
    pub fn list_subaccounts(&self) -> builder::ListSubaccounts<'_> {
        builder::ListSubaccounts::new(self)
    }

    /// Lists the summaries of the signed-in account and of every account that it may act for.
    ///
    /// `GET /v1/account/summary`, published as `get-accounts`.
    pub fn list_account_summaries(&self) -> builder::ListAccountSummaries<'_> {
        builder::ListAccountSummaries::new(self)
    }

    /// Creates a short-lived token that proves the account's identity to the DIME terminal.
    ///
    /// The token opens nothing on the exchange itself. Only an interactive session that the account's own key signed in may ask for one; read-only tokens, API tokens and subkeys are refused.
    ///
    /// `POST /v1/account/terminal-token`, published without an operationId.
    pub fn create_terminal_token(&self) -> builder::CreateTerminalToken<'_> {
        builder::CreateTerminalToken::new(self)
    }

    /// Lists the account's API tokens with their allowlists; the token texts are not included.
    ///
    /// There is no call for a single token; find it in this list by `lookup_id`.
    ///
    /// `GET /v1/account/tokens`, published as `list-tokens`.
    pub fn list_tokens(&self) -> builder::ListTokens<'_> {
        builder::ListTokens::new(self)
    }

    /// Creates an API token and returns its text once.
    ///
    /// The text of the token is in this response only. The allowlist is in force from the start; without one, the token works from any address. The lifetime is between one minute and one year. The document gives 403 for accounts without IP restrictions. The call needs a session of the main account.
    ///
    /// `POST /v1/account/tokens`, published as `create-token`.
    pub fn create_token(&self) -> builder::CreateToken<'_> {
        builder::CreateToken::new(self)
    }

    /// Revokes an API token permanently.
    ///
    /// `DELETE /v1/account/tokens/{lookup_id}`, published as `revoke-token`.
    pub fn revoke_token(&self) -> builder::RevokeToken<'_> {
        builder::RevokeToken::new(self)
    }

    /// Replaces the IP allowlist of an API token.
    ///
    /// The whole list is replaced. **An empty list allows every address.** A list has at most 50 entries. The call needs a session of the main account; a subkey may not make it. 403 also means that IP restrictions are not enabled for the account. The API has no version check, and does not document how soon a change takes effect.
    ///
    /// `PUT /v1/account/tokens/{lookup_id}/allowed-cidrs`, published as `update-token-allowed-cidrs`.
    pub fn update_token_allowed_cidrs(&self) -> builder::UpdateTokenAllowedCidrs<'_> {
        builder::UpdateTokenAllowedCidrs::new(self)
    }

    /// Lists the account's active algo orders.
    ///
    /// `GET /v1/algo/orders`, published as `get-open-algo-orders`.
    pub fn list_open_algo_orders(&self) -> builder::ListOpenAlgoOrders<'_> {
        builder::ListOpenAlgoOrders::new(self)
    }

    /// Creates an algo order, which the exchange executes as a series of smaller orders.
    ///
    /// TWAP is the only kind. It sends a market order every 30 seconds; its duration is a multiple of 30 seconds, up to 86,400. The signed message is that of a market order.
    ///
    /// `POST /v1/algo/orders`, published as `create-algo-order`.
    pub fn create_algo_order(&self) -> builder::CreateAlgoOrder<'_> {
        builder::CreateAlgoOrder::new(self)
    }

    /// Lists the account's past algo orders, page by page.
    ///
    /// `GET /v1/algo/orders-history`, published as `get-algo-orders-history`.
    pub fn list_algo_orders_history(&self) -> builder::ListAlgoOrdersHistory<'_> {
        builder::ListAlgoOrdersHistory::new(self)
    }

    /// Returns one algo order that is new or open.
    ///
    /// A closed algo order is not found here; look in the history.
    ///
    /// `GET /v1/algo/orders/{algo_id}`, published as `get-algo-order-by-id`.
    pub fn get_algo_order(&self) -> builder::GetAlgoOrder<'_> {
        builder::GetAlgoOrder::new(self)
    }

    /// Cancels an algo order.
    ///
    /// `DELETE /v1/algo/orders/{algo_id}`, published as `cancel-algo-order`.
    pub fn cancel_algo_order(&self) -> builder::CancelAlgoOrder<'_> {
        builder::CancelAlgoOrder::new(self)
    }

    /// Signs in with the account's Starknet key and returns a bearer token.
    ///
    /// The token is valid for five minutes and cannot be renewed; the exchange advises to get a new one after three. At most 600 sign-ins a minute are accepted from one IP address. A subkey must use the call with the key in its path.
    ///
    /// `POST /v1/auth`, published as `auth`.
    pub fn auth(&self) -> builder::Auth<'_> {
        builder::Auth::new(self)
    }

    /// Signs in with a Starknet key that is named in the path, and returns a bearer token.
    ///
    /// A subkey must sign in here; a main key may. The published document does not list the call: what is known comes from the official Python SDK. The signed message still names the path `/v1/auth`. At most 600 sign-ins a minute are accepted from one IP address, over all sign-in calls together.
    ///
    /// `POST /v1/auth/{public_key}`, published as `auth-with-public-key`.
    pub fn auth_with_public_key(&self) -> builder::AuthWithPublicKey<'_> {
        builder::AuthWithPublicKey::new(self)
    }

    /// Lists what the account holds, one entry an asset.
    ///
    /// `GET /v1/balance`, published as `get-balance`.
    pub fn list_balances(&self) -> builder::ListBalances<'_> {
        builder::ListBalances::new(self)
    }

    /// Returns the best bid and the best ask of one market.
    ///
    /// Public. The `/interactive` variant also counts RPI orders (retail price improvement).
    ///
    /// `GET /v1/bbo/{market}`, published as `get-bbo`.
    pub fn get_bbo(&self) -> builder::GetBbo<'_> {
        builder::GetBbo::new(self)
    }

    /// Returns the best bid and ask of one market with RPI orders counted in, as the web interface shows them.
    ///
    /// Public. RPI means retail price improvement.
    ///
    /// `GET /v1/bbo/{market}/interactive`, published as `get-bbo-interactive`.
    pub fn get_bbo_interactive(&self) -> builder::GetBboInteractive<'_> {
        builder::GetBboInteractive::new(self)
    }

    /// Lists the block trades in which the signed-in account takes part.
    ///
    /// Needs a bearer token. An account sees the trades that it initiated, that name it as a required signer, or for which it has made an offer. The response carries page cursors, yet no cursor or page size parameter is declared.
    ///
    /// `GET /v1/block-trades`, published as `block-trades-list`.
    pub fn list_block_trades(&self) -> builder::ListBlockTrades<'_> {
        builder::ListBlockTrades::new(self)
    }

    /// Creates a parent block trade, for several parties to execute together.
    ///
    /// Needs a bearer token. The caller becomes the initiator and names the trades and the required signers; those then submit offers, and the initiator executes the offers of its choice, all trades at once. Every required signer must be onboarded and enabled for block trades, and the Starknet signature must carry an expiration time.
    ///
    /// `POST /v1/block-trades`, published as `block-trades-create`.
    pub fn create_block_trade(&self) -> builder::CreateBlockTrade<'_> {
        builder::CreateBlockTrade::new(self)
    }

    /// Returns one block trade with its trades, signatures and status.
    ///
    /// Needs a bearer token. Open to the initiator, to required signers and to accounts that have made an offer.
    ///
    /// `GET /v1/block-trades/{block_trade_id}`, published as `block-trades-get`.
    pub fn get_block_trade(&self) -> builder::GetBlockTrade<'_> {
        builder::GetBlockTrade::new(self)
    }

    /// Cancels a block trade that has not been executed yet.
    ///
    /// Needs a bearer token. For the initiator only, and only in the states `CREATED`, `OFFER_COLLECTION` and `READY_TO_EXECUTE`. Every offer made for the trade becomes invalid with it. The response is a map of strings that confirms the cancellation.
    ///
    /// `DELETE /v1/block-trades/{block_trade_id}`, published as `block-trades-cancel`.
    pub fn cancel_block_trade(&self) -> builder::CancelBlockTrade<'_> {
        builder::CancelBlockTrade::new(self)
    }

    /// Executes a block trade with the offers that its initiator selected.
    ///
    /// Needs a bearer token. For the initiator only, once the trade is `READY_TO_EXECUTE`, the required signers have covered every market with offers, and no signature of a selected offer has expired. All trades are processed as one; success creates fills and changes balances. Check the status of the response, which can be `FAILED`.
    ///
    /// `POST /v1/block-trades/{block_trade_id}/execute`, published as `block-trades-execute`.
    pub fn execute_block_trade(&self) -> builder::ExecuteBlockTrade<'_> {
        builder::ExecuteBlockTrade::new(self)
    }

    /// Lists the offers that required signers made for one block trade.
    ///
    /// Needs a bearer token. Open to the initiator, to required signers and to accounts that have made an offer. The list is not paginated.
    ///
    /// `GET /v1/block-trades/{block_trade_id}/offers`, published as `block-offers-list`.
    pub fn list_block_offers(&self) -> builder::ListBlockOffers<'_> {
        builder::ListBlockOffers::new(self)
    }

    /// Submits an offer for an existing block trade.
    ///
    /// Needs a bearer token. The account must be onboarded and be named as a required signer. The orders must keep to the limits set by the parent trade, each market needs a valid order signature, and the offer itself carries a signature with nonce and expiration.
    ///
    /// `POST /v1/block-trades/{block_trade_id}/offers`, published as `block-offers-create`.
    pub fn create_block_offer(&self) -> builder::CreateBlockOffer<'_> {
        builder::CreateBlockOffer::new(self)
    }

    /// Returns one offer made for a block trade.
    ///
    /// Needs a bearer token. Open to the initiator, to required signers and to the account that made the offer.
    ///
    /// `GET /v1/block-trades/{block_trade_id}/offers/{offer_id}`, published as `block-offers-get`.
    pub fn get_block_offer(&self) -> builder::GetBlockOffer<'_> {
        builder::GetBlockOffer::new(self)
    }

    /// Cancels an offer made for a block trade.
    ///
    /// Needs a bearer token. Only for the account that made the offer, while the offer can still be cancelled and its parent trade is active. The response is a map of strings that confirms the cancellation.
    ///
    /// `DELETE /v1/block-trades/{block_trade_id}/offers/{offer_id}`, published as `block-offers-cancel`.
    pub fn cancel_block_offer(&self) -> builder::CancelBlockOffer<'_> {
        builder::CancelBlockOffer::new(self)
    }

    /// Executes a single offer without executing the rest of its block trade.
    ///
    /// Needs a bearer token. Open to the initiator, the account that made the offer, and required signers. The offer must be in an executable state with unexpired signatures of all parties; other offers need not be ready. All trades of the offer are executed together.
    ///
    /// `POST /v1/block-trades/{block_trade_id}/offers/{offer_id}/execute`, published as `block-offers-execute`.
    pub fn execute_block_offer(&self) -> builder::ExecuteBlockOffer<'_> {
        builder::ExecuteBlockOffer::new(self)
    }

    /// Lists the fills of the signed-in account that went on chain for settlement.
    ///
    /// Needs a bearer token. Paginated by cursor.
    ///
    /// `GET /v1/fills`, published without an operationId.
    pub fn list_fills(&self) -> builder::ListFills<'_> {
        builder::ListFills::new(self)
    }

    /// Lists past funding rates and funding index values of one market.
    ///
    /// Public. Paginated by cursor.
    ///
    /// `GET /v1/funding/data`, published as `get-funding-data`.
    pub fn list_funding_data(&self) -> builder::ListFundingData<'_> {
        builder::ListFundingData::new(self)
    }

    /// Lists the funding payments that the signed-in account made or received.
    ///
    /// Needs a bearer token. Paginated by cursor. Funding passes between traders at intervals and keeps the price of a perpetual near its index.
    ///
    /// `GET /v1/funding/payments`, published as `get-funding`.
    pub fn list_funding_payments(&self) -> builder::ListFundingPayments<'_> {
        builder::ListFundingPayments::new(self)
    }

    /// Returns the account of the insurance fund and its value.
    ///
    /// Public. The published document declares no error response for this call.
    ///
    /// `GET /v1/insurance`, published as `get-insurance-fund`.
    pub fn get_insurance_fund(&self) -> builder::GetInsuranceFund<'_> {
        builder::GetInsuranceFund::new(self)
    }

    /// Returns the public keys (JWKS) with which the exchange's JSON Web Tokens can be verified.
    ///
    /// Public. The published document declares no error response for this call.
    ///
    /// `GET /v1/jwks.json`, published as `jwks`.
    pub fn get_jwks(&self) -> builder::GetJwks<'_> {
        builder::GetJwks::new(self)
    }

    /// Lists the liquidations of the signed-in account.
    ///
    /// Needs a bearer token. The list is not paginated; the time range is named `from` and `to` here.
    ///
    /// `GET /v1/liquidations`, published as `get-liquidations`.
    pub fn list_liquidations(&self) -> builder::ListLiquidations<'_> {
        builder::ListLiquidations::new(self)
    }

    /// Lists the markets with their static parameters.
    ///
    /// Public. The list is not paginated.
    ///
    /// `GET /v1/markets`, published as `get-markets`.
    pub fn list_markets(&self) -> builder::ListMarkets<'_> {
        builder::ListMarkets::new(self)
    }

    /// Lists the changes made to market specifications in the past seven days.
    ///
    /// Public. Covers listings, settlements and changed parameters as the exchange's audit table of markets records them, changes made by hand included. The published document declares no error response for this call.
    ///
    /// `GET /v1/markets/history`, published as `get-markets-history`.
    pub fn list_market_events(&self) -> builder::ListMarketEvents<'_> {
        builder::ListMarketEvents::new(self)
    }

    /// Returns the candles (open, high, low, close, volume) of one market.
    ///
    /// Public. The published document declares no success response. Other clients read an object whose `results` is a list of rows, each holding the time in milliseconds since the Unix epoch, then open, high, low, close and volume as JSON numbers.
    ///
    /// `GET /v1/markets/klines`, published as `markets-klines`.
    pub fn list_klines(&self) -> builder::ListKlines<'_> {
        builder::ListKlines::new(self)
    }

    /// Returns the settlement price of one settled market.
    ///
    /// Public. The response also carries the average spot price from which the settlement price was worked out. A market that has not settled yet returns 404.
    ///
    /// `GET /v1/markets/settlement-price`, published as `get-market-settlement-price`.
    pub fn get_market_settlement_price(&self) -> builder::GetMarketSettlementPrice<'_> {
        builder::GetMarketSettlementPrice::new(self)
    }

    /// Lists the figures that change with trading, such as prices, volumes and funding, for one market or for all.
    ///
    /// Public.
    ///
    /// `GET /v1/markets/summary`, published as `get-markets-summary`.
    pub fn list_market_summaries(&self) -> builder::ListMarketSummaries<'_> {
        builder::ListMarketSummaries::new(self)
    }

    /// Tells whether an identity is onboarded, and its Starknet address on Paradex.
    ///
    /// Public. The response also names the class hashes from which the address is derived. An identity is a Starknet public key or an Ethereum address; `account_signer_type` decides which of the two must be given.
    ///
    /// `GET /v1/onboarding`, published as `getOnboarding`.
    pub fn get_onboarding(&self) -> builder::GetOnboarding<'_> {
        builder::GetOnboarding::new(self)
    }

    /// Onboards a Starknet account after checking that the caller owns it.
    ///
    /// Needs no bearer token: the signature in the headers proves ownership. A repeated call does no harm. The success response has no body. EVM accounts use `POST /v2/onboarding` instead.
    ///
    /// `POST /v1/onboarding`, published as `onboarding`.
    pub fn onboard(&self) -> builder::Onboard<'_> {
        builder::Onboard::new(self)
    }

    /// Returns a snapshot of the order book of one market.
    ///
    /// Public. The `/interactive` variant also counts RPI orders (retail price improvement).
    ///
    /// `GET /v1/orderbook/{market}`, published as `get-orderbook`.
    pub fn get_orderbook(&self) -> builder::GetOrderbook<'_> {
        builder::GetOrderbook::new(self)
    }

    /// Returns the impact price of one market for a given size.
    ///
    /// Public.
    ///
    /// `GET /v1/orderbook/{market}/impact-price`, published as `get-impact-price`.
    pub fn get_impact_price(&self) -> builder::GetImpactPrice<'_> {
        builder::GetImpactPrice::new(self)
    }

    /// Returns a snapshot of the order book of one market with RPI orders counted in.
    ///
    /// Public. RPI means retail price improvement.
    ///
    /// `GET /v1/orderbook/{market}/interactive`, published as `get-orderbook-interactive`.
    pub fn get_orderbook_interactive(&self) -> builder::GetOrderbookInteractive<'_> {
        builder::GetOrderbookInteractive::new(self)
    }

    /// Lists the open orders of the signed-in account.
    ///
    /// Needs a bearer token. The list is not paginated.
    ///
    /// `GET /v1/orders`, published as `get-open-orders`.
    pub fn list_open_orders(&self) -> builder::ListOpenOrders<'_> {
        builder::ListOpenOrders::new(self)
    }

    /// Places an order for the signed-in account.
    ///
    /// Needs a bearer token and a signed order. The response comes after basic checks only: the order then has status `NEW`, waits for its risk checks and goes on to the matching engine. It becomes `OPEN` when it rests in the book and `CLOSED` when it is filled or cannot be processed, with the reason in `cancel_reason`. A blind retry can place the order twice. The price must be absent for `MARKET` and `STOP_MARKET` orders, although the published document requires it.
    ///
    /// `POST /v1/orders`, published as `orders-new`.
    pub fn create_order(&self) -> builder::CreateOrder<'_> {
        builder::CreateOrder::new(self)
    }

    /// Cancels all open orders of the signed-in account, in one market or everywhere.
    ///
    /// Needs a bearer token. No body is declared for the success response, and reports disagree on what is sent there.
    ///
    /// `DELETE /v1/orders`, published as `orders-cancel-all`.
    pub fn cancel_all_orders(&self) -> builder::CancelAllOrders<'_> {
        builder::CancelAllOrders::new(self)
    }

    /// Lists orders of the signed-in account, closed ones included, that match the given filters.
    ///
    /// Needs a bearer token. The list is paginated.
    ///
    /// `GET /v1/orders-history`, published as `get-orders`.
    pub fn list_orders_history(&self) -> builder::ListOrdersHistory<'_> {
        builder::ListOrdersHistory::new(self)
    }

    /// Places several orders at once for the signed-in account.
    ///
    /// Needs a bearer token and a signature on each order. The published document allows 1 to 10 orders, while the rate limits speak of batches of 1 to 50; a batch counts as one call. When one order fails the basic checks, its signature among them, the whole batch is refused. After that each order passes its risk checks on its own.
    ///
    /// `POST /v1/orders/batch`, published as `orders-new-batch`.
    pub fn create_orders_batch(&self) -> builder::CreateOrdersBatch<'_> {
        builder::CreateOrdersBatch::new(self)
    }

    /// Cancels several orders at once, named by their order ids, their client order ids or both.
    ///
    /// Needs a bearer token and carries a JSON body. The response has one entry per order; its `status` is `QUEUED_FOR_CANCELLATION`, `ALREADY_CLOSED` or `NOT_FOUND`, and an order that was not found carries little else. Success means that the cancellations are queued: the WebSocket feed or `GET /orders/{order_id}` confirms them.
    ///
    /// `DELETE /v1/orders/batch`, published as `orders-cancel-batch`.
    pub fn cancel_orders_batch(&self) -> builder::CancelOrdersBatch<'_> {
        builder::CancelOrdersBatch::new(self)
    }

    /// Returns the open order of the signed-in account that carries a client order id.
    ///
    /// Needs a bearer token. Orders with any status other than `OPEN` are not found.
    ///
    /// `GET /v1/orders/by_client_id/{client_id}`, published as `orders-get-by-client-id`.
    pub fn get_order_by_client_id(&self) -> builder::GetOrderByClientId<'_> {
        builder::GetOrderByClientId::new(self)
    }

    /// Cancels the open order of the signed-in account that carries a client order id.
    ///
    /// Needs a bearer token. The success response is a 204 without a body.
    ///
    /// `DELETE /v1/orders/by_client_id/{client_id}`, published as `orders-cancel-by-client-id`.
    pub fn cancel_order_by_client_id(&self) -> builder::CancelOrderByClientId<'_> {
        builder::CancelOrderByClientId::new(self)
    }

    /// Returns one order of the signed-in account.
    ///
    /// Needs a bearer token. Only orders with status `OPEN` or `NEW` are found.
    ///
    /// `GET /v1/orders/{order_id}`, published as `orders-get`.
    pub fn get_order(&self) -> builder::GetOrder<'_> {
        builder::GetOrder::new(self)
    }

    /// Changes the price, the size or the trigger price of an open order.
    ///
    /// Needs a bearer token and a signature of its own. It serves open limit orders and take-profit or stop-loss orders, and the order keeps its id. The trigger price can be changed until the order triggers; a triggered limit order then behaves as an ordinary one. A market order with a trigger executes as soon as it triggers, and can no longer be changed.
    ///
    /// `PUT /v1/orders/{order_id}`, published as `orders-modify`.
    pub fn modify_order(&self) -> builder::ModifyOrder<'_> {
        builder::ModifyOrder::new(self)
    }

    /// Queues one order of the signed-in account for cancellation.
    ///
    /// Needs a bearer token. The success response is a 204 without a body; it says that the cancellation is queued, not that it has happened. The WebSocket feed or `GET /orders/{order_id}` confirms it. A closed order cannot be cancelled.
    ///
    /// `DELETE /v1/orders/{order_id}`, published as `orders-cancel`.
    pub fn cancel_order(&self) -> builder::CancelOrder<'_> {
        builder::CancelOrder::new(self)
    }

    /// Lists the positions of the signed-in account.
    ///
    /// Needs a bearer token. The list is not paginated. The published text calls it a list of open positions, yet a position can carry the status `CLOSED`. No error response is declared for this call.
    ///
    /// `GET /v1/positions`, published as `get-positions`.
    pub fn list_positions(&self) -> builder::ListPositions<'_> {
        builder::ListPositions::new(self)
    }

    /// Returns a PNG image with a QR code of the referral link of the signed-in account.
    ///
    /// Needs a bearer token. The published document declares an image even for the error responses.
    ///
    /// `GET /v1/referrals/qr-code`, published as `get-referral-qr-code`.
    pub fn get_referral_qr_code(&self) -> builder::GetReferralQrCode<'_> {
        builder::GetReferralQrCode::new(self)
    }

    /// Lists the latest referral figures of the signed-in account.
    ///
    /// Needs a bearer token. The list is not paginated.
    ///
    /// `GET /v1/referrals/summary`, published as `get-referrals-summary`.
    pub fn list_referrals(&self) -> builder::ListReferrals<'_> {
        builder::ListReferrals::new(self)
    }

    /// Lists the account's requests for quote, newest first, page by page.
    ///
    /// The venue cuts its pages before it removes what belongs to related accounts, so a page can be short or empty although more follow. Only a `next` of `null` is the end.
    ///
    /// `GET /v1/rfqs`, published as `rfq-list`.
    pub fn list_rfqs(&self) -> builder::ListRfqs<'_> {
        builder::ListRfqs::new(self)
    }

    /// Asks the makers of the RFQ venue for a quote.
    ///
    /// The response says only that the command was queued, and carries a `request_id`. The private WebSocket channel `rfq` reports whether the venue accepted it, and the id of the request for quote; subscribe to it first. At most 25 legs are accepted.
    ///
    /// `POST /v1/rfqs`, published as `rfq-create`.
    pub fn create_rfq(&self) -> builder::CreateRfq<'_> {
        builder::CreateRfq::new(self)
    }

    /// Lists the account's drafts of requests for quote, newest first.
    ///
    /// An account has at most 20 drafts, so all of them are in one response.
    ///
    /// `GET /v1/rfqs/drafts`, published as `rfq-draft-list`.
    pub fn list_rfq_drafts(&self) -> builder::ListRfqDrafts<'_> {
        builder::ListRfqDrafts::new(self)
    }

    /// Stores a draft of a request for quote.
    ///
    /// A draft is not sent to the venue and reserves no margin. Only quantity, strategy and legs are stored; the other fields of the body have no effect. An account has at most 20 drafts, each with at most 25 legs.
    ///
    /// `POST /v1/rfqs/drafts`, published as `rfq-draft-create`.
    pub fn create_rfq_draft(&self) -> builder::CreateRfqDraft<'_> {
        builder::CreateRfqDraft::new(self)
    }

    /// Deletes a draft of a request for quote.
    ///
    /// A request that was made from the draft is not affected.
    ///
    /// `DELETE /v1/rfqs/drafts/{draft_id}`, published as `rfq-draft-delete`.
    pub fn delete_rfq_draft(&self) -> builder::DeleteRfqDraft<'_> {
        builder::DeleteRfqDraft::new(self)
    }

    /// Asks the venue to close a request for quote.
    ///
    /// The response says only that the command was queued; the private WebSocket channel `rfq` reports the result. An account has one open request at a time.
    ///
    /// `DELETE /v1/rfqs/{rfq_id}`, published as `rfq-delete`.
    pub fn cancel_rfq(&self) -> builder::CancelRfq<'_> {
        builder::CancelRfq::new(self)
    }

    /// Returns the best quotes for a request for quote, as a whole and leg by leg.
    ///
    /// A request that is closed or belongs to another account is not found.
    ///
    /// `GET /v1/rfqs/{rfq_id}/bbo`, published as `rfq-bbo`.
    pub fn get_rfq_bbo(&self) -> builder::GetRfqBbo<'_> {
        builder::GetRfqBbo::new(self)
    }

    /// Accepts a quote with a limit order that is filled immediately and completely, or not at all.
    ///
    /// The response says only that the command was queued; the private WebSocket channel `rfq` reports the result. The price is that of the whole strategy and can be zero or negative.
    ///
    /// `POST /v1/rfqs/{rfq_id}/execute`, published as `rfq-execute`.
    pub fn execute_rfq(&self) -> builder::ExecuteRfq<'_> {
        builder::ExecuteRfq::new(self)
    }

    /// Returns the account's staked DIME over time.
    ///
    /// `GET /v1/staking/balance/history`, published as `get-staking-balance-history`.
    pub fn get_staking_balance_history(&self) -> builder::GetStakingBalanceHistory<'_> {
        builder::GetStakingBalanceHistory::new(self)
    }

    /// Returns the staked DIME of all accounts over time.
    ///
    /// `GET /v1/staking/balance/history/global`, published as `get-global-staking-balance-history`.
    pub fn get_global_staking_balance_history(
        &self,
    ) -> builder::GetGlobalStakingBalanceHistory<'_> {
        builder::GetGlobalStakingBalanceHistory::new(self)
    }

    /// Returns the staking tiers and their benefits.
    ///
    /// `GET /v1/staking/config`, published as `get-staking-config`.
    pub fn get_staking_config(&self) -> builder::GetStakingConfig<'_> {
        builder::GetStakingConfig::new(self)
    }

    /// Lists every stake of the account, also those that ended.
    ///
    /// `GET /v1/staking/history`, published as `get-staking-history`.
    pub fn list_stakes(&self) -> builder::ListStakes<'_> {
        builder::ListStakes::new(self)
    }

    /// Returns the account's staked amount and its tier.
    ///
    /// `GET /v1/staking/summary`, published as `get-staking-summary`.
    pub fn get_staking_summary(&self) -> builder::GetStakingSummary<'_> {
        builder::GetStakingSummary::new(self)
    }

    /// Lists the exchange's announcements, page by page.
    ///
    /// `GET /v1/system/announcements`, published as `get-announcements`.
    pub fn list_announcements(&self) -> builder::ListAnnouncements<'_> {
        builder::ListAnnouncements::new(self)
    }

    /// Returns the chain id, contract addresses and class hashes that signing and settlement need.
    ///
    /// `GET /v1/system/config`, published without an operationId.
    pub fn get_system_config(&self) -> builder::GetSystemConfig<'_> {
        builder::GetSystemConfig::new(self)
    }

    /// Lists the risk parameters of portfolio margin, one entry a base asset.
    ///
    /// `GET /v1/system/portfolio-margin-config`, published as `get-portfolio-margin-config`.
    pub fn list_portfolio_margin_configs(
        &self,
    ) -> builder::ListPortfolioMarginConfigs<'_> {
        builder::ListPortfolioMarginConfigs::new(self)
    }

    /// Returns whether the exchange accepts orders.
    ///
    /// `GET /v1/system/state`, published without an operationId.
    pub fn get_system_state(&self) -> builder::GetSystemState<'_> {
        builder::GetSystemState::new(self)
    }

    /// Returns the exchange's time.
    ///
    /// `GET /v1/system/time`, published without an operationId.
    pub fn get_system_time(&self) -> builder::GetSystemTime<'_> {
        builder::GetSystemTime::new(self)
    }

    /// Lists the fee tiers by trading volume, for retail and professional accounts.
    ///
    /// `GET /v1/system/volume-tiers`, published as `get-volume-tiers`.
    pub fn list_volume_tiers(&self) -> builder::ListVolumeTiers<'_> {
        builder::ListVolumeTiers::new(self)
    }

    /// Lists the account's busted trades, page by page.
    ///
    /// A trade is busted when its settlement on chain fails; it then counts as if it had not happened.
    ///
    /// `GET /v1/tradebusts`, published as `tradebusts`.
    pub fn list_tradebusts(&self) -> builder::ListTradebusts<'_> {
        builder::ListTradebusts::new(self)
    }

    /// Lists the trades of a market or of a base asset's options, page by page.
    ///
    /// `GET /v1/trades`, published as `trades`.
    pub fn list_trades(&self) -> builder::ListTrades<'_> {
        builder::ListTrades::new(self)
    }

    /// Lists the account's transactions on chain, page by page.
    ///
    /// `GET /v1/transactions`, published as `transactions`.
    pub fn list_transactions(&self) -> builder::ListTransactions<'_> {
        builder::ListTransactions::new(self)
    }

    /// Lists the account's deposits, withdrawals and other transfers, page by page.
    ///
    /// `GET /v1/transfers`, published as `get-transfers`.
    pub fn list_transfers(&self) -> builder::ListTransfers<'_> {
        builder::ListTransfers::new(self)
    }

    /// Lists the vaults that are open to the public.
    ///
    /// `GET /v1/vaults`, published as `vaults-get`.
    pub fn list_vaults(&self) -> builder::ListVaults<'_> {
        builder::ListVaults::new(self)
    }

    /// Creates a vault that the account owns, and a subaccount that runs it.
    ///
    /// The message that is signed is not documented. That a token is needed is an inference.
    ///
    /// `POST /v1/vaults`, published as `vaults-create`.
    pub fn create_vault(&self) -> builder::CreateVault<'_> {
        builder::CreateVault::new(self)
    }

    /// Lists the account's vault deposits and their results.
    ///
    /// `GET /v1/vaults/account-summary`, published as `vaults-get-account-summary`.
    pub fn list_vault_account_summaries(
        &self,
    ) -> builder::ListVaultAccountSummaries<'_> {
        builder::ListVaultAccountSummaries::new(self)
    }

    /// Returns the performance figures of a vault and of its strategies.
    ///
    /// For a vault without figures, the fields are empty; for a vault that does not exist, the status is 404.
    ///
    /// `GET /v1/vaults/analytics`, published as `vaults-get-analytics`.
    pub fn get_vault_analytics(&self) -> builder::GetVaultAnalytics<'_> {
        builder::GetVaultAnalytics::new(self)
    }

    /// Lists what a vault holds.
    ///
    /// The status is 403 for other accounts if the vault hides its balances.
    ///
    /// `GET /v1/vaults/balance`, published as `vaults-get-balance`.
    pub fn list_vault_balances(&self) -> builder::ListVaultBalances<'_> {
        builder::ListVaultBalances::new(self)
    }

    /// Returns the limits that hold for every vault.
    ///
    /// `GET /v1/vaults/config`, published as `vaults-get-config`.
    pub fn get_vaults_config(&self) -> builder::GetVaultsConfig<'_> {
        builder::GetVaultsConfig::new(self)
    }

    /// Returns a figure of a vault over time.
    ///
    /// `GET /v1/vaults/history`, published as `vaults-get-historical-data`.
    pub fn list_vault_history(&self) -> builder::ListVaultHistory<'_> {
        builder::ListVaultHistory::new(self)
    }

    /// Lists the vaults that the account owns, runs, or runs a strategy of, in any state.
    ///
    /// `GET /v1/vaults/mine`, published as `vaults-get-mine`.
    pub fn list_my_vaults(&self) -> builder::ListMyVaults<'_> {
        builder::ListMyVaults::new(self)
    }

    /// Lists a vault's positions.
    ///
    /// The status is 403 for other accounts if the vault hides its positions.
    ///
    /// `GET /v1/vaults/positions`, published as `vaults-get-positions`.
    pub fn list_vault_positions(&self) -> builder::ListVaultPositions<'_> {
        builder::ListVaultPositions::new(self)
    }

    /// Lists the key figures of vaults.
    ///
    /// `GET /v1/vaults/summary`, published as `vaults-get-summary`.
    pub fn list_vault_summaries(&self) -> builder::ListVaultSummaries<'_> {
        builder::ListVaultSummaries::new(self)
    }

    /// Lists the deposits into a vault and the withdrawals from it.
    ///
    /// `GET /v1/vaults/transfers`, published as `vaults-get-transfers`.
    pub fn list_vault_transfers(&self) -> builder::ListVaultTransfers<'_> {
        builder::ListVaultTransfers::new(self)
    }

    /// Returns the account's experience points for a season.
    ///
    /// `GET /v1/xp/account-balance`, published as `get-xp-balance-v2`.
    pub fn get_xp_balance(&self) -> builder::GetXpBalance<'_> {
        builder::GetXpBalance::new(self)
    }

    /// Returns the fee on transfers of experience points.
    ///
    /// `GET /v1/xp/fee-config`, published as `get-transfer-fee-config-v2`.
    pub fn get_xp_transfer_fee_config(&self) -> builder::GetXpTransferFeeConfig<'_> {
        builder::GetXpTransferFeeConfig::new(self)
    }

    /// Lists the public transfers of experience points of all users, page by page.
    ///
    /// `GET /v1/xp/public-transfers`, published as `get-public-xp-transfers-v2`.
    pub fn list_public_xp_transfers(&self) -> builder::ListPublicXpTransfers<'_> {
        builder::ListPublicXpTransfers::new(self)
    }

    /// Sends experience points to another user, immediately and irrevocably.
    ///
    /// `POST /v1/xp/transfer`, published as `create-xp-transfer-v2`.
    pub fn create_xp_transfer(&self) -> builder::CreateXpTransfer<'_> {
        builder::CreateXpTransfer::new(self)
    }

    /// Returns a public transfer of experience points.
    ///
    /// A private one is not found.
    ///
    /// `GET /v1/xp/transfer/{transfer_id}`, published as `get-xp-transfer-by-id-v2`.
    pub fn get_xp_transfer(&self) -> builder::GetXpTransfer<'_> {
        builder::GetXpTransfer::new(self)
    }

    /// Lists the account's own transfers of experience points, page by page.
    ///
    /// `GET /v1/xp/transfers`, published as `get-xp-transfers-v2`.
    pub fn list_xp_transfers(&self) -> builder::ListXpTransfers<'_> {
        builder::ListXpTransfers::new(self)
    }

    /// Signs in with an Ethereum key and returns a bearer token.
    ///
    /// The path has version 2. Trading also needs a Starknet subkey, which signs in with version 1. At most 600 sign-ins a minute are accepted from one IP address, over all sign-in calls together.
    ///
    /// `POST /v2/auth`, published as `evmAuth`.
    pub fn auth_evm(&self) -> builder::AuthEvm<'_> {
        builder::AuthEvm::new(self)
    }

    /// Creates an account for an Ethereum key.
    ///
    /// The path has version 2.
    ///
    /// `POST /v2/onboarding`, published as `evmOnboarding`.
    pub fn onboard_evm(&self) -> builder::OnboardEvm<'_> {
        builder::OnboardEvm::new(self)
    }
}
