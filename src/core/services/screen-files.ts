import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'

/** An answer to a GET, as every host sends it. */
export interface WebAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array | Readable
}

const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm'
}

/** Nothing inline, nothing evaluated, nothing from elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** Sent with everything, on every host. */
export const SECURITY_HEADERS: Record<string, string> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()'
}

/** For answers that hold patients' images: never on disk. */
export const PRIVATE_HEADERS: Record<string, string> = { ...SECURITY_HEADERS, 'Cache-Control': 'no-store' }

export function textAnswer(status: number, text: string): WebAnswer {
  return {
    status,
    headers: {
      ...SECURITY_HEADERS,
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store'
    },
    body: Buffer.from(text, 'utf8')
  }
}

/**
 * The built screens below `folder`. A path without an extension is a screen of the router and gets index.html; a path
 * that leads out of the folder gets 403, one of an unknown type or without a file 404.
 */
export async function screenFile(folder: string, urlPath: string): Promise<WebAnswer> {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return textAnswer(400, 'Bad path')
  }
  const segments = decoded.split(/[/\\]/)
  if (decoded.includes('\0') || segments.includes('..')) return textAnswer(403, 'Forbidden')
  const extension = extname(decoded)
  const root = resolve(folder)
  const file = extension === '' ? resolve(root, 'index.html') : resolve(root, ...segments.filter(Boolean))
  if (!file.startsWith(root + sep)) return textAnswer(403, 'Forbidden')
  const type = MIME[extension === '' ? '.html' : extension.toLowerCase()]
  const found = type ? await stat(file).catch(() => null) : null
  if (!type || !found?.isFile()) return textAnswer(404, 'Not found')
  const hashed = /[/\\]assets[/\\]/.test(file)
  return {
    status: 200,
    headers: {
      ...SECURITY_HEADERS,
      'Content-Type': type,
      'Content-Length': String(found.size),
      'Cache-Control': hashed ? 'private, max-age=31536000, immutable' : 'no-cache'
    },
    body: createReadStream(file)
  }
}
