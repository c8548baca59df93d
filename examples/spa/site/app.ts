import { call, enter, signOut } from './session.ts'

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E

const [entry, inside, write] = [element<HTMLFormElement>('entry'), element('inside'), element<HTMLFormElement>('write')]

const REASONS: Readonly<Record<string, string>> = {
  signed_out: 'You signed out elsewhere.',
  session_expired_idle: 'You were signed out because nothing was done for a while.',
  session_expired_absolute: 'You were signed out: a session lasts so long and no longer.',
  user_locked: 'This account is locked.',
}

function show(signedIn: boolean, note = ''): void {
  entry.hidden = signedIn
  inside.hidden = !signedIn
  element('warning').hidden = true
  element('note').textContent = note
  if (!signedIn) element('notes').replaceChildren()
}

async function load(): Promise<void> {
  const answer = await call('/api/notes')
  if (!answer.ok) return
  const { notes }: { notes: readonly { text: string }[] } = await answer.json()
  const items = notes.map(({ text }) => Object.assign(document.createElement('li'), { textContent: text }))
  element('notes').replaceChildren(...items)
  element('note').textContent = ''
}

/** Says what went wrong on the way. */
function tried(work: () => Promise<void>): void {
  work().catch(() => {
    element('note').textContent = 'The server does not answer. Nothing is lost; try again.'
  })
}

entry.addEventListener('submit', (event) => {
  event.preventDefault()
  const way = (event.submitter as HTMLButtonElement | null)?.value ?? 'sign-in'
  const form = new FormData(entry)
  tried(async () => {
    const email = String(form.get('email'))
    const refused = await enter(way, email, String(form.get('password')), {
      soon: (ends) => {
        element('warning').hidden = !ends
      },
      over: (code) => show(false, REASONS[code] ?? 'Your session was ended elsewhere.'),
    })
    if (refused !== null) return show(false, refused)
    entry.reset()
    element('who').textContent = email
    show(true)
    await load()
  })
})

write.addEventListener('submit', (event) => {
  event.preventDefault()
  tried(async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ text: new FormData(write).get('text') })
    const answer = await call('/api/notes', { method: 'POST', headers, body })
    if (answer.ok) write.reset()
    await load()
  })
})

element('stay').addEventListener('click', () =>
  tried(async () => void (await call('/auth/session/renew', { method: 'POST' }))),
)

element('out').addEventListener('click', () => {
  tried(async () => {
    if (await signOut()) show(false, 'You are signed out.')
    else element('note').textContent = 'This could not be done now. You are still signed in.'
  })
})
