// @ts-check
/** The sandbox page: starts everything and ties it together. */

import { MESSAGES, Refused, api, listen } from "./api.js";
import { changeDraft, compose, drawComposer, prepareComposer } from "./composer.js";
import { arrowKeys, byId, h, icon, iconButton, soon } from "./dom.js";
import { pickEmoji } from "./emoji.js";
import { announce, changeMessage, drawFeed, dropMessages, jumpTo, prepareFeed, toEnd, waiting } from "./feed.js";
import { base64 } from "./files.js";
import { beginThread } from "./forum.js";
import { askForInvite, prepareInvites, showInvite, showOwnInvite } from "./invite.js";
import { live, prepareLive } from "./live.js";
import { openMenu } from "./menu.js";
import { showModal } from "./modal.js";
import { choosePerson, showProfile } from "./people.js";
import { showSettings } from "./settings.js";
import { channelIcon, drawMembers, drawSide } from "./side.js";
import { RIGHT, TYPE, can, canWrite, channel, channelName, channels, firstText, guild, isThread, names, nameOf, person, state } from "./state.js";
import { drawTraffic, prepareTraffic } from "./traffic.js";
import { begin, markRead, readIn } from "./unread.js";

/** @typedef {import("./api.js").Message} Message */

/** Ms that a note stays. */
const NOTE_SHOWN = 8000;
/** Ms within which several changes are drawn as one. */
const TOGETHER = 120;
/** Windows from this width on show the members from the start. */
const WIDE = "(min-width: 75rem)";
let stopListening = () => {};

/** Shows a note for a while. @param {string} what */
function notice(what) {
  const line = h("p", { class: "notice" }, h("span", {}, what), iconButton("close", "Dismiss", () => line.remove(), "small"));
  byId("notices").append(line);
  setTimeout(() => line.remove(), NOTE_SHOWN);
}

/** @param {unknown} error */
const reason = (error) => (error instanceof Refused ? error.message : "The simulator cannot be reached.");

/**
 * Runs something that the simulator may refuse; says so if it does.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    notice(reason(error));
    return undefined;
  }
}

/**
 * Does something that a bot answers: a form opens, silence is told where the answer would have come.
 * @param {string} what
 * @param {() => Promise<import("./api.js").Exchange>} work
 */
async function act(what, work) {
  const done = waiting(what);
  try {
    const exchange = await work();
    done(exchange.failed ? "The application did not respond." : undefined);
    if (exchange.modal) form(exchange.modal);
  } catch (error) {
    done(reason(error));
  }
}

/** @param {import("./api.js").Modal} modal */
function form(modal) {
  const used = { ...things, names, use: async () => {} };
  showModal(modal, used, async (values) => {
    try {
      const next = await api.modal(state.me, modal.interaction, await sendable(values));
      return next.failed ? "Something went wrong. Try again." : undefined;
    } catch (error) {
      return reason(error);
    }
  });
}

/** @type {import("./chooser.js").Things} */
const things = {
  members: () => (guild()?.members ?? [...(channel()?.recipients ?? []), ...(state.view ? [state.view.user] : [])]).map((m) => ({ id: m.id, name: nameOf(m) })),
  roles: () => (guild()?.roles ?? []).filter((r) => r.name !== "@everyone"),
  channels: (types) => (guild()?.channels ?? []).filter((c) => !types?.length || types.includes(c.type)).map((c) => ({ id: c.id, name: c.name ?? "" })),
};

/** Values with their files as they are sent. @param {Record<string, unknown>} values */
async function sendable(values) {
  const send = async (/** @type {unknown} */ value) => (value instanceof File ? { name: value.name, base64: await base64(value) } : value);
  /** @type {Record<string, unknown>} */
  const out = {};
  for (const [key, value] of Object.entries(values)) out[key] = Array.isArray(value) ? await Promise.all(value.map(send)) : await send(value);
  return out;
}

/** @param {string} name @param {{ options?: Record<string, unknown>, target?: string, application?: string }} how */
async function command(name, { options = {}, target, application }) {
  const given = await attempt(() => sendable(options));
  if (given) await act(target ? `Using ${name} …` : `Sending /${name} …`, () => api.command(state.me, state.channel, { name, options: given, target, application }));
}

const mayThread = () => [TYPE.TEXT, TYPE.NEWS].includes(channel()?.type ?? -1) && can(RIGHT.START_THREADS);

/** Begins something that is opened when it is there. @param {string} title @param {object} more @param {import("./api.js").Channel} [forum] */
function startIn(title, more, forum) {
  const [own, here] = [state.me, state.channel];
  beginThread({ title, forum, send: async (body) => {
    try {
      const made = await api.startThread(own, here, { ...body, ...more });
      await refresh();
      await open(made.id);
      return undefined;
    } catch (error) {
      return reason(error);
    }
  } });
}
/** @param {Message} m */
const thread = (m) => startIn("Start a thread", { message: m.id });

/** @type {import("./message.js").MessageHost} */
const host = {
  ...things,
  names,
  use: async () => {},
  me: () => state.me,
  person,
  can: (what, m) => {
    if (what === "react") return can(RIGHT.REACT);
    if (what === "write") return canWrite();
    return m.author.id === state.me || (channel()?.type !== TYPE.DM && can(RIGHT.MANAGE_MESSAGES));
  },
  react: (m, emoji, on) => void attempt(() => api.react(state.me, m, emoji, on)),
  pick: async (m, anchor) => {
    const emoji = await pickEmoji(anchor);
    if (emoji) host.react(m, emoji, true);
  },
  vote: async (m, answers) => void (await attempt(() => api.vote(state.me, m, answers))),
  redraw: changeMessage,
  reply: (m) => compose({ replyTo: m }),
  edit: (m) => compose({ editing: m }),
  remove: (m) => void attempt(() => api.remove(state.me, m)),
  jump: jumpTo,
  menu: (m, anchor, at) => openMenu(anchor, [
    ...(host.can("react", m) ? [{ label: "Add a reaction", icon: /** @type {const} */ ("smile"), run: () => host.pick(m, anchor) }] : []),
    ...(host.can("write", m) ? [{ label: "Reply", icon: /** @type {const} */ ("reply"), run: () => host.reply(m) }] : []),
    ...(m.author.id === state.me && m.type in { 0: 1, 19: 1 } ? [{ label: "Edit", icon: /** @type {const} */ ("edit"), run: () => host.edit(m) }] : []),
    ...(!m.thread && m.type in { 0: 1, 19: 1, 20: 1 } && mayThread() ? [{ label: "Start a thread", icon: /** @type {const} */ ("thread"), run: () => thread(m) }] : []),
    { label: "Copy text", icon: "copy", run: () => void navigator.clipboard?.writeText(m.content) },
    { label: "Copy id", icon: "copy", run: () => void navigator.clipboard?.writeText(m.id) },
    ...(host.can("delete", m) ? [{ label: "Delete", icon: /** @type {const} */ ("bin"), danger: true, run: () => host.remove(m) }] : []),
    ...state.commands.filter((c) => c.type === 3).map((c) => ({ label: c.name, group: "Apps", run: () => void command(c.name, { target: m.id, application: c.application_id }) })),
  ], at),
};
/** @param {Message} m @returns {import("./message.js").MessageHost} */
const hostOf = (m) => ({ ...host, use: (customId, values) => act("Waiting for the application …", () => api.component(state.me, m, customId, values)) });

/** @type {import("./side.js").SideActs} */
const sideActs = {
  open: (id) => void open(id),
  voice: (c, inside) => void attempt(() => api.voice(state.me, c, inside)),
  join: (id) => void membership(id, true),
  invited: askForInvite,
  guildMenu: (anchor) => {
    const here = guild();
    const door = can(RIGHT.INVITE) && channel()?.guild_id ? channel() : firstText();
    if (here) openMenu(anchor, [
      ...(door && can(RIGHT.INVITE, door) ? [{ label: "Invite people", icon: /** @type {const} */ ("enter"), run: () => void attempt(async () => showOwnInvite(await api.makeInvite(state.me, isThread(door) ? (door.parent_id ?? "") : door.id))) }] : []),
      { label: "Follow an invitation", icon: "link", run: askForInvite },
      { label: "Members", icon: "people", run: () => byId("open-members").click() },
      { label: "Copy id", icon: "copy", run: () => void navigator.clipboard?.writeText(here.id) },
      ...(here.owner_id === state.me ? [] : [{ label: "Leave the server", icon: /** @type {const} */ ("leave"), danger: true, run: () => void membership(here.id, false) }]),
    ]);
  },
  people: () => void attempt(() => choosePerson({ find: (typed) => api.people(typed), become: (id) => void become(id), make: (name) => attempt(() => api.make(name)) })),
  settings: () => showSettings((change) => void attempt(async () => {
    await api.settings(state.me, change);
    await refresh();
  })),
  profile: (id) => showProfile(id, { message: (of) => void openDm(of), become: (of) => void become(of), command: (name, target) => void command(name, { target }) }),
};

function drawFrame() {
  const now = channel();
  byId("channel-icon").replaceChildren(now && now.type !== TYPE.DM ? icon(channelIcon(now)) : "");
  byId("channel-name").textContent = channelName(now);
  byId("channel-topic").textContent = now?.topic ?? "";
  document.title = now ? `${channelName(now)} · ${guild()?.name ?? "Sandbox"}` : "Sandbox";
  drawSide(sideActs);
  drawMembers(sideActs);
  drawComposer();
}

/** @param {string} id @param {boolean} inside */
async function membership(id, inside) {
  await attempt(async () => {
    await api.membership(state.me, id, inside);
    await become(state.me);
    announce(inside ? "You joined the server." : "You left the server.");
  });
}

/** @param {import("./api.js").Invite} invite */
async function followInvite(invite) {
  await attempt(async () => {
    await api.follow(state.me, invite.code);
    await become(state.me);
    const door = channels().find((c) => c.id === invite.channel?.id);
    if (door) await open(door.id);
    announce(`You joined ${invite.guild.name}.`);
  });
}

/** @param {string} id */
async function openDm(id) {
  const dm = await attempt(() => api.dm(state.me, id));
  if (!dm) return;
  await refresh();
  await open(dm.id);
}

/** Reads channels, members and commands again. */
async function refresh() {
  const own = state.me;
  const forum = channel()?.type === TYPE.FORUM;
  const [view, commands, posts] = await Promise.all([attempt(() => api.view(own)), state.channel ? api.commands(own, state.channel).catch(() => []) : [],
    forum ? api.posts(own, state.channel).catch(() => []) : []]);
  if (!view || state.me !== own) return;
  state.posts = posts;
  const before = JSON.stringify([guild()?.channels.length, guild()?.members.length, guild()?.roles]);
  state.view = view;
  state.commands = commands;
  const gone = state.channel !== "" && !channel();
  if (gone) {
    state.channel = "";
    state.messages = [];
  }
  drawFrame();
  // Messages name channels, members and roles: what has just come into sight is named now.
  if (gone || forum || before !== JSON.stringify([guild()?.channels.length, guild()?.members.length, guild()?.roles])) drawFeed();
}

/** @param {string} id */
async function open(id) {
  const [own, from] = [state.me, state.channel];
  state.channel = id;
  closeSide();
  const forum = channel()?.type === TYPE.FORUM;
  const [messages, commands, posts] = await Promise.all([forum ? [] : attempt(() => api.messages(own, id)), api.commands(own, id).catch(() => []),
    forum ? attempt(() => api.posts(own, id)) : []]);
  if (state.channel !== id || state.me !== own) return;
  if (from !== id) changeDraft(from, id);
  state.messages = messages ?? [];
  state.posts = posts ?? [];
  state.older = state.messages.length >= MESSAGES;
  state.commands = commands;
  const last = channel()?.last_message_id;
  state.readUpTo = last && last !== readIn(id) ? readIn(id) : "";
  markRead(id, last);
  byId("sending").replaceChildren();
  history.replaceState(null, "", `#${own}/${id}`);
  live.forgetTyping();
  drawFrame();
  drawFeed(true);
  announce(`${channelName(channel())}`);
  if (matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]")) byId("composer-text").focus({ preventScroll: true });
}

/** @param {string} id */
async function become(id) {
  const from = state.channel;
  state.me = id;
  stopListening();
  const [view, people] = await Promise.all([attempt(() => api.view(id)), attempt(() => api.people())]);
  if (state.me !== id) return;
  state.view = view ?? null;
  state.people = people ?? state.people;
  begin([...(guild()?.channels ?? []), ...(view?.dms ?? [])]);
  const places = (guild()?.channels ?? []).filter((c) => c.type !== TYPE.CATEGORY && c.type !== TYPE.VOICE);
  const kept = places.find((c) => c.id === from) ?? view?.dms.find((c) => c.id === from);
  const first = kept ?? places.find((c) => c.name === "general") ?? places[0];
  changeDraft(from, "");
  state.messages = [];
  state.channel = "";
  stopListening = listen(id, live.take, () => void reload());
  if (first) return open(first.id);
  history.replaceState(null, "", `#${id}/`);
  drawFrame();
  drawFeed(true);
}

async function reload() {
  await refresh();
  if (state.channel) await open(state.channel);
}

async function older() {
  const first = state.messages[0];
  if (!first) return;
  const more = await attempt(() => api.messages(state.me, state.channel, first.id));
  if (!more || state.messages[0] !== first) return;
  state.messages = [...more, ...state.messages];
  state.older = more.length >= MESSAGES;
  drawFeed(false);
  /** @type {HTMLElement | null} */ (byId("messages").querySelector(`[data-id="${CSS.escape(first.id)}"]`))?.focus({ preventScroll: true });
}

function closeSide() {
  byId("app").classList.remove("side-open");
  byId("open-side").setAttribute("aria-expanded", "false");
}

/** @param {string} button @param {(open: boolean) => void} show */
function toggle(button, show) {
  const element = byId(button);
  element.addEventListener("click", () => {
    const isOpen = element.getAttribute("aria-expanded") !== "true";
    element.setAttribute("aria-expanded", String(isOpen));
    show(isOpen);
  });
}

function prepareFrame() {
  for (const [id, name] of /** @type {[string, import("./dom.js").IconName][]} */ ([["open-side", "menu"], ["open-members", "people"], ["open-traffic", "pulse"],
    ["attach", "plus"], ["commands", "app"], ["send", "send"], ["to-end", "down"]])) byId(id).prepend(icon(name));
  toggle("open-side", (isOpen) => {
    byId("app").classList.toggle("side-open", isOpen);
    if (isOpen) /** @type {HTMLElement | null} */ (byId("channels").querySelector("[tabindex='0']"))?.focus();
  });
  toggle("open-members", (isOpen) => {
    byId("members").hidden = !isOpen;
    byId("app").classList.toggle("members-open", isOpen);
  });
  toggle("open-traffic", (isOpen) => {
    byId("traffic").hidden = !isOpen;
    if (isOpen) drawTraffic();
  });
  byId("close-members").replaceChildren(icon("close"));
  byId("close-members").addEventListener("click", () => byId("open-members").click());
  arrowKeys(byId("channels"), ".channel, .category");
  arrowKeys(byId("member-list"), ".member");
  byId("veil").addEventListener("click", () => {
    closeSide();
    if (!byId("members").hidden) byId("open-members").click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && byId("app").classList.contains("side-open") && !document.querySelector("dialog[open]")) {
      closeSide();
      byId("open-side").focus();
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      sideActs.people();
    }
  });
  for (const dialog of document.querySelectorAll("dialog")) {
    // A press beside the window closes it; a form keeps what was written.
    if (dialog.id !== "modal" && dialog.id !== "chooser") dialog.addEventListener("pointerdown", (event) => event.target === dialog && dialog.close());
  }
}

async function start() {
  names.openChannel = (id) => void open(id);
  names.openPerson = sideActs.profile;
  prepareFrame();
  prepareTraffic(() => byId("open-traffic").click());
  prepareFeed(hostOf, () => void older(), () => startIn(`New post in ${channelName(channel())}`, {}, channel()));
  prepareInvites({ join: followInvite, open: (id) => void open(id) });
  prepareComposer({ attempt, notice, things, run: (c, options) => void command(c.name, { options, application: c.application }) });
  prepareLive({ refresh: soon(() => void refresh(), TOGETHER), reload: () => void reload(), drawSide: () => drawSide(sideActs), dropMessages });
  state.people = (await attempt(() => api.people())) ?? [];
  const [wantedPerson, wantedChannel] = location.hash.slice(1).split("/");
  const humans = state.people.filter((p) => !p.bot).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const first = humans.find((p) => p.id === wantedPerson) ?? humans.find((p) => p.standing === "member") ?? humans[0];
  state.channel = wantedChannel ?? "";
  const code = /^\/invite\/([^/]+)$/.exec(location.pathname)?.[1];
  if (code) history.replaceState(null, "", `/${location.hash}`);
  if (window.matchMedia(WIDE).matches) byId("open-members").click();
  if (first) await become(first.id);
  else notice("Nobody lives in this world yet.");
  toEnd();
  if (code) await showInvite(code);
}

void start();
