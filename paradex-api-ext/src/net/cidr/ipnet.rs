//! Conversions to and from the types of the crate `ipnet`.

use std::net::IpAddr;

use super::{Cidr, CidrError};

/// Converts to the type of the `ipnet` crate.
impl From<Cidr> for ::ipnet::IpNet {
    fn from(network: Cidr) -> Self {
        // No `Cidr` has a prefix that is too long. If one had, a single host would be the safe result.
        match network.network {
            IpAddr::V4(address) => ::ipnet::Ipv4Net::new(address, network.prefix_len)
                .unwrap_or_else(|_| address.into())
                .into(),
            IpAddr::V6(address) => ::ipnet::Ipv6Net::new(address, network.prefix_len)
                .unwrap_or_else(|_| address.into())
                .into(),
        }
    }
}

/// Fails as parsing does: `ipnet` keeps bits after the prefix, and has IPv4-mapped networks.
impl TryFrom<::ipnet::IpNet> for Cidr {
    type Error = CidrError;

    fn try_from(network: ::ipnet::IpNet) -> Result<Self, CidrError> {
        Self::exact(network.addr(), network.prefix_len())
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;
    use crate::net::CidrErrorKind;

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn conversion_to_ipnet_is_exact_and_from_ipnet_is_checked() {
        use ::ipnet::IpNet;

        for text in ["0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::/32"] {
            let net: IpNet = cidr(text).into();
            assert_eq!(net.to_string(), text);
            assert_eq!(Cidr::try_from(net), Ok(cidr(text)));
        }
        let host_bits: IpNet = "10.1.2.3/8".parse().unwrap();
        assert_eq!(
            Cidr::try_from(host_bits).unwrap_err().kind(),
            CidrErrorKind::HostBits
        );
        let mapped: IpNet = "::ffff:10.0.0.0/104".parse().unwrap();
        assert_eq!(
            Cidr::try_from(mapped).unwrap_err().kind(),
            CidrErrorKind::MappedIpv6
        );
    }
}
