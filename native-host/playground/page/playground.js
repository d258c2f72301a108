import { chatRequest, pieces } from './stream.js'
import { translate, word } from './words.js'

/** A model to begin with, where the service is known to have it. */
const MODELS = { playground: 'echo', openai: 'gpt-5-mini', anthropic: 'claude-haiku-4-5' }
/** What takes a key's place in an answer. */
const REDACTED = '[redacted]'
/** How often the page asks what it was given, in milliseconds, besides when it comes to the front. */
const LOOK_MS = 1500

const $ = (id) => document.getElementById(id)
let provider = null
let sessions = []
let running = null

/** One line of what the page's own script sees. Text only. */
function log(what, seen) {
  const line = document.createElement('li')
  const label = document.createElement('b')
  const text = document.createElement('span')
  label.textContent = word(what)
  text.textContent = seen
  line.append(label, text)
  $('log').append(line)
  $('empty').hidden = true
}

function state(kind, text) {
  $('state').dataset.kind = kind
  $('state').textContent = text
}

/** The policy this page came with names what it was given by then: for more, it has to come anew. */
function reachesAll() {
  const known = [location.origin, ...document.querySelector('meta[name=reaches]').content.split(' ')]
  const wanted = sessions.flatMap((session) => session.baseUrls.map((url) => new URL(url).origin))
  const missing = wanted.filter((origin) => !known.includes(origin))
  if (missing.length === 0) return true
  const asked = missing.sort().join(' ')
  if (sessionStorage.getItem('asked') === asked) return true
  sessionStorage.setItem('asked', asked)
  location.reload()
  return false
}

async function look() {
  if (provider === null) return void dispatchEvent(new Event('valetkey:request-provider'))
  if (running !== null) return
  sessions = await provider.sessions().catch(() => [])
  if (reachesAll()) show()
}

function show() {
  const has = sessions.length > 0
  $('connect').hidden = has
  for (const id of ['held', 'ask', 'sees']) $(id).hidden = !has && $('log').childElementCount === 0
  const names = sessions.map((session) => `${session.service} · ${session.capability}`)
  const before = $('service').value
  const shown = [...$('service').options].map((option) => option.value)
  if (names.join('\n') !== shown.join('\n')) {
    $('service').replaceChildren(...names.map((name) => new Option(name, name)))
    if (names.includes(before)) $('service').value = before
    choose()
  }
  document.documentElement.dataset.connected = String(has)
}

function chosen() {
  return sessions[$('service').selectedIndex] ?? null
}

function choose() {
  const session = chosen()
  if (session === null) return
  $('placeholder').textContent = session.placeholder
  $('model').value = MODELS[session.service] ?? ''
}

/** The page's plain fetch, with both sides written down. */
async function call({ url, headers, body }, signal) {
  log('sends', `POST ${url}`)
  const carrier = headers.authorization === undefined ? 'x-api-key' : 'authorization'
  log('sends', `${carrier}: ${headers[carrier]}`)
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
  log('gets', `${response.status} ${response.headers.get('content-type') ?? ''}`)
  return response
}

async function ask(session) {
  running = new AbortController()
  const { signal } = running
  $('answer').textContent = ''
  $('send').disabled = true
  $('stop').disabled = false
  state('asking', word('asking'))
  let count = 0
  try {
    const response = await call(chatRequest(session, $('model').value, $('prompt').value), signal)
    if (!response.ok) return refused(response)
    for await (const piece of pieces(response)) {
      count += 1
      state('streaming', word('streaming'))
      $('answer').append(piece)
    }
    state('done', word($('answer').textContent.includes(REDACTED) ? 'hidden' : 'done'))
  } catch {
    state(signal.aborted ? 'stopped' : 'refused', word(signal.aborted ? 'stopped' : 'cut'))
  } finally {
    if (count > 0) log('gets', word('pieces', count))
    running = null
    $('send').disabled = false
    $('stop').disabled = true
  }
}

function refused(response) {
  const problem = response.headers.get('valet-key-problem')
  state('refused', problem === null ? word('refused', response.status) : word('problem', problem))
}

translate()
$('prompt').value = word('first')
$('service').addEventListener('change', choose)
$('stop').addEventListener('click', () => running?.abort())
$('form').addEventListener('submit', (event) => {
  event.preventDefault()
  const session = chosen()
  if (session !== null && running === null) ask(session)
})
addEventListener('valetkey:announce-provider', (event) => {
  provider ??= event.detail.provider
  look()
})
addEventListener('focus', look)
setInterval(look, LOOK_MS)
look()
document.documentElement.dataset.ready = 'true'
