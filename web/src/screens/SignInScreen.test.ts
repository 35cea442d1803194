import userEvent from '@testing-library/user-event'
import { cleanup, screen } from '@testing-library/vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KEYS } from '@/lib/storage'
import { readEntry } from '@/session/entry-link'
import { onSessionEnd, session, signOut, startSession } from '@/session/session'
import { renderPanel } from '../../tests/render'
import { fakeServer } from '../../tests/server'
import SignInScreen from './SignInScreen.vue'

const me = {
  user: 'ada_keeper',
  discord_id: '1100000000000000301',
  role: 'admin',
  role_name: null,
  permissions: ['all'],
  auth_type: 'discord',
  avatar_url: null,
}
const login = { 'POST /api/auth/login': { body: { token: 'a.b.c', user: 'ada_keeper' } } }
const known = { 'GET /api/auth/me': { body: me } }

beforeEach(() => window.localStorage.clear())
afterEach(async () => {
  cleanup()
  fakeServer({ 'POST /api/auth/logout': { body: {} } })
  await signOut()
  vi.unstubAllGlobals()
})

async function signedOutScreen(routes: Parameters<typeof fakeServer>[0]) {
  const server = fakeServer(routes)
  await startSession(readEntry('http://panel.test/'))
  await renderPanel(SignInScreen)
  return server
}

async function type(username: string, password: string) {
  const user = userEvent.setup()
  if (username) await user.type(screen.getByLabelText('User name'), username)
  if (password) await user.type(screen.getByLabelText('Password'), password)
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
}

describe('signing in with a password', () => {
  it('stores the token and knows the person', async () => {
    const server = await signedOutScreen({ ...login, ...known })
    await type('ada', 'secret')
    await vi.waitFor(() => expect(session.phase).toBe('signed-in'))
    expect(server.to('POST /api/auth/login')[0]?.body).toEqual({ username: 'ada', password: 'secret' })
    expect(session.me?.user).toBe('ada_keeper')
    expect(window.localStorage.getItem(KEYS.token)).toBe('a.b.c')
  })

  it('says that name or password is wrong, and does not say which', async () => {
    await signedOutScreen({ 'POST /api/auth/login': { status: 401, body: { error: 'Invalid credentials' } } })
    await type('ada', 'no')
    expect(await screen.findByText('User name or password is wrong.')).toBeTruthy()
    expect(window.localStorage.getItem(KEYS.token)).toBeNull()
  })

  it('asks for what is missing before it asks the server', async () => {
    const server = await signedOutScreen(login)
    await type('', 'secret')
    expect(await screen.findByText('Enter your user name.')).toBeTruthy()
    expect(document.activeElement).toBe(screen.getByLabelText('User name'))
    expect(server.asked).toEqual([])
  })
})

describe('coming in with an address', () => {
  it('signs in with the token that Discord’s return carries', async () => {
    fakeServer(known)
    await startSession(readEntry('http://panel.test/?token=a.b.c'))
    expect(session.phase).toBe('signed-in')
    expect(window.localStorage.getItem(KEYS.token)).toBe('a.b.c')
  })

  it('signs in at once with a demo link', async () => {
    const server = fakeServer({ ...login, ...known })
    await startSession(readEntry('http://panel.test/#demo=mod:p:2'))
    expect(session.phase).toBe('signed-in')
    expect(server.to('POST /api/auth/login')[0]?.body).toEqual({ username: 'mod', password: 'p:2' })
  })

  it('explains a demo link that is no longer valid', async () => {
    fakeServer({ 'POST /api/auth/login': { status: 401, body: {} } })
    await startSession(readEntry('http://panel.test/#demo=mod:old'))
    await renderPanel(SignInScreen)
    expect(screen.getByRole('status').textContent).toContain('The demo link did not work.')
  })

  it('asks to sign in again when the stored token has ended', async () => {
    window.localStorage.setItem(KEYS.token, 'a.b.c')
    fakeServer({
      'GET /api/auth/me': { status: 401, body: {} },
      'POST /api/auth/refresh': { status: 401, body: {} },
    })
    await startSession(readEntry('http://panel.test/'))
    await renderPanel(SignInScreen)
    expect(session.phase).toBe('signed-out')
    expect(screen.getByRole('status').textContent).toContain('Your sign-in has ended.')
    expect(window.localStorage.getItem(KEYS.token)).toBeNull()
  })

  it('drops what belonged to one person when another tab signs in somebody else', async () => {
    const dropped = vi.fn()
    onSessionEnd(dropped)
    fakeServer(known)
    await startSession(readEntry('http://panel.test/?token=a.b.c'))
    const other = { ...me, user: 'moss_warden', discord_id: '1100000000000000302' }
    fakeServer({ 'GET /api/auth/me': { body: other } })
    window.dispatchEvent(new StorageEvent('storage', { key: KEYS.token, newValue: 'd.e.f' }))
    await vi.waitFor(() => expect(session.me?.user).toBe('moss_warden'))
    expect(dropped).toHaveBeenCalledOnce()
  })

  it('follows a sign-out in another tab', async () => {
    fakeServer(known)
    await startSession(readEntry('http://panel.test/?token=a.b.c'))
    window.dispatchEvent(new StorageEvent('storage', { key: KEYS.token, newValue: null }))
    expect(session.phase).toBe('signed-out')
  })

  it('keeps the token while the server cannot be reached', async () => {
    window.localStorage.setItem(KEYS.token, 'a.b.c')
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')))
    await startSession(readEntry('http://panel.test/'))
    expect(session.phase).toBe('unreachable')
    expect(window.localStorage.getItem(KEYS.token)).toBe('a.b.c')
  })
})
