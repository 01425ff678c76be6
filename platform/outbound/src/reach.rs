//! Which addresses may be called. What a shop types as an address must not reach this machine, its
//! neighbours or the cloud's own services; so a name is judged by what it resolves to, at the moment of
//! the connection, and each redirect again.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use takt_kernel::{Fault, Result};

/// How far calls may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Only addresses of the public internet.
    Public,
    /// This machine and its network too: the operator of the installation wants it so.
    Anywhere,
}

impl Reach {
    /// Judges an address before it is called: its scheme, and its host where that is a number.
    ///
    /// # Errors
    /// `outbound.bad_address`, `outbound.not_public`.
    pub fn judge(self, address: &str) -> Result<()> {
        let url = Url::parse(address).map_err(|_| Fault::invalid("outbound.bad_address"))?;
        self.judge_url(&url)
    }

    pub(crate) fn judge_url(self, url: &Url) -> Result<()> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Fault::invalid("outbound.bad_address"));
        }
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            return Err(Fault::invalid("outbound.bad_address"));
        };
        let number = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let named_here = host.trim_end_matches('.').eq_ignore_ascii_case("localhost");
        let refused = self == Self::Public && (named_here || number.is_ok_and(|number| !is_public(number)));
        if refused { Err(not_public(host)) } else { Ok(()) }
    }
}

pub(crate) fn not_public(host: &str) -> Fault {
    Fault::invalid("outbound.not_public").arg("host", host)
}

/// Answers only public addresses of a name.
pub(crate) struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(Box::<dyn std::error::Error + Send + Sync>::from(NotPublic));
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

pub(crate) fn public_names() -> Arc<PublicNames> {
    Arc::new(PublicNames)
}

/// Told by its type through the client's own errors.
#[derive(Debug)]
pub(crate) struct NotPublic;

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name leads to no public address")
    }
}

impl std::error::Error for NotPublic {}

pub(crate) fn is_not_public(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether an address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_unspecified()
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        // Shared by carriers, protocol assignments, measurements, reserved.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [a, b, .., g, h] = address.segments();
    let inner = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        // Addresses that carry another one: NAT64, 6to4.
        (0x64, 0xff9b) => is_public_v4(inner(g, h)),
        (0x2002, _) => is_public_v4(inner(b, address.segments()[2])),
        // Teredo and other protocol assignments, documentation.
        (0x2001, 0..=0x1ff | 0xdb8) => false,
        // Only 2000::/3 is handed out to the public.
        _ => (0x2000..0x4000).contains(&a) && a != 0x3fff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for (address, public) in [
            ("93.184.216.34", true),
            ("8.8.8.8", true),
            ("2606:2800:220:1:248:1893:25c8:1946", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("198.18.0.1", false),
            ("0.0.0.0", false),
            ("255.255.255.255", false),
            ("224.0.0.1", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fc00::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b::808:808", true),
            ("2002:7f00:1::", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("::127.0.0.1", false),
        ] {
            assert_eq!(address.parse().map(is_public), Ok(public), "{address}");
        }
    }

    #[test]
    fn an_address_is_judged_before_it_is_called() {
        for (address, code) in [
            ("https://shop.example/feed.xml", None),
            ("http://[2606:2800::1]/feed.xml", None),
            ("http://localhost/feed.xml", Some("outbound.not_public")),
            ("http://LOCALHOST./feed.xml", Some("outbound.not_public")),
            ("http://127.1/feed.xml", Some("outbound.not_public")),
            ("http://0x7f000001/", Some("outbound.not_public")),
            ("http://2130706433/", Some("outbound.not_public")),
            ("http://[::1]:8080/", Some("outbound.not_public")),
            ("http://169.254.169.254/latest/meta-data", Some("outbound.not_public")),
            ("file:///etc/passwd", Some("outbound.bad_address")),
            ("ftp://shop.example/", Some("outbound.bad_address")),
            ("shop.example", Some("outbound.bad_address")),
        ] {
            let judged = Reach::Public.judge(address).err().map(|fault| fault.code().to_owned());
            assert_eq!(judged.as_deref(), code, "{address}");
        }
        assert!(Reach::Anywhere.judge("http://127.0.0.1/").is_ok());
        assert!(Reach::Anywhere.judge("file:///etc/passwd").is_err());
    }
}
