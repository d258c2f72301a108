import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isPermit, type Permit, recordIntent, recordOwnerCall } from '../../native-host/audit/permit.ts'
import { putSecret, putService, removeService } from '../../native-host/store/services.ts'
import { takeSecrets } from '../../native-host/vault/take-secrets.ts'
import {
  aService,
  callRecord,
  connected,
  NAMES,
  openVault,
  refusalOf,
  type VaultFixture,
} from './vault-fixture.ts'

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

function aPermit(): Permit {
  const { session, capability } = connected(vault)
  const record = callRecord({ session: session.id })
  const permit = recordIntent(vault.store, vault.keys, {
    session: session.id,
    capability,
    now: Date.now(),
    record,
  })
  if ('refused' in permit) throw new Error(permit.refused)
  return permit
}

const take = (permit: unknown, service: string): string =>
  refusalOf(() => takeSecrets(vault.store, vault.keys, permit as Permit, service))

test('a permit opens the secrets of its service, by name, and they do not print', () => {
  const secrets = takeSecrets(vault.store, vault.keys, aPermit(), NAMES.service)
  expect([...secrets.keys()]).toEqual([NAMES.secretName])
  const secret = secrets.get(NAMES.secretName)
  expect(Buffer.from(secret?.reveal() ?? '').toString()).toBe(NAMES.secret)
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect(secrets)}`).not.toContain(NAMES.secret)
})

test('a permit opens nothing of another service, even where that service has the same secret names', () => {
  const permit = aPermit()
  putService(vault.store, vault.keys, aService({ id: 'other' }))
  putSecret(vault.store, vault.keys, 'other', NAMES.secretName, Buffer.from('x'))
  expect(take(permit, 'other')).toBe('internal')
  expect(take(permit, '')).toBe('internal')
})

test('a secret moved to the service of a permit is refused', () => {
  const { store, keys } = vault
  const permit = aPermit()
  putService(store, keys, aService({ id: 'other' }))
  putSecret(store, keys, 'other', 'another-name', Buffer.from('x'))
  store.run('UPDATE secrets SET service = (SELECT id FROM services WHERE id <> secrets.service)')
  expect(take(permit, NAMES.service)).toBe('store-damaged')
})

test('a removed service has no secrets', () => {
  const permit = aPermit()
  removeService(vault.store, vault.keys, NAMES.service)
  expect(takeSecrets(vault.store, vault.keys, permit, NAMES.service).size).toBe(0)
})

test('nothing but recording an intent makes a permit', () => {
  const permit = aPermit()
  const Permit = permit.constructor as new (...rest: unknown[]) => Permit
  const fields = { auditId: permit.auditId, service: NAMES.service, capability: null, session: null }
  expect(() => new Permit(Symbol('mint'), { id: 'x', ...fields })).toThrow(TypeError)
  expect(() => Reflect.construct(Permit, [undefined, fields])).toThrow(TypeError)
  for (const forged of [
    null,
    undefined,
    fields,
    { ...permit },
    Object.create(permit),
    Object.create(Permit.prototype, Object.getOwnPropertyDescriptors(fields)),
    Object.setPrototypeOf({ ...fields }, Permit.prototype),
    new Proxy(permit, {}),
    structuredClone(fields),
    JSON.parse(JSON.stringify(permit)),
  ]) {
    expect(isPermit(forged)).toBe(false)
    expect(take(forged, NAMES.service)).toBe('internal')
  }
  expect(isPermit(permit)).toBe(true)
})

test('a permit cannot be turned to another service', () => {
  const permit = recordOwnerCall(vault.store, vault.keys, {
    service: 'a',
    capability: null,
    record: callRecord({ capability: null, service: 'a' }),
  })
  if ('refused' in permit) throw new Error(permit.refused)
  expect(() => Object.assign(permit, { service: 'b' })).toThrow(TypeError)
  expect(() => Object.defineProperty(permit, 'service', { value: 'b' })).toThrow(TypeError)
  expect(permit.service).toBe('a')
})
