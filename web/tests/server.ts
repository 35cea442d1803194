// A stand-in for the server in component tests: answers by method and path, and remembers what was asked.
import { vi } from 'vitest'

export interface Asked {
  method: string
  path: string
  token: string | null
  body: unknown
}

export type Answer =
  { status?: number; body: unknown } | ((asked: Asked) => { status?: number; body: unknown })

export function fakeServer(routes: Record<string, Answer | Promise<Answer>>) {
  const asked: Asked[] = []
  const answers = new Map(Object.entries(routes))
  vi.stubGlobal('fetch', async (input: URL, init: RequestInit) => {
    const method = init.method ?? 'GET'
    const call: Asked = {
      method,
      path: input.pathname,
      token: new Headers(init.headers).get('Authorization'),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    }
    asked.push(call)
    const answer = await answers.get(`${method} ${input.pathname}`)
    const { status = 200, body } = answer
      ? typeof answer === 'function'
        ? answer(call)
        : answer
      : { status: 404, body: { error: 'Endpoint not found' } }
    return new Response(JSON.stringify(body), { status })
  })
  return {
    asked,
    /** What was sent to this route, in order. */
    to: (route: string) => asked.filter(({ method, path }) => `${method} ${path}` === route),
    answer: (route: string, answer: Answer | Promise<Answer>) => answers.set(route, answer),
  }
}
