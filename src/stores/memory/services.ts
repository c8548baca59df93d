import type { Service, Services } from '../../service.ts'
import type { Place } from './place.ts'
import { compare } from './timeline.ts'

export function servicesPort({ source, verb }: Place): Services {
  const services = new Map<string, Service>()

  return {
    source,
    add: verb((service) => {
      if (services.has(service.id)) return false
      services.set(service.id, Object.freeze({ ...service }))
      return true
    }),
    find: verb((id) => services.get(id) ?? null),
    list: verb(() => [...services.values()].sort(byAge)),
    remove: verb((id) => services.delete(id)),
  }
}

/** Oldest first, by (createdAt, id). */
function byAge(a: Service, b: Service): number {
  return compare({ at: a.createdAt, id: a.id }, { at: b.createdAt, id: b.id })
}
