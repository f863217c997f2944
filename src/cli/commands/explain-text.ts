import {
  DIAGNOSES,
  type ContextSurface,
  type Flip,
  type GateChannel,
  type GateReport,
  type NearestFilms,
  type Uncertainty
} from '../../contract'
import { fields, table } from '../output'

const age = (days: number | null) =>
  days === null ? null : `${Math.floor(Math.round(days) / 7)}+${Math.round(days) % 7}`
const signed = (value: number, digits: number) => `${value < 0 ? '' : '+'}${value.toFixed(digits)}`

export function describeGate(report: GateReport): string {
  const { peers, outside, channels } = report
  const head = fields([
    ['class', report.diagnosis],
    ['GA, BW', `${age(report.gaDays)}, ${Math.round(report.bwGrams)} g`],
    ['reference', report.infants > 0 ? `mean gate of ${report.infants} infants` : 'gate at the cohort mean'],
    ['infants of the same GA', `${peers.infants} within ${peers.withinDays} days`],
    ['channels outside their 5-95 % band', peers.infants > 0 ? `${outside} of ${channels}` : null],
    ['logit', report.logit.toFixed(4)],
    ['of it from channels', report.contribution.toFixed(4)],
    ['of it due to this gate', signed(report.effect, 4)]
  ])
  const list = (title: string, rows: readonly GateChannel[]) =>
    `${title}\n${table(
      ['CHANNEL', 'GATE', 'REFERENCE', 'RANK', 'ADDS', 'DUE TO GATE'],
      rows.map(row => [
        row.channel,
        row.gate.toFixed(4),
        row.reference.toFixed(4),
        row.rank === null ? null : `${Math.round(100 * row.rank)} %`,
        signed(row.contribution, 4),
        signed(row.effect, 4)
      ])
    )}`
  return [
    head,
    list('Most amplified', report.amplified),
    list('Most suppressed', report.suppressed),
    list('Most towards the class', report.towards),
    list('Most against the class', report.against)
  ].join('\n\n')
}

export function describeSurface({ predicted, gaDays, bwGrams, imputed, flips }: ContextSurface): string {
  const from = { gaDays: Math.round(gaDays), bwGrams: Math.round(bwGrams) }
  const row = (name: string, flip: Flip | null) =>
    flip === null
      ? [name, 'no change', null, null, null, null, null]
      : [
          name,
          flip.predicted,
          age(flip.gaDays),
          `${Math.round(flip.bwGrams)} g`,
          `${signed(flip.gaDays - from.gaDays, 0)} d, ${signed(flip.bwGrams - from.bwGrams, 0)} g`,
          flip.distance.toFixed(3),
          flip.zScore?.toFixed(1) ?? null
        ]
  const head = fields([
    ['predicted', predicted],
    ['GA, BW', `${age(gaDays)}, ${Math.round(bwGrams)} g`],
    ['of these the cohort mean', imputed.join(', ') || 'none']
  ])
  return `${head}\n\n${table(
    ['SMALLEST CHANGE OF', 'ANSWER', 'GA', 'BW', 'CHANGE', 'SD', 'BW Z'],
    [
      row('both', flips.any),
      row('both, plausible', flips.plausible),
      row('GA alone', flips.gaDays),
      row('BW alone', flips.bwGrams)
    ]
  )}`
}

export function describeNearest(answer: Extract<NearestFilms, { state: 'found' }>): string {
  const rows = answer.neighbours.map(({ film, distance }) => [
    film.id,
    film.patientKey,
    film.site,
    film.label,
    film.predicted,
    age(film.gaDays),
    film.bwGrams,
    distance.toFixed(4)
  ])
  const found = table(['FILM', 'INFANT', 'SITE', 'LABEL', 'PREDICTED', 'GA', 'BW', 'DISTANCE'], rows)
  const without = answer.without > 0 ? `; ${answer.without} have no features of this version yet` : ''
  return `${found}\n\n${answer.searched} films compared by ${answer.by} features${without}`
}

export function describeUncertainty({ ensemble, role, sets, ...answer }: Uncertainty): string {
  const classes = table(
    ['CLASS', 'MEAN', 'SD'],
    DIAGNOSES.map((name, k) => [name, answer.mean[k]!.toFixed(4), answer.deviation[k]!.toFixed(4)])
  )
  const facts = fields([
    ['entropy', `${answer.entropy.toFixed(4)} nats`],
    ['mutual information', `${answer.mutualInformation.toFixed(4)} nats`],
    ...sets.map(({ coverage, classes: held }): [string, string] => [
      `set covering ${Math.round(100 * coverage)} %`,
      held?.join(', ') ?? 'too few infants to calibrate with'
    ]),
    ['this film', { fitted: 'fitted on', calibrated: 'calibrated with', new: 'not seen' }[role]],
    [
      'ensemble',
      `${ensemble.members} heads on ${ensemble.fitted.infants} infants, calibrated with ${ensemble.calibrated.infants}, ` +
        `${ensemble.split === null ? 'divided by lot' : `split ${ensemble.split}`}${ensemble.stale ? '; labels, GA or BW have changed since' : ''}`
    ]
  ])
  return `${classes}\n\n${facts}`
}
