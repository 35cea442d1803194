// Turns a failure into a sentence for the person in front of the screen.
import { ApiError } from './client'

type Translate = (key: string, values?: Record<string, unknown>) => string

/** The server's own sentence where it sent one, otherwise ours for the kind of failure. */
export function describeError(t: Translate, error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unexpected')
  if (error.failure === 'network') return t('error.network')
  if (error.failure === 'timeout') return t('error.timeout')
  if (error.status === 429 && error.retryAfter !== null) {
    return t('error.rateLimited', { seconds: Math.ceil(error.retryAfter) })
  }
  if (error.sentence !== null && error.status < 500) return error.sentence
  if (error.status === 403) return t('error.forbidden')
  if (error.status === 404) return t('error.notFound')
  if (error.sentence !== null) return error.sentence
  return t('error.server', { status: error.status })
}
