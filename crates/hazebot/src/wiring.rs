//! What the program is made of: one line per feature. A new feature is added here and in `Cargo.toml`.

use std::sync::Arc;

use hazebot_core::{
    cache::Caches,
    env::{Env, ServicesEnv},
    logs::LogView,
    settings::{self, SettingDef},
    texts::{Texts, TextsError},
    upstream::Upstreams,
};
use hazebot_discord::{Bot, Cog};
use hazebot_http::{Api, Routes};
use hazebot_mail::Mailer;
use hazebot_operations as operations;
use hazebot_operations::ApiServer;
use hazebot_tickets as tickets;
use hazebot_tickets::Tickets;
use hazebot_utility as utility;

/// All settings.
pub(crate) fn settings() -> Vec<&'static SettingDef> {
    [settings::general::ALL, tickets::settings::TABLE].concat()
}

/// All texts.
pub(crate) fn texts() -> Result<Texts, TextsError> {
    Texts::builder()
        .add_all(hazebot_discord::TEXTS)
        .add_all(operations::TEXTS)
        .add_all(tickets::TEXTS)
        .add_all(utility::TEXTS)
        .build()
}

/// The features' services, shared by cogs and routes.
pub(crate) struct Features {
    bot: Bot,
    logs: LogView,
    pub(crate) tickets: Tickets,
}

/// How mails go out. A mail server that can't be used is told at the start and stops nothing else.
fn post(env: &ServicesEnv) -> Option<tickets::MailOut> {
    let smtp = env.smtp.as_ref()?;
    match Mailer::new(smtp) {
        Ok(mailer) => Some(tickets::MailOut {
            mailer,
            support: smtp.support_email.clone(),
        }),
        Err(error) => {
            tracing::error!(%error, "mail is off: look at SMTP_SERVER and SMTP_USER");
            None
        }
    }
}

impl Features {
    pub(crate) fn new(bot: &Bot, logs: &LogView, env: &Env) -> Self {
        let caches = Caches::new(bot.clock().clone());
        let upstreams = Upstreams::new(bot.clock().clone(), bot.entropy().clone(), caches);
        let files = tickets::Files::new(&env.storage.data_dir, &upstreams, env.discord.cdn_url.clone());
        Self {
            bot: bot.clone(),
            logs: logs.clone(),
            tickets: Tickets::new(bot.clone(), files, post(&env.services)),
        }
    }

    /// All routes; also what the sockets do.
    pub(crate) fn routes(&self, api: &Api) -> Vec<Routes> {
        tickets::register_sockets(&self.tickets, api.sockets());
        vec![
            operations::routes(self.bot.clone(), self.logs.clone()),
            tickets::routes(self.tickets.clone(), api.grants().clone()),
        ]
    }

    /// All cogs. Without an API in this process there is no `APIServer`.
    pub(crate) fn cogs(&self, api: Option<ApiServer>) -> Vec<Arc<dyn Cog>> {
        let mut cogs = operations::cogs(&self.logs, api);
        cogs.push(tickets::cog(self.tickets.clone()));
        cogs.push(utility::cog(crate::VERSION, self.bot.clock().now()));
        cogs
    }
}
