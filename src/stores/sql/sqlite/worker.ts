import { parentPort, workerData } from 'node:worker_threads'
import { StoreUnavailable } from '../../../errors.ts'
import { sqliteStore } from './store.ts'
import { type Answer, type Call, verbOf } from './thread.ts'

/*
 * The other end of `thread.ts`: a thread with connections of its own to the same file.
 */

const { file, patience } = workerData as { readonly file: string; readonly patience: number }
const port = parentPort
if (port) {
  const store = sqliteStore(file, patience)
  const opened = store.sessions.source.open().then(
    () => null,
    (fault: unknown) => ({ fault }),
  )
  const answer = (given: Answer) => port.postMessage(given)

  port.on('message', async (call: Call | 'close') => {
    if (call === 'close') {
      await opened
      await store.sessions.source.close()
      port.close()
      return
    }
    const failed = await opened
    try {
      if (failed) throw failed.fault
      answer({ id: call.id, value: await verbOf(store, call.verb)(...call.given) })
    } catch (fault) {
      const message = fault instanceof Error ? fault.message : String(fault)
      answer({ id: call.id, fault: message, unavailable: fault instanceof StoreUnavailable })
      // The next sweep begins with a new thread, which may find the file.
      if (failed) port.close()
    }
  })
}
