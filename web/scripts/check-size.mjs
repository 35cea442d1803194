// Fails the build when the first load grows too large for a cheap phone: script and style that a cold
// visit of each screen fetches before it shows, compressed.
import { readFile, rm } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

/** Kilobytes of gzip. */
const LIMIT_KB = 230
const DIST = new URL('../dist/', import.meta.url)

const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', DIST), 'utf8'))
const sizes = new Map()

async function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(await readFile(new URL(file, DIST))).length)
  return sizes.get(file)
}

/** The files of these chunks and of all that they import at once. */
function closure(keys, files = new Set()) {
  for (const key of keys) {
    const chunk = manifest[key]
    if (!chunk || files.has(chunk.file)) continue
    files.add(chunk.file)
    for (const style of chunk.css ?? []) files.add(style)
    closure(chunk.imports ?? [], files)
  }
  return files
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
const texts = Object.keys(manifest).filter((key) => key.includes('virtual:messages'))
if (!entry || texts.length === 0) throw new Error('the manifest names no entry or no texts')

async function total(files) {
  let sum = 0
  for (const file of files) sum += await size(file)
  return sum / 1000
}

let worst = 0
for (const screen of Object.keys(manifest).filter((key) => /Screen\.vue$/.test(key))) {
  // One language is loaded: the larger one counts.
  const loads = await Promise.all(texts.map((text) => total(closure([entry, screen, text]))))
  const load = Math.max(...loads)
  worst = Math.max(worst, load)
  console.log(`${load.toFixed(1).padStart(7)} kB  ${screen.split('/').at(-1)}`)
}
if (worst > LIMIT_KB) {
  console.error(`The first load is ${worst.toFixed(1)} kB; the limit is ${LIMIT_KB} kB.`)
  process.exit(1)
}

// The program carries all of dist/ in itself, and nobody asks it for the build's own notes.
await rm(new URL('.vite/', DIST), { recursive: true })
