// @ts-check
/** The control API of the simulator. */

/**
 * @typedef {{ id: string, username: string, global_name?: string | null, avatar?: string | null, bot?: boolean,
 *   nick?: string | null, standing?: string, color?: number, roles?: string[], role_names?: string[], status?: string }} Person
 * @typedef {{ id: string, type: number, name?: string, parent_id?: string | null, topic?: string | null, position?: number,
 *   permissions?: string, recipients?: Person[], guild_id?: string, last_message_id?: string | null, message_count?: number,
 *   thread_metadata?: { archived: boolean, locked?: boolean }, owner_id?: string, flags?: number, applied_tags?: string[],
 *   available_tags?: { id: string, name: string, moderated: boolean, emoji_id?: string | null, emoji_name?: string | null }[] }} Channel
 * @typedef {{ thread: Channel, first: Message | null }} Post
 * @typedef {{ code: string, url: string, member: boolean, banned: boolean, guild: { id: string, name: string }, channel?: { id: string, name: string } | null,
 *   inviter?: Person | null, expires_at?: string | null, approximate_member_count: number }} Invite
 * @typedef {{ id: string, name: string, color: number, position: number }} Role
 * @typedef {{ id: string, name: string, owner_id: string, channels: Channel[], roles: Role[], members: Person[],
 *   emojis: { id: string, name: string }[], voice: { user: string, channel: string }[] }} Guild
 * @typedef {{ user: Person, guilds: Guild[], joinable: { id: string, name: string }[], dms: Channel[], takes_dms: boolean, locale: string }} View
 * @typedef {{ id: string, type: number, name: string, description: string, application_id: string, options?: Option[] }} Command
 * @typedef {{ name: string, value: string | number | boolean }} OptionChoice
 * @typedef {{ type: number, name: string, description: string, required?: boolean, autocomplete?: boolean, options?: Option[],
 *   choices?: OptionChoice[], min_value?: number, max_value?: number, min_length?: number, max_length?: number,
 *   channel_types?: number[] }} Option
 * @typedef {{ interaction: string, custom_id: string, title: string, components: any[] }} Modal
 * @typedef {{ interaction: string, failed: boolean, answered: boolean, modal: Modal | null, responses: Message[],
 *   choices: OptionChoice[] }} Exchange
 * @typedef {{ id: string, channel_id: string, guild_id?: string, author: Person, content: string, timestamp: string, edited_timestamp: string | null,
 *   embeds: any[], components: any[], attachments: any[], reactions?: any[], flags: number, type: number, pinned: boolean,
 *   mentions: Person[], mention_roles?: string[], mention_everyone: boolean, referenced_message?: Message | null, interaction_metadata?: any,
 *   webhook_id?: string, member?: any, thread?: Channel, poll?: any }} Message
 */

/** Messages asked for at a time. */
export const MESSAGES = 50;

/** What the simulator refused, with the reason that Discord would give. */
export class Refused extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(explain(body) || `The request was refused (${status}).`);
    this.code = body?.code ?? 0;
  }
}

/** @param {any} body @returns {string} */
function explain(body) {
  const wrong = firstError(body?.errors);
  return wrong ? `${body.message}: ${wrong}` : (body?.message ?? "");
}

/** @param {any} tree @param {string} [path] @returns {string} */
function firstError(tree, path = "") {
  if (!tree || typeof tree !== "object") return "";
  if (Array.isArray(tree._errors)) return `${path} ${tree._errors[0]?.message ?? ""}`.trim();
  for (const [key, inner] of Object.entries(tree)) {
    const found = firstError(inner, path ? `${path}.${key}` : key);
    if (found) return found;
  }
  return "";
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function call(method, path, body) {
  const answer = await fetch(`/sim${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const value = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, value);
  return value;
}

export const api = {
  /** @param {string} [query] part of a name, role or standing @returns {Promise<Person[]>} */
  people: (query = "") => call("GET", query ? `/users?query=${encodeURIComponent(query)}` : "/users"),
  /** @param {string} name @returns {Promise<Person>} */
  make: (name) => call("POST", "/users", { name }),
  /** @param {string} user @returns {Promise<View>} */
  view: (user) => call("GET", `/users/${user}`),
  /** @param {string} user @param {string} channel @param {string} [before] a message's id @returns {Promise<Message[]>} */
  messages: (user, channel, before) =>
    call("GET", `/users/${user}/channels/${channel}/messages?limit=${MESSAGES}${before ? `&before=${before}` : ""}`),
  /** @param {string} user @param {string} channel @returns {Promise<Command[]>} */
  commands: (user, channel) => call("GET", `/users/${user}/channels/${channel}/commands`),
  /** @param {string} user @param {string} channel @param {object} message */
  write: (user, channel, message) => call("POST", `/users/${user}/channels/${channel}/messages`, message),
  /** @param {string} user @param {Message} message @param {string} content */
  edit: (user, message, content) =>
    call("PATCH", `/users/${user}/channels/${message.channel_id}/messages/${message.id}`, { content }),
  /** @param {string} user @param {Message} message */
  remove: (user, message) => call("DELETE", `/users/${user}/channels/${message.channel_id}/messages/${message.id}`),
  /** @param {string} user @param {Message} message @param {string} emoji @param {boolean} on */
  react: (user, message, emoji, on) =>
    call(on ? "PUT" : "DELETE",
      `/users/${user}/channels/${message.channel_id}/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`),
  /** @param {string} user @param {Message} message @param {number[]} answers none takes the vote back @returns {Promise<Message>} */
  vote: (user, message, answers) =>
    call("POST", `/users/${user}/channels/${message.channel_id}/messages/${message.id}/votes`, { answers }),
  /** @param {string} user @param {string} forum @returns {Promise<Post[]>} */
  posts: (user, forum) => call("GET", `/users/${user}/channels/${forum}/posts`),
  /** @param {string} user @param {string} channel @param {object} thread @returns {Promise<Channel>} */
  startThread: (user, channel, thread) => call("POST", `/users/${user}/channels/${channel}/threads`, thread),
  /** @param {string} user @param {string} code @returns {Promise<Invite>} */
  invite: (user, code) => call("GET", `/users/${user}/invites/${encodeURIComponent(code)}`),
  /** @param {string} user @param {string} code @returns {Promise<{ guild: string }>} */
  follow: (user, code) => call("PUT", `/users/${user}/invites/${encodeURIComponent(code)}`, {}),
  /** @param {string} user @param {string} channel @returns {Promise<Invite>} */
  makeInvite: (user, channel) => call("POST", `/users/${user}/channels/${channel}/invites`, { max_age: 604800 }),
  /** @param {string} user @param {string} channel */
  typing: (user, channel) => call("POST", `/users/${user}/channels/${channel}/typing`),
  /** @param {string} user @param {string} channel @param {object} command @returns {Promise<Exchange>} */
  command: (user, channel, command) => call("POST", `/users/${user}/channels/${channel}/commands`, command),
  /** @param {string} user @param {Message} message @param {string} custom_id @param {string[]} values @returns {Promise<Exchange>} */
  component: (user, message, custom_id, values) =>
    call("POST", `/users/${user}/channels/${message.channel_id}/components`, { message: message.id, custom_id, values }),
  /** @param {string} user @param {string} interaction @param {Record<string, unknown>} values @returns {Promise<Exchange>} */
  modal: (user, interaction, values) => call("POST", `/users/${user}/modals`, { interaction, values }),
  /** @param {string} user @param {string} guild @param {boolean} inside */
  membership: (user, guild, inside) => call(inside ? "PUT" : "DELETE", `/users/${user}/guilds/${guild}`),
  /** @param {string} user @param {Channel} channel @param {boolean} inside */
  voice: (user, channel, inside) =>
    inside ? call("PUT", `/users/${user}/channels/${channel.id}/voice`) : call("DELETE", `/users/${user}/guilds/${channel.guild_id}/voice`),
  /** @param {string} user @param {string} recipient @returns {Promise<Channel>} */
  dm: (user, recipient) => call("POST", `/users/${user}/dms`, { recipient }),
  /** @param {string} user @param {object} settings */
  settings: (user, settings) => call("PATCH", `/users/${user}`, settings),
};

/** The longest pause between two attempts to reconnect, in milliseconds. */
const LONGEST_PAUSE = 5000;

/**
 * Live events of a user, reconnecting for ever. Gives a function that ends it.
 * @param {string} user
 * @param {(line: any) => void} take
 * @param {() => void} restarted called after a break, when everything must be read again
 * @returns {() => void}
 */
export function listen(user, take, restarted) {
  let ended = false;
  let pause = 250;
  /** @type {WebSocket | undefined} */
  let socket;
  const connect = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/sim/events?user=${user}&traffic=1`);
    let first = true;
    socket.onopen = () => {
      if (pause > 250 && first) restarted();
      first = false;
      pause = 250;
    };
    socket.onmessage = (frame) => take(JSON.parse(frame.data));
    socket.onclose = () => {
      if (ended) return;
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      setTimeout(connect, pause);
    };
  };
  connect();
  return () => {
    ended = true;
    socket?.close();
  };
}
