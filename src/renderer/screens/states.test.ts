import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n, setLocale } from '../app/i18n'
import { useProject } from '../stores/project'
import AgreementScreen from './agreement/AgreementScreen.vue'
import EvaluationScreen from './evaluation/EvaluationScreen.vue'
import ExperimentsScreen from './experiments/ExperimentsScreen.vue'
import HistoryScreen from './history/HistoryScreen.vue'
import JobsScreen from './jobs/JobsScreen.vue'
import ModelsScreen from './models/ModelsScreen.vue'
import ProtocolsScreen from './protocols/ProtocolsScreen.vue'
import QueuesScreen from './queues/QueuesScreen.vue'
import StudiesScreen from './studies/StudiesScreen.vue'
import TrainingScreen from './training/TrainingScreen.vue'

/** What the host does with every question that a screen asks. */
const host = vi.hoisted(() => ({ answers: (): Promise<unknown> => new Promise(() => {}) }))
vi.mock('../api-client', async importOriginal => ({
  ...(await importOriginal<object>()),
  api: new Proxy({}, { get: () => new Proxy({}, { get: () => () => host.answers() }) }),
  resourceUrl: (path: string) => path
}))

const SCREENS: [name: string, screen: Component][] = [
  ['queues', QueuesScreen],
  ['protocols', ProtocolsScreen],
  ['agreement', AgreementScreen],
  ['evaluation', EvaluationScreen],
  ['experiments', ExperimentsScreen],
  ['models', ModelsScreen],
  ['training', TrainingScreen],
  ['jobs', JobsScreen],
  ['history', HistoryScreen],
  ['studies', StudiesScreen]
]
/** Screens that these lead to. */
const OTHERS = ['start', 'reading', 'import']
const NOWHERE = { render: () => null }
/** What stands where there is nothing. */
const NONE = [
  'queues.empty',
  'protocols.none',
  'agreement.none',
  'evaluation.none',
  'experiments.none',
  'models.none',
  'training.runs.none',
  'jobs.none',
  'history.none',
  'studies.empty'
]
const text = (key: string) => i18n.global.t(key)
const saysNothing = (screen: VueWrapper) => NONE.filter(key => screen.text().includes(text(key)))

async function open(component: Component): Promise<VueWrapper> {
  const pinia = createPinia()
  setActivePinia(pinia)
  const project = useProject()
  project.current = { folder: '/p', name: 'P', counts: {}, demo: false } as never
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: NOWHERE },
      ...SCREENS.map(([name]) => ({ path: `/${name}`, name, component: NOWHERE })),
      ...OTHERS.map(name => ({ path: `/${name}`, name, component: NOWHERE }))
    ]
  })
  const screen = mount(component, { global: { plugins: [pinia, router, i18n] } })
  await flushPromises()
  return screen
}

describe.each(SCREENS)('the screen %s', (_, component) => {
  beforeEach(() => setLocale('en'))

  it('says that it waits, and not that there is nothing', async () => {
    host.answers = () => new Promise(() => {})
    const screen = await open(component)
    const waiting = screen.findAll('[role=status]').map(each => each.text())
    expect(waiting.join()).toMatch(/…/)
    expect(saysNothing(screen)).toEqual([])
    expect(screen.find('[role=alert]').exists()).toBe(false)
  })

  it('says what failed with a way to ask again, and neither waits on nor says that there is nothing', async () => {
    host.answers = () => Promise.reject(new Error('The disk is gone.'))
    const screen = await open(component)
    const alert = screen.get('[role=alert]')
    expect(alert.text()).toContain('The disk is gone.')
    expect(alert.findAll('button').map(each => each.text())).toContain(text('action.retry'))
    expect(screen.find('.loading').exists()).toBe(false)
    expect(saysNothing(screen)).toEqual([])
  })
})
