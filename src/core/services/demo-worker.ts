import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  coarserFilm,
  drawFilm,
  siteNamed,
  type DrawnFilm,
  type PlannedFilm,
  type PlannedInfant
} from '../demo'
import { writeDicomFilm, writeGreyPng, type FilmToWrite } from '../dicom-intake'
import { fromSystemError, NeoGateError, type CallContext } from '../foundation'

export interface DemoInfantCall {
  /** Demo folder, absolute. */
  folder: string
  infant: PlannedInfant
  /** Draws films this many times coarser than the site does; 1 for a demo. */
  coarser: number
}

/** S-shaped VOI LUT over the 12-bit range, steepest in the middle of the body's values. */
function displayCurve(film: DrawnFilm): Uint16Array {
  const middle = (film.bodyLow + film.bodyHigh) / 2
  const slope = 4.4 / (film.bodyHigh - film.bodyLow)
  return Uint16Array.from({ length: 4096 }, (_, value) =>
    Math.round(4095 / (1 + Math.exp(-slope * (value - middle))))
  )
}

function windowsOf(film: DrawnFilm, kind: 'one' | 'several' | 'lut' | 'none'): FilmToWrite['windows'] {
  const range = film.bodyHigh - film.bodyLow
  const low = film.bodyLow - 0.1 * range
  const high = film.bodyHigh + 0.16 * range
  const center = Math.round((low + high) / 2)
  const width = Math.round(high - low)
  if (kind === 'one') return [{ center, width, explanation: 'NORMAL' }]
  if (kind !== 'several') return []
  return [
    { center, width, explanation: 'NORMAL' },
    { center: center - Math.round(width * 0.12), width: Math.round(width * 0.62), explanation: 'HARDER' },
    { center, width: Math.round(width * 1.35), explanation: 'SOFTER' }
  ]
}

const digits = (time: string) => time.replaceAll(/[-:]/g, '')

function attributesOf(infant: PlannedInfant, film: PlannedFilm): FilmToWrite['attributes'] {
  const site = siteNamed(infant.site)
  const [takenOn, takenAt] = film.takenAt.split('T') as [string, string]
  const [bornOn, bornAt] = infant.bornAt.split('T') as [string, string]
  return {
    SOPInstanceUID: film.uid.instance,
    StudyInstanceUID: film.uid.study,
    SeriesInstanceUID: film.uid.series,
    ImageType: ['DERIVED', 'PRIMARY'],
    Modality: 'CR',
    Manufacturer: 'NeoGate',
    ManufacturerModelName: 'Synthetic film generator',
    InstitutionName: site.institution,
    StudyDate: digits(takenOn),
    SeriesDate: digits(takenOn),
    AcquisitionDate: digits(takenOn),
    ContentDate: digits(takenOn),
    StudyTime: digits(takenAt),
    SeriesTime: digits(takenAt),
    AcquisitionTime: digits(takenAt),
    ContentTime: digits(takenAt),
    AccessionNumber: '',
    ReferringPhysicianName: '',
    StudyID: '',
    SeriesNumber: 1,
    InstanceNumber: 1,
    PatientName: `SYNTHETIC^INFANT ${infant.patient}`,
    PatientID: infant.patient,
    PatientBirthDate: digits(bornOn),
    PatientBirthTime: digits(bornAt),
    PatientSex: infant.sex,
    ...(site.writesWeight ? { PatientWeight: film.weightGrams / 1000 } : {}),
    BodyPartExamined: 'CHEST',
    ViewPosition: 'AP',
    PatientOrientation: ['L', 'F'],
    StudyDescription: 'SYNTHETIC newborn chest',
    SeriesDescription: 'SYNTHETIC chest AP supine, not a patient',
    DerivationDescription: 'Drawn by the NeoGate demo generator; not an exposure of a patient',
    ImageComments: 'SYNTHETIC. NOT A PATIENT. Research use only. Not for diagnosis.',
    BurnedInAnnotation: 'YES'
  }
}

async function encodeFilm(infant: PlannedInfant, film: PlannedFilm, coarser: number): Promise<Uint8Array> {
  const site = siteNamed(infant.site)
  const spec = coarser === 1 ? film.spec : coarserFilm(film.spec, coarser)
  const drawn = drawFilm(spec)
  const { columns, rows, values } = drawn
  if (site.format === 'png') {
    // 12 bits spread over the full 16-bit range. Not `map`, which takes ten times as long.
    const wide = new Uint16Array(values.length)
    for (let i = 0; i < wide.length; i++) wide[i] = (values[i]! << 4) | (values[i]! >> 8)
    return await writeGreyPng(wide, columns, rows)
  }
  return await writeDicomFilm({
    columns,
    rows,
    values,
    photometric: site.inverted ? 'MONOCHROME1' : 'MONOCHROME2',
    transferSyntax: site.format,
    mmPerPixel: spec.detector.mmPerPixel,
    windows: windowsOf(drawn, site.window),
    voiLut: site.window === 'lut' ? { explanation: 'STANDARD', values: displayCurve(drawn) } : null,
    attributes: attributesOf(infant, film)
  })
}

/**
 * Draws and writes all films of one infant.
 * @throws NeoGateError CANCELLED between films; DISK_FULL and others of the file system, naming the file
 */
export async function drawDemoInfant(
  { folder, infant, coarser }: DemoInfantCall,
  { signal }: Pick<CallContext, 'signal'>
): Promise<{ films: number }> {
  for (const film of infant.films) {
    if (signal.aborted) throw new NeoGateError('CANCELLED', 'Making the demo was cancelled.')
    const bytes = await encodeFilm(infant, film, coarser)
    const file = join(folder, film.path)
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes)
    } catch (error) {
      throw fromSystemError(error, file)
    }
  }
  return { films: infant.films.length }
}

/** For the children of role 'film'. */
export const demoWorkerHandlers = { drawDemoInfant }
