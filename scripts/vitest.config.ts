import { defineConfig } from 'vitest/config'

/** Suites that start browsers or hosts run one file at a time: the machine they share is the bottleneck, not the runner. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 120_000,
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
          include: ['test/{e2e,compat}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
})
