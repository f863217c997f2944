import { describe, expect, it } from 'vitest'
import css from './tokens.css?raw'

const token = (name: string) => {
  const value = new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`, 'i').exec(css)?.[1]
  if (!value) throw new Error(`No colour --${name} in tokens.css`)
  return value
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(token(a)), luminance(token(b))].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const SURFACES = [
  'surface-film',
  'surface-app',
  'surface-panel',
  'surface-raised',
  'surface-field',
  'surface-hover',
  'surface-selected',
  'surface-chosen'
]
const TEXTS = ['text', 'text-muted', 'text-faint', 'accent', 'warn', 'danger', 'ok']

describe('contrast (WCAG 2.2 AA)', () => {
  it.each(SURFACES.flatMap(surface => TEXTS.map(text => [text, surface] as const)))(
    'of %s on %s',
    (text, surface) => {
      expect(contrast(text, surface)).toBeGreaterThanOrEqual(4.5)
    }
  )

  it('of control outlines and the focus ring', () => {
    for (const surface of ['surface-app', 'surface-panel', 'surface-field']) {
      expect(contrast('line-control', surface)).toBeGreaterThanOrEqual(3)
      expect(contrast('focus', surface)).toBeGreaterThanOrEqual(3)
    }
  })

  it('of text on the accent', () => {
    expect(contrast('text-on-accent', 'accent')).toBeGreaterThanOrEqual(4.5)
  })
})
