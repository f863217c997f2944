import { describe, expect, it } from 'vitest'
import { createRandom } from '../foundation'
import {
  cleaningScore,
  consensusOf,
  contextDependent,
  coreSet,
  createSketch,
  estimateShare,
  forAdjudication,
  groupedFolds,
  highestEntropy,
  implausibleContext,
  labelSuspects,
  mixRandom,
  randomAudit,
  repeats,
  smallestMargin,
  ttnRds,
  unlabelled,
  type QueueFilm,
  type Vote
} from './index'

const film = (id: string, values: Partial<QueueFilm> = {}): QueueFilm => ({
  id,
  patientId: id,
  site: 'Seoul',
  ageHours: null,
  label: null,
  certainty: null,
  predicted: null,
  confidence: null,
  ...values
})
const ids = (queue: readonly { filmId: string }[]) => queue.map(({ filmId }) => filmId)
const sure = (rds: number) => [0, 0, 0, 0, rds, 1 - rds]

describe('label suspects', () => {
  it('scores a confident contradiction above an ambiguous film (Bernhardt 2022)', () => {
    expect(cleaningScore(sure(0.98), 5)).toBeGreaterThan(cleaningScore(sure(0.6), 5))
    // Nothing is known: no label is suspect, whatever it is.
    expect(cleaningScore(Array(6).fill(1 / 6), 2)).toBeCloseTo(0, 12)
    // CE - H by hand: -ln 0.1 - (-(0.9 ln 0.9 + 0.1 ln 0.1))
    expect(cleaningScore(sure(0.9), 5)).toBeCloseTo(
      -Math.log(0.1) + 0.9 * Math.log(0.9) + 0.1 * Math.log(0.1),
      12
    )
    expect(Number.isFinite(cleaningScore(sure(1), 5))).toBe(true)
  })

  it('lists films whose label another class beats, and says which', () => {
    const films = [
      film('right', { label: 'RDS' }),
      film('wrong', { label: 'TTN' }),
      film('worse', { label: 'TTN' }),
      film('open')
    ]
    const found = labelSuspects(
      films,
      new Map([
        ['right', sure(0.9)],
        ['wrong', sure(0.8)],
        ['worse', sure(0.99)],
        ['open', sure(0.99)]
      ])
    )
    expect(ids(found)).toEqual(['worse', 'wrong'])
    expect(found[0]!.reasons[0]).toMatchObject({ kind: 'label-suspect', label: 'TTN', suggested: 'RDS' })
  })
})

describe('TTN against RDS', () => {
  it('finds it between readers, against the model and in the infant’s course', () => {
    const films = [
      film('readers'),
      film('model', { label: 'TTN', predicted: 'RDS', confidence: 0.7 }),
      film('first', { patientId: 'p', label: 'TTN', ageHours: 4 }),
      film('second', { patientId: 'p', label: 'RDS', ageHours: 16 }),
      film('late', { patientId: 'p', label: 'RDS', ageHours: 400 }),
      film('agreed', { label: 'RDS', predicted: 'RDS', confidence: 0.9 })
    ]
    const readings = new Map([
      [
        'readers',
        [
          { reader: 'a', diagnosis: 'TTN' as const },
          { reader: 'b', diagnosis: 'RDS' as const }
        ]
      ]
    ])
    const found = ttnRds(films, readings)
    expect(ids(found)).toEqual(['readers', 'first', 'second', 'model'])
    expect(found[1]!.reasons).toEqual([
      { kind: 'ttn-rds-course', label: 'TTN', otherLabel: 'RDS', otherFilmId: 'second', hoursApart: 12 }
    ])
  })
})

describe('clinical context', () => {
  it('names each infant once, the impossible first', () => {
    const films = [
      film('a1', { patientId: 'a', ageHours: 2 }),
      film('a2', { patientId: 'a', ageHours: 50 }),
      film('b1', { patientId: 'b' }),
      film('c1', { patientId: 'c' })
    ]
    const judged = new Map([
      ['a', { state: 'warn', zScore: -3.4, findings: ['small-for-ga'] }],
      ['b', { state: 'blocked', zScore: null, findings: ['bw-in-kilograms'] }],
      ['c', { state: 'missing', zScore: null, findings: ['missing-bw'] }]
    ])
    expect(ids(implausibleContext(films, judged))).toEqual(['b1', 'a2'])
  })

  it('finds answers that GA and BW decide', () => {
    const found = contextDependent(
      new Map([
        ['flips', { own: sure(0.8), atMean: sure(0.3) }],
        ['stays', { own: sure(0.8), atMean: sure(0.55) }]
      ])
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      filmId: 'flips',
      reasons: [{ predicted: 'RDS', predictedAtMean: 'TTN' }]
    })
    expect(found[0]!.score).toBeCloseTo(0.5, 12)
  })
})

describe('chance', () => {
  const films = Array.from({ length: 400 }, (_, i) => film(`f${i}`))

  it('draws the same order for the same seed, whatever order the films come in', () => {
    expect(ids(randomAudit(films, 4))).toEqual(ids(randomAudit([...films].reverse(), 4)))
    expect(ids(randomAudit(films, 4))).not.toEqual(ids(randomAudit(films, 5)))
  })

  it('mixes a share in from all films, also from those that the queue holds', () => {
    const queue = films.slice(0, 200).map(({ id }, i) => ({
      filmId: id,
      score: 1 - i / 200,
      reasons: [{ kind: 'unlabelled' as const }]
    }))
    const mixed = mixRandom(queue, films, { share: 0.15, count: 100, seed: 3 })
    expect(mixed).toHaveLength(100)
    expect(new Set(mixed.map(({ film: { filmId } }) => filmId)).size).toBe(100)
    expect(mixed.filter(({ random }) => random)).toHaveLength(15)
    const drawn = mixed.filter(({ random }) => random).map(({ film: { filmId } }) => filmId)
    expect(drawn).toEqual(ids(randomAudit(films, 3)).slice(0, 15))
    // The queue's own order stands between the drawn films.
    const chosen = mixed.filter(({ random }) => !random).map(({ film: { score } }) => score)
    expect(chosen).toEqual([...chosen].sort((a, b) => b - a))
  })

  it('hands out for a second reading only what was read before the given time', () => {
    const readAt = new Map([
      ['old', '2024-01-01T00:00:00.000Z'],
      ['new', '2024-03-01T00:00:00.000Z']
    ])
    expect(ids(repeats(readAt, { before: '2024-02-01T00:00:00.000Z', seed: 1 }))).toEqual(['old'])
  })

  it('estimates a share with an interval that covers the truth about as often as it says', () => {
    const population = 1200
    for (const truth of [0.5, 0.9, 0.97]) {
      const wrong = Math.round((1 - truth) * population)
      let covered = 0
      const simulations = 600
      for (let s = 0; s < simulations; s++) {
        const order = createRandom(s, `audit ${truth}`).shuffle([...Array(population).keys()])
        const hits = order.slice(0, 150).filter(i => i >= wrong).length
        const { low, high } = estimateShare(hits, 150, population)!
        if (low <= 1 - wrong / population && 1 - wrong / population <= high) covered++
      }
      expect(covered / simulations).toBeGreaterThan(0.925)
    }
    expect(estimateShare(0, 0, 10)).toBeNull()
    expect(estimateShare(9, 10, 10)).toMatchObject({ low: 0.9, high: 0.9 })
  })
})

describe('active learning', () => {
  it('puts undecided films first', () => {
    const answers = new Map([
      ['sure', sure(0.99)],
      ['torn', sure(0.52)],
      ['lost', Array(6).fill(1 / 6) as number[]]
    ])
    expect(ids(smallestMargin(answers))).toEqual(['lost', 'torn', 'sure'])
    expect(highestEntropy(answers)[0]).toMatchObject({ filmId: 'lost', reasons: [{ kind: 'entropy' }] })
    expect(highestEntropy(answers)[0]!.score).toBeCloseTo(1, 12)
  })

  it('covers the space: one film of each cluster before a second of any, none beside what is labelled', () => {
    const random = createRandom(2)
    const sketch = createSketch(256)
    const centres = [0, 1, 2, 3].map(() => Float32Array.from({ length: 256 }, () => 4 * random.normal()))
    const around = (centre: Float32Array) => sketch(centre.map(value => value + 0.1 * random.normal()))
    const candidates = new Map(
      Array.from({ length: 40 }, (_, i) => [`f${String(i).padStart(2, '0')}`, around(centres[i % 4]!)])
    )
    const found = coreSet(candidates, [around(centres[0]!)], 3)
    expect(new Set(ids(found).map(id => Number(id.slice(1)) % 4))).toEqual(new Set([1, 2, 3]))
    expect(found.map(({ score }) => score)[0]).toBe(1)
    expect(coreSet(candidates, [], 1000)).toHaveLength(40)
  })

  it('sketches keep distances', () => {
    const random = createRandom(3)
    const sketch = createSketch(2048)
    const a = Float32Array.from({ length: 2048 }, () => random.normal())
    const b = Float32Array.from({ length: 2048 }, () => random.normal())
    const length = (x: Float32Array, y: Float32Array) => Math.hypot(...x.map((value, i) => value - y[i]!))
    const ratio = length(sketch(a), sketch(b)) / length(a, b)
    expect(ratio).toBeGreaterThan(0.7)
    expect(ratio).toBeLessThan(1.3)
  })
})

describe('consensus', () => {
  const vote = (reader: string, diagnosis: Vote['diagnosis']): Vote => ({
    reader,
    diagnosis,
    certainty: 'sure'
  })

  it('waits for the readers wanted, then takes the majority; an adjudicator decides', () => {
    const [a, b, c] = [vote('a', 'TTN'), vote('b', 'RDS'), vote('c', 'RDS')]
    expect(consensusOf([a], 2, null)).toMatchObject({ diagnosis: null, by: 'open' })
    expect(consensusOf([b, c], 2, null)).toMatchObject({ diagnosis: 'RDS', by: 'unanimous' })
    expect(consensusOf([a, b], 2, null)).toMatchObject({ diagnosis: null, by: 'none' })
    expect(consensusOf([a, b, c], 3, null)).toMatchObject({ diagnosis: 'RDS', by: 'majority' })
    expect(consensusOf([a, b], 2, vote('d', 'Normal'))).toMatchObject({
      diagnosis: 'Normal',
      by: 'adjudication'
    })
  })

  it('sends what readers differ on to adjudication, ties first', () => {
    const found = forAdjudication(
      new Map([
        ['tie', { votes: [vote('a', 'TTN'), vote('b', 'RDS')], wanted: 2, adjudication: null }],
        [
          'most',
          { votes: [vote('a', 'TTN'), vote('b', 'RDS'), vote('c', 'RDS')], wanted: 3, adjudication: null }
        ],
        ['one', { votes: [vote('a', 'TTN'), vote('b', 'TTN')], wanted: 2, adjudication: null }],
        ['done', { votes: [vote('a', 'TTN'), vote('b', 'RDS')], wanted: 2, adjudication: vote('d', 'TTN') }]
      ])
    )
    expect(ids(found)).toEqual(['tie', 'most'])
    expect(found[0]!.reasons[0]).toMatchObject({ classes: ['RDS', 'TTN'] })
  })
})

describe('folds', () => {
  it('keep an infant together and spread classes alike', () => {
    const random = createRandom(1)
    const infants: string[] = []
    const labels: number[] = []
    for (let infant = 0; infant < 300; infant++) {
      const label = random.integer(0, 5)
      for (let n = random.integer(1, 5); n > 0; n--) {
        infants.push(`i${infant}`)
        labels.push(label)
      }
    }
    const folds = groupedFolds(infants, labels, 5, 1)
    const of = new Map<string, number>()
    infants.forEach((infant, i) => {
      expect(of.get(infant) ?? folds[i]).toBe(folds[i])
      of.set(infant, folds[i]!)
    })
    for (let k = 0; k < 6; k++) {
      const counts = [0, 1, 2, 3, 4].map(fold => labels.filter((l, i) => l === k && folds[i] === fold).length)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(5)
    }
  })

  it('lists what has no label in the order given', () => {
    expect(ids(unlabelled([film('b'), film('a', { label: 'TTN' }), film('c')]))).toEqual(['b', 'c'])
  })
})
