// @ts-check
/** Buttons, selects and the other components of messages, V2 included. */

import { choose, chosenText, optionsOf } from "./chooser.js";
import { css } from "./color.js";
import { h, icon } from "./dom.js";
import { covered, picture } from "./embed.js";
import { blocks, emoji } from "./markdown.js";

/**
 * What components need of the page.
 * @typedef {import("./chooser.js").Things & { names: import("./markdown.js").Names,
 *   use: (customId: string, values: string[]) => Promise<void>, fileOf?: (url: string) => any }} Host
 */

const BUTTON_STYLES = ["", "primary", "secondary", "success", "danger", "link"];

/**
 * @param {any[]} list
 * @param {Host} host
 * @returns {HTMLElement[]}
 */
export function drawComponents(list, host) {
  return list.map((component) => draw(component, host)).filter((e) => e !== null);
}

/** @param {any} c @param {Host} host @returns {HTMLElement | null} */
function draw(c, host) {
  switch (c.type) {
    case 1:
      return h("div", { class: "row" }, drawComponents(c.components ?? [], host));
    case 2:
      return button(c, host);
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return select(c, host);
    case 9:
      return h("div", { class: "section" }, h("div", { class: "section-text" }, drawComponents(c.components ?? [], host)), draw(c.accessory ?? {}, host));
    case 10:
      return h("div", { class: "text" }, blocks(c.content ?? "", host.names));
    case 11:
      return hidden(c, picture(c.media ?? {}, "thumbnail", c.description ?? ""));
    case 12:
      return h("div", { class: `gallery of-${Math.min(c.items?.length ?? 0, 4)}` }, (c.items ?? []).map((/** @type {any} */ i) =>
        hidden(i, picture(i.media ?? {}, "", i.description ?? ""))));
    case 13:
      return hidden(c, file(c));
    case 14:
      return h("div", { class: `separator${c.divider === false ? "" : " line"}${c.spacing === 2 ? " large" : ""}`, role: c.divider === false ? undefined : "separator" });
    case 17: {
      const box = h("div", { class: "container" }, drawComponents(c.components ?? [], host));
      if (c.accent_color !== undefined && c.accent_color !== null) {
        box.classList.add("accented");
        box.style.setProperty("--bar", css(c.accent_color));
      }
      return hidden(c, box);
    }
    default:
      return h("p", { class: "small" }, `A component of the unknown kind ${Number(c.type)}.`);
  }
}

/** @param {any} c @param {HTMLElement} element */
function hidden(c, element) {
  return c.spoiler ? covered(element) : element;
}

/** @param {any} c */
function file(c) {
  const url = String(c.file?.url ?? "");
  const name = decodeURIComponent(c.name ?? url.split("/").pop()?.split("?")[0] ?? "file");
  return h("a", { class: "file", href: url, download: name, target: "_blank", rel: "noopener" }, icon("file"),
    h("span", {}, h("span", { class: "file-name" }, name), c.size && h("small", {}, `${Math.ceil(c.size / 1024)} KB`)));
}

/** @param {any} mark */
function sign(mark) {
  if (!mark) return null;
  return mark.id ? emoji(mark.id, mark.name ?? "") : h("span", { "aria-hidden": "true" }, mark.name ?? "");
}

/** @param {any} c @param {Host} host */
function button(c, host) {
  // A button with an emoji only is named by it.
  const unnamed = !c.label && c.emoji ? (c.emoji.name ?? "emoji") : undefined;
  const inner = [sign(c.emoji), c.label && h("span", {}, c.label)];
  if (c.style === 5) {
    return h("a", { class: "button link", href: c.url, target: "_blank", rel: "noopener noreferrer", "aria-label": unnamed }, inner, icon("link"));
  }
  const element = h("button", { type: "button", class: `button ${BUTTON_STYLES[c.style] ?? "secondary"}`, disabled: c.disabled, "aria-label": unnamed }, inner);
  element.addEventListener("click", () => void working(element, () => host.use(c.custom_id, [])));
  return element;
}

/**
 * Shows that the bot has to answer before the component can be used again.
 * @param {HTMLElement} element
 * @param {() => Promise<void>} work
 */
async function working(element, work) {
  if (element.getAttribute("aria-busy")) return;
  element.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    element.removeAttribute("aria-busy");
  }
}

/** @param {any} c @param {Host} host */
function select(c, host) {
  const chosen = optionsOf(c, host).filter((o) => o.chosen);
  const title = c.placeholder || "Make a choice";
  const element = h("button", { type: "button", class: "select", disabled: c.disabled, "aria-haspopup": "dialog",
    "aria-label": chosen.length ? `${title}: ${chosen.map((o) => o.label).join(", ")}` : title },
    h("span", { class: chosen.length ? "" : "placeholder" }, chosenText(chosen) || title), icon("down"));
  element.addEventListener("click", async () => {
    const values = await choose(element, { title, options: optionsOf(c, host), least: c.min_values ?? 1, most: c.max_values ?? 1 });
    if (values) await working(element, () => host.use(c.custom_id, values));
  });
  return element;
}
