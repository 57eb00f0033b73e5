//! `paradex audit`.

use crate::allow::read_policy;
use crate::args;
use crate::client_source::{ClientSource, open_fleet};
use crate::console::{Console, Exit, Failure};

pub(crate) async fn run(
    audit: &args::Audit,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let policy = audit.policy.as_deref().map(read_policy).transpose()?;
    let policy_accounts = policy.iter().flat_map(|policy| policy.accounts());
    let fleet = open_fleet(policy_accounts.chain(named.iter().map(String::as_str)), source)?;
    let report = console.read(&fleet).await.audit(policy.as_ref(), audit.within)?;
    if audit.prometheus {
        write!(console.out, "{}", report.to_prometheus())?;
    } else {
        console.result(&report, &report)?;
    }
    Ok(if report.is_clean() {
        Exit::Done
    } else {
        Exit::Findings
    })
}
