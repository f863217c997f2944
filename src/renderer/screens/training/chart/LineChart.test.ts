import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { i18n, setLocale } from '../../../app/i18n'
import type { ChartSeries } from './chart-series'
import LineChart from './LineChart.vue'

await setLocale('en')

function chart(series: ChartSeries[], mark: { x: number; label: string } | null = null) {
  return mount(LineChart, {
    props: {
      title: 'Loss',
      unit: 'nats',
      xLabel: 'Epoch',
      series,
      mark,
      format: (value: number) => value.toFixed(2)
    },
    global: { plugins: [i18n] }
  })
}
const training = { key: 'training', label: 'Training', points: [0, 1, 2].map(x => ({ x, y: 2 - x / 2 })) }
const validation = {
  key: 'validation',
  label: 'Validation',
  marked: true,
  points: [
    { x: 1, y: 1.75 },
    { x: 2, y: Number.NaN }
  ]
}

describe('line chart', () => {
  it('says in words what it shows, and passes over missing values', () => {
    const shown = chart([training, validation])
    expect(shown.get('[role=img]').attributes('aria-label')).toBe(
      'Loss, nats. Training: 1.00, Validation: 1.75'
    )
    expect(shown.findAll('.look-0 path.line').at(-1)!.attributes('d')).toMatch(
      /^M52\.0 12\.0L[\d.]+ [\d.]+L466\.0 [\d.]+$/
    )
  })

  it('draws a single value as a mark', () => {
    expect(chart([validation]).findAll('[role=img] .shape')).toHaveLength(1)
  })

  it('reads out the place under the pointer', async () => {
    const shown = chart([training])
    await shown.get('[role=img]').trigger('pointermove', { clientX: 52 + (466 - 52) / 2 })
    expect(shown.get('strong').text()).toBe('1.50')
    await shown.get('[role=img]').trigger('pointerleave')
    expect(shown.get('strong').text()).toBe('1.00')
  })

  it('says so where there is nothing to draw', () => {
    const shown = chart([{ ...training, points: [] }])
    expect(shown.find('text.empty').exists()).toBe(true)
    expect(shown.get('strong').text()).toBe('–')
  })
})
