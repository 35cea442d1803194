// A bot on discord.js that lives through everything the simulator offers, to keep the simulator honest.
//
// Usage: node discord_js.mjs http://127.0.0.1:5090 <bot token>   (needs `npm install discord.js`)
// Only the addresses are changed. Exits with 0 if every step went as it does on Discord.

import assert from "node:assert/strict";
import { once } from "node:events";
import {
  ActionRowBuilder, AttachmentBuilder, ButtonBuilder, ButtonStyle, ChannelType, Client, ContainerBuilder, ContextMenuCommandBuilder,
  EmbedBuilder, GatewayIntentBits, LabelBuilder, MessageFlags, ModalBuilder, Partials, PermissionFlagsBits, SlashCommandBuilder,
  StringSelectMenuBuilder, TextDisplayBuilder, TextInputBuilder, TextInputStyle,
} from "discord.js";

const [base, token] = process.argv.slice(2);
const intents = Object.values(GatewayIntentBits).filter((bit) => typeof bit === "number");
const client = new Client({ intents, partials: [Partials.Channel], rest: { api: `${base}/api`, cdn: base } });

const fail = (error) => {
  console.error(error?.rawError ? JSON.stringify(error.rawError) : error);
  process.exit(1);
};
process.on("unhandledRejection", fail);
client.on("error", fail);

async function sim(method, path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${base}/sim${path}`, { method, headers, body: body && JSON.stringify(body) });
  return answer.json();
}

async function command(interaction) {
  const rows = [
    new ActionRowBuilder().addComponents(new ButtonBuilder().setCustomId("open").setLabel("Open").setStyle(ButtonStyle.Primary)),
    new ActionRowBuilder().addComponents(new StringSelectMenuBuilder().setCustomId("pick").addOptions({ label: "a", value: "a" }, { label: "b", value: "b" })),
  ];
  const answer = await interaction.reply({
    withResponse: true, components: rows, files: [new AttachmentBuilder(Buffer.from("abc"), { name: "x.png" })],
    embeds: [new EmbedBuilder().setTitle("Desk").setImage("attachment://x.png")],
  });
  assert.equal(answer.resource.message.id, (await interaction.fetchReply()).id);
  const card = new ContainerBuilder().addTextDisplayComponents(new TextDisplayBuilder().setContent("a card"));
  await interaction.followUp({ flags: MessageFlags.IsComponentsV2, components: [card] });
}

client.on("interactionCreate", async (interaction) => {
  if (interaction.isAutocomplete()) return interaction.respond([{ name: "one", value: "1" }]);
  if (interaction.isUserContextMenuCommand()) return interaction.reply({ content: `hi ${interaction.targetMember.displayName}`, flags: MessageFlags.Ephemeral });
  if (interaction.isChatInputCommand()) return command(interaction);
  if (interaction.isButton()) {
    const input = new TextInputBuilder().setCustomId("what").setStyle(TextInputStyle.Short);
    const label = new LabelBuilder().setLabel("What").setTextInputComponent(input);
    return interaction.showModal(new ModalBuilder().setCustomId("form").setTitle("Form").addLabelComponents(label));
  }
  if (interaction.isStringSelectMenu()) {
    await interaction.deferUpdate();
    return interaction.editReply({ content: `chose ${interaction.values[0]}`, embeds: [], components: [] });
  }
  if (interaction.isModalSubmit()) return interaction.reply(`got ${interaction.fields.getTextInputValue("what")}`);
});

client.on("messageCreate", async (message) => {
  if (message.content !== "!hello") return;
  const { guild, member } = message;
  await message.reply("hi");
  await message.react("👍");
  assert.equal((await message.channel.messages.fetch({ limit: 5 })).size, 5);
  assert.equal((await guild.members.fetch()).size, guild.memberCount);
  const permissionOverwrites = [
    { id: guild.id, deny: [PermissionFlagsBits.ViewChannel] }, { id: client.user.id, allow: [PermissionFlagsBits.ViewChannel] },
  ];
  const channel = await guild.channels.create({ name: "made", type: ChannelType.GuildText, permissionOverwrites });
  await channel.permissionOverwrites.edit(message.author, { ViewChannel: true });
  const hook = await channel.createWebhook({ name: "herald" });
  await hook.send({ content: "hear", username: "town crier" });
  await channel.send("a");
  await channel.send("b");
  assert.equal((await channel.bulkDelete(5)).size, 3);
  await channel.delete("over");
  await member.timeout(60_000, "calm down");
  await member.timeout(null);
  const role = await guild.roles.create({ name: "fresh" });
  await member.roles.add(role);
  await member.roles.remove(role);
  await role.delete();
  await message.author.send("privately");
  const thread = await message.startThread({ name: "talk" });
  await thread.send("inside");
  await thread.setArchived(true);
  await assert.rejects(guild.bans.create("1"), { code: 10013 });
  assert.ok((await guild.fetchAuditLogs()).entries.size > 0);
  client.emit("saidHello");
});

client.once("clientReady", async () => {
  const guild = client.guilds.cache.first();
  const commands = await client.application.commands.set([
    new SlashCommandBuilder().setName("desk").setDescription("Shows the desk").addStringOption((o) => o.setName("x").setDescription("x").setAutocomplete(true)),
    new ContextMenuCommandBuilder().setName("Say hi").setType(2),
  ], guild.id);
  assert.equal(commands.size, 2);
  const finn = (await sim("GET", "/users")).find((u) => u.standing === "member").id;
  const view = await sim("GET", `/users/${finn}`);
  const general = view.guilds[0].channels.find((c) => c.name === "general").id;
  const place = `/users/${finn}/channels/${general}`;
  let got = await sim("POST", `${place}/commands`, { name: "desk", options: { x: "1" } });
  const message = got.responses[0].id;
  assert.match(got.responses[0].embeds[0].image.url, /\/attachments\/.*x\.png\?ex=/);
  got = await sim("POST", `${place}/commands`, { name: "desk", options: { x: "o" }, focused: "x" });
  assert.deepEqual(got.choices.map((c) => c.value), ["1"]);
  got = await sim("POST", `${place}/commands`, { name: "Say hi", target: finn });
  assert.match(got.responses[0].content, /^hi /);
  got = await sim("POST", `${place}/components`, { message, custom_id: "open" });
  assert.equal(got.modal.title, "Form");
  got = await sim("POST", `/users/${finn}/modals`, { interaction: got.interaction, values: { what: "help" } });
  assert.equal(got.responses[0].content, "got help");
  await sim("POST", `${place}/components`, { message, custom_id: "pick", values: ["b"] });
  await sim("POST", "/quiet", {});
  const seen = (await sim("GET", `${place}/messages`)).find((m) => m.id === message);
  assert.equal(seen.content, "chose b");
  const hello = once(client, "saidHello", { signal: AbortSignal.timeout(20_000) });
  await sim("POST", `${place}/messages`, { content: "!hello" });
  await hello;
  for (const effect of ["drop", "reconnect"]) {
    const resumed = once(client, "shardResume", { signal: AbortSignal.timeout(20_000) });
    await sim("POST", "/gateway-faults", { effect });
    await resumed;
  }
  const again = once(client, "shardReady", { signal: AbortSignal.timeout(30_000) });
  await sim("POST", "/gateway-faults", { effect: "invalid_session", resumable: false });
  await again;
  console.log("discord.js: every step went well");
  process.exit(0);
});

await client.login(token);
