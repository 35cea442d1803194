// One line per health check, from the few details that mean something to a person.
import type { HealthCheck } from '@/api/types'

type Translate = (key: string, values: Record<string, unknown>) => string
type FormatNumber = (value: number) => string

export function describeCheck(t: Translate, n: FormatNumber, check: HealthCheck): string {
  if (check.message === 'not_initialized') return t('overview.detail.notSetUp', {})
  if (typeof check.message === 'string' && check.message !== '') return check.message
  const parts: string[] = []
  // Nobody acts on a hundredth: whole numbers, and one digit more where they are small.
  const number = (field: string, digits = 0) => {
    const value = check[field]
    if (typeof value !== 'number' || !Number.isFinite(value)) return null
    const scale = 10 ** (value < 10 ? Math.max(1, digits) : digits)
    return n(Math.round(value * scale) / scale)
  }
  const used = number('usage_percent')
  if (used !== null) parts.push(t('overview.detail.used', { value: used }))
  const free = number('free_gb') ?? number('available_gb')
  if (free !== null) parts.push(t('overview.detail.free', { value: free }))
  const active = number('active_count')
  if (active !== null) parts.push(t('overview.detail.active', { value: active }))
  const read = number('read_ms')
  if (read !== null) parts.push(t('overview.detail.read', { value: read }))
  return parts.join(' · ')
}
