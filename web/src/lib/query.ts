// Server data: one cache for all screens. Failed reads are repeated only where a second try can help.
import { QueryClient } from '@tanstack/vue-query'
import { ApiError } from '@/api/client'

/** A list shown again within this time is not fetched again; live events refresh it anyway. */
const FRESH_MS = 30_000
const MAX_RETRIES = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < MAX_RETRIES && mayHelp(error),
    },
  },
})

function mayHelp(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.failure !== 'http' || [502, 503, 504].includes(error.status)
}

/** Keys of the cached answers, in one place so that live events can name them. */
export const queryKeys = {
  allTickets: ['tickets', 'all'],
  myTickets: ['tickets', 'my'],
  ticketSearch: (text: string) => ['tickets', 'search', text],
  ticket: (id: string) => ['ticket', id],
  messages: (id: string) => ['ticket', id, 'messages'],
  notes: (id: string) => ['ticket', id, 'notes'],
  cannedFor: (id: string) => ['ticket', id, 'replies'],
  rating: (id: string) => ['ticket', id, 'rating'],
  canned: ['ticket-replies'],
  ticketStats: (days: number) => ['ticket-stats', days],
  openTypes: ['ticket-types', 'open'],
  ticketTypes: ['ticket-types', 'setup'],
  ticketPanels: ['ticket-panels'],
  channels: ['guild', 'channels'],
  roles: ['guild', 'roles'],
  cogs: ['cogs'],
  cogLogs: (name: string) => ['cogs', name, 'logs'],
  health: ['health'],
} as const
