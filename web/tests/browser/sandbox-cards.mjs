// What bots can send, drawn on the sandbox page: embeds, markdown, components of the second version, selects, threads.
import { accessible, check, expect, noSidewaysScrolling, picture, sandbox } from './harness.mjs'
import { be, channel, inSandbox, message, openSide } from './sandbox.mjs'

const PLACE = 'memes'
const EMBED = {
  author: { name: 'Harbour radio', icon_url: 'attachment://dot.png' },
  title: 'A complete embed',
  url: 'https://example.org/embed',
  description: 'With **bold**, a [link](https://example.org) and\n> a quote\n- one\n- two\n  - inner',
  color: 0x2fa58c,
  fields: [
    { name: 'First', value: 'beside', inline: true },
    { name: 'Second', value: 'beside', inline: true },
    { name: 'Third', value: 'beside', inline: true },
    { name: 'Alone', value: '`code` over the whole width' },
  ],
  thumbnail: { url: 'attachment://dot.png' },
  footer: { text: 'A footer' },
  timestamp: '2026-01-02T03:04:05.000Z',
}
const TEXT = [
  '# Large',
  '## Middle',
  '-# small print',
  '**bold** *slanted* __under__ ~~gone~~ ||hidden|| `code` <t:1767323045:D>',
  '1. first',
  '2. second',
  '```js\nconst wide = "a line that is quite a bit longer than a phone is wide, so it has to break somewhere"\n```',
  '<https://example.org/a>',
].join('\n')
const SECOND = [
  {
    type: 17,
    accent_color: 0xc9742b,
    components: [
      { type: 10, content: '### A container\nText in the second version of components.' },
      { type: 14, divider: true, spacing: 2 },
      {
        type: 9,
        components: [{ type: 10, content: 'A section with a button' }],
        accessory: { type: 2, style: 2, label: 'Nobody answers', custom_id: 'nobody' },
      },
      {
        type: 9,
        components: [{ type: 10, content: 'A section with a picture' }],
        accessory: { type: 11, media: { url: 'attachment://dot.png' }, description: 'a dot' },
      },
      {
        type: 12,
        items: [1, 2, 3].map((n) => ({ media: { url: 'attachment://dot.png' }, description: `dot ${n}` })),
      },
      { type: 13, file: { url: 'attachment://notes.txt' } },
      {
        type: 1,
        components: [
          {
            type: 3,
            custom_id: 'several',
            placeholder: 'Choose two',
            min_values: 2,
            max_values: 2,
            options: ['red', 'green', 'blue'].map((c) => ({
              label: c,
              value: c,
              description: `the colour ${c}`,
            })),
          },
        ],
      },
      { type: 1, components: [{ type: 5, custom_id: 'someone', placeholder: 'Choose somebody' }] },
    ],
  },
]
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Sends as the bot does, with a picture and a text file. */
async function send(info, place, body) {
  const form = new FormData()
  form.set('payload_json', JSON.stringify(body))
  form.set('files[0]', new Blob([Buffer.from(PIXEL, 'base64')], { type: 'image/png' }), 'dot.png')
  form.set('files[1]', new Blob(['notes'], { type: 'text/plain' }), 'notes.txt')
  return call(info, 'POST', `/channels/${place}/messages`, form)
}

async function call(info, method, path, body) {
  const headers = { authorization: `Bot ${info.applications[0].token}` }
  if (!(body instanceof FormData)) headers['content-type'] = 'application/json'
  const answer = await fetch(`${sandbox}/api/v10${path}`, {
    method,
    headers,
    body: body instanceof FormData ? body : JSON.stringify(body),
  })
  const value = await answer.json()
  expect(answer.ok, `${method} ${path}: ${JSON.stringify(value)}`)
  return value
}

/** Adds a fault, or ends all. */
async function tool(method, fault) {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${sandbox}/sim/faults`, {
    method,
    headers,
    body: fault && JSON.stringify(fault),
  })
  expect(answer.ok, `${method} /sim/faults: ${answer.status}`)
}

export async function sandboxCards() {
  if (!sandbox) return
  const info = await (await fetch(`${sandbox}/sim/info`)).json()
  const everything = await call(info, 'GET', `/guilds/${info.guilds[0].id}/channels`)
  const place = everything.find(({ name }) => name === PLACE).id
  const embed = await send(info, place, { content: TEXT, embeds: [EMBED] })
  await send(info, place, { flags: 1 << 15, components: SECOND })
  await call(info, 'POST', `/channels/${place}/messages/${embed.id}/threads`, { name: 'A thread of its own' })

  for (const size of ['phone', 'desktop']) {
    for (const scheme of ['dark', 'light']) {
      await inSandbox(size, scheme, async (page, problems) => {
        await check(`sandbox, ${size}, ${scheme}: embeds, markdown and components are drawn`, async () => {
          await be(page, 'Finn')
          await openSide(page)
          await channel(page, new RegExp(`^${PLACE}`)).click()
          const first = message(page, 'A complete embed')
          await first.getByText('Alone').waitFor()
          const [one, two] = [
            first.locator('dt', { hasText: 'First' }),
            first.locator('dt', { hasText: 'Second' }),
          ]
          const [left, right] = [await one.boundingBox(), await two.boundingBox()]
          expect(left.y === right.y && left.x < right.x, 'inline fields do not stand beside each other')
          expect((await first.locator('li li', { hasText: 'inner' }).count()) === 1, 'the inner list is lost')
          await first.scrollIntoViewIfNeeded()
          await picture(page, `${size}-${scheme}-sandbox-embed`)
          const second = message(page, 'A container')
          await second.getByRole('img', { name: 'dot 3' }).waitFor()
          await second.getByRole('link', { name: /notes\.txt/ }).waitFor()
          await second.getByRole('button', { name: 'Choose somebody' }).scrollIntoViewIfNeeded()
          await picture(page, `${size}-${scheme}-sandbox-components`)
          await accessible(page)
          await noSidewaysScrolling(page)
          expect(problems.length === 0, problems.join('\n'))
        })
        if (size === 'phone') return

        await check(`sandbox, ${scheme}: a bot that stays silent is told of`, async () => {
          const callback = '/interactions/{interaction}/{token}/callback'
          await tool('POST', {
            method: 'POST',
            route: callback,
            times: 50,
            effect: 'server_error',
            status: 500,
          })
          await message(page, 'A container').getByRole('button', { name: 'Nobody answers' }).click()
          await page.getByText('The application did not respond.').waitFor()
          await accessible(page)
          await tool('DELETE')
          await page.getByRole('button', { name: 'Dismiss' }).click()
        })

        await check(`sandbox, ${scheme}: selects keep their counts and can be searched`, async () => {
          const second = message(page, 'A container')
          await second.getByRole('button', { name: 'Choose two' }).press('Enter')
          const apply = page.getByRole('button', { name: 'Apply' })
          await page.keyboard.press('Enter')
          expect(await apply.isDisabled(), 'one choice is taken where two are wanted')
          await page.keyboard.press('ArrowDown')
          await page.keyboard.press('Enter')
          expect(await apply.isEnabled(), 'two choices are not taken')
          await accessible(page)
          await page.keyboard.press('Escape')
          await second.getByRole('button', { name: 'Choose somebody' }).click()
          await page.getByRole('combobox', { name: /^Search/ }).fill('lott')
          await page.getByRole('option', { name: '@Lotte' }).waitFor()
          await page.keyboard.press('Escape')
        })

        await check(`sandbox, ${scheme}: a thread is opened from its message`, async () => {
          await message(page, 'A complete embed')
            .getByRole('button', { name: /A thread of its own/ })
            .click()
          await page.getByRole('heading', { level: 1, name: 'A thread of its own' }).waitFor()
          await channel(page, 'A thread of its own').waitFor()
          await message(page, 'A complete embed').getByText('Alone').waitFor()
        })
      })
    }
  }
}
