/** What the servers of this suite use of packages that are installed only for it. */

declare module '@modelcontextprotocol/sdk/server/mcp.js' {
  export interface Extra {
    readonly _meta?: { readonly progressToken?: string | number }
    sendNotification(notification: { method: string; params: object }): Promise<void>
  }
  export class McpServer {
    constructor(implementation: { name: string; version: string })
    registerTool(name: string, config: object, call: (extra: Extra) => Promise<object>): void
    connect(transport: object): Promise<void>
  }
}

declare module '@modelcontextprotocol/sdk/server/streamableHttp.js' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  export class StreamableHTTPServerTransport {
    constructor(options: { sessionIdGenerator: () => string })
    handleRequest(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>
  }
}

declare module '@modelcontextprotocol/sdk/server/sse.js' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  export class SSEServerTransport {
    constructor(endpoint: string, response: ServerResponse)
    readonly sessionId: string
    handlePostMessage(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>
  }
}

declare module '@trpc/server' {
  interface Procedure {
    query(ask: () => unknown): object
    mutation(ask: () => unknown): object
    subscription(ask: () => AsyncGenerator): object
  }
  export const initTRPC: {
    create(): { readonly procedure: Procedure; router(procedures: Record<string, object>): object }
  }
}

declare module '@trpc/server/adapters/fetch' {
  export function fetchRequestHandler(options: {
    endpoint: string
    req: Request
    router: object
  }): Promise<Response>
}

declare module '@connectrpc/connect' {
  interface Asked {
    readonly value: string
  }
  interface Handlers {
    greet(asked: Asked): object | Promise<object>
    tell(asked: Asked): AsyncIterable<object>
  }
  export const Code: { readonly NotFound: number }
  export class ConnectError extends Error {
    constructor(message: string, code: number)
  }
  export function createConnectRouter(): {
    service(description: object, handlers: Handlers): void
    readonly handlers: readonly UniversalHandler[]
  }
  type UniversalHandler = ((request: object) => Promise<object>) & { readonly requestPath: string }
}

declare module '@connectrpc/connect/protocol' {
  import type { UniversalHandler } from '@connectrpc/connect'
  export function createFetchHandler(handler: UniversalHandler): (request: Request) => Promise<Response>
}

declare module 'socket.io' {
  import type { Server as HttpServer } from 'node:http'

  interface Socket {
    on(event: string, hear: (text: string, bytes: Buffer, answer: (values: unknown[]) => void) => void): void
    emit(event: string, ...values: unknown[]): void
  }
  export class Server {
    constructor(server: HttpServer, options: { transports: string[]; serveClient: boolean })
    readonly engine: {
      close(): void
    }
    on(event: 'connection', greet: (socket: Socket) => void): void
  }
}
