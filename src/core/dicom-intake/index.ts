export { decodeFilm, readFilmFile, readImageHeader, type FilmFile } from './intake'
export { toRefusal } from './refuse'
export { DECODABLE_TRANSFER_SYNTAXES } from './dicom/transfer-syntax'
export { writeDicomFilm, writeGreyPng, type FilmToWrite, type WrittenTransferSyntax } from './write'
