/** Folds text so that finding does not depend on case or on how a file system composes letters (NFC, NFD). */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** What a film is found by, its path last; lines keep a search from matching across two fields. */
export function searchText(film: { patientKey: string; path: string; site: string }): string {
  return foldText(`${film.patientKey}\n${film.site}\n${film.path}`)
}

/** @param sought one line, folded */
export function foundIn(text: string, sought: string, where: 'all' | 'names' = 'all'): boolean {
  const found = text.indexOf(sought)
  return found >= 0 && (where === 'all' || found < text.indexOf('\n', text.indexOf('\n') + 1))
}
