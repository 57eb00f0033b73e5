//! A change of an allowlist that is rolled back if it locks this machine out.
//!
//! | step | why |
//! |---|---|
//! | check the session that would restore the list: it exists, is not a subkey's, is not the restricted credential, and lives long enough | a rollback that cannot work is found before it is needed |
//! | make a call with the restricted credential | if it does not work now, the probe would prove nothing; if only its address is refused, the change may allow that address |
//! | stop if every known address of this machine is outside of the new list | the probe is only needed for addresses that are not known |
//! | change, wait, probe | how soon a change takes effect is not published |
//! | if the probe fails: read the list, and restore the former one if neither the networks nor the time of change differ from what this change stored | a concurrent change is not overwritten |
//!
//! The change runs in a task of its own, so that a dropped future does not cancel the rollback. The end of the process does:
//! keep the former list, which is available before anything is sent.

mod commit;
mod report;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use paradex_api::types::ErrorCode;

pub use commit::PreparedChange;
pub use report::{ChangeError, ChangeOutcome, ChangeReport, RollBackReason};

use super::egress::{ChangeWarning, EgressAddress, View};
use super::self_check::SelfReference;
use crate::access::target::Target;
use crate::auth::{Credentials, SessionKind};
use crate::client::options::CallOptions;
use crate::client::{Client, ClientGroup};
use crate::error::{AllowlistError, ConfigurationError, Error, InvalidInput, WouldLockOut};
use crate::net::IpAllowlist;
use crate::signing::key_text::same_key;

/// The default time that a change is given to take effect before the probe.
const SETTLE_TIME: Duration = Duration::from_secs(5);
/// The default time limit of the probe.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);
/// The time for the rollback. A session that cannot be renewed must live this much longer than settling and probing take.
const ROLL_BACK_TIME: Duration = Duration::from_secs(30);

/// Changes an allowlist, probes it with the restricted credential itself, and rolls back if the probe fails.
///
/// Network equipment calls this commit-confirmed.
///
/// ```no_run
/// use paradex_api_ext::fleet::{ChangeOutcome, ConfirmedChange, KnownEgress};
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::{Client, Credentials};
/// use paradex_api_ext::allowlist::Target;
///
/// # async fn example(main: Client, token: Credentials) -> Result<(), Box<dyn std::error::Error>> {
/// let list = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// let change = ConfirmedChange::new(&main, Target::Token("token-id".into()), list, token)
///     .egress(KnownEgress::new(["203.0.113.7".parse()?]))
///     .prepare()
///     .await?;
/// println!("{change}");
/// let report = change.commit().await?;
/// println!("{report}");
/// assert!(matches!(report.outcome(), ChangeOutcome::Confirmed));
/// # Ok(())
/// # }
/// ```
///
/// # Checks before anything is changed
///
/// * The current list is known, so that it can be restored.
/// * There is a session to restore it with. It is not a subkey's, it is not the credential that is being restricted, and it
///   does not expire before it is needed. Whether it may write shows when the change is made: if it may not, nothing changes.
/// * The restricted credential works now, or is refused only for its address. A probe with a dead credential would show nothing.
/// * This machine's own addresses, as far as [`EgressAddress`] knows them, are not all outside the new list.
///
/// # Limits
///
/// The exchange does not publish how soon a change takes effect, and a probe that comes too early is checked against the
/// old list. So the change is given time: [`settle_time`](Self::settle_time), 5 s by default. A probe tests the
/// network path that it takes; other machines, and other addresses of this machine, are not tested.
#[doc(alias = "commit-confirmed")]
#[doc(alias = "whitelist")]
#[doc(alias = "ip restriction")]
#[must_use = "nothing is done before `prepare`"]
pub struct ConfirmedChange {
    client: Client,
    target: Target,
    list: IpAllowlist,
    probe: Credentials,
    prober: Option<ClientGroup>,
    egress: Option<Arc<dyn EgressAddress>>,
    keep: Vec<IpAddr>,
    settle_time: Duration,
    probe_timeout: Duration,
}

impl fmt::Debug for ConfirmedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmedChange")
            .field("client", &self.client)
            .field("target", &self.target)
            .field("list", &self.list)
            .field("probe", &self.probe)
            .finish_non_exhaustive()
    }
}

impl ConfirmedChange {
    /// Creates a change of `target`'s list by the main account's client, to be probed with `target`'s own credential.
    pub fn new(client: &Client, target: Target, list: IpAllowlist, probe: Credentials) -> Self {
        Self {
            client: client.clone(),
            target,
            list,
            probe,
            prober: None,
            egress: None,
            keep: Vec::new(),
            settle_time: SETTLE_TIME,
            probe_timeout: PROBE_TIMEOUT,
        }
    }

    /// Probes with this group's connections. The default is the main account's group.
    ///
    /// Set it if the restricted credential is used over other connections.
    pub fn probe_with(mut self, group: ClientGroup) -> Self {
        self.prober = Some(group);
        self
    }

    /// Sets the source of the addresses from which this machine calls.
    pub fn egress(mut self, egress: impl EgressAddress) -> Self {
        self.egress = Some(Arc::new(egress));
        self
    }

    /// Requires addresses to stay inside the list, as [`AllowlistPlanBuilder::keep`](crate::allowlist::AllowlistPlanBuilder::keep) does.
    pub fn keep(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.keep.extend(addresses);
        self
    }

    /// Sets how long the change is given to take effect before the probe; 5 s by default.
    pub fn settle_time(mut self, time: Duration) -> Self {
        self.settle_time = time;
        self
    }

    /// Sets how long the probe may take; 10 s by default. A probe that times out has failed.
    pub fn probe_timeout(mut self, time: Duration) -> Self {
        self.probe_timeout = time;
        self
    }

    /// Runs all checks that are possible before the change. Nothing is changed.
    ///
    /// Save [`PreparedChange::before`] before you commit: if the process dies between the change and the probe, the change
    /// is not rolled back.
    ///
    /// # Errors
    ///
    /// Returns a [`ChangeError`] if a check fails.
    pub async fn prepare(self) -> Result<PreparedChange, ChangeError> {
        let allowlist = match &self.target {
            Target::Token(id) => self.client.tokens().allowlist(id),
            Target::Subkey(key) => self.client.subkeys().allowlist(key),
        };
        self.check_probe()?;
        self.check_session().await?;
        let plan = allowlist.plan(self.list.clone()).keep(self.keep.clone()).await?;
        let before = plan
            .before()
            .stored()
            .require_known()
            .map_err(AllowlistError::Unknown)?
            .clone();
        if let [_, ..] = plan.locked_out() {
            let addresses = plan.locked_out().to_vec();
            return Err(AllowlistError::WouldLockOut(WouldLockOut { addresses }).into());
        }
        let prober = self.prober.as_ref().unwrap_or(self.client.group());
        let view = View::find(prober, self.egress.as_deref()).await;
        let (seen, outside) = view.judge(&self.list);
        if !outside.is_empty() {
            return Err(AllowlistError::WouldLockOut(WouldLockOut { addresses: outside }).into());
        }
        let prober = prober.client(self.probe.clone()).map_err(ChangeError::Probe)?;
        let prober = prober.with_options(CallOptions::new().deadline(self.probe_timeout));
        match probe(&prober).await {
            Ok(()) => {}
            // The new list may allow it.
            Err(error) if is_refused_address(&error) => {}
            Err(error) => return Err(ChangeError::Probe(error)),
        }
        let listed = plan.warnings().iter().cloned().map(ChangeWarning::List);
        Ok(PreparedChange {
            warnings: listed.chain(seen).collect(),
            allowlist,
            plan,
            before,
            prober,
            settle_time: self.settle_time,
        })
    }

    /// Checks that the probe can be the target's credential.
    fn check_probe(&self) -> Result<(), ChangeError> {
        let is_key = self.probe.session_kind() != SessionKind::Token;
        let fits = match &self.target {
            Target::Token(_) => !is_key,
            Target::Subkey(key) => !is_key || same_key(key, &self.probe.id()),
        };
        match fits {
            true => Ok(()),
            false => Err(invalid(
                "probe",
                self.probe.id(),
                format!(
                    "it is not the credential of {}, so it cannot show whether that still works",
                    self.target
                ),
                "pass the token's text, or the subkey's key",
            )),
        }
    }

    /// Checks that the session can be expected to roll the change back.
    async fn check_session(&self) -> Result<(), ChangeError> {
        self.client.sign_in().await.map_err(ChangeError::Session)?;
        let Some(own) = self.client.credentials() else {
            return Err(ChangeError::Session(
                ConfigurationError::new(
                    "this client has no credential, and needs one to restore the earlier list",
                )
                .into(),
            ));
        };
        let needs = "give the client the main account's key, or a fresh session token";
        if own.session_kind() == SessionKind::Subkey {
            let rule = "a subkey cannot change allowlists";
            return Err(invalid("client", own.id(), rule, needs));
        }
        // Different token texts are different tokens, so `CannotTell` is no reason to refuse.
        if own.id() == self.probe.id()
            || SelfReference::check(&self.client, &self.target, None) == SelfReference::Yes
        {
            let rule = "it is the credential that is being restricted, and would be locked out too";
            return Err(invalid("client", own.id(), rule, needs));
        }
        let end = own.token_info().and_then(|info| info.expires_at);
        let left = end.map(|end| end.duration_since(self.client.group().now()).unwrap_or_default());
        let needed = self
            .settle_time
            .saturating_add(self.probe_timeout)
            .saturating_add(ROLL_BACK_TIME);
        match left.filter(|left| *left < needed) {
            None => Ok(()),
            Some(left) => {
                let (left, needed) = (left.as_secs(), needed.as_secs());
                let rule = format!("its session expires in {left} s, and a roll-back may need {needed} s");
                Err(invalid("client", own.id(), rule, needs))
            }
        }
    }
}

/// Makes one call with the restricted credential.
async fn probe(client: &Client) -> Result<(), Error> {
    client.api().get_account().send().await?;
    Ok(())
}

fn is_refused_address(error: &Error) -> bool {
    error.code() == Some(&ErrorCode::IpNotAllowed)
}

fn invalid(
    field: &'static str,
    value: impl fmt::Display,
    rule: impl Into<String>,
    remedy: &'static str,
) -> ChangeError {
    ChangeError::Invalid(InvalidInput::new(field, value, rule, remedy))
}
