// @ts-check
/** What happens while the page is open: events of the person, typing, traffic. */

import { addMessage, atEnd, changeMessage } from "./feed.js";
import { byId, h } from "./dom.js";
import { countVote, keepVotes } from "./poll.js";
import { channels, nameOf, person, state } from "./state.js";
import { addTraffic } from "./traffic.js";
import { markRead, ping } from "./unread.js";

/**
 * @typedef {{ refresh: () => void, reload: () => void, drawSide: () => void, dropMessages: (ids: Set<string>) => void }} Page
 */

/** Ms that somebody's typing is shown. */
const TYPING_SHOWN = 10_000;
/** People named while they type. */
const MOST_NAMED = 3;

/** @type {Page} */
let page;
/** @type {Map<string, { name: string, until: number }>} */
const typing = new Map();

/** @param {Page} host */
export function prepareLive(host) {
  page = host;
}

function drawTyping() {
  const who = [...typing.values()].filter((w) => w.until > Date.now()).map((w) => w.name);
  const text = who.length > MOST_NAMED ? "Several people are typing …" : `${who.join(", ")} ${who.length > 1 ? "are" : "is"} typing …`;
  byId("typing").replaceChildren(...(who.length ? [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), text] : []));
}

/** @param {any} d */
function created(d) {
  const known = channels().find((c) => c.id === d.channel_id);
  const forMe = d.author.id !== state.me && (!d.guild_id || d.mention_everyone || d.mentions.some((/** @type {any} */ u) => u.id === state.me)
    || d.mention_roles?.some((/** @type {string} */ r) => person(state.me)?.roles?.includes(r)));
  const ephemeral = (d.flags & 64) !== 0;
  if (known && !ephemeral) known.last_message_id = d.id;
  if (d.channel_id === state.channel) {
    typing.delete(d.author.id);
    drawTyping();
    addMessage(d);
    if (atEnd() && !document.hidden) markRead(state.channel, known?.last_message_id);
    return;
  }
  if (forMe && !ephemeral) ping(d.channel_id);
  // A forum's card tells of its post's newest answer.
  if (known && known.parent_id !== state.channel) page.drawSide();
  else page.refresh();
}

/** @param {any} d @param {number} by @param {string} kind */
function reacted(d, by, kind) {
  const message = state.messages.find((m) => m.id === d.message_id);
  if (!message) return;
  const same = (/** @type {any} */ r) => (d.emoji.id ? r.emoji.id === d.emoji.id : !r.emoji.id && r.emoji.name === d.emoji.name);
  const list = (message.reactions ?? []).map((r) => ({ ...r }));
  if (kind === "ALL") message.reactions = [];
  else if (kind === "EMOJI") message.reactions = list.filter((r) => !same(r));
  else {
    let one = list.find(same);
    if (!one) list.push((one = { emoji: d.emoji, count: 0, me: false }));
    one.count += by;
    if (d.user_id === state.me) one.me = by > 0;
    message.reactions = list.filter((r) => r.count > 0);
  }
  changeMessage(message);
}

export const live = {
  forgetTyping() {
    typing.clear();
    drawTyping();
  },

  /** Takes a line of the stream. @param {any} line */
  take(line) {
    if (line.kind === "missed") return page.reload();
    if (line.kind !== "event") return addTraffic(line);
    const { t, d } = line;
    const here = d.channel_id === state.channel;
    switch (t) {
      case "MESSAGE_CREATE":
        return created(d);
      case "MESSAGE_UPDATE": {
        const old = here && state.messages.find((m) => m.id === d.id);
        if (old) changeMessage({ ...d, reactions: old.reactions, poll: keepVotes(d.poll, old.poll) });
        return;
      }
      case "MESSAGE_DELETE":
        return here ? page.dropMessages(new Set([d.id])) : undefined;
      case "MESSAGE_DELETE_BULK":
        return here ? page.dropMessages(new Set(d.ids)) : undefined;
      case "MESSAGE_REACTION_ADD":
        return here ? reacted(d, 1, "") : undefined;
      case "MESSAGE_REACTION_REMOVE":
        return here ? reacted(d, -1, "") : undefined;
      case "MESSAGE_REACTION_REMOVE_ALL":
        return here ? reacted(d, 0, "ALL") : undefined;
      case "MESSAGE_REACTION_REMOVE_EMOJI":
        return here ? reacted(d, 0, "EMOJI") : undefined;
      case "MESSAGE_POLL_VOTE_ADD":
      case "MESSAGE_POLL_VOTE_REMOVE": {
        const poll = here && state.messages.find((m) => m.id === d.message_id);
        if (poll) changeMessage(countVote(poll, d, t.endsWith("ADD"), d.user_id === state.me));
        return;
      }
      case "TYPING_START":
        if (!here || d.user_id === state.me) return;
        typing.set(d.user_id, { name: nameOf(person(d.user_id)), until: Date.now() + TYPING_SHOWN });
        drawTyping();
        setTimeout(drawTyping, TYPING_SHOWN + 50);
        return;
      default:
        if (t === "THREAD_CREATE") {
          const start = state.messages.find((m) => m.id === d.id);
          if (start) changeMessage({ ...start, thread: d });
        }
        if (/^(CHANNEL|THREAD|GUILD|VOICE|APPLICATION_COMMAND)_/.test(t) && t !== "GUILD_AUDIT_LOG_ENTRY_CREATE") page.refresh();
    }
  },
};
