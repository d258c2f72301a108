import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asks, type GeneratedAsk } from '../property/policy-asks.ts'
import { worlds } from '../property/policy-world.ts'
import { exampleService } from '../support/examples.ts'
import { done, times } from '../support/hard.ts'
import { CLI } from './cli-fixture.ts'
import { startWireScene, type WireScene } from './policy-wire-fixture.ts'

/** `valetkey explain` as it is built, and the broker, about the same generated asks. */
const WORLDS = times(5, 50)
const EACH = 60

let scene: WireScene
beforeAll(async () => {
  scene = await startWireScene()
})
afterAll(() => scene.close())

interface Answer {
  decision: 'allow' | 'ask' | 'deny'
  reason: string
}

/** Run the command on the scene's vault. */
async function run(args: readonly string[], stdin = ''): Promise<string> {
  const env = { ...process.env, VALETKEY_HOME: scene.vault.home }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], { env })
  const out: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.resume()
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  await new Promise((resolve) => child.on('close', resolve))
  return Buffer.concat(out).toString()
}

function line({ body, ...claimed }: GeneratedAsk): string {
  return JSON.stringify(
    body === null ? claimed : { ...claimed, bodyBase64: Buffer.from(body).toString('base64') },
  )
}

async function one(capability: string, { method, url, headers, body }: GeneratedAsk): Promise<Answer> {
  const file = join(scene.vault.home, '..', 'body')
  if (body !== null) await writeFile(file, body)
  const named = headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const args = ['explain', '--json', ...named, ...(body === null ? [] : ['--body-file', file])]
  return JSON.parse(await run([...args, '--', capability, method, url])) as Answer
}

/** What an argument of a command can carry: no NUL, no text that is no Unicode. */
const fitsArgument = ({ url, headers, method }: GeneratedAsk) =>
  method !== '' &&
  [url, ...headers.flat()].every((text) => text.isWellFormed() && !text.includes('\0')) &&
  headers.every(([name, value]) => /^[\w-]+$/.test(name) && value.trim() === value && value !== '')

test('`explain`, one request or many, says of generated requests what the broker then does, and with the same reason', async () => {
  const local = { address: null }
  const many = fc.array(asks(scene.url), { minLength: EACH, maxLength: EACH })
  let compared = 0
  const seed = Date.now()
  for (const [world, sample] of fc.sample(fc.tuple(worlds(scene.url, local), many), {
    numRuns: WORLDS,
    seed,
  })) {
    scene.enter(world, 'sk-canary-policy-explain-0000')
    const id = world.capability.id
    const lines = (await run(['explain', id, '--stdin'], sample.map(line).join('\n'))).trimEnd().split('\n')
    expect(lines).toHaveLength(sample.length)
    const answers = lines.map((text) => JSON.parse(text) as Answer)
    for (const [at, ask] of sample.entries()) {
      const { decision, reason } = answers[at] as Answer
      const done = await scene.send(ask, decision === 'ask')
      expect([seed, ask, done === null]).toEqual([seed, ask, decision === 'allow'])
      if (decision === 'deny' && done !== 'no-session') expect(done).toBe(reason)
      expect([ask, scene.arrived() !== null]).toEqual([ask, decision === 'allow'])
      compared++
    }
    const single = sample.findIndex(fitsArgument)
    const ask = sample[single]
    if (ask !== undefined) expect(await one(id, ask)).toEqual(answers[single])
  }
  done('generated requests explained by the command and then sent through the broker', compared)
})

test('conditions on forms, parts and GraphQL are written, saved and explained in the owner’s words', async () => {
  const [world] = fc.sample(worlds(scene.url, { address: null }), 1)
  if (world === undefined) throw new Error('no world')
  const service = exampleService({ baseUrls: [scene.url], local: { address: null } })
  scene.enter({ ...world, service }, 'sk-canary-policy-explain-0000')
  const conditions = [
    'fields only query,variables',
    'graphql query viewer,node named A',
    'graphql mutation *',
  ]
  const written = conditions.flatMap((each) => ['--body', each])
  await run(['capability', 'add', 'graph', '--service', 'example', '--allow', 'POST /graphql', ...written])
  await run([
    'capability',
    'add',
    'form',
    '--service',
    'example',
    '--allow',
    'POST /x',
    '--body',
    '/model in a,b',
  ])
  const post = (path: string, type: string, body: string): GeneratedAsk => {
    return {
      method: 'POST',
      url: scene.url + path,
      headers: [['content-type', type]],
      body: Buffer.from(body),
    }
  }
  const graph = async (query: string) =>
    one('graph', post('/graphql', 'application/json', JSON.stringify({ query })))
  expect(await graph('query A{viewer{login}}')).toMatchObject({ decision: 'allow' })
  expect(await graph('mutation{anything}')).toMatchObject({ decision: 'allow' })
  expect(await graph('query B{viewer{login}}')).toMatchObject({
    reason: 'body-rule',
    rule: 'graphql query viewer,node named A or graphql mutation *',
  })
  const form = (body: string) => one('form', post('/x', 'application/x-www-form-urlencoded', body))
  expect(await form('model=a&x=1')).toMatchObject({ decision: 'allow' })
  expect(await form('model=c')).toMatchObject({ reason: 'body-rule', rule: '/model in a,b' })
  expect(await form('model=a&model=c')).toMatchObject({ reason: 'body-malformed', rule: null })
})
