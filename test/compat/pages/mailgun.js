import Mailgun from 'mailgun.js'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new Mailgun(FormData).client({ username: 'api', key, url: base })
  const sent = await client.messages.create('mg.example.test', {
    from: 'a@example.test',
    to: ['b@example.test'],
    subject: 'größer',
    text: 'zwei & drei',
    attachment: { data: new Blob(['a,b\n']), filename: 'a.csv' },
  })
  const failure = await client.domains.get('none.test').catch((error) => error)
  return { sent: sent.id, failure: failure.status }
})
