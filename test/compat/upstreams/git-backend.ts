import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Asked } from '../vendors/vendor.ts'

const run = promisify(execFile)

/** Git's own server for smart HTTP, before a folder with one repository, `notes.git`, that has one commit on `main`. */
export interface GitBackend {
  answer(asked: Asked): Promise<void>
  remove(): Promise<void>
}

/** Make the repository. @throws what git says where it is not installed. */
export async function createGitBackend(): Promise<GitBackend> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-git-'))
  // Nothing of the machine's own settings.
  const alone = { HOME: folder, GIT_CONFIG_NOSYSTEM: '1', PATH: process.env.PATH ?? '' }
  const git = (...args: string[]) => run('git', ['-C', folder, ...args], { env: alone })
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.test']
  await git('init', '--quiet', '--initial-branch=main', 'work')
  await writeFile(join(folder, 'work', 'first.txt'), 'größer\n')
  await git('-C', 'work', 'add', 'first.txt')
  await git('-C', 'work', ...author, 'commit', '--quiet', '--message=first')
  await git('clone', '--quiet', '--bare', 'work', 'notes.git')
  await git('-C', 'notes.git', 'config', 'http.receivepack', 'true')
  const answer = ({ request, response, url, body }: Asked) => {
    const env = {
      ...alone,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: `${body.length}`,
      GIT_PROTOCOL: `${request.headers['git-protocol'] ?? ''}`,
    }
    return answerByProgram(env, body, response)
  }
  return { answer, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Run `git http-backend` as a web server does (RFC 3875), for one call. */
async function answerByProgram(
  env: Record<string, string>,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.on('error', () => {})
  child.stdin.end(body)
  const pieces: Buffer[] = []
  for await (const piece of child.stdout) pieces.push(piece as Buffer)
  const all = Buffer.concat(pieces)
  const end = all.indexOf('\r\n\r\n')
  const fields = all
    .subarray(0, end)
    .toString('latin1')
    .split('\r\n')
    .map((line) => line.split(/: (.*)/s, 2) as [string, string])
  const { Status: status = '200', ...headers } = Object.fromEntries(fields) as Record<string, string>
  response.writeHead(Number.parseInt(status, 10), headers).end(all.subarray(end + 4))
}
