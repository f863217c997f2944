import { TELLS_LABELS as LABELS, type Telling } from '../../../contract'
import { maskAnnotations, maskDetail, maskRow } from './mask'
import { maskModels, maskPlan, maskStep, maskTrainingEvent } from './mask-answers'
import { hidesOfFilm, tells, type Blinding } from './reader-blinding'
import { EVERYWHERE, INSIDE, ofFilm, OPEN, whole, type BlindingRules } from './rule'

const MODEL: Telling = ['model']
const FIGURES: Telling = [...MODEL, ...LABELS]
/** What the model says follows from GA and BW, and names them. */
const EXPLAINED: Telling = ['model', 'context']

/** A film that waits for the reader's blinded answer is answered there, not past it. */
const waits = ({ filmId }: { filmId: string }, { waiting }: Blinding) => waiting.has(filmId) && 'waits'

/**
 * The one place that says what of each procedure's answer a blinded reader gets: every procedure of the contract is named, so that a
 * new one cannot be added without a decision. See docs/decisions/0018.
 */
export const BLINDING_RULES: BlindingRules = {
  app: { info: OPEN, settings: OPEN, changeSettings: OPEN, browse: OPEN },
  // Counts of films only; a change says which film, not what.
  project: { current: OPEN, create: OPEN, open: OPEN, close: OPEN, openDemo: OPEN, changes: OPEN },
  intake: {
    survey: OPEN,
    inspectTable: OPEN,
    start: OPEN,
    // Paths and rows of a table, film by film.
    report: whole(EVERYWHERE),
    profiles: OPEN,
    saveProfile: OPEN,
    deleteProfile: OPEN
  },
  films: {
    query: {
      inside: true,
      blind: (page, blinding) => ({ ...page, rows: page.rows.map(row => maskRow(row, blinding)) })
    },
    ids: INSIDE,
    keepSet: OPEN,
    getSet: INSIDE,
    exportTable: INSIDE,
    facets: INSIDE,
    get: { blind: maskDetail },
    infants: OPEN
  },
  views: {
    // A name or a filter may tell of a film: views of others wait.
    list: { blind: (views, { reader }) => views.filter(({ changedBy }) => changedBy === reader) },
    save: OPEN,
    remove: OPEN
  },
  labelling: {
    setLabel: { refuse: waits, blind: maskDetail },
    setTags: { refuse: waits, blind: maskDetail },
    setContext: {
      refuse: ({ patientId }, { infants }) => infants.get(patientId)?.context ?? false
    },
    assessContext: OPEN,
    growthCurves: OPEN
  },
  bulk: { preview: INSIDE, apply: INSIDE },
  annotations: {
    list: { blind: (all, blinding, { filmId }) => maskAnnotations(filmId, all, blinding) },
    save: { blind: (all, blinding, { filmId }) => maskAnnotations(filmId, all, blinding) }
  },
  history: {
    undo: { blind: maskStep },
    redo: { blind: maskStep },
    list: INSIDE,
    // How far a change is, in films.
    underWay: OPEN,
    cancel: OPEN,
    verify: OPEN
  },
  models: {
    list: { blind: maskModels },
    promotionCheck: whole(MODEL),
    promote: whole(MODEL),
    rollback: { blind: maskModels },
    promotions: OPEN,
    compare: whole(FIGURES),
    card: whole(MODEL),
    add: { blind: maskModels },
    providers: OPEN
  },
  predictions: {
    get: ofFilm(EXPLAINED),
    course: {
      blind: (course, blinding) =>
        course.map(film =>
          tells(EXPLAINED, hidesOfFilm(blinding, film.filmId)) ? { ...film, probabilities: null } : film
        )
    },
    activationMap: ofFilm(EXPLAINED),
    start: OPEN
  },
  explain: {
    whatIf: ofFilm(EXPLAINED),
    describe: ofFilm(EXPLAINED),
    maps: ofFilm(EXPLAINED),
    channelMaps: ofFilm(EXPLAINED),
    gate: ofFilm(EXPLAINED),
    surface: ofFilm(EXPLAINED),
    nearest: {
      ...ofFilm(EXPLAINED),
      // That a film is near another one to the model is what the model says of it.
      blind: (found, blinding) =>
        found.state === 'gathering'
          ? found
          : {
              ...found,
              neighbours: found.neighbours
                .filter(({ film }) => !tells(EXPLAINED, hidesOfFilm(blinding, film.id)))
                .map(({ film, distance }) => ({ film: maskRow(film, blinding), distance }))
            }
    },
    ensemble: OPEN,
    fitEnsemble: OPEN,
    uncertainty: ofFilm(EXPLAINED),
    saliency: ofFilm(EXPLAINED),
    occlusion: ofFilm(EXPLAINED)
  },
  splits: {
    list: OPEN,
    // Films of each class at each site.
    get: whole(LABELS),
    make: whole(LABELS),
    check: whole(LABELS),
    comparePixels: OPEN
  },
  // Kinds, progress and counts of films.
  jobs: { list: OPEN, get: OPEN, watch: OPEN, pause: OPEN, cancel: OPEN, resume: OPEN },
  training: {
    methods: OPEN,
    plan: { blind: maskPlan },
    start: OPEN,
    runs: { blind: (runs, blinding) => runs.map(run => ({ ...run, plan: maskPlan(run.plan, blinding) })) },
    run: { blind: (run, blinding) => ({ ...run, plan: maskPlan(run.plan, blinding) }) },
    events: { blindEvent: maskTrainingEvent }
  },
  evaluation: {
    list: {
      blind: (all, { anywhere }) =>
        tells(FIGURES, anywhere)
          ? all.map(each => ({ ...each, accuracy: null, macroF1: null, macroAuroc: null }))
          : all
    },
    get: whole(FIGURES),
    start: OPEN,
    films: whole(FIGURES),
    compare: whole(FIGURES)
  },
  experiments: {
    list: OPEN,
    get: whole(FIGURES),
    plan: OPEN,
    start: OPEN,
    classDifferences: whole(FIGURES)
  },
  reports: { write: whole(FIGURES) },
  readers: { list: OPEN, save: OPEN },
  queues: { list: INSIDE, films: INSIDE, order: INSIDE, score: OPEN },
  protocols: {
    list: OPEN,
    get: INSIDE,
    make: OPEN,
    close: OPEN,
    next: OPEN,
    commit: OPEN,
    release: OPEN,
    blinding: OPEN,
    unblind: OPEN,
    consensus: whole(LABELS),
    takeConsensus: whole(LABELS)
  },
  agreement: {
    summary: whole(LABELS),
    pair: whole(LABELS),
    films: whole(LABELS),
    export: whole(LABELS)
  },
  tools: {
    inspect: OPEN,
    writePixels: OPEN,
    makeModel: OPEN,
    describeModel: OPEN,
    describeModelCard: OPEN,
    exportModel: OPEN,
    // Of files that the caller names, not of films of the project.
    predictFiles: OPEN,
    parityStep: OPEN,
    makeDemo: OPEN,
    exportLabels: whole(EVERYWHERE),
    importLabels: OPEN,
    exportSplit: whole(LABELS),
    writeReport: whole(FIGURES),
    doctor: OPEN
  }
}
