import { createRouter, createWebHashHistory } from 'vue-router'

/** Screens are fetched when first opened; the hash needs nothing of the host. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'start', component: () => import('../screens/start/StartScreen.vue') },
    { path: '/studies', name: 'studies', component: () => import('../screens/studies/StudiesScreen.vue') },
    {
      path: '/reading/:filmId?',
      name: 'reading',
      component: () => import('../screens/reading-room'),
      props: true
    },
    {
      path: '/read/:protocol/:kind(reading|adjudication)',
      name: 'protocol-reading',
      component: () => import('../screens/reading-room'),
      props: true
    },
    {
      path: '/queues/:queue?',
      name: 'queues',
      component: () => import('../screens/queues/QueuesScreen.vue'),
      props: true
    },
    {
      path: '/protocols/:protocol?',
      name: 'protocols',
      component: () => import('../screens/protocols/ProtocolsScreen.vue'),
      props: true
    },
    {
      path: '/agreement',
      name: 'agreement',
      component: () => import('../screens/agreement/AgreementScreen.vue')
    },
    {
      path: '/explain/:filmId?',
      name: 'explain',
      component: () => import('../screens/explain/ExplainScreen.vue'),
      props: true
    },
    { path: '/import', name: 'import', component: () => import('../screens/import/ImportScreen.vue') },
    { path: '/models', name: 'models', component: () => import('../screens/models/ModelsScreen.vue') },
    {
      path: '/training/:jobId?',
      name: 'training',
      component: () => import('../screens/training/TrainingScreen.vue'),
      props: true
    },
    {
      path: '/evaluation',
      name: 'evaluation',
      component: () => import('../screens/evaluation/EvaluationScreen.vue')
    },
    {
      path: '/experiments',
      name: 'experiments',
      component: () => import('../screens/experiments/ExperimentsScreen.vue')
    },
    { path: '/jobs', name: 'jobs', component: () => import('../screens/jobs/JobsScreen.vue') },
    { path: '/history', name: 'history', component: () => import('../screens/history/HistoryScreen.vue') },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('../screens/settings/SettingsScreen.vue')
    },
    { path: '/:rest(.*)*', redirect: '/' }
  ]
})
