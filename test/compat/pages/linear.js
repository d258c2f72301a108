import { LinearClient } from '@linear/sdk'
import { job } from './job.js'

job(async ({ base, key }) => {
  const linear = new LinearClient({ apiKey: key, apiUrl: `${base}/graphql` })
  const { name } = await linear.viewer
  const made = await linear.createIssue({ teamId: 't1', title: 'from linear' })
  const failure = await linear.issue('none').catch((error) => error)
  return { name, made: made.success, failure: [failure.type, failure.status] }
})
