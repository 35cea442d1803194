// The whole story of a ticket on the sandbox page: opened by a member, claimed, answered and closed by a moderator.
import { accessible, check, expect, noSidewaysScrolling, picture, sandbox } from './harness.mjs'
import { be, begin, box, inSandbox, log, message, say } from './sandbox.mjs'

const STAFF = 'Lotte'
/** One member each: nobody may open two tickets in an hour. */
const VISITS = [
  { size: 'desktop', scheme: 'dark', member: 'Greta', typed: true },
  { size: 'phone', scheme: 'light', member: 'Ilka', typed: false },
]

export async function sandboxTickets() {
  if (!sandbox) return
  for (const { size, scheme, member, typed } of VISITS) {
    const name = `${size}-${scheme}-sandbox`
    await inSandbox(size, scheme, async (page, problems) => {
      const subject = `The bot is silent on a ${size}`

      await check(`sandbox, ${size}: a member opens a ticket with /ticket and its form`, async () => {
        await be(page, member)
        await begin(page, 'ticket')
        const type = page.getByRole('combobox', { name: 'type' })
        if (typed) {
          await type.pressSequentially('supp')
          await page.getByRole('option', { name: 'Support' }).waitFor()
          await page.keyboard.press('ArrowDown')
          await page.keyboard.press('Enter')
          expect((await type.inputValue()) === 'Support', 'the choice was not taken')
          await page.keyboard.press('Enter')
        } else {
          await page.getByRole('button', { name: 'Run' }).click()
          await message(page, 'Ticket System')
            .getByRole('button', { name: /ticket type/ })
            .click()
          await picture(page, `${name}-select`)
          await accessible(page)
          await page.getByRole('option', { name: 'Support' }).click()
        }
        const form = page.getByRole('dialog', { name: 'Create Ticket' })
        await form.getByRole('button', { name: 'Submit' }).click()
        await form.getByText('This is required.').first().waitFor()
        await form.getByLabel('Subject').fill(subject)
        await form.getByLabel('Description').fill('Since yesterday it does not answer in **#memes**.')
        await picture(page, `${name}-form`)
        await accessible(page)
        await form.getByRole('button', { name: 'Submit' }).click()
        await form.waitFor({ state: 'hidden' })
        const opened = message(page, 'has been opened')
        await opened.getByText('Only you can see this').waitFor()
        await opened.getByRole('button', { name: /^#ticket-/ }).click()
        await log(page).getByText(subject).waitFor()
        await page.getByRole('heading', { level: 1, name: /^ticket-/ }).waitFor()
        await picture(page, `${name}-ticket`)
        await accessible(page)
        await noSidewaysScrolling(page)
      })

      await check(
        `sandbox, ${size}: a moderator claims it, and the member and the moderator talk`,
        async () => {
          await be(page, STAFF)
          await log(page).getByText(subject).waitFor()
          await page.getByRole('button', { name: 'Claim', exact: true }).click()
          await message(page, `You have claimed ticket`).waitFor()
          await log(page).getByText('Status: Claimed').waitFor()
          await be(page, member)
          await say(page, 'It says nothing at all.')
          expect(
            (await log(page).getByText('You have claimed').count()) === 0,
            'an ephemeral answer is shown to others',
          )
          await be(page, STAFF)
          await say(page, 'We are **looking** into it.', 'We are looking')
          expect(
            (await message(page, 'We are looking').locator('strong', { hasText: 'looking' }).count()) === 1,
            'no bold text',
          )
          await picture(page, `${name}-answered`)
          await accessible(page)
        },
      )

      await check(
        `sandbox, ${size}: the moderator closes it, and the member cannot write there any more`,
        async () => {
          await page.getByRole('button', { name: 'Close', exact: true }).first().click()
          const form = page.getByRole('dialog', { name: /^Close ticket/ })
          await form.getByLabel('Closing message').fill('Thank you for testing.')
          await form.getByRole('button', { name: 'Submit' }).click()
          await log(page).getByText(`Ticket closed by ${STAFF}`).waitFor()
          await log(page).getByText('Status: Closed').waitFor()
          await be(page, member)
          await page.locator('#composer-text:disabled').waitFor()
          expect(
            (await box(page).getAttribute('placeholder')) === 'You cannot write here',
            'the box does not say so',
          )
          await picture(page, `${name}-closed`)
          await accessible(page)
          expect(problems.length === 0, problems.join('\n'))
        },
      )
    })
  }
}
