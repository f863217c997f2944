import { UsageError, type CommandCall } from './command'

type Options = CommandCall['options']

/** @throws UsageError */
export function requiredOption(options: Options, name: string): string {
  const value = options[name]
  if (typeof value !== 'string') throw new UsageError(`--${name} is required.`)
  return value
}

/** What was given, or null. */
export function textOption(options: Options, name: string): string | null {
  return options[name] === undefined ? null : String(options[name])
}

/** One of these words, `absent` where the option is not given. @throws UsageError */
export function choiceOption<Value extends string, Absent extends Value | null>(
  options: Options,
  name: string,
  values: readonly Value[],
  absent: Absent
): Value | Absent {
  const given = textOption(options, name)
  if (given === null) return absent
  if ((values as readonly string[]).includes(given)) return given as Value
  throw new UsageError(`--${name} takes ${values.join(', ')}.`)
}

/** A whole number of at least 0, or null where the option is not given. @throws UsageError */
export function integerOption(options: Options, name: string): number | null {
  const text = options[name]
  if (text === undefined) return null
  if (!/^\d{1,10}$/.test(String(text))) {
    throw new UsageError(`--${name} takes a whole number, not '${String(text)}'.`)
  }
  return Number(text)
}

/**
 * Gestational age as a clinician writes it, in days: '29w3d', '29+3', '29w' or '206d'. A bare number is refused: it could
 * be weeks or days. @throws UsageError
 */
export function gestationalAgeOption(options: Options, name: string): number | null {
  const text = options[name]
  if (text === undefined) return null
  const weeks = /^(\d{1,2})(?:w|\+)(?:([0-6])d?)?$/i.exec(String(text).trim())
  if (weeks) return Number(weeks[1]) * 7 + Number(weeks[2] ?? 0)
  const days = /^(\d{3})d$/i.exec(String(text).trim())
  if (days) return Number(days[1])
  throw new UsageError(`--${name} takes weeks and days, such as 29w3d or 29+3, not '${String(text)}'.`)
}
