// @ts-check
/** Draws one message: author, text, embeds, files, components, reactions, and what can be done with it. */

import { paint } from "./color.js";
import { drawComponents } from "./components.js";
import { h, icon, iconButton } from "./dom.js";
import { drawAttachment, drawEmbed } from "./embed.js";
import { codesIn, inviteCard } from "./invite.js";
import { blocks, emoji, onlyEmoji, plainText } from "./markdown.js";
import { drawPoll } from "./poll.js";
import { FLAG, nameOf } from "./state.js";
import { clock } from "./time.js";

/**
 * What a message needs of the page.
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./components.js").Host & import("./poll.js").PollHost & { me: () => string, person: (id: string) => import("./api.js").Person | undefined,
 *   can: (what: "react" | "write" | "delete", m: Message) => boolean,
 *   react: (m: Message, emoji: string, on: boolean) => void, pick: (m: Message, anchor: HTMLElement) => void,
 *   reply: (m: Message) => void, edit: (m: Message) => void, remove: (m: Message) => void, jump: (id: string) => void,
 *   menu: (m: Message, anchor: HTMLElement, at?: { x: number, y: number }) => void }} MessageHost
 */

/** Reactions that are offered with one press. */
const QUICK = ["👍", "❤️", "😂"];
/** Messages of one author closer than this stand under one name, in milliseconds. */
const CLOSE = 7 * 60_000;
/** Characters of the message that is answered. */
const PREVIEW = 120;
/** Kinds of messages that the server writes itself, and what they say after the name. */
const SYSTEM = /** @type {Record<number, [import("./dom.js").IconName, string]>} */ ({
  1: ["enter", "added somebody."], 2: ["leave", "removed somebody."], 4: ["edit", "changed the channel's name."], 6: ["pin", "pinned a message to this channel."],
  7: ["enter", "joined the server."], 8: ["app", "boosted the server."], 18: ["thread", "started a thread:"], 46: ["check", "closed a poll."],
});

/** @param {import("./api.js").Person} who @param {number} [size] */
export function avatar(who, size = 40) {
  const src = who.avatar ? `/avatars/${who.id}/${who.avatar}.png` : `/embed/avatars/${who.id}.png`;
  const image = h("img", { class: "avatar", src, alt: "", width: size, height: size, loading: "lazy" });
  image.style.setProperty("--size", `${size}px`);
  return image;
}

/** Who a message is from, as the page names them. @param {Message} m @param {Pick<MessageHost, "person">} host */
export function authorOf(m, host) {
  return m.webhook_id && !m.interaction_metadata ? m.author : (host.person(m.author.id) ?? m.author);
}

/** @param {Message} m @param {Message | undefined} before */
function follows(m, before) {
  return !!before && before.author.id === m.author.id && before.author.username === m.author.username && before.type in { 0: 1, 19: 1, 20: 1 } && m.type === 0
    && !m.interaction_metadata?.name && (before.flags & FLAG.EPHEMERAL) === (m.flags & FLAG.EPHEMERAL)
    && Date.parse(m.timestamp) - Date.parse(before.timestamp) < CLOSE;
}

/**
 * @param {Message} m
 * @param {MessageHost} host
 * @param {Message | undefined} before
 */
export function drawMessage(m, host, before) {
  const who = authorOf(m, host);
  const name = nameOf(who, m.author.username);
  const ephemeral = (m.flags & FLAG.EPHEMERAL) !== 0;
  const close = follows(m, before);
  const mentioned = m.mention_everyone || m.mentions.some((u) => u.id === host.me())
    || (m.mention_roles ?? []).some((r) => host.person(host.me())?.roles?.includes(r));
  const classes = ["message", close && "close", ephemeral && "ephemeral", mentioned && "mentioned"].filter(Boolean).join(" ");
  const article = h("article", { class: classes, "data-id": m.id, tabIndex: -1,
    "aria-label": `${name}, ${new Date(m.timestamp).toLocaleTimeString(undefined, { timeStyle: "short" })}` });
  const system = SYSTEM[m.type];
  if (system) {
    article.classList.add("system");
    article.append(icon(system[0]), h("p", {}, nameButton(who, name, host), ` ${system[1]} `,
      m.type === 18 && m.content && h("strong", {}, m.content), " ", clock(m.timestamp)));
  } else {
    const above = context(m, host);
    if (above) article.append(above);
    const head = h("header", {}, nameButton(who, name, host), m.author.bot && h("span", { class: "tag" }, m.webhook_id && !m.interaction_metadata ? "HOOK" : "APP"), clock(m.timestamp));
    const side = close ? h("span", { class: "gutter" }, clock(m.timestamp)) : avatar(who);
    article.append(side, h("div", { class: "body" }, !close && head, content(m, host)));
  }
  article.append(actions(m, host, ephemeral) ?? "");
  article.addEventListener("contextmenu", (event) => {
    // Links and marked text keep the browser's own menu.
    if (ephemeral || /** @type {HTMLElement} */ (event.target).closest("a, input") || String(getSelection() ?? "")) return;
    event.preventDefault();
    host.menu(m, article, { x: event.clientX, y: event.clientY });
  });
  article.addEventListener("keydown", (event) => {
    if (event.target !== article) return;
    if (event.key === "Enter" && !ephemeral) host.menu(m, article);
    else if (event.key === "r" && host.can("write", m)) host.reply(m);
    else if (event.key === "e" && m.author.id === host.me()) host.edit(m);
    else return;
    event.preventDefault();
  });
  return article;
}

/** @param {import("./api.js").Person} who @param {string} name @param {MessageHost} host */
function nameButton(who, name, host) {
  const element = h("button", { type: "button", class: "author", onclick: () => host.names.openPerson(who.id) }, name);
  paint(element, who.color);
  return element;
}

/** What a message answers: a command or another message. @param {Message} m @param {MessageHost} host */
function context(m, host) {
  const note = m.interaction_metadata;
  if (note?.name) {
    const who = host.person(note.user?.id) ?? note.user;
    return h("p", { class: "context" }, who && avatar(who, 18), h("span", {}, h("strong", {}, nameOf(who)), " used ", h("span", { class: "used" }, note.type === 2 ? `/${note.name}` : note.name)));
  }
  if (m.type !== 19) return null;
  const to = m.referenced_message;
  if (!to) return h("p", { class: "context" }, icon("reply"), h("em", {}, "The message was deleted."));
  const who = authorOf(to, host);
  const text = plainText(to.content.slice(0, PREVIEW), host.names) || (to.embeds.length || to.components.length ? "Press to see what the bot wrote" : "Press to see the attachment");
  return h("p", { class: "context" }, avatar(who, 18), h("button", { type: "button", onclick: () => host.jump(to.id) }, h("strong", {}, nameOf(who, to.author.username)), ` ${text}`));
}

/** @param {Message} m @param {MessageHost} host */
function content(m, host) {
  if (m.flags & FLAG.LOADING) {
    return h("div", { class: "content" }, h("p", { class: "thinking" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${nameOf(authorOf(m, host))} is thinking …`),
      (m.flags & FLAG.EPHEMERAL) !== 0 && onlyYou(m, host));
  }
  const large = onlyEmoji(m.content);
  return h("div", { class: large ? "content large" : "content" },
    m.content && blocks(m.content, host.names),
    m.edited_timestamp && h("small", { class: "edited", title: new Date(m.edited_timestamp).toLocaleString() }, "(edited)"),
    m.attachments.filter((a) => !shownElsewhere(m, a)).map(drawAttachment),
    m.embeds.map((e) => drawEmbed(e, host.names)),
    m.components.length > 0 && h("div", { class: "components" }, drawComponents(m.components, host)),
    m.poll && drawPoll(m, host),
    codesIn(m.content).map(inviteCard),
    m.thread && h("button", { type: "button", class: "thread", onclick: () => host.names.openChannel(m.thread?.id ?? "") }, icon("thread"),
      h("strong", {}, m.thread.name ?? "Thread"), h("small", {}, `${m.thread.message_count ?? 0} messages`)),
    reactions(m, host),
    (m.flags & FLAG.EPHEMERAL) !== 0 && onlyYou(m, host));
}

/** A file that an embed or component of the same message shows. @param {Message} m @param {any} a */
function shownElsewhere(m, a) {
  const shown = JSON.stringify([m.embeds, m.components]);
  return shown.includes(`/${a.id}/`);
}

/** @param {Message} m @param {MessageHost} host */
function onlyYou(m, host) {
  return h("p", { class: "only-you" }, icon("eye"), "Only you can see this · ", h("button", { type: "button", class: "plain", onclick: () => host.remove(m) }, "Dismiss"));
}

/** @param {any} e */
export function emojiKey(e) {
  return e.id ? `${e.name}:${e.id}` : e.name;
}

/** @param {Message} m @param {MessageHost} host */
function reactions(m, host) {
  if (!m.reactions?.length) return null;
  return h("div", { class: "reactions" }, m.reactions.map((r) =>
    h("button", { type: "button", class: r.me ? "reaction me" : "reaction", "aria-pressed": String(!!r.me), title: r.me ? "Take back" : "React too",
      "aria-label": `${r.emoji.name}, ${r.count} ${r.count === 1 ? "reaction" : "reactions"}`, onclick: () => host.react(m, emojiKey(r.emoji), !r.me) },
      r.emoji.id ? emoji(r.emoji.id, r.emoji.name) : h("span", {}, r.emoji.name), h("b", {}, String(r.count)))),
    host.can("react", m) && addReaction(m, host, "reaction"));
}

/** @param {Message} m @param {MessageHost} host @param {string} classes */
function addReaction(m, host, classes) {
  const button = iconButton("smile", "Add a reaction", () => host.pick(m, button), classes);
  return button;
}

/** @param {Message} m @param {MessageHost} host @param {boolean} ephemeral */
function actions(m, host, ephemeral) {
  if (ephemeral) return null;
  const more = iconButton("dots", "More", () => host.menu(m, more), "more");
  more.setAttribute("aria-haspopup", "menu");
  const react = host.can("react", m);
  return h("div", { class: "actions", role: "group", "aria-label": "Message actions" },
    react && QUICK.map((e) => h("button", { type: "button", class: "icon-button", "aria-label": `React with ${e}`, onclick: () => host.react(m, e, true) }, e)),
    react && addReaction(m, host, ""),
    host.can("write", m) && iconButton("reply", "Reply", () => host.reply(m)),
    m.author.id === host.me() && iconButton("edit", "Edit", () => host.edit(m)),
    more);
}
