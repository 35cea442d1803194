// Small values kept in the browser. Private windows may refuse storage; the panel then works without it.

/** Every key the panel writes, so signing out and "clear local data" know them all. */
export const KEYS = {
  token: 'hazebot.token',
  theme: 'hazebot.theme',
  language: 'hazebot.language',
  /** A draft belongs to a person: another sign-in on the same browser must not see it. */
  draft: (person: string, subject: string) => `hazebot.draft.${person}.${subject}`,
} as const

const DRAFT_PREFIX = 'hazebot.draft.'

export function read(key: string): string | null {
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Writes the value, or removes the key for null. */
export function write(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(key)
    else window.localStorage.setItem(key, value)
  } catch {
    // Storage is full or refused: the value lives until the page is closed.
  }
}

/** Removes all drafts: they belong to the person who signs out. */
export function clearDrafts(): void {
  try {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith(DRAFT_PREFIX)) window.localStorage.removeItem(key)
    }
  } catch {
    // Nothing was stored, so nothing is left behind.
  }
}
