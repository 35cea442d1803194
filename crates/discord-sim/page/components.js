// @ts-check
/** Buttons, selects and the other components of messages, V2 included. */

import { css, h } from "./dom.js";
import { blocks } from "./markdown.js";

/**
 * What components need of the page.
 * @typedef {{ names: import("./markdown.js").Names, members: () => { id: string, name: string }[],
 *   roles: () => { id: string, name: string }[], channels: (types?: number[]) => { id: string, name: string }[],
 *   use: (customId: string, values: string[]) => Promise<void> }} Host
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
      return h("div", { class: "section" }, h("div", {}, drawComponents(c.components ?? [], host)), draw(c.accessory ?? {}, host));
    case 10:
      return h("div", { class: "text" }, blocks(c.content ?? "", host.names));
    case 11:
      return h("img", { class: "thumbnail", src: c.media?.url ?? "", alt: c.description ?? "" });
    case 12:
      return h("div", { class: "gallery" }, (c.items ?? []).map((/** @type {any} */ i) =>
        h("img", { src: i.media?.url ?? "", alt: i.description ?? "" })));
    case 13:
      return h("a", { class: "file", href: c.file?.url ?? "#", download: "" }, `${String(c.file?.url ?? "").replace(/[?].*$/, "").split("/").pop()}`);
    case 14:
      return c.divider === false ? h("div", { class: "space" }) : h("hr");
    case 17: {
      const box = h("div", { class: "container" }, drawComponents(c.components ?? [], host));
      if (c.accent_color) box.style.setProperty("--bar", css(c.accent_color));
      return box;
    }
    default:
      return null;
  }
}

/** @param {any} c */
function label(c) {
  const emoji = c.emoji ? (c.emoji.id ? `:${c.emoji.name}:` : c.emoji.name) : "";
  return [emoji, c.label].filter(Boolean).join(" ");
}

/** @param {any} c @param {Host} host */
function button(c, host) {
  if (c.style === 5) {
    return h("a", { class: "button link", href: c.url, target: "_blank", rel: "noopener noreferrer" }, `${label(c)} ↗`);
  }
  const element = h("button", { type: "button", class: `button ${BUTTON_STYLES[c.style] ?? ""}`, disabled: c.disabled }, label(c));
  element.addEventListener("click", () => working(element, host.use(c.custom_id, [])));
  return element;
}

/**
 * Shows that the bot has to answer before the component can be used again.
 * @param {HTMLElement} element
 * @param {Promise<void>} work
 */
async function working(element, work) {
  element.setAttribute("aria-busy", "true");
  try {
    await work;
  } finally {
    element.removeAttribute("aria-busy");
  }
}

/**
 * What can be chosen in a select of any kind.
 * @param {any} c
 * @param {Pick<Host, "members" | "roles" | "channels">} host
 * @returns {{ value: string, label: string, description?: string, chosen: boolean }[]}
 */
export function optionsOf(c, host) {
  if (c.type === 3 || c.type === 21 || c.type === 22) {
    return (c.options ?? []).map((/** @type {any} */ o) => ({
      value: o.value, label: label(o), description: o.description, chosen: !!o.default,
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

/** @param {any} c @param {Host} host */
function select(c, host) {
  const options = optionsOf(c, host);
  const most = c.max_values ?? 1;
  const chosenNow = options.filter((o) => o.chosen).map((o) => o.label).join(", ");
  const summary = h("summary", { class: "select" }, chosenNow || c.placeholder || "Make a choice");
  const box = h("details", { class: "select-box" }, summary);
  if (c.disabled) {
    summary.setAttribute("aria-disabled", "true");
    summary.addEventListener("click", (e) => e.preventDefault());
    return box;
  }
  const send = (/** @type {string[]} */ values) => {
    box.open = false;
    void working(summary, host.use(c.custom_id, values));
  };
  if (most <= 1) {
    box.append(h("div", { class: "options" }, options.map((o) =>
      h("button", { type: "button", class: o.chosen ? "option chosen" : "option", onclick: () => send([o.value]) },
        o.label, o.description && h("small", {}, o.description)))));
  } else {
    const checks = options.map((o) => h("input", { type: "checkbox", value: o.value, checked: o.chosen }));
    const apply = h("button", { type: "button", class: "button primary" }, "Apply");
    apply.addEventListener("click", () => send(checks.filter((i) => i.checked).map((i) => i.value)));
    const least = c.min_values ?? 1;
    const update = () => {
      const count = checks.filter((i) => i.checked).length;
      apply.disabled = count < least || count > most;
    };
    checks.forEach((i) => i.addEventListener("change", update));
    update();
    box.append(h("div", { class: "options" }, options.map((o, at) =>
      h("label", { class: "option" }, checks[at], " ", o.label, o.description && h("small", {}, o.description))), apply));
  }
  // The last message of a channel is at the lower edge, where an open list would not be seen.
  box.addEventListener("toggle", () => {
    if (box.open) box.scrollIntoView({ block: "nearest" });
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      box.open = false;
      summary.focus();
    }
  });
  return box;
}
