import Airtable from 'airtable'
import { job } from './job.js'

job(async ({ base, key }) => {
  const table = new Airtable({ apiKey: key, endpointUrl: base }).base('appABCDEFGHIJKLMN')('Tasks')
  const all = await table.select({ fields: ['Name', 'Größe'] }).all()
  const changed = await table.update('rec1', { Name: 'b' })
  const missing = await table.find('none').catch((error) => error)
  return {
    ids: all.map(({ id }) => id),
    changed: changed.get('Name'),
    missing: [missing.error, missing.statusCode],
  }
})
