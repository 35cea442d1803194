// @ts-check
/** The list that opens at a select: search, arrow keys, one or several choices. */

import { byId, h, icon, iconButton } from "./dom.js";

/**
 * What can be chosen from.
 * @typedef {{ members: () => { id: string, name: string }[], roles: () => { id: string, name: string }[],
 *   channels: (types?: number[]) => { id: string, name: string }[] }} Things
 * @typedef {{ value: string, label: string, description?: string, chosen?: boolean }} Choice
 */

/** Lists longer than this get a search box. */
const SEARCH_FROM = 8;
/** Options drawn at once; the search finds the others. */
const MOST_DRAWN = 100;
/** Room kept between the list and the window's edges, in pixels. */
const EDGE = 8;

/** @param {any} c */
function optionLabel(c) {
  const sign = c.emoji && !c.emoji.id ? c.emoji.name : "";
  return [sign, c.label].filter(Boolean).join(" ");
}

/**
 * What can be chosen in a select of any kind.
 * @param {any} c
 * @param {Things} host
 * @returns {Choice[]}
 */
export function optionsOf(c, host) {
  if (c.type === 3 || c.type === 21 || c.type === 22) {
    return (c.options ?? []).map((/** @type {any} */ o) => ({
      value: o.value, label: optionLabel(o), description: o.description, chosen: !!o.default,
    }));
  }
  const defaults = new Set((c.default_values ?? []).map((/** @type {any} */ d) => d.id));
  const things = [
    ...(c.type === 5 || c.type === 7 ? host.members().map((m) => ({ ...m, name: `@${m.name}` })) : []),
    ...(c.type === 6 || c.type === 7 ? host.roles().map((r) => ({ ...r, name: `@${r.name}` })) : []),
    ...(c.type === 8 ? host.channels(c.channel_types).map((ch) => ({ ...ch, name: `#${ch.name}` })) : []),
  ];
  return things.map((t) => ({ value: t.id, label: t.name, chosen: defaults.has(t.id) }));
}

/** @param {Choice[]} chosen */
export function chosenText(chosen) {
  return chosen.map((o) => o.label).join(", ");
}

/**
 * Opens the list. Gives the values, or nothing if it was closed without a choice.
 * @param {HTMLElement} anchor
 * @param {{ title: string, options: Choice[], least: number, most: number }} what
 * @returns {Promise<string[] | undefined>}
 */
export function choose(anchor, { title, options, least, most }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("chooser"));
  const many = most > 1;
  const picked = new Set(options.filter((o) => o.chosen).map((o) => o.value));
  let at = Math.max(0, options.findIndex((o) => o.chosen));
  /** @type {Choice[]} */
  let shown = [];
  /** @type {string[] | undefined} */
  let result;

  const list = h("ul", { role: "listbox", id: "chooser-list", "aria-label": title, "aria-multiselectable": many ? "true" : undefined, tabIndex: 0 });
  const search = h("input", { type: "text", class: "search", enterKeyHint: "search", placeholder: "Search", "aria-label": `Search: ${title}`, autocomplete: "off",
    role: "combobox", "aria-expanded": "true", "aria-controls": "chooser-list", "aria-autocomplete": "list" });
  const searching = options.length > SEARCH_FROM;
  const keys = /** @type {HTMLElement} */ (searching ? search : list);
  const apply = h("button", { type: "button", class: "button primary" }, "Apply");

  const mark = () => {
    [...list.children].forEach((li, n) => li.classList.toggle("at", n === at));
    const current = list.children[at];
    if (current?.id) keys.setAttribute("aria-activedescendant", current.id);
    current?.scrollIntoView({ block: "nearest" });
  };
  const count = () => (apply.disabled = picked.size < least || picked.size > most);
  const finish = () => {
    result = options.filter((o) => picked.has(o.value)).map((o) => o.value);
    dialog.close();
  };
  const take = (/** @type {Choice | undefined} */ option) => {
    if (!option) return;
    if (!many) {
      // Where nothing may be chosen, the chosen one can be taken back.
      const again = picked.has(option.value) && least === 0;
      picked.clear();
      if (!again) picked.add(option.value);
      return finish();
    }
    if (!picked.delete(option.value)) picked.add(option.value);
    draw();
  };
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    shown = options.filter((o) => `${o.label} ${o.description ?? ""}`.toLowerCase().includes(wanted)).slice(0, MOST_DRAWN);
    list.replaceChildren(...shown.map((o, n) => h("li", { role: "option", id: `chooser-${n}`, "aria-selected": String(picked.has(o.value)),
      onclick: () => {
        at = n;
        take(o);
      } },
      h("span", { class: "option-text" }, h("span", {}, o.label), o.description && h("small", {}, o.description)), picked.has(o.value) && icon("check"))));
    if (!shown.length) list.append(h("li", { class: "nothing", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "Nothing fits."));
    at = Math.min(at, Math.max(0, shown.length - 1));
    count();
    mark();
  };
  keys.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + shown.length) % Math.max(1, shown.length);
    else if (event.key === "Enter" || (event.key === " " && keys === list)) {
      event.preventDefault();
      return take(shown[at]);
    } else return;
    event.preventDefault();
    mark();
  });
  search.addEventListener("input", () => {
    at = 0;
    draw();
  });
  apply.addEventListener("click", finish);

  dialog.setAttribute("aria-label", title);
  dialog.replaceChildren(
    h("header", {}, h("strong", {}, title), iconButton("close", "Close", () => dialog.close())),
    ...(searching ? [search] : []), list, ...(many ? [h("footer", {}, h("small", {}, range(least, most)), apply)] : []));
  draw();
  anchor.setAttribute("aria-expanded", "true");
  dialog.showModal();
  place(dialog, anchor);
  keys.focus();
  mark();
  return new Promise((give) => {
    const outside = (/** @type {PointerEvent} */ event) => {
      if (event.target === dialog) dialog.close();
    };
    dialog.addEventListener("pointerdown", outside);
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("pointerdown", outside);
      anchor.setAttribute("aria-expanded", "false");
      if (anchor.isConnected) anchor.focus();
      give(result);
    }, { once: true });
  });
}

/** @param {number} least @param {number} most */
function range(least, most) {
  return least === most ? `Choose ${most}` : `Choose ${least || "up"} to ${most}`;
}

/** Beside its select where there is room; on a phone the style sheet puts it at the lower edge. @param {HTMLElement} box @param {HTMLElement} anchor */
export function place(box, anchor) {
  const at = anchor.getBoundingClientRect();
  const below = innerHeight - at.bottom - EDGE;
  const top = box.offsetHeight <= below ? at.bottom + 4 : Math.max(EDGE, Math.min(at.top - box.offsetHeight - 4, innerHeight - box.offsetHeight - EDGE));
  box.style.setProperty("--top", `${top}px`);
  box.style.setProperty("--left", `${Math.max(EDGE, Math.min(at.left, innerWidth - box.offsetWidth - EDGE))}px`);
}

/**
 * A select as a form field: a button that shows what was chosen.
 * @param {{ id: string, title: string, placeholder: string, options: () => Choice[], least: number, most: number, changed?: () => void }} what
 * @returns {{ element: HTMLButtonElement, values: () => string[] }}
 */
export function selectField({ id, title, placeholder, options, least, most, changed }) {
  let values = options().filter((o) => o.chosen).map((o) => o.value);
  const text = h("span", { id: `${id}-value` });
  const element = h("button", { type: "button", class: "select", id, "aria-haspopup": "dialog" }, text, icon("down"));
  const show = () => {
    const chosen = options().filter((o) => values.includes(o.value));
    text.textContent = chosenText(chosen) || placeholder;
    text.classList.toggle("placeholder", !chosen.length);
  };
  element.addEventListener("click", async () => {
    const got = await choose(element, { title, least, most, options: options().map((o) => ({ ...o, chosen: values.includes(o.value) })) });
    if (!got) return;
    values = got;
    show();
    changed?.();
  });
  show();
  return { element, values: () => values };
}
