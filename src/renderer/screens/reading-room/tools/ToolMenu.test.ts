import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { i18n, setLocale } from '../../../app/i18n'
import ToolMenu from './ToolMenu.vue'
import type { FilmToolGroup } from './use-film-tools'

const pressed = vi.fn()
const groups: FilmToolGroup[] = [
  {
    id: 'turn',
    label: 'Turn',
    tools: [
      {
        id: 'invert',
        name: 'Invert',
        action: 'reading.invert',
        disabled: false,
        run: () => pressed('invert')
      },
      { id: 'flip', name: 'Mirror', disabled: true, run: () => pressed('flip') },
      { id: 'rotate', name: 'Rotate', hint: 'A quarter turn', disabled: false, run: () => pressed('rotate') }
    ]
  }
]

describe('the menu of picture tools', () => {
  let menu: ReturnType<typeof mount<typeof ToolMenu>>
  beforeEach(async () => {
    await setLocale('en')
    menu = mount(ToolMenu, {
      props: { groups },
      attachTo: document.body,
      global: { plugins: [createPinia(), i18n] }
    })
  })
  afterEach(() => {
    menu.unmount()
    pressed.mockClear()
  })
  const opener = () => menu.get('.more')
  const focused = () => document.activeElement?.textContent?.trim() ?? ''
  /** As Enter or Space on the button does. */
  async function openByKeyboard(): Promise<void> {
    await opener().trigger('click', { detail: 0 })
    await nextTick()
  }

  it('names each tool with its key, and says whether it is open', async () => {
    expect(opener().attributes('aria-expanded')).toBe('false')
    await openByKeyboard()
    expect(opener().attributes('aria-expanded')).toBe('true')
    expect(menu.findAll('.menu button').map(each => each.text())).toEqual(['InvertI', 'Mirror', 'Rotate'])
    expect(menu.findAll('.menu button')[2]!.attributes('title')).toBe('Rotate: A quarter turn')
  })

  it('is gone through with the arrow keys, past what is disabled and around its ends', async () => {
    await openByKeyboard()
    expect(focused()).toBe('InvertI')
    await menu.get('.menu').trigger('keydown', { key: 'ArrowDown' })
    const [invert, , rotate] = menu.findAll('.menu button')
    await invert!.trigger('keydown', { key: 'ArrowDown' })
    expect(focused()).toBe('Rotate')
    await rotate!.trigger('keydown', { key: 'ArrowDown' })
    expect(focused()).toBe('InvertI')
  })

  it('closes with Escape, which goes no further, and gives the focus back', async () => {
    await openByKeyboard()
    const further = vi.fn()
    window.addEventListener('keydown', further)
    await menu.findAll('.menu button')[0]!.trigger('keydown', { key: 'Escape' })
    window.removeEventListener('keydown', further)
    expect(menu.find('.menu').exists()).toBe(false)
    expect(document.activeElement).toBe(opener().element)
    expect(further).not.toHaveBeenCalled()
  })

  it('does what is pressed and closes; a press beside it closes it too', async () => {
    await openByKeyboard()
    await menu.findAll('.menu button')[2]!.trigger('click')
    expect(pressed).toHaveBeenCalledExactlyOnceWith('rotate')
    expect(menu.find('.menu').exists()).toBe(false)
    await openByKeyboard()
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
    await nextTick()
    expect(menu.find('.menu').exists()).toBe(false)
  })

  it('is out of sight while every tool has room', async () => {
    await menu.setProps({ groups: [] })
    expect(opener().classes()).toContain('needless')
  })
})
