import Hls from 'hls.js'
import { job } from './job.js'

job(async ({ base, key }) => {
  const load = (path) =>
    new Promise((resolve, reject) => {
      const seen = {}
      const hls = new Hls({
        startFragPrefetch: true,
        xhrSetup: (xhr) => xhr.setRequestHeader('authorization', `Bearer ${key}`),
      })
      const end = (how) => {
        hls.destroy()
        resolve({ ...seen, ...how })
      }
      hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
        seen.levels = levels.length
      })
      hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => {
        seen.pieces = details.fragments.length
      })
      hls.on(Hls.Events.FRAG_LOADED, (_, { payload }) => end({ loaded: payload.byteLength }))
      hls.on(Hls.Events.ERROR, (_, { details, fatal, response }) => {
        if (details === 'manifestLoadError') end({ missing: response.code })
        else if (fatal) reject(new Error(details))
      })
      hls.loadSource(base + path)
      hls.attachMedia(document.createElement('video'))
    })
  const film = await load('/film/master.m3u8')
  const none = await load('/film/none.m3u8')
  return { ...film, ...none }
})
