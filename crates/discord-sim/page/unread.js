// @ts-check
/** What each person has read, kept for as long as the tab lives. */

import { state } from "./state.js";

/** @typedef {{ read: Record<string, string>, pings: Record<string, number> }} Marks */

const KEY = "sandbox-read";

/** @returns {Record<string, Marks>} */
function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
const all = load();

/** @returns {Marks} */
function mine() {
  return (all[state.me] ??= { read: {}, pings: {} });
}

function save() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Without storage the marks end with the page.
  }
}

/** Whether `a` is the younger of two ids. @param {string} a @param {string} b */
const younger = (a, b) => BigInt(a || 0) > BigInt(b || 0);

/**
 * What stands in the channels when a person is taken for the first time counts as read.
 * @param {import("./api.js").Channel[]} list
 */
export function begin(list) {
  const first = !all[state.me];
  const { read } = mine();
  if (first) for (const c of list) read[c.id] = c.last_message_id ?? "0";
  save();
}

/** @param {import("./api.js").Channel} c */
export function isUnread(c) {
  return c.id !== state.channel && !!c.last_message_id && younger(c.last_message_id, mine().read[c.id] ?? "0");
}

/** @param {string} channel */
export const pingsIn = (channel) => mine().pings[channel] ?? 0;
/** @param {string} channel */
export const readIn = (channel) => mine().read[channel] ?? "";

/** @param {string} channel @param {string | null | undefined} message the newest one seen */
export function markRead(channel, message) {
  const { read, pings } = mine();
  delete pings[channel];
  if (message && younger(message, read[channel] ?? "0")) read[channel] = message;
  save();
}

/** @param {string} channel */
export function ping(channel) {
  const { pings } = mine();
  pings[channel] = (pings[channel] ?? 0) + 1;
  save();
}
