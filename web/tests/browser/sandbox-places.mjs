// Where people go on the sandbox page: forums and their posts, polls, invitations; and forms that take files. In a
// community without HazeBot, because HazeBot shows none of these.
import { logIn, startCommunity } from './bot.mjs'
import { accessible, check, expect, noSidewaysScrolling, picture } from './harness.mjs'
import { be, box, channel, inSandbox, log, message, openSide, say } from './sandbox.mjs'

const TAGS = [
  { name: 'event', emoji_name: '🎉' },
  { name: 'bot', emoji_name: '🤖' },
  { name: 'planned', moderated: true, emoji_name: '📌' },
]
const POLL = {
  question: { text: 'Which evening suits you?' },
  answers: ['Friday', 'Saturday', 'Never'].map((text) => ({ poll_media: { text } })),
  duration: 24,
}
const FORM = {
  type: 9,
  data: {
    custom_id: 'report',
    title: 'Report something',
    components: [
      {
        type: 18,
        label: 'What happened?',
        component: { type: 4, custom_id: 'what', style: 1, required: true },
      },
      {
        type: 18,
        label: 'Screenshots',
        description: 'Up to two.',
        component: { type: 19, custom_id: 'proof', min_values: 1, max_values: 2 },
      },
    ],
  },
}

/** The bot: a press shows the form; its files are read and their content told. */
async function answer(interaction) {
  if (interaction.type !== 5) return FORM
  const [what, proof] = interaction.data.components.map(({ component }) => component)
  const files = proof.values.map((id) => interaction.data.resolved.attachments[id])
  const texts = await Promise.all(files.map(async ({ url }) => (await fetch(url)).text()))
  const told = files.map(({ filename }, at) => `${filename} holds ${texts[at]}`).join(', ')
  return { type: 4, data: { content: `${what.value}: ${told}` } }
}

export async function sandboxPlaces() {
  const community = await startCommunity()
  if (!community) return console.log('skipped: DISCORD_SIM names no simulator')
  const bot = logIn(community, answer)
  try {
    await bot.ready
    const { rest, info } = community
    const guild = info.guilds[0].id
    const channels = await rest('GET', `/guilds/${guild}/channels`)
    const general = channels.find(({ name }) => name === 'general')
    await rest('POST', `/guilds/${guild}/channels`, {
      name: 'ideas',
      type: 15,
      topic: 'What next?',
      parent_id: general.parent_id,
      available_tags: TAGS,
    })
    await forum(community.home)
    await poll(community, general.id)
    await invitations(community, general.id)
    await files(community, general.id)
  } finally {
    bot.stop()
    community.stop()
  }
}

const post = (page, title) => page.locator('.post').filter({ hasText: title })

async function forum(home) {
  await inSandbox(
    'desktop',
    'light',
    async (page, problems) => {
      await check('sandbox: a post is begun in a forum with a tag and a file, and opens', async () => {
        await be(page, 'Finn')
        await channel(page, /^ideas/).click()
        await log(page).getByText('What next?').waitFor()
        await page.getByRole('button', { name: 'New post' }).click()
        const form = page.getByRole('dialog', { name: 'New post in ideas' })
        await form.getByRole('button', { name: 'Post', exact: true }).click()
        await form.getByText('This is required.').waitFor()
        expect(
          (await form.getByRole('button', { name: 'planned' }).count()) === 0,
          'a tag of the staff is offered',
        )
        await form.getByLabel('Title').fill('A quiz on Friday')
        await form.getByLabel('Message').fill('Teams of **three**?')
        await form.getByRole('button', { name: 'event' }).click()
        await form
          .locator('input[type=file]')
          .setInputFiles({ name: 'rules.txt', mimeType: 'text/plain', buffer: Buffer.from('rules') })
        await form.getByText('rules.txt').waitFor()
        await accessible(page)
        await form.getByRole('button', { name: 'Post', exact: true }).click()
        await page.getByRole('heading', { level: 1, name: 'A quiz on Friday' }).waitFor()
        await message(page, 'Teams of three?')
          .getByRole('link', { name: /rules\.txt/ })
          .waitFor()
      })

      await check('sandbox: a forum lists its posts, liveliest first, and filters them by tag', async () => {
        await be(page, 'Lotte')
        await channel(page, /^ideas/).click()
        await page.getByRole('button', { name: 'New post' }).click()
        const form = page.getByRole('dialog', { name: 'New post in ideas' })
        await form.getByLabel('Title').fill('A better bot')
        await form.getByLabel('Message').fill('It should sing.')
        await form.getByRole('button', { name: 'planned' }).click()
        await form.getByRole('button', { name: 'Post', exact: true }).click()
        await page.getByRole('heading', { level: 1, name: 'A better bot' }).waitFor()
        await channel(page, /^ideas/).click()
        await post(page, 'A better bot').getByText('0 answers').waitFor()
        const first = () => page.locator('.post-title').first().textContent()
        expect((await first()) === 'A better bot', 'the newest post is not first')
        await inSandbox(
          'phone',
          'dark',
          async (other) => {
            await be(other, 'Finn')
            await openSide(other)
            await channel(other, /^ideas/).click()
            await post(other, 'A quiz on Friday').getByText('event').waitFor()
            await picture(other, 'phone-dark-sandbox-forum')
            await accessible(other)
            await noSidewaysScrolling(other)
            await other.getByRole('button', { name: 'A quiz on Friday' }).click()
            await message(other, 'Teams of').waitFor()
            await say(other, 'I am in')
          },
          home,
        )
        await post(page, 'A quiz on Friday').getByText('1 answer', { exact: true }).waitFor()
        expect((await first()) === 'A quiz on Friday', 'an answer does not bring a post to the top')
        const filter = page.getByRole('group', { name: 'Only posts with' })
        await filter.getByRole('button', { name: 'planned' }).click()
        await post(page, 'A quiz on Friday').waitFor({ state: 'detached' })
        await post(page, 'A better bot').waitFor()
        await picture(page, 'desktop-light-sandbox-forum')
        await accessible(page)
      })

      await check('sandbox: a thread is begun on a message', async () => {
        await channel(page, /^general/).click()
        await say(page, 'This wants a thread')
        await message(page, 'This wants a thread').focus()
        await page.keyboard.press('Enter')
        await page.getByRole('menuitem', { name: 'Start a thread' }).click()
        await page.getByLabel('Name of the thread').fill('Its own place')
        await accessible(page)
        await page.getByRole('button', { name: 'Start', exact: true }).click()
        await page.getByRole('heading', { level: 1, name: 'Its own place' }).waitFor()
        expect(problems.length === 0, problems.join('\n'))
      })
    },
    home,
  )
}

async function poll({ home, rest }, general) {
  await rest('POST', `/channels/${general}/messages`, { poll: POLL })
  await inSandbox(
    'desktop',
    'dark',
    async (page, problems) => {
      await check(
        'sandbox: one votes in a poll, sees the votes of others at once, and takes the vote back',
        async () => {
          await be(page, 'Finn')
          const own = page.getByRole('group', { name: /^Poll: Which evening/ })
          const vote = own.getByRole('button', { name: 'Vote', exact: true })
          expect(await vote.isDisabled(), 'one votes for nothing')
          await own.getByRole('radio', { name: 'Friday' }).check()
          await accessible(page)
          await inSandbox(
            'phone',
            'light',
            async (other) => {
              await be(other, 'Lotte')
              const theirs = other.getByRole('group', { name: /^Poll: Which evening/ })
              await theirs.getByRole('radio', { name: 'Saturday' }).check()
              await theirs.getByRole('button', { name: 'Vote', exact: true }).click()
              await theirs.getByText('1 vote · closes').waitFor()
              await picture(other, 'phone-light-sandbox-poll')
              await accessible(other)
            },
            home,
          )
          await own.getByText('1 vote · closes').waitFor()
          expect(
            await own.getByRole('radio', { name: 'Friday' }).isChecked(),
            'the vote of another took the choice away',
          )
          await own.getByRole('button', { name: 'Show results' }).click()
          await own.getByRole('listitem').filter({ hasText: 'Saturday' }).getByText('100%').waitFor()
          await own.getByRole('button', { name: 'Go back to the vote' }).click()
          await vote.click()
          await own.getByText('2 votes · closes').waitFor()
          await own
            .getByRole('listitem')
            .filter({ hasText: 'Friday' })
            .getByText(', your vote')
            .waitFor({ state: 'attached' })
          await picture(page, 'desktop-dark-sandbox-poll')
          await accessible(page)
          await own.getByRole('button', { name: 'Take the vote back' }).click()
          await own.getByText('1 vote · closes').waitFor()
          await own.getByRole('radio', { name: 'Friday' }).waitFor()
          expect(problems.length === 0, problems.join('\n'))
        },
      )
    },
    home,
  )
}

/** Becomes somebody new, who is in no server. */
async function beNew(page, name) {
  await openSide(page)
  await page.getByRole('button', { name: /^You are / }).click()
  await page.getByRole('combobox', { name: 'Search for somebody' }).fill(name)
  await page.getByRole('button', { name: `Add “${name}” as somebody new` }).click()
  await page.locator('.me strong').filter({ hasText: name }).waitFor({ state: 'attached' })
}

async function invitations({ home, rest }, general) {
  const { code } = await rest('POST', `/channels/${general}/invites`, { max_age: 0 })
  await inSandbox(
    'desktop',
    'dark',
    async (page, problems) => {
      await check(
        'sandbox: an invitation in a direct message is a card by which a stranger joins',
        async () => {
          await beNew(page, 'Nils')
          const stranger = await page.evaluate(() => location.hash.slice(1).split('/')[0])
          const people = await (await fetch(`${home}/sim/users?query=Lotte`)).json()
          const json = { 'content-type': 'application/json' }
          const act = (path, body) =>
            fetch(`${home}/sim/users/${people[0].id}${path}`, {
              method: 'POST',
              headers: json,
              body: JSON.stringify(body),
            })
          const dm = await (await act('/dms', { recipient: stranger })).json()
          const written = await act(`/channels/${dm.id}/messages`, {
            content: `Come along: discord.gg/${code} and not \`discord.gg/code\` or discord.gg/GoneForGood`,
          })
          expect(written.ok, await written.text())
          await channel(page, /^Lotte/).click()
          const sent = message(page, 'Come along')
          await sent.getByText('This invitation is over, or never was.').waitFor()
          expect((await sent.locator('.invite-card').count()) === 2, 'code is taken for an invitation')
          await picture(page, 'desktop-dark-sandbox-invitation')
          await accessible(page)
          await sent.getByRole('link', { name: `discord.gg/${code}` }).click()
          const asked = page.getByRole('dialog', { name: 'You are invited' })
          await asked.getByText('Harbour Lights').waitFor()
          await accessible(page)
          await page.keyboard.press('Escape')
          await sent.getByRole('button', { name: 'Join', exact: true }).click()
          await page.getByRole('heading', { level: 1, name: 'general' }).waitFor()
          await page
            .getByRole('complementary', { name: 'Members' })
            .getByRole('button', { name: 'Nils' })
            .waitFor()
        },
      )

      await check(
        'sandbox: a member makes an invitation, and its address and its code both work',
        async () => {
          await be(page, 'Lotte')
          await page.locator('#server').getByRole('button').click()
          await page.getByRole('menuitem', { name: 'Invite people' }).click()
          const url = await page.getByRole('textbox', { name: 'Invitation' }).inputValue()
          await accessible(page)
          await page.keyboard.press('Escape')
          await say(page, `Here: ${url}`)
          await message(page, 'Here:').getByText('A server that you are in').waitFor()
          await beNew(page, 'Selma')
          await page.getByRole('button', { name: 'I have an invitation' }).click()
          const ask = page.getByRole('dialog', { name: 'Join a server' })
          await ask.getByLabel('Invitation').fill('no invitation!')
          await ask.getByRole('button', { name: 'Look at it' }).click()
          await ask.getByText('This is no invitation.').waitFor()
          await accessible(page)
          await ask.getByLabel('Invitation').fill(new URL(url).pathname.split('/').pop())
          await ask.getByRole('button', { name: 'Look at it' }).click()
          await page.getByRole('dialog', { name: 'You are invited' }).waitFor()
          // The address itself, as somebody would open it.
          await page.goto(`${url}${await page.evaluate(() => location.hash)}`)
          const asked = page.getByRole('dialog', { name: 'You are invited' })
          await asked.getByText('Lotte invites you to').waitFor()
          await asked.getByRole('button', { name: 'Join' }).click()
          await page.getByRole('heading', { level: 1, name: 'general' }).waitFor()
          expect(problems.filter((p) => !p.includes('404')).length === 0, problems.join('\n'))
        },
      )
    },
    home,
  )
}

async function files({ home, rest }, general) {
  const button = { type: 2, style: 1, label: 'Report', custom_id: 'report' }
  await rest('POST', `/channels/${general}/messages`, { components: [{ type: 1, components: [button] }] })
  for (const [size, scheme] of [
    ['phone', 'dark'],
    ['desktop', 'light'],
  ]) {
    await inSandbox(
      size,
      scheme,
      async (page, problems) => {
        await check(`sandbox, ${size}: a form takes files, and the bot reads them`, async () => {
          await be(page, 'Finn')
          await page.getByRole('button', { name: 'Report', exact: true }).click()
          const form = page.getByRole('dialog', { name: 'Report something' })
          await form.getByLabel('What happened?').fill(`On a ${size}`)
          await form.getByRole('button', { name: 'Submit' }).click()
          await form.getByText('This is required.').waitFor()
          const field = form.locator('input[type=file]')
          const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
          await field.setInputFiles([file('one.txt', 'first'), file('two.txt', 'second')])
          await field.setInputFiles(file('three.txt', 'third'))
          await form.getByText('2 files at most.').waitFor()
          await form.getByRole('button', { name: 'Take one.txt away' }).click()
          await picture(page, `${size}-${scheme}-sandbox-files`)
          await accessible(page)
          await noSidewaysScrolling(page)
          await form.getByRole('button', { name: 'Submit' }).click()
          await message(page, `On a ${size}: two.txt holds second`).waitFor()
          expect(await box(page).isEnabled(), 'the box is left disabled')
          expect(problems.length === 0, problems.join('\n'))
        })
      },
      home,
    )
  }
}
