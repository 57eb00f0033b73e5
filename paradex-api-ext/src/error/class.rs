//! What kind of refusal a code is.

use paradex_api::reqwest::StatusCode;
use paradex_api::types::ErrorCode;

/// What kind of refusal it was, and so who can do something about it.
///
/// ```
/// use paradex_api_ext::paradex_api::types::ErrorCode;
/// use paradex_api_ext::error::ErrorClass;
///
/// assert_eq!(ErrorClass::from_code(&ErrorCode::IpNotAllowed), Some(ErrorClass::Address));
/// assert_eq!(ErrorClass::from_code(&ErrorCode::from("NEWER_THAN_THIS_CRATE")), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// Who the caller is cannot be established: a token or signature that is not taken, a clock that is off.
    Authentication,
    /// The caller is known and may not do this.
    Permission,
    /// The caller may not do this from this address: an allowlist, or the country that it is in.
    Address,
    /// There is no such thing.
    NotFound,
    /// The request breaks a rule.
    Validation,
    /// Something like it exists, or its state has moved on.
    Conflict,
    /// There are as many as there may be, or not enough funds.
    Limit,
    /// Too many requests; the same one may pass later.
    RateLimit,
    /// The exchange or the market does not take this at present.
    ExchangeState,
    /// The exchange failed or cannot answer.
    Unavailable,
    /// None of these.
    Other,
}

impl ErrorClass {
    /// The class of a code; nothing for a code that this version does not know.
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

    /// The class of a status, for answers without a code.
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
    fn every_known_code_has_a_class() {
        let without: Vec<&ErrorCode> = ErrorCode::KNOWN
            .iter()
            .filter(|code| ErrorClass::from_code(code).is_none())
            .collect();
        assert!(without.is_empty(), "give these a class in this file: {without:?}");
    }

    #[test]
    fn a_status_has_a_class_by_itself() {
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
