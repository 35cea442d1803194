// @ts-check
/** The side columns: the server, its channels, direct messages, who you are; members. */

import { paint } from "./color.js";
import { byId, h, icon, oneStop } from "./dom.js";
import { avatar } from "./message.js";
import { STANDINGS, standingOf } from "./people.js";
import { TYPE, channel, channelName, guild, isThread, nameOf, person, state } from "./state.js";
import { isUnread, pingsIn } from "./unread.js";

/**
 * @typedef {import("./api.js").Channel} Channel
 * @typedef {import("./api.js").Person} Person
 * @typedef {{ open: (id: string) => void, voice: (channel: Channel, inside: boolean) => void, join: (guild: string) => void,
 *   invited: () => void, guildMenu: (anchor: HTMLElement) => void, people: () => void, settings: () => void, profile: (id: string) => void }} SideActs
 */

/** @param {Channel} c @returns {import("./dom.js").IconName} */
export function channelIcon(c) {
  if (isThread(c)) return "thread";
  return /** @type {Record<number, import("./dom.js").IconName>} */ ({ 2: "voice", 5: "news", 13: "voice", 15: "forum" })[c.type] ?? "text";
}

/** Categories that were folded by hand. @type {Set<string>} */
const folded = new Set();

/** @param {SideActs} acts */
export function drawSide(acts) {
  const focused = document.activeElement?.getAttribute("data-channel");
  const first = guild();
  byId("server").replaceChildren(first
    ? h("button", { type: "button", class: "server", "aria-haspopup": "menu", onclick: (/** @type {Event} */ e) => acts.guildMenu(/** @type {HTMLElement} */ (e.currentTarget)) }, h("span", {}, first.name), icon("down"))
    : h("p", { class: "server" }, "In no server"));
  drawChannels(acts);
  const me = person(state.me);
  byId("person").replaceChildren(...(me ? [
    h("button", { type: "button", class: "me", onclick: acts.people, "aria-haspopup": "dialog", title: "Be somebody else" },
      avatar(me, 36), h("span", { class: "two-lines" }, h("span", { class: "hidden" }, "You are "), h("strong", {}, nameOf(me)), h("span", { class: "hidden" }, ", "), h("small", {}, standingOf(me)))),
    h("button", { type: "button", class: "icon-button", "aria-label": "Settings", title: "Settings", "aria-haspopup": "dialog", onclick: acts.settings }, icon("gear"))] : []));
  if (focused) /** @type {HTMLElement | null} */ (byId("channels").querySelector(`[data-channel="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
}

/** @param {SideActs} acts */
function drawChannels(acts) {
  const first = guild();
  const list = first?.channels ?? [];
  const link = (/** @type {Channel} */ c) => {
    const pings = pingsIn(c.id);
    const here = c.id === state.channel;
    const unread = isUnread(c) || pings > 0;
    const other = c.recipients?.find((r) => r.id !== state.me);
    return h("button", { type: "button", class: ["channel", here && "here", unread && "unread"].filter(Boolean).join(" "), "data-channel": c.id,
      "aria-current": here ? "page" : undefined, onclick: () => acts.open(c.id) },
      other ? avatar(other, 28) : icon(channelIcon(c)), h("span", { class: "channel-name" }, channelName(c)),
      pings > 0 ? h("span", { class: "pings" }, h("span", { "aria-hidden": "true" }, String(pings)), h("span", { class: "hidden" }, `, ${pings} for you`))
        : unread && h("span", { class: "hidden" }, ", unread"));
  };
  // A forum lists its posts itself: only the one that is open, and those that call, stand at the side.
  const threads = (/** @type {string} */ parent) => list.filter((c) => c.parent_id === parent && isThread(c) && (c.id === state.channel || pingsIn(c.id) > 0
    || (!c.thread_metadata?.archived && list.find((p) => p.id === parent)?.type !== TYPE.FORUM)));
  const item = (/** @type {Channel} */ c) => h("li", {}, c.type === TYPE.VOICE ? voice(c, link(c), acts) : link(c),
    threads(c.id).length > 0 && h("ul", { class: "threads", "aria-label": `Threads of ${c.name}` }, threads(c.id).map((t) => h("li", {}, link(t)))));
  const categories = list.filter((c) => c.type === TYPE.CATEGORY);
  const known = new Set(categories.map((c) => c.id));
  // A channel whose category the person can't see stands on its own, above the categories.
  const above = (/** @type {Channel} */ c) => (c.parent_id && known.has(c.parent_id) ? c.parent_id : null);
  const rooms = (/** @type {string | null} */ parent) => list.filter((c) => above(c) === parent && c.type !== TYPE.CATEGORY && !isThread(c));
  const group = (/** @type {Channel} */ c) => {
    const inside = rooms(c.id);
    const shown = folded.has(c.id) ? inside.filter((r) => r.id === state.channel || isUnread(r)) : inside;
    return h("section", {}, h("h2", {}, h("button", { type: "button", class: "category", "data-channel": c.id, "aria-expanded": String(!folded.has(c.id)), onclick: () => {
      if (!folded.delete(c.id)) folded.add(c.id);
      drawSide(acts);
    } }, icon("down"), c.name ?? "")), h("ul", {}, shown.map(item)));
  };
  const dms = state.view?.dms ?? [];
  byId("channels").replaceChildren(
    ...(state.view?.joinable ?? []).map((g) => h("button", { type: "button", class: "button primary join", onclick: () => acts.join(g.id) }, icon("enter"), `Join ${g.name}`)),
    ...(guild() ? [] : [h("button", { type: "button", class: "button secondary join", onclick: acts.invited }, icon("link"), "I have an invitation")]),
    ...(rooms(null).length ? [h("ul", {}, rooms(null).map(item))] : []), ...categories.filter((c) => rooms(c.id).length).map(group),
    ...(dms.length ? [h("section", {}, h("h2", { class: "plain-heading" }, "Direct messages"), h("ul", {}, dms.map(item)))] : []));
  oneStop(byId("channels"), ".channel, .category", ".here");
}

/** @param {Channel} c @param {HTMLElement} link @param {SideActs} acts */
function voice(c, link, acts) {
  const inside = (guild()?.voice ?? []).filter((v) => v.channel === c.id);
  const mine = inside.some((v) => v.user === state.me);
  return h("div", { class: "voice" }, h("div", { class: "voice-head" }, link,
    h("button", { type: "button", class: "icon-button small", "aria-label": `${mine ? "Leave" : "Join"} the voice channel ${c.name}`, title: mine ? "Leave" : "Join", onclick: () => acts.voice(c, !mine) }, icon(mine ? "leave" : "enter"))),
    inside.length > 0 && h("ul", { class: "in-voice", "aria-label": `In ${c.name}` }, inside.map((v) => {
      const who = person(v.user);
      return h("li", {}, who && avatar(who, 20), nameOf(who));
    })));
}

/** @param {SideActs} acts */
export function drawMembers(acts) {
  // A direct message has two people in it, whoever else is in the server.
  const direct = channel()?.recipients?.map((r) => r.id);
  const members = (guild()?.members ?? []).filter((m) => !direct || m.id === state.me || direct.includes(m.id));
  const focused = document.activeElement?.getAttribute("data-member");
  const groups = [...STANDINGS, "app"].map((standing) => {
    const inside = members.filter((m) => (m.bot ? "app" : m.standing) === standing).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    if (!inside.length) return null;
    return h("section", {}, h("h2", {}, `${standing}${inside.length > 1 && standing !== "newcomer" ? "s" : ""} · ${inside.length}`), h("ul", {}, inside.map((m) => {
      const name = h("span", { class: "member-name" }, nameOf(m));
      paint(name, m.color);
      return h("li", {}, h("button", { type: "button", class: "member", "data-member": m.id, "aria-haspopup": "dialog", onclick: () => acts.profile(m.id) },
        h("span", { class: `presence ${m.status ?? ""}` }, avatar(m, 32)), name, m.bot && h("span", { class: "tag" }, "APP"), m.id === state.me && h("span", { class: "you" }, "you")));
    })));
  });
  byId("member-list").replaceChildren(...groups.filter((g) => g !== null));
  oneStop(byId("member-list"), ".member", ".member");
  if (focused) /** @type {HTMLElement | null} */ (byId("member-list").querySelector(`[data-member="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
}
