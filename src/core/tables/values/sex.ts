import { foldValue } from '../cell'

export type Sex = 'M' | 'F'

const KNOWN: Record<Sex, string[]> = {
  M: ['m', 'male', 'boy', '남', '남자', '남아', '남성', '1'],
  F: ['f', 'female', 'girl', '여', '여자', '여아', '여성', '2']
}

/**
 * The usual meaning of a sex value, or null where there is none. 1 male, 2 female follow ISO/IEC 5218 and the Korean
 * Neonatal Network, whose 3 (ambiguous) stays unknown; 0 and 1 have no agreed meaning.
 * @param zeroBased true where the column holds 0, so that 1 cannot be read as male
 */
export function knownSex(value: string, zeroBased = false): Sex | null {
  const folded = foldValue(value)
  if (zeroBased && /^\d$/.test(folded)) return null
  if (KNOWN.M.includes(folded)) return 'M'
  if (KNOWN.F.includes(folded)) return 'F'
  return null
}
