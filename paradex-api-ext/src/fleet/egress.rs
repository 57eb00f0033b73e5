//! The addresses that the exchange sees for this machine, and whether an allowlist contains them.

use std::fmt;
use std::future::Future;
use std::net::{IpAddr, ToSocketAddrs};
use std::pin::Pin;

use paradex_api::reqwest::Url;
use paradex_api::{BoxError, runtime};

use crate::client::ClientGroup;
use crate::net::{AllowlistWarning, IpAllowlist};

/// An address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Whether a list contains any address of this family.
    fn is_covered_by(self, list: &IpAllowlist) -> bool {
        match list {
            IpAllowlist::Unrestricted => true,
            IpAllowlist::Only(set) => set.iter().any(|network| network.is_ipv4() == (self == Self::V4)),
        }
    }
}

/// Returns the family of an address. An IPv4-mapped IPv6 address counts as IPv4.
///
/// ```
/// use std::net::IpAddr;
/// use paradex_api_ext::fleet::Family;
///
/// let address: IpAddr = "::ffff:192.0.2.1".parse()?;
/// assert_eq!(Family::from(address), Family::V4);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
impl From<IpAddr> for Family {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        })
    }
}

/// The future that [`EgressAddress::find`] returns.
pub type EgressFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<IpAddr>, BoxError>> + Send + 'a>>;

/// Finds the addresses that the exchange sees when this machine calls.
///
/// A machine does not know them, because of NAT and address pools; a server outside has to tell. Which server to trust is
/// your choice, so there is no default. If the addresses are known, use [`KnownEgress`].
///
/// ```
/// use std::net::IpAddr;
/// use paradex_api_ext::fleet::{EgressAddress, EgressFuture, Family};
///
/// /// Asks a server of ours, which responds with the address that it sees.
/// struct Mirror;
///
/// # async fn ask(host: &str) -> Result<String, std::io::Error> { Ok("203.0.113.7".to_owned()) }
/// impl EgressAddress for Mirror {
///     fn find(&self, family: Family) -> EgressFuture<'_> {
///         Box::pin(async move {
///             let host = match family {
///                 Family::V4 => "v4.mirror.example.com",
///                 Family::V6 => "v6.mirror.example.com",
///             };
///             let seen: IpAddr = ask(host).await?.parse()?;
///             Ok(vec![seen])
///         })
///     }
/// }
/// ```
pub trait EgressAddress: Send + Sync + 'static {
    /// Finds the addresses of this family: all addresses of a pool, or none if they are not known.
    ///
    /// # Errors
    ///
    /// Return an error if the addresses could not be found. They count as unknown, and a warning contains the error.
    fn find(&self, family: Family) -> EgressFuture<'_>;
}

/// Known egress addresses: those of a gateway, for example.
///
/// ```
/// use paradex_api_ext::fleet::KnownEgress;
///
/// let gateway = KnownEgress::new(["203.0.113.7".parse()?, "2001:db8::7".parse()?]);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEgress(Vec<IpAddr>);

impl KnownEgress {
    /// Creates a source of these addresses, of either family.
    pub fn new(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self(addresses.into_iter().collect())
    }
}

impl EgressAddress for KnownEgress {
    fn find(&self, family: Family) -> EgressFuture<'_> {
        let known = self.0.iter().copied();
        let of_family = known
            .filter(move |address| Family::from(*address) == family)
            .collect();
        Box::pin(std::future::ready(Ok(of_family)))
    }
}

/// A warning about a change of an allowlist, from this machine's point of view.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeWarning {
    /// A warning about the new list itself.
    List(AllowlistWarning),
    /// The address that the exchange sees over this family is not known, so the list may exclude it.
    #[non_exhaustive]
    EgressUnknown {
        /// The family.
        family: Family,
        /// Why it could not be found, if that failed.
        reason: Option<String>,
    },
    /// Calls from this address of this machine will be refused; calls from its other addresses will not.
    EgressOutside(IpAddr),
    /// The exchange's host has addresses of both families, and the list has networks of one. Each new connection may use
    /// either family.
    OneFamily {
        /// The family of which the list has no network.
        missing: Family,
    },
    /// The exchange's host could not be resolved, so both families are assumed.
    #[non_exhaustive]
    HostUnknown {
        /// Why it could not be resolved.
        reason: String,
    },
}

impl fmt::Display for ChangeWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(warning) => fmt::Display::fmt(warning, f),
            Self::EgressUnknown { family, reason } => {
                write!(f, "this machine's {family} egress address is not known")?;
                match reason {
                    Some(reason) => write!(f, " ({reason})"),
                    None => Ok(()),
                }?;
                f.write_str(", so the list may exclude it")
            }
            Self::EgressOutside(address) => write!(
                f,
                "this machine also calls from {address}, which is outside the list: add a network that contains it, or bind \
                 to another address (`ClientBuilder::local_address`)"
            ),
            Self::OneFamily { missing } => write!(
                f,
                "the exchange's host has addresses of both families and the list has no {missing} network: add one, or \
                 bind to an address of the other family (`ClientBuilder::local_address`)"
            ),
            Self::HostUnknown { reason } => write!(
                f,
                "the exchange's host could not be resolved ({reason}), so both families are assumed"
            ),
        }
    }
}

/// The families and addresses that this machine's calls use, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct View {
    /// The families that calls can use.
    families: Vec<Family>,
    addresses: Vec<IpAddr>,
    warnings: Vec<ChangeWarning>,
}

impl View {
    /// Finds the families that the group's connections can use, and the addresses that the exchange sees.
    pub(super) async fn find(group: &ClientGroup, egress: Option<&dyn EgressAddress>) -> Self {
        let mut view = Self::default();
        view.families = match group.local_address() {
            // A socket that is bound to an address can only use its family.
            Some(address) => vec![Family::from(address)],
            None => match families_of(group).await {
                Ok(families) => families,
                Err(reason) => {
                    view.warnings.push(ChangeWarning::HostUnknown { reason });
                    vec![Family::V4, Family::V6]
                }
            },
        };
        for family in view.families.clone() {
            view.ask(egress, family).await;
        }
        view
    }

    async fn ask(&mut self, egress: Option<&dyn EgressAddress>, family: Family) {
        let (found, reason) = match egress {
            None => (Vec::new(), None),
            Some(egress) => match egress.find(family).await {
                Ok(found) => (found, None),
                Err(error) => (Vec::new(), Some(one_line(&*error))),
            },
        };
        // Ignore addresses of the other family.
        let found = found
            .into_iter()
            .filter(|address| Family::from(*address) == family);
        let before = self.addresses.len();
        self.addresses.extend(found.map(|address| address.to_canonical()));
        if self.addresses.len() == before {
            self.warnings
                .push(ChangeWarning::EgressUnknown { family, reason });
        }
    }

    /// Returns the warnings about a list, and the known addresses if it excludes all of them.
    pub(super) fn judge(&self, list: &IpAllowlist) -> (Vec<ChangeWarning>, Vec<IpAddr>) {
        if *list == IpAllowlist::Unrestricted {
            return (Vec::new(), Vec::new());
        }
        let (inside, outside): (Vec<IpAddr>, Vec<IpAddr>) =
            self.addresses.iter().partition(|address| list.allows(**address));
        let mut warnings = self.warnings.clone();
        let missing = self
            .families
            .iter()
            .copied()
            .filter(|family| !family.is_covered_by(list));
        // If only one family is used, the addresses or the probe show a list without it.
        if self.families.len() > 1 {
            warnings.extend(missing.map(|missing| ChangeWarning::OneFamily { missing }));
        }
        if inside.is_empty() {
            return (warnings, outside);
        }
        warnings.extend(outside.into_iter().map(ChangeWarning::EgressOutside));
        (warnings, Vec::new())
    }
}

/// The address families of the exchange's host.
async fn families_of(group: &ClientGroup) -> Result<Vec<Family>, String> {
    let base = group.environment().base_url();
    let url = Url::parse(base.as_str()).map_err(|error| error.to_string())?;
    let work = async {
        // The system's resolver blocks.
        let lookup = tokio::task::spawn_blocking(move || {
            let port = url.port_or_known_default().unwrap_or(443);
            let host = url.host_str().unwrap_or_default();
            let host = host.trim_start_matches('[').trim_end_matches(']');
            (host, port).to_socket_addrs().map(Vec::from_iter)
        });
        tokio::time::timeout(group.timeout(), lookup).await
    };
    let looked_up = runtime::within(work).await.map_err(|error| one_line(&error))?;
    let addresses = match looked_up {
        Ok(Ok(Ok(addresses))) => addresses,
        Ok(Ok(Err(error))) => return Err(one_line(&error)),
        Ok(Err(_)) | Err(_) => return Err("the resolver did not respond".to_owned()),
    };
    let has = |family| {
        addresses
            .iter()
            .any(|address| Family::from(address.ip()) == family)
    };
    Ok([Family::V4, Family::V6]
        .into_iter()
        .filter(|family| has(*family))
        .collect())
}

/// A foreign error text, escaped and cut for a warning.
fn one_line(error: &dyn std::error::Error) -> String {
    paradex_api::visible(&error.to_string(), 120)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{ChangeWarning, EgressAddress, EgressFuture, Family, KnownEgress, View};
    use crate::client::Client;
    use crate::client::environment::Environment;
    use crate::net::IpAllowlist;

    fn view(families: &[Family], addresses: &[&str]) -> View {
        View {
            families: families.to_vec(),
            addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(),
            warnings: Vec::new(),
        }
    }

    fn list(entries: &[&str]) -> IpAllowlist {
        IpAllowlist::parse_entries(entries).unwrap()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    const BOTH: &[Family] = &[Family::V4, Family::V6];

    #[test]
    fn list_of_one_family_is_warned_about_if_calls_use_both() {
        let v4 = list(&["203.0.113.0/24"]);
        let one_family = [ChangeWarning::OneFamily { missing: Family::V6 }];
        assert_eq!(view(BOTH, &[]).judge(&v4).0, one_family);
        assert!(
            one_family[0].to_string().contains("no IPv6 network"),
            "{}",
            one_family[0]
        );
        assert_eq!(
            view(BOTH, &[]).judge(&list(&["2001:db8::/32"])).0,
            [ChangeWarning::OneFamily { missing: Family::V4 }]
        );
        for (families, list) in [
            (&[Family::V4][..], &v4),
            (&[Family::V6], &v4),
            (BOTH, &list(&["203.0.113.0/24", "2001:db8::/32"])),
            (BOTH, &IpAllowlist::Unrestricted),
        ] {
            assert_eq!(
                view(families, &[]).judge(list),
                (vec![], vec![]),
                "{families:?} {list}"
            );
        }
    }

    #[test]
    fn list_that_excludes_all_known_addresses_is_a_lock_out() {
        let office = list(&["203.0.113.0/24", "2001:db8::/32"]);
        let judge = |addresses: &[&str]| view(BOTH, addresses).judge(&office);
        assert_eq!(judge(&["203.0.113.7", "2001:db8::7"]), (vec![], vec![]));
        assert_eq!(
            judge(&["203.0.113.7", "2001:db9::7"]),
            (vec![ChangeWarning::EgressOutside(address("2001:db9::7"))], vec![])
        );
        let outside = ["198.51.100.7", "2001:db9::7"];
        assert_eq!(judge(&outside), (vec![], outside.map(address).to_vec()));
        // An unknown address is neither inside nor outside.
        assert_eq!(judge(&[]), (vec![], vec![]));
    }

    struct Failing;

    impl EgressAddress for Failing {
        fn find(&self, _: Family) -> EgressFuture<'_> {
            Box::pin(async { Err("no\nmirror".into()) })
        }
    }

    #[tokio::test]
    async fn unknown_address_is_warned_about_and_other_family_is_ignored() {
        let at = |host: &str| {
            let environment = Environment::custom(host).unwrap();
            Client::builder(environment).build_group().unwrap()
        };
        let v6 = KnownEgress::new([address("2001:db8::7")]);
        let found = View::find(&at("http://127.0.0.1:1"), Some(&v6)).await;
        assert_eq!(found.families, [Family::V4], "the host is an IPv4 address");
        assert_eq!(
            found.warnings,
            [ChangeWarning::EgressUnknown {
                family: Family::V4,
                reason: None
            }]
        );
        let found = View::find(&at("http://[::1]:1"), Some(&v6)).await;
        assert_eq!(found.addresses, [address("2001:db8::7")]);
        assert_eq!(found.warnings, []);
        let found = View::find(&at("http://127.0.0.1:1"), Some(&Failing)).await;
        let shown = found.warnings[0].to_string();
        assert!(shown.contains("no\\nmirror") && shown.contains("IPv4"), "{shown}");
        let mapped = KnownEgress::new([address("::ffff:192.0.2.1")]);
        let found = View::find(&at("http://127.0.0.1:1"), Some(&mapped)).await;
        assert_eq!(found.addresses, [address("192.0.2.1")]);
        // Without a source, no address is looked up.
        let found = View::find(&at("http://127.0.0.1:1"), None).await;
        assert_eq!(found.addresses, Vec::<IpAddr>::new());
        let unknown = ChangeWarning::EgressUnknown {
            family: Family::V4,
            reason: None,
        };
        assert_eq!(found.judge(&list(&["203.0.113.0/24"])).0, [unknown]);
        assert_eq!(
            found.judge(&IpAllowlist::Unrestricted),
            (vec![], vec![]),
            "everything is inside"
        );
    }

    #[tokio::test]
    async fn bound_connector_uses_the_family_of_its_address() {
        let pinned = Client::builder(Environment::custom("http://127.0.0.1:1").unwrap())
            .local_address(address("2001:db8::7"))
            .build_group()
            .unwrap();
        assert_eq!(View::find(&pinned, None).await.families, [Family::V6]);
    }
}
