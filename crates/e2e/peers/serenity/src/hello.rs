//! `!hello`: one of everything that a bot does by REST.

use serenity::all::*;

use crate::Trouble;

/// Messages, files, threads, channels, webhooks, roles, timeouts, direct messages, a refusal, the audit log.
pub async fn hello(ctx: &Context, message: &Message) -> Result<(), Trouble> {
    let guild = message.guild_id.ok_or("no guild")?;
    message.reply(ctx, "hi").await?;
    message.react(ctx, '👍').await?;
    let file = CreateMessage::new().add_file(CreateAttachment::bytes("abc", "x.txt"));
    let mut file = message.channel_id.send_message(ctx, file).await?;
    file.pin(ctx).await?;
    let without = EditMessage::new()
        .content("changed")
        .attachments(EditAttachments::new());
    file.edit(ctx, without).await?;
    let history = message
        .channel_id
        .messages(ctx, GetMessages::new().limit(5))
        .await?;
    assert_eq!(history.len(), 5);
    let thread = message
        .channel_id
        .create_thread_from_message(ctx, message.id, CreateThread::new("talk"))
        .await?;
    thread.say(ctx, "inside").await?;
    thread
        .id
        .edit_thread(ctx, EditThread::new().archived(true))
        .await?;
    channel(ctx, message, guild).await?;
    let role = guild.create_role(ctx, EditRole::new().name("fresh")).await?;
    let mut member = guild.member(ctx, message.author.id).await?;
    member.add_role(ctx, role.id).await?;
    member.remove_role(ctx, role.id).await?;
    guild.delete_role(ctx, role.id).await?;
    let soon = Timestamp::from_unix_timestamp(Timestamp::now().unix_timestamp() + 60)?;
    let calm = EditMember::new()
        .disable_communication_until_datetime(soon)
        .audit_log_reason("calm down");
    member.edit(ctx, calm).await?;
    member.enable_communication(ctx).await?;
    message
        .author
        .direct_message(ctx, CreateMessage::new().content("privately"))
        .await?;
    match guild.ban(ctx, UserId::new(1), 0).await {
        Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(answer))) if answer.error.code == 10013 => {}
        other => return Err(format!("banning nobody gave {other:?}").into()),
    }
    assert!(
        !guild
            .audit_logs(ctx, None, None, None, None)
            .await?
            .entries
            .is_empty()
    );
    message.channel_id.say(ctx, "done").await?;
    Ok(())
}

/// A channel's life.
async fn channel(ctx: &Context, message: &Message, guild: GuildId) -> Result<(), Trouble> {
    let see = |allow, deny, kind| PermissionOverwrite { allow, deny, kind };
    let (all, view) = (Permissions::empty(), Permissions::VIEW_CHANNEL);
    let me = ctx.http.get_current_user().await?.id;
    let hidden = vec![
        see(all, view, PermissionOverwriteType::Role(guild.everyone_role())),
        see(view, all, PermissionOverwriteType::Member(me)),
    ];
    let mut made = guild
        .create_channel(ctx, CreateChannel::new("made").permissions(hidden))
        .await?;
    made.create_permission(
        ctx,
        see(view, all, PermissionOverwriteType::Member(message.author.id)),
    )
    .await?;
    made.edit(ctx, EditChannel::new().topic("new")).await?;
    let hook = made.create_webhook(ctx, CreateWebhook::new("herald")).await?;
    let text = ExecuteWebhook::new().content("hear").username("town crier");
    let heard = hook
        .execute(ctx, true, text)
        .await?
        .ok_or("the webhook's message did not come back")?;
    let (a, b) = (made.say(ctx, "a").await?, made.say(ctx, "b").await?);
    made.delete_messages(ctx, [heard.id, a.id, b.id]).await?;
    ctx.http.delete_channel(made.id, Some("over, ütterly")).await?;
    Ok(())
}
