// What a form can choose among the guild's channels and roles; what is chosen but gone stays visible as missing.
import type { GuildChannel, GuildRole } from '@/api/types'

export interface Choice {
  value: string
  title: string
  subtitle?: string
  /** 0xRRGGBB of a role; 0 is none. */
  color?: number
}

/** `missing` names what is not there any more. */
export function categoryChoices(
  channels: readonly GuildChannel[],
  chosen: string | null,
  missing: (id: string) => string,
): Choice[] {
  const categories = channels
    .filter(({ type }) => type === 'category')
    .map(({ id, name }) => ({ value: id, title: name }))
  return withMissing(categories, chosen === null ? [] : [chosen], missing)
}

export function channelChoices(
  channels: readonly GuildChannel[],
  chosen: string | null,
  missing: (id: string) => string,
): Choice[] {
  const texts = channels
    .filter(({ type }) => type === 'text')
    .map(({ id, name, category }) => ({
      value: id,
      title: `#${name}`,
      ...(category === null ? {} : { subtitle: category }),
    }))
  return withMissing(texts, chosen === null ? [] : [chosen], missing)
}

export function roleChoices(
  roles: readonly GuildRole[],
  chosen: readonly string[],
  missing: (id: string) => string,
): Choice[] {
  return withMissing(
    roles.map(({ id, name, color }) => ({ value: id, title: name, color })),
    chosen,
    missing,
  )
}

function withMissing(
  known: readonly Choice[],
  chosen: readonly string[],
  missing: (id: string) => string,
): Choice[] {
  const gone = chosen.filter((id) => !known.some(({ value }) => value === id))
  return [...known, ...gone.map((id) => ({ value: id, title: missing(id) }))]
}
