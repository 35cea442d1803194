// One way to the API: adds the token, renews it once when it has expired, and turns failures into `ApiError`.

/** Longest wait for an answer; reloading a module may take longer and says so itself. */
const DEFAULT_TIMEOUT_MS = 15_000
/** Longest wait for a file, which may be tens of megabytes. */
const DOWNLOAD_TIMEOUT_MS = 120_000

export type ApiFailure = 'network' | 'timeout' | 'http'

export class ApiError extends Error {
  constructor(
    readonly failure: ApiFailure,
    /** HTTP status, 0 without an answer. */
    readonly status: number,
    /** The server's own sentence, if it sent one. */
    readonly sentence: string | null,
    /** Seconds to wait before the next try, from `Retry-After`. */
    readonly retryAfter: number | null = null,
    /** Number under which the server logged the request. */
    readonly requestId: string | null = null,
    /** The parsed body of the failed answer. */
    readonly body: unknown = null,
  ) {
    super(sentence ?? `${failure} ${status}`)
    this.name = 'ApiError'
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
  signal?: AbortSignal | undefined
  timeoutMs?: number
  /** Without a token and without renewal, as for signing in. */
  anonymous?: boolean
}

export interface Credentials {
  token(): string | null
  replaceToken(token: string): void
  /** Called when a request was refused for good: the token cannot be renewed. */
  expired(): void
}

let credentials: Credentials | null = null
let renewal: Promise<boolean> | null = null

/** Tells the client whose token it sends. Called once at start. */
export function useCredentials(source: Credentials): void {
  credentials = source
}

/** Sends one call and answers its JSON body. Throws `ApiError`, and the abort reason when `signal` aborts. */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  return read<T>(await answerTo(path, options))
}

/** Fetches a file under the name that the server gives it. Throws as `call` does. */
export async function download(path: string, options: Call = {}): Promise<File> {
  const answer = await answerTo(path, { timeoutMs: DOWNLOAD_TIMEOUT_MS, ...options })
  if (!answer.ok) return read<never>(answer)
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1]
  const content = await answer.blob()
  return new File([content], name ?? 'download', { type: content.type })
}

/** The answer with the token as it is, or renewed once. */
async function answerTo(path: string, options: Call): Promise<Response> {
  const sentToken = options.anonymous ? null : (credentials?.token() ?? null)
  const first = await send(path, options, sentToken)
  if (first.status !== 401 || options.anonymous) return first

  // Another request may have renewed the token while this one was under way.
  const current = credentials?.token() ?? null
  if (current !== null && (current !== sentToken || (await renew()))) {
    const second = await send(path, options, credentials?.token() ?? null)
    if (second.status !== 401) return second
  }
  if (sentToken !== null) credentials?.expired()
  return first
}

function renew(): Promise<boolean> {
  renewal ??= (async () => {
    try {
      const answer = await send('/api/auth/refresh', { method: 'POST' }, credentials?.token() ?? null)
      if (!answer.ok) return false
      const body = (await answer.json()) as { token?: unknown }
      if (typeof body.token !== 'string') return false
      credentials?.replaceToken(body.token)
      return true
    } catch {
      return false
    } finally {
      renewal = null
    }
  })()
  return renewal
}

async function send(path: string, options: Call, token: string | null): Promise<Response> {
  const url = new URL(path, window.location.origin)
  for (const [key, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) url.searchParams.set(key, String(value))
  }
  const headers = new Headers({
    Accept: 'application/json',
    'Content-Type': 'application/json',
    'X-Platform': 'Web',
    'X-Device-Info': 'HazeBot Panel',
  })
  if (token !== null) headers.set('Authorization', `Bearer ${token}`)

  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  try {
    return await fetch(url, {
      method: options.method ?? 'GET',
      headers,
      signal,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiError(timeout.aborted ? 'timeout' : 'network', 0, null)
  }
}

async function read<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  let body: unknown
  try {
    body = text === '' ? {} : JSON.parse(text)
  } catch {
    body = null
  }
  if (answer.ok && body !== null) return body as T

  const retryAfter = Number(answer.headers.get('Retry-After') ?? '')
  throw new ApiError(
    'http',
    answer.status,
    sentenceOf(body),
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
    answer.headers.get('X-Request-Id'),
    body,
  )
}

function sentenceOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null
  return typeof body.error === 'string' && body.error !== '' ? body.error : null
}
