export { decodeFilm, readFilmFile, readImageHeader, type FilmFile } from './intake'
export { toRefusal } from './refuse'
export { DECODABLE_TRANSFER_SYNTAXES } from './dicom/transfer-syntax'
