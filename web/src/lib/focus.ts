// After a dialog the keyboard goes on where it was.
import { nextTick, watch } from 'vue'

/** Gives the focus back to what had it before the dialog opened, if that is still there. */
export function returnFocus(open: () => boolean): void {
  let opener: Element | null = null
  watch(
    open,
    async (isOpen) => {
      if (isOpen) {
        opener = document.activeElement
        return
      }
      const target = opener
      opener = null
      await nextTick()
      if (target instanceof HTMLElement && target.isConnected && target !== document.body) target.focus()
      else document.getElementById('main')?.focus()
    },
    { flush: 'sync' },
  )
}
