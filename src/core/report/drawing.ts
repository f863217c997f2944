/** Width and height in points (1/72 inch); y grows downwards. */
export interface Drawing {
  title: string
  width: number
  height: number
  shapes: Shape[]
}

export type Point = readonly [x: number, y: number]

/** All that the figures of a report are made of, so that SVG and PDF show the same. */
export type Shape =
  | { kind: 'line'; points: Point[]; stroke: string; width: number; dash?: number }
  | { kind: 'area'; points: Point[]; fill: string; opacity: number }
  | { kind: 'rect'; x: number; y: number; width: number; height: number; fill: string }
  | { kind: 'circle'; x: number; y: number; radius: number; fill: string }
  | TextShape

export interface TextShape {
  kind: 'text'
  /** Of the anchor on the baseline. */
  x: number
  y: number
  text: string
  size: number
  anchor: 'start' | 'middle' | 'end'
  weight: 'regular' | 'bold'
  fill: string
  /** Reads from below upwards. */
  upright?: boolean
}

export const INK = '#1a1a1a'
export const MUTED = '#5c5c5c'
export const RULE = '#d0d0d0'
/** Told apart by people with any colour vision (Okabe and Ito 2008), in class order. */
export const CLASS_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#5c5c5c', '#cc79a7', '#b8860b'] as const

export function text(
  x: number,
  y: number,
  content: string,
  more: Partial<Omit<TextShape, 'kind' | 'x' | 'y' | 'text'>> = {}
): TextShape {
  return {
    kind: 'text',
    x,
    y,
    text: content,
    size: 8,
    anchor: 'start',
    weight: 'regular',
    fill: INK,
    ...more
  }
}
