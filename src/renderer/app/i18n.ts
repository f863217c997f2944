import { createI18n } from 'vue-i18n'
import enAgreement from '../locales/en/agreement.json'
import enCommon from '../locales/en/common.json'
import enErrors from '../locales/en/errors.json'
import enExperiments from '../locales/en/experiments.json'
import enExplain from '../locales/en/explain.json'
import enEvaluation from '../locales/en/evaluation.json'
import enIntake from '../locales/en/intake.json'
import enMeasure from '../locales/en/measure.json'
import enModels from '../locales/en/models.json'
import enProtocols from '../locales/en/protocols.json'
import enQueues from '../locales/en/queues.json'
import enReading from '../locales/en/reading.json'
import enSettings from '../locales/en/settings.json'
import enStudies from '../locales/en/studies.json'
import enTags from '../locales/en/tags.json'
import enTraining from '../locales/en/training.json'
import koAgreement from '../locales/ko/agreement.json'
import koCommon from '../locales/ko/common.json'
import koErrors from '../locales/ko/errors.json'
import koExperiments from '../locales/ko/experiments.json'
import koExplain from '../locales/ko/explain.json'
import koEvaluation from '../locales/ko/evaluation.json'
import koIntake from '../locales/ko/intake.json'
import koMeasure from '../locales/ko/measure.json'
import koModels from '../locales/ko/models.json'
import koProtocols from '../locales/ko/protocols.json'
import koQueues from '../locales/ko/queues.json'
import koReading from '../locales/ko/reading.json'
import koSettings from '../locales/ko/settings.json'
import koStudies from '../locales/ko/studies.json'
import koTags from '../locales/ko/tags.json'
import koTraining from '../locales/ko/training.json'
import type { Locale } from '../../contract'

/** Each file of locales/ is one namespace: `$t('studies.total')` is found in studies.json. */
export const messages = {
  en: {
    ...enCommon,
    agreement: enAgreement,
    protocols: enProtocols,
    queues: enQueues,
    studies: enStudies,
    evaluation: enEvaluation,
    experiments: enExperiments,
    intake: enIntake,
    measure: enMeasure,
    models: enModels,
    settings: enSettings,
    errors: enErrors,
    explain: enExplain,
    reading: enReading,
    tags: enTags,
    training: enTraining
  },
  ko: {
    ...koCommon,
    agreement: koAgreement,
    protocols: koProtocols,
    queues: koQueues,
    studies: koStudies,
    evaluation: koEvaluation,
    experiments: koExperiments,
    intake: koIntake,
    measure: koMeasure,
    models: koModels,
    settings: koSettings,
    errors: koErrors,
    explain: koExplain,
    reading: koReading,
    tags: koTags,
    training: koTraining
  }
}

export const i18n = createI18n({
  legacy: false,
  locale: preferredLocale(),
  fallbackLocale: 'en',
  messages
})

/** The system's language until the settings are read. */
function preferredLocale(): Locale {
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}

/** Changes the language of every string on screen and of the document itself. */
export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}
