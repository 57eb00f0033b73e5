//! The kinds of refusals.

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;

/// The kind of a refusal, and so who can do something about it.
///
/// ```
/// use paradex_api_ext::error::ErrorClass;
/// use paradex_api_ext::paradex_api::types::ErrorCode;
///
/// assert_eq!(ErrorClass::from_code(&ErrorCode::IpNotAllowed), Some(ErrorClass::Address));
/// assert_eq!(ErrorClass::from_code(&ErrorCode::from("NEWER_THAN_THIS_CRATE")), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The caller is not identified: a token or signature that is not accepted, or a wrong clock. Sign in again.
    Authentication,
    /// The caller is identified and may not do this. Use another credential, or have the account enabled.
    Permission,
    /// The caller may not do this from this address: because of an allowlist, or its country. Call from another address.
    Address,
    /// The named thing does not exist. Look up its id.
    NotFound,
    /// The request breaks a rule. Read the message, and correct the request.
    Validation,
    /// It already exists, or its state has changed. Read the current state.
    Conflict,
    /// A maximum number is reached, or the funds do not suffice.
    Limit,
    /// Too many requests. Wait, and repeat the call.
    RateLimit,
    /// The exchange or the market does not accept this at present. Wait until it does.
    ExchangeState,
    /// The exchange failed, or cannot respond. Repeat a read later; after a change, look first.
    Unavailable,
    /// None of these; the status code says more.
    Other,
}

impl ErrorClass {
    /// Returns the class of an error code; `None` for a code that this version does not know.
    pub fn from_code(code: &ErrorCode) -> Option<Self> {
        use ErrorCode as C;
        Some(match code {
            C::EthereumHashMismatch
            | C::EthereumSignerMismatch
            | C::EvmSignatureVerificationFailed
            | C::BlockTradeInvalidSignature
            | C::BlockTradeReplayedSignature
            | C::InvalidEthereumSignature
            | C::InvalidEvmSignature
            | C::InvalidOrderSignature
            | C::InvalidStarknetSignature
            | C::InvalidSubkey
            | C::InvalidTimestamp
            | C::InvalidToken
            | C::StarknetSignatureVerificationFailed
            | C::UnauthorizedError => Self::Authentication,

            C::BlockTradeNotEnabled
            | C::BlockTradeSignerKeyUnauthorized
            | C::BlockTradeUnauthorized
            | C::EthereumAddressBlocked
            | C::InvalidTokenScope
            | C::NoAccessToMarket
            | C::NotOnboarded
            | C::OfferUnauthorized
            | C::RequestNotAllowed
            | C::RpiAccountNotWhitelisted
            | C::UnauthorizedEthereumAddress
            | C::VaultDataPrivate => Self::Permission,

            C::GeoIpBlock | C::IpNotAllowed => Self::Address,

            C::AccountNotFound
            | C::AlgoIdNotFound
            | C::AllowlistEntryNotFound
            | C::BlockTradeNotFound
            | C::ClientOrderIdNotFound
            | C::MarketNotFound
            | C::MediaNotFound
            | C::NotFound
            | C::OfferNotFound
            | C::OrderIdNotFound
            | C::PointsSummaryNotFound
            | C::PortfolioMarginConfigNotFound
            | C::ProfileStatsNotFound
            | C::ProgramNotFound
            | C::VaultNotFound
            | C::VaultStrategyNotFound => Self::NotFound,

            C::BatchSizeOutOfRange
            | C::BindingError
            | C::BlockTradeAccountMismatch
            | C::BlockTradeMissingSignature
            | C::BlockTradeMissingSigners
            | C::BlockTradeMissingTrades
            | C::InvalidBlockExpiration
            | C::InvalidChain
            | C::InvalidDashboard
            | C::InvalidDerivationPath
            | C::InvalidEthereumAddress
            | C::InvalidLayerswapSwap
            | C::InvalidMarketingCode
            | C::InvalidOauthRequest
            | C::InvalidOrderSize
            | C::InvalidParentAccount
            | C::InvalidReferralCode
            | C::InvalidRequestParameter
            | C::InvalidStarknetAddress
            | C::InvalidSymbol
            | C::InvalidVaultOperatorChain
            | C::IsolatedMarketAccountMismatch
            | C::OfferParentMismatch
            | C::PortfolioMarginInvalidAccountKind
            | C::ProgramNotSupported
            | C::PublicKeyInvalid
            | C::ValidationError => Self::Validation,

            C::AccountAlreadyReferred
            | C::BlockTradeAlreadyCancelled
            | C::BlockTradeExpired
            | C::BlockTradeInvalidStatus
            | C::DuplicatedClientId
            | C::EthereumAddressAlreadyOnboarded
            | C::EvmAddressAlreadyOnboarded
            | C::NotUnique
            | C::OfferAlreadyCancelled
            | C::OfferInvalidStatus
            | C::OnboardingPeriodExpired
            | C::OrderIsClosed
            | C::OrderIsNotOpen
            | C::ParentAddressAlreadyOnboarded
            | C::SocialUsernameInUse
            | C::SubkeyNotActivatable
            | C::UsernameInUse
            | C::VaultNameInUse
            | C::VaultOperatorAlreadyOnboarded => Self::Conflict,

            C::InsufficientEvmBalance
            | C::InsufficientMinChainBalance
            | C::InsufficientTransferrableXp
            | C::SubaccountsLimitExceeded
            | C::TokenLimitReached
            | C::TransferLimitReached
            | C::VaultLimitReached => Self::Limit,

            C::OnboardingRateLimited => Self::RateLimit,

            C::EvmVaultOperatorsDisabled
            | C::MarketMarginRestricted
            | C::MarketNotOpen
            | C::MarketNotSettled
            | C::OfferParentNotAccepting
            | C::PortfolioMarginOnboardingDisabled
            | C::SystemStatusCancelOnly
            | C::SystemStatusPostOnly
            | C::XpTransfersDisabled => Self::ExchangeState,

            C::InternalError | C::ServiceUnavailable => Self::Unavailable,

            _ => return None,
        })
    }

    /// Returns the class of a status, for responses without an error code.
    pub fn from_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 | 413 | 414 | 415 | 422 | 431 => Self::Validation,
            401 => Self::Authentication,
            403 | 451 => Self::Permission,
            404 | 410 => Self::NotFound,
            409 | 412 => Self::Conflict,
            429 => Self::RateLimit,
            500..=599 => Self::Unavailable,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use paradex_api::reqwest::StatusCode;
    use paradex_api::types::ErrorCode;

    use super::ErrorClass;

    #[test]
    fn known_codes_have_a_class() {
        let without: Vec<&ErrorCode> = ErrorCode::KNOWN
            .iter()
            .filter(|code| ErrorClass::from_code(code).is_none())
            .collect();
        assert!(without.is_empty(), "give these a class in this file: {without:?}");
    }

    #[test]
    fn status_without_a_code_has_a_class() {
        for (status, class) in [
            (400, ErrorClass::Validation),
            (401, ErrorClass::Authentication),
            (403, ErrorClass::Permission),
            (404, ErrorClass::NotFound),
            (429, ErrorClass::RateLimit),
            (502, ErrorClass::Unavailable),
            (302, ErrorClass::Other),
        ] {
            assert_eq!(
                ErrorClass::from_status(StatusCode::from_u16(status).unwrap()),
                class
            );
        }
    }
}
