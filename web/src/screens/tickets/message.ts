// Reading ticket messages: what a message is, who wrote it, and its text without the relay prefix.
import type { TicketFile, TicketMessage } from '@/api/types'

// The bot relays what was written in the panel or the app as `**[name]:** text`,
// for staff as `**[Admin Panel - name]:** text`.
const STAFF_RELAY = /^\*\*\[Admin Panel - ([^\]\n]+)\]:\*\* ?/
const RELAY = /^\*\*\[([^\]\n]+)\]:\*\* ?/

export type MessageKind = 'initial' | 'closing' | 'system' | 'staff' | 'member'

export interface ReadMessage {
  kind: MessageKind
  /** Account name of the person behind the message, also when the bot relayed it. */
  author: string
  text: string
  /** Written by the reader, in the panel or in Discord. */
  own: boolean
}

export interface Reader {
  user: string
  discordId: string | null
}

export function readMessage(message: TicketMessage, reader: Reader): ReadMessage {
  const fromBot = message.is_bot ?? false
  const relay = relayOf(message, fromBot)
  if (fromBot && relay === null) {
    return { kind: botKind(message.content), author: message.author_name, text: message.content, own: false }
  }
  const staff = message.is_admin === true || Boolean(message.role) || relay?.staff === true
  const author = fromBot && relay !== null ? relay.name : message.author_name
  return {
    kind: staff ? 'staff' : 'member',
    author,
    text: withoutAddresses(message.display_content ?? relay?.text ?? message.content, message.attachments),
    own: message.author_id === reader.discordId || (fromBot && author === reader.user),
  }
}

interface Relay {
  name: string
  staff: boolean
  text: string
}

/**
 * The prefix counts only in what the bot wrote, and where it names the message's own author: anybody can
 * type it in Discord, and nobody may appear as somebody else that way.
 */
function relayOf(message: TicketMessage, fromBot: boolean): Relay | null {
  const staff = STAFF_RELAY.exec(message.content)
  const match = staff ?? RELAY.exec(message.content)
  const name = match?.[1]
  if (!match || name === undefined) return null
  if (!fromBot && name !== message.author_name) return null
  return { name, staff: staff !== null && fromBot, text: message.content.slice(match[0].length) }
}

/** Text without the lines that are addresses of the message's files: the files are shown instead. */
function withoutAddresses(text: string, files: readonly TicketFile[] = []): string {
  if (files.length === 0) return text
  const place = (url: string) => url.split(/[?#]/, 1)[0] ?? url
  const places = new Set(files.map(({ url }) => place(url)))
  return text
    .split('\n')
    .filter((line) => !places.has(place(line.trim())))
    .join('\n')
}

function botKind(content: string): MessageKind {
  if (content.includes('**Initial details') || content.startsWith('**Subject:')) return 'initial'
  if (content.includes('Ticket successfully closed') || content.includes('**Closing Message:**'))
    return 'closing'
  return 'system'
}

export interface InitialDetails {
  subject: string | null
  description: string
}

/** Subject and description of a ticket's first message; other first messages are all description. */
export function readInitial(content: string): InitialDetails {
  const subject = /\*\*Subject:\*\*[ \t]*(.+)/.exec(content)?.[1]?.trim() ?? null
  const marker = /\*\*Description:\*\*\s*/.exec(content)
  if (marker) return { subject, description: content.slice(marker.index + marker[0].length).trim() }
  const rest = content
    .replace(/\*\*Subject:\*\*.*\n*/, '')
    .replace(/^\*\*Initial details[^\n]*\n*/, '')
    .trim()
  return { subject, description: rest }
}
