//! Networks as text: the rules, and what to write instead of a text that breaks one.
//!
//! A new rule is a kind of [`CidrErrorKind`], a check in `split` and a sentence in the `Display` of [`CidrError`].

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{Cidr, same, width};
use crate::net::excerpt::Excerpt;

impl Cidr {
    /// Parses a network, or a bare address as the network of that host. Otherwise it is as strict as `parse`.
    ///
    /// ```
    /// use paradex_api_ext::net::Cidr;
    ///
    /// assert_eq!(Cidr::parse_network_or_host("192.0.2.7")?, "192.0.2.7/32".parse()?);
    /// assert_eq!(Cidr::parse_network_or_host("192.0.2.0/24")?, "192.0.2.0/24".parse()?);
    /// assert!("192.0.2.7".parse::<Cidr>().is_err());
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for `parse`, except that the prefix may be missing. An IPv4-mapped address is refused too: a person wrote the
    /// text, it is not the address that a socket reported.
    pub fn parse_network_or_host(text: &str) -> Result<Self, CidrError> {
        let (address, prefix_len) = split(text)?;
        let prefix_len = prefix_len.unwrap_or(width(address));
        Self::exact(address, prefix_len).map_err(|error| error.about(text))
    }

    /// As [`Cidr::parse_network_or_host`], but bits after the prefix are cleared.
    pub(crate) fn parse_lenient(text: &str) -> Result<Self, CidrError> {
        let (address, prefix_len) = split(text)?;
        let prefix_len = prefix_len.unwrap_or(width(address));
        Self::truncated(address, prefix_len).map_err(|error| error.about(text))
    }
}

/// Splits a text into the address and the prefix length, if there is one, which fits the address.
fn split(text: &str) -> Result<(IpAddr, Option<u8>), CidrError> {
    let refuse = |kind| CidrError::text(text, kind, None);
    if text.is_empty() {
        return Err(refuse(CidrErrorKind::Empty));
    }
    if text.contains(char::is_whitespace) {
        return Err(refuse(CidrErrorKind::WhiteSpace));
    }
    let (address, prefix_len) = match text.split_once('/') {
        Some((address, prefix_len)) => (address, Some(prefix_len)),
        None => (text, None),
    };
    // The parser of std refuses leading zeros in IPv4, signs and zones; this only finds the reason.
    let parsed: IpAddr = address.parse().map_err(|_| {
        let dotted = address.rsplit(':').next().unwrap_or(address);
        refuse(if address.contains('%') {
            CidrErrorKind::ZoneId
        } else if dotted.contains('.') && dotted.split('.').any(has_leading_zero) {
            CidrErrorKind::LeadingZero
        } else {
            CidrErrorKind::Address
        })
    })?;
    let Some(digits) = prefix_len else {
        return Ok((parsed, None));
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse(CidrErrorKind::Prefix));
    }
    if has_leading_zero(digits) {
        return Err(refuse(CidrErrorKind::LeadingZero));
    }
    match digits.parse() {
        Ok(prefix_len) if prefix_len <= width(parsed) => Ok((parsed, Some(prefix_len))),
        _ => Err(refuse(CidrErrorKind::PrefixTooLong)),
    }
}

fn has_leading_zero(number: &str) -> bool {
    number.len() > 1 && number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit())
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        match split(text)? {
            (address, Some(prefix_len)) => {
                Self::exact(address, prefix_len).map_err(|error| error.about(text))
            }
            (address, None) => {
                let kind = match same(address, address.to_canonical()) {
                    true => CidrErrorKind::MissingPrefix,
                    false => CidrErrorKind::MappedIpv6,
                };
                Err(CidrError::text(text, kind, Some(Self::host(address))))
            }
        }
    }
}

impl TryFrom<&str> for Cidr {
    type Error = CidrError;

    fn try_from(text: &str) -> Result<Self, CidrError> {
        text.parse()
    }
}

impl TryFrom<String> for Cidr {
    type Error = CidrError;

    fn try_from(text: String) -> Result<Self, CidrError> {
        text.parse()
    }
}

/// The value that an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(Excerpt),
    Network(IpAddr, u8),
    /// It is from a response, which can repeat secrets of the request.
    Withheld,
}

/// A value is not a [`Cidr`]: the error names the value, the rule that it breaks, and what to write instead.
///
/// The message has one line. It shows only the start of the value, escaped, so that a hostile text can neither flood a
/// log nor control a terminal. A value from a response of the exchange is not shown.
///
/// ```
/// use paradex_api_ext::net::{Cidr, CidrErrorKind};
///
/// let error = "010.0.0.0/8".parse::<Cidr>().unwrap_err();
/// assert_eq!(error.kind(), CidrErrorKind::LeadingZero);
/// assert!(error.to_string().starts_with("\"010.0.0.0/8\" is not a network: a number has a leading zero"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CidrError {
    value: Value,
    kind: CidrErrorKind,
    suggestion: Option<Cidr>,
}

/// The rule of a network in text form that a value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CidrErrorKind {
    /// The text is empty.
    Empty,
    /// The text contains white space, or has it around it.
    WhiteSpace,
    /// The text is an address without a prefix length.
    MissingPrefix,
    /// An octet or the prefix length begins with a zero, which some programs read as octal.
    LeadingZero,
    /// The address has a zone (`fe80::1%eth0`), which is valid on one machine only.
    ZoneId,
    /// The part before the `/` is not an IP address.
    Address,
    /// The part after the `/` is not a decimal number.
    Prefix,
    /// The prefix is longer than the address.
    PrefixTooLong,
    /// A bit after the prefix is set.
    HostBits,
    /// The address is an IPv4 address in IPv6 form, `::ffff:a.b.c.d`.
    MappedIpv6,
}

impl CidrError {
    pub(super) const fn new(value: Value, kind: CidrErrorKind, suggestion: Option<Cidr>) -> Self {
        Self {
            value,
            kind,
            suggestion,
        }
    }

    fn text(text: &str, kind: CidrErrorKind, suggestion: Option<Cidr>) -> Self {
        Self::new(Value::Text(Excerpt::new(text)), kind, suggestion)
    }

    /// Replaces the value by the text that it was read from.
    fn about(self, text: &str) -> Self {
        Self::text(text, self.kind, self.suggestion)
    }

    /// Removes the value. The suggestion stays: it is a network, and cannot be a secret.
    pub(in crate::net) fn without_value(self) -> Self {
        Self::new(Value::Withheld, self.kind, self.suggestion)
    }

    /// Returns the rule that is broken.
    pub fn kind(&self) -> CidrErrorKind {
        self.kind
    }

    /// Returns the network that was probably meant, if there is one.
    ///
    /// ```
    /// # use paradex_api_ext::net::Cidr;
    /// let error = "::ffff:192.0.2.0/120".parse::<Cidr>().unwrap_err();
    /// assert_eq!(error.suggestion(), Some("192.0.2.0/24".parse()?));
    /// # Ok::<(), paradex_api_ext::net::CidrError>(())
    /// ```
    pub fn suggestion(&self) -> Option<Cidr> {
        self.suggestion
    }
}

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Text(text) => write!(f, "{text} ")?,
            Value::Network(address, prefix_len) => write!(f, "{address}/{prefix_len} ")?,
            Value::Withheld => {}
        }
        f.write_str("is not a network: ")?;
        f.write_str(match self.kind {
            CidrErrorKind::Empty => {
                "the text is empty; write an address and a prefix length, such as 203.0.113.0/24"
            }
            CidrErrorKind::WhiteSpace => "it contains white space; remove it, and write one network in each entry",
            CidrErrorKind::MissingPrefix => "the prefix length is missing",
            CidrErrorKind::LeadingZero => {
                "a number has a leading zero, which some programs read as octal; \
                 check which number is meant and write it without the zero"
            }
            CidrErrorKind::ZoneId => "it has a zone id, which is valid on one machine only; leave out the % part",
            CidrErrorKind::Address => {
                "it does not begin with an IPv4 or IPv6 address; write it like 203.0.113.0/24 or 2001:db8::/32"
            }
            CidrErrorKind::Prefix => {
                "the part after the / is not a prefix length; write decimal digits, such as /24"
            }
            CidrErrorKind::PrefixTooLong => {
                "the prefix is too long; write at most 32 for IPv4 and 128 for IPv6"
            }
            CidrErrorKind::HostBits => "bits are set after the prefix",
            CidrErrorKind::MappedIpv6 => "it is an IPv4 address in IPv6 form, which is matched as IPv4",
        })?;
        match (self.kind, self.suggestion) {
            (CidrErrorKind::MissingPrefix, Some(host)) => write!(f, "; write {host} for this one address"),
            (CidrErrorKind::MappedIpv6, Some(network)) => write!(f, "; write {network}"),
            (CidrErrorKind::MappedIpv6, None) => f.write_str("; write the IPv4 network"),
            (_, Some(network)) => write!(f, "; did you mean {network}?"),
            (_, None) => Ok(()),
        }
    }
}

impl std::error::Error for CidrError {}

#[cfg(test)]
mod tests {
    use super::{Cidr, CidrErrorKind};

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn invalid_network_is_refused_with_its_rule() {
        use CidrErrorKind::*;
        for (text, kind) in [
            ("", Empty),
            (" 10.0.0.0/8", WhiteSpace),
            ("10.0.0.0/8\n", WhiteSpace),
            ("10.0.0.0 /8", WhiteSpace),
            ("10.0.0.0/\u{a0}8", WhiteSpace),
            ("10.0.0.0", MissingPrefix),
            ("2001:db8::1", MissingPrefix),
            ("010.0.0.0/8", LeadingZero),
            ("10.00.0.0/8", LeadingZero),
            ("::ffff:010.0.0.0/104", LeadingZero),
            ("10.0.0.0/08", LeadingZero),
            ("10.0.0.0/00", LeadingZero),
            ("fe80::1%eth0/128", ZoneId),
            ("/8", Address),
            ("10.0.0/8", Address),
            ("10.0.0.256/32", Address),
            ("10.0.0.0.0/8", Address),
            ("0x0a.0.0.0/8", Address),
            ("+10.0.0.0/8", Address),
            ("[::1]/128", Address),
            ("1::2::3/128", Address),
            ("12345::/16", Address),
            ("unrestricted", Address),
            ("10.0.0.0/", Prefix),
            ("10.0.0.0/+8", Prefix),
            ("10.0.0.0/-8", Prefix),
            ("10.0.0.0/8/8", Prefix),
            ("10.0.0.0/٨", Prefix),
            ("10.0.0.0/255.0.0.0", Prefix),
            ("10.0.0.0/33", PrefixTooLong),
            ("10.0.0.0/256", PrefixTooLong),
            ("10.0.0.0/99999999999999999999", PrefixTooLong),
            ("::/129", PrefixTooLong),
            ("10.0.0.1/8", HostBits),
            ("2001:db8::1/64", HostBits),
            ("::ffff:10.0.0.0/104", MappedIpv6),
            ("::ffff:a00:0/104", MappedIpv6),
            ("::ffff:10.0.0.1", MappedIpv6),
            ("::ffff:0:0/96", MappedIpv6),
            ("::ffff:0:0/90", MappedIpv6),
        ] {
            assert_eq!(text.parse::<Cidr>().unwrap_err().kind(), kind, "{text}");
            assert_eq!(
                Cidr::try_from(text.to_owned()).unwrap_err().kind(),
                kind,
                "{text}"
            );
        }
    }

    #[test]
    fn bare_address_is_a_host_only_if_requested() {
        assert_eq!(
            Cidr::parse_network_or_host("10.0.0.1").unwrap(),
            cidr("10.0.0.1/32")
        );
        assert_eq!(
            Cidr::parse_network_or_host("2001:DB8::1").unwrap(),
            cidr("2001:db8::1/128")
        );
        assert_eq!(
            Cidr::parse_network_or_host("10.0.0.0/8").unwrap(),
            cidr("10.0.0.0/8")
        );
        for text in [
            "10.0.0.1/8",
            "010.0.0.1",
            "10.0.0.1 ",
            "fe80::1%1",
            "::ffff:10.0.0.1",
            "",
        ] {
            assert!(Cidr::parse_network_or_host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn error_suggests_the_network_that_was_probably_meant() {
        let suggestion = |text: &str| text.parse::<Cidr>().unwrap_err().suggestion();
        assert_eq!(suggestion("10.1.2.3/8"), Some(cidr("10.0.0.0/8")));
        assert_eq!(suggestion("10.1.2.3"), Some(cidr("10.1.2.3/32")));
        assert_eq!(suggestion("::ffff:10.1.2.3/104"), Some(cidr("10.0.0.0/8")));
        assert_eq!(suggestion("::ffff:10.1.2.3"), Some(cidr("10.1.2.3/32")));
        assert_eq!(suggestion("::ffff:10.1.2.3/64"), None);
        assert_eq!(suggestion("010.1.2.3/8"), None);
        assert_eq!(
            "10.1.2.3/8".parse::<Cidr>().unwrap_err().to_string(),
            "\"10.1.2.3/8\" is not a network: bits are set after the prefix; did you mean 10.0.0.0/8?"
        );
    }

    #[test]
    fn hostile_text_is_cut_and_escaped() {
        let flood = "9".repeat(1_000_000);
        let error = flood.parse::<Cidr>().unwrap_err();
        assert!(error.to_string().len() < 250, "{error}");
        assert!(format!("{error:?}").len() < 250, "{error:?}");
        let error = "\u{1b}[31m\u{7}\u{202e}/8".parse::<Cidr>().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("\"\\u{1b}[31m\\u{7}\\u{202e}/8\" is")
        );
    }

    #[test]
    fn longest_spelling_of_a_network_is_shown_whole() {
        let text = "0000:0000:0000:0000:0000:ffff:255.255.255.255/128";
        let error = text.parse::<Cidr>().unwrap_err();
        assert_eq!(error.kind(), CidrErrorKind::MappedIpv6);
        assert!(error.to_string().contains(text));
    }
}
