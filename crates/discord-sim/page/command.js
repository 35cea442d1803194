// @ts-check
/** The slash command picker and the form for a command's options, with autocomplete. */

import { h } from "./dom.js";

/**
 * @typedef {import("./api.js").Option} Option
 * @typedef {{ name: string, description: string, options: Option[], application: string }} Runnable
 * @typedef {import("./components.js").Host & {
 *   complete: (command: Runnable, options: Record<string, unknown>, focused: string) => Promise<{ name: string, value: string | number }[]>,
 *   run: (command: Runnable, options: Record<string, unknown>) => Promise<void>, closed: () => void }} CommandHost
 */

const SUBCOMMAND = 1;
const GROUP = 2;
/** Rows of the picker. */
const MOST_SHOWN = 12;
/** Pause after the last key before choices are asked for, in milliseconds. */
const TYPING_PAUSE = 200;

/**
 * Slash commands with their subcommands spelled out.
 * @param {import("./api.js").Command[]} commands
 * @returns {Runnable[]}
 */
export function runnable(commands) {
  /** @type {Runnable[]} */
  const out = [];
  for (const command of commands.filter((c) => c.type === 1)) {
    const spread = (/** @type {string} */ name, /** @type {string} */ description, /** @type {Option[]} */ options) => {
      const inner = options.filter((o) => o.type === SUBCOMMAND || o.type === GROUP);
      if (inner.length) inner.forEach((o) => spread(`${name} ${o.name}`, o.description, o.options ?? []));
      else out.push({ name, description, options, application: command.application_id });
    };
    spread(command.name, command.description, command.options ?? []);
  }
  return out.sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The list of commands that fit what was typed.
 * @param {Runnable[]} commands
 * @param {string} typed without the slash
 * @param {(command: Runnable) => void} pick
 */
export function drawPicker(commands, typed, pick) {
  const wanted = typed.toLowerCase();
  const fitting = commands.filter((c) => c.name.includes(wanted));
  fitting.sort((a, b) => Number(!a.name.startsWith(wanted)) - Number(!b.name.startsWith(wanted)));
  const shown = fitting.slice(0, MOST_SHOWN);
  if (!shown.length) return h("p", { class: "picker-empty" }, "No command of this name is here for you.");
  return h("ul", { class: "picker", role: "listbox", "aria-label": "Commands", id: "picker" }, shown.map((c, at) =>
    h("li", { role: "option", id: `picker-${at}`, "aria-selected": String(at === 0), onclick: () => pick(c) },
      h("strong", {}, `/${c.name}`), h("small", {}, c.description))));
}

/**
 * The form of a command.
 * @param {Runnable} command
 * @param {CommandHost} host
 */
export function drawForm(command, host) {
  /** @type {Map<string, () => unknown>} */
  const read = new Map();
  const values = () => {
    /** @type {Record<string, unknown>} */
    const out = {};
    for (const [name, value] of read) {
      const given = value();
      if (given !== undefined && given !== "") out[name] = given;
    }
    return out;
  };
  const fields = command.options.map((option) => {
    const id = `option-${option.name}`;
    const { element, value } = field(option, id, command, host, values);
    read.set(option.name, value);
    return h("div", { class: "option-field" },
      h("label", { for: id, title: option.description }, option.name, option.required ? " *" : ""), element,
      h("small", {}, option.description));
  });
  const run = h("button", { type: "button", class: "button primary" }, "Run");
  const cancel = h("button", { type: "button", class: "button secondary", onclick: () => host.closed() }, "Cancel");
  const box = h("div", { class: "command-form", role: "group", "aria-label": `Command ${command.name}` },
    h("p", {}, h("strong", {}, `/${command.name}`), " ", command.description), h("div", { class: "fields" }, fields),
    h("div", { class: "row" }, run, cancel));
  const go = async () => {
    const bad = [...box.querySelectorAll("input, select")].find((i) => !(/** @type {HTMLInputElement} */ (i)).reportValidity());
    if (!bad) await host.run(command, values());
  };
  run.addEventListener("click", () => void go());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && !event.defaultPrevented) {
      event.preventDefault();
      void go();
    }
    if (event.key === "Escape") host.closed();
  });
  return box;
}

/**
 * One option's input and how to read it.
 * @param {Option} option
 * @param {string} id
 * @param {Runnable} command
 * @param {CommandHost} host
 * @param {() => Record<string, unknown>} values
 * @returns {{ element: HTMLElement, value: () => unknown }}
 */
function field(option, id, command, host, values) {
  const choose = (/** @type {{ value: string, label: string }[]} */ list) => {
    const select = h("select", { id, required: option.required }, h("option", { value: "" }, "—"),
      list.map((o) => h("option", { value: o.value }, o.label)));
    return select;
  };
  if (option.choices?.length) {
    const select = choose(option.choices.map((c, at) => ({ value: String(at), label: c.name })));
    return { element: select, value: () => (select.value === "" ? undefined : option.choices?.[Number(select.value)]?.value) };
  }
  if (option.type === 5) {
    const select = choose([{ value: "true", label: "yes" }, { value: "false", label: "no" }]);
    return { element: select, value: () => (select.value === "" ? undefined : select.value === "true") };
  }
  const things = {
    6: () => host.members(), 7: () => host.channels(option.channel_types), 8: () => host.roles(),
    9: () => [...host.members(), ...host.roles()],
  }[option.type];
  if (things) {
    const select = choose(things().map((t) => ({ value: t.id, label: t.name })));
    return { element: select, value: () => select.value };
  }
  const number = option.type === 4 || option.type === 10;
  const input = h("input", { id, type: number && !option.autocomplete ? "number" : "text", required: option.required,
    maxLength: option.max_length ?? 6000, autocomplete: "off" });
  if (number) {
    input.step = option.type === 4 ? "1" : "any";
    if (option.min_value !== undefined) input.min = String(option.min_value);
    if (option.max_value !== undefined) input.max = String(option.max_value);
  }
  /** @type {string | number | undefined} */
  let picked;
  input.addEventListener("input", () => (picked = undefined));
  const value = () => picked ?? (number && input.value !== "" ? Number(input.value) : input.value);
  if (!option.autocomplete) return { element: input, value };
  const element = completing(input, async () => host.complete(command, { ...values(), [option.name]: input.value }, option.name),
    (choice) => {
      input.value = choice.name;
      picked = choice.value;
    });
  return { element, value };
}

/**
 * An input with a list of choices below, as the combobox pattern of WAI-ARIA describes it.
 * @param {HTMLInputElement} input
 * @param {() => Promise<{ name: string, value: string | number }[]>} ask
 * @param {(choice: { name: string, value: string | number }) => void} pick
 */
function completing(input, ask, pick) {
  const list = h("ul", { class: "picker", role: "listbox", id: `${input.id}-list`, hidden: true, "aria-label": "Choices" });
  for (const [key, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
    input.setAttribute(key, value);
  }
  /** @type {{ name: string, value: string | number }[]} */
  let choices = [];
  let at = -1;
  let timer = 0;
  let turn = 0;
  const show = (/** @type {boolean} */ open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
  };
  const mark = () => {
    [...list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const take = (/** @type {number} */ n) => {
    const choice = choices[n];
    if (choice) pick(choice);
    show(false);
  };
  const refresh = () => {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const own = ++turn;
      const got = await ask().catch(() => []);
      if (own !== turn) return;
      choices = got;
      at = -1;
      list.replaceChildren(...choices.map((c, n) =>
        h("li", { role: "option", id: `${list.id}-${n}`, "aria-selected": "false", onmousedown: (/** @type {Event} */ e) => {
          e.preventDefault();
          take(n);
        } }, c.name)));
      if (!choices.length) list.append(h("li", { class: "picker-empty" }, "Nothing fits."));
      show(document.activeElement === input);
    }, TYPING_PAUSE);
  };
  input.addEventListener("input", refresh);
  input.addEventListener("focus", refresh);
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", (event) => {
    if (list.hidden || !choices.length) return;
    if (event.key === "ArrowDown") at = (at + 1) % choices.length;
    else if (event.key === "ArrowUp") at = (at + choices.length - 1) % choices.length;
    else if (event.key === "Enter" && at >= 0) take(at);
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
    mark();
  });
  return h("div", { class: "combo" }, input, list);
}
