// The cog manager.
import { accessible, check, enter, expect, panel, visit, writerLink } from './harness.mjs'

export async function cogs() {
  await visit('desktop', 'light', async (page) => {
    await enter(page, writerLink)
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

    await check('a cog is reloaded with one press', async () => {
      await page.goto(`${panel}/admin/cogs?q=Utility`)
      const cog = page.getByRole('article', { name: 'Utility', exact: true })
      await cog.getByRole('button', { name: 'Reload' }).click()
      await page.getByText('Utility is reloaded.').waitFor()
      await cog.getByText('Loaded', { exact: true }).waitFor()
    })

    await check('a cog is unloaded after a question, and loaded again', async () => {
      const cog = page.getByRole('article', { name: 'Utility', exact: true })
      await cog.getByRole('button', { name: 'Unload' }).click()
      const question = page.getByRole('dialog').filter({ hasText: 'Unload Utility?' })
      await accessible(page)
      await question.getByRole('button', { name: 'Unload' }).click()
      await cog.getByRole('button', { name: 'Load', exact: true }).click()
      await page.getByText('Utility is loaded.').waitFor()
      await cog.getByText('Loaded', { exact: true }).waitFor()
    })

    await check('what the server refuses stands at the cog in its own words', async () => {
      await page.goto(`${panel}/admin/cogs?q=APIServer`)
      const cog = page.getByRole('article', { name: 'APIServer' })
      await cog.waitFor()
      // A server that knows better does not offer it at all.
      if ((await cog.getByRole('button', { name: 'Unload' }).count()) === 0) return
      await cog.getByRole('button', { name: 'Unload' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Unload' }).click()
      await cog.getByRole('alert').waitFor()
      await cog.getByText('Loaded', { exact: true }).waitFor()
    })
  })
}
