// A media query as a reactive value.
import { onScopeDispose, readonly, ref } from 'vue'

export function useMedia(query: string) {
  const list = window.matchMedia(query)
  const matches = ref(list.matches)
  const follow = (event: MediaQueryListEvent) => (matches.value = event.matches)
  list.addEventListener('change', follow)
  onScopeDispose(() => list.removeEventListener('change', follow))
  return readonly(matches)
}

/** Below this width a list and its opened item are separate pages (Material's compact and medium classes). */
export const TWO_PANES = '(min-width: 840px)'

/** Material's compact class: phones held upright. There the app bar gives way to an opened item. */
export const COMPACT = '(max-width: 599px)'
