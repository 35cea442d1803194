// Times in the reader's language and zone.

/** The language as the browser's owner writes it: `en` becomes `en-GB` where that is what the browser prefers. */
const region = (language: string) =>
  navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** Null for a text that is no time. */
export function parseTime(text: string | null | undefined): Date | null {
  if (!text) return null
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? null : date
}

/** "5 minutes ago"; below a minute the language's word for now. */
export function relativeTime(date: Date, language: string, now: Date = new Date()): string {
  const seconds = (date.getTime() - now.getTime()) / 1000
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return format.format(0, 'second')
}

export const clockTime = (date: Date, language: string) =>
  new Intl.DateTimeFormat(region(language), { hour: '2-digit', minute: '2-digit' }).format(date)

export const longDate = (date: Date, language: string) =>
  new Intl.DateTimeFormat(region(language), { dateStyle: 'full' }).format(date)

export const fullTime = (date: Date, language: string) =>
  new Intl.DateTimeFormat(region(language), { dateStyle: 'medium', timeStyle: 'short' }).format(date)

/** Two messages under the same date heading? In the reader's zone. */
export const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()
