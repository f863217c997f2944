import type { Ensemble, Uncertainty } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { NeoGateError } from '../../foundation'
import { conformalSet, conformalThreshold, ensembleAnswer, softmaxOf } from '../../ml/explain'
import type { CoreContext, ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'
import { gateInput } from '../predictions'
import {
  ensembleFolder,
  readManifest,
  readMembers,
  type EnsembleManifest,
  type OpenEnsemble
} from './ensemble-store'
import type { FilmHead } from './film-head'

const COVERAGES = [0.8, 0.9, 0.95]

export function createUncertainty(core: CoreContext) {
  /** The one used last of each project. */
  const kept = new WeakMap<ProjectSession, OpenEnsemble>()

  async function manifestOf(model: OpenModel): Promise<EnsembleManifest | null> {
    return readManifest(await ensembleFolder(core.project(), model), model)
  }

  async function summaryOf(model: OpenModel, manifest: EnsembleManifest): Promise<Ensemble> {
    const { members, fittedAt, fitted, calibrated, split } = manifest
    const changed = await core.project().labels.changedSince(fittedAt)
    return {
      modelId: model.id,
      members,
      fittedAt,
      split,
      fitted: { films: fitted.films, infants: fitted.infants.length },
      calibrated: { films: calibrated.films, infants: calibrated.infants.length },
      stale: changed.size > 0
    }
  }

  async function openEnsemble(model: OpenModel): Promise<OpenEnsemble> {
    const session = core.project()
    const folder = await ensembleFolder(session, model)
    const manifest = await readManifest(folder, model)
    if (!manifest) throw noEnsemble(model)
    const known = kept.get(session)
    if (known?.manifest.modelHash === model.hash && known.manifest.fittedAt === manifest.fittedAt)
      return known
    const opened = { manifest, members: await readMembers(folder, model, manifest) }
    kept.set(session, opened)
    return opened
  }

  return {
    async ensemble(model: OpenModel): Promise<Ensemble | null> {
      const manifest = await manifestOf(model)
      return manifest && summaryOf(model, manifest)
    },

    async of({ model, pooled, row }: FilmHead): Promise<Uncertainty> {
      const { manifest, members } = await openEnsemble(model)
      const { gaDays, bwGrams } = gateInput(model, row)
      const answers = members.map(member => Array.from(softmaxOf(member.logits(pooled, gaDays, bwGrams))))
      const answer = ensembleAnswer(answers)
      const role = manifest.fitted.infants.includes(row.patientId)
        ? 'fitted'
        : manifest.calibrated.infants.includes(row.patientId)
          ? 'calibrated'
          : 'new'
      return {
        ensemble: await summaryOf(model, manifest),
        role,
        ...answer,
        members: answers,
        sets: COVERAGES.map(coverage => {
          const threshold = conformalThreshold(manifest.scores, coverage)
          const classes =
            threshold === null ? null : conformalSet(answer.mean, threshold).map(k => DIAGNOSES[k]!)
          return { coverage, classes }
        })
      }
    }
  }
}

function noEnsemble({ card }: OpenModel): NeoGateError {
  return new NeoGateError('CONFLICT', `No ensemble has been fitted for ${card.name}.`, {
    field: 'modelId',
    reason: 'no-ensemble',
    remedy: 'Fit one first: on the screen, or with `neogate explain uncertainty PROJECT FILM --fit`.'
  })
}
