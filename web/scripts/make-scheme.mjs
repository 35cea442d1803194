// Writes src/theme/baseline.ts: the Material 3 colour roles of the brand seed, for light and dark.
// Run `npm run scheme` after changing the seed or adding a role; the panel itself ships only the result.
import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { createServer } from 'vite'

const SEED = '#AD1457'
const OUTPUT = new URL('../src/theme/baseline.ts', import.meta.url)

const ROLES = [
  'primary',
  'onPrimary',
  'primaryContainer',
  'onPrimaryContainer',
  'secondary',
  'onSecondary',
  'secondaryContainer',
  'onSecondaryContainer',
  'tertiary',
  'onTertiary',
  'tertiaryContainer',
  'onTertiaryContainer',
  'error',
  'onError',
  'errorContainer',
  'onErrorContainer',
  'background',
  'onBackground',
  'surface',
  'onSurface',
  'surfaceVariant',
  'onSurfaceVariant',
  'surfaceDim',
  'surfaceBright',
  'surfaceContainerLowest',
  'surfaceContainerLow',
  'surfaceContainer',
  'surfaceContainerHigh',
  'surfaceContainerHighest',
  'inverseSurface',
  'inverseOnSurface',
  'inversePrimary',
  'outline',
  'outlineVariant',
  'shadow',
  'scrim',
]

// State colours that Material 3 leaves to the product: hue and chroma; each gets the four tones of a role.
const EXTRA = { success: [150, 28], warning: [72, 40], info: [255, 36] }

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

// The colour package uses imports without file endings, which Node refuses and Vite resolves.
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false },
  ssr: { noExternal: ['@material/material-color-utilities'] },
  optimizeDeps: { noDiscovery: true },
})

try {
  const m = await server.ssrLoadModule('@material/material-color-utilities')
  const source = m.Hct.fromInt(m.argbFromHex(SEED))
  const colours = new m.MaterialDynamicColors()

  const scheme = (dark) => {
    const dynamic = new m.SchemeTonalSpot(source, dark, 0)
    const roles = Object.fromEntries(
      ROLES.map((role) => {
        const entry = colours[role]
        const colour = typeof entry === 'function' ? entry.call(colours) : entry
        return [kebab(role), m.hexFromArgb(colour.getArgb(dynamic)).toUpperCase()]
      }),
    )
    for (const [name, [hue, chroma]] of Object.entries(EXTRA)) {
      const palette = m.TonalPalette.fromHueAndChroma(hue, chroma)
      const tone = (value) => m.hexFromArgb(palette.tone(value)).toUpperCase()
      roles[name] = tone(dark ? 80 : 40)
      roles[`on-${name}`] = tone(dark ? 20 : 100)
      roles[`${name}-container`] = tone(dark ? 30 : 90)
      roles[`on-${name}-container`] = tone(dark ? 90 : 10)
    }
    return roles
  }

  const text = `// Material 3 colour roles of the brand seed ${SEED} (tonal spot), written by \`npm run scheme\`.

export const lightRoles: Record<string, string> = ${JSON.stringify(scheme(false))}

export const darkRoles: Record<string, string> = ${JSON.stringify(scheme(true))}
`
  const options = await resolveConfig(OUTPUT)
  await writeFile(OUTPUT, await format(text, { ...options, parser: 'typescript' }))
} finally {
  await server.close()
}
