// Asks before unsaved work is left: by a link, by the way back, by closing the tab.
import { onScopeDispose, ref } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'

export function useLeaveGuard(dirty: () => boolean) {
  const asking = ref(false)
  let decide: (leave: boolean) => void = () => undefined

  function mayLeave(): true | Promise<boolean> {
    if (!dirty()) return true
    // A second way out while the question stands: the first one is over.
    decide(false)
    asking.value = true
    return new Promise<boolean>((resolve) => (decide = resolve))
  }

  function answer(leave: boolean): void {
    asking.value = false
    decide(leave)
  }

  const onClose = (event: BeforeUnloadEvent) => {
    if (dirty()) event.preventDefault()
  }
  window.addEventListener('beforeunload', onClose)
  onScopeDispose(() => window.removeEventListener('beforeunload', onClose))
  onBeforeRouteLeave(mayLeave)
  onBeforeRouteUpdate(mayLeave)
  return { asking, answer }
}
