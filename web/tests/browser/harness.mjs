// What all browser checks share: the demo's addresses, fresh browser profiles, counting, accessibility.
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

// The narrow one stands for four-fold zoom on a window of 1280 pixels.
export const SIZES = {
  narrow: { width: 320, height: 640 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
}
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Longest wait for anything; all waits are for a condition, none for a time. */
const PATIENCE_MS = 15_000

const demo = JSON.parse(process.env.HAZEBOT_DEMO ?? '{}')
if (!demo.panel || !Array.isArray(demo.logins)) {
  console.error('HAZEBOT_DEMO is missing: give it the line that `hazebot demo --json` prints.')
  process.exit(2)
}
export const panel = demo.panel.replace(/[/#?]*$/, '')
/** The simulator's own page; null if the demo tells none. */
export const sandbox = demo.sandbox?.replace(/[/#?]*$/, '') ?? null
const pictures = process.env.SCREENSHOTS
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A login by what it may do: `staff` is an administrator or moderator, `member` anybody else. */
function loginOf(kind) {
  const staff = ({ role }) => /admin|mod/i.test(role ?? '')
  return demo.logins.find((login) => (kind === 'staff' ? staff(login) : !staff(login)))
}
export const staffLogin = loginOf('staff')
export const demoLink = ({ name, password }) => `${panel}/#demo=${encodeURIComponent(`${name}:${password}`)}`

/** Writing needs a Discord account, which the demo's tokens have and its password logins have not. */
export const tokenLink = (token) => `${panel}/#token=${encodeURIComponent(token)}`
export const adminToken = demo.tokens?.admin ?? null
export const writerLink = adminToken ? tokenLink(adminToken) : demoLink(staffLogin)

/** Every call of the API that the panel made, as `METHOD /path`. */
export const called = new Set()
const memberLogin = loginOf('member')
/** How a member without a staff role comes in; null if the demo has none. */
export const memberLink = demo.tokens?.user
  ? tokenLink(demo.tokens.user)
  : memberLogin
    ? demoLink(memberLogin)
    : null

let passed = 0
let failed = 0
export async function check(name, run) {
  try {
    await run()
    passed += 1
    console.log(`ok   ${name}`)
  } catch (error) {
    failed += 1
    console.log(
      `FAIL ${name}\n     ${String(error?.message ?? error)
        .split('\n')
        .join('\n     ')}`,
    )
  }
}
export function expect(condition, message) {
  if (!condition) throw new Error(message)
}

export async function picture(page, name) {
  if (!pictures) return
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

export async function accessible(page) {
  const findings = await page.evaluate(async () => {
    // Half-way through a transition a text may be paler than it will be; one may begin a frame after what caused it.
    const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const moving = () =>
      document
        .getAnimations()
        .filter(
          ({ playState, effect }) =>
            playState === 'running' && effect?.getComputedTiming().iterations !== Infinity,
        )
    for (let looks = 0; looks < 60; looks += 1) {
      await frames()
      await frames()
      if (moving().length === 0) break
    }
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
  })
  expect(findings.length === 0, findings.join('\n'))
}

export async function noSidewaysScrolling(page) {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }))
  expect(content <= window, `the page is ${content} px wide in a window of ${window} px`)
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ARGS,
})

/** A fresh browser profile whose console and requests are watched; `home` is the only server it may talk to. */
export async function visit(size, colorScheme, run, home = panel) {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    hasTouch: size === 'phone',
  })
  context.setDefaultTimeout(PATIENCE_MS)
  // Runs in the page's own world without the page's content policy having to allow it.
  await context.addInitScript(axe)
  const page = await context.newPage()
  const problems = []
  page.on('pageerror', (error) => problems.push(`script error: ${error.message}`))
  page.on('console', (message) => {
    if (/Content Security Policy|\[Vue warn\]/i.test(message.text())) problems.push(message.text())
  })
  const own = new URL(home).host
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (home === panel && url.host === own && url.pathname.startsWith('/api/'))
      called.add(`${request.method()} ${url.pathname}`)
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== own)
      problems.push(`left the origin: ${url.href}`)
  })
  try {
    await run(page, problems)
  } finally {
    await context.close()
  }
}

export async function enter(page, link) {
  await page.goto('about:blank')
  await page.goto(link)
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
}

export const ticketLinks = (page) => page.locator('section.list li a[href*="/tickets/"]')
export const composer = (page) => page.getByLabel('Write a message')

/** Ends the browser, prints the counts last and ends the process. */
export async function finish() {
  await browser.close()
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}
