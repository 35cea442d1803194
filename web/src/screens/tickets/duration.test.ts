import { describe, expect, it } from 'vitest'
import { describeDuration } from './duration'

describe('a length of time', () => {
  it('is told in its two largest units', () => {
    expect(describeDuration(42, 'en')).toBe('42 sec')
    expect(describeDuration(60, 'en')).toBe('1 min')
    expect(describeDuration(7_530, 'en')).toBe('2 hr 5 min')
    expect(describeDuration(86_400 * 3 + 59, 'en')).toBe('3 days')
    expect(describeDuration(-5, 'en')).toBe('0 sec')
  })
})
