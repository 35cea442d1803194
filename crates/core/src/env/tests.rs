//! What an environment gives, and what it is refused for.

use std::{collections::HashMap, path::Path};

use secrecy::ExposeSecret;

use super::*;

fn load(text: &str) -> Result<Env, EnvProblems> {
    let vars: HashMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.trim().split_once('='))
        .collect();
    Env::load(None, |name| vars.get(name).map(|&value| value.to_owned()))
}

fn problems(text: &str) -> Vec<&'static str> {
    load(text)
        .err()
        .map(|problems| problems.0.iter().map(|problem| problem.variable).collect())
        .unwrap_or_default()
}

const GOOD: &str =
    "DISCORD_BOT_TOKEN=t.o.ken\nDISCORD_GUILD_ID=42\nAPI_SECRET_KEY=0123456789-0123456789-0123456789";

#[test]
fn the_smallest_environment_starts_and_says_what_is_off() {
    let env = load(GOOD).unwrap();
    assert_eq!(
        (env.mode, env.discord.guild.get(), env.api.port),
        (Mode::Production, 42, 5070)
    );
    assert_eq!(env.discord.base_url.as_str(), "https://discord.com/");
    assert!(env.api.bind.is_loopback() && env.api.logins.is_empty() && env.oauth.is_none());
    assert!(
        env.storage
            .database_url
            .expose_secret()
            .ends_with("/Data/hazebot.db")
    );
    for subject in [
        "mail",
        "push",
        "text generation",
        "password logins",
        "sign-in with Discord",
    ] {
        assert!(env.notes.iter().any(|note| note.subject == subject), "{subject}");
    }
}

#[test]
fn an_empty_environment_lists_all_that_is_missing_at_once() {
    assert_eq!(
        problems(""),
        ["DISCORD_BOT_TOKEN", "DISCORD_GUILD_ID", "API_SECRET_KEY"]
    );
    let text = load("").unwrap_err().to_string();
    assert!(
        text.contains("DISCORD_GUILD_ID is not set") && text.contains("openssl rand"),
        "{text}"
    );
}

#[test]
fn the_token_that_is_present_decides_the_mode() {
    let test =
        "TEST_DISCORD_BOT_TOKEN=t\nDISCORD_TEST_GUILD_ID=7\nAPI_SECRET_KEY=0123456789-0123456789-0123456789";
    let env = load(test).unwrap();
    assert_eq!((env.mode, env.discord.guild.get()), (Mode::Test, 7));
    assert!(env.storage.data_dir.ends_with("TestData"));
    assert_eq!(load(&format!("{test}\n{GOOD}")).unwrap().mode, Mode::Production);
    assert_eq!(
        load(&format!("{test}\n{GOOD}\nPROD_MODE=No")).unwrap().mode,
        Mode::Test
    );
    assert_eq!(
        load(&format!("{GOOD}\nPROD_MODE=1")).unwrap().mode,
        Mode::Production
    );
}

#[test]
fn a_mode_that_is_neither_true_nor_false_is_refused() {
    assert_eq!(problems(&format!("{GOOD}\nPROD_MODE=maybe")), ["PROD_MODE"]);
}

#[test]
fn keys_and_passwords_that_everybody_knows_are_refused() {
    assert_eq!(
        problems(&format!("{GOOD}\nAPI_SECRET_KEY=short")),
        ["API_SECRET_KEY"]
    );
    assert_eq!(
        problems(&format!(
            "{GOOD}\nAPI_SECRET_KEY=dev-secret-key-change-in-production"
        )),
        ["API_SECRET_KEY"]
    );
    assert_eq!(
        problems(&format!("{GOOD}\nAPI_ADMIN_USER=admin\nAPI_ADMIN_PASS=changeme")),
        ["API_ADMIN_PASS"]
    );
    assert_eq!(
        problems(&format!("{GOOD}\nAPI_ADMIN_USER=admin")),
        ["API_ADMIN_PASS"]
    );
    assert_eq!(
        problems(&format!("{GOOD}\nAPI_EXTRA_USERS=a:changeme")),
        ["API_EXTRA_USERS"]
    );
}

#[test]
fn a_sign_in_set_up_by_halves_is_refused() {
    assert_eq!(
        problems(&format!("{GOOD}\nDISCORD_CLIENT_ID=9")),
        ["DISCORD_CLIENT_SECRET"]
    );
}

#[test]
fn wrong_values_are_named_and_secrets_are_not_shown() {
    let text = format!(
        "{GOOD}\nAPI_PORT=x\nTIMEZONE=Mars/One\nAPI_BIND=host\nTRUSTED_PROXIES=10.0.0.0/8,x\nDATABASE_URL=mysql://u:sesame@h/d\nDISCORD_BASE_URL=ftp://x\nLOG_LEVEL=loud"
    );
    let mut names = problems(&text);
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "API_BIND",
            "API_PORT",
            "DATABASE_URL",
            "DISCORD_BASE_URL",
            "LOG_LEVEL",
            "TIMEZONE",
            "TRUSTED_PROXIES"
        ]
    );
    assert!(!load(&text).unwrap_err().to_string().contains("sesame"));
}

#[test]
fn proxies_are_addresses_or_networks() {
    let env = load(&format!("{GOOD}\nTRUSTED_PROXIES=127.0.0.1, 10.0.0.0/8")).unwrap();
    assert!(
        env.api
            .trusted_proxies
            .iter()
            .any(|net| net.contains(&"10.9.8.7".parse::<IpAddr>().unwrap()))
    );
    assert!(
        !env.api
            .trusted_proxies
            .iter()
            .any(|net| net.contains(&"127.0.0.2".parse::<IpAddr>().unwrap()))
    );
}

#[test]
fn a_debug_print_shows_no_secret() {
    let text = format!("{:?}", load(GOOD).unwrap());
    assert!(
        !text.contains("t.o.ken") && !text.contains("0123456789-"),
        "{text}"
    );
}

#[test]
fn the_process_wins_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    std::fs::write(
        &path,
        format!("{GOOD}\nAPI_PORT=1\nAPI_ADMIN_USER=keeper\nAPI_ADMIN_PASS='a # b'\nC='never closed\n"),
    )
    .unwrap();
    let env = Env::load(Some(&path), |name| (name == "API_PORT").then(|| "2".to_owned()));
    let problems = env.unwrap_err();
    assert!(problems.to_string().contains("line 7"), "{problems}");
    std::fs::write(
        &path,
        format!("{GOOD}\nAPI_PORT=1\nAPI_ADMIN_USER=keeper\nAPI_ADMIN_PASS='a # b'\n"),
    )
    .unwrap();
    let env = Env::load(Some(&path), |name| (name == "API_PORT").then(|| "2".to_owned())).unwrap();
    assert_eq!(env.api.port, 2);
    assert_eq!(
        env.api.logins.first().map(|login| login.password.expose_secret()),
        Some("a # b")
    );
    assert!(
        Env::load(Some(&folder.path().join("none")), |_| None)
            .unwrap_err()
            .0
            .len()
            == 3
    );
}

#[test]
#[expect(clippy::print_stderr, reason = "says why it checks nothing")]
fn the_env_file_of_the_python_version_starts_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/python-install/.env");
    if !path.exists() {
        eprintln!("skipped: no sample installation next to the workspace");
        return;
    }
    let env = Env::load(Some(&path), |_| None).unwrap();
    assert_eq!((env.mode, env.api.port), (Mode::Production, 5070));
    assert_eq!(env.discord.guild_name.as_deref(), Some("Lantern Lounge 🏮"));
    let logins: Vec<(&str, &str)> = env
        .api
        .logins
        .iter()
        .map(|login| (login.name.as_str(), login.password.expose_secret()))
        .collect();
    assert_eq!(
        logins,
        [
            ("keeper", "lamp # and oil"),
            ("moss", "tea:at:five"),
            ("second", "spaces around")
        ]
    );
    assert_eq!(
        env.services.imgflip.as_ref().map(|(name, _)| name.as_str()),
        Some("lantern")
    );
    assert!(env.services.smtp.is_some() && env.services.openai_key.is_none() && env.oauth.is_some());
}

#[test]
fn mail_is_kept_secret_unless_the_server_is_this_machine() {
    let with = |extra: &str| {
        load(&format!(
            "{GOOD}\nSMTP_SERVER=mail.example.org\nSMTP_USER=a@b.org\nSMTP_PASS=p\n{extra}"
        ))
    };
    let security = |extra: &str| with(extra).unwrap().services.smtp.unwrap().security;
    assert_eq!(security(""), SmtpSecurity::Tls);
    assert_eq!(security("SMTP_PORT=587"), SmtpSecurity::StartTls);
    assert_eq!(security("SMTP_PORT=2465\nSMTP_SECURITY=TLS"), SmtpSecurity::Tls);
    let here = "SMTP_SERVER=127.0.0.1\nSMTP_SECURITY=none";
    assert_eq!(security(here), SmtpSecurity::None);
    for wrong in ["SMTP_SECURITY=none", "SMTP_SECURITY=maybe"] {
        assert!(with(wrong).is_err(), "{wrong}");
    }
}
