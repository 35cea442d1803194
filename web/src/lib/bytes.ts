// Sizes of files as people read them.

const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `1.2 MB` in the reader's language; units of 1000, as systems show files. */
export function fileSize(bytes: number, locale: string): string {
  let value = bytes
  let unit: (typeof UNITS)[number] | null = null
  for (const next of UNITS) {
    if (value < 1000) break
    value /= 1000
    unit = next
  }
  // The short name of this unit is a word in most languages.
  if (unit === null) return `${new Intl.NumberFormat(locale).format(value)} B`
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}
