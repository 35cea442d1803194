// The live connection: one socket, rooms per open ticket, joined again after every reconnect.
import { readonly, ref, watch } from 'vue'
import type { Socket } from 'socket.io-client'
import type { TicketMessage, TicketUpdate } from '@/api/types'
import { discordId, session, whoIs } from '@/session/session'

export type LiveState = 'off' | 'connecting' | 'live' | 'reconnecting' | 'refused'

export interface LiveEvents {
  ticketUpdate: TicketUpdate
  messageHistory: { ticket_id: string; messages: TicketMessage[] }
  ticketsChanged: { ticket_id: string; event_type: string }
  /** The connection is back, or the tab is: what happened meanwhile has to be fetched. */
  resumed: null
}

const RECONNECT_MIN_MS = 1_000
const RECONNECT_MAX_MS = 30_000
/** A tab hidden for this long counts as not looking, so that its person gets push messages again. */
const HIDDEN_LEAVES_MS = 60_000

type Listener<K extends keyof LiveEvents> = (payload: LiveEvents[K]) => void
type Listeners = { [K in keyof LiveEvents]: Set<Listener<K>> }

const state = ref<LiveState>('off')
export const liveState = readonly(state)

const listeners: Listeners = {
  ticketUpdate: new Set(),
  messageHistory: new Set(),
  ticketsChanged: new Set(),
  resumed: new Set(),
}
/** Open tickets and how many parts of the screen show each. */
const rooms = new Map<string, number>()
let socket: Socket | null = null
let away = false
let hiddenTimer: number | undefined

/** Calls the listener for each such event; answers how to stop. */
export function onLive<K extends keyof LiveEvents>(event: K, listener: Listener<K>): () => void {
  listeners[event].add(listener)
  return () => listeners[event].delete(listener)
}

function tell<K extends keyof LiveEvents>(event: K, payload: LiveEvents[K]): void {
  for (const listener of listeners[event]) listener(payload)
}

/** Enters a ticket's room; answers how to leave it. Safe to call while the connection is down. */
export function joinTicket(ticketId: string): () => void {
  rooms.set(ticketId, (rooms.get(ticketId) ?? 0) + 1)
  if (socket?.connected && !away) emitJoin(ticketId)
  let left = false
  return () => {
    if (left) return
    left = true
    const others = (rooms.get(ticketId) ?? 1) - 1
    if (others > 0) {
      rooms.set(ticketId, others)
      return
    }
    rooms.delete(ticketId)
    if (socket?.connected) socket.emit('leave_ticket', room(ticketId))
  }
}

const room = (ticketId: string) => ({
  ticket_id: ticketId,
  ...(discordId.value === null ? {} : { user_id: discordId.value }),
})

const emitJoin = (ticketId: string) => socket?.emit('join_ticket', room(ticketId))

/** Keeps the socket up while somebody is signed in. Called once at start. */
export function startLive(): void {
  document.addEventListener('visibilitychange', followVisibility)
  watch(
    () => (session.phase === 'signed-in' && session.me ? whoIs(session.me) : null),
    (person) => {
      disconnect()
      if (person !== null) void connect()
    },
    { immediate: true },
  )
}

async function connect(): Promise<void> {
  if (socket !== null) return
  state.value = 'connecting'
  // Loaded on demand: the first paint does not need it.
  const { io } = await import('socket.io-client')
  if (session.phase !== 'signed-in' || socket !== null) return

  let firstTime = true
  const made = io({
    transports: ['websocket'],
    auth: (send) => send({ token: session.token }),
    reconnectionDelay: RECONNECT_MIN_MS,
    reconnectionDelayMax: RECONNECT_MAX_MS,
  })
  socket = made
  made.on('connect', () => {
    state.value = 'live'
    if (!away) for (const ticketId of rooms.keys()) emitJoin(ticketId)
    if (!firstTime) tell('resumed', null)
    firstTime = false
  })
  made.on('disconnect', () => (state.value = made.active ? 'reconnecting' : 'refused'))
  made.on('connect_error', () => (state.value = made.active ? 'reconnecting' : 'refused'))
  made.on('ticket_update', (payload: unknown) => {
    if (isUpdate(payload)) tell('ticketUpdate', payload)
  })
  made.on('message_history', (payload: unknown) => {
    if (isHistory(payload)) tell('messageHistory', payload)
  })
  made.on('tickets_changed', (payload: unknown) => {
    if (isChange(payload)) tell('ticketsChanged', payload)
  })
}

function disconnect(): void {
  socket?.disconnect()
  socket = null
  state.value = 'off'
}

function followVisibility(): void {
  window.clearTimeout(hiddenTimer)
  if (document.visibilityState === 'hidden') {
    hiddenTimer = window.setTimeout(() => {
      away = true
      for (const ticketId of rooms.keys()) socket?.emit('leave_ticket', room(ticketId))
    }, HIDDEN_LEAVES_MS)
    return
  }
  if (!away) return
  away = false
  if (!socket?.connected) return
  for (const ticketId of rooms.keys()) emitJoin(ticketId)
  tell('resumed', null)
}

// What comes over the wire is checked once, here; listeners can rely on the shape.
const has = (value: unknown, key: string): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[key] === 'string'

const isUpdate = (value: unknown): value is TicketUpdate =>
  has(value, 'ticket_id') &&
  has(value, 'event_type') &&
  typeof value['data'] === 'object' &&
  value['data'] !== null

const isHistory = (value: unknown): value is LiveEvents['messageHistory'] =>
  has(value, 'ticket_id') && Array.isArray(value['messages'])

const isChange = (value: unknown): value is LiveEvents['ticketsChanged'] => has(value, 'ticket_id')
