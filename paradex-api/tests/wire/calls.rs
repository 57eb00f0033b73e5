// Written by `cargo xtask gen` from the documents under openapi/; edits are lost. To change it, change a
// correction, a name or a description under openapi/, or a pass under xtask/, and run it again.

use paradex_api::{Client, Error, types};
use super::{Answered, Arguments};
/// Calls the operation with this id; `None` if there is none.
pub(super) async fn call(
    client: &Client,
    id: &str,
    with: &Arguments,
) -> Option<Result<Answered, Error>> {
    Some(
        match id {
            "get_account" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_account();
                if with.has("subaccount_address") {
                    call = call.subaccount_address(with.text("subaccount_address"));
                }
                Answered::new(call.send().await)
            }
            "list_compliance_actions" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_compliance_actions();
                Answered::new(call.send().await)
            }
            "record_compliance_action" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.record_compliance_action();
                if with.has_body() {
                    call = call
                        .body(with.body::<types::RecordComplianceActionRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_account_history" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_account_history();
                if with.has("type") {
                    call = call.type_(with.parse("type"));
                }
                Answered::new(call.send().await)
            }
            "list_account_infos" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_account_infos();
                Answered::new(call.send().await)
            }
            "list_subkeys" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_subkeys();
                if with.has("with_revoked") {
                    call = call.with_revoked(with.parse("with_revoked"));
                }
                Answered::new(call.send().await)
            }
            "register_subkey" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.register_subkey();
                if with.has_body() {
                    call = call.body(with.body::<types::CreateSubkeyRequest>());
                }
                Answered::new(call.send().await)
            }
            "activate_subkey" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.activate_subkey();
                if with.has_body() {
                    call = call.body(with.body::<types::ActivateSubkeyRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_subkey" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_subkey();
                if with.has("public_key") {
                    call = call.public_key(with.text("public_key"));
                }
                Answered::new(call.send().await)
            }
            "update_subkey" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_subkey();
                if with.has("public_key") {
                    call = call.public_key(with.text("public_key"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::UpdateSubkeyRequest>());
                }
                Answered::new(call.send().await)
            }
            "revoke_subkey" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.revoke_subkey();
                if with.has("public_key") {
                    call = call.public_key(with.text("public_key"));
                }
                Answered::new(call.send().await)
            }
            "update_subkey_allowed_cidrs" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_subkey_allowed_cidrs();
                if with.has("public_key") {
                    call = call.public_key(with.text("public_key"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::UpdateAllowedCidrsRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_account_margin" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_account_margin();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "set_account_margin" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.set_account_margin();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::AccountMarginRequest>());
                }
                Answered::new(call.send().await)
            }
            "enable_rfq" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.enable_rfq();
                Answered::new(call.send().await)
            }
            "get_account_profile" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_account_profile();
                Answered::new(call.send().await)
            }
            "update_account_profile" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_profile();
                if with.has_body() {
                    call = call.body(with.body::<types::UpdateAccountProfileRequest>());
                }
                Answered::new(call.send().await)
            }
            "update_account_market_max_slippage" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_market_max_slippage();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has_body() {
                    call = call
                        .body(with.body::<types::UpdateAccountMaxSlippageRequest>());
                }
                Answered::new(call.send().await)
            }
            "update_account_notification_preferences" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_notification_preferences();
                if with.has_body() {
                    call = call
                        .body(
                            with.body::<types::UpdateNotificationPreferencesRequest>(),
                        );
                }
                Answered::new(call.send().await)
            }
            "mark_notifications_seen" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.mark_notifications_seen();
                Answered::new(call.send().await)
            }
            "update_account_profile_referral_code" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_profile_referral_code();
                if with.has_body() {
                    call = call.body(with.body::<types::UpdateAccountProfileRequest>());
                }
                Answered::new(call.send().await)
            }
            "refresh_account_inventory" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.refresh_account_inventory();
                Answered::new(call.send().await)
            }
            "update_account_size_currency_display" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_size_currency_display();
                if with.has_body() {
                    call = call
                        .body(with.body::<types::UpdateSizeCurrencyDisplayRequest>());
                }
                Answered::new(call.send().await)
            }
            "update_account_profile_username" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_profile_username();
                if with.has_body() {
                    call = call.body(with.body::<types::UpdateAccountProfileRequest>());
                }
                Answered::new(call.send().await)
            }
            "update_account_referrer" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_referrer();
                if with.has_body() {
                    call = call.body(with.body::<types::UpdateAccountProfileRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_account_settings" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_account_settings();
                Answered::new(call.send().await)
            }
            "update_account_trading_value_display" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_account_trading_value_display();
                if with.has_body() {
                    call = call
                        .body(with.body::<types::UpdateTradingValueDisplayRequest>());
                }
                Answered::new(call.send().await)
            }
            "list_subaccounts" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_subaccounts();
                Answered::new(call.send().await)
            }
            "list_account_summaries" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_account_summaries();
                Answered::new(call.send().await)
            }
            "create_terminal_token" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_terminal_token();
                Answered::new(call.send().await)
            }
            "list_tokens" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_tokens();
                if with.has("kind") {
                    call = call.kind(with.parse("kind"));
                }
                if with.has("with_invalid") {
                    call = call.with_invalid(with.parse("with_invalid"));
                }
                Answered::new(call.send().await)
            }
            "create_token" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_token();
                if with.has_body() {
                    call = call.body(with.body::<types::CreateTokenRequest>());
                }
                Answered::new(call.send().await)
            }
            "revoke_token" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.revoke_token();
                if with.has("lookup_id") {
                    call = call.lookup_id(with.text("lookup_id"));
                }
                Answered::new(call.send().await)
            }
            "update_token_allowed_cidrs" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.update_token_allowed_cidrs();
                if with.has("lookup_id") {
                    call = call.lookup_id(with.text("lookup_id"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::UpdateAllowedCidrsRequest>());
                }
                Answered::new(call.send().await)
            }
            "list_open_algo_orders" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_open_algo_orders();
                Answered::new(call.send().await)
            }
            "create_algo_order" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_algo_order();
                if with.has_body() {
                    call = call.body(with.body::<types::AlgoOrderRequest>());
                }
                Answered::new(call.send().await)
            }
            "list_algo_orders_history" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_algo_orders_history();
                if with.has("client_id") {
                    call = call.client_id(with.text("client_id"));
                }
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("side") {
                    call = call.side(with.parse("side"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                if with.has("status") {
                    call = call.status(with.parse("status"));
                }
                if with.has("type") {
                    call = call.type_(with.parse("type"));
                }
                Answered::new(call.send().await)
            }
            "get_algo_order" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_algo_order();
                if with.has("algo_id") {
                    call = call.algo_id(with.text("algo_id"));
                }
                Answered::new(call.send().await)
            }
            "cancel_algo_order" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_algo_order();
                if with.has("algo_id") {
                    call = call.algo_id(with.text("algo_id"));
                }
                Answered::new(call.send().await)
            }
            "auth" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.auth();
                if with.has("token_usage") {
                    call = call.token_usage(with.parse("token_usage"));
                }
                if with.has("PARADEX-AUTHORIZE-ISOLATED-MARKETS") {
                    call = call
                        .paradex_authorize_isolated_markets(
                            with.text("PARADEX-AUTHORIZE-ISOLATED-MARKETS"),
                        );
                }
                if with.has("PARADEX-SIGNATURE-EXPIRATION") {
                    call = call
                        .paradex_signature_expiration(
                            with.text("PARADEX-SIGNATURE-EXPIRATION"),
                        );
                }
                if with.has("PARADEX-STARKNET-ACCOUNT") {
                    call = call
                        .paradex_starknet_account(with.text("PARADEX-STARKNET-ACCOUNT"));
                }
                if with.has("PARADEX-STARKNET-SIGNATURE") {
                    call = call
                        .paradex_starknet_signature(
                            with.secret("PARADEX-STARKNET-SIGNATURE"),
                        );
                }
                if with.has("PARADEX-TIMESTAMP") {
                    call = call.paradex_timestamp(with.text("PARADEX-TIMESTAMP"));
                }
                Answered::new(call.send().await)
            }
            "auth_with_public_key" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.auth_with_public_key();
                if with.has("public_key") {
                    call = call.public_key(with.text("public_key"));
                }
                if with.has("token_usage") {
                    call = call.token_usage(with.parse("token_usage"));
                }
                if with.has("PARADEX-AUTHORIZE-ISOLATED-MARKETS") {
                    call = call
                        .paradex_authorize_isolated_markets(
                            with.text("PARADEX-AUTHORIZE-ISOLATED-MARKETS"),
                        );
                }
                if with.has("PARADEX-SIGNATURE-EXPIRATION") {
                    call = call
                        .paradex_signature_expiration(
                            with.text("PARADEX-SIGNATURE-EXPIRATION"),
                        );
                }
                if with.has("PARADEX-STARKNET-ACCOUNT") {
                    call = call
                        .paradex_starknet_account(with.text("PARADEX-STARKNET-ACCOUNT"));
                }
                if with.has("PARADEX-STARKNET-SIGNATURE") {
                    call = call
                        .paradex_starknet_signature(
                            with.secret("PARADEX-STARKNET-SIGNATURE"),
                        );
                }
                if with.has("PARADEX-TIMESTAMP") {
                    call = call.paradex_timestamp(with.text("PARADEX-TIMESTAMP"));
                }
                Answered::new(call.send().await)
            }
            "list_balances" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_balances();
                Answered::new(call.send().await)
            }
            "get_bbo" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_bbo();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "get_bbo_interactive" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_bbo_interactive();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "list_block_trades" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_block_trades();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("status") {
                    call = call.status(with.parse("status"));
                }
                Answered::new(call.send().await)
            }
            "create_block_trade" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_block_trade();
                if with.has_body() {
                    call = call.body(with.body::<types::BlockTradeRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_block_trade" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_block_trade();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                Answered::new(call.send().await)
            }
            "cancel_block_trade" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_block_trade();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                Answered::new(call.send().await)
            }
            "execute_block_trade" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.execute_block_trade();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::BlockExecuteRequest>());
                }
                Answered::new(call.send().await)
            }
            "list_block_offers" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_block_offers();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                Answered::new(call.send().await)
            }
            "create_block_offer" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_block_offer();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::BlockOfferRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_block_offer" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_block_offer();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                if with.has("offer_id") {
                    call = call.offer_id(with.text("offer_id"));
                }
                Answered::new(call.send().await)
            }
            "cancel_block_offer" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_block_offer();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                if with.has("offer_id") {
                    call = call.offer_id(with.text("offer_id"));
                }
                Answered::new(call.send().await)
            }
            "execute_block_offer" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.execute_block_offer();
                if with.has("block_trade_id") {
                    call = call.block_trade_id(with.text("block_trade_id"));
                }
                if with.has("offer_id") {
                    call = call.offer_id(with.text("offer_id"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::BlockExecuteRequest>());
                }
                Answered::new(call.send().await)
            }
            "list_fills" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_fills();
                if with.has("asset_kind") {
                    call = call.asset_kind(with.parse("asset_kind"));
                }
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "list_funding_data" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_funding_data();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "list_funding_payments" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_funding_payments();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "get_insurance_fund" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_insurance_fund();
                Answered::new(call.send().await)
            }
            "get_jwks" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_jwks();
                Answered::new(call.send().await)
            }
            "list_liquidations" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_liquidations();
                if with.has("from") {
                    call = call.from(with.parse("from"));
                }
                if with.has("to") {
                    call = call.to(with.parse("to"));
                }
                Answered::new(call.send().await)
            }
            "list_markets" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_markets();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "list_market_events" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_market_events();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "list_klines" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_klines();
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("price_kind") {
                    call = call.price_kind(with.parse("price_kind"));
                }
                if with.has("resolution") {
                    call = call.resolution(with.parse("resolution"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                if with.has("symbol") {
                    call = call.symbol(with.text("symbol"));
                }
                Answered::new(call.send().await)
            }
            "get_market_settlement_price" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_market_settlement_price();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "list_market_summaries" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_market_summaries();
                if with.has("end") {
                    call = call.end(with.parse("end"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("start") {
                    call = call.start(with.parse("start"));
                }
                Answered::new(call.send().await)
            }
            "get_onboarding" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_onboarding();
                if with.has("account_signer_type") {
                    call = call.account_signer_type(with.parse("account_signer_type"));
                }
                if with.has("eth_address") {
                    call = call.eth_address(with.text("eth_address"));
                }
                if with.has("public_key") {
                    call = call.public_key(with.text("public_key"));
                }
                if with.has("vault_operator_index") {
                    call = call.vault_operator_index(with.parse("vault_operator_index"));
                }
                Answered::new(call.send().await)
            }
            "onboard" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.onboard();
                if with.has("PARADEX-ETHEREUM-ACCOUNT") {
                    call = call
                        .paradex_ethereum_account(with.text("PARADEX-ETHEREUM-ACCOUNT"));
                }
                if with.has("PARADEX-STARKNET-ACCOUNT") {
                    call = call
                        .paradex_starknet_account(with.text("PARADEX-STARKNET-ACCOUNT"));
                }
                if with.has("PARADEX-STARKNET-SIGNATURE") {
                    call = call
                        .paradex_starknet_signature(
                            with.secret("PARADEX-STARKNET-SIGNATURE"),
                        );
                }
                if with.has_body() {
                    call = call.body(with.body::<types::OnboardingRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_orderbook" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_orderbook();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("depth") {
                    call = call.depth(with.parse("depth"));
                }
                if with.has("price_tick") {
                    call = call.price_tick(with.text("price_tick"));
                }
                Answered::new(call.send().await)
            }
            "get_impact_price" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_impact_price();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("size") {
                    call = call.size(with.parse("size"));
                }
                Answered::new(call.send().await)
            }
            "get_orderbook_interactive" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_orderbook_interactive();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("depth") {
                    call = call.depth(with.parse("depth"));
                }
                if with.has("price_tick") {
                    call = call.price_tick(with.text("price_tick"));
                }
                Answered::new(call.send().await)
            }
            "list_open_orders" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_open_orders();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "create_order" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_order();
                if with.has_body() {
                    call = call.body(with.body::<types::OrderRequest>());
                }
                Answered::new(call.send().await)
            }
            "cancel_all_orders" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_all_orders();
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "list_orders_history" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_orders_history();
                if with.has("client_id") {
                    call = call.client_id(with.text("client_id"));
                }
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("side") {
                    call = call.side(with.parse("side"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                if with.has("status") {
                    call = call.status(with.parse("status"));
                }
                if with.has("type") {
                    call = call.type_(with.parse("type"));
                }
                Answered::new(call.send().await)
            }
            "create_orders_batch" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_orders_batch();
                if with.has_body() {
                    call = call.body(with.body::<Vec<types::OrderRequest>>());
                }
                Answered::new(call.send().await)
            }
            "cancel_orders_batch" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_orders_batch();
                if with.has_body() {
                    call = call.body(with.body::<types::CancelOrderBatchRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_order_by_client_id" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_order_by_client_id();
                if with.has("client_id") {
                    call = call.client_id(with.text("client_id"));
                }
                Answered::new(call.send().await)
            }
            "cancel_order_by_client_id" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_order_by_client_id();
                if with.has("client_id") {
                    call = call.client_id(with.text("client_id"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                Answered::new(call.send().await)
            }
            "get_order" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_order();
                if with.has("order_id") {
                    call = call.order_id(with.text("order_id"));
                }
                Answered::new(call.send().await)
            }
            "modify_order" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.modify_order();
                if with.has("order_id") {
                    call = call.order_id(with.text("order_id"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::ModifyOrderRequest>());
                }
                Answered::new(call.send().await)
            }
            "cancel_order" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_order();
                if with.has("order_id") {
                    call = call.order_id(with.text("order_id"));
                }
                Answered::new(call.send().await)
            }
            "list_positions" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_positions();
                Answered::new(call.send().await)
            }
            "get_referral_qr_code" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_referral_qr_code();
                Answered::new(call.send().await)
            }
            "list_referrals" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_referrals();
                Answered::new(call.send().await)
            }
            "list_rfqs" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_rfqs();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("state") {
                    call = call.state(with.parse("state"));
                }
                Answered::new(call.send().await)
            }
            "create_rfq" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_rfq();
                if with.has_body() {
                    call = call.body(with.body::<types::RfqCreateRequest>());
                }
                Answered::new(call.send().await)
            }
            "list_rfq_drafts" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_rfq_drafts();
                Answered::new(call.send().await)
            }
            "create_rfq_draft" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_rfq_draft();
                if with.has_body() {
                    call = call.body(with.body::<types::RfqCreateRequest>());
                }
                Answered::new(call.send().await)
            }
            "delete_rfq_draft" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.delete_rfq_draft();
                if with.has("draft_id") {
                    call = call.draft_id(with.text("draft_id"));
                }
                Answered::new(call.send().await)
            }
            "cancel_rfq" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.cancel_rfq();
                if with.has("rfq_id") {
                    call = call.rfq_id(with.text("rfq_id"));
                }
                Answered::new(call.send().await)
            }
            "get_rfq_bbo" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_rfq_bbo();
                if with.has("rfq_id") {
                    call = call.rfq_id(with.text("rfq_id"));
                }
                Answered::new(call.send().await)
            }
            "execute_rfq" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.execute_rfq();
                if with.has("rfq_id") {
                    call = call.rfq_id(with.text("rfq_id"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::RfqExecuteRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_staking_balance_history" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_staking_balance_history();
                if with.has("resolution") {
                    call = call.resolution(with.parse("resolution"));
                }
                Answered::new(call.send().await)
            }
            "get_global_staking_balance_history" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_global_staking_balance_history();
                if with.has("resolution") {
                    call = call.resolution(with.parse("resolution"));
                }
                Answered::new(call.send().await)
            }
            "get_staking_config" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_staking_config();
                Answered::new(call.send().await)
            }
            "list_stakes" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_stakes();
                Answered::new(call.send().await)
            }
            "get_staking_summary" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_staking_summary();
                Answered::new(call.send().await)
            }
            "list_announcements" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_announcements();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "get_system_config" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_system_config();
                Answered::new(call.send().await)
            }
            "list_portfolio_margin_configs" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_portfolio_margin_configs();
                if with.has("base_asset") {
                    call = call.base_asset(with.text("base_asset"));
                }
                Answered::new(call.send().await)
            }
            "get_system_state" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_system_state();
                Answered::new(call.send().await)
            }
            "get_system_time" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_system_time();
                Answered::new(call.send().await)
            }
            "list_volume_tiers" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_volume_tiers();
                Answered::new(call.send().await)
            }
            "list_tradebusts" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_tradebusts();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "list_trades" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_trades();
                if with.has("baseAsset") {
                    call = call.base_asset(with.text("baseAsset"));
                }
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("market") {
                    call = call.market(with.text("market"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "list_transactions" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_transactions();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "list_transfers" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_transfers();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                if with.has("status") {
                    call = call.status(with.parse("status"));
                }
                Answered::new(call.send().await)
            }
            "list_vaults" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_vaults();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                Answered::new(call.send().await)
            }
            "create_vault" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_vault();
                if with.has("PARADEX-PARENT-ACCOUNT") {
                    call = call
                        .paradex_parent_account(with.text("PARADEX-PARENT-ACCOUNT"));
                }
                if with.has("PARADEX-STARKNET-ACCOUNT") {
                    call = call
                        .paradex_starknet_account(with.text("PARADEX-STARKNET-ACCOUNT"));
                }
                if with.has("PARADEX-STARKNET-ACCOUNT-DERIVATION-PATH") {
                    call = call
                        .paradex_starknet_account_derivation_path(
                            with.text("PARADEX-STARKNET-ACCOUNT-DERIVATION-PATH"),
                        );
                }
                if with.has("PARADEX-STARKNET-SIGNATURE") {
                    call = call
                        .paradex_starknet_signature(
                            with.secret("PARADEX-STARKNET-SIGNATURE"),
                        );
                }
                if with.has_body() {
                    call = call.body(with.body::<types::CreateVaultRequest>());
                }
                Answered::new(call.send().await)
            }
            "list_vault_account_summaries" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_vault_account_summaries();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                Answered::new(call.send().await)
            }
            "get_vault_analytics" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_vault_analytics();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                Answered::new(call.send().await)
            }
            "list_vault_balances" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_vault_balances();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                if with.has("strategy") {
                    call = call.strategy(with.text("strategy"));
                }
                Answered::new(call.send().await)
            }
            "get_vaults_config" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_vaults_config();
                Answered::new(call.send().await)
            }
            "list_vault_history" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_vault_history();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                if with.has("resolution") {
                    call = call.resolution(with.parse("resolution"));
                }
                if with.has("strategy") {
                    call = call.strategy(with.text("strategy"));
                }
                if with.has("type") {
                    call = call.type_(with.parse("type"));
                }
                Answered::new(call.send().await)
            }
            "list_my_vaults" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_my_vaults();
                Answered::new(call.send().await)
            }
            "list_vault_positions" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_vault_positions();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                if with.has("strategy") {
                    call = call.strategy(with.text("strategy"));
                }
                Answered::new(call.send().await)
            }
            "list_vault_summaries" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_vault_summaries();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                Answered::new(call.send().await)
            }
            "list_vault_transfers" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_vault_transfers();
                if with.has("address") {
                    call = call.address(with.text("address"));
                }
                Answered::new(call.send().await)
            }
            "get_xp_balance" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_xp_balance();
                if with.has("season") {
                    call = call.season(with.text("season"));
                }
                Answered::new(call.send().await)
            }
            "get_xp_transfer_fee_config" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_xp_transfer_fee_config();
                Answered::new(call.send().await)
            }
            "list_public_xp_transfers" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_public_xp_transfers();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("end_at") {
                    call = call.end_at(with.parse("end_at"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("season") {
                    call = call.season(with.text("season"));
                }
                if with.has("start_at") {
                    call = call.start_at(with.parse("start_at"));
                }
                Answered::new(call.send().await)
            }
            "create_xp_transfer" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.create_xp_transfer();
                if with.has_body() {
                    call = call.body(with.body::<types::CreateXpTransferRequest>());
                }
                Answered::new(call.send().await)
            }
            "get_xp_transfer" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.get_xp_transfer();
                if with.has("transfer_id") {
                    call = call.transfer_id(with.text("transfer_id"));
                }
                Answered::new(call.send().await)
            }
            "list_xp_transfers" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.list_xp_transfers();
                if with.has("cursor") {
                    call = call.cursor(with.text("cursor"));
                }
                if with.has("page_size") {
                    call = call.page_size(with.parse("page_size"));
                }
                if with.has("role") {
                    call = call.role(with.parse("role"));
                }
                if with.has("season") {
                    call = call.season(with.text("season"));
                }
                Answered::new(call.send().await)
            }
            "auth_evm" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.auth_evm();
                if with.has("PARADEX-AUTHORIZE-ISOLATED-MARKETS") {
                    call = call
                        .paradex_authorize_isolated_markets(
                            with.text("PARADEX-AUTHORIZE-ISOLATED-MARKETS"),
                        );
                }
                if with.has("PARADEX-EVM-SIGNATURE") {
                    call = call
                        .paradex_evm_signature(with.secret("PARADEX-EVM-SIGNATURE"));
                }
                if with.has("PARADEX-SIWE-MESSAGE") {
                    call = call
                        .paradex_siwe_message(with.secret("PARADEX-SIWE-MESSAGE"));
                }
                if with.has("PARADEX-STARKNET-ACCOUNT") {
                    call = call
                        .paradex_starknet_account(with.text("PARADEX-STARKNET-ACCOUNT"));
                }
                Answered::new(call.send().await)
            }
            "onboard_evm" => {
                #[allow(unused_mut, reason = "an operation without arguments sets none")]
                let mut call = client.onboard_evm();
                if with.has("PARADEX-EVM-SIGNATURE") {
                    call = call
                        .paradex_evm_signature(with.secret("PARADEX-EVM-SIGNATURE"));
                }
                if with.has("PARADEX-SIWE-MESSAGE") {
                    call = call
                        .paradex_siwe_message(with.secret("PARADEX-SIWE-MESSAGE"));
                }
                if with.has("PARADEX-STARKNET-ACCOUNT") {
                    call = call
                        .paradex_starknet_account(with.text("PARADEX-STARKNET-ACCOUNT"));
                }
                if with.has_body() {
                    call = call.body(with.body::<types::OnboardingRequest>());
                }
                Answered::new(call.send().await)
            }
            _ => return None,
        },
    )
}
