export {
  writeDicomFilm,
  WRITTEN_TRANSFER_SYNTAXES,
  type FilmToWrite,
  type WrittenTransferSyntax
} from './write-dicom'
export { writeGreyPng } from './write-png'
