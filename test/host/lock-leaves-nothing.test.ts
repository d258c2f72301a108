import { afterEach, expect, test } from 'vitest'
import { makeCanary } from '../support/canary.ts'
import { searchFiles } from '../support/canary-files.ts'
import { familyOf, searchMemory, searchProcessArguments } from '../support/canary-processes.ts'
import { eventually } from '../support/eventually.ts'
import { done } from '../support/hard.ts'
import { processesNaming, writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import { CLI, type CommandHome, unlockedHome } from './cli-fixture.ts'

/** Locked is gone: the processes that saw a key have ended, and nothing that is left holds it. Linux, as root or its owner. */
const CANARY = makeCanary('bearer', 'sk-canary-')
const SITE = 'https://agent.example'

let home: CommandHome
afterEach(() => home.remove())

/** Processes of this vault: hosts, the holder, and whatever they started. */
async function processesOf(vault: string): Promise<number[]> {
  const roots = await processesNaming(vault)
  const families = await Promise.all(roots.map(familyOf))
  return [...new Set(families.flat())]
}

async function found(pids: readonly number[]): Promise<number> {
  const memory = await searchMemory(pids, [CANARY])
  const said = await searchProcessArguments(pids, [CANARY])
  return memory.findings.length + said.findings.length
}

test.runIf(process.platform === 'linux')(
  'after `lock` no process, file, argument, environment or core of the product holds a key it used',
  async () => {
    home = await unlockedHome()
    const upstream = await startFlowUpstream(CANARY.key)
    const base = `${upstream.url}/v1`
    const order = async (args: string[], stdin = '') => {
      const ran = await home.run(args, stdin)
      expect(ran.code, ran.stderr).toBe(0)
    }
    await order(
      ['service', 'add', 'flow', '--base-url', base, '--auth', 'bearer', '--local', '--secret-stdin'],
      CANARY.key,
    )
    await order(['capability', 'add', 'all', '--service', 'flow', '--allow', 'GET /v1/**', '--ttl', '1h'])
    await order(['grant', 'add', SITE, 'all'])
    const launcher = writeLauncher(home.home, CLI, home.valetKeyHome, home.home)
    const hosts = [
      await NativeHost.start(home.valetKeyHome, launcher),
      await NativeHost.start(home.valetKeyHome, launcher),
    ]
    for (const host of hosts) {
      const { id } = await host.document({ origin: SITE })
      for (let call = 0; call < 20; call += 1)
        expect(await host.ask(id, 'GET', `${base}/small`).text()).toContain('here')
      host.ask(id, 'GET', `${base}/clock?every=20`)
    }
    const pids = await processesOf(home.valetKeyHome)
    expect(pids.length).toBeGreaterThanOrEqual(3)
    // The search sees what there is: a host that used the key has it in its memory.
    expect(await found(pids)).toBeGreaterThan(0)

    await order(['lock'])
    await Promise.all(hosts.map(({ exited }) => exited))
    await eventually(
      'nobody is left',
      () => processesOf(home.valetKeyHome),
      (left) => left.length === 0,
    )
    // One that nobody has collected yet (a zombie) has neither memory nor arguments any more.
    expect((await searchMemory(pids, [CANARY])).bytes).toBe(0)

    // A browser starts the next host at once: it is locked, and knows nothing.
    const next = await NativeHost.start(home.valetKeyHome, launcher)
    expect(next.frames).toMatchObject([{ type: 'hello', vault: 'locked' }])
    const left = await processesOf(home.valetKeyHome)
    const memory = await searchMemory(left, [CANARY])
    expect(memory.findings).toEqual([])
    expect(memory.bytes).toBeGreaterThan(1024 * 1024)
    expect((await searchProcessArguments(left, [CANARY])).findings).toEqual([])
    const files = await searchFiles(home.home, [CANARY])
    const vault = await searchFiles(home.valetKeyHome, [CANARY])
    expect([...files.findings, ...vault.findings]).toEqual([])
    expect(vault.files).toBeGreaterThan(0)
    await next.close()
    await upstream.close()
    done('processes ended by a lock, searched', pids.length)
  },
)
