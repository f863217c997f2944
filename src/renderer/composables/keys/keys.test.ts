import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chordCaps, chordOf, createKeyMap, createKeyRegistry, normaliseChord } from '.'

const press = (init: KeyboardEventInit & { key: string }) =>
  new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })

describe('chords', () => {
  it('are written one way', () => {
    expect(normaliseChord('Shift+Ctrl+z')).toBe('Ctrl+Shift+Z')
    expect(normaliseChord('?')).toBe('?')
    expect(normaliseChord('+')).toBe('+')
    expect(normaliseChord('Alt+Ctrl++')).toBe('Ctrl+Alt++')
    expect(() => normaliseChord('Ctrl+')).toThrow(RangeError)
    expect(() => normaliseChord('Strg+Z')).toThrow('Strg')
  })

  it('are shown as they stand on the keyboard', () => {
    expect(chordCaps('Ctrl+Shift+ArrowLeft')).toEqual(['Ctrl', 'Shift', '←'])
    expect(chordCaps('Ctrl++')).toEqual(['Ctrl', '+'])
  })

  it('take a letter from its place on the keyboard while a Korean input method is on', () => {
    expect(chordOf(press({ key: 'ㅑ', code: 'KeyI' }))).toBe('I')
    expect(chordOf(press({ key: 'z', code: 'KeyY', ctrlKey: true }))).toBe('Ctrl+Z')
  })

  it('take digits from their place, so that Shift and the number pad work', () => {
    expect(chordOf(press({ key: '!', code: 'Digit1', shiftKey: true }))).toBe('Shift+1')
    expect(chordOf(press({ key: '4', code: 'Numpad4' }))).toBe('4')
  })

  it('take punctuation as typed', () => {
    expect(chordOf(press({ key: '?', code: 'Slash', shiftKey: true }))).toBe('?')
    expect(chordOf(press({ key: ' ', code: 'Space' }))).toBe('Space')
    expect(chordOf(press({ key: 'Shift', shiftKey: true }))).toBeNull()
  })
})

const TABLE = {
  global: { undo: { keys: 'Ctrl+Z', description: 'undo' }, rotate: { keys: 'R', description: 'rotate' } },
  studies: {
    next: { keys: 'ArrowDown', description: 'next', repeat: true },
    open: { keys: 'Enter', description: 'open' }
  },
  reading: {
    label: { keys: '1', description: 'label' },
    accept: { keys: ['Enter', 'Space'], description: 'accept' },
    comment: { keys: 'C', description: 'comment' },
    invert: { keys: 'I', description: 'invert' },
    reset: { keys: 'Escape', description: 'reset', inFields: true }
  }
}

describe('key registry', () => {
  const setUp = () => {
    const map = createKeyMap<string>(TABLE)
    return { map, registry: createKeyRegistry(map) }
  }
  let { map, registry } = setUp()
  beforeEach(() => {
    ;({ map, registry } = setUp())
    document.body.innerHTML = ''
  })

  function fire(init: KeyboardEventInit & { key: string }, target: Element = document.body): KeyboardEvent {
    const event = press(init)
    target.addEventListener('keydown', caught => registry.handle(caught as KeyboardEvent), { once: true })
    target.dispatchEvent(event)
    return event
  }

  function add(html: string): Element {
    document.body.innerHTML = html
    return document.body.querySelector('[data-target]')!
  }

  it('runs an action and takes the key, until it is released', () => {
    const run = vi.fn()
    const release = registry.register([['reading.invert', run]])
    expect(fire({ key: 'i', code: 'KeyI' }).defaultPrevented).toBe(true)
    release()
    expect(fire({ key: 'i', code: 'KeyI' }).defaultPrevented).toBe(false)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('leaves text fields their keys unless told otherwise', () => {
    const plain = vi.fn()
    const also = vi.fn()
    registry.register([
      ['reading.comment', plain],
      ['reading.reset', also]
    ])
    const field = add('<textarea data-target></textarea>')
    fire({ key: 'c', code: 'KeyC' }, field)
    fire({ key: 'Escape' }, field)
    expect(plain).not.toHaveBeenCalled()
    expect(also).toHaveBeenCalledTimes(1)
  })

  it('leaves Enter and Space to a focused button, and every key to a dialog', () => {
    const run = vi.fn()
    registry.register([
      ['reading.accept', run],
      ['reading.invert', run]
    ])
    fire({ key: 'Enter' }, add('<button data-target></button>'))
    fire({ key: 'i', code: 'KeyI' }, add('<div role="dialog"><span data-target></span></div>'))
    expect(run).not.toHaveBeenCalled()
    fire({ key: 'i', code: 'KeyI' }, add('<button data-target></button>'))
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('repeats only what may repeat', () => {
    const label = vi.fn()
    const move = vi.fn()
    registry.register([
      ['reading.label', label],
      ['studies.next', move]
    ])
    fire({ key: '1', code: 'Digit1', repeat: true })
    fire({ key: 'ArrowDown', repeat: true })
    expect(label).not.toHaveBeenCalled()
    expect(move).toHaveBeenCalledTimes(1)
  })

  it('ignores keys that compose a Hangul syllable', () => {
    const run = vi.fn()
    registry.register([['global.rotate', run]])
    fire({ key: 'ㄱ', code: 'KeyR', isComposing: true })
    expect(run).not.toHaveBeenCalled()
  })

  it('follows the keys that the reader chose at once', () => {
    const run = vi.fn()
    registry.register([['reading.invert', run]])
    map.choose({ 'reading.invert': ['Ctrl+ArrowUp'] })
    fire({ key: 'i', code: 'KeyI' })
    expect(run).not.toHaveBeenCalled()
    fire({ key: 'ArrowUp', ctrlKey: true })
    expect(run).toHaveBeenCalledTimes(1)
    map.choose({})
    fire({ key: 'i', code: 'KeyI' })
    expect(run).toHaveBeenCalledTimes(2)
  })
})

describe('key map', () => {
  const chordsOf = (map: ReturnType<typeof createKeyMap<string>>, id: string) => map.action(id).chords

  it('has the defaults until the reader chooses, and an empty choice takes the key away', () => {
    const map = createKeyMap<string>(TABLE)
    expect(chordsOf(map, 'reading.accept')).toEqual(['Enter', 'Space'])
    map.choose({ 'reading.accept': [] })
    expect(chordsOf(map, 'reading.accept')).toEqual([])
    expect(map.action('reading.accept').changed).toBe(true)
    expect(map.action('reading.label').changed).toBe(false)
  })

  it('passes over what it cannot read in the settings', () => {
    const map = createKeyMap<string>(TABLE)
    map.choose({ 'reading.invert': ['Strg+I', 'shift', 'Ctrl+'], 'reading.gone': ['K'] })
    expect(chordsOf(map, 'reading.invert')).toEqual(['shift'])
    expect(map.actions.value.map(({ id }) => id)).not.toContain('reading.gone')
  })

  it('finds conflicts within a scope and with global keys, not between screens', () => {
    const map = createKeyMap<string>(TABLE)
    expect(map.conflicts.value).toEqual([])
    map.choose({ 'reading.invert': ['X', 'Ctrl+Z'], 'reading.comment': ['1'] })
    expect(map.conflicts.value).toEqual([
      { chord: '1', actions: ['reading.label', 'reading.comment'] },
      { chord: 'Ctrl+Z', actions: ['global.undo', 'reading.invert'] }
    ])
    expect(map.claimants('studies.open', '1')).toEqual([])
    expect(map.claimants('studies.open', 'Ctrl+Z').map(({ id }) => id)).toEqual(['global.undo'])
    expect(map.claimants('global.undo', 'Enter').map(({ id }) => id)).toEqual([
      'studies.open',
      'reading.accept'
    ])
  })
})
