import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileMessages } from '../../build/precompile-locales'
import de from './de.json'
import en from './en.json'

type Tree = { [key: string]: string | Tree }

const flatten = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flatten(value, `${path}${key}.`),
  )
const english = new Map(flatten(en))
const german = new Map(flatten(de))

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
const forms = (text: string) => text.split('|').length

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(vue|ts)$/.test(path) && !path.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : []
  })
}
const code = sources('src').join('\n')

describe('the texts', () => {
  it('exist in both languages', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('have the same placeholders and plural forms in both languages', () => {
    const different = [...english].filter(([key, text]) => {
      const other = german.get(key) ?? ''
      return placeholders(text).join() !== placeholders(other).join() || forms(text) !== forms(other)
    })
    expect(different).toEqual([])
  })

  it('are never empty and all compile', () => {
    expect([...english, ...german].filter(([, text]) => text.trim() === '')).toEqual([])
    expect(() => [compileMessages(en), compileMessages(de)]).not.toThrow()
  })

  it('contain every key that the code names in full', () => {
    const named = [
      ...code.matchAll(/\bt\(\s*'([\w.]+)'/g),
      ...code.matchAll(/(?:key|label|title): '(\w+\.[\w.]+)'/g),
    ]
    expect(named.length).toBeGreaterThan(60)
    expect(named.map(([, key]) => key ?? '').filter((key) => !english.has(key))).toEqual([])
  })

  it('contain nothing that the code never uses', () => {
    // Keys with a changing part are written as templates; their fixed beginning must occur.
    const families = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix ?? '')
    const unused = [...english.keys()].filter(
      (key) => !code.includes(`'${key}'`) && !families.some((prefix) => key.startsWith(prefix)),
    )
    expect(unused).toEqual([])
  })
})
