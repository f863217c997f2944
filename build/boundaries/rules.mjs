import { rendererRules, reserved, zones } from './table.mjs'

const escape = text => text.replace(/[.+*?^${}()|[\]\\/]/g, '\\$&')
/** A zone is a folder, or one file where its path ends in one. */
const below = ({ path }) => (path.endsWith('.ts') || path.endsWith('.json') ? `^${path}$` : `^${path}/`)
const zoneNamed = name => {
  const zone = zones.find(candidate => candidate.name === name)
  if (!zone) throw new Error(`The table names an unknown zone: ${name}`)
  return zone
}
const inPackages = packages => `(^|/)node_modules/(@types/)?(${packages.map(escape).join('|')})(/|$)`

function importsOf(zone) {
  const allowed = [zone, ...zone.may.map(zoneNamed)].map(below)
  return {
    name: `zone:${zone.name}`,
    comment: `${zone.name} may import ${zone.may.join(', ') || 'no other zone'}.`,
    severity: 'error',
    from: { path: below(zone) },
    to: { path: '^(src/|package\\.json$)', pathNot: allowed }
  }
}

function packagesOf(zone) {
  const named = zone.packages.filter(name => name !== 'node' && name !== '*')
  const rules = []
  if (!zone.packages.includes('node')) {
    rules.push({
      name: `built-ins:${zone.name}`,
      comment: `${zone.name} runs where Node is not, or has no business there.`,
      severity: 'error',
      from: { path: below(zone), pathNot: TESTS },
      to: { dependencyTypes: ['core'] }
    })
  }
  if (!zone.packages.includes('*')) {
    rules.push({
      name: `packages:${zone.name}`,
      comment: `${zone.name} may use ${named.join(', ') || 'no package'}.`,
      severity: 'error',
      from: { path: below(zone), pathNot: TESTS },
      to: { path: '(^|/)node_modules/', ...(named.length > 0 ? { pathNot: inPackages(named) } : {}) }
    })
  }
  return rules
}

/** Test files may use the test runner and Node; zones and reserved packages hold for them too. */
const TESTS = '\\.test\\.ts$'

function reservedPackages({ name, packages, zones: names }) {
  return {
    name: `reserved:${name}`,
    comment: `${packages.join(', ')}: only in ${names.join(', ')}.`,
    severity: 'error',
    from: { path: '^src/', pathNot: names.map(zoneNamed).map(below) },
    to: { path: [inPackages(packages), `^(${packages.map(escape).join('|')})$`] }
  }
}

/** A closed zone is met only through its index.ts. */
function entrances() {
  return zones
    .filter(zone => !zone.open)
    .map(zone => ({
      name: `index:${zone.name}`,
      comment: `${zone.name} is met only through its index.ts.`,
      severity: 'error',
      from: { path: '^src/', pathNot: below(zone) },
      to: { path: below(zone), pathNot: `^${zone.path}/index\\.ts$` }
    }))
}

const insideRenderer = rendererRules.map(({ from, to }) => ({
  name: `renderer:${from}`,
  comment: `renderer/${from} may not import renderer/${to.join(', renderer/')}.`,
  severity: 'error',
  from: { path: `^src/renderer/${from}/`, pathNot: TESTS },
  // A shape may be named anywhere; what counts is who calls.
  to: { path: `^src/renderer/(${to.join('|')})/`, dependencyTypesNot: ['type-only'] }
}))

const homeless = {
  name: 'no-zone',
  comment: 'Every file under src/ belongs to a zone of build/boundaries/table.mjs.',
  severity: 'error',
  from: { path: '^src/', pathNot: zones.map(below) },
  to: {}
}

/** Zones cannot form a circle, since the table has none (tested). Between files of one zone, types alone may. */
const circular = {
  name: 'no-cycles',
  comment: 'Files do not import each other in circles.',
  severity: 'error',
  from: { path: '^src/' },
  to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
}

const unresolved = {
  name: 'resolves',
  comment: 'What is imported must exist.',
  severity: 'error',
  from: { path: '^src/' },
  to: { couldNotResolve: true, pathNot: '\\?' }
}

export const forbidden = [
  ...zones.map(importsOf),
  ...zones.flatMap(packagesOf),
  ...reserved.map(reservedPackages),
  ...entrances(),
  ...insideRenderer,
  homeless,
  circular,
  unresolved
]

/** Type-only imports count like any other. */
export const cruiseOptions = {
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  enhancedResolveOptions: {
    extensions: ['.ts', '.mjs', '.js', '.vue', '.json', '.d.ts'],
    exportsFields: ['exports'],
    conditionNames: ['import', 'require', 'node', 'default', 'types']
  }
}
