import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

const here = import.meta.dirname

/**
 * Modules that are left out where nothing of theirs is used: schemas of the contract that no screen checks anything with (and their
 * library with them), and components that a screen does not show.
 */
const DECLARES_ONLY = /\/src\/(?:contract\/[\w-]+\.ts|renderer\/components\/(?:index\.ts|\w+\.vue))$/

/**
 * Native and WebAssembly packages are the "dependencies" of package.json and stay outside; everything else is bundled.
 * node18 and chrome114 are the oldest runtimes that the build must run in (docs/electron-manual-checks.md).
 */
export default defineConfig({
  main: {
    build: {
      target: 'node18',
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: resolve(here, 'src/main/index.ts'),
          server: resolve(here, 'src/terminal.ts'),
          worker: resolve(here, 'src/core/services/worker-entry.ts')
        },
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs'
        }
      }
    }
  },
  preload: {
    build: {
      target: 'node18',
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve(here, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: resolve(here, 'src/renderer'),
    plugins: [vue()],
    build: {
      target: 'chrome114',
      minify: true,
      /** A strict content security policy allows neither inline scripts nor data: scripts. */
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: { index: resolve(here, 'src/renderer/index.html') },
        treeshake: { moduleSideEffects: id => !DECLARES_ONLY.test(id) }
      }
    }
  }
})
