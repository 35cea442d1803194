import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeServer } from '../../tests/server'
import { ApiError, call, useCredentials } from './client'
import { describeError } from './describe'

let token: string | null
const expired = vi.fn()

beforeEach(() => {
  token = 'old'
  expired.mockClear()
  useCredentials({ token: () => token, replaceToken: (value) => (token = value), expired })
})
afterEach(() => vi.unstubAllGlobals())

const onlyNew = ({ token: sent }: { token: string | null }) =>
  sent === 'Bearer new' ? { body: { fine: true } } : { status: 401, body: { error: 'token_expired' } }

describe('the API client', () => {
  it('sends the token and answers the body', async () => {
    const server = fakeServer({ 'GET /api/x': { body: { a: 1 } } })
    expect(await call('/api/x')).toEqual({ a: 1 })
    expect(server.asked[0]?.token).toBe('Bearer old')
  })

  it('renews an expired token once for all requests under way and repeats each once', async () => {
    const server = fakeServer({
      'GET /api/x': onlyNew,
      'GET /api/y': onlyNew,
      'POST /api/auth/refresh': { body: { token: 'new' } },
    })
    const answers = await Promise.all([call('/api/x'), call('/api/y'), call('/api/x')])
    expect(answers).toEqual([{ fine: true }, { fine: true }, { fine: true }])
    expect(server.to('POST /api/auth/refresh')).toHaveLength(1)
    expect(expired).not.toHaveBeenCalled()
  })

  it('ends the session when the token cannot be renewed', async () => {
    fakeServer({ 'GET /api/x': onlyNew, 'POST /api/auth/refresh': { status: 401, body: {} } })
    await expect(call('/api/x')).rejects.toMatchObject({ status: 401 })
    expect(expired).toHaveBeenCalledOnce()
  })

  it('neither sends a token nor renews for an anonymous call', async () => {
    const server = fakeServer({
      'POST /api/auth/login': { status: 401, body: { error: 'Invalid credentials' } },
    })
    await expect(call('/api/auth/login', { method: 'POST', anonymous: true })).rejects.toMatchObject({
      status: 401,
      sentence: 'Invalid credentials',
    })
    expect(server.asked).toMatchObject([{ token: null }])
    expect(expired).not.toHaveBeenCalled()
  })

  it('turns a missing server and an answer that is no JSON into its own failures', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')))
    await expect(call('/api/x')).rejects.toMatchObject({ failure: 'network' })
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status: 200 })))
    await expect(call('/api/x')).rejects.toMatchObject({ failure: 'http', sentence: null })
  })
})

describe('describing a failure', () => {
  const t = (key: string, values?: object) => (values ? `${key} ${JSON.stringify(values)}` : key)

  it('prefers the server’s sentence for what the person asked wrongly', () => {
    expect(describeError(t, new ApiError('http', 400, 'Ticket is already closed'))).toBe(
      'Ticket is already closed',
    )
    expect(describeError(t, new ApiError('http', 403, null))).toBe('error.forbidden')
  })

  it('tells how long to wait', () => {
    expect(describeError(t, new ApiError('http', 429, 'x', 12.2))).toBe('error.rateLimited {"seconds":13}')
  })

  it('never shows the words of a program error', () => {
    expect(describeError(t, new TypeError('x is undefined'))).toBe('error.unexpected')
  })
})
