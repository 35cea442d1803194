// @ts-check
/** A slash command being filled in: one small input per option, choices offered above. */

import { h, icon, iconButton } from "./dom.js";
import { asCombobox, hideSuggestions, suggest, suggestKey } from "./suggest.js";

/**
 * @typedef {import("./api.js").Option} Option
 * @typedef {import("./api.js").OptionChoice} OptionChoice
 * @typedef {{ name: string, description: string, options: Option[], application: string }} Runnable
 * @typedef {import("./chooser.js").Things & {
 *   complete: (command: Runnable, options: Record<string, unknown>, focused: string) => Promise<OptionChoice[]>,
 *   run: (command: Runnable, options: Record<string, unknown>) => void, closed: () => void }} CommandHost
 * @typedef {{ element: HTMLElement, input: HTMLInputElement, value: () => unknown, problem: () => string }} Field
 */

const SUBCOMMAND = 1;
const GROUP = 2;
const KIND = { INTEGER: 4, BOOLEAN: 5, USER: 6, CHANNEL: 7, ROLE: 8, MENTIONABLE: 9, NUMBER: 10, ATTACHMENT: 11 };
/** Discord offers this many choices at most. */
const MOST_CHOICES = 25;
/** Pause after the last key before a bot is asked for choices, in milliseconds. */
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
 * The commands that fit what was typed, those that begin with it first.
 * @param {Runnable[]} commands
 * @param {string} typed without the slash
 */
export function fitting(commands, typed) {
  const wanted = typed.trim().toLowerCase();
  const rank = (/** @type {Runnable} */ c) => (c.name.startsWith(wanted) ? 0 : c.name.includes(wanted) ? 1 : c.description.toLowerCase().includes(wanted) ? 2 : 3);
  return commands.filter((c) => rank(c) < 3).sort((a, b) => rank(a) - rank(b));
}

/**
 * The card of a command.
 * @param {Runnable} command
 * @param {CommandHost} host
 */
export function drawCommand(command, host) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  const values = () => {
    /** @type {Record<string, unknown>} */
    const out = {};
    for (const [name, field] of fields) {
      const given = field.value();
      if (given !== undefined && given !== "") out[name] = given;
    }
    return out;
  };
  const row = h("div", { class: "options" });
  const more = h("div", { class: "more-options" });
  const problem = h("p", { class: "error", role: "alert" });
  const run = () => {
    for (const [name, field] of fields) {
      const wrong = field.problem();
      field.input.setAttribute("aria-invalid", String(!!wrong));
      if (wrong) {
        problem.textContent = `${name}: ${wrong}`;
        field.input.focus();
        return;
      }
    }
    hideSuggestions();
    host.run(command, values());
  };
  const add = (/** @type {Option} */ option) => {
    const field = drawField(option, command, host, values);
    fields.set(option.name, field);
    row.append(field.element);
    return field;
  };
  const waiting = command.options.filter((o) => !o.required);
  const drawMore = () => {
    more.replaceChildren(...waiting.filter((o) => !fields.has(o.name)).map((o) =>
      h("button", { type: "button", class: "chip", title: o.description, onclick: () => {
        add(o).input.focus();
        drawMore();
      } }, icon("plus"), o.name)));
  };
  command.options.filter((o) => o.required).forEach(add);
  // One optional option alone is what the command is about.
  if (waiting.length === 1 && waiting[0] && !fields.size) add(waiting[0]);
  drawMore();
  const box = h("div", { class: "command", role: "group", "aria-label": `Command ${command.name}` },
    h("div", { class: "command-head" }, h("strong", {}, `/${command.name}`), h("span", {}, command.description), iconButton("close", "Leave the command", () => host.closed())),
    h("div", { class: "command-line" }, row, more, h("button", { type: "button", class: "button primary", onclick: run }, icon("send"), "Run")), problem);
  box.addEventListener("keydown", (event) => {
    const input = event.target instanceof HTMLInputElement;
    if (input && suggestKey(event)) return;
    if (event.key === "Escape") host.closed();
    else if (event.key === "Enter" && input && !event.isComposing) {
      const all = [...fields.values()];
      const next = all.slice(all.findIndex((f) => f.input === event.target) + 1).find((f) => f.problem());
      if (next) next.input.focus();
      else run();
    } else return;
    event.preventDefault();
  });
  return { box, focus: () => /** @type {HTMLElement | null} */ (row.querySelector("input") ?? box.querySelector("button.primary"))?.focus() };
}

/**
 * One option's input, and how to read it.
 * @param {Option} option
 * @param {Runnable} command
 * @param {CommandHost} host
 * @param {() => Record<string, unknown>} values
 * @returns {Field}
 */
function drawField(option, command, host, values) {
  const id = `option-${option.name}`;
  const number = option.type === KIND.INTEGER || option.type === KIND.NUMBER;
  const input = h("input", { id, type: "text", autocomplete: "off", spellcheck: false, inputMode: number ? "decimal" : "text",
    maxLength: option.max_length ?? 6000, placeholder: option.description, "aria-required": String(!!option.required), "aria-description": option.description });
  const element = h("div", { class: "option" }, h("label", { for: id }, option.name), input);
  /** @type {OptionChoice | null} */
  let picked = null;
  const offer = (/** @type {OptionChoice[]} */ list, /** @type {boolean} */ free) => {
    if (document.activeElement !== input) return;
    suggest(input, option.description || option.name, list.slice(0, MOST_CHOICES).map((c) => ({ label: c.name, pick: () => {
      picked = c;
      input.value = c.name;
      input.setAttribute("aria-invalid", "false");
    } })), { free, empty: "Nothing fits." });
  };
  const known = choicesOf(option, host);
  if (option.autocomplete) {
    let timer = 0;
    let turn = 0;
    const ask = () => {
      clearTimeout(timer);
      timer = window.setTimeout(async () => {
        const own = ++turn;
        const got = await host.complete(command, { ...values(), [option.name]: input.value }, option.name).catch(() => []);
        if (own === turn) offer(got, true);
      }, TYPING_PAUSE);
    };
    asCombobox(input);
    input.addEventListener("input", () => {
      picked = null;
      ask();
    });
    input.addEventListener("focus", ask);
  } else if (known) {
    const filter = () => {
      const wanted = picked ? "" : input.value.trim().toLowerCase().replace(/^[@#]/, "");
      offer(known().filter((c) => c.name.toLowerCase().includes(wanted)), false);
    };
    asCombobox(input);
    input.addEventListener("input", () => {
      picked = null;
      filter();
    });
    input.addEventListener("focus", filter);
  }
  input.addEventListener("blur", hideSuggestions);
  if (option.type === KIND.ATTACHMENT) {
    input.type = "file";
    return { element, input, value: () => input.files?.[0], problem: () => (option.required && !input.files?.length ? "This option is required." : "") };
  }

  const value = () => {
    if (picked) return picked.value;
    const text = input.value.trim();
    if (known) return known().find((c) => c.name.toLowerCase() === text.toLowerCase())?.value;
    return number && text !== "" ? Number(text) : text;
  };
  const problem = () => {
    const text = input.value.trim();
    if (!text) return option.required ? "This option is required." : "";
    if (known && value() === undefined) return "Choose from the list.";
    if (picked || (!number && !option.min_length)) return "";
    return number ? numberProblem(option, Number(text)) : text.length < (option.min_length ?? 0) ? `At least ${option.min_length} characters.` : "";
  };
  return { element, input, value, problem };
}

/** @param {Option} option @param {number} value */
function numberProblem(option, value) {
  if (!Number.isFinite(value) || (option.type === KIND.INTEGER && !Number.isInteger(value))) return option.type === KIND.INTEGER ? "A whole number, please." : "A number, please.";
  if (option.min_value !== undefined && value < option.min_value) return `At least ${option.min_value}.`;
  if (option.max_value !== undefined && value > option.max_value) return `At most ${option.max_value}.`;
  return "";
}

/**
 * What an option that takes one of several things offers.
 * @param {Option} option
 * @param {CommandHost} host
 * @returns {(() => OptionChoice[]) | null}
 */
function choicesOf(option, host) {
  const of = (/** @type {{ id: string, name: string }[]} */ list) => list.map((t) => ({ name: t.name, value: t.id }));
  if (option.choices?.length) return () => option.choices ?? [];
  switch (option.type) {
    case KIND.BOOLEAN:
      return () => [{ name: "True", value: true }, { name: "False", value: false }];
    case KIND.USER:
      return () => of(host.members());
    case KIND.CHANNEL:
      return () => of(host.channels(option.channel_types));
    case KIND.ROLE:
      return () => of(host.roles());
    case KIND.MENTIONABLE:
      return () => of([...host.members(), ...host.roles()]);
    default:
      return null;
  }
}
