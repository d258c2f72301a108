import { readFileSync } from 'node:fs'
import { explain } from '../../native-host/policy/explain.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'

/** `METHOD URL` asked of rules, as `valetkey explain` would: `allow`, `ask` or `deny` and the reason. */
export function answer(call: string, rules: readonly string[], service = exampleService()): string {
  const space = call.indexOf(' ')
  const claimed = { method: call.slice(0, space), url: call.slice(space + 1), headers: [] }
  const { decision, reason } = explain(claimed, null, exampleCapability(rules), service)
  return `${decision} ${reason}`
}

/** UTF-8 bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The cases of a file in `test/vectors/`. */
export function vectorCases(name: string): unknown[][] {
  const file = new URL(`../vectors/${name}`, import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: unknown[][] }
  return cases
}
