import { defineConfig } from 'vitest/config'

/** Large runs at their full figures take as long as they take. */
const patience = process.env.VALETKEY_HARD === '1' ? 30 : 1

/** Suites that start browsers or hosts run one file at a time: the machine they share is the bottleneck, not the runner. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    environment: 'node',
    testTimeout: 60_000 * patience,
    hookTimeout: 120_000 * patience,
    projects: [
      { extends: true, test: { name: 'fast', include: ['test/{unit,property,vectors}/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'host', include: ['test/{host,fuzz}/**/*.test.ts'], fileParallelism: false },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000 * patience,
        },
      },
    ],
  },
})
