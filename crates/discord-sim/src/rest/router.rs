//! Finds the route of a request in the table.

use super::routes::{ROUTES, Route};

/// A route that fits a request.
pub(crate) struct Found {
    pub(crate) route: &'static Route,
    pub(crate) params: Vec<(&'static str, String)>,
}

impl Found {
    /// The main resource, which has buckets of its own: guild, channel or webhook with token.
    pub(crate) fn major(&self) -> String {
        let names = ["guild", "channel", "webhook", "token"];
        self.params
            .iter()
            .filter(|(n, _)| names.contains(n))
            .map(|(_, v)| v.as_str())
            .collect::<Vec<_>>()
            .join("/")
    }
}

/// The route of a request. Literal parts win over parameters because they stand first in the table.
pub(crate) fn find(method: &str, path: &str) -> Option<Found> {
    ROUTES
        .iter()
        .filter(|r| r.method == method)
        .find_map(|route| match_path(route.template, path).map(|params| Found { route, params }))
}

/// True if some method has this path.
pub(crate) fn exists(path: &str) -> bool {
    ROUTES
        .iter()
        .any(|route| match_path(route.template, path).is_some())
}

fn match_path(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut given = path.trim_matches('/').split('/');
    for part in template.trim_matches('/').split('/') {
        let value = given.next()?;
        match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(_) if value.is_empty() => return None,
            Some(name) => params.push((name, crate::cdn::decode_percent(value))),
            None if part == value => {}
            None => return None,
        }
    }
    given.next().is_none().then_some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_found_with_its_parameters() {
        let found = find("PUT", "/channels/1/messages/2/reactions/%F0%9F%91%8D/@me").unwrap();
        assert_eq!(found.params.last(), Some(&("emoji", "👍".to_owned())));
        assert_eq!(found.major(), "1");
    }

    #[test]
    fn literal_parts_win_over_parameters() {
        assert_eq!(
            find("GET", "/guilds/1/members/search").unwrap().route.template,
            "/guilds/{guild}/members/search"
        );
        assert_eq!(find("GET", "/users/@me").unwrap().route.template, "/users/@me");
    }

    #[test]
    fn no_line_stands_twice() {
        let mut seen = std::collections::HashSet::new();
        assert!(ROUTES.iter().all(|r| seen.insert((r.method, r.template))));
    }

    #[test]
    fn an_unknown_path_has_no_route() {
        assert!(find("GET", "/guilds/1/nonsense").is_none());
        assert!(exists("/channels/1/messages"));
    }
}
