/// <reference path="./dicom-character-set.d.ts" />
import { convertBytes } from 'dicom-character-set'
import type { DataSet } from './dicom-parser'

/**
 * A text attribute (LO, PN, SH, ST ...) in the character set that the file declares (0008,0005), all ISO 2022
 * extensions included; trailing padding removed, null where absent or empty. Where the declaration is unknown or the
 * bytes break it, the bytes are read as UTF-8 if they are valid UTF-8, else as Latin-1.
 */
export function textOf(dataSet: DataSet, tag: string, vr: 'LO' | 'PN' | 'SH' | 'ST'): string | null {
  const element = dataSet.elements[tag]
  if (!element || element.length === 0) return null
  const bytes = Uint8Array.from(
    dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length)
  )
  const text = decode(bytes, declaredCharacterSet(dataSet), vr)
  return text.replace(/[\0 ]+$/, '').trimStart() || null
}

function decode(bytes: Uint8Array, characterSet: string, vr: string): string {
  try {
    return convertBytes(characterSet, bytes, { vr })
  } catch {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      return new TextDecoder('latin1').decode(bytes)
    }
  }
}

/** Specific Character Set with the spellings that writers use by mistake ('ISO-IR 100', 'ISO_IR_192') put right. */
function declaredCharacterSet(dataSet: DataSet): string {
  const declared = dataSet.string('x00080005') ?? ''
  return declared
    .split('\\')
    .map(term =>
      term
        .trim()
        .toUpperCase()
        .replace(/^ISO[ _-]?2022[ _-]?IR[ _-]?(\d+)$/, 'ISO 2022 IR $1')
        .replace(/^ISO[ _-]IR[ _-]?(\d+)$/, 'ISO_IR $1')
    )
    .join('\\')
}
