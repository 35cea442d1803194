"""A bot on discord.py that lives through everything the simulator offers, to keep the simulator honest.

Usage: python discord_py.py http://127.0.0.1:5090 <bot token>   (needs `pip install discord.py`)
Only the addresses are changed. Exits with 0 if every step went as it does on Discord.
"""

import asyncio
import datetime
import io
import json
import sys
import traceback
import urllib.request

import discord
import yarl
from discord import app_commands
from discord.ext import commands

BASE, TOKEN = sys.argv[1], sys.argv[2]
discord.http.Route.BASE = f"{BASE}/api/v10"
discord.Asset.BASE = BASE
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"{BASE.replace('http', 'ws', 1)}/gateway")

bot = commands.Bot(command_prefix="!", intents=discord.Intents.all())
resumed, said_hello, ready_again = asyncio.Event(), asyncio.Event(), asyncio.Event()
failed = []


class Form(discord.ui.Modal, title="Form"):
    what = discord.ui.TextInput(label="What", custom_id="what")

    async def on_submit(self, interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"got {self.what.value}", ephemeral=True)
        await interaction.followup.send("with a file", file=discord.File(io.BytesIO(b"hi"), "a.txt"))


class Desk(discord.ui.View):
    def __init__(self):
        super().__init__(timeout=None)

    @discord.ui.button(label="Open", custom_id="open", style=discord.ButtonStyle.primary)
    async def open(self, interaction, _button):
        await interaction.response.send_modal(Form())

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="who", placeholder="Who?")
    async def who(self, interaction, select):
        await interaction.response.edit_message(content=f"chose {select.values[0].display_name}")


@bot.tree.command(name="desk", description="Shows the desk")
async def desk(interaction: discord.Interaction, who: discord.Member, number: app_commands.Range[int, 1, 5] = 2):
    embed = discord.Embed(title="Desk", description="Choose", colour=0x123456)
    await interaction.response.send_message(f"for {who.display_name}, {number}", view=Desk(), embed=embed)


@bot.tree.command(name="fruit", description="Offers fruit")
async def fruit(interaction: discord.Interaction, name: str):
    await interaction.response.send_message(name)


@fruit.autocomplete("name")
async def fruit_choices(_interaction, typed):
    return [app_commands.Choice(name=f"{typed}1", value=f"{typed}1")]


@bot.command()
async def hello(ctx):
    guild, author = ctx.guild, ctx.author
    await ctx.reply("hi")
    message = await ctx.send(file=discord.File(io.BytesIO(b"abc"), "x.txt"))
    await message.add_reaction("👍")
    await message.pin()
    await message.edit(content="changed", attachments=[])
    thread = await ctx.message.create_thread(name="talk")
    await thread.send("inside")
    await thread.delete()
    category = discord.utils.get(guild.categories, name="Tickets")
    overwrites = {author: discord.PermissionOverwrite(view_channel=True)}
    channel = await guild.create_text_channel("made", category=category, overwrites=overwrites)
    await channel.set_permissions(author, send_messages=True)
    await channel.edit(topic="new")
    await channel.delete(reason="over, ütterly")
    role = await guild.create_role(name="fresh")
    await author.add_roles(role)
    await role.delete()
    await author.timeout(datetime.timedelta(minutes=1))
    await author.timeout(None)
    await author.send("privately")
    assert len([m async for m in guild.fetch_members(limit=None)]) == guild.member_count
    assert [e async for e in guild.audit_logs(limit=5)]
    await message.delete()
    said_hello.set()


@bot.event
async def on_resumed():
    resumed.set()


@bot.event
async def on_command_error(_ctx, error):
    failed.append(error)


@bot.event
async def on_error(_event, *_arguments, **_options):
    failed.append(traceback.format_exc())


async def sim(method, path, body=None):
    def send():
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{BASE}/sim{path}", data, {"content-type": "application/json"}, method=method)
        return json.load(urllib.request.urlopen(request))

    return await asyncio.to_thread(send)


async def story():
    synced = await bot.tree.sync()
    assert {c.name for c in synced} == {"desk", "fruit"}
    finn = next(u["id"] for u in await sim("GET", "/users") if u["standing"] == "member")
    view = await sim("GET", f"/users/{finn}")
    assert len(bot.guilds[0].members) == len(view["guilds"][0]["members"])
    general = next(c["id"] for c in view["guilds"][0]["channels"] if c["name"] == "general")
    place = f"/users/{finn}/channels/{general}"
    got = await sim("POST", f"{place}/commands", {"name": "desk", "options": {"who": finn, "number": 3}})
    assert got["responses"][0]["content"].endswith(", 3"), got
    message = got["responses"][0]["id"]
    got = await sim("POST", f"{place}/components", {"message": message, "custom_id": "who", "values": [finn]})
    assert got["updated"]["content"].startswith("chose "), got
    got = await sim("POST", f"{place}/components", {"message": message, "custom_id": "open"})
    assert got["modal"]["title"] == "Form", got
    got = await sim("POST", f"/users/{finn}/modals", {"interaction": got["interaction"], "values": {"what": "help"}})
    assert got["responses"][0]["content"] == "got help", got
    got = await sim("POST", f"{place}/commands", {"name": "fruit", "options": {"name": "q"}, "focused": "name"})
    assert got["choices"][0]["value"] == "q1", got
    await sim("POST", f"{place}/messages", {"content": "!hello"})
    await asyncio.wait_for(said_hello.wait(), 20)
    await sim("POST", "/gateway-faults", {"effect": "drop"})
    await asyncio.wait_for(resumed.wait(), 20)
    await sim("POST", "/gateway-faults", {"effect": "invalid_session", "resumable": False})
    await asyncio.wait_for(ready_again.wait(), 30)
    assert not failed, failed


@bot.event
async def on_ready():
    if said_hello.is_set():
        ready_again.set()
        return
    try:
        await story()
        print("discord.py: every step went well")
    except BaseException as error:  # the process must end, whatever happened
        failed.append(error)
        traceback.print_exc()
    await bot.close()


bot.run(TOKEN, log_handler=None)
sys.exit(1 if failed else 0)
