import { fromUrl } from 'geotiff'
import { job } from './job.js'

job(async ({ base, key }) => {
  const headers = { Authorization: `Bearer ${key}` }
  const picture = await fromUrl(`${base}/a.tif`, { headers, allowFullFile: false })
  const image = await picture.getImage()
  const [row] = await image.readRasters({ window: [0, 0, 4, 1] })
  const failure = await fromUrl(`${base}/none.tif`, { headers }).catch((error) => error)
  return { size: [image.getWidth(), image.getHeight()], row: [...row], failure: failure instanceof Error }
})
