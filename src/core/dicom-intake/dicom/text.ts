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
  const bytes = dataSet.byteArray.slice(element.dataOffset, element.dataOffset + element.length)
  const text = plainText(bytes) ?? decode(bytes, declaredCharacterSet(dataSet), vr)
  return text.replace(/[\0 ]+$/, '').trimStart() || null
}

const LONGEST_PLAIN = 1024

/**
 * Text of bytes that mean the same in every character set of DICOM, null for any other: ASCII without escapes, and
 * without the two letters that ISO_IR 13 has for itself; longer text than any attribute read here may have goes the long way.
 */
function plainText(bytes: Uint8Array): string | null {
  if (bytes.length > LONGEST_PLAIN) return null
  for (const byte of bytes) if (byte >= 0x7e || byte === 0x5c || byte === 0x1b) return null
  return String.fromCharCode(...bytes)
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
