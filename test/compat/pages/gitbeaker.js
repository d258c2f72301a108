import { Gitlab } from '@gitbeaker/rest'
import { job } from './job.js'

job(async ({ base, key }) => {
  const gitlab = new Gitlab({ host: base, token: key })
  const issues = await gitlab.Issues.all({ projectId: 42, perPage: 1 })
  const missing = await gitlab.Issues.show(99, { projectId: 42 }).catch((error) => error)
  return {
    titles: issues.map(({ title }) => title),
    missing: missing.cause?.response?.status,
  }
})
