import type { Page } from 'puppeteer-core'
import { type PageWatch, watchPage } from '../../test/support/canary-page.ts'
import { searchStage } from '../../test/support/canary-stage.ts'
import { connectInPopup, popupText, revokeInPopup } from '../../test/support/popup-actions.ts'
import { headerOf } from '../../test/support/upstreams/journal.ts'
import { CAPABILITY, type Demo, LONG_PROMPT, maskKey, PROMPT } from './demo.ts'
import type { Narrator } from './narrator.ts'
import { ask, type PageState, stateOf, waitForStreaming } from './playground-page.ts'

/** The headless way: drive the page as a person would, and tell what happened. What did not hold is counted by `tell`. */
export async function takeTour(demo: Demo, tell: Narrator, picture: string | null): Promise<void> {
  const page = await demo.stage.driver.newPage(`${demo.site.origin}/`)
  const watch = await watchPage(page)
  await page.waitForSelector('html[data-ready]')
  await askUnconnected(demo, page, tell)
  await connect(demo, page, tell)
  await askConnected(demo, page, tell)
  await searchForKey(demo, page, watch, tell)
  await revoke(demo, page, tell, picture)
  await askRevoked(demo, page, tell)
  await showAudit(demo, tell)
}

async function askUnconnected(demo: Demo, page: Page, tell: Narrator): Promise<void> {
  tell.step('The page on its own: it has a placeholder, and the API wants a key')
  const state = await ask(page, PROMPT)
  const arrival = demo.upstream.journal.last
  tell.line('page', `${arrival.method} ${demo.upstream.url}${arrival.target}`)
  tell.line('', `authorization: ${headerOf(arrival, 'authorization')}`)
  tell.check('API', arrival.outcome === 'sent' && state.text.includes('401'), state.text)
}

async function connect(demo: Demo, page: Page, tell: Narrator): Promise<void> {
  const { stage, site } = demo
  tell.step('The owner connects this site in the popup')
  await connectInPopup(stage.driver, page, site.origin, CAPABILITY)
  const sessions = (await stage.valetkey.ask(['session', 'list'])) as { origin: string; capability: string }[]
  const session = sessions[0]
  const right = session?.origin === site.origin && session.capability === CAPABILITY
  tell.check('session', right, `${session?.origin ?? 'none'} may use \`${session?.capability ?? 'nothing'}\``)
}

async function askConnected(demo: Demo, page: Page, tell: Narrator): Promise<void> {
  tell.step('The same page asks again, with the same placeholder')
  demo.upstream.journal.clear()
  const answer = tell.stream('answer')
  const state = await ask(page, PROMPT, (piece) => answer.write(piece))
  answer.end()
  tell.check('page', state.kind === 'done' && state.answer.length > 0, state.text)
  const sent = await page.$$eval('#log li', (lines) => lines.map((line) => line.textContent ?? ''))
  const held = sent.filter((line) => line.includes('authorization'))
  const onlyPlaceholder = held.length > 0 && held.every((line) => line.includes(demo.placeholder))
  tell.check('', onlyPlaceholder, `all it ever sent: authorization: Bearer ${demo.placeholder}`)
  await showDecision(demo, tell)
}

async function showDecision(demo: Demo, tell: Narrator): Promise<void> {
  const { stage, upstream, key, placeholder } = demo
  const records = (await stage.valetkey.ask(['audit', 'list', '--limit', '50'])) as Record<string, unknown>[]
  const intent = records.find((record) => record.kind === 'intent')
  const decided = intent === undefined ? 'no record' : `${intent.decision}: ${intent.method} ${intent.url}`
  tell.check('host', intent?.decision === 'allow', `${decided} (rule \`${intent?.rule}\`)`)
  const authorization = headerOf(upstream.journal.last, 'authorization')
  const injected = authorization === `Bearer ${key.key}`
  tell.check('', injected, `put in after the page: authorization: Bearer ${maskKey(key.key)}`)
  const everything = JSON.stringify(upstream.journal.last)
  tell.check('API', !everything.includes(placeholder), 'the key arrived, the placeholder did not')
}

async function searchForKey(demo: Demo, page: Page, watch: PageWatch, tell: Narrator): Promise<void> {
  tell.step('Searching for the key, in every encoding, everywhere it must not be')
  const places = await searchStage(demo.stage, [{ name: 'page', page, watch }], [demo.key])
  for (const { place, size, findings } of places) {
    const forms = [...new Set(findings.map((finding) => finding.form))].join(', ')
    const outcome = findings.length === 0 ? 'not found' : `FOUND as ${forms}`
    tell.check('', findings.length === 0, `${outcome} in ${place} (${size})`)
  }
}

async function revoke(demo: Demo, page: Page, tell: Narrator, picture: string | null): Promise<void> {
  tell.step('The owner ends it with one click, while an answer streams')
  const running = ask(page, LONG_PROMPT)
  await waitForStreaming(page)
  const { driver } = demo.stage
  const text = await popupText(driver, page, picture)
  for (const line of text) tell.line('popup', line)
  await revokeInPopup(driver, page, demo.site.origin)
  const cut: PageState = await running
  tell.check('page', cut.kind === 'refused', `${cut.text} (after ${cut.answer.length} characters)`)
  tell.check('API', demo.upstream.journal.last.outcome === 'cut', 'saw its connection end')
}

async function askRevoked(demo: Demo, page: Page, tell: Narrator): Promise<void> {
  tell.step('The next call of the page is refused')
  demo.upstream.journal.clear()
  const state = await ask(page, PROMPT)
  tell.check('page', state.text.includes('session-ended'), state.text)
  tell.check('API', demo.upstream.journal.calls.length === 0, 'nothing arrived')
  const after = await stateOf(page)
  if (after.problem !== '') tell.line('problem', after.problem)
}

async function showAudit(demo: Demo, tell: Narrator): Promise<void> {
  tell.step('What the owner can read afterwards')
  const { valetkey } = demo.stage
  const listed = await valetkey.run(['audit', 'list', '--limit', '20'])
  for (const line of listed.stdout.trimEnd().split('\n')) tell.line('', line)
  const verified = await valetkey.run(['audit', 'verify'])
  tell.check('audit', verified.code === 0, verified.stdout.trim() || verified.stderr.trim())
}
