// @ts-check
/** Forms that a bot shows. */

import { optionsOf, selectField } from "./chooser.js";
import { byId, h, iconButton } from "./dom.js";
import { fileField } from "./files.js";
import { blocks } from "./markdown.js";

/**
 * @typedef {{ value: () => unknown, problem: () => string, focus: () => void, element: HTMLElement, message: HTMLElement }} Input
 */

/** Longest text of an input, if the form sets none. */
const LONGEST = 4000;
const KIND = { ROW: 1, TEXT: 4, TEXT_DISPLAY: 10, LABEL: 18, FILE: 19, RADIO: 21, CHECKS: 22, CHECK: 23 };

/**
 * Shows a modal. `submit` gives an error text, or nothing if it was taken.
 * @param {import("./api.js").Modal} modal
 * @param {import("./components.js").Host} host
 * @param {(values: Record<string, unknown>) => Promise<string | undefined>} submit
 */
export function showModal(modal, host, submit) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("modal"));
  /** @type {Map<string, Input>} */
  const inputs = new Map();
  const parts = modal.components.flatMap((c) => part(c, host, inputs));
  const error = h("p", { class: "error", role: "alert" });
  const send = h("button", { class: "button primary" }, "Submit");
  const form = h("form", { method: "dialog", noValidate: true },
    h("header", {}, h("h2", { id: "modal-title" }, modal.title), iconButton("close", "Close", () => dialog.close())),
    h("div", { class: "modal-body", tabIndex: -1 }, parts, error),
    h("footer", {}, h("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel"), send));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    /** @type {Input | undefined} */
    let first;
    for (const input of inputs.values()) {
      const wrong = input.problem();
      input.message.textContent = wrong;
      input.element.setAttribute("aria-invalid", String(!!wrong));
      if (wrong) first ??= input;
    }
    if (first) return first.focus();
    send.disabled = true;
    send.setAttribute("aria-busy", "true");
    const problem = await submit(Object.fromEntries([...inputs].map(([id, input]) => [id, input.value()])));
    send.disabled = false;
    send.removeAttribute("aria-busy");
    if (problem) error.textContent = problem;
    else dialog.close();
  });
  dialog.setAttribute("aria-labelledby", "modal-title");
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  [...inputs.values()][0]?.focus();
}

/**
 * @param {any} c
 * @param {import("./components.js").Host} host
 * @param {Map<string, Input>} inputs
 * @returns {HTMLElement[]}
 */
function part(c, host, inputs) {
  if (c.type === KIND.ROW) return (c.components ?? []).map((/** @type {any} */ i) => labelled(i.label ?? "", "", i, host, inputs));
  if (c.type === KIND.TEXT_DISPLAY) return [h("div", { class: "text" }, blocks(c.content ?? "", host.names))];
  if (c.type === KIND.LABEL) return [labelled(c.label ?? "", c.description ?? "", c.component ?? {}, host, inputs)];
  return [];
}

/**
 * @param {string} label
 * @param {string} description
 * @param {any} c
 * @param {import("./components.js").Host} host
 * @param {Map<string, Input>} inputs
 */
function labelled(label, description, c, host, inputs) {
  const id = `input-${c.custom_id}`;
  const required = c.required !== false && c.type !== KIND.CHECK;
  const message = h("small", { class: "error", id: `${id}-error` });
  const { element, value, problem, focus, group, count } = input(c, id, label, required, host);
  inputs.set(c.custom_id, { element, value, problem, message, focus });
  element.setAttribute("aria-describedby", [description && `${id}-help`, `${id}-error`].filter(Boolean).join(" "));
  const star = required && h("span", { class: "needed", title: "required" }, h("span", { "aria-hidden": "true" }, " *"), h("span", { class: "hidden" }, " (required)"));
  const help = description && h("small", { id: `${id}-help` }, description);
  // A group of choices is named by its legend, anything else by its label.
  if (group) return h("fieldset", { class: "field" }, h("legend", {}, label, star), help, element, message);
  const name = h("label", { for: id, id: `${id}-label` }, label, star);
  if (element.classList.contains("select")) element.setAttribute("aria-labelledby", `${id}-label ${id}-value`);
  return h("div", { class: "field" }, h("div", { class: "field-head" }, name, count), help, element, message);
}

/**
 * @param {any} c
 * @param {string} id
 * @param {string} label
 * @param {boolean} required
 * @param {import("./components.js").Host} host
 * @returns {Omit<Input, "message"> & { group?: boolean, count?: HTMLElement }}
 */
function input(c, id, label, required, host) {
  const needed = (/** @type {boolean} */ missing) => (required && missing ? "This is required." : "");
  if (c.type === KIND.TEXT) {
    const element = c.style === 2 ? h("textarea", { id, rows: 4 }) : h("input", { id, type: "text", autocomplete: "off" });
    const most = c.max_length ?? LONGEST;
    element.maxLength = most;
    element.placeholder = c.placeholder ?? "";
    element.value = c.value ?? "";
    element.setAttribute("aria-required", String(required));
    const count = h("small", { class: "count", "aria-hidden": "true" });
    const show = () => (count.textContent = most < LONGEST ? `${element.value.length} / ${most}` : "");
    element.addEventListener("input", show);
    show();
    const least = c.min_length ?? 0;
    return { element, count, focus: () => element.focus(), value: () => element.value,
      problem: () => needed(!element.value) || (element.value && element.value.length < least ? `At least ${least} characters.` : "") };
  }
  if (c.type === KIND.CHECK) {
    const element = h("input", { id, type: "checkbox", checked: !!c.default });
    return { element, focus: () => element.focus(), value: () => element.checked, problem: () => "" };
  }
  const options = optionsOf(c, host);
  if (c.type === KIND.RADIO || c.type === KIND.CHECKS) {
    const boxes = options.map((o) => h("input", { type: c.type === KIND.RADIO ? "radio" : "checkbox", name: id, value: o.value, checked: o.chosen }));
    const element = h("div", { class: "choices", id }, options.map((o, at) => h("label", { class: "choice" }, boxes[at], h("span", {}, o.label, o.description && h("small", {}, o.description)))));
    const chosen = () => boxes.filter((b) => b.checked).map((b) => b.value);
    const [least, most] = [c.min_values ?? (required ? 1 : 0), c.max_values ?? options.length];
    return { element, group: true, focus: () => boxes[0]?.focus(), value: () => (c.type === KIND.RADIO ? chosen()[0] : chosen()),
      problem: () => needed(!chosen().length) || (chosen().length && chosen().length < least ? `Choose at least ${least}.` : chosen().length > most ? `Choose at most ${most}.` : "") };
  }
  if (c.type === KIND.FILE) {
    const field = fileField({ id, label, most: c.max_values ?? 1 });
    const least = Math.max(required ? 1 : 0, c.min_values ?? 1);
    return { element: field.element, focus: () => field.input.focus(), value: field.files,
      problem: () => needed(!field.files().length) || (field.files().length && field.files().length < least ? `Choose at least ${least} files.` : "") };
  }
  const { element, values } = selectField({ id, title: label, placeholder: c.placeholder || "Make a choice", options: () => optionsOf(c, host), least: required ? (c.min_values ?? 1) : 0, most: c.max_values ?? 1 });
  return { element, focus: () => element.focus(), value: values, problem: () => needed(!values().length) };
}
