// @ts-check
/** The left and right columns: who you are, channels, members. */

import { byId, css, h } from "./dom.js";
import { avatar, nameOf } from "./message.js";

const VOICE = 2;
const CATEGORY = 4;
const ICONS = /** @type {Record<number, string>} */ ({ 0: "#", 2: "♪", 5: "!", 10: "↳", 11: "↳", 12: "↳", 15: "≡" });
const STANDINGS = ["owner", "admin", "moderator", "member", "newcomer"];

/**
 * @param {import("./api.js").Person[]} people
 * @param {string} me
 * @param {import("./api.js").View | null} view
 * @param {{ choose: (id: string) => void, join: (guild: string, inside: boolean) => void, dms: (open: boolean) => void }} acts
 */
export function drawPerson(people, me, view, acts) {
  const pick = /** @type {HTMLSelectElement} */ (byId("person-pick"));
  const humans = people.filter((p) => !p.bot).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const groups = [...STANDINGS, undefined].map((standing) => {
    const inside = humans.filter((p) => p.standing === standing);
    return inside.length ? h("optgroup", { label: standing ?? "not in the server" }, inside.map((p) =>
      h("option", { value: p.id, selected: p.id === me }, nameOf(p)))) : null;
  });
  pick.replaceChildren(...groups.filter((g) => g !== null));
  pick.onchange = () => acts.choose(pick.value);
  const first = view?.guilds[0];
  byId("person-acts").replaceChildren(
    ...(view?.joinable ?? []).map((g) => h("button", { type: "button", class: "button primary", onclick: () => acts.join(g.id, true) }, `Join ${g.name}`)),
    ...(first && first.owner_id !== me ? [h("button", { type: "button", class: "plain", onclick: () => acts.join(first.id, false) }, "Leave the server")] : []),
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: view?.takes_dms ?? true,
      onchange: (/** @type {Event} */ e) => acts.dms((/** @type {HTMLInputElement} */ (e.target)).checked) }), " Direct messages"));
}

/**
 * @param {import("./api.js").View | null} view
 * @param {string} current
 * @param {string} me
 * @param {(id: string) => void} open
 * @param {(channel: import("./api.js").Channel, inside: boolean) => void} voice
 */
export function drawChannels(view, current, me, open, voice) {
  const guild = view?.guilds[0];
  const channels = guild?.channels ?? [];
  const link = (/** @type {import("./api.js").Channel} */ c) =>
    h("button", { type: "button", class: c.id === current ? "channel here" : "channel", "aria-current": c.id === current ? "page" : undefined,
      onclick: () => open(c.id) }, h("span", { "aria-hidden": "true" }, ICONS[c.type] ?? "#"), ` ${c.name}`);
  const threads = (/** @type {string} */ parent) => channels.filter((c) => c.parent_id === parent && c.thread_metadata && !c.thread_metadata.archived);
  const categories = new Set(channels.filter((c) => c.type === CATEGORY).map((c) => c.id));
  // A channel whose category the person can't see stands on its own, above the categories.
  const above = (/** @type {import("./api.js").Channel} */ c) => (c.parent_id && categories.has(c.parent_id) ? c.parent_id : null);
  const rooms = (/** @type {string | null} */ parent) => channels.filter((c) => above(c) === parent && c.type !== CATEGORY && !c.thread_metadata);
  const room = (/** @type {import("./api.js").Channel} */ c) => {
    const inside = (guild?.voice ?? []).filter((v) => v.channel === c.id);
    const mine = inside.some((v) => v.user === me);
    return [
      h("button", { type: "button", class: "plain", "aria-label": `${mine ? "Leave" : "Join"} the voice channel ${c.name}`, onclick: () => voice(c, !mine) }, mine ? "Leave" : "Join"),
      inside.length > 0 && h("ul", { "aria-label": `In ${c.name}` }, inside.map((v) => h("li", { class: "in-voice" }, nameOf(guild?.members.find((m) => m.id === v.user)))))];
  };
  const item = (/** @type {import("./api.js").Channel} */ c) => h("li", {}, c.type === VOICE ? h("div", { class: "voice" }, link(c), room(c)) : link(c),
    threads(c.id).length > 0 && h("ul", {}, threads(c.id).map((t) => h("li", {}, link(t)))));
  const groups = channels.filter((c) => c.type === CATEGORY && rooms(c.id).length).map((c) =>
    h("section", {}, h("h2", {}, c.name ?? ""), h("ul", {}, rooms(c.id).map(item))));
  const dms = (view?.dms ?? []).map((c) => {
    const other = c.recipients?.find((r) => r.id !== me);
    return h("li", {}, h("button", { type: "button", class: c.id === current ? "channel here" : "channel", onclick: () => open(c.id) }, `@ ${nameOf(other)}`));
  });
  byId("channels").replaceChildren(
    ...(guild ? [h("p", { class: "guild" }, guild.name)] : [h("p", { class: "guild" }, "In no server")]),
    h("ul", {}, rooms(null).map(item)), ...groups,
    ...(dms.length ? [h("section", {}, h("h2", {}, "Direct messages"), h("ul", {}, dms))] : []));
}

/**
 * @param {import("./api.js").Person[]} members
 * @param {(m: import("./api.js").Person, anchor: HTMLElement) => void} menu
 */
export function drawMembers(members, menu) {
  const groups = [...STANDINGS, "bot"].map((standing) => {
    const inside = members.filter((m) => (m.bot ? "bot" : m.standing) === standing)
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    if (!inside.length) return null;
    return h("section", {}, h("h2", {}, `${standing} — ${inside.length}`), h("ul", {}, inside.map((m) => {
      const name = h("span", {}, nameOf(m));
      if (m.color) name.style.setProperty("--name", css(m.color));
      const button = h("button", { type: "button", class: "member", "aria-haspopup": "menu" }, avatar(m), name);
      button.addEventListener("click", () => menu(m, button));
      return h("li", {}, button);
    })));
  });
  byId("members").replaceChildren(...groups.filter((g) => g !== null));
}
