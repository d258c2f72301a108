import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportAudit } from '../../native-host/audit/read-audit.ts'
import { FULL_RECORDS } from '../../native-host/broker/refusal-log.ts'
import { listSessions } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { done, times } from '../support/hard.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { startEchoUpstream } from '../support/upstreams/echo-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

const SITE = 'https://agent.example'
const KEY = 'sk-0123456789abcdef'

let echo: LoopbackServer
let vault: OwnedVault
beforeEach(async () => {
  echo = await startEchoUpstream(KEY)
  vault = await OwnedVault.create()
})
afterEach(async () => {
  await vault.remove()
  await echo.close()
})

test('a site that is refused without end fills no disk: every refusal is counted, few are written', async () => {
  vault.addService('echo', `${echo.url}/v1`, KEY)
  vault.addCapability('echoes', 'echo', ['GET /v1/echo/headers'])
  const capability = findCapability(vault.store, vault.keys, 'echoes')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
  const host = await NativeHost.start(vault.home)
  const { id } = await host.document({ origin: SITE })
  const asked = times(1000, 20_000)
  const ask = (path: string) => host.ask(id, 'GET', `${echo.url}/v1/${path}`).ended()
  for (let n = 0; n < asked; n += 1) {
    expect(await ask(`secret/${n % 40}`)).toMatchObject({ type: 'problem', code: 'denied' })
  }
  // What is allowed is not held up by it.
  expect((await ask('echo/headers')).type).toBe('end')
  expect(await host.close()).toBe(0)
  const refusals = [...exportAudit(vault.store, vault.keys)].flatMap((record) =>
    record.kind === 'refusal' ? [record] : [],
  )
  expect(refusals.reduce((sum, { count }) => sum + count, 0)).toBe(asked)
  expect(listSessions(vault.store, vault.keys, Date.now())).toMatchObject([{ requests: 1, blocked: asked }])
  const minutes = Math.ceil((refusals.at(-1)?.at ?? 0) - (refusals[0]?.at ?? 0)) / 60_000
  expect(refusals.length).toBeLessThan((FULL_RECORDS + 30) * (minutes + 1))
  expect(echo.journal.arrivals).toHaveLength(1)
  done('refused calls of one site, all counted in few records', asked)
})
