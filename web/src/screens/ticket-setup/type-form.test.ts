import { describe, expect, it } from 'vitest'
import type { TicketType } from '@/api/types'
import { isEmoji, shownEmoji } from '@/lib/emoji'
import { Outdated, fingerprint, ordering, putting, removing } from './changes'
import { categoryChoices, channelChoices, roleChoices } from './guild-choices'
import * as panelForm from './panel-form'
import {
  type QuestionForm,
  type TypeForm,
  budgetOf,
  channelName,
  emptyQuestion,
  fieldOfRefusal,
  formOf,
  moved,
  officeHours,
  problemsOf,
  wireOf,
} from './type-form'

const bare: TicketType = { name: 'Bug', staff_role_ids: [], ping: 'default', questions: [] }
const full: TicketType = {
  name: 'Repair',
  emoji: '🔧',
  description: 'Something is broken',
  category_id: '20',
  staff_role_ids: ['7', '8'],
  ping: 'roles',
  max_open: 2,
  cooldown_minutes: 0,
  hours: { from: '09:00', until: '17:00', days: [1, 5], zone: 'Europe/Berlin' },
  name_pattern: 'repair-{number}',
  questions: [
    { label: 'What?', hint: 'In a word', kind: 'short', required: true, max_length: 40 },
    { label: 'Since?', kind: 'choice', required: false, choices: ['Today', 'Longer'] },
  ],
  greeting: 'Hello',
}
const fields = (form: TypeForm, others: string[] = []) => Object.keys(problemsOf(form, others))
const wrong = (change: Partial<TypeForm>) => fields({ ...formOf(full), ...change })
const question = (change: Partial<QuestionForm>): QuestionForm => ({
  ...emptyQuestion(),
  label: 'Why?',
  ...change,
})

describe('the form of a type', () => {
  it('sends back what it got', () => {
    expect(wireOf(formOf(full))).toEqual(full)
    expect(wireOf(formOf(bare))).toEqual(bare)
  })

  it('leaves out what is empty, so that it is as for all types', () => {
    const form = {
      ...formOf(full),
      emoji: ' ',
      maxOpen: '',
      cooldown: '',
      hours: null,
      pattern: '',
      greeting: '',
    }
    const wire = wireOf(form)
    for (const key of ['emoji', 'max_open', 'cooldown_minutes', 'hours', 'name_pattern', 'greeting']) {
      expect(wire).not.toHaveProperty(key)
    }
  })

  it('accepts what the server accepts', () => {
    expect(problemsOf(formOf(full), ['Bug'])).toEqual({})
    expect(problemsOf(formOf(bare), [])).toEqual({})
  })

  it('names each field that is wrong', () => {
    expect(wrong({ name: ' ' })).toEqual(['name'])
    expect(wrong({ name: 'x'.repeat(51) })).toEqual(['name'])
    expect(fields(formOf(full), ['Repair'])).toEqual(['name'])
    expect(wrong({ emoji: 'wrench' })).toEqual(['emoji'])
    expect(wrong({ description: 'x'.repeat(101) })).toEqual(['description'])
    expect(wrong({ greeting: 'x'.repeat(1001) })).toEqual(['greeting'])
    expect(wrong({ roleIds: [] })).toEqual(['roles'])
    expect(wrong({ roleIds: Array.from({ length: 11 }, (_, index) => String(index)) })).toEqual(['roles'])
    for (const text of ['0', '51', '1.5', '-1', 'x']) expect(wrong({ maxOpen: text })).toEqual(['maxOpen'])
    expect(wrong({ cooldown: '10081' })).toEqual(['cooldown'])
    expect(wrong({ pattern: 'help' })).toEqual(['pattern'])
    expect(wrong({ pattern: '{number}{who}' })).toEqual(['pattern'])
    expect(wrong({ pattern: '{number}}' })).toEqual(['pattern'])
    expect(wrong({ pattern: '{number}' + 'x'.repeat(53) })).toEqual(['pattern'])
  })

  it('wants hours with times, a day and a zone', () => {
    const hours = officeHours('Europe/Berlin')
    expect(wrong({ hours })).toEqual([])
    expect(wrong({ hours: { ...hours, from: '' } })).toEqual(['from'])
    expect(wrong({ hours: { ...hours, until: '24:00' } })).toEqual(['until'])
    expect(wrong({ hours: { ...hours, days: [] } })).toEqual(['days'])
    for (const zone of ['', 'Mars/Base', '+01:00']) {
      expect(wrong({ hours: { ...hours, zone } })).toEqual(['zone'])
    }
  })

  it('names what is wrong with each question', () => {
    const about = (change: Partial<QuestionForm>) => {
      const asked = question(change)
      return fields({ ...formOf(bare), questions: [asked] }).map((field) =>
        field.replace(`q${asked.key}.`, ''),
      )
    }
    expect(about({})).toEqual([])
    expect(about({ label: '' })).toEqual(['label'])
    expect(about({ label: 'x'.repeat(46) })).toEqual(['label'])
    expect(about({ hint: 'x'.repeat(101) })).toEqual(['hint'])
    expect(about({ maxLength: '0' })).toEqual(['maxLength'])
    expect(about({ kind: 'choice', choices: 'one' })).toEqual(['choices'])
    expect(about({ kind: 'choice', choices: 'one\none' })).toEqual(['choices'])
    expect(about({ kind: 'choice', choices: `one\n${'x'.repeat(101)}` })).toEqual(['choices'])
    expect(about({ kind: 'choice', choices: ' one \n\n two ' })).toEqual([])
    expect(about({ kind: 'paragraph', maxLength: '1800', label: 'x'.repeat(45) })).toEqual([])
  })

  it('counts questions and answers as the server does, to the last character', () => {
    const long = question({ kind: 'paragraph', maxLength: '1800', label: 'x'.repeat(45) })
    expect(budgetOf([long])).toBe(1853)
    const rest = (label: string, maxLength: string) => question({ label, maxLength })
    const exactly = [long, rest('1234567890', '29')]
    expect(budgetOf(exactly)).toBe(1900)
    expect(fields({ ...formOf(bare), questions: exactly })).toEqual([])
    expect(fields({ ...formOf(bare), questions: [long, rest('1234567890', '30')] })).toEqual(['budget'])
    expect(budgetOf([question({ kind: 'choice', choices: 'ab\nabcd' })])).toBe(4 + 4 + 8)
  })

  it('shows the channel’s name as the server makes it', () => {
    const usual = ''
    const table: [string, number, string, string, string][] = [
      [usual, 1, 'Support', 'finn_reed', 'ticket-1-support-finn_reed'],
      [usual, 2, 'Bug Report', 'a.b.c', 'ticket-2-bug-report-abc'],
      [usual, 5, 'Bug', '\u2800🎫', 'ticket-5-bug'],
      [usual, 6, '💬', '', 'ticket-6'],
      [usual, 7, 'Bewerbung', 'Jürgen Groß', 'ticket-7-bewerbung-jürgen-groß'],
      ['{type} {number}', 7, 'Bug', 'finn', 'bug-7'],
      ['🎫┃{user}-{number}', 7, 'Bug', '', '7'],
      ['{number}-$&{type}', 7, '$&', 'finn', '7'],
    ]
    for (const [pattern, number, type, user, name] of table) {
      expect(channelName(pattern, number, type, user)).toBe(name)
    }
    expect([...channelName('', 1, 'k'.repeat(50), 'u'.repeat(90))].length).toBeLessThanOrEqual(100)
  })

  it('finds the field that a refusal is about', () => {
    const table: [string, string | null][] = [
      ['Two types are called Bug', 'name'],
      ['tickets.types must have a emoji of 1 to 60 characters (type Bug)', 'emoji'],
      ['tickets.types must have staff_role_ids if only they are pinged (type Bug)', 'roles'],
      ['tickets.types must have hours like 09:00, not "25:00" (type Bug)', 'from'],
      ['tickets.types must have a zone such as Europe/Berlin, not "Mars" (type Bug)', 'zone'],
      ['tickets.types must have at most 5 questions (type Bug)', 'budget'],
      ['Internal server error', null],
    ]
    for (const [sentence, field] of table) expect(fieldOfRefusal(sentence)).toBe(field)
  })

  it('moves one item and keeps the others in order', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 5, 0)).toEqual(['a', 'b'])
  })
})

describe('changes to the types', () => {
  const others = [bare, full]

  it('keep what others have done to other types meanwhile', () => {
    const wanted = { ...bare, description: 'Mine' }
    const theirs = { ...full, description: 'Theirs' }
    expect(putting(wanted, bare)([theirs, bare])).toEqual([theirs, wanted])
    expect(putting({ ...bare, name: 'New' }, null)(others)).toHaveLength(3)
    expect(removing('Bug')(others)).toEqual([full])
    const come = { ...bare, name: 'Come' }
    expect(ordering(['Repair', 'Bug'])([bare, come, full])).toEqual([full, bare, come])
  })

  it('refuse to write over a change of the same type, a removal or a name', () => {
    const reason = (change: () => unknown) => {
      try {
        change()
      } catch (error) {
        return error instanceof Outdated ? error.reason : error
      }
      return null
    }
    expect(reason(() => putting(bare, bare)([{ ...bare, description: 'Theirs' }]))).toBe('changed')
    expect(reason(() => putting(bare, bare)([full]))).toBe('gone')
    expect(reason(() => putting({ ...bare, name: 'Repair' }, bare)(others))).toBe('taken')
    expect(reason(() => putting({ ...bare, name: 'Other' }, bare)(others))).toBeNull()
  })

  it('see no difference where the server only writes defaults out', () => {
    expect(fingerprint(bare)).toBe(fingerprint({ ...bare, emoji: '' }))
  })
})

describe('emoji', () => {
  it('are pictographs, flags, key caps or those of a guild', () => {
    for (const text of [
      '🔧',
      '🛠️',
      '👩‍💻',
      '🇩🇪',
      '1️⃣',
      '<:lamp:123456789012345678>',
      '<a:lamp:123456789012345678>',
    ]) {
      expect([text, isEmoji(text)]).toEqual([text, true])
    }
    for (const text of ['wrench', '1', ':lamp:', '<:lamp:1>', 'a🔧', '🔧 🔧']) {
      expect([text, isEmoji(text)]).toEqual([text, false])
    }
  })

  it('of a guild show their name, and the first types have one of their own', () => {
    expect(shownEmoji('<:lamp:123456789012345678>', 'X')).toBe(':lamp:')
    expect(shownEmoji(null, 'Bug')).toBe('🐛')
    expect(shownEmoji(undefined, 'X')).toBe('')
  })
})

describe('the form of a panel', () => {
  const panel = {
    id: 'p',
    channel_id: '10',
    title: 'Help',
    text: '',
    style: 'menu' as const,
    types: ['Bug', 'Gone'],
    link: null,
    problem: null,
  }

  it('leaves out types that are gone, and sends none for all', () => {
    const form = panelForm.formOf(panel)
    expect(panelForm.wireOf(form, ['Support', 'Bug']).types).toEqual(['Bug'])
    expect(panelForm.wireOf({ ...form, all: true }, ['Bug']).types).toEqual([])
    expect(panelForm.offered({ ...form, all: true }, ['Support', 'Bug'])).toEqual(['Support', 'Bug'])
  })

  it('names each field that is wrong', () => {
    const form = panelForm.formOf(panel)
    expect(panelForm.problemsOf(form, ['Bug'])).toEqual({})
    // Nothing chosen would be sent as all.
    expect(Object.keys(panelForm.problemsOf(form, ['Support']))).toEqual(['types'])
    expect(
      Object.keys(
        panelForm.problemsOf({ ...form, channelId: null, title: ' ', text: 'x'.repeat(2001) }, ['Bug']),
      ),
    ).toEqual(['channel', 'title', 'text'])
  })

  it('finds the field that a refusal is about', () => {
    expect(panelForm.fieldOfRefusal('A panel needs a text channel of this server')).toBe('channel')
    expect(panelForm.fieldOfRefusal("A panel's title must have 1 to 200 characters")).toBe('title')
    expect(panelForm.fieldOfRefusal('Invalid ticket type. Must be one of: Bug')).toBe('types')
    expect(panelForm.fieldOfRefusal('A server can have 25 panels at most')).toBeNull()
  })
})

describe('choices of channels and roles', () => {
  const channels = [
    { id: '20', name: 'Text', category: null, position: 0, type: 'category' as const },
    { id: '10', name: 'general', category: 'Text', position: 0, type: 'text' as const },
  ]
  const missing = (id: string) => `missing ${id}`

  it('keep what is chosen but gone, as missing', () => {
    expect(categoryChoices(channels, '99', missing)).toEqual([
      { value: '20', title: 'Text' },
      { value: '99', title: 'missing 99' },
    ])
    expect(channelChoices(channels, null, missing)).toEqual([
      { value: '10', title: '#general', subtitle: 'Text' },
    ])
    const role = { id: '7', name: 'Keeper', color: 255, position: 1, mentionable: false }
    expect(roleChoices([role], ['7', '8'], missing)).toEqual([
      { value: '7', title: 'Keeper', color: 255 },
      { value: '8', title: 'missing 8' },
    ])
  })
})
