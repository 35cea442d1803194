// A bot of its own for what HazeBot does not show: a community of the simulator without HazeBot in it, and a small bot
// on the gateway that answers as the check wants.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import WebSocket from 'ws'

/** Longest wait for the simulator to start. */
const PATIENCE_MS = 15_000
const OP = { DISPATCH: 0, HEARTBEAT: 1, IDENTIFY: 2, HELLO: 10 }

/** Starts the simulator; null where its program was not built. `DISCORD_SIM` names it. */
export async function startCommunity() {
  const program = process.env.DISCORD_SIM
  if (!program) return null
  const child = spawn(program, ['--port', '0', '--administrator', '--no-rate-limits'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const late = setTimeout(() => child.kill(), PATIENCE_MS)
  let home
  for await (const line of createInterface({ input: child.stdout })) {
    home ??= /^sandbox page\s+(\S+?)\/?$/.exec(line)?.[1]
    // The bot's secret is the last thing it tells.
    if (/^\s+secret/.test(line)) break
  }
  clearTimeout(late)
  if (!home) throw new Error(`${program} did not start`)
  const info = await (await fetch(`${home}/sim/info`)).json()
  const { token } = info.applications[0]
  return { home, info, token, rest: rest(home, token), stop: () => child.kill() }
}

/** Calls of the bot, as functions of method, path and body. */
function rest(home, token) {
  return async (method, path, body) => {
    const answer = await fetch(`${home}/api/v10${path}`, {
      method,
      headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text ? JSON.parse(text) : null
  }
}

/** Logs in and answers each interaction with what `answer` gives; ready when Discord says so. */
export function logIn({ info, token, rest: call }, answer) {
  const socket = new WebSocket(`${info.gateway_url}?v=10&encoding=json`)
  let beat
  let last = null
  const send = (op, d) => socket.send(JSON.stringify({ op, d }))
  const ready = new Promise((done, fail) => {
    socket.on('error', fail)
    socket.on('message', async (data) => {
      const { op, t, s, d } = JSON.parse(data)
      last = s ?? last
      if (op === OP.HELLO) {
        beat = setInterval(() => send(OP.HEARTBEAT, last), d.heartbeat_interval)
        const properties = { os: 'linux', browser: 'check', device: 'check' }
        send(OP.IDENTIFY, { token, intents: 1, properties })
      } else if (t === 'READY') done()
      else if (t === 'INTERACTION_CREATE')
        await call('POST', `/interactions/${d.id}/${d.token}/callback`, await answer(d)).catch(fail)
    })
  })
  const stop = () => {
    clearInterval(beat)
    socket.close()
  }
  return { ready, stop }
}
