// Lengths of time in words, as figures show them.

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** "2 hr 5 min": the two largest units; seconds only below a minute. */
export function describeDuration(seconds: number, language: string): string {
  const say = (value: number, unit: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
  const first = UNITS.findIndex(([, size]) => seconds >= size)
  if (first === -1) return say(Math.max(0, Math.round(seconds)), 'second')
  const parts: string[] = []
  let rest = seconds
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(say(count, unit))
  }
  return parts.join(' ')
}
