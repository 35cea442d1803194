//! Finds the route of a request in the table.

use super::routes::{self, Route};

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
    let route = routes::all().find(|r| r.method == method && fits(r.template, path))?;
    Some(Found {
        route,
        params: params(route.template, path),
    })
}

/// True if some method has this path.
pub(crate) fn exists(path: &str) -> bool {
    routes::all().any(|route| fits(route.template, path))
}

fn parts(path: &str) -> std::str::Split<'_, char> {
    path.trim_matches('/').split('/')
}

fn parameter(part: &str) -> Option<&str> {
    part.strip_prefix('{').and_then(|p| p.strip_suffix('}'))
}

/// True if the path has the template's literal parts, and something in the place of each parameter.
fn fits(template: &str, path: &str) -> bool {
    let mut given = parts(path);
    let all = parts(template).all(|part| match given.next() {
        Some(value) if parameter(part).is_some() => !value.is_empty(),
        Some(value) => value == part,
        None => false,
    });
    all && given.next().is_none()
}

/// What a fitting path has in the places of the parameters.
fn params(template: &'static str, path: &str) -> Vec<(&'static str, String)> {
    parts(template)
        .zip(parts(path))
        .filter_map(|(part, value)| Some((parameter(part)?, crate::cdn::decode_percent(value))))
        .collect()
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
        assert!(routes::all().all(|r| seen.insert((r.method, r.template))));
    }

    #[test]
    fn every_line_of_the_table_is_found_by_its_own_path() {
        for route in routes::all() {
            let found = find(route.method, &route.template.replace(['{', '}'], "")).unwrap();
            assert_eq!(found.route.template, route.template);
        }
    }

    #[test]
    fn an_unknown_path_has_no_route() {
        assert!(find("GET", "/guilds/1/nonsense").is_none());
        assert!(exists("/channels/1/messages"));
    }
}
