import userEvent from '@testing-library/user-event'
import { cleanup, screen, within } from '@testing-library/vue'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { RouterView } from 'vue-router'
import { router } from '@/router'
import { readEntry } from '@/session/entry-link'
import { signOut, startSession } from '@/session/session'
import { renderPanel } from '../../../tests/render'
import { type Answer, fakeServer } from '../../../tests/server'

const TYPES = '/api/config/tickets/types'
const bare = { staff_role_ids: [], ping: 'default', questions: [] }
const bug = { ...bare, name: 'Bug', emoji: '🐛' }
const support = { ...bare, name: 'Support' }
const person = {
  user: 'ada_keeper',
  discord_id: '1100000000000000301',
  role: 'admin',
  role_name: null,
  permissions: ['all'],
  auth_type: 'discord',
  avatar_url: null,
}

// Fetched when the list shows; here it is there before, so that no test waits for it.
beforeAll(() => import('./TypeSheet.vue'))
beforeEach(() => window.localStorage.clear())
afterEach(async () => {
  cleanup()
  await signOut()
  vi.unstubAllGlobals()
})

async function openList(address: string, routes: Record<string, Answer> = {}) {
  const server = fakeServer({
    'GET /api/auth/me': { body: person },
    'POST /api/auth/logout': { body: {} },
    'GET /api/guild/channels': { body: [] },
    'GET /api/guild/roles': { body: [] },
    [`GET ${TYPES}`]: { body: { types: [bug, support] } },
    [`PUT ${TYPES}`]: { body: { success: true } },
    ...routes,
  })
  await startSession(readEntry('http://panel.test/?token=a.b.c'))
  await router.replace(address)
  await renderPanel(RouterView)
  await screen.findByText('Support')
  return { server, user: userEvent.setup() }
}
const sheet = async () => within(await screen.findByRole('dialog'))
const sent = (server: Awaited<ReturnType<typeof openList>>['server']) => server.to(`PUT ${TYPES}`)

describe('the types of tickets', () => {
  it('are saved whole when one of them changes, the others as they are', async () => {
    const { server, user } = await openList('/admin/tickets/settings?type=Bug')
    await user.type((await sheet()).getByLabelText('What the member reads first (optional)'), 'Hello')
    await user.click((await sheet()).getByRole('button', { name: 'Save' }))
    await vi.waitFor(() => expect(sent(server)).toHaveLength(1))
    expect(sent(server)[0]?.body).toEqual({ types: [{ ...bug, greeting: 'Hello' }, support] })
  })

  it('show what the server refuses at the field that it is about', async () => {
    const sentence = 'tickets.types must have a emoji of 1 to 60 characters (type Bug)'
    const { user } = await openList('/admin/tickets/settings?type=Bug', {
      [`PUT ${TYPES}`]: { status: 400, body: { error: sentence } },
    })
    await user.click((await sheet()).getByRole('button', { name: 'Save' }))
    await screen.findByText(sentence)
    await vi.waitFor(() => expect(document.activeElement?.id).toBe('type-emoji'))
  })

  it('send nothing while a field is wrong, and lead to it', async () => {
    const { server, user } = await openList('/admin/tickets/settings?add=type')
    await user.click((await sheet()).getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('This is needed.')).toBeTruthy()
    await vi.waitFor(() => expect(document.activeElement?.id).toBe('type-name'))
    expect(sent(server)).toEqual([])
  })

  it('are not written over when somebody else has changed the same one, unless that is meant', async () => {
    const { server, user } = await openList('/admin/tickets/settings?type=Bug')
    await user.type((await sheet()).getByLabelText('What the member reads first (optional)'), 'Mine')
    server.answer(`GET ${TYPES}`, { body: { types: [{ ...bug, greeting: 'Theirs' }, support] } })
    await user.click((await sheet()).getByRole('button', { name: 'Save' }))
    await screen.findByText(/has changed this type meanwhile/)
    expect(sent(server)).toEqual([])
    await user.click((await sheet()).getByRole('button', { name: 'Save' }))
    await vi.waitFor(() => expect(sent(server)).toHaveLength(1))
    expect(sent(server)[0]?.body).toEqual({ types: [{ ...bug, greeting: 'Mine' }, support] })
  })

  it('move by button, and the order is saved', async () => {
    const { server, user } = await openList('/admin/tickets/settings')
    await user.click(screen.getByRole('button', { name: 'Move Support up' }))
    await vi.waitFor(() => expect(sent(server)).toHaveLength(1))
    expect(sent(server)[0]?.body).toEqual({ types: [support, bug] })
  })

  it('go only after a question, which says that open tickets stay', async () => {
    const { server, user } = await openList('/admin/tickets/settings')
    await user.click(screen.getByRole('button', { name: 'Remove Bug' }))
    await screen.findByText(/Nothing happens to open tickets/)
    expect(sent(server)).toEqual([])
    await user.click(screen.getByRole('button', { name: 'Remove type' }))
    await vi.waitFor(() => expect(sent(server)[0]?.body).toEqual({ types: [support] }))
  })
})
