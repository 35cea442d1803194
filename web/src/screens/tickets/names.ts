// Names of the people of one conversation, so that mentions can be shown as names.
import type { ComputedRef, InjectionKey } from 'vue'
import type { Ticket, TicketMessage } from '@/api/types'

export const KNOWN_NAMES: InjectionKey<ComputedRef<ReadonlyMap<string, string>>> = Symbol('known names')

/** Id to name, from the ticket and from who wrote in it. */
export function knownNames(ticket: Ticket | null, messages: readonly TicketMessage[]): Map<string, string> {
  const names = new Map(messages.map(({ author_id, author_name }) => [author_id, author_name]))
  const add = (id: string | null, name: string | null) => {
    if (id !== null && name !== null) names.set(id, name)
  }
  if (ticket) {
    add(ticket.user_id, ticket.display_name)
    add(ticket.claimed_by, ticket.claimed_by_name)
    add(ticket.assigned_to, ticket.assigned_to_name)
    for (const { user_id, name } of ticket.participants ?? []) add(user_id, name)
  }
  return names
}
