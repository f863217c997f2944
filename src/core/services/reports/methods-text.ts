import type { Evaluation } from '../../../contract'
import { modelDefinition, countParameters } from '../../ml/models'
import type { Block } from '../../report'
import { setText } from './figure-text'
import type { Facts, Spread } from './gather-facts'

/** The methods section, as far as the software was there: past tense, whole sentences, nothing that it does not know. */
export function methodsText(evaluation: Evaluation, facts: Facts): Block[] {
  const part = (text: string, sentences: (string | null)[]): Block[] => [
    { kind: 'heading', level: 2, text },
    { kind: 'paragraph', text: sentences.filter(sentence => sentence !== null).join(' ') }
  ]
  return [
    { kind: 'heading', level: 1, text: 'Methods' },
    ...part('Films and reference standard', dataText(evaluation, facts)),
    ...part('Partition', partitionText(facts)),
    ...part('Preprocessing and model', modelText(evaluation, facts)),
    ...part('Training', trainingText(facts)),
    ...part('Evaluation', evaluationText(evaluation)),
    ...part('Software', softwareText(facts))
  ]
}

const days = (value: number) => `${Math.floor(value / 7)}+${Math.round(value % 7)} weeks`
const spread = (of: Spread | null, name: (value: number) => string) =>
  of ? `median ${name(of.median)} (quartiles ${name(of.low)} to ${name(of.high)})` : 'not recorded'
const grams = (value: number) => `${Math.round(value)} g`
const hours = (value: number) => (value < 72 ? `${value.toFixed(1)} h` : `${(value / 24).toFixed(1)} days`)

function dataText({ summary, warnings }: Evaluation, { films }: Facts): string[] {
  const { fromTable, byReaders, readers, unsure } = films.labelledBy
  const left = warnings.filter(({ code }) =>
    ['unlabelled', 'unreadable', 'implausible-context', 'test-left-out'].includes(code)
  )
  const reasons: Record<string, string> = {
    unlabelled: 'without a label',
    unreadable: 'that could not be read',
    'implausible-context': 'with implausible gestational age or birth weight',
    'test-left-out': 'on a locked test side'
  }
  return [
    `The evaluation was of ${summary.films} frontal chest films of ${summary.infants} infants at ${films.sites} ${films.sites === 1 ? 'site' : 'sites'}, ${setText(summary.set)}.`,
    left.length > 0
      ? `Left out were films ${left.map(({ code, count }) => `${reasons[code]} (${count})`).join(', ')}.`
      : 'No film of the set was left out.',
    `Each film had one of six labels as reference standard; ${fromTable} labels came from an imported table and ${byReaders} from ${readers} ${readers === 1 ? 'reader' : 'readers'} in NeoGate; ${unsure} were marked unsure. Labels, gestational age and birth weight are kept as revisions in a hash chain, and nothing overwrites an earlier value.`,
    `Gestational age: ${spread(films.gaDays, days)}, missing for ${films.withoutGa} films. Birth weight: ${spread(films.bwGrams, grams)}, missing for ${films.withoutBw}. Postnatal age at the film: ${spread(films.ageHours, hours)}, unknown for ${films.withoutAge}.`,
    'A missing gestational age or birth weight was replaced by the mean of the training films, and the film counted as imputed.'
  ]
}

function partitionText({ split }: Facts): string[] {
  if (!split) return ['The films belong to no one side of a split.']
  const { films, infants } = split.table
  const { proportions, seed, name, hash } = split.split
  const percent = proportions.map(share => `${Math.round(100 * share)} %`).join(', ')
  return [
    `Films were divided by infant, so that no infant has films on two sides, balanced by class and site, in the proportions ${percent} (training, validation, test; split “${name}”, seed ${seed}, manifest SHA-256 ${hash}): ${films.train} films of ${infants.train} infants to train on, ${films.validation} of ${infants.validation} to validate, ${films.test} of ${infants.test} to test.`,
    split.accesses.length === 0
      ? 'The test side has never been opened.'
      : `The test side is locked; opening it is recorded with reader, time and reason, and had happened ${split.accesses.length} ${split.accesses.length === 1 ? 'time' : 'times'} when this report was written.`
  ]
}

function modelText({ summary }: Evaluation, { card }: Facts): string[] {
  if (!card) return ['The version evaluated has since been removed from the project.']
  const definition = modelDefinition(card.method)
  const { total, withoutHead } = countParameters(definition)
  const context = {
    none: 'It is not given gestational age or birth weight.',
    backbone: 'Gestational age and birth weight enter together with the image.',
    pooled: 'Gestational age and birth weight enter behind the last feature map.'
  }[definition.context]
  return [
    `Films were prepared in these steps: ${card.preprocessing.steps.join('; ')} (input ${card.size} x ${card.size} pixels, preprocessing SHA-256 ${card.preprocessing.hash}).`,
    `The version “${summary.modelName}” is of the method ${card.method}: ${definition.summary}; ${total} parameters, ${withoutHead} without the classifier.`,
    context,
    `Gestational age and birth weight were normalised by the training films' means and standard deviations (${card.context.gaMeanDays.toFixed(1)} and ${card.context.gaSdDays.toFixed(1)} days; ${card.context.bwMeanGrams.toFixed(0)} and ${card.context.bwSdGrams.toFixed(0)} g).`
  ]
}

function trainingText({ card }: Facts): string[] {
  const training = card?.training
  if (!card || !training) return ['How the version was trained is not recorded in this software.']
  const { hyperparameters: values } = training
  const value = (name: string) => String(values[name])
  const scopes = {
    all: 'the whole network',
    'last-stage': 'the last stage, gate and classifier',
    head: 'gate and classifier'
  }
  return [
    `${scopes[training.scope][0]!.toUpperCase()}${scopes[training.scope].slice(1)} learnt from ${training.data.films.train} films with ${training.data.films.validation} to validate (film list SHA-256 ${training.data.manifestHash}).`,
    training.parent === null
      ? `It began with ${card.initialWeights === null ? 'fresh weights' : `weights from a file (SHA-256 ${card.initialWeights}) and fresh ones for the rest`}, seed ${training.seed}.`
      : `It began with the version of hash ${training.parent}, seed ${training.seed}.`,
    `Cross-entropy (label smoothing ${value('labelSmoothing')}, class weights ${value('classWeights')}) was minimised by ${value('optimizer')} with learning rate ${value('learningRate')}, weight decay ${value('weightDecay')}, ${value('filmsPerStep')} films per step, for ${training.epochs} epochs (${training.steps} steps); it ended by ${training.stopReason === 'patience' ? `early stopping on validation loss (patience ${value('patience')})` : 'reaching the last epoch'}. The weights with the lowest validation loss were kept. Augmentation (horizontal flip, brightness, contrast): ${value('augmentation') === 'true' && training.scope === 'all' ? 'yes' : 'no'}; none at evaluation.`
  ]
}

function evaluationText({ resamples, seed, calibration, controls }: Evaluation): string[] {
  return [
    'The answer was the class with the highest probability. F1, precision, recall and specificity are of each class against the rest; macro is the unweighted mean over classes, weighted the mean weighted by films of the class. AUROC and AUPRC (average precision) are of each class against the rest. ECE is over 15 equal bins of the highest probability; the Brier score is the multi-class one, from 0 to 2.',
    `Every interval is a 95 % percentile interval of ${resamples} bootstrap resamples of infants with all their films (seed ${seed}); differences are paired on the same resamples.`,
    calibration
      ? `Temperature (${calibration.temperature.toFixed(3)}, by negative log-likelihood; Guo et al. 2017) and a threshold for each class (Youden index) were fitted on ${calibration.films} validation films of the split “${calibration.split}” and on nothing else.`
      : 'No temperature or thresholds were fitted.',
    'Net benefit follows Vickers and Elkin, each class against the rest.',
    controls.length > 0
      ? 'Shortcut controls on the same films: classifiers given gestational age and birth weight alone or postnatal age alone, the version with another infant’s gestational age and birth weight, and the version with a black image.'
      : 'No shortcut controls were run.'
  ]
}

function softwareText({ code, card, providers }: Facts): string[] {
  const training = card?.training
  return [
    `NeoGate ${code.neogate} with ONNX Runtime ${code.onnxruntime} and Node.js ${code.node} on ${code.platform}; predictions computed by ${providers.join(', ') || 'a provider that is not recorded'}.`,
    training
      ? `The version was trained by NeoGate ${training.code.neogate}, ONNX Runtime ${training.code.onnxruntime}, provider ${training.provider}.`
      : ''
  ].filter(sentence => sentence !== '')
}
