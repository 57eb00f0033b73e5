//! The outcomes of modifications.
//!
//! An order event repeats what became of a request in `request_info`, and later events of the order may repeat an old one. So each
//! status of each request counts once, and only `SUCCESS` and `REJECTED` are final.

use paradex_api::types::Order;

use super::recent::Recent;
use super::update::{Modification, ModificationOutcome};

/// The outcomes that are remembered.
const REMEMBERED: usize = 65_536;

#[derive(Debug)]
pub(super) struct Modifications(Recent<(String, bool)>);

impl Default for Modifications {
    fn default() -> Self {
        Self(Recent::new(REMEMBERED))
    }
}

impl Modifications {
    /// The outcome that a state of an order reports, if it is final and was not reported before.
    pub(super) fn outcome(&mut self, order: &Order) -> Option<Modification> {
        let info = order.request_info.as_ref()?;
        if info.request_type.as_deref() != Some("MODIFY_ORDER") {
            return None;
        }
        let request_id = info.id.clone().filter(|id| !id.is_empty())?;
        let outcome = match info.status.as_deref() {
            Some("SUCCESS") => ModificationOutcome::Success,
            Some("REJECTED") => ModificationOutcome::Rejected {
                message: info.message.clone().filter(|message| !message.is_empty()),
            },
            _ => return None,
        };
        let is_new = self
            .0
            .insert((request_id.clone(), outcome == ModificationOutcome::Success));
        is_new.then(|| Modification {
            order_id: order.id.clone().unwrap_or_default(),
            request_id,
            outcome,
        })
    }
}
