import packageFile from '../../package.json'

export const NEOGATE_VERSION = packageFile.version
/** Pinned exactly, and kept outside the bundle, so that this is what is installed. */
export const ONNXRUNTIME_VERSION = packageFile.dependencies['onnxruntime-node']
