export { drawFilm } from './draw-film'
export { vertebraLevel } from './thorax'
export { BORDER_TEXT } from './detector'
