/**
 * A flat asar archive (Electron's archive format): two Chromium pickles, the size of the header and the header as JSON,
 * then the files end to end.
 * @param {Record<string, string>} files name to content
 * @returns {Buffer}
 */
export function packAsar(files) {
  const header = { files: {} }
  const contents = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text, 'utf8')
    header.files[name] = { size: content.length, offset: String(offset) }
    contents.push(content)
    offset += content.length
  }
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const padding = Buffer.alloc((4 - (json.length % 4)) % 4)
  const headerPickle = Buffer.concat([
    uint32(4 + json.length + padding.length),
    uint32(json.length),
    json,
    padding
  ])
  return Buffer.concat([uint32(4), uint32(headerPickle.length), headerPickle, ...contents])
}

function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
