// @ts-check
/** Draws one message: author, text, embeds, files, components, reactions, and what can be done with it. */

import { css, h } from "./dom.js";
import { blocks, inline, relative } from "./markdown.js";
import { drawComponents } from "./components.js";

/**
 * What a message needs of the page.
 * @typedef {import("./components.js").Host & { me: () => string, person: (id: string) => import("./api.js").Person | undefined,
 *   react: (m: import("./api.js").Message, emoji: string, on: boolean) => void, reply: (m: import("./api.js").Message) => void,
 *   edit: (m: import("./api.js").Message) => void, remove: (m: import("./api.js").Message) => void,
 *   menu: (m: import("./api.js").Message, anchor: HTMLElement) => void }} MessageHost
 */

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
/** Reactions that are offered with one press. */
const QUICK = ["👍", "❤️", "😂", "✅"];

/** @param {import("./api.js").Person} person */
export function avatar(person) {
  const src = person.avatar ? `/avatars/${person.id}/${person.avatar}.png` : `/embed/avatars/${person.id}.png`;
  return h("img", { class: "avatar", src, alt: "", width: 40, height: 40, loading: "lazy" });
}

/** @param {import("./api.js").Person | undefined} person @param {string} [or] */
export function nameOf(person, or = "Unknown") {
  return person?.nick || person?.global_name || person?.username || or;
}

/**
 * @param {import("./api.js").Message} m
 * @param {MessageHost} host
 * @param {import("./api.js").Message | undefined} previous
 */
export function drawMessage(m, host, previous) {
  const person = m.webhook_id && !m.interaction_metadata ? m.author : (host.person(m.author.id) ?? m.author);
  const name = nameOf(person, m.author.username);
  const ephemeral = (m.flags & EPHEMERAL) !== 0;
  const mine = m.author.id === host.me();
  const close = previous && previous.author.id === m.author.id && previous.type === 0 && m.type === 0
    && Date.parse(m.timestamp) - Date.parse(previous.timestamp) < 5 * 60_000;
  const mentioned = m.mention_everyone || m.mentions.some((u) => u.id === host.me());
  const classes = ["message", close && "close", ephemeral && "ephemeral", mentioned && "mentioned"].filter(Boolean).join(" ");
  const article = h("article", { class: classes, "data-id": m.id, "aria-label": `${name}, ${new Date(m.timestamp).toLocaleTimeString()}` });
  if (m.type === 7) {
    article.append(h("p", { class: "system" }, "→ ", h("strong", {}, name), " joined the server. "), time(m.timestamp));
    return article;
  }
  const above = context(m, host);
  if (above) article.append(above);
  const author = h("span", { class: "author" }, name);
  if (person.color) author.style.setProperty("--name", css(person.color));
  const head = h("header", {}, author, m.author.bot && h("span", { class: "tag" }, "BOT"), time(m.timestamp));
  const body = h("div", { class: "body" }, !close && head, content(m, host));
  article.append(close ? h("span", { class: "gutter" }) : avatar(person), body, actions(m, host, mine, ephemeral) ?? "");
  return article;
}

/** @param {string} iso */
function time(iso) {
  const at = new Date(iso);
  return h("time", { dateTime: iso, title: at.toLocaleString() }, at.toLocaleTimeString(undefined, { timeStyle: "short" }));
}

/** @param {import("./api.js").Message} m @param {MessageHost} host */
function context(m, host) {
  const note = m.interaction_metadata;
  if (note?.name) {
    const who = nameOf(host.person(note.user?.id), note.user?.username);
    return h("p", { class: "context" }, "↱ ", h("strong", {}, who), ` used /${note.name}`);
  }
  if (m.type !== 19) return null;
  const to = m.referenced_message;
  if (!to) return h("p", { class: "context" }, "↱ The message was deleted.");
  const text = to.content || "(no text)";
  return h("p", { class: "context" }, "↱ ", h("strong", {}, nameOf(host.person(to.author.id), to.author.username)), ` ${text.slice(0, 90)}`);
}

/** @param {import("./api.js").Message} m @param {MessageHost} host */
function content(m, host) {
  if (m.flags & LOADING) return h("p", { class: "thinking", role: "status" }, "is thinking …");
  return h("div", { class: "content" },
    blocks(m.content, host.names),
    m.edited_timestamp && h("small", { class: "edited" }, "(edited)"),
    m.embeds.map((e) => drawEmbed(e, host.names)),
    m.attachments.map(drawAttachment),
    h("div", { class: "components" }, drawComponents(m.components, host)),
    m.poll && drawPoll(m.poll),
    m.thread && h("button", { type: "button", class: "thread", onclick: () => host.names.openChannel(m.thread?.id ?? "") }, `Thread: ${m.thread.name}`),
    drawReactions(m, host),
    (m.flags & EPHEMERAL) !== 0 && h("p", { class: "only-you" }, "Only you can see this · ",
      h("button", { type: "button", class: "plain", onclick: () => host.remove(m) }, "Dismiss")));
}

/** @param {any} poll */
function drawPoll(poll) {
  return h("div", { class: "embed" }, h("strong", {}, poll.question?.text ?? ""),
    h("ul", {}, (poll.answers ?? []).map((/** @type {any} */ a) => h("li", {}, a.poll_media?.text ?? ""))));
}

/** @param {any} a */
function drawAttachment(a) {
  if (String(a.content_type).startsWith("image/")) {
    return h("a", { href: a.url, target: "_blank", rel: "noopener" }, h("img", { class: "attached", src: a.url, alt: a.description ?? a.filename }));
  }
  return h("a", { class: "file", href: a.url, download: a.filename }, `${a.filename} · ${Math.ceil(a.size / 1024)} KB`);
}

/** @param {import("./api.js").Message} m @param {MessageHost} host */
function drawReactions(m, host) {
  if (!m.reactions?.length) return null;
  return h("div", { class: "reactions" }, m.reactions.map((r) => {
    const key = r.emoji.id ? `${r.emoji.name}:${r.emoji.id}` : r.emoji.name;
    return h("button", { type: "button", class: r.me ? "reaction me" : "reaction", "aria-pressed": String(!!r.me),
      "aria-label": `${r.emoji.name}, ${r.count}`, onclick: () => host.react(m, key, !r.me) }, `${r.emoji.name} ${r.count}`);
  }));
}

/** @param {any} e @param {import("./markdown.js").Names} names */
function drawEmbed(e, names) {
  const box = h("div", { class: "embed" });
  if (e.color) box.style.setProperty("--bar", css(e.color));
  const title = e.title && h("h2", { class: "size-3" }, e.url ? h("a", { href: e.url, target: "_blank", rel: "noopener noreferrer" }, inline(e.title, names)) : inline(e.title, names));
  box.append(...[
    e.author && h("p", { class: "embed-author" }, e.author.icon_url && h("img", { src: e.author.icon_url, alt: "" }), e.author.name),
    title,
    e.description && h("div", {}, blocks(e.description, names)),
    e.fields?.length && h("dl", {}, e.fields.map((/** @type {any} */ f) =>
      h("div", { class: f.inline ? "inline" : "" }, h("dt", {}, inline(f.name, names)), h("dd", {}, blocks(f.value, names))))),
    e.thumbnail && h("img", { class: "embed-thumbnail", src: e.thumbnail.url, alt: "" }),
    e.image && h("img", { class: "embed-image", src: e.image.url, alt: "" }),
    (e.footer || e.timestamp) && h("p", { class: "embed-footer" }, e.footer?.icon_url && h("img", { src: e.footer.icon_url, alt: "" }),
      [e.footer?.text, e.timestamp && relative(new Date(e.timestamp))].filter(Boolean).join(" · ")),
  ].filter((n) => n instanceof Node));
  return box;
}

/** @param {import("./api.js").Message} m @param {MessageHost} host @param {boolean} mine @param {boolean} ephemeral */
function actions(m, host, mine, ephemeral) {
  if (ephemeral) return null;
  const more = h("button", { type: "button", "aria-label": "More", "aria-haspopup": "menu" }, "⋯");
  more.addEventListener("click", () => host.menu(m, more));
  return h("div", { class: "actions", role: "group", "aria-label": "Message actions" },
    QUICK.map((emoji) => h("button", { type: "button", "aria-label": `React with ${emoji}`, onclick: () => host.react(m, emoji, true) }, emoji)),
    h("button", { type: "button", "aria-label": "Reply", onclick: () => host.reply(m) }, "↩"),
    mine && h("button", { type: "button", "aria-label": "Edit", onclick: () => host.edit(m) }, "✎"),
    more);
}
