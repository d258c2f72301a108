import FS from '@isomorphic-git/lightning-fs'
import { Buffer } from 'buffer'
import git from 'isomorphic-git'
import http from 'isomorphic-git/http/web'
import { job } from './job.js'

globalThis.Buffer = Buffer

job(async ({ base, key }) => {
  const fs = new FS('notes', { wipe: true })
  const headers = { Authorization: `Basic ${btoa(`page:${key}`)}` }
  const common = { fs, http, dir: '/notes', headers }
  const url = `${base}/notes.git`
  await git.clone({ ...common, url, singleBranch: true, depth: 1 })
  const before = new TextDecoder().decode(await fs.promises.readFile('/notes/first.txt'))
  await fs.promises.writeFile('/notes/second.txt', new TextEncoder().encode('zwei & drei\n'))
  await git.add({ ...common, filepath: 'second.txt' })
  const author = { name: 'Page', email: 'page@example.test', timestamp: 1_700_000_000, timezoneOffset: 0 }
  const oid = await git.commit({ ...common, message: 'from the page', author })
  const pushed = await git.push({ ...common, remote: 'origin', ref: 'main' })
  const refs = await git.listServerRefs({ http, url, headers, protocolVersion: 2 })
  const heads = refs.filter(({ ref }) => ref === 'refs/heads/main').map((each) => each.oid === oid)
  const none = await git.getRemoteInfo({ http, url: `${base}/none.git`, headers }).catch((error) => error)
  return { before, pushed: pushed.ok, heads, missing: none.data?.statusCode }
})
