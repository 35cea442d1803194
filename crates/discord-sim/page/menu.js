// @ts-check
/** Small menus that open at a button or at the pointer. */

import { byId, h, icon } from "./dom.js";

/**
 * @typedef {{ label: string, icon?: import("./dom.js").IconName, danger?: boolean, group?: string, run: () => void }} Item
 */

/** Room kept to the window's edges, in pixels. */
const EDGE = 8;

/**
 * Opens a menu at `anchor`, or at a point; arrows move, a letter jumps, Escape and a press elsewhere close.
 * @param {HTMLElement} anchor
 * @param {Item[]} items
 * @param {{ x: number, y: number }} [point]
 */
export function openMenu(anchor, items, point) {
  document.querySelector(".menu")?.dispatchEvent(new Event("shut"));
  const close = () => {
    menu.remove();
    anchor.removeAttribute("aria-expanded");
    document.removeEventListener("pointerdown", outside, true);
  };
  const outside = (/** @type {Event} */ event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) close();
  };
  const button = (/** @type {Item} */ item) => h("button", { type: "button", role: "menuitem", tabIndex: -1, class: item.danger ? "danger" : "", onclick: () => {
    close();
    if (anchor.isConnected) anchor.focus({ preventScroll: true });
    item.run();
  } }, icon(item.icon ?? "app"), item.label);
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of items) groups.set(item.group ?? "", [...(groups.get(item.group ?? "") ?? []), item]);
  const menu = h("div", { class: "menu", role: "menu", "aria-label": "Actions" }, [...groups].map(([title, inside]) =>
    h("div", { role: "group", "aria-label": title || undefined }, title && h("p", { class: "menu-title", "aria-hidden": "true" }, title), inside.map(button))));
  menu.addEventListener("shut", close);
  menu.addEventListener("keydown", (event) => {
    const all = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role=menuitem]")]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at + all.length - 1) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[to]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      close();
      anchor.focus({ preventScroll: true });
    } else if (event.key.length === 1 && event.key !== " ") {
      [...all.slice(at + 1), ...all].find((i) => i.textContent?.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  byId("main").append(menu);
  anchor.setAttribute("aria-expanded", "true");
  const box = anchor.getBoundingClientRect();
  const x = point?.x ?? Math.min(box.left, innerWidth - EDGE);
  const y = point?.y ?? (box.bottom > innerHeight ? box.top : box.bottom);
  menu.style.setProperty("top", `${Math.max(EDGE, Math.min(y, innerHeight - menu.offsetHeight - EDGE))}px`);
  menu.style.setProperty("left", `${Math.max(EDGE, Math.min(x, innerWidth - menu.offsetWidth - EDGE))}px`);
  document.addEventListener("pointerdown", outside, true);
  /** @type {HTMLElement | null} */ (menu.querySelector("[role=menuitem]"))?.focus({ preventScroll: true });
}
