// Which actions the panel offers on a ticket. The server has the last word; this only spares useless buttons.
import type { Ticket } from '@/api/types'

/** A ticket can be opened again this often. */
export const MAX_REOPENS = 3

export interface Person {
  discordId: string | null
  staff: boolean
}

export interface Allowed {
  claim: boolean
  unclaim: boolean
  close: boolean
  reopen: boolean
  write: boolean
  /** Notes, labels, people, handing over. */
  work: boolean
  /** Object to the closing that was asked for. */
  keep: boolean
}

/** Writing and claiming need a Discord account: both are signed with a member's name. */
export function actionsFor(ticket: Ticket, { discordId, staff }: Person): Allowed {
  const involved = staff || (discordId !== null && ticket.user_id === discordId)
  const added = (ticket.participants ?? []).some(({ user_id }) => user_id === discordId)
  const closed = ticket.status === 'Closed'
  return {
    claim: discordId !== null && staff && !closed && ticket.claimed_by === null,
    unclaim: staff && !closed && ticket.claimed_by !== null,
    close: involved && !closed,
    reopen: involved && closed && (ticket.reopen_count ?? 0) < MAX_REOPENS,
    write: discordId !== null && (involved || added) && !closed,
    work: staff,
    keep: involved && !closed && !!ticket.close_request,
  }
}
