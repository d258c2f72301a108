import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { importFaults } from '../../scripts/lint/import-faults.ts'
import { readSources } from '../../scripts/lint/read-sources.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

function faultsOf(path: string, text: string, others: Record<string, string> = {}): string[] {
  return importFaults(new Map([[path, text], ...Object.entries(others)]))
}

test('every import of the product goes where the plan lets it', async () => {
  const sources = await readSources(ROOT)
  expect(sources.size).toBeGreaterThan(300)
  expect(importFaults(sources)).toEqual([])
})

test.each([
  ['shared/model/x.ts', '../../native-host/refusal.ts'],
  ['shared/model/x.ts', '../../extension/ui/t.ts'],
  ['shared/model/x.ts', 'node:crypto'],
  ['shared/model/x.ts', 'zod'],
  ['shared/presets/x.ts', 'preact'],
  ['extension/page/x.ts', '../content/carrier.ts'],
  ['extension/page/xhr/x.ts', '../../background/calls.ts'],
  ['extension/page/x.ts', 'zod/mini'],
  ['extension/page/x.ts', 'webextension-polyfill'],
  ['extension/content/x.ts', '../page/wire.ts'],
  ['extension/content/x.ts', '../background/calls.ts'],
  ['extension/content/x.ts', 'webextension-polyfill'],
  ['extension/background/x.ts', '../content/carrier.ts'],
  ['extension/background/x.ts', '../popup/model.ts'],
  ['extension/background/x.ts', '../control/model.ts'],
  ['extension/background/x.ts', '../../native-host/problem.ts'],
  ['extension/popup/x.tsx', '../control/model.ts'],
  ['extension/popup/x.tsx', '../background/connect.ts'],
  ['extension/control/x.tsx', '../popup/model.ts'],
  ['extension/control/x.tsx', '../../native-host/policy/decide.ts'],
  ['extension/ui/x.tsx', '../popup/model.ts'],
  ['extension/ui/x.tsx', '../background/connect.ts'],
  ['native-host/refusal.ts', './store/store.ts'],
  ['native-host/policy/x.ts', '../upstream/send.ts'],
  ['native-host/policy/x.ts', '../store/store.ts'],
  ['native-host/policy/x.ts', 'node:net'],
  ['native-host/policy/x.ts', 'node:fs'],
  ['native-host/auth/x.ts', '../broker/inject.ts'],
  ['native-host/auth/x.ts', '../upstream/send.ts'],
  ['native-host/store/x.ts', '../audit/chain.ts'],
  ['native-host/store/x.ts', 'undici'],
  ['native-host/vault/x.ts', '../owner/vault.ts'],
  ['native-host/vault/x.ts', 'node:net'],
  ['native-host/vault/x.ts', 'node:child_process'],
  ['native-host/sessions/x.ts', '../audit/chain.ts'],
  ['native-host/sessions/x.ts', 'node:sqlite'],
  ['native-host/audit/x.ts', '../broker/context.ts'],
  ['native-host/audit/x.ts', 'node:fs'],
  ['native-host/upstream/x.ts', '../vault/secret.ts'],
  ['native-host/upstream/x.ts', '../store/store.ts'],
  ['native-host/upstream/x.ts', 'node:fs'],
  ['native-host/broker/x.ts', '../owner/door.ts'],
  ['native-host/broker/x.ts', '../transport/outlet.ts'],
  ['native-host/broker/x.ts', 'undici'],
  ['native-host/broker/x.ts', 'node:https'],
  ['native-host/owner/x.ts', '../cli/run.ts'],
  ['native-host/owner/x.ts', 'node:fs'],
  ['native-host/transport/x.ts', '../upstream/send.ts'],
  ['native-host/transport/x.ts', '../store/store.ts'],
  ['native-host/transport/x.ts', '../main.ts'],
  ['native-host/install/x.ts', '../broker/broker.ts'],
  ['native-host/install/x.ts', 'node:net'],
  ['native-host/cli/x.ts', '../transport/outlet.ts'],
  ['native-host/cli/x.ts', 'node:fs'],
  ['native-host/cli/x.ts', 'node:child_process'],
  ['native-host/cli/x.ts', 'node:net'],
  ['native-host/cli/x.ts', '../../extension/ui/t.ts'],
  ['native-host/main.ts', './cli/run.ts'],
])('%s may not import %s', (path, from) => {
  for (const text of [
    `import { x } from '${from}'`,
    `import type { X } from '${from}'`,
    `import {\n  type X,\n  y,\n} from '${from}'`,
    `import '${from}'`,
    `import * as x from '${from}'`,
    `export { x } from '${from}'`,
    `export * from '${from}'`,
    `const x = await import('${from}')`,
    `type X = import('${from}').X`,
  ]) {
    expect(faultsOf(path, `/** What it is for. */\n${text}\n`), text).toHaveLength(1)
  }
})

test.each([
  ['native-host/policy/address.ts', 'node:net'],
  ['native-host/policy/address.ts', './safe-path.ts'],
  ['native-host/vault/keyholder.ts', 'node:net'],
  ['native-host/vault/keychain.ts', 'node:child_process'],
  ['native-host/cli/owner-files.ts', 'node:fs'],
  ['native-host/cli/x.ts', './owner-files.ts'],
  ['native-host/cli/x.ts', '../vault-home.ts'],
  ['native-host/main.ts', './transport/outlet.ts'],
  ['extension/ui/x.ts', '../_locales/en/messages.json'],
  ['native-host/install/x.ts', '../../manifest.json'],
])('%s may import %s', (path, from) => {
  expect(faultsOf(path, `import { x } from '${from}'\n`)).toEqual([])
})

test('a page may take the types of a frame but not the schemas that would come along', () => {
  const frames = { 'shared/protocol/frames.ts': `import * as z from 'zod/mini'\n` }
  const types = `import type { Frame } from '../../shared/protocol/frames.ts'\n`
  const schemas = `import { FrameSchema } from '../../shared/protocol/frames.ts'\n`
  expect(faultsOf('extension/page/x.ts', types, frames)).toEqual([])
  expect(faultsOf('extension/page/x.ts', schemas, frames)).toEqual([
    expect.stringContaining('`zod/mini` by way of shared/protocol/frames.ts'),
  ])
  for (const path of ['extension/content/x.ts', 'extension/popup/x.tsx', 'extension/ui/x.ts'])
    expect(faultsOf(path, schemas, frames)).toHaveLength(1)
  expect(faultsOf('extension/background/x.ts', schemas, frames)).toEqual([])
})

test('a file outside of every room is a fault of its own', () => {
  expect(faultsOf('elsewhere/x.ts', 'export const x = 1\n')).toEqual([
    'elsewhere/x.ts: stands in no room of the plan',
  ])
})
