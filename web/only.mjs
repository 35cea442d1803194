import { finish } from './tests/browser/harness.mjs'
import { sandboxCards } from "./tests/browser/sandbox-cards.mjs"
import { sandboxChat } from './tests/browser/sandbox-chat.mjs'
import { sandboxTickets } from './tests/browser/sandbox-tickets.mjs'
if (process.env.ALL) await sandboxTickets()
if (process.env.ALL) await sandboxChat()
await sandboxCards()
await finish()
