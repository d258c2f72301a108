import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { BudgetSummary } from '../../shared/protocol/budget-commands.ts'
import { type ModelUpstream, startModelUpstream } from '../support/upstreams/model-upstream.ts'
import { type CommandHome, unlockedHome } from './cli-fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const KEY = 'sk-budget-0123456789abcdef'

let home: CommandHome
let model: ModelUpstream

beforeAll(async () => {
  model = await startModelUpstream(KEY)
  home = await unlockedHome()
  const service = ['service', 'add', 'm', '--base-url', `${model.url}/v1`, '--local', '--auth', 'bearer']
  await done([...service, '--secret-stdin'], KEY)
})
afterAll(async () => {
  await home.remove()
  await model.close()
})

async function done(args: string[], stdin = ''): Promise<unknown> {
  const ran = await home.run([...args, '--json'], stdin)
  expect(ran.stderr).toBe('')
  expect(ran.code).toBe(0)
  return ran.json()
}

async function call(capability: string, ask: object): Promise<number | null> {
  const file = join(home.home, 'ask.json')
  await writeFile(file, JSON.stringify(ask))
  const url = `${model.url}/v1/chat/completions`
  const type = ['-H', 'Content-Type: application/json']
  return (await home.run(['call', capability, 'POST', url, ...type, '--body-file', file])).code
}

async function budget(capability: string): Promise<BudgetSummary | undefined> {
  const all = (await done(['budget', 'list'])) as BudgetSummary[]
  return all.find((each) => each.capability === capability)
}

const rule = ['--service', 'm', '--allow', 'POST /v1/**']

test('every limit that is given is kept', async () => {
  const calls = ['--max-requests', '5', '--concurrent', '2', '--concurrent-in-all', '4']
  const bytes = ['--max-bytes', '1MB', '--max-bytes-up', '2kB']
  const tokens = ['--max-tokens', '1000', '--max-tokens-per-call', '300', '--budget-period', 'week']
  const money = ['--max-cost', '2.50', '--price', 'input=0.15,output=0.6,request=0.000001,currency=EUR']
  const made = await done([
    'capability',
    'add',
    'all',
    ...rule,
    '--rate',
    '60/min',
    ...calls,
    ...bytes,
    ...tokens,
    ...money,
  ])
  expect(made).toMatchObject({
    limits: {
      ratePerMinute: 60,
      maxRequests: 5,
      concurrent: 2,
      concurrentInAll: 4,
      maxBytes: 1_000_000,
      maxBytesUp: 2000,
      maxTokens: 1000,
      maxTokensPerCall: 300,
      maxCost: 2_500_000,
      prices: { currency: 'EUR', input: 150_000, output: 600_000, request: 1 },
      period: 'week',
    },
  })
})

test.each([
  [['--max-cost', '5'], 1],
  [['--max-cost', '0', '--price', 'input=1'], 2],
  [['--max-cost', '1.0000001', '--price', 'input=1'], 2],
  [['--max-cost', '-1', '--price', 'input=1'], 2],
  [['--price', 'input=1,input=2'], 2],
  [['--price', 'cached=1'], 2],
  [['--price', 'input'], 2],
  [['--price', 'currency=U$'], 2],
  [['--max-tokens', '1.5'], 2],
  [['--budget-period', 'year'], 2],
])('%j ends with %d, and nothing is added', async (options, code) => {
  expect((await home.run(['capability', 'add', 'bad', ...rule, ...options])).code).toBe(code)
  expect((await home.run(['capability', 'show', 'bad'])).code).toBe(1)
})

test('the own calls of the owner count, are refused when it is spent, and a reset begins anew', async () => {
  await done([
    'capability',
    'add',
    'own',
    ...rule,
    '--max-tokens',
    '600',
    '--max-cost',
    '1',
    '--price',
    'output=2',
  ])
  expect(await call('own', { max_tokens: 400, uses: 40 })).toBe(0)
  expect(await budget('own')).toMatchObject({
    period: 'day',
    calls: 1,
    unknown: 0,
    tokens: { limit: 600, spent: 41, reserved: 0, left: 559 },
    cost: { limit: 1_000_000, spent: 80, reserved: 0, left: 999_920, currency: 'USD' },
  })
  expect(await call('own', { max_tokens: 500, how: 'silent' })).toBe(0)
  expect(await budget('own')).toMatchObject({ unknown: 1, tokens: { spent: 41 + 500 + 33 } })
  expect(await call('own', { max_tokens: 30 })).toBe(4)
  const refused = (await done(['audit', 'list', '--decision', 'deny', '--limit', '1'])) as object[]
  expect(refused).toMatchObject([{ kind: 'refusal', reason: 'tokens-spent', origin: 'owner:local' }])
  const text = (await home.run(['budget', 'list'])).stdout
  expect(text).toContain('574 tokens of 600 tokens, 26 tokens left')
  expect(text).toContain('1 that did not say what they used')
  expect(await done(['budget', 'reset', 'own'])).toMatchObject({ tokens: { spent: 0 }, cost: { spent: 0 } })
  expect(await call('own', { max_tokens: 30, uses: 30 })).toBe(0)
  const acts = (await done(['audit', 'list', '--limit', '20'])) as { act?: string; subject?: string }[]
  expect(acts.filter(({ act }) => act === 'budget.reset')).toMatchObject([{ subject: 'own' }])
})

test('there is nothing to reset for a capability that is not there', async () => {
  const ran = await home.run(['budget', 'reset', 'nothing', '--json'])
  expect(ran.code).toBe(1)
  expect(ran.json()).toMatchObject({ error: { code: 'unknown' } })
})
