//! What the address of a connection asks for, and what Discord says when it closes one.

use std::collections::HashMap;

use super::compress::Encoding;

/// How the connection is written, or the code that refuses it. ETF is not spoken here.
pub(super) fn check_query(query: &HashMap<String, String>) -> Result<Encoding, u16> {
    let asked = |name: &str, or| query.get(name).map_or(or, String::as_str).to_owned();
    if !matches!(asked("v", "10").as_str(), "9" | "10") {
        return Err(4012);
    }
    if asked("encoding", "json") != "json" {
        return Err(4002);
    }
    Encoding::of_transport(&asked("compress", "")).ok_or(4002)
}

/// What Discord says with a close code.
pub(super) fn reason(code: u16) -> &'static str {
    match code {
        4001 => "Unknown opcode.",
        4002 => "Error while decoding payload.",
        4003 => "Not authenticated.",
        4004 => "Authentication failed.",
        4005 => "Already authenticated.",
        4007 => "Invalid seq.",
        4008 => "Rate limited.",
        4009 => "Session timed out.",
        4010 => "Invalid shard.",
        4011 => "Sharding required.",
        4012 => "Invalid API version.",
        4013 => "Invalid intent(s).",
        4014 => "Disallowed intent(s).",
        _ => "Unknown error.",
    }
}
