/** Where the films of one infant lie on the strip, in CSS pixels from its left end. */
export interface StripLayout {
  /** Left edge of each card, in time order; cards never overlap. */
  cards: number[]
  /** Place of each film on the axis of hours of life; null where its age is unknown. */
  dots: (number | null)[]
  ticks: { hours: number; x: number }[]
  /** Width that all of it needs. */
  width: number
}

/** Hours of life that are marked on the axis: quarters of the first day, then days, weeks, months. */
const TICKS = [0, 6, 12, 24, 48, 72, 168, 336, 672, 1344, 2688]
const GAP = 6

/** The first days take most of the room: RDS and TTN are told apart within them. */
const stretch = (hours: number) => Math.log1p(Math.max(0, hours) / 6)

/**
 * Lays cards as near to their place on a logarithmic axis of hours of life as they fit; films of unknown age come last.
 * @param ages hours of life in time order, null where unknown
 */
export function layoutStrip(ages: (number | null)[], available: number, cardWidth: number): StripLayout {
  const known = ages.filter(age => age !== null)
  const oldest = Math.max(24, ...known)
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

  const ticks = TICKS.filter(hours => known.length > 0 && hours <= oldest).map(hours => ({
    hours,
    x: place(hours)
  }))
  return { cards, dots, ticks: spread(ticks), width: (cards.at(-1) ?? 0) + cardWidth }
}

/** Moves cards that ran out at the right end back to the left, as far as there is room. */
function pushBack(cards: number[], end: number, cardWidth: number): void {
  let limit = end - cardWidth
  for (let index = cards.length - 1; index >= 0; index--) {
    cards[index] = Math.max(0, Math.min(cards[index]!, limit))
    limit = cards[index]! - cardWidth - GAP
  }
}

/** Leaves out marks whose words would touch. */
function spread(ticks: { hours: number; x: number }[]): { hours: number; x: number }[] {
  const kept: typeof ticks = []
  for (const tick of ticks) if (kept.length === 0 || tick.x - kept.at(-1)!.x >= 36) kept.push(tick)
  return kept
}
