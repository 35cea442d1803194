// What an address may carry into the panel: Discord's token after consent, or a demo login.

export interface Entry {
  token: string | null
  demo: { username: string; password: string } | null
  /** The address without either, for the address bar and the history. */
  cleanUrl: string
}

/**
 * Reads `?token=…` (Discord's return), `#token=…` (a link that shows the token to no server) and
 * `#demo=name:password`; a name cannot contain a colon, a password can.
 */
export function readEntry(href: string): Entry {
  const url = new URL(href)
  let token = url.searchParams.get('token')
  url.searchParams.delete('token')

  let demo: Entry['demo'] = null
  if (url.hash.startsWith('#demo=')) {
    const pair = decode(url.hash.slice('#demo='.length))
    const colon = pair.indexOf(':')
    if (colon > 0) demo = { username: pair.slice(0, colon), password: pair.slice(colon + 1) }
    url.hash = ''
  } else if (url.hash.startsWith('#token=')) {
    token = decode(url.hash.slice('#token='.length))
    url.hash = ''
  }
  return { token: token || null, demo, cleanUrl: `${url.pathname}${url.search}${url.hash}` }
}

/**
 * Reads the address of this page and cleans it at once: a token must not stay in the address bar, the
 * history or a referrer, and must be gone before the router takes the address up.
 */
export function takeEntry(): Entry {
  const entry = readEntry(window.location.href)
  const wanted = takeReturn()
  if (entry.token && wanted !== null && entry.cleanUrl === '/') entry.cleanUrl = wanted
  if (entry.token || entry.demo) window.history.replaceState(null, '', entry.cleanUrl)
  return entry
}

const RETURN_KEY = 'hazebot.return'

/** Keeps the address to go on to while the person is away at Discord; for this tab alone. */
export function rememberReturn(address: string): void {
  try {
    window.sessionStorage.setItem(RETURN_KEY, address)
  } catch {
    // Storage is refused: the person starts at the first screen.
  }
}

function takeReturn(): string | null {
  try {
    const address = window.sessionStorage.getItem(RETURN_KEY)
    window.sessionStorage.removeItem(RETURN_KEY)
    return isOwnAddress(address) ? address : null
  } catch {
    return null
  }
}

/** An address of the panel, never one of another site. */
export const isOwnAddress = (address: string | null): address is string =>
  address !== null && /^\/(?![/\\])/.test(address)

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
