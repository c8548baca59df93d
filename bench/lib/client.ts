import { connect, type Socket } from 'node:net'

/** A client as cheap as can be, because it shares the cores with what is measured: keep-alive, one request a connection. */
export type Client = {
  /** Sends the request as it stands, on an idle connection or a new one. Answers the status. */
  send(request: string): Promise<number>
  close(): void
}

type Waiting = { resolve(status: number): void; reject(error: Error): void }

export function client(port: number): Client {
  const idle: Socket[] = []
  const open = new Map<Socket, Waiting | null>()

  function dial(): Socket {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let got = ''
    socket.setEncoding('latin1')
    socket.on('data', (part: string) => {
      got += part
      if (!isWhole(got)) return
      const status = Number(got.slice(9, 12))
      got = ''
      const waiting = open.get(socket)
      open.set(socket, null)
      idle.push(socket)
      waiting?.resolve(status)
    })
    const lost = () => {
      open.get(socket)?.reject(new Error('the connection was lost'))
      open.delete(socket)
      const place = idle.indexOf(socket)
      if (place >= 0) idle.splice(place, 1)
    }
    socket.on('error', lost)
    socket.on('close', lost)
    return socket
  }

  return {
    send(request) {
      return new Promise((resolve, reject) => {
        const socket = idle.pop() ?? dial()
        open.set(socket, { resolve, reject })
        socket.write(request)
      })
    },
    close() {
      for (const socket of open.keys()) socket.destroy()
    },
  }
}

/** Whether head and body are here. Chunked bodies end with an empty chunk; none of ours contains one. */
function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head + 2))?.[1]
  if (length !== undefined) return text.length >= head + 4 + Number(length)
  return !/\r\ntransfer-encoding: *chunked/i.test(text.slice(0, head + 2)) || text.endsWith('\r\n0\r\n\r\n')
}

/** A GET as a browser would send it. */
export function get(path: string, cookie: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: app.example\r\nUser-Agent: bench\r\nCookie: ${cookie}\r\n\r\n`
}

/** A POST as a proxy in front would pass it on, from one of many addresses. */
export function post(path: string, value: object, from: string): string {
  const body = JSON.stringify(value)
  const proxy = `X-Forwarded-For: ${from}\r\nX-Forwarded-Proto: https`
  const head = `Host: app.example\r\nUser-Agent: bench\r\n${proxy}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`
  return `POST ${path} HTTP/1.1\r\n${head}\r\n\r\n${body}`
}
