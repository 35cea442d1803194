// From messages to what the chat draws: days, groups by author, system lines, messages still under way.
import type { TicketFile, TicketMessage } from '@/api/types'
import { parseTime, sameDay } from '@/lib/dates'
import { readInitial, readMessage, type InitialDetails, type MessageKind, type Reader } from './message'

/** A message that was written here and is not confirmed yet. */
export interface PendingMessage {
  localId: number
  content: string
  state: 'sending' | 'failed'
  /** Why it failed, as a sentence. */
  error: string | null
  createdAt: Date
  /** Ids of the messages that were there when it was sent: none of them can be its copy. */
  known: ReadonlySet<string>
}

export interface Bubble {
  type: 'bubble'
  key: string
  kind: Extract<MessageKind, 'staff' | 'member'>
  author: string
  avatar: string | null
  role: 'admin' | 'moderator' | 'team' | null
  own: boolean
  text: string
  files: readonly TicketFile[]
  time: Date | null
  /** First of a run of messages by one author: shows name and picture. */
  startsGroup: boolean
  pending: PendingMessage | null
}

export type TimelineItem =
  | { type: 'day'; key: string; day: Date }
  | { type: 'initial'; key: string; details: InitialDetails; time: Date | null }
  | { type: 'system'; key: string; kind: 'system' | 'closing'; text: string; time: Date | null }
  | Bubble

/** Messages of one author further apart than this start a new group. */
const GROUP_GAP_MS = 7 * 60_000

export interface Writer extends Reader {
  avatar: string | null
  staff: boolean
}

export function buildTimeline(
  messages: readonly TicketMessage[],
  pending: readonly PendingMessage[],
  me: Writer,
  names: ReadonlyMap<string, string> = new Map(),
): TimelineItem[] {
  const items: TimelineItem[] = []
  let day: Date | null = null
  const startDay = (time: Date | null) => {
    if (time === null || (day !== null && sameDay(day, time))) return
    day = time
    items.push({ type: 'day', key: `day-${time.toDateString()}`, day: time })
  }

  for (const message of messages) {
    const time = parseTime(message.timestamp)
    startDay(time)
    const { kind, author: account, text, own } = readMessage(message, me)
    // Members are called as the server calls them; what staff write from here comes from the bot's account.
    const author = kind === 'member' ? (names.get(message.author_id) ?? account) : account
    if (kind === 'initial') {
      items.push({ type: 'initial', key: message.id, details: readInitial(text), time })
    } else if (kind === 'system' || kind === 'closing') {
      items.push({ type: 'system', key: message.id, kind, text, time })
    } else {
      items.push({
        type: 'bubble',
        key: message.id,
        kind,
        author,
        avatar: message.author_avatar ?? null,
        role: message.role ?? (kind === 'staff' ? 'team' : null),
        own,
        text,
        files: message.attachments ?? [],
        time,
        startsGroup: startsGroup(items.at(-1), author, time),
        pending: null,
      })
    }
  }

  const myName = me.staff ? me.user : (names.get(me.discordId ?? '') ?? me.user)
  for (const waiting of unconfirmed(messages, pending, me)) {
    startDay(waiting.createdAt)
    items.push({
      type: 'bubble',
      key: `pending-${waiting.localId}`,
      kind: me.staff ? 'staff' : 'member',
      author: myName,
      avatar: me.avatar,
      role: null,
      own: true,
      text: waiting.content,
      files: [],
      time: waiting.createdAt,
      startsGroup: startsGroup(items.at(-1), myName, waiting.createdAt),
      pending: waiting,
    })
  }
  return items
}

function startsGroup(before: TimelineItem | undefined, author: string, time: Date | null): boolean {
  if (before?.type !== 'bubble' || before.author !== author) return true
  return before.time !== null && time !== null && time.getTime() - before.time.getTime() > GROUP_GAP_MS
}

/**
 * Pending messages whose copy has not arrived. The live event may come before the answer to sending; until
 * then its own copy stands for the pending one, so the message never shows twice.
 */
function unconfirmed(
  messages: readonly TicketMessage[],
  pending: readonly PendingMessage[],
  me: Writer,
): PendingMessage[] {
  const taken = new Set<string>()
  return pending.filter(({ state, content, known }) => {
    if (state === 'failed') return true
    const copy = messages.find((message) => {
      if (known.has(message.id) || taken.has(message.id)) return false
      const { own, text } = readMessage(message, me)
      return own && text === content
    })
    if (copy) taken.add(copy.id)
    return copy === undefined
  })
}
