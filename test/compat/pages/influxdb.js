import { flux, InfluxDB, Point } from '@influxdata/influxdb-client-browser'
import { job } from './job.js'

job(async ({ base, key }) => {
  const influx = new InfluxDB({ url: base, token: key })
  const write = influx.getWriteApi('org', 'notes', 's')
  write.writePoint(new Point('note').tag('by', 'page').intField('n', 7).timestamp(1_700_000_000))
  await write.close()
  const rows = []
  for await (const { values, tableMeta } of influx
    .getQueryApi('org')
    .iterateRows(flux`from(bucket: ${'notes'})`))
    rows.push(tableMeta.toObject(values)._value)
  const failure = await influx
    .getQueryApi('org')
    .collectRows('none')
    .catch((error) => error)
  return { rows, failure: [failure.statusCode, failure.code] }
})
