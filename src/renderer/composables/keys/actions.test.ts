import { describe, expect, it } from 'vitest'
import { i18n, setLocale } from '../../app/i18n'
import { ACTIONS, createKeyMap, KEY_SCOPES, normaliseChord, type ActionId } from '.'

await setLocale('en')
const map = createKeyMap<ActionId>(ACTIONS)

describe('the default keys', () => {
  it('give no two actions of a screen the same key', () => {
    expect(map.conflicts.value).toEqual([])
  })

  it('are written as they are pressed', () => {
    const written = Object.values(ACTIONS).flatMap(scope => Object.values(scope).flatMap(({ keys }) => keys))
    expect(written.filter(chord => normaliseChord(chord) !== chord)).toEqual([])
  })

  it('have a name for every action and every screen', () => {
    const named = map.actions.value.map(({ description }) => description)
    const wanted = [...named, ...KEY_SCOPES.map(scope => `keys.scope.${scope}`)]
    expect(wanted.filter(key => !i18n.global.te(key))).toEqual([])
  })

  it('are each used by a screen', async () => {
    const files = import.meta.glob(['../../{app,screens}/**/*.{vue,ts}', '!**/*.test.ts'], {
      query: '?raw',
      import: 'default'
    })
    const calls = (await Promise.all(Object.values(files).map(load => load() as Promise<string>))).join('\n')
    const unused = map.actions.value
      .map(({ id }) => id.split('.')[1]!)
      .filter(name => !new RegExp(`\\b${name}['"]?:|\\b${name.split('-')[0]}-\\$\\{`).test(calls))
    expect(unused).toEqual([])
  })
})
