// @ts-check
/** Choosing who you are, and what the page tells about somebody. */

import { css, paint } from "./color.js";
import { byId, h, icon, iconButton, soon } from "./dom.js";
import { avatar } from "./message.js";
import { guild, nameOf, person, rolesOf, state } from "./state.js";

/** @typedef {import("./api.js").Person} Person */

export const STANDINGS = ["owner", "admin", "moderator", "member", "newcomer"];
/** Pause after the last key before the simulator is asked, in milliseconds. */
const TYPING_PAUSE = 150;

/** @param {Person} who */
export function standingOf(who) {
  return who.standing ?? "not in the server";
}

/** @param {import("./api.js").Role} role */
function roleChip(role) {
  const dot = h("i", { class: "role-dot" });
  if (role.color) dot.style.setProperty("--own", css(role.color));
  return h("span", { class: "role" }, dot, role.name);
}

/**
 * Opens the list of everybody.
 * @param {{ find: (typed: string) => Promise<Person[]>, become: (id: string) => void, make: (name: string) => Promise<Person | undefined> }} acts
 */
export async function choosePerson({ find, become, make }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("people"));
  const search = h("input", { type: "text", class: "search", enterKeyHint: "search", id: "people-search", placeholder: "Name, role or standing", "aria-label": "Search for somebody", autocomplete: "off",
    role: "combobox", "aria-expanded": "true", "aria-controls": "people-list", "aria-autocomplete": "list" });
  const list = h("div", { role: "listbox", id: "people-list", "aria-label": "Be somebody", tabIndex: -1 });
  /** @type {Person[]} */
  let shown = [];
  let at = 0;
  let drawnFor = "";
  const take = (/** @type {Person | undefined} */ who) => {
    if (!who) return;
    dialog.close();
    become(who.id);
  };
  const mark = () => {
    [...list.querySelectorAll("[role=option]")].forEach((o, n) => {
      o.classList.toggle("at", n === at);
      if (n === at) {
        search.setAttribute("aria-activedescendant", o.id);
        o.scrollIntoView({ block: "nearest" });
      }
    });
  };
  const draw = async () => {
    const typed = search.value.trim();
    const found = (await find(typed)).filter((p) => !p.bot);
    if (search.value.trim() !== typed) return;
    drawnFor = typed;
    const groups = [...STANDINGS, undefined].map((standing) => ({ standing, inside: found.filter((p) => p.standing === standing).sort((a, b) => nameOf(a).localeCompare(nameOf(b))) }));
    shown = groups.flatMap((g) => g.inside);
    at = Math.max(0, shown.findIndex((p) => p.id === state.me));
    let n = 0;
    list.replaceChildren(...groups.filter((g) => g.inside.length).map((g) => {
      const title = g.standing ?? "not in the server";
      return h("div", { role: "group", "aria-label": title }, h("p", { class: "group-title", "aria-hidden": "true" }, title), g.inside.map((p) => {
        const name = h("strong", {}, nameOf(p));
        paint(name, p.color);
        return h("div", { role: "option", class: "person", id: `person-${n++}`, "aria-selected": String(p.id === state.me), onclick: () => take(p) },
          avatar(p, 40), h("span", { class: "two-lines" }, h("span", {}, name, h("small", { class: "username" }, p.username)),
            h("span", { class: "roles" }, (p.role_names ?? []).map((r) => h("span", { class: "role" }, r)))), p.id === state.me && icon("check"));
      }));
    }));
    if (!shown.length) list.append(h("p", { class: "nothing" }, "Nobody of this name."));
    add.hidden = !typed || shown.some((p) => nameOf(p).toLowerCase() === typed.toLowerCase());
    add.replaceChildren(icon("plus"), `Add “${typed}” as somebody new`);
    mark();
  };
  const add = h("button", { type: "button", class: "button secondary", hidden: true, onclick: async () => {
    const made = await make(search.value.trim());
    if (made) take(made);
  } });
  search.addEventListener("input", soon(() => void draw(), TYPING_PAUSE));
  search.addEventListener("keydown", async (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) at = (at + step + shown.length) % shown.length;
    else if (event.key === "Enter") {
      event.preventDefault();
      // Fast fingers are ahead of the answer.
      if (search.value.trim() !== drawnFor) await draw();
      if (shown.length) take(shown[at]);
      else add.click();
      return;
    } else return;
    event.preventDefault();
    mark();
  });
  dialog.replaceChildren(h("header", {}, h("h2", { id: "people-title" }, "Who are you?"), iconButton("close", "Close", () => dialog.close())), search, list, h("footer", {}, add));
  await draw();
  dialog.showModal();
  search.focus();
  mark();
}

/**
 * Shows somebody: names, roles, what can be done.
 * @param {string} id
 * @param {{ message: (id: string) => void, become: (id: string) => void, command: (name: string, target: string) => void }} acts
 */
export function showProfile(id, acts) {
  const who = person(id);
  if (!who) return;
  const dialog = /** @type {HTMLDialogElement} */ (byId("profile"));
  const act = (/** @type {() => void} */ work) => () => {
    dialog.close();
    work();
  };
  const name = h("h2", { id: "profile-title" }, nameOf(who));
  paint(name, who.color);
  const roles = rolesOf(who);
  const apps = guild() && who.standing ? state.commands.filter((c) => c.type === 2) : [];
  dialog.setAttribute("aria-labelledby", "profile-title");
  dialog.replaceChildren(
    h("header", {}, avatar(who, 72), h("div", { class: "two-lines" }, name, h("span", { class: "username" }, who.username), h("small", {}, who.bot ? "an application" : standingOf(who))), iconButton("close", "Close", () => dialog.close())),
    h("div", { class: "roles", role: "group", "aria-label": "Roles" }, roles.length ? roles.map(roleChip) : h("small", {}, "No roles")),
    h("div", { class: "profile-acts" },
      id !== state.me && h("button", { type: "button", class: "button primary", onclick: act(() => acts.message(id)) }, icon("send"), "Message"),
      id !== state.me && !who.bot && h("button", { type: "button", class: "button secondary", onclick: act(() => acts.become(id)) }, icon("people"), `Be ${nameOf(who)}`),
      h("button", { type: "button", class: "button secondary", onclick: () => void navigator.clipboard?.writeText(id) }, icon("copy"), "Copy id")),
    ...(apps.length ? [h("div", { class: "profile-acts", role: "group", "aria-label": "Apps" }, h("p", { class: "group-title" }, "Apps"),
      apps.map((c) => h("button", { type: "button", class: "button secondary", onclick: act(() => acts.command(c.name, id)) }, icon("app"), c.name)))] : []));
  if (!dialog.open) dialog.showModal();
}
