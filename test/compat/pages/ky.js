import ky from 'ky'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const api = ky.create({ headers: { authorization: `Bearer ${key}` }, retry: { limit: 1, delay: () => 1 } })
  const made = await api.post(`${base}/notes`, { json: { title: 'from ky' } }).json()
  const retried = await api.get(`${base}/once-busy?who=ky`).json()
  const missing = await api.get(`${base}/notes/missing`).catch((error) => error)
  let shown = 0
  const ticks = await api
    .get(`${base}/ticks`, {
      onDownloadProgress: ({ transferredBytes }, chunk) => {
        if (transferredBytes > shown) piece(new TextDecoder().decode(chunk))
        shown = transferredBytes
      },
    })
    .text()
  return { made, retried, missing: [missing.name, missing.response.status], ticks: ticks.length }
})
