// @ts-check
/** Discord's markdown as elements. */

import { css, paint } from "./color.js";
import { h } from "./dom.js";
import { INVITE, inviteLink } from "./invite.js";
import { timestamp } from "./time.js";

/**
 * Who and what can be mentioned, and what a press on a mention does.
 * @typedef {{ user: (id: string) => string, role: (id: string) => { name: string, color: number } | undefined,
 *   channel: (id: string) => string, openChannel: (id: string) => void, openPerson: (id: string) => void }} Names
 */

/** Deeper lists and quotes than this are drawn flat. */
const DEEPEST = 6;

/**
 * A text with blocks: code blocks, quotes, headings, lists, paragraphs.
 * @param {string} text
 * @param {Names} names
 * @param {number} [depth]
 * @returns {Node[]}
 */
export function blocks(text, names, depth = 0) {
  /** @type {Node[]} */
  const out = [];
  for (const [at, part] of text.split(/```(?:([a-z0-9+#.-]*)\n)?([\s\S]+?)```/i).entries()) {
    if (at % 3 === 2) out.push(h("pre", { tabIndex: 0 }, h("code", {}, (part ?? "").replace(/\n$/, ""))));
    else if (at % 3 === 0 && part) out.push(...lines(part, names, depth));
  }
  return out;
}

/** @param {string} text @param {Names} names @param {number} depth @returns {Node[]} */
function lines(text, names, depth) {
  /** @type {Node[]} */
  const out = [];
  /** @type {string[]} */
  let paragraph = [];
  const flush = () => {
    if (paragraph.some((line) => line.trim())) out.push(h("p", {}, inline(paragraph.join("\n"), names)));
    paragraph = [];
  };
  const all = text.replace(/^\n|\n$/g, "").split("\n");
  for (let at = 0; at < all.length; at += 1) {
    const line = all[at] ?? "";
    const heading = /^(#{1,3})\s+(.+)$/.exec(line);
    const small = /^-#\s+(.+)$/.exec(line);
    if (depth < DEEPEST && /^>>> /.test(line)) {
      flush();
      out.push(h("blockquote", {}, blocks([line.slice(4), ...all.slice(at + 1)].join("\n"), names, DEEPEST)));
      return out;
    }
    if (depth < DEEPEST && /^> /.test(line)) {
      flush();
      const from = at;
      while (/^>( |$)/.test(all[at + 1] ?? "")) at += 1;
      out.push(h("blockquote", {}, blocks(all.slice(from, at + 1).map((l) => l.slice(2)).join("\n"), names, DEEPEST)));
    } else if (heading) {
      flush();
      // A heading of a message is no heading of the page: only its look is one, and a reader is told its level.
      out.push(h("p", { class: `heading size-${heading[1]?.length}` }, inline(heading[2] ?? "", names)));
    } else if (small) {
      flush();
      out.push(h("p", { class: "small" }, inline(small[1] ?? "", names)));
    } else if (ITEM.test(line)) {
      flush();
      const from = at;
      while (ITEM.test(all[at + 1] ?? "") || (/^ {2,}\S/.test(all[at + 1] ?? ""))) at += 1;
      out.push(...list(all.slice(from, at + 1), names, depth));
    } else paragraph.push(line);
  }
  flush();
  return out;
}

const ITEM = /^(\s*)(?:[-*]|(\d{1,9})\.)\s+(.*)$/;

/** @param {string[]} rows @param {Names} names @param {number} depth @returns {Node[]} */
function list(rows, names, depth) {
  /** @type {HTMLElement[]} */
  const out = [];
  const indent = ITEM.exec(rows[0] ?? "")?.[1]?.length ?? 0;
  /** @type {HTMLElement | null} */
  let item = null;
  for (let at = 0; at < rows.length; at += 1) {
    const match = ITEM.exec(rows[at] ?? "");
    if (item && (!match || (match[1] ?? "").length > indent + 1)) {
      const from = at;
      while (at + 1 < rows.length && (ITEM.exec(rows[at + 1] ?? "")?.[1]?.length ?? indent + 2) > indent + 1) at += 1;
      const inner = rows.slice(from, at + 1);
      item.append(...(match && depth < DEEPEST ? list(inner, names, depth + 1) : [h("br"), ...inline(inner.map((l) => l.trim()).join("\n"), names)]));
      continue;
    }
    const ordered = match?.[2] !== undefined;
    const tag = ordered ? "ol" : "ul";
    let box = out.at(-1);
    if (!box || box.tagName.toLowerCase() !== tag) {
      box = ordered ? h("ol", { start: Number(match?.[2] ?? 1) }) : h("ul");
      out.push(box);
    }
    item = h("li", {}, inline(match?.[3] ?? "", names));
    box.append(item);
  }
  return out;
}

/** @type {[RegExp, (match: RegExpExecArray, names: Names) => Node][]} */
const RULES = [
  [/^\\([^\w\s])/, (m) => document.createTextNode(m[1] ?? "")],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (m) => h("code", {}, (m[2] ?? "").trim() || m[2])],
  [/^\*\*\*([^\s*][\s\S]*?)\*\*\*/, (m, n) => h("strong", {}, h("em", {}, inline(m[1] ?? "", n)))],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, (m, n) => h("strong", {}, inline(m[1] ?? "", n))],
  [/^__([\s\S]+?)__(?!_)/, (m, n) => h("u", {}, inline(m[1] ?? "", n))],
  [/^~~([\s\S]+?)~~/, (m, n) => h("s", {}, inline(m[1] ?? "", n))],
  [/^\*([^*\s](?:[\s\S]*?[^*\s])?)\*(?!\*)/, (m, n) => h("em", {}, inline(m[1] ?? "", n))],
  [/^_([^_\s](?:[\s\S]*?[^_\s])?)_(?![a-z0-9_])/i, (m, n) => h("em", {}, inline(m[1] ?? "", n))],
  [/^\|\|([\s\S]+?)\|\|/, (m, n) => spoiler(inline(m[1] ?? "", n))],
  [/^<@!?(\d+)>/, (m, n) => h("button", { class: "mention", type: "button", onclick: () => n.openPerson(m[1] ?? "") }, `@${n.user(m[1] ?? "")}`)],
  [/^<@&(\d+)>/, (m, n) => roleMention(n.role(m[1] ?? ""))],
  [/^<#(\d+)>/, (m, n) => h("button", { class: "mention", type: "button", onclick: () => n.openChannel(m[1] ?? "") }, `#${n.channel(m[1] ?? "")}`)],
  [/^<\/([^:>]+):(\d+)>/, (m) => h("span", { class: "mention" }, `/${m[1]}`)],
  [/^<id:(customize|browse|guide)>/, (m) => h("span", { class: "mention" }, `#${m[1]}`)],
  [/^<(a?):(\w+):(\d+)>/, (m) => emoji(m[3] ?? "", m[2] ?? "")],
  [/^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, (m) => timestamp(Number(m[1]), m[2] ?? "f")],
  [/^\[([^\]]+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: "[^"]*")?\)/, (m) => link(m[2] ?? "", m[1] ?? "")],
  [INVITE, (m) => inviteLink(m[0], m[0])],
  [/^<(https?:\/\/[^\s>]+)>/, (m) => link(m[1] ?? "", m[1] ?? "")],
  [/^https?:\/\/[^\s<]+[^\s<.,:;"')\]*_|]/, (m) => link(m[0], m[0])],
  [/^@(everyone|here)\b/, (m) => h("span", { class: "mention" }, m[0])],
];

/**
 * A line of text with its inner marks.
 * @param {string} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function inline(text, names) {
  /** @type {Node[]} */
  const out = [];
  let plain = "";
  let rest = text;
  while (rest) {
    /** @type {RegExpExecArray | null} */
    let match = null;
    // Inside a word an underscore is a letter.
    const inWord = /[_dw]/i.test(rest[0] ?? "") && /[\w./-]$/.test(plain);
    if (!inWord && /[\\`*_~|<[@hd]/i.test(rest[0] ?? "")) {
      for (const [pattern, make] of RULES) {
        match = pattern.exec(rest);
        if (match) {
          if (plain) out.push(document.createTextNode(plain));
          plain = "";
          out.push(make(match, names));
          break;
        }
      }
    }
    if (!match) plain += rest[0];
    rest = rest.slice(match ? match[0].length : 1);
  }
  if (plain) out.push(document.createTextNode(plain));
  return out;
}

const EMOJI_ONLY = /^(?:\s|<a?:\w+:\d+>|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f){1,60}$/u;

/** Whether a text is a few emojis and nothing else, which is drawn large. @param {string} text */
export function onlyEmoji(text) {
  return text.trim() !== "" && EMOJI_ONLY.test(text);
}

/** The text without marks, for one-line previews and for what is read aloud. @param {string} text @param {Names} names */
export function plainText(text, names) {
  return blocks(text, names).map((n) => n.textContent).join(" ").replace(/\s+/g, " ").trim();
}

/** @param {string} id @param {string} name */
export function emoji(id, name) {
  return h("img", { class: "emoji", src: `/emojis/${id}.png`, alt: `:${name}:`, title: `:${name}:`, width: 22, height: 22 });
}

/** @param {string} href @param {string} text */
function link(href, text) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** @param {Node[]} inner */
function spoiler(inner) {
  const hidden = h("span", { inert: true, "aria-hidden": "true" }, inner);
  const element = h("span", { class: "spoiler", role: "button", tabIndex: 0, "aria-label": "Spoiler, press to show" }, hidden);
  const show = () => {
    element.classList.add("shown");
    for (const name of ["aria-label", "role", "tabindex"]) element.removeAttribute(name);
    hidden.inert = false;
    hidden.removeAttribute("aria-hidden");
  };
  element.addEventListener("click", show);
  element.addEventListener("keydown", (event) => {
    if ((event.key !== "Enter" && event.key !== " ") || element.classList.contains("shown")) return;
    event.preventDefault();
    show();
  });
  return element;
}

/** @param {{ name: string, color: number } | undefined} role */
function roleMention(role) {
  const element = h("span", { class: "mention" }, `@${role?.name ?? "deleted-role"}`);
  if (role?.color) {
    paint(element, role.color);
    element.style.setProperty("--own", css(role.color));
  }
  return element;
}

