/// <reference path="./undici-parts.d.ts" />
import request from 'undici/lib/api/api-request.js'
import buildConnector from 'undici/lib/core/connect.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'

// The parts of undici that a broker needs. The whole of it brings `fetch`, WebSocket, caches and mocks, which nothing here
// uses: three times as long to load and 8 MB more of memory (Node 26, undici 8). Its own entry gives dispatchers their methods
// in this way.
Object.assign(Dispatcher.prototype, { request })

/** Connections to origins, kept alive; how a socket for one of them is opened. */
export { Agent, buildConnector }
