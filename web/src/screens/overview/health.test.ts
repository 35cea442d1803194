import { describe, expect, it } from 'vitest'
import { describeCheck } from './health'

const t = (key: string, values: Record<string, unknown>) =>
  `${key.split('.').at(-1)} ${String(values['value'] ?? '')}`.trim()
const line = (check: Record<string, unknown>) =>
  describeCheck(t, (value) => value.toFixed(1), { status: 'ok', ...check })

describe('a health check in one line', () => {
  it('names the numbers that mean something', () => {
    expect(line({ usage_percent: 41.25, available_gb: 9.46 })).toBe('used 41.0 · free 9.5')
    expect(line({ active_count: 3 })).toBe('active 3.0')
    expect(line({ read_ms: 0.27, size_mb: 4 })).toBe('read 0.3')
  })

  it('shows the server’s message, but no code word', () => {
    expect(line({ message: 'The disk is full' })).toBe('The disk is full')
    expect(line({ message: 'not_initialized' })).toBe('notSetUp')
  })

  it('says nothing where there is nothing to say', () => {
    expect(line({ type: 'simple', usage_percent: Number.NaN })).toBe('')
  })
})
