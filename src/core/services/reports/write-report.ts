import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report, ReportSubject } from '../../../contract'
import { fromSystemError } from '../../foundation'
import { RESEARCH_NOTICE } from '../../model-registry'
import type { Block, Drawing } from '../../report'
import { writeFileAtomically } from '../atomic-file'
import type { CoreContext } from '../core-context'

/** A report before it is set: what its PDF says, its figures by file name, and further files. */
export interface ReportContent {
  title: string
  subtitle: string
  blocks: Block[]
  figures: Record<string, Drawing>
  files: Record<string, string>
}

/**
 * Given up, it leaves nothing behind.
 * @throws NeoGateError NOT_FOUND for an evaluation or experiment that is not there; CONFLICT before an experiment has a result
 */
export async function writeReport(
  core: CoreContext,
  subject: ReportSubject,
  out: string,
  signal?: AbortSignal
): Promise<Report> {
  // Fonts, PDF and SVG are loaded only where a report is asked for.
  const [{ loadFonts, outlines, toPng, toSvg, writePdf }, contents] = await Promise.all([
    import('../../report'),
    import('./contents')
  ])
  const content =
    subject.kind === 'evaluation'
      ? await contents.evaluationReport(core, subject.id)
      : await contents.experimentReport(core, subject.id)
  signal?.throwIfAborted()
  const { resourcesFolder } = core
  const fonts = await loadFonts([
    join(resourcesFolder, 'fonts'),
    join(resourcesFolder, '..', 'node_modules/pretendard/dist/public/static/alternative')
  ])
  const pdf = await writePdf(
    { ...content, notice: RESEARCH_NOTICE, createdAt: new Date(core.clock.now()) },
    fonts
  )

  signal?.throwIfAborted()
  await mkdir(out, { recursive: true }).catch(error => {
    throw fromSystemError(error, out)
  })
  const files: Report['files'] = []
  const write = async (name: string, bytes: string | Uint8Array) => {
    await writeFileAtomically(join(out, name), bytes)
    files.push({ name, byteSize: Buffer.byteLength(bytes) })
  }
  try {
    await write('report.pdf', pdf)
    for (const [name, text] of Object.entries(content.files)) await write(name, text)
    const outline = outlines(fonts)
    for (const [name, drawing] of Object.entries(content.figures)) {
      signal?.throwIfAborted()
      await write(`${name}.svg`, toSvg(drawing, RESEARCH_NOTICE))
      await write(`${name}.png`, await toPng(drawing, RESEARCH_NOTICE, outline))
    }
  } catch (error) {
    if (signal?.aborted) await rm(out, { recursive: true, force: true })
    throw error
  }
  return { folder: out, files }
}
