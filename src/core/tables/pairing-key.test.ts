import { expect, it } from 'vitest'
import { pairingKey } from './pairing-key'

it.each([
  ['1.데이터/Training/01.원천데이터/TS_RDS/0001.dcm', '1.데이터/Training/02.라벨링데이터/TL_RDS/0001.json'],
  ['Validation/01.원천데이터/VS_01/a/b.png', 'Validation/02.라벨링데이터/VL_01/a/b.json'],
  ['images/train/1.png', 'labels/train/1.json'],
  ['원천데이터/영상.png'.normalize('NFD'), '라벨링데이터/영상.json'],
  ['set/Images/A.PNG', 'set/annotations/a.json']
])('%s goes with %s', (image, label) => expect(pairingKey(image)).toBe(pairingKey(label)))

it('keeps equal stems in two folders apart', () => {
  expect(pairingKey('images/h1/1.png')).not.toBe(pairingKey('labels/h2/1.json'))
  expect(pairingKey('Training/01.원천데이터/1.png')).not.toBe(pairingKey('Validation/02.라벨링데이터/1.json'))
})
