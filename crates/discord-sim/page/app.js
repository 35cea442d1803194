// @ts-check
/** The sandbox page: who you are, where you are, what you see, and what you do. */

import { Refused, api, listen } from "./api.js";
import { drawForm, drawPicker, runnable } from "./command.js";
import { byId, h } from "./dom.js";
import { drawMessage, nameOf } from "./message.js";
import { showModal } from "./modal.js";
import { addTraffic, prepareTraffic } from "./traffic.js";
import { drawChannels, drawMembers, drawPerson } from "./side.js";
import { openMenu } from "./menu.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./command.js").Runnable} Runnable
 */

const state = {
  /** @type {import("./api.js").Person[]} */ people: [],
  me: "",
  /** @type {import("./api.js").View | null} */ view: null,
  channel: "",
  /** @type {Message[]} */ messages: [],
  /** @type {import("./api.js").Command[]} */ commands: [],
  /** @type {Message | null} */ replyTo: null,
  /** @type {Message | null} */ editing: null,
  /** @type {Map<string, { name: string, until: number }>} */ typing: new Map(),
};
const text = /** @type {HTMLTextAreaElement} */ (byId("composer-text"));
let stopListening = () => {};
/** Ms between two "is typing" notes of one's own. */
const TYPING_EVERY = 8000;
/** Ms that somebody's typing is shown. */
const TYPING_SHOWN = 10_000;
let typedAt = 0;

const guild = () => state.view?.guilds[0];
/** @param {string} id */
const person = (id) => guild()?.members.find((m) => m.id === id) ?? state.people.find((p) => p.id === id);
const channel = () => [...(guild()?.channels ?? []), ...(state.view?.dms ?? [])].find((c) => c.id === state.channel);

/** @type {import("./message.js").MessageHost} */
const host = {
  names: {
    user: (id) => nameOf(person(id), "unknown-user"),
    role: (id) => guild()?.roles.find((r) => r.id === id),
    channel: (id) => guild()?.channels.find((c) => c.id === id)?.name ?? "no-access",
    openChannel: (id) => void open(id),
  },
  members: () => (guild()?.members ?? []).map((m) => ({ id: m.id, name: nameOf(m) })),
  roles: () => (guild()?.roles ?? []).filter((r) => r.name !== "@everyone"),
  channels: (types) => (guild()?.channels ?? []).filter((c) => !types?.length || types.includes(c.type)).map((c) => ({ id: c.id, name: c.name ?? "" })),
  use: async () => {},
  me: () => state.me,
  person,
  react: (m, emoji, on) => void attempt(() => api.react(state.me, m, emoji, on)),
  reply: (m) => compose({ replyTo: m }),
  edit: (m) => compose({ editing: m }),
  remove: (m) => void attempt(() => api.remove(state.me, m)),
  menu: (m, anchor) => openMenu(anchor, [
    ...state.commands.filter((c) => c.type === 3).map((c) => ({ label: c.name, run: () => void act(() => api.command(state.me, state.channel, { name: c.name, target: m.id })) })),
    { label: "Reply", run: () => host.reply(m) },
    { label: "React with 👍", run: () => host.react(m, "👍", true) },
    ...(m.author.id === state.me ? [{ label: "Edit", run: () => host.edit(m) }] : []),
    { label: "Delete", run: () => host.remove(m) },
    { label: "Copy id", run: () => void navigator.clipboard?.writeText(m.id) },
  ]),
};

/**
 * Shows a note for a while.
 * @param {string} what
 */
function notice(what) {
  const line = h("p", { class: "notice" }, what, h("button", { type: "button", class: "plain", "aria-label": "Dismiss", onclick: () => line.remove() }, "×"));
  byId("notices").append(line);
  setTimeout(() => line.remove(), 8000);
}

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
    notice(error instanceof Refused ? error.message : "The simulator cannot be reached.");
    return undefined;
  }
}

/**
 * Does something that a bot answers: a modal opens, silence is told.
 * @param {() => Promise<import("./api.js").Exchange>} work
 */
async function act(work) {
  const exchange = await attempt(work);
  if (!exchange) return;
  if (exchange.failed) notice("The application did not respond.");
  if (exchange.modal) {
    const modal = exchange.modal;
    showModal(modal, { ...host, use: async () => {} }, async (values) => {
      try {
        const next = await api.modal(state.me, modal.interaction, values);
        return next.failed ? "Something went wrong. Try again." : undefined;
      } catch (error) {
        return error instanceof Refused ? error.message : "The simulator cannot be reached.";
      }
    });
  }
}

/** @param {Message} m @returns {import("./message.js").MessageHost} */
const hostOf = (m) => ({ ...host, use: (customId, values) => act(() => api.component(state.me, m, customId, values)) });

function drawMessages() {
  const log = byId("messages");
  const follow = log.scrollTop + log.clientHeight > log.scrollHeight - 120;
  log.replaceChildren(...state.messages.flatMap((m, at) => {
    const before = state.messages[at - 1];
    const day = new Date(m.timestamp).toDateString();
    const divider = before && new Date(before.timestamp).toDateString() === day ? [] : [h("p", { class: "day" }, new Date(m.timestamp).toLocaleDateString(undefined, { dateStyle: "long" }))];
    return [...divider, drawMessage(m, hostOf(m), before)];
  }));
  if (!state.messages.length) log.append(h("p", { class: "empty" }, channel() ? "Nothing was written here yet." : "Choose a channel."));
  if (follow) log.scrollTop = log.scrollHeight;
}

/** @param {Message} m */
function drawOne(m) {
  const log = byId("messages");
  const at = state.messages.findIndex((o) => o.id === m.id);
  const drawn = drawMessage(m, hostOf(m), state.messages[at - 1]);
  const old = log.querySelector(`[data-id="${m.id}"]`);
  const follow = log.scrollTop + log.clientHeight > log.scrollHeight - 120;
  if (old) old.replaceWith(drawn);
  else {
    log.querySelector(".empty")?.remove();
    log.append(drawn);
  }
  if (follow) log.scrollTop = log.scrollHeight;
}

function drawFrame() {
  const now = channel();
  byId("channel-name").textContent = !now ? "Sandbox" : now.type === 1 ? nameOf(now.recipients?.find((r) => r.id !== state.me)) : `# ${now.name}`;
  byId("channel-topic").textContent = now?.topic ?? "";
  drawPerson(state.people, state.me, state.view, { choose: (id) => void become(id), join, dms: (open) => void attempt(() => api.settings(state.me, { takes_dms: open })) });
  drawChannels(state.view, state.channel, state.me, (id) => void open(id), (c, inside) => void attempt(() => api.voice(state.me, c, inside)));
  drawMembers(guild()?.members ?? [], (m, anchor) => openMenu(anchor, [
    ...(m.id === state.me ? [] : [{ label: "Message", run: () => void openDm(m.id) }]),
    ...state.commands.filter((c) => c.type === 2).map((c) => ({ label: c.name, run: () => void act(() => api.command(state.me, state.channel, { name: c.name, target: m.id })) })),
    { label: "Copy id", run: () => void navigator.clipboard?.writeText(m.id) },
  ]));
  const writes = !!now && (now.type === 1 || (BigInt(now.permissions ?? "0") & (1n << 11n)) !== 0n || [10, 11, 12].includes(now.type));
  text.disabled = !writes;
  text.placeholder = !now ? "Choose a channel" : writes ? "Write a message, /command or !command" : "You cannot write here";
}

/** @param {string} guildId @param {boolean} inside */
function join(guildId, inside) {
  void attempt(async () => {
    await api.membership(state.me, guildId, inside);
    await become(state.me);
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
  const view = await attempt(() => api.view(state.me));
  if (!view) return;
  const named = guild()?.channels.length;
  state.view = view;
  if (!channel()) state.channel = "";
  if (state.channel) state.commands = (await attempt(() => api.commands(state.me, state.channel))) ?? [];
  drawFrame();
  // Messages name channels: one that has just come into sight is named now.
  if (guild()?.channels.length !== named) drawMessages();
}

/** @param {string} id */
async function open(id) {
  state.channel = id;
  compose({});
  byId("side").classList.remove("open");
  byId("open-side").setAttribute("aria-expanded", "false");
  const own = id;
  const [messages, commands] = await Promise.all([
    attempt(() => api.messages(state.me, id)), attempt(() => api.commands(state.me, id))]);
  if (state.channel !== own) return;
  state.messages = messages ?? [];
  state.commands = commands ?? [];
  location.hash = `${state.me}/${id}`;
  drawFrame();
  drawMessages();
  const log = byId("messages");
  log.scrollTop = log.scrollHeight;
}

/** @param {string} id */
async function become(id) {
  state.me = id;
  stopListening();
  const [view, people] = await Promise.all([attempt(() => api.view(id)), attempt(() => api.people())]);
  state.view = view ?? null;
  state.people = people ?? state.people;
  const places = (guild()?.channels ?? []).filter((c) => c.type === 0);
  const kept = places.find((c) => c.id === state.channel) ?? view?.dms.find((c) => c.id === state.channel);
  const first = kept ?? places.find((c) => c.name === "general") ?? places[0];
  state.messages = [];
  state.channel = first?.id ?? "";
  stopListening = listen(id, take, () => void reload());
  if (first) await open(first.id);
  else {
    drawFrame();
    drawMessages();
  }
}

async function reload() {
  await refresh();
  if (state.channel) await open(state.channel);
}

/** @param {() => void} work @param {number} pause */
function soon(work, pause) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(work, pause);
  };
}
const refreshSoon = soon(() => void refresh(), 150);
const rereadSoon = soon(async () => {
  const own = state.channel;
  const messages = await attempt(() => api.messages(state.me, own));
  if (messages && own === state.channel) {
    state.messages = messages;
    drawMessages();
  }
}, 100);

/** @param {any} line */
function take(line) {
  if (line.kind === "missed") return void reload();
  if (line.kind !== "event") return addTraffic(line);
  const { t, d } = line;
  const here = d.channel_id === state.channel;
  if (t === "MESSAGE_CREATE" && here) {
    state.typing.delete(d.author.id);
    drawTyping();
    state.messages.push(d);
    drawOne(d);
  } else if (t === "MESSAGE_UPDATE" && here) {
    const at = state.messages.findIndex((m) => m.id === d.id);
    if (at >= 0) {
      state.messages[at] = { ...d, reactions: state.messages[at]?.reactions };
      drawOne(d);
    }
  } else if (t === "MESSAGE_DELETE" && here) {
    state.messages = state.messages.filter((m) => m.id !== d.id);
    drawMessages();
  } else if (/^MESSAGE_(DELETE_BULK|REACTION)/.test(t) && here) rereadSoon();
  else if (t === "TYPING_START" && here && d.user_id !== state.me) {
    state.typing.set(d.user_id, { name: nameOf(person(d.user_id)), until: Date.now() + TYPING_SHOWN });
    drawTyping();
    setTimeout(drawTyping, TYPING_SHOWN + 50);
  } else if (t === "MESSAGE_CREATE" && !d.guild_id && !state.view?.dms.some((c) => c.id === d.channel_id)) refreshSoon();
  else if (/^(CHANNEL|THREAD|GUILD|VOICE)_/.test(t) && t !== "GUILD_AUDIT_LOG_ENTRY_CREATE") refreshSoon();
}

function drawTyping() {
  const names = [...state.typing.values()].filter((w) => w.until > Date.now()).map((w) => w.name);
  byId("typing").textContent = names.length ? `${names.slice(0, 3).join(", ")} ${names.length > 1 ? "are" : "is"} typing …` : "";
}

/** @param {{ replyTo?: Message, editing?: Message }} what */
function compose({ replyTo, editing }) {
  state.replyTo = replyTo ?? null;
  state.editing = editing ?? null;
  const target = replyTo ?? editing;
  byId("reply").replaceChildren(...(target ? [h("p", {}, replyTo ? `Replying to ${nameOf(person(target.author.id), target.author.username)}` : "Editing your message",
    h("button", { type: "button", class: "plain", onclick: () => compose({}) }, "Cancel"))] : []));
  if (editing) text.value = editing.content;
  byId("command").replaceChildren();
  if (target) text.focus();
}

/** @param {Runnable} command */
function startCommand(command) {
  const close = () => {
    byId("command").replaceChildren();
    text.focus();
  };
  text.value = "";
  const run = async (/** @type {Runnable} */ c, /** @type {Record<string, unknown>} */ options) => {
    close();
    await act(() => api.command(state.me, state.channel, { name: c.name, options, application: c.application }));
  };
  if (!command.options.length) return void run(command, {});
  const complete = async (/** @type {Runnable} */ c, /** @type {Record<string, unknown>} */ options, /** @type {string} */ focused) => {
    const exchange = await api.command(state.me, state.channel, { name: c.name, options, focused, application: c.application });
    return exchange.choices;
  };
  const form = drawForm(command, { ...host, complete, run, closed: close });
  byId("command").replaceChildren(form);
  /** @type {HTMLElement | null} */ (form.querySelector("input, select"))?.focus();
}

function drawSlash() {
  const typed = /^\/([\w -]*)$/.exec(text.value)?.[1];
  const form = byId("command").querySelector(".command-form");
  if (typed === undefined) {
    if (!form) byId("command").replaceChildren();
    text.removeAttribute("aria-activedescendant");
    return;
  }
  byId("command").replaceChildren(drawPicker(runnable(state.commands), typed, startCommand));
  text.setAttribute("aria-activedescendant", "picker-0");
}

/** @param {number} by */
function movePick(by) {
  const items = [...byId("command").querySelectorAll("[role=option]")];
  if (!items.length) return;
  const now = items.findIndex((i) => i.getAttribute("aria-selected") === "true");
  const next = (now + by + items.length) % items.length;
  items.forEach((i, at) => i.setAttribute("aria-selected", String(at === next)));
  items[next]?.scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", items[next]?.id ?? "");
}

async function send() {
  const content = text.value.trim();
  const picked = /** @type {HTMLElement | null} */ (byId("command").querySelector("[role=option][aria-selected=true]"));
  if (content.startsWith("/") && picked) return picked.click();
  const input = /** @type {HTMLInputElement} */ (byId("file"));
  const file = input.files?.[0];
  if ((!content && !file) || !state.channel) return;
  const { editing, replyTo } = state;
  const sent = await attempt(async () => {
    if (editing) return api.edit(state.me, editing, content);
    return api.write(state.me, state.channel, {
      content, reply_to: replyTo?.id, file: file ? { name: file.name, base64: await base64(file) } : undefined });
  });
  if (!sent) return;
  text.value = "";
  input.value = "";
  byId("attach").classList.remove("filled");
  compose({});
}

/** @param {File} file @returns {Promise<string>} */
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @param {string} button @param {(open: boolean) => void} show */
function toggle(button, show) {
  const element = byId(button);
  element.addEventListener("click", () => {
    const open = element.getAttribute("aria-expanded") !== "true";
    element.setAttribute("aria-expanded", String(open));
    show(open);
  });
}

async function start() {
  prepareTraffic();
  toggle("open-side", (open) => byId("side").classList.toggle("open", open));
  toggle("open-members", (open) => (byId("members").hidden = !open));
  toggle("open-traffic", (open) => (byId("traffic").hidden = !open));
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  byId("file").addEventListener("change", (e) => byId("attach").classList.toggle("filled", !!(/** @type {HTMLInputElement} */ (e.target)).files?.length));
  text.addEventListener("input", () => {
    drawSlash();
    if (text.value && !text.value.startsWith("/") && Date.now() - typedAt > TYPING_EVERY) {
      typedAt = Date.now();
      void api.typing(state.me, state.channel).catch(() => {});
    }
  });
  text.addEventListener("keydown", (event) => {
    const picking = !!byId("command").querySelector(".picker");
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void send();
    } else if (picking && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      movePick(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") compose({});
  });
  const closeSide = () => {
    if (byId("side").classList.contains("open")) byId("open-side").click();
  };
  byId("messages").addEventListener("click", closeSide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeSide());
  // The newest message stays in sight when the drawer or the keyboard takes room.
  let height = 0;
  new ResizeObserver(() => {
    const log = byId("messages");
    if (log.scrollTop + height > log.scrollHeight - 120) log.scrollTop = log.scrollHeight;
    height = log.clientHeight;
  }).observe(byId("messages"));
  state.people = (await attempt(() => api.people())) ?? [];
  state.people.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const [wantedPerson, wantedChannel] = location.hash.slice(1).split("/");
  const humans = state.people.filter((p) => !p.bot);
  const first = humans.find((p) => p.id === wantedPerson) ?? humans.find((p) => p.standing === "member") ?? humans[0];
  state.channel = wantedChannel ?? "";
  if (first) await become(first.id);
  if (window.matchMedia("(min-width: 75rem)").matches) byId("open-members").click();
}

void start();
