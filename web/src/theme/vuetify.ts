// Vuetify set up as Material 3: colour roles, shapes, component defaults, icons from paths.
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import { themeName, themes } from './theme'

export const createPanelVuetify = () =>
  createVuetify({
    icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
    theme: { defaultTheme: themeName.value, themes },
    defaults: {
      VBtn: { rounded: 'pill', height: 40, color: 'primary', flat: true },
      VIconBtn: { rounded: 'circle' },
      VCard: { flat: true, rounded: 'lg', color: 'surface-container-low' },
      VChip: { rounded: 'sm' },
      VDialog: { maxWidth: 560 },
      VList: { bgColor: 'surface-container-low', rounded: 'lg' },
      VMenu: { VList: { bgColor: 'surface-container', rounded: 'sm', elevation: 2 } },
      VAutocomplete: { variant: 'outlined', color: 'primary', rounded: 'xs' },
      VSelect: { variant: 'outlined', color: 'primary', rounded: 'xs' },
      VTextField: { variant: 'outlined', color: 'primary', rounded: 'xs' },
      VTextarea: { variant: 'outlined', color: 'primary', rounded: 'xs' },
      VSwitch: { inset: 'material', color: 'primary' },
      VProgressLinear: { color: 'primary', rounded: true },
      VProgressCircular: { color: 'primary' },
    },
  })
