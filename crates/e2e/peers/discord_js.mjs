// A bot on discord.js that does what `tests/e2e/peers.rs` asks of every library, to keep the simulator honest.
//
// Usage: node discord_js.mjs http://127.0.0.1:5090 <bot token> <channel where sessions are announced>
// Only the addresses are changed. Exits with 0 after `!leave`, with 1 as soon as anything goes other than on Discord.

import assert from "node:assert/strict";
import {
  ActionRowBuilder, AttachmentBuilder, ButtonBuilder, ButtonStyle, ChannelType, Client, ContainerBuilder, ContextMenuCommandBuilder,
  EmbedBuilder, GatewayIntentBits, LabelBuilder, MessageFlags, ModalBuilder, Partials, PermissionFlagsBits, SlashCommandBuilder,
  StringSelectMenuBuilder, TextDisplayBuilder, TextInputBuilder, TextInputStyle, UserSelectMenuBuilder,
} from "discord.js";

const [base, token, announcements] = process.argv.slice(2);
const intents = Object.values(GatewayIntentBits).filter((bit) => typeof bit === "number");
const client = new Client({ intents, partials: [Partials.Channel], rest: { api: `${base}/api`, cdn: base } });

const fail = (error) => {
  console.error(error?.rawError ? JSON.stringify(error.rawError) : error);
  process.exit(1);
};
process.on("unhandledRejection", fail);
client.on("error", fail);

const announce = async (text) => (await client.channels.fetch(announcements)).send(text);
client.on("shardReady", () => announce("ready"));
client.on("shardResume", () => announce("resumed"));

client.once("clientReady", async () => {
  const number = (option) => option.setName("number").setDescription("How many").setMinValue(1).setMaxValue(5);
  const topic = (option) => option.setName("topic").setDescription("About what").setAutocomplete(true);
  const desk = new SlashCommandBuilder().setName("desk").setDescription("Shows the desk")
    .addUserOption((option) => option.setName("who").setDescription("For whom").setRequired(true))
    .addIntegerOption(number).addStringOption(topic);
  const commands = await client.application.commands.set([desk, new ContextMenuCommandBuilder().setName("Say hi").setType(2)]);
  assert.equal(commands.size, 2);
});

async function desk(interaction) {
  const button = new ButtonBuilder().setCustomId("open").setLabel("Open").setStyle(ButtonStyle.Primary);
  const fruit = new StringSelectMenuBuilder().setCustomId("pick").addOptions({ label: "a", value: "a" }, { label: "b", value: "b" });
  const person = new UserSelectMenuBuilder().setCustomId("who").setPlaceholder("Who?");
  const who = interaction.options.getMember("who").displayName;
  const answer = await interaction.reply({
    withResponse: true,
    content: `for ${who}, ${interaction.options.getInteger("number") ?? 2} of ${interaction.options.getString("topic")}`,
    components: [button, fruit, person].map((one) => new ActionRowBuilder().addComponents(one)),
    files: [new AttachmentBuilder(Buffer.from("abc"), { name: "x.png" })],
    embeds: [new EmbedBuilder().setTitle("Desk").setColor(0x123456).setImage("attachment://x.png")],
  });
  assert.equal(answer.resource.message.id, (await interaction.fetchReply()).id);
  const card = new ContainerBuilder().addTextDisplayComponents(new TextDisplayBuilder().setContent("a card"));
  await interaction.followUp({ flags: MessageFlags.IsComponentsV2, components: [card] });
}

client.on("interactionCreate", async (interaction) => {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    return interaction.respond(["1", "2"].map((end) => ({ name: typed + end, value: typed + end })));
  }
  if (interaction.isUserContextMenuCommand()) {
    return interaction.reply({ content: `hi ${interaction.targetMember.displayName}`, flags: MessageFlags.Ephemeral });
  }
  if (interaction.isChatInputCommand()) return desk(interaction);
  if (interaction.isButton()) {
    const input = new TextInputBuilder().setCustomId("what").setStyle(TextInputStyle.Short);
    const label = new LabelBuilder().setLabel("What").setTextInputComponent(input);
    return interaction.showModal(new ModalBuilder().setCustomId("form").setTitle("Form").addLabelComponents(label));
  }
  if (interaction.isStringSelectMenu()) {
    await interaction.deferUpdate();
    return interaction.editReply({ content: `picked ${interaction.values[0]}` });
  }
  if (interaction.isUserSelectMenu()) {
    return interaction.update({ content: `chose ${interaction.members.first().displayName}`, embeds: [], components: [] });
  }
  if (interaction.isModalSubmit()) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply(`got ${interaction.fields.getTextInputValue("what")}`);
    await interaction.followUp({ content: "with a file", files: [new AttachmentBuilder(Buffer.from("hi"), { name: "a.txt" })] });
  }
});

async function hello(message) {
  const { guild, member } = message;
  await message.reply("hi");
  await message.react("👍");
  const file = await message.channel.send({ files: [new AttachmentBuilder(Buffer.from("abc"), { name: "x.txt" })] });
  await file.pin();
  await file.edit({ content: "changed", attachments: [] });
  assert.equal((await message.channel.messages.fetch({ limit: 5 })).size, 5);
  const thread = await message.startThread({ name: "talk" });
  await thread.send("inside");
  await thread.setArchived(true);
  const permissionOverwrites = [
    { id: guild.id, deny: [PermissionFlagsBits.ViewChannel] }, { id: client.user.id, allow: [PermissionFlagsBits.ViewChannel] },
  ];
  const channel = await guild.channels.create({ name: "made", type: ChannelType.GuildText, permissionOverwrites });
  await channel.permissionOverwrites.edit(message.author, { ViewChannel: true });
  await channel.setTopic("new");
  const hook = await channel.createWebhook({ name: "herald" });
  await hook.send({ content: "hear", username: "town crier" });
  await channel.send("a");
  await channel.send("b");
  assert.equal((await channel.bulkDelete(5)).size, 3);
  await channel.delete("over, ütterly");
  const role = await guild.roles.create({ name: "fresh" });
  await member.roles.add(role);
  await member.roles.remove(role);
  await role.delete();
  await member.timeout(60_000, "calm down");
  await member.timeout(null);
  await message.author.send("privately");
  await assert.rejects(guild.bans.create("1"), { code: 10013 });
  assert.ok((await guild.fetchAuditLogs()).entries.size > 0);
  await message.channel.send("done");
}

async function members(message) {
  let [after, listed] = ["0", 0];
  for (;;) {
    const page = await message.guild.members.list({ limit: 1000, after });
    if (page.size === 0) break;
    listed += page.size;
    after = page.lastKey();
  }
  const chunked = await message.guild.members.fetch();
  await message.reply(`${listed} by REST, ${chunked.size} in chunks`);
}

client.on("messageCreate", async (message) => {
  if (message.content === "!hello") await hello(message);
  if (message.content === "!members") await members(message);
  if (message.content === "!ping") await message.reply("pong");
  if (message.content === "!leave") {
    await client.destroy();
    process.exit(0);
  }
});

await client.login(token);
