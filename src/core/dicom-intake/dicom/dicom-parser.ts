/**
 * The parts of dicom-parser that are used, with the types its declaration file lacks. The package is CommonJS: under
 * Node's loader its exports come as `default`, from a bundler as names.
 */
import * as imported from 'dicom-parser'
import type { ByteArrayParser, DataSet as ParsedDataSet } from 'dicom-parser'

export type { ByteArrayParser, Element } from 'dicom-parser'
export type DataSet = ParsedDataSet

type Module = typeof imported & {
  DataSet: new (parser: ByteArrayParser, bytes: Uint8Array, elements: DataSet['elements']) => DataSet
}

const library = ('default' in imported ? imported.default : imported) as Module

export const {
  ByteStream,
  DataSet: DataSetClass,
  bigEndianByteArrayParser,
  littleEndianByteArrayParser,
  readDicomElementExplicit,
  readDicomElementImplicit
} = library
export type ByteStream = InstanceType<typeof ByteStream>
