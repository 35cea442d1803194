// Signing in and out, language and theme.
import {
  accessible,
  adminToken,
  check,
  demoLink,
  enter,
  expect,
  panel,
  staffLogin,
  visit,
} from './harness.mjs'

// Signing in with a password is limited to a few tries a minute, so it is done here alone.
export async function account() {
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

    if (adminToken)
      await check('signing in with Discord leads back to the page that was asked for', async () => {
        await visit('desktop', 'light', async (guest) => {
          await guest.goto(`${panel}/admin/tickets?state=closed`)
          await guest.getByRole('button', { name: 'Continue with Discord' }).click()
          // The stand-in for Discord asks who one is; the token of the demo's administrator names the account.
          const claims = JSON.parse(Buffer.from(adminToken.split('.')[1] ?? '', 'base64url').toString())
          await guest.locator(`input[value="${claims.discord_id}"]`).check()
          await guest.getByRole('button', { name: /authori[sz]e|approve|allow/i }).click()
          await guest.getByRole('region', { name: 'Tickets', exact: true }).waitFor()
          expect(guest.url().endsWith('/admin/tickets?state=closed'), `the address is ${guest.url()}`)
        })
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
}
