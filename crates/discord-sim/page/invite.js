// @ts-check
/** Invitations: links and cards in messages, the window that asks whether to follow one, and making one. */

import { Refused, api } from "./api.js";
import { byId, h, icon, iconButton } from "./dom.js";
import { state } from "./state.js";

/** @typedef {{ join: (invite: import("./api.js").Invite) => Promise<void>, open: (channel: string) => void }} Guest */

/** Cards below one message. */
const MOST_CARDS = 3;
const CODE = "([A-Za-z0-9-]{2,32})";
/** An address of an invitation, Discord's or this simulator's own. */
export const INVITE = new RegExp(`^(?:https?://)?(?:discord\\.gg|(?:www\\.)?discord(?:app)?\\.com/invite|${location.host.replaceAll(".", "\\.")}/invite)/${CODE}(?![A-Za-z0-9-])/?`, "i");

/** @type {Guest} */
let guest;
/** @param {Guest} acts */
export function prepareInvites(acts) {
  guest = acts;
}

/** The codes that a text holds. @param {string} text */
export function codesIn(text) {
  /** @type {Set<string>} */
  const found = new Set();
  // Brackets around an address say that no card is wanted; code is text.
  for (const word of text.replace(/`[^`]*`|<[^>]*>/g, " ").split(/[\s()[\]*_|]+/)) {
    const code = INVITE.exec(word)?.[1];
    if (code) found.add(code);
  }
  return [...found].slice(0, MOST_CARDS);
}

/** A typed code or address. @param {string} typed */
function codeOf(typed) {
  return INVITE.exec(typed.trim())?.[1] ?? (new RegExp(`^${CODE}$`).exec(typed.trim())?.[1] ?? "");
}

/** @param {string} href @param {string} text */
export function inviteLink(href, text) {
  const code = INVITE.exec(href)?.[1] ?? "";
  return h("a", { href: `/invite/${code}`, onclick: (/** @type {Event} */ event) => {
    event.preventDefault();
    void showInvite(code);
  } }, text);
}

/** @param {string} code @returns {Promise<import("./api.js").Invite | string>} the invitation, or why there is none */
async function look(code) {
  try {
    return await api.invite(state.me, code);
  } catch (error) {
    if (!(error instanceof Refused)) return "The simulator cannot be reached.";
    return error.code === 10006 ? "This invitation is over, or never was." : error.message;
  }
}

/** @param {import("./api.js").Invite | null} invite */
function server(invite) {
  const name = invite?.guild.name ?? "";
  const members = invite?.approximate_member_count ?? 0;
  return [h("span", { class: "server-icon", "aria-hidden": "true" }, initials(name) || icon("close")),
    h("span", { class: "two-lines" }, h("strong", {}, name), invite && h("small", {}, `${members} ${members === 1 ? "member" : "members"}`))];
}

/** @param {string} name */
export function initials(name) {
  return name.split(/\s+/).map((w) => [...w][0] ?? "").join("").slice(0, 2).toUpperCase();
}

/** @param {import("./api.js").Invite} invite @param {() => void} done */
function button(invite, done) {
  const element = h("button", { type: "button", class: invite.member ? "button secondary" : "button success", disabled: invite.banned }, invite.member ? "Go to the server" : invite.banned ? "Banned" : "Join");
  element.addEventListener("click", async () => {
    element.setAttribute("aria-busy", "true");
    if (invite.member) guest.open(invite.channel?.id ?? "");
    else await guest.join(invite);
    element.removeAttribute("aria-busy");
    done();
  });
  return element;
}

/** The card below a message that holds an invitation. @param {string} code */
export function inviteCard(code) {
  const box = h("div", { class: "invite-card", role: "group", "aria-label": "Invitation" }, h("p", { class: "invite-title" }, "Invitation to a server"), h("div", { class: "invite-row" }, ...server(null)));
  void look(code).then((invite) => {
    if (typeof invite === "string") return box.replaceChildren(h("p", { class: "invite-title" }, "Invitation to a server"), h("div", { class: "invite-row" }, h("span", { class: "server-icon bad", "aria-hidden": "true" }, icon("close")), h("p", {}, invite)));
    box.replaceChildren(h("p", { class: "invite-title" }, invite.member ? "A server that you are in" : "You are invited to join a server"),
      h("div", { class: "invite-row" }, ...server(invite), button(invite, () => {})));
  });
  return box;
}

/** @returns {HTMLDialogElement} */
const dialog = () => /** @type {HTMLDialogElement} */ (byId("invite"));
const head = (/** @type {string} */ title) => h("header", {}, h("h2", { id: "invite-title" }, title), iconButton("close", "Close", () => dialog().close()));

/** Asks whether to follow an invitation. @param {string} code */
export async function showInvite(code) {
  const invite = await look(code);
  if (typeof invite === "string") {
    dialog().replaceChildren(head("No way in"), h("p", { class: "dialog-text", role: "alert" }, invite), h("footer", {}, h("button", { type: "button", class: "button secondary", onclick: () => dialog().close() }, "Close")));
  } else {
    const from = invite.inviter?.global_name || invite.inviter?.username;
    dialog().replaceChildren(head(invite.member ? "You are in this server" : "You are invited"),
      h("div", { class: "dialog-text" }, from && h("p", {}, `${from} invites you to`), h("div", { class: "invite-row" }, ...server(invite)), invite.banned && h("p", { class: "error", role: "alert" }, "You are banned from this server.")),
      h("footer", {}, button(invite, () => dialog().close())));
  }
  if (!dialog().open) dialog().showModal();
}

/** Asks for a code. */
export function askForInvite() {
  const input = h("input", { type: "text", id: "invite-code", autocomplete: "off", spellcheck: false, placeholder: "https://discord.gg/…", "aria-describedby": "invite-error" });
  const error = h("small", { class: "error", id: "invite-error", role: "alert" });
  const form = h("form", { noValidate: true }, head("Join a server"),
    h("div", { class: "dialog-text" }, h("div", { class: "field" }, h("label", { for: "invite-code" }, "Invitation"), h("small", {}, "An address, or only its code."), input, error)),
    h("footer", {}, h("button", { class: "button primary" }, "Look at it")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = codeOf(input.value);
    error.textContent = code ? "" : "This is no invitation.";
    input.setAttribute("aria-invalid", String(!code));
    if (code) void showInvite(code);
    else input.focus();
  });
  dialog().replaceChildren(form);
  dialog().showModal();
  input.focus();
}

/** Shows an invitation that was just made. @param {import("./api.js").Invite} invite */
export function showOwnInvite(invite) {
  const field = h("input", { type: "text", id: "invite-url", readOnly: true, value: invite.url });
  const copy = h("button", { type: "button", class: "button primary", onclick: () => {
    field.select();
    void navigator.clipboard?.writeText(invite.url).then(() => (copy.textContent = "Copied"));
  } }, "Copy");
  dialog().replaceChildren(head(`Invite people to ${invite.guild.name}`),
    h("div", { class: "dialog-text" }, h("div", { class: "field" }, h("label", { for: "invite-url" }, "Invitation"), h("small", {}, invite.expires_at ? `It ends ${new Date(invite.expires_at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}.` : "It does not end."), h("div", { class: "beside" }, field, copy))));
  dialog().showModal();
  field.select();
}
