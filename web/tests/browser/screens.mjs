// Every screen in every size, light and dark: loads, is accessible, fits; a message can be written.
import {
  SIZES,
  accessible,
  check,
  composer,
  enter,
  expect,
  noSidewaysScrolling,
  panel,
  picture,
  ticketLinks,
  visit,
  writerLink,
} from './harness.mjs'
import { openWritableTicket } from './tickets.mjs'

/** Every screen in every size, light and dark. */
export async function screens() {
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

        const places = {
          overview: ['/admin', () => page.getByText(/Everything is running|Needs attention/)],
          tickets: ['/admin/tickets', () => ticketLinks(page).first()],
          'canned replies': ['/admin/tickets/replies', () => page.getByText(/No canned replies yet/)],
          'ticket statistics': ['/admin/tickets/stats', () => page.getByRole('table').first()],
          'ticket-types': [
            '/admin/tickets/settings',
            () => page.getByRole('listitem').filter({ hasText: 'Bug' }),
          ],
          'ticket-panels': [
            '/admin/tickets/settings?tab=panels',
            () => page.getByText('No panels yet').or(page.getByRole('article')).first(),
          ],
          'ticket-type': [
            '/admin/tickets/settings?type=Bug',
            () => page.getByRole('heading', { name: 'Type Bug' }),
          ],
          'new-panel': [
            '/admin/tickets/settings?tab=panels&add=panel',
            () => page.getByRole('heading', { name: 'New panel' }),
          ],
          cogs: ['/admin/cogs', () => page.getByRole('article').first()],
        }
        for (const [name, [path, ready]] of Object.entries(places)) {
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

        await check(
          title('nothing failed in the console and no request left the panel’s origin'),
          async () => {
            expect(problems.length === 0, problems.join('\n'))
          },
        )
      })
    }
  }
}
