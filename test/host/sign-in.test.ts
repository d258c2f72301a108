import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listSecretNames, putSecret, putService } from '../../native-host/store/services.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { exampleService } from '../support/examples.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { type OidcUpstream, signIn, startOidcUpstream } from '../support/upstreams/oidc-upstream.ts'
import { CLI } from './cli-fixture.ts'

/** A sign-in as the control room orders it: by the host as a browser starts it, under the permission model. */
let root: string
let vault: OwnedVault
let oidc: OidcUpstream
let host: NativeHost

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  vault = await OwnedVault.create()
  oidc = await startOidcUpstream()
  const auth = {
    kind: 'oauth2-refresh' as const,
    clientId: oidc.clientId,
    tokenUrl: oidc.tokenUrl,
    authorizationUrl: `${oidc.authorizationUrl}?prompt=consent`,
    issuer: oidc.server.url,
    scope: 'openid offline_access',
    clientAuth: 'basic' as const,
    secret: 'refresh-token',
    clientSecret: 'client-secret',
  }
  const own = { id: 'signed', baseUrls: [`${oidc.server.url}/v1`], local: { address: null } }
  putService(vault.store, vault.keys, exampleService({ ...own, auth: [{ paths: ['/**'], auth }] }))
  putSecret(vault.store, vault.keys, 'signed', 'client-secret', Buffer.from(oidc.clientSecret))
  host = await NativeHost.start(vault.home, writeLauncher(root, CLI, vault.home, root))
})
afterAll(async () => {
  host.process.kill('SIGTERM')
  await host.exited
  await oidc.server.close()
  await vault.remove()
  rmSync(root, { recursive: true, force: true })
})

const begin = async () => (await host.order({ name: 'service-authorize', id: 'signed' })).url
const ended = () => host.order({ name: 'service-authorized', id: 'signed' })
const redirectOf = (url: string) => new URL(url).searchParams.get('redirect_uri') ?? ''

test('is offered for the service, stores the token, and no code or token goes over the wire', async () => {
  const [service] = await host.order({ name: 'service-list' })
  expect(service).toMatchObject({ id: 'signed', signIn: true })
  await expect(ended()).rejects.toMatchObject({ code: 'unknown' })
  const url = await begin()
  const waiting = ended()
  expect(await signIn(url)).toContain('you can close this tab')
  expect(await waiting).toBeNull()
  expect(listSecretNames(vault.store, vault.keys, 'signed')).toContain('refresh-token')
  const code = oidc.asked().at(-1)?.get('code') ?? 'none'
  expect(Buffer.concat(host.written).toString()).not.toContain(code)
})

test('that is begun anew ends the one before', async () => {
  const first = await begin()
  const waiting = ended()
  const refused = expect(waiting).rejects.toMatchObject({ code: 'invalid' })
  const second = await begin()
  await refused
  await expect(fetch(redirectOf(first))).rejects.toThrow()
  expect((await fetch(redirectOf(second))).status).toBe(404)
})

test('of a vault that is locked is over: nobody listens any more', async () => {
  const url = await begin()
  raiseLock(vault.store)
  await host.exited
  await expect(fetch(redirectOf(url))).rejects.toThrow()
})
