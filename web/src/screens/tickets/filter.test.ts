import { describe, expect, it } from 'vitest'
import type { Ticket } from '@/api/types'
import { actionsFor } from './actions'
import { countByFilter, filterFrom, filterTickets, priorityFrom, subjectOf, tagsOf } from './filter'

const ticket = (ticket_num: number, fields: Partial<Ticket> = {}): Ticket => ({
  ticket_id: `t${ticket_num}`,
  ticket_num,
  channel_id: null,
  user_id: '303',
  username: 'finn_reed',
  display_name: 'Finn',
  avatar_url: null,
  type: 'Support',
  status: 'Open',
  created_at: null,
  closed_at: null,
  claimed_by: null,
  claimed_by_name: null,
  assigned_to: null,
  assigned_to_name: null,
  ...fields,
})
const numbers = (tickets: Ticket[]) => tickets.map(({ ticket_num }) => ticket_num)

const some = [
  ticket(2, { status: 'Closed' }),
  ticket(10, { display_name: 'Lumi', username: 'lumi_frost', type: 'Bug' }),
  ticket(3, { status: 'Claimed', claimed_by: '302', claimed_by_name: 'Moss' }),
  ticket(1, { initial_message: '**Subject:** Lost role\n\n**Description:**\nhelp' }),
]

describe('the ticket list', () => {
  it('sorts by number, newest first, as numbers and not as text', () => {
    expect(numbers(filterTickets(some, 'all', ''))).toEqual([10, 3, 2, 1])
  })

  it('shows one state', () => {
    expect(numbers(filterTickets(some, 'open', ''))).toEqual([10, 1])
    expect(numbers(filterTickets(some, 'claimed', ''))).toEqual([3])
    expect(numbers(filterTickets(some, 'closed', ''))).toEqual([2])
  })

  it('shows one priority, one tag, or both', () => {
    const labelled = [
      ticket(1, { priority: 'high', tags: ['billing'] }),
      ticket(2, { priority: 'high', tags: [] }),
      ticket(3, { tags: ['billing', 'age'] }),
    ]
    const shown = (priority: string | null, tag: string | null) =>
      numbers(filterTickets(labelled, 'all', '', { priority: priorityFrom(priority), tag }))
    expect(shown('high', null)).toEqual([2, 1])
    expect(shown('normal', null)).toEqual([3])
    expect(shown(null, 'billing')).toEqual([3, 1])
    expect(shown('high', 'billing')).toEqual([1])
    expect(shown('nonsense', null)).toEqual([3, 2, 1])
    expect(tagsOf(labelled)).toEqual(['age', 'billing'])
    expect(numbers(filterTickets(labelled, 'all', 'age'))).toEqual([3])
  })

  it('finds by number, person, category, handler and words of the first message', () => {
    expect(numbers(filterTickets(some, 'all', '#10'))).toEqual([10])
    expect(numbers(filterTickets(some, 'all', 'LUMI bug'))).toEqual([10])
    expect(numbers(filterTickets(some, 'all', 'moss'))).toEqual([3])
    expect(numbers(filterTickets(some, 'all', 'lost role'))).toEqual([1])
    expect(numbers(filterTickets(some, 'all', 'lumi support'))).toEqual([])
  })

  it('counts each state', () => {
    expect(countByFilter(some)).toEqual({ open: 2, claimed: 1, closed: 1, all: 4 })
  })

  it('shows all for an unknown state in the address', () => {
    expect(filterFrom('open')).toBe('open')
    expect(filterFrom('nonsense')).toBe('all')
    expect(filterFrom(undefined)).toBe('all')
  })

  it('knows a subject only where the answer carries the first message', () => {
    expect(subjectOf(ticket(1))).toBeNull()
    expect(subjectOf(some[3] ?? ticket(0))).toBe('Lost role')
  })
})

describe('what may be done with a ticket', () => {
  const staff = { discordId: '302', staff: true }
  const creator = { discordId: '303', staff: false }

  it('lets staff claim what is free and open', () => {
    expect(actionsFor(ticket(1), staff).claim).toBe(true)
    expect(actionsFor(ticket(1, { claimed_by: '301', status: 'Claimed' }), staff).claim).toBe(false)
    expect(actionsFor(ticket(1, { status: 'Closed' }), staff).claim).toBe(false)
    expect(actionsFor(ticket(1), creator).claim).toBe(false)
  })

  it('lets the creator close, write and reopen, and nobody else without a role', () => {
    expect(actionsFor(ticket(1), creator)).toMatchObject({ close: true, write: true, reopen: false })
    expect(actionsFor(ticket(1, { status: 'Closed' }), creator)).toMatchObject({ close: false, reopen: true })
    expect(actionsFor(ticket(1), { discordId: '305', staff: false })).toMatchObject({
      close: false,
      write: false,
    })
  })

  it('offers no fourth reopening', () => {
    expect(actionsFor(ticket(1, { status: 'Closed', reopen_count: 3 }), staff).reopen).toBe(false)
  })

  it('lets a staff login without a Discord account close and release, but neither claim nor write', () => {
    const login = { discordId: null, staff: true }
    expect(actionsFor(ticket(1), login)).toMatchObject({ claim: false, close: true, write: false })
    const claimed = ticket(1, { status: 'Claimed', claimed_by: '302' })
    expect(actionsFor(claimed, login)).toMatchObject({ unclaim: true, close: true })
    expect(actionsFor(ticket(1, { user_id: null }), { discordId: null, staff: false }).close).toBe(false)
  })
})
