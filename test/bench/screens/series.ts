import { link, mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runNeogate } from '../../support/run-neogate'
import { makeLargeProject } from '../support/large-project'
import { headersLike, syntheticDicom, syntheticValues } from '../support/synthetic-film'

/** All identifiers lie in here, and no pixels of a compressed film end so early. */
const HEADER_BYTES = 2048

/** A project of `total` films of three megapixels, all one file under as many names. */
export async function makeSeries(folder: string, total: number): Promise<string> {
  const project = join(folder, 'series')
  const root = join(folder, 'series-films')
  await mkdir(project)
  const { database, films } = await makeLargeProject(project, total, root)
  await database.close()
  await mkdir(root)
  const original = join(root, 'film.dcm')
  await writeFile(original, await syntheticDicom(syntheticValues()))
  for (const film of films) {
    const file = join(root, film.path)
    await mkdir(dirname(file), { recursive: true })
    await link(original, file)
  }
  return project
}

/** A project of films of three megapixels, each its own file, imported as a user imports them. */
export async function makeReadingProject(folder: string, plain: number, compressed: number): Promise<string> {
  const project = join(folder, 'reading')
  const root = join(folder, 'reading-films')
  await mkdir(root)
  const values = syntheticValues()
  let number = 0
  for (const [count, transferSyntax] of [
    [plain, 'explicit-le'],
    [compressed, 'jpeg-lossless']
  ] as const) {
    const dicom = await syntheticDicom(values, transferSyntax)
    const headerOf = headersLike(dicom, HEADER_BYTES)
    for (let made = 0; made < count; made++, number++) {
      const file = await open(join(root, `${transferSyntax}-${String(made).padStart(4, '0')}.dcm`), 'wx')
      await file.write(headerOf(number))
      await file.write(dicom.subarray(HEADER_BYTES))
      await file.close()
    }
  }
  for (const args of [
    ['new', project],
    ['import', project, root]
  ]) {
    const { code, stderr } = await runNeogate(args, join(folder, 'user'))
    if (code !== 0) throw new Error(stderr)
  }
  return project
}
