import type { Diagnosis } from '../domain'

/** Names, abbreviations, Korean terms and ICD-10 codes by which tables call the six classes; spaces and signs do not count. */
const NAMES: Record<Diagnosis, string[]> = {
  BPD: [
    'bpd',
    'bronchopulmonary dysplasia',
    'chronic lung disease',
    'chronic lung disease of prematurity',
    'cld',
    '기관지폐이형성증',
    '기관지폐이형성',
    '기관지 폐 형성 이상',
    '만성폐질환',
    'p27.1'
  ],
  ALS: [
    'als',
    'air leak',
    'air leak syndrome',
    'pulmonary air leak',
    'pneumothorax',
    'ptx',
    'pneumomediastinum',
    'pneumopericardium',
    'pie',
    'pulmonary interstitial emphysema',
    '기흉',
    '긴장성 기흉',
    '공기누출',
    '공기누출증후군',
    '공기유출증후군',
    '기종격동',
    '종격동기종',
    '폐간질기종',
    '간질성 폐기종',
    'p25',
    'p25.0',
    'p25.1',
    'p25.2',
    'p25.3',
    'p25.8'
  ],
  Atelectasis: ['atelectasis', 'atelectases', 'ate', 'lung collapse', '무기폐', '폐허탈', 'p28.0', 'p28.1'],
  Normal: ['normal', 'normal chest', 'no finding', 'no findings', 'healthy', '정상', '정상소견', '이상없음'],
  RDS: [
    'rds',
    'nrds',
    'irds',
    'respiratory distress syndrome',
    'respiratory distress syndrome of newborn',
    'neonatal respiratory distress syndrome',
    'hyaline membrane disease',
    'hmd',
    '호흡곤란증후군',
    '신생아호흡곤란증후군',
    '유리질막병',
    '초자양막증',
    'p22.0'
  ],
  TTN: [
    'ttn',
    'ttnb',
    'transient tachypnea of the newborn',
    'transient tachypnoea of the newborn',
    'transient tachypnea of newborn',
    'transient tachypnoea of newborn',
    'transient tachypnea',
    'wet lung',
    'wet lung disease',
    '신생아일과성빈호흡',
    '일과성빈호흡',
    '일과성 빠른 호흡',
    '신생아 일과성 빠른 호흡',
    '신생아 일과성 호흡곤란',
    'p22.1'
  ]
}

const squeeze = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\-_.,:;'"·/\\]+/g, '')

const BY_NAME = new Map<string, Diagnosis>(
  (Object.entries(NAMES) as [Diagnosis, string[]][]).flatMap(([diagnosis, names]) =>
    names.map(name => [squeeze(name), diagnosis] as const)
  )
)

/**
 * The class that a label cell most likely means, for the user to confirm; null where it is not known or names several.
 * 'RDS (호흡곤란증후군)' and 'P22.0 RDS' are understood where all understood parts agree.
 */
export function suggestDiagnosis(value: string): Diagnosis | null {
  const whole = BY_NAME.get(squeeze(value))
  if (whole) return whole
  const pieces = value.split(/[()[\]{}|:;]+|\s+-\s+/).filter(piece => squeeze(piece) !== '')
  if (pieces.length < 2) return null
  const meanings = pieces.map(piece => BY_NAME.get(squeeze(piece)) ?? null)
  return meanings[0] !== null && meanings.every(meaning => meaning === meanings[0]) ? meanings[0]! : null
}
