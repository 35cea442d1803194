//! What a client says of itself in its headers. None of it is proof of anything; all of it is cut to length and to
//! printable characters before it is kept.

use http::{HeaderMap, header};

/// Longest header value that is kept.
const MAX_VALUE: usize = 128;

/// Device, platform and version of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientDescription {
    /// `Google Pixel 9`, or guessed from the user agent; `Unknown` if nothing is said.
    pub device: String,
    /// `Android`, `iOS`, `Web` …, or `Unknown`.
    pub platform: String,
    /// Version of the app, or `Unknown`.
    pub app_version: String,
    /// The user agent, or `Unknown`.
    pub user_agent: String,
    /// What the client calls its session, if it says so.
    pub session: Option<String>,
}

/// A header's value, printable and short; nothing if it is absent, empty or `Unknown`.
fn said(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    let text: String = String::from_utf8_lossy(value.as_bytes())
        .chars()
        .filter(|letter| !letter.is_control() && *letter != char::REPLACEMENT_CHARACTER)
        .take(MAX_VALUE)
        .collect();
    let text = text.trim();
    (!text.is_empty() && text != "Unknown").then(|| text.to_owned())
}

impl ClientDescription {
    /// Reads the headers of a request to this endpoint.
    #[must_use]
    pub fn of(headers: &HeaderMap, endpoint: &str) -> Self {
        let agent = said(headers, header::USER_AGENT.as_str()).unwrap_or_default();
        let platform = said(headers, "x-platform");
        let version = said(headers, "x-app-version");
        let device = said(headers, "x-device-info")
            .or_else(|| platform.clone())
            .unwrap_or_else(|| device_of(&agent, version.is_none() && endpoint.contains("analytics")));
        Self {
            device,
            platform: platform.unwrap_or_else(|| platform_of(&agent).to_owned()),
            app_version: version.unwrap_or_else(unknown),
            user_agent: if agent.is_empty() { unknown() } else { agent },
            session: said(headers, "x-session-id"),
        }
    }

    /// A debug build of the app.
    #[must_use]
    pub fn is_debug(&self) -> bool {
        self.platform.contains("(Debug)") || self.device.contains("(Debug)")
    }

    /// An emulator, by the names that they give themselves.
    #[must_use]
    pub fn is_emulator(&self) -> bool {
        const NAMES: [&str; 7] = [
            "sdk_gphone",
            "generic",
            "emulator",
            "vbox",
            "goldfish",
            "ranchu",
            "simulator",
        ];
        let (device, agent) = (self.device.to_lowercase(), self.user_agent.to_lowercase());
        NAMES
            .iter()
            .any(|name| device.contains(name) || agent.contains(name))
    }
}

fn unknown() -> String {
    "Unknown".to_owned()
}

fn has(agent: &str, any: &[&str]) -> bool {
    any.iter().any(|name| agent.contains(name))
}

fn device_of(agent: &str, dashboard: bool) -> String {
    let name = if has(agent, &["Chillventory", "Testventory"]) {
        if agent.contains("Android") {
            "Android"
        } else if has(agent, &["iPhone", "iPad"]) {
            "iOS"
        } else if agent.contains("Windows") {
            "Windows Desktop"
        } else if agent.contains("Linux") {
            "Linux Desktop"
        } else if agent.contains("Macintosh") {
            "macOS Desktop"
        } else {
            "Flutter App"
        }
    } else if agent.contains("Mozilla") && has(agent, &["Chrome", "Firefox", "Safari", "Edge"]) {
        if dashboard {
            "Analytics Dashboard"
        } else {
            "Web Browser"
        }
    } else if has(agent, &["python-requests", "curl", "postman"]) {
        "API Client"
    } else {
        agent
            .split('/')
            .next()
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .unwrap_or("Unknown")
    };
    name.to_owned()
}

fn platform_of(agent: &str) -> &'static str {
    if agent.contains("Android") {
        "Android"
    } else if has(agent, &["iPhone", "iPad", "iOS"]) {
        "iOS"
    } else if agent.contains("Windows") {
        "Windows"
    } else if has(agent, &["Macintosh", "macOS"]) {
        "macOS"
    } else if agent.contains("Linux") {
        "Linux"
    } else if has(agent, &["Chrome", "Firefox", "Safari", "Edge", "Mozilla"]) {
        "Web"
    } else {
        "Unknown"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &str)]) -> ClientDescription {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        ClientDescription::of(&HeaderMap::from_iter(headers), "tickets.get_tickets")
    }

    #[test]
    fn what_the_app_says_is_taken() {
        let client = of(&[
            ("user-agent", "Chillventory/1.0 (Android; Flutter)"),
            ("x-platform", "Android (Debug)"),
            ("x-device-info", "Google Pixel 9"),
            ("x-session-id", "1733508000000_123456"),
        ]);
        assert_eq!(
            (client.device.as_str(), client.platform.as_str()),
            ("Google Pixel 9", "Android (Debug)")
        );
        assert_eq!(client.session.as_deref(), Some("1733508000000_123456"));
        assert!(client.is_debug() && !client.is_emulator());
    }

    #[test]
    fn the_rest_is_guessed_from_the_user_agent() {
        assert_eq!(of(&[("user-agent", "Dart/3.5 (dart:io)")]).device, "Dart");
        assert_eq!(
            of(&[("user-agent", "Testventory/1.0 (Web; Flutter)")]).device,
            "Flutter App"
        );
        let browser = of(&[("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/130")]);
        assert_eq!(
            (browser.device.as_str(), browser.platform.as_str()),
            ("Web Browser", "Linux")
        );
        assert_eq!(of(&[]).device, "Unknown");
    }

    #[test]
    fn values_are_cut() {
        let client = of(&[("x-device-info", &"x".repeat(500)), ("x-session-id", "Unknown")]);
        assert_eq!((client.device.len(), client.session), (128, None));
    }
}
