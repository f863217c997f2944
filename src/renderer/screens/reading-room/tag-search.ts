import { FILM_TAGS } from '../../../contract'

/** What readers type for a name, beside the names themselves. */
const SHORT: Record<string, string> = {
  pneumothorax: 'ptx px',
  pneumomediastinum: 'pm',
  pneumopericardium: 'pp',
  'interstitial-emphysema': 'pie',
  'pleural-effusion': 'effusion',
  'meconium-aspiration': 'mas',
  'increased-vascularity': 'overcirculation shunt',
  'decreased-vascularity': 'oligaemia',
  'dilated-bowel': 'nec gas',
  'pneumatosis-intestinalis': 'nec',
  'portal-venous-gas': 'nec pvg',
  pneumoperitoneum: 'nec free air',
  'rib-fracture': 'fx',
  'clavicle-fracture': 'fx',
  'diaphragmatic-hernia': 'cdh',
  'lung-cyst': 'cpam ccam',
  'oesophageal-atresia': 'ea esophageal tef',
  'pulmonary-oedema': 'edema',
  'low-lung-volume': 'hypoinflation',
  whiteout: 'white out',
  ett: 'endotracheal tube',
  uvc: 'umbilical vein catheter',
  uac: 'umbilical artery catheter',
  picc: 'pcvc longline',
  'gastric-tube': 'ngt ogt feeding',
  'chest-drain-left': 'ctd thoracic',
  'chest-drain-right': 'ctd thoracic'
}

export interface TagOption {
  tag: string
  text: string
}

const fold = (text: string) => text.normalize('NFC').toLowerCase()
/** NFC text after a space or a mark of punctuation begins a word. */
const wordsOf = (text: string) =>
  fold(text)
    .split(/[\s:,./()·-]+/u)
    .filter(Boolean)

/**
 * Tags that every word of a query begins a word of: by their names in the languages given, their codes and common short forms.
 * Those whose name begins with the query come first; else the order is that of the contract.
 * @param names of one tag, the shown one first
 */
export function searchTags(query: string, names: (tag: string) => string[]): TagOption[] {
  const sought = wordsOf(query)
  const options = FILM_TAGS.map(tag => ({ tag, names: names(tag) }))
  const matches = options.filter(option => {
    const words = [...option.names, option.tag, SHORT[option.tag.split(':')[0]!] ?? ''].flatMap(wordsOf)
    return sought.every(part => words.some(word => word.startsWith(part)))
  })
  const begins = (option: { names: string[]; tag: string }) =>
    sought.length > 0 && [...option.names, option.tag].some(name => fold(name).startsWith(sought[0]!))
  return [...matches.filter(begins), ...matches.filter(option => !begins(option))].map(option => ({
    tag: option.tag,
    text: option.names[0]!
  }))
}
