// Sizes of files as people read them.

const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `1.2 MB` in the reader's language; units of 1000, as systems show files. */
export function fileSize(bytes: number, locale: string): string {
  let value = bytes
  let unit: (typeof UNITS)[number] | 'byte' = 'byte'
  for (const next of UNITS) {
    if (value < 1000) break
    value /= 1000
    unit = next
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'narrow' : 'short',
    maximumFractionDigits: value < 10 && unit !== 'byte' ? 1 : 0,
  }).format(value)
}
