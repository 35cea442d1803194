// Cogs by category, filtered by a search, in the order the server's categories have.
import type { Cog } from '@/api/types'

/** Order of the categories; unknown ones follow by name. */
const ORDER = [
  'core',
  'community',
  'content',
  'gaming',
  'moderation',
  'support',
  'user',
  'info',
  'productivity',
  'utility',
  'notifications',
  'monitoring',
  'other',
]

export const KNOWN_CATEGORIES: readonly string[] = ORDER

export interface CogGroup {
  category: string
  cogs: Cog[]
}

export function groupCogs(cogs: readonly Cog[], search: string): CogGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const groups = new Map<string, Cog[]>()
  for (const cog of cogs) {
    const text = [cog.name, cog.file_name, cog.description, ...(cog.features ?? [])].join('\n').toLowerCase()
    if (!words.every((word) => text.includes(word))) continue
    const category = cog.category || 'other'
    groups.set(category, [...(groups.get(category) ?? []), cog])
  }
  return [...groups]
    .map(([category, members]) => ({
      category,
      cogs: members.sort((a, b) => a.name.localeCompare(b.name)),
    }))
    .sort((a, b) => rank(a.category) - rank(b.category) || a.category.localeCompare(b.category))
}

function rank(category: string): number {
  const index = ORDER.indexOf(category)
  return index < 0 ? ORDER.length : index
}
