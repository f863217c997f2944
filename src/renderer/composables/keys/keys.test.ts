import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chordOf, createKeyRegistry, normaliseChord } from '.'
import type { KeyRegistry } from '.'

const press = (init: KeyboardEventInit & { key: string }) =>
  new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })

describe('chords', () => {
  it('are written one way', () => {
    expect(normaliseChord('Shift+Ctrl+z')).toBe('Ctrl+Shift+Z')
    expect(normaliseChord('?')).toBe('?')
    expect(() => normaliseChord('Ctrl+')).toThrow(RangeError)
    expect(() => normaliseChord('Strg+Z')).toThrow('Strg')
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

describe('key registry', () => {
  let registry: KeyRegistry
  beforeEach(() => {
    registry = createKeyRegistry()
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

  it('runs a binding and takes the key, until it is released', () => {
    const run = vi.fn()
    const release = registry.register('reading', [{ keys: 'I', description: 'invert', run }])
    expect(fire({ key: 'i', code: 'KeyI' }).defaultPrevented).toBe(true)
    release()
    expect(fire({ key: 'i', code: 'KeyI' }).defaultPrevented).toBe(false)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('leaves text fields their keys unless told otherwise', () => {
    const plain = vi.fn()
    const also = vi.fn()
    registry.register('reading', [
      { keys: 'C', description: 'comment', run: plain },
      { keys: 'Escape', description: 'reset', run: also, inFields: true }
    ])
    const field = add('<textarea data-target></textarea>')
    fire({ key: 'c', code: 'KeyC' }, field)
    fire({ key: 'Escape' }, field)
    expect(plain).not.toHaveBeenCalled()
    expect(also).toHaveBeenCalledTimes(1)
  })

  it('leaves Enter and Space to a focused button, and every key to a dialog', () => {
    const run = vi.fn()
    registry.register('reading', [{ keys: ['Enter', 'Space', 'I'], description: 'accept', run }])
    fire({ key: 'Enter' }, add('<button data-target></button>'))
    fire({ key: 'i', code: 'KeyI' }, add('<div role="dialog"><span data-target></span></div>'))
    expect(run).not.toHaveBeenCalled()
    fire({ key: 'i', code: 'KeyI' }, add('<button data-target></button>'))
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('repeats only what may repeat', () => {
    const label = vi.fn()
    const move = vi.fn()
    registry.register('studies', [
      { keys: '1', description: 'label', run: label },
      { keys: 'ArrowDown', description: 'next', run: move, repeat: true }
    ])
    fire({ key: '1', code: 'Digit1', repeat: true })
    fire({ key: 'ArrowDown', repeat: true })
    expect(label).not.toHaveBeenCalled()
    expect(move).toHaveBeenCalledTimes(1)
  })

  it('ignores keys that compose a Hangul syllable', () => {
    const run = vi.fn()
    registry.register('global', [{ keys: 'R', description: 'rotate', run }])
    fire({ key: 'ㄱ', code: 'KeyR', isComposing: true })
    expect(run).not.toHaveBeenCalled()
  })

  it('finds conflicts within a scope and with global keys, not between screens', () => {
    const run = () => {}
    registry.register('global', [{ keys: 'Ctrl+Z', description: 'undo', run }])
    registry.register('studies', [{ keys: 'Enter', description: 'open', run }])
    registry.register('reading', [{ keys: 'Enter', description: 'accept', run }])
    expect(registry.conflicts.value).toEqual([])
    const release = registry.register('reading', [{ keys: ['X', 'Ctrl+Z'], description: 'cut', run }])
    expect(registry.conflicts.value).toEqual([
      { chord: 'Ctrl+Z', scope: 'reading', descriptions: ['undo', 'cut'] }
    ])
    release()
    registry.register('reading', [{ keys: 'Enter', description: 'zoom', run }])
    expect(registry.conflicts.value.map(conflict => conflict.descriptions)).toEqual([['accept', 'zoom']])
  })
})
