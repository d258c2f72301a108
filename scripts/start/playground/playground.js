import OpenAI from '/openai/index.mjs'

const config = await (await fetch('/config.json')).json()
const $ = (id) => document.getElementById(id)

$('placeholder').textContent = config.placeholder
$('target').textContent = `${config.model} at ${config.baseURL}`

/** One line of what the page's own script sees. Text only. */
function log(what, seen) {
  const line = document.createElement('li')
  const label = document.createElement('b')
  const text = document.createElement('span')
  label.textContent = what
  text.textContent = seen
  line.append(label, text)
  $('log').append(line)
  $('empty').hidden = true
}

function state(kind, text) {
  $('state').dataset.kind = kind
  $('state').textContent = text
}

/** The package's documented `fetch` option, to write down both sides of each call; the call itself is the page's plain fetch. */
async function listedFetch(url, init) {
  log('sends', `${init?.method ?? 'GET'} ${url}`)
  log('sends', `authorization: ${new Headers(init?.headers).get('authorization')}`)
  const response = await fetch(url, init)
  log('gets', `${response.status} ${response.headers.get('content-type') ?? ''}`)
  const problem = response.headers.get('valet-key-problem')
  if (problem !== null) log('gets', `valet-key-problem: ${problem}`)
  return response
}

const client = new OpenAI({
  apiKey: config.placeholder,
  baseURL: config.baseURL,
  dangerouslyAllowBrowser: true,
  maxRetries: 0,
  fetch: listedFetch,
})
let running = null

function explain(error) {
  if (error?.name === 'APIUserAbortError' || running?.signal.aborted) return ['stopped', 'Stopped']
  const problem = error?.headers?.get?.('valet-key-problem')
  if (problem) {
    $('state').dataset.problem = JSON.stringify(error.error ?? error.message)
    return ['refused', `Refused by Valet Key: ${problem} (${error.status})`]
  }
  if (error?.status !== undefined) return ['refused', `Refused by the API: ${error.status}`]
  return ['refused', `The answer was cut: ${error?.message ?? error}`]
}

async function ask(prompt) {
  running = new AbortController()
  $('answer').textContent = ''
  delete $('state').dataset.problem
  $('send').disabled = true
  $('stop').disabled = false
  state('asking', 'Asking…')
  let chunks = 0
  try {
    const stream = await client.chat.completions.create(
      { model: config.model, messages: [{ role: 'user', content: prompt }], stream: true },
      { signal: running.signal },
    )
    for await (const chunk of stream) {
      state('streaming', 'Streaming…')
      chunks++
      $('answer').append(chunk.choices[0]?.delta?.content ?? '')
    }
    log('gets', `${chunks} pieces of a streamed answer`)
    state('done', 'Answered')
  } catch (error) {
    if (chunks > 0) log('gets', `${chunks} pieces, then the end`)
    state(...explain(error))
  } finally {
    $('send').disabled = false
    $('stop').disabled = true
  }
}

$('form').addEventListener('submit', (event) => {
  event.preventDefault()
  ask($('prompt').value)
})
$('stop').addEventListener('click', () => running?.abort())
document.documentElement.dataset.ready = 'true'
