// The form for a new ticket: limits of the server, what is wrong with a form, and its draft.
import { ApiError } from '@/api/client'
import type { NewTicket, OpenTicketType, TicketQuestion } from '@/api/types'
import { type Problem, lengthOf, lengthProblem } from '@/lib/problems'

export const LIMITS = {
  subject: { min: 3, max: 100 },
  description: { min: 10, max: 2000 },
} as const
/** Longest answer of one line and of several, unless the question says otherwise. */
const SHORT = 100
const LONG = 500

export interface TicketForm {
  type: string
  subject: string
  description: string
  /** By type and question, so that a look at another type loses nothing. */
  answers: Record<string, string>
}

/** Names a field: `type`, `subject`, `description`, or a question by its place. */
export type TicketField = 'type' | 'subject' | 'description' | `answer-${number}`

export const answerKey = (type: string, question: TicketQuestion) => `${type}\n${question.label}`

/** The fields of this type, in the order of the form. */
export function fieldsOf(type: OpenTicketType | undefined): TicketField[] {
  if (!type) return ['type']
  if (type.questions.length === 0) return ['type', 'subject', 'description']
  return ['type', ...type.questions.map((_, index): TicketField => `answer-${index}`)]
}

export function longestAnswer(question: TicketQuestion): number {
  if (question.kind === 'choice') return Math.max(...(question.choices ?? []).map(lengthOf), 1)
  return question.max_length ?? (question.kind === 'short' ? SHORT : LONG)
}

export function problemsOf(
  form: TicketForm,
  type: OpenTicketType | undefined,
): Partial<Record<TicketField, Problem>> {
  const problems: Partial<Record<TicketField, Problem>> = {}
  if (!type) return { type: { key: 'tickets.new.typeMissing', values: {} } }
  if (type.questions.length === 0) {
    for (const field of ['subject', 'description'] as const) {
      const problem = lengthProblem(form[field], LIMITS[field].min, LIMITS[field].max)
      if (problem) problems[field] = problem
    }
    return problems
  }
  type.questions.forEach((question, index) => {
    const problem = answerProblem(question, form.answers[answerKey(type.name, question)] ?? '')
    if (problem) problems[`answer-${index}`] = problem
  })
  return problems
}

function answerProblem(question: TicketQuestion, answer: string): Problem | null {
  const given = answer.trim()
  if (given === '') return question.required ? { key: 'tickets.new.answerMissing', values: {} } : null
  if (question.kind === 'choice') {
    return question.choices?.includes(given) ? null : { key: 'tickets.new.choiceGone', values: {} }
  }
  return lengthProblem(answer, 0, longestAnswer(question))
}

export function ticketFrom(form: TicketForm, type: OpenTicketType): NewTicket {
  if (type.questions.length === 0) {
    return { type: type.name, subject: form.subject.trim(), description: form.description.trim() }
  }
  const answers = type.questions.map((question) => form.answers[answerKey(type.name, question)]?.trim() ?? '')
  return { type: type.name, answers }
}

/** The field that a refusal of the server is about; null if it is about none. */
export function fieldOfRefusal(error: unknown, type: OpenTicketType | undefined): TicketField | null {
  if (!(error instanceof ApiError) || error.sentence === null) return null
  const { sentence } = error
  if (opensAt(error) !== null || sentence.startsWith('Invalid ticket type')) return 'type'
  if (sentence.startsWith('Subject ')) return 'subject'
  if (sentence.startsWith('Description ')) return 'description'
  const label = /^(?:Please answer|Not one of the choices|Answer is too long): (.*)$/s.exec(sentence)?.[1]
  const index = type?.questions.findIndex((question) => question.label === label) ?? -1
  return index < 0 ? null : `answer-${index}`
}

/** When a closed type opens again, if that is why the server refused. */
export function opensAt(error: ApiError): string | null {
  return /can be opened again at (\S+)$/.exec(error.sentence ?? '')?.[1] ?? null
}

/** The stored draft, or an empty form for anything that is none. */
export function draftFrom(stored: string): TicketForm {
  const form: TicketForm = { type: '', subject: '', description: '', answers: {} }
  try {
    const parsed: unknown = JSON.parse(stored)
    if (typeof parsed !== 'object' || parsed === null) return form
    const { answers, ...texts } = parsed as Record<string, unknown>
    for (const field of ['type', 'subject', 'description'] as const) {
      const value = texts[field]
      if (typeof value === 'string') form[field] = value
    }
    for (const [key, answer] of Object.entries(answers ?? {})) {
      if (typeof answer === 'string') form.answers[key] = answer
    }
  } catch {
    // Not written by this form.
  }
  return form
}
