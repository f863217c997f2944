import { describe, expect, it } from 'vitest'
import en from '../../locales/en/tags.json'
import ko from '../../locales/ko/tags.json'
import { DEVICES, FILM_TAGS, FINDINGS, SIDES, tagCode, tagDetail } from '../../../contract'
import { searchTags } from './tag-search'

const names = (tag: string) => {
  const [code, detail] = [tagCode(tag), tagDetail(tag)]
  const device = (en.device as Record<string, string>)[code]
  if (device) return [`${device}: ${(en.position as Record<string, string>)[detail!]}`]
  const finding = (en.finding as Record<string, string>)[code]!
  return [detail ? `${finding}, ${(en.side as Record<string, string>)[detail]}` : finding]
}
const first = (query: string) => searchTags(query, names)[0]?.tag

describe('type-ahead over findings and devices', () => {
  it.each([
    ['pneumothorax', 'pneumothorax'],
    ['pneumot l', 'pneumothorax:left'],
    ['PTX r', 'pneumothorax:right'],
    ['pie', 'interstitial-emphysema'],
    ['card', 'cardiomegaly'],
    ['ett low', 'ett:too-low'],
    ['uvc w', 'uvc:well-placed'],
    ['picc deep', 'picc:too-deep'],
    ['chest drain left mal', 'chest-drain-left:malpositioned'],
    ['cdh', 'diaphragmatic-hernia'],
    ['edema', 'pulmonary-oedema']
  ])('finds %j', (query, tag) => expect(first(query)).toBe(tag))

  it('lists all the signs of NEC', () => {
    expect(searchTags('nec', names).map(({ tag }) => tag)).toEqual([
      'dilated-bowel',
      'pneumatosis-intestinalis',
      'portal-venous-gas',
      'pneumoperitoneum'
    ])
  })

  it('lists everything while nothing is typed, and nothing for what is not there', () => {
    expect(searchTags('', names).map(({ tag }) => tag)).toEqual(FILM_TAGS)
    expect(searchTags('xyz', names)).toEqual([])
  })

  it.each([
    ['English', en],
    ['Korean', ko]
  ])('has a name for each in %s', (_, texts) => {
    expect(Object.keys(texts.finding)).toEqual(FINDINGS.map(({ code }) => code))
    expect(Object.keys(texts.device)).toEqual(DEVICES.map(({ code }) => code))
    expect(Object.keys(texts.side)).toEqual([...SIDES])
    for (const { positions } of DEVICES)
      for (const position of positions) expect(texts.position).toHaveProperty(position)
  })
})
