import { renameSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { commandLineOf, familyOf } from '../support/canary-processes.ts'
import { endProcesses } from '../support/end-process.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { hostManifest } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call, callWhenHeard, progressOf, startStream } from './in-page.ts'
import { badgeAsks, onEachBrowserByPassphrase } from './scene.ts'

onEachBrowserByPassphrase('when something fails', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  let key: string
  beforeAll(async () => {
    key = scene.canary('clock', 'sk-')
    upstream = await startFlowUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    await addService('clock', `${upstream.url}/v1`)
  })
  beforeEach(() => scene.grant(site.origin, 'clock'))
  afterAll(async () => {
    await Promise.all([site.close(), upstream.close()])
  })
  const small = () => `${upstream.url}/v1/small`
  const clock = () => `${upstream.url}/v1/clock`

  async function addService(id: string, baseUrl: string): Promise<void> {
    const { valetkey } = scene.stage
    const base = ['--base-url', baseUrl, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', id, ...base], key)
    await valetkey.ask(['capability', 'add', id, '--service', id, '--allow', 'GET /v1/**'])
  }

  async function hostPids(): Promise<number[]> {
    const pids: number[] = []
    for (const pid of await familyOf(scene.stage.driver.pid)) {
      if ((await commandLineOf(pid)).includes('main.mjs')) pids.push(pid)
    }
    return pids
  }

  async function whileLocked<T>(act: () => Promise<T>): Promise<T> {
    const { valetkey, passphrase } = scene.stage
    await valetkey.ask(['lock'])
    try {
      return await act()
    } finally {
      await valetkey.ask(['unlock', '--passphrase-stdin'], `${passphrase}\n`)
    }
  }

  async function openStream() {
    const page = await scene.open(`${site.origin}/`)
    await startStream(page, 'ticks', clock())
    await eventually(
      'it streams',
      () => progressOf(page, 'ticks'),
      ({ chunks }) => chunks > 3,
    )
    return page
  }

  test.runIf(process.platform === 'linux')(
    'a host that is killed in the middle of a stream cuts it, and the next call gets a fresh host',
    async () => {
      const page = await openStream()
      const pids = await hostPids()
      expect(pids.length).toBeGreaterThan(0)
      endProcesses(pids, 'SIGKILL')
      const cut = await eventually(
        'it is cut',
        () => progressOf(page, 'ticks'),
        ({ error }) => error !== '',
      )
      expect(cut).toMatchObject({ error: 'TypeError', done: false })
      await eventually(
        'the API saw it',
        () => upstream.journal.last.outcome,
        (outcome) => outcome === 'cut',
      )
      await eventually(
        'a fresh host answers',
        () => call(page, small()),
        ({ status }) => status === 200,
      )
      expect((await hostPids()).some((pid) => pids.includes(pid))).toBe(false)
    },
  )

  test('a background that is stopped cuts what runs, and the open page’s next call starts it again', async () => {
    const page = await openStream()
    await scene.stage.driver.stopBackground()
    const cut = await eventually(
      'it is cut',
      () => progressOf(page, 'ticks'),
      ({ error }) => error !== '',
    )
    expect(cut).toMatchObject({ error: 'TypeError', done: false })
    const end = await eventually(
      'the next call works',
      () => call(page, small()),
      ({ status }) => status === 200,
    )
    expect(end.problem).toBeNull()
  })

  test.runIf(process.platform === 'linux')(
    'a background stopped again and again leaves no host behind, and each next call works',
    { timeout: times(300_000, 7_200_000) },
    async () => {
      const page = await scene.open(`${site.origin}/`)
      const works = () =>
        eventually(
          'a call works',
          () => call(page, small()),
          ({ status }) => status === 200,
          60_000,
        )
      const oneHost = () => eventually('one host is there', hostPids, (pids) => pids.length === 1, 60_000)
      await works()
      const seen = new Set(await oneHost())
      const rounds = times(3, 1000)
      for (let round = 0; round < rounds; round += 1) {
        await scene.stage.driver.stopBackground()
        await works()
        for (const pid of await oneHost()) seen.add(pid)
      }
      // Each background had a host of its own, which went with it.
      expect(seen.size).toBe(rounds + 1)
      done(`restarts of the background, no host left of them, ${scene.browserName}`, seen.size - 1)
      await page.close()
    },
  )

  test('while the vault is locked a call waits, nothing is sent, and after an unlock it goes on', async () => {
    const page = await scene.open(`${site.origin}/`)
    expect(await call(page, small())).toMatchObject({ status: 200 })
    upstream.journal.clear()
    const held = await whileLocked(async () => {
      // The browser may need a moment to see that the host ended; until then there is no host.
      const answer = callWhenHeard(page, small())
      await badgeAsks(scene)
      expect(upstream.journal.arrivals).toEqual([])
      return { answer }
    })
    expect(await held.answer).toMatchObject({ status: 200 })
    expect(upstream.journal.arrivals).toHaveLength(1)
  })

  test('locking the vault cuts a stream that runs', async () => {
    const page = await openStream()
    await whileLocked(async () => {
      const cut = await eventually(
        'it is cut',
        () => progressOf(page, 'ticks'),
        ({ error }) => error !== '',
      )
      expect(cut.error).toBe('TypeError')
      await eventually(
        'the API saw it',
        () => upstream.journal.last.outcome,
        (outcome) => outcome === 'cut',
      )
    })
  })

  test('a wrong passphrase unlocks nothing and says so', () =>
    whileLocked(async () => {
      const run = await scene.stage.valetkey.run(['unlock', '--passphrase-stdin', '--json'], 'not it\n')
      expect(run.code).not.toBe(0)
      expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'wrong-passphrase' } })
      expect(await scene.stage.valetkey.ask(['status'])).toMatchObject({ vault: 'locked' })
    }))

  test('a host that is not registered answers 503, and the call is not leaked to the network', async () => {
    const page = await scene.open(`${site.origin}/`)
    expect(await call(page, small())).toMatchObject({ status: 200 })
    const manifest = hostManifest(scene.stage)
    renameSync(manifest, `${manifest}.away`)
    try {
      endProcesses(await hostPids(), 'SIGKILL')
      await eventually('no host is left', hostPids, (pids) => pids.length === 0)
      upstream.journal.clear()
      const end = await call(page, small())
      expect(end).toMatchObject({ status: 503, problem: 'host-unavailable' })
      expect(upstream.journal.arrivals).toEqual([])
    } finally {
      renameSync(`${manifest}.away`, manifest)
    }
    await eventually(
      'it works again',
      () => call(page, small()),
      ({ status }) => status === 200,
      30_000,
    )
  })

  test('a connection the API drops ends the body with an error, never as if it were whole', async () => {
    const page = await scene.open(`${site.origin}/`)
    const end = await call(page, `${upstream.url}/v1/drop?after=1000`)
    expect(end).toMatchObject({ status: 200, error: 'TypeError', text: '' })
  })

  test('an API that is down answers 502, and one that speaks no HTTP too', async () => {
    const gone = await startLoopbackServer(() => {})
    await addService('gone', `${gone.url}/v1`)
    await scene.grant(site.origin, 'gone')
    await gone.close()
    const page = await scene.open(`${site.origin}/`)
    const end = await call(page, `${gone.url}/v1/small`)
    expect(end).toMatchObject({ status: 502, problem: 'upstream-unreachable' })
  })

  test('one failing call does not disturb another of the same page', async () => {
    const page = await openStream()
    expect(await call(page, `${upstream.url}/v1/drop?after=10`)).toMatchObject({ error: 'TypeError' })
    expect(await call(page, `${upstream.url}/v2/small`)).not.toMatchObject({ status: 200 })
    const before = await progressOf(page, 'ticks')
    await eventually(
      'it goes on',
      () => progressOf(page, 'ticks'),
      (now) => now.chunks > before.chunks + 3,
    )
  })
})
