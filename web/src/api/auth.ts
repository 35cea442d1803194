// Calls about signing in and the signed-in person.
import { call } from './client'
import type { LoginAnswer, Me } from './types'

export const login = (username: string, password: string) =>
  call<LoginAnswer>('/api/auth/login', { method: 'POST', body: { username, password }, anonymous: true })

export const fetchMe = () => call<Me>('/api/auth/me')

export const logout = () => call<unknown>('/api/auth/logout', { method: 'POST' })

/** Address of Discord's consent page; it comes back to the panel with a token. */
export async function discordAuthUrl(): Promise<string> {
  const answer = await call<{ auth_url: string }>('/api/discord/auth', {
    query: { state: 'panel' },
    anonymous: true,
  })
  return answer.auth_url
}
