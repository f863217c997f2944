import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { i18n, setLocale } from '../../app/i18n'
import ConfusionMatrix from './ConfusionMatrix.vue'

await setLocale('en')
/** BPD: 3 right, 1 called RDS; RDS: 2 right. */
const COUNTS = [
  [3, 0, 0, 0, 1, 0],
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 2, 0],
  [0, 0, 0, 0, 0, 0]
]
const matrix = () => mount(ConfusionMatrix, { props: { counts: COUNTS }, global: { plugins: [i18n] } })
const cell = (wrapper: ReturnType<typeof matrix>, row: number, column: number) =>
  wrapper.findAll('tbody tr')[row]!.findAll('td button')[column]!

describe('confusion matrix', () => {
  it('opens the films of a cell, a row and a column, but none where there are none', async () => {
    const wrapper = matrix()
    await cell(wrapper, 0, 4).trigger('click')
    await wrapper.find('tbody th button').trigger('click')
    await wrapper.findAll('thead th button')[4]!.trigger('click')
    expect(wrapper.emitted('films')).toEqual([
      ['BPD', 'RDS'],
      ['BPD', null],
      [null, 'RDS']
    ])
    expect(cell(wrapper, 1, 0).attributes('disabled')).toBeDefined()
    expect(cell(wrapper, 0, 4).attributes('aria-label')).toBe(
      'Labelled BPD, answered RDS: 1 films. Open them'
    )
  })

  it('shows shares of the label or of the answer', async () => {
    const wrapper = matrix()
    const [, row, column] = wrapper.findAll('[role="group"] button')
    await row!.trigger('click')
    expect(cell(wrapper, 0, 4).text()).toBe('0.250')
    expect(cell(wrapper, 1, 0).text()).toBe('–')
    await column!.trigger('click')
    expect(cell(wrapper, 0, 4).text()).toBe('0.333')
  })
})
