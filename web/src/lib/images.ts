// Pictures from elsewhere come through the server, so that no request of the panel leaves its origin.

/** Address to load a remote picture from; null for none and for addresses that are no web address. */
export function imageSource(url: string | null | undefined, origin = window.location.origin): string | null {
  if (!url) return null
  let parsed: URL
  try {
    parsed = new URL(url, origin)
  } catch {
    return null
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null
  if (parsed.origin === origin) return parsed.href
  return `/api/proxy/image?url=${encodeURIComponent(parsed.href)}`
}
