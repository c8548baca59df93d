import { describe } from 'vitest'
import { admissionCases } from './contract/admission.ts'
import { apiCases } from './contract/api.ts'
import { endingCases } from './contract/endings.ts'
import { originCases } from './contract/origin.ts'
import { pathCases } from './contract/paths.ts'
import { renewalCases } from './contract/renewal.ts'
import { socketCases } from './contract/sockets.ts'
import { streamCases } from './contract/streams.ts'
import type { Frame } from './frame.ts'

/** What every adapter does, whichever framework it stands in: black boxes, asked over sockets. */
export function adapterContract(frame: Frame): void {
  describe(`the adapter of ${frame.name}`, () => {
    apiCases(frame)
    admissionCases(frame)
    originCases(frame)
    pathCases(frame)
    renewalCases(frame)
    endingCases(frame)
    streamCases(frame)
    if (frame.sockets) socketCases(frame)
  })
}
