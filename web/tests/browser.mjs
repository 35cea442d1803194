// The panel in a real browser against a running demo: sign-in, tickets, chat, cogs, on phone and desktop,
// with an accessibility check of every screen in light and dark; then the simulator's sandbox page. Wants a fresh demo: a member may open one
// ticket an hour.
//
// HAZEBOT_DEMO   the line that `hazebot demo --json` prints
// CHROMIUM_PATH  browser to start, /usr/bin/chromium without it
// DISCORD_SIM    the program `discord-sim`; what HazeBot does not show is skipped without it
// SCREENSHOTS    folder for pictures of every screen, none without it
import { account } from './browser/account.mjs'
import { cogs } from './browser/cogs.mjs'
import { contract } from './browser/contract.mjs'
import { finish } from './browser/harness.mjs'
import { sandboxCards } from './browser/sandbox-cards.mjs'
import { sandboxChat } from './browser/sandbox-chat.mjs'
import { sandboxPlaces } from './browser/sandbox-places.mjs'
import { sandboxTickets } from './browser/sandbox-tickets.mjs'
import { screens } from './browser/screens.mjs'
import { ticketSetup } from './browser/ticket-setup.mjs'
import { tickets } from './browser/tickets.mjs'

await screens()
await account()
await cogs()
await tickets()
await ticketSetup()
await sandboxTickets()
await sandboxChat()
await sandboxCards()
await sandboxPlaces()
// Last: it looks at the calls that the others made.
await contract()
await finish()
