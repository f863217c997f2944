import { z } from 'zod'
import { procedure } from './base'
import { modelInfo, prediction, providerId, providerInfo } from './models'
import { report, reportSubject } from './reports'
import { splitName } from './splits'
import { bwGrams, gaDays, path } from './values'

export const pixelStage = z.enum(['stored', 'modality', 'display', 'model'])
export type PixelStage = z.infer<typeof pixelStage>

export const fileInspection = z.object({
  path,
  accepted: z.boolean(),
  /** Refusal reason and particulars where it is not accepted. */
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  field: z.string().nullable(),
  format: z.enum(['dicom', 'png', 'jpeg', 'tiff']).nullable(),
  transferSyntax: z.string().nullable(),
  rows: z.int().nullable(),
  columns: z.int().nullable(),
  frames: z.int().nullable(),
  bitsStored: z.int().nullable(),
  photometric: z.string().nullable(),
  modality: z.string().nullable(),
  windows: z.array(z.object({ center: z.number(), width: z.number() })),
  spacing: z
    .object({
      rowMm: z.number(),
      columnMm: z.number(),
      source: z.string(),
      calibrated: z.boolean().nullable()
    })
    .nullable(),
  patientName: z.string().nullable()
})
export type FileInspection = z.infer<typeof fileInspection>

/** Calls that read or write files named by the caller: served to the terminal only, never to a window or a browser. */
export const tools = {
  inspect: procedure.input(z.object({ paths: z.array(path) })).output(z.array(fileInspection)),
  /** Writes one stage of a film as .npy: stored and modality [rows, columns], display likewise 0..1, model [3, size, size]. */
  writePixels: procedure
    .input(z.object({ path, stage: pixelStage, size: z.int().positive(), out: path }))
    .output(z.object({ shape: z.array(z.int()), dtype: z.string(), out: path })),
  makeModel: procedure
    .input(
      z.object({
        method: z.string(),
        size: z.int().min(32).max(2048),
        seed: z.int().min(0).max(0xffffffff),
        init: path.nullable(),
        name: z.string().nullable(),
        out: path
      })
    )
    .output(
      z.object({
        model: modelInfo,
        loaded: z.array(z.string()),
        fresh: z.array(z.string()),
        /** Taken from the file for their first input channels only. */
        widened: z.array(z.string())
      })
    ),
  describeModel: procedure.input(z.object({ folder: path })).output(modelInfo),
  /** A model card in Markdown. */
  describeModelCard: procedure.input(z.object({ folder: path })).output(z.object({ markdown: z.string() })),
  exportModel: procedure
    .input(z.object({ folder: path, to: z.enum(['onnx', 'safetensors']), out: path }))
    .output(z.object({ out: path, byteSize: z.int() })),
  predictFiles: procedure
    .input(
      z.object({
        paths: z.array(path),
        model: path,
        gaDays: gaDays.nullable(),
        bwGrams: bwGrams.nullable(),
        provider: providerId.nullable()
      })
    )
    .output(
      z.array(
        z.object({
          path,
          prediction: prediction.omit({ filmId: true }).nullable(),
          error: z.object({ code: z.string(), message: z.string() }).nullable()
        })
      )
    ),
  /** Training steps on given arrays; see core/services/parity-step.ts. */
  parityStep: procedure
    .input(
      z.object({
        model: path,
        images: path,
        context: path,
        labels: path,
        learningRate: z.number().nonnegative(),
        weightDecay: z.number().nonnegative(),
        steps: z.int().min(1).max(1000),
        freezeBatchNorm: z.boolean(),
        out: path
      })
    )
    .output(
      z.object({
        films: z.int(),
        size: z.int(),
        losses: z.array(z.number()),
        out: path,
        byteSize: z.int()
      })
    ),
  makeDemo: procedure
    .input(
      z.object({ folder: path, infants: z.int().min(6).max(20000), seed: z.int().min(0).max(0xffffffff) })
    )
    .output(
      z.object({
        folder: path,
        infants: z.int(),
        films: z.int(),
        table: path,
        truth: path,
        wrongLabels: z.int(),
        wrongContexts: z.int()
      })
    ),
  exportLabels: procedure
    .input(z.object({ out: path, format: z.enum(['csv', 'json']) }))
    .output(z.object({ out: path, rows: z.int() })),
  /** Takes in a file written by exportLabels; rows that name no film of this project are reported, the rest applied. */
  importLabels: procedure.input(z.object({ path })).output(
    z.object({
      applied: z.int(),
      unchanged: z.int(),
      refused: z.array(z.object({ line: z.int(), reason: z.string(), detail: z.string() }))
    })
  ),
  /** Writes the manifest of a split; `split` is its name or id. */
  exportSplit: procedure
    .input(z.object({ split: splitName, out: path, format: z.enum(['csv', 'json']) }))
    .output(z.object({ out: path, films: z.int(), hash: z.string() })),
  /** Writes a report into a folder, which is made; files of the same names are replaced. */
  writeReport: procedure.input(reportSubject.extend({ out: path })).output(report),
  doctor: procedure.output(
    z.object({
      version: z.string(),
      node: z.string(),
      onnxruntime: z.string(),
      platform: z.string(),
      cpus: z.int(),
      memoryBytes: z.number(),
      providers: z.array(providerInfo),
      checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() }))
    })
  )
}
