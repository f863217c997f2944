import { DIAGNOSES, type Diagnosis } from './constants'

/**
 * Tables 1 and 2 of Jung & Choi, "A Study on Clinical-Context Gated Network for Precision Diagnosis of Neonatal Respiratory
 * Diseases" (2025): 4,370 test films of another data set, without intervals or seeds. They stand beside a project's own
 * figures for orientation and are never compared with them.
 */
export interface PaperRow {
  /** Id of the method here. */
  method: string
  /** Its F1; how it is averaged over classes is not said. */
  f1: number
  macroAuroc: number
  /** Parameters in millions, as printed. */
  parameters: number
}

/** In the paper's order. */
export const PAPER_TABLE_1: readonly PaperRow[] = [
  { method: 'resnet50', f1: 0.8368, macroAuroc: 0.9122, parameters: 23.51 },
  { method: 'convnext-tiny', f1: 0.8334, macroAuroc: 0.9097, parameters: 28.6 },
  { method: 'swin-t', f1: 0.8288, macroAuroc: 0.9054, parameters: 29.0 },
  { method: 'early-fusion', f1: 0.8632, macroAuroc: 0.9352, parameters: 23.51 },
  { method: 'late-fusion', f1: 0.8456, macroAuroc: 0.926, parameters: 23.53 },
  { method: 'se-resnet50', f1: 0.8475, macroAuroc: 0.9281, parameters: 26.04 },
  { method: 'cbam-resnet50', f1: 0.8502, macroAuroc: 0.9301, parameters: 26.06 },
  { method: 'ccgn', f1: 0.8728, macroAuroc: 0.9457, parameters: 23.58 }
]

/** F1 of each class. */
export const PAPER_TABLE_2: Readonly<Record<string, Readonly<Record<Diagnosis, number>>>> = {
  'early-fusion': {
    BPD: 0.9219,
    ALS: 0.9065,
    Atelectasis: 0.8656,
    Normal: 0.8738,
    RDS: 0.903,
    TTN: 0.7084
  },
  ccgn: { BPD: 0.9269, ALS: 0.9045, Atelectasis: 0.8721, Normal: 0.8852, RDS: 0.9177, TTN: 0.776 }
}

/** The paper's method that a method is, or is a small variant of; null for others. */
export function paperRow(method: string): PaperRow | null {
  return PAPER_TABLE_1.find(row => row.method === method.replace(/-small$/, '')) ?? null
}

/** Mean of a column of Table 2: .8804 for CCGN, whose F1 in Table 1 is .8728; no averaging of the column gives that. */
export function paperMacroF1(method: string): number | null {
  const column = PAPER_TABLE_2[method.replace(/-small$/, '')]
  return column ? DIAGNOSES.reduce((sum, diagnosis) => sum + column[diagnosis], 0) / DIAGNOSES.length : null
}
