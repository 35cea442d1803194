// @ts-check
/** The message box: text, files, answers, edits, slash commands, mentions and emojis. */

import { api } from "./api.js";
import { drawCommand, fitting, runnable } from "./command.js";
import { byId, h, icon, iconButton } from "./dom.js";
import { size } from "./embed.js";
import { emojiNamed } from "./emoji.js";
import { announce } from "./feed.js";
import { LARGEST, base64 } from "./files.js";
import { RIGHT, TYPE, can, canWrite, channel, channelName, channels, guild, nameOf, person, state } from "./state.js";
import { asCombobox, hideSuggestions, suggest, suggestKey } from "./suggest.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {{ attempt: <T>(work: () => Promise<T>) => Promise<T | undefined>, notice: (what: string) => void,
 *   run: (command: import("./command.js").Runnable, options: Record<string, unknown>) => void,
 *   things: import("./chooser.js").Things }} Page
 */

/** Ms between two "is typing" notes of one's own. */
const TYPING_EVERY = 8000;
/** Suggestions shown at once. */
const MOST_SUGGESTED = 12;
/** Files that one message may carry. */
const MOST_FILES = 10;

const text = () => /** @type {HTMLTextAreaElement} */ (byId("composer-text"));
/** @type {Message | null} */
let replyTo = null;
/** @type {Message | null} */
let editing = null;
/** @type {File[]} */
let files = [];
/** What suggestions put into the text, and what is sent in its place. @type {Map<string, string>} */
let inserted = new Map();
/** Texts that were begun in other channels. @type {Map<string, string>} */
const drafts = new Map();
let typedAt = 0;
/** @type {Page} */
let page;

/** Starts an answer or an edit; with nothing, ends both. @param {{ replyTo?: Message, editing?: Message }} what */
export function compose(what) {
  if (editing && !what.editing) text().value = "";
  replyTo = what.replyTo ?? null;
  editing = what.editing ?? null;
  const target = replyTo ?? editing;
  byId("reply").replaceChildren(...(target ? [h("p", {}, icon(replyTo ? "reply" : "edit"),
    h("span", {}, replyTo ? "Replying to " : "Editing your message", replyTo && h("strong", {}, nameOf(person(target.author.id), target.author.username))),
    iconButton("close", "Cancel", () => compose({})))] : []));
  byId("reply").hidden = !target;
  if (editing) text().value = editing.content;
  closeCommand();
  fit();
  if (target) text().focus();
}

/** Keeps what was begun in the channel that is left, and brings back what was begun in this one. @param {string} from @param {string} to */
export function changeDraft(from, to) {
  if (from && !editing) drafts.set(from, text().value);
  compose({});
  files = [];
  drawFiles();
  text().value = drafts.get(to) ?? "";
  fit();
}

/** Shows what can be done in the channel. */
export function drawComposer() {
  const here = channel();
  const writes = canWrite();
  text().disabled = !writes;
  /** @type {HTMLButtonElement} */ (byId("send")).disabled = !writes;
  /** @type {HTMLButtonElement} */ (byId("attach")).disabled = !writes || !can(RIGHT.ATTACH);
  // Posts of a forum are written in a window of their own.
  byId("composer").hidden = !here || here.type === TYPE.FORUM;
  text().placeholder = !here ? "Choose a channel" : writes ? `Message ${here.type === 1 ? "@" : "#"}${channelName(here)}` : "You cannot write here";
}

/** Grows with its text where the browser does not do so by itself. */
function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  text().style.setProperty("height", "auto");
  text().style.setProperty("height", `${text().scrollHeight}px`);
}

function drawFiles() {
  byId("files").replaceChildren(...files.map((file) => h("li", {}, icon("file"), h("span", {}, file.name), h("small", {}, size(file.size)),
    iconButton("close", `Take ${file.name} away`, () => {
      files = files.filter((f) => f !== file);
      drawFiles();
      text().focus();
    }))));
  byId("files").hidden = !files.length;
}

/** @param {Iterable<File>} more */
function addFiles(more) {
  if (!canWrite() || !can(RIGHT.ATTACH)) return page.notice("You cannot attach files here.");
  const all = [...files, ...more];
  if (all.length > MOST_FILES) page.notice(`A message carries ${MOST_FILES} files at most.`);
  else if (all.reduce((sum, f) => sum + f.size, 0) > LARGEST) page.notice(`The files are larger than ${size(LARGEST)} together.`);
  else files = all;
  drawFiles();
  text().focus();
}

function closeCommand() {
  byId("command").replaceChildren();
  byId("line").hidden = false;
  hideSuggestions();
}

/** @param {import("./command.js").Runnable} command */
export function startCommand(command) {
  text().value = "";
  const close = () => {
    closeCommand();
    text().focus();
  };
  if (!command.options.length) {
    close();
    return page.run(command, {});
  }
  const { box, focus } = drawCommand(command, {
    ...page.things,
    closed: close,
    run: (c, options) => {
      close();
      page.run(c, options);
    },
    complete: async (c, options, focused) => {
      // A bot is asked for choices before files are sent.
      const typed = Object.fromEntries(Object.entries(options).filter(([, value]) => !(value instanceof File)));
      return (await api.command(state.me, state.channel, { name: c.name, options: typed, focused, application: c.application })).choices;
    },
  });
  byId("command").replaceChildren(box);
  byId("line").hidden = true;
  focus();
}

/** Offers what fits the word before the cursor. */
function offer() {
  const area = text();
  const before = area.value.slice(0, area.selectionStart);
  const slash = /^\/([\w -]*)$/.exec(area.value);
  if (slash) {
    const found = fitting(runnable(state.commands), slash[1] ?? "");
    return suggest(area, "Commands", found.map((c) => ({ label: `/${c.name}`, detail: c.description,
      hint: c.options.length ? c.options.map((o) => (o.required ? o.name : `${o.name}?`)).slice(0, 4).join(" ") : "", pick: () => startCommand(c) })),
    { empty: "No command of this name is here for you." });
  }
  const word = /(?:^|\s)([@#:])([\p{L}\p{N}_.-]*)$/u.exec(before);
  const typed = (word?.[2] ?? "").toLowerCase();
  const put = (/** @type {string} */ shown, /** @type {string} */ sent) => () => {
    const start = before.length - typed.length - 1;
    inserted.set(shown, sent);
    area.setRangeText(`${shown} `, start, before.length, "end");
    area.focus();
  };
  if (word?.[1] === "@" && guild()) {
    const people = (guild()?.members ?? []).filter((m) => `${nameOf(m)} ${m.username}`.toLowerCase().includes(typed))
      .map((m) => ({ label: nameOf(m), detail: `@${m.username}`, pick: put(`@${nameOf(m)}`, `<@${m.id}>`) }));
    const roles = (guild()?.roles ?? []).filter((r) => r.name !== "@everyone" && r.name.toLowerCase().includes(typed))
      .map((r) => ({ label: r.name, detail: "role", pick: put(`@${r.name}`, `<@&${r.id}>`) }));
    return suggest(area, "Mention", [...people, ...roles].slice(0, MOST_SUGGESTED));
  }
  if (word?.[1] === "#") {
    const found = channels().filter((c) => c.name?.toLowerCase().includes(typed) && c.type !== 4);
    return suggest(area, "Channels", found.slice(0, MOST_SUGGESTED).map((c) => ({ label: `#${c.name}`, pick: put(`#${c.name}`, `<#${c.id}>`) })));
  }
  if (word?.[1] === ":" && typed.length > 1) {
    const found = emojiNamed(typed).slice(0, MOST_SUGGESTED);
    return suggest(area, "Emojis", found.map((e) => ({ label: e.label, draw: e.draw, pick: put(e.insert, e.insert) })));
  }
  hideSuggestions();
}

/** The text with mentions and the server's own emojis as Discord writes them. @param {string} shown */
function asSent(shown) {
  let out = shown;
  for (const [from, to] of [...inserted].sort((a, b) => b[0].length - a[0].length)) out = out.replaceAll(from, to);
  for (const e of guild()?.emojis ?? []) out = out.replaceAll(new RegExp(`(?<!<a?):${e.name}:(?!\\d)`, "g"), `<:${e.name}:${e.id}>`);
  return out;
}

async function send() {
  const content = asSent(text().value.trim());
  const [target, answered, own] = [editing, replyTo, state.channel];
  if ((!content && !files.length) || !own || !canWrite()) return;
  hideSuggestions();
  const sent = await page.attempt(async () => {
    if (target) return api.edit(state.me, target, content);
    const list = await Promise.all(files.map(async (f) => ({ name: f.name, base64: await base64(f) })));
    return api.write(state.me, own, { content, reply_to: answered?.id, files: list.length ? list : undefined });
  });
  if (!sent || state.channel !== own) return;
  text().value = "";
  inserted = new Map();
  files = [];
  typedAt = 0;
  drawFiles();
  compose({});
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (suggestKey(event)) return;
  const own = state.messages.filter((m) => m.author.id === state.me && !(m.flags & 64)).at(-1);
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) void send();
  else if (event.key === "Escape" && (replyTo || editing)) {
    compose({});
    announce("Cancelled.");
  } else if (event.key === "ArrowUp" && !text().value && own) compose({ editing: own });
  else return;
  event.preventDefault();
}

/** @param {Page} host */
export function prepareComposer(host) {
  page = host;
  const input = /** @type {HTMLInputElement} */ (byId("file"));
  asCombobox(text());
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  byId("attach").addEventListener("click", () => input.click());
  byId("commands").addEventListener("click", () => {
    if (!canWrite()) return;
    text().value = "/";
    text().focus();
    offer();
  });
  input.addEventListener("change", () => {
    addFiles(input.files ?? []);
    input.value = "";
  });
  text().addEventListener("input", () => {
    fit();
    offer();
    if (text().value && !text().value.startsWith("/") && Date.now() - typedAt > TYPING_EVERY) {
      typedAt = Date.now();
      void api.typing(state.me, state.channel).catch(() => {});
    }
  });
  text().addEventListener("blur", hideSuggestions);
  text().addEventListener("keydown", key);
  text().addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) addFiles(event.clipboardData.files);
  });
  byId("main").addEventListener("dragover", (event) => event.preventDefault());
  byId("main").addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer?.files.length) addFiles(event.dataTransfer.files);
  });
}
