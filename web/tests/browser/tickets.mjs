// Tickets between people: live messages, and one ticket from opening to reopening.
import { readFile } from 'node:fs/promises'
import {
  accessible,
  adminToken,
  check,
  composer,
  enter,
  expect,
  memberLink,
  noSidewaysScrolling,
  panel,
  picture,
  sandbox,
  ticketLinks,
  visit,
  writerLink,
} from './harness.mjs'

/** Opens the first ticket in which this login may write. */
export async function openWritableTicket(page) {
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

/** A PNG of 2 × 2 pixels. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAF0lEQVR42mPQiFqwL2oBg8a+Bfv2LQAAKEAGfd+J+M8AAAAASUVORK5CYII='

/** The creator of the open ticket sends files in Discord. */
async function sendsFiles(page, text) {
  const id = page.url().match(/tickets\/([0-9a-f-]{36})/)?.[1]
  const told = await fetch(`${panel}/api/tickets/${id}`, {
    headers: { Authorization: `Bearer ${adminToken}` },
  })
  const { user_id: user, channel_id: channel } = await told.json()
  const files = [
    { name: 'harbour-lamp.png', base64: PICTURE },
    { name: 'log.txt', base64: 'bm90aGluZw==' },
  ]
  const sent = await fetch(`${sandbox}/sim/users/${user}/channels/${channel}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ content: text, files }),
  })
  expect(sent.ok, `the files were not taken: ${sent.status} ${await sent.text()}`)
}

/** Files of a message, and finding it again by its words. */
async function filesAndSearch() {
  if (!sandbox || !adminToken) return
  for (const [size, scheme] of [
    ['phone', 'dark'],
    ['desktop', 'light'],
  ]) {
    await visit(size, scheme, async (page) => {
      await enter(page, writerLink)
      await check(
        `${size}, ${scheme}: files of a message are shown, and saved under their names`,
        async () => {
          await openWritableTicket(page)
          await sendsFiles(page, `the lamp seen from the ferry, ${size}`)
          const chat = page.getByRole('log')
          await chat.getByRole('img', { name: 'Picture harbour-lamp.png' }).last().waitFor()
          const saved = page.waitForEvent('download')
          await chat.getByRole('button', { name: 'Save log.txt' }).last().click()
          expect((await saved).suggestedFilename() === 'log.txt', 'the file has another name')
          expect((await chat.getByText('/attachments/').count()) === 0, 'addresses of files are shown')
          await picture(page, `${size}-${scheme}-ticket-files`)
          await accessible(page)
          await noSidewaysScrolling(page)
        },
      )

      await check(`${size}, ${scheme}: a message is found by its words, which are marked`, async () => {
        await page.goto(`${panel}/admin/tickets?q=ferry`)
        const found = page.getByRole('region', { name: 'In messages' })
        await found.getByRole('link').first().waitFor()
        expect((await found.locator('mark').first().textContent()) === 'ferry', 'the word is not marked')
        await picture(page, `${size}-${scheme}-ticket-search`)
        await accessible(page)
        await noSidewaysScrolling(page)
        await found.getByRole('link').first().click()
        await page.getByRole('region', { name: 'Conversation' }).waitFor()
      })
    })
  }
}

export async function tickets() {
  await filesAndSearch()
  await visit('desktop', 'light', async (page) => {
    await enter(page, writerLink)
    await check('the keyboard alone opens a ticket', async () => {
      await page.goto(`${panel}/admin/tickets`)
      await ticketLinks(page).first().focus()
      await page.keyboard.press('Enter')
      await page.getByRole('region', { name: 'Conversation' }).waitFor()
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
        const field = await composer(reader).boundingBox()
        const height = reader.viewportSize().height
        expect(
          field.y + field.height > height - 120,
          `the field to write in ends at ${field.y + field.height}`,
        )
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
        await member.getByText('Choose a type.').waitFor()
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

          await member.getByRole('combobox', { name: 'Type' }).press('ArrowDown')
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

        await check('the member saves the transcript as a page, as text and as data', async () => {
          for (const [form, ending] of [
            ['Page (HTML)', 'html'],
            ['Text', 'txt'],
            ['Data (JSON)', 'json'],
          ]) {
            await member.getByRole('button', { name: 'Transcript' }).click()
            const [saved] = await Promise.all([
              member.waitForEvent('download'),
              member
                .getByRole('listitem')
                .filter({ hasText: form })
                .or(member.getByRole('option', { name: form }))
                .first()
                .click(),
            ])
            expect(saved.suggestedFilename().endsWith(`.${ending}`), saved.suggestedFilename())
            const text = await readFile(await saved.path(), 'utf8')
            expect(text.includes('Thank you for testing.'), `${form}: ${text.slice(0, 500)}`)
            if (ending !== 'html') continue
            const page = await member.context().newPage()
            await page.setContent(text)
            await page.getByRole('heading', { level: 1 }).waitFor()
            await picture(page, 'transcript')
            await accessible(page)
            await page.close()
          }
        })

        await check('the member reopens it and can write again', async () => {
          await member.getByRole('button', { name: 'Reopen' }).click()
          await composer(member).waitFor()
          await composer(staff).waitFor()
        })
      })
    })
  }
}
