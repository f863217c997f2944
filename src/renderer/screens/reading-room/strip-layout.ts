/** A mark on the axis; the landmarks are what a reader dates a film by. */
export interface StripTick {
  hours: number
  x: number
  landmark: boolean
}

/** Where the films of one infant lie on the strip, in CSS pixels from its left end. */
export interface StripLayout {
  /** Left edge of each card, in time order; cards never overlap. */
  cards: number[]
  /** Place of each film on the axis of hours of life; null where its age is unknown. */
  dots: (number | null)[]
  ticks: StripTick[]
  /** Width that all of it needs. */
  width: number
}

/** Marked on every axis: before 6 h, the first day, the third, and 28 days, from which BPD is spoken of. */
export const LANDMARKS = [6, 24, 72, 672]
/** Marked as well where there is room. */
const OTHER_TICKS = [0, 2, 12, 48, 168, 336, 1344, 2160, 4320]
/** The axis reaches at least this far, so that the first days look alike for every infant. */
const LEAST_REACH = 72
const GAP = 6
/** Between the middles of two words on the axis. */
const TICK_ROOM = 40

/** The first hours take most of the room, and three months still fit: 2 h lies at 8 % of 90 days, 24 h at 33 %. */
const stretch = (hours: number) => Math.log1p(Math.max(0, hours) / 3)

/**
 * Lays cards as near to their place on a logarithmic axis of hours of life as they fit; films of unknown age come last.
 * @param ages hours of life in time order, null where unknown
 */
export function layoutStrip(ages: (number | null)[], available: number, cardWidth: number): StripLayout {
  const known = ages.filter(age => age !== null)
  const oldest = Math.max(LEAST_REACH, ...known)
  const from = cardWidth / 2
  const reach = Math.max(0, available - cardWidth - (ages.length - known.length) * (cardWidth + GAP))
  const place = (hours: number) => from + (stretch(hours) / stretch(oldest)) * reach

  const dots = ages.map(age => (age === null ? null : place(age)))
  const cards: number[] = []
  for (const [index, dot] of dots.entries()) {
    const earliest = index === 0 ? 0 : cards[index - 1]! + cardWidth + GAP
    cards.push(Math.max(earliest, dot === null ? earliest : dot - cardWidth / 2))
  }
  pushBack(cards, Math.max(available, (cards.length - 1) * (cardWidth + GAP) + cardWidth), cardWidth)

  const tick = (landmark: boolean) => (hours: number) => ({ hours, x: place(hours), landmark })
  const within = (hours: number) => known.length > 0 && hours <= oldest
  const ticks = spread([
    ...LANDMARKS.filter(within).map(tick(true)),
    ...OTHER_TICKS.filter(within).map(tick(false))
  ])
  return { cards, dots, ticks, width: (cards.at(-1) ?? 0) + cardWidth }
}

/** Moves cards that ran out at the right end back to the left, as far as there is room. */
function pushBack(cards: number[], end: number, cardWidth: number): void {
  let limit = end - cardWidth
  for (let index = cards.length - 1; index >= 0; index--) {
    cards[index] = Math.max(0, Math.min(cards[index]!, limit))
    limit = cards[index]! - cardWidth - GAP
  }
}

/** Leaves out marks whose words would touch; those that come first stay. */
function spread(ticks: StripTick[]): StripTick[] {
  const kept: StripTick[] = []
  for (const tick of ticks) if (kept.every(other => Math.abs(other.x - tick.x) >= TICK_ROOM)) kept.push(tick)
  return kept.sort((a, b) => a.hours - b.hours)
}
