import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApprovalStage, PLACEHOLDER } from './approvals-fixture.ts'
import { commandOn } from './command-on.ts'

/** `valetkey approval`, as it is built, on a vault whose host is another process. */
let stage: ApprovalStage
beforeEach(async () => {
  stage = await ApprovalStage.create()
})
afterEach(() => stage.remove())

const valetkey = (...args: string[]) => commandOn(stage.vault.home, ...args)

async function parked() {
  const host = await stage.host()
  const page = await stage.page(host)
  const headers: [string, string][] = [PLACEHOLDER, ['Content-Type', 'application/json']]
  const call = page.ask('POST', '/v1/pay?n=1', { headers, body: '{"to":"\\u001b[2Jme","sum":12}' })
  const [asked] = await stage.waiting(host)
  if (asked === undefined) throw new Error('nothing waits')
  return { call, asked }
}

test('lists what waits and answers it, bound to its digest', async () => {
  const { call, asked } = await parked()
  const listed = await valetkey('approval', 'list', '--json')
  expect(JSON.parse(listed.stdout)).toEqual([{ ...asked, here: false }])
  const words = await valetkey('approval', 'list')
  expect(words.stdout).toContain(`POST ${asked.url} from https://agent.example`)
  expect(words.stdout).toContain(asked.digest.slice(0, 16))
  // What a page wrote does not steer the terminal.
  expect(words.stdout).toContain('/to: \\u001b[2Jme')
  expect(words.stdout).not.toContain('\u001b')

  const wrong = await valetkey('approval', 'answer', asked.id, 'once', '--digest', '00000000', '--json')
  expect(wrong.code).toBe(1)
  expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'unknown' } })
  const right = await valetkey(
    'approval',
    'answer',
    asked.id,
    'once',
    '--digest',
    asked.digest.slice(0, 8),
    '--json',
  )
  expect(JSON.parse(right.stdout)).toEqual({ id: asked.id, digest: asked.digest, answer: 'once' })
  expect(right.code).toBe(0)
  expect(await call.text()).toContain('got')
  expect(stage.decided()[0]).toMatchObject({ approvedBy: { by: 'cli', answer: 'once' } })
})

test('says no; what it does not know is refused, and wrong words are wrong usage', async () => {
  const { call, asked } = await parked()
  for (const args of [['maybe'], ['once', '--digest', 'xyz'], ['once', '--digest', '12']]) {
    expect((await valetkey('approval', 'answer', asked.id, ...args)).code).toBe(2)
  }
  const denied = await valetkey('approval', 'answer', asked.id, 'deny')
  expect(denied).toMatchObject({ code: 0, stderr: '' })
  expect(denied.stdout).toContain('Answered deny to POST')
  expect(await call.ended()).toMatchObject({ type: 'problem', code: 'approval-denied' })
  const again = await valetkey('approval', 'answer', asked.id, 'once', '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'unknown' } })
  expect(stage.upstream.journal.calls).toHaveLength(0)
})

test('the owner’s own call is not asked about', async () => {
  const url = `${stage.upstream.url}/v1/asked`
  const ran = await valetkey('call', 'careful', 'GET', url)
  expect(ran).toMatchObject({ code: 0 })
  expect(stage.decided()[0]).toMatchObject({ kind: 'intent', decision: 'ask', approvedBy: null })
})
