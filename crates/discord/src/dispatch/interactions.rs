//! Interactions: slash commands, presses, choices, forms, and suggestions while somebody types.

use std::{sync::Arc, time::Duration};

use hazebot_core::{
    Outcome, Refusal, Rights,
    gate::Gate,
    ids::{GuildId, Snowflake, UserId},
    texts::Locale,
};
use tokio::time::Instant;
use twilight_model::{
    application::{
        command::{CommandOptionChoice, CommandOptionChoiceValue},
        interaction::{Interaction, InteractionData, InteractionType},
    },
    channel::message::component::ComponentType,
};

use super::{
    answering::Answering,
    guarded::{guarded, no_entry, told},
    input,
};
use crate::{
    answer::Answer,
    bot::Bot,
    command::{Command, Completer, Handler, Mode, Who},
    component::{Component, ComponentKind, split},
    cooldown::Verdict,
    invocation::{Inner, Input, Invocation, Origin, Person},
    message::{limits, text::fit},
    prefix, refusals,
    registry::Bound,
    rest::{InteractionHandle, code},
};

/// After this the answer is promised. Discord waits 3 s; half of it is left for a slow connection.
const DEFER_AFTER: Duration = Duration::from_millis(1500);
/// A form can't be promised; after this it is not worth waiting for.
const FORM_WITHIN: Duration = Duration::from_millis(2500);
/// The same for suggestions, which nobody waits for.
const SUGGEST_WITHIN: Duration = Duration::from_millis(2500);

/// What an interaction is for.
pub(crate) struct Target {
    pub(crate) cog: &'static str,
    pub(crate) gate: Gate,
    pub(crate) name: &'static str,
    pub(crate) who: Who,
    pub(crate) guild_only: bool,
    pub(crate) mode: Mode,
    pub(crate) cooldown: Duration,
    pub(crate) handler: Option<Handler>,
}

impl Target {
    pub(crate) fn command(bound: &Bound<Command>) -> Self {
        let command = &bound.item;
        Self {
            cog: bound.about.name,
            gate: bound.gate.clone(),
            name: command.name,
            who: command.who,
            guild_only: command.guild_only,
            mode: command.mode,
            cooldown: command.cooldown.unwrap_or_default(),
            handler: command.handler.clone(),
        }
    }

    fn component(bound: &Bound<Component>) -> Self {
        let component = &bound.item;
        Self {
            cog: bound.about.name,
            gate: bound.gate.clone(),
            name: component.id,
            who: component.who,
            guild_only: component.guild_only,
            mode: component.mode,
            cooldown: component.cooldown.unwrap_or_default(),
            handler: component.handler.clone(),
        }
    }

    /// What is checked before the handler runs, with the rights of this moment.
    pub(crate) fn check(
        &self,
        bot: &Bot,
        guild: Option<GuildId>,
        user: UserId,
        rights: Rights,
        administrator: bool,
    ) -> Result<(), Refusal> {
        if self.guild_only && guild.is_none() {
            return Err(refusals::guild_only());
        }
        if !self.who.allows(rights, administrator) {
            return Err(refusals::not_allowed(self.who));
        }
        if !self.cooldown.is_zero() && !rights.is_staff() {
            let now = bot.clock().now_millis();
            if let Verdict::Wait { left, .. } = bot.0.cooldowns.enter(user, self.name, self.cooldown, now) {
                return Err(refusals::too_soon(left));
            }
        }
        Ok(())
    }
}

/// What was found for an interaction.
enum Found {
    Target(Box<Target>, Input),
    Refused(Refusal),
}

pub(super) async fn handle(bot: &Bot, interaction: &Interaction, arrived: Instant) {
    let guild = interaction.guild_id;
    let locale = interaction.locale.as_deref().and_then(Locale::from_tag);
    let Some(user) = input::asker(bot, interaction) else {
        tracing::warn!(interaction = %interaction.id, "an interaction without a person is left out");
        return;
    };
    let handle = InteractionHandle {
        discord: bot.discord().clone(),
        application: interaction.application_id,
        id: interaction.id,
        token: interaction.token.clone(),
    };
    if interaction.kind == InteractionType::ApplicationCommandAutocomplete {
        return suggest(bot, interaction, handle, user, locale).await;
    }
    let found = match guild {
        Some(guild) if !bot.serves(guild) => Found::Refused(refusals::foreign_guild()),
        _ => find(bot, interaction, &user),
    };
    let has_message = interaction.message.is_some();
    match found {
        Found::Target(target, input) => {
            run(bot, *target, interaction, input, handle, user, locale, arrived).await;
        }
        Found::Refused(refusal) => {
            let answering = Answering::interaction(handle, Mode::Ephemeral, has_message);
            let text = bot.texts().refusal(locale, guild, &refusal);
            if let Err(error) = answering.deliver(&Answer::text(text).ephemeral()).await {
                tracing::warn!(%error, "a refusal could not be told");
            }
        }
    }
}

fn find(bot: &Bot, interaction: &Interaction, user: &Person) -> Found {
    let tables = bot.registry().tables();
    match &interaction.data {
        Some(InteractionData::ApplicationCommand(data)) => match tables.command(&data.name) {
            Some(bound) => Found::Target(Box::new(Target::command(bound)), input::of_command(bot, data)),
            None => Found::Refused(refusals::unknown_command()),
        },
        Some(InteractionData::MessageComponent(data)) => {
            if let Some(rest) = data.custom_id.strip_prefix(prefix::RUN) {
                return run_it(bot, rest, interaction.guild_id, user);
            }
            let kind = match data.component_type {
                ComponentType::Button => ComponentKind::Button,
                _ => ComponentKind::Select,
            };
            component(&tables, kind, &data.custom_id, |args| {
                input::of_component(bot, data, args, interaction)
            })
        }
        Some(InteractionData::ModalSubmit(data)) => {
            component(&tables, ComponentKind::Modal, &data.custom_id, |args| {
                input::of_form(bot, data, args, interaction)
            })
        }
        _ => Found::Refused(refusals::unknown_command()),
    }
}

fn component(
    tables: &crate::registry::Tables,
    kind: ComponentKind,
    id: &str,
    input: impl FnOnce(Vec<String>) -> Input,
) -> Found {
    // A legacy id is looked up whole, since it has no version and no arguments.
    let (key, args) = if tables.component(id).is_some() {
        (id, Vec::new())
    } else {
        split(id)
    };
    match tables.component(key) {
        Some(bound) if bound.item.kind == kind => {
            Found::Target(Box::new(Target::component(bound)), input(args))
        }
        Some(_) => Found::Refused(refusals::outdated_component()),
        None => Found::Refused(match tables.gone(key).or_else(|| tables.gone(id)) {
            Some(cog) => refusals::switched_off(cog),
            None => refusals::outdated_component(),
        }),
    }
}

/// The "Run it" button below a suggestion: `<user>:<command line>`.
fn run_it(bot: &Bot, rest: &str, guild: Option<GuildId>, user: &Person) -> Found {
    let Some((owner, line)) = rest.split_once(':') else {
        return Found::Refused(refusals::outdated_component());
    };
    if UserId::parse(owner) != Some(user.id) {
        return Found::Refused(refusals::not_yours());
    }
    let (name, rest) = prefix::split_name(line);
    let tables = bot.registry().tables();
    let Some(bound) = tables.command(&name.to_lowercase()) else {
        return Found::Refused(refusals::unknown_command());
    };
    let input = match prefix::parse_options(bot, &bound.item, rest, guild) {
        Ok(options) => Input {
            options,
            ..Input::default()
        },
        Err(problem) => return Found::Refused(problem.refusal(&bound.item)),
    };
    let mut target = Target::command(bound);
    if target.mode == Mode::Update {
        target.mode = Mode::Public;
    }
    Found::Target(Box::new(target), input)
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one interaction, taken apart once"
)]
async fn run(
    bot: &Bot,
    target: Target,
    interaction: &Interaction,
    input: Input,
    handle: InteractionHandle,
    user: Person,
    locale: Option<Locale>,
    arrived: Instant,
) {
    let guild = interaction.guild_id;
    let origin = match interaction.kind {
        InteractionType::ApplicationCommand => Origin::Slash,
        InteractionType::ModalSubmit => Origin::Modal,
        _ => Origin::Component,
    };
    let (rights, administrator) = input::rights(bot, guild, user.id);
    tracing::debug!(
        cog = target.cog,
        what = target.name,
        ?origin,
        user = user.id.get(),
        "used"
    );
    let cx = Invocation(Arc::new(Inner {
        bot: bot.clone(),
        cog: target.cog,
        origin,
        guild,
        channel: input::channel(interaction),
        user,
        rights,
        administrator,
        locale,
        answering: Answering::interaction(handle, target.mode, interaction.message.is_some()),
        input,
    }));
    let answering = &cx.0.answering;
    let work = guarded(
        bot,
        target.cog,
        target.name,
        guild,
        in_cog(bot, &target, cx.clone()),
    );
    tokio::pin!(work);
    let ending = if target.mode == Mode::Modal {
        match tokio::time::timeout_at(arrived + FORM_WITHIN, &mut work).await {
            Ok(ending) => ending,
            Err(_) => super::guarded::Ending::Refused(refusals::busy()),
        }
    } else {
        match tokio::time::timeout_at(arrived + DEFER_AFTER, &mut work).await {
            Ok(ending) => ending,
            Err(_) => {
                if let Err(error) = answering.defer().await {
                    tracing::warn!(cog = target.cog, what = target.name, %error, "an answer could not be promised");
                }
                work.await
            }
        }
    };
    let answer = told(bot, locale, guild, ending).unwrap_or_else(|refused| refused);
    super::deliver(bot, &target, &cx, answer).await;
}

/// Enters the cog, looks again whether the person may, and runs the handler.
async fn in_cog(bot: &Bot, target: &Target, cx: Invocation) -> Outcome<Answer> {
    let _pass = target
        .gate
        .enter()
        .await
        .map_err(|why| no_entry(why, target.cog))?;
    let (rights, administrator) = (cx.rights(), cx.is_administrator());
    target.check(bot, cx.guild_opt(), cx.user().id, rights, administrator)?;
    // A reload while we waited has put another handler in place.
    let current = {
        let tables = bot.registry().tables();
        let command = tables
            .command(target.name)
            .and_then(|bound| bound.item.handler.clone());
        command.or_else(|| {
            tables
                .component(target.name)
                .and_then(|bound| bound.item.handler.clone())
        })
    };
    let handler = current.or_else(|| target.handler.clone());
    match handler {
        Some(handler) => handler(cx).await,
        None => Err(refusals::switched_off(target.cog).into()),
    }
}

async fn suggest(
    bot: &Bot,
    interaction: &Interaction,
    handle: InteractionHandle,
    user: Person,
    locale: Option<Locale>,
) {
    let guild = interaction.guild_id;
    let Some(InteractionData::ApplicationCommand(data)) = &interaction.data else {
        return;
    };
    let (input, focused) = (input::of_command(bot, data), input::focused(data));
    let found: Option<(Target, Completer)> = {
        let tables = bot.registry().tables();
        let bound = tables.command(&data.name);
        bound.zip(focused).and_then(|(bound, focused)| {
            Some((
                Target::command(bound),
                bound.item.option_named(focused)?.completer.clone()?,
            ))
        })
    };
    let mut choices = Vec::new();
    if let Some((target, completer)) = found
        && guild.is_none_or(|guild| bot.serves(guild))
    {
        let (rights, administrator) = input::rights(bot, guild, user.id);
        if target.who.allows(rights, administrator) {
            let cx = Invocation(Arc::new(Inner {
                bot: bot.clone(),
                cog: target.cog,
                origin: Origin::Autocomplete,
                guild,
                channel: input::channel(interaction),
                user,
                rights,
                administrator,
                locale,
                input,
                answering: Answering::none(),
            }));
            let work = guarded(bot, target.cog, target.name, guild, async {
                let _pass = target
                    .gate
                    .enter()
                    .await
                    .map_err(|why| no_entry(why, target.cog))?;
                completer(cx).await
            });
            let ending = tokio::time::timeout(SUGGEST_WITHIN, work).await;
            if let Ok(super::guarded::Ending::Well(suggestions)) = ending {
                choices.extend(suggestions.into_iter().take(limits::CHOICES).map(|suggestion| {
                    CommandOptionChoice {
                        name: fit(&suggestion.label, limits::OPTION_TEXT),
                        name_localizations: None,
                        value: CommandOptionChoiceValue::String(fit(&suggestion.value, limits::OPTION_TEXT)),
                    }
                }));
            }
        }
    }
    if let Err(error) = handle.suggest(choices).await
        && error.code() != Some(code::UNKNOWN_INTERACTION)
    {
        tracing::warn!(%error, "suggestions could not be given");
    }
}
