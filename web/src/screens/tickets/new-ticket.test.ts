import { describe, expect, it } from 'vitest'
import { ApiError } from '@/api/client'
import type { OpenTicketType } from '@/api/types'
import {
  type TicketForm,
  answerKey,
  draftFrom,
  fieldOfRefusal,
  fieldsOf,
  opensAt,
  problemsOf,
  ticketFrom,
} from './new-ticket'

const plain: OpenTicketType = {
  name: 'Bug',
  emoji: null,
  description: null,
  questions: [],
  open: true,
  opens_at: null,
}
const asking: OpenTicketType = {
  ...plain,
  name: 'Repair',
  questions: [
    { label: 'What is broken?', kind: 'short', required: true },
    { label: 'Since when?', kind: 'choice', required: false, choices: ['Today', 'Longer'] },
    { label: 'More?', kind: 'paragraph', required: false, max_length: 10 },
  ],
}
const form = (fields: Partial<TicketForm> = {}): TicketForm => ({
  type: 'Bug',
  subject: '',
  description: '',
  answers: {},
  ...fields,
})
const answered = (...answers: string[]) =>
  form({
    type: 'Repair',
    answers: Object.fromEntries(
      asking.questions.map((question, index) => [answerKey('Repair', question), answers[index] ?? '']),
    ),
  })
const refused = (sentence: string, status = 400) => new ApiError('http', status, sentence)

describe('the form for a new ticket', () => {
  it('accepts what the server accepts', () => {
    expect(problemsOf(form({ subject: 'abc', description: '0123456789' }), plain)).toEqual({})
    expect(problemsOf(answered('Lamp', 'Today', 'Dark.'), asking)).toEqual({})
    expect(problemsOf(answered('Lamp'), asking)).toEqual({})
  })

  it('names each field that is wrong', () => {
    expect(Object.keys(problemsOf(form(), undefined))).toEqual(['type'])
    expect(Object.keys(problemsOf(form({ subject: ' ab ' }), plain))).toEqual(['subject', 'description'])
    expect(Object.keys(problemsOf(answered(' ', 'Never', 'x'.repeat(11)), asking))).toEqual([
      'answer-0',
      'answer-1',
      'answer-2',
    ])
  })

  it('counts an emoji as one character, as the server does', () => {
    expect(problemsOf(form({ subject: '😀😀', description: '0123456789' }), plain)).toHaveProperty('subject')
    expect(problemsOf(answered('Lamp', '', '😀'.repeat(10)), asking)).toEqual({})
  })

  it('holds one line to 100 characters and several to 500 unless the question says otherwise', () => {
    expect(problemsOf(answered('x'.repeat(100)), asking)).toEqual({})
    expect(problemsOf(answered('x'.repeat(101)), asking)).toHaveProperty('answer-0')
  })

  it('asks a type’s own questions instead of subject and description', () => {
    expect(fieldsOf(plain)).toEqual(['type', 'subject', 'description'])
    expect(fieldsOf(asking)).toEqual(['type', 'answer-0', 'answer-1', 'answer-2'])
    expect(ticketFrom(answered(' Lamp ', '', 'Dark.'), asking)).toEqual({
      type: 'Repair',
      answers: ['Lamp', '', 'Dark.'],
    })
    expect(ticketFrom(form({ subject: ' abc ', description: 'd' }), plain)).toEqual({
      type: 'Bug',
      subject: 'abc',
      description: 'd',
    })
  })

  it('finds the field that a refusal is about', () => {
    const table: [string, string | null][] = [
      ['Please answer: What is broken?', 'answer-0'],
      ['Not one of the choices: Since when?', 'answer-1'],
      ['Answer is too long: More?', 'answer-2'],
      ['Please answer: A question of another form', null],
      ['Subject must be between 3 and 100 characters', 'subject'],
      ['Invalid ticket type. Must be one of: Bug', 'type'],
      ['Tickets of this type can be opened again at 2026-07-06T07:00:00Z', 'type'],
      ['Failed to create ticket', null],
    ]
    for (const [sentence, field] of table) expect(fieldOfRefusal(refused(sentence), asking)).toBe(field)
    expect(fieldOfRefusal(new Error('Subject x'), asking)).toBeNull()
  })

  it('reads when a closed type opens again', () => {
    const refusal = refused('Tickets of this type can be opened again at 2026-07-06T07:00:00Z', 429)
    expect(opensAt(refusal)).toBe('2026-07-06T07:00:00Z')
    expect(opensAt(refused('Too many requests', 429))).toBeNull()
  })

  it('reads its draft back and starts empty for anything else', () => {
    const kept = form({ subject: 'a', answers: { 'Bug\nWhy?': 'b' } })
    expect(draftFrom(JSON.stringify(kept))).toEqual(kept)
    const empty = form({ type: '' })
    expect(draftFrom('no json')).toEqual(empty)
    expect(draftFrom('{"subject":5,"answers":{"x":7}}')).toEqual(empty)
    expect(draftFrom('{"answers":null}')).toEqual(empty)
  })
})
