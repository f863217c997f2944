/** A time left in the largest unit that tells enough, for i18n: { key: 'timeLeft.minutes', n: 3 }. */
export interface TimeLeft {
  key: 'timeLeft.seconds' | 'timeLeft.minutes' | 'timeLeft.hours'
  n: number
}

/** Rounds up, so that a wait is never promised shorter than it is; seconds go in fives from ten on. */
export function formatTimeLeft(seconds: number | null): TimeLeft | null {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return null
  if (seconds <= 10) return { key: 'timeLeft.seconds', n: Math.max(1, Math.ceil(seconds)) }
  if (seconds <= 90) return { key: 'timeLeft.seconds', n: Math.ceil(seconds / 5) * 5 }
  if (seconds <= 90 * 60) return { key: 'timeLeft.minutes', n: Math.ceil(seconds / 60) }
  return { key: 'timeLeft.hours', n: Math.ceil(seconds / 3600) }
}

const AGE_UNITS = { en: { hours: ' h', days: ' d' }, ko: { hours: '시간', days: '일' } }

/** Age of an infant at the film: hours up to two days ('6 h'), then days and hours ('3 d 4 h'), whole days from 10 on. */
export function formatHoursOfLife(hours: number | null, locale = 'en'): string {
  if (hours === null) return '–'
  const unit = locale === 'ko' ? AGE_UNITS.ko : AGE_UNITS.en
  const sign = hours < 0 ? '−' : ''
  const whole = Math.round(Math.abs(hours))
  if (whole < 48) return `${sign}${whole}${unit.hours}`
  const days = Math.floor(whole / 24)
  const rest = whole % 24
  return `${sign}${days}${unit.days}${days >= 10 || rest === 0 ? '' : ` ${rest}${unit.hours}`}`
}
