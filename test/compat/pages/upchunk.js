import { createUpload } from '@mux/upchunk'
import { job } from './job.js'
import { FILE_BYTES } from './upload-file.js'

/** In kibibytes; the smallest it takes. */
const PIECE = 256

job(async ({ base, key }) => {
  const file = new File([FILE_BYTES, FILE_BYTES], 'a.bin')
  const headers = { Authorization: `Bearer ${key}` }
  const progress = []
  await new Promise((resolve, reject) => {
    const upload = createUpload({ endpoint: `${base}/upload`, file, chunkSize: PIECE, headers })
    upload.on('progress', ({ detail }) => progress.push(detail))
    upload.on('error', ({ detail }) => reject(new Error(detail.message)))
    upload.on('success', resolve)
  })
  return { whole: progress.at(-1) }
})
