// Calls about what staff set up for tickets: types and panels.
import { call } from './client'
import type { NewTicketPanel, TicketPanel, TicketType } from './types'

const TYPES = '/api/config/tickets/types'
const PANELS = '/api/config/tickets/panels'
const panelAt = (id: string) => `${PANELS}/${encodeURIComponent(id)}`

export const fetchTypes = async (signal?: AbortSignal) =>
  (await call<{ types: TicketType[] }>(TYPES, { signal })).types

/** Replaces all types: what is left out is gone for new tickets. */
export const saveTypes = (types: readonly TicketType[]) =>
  call<unknown>(TYPES, { method: 'PUT', body: { types } })

export const fetchPanels = async (signal?: AbortSignal) =>
  (await call<{ panels: TicketPanel[] }>(PANELS, { signal })).panels

export const createPanel = (panel: NewTicketPanel) =>
  call<TicketPanel>(PANELS, { method: 'POST', body: panel })

/** Also posts it anew if its message was deleted in Discord. */
export const updatePanel = (id: string, panel: NewTicketPanel) =>
  call<TicketPanel>(panelAt(id), { method: 'PUT', body: panel })

export const deletePanel = (id: string) => call<unknown>(panelAt(id), { method: 'DELETE' })
