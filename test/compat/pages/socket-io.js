import { io } from 'socket.io-client'
import { job } from './job.js'

job(async ({ base, key }) => {
  const extraHeaders = { authorization: `Bearer ${key}` }
  const socket = io(base, { transports: ['polling'], extraHeaders, reconnection: false })
  await new Promise((resolve, reject) => {
    socket.on('connect', resolve)
    socket.on('connect_error', reject)
  })
  const told = new Promise((resolve) => socket.on('told', resolve))
  const [text, bytes] = await socket.emitWithAck('echo', 'größe', new Uint8Array([1, 2, 255]))
  const later = await told
  const transport = socket.io.engine.transport.name
  socket.disconnect()
  return { text, bytes: [...new Uint8Array(bytes)], later, transport }
})
