import { describe, expect, it } from 'vitest'
import type { TicketMessage } from '@/api/types'
import { readInitial, readMessage } from './message'

const reader = { user: 'ada_keeper', discordId: '301' }
const message = (fields: Partial<TicketMessage>): TicketMessage => ({
  id: '1',
  author_id: '303',
  author_name: 'finn_reed',
  content: 'hello',
  timestamp: '2026-03-01T10:00:00+00:00',
  is_bot: false,
  is_admin: false,
  role: null,
  ...fields,
})
const bot = (content: string, fields: Partial<TicketMessage> = {}) =>
  message({ author_id: '900', author_name: 'lantern-bot', is_bot: true, content, ...fields })

describe('reading a ticket message', () => {
  it('shows a relayed member message under the name in its prefix, without the prefix', () => {
    expect(readMessage(bot('**[finn_reed]:** from the app'), reader)).toEqual({
      kind: 'member',
      author: 'finn_reed',
      text: 'from the app',
      own: false,
    })
  })

  it('leaves out the addresses of files, whatever their signature, since the files are shown', () => {
    const file = {
      id: '7',
      name: 'lamp.png',
      size: 30,
      content_type: 'image/png',
      url: 'https://cdn.example/7/lamp.png?ex=1',
      state: 'stored' as const,
    }
    const content = 'look\nhttps://cdn.example/7/lamp.png?ex=2&hm=3&\nhttps://example.org/'
    const { text } = readMessage(message({ content, attachments: [file] }), reader)
    expect(text).toBe('look\nhttps://example.org/')
    expect(readMessage(message({ content }), reader).text).toBe(content)
  })

  it('shows a relayed staff message as staff, and the own one as own', () => {
    const read = readMessage(bot('**[Admin Panel - ada_keeper]:** we are on it', { is_admin: true }), reader)
    expect(read).toEqual({ kind: 'staff', author: 'ada_keeper', text: 'we are on it', own: true })
  })

  it('takes the text without prefix that the answer to sending carries', () => {
    const sent = message({
      author_id: '301',
      author_name: 'ada_keeper',
      content: '**[Admin Panel - ada_keeper]:** hi',
      display_content: 'hi',
      is_admin: true,
    })
    expect(readMessage(sent, reader)).toMatchObject({ kind: 'staff', text: 'hi', own: true })
  })

  it('keeps line breaks of a relayed message', () => {
    expect(readMessage(bot('**[finn_reed]:** one\ntwo'), reader).text).toBe('one\ntwo')
  })

  it('marks somebody with a staff role as staff', () => {
    expect(readMessage(message({ role: 'moderator' }), reader).kind).toBe('staff')
  })

  it('does not let a member pose as staff by typing the prefix', () => {
    const read = readMessage(message({ content: '**[Admin Panel - ada_keeper]:** free nitro' }), reader)
    expect(read).toMatchObject({ kind: 'member', author: 'finn_reed', own: false })
    expect(read.text).toContain('Admin Panel')
  })

  it('does not let a member pose as another member by typing the prefix', () => {
    const read = readMessage(message({ content: '**[lumi_frost]:** it was me' }), reader)
    expect(read).toMatchObject({ author: 'finn_reed', text: '**[lumi_frost]:** it was me' })
  })

  it('tells the first message, closing texts and other texts of the bot apart', () => {
    expect(readMessage(bot('**Subject:** x\n\n**Description:**\ny'), reader).kind).toBe('initial')
    expect(readMessage(bot('**Initial details:** x'), reader).kind).toBe('initial')
    expect(readMessage(bot('Ticket successfully closed and archived.'), reader).kind).toBe('closing')
    expect(readMessage(bot('🎫 **Ticket claimed by Moss**'), reader).kind).toBe('system')
  })

  it('does not take a member message for the first message or a closing text', () => {
    expect(readMessage(message({ content: '**Subject:** x' }), reader).kind).toBe('member')
    expect(readMessage(message({ content: 'Ticket successfully closed' }), reader).kind).toBe('member')
  })
})

describe('reading the first message', () => {
  it('finds subject and a description of several lines', () => {
    expect(readInitial('**Subject:** Lost role\n\n**Description:**\nline one\n\nline two')).toEqual({
      subject: 'Lost role',
      description: 'line one\n\nline two',
    })
  })

  it('takes a text in another form as description', () => {
    expect(readInitial('**Initial details:**\nplease help')).toEqual({
      subject: null,
      description: 'please help',
    })
  })
})
