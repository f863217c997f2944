import vue from '@vitejs/plugin-vue'
import { join, resolve } from 'node:path'
import { defineConfig } from 'vite'

const root = resolve(import.meta.dirname, '../..')

/** The gallery of components: for whoever works on the screens, and for test/end-to-end/gallery.test.ts. Never shipped. */
export default defineConfig({
  root: join(root, 'test/gallery'),
  cacheDir: join(root, '.cache/gallery'),
  plugins: [vue()],
  server: { fs: { allow: [root] } }
})
