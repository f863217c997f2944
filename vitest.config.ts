import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          environment: 'node',
          include: ['src/{contract,core,cli,localhost,main}/**/*.test.ts', 'build/**/*.test.{ts,mjs}'],
          testTimeout: 30_000
        }
      },
      {
        plugins: [vue()],
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['src/renderer/**/*.test.ts']
        }
      },
      {
        test: {
          name: 'suites',
          environment: 'node',
          include: ['test/{contract,golden,fuzz,gradients}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      }
    ]
  }
})
