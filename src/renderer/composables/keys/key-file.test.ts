import { describe, expect, it } from 'vitest'
import { ACTIONS, createKeyMap, judgeChord, readKeyFile, writeKeyFile, type ActionId } from '.'

const map = () => createKeyMap<ActionId>(ACTIONS)

describe('a file of keys', () => {
  it('brings back what was chosen, and only that', () => {
    const mine = { 'reading.invert': ['Ctrl+ArrowUp'], 'studies.open': [] }
    const [from, to] = [map(), map()]
    from.choose(mine)
    expect(readKeyFile(writeKeyFile(from.actions.value), to.actions.value)).toEqual({
      keys: mine,
      unknown: []
    })
  })

  it('is taken whole or not at all, and names what is at fault', () => {
    const { actions } = map()
    const read = (keys: unknown) => readKeyFile(JSON.stringify({ kind: 'neogate-keys', keys }), actions.value)
    expect(readKeyFile('{"kind": ', actions.value)).toEqual({ problem: { reason: 'not-json' } })
    expect(readKeyFile('[1]', actions.value)).toEqual({ problem: { reason: 'not-keys' } })
    expect(readKeyFile('null', actions.value)).toEqual({ problem: { reason: 'not-keys' } })
    const bad = (chord: string) => ({ problem: { reason: 'bad-keys', action: 'reading.invert', chord } })
    expect(read({ 'reading.flip': ['Y'], 'reading.invert': ['Strg+I'] })).toEqual(bad('Strg+I'))
    expect(read({ 'reading.invert': [7] })).toEqual(bad('7'))
    expect(read({ 'reading.invert': 'I' })).toEqual(bad('"I"'))
  })

  it('tells of actions that are not there', () => {
    const text = '{"kind": "neogate-keys", "keys": {"reading.fly": ["K"], "reading.flip": ["shift+y"]}}'
    expect(readKeyFile(text.replace('shift', 'Shift'), map().actions.value)).toEqual({
      keys: { 'reading.flip': ['Shift+Y'] },
      unknown: ['reading.fly']
    })
  })
})

describe('choosing keys', () => {
  it('forgets a choice that is the default again', () => {
    const keys = map()
    keys.choose(keys.chosenWith('reading.invert', ['K']))
    expect(keys.chosen.value).toEqual({ 'reading.invert': ['K'] })
    expect(keys.chosenWith('reading.invert', ['I'])).toEqual({})
  })

  it('refuses keys that never arrive and warns of those that the browser uses', () => {
    expect(['Tab', 'Ctrl+W', 'Ctrl+R', 'F5', 'K', 'Ctrl+Shift+K'].map(judgeChord)).toEqual([
      'refused',
      'refused',
      'warned',
      'warned',
      'free',
      'free'
    ])
  })

  it('has no default that it would refuse', () => {
    const written = map().actions.value.flatMap(({ chords }) => chords)
    // Ctrl+A chooses all, as it does everywhere.
    expect(written.filter(chord => judgeChord(chord) !== 'free' && chord !== 'Ctrl+A')).toEqual([])
  })
})
