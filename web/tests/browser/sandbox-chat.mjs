// The sandbox page as a chat client: autocomplete, reactions, answers, edits, files, direct messages, unread marks,
// joining and leaving, the traffic drawer, keyboard; in every size and both themes.
import { accessible, check, expect, noSidewaysScrolling, picture, sandbox } from './harness.mjs'
import { be, begin, box, channel, focusShows, inSandbox, log, message, openSide, say } from './sandbox.mjs'

/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export async function sandboxChat() {
  if (!sandbox) return
  for (const size of ['phone', 'desktop']) {
    for (const scheme of ['dark', 'light']) await look(size, scheme)
  }
  await talk()
  await commands()
  await people()
}

async function look(size, scheme) {
  await inSandbox(size, scheme, async (page, problems) => {
    await check(`sandbox, ${size}, ${scheme}: the chat is accessible and fits`, async () => {
      const jumped = await page.evaluate(() => window.jumped)
      // The eye forgives a tenth.
      expect(jumped < 0.1, `the page jumps by ${jumped.toFixed(3)} while it loads`)
      await picture(page, `${size}-${scheme}-sandbox-chat`)
      await accessible(page)
      await noSidewaysScrolling(page)
      await openSide(page)
      await page.getByRole('button', { name: /^You are / }).click()
      await page.getByRole('option', { name: /Lotte/ }).waitFor()
      await picture(page, `${size}-${scheme}-sandbox-people`)
      await accessible(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Settings' }).click()
      const other = scheme === 'dark' ? 'Light' : 'Dark'
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      const before = await background()
      await page.getByRole('radio', { name: other }).check()
      expect((await background()) !== before, 'the theme did not change')
      await accessible(page)
      await page.reload()
      await page.locator('.message').first().waitFor()
      expect((await background()) !== before, 'the theme was forgotten')
      expect(problems.length === 0, problems.join('\n'))
    })
  })
}

async function talk() {
  await inSandbox('desktop', 'light', async (page, problems) => {
    await check('sandbox: one writes, reacts, answers, edits, deletes', async () => {
      await be(page, 'Kjell')
      await say(page, 'Hello there')
      await box(page).fill('**bold** _slanted_ `code` ~~gone~~ ||secret|| <t:0:R> @Lot')
      await page.getByRole('option', { name: /^Lotte/ }).click()
      await box(page).press('Enter')
      const marked = message(page, 'slanted')
      await marked.locator('strong', { hasText: 'bold' }).waitFor()
      await marked.getByRole('button', { name: '@Lotte' }).waitFor()
      const spoiler = marked.getByRole('button', { name: /^Spoiler/ })
      await spoiler.press('Enter')
      expect((await spoiler.count()) === 0, 'the spoiler stays hidden')

      await marked.hover()
      await marked.getByRole('button', { name: 'React with 👍' }).click()
      const reaction = marked.getByRole('button', { name: '👍, 1 reaction' })
      await reaction.waitFor()
      expect((await reaction.getAttribute('aria-pressed')) === 'true', 'the own reaction is not marked')
      await reaction.click()
      await reaction.waitFor({ state: 'detached' })

      // Keys, not the mouse: only then the focus is drawn.
      await page.keyboard.press('Escape')
      await marked.focus()
      await focusShows(page)
      await page.keyboard.press('r')
      await page.getByText('Replying to').waitFor()
      await say(page, 'An answer')
      await message(page, 'An answer').locator('.context', { hasText: 'Kjell' }).waitFor()

      await box(page).press('ArrowUp')
      await page.getByText('Editing your message').waitFor()
      await box(page).fill('A better answer')
      await box(page).press('Enter')
      await message(page, 'A better answer').getByText('(edited)').waitFor()
      await message(page, 'A better answer').focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await message(page, 'A better answer').waitFor({ state: 'detached' })
    })

    await check('sandbox: files are sent, and a picture is shown', async () => {
      await page.locator('#file').setInputFiles([
        { name: 'dot.png', mimeType: 'image/png', buffer: PIXEL },
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') },
      ])
      await page.getByRole('list', { name: 'Files to send' }).getByText('notes.txt').waitFor()
      await box(page).fill('Two files')
      await box(page).press('Enter')
      const sent = message(page, 'Two files')
      await sent.getByRole('link', { name: /notes\.txt/ }).waitFor()
      await page.waitForFunction(
        (image) => image.complete && image.naturalWidth === 1,
        await sent.getByRole('img', { name: 'dot.png' }).elementHandle(),
      )
      await accessible(page)
    })

    await check(
      'sandbox: another person is seen typing and writing, and what was missed is marked',
      async () => {
        await inSandbox('phone', 'dark', async (other) => {
          await be(other, 'Lotte')
          await box(other).pressSequentially('I am')
          await page.getByText('Lotte is typing').waitFor()
          await say(other, 'I am here, @everyone')
          await message(page, 'I am here').waitFor()
          await page
            .getByRole('status')
            .filter({ hasText: 'Lotte: I am here' })
            .waitFor({ state: 'attached' })
          await openSide(other)
          await channel(other, /^memes/).click()
          await say(other, 'A meme without a picture')
          await channel(page, /^memes.*unread/).waitFor()
          await channel(page, /^memes.*unread/).click()
          await page.locator('.divider.new').waitFor()
          expect((await channel(page, /^memes.*unread/).count()) === 0, 'the mark stays')
        })
      },
    )
    await check('sandbox: nothing is wrong in the console', () =>
      expect(problems.length === 0, problems.join('\n')),
    )
  })
}

async function commands() {
  await inSandbox('desktop', 'dark', async (page, problems) => {
    await check('sandbox: a command completes its options with the bot, by keyboard alone', async () => {
      await be(page, 'Merle')
      await begin(page, 'help')
      const option = page.getByRole('combobox', { name: 'command' })
      await option.pressSequentially('tick')
      await page
        .getByRole('option', { name: /ticket/ })
        .first()
        .waitFor()
      await picture(page, 'desktop-dark-sandbox-autocomplete')
      await accessible(page)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      expect((await option.inputValue()) !== 'tick', 'the choice was not taken')
      await page.keyboard.press('Enter')
      const answer = page.locator('.message').filter({ hasText: 'used /help' }).last()
      await answer.waitFor()
      await answer.locator('.embed, .container').first().waitFor()
      await accessible(page)
    })

    await check('sandbox: a command written with ! is answered', async () => {
      const before = await page.locator('.message').count()
      await say(page, '!status')
      await page.waitForFunction((n) => document.querySelectorAll('.message').length > n + 1, before)
    })

    await check('sandbox: the drawer shows what went over the wire, with its content', async () => {
      await page.getByRole('button', { name: 'Traffic', exact: true }).click()
      const drawer = page.getByRole('region', { name: 'Traffic' })
      await drawer.getByRole('searchbox', { name: 'Filter the traffic' }).fill('interaction_create')
      const line = drawer.getByRole('button', { name: /INTERACTION_CREATE/ }).first()
      await line.click()
      await drawer.locator('pre').getByText('"help"').first().waitFor()
      await drawer.getByRole('button', { name: 'Pause' }).click()
      const count = await drawer.locator('.wire').count()
      await say(page, 'Nobody counts this')
      expect((await drawer.locator('.wire').count()) === count, 'the list goes on')
      await picture(page, 'desktop-dark-sandbox-traffic')
      await accessible(page)
      expect(problems.length === 0, problems.join('\n'))
    })
  })
}

async function people() {
  await inSandbox('phone', 'light', async (page, problems) => {
    await check('sandbox: somebody new joins, writes to a person directly, and leaves', async () => {
      const name = `Visitor${Date.now() % 100000}`
      await openSide(page)
      await page.getByRole('button', { name: /^You are / }).click()
      await page.getByRole('combobox', { name: 'Search for somebody' }).fill(name)
      await page.getByRole('button', { name: `Add “${name}” as somebody new` }).click()
      await openSide(page)
      await page.getByRole('button', { name: /^Join / }).click()
      await page.locator('#channels .channel.here').waitFor({ state: 'attached' })
      await page.getByRole('button', { name: 'Members', exact: true }).click()
      await page
        .getByRole('complementary', { name: 'Members' })
        .getByRole('button', { name: 'Lotte' })
        .click()
      await page.getByRole('dialog', { name: 'Lotte' }).getByText('Moderator', { exact: true }).waitFor()
      await picture(page, 'phone-light-sandbox-profile')
      await accessible(page)
      await page.getByRole('button', { name: 'Message', exact: true }).click()
      await page.getByRole('button', { name: 'Close the members' }).click()
      await log(page).getByText('The beginning of your direct messages.').waitFor()
      await say(page, 'Hello from a visitor')
      await openSide(page)
      await page.locator('#server').getByRole('button').click()
      await page.getByRole('menuitem', { name: 'Leave the server' }).click()
      const told = page.getByRole('status').filter({ hasText: 'You left the server.' })
      await told.waitFor({ state: 'attached' })
      await openSide(page)
      await page.getByRole('button', { name: /^Join / }).waitFor()
      await accessible(page)
      expect(problems.length === 0, problems.join('\n'))
    })
  })
}
