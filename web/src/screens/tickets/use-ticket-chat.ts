// One ticket's messages: fetched, kept up to date by the socket, and sent optimistically.
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { describeError } from '@/api/describe'
import { fetchMessages, fetchTicket, sendMessage } from '@/api/tickets'
import type { TicketMessage, TicketUpdate } from '@/api/types'
import { readDraft, writeDraft } from '@/lib/drafts'
import { queryKeys } from '@/lib/query'
import {
  changedFile,
  deletedId,
  isMessage,
  mergeMessages,
  reconcile,
  removeMessage,
  replaceFile,
} from '@/live/merge'
import { joinTicket, onLive } from '@/live/socket'
import type { PendingMessage } from './timeline'

let lastLocalId = 0

export function useTicketChat(ticketId: Ref<string>) {
  const { t } = useI18n()
  const client = useQueryClient()
  const pending = ref<PendingMessage[]>([])

  const ticket = useQuery({
    queryKey: () => queryKeys.ticket(ticketId.value),
    queryFn: ({ signal }) => fetchTicket(ticketId.value, signal),
  })

  const known = (id: string) => client.getQueryData<TicketMessage[]>(queryKeys.messages(id)) ?? []
  const update = (id: string, change: (before: TicketMessage[]) => TicketMessage[]) =>
    client.setQueryData<TicketMessage[]>(queryKeys.messages(id), (before) => change(before ?? []))

  const messages = useQuery({
    queryKey: () => queryKeys.messages(ticketId.value),
    queryFn: async ({ queryKey: [, id], signal }) => {
      const atStart = known(id as string)
      const fetched = await fetchMessages(id as string, signal)
      return reconcile(fetched, atStart, known(id as string))
    },
    staleTime: 0,
  })

  function apply({ event_type, ticket_id, data }: TicketUpdate): void {
    if (event_type === 'new_message' || event_type === 'message_edited') {
      if (isMessage(data)) update(ticket_id, (before) => mergeMessages(before, [data]))
    } else if (event_type === 'file_changed') {
      const changed = changedFile(data)
      if (changed !== null)
        update(ticket_id, (before) => replaceFile(before, changed.messageId, changed.file))
    } else if (event_type === 'message_deleted') {
      const id = deletedId(data)
      if (id !== null) update(ticket_id, (before) => removeMessage(before, id))
    } else {
      void client.invalidateQueries({ queryKey: queryKeys.ticket(ticket_id), exact: true })
    }
  }

  const stops = [
    onLive('ticketUpdate', (event) => {
      if (event.ticket_id === ticketId.value) apply(event)
    }),
    onLive('messageHistory', ({ ticket_id, messages: history }) => {
      // An empty history may only mean that the channel could not be read; the fetched list decides.
      if (ticket_id !== ticketId.value || history.length === 0) return
      update(ticket_id, (before) => mergeMessages(before, history.filter(isMessage)))
    }),
    onLive('resumed', () => void client.invalidateQueries({ queryKey: queryKeys.ticket(ticketId.value) })),
  ]

  let leave: (() => void) | undefined
  watch(
    ticketId,
    (id, before) => {
      leave?.()
      leave = joinTicket(id)
      if (before !== undefined) keepFailed(before)
      pending.value = []
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    leave?.()
    keepFailed(ticketId.value)
    for (const stop of stops) stop()
  })

  /** What could not be sent goes back into the draft when the chat is left. */
  function keepFailed(id: string): void {
    const failed = pending.value.filter(({ state }) => state === 'failed').map(({ content }) => content)
    if (failed.length > 0) writeDraft(id, [readDraft(id), ...failed].filter(Boolean).join('\n\n'))
  }

  async function send(content: string): Promise<void> {
    pending.value.push({
      localId: ++lastLocalId,
      content,
      state: 'sending',
      error: null,
      createdAt: new Date(),
      known: new Set(known(ticketId.value).map(({ id }) => id)),
    })
    const message = pending.value.at(-1)
    if (message) await deliver(message)
  }

  async function deliver(message: PendingMessage): Promise<void> {
    const id = ticketId.value
    message.state = 'sending'
    message.error = null
    try {
      const stored = await sendMessage(id, message.content)
      update(id, (before) => mergeMessages(before, [stored]))
      discard(message)
    } catch (error) {
      message.state = 'failed'
      message.error = describeError(t, error)
    }
  }

  function discard(message: PendingMessage): void {
    pending.value = pending.value.filter(({ localId }) => localId !== message.localId)
  }

  return { ticket, messages, pending, send, retry: deliver, discard }
}
