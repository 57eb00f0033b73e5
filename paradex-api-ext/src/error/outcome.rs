//! The outcome of a call that ended in an error.

use paradex_api::reqwest;
use paradex_api::runtime::NoRuntime;

use super::{AuthenticationError, InvalidInput, Withheld, WithheldReason};
use crate::pipeline::outcome::{Ambiguity, NotSent, Outcome};
use crate::pipeline::phase::{Late, Phase};
use crate::pipeline::unusable::HtmlPage;

impl Outcome {
    /// Classifies an error of the pipeline, or of a layer around it.
    pub(crate) fn from_error(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Self {
        if let Some(withheld) = error.downcast_ref::<Withheld>() {
            return Self::NotSent(match withheld.reason() {
                WithheldReason::RateLimit { .. } => NotSent::RateLimit,
                _ => NotSent::Withheld,
            });
        }
        if let Some(late) = error.downcast_ref::<Late>() {
            return match late.phase() {
                Phase::SignIn => Self::NotSent(NotSent::SignIn),
                Phase::RateLimit => Self::NotSent(NotSent::RateLimit),
                Phase::Stale => Self::NotSent(NotSent::Stale),
                Phase::Connect => Self::NotSent(NotSent::Connect),
                Phase::InFlight => Self::Ambiguous(Ambiguity::NoResponse),
            };
        }
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            return match error.is_connect() {
                _ if error.is_builder() => Self::NotSent(NotSent::Invalid),
                true => Self::NotSent(NotSent::Connect),
                false => Self::Ambiguous(Ambiguity::NoResponse),
            };
        }
        #[cfg(feature = "stream")]
        if error.is::<crate::pipeline::order_wire::OrderSocketLost>() {
            return Self::Ambiguous(Ambiguity::NoResponse);
        }
        if let Some(error) = error.downcast_ref::<AuthenticationError>() {
            return error.outcome();
        }
        if error.is::<NoRuntime>() {
            return Self::NotSent(NotSent::Withheld);
        }
        if error.is::<InvalidInput>() {
            return Self::NotSent(NotSent::Invalid);
        }
        if error.is::<HtmlPage>() {
            return Self::Ambiguous(Ambiguity::Page);
        }
        Self::Ambiguous(Ambiguity::Unusable)
    }
}
