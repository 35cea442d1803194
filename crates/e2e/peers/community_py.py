"""A bot on discord.py that does what staff does: forums, news, polls, emojis, newcomers' screens, webhooks, audit log.

Usage: python community_py.py http://127.0.0.1:5090 <bot token>   (needs `pip install discord.py`)
The simulator is started with --administrator. Only the addresses are changed. Exits with 0 if every step went as it
does on Discord.
"""

import base64
import datetime
import io
import os
import sys
import traceback

import discord
import yarl

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
base, token = sys.argv[1:3]
discord.http.Route.BASE = f"{base}/api/v10"
discord.Asset.BASE = base
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http", "ws") + "/gateway")
client = discord.Client(intents=discord.Intents.all())


async def forums(guild, general):
    forum = await guild.create_forum("help", available_tags=[discord.ForumTag(name="open", emoji="❓")])
    thread, first = await forum.create_thread(name="broken", content="help", applied_tags=[forum.available_tags[0]])
    assert thread.id == first.id and thread.applied_tags[0].name == "open"
    assert len(await thread.fetch_members()) == 1
    await thread.add_user(guild.owner)
    await thread.remove_user(guild.owner)
    await thread.edit(archived=True)
    assert [t.name async for t in forum.archived_threads()] == ["broken"]
    private = await general.create_thread(name="p", type=discord.ChannelType.private_thread)
    await private.edit(archived=True)
    for joined in (False, True):
        assert [t.name async for t in general.archived_threads(private=True, joined=joined)] == ["p"]
    hook = await forum.create_webhook(name="Herald")
    sent = await hook.send("post", thread_name="By hook", wait=True)
    assert sent.channel.id == sent.id


async def messages(guild, general):
    news = await guild.create_text_channel("news", news=True)
    await news.follow(destination=general, reason="r")
    told = await news.send("hear")
    await told.publish()
    forward = await told.forward(general)
    assert forward.message_snapshots[0].content == "hear"
    poll = discord.Poll(question="Tea?", duration=datetime.timedelta(hours=1))
    poll.add_answer(text="Yes", emoji="🍵")
    poll.add_answer(text="No")
    asked = await general.send(poll=poll)
    assert [v async for v in asked.poll.answers[0].voters()] == []
    await asked.end_poll()
    file = discord.File(io.BytesIO(b"abc"), "a.txt")
    sent = await general.send("x", file=file, silent=True, suppress_embeds=True)
    assert await sent.attachments[0].read() == b"abc" and sent.flags.silent
    reply = await sent.reply("re")
    assert reply.reference.message_id == sent.id
    await sent.pin()
    assert [m.id async for m in general.pins()] == [sent.id]
    emoji = await guild.create_custom_emoji(name="dot", image=DOT, reason="r")
    await told.add_reaction(emoji)
    assert (await emoji.edit(name="spot")).name == "spot"
    assert await emoji.read() == DOT
    own = await client.create_application_emoji(name="own", image=DOT)
    assert len(await client.fetch_application_emojis()) == 1
    await own.delete()


async def staff(guild, general):
    channel = discord.WelcomeChannel(channel=general, description="talk", emoji="⚓")
    await guild.edit_welcome_screen(enabled=True, description="Ahoy", welcome_channels=[channel])
    assert (await guild.welcome_screen()).description == "Ahoy"
    assert await guild.estimate_pruned_members(days=7) == 0
    assert await guild.prune_members(days=30, compute_prune_count=True, reason="r") == 0
    assert len(await guild.integrations()) > 0
    await guild.me.edit(nick="Botty")
    await general.edit(slowmode_delay=5, reason="slow")
    await general.set_permissions(guild.owner, read_messages=True, reason="seen")
    lines = [(line.action.name, line.reason) async for line in guild.audit_logs(limit=2)]
    assert lines == [("overwrite_create", "seen"), ("channel_update", "slow")], lines
    hook = await general.create_webhook(name="Herald", avatar=DOT)
    await hook.send("hi", username="Bob", wait=True)
    await hook.delete(reason="gone")


@client.event
async def on_ready():
    try:
        guild = client.guilds[0]
        general = discord.utils.get(guild.text_channels, name="general")
        for steps in (forums, messages, staff):
            await steps(guild, general)
    except Exception:
        traceback.print_exc()
        os._exit(1)
    print("discord.py: every step of the community went well", flush=True)
    os._exit(0)


client.run(token, log_level=30)
