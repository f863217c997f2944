import { createI18n } from 'vue-i18n'
import type { Locale } from '../../contract'

/** A language is fetched when it is first spoken: every file of its folder under locales/, each a namespace. */
const LANGUAGES: Record<Locale, () => Promise<{ default: object }>> = {
  en: () => import('../locales/en'),
  ko: () => import('../locales/ko')
}

/** By language; typed flat, since keys are checked by locales.test.ts and not by the compiler. */
const none: Record<string, Record<string, string>> = {}
export const i18n = createI18n({ legacy: false, locale: 'en', messages: none })

/** The system's language until the settings are read. */
export function preferredLocale(): Locale {
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

let wanted: Locale | undefined

/** Changes the language of every string on screen and of the document itself, once its strings are there. */
export async function setLocale(locale: Locale): Promise<void> {
  wanted = locale
  if (!i18n.global.availableLocales.includes(locale)) {
    const { default: messages } = await LANGUAGES[locale]()
    i18n.global.setLocaleMessage(locale, messages as Record<string, string>)
  }
  // Another language may have been asked for meanwhile.
  if (wanted !== locale) return
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}
