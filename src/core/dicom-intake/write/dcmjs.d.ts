/** The part of dcmjs 0.51 that is used here; the package carries no types. */
declare module 'dcmjs' {
  interface DicomDict {
    dict: Record<string, unknown>
    write(options?: Record<string, unknown>): ArrayBuffer
  }
  interface Dcmjs {
    data: {
      DicomDict: new (meta: Record<string, unknown>) => DicomDict
      DicomMetaDictionary: {
        denaturalizeDataset(dataset: Record<string, unknown>): Record<string, unknown>
      }
    }
    log: { setLevel(level: 'silent'): void }
  }
  const dcmjs: Dcmjs
  export default dcmjs
}
