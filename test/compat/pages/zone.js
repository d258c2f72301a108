import 'zone.js'
import { bothCalls } from './both-calls.js'
import { job } from './job.js'

job(async (given) => {
  const seen = []
  const authorization = `Bearer ${given.key}`
  const zone = Zone.current.fork({
    name: 'the zone of the job',
    onScheduleTask: (delegate, _current, target, task) => {
      if (task.type === 'macroTask') seen.push(task.source)
      return delegate.scheduleTask(target, task)
    },
  })
  const inside = []
  const answers = await zone.run(() =>
    bothCalls({
      ...given,
      piece: (text) => {
        inside.push(Zone.current.name)
        given.piece(text)
      },
    }),
  )
  const xhr = await new Promise((resolve) => {
    zone.run(() => {
      const request = new XMLHttpRequest()
      request.open('GET', `${given.base}/notes/first`)
      request.setRequestHeader('authorization', authorization)
      request.onload = () => resolve([Zone.current.name, request.status])
      request.send()
    })
  })
  const fetched = await zone.run(() =>
    fetch(`${given.base}/notes/first`, { headers: { authorization } }).then(({ status }) => [
      Zone.current.name,
      status,
    ]),
  )
  return { ...answers, xhr, fetched, seen: seen.filter((source) => /fetch|XMLHttp/.test(source)) }
})
