import { z } from 'zod'
import { procedure } from './base'
import { facetKey } from './films'
import { studyColumn } from './study-views'
import { path } from './values'

export const locale = z.enum(['en', 'ko'])
export type Locale = z.infer<typeof locale>

export const settings = z.object({
  locale,
  /** Signs labels and corrections. */
  readerName: z.string().trim().min(1).max(80),
  /** Execution provider asked for; 'auto' takes the fastest that passed its self-test. */
  provider: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']),
  /** Go to the next film after a label is set. */
  autoAdvance: z.boolean(),
  /** Hide what the model and other readers say of a film until the reader looks for it. */
  blindReading: z.boolean(),
  /** Show pace and label distribution while reading. */
  showPace: z.boolean(),
  /** Chords that the reader chose, by action of the screens ('reading.invert'); actions not named have their defaults. */
  keys: z.record(z.string().max(80), z.array(z.string().min(1).max(40)).max(4)),
  /** How this user has laid out the Studies table; columns null as they come. */
  studies: z.object({
    columns: z.array(studyColumn).nullable(),
    rows: z.enum(['comfortable', 'compact']),
    closedFacets: z.array(facetKey)
  }),
  /** The line of first steps: hidden by the reader; and whether they have seen an answer follow GA or BW. */
  firstSteps: z.object({ dismissed: z.boolean(), answerSeen: z.boolean() }),
  recentProjects: z.array(z.object({ folder: path, name: z.string() })).max(20)
})
export type Settings = z.infer<typeof settings>

export const appInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'localhost', 'cli']),
  runtime: z.object({
    node: z.string(),
    electron: z.string().nullable(),
    chromium: z.string().nullable(),
    onnxruntime: z.string()
  }),
  /** 'test' where the window runs in the offline test runtime, which no user should be given. */
  shell: z.enum(['product', 'test', 'browser', 'terminal'])
})
export type AppInfo = z.infer<typeof appInfo>

export const folderEntry = z.object({
  name: z.string(),
  path,
  kind: z.enum(['folder', 'file']),
  byteSize: z.int().nullable(),
  /** True for a folder that is a NeoGate project. */
  isProject: z.boolean()
})
export type FolderEntry = z.infer<typeof folderEntry>

export const app = {
  info: procedure.output(appInfo),
  settings: procedure.output(settings),
  changeSettings: procedure.input(settings.omit({ recentProjects: true }).partial()).output(settings),
  /** Lists a folder of the machine that runs the core, folders first; null starts at the home folder. */
  browse: procedure
    .input(z.object({ path: path.nullable() }))
    .output(z.object({ path, parent: path.nullable(), entries: z.array(folderEntry) }))
}
