// Channels and roles of the guild, for forms that choose among them.
import { call } from './client'
import type { GuildChannel, GuildRole } from './types'

/** Categories first, then text channels. */
export const fetchChannels = (signal?: AbortSignal) => call<GuildChannel[]>('/api/guild/channels', { signal })

/** Highest first, without the one that everybody has. */
export const fetchRoles = (signal?: AbortSignal) => call<GuildRole[]>('/api/guild/roles', { signal })
