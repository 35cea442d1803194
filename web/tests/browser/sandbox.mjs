// What the checks of the sandbox page share: opening it, being somebody, writing, running commands.
import { expect, sandbox, visit } from './harness.mjs'

/** Runs in the page: sums up how far things jump without anybody having pressed a key. */
function watchJumps() {
  window.jumped = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.jumped += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
}

/** Opens the page in a fresh profile; anything that the console calls an error is kept among the problems. */
export async function inSandbox(size, scheme, run, home = sandbox) {
  await visit(
    size,
    scheme,
    async (page, problems) => {
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`console: ${message.text()} ${message.location().url}`)
      })
      await page.addInitScript(watchJumps)
      await page.goto(`${home}/`)
      await page.locator('.message').first().waitFor()
      await run(page, problems)
    },
    home,
  )
}

export const box = (page) => page.getByRole('textbox', { name: 'Message', exact: true })
export const log = (page) => page.getByRole('log', { name: 'Messages' })
export const channel = (page, name) => page.locator('#channels').getByRole('button', { name })
/** The newest message that holds the text. */
export const message = (page, text) => page.locator('.message').filter({ hasText: text }).last()

/** On a phone the channels slide in first. */
export async function openSide(page) {
  const button = page.getByRole('button', { name: 'Channels', exact: true })
  if ((await button.isVisible()) && (await button.getAttribute('aria-expanded')) !== 'true')
    await button.click()
}

export async function be(page, name) {
  await openSide(page)
  await page.getByRole('button', { name: /^You are / }).click()
  await page.getByRole('combobox', { name: 'Search for somebody' }).fill(name)
  await page.keyboard.press('Enter')
  await page.locator('#people').waitFor({ state: 'hidden' })
  await page.locator('.me strong').filter({ hasText: name }).waitFor({ state: 'attached' })
  await page.locator('.message, .welcome').first().waitFor()
}

/** Writes a message; `shown` is what is read of it. */
export async function say(page, text, shown = text) {
  await box(page).fill(text)
  await box(page).press('Enter')
  await message(page, shown).waitFor()
}

/** Types a command's name and takes it from the list; its options can be filled in then. */
export async function begin(page, name) {
  await box(page).fill(`/${name}`)
  await page
    .getByRole('option', { name: new RegExp(`^/${name}\\b`) })
    .first()
    .waitFor()
  await box(page).press('Enter')
}

/** That the focus stands where one sees it. */
export async function focusShows(page) {
  const outline = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
    return outlineStyle === 'none' ? '' : outlineWidth
  })
  expect(outline !== '' && outline !== '0px', 'the focus cannot be seen')
}
