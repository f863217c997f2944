import { cruise } from 'dependency-cruiser'
import { describe, expect, it, beforeAll } from 'vitest'
import { cruiseOptions, forbidden } from './rules.mjs'
import { zones } from './table.mjs'

/** What fixtures/ has planted: file, and the rules that must catch it (a circle at its first file). Others must pass. */
const PLANTED = {
  'contract/core-import.ts': ['zone:contract'],
  'contract/node-import.ts': ['built-ins:contract'],
  'core/domain/upward-type.ts': ['zone:domain'],
  'core/growth/circle-a.ts': ['no-cycles'],
  'core/growth/dcmjs.ts': ['reserved:dcmjs'],
  'core/growth/inner.ts': ['index:foundation'],
  'core/label-store/driver.ts': ['reserved:sqlite'],
  'core/label-store/sibling.ts': ['zone:label-store'],
  'core/ml/graph/domain.ts': ['zone:ml/graph'],
  'core/ml/graph/session.ts': ['packages:ml/graph', 'reserved:onnxruntime'],
  'core/ml/layers/sideways.ts': ['zone:ml/layers'],
  'core/services/electron.ts': ['reserved:electron'],
  'core/services/reaches-inside.ts': ['index:dicom-intake'],
  'core/stray.ts': ['no-zone'],
  'main/core-module.ts': ['zone:main'],
  'main/other-host.ts': ['zone:main'],
  'preload/node.ts': ['built-ins:preload'],
  'renderer/components/CallsApi.vue': ['renderer:components'],
  'renderer/components/CoreType.vue': ['zone:renderer'],
  'renderer/electron.ts': ['reserved:electron'],
  'renderer/node.ts': ['built-ins:renderer']
}

describe('import rules', () => {
  /** @type {Record<string, string[]>} */
  const caught = {}
  let cruised = []

  beforeAll(async () => {
    const { output } = await cruise(['src'], {
      ...cruiseOptions,
      baseDir: `${import.meta.dirname}/fixtures`,
      validate: true,
      ruleSet: { forbidden }
    })
    cruised = output.modules.map(({ source }) => source)
    for (const { from, rule } of output.summary.violations) {
      const file = from.replace(/^src\//, '')
      caught[file] = [...new Set([...(caught[file] ?? []), rule.name])].sort()
    }
  })

  it('reads TypeScript and Vue files alike', () => {
    expect(cruised).toContain('src/renderer/screens/Studies.vue')
    expect(cruised).toContain('src/core/create-core.ts')
  })

  it.each(Object.entries(PLANTED))('catches %s', (file, rules) => {
    expect(caught[file]).toEqual(rules)
  })

  it('lets everything else pass', () => {
    expect(Object.keys(caught).sort()).toEqual(Object.keys(PLANTED).sort())
  })
})

describe('the table', () => {
  const byName = new Map(zones.map(zone => [zone.name, zone]))

  it('names only zones that exist, once each', () => {
    expect(byName.size).toBe(zones.length)
    for (const zone of zones) for (const name of zone.may) expect(byName.has(name), name).toBe(true)
  })

  it('has no circle', () => {
    const done = new Set()
    const visit = (name, trail) => {
      expect(trail, `circle: ${[...trail, name].join(' -> ')}`).not.toContain(name)
      if (done.has(name)) return
      for (const next of byName.get(name).may) visit(next, [...trail, name])
      done.add(name)
    }
    for (const name of byName.keys()) visit(name, [])
  })
})
