import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../eventually.ts'

/** OpenStack Swift with its S3 face: a server of others that checks every signature. */
export interface SwiftUpstream {
  readonly url: string
  readonly accessKeyId: string
  readonly secret: string
  close(): Promise<void>
}

const PROGRAMS = ['proxy', 'account', 'container', 'object'].map((name) => `/usr/bin/swift-${name}-server`)

/** True where Debian's `swift-proxy swift-account swift-container swift-object memcached` are installed. */
export function hasSwift(): boolean {
  return [...PROGRAMS, '/usr/bin/memcached'].every((path) => existsSync(path))
}

/** Start all of it on free loopback ports, with its files in a folder of its own. Takes about ten seconds. */
export async function startSwiftUpstream(): Promise<SwiftUpstream> {
  const root = await mkdtemp(join(tmpdir(), 'vk-swift-'))
  const ports = await freePorts(5)
  const [proxy = 0, account = 0, container = 0, object = 0, cache = 0] = ports
  await mkdir(join(root, 'etc'))
  await mkdir(join(root, 'dev', 'd1'), { recursive: true })
  await writeConfiguration(root, { proxy, account, container, object, cache })
  makeRings(root, { account, container, object })
  const running = [
    start(root, '/usr/bin/memcached', ['-l', '127.0.0.1', '-p', String(cache), '-u', userInfo().username]),
    ...PROGRAMS.map((path) => start(root, path, [join(root, 'etc', `${path.slice(15)}.conf`), '-v'])),
  ]
  const close = async () => {
    await Promise.all(running.map(ended))
    await rm(root, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${proxy}`
  try {
    for (const port of [account, container, object, proxy])
      await eventually(
        `port ${port} answers`,
        () => statusOf(`http://127.0.0.1:${port}/`),
        Number.isInteger,
        90_000,
      )
  } catch (error) {
    await close()
    throw error
  }
  return { url, accessKeyId: 'test:tester', secret: 'testingsecret', close }
}

interface Ports {
  account: number
  container: number
  object: number
}

async function writeConfiguration(
  root: string,
  ports: Ports & { proxy: number; cache: number },
): Promise<void> {
  const etc = join(root, 'etc')
  const common = (port: number) =>
    `[DEFAULT]\nbind_ip=127.0.0.1\nbind_port=${port}\nworkers=0\nuser=${userInfo().username}\nswift_dir=${etc}\n`
  const hash = '[swift-hash]\nswift_hash_path_prefix=a\nswift_hash_path_suffix=b\n'
  await writeFile(join(etc, 'swift.conf'), `${hash}[storage-policy:0]\nname=gold\ndefault=yes\n`)
  for (const name of ['account', 'container', 'object'] as const) {
    const disks = `devices=${join(root, 'dev')}\nmount_check=false\ndisable_fallocate=true\n`
    const app = `[pipeline:main]\npipeline=${name}-server\n[app:${name}-server]\nuse=egg:swift#${name}\n`
    await writeFile(join(etc, `${name}-server.conf`), common(ports[name]) + disks + app)
  }
  await writeFile(join(etc, 'proxy-server.conf'), common(ports.proxy) + proxyPart(ports.cache))
}

function proxyPart(cache: number): string {
  const filters = {
    cache: `memcache\nmemcache_servers=127.0.0.1:${cache}`,
    s3api: 's3api\ns3_acl=false\nlocation=us-east-1',
    tempauth: 'tempauth\nuser_test_tester=testingsecret .admin',
  }
  const app = 'use=egg:swift#proxy\naccount_autocreate=true\nallow_account_management=true\n'
  const each = Object.entries(filters).map(([name, use]) => `[filter:${name}]\nuse=egg:swift#${use}\n`)
  return `[pipeline:main]\npipeline=cache s3api tempauth proxy-server\n[app:proxy-server]\n${app}${each.join('')}`
}

/** One copy of everything, on one device. @throws Error with what the builder said. */
function makeRings(root: string, ports: Ports): void {
  for (const name of ['account', 'container', 'object'] as const) {
    const builder = join(root, 'etc', `${name}.builder`)
    const device = `r1z1-127.0.0.1:${ports[name]}/d1`
    for (const step of [['create', '4', '1', '1'], ['add', device, '1'], ['rebalance']]) {
      const ran = spawnSync('/usr/bin/swift-ring-builder', [builder, ...step], { encoding: 'utf8' })
      // 1: done, with a warning.
      if (ran.status !== 0 && ran.status !== 1)
        throw new Error(`swift-ring-builder: ${ran.stdout}${ran.stderr}`)
    }
  }
}

function start(root: string, program: string, args: string[]): ChildProcess {
  return spawn(program, args, { cwd: root, env: { PATH: '/usr/bin:/bin', HOME: root }, stdio: 'ignore' })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url)
  await response.arrayBuffer()
  return response.status
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
