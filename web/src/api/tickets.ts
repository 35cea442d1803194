// Calls about tickets and their messages.
import { call, download } from './client'
import type { FoundPage, NewTicket, NewTicketAnswer, OpenTicketType, Ticket, TicketMessage } from './types'

interface TicketList {
  tickets: Ticket[]
  total: number
}

const at = (ticketId: string, rest = '') => `/api/tickets/${encodeURIComponent(ticketId)}${rest}`

export const fetchAllTickets = async (signal?: AbortSignal) =>
  (await call<TicketList>('/api/tickets', { signal })).tickets

export const fetchMyTickets = async (signal?: AbortSignal) =>
  (await call<TicketList>('/api/tickets/my', { signal })).tickets

/** Tickets by the words in their messages, those with the newest hits first. */
export const searchTickets = (q: string, before: string | undefined, signal?: AbortSignal) =>
  call<FoundPage>('/api/tickets/search', { query: { q, before }, signal })

export const fetchTicket = (ticketId: string, signal?: AbortSignal) => call<Ticket>(at(ticketId), { signal })

export const fetchMessages = async (ticketId: string, signal?: AbortSignal) =>
  (await call<{ messages: TicketMessage[] }>(at(ticketId, '/messages'), { signal })).messages

export const createTicket = (ticket: NewTicket) =>
  call<NewTicketAnswer>('/api/tickets', { method: 'POST', body: ticket })

/** Sends a message and answers it as stored. */
export const sendMessage = async (ticketId: string, content: string) =>
  (await call<{ data: TicketMessage }>(at(ticketId, '/messages'), { method: 'POST', body: { content } })).data

export const claimTicket = (ticketId: string, userId: string) =>
  call<unknown>(at(ticketId, '/claim'), { method: 'POST', body: { user_id: userId } })

export const unclaimTicket = (ticketId: string) =>
  call<unknown>(at(ticketId, '/unclaim'), { method: 'POST', body: {} })

/** `message` goes to the creator; empty for none. */
export const closeTicket = (ticketId: string, message: string) =>
  call<unknown>(at(ticketId, '/close'), { method: 'POST', body: message ? { close_message: message } : {} })

export const reopenTicket = (ticketId: string) =>
  call<unknown>(at(ticketId, '/reopen'), { method: 'POST', body: {} })

/** Forms of a transcript: a page, plain text, data for programs. */
export const TRANSCRIPT_FORMATS = ['html', 'txt', 'json'] as const
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number]

export const fetchTranscript = (ticketId: string, format: TranscriptFormat) =>
  download(at(ticketId, '/transcript'), { query: { format } })

/** The copy of a file, under the name that its sender gave it. */
export const fetchFile = async ({ path, name }: { path: string; name: string }, signal?: AbortSignal) => {
  const content = await download(path, { signal })
  return new File([content], name, { type: content.type })
}

/** Types that a member may choose from. */
export const fetchOpenTypes = async (signal?: AbortSignal) =>
  (await call<{ types: OpenTicketType[] }>('/api/tickets/types', { signal })).types

/** The types by name, as configured: also for staff without a Discord account. */
export const fetchCategories = async (signal?: AbortSignal) =>
  (await call<{ categories?: string[] }>('/api/config/tickets', { signal })).categories ?? []
