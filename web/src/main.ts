// Start-up order: clean the address, sign in and load the texts at the same time, then show the panel.
import { entry } from '@/session/entry'
import 'vuetify/styles/core'
import '@/theme/font.css'
import '@/theme/styles.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from '@/App.vue'
import { notify } from '@/lib/notices'
import { queryClient } from '@/lib/query'
import { i18n, preferredLanguage, useLanguage } from '@/locales/i18n'
import { startLive } from '@/live/socket'
import { router } from '@/router'
import { onSessionEnd, startSession } from '@/session/session'
import { createPanelVuetify } from '@/theme/vuetify'

onSessionEnd(() => queryClient.clear())

const app = createApp(App)
app.use(createPanelVuetify())
app.use(i18n)
app.use(VueQueryPlugin, { queryClient })

app.use(router)

warmUp(entry.cleanUrl)
const texts = useLanguage(preferredLanguage())
void startSession(entry)
startLive()
await texts
app.mount('#app')

// A part of the panel that is gone from the server belongs to an older build: only a reload can mend that,
// and only the person knows when it suits.
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault()
  const { t } = i18n.global
  notify(t('update.text'), 'plain', { label: t('update.reload'), run: () => window.location.reload() })
})

/** Fetches the first screen's code while the server is still asked who this is. */
function warmUp(address: string): void {
  for (const record of router.resolve(address).matched) {
    const screen: unknown = record.components?.['default']
    if (typeof screen === 'function') void (screen as () => Promise<unknown>)()
  }
}
