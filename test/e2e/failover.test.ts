import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { startJanUpstream } from '../support/upstreams/jan-upstream.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { type OpenAiProcess, startOpenAiProcess } from '../support/upstreams/openai-process.ts'
import { startOpenAiUpstream } from '../support/upstreams/openai-upstream.ts'
import { openChat, say, turnOf } from './chat-front-end.ts'
import { chat } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

const PLACEHOLDER = 'sk-valetkey-placeholder-for-tests'
const CLOUD = 'Said by the cloud, piece by piece.'
const LOCAL = 'local words only'
/** Takes more than a minute to say: nobody waits for its end. */
const STORY = 'Once upon a time there was a key that no page ever saw. '.repeat(500)

onEachBrowser('a chat goes on where the cloud ends', (scene) => {
  let cloud: OpenAiProcess
  let jan: LoopbackServer
  let site: PageServer
  let cloudKey: string
  let janKey: string

  beforeAll(async () => {
    cloudKey = scene.canary('cloud', 'sk-')
    janKey = scene.canary('jan')
    cloud = await startOpenAiProcess(cloudKey, [{ prompt: 'hello', answer: CLOUD }])
    jan = await startJanUpstream(janKey, 0)
    site = await startPageServer({ pages: { '/': BLANK } })
    const local = { id: 'jan', preset: 'jan', capability: 'jan-chat', models: ['qwen3-4b'] }
    await scene.addService({ ...local, baseUrl: jan.url }, janKey)
    const { valetkey } = scene.stage
    const added = ['--preset', 'openai-compatible', '--base-url', cloud.baseUrl, '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'cloud', ...added], cloudKey)
    const onward = ['--failover', 'jan', '--failover-model', 'gpt-5=qwen3-4b']
    await valetkey.ask([
      'capability',
      'add',
      'cloud',
      '--service',
      'cloud',
      '--from-preset',
      'oai-chat',
      ...onward,
    ])
    for (const id of ['jan', 'cloud']) await scene.grant(site.origin, id)
  })
  afterAll(async () => {
    await Promise.all([site.close(), jan.close(), cloud.kill()])
  })

  const asked = (prompt: string) => ({ baseURL: cloud.baseUrl, apiKey: PLACEHOLDER, prompt })

  test('the cloud’s process is killed in the middle of an answer: the page sees the cut, and its next turn is answered here', async () => {
    const talker = await startOpenAiProcess(cloudKey, [{ prompt: 'tell', answer: STORY, chunkSize: 8 }])
    try {
      const { valetkey } = scene.stage
      const added = [
        '--preset',
        'openai-compatible',
        '--base-url',
        talker.baseUrl,
        '--local',
        '--secret-stdin',
      ]
      await valetkey.ask(['service', 'add', 'talker', ...added], cloudKey)
      const from = ['--service', 'talker', '--from-preset', 'oai-chat']
      const onward = ['--failover', 'jan', '--failover-model', '*=qwen3-4b']
      await valetkey.ask(['capability', 'add', 'talker', ...from, ...onward])
      await scene.grant(site.origin, 'talker')
      const page = await scene.open(`${site.origin}/`)
      await openChat(page, { baseURL: talker.baseUrl, apiKey: PLACEHOLDER, model: 'gpt-5' })
      await say(page, 'tell me a story')
      await eventually(
        'it speaks',
        () => turnOf(page, 0),
        ({ text }) => text.length > 40,
      )
      await talker.kill()
      const cut = await eventually(
        'the page sees the cut',
        () => turnOf(page, 0),
        ({ over }) => over,
      )
      expect(cut).toMatchObject({ status: 200, failover: null, error: expect.stringMatching(/./) })
      expect(STORY.startsWith(cut.text), cut.text).toBe(true)
      expect(cut.text.length).toBeLessThan(STORY.length)
      expect(jan.journal.calls).toEqual([])
      await say(page, 'and then?')
      const next = await eventually(
        'it is answered',
        () => turnOf(page, 1),
        ({ over }) => over,
      )
      expect(next).toMatchObject({ status: 200, text: LOCAL, error: null, failover: 'unreachable' })
      expect(jan.journal.calls).toHaveLength(1)
      expect(JSON.parse(jan.journal.last.body.toString())).toMatchObject({
        model: 'qwen3-4b',
        messages: [
          { role: 'user', content: 'tell me a story' },
          { role: 'assistant', content: cut.text },
          { role: 'user', content: 'and then?' },
        ],
      })
      const records = (await valetkey.ask(['audit', 'list', '--limit', '20'])) as Record<string, unknown>[]
      const calls = records.filter(({ kind }) => kind === 'intent').toReversed()
      expect(calls.map(({ capability }) => capability)).toEqual(['talker', 'talker', 'jan'])
      const outcomes = calls.map((call) => records.find(({ intent }) => intent === call.id))
      expect(outcomes).toMatchObject([
        { result: 'cut', status: 200 },
        { result: 'failed' },
        { result: 'sent' },
      ])
      expect(calls[2]).toMatchObject({ insteadOf: { intent: calls[1]?.id, on: 'unreachable' } })
      const popup = await scene.stage.driver.extensionPage('extension/popup/index.html')
      const text = () => popup.evaluate(() => document.body.innerText)
      await eventually(
        'the popup says where it went, and why',
        text,
        (shown) => /Went on to Jan/.test(shown) && /In place of .*: it could not be reached/.test(shown),
      )
      await popup.close()
    } finally {
      await talker.kill()
    }
  })

  test('the cloud’s process is killed between two turns: the same page goes on with the local model, and is told so', async () => {
    const page = await scene.open(`${site.origin}/`)
    expect(await chat(page, asked('hello'))).toMatchObject({ status: 200, text: CLOUD })
    const before = jan.journal.calls.length
    await cloud.kill()
    expect(await chat(page, asked('and on?'))).toMatchObject({ status: 200, text: LOCAL, error: null })
    expect(await chat(page, { ...asked('and on?'), stream: false })).toMatchObject({
      status: 200,
      text: LOCAL,
    })
    expect(jan.journal.calls).toHaveLength(before + 2)
    expect(headerOf(jan.journal.last, 'authorization')).toBe(`Bearer ${janKey}`)
    expect(JSON.parse(jan.journal.last.body.toString())).toMatchObject({ model: 'qwen3-4b' })
    const told = await page.evaluate(
      async (base, key) => {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const body = JSON.stringify({ model: 'gpt-5', messages: [] })
        const answer = await fetch(`${base}/chat/completions`, { method: 'POST', headers, body })
        const { url, status, redirected } = answer
        return { url, status, redirected, why: answer.headers.get('valet-key-failover') }
      },
      cloud.baseUrl,
      PLACEHOLDER,
    )
    const url = `${cloud.baseUrl}/chat/completions`
    expect(told).toEqual({ url, status: 200, redirected: false, why: 'unreachable' })
  })

  test('the owner sees it in both sessions and in the audit, whose chain is whole', async () => {
    const { valetkey } = scene.stage
    const records = (await valetkey.ask(['audit', 'list', '--limit', '20'])) as Record<string, unknown>[]
    const links = records.flatMap(({ insteadOf }) => (insteadOf === undefined ? [] : [insteadOf]))
    const [link] = links as { intent: string; on: string }[]
    expect(link).toMatchObject({ on: 'unreachable' })
    const intent = link?.intent
    expect(records.find(({ id }) => id === intent)).toMatchObject({ capability: 'cloud', kind: 'intent' })
    expect((await valetkey.run(['audit', 'list'])).stdout).toContain(`instead of ${intent}`)
    expect((await valetkey.run(['audit', 'verify'])).code).toBe(0)
    const popup = await scene.stage.driver.extensionPage('extension/popup/index.html')
    const text = () => popup.evaluate(() => document.body.innerText)
    await eventually('the popup says where it went', text, (shown) => /Went on to Jan/.test(shown))
    expect(await text()).toMatch(/In place of .*: it could not be reached/)
    await popup.close()
  })

  test('the end of the local session ends the way on: the page hears that the cloud is not there', async () => {
    const page = await scene.open(`${site.origin}/`)
    const session = (await scene.sessions()).find(
      ({ capability, endReason }) => capability === 'jan' && endReason === null,
    )
    await scene.stage.valetkey.ask(['session', 'revoke', session?.id ?? ''])
    const before = jan.journal.calls.length
    expect(await chat(page, asked('and now?'))).toMatchObject({
      status: 502,
      problem: 'upstream-unreachable',
    })
    expect(jan.journal.calls).toHaveLength(before)
  })

  test('local first: the page asks the local server, and the cloud answers where that is down', async () => {
    const again = await startOpenAiUpstream([cloudKey], [{ prompt: 'hello', answer: CLOUD }])
    const near = await startJanUpstream(janKey, 0)
    try {
      const { valetkey } = scene.stage
      const far = ['--preset', 'openai-compatible', '--base-url', again.baseUrl, '--local', '--secret-stdin']
      await valetkey.ask(['service', 'add', 'far', ...far], cloudKey)
      await valetkey.ask(['capability', 'add', 'far', '--service', 'far', '--from-preset', 'oai-chat'])
      const here = ['--preset', 'jan', '--base-url', near.url, '--local', '--secret-stdin']
      await valetkey.ask(['service', 'add', 'near', ...here], janKey)
      const first = ['--model', 'qwen3-4b', '--failover', 'far', '--failover-model', '*=gpt-5']
      await valetkey.ask([
        'capability',
        'add',
        'near',
        '--service',
        'near',
        '--from-preset',
        'jan-chat',
        ...first,
      ])
      for (const id of ['far', 'near']) await scene.grant(site.origin, id)
      const page = await scene.open(`${site.origin}/`)
      const ask = { baseURL: `${near.url}/v1`, apiKey: PLACEHOLDER, prompt: 'hello', model: 'qwen3-4b' }
      expect(await chat(page, ask)).toMatchObject({ status: 200, text: LOCAL })
      expect(again.journal.calls).toEqual([])
      await near.close()
      expect(await chat(page, ask)).toMatchObject({ status: 200, text: CLOUD })
      expect(headerOf(again.journal.last, 'authorization')).toBe(`Bearer ${cloudKey}`)
    } finally {
      await Promise.all([near.close(), again.close()])
    }
  })
})
