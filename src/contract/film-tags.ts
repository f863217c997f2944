import { z } from 'zod'

export const SIDES = ['left', 'right', 'both'] as const
export type Side = (typeof SIDES)[number]

interface FindingKind {
  code: string
  group: 'air' | 'lung' | 'heart' | 'abdomen' | 'bone' | 'malformation' | 'film'
  /** May say on which side. */
  sided?: true
}

/** Secondary findings of a newborn's chest film, beside the class; named as in radiological reports. */
export const FINDINGS = [
  { code: 'pneumothorax', group: 'air', sided: true },
  { code: 'pneumomediastinum', group: 'air' },
  { code: 'pneumopericardium', group: 'air' },
  { code: 'interstitial-emphysema', group: 'air', sided: true },
  { code: 'subcutaneous-emphysema', group: 'air', sided: true },
  { code: 'pleural-effusion', group: 'lung', sided: true },
  { code: 'consolidation', group: 'lung', sided: true },
  { code: 'whiteout', group: 'lung', sided: true },
  { code: 'air-bronchogram', group: 'lung' },
  { code: 'fissural-fluid', group: 'lung' },
  { code: 'hyperinflation', group: 'lung', sided: true },
  { code: 'low-lung-volume', group: 'lung' },
  { code: 'meconium-aspiration', group: 'lung' },
  { code: 'pneumonia', group: 'lung', sided: true },
  { code: 'cardiomegaly', group: 'heart' },
  { code: 'pulmonary-oedema', group: 'heart' },
  { code: 'increased-vascularity', group: 'heart' },
  { code: 'decreased-vascularity', group: 'heart' },
  { code: 'dilated-bowel', group: 'abdomen' },
  { code: 'pneumatosis-intestinalis', group: 'abdomen' },
  { code: 'portal-venous-gas', group: 'abdomen' },
  { code: 'pneumoperitoneum', group: 'abdomen' },
  { code: 'gasless-abdomen', group: 'abdomen' },
  { code: 'rib-fracture', group: 'bone', sided: true },
  { code: 'clavicle-fracture', group: 'bone', sided: true },
  { code: 'osteopenia', group: 'bone' },
  { code: 'vertebral-anomaly', group: 'bone' },
  { code: 'diaphragmatic-hernia', group: 'malformation', sided: true },
  { code: 'lung-cyst', group: 'malformation', sided: true },
  { code: 'oesophageal-atresia', group: 'malformation' },
  { code: 'rotated', group: 'film' },
  { code: 'motion', group: 'film' },
  { code: 'skin-fold', group: 'film' },
  { code: 'artefact', group: 'film' }
] as const satisfies readonly FindingKind[]

const ALONG = ['absent', 'well-placed', 'too-high', 'too-low', 'malpositioned'] as const
const BESIDE = ['absent', 'well-placed', 'malpositioned'] as const

/** Lines and tubes, and where their tips can lie; 'absent' is a statement, no tag is none. */
export const DEVICES = [
  { code: 'ett', positions: ALONG },
  { code: 'uvc', positions: ALONG },
  { code: 'uac', positions: ALONG },
  { code: 'picc', positions: ['absent', 'well-placed', 'too-deep', 'too-short', 'malpositioned'] },
  { code: 'gastric-tube', positions: ALONG },
  { code: 'chest-drain-left', positions: BESIDE },
  { code: 'chest-drain-right', positions: BESIDE }
] as const

export type FindingCode = (typeof FINDINGS)[number]['code']
export type DeviceCode = (typeof DEVICES)[number]['code']
export type DevicePosition = (typeof DEVICES)[number]['positions'][number]

/** Every tag in the order in which tags are kept and listed: 'pneumothorax', 'pneumothorax:left' ... 'ett:too-low'. */
export const FILM_TAGS: readonly string[] = [
  ...FINDINGS.flatMap((finding: FindingKind) => [
    finding.code,
    ...(finding.sided ? SIDES.map(side => `${finding.code}:${side}`) : [])
  ]),
  ...DEVICES.flatMap(({ code, positions }) => positions.map(position => `${code}:${position}`))
]
const PLACE = new Map(FILM_TAGS.map((tag, place) => [tag, place]))
const DEVICE_CODES = new Set<string>(DEVICES.map(({ code }) => code))

/** A finding with or without its side, or a device with its position. */
export const filmTag = z.string().refine(tag => PLACE.has(tag), { message: 'not a known finding or device' })

/** What a tag is about; a film has at most one tag of each. */
export const tagCode = (tag: string): string => tag.split(':')[0]!
/** The side or position, if the tag says one. */
export const tagDetail = (tag: string): string | null => tag.split(':')[1] ?? null
export const isDeviceTag = (tag: string): boolean => DEVICE_CODES.has(tagCode(tag))

export const filmTags = z
  .array(filmTag)
  .max(FINDINGS.length + DEVICES.length)
  .refine(tags => new Set(tags.map(tagCode)).size === tags.length, {
    message: 'two tags about the same finding or device'
  })

/** In the one order in which they are kept. */
export function inTagOrder(tags: readonly string[]): string[] {
  return [...tags].sort((a, b) => (PLACE.get(a) ?? 0) - (PLACE.get(b) ?? 0))
}

/** Adds a tag in place of another about the same thing; takes it away where it is there already. */
export function toggleTag(tags: readonly string[], tag: string): string[] {
  const others = tags.filter(each => tagCode(each) !== tagCode(tag))
  return inTagOrder(tags.includes(tag) ? others : [...others, tag])
}
