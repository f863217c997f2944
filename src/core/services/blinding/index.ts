export { createGuard, type Guard } from './guard'
export { maskReasons, maskRow, showsRevision, veilOf } from './mask'
export {
  blindingOf,
  FIGURES,
  hiddenKinds,
  hidesOf,
  hidesOfFilm,
  isBlinded,
  NOTHING,
  tells,
  type Blinding
} from './reader-blinding'
