// Renders a component inside the panel's plugins, as main.ts sets them up.
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { render } from '@testing-library/vue'
import { type Component, defineComponent, h } from 'vue'
import { VApp } from 'vuetify/components/VApp'
import { i18n, useLanguage } from '@/locales/i18n'
import { router } from '@/router'
import { createPanelVuetify } from '@/theme/vuetify'

export async function renderPanel(component: Component, props: Record<string, unknown> = {}) {
  await useLanguage('en')
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const frame = defineComponent({ render: () => h(VApp, null, () => h(component, props)) })
  return render(frame, {
    global: {
      plugins: [createPanelVuetify(), i18n, router, [VueQueryPlugin, { queryClient }]],
      stubs: { transition: false },
    },
  })
}
