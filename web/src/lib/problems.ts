// What is wrong with a field, as the key of a text with its values.

export interface Problem {
  key: string
  values: Record<string, string | number>
}

/** Length as the server and Discord count it: code points without surrounding space. */
export const lengthOf = (text: string): number => [...text.trim()].length

/** Nothing if the length fits; `min` of 0 lets a field be empty. */
export function lengthProblem(text: string, min: number, max: number): Problem | null {
  const length = lengthOf(text)
  if (length >= min && length <= max) return null
  if (min <= 1) return { key: length === 0 ? 'field.missing' : 'field.tooLong', values: { max } }
  return { key: 'field.length', values: { min, max } }
}

/** A whole number within the range, written as digits; nothing is fine too. */
export function numberProblem(text: string, min: number, max: number): Problem | null {
  const written = String(text).trim()
  if (written === '') return null
  const fits = /^\d{1,6}$/.test(written) && Number(written) >= min && Number(written) <= max
  return fits ? null : { key: 'field.number', values: { min, max } }
}
