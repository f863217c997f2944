declare module 'dicom-character-set' {
  /** Decodes the bytes of one attribute. @throws on an unknown character set or escape sequence */
  export function convertBytes(
    specificCharacterSet: string,
    bytes: Uint8Array,
    options?: { vr?: string }
  ): string
}
