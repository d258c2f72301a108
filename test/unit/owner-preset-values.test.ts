import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { add, fromPreset } from '../../native-host/owner/capabilities.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { addFromPreset, type FromPreset, listSummaries } from '../../native-host/owner/services.ts'
import { OwnedVault } from '../support/owned-vault.ts'

const ACCOUNT = 'AC0123456789abcdef0123456789abcdef'

let vault: OwnedVault
let context: OwnerContext

beforeAll(async () => {
  vault = await OwnedVault.create()
  context = { store: vault.store, keys: vault.keys, now: Date.now, by: 'cli' }
})
afterAll(() => vault.remove())

function wanted(part: Partial<FromPreset>): FromPreset {
  const secrets = new Map([['password', Buffer.from('0123456789abcdef0123456789abcdef')]])
  return { id: 'twilio', preset: 'twilio', secrets, capabilities: [], values: { account: ACCOUNT }, ...part }
}

describe('what a preset asks its owner for', () => {
  test.each([
    [{ values: {} }, /say which account SID is meant, as in `AC/],
    [{ values: { account: 'AC*' } }, /`AC\*` is no account SID/],
    [{ values: { account: `${ACCOUNT}/../Keys` } }, /is no account SID/],
    [{ values: { account: ACCOUNT, acount: 'x' } }, /has no value `acount`: it asks for `account`, `from`/],
    [{ capabilities: ['twilio-sms'] }, /say which number to send from is meant/],
    [{ capabilities: ['twilio-sms'], values: { account: ACCOUNT, from: '*' } }, /is no number to send from/],
  ])('is refused, and nothing is kept, where it is missing or none: %j', (part, message) => {
    expect(() => addFromPreset(context, wanted(part))).toThrow(message)
    expect(listSummaries(context)).toEqual([])
  })

  test('stands in the scheme, the rules and the conditions', () => {
    const values = { account: ACCOUNT, from: '+15550001111' }
    const made = addFromPreset(context, wanted({ capabilities: ['twilio-sms'], values }))
    expect(made.capabilities).toEqual(['twilio-twilio-sms'])
    const named = { id: 'read', service: 'twilio', name: 'twilio-read' }
    expect(() => fromPreset(context, named)).toThrow(/say which account SID/)
    const read = add(context, fromPreset(context, { ...named, values: { account: ACCOUNT } }))
    expect(read.rules.map(({ pattern }) => pattern)).toContain(
      `GET,HEAD /2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
    )
    expect(JSON.stringify(read)).not.toContain('{account}')
  })
})
