//! How far a call may go. An address that a company typed must not open a door into the house: its host
//! may be, or may come to be by the next answer of its name server, a machine behind our own wall. So a
//! guarded client asks for names itself and connects to nothing else than what it has looked at.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

/// Where a client may connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// For addresses that whoever runs the program has set.
    Anywhere,
    /// Only what everybody on the internet can reach.
    Public,
    /// That, and this machine itself: for trying out and for tests.
    PublicAndLoopback,
}

impl Reach {
    /// Whether this address may be connected to.
    pub fn covers(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match self {
            Self::Anywhere => true,
            Self::Public => is_public(address),
            Self::PublicAndLoopback => is_public(address) || address.is_loopback(),
        }
    }

    /// Whether a host may be asked at all. Of a name that is known only when it is looked up.
    pub fn covers_host(self, host: &str) -> bool {
        match host.trim_matches(['[', ']']).parse() {
            Ok(address) => self.covers(address),
            Err(_) => true,
        }
    }

    /// Whether the address of a call may be asked, as far as it says so itself.
    pub(crate) fn covers_address(self, address: &str) -> bool {
        Url::parse(address)
            .ok()
            .and_then(|url| url.host_str().map(|host| self.covers_host(host)))
            .unwrap_or(true)
    }
}

/// Looks names up and forgets the addresses that are out of reach.
pub(crate) struct Guarded(pub Reach);

/// Told apart from a name that does not exist.
#[derive(Debug)]
pub(crate) struct OutOfReach;

impl std::fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the host has no address that may be reached")
    }
}
impl std::error::Error for OutOfReach {}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            let reached: Vec<SocketAddr> =
                found.into_iter().filter(|address| reach.covers(address.ip())).collect();
            if reached.is_empty() {
                return Err(OutOfReach.into());
            }
            let reached: Addrs = Box::new(reached.into_iter());
            Ok(reached)
        })
    }
}

/// Whether a call failed because its host is out of reach.
pub(crate) fn was_out_of_reach(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<OutOfReach>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let own = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || (first == 100 && second & 0xc0 == 64);
    let for_nobody = first == 0
        || first >= 224
        || address.is_documentation()
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && second & 0xfe == 18);
    !own && !for_nobody
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let carried = match parts {
        // What was written as IPv4 in one of the usual ways is judged as what it leads to.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0, 0, high, low] => Some((high, low)),
        [0x2002, high, low, ..] => Some((high, low)),
        _ => None,
    };
    if let Some((high, low)) = carried {
        return is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    }
    // Of all there is only 2000::/3 is handed out.
    let handed_out = parts[0] & 0xe000 == 0x2000;
    let for_nobody = parts[0] == 0x2001 && (parts[1] < 0x200 || parts[1] == 0xdb8) || parts[0] == 0x3fff;
    handed_out && !for_nobody
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_everybody_can_reach_is_public() {
        for (address, public) in [
            ("8.8.8.8", true),
            ("77.88.55.242", true),
            ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("172.32.0.1", true),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("192.0.0.8", false),
            ("198.18.0.1", false),
            ("203.0.113.9", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("2a02:6b8::2:242", true),
            ("::1", false),
            ("::", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::a00:1", false),
            ("64:ff9b::808:808", true),
            ("2002:7f00:1::", false),
            ("2001:db8::1", false),
            ("2001::1", false),
            ("fc00::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
        ] {
            let parsed: IpAddr = address.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
            assert_eq!(Reach::Public.covers(parsed), public, "{address}");
            let here = parsed.to_canonical().is_loopback();
            assert_eq!(Reach::PublicAndLoopback.covers(parsed), public || here, "{address}");
            assert!(Reach::Anywhere.covers(parsed));
        }
    }

    #[test]
    fn an_address_in_digits_is_judged_before_anybody_is_asked() {
        for (address, may) in [
            ("https://10.0.0.1/hook", false),
            ("https://[::1]:8443/hook", false),
            ("https://0x7f.1/hook", false),
            ("https://2130706433/hook", false),
            ("https://example.org/hook", true),
        ] {
            assert_eq!(Reach::Public.covers_address(address), may, "{address}");
        }
    }
}
