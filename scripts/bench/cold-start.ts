import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { hostManifest, type Stage } from '../../test/support/stage.ts'

/** Start the registered launcher as the browser does, say hello, and time its first frame. Milliseconds, ten times. */
export async function measureColdStarts(stage: Stage): Promise<number[]> {
  const { path } = JSON.parse(await readFile(hostManifest(stage), 'utf8')) as { path: string }
  const samples: number[] = []
  for (let at = 0; at < 10; at++) samples.push(await startOnce(path, stage))
  return samples
}

async function startOnce(path: string, stage: Stage): Promise<number> {
  const started = performance.now()
  const child = spawn(path, [`${stage.driver.extensionOrigin}/`], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: stage.home.env,
  })
  const hello = Buffer.from(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, version: '0' }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(hello.length)
  child.stdin.write(Buffer.concat([length, hello]))
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}`)))
  })
  const took = performance.now() - started
  child.removeAllListeners('exit')
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.end()
  await ended
  return took
}
