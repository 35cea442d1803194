// @ts-check
/** What the page knows: who you are, where you are, what is there. */

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {import("./api.js").Person} Person
 * @typedef {import("./api.js").Channel} Channel
 */

/** Rights that the page looks at, as Discord numbers them. */
export const RIGHT = { INVITE: 1n << 0n, REACT: 1n << 6n, SEND: 1n << 11n, MANAGE_MESSAGES: 1n << 13n, ATTACH: 1n << 15n, MANAGE_THREADS: 1n << 34n,
  START_THREADS: 1n << 35n, SEND_IN_THREADS: 1n << 38n };
export const TYPE = { TEXT: 0, DM: 1, VOICE: 2, CATEGORY: 4, NEWS: 5, FORUM: 15 };
/** Of messages, and PINNED of posts. */
export const FLAG = { PINNED: 1 << 1, EPHEMERAL: 1 << 6, LOADING: 1 << 7 };
const THREADS = [10, 11, 12];

export const state = {
  /** @type {Person[]} */ people: [],
  me: "",
  /** @type {import("./api.js").View | null} */ view: null,
  channel: "",
  /** @type {Message[]} */ messages: [],
  /** Of the forum that is open. @type {import("./api.js").Post[]} */ posts: [],
  /** True if older messages can be asked for. */
  older: false,
  /** The newest message read before the channel was opened; the line "New" stands below it. */
  readUpTo: "",
  /** @type {import("./api.js").Command[]} */ commands: [],
};

export const guild = () => state.view?.guilds[0];
export const channels = () => [...(guild()?.channels ?? []), ...(state.view?.dms ?? [])];
export const channel = () => channels().find((c) => c.id === state.channel);
/** @param {string} id */
export const person = (id) => guild()?.members.find((m) => m.id === id) ?? state.people.find((p) => p.id === id)
  ?? (state.view?.user.id === id ? state.view.user : undefined);
/** @param {Channel} c */
export const isThread = (c) => THREADS.includes(c.type);

/** @param {Person | undefined} who @param {string} [or] */
export function nameOf(who, or = "Unknown") {
  return who?.nick || who?.global_name || who?.username || or;
}

/** @param {Channel | undefined} c */
export function channelName(c) {
  if (!c) return "Sandbox";
  return c.type === TYPE.DM ? nameOf(c.recipients?.find((r) => r.id !== state.me)) : (c.name ?? "");
}

/** @param {bigint} right @param {Channel | undefined} [where] */
export function can(right, where = channel()) {
  if (!where) return false;
  return where.type === TYPE.DM || (BigInt(where.permissions ?? "0") & right) !== 0n;
}

/** True where a message can be written. */
export function canWrite() {
  const here = channel();
  if (!here || here.type === TYPE.FORUM || here.type === TYPE.CATEGORY) return false;
  if (here.thread_metadata?.locked) return false;
  return can(isThread(here) ? RIGHT.SEND_IN_THREADS : RIGHT.SEND);
}

/** Roles of somebody, highest first, without @everyone. @param {Person | undefined} who */
export function rolesOf(who) {
  return (guild()?.roles ?? []).filter((r) => who?.roles?.includes(r.id)).sort((a, b) => b.position - a.position);
}

/** @type {import("./markdown.js").Names} */
export const names = {
  user: (id) => nameOf(person(id), "unknown-user"),
  role: (id) => guild()?.roles.find((r) => r.id === id),
  channel: (id) => channels().find((c) => c.id === id)?.name ?? "no-access",
  openChannel: () => {},
  openPerson: () => {},
};

/** The channels where most of the talk is: what a person sees first. */
export const firstText = () => (guild()?.channels ?? []).find((c) => c.type === TYPE.TEXT && can(RIGHT.SEND, c));
