//! A small bot on twilight that answers interactions through a function given by the test.

use std::sync::Arc;

use discord_sim::{Community, Sim};
use tokio::sync::mpsc;
use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt as _};
use twilight_http::Client;

pub(crate) struct Bot {
    pub(crate) http: Arc<Client>,
    pub(crate) events: mpsc::UnboundedReceiver<Result<Event, String>>,
    commands: twilight_gateway::MessageSender,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn http(sim: &Sim, token: &str) -> Arc<Client> {
    // Tests run in parallel; only the first installation counts.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Arc::new(
        Client::builder()
            .token(token.to_owned())
            .proxy(sim.address().to_string(), true)
            .ratelimiter(None)
            .build(),
    )
}

impl Bot {
    pub(crate) async fn start(sim: &Sim, community: &Community, intents: Intents) -> Self {
        let http = http(sim, &community.bot_token);
        let config = ConfigBuilder::new(community.bot_token.clone(), intents)
            .proxy_url(sim.gateway_url())
            .build();
        let mut shard = Shard::with_config(ShardId::ONE, config);
        let commands = shard.sender();
        let (sender, events) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            while let Some(item) = shard.next_event(EventTypeFlags::all()).await {
                if sender.send(item.map_err(|e| format!("{e:?}"))).is_err() {
                    return;
                }
            }
        });
        assert!(
            sim.bot_is_online(community.application, discord_sim::PATIENCE)
                .await,
            "the bot never identified"
        );
        Self {
            http,
            events,
            commands,
            task,
        }
    }

    /// Sends a frame as it stands.
    pub(crate) fn send(&self, frame: String) {
        self.commands.send(frame).unwrap();
    }

    /// The next event that `pick` takes; a frame that twilight cannot read fails the test.
    pub(crate) async fn next<T>(&mut self, pick: impl FnMut(&Event) -> Option<T>) -> T {
        self.next_of("the event", pick).await
    }

    /// As [`Bot::next`], naming what it waits for if it never comes.
    pub(crate) async fn next_of<T>(&mut self, what: &str, mut pick: impl FnMut(&Event) -> Option<T>) -> T {
        loop {
            let item = tokio::time::timeout(discord_sim::PATIENCE, self.events.recv()).await;
            match item {
                Ok(Some(Ok(event))) => {
                    if let Some(value) = pick(&event) {
                        return value;
                    }
                }
                Ok(Some(Err(error))) => panic!("twilight could not read a frame: {error}"),
                Ok(None) => panic!("the shard ended"),
                Err(_) => panic!("{what} never came"),
            }
        }
    }
}
