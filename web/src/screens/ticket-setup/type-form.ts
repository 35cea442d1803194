// The form of one ticket type: the server's limits, what is wrong with it, and its way from and to the server's form.
import type { QuestionKind, TicketQuestion, TicketType, TypeHours } from '@/api/types'
import { isEmoji } from '@/lib/emoji'
import { type Problem, lengthOf, lengthProblem, numberProblem } from '@/lib/problems'

export const LIMITS = {
  types: 25,
  name: 50,
  emoji: 60,
  description: 100,
  greeting: 1_000,
  roles: 10,
  maxOpen: 50,
  /** A week in minutes. */
  cooldown: 10_080,
  pattern: 60,
  questions: 5,
  label: 45,
  hint: 100,
  answer: 1_800,
  choices: { min: 2, max: 25 },
  choice: 100,
} as const
/** Questions and answers stand in one message of Discord. */
export const BUDGET = 1_900
/** Marks and line ends around one answer. */
const MARKS = 8
/** Longest answers unless a question says otherwise. */
export const USUAL_LENGTH = { short: 100, paragraph: 500 } as const

export const PATTERN = 'ticket-{number}-{type}-{user}'
export const PLACEHOLDERS = ['{number}', '{type}', '{user}'] as const
/** Longest name of a channel at Discord. */
const CHANNEL_NAME = 100

export interface QuestionForm {
  /** Tells questions apart while they move. */
  key: number
  label: string
  hint: string
  kind: QuestionKind
  required: boolean
  maxLength: string
  /** One a line. */
  choices: string
}

export interface TypeForm {
  name: string
  emoji: string
  description: string
  categoryId: string | null
  roleIds: string[]
  ping: TicketType['ping']
  maxOpen: string
  cooldown: string
  hours: TypeHours | null
  pattern: string
  greeting: string
  questions: QuestionForm[]
}

let lastKey = 0

export const emptyQuestion = (): QuestionForm => ({
  key: ++lastKey,
  label: '',
  hint: '',
  kind: 'short',
  required: true,
  maxLength: '',
  choices: '',
})

export const officeHours = (zone: string): TypeHours => ({
  from: '09:00',
  until: '17:00',
  days: [1, 2, 3, 4, 5],
  zone,
})

const digits = (value: number | undefined) => (value === undefined ? '' : String(value))

export function formOf(type: TicketType | null): TypeForm {
  return {
    name: type?.name ?? '',
    emoji: type?.emoji ?? '',
    description: type?.description ?? '',
    categoryId: type?.category_id ?? null,
    roleIds: [...(type?.staff_role_ids ?? [])],
    ping: type?.ping ?? 'default',
    maxOpen: digits(type?.max_open),
    cooldown: digits(type?.cooldown_minutes),
    hours: type?.hours ? { ...type.hours, days: [...type.hours.days] } : null,
    pattern: type?.name_pattern ?? '',
    greeting: type?.greeting ?? '',
    questions: (type?.questions ?? []).map((question) => ({
      key: ++lastKey,
      label: question.label,
      hint: question.hint ?? '',
      kind: question.kind,
      required: question.required,
      maxLength: digits(question.max_length),
      choices: (question.choices ?? []).join('\n'),
    })),
  }
}

export const choicesOf = (question: QuestionForm): string[] =>
  question.choices
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Fields that are empty are left out: they are as for all types. */
const given = <K extends string, V>(key: K, value: V | '' | null): Partial<Record<K, V>> =>
  value === '' || value === null ? {} : ({ [key]: value } as Record<K, V>)
const number = (text: string) => (String(text).trim() === '' ? null : Number(text))

function wireQuestion(question: QuestionForm): TicketQuestion {
  const choice = question.kind === 'choice'
  return {
    label: question.label.trim(),
    ...given('hint', question.hint.trim()),
    kind: question.kind,
    required: question.required,
    ...(choice ? { choices: choicesOf(question) } : given('max_length', number(question.maxLength))),
  }
}

export function wireOf(form: TypeForm): TicketType {
  return {
    name: form.name.trim(),
    ...given('emoji', form.emoji.trim()),
    ...given('description', form.description.trim()),
    ...given('category_id', form.categoryId),
    staff_role_ids: form.roleIds,
    ping: form.ping,
    ...given('max_open', number(form.maxOpen)),
    ...given('cooldown_minutes', number(form.cooldown)),
    ...given('hours', form.hours && { ...form.hours, days: [...form.hours.days].sort() }),
    ...given('name_pattern', form.pattern.trim()),
    questions: form.questions.map(wireQuestion),
    ...given('greeting', form.greeting.trim()),
  }
}

/** What questions and longest answers of a form take of the one message that they stand in. */
export function budgetOf(questions: readonly QuestionForm[]): number {
  const longest = (question: QuestionForm): number => {
    if (question.kind === 'choice') {
      const lengths = choicesOf(question).map(lengthOf)
      return lengths.length > 0 ? Math.max(...lengths) : USUAL_LENGTH.short
    }
    return number(question.maxLength) ?? USUAL_LENGTH[question.kind]
  }
  return questions.reduce((sum, question) => sum + lengthOf(question.label) + longest(question) + MARKS, 0)
}

/** What is wrong, by field; `others` are the names of the other types. Questions are `q<key>.<field>`. */
export function problemsOf(form: TypeForm, others: readonly string[]): Record<string, Problem> {
  const problems: Record<string, Problem> = {}
  const found = (field: string, problem: Problem | null) => {
    if (problem) problems[field] = problem
  }
  found('name', lengthProblem(form.name, 1, LIMITS.name))
  if (others.includes(form.name.trim())) found('name', { key: 'setup.type.nameTaken', values: {} })
  found('emoji', emojiProblem(form.emoji))
  found('description', lengthProblem(form.description, 0, LIMITS.description))
  found('greeting', lengthProblem(form.greeting, 0, LIMITS.greeting))
  if (form.roleIds.length > LIMITS.roles) {
    found('roles', { key: 'setup.type.tooManyRoles', values: { max: LIMITS.roles } })
  } else if (form.ping === 'roles' && form.roleIds.length === 0) {
    found('roles', { key: 'setup.type.rolesMissing', values: {} })
  }
  found('maxOpen', numberProblem(form.maxOpen, 1, LIMITS.maxOpen))
  found('cooldown', numberProblem(form.cooldown, 0, LIMITS.cooldown))
  found('pattern', patternProblem(form.pattern.trim()))
  if (form.hours) {
    const { from, until, days, zone } = form.hours
    if (!isClockTime(from)) found('from', { key: 'setup.type.timeWrong', values: {} })
    if (!isClockTime(until)) found('until', { key: 'setup.type.timeWrong', values: {} })
    if (days.length === 0) found('days', { key: 'setup.type.daysMissing', values: {} })
    if (!isZone(zone)) found('zone', { key: 'setup.type.zoneMissing', values: {} })
  }
  for (const question of form.questions) {
    for (const [field, problem] of Object.entries(questionProblems(question))) {
      found(`q${question.key}.${field}`, problem)
    }
  }
  const sum = budgetOf(form.questions)
  if (sum > BUDGET) found('budget', { key: 'setup.question.tooMuch', values: { sum, max: BUDGET } })
  return problems
}

function emojiProblem(emoji: string): Problem | null {
  if (emoji.trim() === '') return null
  return isEmoji(emoji) ? lengthProblem(emoji, 0, LIMITS.emoji) : { key: 'setup.type.noEmoji', values: {} }
}

export function patternProblem(pattern: string): Problem | null {
  if (pattern === '') return null
  if (!pattern.includes('{number}')) {
    return { key: 'setup.type.patternNumber', values: { placeholder: '{number}' } }
  }
  const rest = PLACEHOLDERS.reduce((text, placeholder) => text.replaceAll(placeholder, ''), pattern)
  if (/[{}]/.test(rest)) {
    return { key: 'setup.type.patternUnknown', values: { placeholders: PLACEHOLDERS.join(', ') } }
  }
  return lengthProblem(pattern, 0, LIMITS.pattern)
}

const isClockTime = (text: string) => /^([01]?\d|2[0-3]):[0-5]?\d$/.test(text)

export function isZone(zone: string): boolean {
  // An offset such as +01:00 is no zone for the server: it knows no daylight saving.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}

function questionProblems(question: QuestionForm): Record<string, Problem> {
  const problems: Record<string, Problem> = {}
  const label = lengthProblem(question.label, 1, LIMITS.label)
  if (label) problems['label'] = label
  const hint = lengthProblem(question.hint, 0, LIMITS.hint)
  if (hint) problems['hint'] = hint
  if (question.kind !== 'choice') {
    const length = numberProblem(question.maxLength, 1, LIMITS.answer)
    if (length) problems['maxLength'] = length
    return problems
  }
  const choices = choicesOf(question)
  const { min, max } = LIMITS.choices
  if (choices.length < min || choices.length > max) {
    problems['choices'] = { key: 'setup.question.choiceCount', values: { min, max, count: choices.length } }
  } else if (new Set(choices).size < choices.length) {
    problems['choices'] = { key: 'setup.question.choiceTwice', values: {} }
  } else if (choices.some((choice) => lengthOf(choice) > LIMITS.choice)) {
    problems['choices'] = { key: 'setup.question.choiceLong', values: { max: LIMITS.choice } }
  }
  return problems
}

/** The field that a refusal of the server is about; `null` if it is about none of them. */
export function fieldOfRefusal(sentence: string): string | null {
  const about: readonly [RegExp, string][] = [
    [/^Two types are called/, 'name'],
    [/\bemoji\b/, 'emoji'],
    [/\bdescription\b/, 'description'],
    [/\bgreeting\b/, 'greeting'],
    [/\bstaff_role_ids\b/, 'roles'],
    [/\bmax_open\b/, 'maxOpen'],
    [/\bcooldown_minutes\b/, 'cooldown'],
    [/\bname_pattern\b/, 'pattern'],
    [/\bhours like\b/, 'from'],
    [/\bdays of its hours\b/, 'days'],
    [/\bzone such as\b/, 'zone'],
    [/\bquestions?\b|\bchoices\b|\bhints\b|\bmax_length\b/, 'budget'],
  ]
  return about.find(([pattern]) => pattern.test(sentence))?.[1] ?? null
}

/** The name that a ticket's channel will have; the same rules as the server's. */
export function channelName(pattern: string, ticket: number, type: string, user: string): string {
  const filled = [String(ticket), plain(type), plain(user)].reduce(
    (name, value, index) => name.replaceAll(PLACEHOLDERS[index] ?? '', () => value),
    pattern || PATTERN,
  )
  return [...plain(filled)].slice(0, CHANNEL_NAME).join('').replace(/-+$/, '')
}

function plain(text: string): string {
  let out = ''
  for (const letter of text.toLowerCase()) {
    if (/[\p{Alphabetic}\p{N}_]/u.test(letter)) out += letter
    else if (/[\s-]/u.test(letter) && !out.endsWith('-')) out += '-'
  }
  return out.replace(/^-+|-+$/g, '')
}

/** The same items with one of them at another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from)
  const item = items[from]
  if (item === undefined || to < 0 || to > rest.length) return [...items]
  return [...rest.slice(0, to), item, ...rest.slice(to)]
}
