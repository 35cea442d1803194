// The panel's texts: English and German, one language loaded at a time, precompiled by the build.
import { createI18n } from 'vue-i18n'
import { KEYS, read, write } from '@/lib/storage'

export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

const loaders: Record<Language, () => Promise<{ default: Record<string, unknown> }>> = {
  en: () => import('virtual:messages/en'),
  de: () => import('virtual:messages/de'),
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en' as string,
  fallbackLocale: 'en',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: {},
})

/** The stored choice, else the browser's first language that the panel speaks, else English. */
export function preferredLanguage(): Language {
  const wanted = [read(KEYS.language) ?? '', ...navigator.languages]
  for (const tag of wanted) {
    const match = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (match) return match
  }
  return 'en'
}

/** Loads the language's texts where needed and shows them. */
export async function useLanguage(language: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    const { default: messages } = await loaders[language]()
    i18n.global.setLocaleMessage(language, messages)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language
}

/** The person's choice: kept for the next visit. */
export async function chooseLanguage(language: Language): Promise<void> {
  await useLanguage(language)
  write(KEYS.language, language)
}
