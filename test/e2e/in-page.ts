import type { Page } from 'puppeteer-core'

/** How a call ended, seen from the page. */
export interface CallEnd {
  /** Null where there was no response. */
  status: number | null
  /** The problem's code, or null. */
  problem: string | null
  /** The body, or as much as came. */
  text: string
  /** Name of the error the page got, or null. */
  error: string | null
}

/** Load the unmodified package into the page, from the page's own server; its class is then the global `OpenAI`. */
export async function loadOpenAi(page: Page): Promise<void> {
  // As text: the test runner rewrites imports in functions.
  await page.evaluate("import('/openai/index.mjs').then(({ OpenAI }) => { globalThis.OpenAI = OpenAI })")
}

/** Ask for a streamed chat answer with the unmodified `openai` package. */
export async function chat(
  page: Page,
  options: { baseURL: string; apiKey: string; prompt: string; model?: string; stream?: boolean },
): Promise<CallEnd & { pieces: number }> {
  await loadOpenAi(page)
  return await page.evaluate(async ({ baseURL, apiKey, prompt, model = 'gpt-5', stream = true }) => {
    const { OpenAI } = globalThis as unknown as typeof import('openai')
    const client = new OpenAI({ apiKey, baseURL, dangerouslyAllowBrowser: true, maxRetries: 0 })
    const messages = [{ role: 'user' as const, content: prompt }]
    const end = { status: null, problem: null, text: '', error: null, pieces: 0 } as CallEnd & {
      pieces: number
    }
    try {
      if (stream) {
        const { data, response } = await client.chat.completions
          .create({ model, messages, stream: true })
          .withResponse()
        end.status = response.status
        for await (const chunk of data) {
          end.pieces++
          end.text += chunk.choices[0]?.delta?.content ?? ''
        }
      } else {
        const { data, response } = await client.chat.completions.create({ model, messages }).withResponse()
        end.status = response.status
        end.text = data.choices[0]?.message.content ?? ''
      }
    } catch (error) {
      const failed = error as { name: string; status?: number; headers?: Headers; message: string }
      end.error = failed.constructor.name
      end.status = failed.status ?? end.status
      end.problem = failed.headers?.get('valet-key-problem') ?? null
      end.text ||= failed.message
    }
    return end
  }, options)
}

/** Plain `fetch`, read as text. `after` cuts the reading off after that many characters by `AbortController`. */
export function call(
  page: Page,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<CallEnd> {
  return page.evaluate(
    async (target, given) => {
      const end: CallEnd = { status: null, problem: null, text: '', error: null }
      try {
        const response = await fetch(target, given)
        end.status = response.status
        end.problem = response.headers.get('valet-key-problem')
        end.text = await response.text()
      } catch (error) {
        end.error = (error as Error).name
      }
      return end
    },
    url,
    init,
  )
}

/** A stream that runs on in the page. Its progress is kept in the page under `name`. */
export async function startStream(page: Page, name: string, url: string): Promise<void> {
  await page.evaluate(
    (key, target) => {
      const progress = { status: 0, text: '', chunks: 0, done: false, error: '', arrivals: [] as number[] }
      const abort = new AbortController()
      Object.assign(globalThis, { [key]: { progress, abort } })
      const read = async () => {
        const response = await fetch(target, { signal: abort.signal })
        progress.status = response.status
        const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
        for (;;) {
          const next = await reader?.read()
          if (next === undefined || next.done) break
          progress.text += next.value
          progress.chunks++
          progress.arrivals.push(Date.now())
        }
        progress.done = true
      }
      read().catch((error: Error) => {
        progress.error = error.name
      })
    },
    name,
    url,
  )
}

/** Progress of a stream started by {@link startStream}. */
export interface Progress {
  status: number
  text: string
  chunks: number
  done: boolean
  /** Name of the error it ended with, or empty. */
  error: string
  /** When each chunk arrived, milliseconds since the epoch. */
  arrivals: number[]
}

/** How far a stream is. @throws Error where none of that name was started. */
export async function progressOf(page: Page, name: string): Promise<Progress> {
  const progress = await page.evaluate(
    (key) => (globalThis as unknown as Record<string, { progress: Progress } | undefined>)[key]?.progress,
    name,
  )
  if (progress === undefined) throw new Error(`the page has no stream \`${name}\``)
  return progress
}

/** Abort it as a page does. */
export async function abortStream(page: Page, name: string): Promise<void> {
  await page.evaluate(
    (key) => (globalThis as unknown as Record<string, { abort: AbortController }>)[key]?.abort.abort(),
    name,
  )
}

/** As {@link call}, again for as long as there is no host: the browser may need a moment to see that one ended, or began. */
export async function callWhenHeard(page: Page, url: string, init: Parameters<typeof call>[2] = {}) {
  for (;;) {
    const end = await call(page, url, init)
    if (end.problem !== 'host-unavailable') return end
    await new Promise((done) => setTimeout(done, 50))
  }
}
