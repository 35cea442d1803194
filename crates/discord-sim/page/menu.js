// @ts-check
/** Small menus that open at a button. */

import { h } from "./dom.js";

/**
 * Opens a menu at `anchor`; arrows move, Escape and a press elsewhere close.
 * @param {HTMLElement} anchor
 * @param {{ label: string, run: () => void }[]} items
 */
export function openMenu(anchor, items) {
  document.querySelector(".menu")?.remove();
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
  };
  const outside = (/** @type {Event} */ event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) close();
  };
  const menu = h("div", { class: "menu", role: "menu" }, items.map((item) =>
    h("button", { type: "button", role: "menuitem", onclick: () => {
      close();
      item.run();
    } }, item.label)));
  menu.addEventListener("keydown", (event) => {
    const all = /** @type {HTMLElement[]} */ ([...menu.children]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus();
    else if (event.key === "ArrowUp") all[(at + all.length - 1) % all.length]?.focus();
    else if (event.key === "Escape") {
      close();
      anchor.focus();
    } else return;
    event.preventDefault();
  });
  document.body.append(menu);
  const box = anchor.getBoundingClientRect();
  menu.style.setProperty("top", `${Math.max(8, Math.min(box.bottom, innerHeight - menu.offsetHeight - 8))}px`);
  menu.style.setProperty("left", `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`);
  document.addEventListener("pointerdown", outside, true);
  /** @type {HTMLElement | null} */ (menu.firstElementChild)?.focus();
}
