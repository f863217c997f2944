#!/usr/bin/env node
import { createRequire } from 'node:module'
import { ensureCompiled } from '../build/compile/compile.mjs'

if (!ensureCompiled()) {
  process.stderr.write('neogate: the build failed; see above.\n')
  process.exit(1)
}
createRequire(import.meta.url)('../out/main/server.cjs')
