import { createPublicClient, http } from 'viem'
import { mainnet } from 'viem/chains'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = createPublicClient({
    chain: mainnet,
    transport: http(`${base}/v3/${key}`, { batch: true, retryCount: 0 }),
  })
  const [block, balance] = await Promise.all([
    client.getBlockNumber(),
    client.getBalance({ address: '0x00000000000000000000000000000000000000aa' }),
  ])
  const failure = await client.request({ method: 'eth_none' }).catch((error) => error)
  return { block: `${block}`, balance: `${balance}`, failure: failure.code }
})
