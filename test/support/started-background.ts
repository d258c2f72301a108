import { createContext, runInContext } from 'node:vm'

/** A built background that runs outside any browser: nothing it asks the browser for is ever answered. */
export interface StartedBackground {
  /** How the schema library is set up; null: it has not run. */
  zod(): object | null
  /** What the background answers to a message of one of our own pages, the state it tells first aside. */
  order(message: unknown): Promise<unknown[]>
}

const OWN = 'test-extension://own/'

/** Stands for everything of a browser: each property is there, each function is asked in vain. */
const SILENT: unknown = new Proxy(() => {}, {
  get: () => SILENT,
  apply: () => new Promise(() => {}),
})

/** What is given, and silence for the rest. */
const beside = (own: object): object =>
  new Proxy(own, { get: (_own, name) => Reflect.get(own, name) ?? SILENT })

/** Run the script of a background as the browser does: once, from beginning to end, with no file beside it. */
export function startBackground(script: string): StartedBackground {
  let connect = (_port: unknown) => {}
  const runtime = beside({
    id: 'own',
    getURL: (path: string) => OWN + path,
    connectNative() {
      throw new Error('no host')
    },
    onConnect: {
      addListener(listener: typeof connect) {
        connect = listener
      },
    },
  })
  const timers = { setTimeout: () => 0, setInterval: () => 0, clearTimeout() {}, clearInterval() {} }
  const context = createContext({
    ...timers,
    chrome: { runtime },
    browser: beside({ runtime }),
    console,
    URL,
  })
  runInContext(script, context)
  return {
    zod: () => (context.__zod_globalConfig as object | undefined) ?? null,
    order: (message) => orderOf(connect, message),
  }
}

async function orderOf(connect: (port: unknown) => void, message: unknown): Promise<unknown[]> {
  const answers: unknown[] = []
  let tell = (_message: unknown) => {}
  connect({
    name: 'owner',
    sender: { id: 'own', url: `${OWN}page.html` },
    postMessage: (answer: object) => void ('id' in answer && answers.push(answer)),
    onMessage: {
      addListener(listener: typeof tell) {
        tell = listener
      },
    },
    onDisconnect: { addListener() {} },
  })
  tell(message)
  await Promise.resolve()
  return answers
}
