// @ts-check
/** Forms that a bot shows. */

import { byId, h } from "./dom.js";
import { blocks } from "./markdown.js";
import { optionsOf } from "./components.js";

/**
 * Shows a modal. `submit` gives an error text, or nothing if it was taken.
 * @param {import("./api.js").Modal} modal
 * @param {import("./components.js").Host} host
 * @param {(values: Record<string, unknown>) => Promise<string | undefined>} submit
 */
export function showModal(modal, host, submit) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("modal"));
  /** @type {Map<string, () => unknown>} */
  const read = new Map();
  const parts = modal.components.flatMap((c) => part(c, host, read));
  const error = h("p", { class: "error", role: "alert" });
  const send = h("button", { class: "button primary" }, "Submit");
  const form = h("form", { method: "dialog" }, h("h2", { id: "modal-title" }, modal.title), parts, error,
    h("div", { class: "row" }, send, h("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const problem = await submit(Object.fromEntries([...read].map(([id, value]) => [id, value()])));
    send.disabled = false;
    if (problem) error.textContent = problem;
    else dialog.close();
  });
  dialog.setAttribute("aria-labelledby", "modal-title");
  dialog.replaceChildren(form);
  dialog.showModal();
}

/**
 * @param {any} c
 * @param {import("./components.js").Host} host
 * @param {Map<string, () => unknown>} read
 * @returns {HTMLElement[]}
 */
function part(c, host, read) {
  if (c.type === 1) return (c.components ?? []).map((/** @type {any} */ i) => labelled(i.label ?? "", "", i, host, read));
  if (c.type === 10) return [h("div", {}, blocks(c.content ?? "", host.names))];
  if (c.type === 18) return [labelled(c.label ?? "", c.description ?? "", c.component ?? {}, host, read)];
  return [];
}

/**
 * @param {string} label
 * @param {string} description
 * @param {any} c
 * @param {import("./components.js").Host} host
 * @param {Map<string, () => unknown>} read
 */
function labelled(label, description, c, host, read) {
  const id = `input-${c.custom_id}`;
  const required = c.required !== false;
  const help = description && h("small", { id: `${id}-help` }, description);
  const { element, value } = input(c, id, required, host);
  read.set(c.custom_id, value);
  if (help) element.setAttribute("aria-describedby", `${id}-help`);
  return h("div", { class: "field" }, h("label", { for: id }, label, required ? h("span", { class: "needed", "aria-hidden": "true" }, " *") : ""), help, element);
}

/**
 * @param {any} c
 * @param {string} id
 * @param {boolean} required
 * @param {import("./components.js").Host} host
 * @returns {{ element: HTMLElement, value: () => unknown }}
 */
function input(c, id, required, host) {
  if (c.type === 4) {
    const element = c.style === 2 ? h("textarea", { id, rows: 5 }) : h("input", { id, type: "text" });
    element.required = required;
    element.maxLength = c.max_length ?? 4000;
    if (c.min_length) element.minLength = c.min_length;
    element.placeholder = c.placeholder ?? "";
    element.value = c.value ?? "";
    return { element, value: () => element.value };
  }
  if (c.type === 23) {
    const element = h("input", { id, type: "checkbox", checked: !!c.default });
    return { element, value: () => element.checked };
  }
  const options = optionsOf(c, host);
  const most = c.max_values ?? 1;
  const element = h("select", { id, required, multiple: most > 1 },
    most <= 1 && h("option", { value: "" }, c.placeholder ?? "—"),
    options.map((o) => h("option", { value: o.value, selected: o.chosen }, o.label)));
  const chosen = () => [...element.selectedOptions].map((o) => o.value).filter(Boolean);
  return { element, value: () => (c.type === 21 ? chosen()[0] : chosen()) };
}
