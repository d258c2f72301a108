import Uppy from '@uppy/core'
import Tus from '@uppy/tus'
import { job } from './job.js'
import { FILE_BYTES, PIECE_BYTES, pathOf } from './upload-file.js'

job(async ({ base, key }) => {
  const uppy = new Uppy().use(Tus, {
    endpoint: `${base}/files`,
    headers: { Authorization: `Bearer ${key}` },
    chunkSize: PIECE_BYTES,
    retryDelays: [0, 0],
    storeFingerprintForResuming: false,
  })
  let progress = []
  uppy.on('upload-progress', (_file, { bytesUploaded, bytesTotal }) => {
    progress = [bytesUploaded, bytesTotal]
  })
  uppy.addFile({ name: 'a.bin', type: '', data: new Blob([FILE_BYTES]) })
  const { successful, failed } = await uppy.upload()
  return {
    successful: successful.map(({ uploadURL }) => pathOf(uploadURL)),
    failed: failed.map(({ error }) => error),
    progress,
  }
})
