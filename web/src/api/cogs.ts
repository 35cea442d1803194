// Calls about cogs: list, load state, logs.
import { call } from './client'
import type { CogList, CogLogLine } from './types'

export type CogAction = 'load' | 'unload' | 'reload'

/** A reload of the API's own cog waits for running requests. */
const ACTION_TIMEOUT_MS = 45_000
const LOG_LINES = 100

const at = (name: string, rest: string) => `/api/cogs/${encodeURIComponent(name)}/${rest}`

export const fetchCogs = (signal?: AbortSignal) => call<CogList>('/api/cogs', { signal })

export const changeCog = (name: string, action: CogAction) =>
  call<{ message: string }>(at(name, action), { method: 'POST', timeoutMs: ACTION_TIMEOUT_MS })

export const fetchCogLogs = async (name: string, signal?: AbortSignal) =>
  (await call<{ logs: CogLogLine[] }>(at(name, 'logs'), { query: { limit: LOG_LINES }, signal })).logs
