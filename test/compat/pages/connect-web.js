import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web'
import { GREETINGS } from './greetings.js'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const withKey = (next) => (request) => {
    request.header.set('authorization', `Bearer ${key}`)
    return next(request)
  }
  const use = async (createTransport) => {
    const client = createClient(GREETINGS, createTransport({ baseUrl: base, interceptors: [withKey] }))
    const { value } = await client.greet({ value: 'you' })
    const parts = []
    for await (const part of client.tell({ value: 'you' })) {
      parts.push(part.value)
      // The server goes on once it is asked to.
      if (parts.length === 1) await client.greet({ value: 'go on' })
    }
    const failure = await client.greet({ value: 'none' }).catch((error) => ConnectError.from(error))
    return { value, parts, failure: [Code[failure.code], failure.rawMessage] }
  }
  piece('began')
  return { connect: await use(createConnectTransport), grpcWeb: await use(createGrpcWebTransport) }
})
