import { join } from 'node:path'
import type { Diagnosis } from '../../src/contract'
import { silentLogger } from '../../src/core/foundation'
import { openProjectSession } from '../../src/core/services/project-session'
import { openTestCore } from '../support/test-core'
import { temporaryFolder } from '../support/temporary-folder'
import { AT, bareFilm, barePrediction, DIAGNOSES, filmOf } from './films'

/** Two films each. */
const INFANTS = 6
const clock = { now: () => Date.parse(AT), timestamp: () => AT }

/** Of the blinded protocol; its infant's other film is not in it. */
export const HIDDEN = filmOf(0, 0)
export const SIBLING = filmOf(0, 1)
/** Also of the protocol; the blinded reader has answered it before, outside of it, over what another reader said. */
export const OWN = filmOf(1, 0)
export const OTHER = filmOf(2, 0)
export const PROTOCOL = 'Round 1'

/** All that a blinded reader must not be able to tell apart: two worlds differ in these and in nothing else. */
export interface Secrets {
  label: Diagnosis
  otherLabel: Diagnosis
  predicted: Diagnosis
  confidence: number
  gaDays: number
  bwGrams: number
  sex: 'M' | 'F'
  finding: string
  device: string
  comment: string
  folder: string
}

/**
 * A project in which Lee has read films that Kim is to read under a protocol that hides the model, others, GA and BW. Park takes no part
 * in it.
 */
export async function makeWorld(secrets: Secrets, hides = { model: true, others: true, context: true }) {
  const folder = await temporaryFolder('blinding')
  const { core, client } = await openTestCore(folder.path)
  const [model] = await client.models.list()
  await client.project.close()

  const session = await openProjectSession({
    folder: join(folder.path, 'project'),
    target: { mode: 'open' },
    clock,
    logger: silentLogger
  })
  const { studies, labels, review } = session
  const films = Array.from({ length: 2 * INFANTS }, (_, i) => ({
    infant: Math.floor(i / 2),
    film: (i % 2) as 0 | 1
  }))
  const isSecret = (infant: number) => infant < 2
  await studies.registerFilms(
    films.map(({ infant, film }) => ({
      ...bareFilm(infant, film),
      path: `${isSecret(infant) ? secrets.folder : 'plain'}/${infant}-${film}.png`
    }))
  )
  const { patientId } = (await studies.rows([HIDDEN]))[0]!
  const patientOfOwn = (await studies.rows([OWN]))[0]!.patientId
  await labels.applyTable({
    name: 'labels.csv',
    entries: films
      .filter(({ infant }) => !isSecret(infant))
      .map(({ infant, film }, line) => ({
        filmId: filmOf(infant, film),
        patientId: null,
        line,
        label: DIAGNOSES[infant % 6]!
      }))
  })
  for (const patient of [patientId, patientOfOwn]) {
    const { gaDays, bwGrams, sex } = secrets
    await labels.setContext({
      patientId: patient,
      value: { gaDays, bwGrams, sex },
      revision: 99,
      reader: 'Lee',
      reason: secrets.comment
    })
  }
  const other = (await studies.rows([OTHER]))[0]!.patientId
  const known = { gaDays: 230, bwGrams: 2100, sex: null }
  await labels.setContext({ patientId: other, value: known, revision: 99, reader: 'Lee', reason: '' })
  for (const filmId of [HIDDEN, SIBLING, OWN]) {
    const diagnosis = filmId === SIBLING ? secrets.otherLabel : secrets.label
    const { comment } = secrets
    await labels.setLabel({
      filmId,
      value: { diagnosis, certainty: 'unsure', comment },
      revision: 99,
      reader: 'Lee'
    })
    await labels.setTags({ filmId, tags: [secrets.finding, secrets.device], revision: 99, reader: 'Lee' })
  }
  await labels.setLabel({
    filmId: OWN,
    value: { diagnosis: 'Normal', certainty: 'sure', comment: '' },
    revision: 99,
    reader: 'Kim'
  })
  await studies.setPredictions(
    films.map(({ infant, film }) => {
      const predicted = isSecret(infant) ? secrets.predicted : DIAGNOSES[infant % 6]!
      const confidence = isSecret(infant) ? secrets.confidence : 0.5
      return {
        ...barePrediction(filmOf(infant, film), model!, predicted, confidence),
        gaDays: isSecret(infant) ? secrets.gaDays : infant === 2 ? known.gaDays : null,
        bwGrams: isSecret(infant) ? secrets.bwGrams : infant === 2 ? known.bwGrams : null
      }
    })
  )
  const protocol = await review.makeProtocol({
    name: PROTOCOL,
    createdBy: 'Park',
    seed: 1,
    settings: {
      queue: 'unlabelled',
      assignment: { kind: 'all' },
      readers: ['Kim', 'Lee'],
      hides,
      repeatShare: 0,
      repeatGap: 0,
      randomShare: 0,
      randomFrom: 2 * INFANTS,
      commentWhenUnsure: false,
      labelsAtOnce: false,
      revealAfterCommit: false,
      claimHours: 12
    },
    films: [HIDDEN, OWN, OTHER].map(filmId => ({
      filmId,
      random: true,
      score: 1,
      reasons: [
        {
          kind: 'ttn-rds-model',
          label: secrets.label,
          predicted: secrets.predicted,
          probability: secrets.confidence
        }
      ],
      label: secrets.label
    }))
  })
  for (const diagnosis of [secrets.label, secrets.otherLabel, secrets.label]) {
    const task = await review.claimNext(protocol, 'Lee')
    const value = {
      diagnosis,
      certainty: 'sure' as const,
      comment: secrets.comment,
      reasonCodes: [],
      seconds: 5
    }
    await review.commit(task!.id, 'Lee', value, { model: true, others: true, own: true, context: true })
  }
  const set = await studies.keepSet('handed over', [HIDDEN, OTHER])
  await session.views.save({
    id: null,
    name: `says ${secrets.label}`,
    filter: { text: '', facets: { label: [secrets.label] } },
    sort: { key: 'label', direction: 'ascending' },
    columns: null,
    isDefault: true,
    changedBy: 'Lee'
  })
  await session.close()
  await client.project.open({ folder: join(folder.path, 'project') })
  /** Who signs from now on. */
  const signAs = (readerName: string) => client.app.changeSettings({ readerName })
  return {
    client,
    signAs,
    patientId,
    modelId: model!.id,
    protocolId: protocol.id,
    setId: set.id,
    folder: folder.path,
    async end() {
      await core.close()
      await folder.remove()
    }
  }
}

export type World = Awaited<ReturnType<typeof makeWorld>>
