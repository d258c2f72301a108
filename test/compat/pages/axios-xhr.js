import axios from 'axios'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const client = axios.create({ baseURL: base, adapter: 'xhr', headers: { Authorization: `Bearer ${key}` } })
  const uploaded = []
  const { data: made, status } = await client.post(
    '/notes',
    { title: 'from axios' },
    { onUploadProgress: ({ loaded, total }) => uploaded.push([loaded, total]) },
  )
  let shown = 0
  await client.get('/ticks', {
    responseType: 'text',
    onDownloadProgress: ({ event }) => {
      const { responseText } = event.target
      piece(responseText.slice(shown))
      shown = responseText.length
    },
  })
  const missing = await client.get('/notes/missing').catch((error) => error.response)
  return { status, made, uploaded: uploaded.at(-1), missing: missing.status }
})
