import wretch from 'wretch'
import { job } from './job.js'

job(async ({ base, key }) => {
  const api = wretch(base).auth(`Bearer ${key}`)
  const made = await api.url('/notes').post({ title: 'from wretch' }).json()
  const missing = await api
    .url('/notes/missing')
    .get()
    .notFound((error) => [error.status, error.response.type])
    .json()
  return { made, missing }
})
