import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { AXIOS, BLANK } from '../support/pages/test-pages.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { startModelsLabUpstream } from '../support/upstreams/modelslab-upstream.ts'
import { type OpenAiUpstream, startOpenAiUpstream } from '../support/upstreams/openai-upstream.ts'
import { bundleClient } from './bundle-client.ts'
import { loadOpenAi } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

const PLACEHOLDER = 'placeholder-of-a-page'
const ANSWER = 'Said to every client alike, a few letters at a time.'

onEachBrowser('clients as their packages ship them', (scene) => {
  let upstream: OpenAiUpstream
  let site: PageServer
  let key: string
  beforeAll(async () => {
    key = scene.canary('api', 'sk-')
    upstream = await startOpenAiUpstream([key], [{ prompt: 'hello', answer: ANSWER }])
    site = await startPageServer({ pages: { '/': BLANK, '/axios': AXIOS } })
    const chat = { id: 'chat', preset: 'openai-compatible', capability: 'oai-chat' }
    await scene.addService({ ...chat, baseUrl: upstream.baseUrl }, key)
    await scene.grant(site.origin, 'chat')
  })
  afterAll(async () => {
    await Promise.all([site.close(), upstream.close()])
  })

  test('openai: the responses interface streams its events in order', async () => {
    const page = await scene.open(`${site.origin}/`)
    await loadOpenAi(page)
    const { types, text } = await page.evaluate(
      async (baseURL, apiKey) => {
        const { OpenAI } = globalThis as unknown as typeof import('openai')
        const client = new OpenAI({ apiKey, baseURL, dangerouslyAllowBrowser: true, maxRetries: 0 })
        const stream = await client.responses.create({ model: 'gpt-5', input: 'hello', stream: true })
        const types: string[] = []
        let text = ''
        for await (const event of stream) {
          types.push(event.type)
          if (event.type === 'response.output_text.delta') text += event.delta
        }
        return { types, text }
      },
      upstream.baseUrl,
      PLACEHOLDER,
    )
    expect(text).toBe(ANSWER)
    expect(types[0]).toBe('response.created')
    expect(types.at(-1)).toBe('response.completed')
  })

  test('openai: its own abort stops the answer and the API', async () => {
    const page = await scene.open(`${site.origin}/`)
    await loadOpenAi(page)
    const pieces = await page.evaluate(
      async (baseURL, apiKey) => {
        const { OpenAI } = globalThis as unknown as typeof import('openai')
        const client = new OpenAI({ apiKey, baseURL, dangerouslyAllowBrowser: true, maxRetries: 0 })
        const messages = [{ role: 'user' as const, content: 'hello' }]
        const stream = await client.chat.completions.create({ model: 'gpt-5', messages, stream: true })
        let pieces = 0
        for await (const _chunk of stream) {
          pieces++
          if (pieces === 2) stream.controller.abort()
        }
        return pieces
      },
      upstream.baseUrl,
      PLACEHOLDER,
    )
    expect(pieces).toBe(2)
  })

  test('openai: a refusal of ours is the error its users know', async () => {
    const page = await scene.open(`${site.origin}/`)
    await loadOpenAi(page)
    const error = await page.evaluate(
      async (baseURL, apiKey) => {
        const { OpenAI } = globalThis as unknown as typeof import('openai')
        const client = new OpenAI({ apiKey, baseURL, dangerouslyAllowBrowser: true, maxRetries: 0 })
        const failed = await client.images
          .generate({ model: 'gpt-image-1', prompt: 'a car' })
          .catch((caught) => caught)
        return {
          name: failed.constructor.name,
          status: failed.status,
          code: failed.headers.get('valet-key-problem'),
        }
      },
      upstream.baseUrl,
      PLACEHOLDER,
    )
    expect(error).toEqual({ name: 'PermissionDeniedError', status: 403, code: 'denied' })
  })

  test('axios: the fetch adapter, which passes a Request, and the timeout of the other one', async () => {
    const page = await scene.open(`${site.origin}/axios`)
    const said = await page.evaluate(
      async (baseURL, placeholder) => {
        const { axios } = globalThis as unknown as { axios: import('axios').AxiosStatic }
        const headers = { Authorization: `Bearer ${placeholder}` }
        const body = { model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] }
        const byFetch = axios.create({ baseURL, headers, adapter: 'fetch' })
        const { data, status } = await byFetch.post('/chat/completions', body)
        const byXhr = axios.create({ baseURL, headers, adapter: 'xhr', timeout: 1 })
        const late = await byXhr.post('/chat/completions', body).catch((caught) => caught.code)
        return { status, text: data.choices[0].message.content as string, late }
      },
      upstream.baseUrl,
      PLACEHOLDER,
    )
    expect(said).toEqual({ status: 200, text: ANSWER, late: 'ECONNABORTED' })
  })

  // The package is in no registry. These are its calls as its source makes them (repository ModelsLab/modelslab-js,
  // `src/apis/base.ts`, `src/schemas/base.ts`), with the very client it makes them with; its address is fixed, so a test
  // cannot run it as it is. What makes a picture names the key `api_key`, what fetches it `key`.
  test('modelslab: the calls of its own package, key in header and body, and its polling for what takes time', async () => {
    const secret = scene.canary('lab')
    const api = await startModelsLabUpstream(secret)
    try {
      const lab = { id: 'lab', preset: 'modelslab', capability: 'modelslab-image', models: ['flux'] }
      await scene.addService({ ...lab, baseUrl: api.url }, secret)
      await scene.grant(site.origin, 'lab')
      const poll = ['--service', 'lab', '--from-preset', 'modelslab-poll']
      await scene.stage.valetkey.ask(['capability', 'add', 'poll', ...poll])
      await scene.grant(site.origin, 'poll')
      const page = await scene.open(`${site.origin}/axios`)
      const got = await page.evaluate(
        async (base, key) => {
          const { axios } = globalThis as unknown as { axios: import('axios').AxiosStatic }
          const headers = {
            Authorization: `Bearer ${key}`,
            'Content-Type': 'application/json',
            'X-Requested-With': 'modelslab-js',
          }
          const post = async (url: string, body: object) => (await axios.post(url, body, { headers })).data
          const asked = { api_key: key, model_id: 'flux', prompt: 'a slow car', width: 512, height: 512 }
          const first = await post(`${base}/api/v6/images/text2img`, asked)
          const seen: string[] = [first.status]
          let last = first
          for (let look = 0; look < 5 && last.status !== 'success'; look++) {
            last = await post(first.fetch_result, { key })
            seen.push(last.status)
          }
          return { seen, output: last.output as string[], whole: JSON.stringify(last) }
        },
        api.url,
        PLACEHOLDER,
      )
      expect(got.seen).toEqual(['processing', 'processing', 'success'])
      expect(got.output).toEqual(['https://images.modelslab.test/4711.png'])
      expect(api.journal.calls.map(({ target }) => target)).toEqual([
        '/api/v6/images/text2img',
        '/api/v6/images/fetch/4711',
        '/api/v6/images/fetch/4711',
      ])
      for (const arrival of api.journal.calls) {
        expect(JSON.parse(arrival.body.toString())).toMatchObject({ key: secret })
        expect(headerOf(arrival, 'authorization')).toBeNull()
        expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
      }
    } finally {
      await api.close()
    }
  })

  test('anthropic: the package, bundled, streams; both its placeholders are taken off and one key is put on', async () => {
    const anthropic = scene.canary('anthropic', 'sk-ant-api03-')
    const api = await startOpenAiUpstream([anthropic], [{ prompt: 'hello', answer: ANSWER }])
    try {
      const claude = {
        id: 'claude',
        preset: 'anthropic',
        capability: 'anthropic-messages',
        models: ['claude-sonnet-5'],
      }
      await scene.addService({ ...claude, baseUrl: api.url }, anthropic)
      await scene.grant(site.origin, 'claude')
      const page = await scene.open(`${site.origin}/`)
      await page.addScriptTag({
        content: await bundleClient(
          'AnthropicSdk',
          "export { default as Anthropic } from '@anthropic-ai/sdk'",
        ),
      })
      const text = await page.evaluate(
        async (baseURL, apiKey) => {
          const { Anthropic } = (
            globalThis as unknown as { AnthropicSdk: typeof import('@anthropic-ai/sdk') }
          ).AnthropicSdk
          const client = new Anthropic({ apiKey, baseURL, dangerouslyAllowBrowser: true, maxRetries: 0 })
          const stream = client.messages.stream({
            model: 'claude-sonnet-5',
            max_tokens: 100,
            messages: [{ role: 'user', content: 'hello' }],
          })
          return await stream.finalText()
        },
        api.url,
        PLACEHOLDER,
      )
      expect(text).toBe(ANSWER)
      const arrival = api.journal.last
      expect(headerOf(arrival, 'x-api-key')).toBe(anthropic)
      expect(headerOf(arrival, 'authorization')).toBeNull()
      expect(headerOf(arrival, 'anthropic-version')).toMatch(/^\d{4}-\d\d-\d\d$/)
      expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    } finally {
      await api.close()
    }
  })
})
