import type { Drawing, Point, Shape, TextShape } from './drawing'

/** Outlines of a text as an SVG path, its anchor at the origin, y downwards. */
export type Outline = (text: TextShape) => string

const number = (value: number) => String(Math.round(value * 100) / 100)
const escaped = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
const path = (points: readonly Point[]) =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`).join('')

/**
 * A drawing as an SVG file. Text stays text, unless outlines are asked for: then it looks the same where its font is not
 * installed.
 * @param notice stands below the drawing and in its metadata
 */
export function toSvg({ title, width, height, shapes }: Drawing, notice: string, outline?: Outline): string {
  const whole = height + 14
  const footer: TextShape = {
    ...{ kind: 'text', x: 4, y: whole - 4, text: notice, size: 7 },
    ...{ anchor: 'start', weight: 'regular', fill: '#5c5c5c' }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number(width)} ${number(whole)}" width="${number(width)}pt" height="${number(whole)}pt" font-family="Pretendard, Helvetica, Arial, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(notice)}</desc>`,
    `<rect width="${number(width)}" height="${number(whole)}" fill="#ffffff"/>`,
    ...[...shapes, footer].map(shape => element(shape, outline)),
    '</svg>',
    ''
  ].join('\n')
}

function element(shape: Shape, outline: Outline | undefined): string {
  if (shape.kind === 'line') {
    const dash = shape.dash === undefined ? '' : ` stroke-dasharray="${number(shape.dash)}"`
    return `<path d="${path(shape.points)}" fill="none" stroke="${shape.stroke}" stroke-width="${number(shape.width)}" stroke-linejoin="round"${dash}/>`
  }
  if (shape.kind === 'area') {
    return `<path d="${path(shape.points)}Z" fill="${shape.fill}" fill-opacity="${number(shape.opacity)}"/>`
  }
  if (shape.kind === 'rect') {
    const { x, y, width, height, fill } = shape
    return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" fill="${fill}"/>`
  }
  if (shape.kind === 'circle') {
    return `<circle cx="${number(shape.x)}" cy="${number(shape.y)}" r="${number(shape.radius)}" fill="${shape.fill}"/>`
  }
  const { x, y, size, anchor, weight, fill, upright } = shape
  const place = `translate(${number(x)} ${number(y)})${upright ? ' rotate(-90)' : ''}`
  if (outline) return `<path transform="${place}" d="${outline(shape)}" fill="${fill}"/>`
  const bold = weight === 'bold' ? ' font-weight="600"' : ''
  return `<text transform="${place}" font-size="${number(size)}" text-anchor="${anchor}" fill="${fill}"${bold}>${escaped(shape.text)}</text>`
}
