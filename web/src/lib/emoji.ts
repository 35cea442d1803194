// How an emoji of Discord is shown here.

/** What Discord shows before these types if nothing else is set. */
const USUAL: Readonly<Record<string, string>> = { Application: '📝', Bug: '🐛', Support: '🛠️' }
/** Emoji of a guild: its picture lies at another server, so its name stands for it. */
const CUSTOM = /^<a?:(\w{2,32}):\d{17,20}>$/
/** Pictographs, flags and key caps. */
const PLAIN = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3/u

/** The emoji of a type of tickets as text; empty for none. */
export function shownEmoji(emoji: string | null | undefined, type: string): string {
  const written = emoji?.trim()
  if (!written) return USUAL[type] ?? ''
  const name = CUSTOM.exec(written)?.[1]
  return name ? `:${name}:` : written
}

/** Whether Discord takes it as an emoji. */
export const isEmoji = (text: string) =>
  CUSTOM.test(text.trim()) || (PLAIN.test(text) && !/[\p{L}<>:\s]/u.test(text.trim()))
