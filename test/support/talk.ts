import { connect } from 'node:net'

/** Everything a server answers to these bytes until it closes, or until `done` is in it. */
export function talk(port: number, text: string, done?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      answer += chunk
      if (done !== undefined && answer.includes(done)) socket.destroy()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
