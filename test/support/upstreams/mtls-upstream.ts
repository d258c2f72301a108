import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { ServerCertificate } from '../certificates.ts'
import { Journal } from './journal.ts'
import { type LoopbackServer, listen, sendJson } from './loopback-server.ts'

/** A TLS server that lets nobody in without a certificate that its authority signed, and says whose it was. */
export interface MtlsUpstream extends LoopbackServer {
  /** Common names of those who came, one for each connection. */
  readonly clients: string[]
}

/** Start it on 127.0.0.1. @param ca who signs its clients' certificates. */
export async function startMtlsUpstream(server: ServerCertificate, ca: string): Promise<MtlsUpstream> {
  const journal = new Journal()
  const clients: string[] = []
  const https = createServer(
    { ...server, ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      journal.record(request, response)
      sendJson(response, 200, { client: nameOf(request.socket as TLSSocket) })
    },
  )
  https.on('secureConnection', (socket: TLSSocket) => clients.push(nameOf(socket)))
  https.on('tlsClientError', () => {})
  const loopback = await listen(https, journal, 0)
  return { ...loopback, url: `https://127.0.0.1:${loopback.port}`, clients }
}

function nameOf(socket: TLSSocket): string {
  const { subject } = socket.getPeerCertificate()
  return [subject?.CN].flat()[0] ?? 'nobody'
}
