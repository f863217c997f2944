import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataType as OnnxType,
  type AttributeProto,
  type AttributeProtoSchema,
  type NodeProto,
  type TensorProto,
  type TensorProtoSchema,
  type ValueInfoProto,
  type ValueInfoProtoSchema
} from 'onnx-buf'
import { NeoGateError } from '../../foundation'
import type { Attributes, AttributeValue, Graph, GraphNode, Value } from './graph'
import { graphError } from './graph-error'
import { inferNode } from './infer'
import { OPS, isOpName, type AttributeKind } from './ops'
import { elementCount, type DataType, type Tensor, type TensorType } from './tensor'
import { validateGraph } from './validate'

/** Operator set and file format of what we write: of 2022, so that other tools read it too. */
const OPSET = 18n
const IR_VERSION = 8n

const ONNX_TYPES: Readonly<Record<DataType, OnnxType>> = {
  float32: OnnxType.FLOAT,
  int32: OnnxType.INT32,
  int64: OnnxType.INT64,
  bool: OnnxType.BOOL
}

/**
 * The graph as the bytes of an .onnx file. Parameters that are not bound become inputs.
 * @param metadata free text entries that travel in the file (`metadata_props`)
 */
export function toOnnx(graph: Graph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const message = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'NeoGate',
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name,
      node: graph.nodes.map(node => ({
        name: node.outputs[0] ?? '',
        opType: node.op,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, value]) => attributeMessage(node, name, value))
      })),
      initializer: [...graph.constants].map(([name, tensor]) => tensorMessage(name, tensor)),
      input: [...graph.inputs, ...graph.parameters].map(valueMessage),
      output: graph.outputs.map(valueMessage)
    }
  })
  return toBinary(ModelProtoSchema, message)
}

function attributeMessage(
  node: GraphNode,
  name: string,
  value: AttributeValue
): MessageInitShape<typeof AttributeProtoSchema> {
  const kind = (OPS[node.op].attributes as Readonly<Record<string, AttributeKind>>)[name]
  switch (kind) {
    case 'int':
      return { name, type: AttributeType.INT, i: BigInt(value as number) }
    case 'ints':
      return { name, type: AttributeType.INTS, ints: (value as readonly number[]).map(BigInt) }
    case 'float':
      return { name, type: AttributeType.FLOAT, f: value as number }
    case 'string':
      return { name, type: AttributeType.STRING, s: new Uint8Array(Buffer.from(value as string)) }
    default:
      throw graphError(node.op, `no attribute '${name}'`)
  }
}

function tensorMessage(name: string, tensor: Tensor): MessageInitShape<typeof TensorProtoSchema> {
  const { buffer, byteOffset, byteLength } = tensor.data
  return {
    name,
    dims: tensor.shape.map(BigInt),
    dataType: ONNX_TYPES[tensor.dtype],
    rawData: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
  }
}

function valueMessage({ name, dtype, shape }: Value): MessageInitShape<typeof ValueInfoProtoSchema> {
  return {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: ONNX_TYPES[dtype],
          shape: { dim: shape.map(size => ({ value: { case: 'dimValue' as const, value: BigInt(size) } })) }
        }
      }
    }
  }
}

export interface OnnxFile {
  graph: Graph
  metadata: Record<string, string>
}

/**
 * Reads an .onnx file made of operators on our list, with fixed shapes; the graph is validated.
 * @throws NeoGateError MODEL_REFUSED
 */
export function fromOnnx(bytes: Uint8Array): OnnxFile {
  const model = parseModel(bytes)
  const proto = model.graph
  if (!proto) throw graphError('graph', 'the file holds no graph')
  const constants = new Map(proto.initializer.map(tensor => [tensor.name, readTensor(tensor)]))
  const inputs = proto.input.filter(value => !constants.has(value.name)).map(readValue)
  const types = new Map<string, TensorType>()
  for (const { name, dtype, shape } of inputs) types.set(name, { dtype, shape })
  for (const [name, { dtype, shape }] of constants) types.set(name, { dtype, shape })
  const nodes = proto.node.map(readNode)
  for (const node of nodes) {
    inferNode(node, types, constants).forEach((type, index) => types.set(node.outputs[index] ?? '', type))
  }
  const graph: Graph = {
    name: proto.name,
    inputs,
    parameters: [],
    constants,
    nodes,
    outputs: proto.output.map(readValue),
    types
  }
  validateGraph(graph)
  return { graph, metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])) }
}

/**
 * The constants of any .onnx file by name, whatever its operators: the way to take weights from one.
 * @throws NeoGateError MODEL_REFUSED when the bytes are not an .onnx file
 */
export function readOnnxConstants(bytes: Uint8Array): Map<string, Tensor> {
  const tensors = parseModel(bytes).graph?.initializer ?? []
  return new Map(
    tensors.filter(tensor => isOurType(tensor.dataType)).map(tensor => [tensor.name, readTensor(tensor)])
  )
}

function parseModel(bytes: Uint8Array) {
  try {
    return fromBinary(ModelProtoSchema, bytes)
  } catch (cause) {
    throw new NeoGateError('MODEL_REFUSED', 'This is not an ONNX file, or it is damaged.', {}, { cause })
  }
}

function isOurType(code: number): boolean {
  return Object.values(ONNX_TYPES).includes(code)
}

function dataType(code: number, where: string): DataType {
  const found = Object.entries(ONNX_TYPES).find(([, known]) => known === code)
  if (!found) throw graphError(where, `element type ${OnnxType[code] ?? code} is not used here`)
  return found[0] as DataType
}

function readTensor(tensor: TensorProto): Tensor {
  const dtype = dataType(tensor.dataType, tensor.name)
  const shape = tensor.dims.map(Number)
  const count = elementCount(shape)
  const raw = tensor.rawData
  if (tensor.externalData.length > 0) throw graphError(tensor.name, 'its values lie in another file')
  const width = dtype === 'int64' ? 8 : dtype === 'bool' ? 1 : 4
  if (raw.byteLength === count * width) {
    const copy = raw.slice().buffer
    switch (dtype) {
      case 'float32':
        return { dtype, shape, data: new Float32Array(copy) }
      case 'int32':
        return { dtype, shape, data: new Int32Array(copy) }
      case 'int64':
        return { dtype, shape, data: new BigInt64Array(copy) }
      case 'bool':
        return { dtype, shape, data: new Uint8Array(copy) }
    }
  }
  if (dtype === 'float32' && tensor.floatData.length === count) {
    return { dtype, shape, data: Float32Array.from(tensor.floatData) }
  }
  if (dtype === 'int64' && tensor.int64Data.length === count) {
    return { dtype, shape, data: BigInt64Array.from(tensor.int64Data) }
  }
  if (dtype === 'int32' && tensor.int32Data.length === count) {
    return { dtype, shape, data: Int32Array.from(tensor.int32Data) }
  }
  throw graphError(tensor.name, `holds ${raw.byteLength} bytes, its shape asks for ${count * width}`)
}

function readValue(value: ValueInfoProto): Value {
  const type = value.type?.value
  if (type?.case !== 'tensorType') throw graphError(value.name, 'not a tensor')
  const shape = (type.value.shape?.dim ?? []).map(({ value: size }) => {
    if (size.case !== 'dimValue') throw graphError(value.name, 'has a size that is not fixed')
    return Number(size.value)
  })
  return { name: value.name, dtype: dataType(type.value.elemType, value.name), shape }
}

function readNode(node: NodeProto): GraphNode {
  const where = `${node.opType} '${node.output[0] ?? ''}'`
  if (node.domain !== '' || !isOpName(node.opType)) {
    throw graphError(where, 'this operator is not on the list of operators NeoGate uses')
  }
  const attributes: Attributes = Object.fromEntries(
    node.attribute.map(attribute => [attribute.name, readAttribute(attribute, where)])
  )
  return { op: node.opType, inputs: node.input, outputs: node.output, attributes }
}

function readAttribute(attribute: AttributeProto, where: string): AttributeValue {
  switch (attribute.type) {
    case AttributeType.INT:
      return Number(attribute.i)
    case AttributeType.INTS:
      return attribute.ints.map(Number)
    case AttributeType.FLOAT:
      return attribute.f
    case AttributeType.STRING:
      return Buffer.from(attribute.s).toString('utf8')
    default:
      throw graphError(where, `attribute '${attribute.name}' is of a kind NeoGate does not use`)
  }
}
