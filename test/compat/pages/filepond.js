import { create } from 'filepond'
import { job } from './job.js'
import { FILE_BYTES, PIECE_BYTES } from './upload-file.js'

job(async ({ base, key }) => {
  const headers = { Authorization: `Bearer ${key}` }
  const pond = create(document.body.appendChild(document.createElement('input')), {
    server: {
      process: { url: `${base}/process`, headers },
      patch: { url: `${base}/process?patch=`, headers },
    },
    chunkUploads: true,
    chunkForce: true,
    chunkSize: PIECE_BYTES,
    // Its own waits, for the eye.
    minimumUploadDuration: 0,
    itemInsertInterval: 0,
  })
  const id = await new Promise((resolve, reject) => {
    pond.onprocessfile = (error, { serverId }) => (error ? reject(new Error(error.body)) : resolve(serverId))
    pond.onerror = (error) => reject(new Error(`${error.main ?? error.body}`))
    pond.addFile(new File([FILE_BYTES], 'a.bin', { type: 'application/octet-stream' }))
  })
  return { id }
})
