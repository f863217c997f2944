import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { terminalContract } from '../../src/contract'
import type { FacetKey } from '../../src/contract'
import { BLINDING_RULES } from '../../src/core/services/blinding/rules'
import { HIDDEN, makeWorld, OTHER, OWN, PROTOCOL, SIBLING, type Secrets, type World } from './world'

/**
 * What a blinded reader can learn, by comparison: two projects that differ only in what is hidden are asked the same. Of a reader from
 * whom it is hidden the answers must be the same; of one who is not blinded they must differ, or the question tests nothing.
 */
const ONE: Secrets = {
  label: 'RDS',
  otherLabel: 'TTN',
  predicted: 'TTN',
  confidence: 0.91,
  gaDays: 203,
  bwGrams: 1280,
  sex: 'F',
  finding: 'pneumothorax:left',
  device: 'ett:too-low',
  comment: 'ground glass',
  folder: 'als'
}
const ANOTHER: Secrets = {
  label: 'TTN',
  otherLabel: 'BPD',
  predicted: 'RDS',
  confidence: 0.42,
  gaDays: 262,
  bwGrams: 3310,
  sex: 'M',
  finding: 'cardiomegaly',
  device: 'ett:well-placed',
  comment: 'wet lung',
  folder: 'ttn'
}
const ID = 'a'.repeat(26)
const NONE = { text: '', facets: {} }
const AS_IT_COMES = { key: 'patientKey', direction: 'ascending' } as const

type Ask = (world: World) => Promise<unknown>

const page = { offset: 0, limit: 100 }
const byFacet =
  (key: FacetKey, value: string): Ask =>
  ({ client }) =>
    client.films.ids({ query: { filter: { text: '', facets: { [key]: [value] } }, sort: AS_IT_COMES } })
const sortedBy =
  (key: never): Ask =>
  ({ client }) =>
    client.films.ids({ query: { filter: NONE, sort: { key, direction: 'ascending' } } })

/** Answered to a blinded reader too: without what is hidden. `alike`: tells nobody anything of it, blinded or not. */
const ANSWERED: Record<string, { ask: Ask; alike?: true }[]> = {
  'films.query': [{ ask: ({ client }) => client.films.query({ query: { filter: NONE }, ...page }) }],
  'films.ids': [
    { ask: byFacet('label', 'RDS') },
    { ask: byFacet('finding', 'cardiomegaly') },
    { ask: byFacet('device', 'ett:too-low') },
    { ask: byFacet('predicted', 'RDS') },
    { ask: byFacet('confidenceBand', '>=90') },
    { ask: byFacet('gaBand', '28-31') },
    { ask: byFacet('sex', 'M') },
    { ask: sortedBy('label' as never) },
    { ask: sortedBy('confidence' as never) },
    { ask: sortedBy('gaDays' as never) },
    { ask: sortedBy('path' as never) },
    { ask: ({ client }) => client.films.ids({ query: { filter: { text: 'ttn', facets: {} } } }) }
  ],
  'films.facets': [
    { ask: ({ client }) => client.films.facets({ filter: NONE }) },
    { ask: ({ client }) => client.films.facets({ filter: { text: '', facets: { label: ['RDS'] } } }) }
  ],
  'films.get': [HIDDEN, SIBLING, OWN].map(id => ({ ask: ({ client }) => client.films.get({ id }) })),
  'films.getSet': [{ ask: ({ client, setId }) => client.films.getSet({ id: setId }), alike: true }],
  'films.exportTable': [
    {
      ask: ({ client }) =>
        client.films.exportTable({
          query: { filter: NONE },
          filmIds: null,
          columns: [
            'path',
            'label',
            'labelledBy',
            'tags',
            'predicted',
            'confidence',
            'gaDays',
            'bwGrams',
            'sex'
          ]
        })
    }
  ],
  'views.list': [{ ask: ({ client }) => client.views.list() }],
  'labelling.setLabel': [
    {
      // Of the infant's other film, which is in no protocol.
      ask: async ({ client }) => {
        const { revision } = await client.films.get({ id: SIBLING })
        return client.labelling.setLabel({
          filmId: SIBLING,
          value: { diagnosis: 'Normal', certainty: 'sure', comment: '' },
          revision
        })
      }
    }
  ],
  'labelling.setTags': [
    {
      ask: async ({ client }) => {
        const { revision } = await client.films.get({ id: SIBLING })
        return client.labelling.setTags({ filmId: SIBLING, tags: [], revision })
      }
    }
  ],
  'bulk.preview': [
    {
      ask: ({ client }) =>
        client.bulk.preview({ filmIds: [HIDDEN, OTHER], action: { kind: 'certainty', certainty: 'sure' } })
    },
    {
      ask: ({ client }) =>
        client.bulk.preview({ filmIds: [HIDDEN, OTHER], action: { kind: 'bw-factor', factor: 10 } })
    }
  ],
  'annotations.list': [{ ask: ({ client }) => client.annotations.list({ filmId: OWN }), alike: true }],
  'annotations.save': [
    {
      ask: ({ client }) =>
        client.annotations.save({
          filmId: OTHER,
          id: ID,
          value: {
            kind: 'length',
            points: [
              { u: 1, v: 1 },
              { u: 2, v: 2 }
            ],
            note: ''
          },
          revision: 0
        }),
      alike: true
    }
  ],
  'history.list': [
    { ask: ({ client }) => client.history.list({ subjectId: null, before: null, limit: 100 }) },
    { ask: ({ client }) => client.history.list({ subjectId: OWN, before: null, limit: 100 }) },
    {
      ask: ({ client, patientId }) => client.history.list({ subjectId: patientId, before: null, limit: 100 })
    }
  ],
  'models.list': [{ ask: ({ client }) => client.models.list(), alike: true }],
  'predictions.course': [
    { ask: ({ client }) => client.predictions.course({ filmIds: [HIDDEN, SIBLING, OTHER] }) }
  ],
  'queues.list': [{ ask: ({ client }) => client.queues.list() }],
  'queues.films': [
    { ask: ({ client }) => client.queues.films({ queue: 'ttn-rds', ...page }) },
    { ask: ({ client }) => client.queues.films({ queue: 'random-audit', ...page }) },
    { ask: ({ client }) => client.queues.films({ queue: 'implausible-context', ...page }), alike: true }
  ],
  'queues.order': [{ ask: ({ client }) => client.queues.order({ queue: 'ttn-rds' }) }],
  'protocols.get': [{ ask: ({ client }) => client.protocols.get({ protocol: PROTOCOL }), alike: true }],
  'training.plan': [
    {
      ask: ({ client }) =>
        client.training.plan({ method: 'ccgn-small', scope: 'all', preset: 'incremental' }),
      alike: true
    }
  ],
  'training.runs': [{ ask: ({ client }) => client.training.runs(), alike: true }],
  'evaluation.list': [{ ask: ({ client }) => client.evaluation.list(), alike: true }]
}

/** Refused: what they are asked for cannot be told without telling it. */
const REFUSED: Record<string, Ask> = {
  'intake.report': ({ client }) => client.intake.report({ jobId: ID, outcomes: null, offset: 0, limit: 10 }),
  'labelling.setLabel': ({ client }) =>
    client.labelling.setLabel({ filmId: HIDDEN, value: null, revision: 99 }),
  'labelling.setTags': ({ client }) => client.labelling.setTags({ filmId: OWN, tags: [], revision: 99 }),
  'labelling.setContext': ({ client, patientId }) =>
    client.labelling.setContext({
      patientId,
      value: { gaDays: 203, bwGrams: 1280, sex: 'F' },
      reason: '',
      revision: 99
    }),
  'models.promotionCheck': ({ client, modelId }) => client.models.promotionCheck({ id: modelId }),
  'models.promote': ({ client, modelId }) => client.models.promote({ id: modelId, reason: 'x' }),
  'models.compare': ({ client, modelId }) => client.models.compare({ a: modelId, b: modelId }),
  'models.card': ({ client, modelId }) => client.models.card({ id: modelId }),
  'predictions.get': ({ client }) => client.predictions.get({ filmId: HIDDEN, modelId: null, context: null }),
  'predictions.activationMap': ({ client }) =>
    client.predictions.activationMap({ filmId: SIBLING, modelId: null, diagnosis: 'RDS', gated: true }),
  'explain.whatIf': ({ client }) =>
    client.explain.whatIf({ filmId: HIDDEN, modelId: null, gaDays: 200, bwGrams: 1000 }),
  'explain.describe': ({ client }) => client.explain.describe({ filmId: HIDDEN, modelId: null }),
  'explain.maps': ({ client }) => client.explain.maps({ filmId: HIDDEN, modelId: null, diagnosis: 'RDS' }),
  'explain.channelMaps': ({ client }) =>
    client.explain.channelMaps({ filmId: HIDDEN, modelId: null, channels: [0] }),
  'explain.gate': ({ client }) => client.explain.gate({ filmId: HIDDEN, modelId: null, diagnosis: 'RDS' }),
  'explain.surface': ({ client }) => client.explain.surface({ filmId: HIDDEN, modelId: null }),
  'explain.nearest': ({ client }) => client.explain.nearest({ filmId: HIDDEN, modelId: null, by: 'pooled' }),
  'explain.uncertainty': ({ client }) => client.explain.uncertainty({ filmId: HIDDEN, modelId: null }),
  'explain.saliency': ({ client }) =>
    client.explain.saliency({ filmId: HIDDEN, modelId: null, diagnosis: 'RDS' }),
  'explain.occlusion': ({ client }) =>
    client.explain.occlusion({ filmId: HIDDEN, modelId: null, diagnosis: 'RDS' }),
  'splits.get': ({ client }) => client.splits.get({ split: 'split-1' }),
  'splits.make': ({ client }) => client.splits.make({ name: null, proportions: null, seed: 1, extend: null }),
  'splits.check': ({ client }) => client.splits.check({ split: 'split-1' }),
  'evaluation.get': ({ client }) => client.evaluation.get({ id: ID }),
  'evaluation.films': ({ client }) => client.evaluation.films({ id: ID, label: 'RDS', predicted: null }),
  'evaluation.compare': ({ client }) => client.evaluation.compare({ a: ID, b: ID }),
  'experiments.get': ({ client }) => client.experiments.get({ id: ID }),
  'experiments.classDifferences': ({ client }) =>
    client.experiments.classDifferences({ id: ID, a: 'ccgn', b: 'resnet50' }),
  'reports.write': ({ client }) => client.reports.write({ kind: 'evaluation', id: ID }),
  'protocols.consensus': ({ client }) => client.protocols.consensus({ protocol: PROTOCOL }),
  'protocols.takeConsensus': ({ client }) =>
    client.protocols.takeConsensus({ protocol: PROTOCOL, reason: '' }),
  'agreement.summary': ({ client }) => client.agreement.summary({ protocol: null }),
  'agreement.pair': ({ client }) =>
    client.agreement.pair({
      protocol: null,
      first: { kind: 'reader', name: 'Lee' },
      second: { kind: 'label', name: 'label' }
    }),
  'agreement.films': ({ client }) =>
    client.agreement.films({
      protocol: null,
      first: { kind: 'reader', name: 'Lee' },
      second: { kind: 'label', name: 'label' },
      classes: null
    }),
  'agreement.export': ({ client }) =>
    client.agreement.export({ protocol: null, positive: 'RDS', format: 'imrmc' }),
  'tools.exportLabels': ({ client, folder }) =>
    client.tools.exportLabels({ out: `${folder}/labels.csv`, format: 'csv' }),
  'tools.exportSplit': ({ client, folder }) =>
    client.tools.exportSplit({ split: 'split-1', out: `${folder}/split.csv`, format: 'csv' }),
  'tools.writeReport': ({ client, folder }) =>
    client.tools.writeReport({ kind: 'evaluation', id: ID, out: `${folder}/report` })
}

/** Their rules are held by tests of their own: what they answer is made by a whole training, or changes the project. */
const ELSEWHERE = [
  'bulk.apply',
  'history.undo',
  'history.redo',
  'models.rollback',
  'models.add',
  'training.run',
  'training.events'
]

describe('what a blinded reader is told', () => {
  let worlds: World[]
  beforeAll(async () => {
    worlds = [await makeWorld(ONE), await makeWorld(ANOTHER)]
  }, 60_000)
  afterAll(async () => {
    for (const world of worlds) await world.end()
  })

  const signAs = async (name: string) => {
    for (const world of worlds) await world.signAs(name)
  }
  /** Both worlds' answers, without what is made up anew in each: ids of protocols, paths of temporary folders, hashes. */
  async function answers(ask: Ask): Promise<string[]> {
    const told: string[] = []
    for (const world of worlds) {
      const text = JSON.stringify(await ask(world))
      told.push(
        text
          .replaceAll(world.protocolId, 'PROTOCOL')
          .replaceAll(world.folder, 'FOLDER')
          .replace(/"(?:hash|at|createdAt|changedAt|addedAt)":"[^"]*"/g, '')
      )
    }
    return told
  }

  it('is decided for every procedure that could tell something', () => {
    const named = new Set([...Object.keys(ANSWERED), ...Object.keys(REFUSED), ...ELSEWHERE])
    const rules = BLINDING_RULES as unknown as Record<string, Record<string, object>>
    for (const [area, procedures] of Object.entries(terminalContract)) {
      for (const name of Object.keys(procedures)) {
        const isOpen = Object.keys(rules[area]![name]!).length === 0
        expect(named.has(`${area}.${name}`), `${area}.${name}`).toBe(!isOpen)
      }
    }
  })

  it.each(Object.entries(REFUSED))('%s is refused', async (_, ask) => {
    await signAs('Kim')
    for (const world of worlds)
      await expect(ask(world)).rejects.toMatchObject({
        code: 'BLINDED',
        message: expect.stringMatching(/blind|Hidden/)
      })
  })

  const answered = Object.entries(ANSWERED).flatMap(([name, asked]) =>
    asked.map((each, i) => [asked.length > 1 ? `${name} ${i + 1}` : name, each] as const)
  )
  const reading = answered.filter(
    ([name]) => !name.startsWith('labelling') && !name.startsWith('annotations.save')
  )
  const writing = answered.filter(entry => !reading.includes(entry))

  it.each(reading)('%s tells nothing that is hidden, and all of it to others', async (_, { ask, alike }) => {
    await signAs('Kim')
    const [one, another] = await answers(ask)
    expect(one).toBe(another)
    await signAs('Park')
    const [open, openToo] = await answers(ask)
    if (alike) expect(open).toBe(openToo)
    else expect(open).not.toBe(openToo)
  })

  it.each(writing)('%s tells nothing that is hidden', async (_, { ask }) => {
    await signAs('Kim')
    const [one, another] = await answers(ask)
    expect(one).toBe(another)
  })

  it('says of a hidden film that it is hidden, and shows every other', async () => {
    await signAs('Kim')
    const { rows } = await worlds[0]!.client.films.query({ query: { filter: NONE }, ...page })
    const row = (id: string) => rows.find(each => each.id === id)!
    expect(row(HIDDEN)).toMatchObject({
      hidden: ['model', 'others', 'own', 'context'],
      label: null,
      tags: [],
      predicted: null,
      gaDays: null,
      path: ''
    })
    expect(row(SIBLING).hidden).toEqual(['model', 'others', 'context'])
    expect(
      rows.filter(({ hidden }) => !hidden).every(({ label, predicted, path }) => label && predicted && path)
    ).toBe(true)
  })

  it('shows of a protocol the own progress only, and no figure made from the readings of others', async () => {
    const { client } = worlds[0]!
    await signAs('Park')
    expect(
      (await client.protocols.get({ protocol: PROTOCOL })).progress.map(({ reader }) => reader)
    ).toContain('Lee')
    await signAs('Kim')
    expect(await client.protocols.get({ protocol: PROTOCOL })).toMatchObject({
      withheld: true,
      progress: [],
      consensus: null,
      forAdjudication: null,
      differing: null,
      labelAccuracy: null
    })
  })

  it('leaves hidden films out of a bulk change', async () => {
    await signAs('Kim')
    const [world] = worlds
    const chosen = { filmIds: [HIDDEN], action: { kind: 'label', diagnosis: 'BPD' } as const }
    const { seen, left } = await world!.client.bulk.preview(chosen)
    expect(left).toEqual([{ reason: 'hidden', count: 1 }])
    expect(await world!.client.bulk.apply({ ...chosen, reason: '', seen })).toEqual({ changes: 0 })
  })

  it('takes back a change without saying what it was made over, and brings it back', async () => {
    await signAs('Kim')
    for (const step of ['undo', 'redo'] as const) {
      const [one, another] = await answers(async ({ client }) => {
        // Of what was done in this test file Kim's labels on SIBLING are undone first.
        let told = await client.history[step]()
        while (told && told.subjectId !== OWN) told = await client.history[step]()
        return { ...told, seq: 0, undoes: 0 }
      })
      expect(one).toBe(another)
      expect(one).toMatch(/"old":null,"new":null/)
    }
  })
})
