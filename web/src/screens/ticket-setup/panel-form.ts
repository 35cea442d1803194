// The form of a panel: the server's limits and what is wrong with it.
import type { NewTicketPanel, TicketPanel } from '@/api/types'
import { type Problem, lengthProblem } from '@/lib/problems'

export const LIMITS = { panels: 25, title: 200, text: 2_000 } as const

export interface PanelForm {
  channelId: string | null
  title: string
  text: string
  style: NewTicketPanel['style']
  /** All types, also those to come, or the chosen ones. */
  all: boolean
  types: string[]
}

export function formOf(panel: TicketPanel | null): PanelForm {
  return {
    channelId: panel?.channel_id ?? null,
    title: panel?.title ?? '',
    text: panel?.text ?? '',
    style: panel?.style ?? 'buttons',
    all: (panel?.types.length ?? 0) === 0,
    types: [...(panel?.types ?? [])],
  }
}

/** Chosen types that the guild does not have any more are left out: the server knows them no longer. */
export const wireOf = (form: PanelForm, existing: readonly string[]): NewTicketPanel => ({
  channel_id: form.channelId ?? '',
  title: form.title.trim(),
  text: form.text.trim(),
  style: form.style,
  types: form.all ? [] : form.types.filter((type) => existing.includes(type)),
})

export function problemsOf(form: PanelForm, existing: readonly string[]): Record<string, Problem> {
  const problems: Record<string, Problem> = {}
  if (form.channelId === null) problems['channel'] = { key: 'setup.panel.channelMissing', values: {} }
  const title = lengthProblem(form.title, 1, LIMITS.title)
  if (title) problems['title'] = title
  const text = lengthProblem(form.text, 0, LIMITS.text)
  if (text) problems['text'] = text
  if (!form.all && !form.types.some((type) => existing.includes(type))) {
    problems['types'] = { key: 'setup.panel.typesMissing', values: {} }
  }
  return problems
}

/** The field that a refusal of the server is about; `null` if it is about none of them. */
export function fieldOfRefusal(sentence: string): string | null {
  if (/text channel/.test(sentence)) return 'channel'
  if (/panel's title/.test(sentence)) return 'title'
  if (/panel's text/.test(sentence)) return 'text'
  return /ticket type/.test(sentence) ? 'types' : null
}

/** The types that a panel offers of those that there are, in its order. */
export const offered = (form: PanelForm, existing: readonly string[]): string[] =>
  form.all ? [...existing] : form.types.filter((type) => existing.includes(type))
