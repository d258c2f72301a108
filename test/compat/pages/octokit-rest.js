import { graphql } from '@octokit/graphql'
import { Octokit } from '@octokit/rest'
import { job } from './job.js'

job(async ({ base, key }) => {
  const octokit = new Octokit({ auth: key, baseUrl: base })
  const repository = { owner: 'octo', repo: 'cat' }
  const titles = await octokit.paginate(
    octokit.rest.issues.listForRepo,
    { ...repository, per_page: 2 },
    ({ data }) => data.map(({ title }) => title),
  )
  const made = await octokit.rest.issues.create({ ...repository, title: 'from octokit' })
  const asked = graphql.defaults({ baseUrl: base, headers: { authorization: `token ${key}` } })
  const { viewer } = await asked('{ viewer { login } }')
  const failed = await asked('{ nothing }').catch((error) => error)
  return { titles, made: [made.status, made.data.title], login: viewer.login, failed: failed.name }
})
