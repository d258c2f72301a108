import { expect, test } from 'vitest'
import manifest from '../../manifest.json' with { type: 'json' }
import { VERSION } from '../../native-host/version.ts'
import packageJson from '../../package.json' with { type: 'json' }

test('host, package and extension name the same version', () => {
  expect(VERSION).toBe(packageJson.version)
  expect(manifest.version).toBe(packageJson.version)
})
