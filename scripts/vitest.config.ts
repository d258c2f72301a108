import { defineConfig } from 'vitest/config'

const isHard = process.env.VALETKEY_HARD === '1'
/** Large runs at their full figures take as long as they take. */
const patience = isHard ? 30 : 1
/**
 * Suites that start browsers or hosts mostly wait for them: three files at a time, whatever the machine. Figures are taken with
 * nothing else running.
 */
const beside = { maxWorkers: isHard ? 1 : 3, sequence: { groupOrder: 1 } }

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    environment: 'node',
    globalSetup: ['./scripts/list-presets-first.ts', './scripts/compile-cache-folder.ts'],
    testTimeout: 60_000 * patience,
    // What is set up are browsers, which a machine with other work starts in minutes.
    hookTimeout: 300_000 * patience,
    // As long as our own ways to wait: the second that is the default is short on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        // Left alone, vitest keeps one core for itself: on two cores these would run one file at a time, after all others.
        test: { name: 'fast', include: ['test/{unit,property,vectors}/**/*.test.ts'], maxWorkers: '100%' },
      },
      { extends: true, test: { name: 'host', include: ['test/{host,fuzz}/**/*.test.ts'], ...beside } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 240_000 * patience,
          ...beside,
        },
      },
      // Measures: after all others, with nothing of ours beside it.
      {
        extends: true,
        test: {
          name: 'bench',
          include: ['test/bench/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
