import { Octokit } from '@octokit/core'
import { job } from './job.js'

job(async ({ base, key }) => {
  const octokit = new Octokit({ auth: key, baseUrl: base })
  const repository = { owner: 'octo', repo: 'cat' }
  const listed = await octokit.request('GET /repos/{owner}/{repo}/issues', { ...repository, per_page: 2 })
  const made = await octokit.request('POST /repos/{owner}/{repo}/issues', {
    ...repository,
    title: 'from octokit',
  })
  const { viewer } = await octokit.graphql('{ viewer { login } }')
  const gone = await octokit
    .request('GET /repos/{owner}/{repo}/issues/{number}', { ...repository, number: 404 })
    .catch((error) => error)
  return {
    titles: listed.data.map(({ title }) => title),
    made: [made.status, made.data.title],
    login: viewer.login,
    gone: [gone.name, gone.status],
  }
})
