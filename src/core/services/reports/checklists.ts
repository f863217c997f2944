import type { Block } from '../../report'

/**
 * Topics of the CLAIM 2024 (10.1148/ryai.240300) and TRIPOD+AI (10.1136/bmj-2023-078378) checklists in our own words and
 * without their numbers, since a report that quotes them must follow the published wording.
 */
const KNOWN: [topic: string, where: string][] = [
  ['Data: counts of films, infants and sites; exclusions with reasons', 'Methods, films; Provenance'],
  ['Preprocessing of images, with a hash', 'Methods, preprocessing'],
  [
    'Predictors other than the image, their units, normalisation and missing values',
    'Methods, films and model'
  ],
  ['Reference standard: classes, who labelled, corrections kept', 'Methods, films'],
  ['Partition: method, level (infant), proportions, seed, disjointness, hash', 'Methods, partition'],
  ['Model: architecture, inputs and outputs, parameters, initial weights', 'Methods, model; Model card'],
  [
    'Training: loss, optimizer, hyperparameters, augmentation, stopping, choice of weights',
    'Methods, training'
  ],
  ['Software and versions, seeds', 'Methods, software; Provenance'],
  [
    'Performance measures, named by their averaging; uncertainty by resampling infants',
    'Methods, evaluation; Results'
  ],
  ['Discrimination, calibration and clinical utility (net benefit)', 'Results'],
  ['Performance by site, gestational age, birth weight, postnatal age, sex and view', 'Results, subgroups'],
  ['Robustness: shortcut controls', 'Results, controls'],
  ['Failures: confusion matrix; the films behind each cell are in the project', 'Results'],
  ['Use of the locked test set, every opening on record', 'Methods, partition']
]

const UNKNOWN: string[] = [
  'Title and abstract that name the study as one of a prediction model with AI',
  'Clinical background, rationale, intended use and users, place in the clinical pathway, known inequalities',
  'Objectives and hypotheses; whether the study was planned ahead, registered, and where the protocol is',
  'Setting, dates of recruitment, eligibility of infants, how infants came to be imaged',
  'Acquisition of the images: equipment, exposure, views that were not sent here',
  'De-identification before import; ethics approval and consent',
  'Why this reference standard; training and experience of those who labelled before import; their agreement',
  'Justification of the sample size',
  'Treatments that infants received between birth and film',
  'Whether the sites of the test set are external to those of training, in place and in time',
  'Comparison with readers, unless readers were studied in a protocol of the project',
  'Interpretation, limitations, generalisability, fairness; what the model would need before use',
  'Involvement of patients and the public; funding; conflicts of interest; availability of data, code and model'
]

export function checklists(): Block[] {
  return [
    { kind: 'heading', level: 1, text: 'Reporting checklists' },
    {
      kind: 'paragraph',
      text: 'Topics of CLAIM 2024 and TRIPOD+AI, in our own words. The published checklists number and word their items; this is a help to fill them in and does not replace them.'
    },
    {
      kind: 'table',
      caption: 'Known to the software and in this report',
      columns: [
        { title: 'Topic', width: 0.68 },
        { title: 'Where', width: 0.32 }
      ],
      rows: KNOWN.map(row => [...row])
    },
    { kind: 'heading', level: 2, text: 'Not known to the software: to be written by the authors' },
    { kind: 'list', items: UNKNOWN }
  ]
}
