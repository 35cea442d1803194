// Calls of staff about tickets: notes, labels, people, canned replies, handing over, figures.
import { call } from './client'
import type { CannedReply, Priority, TicketNote, TicketPerson, TicketRating, TicketStats } from './types'

const at = (ticketId: string, rest: string) => `/api/tickets/${encodeURIComponent(ticketId)}${rest}`
const REPLIES = '/api/tickets/replies'

export const fetchNotes = async (ticketId: string, signal?: AbortSignal) =>
  (await call<{ notes: TicketNote[] }>(at(ticketId, '/notes'), { signal })).notes

export const addNote = (ticketId: string, text: string) =>
  call<TicketNote>(at(ticketId, '/notes'), { method: 'POST', body: { text } })

export const deleteNote = (ticketId: string, note: number) =>
  call<unknown>(at(ticketId, `/notes/${note}`), { method: 'DELETE' })

export const setPriority = (ticketId: string, priority: Priority) =>
  call<unknown>(at(ticketId, '/priority'), { method: 'PUT', body: { priority } })

export const setTags = (ticketId: string, tags: readonly string[]) =>
  call<unknown>(at(ticketId, '/tags'), { method: 'PUT', body: { tags } })

/** Members whose name holds the text; with `staff` those who can be given tickets. */
export const findPeople = async (text: string, staff: boolean, signal?: AbortSignal) =>
  (await call<{ people: TicketPerson[] }>('/api/tickets/people', { query: { q: text, staff }, signal }))
    .people

export const addParticipant = (ticketId: string, userId: string) =>
  call<unknown>(at(ticketId, '/participants'), { method: 'POST', body: { user_id: userId } })

export const removeParticipant = (ticketId: string, userId: string) =>
  call<unknown>(at(ticketId, `/participants/${encodeURIComponent(userId)}`), { method: 'DELETE' })

export const assignTicket = (ticketId: string, userId: string) =>
  call<unknown>(at(ticketId, '/assign'), { method: 'POST', body: { assigned_to: userId } })

export const transferTicket = (ticketId: string, type: string) =>
  call<unknown>(at(ticketId, '/transfer'), { method: 'POST', body: { type } })

export const askToClose = (ticketId: string, hours: number) =>
  call<unknown>(at(ticketId, '/close-request'), { method: 'POST', body: { hours } })

export const keepOpen = (ticketId: string) =>
  call<unknown>(at(ticketId, '/close-request'), { method: 'DELETE' })

export interface CannedList {
  replies: CannedReply[]
  /** Words in braces that are filled in. */
  variables: string[]
}

export const fetchCanned = (signal?: AbortSignal) => call<CannedList>(REPLIES, { signal })

/** As they would be sent into this ticket now. */
export const fetchCannedFor = async (ticketId: string, signal?: AbortSignal) =>
  (await call<CannedList>(at(ticketId, '/replies'), { signal })).replies

export const saveCanned = (name: string, text: string) =>
  call<CannedReply>(`${REPLIES}/${encodeURIComponent(name)}`, { method: 'PUT', body: { text } })

export const deleteCanned = (name: string) =>
  call<unknown>(`${REPLIES}/${encodeURIComponent(name)}`, { method: 'DELETE' })

export const fetchTicketStats = (days: number, signal?: AbortSignal) =>
  call<TicketStats>('/api/tickets/stats', { query: { days }, signal })

export const fetchRating = (ticketId: string, signal?: AbortSignal) =>
  call<TicketRating>(at(ticketId, '/rating'), { signal })
