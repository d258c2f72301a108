import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr'
import { job } from './job.js'

job(async ({ base, key }) => {
  const hub = new HubConnectionBuilder()
    .withUrl(`${base}/hub`, {
      transport: HttpTransportType.LongPolling,
      accessTokenFactory: () => key,
      withCredentials: false,
    })
    .configureLogging(LogLevel.None)
    .build()
  const told = new Promise((resolve) => hub.on('told', resolve))
  await hub.start()
  const echoed = await hub.invoke('echo', 'größe')
  const later = await told
  await hub.stop()
  return { echoed, later, state: hub.state }
})
