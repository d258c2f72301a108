import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Command } from '../../shared/protocol/commands.ts'
import { type FrameToBackground, FrameToBackgroundSchema } from '../../shared/protocol/native-frames.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'

/** What the real host process says to its owner, with the values apart that a translation puts elsewhere. */
let vault: OwnedVault
let host: NativeHost

beforeEach(async () => {
  vault = await OwnedVault.create()
  host = await NativeHost.start(vault.home)
})
afterEach(async () => {
  await host.close()
  await vault.remove()
})

type Refusal = Extract<FrameToBackground, { type: 'refusal' }>

async function refusalOf(command: Command): Promise<Refusal> {
  const id = host.id()
  host.send({ type: 'command', id, command })
  const frame = await host.next<Refusal>((one) => one.type === 'refusal' && one.id === id)
  expect(FrameToBackgroundSchema.parse(frame)).toEqual(frame)
  return frame
}

test('a refusal has its values apart, and one without values has none', async () => {
  expect(await refusalOf({ name: 'service-test', id: 'gone' })).toMatchObject({
    code: 'unknown',
    message: 'there is no service `gone`',
    said: { text: 'there is no service `$1`', values: ['gone'] },
  })
  const plain = await refusalOf({ name: 'session-revoke' })
  expect(plain.code).toBe('malformed')
  expect(plain).not.toHaveProperty('said')
})

test('a test call that reaches nobody says why, as a sentence in a sentence', async () => {
  vault.addService('mine', 'http://127.0.0.1:9/v1', 'a-key-of-the-test', { preset: 'openai-compatible' })
  const result = await host.order({ name: 'service-test', id: 'mine' })
  expect(result).toMatchObject({
    outcome: 'unreachable',
    message: 'the service could not be reached: nothing listens at that address',
    said: {
      text: 'the service could not be reached: $1',
      values: [{ text: 'nothing listens at that address', values: [] }],
    },
  })
})

test('a finding of the host has its folder apart', async () => {
  const findings = await host.order({ name: 'doctor' })
  const home = findings.find(({ check }) => check === 'home')
  expect(home?.said?.values).toEqual([vault.home])
  expect(home?.message).toBe(home?.said?.text.replace('$1', vault.home))
})
