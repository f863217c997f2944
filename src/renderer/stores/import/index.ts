import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, isAborted, toProblem } from '../../api-client'
import type { Problem } from '../../api-client'
import type {
  ImportItem,
  ImportReport,
  ImportSource,
  Mapping,
  Profile,
  TableInspection
} from '../../../contract'
import { useJobs } from '../jobs'
import { createOneCall } from '../one-call'
import { useProject } from '../project'
import { fitProfile, mappingProblems } from './mapping-draft'

export type ImportStep = 'folder' | 'table' | 'mapping' | 'rehearsal' | 'import'
export type Survey = Awaited<ReturnType<typeof api.intake.survey>>

const REPORT_PAGE = 200

/**
 * The import wizard: folder, table, mapping, rehearsal, import. It lives outside its screen, so that looking something
 * up elsewhere loses nothing.
 */
export const useImport = defineStore('import', () => {
  const project = useProject()
  const jobs = useJobs()

  const step = ref<ImportStep>('folder')
  const folder = ref('')
  const survey = shallowRef<Survey | null>(null)
  const table = ref<string | null>(null)
  const inspection = shallowRef<TableInspection | null>(null)
  const mapping = shallowRef<Mapping | null>(null)
  const profiles = shallowRef<Profile[]>([])
  const missingColumns = ref<string[]>([])
  const busy = ref(false)
  const problem = ref<Problem | null>(null)

  /** The look into a folder or a table, which may take long where they are large or far away. */
  const look = createOneCall()

  const jobId = ref<string | null>(null)
  const report = shallowRef<ImportReport | null>(null)
  const outcomes = ref<ImportItem['outcome'][] | null>(null)

  const job = computed(() => (jobId.value === null ? null : (jobs.byId.get(jobId.value) ?? null)))
  const working = computed(
    () => jobId.value !== null && (!job.value || ['queued', 'running'].includes(job.value.state))
  )
  const problems = computed(() =>
    mapping.value && inspection.value ? mappingProblems(mapping.value, inspection.value) : []
  )
  const source = computed<ImportSource>(() => ({
    folder: folder.value,
    table: table.value,
    mapping: table.value === null ? null : mapping.value
  }))

  async function attempt(work: () => Promise<void>): Promise<void> {
    busy.value = true
    problem.value = null
    try {
      await work()
    } catch (error) {
      if (!isAborted(error)) problem.value = toProblem(error)
    } finally {
      busy.value = false
    }
  }

  /** Looks into the chosen folder. */
  const lookInto = (chosen: string) =>
    attempt(async () => {
      survey.value = await api.intake.survey({ folder: chosen }, { signal: look.begin() })
      folder.value = survey.value.folder
      table.value = null
      inspection.value = null
      mapping.value = null
      step.value = 'table'
    })

  /** Reads a table and takes over the suggested mapping; null imports the films alone and goes on to the rehearsal. */
  const chooseTable = (path: string | null) =>
    attempt(async () => {
      if (path === null) {
        table.value = null
        await begin(true)
        return
      }
      const [inspected, saved] = await Promise.all([
        api.intake.inspectTable({ path, folder: folder.value }, { signal: look.begin() }),
        api.intake.profiles()
      ])
      table.value = path
      inspection.value = inspected
      mapping.value = inspected.suggested
      profiles.value = saved
      missingColumns.value = []
      step.value = 'mapping'
    })

  function applySuggested(): void {
    mapping.value = inspection.value?.suggested ?? null
    missingColumns.value = []
  }

  function applyProfile(name: string): void {
    const profile = profiles.value.find(each => each.name === name)
    if (!profile || !inspection.value) return
    const fitted = fitProfile(profile.mapping, inspection.value)
    mapping.value = fitted.mapping
    missingColumns.value = fitted.missing
  }

  const saveProfile = (name: string) =>
    attempt(async () => {
      if (mapping.value) profiles.value = await api.intake.saveProfile({ name, mapping: mapping.value })
    })

  const deleteProfile = (name: string) =>
    attempt(async () => {
      profiles.value = await api.intake.deleteProfile({ name })
    })

  async function begin(dryRun: boolean): Promise<void> {
    const started = await api.intake.start({ source: source.value, dryRun })
    step.value = dryRun ? 'rehearsal' : 'import'
    await followJob(started.jobId)
  }

  async function followJob(id: string): Promise<void> {
    jobId.value = id
    report.value = null
    outcomes.value = null
    void (async () => {
      await jobs.follow(id)
      if (jobId.value === id) await loadReport(0)
    })()
  }

  const rehearse = () => attempt(() => begin(true))
  const run = () => attempt(() => begin(false))

  async function cancel(): Promise<void> {
    if (jobId.value !== null) await jobs.cancel(jobId.value)
  }

  async function resume(): Promise<void> {
    if (jobId.value === null) return
    await jobs.resume(jobId.value)
    await followJob(jobId.value)
  }

  async function loadReport(offset: number): Promise<void> {
    const id = jobId.value
    if (id === null) return
    try {
      const page = await api.intake.report({
        jobId: id,
        outcomes: outcomes.value,
        offset,
        limit: REPORT_PAGE
      })
      if (id !== jobId.value) return
      const before = offset === 0 ? [] : (report.value?.items ?? [])
      report.value = { ...page, items: [...before, ...page.items] }
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  const loadMore = () => loadReport(report.value?.items.length ?? 0)

  /** Shows only lines with these outcomes; null shows all. */
  async function filterReport(chosen: ImportItem['outcome'][] | null): Promise<void> {
    outcomes.value = chosen
    await loadReport(0)
  }

  /** Opens the report of an earlier import. */
  async function showReport(id: string): Promise<void> {
    jobId.value = id
    outcomes.value = null
    report.value = null
    problem.value = null
    await loadReport(0)
    const shown = report.value as ImportReport | null
    step.value = shown?.dryRun ? 'rehearsal' : 'import'
    if (shown) {
      folder.value = shown.source.folder
      table.value = shown.source.table
      mapping.value = shown.source.mapping
    }
  }

  function goTo(earlier: ImportStep): void {
    step.value = earlier
    problem.value = null
  }

  function reset(): void {
    step.value = 'folder'
    folder.value = ''
    survey.value = null
    table.value = null
    inspection.value = null
    mapping.value = null
    jobId.value = null
    report.value = null
    problem.value = null
  }

  watch(() => project.current?.folder, reset)

  return {
    step,
    folder,
    survey,
    table,
    inspection,
    mapping,
    profiles,
    missingColumns,
    busy,
    problem,
    problems,
    job,
    working,
    report,
    outcomes,
    lookInto,
    stopLooking: look.cancel,
    chooseTable,
    applyProfile,
    applySuggested,
    saveProfile,
    deleteProfile,
    rehearse,
    run,
    cancel,
    resume,
    loadMore,
    reloadReport: () => loadReport(0),
    filterReport,
    showReport,
    goTo,
    reset
  }
})
