export { drawFilm } from './draw-film'
export { lungField, type LungField } from './lung-field'
export { vertebraLevel } from './thorax'
