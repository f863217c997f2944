import { openProjectDatabase, type ProjectDatabase } from '../../../src/core/database'
import { DIAGNOSES, type FilmHeader } from '../../../src/core/domain'
import { contentId, createRandom, systemClock } from '../../../src/core/foundation'
import { assessContext } from '../../../src/core/growth'
import { createLabelStore, type LabelStore, type TableEntry } from '../../../src/core/label-store'
import {
  createStudyStore,
  patientIdOf,
  type FilmRegistration,
  type StoredPrediction,
  type StudyStore
} from '../../../src/core/study-store'

/** Films of the largest published newborn series. */
export const SERIES_FILMS = 43_338
const BATCH = 500
const SITES = [
  'Seoul',
  'Busan',
  'Daegu',
  'Gwangju',
  'Incheon',
  'Daejeon',
  'Ulsan',
  'Suwon',
  'Jeju',
  'Cheongju'
]
const header: FilmHeader = {
  format: 'dicom',
  rows: 2048,
  columns: 2500,
  frames: 1,
  bitsStored: 12,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  transferSyntax: '1.2.840.10008.1.2.1',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1',
  sopInstanceUid: null,
  studyInstanceUid: null,
  seriesInstanceUid: null,
  modality: 'CR',
  patientId: null,
  patientName: null,
  sex: null,
  institution: null,
  acquiredAt: null,
  birthAt: null,
  viewPosition: 'AP',
  bodyPart: 'CHEST',
  windows: [],
  spacing: null,
  burnedInAnnotation: null
}

const TAGS = ['pneumothorax:left', 'pleural-effusion', 'cardiomegaly', 'ett:well-placed', 'uvc:too-high']

/** Films of infants with 1 to 9 films each, as `total` asks, below the folder `root`. */
function makeFilms(total: number, root: string): FilmRegistration[] {
  const random = createRandom(1, 'studies')
  const films: FilmRegistration[] = []
  for (let infant = 0; films.length < total; infant++) {
    const site = random.pick(SITES)
    const key = `N${String(infant).padStart(6, '0')}`
    const birth = Date.UTC(2015 + (infant % 9), infant % 12, 1 + (infant % 28), infant % 24)
    const count = Math.min(random.integer(1, 9), total - films.length)
    for (let number = 0; number < count; number++) {
      const name = contentId(`${infant}/${number}`)
      films.push({
        id: contentId('film', name),
        root,
        path: `${site}/${2015 + (infant % 9)}/${key}/${name.slice(0, 12)}.dcm`,
        rawPath: null,
        patientKey: key,
        site,
        header: { ...header, sopInstanceUid: `1.2.826.0.1.3680043.2.${infant}.${number}` },
        byteSize: 5_120_000,
        modifiedAt: '2024-01-01T00:00:00.000Z',
        fingerprint: name,
        filmTime: random.chance(0.95)
          ? new Date(birth + random.integer(1, 30 * 24 * 60) * 60_000).toISOString().slice(0, 19)
          : null,
        birthTime: new Date(birth).toISOString().slice(0, 19),
        sex: random.pick(['M', 'F', null]),
        viewPosition: random.pick(['AP', 'AP', 'PA', 'LL', null])
      })
    }
  }
  return films
}

/** GA of 22+6 to 41+2 weeks with a weight about its median; one infant in 50 weighs what cannot be. */
function contextOf(infant: number): { gaDays: number; bwGrams: number } {
  const gaDays = 160 + (infant % 130)
  const median = 500 + 25 * (infant % 130)
  return { gaDays, bwGrams: infant % 50 === 0 ? 5500 : Math.round(median * (0.9 + 0.01 * (infant % 21))) }
}

export interface LargeProject {
  database: ProjectDatabase
  studies: StudyStore
  labels: LabelStore
  films: FilmRegistration[]
  stateOf: (context: Parameters<typeof assessContext>[0]) => ReturnType<typeof assessContext>['state']
  milliseconds: Record<'registering' | 'labelling' | 'predicting' | 'activating', number>
}

/**
 * Makes a project of `total` films with labels, GA, BW and predictions, and leaves it open.
 * @param folder empty
 * @param root study folder that the films claim to lie in; their files are not made
 */
export async function makeLargeProject(
  folder: string,
  total: number,
  root = '/data/newborn'
): Promise<LargeProject> {
  const database = await openProjectDatabase({ folder, mode: 'create', name: 'Bench' })
  const stateOf: LargeProject['stateOf'] = context => assessContext(context).state
  const studies = createStudyStore(database, systemClock, stateOf)
  const labels = createLabelStore(database, systemClock, stateOf)
  const random = createRandom(2, 'large-project')
  const milliseconds = { registering: 0, labelling: 0, predicting: 0, activating: 0 }
  const step = async (name: keyof typeof milliseconds, work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    milliseconds[name] = performance.now() - start
  }

  const films = makeFilms(total, root)
  await step('registering', async () => {
    for (let start = 0; start < films.length; start += BATCH)
      await studies.registerFilms(films.slice(start, start + BATCH))
  })
  const entries: TableEntry[] = films.map((film, line) => ({
    filmId: film.id,
    patientId: patientIdOf(film.site, film.patientKey),
    line,
    label: random.chance(0.9) ? random.pick(DIAGNOSES) : null,
    tags: TAGS.filter(() => random.chance(0.05)),
    ...contextOf(Number.parseInt(film.patientKey.slice(1), 10))
  }))
  await step('labelling', () => labels.applyTable({ name: 'bench.csv', entries }))
  await database.kysely
    .insertInto('model')
    .values({
      id: 'bench',
      name: 'bench',
      folder: 'bench',
      method: 'ccgn',
      hash: 'h',
      preprocessing_hash: 'p',
      info_json: '{}',
      created_at: systemClock.timestamp(),
      active: 1
    })
    .execute()
  await step('predicting', async () => {
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = entries.slice(start, start + BATCH).map((entry): StoredPrediction => ({
        filmId: entry.filmId!,
        modelHash: 'h',
        preprocessingHash: 'p',
        gaDays: entry.gaDays!,
        bwGrams: entry.bwGrams!,
        logits: new Float32Array(6),
        probabilities: new Float32Array(6),
        predicted: random.pick(DIAGNOSES),
        confidence: random.between(0.2, 1),
        pooled: new Float32Array(2048),
        maps: null,
        mapGeometry: null,
        provider: 'cpu',
        createdAt: systemClock.timestamp()
      }))
      await studies.setPredictions(batch)
    }
  })
  await step('activating', () => studies.setActiveModel('bench'))
  return { database, studies, labels, films, stateOf, milliseconds }
}
