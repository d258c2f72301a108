import { Upload } from 'tus-js-client'
import { job } from './job.js'
import { FILE_BYTES, PIECE_BYTES, pathOf } from './upload-file.js'

job(async ({ base, key }) => {
  const file = new File([FILE_BYTES], 'a.bin')
  const common = {
    headers: { Authorization: `Bearer ${key}` },
    chunkSize: PIECE_BYTES,
    retryDelays: [0, 0],
    storeFingerprintForResuming: false,
  }
  let sent = []
  let accepted = 0
  const first = await new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      ...common,
      endpoint: `${base}/files`,
      metadata: { filename: 'a.bin' },
      onProgress: (...both) => {
        sent = both
      },
      onChunkComplete: (_size, so) => {
        accepted = so
      },
      onError: reject,
      onSuccess: () => resolve(upload.url),
    })
    upload.start()
  })
  const resumed = await new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      ...common,
      uploadUrl: first,
      onError: reject,
      onSuccess: () => resolve(upload.url),
    })
    upload.start()
  })
  return { path: pathOf(first), sent, accepted, resumed: pathOf(resumed) }
})
