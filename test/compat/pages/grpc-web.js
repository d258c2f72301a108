import grpc from 'grpc-web'
import { job } from './job.js'

const decoder = new TextDecoder()
const method = (name, type) =>
  new grpc.MethodDescriptor(
    `/notes.Notes/${name}`,
    type,
    Object,
    Object,
    () => new Uint8Array([8, 1]),
    (bytes) => decoder.decode(bytes),
  )

job(async ({ base, key }) => {
  const metadata = { authorization: `Bearer ${key}` }
  const client = new grpc.GrpcWebClientBase({ format: 'text' })
  const call = (name) =>
    new Promise((resolve) => {
      const unary = method(name, grpc.MethodType.UNARY)
      client.rpcCall(`${base}/notes.Notes/${name}`, {}, metadata, unary, (error, said) =>
        resolve(error === null ? said : [error.code, error.message]),
      )
    })
  const told = await new Promise((resolve, reject) => {
    const seen = []
    const tell = method('Tell', grpc.MethodType.SERVER_STREAMING)
    const stream = client.serverStreaming(`${base}/notes.Notes/Tell`, {}, metadata, tell)
    stream.on('data', (said) => {
      if (seen.push(said) === 1) call('Go')
    })
    stream.on('status', ({ code, details }) => seen.push(code, details))
    stream.on('error', reject)
    stream.on('end', () => resolve(seen))
  })
  return { told, failure: await call('None') }
})
