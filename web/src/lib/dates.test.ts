import { describe, expect, it } from 'vitest'
import { parseTime, relativeTime } from './dates'

describe('times', () => {
  const now = new Date('2026-03-01T12:00:00Z')

  it('are told by the largest fitting unit', () => {
    expect(relativeTime(new Date('2026-03-01T11:55:00Z'), 'en', now)).toBe('5 min. ago')
    expect(relativeTime(new Date('2026-02-28T12:00:00Z'), 'en', now)).toBe('yesterday')
    expect(relativeTime(new Date('2026-03-01T11:59:50Z'), 'en', now)).toBe('now')
  })

  it('that cannot be read are no times', () => {
    expect(parseTime('soon')).toBeNull()
    expect(parseTime(null)).toBeNull()
  })
})
