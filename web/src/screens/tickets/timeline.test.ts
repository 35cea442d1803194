import { describe, expect, it } from 'vitest'
import type { TicketMessage } from '@/api/types'
import { buildTimeline, type PendingMessage, type Writer } from './timeline'

const me: Writer = { user: 'ada_keeper', discordId: '301', avatar: null, staff: true }
const message = (id: string, minute: number, fields: Partial<TicketMessage> = {}): TicketMessage => ({
  id,
  author_id: '303',
  author_name: 'finn_reed',
  content: `text ${id}`,
  timestamp: new Date(2026, 2, 1, 10, minute).toISOString(),
  ...fields,
})
const waiting = (localId: number, content: string, known: string[] = []): PendingMessage => ({
  localId,
  content,
  state: 'sending',
  error: null,
  createdAt: new Date(2026, 2, 1, 10, 30),
  known: new Set(known),
})
const mine = { author_id: '301', author_name: 'ada_keeper' }
const keys = (items: ReturnType<typeof buildTimeline>) => items.map(({ key }) => key)

describe('the timeline of a ticket', () => {
  it('puts a date before the first message of each day', () => {
    const next = message('2', 0, { timestamp: new Date(2026, 2, 2, 9).toISOString() })
    const types = buildTimeline([message('1', 0), next], [], me).map(({ type }) => type)
    expect(types).toEqual(['day', 'bubble', 'day', 'bubble'])
  })

  it('calls a member as the server does, and its staff as they signed', () => {
    const relayed = message('2', 1, {
      author_id: '1',
      content: '**[Admin Panel - ada_keeper]:** Hi',
      is_bot: true,
    })
    const names = new Map([
      ['303', 'Finn'],
      ['1', 'HazeBot'],
    ])
    const items = buildTimeline([message('1', 0), relayed], [], { ...me, discordId: '9', user: 'x' }, names)
    const authors = items.flatMap((item) => (item.type === 'bubble' ? [item.author] : []))
    expect(authors).toEqual(['Finn', 'ada_keeper'])
  })

  it('groups messages of one author that follow closely, and starts anew after a pause or another author', () => {
    const items = buildTimeline(
      [message('1', 0), message('2', 1), message('3', 20), message('4', 21, mine)],
      [],
      me,
    )
    const starts = items.flatMap((item) => (item.type === 'bubble' ? [item.startsGroup] : []))
    expect(starts).toEqual([true, false, true, true])
  })

  it('shows a message under way at the end', () => {
    const items = buildTimeline([message('1', 0)], [waiting(1, 'hi')], me)
    expect(keys(items).at(-1)).toBe('pending-1')
  })

  it('shows the live copy instead of the message under way when it comes before the answer', () => {
    const copy = message('2', 30, { ...mine, content: 'hi' })
    const items = buildTimeline([message('1', 0), copy], [waiting(1, 'hi', ['1'])], me)
    expect(keys(items)).not.toContain('pending-1')
    expect(keys(items)).toContain('2')
  })

  it('does not take an earlier message of the same words for the copy', () => {
    const earlier = message('2', 29, { ...mine, content: 'ok' })
    const items = buildTimeline([earlier], [waiting(1, 'ok', ['2'])], me)
    expect(keys(items)).toContain('pending-1')
  })

  it('matches two messages of the same words with one copy each', () => {
    const copy = message('2', 30, { ...mine, content: 'ok' })
    const items = buildTimeline([copy], [waiting(1, 'ok'), waiting(2, 'ok')], me)
    expect(keys(items).filter((key) => key.startsWith('pending'))).toEqual(['pending-2'])
  })

  it('keeps a failed message even if somebody else wrote the same', () => {
    const failed: PendingMessage = { ...waiting(1, 'hi'), state: 'failed', error: 'no' }
    const items = buildTimeline([message('2', 30, { content: 'hi' })], [failed], me)
    expect(keys(items)).toContain('pending-1')
  })

  it('shows a message with an unreadable time rather than dropping it', () => {
    const items = buildTimeline([message('1', 0, { timestamp: 'soon' })], [], me)
    expect(keys(items)).toEqual(['1'])
  })
})
