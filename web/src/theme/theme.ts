// Light, dark or the system's choice; decided before the first paint so that the page does not flash.
import { computed, ref, watch } from 'vue'
import { KEYS, read, write } from '@/lib/storage'
import { darkRoles, lightRoles } from './baseline'

export type ThemeMode = 'system' | 'light' | 'dark'
export const THEME_MODES: readonly ThemeMode[] = ['system', 'light', 'dark']

const stored = read(KEYS.theme)
export const themeMode = ref<ThemeMode>(THEME_MODES.find((mode) => mode === stored) ?? 'system')

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(systemDark.matches)
systemDark.addEventListener('change', (event) => (systemIsDark.value = event.matches))

export const themeName = computed<'light' | 'dark'>(() => {
  if (themeMode.value !== 'system') return themeMode.value
  return systemIsDark.value ? 'dark' : 'light'
})

watch(themeMode, (mode) => write(KEYS.theme, mode))

// Browser parts such as scroll bars and form controls follow the chosen theme, not the system's.
watch(themeName, (name) => (document.documentElement.style.colorScheme = name), { immediate: true })

// The roles already carry Material's own contrast, so texts are not dimmed once more by opacity.
const variables = {
  'high-emphasis-opacity': 1,
  'medium-emphasis-opacity': 1,
  'border-opacity': 1,
  'hover-opacity': 0.08,
  'focus-opacity': 0.1,
  'pressed-opacity': 0.1,
  'selected-opacity': 0.08,
  'activated-opacity': 0.08,
}

export const themes = {
  light: {
    dark: false,
    colors: lightRoles,
    variables: { ...variables, 'border-color': lightRoles['outline-variant'] ?? '' },
  },
  dark: {
    dark: true,
    colors: darkRoles,
    variables: { ...variables, 'border-color': darkRoles['outline-variant'] ?? '' },
  },
}
