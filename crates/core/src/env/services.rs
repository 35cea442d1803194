//! The variables of services outside: each that is not set switches one feature off.

use std::path::{Path, PathBuf};

use super::{ServicesEnv, SmtpEnv, SmtpSecurity, reader::Reader};

/// Implicit TLS.
const DEFAULT_SMTP_PORT: u16 = 465;

pub(super) fn services(reader: &mut Reader<'_>) -> ServicesEnv {
    let smtp = smtp(reader);
    let credentials = reader.text("FIREBASE_CREDENTIALS_PATH");
    let path = PathBuf::from(
        credentials
            .clone()
            .unwrap_or_else(|| "firebase-credentials.json".to_owned()),
    );
    let firebase_credentials = Path::is_file(&path).then_some(path);
    if firebase_credentials.is_none() {
        match credentials {
            Some(_) => reader.note("push", "Off: FIREBASE_CREDENTIALS_PATH names no file."),
            None => reader.note(
                "push",
                "Off: FIREBASE_CREDENTIALS_PATH is not set and there is no firebase-credentials.json.",
            ),
        }
    }
    let openai_key = reader.secret("OPENAI_API_KEY");
    if openai_key.is_none() {
        reader.note("text generation", "Off: OPENAI_API_KEY is not set.");
    }
    let rocket_api_base = reader.url("ROCKET_API_BASE");
    if rocket_api_base.is_none() {
        reader.note("Rocket League", "Off: ROCKET_API_BASE is not set.");
    }
    let imgflip = reader
        .text("IMGFLIP_USERNAME")
        .zip(reader.secret("IMGFLIP_PASSWORD"));
    if imgflip.is_none() {
        reader.note(
            "Imgflip",
            "Off: IMGFLIP_USERNAME and IMGFLIP_PASSWORD are not both set.",
        );
    }
    let uptime_kuma_url = reader.url("UPTIME_KUMA_URL");
    if uptime_kuma_url.is_none() {
        reader.note("monitors", "Off: UPTIME_KUMA_URL is not set.");
    }
    ServicesEnv {
        smtp,
        firebase_credentials,
        openai_key,
        rocket_api_base,
        flaresolverr_url: reader.url("FLARESOLVERR_URL"),
        imgflip,
        uptime_kuma_url,
    }
}

fn smtp(reader: &mut Reader<'_>) -> Option<SmtpEnv> {
    const NEEDED: [&str; 3] = ["SMTP_SERVER", "SMTP_USER", "SMTP_PASS"];
    let port = reader.parse_or("SMTP_PORT", DEFAULT_SMTP_PORT, "a port: a number from 1 to 65535");
    let missing: Vec<&str> = NEEDED
        .into_iter()
        .filter(|name| reader.text(name).is_none())
        .collect();
    if !missing.is_empty() {
        let verb = if missing.len() == 1 { "is" } else { "are" };
        reader.note("mail", format!("Off: {} {verb} not set.", missing.join(", ")));
        return None;
    }
    let security = security(reader, port.unwrap_or(DEFAULT_SMTP_PORT));
    let support_email = reader.text("SUPPORT_EMAIL").map(|email| email.trim().to_owned());
    if support_email.is_none() {
        reader.note(
            "mail",
            "Transcripts are not mailed until a recipient is set: SUPPORT_EMAIL, or the tickets settings.",
        );
    }
    Some(SmtpEnv {
        server: reader.text("SMTP_SERVER")?.trim().to_owned(),
        port: port?,
        security: security?,
        user: reader.text("SMTP_USER")?.trim().to_owned(),
        password: reader.text("SMTP_PASS")?.into(),
        support_email,
    })
}

/// `SMTP_SECURITY`, or what the port stands for.
fn security(reader: &mut Reader<'_>, port: u16) -> Option<SmtpSecurity> {
    let Some(text) = reader.text("SMTP_SECURITY") else {
        return Some(if port == DEFAULT_SMTP_PORT {
            SmtpSecurity::Tls
        } else {
            SmtpSecurity::StartTls
        });
    };
    let server = reader.text("SMTP_SERVER").unwrap_or_default();
    let is_here = matches!(server.trim(), "localhost" | "127.0.0.1" | "::1");
    match text.trim().to_ascii_lowercase().as_str() {
        "tls" => Some(SmtpSecurity::Tls),
        "starttls" => Some(SmtpSecurity::StartTls),
        "none" if is_here => Some(SmtpSecurity::None),
        "none" => {
            reader.problem(
                "SMTP_SECURITY",
                "SMTP_SECURITY may be none only for a mail server on this machine: the password would be readable on the way.",
            );
            None
        }
        _ => {
            reader.problem("SMTP_SECURITY", "SMTP_SECURITY must be tls, starttls or none.");
            None
        }
    }
}
