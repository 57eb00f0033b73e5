//! `paradex audit`.

use crate::allow::read_policy;
use crate::args;
use crate::console::{Console, Exit, Failure};
use crate::world::{ClientSource, fleet};

pub(crate) async fn run(
    audit: &args::Audit,
    named: &[String],
    world: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let policy = audit.policy.as_deref().map(read_policy).transpose()?;
    let by_policy = policy.iter().flat_map(|policy| policy.accounts());
    let fleet = fleet(by_policy.chain(named.iter().map(String::as_str)), world)?;
    let found = fleet.read().await.audit(policy.as_ref(), audit.within)?;
    if audit.prometheus {
        write!(console.out, "{}", found.to_prometheus())?;
    } else {
        console.result(&found, &found)?;
    }
    Ok(if found.is_clean() { Exit::Done } else { Exit::Drift })
}
