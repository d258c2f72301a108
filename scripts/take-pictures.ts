import { createServer } from 'node:https'
import { fileURLToPath } from 'node:url'
import forge from 'node-forge'
import type { Page } from 'puppeteer-core'
import type { Driver } from '../test/support/driver.ts'
import { connectInPopup } from '../test/support/popup-actions.ts'
import { setUpStage } from '../test/support/stage.ts'
import { Journal } from '../test/support/upstreams/journal.ts'
import {
  type closeServer,
  type LoopbackServer,
  listen,
  readBody,
  sendJson,
  startLoopbackServer,
} from '../test/support/upstreams/loopback-server.ts'

/**
 * Takes the pictures of the README again, with the real product in real Chromium: `node scripts/take-pictures.ts`. Sites
 * and APIs are servers on this machine; the sites are reached under names of RFC 2606.
 */
const PICTURES = {
  popup: fileURLToPath(new URL('../extension/popup/popup.png', import.meta.url)) as `${string}.png`,
  firstRun: fileURLToPath(new URL('../extension/control/first-run.png', import.meta.url)) as `${string}.png`,
}
const CHAT = 'playground.example.com'
const STUDIO = 'studio.example.org'

/** Pixels a CSS pixel: pictures are shown at half their size, and sharp. */
const SCALE = 2

const apis = { openai: await startApi(), anthropic: await startApi() }
const sites = await startSites()
const at = `127.0.0.1:${sites.port}`
const stage = await setUpStage({
  browser: 'chromium',
  args: [
    `--host-resolver-rules=MAP ${CHAT}:443 ${at}, MAP ${STUDIO}:443 ${at}`,
    '--ignore-certificate-errors',
    // A popup is never larger than the screen, which is small where there is none.
    `--screen-info={${SCALE * 1200}x${SCALE * 1200} devicePixelRatio=${SCALE}}`,
    '--window-size=1000,1000',
  ],
})
try {
  await takeFirstRun(stage.driver)
  await addService('openai', apis.openai.url, 'openai-chat')
  await addService('anthropic', apis.anthropic.url, 'anthropic-messages')
  const studio = await connected(STUDIO, 'anthropic')
  await post(studio, `${apis.anthropic.url}/v1/messages`, false, 3)
  const chat = await connected(CHAT, 'openai')
  await post(chat, `${apis.openai.url}/v1/chat/completions`, false, 11)
  await post(chat, `${apis.openai.url}/v1/chat/completions`, true, 1)
  await takePopup(stage.driver, chat)
} finally {
  await stage.close()
  await Promise.all([sites.close(), apis.openai.close(), apis.anthropic.close()])
}

async function takeFirstRun(driver: Driver): Promise<void> {
  const page = await driver.extensionPage('extension/control/index.html#welcome')
  await page.setViewport({ width: 880, height: 560, deviceScaleFactor: SCALE })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }])
  await page.waitForSelector('.preset')
  await page.screenshot({ path: PICTURES.firstRun })
  await page.close()
}

async function takePopup(driver: Driver, page: Page): Promise<void> {
  const popup = await driver.popup(page)
  await popup.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }])
  await popup.waitForSelector('.session .dot-streaming')
  await popup.waitForFunction(() => document.querySelectorAll('.session').length === 2)
  // The dot breathes: the picture is of it awake.
  await popup.evaluate(() => {
    for (const animation of document.getAnimations()) {
      animation.pause()
      animation.currentTime = 0
    }
  })
  await popup.screenshot({ path: PICTURES.popup })
}

/** Store a service of the catalogue that is reached on this machine, and one of its capabilities under the same name. */
async function addService(preset: string, baseUrl: string, capability: string): Promise<void> {
  const { valetkey } = stage
  const base = ['--preset', preset, '--base-url', baseUrl, '--local', '--secret-stdin']
  await valetkey.ask(['service', 'add', preset, ...base], `sk-picture-${'0'.repeat(24)}`)
  await valetkey.ask(['capability', 'add', preset, '--service', preset, '--from-preset', capability])
}

/** Open a site and connect it in the popup. */
async function connected(name: string, capability: string): Promise<Page> {
  const origin = `https://${name}`
  const page = await stage.driver.newPage(`${origin}/`)
  await connectInPopup(stage.driver, page, origin, capability)
  await page.reload()
  return page
}

/** Make the page's own calls, one after the other; a streamed one is waited for until its first bytes. */
async function post(page: Page, url: string, stream: boolean, times: number): Promise<void> {
  const call = async (to: string, body: string) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer a-placeholder' }
    const response = await fetch(to, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`${to} answered ${response.status}`)
    await response.body?.getReader().read()
  }
  const body = JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 64, stream, messages: [] })
  for (let made = 0; made < times; made += 1) await page.evaluate(call, url, body)
}

/** An API that answers anything, and goes on for as long as anyone reads where a stream was asked for. */
function startApi(): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    const { stream } = JSON.parse((await readBody(request)).toString('utf8')) as { stream: boolean }
    if (!stream) return sendJson(response, 200, { ok: true })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => response.write('data: {}\n\n'), 100)
    response.on('close', () => clearInterval(timer))
  })
}

/** Every site at once, over TLS with a certificate made for the occasion. */
function startSites(): Promise<LoopbackServer> {
  const pair = forge.pki.rsa.generateKeyPair(2048)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = pair.publicKey
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000)
  certificate.setSubject([{ name: 'commonName', value: CHAT }])
  certificate.setIssuer(certificate.subject.attributes)
  certificate.sign(pair.privateKey, forge.md.sha256.create())
  const pem = {
    key: forge.pki.privateKeyToPem(pair.privateKey),
    cert: forge.pki.certificateToPem(certificate),
  }
  const server = createServer(pem, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><html lang="en"><title>A site</title><link rel="icon" href="data:,">')
  })
  return listen(server as unknown as Parameters<typeof closeServer>[0], new Journal(), 0)
}
