// @ts-check
/** The list above the message box that offers commands, choices, mentions and emojis while one types. */

import { byId, h } from "./dom.js";

/**
 * @typedef {{ label: string, detail?: string, hint?: string, draw?: () => Node, pick: () => void }} Suggestion
 */

/** @type {Suggestion[]} */
let items = [];
let at = -1;
/** @type {HTMLElement | null} */
let owner = null;

/**
 * Shows suggestions for what is typed in `input`, the first one marked unless `free`: then Enter takes none.
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {string} title
 * @param {Suggestion[]} list
 * @param {{ free?: boolean, empty?: string }} [how]
 */
export function suggest(input, title, list, { free = false, empty = "" } = {}) {
  hideSuggestions();
  if (!list.length && !empty) return;
  items = list;
  at = free ? -1 : 0;
  owner = input;
  const box = h("ul", { id: "suggestions", role: "listbox", "aria-label": title, tabIndex: 0 }, items.map((item, n) =>
    h("li", { role: "option", id: `suggestion-${n}`, "aria-selected": "false", onpointerdown: (/** @type {Event} */ e) => e.preventDefault(), onclick: () => take(n) },
      item.draw?.(), h("span", { class: "suggestion-label" }, item.label), item.detail && h("small", {}, item.detail), item.hint && h("small", { class: "hint" }, item.hint))));
  if (!items.length) box.append(h("li", { class: "nothing", role: "option", "aria-disabled": "true", "aria-selected": "false" }, empty));
  byId("suggest").replaceChildren(h("p", { class: "suggest-title" }, title), box);
  byId("suggest").hidden = false;
  if (input.hasAttribute("aria-expanded")) input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", "suggestions");
  mark();
}

export function hideSuggestions() {
  items = [];
  at = -1;
  byId("suggest").hidden = true;
  byId("suggest").replaceChildren();
  if (owner?.hasAttribute("aria-expanded")) owner.setAttribute("aria-expanded", "false");
  owner?.removeAttribute("aria-activedescendant");
  owner?.removeAttribute("aria-controls");
  owner = null;
}

function mark() {
  [...(byId("suggest").querySelectorAll("[role=option]"))].forEach((li, n) => {
    li.setAttribute("aria-selected", String(n === at));
    if (n === at) li.scrollIntoView({ block: "nearest" });
  });
  if (at >= 0 && items.length) owner?.setAttribute("aria-activedescendant", `suggestion-${at}`);
  else owner?.removeAttribute("aria-activedescendant");
}

/** @param {number} n */
function take(n) {
  const item = items[n];
  hideSuggestions();
  item?.pick();
}

/**
 * Gives a key to the list; true if the list has used it.
 * @param {KeyboardEvent} event
 */
export function suggestKey(event) {
  if (!owner) return false;
  if (event.key === "Escape") hideSuggestions();
  else if (items.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const step = event.key === "ArrowDown" ? 1 : -1;
    at = at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length;
    mark();
  } else if (items.length && at >= 0 && (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey))) take(at);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** Says what an input is to a reader of the screen; a text area stays one. @param {HTMLElement} input */
export function asCombobox(input) {
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-haspopup", "listbox");
  if (input.tagName !== "INPUT") return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
}
