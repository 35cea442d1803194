// @ts-check
/** Embeds and files: what hangs below a message's text. */

import { css } from "./color.js";
import { h, icon } from "./dom.js";
import { blocks, inline } from "./markdown.js";
import { embedTime } from "./time.js";

/** Fields that stand beside each other at most. */
const MOST_IN_A_ROW = 3;

/**
 * An image that keeps its place before it is there.
 * @param {any} media
 * @param {string} classes
 * @param {string} [alt]
 */
export function picture(media, classes, alt = "") {
  const sized = media.width && media.height;
  const image = h("img", { class: sized ? classes : `${classes} unsized`, src: media.proxy_url ?? media.url ?? "", alt, loading: "lazy",
    width: sized ? media.width : undefined, height: sized ? media.height : undefined });
  image.addEventListener("error", () => image.classList.add("broken"), { once: true });
  return image;
}

/** @param {string | undefined} href @param {Node[]} inner */
function linked(href, inner) {
  return href ? [h("a", { href, target: "_blank", rel: "noopener noreferrer" }, inner)] : inner;
}

/** @param {any} e @param {import("./markdown.js").Names} names */
export function drawEmbed(e, names) {
  const box = h("div", { class: e.thumbnail ? "embed with-thumbnail" : "embed" });
  if (e.color !== undefined && e.color !== null) box.style.setProperty("--bar", css(e.color));
  const main = h("div", { class: "embed-main" },
    e.provider?.name && h("p", { class: "embed-provider" }, e.provider.name),
    e.author?.name && h("p", { class: "embed-author" }, e.author.icon_url && h("img", { src: e.author.icon_url, alt: "", width: 24, height: 24 }),
      h("span", {}, linked(e.author.url, [document.createTextNode(e.author.name)]))),
    e.title && h("p", { class: "embed-title" }, linked(e.url, inline(e.title, names))),
    e.description && h("div", { class: "embed-text" }, blocks(e.description, names)),
    e.fields?.length && fields(e.fields, names));
  const foot = h("p", { class: "embed-footer" }, e.footer?.icon_url && h("img", { src: e.footer.icon_url, alt: "", width: 20, height: 20 }),
    h("span", {}, [e.footer?.text, e.timestamp && embedTime(e.timestamp)].filter(Boolean).join(" • ")));
  box.append(...[main, e.thumbnail?.url && picture(e.thumbnail, "embed-thumbnail"),
    e.image?.url && picture(e.image, "embed-image"), (e.footer?.text || e.timestamp) && foot].filter((n) => n instanceof Node));
  return box;
}

/** @param {any[]} list @param {import("./markdown.js").Names} names */
function fields(list, names) {
  /** @type {any[][]} */
  const rows = [];
  for (const f of list) {
    const last = rows.at(-1);
    if (f.inline && last?.[0]?.inline && last.length < MOST_IN_A_ROW) last.push(f);
    else rows.push([f]);
  }
  return h("dl", {}, rows.flatMap((row) => row.map((f) =>
    h("div", { class: row[0]?.inline ? `of-${row.length}` : "of-1" }, h("dt", {}, inline(f.name ?? "", names)), h("dd", {}, blocks(f.value ?? "", names))))));
}

/** @param {number} bytes */
export function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {any} a */
export function drawAttachment(a) {
  if (String(a.content_type).startsWith("image/")) {
    const image = h("a", { class: "attached", href: a.url, target: "_blank", rel: "noopener" }, picture(a, "", a.description || a.filename));
    return String(a.filename).startsWith("SPOILER_") ? covered(image) : image;
  }
  return h("a", { class: "file", href: a.url, download: a.filename, target: "_blank", rel: "noopener" }, icon("file"),
    h("span", {}, h("span", { class: "file-name" }, a.filename), h("small", {}, size(a.size ?? 0))));
}

/** Something to be seen after a press only. @param {HTMLElement} inner */
export function covered(inner) {
  const button = h("button", { type: "button", class: "button secondary" }, icon("eye"), "Spoiler");
  const box = h("div", { class: "covered" }, button);
  button.addEventListener("click", () => box.replaceWith(inner));
  return box;
}
