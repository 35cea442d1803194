// Makes a change to the list of types: reads it as it is now, changes it, saves it whole.
import { useQueryClient } from '@tanstack/vue-query'
import { fetchTypes, saveTypes } from '@/api/ticket-setup'
import { queryKeys } from '@/lib/query'
import type { Change } from './changes'

export function useTypeChange() {
  const client = useQueryClient()
  // One after the other: each starts from what the one before has saved.
  let queue: Promise<unknown> = Promise.resolve()

  async function make(change: Change): Promise<void> {
    const now = await fetchTypes()
    // What is shown follows at once, so that a second try starts from it.
    client.setQueryData(queryKeys.ticketTypes, now)
    const wanted = change(now)
    await saveTypes(wanted)
    client.setQueryData(queryKeys.ticketTypes, wanted)
    void client.invalidateQueries({ queryKey: ['ticket-types'] })
    void client.invalidateQueries({ queryKey: queryKeys.ticketPanels })
  }

  function change(wanted: Change): Promise<void> {
    const turn = queue.then(() => make(wanted))
    queue = turn.catch(() => undefined)
    return turn
  }
  return { change }
}
