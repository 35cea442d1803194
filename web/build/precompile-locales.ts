// Vite plugin: serves `virtual:messages/<language>` as precompiled vue-i18n messages.
// Without it the message compiler would ship to the browser and cost size and time at each start.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { baseCompile } from '@intlify/message-compiler'
import type { Plugin } from 'vite'

const PREFIX = 'virtual:messages/'
const FOLDER = new URL('../src/locales/', import.meta.url)

interface MessageTree {
  [key: string]: string | MessageTree
}

/** Replaces every text of the tree by its syntax tree; a text that does not parse fails the build. */
export function compileMessages(tree: MessageTree, path = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      const where = path ? `${path}.${key}` : key
      if (typeof value !== 'string') return [key, compileMessages(value, where)]
      const { ast } = baseCompile(value, {
        jit: true,
        location: false,
        minify: true,
        optimize: true,
        onError: (error) => {
          throw new Error(`${where}: ${error.message}`)
        },
      })
      return [key, ast]
    }),
  )
}

export function precompileLocales(): Plugin {
  return {
    name: 'hazebot-precompile-locales',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null
      const file = fileURLToPath(new URL(`${id.slice(PREFIX.length + 1)}.json`, FOLDER))
      this.addWatchFile(file)
      const tree = JSON.parse(await readFile(file, 'utf8')) as MessageTree
      return { code: `export default ${JSON.stringify(compileMessages(tree))}`, moduleType: 'js' }
    },
  }
}
