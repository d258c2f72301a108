import { expect, test } from 'vitest'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { decide } from '../../native-host/policy/decide.ts'
import type { Capability } from '../../shared/model/capability.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import { exampleCapability } from '../support/examples.ts'
import { done } from '../support/hard.ts'

/** Calls whose answer is a credential, of every preset that knows some: a pattern with its wildcards filled in. */
const MINTING = PRESETS.flatMap((preset) => {
  const baseUrls = preset.baseUrls.length === 0 ? [preset.baseUrlHint ?? ''] : preset.baseUrls
  const values = Object.fromEntries((preset.values ?? []).map(({ id, hint }) => [id, hint]))
  const service = serviceFromPreset(preset, { id: 'mine', baseUrls, values })
  return service.credentialMinting.map((pattern) => {
    const [methods = '', path = ''] = pattern.split(' ')
    const method = methods === '*' ? 'POST' : methods
    return { pattern, service, method, path: path.replaceAll('**', 'a/b').replaceAll('*', 'a') }
  })
})

const upperCased = (path: string) => path.toUpperCase()
/** Ways to write a path that some server takes for the same. */
const WRITTEN: ((path: string) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => `${path}?x=1`,
  upperCased,
  (path) => path.replace(/\/(?=[^/]*$)/, '//'),
  (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/\/(?=[^/]*$)/, '%2f'),
  (path) => path.replace(/\/(?=[^/]*$)/, '/./'),
  (path) => path.replace(/\/(?=[^/]*$)/, '/x/../'),
  (path) => `${path};x`,
]

function decided(call: (typeof MINTING)[number], path: string, patterns: readonly string[]): string {
  const [origin = ''] = call.service.baseUrls.map((url) => new URL(url).origin)
  const headers: [string, string][] = [['content-type', 'application/json']]
  const made = canonicalise({ method: call.method, url: `${origin}${path}`, headers }, call.service)
  if ('refused' in made) return 'deny'
  const capability: Capability = exampleCapability(
    patterns.map((pattern) => `allow ${pattern}`),
    { service: call.service.id },
  )
  return decide(made.request, Buffer.from('{}'), capability, call.service).effect
}

test('no rule but the very pattern lets a call through whose answer is a credential, however its path is written', () => {
  let cases = 0
  expect(MINTING.length).toBeGreaterThan(4)
  for (const call of MINTING) {
    for (const write of WRITTEN) {
      for (const wide of ['* /**', `${call.method} /**`, `${call.method} ${call.path}`]) {
        if (wide === call.pattern) continue
        expect([call.pattern, write(call.path), decided(call, write(call.path), [wide])]).toEqual([
          call.pattern,
          write(call.path),
          'deny',
        ])
        cases++
      }
    }
  }
  done('calls for a new credential refused before they were sent', cases)
})

test('the owner who names each pattern that covers a call has allowed it', () => {
  const allowed = MINTING.filter((call) => {
    const effect = decided(call, call.path, call.service.credentialMinting)
    // Some presets deny some of these paths outright, which no rule of a capability changes.
    if (effect !== 'allow') expect(call.service.denyAlways).not.toEqual([])
    return effect === 'allow'
  })
  expect(allowed.length).toBeGreaterThan(1)
})
