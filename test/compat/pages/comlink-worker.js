import { expose } from 'comlink'

const withKey = (key) => ({ Authorization: `Bearer ${key}` })

expose({
  async make(base, key, title) {
    const body = JSON.stringify({ title })
    const response = await fetch(`${base}/notes`, { method: 'POST', headers: withKey(key), body })
    return [response.status, await response.json()]
  },
  async read(base, key, id) {
    const response = await fetch(`${base}/notes/${id}`, { headers: withKey(key) })
    return response.status
  },
})
