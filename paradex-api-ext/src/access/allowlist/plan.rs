//! A change of an allowlist that is shown before it is made.

use std::fmt;
use std::net::IpAddr;
use std::pin::Pin;

use super::Allowlist;
use super::snapshot::AllowlistSnapshot;
use crate::error::AllowlistError;
use crate::net::{AllowlistDiff, AllowlistWarning, IpAllowlist, OpenTo};

/// Makes an [`AllowlistPlan`]; `await` it. [`Allowlist::plan`] creates it.
#[derive(Debug)]
#[must_use = "nothing is read before it is awaited"]
pub struct AllowlistPlanBuilder {
    allowlist: Allowlist,
    list: IpAllowlist,
    keep: Vec<IpAddr>,
}

impl AllowlistPlanBuilder {
    pub(super) fn new(allowlist: Allowlist, list: IpAllowlist) -> Self {
        Self {
            allowlist,
            list,
            keep: Vec::new(),
        }
    }

    /// Names addresses that must keep access.
    ///
    /// Name those from which the token is used, and the one from which you would undo a mistake. A plan that locks one
    /// of them out is applied only with [`Force::despite_lock_out`].
    pub fn keep(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.keep.extend(addresses);
        self
    }

    async fn make(self) -> Result<AllowlistPlan, AllowlistError> {
        self.list.check_limit()?;
        let before = self.allowlist.read().await?;
        AllowlistPlan::new(before, self.list, self.keep)
    }
}

impl IntoFuture for AllowlistPlanBuilder {
    type Output = Result<AllowlistPlan, AllowlistError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// Shows what a new allowlist would change. Nothing has been sent.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::net::IpAllowlist;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let allowlist = client.subkeys().allowlist("0x1234");
/// let plan = allowlist.plan(IpAllowlist::parse_entries(["203.0.113.0/24"])?).await?;
/// println!("{plan}");
/// if plan.open_to().is_none() && !plan.diff().is_empty() {
///     allowlist.apply(&plan).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[doc(alias = "dry run")]
#[derive(Debug, Clone, PartialEq)]
pub struct AllowlistPlan {
    before: AllowlistSnapshot,
    after: IpAllowlist,
    diff: AllowlistDiff,
    warnings: Vec<AllowlistWarning>,
    keep: Vec<IpAddr>,
    locked_out: Vec<IpAddr>,
}

impl AllowlistPlan {
    /// Compares a list with the one that was read.
    pub(crate) fn new(
        before: AllowlistSnapshot,
        after: IpAllowlist,
        keep: Vec<IpAddr>,
    ) -> Result<Self, AllowlistError> {
        after.check_limit()?;
        let diff = before.stored().require_known()?.diff(&after);
        let locked_out = |address: &IpAddr| !after.allows(*address);
        Ok(Self {
            before,
            warnings: after.warnings(),
            diff,
            locked_out: keep.iter().copied().filter(locked_out).collect(),
            keep,
            after,
        })
    }

    /// Returns the list that was read.
    pub fn before(&self) -> &AllowlistSnapshot {
        &self.before
    }

    /// Returns the new list.
    pub fn after(&self) -> &IpAllowlist {
        &self.after
    }

    /// Returns which entries and addresses are added and removed.
    pub fn diff(&self) -> &AllowlistDiff {
        &self.diff
    }

    /// Returns the warnings about the new list.
    pub fn warnings(&self) -> &[AllowlistWarning] {
        &self.warnings
    }

    /// Returns the address family that the new list does not restrict, if there is one.
    ///
    /// Ask a person before you apply such a plan.
    pub fn open_to(&self) -> Option<OpenTo> {
        self.after.open_to()
    }

    /// Returns the addresses that must keep access.
    pub fn kept(&self) -> &[IpAddr] {
        &self.keep
    }

    /// Returns those of [`kept`](Self::kept) that the new list locks out.
    pub fn locked_out(&self) -> &[IpAddr] {
        &self.locked_out
    }
}

/// Several lines, for a person to read before agreeing.
impl fmt::Display for AllowlistPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_change(f)?;
        for warning in AllowlistWarning::summarize(&self.warnings) {
            writeln!(f, "  warning: {warning}")?;
        }
        for address in &self.keep {
            let verdict = if self.locked_out.contains(address) {
                "LOCKED OUT"
            } else {
                "keeps access"
            };
            writeln!(f, "  {address}: {verdict}")?;
        }
        Ok(())
    }
}

impl AllowlistPlan {
    /// Writes the lists and their difference, without warnings.
    pub(crate) fn write_change(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} -> {}",
            self.before.target(),
            self.before.stored(),
            self.after
        )?;
        if let Some(open_to) = self.open_to() {
            writeln!(f, "  {open_to}")?;
        }
        let diff = self.diff.to_string();
        for line in diff.lines() {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

/// Names the safety checks to skip. Each has a method of its own.
///
/// ```
/// use paradex_api_ext::allowlist::Force;
///
/// let force = Force::none().despite_lock_out();
/// assert_ne!(force, Force::none());
/// ```
#[doc(alias = "override")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct Force {
    pub(super) despite_lock_out: bool,
    pub(super) despite_change: bool,
    despite_own_credential: bool,
}

impl Force {
    /// Skips no check.
    pub fn none() -> Self {
        Self::default()
    }

    /// Locks out addresses that the plan was to keep.
    pub fn despite_lock_out(mut self) -> Self {
        self.despite_lock_out = true;
        self
    }

    /// Overwrites a change that was made concurrently, since the plan was made.
    pub fn despite_change(mut self) -> Self {
        self.despite_change = true;
        self
    }

    /// Revokes the credential that the client itself uses, or one that may be it. Only rotations read this; see
    /// `fleet::Rotator::finish_with`.
    pub fn despite_own_credential(mut self) -> Self {
        self.despite_own_credential = true;
        self
    }

    /// Returns whether [`despite_own_credential`](Self::despite_own_credential) is set.
    pub fn allows_own_credential(self) -> bool {
        self.despite_own_credential
    }
}
