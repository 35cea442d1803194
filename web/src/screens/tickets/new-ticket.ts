// Rules of the form for a new ticket, the same as the server's, and its draft.

export interface TicketForm {
  type: string
  subject: string
  description: string
}

/** Lengths in code points. */
export const LIMITS = { subject: { min: 3, max: 100 }, description: { min: 10, max: 2000 } } as const

/** What the server starts with until somebody configures categories. */
export const DEFAULT_CATEGORIES: readonly string[] = ['Application', 'Bug', 'Support']

export interface Problem {
  key: string
  values: Record<string, number>
}

export function problemsOf(
  form: TicketForm,
  categories: readonly string[],
): Partial<Record<keyof TicketForm, Problem>> {
  const problems: Partial<Record<keyof TicketForm, Problem>> = {}
  if (!categories.includes(form.type)) problems.type = { key: 'tickets.new.typeMissing', values: {} }
  for (const field of ['subject', 'description'] as const) {
    const length = [...form[field].trim()].length
    const { min, max } = LIMITS[field]
    if (length < min || length > max) problems[field] = { key: 'tickets.new.length', values: { min, max } }
  }
  return problems
}

/** The stored draft, or an empty form for anything that is none. */
export function draftFrom(stored: string): TicketForm {
  const form: TicketForm = { type: '', subject: '', description: '' }
  try {
    const parsed: unknown = JSON.parse(stored)
    if (typeof parsed !== 'object' || parsed === null) return form
    for (const field of ['type', 'subject', 'description'] as const) {
      const value = (parsed as Record<string, unknown>)[field]
      if (typeof value === 'string') form[field] = value
    }
  } catch {
    // Not written by this form.
  }
  return form
}
