// @ts-check
/** A forum: its posts as cards, tags to filter by, and the window in which a post or thread is begun. */

import { byId, h, icon, iconButton } from "./dom.js";
import { avatar } from "./message.js";
import { emoji, plainText } from "./markdown.js";
import { picture } from "./embed.js";
import { FLAG, RIGHT, can, channel, channelName, names, nameOf, person, state } from "./state.js";
import { base64, fileField } from "./files.js";
import { relative } from "./time.js";
import { isUnread } from "./unread.js";

/** @typedef {import("./api.js").Channel} Channel */

/** Characters of a post's first message on its card. */
const PREVIEW = 160;
/** Longest name of a post or thread. */
const LONGEST_NAME = 100;
/** Tags that one post may carry. */
const MOST_TAGS = 5;

/** Tags that posts must have to be shown. @type {Set<string>} */
const wanted = new Set();
let by = "activity";

/** The moment that an id holds. @param {string} id */
const momentOf = (id) => new Date(Number((BigInt(id) >> 22n) + 1_420_070_400_000n));

/** @param {any} tag */
function tagFace(tag) {
  return [tag.emoji_id ? emoji(tag.emoji_id, tag.name) : tag.emoji_name && h("span", { "aria-hidden": "true" }, tag.emoji_name), h("span", {}, tag.name)];
}

/** @param {{ draw: () => void, begin: () => void }} acts @returns {HTMLElement[]} */
export function drawForum(acts) {
  const forum = channel();
  const tags = forum?.available_tags ?? [];
  for (const id of wanted) if (!tags.some((t) => t.id === id)) wanted.delete(id);
  const posts = state.posts.filter((p) => [...wanted].every((id) => p.thread.applied_tags?.includes(id)));
  if (by === "date") posts.sort((a, b) => (BigInt(b.thread.id) > BigInt(a.thread.id) ? 1 : -1));
  const order = h("select", { "aria-label": "Order of the posts", onchange: () => {
    by = order.value;
    acts.draw();
  } }, h("option", { value: "activity", selected: by === "activity" }, "Recently active"), h("option", { value: "date", selected: by === "date" }, "Newest first"));
  const filter = tags.map((/** @type {any} */ tag) => h("button", { type: "button", class: "chip", "aria-pressed": String(wanted.has(tag.id)), "data-tag": tag.id, onclick: () => {
    if (!wanted.delete(tag.id)) wanted.add(tag.id);
    acts.draw();
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-tag="${CSS.escape(tag.id)}"]`))?.focus();
  } }, tagFace(tag)));
  return [h("div", { class: "forum" },
    h("div", { class: "forum-head" },
      can(RIGHT.SEND) ? h("button", { type: "button", class: "button primary", onclick: acts.begin }, icon("plus"), "New post") : h("small", {}, "You cannot post here."), order),
    tags.length > 0 && h("div", { class: "tags", role: "group", "aria-label": "Only posts with" }, filter),
    posts.length ? h("ul", { class: "posts" }, posts.map((p) => h("li", {}, card(p, tags))))
      : h("div", { class: "welcome" }, icon("forum"), h("p", { class: "heading size-1" }, state.posts.length ? "No post has these tags" : channelName(forum)),
        h("p", {}, state.posts.length ? "Take a tag away to see more." : forum?.topic || "Nobody has posted here yet.")))];
}

/** @param {import("./api.js").Post} post @param {any[]} tags */
function card({ thread, first }, tags) {
  const who = person(thread.owner_id ?? "") ?? first?.author;
  const picked = tags.filter((t) => thread.applied_tags?.includes(t.id));
  const shown = first?.attachments.find((a) => String(a.content_type).startsWith("image/"));
  const text = first ? plainText(first.content.slice(0, PREVIEW), names) || (first.attachments.length ? "A file" : "…") : "The first message was deleted.";
  const answers = thread.message_count ?? 0;
  const open = h("button", { type: "button", class: "post-title", onclick: () => names.openChannel(thread.id) }, thread.name ?? "");
  return h("article", { class: isUnread(thread) ? "post unread" : "post", "data-post": thread.id, onclick: (/** @type {Event} */ e) => {
    if (!(/** @type {HTMLElement} */ (e.target).closest("button"))) open.click();
  } },
    h("div", { class: "post-main" },
      (picked.length > 0 || thread.thread_metadata?.locked || ((thread.flags ?? 0) & FLAG.PINNED) !== 0) && h("p", { class: "post-tags" },
        ((thread.flags ?? 0) & FLAG.PINNED) !== 0 && h("span", { class: "post-tag" }, icon("pin"), "Pinned"), picked.map((t) => h("span", { class: "post-tag" }, tagFace(t))),
        thread.thread_metadata?.locked && h("span", { class: "post-tag" }, "Locked")),
      open,
      h("p", { class: "post-text" }, who && avatar(who, 20), h("span", {}, who && h("strong", {}, `${nameOf(who)}: `), text)),
      h("p", { class: "post-foot" }, icon("reply"), h("span", {}, `${answers} ${answers === 1 ? "answer" : "answers"}`), h("span", {}, relative(momentOf(thread.last_message_id ?? thread.id))), thread.thread_metadata?.archived && h("span", {}, "archived"))),
    shown && picture(shown, "post-picture", ""));
}

/**
 * The window in which a post is begun, or a thread on a message.
 * @param {{ title: string, forum?: Channel, send: (body: object) => Promise<string | undefined> }} what `send` gives why it was refused, or nothing
 */
export function beginThread({ title, forum, send }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("post"));
  const name = h("input", { type: "text", id: "post-name", maxLength: LONGEST_NAME, autocomplete: "off", "aria-required": "true", "aria-describedby": "post-name-error" });
  const nameError = h("small", { class: "error", id: "post-name-error" });
  const error = h("p", { class: "error", role: "alert" });
  const text = h("textarea", { id: "post-text", rows: 5, maxLength: 2000, "aria-required": "true" });
  const files = fileField({ id: "post-files", label: "Files", most: 10 });
  /** @type {Set<string>} */
  const picked = new Set();
  const manages = can(RIGHT.MANAGE_THREADS, forum);
  const tags = (forum?.available_tags ?? []).filter((/** @type {any} */ t) => !t.moderated || manages).map((/** @type {any} */ t) => {
    const button = h("button", { type: "button", class: "chip", "aria-pressed": "false", onclick: () => {
      if (!picked.delete(t.id) && picked.size < MOST_TAGS) picked.add(t.id);
      button.setAttribute("aria-pressed", String(picked.has(t.id)));
    } }, tagFace(t));
    return button;
  });
  const go = h("button", { class: "button primary" }, forum ? "Post" : "Start");
  const form = h("form", { noValidate: true },
    h("header", {}, h("h2", { id: "post-title" }, title), iconButton("close", "Close", () => dialog.close())),
    h("div", { class: "modal-body" },
      h("div", { class: "field" }, h("label", { for: "post-name" }, forum ? "Title" : "Name of the thread"), name, nameError),
      forum && h("div", { class: "field" }, h("label", { for: "post-text" }, "Message"), text),
      tags.length > 0 && h("fieldset", { class: "field" }, h("legend", {}, "Tags"), h("div", { class: "tags" }, tags)),
      forum && can(RIGHT.ATTACH, forum) && h("div", { class: "field" }, h("label", { for: "post-files" }, "Files"), files.element), error),
    h("footer", {}, h("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel"), go));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = name.value.trim() ? "" : "This is required.";
    nameError.textContent = wrong;
    name.setAttribute("aria-invalid", String(!!wrong));
    if (wrong) return name.focus();
    go.setAttribute("aria-busy", "true");
    const list = await Promise.all(files.files().map(async (f) => ({ name: f.name, base64: await base64(f) })));
    const problem = await send({ name: name.value.trim(), ...(forum ? { content: text.value.trim(), tags: [...picked], files: list } : {}) });
    go.removeAttribute("aria-busy");
    error.textContent = problem ?? "";
    if (!problem) dialog.close();
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  name.focus();
}
