/** A share of a project's films as a random sample of them tells it. */
export interface SampleEstimate {
  estimate: number
  low: number
  high: number
  sampled: number
  population: number
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964

/**
 * Share of films that have a property, from a simple random sample without replacement: Wilson's score interval (1927) at
 * 95 %, its sample enlarged for the part of the population that has been seen (finite population correction). Films are
 * what is drawn, so that films of one infant being alike changes nothing here.
 * @returns null without a sample
 */
export function estimateShare(hits: number, sampled: number, population: number): SampleEstimate | null {
  if (sampled === 0) return null
  const estimate = hits / sampled
  if (sampled >= population) return { estimate, low: estimate, high: estimate, sampled, population }
  const n = (sampled * (population - 1)) / (population - sampled)
  const centre = (estimate + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n)
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((estimate * (1 - estimate)) / n + (Z * Z) / (4 * n * n))
  return {
    estimate,
    low: Math.max(0, centre - half),
    high: Math.min(1, centre + half),
    sampled,
    population
  }
}
