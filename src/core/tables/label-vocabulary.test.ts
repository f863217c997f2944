import { expect, it } from 'vitest'
import { suggestDiagnosis } from './label-vocabulary'

it.each([
  ['RDS', 'RDS'],
  ['호흡곤란증후군', 'RDS'],
  ['신생아 호흡곤란 증후군', 'RDS'],
  ['호흡곤란증후군'.normalize('NFD'), 'RDS'],
  ['Hyaline Membrane Disease', 'RDS'],
  ['RDS (호흡곤란증후군)', 'RDS'],
  ['P22.0', 'RDS'],
  ['TTN', 'TTN'],
  ['ttnb', 'TTN'],
  ['신생아일과성빈호흡', 'TTN'],
  ['Transient tachypnoea of the newborn', 'TTN'],
  ['기관지폐이형성증', 'BPD'],
  ['chronic-lung disease', 'BPD'],
  ['기흉', 'ALS'],
  ['air_leak', 'ALS'],
  ['Pneumothorax', 'ALS'],
  ['무기폐', 'Atelectasis'],
  ['정상', 'Normal'],
  ['No Finding', 'Normal'],
  // Never guessed: several classes, negations, codes of unknown meaning, other diseases.
  ['RDS; TTN', null],
  ['RDS/TTN', null],
  ['no RDS', null],
  ['r/o RDS', null],
  ['1', null],
  ['pneumonia', null],
  ['', null]
])('%s is %s', (value, diagnosis) => expect(suggestDiagnosis(value)).toBe(diagnosis))
