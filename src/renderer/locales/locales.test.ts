import { describe, expect, it } from 'vitest'
import enMessages from './en'
import koMessages from './ko'
import { errorMap } from '../../contract'

type Tree = { [key: string]: string | Tree }

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)]
    )
  )
}

const english = flatten(enMessages as unknown as Tree)
const korean = flatten(koMessages as unknown as Tree)
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(match => match[1]))].sort()

/** Names, abbreviations and units that are written the same in both languages. */
const SAME_IN_BOTH =
  /^(?:NeoGate|BPD|RDS|TTN|AP|PA|F1|ROC|AUROC|AUPRC|CPU|WebGPU|CUDA \(NVIDIA\)|DirectML \(Windows\)|Core ML \(Apple\)|\{\w+\}(?: g| F1)?|[\d\s.,%·×–+-]*)$/

describe('languages', () => {
  it('have the same keys', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('name the same particulars in each sentence', () => {
    const differing = [...english].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(korean.get(key) ?? '').join()
    )
    expect(differing).toEqual([])
  })

  it('leave nothing untranslated', () => {
    const copied = [...english].filter(([key, text]) => text === korean.get(key) && !SAME_IN_BOTH.test(text))
    expect(copied).toEqual([])
  })

  it('are each asked for alone: where Korean is spoken, English has not been fetched', async () => {
    const files = import.meta.glob(['../**/*.{vue,ts}', '!**/*.test.ts'], {
      query: '?raw',
      import: 'default'
    })
    const asking = await Promise.all(
      Object.entries(files).map(async ([path, load]) =>
        /\bte?\([^()]*, '(?:en|ko)'\)/.test((await load()) as string) ? path : null
      )
    )
    expect(asking.filter(Boolean)).toEqual([])
  })

  it('have a title and a remedy for every error of the contract', () => {
    const lacking = [...Object.keys(errorMap), 'CONNECTION_LOST'].filter(
      code => !english.has(`errors.codes.${code}.title`) || !english.has(`errors.codes.${code}.remedy`)
    )
    expect(lacking).toEqual([])
  })
})
