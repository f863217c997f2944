import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Windowed suites start browsers and Electron: run with --no-file-parallelism. */
const windowed = {
  environment: 'node' as const,
  testTimeout: 120_000,
  hookTimeout: 180_000,
  /** A condition may come late on a machine that does other things as well. */
  expect: { poll: { timeout: 30_000 } }
}

/** Need a graphics adapter, if only one in software: `npm test webgpu` finds one. */
const onWebGpu = '**/*.webgpu.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          environment: 'node',
          include: ['src/{contract,core,cli,localhost,main}/**/*.test.ts', 'build/**/*.test.{ts,mjs}'],
          exclude: [onWebGpu],
          testTimeout: 30_000
        }
      },
      {
        plugins: [vue()],
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          /** Elsewhere styles are left out; the contrast test reads the tokens. */
          css: { include: [/tokens\.css/] },
          include: ['src/renderer/**/*.test.ts']
        }
      },
      {
        test: {
          name: 'suites',
          environment: 'node',
          include: ['test/{golden,fuzz,gradients,training,blinding}/**/*.test.ts'],
          exclude: [onWebGpu],
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      },
      {
        test: {
          name: 'webgpu',
          environment: 'node',
          include: [onWebGpu],
          exclude: ['**/node_modules/**'],
          testTimeout: 600_000
        }
      },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...windowed } },
      {
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          globalSetup: 'test/support/drawn-projects.ts',
          ...windowed
        }
      }
    ]
  }
})
