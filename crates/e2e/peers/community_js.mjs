// A bot on discord.js that does what staff does: forums, news, polls, emojis, newcomers' screens, webhooks, audit log.
//
// Usage: node community_js.mjs http://127.0.0.1:5090 <bot token>   (needs `npm install discord.js`)
// The simulator is started with --administrator. Only the addresses are changed. Exits with 0 if every step went as
// it does on Discord.

import assert from "node:assert/strict";
import { ChannelType, Client, GatewayIntentBits, Partials } from "discord.js";

const DOT = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const [base, token] = process.argv.slice(2);
const intents = Object.values(GatewayIntentBits).filter((bit) => typeof bit === "number");
const client = new Client({ intents, partials: [Partials.Channel], rest: { api: `${base}/api`, cdn: base } });

const fail = (error) => {
  console.error(error?.rawError ? JSON.stringify(error.rawError) : error);
  process.exit(1);
};
process.on("unhandledRejection", fail);
client.on("error", fail);

async function forums(guild) {
  const tags = [{ name: "open", moderated: false, emoji: { id: null, name: "❓" } }];
  const forum = await guild.channels.create({ name: "help", type: ChannelType.GuildForum, availableTags: tags });
  const appliedTags = [forum.availableTags[0].id];
  const files = [{ attachment: Buffer.from("x"), name: "log.txt" }];
  const post = await forum.threads.create({ name: "It breaks", appliedTags, message: { content: "help", files } });
  assert.equal((await post.fetchStarterMessage()).content, "help");
  assert.equal((await post.members.fetch({ withMember: true })).size, 1);
  await post.setArchived(true);
  assert.equal((await forum.threads.fetchArchived()).threads.size, 1);
  await post.setArchived(false);
  await post.setLocked(true);
  assert.equal((await guild.channels.fetchActiveThreads()).threads.get(post.id)?.locked, true);
}

async function messages(guild, general) {
  const news = await guild.channels.create({ name: "news", type: ChannelType.GuildAnnouncement });
  await news.addFollower(general.id);
  const told = await news.send("hear");
  await told.crosspost();
  assert.equal((await general.messages.fetch({ limit: 1 })).first().content, "hear");
  assert.equal((await told.forward(general)).messageSnapshots.first().content, "hear");
  const answers = [{ text: "Yes", emoji: "🍵" }, { text: "No" }];
  const asked = await general.send({ poll: { question: { text: "Tea?" }, answers, duration: 1, allowMultiselect: false } });
  assert.equal((await asked.poll.answers.first().voters.fetch()).size, 0);
  assert.equal((await asked.poll.end()).poll.resultsFinalized, true);
  const pinned = await general.send("pin me");
  await pinned.pin("important");
  assert.equal((await general.messages.fetchPins()).items[0].message.id, pinned.id);
  const emoji = await guild.emojis.create({ attachment: DOT, name: "dot" });
  await told.react(emoji);
  assert.equal((await emoji.setName("spot")).name, "spot");
  const own = await client.application.emojis.create({ attachment: DOT, name: "own" });
  assert.equal((await client.application.emojis.fetch()).get(own.id).name, "own");
}

async function staff(guild, general) {
  await assert.rejects(guild.fetchWelcomeScreen(), { code: 10069 });
  const welcomeChannels = [{ channel: general.id, description: "talk", emoji: "⚓" }];
  await guild.editWelcomeScreen({ enabled: true, description: "Ahoy", welcomeChannels });
  assert.equal((await guild.fetchWelcomeScreen()).description, "Ahoy");
  assert.equal((await guild.fetchOnboarding()).enabled, false);
  assert.ok((await guild.fetchIntegrations()).size > 0);
  await guild.setWidgetSettings({ enabled: true, channel: general });
  assert.ok((await guild.fetchWidget()).presenceCount > 0);
  assert.equal((await guild.fetchPreview()).name, guild.name);
  assert.equal(await guild.members.prune({ dry: true, days: 7 }), 0);
  const hook = await general.createWebhook({ name: "Herald" });
  await hook.edit({ name: "Crier" });
  await hook.send({ content: "hi", username: "Bob" });
  await hook.delete("gone");
  const last = (await guild.fetchAuditLogs({ limit: 1 })).entries.first();
  assert.deepEqual([last.action, last.reason], [52, "gone"]);
}

client.once("clientReady", async () => {
  const guild = client.guilds.cache.first();
  const general = guild.channels.cache.find((channel) => channel.name === "general");
  await forums(guild);
  await messages(guild, general);
  await staff(guild, general);
  await client.destroy();
  console.log("discord.js: every step of the community went well");
  process.exit(0);
});
await client.login(token);
