import Dropzone from 'dropzone'
import { job } from './job.js'
import { FILE_BYTES, PIECE_BYTES } from './upload-file.js'

job(async ({ base, key }) => {
  const element = document.createElement('div')
  document.body.append(element)
  const dropzone = new Dropzone(element, {
    url: `${base}/upload`,
    headers: { Authorization: `Bearer ${key}` },
    chunking: true,
    forceChunking: true,
    chunkSize: PIECE_BYTES,
    retryChunks: true,
  })
  const sent = []
  dropzone.on('uploadprogress', (_file, percent) => sent.push(percent))
  const done = new Promise((resolve, reject) => {
    dropzone.on('success', resolve)
    dropzone.on('error', (_file, message) => reject(new Error(JSON.stringify(message))))
  })
  dropzone.addFile(new File([FILE_BYTES], 'a.bin'))
  const { status } = await done
  return { status, whole: sent.at(-1) }
})
