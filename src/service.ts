import type { Source } from './source.ts'

/** A program that may ask about tokens. Of its secret only the digest is kept. */
export type Service = {
  readonly id: string
  readonly name: string
  /** SHA-256 of the secret, hex. */
  readonly digest: string
  readonly createdAt: number
}

export interface Services {
  readonly source: Source
  /** False when the id exists. */
  add(service: Service): Promise<boolean>
  find(id: string): Promise<Service | null>
  /** Oldest first by (createdAt, id). There are few. */
  list(): Promise<readonly Service[]>
  remove(id: string): Promise<boolean>
}
