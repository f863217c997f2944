import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { i18n, setLocale } from '../app/i18n'
import LoadingState from './LoadingState.vue'

const shown = (props: { label: string; cancellable?: boolean }) =>
  mount(LoadingState, { props, global: { plugins: [i18n] } })

describe('loading state', () => {
  beforeEach(async () => {
    await setLocale('en')
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())

  it('says what is waited for, and nothing else where it cannot be cancelled', async () => {
    const state = shown({ label: 'Loading…' })
    await vi.advanceTimersByTimeAsync(5000)
    expect(state.text()).toBe('Loading…')
    expect(state.find('button').exists()).toBe(false)
  })

  it('can be given up from the first second on, and says how long it has been', async () => {
    const state = shown({ label: 'Writing', cancellable: true })
    expect(state.get('button').classes()).toContain('early')
    await vi.advanceTimersByTimeAsync(3000)
    expect(state.text()).toContain('3 s')
    expect(state.get('button').classes()).not.toContain('early')
    await state.get('button').trigger('click')
    expect(state.emitted('cancel')).toHaveLength(1)
  })

  it('stops counting when it goes', async () => {
    shown({ label: 'Writing', cancellable: true }).unmount()
    expect(vi.getTimerCount()).toBe(0)
  })
})
