import type { Service, Services } from '../../service.ts'
import type { Source } from '../../store.ts'
import type { Driver } from './driver.ts'

type ServiceRow = {
  readonly id: string
  readonly name: string
  readonly digest: string
  readonly created_at: number
}

const COLUMNS = 'id, name, digest, created_at'

const ADD = `INSERT INTO services (${COLUMNS}) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
const FIND = `SELECT ${COLUMNS} FROM services WHERE id = ?`
const LIST = `SELECT ${COLUMNS} FROM services ORDER BY created_at, id`
const REMOVE = 'DELETE FROM services WHERE id = ?'

export function servicesPort(driver: Driver, source: Source): Services {
  return {
    source,
    add: async ({ id, name, digest, createdAt }) => (await driver.run(ADD, id, name, digest, createdAt)) > 0,
    async find(id) {
      const row = await driver.one<ServiceRow>(FIND, id)
      return row ? serviceOf(row) : null
    },
    async list() {
      return (await driver.all<ServiceRow>(LIST)).map(serviceOf)
    },
    remove: async (id) => (await driver.run(REMOVE, id)) > 0,
  }
}

function serviceOf({ id, name, digest, created_at }: ServiceRow): Service {
  return { id, name, digest, createdAt: created_at }
}
