import { callAt, holderAt } from '../../support/pages/situation-server.ts'
import type { Sites } from './stage.ts'

/** One place a call is made from. */
export interface Situation {
  readonly name: string
  /** Whose call it was in the end: the host's, with the key; the page's own, without; or nobody's: it went nowhere. */
  readonly by: 'host' | 'page' | 'nobody'
  /** What the host was told, for a call of the host's. */
  readonly witnessed?: [origin: string, topOrigin: string]
  /** What the tab shows. */
  readonly at: string
  /** Then runs in it. */
  readonly script?: string
  readonly only?: 'chromium' | 'firefox'
}

/** Every situation; each has its name as the case of its call. */
export function situationsOf(sites: Sites): Situation[] {
  return [
    ...ofTabs(sites),
    ...ofFrames(sites),
    ...ofMadeFrames(sites),
    ...ofWindows(sites),
    ...ofNoDocument(sites),
  ]
}

function ofTabs({ bank, other, widget, port, sub, twin, dot }: Sites): Situation[] {
  const tab = (name: string, by: Situation['by'], origin: string, query = ''): Situation => ({
    name,
    by,
    at: callAt(origin, name, query),
    ...(by === 'host' ? { witnessed: [bank, bank] } : {}),
  })
  const path = encodeURIComponent
  return [
    tab('the granted site', 'host', bank),
    tab('its name in capitals', 'host', bank.replace('bank', 'BANK')),
    tab('a site with another grant', 'page', other),
    tab('a site granted in a frame only', 'page', widget),
    tab('another port', 'page', port),
    tab('a name below', 'page', sub),
    { ...tab('the name above', 'page', other), at: callAt(bank.replace('bank.', ''), 'the name above') },
    tab('a name in another alphabet', 'page', twin),
    { ...tab('the name with a dot behind', 'page', dot), only: 'chromium' },
    tab('sandboxed by its server', 'page', bank, `&csp=${path('sandbox allow-scripts')}`),
    tab(
      'sandboxed by its server, origin kept',
      'host',
      bank,
      `&csp=${path('sandbox allow-scripts allow-same-origin')}`,
    ),
    tab('under a policy that allows no connection', 'nobody', bank, `&csp=${path("connect-src 'none'")}`),
    {
      ...tab('the granted site leads elsewhere', 'page', bank),
      at: `${bank}/redirect?to=${path(callAt(other, 'the granted site leads elsewhere'))}`,
    },
    {
      ...tab('another leads to the granted site', 'host', bank),
      at: `${other}/redirect?to=${path(callAt(bank, 'another leads to the granted site'))}`,
    },
    tab(
      'a name below that gave up its domain',
      'page',
      sub,
      `&first=${path("document.domain='bank.localhost'")}`,
    ),
    tab(
      'the granted site that gave up its domain',
      'host',
      bank,
      `&first=${path("document.domain='bank.localhost'")}`,
    ),
    { ...tab('a drawing', 'host', bank), at: `${bank}/call.svg?case=a%20drawing` },
  ]
}

function ofFrames({ bank, other, widget, sub }: Sites): Situation[] {
  const framed = (
    name: string,
    by: Situation['by'],
    origins: [inner: string, ...outwards: string[]],
    attributes = '',
  ): Situation => {
    const [inner, ...holders] = origins
    const at = holders.reduce(
      (of, holder, depth) => holderAt(holder, of, depth === 0 ? attributes : ''),
      callAt(inner, name),
    )
    return { name, by, at, ...(by === 'host' ? { witnessed: [inner, holders.at(-1) ?? inner] } : {}) }
  }
  return [
    framed('framed by itself', 'host', [bank, bank]),
    framed('framed by itself twice', 'host', [bank, bank, bank]),
    framed('another in the granted site', 'page', [other, bank]),
    framed('the granted site in another', 'page', [bank, other]),
    framed('the granted site in itself in another', 'page', [bank, bank, other]),
    framed('another between', 'page', [bank, other, bank]),
    framed('another and itself between', 'page', [bank, bank, other, bank]),
    framed('a name below between', 'page', [bank, sub, bank]),
    framed('granted in this frame', 'host', [widget, bank]),
    framed('granted in this frame, twice', 'host', [widget, widget, bank]),
    framed('granted in another site’s frame', 'page', [widget, other]),
    framed('granted in this frame, another between', 'page', [widget, other, bank]),
    framed('the granted site between what is granted in its frame', 'page', [bank, widget, bank]),
    framed('the frame’s site on top', 'page', [widget, bank, widget]),
    framed('sandboxed', 'page', [bank, bank], 'sandbox="allow-scripts"'),
    framed('sandboxed, origin kept', 'host', [bank, bank], 'sandbox="allow-scripts allow-same-origin"'),
    framed('sandboxed, granted in this frame', 'page', [widget, bank], 'sandbox="allow-scripts"'),
    framed('without a referrer', 'page', [bank, other], 'referrerpolicy="no-referrer"'),
    framed(
      'without a referrer, another between',
      'page',
      [bank, other, bank],
      'referrerpolicy="no-referrer"',
    ),
    { ...framed('without credentials', 'host', [bank, bank], 'credentialless'), only: 'chromium' },
  ]
}

/** Frames, workers and windows that a page makes. `NAME` is the case, `PAGE` the text of a page that calls, `SCRIPT` its script. */
const maker =
  (granted: string) =>
  (name: string, by: Situation['by'], at: string, script: string): Situation => {
    const text = `const NAME = ${JSON.stringify(name)}, SCRIPT = document.scripts[0].text + ';call(' + JSON.stringify(NAME) + ')',
    PAGE = '<script>' + SCRIPT + '</' + 'script>', HERE = '/call?case=' + encodeURIComponent(NAME)
    const blob = (text, type) => URL.createObjectURL(new Blob([text], { type }))
    const add = (tag, members) => document.body.appendChild(Object.assign(document.createElement(tag), members))`
    return {
      name,
      by,
      at: `${at}/`,
      script: `{ ${text}; ${script}; undefined }`,
      ...(by === 'host' ? { witnessed: [granted, granted] } : {}),
    }
  }

function ofMadeFrames({ bank, other }: Sites): Situation[] {
  const made = maker(bank)
  return [
    made('srcdoc', 'host', bank, "add('iframe', { srcdoc: PAGE })"),
    made('srcdoc, sandboxed', 'page', bank, "add('iframe', { srcdoc: PAGE, sandbox: 'allow-scripts' })"),
    made('srcdoc of another', 'page', other, "add('iframe', { srcdoc: PAGE })"),
    made('a blank frame', 'host', bank, "call(NAME, add('iframe', {}).contentWindow)"),
    made('a blank frame of another', 'page', other, "call(NAME, add('iframe', {}).contentWindow)"),
    made('a blob', 'host', bank, "add('iframe', { src: blob(PAGE, 'text/html') })"),
    made(
      'a blob, sandboxed',
      'page',
      bank,
      "add('iframe', { sandbox: 'allow-scripts', src: blob(PAGE, 'text/html') })",
    ),
    made('data', 'page', bank, "add('iframe', { src: 'data:text/html,' + encodeURIComponent(PAGE) })"),
    made(
      'a javascript address',
      'host',
      bank,
      "add('iframe', { src: 'javascript:' + encodeURIComponent(JSON.stringify(PAGE)) })",
    ),
    made(
      'written by the page',
      'host',
      bank,
      "const { contentDocument } = add('iframe', {}); contentDocument.write(PAGE); contentDocument.close()",
    ),
    made('an object', 'host', bank, "add('object', { data: HERE })"),
    made('an object of another', 'page', bank, `add('object', { data: '${other}' + HERE })`),
    made('an embed', 'host', bank, "add('embed', { type: 'text/html', src: HERE })"),
    made('a worker', 'host', bank, "new Worker(HERE.replace('call', 'call.js'))"),
    made('a worker of a blob', 'host', bank, "new Worker(blob(SCRIPT, 'text/javascript'))"),
    made('a shared worker', 'page', bank, "new SharedWorker(HERE.replace('call', 'call.js'))"),
    made(
      'a service worker',
      'page',
      bank,
      "navigator.serviceWorker.register(HERE.replace('call', 'call.js'))",
    ),
  ]
}

function ofWindows({ bank, other }: Sites): Situation[] {
  const made = maker(bank)
  return [
    made('another opened by the granted site', 'page', bank, `open('${other}' + HERE)`),
    made('the granted site opened by another', 'host', other, `open('${bank}' + HERE)`),
    made('opened without an opener', 'host', other, `open('${bank}' + HERE, '_blank', 'noopener')`),
    made('a blank window', 'host', bank, "call(NAME, open('about:blank'))"),
    made('a blank window of another', 'page', other, "call(NAME, open('about:blank'))"),
    made(
      'opened out of a sandbox',
      'page',
      bank,
      `add('iframe', { sandbox: 'allow-scripts allow-popups', srcdoc:
      '<script>open(' + JSON.stringify('${bank}' + HERE) + ')</' + 'script>' })`,
    ),
  ]
}

/** Where there is nobody to make a call. */
function ofNoDocument({ bank }: Sites): Situation[] {
  const nobody = (name: string, at: string): Situation => ({ name, by: 'nobody', at })
  return [
    {
      ...nobody('the text of a page', `view-source:${callAt(bank, 'the text of a page')}`),
      only: 'chromium',
    },
    nobody('a page that cannot be reached', callAt('http://127.0.0.1:9', 'a page that cannot be reached')),
    { ...nobody('a page to print', `${bank}/document.pdf`), only: 'chromium' },
  ]
}
