import { type Bug, gap, withPort } from './planted.ts'

/** Faults of the services. */
export const SERVICE_BUGS: readonly Bug[] = [
  {
    name: 'adding overwrites the service of that id',
    caught: 'add changes nothing where the id exists',
    plant: (store) =>
      withPort(store, 'services', {
        async add(service) {
          const isNew = !(await store.services.remove(service.id))
          await store.services.add(service)
          return isNew
        },
      }),
  },
  {
    name: 'whether the id of a service is free is asked first and believed later',
    caught: 'of 50 adding one id at once, one does',
    plant: (store) =>
      withPort(store, 'services', {
        async add(service) {
          if (await store.services.find(service.id)) return false
          await gap()
          await store.services.add(service)
          return true
        },
      }),
  },
  {
    name: 'a service is found by its name',
    caught: 'one is found by its id, exactly as added',
    plant: (store) =>
      withPort(store, 'services', {
        find: async (id) => (await store.services.list()).find((one) => one.id === id || one.name === id) ?? null,
      }),
  },
  {
    name: 'services are listed the newest first',
    caught: 'list has all, oldest first by time and then by id',
    plant: (store) => withPort(store, 'services', { list: async () => [...(await store.services.list())].reverse() }),
  },
  {
    name: 'a service that is gone can be removed again',
    caught: 'remove takes one; its id is free again',
    plant: (store) =>
      withPort(store, 'services', {
        async remove(id) {
          await store.services.remove(id)
          return true
        },
      }),
  },
]
