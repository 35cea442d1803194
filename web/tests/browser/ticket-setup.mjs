// Types and panels of tickets: staff set them up, a member meets them in the form for a new ticket.
import {
  accessible,
  check,
  enter,
  expect,
  memberLink,
  noSidewaysScrolling,
  panel,
  picture,
  visit,
  writerLink,
} from './harness.mjs'

const SETUP = `${panel}/admin/tickets/settings`
const sheet = (page) => page.getByRole('dialog')
const save = (page) => sheet(page).getByRole('button', { name: 'Save' }).click()
const row = (page, name) => page.getByRole('listitem').filter({ hasText: name })
const order = (page) => page.getByRole('list', { name: 'Types' }).locator('.name').allTextContents()

/** Chooses from an open field's menu. */
async function choose(page, field, option) {
  await page.getByRole('combobox', { name: field }).press('ArrowDown')
  await page.getByRole('option', { name: option }).first().click()
}

async function repair(page) {
  await page.getByRole('button', { name: 'Add type' }).click()
  const form = sheet(page)
  await form.getByRole('heading', { name: 'New type' }).waitFor()
  await save(page)
  await form.getByText('This is needed.').waitFor()
  await form.getByLabel('Emoji').fill('🔧')
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Repair')
  await form.getByLabel('Second line in the menu').fill('Something is broken')
  await form.getByRole('button', { name: 'Add question' }).click()
  await form.getByRole('textbox', { name: 'Question', exact: true }).fill('What is broken?')
  await form.getByRole('button', { name: 'Add question' }).click()
  await form.getByRole('textbox', { name: 'Question', exact: true }).nth(1).fill('Since when?')
  await form.getByRole('combobox', { name: 'Answered by' }).nth(1).press('ArrowDown')
  await page.getByRole('option', { name: 'A choice' }).click()
  await form.getByLabel('Choices, one a line').fill('Today\nLonger')
  await form.getByLabel('Name of the channel').fill('repair-{number}')
  await form.getByText('#repair-42').waitFor()
  await accessible(page)
  await picture(page, 'desktop-light-type-filled')
  await save(page)
  await row(page, 'Repair').waitFor()
}

export async function ticketSetup() {
  await visit('desktop', 'light', async (page, problems) => {
    await enter(page, writerLink)

    await check('the desk leads to the setup of tickets', async () => {
      await page.goto(`${panel}/admin/tickets`)
      await page.getByRole('link', { name: 'Types and panels' }).click()
      await page.getByRole('list', { name: 'Types' }).waitFor()
    })

    await check('a type is added with its questions, and each mistake stands at its field', async () => {
      await repair(page)
      await row(page, 'Repair').getByText('2 questions').waitFor()
    })

    await check('types are moved by keyboard, and the focus stays with the type', async () => {
      const before = await order(page)
      await page.getByRole('button', { name: 'Move Repair up' }).focus()
      for (let place = before.length - 1; place > 0; place -= 1) await page.keyboard.press('Enter')
      await page.getByText(`Repair is now at place 1 of ${before.length}.`).waitFor()
      await page.reload()
      await row(page, 'Repair').waitFor()
      expect((await order(page))[0] === 'Repair', `the order is ${await order(page)}`)
    })

    await check('leaving with unsaved changes asks first', async () => {
      await page.getByRole('button', { name: 'Edit Repair' }).click()
      await sheet(page).getByLabel('What the member reads first').fill('Welcome to the workshop.')
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'Leave without saving?' }).waitFor()
      await picture(page, 'desktop-light-unsaved')
      await accessible(page)
      await page.getByRole('button', { name: 'Keep editing' }).click()
      expect(
        (await sheet(page).getByLabel('What the member reads first').inputValue()) !== '',
        'the change is gone',
      )
      await save(page)
      await sheet(page).waitFor({ state: 'detached' })
    })

    await check('hours and more questions than one message holds are shown at once', async () => {
      await page.goto(`${SETUP}?type=Repair`)
      const form = sheet(page)
      await form.getByLabel('Only at certain times').check()
      await form.getByRole('button', { name: 'Saturday' }).click()
      await form.getByLabel('Longest answer, characters').first().fill('1890')
      await form.getByText('are more than the').waitFor()
      await picture(page, 'desktop-light-type-too-much')
      await accessible(page)
      await form.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Discard changes' }).click()
      await form.waitFor({ state: 'detached' })
    })

    await check('a panel is made with a preview and stands in Discord', async () => {
      await page.getByRole('tab', { name: 'Panels' }).click()
      await page.getByRole('button', { name: 'New panel' }).click()
      const form = sheet(page)
      await form.getByRole('combobox', { name: 'Channel' }).press('ArrowDown')
      await page.getByRole('option').first().click()
      await form.getByRole('textbox', { name: 'Title' }).fill('Need a hand?')
      await form.getByRole('textbox', { name: 'Text' }).fill('Choose what it is **about**.')
      const preview = form.getByRole('group', { name: 'Preview' })
      await preview.getByText('Repair').waitFor()
      await preview.locator('strong').waitFor()
      await picture(page, 'desktop-light-panel-buttons')
      await form.getByRole('button', { name: 'Menu' }).click()
      await picture(page, 'desktop-light-panel-menu')
      await accessible(page)
      await form.getByRole('button', { name: 'Post panel' }).click()
      const card = page.getByRole('article', { name: 'Need a hand?' })
      await card.getByRole('link', { name: 'Open in Discord' }).waitFor()
      await picture(page, 'desktop-light-panels-one')
      await accessible(page)
    })

    await check('a panel is edited and deleted', async () => {
      await page.getByRole('button', { name: 'Edit the panel Need a hand?' }).click()
      const form = sheet(page)
      await form.getByRole('button', { name: 'Chosen types' }).click()
      await choose(page, 'Types, in the order of choosing', 'Repair')
      await page.keyboard.press('Escape')
      await save(page)
      const card = page.getByRole('article', { name: 'Need a hand?' })
      await card.getByText('Repair').waitFor()
      await page.getByRole('button', { name: 'Delete the panel Need a hand?' }).click()
      await accessible(page)
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByText('No panels yet').waitFor()
    })

    await check('the setup of tickets leaves no warning behind', async () => {
      expect(problems.length === 0, problems.join('\n'))
    })
  })

  if (memberLink) {
    for (const [size, scheme] of [
      ['phone', 'light'],
      ['desktop', 'dark'],
    ]) {
      await check(
        `${size}, ${scheme}: a type’s own questions stand in the form for a new ticket`,
        async () => {
          await visit(size, scheme, async (member) => {
            await member.goto(memberLink)
            await member.getByRole('navigation', { name: 'Main navigation' }).waitFor()
            await member.goto(`${panel}/tickets/new`)
            await member.getByRole('combobox', { name: 'Type' }).press('ArrowDown')
            await member.getByRole('option', { name: 'Bug' }).waitFor()
            await picture(member, `${size}-${scheme}-new-ticket-types`)
            await member.getByRole('option', { name: 'Repair' }).click()
            await member.getByRole('button', { name: 'Create ticket' }).click()
            await member.getByText('Please answer this.').first().waitFor()
            await picture(member, `${size}-${scheme}-new-ticket-questions`)
            await accessible(member)
            await noSidewaysScrolling(member)
            await member.getByLabel('What is broken?').fill('The lamp')
            await member.reload()
            await member.getByLabel('What is broken?').waitFor()
            expect(
              (await member.getByLabel('What is broken?').inputValue()) === 'The lamp',
              'the draft is gone',
            )
          })
        },
      )
    }
  }

  await visit('phone', 'dark', async (page) => {
    await check('a type is removed after a sentence about open tickets', async () => {
      await enter(page, writerLink)
      await page.goto(SETUP)
      await row(page, 'Repair').waitFor()
      await picture(page, 'phone-dark-types-repair')
      await page.getByRole('button', { name: 'Remove Repair' }).click()
      await page.getByText('Nothing happens to open tickets').waitFor()
      await picture(page, 'phone-dark-type-remove')
      await accessible(page)
      await page.getByRole('button', { name: 'Remove type' }).click()
      await row(page, 'Repair').waitFor({ state: 'detached' })
    })
  })
}
