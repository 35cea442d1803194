//! A person approves an application in the browser; the application learns who they are.

use discord_sim::{Scenario, Sim, SimOptions};
use serde_json::Value;

#[tokio::test]
async fn approving_gives_a_code_that_gives_a_token_that_names_the_person() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (world, c) = Scenario::community(7).unwrap();
    let sim = Sim::start(discord_document::checked(SimOptions::default()), world)
        .await
        .unwrap();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let ask = format!(
        "{}/oauth2/authorize?client_id={}&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A5070%2Fcb&scope=identify+guilds.members.read&state=s1",
        sim.base_url(),
        c.application
    );
    let page = client.get(&ask).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Finn"), "{page}");
    let answer = client
        .post(&ask)
        .form(&[("user_id", c.finn.to_string()), ("action", "approve".to_owned())])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    let location = answer
        .headers()
        .get("location")
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    assert!(location.ends_with("&state=s1"), "{location}");
    let code = location
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();

    let exchange = async |secret: &str, code: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", "http://localhost:5070/cb"),
            ("client_id", &c.application.to_string()),
            ("client_secret", secret),
        ];
        client
            .post(format!("{}/api/v10/oauth2/token", sim.base_url()))
            .form(&form)
            .send()
            .await
            .unwrap()
    };
    assert_eq!(exchange("wrong", &code).await.status(), 401);
    let token: Value = exchange(&c.client_secret, &code).await.json().await.unwrap();
    let access = token
        .get("access_token")
        .and_then(Value::as_str)
        .unwrap()
        .to_owned();
    assert_eq!(exchange(&c.client_secret, &code).await.status(), 400);

    let get = async |path: &str| {
        let url = format!("{}/api/v10{path}", sim.base_url());
        let response = client
            .get(url)
            .header("authorization", format!("Bearer {access}"))
            .send()
            .await
            .unwrap();
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    };
    assert_eq!(
        get("/users/@me").await.1.get("id").and_then(Value::as_str),
        Some(c.finn.to_string().as_str())
    );
    assert_eq!(get(&format!("/users/@me/guilds/{}/member", c.guild)).await.0, 200);
    assert_eq!(get("/users/@me/guilds").await.0, 403);

    let denied = client
        .post(&ask)
        .form(&[("action", "deny")])
        .send()
        .await
        .unwrap();
    assert!(
        denied
            .headers()
            .get("location")
            .unwrap()
            .to_str()
            .unwrap()
            .contains("error=access_denied")
    );
}
