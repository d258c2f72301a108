import { JsonRpcProvider } from 'ethers'
import { job } from './job.js'

job(async ({ base, key }) => {
  const provider = new JsonRpcProvider(`${base}/v3/${key}`, 1, { staticNetwork: true })
  const [block, balance] = await Promise.all([
    provider.getBlockNumber(),
    provider.getBalance('0x00000000000000000000000000000000000000aa'),
  ])
  const failure = await provider.send('eth_none', []).catch((error) => error)
  provider.destroy()
  return { block: `${block}`, balance: `${balance}`, failure: failure.error?.code }
})
