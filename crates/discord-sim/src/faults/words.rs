//! Faults in words, for the command line and the control API.

use std::str::FromStr;
use std::time::Duration;

use crate::gateway::GatewayFault;

use super::{Chaos, Fault, FaultPlan, FaultRule, NoSuchFault, RestFault, WorldFault};

/// Without a number, a 429 asks for this many seconds.
const DEFAULT_RETRY: f64 = 1.0;

impl FaultPlan {
    /// How faults are written.
    pub const WORDS: &'static str = "\
[METHOD] [/route] EFFECT [xN]     requests; a route such as /channels/{channel}/messages, or the start of a path
    latency TIME · 429 [TIME] · 429 global [TIME] · 500 (any 5xx) · lose-answer · expired-token
    missing-permission · gone · refuse STATUS CODE MESSAGE
gateway EFFECT                    connections; waits for one if there is none yet
    drop · close CODE · reconnect · invalid-session [resumable] · mute-acks · stall TIME · dead-resume-url
    live-resume-url · duplicate · out-of-order · unknown-value · unknown-event · malformed · ask-heartbeat
    lose-frame [OP] (the next frame of the bot, or the next with this op)
guild NAME outage | back
channel NAME delete
role NAME delete | without PERMISSION
tokens expire
chaos PROBABILITY [seed N] | chaos off
Behind each: after TIME, every TIME. A TIME is 250ms, 5s, 2m or 1h.";
}

type Read<T> = Result<T, NoSuchFault>;

fn no<T>(why: impl Into<String>) -> Read<T> {
    Err(NoSuchFault(why.into()))
}

impl FromStr for FaultPlan {
    type Err = NoSuchFault;

    fn from_str(text: &str) -> Read<Self> {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let (mut after, mut every) = (Duration::ZERO, None);
        while let [rest @ .., key @ ("after" | "every"), given] = words.as_slice() {
            let time = time(given)?;
            if *key == "after" {
                after = time;
            } else if time.is_zero() {
                return no("`every` wants more than no time at all");
            } else {
                every = Some(time);
            }
            words = rest.to_vec();
        }
        let fault = match words.as_slice() {
            ["gateway", effect @ ..] => Fault::Gateway(gateway(effect)?),
            ["guild", name @ .., effect] => Fault::World(of_guild(name, effect)?),
            ["channel", name @ .., "delete"] => Fault::World(WorldFault::DeleteChannel {
                channel: named("channel", name)?,
            }),
            ["role", name @ .., "without", permission] => Fault::World(WorldFault::TakePermission {
                permission: (*permission).to_owned(),
                role: named("role", name)?,
            }),
            ["role", name @ .., "delete"] => Fault::World(WorldFault::DeleteRole {
                role: named("role", name)?,
            }),
            ["tokens", "expire"] => Fault::World(WorldFault::ExpireTokens),
            ["chaos", given @ ..] => Fault::Chaos(chaos(given)?),
            [] => return no("no fault was named"),
            words => Fault::Rest(rest(words)?),
        };
        Ok(Self { fault, after, every })
    }
}

fn named(what: &str, words: &[&str]) -> Read<String> {
    if words.is_empty() {
        return no(format!("`{what}` wants a name or an id"));
    }
    Ok(words.join(" "))
}

fn of_guild(name: &[&str], effect: &str) -> Read<WorldFault> {
    let guild = named("guild", name)?;
    match effect {
        "outage" => Ok(WorldFault::Outage { guild }),
        "back" => Ok(WorldFault::Recovery { guild }),
        other => no(format!(
            "a guild has an `outage` or comes `back`, but does not `{other}`"
        )),
    }
}

fn chaos(words: &[&str]) -> Read<Option<Chaos>> {
    let (probability, seed) = match words {
        ["off"] => return Ok(None),
        [probability] => (probability, "0"),
        [probability, "seed", seed] => (probability, *seed),
        _ => return no("`chaos` wants a probability, such as `chaos 0.05 seed 7`, or `off`"),
    };
    let chaos = probability
        .parse()
        .ok()
        .zip(seed.parse().ok())
        .and_then(|(p, s)| Chaos::new(p, s));
    match chaos {
        Some(chaos) => Ok(Some(chaos)),
        None => no(format!(
            "`{probability}` is no probability between 0 and 1, or `{seed}` no seed"
        )),
    }
}

fn gateway(words: &[&str]) -> Read<GatewayFault> {
    Ok(match words {
        ["drop"] => GatewayFault::Drop,
        ["close", code] => match code.parse() {
            Ok(code @ 1000..=4999) => GatewayFault::Close { code },
            _ => return no(format!("`{code}` is no close code; they go from 1000 to 4999")),
        },
        ["reconnect"] => GatewayFault::Reconnect,
        ["invalid-session"] => GatewayFault::InvalidSession { resumable: false },
        ["invalid-session", "resumable"] => GatewayFault::InvalidSession { resumable: true },
        ["mute-acks"] => GatewayFault::MuteAcks,
        ["stall", given] => GatewayFault::Stall {
            ms: millis(time(given)?),
        },
        ["dead-resume-url"] => GatewayFault::DeadResumeUrl { dead: true },
        ["live-resume-url"] => GatewayFault::DeadResumeUrl { dead: false },
        ["duplicate"] => GatewayFault::Duplicate,
        ["out-of-order"] => GatewayFault::OutOfOrder,
        ["unknown-value"] => GatewayFault::UnknownValue,
        ["unknown-event"] => GatewayFault::UnknownEvent,
        ["malformed"] => GatewayFault::Malformed,
        ["ask-heartbeat"] => GatewayFault::AskHeartbeat,
        ["lose-frame"] => GatewayFault::LoseFrame { op: None },
        ["lose-frame", op] => match op.parse() {
            Ok(op @ 1..=31) => GatewayFault::LoseFrame { op: Some(op) },
            _ => {
                return no(format!(
                    "`{op}` is no opcode of a bot's frame; they go from 1 to 31"
                ));
            }
        },
        other => return no(format!("the gateway knows no fault `{}`", other.join(" "))),
    })
}

fn rest(words: &[&str]) -> Read<FaultRule> {
    let mut words = words;
    let (mut method, mut route, mut times) = (None, None, None);
    if let [first, tail @ ..] = words
        && matches!(*first, "GET" | "POST" | "PUT" | "PATCH" | "DELETE")
    {
        (method, words) = (Some((*first).to_owned()), tail);
    }
    if let [first, tail @ ..] = words
        && first.starts_with('/')
    {
        (route, words) = (Some((*first).to_owned()), tail);
    }
    if let [head @ .., last] = words
        && let Some(n) = last.strip_prefix('x').and_then(|n| n.parse().ok())
    {
        if n == 0 {
            return no("`x0` would never happen");
        }
        (times, words) = (Some(n), head);
    }
    let fault = match words {
        ["latency", given] => RestFault::Latency {
            ms: millis(time(given)?),
        },
        ["429"] => limited(None, false)?,
        ["429", "global"] => limited(None, true)?,
        ["429", "global", given] => limited(Some(given), true)?,
        ["429", given] => limited(Some(given), false)?,
        ["lose-answer"] => RestFault::LoseAnswer,
        ["expired-token"] => RestFault::ExpiredToken,
        ["missing-permission"] => RestFault::MissingPermission,
        ["gone"] => RestFault::Gone,
        ["refuse", status, code, message @ ..] => match (status.parse(), code.parse()) {
            (Ok(status @ 400..=499), Ok(code)) => RestFault::Refuse {
                status,
                code,
                message: message.join(" "),
            },
            _ => return no("`refuse` wants a status from 400 to 499, a code and a message"),
        },
        [status] => match status.parse() {
            Ok(status @ 500..=599) => RestFault::ServerError { status },
            _ => return no(format!("requests know no fault `{status}`")),
        },
        other => return no(format!("requests know no fault `{}`", other.join(" "))),
    };
    Ok(FaultRule {
        method,
        route,
        times,
        fault,
    })
}

fn limited(given: Option<&str>, global: bool) -> Read<RestFault> {
    let retry_after = given.map_or(Ok(DEFAULT_RETRY), |g| time(g).map(|t| t.as_secs_f64()))?;
    Ok(RestFault::RateLimited { retry_after, global })
}

/// `250ms`, `5s`, `2m`, `1h`.
fn time(text: &str) -> Read<Duration> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let per_unit = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return no(format!("`{text}` is no time; write 250ms, 5s, 2m or 1h")),
    };
    let seconds = number.parse::<f64>().ok().map(|n| n * per_unit);
    match seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()) {
        Some(time) => Ok(time),
        None => no(format!("`{text}` is no time; write 250ms, 5s, 2m or 1h")),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        text.parse::<FaultPlan>().unwrap().fault
    }

    #[test]
    fn requests_are_named_by_method_and_route() {
        let Fault::Rest(rule) = fault("POST /channels/{channel}/messages 502 x2") else {
            unreachable!("a fault of requests")
        };
        assert_eq!(rule.method.as_deref(), Some("POST"));
        assert_eq!(rule.route.as_deref(), Some("/channels/{channel}/messages"));
        assert_eq!(rule.times, Some(2));
        assert_eq!(rule.fault, RestFault::ServerError { status: 502 });
        let Fault::Rest(rule) = fault("429 global 2.5s") else {
            unreachable!("a fault of requests")
        };
        assert_eq!((rule.method, rule.route, rule.times), (None, None, None));
        let expected = RestFault::RateLimited {
            retry_after: 2.5,
            global: true,
        };
        assert_eq!(rule.fault, expected);
    }

    #[test]
    fn names_may_have_spaces_and_times_stand_behind() {
        let plan: FaultPlan = "guild Harbour Lights outage after 2m every 1h".parse().unwrap();
        let expected = WorldFault::Outage {
            guild: "Harbour Lights".to_owned(),
        };
        assert_eq!(plan.fault, Fault::World(expected));
        assert_eq!(plan.after, Duration::from_secs(120));
        assert_eq!(plan.every, Some(Duration::from_secs(3600)));
    }

    #[test]
    fn everything_that_is_offered_is_understood() {
        for text in [
            "latency 250ms",
            "GET /users/@me 429",
            "429 global",
            "429 3s x1",
            "503 x3",
            "lose-answer x1",
            "/webhooks expired-token",
            "PUT missing-permission",
            "DELETE gone",
            "refuse 403 50001 Missing Access x1",
            "gateway drop",
            "gateway close 4000",
            "gateway reconnect",
            "gateway invalid-session",
            "gateway invalid-session resumable",
            "gateway mute-acks",
            "gateway stall 5s",
            "gateway dead-resume-url",
            "gateway live-resume-url",
            "gateway duplicate",
            "gateway out-of-order",
            "gateway unknown-value",
            "gateway unknown-event",
            "gateway malformed",
            "gateway ask-heartbeat",
            "gateway lose-frame",
            "gateway lose-frame 8",
            "guild 42 back",
            "channel #general delete",
            "role Member delete",
            "role Community Bot without MANAGE_ROLES",
            "tokens expire",
            "chaos 0.05 seed 7",
            "chaos off",
        ] {
            assert!(text.parse::<FaultPlan>().is_ok(), "{text}");
            assert!(format!("{text} after 1s").parse::<FaultPlan>().is_ok(), "{text}");
        }
    }

    #[test]
    fn nonsense_is_told_what_is_wrong_with_it() {
        for (text, says) in [
            ("", "no fault"),
            ("gateway explode", "explode"),
            ("gateway close 7", "close code"),
            ("gateway lose-frame 99", "opcode"),
            ("latency soon", "no time"),
            ("latency -5s", "no time"),
            ("404", "404"),
            ("x2", "no fault"),
            ("guild outage", "name"),
            ("chaos 2", "probability"),
            ("502 x0", "never"),
            ("drop every 0s", "every"),
        ] {
            let error = text.parse::<FaultPlan>().unwrap_err().to_string();
            assert!(error.contains(says), "{text:?}: {error}");
        }
    }
}
