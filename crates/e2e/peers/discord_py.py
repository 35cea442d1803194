"""A bot on discord.py that does what `tests/e2e/peers.rs` asks of every library, to keep the simulator honest.

Usage: python discord_py.py http://127.0.0.1:5090 <bot token> <channel where sessions are announced>
Only the addresses are changed. Exits with 0 after `!leave`, with 1 as soon as anything goes other than on Discord.
"""

import datetime
import io
import os
import sys
import traceback

import discord
import yarl
from discord import app_commands
from discord.ext import commands

BASE, TOKEN, ANNOUNCEMENTS = sys.argv[1:4]
discord.http.Route.BASE = f"{BASE}/api/v10"
discord.Asset.BASE = BASE
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"{BASE.replace('http', 'ws', 1)}/gateway")


def fail():
    traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)


class Tree(app_commands.CommandTree):
    async def on_error(self, _interaction, _error):
        fail()


class Bot(commands.Bot):
    async def setup_hook(self):
        assert {command.name for command in await self.tree.sync()} == {"desk", "Say hi"}

    async def on_connect(self):
        await self.get_partial_messageable(int(ANNOUNCEMENTS)).send("ready")

    async def on_resumed(self):
        await self.get_partial_messageable(int(ANNOUNCEMENTS)).send("resumed")

    async def on_error(self, _event, *_arguments, **_options):
        fail()

    async def on_command_error(self, _context, error):
        traceback.print_exception(error)
        fail()


bot = Bot(command_prefix="!", intents=discord.Intents.all(), tree_cls=Tree)


class Form(discord.ui.Modal, title="Form"):
    what = discord.ui.TextInput(label="What", custom_id="what")

    async def on_submit(self, interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"got {self.what.value}", ephemeral=True)
        await interaction.followup.send("with a file", file=discord.File(io.BytesIO(b"hi"), "a.txt"))

    async def on_error(self, _interaction, _error):
        fail()


class Desk(discord.ui.View):
    def __init__(self):
        super().__init__(timeout=None)

    @discord.ui.button(label="Open", custom_id="open", style=discord.ButtonStyle.primary)
    async def open(self, interaction, _button):
        await interaction.response.send_modal(Form())

    @discord.ui.select(custom_id="pick", options=[discord.SelectOption(label="a"), discord.SelectOption(label="b")])
    async def pick(self, interaction, select):
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"picked {select.values[0]}")

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="who", placeholder="Who?")
    async def who(self, interaction, select):
        await interaction.response.edit_message(content=f"chose {select.values[0].display_name}", embed=None, view=None)

    async def on_error(self, _interaction, _error, _item):
        fail()


class Card(discord.ui.LayoutView):
    card = discord.ui.Container(discord.ui.TextDisplay("a card"))


@bot.tree.command(name="desk", description="Shows the desk")
async def desk(
    interaction: discord.Interaction, who: discord.Member, number: app_commands.Range[int, 1, 5] = 2, topic: str | None = None
):
    embed = discord.Embed(title="Desk", colour=0x123456).set_image(url="attachment://x.png")
    file = discord.File(io.BytesIO(b"abc"), "x.png")
    text = f"for {who.display_name}, {number} of {topic}"
    answer = await interaction.response.send_message(text, view=Desk(), embed=embed, file=file)
    assert answer.message_id == (await interaction.original_response()).id
    await interaction.followup.send(view=Card())


@desk.autocomplete("topic")
async def topics(_interaction, typed: str):
    return [app_commands.Choice(name=f"{typed}{end}", value=f"{typed}{end}") for end in "12"]


@bot.tree.context_menu(name="Say hi")
async def say_hi(interaction: discord.Interaction, member: discord.Member):
    await interaction.response.send_message(f"hi {member.display_name}", ephemeral=True)


@bot.command()
async def hello(ctx):
    guild, author = ctx.guild, ctx.author
    await ctx.reply("hi")
    await ctx.message.add_reaction("👍")
    file = await ctx.send(file=discord.File(io.BytesIO(b"abc"), "x.txt"))
    await file.pin()
    await file.edit(content="changed", attachments=[])
    assert len([message async for message in ctx.channel.history(limit=5)]) == 5
    thread = await ctx.message.create_thread(name="talk")
    await thread.send("inside")
    await thread.edit(archived=True)
    overwrites = {
        guild.default_role: discord.PermissionOverwrite(view_channel=False),
        guild.me: discord.PermissionOverwrite(view_channel=True),
    }
    channel = await guild.create_text_channel("made", overwrites=overwrites)
    await channel.set_permissions(author, view_channel=True)
    await channel.edit(topic="new")
    hook = await channel.create_webhook(name="herald")
    await hook.send("hear", username="town crier")
    await channel.send("a")
    await channel.send("b")
    assert len(await channel.purge(limit=5)) == 3
    await channel.delete(reason="over, ütterly")
    role = await guild.create_role(name="fresh")
    await author.add_roles(role)
    await author.remove_roles(role)
    await role.delete()
    await author.timeout(datetime.timedelta(minutes=1), reason="calm down")
    await author.timeout(None)
    await author.send("privately")
    try:
        await guild.ban(discord.Object(1))
        raise AssertionError("nobody was banned")
    except discord.NotFound as error:
        assert error.code == 10013, error
    assert [entry async for entry in guild.audit_logs(limit=5)]
    await ctx.send("done")


@bot.command()
async def members(ctx):
    listed = len([member async for member in ctx.guild.fetch_members(limit=None)])
    chunked = len(await ctx.guild.chunk())
    await ctx.reply(f"{listed} by REST, {chunked} in chunks")


@bot.command()
async def ping(ctx):
    await ctx.reply("pong")


@bot.command()
async def leave(_ctx):
    await bot.close()


bot.run(TOKEN, log_handler=None)
