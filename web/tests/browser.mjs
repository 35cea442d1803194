// The panel in a real browser against a running demo: sign-in, tickets, chat, cogs, on phone and desktop,
// with an accessibility check of every screen in light and dark.
//
// HAZEBOT_DEMO   the line that `hazebot demo --json` prints
// CHROMIUM_PATH  browser to start, /usr/bin/chromium without it
// SCREENSHOTS    folder for pictures of every screen, none without it
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

// The narrow one stands for four-fold zoom on a window of 1280 pixels.
const SIZES = {
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
const panel = demo.panel.replace(/[/#?]*$/, '')
const pictures = process.env.SCREENSHOTS
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A login by what it may do: `staff` is an administrator or moderator, `member` anybody else. */
function loginOf(kind) {
  const staff = ({ role }) => /admin|mod/i.test(role ?? '')
  return demo.logins.find((login) => (kind === 'staff' ? staff(login) : !staff(login)))
}
const staffLogin = loginOf('staff')
const demoLink = ({ name, password }) => `${panel}/#demo=${encodeURIComponent(`${name}:${password}`)}`

/** Writing needs a Discord account, which the demo's tokens have and its password logins have not. */
const tokenLink = (token) => `${panel}/#token=${encodeURIComponent(token)}`
const writerLink = demo.tokens?.admin ? tokenLink(demo.tokens.admin) : demoLink(staffLogin)

/** Every call of the API that the panel made, as `METHOD /path`. */
const called = new Set()
/** Calls that the panel makes in vain until the server has them; it does without their answers. */
const NOT_THERE_YET = ['GET /api/proxy/image', 'GET /api/config/tickets']

let passed = 0
let failed = 0
async function check(name, run) {
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
function expect(condition, message) {
  if (!condition) throw new Error(message)
}

async function picture(page, name) {
  if (!pictures) return
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

async function accessible(page) {
  const findings = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    )
  })
  expect(findings.length === 0, findings.join('\n'))
}

async function noSidewaysScrolling(page) {
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

/** A fresh browser profile whose console and requests are watched. */
async function visit(size, colorScheme, run) {
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
  const own = new URL(panel).host
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.host === own && url.pathname.startsWith('/api/'))
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

async function enter(page, link) {
  await page.goto('about:blank')
  await page.goto(link)
  await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
}

const ticketLinks = (page) => page.locator('section.list a[href*="/tickets/"]')
const composer = (page) => page.getByLabel('Write a message')

/** Opens the first ticket in which this login may write. */
async function openWritableTicket(page) {
  await page.goto(`${panel}/admin/tickets`)
  await page.getByRole('region', { name: 'Tickets', exact: true }).waitFor()
  for (const state of ['open', 'claimed']) {
    await page.goto(`${panel}/admin/tickets?state=${state}`)
    const link = ticketLinks(page).first()
    const empty = page.getByText('No ticket matches').or(page.getByText('No tickets yet'))
    await link.or(empty).first().waitFor()
    if ((await link.count()) > 0) {
      await link.click()
      await composer(page).waitFor()
      return
    }
  }
  throw new Error('the demo has no open ticket')
}

for (const size of Object.keys(SIZES)) {
  for (const scheme of ['light', 'dark']) {
    const title = (text) => `${size}, ${scheme}: ${text}`
    await visit(size, scheme, async (page, problems) => {
      await check(title('the sign-in screen is accessible'), async () => {
        await page.goto(`${panel}/login`)
        await page.getByRole('button', { name: 'Continue with Discord' }).waitFor()
        await picture(page, `${size}-${scheme}-sign-in`)
        await accessible(page)
        await noSidewaysScrolling(page)
      })

      await check(title('a link with a token signs in and leaves no token in the address'), async () => {
        await enter(page, writerLink)
        expect(!/token=|demo=/.test(page.url()), `the address is ${page.url()}`)
      })

      const screens = {
        overview: ['/admin', () => page.getByText(/Everything is running|Needs attention/)],
        tickets: ['/admin/tickets', () => ticketLinks(page).first()],
        cogs: ['/admin/cogs', () => page.getByRole('article').first()],
      }
      for (const [name, [path, ready]] of Object.entries(screens)) {
        await check(title(`the screen “${name}” loads and is accessible`), async () => {
          await page.goto(`${panel}${path}`)
          await ready().waitFor()
          await picture(page, `${size}-${scheme}-${name}`)
          await accessible(page)
          await noSidewaysScrolling(page)
        })
      }

      await check(title('a message written in a ticket appears there once'), async () => {
        await openWritableTicket(page)
        const text = `Hello from the ${size} in ${scheme}, ${Date.now()}`
        await composer(page).fill(text)
        await composer(page).press('Enter')
        const log = page.getByRole('log')
        await log.getByText(text).waitFor()
        await log.getByText('Sending…').waitFor({ state: 'detached' })
        expect((await log.getByText(text).count()) === 1, 'the message shows more than once')
        expect((await composer(page).inputValue()) === '', 'the composer still holds the text')
        await page.reload()
        await log.getByText(text).waitFor()
        await picture(page, `${size}-${scheme}-chat`)
        await accessible(page)
        await noSidewaysScrolling(page)
      })

      await check(title('nothing failed in the console and no request left the panel’s origin'), async () => {
        expect(problems.length === 0, problems.join('\n'))
      })
    })
  }
}

// Signing in with a password is limited to a few tries a minute, so it is done here alone.
await visit('desktop', 'light', async (page) => {
  await check('a demo link signs in and leaves no password in the address', async () => {
    expect(staffLogin, 'the demo names no staff login')
    await enter(page, demoLink(staffLogin))
    expect(!page.url().includes(staffLogin.password), `the address is ${page.url()}`)
    await page.getByRole('button', { name: 'Account and appearance' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
  })

  await check('a wrong password is refused with a sentence', async () => {
    await page.goto(`${panel}/login`)
    await page.getByLabel('User name').fill(staffLogin.name)
    await page.getByLabel('Password', { exact: true }).fill('certainly-wrong')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('User name or password is wrong.').waitFor()
  })

  await check('name and password sign in and lead to the page that was asked for', async () => {
    await page.goto(`${panel}/admin/cogs?q=ticket`)
    await page.getByLabel('User name').fill(staffLogin.name)
    await page.getByLabel('Password', { exact: true }).fill(staffLogin.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('article', { name: 'TicketSystem' }).waitFor()
  })

  await check('the keyboard alone opens a ticket', async () => {
    await page.goto(`${panel}/admin/tickets`)
    await ticketLinks(page).first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Conversation' }).waitFor()
  })

  await check('a cog’s log opens beside the list and Escape closes it', async () => {
    await page.goto(`${panel}/admin/cogs?q=TicketSystem`)
    await page.getByRole('button', { name: 'Log of TicketSystem' }).click()
    await page.getByRole('heading', { name: 'Log of TicketSystem' }).waitFor()
    await accessible(page)
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Log of TicketSystem' }).waitFor({ state: 'detached' })
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(focused === 'Log of TicketSystem', `the focus went to ${focused}`)
  })

  await check('German and the dark theme can be chosen and are kept', async () => {
    await page.goto(`${panel}/admin`)
    await page.getByRole('button', { name: 'Account and appearance' }).click()
    await page.getByText('Dark', { exact: true }).click()
    await page.getByText('Deutsch', { exact: true }).click()
    await page.getByRole('heading', { name: 'Übersicht' }).waitFor()
    await accessible(page)
    await page.reload()
    await page.getByRole('heading', { name: 'Übersicht' }).waitFor()
    await page.locator('.v-theme--dark').first().waitFor()
    await accessible(page)
  })

  await check('signing out leads to the sign-in screen and closes the way back', async () => {
    await page.getByRole('button', { name: 'Konto und Darstellung' }).click()
    await page.getByRole('button', { name: 'Abmelden' }).click()
    await page.getByText('Du bist abgemeldet.').waitFor()
    await page.goto(`${panel}/admin/tickets`)
    await page.getByRole('button', { name: 'Weiter mit Discord' }).waitFor()
  })
})

await check('a message written by one person appears at another without a reload', async () => {
  await visit('desktop', 'light', async (writer) => {
    await enter(writer, writerLink)
    await openWritableTicket(writer)
    await visit('phone', 'light', async (reader) => {
      await enter(reader, writerLink)
      await reader.goto(writer.url())
      await composer(reader).waitFor()
      await reader.locator('[data-state="live"]').waitFor({ state: 'attached' })
      const text = `Live, ${Date.now()}`
      await composer(writer).fill(text)
      await composer(writer).press('Enter')
      await reader.getByRole('log').getByText(text).waitFor()
      expect(
        (await reader.getByRole('log').getByText(text).count()) === 1,
        'the message shows more than once',
      )
    })
  })
})

const memberLogin = loginOf('member')
const memberToken = demo.tokens?.user
const memberLink = memberToken ? tokenLink(memberToken) : memberLogin ? demoLink(memberLogin) : null

if (memberLink) {
  await visit('phone', 'light', async (member) => {
    await check('a member sees the own tickets only, in an accessible screen', async () => {
      await member.goto(memberLink)
      await member.getByRole('region', { name: 'My tickets' }).waitFor()
      expect((await member.getByRole('link', { name: 'Cogs' }).count()) === 0, 'the cogs are offered')
      await picture(member, 'phone-light-my-tickets')
      await accessible(member)
      await member.goto(`${panel}/admin/cogs`)
      await member.getByRole('region', { name: 'My tickets' }).waitFor()
    })

    await check('the form for a new ticket tells what is missing', async () => {
      await member.goto(`${panel}/tickets/new`)
      await member.getByRole('button', { name: 'Create ticket' }).click()
      await member.getByText('Choose a category.').waitFor()
      await picture(member, 'phone-light-new-ticket')
      await accessible(member)
    })

    await visit('desktop', 'dark', async (staff) => {
      const subject = `Browser test ${Date.now()}`

      await check('a ticket that a member opens appears to staff without a reload', async () => {
        await enter(staff, writerLink)
        await staff.goto(`${panel}/admin/tickets`)
        await ticketLinks(staff).first().waitFor()
        await staff.locator('[data-state="live"]').waitFor({ state: 'attached' })

        await member.getByRole('combobox', { name: 'Category' }).press('ArrowDown')
        await member.getByRole('option', { name: 'Bug' }).click()
        await member.getByLabel('Subject').fill(subject)
        await member.getByLabel('Description').fill('Opened by the browser test, to be closed again.')
        await member.getByRole('button', { name: 'Create ticket' }).click()
        await composer(member).waitFor()
        await member.getByRole('log').getByText(subject).waitFor()
        await ticketLinks(staff).filter({ hasText: subject }).waitFor()
      })

      await check('staff claim it and answer, and the member reads it live', async () => {
        await ticketLinks(staff).filter({ hasText: subject }).click()
        const conversation = staff.getByRole('region', { name: 'Conversation' })
        await conversation.getByRole('button', { name: 'Claim' }).click()
        await conversation.getByText(/^Claimed by /).waitFor()
        await composer(staff).fill('We are **looking** into it.')
        await composer(staff).press('Enter')
        await member.getByRole('log').getByText('looking').waitFor()
        await member
          .getByRole('region', { name: 'Conversation' })
          .getByText(/^Claimed by /)
          .waitFor()
        await picture(member, 'phone-light-answered')
        await accessible(member)
      })

      await check('staff close it with a message, which ends the conversation for the member', async () => {
        const conversation = staff.getByRole('region', { name: 'Conversation' })
        await conversation.getByRole('button', { name: 'Close' }).click()
        await staff.getByLabel('Closing message (optional)').fill('Thank you for testing.')
        await accessible(staff)
        await staff.getByRole('button', { name: 'Close ticket' }).click()
        await member.getByText('This ticket is closed. Reopen it to write again.').waitFor()
        await member.getByRole('log').getByText('Thank you for testing.').waitFor()
        await picture(staff, 'desktop-dark-closed')
        await accessible(staff)
      })

      await check('the member reopens it and can write again', async () => {
        await member.getByRole('button', { name: 'Reopen' }).click()
        await composer(member).waitFor()
        await composer(staff).waitFor()
      })
    })
  })
}

await check('every call of the panel stands in the description of the API', async () => {
  const { paths } = await (await fetch(`${panel}/api/openapi.json`)).json()
  const known = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => {
      const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
      return new RegExp(`^${method.toUpperCase()} ${pattern}$`)
    }),
  )
  const unknown = [...called].filter(
    (call) => !NOT_THERE_YET.includes(call) && !known.some((pattern) => pattern.test(call)),
  )
  expect(called.size > 10, `only ${called.size} different calls were seen`)
  expect(unknown.length === 0, `not described: ${unknown.join(', ')}`)
})

await browser.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
