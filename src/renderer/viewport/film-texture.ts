import type { Film } from './renderer'

/** A film on the graphics card at full bit depth. */
export interface FilmTexture {
  film: Film
  texture: WebGLTexture
  tileWidth: number
  tileHeight: number
  /** 0 where one layer holds the whole film. */
  tilesAcross: number
  byteSize: number
}

/**
 * Uploads a film as R16UI, one layer per tile; a film that fits in one texture is one tile. The last tiles of a row or
 * column are filled in part, and the shader never reads past the film.
 * @param largest longest side of one tile
 */
export function uploadFilm(gl: WebGL2RenderingContext, film: Film, largest: number): FilmTexture {
  const { columns, rows } = film.header
  const tileWidth = Math.min(columns, largest)
  const tileHeight = Math.min(rows, largest)
  const across = Math.ceil(columns / tileWidth)
  const down = Math.ceil(rows / tileHeight)
  const texture = gl.createTexture()
  gl.activeTexture(gl.TEXTURE0)
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture)
  gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.R16UI, tileWidth, tileHeight, across * down)
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.NEAREST)
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 2)
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, columns)
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const left = x * tileWidth
      const top = y * tileHeight
      gl.texSubImage3D(
        gl.TEXTURE_2D_ARRAY,
        0,
        0,
        0,
        y * across + x,
        Math.min(tileWidth, columns - left),
        Math.min(tileHeight, rows - top),
        1,
        gl.RED_INTEGER,
        gl.UNSIGNED_SHORT,
        film.values,
        top * columns + left
      )
    }
  }
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0)
  return {
    film,
    texture,
    tileWidth,
    tileHeight,
    tilesAcross: across * down === 1 ? 0 : across,
    byteSize: across * down * tileWidth * tileHeight * 2
  }
}
