import { useI18n } from 'vue-i18n'
import { revisionLine, type RevisionWords } from '../format'
import type { Revision } from '../../contract'
import { useTagText } from './tag-text'

/** What a history entry changed, on one line in the reader's language; a code that has no word here stays as it is. */
export function useRevisionLine(): (revision: Pick<Revision, 'kind' | 'old' | 'new'>) => string {
  const { t, te } = useI18n()
  const tagText = useTagText()
  const word = (key: string, code: string) => (te(key) ? t(key) : code)
  const words: RevisionWords = {
    diagnosis: code => word(`diagnosis.${code}.short`, code),
    tag: tagText,
    sex: code => word(`sex.short.${code}`, code),
    annotation: kind => word(`measure.tool.${kind}.name`, kind)
  }
  return revision => revisionLine(revision, words)
}
