// How live messages join the messages at hand. Pure, so that order and duplicates can be tested.
import type { TicketFile, TicketMessage } from '@/api/types'

/** Discord's ids grow with time; of two texts of digits the longer one is the later. */
function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

function byTime(a: TicketMessage, b: TicketMessage): number {
  const difference = Date.parse(a.timestamp) - Date.parse(b.timestamp)
  return difference || compareIds(a.id, b.id)
}

/** Adds or replaces by id and keeps the order of time. What an event leaves out is kept from before. */
export function mergeMessages(
  known: readonly TicketMessage[],
  incoming: readonly TicketMessage[],
): TicketMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]))
  for (const message of incoming) {
    const before = byId.get(message.id)
    byId.set(message.id, before ? replace(before, message) : message)
  }
  return [...byId.values()].sort(byTime)
}

function replace(before: TicketMessage, after: TicketMessage): TicketMessage {
  const merged = { ...before, ...after }
  // The text without its prefix belongs to the old content once the content has changed.
  if (after.display_content === undefined && after.content !== before.content) delete merged.display_content
  return merged
}

export function removeMessage(known: readonly TicketMessage[], id: string): TicketMessage[] {
  return known.filter((message) => message.id !== id)
}

/**
 * Joins a fetched list with what happened live while it was on its way: `atStart` is what was known when
 * the request left, `now` what is known as it arrives.
 */
export function reconcile(
  fetched: readonly TicketMessage[],
  atStart: readonly TicketMessage[],
  now: readonly TicketMessage[],
): TicketMessage[] {
  const before = new Map(atStart.map((message) => [message.id, message]))
  const current = new Set(now.map(({ id }) => id))
  const changedMeanwhile = now.filter((message) => before.get(message.id) !== message)
  const stillThere = fetched.filter(({ id }) => current.has(id) || !before.has(id))
  return mergeMessages(stillThere, changedMeanwhile)
}

/** True for an object that can be shown as a message. */
export function isMessage(value: unknown): value is TicketMessage {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return ['id', 'author_id', 'author_name', 'content', 'timestamp'].every(
    (key) => typeof fields[key] === 'string',
  )
}

/** A file of a message has another state: its copy has arrived, or never will. */
export function replaceFile(
  known: readonly TicketMessage[],
  messageId: string,
  file: TicketFile,
): TicketMessage[] {
  const changed = (before: TicketFile) => (before.id === file.id ? file : before)
  return known.map((message) =>
    message.id === messageId && message.attachments
      ? { ...message, attachments: message.attachments.map(changed) }
      : message,
  )
}

/** The file and its message named by a `file_changed` event, or null. */
export function changedFile(data: Record<string, unknown>): { messageId: string; file: TicketFile } | null {
  const { message_id: messageId, file } = data
  if (typeof messageId !== 'string' || typeof file !== 'object' || file === null) return null
  const fields = file as Record<string, unknown>
  const whole = ['id', 'name', 'url', 'state'].every((key) => typeof fields[key] === 'string')
  return whole ? { messageId, file: file as TicketFile } : null
}

/** Id named by a `message_deleted` event, or null. */
export function deletedId(data: Record<string, unknown>): string | null {
  const id = data['message_id'] ?? data['id']
  return typeof id === 'string' ? id : null
}
