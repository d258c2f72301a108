import { defineConfig } from 'vitest/config'

/** The packages of `test/compat`, which `npm test` leaves out: they are many, and installed only for this. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    environment: 'node',
    globalSetup: './scripts/list-presets-first.ts',
    include: ['test/compat/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
