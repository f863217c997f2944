import type { ImageKeyKind } from './mapping'
import { pairingKey } from './pairing-key'

/** What films are found by. */
export interface FilmKeys {
  /** Below the study folder, '/' between folders. */
  path: string
  sopInstanceUid: string | null
}

const fold = (text: string) => text.normalize('NFC').toLowerCase()
const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const withoutExtension = (name: string) => name.replace(/(?<=.)\.[^.]+$/, '')
const slashes = (path: string) => path.replace(/\\/g, '/').replace(/^(?:\.\/)+/, '')

/** The key of a film under a kind of image key; null where it has none. Case and NFC or NFD do not count. */
export function filmKey(film: FilmKeys, kind: ImageKeyKind): string | null {
  switch (kind) {
    case 'path':
      return fold(film.path)
    case 'name':
      return fold(baseName(film.path))
    case 'stem':
      return fold(withoutExtension(baseName(film.path)))
    case 'sop-instance-uid':
      return film.sopInstanceUid
  }
}

/**
 * The same key from a table cell. Paths may be absolute if they lie in the study folder, and may use backslashes; names and
 * stems may be given as paths. A trailing extension in a stem is cut only where it is one of an image.
 */
export function cellKey(cell: string, kind: ImageKeyKind, folder: string): string {
  const text = slashes(cell.trim())
  switch (kind) {
    case 'path': {
      const key = fold(text)
      const root = fold(slashes(folder)).replace(/\/+$/, '')
      return key.startsWith(`${root}/`) ? key.slice(root.length + 1) : key.replace(/^\/+/, '')
    }
    case 'name':
      return fold(baseName(text))
    case 'stem':
      return fold(baseName(text).replace(/\.(?:dcm|dicom|dic|png|jpe?g|tiff?|json)$/i, ''))
    case 'sop-instance-uid':
      return text
  }
}

/** Keys of films and label files that stand in parallel trees: whole paths, so that equal stems in two folders differ. */
export function parallelKey(folder: string, path: string): string {
  return pairingKey(`${slashes(folder)}/${slashes(path)}`)
}
