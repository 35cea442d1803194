import userEvent from '@testing-library/user-event'
import { cleanup, screen, within } from '@testing-library/vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveEvents } from '@/live/socket'
import { readEntry } from '@/session/entry-link'
import { signOut, startSession } from '@/session/session'
import { renderPanel } from '../../../tests/render'
import { type Answer, fakeServer } from '../../../tests/server'
import CannedScreen from './CannedScreen.vue'
import CloseNotice from './CloseNotice.vue'
import StatsScreen from './StatsScreen.vue'
import TicketWork from './TicketWork.vue'
// Fetched when the dialog opens; here it is there already, so that no test waits for a file.
import './WorkPanel.vue'

const live = vi.hoisted(() => ({ listeners: new Map<string, Set<(payload: unknown) => void>>() }))
vi.mock('@/live/socket', () => ({
  joinTicket: () => () => undefined,
  onLive: (event: string, listener: (payload: unknown) => void) => {
    const all = live.listeners.get(event) ?? new Set()
    live.listeners.set(event, all.add(listener))
    return () => all.delete(listener)
  },
}))
function tell<K extends keyof LiveEvents>(event: K, payload: LiveEvents[K]) {
  for (const listener of live.listeners.get(event) ?? []) listener(payload)
}

const ticket = {
  ticket_id: 't1',
  ticket_num: 7,
  channel_id: '1',
  user_id: '303',
  username: 'finn_reed',
  display_name: 'Finn',
  avatar_url: null,
  type: 'Support',
  status: 'Open' as const,
  created_at: null,
  closed_at: null,
  claimed_by: null,
  claimed_by_name: null,
  assigned_to: null,
  assigned_to_name: null,
  priority: 'normal' as const,
  tags: ['billing'],
  participants: [{ user_id: '404', name: 'Lumi', avatar: null }],
  close_request: null,
}
const note = {
  id: 3,
  author_id: '301',
  author_name: 'Ada',
  text: '<b>call him</b>',
  created_at: '2026-03-01T10:00:00+00:00',
  deletable: true,
}
const me = {
  user: 'ada_keeper',
  discord_id: '301',
  role: 'admin',
  role_name: null,
  permissions: ['all'],
  auth_type: 'discord',
  avatar_url: null,
}

async function serve(routes: Record<string, Answer>) {
  const server = fakeServer({
    'GET /api/auth/me': { body: me },
    'POST /api/auth/logout': { body: {} },
    'GET /api/tickets/t1/notes': { body: { notes: [note] } },
    'GET /api/tickets/people': { body: { people: [{ user_id: '505', name: 'Moss', avatar: null }] } },
    'GET /api/config/tickets': { body: { categories: ['Bug', 'Support'] } },
    ...routes,
  })
  await startSession(readEntry('http://panel.test/?token=a.b.c'))
  return { server, user: userEvent.setup() }
}

beforeEach(() => live.listeners.clear())
afterEach(async () => {
  cleanup()
  await signOut()
  vi.unstubAllGlobals()
})

describe('staff’s side of a ticket', () => {
  async function opened(routes: Record<string, Answer> = {}) {
    const { server, user } = await serve(routes)
    await renderPanel(TicketWork, { ticket })
    await user.click(screen.getByRole('button', { name: 'Details' }))
    const dialog = within(await screen.findByRole('dialog'))
    return { server, user, dialog }
  }

  it('shows notes as text, and writes and deletes them', async () => {
    const { server, user, dialog } = await opened({
      'POST /api/tickets/t1/notes': { status: 201, body: note },
      'DELETE /api/tickets/t1/notes/3': { body: {} },
    })
    expect(await dialog.findByText('<b>call him</b>')).toBeTruthy()
    await user.type(dialog.getByLabelText('Write a note'), ' tomorrow ')
    await user.click(dialog.getByRole('button', { name: 'Save note' }))
    await vi.waitFor(() =>
      expect(server.to('POST /api/tickets/t1/notes')[0]?.body).toEqual({ text: 'tomorrow' }),
    )
    await vi.waitFor(() =>
      expect((dialog.getByLabelText('Write a note') as HTMLTextAreaElement).value).toBe(''),
    )
    await user.click(dialog.getByRole('button', { name: 'Delete note' }))
    await vi.waitFor(() => expect(server.to('DELETE /api/tickets/t1/notes/3')).toHaveLength(1))
  })

  it('fetches notes again when somebody else has written one', async () => {
    const { server, dialog } = await opened()
    await dialog.findByText('<b>call him</b>')
    const before = server.to('GET /api/tickets/t1/notes').length
    tell('ticketsChanged', { ticket_id: 't2', event_type: 'note_added' })
    tell('ticketsChanged', { ticket_id: 't1', event_type: 'note_added' })
    await vi.waitFor(() => expect(server.to('GET /api/tickets/t1/notes')).toHaveLength(before + 1))
  })

  it('sets the priority and takes somebody out', async () => {
    const { server, user, dialog } = await opened({
      'PUT /api/tickets/t1/priority': { body: {} },
      'DELETE /api/tickets/t1/participants/404': { body: {} },
    })
    await user.click(await dialog.findByRole('button', { name: 'Urgent' }))
    await vi.waitFor(() =>
      expect(server.to('PUT /api/tickets/t1/priority')[0]?.body).toEqual({ priority: 'urgent' }),
    )
    await user.click(dialog.getByRole('button', { name: 'Remove Lumi' }))
    await vi.waitFor(() => expect(server.to('DELETE /api/tickets/t1/participants/404')).toHaveLength(1))
  })

  it('asks whether the ticket may be closed', async () => {
    const { server, user, dialog } = await opened({ 'POST /api/tickets/t1/close-request': { body: {} } })
    await user.click(await dialog.findByRole('button', { name: 'Ask to close' }))
    await vi.waitFor(() =>
      expect(server.to('POST /api/tickets/t1/close-request')[0]?.body).toEqual({ hours: 24 }),
    )
  })
})

describe('the notice of a closing', () => {
  const request = {
    asked_by: '302',
    asked_by_name: 'Moss',
    asked_at: '2026-03-01T10:00:00+00:00',
    closes_at: '2026-03-02T10:00:00+00:00',
  }

  it('names who asked, and keeps the ticket open', async () => {
    const { server, user } = await serve({ 'DELETE /api/tickets/t1/close-request': { body: {} } })
    await renderPanel(CloseNotice, { ticket: { ...ticket, close_request: request }, keep: true })
    expect(screen.getByText(/Moss asks to close this ticket/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Keep open' }))
    await vi.waitFor(() => expect(server.to('DELETE /api/tickets/t1/close-request')).toHaveLength(1))
  })

  it('offers nothing to those who may not object', async () => {
    await serve({})
    const inactive = { ...request, asked_by: null, asked_by_name: null }
    await renderPanel(CloseNotice, { ticket: { ...ticket, close_request: inactive }, keep: false })
    expect(screen.getByText(/inactive/)).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('canned replies', () => {
  it('are written with a name and deleted', async () => {
    const { server, user } = await serve({
      'GET /api/tickets/replies': {
        body: { replies: [{ name: 'thanks', text: 'Thank you, {creator}!' }], variables: ['{creator}'] },
      },
      'PUT /api/tickets/replies/bye': { body: { name: 'bye', text: 'x' } },
      'DELETE /api/tickets/replies/thanks': { body: {} },
    })
    await renderPanel(CannedScreen, {})
    expect(await screen.findByText('Thank you, {creator}!')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'New reply' }))
    const dialog = within(await screen.findByRole('dialog'))
    await user.type(dialog.getByLabelText('Name'), 'bye')
    await user.type(dialog.getByLabelText('Text'), 'Bye ')
    await user.click(dialog.getByRole('button', { name: '{creator}' }))
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    await vi.waitFor(() =>
      expect(server.to('PUT /api/tickets/replies/bye')[0]?.body).toEqual({ text: 'Bye {creator}' }),
    )
    await user.click(screen.getByRole('button', { name: 'Delete thanks' }))
    await vi.waitFor(() => expect(server.to('DELETE /api/tickets/replies/thanks')).toHaveLength(1))
  })
})

describe('the figures', () => {
  it('show medians in words and nothing where nothing is known', async () => {
    const figures = {
      opened: 4,
      closed: 3,
      first_answer_seconds: 600,
      close_seconds: 7_530,
      ratings: 2,
      stars: 4.5,
    }
    const none = { ...figures, first_answer_seconds: null, close_seconds: null, ratings: 0, stars: null }
    await serve({
      'GET /api/tickets/stats': {
        body: {
          days: 30,
          all: figures,
          types: [{ type: 'Bug', ...figures }],
          people: [{ user_id: '302', name: 'Moss', avatar: null, ...none }],
        },
      },
    })
    await renderPanel(StatsScreen, {})
    const bug = await screen.findByRole('row', { name: /Bug/ })
    expect(within(bug).getByText('2 hr 5 min')).toBeTruthy()
    expect(screen.getAllByText('4.5 ★ (2)').length).toBeGreaterThan(0)
    const moss = screen.getByRole('row', { name: /Moss/ })
    expect(within(moss).getAllByText('–')).toHaveLength(3)
  })
})
