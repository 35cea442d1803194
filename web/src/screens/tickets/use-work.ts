// One change of a ticket at a time: done, told, and what is shown brought up to date.
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { describeError } from '@/api/describe'
import { notify } from '@/lib/notices'
import { queryKeys } from '@/lib/query'

interface Task {
  act: () => Promise<unknown>
  /** What is said when it is done; empty says nothing. */
  done: string
}

export function useWork(ticketId: Ref<string>) {
  const { t } = useI18n()
  const client = useQueryClient()
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ act }: Task) => act(),
    onSuccess: (_answer, { done }) => {
      if (done !== '') notify(done)
    },
    onError: (error) => notify(describeError(t, error), 'error'),
    // Also after a refusal: it means that the ticket is no longer as shown.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: queryKeys.ticket(ticketId.value) }),
        client.invalidateQueries({ queryKey: ['tickets'] }),
      ]),
  })

  /** Does it; answers whether it went well. */
  async function run(act: () => Promise<unknown>, done = ''): Promise<boolean> {
    try {
      await mutateAsync({ act, done })
      return true
    } catch {
      return false
    }
  }

  return { run, isPending }
}
