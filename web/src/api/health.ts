// The server's state.
import { ApiError, call } from './client'
import type { Health } from './types'

/** The values of the checks come with a token only. A degraded server answers 503 with the same body, which is an answer and not a failure. */
export async function fetchHealth(signal?: AbortSignal): Promise<Health> {
  try {
    return await call<Health>('/api/health', { query: { detailed: true }, signal })
  } catch (error) {
    if (error instanceof ApiError && isHealth(error.body)) return error.body
    throw error
  }
}

function isHealth(body: unknown): body is Health {
  return typeof body === 'object' && body !== null && 'status' in body && 'service' in body
}
