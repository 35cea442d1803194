// The ticket list as server data that follows live events.
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, type Ref } from 'vue'
import { fetchAllTickets, fetchMyTickets } from '@/api/tickets'
import { queryKeys } from '@/lib/query'
import { onLive } from '@/live/socket'

/** Events that come together cost one refetch, not one each. */
const GATHER_MS = 300

/** All tickets for the desk, the person's own otherwise. */
export function useTickets(desk: Ref<boolean>) {
  followTicketList()
  return useQuery({
    queryKey: () => (desk.value ? queryKeys.allTickets : queryKeys.myTickets),
    queryFn: ({ signal }) => (desk.value ? fetchAllTickets(signal) : fetchMyTickets(signal)),
  })
}

function followTicketList(): void {
  const client = useQueryClient()
  let timer: number | undefined
  const refresh = () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void client.invalidateQueries({ queryKey: ['tickets'] }), GATHER_MS)
  }
  const stops = [
    onLive('ticketsChanged', refresh),
    onLive('resumed', refresh),
    onLive('ticketUpdate', ({ event_type }) => {
      if (
        !event_type.startsWith('new_message') &&
        !event_type.startsWith('message_') &&
        event_type !== 'file_changed'
      )
        refresh()
    }),
  ]
  onScopeDispose(() => {
    window.clearTimeout(timer)
    for (const stop of stops) stop()
  })
}
