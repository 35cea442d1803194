// @ts-check
/** Discord's markdown as elements. */

import { css, h } from "./dom.js";

/**
 * Who and what can be mentioned.
 * @typedef {{ user: (id: string) => string, role: (id: string) => { name: string, color: number } | undefined,
 *   channel: (id: string) => string, openChannel: (id: string) => void }} Names
 */

/**
 * A text with blocks: code blocks, quotes, headings, lists, paragraphs.
 * @param {string} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function blocks(text, names) {
  /** @type {Node[]} */
  const out = [];
  for (const [at, part] of text.split(/```(?:([a-z0-9+-]*)\n)?([\s\S]*?)```/i).entries()) {
    if (at % 3 === 2) out.push(h("pre", {}, h("code", {}, part)));
    else if (at % 3 === 0 && part) out.push(...lines(part, names));
  }
  return out;
}

/** @param {string} text @param {Names} names @returns {Node[]} */
function lines(text, names) {
  /** @type {Node[]} */
  const out = [];
  /** @type {string[]} */
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) out.push(h("p", {}, inline(paragraph.join("\n"), names)));
    paragraph = [];
  };
  /** @type {{ list: HTMLElement, ordered: boolean } | null} */
  let list = null;
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const item = /^\s*(?:([-*])|(\d+)\.)\s+(.*)$/.exec(line);
    if (item) {
      flush();
      const ordered = item[2] !== undefined;
      if (!list || list.ordered !== ordered) {
        list = { list: h(ordered ? "ol" : "ul", {}), ordered };
        out.push(list.list);
      }
      list.list.append(h("li", {}, inline(item[3] ?? "", names)));
      continue;
    }
    list = null;
    const heading = /^(#{1,3})\s+(.*)$/.exec(line);
    const quote = /^>\s?(.*)$/.exec(line);
    const small = /^-#\s+(.*)$/.exec(line);
    if (heading) {
      flush();
      // The page knows one level below its own heading; how large a heading of a message looks is its own matter.
      out.push(h("h2", { class: `size-${(heading[1] ?? "").length}` }, inline(heading[2] ?? "", names)));
    } else if (quote) {
      flush();
      const last = out.at(-1);
      const body = inline(quote[1] ?? "", names);
      if (last instanceof HTMLElement && last.tagName === "BLOCKQUOTE") last.append(h("br"), ...body);
      else out.push(h("blockquote", {}, body));
    } else if (small) {
      flush();
      out.push(h("p", { class: "small" }, inline(small[1] ?? "", names)));
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return out;
}

/** @type {[RegExp, (match: RegExpExecArray, names: Names) => Node][]} */
const RULES = [
  [/^\\([\\*_~`|>#-])/, (m) => document.createTextNode(m[1] ?? "")],
  [/^``?([^`]+)``?/, (m) => h("code", {}, m[1])],
  [/^\*\*([\s\S]+?)\*\*/, (m, n) => h("strong", {}, inline(m[1] ?? "", n))],
  [/^__([\s\S]+?)__/, (m, n) => h("u", {}, inline(m[1] ?? "", n))],
  [/^~~([\s\S]+?)~~/, (m, n) => h("s", {}, inline(m[1] ?? "", n))],
  [/^\*([^*\s][\s\S]*?)\*/, (m, n) => h("em", {}, inline(m[1] ?? "", n))],
  [/^_([^_\s][\s\S]*?)_(?![a-z0-9])/i, (m, n) => h("em", {}, inline(m[1] ?? "", n))],
  [/^\|\|([\s\S]+?)\|\|/, (m, n) => spoiler(inline(m[1] ?? "", n))],
  [/^<@!?(\d+)>/, (m, n) => h("span", { class: "mention" }, `@${n.user(m[1] ?? "")}`)],
  [/^<@&(\d+)>/, (m, n) => roleMention(n.role(m[1] ?? ""))],
  [/^<#(\d+)>/, (m, n) => h("button", { class: "mention", type: "button", onclick: () => n.openChannel(m[1] ?? "") }, `#${n.channel(m[1] ?? "")}`)],
  [/^<\/([^:>]+):(\d+)>/, (m) => h("span", { class: "mention" }, `/${m[1]}`)],
  [/^<(a?):(\w+):(\d+)>/, (m) => h("img", { class: "emoji", src: `/emojis/${m[3]}.png`, alt: `:${m[2]}:` })],
  [/^<t:(-?\d+)(?::([tTdDfFR]))?>/, (m) => timestamp(Number(m[1]), m[2] ?? "f")],
  [/^\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/, (m) => link(m[2] ?? "", m[1] ?? "")],
  [/^<(https?:\/\/[^\s>]+)>/, (m) => link(m[1] ?? "", m[1] ?? "")],
  [/^https?:\/\/[^\s<]+[^\s<.,:;"')\]]/, (m) => link(m[0], m[0])],
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
    if (/[\\`*_~|<[@h]/.test(rest[0] ?? "")) {
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

/** @param {string} href @param {string} text */
function link(href, text) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** @param {Node[]} inner */
function spoiler(inner) {
  const element = h("button", { class: "spoiler", type: "button", "aria-label": "Spoiler, press to show" }, h("span", {}, inner));
  element.addEventListener("click", () => {
    element.classList.add("shown");
    element.removeAttribute("aria-label");
  });
  return element;
}

/** @param {{ name: string, color: number } | undefined} role */
function roleMention(role) {
  const element = h("span", { class: "mention" }, `@${role?.name ?? "deleted-role"}`);
  if (role?.color) element.style.setProperty("--mention", css(role.color));
  return element;
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

/** @param {number} unix @param {string} style */
function timestamp(unix, style) {
  const at = new Date(unix * 1000);
  const full = at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" });
  const text = style === "R" ? relative(at) : at.toLocaleString(undefined, STYLES[style]);
  return h("time", { dateTime: at.toISOString(), title: full }, text);
}

/** @param {Date} at */
export function relative(at) {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  /** @type {[number, Intl.RelativeTimeFormatUnit][]} */
  const units = [[31536000, "year"], [2592000, "month"], [86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, unit] = units.find(([s]) => Math.abs(seconds) >= s) ?? [1, "second"];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
