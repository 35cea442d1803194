// @ts-check
/** The messages of the channel that is open: drawn once, then changed one by one. */

import { byId, h, icon } from "./dom.js";
import { drawForum } from "./forum.js";
import { avatar, authorOf, drawMessage } from "./message.js";
import { plainText } from "./markdown.js";
import { TYPE, channel, channelName, guild, names, nameOf, state } from "./state.js";
import { day } from "./time.js";
import { markRead } from "./unread.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./message.js").MessageHost} MessageHost
 */

/** Within this many pixels of the end, new messages are followed. */
const NEAR_END = 140;
/** Characters of a new message that are read aloud. */
const READ_ALOUD = 200;

/** The kind of the message that stands for the one which a thread was started on. */
const STARTER = 21;

/** @type {(m: Message) => MessageHost} */
let hostOf = () => {
  throw new Error("the feed was not prepared");
};
/** @type {() => void} */
let askOlder = () => {};
/** @type {() => void} */
let beginPost = () => {};
const log = () => byId("messages");

export function atEnd() {
  const box = log();
  return box.scrollTop + box.clientHeight > box.scrollHeight - NEAR_END;
}

export function toEnd() {
  log().scrollTop = log().scrollHeight;
  jumpShown();
}

function jumpShown() {
  byId("to-end").hidden = atEnd() || channel()?.type === TYPE.FORUM;
}

/**
 * @param {(m: Message) => MessageHost} host
 * @param {() => void} older asks for older messages
 * @param {() => void} post begins a post in the forum that is open
 */
export function prepareFeed(host, older, post) {
  hostOf = host;
  askOlder = older;
  beginPost = post;
  log().addEventListener("scroll", () => {
    jumpShown();
    if (atEnd()) markRead(state.channel, channel()?.last_message_id);
  }, { passive: true });
  byId("to-end").addEventListener("click", toEnd);
  log().addEventListener("focusin", (event) => {
    const at = /** @type {HTMLElement} */ (event.target).closest(".message");
    if (at) for (const m of log().querySelectorAll(".message")) /** @type {HTMLElement} */ (m).tabIndex = m === at ? 0 : -1;
  });
  log().addEventListener("keydown", (event) => {
    const all = /** @type {HTMLElement[]} */ ([...log().querySelectorAll(".message")]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0 && document.activeElement !== log()) return;
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || (at < 0 && event.key !== "ArrowUp")) return;
    event.preventDefault();
    if (to >= all.length) byId("composer-text").focus();
    else all[Math.max(0, to)]?.focus();
  });
  // The newest message stays in sight when the drawer, a command or the keyboard takes room.
  let height = log().clientHeight;
  new ResizeObserver(() => {
    const box = log();
    if (box.scrollTop + height > box.scrollHeight - NEAR_END) box.scrollTop = box.scrollHeight;
    height = box.clientHeight;
  }).observe(log());
}

/** Draws everything again. @param {boolean} [end] goes to the newest message */
export function drawFeed(end = atEnd()) {
  const box = log();
  const from = box.scrollHeight - box.scrollTop;
  box.replaceChildren(...(channel()?.type === TYPE.FORUM ? drawForum({ draw: () => drawFeed(false), begin: beginPost }) : [...top(), ...state.messages.flatMap((m, at) => rows(m, state.messages[at - 1]))]));
  const last = /** @type {HTMLElement | undefined} */ ([...box.querySelectorAll(".message")].at(-1));
  if (last) last.tabIndex = 0;
  box.scrollTop = channel()?.type === TYPE.FORUM ? (end ? 0 : box.scrollTop) : end ? box.scrollHeight : box.scrollHeight - from;
  jumpShown();
}

function top() {
  const here = channel();
  if (!here) {
    return [h("div", { class: "welcome" }, icon("people"), h("p", { class: "heading size-1" }, guild() ? "Choose a channel" : "In no server"),
      h("p", {}, guild() ? "The channels that you may see stand at the side." : "Join the server at the side, or be somebody else."))];
  }
  if (state.older) return [h("p", { class: "older" }, h("button", { type: "button", class: "button secondary", onclick: () => askOlder() }, "Show earlier messages"))];
  const other = here.recipients?.find((r) => r.id !== state.me);
  return [h("div", { class: "welcome" }, other ? avatar(other, 56) : icon(here.thread_metadata ? "thread" : here.type === TYPE.VOICE ? "voice" : "text"),
    h("p", { class: "heading size-1" }, channelName(here)),
    h("p", {}, other ? "The beginning of your direct messages." : here.topic || `The beginning of this ${here.thread_metadata ? "thread" : "channel"}.`))];
}

/** @param {Message} m @param {Message | undefined} before @returns {HTMLElement[]} */
function rows(m, before) {
  /** @type {HTMLElement[]} */
  const out = [];
  const newDay = !before || new Date(before.timestamp).toDateString() !== new Date(m.timestamp).toDateString();
  if (newDay) out.push(h("p", { class: "divider" }, h("span", {}, day(m.timestamp))));
  const firstNew = state.readUpTo !== "" && before && BigInt(before.id) <= BigInt(state.readUpTo) && BigInt(m.id) > BigInt(state.readUpTo) && m.author.id !== state.me;
  if (firstNew) out.push(h("p", { class: "divider new" }, h("span", {}, "New")));
  // A thread begins with the message that it was started on.
  const start = m.type === STARTER && m.referenced_message ? { ...m.referenced_message, thread: undefined } : m;
  out.push(drawMessage(start, hostOf(start), newDay || firstNew ? undefined : before));
  return out;
}

/** Puts a new message at the end. @param {Message} m */
export function addMessage(m) {
  const follow = atEnd() || m.author.id === state.me;
  const before = state.messages.at(-1);
  state.messages.push(m);
  log().append(...rows(m, before));
  if (follow) toEnd();
  else jumpShown();
  if (m.author.id !== state.me) announce(`${nameOf(authorOf(m, hostOf(m)), m.author.username)}: ${plainText(m.content.slice(0, READ_ALOUD), names) || spoken(m)}`);
}

/** What a message without text is. @param {Message} m */
function spoken(m) {
  const e = m.embeds[0];
  if (e) return [e.title, e.description].filter(Boolean).join(". ").slice(0, READ_ALOUD);
  const text = JSON.stringify(m.components).match(/"content":"((?:[^"\\]|\\.)*)"/)?.[1];
  return text ? text.slice(0, READ_ALOUD) : m.attachments.length ? "a file" : "a message";
}

/** Draws a message again where it stands. @param {Message} m */
export function changeMessage(m) {
  const at = state.messages.findIndex((o) => o.id === m.id);
  const old = log().querySelector(`[data-id="${CSS.escape(m.id)}"]`);
  if (at < 0 || !(old instanceof HTMLElement)) return;
  const follow = atEnd();
  state.messages[at] = m;
  const focused = old.contains(document.activeElement);
  const labelOf = (/** @type {Element | null} */ e) => e?.getAttribute("aria-label") ?? (e instanceof HTMLInputElement ? e.value : e?.textContent);
  const label = focused ? labelOf(document.activeElement) : null;
  const fresh = drawMessage(m, hostOf(m), old.classList.contains("close") ? state.messages[at - 1] : undefined);
  fresh.tabIndex = old.tabIndex;
  old.replaceWith(fresh);
  if (focused) {
    // Who pressed a button keeps their place, even though the bot has drawn the message anew.
    const same = [...fresh.querySelectorAll("button, a, input")].find((b) => labelOf(b) === label);
    /** @type {HTMLElement} */ (same ?? fresh).focus({ preventScroll: true });
  }
  if (follow) toEnd();
}

/** Takes messages out. @param {Set<string>} ids */
export function dropMessages(ids) {
  const had = log().contains(document.activeElement);
  state.messages = state.messages.filter((m) => !ids.has(m.id));
  drawFeed();
  if (had && !log().contains(document.activeElement)) log().focus({ preventScroll: true });
}

/** Shows the message that was answered. @param {string} id */
export function jumpTo(id) {
  const found = /** @type {HTMLElement | null} */ (log().querySelector(`[data-id="${CSS.escape(id)}"]`));
  if (!found) return announce("That message is not among those shown.");
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
}

/**
 * A row for a command that is on its way. Gives what ends it: without a text it vanishes, with one it says so in red.
 * @param {string} what
 * @returns {(problem?: string) => void}
 */
export function waiting(what) {
  const here = state.channel;
  const line = h("p", { class: "sending", role: "status" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), what);
  const follow = atEnd();
  byId("sending").append(line);
  if (follow) toEnd();
  return (problem) => {
    if (!problem || state.channel !== here) return line.remove();
    line.className = "sending failed";
    line.replaceChildren(icon("close"), problem, " ", h("button", { type: "button", class: "plain", onclick: () => line.remove() }, "Dismiss"));
  };
}

/** Tells readers of the screen. @param {string} what */
export function announce(what) {
  byId("announcer").replaceChildren(h("p", {}, what));
}
