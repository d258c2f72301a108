import { equal } from 'node:assert/strict'
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect'
import { createFetchHandler } from '@connectrpc/connect/protocol'
import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { byFetch } from './fetch-handler.ts'
import { gate } from './gate.ts'
import { BEARER, inPath } from './places.ts'
import type { Handler, Vendor } from './vendor.ts'

/** tRPC's own server: the second answer waits for the page to say that it has the first. */
function trpcHandlers(): Readonly<Record<string, Handler>> {
  const { procedure, router } = initTRPC.create()
  const { opened, open } = gate()
  const notes = router({
    first: procedure.query(() => 'first'),
    second: procedure.query(() => opened.then(() => 'second')),
    go: procedure.mutation(open),
    ticks: procedure.subscription(async function* () {
      yield* [1, 2, 3]
    }),
  })
  return {
    '*': (asked) => byFetch(asked, (req) => fetchRequestHandler({ endpoint: '/trpc', req, router: notes })),
  }
}

/** Connect's own server, which also speaks gRPC-Web: what it tells goes on once it is greeted again. */
async function connectHandlers(): Promise<Readonly<Record<string, Handler>>> {
  const { GREETINGS } = (await import(new URL('../pages/greetings.js', import.meta.url).href)) as {
    GREETINGS: object
  }
  const router = createConnectRouter()
  let next = gate()
  router.service(GREETINGS, {
    greet({ value }) {
      if (value === 'none') throw new ConnectError('nobody of that näme', Code.NotFound)
      if (value === 'go on') next.open()
      return { value: `hello ${value}` }
    },
    async *tell({ value }) {
      yield { value: `once, ${value}.` }
      await next.opened
      next = gate()
      yield { value: 'upon a time' }
    },
  })
  return Object.fromEntries(
    router.handlers.map((handler): [string, Handler] => [
      `POST ${handler.requestPath}`,
      (asked) => byFetch(asked, createFetchHandler(handler)),
    ]),
  )
}

interface Rpc {
  readonly id: number
  readonly jsonrpc: string
  readonly method: string
}

/** A node as Ethereum's JSON-RPC has it (ethereum.org/developers/docs/apis/json-rpc), asked one by one or in a batch. */
const node: Handler = ({ request, response, body }) => {
  equal(request.headers['content-type'], 'application/json')
  const answers: Record<string, string> = {
    eth_blockNumber: '0x10',
    eth_getBalance: '0x2a',
    eth_chainId: '0x1',
  }
  const answer = ({ id, jsonrpc, method }: Rpc) => {
    equal(jsonrpc, '2.0')
    const result = answers[method]
    const error = { code: -32_601, message: 'the method does not exist' }
    return result === undefined ? { jsonrpc, id, error } : { jsonrpc, id, result }
  }
  const asked = JSON.parse(body.toString()) as Rpc | Rpc[]
  sendJson(response, 200, Array.isArray(asked) ? asked.map(answer) : answer(asked))
}

/** Packages that call procedures by name. */
export const PROCEDURES: readonly Vendor[] = [
  {
    ...BEARER,
    package: '@trpc/client',
    page: 'trpc',
    job: 'two questions in one call, the second answered after the first is there; a subscription, a 404',
    streamed: true,
    handlers: trpcHandlers,
    returns: { first: 'first', second: 'second', ticks: [1, 2, 3], missing: 'NOT_FOUND' },
  },
  {
    ...BEARER,
    package: '@connectrpc/connect-web',
    page: 'connect-web',
    job: 'Connect and gRPC-Web: asks, reads a stream that goes on with another call, meets a failure',
    talks: true,
    handlers: connectHandlers,
    returns: Object.fromEntries(
      ['connect', 'grpcWeb'].map((protocol) => [
        protocol,
        {
          value: 'hello you',
          parts: ['once, you.', 'upon a time'],
          failure: ['NotFound', 'nobody of that näme'],
        },
      ]),
    ),
  },
  {
    ...inPath('/v3/{}'),
    package: 'viem',
    page: 'viem',
    job: 'asks a node in one batch with its key in the path, meets a failure',
    handlers: () => ({ 'POST /': node }),
    returns: { block: '16', balance: '42', failure: -32_601 },
  },
  {
    ...inPath('/v3/{}'),
    package: 'ethers',
    page: 'ethers',
    job: 'asks a node in one batch with its key in the path, meets a failure',
    handlers: () => ({ 'POST /': node }),
    returns: { block: '16', balance: '42', failure: -32_601 },
  },
]
