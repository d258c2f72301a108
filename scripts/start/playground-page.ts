import type { Page } from 'puppeteer-core'

/** What the playground shows. */
export interface PageState {
  /** `idle asking streaming done stopped refused`. */
  kind: string
  text: string
  answer: string
  /** The problem document of the last refusal, or empty. */
  problem: string
}

/**
 * Type a prompt into the playground, send it, and wait until it is answered, refused or cut.
 *
 * @param onPiece told what has been added to the answer since the last time, about as it arrives.
 */
export async function ask(
  page: Page,
  prompt: string,
  onPiece: (piece: string) => void = () => {},
): Promise<PageState> {
  await page.$eval('#prompt', (field, text) => ((field as HTMLTextAreaElement).value = text), prompt)
  await page.click('#send')
  let shown = 0
  for (;;) {
    const state = await stateOf(page)
    if (state.answer.length > shown) onPiece(state.answer.slice(shown))
    shown = state.answer.length
    if (state.kind !== 'asking' && state.kind !== 'streaming') return state
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
}

/** What the playground shows now. */
export function stateOf(page: Page): Promise<PageState> {
  return page.evaluate(() => {
    const text = (id: string) => document.getElementById(id)?.textContent ?? ''
    const kind = document.getElementById('state')?.dataset.kind ?? ''
    const problem = document.getElementById('state')?.dataset.problem ?? ''
    return { kind, text: text('state'), answer: text('answer'), problem }
  })
}

/** Wait until an answer has begun to arrive. */
export async function waitForStreaming(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.getElementById('answer')?.textContent ?? '').length > 20, {
    timeout: 20_000,
  })
}
