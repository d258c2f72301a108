import { expect, test } from 'vitest'
import { PROBLEM_HEADER, PROBLEMS, problemReply } from '../../shared/model/problem.ts'

test('a problem reply carries its code in the header and in the body, and its instance as a URN', () => {
  const reply = problemReply('denied', '3f0c1c1e-0000-4000-8000-000000000000', 'why')
  expect(reply.status).toBe(PROBLEMS.denied.status)
  expect(reply.headers).toContainEqual([PROBLEM_HEADER, 'denied'])
  expect(JSON.parse(reply.body)).toMatchObject({
    code: 'denied',
    status: 403,
    detail: 'why',
    instance: 'urn:uuid:3f0c1c1e-0000-4000-8000-000000000000',
  })
})
