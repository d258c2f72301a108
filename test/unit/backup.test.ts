import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { spend, wholeLedger } from '../../native-host/budgets/ledger.ts'
import { makeBackup } from '../../native-host/owner/backup.ts'
import type { OwnerContext } from '../../native-host/owner/context.ts'
import { intakeOf, openForRestore, restore, tryRestore } from '../../native-host/owner/restore.ts'
import { takeIn } from '../../native-host/owner/take-in.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { pausedGrants } from '../../native-host/sessions/paused-grants.ts'
import { endSessions, listSessions } from '../../native-host/sessions/sessions.ts'
import { findCapability, listCapabilities, putCapability } from '../../native-host/store/capabilities.ts'
import { listGrants } from '../../native-host/store/grants.ts'
import { listServices, putSecret } from '../../native-host/store/services.ts'
import { isBackup, openBackup, sealBackup } from '../../native-host/vault/backup-file.ts'
import { secretsForBackup } from '../../native-host/vault/backup-secrets.ts'
import { done, times } from '../support/hard.ts'
import { aCapability, aService, connected, NAMES, openVault, type VaultFixture } from './vault-fixture.ts'

const PASSPHRASE = 'another passphrase'
/** The least that a reader accepts. */
const QUICK = { memory: 64 * 1024, passes: 2, parallelism: 1 }

let vault: VaultFixture
let other: VaultFixture
beforeEach(() => {
  vault = openVault()
  other = openVault()
})
afterEach(() => {
  vault.remove()
  other.remove()
})

function owner({ store, keys }: VaultFixture, now = Date.now()): OwnerContext {
  return { store, keys, now: () => now, by: 'cli' }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing',
    (error: unknown) => {
      if (error instanceof Refusal) return error.code
      throw error
    },
  )
}

/** Everything a backup is of, as it is in a vault. */
function everything({ store, keys }: VaultFixture): unknown {
  return {
    services: listServices(store, keys),
    secrets: listServices(store, keys).flatMap(({ id }) => secretsForBackup(store, keys, id)),
    capabilities: listCapabilities(store, keys),
    grants: listGrants(store, keys),
    ledger: wholeLedger(store, keys, NAMES.capability),
    sessions: listSessions(store, keys, Date.now()),
    acts: listAudit(store, keys, { limit: 100 }).length,
  }
}

async function carryOver(from: VaultFixture, to: VaultFixture, replace = false) {
  const { file } = await makeBackup(owner(from), PASSPHRASE, QUICK)
  return restore(owner(to), await openForRestore(owner(to), file, PASSPHRASE), replace)
}

describe('the file', () => {
  test('opens with its passphrase, composed either way, and holds no word of the vault in clear', async () => {
    connected(vault)
    const { file } = await makeBackup(owner(vault), 'cafe\u0301 au lait', QUICK)
    expect(isBackup(file)).toBe(true)
    const plain = await openBackup(file, 'caf\u00e9 au lait')
    expect(Buffer.from(plain).toString()).toContain(NAMES.origin)
    for (const word of [...Object.values(NAMES), Buffer.from(NAMES.secret).toString('base64')])
      expect(Buffer.from(file).includes(word)).toBe(false)
  })

  test('a file written by another implementation of the page opens', async () => {
    const vector = new URL('../vectors/backup/version-1.json', import.meta.url)
    const { passphrase, file, plain } = JSON.parse(readFileSync(vector, 'utf8'))
    expect(Buffer.from(await openBackup(Buffer.from(file, 'base64'), passphrase)).toString()).toBe(plain)
  })

  test('two backups of one vault have no salt, nonce or sealed byte run in common', async () => {
    const [one, two] = [
      await sealBackup(PASSPHRASE, Buffer.alloc(64), QUICK),
      await sealBackup(PASSPHRASE, Buffer.alloc(64), QUICK),
    ]
    const body = (file: Uint8Array) => Buffer.from(file.subarray(file.indexOf(0x0a) + 1))
    for (let at = 1; at + 12 < body(one).length; at += 1)
      expect(body(two).includes(body(one).subarray(at, at + 8))).toBe(false)
  })

  test('each of these is refused for what it is', async () => {
    const file = await sealBackup(PASSPHRASE, Buffer.from('{}'), QUICK)
    const line = Buffer.from(file.subarray(0, file.indexOf(0x0a))).toString()
    const withHead = (change: (head: Record<string, unknown>) => void) => {
      const head = JSON.parse(line)
      change(head)
      return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), file.subarray(line.length + 1)])
    }
    expect(await codeOf(openBackup(file, 'another passphrasE'))).toBe('wrong-passphrase')
    expect(await codeOf(openBackup(Buffer.from('KEY=value\n'), PASSPHRASE))).toBe('invalid')
    expect(await codeOf(openBackup(new Uint8Array(0), PASSPHRASE))).toBe('invalid')
    const longer = Buffer.concat([file, Buffer.from([0])])
    expect(await codeOf(openBackup(longer, PASSPHRASE))).toBe('invalid')
    const newer = withHead((head) => Object.assign(head, { version: 2, other: true }))
    expect(await codeOf(openBackup(newer, PASSPHRASE))).toBe('store-newer')
    for (const argon2id of [
      { ...QUICK, memory: 1024 },
      { ...QUICK, passes: 1 },
      { ...QUICK, memory: 2 ** 31 },
      { ...QUICK, passes: 1000 },
    ])
      expect(
        await codeOf(
          openBackup(
            withHead((head) => Object.assign(head, { argon2id })),
            PASSPHRASE,
          ),
        ),
      ).toBe('invalid')
    const slower = withHead((head) => Object.assign(head, { argon2id: { ...QUICK, passes: 3 } }))
    expect(await codeOf(openBackup(slower, PASSPHRASE))).toBe('wrong-passphrase')
    expect(await codeOf(sealBackup('seven77', Buffer.from('{}'), QUICK))).toBe('weak-passphrase')
  })

  test('every byte flipped and every cut is refused', async () => {
    const file = await sealBackup(PASSPHRASE, Buffer.from('{"some":"content"}'), QUICK)
    const step = times(29, 1)
    let flipped = 0
    for (let at = 0; at < file.length; at += step) {
      const changed = Buffer.from(file)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      expect(['invalid', 'wrong-passphrase', 'store-newer']).toContain(
        await codeOf(openBackup(changed, PASSPHRASE)),
      )
      expect(await codeOf(openBackup(file.subarray(0, at), PASSPHRASE))).toBe('invalid')
      flipped += 1
    }
    done('bytes of a backup flipped, and cuts, refused', 2 * flipped)
  })
})

describe('back in another vault', () => {
  test('everything is as it was, except that no session is live and its site is asked about', async () => {
    const { grant, capability } = connected(vault, { limits: { maxTokens: 1000 } })
    vault.store.transaction(() =>
      spend(vault.store, vault.keys, capability.id, { calls: 1, unknown: 0, tokens: 7, cost: 0 }, Date.now()),
    )
    const taken = await carryOver(vault, other)
    expect(taken).toEqual({
      services: [NAMES.service],
      capabilities: [NAMES.capability],
      grants: [grant.id],
      replaced: [],
      keptGrants: 0,
    })
    const { store, keys } = other
    expect(listServices(store, keys)).toEqual(listServices(vault.store, vault.keys))
    expect(listCapabilities(store, keys)).toEqual([capability])
    expect(secretsForBackup(store, keys, NAMES.service)).toEqual([
      { service: NAMES.service, name: NAMES.secretName, bytes: Buffer.from(NAMES.secret).toString('base64') },
    ])
    expect(wholeLedger(store, keys, capability.id)).toEqual(
      wholeLedger(vault.store, vault.keys, capability.id),
    )
    expect(listSessions(store, keys, Date.now())).toEqual([])
    expect(pausedGrants(store, keys, Date.now()).map(({ id }) => id)).toEqual([grant.id])
  })

  test('a grant whose session was revoked comes back silent', async () => {
    const { grant } = connected(vault)
    endSessions(vault.store, vault.keys, { all: true }, 'revoked', Date.now())
    await carryOver(vault, other)
    expect(listGrants(other.store, other.keys).map(({ id }) => id)).toEqual([grant.id])
    expect(pausedGrants(other.store, other.keys, Date.now())).toEqual([])
  })

  test('both acts are in the audit, and each thing that came in', async () => {
    const { grant } = connected(vault)
    await carryOver(vault, other)
    const acts = ({ store, keys }: VaultFixture) =>
      listAudit(store, keys, { limit: 10 }).map((each) =>
        each.kind === 'act' ? `${each.act} ${each.subject}` : each.kind,
      )
    expect(acts(vault)[0]).toBe('vault.backup vault')
    expect(acts(other)).toEqual([
      `grant.restore ${grant.id}`,
      `capability.restore ${NAMES.capability}`,
      `service.restore ${NAMES.service}`,
      'vault.restore vault',
    ])
  })
})

describe('into a vault that has something', () => {
  let plain = ''
  beforeAll(async () => {
    const full = openVault()
    connected(full)
    const { file } = await makeBackup(owner(full), PASSPHRASE, QUICK)
    plain = Buffer.from(await openBackup(file, PASSPHRASE)).toString()
    full.remove()
  })

  test('ids that exist refuse everything, by name, and nothing is changed', async () => {
    connected(vault)
    connected(other)
    const before = everything(other)
    const refused = carryOver(vault, other)
    await expect(refused).rejects.toMatchObject({ code: 'exists' })
    await expect(refused).rejects.toThrow(
      `service ${NAMES.service}, capability ${NAMES.capability}. Nothing was changed`,
    )
    expect(everything(other)).toEqual(before)
  })

  test('with replace they are replaced whole, their sessions end, spent budgets stay, and grants of now win', async () => {
    connected(vault)
    vault.store.transaction(() =>
      spend(vault.store, vault.keys, NAMES.capability, { calls: 1, unknown: 0, tokens: 1, cost: 0 }, 1000),
    )
    const { session, grant } = connected(other)
    putSecret(other.store, other.keys, NAMES.service, 'of-before', Buffer.from('sk-of-before-0123456789'))
    putCapability(other.store, other.keys, { ...aCapability(), rules: [] })
    other.store.transaction(() =>
      spend(
        other.store,
        other.keys,
        NAMES.capability,
        { calls: 9, unknown: 0, tokens: 9, cost: 0 },
        Date.now(),
      ),
    )
    const spent = wholeLedger(other.store, other.keys, NAMES.capability)
    const taken = await carryOver(vault, other, true)
    expect(taken).toMatchObject({ keptGrants: 1, grants: [] })
    expect(taken.replaced).toEqual([`service ${NAMES.service}`, `capability ${NAMES.capability}`])
    expect(secretsForBackup(other.store, other.keys, NAMES.service).map(({ name }) => name)).toEqual([
      NAMES.secretName,
    ])
    expect(findCapability(other.store, other.keys, NAMES.capability)?.rules).toHaveLength(1)
    expect(wholeLedger(other.store, other.keys, NAMES.capability)).toEqual(spent)
    expect(listGrants(other.store, other.keys).map(({ id }) => id)).toEqual([grant.id])
    expect(listSessions(other.store, other.keys, Date.now())).toMatchObject([
      { id: session.id, endReason: 'removed' },
    ])
  })

  test('a capability alone that is replaced ends its sessions as well', () => {
    const { capability, session } = connected(other)
    const alone = {
      services: [],
      capabilities: [{ ...capability, rules: [] }],
      grants: [],
      ledgers: [],
      wasSaved: false,
    }
    expect(takeIn(owner(other), alone, { verb: 'import', replace: true }).replaced).toEqual([
      `capability ${capability.id}`,
    ])
    expect(listSessions(other.store, other.keys, Date.now())).toMatchObject([
      { id: session.id, endReason: 'removed' },
    ])
  })

  test.each([
    [
      'a service that is not valid',
      (contents: Contents) => Object.assign(contents.services[0] ?? {}, { baseUrls: ['ftp://x'] }),
      'invalid',
    ],
    ['a service without its secret', (contents: Contents) => contents.secrets.pop(), 'secret-missing'],
    [
      'a capability of no service',
      (contents: Contents) => Object.assign(contents.capabilities[0] ?? {}, { service: 'gone' }),
      'unknown',
    ],
    [
      'a rule that cannot be read',
      (contents: Contents) =>
        Object.assign(contents.capabilities[0] ?? {}, { rules: [{ effect: 'allow', pattern: 'GET' }] }),
      'invalid',
    ],
    [
      'a condition of a newer version',
      (contents: Contents) => Object.assign(contents.capabilities[0] ?? {}, { onlyOnSundays: true }),
      'store-newer',
    ],
    ['a list of a newer version', (contents: Contents) => Object.assign(contents, { others: [] }), 'invalid'],
    [
      'one service twice',
      (contents: Contents) => contents.services.push(contents.services[0] as never),
      'invalid',
    ],
    ['a grant for no capability', (contents: Contents) => contents.capabilities.pop(), 'unknown'],
  ])('%s: refused, and nothing is changed', async (_, change, code) => {
    const contents = JSON.parse(plain) as Contents
    change(contents)
    const before = everything(other)
    const restored = (async () =>
      restore(owner(other), intakeOf(owner(other), Buffer.from(JSON.stringify(contents))), false))()
    expect(await codeOf(restored)).toBe(code)
    expect(everything(other)).toEqual(before)
  })
})

interface Contents {
  services: object[]
  secrets: { name: string }[]
  capabilities: object[]
}

test('trying says of a failover what the real thing would say, and leaves nothing', () => {
  const context = owner(vault)
  connected(vault)
  const failover = { on: ['unreachable' as const], models: [], wait: null }
  const goingOn = (id: string, to: string) =>
    aCapability({}, { id, failover: { capability: to, ...failover } })
  const bearer = aService({ id: 'elsewhere', baseUrls: ['https://elsewhere.example'] })
  const secrets = new Map([[NAMES.secretName, Buffer.from('a-key-of-elsewhere')]])
  const intake = {
    services: [{ service: bearer, secrets }],
    capabilities: [goingOn('first', 'second'), { ...goingOn('second', 'first'), service: 'elsewhere' }],
    grants: [],
    ledgers: [],
    wasSaved: true,
  }
  const before = everything(vault)
  const how = { verb: 'restore', replace: false }
  for (const work of [() => takeIn(context, intake, how), () => tryRestore(context, intake)])
    expect(work).toThrow(/in a circle/)
  const [first, second] = intake.capabilities
  if (first === undefined || second === undefined) throw new Error('no capabilities')
  const { failover: _, ...last } = second
  expect(tryRestore(context, { ...intake, capabilities: [first, last] })).toEqual([])
  expect(everything(vault)).toEqual(before)
})
