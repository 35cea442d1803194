import { describe, expect, it } from 'vitest'
import type { TicketFile, TicketMessage } from '@/api/types'
import {
  changedFile,
  deletedId,
  isMessage,
  mergeMessages,
  reconcile,
  removeMessage,
  replaceFile,
} from './merge'

const message = (id: string, second: number, content = `text ${id}`): TicketMessage => ({
  id,
  author_id: '1',
  author_name: 'finn_reed',
  content,
  timestamp: `2026-03-01T10:00:${String(second).padStart(2, '0')}+00:00`,
})
const ids = (messages: TicketMessage[]) => messages.map(({ id }) => id)

describe('merging live messages', () => {
  it('shows a message once that comes from history, from the socket and from the answer to sending', () => {
    const sent = message('900', 1)
    const merged = mergeMessages(mergeMessages(mergeMessages([], [sent]), [sent]), [{ ...sent }])
    expect(ids(merged)).toEqual(['900'])
  })

  it('orders by time, and by id within one moment, where a longer id is the later one', () => {
    const merged = mergeMessages([message('1000', 1), message('999', 1)], [message('5', 3), message('6', 2)])
    expect(ids(merged)).toEqual(['999', '1000', '6', '5'])
  })

  it('replaces an edited message in its place and drops the stale text without prefix', () => {
    const before = [{ ...message('1', 1, '**[a]:** old'), display_content: 'old' }, message('2', 2)]
    const [edited] = mergeMessages(before, [message('1', 1, '**[a]:** new')])
    expect(edited?.content).toBe('**[a]:** new')
    expect(edited).not.toHaveProperty('display_content')
  })

  it('keeps the text without prefix when the same content comes again without it', () => {
    const before = [{ ...message('1', 1, '**[a]:** hi'), display_content: 'hi' }]
    const [merged] = mergeMessages(before, [message('1', 1, '**[a]:** hi')])
    expect(merged?.display_content).toBe('hi')
  })

  it('removes a deleted message whichever way the event names it', () => {
    expect(deletedId({ message_id: '2' })).toBe('2')
    expect(deletedId({ id: '2' })).toBe('2')
    expect(deletedId({ id: 2 })).toBeNull()
    expect(ids(removeMessage([message('1', 1), message('2', 2)], '2'))).toEqual(['1'])
  })

  it('does not take an event without the needed fields for a message', () => {
    expect(isMessage(message('1', 1))).toBe(true)
    expect(isMessage({ id: '1', content: 'x' })).toBe(false)
    expect(isMessage(null)).toBe(false)
  })
})

describe('a fetched list that meets live events', () => {
  const one = message('1', 1)
  const two = message('2', 2)
  const three = message('3', 3)

  it('keeps a message that arrived while the request was under way', () => {
    expect(ids(reconcile([one], [one], [one, two]))).toEqual(['1', '2'])
  })

  it('does not bring back a message that was deleted meanwhile', () => {
    expect(ids(reconcile([one, two], [one, two], [one]))).toEqual(['1'])
  })

  it('drops what the server no longer has', () => {
    expect(ids(reconcile([two], [one, two], [one, two]))).toEqual(['2'])
  })

  it('adds what was missed during a break', () => {
    expect(ids(reconcile([one, two, three], [one], [one]))).toEqual(['1', '2', '3'])
  })

  it('prefers an edit that came meanwhile to the older fetched text', () => {
    const edited = { ...one, content: 'edited' }
    expect(reconcile([one], [one], [edited])[0]?.content).toBe('edited')
  })
})

describe('files of live messages', () => {
  const file: TicketFile = {
    id: '7',
    name: 'lamp.png',
    size: 30,
    content_type: 'application/octet-stream',
    url: 'https://cdn.example/lamp.png?ex=1',
    state: 'waiting',
  }

  it('shows the copy once it is there, and touches no other message', () => {
    const before = [{ ...message('1', 1), attachments: [file] }, message('2', 2)]
    const stored: TicketFile = { ...file, state: 'stored', path: '/api/tickets/x/attachments/7' }
    const after = replaceFile(before, '1', stored)
    expect(after[0]?.attachments).toEqual([stored])
    expect(after[1]).toBe(before[1])
  })

  it('takes only what can be shown as a file from an event', () => {
    expect(changedFile({ message_id: '1', file })).toEqual({ messageId: '1', file })
    for (const data of [{}, { message_id: 1, file }, { message_id: '1', file: { id: '7' } }]) {
      expect(changedFile(data)).toBeNull()
    }
  })
})
