// Which tickets a list shows, and in which order.
import { PRIORITIES, type Priority, type Ticket, type TicketStatus } from '@/api/types'
import { readInitial } from './message'

export const TICKET_FILTERS = ['all', 'open', 'claimed', 'closed'] as const
export type TicketFilter = (typeof TICKET_FILTERS)[number]

const STATUS: Record<Exclude<TicketFilter, 'all'>, TicketStatus> = {
  open: 'Open',
  claimed: 'Claimed',
  closed: 'Closed',
}

/** The filter named in an address; anything else shows all. */
export const filterFrom = (text: unknown): TicketFilter =>
  TICKET_FILTERS.find((name) => name === text) ?? 'all'

/** The priority named in an address; `null` for all. */
export const priorityFrom = (text: unknown): Priority | null =>
  PRIORITIES.find((name) => name === text) ?? null

/** All tags in use, sorted. */
export const tagsOf = (tickets: readonly Ticket[]): string[] =>
  [...new Set(tickets.flatMap(({ tags }) => tags ?? []))].sort((a, b) => a.localeCompare(b))

/** What a list is narrowed to besides the state. */
export interface Labels {
  priority?: Priority | null
  tag?: string | null
}

/** Subject of a ticket, or null where the answer carries no first message. */
export const subjectOf = (ticket: Ticket): string | null =>
  ticket.initial_message ? readInitial(ticket.initial_message).subject : null

export function countByFilter(tickets: readonly Ticket[]): Record<TicketFilter, number> {
  const count = (status: TicketStatus) => tickets.filter((ticket) => ticket.status === status).length
  return { open: count('Open'), claimed: count('Claimed'), closed: count('Closed'), all: tickets.length }
}

/** Every word of the search has to occur; `#12` or `12` finds the number. Newest number first. */
export function filterTickets(
  tickets: readonly Ticket[],
  filter: TicketFilter,
  search: string,
  labels: Labels = {},
): Ticket[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return tickets
    .filter((ticket) => filter === 'all' || ticket.status === STATUS[filter])
    .filter(
      ({ priority, tags }) =>
        (!labels.priority || (priority ?? 'normal') === labels.priority) &&
        (!labels.tag || (tags ?? []).includes(labels.tag)),
    )
    .filter((ticket) => {
      const text = searchText(ticket)
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => b.ticket_num - a.ticket_num)
}

const searchText = (ticket: Ticket): string =>
  [
    `#${ticket.ticket_num}`,
    ticket.type,
    ticket.display_name,
    ticket.username,
    ticket.claimed_by_name,
    ticket.assigned_to_name,
    ticket.initial_message,
    ...(ticket.tags ?? []),
    ...(ticket.participants ?? []).map(({ name }) => name),
  ]
    .filter(Boolean)
    .join('\n')
    .toLowerCase()
