import { describe, expect, it } from 'vitest'
import { groupCogs } from './groups'

describe('cogs', () => {
  const cog = (name: string, category?: string, description = '') => ({
    name,
    status: 'loaded' as const,
    description,
    ...(category === undefined ? {} : { category }),
  })

  it('are grouped in the order of the categories, unknown ones at the end', () => {
    const groups = groupCogs(
      [cog('B', 'zeta'), cog('Z', 'core'), cog('A', 'core'), cog('C'), cog('D', 'gaming')],
      '',
    )
    expect(groups.map(({ category }) => category)).toEqual(['core', 'gaming', 'other', 'zeta'])
    expect(groups[0]?.cogs.map(({ name }) => name)).toEqual(['A', 'Z'])
  })

  it('are found by words of name and description', () => {
    const groups = groupCogs(
      [cog('DailyMeme', 'content', 'Posts memes'), cog('Warframe', 'gaming')],
      'posts daily',
    )
    expect(groups.flatMap(({ cogs }) => cogs).map(({ name }) => name)).toEqual(['DailyMeme'])
  })
})
