import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import type { Problem } from '../api-client'
import { i18n, setLocale } from '../app/i18n'
import ErrorPanel from './ErrorPanel.vue'

const text = (problem: Problem) =>
  mount(ErrorPanel, { props: { problem }, global: { plugins: [i18n] } })
    .text()
    .replace(/\s+/g, ' ')

describe('error panel', () => {
  afterEach(() => setLocale('en'))

  it('names file, field and remedy', async () => {
    await setLocale('en')
    const shown = text({
      code: 'TABLE_REFUSED',
      message: 'clinical.csv: line 7 is neither UTF-8 nor CP949 text.',
      data: { file: '/data/clinical.csv', field: 'bwei', reason: 'undecodable' }
    })
    expect(shown).toContain('The table cannot be read')
    expect(shown).toContain('/data/clinical.csv')
    expect(shown).toContain('bwei')
    expect(shown).toContain('line 7 is neither UTF-8 nor CP949')
    expect(shown).toContain('Save it as UTF-8.')
  })

  it('falls back to the remedy of the code where the reason is not known', async () => {
    await setLocale('en')
    const shown = text({
      code: 'PROJECT_LOCKED',
      message: 'Open in process 4121',
      data: { reason: 'new-reason' }
    })
    expect(shown).toContain('Close it in the other window')
    expect(shown).not.toContain('errors.')
  })

  it('speaks Korean around the core’s own sentence', async () => {
    await setLocale('ko')
    const shown = text({ code: 'DISK_FULL', message: 'No space left', data: {} })
    expect(shown).toContain('디스크에 공간이 없습니다')
    expect(shown).toContain('No space left')
  })

  it('offers to ask again where that is listened to', async () => {
    await setLocale('en')
    const problem: Problem = { code: 'INTERNAL', message: 'No', data: {} }
    const plain = mount(ErrorPanel, { props: { problem }, global: { plugins: [i18n] } })
    expect(plain.find('button').exists()).toBe(false)
    let asked = 0
    const again = mount(ErrorPanel, {
      props: { problem, onRetry: () => (asked += 1) },
      global: { plugins: [i18n] }
    })
    await again.get('button').trigger('click')
    expect(asked).toBe(1)
  })
})
