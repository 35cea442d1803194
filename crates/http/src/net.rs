//! Where a request comes from. Forwarded headers are believed only from proxies that the installation names.

use std::net::{IpAddr, Ipv6Addr};

use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use ipnet::IpNet;

use crate::error::ApiError;

/// Longest `X-Forwarded-For` that is looked at, in entries: chains of proxies are short.
const MAX_HOPS: usize = 16;

/// The address of the caller, after trusted proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientIp(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientIp {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts
            .extensions
            .get()
            .copied()
            .ok_or_else(|| ApiError::internal("no client address: the edge did not run"))
    }
}

/// What `TRUSTED_PROXIES` says.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl From<Vec<IpNet>> for TrustedProxies {
    fn from(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }
}

impl TrustedProxies {
    fn trusts(&self, ip: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&ip))
    }

    /// The caller's address: the peer's, or what trusted proxies say of it, read from the nearest hop outward.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = plain(peer);
        if self.0.is_empty() || !self.trusts(peer) {
            return peer;
        }
        let mut client = peer;
        let mut forwarded = false;
        let lists = headers.get_all("x-forwarded-for").iter().rev();
        let hops = lists
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.rsplit(','));
        for hop in hops.take(MAX_HOPS) {
            let Some(ip) = hop_address(hop) else { break };
            forwarded = true;
            client = ip;
            if !self.trusts(ip) {
                break;
            }
        }
        if !forwarded
            && let Some(ip) = headers
                .get("x-real-ip")
                .and_then(|v| v.to_str().ok())
                .and_then(hop_address)
        {
            client = ip;
        }
        client
    }
}

/// Some proxies write `1.2.3.4:5678` or `[::1]:5678`.
fn hop_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let ip = text
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<std::net::SocketAddr>().map(|address| address.ip()))
        .ok()?;
    Some(plain(ip))
}

/// `::ffff:1.2.3.4` is 1.2.3.4.
pub(crate) fn plain(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

/// What counts as one place: an IPv4 address, or the /64 that one IPv6 household has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place(IpAddr);

impl From<IpAddr> for Place {
    fn from(ip: IpAddr) -> Self {
        Self(match plain(ip) {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(forwarded: &str) -> HeaderMap {
        HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), forwarded.parse().unwrap())])
    }

    fn proxies(networks: &[&str]) -> TrustedProxies {
        networks
            .iter()
            .map(|network| network.parse().unwrap())
            .collect::<Vec<IpNet>>()
            .into()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_is_believed_unless_named() {
        let none = TrustedProxies::default();
        assert_eq!(none.client(ip("127.0.0.1"), &headers("9.9.9.9")), ip("127.0.0.1"));
        let one = proxies(&["10.0.0.1/32"]);
        assert_eq!(one.client(ip("10.0.0.2"), &headers("9.9.9.9")), ip("10.0.0.2"));
    }

    #[test]
    fn the_first_stranger_from_the_near_end_is_the_client() {
        let proxies = proxies(&["10.0.0.0/8", "127.0.0.1/32"]);
        let client = proxies.client(ip("::ffff:127.0.0.1"), &headers("1.1.1.1, 9.9.9.9, 10.3.2.1"));
        assert_eq!(client, ip("9.9.9.9"), "1.1.1.1 was written by the client itself");
    }

    #[test]
    fn a_broken_hop_ends_the_chain() {
        let proxies = proxies(&["127.0.0.1/32"]);
        assert_eq!(
            proxies.client(ip("127.0.0.1"), &headers("garbage")),
            ip("127.0.0.1")
        );
        assert_eq!(
            proxies.client(ip("127.0.0.1"), &headers("8.8.8.8:1234")),
            ip("8.8.8.8")
        );
    }

    #[test]
    fn one_household_is_one_place() {
        assert_eq!(Place::from(ip("2001:db8::1")), Place::from(ip("2001:db8::ffff")));
        assert_ne!(Place::from(ip("2001:db8:0:1::1")), Place::from(ip("2001:db8::1")));
        assert_eq!(Place::from(ip("::ffff:1.2.3.4")).to_string(), "1.2.3.4");
    }
}
