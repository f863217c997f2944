import * as fontkit from 'fontkit'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NeoGateError } from '../foundation'
import type { TextShape } from './drawing'
import type { Outline } from './svg'

/** Pretendard, which has Latin and Korean; a PDF embeds the characters that it uses. */
export interface Fonts {
  regular: Buffer
  bold: Buffer
}

const FILES = { regular: 'Pretendard-Regular.ttf', bold: 'Pretendard-SemiBold.ttf' } as const

/** @param folders where they may lie; the first that has them. @throws NeoGateError NOT_FOUND */
export async function loadFonts(folders: readonly string[]): Promise<Fonts> {
  for (const folder of folders) {
    const read = (name: string) => readFile(join(folder, name)).catch(() => null)
    const [regular, bold] = [await read(FILES.regular), await read(FILES.bold)]
    if (regular && bold) return { regular, bold }
  }
  throw new NeoGateError('NOT_FOUND', `The fonts of reports are not in ${folders.join(' or ')}.`, {
    file: FILES.regular,
    remedy: 'Install NeoGate again.'
  })
}

/** Text as paths, for pictures that are drawn where no such font may be installed. */
export function outlines({ regular, bold }: Fonts): Outline {
  const fonts = { regular: fontkit.create(regular), bold: fontkit.create(bold) }
  return ({ text, size, anchor, weight }: TextShape) => {
    const font = fonts[weight]
    const scale = size / font.unitsPerEm
    const { glyphs, positions, advanceWidth } = font.layout(text)
    let x = anchor === 'start' ? 0 : anchor === 'end' ? -advanceWidth : -advanceWidth / 2
    return glyphs
      .map((glyph, i) => {
        const { xAdvance, xOffset, yOffset } = positions[i]!
        const drawn = glyph.path
          .scale(scale, -scale)
          .translate((x + xOffset) * scale, -yOffset * scale)
          .toSVG()
        x += xAdvance
        return drawn
      })
      .join('')
  }
}
