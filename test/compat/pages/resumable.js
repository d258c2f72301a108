import Resumable from 'resumablejs'
import { job } from './job.js'
import { FILE_BYTES, PIECE_BYTES } from './upload-file.js'

job(async ({ base, key }) => {
  const resumable = new Resumable({
    target: `${base}/upload`,
    headers: { Authorization: `Bearer ${key}` },
    chunkSize: PIECE_BYTES,
    simultaneousUploads: 2,
    generateUniqueIdentifier: () => 'one',
  })
  const done = new Promise((resolve, reject) => {
    resumable.on('complete', resolve)
    resumable.on('error', (message) => reject(new Error(message)))
  })
  resumable.on('fileAdded', () => resumable.upload())
  resumable.addFile(new File([FILE_BYTES], 'a.bin'))
  await done
  return { progress: resumable.progress(), pieces: resumable.files[0].chunks.length }
})
