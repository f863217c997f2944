/** Folds text so that finding does not depend on case or on how a file system composes letters (NFC, NFD). */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** What a film is found by; lines keep a search from matching across two fields. */
export function searchText(film: { patientKey: string; path: string; site: string }): string {
  return foldText(`${film.patientKey}\n${film.path}\n${film.site}`)
}
