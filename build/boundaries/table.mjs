/**
 * Who may import whom: the one table from which every import rule is generated (docs/architecture.md has it in words).
 * A zone may import itself and the zones in `may`; every file under src/ belongs to exactly one zone. `packages` are
 * the npm packages and Node built-ins that a zone may use: 'node' stands for all built-ins, '*' for any package that
 * is not reserved below.
 */

const core = (name, may = [], packages = ['*', 'node']) => ({
  name,
  path: `src/core/${name}`,
  may: ['foundation', ...may],
  packages
})
const ml = (name, may = [], packages = ['node']) =>
  core(
    `ml/${name}`,
    may.map(zone => `ml/${zone}`),
    packages
  )
const sibling = name => core(name, ['domain'])
const store = name => core(name, ['domain', 'database'])

const siblings = [
  'dicom-intake',
  'image-preprocessing',
  'review-queue',
  'growth',
  'study-folder',
  'tables',
  'demo',
  'report'
].map(sibling)
const stores = ['study-store', 'label-store', 'review-store', 'job-queue', 'model-registry', 'curation'].map(
  store
)
const networks = [
  ml('graph', [], ['node', 'onnx-buf', '@bufbuild/protobuf']),
  ...['layers', 'losses', 'optimizers', 'autodiff'].map(name => ml(name, ['graph'])),
  ml('models', ['graph', 'layers']),
  ml('training-step', ['graph', 'models', 'losses', 'optimizers', 'autodiff']),
  ml('runtime', ['graph'], ['node', 'onnxruntime-node', 'onnxruntime-common']),
  ml('weights', ['graph'], ['node', 'zod']),
  ml('augmentation'),
  ml('metrics'),
  ml('explain', ['graph', 'models', 'autodiff', 'runtime']),
  // Its controls are small classifiers of its own, fitted by the same Adam.
  ml('evaluation', ['runtime', 'metrics', 'optimizers']),
  // The trainer drives a whole model: it names its parts to choose what learns and how.
  ml(
    'trainer',
    [
      ...['graph', 'models', 'optimizers', 'training-step', 'runtime'],
      ...['weights', 'augmentation', 'evaluation', 'metrics']
    ],
    ['zod']
  )
]
const modules = [
  // Pure statistics, which share the bootstrap with the metrics of models.
  core('agreement', ['domain', 'ml/metrics']),
  { name: 'foundation', path: 'src/core/foundation', may: [], packages: ['node'] },
  core('domain', [], []),
  core('database'),
  ...siblings,
  ...stores,
  ...networks
]
const moduleNames = modules.map(({ name }) => name)
const services = { name: 'services', path: 'src/core/services', may: ['contract', ...moduleNames] }
const host = (name, packages = []) => ({
  name,
  path: `src/${name}`,
  may: ['contract', 'create-core'],
  packages: ['*', 'node', ...packages]
})

export const zones = [
  { name: 'contract', path: 'src/contract', may: [], packages: ['zod', '@orpc/contract'], open: true },
  ...modules,
  { ...services, packages: ['*', 'node'], open: true },
  {
    name: 'create-core',
    path: 'src/core/(create-core|user-folder|version)(\\.test)?\\.ts',
    may: ['contract', 'services', 'package-file', ...moduleNames],
    packages: ['*', 'node'],
    open: true
  },
  host('main', ['electron']),
  host('localhost'),
  host('cli'),
  {
    name: 'terminal',
    path: 'src/terminal\\.ts',
    may: ['cli', 'localhost', 'create-core'],
    packages: ['node'],
    open: true
  },
  { name: 'preload', path: 'src/preload', may: ['contract'], packages: ['electron'], open: true },
  { name: 'renderer', path: 'src/renderer', may: ['contract'], packages: ['*', 'vue'], open: true },
  { name: 'types', path: 'src/types', may: [], packages: ['*', 'node'], open: true },
  { name: 'package-file', path: 'package\\.json', may: [], packages: [], open: true }
]

/** Packages that only the named zones may import, whatever else those may. */
export const reserved = [
  { name: 'electron', packages: ['electron'], zones: ['main', 'preload'] },
  { name: 'dcmjs', packages: ['dcmjs', 'dcmjs-codecs', 'dicom-parser'], zones: ['dicom-intake'] },
  { name: 'onnxruntime', packages: ['onnxruntime-node', 'onnxruntime-common'], zones: ['ml/runtime'] },
  { name: 'pdfkit', packages: ['pdfkit', 'fontkit'], zones: ['report'] },
  { name: 'sqlite', packages: ['@photostructure/sqlite', 'better-sqlite3'], zones: ['database'] },
  {
    name: 'vue',
    packages: ['vue', 'vue-router', 'vue-i18n', 'pinia', 'reka-ui', '@tanstack/vue-virtual'],
    zones: ['renderer']
  }
]

/** Inside the renderer: only stores (and what they are made of) talk to the core. */
export const rendererRules = [
  { from: 'components', to: ['api-client', 'stores', 'screens', 'app'] },
  { from: 'screens', to: ['api-client', 'app'] },
  { from: 'viewport', to: ['stores', 'screens', 'app', 'components'] },
  { from: 'stores', to: ['components', 'screens', 'app', 'viewport'] },
  { from: 'api-client', to: ['components', 'screens', 'app', 'viewport', 'stores'] }
]
