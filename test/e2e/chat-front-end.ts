import type { Page } from 'puppeteer-core'
import { loadOpenAi } from './in-page.ts'

/** One turn of a conversation, as far as it has come. */
export interface Turn {
  /** Null until there is a response. */
  status: number | null
  /** Why another service answered, as the response says it; null where none did. */
  failover: string | null
  /** What was said so far; of a turn that was cut, what came before. */
  text: string
  /** Name of the error it ended with, or null. */
  error: string | null
  over: boolean
}

interface FrontEnd {
  turns: Turn[]
  say(prompt: string): void
}

/**
 * A chat front end in the page, on the unmodified `openai` package: it sends the whole history with each turn, and keeps
 * what it had of an answer that was cut, as chat front ends do.
 */
export async function openChat(
  page: Page,
  options: { baseURL: string; apiKey: string; model: string },
): Promise<void> {
  await loadOpenAi(page)
  await page.evaluate(({ baseURL, apiKey, model }) => {
    const { OpenAI } = globalThis as unknown as typeof import('openai')
    const client = new OpenAI({ apiKey, baseURL, dangerouslyAllowBrowser: true, maxRetries: 0 })
    const history: { role: 'user' | 'assistant'; content: string }[] = []
    const turns: Turn[] = []
    const answer = async (turn: Turn) => {
      const { data, response } = await client.chat.completions
        .create({ model, messages: history, stream: true })
        .withResponse()
      turn.status = response.status
      turn.failover = response.headers.get('valet-key-failover')
      for await (const chunk of data) turn.text += chunk.choices[0]?.delta?.content ?? ''
    }
    const say = (prompt: string) => {
      history.push({ role: 'user', content: prompt })
      const turn: Turn = { status: null, failover: null, text: '', error: null, over: false }
      turns.push(turn)
      answer(turn)
        .catch((error: Error) => {
          turn.error = error.constructor.name
        })
        .finally(() => {
          history.push({ role: 'assistant', content: turn.text })
          turn.over = true
        })
    }
    Object.assign(globalThis, { chatFrontEnd: { turns, say } satisfies FrontEnd })
  }, options)
}

/** Say something. Returns at once. */
export async function say(page: Page, prompt: string): Promise<void> {
  await page.evaluate(
    (text) => (globalThis as unknown as { chatFrontEnd: FrontEnd }).chatFrontEnd.say(text),
    prompt,
  )
}

/** How far a turn is; the first is 0. @throws Error where there was none. */
export async function turnOf(page: Page, at: number): Promise<Turn> {
  const turn = await page.evaluate(
    (index) => (globalThis as unknown as { chatFrontEnd: FrontEnd }).chatFrontEnd.turns[index],
    at,
  )
  if (turn === undefined) throw new Error(`there is no turn ${at}`)
  return turn
}
