import userEvent from '@testing-library/user-event'
import { cleanup, screen, within } from '@testing-library/vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveEvents } from '@/live/socket'
import { readEntry } from '@/session/entry-link'
import { signOut, startSession } from '@/session/session'
import { renderPanel } from '../../../tests/render'
import { type Answer, fakeServer } from '../../../tests/server'
import TicketChat from './TicketChat.vue'

// The socket is replaced by its surface: rooms that were entered, and events told by the test.
const live = vi.hoisted(() => ({
  joined: [] as string[],
  listeners: new Map<string, Set<(payload: unknown) => void>>(),
}))
vi.mock('@/live/socket', () => ({
  joinTicket: (id: string) => {
    live.joined.push(id)
    return () => live.joined.splice(live.joined.indexOf(id), 1)
  },
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
  user_id: '1100000000000000303',
  username: 'finn_reed',
  display_name: 'Finn',
  avatar_url: null,
  type: 'Support',
  status: 'Open',
  created_at: '2026-03-01T10:00:00+00:00',
  closed_at: null,
  claimed_by: null,
  claimed_by_name: null,
  assigned_to: null,
  assigned_to_name: null,
  initial_message: '**Subject:** Lost role\n\n**Description:**\nhelp',
  reopen_count: 0,
}
const question = {
  id: '500',
  author_id: '1100000000000000303',
  author_name: 'finn_reed',
  content: 'any news?',
  timestamp: '2026-03-01T10:01:00+00:00',
  is_bot: false,
  is_admin: false,
  role: null,
}
const stored = (content: string, id = '501') => ({
  id,
  author_id: '1100000000000000301',
  author_name: 'ada_keeper',
  content: `**[Admin Panel - ada_keeper]:** ${content}`,
  display_content: content,
  timestamp: '2026-03-01T10:02:00+00:00',
  is_bot: false,
  is_admin: true,
  role: 'admin' as const,
})
const person = {
  user: 'ada_keeper',
  discord_id: '1100000000000000301',
  role: 'admin',
  role_name: null,
  permissions: ['all'],
  auth_type: 'discord',
  avatar_url: null,
}
const SEND = 'POST /api/tickets/t1/messages'

beforeEach(() => {
  window.localStorage.clear()
  live.joined.length = 0
  live.listeners.clear()
})
afterEach(async () => {
  cleanup()
  await signOut()
  vi.unstubAllGlobals()
})

async function openChat(routes: Record<string, Answer | Promise<Answer>> = {}, me: object = person) {
  const server = fakeServer({
    'GET /api/auth/me': { body: me },
    'POST /api/auth/logout': { body: {} },
    'GET /api/tickets/t1': { body: ticket },
    'GET /api/tickets/t1/messages': { body: { messages: [question], from_cache: false } },
    ...routes,
  })
  await startSession(readEntry('http://panel.test/?token=a.b.c'))
  await renderPanel(TicketChat, { id: 't1', desk: true })
  await screen.findByText('any news?')
  return { server, user: userEvent.setup() }
}
const box = () => screen.getByLabelText('Write a message')
const log = () => within(screen.getByRole('log'))

describe('a ticket’s conversation', () => {
  it('shows subject, state and messages, and enters the live room', async () => {
    await openChat()
    expect(screen.getByRole('heading', { name: '#7 Lost role' })).toBeTruthy()
    expect(screen.getByText('Open')).toBeTruthy()
    expect(live.joined).toEqual(['t1'])
  })

  it('sends with Enter, shows the message at once, and once only after answer and event', async () => {
    let answer: (value: Answer) => void = () => undefined
    const { server, user } = await openChat({ [SEND]: new Promise<Answer>((resolve) => (answer = resolve)) })
    await user.type(box(), 'on it{Enter}')
    expect(log().getByText('on it')).toBeTruthy()
    expect(log().getByText('Sending…')).toBeTruthy()
    expect((box() as HTMLTextAreaElement).value).toBe('')

    tell('ticketUpdate', { ticket_id: 't1', event_type: 'new_message', data: stored('on it'), timestamp: '' })
    await vi.waitFor(() => expect(log().queryByText('Sending…')).toBeNull())
    expect(log().getAllByText('on it')).toHaveLength(1)

    answer({ body: { success: true, data: stored('on it') } })
    await vi.waitFor(() => expect(server.to(SEND)).toHaveLength(1))
    expect(log().getAllByText('on it')).toHaveLength(1)
    expect(server.to(SEND)[0]?.body).toEqual({ content: 'on it' })
  })

  it('breaks the line with Shift+Enter instead of sending', async () => {
    const { server, user } = await openChat()
    await user.type(box(), 'one{Shift>}{Enter}{/Shift}two')
    expect((box() as HTMLTextAreaElement).value).toBe('one\ntwo')
    expect(server.to(SEND)).toEqual([])
  })

  it('keeps a message that could not be sent, says why, and sends it on another try', async () => {
    const { server, user } = await openChat({
      [SEND]: { status: 400, body: { error: 'Ticket channel not found' } },
    })
    await user.type(box(), 'hello{Enter}')
    expect((await screen.findByRole('alert')).textContent).toContain('Ticket channel not found')
    server.answer(SEND, { body: { success: true, data: stored('hello') } })
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await vi.waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
    expect(log().getAllByText('hello')).toHaveLength(1)
  })

  it('refuses a message above the limit before asking the server', async () => {
    const { server, user } = await openChat()
    await user.click(box())
    await user.paste('x'.repeat(1901))
    expect(await screen.findByText('One character too many')).toBeTruthy()
    await user.keyboard('{Enter}')
    expect(server.to(SEND)).toEqual([])
  })

  it('keeps an unsent draft for the next visit', async () => {
    const { user } = await openChat()
    await user.type(box(), 'half a thought')
    cleanup()
    await renderPanel(TicketChat, { id: 't1', desk: true })
    await screen.findByText('any news?')
    expect((box() as HTMLTextAreaElement).value).toBe('half a thought')
  })

  it('shows live messages, edits and deletions', async () => {
    await openChat()
    const event = { ticket_id: 't1', timestamp: '' }
    tell('ticketUpdate', {
      ...event,
      event_type: 'new_message',
      data: { ...question, id: '502', content: 'hello?' },
    })
    expect(await log().findByText('hello?')).toBeTruthy()
    tell('ticketUpdate', {
      ...event,
      event_type: 'message_edited',
      data: { ...question, id: '502', content: 'hi?' },
    })
    expect(await log().findByText('hi?')).toBeTruthy()
    expect(log().queryByText('hello?')).toBeNull()
    tell('ticketUpdate', { ...event, event_type: 'message_deleted', data: { id: '502' } })
    await vi.waitFor(() => expect(log().queryByText('hi?')).toBeNull())
  })

  it('ignores events of other tickets', async () => {
    await openChat()
    const data = { ...question, id: '502', content: 'elsewhere' }
    tell('ticketUpdate', { ticket_id: 't2', event_type: 'new_message', data, timestamp: '' })
    tell('messageHistory', {
      ticket_id: 't1',
      messages: [question, { ...question, id: '503', content: 'here' }],
    })
    expect(await log().findByText('here')).toBeTruthy()
    expect(log().queryByText('elsewhere')).toBeNull()
  })

  it('fetches what it missed after the connection was gone', async () => {
    const { server } = await openChat()
    const later = { ...question, id: '504', content: 'while you were away' }
    server.answer('GET /api/tickets/t1/messages', { body: { messages: [question, later] } })
    tell('resumed', null)
    expect(await log().findByText('while you were away')).toBeTruthy()
  })

  it('claims as the signed-in person', async () => {
    const { server, user } = await openChat({ 'POST /api/tickets/t1/claim': { body: { success: true } } })
    server.answer('GET /api/tickets/t1', {
      body: { ...ticket, status: 'Claimed', claimed_by: '1100000000000000301', claimed_by_name: 'Ada' },
    })
    await user.click(screen.getByRole('button', { name: 'Claim' }))
    expect(await screen.findByText('Claimed by Ada')).toBeTruthy()
    expect(server.to('POST /api/tickets/t1/claim')[0]?.body).toEqual({ user_id: '1100000000000000301' })
    expect(screen.queryByRole('button', { name: 'Claim' })).toBeNull()
  })

  it('asks before closing, takes a message along, and then offers to reopen', async () => {
    const { server, user } = await openChat({ 'POST /api/tickets/t1/close': { body: { success: true } } })
    await user.click(screen.getByRole('button', { name: 'Close' }))
    await user.type(await screen.findByLabelText('Closing message (optional)'), 'bye')
    server.answer('GET /api/tickets/t1', { body: { ...ticket, status: 'Closed' } })
    await user.click(screen.getByRole('button', { name: 'Close ticket' }))
    expect(await screen.findByRole('button', { name: 'Reopen' })).toBeTruthy()
    expect(server.to('POST /api/tickets/t1/close')[0]?.body).toEqual({ close_message: 'bye' })
    expect(screen.queryByLabelText('Write a message')).toBeNull()
  })

  it('lets a login without a Discord account read, and says why it cannot write', async () => {
    await openChat({}, { ...person, discord_id: 'legacy_user', auth_type: 'legacy' })
    expect(screen.queryByLabelText('Write a message')).toBeNull()
    expect(screen.getByText(/belongs to no Discord account/)).toBeTruthy()
  })
})
