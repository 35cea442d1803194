// Who is signed in. The token lives in local storage, so all tabs share one sign-in.
import { computed, reactive, readonly, watch } from 'vue'
import * as auth from '@/api/auth'
import { ApiError, useCredentials } from '@/api/client'
import type { Me } from '@/api/types'
import { KEYS, clearDrafts, read, write } from '@/lib/storage'
import type { Entry } from './entry-link'

export type Phase = 'checking' | 'unreachable' | 'signed-out' | 'signed-in'
/** Why the sign-in screen is shown, as a key of the texts `signIn.notice.*`. */
export type SignOutReason = 'expired' | 'signedOut' | 'demoFailed' | 'discordFailed'

interface State {
  phase: Phase
  me: Me | null
  token: string | null
  reason: SignOutReason | null
}

const state = reactive<State>({ phase: 'checking', me: null, token: null, reason: null })
const endListeners = new Set<() => void>()

export const session = readonly(state)

/** Staff see all tickets and the cogs; the server checks each call again. */
export const isStaff = computed(() => state.me?.permissions.includes('all') ?? false)

const SNOWFLAKE = /^\d{15,21}$/

/** The person's Discord id, or null for logins without a Discord account. */
export const discordId = computed(() =>
  state.me && SNOWFLAKE.test(state.me.discord_id) ? state.me.discord_id : null,
)

/** Resolves once it is known whether somebody is signed in; waits while the server cannot be reached. */
export function sessionKnown(): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      () => state.phase,
      (phase) => {
        if (phase === 'checking' || phase === 'unreachable') return
        resolve()
        queueMicrotask(() => stop())
      },
      { immediate: true },
    )
  })
}

/** Runs whenever a sign-in ends, to drop what belonged to that person. */
export function onSessionEnd(listener: () => void): void {
  endListeners.add(listener)
}

/** Signs in with what the address carried, or with the stored token. */
export async function startSession(entry: Entry): Promise<void> {
  useCredentials({
    token: () => state.token,
    replaceToken: storeToken,
    expired: () => end('expired'),
  })
  window.addEventListener('storage', followOtherTab)

  if (entry.demo) {
    try {
      await signIn(entry.demo.username, entry.demo.password)
      return
    } catch {
      end('demoFailed')
      return
    }
  }
  if (entry.token) {
    storeToken(entry.token)
    await checkToken('discordFailed')
    return
  }
  state.token = read(KEYS.token)
  await checkToken('expired')
}

/** Asks the server whose token this is; used at start and after the server was unreachable. */
export async function checkToken(reason: SignOutReason = 'expired'): Promise<void> {
  if (state.token === null) {
    state.phase = 'signed-out'
    return
  }
  try {
    const me = await auth.fetchMe()
    // Another tab may have signed somebody else in: nothing of the person before may stay.
    if (state.me !== null && whoIs(state.me) !== whoIs(me)) forget()
    state.me = me
    state.reason = null
    state.phase = 'signed-in'
  } catch (error) {
    if (error instanceof ApiError && error.failure === 'http' && error.status < 500) end(reason)
    else state.phase = 'unreachable'
  }
}

/** Throws `ApiError` when the server refuses. */
export async function signIn(username: string, password: string): Promise<void> {
  const answer = await auth.login(username, password)
  storeToken(answer.token)
  await checkToken()
}

export async function signOut(): Promise<void> {
  try {
    await auth.logout()
  } catch {
    // The token is forgotten here in any case; the server lets it run out.
  }
  end('signedOut')
}

/** Distinguishes people: two logins without a Discord account share the id but not the name. */
export const whoIs = ({ user, discord_id }: Pick<Me, 'user' | 'discord_id'>): string =>
  `${discord_id} ${user}`

function forget(): void {
  for (const listener of endListeners) listener()
}

function storeToken(token: string): void {
  state.token = token
  write(KEYS.token, token)
}

function end(reason: SignOutReason): void {
  const wasSignedIn = state.phase === 'signed-in'
  state.token = null
  state.me = null
  state.reason = reason
  state.phase = 'signed-out'
  write(KEYS.token, null)
  if (reason === 'signedOut') clearDrafts()
  if (wasSignedIn) forget()
}

function followOtherTab(event: StorageEvent): void {
  if (event.key !== KEYS.token || event.newValue === state.token) return
  if (event.newValue === null) {
    end('signedOut')
    return
  }
  state.token = event.newValue
  void checkToken()
}
